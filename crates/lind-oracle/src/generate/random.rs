//! Random choices from a seed.

use lind_model::protocol::Comparison;

/// Random choices: the same seed makes the same ones, on every machine.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The choices of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
    /// OOPSLA 2014: SplitMix).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of some things, or none if there are none.
    pub fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let place = self.below(things.len());
        things.get(place)
    }

    /// One of some things.
    pub fn any<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        match self.below(others.len() + 1) {
            0 => first,
            place => others.get(place - 1).copied().unwrap_or(first),
        }
    }

    /// Some of some things, in their order.
    pub fn some_of<T: Clone>(&mut self, things: &[T], chance: usize) -> Vec<T> {
        things
            .iter()
            .filter(|_| self.percent(chance))
            .cloned()
            .collect()
    }

    /// One of the comparisons with one open side.
    pub(crate) fn comparison(&mut self) -> Comparison {
        self.any(
            Comparison::AtLeast,
            &[
                Comparison::AtMost,
                Comparison::MoreThan,
                Comparison::LessThan,
            ],
        )
    }
}
