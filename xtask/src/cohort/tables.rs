//! The tables of a cohort as CSV.

use super::File;
use super::patient::Patient;

/// A table with rows of patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Milestones,
    Observations,
    Conditions,
    Treatments,
    Procedures,
    Allergies,
    Attestations,
}

impl Table {
    const ALL: [Self; 7] = [
        Self::Milestones,
        Self::Observations,
        Self::Conditions,
        Self::Treatments,
        Self::Procedures,
        Self::Allergies,
        Self::Attestations,
    ];

    const fn file(self) -> &'static str {
        match self {
            Self::Milestones => "milestones.csv",
            Self::Observations => "observations.csv",
            Self::Conditions => "conditions.csv",
            Self::Treatments => "treatments.csv",
            Self::Procedures => "procedures.csv",
            Self::Allergies => "allergies.csv",
            Self::Attestations => "attestations.csv",
        }
    }

    /// The columns beside the patient; the first is what a row is about.
    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Milestones => &["milestone", "time"],
            Self::Observations => &[
                "code",
                "time",
                "comparator",
                "value",
                "unit",
                "high",
                "result",
                "specimen",
            ],
            Self::Conditions => &["code", "onset", "abatement", "status", "text"],
            Self::Treatments => &[
                "code",
                "start",
                "end",
                "dose",
                "unit",
                "frequency",
                "investigational",
                "text",
            ],
            Self::Procedures => &["code", "time", "text"],
            Self::Allergies => &["code", "severity", "onset"],
            Self::Attestations => &["item", "answer", "time", "by"],
        }
    }

    /// The column that says what a row is about.
    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Milestones => "milestone",
            Self::Attestations => "item",
            _ => "code",
        }
    }
}

/// The tables, each with the rows of one patient together.
pub(super) fn write(patients: &[Patient]) -> Vec<File> {
    let mut list = String::from("patient,sex,birth_date\n");
    for patient in patients {
        line(&mut list, [patient.id, patient.sex, patient.birth_date]);
    }
    let mut files = vec![File {
        name: "patients.csv",
        text: list,
    }];
    for table in Table::ALL {
        let columns = table.columns();
        let mut text = String::new();
        line(&mut text, ["patient"].iter().chain(columns).copied());
        for patient in patients {
            for row in patient.rows.iter().filter(|row| row.table == table) {
                let fields = columns.iter().map(|column| row.get(column));
                line(&mut text, [patient.id].into_iter().chain(fields));
            }
        }
        files.push(File {
            name: table.file(),
            text,
        });
    }
    files
}

/// Adds a line of CSV; a field is quoted only if it must be.
pub(super) fn line<'f>(text: &mut String, fields: impl IntoIterator<Item = &'f str>) {
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push('\n');
}
