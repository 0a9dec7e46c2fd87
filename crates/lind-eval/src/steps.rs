//! What is resolved once per program, beside each condition of the plan: the numbers of concepts and words,
//! the units into which values are converted, plausible ranges in the unit of the test.

use std::collections::HashMap;
use std::sync::Arc;

use lind_model::plan::{
    ChangePlan, ConceptKind, FactPlan, FilterPlan, NodeKind, Plan, RecordPlan, RecordQuestionPlan,
    SamplePlan, ValuePlan,
};
use lind_model::protocol::{
    ChangeMode, Counted, FactField, FactTable, FormulaInput, Measure, Protocol, Provenance,
    QuantityShape, ResultField, Shape, Subject, Test,
};
use lind_model::{EquivalenceId, FormulaId, MeasureId, SetId};
use lind_records::{ConceptId, Table};
use lind_units::{Analyte, Conversion, Decimal, Exact, Generator, Unit};

use crate::concepts::{Concepts, fact_table};

/// A word of the charts that the plan compares with, by its place in [`Compiled::words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(pub(crate) usize);

/// A unit into which values are converted, by its place in [`Compiled::targets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target(pub(crate) usize);

/// A unit into which values are converted.
#[derive(Debug, Clone)]
pub(crate) struct TargetUnit {
    pub(crate) unit: Unit,
    pub(crate) analyte: Option<Analyte>,
    /// Whether daily doses are converted into it.
    pub(crate) daily: bool,
}

/// A closed range of numbers.
pub(crate) type Range = (Exact, Exact);

/// A measure, ready to be read.
#[derive(Debug, Clone)]
pub(crate) struct MeasureStep {
    pub(crate) concept: ConceptId,
    pub(crate) specimen: Option<Word>,
    /// The measure's own unit, for a quantity.
    pub(crate) own: Option<Target>,
    /// What can be real: the plausible range in the measure's own unit, or the ends of a score.
    pub(crate) plausible: Option<Range>,
    /// The step of a score.
    pub(crate) step: Option<Exact>,
    /// The levels of a scale or the results that are declared, with the number that a level is written as.
    pub(crate) words: Vec<(Word, Option<Decimal>)>,
}

/// A formula, ready to be computed.
#[derive(Debug, Clone)]
pub(crate) struct FormulaStep {
    pub(crate) concept: ConceptId,
    pub(crate) inputs: Vec<InputStep>,
    /// Whether its value is one exact number.
    pub(crate) rational: bool,
}

/// An input of a formula.
#[derive(Debug, Clone)]
pub(crate) enum InputStep {
    Age,
    Measure {
        measure: MeasureId,
        target: Target,
        plausible: Option<Range>,
    },
}

/// A test, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) enum TestStep {
    /// Of a quantity: the limit's unit, and what is plausible in that unit.
    Quantity {
        target: Target,
        plausible: Option<Range>,
    },
    /// Of a computed quantity.
    Computed(ComputedStep),
    /// Of coded results: which of the declared ones pass.
    Results(Vec<Word>),
    /// Nothing needs to be resolved.
    Plain,
}

/// A test of a computed quantity, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct ComputedStep {
    /// From the formula's unit into the limit's.
    pub(crate) conversion: Option<Conversion>,
    /// The limit's unit, for a value that is recorded.
    pub(crate) target: Target,
    /// What is plausible, in the limit's unit.
    pub(crate) plausible: Option<Range>,
}

/// Rows of a table of facts that count for something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) facts: FactTable,
    pub(crate) table: Table,
    pub(crate) concept: ConceptId,
    /// Of results: only those of this specimen, or of none.
    pub(crate) specimen: Option<Word>,
}

/// What is resolved beside a condition.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Plain,
    Value(ValueStep),
    Change(ChangeStep),
    Fact(FactStep),
    Record(RecordStep),
    /// The sets of each sample rule.
    PointsChange(Vec<Vec<Source>>),
    Spell(ValueStep),
}

