//! Parts of criteria that can come out in one way alone, and stay open without data.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::Effect;
use lind_model::protocol::CriterionKind;

use super::findings::{SAYS_OF_TERMS, touch};
use super::variants::Alone;
use super::{Looking, words};
use crate::CannotCompare;
use crate::rules;
use crate::search::{Found, effect_in};

impl Looking<'_> {
    /// Parts that are so for everybody of whom there are data, or for nobody, and open for others. Of parts within each
    /// other the outer one is told.
    pub(super) fn settled(&mut self, told: &[bool]) -> Result<(), CannotCompare> {
        let alone = std::mem::take(&mut self.alone);
        let mut said: Vec<Span> = Vec::new();
        for own in &alone {
            let lines = self.places.whole(own.span);
            let is_told = told.get(own.of).copied().unwrap_or(false)
                || said.iter().any(|span| touch(*span, lines))
                || self.is_said_of(&[own.span], &SAYS_OF_TERMS)
                || self.sink.iter().any(|finding| {
                    touch(finding.primary.span, lines)
                        || finding.labels().any(|label| touch(label.span, own.span))
                });
            if is_told || !self.asks_something(own.node) || !self.is_of_the_file(own.of, own.span) {
                continue;
            }
            let Some(effects) = self.effects(own.place) else {
                continue;
            };
            let never_fails = self.search.is_impossible(&[effects.fail]);
            let never_passes = self.search.is_impossible(&[effects.pass]);
            if never_fails == never_passes || self.search.is_impossible(&[effects.open]) {
                continue;
            }
            let found = self.search.find(&[effects.open], &|verdict| {
                effect_in(verdict, own.place) == Effect::Open
            })?;
            if let Found::Shown(patient) = found {
                said.push(lines);
                self.tell_settled(own, never_fails, &patient);
            }
        }
        Ok(())
    }

    /// Whether a place is in the file of a criterion: what a library says is not for its author to mend.
    pub(super) fn is_of_the_file(&self, place: usize, span: Span) -> bool {
        self.stated(place)
            .is_some_and(|own| own.span.file == span.file)
    }

    fn tell_settled(&mut self, own: &Alone, never_fails: bool, patient: &crate::patient::Patient) {
        let Some((id, kind)) = self.name(own.of) else {
            return;
        };
        let is_so = never_fails != (kind == CriterionKind::Exclusion);
        let (message, label) = if is_so {
            ("can only be so", "whatever the data say, this is so")
        } else {
            ("can never be so", "whatever the data say, this is not so")
        };
        let read = self.search.asked_by(own.place);
        let patient = self.search.read_by(patient, &read);
        let who = words::patient(&self.search.side.plan, &patient);
        self.sink.push(
            Diagnostic::new(
                &rules::W0905_SETTLED_PART,
                own.span,
                format!("this part of `{id}` {message}, or stays open"),
            )
            .label(label)
            .note(format!("{who}: it stays open for want of data"))
            .note("this is proved for every patient; if data are to be asked for and nothing more, that is a question of its own"),
        );
    }
}
