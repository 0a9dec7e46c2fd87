//! Rows that a source has in one table and that are of another: an allergy on the list of diagnoses,
//! an attested answer among the results.

use super::{Mapping, RuleId};
use crate::codes::{Pattern, fold};
use crate::found::{CODE_END, Found};
use crate::table::MOST_COLUMNS;
use crate::words::same_word;
use crate::{Table, rules};

/// Rows of a code that are of another table.
#[derive(Clone, Debug)]
pub(crate) struct MoveRule {
    pub(crate) id: RuleId,
    pub(crate) code: Pattern,
    pub(crate) from: Table,
    pub(crate) to: Table,
}

/// What a source says of a record in a place of its own, as a cell of the record's row.
#[derive(Clone, Debug)]
pub(crate) struct ColumnRule {
    pub(crate) id: RuleId,
    /// As written: the address of an extension, a qualifier, a code.
    pub(crate) said_in: String,
    /// The same as a code.
    pub(crate) code: Pattern,
    /// The column that it fills.
    pub(crate) column: &'static str,
}

/// From which tables rows can come into another.
const MOVES: [(Table, &[Table]); 5] = [
    (Table::Allergies, &[Table::Conditions, Table::Observations]),
    (Table::Attestations, &[Table::Observations]),
    (Table::AdverseEvents, &[Table::Conditions]),
    (Table::Procedures, &[Table::Treatments]),
    (Table::Treatments, &[Table::Procedures]),
];

impl MoveRule {
    /// From which tables rows can come into this one.
    pub(crate) fn sources(to: Table) -> &'static [Table] {
        let found = MOVES.iter().find(|(table, _)| *table == to);
        found.map_or(&[], |(_, sources)| sources)
    }

    /// The row in its other table. Its texts stand where they belong there.
    ///
    /// # Errors
    /// Why it cannot be one: it says more than the other table can hold, and that matters.
    pub(crate) fn apply<'t>(&self, found: &Found<'t>) -> Result<Found<'t>, Unmovable> {
        let mut moved = Found {
            table: self.to,
            ..*found
        };
        moved.cells.texts = [""; MOST_COLUMNS];
        let text = |column: &str| {
            let columns = self.from.columns().iter();
            let place = columns.enumerate().find(|(_, name)| **name == column);
            place.map_or("", |(at, _)| found.cells.text(at))
        };
        self.check(text)?;
        for (at, column) in self.to.columns().iter().enumerate() {
            let cell = match (self.from, self.to, *column) {
                _ if at <= crate::table::CODE => found.cells.text(at),
                (Table::Observations, Table::Attestations, "answer") => match text("result") {
                    "" => text("value"),
                    "Y" | "y" => "yes",
                    "N" | "n" => "no",
                    answer => answer,
                },
                (Table::Observations, Table::Attestations, "by") => text("source"),
                (Table::Observations, Table::Allergies, "onset") => text("time"),
                // A number is no word for how severe it is, so the row is set aside.
                (Table::Observations, Table::Allergies, "severity") => match text("result") {
                    "" => text("value"),
                    severity => severity,
                },
                (Table::Conditions, Table::AdverseEvents, "end") => text("abatement"),
                (Table::Treatments, Table::Procedures, "time") => text("start"),
                (Table::Procedures, Table::Treatments, "start" | "end") => text("time"),
                (_, _, "status") if !is_taken_back(text("status")) => "",
                _ => text(column),
            };
            moved.set(at, cell);
        }
        if self.from == Table::Procedures && text("time").is_empty() {
            moved.set(Table::Treatments.column("end"), "ended");
        }
        Ok(moved)
    }

    /// Whether what the row says of its own state lets it be one of the other table.
    fn check<'t>(&self, text: impl Fn(&str) -> &'t str) -> Result<(), Unmovable> {
        let status = text("status");
        if is_taken_back(status) {
            return Ok(());
        }
        let is_open = [
            "provisional",
            "unconfirmed",
            "differential",
            "preliminary",
            "registered",
        ];
        let is_over = ["remission", "resolved"];
        let is = |words: &[&str]| words.iter().any(|word| same_word(status, word));
        let to = self.to;
        if is(&is_open) {
            return Err(Unmovable {
                rule: &rules::D0751_NOT_FINAL,
                message: format!(
                    "this row is one of {to}, which have no word for a status of `{status}`: whether \
                     it is so is not settled"
                ),
            });
        }
        if to == Table::Allergies && (is(&is_over) || !text("abatement").is_empty()) {
            return Err(Unmovable {
                rule: &rules::D0751_NOT_FINAL,
                message: "the allergy is over: whether the patient is allergic is not settled"
                    .to_owned(),
            });
        }
        Ok(())
    }
}

/// Why a row cannot be one of the other table.
pub(crate) struct Unmovable {
    pub(crate) rule: &'static lind_diagnostics::Rule,
    pub(crate) message: String,
}

fn is_taken_back(status: &str) -> bool {
    let words = ["entered_in_error", "cancelled", "refuted"];
    words.iter().any(|word| same_word(status, word))
}

impl Mapping {
    /// Whether rows of a table may be moved.
    pub(crate) fn moves(&self, from: Table) -> bool {
        self.moves.iter().any(|rule| rule.from == from)
    }

    /// Into which table the rows of these codes are moved; none: they stay.
    pub(crate) fn moved(&self, from: Table, codes: &str) -> Option<&MoveRule> {
        let rules = || self.moves.iter().filter(|rule| rule.from == from);
        rules().next()?;
        let mut all: Vec<String> = codes.split(CODE_END).map(fold).collect();
        let renamed: Vec<String> = all
            .iter()
            .filter_map(|code| self.renamed(code).map(|(code, _)| code))
            .collect();
        all.extend(renamed);
        let others: Vec<String> = self
            .codes
            .iter()
            .filter(|rule| all.iter().any(|code| rule.code.matches(code)))
            .flat_map(|rule| rule.others.iter().map(|other| other.to_string()))
            .collect();
        all.extend(others);
        rules()
            .filter(|rule| all.iter().any(|code| rule.code.matches(code)))
            .max_by_key(|rule| rule.code.precision())
    }

    /// Into which tables rows of this one may be moved.
    pub(crate) fn moved_from(&self, from: Table) -> impl Iterator<Item = Table> {
        let rules = self.moves.iter().filter(move |rule| rule.from == from);
        rules.map(|rule| rule.to)
    }

    /// The column that an extension at this address, or a qualifier of this name, fills.
    pub(crate) fn column_said_in(&self, name: &str) -> Option<(&'static str, RuleId)> {
        let rule = self
            .columns
            .iter()
            .find(|rule| rule.said_in.eq_ignore_ascii_case(name))?;
        Some((rule.column, rule.id))
    }

    /// The column that records with one of these codes fill.
    pub(crate) fn column_of_codes(&self, codes: &str) -> Option<(&'static str, RuleId)> {
        if self.columns.is_empty() {
            return None;
        }
        let codes: Vec<String> = codes.split(CODE_END).map(fold).collect();
        let rule = self
            .columns
            .iter()
            .find(|rule| codes.iter().any(|code| rule.code.matches(code)))?;
        Some((rule.column, rule.id))
    }
}
