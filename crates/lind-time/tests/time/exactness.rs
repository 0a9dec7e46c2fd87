//! What a window contains is exact: `Yes` if every pair of instants is in, `No` if none is.
//! Held against the slow way: try all pairs.

use std::ops::RangeInclusive;

use lind_time::{Edge, Grain, Instant, Offset, Precision, Tri, When, Window};
use proptest::prelude::*;

use crate::naive;

/// 2023-10-01: the tests stay between here and the end of 2024, leap day included.
const FIRST: i64 = 19_631;
const DAYS: i64 = 457;

fn units(when: &When, seconds: i64) -> RangeInclusive<i64> {
    let last = when.end().seconds() - 1;
    when.start().seconds().div_euclid(seconds)..=last.div_euclid(seconds)
}

/// The second, day … an offset leads to, in units of `seconds`.
fn moved(anchor: i64, offset: Offset, seconds: i64, up: bool) -> i64 {
    let per_day = 86_400 / seconds;
    match offset {
        Offset::Clock { seconds: length } => {
            assert_eq!(length % seconds, 0);
            anchor + length / seconds
        }
        Offset::Days { days } => anchor + days * per_day,
        Offset::Calendar { months } => {
            naive::add_months(anchor.div_euclid(per_day), months, up) * per_day
                + anchor.rem_euclid(per_day)
        }
    }
}

/// The first and the last unit in the window of one anchor.
fn ends(window: &Window, anchor: i64, seconds: i64, up: bool) -> (i64, i64) {
    let end = |edge: Edge, unbounded: i64, inwards: i64| match edge {
        Edge::Unbounded => unbounded,
        Edge::At { offset, closed } => {
            moved(anchor, offset, seconds, up) + if closed { 0 } else { inwards }
        }
    };
    (end(window.from, i64::MIN, 1), end(window.to, i64::MAX, -1))
}

fn verdict(seen_yes: bool, seen_no: bool) -> Tri {
    match (seen_yes, seen_no) {
        (true, false) => Tri::Yes,
        (false, true) => Tri::No,
        _ => Tri::Maybe,
    }
}

fn contains_slowly(window: &Window, anchor: &When, time: &When, seconds: i64, up: bool) -> Tri {
    let (mut seen_yes, mut seen_no) = (false, false);
    for a in units(anchor, seconds) {
        let (first, last) = ends(window, a, seconds, up);
        for t in units(time, seconds) {
            if first <= t && t <= last {
                seen_yes = true;
            } else {
                seen_no = true;
            }
            if seen_yes && seen_no {
                return Tri::Maybe;
            }
        }
    }
    verdict(seen_yes, seen_no)
}

/// `holds` answers for the window's first and last unit and the lasting thing's.
fn lasting_slowly(
    window: &Window,
    anchor: &When,
    start: Option<&When>,
    end: Option<&When>,
    holds: fn((i64, i64), (i64, i64)) -> bool,
) -> Tri {
    let open = |time: Option<&When>, at: i64| time.map_or(at..=at, |time| units(time, 86_400));
    let (mut seen_yes, mut seen_no) = (false, false);
    for a in units(anchor, 86_400) {
        let window = ends(window, a, 86_400, false);
        for s in open(start, i64::MIN) {
            for e in open(end, i64::MAX) {
                if s > e {
                    continue;
                }
                if holds(window, (s, e)) {
                    seen_yes = true;
                } else {
                    seen_no = true;
                }
            }
        }
    }
    verdict(seen_yes, seen_no)
}

fn time(precisions: Vec<Precision>) -> impl Strategy<Value = When> {
    (
        FIRST..FIRST + DAYS,
        0..86_400_i64,
        prop::sample::select(precisions),
    )
        .prop_map(|(day, second, precision)| {
            When::from_instant(
                Instant::from_seconds(day * 86_400 + second).unwrap(),
                precision,
            )
        })
}

