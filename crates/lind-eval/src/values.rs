//! What is asked of one value.

use std::cmp::Ordering;

use lind_model::protocol::{Interval, TagRule, Test};
use lind_records::Observation;
use lind_time::Tri;
use lind_units::{Conversion, Decimal, Exact};

use crate::numbers::{lie_between, reach};
use crate::steps::{MeasureStep, Range, Target, TestStep, Word};
use crate::view::View;

/// The end of an interval and whether it belongs.
pub(crate) type Bound = (Exact, bool);

/// The limit itself.
pub(crate) static ONE: Bound = (Exact::one(), true);

/// What is asked of one value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question<'p> {
    /// A quantity lies between two bounds in a unit.
    Quantity {
        low: Option<&'p Bound>,
        high: Option<&'p Bound>,
        target: Target,
        plausible: Option<&'p Range>,
    },
    /// A quantity lies between two multiples of a limit of its own laboratory.
    Multiple {
        low: Option<&'p Bound>,
        high: Option<&'p Bound>,
        upper: bool,
        own: Own<'p>,
    },
    /// A quantity lies within both limits of its own laboratory, or outside.
    Reference { outside: bool, own: Own<'p> },
    /// A score lies between two bounds.
    Score {
        low: Option<&'p Bound>,
        high: Option<&'p Bound>,
        ends: Option<&'p Range>,
        step: Option<&'p Exact>,
    },
    /// A level is one of these.
    Levels {
        allowed: &'p [usize],
        levels: &'p [(Word, Option<Decimal>)],
    },
    /// A coded result is one of these.
    Results {
        allowed: &'p [Word],
        declared: &'p [(Word, Option<Decimal>)],
    },
    /// What is asked of the tags that a result carries.
    Tags {
        rule: TagRule,
        asked: &'p [Word],
        declared: &'p [(Word, Option<Decimal>)],
    },
    /// A quantity lies between two multiples of another value of the same patient.
    Own {
        low: Option<&'p Bound>,
        high: Option<&'p Bound>,
        target: Target,
        plausible: Option<&'p Range>,
        /// Between which numbers that value lies; none if there may be none.
        reference: Option<&'p Interval>,
    },
    /// The checker lets no such test through.
    Impossible,
}

/// What is plausible of a measure, in its own unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own<'p> {
    target: Option<Target>,
    plausible: Option<&'p Range>,
}

/// Which of the two bounds is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Low,
    High,
}

/// The answer of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) outcome: Tri,
    /// Why it is not known, or what is special about the value.
    pub(crate) fault: Option<Fault>,
}

/// Why a value cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no number.
    NoNumber,
    /// There is no unit.
    NoUnit,
    /// The unit does not convert.
    Unit,
    /// It cannot be real.
    Implausible,
    /// It is only known to lie below or above a number.
    Imprecise,
    /// The laboratory's limit is missing.
    NoLimit,
    /// The laboratory's limit is zero or negative.
    BadLimit,
    /// The text names no level of the scale.
    NoLevel,
    /// The text is none of the declared results.
    NoResult,
    /// The score lies outside its scale.
    OffScale,
    /// The score lies between two steps.
    OffStep,
    /// No such test exists.
    NoTest,
    /// There is perhaps no value to compare with.
    NoReference,
    /// The value to compare with is perhaps zero or negative.
    BadReference,
}

impl Judged {
    pub(crate) const fn unknown(fault: Fault) -> Self {
        Self {
            outcome: Tri::Maybe,
            fault: Some(fault),
        }
    }

    fn of(value: bool) -> Self {
        Self {
            outcome: Tri::from(value),
            fault: None,
        }
    }
}

impl<'p> Own<'p> {
    fn of(measure: &'p MeasureStep) -> Self {
        Self {
            target: measure.own,
            plausible: measure.plausible.as_ref(),
        }
    }
}

