//! The invented patients of `tests/cohorts/ssc`: what the interpreter says of them is what a reader
//! of the protocol wrote down (`expected/verdicts.csv`), for every criterion, gate and reading.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod cohort;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_eval::{Bindings, Context, Program, evaluate, explain};
use lind_model::{
    Choices, CriterionId, Explanation, MilestoneId, Outcome, Plan, Protocol, ReadingId, Verdict,
};
use lind_records::{Chart, Dataset, Options};

const GATE: &str = "ld_start";

fn protocol() -> Arc<Protocol> {
    cohort::protocol("ssc-nct06414135.lind")
}

/// The files of the cohort.
fn texts() -> BTreeMap<String, String> {
    cohort::texts("ssc")
}

/// A line of `expected/verdicts.csv`.
struct Expected {
    patient: String,
    reading: String,
    gate: String,
    verdict: String,
    criterion: String,
    part: String,
    outcome: String,
    effect: String,
    why: String,
}

fn expected() -> Vec<Expected> {
    let (_, lines) = cohort::expected("ssc", "verdicts.csv");
    lines
        .into_iter()
        .map(|fields| {
            let [
                patient,
                reading,
                gate,
                verdict,
                criterion,
                part,
                outcome,
                effect,
                why,
            ] = fields.try_into().expect("nine columns");
            Expected {
                patient,
                reading,
                gate,
                verdict,
                criterion,
                part,
                outcome,
                effect,
                why,
            }
        })
        .collect()
}

/// The cohort under one choice of readings.
struct Run {
    program: Program,
    dataset: Dataset,
    charts: Vec<Chart>,
}

impl Run {
    fn new(plan: Plan, texts: &BTreeMap<String, String>) -> Self {
        let program = Program::new(plan);
        let tables = cohort::tables(texts);
        let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default()).unwrap();
        let charts = dataset.charts().collect::<Result<_, _>>().unwrap();
        Self {
            program,
            dataset,
            charts,
        }
    }

    /// Calls for each patient.
    fn for_each(&self, mut told: impl FnMut(&Context<'_>, &Chart)) {
        let bindings = Bindings::new(&self.program, &self.dataset);
        let context = Context::new(&self.dataset, &bindings);
        for chart in &self.charts {
            told(&context, chart);
        }
    }

    /// What is said of each patient at a gate.
    fn verdicts(&self, gate: MilestoneId) -> BTreeMap<String, Verdict> {
        let mut verdicts = BTreeMap::new();
        self.for_each(|context, chart| {
            let verdict = evaluate(&self.program, context, chart, gate);
            verdicts.insert(chart.patient.to_string(), verdict);
        });
        verdicts
    }
}

fn gate(protocol: &Protocol, name: &str) -> MilestoneId {
    let found = protocol
        .milestones
        .iter()
        .position(|milestone| &*milestone.name == name);
    MilestoneId::from_index(found.unwrap_or_else(|| panic!("no milestone {name}")))
}

fn criterion(protocol: &Protocol, name: &str) -> CriterionId {
    let found = protocol
        .criteria
        .iter()
        .position(|criterion| &*criterion.id == name);
    CriterionId::from_index(found.unwrap_or_else(|| panic!("no criterion {name}")))
}

/// `Q9=b_x`.
fn alternative(protocol: &Protocol, text: &str) -> Choices {
    let (reading, wanted) = text.split_once('=').unwrap();
    let (id, reading) = protocol
        .readings
        .iter()
        .enumerate()
        .find(|(_, other)| &*other.name == reading)
        .unwrap_or_else(|| panic!("no reading {reading}"));
    let index = reading
        .alternatives
        .iter()
        .position(|other| &*other.name == wanted)
        .unwrap_or_else(|| panic!("no alternative {text}"));
    Choices::chosen(protocol).with(ReadingId::from_index(id), index)
}

/// Every alternative of every reading that is not the chosen one.
fn alternatives(protocol: &Protocol) -> Vec<String> {
    let mut texts = Vec::new();
    for reading in &protocol.readings {
        for (index, alternative) in reading.alternatives.iter().enumerate() {
            if index != reading.chosen {
                texts.push(format!("{}={}", reading.name, alternative.name));
            }
        }
    }
    texts
}