/// A time within a few days or months of another, where the ends of windows lie.
fn time_near(anchor: When, days: i64, precisions: Vec<Precision>) -> impl Strategy<Value = When> {
    (
        -days * 86_400..=days * 86_400,
        prop::sample::select(precisions),
    )
        .prop_map(move |(seconds, precision)| {
            When::from_instant(
                anchor.start().checked_add_seconds(seconds).unwrap(),
                precision,
            )
        })
}

fn edge(offsets: impl Strategy<Value = Offset>) -> impl Strategy<Value = Edge> {
    (offsets, prop::option::weighted(0.9, any::<bool>())).prop_map(
        |(offset, closed)| match closed {
            None => Edge::Unbounded,
            Some(closed) => Edge::At { offset, closed },
        },
    )
}

fn day_window() -> impl Strategy<Value = Window> {
    let offset = || {
        prop_oneof![
            (-70_i32..=70).prop_map(Offset::days),
            (-3_i32..=3).prop_map(Offset::months),
        ]
    };
    (edge(offset()), edge(offset())).prop_map(|(from, to)| Window::between(from, to))
}

fn minute_window() -> impl Strategy<Value = Window> {
    let offset = || {
        prop_oneof![
            4 => (-3000_i32..=3000).prop_map(Offset::minutes),
            4 => (-50_i32..=50).prop_map(Offset::hours),
            1 => (-2_i32..=2).prop_map(Offset::days),
            1 => (-1_i32..=1).prop_map(Offset::months),
        ]
    };
    (edge(offset()), edge(offset())).prop_map(|(from, to)| Window {
        grain: Grain::Minute,
        ..Window::between(from, to)
    })
}

fn coarse() -> Vec<Precision> {
    vec![
        Precision::Month,
        Precision::Day,
        Precision::Day,
        Precision::Minute,
    ]
}

fn fine() -> Vec<Precision> {
    let mut precisions = vec![Precision::Hour; 8];
    precisions.extend([Precision::Minute; 8]);
    precisions.extend([Precision::Second, Precision::Day]);
    precisions
}

