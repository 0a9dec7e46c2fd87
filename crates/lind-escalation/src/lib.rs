//! Dose escalation: the designs of early trials as exact rules, what a trial did held against its rule, and what a
//! rule would do over many trials.
//!
//! ```
//! use lind_escalation::{Boundaries, Design, Settings, simulate};
//! use lind_units::Exact;
//!
//! let percent = |number| Exact::from_ratio(number, 100).expect("100 is not zero");
//! let boin = Design::boin(percent(30));
//! assert_eq!(
//!     boin.table(6)?.row(6),
//!     Some(&Boundaries { evaluable: 6, escalate_up_to: Some(1), de_escalate_from: Some(3), eliminate_from: Some(4) })
//! );
//! let settings = Settings {
//!     rates: vec![percent(5), percent(10), percent(30), percent(50)],
//!     target: percent(30),
//!     start: 0,
//!     cohort: 3,
//!     most: 30,
//!     most_at_level: None,
//!     trials: 1000,
//!     seed: 1,
//! };
//! let characteristics = simulate(&boin, &settings)?;
//! let selected = |level: usize| characteristics.share_selected(level);
//! assert!((0..4).all(|level| selected(level) <= selected(2)), "the level at the target is selected most often");
//! # Ok::<(), lind_escalation::DesignError>(())
//! ```
//!
//! **Invariants**
//! * No float, not even in a simulation: parameters are exact, boundaries of BOIN are compared as powers, posterior
//!   probabilities are binomial sums, a draw is an integer below a threshold.
//! * More toxicities among as many participants never make a decision less cautious. A design whose parameters would
//!   is refused.
//! * A simulation depends on its design, its settings and its seed alone: the same figures on every machine.
//! * A run that is only a part of a trial is never said to conform: it is consistent with the rule or not.
//! * Everything ends: levels, participants and trials are bounded before anything is computed.
//! * Nothing panics, and nothing here touches the disk, the clock or threads.
#![forbid(unsafe_code)]

mod binomial;
mod course;
mod design;
mod error;
mod interval;
mod isotonic;
pub mod replay;
mod share;
mod simulate;
mod table;

pub use binomial::binomial_at_most;
pub use course::{Course, Judgement, Next, Rule, Stop};
pub use design::{AcceleratedTitration, Boin, Design, EquivalenceInterval, Safety, ThreePlusThree};
pub use error::{DesignError, TableFault};
pub use interval::{
    Bound, ExactInterval, IntervalError, clopper_pearson, lower_bound, upper_bound,
};
pub use isotonic::select_by_isotonic_regression;
pub use share::{parse_percent, percent_text};
pub use simulate::{
    LevelCharacteristics, MOST_TRIALS, OperatingCharacteristics, Settings, simulate,
};
pub use table::{Boundaries, Decision, DecisionTable, TableLine, Tally};

use lind_units::Exact;

/// The most participants that may count at a level.
pub const MOST_EVALUABLE: u32 = 200;

/// The most dose levels of a trial.
pub const MOST_LEVELS: usize = 50;

/// A constant as a fraction.
pub(crate) fn ratio(above: i64, below: i64) -> Exact {
    Exact::from_ratio(above, below).unwrap_or_default()
}
