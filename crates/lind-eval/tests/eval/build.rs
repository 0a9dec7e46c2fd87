//! Protocols as values.

use std::sync::Arc;

use lind_diagnostics::{FileId, Span};
use lind_eval::Program;
use lind_model::protocol::{
    Alternative, AlternativeContent, Anchor, Arithmetic, Case, ChangeMode, ChangeTest, Choice,
    CodeSet, Compared, Comparison, Condition, ConditionKind, Criterion, CriterionKind, Definition,
    Direction, Equivalence, EquivalenceRow, Fact, FactField, FactTable, Filter, Formula,
    FormulaCase, FormulaInput, Guard, HalfLife, Interval, Judgement, Label, Lasting, Measure,
    MemberException, Milestone, Protocol, Quantifier, QuantityShape, Reading, SampleRule, Selector,
    Sex, Shape, Subject, Tense, Term, Test, Usage, ValueTest, Window,
};
use lind_model::{
    Choices, DefinitionId, EquivalenceId, FormulaId, JudgementId, MeasureId, MilestoneId, Plan,
    ReadingId, SetId,
};
use lind_time::Offset;
use lind_units::{Analyte, Decimal, Exact, Kind, Unit};

pub(crate) fn span() -> Span {
    Span::at(FileId::from_index(0), 0)
}

pub(crate) fn exact(text: &str) -> Exact {
    Decimal::parse(text).unwrap().to_exact()
}

pub(crate) fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

fn arcs(texts: &[&str]) -> Vec<Arc<str>> {
    texts.iter().map(|text| Arc::from(*text)).collect()
}

/// The milestones that every protocol of the tests has, in order.
pub(crate) const CONSENT: MilestoneId = MilestoneId(0);
pub(crate) const SCREENING: MilestoneId = MilestoneId(1);
pub(crate) const ENROLMENT: MilestoneId = MilestoneId(2);
pub(crate) const INFUSION: MilestoneId = MilestoneId(3);
pub(crate) const MILESTONES: [&str; 4] = ["consent", "screening", "enrolment", "infusion"];

/// A protocol that is being put together.
#[derive(Clone)]
pub(crate) struct Build {
    pub(crate) protocol: Protocol,
}

impl Build {
    pub(crate) fn new() -> Self {
        let milestones = MILESTONES
            .iter()
            .enumerate()
            .map(|(index, name)| Milestone {
                name: Arc::from(*name),
                title: None,
                timed: false,
                not_later: (0..=index).map(MilestoneId::from_index).collect(),
                days_earlier: Vec::new(),
                values: None,
                same_as: None,
                span: span(),
            })
            .collect();
        Self {
            protocol: Protocol {
                amendments: Vec::new(),
                id: "TEST".into(),
                title: "A protocol of the tests".into(),
                version: None,
                dated: None,
                about: lind_model::protocol::About::default(),
                milestones,
                unstated: Vec::new(),
                measures: Vec::new(),
                formulas: Vec::new(),
                sets: Vec::new(),
                judgements: Vec::new(),
                half_lives: Vec::new(),
                names: lind_model::Names::default(),
                given_once: Vec::new(),
                chosen: Vec::new(),
                equivalences: Vec::new(),
                definitions: Vec::new(),
                readings: Vec::new(),
                criteria: Vec::new(),
                overrides: Vec::new(),
                caps: Vec::new(),
                asked: Vec::new(),
                trial: lind_model::Trial::default(),
            },
        }
    }

    fn measure(&mut self, name: &str, shape: Shape) -> MeasureId {
        self.protocol.measures.push(Measure {
            name: name.into(),
            title: name.into(),
            shape,
            codes: vec![format!("test|{name}").into()],
            specimen: None,
            timed: false,
            worst_is_highest: None,
            source: None,
            unverified: None,
            span: span(),
        });
        MeasureId::from_index(self.protocol.measures.len() - 1)
    }

    pub(crate) fn measure_mut(&mut self, id: MeasureId) -> &mut Measure {
        &mut self.protocol.measures[id.index()]
    }

    /// A measure with a unit and, if given, a plausible range in it.
    pub(crate) fn quantity(
        &mut self,
        name: &str,
        kind: Kind,
        in_unit: &str,
        plausible: Option<(&str, &str)>,
    ) -> MeasureId {
        self.quantity_of(name, kind, in_unit, plausible, Analyte::default())
    }

