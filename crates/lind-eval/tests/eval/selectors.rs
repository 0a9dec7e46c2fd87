//! §4 Selectors: which of several values counts.

use lind_model::Outcome;
use lind_model::protocol::{FactTable, Interval, Selector, Test};
use lind_time::Offset;

use crate::build::*;
use crate::data::*;

/// Hemoglobin in g/L in the 30 days before screening, by a selector.
fn by(selector: Selector, interval: Interval) -> Build {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.measure_mut(measure).worst_is_highest = Some(false);
    let test = value(measure, in_unit(interval, "g/L")).take(selector);
    build.inclusion("I1", test.within(days_before(SCREENING, 30)).done());
    build
}

fn values(values: &[(&str, &str)]) -> Data {
    values.iter().fold(Data::new(), |data, (time, value)| {
        data.seen(&format!("hemoglobin,{time},{value},g/L"))
    })
}

fn of(selector: Selector, interval: Interval, given: &[(&str, &str)]) -> Outcome {
    outcome(&by(selector, interval), &values(given))
}

// Sure: 2024-05-02; perhaps in the window or known: 2024-04 (from the 9th on), 2024-05 (to the 9th).

#[test]
fn the_latest_is_the_one_after_which_no_other_certainly_is() {
    let latest = |given: &[(&str, &str)]| of(Selector::Latest, at_least("90"), given);
    assert_eq!(latest(&[("2024-05-01", "80"), ("2024-05-02", "95")]), MET);
    assert_eq!(
        latest(&[("2024-05-01", "95"), ("2024-05-02", "80")]),
        NOT_MET
    );
    // Either can be the latest: they must agree.
    assert_eq!(
        latest(&[("2024-05-02", "95"), ("2024-05-02", "80")]),
        UNKNOWN
    );
    assert_eq!(latest(&[("2024-05-02", "95"), ("2024-05-02", "91")]), MET);
    assert_eq!(
        latest(&[("2024-05-02T08:00", "80"), ("2024-05-02T09:00", "95")]),
        MET
    );
    assert_eq!(
        latest(&[("2024-05-02T08:00", "80"), ("2024-05-02T08:00", "95")]),
        UNKNOWN
    );
    assert_eq!(
        latest(&[("2024-05-02T08:00", "80"), ("2024-05-02", "95")]),
        UNKNOWN
    );
    // The day before is certainly earlier.
    assert_eq!(
        latest(&[("2024-05-01", "80"), ("2024-05-02T00:00", "95")]),
        MET
    );
}

#[test]
fn a_value_that_may_be_the_latest_must_agree_with_the_others() {
    let latest = |given: &[(&str, &str)]| of(Selector::Latest, at_least("90"), given);
    assert_eq!(latest(&[("2024-05-02", "95"), ("2024-05", "80")]), UNKNOWN);
    assert_eq!(latest(&[("2024-05-02", "95"), ("2024-05", "92")]), MET);
    // April is certainly before the sure one.
    assert_eq!(latest(&[("2024-05-02", "95"), ("2024-04", "80")]), MET);
    // Three that may be and none that is.
    assert_eq!(latest(&[("2024-05", "95"), ("2024-04", "95")]), UNKNOWN);
}

#[test]
fn two_values_that_can_be_the_latest_are_named() {
    assert_eq!(
        because(
            &by(Selector::Latest, at_least("90")),
            &values(&[("2024-05-02", "95"), ("2024-05-02", "80")])
        ),
        "each of these can be the latest, and they do not agree: hemoglobin 95 g/L on 2024-05-02; \
         hemoglobin 80 g/L on 2024-05-02"
    );
}

#[test]
fn a_bare_measure_means_the_latest() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.inclusion("I1", value(measure, in_unit(at_least("90"), "g/L")).done());
    assert_eq!(
        outcome(
            &build,
            &values(&[("2024-05-01", "80"), ("2024-05-02", "95")])
        ),
        MET
    );
}

#[test]
fn the_first_is_the_mirror_of_the_latest() {
    let first = |given: &[(&str, &str)]| of(Selector::First, at_least("90"), given);
    assert_eq!(first(&[("2024-05-01", "95"), ("2024-05-02", "80")]), MET);
    assert_eq!(
        first(&[("2024-05-01", "80"), ("2024-05-02", "95")]),
        NOT_MET
    );
    // In April, perhaps before the window.
    assert_eq!(first(&[("2024-04", "80"), ("2024-05-02", "95")]), UNKNOWN);
    assert_eq!(first(&[("2024-04", "92"), ("2024-05-02", "95")]), MET);
    assert_eq!(first(&[("2024-05-01", "95"), ("2024-05", "80")]), UNKNOWN);
    assert_eq!(first(&[("2024-04-30", "95"), ("2024-05", "80")]), MET);
}

