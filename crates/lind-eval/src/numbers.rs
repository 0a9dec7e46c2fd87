//! The one number that a selector gives, with its bounds: the mean of some values, or one end of a change.

use lind_model::protocol::{Interval, Selector};
use lind_records::{Comparator, Observation};
use lind_time::Tri;
use lind_units::{Decimal, Exact};

use crate::candidates::{Candidate, Candidates};
use crate::moments::tri;
use crate::selectors::Order;
use crate::steps::Range;
use crate::trace::{Note, Trace};
use crate::values::{Bound, Fault, Judged, Question, is_after};
use crate::view::View;

/// Any number.
const ANYTHING: Interval = Interval {
    low: None,
    high: None,
};

impl View<'_> {
    /// The numbers that a value can be, in the unit of the question.
    pub(crate) fn numbers(
        &self,
        question: &Question<'_>,
        row: &Observation,
    ) -> Result<Interval, Fault> {
        // What a value without bounds cannot answer, it cannot be counted with either.
        let read = self.judge(&question.unbounded(), row);
        if let Some(fault) = read.fault.filter(|fault| *fault != Fault::Imprecise) {
            return Err(fault);
        }
        let value = row.value.ok_or(Fault::NoNumber)?;
        let (value, to, plausible) = match question {
            Question::Quantity {
                target, plausible, ..
            } => {
                let unit = row.unit.ok_or(Fault::NoUnit)?;
                let conversion = self
                    .context
                    .conversion(self.program, *target, unit)
                    .ok_or(Fault::Unit)?;
                let to = row.to.as_ref().map(|to| conversion.apply_decimal(to));
                (conversion.apply_decimal(&value), to, *plausible)
            }
            Question::Score { ends, .. } => {
                let to = row.to.as_ref().map(Decimal::to_exact);
                (value.to_exact(), to, *ends)
            }
            _ => return Err(Fault::NoTest),
        };
        Ok(match row.comparator {
            None => Interval {
                low: Some((value.clone(), true)),
                high: Some((value, true)),
            },
            Some(comparator) => reach((comparator, value), to, plausible),
        })
    }
}

/// What is known of a value that lies below or above a number, or from one to another. The far end is that
/// of what is plausible, if that is known.
pub(crate) fn reach(
    (comparator, value): (Comparator, Exact),
    to: Option<Exact>,
    plausible: Option<&Range>,
) -> Interval {
    if let Some(to) = to {
        // What of a range is not plausible is not meant.
        let (low, high) = match plausible {
            Some((low, high)) => (value.max(low.clone()), to.min(high.clone())),
            None => (value, to),
        };
        return Interval {
            low: Some((low, true)),
            high: Some((high, true)),
        };
    }
    let closed = matches!(comparator, Comparator::AtMost | Comparator::AtLeast);
    let at = Some((value, closed));
    match comparator {
        Comparator::Below | Comparator::AtMost => Interval {
            low: plausible.map(|(low, _)| (low.clone(), true)),
            high: at,
        },
        Comparator::Above | Comparator::AtLeast => Interval {
            low: at,
            high: plausible.map(|(_, high)| (high.clone(), true)),
        },
    }
}

/// Whether numbers lie between two bounds: all of them, none, or it cannot be told.
pub(crate) fn lie_between(numbers: &Interval, low: Option<&Bound>, high: Option<&Bound>) -> Tri {
    let (from, to) = (numbers.low.as_ref(), numbers.high.as_ref());
    let inside_low = low.is_none_or(|(low, low_closed)| {
        from.is_some_and(|(from, closed)| from > low || (from == low && (*low_closed || !closed)))
    });
    let inside_high = high.is_none_or(|(high, high_closed)| {
        to.is_some_and(|(to, closed)| to < high || (to == high && (*high_closed || !closed)))
    });
    let misses = |first: Option<&Bound>, second: Option<&Bound>| {
        first
            .zip(second)
            .is_some_and(|(first, second)| is_after((&first.0, first.1), (&second.0, second.1)))
    };
    tri(
        inside_low && inside_high,
        misses(low, to) || misses(from, high),
    )
}