    pub(crate) fn quantity_of(
        &mut self,
        name: &str,
        kind: Kind,
        in_unit: &str,
        plausible: Option<(&str, &str)>,
        analyte: Analyte,
    ) -> MeasureId {
        let shape = shape(kind, in_unit, plausible, analyte);
        self.measure(name, Shape::Quantity(shape))
    }

    /// `hemoglobin`, plausible from 10 to 300 g/L.
    pub(crate) fn hemoglobin(&mut self) -> MeasureId {
        self.quantity("hemoglobin", Kind::MCnc, "g/L", Some(("10", "300")))
    }

    pub(crate) fn score(
        &mut self,
        name: &str,
        lowest: &str,
        highest: &str,
        step: Option<&str>,
    ) -> MeasureId {
        self.measure(
            name,
            Shape::Score {
                lowest: Decimal::parse(lowest).unwrap(),
                highest: Decimal::parse(highest).unwrap(),
                step: step.map(|step| Decimal::parse(step).unwrap()),
            },
        )
    }

    pub(crate) fn ordinal(&mut self, name: &str, levels: &[&str]) -> MeasureId {
        self.measure(name, Shape::Ordinal(arcs(levels)))
    }

    pub(crate) fn coded(&mut self, name: &str, results: &[&str]) -> MeasureId {
        self.measure(name, Shape::Coded(arcs(results)))
    }

    /// A set whose codes are its name and `test|<name>*`.
    pub(crate) fn set(&mut self, table: FactTable, name: &str) -> SetId {
        let prefix = format!("test|{name}*");
        self.set_of(table, name, &[name, &prefix])
    }

    pub(crate) fn set_of(&mut self, table: FactTable, name: &str, codes: &[&str]) -> SetId {
        self.protocol.sets.push(CodeSet {
            name: name.into(),
            title: None,
            table,
            codes: arcs(codes),
            members: Vec::new(),
            source: None,
            unverified: None,
            span: span(),
        });
        SetId::from_index(self.protocol.sets.len() - 1)
    }

    pub(crate) fn judgement(&mut self, name: &str) -> JudgementId {
        self.protocol.judgements.push(Judgement {
            name: name.into(),
            title: format!("Is the patient {name}?").into(),
            by: "investigator".into(),
            span: span(),
        });
        JudgementId::from_index(self.protocol.judgements.len() - 1)
    }

    pub(crate) fn half_life(&mut self, codes: &[&str], shortest_days: &str, longest_days: &str) {
        let seconds = |days: &str| exact(days).mul(&Exact::from_integer(86_400));
        self.protocol.half_lives.push(HalfLife {
            codes: arcs(codes),
            shortest_seconds: seconds(shortest_days),
            longest_seconds: seconds(longest_days),
            by_day: true,
        });
    }

    pub(crate) fn half_life_hours(&mut self, codes: &[&str], hours: i64) {
        let seconds = Exact::from_integer(hours * 3_600);
        self.protocol.half_lives.push(HalfLife {
            codes: arcs(codes),
            shortest_seconds: seconds.clone(),
            longest_seconds: seconds,
            by_day: false,
        });
    }

    /// Doses in `mg` that count as the same.
    pub(crate) fn equivalence(&mut self, name: &str, rows: &[(&str, &str)]) -> EquivalenceId {
        self.protocol.equivalences.push(Equivalence {
            name: name.into(),
            title: name.into(),
            rows: rows
                .iter()
                .map(|(drug, dose)| EquivalenceRow {
                    codes: arcs(&[drug]),
                    dose: exact(dose),
                    unit: unit("mg"),
                })
                .collect(),
            source: None,
            unverified: None,
            span: span(),
        });
        EquivalenceId::from_index(self.protocol.equivalences.len() - 1)
    }

    pub(crate) fn formula(
        &mut self,
        name: &str,
        result: QuantityShape,
        inputs: Vec<FormulaInput>,
        cases: Vec<(Option<Sex>, Arithmetic)>,
    ) -> FormulaId {
        self.protocol.formulas.push(Formula {
            name: name.into(),
            title: name.into(),
            result,
            inputs,
            together: None,
            cases: cases
                .into_iter()
                .map(|(sex, value)| FormulaCase { sex, value })
                .collect(),
            codes: vec![format!("test|{name}").into()],
            source: None,
            unverified: None,
            span: span(),
        });
        FormulaId::from_index(self.protocol.formulas.len() - 1)
    }

