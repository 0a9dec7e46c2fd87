//! The temporal network: what it proves holds for every schedule, and what it denies for none.

use lind_time::network::{Network, NodeId};
use lind_time::{Offset, StudyDays, Window};
use proptest::prelude::*;

const DAY: i64 = 1440;

#[test]
fn a_published_order_is_proven() {
    let mut network = Network::new();
    let consent = network.add_node("consent");
    let screening = network.add_node("screening");
    let leukapheresis = network.add_node("leukapheresis");
    let infusion = network.add_node("infusion");
    network.add_constraint(consent, screening, Some(0), Some(28 * DAY), 0);
    network.add_constraint(screening, leukapheresis, Some(0), None, 1);
    network.add_constraint(leukapheresis, infusion, Some(21 * DAY), Some(42 * DAY), 2);
    let solved = network.solve().unwrap();
    assert!(solved.precedes(consent, infusion));
    assert!(solved.strictly_precedes(screening, infusion));
    assert!(!solved.strictly_precedes(consent, screening));
    assert!(!solved.precedes(infusion, consent));
    assert!(solved.may_follow(infusion, consent));
    assert_eq!(solved.bounds(consent, infusion), (Some(21 * DAY), None));
    assert_eq!(
        solved.bounds(infusion, leukapheresis),
        (Some(-42 * DAY), Some(-21 * DAY))
    );
    assert_eq!(solved.tightened(&network), []);
}

#[test]
fn a_contradiction_is_named_by_its_shortest_cycle() {
    let mut network = Network::new();
    let screening = network.add_node("screening");
    let washout = network.add_node("end of washout");
    let dose = network.add_node("first dose");
    let unrelated = network.add_node("end of study");
    network.add_constraint(screening, dose, Some(0), Some(28 * DAY), 10);
    network.add_constraint(dose, unrelated, Some(0), None, 11);
    network.add_constraint(screening, washout, Some(30 * DAY), None, 12);
    network.add_constraint(washout, dose, Some(0), None, 13);
    let contradiction = network.solve().unwrap_err();
    let mut tags = contradiction.tags();
    tags.sort_unstable();
    assert_eq!(tags, [10, 12, 13]);
    assert_eq!(contradiction.excess_minutes(), 2 * DAY);
    let mut clauses = contradiction.explain(&network);
    clauses.sort();
    assert_eq!(
        clauses,
        [
            "end of washout is not later than first dose",
            "first dose is at most 28 days after screening",
            "screening is at least 30 days before end of washout",
        ]
    );
}

#[test]
fn of_two_contradictions_the_shorter_is_named() {
    let mut network = Network::new();
    let short: Vec<NodeId> = (0..2)
        .map(|i| network.add_node(format!("short {i}")))
        .collect();
    let long: Vec<NodeId> = (0..4)
        .map(|i| network.add_node(format!("long {i}")))
        .collect();
    for (tag, pair) in long.windows(2).enumerate() {
        network.add_constraint(pair[0], pair[1], Some(DAY), None, tag);
    }
    network.add_constraint(long[0], long[3], None, Some(DAY), 3);
    network.add_constraint(short[0], short[1], Some(DAY), None, 4);
    network.add_constraint(short[1], short[0], Some(0), None, 5);
    let mut tags = network.solve().unwrap_err().tags();
    tags.sort_unstable();
    assert_eq!(tags, [4, 5]);
}

#[test]
fn an_empty_window_contradicts_itself() {
    let mut network = Network::new();
    let anchor = network.add_node("anchor");
    let visit = network.add_node("visit");
    network.add_constraint(anchor, visit, Some(90), Some(60), 7);
    let contradiction = network.solve().unwrap_err();
    assert_eq!(contradiction.tags(), [7]);
    assert_eq!(contradiction.excess_minutes(), 30);
}

#[test]
fn a_window_that_others_make_narrower() {
    let mut network = Network::new();
    let dose = network.add_node("dose");
    let scan = network.add_node("scan");
    let visit = network.add_node("visit");
    network.add_constraint(dose, scan, Some(0), Some(10 * DAY), 0);
    network.add_constraint(scan, visit, Some(7 * DAY), None, 1);
    network.add_constraint(dose, visit, None, Some(14 * DAY), 2);
    let found = network.solve().unwrap().tightened(&network);
    let limits: Vec<_> = found.iter().map(|t| (t.tag, t.implied)).collect();
    assert_eq!(
        limits,
        [
            (0, (Some(0), Some(7 * DAY))),
            (1, (Some(7 * DAY), Some(14 * DAY))),
            (2, (Some(7 * DAY), Some(14 * DAY))),
        ]
    );
}

#[test]
fn visits_that_can_swap() {
    // Day -42 to -9 against a stop on day -21: the finding in a published study.
    let mut network = Network::new();
    let first_dose = network.add_node("day 1");
    let screening_end = network.add_node("end of screening");
    let zinc_stop = network.add_node("zinc stop");
    let offset = |day: i64| StudyDays::FromOne.offset(day).unwrap();
    let (min, _) = Window::between(
        lind_time::Edge::closed(offset(-42)),
        lind_time::Edge::closed(offset(-9)),
    )
    .limits_in_minutes();
    assert_eq!(min, Some(-42 * DAY));
    network.add_constraint(
        first_dose,
        screening_end,
        Some(-42 * DAY),
        Some(-9 * DAY),
        0,
    );
    let stop = Window::around(offset(-21), Offset::days(0))
        .unwrap()
        .limits_in_minutes();
    network.add_constraint(first_dose, zinc_stop, stop.0, stop.1, 1);
    let solved = network.solve().unwrap();
    assert!(!solved.precedes(screening_end, zinc_stop));
    assert!(solved.may_follow(screening_end, zinc_stop));
    assert_eq!(
        solved.bounds(screening_end, zinc_stop),
        (Some(-12 * DAY), Some(21 * DAY))
    );
}

