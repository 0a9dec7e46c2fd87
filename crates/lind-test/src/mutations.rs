//! Small changes of a protocol that its tests should notice.

mod changes;
mod choices;
mod chosen;
mod equivalent;
mod facts;
mod intervals;
mod lists;
mod points;
mod spells;
mod values;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::Span;
use lind_eval::{Program, Scratch};
use lind_model::cases::{Fate, Mutant};
use lind_model::plan::{ChosenPlan, Node, NodeKind, Plan, PlanGuard};
use lind_model::protocol::Sex;
use lind_model::{CriterionId, MilestoneId, NodeId};

use crate::suite::Suite;

/// A change of one condition, wherever it was put in place.
#[derive(Debug, Clone)]
pub struct Mutation {
    span: Span,
    line: Arc<str>,
    change: String,
    /// The criteria that lean on it.
    criteria: BTreeSet<CriterionId>,
    /// It means the same for every patient.
    is_equivalent: bool,
    /// By program.
    edits: Vec<(usize, Edit)>,
}

impl Mutation {
    /// Where the changed condition stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// What is changed, in words.
    #[must_use]
    pub fn change(&self) -> &str {
        &self.change
    }
}

/// A change of a plan.
#[derive(Debug, Clone)]
enum Edit {
    /// Another condition in the place of one.
    Node(NodeId, NodeKind),
    /// A criterion applies to others, or to everybody.
    Guard(CriterionId, Option<PlanGuard>),
    /// Other values count at a gate.
    Values(MilestoneId, lind_model::protocol::Window),
    /// Other lines choose a record.
    Chosen(usize, Vec<ChosenPlan>),
}

impl Edit {
    fn apply(&self, plan: &mut Plan) {
        match self {
            Self::Node(id, kind) => {
                if let Some(node) = plan.nodes.get_mut(id.index()) {
                    node.kind = kind.clone();
                }
            }
            Self::Guard(criterion, guard) => {
                let mut own = plan.criteria.iter_mut();
                if let Some(own) = own.find(|own| own.criterion == *criterion) {
                    own.guard.clone_from(guard);
                }
            }
            Self::Values(milestone, window) => {
                if let Some(values) = plan.values.get_mut(milestone.index()) {
                    *values = Some(window.clone());
                }
            }
            Self::Chosen(place, lines) => {
                if let Some(chosen) = plan.chosen.get_mut(*place) {
                    chosen.clone_from(lines);
                }
            }
        }
    }
}

/// Another way to write a condition.
pub(crate) struct Variant {
    change: String,
    kind: NodeKind,
    is_equivalent: bool,
}

impl Variant {
    pub(crate) fn new(change: String, kind: NodeKind) -> Self {
        Self {
            change,
            kind,
            is_equivalent: false,
        }
    }

    /// The same, proven to mean what the protocol means if that is so.
    pub(crate) fn equivalent_if(self, is_equivalent: bool) -> Self {
        Self {
            is_equivalent: self.is_equivalent || is_equivalent,
            ..self
        }
    }
}

/// `` `>= 90` becomes `> 90` ``
pub(crate) fn becomes(before: &str, after: &str) -> String {
    format!("`{before}` becomes `{after}`")
}

/// What a line says with a change in it, if the change stands in the line word by word.
fn turned(line: &str, change: &str) -> Option<String> {
    let (before, after) = change
        .strip_prefix('`')?
        .strip_suffix('`')?
        .split_once("` becomes `")?;
    // "has now had" is no English.
    if before == "ever" {
        return None;
    }
    let mut places = line.match_indices(before).map(|(at, _)| at);
    let (at, None) = (places.next()?, places.next()) else {
        return None;
    };
    let (head, tail) = line.split_at_checked(at)?;
    let tail = tail.strip_prefix(before)?;
    let ends = |text: &str, at_end: bool| {
        let next = if at_end {
            text.chars().next_back()
        } else {
            text.chars().next()
        };
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
    };
    (ends(head, true) && ends(tail, false)).then(|| format!("{head}{after}{tail}"))
}

/// Mutations on their way, each once.
#[derive(Default)]
struct Collected {
    found: BTreeMap<(Span, String), Mutation>,
}

/// Where a change is made.
struct Place<'m> {
    span: Span,
    line: &'m Arc<str>,
    program: usize,
    criteria: &'m BTreeSet<CriterionId>,
}

