//! Changes between two values.

use lind_units::Unit;

use super::{Interval, Lasting, Selector, Subject, Window};

/// A value has changed by so much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeTest {
    /// What is measured.
    pub subject: Subject,
    /// Which two values are compared.
    pub between: Compared,
    /// Which way.
    pub direction: Direction,
    /// By how much, positive.
    pub by: Interval,
    /// In what.
    pub mode: ChangeMode,
    /// For how long the change must last; only of two values within one window.
    pub lasting: Option<Persistence>,
}

/// Which two values are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// The latest value of a window, with any one there that is certainly earlier; or, if the change must last, any
    /// two of them.
    Within(Window),
    /// The value that one selector gives, with the value that another one gives.
    FromTo(ValueAt, ValueAt),
}

impl Compared {
    /// The windows in which the values lie.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        let (first, second) = match self {
            Self::Within(window) => (window, None),
            Self::FromTo(from, to) => (&from.window, Some(&to.window)),
        };
        std::iter::once(first).chain(second)
    }
}

/// One value out of those of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueAt {
    /// Which one: the latest, the first, the highest, the lowest or the mean.
    pub selector: Selector,
    /// Of which.
    pub window: Window,
}

/// For how long a change must last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Persistence {
    /// No value until then may fall back (`sustained`); otherwise one value then must confirm it (`confirmed`).
    pub throughout: bool,
    /// At least, or more than, so long.
    pub lasting: Lasting,
}

/// Which way a value changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It becomes less.
    Falls,
    /// It becomes more.
    Rises,
    /// Either.
    Changes,
}

/// What a change is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeMode {
    /// Per cent of the earlier value.
    Relative,
    /// A unit (percentage points are `%` here).
    Absolute(Unit),
    /// Points of a score.
    Points,
}