#[test]
fn windows_become_sound_limits() {
    let limits = |window: Window| window.limits_in_minutes();
    assert_eq!(
        limits(Window::within_before(Offset::months(6), false)),
        (Some(-184 * DAY), Some(0))
    );
    assert_eq!(
        limits(Window::within_after(Offset::hours(48), true)),
        (Some(1), Some(2 * DAY))
    );
    assert_eq!(limits(Window::before_anchor()), (None, Some(-DAY)));
    assert_eq!(
        limits(Window::within_after(Offset::Clock { seconds: 90 }, true)),
        (Some(0), Some(2))
    );
}

#[test]
fn the_largest_numbers_do_no_harm() {
    let mut network = Network::new();
    let nodes: Vec<NodeId> = (0..20).map(|i| network.add_node(format!("{i}"))).collect();
    for pair in nodes.windows(2) {
        network.add_constraint(pair[0], pair[1], Some(i64::MAX), Some(i64::MAX), 0);
    }
    let solved = network.solve().unwrap();
    assert!(solved.strictly_precedes(nodes[0], nodes[19]));
    network.add_constraint(nodes[0], nodes[19], Some(i64::MIN), Some(i64::MIN), 1);
    assert!(network.solve().is_err());
    let stranger = {
        let mut other = Network::new();
        (0..50).map(|_| other.add_node("x")).last().unwrap()
    };
    network.add_constraint(stranger, nodes[0], Some(1), Some(0), 2);
    assert_eq!(network.name(stranger), "?");
    assert!(Network::new().solve().is_ok());
}

/// Limits between random pairs of events.
fn limits(events: usize) -> impl Strategy<Value = Vec<(usize, usize, Option<i64>, Option<i64>)>> {
    let limit = || prop::option::weighted(0.7, -50_i64..50);
    prop::collection::vec((0..events, 0..events, limit(), limit()), 0..12)
}

fn keeps(schedule: &[i64], limits: &[(usize, usize, Option<i64>, Option<i64>)]) -> bool {
    limits.iter().all(|&(from, to, min, max)| {
        let between = schedule[to] - schedule[from];
        min.is_none_or(|min| min <= between) && max.is_none_or(|max| between <= max)
    })
}

fn network_of(
    events: usize,
    limits: &[(usize, usize, Option<i64>, Option<i64>)],
) -> (Network, Vec<NodeId>) {
    let mut network = Network::new();
    let nodes: Vec<NodeId> = (0..events)
        .map(|i| network.add_node(format!("event {i}")))
        .collect();
    for (tag, &(from, to, min, max)) in limits.iter().enumerate() {
        network.add_constraint(nodes[from], nodes[to], min, max, tag);
    }
    (network, nodes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn either_a_schedule_keeps_all_limits_or_a_cycle_clashes(limits in limits(6)) {
        let (network, _) = network_of(6, &limits);
        match network.solve() {
            Ok(solved) => prop_assert!(keeps(&solved.schedule(), &limits)),
            Err(contradiction) => {
                let cycle = &contradiction.cycle;
                prop_assert!(contradiction.excess_minutes() > 0);
                for (step, next) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
                    prop_assert_eq!(step.to, next.from);
                }
                // Every step is a limit that was stated.
                for step in cycle {
                    let (from, to, min, max) = limits[step.tag];
                    let (_, nodes) = network_of(6, &[]);
                    let latest = (nodes[from], nodes[to], max);
                    let earliest = (nodes[to], nodes[from], min.map(|min| -min));
                    let stated = (step.from, step.to, Some(step.minutes));
                    prop_assert!(stated == latest || stated == earliest);
                }
                // The tags of the cycle alone already clash.
                let clashing: Vec<_> = contradiction.tags().iter().map(|tag| limits[*tag]).collect();
                prop_assert!(network_of(6, &clashing).0.solve().is_err());
            }
        }
    }

    #[test]
    fn bounds_contain_every_schedule_that_keeps_the_limits(
        schedule in prop::collection::vec(-1000_i64..1000, 7),
        pairs in prop::collection::vec((0_usize..7, 0_usize..7, 0_i64..30, 0_i64..30, any::<(bool, bool)>()), 0..14),
    ) {
        // Limits made around a schedule, so that it keeps them.
        let limits: Vec<_> = pairs
            .iter()
            .map(|&(from, to, below, above, (has_min, has_max))| {
                let between = schedule[to] - schedule[from];
                (from, to, has_min.then_some(between - below), has_max.then_some(between + above))
            })
            .collect();
        let (network, nodes) = network_of(7, &limits);
        let solved = network.solve().unwrap();
        for a in 0..7 {
            for b in 0..7 {
                let between = schedule[b] - schedule[a];
                let (min, max) = solved.bounds(nodes[a], nodes[b]);
                prop_assert!(min.is_none_or(|min| min <= between));
                prop_assert!(max.is_none_or(|max| between <= max));
                prop_assert!(!solved.precedes(nodes[a], nodes[b]) || schedule[a] <= schedule[b]);
            }
        }
    }

    #[test]
    fn both_ends_of_the_bounds_are_reached(limits in limits(5)) {
        let (network, nodes) = network_of(5, &limits);
        if let Ok(solved) = network.solve() {
            for (a, b) in [(0, 1), (1, 4), (3, 2)] {
                let (min, max) = solved.bounds(nodes[a], nodes[b]);
                for reached in [min, max].into_iter().flatten() {
                    let mut pinned = network.clone();
                    pinned.add_constraint(nodes[a], nodes[b], Some(reached), Some(reached), 99);
                    prop_assert!(pinned.solve().is_ok());
                }
            }
        }
    }
}
