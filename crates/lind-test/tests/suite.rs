//! Tests of protocols, run: what a line of a patient means, what is found, and what would be noticed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::cases::{CaseResult, Fate, Found, Mutant};
use lind_model::{Outcome, Standing};
use lind_test::Suite;

const PROTOCOL: &str = r#"protocol NCT00000000

use std.conditions: breast_cancer, gilbert_syndrome, malignancy
use std.drugs: glucocorticoid
use std.labs: alt, hemoglobin, serum_hcg
use std.scores: mrss

milestone consent
milestone screening from consent on
milestone infusion  after screening

judgement unsuitable "Is the participant unsuitable?" by investigator

reading Q1 "now, or ever?"
  current: has malignancy
  ever:    has ever had malignancy
  chosen current

inclusion I1 "Blood"
  at screening
  all of
    blood: hemoglobin >= 90 g/L
    for women
      hcg: serum_hcg is negative

inclusion I2 "Skin"
  at screening
  mrss is 10 to 51 points

exclusion E1 "Malignancy"
  at screening
  as read in Q1

exclusion E2 "Steroids, or unsuitable"
  at infusion
  any of
    steroid: has received glucocorticoid with dose > 15 mg/day within 14 days before infusion
    investigator judges unsuitable
"#;

/// A patient of whom nothing stands in the way until infusion.
const HEALTHY: &str = r#"
test "healthy"
  a woman born 1980-05-17
  consent on 2025-01-10
  screening on 2025-01-20
  hemoglobin 90 g/L on 2025-01-18
  serum_hcg negative on 2025-01-18
  mrss 20 on 2025-01-18
  expect eligible
"#;

fn suite(tests: &str) -> Suite {
    let mut files = Files::new();
    let root = files.add("trial.lind", format!("{PROTOCOL}{tests}"));
    let analysis = check(&mut files, root, &mut NoModules);
    let said: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    let protocol = analysis.protocol.unwrap_or_else(|| panic!("{said:?}"));
    Suite::new(&protocol, &analysis.tests, &files).unwrap()
}

fn results(tests: &str) -> Vec<CaseResult> {
    suite(tests).results()
}

fn mutants(tests: &str) -> Vec<Mutant> {
    let suite = suite(tests);
    suite
        .mutations()
        .iter()
        .map(|mutation| suite.try_out(mutation))
        .collect()
}

/// Asserts that all tests pass, each with what came out instead.
fn pass(tests: &str) {
    for result in results(tests) {
        assert!(result.passed(), "{result:#?}");
    }
}

#[test]
fn what_is_not_mentioned_is_not_so() {
    pass(HEALTHY);
    pass(&format!(
        "{HEALTHY}  expect E1 not met\n  expect E2 pending\n"
    ));
}

#[test]
fn a_gap_is_unknown_and_not_absent() {
    pass(&format!(
        "{HEALTHY}
test \"of conditions\"
  like \"healthy\"
  nothing is known of conditions
  expect E1 unknown
test \"of one set\"
  like \"healthy\"
  nothing is known of malignancy
  expect E1 unknown
  expect undetermined
"
    ));
}

#[test]
fn what_a_test_says_takes_the_place_of_what_it_begins_with() {
    pass(&format!(
        "{HEALTHY}
test \"another value\"
  like \"healthy\"
  hemoglobin 85 g/L on 2025-01-18
  expect blood not met
test \"no value\"
  like \"healthy\"
  no record of hemoglobin
  expect blood unknown
test \"and back\"
  like \"no value\"
  hemoglobin 9.0 g/dL on 2025-01-18
  expect blood met
"
    ));
}

#[test]
fn a_part_behind_a_guard_that_is_false_does_not_apply() {
    pass(&format!(
        "{HEALTHY}
test \"a man\"
  like \"healthy\"
  a man born 1980-05-17
  no record of serum_hcg
  expect hcg of I1 not applicable
  expect I1 met
test \"nobody knows\"
  like \"healthy\"
  a person
  no record of serum_hcg
  expect hcg unknown
"
    ));
}

#[test]
fn readings_are_put_otherwise_for_one_test() {
    pass(&format!(
        "{HEALTHY}
test \"over\"
  like \"healthy\"
  malignancy from 2010 to 2012
  expect E1 not met
test \"over, and read as ever\"
  like \"over\"
  under reading Q1 ever
  expect E1 met
  expect ineligible
"
    ));
}

