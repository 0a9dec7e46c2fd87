//! When the schedule is held against endpoints, and when there is nothing to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_check::{NoModules, check, reliance};
use lind_diagnostics::Files;
use proptest::prelude::*;

/// The codes of all findings, in their order.
fn codes(text: &str) -> Vec<&'static str> {
    let mut files = Files::new();
    let root = files.add("example.lind", text.trim_start());
    let analysis = check(&mut files, root, &mut NoModules);
    analysis
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.rule.code)
        .collect()
}

const HEAD: &str = r#"
protocol NCT00000000
use std.labs: anc
milestone consent
milestone infusion after consent
milestone baseline is infusion
  values from consent to infusion
study day of infusion is 0
assessment blood_count "Blood count"
  anc
"#;

/// A protocol with these visits, each with a blood count, and an endpoint with this variable.
fn with(visits: &str, variable: &str) -> String {
    format!(
        "{HEAD}\ntimeline all \"All\"\n  blood_count\n{visits}\nendpoint e \"Endpoint\" secondary\n  variable {variable}\n  summary {}\n",
        if variable.starts_with("the") {
            "median (range)"
        } else {
            "n (%)"
        }
    )
}

#[test]
fn nothing_is_said_of_what_the_schedule_leaves_open() {
    let nothing: Vec<&str> = Vec::new();
    let lowest = "the lowest anc from infusion to 2 years after infusion";
    let endpoint =
        format!("endpoint e \"Endpoint\" secondary\n  variable {lowest}\n  summary range\n");
    // No schedule.
    assert_eq!(codes(&format!("{HEAD}\n{endpoint}")), nothing);
    // The data go as far as they go.
    for window in [
        "on or after infusion",
        "from infusion on",
        "within 2 years after infusion as far as known",
    ] {
        let text = with(
            "  visit day_1 \"Day 1\" on day 1",
            &format!("the lowest anc {window}"),
        );
        assert_eq!(codes(&text), nothing, "{window}");
    }
    // Nothing says how late the visits are.
    let text = with(
        "  visits week \"Week\" at weeks 1, 2 after withdrawal\nmilestone withdrawal after consent",
        lowest,
    );
    assert_eq!(codes(&text), nothing);
    // Up to a milestone of which nothing says when it is.
    let text = with(
        "  visit day_1 \"Day 1\" on day 1\nmilestone death after infusion",
        "the lowest anc from infusion to death",
    );
    assert_eq!(codes(&text), nothing);
    // What happened before needs no later visit.
    let text = with(
        "  visit day_1 \"Day 1\" on day 1",
        "has had any adverse event within 7 days before infusion",
    );
    assert_eq!(codes(&text), nothing);
}

#[test]
fn months_are_as_long_as_a_reading_says() {
    let six_months = "the lowest anc from infusion to 6 months after infusion";
    let visits = "  visits day \"Day\" on days 30, 180";
    assert_eq!(codes(&with(visits, six_months)), ["E0646"]);
    let reading = r#"
reading Q1 "how long is a month?"
  calendar: months and years by the calendar
  fixed:    a month is 30 days, a year is 365 days
  chosen fixed "as the analysis plan counts them"
"#;
    let nothing: Vec<&str> = Vec::new();
    assert_eq!(
        codes(&format!("{}{reading}", with(visits, six_months))),
        nothing
    );
}

#[test]
fn a_visit_that_is_counted_from_another_one_is_as_late_as_both_are() {
    let visits = "  visit week_4 \"Week 4\" at 4 weeks after infusion, 3 days either side\n  visit call \"Call\" at 2 weeks after week_4, 1 day either side";
    let up_to = |days: i64| {
        with(
            visits,
            &format!("the lowest anc from infusion to {days} days after infusion"),
        )
    };
    let nothing: Vec<&str> = Vec::new();
    assert_eq!(codes(&up_to(46)), nothing);
    assert_eq!(codes(&up_to(47)), ["E0646"]);
}

#[test]
fn an_end_that_is_left_out_ends_a_day_earlier() {
    let up_to = |words: &str| {
        with(
            "  visits day \"Day\" on days 1, 27",
            &format!("the lowest anc {words} after infusion"),
        )
    };
    let nothing: Vec<&str> = Vec::new();
    assert_eq!(codes(&up_to("within 27 days")), nothing);
    assert_eq!(codes(&up_to("within 28 days")), ["E0646"]);
    assert_eq!(codes(&up_to("less than 28 days")), nothing);
}

