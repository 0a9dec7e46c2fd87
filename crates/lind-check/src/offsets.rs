//! Lengths of different classes: hours where only dates are recorded, and classes that are compared.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::Anchor;
use lind_syntax::tree::{self, Length, LengthUnit};
use lind_time::{Offset, OffsetClass, OffsetUnit};

use crate::analysis::Checker;
use crate::rules;
use crate::times::Inside;

impl Checker<'_> {
    /// Hours on data or milestones that only have days.
    pub(crate) fn hours_on_days(
        &mut self,
        window: &tree::Window,
        (length, offset): (&Length, Offset),
        anchor: (Anchor, bool, Option<Span>),
        inside: Inside<'_>,
    ) -> Option<()> {
        let (what, declared) = if !anchor.1 {
            ("the milestone has only a date", anchor.2)
        } else if !inside.timed {
            (inside.what, inside.declared)
        } else {
            return Some(());
        };
        let unit = clock_word(length);
        let mut diagnostic = Diagnostic::new(
            &rules::E0404_HOURS_ON_DAYS,
            length.span,
            format!("{unit} are counted on something that has only a date"),
        )
        .label(unit);
        diagnostic = if whole_days(offset) {
            let end = Span::new(window.span.file, window.span.end, window.span.end);
            diagnostic
                .note(format!("{}; either declare that the time of day is recorded (`with time of day`), or count civil days", by_dates_alone(offset)))
                .suggest("count civil days", end, ", by day")
        } else {
            diagnostic.note(format!("{}; declare that the time of day is recorded (`with time of day`), or state a number of days", by_dates_alone(offset)))
        };
        if let Some(declared) = declared {
            diagnostic = diagnostic.also(declared, what);
        }
        self.sink.push(diagnostic);
        None
    }

    /// `within 36 hours before screening, by day`: how many days that is, nobody said.
    pub(crate) fn no_whole_days<T>(
        &mut self,
        by_day: Span,
        (length, offset): (&Length, Offset),
    ) -> Option<T> {
        self.sink.push(
            Diagnostic::new(
                &rules::E0404_HOURS_ON_DAYS,
                length.span,
                format!("{offset} are no number of days, so they cannot be counted by day"),
            )
            .label(clock_word(length))
            .also(by_day, "counted in civil days")
            .note(format!("{}; state a number of days, or leave `by day` out where the time of day is recorded", by_dates_alone(offset))),
        );
        None
    }

    pub(crate) fn also_stated_length(&mut self, length: &Length, offset: Offset, also: &Length) {
        let Some(second) = self.offset(also) else {
            return;
        };
        if offset.compare(second) == Some(std::cmp::Ordering::Equal) {
            return;
        }
        if offset.class() == second.class() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0312_STATEMENTS_DISAGREE,
                    also.span,
                    "the two statements of this length are not the same",
                )
                .label(format!("second statement: {second}"))
                .also(length.span, format!("first statement: {offset}")),
            );
        } else {
            self.mixed(
                (length.span, offset),
                (also.span, second),
                (
                    "are stated as the same length",
                    "state one of them, or write `the longer of … and …`",
                ),
            );
        }
    }

    pub(crate) fn mixed(
        &mut self,
        first: (Span, Offset),
        second: (Span, Offset),
        (what, advice): (&str, &str),
    ) {
        let hours = [first.1, second.1]
            .iter()
            .any(|offset| offset.class() == OffsetClass::Clock);
        let describe = |offset: Offset| {
            let (least, most) = offset.day_bounds();
            match offset.class() {
                OffsetClass::Calendar => {
                    format!("{offset}: {least} to {most} days, by the calendar")
                }
                OffsetClass::Day if hours && least > 0 => format!(
                    "{offset}: more than {} and less than {} hours, by the time of day",
                    least.saturating_sub(1).saturating_mul(24),
                    most.saturating_add(1).saturating_mul(24)
                ),
                _ => format!("{offset}"),
            }
        };
        self.sink.push(
            Diagnostic::new(&rules::E0405_MIXED_OFFSETS, second.0, format!("{} and {} {what}", first.1, second.1))
                .label(describe(second.1))
                .also(first.0, describe(first.1))
                .note(format!("hours, days and calendar months are three kinds of length; which of two is longer can depend on the date, or on the time of day; {advice}")),
        );
    }
}

/// The least and the most seconds that pass over an offset. Over civil days, almost a day less or more can pass
/// than their number says: from late to early, or from early to late.
pub(crate) fn elapsed(offset: Offset) -> (i64, i64) {
    let seconds = |days: i64| days.saturating_mul(86_400);
    match offset {
        Offset::Clock { seconds } => (seconds, seconds),
        _ => {
            let (least, most) = offset.day_bounds();
            (
                seconds(least.saturating_sub(1)),
                seconds(most.saturating_add(1)),
            )
        }
    }
}

/// Whether a length can be counted in civil days.
pub(crate) fn whole_days(offset: Offset) -> bool {
    !matches!(offset, Offset::Clock { seconds } if seconds % 86_400 != 0)
}

/// The unit of a length that is counted by the clock, in the plural.
fn clock_word(length: &Length) -> &'static str {
    let unit = match &length.unit {
        LengthUnit::Word(word) => Offset::parse_unit(&word.text),
        _ => None,
    };
    match unit {
        Some(OffsetUnit::Minutes) => "minutes",
        Some(OffsetUnit::Seconds) => "seconds",
        _ => "hours",
    }
}

/// What two dates without a time of day tell of a length of hours. Between dates that are `n` days apart, more
/// than `n - 1` and less than `n + 1` times 24 hours pass.
fn by_dates_alone(offset: Offset) -> String {
    let (whole, begun) = offset.day_bounds();
    let days = |count: i64| if count == 1 { "day" } else { "days" };
    let open = if whole == begun {
        format!("{whole}")
    } else {
        format!("{whole} or {begun}")
    };
    let past = begun.saturating_add(1);
    let certain = match whole {
        0 => {
            return format!(
                "with dates alone, {offset} are undecided for a difference of {open} {}, and exceeded from {past} on",
                days(begun)
            );
        }
        1 => "0 days".to_owned(),
        2 => "0 or 1 day".to_owned(),
        _ => format!("up to {} days", whole.saturating_sub(1)),
    };
    format!(
        "with dates alone, {offset} are certain for a difference of {certain}, undecided for {open}, and exceeded from {past} on"
    )
}
