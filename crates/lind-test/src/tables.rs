//! The patients of tests as tables of patient data.

use std::collections::BTreeMap;

use lind_diagnostics::Span;
use lind_model::cases::{CaseGap, TestCase};
use lind_model::plan::NeededTable;
use lind_model::protocol::FactTable;
use lind_records::{MemoryTables, Sheets, Table};

/// Tables of several patients, and which line of which test each of their lines comes from.
pub(crate) struct Written {
    pub(crate) tables: MemoryTables,
    /// By table and line of the table.
    pub(crate) origins: BTreeMap<(Table, u32), Span>,
}

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

fn fact_table(table: FactTable) -> Table {
    match table {
        FactTable::Conditions => Table::Conditions,
        FactTable::Treatments => Table::Treatments,
        FactTable::Procedures => Table::Procedures,
        FactTable::Allergies => Table::Allergies,
        FactTable::Results => Table::Observations,
        FactTable::AdverseEvents => Table::AdverseEvents,
    }
}

/// Writes the tables of some tests, in their order. Every table is there, so that what is not in it is not
/// so, but for the gaps.
pub(crate) fn write<'t>(cases: impl Iterator<Item = &'t TestCase>, gaps: &[CaseGap]) -> Written {
    let mut sheets = Sheets::new();
    let mut origins = BTreeMap::new();
    for (index, case) in cases.enumerate() {
        let name = patient_name(index);
        let mut add = |table: Table, cells: &[(&str, &str)], span: Span| {
            origins.insert((table, sheets.add(table, &name, cells)), span);
        };
        let patient = &case.patient;
        let person = [
            ("sex", patient.sex.unwrap_or_default()),
            ("birth_date", patient.born.as_deref().unwrap_or_default()),
        ];
        add(Table::Patients, &person, patient.span);
        for row in &patient.rows {
            let table = table_of(row.table);
            let about = table.columns().get(1).copied().unwrap_or_default();
            let cells: Vec<(&str, &str)> = std::iter::once((about, &*row.about))
                .chain(row.cells.iter().map(|(column, text)| (*column, &**text)))
                .collect();
            add(table, &cells, row.span);
        }
    }
    let mut tables = sheets.into_tables();
    if !gaps.is_empty() {
        tables = tables.with("dataset.toml", settings(gaps));
    }
    Written { tables, origins }
}

/// What the tables call the patient of the n-th of the tests that were written.
fn patient_name(index: usize) -> String {
    format!("test {}", index + 1)
}

/// What is not known, as `dataset.toml` says it.
fn settings(gaps: &[CaseGap]) -> String {
    let mut text = String::new();
    for table in [
        FactTable::Conditions,
        FactTable::Treatments,
        FactTable::Procedures,
        FactTable::Allergies,
        FactTable::AdverseEvents,
    ] {
        let own = || gaps.iter().filter(move |gap| gap.table == table);
        if own().next().is_none() {
            continue;
        }
        let name = fact_table(table).name();
        text.push_str(&format!("[{name}]\n"));
        if own().any(|gap| gap.about.is_none()) {
            text.push_str("complete = false\n");
        }
        for about in own().filter_map(|gap| gap.about.as_deref()) {
            // Names of the language are letters, digits and `_`: no quote needs to be escaped.
            text.push_str(&format!("[{name}.codes.\"{about}\"]\ncomplete = false\n"));
        }
    }
    text
}
