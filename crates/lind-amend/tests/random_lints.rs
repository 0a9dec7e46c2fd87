//! Random protocols against random patients: what a lint calls impossible happens to nobody.
//!
//! `LIND_RUNS=N` looks through N protocols; without it through a few.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "how many protocols are looked through is said outside"
)]

mod random;

use std::collections::BTreeMap;

use lind_amend::{Version, lint};
use lind_diagnostics::Diagnostic;
use lind_model::protocol::CriterionKind;
use lind_model::{Effect, Standing, Verdict};
use lind_records::Sheets;
use random::{HEAD, Random, condition, criterion, last_gate, patients, verdicts, version};

/// A protocol in which more is wrong than in most: limits that repeat, lists within lists, exceptions for nobody.
fn protocol(random: &mut Random) -> String {
    let values = *random.of(&[
        "",
        "values from consent to screening",
        "values within 28 days before screening",
    ]);
    let mut text = HEAD.replace("VALUES", values);
    let count = 3 + random.below(4);
    for number in 1..=count {
        match random.below(9) {
            0 => text.push_str(&format!(
                "\ninclusion I{number} \"Number {number}\"\n  at screening\n  all of\n    {}\n    any of\n      creatinine < {} mg/dL\n      creatinine >= {} umol/L\n",
                condition(random),
                random.of(&["1.5", "2", "2.5"]),
                random.of(&["100", "133", "200"]),
            )),
            1 => text.push_str(&format!(
                "\ninclusion I{number} \"Number {number}\"\n  at {}\n  platelets {} {} x 10^9/L within {} days before screening\n",
                random.of(&["screening", "enrolment"]),
                random.of(&["<", ">="]),
                random.of(&["50", "75", "100"]),
                random.of(&["7", "14"]),
            )),
            2 => text.push_str(&format!(
                "\ninclusion I{number} \"Number {number}\"\n  at enrolment\n  platelets {} {} x 10^9/L within 7 days before enrolment\n",
                random.of(&["<", ">="]),
                random.of(&["50", "75", "100"]),
            )),
            3 => text.push_str(&format!(
                "\ninclusion I{number} \"Number {number}\"\n  at screening\n  hemoglobin >= {} g/L\n    except {}: >= {} g/L\n",
                random.of(&[90, 100]),
                random.of(&[
                    "with any_tumour",
                    "with skin_tumour",
                    "when age is at least 65 years",
                    "when age is at least 75 years",
                    "when platelets < 75 x 10^9/L",
                    "when creatinine >= 2 mg/dL",
                ]),
                random.of(&[80, 90]),
            )),
            4 => {
                let (kind, sort) = *random.of(&[("inclusion", "I"), ("exclusion", "E")]);
                text.push_str(&format!(
                    "\n{kind} {sort}{number} \"Number {number}\"\n  at screening\n  {} unless {}\n",
                    condition(random),
                    random.of(&[
                        "has any_tumour",
                        "age is at least 65 years",
                        "hemoglobin >= 100 g/L",
                    ]),
                ));
            }
            5 => {
                let (kind, sort, than) =
                    *random.of(&[("inclusion", "I", ">="), ("exclusion", "E", "<")]);
                let join = if kind == "inclusion" { "all" } else { "any" };
                text.push_str(&format!(
                    "\n{kind} {sort}{number} \"Number {number}\"\n  at screening\n  {join} of\n    platelets {than} {} x 10^9/L\n    hemoglobin {than} {} g/L\n    {}\n",
                    random.of(&[50, 75, 100]),
                    random.of(&[80, 90, 100]),
                    condition(random),
                ));
            }
            _ => text.push_str(&criterion(random, usize::try_from(number).unwrap())),
        }
    }
    text
}

/// The criterion in whose lines a finding stands: its place; none if it stands in a definition.
fn criterion_at(version: &Version, diagnostic: &Diagnostic) -> Option<usize> {
    let at = diagnostic.primary.span.start;
    let criteria = version.protocol.criteria.iter();
    let before = criteria.enumerate().filter(|(_, own)| own.span.start <= at);
    let last = before.max_by_key(|(_, own)| own.span.start);
    last.map(|(place, _)| place)
}

/// The line of a finding and those below it that stand further right.
fn lines_of(text: &str, diagnostic: &Diagnostic) -> std::ops::Range<usize> {
    let at = usize::try_from(diagnostic.primary.span.start).unwrap();
    let start = text[..at].rfind('\n').map_or(0, |place| place + 1);
    let depth = |line: &str| line.len() - line.trim_start().len();
    let own = depth(text[start..].lines().next().unwrap());
    let mut end = start;
    for (place, line) in text[start..].split_inclusive('\n').enumerate() {
        if place > 0 && depth(line.trim_end_matches('\n')) <= own {
            break;
        }
        end += line.len();
    }
    start..end
}

