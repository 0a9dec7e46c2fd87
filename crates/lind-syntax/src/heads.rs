//! Top lines: the heads of items.

use pest::iterators::Pair;

use crate::cases::set_kind;
use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    AmendmentDeclaration, AnchorDeclaration, ArmDeclaration, BasisWord, CaseLine, CaseLineKind,
    CodeSet, Commitment, Criterion, Define, DoseLevelsDeclaration, EndpointDeclaration,
    Equivalence, EscalationDeclaration, Formula, Head, Item, Judgement, Length, LengthUnit,
    Measure, MeasureShape, Milestone, Name, Number, Points, Polarity, Population,
    PopulationDeclaration, Reading, Relation, RelationKind, SetKind, StatisticsDeclaration, Term,
    TestCase, TestTable, Text, TreatmentPlanDeclaration, Unstated, Use,
};

/// The parts of a head line, gathered by their kind; each head takes the ones it has.
#[derive(Default)]
struct Parts {
    names: Vec<Name>,
    label_names: Vec<Name>,
    path: Option<Name>,
    unit: Option<Name>,
    judge: Option<Name>,
    /// `dated 2026-05-09`, of the version that is amended.
    date: Option<Name>,
    /// `primary`, of an endpoint.
    role: Option<Name>,
    /// `in total`, of dose levels.
    basis: Option<BasisWord>,
    texts: Vec<Text>,
    numbers: Vec<Number>,
    population: Option<Population>,
    term: Option<Term>,
    relations: Vec<Relation>,
    with_time: Option<lind_diagnostics::Span>,
    set_kind: Option<SetKind>,
    exclusion: bool,
    /// `table`
    table: bool,
    /// `like "another"`
    like: Vec<CaseLine>,
}

