//! §3 Windows.

use lind_model::protocol::{AlternativeContent, FactTable, MonthRule, Usage, Window};
use lind_time::Offset;

use crate::build::*;
use crate::data::*;

fn hemoglobin_within(window: Window) -> Build {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let test = value(measure, in_unit(at_least("90"), "g/L"));
    build.inclusion("I1", test.within(window).done());
    build
}

fn seen(time: &str) -> Data {
    Data::new().seen(&format!("hemoglobin,{time},95,g/L"))
}

#[test]
fn around_an_anchor_both_ends_belong_as_the_window_says() {
    let build = hemoglobin_within(days_before(SCREENING, 7));
    assert_eq!(outcome(&build, &seen("2024-05-01")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("2024-05-02")), MET);
    assert_eq!(outcome(&build, &seen("2024-05-09")), MET);
    let strictly = lind_time::Window::within_before(Offset::days(7), true);
    let build = hemoglobin_within(around(SCREENING, strictly));
    assert_eq!(outcome(&build, &seen("2024-05-08")), MET);
    assert_eq!(outcome(&build, &seen("2024-05-09")), UNKNOWN);
}

#[test]
fn a_window_is_named_as_explicit_dates() {
    let build = hemoglobin_within(days_before(SCREENING, 7));
    assert_eq!(
        because(&build, &Data::new()),
        "no hemoglobin between 2024-05-02 and 2024-05-09, both included"
    );
}

#[test]
fn hours_need_times_of_day() {
    let hours = lind_time::Window::within_before(Offset::hours(48), false);
    let build = hemoglobin_within(around(SCREENING, hours));
    let at = |sample: &str| {
        Data::screened("2024-05-09T10:00").seen(&format!("hemoglobin,{sample},95,g/L"))
    };
    assert_eq!(outcome(&build, &at("2024-05-07T10:00")), MET);
    assert_eq!(outcome(&build, &at("2024-05-07T09:59")), UNKNOWN);
    assert_eq!(outcome(&build, &at("2024-05-08")), MET);
    // Somewhere on that day; before ten it is outside.
    assert_eq!(outcome(&build, &at("2024-05-07")), UNKNOWN);
    assert_eq!(
        because(&build, &at("2024-05-07")),
        "it is not certain that hemoglobin 95 g/L on 2024-05-07 was taken between \
         2024-05-07T10:00 and 2024-05-09T10:00, both included"
    );
}

#[test]
fn between_two_anchors_both_days_belong() {
    let build = hemoglobin_within(from_to(CONSENT, SCREENING));
    assert_eq!(outcome(&build, &seen("2024-04-30")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("2024-05-01")), MET);
    assert_eq!(outcome(&build, &seen("2024-05-09T18:00")), MET);
    assert_eq!(
        because(&build, &Data::new()),
        "no hemoglobin between 2024-05-01 and 2024-05-09, both included"
    );
}

#[test]
fn between_two_anchors_of_known_months_only_what_is_certain_counts() {
    let build = hemoglobin_within(from_to(CONSENT, SCREENING));
    let data = |sample: &str| {
        let mut data = Data::screened("2024-06-20");
        data.rows.clear();
        data.row("milestones", "consent,2024-04")
            .row("milestones", "screening,2024-06-20")
            .seen(&format!("hemoglobin,{sample},95,g/L"))
    };
    assert_eq!(outcome(&build, &data("2024-04-15")), UNKNOWN);
    assert_eq!(outcome(&build, &data("2024-04-30")), MET);
    assert_eq!(outcome(&build, &data("2024-05-15")), MET);
}

#[test]
fn either_is_or_and_both_is_and() {
    let week = || Box::new(days_before(SCREENING, 7));
    let since_consent = || Box::new(from_to(CONSENT, SCREENING));
    let either = hemoglobin_within(Window::Either(week(), since_consent()));
    let both = hemoglobin_within(Window::Both(week(), since_consent()));
    assert_eq!(outcome(&either, &seen("2024-05-01")), MET);
    assert_eq!(outcome(&both, &seen("2024-05-01")), UNKNOWN);
    assert_eq!(outcome(&both, &seen("2024-05-02")), MET);
    assert_eq!(outcome(&either, &seen("2024-04-30")), UNKNOWN);
}

