//! Files that are far larger or deeper than any protocol: they are checked in a time that one can wait for,
//! and refused with a message where they must be. A test runs on a stack of two megabytes.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lind_model::{Choices, Plan};

use crate::support::{Checked, check_text};

const HEAD: &str = "protocol NCT00000000\n\nmilestone screening\n\n";

/// Checks a text, and that it does not take long: many times what a slow machine needs, so that only another
/// order of growth fails.
fn check_quickly(text: &str) -> Checked {
    let began = Instant::now();
    let checked = check_text("large.lind", text, Path::new("."));
    assert!(began.elapsed() < Duration::from_secs(240));
    checked
}

fn codes(checked: &Checked) -> Vec<&str> {
    checked
        .diagnostics()
        .iter()
        .map(|diagnostic| diagnostic.rule.code)
        .collect()
}

/// Checks that a text is accepted and that it can be lowered.
fn lowers(text: &str) -> Plan {
    let checked = check_quickly(text);
    assert!(checked.diagnostics().is_empty(), "{}", checked.text());
    let protocol = checked.analysis.protocol.unwrap();
    let choices = Choices::chosen(&protocol);
    Plan::lower(&Arc::clone(&protocol), choices).unwrap()
}

fn criterion(condition: &str) -> String {
    format!("inclusion I1 \"The criterion\"\n  at screening\n  {condition}\n")
}

/// Definitions of which each is the one before it, in the order given.
fn chain(length: usize, backwards: bool) -> String {
    let mut definitions: Vec<String> = (1..length)
        .map(|step| format!("define d_{step}\n  d_{}\n", step - 1))
        .collect();
    definitions.push("define d_0\n  age is at least 18 years\n".to_owned());
    if backwards {
        definitions.reverse();
    }
    let last = criterion(&format!("d_{}", length - 1));
    format!("{HEAD}{}{last}", definitions.concat())
}

#[test]
fn a_chain_of_definitions_is_followed_as_far_as_is_said() {
    lowers(&chain(200, false));
    for backwards in [false, true] {
        let checked = check_quickly(&chain(10_000, backwards));
        assert_eq!(codes(&checked), ["E0514"]);
        assert!(checked.diagnostics()[0].message.contains("`d_201`"));
    }
}

#[test]
fn lists_inside_definitions_count_as_steps() {
    // Ten definitions of thirty nested lists each lie deeper than two hundred steps, six do not.
    let nested = |definitions: usize| {
        let mut text = HEAD.to_owned();
        for definition in 0..definitions {
            writeln!(text, "define d_{definition}").unwrap();
            for depth in 1..=30 {
                writeln!(text, "{}all of", "  ".repeat(depth)).unwrap();
            }
            let inner = match definition {
                0 => "age is at least 18 years".to_owned(),
                _ => format!("d_{}", definition - 1),
            };
            writeln!(text, "{}{inner}", "  ".repeat(31)).unwrap();
        }
        text + &criterion(&format!("d_{}", definitions - 1))
    };
    assert_eq!(codes(&check_quickly(&nested(10))), ["E0514"]);
    lowers(&nested(6));
}

#[test]
fn what_is_shared_is_looked_at_once() {
    let mut text = format!("{HEAD}define a_0\n  age is at least 18 years\n");
    for step in 1..60 {
        let before = step - 1;
        write!(
            text,
            "define a_{step}\n  all of\n    a_{before}\n    a_{before}\n"
        )
        .unwrap();
    }
    text.push_str(&criterion("a_59"));
    let plan = lowers(&text);
    assert!(plan.nodes.len() < 1_000);
}

#[test]
fn a_circle_of_ten_thousand_is_one_finding() {
    let text = chain(10_000, false).replace("  age is at least 18 years\n", "  d_9999\n");
    assert_eq!(codes(&check_quickly(&text)), ["E0206"]);
}

