//! The tables and their columns.

use std::fmt;

/// One of the tables that data come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One row a patient: sex, birth, death.
    Patients,
    /// When consent, enrolment, the first dose … were.
    Milestones,
    /// Laboratory results, vital signs, scores.
    Observations,
    /// Diagnoses.
    Conditions,
    /// Drugs and other therapies.
    Treatments,
    /// Operations, transplants, transfusions, vaccinations.
    Procedures,
    /// Allergies.
    Allergies,
    /// Adverse events.
    AdverseEvents,
    /// What a person answered when asked to judge.
    Attestations,
    /// Which visit took place when.
    Visits,
    /// Which dose level or arm a patient was assigned to.
    Assignments,
    /// What was decided of the trial's dose levels. Its rows are of no patient.
    Decisions,
}

/// Where the patient stands in [`Table::columns`].
pub(crate) const PATIENT: usize = 0;

/// Where what the rows are looked up by stands in [`Table::columns`].
pub(crate) const CODE: usize = 1;

/// The most columns a table has.
pub(crate) const MOST_COLUMNS: usize = 14;

// A column beyond the last would never be read.
const _: () = assert!(Table::Observations.columns().len() <= MOST_COLUMNS);

impl Table {
    /// Every table, patients first and the one that is of no patient last.
    pub const ALL: [Table; 12] = [
        Table::Patients,
        Table::Milestones,
        Table::Observations,
        Table::Conditions,
        Table::Treatments,
        Table::Procedures,
        Table::Allergies,
        Table::AdverseEvents,
        Table::Attestations,
        Table::Visits,
        Table::Assignments,
        Table::Decisions,
    ];

    /// The tables whose rows are facts about patients.
    pub const FACTS: [Table; 10] = [
        Table::Milestones,
        Table::Observations,
        Table::Conditions,
        Table::Treatments,
        Table::Procedures,
        Table::Allergies,
        Table::AdverseEvents,
        Table::Attestations,
        Table::Visits,
        Table::Assignments,
    ];

    /// Where the table stands in [`Table::FACTS`]; none: it is no table of facts.
    pub(crate) fn place_in_facts(self) -> Option<usize> {
        Table::FACTS.iter().position(|other| *other == self)
    }

    /// The name of the table, which is the name of its file without the ending: `observations`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Table::Patients => "patients",
            Table::Milestones => "milestones",
            Table::Observations => "observations",
            Table::Conditions => "conditions",
            Table::Treatments => "treatments",
            Table::Procedures => "procedures",
            Table::Allergies => "allergies",
            Table::AdverseEvents => "adverse_events",
            Table::Attestations => "attestations",
            Table::Visits => "visits",
            Table::Assignments => "assignments",
            Table::Decisions => "decisions",
        }
    }

    /// The name of the table's file: `observations.csv`.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Table::Patients => "patients.csv",
            Table::Milestones => "milestones.csv",
            Table::Observations => "observations.csv",
            Table::Conditions => "conditions.csv",
            Table::Treatments => "treatments.csv",
            Table::Procedures => "procedures.csv",
            Table::Allergies => "allergies.csv",
            Table::AdverseEvents => "adverse_events.csv",
            Table::Attestations => "attestations.csv",
            Table::Visits => "visits.csv",
            Table::Assignments => "assignments.csv",
            Table::Decisions => "decisions.csv",
        }
    }

    /// The name of the table's file if it is one of Parquet: `observations.parquet`.
    #[must_use]
    pub fn parquet_file(self) -> String {
        format!("{}.parquet", self.name())
    }

    /// The table of this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The columns that are read: of a table about patients the patient first, then what the rows are looked up by.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Patients => &["patient", "sex", "birth_date", "death_date"],
            Table::Milestones => &["patient", "milestone", "time", "status"],
            Table::Observations => &[
                "patient",
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
                "status",
            ],
            Table::Conditions => &[
                "patient",
                "code",
                "onset",
                "abatement",
                "status",
                "severity",
                "body_site",
            ],
            Table::Treatments => &[
                "patient",
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
                "status",
            ],
            Table::Procedures => &["patient", "code", "time", "body_site", "status"],
            Table::Allergies => &["patient", "code", "severity", "onset", "status"],
            Table::AdverseEvents => &[
                "patient", "term", "scale", "grade", "onset", "end", "related", "serious", "dlt",
                "status",
            ],
            Table::Attestations => &["patient", "item", "answer", "time", "by", "status"],
            Table::Visits => &["patient", "visit", "start", "end", "status"],
            Table::Assignments => &["patient", "assigned", "time", "replaces", "status"],
            Table::Decisions => &["time", "level", "action", "to", "by", "reason", "status"],
        }
    }

    /// Where the time stands when it was, or began; of patients the birth.
    pub(crate) const fn time_column(self) -> usize {
        match self {
            Table::Patients => self.column("birth_date"),
            Table::Milestones
            | Table::Observations
            | Table::Procedures
            | Table::Attestations
            | Table::Assignments
            | Table::Decisions => self.column("time"),
            Table::Conditions | Table::Allergies | Table::AdverseEvents => self.column("onset"),
            Table::Treatments | Table::Visits => self.column("start"),
        }
    }

    /// Columns that are known and whose text is left alone.
    pub(crate) const fn unread_columns(self) -> &'static [&'static str] {
        match self {
            Table::Conditions | Table::Treatments | Table::Procedures | Table::Visits => &["text"],
            _ => &[],
        }
    }

    /// Where a column stands in [`Table::columns`]. Called while the program compiles, where a
    /// column that does not exist fails the build.
    pub(crate) const fn column(self, name: &str) -> usize {
        let mut rest = self.columns();
        let mut at = 0;
        while let [column, tail @ ..] = rest {
            if same_text(column, name) {
                return at;
            }
            rest = tail;
            at += 1;
        }
        assert!(at == usize::MAX, "the table has no such column");
        at
    }

    /// How many of the first [`Table::columns`] must be there.
    pub(crate) const fn required(self) -> usize {
        match self {
            Table::Patients => 1,
            Table::Milestones
            | Table::Attestations
            | Table::Visits
            | Table::Assignments
            | Table::Decisions => 3,
            _ => 2,
        }
    }
}

const fn same_text(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([first, rest @ ..], [other_first, other_rest @ ..]) = (one, other) {
        if *first != *other_first {
            return false;
        }
        one = rest;
        other = other_rest;
    }
    one.is_empty() && other.is_empty()
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
