//! One file of one of OMOP's tables, row by row.

use lind_diagnostics::Rule;

use crate::excerpt::quoted;
use crate::found::{Lost, Origin};
use crate::intake::Intake;
use crate::place::FileId;
use crate::record::{Breakage, Step};
use crate::records::Records;
use crate::{ColumnKind, ReadError, Table, Tables, rules};

/// What is read of one of OMOP's tables.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its name.
    pub(super) table: &'static str,
    /// The columns that are read. The first `needed` must be there.
    pub(super) columns: &'static [&'static str],
    pub(super) needed: usize,
    /// Which of Lind's tables its rows may be of.
    pub(super) tables: &'static [Table],
}

/// One file of one of OMOP's tables.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) file: FileId,
    records: Records,
    positions: Vec<Option<usize>>,
}

/// Why nothing can be read of a file.
type Refused = (&'static Rule, String);

/// Where each column stands.
fn positions(
    records: &Records,
    file: &str,
    layout: &Layout,
) -> Result<Vec<Option<usize>>, Refused> {
    let names: Vec<String> = (0..records.field_count())
        .map(|field| String::from_utf8_lossy(records.bytes(field)).to_ascii_lowercase())
        .collect();
    let mut positions = Vec::new();
    for (at, column) in layout.columns.iter().enumerate() {
        let mut found = names
            .iter()
            .enumerate()
            .filter(|(_, name)| name == column)
            .map(|(position, _)| position);
        let position = found.next();
        if found.next().is_some() {
            let message = format!(
                "two columns of {} are named `{column}`, and nothing says which one holds",
                quoted(file)
            );
            return Err((&rules::D0702_COLUMN_TWICE, message));
        }
        if position.is_none() && at < layout.needed {
            let message = format!(
                "the column `{column}` is missing; {} cannot be used without it",
                quoted(file)
            );
            return Err((&rules::D0701_MISSING_COLUMN, message));
        }
        let infos = records.columns();
        let info = position.and_then(|position| infos?.get(position));
        if let Some(info) = info.filter(|info| info.kind == ColumnKind::Other) {
            let message = format!(
                "the column `{column}` is of type {}, which is not read; {} cannot be used",
                quoted(&info.written),
                quoted(file)
            );
            return Err((&rules::D0802_COLUMN_TYPE, message));
        }
        positions.push(position);
    }
    Ok(positions)
}

/// A row of a [`Sheet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Whole,
    Broken(Breakage),
}

impl Sheet {
    /// Opens a file and finds the columns. None: nothing can be read of it, and that is told.
    pub(super) fn open(
        tables: &dyn Tables,
        name: &str,
        layout: &Layout,
        intake: &mut Intake,
    ) -> Result<Option<Self>, ReadError> {
        let Some((rule, message)) = (match Sheet::try_open(tables, name, layout)? {
            None => return Ok(None),
            Some(Ok(mut sheet)) => {
                sheet.file = intake.file(name);
                return Ok(Some(sheet));
            }
            Some(Err(refused)) => Some(refused),
        }) else {
            return Ok(None);
        };
        let file = intake.file(name);
        intake.lost(&Lost {
            tables: layout.tables,
            patient: None,
            codes: "",
            rule,
            column: None,
            message,
            origin: Origin {
                file,
                line: 1,
                entry: 0,
                record: "",
            },
        });
        Ok(None)
    }

    /// Opens a file of which nothing is told and no row is handed over.
    pub(super) fn peek(
        tables: &dyn Tables,
        name: &str,
        layout: &Layout,
    ) -> Result<Option<Self>, ReadError> {
        Ok(Sheet::try_open(tables, name, layout)?.and_then(Result::ok))
    }

    /// None: there is no such file. Refused: why nothing can be read of it.
    fn try_open(
        tables: &dyn Tables,
        name: &str,
        layout: &Layout,
    ) -> Result<Option<Result<Self, Refused>>, ReadError> {
        let error = |cause| ReadError::new(name, cause);
        let Some(mut records) = Records::open(tables, name).map_err(error)? else {
            return Ok(None);
        };
        let mut step = records.step().map_err(error)?;
        // The vocabularies come with tabs, and without quotes around texts.
        if records.field_count() == 1 && records.bytes(0).contains(&b'\t') {
            let Some(again) = Records::open(tables, name).map_err(error)? else {
                return Ok(None);
            };
            records = again;
            records.separate_by(b'\t');
            step = records.step().map_err(error)?;
        }
        if let Some(why) = records.refusal() {
            let message = format!("{} {why}", quoted(name));
            return Ok(Some(Err((&rules::D0703_UNREADABLE_TABLE, message))));
        }
        if step != Step::Row {
            let message = format!(
                "the first line of {} does not name columns that can be read",
                quoted(name)
            );
            return Ok(Some(Err((&rules::D0703_UNREADABLE_TABLE, message))));
        }
        let positions = match positions(&records, name, layout) {
            Ok(positions) => positions,
            Err(refused) => return Ok(Some(Err(refused))),
        };
        records.expect_width(records.field_count());
        let mut sheet = Sheet {
            name: name.to_owned(),
            file: FileId::NONE,
            records,
            positions,
        };
        let all: Vec<usize> = (0..layout.columns.len()).collect();
        sheet.only(&all);
        Ok(Some(Ok(sheet)))
    }

    /// Reads these columns alone, where the file lets one choose. To be said before the first row.
    pub(super) fn only(&mut self, columns: &[usize]) {
        let fields: Vec<usize> = columns
            .iter()
            .filter_map(|column| self.position(*column))
            .collect();
        self.records.only(&fields);
    }

    /// Goes on to the next row; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Row>, ReadError> {
        let step = self.records.step();
        match step.map_err(|cause| ReadError::new(&self.name, cause))? {
            Step::End => Ok(None),
            Step::Row => Ok(Some(Row::Whole)),
            Step::Broken(breakage) => Ok(Some(Row::Broken(breakage))),
        }
    }

    pub(super) fn line(&self) -> u32 {
        self.records.line()
    }

    pub(super) fn position(&self, column: usize) -> Option<usize> {
        self.positions.get(column).copied().flatten()
    }

    /// The text of a cell without blanks around it; empty if the file does not have the column, or
    /// if it is no text.
    pub(super) fn cell(&self, column: usize) -> &str {
        let Some(position) = self.position(column) else {
            return "";
        };
        std::str::from_utf8(self.records.bytes(position)).unwrap_or_default()
    }

    /// The number of a concept, or of a row; none for 0, which means that there is none.
    pub(super) fn id(&self, column: usize) -> Option<i64> {
        number(self.cell(column)).filter(|id| *id != 0)
    }

    pub(super) fn origin<'r>(&self, record: &'r str) -> Origin<'r> {
        Origin {
            file: self.file,
            line: self.line(),
            entry: 0,
            record,
        }
    }
}

/// The name of a patient or of a row: where a column of numbers went through a program that knows
/// but floating point, without the `.0`.
pub(super) fn name(cell: &str) -> &str {
    match cell.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => cell,
    }
}

pub(super) fn number(cell: &str) -> Option<i64> {
    name(cell).parse().ok()
}
