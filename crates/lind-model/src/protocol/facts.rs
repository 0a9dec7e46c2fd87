//! Facts: what happened to a patient, and what must be true of it.

use std::sync::Arc;

use lind_time::Offset;
use lind_units::Unit;

use super::{
    Comparison, FactField, FactTable, Frequency, Interval, MemberException, RecordEdge, SuchThat,
    Test, TimeOfDay, Window,
};
use crate::ids::{EquivalenceId, MeasureId, SetId};

/// The tense of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tense {
    /// Active at the gate.
    Now,
    /// At any time up to the gate.
    Ever,
    /// Within a window.
    During,
}

/// Records of a table that match exist (or, negated, do not).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `no`, `never`: the fact holds when nothing matches, or when so many do not.
    pub negated: bool,
    /// How many must match; none means at least one.
    pub frequency: Option<Frequency>,
    /// What must be true of each record besides.
    pub such_that: Option<SuchThat>,
    /// When.
    pub tense: Tense,
    /// Which table.
    pub table: FactTable,
    /// Which codes; none means every row of the table.
    pub set: Option<SetId>,
    /// Of which measure, for [`FactTable::Results`].
    pub measure: Option<MeasureId>,
    /// Only rows marked as investigational.
    pub investigational: bool,
    /// Conditions on the fields of a row, all of which must hold.
    pub filters: Vec<Filter>,
    /// Members that do not count.
    pub exceptions: Vec<MemberException>,
    /// The window, for [`Tense::During`].
    pub window: Option<Window>,
}

/// A condition on the fields of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The field has one of these values.
    Field(FactField, Vec<Arc<str>>),
    /// The daily dose, possibly as an equivalent, lies in an interval in a unit.
    Dose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
    /// The number of the line of treatment lies between the two, both included; no number is above the
    /// upper one if there is none.
    Line(u8, Option<u8>),
    /// The grade of an adverse event lies between the two, both included; grades are 0 to 5.
    Grade(u8, u8),
    /// The record (clipped to the gate) lasted so long.
    Lasting(Lasting),
    /// The records together lasted so long; overlaps count once. At most one, and the fact has no other
    /// quantifier then.
    InTotal(Lasting),
    /// The record lasted so long together with those of the fact that are no further apart than a gap.
    Stretch {
        /// How long.
        lasting: Lasting,
        /// The longest time that may lie between two records.
        gap: Offset,
    },
    /// It has been over for so long at the gate.
    DiseaseFree(Lasting),
    /// Its beginning, or its end, lies in a window. What is not over has no end.
    Edge(RecordEdge, Window),
    /// The daily dose of the drug stayed the same in a window, or did not rise.
    Steady(Steady),
    /// It was at this time of the day.
    TimeOfDay(TimeOfDay),
    /// The result passes a test. At most one of a fact.
    Value {
        /// What was measured.
        measure: MeasureId,
        /// The test.
        test: Test,
    },
    /// The daily doses of all records together, possibly as equivalents, lie in an interval on a day that is
    /// asked. At most one, and the fact has no other quantifier then.
    TotalDose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
}

impl Filter {
    /// The window that it leans on.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        match self {
            Self::Steady(steady) => Some(&steady.window),
            Self::Edge(_, window) => Some(window),
            _ => None,
        }
    }
}

impl Fact {
    /// The windows that it leans on: its own and those of its filters.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        let of_filters = self.filters.iter().filter_map(Filter::window);
        self.window.iter().chain(of_filters)
    }
}

/// A daily dose that stays the same, or does not rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steady {
    /// It may fall.
    pub may_fall: bool,
    /// When.
    pub window: Window,
    /// The day before each day of the window belongs to it (`for more than`).
    pub and_day_before: bool,
    /// The equivalence by which the drugs of the set count as one; none if each is looked at alone.
    pub equivalence: Option<EquivalenceId>,
}

/// A comparison of a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// The comparison.
    pub comparison: Comparison,
    /// The length.
    pub length: Offset,
}
