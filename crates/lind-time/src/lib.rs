//! Time of known precision: instants, offsets, windows, study days, the temporal network.
//!
//! A date in a patient's record is often only a month, and a protocol says "within 48 hours
//! before the first dose". This crate answers what can be answered from such dates and says
//! `Maybe` for the rest: it never fills a missing day with the first of the month, never turns
//! a month into 30 days and never drops the hours of an offset.
//!
//! ```
//! use lind_time::{Offset, Tri, When, Window};
//!
//! let vaccine = When::parse("2023-02-28")?;
//! let screening = When::parse("2023-03-31")?;
//! let within = |offset| Window::within_before(offset, false).resolve(&screening);
//!
//! assert_eq!(within(Offset::months(1)).contains(&vaccine), Tri::Yes);
//! assert_eq!(within(Offset::days(30)).contains(&vaccine), Tri::No);
//! assert_eq!(within(Offset::months(1)).to_string(), "2023-02-28 to 2023-03-31, both included");
//! # Ok::<(), lind_time::TimeError>(())
//! ```
//!
//! **Invariants**
//!
//! 1. A [`When`] is a half-open interval of civil seconds that covers exactly one year, month,
//!    day, hour, minute or second between the years 0001 and 9999.
//! 2. An answer is [`Tri::Yes`] only if it holds for every instant the data allow, [`Tri::No`]
//!    only if it holds for none; widening a precision never turns one into the other.
//! 3. Clock, day and calendar offsets are three classes. Nothing converts between them; the only
//!    bridge is [`Offset::day_bounds`], which gives sound bounds and says so.
//! 4. No time zones: an offset in the data is turned into the site's civil time when it is read.
//! 5. Nothing here panics, reads a clock, a file or the environment, or computes in floats.
//! 6. `jiff` is named in one module, [`Day`]'s calendar, and only its checked operations are used.

mod age;
mod bounds;
mod civil;
mod day;
mod elapsed;
mod error;
mod instant;
pub mod network;
mod offset;
mod parse;
mod parse_hint;
mod period;
mod region;
mod resolved;
mod span;
mod study_day;
mod tri;
mod when;
mod window;

pub use age::age_completed_years;
pub use day::{Day, MonthEnd};
pub use elapsed::{calendar_difference, completed_units, elapsed_days, elapsed_seconds_range};
pub use error::TimeError;
pub use instant::Instant;
pub use offset::{Offset, OffsetClass, OffsetUnit};
pub use period::Period;
pub use resolved::{Interval, ResolvedWindow};
pub use study_day::StudyDays;
pub use tri::Tri;
pub use when::{Precision, When};
pub use window::{Edge, Grain, Window};
