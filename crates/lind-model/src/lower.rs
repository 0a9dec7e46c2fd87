//! From a protocol to a plan: readings are resolved, terms are put in place, months are counted by the rule.
//!
//! Lowering is total: a protocol that passed the checker lowers under every choice of readings, unless it is
//! larger than the limits below, which is said.

mod changes;
mod spells;
mod sums;
mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::Span;

use crate::ids::{CriterionId, DefinitionId, EquivalenceId, MilestoneId, NodeId, ReadingId, SetId};
use crate::plan::{
    ChoicePlan, ChosenPlan, Concept, ConceptKind, FactPlan, FilterPlan, NeededTable, Node,
    NodeKind, Plan, PlanCriterion, PlanGuard, PointsPlan, RecordPlan, RecordQuestionPlan,
    SamplePlan, Stage, SuchThatPlan, ValuePlan,
};
use crate::protocol::{
    AlternativeContent, Anchor, Choice, Condition, ConditionKind, Counted, Criterion,
    CriterionKind, Evidence, Fact, FactTable, Filter, FormulaInput, Frequency, Guard, Label,
    Lasting, MonthRule, PointsTest, Protocol, Quantifier, RecordQuestion, RecordTest, Selector,
    Steady, Subject, Take, Usage, ValueTest, Window,
};

/// The most nodes that a plan may have; far above any protocol, far below any memory.
pub const MOST_NODES: usize = 1_000_000;

/// One alternative for each reading of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choices(Vec<usize>);

impl Choices {
    /// The alternatives that the protocol chooses.
    #[must_use]
    pub fn chosen(protocol: &Protocol) -> Self {
        Self(
            protocol
                .readings
                .iter()
                .map(|reading| reading.chosen)
                .collect(),
        )
    }

    /// The same choices but for one reading.
    #[must_use]
    pub fn with(&self, reading: ReadingId, alternative: usize) -> Self {
        let mut choices = self.0.clone();
        if let Some(choice) = choices.get_mut(reading.index()) {
            *choice = alternative;
        }
        Self(choices)
    }

    /// How long months and years are of a protocol that is read so.
    #[must_use]
    pub fn months(&self, protocol: &Protocol) -> MonthRule {
        protocol
            .readings
            .iter()
            .enumerate()
            .find_map(|(index, reading)| {
                let alternative = reading
                    .alternatives
                    .get(self.of(ReadingId::from_index(index)))?;
                match alternative.content {
                    AlternativeContent::Months(rule) => Some(rule),
                    _ => None,
                }
            })
            .unwrap_or(MonthRule::Calendar)
    }

    /// The alternative of a reading.
    #[must_use]
    pub fn of(&self, reading: ReadingId) -> usize {
        self.0.get(reading.index()).copied().unwrap_or_default()
    }
}

/// A plan could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the definitions of this protocol, put in place of their names, give more than {MOST_NODES} conditions"
        )
    }
}

impl std::error::Error for TooLarge {}

