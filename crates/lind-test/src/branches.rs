//! The branches of a criterion: its guard, what its choices ask and put in place, and its conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::Span;
use lind_eval::Place;
use lind_model::cases::Answers;
use lind_model::plan::{
    ChoicePlan, FactPlan, NodeKind, Plan, PlanGuard, RecordPlan, RecordQuestionPlan,
};
use lind_model::protocol::{Quantifier, Sex};
use lind_model::{CriterionId, NodeId};

/// What tells one branch of a criterion from another, under whatever reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) criterion: CriterionId,
    pub(crate) span: Span,
    pub(crate) role: String,
    pub(crate) label: Arc<str>,
    pub(crate) text: Arc<str>,
}

/// A branch of a criterion.
pub(crate) struct Branch {
    pub(crate) key: Key,
    pub(crate) depth: usize,
    /// Where the plan decides it: a term that is used under several clauses stands in several places.
    pub(crate) places: Vec<Place>,
    pub(crate) possible: Answers<bool>,
}

/// The branches of a criterion in the order of the source, the criterion itself first.
pub(crate) fn branches(plan: &Plan, criterion: CriterionId) -> Vec<Branch> {
    let own = plan.criteria.iter().find(|own| own.criterion == criterion);
    let stated = plan.protocol.criteria.get(criterion.index());
    let (Some(own), Some(stated)) = (own, stated) else {
        return Vec::new();
    };
    let mut walk = Walk {
        plan,
        criterion,
        can: can(plan),
        found: Vec::new(),
        known: BTreeMap::new(),
    };
    let mut possible = own
        .stages
        .iter()
        .map(|stage| walk.possible(stage.node))
        .reduce(either)
        .unwrap_or(ALL);
    possible.not_applicable |= own.guard.is_some();
    let mut todo: Vec<(Step, usize)> = Vec::new();
    walk.add(
        Place::Criterion,
        0,
        Key {
            criterion,
            span: stated.span,
            role: String::new(),
            label: Arc::clone(&stated.id),
            text: Arc::clone(&stated.title),
        },
        possible,
    );
    if let Some(guard) = &own.guard {
        walk.guard(Place::Guard, guard, stated.span, 1, &mut todo);
    }
    let stages = own.stages.iter();
    todo.extend(stages.map(|stage| (Step::plain(stage.node), 1)));
    walk.all(todo);
    walk.found
}

/// A condition to look at, and which branch it is.
struct Step {
    node: NodeId,
    role: String,
}

impl Step {
    fn plain(node: NodeId) -> Self {
        Self::of("", node)
    }

    fn of(role: impl Into<String>, node: NodeId) -> Self {
        let role = role.into();
        Self { node, role }
    }
}

struct Walk<'p> {
    plan: &'p Plan,
    criterion: CriterionId,
    /// Which answers each node can have.
    can: Vec<Answers<bool>>,
    found: Vec<Branch>,
    known: BTreeMap<Key, usize>,
}

