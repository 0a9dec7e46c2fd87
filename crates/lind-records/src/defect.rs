//! Saying what is wrong with a row.

use lind_diagnostics::Rule;

use crate::excerpt::quoted;
use crate::header::Columns;
use crate::place::Place;
use crate::record::{Breakage, LONGEST_ROW};
use crate::table::{CODE, PATIENT};
use crate::{Problem, Table, rules};

/// What is wrong with a row, before it is known where it stands.
#[derive(Debug)]
pub(crate) struct Defect {
    pub(crate) rule: &'static Rule,
    /// The column of the table, if it is one.
    pub(crate) column: Option<usize>,
    pub(crate) message: String,
}

impl Defect {
    pub(crate) fn new(rule: &'static Rule, column: usize, message: String) -> Self {
        Defect {
            rule,
            column: Some(column),
            message,
        }
    }

    /// The defect at its place.
    pub(crate) fn at(self, place: &Place<'_>) -> Problem {
        place.problem(self.rule, self.column, self.message)
    }

    pub(crate) fn column_name(&self, table: Table) -> Option<&'static str> {
        table.columns().get(self.column?).copied()
    }

    pub(crate) fn missing(table: Table, column: usize) -> Self {
        let name = table.columns().get(column).copied().unwrap_or_default();
        Defect::new(
            &rules::D0715_MISSING_FIELD,
            column,
            format!("`{name}` is empty, and a row of {table} needs it"),
        )
    }

    /// `is_near`: the name differs from that of a patient in what slips most easily.
    pub(crate) fn unknown_patient(patient: &str, is_near: bool) -> Self {
        let hint = if is_near {
            "; there is a patient whose name differs only in capitals, signs or leading zeros, and \
             names are compared letter by letter"
        } else {
            ""
        };
        Defect::new(
            &rules::D0720_UNKNOWN_PATIENT,
            PATIENT,
            format!("{} has no row in patients{hint}", quoted(patient)),
        )
    }

    pub(crate) fn near_code(written: &str, meant: &str) -> Self {
        Defect::new(
            &rules::D0723_CODE_SPELLING,
            CODE,
            format!(
                "{} is nearly {}, which is looked for, and codes are compared letter by letter",
                quoted(written),
                quoted(meant)
            ),
        )
    }

    /// Times of a column carry an offset from UTC that is not applied.
    /// A time that is stated as an age of somebody whose birth is not known.
    pub(crate) fn age_without_birth(column: usize, text: &str) -> Self {
        let message = format!(
            "when {} was is not known: neither is the birth of this patient",
            quoted(text)
        );
        Defect::new(&rules::D0808_AGE_WITHOUT_BIRTH, column, message)
    }

    pub(crate) fn offset_ignored(column: usize) -> Self {
        Defect::new(
            &rules::D0731_UNKNOWN_SITE_OFFSET,
            column,
            "times here carry an offset from UTC, and `utc_offset` in dataset.toml does not say \
             the site's own; they are taken as the site's time"
                .to_owned(),
        )
    }

    pub(crate) fn changed(table: Table) -> Self {
        Defect {
            rule: &rules::D0763_CHANGED_WHILE_READ,
            column: None,
            message: format!(
                "the rows of {table} are in another order than when the file was opened: it \
                 changed while it was read"
            ),
        }
    }

    /// A row that is broken as such.
    pub(crate) fn broken<'c>(
        breakage: Breakage,
        table: Table,
        columns: impl Into<Option<&'c Columns>>,
    ) -> Self {
        let columns = columns.into();
        let column_at = |field: u32| {
            let field = usize::try_from(field).unwrap_or(usize::MAX);
            (0..table.columns().len()).find(|column| {
                columns.is_some_and(|columns| columns.position(*column) == Some(field))
            })
        };
        let (rule, column, message) = match breakage {
            Breakage::FieldCount { found, expected } => (
                &rules::D0710_FIELD_COUNT,
                None,
                format!(
                    "the row has {}, and the header has {expected}{}",
                    fields(found),
                    if found > expected {
                        "; a text that holds a comma needs quotes around it"
                    } else {
                        ""
                    }
                ),
            ),
            Breakage::OpenQuote => (
                &rules::D0711_OPEN_QUOTE,
                None,
                "a quote is opened on this line and not closed in its field".to_owned(),
            ),
            Breakage::TextAfterQuote => (
                &rules::D0711_OPEN_QUOTE,
                None,
                "a quoted field is not followed by a comma; a quote within it is written twice"
                    .to_owned(),
            ),
            Breakage::NotUtf8 { field, byte } => (
                &rules::D0712_NOT_UTF8,
                column_at(field),
                format!(
                    "field {} holds the byte 0x{byte:02X}, which is not UTF-8; save the file as \
                     CSV in UTF-8",
                    field + 1
                ),
            ),
            Breakage::Nul { field } => (
                &rules::D0713_NUL_CHARACTER,
                column_at(field),
                format!(
                    "field {} holds a NUL character, which no text has; the file is damaged or not \
                     in UTF-8",
                    field + 1
                ),
            ),
            Breakage::TooLong => (
                &rules::D0714_ROW_TOO_LONG,
                None,
                format!("the row is longer than {} MiB", LONGEST_ROW >> 20),
            ),
            Breakage::Lost { field } => (
                &rules::D0800_PART_LOST,
                column_at(field),
                format!(
                    "column {} of this row stands in a part of the file that cannot be read",
                    field + 1
                ),
            ),
            Breakage::NoPatient => return Defect::missing(table, PATIENT),
            Breakage::NearPatient => (
                &rules::D0720_UNKNOWN_PATIENT,
                Some(PATIENT),
                "the row names nobody, but for capitals, signs or leading zeros it names this patient"
                    .to_owned(),
            ),
        };
        Defect {
            rule,
            column,
            message,
        }
    }
}

fn fields(count: u32) -> String {
    match count {
        1 => "1 field".to_owned(),
        count => format!("{count} fields"),
    }
}
