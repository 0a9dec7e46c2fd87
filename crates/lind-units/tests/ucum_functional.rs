//! The UCUM functional tests, all of them, through our own front.
//!
//! They speak of plain UCUM, in which a mole is a number and an annotation is 1, so they go through
//! `plain_ucum`. A conversion is judged to the precision its outcome is written in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::HashMap;

use lind_units::{Decimal, Exact, plain_ucum};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

const SUITE: &str = include_str!("suites/UcumFunctionalTests.xml");

/// A case: the section it stands in, and its attributes.
type Case = (String, HashMap<String, String>);

fn attributes(element: &BytesStart<'_>) -> HashMap<String, String> {
    element
        .attributes()
        .map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .expect("a value");
            (
                String::from_utf8_lossy(attribute.key.as_ref()).into_owned(),
                value.into_owned(),
            )
        })
        .collect()
}

fn cases() -> Vec<Case> {
    let mut reader = Reader::from_str(SUITE);
    let mut section = String::new();
    let mut cases = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) => {
                let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                if name == "case" {
                    cases.push((section.clone(), attributes(&element)));
                } else {
                    section = name;
                }
            }
            Event::Empty(element) if element.name().as_ref() == b"case" => {
                cases.push((section.clone(), attributes(&element)));
            }
            Event::Eof => return cases,
            _ => {}
        }
    }
}

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Whether a value rounds to the outcome, in the outcome's last written digit.
fn agrees(value: &Exact, outcome: &str) -> bool {
    let outcome = number(outcome);
    let half_a_digit = Exact::from_scientific(5, outcome.power() - 1);
    value.sub(&outcome.to_exact()).abs() <= half_a_digit
}

/// The empty unit is the unity.
fn or_unity(unit: &str) -> &str {
    if unit.is_empty() { "1" } else { unit }
}

fn passes(section: &str, case: &HashMap<String, String>) -> bool {
    let get = |name: &str| case.get(name).map(String::as_str).expect("the attribute");
    match section {
        "validation" => {
            let valid = get("valid") == "true";
            plain_ucum::validate(get("unit")).is_ok() == valid
        }
        "displayNameGeneration" => {
            plain_ucum::display_name(get("unit")).is_ok_and(|name| name == get("display"))
        }
        "conversion" => {
            let value = number(get("value")).to_exact();
            plain_ucum::convert(&value, get("srcUnit"), get("dstUnit"))
                .is_ok_and(|value| agrees(&value, get("outcome")))
        }
        "multiplication" | "division" => {
            let (first, second) = (number(get("v1")).to_exact(), number(get("v2")).to_exact());
            let (first, second) = ((&first, get("u1")), (&second, get("u2")));
            let result = if section == "division" {
                plain_ucum::divide(first, second)
            } else {
                plain_ucum::multiply(first, second)
            };
            result.is_ok_and(|result| {
                plain_ucum::convert(&result.value, &result.unit, or_unity(get("uRes")))
                    .is_ok_and(|value| agrees(&value, get("vRes")))
            })
        }
        other => panic!("unknown section {other}"),
    }
}

#[test]
fn all_573_functional_tests_of_ucum_pass() {
    let cases = cases();
    let mut per_section: Vec<(String, usize, usize)> = Vec::new();
    let mut failures = Vec::new();
    for (section, case) in &cases {
        if per_section.last().is_none_or(|(name, ..)| name != section) {
            per_section.push((section.clone(), 0, 0));
        }
        let counts = per_section.last_mut().expect("just pushed");
        counts.2 += 1;
        if passes(section, case) {
            counts.1 += 1;
        } else {
            failures.push(format!("{section} {case:?}"));
        }
    }
    for (section, passed, all) in &per_section {
        println!("{section}: {passed} of {all}");
    }
    let passed = cases.len() - failures.len();
    println!("UCUM functional tests: {passed} of {}", cases.len());
    assert_eq!(failures, Vec::<String>::new());
    assert_eq!((passed, cases.len()), (573, 573));
}
