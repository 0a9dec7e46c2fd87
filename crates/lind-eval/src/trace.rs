//! What an evaluation says of itself while it runs.
//!
//! There is one evaluation. It runs with [`Silent`], which is compiled away, to give a verdict, and with a
//! recorder to give an explanation; so the two cannot disagree.

use lind_model::protocol::{Interval, Window};
use lind_model::{MilestoneId, NodeId, Truth};
use lind_records::{Attestation, Incompleteness, Observation, SetAside, Table};
use lind_time::{Tri, When};
use lind_units::Exact;

use crate::candidates::Candidate;
use crate::facts::Doubt;
use crate::formulas::Input;
use crate::milestones::Reached;
use crate::records::Records;
use crate::rows::Row;
use crate::spells::DayCount;
use crate::sustained::Shown;
use crate::values::{Fault, Judged};

/// Told what an evaluation does.
pub(crate) trait Trace<'c> {
    /// Whether anybody listens: then every part is visited, even if the value is settled already.
    const ON: bool;

    /// A condition is begun.
    fn enter(&mut self, node: NodeId);

    /// The condition begun last has a value.
    fn leave(&mut self, truth: Truth);

    /// Something was found. The note is made only if somebody listens.
    fn note(&mut self, note: impl FnOnce() -> Note<'c>);

    /// Whether no more can be told: the conditions below are decided silently.
    fn is_full(&self) -> bool;
}

/// Nobody listens.
pub(crate) struct Silent;

impl<'c> Trace<'c> for Silent {
    const ON: bool = false;

    fn enter(&mut self, _: NodeId) {}

    fn leave(&mut self, _: Truth) {}

    fn note(&mut self, _: impl FnOnce() -> Note<'c>) {}

    fn is_full(&self) -> bool {
        false
    }
}

/// On how many days a value passed its test, and on which.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelled {
    /// How many; none if nothing certainly counts.
    pub(crate) count: Option<DayCount>,
    /// Of how many days.
    pub(crate) days: usize,
    /// On how many of them something was certainly measured.
    pub(crate) with_value: usize,
    /// How many of them are open.
    pub(crate) open: usize,
    /// The first and the last day of the longest stretch, counted from 1970.
    pub(crate) stretch: Option<(i64, i64)>,
}

/// Something that was found.
#[derive(Clone)]
pub(crate) enum Note<'c> {
    /// A stage of the criterion is begun, at a gate.
    Stage(MilestoneId, Reached),
    /// A stage has a value.
    StageValue(Truth),
    /// A stage is decided at a later gate.
    NotDue(MilestoneId),
    /// The guard of the stage has a value.
    GuardValue(Truth),
    /// What a guard says of the patient's sex.
    Guard { sex: Truth },
    /// Nothing more is told of this condition.
    Abridged,
    /// A condition leans on a milestone that has no time.
    Blocked(MilestoneId, Reached),
    /// Where values or rows are looked for.
    Window(Option<&'c Window>),
    /// The test asked last has an outcome.
    Tested(Tri),
    /// An observation does not count.
    Outside(Candidate<'c>),
    /// An observation may count, and was asked.
    Candidate {
        candidate: Candidate<'c>,
        judged: Judged,
        decides: bool,
    },
    /// An observation may count, and its number was read.
    Reading {
        candidate: Candidate<'c>,
        fault: Option<Fault>,
        decides: bool,
    },
    /// A record may keep a sample from being used.
    Spoils {
        sample: &'c Observation,
        row: Row<'c>,
        one: Tri,
    },
    /// A row that was set aside may have counted.
    SetAside(&'c SetAside),
    /// A row that is not there says nothing.
    Gap(Table, Incompleteness),
    /// What is known of an input of a formula.
    Input { index: usize, value: Input },
    /// A formula was computed.
    Computed {
        value: Option<Exact>,
        outcome: Tri,
        age: i64,
    },
    /// Two inputs of a formula were perhaps not measured close enough to each other.
    Apart,
    /// Values that are recorded under the formula's own codes stand in for it.
    Recorded,
    /// How many values there are, of so many that must be.
    Evidence { count: u32, least: u32 },
    /// Between which numbers a value lies that was made of several.
    Between(Interval),
    /// Between what a sum of points lies.
    Points { low: Exact, high: Exact },
    /// Between which numbers one end of a change lies; none if there may be no such value.
    Value(Option<Interval>),
    /// Between which amounts a change lies.
    Difference(Interval),
    /// Both ends of a change are one and the same result.
    OneResult,
    /// The values, by their places among those that were read, that show that a change lasted.
    Lasted(Shown),
    /// The values that may show it.
    MayLast(Shown),
    /// Two values were compared.
    Pair {
        earlier: Candidate<'c>,
        later: Candidate<'c>,
        difference: Option<Exact>,
        outcome: Tri,
        certain: bool,
    },
    /// On how many days a value passed its test.
    Spell(Spelled),
    /// What about the next row is not certain, or keeps it from counting.
    Doubt(Doubt, Tri),
    /// A row of a table of facts.
    Row { row: Row<'c>, membership: Tri },
    /// How many days rows lasted together.
    Total { least: i64, most: i64 },
    /// How many records count: at least, and at most if there is an end to it.
    Counted { least: u64, most: Option<u64> },
    /// What rows came to together on some days.
    TotalDose {
        from: i64,
        to: i64,
        least: Exact,
        most: Option<Exact>,
        outcome: Tri,
    },
    /// The records that have a name from here on.
    Named(Records<'c>),
    /// What the condition below a name says of the row told last.
    Body(Truth),
    /// What a person answered.
    Answer(&'c Attestation),
    /// Completed years of age; none if the date of birth is not known.
    Age {
        years: Option<(i64, i64)>,
        time: When,
    },
}