/// The explanation of one criterion, to be shown with a disagreement.
fn told(
    run: &Run,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    criterion: CriterionId,
) -> String {
    fn write(explanation: &Explanation, depth: usize, text: &mut String) {
        text.push_str(&format!(
            "\n    {:depth$}[{:?}] {} {}: {}",
            "",
            explanation.truth,
            explanation.label,
            explanation.text.replace('\n', " "),
            explanation.because
        ));
        for part in &explanation.parts {
            write(part, depth + 2, text);
        }
    }
    let mut text = String::new();
    if let Some(explanation) = explain(&run.program, context, chart, gate, criterion) {
        write(&explanation, 0, &mut text);
    }
    text
}

/// Compares what is said under one choice of readings at one gate with what was expected.
///
/// `lines` are those about the question, before those that stay as chosen; what none says passes.
fn compare(
    protocol: &Protocol,
    run: &Run,
    at: &str,
    lines: &BTreeMap<&str, Vec<&Expected>>,
    disagreements: &mut Vec<String>,
) {
    let gate = gate(protocol, at);
    run.for_each(|context, chart| {
        let patient = &*chart.patient;
        let Some(lines) = lines.get(patient) else {
            return;
        };
        let verdict = evaluate(&run.program, context, chart, gate);
        for line in lines {
            let id = criterion(protocol, &line.criterion);
            let said = verdict
                .criteria
                .iter()
                .find(|said| said.criterion == id)
                .unwrap();
            if said.outcome.word() != line.outcome || said.effect.word() != line.effect || !said.due
            {
                disagreements.push(format!(
                    "{patient} {} {at} {}: {} expected ({}), but {}{}",
                    line.reading,
                    line.criterion,
                    line.outcome,
                    line.why,
                    said.outcome.word(),
                    told(run, context, chart, gate, id),
                ));
            }
        }
        let named: BTreeSet<CriterionId> = lines
            .iter()
            .map(|line| criterion(protocol, &line.criterion))
            .collect();
        for said in &verdict.criteria {
            if said.due && said.effect.word() != "pass" && !named.contains(&said.criterion) {
                disagreements.push(format!(
                    "{patient} {} {at} {}: nothing expected, but {}{}",
                    lines[0].reading,
                    protocol.criteria[said.criterion.index()].id,
                    said.outcome.word(),
                    told(run, context, chart, gate, said.criterion),
                ));
            }
        }
        // Lines that stay as chosen under another reading carry the standing under the chosen ones.
        let first = lines[0];
        if verdict.standing.word() != first.verdict {
            disagreements.push(format!(
                "{patient} {} {at}: {} expected, but {}",
                first.reading,
                first.verdict,
                verdict.standing.word()
            ));
        }
    });
}

fn assert_none(disagreements: &[String]) {
    assert!(
        disagreements.is_empty(),
        "{} disagreements\n{}",
        disagreements.len(),
        disagreements.join("\n")
    );
}

#[test]
fn no_row_of_the_cohort_is_set_aside() {
    let protocol = protocol();
    let plan = Plan::lower(&protocol, Choices::chosen(&protocol)).unwrap();
    let run = Run::new(plan, &texts());
    assert_eq!(run.dataset.problems().listed(), []);
}

#[test]
fn every_patient_is_judged_as_a_reader_of_the_protocol_would() {
    let (protocol, expected, mut disagreements) = (protocol(), expected(), Vec::new());
    let plan = Plan::lower(&protocol, Choices::chosen(&protocol)).unwrap();
    let run = Run::new(plan, &texts());
    let gates: BTreeSet<&str> = expected.iter().map(|line| line.gate.as_str()).collect();
    for at in gates {
        let mut lines: BTreeMap<&str, Vec<&Expected>> = BTreeMap::new();
        for line in &expected {
            if line.reading.is_empty() && line.gate == at {
                lines.entry(&line.patient).or_default().push(line);
            }
        }
        compare(&protocol, &run, at, &lines, &mut disagreements);
    }
    let patients: BTreeSet<&str> = run.charts.iter().map(|chart| &*chart.patient).collect();
    for line in &expected {
        if !patients.contains(line.patient.as_str()) {
            disagreements.push(format!("{}: no such patient", line.patient));
        }
    }
    for patient in patients {
        if !expected.iter().any(|line| line.patient == patient) {
            disagreements.push(format!("{patient}: nothing is expected"));
        }
    }
    assert_none(&disagreements);
}

