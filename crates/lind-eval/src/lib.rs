//! The interpreter: what a plan says of a patient's chart at a gate, and why.
//!
//! A [`Program`] is a plan with everything resolved that does not depend on data; [`Bindings`] tie it to a
//! data set; a [`Context`] adds the dates of the run. Then [`evaluate`] gives the verdict on a chart, and
//! [`explain`] and [`reason`] say why. What a protocol means is defined in `docs/language/semantics.md`.
//!
//! ```
//! use lind_eval::{Bindings, Context, Program, Scratch, evaluate_into, reason};
//! use lind_model::{Effect, MilestoneId, Plan, Standing, Verdict};
//! use lind_records::{Dataset, Options, Tables};
//!
//! /// Prints who is not eligible at a gate, and why not.
//! fn screen(plan: Plan, tables: &dyn Tables, gate: MilestoneId) -> Result<(), Box<dyn std::error::Error>> {
//!     let program = Program::new(plan);
//!     let mut dataset = Dataset::open(tables, &program.wanted(), Options::default())?;
//!     let mut bindings = Bindings::new(&program, &dataset);
//!     let mut scratch = Scratch::new();
//!     let mut verdict = Verdict { gate, standing: Standing::Undetermined, criteria: Vec::new() };
//!     loop {
//!         let charts = dataset.next_batch(1_000)?;
//!         if charts.is_empty() {
//!             return Ok(());
//!         }
//!         bindings.update(&program, &dataset);
//!         let context = Context::new(&dataset, &bindings);
//!         for chart in &charts {
//!             evaluate_into(&program, &context, chart, gate, &mut scratch, &mut verdict);
//!             for failed in verdict.criteria.iter().filter(|it| it.due && it.effect == Effect::Fail) {
//!                 let why = reason(&program, &context, chart, gate, failed.criterion);
//!                 println!("{}: {why}", chart.patient);
//!             }
//!         }
//!     }
//! }
//! ```
//!
//! # Invariants
//! - There is one evaluation. A verdict is made by running it silently, an explanation by recording it.
//! - Nothing is a float and nothing is rounded: a value exactly on a limit is on it in every unit.
//! - A verdict is made without allocation, once its [`Scratch`] and its buffer are warm. (The exceptions: a
//!   number that outgrows 128 bits, and a window whose end a short month moved.)
//! - A decided value is never undone by a date that becomes more precise, down to the day.
//! - The answer depends on the arguments alone; [`Program`], [`Bindings`] and [`Context`] are shared by
//!   threads, a [`Scratch`] belongs to one.
//! - Everything ends: shared conditions are decided once, chains of definitions are followed without deep
//!   recursion, explanations are bounded.
//! - What the data say of a patient appears in explanations and reasons alone.
#![forbid(unsafe_code)]

mod answers;
mod at_visits;
mod between;
mod bindings;
mod candidates;
mod change;
mod chosen;
mod concepts;
mod context;
mod counts;
mod doses;
mod durations;
mod edges;
mod events;
mod explain;
mod facts;
mod formulas;
mod grades;
mod half_lives;
mod milestones;
mod moments;
mod nodes;
mod numbers;
mod own;
mod program;
mod reach;
mod records;
mod regimens;
mod results;
mod rows;
mod runs;
mod scratch;
mod selectors;
mod series;
mod spells;
mod steps;
mod sums;
mod sustained;
mod times;
mod totals;
mod trace;
mod values;
mod verdict;
mod view;
mod visits;
mod windows;

pub use at_visits::{VisitAtHand, ask_at, bound, explain_at, reason_at, state_at, sum_at};
pub use bindings::Bindings;
pub use context::Context;
pub use explain::{explain, explain_asked, reason, reason_asked};
pub use formulas::{Possible, possible};
pub use grades::{GradeOfDay, Grades, days_with_a_value, grade, grades_within};
pub use program::Program;
pub use scratch::Scratch;
pub use series::{
    Beyond, MeasuredSeries, MeasuredValue, Unusable, is_over, lies_within, milestone_time, series,
};
pub use verdict::{ask, counted_by_caps, evaluate, evaluate_into};
pub use visits::{Place, visits};