impl<'p> Question<'p> {
    /// What a test asks of the values of a measure.
    pub(crate) fn of(test: &'p Test, step: &'p TestStep, measure: &'p MeasureStep) -> Self {
        match (test, step) {
            (Test::Quantity(interval, _), TestStep::Quantity { target, plausible }) => {
                Self::Quantity {
                    low: interval.low.as_ref(),
                    high: interval.high.as_ref(),
                    target: *target,
                    plausible: plausible.as_ref(),
                }
            }
            (Test::Multiple { interval, upper }, _) => Self::Multiple {
                low: interval.low.as_ref(),
                high: interval.high.as_ref(),
                upper: *upper,
                own: Own::of(measure),
            },
            (Test::Reference { outside }, _) => Self::Reference {
                outside: *outside,
                own: Own::of(measure),
            },
            (Test::Score(interval), _) => Self::Score {
                low: interval.low.as_ref(),
                high: interval.high.as_ref(),
                ends: measure.plausible.as_ref(),
                step: measure.step.as_ref(),
            },
            (Test::Levels(allowed), _) => Self::Levels {
                allowed,
                levels: &measure.words,
            },
            (Test::Results(_), TestStep::Results(allowed)) => Self::Results {
                allowed,
                declared: &measure.words,
            },
            (Test::Own { interval, .. }, _) => match measure.own {
                Some(target) => Self::Own {
                    low: interval.low.as_ref(),
                    high: interval.high.as_ref(),
                    target,
                    plausible: measure.plausible.as_ref(),
                    reference: None,
                },
                None => Self::Impossible,
            },
            (Test::Tags(rule, _), TestStep::Results(asked)) => Self::Tags {
                rule: *rule,
                asked,
                declared: &measure.words,
            },
            _ => Self::Impossible,
        }
    }

    /// The same question, with the value of which it asks multiples.
    pub(crate) fn of_reference(mut self, found: Option<&'p Interval>) -> Self {
        if let Self::Own { reference, .. } = &mut self {
            *reference = found;
        }
        self
    }

    /// The bounds of an interval; none for levels and results.
    pub(crate) const fn bounds(&self) -> Option<(Option<&'p Bound>, Option<&'p Bound>)> {
        match self {
            Self::Quantity { low, high, .. }
            | Self::Multiple { low, high, .. }
            | Self::Own { low, high, .. }
            | Self::Score { low, high, .. } => Some((*low, *high)),
            Self::Reference { .. }
            | Self::Levels { .. }
            | Self::Results { .. }
            | Self::Tags { .. }
            | Self::Impossible => None,
        }
    }

    /// The same question without its bounds.
    pub(crate) fn unbounded(mut self) -> Self {
        if let Self::Quantity { low, high, .. }
        | Self::Multiple { low, high, .. }
        | Self::Own { low, high, .. }
        | Self::Score { low, high, .. } = &mut self
        {
            *low = None;
            *high = None;
        }
        self
    }

    /// The same question with one of its bounds alone.
    pub(crate) fn only(mut self, side: Side) -> Self {
        if let Self::Quantity { low, high, .. }
        | Self::Multiple { low, high, .. }
        | Self::Own { low, high, .. }
        | Self::Score { low, high, .. } = &mut self
        {
            match side {
                Side::Low => *high = None,
                Side::High => *low = None,
            }
        }
        self
    }
}

