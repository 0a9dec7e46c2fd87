//! A patient's data as plain text, and their writing as Lind tables.

use std::collections::BTreeMap;

/// A table with rows of one patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlainTable {
    /// `milestones`
    Milestones,
    /// `observations`
    Observations,
    /// `conditions`
    Conditions,
    /// `treatments`
    Treatments,
    /// `procedures`
    Procedures,
    /// `allergies`
    Allergies,
    /// `attestations`
    Attestations,
    /// `visits`
    Visits,
    /// `adverse_events`
    AdverseEvents,
}

impl PlainTable {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Milestones,
        Self::Observations,
        Self::Conditions,
        Self::Treatments,
        Self::Procedures,
        Self::Allergies,
        Self::Attestations,
        Self::Visits,
        Self::AdverseEvents,
    ];

    /// The name of its file without the ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Milestones => "milestones",
            Self::Observations => "observations",
            Self::Conditions => "conditions",
            Self::Treatments => "treatments",
            Self::Procedures => "procedures",
            Self::Allergies => "allergies",
            Self::Attestations => "attestations",
            Self::Visits => "visits",
            Self::AdverseEvents => "adverse_events",
        }
    }

    /// Its columns besides the patient; the first names what a row is about.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Milestones => &["milestone", "time"],
            Self::Observations => &[
                "code",
                "time",
                "value",
                "unit",
                "comparator",
                "low",
                "high",
                "result",
                "specimen",
                "method",
                "source",
                "body_site",
            ],
            Self::Conditions => &[
                "code",
                "onset",
                "abatement",
                "status",
                "severity",
                "body_site",
            ],
            Self::Treatments => &[
                "code",
                "start",
                "end",
                "dose",
                "unit",
                "frequency",
                "route",
                "indication",
                "outcome",
                "line",
                "investigational",
            ],
            Self::Procedures => &["code", "time", "body_site"],
            Self::Allergies => &["code", "severity", "onset"],
            Self::Attestations => &["item", "answer", "time"],
            Self::Visits => &["visit", "start", "end"],
            Self::AdverseEvents => &[
                "term", "scale", "grade", "onset", "end", "related", "serious", "dlt",
            ],
        }
    }

    /// The column with the time at which a row happened or began.
    #[must_use]
    pub const fn time_column(self) -> &'static str {
        match self {
            Self::Milestones | Self::Observations | Self::Procedures | Self::Attestations => "time",
            Self::Conditions | Self::Allergies | Self::AdverseEvents => "onset",
            Self::Treatments | Self::Visits => "start",
        }
    }
}

/// A row: the text of its columns. A column that is not named is blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which table it stands in.
    pub table: PlainTable,
    /// The columns that are not blank.
    pub fields: BTreeMap<&'static str, String>,
}

impl Row {
    /// A row about something.
    #[must_use]
    pub fn new(table: PlainTable, about: &str) -> Self {
        let fields = BTreeMap::new();
        let first = table.columns().first().copied().unwrap_or("code");
        Self { table, fields }.with(first, about)
    }

    /// The same row with the text of one column.
    #[must_use]
    pub fn with(mut self, column: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            self.fields.remove(column);
        } else {
            self.fields.insert(column, text);
        }
        self
    }

    /// The text of a column; empty if it is blank.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// What it is about: a code, a milestone, an item.
    #[must_use]
    pub fn about(&self) -> &str {
        self.table
            .columns()
            .first()
            .map_or("", |column| self.text(column))
    }
}

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patient {
    /// As recorded: `female`, `male`, `other`, `unknown` or blank.
    pub sex: String,
    /// The date of birth, to any precision, or blank.
    pub birth: String,
    /// Everything else, in the order of the files.
    pub rows: Vec<Row>,
}

/// What is said of the tables as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainDataset {
    /// Tables that there are none of.
    pub absent: Vec<PlainTable>,
    /// Tables in which a missing row says nothing.
    pub incomplete: Vec<PlainTable>,
    /// Codes, or beginnings of codes with a `*`, of which a missing row says nothing.
    pub incomplete_codes: Vec<(PlainTable, String)>,
    /// Half-lives: code, number, `hours` or `days`.
    pub half_lives: Vec<(String, String, String)>,
    /// The last day of the data, or blank.
    pub cut_off: String,
    /// Nothing later is read, or blank.
    pub as_of: String,
}

/// The patient, named `p`, as Lind tables, with `dataset.toml`: names of files and their text.
#[must_use]
pub fn written(patient: &Patient, dataset: &PlainDataset) -> Vec<(String, String)> {
    written_together(&[("p", patient)], dataset)
}

/// Several patients as one set of tables. The rows of different patients take turns.
#[must_use]
pub fn written_together(
    patients: &[(&str, &Patient)],
    dataset: &PlainDataset,
) -> Vec<(String, String)> {
    let mut people = "patient,sex,birth_date\n".to_owned();
    for (name, patient) in patients {
        let (sex, birth) = (quoted(&patient.sex), quoted(&patient.birth));
        people += &format!("{name},{sex},{birth}\n");
    }
    let mut files = vec![
        ("dataset.toml".to_owned(), settings(dataset)),
        ("patients.csv".to_owned(), people),
    ];
    let most_rows = patients.iter().map(|(_, patient)| patient.rows.len()).max();
    for table in PlainTable::ALL {
        if dataset.absent.contains(&table) {
            continue;
        }
        let mut text = format!("patient,{}\n", table.columns().join(","));
        for place in 0..most_rows.unwrap_or_default() {
            for (name, patient) in patients {
                let Some(row) = patient.rows.get(place).filter(|row| row.table == table) else {
                    continue;
                };
                text += name;
                for column in table.columns() {
                    text.push(',');
                    text += &quoted(row.text(column));
                }
                text.push('\n');
            }
        }
        files.push((format!("{}.csv", table.name()), text));
    }
    files
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn settings(dataset: &PlainDataset) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !dataset.cut_off.is_empty() {
        lines.push("[dataset]".to_owned());
        lines.push(format!("cut_off = \"{}\"", dataset.cut_off));
    }
    for table in &dataset.incomplete {
        lines.push(format!("[{}]", table.name()));
        lines.push("complete = false".to_owned());
    }
    for (table, code) in &dataset.incomplete_codes {
        lines.push(format!("[{}.codes.\"{code}\"]", table.name()));
        lines.push("complete = false".to_owned());
    }
    for (code, value, unit) in &dataset.half_lives {
        lines.push(format!("[half_lives.\"{code}\"]"));
        lines.push(format!("value = \"{value} {unit}\""));
    }
    lines.push(String::new());
    lines.join("\n")
}