/// Who flips: under each alternative, the criteria that `expected/verdicts.csv` says, and no others, are
/// judged otherwise than under the chosen readings.
#[test]
fn other_readings_change_what_a_reader_would_change_and_nothing_else() {
    let (protocol, expected, texts) = (protocol(), expected(), texts());
    let chosen = Plan::lower(&protocol, Choices::chosen(&protocol)).unwrap();
    let chosen = Run::new(chosen, &texts).verdicts(gate(&protocol, GATE));
    let alternatives = alternatives(&protocol);
    let mut disagreements = Vec::new();
    for line in &expected {
        if !line.reading.is_empty() && !alternatives.contains(&line.reading) {
            disagreements.push(format!("{}: no such alternative", line.reading));
        }
    }
    for text in &alternatives {
        let plan = Plan::lower(&protocol, alternative(&protocol, text)).unwrap();
        let run = Run::new(plan, &texts);
        let mut lines: BTreeMap<&str, Vec<&Expected>> = BTreeMap::new();
        for line in &expected {
            if line.reading == *text {
                lines.entry(&line.patient).or_default().push(line);
            }
        }
        // What stays as chosen.
        for line in &expected {
            if let Some(lines) = lines.get_mut(line.patient.as_str())
                && line.reading.is_empty()
                && line.gate == GATE
                && !lines
                    .iter()
                    .any(|other| other.criterion == line.criterion && !other.reading.is_empty())
            {
                lines.push(line);
            }
        }
        compare(&protocol, &run, GATE, &lines, &mut disagreements);
        for (patient, verdict) in run.verdicts(gate(&protocol, GATE)) {
            if lines.contains_key(patient.as_str()) {
                continue;
            }
            for (said, before) in verdict.criteria.iter().zip(&chosen[&patient].criteria) {
                if said != before {
                    disagreements.push(format!(
                        "{patient} {text} {}: no change expected, but from {} to {}",
                        protocol.criteria[said.criterion.index()].id,
                        before.outcome.word(),
                        said.outcome.word()
                    ));
                }
            }
        }
    }
    assert_none(&disagreements);
}

/// The part of a criterion that a patient is about has the value that the criterion has.
#[test]
fn the_named_part_of_a_criterion_decides() {
    fn find<'e>(explanation: &'e Explanation, label: &str) -> Option<&'e Explanation> {
        if explanation.label == label || explanation.label.starts_with(&format!("{label} ")) {
            return Some(explanation);
        }
        explanation.parts.iter().find_map(|part| find(part, label))
    }
    let (protocol, expected, texts) = (protocol(), expected(), texts());
    let mut disagreements = Vec::new();
    let readings: BTreeSet<&str> = expected
        .iter()
        .filter(|line| !line.part.is_empty())
        .map(|line| line.reading.as_str())
        .collect();
    for reading in readings {
        let choices = if reading.is_empty() {
            Choices::chosen(&protocol)
        } else {
            alternative(&protocol, reading)
        };
        let run = Run::new(Plan::lower(&protocol, choices).unwrap(), &texts);
        run.for_each(|context, chart| {
            for line in expected.iter().filter(|line| {
                line.patient == *chart.patient && line.reading == reading && !line.part.is_empty()
            }) {
                let id = criterion(&protocol, &line.criterion);
                let at = gate(&protocol, &line.gate);
                let explanation = explain(&run.program, context, chart, at, id).unwrap();
                // Behind a guard that is false there are no parts to look at.
                if line.outcome == "not_applicable" {
                    continue;
                }
                match find(&explanation, &line.part) {
                    None => disagreements.push(format!(
                        "{} {}: the explanation has no such part{}",
                        line.patient,
                        line.part,
                        told(&run, context, chart, at, id)
                    )),
                    Some(part) if Outcome::of(part.truth).word() != line.outcome => disagreements
                        .push(format!(
                            "{} {}: {} expected, but {:?}",
                            line.patient, line.part, line.outcome, part.truth
                        )),
                    Some(_) => {}
                }
            }
        });
    }
    assert_none(&disagreements);
}