impl View<'_> {
    /// What one value answers.
    pub(crate) fn judge(&self, question: &Question<'_>, row: &Observation) -> Judged {
        match question {
            Question::Quantity {
                low,
                high,
                target,
                plausible,
            } => self.judge_quantity(row, *low, *high, *target, *plausible),
            Question::Multiple {
                low,
                high,
                upper,
                own,
            } => {
                let limit = if *upper { row.high } else { row.low };
                self.judge_multiple(row, limit, (*low, *high), *own)
            }
            Question::Reference { outside, own } => self.judge_reference(row, *outside, *own),
            Question::Score {
                low,
                high,
                ends,
                step,
            } => self.judge_score(row, (*low, *high), *ends, *step),
            Question::Levels { allowed, levels } => match self.level(row, levels) {
                Some(level) => Judged::of(allowed.contains(&level)),
                None => Judged::unknown(Fault::NoLevel),
            },
            Question::Results { allowed, declared } => {
                let is = |word: Word| {
                    row.result
                        .is_some_and(|result| self.context.is_word(result, word))
                };
                if allowed.iter().any(|word| is(*word)) {
                    Judged::of(true)
                } else if declared.iter().any(|(word, _)| is(*word)) {
                    Judged::of(false)
                } else {
                    Judged::unknown(Fault::NoResult)
                }
            }
            Question::Tags {
                rule,
                asked,
                declared,
            } => self.judge_tags(row, *rule, asked, declared),
            Question::Own {
                low,
                high,
                target,
                plausible,
                reference,
            } => self.judge_own(row, (*low, *high), (*target, *plausible), *reference),
            Question::Impossible => Judged::unknown(Fault::NoTest),
        }
    }

    /// The level that an observation names, counted from the lowest.
    pub(crate) fn level(
        &self,
        row: &Observation,
        levels: &[(Word, Option<Decimal>)],
    ) -> Option<usize> {
        match (row.result, row.value) {
            (Some(result), _) => levels
                .iter()
                .position(|(word, _)| self.context.is_word(result, *word)),
            (None, Some(value)) if row.comparator.is_none() => levels
                .iter()
                .position(|(_, number)| number.is_some_and(|number| number.same_value(&value))),
            (None, _) => None,
        }
    }

    fn judge_quantity(
        &self,
        row: &Observation,
        low: Option<&Bound>,
        high: Option<&Bound>,
        target: Target,
        plausible: Option<&Range>,
    ) -> Judged {
        let Some(value) = row.value else {
            return Judged::unknown(Fault::NoNumber);
        };
        let Some(unit) = row.unit else {
            return Judged::unknown(Fault::NoUnit);
        };
        let Some(conversion) = self.context.conversion(self.program, target, unit) else {
            return Judged::unknown(Fault::Unit);
        };
        if let Some(comparator) = row.comparator {
            let value = conversion.apply_decimal(&value);
            let to = row.to.as_ref().map(|to| conversion.apply_decimal(to));
            return judge_interval(&reach((comparator, value), to, plausible), low, high);
        }
        let compare = |limit: &Exact| conversion.compare(&value, limit);
        if !is_plausible(compare, plausible) {
            return Judged::unknown(Fault::Implausible);
        }
        Judged::of(lies_between(compare, low, high))
    }

    fn judge_multiple(
        &self,
        row: &Observation,
        limit: Option<Decimal>,
        (low, high): (Option<&Bound>, Option<&Bound>),
        own: Own<'_>,
    ) -> Judged {
        let Some(value) = row.value else {
            return Judged::unknown(Fault::NoNumber);
        };
        let Some(limit) = limit else {
            return Judged::unknown(Fault::NoLimit);
        };
        if limit.mantissa() <= 0 {
            return Judged::unknown(Fault::BadLimit);
        }
        if self.is_alone_implausible(row, &value, &limit, own) {
            return Judged::unknown(Fault::Implausible);
        }
        let limit = limit.to_exact();
        let Some(comparator) = row.comparator else {
            let value = value.to_exact();
            return Judged::of(lies_between(
                |factor| value.cmp(&limit.mul(factor)),
                low,
                high,
            ));
        };
        let bound =
            |bound: Option<&Bound>| bound.map(|(factor, closed)| (limit.mul(factor), *closed));
        let to = row.to.as_ref().map(Decimal::to_exact);
        judge_interval(
            &reach((comparator, value.to_exact()), to, None),
            bound(low).as_ref(),
            bound(high).as_ref(),
        )
    }

    /// Whether a value cannot be real while the limit beside it can: a slip of the unit would make
    /// both of them so, and cancel.
    fn is_alone_implausible(
        &self,
        row: &Observation,
        value: &Decimal,
        limit: &Decimal,
        own: Own<'_>,
    ) -> bool {
        let (Some(target), Some(plausible), Some(unit), None) =
            (own.target, own.plausible, row.unit, row.comparator)
        else {
            return false;
        };
        let Some(conversion) = self.context.conversion(self.program, target, unit) else {
            return false;
        };
        let can_be =
            |number: &Decimal| is_plausible(|end| conversion.compare(number, end), Some(plausible));
        !can_be(value) && can_be(limit)
    }

    /// Both limits are asked, one after the other.
    fn judge_reference(&self, row: &Observation, outside: bool, own: Own<'_>) -> Judged {
        let low = self.judge_multiple(row, row.low, (Some(&ONE), None), own);
        let high = self.judge_multiple(row, row.high, (None, Some(&ONE)), own);
        let outcome = low.outcome.and(high.outcome);
        let fault = if low.outcome == Tri::Maybe {
            low.fault
        } else {
            high.fault
        };
        Judged {
            outcome: if outside { !outcome } else { outcome },
            fault,
        }
    }

    fn judge_score(
        &self,
        row: &Observation,
        (low, high): (Option<&Bound>, Option<&Bound>),
        ends: Option<&Range>,
        step: Option<&Exact>,
    ) -> Judged {
        let Some(value) = row.value else {
            return Judged::unknown(Fault::NoNumber);
        };
        if row.unit.is_some_and(|unit| !self.context.is_points(unit)) {
            return Judged::unknown(Fault::Unit);
        }
        let value = value.to_exact();
        if let Some(comparator) = row.comparator {
            let to = row.to.as_ref().map(Decimal::to_exact);
            return match judge_interval(&reach((comparator, value), to, ends), low, high) {
                Judged {
                    fault: Some(Fault::Implausible),
                    ..
                } => Judged::unknown(Fault::OffScale),
                judged => judged,
            };
        }
        let compare = |limit: &Exact| value.cmp(limit);
        if !is_plausible(compare, ends) {
            return Judged::unknown(Fault::OffScale);
        }
        if let (Some((lowest, _)), Some(step)) = (ends, step)
            && !value
                .sub(lowest)
                .checked_div(step)
                .is_some_and(|steps| steps.is_integer())
        {
            return Judged::unknown(Fault::OffStep);
        }
        Judged::of(lies_between(compare, low, high))
    }

    /// The value of an observation as one exact number in a unit, for a formula or a change.
    pub(crate) fn exact(
        &self,
        row: &Observation,
        target: Target,
        plausible: Option<&Range>,
    ) -> Result<Exact, Fault> {
        let value = row.value.ok_or(Fault::NoNumber)?;
        if row.comparator.is_some() {
            return Err(Fault::Imprecise);
        }
        let unit = row.unit.ok_or(Fault::NoUnit)?;
        let conversion = self
            .context
            .conversion(self.program, target, unit)
            .ok_or(Fault::Unit)?;
        if !is_plausible(|limit| conversion.compare(&value, limit), plausible) {
            return Err(Fault::Implausible);
        }
        Ok(conversion.apply_decimal(&value))
    }

    /// A score as one exact number.
    pub(crate) fn points(&self, row: &Observation, measure: &MeasureStep) -> Result<Exact, Fault> {
        if row.comparator.is_some() {
            return Err(Fault::Imprecise);
        }
        let judged = self.judge_score(
            row,
            (None, None),
            measure.plausible.as_ref(),
            measure.step.as_ref(),
        );
        match (judged.fault, row.value) {
            (None, Some(value)) => Ok(value.to_exact()),
            (fault, _) => Err(fault.unwrap_or(Fault::NoNumber)),
        }
    }
}

