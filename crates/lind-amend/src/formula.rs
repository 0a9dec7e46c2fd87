//! From plans to clauses: each condition becomes a value that is one of six truths.
//!
//! No connective is written down here: its clauses are made by calling the truth tables of the model for every
//! combination of the values that its parts can have.

use std::collections::BTreeMap;

use lind_model::logic::{Branches, Count, Passing, behind};
use lind_model::plan::{NodeKind, Plan, PlanCriterion, PlanGuard};
use lind_model::protocol::{CriterionKind, Quantifier};
use lind_model::{Effect, MilestoneId, NodeId, OpenKind, Outcome, Standing, Truth};

use crate::questions::{Questions, Which, is_due, joins};
use crate::solver::{Clauses, Literal, Logic};

/// Every truth there is.
pub(crate) const TRUTHS: [Truth; 6] = [
    Truth::True,
    Truth::False,
    Truth::Open(OpenKind::Pending),
    Truth::Open(OpenKind::NeedsJudgement),
    Truth::Open(OpenKind::Unknown),
    Truth::NotApplicable,
];

/// A value that is not known yet: which of these holds. Exactly one does.
#[derive(Debug, Clone)]
pub(crate) struct Choice<T> {
    options: Vec<(T, Literal)>,
}

impl<T: Clone + PartialEq> Choice<T> {
    pub(crate) fn only(value: T, clauses: &Clauses) -> Self {
        Self {
            options: vec![(value, clauses.always())],
        }
    }

    /// One of these, of which exactly one holds already.
    pub(crate) fn of(options: Vec<(T, Literal)>) -> Self {
        Self { options }
    }

    /// One of these values, freely.
    pub(crate) fn free(values: impl IntoIterator<Item = T>, clauses: &mut Clauses) -> Self {
        let options: Vec<(T, Literal)> = values
            .into_iter()
            .map(|value| (value, clauses.literal()))
            .collect();
        let literals: Vec<Literal> = options.iter().map(|(_, literal)| *literal).collect();
        clauses.any(literals.iter().copied());
        clauses.at_most_one(&literals);
        Self { options }
    }

    /// The literal that says that it has this value.
    pub(crate) fn is(&self, value: &T, clauses: &Clauses) -> Literal {
        let option = self.options.iter().find(|(own, _)| own == value);
        option.map_or(!clauses.always(), |(_, literal)| *literal)
    }

    pub(crate) fn options(&self) -> &[(T, Literal)] {
        &self.options
    }

    /// What a function makes of it.
    pub(crate) fn map<U: Clone + PartialEq>(
        &self,
        clauses: &mut Clauses,
        function: impl Fn(&T) -> U,
    ) -> Choice<U> {
        let mut groups: Vec<(U, Vec<Literal>)> = Vec::new();
        for (value, literal) in &self.options {
            let result = function(value);
            match groups.iter_mut().find(|(own, _)| *own == result) {
                Some((_, literals)) => literals.push(*literal),
                None => groups.push((result, vec![*literal])),
            }
        }
        let options = groups
            .into_iter()
            .map(|(value, literals)| (value, clauses.either(&literals)))
            .collect();
        Choice { options }
    }

    /// What a function makes of it and of another.
    pub(crate) fn with<U: Clone + PartialEq, V: Clone + PartialEq>(
        &self,
        other: &Choice<U>,
        clauses: &mut Clauses,
        function: impl Fn(&T, &U) -> V,
    ) -> Choice<V> {
        if let [(value, _)] = self.options.as_slice() {
            return other.map(clauses, |own| function(value, own));
        }
        if let [(value, _)] = other.options.as_slice() {
            return self.map(clauses, |own| function(own, value));
        }
        let mut results: Vec<V> = Vec::new();
        for (one, _) in &self.options {
            for (two, _) in &other.options {
                let result = function(one, two);
                if !results.contains(&result) {
                    results.push(result);
                }
            }
        }
        if let [only] = results.as_slice() {
            return Choice::only(only.clone(), clauses);
        }
        let result = Choice::free(results, clauses);
        for (one, first) in &self.options {
            for (two, second) in &other.options {
                let value = result.is(&function(one, two), clauses);
                clauses.any([!*first, !*second, value]);
            }
        }
        result
    }
}

/// What is known of the values of conditions so far.
pub(crate) struct Formula<'q> {
    questions: &'q Questions,
    /// By question.
    answers: &'q [Choice<Truth>],
    known: BTreeMap<(Which, NodeId, MilestoneId, Passing), Choice<Truth>>,
}

/// What a choice has come to so far.
#[derive(Debug, Clone, PartialEq)]
enum Choosing {
    Going(Branches),
    Asked(Branches, Truth),
    Done(Truth),
}

impl<'q> Formula<'q> {
    pub(crate) fn new(questions: &'q Questions, answers: &'q [Choice<Truth>]) -> Self {
        Self {
            questions,
            answers,
            known: BTreeMap::new(),
        }
    }

