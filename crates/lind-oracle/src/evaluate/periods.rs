//! How long records last, and how long they have been over (section 6).

use lind_model::protocol::{Comparison, FactTable, HalfLife, Lasting};
use lind_time::{Offset, Tri};
use lind_units::{Decimal, Exact};

use super::{Gate, Run};
use crate::calendar::FAR;
use crate::chart::{Record, word};
use crate::time::{DAY, MINUTE, SECOND, Time, all_some_none, instants};
use crate::window::{End, Span, counted, shifted};

/// The half-life of a drug, as short and as long as it may be.
struct KnownHalfLife {
    shortest_seconds: Exact,
    longest_seconds: Exact,
    by_day: bool,
}

/// Whether a comparison holds of two numbers in this order.
pub(super) fn holds<T: Ord>(comparison: Comparison, a: &T, b: &T) -> bool {
    match comparison {
        Comparison::AtLeast => a >= b,
        Comparison::AtMost => a <= b,
        Comparison::MoreThan => a > b,
        Comparison::LessThan => a < b,
        Comparison::Equal => a == b,
    }
}

/// The unit in which a length is tried.
fn unit_of(offset: Offset) -> i64 {
    match offset {
        Offset::Clock { seconds } if seconds % 60 != 0 => SECOND,
        Offset::Clock { .. } => MINUTE,
        Offset::Days { .. } | Offset::Calendar { .. } => DAY,
    }
}

