//! Whatever a file holds, it ends in a registry or in a reason, and a trace says the same twice.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::sync::{Arc, LazyLock};

use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::Protocol;
use lind_model::trace::LineStatus;
use lind_trace::{CannotRead, LARGEST, MOST_LINES, Registry, trace};
use proptest::prelude::*;

const JSON: &str = r#"{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"},
 "eligibilityModule": {"eligibilityCriteria": "Inclusion Criteria:\n\n* aged between 18-65 years\n* * organ function:\n\n    1. ANC \\>= 1,000/mm3, Hb \\>= 9 g/dL\n    2. NYHA class III-IV, 5 half-lives\n\nExclusion Criteria:\n\n1. FVC \\< 45% or 10\\^9/L\n2. live vaccine within one month",
 "sex": "ALL", "minimumAge": "18 Years", "maximumAge": "65 Years"}}}"#;

const PAGE: &str = "Gender\n\nALL\n\nEligibility criteria\n\n  • Inclusion Criteria:\n  • aged 18-65 years\n  • * meets one of:\n  \
                    • 1. ANC ≥ 1000/uL (75 × 10⁹/L)\n  • 2. getting worse\n  • 1. mRSS by \\>= 3\n  • Exclusion Criteria:\n  • \
                    NYHA class IV\n\nAbout us\n\nWe are.\n";

const PROTOCOL: &str = "protocol NCT00000001

use std.labs: anc, hemoglobin
use std.heart: nyha
use std.drugs: live_vaccine

milestone screening

inclusion I1 \"18 to 65 years old\"
  at screening
  age is 18 to 65 years

inclusion I2 \"Organ function\"
  source \"registry, inclusion line 2\"
  at screening
  all of
    anc >= 1000 /uL
    hemoglobin >= 90 g/L

exclusion E1 \"NYHA class IV\"
  at screening
  nyha is IV

exclusion E2 \"Live vaccine\"
  at screening
  has received live_vaccine within 1 month before screening
";

static CHECKED: LazyLock<Arc<Protocol>> = LazyLock::new(|| {
    let mut files = Files::new();
    let root = files.add("trial.lind", PROTOCOL.to_owned());
    let analysis = check(&mut files, root, &mut NoModules);
    analysis.protocol.expect("no error")
});

/// Reads and traces, and holds what must hold of every trace.
fn hold(text: &str, earlier: &str) -> Result<(), TestCaseError> {
    let Ok(registry) = Registry::read(text) else {
        return Ok(());
    };
    let earlier = Registry::read(earlier).ok();
    let found = trace(&CHECKED, &registry, earlier.as_ref());
    prop_assert_eq!(found.lines.len(), registry.lines.len());
    for line in &found.lines {
        let is_whole = line.numbers.is_empty() && line.items.is_empty();
        if line.status == LineStatus::Stated {
            prop_assert!(is_whole, "{:?}", line);
        }
        let is_answered = matches!(line.status, LineStatus::Stated | LineStatus::Partly);
        if !line.criteria.is_empty() {
            prop_assert!(is_answered, "{:?}", line);
        }
    }
    for id in &found.alone {
        prop_assert!(found.lines.iter().all(|line| !line.criteria.contains(id)));
    }
    prop_assert_eq!(&found, &trace(&CHECKED, &registry, earlier.as_ref()));
    Ok(())
}

/// A text with some of its characters cut out, doubled or replaced.
fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let signs = prop::sample::select(vec![
        "",
        "{",
        "}",
        "\"",
        "\\",
        "\n",
        "\n\n",
        "(",
        ")",
        ",",
        ".",
        "1.",
        "10^",
        "/",
        "-",
        "x",
        "é",
        "≥",
        "•",
        "*",
        "%",
        "²",
        "\u{0}",
        "\u{202e}",
        "NCT",
        "Inclusion Criteria:",
        "1e999",
        "99999999999999999999999999999999999999999",
    ]);
    let edit = (any::<prop::sample::Index>(), 0..6_usize, signs);
    prop::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut characters: Vec<char> = text.chars().collect();
        for (place, length, sign) in edits {
            let at = place.index(characters.len() + 1);
            let end = (at + length).min(characters.len());
            characters.splice(at..end, sign.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_json_ends_in_a_trace_or_a_reason(text in damaged(JSON), earlier in damaged(PAGE)) {
        hold(&text, &earlier)?;
    }

    #[test]
    fn damaged_pages_end_in_a_trace_or_a_reason(text in damaged(PAGE), earlier in damaged(JSON)) {
        hold(&text, &earlier)?;
    }

    #[test]
    fn any_text_ends_in_a_trace_or_a_reason(text in "(?s).{0,300}") {
        hold(&format!("Inclusion Criteria:\n{text}"), &text)?;
        hold(&text, PAGE)?;
    }
}

#[test]
fn lines_keep_their_places_on_a_page_without_indentation() {
    let registry = Registry::read(PAGE).unwrap();
    let numbers: Vec<&str> = registry.lines.iter().map(|line| &*line.number).collect();
    assert_eq!(
        numbers,
        [
            "inclusion 1",
            "inclusion 2",
            "inclusion 2.1",
            "inclusion 2.2",
            "inclusion 2.2.1",
            "exclusion 1",
            "sex"
        ]
    );
    assert_eq!(&*registry.lines[4].text, "mRSS by >= 3");
    assert_eq!(registry.lines[0].row, Some(8));
}

#[test]
fn lines_of_json_keep_their_indentation() {
    let registry = Registry::read(JSON).unwrap();
    let lines: Vec<String> = registry
        .lines
        .iter()
        .map(|line| format!("{}: {}", line.number, line.text))
        .collect();
    assert_eq!(
        lines,
        [
            "inclusion 1: aged between 18-65 years",
            "inclusion 2: organ function:",
            "inclusion 2.1: ANC >= 1,000/mm3, Hb >= 9 g/dL",
            "inclusion 2.2: NYHA class III-IV, 5 half-lives",
            "exclusion 1: FVC < 45% or 10^9/L",
            "exclusion 2: live vaccine within one month",
            "minimum age: 18 Years",
            "maximum age: 65 Years",
            "sex: ALL",
        ]
    );
    assert_eq!(registry.trial.as_deref(), Some("NCT00000001"));
}

#[test]
fn too_much_is_refused() {
    let long = format!("Inclusion Criteria:\n* {}\n", "a ".repeat(200_000));
    assert_eq!(Registry::read(&long), Err(CannotRead::TooMuchText));
    let many = format!("Inclusion Criteria:\n{}", "* a b\n".repeat(MOST_LINES + 1));
    assert_eq!(Registry::read(&many), Err(CannotRead::TooManyLines));
    let large = " ".repeat(LARGEST + 1);
    assert_eq!(Registry::read(&large), Err(CannotRead::TooLarge));
    assert_eq!(Registry::read(""), Err(CannotRead::NoCriteria));
}
