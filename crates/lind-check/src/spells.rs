//! Days on which a value passes a test.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    Anchor, Comparison, Condition, ConditionKind, Interval, Provenance, Shape, Spell, SpellCount,
    Subject, Test, Window,
};
use lind_syntax::tree::{self, Length, Measured, SpellDays, TestKind};
use lind_time::{Edge, Grain, Offset};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::measured::Subjected;
use crate::rules;
use crate::times::comparison;

/// Gaps that are filled, and days of recovery, are fewer than these.
const MOST_DAYS: i64 = 1_000;

impl Checker<'_> {
    /// `anc <= 500 /uL for at least 14 days within …, ended by 3 days of recovery`, `anc never above 500 /uL …`
    pub(crate) fn spell(
        &mut self,
        measured: &Measured,
        subject: &Subjected,
        (provenance, window): (Option<Vec<Provenance>>, Option<Window>),
        span: Span,
    ) -> Option<Condition> {
        self.days_of_one_measure(measured)?;
        let clauses = self.one_spell(measured)?;
        let (Subject::Measure(measure), Shape::Quantity(_) | Shape::Score { .. }) =
            (subject.subject, &subject.shape)
        else {
            self.does_not_fit(
                measured.measure.span,
                format!("days of `{}` are not counted", measured.measure.text),
                "needs a measured quantity or a score",
                subject.declared,
                "declared here",
            );
            return None;
        };
        let test = self.test(&measured.test, subject, &measured.measure);
        if let Some(also) = &measured.also_stated {
            self.restated(&measured.test, subject, &measured.measure, also);
        }
        let counts = self.counted_days(measured, clauses.as_ref());
        let gap = match clauses.as_ref().and_then(|clauses| clauses.gaps.as_ref()) {
            Some(gaps) => self.whole_days(gaps, 0)?,
            None => 0,
        };
        let evidence = self.days_of_evidence(measured)?;
        let window = self.window_of_days(window, measured, span)?;
        let (counted, days) = counts?;
        let test = test?;
        if !matches!(
            test,
            Test::Quantity(..) | Test::Multiple { .. } | Test::Score(_) | Test::Own { .. }
        ) {
            self.does_not_fit(
                measured.test.span,
                "days are counted on which a value lies above or below a limit".to_owned(),
                "needs a comparison",
                subject.declared,
                "declared here",
            );
            return None;
        }
        let spell = Spell {
            measure,
            provenance: provenance?,
            window,
            test,
            counted,
            gap,
            evidence,
            days,
        };
        Some(self.condition_at(ConditionKind::Spell(Box::new(spell)), span))
    }

    /// Refuses what does not go with days.
    fn days_of_one_measure(&mut self, measured: &Measured) -> Option<()> {
        let misplaced = if let Some((_, place)) = measured.selector {
            Some((
                place,
                "of each day the worst value counts, as the measure declares",
            ))
        } else if let Some(time) = measured.times_of_day.first() {
            Some((time.span, "days count values of every time of the day"))
        } else if let Some(lasting) = &measured.persistence {
            Some((lasting.span, "only a change lasts, and is confirmed"))
        } else if let TestKind::Change { .. } | TestKind::Becomes { .. } = measured.test.kind {
            Some((
                measured.test.span,
                "days are counted on which a value passes a test, not a change",
            ))
        } else {
            None
        };
        match misplaced {
            Some((place, why)) => {
                self.misplaced(place, why);
                None
            }
            None => Some(()),
        }
    }

    /// The clauses of days; with `never` there may be none.
    fn one_spell(&mut self, measured: &Measured) -> Option<Option<tree::Spell>> {
        match (measured.spells.as_slice(), measured.never) {
            ([], _) => Some(None),
            ([only], Some(_)) => {
                self.spell_cannot_be(
                    only.span,
                    "what never is, is so on no day with a value; no days are counted",
                );
                None
            }
            ([only], None) if only.days.is_none() => {
                self.spell_cannot_be(only.span, "for how many days?");
                None
            }
            ([only], _) => Some(Some(only.clone())),
            ([_, second, ..], _) => {
                self.spell_cannot_be(second.span, "days are counted once");
                None
            }
        }
    }

    /// Which days are counted, and how many there must be.
    fn counted_days(
        &mut self,
        measured: &Measured,
        clauses: Option<&tree::Spell>,
    ) -> Option<(SpellCount, Interval)> {
        let recovery = match clauses.and_then(|clauses| clauses.ended_by.as_ref()) {
            Some(length) => Some((self.whole_days(length, 1)?, length.span)),
            None => None,
        };
        if measured.never.is_some() {
            let none = Interval::comparison(Comparison::AtMost, Exact::zero());
            return Some((SpellCount::WithValue, none));
        }
        let clauses = clauses?;
        let counted = match (clauses.in_total, recovery) {
            (Some(_), Some((_, place))) => {
                self.spell_cannot_be(
                    place,
                    "days in total need not follow each other, so nothing ends them",
                );
                return None;
            }
            (Some(_), None) => SpellCount::Total,
            (None, recovery) => SpellCount::Longest {
                recovery: recovery.map_or(1, |(days, _)| days),
            },
        };
        let days = match clauses.days.as_ref()? {
            SpellDays::Compare(comparator, length) => Interval::comparison(
                comparison(*comparator),
                Exact::from_integer(i64::from(self.whole_days(length, 0)?)),
            ),
            SpellDays::Between(low, high) => {
                let lower = Length {
                    number: low.clone(),
                    ..high.clone()
                };
                let end = |days: u32| Some((Exact::from_integer(i64::from(days)), true));
                let interval = Interval {
                    low: end(self.whole_days(&lower, 0)?),
                    high: end(self.whole_days(high, 0)?),
                };
                if interval.low > interval.high {
                    self.spell_cannot_be(clauses.span, "the lower end is above the upper");
                    return None;
                }
                interval
            }
        };
        let nothing = interval_is_never(&days);
        if nothing {
            self.spell_cannot_be(clauses.span, "no number of days is so");
            return None;
        }
        if interval_is_always(&days) {
            self.spell_cannot_be(clauses.span, "every number of days is so");
            return None;
        }
        Some((counted, days))
    }

    /// A length in whole days.
    fn whole_days(&mut self, length: &Length, least: i64) -> Option<u32> {
        let offset = self.offset(length)?;
        let days = match offset {
            Offset::Days { days } if (least..=MOST_DAYS).contains(&days) => {
                u32::try_from(days).ok()
            }
            _ => None,
        };
        if days.is_none() {
            self.spell_cannot_be(
                length.span,
                if least > 0 {
                    "recovery takes 1 to 1000 whole days"
                } else {
                    "these are counted in days or weeks, up to 1000 days"
                },
            );
        }
        days
    }

    /// `with at least 10 values`: on so many days.
    fn days_of_evidence(&mut self, measured: &Measured) -> Option<Option<u32>> {
        let Some(written) = &measured.evidence else {
            return Some(None);
        };
        if let Some(window) = &written.window {
            self.misplaced(
                window.span,
                "the values are those of the days that are counted",
            );
            return None;
        }
        let least = written.least.text.parse::<u32>().ok();
        match least.filter(|least| *least >= 1) {
            Some(least) => Some(Some(least)),
            None => {
                self.spell_cannot_be(
                    written.least.span,
                    "how many values there must be is a whole number of at least 1",
                );
                None
            }
        }
    }

    /// The window, if it has a first and a last day.
    fn window_of_days(
        &mut self,
        window: Option<Window>,
        measured: &Measured,
        span: Span,
    ) -> Option<Window> {
        let problem = match &window {
            None => Some("in no window"),
            Some(window) => no_days(window),
        };
        let Some(problem) = problem else {
            return window;
        };
        let milestone = self
            .usual_milestone()
            .unwrap_or_else(|| Arc::from("infusion"));
        let diagnostic = Diagnostic::new(
            &rules::E0332_SPELL_WITHOUT_DAYS,
            measured.windows.first().map_or(span, |window| window.span),
            "days are counted from a first day to a last",
        )
        .label(problem)
        .note("a window of days has a first day, and leans on milestones or dates");
        let diagnostic = if measured.windows.is_empty() {
            diagnostic.suggest(
                "write in which window, with the length that is meant",
                Span::new(span.file, measured.test.span.end, measured.test.span.end),
                format!(" within 30 days before {milestone}"),
            )
        } else {
            diagnostic
        };
        self.sink.push(diagnostic);
        None
    }

    fn spell_cannot_be(&mut self, span: Span, problem: &str) {
        self.sink.push(
            Diagnostic::new(&rules::E0333_SPELL_CANNOT_BE, span, problem)
                .label("does not fit here"),
        );
    }
}