    pub(crate) fn define(&mut self, name: &str, condition: Condition) -> DefinitionId {
        self.protocol.definitions.push(Definition {
            name: name.into(),
            title: None,
            condition,
            span: span(),
        });
        DefinitionId::from_index(self.protocol.definitions.len() - 1)
    }

    pub(crate) fn reading(
        &mut self,
        name: &str,
        alternatives: Vec<(&str, AlternativeContent)>,
    ) -> ReadingId {
        self.protocol.readings.push(Reading {
            name: name.into(),
            question: name.into(),
            alternatives: alternatives
                .into_iter()
                .map(|(name, content)| Alternative {
                    name: name.into(),
                    title: None,
                    content,
                })
                .collect(),
            chosen: 0,
            reason: None,
            span: span(),
        });
        ReadingId::from_index(self.protocol.readings.len() - 1)
    }

    pub(crate) fn criterion(
        &mut self,
        id: &str,
        kind: CriterionKind,
        parts: Vec<Condition>,
    ) -> &mut Criterion {
        self.protocol.criteria.push(Criterion {
            id: id.into(),
            title: format!("Criterion {id}").into(),
            kind,
            guard: None,
            gate: Some(SCREENING),
            parts,
            term: None,
            allowed: Vec::new(),
            source: None,
            span: span(),
        });
        self.protocol.criteria.last_mut().unwrap()
    }

    pub(crate) fn inclusion(&mut self, id: &str, part: Condition) -> &mut Criterion {
        self.criterion(id, CriterionKind::Inclusion, vec![part])
    }

    pub(crate) fn exclusion(&mut self, id: &str, part: Condition) -> &mut Criterion {
        self.criterion(id, CriterionKind::Exclusion, vec![part])
    }

    pub(crate) fn commitment(&mut self, id: &str, from: MilestoneId) -> &mut Criterion {
        let criterion = self.criterion(id, CriterionKind::Commitment, Vec::new());
        criterion.term = Some(Term {
            from,
            until: INFUSION,
            after: None,
        });
        criterion
    }

    pub(crate) fn plan(&self) -> Plan {
        let protocol = Arc::new(self.protocol.clone());
        let choices = Choices::chosen(&protocol);
        Plan::lower(&protocol, choices).unwrap()
    }

    pub(crate) fn program(&self) -> Program {
        Program::new(self.plan())
    }
}

pub(crate) fn shape(
    kind: Kind,
    in_unit: &str,
    plausible: Option<(&str, &str)>,
    analyte: Analyte,
) -> QuantityShape {
    QuantityShape {
        kind,
        unit: unit(in_unit),
        analyte,
        analyte_name: None,
        plausible: plausible.map(|(low, high)| (exact(low), exact(high))),
        usual: None,
        has_limits: true,
    }
}

pub(crate) fn condition(text: &str, kind: ConditionKind) -> Condition {
    Condition {
        kind,
        label: None,
        text: text.into(),
        span: span(),
    }
}

pub(crate) fn labelled(name: &str, mut condition: Condition) -> Condition {
    condition.label = Some(Label {
        name: name.into(),
        title: None,
    });
    condition
}

pub(crate) fn list(quantifier: Quantifier, parts: Vec<Condition>) -> Condition {
    condition("a list", ConditionKind::List(quantifier, parts))
}

pub(crate) fn all(parts: Vec<Condition>) -> Condition {
    list(Quantifier::All, parts)
}

pub(crate) fn any(parts: Vec<Condition>) -> Condition {
    list(Quantifier::Any, parts)
}

pub(crate) fn none(parts: Vec<Condition>) -> Condition {
    list(Quantifier::None, parts)
}

pub(crate) fn judged(id: JudgementId) -> Condition {
    condition("investigator judges", ConditionKind::Judged(id))
}

pub(crate) fn at(gate: MilestoneId, inner: Condition) -> Condition {
    condition("at a gate", ConditionKind::At(gate, Box::new(inner)))
}

pub(crate) fn with(usage: Usage, inner: Condition) -> Condition {
    condition(
        "with clauses",
        ConditionKind::With(Box::new(usage), Box::new(inner)),
    )
}

pub(crate) fn without(sets: &[SetId], window: Window) -> Usage {
    Usage {
        take: None,
        window: None,
        samples: vec![SampleRule {
            only_under: None,
            without: sets.to_vec(),
            window,
            text: "from samples without".into(),
        }],
    }
}