#[derive(Debug, Clone)]
pub(crate) struct ValueStep {
    pub(crate) test: TestStep,
    pub(crate) provenance: Vec<(ResultField, Vec<Word>)>,
    /// The sets of each sample rule.
    pub(crate) samples: Vec<Vec<Source>>,
}

#[derive(Debug, Clone)]
pub(crate) struct ChangeStep {
    /// From the measure's unit into the one in which the change is stated.
    pub(crate) by: Option<Conversion>,
    pub(crate) samples: Vec<Vec<Source>>,
}

#[derive(Debug, Clone)]
pub(crate) struct FactStep {
    pub(crate) source: Source,
    pub(crate) filters: Vec<FilterStep>,
    /// The sets of each sample rule.
    pub(crate) samples: Vec<Vec<Source>>,
    pub(crate) exceptions: Vec<ConceptId>,
    /// The members of the set, of which `different` counts each once.
    pub(crate) members: Vec<ConceptId>,
}

#[derive(Debug, Clone)]
pub(crate) struct RecordStep {
    /// The set of which it is asked whether the record is a member.
    pub(crate) member: Option<ConceptId>,
    pub(crate) filter: FilterStep,
}

#[derive(Debug, Clone)]
pub(crate) enum FilterStep {
    Plain,
    Words(Vec<Word>),
    Test(TestStep),
    Dose(DoseStep),
    /// With an equivalence: how doses become those of its first drug.
    Steady(Option<DoseStep>),
}

#[derive(Debug, Clone)]
pub(crate) struct DoseStep {
    /// The limit's unit, into which a dose without equivalence is converted.
    pub(crate) target: Target,
    /// With an equivalence: one entry a drug.
    pub(crate) drugs: Option<(EquivalenceId, Vec<DrugStep>)>,
    /// From the unit of the first drug into the limit's.
    pub(crate) to_limit: Option<Conversion>,
}

#[derive(Debug, Clone)]
pub(crate) struct DrugStep {
    /// The unit in which the equivalence counts this drug; none if there is no such unit.
    pub(crate) target: Option<Target>,
    /// How much of the first drug one of these units stands for.
    pub(crate) factor: Option<Exact>,
}

/// Everything that is resolved once per program.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) measures: Vec<MeasureStep>,
    pub(crate) formulas: Vec<FormulaStep>,
    /// One a node of the plan.
    pub(crate) steps: Vec<Step>,
    /// One a line of each record that the data choose.
    pub(crate) chosen: Vec<Vec<FactStep>>,
    pub(crate) targets: Vec<TargetUnit>,
    pub(crate) words: Vec<Arc<str>>,
}

impl Compiled {
    pub(crate) fn of(plan: &Plan, concepts: &Concepts) -> Self {
        let mut compiler = Compiler {
            protocol: &plan.protocol,
            concepts,
            targets: Vec::new(),
            by_target: HashMap::new(),
            words: Vec::new(),
            by_word: HashMap::new(),
        };
        let protocol = &plan.protocol;
        let measures: Vec<MeasureStep> = protocol
            .measures
            .iter()
            .enumerate()
            .map(|(index, measure)| compiler.measure(MeasureId::from_index(index), measure))
            .collect();
        let formulas = (0..protocol.formulas.len())
            .filter_map(|index| compiler.formula(FormulaId::from_index(index)))
            .collect();
        let steps = plan
            .nodes
            .iter()
            .map(|node| match &node.kind {
                NodeKind::Value(value) => Step::Value(compiler.value(value)),
                NodeKind::Change(change) => Step::Change(compiler.change(change)),
                NodeKind::Fact(fact) => Step::Fact(compiler.fact(fact)),
                NodeKind::Record(record) => Step::Record(compiler.record(record)),
                NodeKind::Spell(plan) => Step::Spell(ValueStep {
                    test: compiler.test(Subject::Measure(plan.spell.measure), &plan.spell.test),
                    provenance: compiler.provenance(&plan.spell.provenance),
                    samples: compiler.samples(&plan.samples),
                }),
                NodeKind::PointsChange(change) => {
                    Step::PointsChange(compiler.samples(&change.samples))
                }
                _ => Step::Plain,
            })
            .collect();
        let chosen = plan
            .chosen
            .iter()
            .map(|lines| {
                let lines = lines.iter();
                lines.map(|line| compiler.fact(&line.fact)).collect()
            })
            .collect();
        Self {
            measures,
            formulas,
            steps,
            chosen,
            targets: compiler.targets,
            words: compiler.words,
        }
    }
}