#[test]
fn any_is_or_over_the_values_and_needs_one_that_is_sure() {
    let any = |given: &[(&str, &str)]| of(Selector::Any, at_least("90"), given);
    assert_eq!(any(&[("2024-05-01", "80"), ("2024-05-02", "95")]), MET);
    assert_eq!(any(&[("2024-05-01", "80"), ("2024-05-02", "85")]), NOT_MET);
    assert_eq!(any(&[("2024-05-01", "80"), ("2024-05", "95")]), UNKNOWN);
    assert_eq!(any(&[("2024-05-01", "95"), ("2024-05", "80")]), MET);
    // Perhaps nothing was measured.
    assert_eq!(any(&[("2024-05", "80")]), UNKNOWN);
    assert_eq!(any(&[("2024-05", "95")]), UNKNOWN);
    assert_eq!(any(&[]), UNKNOWN);
    // One that cannot be read does not undo one that passes.
    assert_eq!(any(&[("2024-05-01", "95"), ("2024-05-02", "850")]), MET);
    assert_eq!(any(&[("2024-05-01", "80"), ("2024-05-02", "850")]), UNKNOWN);
}

#[test]
fn every_is_and_over_the_values_and_needs_one_that_is_sure() {
    let every = |given: &[(&str, &str)]| of(Selector::Every, at_least("90"), given);
    assert_eq!(every(&[("2024-05-01", "91"), ("2024-05-02", "95")]), MET);
    assert_eq!(
        every(&[("2024-05-01", "80"), ("2024-05-02", "95")]),
        NOT_MET
    );
    assert_eq!(every(&[("2024-05-01", "95"), ("2024-05", "80")]), UNKNOWN);
    assert_eq!(every(&[("2024-05-01", "95"), ("2024-05", "91")]), MET);
    assert_eq!(every(&[("2024-05", "95")]), UNKNOWN);
    assert_eq!(every(&[]), UNKNOWN);
}

#[test]
fn a_row_that_was_set_aside_is_a_value_that_may_be_there_and_cannot_be_tested() {
    let lost = |selector: Selector, value: &str| {
        let data = values(&[("2024-05-02", value)]).seen("hemoglobin,2024-05-03,9;5,g/L");
        outcome(&by(selector, at_least("90")), &data)
    };
    assert_eq!(lost(Selector::Any, "95"), MET);
    assert_eq!(lost(Selector::Any, "80"), UNKNOWN);
    assert_eq!(lost(Selector::Every, "95"), UNKNOWN);
    assert_eq!(lost(Selector::Every, "80"), NOT_MET);
    assert_eq!(lost(Selector::First, "95"), MET);
    assert_eq!(lost(Selector::Latest, "95"), UNKNOWN);
}

#[test]
fn the_highest_is_above_a_limit_if_any_is_and_below_it_if_every_is() {
    let given = [("2024-05-01", "80"), ("2024-05-02", "95")];
    assert_eq!(of(Selector::Highest, at_least("90"), &given), MET);
    assert_eq!(of(Selector::Highest, at_most("90"), &given), NOT_MET);
    assert_eq!(of(Selector::Highest, at_most("95"), &given), MET);
    assert_eq!(of(Selector::Lowest, at_least("90"), &given), NOT_MET);
    assert_eq!(of(Selector::Lowest, at_most("80"), &given), MET);
    assert_eq!(of(Selector::Lowest, below("80"), &given), NOT_MET);
}

#[test]
fn both_bounds_of_an_interval_are_asked_separately_of_the_highest() {
    let given = [("2024-05-01", "80"), ("2024-05-02", "95")];
    assert_eq!(of(Selector::Highest, between("90", "100"), &given), MET);
    assert_eq!(of(Selector::Highest, between("80", "90"), &given), NOT_MET);
    assert_eq!(of(Selector::Lowest, between("70", "85"), &given), MET);
    assert_eq!(of(Selector::Lowest, between("90", "100"), &given), NOT_MET);
    // A value that may count and is higher leaves the upper bound open.
    let given = [("2024-05-01", "95"), ("2024-05", "120")];
    assert_eq!(of(Selector::Highest, between("90", "100"), &given), UNKNOWN);
    assert_eq!(of(Selector::Highest, between("90", "130"), &given), MET);
}

