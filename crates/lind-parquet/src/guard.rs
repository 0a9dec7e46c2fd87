//! Keeping what goes wrong in the reader of Parquet inside.
//!
//! The `parquet` crate checks most of what a file claims and answers with errors, but not all: on
//! damaged levels and lengths some of its parts panic (an index beyond an array, a sum that
//! overflows). That is the one place in Lind where a panic is caught: what was being read is lost
//! and said to be lost, and what else is in the file is read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside the reader of Parquet, where a panic is caught and is no bug of
/// Lind. For hooks that report panics.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.with(Cell::get)
}

/// Runs it; none if it panics. What it was changing must not be used any more then.
pub(crate) fn guarded<R>(run: impl FnOnce() -> R) -> Option<R> {
    let before = GUARDED.with(|guarded| guarded.replace(true));
    let result = catch_unwind(AssertUnwindSafe(run)).ok();
    GUARDED.with(|guarded| guarded.set(before));
    result
}
