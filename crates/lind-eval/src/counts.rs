//! How many records count: by their bounds, since what may count is counted at most.

use lind_model::protocol::{Comparison, Counted, Frequency, Lasting, Quantifier};
use lind_model::{OpenKind, Truth};
use lind_time::MonthEnd;

use crate::durations::later;
use crate::rows::Extent;

/// A row that may count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Which member of the set it is, or which line of treatment; none if it may be any.
    pub(crate) member: Option<u64>,
    /// The first and the last day on which it can have begun.
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) counts: Truth,
}

impl Row {
    /// A row, which begins not after the last day on which it can have ended.
    pub(crate) fn new(extent: &Extent, member: Option<u64>, counts: Truth) -> Self {
        let (first, last) = extent.begin.days();
        let last = extent.end().map_or(last, |end| last.min(end.days().1));
        Self {
            member,
            first,
            last: last.max(first),
            counts,
        }
    }

    fn surely(&self) -> bool {
        self.counts == Truth::True
    }

    fn possibly(&self) -> bool {
        self.counts.is_open() || self.surely()
    }
}

/// How many rows count at least, and at most.
pub(crate) fn bounds(rows: &mut [Row], counted: Counted, rule: MonthEnd) -> (u64, u64) {
    match counted {
        // Results that follow each other are counted in `runs`.
        Counted::Records | Counted::Consecutive => (
            number(rows.iter().filter(|row| row.surely())),
            number(rows.iter().filter(|row| row.possibly())),
        ),
        Counted::Different | Counted::Lines => {
            rows.sort_unstable_by_key(|row| row.member);
            // What may be any member, or has no line recorded, may be one that counts already, or one of its own.
            let unknown = rows.iter().take_while(|row| row.member.is_none()).count();
            let (unknown, known) = rows.split_at(unknown);
            let members = || known.chunk_by(|one, other| one.member == other.member);
            let least = number(members().filter(|rows| rows.iter().any(Row::surely)));
            let most = number(members().filter(|rows| rows.iter().any(Row::possibly)));
            (
                least.max(u64::from(unknown.iter().any(Row::surely))),
                most.saturating_add(number(unknown.iter().filter(|row| row.possibly()))),
            )
        }
        Counted::Apart(lasting) => (
            surely_apart(rows, lasting, rule),
            possibly_apart(rows, lasting, rule),
        ),
    }
}

/// Whether so many count, if they are at least and at most so many.
pub(crate) fn compare(
    frequency: Frequency,
    least: u64,
    most: Option<u64>,
    open: OpenKind,
) -> Truth {
    let at_least = |n: u64| {
        if least >= n {
            Truth::True
        } else if most.is_some_and(|most| most < n) {
            Truth::False
        } else {
            Truth::Open(open)
        }
    };
    match frequency.quantifier {
        Quantifier::AtLeast(n) => at_least(u64::from(n)),
        Quantifier::AtMost(n) => at_least(u64::from(n) + 1).not(),
        Quantifier::Exactly(n) => at_least(u64::from(n)).and(at_least(u64::from(n) + 1).not()),
        Quantifier::All | Quantifier::Any | Quantifier::None => at_least(1),
    }
}

/// Whether a day lies so far after another.
fn is_apart(lasting: Lasting, rule: MonthEnd, earlier: i64, day: i64) -> bool {
    let since = later(earlier, lasting.length, rule);
    if lasting.comparison == Comparison::MoreThan {
        day > since
    } else {
        day >= since
    }
}

/// The largest number of sure rows of which every two are certainly so far apart: the one that is over
/// first leaves the most room.
fn surely_apart(rows: &mut [Row], lasting: Lasting, rule: MonthEnd) -> u64 {
    rows.sort_unstable_by_key(|row| row.last);
    let mut count = 0;
    let mut reached: Option<i64> = None;
    for row in rows.iter().filter(|row| row.surely()) {
        if reached.is_none_or(|reached| is_apart(lasting, rule, reached, row.first)) {
            count += 1;
            reached = Some(row.last);
        }
    }
    count
}

/// The largest number of rows of which every two may be so far apart. One that can have begun on two days so
/// far apart may be apart from all others.
fn possibly_apart(rows: &mut [Row], lasting: Lasting, rule: MonthEnd) -> u64 {
    rows.sort_unstable_by_key(|row| row.first);
    let mut count = 0;
    let mut reached: Option<i64> = None;
    for row in rows.iter().filter(|row| row.possibly()) {
        if is_apart(lasting, rule, row.first, row.last) {
            count += 1;
        } else if reached.is_none_or(|reached| is_apart(lasting, rule, reached, row.last)) {
            count += 1;
            reached = Some(row.first);
        }
    }
    count
}

fn number<T>(found: impl Iterator<Item = T>) -> u64 {
    u64::try_from(found.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lind_time::Offset;

    fn row(first: i64, last: i64, counts: Truth) -> Row {
        Row {
            member: Some(0),
            first,
            last,
            counts,
        }
    }

    fn apart(comparison: Comparison) -> Counted {
        Counted::Apart(Lasting {
            comparison,
            length: Offset::days(30),
        })
    }

    #[test]
    fn episodes_are_counted_at_both_ends_of_the_length() {
        let mut rows = [0, 29, 30, 59, 60].map(|day| row(day, day, Truth::True));
        let mut bounds = |comparison| bounds(&mut rows, apart(comparison), MonthEnd::LastDay);
        assert_eq!(bounds(Comparison::AtLeast), (3, 3));
        assert_eq!(bounds(Comparison::MoreThan), (2, 2));
    }

    #[test]
    fn what_is_not_certain_is_counted_at_most() {
        let unknown = Truth::Open(OpenKind::Unknown);
        let mut rows = [
            row(0, 0, Truth::True),
            row(20, 40, Truth::True),
            row(100, 100, unknown),
            row(-900, 900, Truth::True),
        ];
        assert_eq!(
            bounds(&mut rows, apart(Comparison::AtLeast), MonthEnd::LastDay),
            (1, 4)
        );
    }
}
