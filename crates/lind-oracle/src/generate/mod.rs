//! Random protocols and random charts for them, biased to where answers change.

mod charts;
mod conditions;
mod dates;
mod interests;
mod library;
mod protocols;
mod random;
mod windows;

pub use charts::{Case, chart};
pub use protocols::{choices, protocol};
pub use random::Random;
