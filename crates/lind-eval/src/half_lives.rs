//! Windows that count half-lives of the drug at hand.

use lind_model::protocol::Window;
use lind_records::{CodeId, HalfLife};
use lind_time::{Offset, OffsetClass, Tri};
use lind_units::Exact;

use crate::moments::{Moment, tri};
use crate::rows::Extent;
use crate::view::View;
use crate::windows::{HalfLives, Prepared};

const SECONDS_PER_DAY: i64 = 86_400;

/// How long half of a drug stays.
#[derive(Debug, Clone)]
pub(crate) struct HalfLifeRange {
    /// In seconds.
    pub(crate) shortest: Exact,
    /// In seconds.
    pub(crate) longest: Exact,
    /// Whether civil days are compared.
    pub(crate) by_day: bool,
}

impl View<'_> {
    /// Whether the last administration lies before or at the anchor, by so many half-lives.
    pub(crate) fn within_half_lives(
        &self,
        window: &HalfLives<'_>,
        extent: &Extent,
        code: Option<CodeId>,
    ) -> Tri {
        let anchor = Moment::at(window.anchor);
        // What begins after the anchor was not given before it.
        let begun = |grain: i64| {
            let (begin, anchor) = (extent.begin.units(grain), anchor.units(grain));
            tri(begin.1 <= anchor.0, begin.0 > anchor.1)
        };
        let mut answer = None;
        if let Some(code) = code {
            self.half_lives(code, |half_life| {
                let grain = if half_life.by_day { SECONDS_PER_DAY } else { 1 };
                let one = distance_within(window, anchor, extent, half_life).and(begun(grain));
                answer = Some(match answer {
                    Some(other) if other != one => Tri::Maybe,
                    _ => one,
                });
            });
        }
        answer.unwrap_or_else(|| begun(1).and(Tri::Maybe))
    }

    /// Whether a range of half-lives leaves open whether a row lies in a window, were its time known.
    pub(crate) fn open_for_one_time(
        &self,
        window: &Window,
        extent: &Extent,
        range: &HalfLifeRange,
    ) -> bool {
        let Prepared::HalfLives(window) = self.prepare(window, None) else {
            return false;
        };
        let (least, most) = distance(Moment::at(window.anchor), extent, range.by_day);
        [least, most]
            .into_iter()
            .any(|at| near(&window, (at, at), range) == Tri::Maybe)
    }

    /// The half-lives that are stated for a code: the data set's, else those of the protocol's library.
    pub(crate) fn half_lives(&self, code: CodeId, mut visit: impl FnMut(&HalfLifeRange)) {
        if let Some(declared) = self.context.half_life(code) {
            visit(&declared);
            return;
        }
        for concept in self.context.dictionary.concepts(code) {
            let stated = self
                .program
                .concepts
                .half_life(*concept)
                .and_then(|index| self.program.protocol().half_lives.get(index));
            if let Some(stated) = stated {
                visit(&HalfLifeRange {
                    shortest: stated.shortest_seconds.clone(),
                    longest: stated.longest_seconds.clone(),
                    by_day: stated.by_day,
                });
            }
        }
    }
}

impl HalfLifeRange {
    /// A half-life that the data set declares.
    pub(crate) fn declared(half_life: &HalfLife) -> Option<Self> {
        let unit = Offset::parse_unit(half_life.unit)?;
        let seconds = match unit.times(1)? {
            Offset::Clock { seconds } => seconds,
            Offset::Days { days } => days.saturating_mul(SECONDS_PER_DAY),
            // Half-lives are stated in minutes, hours, days or weeks.
            Offset::Calendar { .. } => return None,
        };
        let length = half_life
            .value
            .to_exact()
            .mul(&Exact::from_integer(seconds));
        Some(Self {
            shortest: length.clone(),
            longest: length,
            by_day: unit.class() != OffsetClass::Clock,
        })
    }
}

fn distance_within(
    window: &HalfLives<'_>,
    anchor: Moment,
    extent: &Extent,
    half_life: &HalfLifeRange,
) -> Tri {
    let near = near(
        window,
        distance(anchor, extent, half_life.by_day),
        half_life,
    );
    if window.beyond { !near } else { near }
}

/// Whether fewer half-lives have passed than the window counts, in a time between two numbers of seconds.
fn near(window: &HalfLives<'_>, (least, most): (i64, i64), half_life: &HalfLifeRange) -> Tri {
    let shortest = window.count.mul(&half_life.shortest);
    let longest = window.count.mul(&half_life.longest);
    let (least, most) = (Exact::from_integer(least), Exact::from_integer(most));
    match (window.beyond, window.closed) {
        (false, false) | (true, true) => tri(most < shortest, least >= longest),
        (false, true) | (true, false) => tri(most <= shortest, least > longest),
    }
}

/// The least and the greatest number of seconds from the last administration to the anchor.
fn distance(anchor: Moment, extent: &Extent, by_day: bool) -> (i64, i64) {
    let Some(end) = extent.end() else {
        // It is still going on: the last administration is at the anchor.
        return (0, 0);
    };
    let grain = if by_day { SECONDS_PER_DAY } else { 1 };
    let (anchor_first, anchor_last) = anchor.units(grain);
    let (end_first, end_last) = end.units(grain);
    let least = anchor_first.saturating_sub(end_last).max(0);
    let most = anchor_last.saturating_sub(end_first).max(0);
    (least.saturating_mul(grain), most.saturating_mul(grain))
}