impl Collected {
    fn add(&mut self, place: &Place<'_>, change: String, is_equivalent: bool, edit: Edit) {
        let mutation = self
            .found
            .entry((place.span, change.clone()))
            .or_insert_with(|| Mutation {
                span: place.span,
                line: Arc::clone(place.line),
                change,
                criteria: BTreeSet::new(),
                is_equivalent,
                edits: Vec::new(),
            });
        // A condition that stands in several places is one condition, changed in all of them.
        mutation.is_equivalent &= is_equivalent;
        mutation.criteria.extend(place.criteria);
        mutation.edits.push((place.program, edit));
    }

    fn of_plan(&mut self, program: usize, plan: &Plan) {
        for own in &plan.criteria {
            let stated = plan.protocol.criteria.get(own.criterion.index());
            if let (Some(guard), Some(stated)) = (&own.guard, stated) {
                let place = Place {
                    span: stated.span,
                    line: &guard.text,
                    program,
                    criteria: &BTreeSet::from([own.criterion]),
                };
                let change = format!("`{}` is left out", guard.text);
                self.add(&place, change, false, Edit::Guard(own.criterion, None));
                if let Some((change, guard)) = other_sex(guard) {
                    let edit = Edit::Guard(own.criterion, Some(guard));
                    self.add(&place, change, false, edit);
                }
            }
        }
        for (index, values) in plan.values.iter().enumerate() {
            let milestone = plan.protocol.milestones.get(index);
            let id = MilestoneId::from_index(index);
            let criteria: BTreeSet<CriterionId> = plan
                .criteria
                .iter()
                .filter(|own| own.stages.iter().any(|stage| stage.gate == id))
                .map(|own| own.criterion)
                .collect();
            // That the values of a visit are those of its days is no line of the protocol.
            let is_written = !plan.protocol.trial.is_of_the_day(id);
            if let (Some(window), Some(milestone), false) = (values, milestone, criteria.is_empty())
                && is_written
            {
                let place = Place {
                    span: milestone.span,
                    line: &milestone.name,
                    program,
                    criteria: &criteria,
                };
                for (change, window) in windows::windows(plan, window) {
                    self.add(&place, change, false, Edit::Values(id, window));
                }
            }
        }
        let all: BTreeSet<CriterionId> = plan.criteria.iter().map(|own| own.criterion).collect();
        for (index, lines) in plan.chosen.iter().enumerate() {
            let Some(chosen) = plan.protocol.chosen.get(index) else {
                continue;
            };
            let place = Place {
                span: chosen.span,
                line: &chosen.name,
                program,
                criteria: &all,
            };
            for (change, lines) in chosen::lines(plan, lines) {
                self.add(&place, change, false, Edit::Chosen(index, lines));
            }
        }
        for (id, criteria) in users(plan) {
            let Some(node) = plan.node(id) else { continue };
            let place = Place {
                span: node.span,
                line: &node.text,
                program,
                criteria: &criteria,
            };
            for variant in values::variants(plan, &node.kind) {
                let edit = Edit::Node(id, variant.kind);
                self.add(&place, variant.change, variant.is_equivalent, edit);
            }
        }
    }
}

/// The guard of the other sex, if it names one.
pub(crate) fn other_sex(guard: &PlanGuard) -> Option<(String, PlanGuard)> {
    let sex = match guard.sex? {
        Sex::Female => Sex::Male,
        Sex::Male => Sex::Female,
    };
    let words = |sex: Sex| match sex {
        Sex::Female => "women",
        Sex::Male => "men",
    };
    let other = PlanGuard {
        sex: Some(sex),
        ..guard.clone()
    };
    Some((becomes(words(guard.sex?), words(sex)), other))
}

impl Suite {
    /// Every mutation of what the tests' readings put in place and this file has to test, in the order of the source.
    #[must_use]
    pub fn mutations(&self) -> Vec<Mutation> {
        let mut collected = Collected::default();
        for (index, program) in self.programs.iter().enumerate() {
            collected.of_plan(index, program.plan());
        }
        let found = collected.found.into_values();
        found
            .filter(|mutation| {
                let mut criteria = mutation.criteria.iter();
                criteria.any(|criterion| self.is_own(*criterion, mutation.span))
            })
            .collect()
    }

