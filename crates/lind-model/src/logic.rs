//! The truth tables: Kleene's strong logic, with a reason on the third value and a neutral fourth.
//!
//! A condition is true, false, open (and then it says what kind of answer is awaited), or it does not
//! apply. What does not apply is neutral: `all of` and `any of` ignore it, and a list of nothing but such
//! parts does not apply itself.
//!
//! | `and`   | True | False | Open b      | NotApplicable |
//! |---------|------|-------|-------------|---------------|
//! | True    | True | False | Open b      | True          |
//! | False   |      | False | False       | False         |
//! | Open a  |      |       | Open max a b| Open a        |
//! | NotApplicable | |      |             | NotApplicable |
//!
//! `or` is the dual; both are commutative and associative. Open kinds are ordered: data that are missing
//! weigh more than a judgement that is awaited, and that more than a gate that is still to come, because a
//! missing datum can be chased at once.

use lind_time::Tri;

use crate::protocol::Quantifier;

/// What kind of answer an open condition waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenKind {
    /// Its gate, or an event that it reads, has not been reached.
    Pending,
    /// A person must answer.
    NeedsJudgement,
    /// Data are missing, imprecise, contradictory or set aside.
    Unknown,
}

/// The value of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be decided.
    Open(OpenKind),
    /// It does not apply to this patient.
    NotApplicable,
}

impl Truth {
    /// A decided value.
    #[must_use]
    pub const fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    /// A value that a comparison of times or quantities gave; undecided means unknown.
    #[must_use]
    pub const fn from_tri(value: Tri) -> Self {
        match value {
            Tri::Yes => Self::True,
            Tri::No => Self::False,
            Tri::Maybe => Self::Open(OpenKind::Unknown),
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotApplicable, x) | (x, Self::NotApplicable) => x,
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Open(a), Self::Open(b)) => Self::Open(a.max(b)),
            (Self::Open(a), Self::True) | (Self::True, Self::Open(a)) => Self::Open(a),
            (Self::True, Self::True) => Self::True,
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// It does not hold. What does not apply still does not.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "it stands beside `and` and `or`, which no trait has"
    )]
    pub fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            open => open,
        }
    }

    /// The value of a condition behind a guard.
    ///
    /// A false guard makes it not applicable. An open guard leaves it open, unless the body passes anyway:
    /// then both branches agree. `passing` is the value with which the body passes (true in an inclusion,
    /// false in an exclusion).
    #[must_use]
    pub fn guarded(self, guard: Self, passing: Self) -> Self {
        match guard {
            Self::True | Self::NotApplicable => self,
            Self::False => Self::NotApplicable,
            Self::Open(kind) => match self {
                Self::NotApplicable => Self::NotApplicable,
                body if body == passing => body,
                Self::Open(other) => Self::Open(kind.max(other)),
                _ => Self::Open(kind),
            },
        }
    }

    /// Whether it can still become anything else.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }
}

/// With which value a part passes where it stands, so that a guard in front of it that is open does not
/// matter: whether the part applies or not, the whole is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Passing {
    /// True: only `all of` stands between it and its inclusion.
    True,
    /// False: only `any of` stands between it and its exclusion.
    False,
    /// Neither.
    Neither,
}

impl Passing {
    /// The same, for the parts of a list of so many.
    #[must_use]
    pub const fn within(self, quantifier: Quantifier, parts: usize) -> Self {
        match (quantifier, self) {
            // Names, clauses and `depending on` are lowered to a list of one.
            (Quantifier::All, passing) if parts == 1 => passing,
            (Quantifier::All, Self::True) => Self::True,
            (Quantifier::Any, Self::False) | (Quantifier::None, Self::True) => Self::False,
            _ => Self::Neither,
        }
    }

    /// The value itself, if there is one.
    #[must_use]
    pub const fn truth(self) -> Option<Truth> {
        match self {
            Self::True => Some(Truth::True),
            Self::False => Some(Truth::False),
            Self::Neither => None,
        }
    }
}