impl<'c> Candidates<'_, 'c> {
    /// Whether the mean of the values passes.
    pub(crate) fn mean<T: Trace<'c>>(&self, question: &Question<'_>, trace: &mut T) -> Tri {
        // A mean is no multiple of a value; the checker refuses it.
        if matches!(question, Question::Own { .. }) {
            return Tri::Maybe;
        }
        let Some(numbers) = self.between(Selector::Mean, question, trace) else {
            return Tri::Maybe;
        };
        let outcome = question
            .bounds()
            .map_or(Tri::Maybe, |(low, high)| lie_between(&numbers, low, high));
        trace.note(|| Note::Between(numbers));
        if self.is_enough(trace) {
            outcome
        } else {
            Tri::Maybe
        }
    }

    /// Between which numbers the value lies that a selector gives; none if there may be no such value.
    ///
    /// The unit is that of the question. `any` and `every` give no single value, and the worst is one of the
    /// other selectors by now.
    pub(crate) fn between<T: Trace<'c>>(
        &self,
        selector: Selector,
        question: &Question<'_>,
        trace: &mut T,
    ) -> Option<Interval> {
        match selector {
            Selector::Latest => self.between_picked(Order::Latest, question, trace),
            Selector::First => self.between_picked(Order::First, question, trace),
            Selector::Highest | Selector::Lowest | Selector::Mean => {
                let seen = self.look(question, trace);
                if !seen.sure {
                    return None;
                }
                Some(match selector {
                    Selector::Mean if seen.lost => ANYTHING,
                    Selector::Mean => Interval {
                        low: self.mean_bound(question, false),
                        high: self.mean_bound(question, true),
                    },
                    selector => {
                        self.extreme_bounds(question, selector == Selector::Highest, seen.lost)
                    }
                })
            }
            Selector::Worst | Selector::Any | Selector::Every => None,
        }
    }

    /// Between which numbers the latest or the first value lies.
    fn between_picked<T: Trace<'c>>(
        &self,
        order: Order,
        question: &Question<'_>,
        trace: &mut T,
    ) -> Option<Interval> {
        let mut common: Option<Interval> = None;
        let picked = self.pick(order, trace, |candidate, decides, trace| {
            let numbers = self.view.numbers(question, candidate.row);
            tell(candidate, numbers.as_ref().err().copied(), decides, trace);
            if decides {
                let numbers = numbers.unwrap_or(ANYTHING);
                common = Some(match common.take() {
                    None => numbers,
                    Some(other) => hull(other, numbers),
                });
            }
        });
        common.filter(|_| picked.sure && !picked.lost)
    }

    /// Visits all values once, to see whether there are any and to tell of them.
    fn look<T: Trace<'c>>(&self, question: &Question<'_>, trace: &mut T) -> Seen {
        let mut seen = Seen::default();
        for row in self.rows() {
            let moment = self.moment(row);
            let place = self.place(row, moment, trace);
            let candidate = Candidate { row, moment, place };
            match place.membership() {
                Tri::No => {
                    trace.note(|| Note::Outside(candidate));
                    continue;
                }
                Tri::Yes => seen.sure = true,
                Tri::Maybe => {}
            }
            if T::ON {
                let fault = self.view.numbers(question, row).err();
                tell(candidate, fault, true, trace);
            }
        }
        for (row, _) in self.set_aside() {
            trace.note(|| Note::SetAside(row));
            seen.lost = true;
        }
        seen
    }

    /// The greatest mean (or the least) that the values can have; none if there is no end to it. Of those that
    /// may not count, the ones beyond the mean that is known so far move it on, until none is left.
    fn mean_bound(&self, question: &Question<'_>, highest: bool) -> Option<Bound> {
        let mut best: Option<Exact> = None;
        loop {
            let (mut sum, mut count, mut closed) = (Exact::zero(), 0_i64, true);
            let mut all_sure = true;
            for (sure, numbers) in self.counted(question) {
                let (end, end_closed) = if highest { numbers.high } else { numbers.low }?;
                all_sure &= sure;
                let moves_on = best
                    .as_ref()
                    .is_some_and(|best| if highest { end > *best } else { end < *best });
                if sure || moves_on {
                    sum = sum.add(&end);
                    count = count.saturating_add(1);
                    closed &= end_closed;
                }
            }
            let mean = sum.checked_div(&Exact::from_integer(count))?;
            if all_sure || best.as_ref() == Some(&mean) {
                return Some((mean, closed));
            }
            best = Some(mean);
        }
    }

    /// Between which numbers the highest (or the lowest) value lies.
    fn extreme_bounds(&self, question: &Question<'_>, highest: bool, lost: bool) -> Interval {
        // The end that those that certainly count settle, and the end that any of them may push out.
        let mut near: Option<Bound> = None;
        let mut far: Option<Bound> = None;
        let mut endless = lost;
        for (sure, numbers) in self.counted(question) {
            let (settled, pushed) = if highest {
                (numbers.low, numbers.high)
            } else {
                (numbers.high, numbers.low)
            };
            if sure && let Some(settled) = settled {
                near = Some(match near.take() {
                    Some(near) => beyond(near, settled, highest, false),
                    None => settled,
                });
            }
            match pushed {
                None => endless = true,
                Some(pushed) => {
                    far = Some(match far.take() {
                        Some(far) => beyond(far, pushed, highest, true),
                        None => pushed,
                    });
                }
            }
        }
        let far = far.filter(|_| !endless);
        if highest {
            Interval {
                low: near,
                high: far,
            }
        } else {
            Interval {
                low: far,
                high: near,
            }
        }
    }

    /// The values that may count, whether they certainly do, and the numbers that each can be.
    fn counted(&self, question: &Question<'_>) -> impl Iterator<Item = (bool, Interval)> {
        self.rows().filter_map(move |row| {
            let place = self.place(row, self.moment(row), &mut crate::trace::Silent);
            let membership = place.membership();
            let numbers = || self.view.numbers(question, row).unwrap_or(ANYTHING);
            (membership != Tri::No).then(|| (membership == Tri::Yes, numbers()))
        })
    }
}