#[test]
fn doses_and_answers_are_read_like_those_of_patients() {
    pass(&format!(
        "{HEALTHY}
test \"twenty a day\"
  like \"healthy\"
  infusion on 2025-02-10
  glucocorticoid 10 mg twice daily from 2025-01-30 to 2025-02-02
  investigator answers unsuitable: no on 2025-02-10
  expect steroid met
  expect E2 met at infusion
test \"fourteen a week\"
  like \"twenty a day\"
  glucocorticoid 14 mg weekly since 2025-01-30
  expect steroid not met
  expect eligible
"
    ));
}

#[test]
fn a_failure_says_what_came_out_and_names_the_line_of_the_test() {
    let failing = HEALTHY.replace("90 g/L", "89 g/L") + "  expect blood met at screening\n";
    let [result] = results(&failing).try_into().unwrap();
    let [standing, blood] = result.failures.as_slice() else {
        panic!("{:#?}", result.failures)
    };
    assert!(matches!(
        &standing.found,
        Found::Standing(Standing::Ineligible, decisive) if decisive.len() == 1
    ));
    assert_eq!(blood.found, Found::Outcomes(vec![Outcome::NotMet]));
    let evidence = blood.explanation.as_ref().unwrap();
    let fact = &evidence.facts[0];
    let line = (PROTOCOL.to_owned() + &failing)
        .lines()
        .position(|line| line.contains("89 g/L"))
        .unwrap();
    assert_eq!(fact.file, "trial.lind");
    assert_eq!(usize::try_from(fact.line).unwrap(), line + 1);
}

#[test]
fn a_boundary_pair_notices_every_change_of_its_limit() {
    let pair = format!(
        "{HEALTHY}  expect blood met
test \"below\"
  like \"healthy\"
  hemoglobin 89 g/L on 2025-01-18
  expect blood not met
"
    );
    let of_blood: Vec<Mutant> = mutants(&pair)
        .into_iter()
        .filter(|mutant| mutant.change.contains("90 g/L"))
        .collect();
    assert_eq!(of_blood.len(), 4);
    for mutant in of_blood {
        assert!(matches!(mutant.fate, Fate::Killed(_)), "{mutant:?}");
    }
}

#[test]
fn what_no_patient_can_tell_apart_is_not_held_against_the_tests() {
    // The score ends at 51, so nobody is between 51 and 52.
    let equivalent: Vec<String> = mutants(HEALTHY)
        .into_iter()
        .filter(|mutant| mutant.fate == Fate::Equivalent)
        .map(|mutant| mutant.change)
        .collect();
    assert_eq!(equivalent, ["`10 to 51 points` becomes `10 to 52 points`"]);
}

#[test]
fn coverage_counts_tests_and_not_conditions() {
    let tests = format!(
        "{HEALTHY}
test \"below\"
  like \"healthy\"
  hemoglobin 89 g/L on 2025-01-18
  expect blood not met
"
    );
    let coverage = suite(&tests).coverage();
    let find = |label: &str| {
        let mut places = coverage.places.iter();
        places.find(|place| &*place.label == label).unwrap()
    };
    let blood = find("blood");
    let tests = blood.tests;
    assert_eq!((tests.met, tests.not_met, tests.open), (1, 1, 0));
    assert_eq!(blood.missing(), ["open"]);
    assert_eq!(find("steroid").missing(), ["met", "not met", "open"]);
    assert!(!find("steroid").is_asked());
    // Nobody can have a criterion without a guard that does not apply.
    assert!(!find("I1").missing().contains(&"not applicable"));
}

/// The branches of a criterion with the answers that no test has reached.
fn never(suite: &Suite, criterion: &str) -> Vec<String> {
    let coverage = suite.coverage();
    let mut found = Vec::new();
    let mut is_own = false;
    for place in &coverage.places {
        if place.depth == 0 {
            is_own = &*place.label == criterion;
        } else if is_own {
            let under = if place.under.is_empty() {
                ""
            } else {
                "read otherwise: "
            };
            let branch = format!("{} {}", place.role, place.text);
            let never = place.missing().join(", ");
            found.push(format!("{under}{}: {never}", branch.trim()));
        }
    }
    found
}

