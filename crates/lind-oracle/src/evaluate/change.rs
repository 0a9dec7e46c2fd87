//! Change between two values (section 5).

use lind_model::protocol::{
    ChangeMode, ChangeTest, Compared, Comparison, Direction, Interval, Measure, Persistence,
    Selector, Shape, Subject, Window,
};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use super::numbers::{between, outermost};
use super::one_value::{exact_quantity, exact_score};
use super::values::{Candidate, Reading, Recorded, chosen};
use super::{Clauses, Gate, Run};
use crate::chart::tri;
use crate::reals::{lies_in, within};
use crate::time::{DAY, Time};
use crate::window::{counted, shifted};

impl<'a> Run<'a> {
    pub(super) fn change(
        &self,
        change: &'a ChangeTest,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Truth {
        let windows = change
            .between
            .windows()
            .chain(clauses.samples.iter().map(|rule| &rule.window));
        if let Some(open) = self.not_anchored(windows) {
            return open;
        }
        let Subject::Measure(measure) = change.subject else {
            return Truth::Open(OpenKind::Unknown);
        };
        let Some(measure) = self.protocol.measures.get(measure.index()) else {
            return Truth::Open(OpenKind::Unknown);
        };
        let candidates = |window: Option<&'a Window>| {
            let reading = Reading {
                selector: Selector::Latest,
                window,
                provenance: &[],
                time_of_day: None,
                evidence: None,
                samples: &clauses.samples,
                gate,
            };
            self.candidates(&Recorded::of(measure), reading)
        };
        Truth::from_tri(match &change.between {
            Compared::Within(window) => match change.lasting {
                None => changed(change, measure, &candidates(Some(window))),
                Some(persistence) => {
                    let inside = candidates(Some(window));
                    let all = candidates(None);
                    self.keeps_to_it(change, measure, persistence, &inside, &all, gate)
                }
            },
            Compared::FromTo(from, to) => {
                let (earlier, later) =
                    (candidates(Some(&from.window)), candidates(Some(&to.window)));
                let unit = match &measure.shape {
                    Shape::Quantity(shape) => Some(&shape.unit),
                    _ => None,
                };
                let value = |selector: Selector, of: &[Candidate]| {
                    between(&measure.shape, unit, selector, of)
                };
                let ends = value(from.selector, &earlier).zip(value(to.selector, &later));
                // One result alone shows no change.
                let mut results: Vec<&std::rc::Rc<_>> = Vec::new();
                for result in earlier
                    .iter()
                    .chain(&later)
                    .filter_map(|one| one.value.as_ref())
                {
                    if !results
                        .iter()
                        .any(|other| std::rc::Rc::ptr_eq(other, result))
                    {
                        results.push(result);
                    }
                }
                let ends = ends.filter(|_| results.len() > 1);
                let amount = Amount {
                    mode: &change.mode,
                    direction: change.direction,
                    shape: Some(&measure.shape),
                };
                match ends.and_then(|(from, to)| amounts(amount, &from, &to)) {
                    Some(amounts) => within(&amounts, &change.by),
                    None => Tri::Maybe,
                }
            }
        })
    }

    /// Whether two values of the window show a change to which later ones keep: every choice of values is tried.
    fn keeps_to_it(
        &self,
        change: &ChangeTest,
        measure: &Measure,
        persistence: Persistence,
        inside: &[Candidate],
        all: &[Candidate],
        gate: Gate,
    ) -> Tri {
        let is_aside = all.iter().any(|one| one.value.is_none());
        // Whether each value lies in the window of the change.
        let values: Vec<(&Candidate, Tri)> = all
            .iter()
            .filter(|one| one.value.is_some())
            .map(|one| {
                let here = inside
                    .iter()
                    .find(|other| match (&one.value, &other.value) {
                        (Some(one), Some(other)) => std::rc::Rc::ptr_eq(one, other),
                        _ => false,
                    });
                (one, here.map_or(Tri::No, |here| here.membership))
            })
            .collect();
        let differs = |earlier: &Candidate, later: &Candidate| match difference(
            change, measure, earlier, later,
        ) {
            Some(difference) => tri(lies_in(&difference, &change.by)),
            None => Tri::Maybe,
        };
        let due = |from: Time, to: Time| {
            let since = |first: i64, day: i64| {
                let due = shifted(
                    first,
                    counted(self.months(), persistence.lasting.length),
                    DAY,
                );
                match persistence.lasting.comparison {
                    Comparison::MoreThan => day > due,
                    _ => day >= due,
                }
            };
            let (from, to) = (from.units(DAY), to.units(DAY));
            if since(from.1, to.0) {
                Tri::Yes
            } else if since(from.0, to.1) {
                Tri::Maybe
            } else {
                Tri::No
            }
        };
        let mut possible = false;
        for (a, (earlier, earlier_inside)) in values.iter().enumerate() {
            for (b, (later, later_inside)) in values.iter().enumerate() {
                let pair = [
                    *earlier_inside,
                    *later_inside,
                    earlier.time.is_before(later.time),
                    differs(earlier, later),
                ];
                if a == b || pair.contains(&Tri::No) {
                    continue;
                }
                let others = || {
                    values
                        .iter()
                        .enumerate()
                        .filter(|(place, _)| *place != a && *place != b)
                        .map(|(place, (value, _))| (place, *value))
                };
                let mut refuted = others().any(|(_, value)| {
                    let behind = if persistence.throughout {
                        later.time.is_before(value.time)
                    } else {
                        due(later.time, value.time)
                    };
                    value.is_sure() && behind == Tri::Yes && differs(earlier, value) == Tri::No
                });
                for (c, confirming) in others() {
                    let third = [
                        confirming.membership,
                        due(later.time, confirming.time),
                        differs(earlier, confirming),
                    ];
                    if third.contains(&Tri::No) {
                        continue;
                    }
                    let between =
                        || others().filter(|(place, _)| *place != c && persistence.throughout);
                    let none_falls_back = between().all(|(_, value)| {
                        value.time.is_before(later.time) == Tri::Yes
                            || confirming.time.is_before(value.time) == Tri::Yes
                            || differs(earlier, value) == Tri::Yes
                    });
                    let one_falls_back = between().any(|(_, value)| {
                        value.is_sure()
                            && later.time.is_before(value.time) == Tri::Yes
                            && value.time.is_before(confirming.time) == Tri::Yes
                            && differs(earlier, value) == Tri::No
                    });
                    let all_sure = pair.iter().chain(&third).all(|one| *one == Tri::Yes);
                    if all_sure && none_falls_back && !is_aside {
                        return Tri::Yes;
                    }
                    if !one_falls_back {
                        possible = true;
                        refuted = true;
                    }
                }
                if !refuted && due(later.time, gate.time) != Tri::No {
                    possible = true;
                }
            }
        }
        let two = values.iter().any(|(one, one_inside)| {
            values.iter().any(|(two, two_inside)| {
                *one_inside == Tri::Yes
                    && *two_inside == Tri::Yes
                    && one.time.is_before(two.time) == Tri::Yes
            })
        });
        if possible || is_aside || !two {
            return Tri::Maybe;
        }
        Tri::No
    }
}