/// What is seen of the values when they are visited.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Some certainly counts.
    sure: bool,
    /// A row that was set aside may have counted.
    lost: bool,
}

fn tell<'c, T: Trace<'c>>(
    candidate: Candidate<'c>,
    fault: Option<Fault>,
    decides: bool,
    trace: &mut T,
) {
    trace.note(|| Note::Candidate {
        candidate,
        judged: Judged {
            outcome: if fault.is_none() {
                Tri::Yes
            } else {
                Tri::Maybe
            },
            fault,
        },
        decides,
    });
}

/// The one of two ends that lies farther to the side that is asked. Where they are equal, the end belongs if
/// that of one is enough, or else only if both belong.
pub(crate) fn beyond(one: Bound, other: Bound, highest: bool, one_is_enough: bool) -> Bound {
    if one.0 == other.0 {
        let closed = if one_is_enough {
            one.1 || other.1
        } else {
            one.1 && other.1
        };
        return (one.0, closed);
    }
    if (one.0 > other.0) == highest {
        one
    } else {
        other
    }
}

/// The smallest interval that holds both.
fn hull(one: Interval, other: Interval) -> Interval {
    let join = |one: Option<Bound>, other: Option<Bound>, highest: bool| {
        one.zip(other)
            .map(|(one, other)| beyond(one, other, highest, true))
    };
    Interval {
        low: join(one.low, other.low, false),
        high: join(one.high, other.high, true),
    }
}