#[test]
fn multiples_have_their_highest_in_multiples() {
    let mut build = Build::new();
    let alt = build.quantity("alt", lind_units::Kind::CCnc, "U/L", None);
    let test = value(alt, times_uln(at_most("3"))).take(Selector::Highest);
    build.inclusion("I1", test.done());
    // 100 of 40 is more of its limit than 110 of 50.
    let data = Data::new()
        .seen("alt,2024-05-01,130,U/L,,,40")
        .seen("alt,2024-05-02,140,U/L,,,50");
    assert_eq!(outcome(&build, &data), NOT_MET);
}

#[test]
fn the_worst_is_the_highest_or_the_lowest_as_the_measure_declares() {
    let given = [("2024-05-01", "80"), ("2024-05-02", "95")];
    assert_eq!(of(Selector::Worst, at_least("90"), &given), NOT_MET);
    let mut build = by(Selector::Worst, at_least("90"));
    build.protocol.measures[0].worst_is_highest = Some(true);
    assert_eq!(outcome(&build, &values(&given)), MET);
}

/// NYHA at most II by the highest level.
fn levels(selector: Selector, given: &[(&str, &str)]) -> Outcome {
    let mut build = Build::new();
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    let test = value(nyha, Test::Levels(vec![0, 1])).take(selector);
    build.inclusion("I1", test.within(days_before(SCREENING, 30)).done());
    let data = given.iter().fold(Data::new(), |data, (time, level)| {
        data.seen(&format!("nyha,{time},,,,,,{level}"))
    });
    outcome(&build, &data)
}

#[test]
fn the_highest_level_that_is_sure_must_pass_and_so_must_every_higher_one_that_may_be() {
    let highest = |given: &[(&str, &str)]| levels(Selector::Highest, given);
    assert_eq!(highest(&[("2024-05-01", "I"), ("2024-05-02", "II")]), MET);
    assert_eq!(
        highest(&[("2024-05-01", "III"), ("2024-05-02", "I")]),
        NOT_MET
    );
    assert_eq!(highest(&[("2024-05-01", "I"), ("2024-05", "III")]), UNKNOWN);
    assert_eq!(highest(&[("2024-05-01", "I"), ("2024-05", "II")]), MET);
    assert_eq!(
        highest(&[("2024-05-01", "III"), ("2024-05", "IV")]),
        NOT_MET
    );
    assert_eq!(highest(&[("2024-05-01", "II"), ("2024-05", "I")]), MET);
    assert_eq!(
        levels(
            Selector::Lowest,
            &[("2024-05-01", "III"), ("2024-05-02", "II")]
        ),
        MET
    );
    assert_eq!(
        levels(
            Selector::Lowest,
            &[("2024-05-01", "III"), ("2024-05", "II")]
        ),
        UNKNOWN
    );
}

#[test]
fn a_text_that_is_no_level_may_be_any_level() {
    let highest = |given: &[(&str, &str)]| levels(Selector::Highest, given);
    assert_eq!(
        highest(&[("2024-05-01", "II"), ("2024-05-02", "breathless")]),
        UNKNOWN
    );
    // Whatever it is, the highest level is III or IV.
    assert_eq!(
        highest(&[("2024-05-01", "III"), ("2024-05-02", "breathless")]),
        NOT_MET
    );
    // Without a readable one nothing is decided.
    assert_eq!(highest(&[("2024-05-02", "breathless")]), UNKNOWN);
    assert_eq!(highest(&[("2024-05", "III")]), UNKNOWN);
    assert_eq!(highest(&[]), UNKNOWN);
}

#[test]
fn results_have_no_order() {
    let mut build = Build::new();
    let hcg = build.coded("serum_hcg", &["positive", "negative"]);
    build.inclusion(
        "I1",
        value(hcg, results(&["negative"]))
            .take(Selector::Highest)
            .done(),
    );
    assert_eq!(
        outcome(
            &build,
            &Data::new().seen("serum_hcg,2024-05-02,,,,,,negative")
        ),
        UNKNOWN
    );
}

