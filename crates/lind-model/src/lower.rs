//! From a protocol to a plan: readings are resolved, terms are put in place, months are counted by the rule.
//!
//! Lowering is total: a protocol that passed the checker lowers under every choice of readings, unless it is
//! larger than the limits below, which is said.

mod changes;
mod choices;
mod facts;
mod needs;
mod spells;
mod sums;
mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::Span;

use crate::ids::{CriterionId, DefinitionId, MilestoneId, NodeId, ReadingId};
use crate::plan::{
    ChoicePlan, ChosenPlan, Concept, ConceptKind, Node, NodeKind, Plan, PlanCriterion, PlanGuard,
    PointsPlan, SamplePlan, Stage,
};
use crate::protocol::{
    AlternativeContent, Choice, Condition, ConditionKind, Criterion, CriterionKind, Guard, Label,
    MonthRule, PointsTest, Protocol, Quantifier, Selector, Take, Usage, Window,
};

pub use choices::{Choices, TooLarge};
pub use windows::{anchors, counts_half_lives};

/// The most nodes that a plan may have; far above any protocol, far below any memory.
pub const MOST_NODES: usize = 1_000_000;

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

    fn window(&self, window: &Window) -> Window {
        windows::counted(self.months, window)
    }
}