#[test]
fn what_lies_after_the_gate_is_never_in_a_window() {
    let week_around = lind_time::Window::either_side(Offset::days(7));
    let build = hemoglobin_within(around(SCREENING, week_around));
    assert_eq!(outcome(&build, &seen("2024-05-12")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("2024-05-03")), MET);
}

#[test]
fn an_anchor_that_has_not_been_reached_leaves_the_test_pending() {
    let build = hemoglobin_within(days_before(ENROLMENT, 30));
    assert_eq!(outcome(&build, &seen("2024-05-03")), PENDING);
    assert_eq!(
        because(&build, &seen("2024-05-03")),
        "enrolment has not been reached"
    );
    let unclear = seen("2024-05-03")
        .row("milestones", "enrolment,2024-05-05")
        .row("milestones", "enrolment,2024-05-06");
    assert_eq!(outcome(&build, &unclear), UNKNOWN);
    // Both together: what can be chased weighs more.
    let both = hemoglobin_within(Window::Both(
        Box::new(days_before(ENROLMENT, 30)),
        Box::new(days_before(INFUSION, 30)),
    ));
    assert_eq!(outcome(&both, &unclear), UNKNOWN);
}

#[test]
fn a_test_without_a_window_takes_the_clause_of_its_criterion_then_the_gates_then_everything() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let test = value(measure, in_unit(at_least("90"), "g/L")).done();
    build.inclusion("I1", test.clone());
    let old = seen("2023-01-01");
    assert_eq!(outcome(&build, &old), MET);

    // The gate's window.
    build.protocol.milestones[SCREENING.index()].values = Some(from_to(CONSENT, SCREENING));
    assert_eq!(outcome(&build, &old), UNKNOWN);
    assert_eq!(outcome(&build, &seen("2024-05-03")), MET);

    // The clause comes before the gate's window.
    let clause = Usage {
        window: Some(days_before(SCREENING, 3)),
        ..Usage::default()
    };
    build.protocol.criteria.clear();
    build.inclusion("I1", with(clause, test));
    assert_eq!(outcome(&build, &seen("2024-05-03")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("2024-05-07")), MET);
}

#[test]
fn months_are_counted_by_the_rule_of_the_plan_in_the_gates_window_too() {
    // A live vaccine on 28 February, screening on 31 March: one month by the calendar, 31 days.
    let mut build = Build::new();
    let vaccine = build.set(FactTable::Treatments, "live_vaccine");
    let within = during(FactTable::Treatments, vaccine, months_before(SCREENING, 1));
    build.exclusion("E15", within.done());
    build.protocol.given_once.push("live_vaccine".into());
    let data = Data::screened("2023-03-31").treatment("live_vaccine,2023-02-28");
    assert_eq!(outcome(&build, &data), MET);
    let days = MonthRule::Fixed {
        month: 30,
        year: 365,
    };
    build.reading("Q8", vec![("fixed", AlternativeContent::Months(days))]);
    assert_eq!(outcome(&build, &data), NOT_MET);

    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.inclusion("I1", value(measure, in_unit(at_least("90"), "g/L")).done());
    build.protocol.milestones[SCREENING.index()].values = Some(months_before(SCREENING, 1));
    let data = Data::screened("2023-03-31").seen("hemoglobin,2023-02-28,95,g/L");
    assert_eq!(outcome(&build, &data), MET);
    build.reading("Q8", vec![("fixed", AlternativeContent::Months(days))]);
    assert_eq!(outcome(&build, &data), UNKNOWN);
}

#[test]
fn a_decision_that_hangs_on_the_rule_for_month_ends_says_so() {
    let mut build = Build::new();
    let vaccine = build.set(FactTable::Treatments, "live_vaccine");
    let within = during(FactTable::Treatments, vaccine, months_before(SCREENING, 1));
    build.exclusion("E15", within.done());
    build.protocol.given_once.push("live_vaccine".into());
    let given = |day: &str| Data::screened("2023-03-31").treatment(&format!("live_vaccine,{day}"));
    let sensitive = |day: &str| {
        Run::new(&build, &given(day))
            .explain(SCREENING)
            .boundary_sensitive
    };
    assert!(sensitive("2023-02-28"));
    assert!(!sensitive("2023-03-15"));
}