    /// What a criterion does to the patient who is asked at a gate; none if nothing of it is due.
    pub(crate) fn effect(
        &mut self,
        which: Which,
        plan: &Plan,
        criterion: &PlanCriterion,
        asked: MilestoneId,
        clauses: &mut Clauses,
    ) -> Option<Choice<Effect>> {
        let stated = plan.protocol.criteria.get(criterion.criterion.index())?;
        let exclusion = stated.kind == CriterionKind::Exclusion;
        let passing = if exclusion {
            Passing::False
        } else {
            Passing::True
        };
        let mut sum: Option<Choice<Truth>> = None;
        for stage in &criterion.stages {
            if !is_due(plan, stage.gate, asked) {
                continue;
            }
            let body = self.node(which, plan, stage.node, stage.gate, passing, clauses);
            let value = match &criterion.guard {
                Some(guard) => {
                    let guard = self.guard(which, plan, guard, stage.gate, clauses);
                    body.with(&guard, clauses, |body, guard| {
                        behind(*body, *guard, passing)
                    })
                }
                None => body,
            };
            sum = Some(match sum {
                None => value,
                Some(sum) => sum.with(&value, clauses, |one, two| {
                    if exclusion {
                        one.or(*two)
                    } else {
                        one.and(*two)
                    }
                }),
            });
        }
        let kind = stated.kind;
        Some(sum?.map(clauses, |truth| Outcome::of(*truth).effect(kind)))
    }

    /// The parts of a criterion that must all pass for it to pass, each with the literal that says that it does; none
    /// where it is not such a list.
    pub(crate) fn parts(
        &mut self,
        which: Which,
        plan: &Plan,
        criterion: &PlanCriterion,
        asked: MilestoneId,
        clauses: &mut Clauses,
    ) -> Vec<(NodeId, Literal)> {
        let stated = plan.protocol.criteria.get(criterion.criterion.index());
        let exclusion = stated.is_some_and(|own| own.kind == CriterionKind::Exclusion);
        let (wanted, passes) = if exclusion {
            (Quantifier::Any, Truth::False)
        } else {
            (Quantifier::All, Truth::True)
        };
        let passing = if exclusion {
            Passing::False
        } else {
            Passing::True
        };
        let mut found = Vec::new();
        for stage in &criterion.stages {
            let Some(NodeKind::List(quantifier, parts)) =
                plan.node(stage.node).map(|node| &node.kind)
            else {
                continue;
            };
            if *quantifier != wanted || !is_due(plan, stage.gate, asked) {
                continue;
            }
            let inside = passing.within(*quantifier, parts.len());
            for part in parts {
                let value = self.node(which, plan, *part, stage.gate, inside, clauses);
                let own = [
                    value.is(&passes, clauses),
                    value.is(&Truth::NotApplicable, clauses),
                ];
                found.push((*part, clauses.either(&own)));
            }
        }
        found
    }

    fn guard(
        &mut self,
        which: Which,
        plan: &Plan,
        guard: &PlanGuard,
        gate: MilestoneId,
        clauses: &mut Clauses,
    ) -> Choice<Truth> {
        let mut value = Choice::only(Truth::NotApplicable, clauses);
        if let Some(answer) = guard
            .sex
            .and_then(|sex| self.questions.of_sex(which, sex))
            .and_then(|id| self.answers.get(id.0))
        {
            // The question is a condition behind the guard, which does not apply to the other sex.
            value = answer.map(clauses, |truth| match truth {
                Truth::NotApplicable => Truth::False,
                other => *other,
            });
        }
        if let Some(node) = guard.node {
            let node = self.node(which, plan, node, gate, Passing::Neither, clauses);
            value = value.with(&node, clauses, |sex, node| sex.and(*node));
        }
        value
    }

    fn node(
        &mut self,
        which: Which,
        plan: &Plan,
        node: NodeId,
        gate: MilestoneId,
        passing: Passing,
        clauses: &mut Clauses,
    ) -> Choice<Truth> {
        let key = (which, node, gate, passing);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let unknown = Truth::Open(OpenKind::Unknown);
        let Some(kind) = plan.node(node).map(|node| &node.kind) else {
            return Choice::only(unknown, clauses);
        };
        let value = if joins(kind) {
            self.joined(which, plan, kind, gate, passing, clauses)
        } else {
            let question = self.questions.at(which, node, gate);
            let answer = question.and_then(|id| self.answers.get(id.0));
            answer.map_or_else(|| Choice::only(unknown, clauses), Clone::clone)
        };
        self.known.insert(key, value.clone());
        value
    }

