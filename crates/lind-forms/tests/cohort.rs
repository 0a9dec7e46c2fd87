//! The invented patients of `tests/cohorts/ssc` in every form: each is judged alike from all of them,
//! criterion by criterion and with the same reasons.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lind_check::NoModules;
use lind_eval::{Bindings, Context, Program, evaluate, explain};
use lind_forms::{Form, Sheets};
use lind_model::{Choices, CriterionId, Explanation, MilestoneId, Plan, Protocol};
use lind_records::{Dataset, Options, Tables};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn protocol() -> Arc<Protocol> {
    let name = "protocols/ssc-nct06414135.lind";
    let text = std::fs::read_to_string(root().join(name)).unwrap();
    let mut files = lind_diagnostics::Files::default();
    let file = files.add(name.to_owned(), text);
    let analysis = lind_check::check(&mut files, file, &mut NoModules);
    analysis.protocol.expect("the protocol has no errors")
}

fn cohort(name: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let folder = root().join("tests/cohorts").join(name);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".csv") || name == "dataset.toml" {
            files.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    files
}

/// Without the places at which facts stand: `conditions.csv line 7`, `p1.json line 9 (Condition/c1)`.
fn without_places(text: &str) -> String {
    const LINE: &str = " line ";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(LINE) {
        let (before, after) = (&rest[..at], &rest[at + LINE.len()..]);
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        let file = before.rsplit(' ').next().unwrap_or_default();
        if digits == 0 || !file.contains('.') {
            out.push_str(&rest[..at + LINE.len()]);
            rest = after;
            continue;
        }
        out.push_str(&before[..before.len() - file.len()]);
        out.push_str("their place");
        rest = &after[digits..];
        if let Some((record, behind)) = rest
            .strip_prefix(" (")
            .and_then(|rest| rest.split_once(')'))
            && record.contains('/')
        {
            rest = behind;
        }
    }
    out + rest
}

/// A reason without the places of the facts.
fn reason(explanation: &Explanation, depth: usize, out: &mut String) {
    let facts: Vec<&str> = explanation.facts.iter().map(|fact| &*fact.text).collect();
    out.push_str(&format!(
        "{:depth$}{} {} {:?}: {} {facts:?} {:?} {}\n",
        "",
        explanation.label,
        explanation.text,
        explanation.truth,
        explanation.because,
        explanation.settle,
        explanation.boundary_sensitive
    ));
    for part in &explanation.parts {
        reason(part, depth + 2, out);
    }
}

/// What is said of each patient at a gate: where they stand, and each criterion with its reason.
fn judged(
    program: &Program,
    tables: &dyn Tables,
    names: &BTreeMap<&str, &str>,
    gate: MilestoneId,
) -> BTreeMap<String, Vec<String>> {
    let wanted = program.wanted();
    let mut dataset = Dataset::open(tables, &wanted, Options::default()).unwrap();
    let charts: Result<Vec<_>, _> = dataset.charts().collect();
    let bindings = Bindings::new(program, &dataset);
    let context = Context::new(&dataset, &bindings);
    let mut judged = BTreeMap::new();
    for chart in charts.unwrap() {
        let verdict = evaluate(program, &context, &chart, gate);
        let mut said = vec![verdict.standing.word().to_owned()];
        for criterion in &verdict.criteria {
            let mut why = String::new();
            if let Some(explanation) = explain(program, &context, &chart, gate, criterion.criterion)
            {
                reason(&explanation, 2, &mut why);
            }
            let (outcome, effect) = (criterion.outcome.word(), criterion.effect.word());
            let why = without_places(&why);
            said.push(format!("{outcome} {effect} {}\n{why}", criterion.due));
        }
        let name = names
            .get(&*chart.patient)
            .copied()
            .unwrap_or(&*chart.patient);
        judged.insert(name.to_owned(), said);
    }
    for problem in dataset.problems().listed() {
        eprintln!("{}:{} {}", problem.file, problem.line, problem.message);
    }
    judged
}

fn gate(protocol: &Protocol, name: &str) -> MilestoneId {
    let mut milestones = protocol.milestones.iter();
    let found = milestones.position(|milestone| &*milestone.name == name);
    MilestoneId::from_index(found.expect("the gate is one of the protocol"))
}

/// What is said of each patient otherwise than from the tables.
fn differences(
    protocol: &Protocol,
    expected: &BTreeMap<String, Vec<String>>,
    found: &BTreeMap<String, Vec<String>>,
    form: Form,
) -> Vec<String> {
    assert_eq!(found.len(), expected.len(), "patients as {}", form.name());
    let mut differences = Vec::new();
    for (patient, expected) in expected {
        let found = &found[patient];
        assert_eq!(expected.len(), found.len());
        for (at, (one, other)) in expected.iter().zip(found).enumerate() {
            if one != other {
                let of = match at.checked_sub(1) {
                    None => "standing",
                    Some(at) => &protocol.criteria[CriterionId::from_index(at).index()].id,
                };
                differences.push(format!(
                    "{patient} {of}\n--- tables\n{one}--- {}\n{other}",
                    form.name()
                ));
            }
        }
    }
    differences
}

#[test]
fn verdicts_and_reasons_are_the_same_from_all_four() {
    let protocol = protocol();
    let program = Program::new(Plan::lower(&protocol, Choices::chosen(&protocol)).unwrap());
    let gate = gate(&protocol, "ld_start");
    let files = cohort("ssc");
    let files = || {
        files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    };
    let sheets = Sheets::new(files()).unwrap();
    let from = &|form: Form| {
        let written = lind_forms::write(&sheets, form);
        assert_eq!(written.left_out, Vec::<&str>::new());
        let tables = support::written_tables(&written);
        judged(&program, &tables, &support::names(&written), gate)
    };
    let (expected, found) = std::thread::scope(|scope| {
        let found = Form::ALL.map(|form| scope.spawn(move || from(form)));
        let expected = judged(&program, &support::tables(files()), &BTreeMap::new(), gate);
        (expected, found.map(|found| found.join().unwrap()))
    });
    assert_eq!(expected.len(), sheets.rows("patients").len());
    let mut all = Vec::new();
    for (form, found) in Form::ALL.into_iter().zip(&found) {
        all.extend(differences(&protocol, &expected, found, form));
    }
    let shown = &all[..all.len().min(8)];
    assert!(
        all.is_empty(),
        "{} differences\n{}",
        all.len(),
        shown.join("\n")
    );
}

#[test]
fn the_charts_of_the_cohort_are_the_same_from_fhir() {
    support::assert_same(&cohort("ssc"), Form::Fhir);
}

#[test]
fn the_charts_of_the_cohort_are_the_same_from_omop() {
    support::assert_same(&cohort("ssc"), Form::Omop);
}

#[test]
fn the_charts_of_the_cohort_are_the_same_from_sdtm() {
    support::assert_same(&cohort("ssc"), Form::Sdtm);
}

/// With visits, adverse events and their grades; which dose level somebody was assigned to, FHIR alone
/// can say.
#[test]
fn the_charts_of_the_lupus_cohort_are_the_same_from_all_three() {
    for form in Form::ALL {
        let mut files = cohort("sle");
        let sheets = Sheets::new(
            files
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        );
        let left_out = lind_forms::write(&sheets.unwrap(), form).left_out;
        files.retain(|(name, _)| !left_out.iter().any(|table| name.starts_with(table)));
        assert_eq!(left_out.contains(&"assignments"), form != Form::Fhir);
        support::assert_same(&files, form);
    }
}