impl Source<'_> {
    /// The item of a head line, still without the lines below it.
    pub(crate) fn head(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        let part = pair.into_inner().next()?;
        let span = self.span(&part);
        let rule = part.as_rule();
        if matches!(
            rule,
            Rule::study_day_head
                | Rule::assessment_head
                | Rule::timeline_head
                | Rule::visit_head
                | Rule::visits_head
                | Rule::unscheduled_head
        ) {
            return self.schedule_head(part);
        }
        let whole = part.clone();
        let parts = self.parts(part);
        let first_name = || parts.names.first().cloned();
        let first_label = || parts.label_names.first().cloned();
        let text = || parts.texts.first().cloned();
        let fields = Vec::new();
        Some(match rule {
            Rule::protocol_head => Item::Protocol(Head {
                name: first_label()?,
                fields,
                span,
            }),
            Rule::library_head => Item::Library(Head {
                name: parts.path.clone()?,
                fields,
                span,
            }),
            Rule::use_head => Item::Use(Use {
                module: parts.path.clone()?,
                names: parts.names,
                span,
            }),
            Rule::milestone_head => Item::Milestone(Milestone {
                name: first_name()?,
                relations: parts.relations.clone(),
                with_time: parts.with_time,
                title: text(),
                fields,
                span,
            }),
            _ if matches!(
                rule,
                Rule::state_head | Rule::grading_head | Rule::graded_by_head
            ) =>
            {
                return self.state_or_grading(whole);
            }
            Rule::unstated_head => Item::Unstated(Unstated {
                reason: text()?,
                names: parts.names,
                span,
            }),
            Rule::amendment_head => {
                let mut texts = parts.texts.iter().cloned();
                Item::Amendment(AmendmentDeclaration {
                    version: texts.next()?,
                    dated: parts.date.clone(),
                    title: texts.next(),
                    lines: Vec::new(),
                    span,
                })
            }
            Rule::define_head => Item::Define(Define {
                name: first_name()?,
                title: text(),
                body: Vec::new(),
                span,
            }),
            Rule::reading_head => Item::Reading(Reading {
                name: first_name()?,
                question: text()?,
                body: Vec::new(),
                span,
            }),
            Rule::criterion_head => Item::Criterion(Criterion {
                polarity: if parts.exclusion {
                    Polarity::Exclusion
                } else {
                    Polarity::Inclusion
                },
                id: first_label()?,
                title: text()?,
                population: parts.population.clone(),
                body: Vec::new(),
                span,
            }),
            Rule::commitment_head => Item::Commitment(Commitment {
                id: first_label()?,
                title: text()?,
                population: parts.population.clone(),
                term: parts.term.clone(),
                body: Vec::new(),
                span,
            }),
            Rule::override_head | Rule::cap_head => {
                let head = crate::tree::Rule {
                    id: first_label()?,
                    title: text()?,
                    body: Vec::new(),
                    span,
                };
                if rule == Rule::cap_head {
                    Item::Cap(head)
                } else {
                    Item::Override(head)
                }
            }
            Rule::judgement_head => Item::Judgement(Judgement {
                name: first_name()?,
                title: text()?,
                by: parts.judge.clone()?,
                fields,
                span,
            }),
            Rule::measure_head => Item::Measure(Measure {
                name: first_name()?,
                title: text()?,
                shape: MeasureShape::Measure,
                fields,
                span,
            }),
            Rule::score_head => {
                let mut numbers = parts.numbers.iter().cloned();
                let shape = MeasureShape::Score {
                    lowest: numbers.next()?,
                    highest: numbers.next()?,
                };
                Item::Measure(Measure {
                    name: first_name()?,
                    title: text()?,
                    shape,
                    fields,
                    span,
                })
            }
            Rule::ordinal_head => {
                let shape = MeasureShape::Ordinal {
                    levels: parts.label_names.clone(),
                };
                Item::Measure(Measure {
                    name: first_name()?,
                    title: text()?,
                    shape,
                    fields,
                    span,
                })
            }
            Rule::set_head => Item::CodeSet(CodeSet {
                kind: parts.set_kind?,
                name: first_name()?,
                title: text(),
                fields,
                span,
            }),
            Rule::formula_head => {
                let mut names = parts.names.iter().cloned();
                Item::Formula(Formula {
                    name: names.next()?,
                    title: text()?,
                    kind: names.next()?,
                    unit: parts.unit.clone()?,
                    inputs: Vec::new(),
                    together: None,
                    cases: Vec::new(),
                    fields,
                    span,
                })
            }
            Rule::points_head => {
                let mut numbers = parts.numbers.iter().cloned();
                Item::Points(Points {
                    name: first_name()?,
                    title: text()?,
                    lowest: numbers.next()?,
                    highest: numbers.next()?,
                    body: Vec::new(),
                    span,
                })
            }
            Rule::equivalence_head => Item::Equivalence(Equivalence {
                name: first_name()?,
                title: text()?,
                rows: Vec::new(),
                fields,
                span,
            }),
            Rule::anchor_head => Item::Anchor(AnchorDeclaration {
                name: first_name()?,
                title: text(),
                lines: Vec::new(),
                span,
            }),
            Rule::population_head => Item::Population(PopulationDeclaration {
                name: first_name()?,
                title: text(),
                body: Vec::new(),
                span,
            }),
            Rule::endpoint_head => Item::Endpoint(EndpointDeclaration {
                name: first_name()?,
                title: text()?,
                role: parts.role.clone()?,
                lines: Vec::new(),
                span,
            }),
            Rule::statistics_head => Item::Statistics(StatisticsDeclaration {
                lines: Vec::new(),
                span,
            }),
            Rule::arm_head => Item::Arm(ArmDeclaration {
                name: first_name()?,
                title: text(),
                span,
            }),
            Rule::treatment_plan_head => Item::TreatmentPlan(TreatmentPlanDeclaration {
                name: first_name()?,
                title: text()?,
                arms: parts.names.iter().skip(1).cloned().collect(),
                lines: Vec::new(),
                span,
            }),
            Rule::dose_levels_head => Item::DoseLevels(DoseLevelsDeclaration {
                product: first_name()?,
                basis: parts.basis?,
                lines: Vec::new(),
                span,
            }),
            Rule::escalation_head => Item::Escalation(EscalationDeclaration {
                title: text()?,
                product: first_name()?,
                lines: Vec::new(),
                span,
            }),
            Rule::test_head => Item::Test(TestCase {
                title: text()?,
                lines: parts.like.clone(),
                table: parts.table.then(TestTable::default),
                span,
            }),
            _ => return None,
        })
    }

    fn parts(&mut self, pair: Pair<'_, Rule>) -> Parts {
        let mut parts = Parts::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => parts.names.push(self.name(&part)),
                Rule::label_name => parts.label_names.push(self.name(&part)),
                Rule::path => parts.path = Some(self.name(&part)),
                Rule::unit => parts.unit = Some(self.name(&part)),
                Rule::date => parts.date = Some(self.name(&part)),
                Rule::judge => parts.judge = Some(self.name(&part)),
                Rule::endpoint_role => parts.role = Some(self.name(&part)),
                Rule::dose_basis => {
                    let basis = part.into_inner().next();
                    parts.basis = basis.map(|basis| match basis.as_rule() {
                        Rule::basis_per_kg => BasisWord::PerKilogram,
                        Rule::basis_per_m2 => BasisWord::PerSquareMetre,
                        _ => BasisWord::Total,
                    });
                }
                Rule::string => parts.texts.push(self.text(&part)),
                Rule::number => parts.numbers.push(self.number(&part)),
                Rule::population => parts.population = self.population(part),
                Rule::commitment_span => parts.term = self.term(part),
                Rule::relation => self.relation(part, &mut parts),
                Rule::kw_exclusion => parts.exclusion = true,
                Rule::kw_table => parts.table = true,
                Rule::test_like => {
                    let span = self.span(&part);
                    let mut inner = part.into_inner();
                    let title = inner.find(|part| part.as_rule() == Rule::string);
                    parts.like.extend(title.map(|title| CaseLine {
                        kind: CaseLineKind::Like(self.text(&title)),
                        span,
                    }));
                }
                Rule::set_kind => {
                    parts.set_kind = set_kind(part.as_str());
                }
                _ => {}
            }
        }
        parts
    }

    fn relation(&mut self, pair: Pair<'_, Rule>, parts: &mut Parts) {
        let span = self.span(&pair);
        let Some(part) = pair.into_inner().next() else {
            return;
        };
        let rule = part.as_rule();
        if rule == Rule::with_time {
            parts.with_time = Some(span);
            return;
        }
        let mut other = None;
        let mut length: Option<Length> = None;
        let mut number = None;
        let mut earlier = false;
        let mut at_least = false;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::name => other = Some(self.name(&inner)),
                Rule::length => length = Some(self.length(inner)),
                Rule::number => number = Some(self.number(&inner)),
                Rule::kw_before => earlier = true,
                Rule::at_least => at_least = true,
                _ => {}
            }
        }
        let longest = length.unwrap_or(Length {
            number: Number {
                text: String::new(),
                span,
            },
            unit: LengthUnit::Missing,
            span,
        });
        let kind = match rule {
            Rule::relation_is => RelationKind::Is,
            Rule::relation_from_on => RelationKind::FromOn,
            Rule::relation_after => RelationKind::After,
            Rule::relation_before => RelationKind::Before,
            Rule::relation_between => RelationKind::Between {
                shortest: number.unwrap_or(Number {
                    text: String::new(),
                    span,
                }),
                longest,
                earlier,
            },
            _ if at_least => RelationKind::AtLeast {
                length: longest,
                earlier,
            },
            _ => RelationKind::AtMost {
                length: longest,
                earlier,
            },
        };
        if let Some(other) = other {
            parts.relations.push(Relation { kind, other, span });
        }
    }
}