impl Run<'_> {
    /// From when until when a record holds.
    pub(super) fn span(&self, record: &Record) -> Span {
        let begin = self.chart.time(record.begin);
        let end = match (record.table, record.end) {
            (FactTable::Procedures | FactTable::Results, _) => End::AtOnce,
            (FactTable::Allergies, _) => End::NotOver,
            (_, Some(end)) => End::At(end),
            (FactTable::AdverseEvents, None) => End::NotOver,
            (FactTable::Conditions, None) => {
                if has_ended(record) {
                    End::At(Time::missing(self.chart.horizon))
                } else {
                    End::NotOver
                }
            }
            (FactTable::Treatments, None) => {
                if self.is_among(record, &self.protocol.given_once) == Tri::Yes {
                    End::AtOnce
                } else {
                    End::NotOver
                }
            }
        };
        Span { begin, end }
    }

    /// A comparison of the end of a span with a time; what is not over ends after everything, and
    /// nothing ends before it begins.
    pub(super) fn end_compared(
        &self,
        span: Span,
        other: Time,
        unit: i64,
        holds: impl Fn(i64, i64) -> bool,
    ) -> Tri {
        let end = match span.end {
            End::AtOnce => return span.begin.compare(other, unit, holds),
            End::At(end) => end.units(unit),
            End::NotOver => return all_some_none([holds(i64::MAX, other.units(unit).1)]),
        };
        let (begin, other) = (span.begin.units(unit), other.units(unit));
        let mut answers = Vec::new();
        for begin in instants(begin, &[end.0, end.1]) {
            for end in instants(end, &[begin, other.0, other.1]) {
                for other in instants(other, &[end]) {
                    if begin <= end {
                        answers.push(holds(end, other));
                    }
                }
            }
        }
        all_some_none(answers)
    }

    /// A comparison of the beginning of a span with a time; nothing begins after it has ended.
    pub(super) fn begin_compared(
        &self,
        span: Span,
        other: Time,
        unit: i64,
        holds: impl Fn(i64, i64) -> bool,
    ) -> Tri {
        let last_end = match span.end {
            End::At(end) => end.units(unit).1,
            End::AtOnce | End::NotOver => FAR,
        };
        let (begin, other) = (span.begin.units(unit), other.units(unit));
        let mut answers = Vec::new();
        for begin in instants(begin, &[other.0, other.1, last_end]) {
            for other in instants(other, &[begin]) {
                if begin <= last_end {
                    answers.push(holds(begin, other));
                }
            }
        }
        all_some_none(answers)
    }

    /// Whether a record has lasted so long by the gate.
    pub(super) fn lasts(&self, record: &Record, lasting: Lasting, gate: Gate) -> Tri {
        let length = counted(self.months(), lasting.length);
        let unit = unit_of(length);
        let span = self.span(record);
        let (begin, gate) = (span.begin.units(unit), gate.time.units(unit));
        let end = match span.end {
            End::AtOnce => None,
            End::At(end) => Some(end.units(unit)),
            End::NotOver => Some((FAR, FAR)),
        };
        let (first_end, last_end) = end.unwrap_or(gate);
        let beginnings = [
            first_end,
            last_end,
            shifted(first_end, length.negate(), unit),
            shifted(last_end, length.negate(), unit),
            shifted(gate.0, length.negate(), unit),
            shifted(gate.1, length.negate(), unit),
        ];
        let mut answers = Vec::new();
        for begin in instants(begin, &beginnings) {
            let long_enough = shifted(begin, length, unit);
            let ends = match end {
                None => vec![begin],
                Some((first, last)) if first == last => vec![first],
                Some(end) => instants(end, &[begin, gate.0, gate.1, long_enough]),
            };
            for end in ends {
                for gate in instants(gate, &[begin, end, long_enough]) {
                    if begin <= end {
                        answers.push(holds(lasting.comparison, &end.min(gate), &long_enough));
                    }
                }
            }
        }
        all_some_none(answers)
    }

    /// Whether a record has been over for so long at the gate's day.
    pub(super) fn over_for(&self, record: &Record, lasting: Lasting, gate: Gate) -> Tri {
        let span = self.span(record);
        let end = match span.end {
            End::AtOnce => span.begin,
            End::At(end) => end,
            End::NotOver => return Tri::No,
        };
        let length = counted(self.months(), lasting.length);
        let (end, gate) = (end.units(DAY), gate.time.units(DAY));
        let (begin, _) = span.begin.units(DAY);
        let mut answers = Vec::new();
        let back = length.negate();
        let ends = [
            begin,
            gate.0,
            gate.1,
            shifted(gate.0, back, DAY),
            shifted(gate.1, back, DAY),
        ];
        for end in instants(end, &ends) {
            for gate in instants(gate, &[end, shifted(end, length, DAY)]) {
                let since = shifted(end, length, DAY);
                // Some beginning is early enough for every end from the earliest beginning on.
                if begin <= end {
                    answers.push(end <= gate && holds(lasting.comparison, &gate, &since));
                }
            }
        }
        all_some_none(answers)
    }

    /// Whether the last administration of a drug lies so many half-lives before an anchor.
    pub(super) fn in_half_lives(
        &self,
        record: &Record,
        anchor: Time,
        count: &Exact,
        closed: bool,
        beyond: bool,
    ) -> Tri {
        let span = self.span(record);
        let Some(half_life) = self.half_life(&record.code) else {
            let begun = anchor.is_before(span.begin).negate();
            return begun.and(Tri::Maybe);
        };
        let unit = if half_life.by_day { DAY } else { SECOND };
        let begun = span
            .begin
            .compare(anchor, unit, |begin, anchor| begin <= anchor);
        let units_per_half_life = |seconds: &Exact| {
            let units = seconds.checked_div(&Exact::from_integer(unit));
            units.unwrap_or_default().mul(count)
        };
        let lengths = [
            units_per_half_life(&half_life.shortest_seconds),
            units_per_half_life(&half_life.longest_seconds),
        ];
        let anchor = anchor.units(unit);
        let end = match span.end {
            End::AtOnce => Some(span.begin.units(unit)),
            // It does not end before it begins.
            End::At(end) => {
                let (earliest, _) = span.begin.units(unit);
                let (first, last) = end.units(unit);
                Some((first.max(earliest), last.max(earliest)))
            }
            End::NotOver => None,
        };
        let mut answers = Vec::new();
        for anchor in ends_and(
            anchor,
            end.map_or([anchor.0, anchor.1], |end| [end.0, end.1]),
        ) {
            let lasts = end.map_or(vec![anchor], |end| ends_and(end, [anchor, anchor]));
            for last in lasts {
                let since = Exact::from_integer(anchor - last.min(anchor));
                for length in &lengths {
                    answers.push(match (beyond, closed) {
                        (false, false) => since < *length,
                        (false, true) => since <= *length,
                        (true, false) => since > *length,
                        (true, true) => since >= *length,
                    });
                }
            }
        }
        begun.and(all_some_none(answers))
    }

    /// The half-life that the data set gives for a code, else the library's.
    fn half_life(&self, code: &str) -> Option<KnownHalfLife> {
        for (of, value, unit) in &self.dataset.half_lives {
            if of == code {
                let value = Decimal::parse(value).ok()?.to_exact();
                let (seconds, by_day) = match unit.as_str() {
                    "minutes" => (60, false),
                    "hours" => (3600, false),
                    "days" => (86_400, true),
                    "weeks" => (7 * 86_400, true),
                    _ => return None,
                };
                let seconds = value.mul(&Exact::from_integer(seconds));
                return Some(KnownHalfLife {
                    shortest_seconds: seconds.clone(),
                    longest_seconds: seconds,
                    by_day,
                });
            }
        }
        let known: &HalfLife = self.protocol.half_lives.iter().find(|half_life| {
            self.code_is_among(FactTable::Treatments, code, &half_life.codes) == Tri::Yes
        })?;
        Some(KnownHalfLife {
            shortest_seconds: known.shortest_seconds.clone(),
            longest_seconds: known.longest_seconds.clone(),
            by_day: known.by_day,
        })
    }
}

/// Whether the status of a condition says that it is over.
pub(super) fn has_ended(record: &Record) -> bool {
    let status = word(record.row.text("status"));
    record.table == FactTable::Conditions && matches!(status.as_str(), "resolved" | "remission")
}

/// Both ends of an interval and, if they lie in it, two more units.
fn ends_and((first, last): (i64, i64), more: [i64; 2]) -> Vec<i64> {
    let mut found = vec![first, last];
    found.extend(more.into_iter().filter(|at| (first..=last).contains(at)));
    found
}