fn suite_of(text: &str) -> Suite {
    let mut files = Files::new();
    let root = files.add("trial.lind", text.to_owned());
    let analysis = check(&mut files, root, &mut NoModules);
    let said: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    let protocol = analysis.protocol.unwrap_or_else(|| panic!("{said:?}"));
    Suite::new(&protocol, &analysis.tests, &files).unwrap()
}

#[test]
fn every_branch_is_listed_with_what_no_test_has_reached() {
    let suite = suite_of(
        r#"protocol NCT00000000
use std.conditions: gilbert_syndrome, heart_failure, pregnancy
use std.drugs: glucocorticoid
use std.labs: alt, serum_hcg, total_bilirubin
milestone screening
judgement harmless "Is it harmless?" by investigator
reading Q1 "now, or ever?"
  current: has heart_failure
  ever:    has ever had heart_failure
  chosen current
inclusion I1 "Branches"
  at screening
  all of
    if serum_hcg is positive: has no pregnancy
    total_bilirubin <= 2 x ULN
      except with gilbert_syndrome: <= 3 x ULN
    alt <= 3 x ULN unless investigator judges harmless
    for women
      has ever received glucocorticoid, called G, such that
        G has outcome no_response
exclusion E1 "Read"
  at screening
  as read in Q1
test "a man"
  a man born 1980-05-17
  screening on 2025-01-20
  serum_hcg negative on 2025-01-18
  total_bilirubin 1.0 mg/dL on 2025-01-18, upper limit 1.2
  alt 100 U/L on 2025-01-18, upper limit 40
  expect I1 met
"#,
    );
    assert_eq!(
        never(&suite, "I1"),
        [
            "if serum_hcg is positive: met, open",
            "then has no pregnancy: met, not met, open",
            "where gilbert_syndrome: met, open",
            "then total_bilirubin <= 3 x ULN: met, not met, open",
            "otherwise total_bilirubin <= 2 x ULN: not met, open",
            "unless investigator judges harmless: met, not met",
            "alt <= 3 x ULN: not met, open",
            "only women: met, open",
            "has ever received glucocorticoid, called G, such that: met, not met, open",
            "G: G has outcome no_response: met, not met, open",
        ]
    );
    assert_eq!(
        never(&suite, "E1"),
        [
            "has heart_failure: met, open",
            "read otherwise: has ever had heart_failure: met, not met, open",
        ]
    );
    let readings = suite.coverage().readings;
    let asked: Vec<(bool, u32)> = readings
        .iter()
        .map(|own| (own.is_chosen, own.tests))
        .collect();
    assert_eq!(asked, [(true, 1), (false, 0)]);
}

#[test]
fn the_same_tests_give_the_same_mutations() {
    let changes = || -> Vec<String> {
        suite(HEALTHY)
            .mutations()
            .iter()
            .map(|mutation| mutation.change().to_owned())
            .collect()
    };
    let first = changes();
    assert!(!first.is_empty());
    assert_eq!(first, changes());
}

#[test]
fn what_counts_alike_and_what_cannot_be_real_is_proven_to_be_the_same() {
    let suite = suite_of(
        r#"protocol NCT00000000
use std.conditions: drug_allergy, systemic_infection
use std.heart: lvef
milestone screening
exclusion E1 "Allergy"
  at screening
  has ever had drug_allergy
exclusion E2 "Any infection"
  at screening
  has had at least 1 systemic_infection within 1 year before screening, at least 30 days apart
inclusion I1 "Ejection fraction"
  at screening
  lvef <= 95 %
test "healthy"
  a man born 1980-05-17
  screening on 2025-01-20
  lvef 60 % on 2025-01-18
  expect eligible
"#,
    );
    let equivalent: Vec<String> = suite
        .mutations()
        .iter()
        .map(|mutation| suite.try_out(mutation))
        .filter(|mutant| mutant.fate == Fate::Equivalent)
        .map(|mutant| mutant.turned.unwrap_or(mutant.change))
        .collect();
    assert_eq!(
        equivalent,
        [
            "`ever` becomes `now`",
            "`30 days apart` is left out",
            "has had at least 1 systemic_infection within 1 year before screening, at least 29 days apart",
            "has had at least 1 systemic_infection within 1 year before screening, at least 31 days apart",
            "has had at least 1 systemic_infection within 1 year before screening, more than 30 days apart",
            "lvef <= 96 %",
        ]
    );
}