impl Plan {
    /// Lowers a protocol under a choice of readings.
    ///
    /// # Errors
    /// [`TooLarge`] if putting definitions in place gives more than [`MOST_NODES`] conditions.
    pub fn lower(protocol: &Arc<Protocol>, choices: Choices) -> Result<Self, TooLarge> {
        let months = choices.months(protocol);
        let mut lowering = Lowering {
            protocol,
            choices: &choices,
            months,
            nodes: Vec::new(),
            contexts: vec![Context::default()],
            memory: BTreeMap::new(),
            needs: BTreeMap::new(),
        };
        let mut criteria = Vec::with_capacity(protocol.criteria.len());
        for (index, criterion) in protocol.criteria.iter().enumerate() {
            criteria.push(lowering.criterion(CriterionId::from_index(index), criterion)?);
        }
        let mut caps = Vec::with_capacity(protocol.caps.len());
        for cap in &protocol.caps {
            caps.push(Stage {
                gate: cap.gate,
                node: lowering.condition(&cap.condition, 0, None)?,
            });
        }
        let mut asked = Vec::with_capacity(protocol.asked.len());
        for question in &protocol.asked {
            asked.push(Stage {
                gate: question.gate,
                node: lowering.condition(&question.condition, 0, None)?,
            });
        }
        // What only endpoints read is read all the same.
        for endpoint in &protocol.trial.endpoints {
            if let Some(subject) = endpoint.variable.subject() {
                lowering.need_subject(subject);
            }
        }
        for index in 0..protocol.milestones.len() {
            let id = MilestoneId::from_index(index);
            lowering.need(ConceptKind::Milestone(id));
        }
        let values: Vec<Option<Window>> = protocol
            .milestones
            .iter()
            .map(|milestone| {
                milestone
                    .values
                    .as_ref()
                    .map(|window| lowering.window(window))
            })
            .collect();
        let mut chosen = Vec::with_capacity(protocol.chosen.len());
        for record in &protocol.chosen {
            let mut lines = Vec::with_capacity(record.lines.len());
            for line in &record.lines {
                lines.push(ChosenPlan {
                    first: line.first,
                    edge: line.edge,
                    fact: lowering.fact(&line.fact, 0)?,
                });
            }
            chosen.push(lines);
        }
        let Lowering { nodes, needs, .. } = lowering;
        let mut gates: Vec<MilestoneId> = criteria
            .iter()
            .flat_map(|criterion| &criterion.stages)
            .chain(&caps)
            .map(|stage| stage.gate)
            .collect();
        gates.sort_unstable();
        gates.dedup();
        Ok(Self {
            protocol: Arc::clone(protocol),
            values,
            nodes,
            criteria,
            caps,
            asked,
            gates,
            chosen,
            needs: needs.into_values().collect(),
            choices,
        })
    }
}

/// The clauses in force where a condition stands.
#[derive(Debug, Clone, Default)]
struct Context {
    selector: Option<Selector>,
    window: Option<Window>,
    samples: Vec<SamplePlan>,
}

/// What a memory of lowered terms is keyed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Remembered {
    Definition(DefinitionId, usize),
    Reading(ReadingId, usize),
}

struct Lowering<'p> {
    protocol: &'p Arc<Protocol>,
    choices: &'p Choices,
    months: MonthRule,
    nodes: Vec<Node>,
    contexts: Vec<Context>,
    memory: BTreeMap<Remembered, NodeId>,
    needs: BTreeMap<ConceptKind, Concept>,
}

/// A part of a criterion with the gate that it names, if any.
struct Part {
    gate: Option<MilestoneId>,
    node: NodeId,
}

