//! Windows around the milestones of a chart: what lies in them, what overlaps them.

use lind_model::protocol::{Anchor, NamedRecord, RecordEdge, Window};
use lind_model::{ChosenId, MilestoneId, OpenKind};
use lind_records::CodeId;
use lind_time::{ResolvedWindow, Tri, When};
use lind_units::Exact;

use crate::moments::{Moment, tri};
use crate::rows::{End, Extent};
use crate::view::View;

/// A window whose anchors have been looked up.
#[derive(Debug, Clone)]
pub(crate) enum Prepared<'p> {
    /// Everything (that is known by the gate).
    Everything,
    /// Around an anchor.
    Around(ResolvedWindow),
    /// From the day of one time to the day of another, both included.
    Between(Placed, Placed),
    /// Around the end of a record that is not over: after everything that is known.
    Endless {
        /// Whether it reaches back without end.
        unbounded: bool,
    },
    /// So many half-lives before a time.
    HalfLives(HalfLives<'p>),
    /// In one of two.
    Either(&'p Window, &'p Window),
    /// In both of two.
    Both(&'p Window, &'p Window),
    /// It leans on a record that the data choose, and there is none.
    Nothing(ChosenId),
    /// It leans on the time of a sample or record that has none.
    Nowhere,
}

/// When an anchor is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Placed {
    At(When),
    /// After everything that is known.
    Endless,
    /// There is certainly no record that it could be.
    Nothing,
    /// That is not known.
    Unknown,
}

impl Placed {
    fn of(when: Option<When>) -> Self {
        when.map_or(Self::Unknown, Self::At)
    }
}

/// So many half-lives before a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HalfLives<'p> {
    pub(crate) anchor: When,
    pub(crate) count: &'p Exact,
    pub(crate) closed: bool,
    pub(crate) beyond: bool,
}

impl View<'_> {
    /// What a test that leans on this window waits for, if one of its milestones has no time.
    pub(crate) fn blocked(&self, window: &Window) -> Option<(MilestoneId, OpenKind)> {
        let anchor = |anchor: &Anchor| match anchor {
            Anchor::Milestone(milestone) => {
                self.anchor(*milestone).err().map(|kind| (*milestone, kind))
            }
            Anchor::Chosen(chosen) => self.chosen_blocked(*chosen),
            Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) => None,
        };
        let worst =
            |a: Option<(MilestoneId, OpenKind)>, b: Option<(MilestoneId, OpenKind)>| match (a, b) {
                (Some(a), Some(b)) => Some(if b.1 > a.1 { b } else { a }),
                (a, b) => a.or(b),
            };
        match window {
            Window::Around { anchor: at, .. } | Window::HalfLives { anchor: at, .. } => anchor(at),
            Window::Between { from, to } => worst(anchor(from), anchor(to)),
            Window::Either(a, b) | Window::Both(a, b) => worst(self.blocked(a), self.blocked(b)),
        }
    }

    /// Looks up the anchors of a window that is not [blocked](View::blocked).
    pub(crate) fn prepare<'p>(&self, window: &'p Window, sample: Option<Moment>) -> Prepared<'p> {
        let placed = |anchor: &Anchor| match anchor {
            Anchor::Milestone(milestone) => Placed::of(self.anchor(*milestone).ok()),
            Anchor::Sample => Placed::of(sample.and_then(|sample| sample.when)),
            Anchor::Record(record, edge) => self.edge(*record, *edge),
            Anchor::Date(day) => Placed::At(When::from_day(*day)),
            Anchor::Chosen(chosen) => self.chosen(*chosen),
        };
        match window {
            Window::Around { anchor, window, .. } => match placed(anchor) {
                Placed::At(time) => Prepared::Around(match (self.times, anchor) {
                    (Some(times), Anchor::Milestone(milestone)) => {
                        times.window(*milestone, window, &time)
                    }
                    _ => window.resolve(&time),
                }),
                Placed::Endless => Prepared::Endless {
                    unbounded: window.from == lind_time::Edge::Unbounded,
                },
                Placed::Nothing => nothing(anchor),
                Placed::Unknown => Prepared::Nowhere,
            },
            Window::Between { from, to } => Prepared::Between(placed(from), placed(to)),
            Window::HalfLives {
                anchor,
                count,
                closed,
                beyond,
            } => match placed(anchor) {
                Placed::At(anchor) => Prepared::HalfLives(HalfLives {
                    anchor,
                    count,
                    closed: *closed,
                    beyond: *beyond,
                }),
                Placed::Nothing => nothing(anchor),
                Placed::Endless | Placed::Unknown => Prepared::Nowhere,
            },
            Window::Either(a, b) => Prepared::Either(a, b),
            Window::Both(a, b) => Prepared::Both(a, b),
        }
    }

    /// When a record that has a name began or ended.
    fn edge(&self, record: NamedRecord, edge: RecordEdge) -> Placed {
        let Some(row) = self.record(record) else {
            return Placed::Unknown;
        };
        match (edge, row.end) {
            (RecordEdge::Begin, _) | (RecordEdge::End, End::AtOnce) => Placed::of(row.begin),
            (RecordEdge::End, End::At(end)) => Placed::At(end),
            (RecordEdge::End, End::Ongoing) => Placed::Endless,
            (RecordEdge::End, End::Sometime) => Placed::Unknown,
        }
    }

    /// Whether the time of an observation lies in a window.
    pub(crate) fn contains(
        &self,
        window: &Prepared<'_>,
        moment: Moment,
        sample: Option<Moment>,
    ) -> Tri {
        match window {
            Prepared::Everything => Tri::Yes,
            Prepared::Around(resolved) => resolved.contains_one_of(moment.first, moment.last),
            Prepared::Between(from, to) => {
                let from = match from {
                    Placed::At(from) => !moment.day_before(Moment::at(*from)),
                    Placed::Endless | Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                };
                from.and(match to {
                    Placed::At(to) => !Moment::at(*to).day_before(moment),
                    Placed::Endless => Tri::Yes,
                    Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                })
            }
            Prepared::Nothing(_) => Tri::No,
            Prepared::Endless { unbounded } => Tri::from(*unbounded),
            Prepared::Either(a, b) => self
                .contains(&self.prepare(a, sample), moment, sample)
                .or(self.contains(&self.prepare(b, sample), moment, sample)),
            Prepared::Both(a, b) => self
                .contains(&self.prepare(a, sample), moment, sample)
                .and(self.contains(&self.prepare(b, sample), moment, sample)),
            // An observation has no half-life; the checker refuses it.
            Prepared::HalfLives(_) | Prepared::Nowhere => Tri::Maybe,
        }
    }

    /// Whether something that lasts has a time in common with a window. Without a code there is no drug
    /// whose half-lives could be counted.
    pub(crate) fn overlaps(
        &self,
        window: &Prepared<'_>,
        extent: &Extent,
        code: Option<CodeId>,
        sample: Option<Moment>,
    ) -> Tri {
        match window {
            Prepared::Everything => Tri::Yes,
            Prepared::Around(resolved) => overlaps_around(resolved, extent),
            Prepared::Between(from, to) => overlaps_between(*from, *to, extent),
            Prepared::Endless { unbounded } => Tri::from(*unbounded),
            Prepared::Nothing(_) => Tri::No,
            Prepared::HalfLives(half_lives) => self.within_half_lives(half_lives, extent, code),
            Prepared::Either(a, b) => self
                .overlaps(&self.prepare(a, sample), extent, code, sample)
                .or(self.overlaps(&self.prepare(b, sample), extent, code, sample)),
            Prepared::Both(a, b) => self
                .overlaps(&self.prepare(a, sample), extent, code, sample)
                .and(self.overlaps(&self.prepare(b, sample), extent, code, sample)),
            Prepared::Nowhere => Tri::Maybe,
        }
    }
}