/// What a change is counted in, which way, and of values of what shape.
#[derive(Clone, Copy)]
pub(super) struct Amount<'m> {
    pub(super) mode: &'m ChangeMode,
    pub(super) direction: Direction,
    /// None for points that are added up.
    pub(super) shape: Option<&'m Shape>,
}

/// Between which amounts a change lies whose ends lie between numbers: both ends at either of theirs.
pub(super) fn amounts(change: Amount<'_>, from: &Interval, to: &Interval) -> Option<Interval> {
    let zero = Exact::zero();
    let fall = match change.mode {
        ChangeMode::Relative => {
            let ends = |interval: &Interval| Some([interval.low.clone()?, interval.high.clone()?]);
            let mut corners = Vec::new();
            for (before, before_belongs) in ends(from)? {
                for (after, after_belongs) in ends(to)? {
                    if before <= zero {
                        return None;
                    }
                    let fall = before
                        .sub(&after)
                        .mul(&Exact::from_integer(100))
                        .checked_div(&before)?;
                    corners.push(Some((
                        fall,
                        after_belongs && (before_belongs || after == zero),
                    )));
                }
            }
            Interval {
                low: outermost(corners.iter().cloned(), false, true),
                high: outermost(corners.iter().cloned(), true, true),
            }
        }
        mode => {
            let less = |one: &Option<(Exact, bool)>, other: &Option<(Exact, bool)>| {
                let ((one, one_belongs), (other, other_belongs)) = (one.as_ref()?, other.as_ref()?);
                let less = one.sub(other);
                let less = match (mode, change.shape) {
                    (ChangeMode::Absolute(unit), Some(Shape::Quantity(shape))) => {
                        // A difference has no zero point.
                        let analyte = Some(&shape.analyte);
                        let start = shape.unit.convert(&zero, unit, analyte).ok()?;
                        shape.unit.convert(&less, unit, analyte).ok()?.sub(&start)
                    }
                    _ => less,
                };
                Some((less, *one_belongs && *other_belongs))
            };
            if let (ChangeMode::Absolute(unit), Some(Shape::Quantity(shape))) = (mode, change.shape)
            {
                shape.unit.convert(&zero, unit, Some(&shape.analyte)).ok()?;
            }
            Interval {
                low: less(&from.low, &to.high),
                high: less(&from.high, &to.low),
            }
        }
    };
    let negative =
        |end: &Option<(Exact, bool)>| end.as_ref().map(|(end, belongs)| (zero.sub(end), *belongs));
    let rise = Interval {
        low: negative(&fall.high),
        high: negative(&fall.low),
    };
    Some(match change.direction {
        Direction::Falls => fall,
        Direction::Rises => rise,
        Direction::Changes => {
            let no_rise = fall.low.as_ref().is_some_and(|(low, _)| *low >= zero);
            let no_fall = rise.low.as_ref().is_some_and(|(low, _)| *low >= zero);
            if no_rise {
                fall
            } else if no_fall {
                rise
            } else {
                Interval {
                    low: Some((zero, true)),
                    high: outermost([fall.high, rise.high].into_iter(), true, true),
                }
            }
        }
    })
}

