//! What the parser and the formatter do with texts of every sort.
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
    reason = "tests read the shipped files and measure time"
)]

mod cases;
mod formatting;
mod limits;
mod pages;
mod recovery;
mod shipped;
mod support;
