//! Numbers that look random and are the same in every run.

/// SplitMix64: small, fast, and good enough to invent patients with.
pub(crate) struct Random(u64);

impl Random {
    /// Each patient has a seed of its own, so that a larger population begins with the smaller.
    pub(crate) fn of_patient(number: u32) -> Self {
        let mut random = Self(0x6c69_6e64_0000_0000 ^ u64::from(number));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// True in so many of a thousand cases.
    pub(crate) fn per_mille(&mut self, share: i64) -> bool {
        self.between(1, 1000) <= share
    }

    /// Around the middle, as the sum of three throws.
    pub(crate) fn around(&mut self, low: i64, high: i64) -> i64 {
        (self.between(low, high) + self.between(low, high) + self.between(low, high)) / 3
    }

    pub(crate) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(choices.len()).unwrap_or(1) - 1;
        let index = self.between(0, last.max(0));
        choices.get(usize::try_from(index).unwrap_or(0))
    }
}