fn changed(change: &ChangeTest, measure: &Measure, candidates: &[Candidate]) -> Tri {
    if candidates
        .iter()
        .filter(|candidate| candidate.is_sure())
        .count()
        < 2
    {
        return Tri::Maybe;
    }
    let differs = |earlier: &Candidate, later: &Candidate| match difference(
        change, measure, earlier, later,
    ) {
        Some(difference) => tri(lies_in(&difference, &change.by)),
        None => Tri::Maybe,
    };
    let later_ones = chosen(Selector::Latest, candidates);
    let surely_before = |later: &Candidate| -> Vec<&Candidate> {
        candidates
            .iter()
            .filter(|other| other.is_sure() && other.time.is_before(later.time) == Tri::Yes)
            .collect()
    };
    let certainly = later_ones.iter().all(|later| {
        surely_before(later)
            .into_iter()
            .any(|earlier| differs(earlier, later) == Tri::Yes)
    });
    if certainly {
        return Tri::Yes;
    }
    let each_has_an_earlier = later_ones
        .iter()
        .all(|later| !surely_before(later).is_empty());
    let possibly = later_ones.iter().any(|later| {
        candidates
            .iter()
            .filter(|other| !std::ptr::eq(*other, *later))
            .filter(|other| other.time.is_before(later.time) != Tri::No)
            .any(|earlier| differs(earlier, later) != Tri::No)
    });
    if each_has_an_earlier && !possibly {
        return Tri::No;
    }
    Tri::Maybe
}

/// By how much the value has changed in the direction asked for; none if it cannot be told.
fn difference(
    change: &ChangeTest,
    measure: &Measure,
    earlier: &Candidate,
    later: &Candidate,
) -> Option<Exact> {
    let (earlier, later) = (earlier.value.as_ref()?, later.value.as_ref()?);
    let (before, after) = match (&measure.shape, &change.mode) {
        (Shape::Quantity(shape), ChangeMode::Relative) => (
            exact_quantity(shape, earlier, &shape.unit)?,
            exact_quantity(shape, later, &shape.unit)?,
        ),
        (Shape::Quantity(shape), ChangeMode::Absolute(unit)) => (
            exact_quantity(shape, earlier, unit)?,
            exact_quantity(shape, later, unit)?,
        ),
        (shape @ Shape::Score { .. }, ChangeMode::Points | ChangeMode::Relative) => {
            (exact_score(shape, earlier)?, exact_score(shape, later)?)
        }
        _ => return None,
    };
    let mut fall = before.sub(&after);
    if change.mode == ChangeMode::Relative {
        if before <= Exact::zero() {
            return None;
        }
        fall = fall.mul(&Exact::from_integer(100)).checked_div(&before)?;
    }
    Some(match change.direction {
        Direction::Falls => fall,
        Direction::Rises => fall.neg(),
        Direction::Changes => fall.abs(),
    })
}