/// The value of a condition behind a guard.
#[must_use]
pub fn behind(body: Truth, guard: Truth, passing: Passing) -> Truth {
    match (passing.truth(), guard) {
        (Some(passing), _) => body.guarded(guard, passing),
        (None, Truth::Open(kind)) => match body {
            Truth::NotApplicable => Truth::NotApplicable,
            Truth::Open(other) => Truth::Open(kind.max(other)),
            Truth::True | Truth::False => Truth::Open(kind),
        },
        // With a guard that is decided the passing value plays no part.
        (None, guard) => body.guarded(guard, Truth::True),
    }
}

/// What a choice comes to: the values of all consequences that may apply.
///
/// ```
/// use lind_model::logic::Branches;
/// use lind_model::{OpenKind, Truth};
/// let mut choice = Branches::default();
/// choice.doubt(OpenKind::NeedsJudgement); // whether the exception applies
/// choice.may_apply(Truth::True); // with it
/// choice.may_apply(Truth::True); // without it
/// assert_eq!(choice.value(None), Truth::True);
/// choice.may_apply(Truth::NotApplicable); // or nothing applies
/// assert_eq!(choice.value(None), Truth::Open(OpenKind::NeedsJudgement));
/// assert_eq!(choice.value(Some(Truth::True)), Truth::True); // where true changes nothing
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Branches {
    holds: bool,
    fails: bool,
    nothing: bool,
    undecided: bool,
    open: Option<OpenKind>,
}

impl Branches {
    /// A consequence that may apply has this value.
    pub fn may_apply(&mut self, value: Truth) {
        match value {
            Truth::True => self.holds = true,
            Truth::False => self.fails = true,
            Truth::NotApplicable => self.nothing = true,
            Truth::Open(kind) => {
                self.undecided = true;
                self.doubt(kind);
            }
        }
    }

    /// Which consequence applies is open.
    pub fn doubt(&mut self, kind: OpenKind) {
        self.open = self.open.max(Some(kind));
    }

    /// The value of the choice. A consequence that is open leaves it open; if all agree, that is the value.
    /// `passing` is the value that changes nothing where the choice stands, if there is one: not to apply
    /// agrees with it.
    #[must_use]
    pub fn value(self, passing: Option<Truth>) -> Truth {
        let agreed = match (self.holds, self.fails, self.nothing) {
            (true, false, false) => Some(Truth::True),
            (false, true, false) => Some(Truth::False),
            (false, false, true) => Some(Truth::NotApplicable),
            (true, false, true) => passing.filter(|passing| *passing == Truth::True),
            (false, true, true) => passing.filter(|passing| *passing == Truth::False),
            (false, false, false) | (true, true, _) => None,
        };
        match (agreed.filter(|_| !self.undecided), self.open) {
            (Some(value), _) => value,
            (None, Some(kind)) => Truth::Open(kind),
            (None, None) => Truth::NotApplicable,
        }
    }
}

/// How many parts of a list hold: the bounds of the count, for `at least`, `at most` and `exactly N of`.
///
/// An open part may turn out not to apply, because its guard is open. So the bounds decide only beside a
/// part that is decided, and therefore applies; a count of open parts alone stays open.
///
/// ```
/// use lind_model::logic::Count;
/// use lind_model::{OpenKind, Truth};
/// let mut count = Count::default();
/// for part in [Truth::True, Truth::True, Truth::Open(OpenKind::Unknown)] {
///     count.add(part);
/// }
/// assert_eq!(count.at_least(2), Truth::True); // whatever the third is
/// assert_eq!(count.exactly(2), Truth::Open(OpenKind::Unknown));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    holds: u32,
    open: u32,
    decided: u32,
    kind: Option<OpenKind>,
}

impl Count {
    /// Counts one part in; what does not apply is not counted.
    pub fn add(&mut self, part: Truth) {
        match part {
            Truth::True => self.holds = self.holds.saturating_add(1),
            Truth::False => self.decided = self.decided.saturating_add(1),
            Truth::Open(kind) => {
                self.open = self.open.saturating_add(1);
                self.kind = self.kind.max(Some(kind));
            }
            Truth::NotApplicable => {}
        }
    }

