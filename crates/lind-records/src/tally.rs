//! What became of the rows.

use std::ops::AddAssign;

/// What became of the rows of a table. Each row is counted under exactly one of the others, so
/// when all charts have been read they add up to `read`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows in the file, broken ones included; blank lines and the header are no rows.
    pub read: u64,
    /// Rows that stand in a chart. In `patients`, those that made one;
    /// a broken row that makes one is set aside.
    pub used: u64,
    /// Rows of a code that nobody asked for.
    pub not_wanted: u64,
    /// Rows of codes that are asked for, too old to matter or later than everything that is decided
    /// ([`crate::Wanted::looks_back`]).
    pub out_of_reach: u64,
    /// Rows that could not be used; each has a problem.
    pub set_aside: u64,
    /// Rows marked as entered in error or cancelled.
    pub withdrawn: u64,
    /// Rows later than the as-of date or the cut-off.
    pub later: u64,
    /// Rows that say again what another row says.
    pub duplicates: u64,
}

impl Tally {
    /// All rows whose fate is known. After the last chart this is `read`.
    #[must_use]
    pub fn accounted_for(&self) -> u64 {
        self.used
            + self.not_wanted
            + self.out_of_reach
            + self.set_aside
            + self.withdrawn
            + self.later
            + self.duplicates
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.read += other.read;
        self.used += other.used;
        self.not_wanted += other.not_wanted;
        self.out_of_reach += other.out_of_reach;
        self.set_aside += other.set_aside;
        self.withdrawn += other.withdrawn;
        self.later += other.later;
        self.duplicates += other.duplicates;
    }
}
