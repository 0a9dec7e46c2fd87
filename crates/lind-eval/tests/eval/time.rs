//! §2 Time.

use lind_time::Offset;

use lind_model::protocol::{ConditionKind, FactTable, Selector, Window};

use crate::build::*;
use crate::data::*;

/// Hemoglobin at least 90 g/L, everything known by the gate.
fn hemoglobin() -> Build {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.inclusion("I1", value(measure, in_unit(at_least("90"), "g/L")).done());
    build
}

fn within(window: Window) -> Build {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let test = value(measure, in_unit(at_least("90"), "g/L"));
    build.inclusion("I1", test.within(window).done());
    build
}

#[test]
fn a_milestone_that_the_chart_does_not_hold_is_pending() {
    assert_eq!(outcome(&hemoglobin(), &Data::unscreened()), PENDING);
}

#[test]
fn two_different_times_of_a_milestone_make_it_unknown() {
    let data = Data::new().row("milestones", "screening,2024-05-10");
    assert_eq!(
        outcome(&hemoglobin(), &data.seen("hemoglobin,2024-05-01,95,g/L")),
        UNKNOWN
    );
}

#[test]
fn the_same_time_twice_is_one_time() {
    let data = Data::new().row("milestones", "screening,2024-05-09");
    assert_eq!(
        outcome(&hemoglobin(), &data.seen("hemoglobin,2024-05-01,95,g/L")),
        MET
    );
}

#[test]
fn a_milestone_one_of_whose_rows_was_set_aside_is_unknown() {
    let data = Data::new().row("milestones", "screening,2024-13-10");
    assert_eq!(
        outcome(&hemoglobin(), &data.seen("hemoglobin,2024-05-01,95,g/L")),
        UNKNOWN
    );
}