/// A protocol with one criterion alone, which says what a part of another says.
fn alone(text: &str, version: &Version, place: usize, diagnostic: &Diagnostic) -> String {
    let head = &text[..usize::try_from(version.protocol.criteria[0].span.start).unwrap()];
    let head = &head[..head.rfind("\n\n").unwrap_or(head.len())];
    let stated = &version.protocol.criteria[place];
    let (kind, id) = match stated.kind {
        CriterionKind::Exclusion => ("exclusion", "E1"),
        _ => ("inclusion", "I1"),
    };
    let own = usize::try_from(stated.span.start).unwrap();
    let gate = text[own..]
        .lines()
        .find(|line| line.trim_start().starts_with("at "))
        .unwrap();
    let part = &text[lines_of(text, diagnostic)];
    format!("{head}\n\n{kind} {id} \"Alone\"\n{gate}\n{part}")
}

/// The protocol without what a finding calls dead; none if it is not known how that is written.
fn without(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let mut without = text.to_owned();
    let lines = lines_of(text, diagnostic);
    let line = text[lines.clone()].lines().next()?;
    let label = diagnostic.primary.text.as_str();
    let says = |what: &str| diagnostic.message.starts_with(what) || label.starts_with(what);
    if says("the lower limit") {
        without.replace_range(
            lines.clone(),
            &text[lines].replace("is 18 to", "is at most"),
        );
    } else if says("the upper limit") {
        let (head, _) = line.split_once(" is 18 to ")?;
        without.replace_range(lines, &format!("{head} is at least 18 years\n"));
    } else if says("the exception") && !line.trim_start().starts_with("except") {
        let name = diagnostic.message.split('`').nth(1)?;
        let plain = line
            .replace(&format!(" unless {name}"), "")
            .replace(&format!(" except {name}"), "");
        without.replace_range(lines, &format!("{plain}\n"));
    } else {
        without.replace_range(lines, "");
    }
    Some(without).filter(|without| without != text)
}

/// What is wrong with a finding, given verdicts on patients.
fn against(
    text: &str,
    version: &Version,
    diagnostic: &Diagnostic,
    gate: &str,
    sheets: &Sheets,
    of_one_day: &Sheets,
) -> Option<String> {
    let all = verdicts(version, sheets, gate);
    let place = criterion_at(version, diagnostic)?;
    let effect = |verdict: &Verdict, place: usize| {
        let own = &verdict.criteria[place];
        if own.due { own.effect } else { Effect::Pass }
    };
    let others_pass = |verdict: &Verdict| {
        (0..verdict.criteria.len())
            .all(|other| other == place || effect(verdict, other) == Effect::Pass)
    };
    let found = match diagnostic.rule.code {
        "E0900" => all
            .iter()
            .position(|own| own.standing == Standing::Eligible),
        "E0901" => all
            .iter()
            .position(|own| effect(own, place) == Effect::Pass),
        "W0900" => all
            .iter()
            .position(|own| effect(own, place) == Effect::Fail),
        "W0901" => all
            .iter()
            .position(|own| others_pass(own) && effect(own, place) != Effect::Pass),
        "W0902" | "W0903" => {
            let without = without(text, diagnostic)?;
            let without = random::version(&without)?;
            let other = verdicts(&without, sheets, gate);
            all.iter().zip(&other).position(|(one, other)| {
                (one.standing == Standing::Eligible) != (other.standing == Standing::Eligible)
            })
        }
        "W0905" => {
            let part = random::version(&alone(text, version, place, diagnostic))
                .expect("a part can stand alone");
            let all = verdicts(&part, sheets, gate);
            let is_so = diagnostic.message.contains("can only be so");
            let is_exclusion = version.protocol.criteria[place].kind == CriterionKind::Exclusion;
            let never = if is_so == is_exclusion {
                Effect::Pass
            } else {
                Effect::Fail
            };
            all.iter().position(|own| own.criteria[0].effect == never)
        }
        "W0906" => verdicts(version, of_one_day, gate)
            .iter()
            .position(|own| own.standing == Standing::Eligible),
        _ => None,
    };
    found.map(|patient| {
        format!(
            "patient {patient} shows that this is not so: {}",
            diagnostic.message
        )
    })
}

#[test]
fn what_a_lint_calls_impossible_happens_to_nobody() {
    let runs: u64 = std::env::var("LIND_RUNS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(30);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut looked = 0;
    for seed in 0..runs {
        let mut random = Random(seed.wrapping_mul(977));
        let text = protocol(&mut random);
        let Some(own) = version(&text) else {
            continue;
        };
        looked += 1;
        let told = |what: &str| format!("seed {seed}: {what}\n{text}");
        let lints = lint(&own, &[]).unwrap_or_else(|error| panic!("{}", told(&error.to_string())));
        let sheets = patients(&mut random, false);
        let of_one_day = patients(&mut random, true);
        let gate = last_gate(&own);
        for diagnostic in &lints.diagnostics {
            *counts.entry(diagnostic.rule.code).or_default() += 1;
            let wrong = against(&text, &own, diagnostic, &gate, &sheets, &of_one_day);
            assert!(wrong.is_none(), "{}", told(&wrong.unwrap_or_default()));
        }
    }
    println!("{looked} of {runs} protocols: {counts:?}");
    assert!(looked > runs / 4, "most protocols are refused: {looked}");
    assert!(counts.len() >= 4, "too few sorts of findings: {counts:?}");
}