impl Walk<'_> {
    fn possible(&self, node: NodeId) -> Answers<bool> {
        self.can.get(node.index()).copied().unwrap_or(ALL)
    }

    fn add(&mut self, place: Place, depth: usize, key: Key, possible: Answers<bool>) {
        if let Some(branch) = self
            .known
            .get(&key)
            .and_then(|known| self.found.get_mut(*known))
        {
            branch.places.push(place);
            return;
        }
        self.known.insert(key.clone(), self.found.len());
        self.found.push(Branch {
            key,
            depth,
            places: vec![place],
            possible,
        });
    }

    /// To whom something applies, and what is asked for that besides the sex.
    fn guard(
        &mut self,
        place: Place,
        guard: &PlanGuard,
        span: Span,
        depth: usize,
        below: &mut Vec<(Step, usize)>,
    ) {
        let key = Key {
            criterion: self.criterion,
            span,
            role: "only".to_owned(),
            label: Arc::from(""),
            text: Arc::clone(&guard.text),
        };
        self.add(place, depth, key, DECIDED_OR_OPEN);
        let Some(condition) = guard.node else { return };
        // A guard that is one condition alone has been told with that.
        let is_told = guard.sex.is_none() && is_single(&self.plan.nodes, condition);
        if !is_told {
            below.push((Step::plain(condition), depth + 1));
        }
    }

    /// Without recursion: chains of terms can be deep. What is shared is looked at once.
    fn all(&mut self, steps: Vec<(Step, usize)>) {
        let mut seen = BTreeSet::new();
        let mut todo = steps;
        todo.reverse();
        while let Some((step, depth)) = todo.pop() {
            let Some(node) = self.plan.node(step.node) else {
                continue;
            };
            if !seen.insert((step.node, step.role.clone())) {
                continue;
            }
            let is_shown = match &node.kind {
                NodeKind::Settled(_) => false,
                kind => node.label.is_some() || !step.role.is_empty() || asks(kind),
            };
            let inside = if is_shown {
                let key = Key {
                    criterion: self.criterion,
                    span: node.span,
                    role: step.role.clone(),
                    label: node
                        .label
                        .as_ref()
                        .map_or_else(|| Arc::from(""), |label| Arc::clone(&label.name)),
                    text: Arc::clone(&node.text),
                };
                let possible = self.possible(step.node);
                self.add(Place::Node(step.node), depth, key, possible);
                depth + 1
            } else {
                depth
            };
            let mut below = Vec::new();
            match &node.kind {
                NodeKind::Guarded(guard, body) => {
                    let place = Place::GuardOf(step.node);
                    let mut own = Vec::new();
                    self.guard(place, guard, node.span, inside, &mut own);
                    below.extend(own);
                    below.push((Step::plain(*body), inside + 1));
                }
                NodeKind::Choice(choice) => {
                    let branches = self.cases(choice);
                    below.extend(branches.into_iter().map(|step| (step, inside)));
                }
                NodeKind::Points(points) => {
                    let names = points.lines.iter().map(|(name, ..)| format!("{name}:"));
                    let roles = names.chain(["recorded".to_owned()]);
                    let lines = points.parts.iter().zip(roles);
                    below.extend(lines.map(|(part, role)| (Step::of(role, *part), inside)));
                }
                NodeKind::PointsChange(change) => {
                    let names = |time: &'static str| {
                        let lines = change.lines.iter();
                        lines.map(move |(name, ..)| format!("{name} ({time}):"))
                    };
                    let roles = names("from").chain(names("to"));
                    let lines = change.parts.iter().zip(roles);
                    below.extend(lines.map(|(part, role)| (Step::of(role, *part), inside)));
                }
                NodeKind::Fact(fact) => below.extend(body(fact).map(|step| (step, inside))),
                NodeKind::List(_, parts) => {
                    below.extend(parts.iter().map(|part| (Step::plain(*part), inside)));
                }
                NodeKind::IfUnknown { node, .. } => below.push((Step::plain(*node), inside)),
                NodeKind::Judged(_)
                | NodeKind::Committed(_)
                | NodeKind::Happened(..)
                | NodeKind::Age { .. }
                | NodeKind::Record(_)
                | NodeKind::Value(_)
                | NodeKind::Change(_)
                | NodeKind::Spell(_)
                | NodeKind::Settled(_)
                | NodeKind::Nothing => {}
            }
            todo.extend(below.into_iter().rev());
        }
    }

    /// The conditions of a choice and what they put in place.
    fn cases(&self, choice: &ChoicePlan) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut has_limits = false;
        for (when, then) in &choice.cases {
            let consequence = self.plan.node(*then);
            let role = match consequence.map(|then| (&then.kind, &then.label)) {
                Some((NodeKind::Settled(_), Some(label))) => format!("override {}", label.name),
                Some((NodeKind::Settled(_), None)) => "unless".to_owned(),
                _ if choice.otherwise.is_none() => "if".to_owned(),
                _ => {
                    has_limits = true;
                    "where".to_owned()
                }
            };
            steps.push(Step::of(role, *when));
            steps.push(Step::of("then", *then));
        }
        let role = if has_limits { "otherwise" } else { "" };
        steps.extend(choice.otherwise.map(|node| Step::of(role, node)));
        steps
    }
}

