//! FHIR R4: real data against counts made elsewhere, damage, and limits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read files themselves"
)]

mod damage;
mod limits;
mod real_data;
