//! Patients that are made up: rows of tables, written and read like any others.

use std::cell::OnceCell;
use std::sync::Arc;

use lind_model::Standing;
use lind_model::cases::{Expected, TestCase};
use lind_model::plan::NeededTable;
use lind_model::protocol::FactTable;
use lind_records::Table;
use lind_time::{Day, When};

/// A row of a table about one patient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// Which table.
    pub(crate) table: Table,
    /// The cells by their columns; the first is what the row is about.
    pub(crate) cells: Vec<(&'static str, String)>,
}

impl Row {
    /// A row about something: a code, a milestone, a question.
    pub(crate) fn new(table: Table, about: impl Into<String>) -> Self {
        let column = table.columns().get(1).copied().unwrap_or_default();
        Self {
            table,
            cells: vec![(column, about.into())],
        }
    }

    /// The same with a text in a column.
    pub(crate) fn with(mut self, column: &'static str, text: impl Into<String>) -> Self {
        self.cells.retain(|(own, _)| *own != column);
        self.cells.push((column, text.into()));
        self
    }

    /// What it is about.
    pub(crate) fn about(&self) -> &str {
        self.cells.first().map_or("", |(_, text)| text)
    }

    /// The text of a column; empty if it has none.
    pub(crate) fn text(&self, column: &str) -> &str {
        let cell = self.cells.iter().find(|(name, _)| *name == column);
        cell.map_or("", |(_, text)| text)
    }
}

/// A made-up patient, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Patient {
    /// The sex as tables write it.
    pub(crate) sex: Option<&'static str>,
    /// The date of birth.
    pub(crate) born: Option<Day>,
    /// What is recorded.
    pub(crate) rows: Vec<Row>,
}

impl Patient {
    /// Nothing is recorded.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    pub(crate) fn with(row: Row) -> Self {
        Self {
            rows: vec![row],
            ..Self::default()
        }
    }

    /// Puts a part beside this one.
    pub(crate) fn join(&mut self, other: &Self) {
        self.sex = self.sex.or(other.sex);
        self.born = self.born.or(other.born);
        self.rows.extend(other.rows.iter().cloned());
    }
}

/// Patients of tests, and others, who serve as examples; each is moved in time when somebody asks for them.
pub(crate) struct Examples<'t> {
    tests: Vec<Example<'t>>,
    others: Vec<Patient>,
    day: Day,
}

/// A test with the milestone that is to fall on the day.
struct Example<'t> {
    test: &'t TestCase,
    milestone: Arc<str>,
    moved: OnceCell<Option<Patient>>,
}

impl<'t> Examples<'t> {
    /// Nobody.
    pub(crate) fn none() -> Self {
        Self {
            tests: Vec::new(),
            others: Vec::new(),
            day: Day::EPOCH,
        }
    }

    /// The patients of tests, moved so that the milestone of each falls on a day; those who never reached it are left
    /// out.
    pub(crate) fn of_tests(
        tests: impl IntoIterator<Item = (&'t TestCase, Arc<str>)>,
        day: Day,
    ) -> Self {
        let tests = tests.into_iter().map(|(test, milestone)| Example {
            test,
            milestone,
            moved: OnceCell::new(),
        });
        Self {
            tests: tests.collect(),
            others: Vec::new(),
            day,
        }
    }

    /// Adds patients as they are.
    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Patient>) {
        self.others.extend(others);
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Patient> {
        let tests = self.tests.iter();
        tests
            .filter_map(|example| self.moved(example))
            .chain(&self.others)
    }

    /// The patients of those tests that expect somebody to stand so.
    pub(crate) fn expected(&self, standing: Standing) -> impl Iterator<Item = &Patient> {
        let expects = move |example: &&Example<'_>| {
            let mut expectations = example.test.expectations.iter();
            expectations.any(|own| own.expected == Expected::Standing(standing))
        };
        let tests = self.tests.iter().filter(expects);
        tests.filter_map(|example| self.moved(example))
    }

    fn moved<'e>(&self, example: &'e Example<'_>) -> Option<&'e Patient> {
        let moved = || of_test(example.test, &example.milestone, self.day);
        example.moved.get_or_init(moved).as_ref()
    }
}

/// The table that a plan means.
pub(crate) fn table_of(needed: NeededTable) -> Table {
    match needed {
        NeededTable::Milestones => Table::Milestones,
        NeededTable::Observations => Table::Observations,
        NeededTable::Facts(table) => fact_table(table),
        NeededTable::Attestations => Table::Attestations,
        NeededTable::Visits => Table::Visits,
        NeededTable::Assignments => Table::Assignments,
    }
}

/// The table in which facts of a kind stand.
pub(crate) fn fact_table(table: FactTable) -> Table {
    match table {
        FactTable::Conditions => Table::Conditions,
        FactTable::Treatments => Table::Treatments,
        FactTable::Procedures => Table::Procedures,
        FactTable::Allergies => Table::Allergies,
        FactTable::Results => Table::Observations,
        FactTable::AdverseEvents => Table::AdverseEvents,
    }
}

/// The columns that hold times.
const TIMES: [&str; 7] = [
    "time",
    "onset",
    "abatement",
    "start",
    "end",
    "birth_date",
    "death_date",
];

/// The patient of a test, moved in time so that a milestone falls on a day.
fn of_test(test: &TestCase, milestone: &str, day: Day) -> Option<Patient> {
    let rows = test.patient.rows.iter().map(|row| {
        let mut own = Row::new(table_of(row.table), &*row.about);
        own.cells.extend(
            row.cells
                .iter()
                .map(|(column, text)| (*column, text.to_string())),
        );
        own
    });
    let rows: Vec<Row> = rows.collect();
    let theirs = rows
        .iter()
        .find(|row| row.table == Table::Milestones && row.about() == milestone)
        .and_then(|row| When::parse(row.text("time")).ok())?;
    let by = theirs.first_day().days_until(day);
    let moved = |text: &str| -> Option<String> {
        let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
        let day = Day::parse(date).ok()?.add_days(by)?;
        Some(format!("{day}{rest}"))
    };
    let mut patient = Patient {
        sex: test.patient.sex,
        born: test
            .patient
            .born
            .as_deref()
            .and_then(|born| Day::parse(born).ok())
            .and_then(|born| born.add_days(by)),
        rows: Vec::with_capacity(rows.len()),
    };
    for mut row in rows {
        for (column, text) in &mut row.cells {
            if TIMES.contains(column)
                && let Some(later) = moved(text)
            {
                *text = later;
            }
        }
        patient.rows.push(row);
    }
    Some(patient)
}
