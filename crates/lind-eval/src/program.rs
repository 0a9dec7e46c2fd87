//! A plan with everything resolved that does not depend on the data.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::lower::anchors;
use lind_model::plan::{
    ConceptKind, NodeKind, Plan, PlanCriterion, RecordQuestionPlan, SamplePlan,
};
use lind_model::protocol::{Anchor, CriterionKind, NamedRecord, Protocol, Window};
use lind_model::{
    ChosenId, CriterionId, Explanation, FormulaId, MeasureId, MilestoneId, NodeId, Truth,
};
use lind_records::{Chart, ConceptId, Wanted};
use lind_time::When;

use crate::concepts::{Concepts, needed_table};
use crate::context::Context;
use crate::milestones::{Reached, reached};
use crate::steps::{Compiled, FactStep, FormulaStep, MeasureStep, Step};

/// Conditions this far below a criterion are decided beforehand, from the bottom up, so that no chain of
/// definitions, however long, is followed by recursion.
const DEEPEST_DESCENT: u32 = 64;

/// A plan with everything resolved that does not depend on the data: concepts, words, units.
///
/// It is immutable and shared by all threads.
#[derive(Debug, Clone)]
pub struct Program {
    plan: Plan,
    pub(crate) concepts: Concepts,
    pub(crate) compiled: Compiled,
    /// For each node, where its value is kept while a chart is evaluated, if it is kept.
    memory: Vec<Option<u32>>,
    remembered: usize,
    /// Nodes to decide beforehand, in order.
    pub(crate) checkpoints: Vec<NodeId>,
    /// What is asked outside the criteria, each as a criterion behind those that are stated.
    pub(crate) asked: Vec<PlanCriterion>,
    /// By name of a record: of what it may be a member, in ascending order.
    perhaps: BTreeMap<Arc<str>, Vec<ConceptId>>,
    /// For each milestone, whether it is a visit, whose time stands in `visits`.
    visits: Vec<bool>,
}

/// What an explanation says of a whole criterion, before anything is told of a patient.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    pub(crate) kind: CriterionKind,
    pub(crate) explanation: Explanation,
}

