//! Whether a number passes a test, by its bounds.

use lind_eval::MeasuredValue;
use lind_model::protocol::{Interval, Shape, Test};
use lind_model::{MeasureId, Protocol};
use lind_time::Tri;
use lind_units::Exact;

/// A test in the own unit of a measure.
#[derive(Debug, Clone)]
pub(crate) enum OwnTest {
    /// The number lies in an interval.
    Between(Interval),
    /// The number lies in an interval of multiples of a limit of its own laboratory.
    Multiple { interval: Interval, upper: bool },
    /// The number lies within both limits of its own laboratory, or outside.
    Reference { outside: bool },
    /// The checker lets no such test through.
    Impossible,
}

impl OwnTest {
    pub(crate) fn of(protocol: &Protocol, measure: MeasureId, test: &Test) -> Self {
        let shape = protocol.measures.get(measure.index()).map(|it| &it.shape);
        match (test, shape) {
            (Test::Quantity(interval, unit), Some(Shape::Quantity(own))) => {
                let Ok(conversion) = unit.conversion(&own.unit, Some(&own.analyte)) else {
                    return Self::Impossible;
                };
                let turn = |end: &Option<(Exact, bool)>| {
                    end.as_ref()
                        .map(|(value, closed)| (conversion.apply(value), *closed))
                };
                Self::Between(Interval {
                    low: turn(&interval.low),
                    high: turn(&interval.high),
                })
            }
            (Test::Score(interval), _) => Self::Between(interval.clone()),
            (Test::Multiple { interval, upper }, _) => Self::Multiple {
                interval: interval.clone(),
                upper: *upper,
            },
            (Test::Reference { outside }, _) => Self::Reference { outside: *outside },
            _ => Self::Impossible,
        }
    }

    /// Whether a value passes.
    pub(crate) fn passes(&self, value: &MeasuredValue) -> Tri {
        let Ok(number) = &value.number else {
            return Tri::Maybe;
        };
        match self {
            Self::Between(interval) => lies_in(number, interval),
            Self::Multiple { interval, upper } => {
                let limit = if *upper {
                    &value.upper_limit
                } else {
                    &value.lower_limit
                };
                let Some(limit) = limit.as_ref().filter(|limit| limit.signum() > 0) else {
                    return Tri::Maybe;
                };
                let times = |end: &Option<(Exact, bool)>| {
                    end.as_ref()
                        .map(|(factor, closed)| (limit.mul(factor), *closed))
                };
                lies_in(
                    number,
                    &Interval {
                        low: times(&interval.low),
                        high: times(&interval.high),
                    },
                )
            }
            Self::Reference { outside } => {
                let (Some(low), Some(high)) = (&value.lower_limit, &value.upper_limit) else {
                    return Tri::Maybe;
                };
                let within = lies_in(
                    number,
                    &Interval {
                        low: Some((low.clone(), true)),
                        high: Some((high.clone(), true)),
                    },
                );
                if *outside { !within } else { within }
            }
            Self::Impossible => Tri::Maybe,
        }
    }
}

/// Whether all numbers, none, or some of them lie in an interval.
fn lies_in(number: &Interval, interval: &Interval) -> Tri {
    let low_inside = match (&number.low, &interval.low) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((value, closed)), Some((end, open))) => {
            value > end || (value == end && (*open || !*closed))
        }
    };
    let high_inside = match (&number.high, &interval.high) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((value, closed)), Some((end, open))) => {
            value < end || (value == end && (*open || !*closed))
        }
    };
    let below = match (&number.high, &interval.low) {
        (Some((value, closed)), Some((end, open))) => {
            value < end || (value == end && !(*closed && *open))
        }
        _ => false,
    };
    let above = match (&number.low, &interval.high) {
        (Some((value, closed)), Some((end, open))) => {
            value > end || (value == end && !(*closed && *open))
        }
        _ => false,
    };
    if low_inside && high_inside {
        Tri::Yes
    } else if below || above {
        Tri::No
    } else {
        Tri::Maybe
    }
}