    fn joined(
        &mut self,
        which: Which,
        plan: &Plan,
        kind: &NodeKind,
        gate: MilestoneId,
        passing: Passing,
        clauses: &mut Clauses,
    ) -> Choice<Truth> {
        match kind {
            NodeKind::List(quantifier, parts) => {
                let inside = passing.within(*quantifier, parts.len());
                let parts: Vec<Choice<Truth>> = parts
                    .iter()
                    .map(|part| self.node(which, plan, *part, gate, inside, clauses))
                    .collect();
                list(*quantifier, &parts, clauses)
            }
            NodeKind::Guarded(guard, body) => {
                let guard = self.guard(which, plan, guard, gate, clauses);
                let body = self.node(which, plan, *body, gate, Passing::Neither, clauses);
                body.with(&guard, clauses, |body, guard| {
                    behind(*body, *guard, passing)
                })
            }
            NodeKind::Choice(choice) => {
                let mut state = Choice::only(Choosing::Going(Branches::default()), clauses);
                for (when, then) in &choice.cases {
                    let when = self.node(which, plan, *when, gate, Passing::False, clauses);
                    let then = self.node(which, plan, *then, gate, passing, clauses);
                    state = state.with(&when, clauses, |state, when| match state {
                        Choosing::Going(branches) => Choosing::Asked(*branches, *when),
                        other => other.clone(),
                    });
                    state = state.with(&then, clauses, |state, then| {
                        choosing(state, *then, passing)
                    });
                }
                let otherwise = match choice.otherwise {
                    Some(node) => self.node(which, plan, node, gate, passing, clauses),
                    None => Choice::only(Truth::NotApplicable, clauses),
                };
                state.with(&otherwise, clauses, |state, otherwise| match state {
                    Choosing::Done(truth) => *truth,
                    Choosing::Going(branches) | Choosing::Asked(branches, _) => {
                        let mut branches = *branches;
                        branches.may_apply(*otherwise);
                        branches.value(passing.truth())
                    }
                })
            }
            NodeKind::IfUnknown { node, met, .. } => {
                let value = self.node(which, plan, *node, gate, passing, clauses);
                value.map(clauses, |truth| match truth {
                    Truth::Open(OpenKind::Unknown) => Truth::of(*met),
                    decided => *decided,
                })
            }
            NodeKind::Settled(met) => Choice::only(Truth::of(*met), clauses),
            _ => Choice::only(Truth::NotApplicable, clauses),
        }
    }
}

/// What a choice comes to after the consequence of a case.
fn choosing(state: &Choosing, then: Truth, passing: Passing) -> Choosing {
    let Choosing::Asked(branches, when) = state else {
        return state.clone();
    };
    let mut branches = *branches;
    match when {
        Truth::True => {
            branches.may_apply(then);
            Choosing::Done(branches.value(passing.truth()))
        }
        Truth::Open(kind) => {
            branches.may_apply(then);
            branches.doubt(*kind);
            Choosing::Going(branches)
        }
        Truth::False | Truth::NotApplicable => Choosing::Going(branches),
    }
}

fn list(quantifier: Quantifier, parts: &[Choice<Truth>], clauses: &mut Clauses) -> Choice<Truth> {
    let joined = |join: fn(Truth, Truth) -> Truth, clauses: &mut Clauses| {
        let nothing = Choice::only(Truth::NotApplicable, clauses);
        parts.iter().fold(nothing, |sum, part| {
            sum.with(part, clauses, |sum, part| join(*sum, *part))
        })
    };
    let counted = |count: fn(Count, u32) -> Truth, n: u32, clauses: &mut Clauses| {
        let nothing = Choice::only(Count::default(), clauses);
        let counted = parts.iter().fold(nothing, |sum, part| {
            sum.with(part, clauses, |sum, part| {
                let mut sum = *sum;
                sum.add(*part);
                sum
            })
        });
        counted.map(clauses, |sum| count(*sum, n))
    };
    match quantifier {
        Quantifier::All => joined(Truth::and, clauses),
        Quantifier::Any => joined(Truth::or, clauses),
        Quantifier::None => joined(Truth::or, clauses).map(clauses, |truth| truth.not()),
        Quantifier::AtLeast(n) => counted(Count::at_least, n, clauses),
        Quantifier::AtMost(n) => counted(Count::at_most, n, clauses),
        Quantifier::Exactly(n) => counted(Count::exactly, n, clauses),
    }
}

/// Where the patient stands, from what each criterion does.
pub(crate) fn standing(effects: &[Choice<Effect>], clauses: &mut Clauses) -> Choice<Standing> {
    let fails: Vec<Literal> = effects
        .iter()
        .map(|effect| effect.is(&Effect::Fail, clauses))
        .collect();
    let opens: Vec<Literal> = effects
        .iter()
        .map(|effect| effect.is(&Effect::Open, clauses))
        .collect();
    let fails = clauses.either(&fails);
    let opens = clauses.either(&opens);
    let undetermined = clauses.both(&[!fails, opens]);
    let eligible = clauses.both(&[!fails, !opens]);
    Choice::of(vec![
        (Standing::Eligible, eligible),
        (Standing::Ineligible, fails),
        (Standing::Undetermined, undetermined),
    ])
}
