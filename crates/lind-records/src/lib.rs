//! The patient chart and its reader: tables of observations, conditions, treatments and more come
//! in, and for each patient one chart comes out, with everything in the order of time and each row
//! knowing where it stands. What cannot be read is set aside with its place and its reason, so that
//! nothing is decided from it and nothing is lost.
//!
//! ```
//! use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};
//!
//! let tables = MemoryTables::new()
//!     .with("patients.csv", "patient,sex\np1,female\n")
//!     .with(
//!         "observations.csv",
//!         "patient,code,time,value,unit\n\
//!          p1,hemoglobin,2024-05-09,13.50,g/dL\n\
//!          p1,hemoglobin,2024-05-16,\"13,1\",g/dL\n",
//!     );
//! let hemoglobin = ConceptId(0);
//! let mut wanted = Wanted::new();
//! wanted.add_code(Table::Observations, hemoglobin, "hemoglobin");
//!
//! let mut dataset = Dataset::open(&tables, &wanted, Options::default())?;
//! let chart = dataset.next_chart()?.expect("one patient");
//!
//! let values: Vec<_> = chart.observations_of(hemoglobin).map(|row| row.value).collect();
//! assert_eq!(values, [lind_units::Decimal::parse("13.50").ok()]);
//!
//! let lost = chart.set_aside_of(Table::Observations, hemoglobin).next().expect("one row");
//! assert_eq!((lost.at.line, lost.column), (3, Some("value")));
//! assert!(lost.problem.message.contains("comma"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Invariants**
//!
//! 1. Each row of each file is counted once: used, not wanted, set aside, withdrawn, later than
//!    asked for, or a duplicate ([`Tally`]).
//! 2. A row that cannot be read is never taken for a row that is not there: it stands in its
//!    patient's [`Chart::set_aside`], or, where nothing tells whose it is, the table is not
//!    complete ([`Dataset::complete`]).
//! 3. The same rows in any order give the same charts.
//! 4. One broken row costs itself alone; what is held of a file is bounded, whatever its lines are.
//! 5. Nothing panics, and nothing here touches the disk, the clock, the environment or a float.
//! 6. A message shows at most the offending field, cut to 40 characters.
//! 7. Knows no protocol: what is looked for comes as numbers and codes ([`Wanted`]).
#![forbid(unsafe_code)]

mod at_age;
mod cells;
mod chart;
mod chosen;
mod codes;
mod column_rows;
mod columns;
mod dataset;
mod decisions;
mod decode;
mod defect;
mod error;
mod excerpt;
mod feed;
mod fhir;
mod files;
mod form;
mod found;
mod found_people;
mod gather;
mod header;
mod held;
mod in_utf8;
mod intake;
mod mapping;
mod names;
mod omop;
mod order;
mod packed;
mod patients;
mod person;
mod place;
mod problem;
mod profile;
mod reach;
mod record;
mod records;
pub mod rules;
mod sdtm;
mod settings;
mod settings_file;
mod sheets;
mod spill;
mod store;
mod survey;
mod table;
mod tables;
mod tally;
mod timeline;
mod wanted;
mod words;

pub use chart::{
    AdverseEvent, Allergy, Assignment, Attestation, ByMapping, Chart, Condition, Fact,
    MilestoneRow, Observation, Procedure, SetAside, Treatment, VisitRow,
};
pub use columns::{
    Bits, Column, ColumnBatch, ColumnBatches, ColumnFile, ColumnInfo, ColumnKind, Lost, Texts,
    Values,
};
pub use dataset::{ChartMaker, Dataset, Findings, Options, Portion, PortionReader};
pub use decisions::{Decision, Decisions};
pub use error::{OpenError, ReadError};
pub use form::Form;
pub use mapping::{MappingFile, MappingUse};
pub use names::{CodeId, ConceptId, Dictionary, Symbol, Symbols, UnitId, Units};
pub use place::{FileId, Provenance, Sources};
pub use problem::{Problem, Problems};
pub use profile::{CodeProfile, KindProfile, Numbers, Profile};
pub use reach::{Reach, Reaches};
pub use settings::{Bundles, Completeness, Encoding, HalfLife, Incompleteness, Settings};
pub use sheets::Sheets;
pub use spill::Scratch;
pub use store::{
    FILE as CHARTS_FILE, IngestError, Ingested, NewCell, NewColumn, RowWriter, Store, ingest,
};
pub use table::Table;
pub use tables::{MemoryTables, Tables};
pub use tally::Tally;
pub use timeline::Timeline;
pub use wanted::Wanted;
pub use words::{Action, Comparator, ConditionStatus, Outcome, Severity, Sex};
