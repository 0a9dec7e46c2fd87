//! Times in tests: that they exist, and that they can be those of one person.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::plan::NeededTable;
use lind_syntax::tree::Name;
use lind_time::{Tri, When};

use crate::analysis::Checker;
use crate::cases::Patient;
use crate::rules;

impl Checker<'_> {
    /// A time as written; one that does not exist is reported.
    pub(super) fn moment(&mut self, name: &Name) -> Option<When> {
        match When::parse(&name.text) {
            Ok(when) => Some(when),
            Err(error) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0544_IMPOSSIBLE_TIME,
                        name.span,
                        format!("`{}` is no date", name.text),
                    )
                    .label(error.message()),
                );
                None
            }
        }
    }

    /// A span that ends before it begins.
    pub(super) fn in_order(&mut self, from: (When, Span), to: (When, Span)) -> Option<()> {
        if to.0.before(&from.0) != Tri::Yes {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0544_IMPOSSIBLE_TIME,
                to.1,
                "this ends before it begins",
            )
            .label("the end")
            .also(from.1, "the beginning"),
        );
        None
    }

    /// Nothing happens before birth; and milestones in another order than the protocol's are hardly meant.
    pub(super) fn patient_is_possible(&mut self, patient: &Patient) {
        let born = patient
            .person
            .as_ref()
            .and_then(|person| person.born.as_ref());
        if let Some((_, born, place)) = born {
            for said in &patient.said {
                let early = said
                    .times
                    .iter()
                    .find(|(time, _)| time.before(born) == Tri::Yes);
                if let Some((_, span)) = early {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0544_IMPOSSIBLE_TIME,
                            *span,
                            "this is before the patient was born",
                        )
                        .label("earlier than the birth")
                        .also(*place, "born here"),
                    );
                }
            }
        }
        if !self.order_known {
            return;
        }
        let mut reached = Vec::new();
        for said in &patient.said {
            let is_milestone = said
                .row
                .as_ref()
                .is_some_and(|row| row.table == NeededTable::Milestones);
            if let (true, Some((time, span))) = (is_milestone, said.times.first()) {
                let place = self
                    .tables
                    .milestones
                    .iter()
                    .flatten()
                    .position(|milestone| milestone.name == said.about);
                reached.extend(place.map(|place| (place, *time, *span, said.is_own)));
            }
        }
        let mut found = Vec::new();
        for (one, first, first_span, first_own) in &reached {
            for (other, second, second_span, second_own) in &reached {
                let milestones = &self.tables.milestones;
                let (Some(Some(earlier)), Some(Some(later))) =
                    (milestones.get(*one), milestones.get(*other))
                else {
                    continue;
                };
                let ordered = one != other
                    && later
                        .not_later
                        .iter()
                        .any(|milestone| milestone.index() == *one);
                if ordered && (*first_own || *second_own) && first.after(second) == Tri::Yes {
                    found.push(
                        Diagnostic::new(
                            &rules::W0622_MILESTONES_OUT_OF_ORDER,
                            *second_span,
                            format!(
                                "`{}` is never before `{}`, and here it is",
                                later.name, earlier.name
                            ),
                        )
                        .label("earlier")
                        .also(*first_span, "later"),
                    );
                }
            }
        }
        self.sink.extend(found);
    }
}