    fn open(self) -> Truth {
        Truth::Open(self.kind.unwrap_or(OpenKind::Unknown))
    }

    fn nothing_applies(self) -> bool {
        self.nothing_is_decided() && self.open == 0
    }

    fn nothing_is_decided(self) -> bool {
        self.holds == 0 && self.decided == 0
    }

    /// At least `n` hold.
    #[must_use]
    pub fn at_least(self, n: u32) -> Truth {
        if self.nothing_applies() {
            Truth::NotApplicable
        } else if self.nothing_is_decided() {
            self.open()
        } else if self.holds >= n {
            Truth::True
        } else if self.holds.saturating_add(self.open) < n {
            Truth::False
        } else {
            self.open()
        }
    }

    /// At most `n` hold.
    #[must_use]
    pub fn at_most(self, n: u32) -> Truth {
        if self.nothing_applies() {
            Truth::NotApplicable
        } else {
            self.at_least(n.saturating_add(1)).not()
        }
    }

    /// Exactly `n` hold.
    #[must_use]
    pub fn exactly(self, n: u32) -> Truth {
        self.at_least(n).and(self.at_most(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 6] = [
        Truth::True,
        Truth::False,
        Truth::Open(OpenKind::Pending),
        Truth::Open(OpenKind::NeedsJudgement),
        Truth::Open(OpenKind::Unknown),
        Truth::NotApplicable,
    ];

    #[test]
    fn and_and_or_are_commutative_associative_and_dual() {
        for a in ALL {
            assert_eq!(a.not().not(), a);
            assert_eq!(a.and(Truth::NotApplicable), a);
            assert_eq!(a.or(Truth::NotApplicable), a);
            for b in ALL {
                assert_eq!(a.and(b), b.and(a));
                assert_eq!(a.or(b), b.or(a));
                assert_eq!(a.and(b).not(), a.not().or(b.not()));
                for c in ALL {
                    assert_eq!(a.and(b).and(c), a.and(b.and(c)));
                    assert_eq!(a.or(b).or(c), a.or(b.or(c)));
                }
            }
        }
    }

    #[test]
    fn counting_agrees_with_and_and_or() {
        for a in ALL {
            for b in ALL {
                let mut count = Count::default();
                count.add(a);
                count.add(b);
                let applying = [a, b]
                    .into_iter()
                    .filter(|x| *x != Truth::NotApplicable)
                    .count();
                assert_eq!(count.at_least(1), a.or(b), "any of {a:?}, {b:?}");
                assert_eq!(
                    count.at_least(u32::try_from(applying).unwrap_or(2).max(1)),
                    if applying == 0 {
                        Truth::NotApplicable
                    } else {
                        a.and(b)
                    }
                );
            }
        }
    }

    #[test]
    fn an_open_part_never_turns_a_decided_count_over() {
        // Refining an open part keeps every decided count, also if it turns out not to apply.
        for n in 0..4 {
            for base in [
                [Truth::True, Truth::False],
                [Truth::True, Truth::True],
                [Truth::False, Truth::False],
            ] {
                let count = |last: Truth| {
                    let mut count = Count::default();
                    base.into_iter()
                        .chain([last])
                        .for_each(|part| count.add(part));
                    [count.at_least(n), count.at_most(n), count.exactly(n)]
                };
                let open = count(Truth::Open(OpenKind::Unknown));
                for refined in [Truth::True, Truth::False, Truth::NotApplicable].map(count) {
                    for (before, after) in open.into_iter().zip(refined) {
                        assert!(before.is_open() || before == after);
                    }
                }
            }
        }
    }

    #[test]
    fn a_count_of_open_parts_alone_is_open_because_none_of_them_may_apply() {
        let at_most_three = |part: Truth| {
            let mut count = Count::default();
            count.add(part);
            count.at_most(3)
        };
        assert!(at_most_three(Truth::Open(OpenKind::Unknown)).is_open());
        assert_eq!(at_most_three(Truth::NotApplicable), Truth::NotApplicable);
    }
}