#[test]
fn a_record_after_the_gates_day_is_not_known() {
    let data = Data::new().seen("hemoglobin,2024-05-10,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), UNKNOWN);
    assert_eq!(
        because(&hemoglobin(), &data),
        "no hemoglobin up to 2024-05-09"
    );
}

#[test]
fn a_record_of_the_gates_day_is_known() {
    let data = Data::new().seen("hemoglobin,2024-05-09,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), MET);
    // A time of day on one side alone does not matter.
    let data = Data::new().seen("hemoglobin,2024-05-09T23:00,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), MET);
}

#[test]
fn minutes_decide_if_both_are_known_to_the_minute() {
    let sample =
        |time: &str| Data::screened("2024-05-09T10:00").seen(&format!("hemoglobin,{time},95,g/L"));
    assert_eq!(outcome(&hemoglobin(), &sample("2024-05-09T10:00")), MET);
    assert_eq!(outcome(&hemoglobin(), &sample("2024-05-09T10:01")), UNKNOWN);
    // The hour alone is no minute.
    assert_eq!(outcome(&hemoglobin(), &sample("2024-05-09T11")), MET);
}

#[test]
fn a_month_that_reaches_past_the_gate_may_be_known() {
    let data = Data::new().seen("hemoglobin,2024-05,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), UNKNOWN);
    assert_eq!(
        because(&hemoglobin(), &data),
        "it is not certain that hemoglobin 95 g/L in 2024-05 was known by screening (2024-05-09)"
    );
    let data = Data::new().seen("hemoglobin,2024-04,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), MET);
}

#[test]
fn an_imprecise_gate_makes_what_lies_in_it_uncertain() {
    let sample = |time: &str| Data::screened("2024-05").seen(&format!("hemoglobin,{time},95,g/L"));
    assert_eq!(outcome(&hemoglobin(), &sample("2024-04-30")), MET);
    assert_eq!(outcome(&hemoglobin(), &sample("2024-05-01")), MET);
    assert_eq!(outcome(&hemoglobin(), &sample("2024-05-02")), UNKNOWN);
    assert_eq!(outcome(&hemoglobin(), &sample("2024-06-01")), UNKNOWN);
}

#[test]
fn a_missing_time_may_be_any() {
    let data = Data::new().seen("hemoglobin,,95,g/L");
    assert_eq!(outcome(&hemoglobin(), &data), UNKNOWN);
}

#[test]
fn a_missing_time_is_not_after_the_cut_off_or_the_as_of_date() {
    let undated = Data::new().seen("hemoglobin,,95,g/L");
    let cut_off = |day: &str| {
        undated
            .clone()
            .toml(&format!("[dataset]\ncut_off = \"{day}\"\n"))
    };
    assert_eq!(outcome(&hemoglobin(), &cut_off("2024-05-09")), MET);
    assert_eq!(outcome(&hemoglobin(), &cut_off("2024-05-10")), UNKNOWN);
    assert_eq!(
        outcome(&hemoglobin(), &undated.clone().known_until("2024-05-09")),
        MET
    );
    // The earlier of both.
    assert_eq!(
        outcome(
            &hemoglobin(),
            &cut_off("2024-06-01").known_until("2024-05-09")
        ),
        MET
    );
    assert_eq!(
        outcome(
            &hemoglobin(),
            &cut_off("2024-05-09").known_until("2024-06-01")
        ),
        MET
    );
}

#[test]
fn a_missing_time_lies_in_a_window_that_holds_everything_up_to_the_horizon() {
    let by = |window: lind_time::Window| within(around(SCREENING, window));
    let data = Data::new()
        .seen("hemoglobin,,95,g/L")
        .known_until("2024-05-09");
    assert_eq!(
        outcome(&by(lind_time::Window::up_to_and_including_anchor()), &data),
        MET
    );
    assert_eq!(
        outcome(&by(lind_time::Window::before_anchor()), &data),
        UNKNOWN
    );
    assert_eq!(
        outcome(
            &by(lind_time::Window::within_before(Offset::days(7), false)),
            &data
        ),
        UNKNOWN
    );
    // Certainly not after the gate.
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let after = around(SCREENING, lind_time::Window::after_anchor());
    let test = value(measure, in_unit(at_least("90"), "g/L")).take(Selector::Every);
    build.inclusion("I1", test.within(after).done());
    assert_eq!(
        because(&build, &data),
        "no hemoglobin from 2024-05-10 on; the last one is 95 g/L without a date"
    );
}

#[test]
fn rows_after_the_as_of_date_do_not_exist() {
    let mut build = hemoglobin();
    build.protocol.criteria[0].gate = Some(INFUSION);
    let data = Data::new()
        .row("milestones", "infusion,2024-06-20")
        .seen("hemoglobin,2024-06-01,95,g/L");
    assert_eq!(Run::new(&build, &data).outcome(INFUSION), MET);
    let earlier = data.known_until("2024-05-31");
    assert_eq!(Run::new(&build, &earlier).outcome(INFUSION), PENDING);
}

#[test]
fn a_milestone_can_be_assumed_where_the_chart_does_not_hold_it() {
    let data = Data::unscreened().seen("hemoglobin,2024-05-02,95,g/L");
    let assumed = data.clone().assuming(SCREENING, "2024-05-09");
    assert_eq!(outcome(&hemoglobin(), &assumed), MET);
    // What the chart holds comes first.
    let held = Data::screened("2024-05-01")
        .seen("hemoglobin,2024-05-02,95,g/L")
        .assuming(SCREENING, "2024-05-09");
    assert_eq!(outcome(&hemoglobin(), &held), UNKNOWN);
}

#[test]
fn a_point_event_has_one_time_and_not_two_independent_ones() {
    // A transplant of "2024": either before or on the gate's day, whichever it was, it began as it ended.
    let mut build = Build::new();
    let transplant = build.set(FactTable::Procedures, "transplant");
    build.exclusion("E1", ever(FactTable::Procedures, transplant).done());
    let data = Data::new().procedure("transplant,2023");
    assert_eq!(outcome(&build, &data), MET);
    let data = Data::new().procedure("transplant,2024");
    assert_eq!(outcome(&build, &data), UNKNOWN);
}

#[test]
fn words_are_compared_without_regard_to_case_and_outer_blanks() {
    let mut build = Build::new();
    let hcg = build.coded("serum_hcg", &["Positive", "Negative"]);
    build.inclusion("I1", value(hcg, results(&["Negative"])).done());
    let data = Data::new().seen("serum_hcg,2024-05-02,,,,,, NEGATIVE ");
    assert_eq!(outcome(&build, &data), MET);

    let mut build = Build::new();
    let allergy = build.set(FactTable::Allergies, "drug_allergy");
    let severe = ever(FactTable::Allergies, allergy)
        .field(lind_model::protocol::FactField::Severity, &["Severe"]);
    build.exclusion("E1", severe.done());
    let data = Data::new().row("allergies", "drug_allergy,SEVERE,2020");
    assert_eq!(outcome(&build, &data), MET);
}

#[test]
fn the_furthest_gate_that_a_chart_has_reached() {
    let mut build = Build::new();
    let happened = |id| condition("has taken place", ConditionKind::Happened(id, None));
    build.inclusion("I1", happened(CONSENT));
    build.inclusion("I2", happened(ENROLMENT)).gate = Some(ENROLMENT);
    let reached = |data: &Data| {
        let run = Run::new(&build, data);
        run.program.gate_reached(&run.chart, &run.context())
    };
    assert_eq!(reached(&Data::unscreened()), None);
    assert_eq!(reached(&Data::new()), Some(SCREENING));
    let enrolled = Data::new().row("milestones", "enrolment,2024-06-01");
    assert_eq!(reached(&enrolled), Some(ENROLMENT));
    // Infusion is no gate of this plan.
    assert_eq!(
        reached(&enrolled.row("milestones", "infusion,2024-07-01")),
        Some(ENROLMENT)
    );
}