impl Lowering<'_> {
    fn add(
        &mut self,
        kind: NodeKind,
        label: Option<Label>,
        text: Arc<str>,
        span: Span,
    ) -> Result<NodeId, TooLarge> {
        if self.nodes.len() >= MOST_NODES {
            return Err(TooLarge);
        }
        let id = NodeId::from_index(self.nodes.len());
        self.nodes.push(Node {
            kind,
            label,
            text,
            span,
        });
        Ok(id)
    }

    fn criterion(
        &mut self,
        id: CriterionId,
        criterion: &Criterion,
    ) -> Result<PlanCriterion, TooLarge> {
        let guard = criterion
            .guard
            .as_ref()
            .map(|guard| self.guard(guard, 0))
            .transpose()?;
        let mut parts = Vec::new();
        for part in &criterion.parts {
            self.part(part, 0, None, &mut parts)?;
        }
        if let Some(term) = &criterion.term {
            self.need(ConceptKind::Commitment(id));
            let node = self.add(
                NodeKind::Committed(id),
                None,
                Arc::clone(&criterion.title),
                criterion.span,
            )?;
            parts.push(Part {
                gate: Some(term.from),
                node,
            });
        }
        let mut by_gate: BTreeMap<MilestoneId, Vec<NodeId>> = BTreeMap::new();
        for part in parts {
            // The checker made sure that a part without a gate has a criterion with one.
            if let Some(gate) = part.gate.or(criterion.gate) {
                by_gate.entry(gate).or_default().push(part.node);
            }
        }
        let quantifier = if criterion.kind == CriterionKind::Exclusion {
            Quantifier::Any
        } else {
            Quantifier::All
        };
        let mut stages = Vec::with_capacity(by_gate.len());
        for (gate, nodes) in by_gate {
            let node = match nodes.as_slice() {
                [node] => *node,
                _ => self.add(
                    NodeKind::List(quantifier, nodes),
                    None,
                    Arc::clone(&criterion.title),
                    criterion.span,
                )?,
            };
            let node = self.overridden(id, node)?;
            stages.push(Stage { gate, node });
        }
        Ok(PlanCriterion {
            criterion: id,
            guard,
            stages,
        })
    }

    /// What is decided of a criterion at a gate, unless an override settles it.
    fn overridden(&mut self, id: CriterionId, node: NodeId) -> Result<NodeId, TooLarge> {
        let protocol = Arc::clone(self.protocol);
        let mut cases = Vec::new();
        for rule in &protocol.overrides {
            if rule.criteria.contains(&id) {
                let when = self.condition(&rule.when, 0, None)?;
                let label = Label {
                    name: Arc::clone(&rule.id),
                    title: Some(Arc::clone(&rule.title)),
                };
                let settled = NodeKind::Settled(rule.met);
                let then = self.add(settled, Some(label), Arc::clone(&rule.title), rule.span)?;
                cases.push((when, then));
            }
        }
        if cases.is_empty() {
            return Ok(node);
        }
        let (text, span) = self
            .nodes
            .get(node.index())
            .map(|node| (Arc::clone(&node.text), node.span))
            .unwrap_or_else(|| {
                (
                    Arc::from(""),
                    Span::at(lind_diagnostics::FileId::from_index(0), 0),
                )
            });
        let choice = ChoicePlan {
            cases,
            otherwise: Some(node),
        };
        self.add(NodeKind::Choice(choice), None, text, span)
    }

    /// Splits a part of a criterion into stages: `at` may stand here and in the arms of `depending on`.
    fn part(
        &mut self,
        condition: &Condition,
        context: usize,
        label: Option<&Label>,
        parts: &mut Vec<Part>,
    ) -> Result<(), TooLarge> {
        let label = label.or(condition.label.as_ref());
        match &condition.kind {
            ConditionKind::At(gate, inner) => {
                let node = self.condition(inner, context, label)?;
                parts.push(Part {
                    gate: Some(*gate),
                    node,
                });
                Ok(())
            }
            ConditionKind::Depending(reading, arms) if arms.iter().any(Condition::names_a_gate) => {
                match arms.get(self.choices.of(*reading)) {
                    Some(arm) => self.part(arm, context, condition.label.as_ref(), parts),
                    None => Ok(()),
                }
            }
            ConditionKind::With(usage, inner) if inner.names_a_gate() => {
                let context = self.context(usage, context);
                self.part(inner, context, label, parts)
            }
            ConditionKind::List(Quantifier::All, inner)
                if inner.iter().any(Condition::names_a_gate) =>
            {
                inner
                    .iter()
                    .try_for_each(|part| self.part(part, context, None, parts))
            }
            _ => {
                let node = self.condition(condition, context, label)?;
                parts.push(Part { gate: None, node });
                Ok(())
            }
        }
    }

    fn context(&mut self, usage: &Usage, outer: usize) -> usize {
        let mut context = self.contexts.get(outer).cloned().unwrap_or_default();
        match usage.take {
            Some(Take::Selector(selector)) => context.selector = Some(selector),
            Some(Take::AsRead(reading)) => {
                let alternative = self
                    .protocol
                    .readings
                    .get(reading.index())
                    .and_then(|table| table.alternatives.get(self.choices.of(reading)));
                if let Some(AlternativeContent::Selector(selector)) =
                    alternative.map(|alternative| &alternative.content)
                {
                    context.selector = Some(*selector);
                }
            }
            None => {}
        }
        if let Some(window) = &usage.window {
            context.window = Some(self.window(window));
        }
        for rule in &usage.samples {
            if rule
                .only_under
                .is_none_or(|(reading, alternative)| self.choices.of(reading) == alternative)
            {
                rule.without
                    .iter()
                    .for_each(|set| self.need(ConceptKind::Set(*set)));
                // A transfusion without an end is over when it is given, here as in a fact.
                self.need(ConceptKind::GivenOnce);
                let window = self.window(&rule.window);
                context.samples.push(SamplePlan {
                    without: rule.without.clone(),
                    window,
                    text: Arc::clone(&rule.text),
                });
            }
        }
        self.contexts.push(context);
        self.contexts.len() - 1
    }

    fn guard(&mut self, guard: &Guard, context: usize) -> Result<PlanGuard, TooLarge> {
        let node = guard
            .condition
            .as_ref()
            .map(|condition| self.condition(condition, context, None))
            .transpose()?;
        Ok(PlanGuard {
            sex: guard.sex,
            node,
            text: Arc::clone(&guard.text),
        })
    }

    fn condition(
        &mut self,
        condition: &Condition,
        context: usize,
        label: Option<&Label>,
    ) -> Result<NodeId, TooLarge> {
        let label = label.or(condition.label.as_ref()).cloned();
        let kind = match &condition.kind {
            ConditionKind::List(quantifier, parts) => {
                let nodes = parts
                    .iter()
                    .map(|part| self.condition(part, context, None))
                    .collect::<Result<Vec<_>, _>>()?;
                NodeKind::List(*quantifier, nodes)
            }
            ConditionKind::Guarded(guard, body) => {
                let guard = self.guard(guard, context)?;
                NodeKind::Guarded(guard, self.condition(body, context, None)?)
            }
            ConditionKind::At(_, inner) => return self.condition(inner, context, label.as_ref()),
            ConditionKind::With(usage, inner) => {
                let inside = self.context(usage, context);
                return self.condition(inner, inside, label.as_ref());
            }
            ConditionKind::Depending(reading, arms) => match arms.get(self.choices.of(*reading)) {
                Some(arm) => {
                    NodeKind::List(Quantifier::All, vec![self.condition(arm, context, None)?])
                }
                None => NodeKind::Nothing,
            },
            ConditionKind::AsRead(reading) => NodeKind::List(
                Quantifier::All,
                self.read(*reading, context)?.into_iter().collect(),
            ),
            ConditionKind::Defined(definition) => NodeKind::List(
                Quantifier::All,
                self.defined(*definition, context)?.into_iter().collect(),
            ),
            ConditionKind::Judged(judgement) => {
                self.need(ConceptKind::Judgement(*judgement));
                NodeKind::Judged(*judgement)
            }
            ConditionKind::Happened(milestone, window) => NodeKind::Happened(
                *milestone,
                window.as_ref().map(|window| self.window(window)),
            ),
            ConditionKind::Age { at, interval } => NodeKind::Age {
                at: *at,
                interval: interval.clone(),
            },
            ConditionKind::Fact(fact) => NodeKind::Fact(Box::new(self.fact(fact, context)?)),
            ConditionKind::Record(test) => NodeKind::Record(Box::new(self.record(test))),
            ConditionKind::Value(test) => NodeKind::Value(Box::new(self.value(test, context))),
            ConditionKind::Change(change) => {
                NodeKind::Change(Box::new(self.change(change, context)))
            }
            ConditionKind::Points(points) => {
                NodeKind::Points(Box::new(self.points(points, context, condition)?))
            }
            ConditionKind::Choice(choice) => NodeKind::Choice(self.choice(choice, context)?),
            ConditionKind::IfUnknown(rule) => NodeKind::IfUnknown {
                node: self.condition(&rule.condition, context, None)?,
                met: rule.met,
                why: Arc::clone(&rule.why),
            },
            ConditionKind::Settled(met) => NodeKind::Settled(*met),
            ConditionKind::Nothing => NodeKind::Nothing,
            ConditionKind::Spell(spell) => NodeKind::Spell(Box::new(self.spell(spell, context))),
            ConditionKind::PointsChange(change) => {
                NodeKind::PointsChange(Box::new(self.points_change(change, context)?))
            }
        };
        self.add(kind, label, Arc::clone(&condition.text), condition.span)
    }

    fn points(
        &mut self,
        points: &PointsTest,
        context: usize,
        condition: &Condition,
    ) -> Result<PointsPlan, TooLarge> {
        let mut parts = Vec::with_capacity(points.lines.len());
        let mut lines = Vec::with_capacity(points.lines.len());
        for line in &points.lines {
            if let Some(node) = self.defined(line.condition, context)? {
                parts.push(node);
                lines.push((Arc::clone(&line.label), line.domain, line.points.clone()));
            }
        }
        if let Some(recorded) = &points.recorded {
            let kind = NodeKind::Value(Box::new(self.value(recorded, context)));
            parts.push(self.add(kind, None, Arc::clone(&condition.text), condition.span)?);
        }
        Ok(PointsPlan {
            name: Arc::clone(&points.name),
            parts,
            lines,
            scale: points.scale.clone(),
            interval: points.interval.clone(),
        })
    }

    fn choice(&mut self, choice: &Choice, context: usize) -> Result<ChoicePlan, TooLarge> {
        let mut cases = Vec::with_capacity(choice.cases.len());
        for case in &choice.cases {
            let when = self.condition(&case.when, context, None)?;
            cases.push((when, self.condition(&case.then, context, None)?));
        }
        let otherwise = choice
            .otherwise
            .as_ref()
            .map(|otherwise| self.condition(otherwise, context, None))
            .transpose()?;
        Ok(ChoicePlan { cases, otherwise })
    }

    fn defined(
        &mut self,
        definition: DefinitionId,
        context: usize,
    ) -> Result<Option<NodeId>, TooLarge> {
        let protocol = Arc::clone(self.protocol);
        let Some(term) = protocol.definitions.get(definition.index()) else {
            return Ok(None);
        };
        self.once(
            Remembered::Definition(definition, context),
            &term.condition,
            context,
        )
        .map(Some)
    }

    fn read(&mut self, reading: ReadingId, context: usize) -> Result<Option<NodeId>, TooLarge> {
        let protocol = Arc::clone(self.protocol);
        let alternative = protocol
            .readings
            .get(reading.index())
            .and_then(|table| table.alternatives.get(self.choices.of(reading)));
        match alternative.map(|alternative| &alternative.content) {
            Some(AlternativeContent::Condition(condition)) => self
                .once(Remembered::Reading(reading, context), condition, context)
                .map(Some),
            _ => Ok(None),
        }
    }

    /// A term that is used in several places under the same clauses is lowered once and shared.
    fn once(
        &mut self,
        key: Remembered,
        condition: &Condition,
        context: usize,
    ) -> Result<NodeId, TooLarge> {
        if let Some(node) = self.memory.get(&key) {
            return Ok(*node);
        }
        let node = self.condition(condition, context, None)?;
        self.memory.insert(key, node);
        Ok(node)
    }

    fn lasting(&self, lasting: Lasting) -> Lasting {
        Lasting {
            comparison: lasting.comparison,
            length: self.months.apply(lasting.length),
        }
    }

    fn filter(&mut self, filter: &Filter) -> FilterPlan {
        match filter {
            Filter::Field(field, values) => FilterPlan::Field(*field, values.clone()),
            Filter::Dose {
                interval,
                unit,
                equivalence,
            } => {
                self.need_equivalence(*equivalence);
                FilterPlan::Dose {
                    interval: interval.clone(),
                    unit: unit.clone(),
                    equivalence: *equivalence,
                }
            }
            Filter::TimeOfDay(time) => FilterPlan::TimeOfDay(*time),
            Filter::Value { measure, test } => {
                self.need(ConceptKind::Measure(*measure));
                FilterPlan::Value {
                    measure: *measure,
                    test: test.clone(),
                }
            }
            Filter::Line(least, most) => FilterPlan::Line(*least, *most),
            Filter::Grade(least, most) => FilterPlan::Grade(*least, *most),
            Filter::Lasting(lasting) => FilterPlan::Lasting(self.lasting(*lasting)),
            Filter::InTotal(lasting) => FilterPlan::InTotal(self.lasting(*lasting)),
            Filter::Stretch { lasting, gap } => FilterPlan::Stretch {
                lasting: self.lasting(*lasting),
                gap: self.months.apply(*gap),
            },
            Filter::DiseaseFree(lasting) => FilterPlan::DiseaseFree(self.lasting(*lasting)),
            Filter::Edge(edge, window) => FilterPlan::Edge(*edge, self.window(window)),
            Filter::Steady(steady) => {
                self.need_equivalence(steady.equivalence);
                FilterPlan::Steady(Steady {
                    window: self.window(&steady.window),
                    ..steady.clone()
                })
            }
            Filter::TotalDose {
                interval,
                unit,
                equivalence,
            } => {
                self.need_equivalence(*equivalence);
                FilterPlan::TotalDose {
                    interval: interval.clone(),
                    unit: unit.clone(),
                    equivalence: *equivalence,
                }
            }
        }
    }

    fn record(&mut self, test: &RecordTest) -> RecordPlan {
        let question = match &test.question {
            RecordQuestion::Member(set) => {
                self.need(ConceptKind::Set(*set));
                RecordQuestionPlan::Member(*set)
            }
            RecordQuestion::Filter(filter) => RecordQuestionPlan::Filter(self.filter(filter)),
            RecordQuestion::Shares(field, other) => RecordQuestionPlan::Shares(*field, *other),
            RecordQuestion::Same(other) => RecordQuestionPlan::Same(*other),
        };
        RecordPlan {
            record: test.record,
            negated: test.negated,
            question,
        }
    }

    fn fact(&mut self, fact: &Fact, context: usize) -> Result<FactPlan, TooLarge> {
        let such_that = match &fact.such_that {
            Some(such_that) => Some(SuchThatPlan {
                record: such_that.record,
                name: Arc::clone(&such_that.name),
                node: self.condition(&such_that.condition, context, None)?,
            }),
            None => None,
        };
        let filters: Vec<FilterPlan> = fact
            .filters
            .iter()
            .map(|filter| self.filter(filter))
            .collect();
        let exceptions: Vec<(SetId, Option<Lasting>)> = fact
            .exceptions
            .iter()
            .map(|except| {
                (
                    except.set,
                    except.disease_free.map(|lasting| self.lasting(lasting)),
                )
            })
            .collect();
        for (set, _) in &exceptions {
            self.need(ConceptKind::Set(*set));
        }
        let window = fact.window.as_ref().map(|window| self.window(window));
        if window.as_ref().is_some_and(counts_half_lives) {
            for index in 0..self.protocol.half_lives.len() {
                self.need(ConceptKind::HalfLife(
                    u32::try_from(index).unwrap_or(u32::MAX),
                ));
            }
        }
        let frequency = fact.frequency.map(|frequency| Frequency {
            counted: match frequency.counted {
                Counted::Apart(lasting) => Counted::Apart(self.lasting(lasting)),
                counted => counted,
            },
            ..frequency
        });
        if frequency.is_some_and(|frequency| frequency.counted == Counted::Different) {
            let protocol = Arc::clone(self.protocol);
            let set = fact.set.and_then(|set| protocol.sets.get(set.index()));
            for member in set.map_or(&[][..], |set| &set.members) {
                self.need(ConceptKind::Set(*member));
            }
        }
        let samples = self
            .contexts
            .get(context)
            .filter(|_| fact.table == FactTable::Results)
            .map(|context| context.samples.clone())
            .unwrap_or_default();
        let plan = FactPlan {
            negated: fact.negated,
            frequency,
            such_that,
            tense: fact.tense,
            table: fact.table,
            set: fact.set,
            measure: fact.measure,
            samples,
            investigational: fact.investigational,
            filters,
            exceptions,
            window,
        };
        self.need(plan.concept());
        self.need(ConceptKind::GivenOnce);
        Ok(plan)
    }

    fn value(&mut self, test: &ValueTest, context: usize) -> ValuePlan {
        self.need_subject(test.subject);
        let inherited = self.contexts.get(context).cloned().unwrap_or_default();
        let window = test
            .window
            .as_ref()
            .map(|window| self.window(window))
            .or(inherited.window);
        ValuePlan {
            subject: test.subject,
            selector: test
                .selector
                .or(inherited.selector)
                .unwrap_or(Selector::Latest),
            provenance: test.provenance.clone(),
            time_of_day: test.time_of_day,
            evidence: test.evidence.as_ref().map(|evidence| Evidence {
                least: evidence.least,
                window: evidence.window.as_ref().map(|window| self.window(window)),
            }),
            window,
            samples: inherited.samples,
            test: self.test(&test.test),
        }
    }

    fn window(&self, window: &Window) -> Window {
        windows::counted(self.months, window)
    }

    /// Every drug of an equivalence.
    fn need_equivalence(&mut self, equivalence: Option<EquivalenceId>) {
        let Some(id) = equivalence else { return };
        let rows = self
            .protocol
            .equivalences
            .get(id.index())
            .map_or(0, |table| table.rows.len());
        for row in 0..rows {
            self.need(ConceptKind::Equivalent(
                id,
                u32::try_from(row).unwrap_or(u32::MAX),
            ));
        }
    }

    fn need_subject(&mut self, subject: Subject) {
        match subject {
            Subject::Measure(measure) => self.need(ConceptKind::Measure(measure)),
            Subject::Formula(formula) => {
                self.need(ConceptKind::Formula(formula));
                let inputs = self
                    .protocol
                    .formulas
                    .get(formula.index())
                    .map(|formula| formula.inputs.clone())
                    .unwrap_or_default();
                for input in inputs {
                    if let FormulaInput::Measure { measure, .. } = input {
                        self.need(ConceptKind::Measure(measure));
                    }
                }
            }
        }
    }

    fn need(&mut self, kind: ConceptKind) {
        let protocol = self.protocol;
        self.needs.entry(kind).or_insert_with(|| {
            let (table, codes) = match kind {
                ConceptKind::Measure(id) => (
                    NeededTable::Observations,
                    protocol
                        .measures
                        .get(id.index())
                        .map(|measure| named(&measure.name, &measure.codes)),
                ),
                ConceptKind::Formula(id) => (
                    NeededTable::Observations,
                    protocol
                        .formulas
                        .get(id.index())
                        .map(|formula| named(&formula.name, &formula.codes)),
                ),
                ConceptKind::Set(id) => {
                    let set = protocol.sets.get(id.index());
                    (
                        NeededTable::Facts(set.map_or(FactTable::Conditions, |set| set.table)),
                        set.map(|set| set.codes.clone()),
                    )
                }
                ConceptKind::Any(table) => (NeededTable::Facts(table), None),
                ConceptKind::HalfLife(index) => (
                    NeededTable::Facts(FactTable::Treatments),
                    protocol
                        .half_lives
                        .get(index as usize)
                        .map(|half_life| half_life.codes.clone()),
                ),
                ConceptKind::Equivalent(id, row) => {
                    let table = protocol.equivalences.get(id.index());
                    (
                        NeededTable::Facts(FactTable::Treatments),
                        table
                            .and_then(|table| table.rows.get(row as usize))
                            .map(|row| row.codes.clone()),
                    )
                }
                ConceptKind::GivenOnce => (
                    NeededTable::Facts(FactTable::Treatments),
                    Some(protocol.given_once.clone()),
                ),
                ConceptKind::Milestone(id) => (
                    match protocol.trial.visit_of(id) {
                        Some(_) => NeededTable::Visits,
                        None => NeededTable::Milestones,
                    },
                    protocol
                        .milestones
                        .get(id.index())
                        .map(|milestone| vec![Arc::clone(&milestone.name)]),
                ),
                ConceptKind::Judgement(id) => (
                    NeededTable::Attestations,
                    protocol
                        .judgements
                        .get(id.index())
                        .map(|judgement| vec![Arc::clone(&judgement.name)]),
                ),
                ConceptKind::Commitment(id) => (
                    NeededTable::Attestations,
                    protocol
                        .criteria
                        .get(id.index())
                        .map(|criterion| vec![Arc::clone(&criterion.id)]),
                ),
            };
            let mut codes = codes.unwrap_or_default();
            let mut perhaps = Vec::new();
            if let NeededTable::Facts(table) = table {
                let names = protocol.names.of_set(table, &codes);
                codes.extend(names.surely);
                // What a drug is like is said of the whole of it.
                if let ConceptKind::Set(_) = kind {
                    perhaps = names.perhaps;
                }
            }
            Concept {
                kind,
                table,
                codes,
                perhaps,
            }
        });
    }
}

fn named(name: &Arc<str>, codes: &[Arc<str>]) -> Vec<Arc<str>> {
    std::iter::once(name).chain(codes).map(Arc::clone).collect()
}

/// Whether a window counts half-lives.
#[must_use]
pub fn counts_half_lives(window: &Window) -> bool {
    match window {
        Window::HalfLives { .. } => true,
        Window::Either(a, b) | Window::Both(a, b) => counts_half_lives(a) || counts_half_lives(b),
        Window::Around { .. } | Window::Between { .. } => false,
    }
}

/// The anchors that a window leans on.
pub fn anchors(window: &Window) -> Vec<Anchor> {
    match window {
        Window::Around { anchor, .. } | Window::HalfLives { anchor, .. } => vec![*anchor],
        Window::Between { from, to } => vec![*from, *to],
        Window::Either(a, b) | Window::Both(a, b) => {
            anchors(a).into_iter().chain(anchors(b)).collect()
        }
    }
}