/// Why a window has no first and last day that are known.
fn no_days(window: &Window) -> Option<&'static str> {
    let leans = |anchor: &Anchor| match anchor {
        Anchor::Milestone(_) | Anchor::Date(_) => None,
        Anchor::Sample | Anchor::Record(..) | Anchor::Chosen(_) => {
            Some("leans on a record, not on a milestone or a date")
        }
    };
    match window {
        Window::Around { anchor, window, .. } => {
            if window.effective_grain() != Grain::Day {
                return Some("in hours");
            }
            if window.from == Edge::Unbounded {
                return Some("has no first day");
            }
            leans(anchor)
        }
        Window::Between { from, to } => leans(from).or(leans(to)),
        Window::Both(a, b) => match (&**a, &**b) {
            // From a point on, and up to another.
            (
                Window::Around { window: first, .. },
                Window::Around {
                    anchor,
                    window: last,
                    ..
                },
            ) if last.from == Edge::Unbounded => {
                if first.effective_grain() != Grain::Day || last.effective_grain() != Grain::Day {
                    return Some("in hours");
                }
                no_days(a).or(leans(anchor))
            }
            _ => Some("is made of two windows"),
        },
        Window::Either(..) => Some("is made of two windows"),
        Window::HalfLives { .. } => Some("counts half-lives"),
    }
}

/// No number of days, which is not negative, lies in it.
fn interval_is_never(days: &Interval) -> bool {
    days.high
        .as_ref()
        .is_some_and(|(high, closed)| high.is_zero() && !closed)
}

/// Every number of days lies in it.
fn interval_is_always(days: &Interval) -> bool {
    days.high.is_none()
        && days
            .low
            .as_ref()
            .is_none_or(|(low, closed)| low.is_zero() && *closed)
}
