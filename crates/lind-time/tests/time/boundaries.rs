//! The cases clinicians quote: birthdays, leap days, short months, hours without times of day.

use lind_time::Tri::{self, Maybe, No, Yes};
use lind_time::{Day, MonthEnd, Offset, Period, Precision, StudyDays, TimeError, When, Window};
use lind_time::{age_completed_years, completed_units, elapsed_days, elapsed_seconds_range};

fn when(text: &str) -> When {
    When::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn age(birth: &str, at: &str) -> (i64, i64) {
    age_completed_years(&when(birth), &when(at))
}

#[test]
fn vaccine_on_28_february_screening_on_31_march() {
    let vaccine = when("2023-02-28");
    let screening = when("2023-03-31");
    let within = |offset| Window::within_before(offset, false).resolve(&screening);
    assert_eq!(within(Offset::months(1)).contains(&vaccine), Yes);
    assert_eq!(within(Offset::days(30)).contains(&vaccine), No);
    // 31 March less a month is a day February does not have: the other rule starts on 1 March.
    assert!(within(Offset::months(1)).boundary_sensitive());
    assert!(within(Offset::months(1)).boundary_sensitive_for(&vaccine));
    assert!(!within(Offset::months(1)).boundary_sensitive_for(&when("2023-03-01")));
    assert!(!within(Offset::days(30)).boundary_sensitive());
}

#[test]
fn six_months_before_31_august() {
    let within = |anchor| Window::within_before(Offset::months(6), false).resolve(&when(anchor));
    assert_eq!(
        within("2024-08-31").to_string(),
        "2024-02-29 to 2024-08-31, both included"
    );
    assert_eq!(
        within("2023-08-31").to_string(),
        "2023-02-28 to 2023-08-31, both included"
    );
}

#[test]
fn age_is_counted_by_birthdays() {
    assert_eq!(
        age("2006-05-09", "2024-05-08"),
        (17, 17),
        "day before the 18th birthday"
    );
    assert_eq!(age("2006-05-09", "2024-05-09"), (18, 18), "18th birthday");
    assert_eq!(
        age("1958-05-10", "2024-05-09"),
        (65, 65),
        "day before the 66th birthday"
    );
    assert_eq!(age("1958-05-09", "2024-05-09"), (66, 66), "66th birthday");
}

#[test]
fn born_on_29_february_a_year_older_on_1_march() {
    assert_eq!(age("2004-02-29", "2022-02-28"), (17, 17));
    assert_eq!(age("2004-02-29", "2022-03-01"), (18, 18));
    assert_eq!(age("2004-02-29", "2024-02-28"), (19, 19));
    assert_eq!(age("2004-02-29", "2024-02-29"), (20, 20));
}

#[test]
fn age_of_a_person_whose_year_of_birth_alone_is_known() {
    assert_eq!(age("2006", "2024-05-09"), (17, 18));
    assert_eq!(age("2006-05", "2024-05-09"), (17, 18));
    assert_eq!(age("2006-04", "2024-05-09"), (18, 18));
    assert_eq!(
        age("2024", "2024-05-09"),
        (0, 0),
        "nobody is younger than newborn"
    );
    assert_eq!(age("2025", "2024-05-09"), (-2, -1), "born after: negative");
}

#[test]
fn forty_eight_hours_between_dates_without_times_of_day() {
    // Two-sided: 0 and 1 day apart are inside, 2 is undecided, 3 is outside.
    let either_side = Window::either_side(Offset::hours(48));
    let by_difference = |window: Window| -> Vec<Tri> {
        (0..=3)
            .map(|days| window.by_day_difference(-days))
            .collect()
    };
    assert_eq!(by_difference(either_side), [Yes, Yes, Maybe, No]);
    assert_eq!(either_side.undecided_day_differences(), [-2, 2]);
    // One-sided: on the same day the sample may have been drawn after the dose.
    let before = Window::within_before(Offset::hours(48), false);
    assert_eq!(by_difference(before), [Maybe, Yes, Maybe, No]);
    assert_eq!(before.undecided_day_differences(), [-2, 0]);
    // Unless it is known from elsewhere that it was not.
    assert_eq!(
        by_difference(before.given_not_after_anchor()),
        [Yes, Yes, Maybe, No]
    );
    // At day grain, on purpose, nothing is open.
    let at_day_grain = before.at_day_grain().unwrap();
    assert_eq!(by_difference(at_day_grain), [Yes, Yes, Yes, No]);
    assert_eq!(at_day_grain.undecided_day_differences(), []);
    assert_eq!(
        Window::within_before(Offset::hours(36), false).at_day_grain(),
        None
    );
}

#[test]
fn forty_eight_hours_with_times_of_day_are_decided_to_the_minute() {
    let dose = when("2024-05-09T08:30");
    let window = Window::within_before(Offset::hours(48), false).resolve(&dose);
    assert_eq!(window.contains(&when("2024-05-07T08:30")), Yes);
    assert_eq!(window.contains(&when("2024-05-07T08:29")), No);
    assert_eq!(window.contains(&when("2024-05-09T08:30")), Yes);
    assert_eq!(window.contains(&when("2024-05-09T08:31")), No);
    assert_eq!(window.contains(&when("2024-05-07T08")), Maybe);
    assert_eq!(window.contains(&when("2024-05-08")), Yes);
    assert_eq!(window.contains(&when("2024-05-07")), Maybe);
    assert_eq!(window.contains(&when("2024-05-06")), No);
}

#[test]
fn months_are_decided_by_date_and_said_to_depend_on_it() {
    let window = Window::within_before(Offset::months(1), false);
    assert_eq!(window.by_day_difference(-28), Yes);
    assert_eq!(window.by_day_difference(-29), Maybe);
    assert_eq!(window.by_day_difference(-31), Maybe);
    assert_eq!(window.by_day_difference(-32), No);
    assert_eq!(window.undecided_day_differences(), [-31, -30, -29]);
    let at_least = Window::at_least_before(Offset::months(1));
    assert_eq!(at_least.by_day_difference(-31), Yes);
    assert_eq!(at_least.by_day_difference(-28), Maybe);
    assert_eq!(at_least.by_day_difference(-27), No);
}

#[test]
fn an_anchor_known_to_the_month() {
    let window = Window::within_before(Offset::days(14), false).resolve(&when("2024-05"));
    assert_eq!(window.contains(&when("2024-05-01")), Maybe);
    assert_eq!(window.contains(&when("2024-04-16")), No);
    assert_eq!(window.contains(&when("2024-06-01")), No);
    // A window of a month around an unknown day of May is certain of a few days.
    let window = Window::within_before(Offset::days(60), false).resolve(&when("2024-05"));
    assert_eq!(
        window.to_string(),
        "certainly 2024-04-01 to 2024-05-01, both included; \
         possibly 2024-03-02 to 2024-05-31, both included"
    );
    assert_eq!(window.contains(&when("2024-04")), Yes);
}

#[test]
fn a_day_no_anchor_of_the_month_reaches_is_outside() {
    // A month before any day of March 2023 is never 29 or 30 of a February; a month before
    // 28 February or 1 March is never 29 to 31 January.
    let exactly = Window::around(Offset::months(-1), Offset::months(0)).unwrap();
    let march = exactly.resolve(&when("2023-02"));
    assert_eq!(march.contains(&when("2023-01-28")), Maybe);
    assert_eq!(march.contains(&when("2023-01-30")), No);
    let spring = exactly.resolve(&when("2023"));
    assert_eq!(spring.contains(&when("2023-01-30")), No);
    assert_eq!(spring.contains(&when("2023-02-01")), Maybe);
}

#[test]
fn a_window_that_is_empty_for_some_months() {
    // From 30 days before to 1 month before: nothing in a month that follows one of 31 days.
    let window = Window::between(
        lind_time::Edge::closed(Offset::days(-30)),
        lind_time::Edge::closed(Offset::months(-1)),
    );
    assert!(window.resolve(&when("2024-02-15")).is_empty());
    assert_eq!(
        window.resolve(&when("2024-02-15")).to_string(),
        "no time at all"
    );
    assert_eq!(
        window.resolve(&when("2024-03-15")).to_string(),
        "2024-02-14 to 2024-02-15, both included"
    );
    let always_open = window.resolve(&when("2024")).overlaps(None, None);
    assert_eq!(always_open, Maybe);
}

#[test]
fn something_that_lasts_meets_a_window() {
    let window = Window::within_before(Offset::days(28), false).resolve(&when("2024-05-29"));
    let overlaps = |start: Option<&str>, end: Option<&str>| {
        window.overlaps(start.map(when).as_ref(), end.map(when).as_ref())
    };
    assert_eq!(overlaps(Some("2024-01-01"), Some("2024-05-01")), Yes);
    assert_eq!(overlaps(Some("2024-01-01"), Some("2024-04-30")), No);
    assert_eq!(overlaps(Some("2024-01"), Some("2024-05")), Yes);
    assert_eq!(overlaps(Some("2024-01"), Some("2024")), Maybe);
    assert_eq!(overlaps(Some("2020"), None), Yes);
    // Started on 10 May, so some time in May it ended, but not before that.
    let from_5_may = Window::within_before(Offset::days(24), false).resolve(&when("2024-05-29"));
    let (start, end) = (when("2024-05-10"), when("2024-05"));
    assert_eq!(from_5_may.overlaps(Some(&start), Some(&end)), Yes);
    assert_eq!(overlaps(None, Some("2024-04")), No);
    assert_eq!(overlaps(None, None), Yes);
    assert_eq!(
        overlaps(Some("2024-05-10"), Some("2024-05-02")),
        Maybe,
        "contradictory"
    );
}

#[test]
fn a_stable_dose_lasts_through_the_whole_window() {
    let window = Window::within_before(Offset::days(28), false).resolve(&when("2024-05-29"));
    let stable = |start: &str, end: Option<&str>| {
        window.covered_by(Some(&when(start)), end.map(when).as_ref())
    };
    assert_eq!(stable("2024-05-01", None), Yes);
    assert_eq!(stable("2024-05-02", None), No);
    assert_eq!(stable("2024-05", None), Maybe);
    assert_eq!(stable("2024-04", Some("2024-05-28")), No);
    assert_eq!(stable("2024-04", Some("2024-05-29")), Yes);
    // Whatever the day of May, 31 days before and the day itself are not both within 15 days.
    let unknown = Window::within_before(Offset::days(31), false).resolve(&when("2024-05"));
    let (start, end) = (when("2024-05-01"), when("2024-05-15"));
    assert_eq!(unknown.covered_by(Some(&start), Some(&end)), No);
}

#[test]
fn two_treatments_at_the_same_time() {
    let period = |start: &str, end: &str| Period::new(Some(when(start)), Some(when(end)));
    let steroid = period("2024-01-10", "2024-02");
    let drug = period("2024-02-25", "2024-06-01");
    assert_eq!(steroid.overlaps(&drug, Precision::Day), Maybe);
    assert_eq!(
        steroid.overlaps(&period("2024-02-01", "2024-03-01"), Precision::Day),
        Yes
    );
    assert_eq!(
        steroid.overlaps(&period("2024-03-01", "2024-03-02"), Precision::Day),
        No
    );
    assert_eq!(drug.contains(&when("2024-02-25"), Precision::Day), Yes);
    assert!(period("2024-03", "2024-02").is_contradictory());
    assert!(!period("2024-02", "2024-02").is_contradictory());
}

#[test]
fn study_days_with_and_without_a_day_zero() {
    let first_dose = day("2024-05-09");
    let numbers = |days: StudyDays| -> Vec<i64> {
        ["2024-05-07", "2024-05-08", "2024-05-09", "2024-05-10"]
            .map(|text| days.number(first_dose, day(text)))
            .to_vec()
    };
    assert_eq!(numbers(StudyDays::FromOne), [-2, -1, 1, 2]);
    assert_eq!(numbers(StudyDays::FromZero), [-2, -1, 0, 1]);
    assert_eq!(
        StudyDays::FromOne.date(first_dose, 1),
        Ok(day("2024-05-09"))
    );
    assert_eq!(
        StudyDays::FromOne.date(first_dose, -1),
        Ok(day("2024-05-08"))
    );
    assert_eq!(
        StudyDays::FromOne.date(first_dose, 0),
        Err(TimeError::NoStudyDayZero)
    );
    assert_eq!(StudyDays::FromOne.count(-1, 1), Ok(2));
    assert_eq!(StudyDays::FromZero.count(-1, 1), Ok(3));
    let visit = StudyDays::FromOne.window(28, Offset::days(3)).unwrap();
    assert_eq!(
        visit.resolve(&When::from_day(first_dose)).to_string(),
        "2024-06-02 to 2024-06-08, both included"
    );
    assert!(StudyDays::FromOne.window(28, Offset::hours(4)).is_err());
}

#[test]
fn hours_are_never_cut_off_a_date() {
    let error = when("2024-03-31").checked_add(Offset::hours(23), MonthEnd::LastDay);
    assert_eq!(
        error.unwrap_err().message(),
        "23 hours cannot be added to a time known only to the day: nothing is rounded or cut off"
    );
    assert!(
        when("2024-05")
            .checked_add(Offset::days(10), MonthEnd::LastDay)
            .is_err()
    );
    assert!(
        when("2024")
            .checked_add(Offset::months(6), MonthEnd::LastDay)
            .is_err()
    );
    let sum = |text: &str, offset| when(text).checked_add(offset, MonthEnd::LastDay).unwrap();
    assert_eq!(sum("2024", Offset::years(2)), when("2026"));
    assert_eq!(sum("2024-05", Offset::months(-6)), when("2023-11"));
    assert_eq!(
        sum("2024-03-31T08:30", Offset::hours(23)),
        when("2024-04-01T07:30")
    );
    assert_eq!(
        sum("2024-01-31T08", Offset::months(1)),
        when("2024-02-29T08")
    );
    assert!(
        when("9999-12-31")
            .checked_add(Offset::days(1), MonthEnd::LastDay)
            .is_err()
    );
    assert!(
        when("9999-12")
            .checked_add(Offset::months(1), MonthEnd::NextFirst)
            .is_err()
    );
}

#[test]
fn hours_in_a_day_window_refine_its_grain_instead_of_being_cut_off() {
    let window = Window {
        from: lind_time::Edge::closed(Offset::days(-7)),
        to: lind_time::Edge::open(Offset::hours(-2)),
        grain: lind_time::Grain::Day,
    };
    assert_eq!(
        window.resolve(&when("2024-05-09T08:30")).to_string(),
        "2024-05-02T08:30 to 2024-05-09T06:29, both included"
    );
    let seconds = Window::within_after(Offset::Clock { seconds: 90 }, true);
    assert_eq!(
        seconds.resolve(&when("2024-05-09T08:30:00")).to_string(),
        "2024-05-09T08:30:01 to 2024-05-09T08:31:30, both included"
    );
}

#[test]
fn five_half_lives_or_thirty_days_whichever_is_longer() {
    // At least the longer of two washouts before: both must have passed.
    let first_dose = when("2024-05-09");
    let washout = |last_dose: &str| {
        let last_dose = when(last_dose);
        [Offset::days(30), Offset::days(20).checked_mul(5).unwrap()]
            .map(|offset| {
                Window::at_least_before(offset)
                    .resolve(&first_dose)
                    .contains(&last_dose)
            })
            .into_iter()
            .fold(Yes, Tri::and)
    };
    assert_eq!(washout("2024-01-30"), Yes, "100 days");
    assert_eq!(washout("2024-01-31"), No, "99 days");
    assert_eq!(washout("2024-01"), Maybe);
}

#[test]
fn elapsed_time_is_a_range() {
    assert_eq!(
        elapsed_days(&when("2024-02-28"), &when("2024-03-01")),
        (2, 2)
    );
    assert_eq!(elapsed_days(&when("2024-02"), &when("2024-03-01")), (1, 29));
    assert_eq!(
        elapsed_seconds_range(&when("2024-05-09T08:30"), &when("2024-05-09T09:30")),
        (3541, 3659)
    );
    let months = |from: &str, to: &str| {
        completed_units(&when(from), &when(to), lind_time::OffsetUnit::Months)
    };
    assert_eq!(months("2024-01-31", "2024-02-29"), (0, 0));
    assert_eq!(months("2024-01-31", "2024-03-01"), (1, 1));
    assert_eq!(months("2024-03-01", "2024-01-31"), (-1, -1));
    assert_eq!(months("2024", "2024-07-01"), (-5, 6));
}

#[test]
fn an_end_beyond_the_calendar_is_past_everything() {
    let anchor = when("2024-05-09");
    let before = Window::within_before(Offset::years(3000), false).resolve(&anchor);
    assert_eq!(before.contains(&when("0001-01-01")), Yes);
    let after = Window::at_least_after(Offset::years(9000)).resolve(&anchor);
    assert_eq!(after.contains(&when("9999-12-31")), No);
    let days = Window::within_before(Offset::Days { days: i64::MAX }, false).resolve(&anchor);
    assert_eq!(days.contains(&when("0001")), Yes);
}

#[test]
fn a_strict_window_is_not_decided_by_not_being_after() {
    let strictly = Window::within_before(Offset::days(14), true);
    assert_eq!(strictly.given_not_after_anchor(), strictly);
    let same_day = strictly
        .resolve(&when("2024-05-09"))
        .contains(&when("2024-05-09"));
    assert_eq!(same_day, No);
    let after = Window::within_after(Offset::hours(48), true);
    assert_eq!(after.given_not_before_anchor(), after);
    let around = Window::either_side(Offset::hours(48));
    assert_eq!(
        around.given_not_before_anchor().from,
        lind_time::Edge::Unbounded
    );
    assert_eq!(
        around.given_not_after_anchor().to,
        lind_time::Edge::Unbounded
    );
    let long_before = Window::at_least_before(Offset::days(14));
    assert_eq!(long_before.given_not_after_anchor(), long_before);
}

#[test]
fn a_short_month_inside_an_unknown_anchor_changes_nothing() {
    // Some days of 2023 plus a month are moved, but neither the first nor the last of them.
    let window = Window::at_least_after(Offset::months(1));
    assert!(!window.resolve(&when("2023")).boundary_sensitive());
    assert!(window.resolve(&when("2023-01")).boundary_sensitive());
}
