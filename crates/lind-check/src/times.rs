//! Lengths of time and windows.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Anchor, Comparison, Lasting, RecordEdge, Window};
use lind_syntax::tree::{
    self, Comparator, ComparatorKind, Length, LengthUnit, Lengths, Side, WindowKind,
};
use lind_time::{Edge, Offset, OffsetClass};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::offsets::{elapsed, whole_days};
use crate::rules;
use crate::scope::Symbol;

/// A length that is either an offset or counted in half-lives.
enum Reach {
    Offset(Offset),
    HalfLives(Exact),
}

/// Where half-lives have a meaning.
const HALF_LIVES: &str = "a half-life belongs to a drug: `has received any investigational treatment less than 5 half-lives before enrolment`";

/// What stands inside a window, and what it can tell of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inside<'s> {
    /// In words, for a label.
    pub(crate) what: &'s str,
    /// Where it is declared.
    pub(crate) declared: Option<Span>,
    /// The time of day is recorded with it.
    pub(crate) timed: bool,
    /// `the sample` means something.
    pub(crate) has_sample: bool,
    /// Half-lives mean something.
    pub(crate) is_drug: bool,
}

impl Checker<'_> {
    /// A length as an offset; half-lives are refused.
    pub(crate) fn offset(&mut self, length: &Length) -> Option<Offset> {
        match self.reach(length)? {
            Reach::Offset(offset) => Some(offset),
            Reach::HalfLives(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0409_NO_HALF_LIFE,
                        length.span,
                        "half-lives cannot be counted here",
                    )
                    .label("half-lives of what?")
                    .note(HALF_LIVES),
                );
                None
            }
        }
    }

    fn reach(&mut self, length: &Length) -> Option<Reach> {
        let word = match &length.unit {
            LengthUnit::HalfLives(_) => {
                return self
                    .decimal(&length.number)
                    .map(|number| Reach::HalfLives(number.to_exact()));
            }
            LengthUnit::Word(word) => word,
            LengthUnit::Missing => {
                self.sink.push(
                    Diagnostic::new(&rules::E0401_UNKNOWN_TIME_UNIT, length.span, format!("{} of what?", length.number.text))
                        .label("a unit of time is missing")
                        .note("lengths are counted in minutes, hours, days, weeks, months, years or half-lives"),
                );
                return None;
            }
        };
        let Some(unit) = Offset::parse_unit(&word.text) else {
            let words = [
                "minutes",
                "hours",
                "days",
                "weeks",
                "months",
                "years",
                "half-lives",
            ];
            let mut diagnostic = Diagnostic::new(
                &rules::E0401_UNKNOWN_TIME_UNIT,
                word.span,
                format!("`{}` is no unit of time", word.text),
            )
            .label("unknown unit of time");
            diagnostic = match lind_diagnostics::closest(&word.text, words) {
                Some(near) => diagnostic.suggest(format!("write `{near}`"), word.span, near),
                None => diagnostic.note("lengths are counted in minutes, hours, days, weeks, months, years or half-lives"),
            };
            self.sink.push(diagnostic);
            return None;
        };
        let offset = length
            .number
            .text
            .parse::<i64>()
            .ok()
            .filter(|count| *count >= 0)
            .and_then(|count| unit.times(count));
        if offset.is_none() {
            let written = &length.number.text;
            let diagnostic = Diagnostic::new(
                &rules::E0401_UNKNOWN_TIME_UNIT,
                length.number.span,
                "a length of time is a whole number that is not negative",
            );
            self.sink.push(if written.starts_with('-') {
                diagnostic
                    .label("negative")
                    .note("on which side of its anchor a window lies is said by `before` and `after`")
            } else if written.contains('.') {
                diagnostic
                    .label("not a whole number")
                    .note("half a day is 12 hours; a month and a half is a number of days or weeks that the protocol must state")
            } else {
                diagnostic.label("longer than any time that can be counted")
            });
        }
        offset.map(Reach::Offset)
    }

    /// `for more than 6 months`.
    pub(crate) fn lasting(&mut self, lasting: &tree::Lasting) -> Option<Lasting> {
        let length = self.offset(&lasting.length)?;
        if length.class() == OffsetClass::Clock {
            self.sink.push(
                Diagnostic::new(&rules::E0404_HOURS_ON_DAYS, lasting.length.span, "records of conditions and treatments begin and end on days, not at times of day")
                    .label("hours or minutes")
                    .note("count in days, weeks, months or years"),
            );
            return None;
        }
        Some(Lasting {
            comparison: comparison(lasting.comparator),
            length,
        })
    }

    pub(crate) fn anchor(
        &mut self,
        anchor: &tree::Anchor,
        inside: Inside<'_>,
    ) -> Option<(Anchor, bool, Option<Span>)> {
        match anchor {
            tree::Anchor::Named(name) if self.named_record(name).is_some() => {
                self.record_anchor(name, RecordEdge::Begin)
            }
            tree::Anchor::Date(date) => match lind_time::Day::parse(&date.text) {
                Ok(day) => Some((Anchor::Date(day), false, None)),
                Err(error) => {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0314_WRONG_DECLARATION,
                            date.span,
                            "this date does not exist",
                        )
                        .label(error.message()),
                    );
                    None
                }
            },
            tree::Anchor::Edge { end, record } => {
                let edge = if *end {
                    RecordEdge::End
                } else {
                    RecordEdge::Begin
                };
                if self.named_record(record).is_some() {
                    return self.record_anchor(record, edge);
                }
                let (symbol, declared) = self.resolve(record)?;
                if let Symbol::Chosen(id) = symbol {
                    let id = self.declared_anchor(id, record, declared, Some(*end))?;
                    let timed = self.is_timed_chosen(id);
                    return Some((Anchor::Chosen(id), timed, Some(declared)));
                }
                self.needs(record, "a record with a name", symbol, declared);
                None
            }
            tree::Anchor::Chosen {
                end,
                first,
                name,
                filters,
                span,
            } => {
                let id = self.chosen_in_place((*end, *first), name, filters, *span)?;
                let timed = self.is_timed_chosen(id);
                Some((Anchor::Chosen(id), timed, Some(*span)))
            }
            tree::Anchor::Named(name) => {
                if let Some((id, declared)) = self.scopes.get_mut(self.module)?.anchor(name) {
                    let id = self.declared_anchor(id, name, declared, None)?;
                    let timed = self.is_timed_chosen(id);
                    return Some((Anchor::Chosen(id), timed, Some(declared)));
                }
                let id = self.find_milestone(name)?;
                let milestone = self.milestone(id);
                Some((
                    Anchor::Milestone(id),
                    milestone.is_none_or(|milestone| milestone.timed),
                    milestone.map(|milestone| milestone.span),
                ))
            }
            tree::Anchor::Sample(span) => {
                if inside.has_sample {
                    return Some((Anchor::Sample, inside.timed, None));
                }
                self.sink.push(
                    Diagnostic::new(&rules::E0402_WINDOW_WITHOUT_ANCHOR, *span, "there is no sample here that a window could lean on")
                        .label("which sample?")
                        .note("`the sample` has a meaning in `from samples with no … within … before the sample`; elsewhere a window leans on a milestone"),
                );
                None
            }
        }
    }

    /// A window. `inside` says what the records inside can tell of time.
    pub(crate) fn window(&mut self, window: &tree::Window, inside: Inside<'_>) -> Option<Window> {
        match &window.kind {
            WindowKind::Within {
                lengths,
                side,
                anchor,
            } => self.within(window, lengths, *side, anchor.as_ref(), inside),
            WindowKind::Beyond {
                comparator,
                lengths,
                side,
                anchor,
            } => self.beyond(window, *comparator, lengths, *side, anchor, inside),
            WindowKind::Between {
                near,
                far,
                side,
                anchor,
            } => self.between(window, near, far, *side, anchor, inside),
            WindowKind::At(name) => {
                let milestone = self.find_milestone(name)?;
                Some(self.window_of_values(milestone))
            }
            WindowKind::FromTo(from, to) => {
                let from = self.anchor(from, inside);
                let to = self.anchor(to, inside);
                let (from, to) = (from?.0, to?.0);
                if let (Anchor::Milestone(first), Anchor::Milestone(last)) = (from, to)
                    && first != last
                    && self.never_later(last, first)
                {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0406_EMPTY_WINDOW,
                            window.span,
                            "this window ends before it begins",
                        )
                        .label("contains no time")
                        .also(
                            self.milestone(last)
                                .map_or(window.span, |milestone| milestone.span),
                            "not later than the other, by the order of the milestones",
                        ),
                    );
                    return None;
                }
                if let (Anchor::Date(first), Anchor::Date(last)) = (from, to)
                    && last < first
                {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0406_EMPTY_WINDOW,
                            window.span,
                            "this window ends before it begins",
                        )
                        .label("contains no time"),
                    );
                    return None;
                }
                Some(Window::Between { from, to })
            }
            WindowKind::Stretch(from, to) => self.stretch(window, from, to, inside),
            WindowKind::StudyDays(first, last) => {
                self.study_window(first, last.as_ref(), window.span)
            }
            WindowKind::FromOn(anchor) | WindowKind::OnOrAfter(anchor) => {
                // `from X on` is read up to the gate; `on or after X` asks for what comes.
                let as_known =
                    window.as_known.is_some() || matches!(window.kind, WindowKind::FromOn(_));
                self.around(
                    anchor,
                    inside,
                    lind_time::Window::from_anchor_on(),
                    as_known,
                )
            }
            WindowKind::OnDay(anchor) => {
                self.around(anchor, inside, lind_time::Window::on_anchor(), false)
            }
            WindowKind::OnOrBefore(anchor) => self.around(
                anchor,
                inside,
                lind_time::Window::up_to_and_including_anchor(),
                window.as_known.is_some(),
            ),
            WindowKind::During(record) => {
                if self.named_record(record).is_none() {
                    let (symbol, declared) = self.resolve(record)?;
                    if let Symbol::Chosen(id) = symbol {
                        let from = self.declared_anchor(id, record, declared, Some(false))?;
                        let to = self.declared_anchor(id, record, declared, Some(true))?;
                        return Some(Window::Between {
                            from: Anchor::Chosen(from),
                            to: Anchor::Chosen(to),
                        });
                    }
                    self.needs(record, "a record with a name", symbol, declared);
                    return None;
                }
                let (from, _, _) = self.record_anchor(record, RecordEdge::Begin)?;
                let (to, _, _) = self.record_anchor(record, RecordEdge::End)?;
                Some(Window::Between { from, to })
            }
            WindowKind::Before(anchor) => {
                self.around(anchor, inside, lind_time::Window::before_anchor(), false)
            }
            WindowKind::After(anchor) => {
                let as_known = window.as_known.is_some();
                self.around(anchor, inside, lind_time::Window::after_anchor(), as_known)
            }
        }
    }

    pub(crate) fn around(
        &mut self,
        anchor: &tree::Anchor,
        inside: Inside<'_>,
        window: lind_time::Window,
        as_known: bool,
    ) -> Option<Window> {
        let (anchor, _, _) = self.anchor(anchor, inside)?;
        Some(Window::Around {
            anchor,
            window,
            as_known,
        })
    }

    fn within(
        &mut self,
        window: &tree::Window,
        lengths: &Lengths,
        side: Option<(Side, Span)>,
        anchor: Option<&tree::Anchor>,
        inside: Inside<'_>,
    ) -> Option<Window> {
        let (Some((side, side_span)), Some(anchor)) = (side, anchor) else {
            let milestone = self
                .usual_milestone()
                .unwrap_or_else(|| Arc::from("screening"));
            self.sink.push(
                Diagnostic::new(
                    &rules::E0402_WINDOW_WITHOUT_ANCHOR,
                    window.span,
                    "this window does not say from when it counts",
                )
                .label("before or after what?")
                .note("the last 6 months before consent and before the first dose are not the same 6 months")
                .suggest(
                    format!("write `before {milestone}`, if that was meant"),
                    Span::new(window.span.file, window.span.end, window.span.end),
                    format!(" before {milestone}"),
                ),
            );
            return None;
        };
        if side == Side::Of {
            let written = self.files.slice(window.span).to_owned();
            let of = side_span;
            self.sink.push(
                Diagnostic::new(&rules::E0403_WINDOW_SIDE_NOT_SAID, of, "`of` does not say on which side of the milestone the window lies")
                    .label("before, after, or either side of?")
                    .note(format!("`{written}` can mean up to the milestone, from it on, or both; in eligibility texts it nearly always means `before`"))
                    .suggest("write `before`", of, "before"),
            );
            return None;
        }
        let anchor = self.anchor(anchor, inside)?;
        self.reaches(
            window,
            lengths,
            anchor,
            inside,
            |offset| match side {
                Side::Before { strictly } => {
                    Some(lind_time::Window::within_before(offset, strictly))
                }
                Side::After { strictly } => Some(lind_time::Window::within_after(offset, strictly)),
                Side::Either => Some(lind_time::Window::either_side(offset)),
                Side::Of => None,
            },
            matches!(side, Side::Before { .. }).then_some((true, false)),
        )
    }

    /// Whether a distance is counted before its milestone, rather than after it; both sides, or none said,
    /// are no distance.
    fn counted_before(&mut self, (side, span): (Side, Span)) -> Option<bool> {
        match side {
            Side::Before { .. } => Some(true),
            Side::After { .. } => Some(false),
            Side::Either | Side::Of => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0403_WINDOW_SIDE_NOT_SAID,
                        span,
                        "a distance is counted before or after a milestone",
                    )
                    .label("before or after?")
                    .suggest("write `before`", span, "before"),
                );
                None
            }
        }
    }

    fn beyond(
        &mut self,
        window: &tree::Window,
        comparator: Comparator,
        lengths: &Lengths,
        side: (Side, Span),
        anchor: &tree::Anchor,
        inside: Inside<'_>,
    ) -> Option<Window> {
        let before = self.counted_before(side)?;
        let anchor = self.anchor(anchor, inside)?;
        let kind = comparator.kind;
        let half_lives = before.then_some((
            matches!(kind, ComparatorKind::AtMost | ComparatorKind::AtLeast),
            matches!(kind, ComparatorKind::AtLeast | ComparatorKind::MoreThan),
        ));
        self.reaches(
            window,
            lengths,
            anchor,
            inside,
            |offset| {
                Some(match (kind, before) {
                    (ComparatorKind::AtMost, true) => {
                        lind_time::Window::within_before(offset, false)
                    }
                    (ComparatorKind::AtMost, false) => {
                        lind_time::Window::within_after(offset, false)
                    }
                    (ComparatorKind::LessThan, true) => lind_time::Window::between(
                        Edge::open(offset.negate()),
                        Edge::closed(offset.zero()),
                    ),
                    (ComparatorKind::LessThan, false) => {
                        lind_time::Window::between(Edge::closed(offset.zero()), Edge::open(offset))
                    }
                    (ComparatorKind::AtLeast, true) => lind_time::Window::at_least_before(offset),
                    (ComparatorKind::AtLeast, false) => lind_time::Window::at_least_after(offset),
                    (ComparatorKind::MoreThan, true) => lind_time::Window::more_than_before(offset),
                    (ComparatorKind::MoreThan, false) => lind_time::Window::more_than_after(offset),
                    (ComparatorKind::Equal, true) => lind_time::Window::between(
                        Edge::closed(offset.negate()),
                        Edge::closed(offset.negate()),
                    ),
                    (ComparatorKind::Equal, false) => {
                        lind_time::Window::between(Edge::closed(offset), Edge::closed(offset))
                    }
                })
            },
            half_lives,
        )
    }

    /// One or two lengths around an anchor. `half_lives` is (closed, beyond) where half-lives can be counted.
    pub(crate) fn reaches(
        &mut self,
        window: &tree::Window,
        lengths: &Lengths,
        anchor: (Anchor, bool, Option<Span>),
        inside: Inside<'_>,
        build: impl Fn(Offset) -> Option<lind_time::Window>,
        half_lives: Option<(bool, bool)>,
    ) -> Option<Window> {
        let one = |checker: &mut Self, length: &Length| -> Option<Window> {
            match checker.reach(length)? {
                Reach::HalfLives(count) => match half_lives {
                    Some((false, false)) if inside.is_drug && count.signum() == 0 => {
                        checker.no_time(length.span)
                    }
                    Some((closed, beyond)) if inside.is_drug => Some(Window::HalfLives {
                        anchor: anchor.0,
                        count,
                        closed,
                        beyond,
                    }),
                    _ => {
                        let why = if inside.is_drug {
                            "half-lives are counted before a milestone"
                        } else {
                            "half-lives belong to treatments"
                        };
                        checker.sink.push(
                            Diagnostic::new(
                                &rules::E0409_NO_HALF_LIFE,
                                length.span,
                                "half-lives cannot be counted here",
                            )
                            .label(why)
                            .note(HALF_LIVES),
                        );
                        None
                    }
                },
                Reach::Offset(offset) => {
                    let mut built = build(offset)?;
                    if is_empty(&built) {
                        return checker.no_time(length.span);
                    }
                    if let Some(by_day) = window.by_day {
                        match built.at_day_grain() {
                            Some(days) => built = days,
                            None => return checker.no_whole_days(by_day, (length, offset)),
                        }
                    } else if offset.class() == OffsetClass::Clock {
                        checker.hours_on_days(window, (length, offset), anchor, inside)?;
                    }
                    if let Some(also) = &window.also_stated {
                        checker.also_stated_length(length, offset, also);
                    }
                    Some(Window::Around {
                        anchor: anchor.0,
                        window: built,
                        as_known: window.as_known.is_some(),
                    })
                }
            }
        };
        match lengths {
            Lengths::One(length) => one(self, length),
            Lengths::Longer(a, b) | Lengths::Shorter(a, b) => {
                let first = one(self, a);
                let second = one(self, b);
                let (first, second) = (Box::new(first?), Box::new(second?));
                let beyond = half_lives.is_some_and(|(_, beyond)| beyond);
                // Within the longer reach is within either; at least the longer reach away is past both.
                Some(if matches!(lengths, Lengths::Longer(..)) == beyond {
                    Window::Both(first, second)
                } else {
                    Window::Either(first, second)
                })
            }
        }
    }

    /// A reach of nothing that leaves its milestone out.
    pub(crate) fn no_time<T>(&mut self, length: Span) -> Option<T> {
        self.sink.push(
            Diagnostic::new(
                &rules::E0406_EMPTY_WINDOW,
                length,
                "this window contains no time",
            )
            .label("nothing is shorter than this, or lies strictly within it"),
        );
        None
    }

    fn between(
        &mut self,
        window: &tree::Window,
        near: &Length,
        far: &Length,
        side: (Side, Span),
        anchor: &tree::Anchor,
        inside: Inside<'_>,
    ) -> Option<Window> {
        let mut near = near.clone();
        if near.unit == LengthUnit::Missing {
            near.unit = far.unit.clone();
        }
        let nearer = self.offset(&near);
        let farther = self.offset(far);
        let (nearer, farther) = (nearer?, farther?);
        let before = self.counted_before(side)?;
        let anchor = self.anchor(anchor, inside)?;
        let (least_far, most_far) = farther.day_bounds();
        let (least_near, most_near) = nearer.day_bounds();
        let comparable = nearer.compare(farther);
        if comparable == Some(std::cmp::Ordering::Greater) || least_near > most_far {
            let exchanged = if near.unit == far.unit {
                format!("{} to {}", far.number.text, written_length(self, &near))
            } else {
                format!(
                    "{} to {}",
                    written_length(self, far),
                    written_length(self, &near)
                )
            };
            self.sink.push(
                Diagnostic::new(
                    &rules::E0406_EMPTY_WINDOW,
                    window.span,
                    "this window contains no time",
                )
                .label(format!(
                    "the first length, {nearer}, is more than the second, {farther}"
                ))
                .suggest(
                    format!("write `{exchanged}`"),
                    near.span.join(far.span),
                    exchanged,
                ),
            );
            return None;
        }
        let in_order = match (nearer.class(), farther.class()) {
            (OffsetClass::Clock, _) | (_, OffsetClass::Clock) => {
                elapsed(nearer).1 <= elapsed(farther).0
            }
            _ => most_near <= least_far,
        };
        if comparable.is_none() && !in_order {
            self.mixed(
                (near.span, nearer),
                (far.span, farther),
                (
                    "are the two ends of one window",
                    "state both ends in one of them",
                ),
            );
            return None;
        }
        // Where both ends are counted in hours, the one that is not whole days tells more.
        let clock = [(far, farther), (&near, nearer)]
            .into_iter()
            .filter(|(_, offset)| offset.class() == OffsetClass::Clock)
            .min_by_key(|(_, offset)| whole_days(*offset));
        if let Some(clock) = clock {
            match window.by_day {
                Some(by_day) if !whole_days(clock.1) => return self.no_whole_days(by_day, clock),
                Some(_) => {}
                None => self.hours_on_days(window, clock, anchor, inside)?,
            }
        }
        let mut built = if before {
            lind_time::Window::between(
                Edge::closed(farther.negate()),
                Edge::closed(nearer.negate()),
            )
        } else {
            lind_time::Window::between(Edge::closed(nearer), Edge::closed(farther))
        };
        if window.by_day.is_some() {
            built = built.at_day_grain().unwrap_or(built);
        }
        Some(Window::Around {
            anchor: anchor.0,
            window: built,
            as_known: window.as_known.is_some(),
        })
    }
}

