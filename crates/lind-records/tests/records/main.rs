//! What comes out of tables, good ones and bad ones.
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

mod asking;
mod broken;
mod cases;
mod endless;
mod mapping;
mod mutations;
mod omop;
mod order;
mod pages;
mod support;
mod untouched;
mod whole;
