//! The patient chart and its reader.
#![forbid(unsafe_code)]

mod chart;
mod dataset;
mod names;
mod problem;
mod settings;
mod table;
mod tables;
mod timeline;
mod wanted;
mod words;

pub use chart::{
    AdverseEvent, Allergy, Attestation, Chart, Condition, Fact, MilestoneRow, Observation,
    Procedure, Provenance, SetAside, Treatment,
};
pub use dataset::{Dataset, OpenError, Options, ReadError};
pub use names::{CodeId, ConceptId, Dictionary, Symbol, Symbols, UnitId, Units};
pub use problem::{Problem, Problems};
pub use settings::{Completeness, HalfLife, Incompleteness, Settings};
pub use table::Table;
pub use tables::{MemoryTables, Tables};
pub use timeline::Timeline;
pub use wanted::Wanted;
pub use words::{Comparator, ConditionStatus, Outcome, Severity, Sex};