impl Program {
    /// Resolves a plan.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self::from(plan, 0)
    }

    /// Resolves a plan of another protocol than `other`, so that both can share charts: what they look for has
    /// different numbers ([`Program::wanted_by`]).
    #[must_use]
    pub fn beside(plan: Plan, other: &Self) -> Self {
        Self::from(plan, other.concepts.end())
    }

    /// Resolves a plan whose numbers begin with `first`.
    fn from(plan: Plan, first: usize) -> Self {
        let concepts = Concepts::of(&plan.protocol, first);
        let compiled = Compiled::of(&plan, &concepts);
        let (memory, remembered, checkpoints) = memory(&plan);
        let mut perhaps: BTreeMap<Arc<str>, Vec<ConceptId>> = BTreeMap::new();
        for concept in &plan.needs {
            for name in &concept.perhaps {
                let found = perhaps.entry(Arc::clone(name)).or_default();
                found.push(concepts.id(concept.kind));
            }
        }
        perhaps.values_mut().for_each(|found| found.sort_unstable());
        let visits = (0..plan.protocol.milestones.len())
            .map(|index| {
                let id = MilestoneId::from_index(index);
                plan.protocol.trial.visit_of(id).is_some()
            })
            .collect();
        let asked = plan.asked.iter().enumerate().map(|(place, stage)| {
            let stated = plan.protocol.criteria.len();
            PlanCriterion {
                criterion: CriterionId::from_index(stated.saturating_add(place)),
                guard: None,
                stages: vec![*stage],
            }
        });
        let asked = asked.collect();
        Self {
            visits,
            asked,
            plan,
            concepts,
            compiled,
            memory,
            remembered,
            checkpoints,
            perhaps,
        }
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What the reader must deliver for this program.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Self::wanted_by([self])
    }

    /// What the reader must deliver if verdicts are asked of its charts, and reasons, and nothing else: it may
    /// leave out values that can matter to neither. Explanations need [`Program::wanted`]. `may_be_assumed`:
    /// milestones may count as reached in charts that do not hold them ([`Context::assuming`]).
    #[must_use]
    pub fn wanted_for_verdicts(&self, may_be_assumed: bool) -> Wanted {
        let mut wanted = self.wanted();
        crate::reach::limit(self, may_be_assumed, &mut wanted);
        wanted
    }

    /// What the reader must deliver so that several programs can share its charts: of one protocol (one for each
    /// choice of readings), or of several, each made [beside](Program::beside) those before.
    #[must_use]
    pub fn wanted_by<'p>(programs: impl IntoIterator<Item = &'p Self>) -> Wanted {
        let mut wanted = Wanted::new();
        for program in programs {
            for concept in &program.plan.needs {
                let table = needed_table(concept.table);
                let id = program.concepts.id(concept.kind);
                // A set without codes has no members; only "any" means every row.
                if matches!(concept.kind, ConceptKind::Any(_)) {
                    wanted.add_any(table, id);
                }
                for code in concept.codes.iter().chain(&concept.perhaps) {
                    wanted.add_code(table, id, code);
                }
            }
            for word in &program.compiled.words {
                wanted.symbol(word);
            }
        }
        wanted
    }

    /// The furthest gate of the plan that a chart has reached; none if it has not reached any.
    #[must_use]
    pub fn gate_reached(&self, chart: &Chart, context: &Context<'_>) -> Option<MilestoneId> {
        self.plan
            .gates
            .iter()
            .rev()
            .find(|gate| matches!(reached(self, context, chart, **gate), Reached::At(_)))
            .copied()
    }

    /// When a milestone was reached, as a chart holds it; none if it does not, or if its rows contradict each other.
    #[must_use]
    pub fn reached_at(
        &self,
        milestone: MilestoneId,
        chart: &Chart,
        context: &Context<'_>,
    ) -> Option<When> {
        match reached(self, context, chart, milestone) {
            Reached::At(time) => Some(time),
            Reached::NotYet | Reached::Unclear => None,
        }
    }

    /// Of what a record under this code may be a member, without being one for certain; in ascending order.
    pub(crate) fn perhaps(&self, code: &str) -> &[ConceptId] {
        self.perhaps.get(code).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn protocol(&self) -> &Protocol {
        &self.plan.protocol
    }

    /// Under which number a reader delivers the rows of what the plan needs ([`Program::wanted`]).
    #[must_use]
    pub fn concept(&self, kind: ConceptKind) -> ConceptId {
        self.concepts.id(kind)
    }

    pub(crate) fn step(&self, node: NodeId) -> &Step {
        self.compiled
            .steps
            .get(node.index())
            .unwrap_or(&Step::Plain)
    }

    pub(crate) fn measure(&self, id: MeasureId) -> Option<&MeasureStep> {
        self.compiled.measures.get(id.index())
    }

    pub(crate) fn formula(&self, id: FormulaId) -> Option<&FormulaStep> {
        self.compiled.formulas.get(id.index())
    }

    /// One a line of a record that the data choose.
    pub(crate) fn chosen(&self, id: ChosenId) -> Option<&[FactStep]> {
        self.compiled.chosen.get(id.index()).map(Vec::as_slice)
    }

    /// Which values count at a gate when nothing else is said.
    pub(crate) fn gate_window(&self, gate: MilestoneId) -> Option<&Window> {
        self.plan.values.get(gate.index())?.as_ref()
    }

    /// The place of a gate among those of the plan.
    pub(crate) fn gate_index(&self, gate: MilestoneId) -> usize {
        let mut gates = self.plan.gates.iter();
        gates.position(|other| *other == gate).unwrap_or_default()
    }

    /// What a criterion is called, what it says, where it stands, and in which list; what is asked outside the
    /// criteria has its own condition's words.
    pub(crate) fn stated(&self, criterion: CriterionId) -> Option<Stated> {
        let protocol = self.protocol();
        let empty = |label: &str, text: &str, span| Explanation {
            label: label.to_owned(),
            text: text.to_owned(),
            truth: Truth::NotApplicable,
            because: String::new(),
            facts: Vec::new(),
            settle: None,
            boundary_sensitive: false,
            span,
            parts: Vec::new(),
        };
        if let Some(stated) = protocol.criteria.get(criterion.index()) {
            return Some(Stated {
                kind: stated.kind,
                explanation: empty(&stated.id, &stated.title, stated.span),
            });
        }
        let place = criterion.index().checked_sub(protocol.criteria.len())?;
        let condition = &protocol.asked.get(place)?.condition;
        let mut states = protocol.trial.states.iter();
        let state = states.find(|state| state.asked.index() == place);
        let (label, text) =
            state.map_or(("", &condition.text), |state| (&state.name, &state.title));
        Some(Stated {
            kind: CriterionKind::Inclusion,
            explanation: empty(label, text, condition.span),
        })
    }

    /// Where the value of a node is kept.
    pub(crate) fn memory(&self, node: NodeId) -> Option<u32> {
        self.memory.get(node.index()).copied().flatten()
    }

    /// Whether a milestone is a visit.
    pub(crate) fn is_visit(&self, milestone: MilestoneId) -> bool {
        self.visits.get(milestone.index()) == Some(&true)
    }

    /// How many nodes have their value kept.
    pub(crate) fn remembered(&self) -> usize {
        self.remembered
    }
}

