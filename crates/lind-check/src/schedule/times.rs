//! When visits are planned, and study days.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::VisitId;
use lind_model::protocol::{Anchor, Window};
use lind_syntax::tree::{
    self, Item, Length, Lengths, Name, Side, StudyDay, VisitPoint, VisitPointKind, VisitTime,
    WindowKind,
};
use lind_time::{Edge, Offset, OffsetClass, StudyDays};

use super::expand::{NoSeries, Slot, repeated, unit, whole};
use super::{Draft, Point, Root, Time};
use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;
use crate::scope::Symbol;

const NOTHING: Offset = Offset::Days { days: 0 };

impl Checker<'_> {
    /// `study day of infusion is 0`. Milestones are still numbered as they are declared.
    pub(crate) fn study_day_count(&mut self, modules: &[Module]) {
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            for item in &module.tree.items {
                if let Item::Broken(span) = item {
                    let is_count = self.files.slice(*span).starts_with("study");
                    self.tables.timetable.count_lost |= is_count;
                }
                let Item::StudyDays(days) = item else {
                    continue;
                };
                if let Some((_, _, first)) = self.tables.timetable.study_days {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0314_WRONG_DECLARATION,
                            days.span,
                            "study days are counted in one way only",
                        )
                        .label("said again")
                        .also(first, "said here already"),
                    );
                    continue;
                }
                self.tables.timetable.count_lost = true;
                let anchor = self.find_milestone(&days.of);
                let count = match days.first.text.as_str() {
                    "0" => StudyDays::FromZero,
                    "1" => StudyDays::FromOne,
                    _ => {
                        self.wrong(
                            days.first.span,
                            "the day that study days are counted from is day 0 or day 1",
                            "0 or 1",
                        );
                        continue;
                    }
                };
                if let Some(anchor) = anchor {
                    self.tables.timetable.study_days = Some((anchor.index(), count, days.span));
                }
            }
        }
    }

    /// The days of a study that a window names: `from day 0 to day 28`.
    pub(crate) fn study_window(
        &mut self,
        first: &StudyDay,
        last: Option<&StudyDay>,
        span: Span,
    ) -> Option<Window> {
        let from = self.study_day(first);
        let to = last.map(|last| self.study_day(last));
        let from = from?;
        let to = match to {
            Some(to) => Some(to?),
            None => None,
        };
        let anchor = self.tables.trial.study_days?.anchor;
        if let (Some(to), Some(last)) = (to, last) {
            if from.compare(to) == Some(std::cmp::Ordering::Greater) {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0406_EMPTY_WINDOW,
                        span,
                        "this window ends before it begins",
                    )
                    .label("contains no time"),
                );
                return None;
            }
            self.no_day_zero_between(first, last, span);
        }
        let window = match to {
            Some(to) => lind_time::Window::between(Edge::closed(from), Edge::closed(to)),
            None => lind_time::Window {
                from: Edge::closed(from),
                to: Edge::Unbounded,
                ..lind_time::Window::from_anchor_on()
            },
        };
        Some(Window::Around {
            anchor: Anchor::Milestone(anchor),
            window,
            as_known: to.is_none(),
        })
    }

    /// Where days are counted from 1, day -1 to day 1 is two days.
    pub(crate) fn no_day_zero_between(&mut self, first: &StudyDay, last: &StudyDay, span: Span) {
        let Some((_, StudyDays::FromOne, declared)) = self.tables.timetable.study_days else {
            return;
        };
        let (Some(from), Some(to)) = (whole(&first.number), whole(&last.number)) else {
            return;
        };
        if from >= 0 || to <= 0 {
            return;
        }
        let Ok(count) = StudyDays::FromOne.count(from, to) else {
            return;
        };
        self.sink.push(
            Diagnostic::new(
                &rules::W0653_NO_DAY_ZERO_BETWEEN,
                span,
                format!("day {from} to day {to} is {count} days, since there is no day 0"),
            )
            .label(format!("{count} days"))
            .also(declared, "days are counted from 1 here"),
        );
    }

    /// How far a study day is from the milestone that study days are counted from.
    pub(crate) fn study_day(&mut self, day: &StudyDay) -> Option<Offset> {
        let Some((_, count, declared)) = self.tables.timetable.study_days else {
            if self.tables.timetable.count_lost {
                return None;
            }
            let milestone = self
                .usual_milestone()
                .unwrap_or_else(|| super::arc("first_dose"));
            self.sink.push(
                Diagnostic::new(
                    &rules::E0421_STUDY_DAYS_NOT_COUNTED,
                    day.span,
                    "nothing says from which day study days are counted",
                )
                .label("counted from what?")
                .note(format!(
                    "say it once for the whole protocol: `study day of {milestone} is 0` where the day before it is day -1 and the day after it day 1, `… is 1` where there is no day 0"
                )),
            );
            // Once for the whole protocol, as it is said.
            self.tables.timetable.count_lost = true;
            return None;
        };
        let Some(number) = whole(&day.number) else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0315_NUMBER_TOO_LARGE,
                    day.number.span,
                    "this number of days is too large",
                )
                .label("too large"),
            );
            return None;
        };
        match count.offset(number) {
            Ok(offset) => Some(offset),
            Err(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0420_NO_STUDY_DAY_ZERO,
                        day.span,
                        "there is no day 0 where days are counted from 1",
                    )
                    .label("no such day")
                    .also(
                        declared,
                        "the day of the milestone is day 1, the day before it day -1",
                    ),
                );
                None
            }
        }
    }

    /// The times of all visits, each series refused once. `visits` tells which visit a milestone is, by its place among
    /// those that were declared.
    pub(crate) fn visit_times(
        &mut self,
        modules: &[Module],
        drafts: &[Draft<'_>],
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Vec<Option<Time>> {
        for module in modules {
            for item in &module.tree.items {
                match item {
                    Item::Timeline(timeline) => {
                        timeline
                            .visits
                            .iter()
                            .for_each(|visit| self.series_of_visits(visit));
                    }
                    Item::Visit(visit) => self.series_of_visits(visit),
                    _ => {}
                }
            }
        }
        let mut refused: Option<Span> = None;
        let mut times = Vec::with_capacity(drafts.len());
        for draft in drafts {
            // What could not be understood of one of several cannot be understood of the others.
            if refused == Some(draft.visit.span) {
                times.push(None);
                continue;
            }
            let time = self.visit_time(draft, visits);
            if time.is_none() {
                refused = Some(draft.visit.span);
            }
            times.push(time);
        }
        times
    }

    /// The time of a visit. `visits` tells which visit a milestone is, by its place among those that were declared.
    fn visit_time(
        &mut self,
        draft: &Draft<'_>,
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Option<Time> {
        self.module = draft.module;
        let visit = draft.visit;
        let margin = visit.margin.as_ref().map(|margin| {
            let mut side = |length: &Option<Length>| match length {
                Some(length) => self.visit_offset(length),
                None => Some(NOTHING),
            };
            (side(&margin.earlier), side(&margin.later))
        });
        if let (Some(margin), true) = (
            &visit.margin,
            matches!(visit.time, VisitTime::Span(..) | VisitTime::Window(_)),
        ) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    margin.span,
                    "a visit on any day of a window has no day to be earlier or later than",
                )
                .label("does not belong here")
                .note("write the days themselves, such as `from 3 days before infusion to 1 day before infusion`, or one day with its window"),
            );
            return None;
        }
        let at = match &visit.time {
            VisitTime::Unscheduled => return Some(Time::Unscheduled),
            VisitTime::Span(from, to) => {
                let (from_point, to_point) =
                    (self.visit_point(from, visits), self.visit_point(to, visits));
                let (from_point, to_point) = (from_point?, to_point?);
                if let (VisitPointKind::Day(first), VisitPointKind::Day(last)) =
                    (&from.kind, &to.kind)
                {
                    self.no_day_zero_between(first, last, from.span.join(to.span));
                }
                let backwards = from_point.root == to_point.root
                    && from_point.offset.day_bounds().0 > to_point.offset.day_bounds().1;
                if backwards {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0406_EMPTY_WINDOW,
                            from.span.join(to.span),
                            "this window ends before it begins",
                        )
                        .label("contains no time"),
                    );
                    return None;
                }
                return Some(Time::Span(from_point, to_point));
            }
            VisitTime::Window(window) => return self.visit_window(window, visits),
            VisitTime::Day(day) => self.counted(day),
            VisitTime::At(point) => self.visit_point(point, visits),
            VisitTime::Listed {
                unit: word,
                numbers,
                after,
            } => {
                let Slot::Number(number) = draft.slot else {
                    return None;
                };
                let place = numbers
                    .iter()
                    .find(|one| {
                        let first = whole(&one.first);
                        let last = one.last.as_ref().map_or(first, whole);
                        first <= Some(number) && Some(number) <= last
                    })
                    .map_or(word.span, |one| one.span);
                self.numbered(
                    number,
                    place,
                    (&word.text, word.span),
                    after.as_ref(),
                    visits,
                )
            }
            VisitTime::Every(every) => {
                let Slot::Number(number) = draft.slot else {
                    return None;
                };
                let unit = (every.first.unit.text.as_str(), every.first.span);
                self.numbered(number, every.first.span, unit, every.after.as_ref(), visits)
            }
            VisitTime::Cycles { length, from, .. } => {
                let Slot::CycleDay(cycle, day) = draft.slot else {
                    return None;
                };
                let length = self.visit_offset(length)?;
                let whole_cycles = length.checked_mul(cycle.saturating_sub(1))?;
                let root = self.visit_root(from, visits)?;
                let offset = whole_cycles.checked_add(Offset::Days {
                    days: day.saturating_sub(1),
                });
                offset.map(|offset| Point { root, offset })
            }
        };
        let (earlier, later) = margin.unwrap_or((Some(NOTHING), Some(NOTHING)));
        Some(Time::Planned {
            at: at?,
            earlier: earlier?,
            later: later?,
        })
    }

    /// What is wrong with a line that writes several visits, told once for all of them.
    fn series_of_visits(&mut self, visit: &tree::Visit) {
        let (span, message, label) = match &visit.time {
            VisitTime::Every(every) => match repeated(every) {
                Ok(_) => return,
                Err(NoSeries::Step(span)) => (
                    span,
                    "visits cannot follow each other in this step",
                    "a whole number of the unit that they are numbered in",
                ),
                Err(NoSeries::NoEnd(span)) => (
                    span,
                    "these visits have no last one",
                    "needs its end: `to month 24`, or `until first of month 24, withdrawal`",
                ),
                Err(NoSeries::End(span)) => (
                    span,
                    "these visits end before they begin, or in another unit",
                    "not after the first",
                ),
            },
            VisitTime::Listed { numbers, .. } => match unordered(numbers) {
                Some(span) => (
                    span,
                    "the numbers of a list rise",
                    "not above the one before it",
                ),
                None => return,
            },
            VisitTime::Cycles {
                days,
                first,
                last,
                length,
                ..
            } => {
                let short = days
                    .iter()
                    .find(|one| whole(&one.first).is_none_or(|day| day < 1));
                let last_day = days
                    .last()
                    .and_then(|one| whole(one.last.as_ref().unwrap_or(&one.first)));
                let in_days = match &length.unit {
                    tree::LengthUnit::Word(word) => unit(&word.text)
                        .filter(|(calendar, _)| !calendar)
                        .and_then(|(_, scale)| whole(&length.number)?.checked_mul(scale)),
                    _ => None,
                };
                if let Some(span) = unordered(days) {
                    (
                        span,
                        "the numbers of a list rise",
                        "not above the one before it",
                    )
                } else if let Some(short) = short {
                    (
                        short.span,
                        "the days of a cycle are counted from 1",
                        "no such day",
                    )
                } else if whole(first).is_none_or(|first| first < 1) || whole(first) > whole(last) {
                    (
                        first.span.join(last.span),
                        "cycles are counted from 1, the first before the last",
                        "no such cycles",
                    )
                } else if in_days.is_none_or(|length| length < 1) {
                    (
                        length.span,
                        "a cycle is a number of days or weeks",
                        "not counted in days",
                    )
                } else if in_days < last_day {
                    (
                        length.span,
                        "a cycle is over before the last of its visits",
                        "shorter than its last day",
                    )
                } else {
                    return;
                }
            }
            _ => return,
        };
        self.sink
            .push(Diagnostic::new(&rules::E0425_IMPOSSIBLE_SERIES, span, message).label(label));
    }

    /// A number of a series in its unit.
    fn numbered(
        &mut self,
        number: i64,
        place: Span,
        (word, word_span): (&str, Span),
        after: Option<&tree::Anchor>,
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Option<Point> {
        let (calendar, scale) = unit(word)?;
        let Some(after) = after else {
            if word.starts_with("day") {
                let day = StudyDay {
                    number: tree::Number {
                        text: number.to_string(),
                        span: place,
                    },
                    span: place,
                };
                return self.counted(&day);
            }
            let word = word.trim_end_matches('s');
            self.sink.push(
                Diagnostic::new(
                    &rules::E0422_VISIT_WITHOUT_ANCHOR,
                    word_span,
                    format!("nothing says from when the {word}s are counted"),
                )
                .label("after what?")
                .note(format!(
                    "whether {word} {number} begins with its first day or is over by it, a reader cannot know; `after infusion` says it"
                )),
            );
            return None;
        };
        let count = number.checked_mul(scale)?;
        let offset = if calendar {
            Offset::Calendar { months: count }
        } else {
            Offset::Days { days: count }
        };
        let root = self.visit_root(after, visits)?;
        Some(Point { root, offset })
    }

    /// A study day as a day that a visit is planned on.
    fn counted(&mut self, day: &StudyDay) -> Option<Point> {
        let offset = self.study_day(day)?;
        let (anchor, _, _) = self.tables.timetable.study_days?;
        Some(Point {
            root: Root::Milestone(anchor),
            offset,
        })
    }

    fn visit_point(
        &mut self,
        point: &VisitPoint,
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Option<Point> {
        match &point.kind {
            VisitPointKind::Day(day) => self.counted(day),
            VisitPointKind::Anchor(anchor) => Some(Point {
                root: self.visit_root(anchor, visits)?,
                offset: NOTHING,
            }),
            VisitPointKind::Offset {
                length,
                before,
                anchor,
            } => {
                let offset = self.visit_offset(length);
                let root = self.visit_root(anchor, visits)?;
                let offset = offset?;
                Some(Point {
                    root,
                    offset: if *before { offset.negate() } else { offset },
                })
            }
        }
    }

    fn visit_window(
        &mut self,
        window: &tree::Window,
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Option<Time> {
        let (near, far, side, anchor) = match &window.kind {
            WindowKind::Within {
                lengths: Lengths::One(length),
                side: Some((side, span)),
                anchor: Some(anchor),
            } => (None, length, (*side, *span), anchor),
            WindowKind::Between {
                near,
                far,
                side,
                anchor,
            } => (Some(near), far, *side, anchor),
            _ => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0422_VISIT_WITHOUT_ANCHOR,
                        window.span,
                        "this does not say from what the days of the visit are counted",
                    )
                    .label("before or after what?")
                    .note("write `within 7 days after withdrawal`, or `from 42 days before infusion to 1 day before infusion`"),
                );
                return None;
            }
        };
        let root = self.visit_root(anchor, visits);
        let near = match near {
            Some(near) => {
                let mut near = near.clone();
                if near.unit == tree::LengthUnit::Missing {
                    near.unit = far.unit.clone();
                }
                self.visit_offset(&near)
            }
            None => Some(NOTHING),
        };
        let far = self.visit_offset(far);
        let (root, near, far) = (root?, near?, far?);
        let at = |offset: Offset| Point { root, offset };
        if near.day_bounds().0 > far.day_bounds().1 {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0406_EMPTY_WINDOW,
                    window.span,
                    "this window contains no time",
                )
                .label("the first length is more than the second"),
            );
            return None;
        }
        match side.0 {
            Side::Before { .. } => Some(Time::Span(at(far.negate()), at(near.negate()))),
            Side::After { .. } => Some(Time::Span(at(near), at(far))),
            Side::Either => Some(Time::Span(at(far.negate()), at(far))),
            Side::Of => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0403_WINDOW_SIDE_NOT_SAID,
                        side.1,
                        "`of` does not say on which side of the milestone the window lies",
                    )
                    .label("before, after, or either side of?"),
                );
                None
            }
        }
    }

    /// A length in days, weeks, months or years.
    fn visit_offset(&mut self, length: &Length) -> Option<Offset> {
        let offset = self.offset(length)?;
        if offset.class() == OffsetClass::Clock {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0426_VISIT_BY_THE_HOUR,
                    length.span,
                    "visits are planned by the day",
                )
                .label("hours or minutes")
                .note("what is done by the hour within a visit stands in its assessment, in words"),
            );
            return None;
        }
        Some(offset)
    }

    /// What a visit is counted from.
    fn visit_root(
        &mut self,
        anchor: &tree::Anchor,
        visits: &impl Fn(usize) -> Option<VisitId>,
    ) -> Option<Root> {
        let name: &Name = match anchor {
            tree::Anchor::Named(name) => name,
            tree::Anchor::Edge { record: name, .. }
            | tree::Anchor::Chosen { name, .. }
            | tree::Anchor::Date(name) => {
                self.no_root(name.span);
                return None;
            }
            tree::Anchor::Sample(span) => {
                self.no_root(*span);
                return None;
            }
        };
        let (symbol, declared) = self.resolve(name)?;
        match symbol {
            Symbol::Milestone(id) => {
                let place = id.index();
                Some(visits(place).map_or(Root::Milestone(place), Root::Visit))
            }
            Symbol::Visit(id) => Some(Root::Visit(id)),
            _ => {
                self.needs(name, "a milestone or a visit", symbol, declared);
                None
            }
        }
    }

    fn no_root(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0422_VISIT_WITHOUT_ANCHOR,
                span,
                "a visit is counted from a milestone or from another visit",
            )
            .label("neither of the two"),
        );
    }
}

/// The first number of a list that is not above the one before it.
fn unordered(numbers: &[tree::SeriesNumbers]) -> Option<Span> {
    let mut before: Option<i64> = None;
    for one in numbers {
        let (Some(first), last) = (whole(&one.first), one.last.as_ref().map(whole)) else {
            return Some(one.span);
        };
        let last = match last {
            Some(None) => return Some(one.span),
            Some(Some(last)) => last,
            None => first,
        };
        if before.is_some_and(|before| first <= before) || last < first {
            return Some(one.span);
        }
        before = Some(last);
    }
    None
}
