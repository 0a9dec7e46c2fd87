//! Three-valued truth (Kleene's strong logic).

/// The truth of a statement about times that are known only to some precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tri {
    /// True for every instant that the data allow.
    Yes,
    /// False for every instant that the data allow.
    No,
    /// True for some and false for others: the data cannot decide it.
    Maybe,
}

impl Tri {
    /// Both hold. One definite `No` decides.
    #[must_use]
    pub fn and(self, other: Tri) -> Tri {
        match (self, other) {
            (Tri::No, _) | (_, Tri::No) => Tri::No,
            (Tri::Yes, Tri::Yes) => Tri::Yes,
            _ => Tri::Maybe,
        }
    }

    /// At least one holds. One definite `Yes` decides.
    #[must_use]
    pub fn or(self, other: Tri) -> Tri {
        self.negate().and(other.negate()).negate()
    }

    /// The opposite; `Maybe` stays `Maybe`.
    #[must_use]
    pub fn negate(self) -> Tri {
        match self {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::Maybe => Tri::Maybe,
        }
    }

    /// Whether the answer is `Yes` or `No`.
    #[must_use]
    pub fn is_definite(self) -> bool {
        self != Tri::Maybe
    }

    /// `Yes` if it holds for every case, `No` if for none, else `Maybe`.
    ///
    /// `always` and `never` are computed from the extremes of both intervals and never hold
    /// together, since an interval holds at least one instant.
    pub(crate) fn from_extremes(always: bool, never: bool) -> Tri {
        match (always, never) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::No,
            (false, false) => Tri::Maybe,
        }
    }
}

impl std::ops::Not for Tri {
    type Output = Tri;

    fn not(self) -> Tri {
        self.negate()
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Tri {
        if value { Tri::Yes } else { Tri::No }
    }
}

#[cfg(test)]
mod tests {
    use super::Tri::{self, Maybe, No, Yes};

    #[test]
    fn one_definite_answer_decides() {
        assert_eq!(No.and(Maybe), No);
        assert_eq!(Maybe.and(No), No);
        assert_eq!(Yes.and(Maybe), Maybe);
        assert_eq!(Yes.or(Maybe), Yes);
        assert_eq!(Maybe.or(Yes), Yes);
        assert_eq!(No.or(Maybe), Maybe);
        assert_eq!(!Maybe, Maybe);
    }

    #[test]
    fn de_morgan_holds_for_all_nine_pairs() {
        let all: [Tri; 3] = [Yes, No, Maybe];
        for a in all {
            for b in all {
                assert_eq!(!a.and(b), (!a).or(!b));
                assert_eq!(!a.or(b), (!a).and(!b));
            }
        }
    }
}