/// The records with a name that a node itself speaks of: one bit for each.
fn spoken_of(kind: &NodeKind) -> u8 {
    let bit = |record: NamedRecord| 1_u8.checked_shl(u32::from(record.0)).unwrap_or(0);
    let of_window = |window: &Window| {
        anchors(window)
            .into_iter()
            .fold(0, |found, anchor| match anchor {
                Anchor::Record(record, _) => found | bit(record),
                Anchor::Milestone(_) | Anchor::Sample | Anchor::Date(_) | Anchor::Chosen(_) => {
                    found
                }
            })
    };
    let of_samples = |samples: &[SamplePlan]| {
        samples
            .iter()
            .fold(0, |found, rule| found | of_window(&rule.window))
    };
    match kind {
        NodeKind::Fact(fact) => fact
            .windows()
            .fold(of_samples(&fact.samples), |found, window| {
                found | of_window(window)
            }),
        NodeKind::Happened(_, window) => window.as_ref().map_or(0, of_window),
        NodeKind::Value(value) => {
            let evidence = value.evidence.as_ref();
            let counted = evidence.and_then(|evidence| evidence.window.as_ref());
            value.window.as_ref().map_or(0, of_window)
                | value.test.window().map_or(0, of_window)
                | counted.map_or(0, of_window)
                | of_samples(&value.samples)
        }
        NodeKind::Change(change) => {
            let of_windows = change.between.windows().map(of_window);
            of_windows.fold(of_samples(&change.samples), |found, one| found | one)
        }
        NodeKind::Spell(plan) => {
            of_samples(&plan.samples)
                | of_window(&plan.spell.window)
                | plan.spell.test.window().map_or(0, of_window)
        }
        NodeKind::PointsChange(change) => {
            of_samples(&change.samples)
                | of_window(&change.from.window)
                | of_window(&change.to.window)
        }
        NodeKind::Record(record) => {
            let other = match &record.question {
                RecordQuestionPlan::Shares(_, other) | RecordQuestionPlan::Same(other) => {
                    bit(*other)
                }
                RecordQuestionPlan::Filter(filter) => filter.window().map_or(0, of_window),
                RecordQuestionPlan::Member(_) => 0,
            };
            bit(record.record) | other
        }
        _ => 0,
    }
}

/// For each node, the records with a name that it speaks of and that are named around it: its value differs
/// from record to record.
fn open_names(plan: &Plan) -> Vec<u8> {
    let mut open: Vec<u8> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let mut names = spoken_of(&node.kind);
        for part in node.kind.parts() {
            let mut inside = open.get(part.index()).copied().unwrap_or(0);
            if let NodeKind::Fact(fact) = &node.kind
                && let Some(such_that) = &fact.such_that
            {
                let own = 1_u8.checked_shl(u32::from(such_that.record.0)).unwrap_or(0);
                inside &= !own;
            }
            names |= inside;
        }
        open.push(names);
    }
    open
}

/// Which nodes have their value kept: those that several conditions lean on, lest shared definitions be
/// decided over and over, those that are asked for record after record and do not speak of it, and the
/// checkpoints of deep chains.
fn memory(plan: &Plan) -> (Vec<Option<u32>>, usize, Vec<NodeId>) {
    let length = plan.nodes.len();
    let open = open_names(plan);
    let is_closed = |index: usize| open.get(index).is_none_or(|names| *names == 0);
    let mut users = vec![0_u8; length];
    let mut depth = vec![0_u32; length];
    let mut checkpoints = Vec::new();
    for (index, node) in plan.nodes.iter().enumerate() {
        let mut below = 0;
        let for_each_record = !is_closed(index)
            || matches!(&node.kind, NodeKind::Fact(fact) if fact.such_that.is_some());
        for part in node.kind.parts() {
            if let Some(count) = users.get_mut(part.index()) {
                *count = count.saturating_add(if for_each_record { 2 } else { 1 });
            }
            below = below.max(depth.get(part.index()).map_or(0, |depth| depth + 1));
        }
        if let Some(depth) = depth.get_mut(index) {
            *depth = below;
        }
        if below > 0 && below % DEEPEST_DESCENT == 0 && is_closed(index) {
            checkpoints.push(NodeId::from_index(index));
        }
    }
    let roots = plan.criteria.iter().flat_map(|criterion| {
        let guard = criterion.guard.as_ref().and_then(|guard| guard.node);
        criterion.stages.iter().map(|stage| stage.node).chain(guard)
    });
    let caps = plan.caps.iter().map(|cap| cap.node);
    let asked = plan.asked.iter().map(|asked| asked.node);
    for root in roots.chain(caps).chain(asked) {
        if let Some(count) = users.get_mut(root.index()) {
            *count = count.saturating_add(1);
        }
    }
    let mut remembered = 0;
    let mut memory = vec![None; length];
    for (index, slot) in memory.iter_mut().enumerate() {
        let shared = users.get(index).is_some_and(|users| *users > 1);
        let id = NodeId::from_index(index);
        if (shared && is_closed(index)) || checkpoints.binary_search(&id).is_ok() {
            *slot = u32::try_from(remembered).ok();
            remembered += 1;
        }
    }
    (memory, remembered, checkpoints)
}
