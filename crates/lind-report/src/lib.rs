//! Verdicts, evidence and readings as people and programs read them: tables and trees of text, Markdown,
//! pages of HTML, CSV, and JSON with a schema of its own.
//!
//! ```
//! use lind_model::{MilestoneId, Standing, Verdict};
//! use lind_report::Tally;
//!
//! let mut tally = Tally::default();
//! tally.add(&Verdict { gate: MilestoneId(0), standing: Standing::Eligible, criteria: Vec::new() });
//! assert_eq!(tally.summary(), "1 patient: 1 eligible, 0 ineligible, 0 undetermined");
//! ```
//!
//! # Invariants
//! - Takes verdicts, never the evaluator; decides nothing and computes nothing but counts.
//! - Asks neither disk nor environment nor terminal: the same values give the same bytes.
//! - What is written grows with one patient, not with their number: tables are made row by row.
//! - No control character and no mark of reading direction of a protocol or of data leaves this crate but in
//!   CSV, whose cells are data; JSON escapes them.
//! - A page of HTML loads nothing and runs nothing; a text that looks like markup stays a text.
//! - Wire types are this crate's own, and each format has a name and a version; no type of the model is
//!   serialised.
#![forbid(unsafe_code)]

mod boundary;
mod calendar;
mod cases;
mod columns;
mod data;
mod difference;
mod doc;
mod escalation;
pub mod html;
mod json;
mod names;
mod plain;
mod readings;
mod screen;
mod style;
mod trace;
mod trial;
mod why;

pub use boundary::{
    Boundaries, absent_csv, boundary_csv, boundary_json, boundary_summary, boundary_text,
};
pub use calendar::{Calendar, calendar_json, calendar_text, deviation_sentence};
pub use cases::{TestReport, coverage_text, junit_xml, mutants_text, tests_json, tests_text};
pub use data::{
    Code, Coverage, CriterionCoverage, DataCheck, Kind, MappingLine, Need, ProblemKind, UnitOfCode,
    UnknownUnit, data_check_html, data_check_json, data_check_text,
};
pub use difference::{
    Compared, FindingRow, amendment_json, amendment_markdown, difference_json, difference_text,
    new_protocol_json, new_protocol_markdown,
};
pub use doc::{protocol_html, protocol_markdown, protocol_text};
pub use escalation::{
    DesignTable, Replayed, Simulated, Simulations, escalation_table_json,
    escalation_table_markdown, escalation_table_text, escalation_tables_html, replay_json,
    replay_markdown, replay_text, simulation_html, simulation_json, simulation_markdown,
    simulation_text,
};
pub use plain::{one_line, visible};
pub use readings::{Flip, OtherReading, Readings, readings_json, readings_text};
pub use screen::{
    Screened, Tally, TextTable, csv_header, csv_row, csv_rows, json_line, markdown_head,
    markdown_row, markdown_tally,
};
pub use style::Style;
pub use trace::{Traced, trace_json, trace_text};
pub use trial::{results_html, results_markdown};
pub use why::{
    Evidence, evidence_head, evidence_json, evidence_legend, evidence_line, evidence_tree,
};