/// What must be true of each record besides.
fn body(fact: &FactPlan) -> impl Iterator<Item = Step> {
    fact.such_that
        .iter()
        .map(|such_that| Step::of(format!("{}:", such_that.name), such_that.node))
}

/// Whether a node stands for a condition that asks something, through names and lists of one.
fn is_single(nodes: &[lind_model::plan::Node], id: NodeId) -> bool {
    let mut at = id;
    // A part stands before what it is a part of.
    while let Some(node) = nodes.get(at.index()) {
        match &node.kind {
            NodeKind::List(Quantifier::All | Quantifier::Any, parts) => match parts.as_slice() {
                [only] if *only < at => at = *only,
                _ => return false,
            },
            kind => return asks(kind) && body_of(kind).is_none(),
        }
    }
    false
}

fn body_of(kind: &NodeKind) -> Option<NodeId> {
    match kind {
        NodeKind::Fact(fact) => fact.such_that.as_ref().map(|such_that| such_that.node),
        NodeKind::Points(points) => points.parts.first().copied(),
        NodeKind::PointsChange(change) => change.parts.first().copied(),
        _ => None,
    }
}

/// Whether a condition asks something itself.
fn asks(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::List(..)
        | NodeKind::Guarded(..)
        | NodeKind::Choice(_)
        | NodeKind::IfUnknown { .. }
        | NodeKind::Settled(_)
        | NodeKind::Nothing => false,
        // Attested under the number of its criterion, which is shown already.
        NodeKind::Committed(_) => false,
        NodeKind::Judged(_)
        | NodeKind::Happened(..)
        | NodeKind::Age { .. }
        | NodeKind::Fact(_)
        | NodeKind::Record(_)
        | NodeKind::Value(_)
        | NodeKind::Points(_)
        | NodeKind::PointsChange(_)
        | NodeKind::Spell(_)
        | NodeKind::Change(_) => true,
    }
}

const ALL: Answers<bool> = Answers {
    met: true,
    not_met: true,
    open: true,
    not_applicable: true,
};

const DECIDED_OR_OPEN: Answers<bool> = Answers {
    not_applicable: false,
    ..ALL
};

const NOTHING: Answers<bool> = Answers {
    met: false,
    not_met: false,
    open: false,
    not_applicable: false,
};

fn either(one: Answers<bool>, other: Answers<bool>) -> Answers<bool> {
    Answers {
        met: one.met || other.met,
        not_met: one.not_met || other.not_met,
        open: one.open || other.open,
        not_applicable: one.not_applicable || other.not_applicable,
    }
}

/// Which answers each node of a plan can have. What is told is never less than what can be: `all of` two
/// conditions that exclude each other can be met as far as this goes.
fn can(plan: &Plan) -> Vec<Answers<bool>> {
    let mut can: Vec<Answers<bool>> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let of = |id: &NodeId| can.get(id.index()).copied().unwrap_or(ALL);
        let own = match &node.kind {
            NodeKind::List(quantifier, parts) => {
                let list = of_list(*quantifier, parts.iter().map(of));
                Answers {
                    not_applicable: list.not_applicable && !for_each_sex(plan, parts),
                    ..list
                }
            }
            NodeKind::Guarded(guard, body) => Answers {
                open: true,
                not_applicable: guard.sex.is_some() || guard.node.is_some(),
                ..of(body)
            },
            NodeKind::Choice(choice) => of_choice(choice, of),
            NodeKind::IfUnknown { node, met, .. } => {
                let inner = of(node);
                Answers {
                    met: inner.met || *met,
                    not_met: inner.not_met || !met,
                    // A judgement that is awaited is not missing.
                    open: inner.open && waits(plan, *node),
                    ..inner
                }
            }
            // A moment that has not come may still come.
            NodeKind::Happened(_, window) => Answers {
                not_met: window.is_some(),
                ..DECIDED_OR_OPEN
            },
            NodeKind::Fact(fact) => Answers {
                not_applicable: is_every(fact),
                ..DECIDED_OR_OPEN
            },
            NodeKind::Record(record) => Answers {
                open: can_be_open(record),
                ..DECIDED_OR_OPEN
            },
            NodeKind::Settled(met) => Answers {
                met: *met,
                not_met: !met,
                ..NOTHING
            },
            NodeKind::Nothing => Answers {
                not_applicable: true,
                ..NOTHING
            },
            NodeKind::Judged(_)
            | NodeKind::Committed(_)
            | NodeKind::Age { .. }
            | NodeKind::Value(_)
            | NodeKind::Points(_)
            | NodeKind::PointsChange(_)
            | NodeKind::Spell(_)
            | NodeKind::Change(_) => DECIDED_OR_OPEN,
        };
        can.push(own);
    }
    can
}

