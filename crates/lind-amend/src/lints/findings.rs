//! The lints, and how each is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Severity, Span};
use lind_model::plan::NodeKind;
use lind_model::protocol::CriterionKind;
use lind_model::{Effect, MilestoneId, NodeId};

use super::mirrors::Mirror;
use super::{Looking, words};
use crate::CannotCompare;
use crate::questions::{Sort, is_due, joins};
use crate::rules;
use crate::search::{Found, effect_in};
use crate::solver::Literal;

/// What `lind check` says of a criterion that adds nothing.
pub(super) const SAYS_REDUNDANT: [&str; 1] = ["W0614"];

/// What it says of a criterion that keeps nobody out.
const SAYS_NOTHING_KEPT_OUT: [&str; 1] = ["W0640"];

/// What it says of a term without effect, or of limits that disagree.
pub(super) const SAYS_OF_TERMS: [&str; 8] = [
    "W0611", "W0612", "W0613", "W0614", "W0624", "W0625", "W0640", "W0641",
];

impl Looking<'_> {
    /// Whether nobody can be eligible; tells by which criteria.
    pub(super) fn unsatisfiable(&mut self) -> Result<bool, CannotCompare> {
        let all = self.passes(|_| true);
        let mut never = Vec::new();
        for (place, pass) in &all {
            if self.search.is_impossible(&[*pass]) {
                never.push(*place);
            }
        }
        for place in &never {
            self.tell_never_passed(*place);
        }
        if !never.is_empty() {
            return Ok(true);
        }
        if let Some(core) = self.search.core(&[], &all) {
            self.tell_nobody_eligible(&core);
            return Ok(true);
        }
        let wanted: Vec<Literal> = all.iter().map(|(_, pass)| *pass).collect();
        let found = self.search.find(&wanted, &|verdict| {
            all.iter()
                .all(|(place, _)| effect_in(verdict, *place) == Effect::Pass)
        })?;
        if !matches!(found, Found::Shown(_)) {
            self.is_somebody_eligible = false;
        }
        Ok(false)
    }

    fn tell_never_passed(&mut self, place: usize) {
        let Some((id, kind)) = self.name(place) else {
            return;
        };
        let stays_open = self
            .effects(place)
            .is_some_and(|own| self.search.is_impossible(&[own.fail]));
        let label = match (stays_open, kind) {
            (true, _) => "stays open for everybody",
            (false, CriterionKind::Exclusion) => "keeps everybody out, or stays open",
            (false, _) => "nobody is so",
        };
        let parts = self.parts.get(place).cloned().unwrap_or_default();
        let literals: Vec<(usize, Literal)> = parts
            .iter()
            .map(|(_, literal)| *literal)
            .enumerate()
            .collect();
        let core = self.search.core(&[], &literals).unwrap_or_default();
        let mut diagnostic = Diagnostic::new(
            &rules::E0901_NEVER_PASSED,
            self.span(place),
            format!("nobody can pass `{id}`"),
        )
        .label(label);
        if core.len() > 1 {
            for part in core {
                let own = parts.get(part).and_then(|(node, _)| self.span_of(*node));
                if let Some(span) = own {
                    diagnostic = diagnostic.also(span, "not beside the others");
                }
            }
        }
        let note = "this is proved for every patient whose dates are known to the day and whose results are single numbers that can be";
        self.sink.push(diagnostic.note(note));
    }

    fn tell_nobody_eligible(&mut self, core: &[usize]) {
        let Some((last, others)) = core.split_last() else {
            return;
        };
        let ids: Vec<String> = core
            .iter()
            .filter_map(|place| Some(format!("`{}`", self.name(*place)?.0)))
            .collect();
        let mut diagnostic = Diagnostic::new(
            &rules::E0900_NOBODY_ELIGIBLE,
            self.span(*last),
            format!("nobody can pass {} together", listed(&ids)),
        )
        .label("and this");
        for place in others {
            diagnostic = diagnostic.also(self.span(*place), "this");
        }
        self.sink.push(
            diagnostic
                .note("this is proved for every patient whose dates are known to the day and whose results are single numbers that can be; each of these criteria is needed for the contradiction")
                .note("redundant criteria and terms are not looked for while nobody can be eligible"),
        );
    }

    /// Which criteria keep nobody out.
    pub(super) fn vacuous(&mut self) -> Vec<bool> {
        (0..self.count)
            .map(|place| {
                let Some(effects) = self.effects(place) else {
                    return false;
                };
                if self.search.asked_by(place).is_empty()
                    || !self.search.is_impossible(&[effects.fail])
                {
                    return false;
                }
                if self.leans_on_the_course(place) {
                    return true;
                }
                let always = self.search.is_impossible(&[effects.open]);
                if !self.is_said(place, &SAYS_NOTHING_KEPT_OUT)
                    && let Some((id, kind)) = self.name(place)
                {
                    let label = match (always, kind) {
                        (false, _) => {
                            "whatever the data say, it passes; without data, it stays open"
                        }
                        (true, CriterionKind::Exclusion) => "nobody is so",
                        (true, _) => "everybody is so",
                    };
                    self.sink.push(
                        Diagnostic::new(
                            &rules::W0900_NOBODY_KEPT_OUT,
                            self.span(place),
                            format!("nobody can be kept out by `{id}`"),
                        )
                        .label(label)
                        .note("this is proved; if data are to be asked for and nothing more, that is a question of its own"),
                    );
                }
                true
            })
            .collect()
    }

    /// Which criteria the others imply: without them the same patients are eligible. Of criteria that imply each
    /// other, the later is told.
    pub(super) fn redundant(&mut self, vacuous: &[bool]) -> Result<Vec<bool>, CannotCompare> {
        let mut left_out = vec![false; self.count];
        let said: Vec<bool> = (0..self.count)
            .map(|place| self.is_said(place, &SAYS_REDUNDANT))
            .collect();
        let is = |list: &[bool], place: usize| list.get(place).copied().unwrap_or(false);
        let mut order: Vec<usize> = (0..self.count).rev().collect();
        // What was said already goes first, so that it is not said of its counterpart.
        order.sort_by_key(|place| !is(&said, *place));
        for place in order.iter().copied() {
            let Some(effects) = self.effects(place).filter(|_| !is(vacuous, place)) else {
                continue;
            };
            let others = self.passes(|other| other != place && !is(&left_out, other));
            let wanted: Vec<Literal> = others
                .iter()
                .map(|(_, pass)| *pass)
                .chain([!effects.pass])
                .collect();
            if self.search.is_impossible(&wanted) {
                if let Some(slot) = left_out.get_mut(place) {
                    *slot = true;
                }
            } else {
                self.weigh(place, &wanted);
            }
        }
        for place in order {
            if !is(&left_out, place) || is(&said, place) || self.leans_on_the_course(place) {
                continue;
            }
            let Some(effects) = self.effects(place) else {
                continue;
            };
            let others = self.passes(|other| !is(&left_out, other));
            let core = self.search.core(&[!effects.pass], &others);
            self.tell_redundant(place, &core.unwrap_or_default())?;
        }
        Ok(left_out)
    }

    fn tell_redundant(&mut self, place: usize, core: &[usize]) -> Result<(), CannotCompare> {
        let Some((id, kind)) = self.name(place) else {
            return Ok(());
        };
        let ids: Vec<String> = core
            .iter()
            .filter_map(|other| Some(format!("`{}`", self.name(*other)?.0)))
            .collect();
        let mut diagnostic = Diagnostic::new(
            &rules::W0901_IMPLIED_CRITERION,
            self.span(place),
            format!("whoever passes {} passes `{id}`", listed(&ids)),
        )
        .label("adds nothing");
        if let ([other], [leaf]) = (core, self.leaves(place).as_slice())
            && let Some((other_id, other_kind)) = self.name(*other)
            && other_kind != kind
            && let Some(span) = self.span_of(leaf.0)
        {
            match self.mirror((place, *leaf), *other)? {
                Mirror::Drifted(decides, patient) => {
                    let drifted = Diagnostic::new(
                        &rules::W0902_DRIFTED_MIRROR,
                        span,
                        format!("`{id}` and `{other_id}` state one limit with two numbers"),
                    )
                    .label("decides nothing beside the other")
                    .also(decides, "this one decides");
                    self.tell_drift(drifted, (place, &id), (*other, &other_id), &patient);
                    return Ok(());
                }
                Mirror::Same => diagnostic.severity = Severity::Note,
                Mirror::None => {}
            }
        }
        for other in core {
            diagnostic = diagnostic.also(self.span(*other), "asks as much, or more");
        }
        self.sink.push(diagnostic.note(
            "this is proved: without it the same patients are eligible; the next amendment may change one and not the other",
        ));
        Ok(())
    }

    pub(super) fn tell_drift(
        &mut self,
        diagnostic: Diagnostic,
        (place, id): (usize, &str),
        (other, other_id): (usize, &str),
        patient: &crate::patient::Patient,
    ) {
        let mut read = self.search.asked_by(place);
        read.extend(self.search.asked_by(other));
        let own = self.search.read_by(patient, &read);
        let who = words::patient(&self.search.side.plan, &own);
        self.sink.push(
            diagnostic
                .note(format!(
                    "{who}: passes `{id}` and is kept out by `{other_id}`"
                ))
                .note("one of the two numbers is probably left from an earlier version"),
        );
    }

    /// The number of a criterion, and its list.
    pub(super) fn name(&self, place: usize) -> Option<(Arc<str>, CriterionKind)> {
        let stated = self.stated(place)?;
        Some((Arc::clone(&stated.id), stated.kind))
    }

    pub(super) fn span_of(&self, node: NodeId) -> Option<Span> {
        self.search.side.plan.node(node).map(|node| node.span)
    }

    /// Where a criterion says what it asks, if it is one condition in its own lines; or else its head.
    pub(super) fn span(&self, place: usize) -> Span {
        let stated = self.stated(place);
        let head = stated.map(|stated| stated.span);
        let parts = stated.map_or(&[][..], |stated| &stated.parts);
        let own = match parts {
            [part] if head.is_some_and(|head| head.file == part.span.file) => Some(part.span),
            _ => None,
        };
        own.filter(|_| self.leaves(place).len() == 1)
            .or(head)
            .unwrap_or_else(|| Span::at(lind_diagnostics::FileId::from_index(0), 0))
    }

    /// Whether something was said of a criterion already.
    fn is_said(&self, place: usize, codes: &[&str]) -> bool {
        let Some(stated) = self.stated(place) else {
            return false;
        };
        let mut spans = vec![stated.span];
        spans.extend(stated.parts.iter().map(|part| part.span));
        let own = |diagnostic: &&Diagnostic| codes.contains(&diagnostic.rule.code);
        self.said.iter().filter(own).any(|diagnostic| {
            spans
                .iter()
                .any(|span| touch(*span, diagnostic.primary.span))
        })
    }

    /// Whether something was said of a place already, on either of its sides.
    pub(super) fn is_said_of(&self, spans: &[Span], codes: &[&str]) -> bool {
        self.said
            .iter()
            .filter(|diagnostic| codes.contains(&diagnostic.rule.code))
            .flat_map(Diagnostic::labels)
            .any(|label| spans.iter().any(|span| touch(*span, label.span)))
    }

    /// The conditions of a criterion that have no parts, each with its gate.
    pub(super) fn leaves(&self, place: usize) -> Vec<(NodeId, MilestoneId)> {
        let side = self.search.side;
        let plan = &side.plan;
        let mut found = BTreeSet::new();
        for stage in plan
            .criteria
            .get(place)
            .into_iter()
            .flat_map(|own| &own.stages)
        {
            if !is_due(plan, stage.gate, side.gate) {
                continue;
            }
            let mut open = vec![stage.node];
            while let Some(id) = open.pop() {
                let Some(node) = plan.node(id) else { continue };
                if joins(&node.kind) {
                    open.extend(node.kind.parts());
                } else {
                    found.insert((id, stage.gate));
                }
            }
        }
        found.into_iter().collect()
    }

    /// Whether a place stands in the lines of a criterion: what a definition or a reading says, others may need.
    pub(super) fn is_within(&self, place: usize, span: Span) -> bool {
        let stated = self.stated(place);
        let parts = stated.map_or(&[][..], |stated| &stated.parts);
        let mut lines = parts.iter().map(|part| self.places.whole(part.span));
        lines.any(|lines| touch(lines, span))
    }

    /// Whether a criterion asks if a milestone was reached. Whoever is made up went the whole way, so that nothing is
    /// said of what others need such a criterion for.
    fn leans_on_the_course(&self, place: usize) -> bool {
        let asked = self.search.asked_by(place);
        asked
            .iter()
            .filter_map(|id| self.search.questions.get(*id))
            .any(|question| question.sort == Sort::Happened)
    }

    /// Whether a term asks something of the data, rather than that a milestone was reached, or nothing by the
    /// reading that was chosen.
    pub(super) fn asks_something(&self, node: NodeId) -> bool {
        let plan = &self.search.side.plan;
        let mut open = vec![node];
        let mut found = false;
        while let Some(node) = open.pop().and_then(|id| plan.node(id)) {
            match &node.kind {
                NodeKind::Happened(..) => return false,
                kind if joins(kind) => open.extend(kind.parts()),
                _ => found = true,
            }
        }
        found
    }

    /// A condition of a criterion, with its gate.
    pub(super) fn leaf(&self, place: usize, node: NodeId) -> Option<(NodeId, MilestoneId)> {
        let leaves = self.leaves(place);
        leaves.into_iter().find(|(leaf, _)| *leaf == node)
    }
}

/// Whether two places have something in common.
pub(super) fn touch(one: Span, other: Span) -> bool {
    one.file == other.file && one.start < other.end && other.start < one.end
}

/// "A, B and C".
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => "all others".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