/// A window around an anchor that is certainly not there.
fn nothing<'p>(anchor: &Anchor) -> Prepared<'p> {
    match anchor {
        Anchor::Chosen(chosen) => Prepared::Nothing(*chosen),
        _ => Prepared::Nowhere,
    }
}

/// Whether a time that is missing lies in a window.
fn contains_missing(resolved: &ResolvedWindow, horizon: Option<&When>) -> Tri {
    let always = resolved.certain().is_some_and(|certain| {
        certain.start.is_none()
            && certain
                .end
                .is_none_or(|end| horizon.is_some_and(|horizon| horizon.end() <= end))
    });
    // It has never a unit in common with "up to the horizon", so it is never in the window.
    tri(always, resolved.overlaps(None, horizon) == Tri::No)
}

fn overlaps_around(resolved: &ResolvedWindow, extent: &Extent) -> Tri {
    let horizon = extent.horizon();
    match (extent.begin.when, extent.end) {
        (Some(begin), End::AtOnce) => resolved.contains(&begin),
        (None, End::AtOnce) => contains_missing(resolved, horizon.as_ref()),
        (Some(begin), End::At(end)) => resolved.overlaps(Some(&begin), Some(&end)),
        (Some(begin), End::Ongoing) => resolved.overlaps(Some(&begin), None),
        // It may have been over at once, and may have lasted to the horizon.
        (Some(begin), End::Sometime) => tri(
            resolved.overlaps(Some(&begin), Some(&begin)) == Tri::Yes,
            resolved.overlaps(Some(&begin), horizon.as_ref()) == Tri::No,
        ),
        // It may have begun at any time, at the latest at its end or at the horizon: it is in the window
        // if it certainly does not end too early, and the latest it may have begun is not too late.
        (None, End::At(end)) => {
            let latest = match horizon {
                Some(horizon) if horizon.end() < end.end() => horizon,
                _ => end,
            };
            let not_too_early = resolved.overlaps(None, Some(&end));
            let not_too_late = resolved.overlaps(Some(&latest), None) == Tri::Yes;
            tri(
                not_too_early == Tri::Yes && not_too_late,
                not_too_early == Tri::No,
            )
        }
        (None, End::Ongoing) => tri(
            horizon.is_some_and(|latest| resolved.overlaps(Some(&latest), None) == Tri::Yes),
            resolved.overlaps(None, None) == Tri::No,
        ),
        (None, End::Sometime) => tri(false, resolved.overlaps(None, horizon.as_ref()) == Tri::No),
    }
}

/// Whether it begins not after the day of `to` and ends not before the day of `from`.
fn overlaps_between(from: Placed, to: Placed, extent: &Extent) -> Tri {
    let (begin_first, begin_last) = extent.begin.days();
    let (end_first, end_last) = extent.end().map_or((i64::MAX, i64::MAX), |end| end.days());
    let contradicts = begin_first > end_last;
    let begin_last = begin_last.min(end_last);
    let from = match from {
        Placed::At(_) if contradicts => Tri::Maybe,
        Placed::At(from) => {
            let (first, last) = Moment::at(from).days();
            tri(end_first >= last, end_last < first)
        }
        Placed::Endless | Placed::Nothing => Tri::No,
        Placed::Unknown => Tri::Maybe,
    };
    let to = match to {
        Placed::At(_) if contradicts => Tri::Maybe,
        Placed::At(to) => {
            let (first, last) = Moment::at(to).days();
            tri(begin_last <= first, begin_first > last)
        }
        Placed::Endless => Tri::Yes,
        Placed::Nothing => Tri::No,
        Placed::Unknown => Tri::Maybe,
    };
    from.and(to)
}
