//! Where rows go.

use crate::Table;
use crate::found::{Found, Lost, Origin};
use crate::intake::Intake;
use crate::mapping::RuleId;
use crate::rules;

use super::draft::Draft;

/// Takes what is read.
pub(super) trait Sink {
    /// Takes a row.
    fn row(&mut self, found: &Found<'_>);
    /// Takes note of a record that cannot be read.
    fn lost(&mut self, lost: &Lost<'_>);
    /// Records something that costs no row.
    fn remark(&mut self, rule: &'static lind_diagnostics::Rule, at: &Origin<'_>, message: String);
    /// Counts a record of a kind that is not read.
    fn unread(&mut self, kind: &str, about: &str);
    /// Counts a line of the mapping by which a cell was written.
    fn used(&mut self, rule: RuleId);
}

/// A draft, and where it goes.
pub(super) struct Out<'o> {
    pub(super) draft: &'o mut Draft,
    pub(super) sink: &'o mut dyn Sink,
}

impl Out<'_> {
    /// Hands over the row that was drafted.
    pub(super) fn row(&mut self, origin: Origin<'_>) {
        let found = self.draft.found(origin);
        self.sink.row(&found);
        for rule in &self.draft.by_mapping {
            self.sink.used(*rule);
        }
    }

    /// Hands over a row of which only the codes count: what is wrong keeps it from being used.
    pub(super) fn unusable(
        &mut self,
        (table, patient): (Table, &str),
        origin: Origin<'_>,
        (rule, column): (&'static lind_diagnostics::Rule, &'static str),
        message: String,
    ) {
        let lost = Lost {
            tables: &[table],
            patient: Some(patient).filter(|patient| !patient.is_empty()),
            codes: self.draft.cell(crate::table::CODE),
            rule,
            column: Some(column),
            message,
            origin,
        };
        self.sink.lost(&lost);
    }

    /// Hands over a record without the status that tells whether it was taken back.
    pub(super) fn without_status(&mut self, whose: (Table, &str), origin: Origin<'_>) {
        self.unusable(
            whose,
            origin,
            (&rules::D0715_MISSING_FIELD, "status"),
            "the record has no status, which every record of its kind must have: it may have been \
             taken back"
                .to_owned(),
        );
    }

    /// Hands over a record of which its own author does not know whether it took place.
    pub(super) fn not_settled(
        &mut self,
        whose: (Table, &str),
        origin: Origin<'_>,
        column: &'static str,
        status: &str,
    ) {
        let status = crate::excerpt::quoted(status);
        self.unusable(
            whose,
            origin,
            (&rules::D0751_NOT_FINAL, column),
            format!("the status is {status}: whether it took place is not said"),
        );
    }

    /// Hands over a record whose status is no word that FHIR knows.
    pub(super) fn unknown_status(
        &mut self,
        whose: (Table, &str),
        origin: Origin<'_>,
        status: &str,
    ) {
        let status = crate::excerpt::quoted(status);
        self.unusable(
            whose,
            origin,
            (&rules::D0750_UNKNOWN_WORD, "status"),
            format!("{status} is none of the words that FHIR has for the status of such a record"),
        );
    }
}

impl Sink for Intake {
    fn row(&mut self, found: &Found<'_>) {
        Intake::row(self, found);
    }

    fn lost(&mut self, lost: &Lost<'_>) {
        Intake::lost(self, lost);
    }

    fn remark(&mut self, rule: &'static lind_diagnostics::Rule, at: &Origin<'_>, message: String) {
        Intake::remark_at(self, rule, at, message);
    }

    fn unread(&mut self, _kind: &str, _about: &str) {}

    fn used(&mut self, rule: RuleId) {
        self.names.uses.count(rule);
    }
}
