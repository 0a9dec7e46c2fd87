//! The calendar of a participant, as equations: what is planned lies among the allowed days, and a day more is a day late.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;

use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::protocol::MonthRule;
use lind_model::trial::{Course, Deviation, VisitDays};
use lind_model::{MilestoneId, Protocol, Truth, VisitId};
use lind_time::{Day, Tri, When};

const TEXT: &str = r#"
protocol NCT00000000
milestone consent
milestone infusion   after consent
milestone withdrawal after infusion
study day of infusion is 1
assessment ecg "12-lead ECG"
timeline treatment "Treatment"
  ecg
  until withdrawal
  visit before "Before" from 28 days before infusion to day -1
  visits day "Day" on days 1, 8, 15
  visits month "Month" at months 1, 6 after infusion, 3 days before to 7 days after
  visit call "Call" at 2 weeks after month_6, 2 days either side
  visits cycle "Cycle" on days 1, 8 of cycles 11 to 12 every 21 days from infusion, 1 day either side
  visit last "Last" within 7 days after withdrawal
"#;

fn protocol() -> Arc<Protocol> {
    let mut files = Files::new();
    let root = files.add("example.lind", TEXT.trim_start());
    let analysis = check(&mut files, root, &mut NoModules);
    analysis
        .protocol
        .unwrap_or_else(|| panic!("{:?}", analysis.diagnostics))
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn infused_on(protocol: &Protocol, day: Day) -> Course {
    let mut names = protocol.milestones.iter();
    let place = names.position(|one| &*one.name == "infusion").unwrap();
    Course {
        reached: vec![(MilestoneId::from_index(place), When::from_day(day))],
        visits_complete: true,
        ..Course::default()
    }
}

fn known(days: VisitDays) -> Option<(Option<Day>, Day, Day)> {
    match days {
        VisitDays::Known {
            planned,
            earliest: Some(earliest),
            latest: Some(latest),
        } => Some((planned, earliest, latest)),
        _ => None,
    }
}

fn deviations(protocol: &Protocol, course: &Course) -> Vec<(VisitId, Deviation)> {
    let trial = &protocol.trial;
    trial.deviations(
        course,
        MonthRule::Calendar,
        |_, _| Truth::True,
        |_, _, _| Tri::Yes,
    )
}

#[test]
fn days_are_those_of_the_calendar() {
    let protocol = protocol();
    let course = infused_on(&protocol, day("2024-08-31"));
    let of = |name: &str| {
        let id = protocol.trial.visit_named(name).unwrap();
        known(protocol.trial.days(id, &course, MonthRule::Calendar)).unwrap()
    };
    let three = |planned: &str, earliest: &str, latest: &str| {
        (Some(day(planned)), day(earliest), day(latest))
    };
    // There is no day 0: day 8 is a week after day 1, and day -1 the day before it.
    assert_eq!(of("day_8"), three("2024-09-07", "2024-09-07", "2024-09-07"));
    assert_eq!(of("before"), (None, day("2024-08-03"), day("2024-08-30")));
    // September has no 31st, and February no 31st.
    assert_eq!(
        of("month_1"),
        three("2024-09-30", "2024-09-27", "2024-10-07")
    );
    assert_eq!(
        of("month_6"),
        three("2025-02-28", "2025-02-25", "2025-03-07")
    );
    assert_eq!(of("call"), three("2025-03-14", "2025-03-12", "2025-03-16"));
    assert_eq!(
        of("cycle_12_day_8"),
        three("2025-04-26", "2025-04-25", "2025-04-27")
    );
}

#[test]
fn what_is_planned_is_allowed_and_deviates_from_nothing() {
    let protocol = protocol();
    for start in ["2023-02-28", "2024-02-29", "2024-12-31"] {
        let mut course = infused_on(&protocol, day(start));
        let calendar = protocol.trial.calendar(&course, MonthRule::Calendar);
        for (id, days) in calendar {
            let Some((planned, earliest, latest)) = known(days) else {
                continue;
            };
            let planned = planned.unwrap_or(earliest);
            assert!(earliest <= planned && planned <= latest, "{id:?}");
            course.visits.push((id, When::from_day(planned), None));
        }
        assert!(!course.visits.is_empty());
        assert_eq!(deviations(&protocol, &course), []);
    }
}

#[test]
fn a_day_beyond_the_window_is_one_day_early_or_late() {
    let protocol = protocol();
    let course = infused_on(&protocol, day("2024-03-01"));
    for (id, days) in protocol.trial.calendar(&course, MonthRule::Calendar) {
        let Some((_, earliest, latest)) = known(days) else {
            continue;
        };
        let with = |day: Day| {
            let mut course = course.clone();
            course.visits.push((id, When::from_day(day), None));
            deviations(&protocol, &course)
        };
        let early = earliest.add_days(-1).unwrap();
        let late = latest.add_days(1).unwrap();
        assert_eq!(with(earliest), []);
        assert_eq!(with(latest), []);
        assert_eq!(with(early), [(id, Deviation::Early(1))]);
        assert_eq!(with(late), [(id, Deviation::Late(1))]);
    }
}

#[test]
fn a_visit_is_missed_once_its_days_are_over_and_not_where_visits_are_not_recorded() {
    let protocol = protocol();
    let mut course = infused_on(&protocol, day("2024-03-01"));
    let id = protocol.trial.visit_named("day_8").unwrap();
    let missed = |course: &Course| deviations(&protocol, course).contains(&(id, Deviation::Missed));
    course.known_until = Some(day("2024-03-08"));
    assert!(!missed(&course));
    course.known_until = Some(day("2024-03-09"));
    assert!(missed(&course));
    course.visits_complete = false;
    assert!(!missed(&course));
}

#[test]
fn a_milestone_ends_what_is_still_to_come() {
    let protocol = protocol();
    let mut course = infused_on(&protocol, day("2024-03-01"));
    let mut names = protocol.milestones.iter();
    let place = names.position(|one| &*one.name == "withdrawal").unwrap();
    let withdrawal = MilestoneId::from_index(place);
    course
        .reached
        .push((withdrawal, When::from_day(day("2024-03-10"))));
    let of = |name: &str| {
        let id = protocol.trial.visit_named(name).unwrap();
        protocol.trial.days(id, &course, MonthRule::Calendar)
    };
    assert!(known(of("day_8")).is_some());
    assert_eq!(of("day_15"), VisitDays::Ended(withdrawal));
    assert_eq!(
        known(of("last")),
        Some((None, day("2024-03-10"), day("2024-03-17")))
    );
}