pub(crate) fn guard(sex: Option<Sex>, further: Option<Condition>) -> Guard {
    Guard {
        sex,
        condition: further.map(Box::new),
        text: "for some".into(),
    }
}

pub(crate) fn guarded(guard: Guard, body: Condition) -> Condition {
    condition("guarded", ConditionKind::Guarded(guard, Box::new(body)))
}

pub(crate) fn age(interval: Interval) -> Condition {
    condition("age is", ConditionKind::Age { at: None, interval })
}

// ------------------------------------------------------------------ intervals and tests

pub(crate) fn at_least(limit: &str) -> Interval {
    Interval::comparison(Comparison::AtLeast, exact(limit))
}

pub(crate) fn at_most(limit: &str) -> Interval {
    Interval::comparison(Comparison::AtMost, exact(limit))
}

pub(crate) fn more_than(limit: &str) -> Interval {
    Interval::comparison(Comparison::MoreThan, exact(limit))
}

pub(crate) fn below(limit: &str) -> Interval {
    Interval::comparison(Comparison::LessThan, exact(limit))
}

pub(crate) fn between(low: &str, high: &str) -> Interval {
    Interval {
        low: Some((exact(low), true)),
        high: Some((exact(high), true)),
    }
}

pub(crate) fn in_unit(interval: Interval, text: &str) -> Test {
    Test::Quantity(interval, unit(text))
}

pub(crate) fn times_uln(interval: Interval) -> Test {
    Test::Multiple {
        interval,
        upper: true,
    }
}

pub(crate) fn times_lln(interval: Interval) -> Test {
    Test::Multiple {
        interval,
        upper: false,
    }
}

pub(crate) fn results(words: &[&str]) -> Test {
    Test::Results(arcs(words))
}

// ------------------------------------------------------------------ values

pub(crate) struct Value(ValueTest, String, Vec<(Condition, Test)>);

pub(crate) fn value(measure: MeasureId, test: Test) -> Value {
    Value(
        ValueTest {
            subject: Subject::Measure(measure),
            selector: None,
            time_of_day: None,
            provenance: Vec::new(),
            window: None,
            evidence: None,
            test,
        },
        "a value".to_owned(),
        Vec::new(),
    )
}

pub(crate) fn computed(formula: FormulaId, test: Test) -> Value {
    let mut built = value(MeasureId(0), test);
    built.0.subject = Subject::Formula(formula);
    built
}

impl Value {
    pub(crate) fn take(mut self, selector: Selector) -> Self {
        self.0.selector = Some(selector);
        self
    }

    pub(crate) fn with_at_least(mut self, least: u32) -> Self {
        self.0.evidence = Some(lind_model::protocol::Evidence {
            least,
            window: None,
        });
        self
    }

    pub(crate) fn within(mut self, window: Window) -> Self {
        self.0.window = Some(window);
        self
    }

    pub(crate) fn except(mut self, when: Condition, test: Test) -> Self {
        self.2.push((when, test));
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.1);
        self
    }

    pub(crate) fn done(self) -> Condition {
        let Self(plain, text, exceptions) = self;
        let of = |test: ValueTest| condition(&text, ConditionKind::Value(Box::new(test)));
        if exceptions.is_empty() {
            return of(plain);
        }
        let cases = exceptions
            .into_iter()
            .map(|(when, test)| Case {
                when,
                then: of(ValueTest {
                    test,
                    ..plain.clone()
                }),
            })
            .collect();
        choice(cases, Some(of(plain)))
    }
}

pub(crate) fn choice(cases: Vec<Case>, otherwise: Option<Condition>) -> Condition {
    condition(
        "a choice",
        ConditionKind::Choice(Box::new(Choice { cases, otherwise })),
    )
}

pub(crate) fn change_test(test: ChangeTest) -> Condition {
    condition("a change", ConditionKind::Change(Box::new(test)))
}

pub(crate) fn change(
    measure: MeasureId,
    direction: Direction,
    by: Interval,
    mode: ChangeMode,
    window: Window,
) -> Condition {
    condition(
        "a change",
        ConditionKind::Change(Box::new(ChangeTest {
            subject: Subject::Measure(measure),
            between: Compared::Within(window),
            direction,
            by,
            mode,
            lasting: None,
        })),
    )
}

