//! The dose decisions of a trial, held against its rule.

use lind_model::Protocol;
use lind_model::results::{DoseDecisions, Results};

use super::{Section, Table};
use crate::escalation::Replayed;

/// What each decision was, what the rule says, and whether the two agree. Nothing where the protocol has no rule.
pub(super) fn decisions(protocol: &Protocol, results: &Results) -> Section {
    let heading = "Dose decisions".to_owned();
    let rule = protocol.trial.escalation.as_ref();
    let assumed = rule.and_then(|rule| rule.assumed.as_ref());
    let assumed = assumed.map(|why| format!("assumed, {why}"));
    match &results.decisions {
        None => Section {
            heading,
            ..Section::default()
        },
        Some(Err(why)) => Section {
            heading,
            about: vec![format!(
                "The dose decisions cannot be held against the rule: {why}."
            )],
            ..Section::default()
        },
        Some(Ok(decisions)) => {
            let replayed = Replayed {
                title: String::new(),
                conduct: decisions.conduct.clone(),
                run: decisions.run.clone(),
                replay: decisions.replay.clone(),
            };
            let mut about: Vec<String> = replayed
                .rules()
                .into_iter()
                .map(|rule| format!("Rule: {rule}."))
                .collect();
            about.push(replayed.standing());
            let mut table = table(&replayed);
            let elsewhere = replayed.replay.findings.iter();
            table.notes.extend(
                elsewhere.map(|finding| format!("{}: {}", finding.day, replayed.finding(finding))),
            );
            table.notes.extend(assumed);
            table.notes.extend(not_counted(decisions));
            Section {
                heading,
                about,
                tables: vec![table],
                ..Section::default()
            }
        }
    }
}

fn table(replayed: &Replayed) -> Table {
    let head = [
        "Date",
        "Level",
        "Treated",
        "DLT / evaluable",
        "Decision by the rule",
        "Decision made",
        "Verdict",
    ];
    let steps = replayed.replay.steps.iter();
    let rows = steps.map(|step| {
        let known = step.known.get(step.level).copied().unwrap_or_default();
        let treated = known
            .tally
            .evaluable
            .saturating_add(known.pending)
            .saturating_add(known.not_counted);
        let mut verdict = replayed.verdict(step).to_owned();
        for finding in &step.findings {
            verdict.push_str(&format!(": {}", replayed.finding(finding)));
        }
        vec![
            step.day.to_string(),
            replayed.level(step.level),
            treated.to_string(),
            known.tally.to_string(),
            replayed.rule(step),
            replayed.done(step),
            verdict,
        ]
    });
    Table {
        caption: "Dose decisions, the rule and what was done".to_owned(),
        head: head.map(ToOwned::to_owned).to_vec(),
        words: vec![1, 4, 5, 6],
        rows: rows.collect(),
        notes: vec![
            "DLT / evaluable: how many had a dose-limiting toxicity, of those who count at the level and whose window is over or who had one"
                .to_owned(),
        ],
    }
}

/// Who could not be counted, and why.
fn not_counted(decisions: &DoseDecisions) -> impl Iterator<Item = String> + '_ {
    decisions.told.iter().cloned()
}