fn anchor_and_time(
    anchors: Vec<Precision>,
    times: Vec<Precision>,
    days: i64,
) -> impl Strategy<Value = (When, When)> {
    time(anchors)
        .prop_flat_map(move |anchor| (Just(anchor), time_near(anchor, days, times.clone())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn days_in_a_window(
        window in day_window(),
        (anchor, time) in anchor_and_time(coarse(), coarse(), 100),
    ) {
        let resolved = window.resolve(&anchor);
        let down = contains_slowly(&window, &anchor, &time, 86_400, false);
        let up = contains_slowly(&window, &anchor, &time, 86_400, true);
        prop_assert_eq!(resolved.contains(&time), down);
        prop_assert_eq!(resolved.boundary_sensitive_for(&time), down != up);
        prop_assert!(resolved.boundary_sensitive() || down == up);
    }

    #[test]
    fn a_single_day_a_whole_number_of_months_away(
        months in -14_i32..=14,
        (anchor, time) in anchor_and_time(vec![Precision::Month, Precision::Day], vec![Precision::Day], 3),
    ) {
        // Both ends on the same day: the union of windows has gaps.
        let window = Window::around(Offset::months(months), Offset::months(0)).unwrap();
        let near = time.checked_add(Offset::months(months), lind_time::MonthEnd::LastDay).unwrap();
        prop_assert_eq!(
            window.resolve(&anchor).contains(&near),
            contains_slowly(&window, &anchor, &near, 86_400, false)
        );
    }

    #[test]
    fn minutes_in_a_window(
        window in minute_window(),
        (anchor, time) in anchor_and_time(fine(), fine(), 3),
    ) {
        prop_assert_eq!(
            window.resolve(&anchor).contains(&time),
            contains_slowly(&window, &anchor, &time, 60, false)
        );
    }

    #[test]
    fn seconds_in_a_window(
        from in -200_i64..200, length in 0_i64..200, closed in any::<bool>(),
        anchor in time(vec![Precision::Minute, Precision::Second]), shift in -400_i64..400,
        precision in prop::sample::select(vec![Precision::Minute, Precision::Second]),
    ) {
        let window = Window {
            grain: Grain::Second,
            ..Window::between(
                Edge::closed(Offset::Clock { seconds: from }),
                Edge::At { offset: Offset::Clock { seconds: from + length }, closed },
            )
        };
        let time = When::from_instant(anchor.start().checked_add_seconds(shift).unwrap(), precision);
        prop_assert_eq!(
            window.resolve(&anchor).contains(&time),
            contains_slowly(&window, &anchor, &time, 1, false)
        );
    }

    #[test]
    fn something_that_lasts_in_a_window(
        window in day_window(),
        anchor in time(vec![Precision::Month, Precision::Day, Precision::Day]),
        start in prop::option::weighted(0.8, -90_i64..60),
        length in prop_oneof![-40_i64..60, -6_i64..6],
        open_end in any::<bool>(),
        precisions in prop::sample::select(vec![
            (Precision::Day, Precision::Day),
            (Precision::Month, Precision::Day),
            (Precision::Day, Precision::Month),
            (Precision::Month, Precision::Month),
        ]),
    ) {
        let at = |days: i64, precision| {
            When::from_instant(anchor.start().checked_add_seconds(days * 86_400).unwrap(), precision)
        };
        let end = (!open_end).then(|| at(start.unwrap_or(0) + length, precisions.1));
        let start = start.map(|days| at(days, precisions.0));
        prop_assert_eq!(
            window.resolve(&anchor).overlaps(start.as_ref(), end.as_ref()),
            lasting_slowly(&window, &anchor, start.as_ref(), end.as_ref(), |w, l| {
                w.0.max(l.0) <= w.1.min(l.1)
            })
        );
        prop_assert_eq!(
            window.resolve(&anchor).covered_by(start.as_ref(), end.as_ref()),
            lasting_slowly(&window, &anchor, start.as_ref(), end.as_ref(), |w, l| {
                w.0 <= w.1 && l.0 <= w.0 && w.1 <= l.1
            })
        );
    }

    #[test]
    fn a_coarser_date_never_turns_yes_into_no(
        window in prop_oneof![day_window(), minute_window()],
        (anchor, time) in anchor_and_time(fine(), fine(), 40),
        coarser in prop::sample::select(vec![
            Precision::Hour, Precision::Day, Precision::Month, Precision::Year,
        ]),
    ) {
        let known = window.resolve(&anchor).contains(&time);
        let holds = |wider: Tri| wider == Tri::Maybe || wider == known;
        prop_assert!(holds(window.resolve(&anchor).contains(&time.widened_to(coarser))));
        prop_assert!(holds(window.resolve(&anchor.widened_to(coarser)).contains(&time)));
        prop_assert!(holds(
            window.resolve(&anchor.widened_to(coarser)).contains(&time.widened_to(coarser))
        ));
    }

    #[test]
    fn a_coarser_date_never_turns_earlier_into_later(
        (a, b) in anchor_and_time(fine(), fine(), 2),
        coarser in prop::sample::select(vec![Precision::Hour, Precision::Day, Precision::Month]),
        unit in prop::sample::select(vec![
            Precision::Second, Precision::Minute, Precision::Hour, Precision::Day, Precision::Month,
        ]),
    ) {
        let wide = (a.widened_to(coarser), b.widened_to(coarser));
        for (known, wider) in [
            (a.before_at(&b, unit), wide.0.before_at(&wide.1, unit)),
            (a.at_or_before_at(&b, unit), wide.0.at_or_before_at(&wide.1, unit)),
            (a.same_at(&b, unit), wide.0.same_at(&wide.1, unit)),
        ] {
            prop_assert!(known == Tri::Maybe || wider == Tri::Maybe || wider == known);
            prop_assert!(known != Tri::Maybe || wider == Tri::Maybe);
        }
    }

    #[test]
    fn comparisons_are_those_of_all_pairs(
        (a, b) in anchor_and_time(vec![Precision::Minute, Precision::Second], vec![Precision::Minute, Precision::Second], 0)
            .prop_flat_map(|(a, _)| (Just(a), -130_i64..130, any::<bool>()))
            .prop_map(|(a, seconds, minute)| {
                let precision = if minute { Precision::Minute } else { Precision::Second };
                (a, When::from_instant(a.start().checked_add_seconds(seconds).unwrap(), precision))
            }),
    ) {
        let slowly = |holds: fn(i64, i64) -> bool| {
            let mut seen = (false, false);
            for x in units(&a, 1) {
                for y in units(&b, 1) {
                    if holds(x, y) { seen.0 = true } else { seen.1 = true }
                }
            }
            verdict(seen.0, seen.1)
        };
        prop_assert_eq!(a.before(&b), slowly(|x, y| x < y));
        prop_assert_eq!(a.at_or_before(&b), slowly(|x, y| x <= y));
        prop_assert_eq!(a.after(&b), slowly(|x, y| x > y));
        prop_assert_eq!(a.at_or_after(&b), slowly(|x, y| x >= y));
        prop_assert_eq!(a.same(&b), slowly(|x, y| x == y));
    }

    #[test]
    fn limits_for_the_network_hold_for_every_time_in_the_window(
        window in prop_oneof![day_window(), minute_window()],
        anchor in FIRST..FIRST + DAYS, minute in 0_i64..1440,
        end in any::<bool>(), near in -5000_i64..5000,
    ) {
        let end = if end { window.from } else { window.to };
        let Edge::At { offset, .. } = end else { return Ok(()) };
        let shift = offset.day_bounds().0 * 1440 + near;
        let seconds = window.grain.precision();
        let at = |minutes: i64| {
            When::from_instant(Instant::from_seconds(minutes * 60).unwrap(), Precision::Minute)
                .widened_to(seconds)
        };
        let (anchor, time) = (at(anchor * 1440 + minute), at(anchor * 1440 + minute + shift));
        if window.resolve(&anchor).contains(&time) == Tri::Yes {
            let between = (time.start().seconds() - anchor.start().seconds()) / 60;
            let (min, max) = window.limits_in_minutes();
            prop_assert!(min.is_none_or(|min| min <= between));
            prop_assert!(max.is_none_or(|max| between <= max));
        }
    }

    #[test]
    fn a_day_difference_decides_what_it_says_it_decides(
        window in prop_oneof![day_window(), minute_window()],
        anchor in FIRST..FIRST + DAYS, end in any::<bool>(), near in -4_i64..4,
    ) {
        // A difference near an end of the window.
        let end = if end { window.from } else { window.to };
        let Edge::At { offset, .. } = end else { return Ok(()) };
        let days = offset.day_bounds().0 + near;
        let date = |number: i64| When::from_day(lind_time::Day::from_number(number).unwrap());
        let answer = window.by_day_difference(days);
        let actual = window.resolve(&date(anchor)).contains(&date(anchor + days));
        prop_assert!(answer == Tri::Maybe || answer == actual, "{:?} but {:?}", actual, answer);
    }

    #[test]
    fn what_is_known_not_to_follow_the_anchor_is_decided_the_same(
        window in minute_window(),
        (anchor, time) in anchor_and_time(fine(), fine(), 3),
    ) {
        if time.at_or_before_at(&anchor, window.effective_grain().precision()) == Tri::Yes {
            prop_assert_eq!(
                window.given_not_after_anchor().resolve(&anchor).contains(&time),
                window.resolve(&anchor).contains(&time)
            );
        }
        if time.at_or_before_at(&anchor, window.effective_grain().precision()) == Tri::No {
            prop_assert_eq!(
                window.given_not_before_anchor().resolve(&anchor).contains(&time),
                window.resolve(&anchor).contains(&time)
            );
        }
    }
}
