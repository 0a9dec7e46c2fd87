//! What a data manager holds of one person: rows of the tables.

use super::super::File;
use super::super::tables::line;
use super::calendar::Date;

/// A table of the cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    Patients,
    Milestones,
    Observations,
    Conditions,
    Treatments,
    Procedures,
    AdverseEvents,
    Attestations,
    Visits,
    Assignments,
}

impl Sheet {
    pub(super) const ALL: [Self; 10] = [
        Self::Patients,
        Self::Milestones,
        Self::Observations,
        Self::Conditions,
        Self::Treatments,
        Self::Procedures,
        Self::AdverseEvents,
        Self::Attestations,
        Self::Visits,
        Self::Assignments,
    ];

    const fn file(self) -> &'static str {
        match self {
            Self::Patients => "patients.csv",
            Self::Milestones => "milestones.csv",
            Self::Observations => "observations.csv",
            Self::Conditions => "conditions.csv",
            Self::Treatments => "treatments.csv",
            Self::Procedures => "procedures.csv",
            Self::AdverseEvents => "adverse_events.csv",
            Self::Attestations => "attestations.csv",
            Self::Visits => "visits.csv",
            Self::Assignments => "assignments.csv",
        }
    }

    /// The columns beside the patient.
    pub(super) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Patients => &["sex", "birth_date"],
            Self::Milestones => &["milestone", "time"],
            Self::Observations => &[
                "code",
                "time",
                "comparator",
                "value",
                "unit",
                "low",
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
                "route",
                "investigational",
                "text",
            ],
            Self::Procedures => &["code", "time", "text"],
            Self::AdverseEvents => &[
                "term", "scale", "grade", "onset", "end", "related", "serious", "dlt",
            ],
            Self::Attestations => &["item", "answer", "time", "by"],
            Self::Visits => &["visit", "start", "end", "text"],
            Self::Assignments => &["assigned", "time", "replaces"],
        }
    }
}

/// A row: what stands in which column.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) sheet: Sheet,
    fields: Vec<(&'static str, String)>,
}

impl Row {
    pub(super) fn new(sheet: Sheet) -> Self {
        Self {
            sheet,
            fields: Vec::new(),
        }
    }

    /// The same row with a column set.
    pub(super) fn set(mut self, column: &'static str, text: impl Into<String>) -> Self {
        self.fields.push((column, text.into()));
        self
    }

    /// What stands in a column; blank if nothing was set.
    pub(super) fn get(&self, column: &str) -> &str {
        self.fields
            .iter()
            .rev()
            .find(|(name, _)| *name == column)
            .map_or("", |(_, text)| text.as_str())
    }

    /// The day that a column names.
    pub(super) fn day(&self, column: &str) -> Option<Date> {
        Date::read(self.get(column))
    }
}

/// The limits of a laboratory, as it prints them; blank where it has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits(pub(super) &'static str, pub(super) &'static str);

/// A measure that has no limits.
pub(super) const NO_LIMITS: Limits = Limits("", "");

/// One person.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) rows: Vec<Row>,
}

impl Chart {
    pub(super) fn new(id: &'static str, sex: &'static str, birth_date: &'static str) -> Self {
        let person = Row::new(Sheet::Patients)
            .set("sex", sex)
            .set("birth_date", birth_date);
        Self {
            id,
            rows: vec![person],
        }
    }

    pub(super) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The rows of a table.
    pub(super) fn of(&self, sheet: Sheet) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.sheet == sheet)
    }

    pub(super) fn milestone(&mut self, name: &'static str, time: impl ToString) {
        self.add(
            Row::new(Sheet::Milestones)
                .set("milestone", name)
                .set("time", time.to_string()),
        );
    }

    /// A number that was measured.
    pub(super) fn value(
        &mut self,
        code: &'static str,
        time: impl ToString,
        value: impl Into<String>,
        unit: &'static str,
        limits: Limits,
    ) {
        self.add(
            Row::new(Sheet::Observations)
                .set("code", code)
                .set("time", time.to_string())
                .set("value", value)
                .set("unit", unit)
                .set("low", limits.0)
                .set("high", limits.1),
        );
    }

    /// Less than the assay can count.
    pub(super) fn below(
        &mut self,
        code: &'static str,
        time: impl ToString,
        limit: &'static str,
        unit: &'static str,
    ) {
        self.value(code, time, limit, unit, NO_LIMITS);
        if let Some(row) = self.rows.last_mut() {
            row.fields.push(("comparator", "<".to_owned()));
        }
    }

    /// A result in words.
    pub(super) fn result(
        &mut self,
        code: impl Into<String>,
        time: impl ToString,
        result: impl Into<String>,
    ) {
        self.add(
            Row::new(Sheet::Observations)
                .set("code", code)
                .set("time", time.to_string())
                .set("result", result),
        );
    }
}

/// A number with so many decimals: 1874 with two is 18.74.
pub(super) fn decimal(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / unit, value.abs() % unit);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or(0);
    format!("{sign}{whole}.{rest:0width$}")
}

/// Reads what [`decimal`] wrote, with at most so many decimals; none if it is no such number.
pub(super) fn read_decimal(text: &str, places: u32) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let missing = places.checked_sub(u32::try_from(rest.len()).ok()?)?;
    let digits: i64 = format!("{whole}{rest}").parse().ok()?;
    Some(digits * 10_i64.pow(missing))
}

/// The tables of all of them, the rows of one person together.
pub(super) fn tables(charts: &[Chart]) -> Vec<File> {
    Sheet::ALL
        .iter()
        .map(|&sheet| {
            let columns = sheet.columns();
            let mut text = String::new();
            line(&mut text, ["patient"].iter().chain(columns).copied());
            for chart in charts {
                for row in chart.of(sheet) {
                    let fields = columns.iter().map(|column| row.get(column));
                    line(&mut text, [chart.id].into_iter().chain(fields));
                }
            }
            File {
                name: sheet.file(),
                text,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{decimal, read_decimal};

    #[test]
    fn decimals_are_read_as_they_are_written() {
        for (value, places, text) in [(1874, 2, "18.74"), (-5, 1, "-0.5"), (7, 0, "7")] {
            assert_eq!(decimal(value, places), text);
        }
        assert_eq!(read_decimal("18.74", 2), Some(1874));
        assert_eq!(read_decimal("7", 2), Some(700));
        assert_eq!(read_decimal("7.125", 2), None);
    }
}
