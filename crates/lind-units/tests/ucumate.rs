//! The ucumate suite (Apache-2.0), read in place beside the workspace; it is not copied here.
//!
//! Where it and our reading of UCUM differ stands in `suites/ucumate-deviations.tsv`, each case
//! with its reason; a deviation that no longer deviates fails the test as well.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and this one reads a file that is not in the repository"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lind_units::{Analyte, Decimal, Exact, Unit, plain_ucum};
use serde_json::Value;

const PLACE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/suites/ucum/ucumate-tests.json"
);
const DEVIATIONS: &str = include_str!("suites/ucumate-deviations.tsv");

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{key} in {case}"))
}

fn agrees(value: &Exact, outcome: &str) -> bool {
    let outcome = Decimal::parse(outcome).expect("a number");
    // The suite cuts its outcomes as often as it rounds them.
    let a_digit = Exact::from_scientific(1, outcome.power());
    let exact = outcome.to_exact();
    value.sub(&exact).abs() < a_digit && (outcome.power() < 0 || *value == exact)
}

fn passes(section: &str, case: &Value) -> bool {
    match section {
        "validate" => {
            let valid = case.get("valid").and_then(Value::as_bool) == Some(true);
            plain_ucum::validate(text(case, "inputExpression")).is_ok() == valid
        }
        "commensurable" => {
            let expected = case.get("commensurable").and_then(Value::as_bool);
            plain_ucum::commensurable(text(case, "expr1"), text(case, "expr2")).ok() == expected
        }
        "convert" => {
            let valid = case.get("valid").and_then(Value::as_bool) == Some(true);
            let value = Decimal::parse(text(case, "conversionFactor"))
                .expect("a number")
                .to_exact();
            let (from, to) = (text(case, "from"), text(case, "to"));
            let result = match case.get("substanceMolarMassCoeff").and_then(Value::as_str) {
                Some(molar_mass) => {
                    let analyte = Analyte {
                        molar_mass: Decimal::parse(molar_mass).ok().map(|mass| mass.to_exact()),
                        ..Analyte::default()
                    };
                    match (Unit::parse(from), Unit::parse(to)) {
                        (Ok(from), Ok(to)) => from.convert(&value, &to, Some(&analyte)).ok(),
                        _ => None,
                    }
                }
                None => plain_ucum::convert(&value, from, to).ok(),
            };
            match result {
                Some(value) => valid && agrees(&value, text(case, "resultingConversionFactor")),
                None => !valid,
            }
        }
        other => panic!("unknown section {other}"),
    }
}

#[test]
fn the_ucumate_suite_passes_but_for_the_written_deviations() {
    let Ok(suite) = std::fs::read_to_string(PLACE) else {
        eprintln!("NOT RUN: the ucumate suite is not at {PLACE}");
        return;
    };
    let suite: BTreeMap<String, Vec<Value>> = serde_json::from_str(&suite).expect("a suite");
    let written: Vec<(&str, &str)> = DEVIATIONS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some((line.split('\t').next()?, line.split('\t').nth(1)?)))
        .collect();
    let mut surprises = String::new();
    for (section, cases) in &suite {
        let mut passed = 0;
        for case in cases {
            // One identifier of the suite stands twice, so it is told apart by its expression.
            let id = match (text(case, "id"), case.get("expr1").and_then(Value::as_str)) {
                ("com-83", Some(expression)) => format!("com-83 {expression}"),
                (id, _) => id.to_owned(),
            };
            let expected = !written
                .iter()
                .any(|(of, deviating)| of == section && *deviating == id);
            let agrees = passes(section, case);
            passed += usize::from(agrees);
            if agrees != expected {
                writeln!(surprises, "{section}\t{id}\t{agrees}\t{case}").unwrap();
            }
        }
        println!("{section}: {passed} of {}", cases.len());
    }
    assert_eq!(surprises, "");
}

/// Units that read otherwise in a protocol than in UCUM, because a clinician means something else.
const READ_OTHERWISE: &[(&str, &str)] = &[
    (
        "2.5",
        "a product to UCUM; surely meant as a decimal, so it is refused",
    ),
    (
        "mL/min/1.73.m2",
        "73 square metres to UCUM; meant per body surface",
    ),
    (
        "mg/d/1.73.m2",
        "73 square metres to UCUM; meant per body surface",
    ),
    ("mL/min/(173.10*-2.m2)", "per body surface, not per area"),
    ("mg/d/(173.10*-2.m2)", "per body surface, not per area"),
];

#[test]
fn every_valid_unit_of_the_suite_is_read_with_its_own_magnitude() {
    let Ok(suite) = std::fs::read_to_string(PLACE) else {
        eprintln!("NOT RUN: the ucumate suite is not at {PLACE}");
        return;
    };
    let suite: BTreeMap<String, Vec<Value>> = serde_json::from_str(&suite).expect("a suite");
    let mut surprises = String::new();
    for case in suite.get("validate").into_iter().flatten() {
        let expression = text(case, "inputExpression");
        if plain_ucum::validate(expression).is_err() {
            continue;
        }
        match Unit::parse(expression) {
            Err(error) => writeln!(surprises, "{expression}: {}", error.message()).unwrap(),
            Ok(unit) => {
                let one = Exact::one();
                let same = plain_ucum::convert(&one, expression, unit.code());
                let special = unit.is_logarithmic();
                if same != Ok(one) && !special {
                    writeln!(surprises, "{expression}: read as {}", unit.code()).unwrap();
                }
            }
        }
    }
    for (expression, _) in READ_OTHERWISE {
        assert!(
            surprises.contains(&format!("{expression}: ")),
            "{expression}"
        );
    }
    surprises = surprises
        .lines()
        .filter(|line| {
            !READ_OTHERWISE
                .iter()
                .any(|(expression, _)| line.starts_with(&format!("{expression}: ")))
        })
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(surprises, "");
}