// ------------------------------------------------------------------ facts

pub(crate) struct FactBuild(Fact);

fn fact(table: FactTable, set: Option<SetId>, tense: Tense, window: Option<Window>) -> FactBuild {
    FactBuild(Fact {
        negated: false,
        frequency: None,
        such_that: None,
        tense,
        table,
        set,
        measure: None,
        investigational: false,
        filters: Vec::new(),
        exceptions: Vec::new(),
        window,
    })
}

pub(crate) fn now(table: FactTable, set: SetId) -> FactBuild {
    fact(table, Some(set), Tense::Now, None)
}

pub(crate) fn ever(table: FactTable, set: SetId) -> FactBuild {
    fact(table, Some(set), Tense::Ever, None)
}

pub(crate) fn during(table: FactTable, set: SetId, window: Window) -> FactBuild {
    fact(table, Some(set), Tense::During, Some(window))
}

pub(crate) fn any_during(table: FactTable, window: Window) -> FactBuild {
    fact(table, None, Tense::During, Some(window))
}

pub(crate) fn any_ever(table: FactTable) -> FactBuild {
    fact(table, None, Tense::Ever, None)
}

impl FactBuild {
    pub(crate) fn no(mut self) -> Self {
        self.0.negated = true;
        self
    }

    pub(crate) fn investigational(mut self) -> Self {
        self.0.investigational = true;
        self
    }

    pub(crate) fn field(mut self, field: FactField, values: &[&str]) -> Self {
        self.0.filters.push(Filter::Field(field, arcs(values)));
        self
    }

    pub(crate) fn dose(
        mut self,
        interval: Interval,
        text: &str,
        equivalence: Option<EquivalenceId>,
    ) -> Self {
        self.0.filters.push(Filter::Dose {
            interval,
            unit: unit(text),
            equivalence,
        });
        self
    }

    pub(crate) fn filter(mut self, filter: Filter) -> Self {
        self.0.filters.push(filter);
        self
    }

    pub(crate) fn lasting(mut self, comparison: Comparison, length: Offset) -> Self {
        self.0
            .filters
            .push(Filter::Lasting(Lasting { comparison, length }));
        self
    }

    pub(crate) fn in_total(mut self, comparison: Comparison, length: Offset) -> Self {
        self.0
            .filters
            .push(Filter::InTotal(Lasting { comparison, length }));
        self
    }

    pub(crate) fn disease_free(mut self, comparison: Comparison, length: Offset) -> Self {
        self.0
            .filters
            .push(Filter::DiseaseFree(Lasting { comparison, length }));
        self
    }

    pub(crate) fn except(mut self, set: SetId, disease_free: Option<(Comparison, Offset)>) -> Self {
        self.0.exceptions.push(MemberException {
            set,
            disease_free: disease_free.map(|(comparison, length)| Lasting { comparison, length }),
            text: "except".into(),
        });
        self
    }

    pub(crate) fn done(self) -> Condition {
        condition("a fact", ConditionKind::Fact(Box::new(self.0)))
    }
}

// ------------------------------------------------------------------ windows

pub(crate) fn around(milestone: MilestoneId, window: lind_time::Window) -> Window {
    Window::Around {
        anchor: Anchor::Milestone(milestone),
        window,
        as_known: false,
    }
}

pub(crate) fn around_sample(window: lind_time::Window) -> Window {
    Window::Around {
        anchor: Anchor::Sample,
        window,
        as_known: false,
    }
}

/// The days before a milestone, that day included.
pub(crate) fn days_before(milestone: MilestoneId, days: i32) -> Window {
    around(
        milestone,
        lind_time::Window::within_before(Offset::days(days), false),
    )
}

pub(crate) fn months_before(milestone: MilestoneId, months: i32) -> Window {
    around(
        milestone,
        lind_time::Window::within_before(Offset::months(months), false),
    )
}

pub(crate) fn from_to(from: MilestoneId, to: MilestoneId) -> Window {
    Window::Between {
        from: Anchor::Milestone(from),
        to: Anchor::Milestone(to),
    }
}

pub(crate) fn half_lives_before(
    milestone: MilestoneId,
    count: &str,
    closed: bool,
    beyond: bool,
) -> Window {
    Window::HalfLives {
        anchor: Anchor::Milestone(milestone),
        count: exact(count),
        closed,
        beyond,
    }
}
