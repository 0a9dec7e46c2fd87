//! What people see, what programs read, and that both always get something.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod json;
mod marked;
mod text;
mod totality;
