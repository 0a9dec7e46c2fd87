//! What the checker says, case by case; that its fixes are fixes; and that nothing makes it panic or wait.
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
    reason = "tests read their cases and measure time"
)]

mod cases;
mod fixes;
mod limits;
mod mutations;
mod support;
