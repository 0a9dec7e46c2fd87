//! Reading SDTM: real data of public trials, every container, and damaged files.
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
    reason = "tests read their data from the disk"
)]
#![allow(
    clippy::disallowed_types,
    reason = "the writer of transport files takes doubles"
)]

mod damage;
mod real_data;
mod support;