/// The part of a conversion that is not needed when the value is computed.
pub(crate) fn judge_computed(
    value: &Exact,
    conversion: Option<&Conversion>,
    interval: &Interval,
    plausible: Option<&Range>,
) -> Judged {
    let Some(conversion) = conversion else {
        return Judged::unknown(Fault::Unit);
    };
    if !is_plausible(|limit| value.cmp(limit), plausible) {
        return Judged::unknown(Fault::Implausible);
    }
    Judged::of(interval.contains(&conversion.apply(value)))
}

fn is_plausible(compare: impl Fn(&Exact) -> Ordering, plausible: Option<&Range>) -> bool {
    plausible.is_none_or(|(low, high)| compare(low).is_ge() && compare(high).is_le())
}

/// Whether a value lies between two bounds, by how it compares with each.
fn lies_between(
    compare: impl Fn(&Exact) -> Ordering,
    low: Option<&Bound>,
    high: Option<&Bound>,
) -> bool {
    let above = low.is_none_or(|(low, closed)| match compare(low) {
        Ordering::Greater => true,
        Ordering::Equal => *closed,
        Ordering::Less => false,
    });
    let below = high.is_none_or(|(high, closed)| match compare(high) {
        Ordering::Less => true,
        Ordering::Equal => *closed,
        Ordering::Greater => false,
    });
    above && below
}

/// What is known of a value that is one of an interval: all of it passes, none of it, or it cannot be told.
fn judge_interval(numbers: &Interval, low: Option<&Bound>, high: Option<&Bound>) -> Judged {
    if let (Some((from, from_closed)), Some((to, to_closed))) = (&numbers.low, &numbers.high)
        && is_after((from, *from_closed), (to, *to_closed))
    {
        return Judged::unknown(Fault::Implausible);
    }
    Judged {
        outcome: lie_between(numbers, low, high),
        fault: Some(Fault::Imprecise),
    }
}

/// Whether nothing lies from the first end to the second.
pub(crate) fn is_after(
    (from, from_closed): (&Exact, bool),
    (to, to_closed): (&Exact, bool),
) -> bool {
    from > to || (from == to && !(from_closed && to_closed))
}