#[test]
fn endpoints_lean_on_gradings_and_on_states_that_states_name() {
    let text = r#"
protocol NCT00000000
use std.labs: anc
milestone infusion
grading low "Low" of CTCAE version "5.0"
  unverified "the limits"
  grade 1: anc < 1 x 10^9/L
state calm "Calm"
  unverified "the limit"
  anc > 1 x 10^9/L
state calmer "Calmer"
  calm
state never_asked "Never asked"
  unverified "no endpoint counts it"
  anc > 2 x 10^9/L
endpoint grades "Grades" secondary
  variable the worst grade of low on or after infusion
  summary counts
endpoint calm_time "Time" secondary
  variable the time in calmer
  summary range
"#;
    let mut files = Files::new();
    let root = files.add("example.lind", text.trim_start());
    let analysis = check(&mut files, root, &mut NoModules);
    let found = reliance(&analysis.protocol.expect("no error"));
    let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert!(
        messages.iter().any(|message| message.contains("`low`")),
        "{messages:?}"
    );
    assert!(
        messages.iter().any(|message| message.contains("`calm`")),
        "{messages:?}"
    );
    assert!(
        !messages
            .iter()
            .any(|message| message.contains("`never_asked`")),
        "{messages:?}"
    );
}

#[test]
fn a_grading_that_is_taken_by_name_and_counted_nowhere_is_told() {
    let taken = |endpoint: &str| {
        codes(&format!(
            "protocol NCT00000000\nuse std.ctcae_5: neutrophil_count_decreased\nmilestone infusion\nmilestone baseline is infusion\n  values from infusion to infusion\n{endpoint}"
        ))
    };
    assert_eq!(taken(""), ["W0602"]);
    let nothing: Vec<&str> = Vec::new();
    let endpoint = "endpoint e \"E\" secondary\n  variable the worst grade of neutrophil_count_decreased on or after infusion\n  summary counts\n";
    assert_eq!(taken(endpoint), nothing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// One visit on a day, with how much earlier and later it may be, against a window: what is said follows from
    /// which of its days lie inside.
    #[test]
    fn a_visit_supplies_the_windows_that_its_days_meet(
        day in 1_i64..60, early in 0_i64..4, late in 0_i64..4, from in 0_i64..60, length in 0_i64..10,
    ) {
        let to = from + length;
        let early = early.min(day);
        let margin = if early + late == 0 {
            String::new()
        } else {
            format!(", {early} days before to {late} days after")
        };
        // A later visit, so that the window does not end after the last one.
        let text = format!(
            "{HEAD}\nassessment ecg \"12-lead ECG\"\nvisit one \"One\" on day {day}{margin}\n  blood_count\nvisit last \"Last\" on day 90\n  ecg\nendpoint e \"Endpoint\" secondary\n  variable the lowest anc from {from} days after infusion to {to} days after infusion\n  summary range\n",
        );
        let inside = |day: i64| (from..=to).contains(&day);
        let expected: &[&str] = if inside(day) {
            &[]
        } else if (day - early..=day + late).any(inside) {
            &["W0665"]
        } else {
            &["E0645"]
        };
        prop_assert_eq!(codes(&text), expected, "{}", text);
    }

    /// The same for the end of a window and the last visit.
    #[test]
    fn a_window_ends_with_the_last_visit_or_after_it(
        day in 1_i64..60, late in 0_i64..4, past in -5_i64..8,
    ) {
        let end = day + past;
        prop_assume!(end >= 0);
        let margin = if late == 0 { String::new() } else { format!(", {late} days after") };
        let text = format!(
            "{HEAD}\nvisit last \"Last\" on day {day}{margin}\n  blood_count\nendpoint e \"Endpoint\" secondary\n  variable every adverse event from infusion to {end} days after infusion\n  summary counts\n",
        );
        let expected: &[&str] = match past {
            _ if past <= 0 => &[],
            _ if past <= late => &["W0666"],
            _ => &["E0646"],
        };
        prop_assert_eq!(codes(&text), expected, "{}", text);
    }
}