    /// Runs the tests with a mutation in place, until one fails. The tests must pass without it.
    #[must_use]
    pub fn try_out(&self, mutation: &Mutation) -> Mutant {
        let fate = if mutation.is_equivalent {
            Fate::Equivalent
        } else {
            self.noticed_by(mutation)
                .map_or(Fate::Survived, Fate::Killed)
        };
        Mutant {
            span: mutation.span,
            criteria: mutation.criteria.iter().copied().collect(),
            line: Arc::clone(&mutation.line),
            turned: turned(&mutation.line, &mutation.change),
            change: mutation.change.clone(),
            fate,
        }
    }

    /// The first test that notices a mutation. Only the criteria that lean on it are asked again.
    fn noticed_by(&self, mutation: &Mutation) -> Option<usize> {
        let touched: BTreeSet<usize> = mutation.edits.iter().map(|(program, _)| *program).collect();
        let mut changed: BTreeMap<usize, Program> = BTreeMap::new();
        for index in touched {
            let plan = self.programs.get(index)?.plan();
            let mut plan = only(plan, &mutation.criteria);
            for (_, edit) in mutation.edits.iter().filter(|(own, _)| *own == index) {
                edit.apply(&mut plan);
            }
            changed.insert(index, Program::new(plan));
        }
        let mut bound = BTreeMap::new();
        let mut scratch = Scratch::new();
        (0..self.cases.len()).find(|case| {
            let program = self.runs.get(*case).map(|run| run.program);
            program
                .and_then(|program| changed.get(&program))
                .is_some_and(|program| {
                    self.notices(program, &mutation.criteria, &mut bound, *case, &mut scratch)
                })
        })
    }
}

/// A plan with some of its criteria, and nothing in the place of what only others lean on.
fn only(plan: &Plan, criteria: &BTreeSet<CriterionId>) -> Plan {
    let own: Vec<_> = plan
        .criteria
        .iter()
        .filter(|own| criteria.contains(&own.criterion))
        .cloned()
        .collect();
    let mut used = BTreeSet::new();
    for criterion in &own {
        reach(plan, criterion, &mut used);
    }
    let nothing = Arc::from("");
    let nodes = plan
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            if used.contains(&NodeId::from_index(index)) {
                node.clone()
            } else {
                Node {
                    kind: NodeKind::Nothing,
                    label: None,
                    text: Arc::clone(&nothing),
                    span: node.span,
                }
            }
        })
        .collect();
    Plan {
        chosen: plan.chosen.clone(),
        protocol: Arc::clone(&plan.protocol),
        choices: plan.choices.clone(),
        nodes,
        criteria: own,
        caps: Vec::new(),
        asked: Vec::new(),
        gates: plan.gates.clone(),
        values: plan.values.clone(),
        needs: plan.needs.clone(),
    }
}

/// The conditions that criteria lean on, in their order, each with the criteria that do.
fn users(plan: &Plan) -> BTreeMap<NodeId, BTreeSet<CriterionId>> {
    let mut users: BTreeMap<NodeId, BTreeSet<CriterionId>> = BTreeMap::new();
    for criterion in &plan.criteria {
        let mut used = BTreeSet::new();
        reach(plan, criterion, &mut used);
        for id in used {
            users.entry(id).or_default().insert(criterion.criterion);
        }
    }
    users
}

/// Notes the conditions that a criterion leans on.
fn reach(plan: &Plan, criterion: &lind_model::plan::PlanCriterion, found: &mut BTreeSet<NodeId>) {
    let guard = criterion.guard.as_ref().and_then(|guard| guard.node);
    let stages = criterion.stages.iter().map(|stage| stage.node);
    let mut below: Vec<NodeId> = stages.chain(guard).collect();
    while let Some(id) = below.pop() {
        if let (true, Some(node)) = (found.insert(id), plan.node(id)) {
            below.extend(node.kind.parts());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::turned;

    #[test]
    fn a_line_is_turned_where_the_change_stands_in_it_once() {
        let line = "hemoglobin >= 90 g/L within 14 days before screening";
        assert_eq!(
            turned(line, "`>= 90 g/L` becomes `> 90 g/L`").as_deref(),
            Some("hemoglobin > 90 g/L within 14 days before screening")
        );
        assert_eq!(turned(line, "`4 days` becomes `5 days`"), None);
        assert_eq!(turned(line, "`14 days` is left out"), None);
        assert_eq!(
            turned("all of", "`all of` becomes `any of`").as_deref(),
            Some("any of")
        );
    }
}
