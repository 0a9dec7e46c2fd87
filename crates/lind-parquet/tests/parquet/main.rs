//! Lind's own tables as Parquet, good ones and damaged ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests read their cases from the disk"
)]

mod cases;
mod damage;
mod files;
mod kept;
mod omop;
#[path = "../../../lind-records/tests/records/support.rs"]
#[allow(dead_code, reason = "the tests of the reader use the rest")]
mod support;
mod types;
mod writing;
