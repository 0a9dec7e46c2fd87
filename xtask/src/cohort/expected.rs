//! What a reader of the protocol says about a patient.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::patient::Patient;
use super::tables;

/// What a criterion says of a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Met,
    NotMet,
    Unknown,
    NeedsJudgement,
    NotApplicable,
    Pending,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::NeedsJudgement => "needs_judgement",
            Self::NotApplicable => "not_applicable",
            Self::Pending => "pending",
        }
    }

    /// What it does to the patient, in a criterion of this number: E… excludes.
    fn effect(self, criterion: &str) -> &'static str {
        match (self, criterion.starts_with('E')) {
            (Self::NotApplicable, _) | (Self::Met, false) | (Self::NotMet, true) => "pass",
            (Self::Met, true) | (Self::NotMet, false) => "fail",
            (Self::Unknown | Self::NeedsJudgement | Self::Pending, _) => "open",
        }
    }
}

/// Which question is asked: the alternative of one reading, if it is not the chosen one, and the
/// gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    /// `Q9=b_x`; blank for the readings that the protocol chooses.
    pub(super) reading: &'static str,
    /// The milestone up to which everything is to be decided.
    pub(super) gate: &'static str,
}

/// The answer about one criterion.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub(super) question: Question,
    /// The criterion, or the label of a part of one: `I7b-1`.
    pub(super) part: &'static str,
    pub(super) outcome: Outcome,
    /// The reason, as a person would give it.
    pub(super) why: &'static str,
}

impl Expectation {
    fn criterion(&self) -> &'static str {
        criterion(self.part)
    }
}

/// The criterion that a part belongs to. I9a has a number of its own, since it is a commitment.
fn criterion(part: &'static str) -> &'static str {
    match part {
        "I9b" | "I9c" => "I9",
        _ if part.starts_with("I7") => "I7",
        _ => part,
    }
}

/// `expected/verdicts.csv`: a line for each criterion that a patient is about.
///
/// Under another reading only what changes is written; the rest is as under the chosen ones.
pub(super) fn write(patients: &[Patient]) -> io::Result<String> {
    let mut text = String::new();
    tables::line(
        &mut text,
        [
            "patient",
            "reading",
            "gate",
            "verdict",
            "criterion",
            "part",
            "outcome",
            "effect",
            "why",
        ],
    );
    for patient in patients {
        let standings = standings(patient)?;
        for expectation in &patient.expected {
            let question = expectation.question;
            let criterion = expectation.criterion();
            let part = if criterion == expectation.part {
                ""
            } else {
                expectation.part
            };
            tables::line(
                &mut text,
                [
                    patient.id,
                    question.reading,
                    question.gate,
                    standings.get(&question).copied().unwrap_or_default(),
                    criterion,
                    part,
                    expectation.outcome.word(),
                    expectation.outcome.effect(criterion),
                    expectation.why,
                ],
            );
        }
    }
    Ok(text)
}

/// Where the patient stands for each question. A criterion that no expectation names passes.
fn standings(patient: &Patient) -> io::Result<BTreeMap<Question, &'static str>> {
    let questions: BTreeSet<Question> = patient
        .expected
        .iter()
        .map(|expectation| expectation.question)
        .collect();
    let mut standings = BTreeMap::new();
    for question in questions {
        let mut effects: BTreeMap<&str, &str> = BTreeMap::new();
        // What the question says itself comes first; what it does not say is as chosen.
        let chosen = Question {
            reading: "",
            ..question
        };
        for asked in [question, chosen] {
            let said: BTreeSet<&str> = effects.keys().copied().collect();
            for expectation in &patient.expected {
                let criterion = expectation.criterion();
                if expectation.question != asked || said.contains(criterion) {
                    continue;
                }
                let effect = expectation.outcome.effect(criterion);
                let before = effects.insert(criterion, effect);
                if before.is_some_and(|before| before != effect) {
                    return Err(io::Error::other(format!(
                        "{}: two expectations about {criterion} contradict",
                        patient.id
                    )));
                }
            }
        }
        let has = |effect| effects.values().any(|other| *other == effect);
        let standing = if has("fail") {
            "ineligible"
        } else if has("open") {
            "undetermined"
        } else {
            "eligible"
        };
        standings.insert(question, standing);
    }
    let about = patient
        .expected
        .iter()
        .any(|expectation| expectation.question.reading.is_empty());
    if !about {
        return Err(io::Error::other(format!(
            "{}: nothing is expected under the chosen readings",
            patient.id
        )));
    }
    Ok(standings)
}
