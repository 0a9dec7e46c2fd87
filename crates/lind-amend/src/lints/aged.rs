//! A result of any age decides, where others may not be as old.

use std::collections::BTreeSet;

use lind_diagnostics::Diagnostic;
use lind_model::plan::NodeKind;
use lind_model::protocol::{Selector, Shape, Subject};
use lind_model::{Effect, MeasureId, MilestoneId, NodeId, Truth};
use lind_records::Table;
use lind_time::{Day, MonthEnd};

use super::{Looking, words};
use crate::CannotCompare;
use crate::answers::Read;
use crate::patient::Patient;
use crate::questions::{QuestionId, Which};
use crate::rules;
use crate::search::{Found, effect_in};

/// How much older the result of the witness is, in months: nobody means a result of twenty years ago.
const OLDER: i64 = 240;

impl Looking<'_> {
    /// Values of which the latest counts, however old, where the protocol says how old it may be of the same measure
    /// elsewhere, or of another in the same criterion. Of each criterion one is told.
    pub(super) fn aged(&mut self, told: &[bool]) -> Result<(), CannotCompare> {
        let leaves: Vec<(usize, (NodeId, MilestoneId))> = (0..self.count)
            .flat_map(|place| {
                self.leaves(place)
                    .into_iter()
                    .map(move |leaf| (place, leaf))
            })
            .collect();
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for (place, (node, gate)) in leaves.iter().copied() {
            let is_told = told.get(place).copied().unwrap_or(false) || found.contains(&place);
            if is_told || self.is_bounded(node, gate) != Some(false) {
                continue;
            }
            // A source that says nowhere how old this may be, or what stands beside it, does not speak of ages, and a
            // finding for each value would be noise.
            let bounded = leaves.iter().find(|(other, (leaf, at))| {
                let is_near = *other == place || self.measure(*leaf) == self.measure(node);
                is_near && self.is_bounded(*leaf, *at) == Some(true)
            });
            let Some(bounded) = bounded.map(|(_, (leaf, _))| *leaf) else {
                continue;
            };
            if let Some(patient) = self.with_an_old_result(place, (node, gate))? {
                found.insert(place);
                self.tell_aged(place, (node, gate), bounded, &patient);
            }
        }
        Ok(())
    }

    /// The measure of which a condition asks for a value.
    fn measure(&self, node: NodeId) -> Option<MeasureId> {
        let NodeKind::Value(value) = &self.search.side.plan.node(node)?.kind else {
            return None;
        };
        match value.subject {
            Subject::Measure(measure) => Some(measure),
            Subject::Formula(_) => None,
        }
    }

    /// Whether a window bounds the values of which a condition takes the latest; none if it is of another sort.
    fn is_bounded(&self, node: NodeId, gate: MilestoneId) -> Option<bool> {
        let plan = &self.search.side.plan;
        let NodeKind::Value(value) = &plan.node(node)?.kind else {
            return None;
        };
        let Subject::Measure(measure) = value.subject else {
            return None;
        };
        let measure = plan.protocol.measures.get(measure.index())?;
        if !matches!(measure.shape, Shape::Quantity(_)) || value.selector != Selector::Latest {
            return None;
        }
        let of_gate = plan.values.get(gate.index()).and_then(Option::as_ref);
        Some(value.window.is_some() || of_gate.is_some())
    }

    /// Somebody who passes a criterion by a result that is twenty years old, and does not pass it without.
    fn with_an_old_result(
        &mut self,
        place: usize,
        (node, gate): (NodeId, MilestoneId),
    ) -> Result<Option<Patient>, CannotCompare> {
        let Some(effects) = self.effects(place) else {
            return Ok(None);
        };
        let Some(question) = self.search.questions.at(Which::New, node, gate) else {
            return Ok(None);
        };
        for truth in [Truth::True, Truth::False] {
            let answer = self.search.universe.answers.get(question.0);
            let Some(literal) = answer.map(|answer| answer.is(&truth, &self.search.clauses)) else {
                continue;
            };
            let passes = |verdict: &lind_model::Verdict| effect_in(verdict, place) == Effect::Pass;
            let Found::Shown(patient) = self.search.find(&[effects.pass, literal], &passes)? else {
                continue;
            };
            let Some((aged, without)) = self.aged_and_without(&patient, question) else {
                continue;
            };
            let read = Read::new(self.search.side, [&aged, &without].into_iter())?;
            let effect = |which| read.verdict(which).map(|own| effect_in(&own, place));
            if effect(0) == Some(Effect::Pass) && effect(1) == Some(Effect::Open) {
                return Ok(Some(aged));
            }
        }
        Ok(None)
    }

    /// A patient whose latest result of what a question asks is the only one, and old; and the same without it.
    fn aged_and_without(
        &self,
        patient: &Patient,
        question: QuestionId,
    ) -> Option<(Patient, Patient)> {
        let own = self
            .search
            .read_by(patient, &BTreeSet::from([question]))
            .rows;
        let is_result = |row: &&crate::patient::Row| row.table == Table::Observations;
        let latest = own
            .iter()
            .filter(is_result)
            .max_by_key(|row| row.text("time").to_owned())?;
        let day = Day::parse(latest.text("time").get(..10)?).ok()?;
        let (older, _) = day.add_months(-OLDER, MonthEnd::LastDay)?;
        let mut without = patient.clone();
        without
            .rows
            .retain(|row| row.table != Table::Observations || !own.contains(row));
        let mut aged = without.clone();
        aged.rows
            .push(latest.clone().with("time", older.to_string()));
        Some((aged, without))
    }

    fn tell_aged(
        &mut self,
        place: usize,
        (node, gate): (NodeId, MilestoneId),
        bounded: NodeId,
        patient: &Patient,
    ) {
        let Some((id, _)) = self.name(place) else {
            return;
        };
        let plan = &self.search.side.plan;
        let milestone = plan.protocol.milestones.get(gate.index());
        let gate_name = milestone.map_or("", |milestone| &milestone.name);
        let span = self
            .span_of(node)
            .filter(|span| self.is_of_the_file(place, *span))
            .unwrap_or_else(|| self.span(place));
        let read = self.search.questions.at(Which::New, node, gate);
        let own = self
            .search
            .read_by(patient, &read.into_iter().collect::<BTreeSet<_>>());
        let who = words::patient(plan, &own);
        let mut diagnostic = Diagnostic::new(
            &rules::W0904_RESULT_OF_ANY_AGE,
            span,
            format!("`{id}` takes a result of any age"),
        )
        .label(format!("no window, and none for the values at {gate_name}"));
        if let Some(span) = self.span_of(bounded) {
            diagnostic = diagnostic.also(span, "here a window says how old a result may be");
        }
        let note = format!("{who}: passes `{id}`");
        let advice = format!(
            "write `within 14 days before {gate_name}` behind it, or `on or before {gate_name}` if any age will do"
        );
        self.sink.push(diagnostic.note(note).note(advice));
    }
}