/// Whether no time lies between two ends of one class.
pub(crate) fn is_empty(window: &lind_time::Window) -> bool {
    let (
        Edge::At {
            offset: from,
            closed: from_in,
        },
        Edge::At {
            offset: to,
            closed: to_in,
        },
    ) = (window.from, window.to)
    else {
        return false;
    };
    match from.compare(to) {
        Some(std::cmp::Ordering::Greater) => true,
        Some(std::cmp::Ordering::Equal) => !(from_in && to_in),
        _ => false,
    }
}

/// A length as it was written, with the unit that it takes from its neighbour.
fn written_length(checker: &Checker<'_>, length: &Length) -> String {
    match &length.unit {
        LengthUnit::Word(word) => format!("{} {}", length.number.text, word.text),
        _ => checker.files.slice(length.span).to_owned(),
    }
}

/// The comparison that was written.
pub(crate) fn comparison(comparator: Comparator) -> Comparison {
    match comparator.kind {
        ComparatorKind::AtLeast => Comparison::AtLeast,
        ComparatorKind::AtMost => Comparison::AtMost,
        ComparatorKind::MoreThan => Comparison::MoreThan,
        ComparatorKind::LessThan => Comparison::LessThan,
        ComparatorKind::Equal => Comparison::Equal,
    }
}