#[test]
fn a_sample_that_is_perhaps_usable_is_a_value_that_may_count() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let transfusion = build.set(FactTable::Procedures, "transfusion");
    let week = around_sample(lind_time::Window::within_before(Offset::days(7), false));
    let test = value(measure, in_unit(at_least("90"), "g/L")).done();
    build.inclusion("I1", with(without(&[transfusion], week), test));
    let data = |latest: &str| {
        values(&[("2024-04-01", "95"), ("2024-05-08", latest)]).procedure("transfusion,2024-05")
    };
    assert_eq!(outcome(&build, &data("91")), MET);
    assert_eq!(outcome(&build, &data("80")), UNKNOWN);
}

/// The mean of hemoglobin in g/L.
fn mean(interval: Interval, given: &[(&str, &str)]) -> Outcome {
    of(Selector::Mean, interval, given)
}

#[test]
fn a_mean_is_exact() {
    let thirds = [
        ("2024-05-01", "90"),
        ("2024-05-02", "90"),
        ("2024-05-03", "91"),
    ];
    assert_eq!(mean(at_most("90.333333"), &thirds), NOT_MET);
    assert_eq!(mean(at_least("90.333333"), &thirds), MET);
    let whole = [("2024-05-01", "80"), ("2024-05-02", "100")];
    assert_eq!(mean(at_least("90"), &whole), MET);
    assert_eq!(mean(at_most("90"), &whole), MET);
    assert_eq!(mean(more_than("90"), &whole), NOT_MET);
    assert_eq!(mean(between("89", "91"), &whole), MET);
    assert_eq!(mean(at_least("90"), &[]), UNKNOWN);
}

#[test]
fn readings_of_one_time_are_values_of_their_own() {
    let thrice = [
        ("2024-05-02", "88"),
        ("2024-05-02", "92"),
        ("2024-05-02", "96"),
    ];
    assert_eq!(mean(at_least("92"), &thrice), MET);
    assert_eq!(mean(more_than("92"), &thrice), NOT_MET);
    let with = |least: u32| {
        let mut build = Build::new();
        let measure = build.hemoglobin();
        let test = value(measure, in_unit(at_least("92"), "g/L"))
            .take(Selector::Mean)
            .with_at_least(least);
        build.inclusion("I1", test.within(days_before(SCREENING, 30)).done());
        outcome(&build, &values(&thrice))
    };
    assert_eq!(with(3), MET);
    assert_eq!(with(4), UNKNOWN);
}

#[test]
fn a_value_that_may_count_widens_a_mean() {
    let sure = ("2024-05-02", "100");
    assert_eq!(mean(at_least("90"), &[sure, ("2024-05", "80")]), MET);
    assert_eq!(mean(more_than("90"), &[sure, ("2024-05", "80")]), UNKNOWN);
    assert_eq!(mean(at_most("89"), &[sure, ("2024-05", "80")]), NOT_MET);
    // 120 may raise it to 110, 106 would only lower that again.
    let two = [sure, ("2024-05", "120"), ("2024-05", "106")];
    assert_eq!(mean(at_most("110"), &two), MET);
    assert_eq!(mean(below("110"), &two), UNKNOWN);
    // Nothing certainly counts.
    assert_eq!(mean(at_least("90"), &[("2024-05", "100")]), UNKNOWN);
}

#[test]
fn a_value_below_a_number_counts_with_all_that_it_can_be() {
    let mut build = by(Selector::Mean, below("60"));
    let given = Data::new()
        .seen("hemoglobin,2024-05-01,60,g/L")
        .seen("hemoglobin,2024-05-02,60,g/L,<");
    assert_eq!(outcome(&build, &given), MET);
    build = by(Selector::Mean, at_most("50"));
    assert_eq!(outcome(&build, &given), UNKNOWN);
    // One without a unit can be any number.
    let unread = given.seen("hemoglobin,2024-05-03,60,");
    build = by(Selector::Mean, at_most("250"));
    assert_eq!(outcome(&build, &unread), UNKNOWN);
}

#[test]
fn a_mean_is_told_with_its_values() {
    let given = values(&[("2024-05-01", "80"), ("2024-05-02", "100")]);
    assert_eq!(
        because(&by(Selector::Mean, at_least("100")), &given),
        "hemoglobin has a mean of 90 g/L in 2 values between 2024-04-09 and 2024-05-09, both included, which is below 100 g/L"
    );
    let given = values(&[("2024-05-02", "100"), ("2024-05", "80")]);
    assert_eq!(
        because(&by(Selector::Mean, at_least("95")), &given),
        "hemoglobin has a mean between 90 g/L and 100 g/L in 2 values between 2024-04-09 and 2024-05-09, both included, on either side of the limit"
    );
}