#[test]
fn sets_that_include_each_other_by_thousands() {
    let chain: String = (1..10_000)
        .map(|set| {
            format!(
                "condition s_{set}\n  code icd10|A{set}\n  includes s_{}\n",
                set - 1
            )
        })
        .collect();
    let has = criterion("has s_9999");
    let first = "condition s_0\n  code icd10|A00\n";
    let endless = check_quickly(&format!("{HEAD}{first}{chain}{has}"));
    assert_eq!(codes(&endless), ["E0514"]);
    let circle = check_quickly(&format!("{HEAD}{first}  includes s_9999\n{chain}{has}"));
    assert_eq!(codes(&circle), ["E0206"]);
    let all: Vec<String> = (0..300).map(|set| format!("s_{set}")).collect();
    let clique: String = all
        .iter()
        .map(|set| format!("condition {set}\n  includes {}\n", all.join(", ")))
        .collect();
    let clique = check_quickly(&format!("{HEAD}{clique}{}", criterion("has s_0")));
    assert_eq!(codes(&clique), ["E0206"]);
}

#[test]
fn milestones_by_thousands_are_refused() {
    let chain = |count: usize| -> String {
        (1..count)
            .map(|day| format!("milestone day_{day} after day_{}\n", day - 1))
            .collect()
    };
    let head = "protocol NCT00000000\n\nmilestone day_0\n";
    let last = "inclusion I1 \"Adult\"\n  at day_0\n  age is at least 18 years\n";
    let checked = check_quickly(&format!("{head}{}{last}", chain(10_000)));
    assert_eq!(codes(&checked), ["E0514"]);
    lowers(&format!("{head}{}{last}", chain(500)));
}

#[test]
fn thousands_of_unknown_names_among_thousands_of_known_ones() {
    let lines: String = (0..5_000)
        .map(|name| format!("define known_{name}\n  unknown_{name}\n"))
        .collect();
    let checked = check_quickly(&format!("{HEAD}{lines}{}", criterion("known_0")));
    assert_eq!(codes(&checked).len(), 5_000);
}

#[test]
fn wide_lists_and_many_criteria() {
    let parts: String = (0..20_000)
        .map(|part| format!("    age is at least {} years\n", part % 100))
        .collect();
    lowers(&format!("{HEAD}{}{parts}", criterion("all of")));
    let criteria: String = (0..5_000)
        .map(|number| {
            format!("inclusion I{number} \"Adult\"\n  at screening\n  age is at least 18 years\n")
        })
        .collect();
    lowers(&format!("{HEAD}{criteria}"));
}

#[test]
fn counts_and_numbers_at_their_edges() {
    for number in [
        "0",
        "4294967296",
        "99999999999999999999999999999999999999",
        "-1",
        "1.5",
    ] {
        for condition in [
            format!("at least {number} of\n    age is at least 18 years"),
            format!("age is at least {number} years"),
            format!("age is {number} to {number} years"),
            format!("serum >= {number} mg/dL"),
            format!("serum within {number} years before screening >= 1 mg/dL"),
            format!("serum {number} to {number} months before screening >= 1 mg/dL"),
            format!("serum rises by at least {number} % relative within 1 month before screening"),
            format!("serum >= {number} x ULN"),
            format!("score >= {number} points"),
            format!("has received drug within {number} half-lives before screening"),
            format!("has ever received drug for at least {number} years in total"),
            format!("has ever received drug with dose > {number} mg/day"),
        ] {
            let text = format!(
                "{HEAD}measure serum \"Something\"\n  kind MCnc\n  unit mg/dL\n  plausible 0 to {number} mg/dL\n  \
                 has reference limits\nscore score \"A score\" 0 to {number}\n  step {number}\ntreatment drug\n  \
                 half-life {number} days\nmilestone later within {number} weeks after screening\nreading Q1 \"months\"\n  \
                 fixed: a month is {number} days, a year is {number} days\n  chosen fixed\n{}",
                criterion(&condition)
            );
            let checked = check_quickly(&text);
            if let Some(protocol) = &checked.analysis.protocol {
                Plan::lower(protocol, Choices::chosen(protocol)).unwrap();
            }
        }
    }
}
