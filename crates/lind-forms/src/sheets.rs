//! Lind tables as texts.

use std::collections::BTreeMap;
use std::fmt;

/// The tables of facts that OMOP and SDTM have a place for.
pub(crate) const PLACED: [&str; 9] = [
    "milestones",
    "observations",
    "conditions",
    "treatments",
    "procedures",
    "allergies",
    "adverse_events",
    "attestations",
    "visits",
];

/// Tables that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    table: String,
    cause: csv::Error,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} cannot be read: {}", self.table, self.cause)
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// A row: its cells by column, none of them empty.
pub type Row = BTreeMap<String, String>;

/// What a row says in `status` if it was taken back.
const TAKEN_BACK: [&str; 3] = ["enteredinerror", "cancelled", "refuted"];

/// Lind tables by name, without their ending: `observations`; and `dataset.toml`.
#[derive(Clone, Debug, Default)]
pub struct Sheets {
    tables: BTreeMap<String, Vec<Row>>,
    /// What `dataset.toml` says. It has no sections of tables, of codes or of columns: a form needs
    /// its own.
    pub settings: String,
}

impl Sheets {
    /// Reads the files of a folder of tables, each by its name. Rows that were taken back are left
    /// out.
    ///
    /// # Errors
    /// One of them is no CSV.
    pub fn new<'t>(
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, Unreadable> {
        let mut sheets = Sheets::default();
        for (name, text) in files {
            if name == "dataset.toml" {
                text.clone_into(&mut sheets.settings);
            }
            let Some(table) = name.strip_suffix(".csv") else {
                continue;
            };
            let rows = rows(text).map_err(|cause| Unreadable {
                table: name.to_owned(),
                cause,
            })?;
            sheets.tables.insert(table.to_owned(), rows);
        }
        Ok(sheets)
    }

    /// The rows of a table; none if it is not there.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether there is such a table.
    #[must_use]
    pub fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// The rows of a table by patient.
    pub(crate) fn by_patient(&self, table: &str) -> BTreeMap<&str, Vec<&Row>> {
        let mut by_patient: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in self.rows(table) {
            by_patient
                .entry(cell(row, "patient"))
                .or_default()
                .push(row);
        }
        by_patient
    }

    /// The patients in their order.
    pub(crate) fn patients(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows("patients")
            .iter()
            .map(|row| (cell(row, "patient"), row))
    }

    /// The names of the milestones that are in the data.
    pub(crate) fn milestones(&self) -> std::collections::BTreeSet<&str> {
        let rows = self.rows("milestones").iter();
        rows.map(|row| cell(row, "milestone")).collect()
    }
}

fn rows(text: &str) -> Result<Vec<Row>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let cells = columns.iter().zip(&record);
        let row: Row = cells
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect();
        let status: String = cell(&row, "status")
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect();
        if !TAKEN_BACK.contains(&status.as_str()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// A cell; empty if there is none.
pub(crate) fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}