/// Whose unit a target is, besides its code: two measures may convert differently into one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Measure(MeasureId),
    Formula(FormulaId),
    Dose,
}

struct Compiler<'p> {
    protocol: &'p Protocol,
    concepts: &'p Concepts,
    targets: Vec<TargetUnit>,
    by_target: HashMap<(String, Whose), Target>,
    words: Vec<Arc<str>>,
    by_word: HashMap<Arc<str>, Word>,
}

impl Compiler<'_> {
    fn target(&mut self, unit: &Unit, analyte: Option<&Analyte>, whose: Whose) -> Target {
        let next = Target(self.targets.len());
        let target = *self
            .by_target
            .entry((unit.code().to_owned(), whose))
            .or_insert(next);
        if target == next {
            self.targets.push(TargetUnit {
                unit: unit.clone(),
                analyte: analyte.cloned(),
                daily: whose == Whose::Dose,
            });
        }
        target
    }

    fn word(&mut self, text: &Arc<str>) -> Word {
        if let Some(word) = self.by_word.get(text) {
            return *word;
        }
        let word = Word(self.words.len());
        self.words.push(Arc::clone(text));
        self.by_word.insert(Arc::clone(text), word);
        word
    }

    fn measure(&mut self, id: MeasureId, measure: &Measure) -> MeasureStep {
        let mut step = MeasureStep {
            concept: self.concepts.measure(id),
            specimen: measure.specimen.as_ref().map(|word| self.word(word)),
            own: None,
            plausible: None,
            step: None,
            words: Vec::new(),
        };
        match &measure.shape {
            Shape::Quantity(shape) => {
                step.own = Some(self.target(&shape.unit, Some(&shape.analyte), Whose::Measure(id)));
                step.plausible = shape.plausible.clone();
            }
            Shape::Score {
                lowest,
                highest,
                step: between,
            } => {
                step.plausible = Some((lowest.to_exact(), highest.to_exact()));
                step.step = between.map(|between| between.to_exact());
            }
            Shape::Ordinal(levels) | Shape::Coded(levels) | Shape::Tags(levels) => {
                step.words = levels
                    .iter()
                    .map(|level| (self.word(level), Decimal::parse(level).ok()))
                    .collect();
            }
        }
        step
    }

    fn formula(&mut self, id: FormulaId) -> Option<FormulaStep> {
        let formula = self.protocol.formulas.get(id.index())?;
        let inputs = formula
            .inputs
            .iter()
            .map(|input| match input {
                FormulaInput::Age => InputStep::Age,
                FormulaInput::Measure { measure, unit } => {
                    let shape = quantity(self.protocol, *measure);
                    InputStep::Measure {
                        measure: *measure,
                        target: self.target(
                            unit,
                            shape.map(|shape| &shape.analyte),
                            Whose::Measure(*measure),
                        ),
                        plausible: shape.and_then(|shape| plausible_in(shape, unit)),
                    }
                }
            })
            .collect();
        Some(FormulaStep {
            concept: self.concepts.id(ConceptKind::Formula(id)),
            inputs,
            rational: formula.cases.iter().all(|case| case.value.is_rational()),
        })
    }

    fn value(&mut self, value: &ValuePlan) -> ValueStep {
        ValueStep {
            test: self.test(value.subject, &value.test),
            provenance: self.provenance(&value.provenance),
            samples: self.samples(&value.samples),
        }
    }

    fn provenance(&mut self, provenance: &[Provenance]) -> Vec<(ResultField, Vec<Word>)> {
        let words = |from: &Provenance, compiler: &mut Self| {
            let words = from.values.iter().map(|word| compiler.word(word)).collect();
            (from.field, words)
        };
        provenance.iter().map(|from| words(from, self)).collect()
    }

    fn test(&mut self, subject: Subject, test: &Test) -> TestStep {
        match (test, subject) {
            (Test::Quantity(_, unit), Subject::Measure(id)) => {
                let shape = quantity(self.protocol, id);
                TestStep::Quantity {
                    target: self.target(
                        unit,
                        shape.map(|shape| &shape.analyte),
                        Whose::Measure(id),
                    ),
                    plausible: shape.and_then(|shape| plausible_in(shape, unit)),
                }
            }
            (Test::Quantity(_, unit), Subject::Formula(id)) => {
                let result = self
                    .protocol
                    .formulas
                    .get(id.index())
                    .map(|formula| &formula.result);
                TestStep::Computed(ComputedStep {
                    conversion: result.and_then(|result| {
                        result.unit.conversion(unit, Some(&result.analyte)).ok()
                    }),
                    target: self.target(
                        unit,
                        result.map(|result| &result.analyte),
                        Whose::Formula(id),
                    ),
                    plausible: result.and_then(|result| plausible_in(result, unit)),
                })
            }
            (Test::Results(results) | Test::Tags(_, results), _) => {
                TestStep::Results(results.iter().map(|word| self.word(word)).collect())
            }
            (
                Test::Multiple { .. }
                | Test::Reference { .. }
                | Test::Score(_)
                | Test::Levels(_)
                | Test::Own { .. },
                _,
            ) => TestStep::Plain,
        }
    }

    fn samples(&self, rules: &[SamplePlan]) -> Vec<Vec<Source>> {
        rules
            .iter()
            .map(|rule| rule.without.iter().map(|set| self.set(*set)).collect())
            .collect()
    }

    fn set(&self, id: SetId) -> Source {
        let facts = self
            .protocol
            .sets
            .get(id.index())
            .map_or(FactTable::Conditions, |set| set.table);
        Source {
            facts,
            table: fact_table(facts),
            concept: self.concepts.id(ConceptKind::Set(id)),
            specimen: None,
        }
    }

    fn change(&self, change: &ChangePlan) -> ChangeStep {
        let by = match (&change.mode, change.subject) {
            (ChangeMode::Absolute(unit), Subject::Measure(id)) => quantity(self.protocol, id)
                .and_then(|shape| shape.unit.conversion(unit, Some(&shape.analyte)).ok()),
            _ => None,
        };
        ChangeStep {
            by,
            samples: self.samples(&change.samples),
        }
    }

    fn filter(&mut self, filter: &FilterPlan) -> FilterStep {
        match filter {
            FilterPlan::Field(field, values) => match field {
                FactField::BodySite
                | FactField::Route
                | FactField::Indication
                | FactField::Source
                | FactField::Method
                | FactField::Specimen
                | FactField::Scale => {
                    FilterStep::Words(values.iter().map(|value| self.word(value)).collect())
                }
                FactField::Severity
                | FactField::Outcome
                | FactField::Status
                | FactField::Term
                | FactField::Grade
                | FactField::Related
                | FactField::Serious
                | FactField::DoseLimiting => FilterStep::Plain,
            },
            FilterPlan::Dose {
                unit, equivalence, ..
            }
            | FilterPlan::TotalDose {
                unit, equivalence, ..
            } => FilterStep::Dose(self.dose(unit, *equivalence)),
            FilterPlan::Steady(steady) => {
                let first = steady.equivalence.and_then(|id| {
                    let row = self.protocol.equivalences.get(id.index())?.rows.first()?;
                    per_day(&row.unit)
                });
                FilterStep::Steady(first.map(|unit| self.dose(&unit, steady.equivalence)))
            }
            FilterPlan::Value { measure, test } => {
                FilterStep::Test(self.test(Subject::Measure(*measure), test))
            }
            FilterPlan::Line(..)
            | FilterPlan::Grade(..)
            | FilterPlan::Lasting(_)
            | FilterPlan::InTotal(_)
            | FilterPlan::Stretch { .. }
            | FilterPlan::Edge(..)
            | FilterPlan::TimeOfDay(_)
            | FilterPlan::DiseaseFree(_) => FilterStep::Plain,
        }
    }

    fn record(&mut self, record: &RecordPlan) -> RecordStep {
        let (member, filter) = match &record.question {
            RecordQuestionPlan::Member(set) => (
                Some(self.concepts.id(ConceptKind::Set(*set))),
                FilterStep::Plain,
            ),
            RecordQuestionPlan::Filter(filter) => (None, self.filter(filter)),
            RecordQuestionPlan::Shares(..) | RecordQuestionPlan::Same(_) => {
                (None, FilterStep::Plain)
            }
        };
        RecordStep { member, filter }
    }

    fn fact(&mut self, fact: &FactPlan) -> FactStep {
        let measure = fact
            .measure
            .and_then(|id| self.protocol.measures.get(id.index()));
        let specimen = measure.and_then(|measure| measure.specimen.clone());
        let source = Source {
            facts: fact.table,
            table: fact_table(fact.table),
            concept: self.concepts.id(fact.concept()),
            specimen: specimen.map(|word| self.word(&word)),
        };
        let filters = fact
            .filters
            .iter()
            .map(|filter| self.filter(filter))
            .collect();
        let exceptions = fact
            .exceptions
            .iter()
            .map(|(set, _)| self.concepts.id(ConceptKind::Set(*set)))
            .collect();
        let different = fact
            .frequency
            .is_some_and(|frequency| frequency.counted == Counted::Different);
        let set = fact.set.filter(|_| different);
        let members = set
            .and_then(|set| self.protocol.sets.get(set.index()))
            .map_or(&[][..], |set| &set.members)
            .iter()
            .map(|member| self.concepts.id(ConceptKind::Set(*member)))
            .collect();
        FactStep {
            source,
            filters,
            samples: self.samples(&fact.samples),
            exceptions,
            members,
        }
    }

    fn dose(&mut self, limit: &Unit, equivalence: Option<EquivalenceId>) -> DoseStep {
        let target = self.target(limit, None, Whose::Dose);
        let table = equivalence.and_then(|id| {
            let table = self.protocol.equivalences.get(id.index())?;
            Some((id, table))
        });
        let Some((id, table)) = table else {
            return DoseStep {
                target,
                drugs: None,
                to_limit: None,
            };
        };
        // An equivalence is stated in doses, and asked in doses a day.
        let first = table.rows.first();
        let to_limit = first
            .and_then(|row| per_day(&row.unit))
            .and_then(|unit| unit.conversion(limit, None).ok());
        let mut drugs = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            drugs.push(DrugStep {
                target: per_day(&row.unit).map(|unit| self.target(&unit, None, Whose::Dose)),
                factor: first.and_then(|first| first.dose.checked_div(&row.dose)),
            });
        }
        DoseStep {
            target,
            drugs: Some((id, drugs)),
            to_limit,
        }
    }
}

/// The shape of a measure that is a quantity.
pub(crate) fn quantity(protocol: &Protocol, id: MeasureId) -> Option<&QuantityShape> {
    match &protocol.measures.get(id.index())?.shape {
        Shape::Quantity(shape) => Some(shape),
        _ => None,
    }
}

fn plausible_in(shape: &QuantityShape, unit: &Unit) -> Option<Range> {
    let (low, high) = shape.plausible.as_ref()?;
    let conversion = shape.unit.conversion(unit, Some(&shape.analyte)).ok()?;
    Some((conversion.apply(low), conversion.apply(high)))
}

/// Whether a unit is so much per time.
pub(crate) fn is_rate(unit: &Unit) -> bool {
    unit.dimension().exponent(&Generator::Time) < 0
}

/// The unit, once a day; itself if it is per time already.
pub(crate) fn per_day(unit: &Unit) -> Option<Unit> {
    if is_rate(unit) {
        Some(unit.clone())
    } else {
        Unit::parse(&format!("{}/d", unit.code())).ok()
    }
}
