//! Changes from the value that one selector gives to the value that another one gives.

use lind_model::plan::ChangePlan;
use lind_model::protocol::{ChangeMode, Direction, Interval, ValueAt};
use lind_time::Tri;
use lind_units::{Conversion, Exact};

use crate::candidates::Candidates;
use crate::numbers::{beyond, lie_between};
use crate::steps::{ChangeStep, MeasureStep};
use crate::trace::{Note, Silent, Trace};
use crate::values::{Bound, Question};

impl MeasureStep {
    /// The question that reads the numbers of the measure in its own unit and asks nothing of them.
    pub(crate) fn numbers(&self) -> Question<'_> {
        match self.own {
            Some(target) => Question::Quantity {
                low: None,
                high: None,
                target,
                plausible: self.plausible.as_ref(),
            },
            None if self.words.is_empty() => Question::Score {
                low: None,
                high: None,
                ends: self.plausible.as_ref(),
                step: self.step.as_ref(),
            },
            None => Question::Impossible,
        }
    }
}

/// Whether the value changed by as much from one to the other.
pub(crate) fn change_from_to<'c, T: Trace<'c>>(
    (plan, step): (&'c ChangePlan, &ChangeStep),
    measure: &MeasureStep,
    from: (&'c ValueAt, &Candidates<'_, 'c>),
    to: (&'c ValueAt, &Candidates<'_, 'c>),
    trace: &mut T,
) -> Tri {
    let question = measure.numbers();
    let mut value = |(at, candidates): (&'c ValueAt, &Candidates<'_, 'c>)| {
        trace.note(|| Note::Window(Some(&at.window)));
        let numbers = candidates.between(at.selector, &question, trace);
        trace.note(|| Note::Value(numbers.clone()));
        numbers
    };
    let (earlier, later) = (value(from), value(to));
    let difference = earlier.zip(later).and_then(|(earlier, later)| {
        let by = step.by.as_ref();
        difference(&plan.mode, by, plan.direction, &earlier, &later)
    });
    let Some(difference) = difference else {
        return Tri::Maybe;
    };
    if !hold_two(from.1, to.1) {
        trace.note(|| Note::OneResult);
        return Tri::Maybe;
    }
    let outcome = lie_between(&difference, plan.by.low.as_ref(), plan.by.high.as_ref());
    trace.note(|| Note::Difference(difference));
    outcome
}

/// Whether two results may count for one end or the other: one alone shows no change.
fn hold_two<'c>(from: &Candidates<'_, 'c>, to: &Candidates<'_, 'c>) -> bool {
    let counts = |row| {
        let within = |candidates: &Candidates<'_, 'c>| {
            let moment = candidates.moment(row);
            candidates.place(row, moment, &mut Silent).membership() != Tri::No
        };
        within(from) || within(to)
    };
    from.rows().filter(|row| counts(row)).nth(1).is_some()
}

/// Between which amounts a change lies, in the direction that is asked; none if it is counted by a value that is
/// not above zero, or that has no end.
pub(crate) fn difference(
    mode: &ChangeMode,
    by: Option<&Conversion>,
    direction: Direction,
    earlier: &Interval,
    later: &Interval,
) -> Option<Interval> {
    let fall = match mode {
        ChangeMode::Relative => relative_fall(earlier, later)?,
        ChangeMode::Absolute(_) => {
            let conversion = by?;
            let fall = fall(earlier, later);
            let converted = |end: Option<Bound>| {
                end.map(|(end, closed)| (conversion.apply_difference(&end), closed))
            };
            Interval {
                low: converted(fall.low),
                high: converted(fall.high),
            }
        }
        ChangeMode::Points => fall(earlier, later),
    };
    Some(match direction {
        Direction::Falls => fall,
        Direction::Rises => opposite(fall),
        Direction::Changes => size(fall),
    })
}

fn fall(earlier: &Interval, later: &Interval) -> Interval {
    let less = |one: &Option<Bound>, other: &Option<Bound>| {
        one.as_ref()
            .zip(other.as_ref())
            .map(|((one, closed), (other, other_closed))| {
                (one.sub(other), *closed && *other_closed)
            })
    };
    Interval {
        low: less(&earlier.low, &later.high),
        high: less(&earlier.high, &later.low),
    }
}

/// In per cent of the earlier value. It is greatest and least where both values are at an end.
fn relative_fall(earlier: &Interval, later: &Interval) -> Option<Interval> {
    let earlier = [earlier.low.as_ref()?, earlier.high.as_ref()?];
    let later = [later.low.as_ref()?, later.high.as_ref()?];
    if earlier.iter().any(|(end, _)| end.signum() <= 0) {
        return None;
    }
    let hundred = Exact::from_integer(100);
    let mut least: Option<Bound> = None;
    let mut greatest: Option<Bound> = None;
    for (from, from_closed) in earlier {
        for (to, to_closed) in later {
            let fall = from.sub(to).mul(&hundred).checked_div(from)?;
            // To zero everything falls by as much.
            let end = (fall, *to_closed && (*from_closed || to.is_zero()));
            least = Some(match least {
                Some(least) => beyond(least, end.clone(), false, true),
                None => end.clone(),
            });
            greatest = Some(match greatest {
                Some(greatest) => beyond(greatest, end, true, true),
                None => end,
            });
        }
    }
    Some(Interval {
        low: least,
        high: greatest,
    })
}

fn opposite(interval: Interval) -> Interval {
    let negative = |end: Option<Bound>| end.map(|(end, closed)| (end.neg(), closed));
    Interval {
        low: negative(interval.high),
        high: negative(interval.low),
    }
}

/// How large a change is, whichever way it goes.
fn size(fall: Interval) -> Interval {
    let below = |end: &Option<Bound>| end.as_ref().is_none_or(|(end, _)| end.signum() < 0);
    let above = |end: &Option<Bound>| end.as_ref().is_none_or(|(end, _)| end.signum() > 0);
    if !below(&fall.low) {
        return fall;
    }
    if !above(&fall.high) {
        return opposite(fall);
    }
    let rise = opposite(fall.clone());
    let high = rise
        .high
        .zip(fall.high)
        .map(|(one, other)| beyond(one, other, true, true));
    Interval {
        low: Some((Exact::zero(), true)),
        high,
    }
}
