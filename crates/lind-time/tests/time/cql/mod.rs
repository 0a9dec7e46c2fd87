//! The HL7 CQL tests on dates, times and intervals, as far as this crate has the same idea.
//!
//! The suite (cqframework/cql-tests, Apache-2.0) is read from the shared data beside the checkout.
//! Each case is translated to the calls of this crate, counted and compared; where Lind answers
//! otherwise on purpose, the case stands below with its reason.

mod reader;
mod translate;

use std::collections::BTreeMap;
use std::path::PathBuf;

use reader::Case;
use translate::{Translated, translate};

const FILES: [&str; 3] = [
    "CqlDateTimeOperatorsTest.xml",
    "CqlComparisonOperatorsTest.xml",
    "CqlIntervalOperatorsTest.xml",
];

const NOTHING_IS_CUT_OFF: &str =
    "CQL drops the part of a duration that is finer than the date; Lind refuses to add it";
const CIVIL_DAYS: &str =
    "CQL counts periods of 24 hours; Lind counts civil days, weeks and months by the date";

/// Cases that Lind answers otherwise, on purpose.
const DEVIATIONS: [(&str, &str); 13] = [
    ("DateAdd2YearsAsMonthsRem1", NOTHING_IS_CUT_OFF),
    ("DateAdd33Days", NOTHING_IS_CUT_OFF),
    ("DateSubtract2YearsAsMonthsRem1", NOTHING_IS_CUT_OFF),
    ("DateSubtract33Days", NOTHING_IS_CUT_OFF),
    ("DateTimeAdd2YearsByDays", NOTHING_IS_CUT_OFF),
    ("DateTimeAdd2YearsByDaysRem5Days", NOTHING_IS_CUT_OFF),
    (
        "DateTimeAdd5HoursWithLeftMinPrecisionDay",
        NOTHING_IS_CUT_OFF,
    ),
    (
        "DateTimeAdd5HoursWithLeftMinPrecisionDayOverflow",
        NOTHING_IS_CUT_OFF,
    ),
    ("DateTimeSubtract1YearInSeconds", NOTHING_IS_CUT_OFF),
    ("DateTimeSubtract2YearsAsMonthsRem1", NOTHING_IS_CUT_OFF),
    ("DurationInDaysA", CIVIL_DAYS),
    ("DurationInDaysAA", CIVIL_DAYS),
    ("DurationInWeeks2", CIVIL_DAYS),
];

#[test]
fn the_hl7_suite() {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/suites/cql-tests");
    if !folder.is_dir() {
        println!(
            "skipped: the CQL suite is not beside this checkout ({})",
            folder.display()
        );
        return;
    }
    let mut agreed = 0;
    let mut differing: BTreeMap<String, String> = BTreeMap::new();
    let mut not_covered: BTreeMap<&'static str, usize> = BTreeMap::new();
    for file in FILES {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        for Case {
            name,
            expression,
            expected,
        } in reader::cases(&text)
        {
            match translate(&expression) {
                Translated::NotCovered(reason) => *not_covered.entry(reason).or_default() += 1,
                Translated::Answer(answer) if translate::agrees(&answer, &expected) => agreed += 1,
                Translated::Answer(answer) => {
                    let told = format!("{expression} is {answer}, in CQL {expected}");
                    differing.insert(name, told);
                }
            }
        }
    }
    println!(
        "CQL: {agreed} cases agree, {} differ on purpose:",
        differing.len()
    );
    for (name, told) in &differing {
        let reason = DEVIATIONS.iter().find(|(known, _)| known == name);
        println!(
            "  {name}: {told}\n    {}",
            reason.map_or("UNEXPLAINED", |(_, why)| why)
        );
    }
    println!("not covered:");
    for (reason, count) in &not_covered {
        println!("  {count:4} {reason}");
    }
    let explained: Vec<&str> = DEVIATIONS.iter().map(|(name, _)| *name).collect();
    let found: Vec<&str> = differing.keys().map(String::as_str).collect();
    let unexplained: Vec<_> = found
        .iter()
        .filter(|name| !explained.contains(name))
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    let stale: Vec<_> = explained
        .iter()
        .filter(|name| !found.contains(name))
        .collect();
    assert!(stale.is_empty(), "no longer differing: {stale:?}");
    assert!(agreed >= 237, "only {agreed} cases were translated");
}