/// Whether there is a part for women and one for men, so that one of them applies to everybody or is open.
fn for_each_sex(plan: &Plan, parts: &[NodeId]) -> bool {
    let is_for = |sex: Sex| {
        parts.iter().any(|part| {
            let kind = plan.node(*part).map(|node| &node.kind);
            matches!(kind, Some(NodeKind::Guarded(guard, _))
                if guard.sex == Some(sex) && guard.node.is_none())
        })
    };
    is_for(Sex::Female) && is_for(Sex::Male)
}

fn of_list(
    quantifier: Quantifier,
    parts: impl Iterator<Item = Answers<bool>> + Clone,
) -> Answers<bool> {
    // What never applies has no say.
    let parts = || {
        parts
            .clone()
            .filter(|part| part.met || part.not_met || part.open)
    };
    let not_applicable = parts().all(|part| part.not_applicable);
    let open = parts().any(|part| part.open);
    let (met, not_met) = (
        parts().all(|part| part.met),
        parts().any(|part| part.not_met),
    );
    let (any_met, all_not) = (
        parts().any(|part| part.met),
        parts().all(|part| part.not_met),
    );
    let (met, not_met) = match quantifier {
        Quantifier::All => (met, not_met),
        Quantifier::Any => (any_met, all_not),
        Quantifier::None => (all_not, any_met),
        Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_) => (true, true),
    };
    Answers {
        met: met && parts().next().is_some(),
        not_met,
        open,
        not_applicable,
    }
}

fn of_choice(choice: &ChoicePlan, of: impl Fn(&NodeId) -> Answers<bool>) -> Answers<bool> {
    let nothing = Answers {
        not_applicable: true,
        ..NOTHING
    };
    let otherwise = choice.otherwise.as_ref().map_or(nothing, &of);
    let cases = choice.cases.iter();
    cases.fold(otherwise, |sum, (when, then)| {
        let open = of(when).open;
        let sum = either(sum, of(then));
        Answers {
            open: sum.open || open,
            ..sum
        }
    })
}

/// Whether a condition can wait for an answer or a moment.
fn waits(plan: &Plan, node: NodeId) -> bool {
    let mut below = vec![node];
    let mut seen = BTreeSet::new();
    while let Some(id) = below.pop() {
        let Some(node) = plan.node(id).filter(|_| seen.insert(id)) else {
            continue;
        };
        if let NodeKind::Judged(_) | NodeKind::Committed(_) | NodeKind::Happened(..) = node.kind {
            return true;
        }
        below.extend(node.kind.parts());
    }
    false
}

/// Whether it is asked of every record, of which there may be none.
fn is_every(fact: &FactPlan) -> bool {
    fact.frequency
        .is_some_and(|frequency| frequency.quantifier == Quantifier::All)
}

/// Whether what is asked of a record can be missing: its code never is.
fn can_be_open(record: &RecordPlan) -> bool {
    match &record.question {
        RecordQuestionPlan::Member(_) | RecordQuestionPlan::Same(_) => false,
        RecordQuestionPlan::Filter(_) | RecordQuestionPlan::Shares(..) => true,
    }
}
