//! What the crate promises, one file a topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and read their suites from disk"
)]

mod boundaries;
mod calendar_facts;
mod cql;
mod dates_calc;
mod exactness;
mod naive;
mod phrases;
mod reading;
mod temporal_network;
