//! Which column stands where.

use std::sync::Arc;

use lind_diagnostics::closest;

use crate::columns::ColumnKind;
use crate::excerpt::{list, quoted};
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::table::MOST_COLUMNS;
use crate::{Problem, Table, rules};

/// Which column of a file each of the table's columns is.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// In the order of [`Table::columns`]; none where the file does not have the column.
    positions: [Option<usize>; MOST_COLUMNS],
    /// How many columns the file has.
    width: usize,
    /// The name of the file.
    file: Arc<str>,
}

impl Columns {
    /// Columns of which it is known where they stand.
    pub(crate) fn of(file: Arc<str>, width: usize, places: &[Option<usize>]) -> Self {
        let mut positions = [None; MOST_COLUMNS];
        for (position, place) in positions.iter_mut().zip(places) {
            *position = *place;
        }
        Columns {
            positions,
            width,
            file,
        }
    }

    /// Where each column of the table stands in the file.
    pub(crate) fn positions(&self) -> &[Option<usize>] {
        &self.positions
    }

    /// Where a column of the table stands in the file, from 0.
    pub(crate) fn position(&self, column: usize) -> Option<usize> {
        self.positions.get(column).copied().flatten()
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Which fields of the file are read.
    pub(crate) fn fields(&self) -> Vec<usize> {
        self.positions.iter().copied().flatten().collect()
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Reads the header. What is wrong with it is recorded; none: the table cannot be used.
    pub(crate) fn read(
        table: Table,
        records: &mut Records,
        recorder: &mut Recorder,
    ) -> std::io::Result<Option<Columns>> {
        let step = records.step()?;
        Ok(match names(table, records, step) {
            Ok(names) => {
                let columns = columns(table, &names, records, recorder);
                if let Some(columns) = &columns {
                    records.only(&columns.fields());
                }
                columns
            }
            Err(message) => {
                recorder.record(Problem {
                    rule: &rules::D0703_UNREADABLE_TABLE,
                    file: records.file().to_string(),
                    line: records.line().max(1),
                    record: None,
                    column: None,
                    column_number: None,
                    message,
                });
                None
            }
        })
    }
}

/// The names of the columns as written, or why there are none.
fn names(table: Table, records: &Records, step: Step) -> Result<Vec<String>, String> {
    let file = records.file();
    if let Some(why) = records.refusal() {
        return Err(format!("{file} {why}"));
    }
    match step {
        Step::Row => {}
        Step::End => return Err(format!("{file} is empty: not even its columns are named")),
        Step::Broken(Breakage::NotUtf8 { .. } | Breakage::Nul { .. }) => {
            return Err(format!(
                "the first line of {file} is not text in UTF-8; save the file as CSV in UTF-8"
            ));
        }
        Step::Broken(Breakage::TooLong) => {
            return Err(format!(
                "the first line of {file} is longer than 1 MiB, so it does not name columns"
            ));
        }
        Step::Broken(_) => {
            return Err(format!(
                "the first line of {file} has a quote that is not closed, so the columns cannot \
                 be told apart"
            ));
        }
    }
    let text = records.text();
    if text.trim().contains('\r') {
        return Err(format!(
            "the lines of {file} end as on old Macintosh systems; save the file with the line ends \
             of Windows or Unix"
        ));
    }
    let names: Vec<String> = (0..records.field_count())
        .map(|field| records.field(text, field).trim().to_owned())
        .collect();
    if let [only] = names.as_slice()
        && records.columns().is_none()
    {
        for (separator, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
            if only.contains(separator) {
                return Err(format!(
                    "the columns of {file} are separated by {name}; commas are needed"
                ));
            }
        }
    }
    let known = |name: &String| known_column(table, name).is_some();
    if !names.iter().any(known) {
        return Err(format!(
            "the first line of {file} must name the columns: {}",
            list(table.columns(), table.columns().len())
        ));
    }
    Ok(names)
}

/// The column of this name; capitals do not matter.
fn known_column(table: Table, name: &str) -> Option<usize> {
    table
        .columns()
        .iter()
        .position(|column| column.eq_ignore_ascii_case(name))
}

fn columns(
    table: Table,
    names: &[String],
    records: &Records,
    recorder: &mut Recorder,
) -> Option<Columns> {
    let (file, line) = (Arc::clone(records.file()), records.line().max(1));
    let mut columns = Columns {
        positions: [None; MOST_COLUMNS],
        width: names.len(),
        file: Arc::clone(&file),
    };
    let mut usable = true;
    let mut problem = |rule, name: &str, position: Option<usize>, message| {
        recorder.record(Problem {
            rule,
            file: file.to_string(),
            line,
            record: None,
            column: Some(quoted(name).trim_matches('`').to_owned()).filter(|name| !name.is_empty()),
            column_number: position.and_then(|at| u32::try_from(at + 1).ok()),
            message,
        });
    };
    for (position, name) in names.iter().enumerate() {
        let Some(column) = known_column(table, name) else {
            let left_alone = table
                .unread_columns()
                .iter()
                .any(|column| column.eq_ignore_ascii_case(name));
            if !left_alone {
                let message = unknown_column(table, name, position);
                problem(&rules::D0705_UNKNOWN_COLUMN, name, Some(position), message);
            }
            continue;
        };
        let Some(place) = columns.positions.get_mut(column) else {
            continue;
        };
        if let Some(first) = *place {
            usable = false;
            let message = format!(
                "{} is the name of column {} and of column {}, and nothing says which one holds; \
                 {table} cannot be used",
                quoted(name),
                first + 1,
                position + 1,
            );
            problem(&rules::D0702_COLUMN_TWICE, name, Some(position), message);
        }
        *place = Some(position);
        let info = records.columns().and_then(|columns| columns.get(position));
        if let Some(info) = info.filter(|info| info.kind == ColumnKind::Other) {
            usable = false;
            let message = format!(
                "the column {} is of type {}, which is not read; {table} cannot be used. Write it as \
                 text, a number, a DATE or a TIMESTAMP",
                quoted(name),
                quoted(&info.written),
            );
            problem(&rules::D0802_COLUMN_TYPE, name, Some(position), message);
        }
    }
    for (column, name) in table.columns().iter().enumerate().take(table.required()) {
        if columns.position(column).is_none() {
            usable = false;
            let message =
                format!("the column `{name}` is missing; {table} cannot be used without it");
            problem(&rules::D0701_MISSING_COLUMN, name, None, message);
        }
    }
    usable.then_some(columns)
}

fn unknown_column(table: Table, name: &str, position: usize) -> String {
    if name.is_empty() {
        return format!("column {} has no name and is left alone", position + 1);
    }
    let mut message = format!("{} is no column of {table} and is left alone", quoted(name));
    let columns = table.columns().iter().copied();
    if let Some(meant) = closest(name, columns).filter(|_| name.chars().count() <= 40) {
        message.push_str(&format!("; did you mean `{meant}`?"));
    }
    message
}