#[test]
fn every_construct_is_changed() {
    let suite = suite_of(
        r#"protocol NCT00000000
use std.conditions: heart_failure, pregnancy
use std.drugs: glucocorticoid, prednisone_equivalent
milestone consent
milestone screening from consent on
judgement harmless "Is it harmless?" by investigator
points activity "Activity" 0 to 3
  failure: 2 points when has heart_failure
inclusion I1 "Constructs"
  at screening
  all of
    consent has taken place
    for women
      has no pregnancy
    has received glucocorticoid from consent to screening, called G, such that
      G has dose <= 15 mg/day as prednisone_equivalent
    activity <= 1 points unless investigator judges harmless
test "a man"
  a man born 1980-05-17
  consent on 2025-01-10
  screening on 2025-01-20
  expect I1 not met
"#,
    );
    let mutations = suite.mutations();
    let changes: Vec<&str> = mutations.iter().map(|mutation| mutation.change()).collect();
    for wanted in [
        "whatever the moment is, it counts as met",
        "whatever the answer is, it counts as not met",
        "`women` becomes `men`",
        "what is said of G is left out",
        "`from consent` is left out",
        "the window is left out",
        "`as prednisone_equivalent` is left out",
        "the line `failure` is left out",
        "in the line `failure`, `2 points` becomes `3 points`",
        "the case `investigator judges harmless` is left out",
    ] {
        assert!(changes.contains(&wanted), "{wanted} in {changes:#?}");
    }
}

#[test]
fn each_row_of_a_table_is_a_test() {
    let tests = format!(
        "{HEALTHY}
test table \"haemoglobin\" like \"healthy\"
  note \"of every row\"
  hemoglobin _ on 2025-01-18 | expect blood at screening | expect
  89 g/L                     | not met                   | ineligible
  90 g/L                     | met                       | eligible
  < 95 g/L                   | unknown                   |
"
    );
    pass(&tests);
    let failing = tests.replace(
        "90 g/L                     | met",
        "88 g/L                     | met",
    );
    let results = results(&failing);
    let [_, first, second, third] = results.as_slice() else {
        panic!("{results:#?}")
    };
    assert!(first.passed() && third.passed());
    assert_eq!(second.failures.len(), 2, "{second:#?}");
    let evidence = second.failures[0].explanation.as_ref().unwrap();
    let line = (PROTOCOL.to_owned() + &failing)
        .lines()
        .position(|line| line.contains("88 g/L"))
        .unwrap();
    // The evidence names the row of the table.
    assert_eq!(usize::try_from(evidence.facts[0].line).unwrap(), line + 1);
}

#[test]
fn what_begins_with_a_test_takes_over_its_readings_and_loses_what_is_not_known() {
    pass(&format!(
        "{HEALTHY}
test \"over, and read as ever\"
  like \"healthy\"
  under reading Q1 ever
  malignancy from 2010 to 2012
  expect E1 met
test \"read so, too\" like \"over, and read as ever\"
  expect E1 at screening met
test \"unknown\" like \"over, and read as ever\"
  nothing is known of malignancy
  expect E1 unknown
test \"and known again\" like \"unknown\"
  no record of malignancy
  expect E1 not met
test \"not yet\" like \"healthy\"
  screening not reached
  expect I1 pending at screening
"
    ));
}

#[test]
fn what_is_asked_of_women_and_of_men_applies_to_everybody() {
    let suite = suite_of(
        r#"protocol NCT00000000
use std.labs: hemoglobin
milestone screening
inclusion I1 "Both"
  at screening
  all of
    for women
      hemoglobin >= 90 g/L
    for men
      hemoglobin >= 100 g/L
inclusion I2 "Women" for women
  at screening
  hemoglobin >= 90 g/L
test "a man"
  a man born 1980-05-17
  screening on 2025-01-20
  hemoglobin 100 g/L on 2025-01-18
  expect I1 met
"#,
    );
    let coverage = suite.coverage();
    let possible = |label: &str| {
        let mut places = coverage.places.iter();
        let place = places.find(|place| &*place.label == label).unwrap();
        place.possible.not_applicable
    };
    assert!(!possible("I1"));
    assert!(possible("I2"));
}