/// Runs the cohort without a table or with other settings, and lists what does not pass for one
/// patient: `I3 unknown`.
fn not_passing(texts: &BTreeMap<String, String>, patient: &str) -> Vec<String> {
    let protocol = protocol();
    let plan = Plan::lower(&protocol, Choices::chosen(&protocol)).unwrap();
    let run = Run::new(plan, texts);
    let verdicts = run.verdicts(gate(&protocol, GATE));
    verdicts[patient]
        .criteria
        .iter()
        .filter(|said| said.effect.word() != "pass")
        .map(|said| {
            let id = &protocol.criteria[said.criterion.index()].id;
            format!("{id} {}", said.outcome.word())
        })
        .collect()
}

/// A table that is not there says nothing: what leans on it is open, and what does not, is not.
#[test]
fn a_table_that_is_absent_leaves_open_what_leans_on_it() {
    let without = |table: &str| {
        let mut texts = texts();
        texts.remove(table).expect("the cohort has it");
        not_passing(&texts, "typical_woman").join(", ")
    };
    assert_eq!(
        without("observations.csv"),
        "I3 unknown, I7 unknown, I8 unknown, I9 unknown, E2 unknown"
    );
    // Without heart failure a class means nothing; without Gilbert syndrome or with it, her
    // bilirubin is low enough; another autoimmune disease would need no treatment.
    assert_eq!(
        without("conditions.csv"),
        "I3 unknown, I5 unknown, I9 unknown, E1 unknown, E5 unknown, E8 unknown, E9 unknown, \
         E10 unknown, E12 unknown, E16 unknown"
    );
    // She progresses, so that it does not matter whether she is refractory.
    assert_eq!(
        without("treatments.csv"),
        "I7 unknown, E11 unknown, E13 unknown, E15 unknown"
    );
    assert_eq!(
        without("procedures.csv"),
        "I7 unknown, E4 unknown, E13 unknown"
    );
    assert_eq!(without("allergies.csv"), "E7 unknown");
    // Her tests are negative, whoever may become pregnant.
    assert_eq!(
        without("attestations.csv"),
        "I5 needs_judgement, I6 needs_judgement, I9a needs_judgement, E3 needs_judgement, \
         E10 needs_judgement, E12 needs_judgement, E14 needs_judgement, E16 needs_judgement"
    );
}

/// A site that does not record Gilbert syndrome can say so, for that one diagnosis.
#[test]
fn a_code_that_is_not_recorded_leaves_open_what_leans_on_it() {
    let mut texts = texts();
    assert_eq!(
        not_passing(&texts, "I7c-3_bilirubin_3.6_mg_per_dL"),
        ["I7 not_met"]
    );
    texts
        .get_mut("dataset.toml")
        .unwrap()
        .push_str("[conditions.codes.\"icd10|E80.4\"]\ncomplete = false\n");
    assert_eq!(
        not_passing(&texts, "I7c-3_bilirubin_3.6_mg_per_dL"),
        ["I7 unknown"]
    );
    let nothing: [&str; 0] = [];
    assert_eq!(not_passing(&texts, "typical_woman"), nothing);
    assert_eq!(
        not_passing(&texts, "I7c-3_bilirubin_2.4_mg_per_dL"),
        nothing
    );
}

/// The cohort itself: every criterion passes, fails and stays open for somebody.
#[test]
fn every_criterion_is_judged_in_every_way() {
    let (protocol, expected) = (protocol(), expected());
    for criterion in &protocol.criteria {
        let effects: BTreeSet<&str> = expected
            .iter()
            .filter(|line| line.criterion == *criterion.id)
            .map(|line| line.effect.as_str())
            .collect();
        // That a form was not signed is never certain: it may still be.
        let wanted: &[&str] = if &*criterion.id == "I1" {
            &["open", "pass"]
        } else {
            &["fail", "open", "pass"]
        };
        assert_eq!(
            effects.into_iter().collect::<Vec<_>>(),
            wanted,
            "{}",
            criterion.id
        );
    }
}
