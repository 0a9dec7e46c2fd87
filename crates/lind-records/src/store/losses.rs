//! Records of known patients that a source lost, and what is said of them.

use std::sync::Arc;

use super::NewColumn;
use crate::place::Provenance;
use crate::{Problem, Table};

/// The name of the file.
pub(super) const FILE: &str = "lost.parquet";

/// Its columns.
pub(super) const COLUMNS: [NewColumn; 12] = [
    NewColumn::integer("patient_row"),
    NewColumn::text("table"),
    NewColumn::text("code"),
    NewColumn::text("column"),
    NewColumn::text("rule"),
    NewColumn::text("message"),
    NewColumn::text("source_column"),
    NewColumn::integer("source_column_number"),
    NewColumn::text("source_file"),
    NewColumn::integer("source_line"),
    NewColumn::integer("source_entry"),
    NewColumn::text("source_record"),
];

/// A record of a patient that was lost.
#[derive(Clone, Debug)]
pub(crate) struct LostRow {
    pub(crate) table: Table,
    /// Its codes, if that much could be read; else empty.
    pub(crate) code: Box<str>,
    /// The column of the table that is wrong, if it is one.
    pub(crate) column: Option<&'static str>,
    pub(crate) at: Provenance,
    pub(crate) problem: Arc<Problem>,
}
