//! Tables that a program writes row by row, to be read like any others.

use std::collections::BTreeMap;

use crate::{MemoryTables, Table};

/// Tables that are written row by row. Every table is there from the start, so that what is not in it is not so.
///
/// ```
/// use lind_records::{Sheets, Table};
///
/// let mut sheets = Sheets::new();
/// sheets.add(Table::Patients, "p1", &[("sex", "female")]);
/// let line = sheets.add(Table::Conditions, "p1", &[("code", "icd10|M32.9"), ("onset", "2020-01")]);
/// assert_eq!(line, 2); // behind the header
/// let tables = sheets.into_tables();
/// ```
#[derive(Debug, Clone)]
pub struct Sheets {
    sheets: BTreeMap<Table, Sheet>,
}

#[derive(Debug, Clone)]
struct Sheet {
    text: String,
    lines: u32,
}

impl Default for Sheets {
    fn default() -> Self {
        Self::new()
    }
}

impl Sheets {
    /// Every table with its header and nothing else.
    #[must_use]
    pub fn new() -> Self {
        let sheet = |table: Table| Sheet {
            text: format!("{}\n", table.columns().join(",")),
            lines: 1,
        };
        Self {
            sheets: Table::ALL
                .into_iter()
                .map(|table| (table, sheet(table)))
                .collect(),
        }
    }

    /// Adds a row of a patient and gives its line. Columns that are not named are empty; cells of columns that the
    /// table does not have are left out.
    pub fn add(&mut self, table: Table, patient: &str, cells: &[(&str, &str)]) -> u32 {
        let Some(sheet) = self.sheets.get_mut(&table) else {
            return 0;
        };
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let others = table.columns().iter().skip(1).map(|column| {
            let cell = cells.iter().find(|(name, _)| name == column);
            quoted(cell.map_or("", |(_, text)| text))
        });
        let row: Vec<String> = std::iter::once(quoted(patient)).chain(others).collect();
        sheet.text.push_str(&row.join(","));
        sheet.text.push('\n');
        sheet.lines = sheet.lines.saturating_add(1);
        sheet.lines
    }

    /// The tables with their names, as text.
    pub fn texts(&self) -> impl Iterator<Item = (Table, &str)> {
        self.sheets
            .iter()
            .map(|(table, sheet)| (*table, sheet.text.as_str()))
    }

    /// The tables, to be read.
    #[must_use]
    pub fn into_tables(self) -> MemoryTables {
        let sheets = self.sheets.into_iter();
        sheets.fold(MemoryTables::new(), |tables, (table, sheet)| {
            tables.with(table.file(), sheet.text)
        })
    }
}
