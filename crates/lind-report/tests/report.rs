//! Reports of made-up verdicts: how they are laid out, and what they keep.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;

use lind_check::NoModules;
use lind_diagnostics::{FileId, Files, Span};
use lind_model::verdict::FactUsed;
use lind_model::{
    Choices, CriterionId, CriterionVerdict, Explanation, MilestoneId, OpenKind, Outcome, Plan,
    ReadingId, Standing, Truth, Verdict,
};
use lind_report::{
    Evidence, OtherReading, Readings, Screened, Style, Tally, TextTable, csv_rows, evidence_json,
    evidence_tree, json_line, markdown_row, readings_json, readings_text,
};

const PROTOCOL: &str = "\
protocol NCT0001
  title \"体重 trial\"

milestone consent
milestone screening after consent

judgement well \"Is the participant well?\" by investigator
judgement ill \"Is the participant ill?\" by investigator

reading Q1 \"well: by whom?\"
  either: \"by anybody\"
  both:   \"by both\"
  chosen either \"plain\"

inclusion I1 \"Well\"
  at consent
  investigator judges well

exclusion E1 \"Ill\"
  at screening
  depending on Q1
    either: investigator judges ill
    both:   investigator judges ill
";

fn plan() -> (Files, Plan) {
    let mut files = Files::new();
    let file = files.add("trial.lind", PROTOCOL);
    let analysis = lind_check::check(&mut files, file, &mut NoModules);
    assert_eq!(analysis.diagnostics, []);
    let protocol = analysis.protocol.unwrap();
    let choices = Choices::chosen(&protocol);
    (files, Plan::lower(&protocol, choices).unwrap())
}

/// A verdict at screening from the outcomes of I1 and E1.
fn verdict(plan: &Plan, outcomes: [Outcome; 2]) -> Verdict {
    let criteria: Vec<CriterionVerdict> = plan
        .protocol
        .criteria
        .iter()
        .zip(outcomes)
        .enumerate()
        .map(|(index, (criterion, outcome))| CriterionVerdict {
            criterion: CriterionId::from_index(index),
            outcome,
            effect: outcome.effect(criterion.kind),
            due: true,
        })
        .collect();
    Verdict {
        gate: MilestoneId(1),
        standing: Standing::of(criteria.iter().map(|criterion| criterion.effect)),
        criteria,
    }
}

fn screened(plan: &Plan, patient: &str, reason: &str) -> Screened {
    Screened {
        patient: Arc::from(patient),
        verdict: verdict(plan, [Outcome::NotMet, Outcome::Met]),
        reasons: vec![
            (CriterionId(0), reason.to_owned()),
            (CriterionId(1), "because".to_owned()),
        ],
    }
}

const LONG: &str =
    "the investigator answered no on 2025-03-01 and nobody has answered anything else since then";

#[test]
fn reasons_stand_beside_short_names_and_below_long_ones() {
    let (_, plan) = plan();
    let short = TextTable::new(&plan, ["P1"], Style::default());
    assert_eq!(
        short.head() + &short.row(&plan, &screened(&plan, "P1", LONG)),
        "\
patient  gate       standing      decided by
P1       screening  ineligible    I1: the investigator answered no on 2025-03-01
                                  and nobody has answered anything else since
                                  then; also E1
"
    );
    let uuid = "5f0c2c1e-8a4f-4d0e-9d4b-0d7f2f3c9b11";
    let long = TextTable::new(&plan, [uuid], Style::default());
    assert_eq!(
        long.head() + &long.row(&plan, &screened(&plan, uuid, LONG)),
        "\
patient                               gate       standing
5f0c2c1e-8a4f-4d0e-9d4b-0d7f2f3c9b11  screening  ineligible
    I1: the investigator answered no on 2025-03-01 and nobody has answered
    anything else since then; also E1
"
    );
}

#[test]
fn a_longer_name_that_comes_later_keeps_the_columns() {
    let (_, plan) = plan();
    let table = TextTable::new(&plan, ["P1"], Style::default());
    assert_eq!(
        table.row(&plan, &screened(&plan, "a longer name", "no")),
        "\
a longer name
         screening  ineligible    I1: no; also E1
"
    );
}

#[test]
fn columns_are_counted_and_not_characters() {
    let (_, plan) = plan();
    let table = TextTable::new(&plan, ["体重体重", "P1"], Style::default());
    let wide = table.row(&plan, &screened(&plan, "体重体重", "no"));
    let narrow = table.row(&plan, &screened(&plan, "P1", "no"));
    assert!(wide.starts_with("体重体重  screening"), "{wide}");
    assert!(narrow.starts_with("P1        screening"), "{narrow}");
}

#[test]
fn what_the_data_say_stays_what_it_is_in_every_format() {
    let (_, plan) = plan();
    let hostile = screened(&plan, "=P\u{1b}[2J|\u{202e}1", "a,\"b\"|<c>\n-1");
    assert_eq!(
        csv_rows(&plan, &hostile).lines().next().unwrap(),
        "'=P\u{1b}[2J|\u{202e}1,screening,ineligible,I1,inclusion,not_met,fail,yes,consent,\"a,\"\"b\"\"|<c>"
    );
    assert_eq!(
        markdown_row(&plan, &hostile),
        "| =P&lt;U+001B>\\[2J\\|&lt;U+202E>1 | screening | ineligible | I1: a,\"b\"\\|&lt;c> -1; also E1 |\n"
    );
    let json = json_line(&plan, &hostile);
    assert!(!json.contains(char::is_control), "{json}");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["patient"], "=P\u{1b}[2J|\u{202e}1");
    assert_eq!(value["criteria"][0]["reason"], "a,\"b\"|<c>\n-1");
}

#[test]
fn json_has_the_fields_that_are_promised() {
    let (_, plan) = plan();
    let mut patient = screened(&plan, "P1", "no");
    patient.reasons.truncate(1);
    patient.verdict = verdict(&plan, [Outcome::NotMet, Outcome::NotMet]);
    assert_eq!(
        json_line(&plan, &patient),
        concat!(
            r#"{"schema":"lind.screen/1","patient":"P1","gate":"screening","verdict":"ineligible","criteria":["#,
            r#"{"id":"I1","kind":"inclusion","outcome":"not_met","effect":"fail","reason":"no","due":true,"gate":"consent"},"#,
            r#"{"id":"E1","kind":"exclusion","outcome":"not_met","effect":"pass","reason":"","due":true,"gate":"screening"}]}"#
        )
    );
}

#[test]
fn a_tally_tells_what_alone_keeps_patients_out() {
    let (_, plan) = plan();
    let mut tally = Tally::default();
    tally.add(&verdict(&plan, [Outcome::NotMet, Outcome::Met]));
    tally.add(&verdict(&plan, [Outcome::NotMet, Outcome::Unknown]));
    tally.add(&verdict(&plan, [Outcome::Met, Outcome::NeedsJudgement]));
    tally.add(&verdict(&plan, [Outcome::Met, Outcome::NotMet]));
    assert_eq!(
        tally.to_text(&plan, Style::default()),
        "\
4 patients: 1 eligible, 2 ineligible, 1 undetermined

criterion  fails  alone   open
I1             2      1      0  Well
E1             1      0      2  Ill
"
    );
}

fn part(label: &str, text: &str, truth: Truth, because: &str) -> Explanation {
    Explanation {
        label: label.to_owned(),
        text: text.to_owned(),
        truth,
        because: because.to_owned(),
        facts: Vec::new(),
        settle: None,
        boundary_sensitive: false,
        span: Span::new(FileId::from_index(0), 0, 0),
        parts: Vec::new(),
    }
}

/// A criterion with a list of a labelled leaf, a list that says it again, and an arm that asks nothing.
fn explanation() -> Explanation {
    let mut leaf = part("a", "well", Truth::False, "the investigator answered no");
    leaf.facts.push(FactUsed {
        text: "well: no".to_owned(),
        file: "attestations.csv".to_owned(),
        line: 7,
        record: None,
    });
    let mut open = part(
        "",
        "ill",
        Truth::Open(OpenKind::NeedsJudgement),
        "nobody answered",
    );
    open.settle = Some("an answer".to_owned());
    let mut again = part("b", "b \"ill\": all of", open.truth, "nobody answered");
    again.settle = open.settle.clone();
    again.parts.push(open);
    let mut arm = part(
        "",
        "depending on Q1",
        Truth::NotApplicable,
        "it only says how other conditions are read",
    );
    arm.parts.push(arm.clone());
    let mut list = part("", "all of", Truth::False, "1 of 2 parts does not hold: a");
    list.parts = vec![leaf, again, arm];
    let mut root = part(
        "I1",
        "Well",
        Truth::False,
        "at consent: the investigator answered no",
    );
    root.parts = vec![list];
    root
}

#[test]
fn evidence_is_a_tree_that_says_nothing_twice() {
    let (files, plan) = plan();
    let verdict = verdict(&plan, [Outcome::NotMet, Outcome::Met]);
    let tree = evidence_tree(
        &plan,
        &files,
        &verdict,
        CriterionId(0),
        &explanation(),
        Style::default(),
    );
    assert_eq!(
        tree,
        "\
I1 Well
inclusion: not met, so it fails (trial.lind:15)
at consent: the investigator answered no
✗ all of
│  1 of 2 parts does not hold: a
├─ ✗ a: well
│     the investigator answered no
│     • well: no (attestations.csv:7)
└─ ? b \"ill\": all of › ill
      nobody answered
      → an answer
"
    );
}

#[test]
fn names_that_stand_for_names_take_one_level() {
    let (files, plan) = plan();
    let verdict = verdict(&plan, [Outcome::NotMet, Outcome::Met]);
    let mut root = part("", "leaf", Truth::False, "because");
    for level in 0..60 {
        let mut above = part("", &format!("name{level}"), Truth::False, "because");
        above.parts.push(root);
        root = above;
    }
    let tree = evidence_tree(
        &plan,
        &files,
        &verdict,
        CriterionId(0),
        &root,
        Style::default(),
    );
    assert!(tree.contains("✗ name58 › name57 › "), "{tree}");
    assert!(tree.ends_with("name0 › leaf\n   because\n"), "{tree}");
    assert!(
        tree.lines().all(|line| line.chars().count() <= 80),
        "{tree}"
    );
}

#[test]
fn evidence_keeps_everything_in_json() {
    let (files, plan) = plan();
    let evidence = Evidence {
        patient: Arc::from("P1"),
        verdict: verdict(&plan, [Outcome::NotMet, Outcome::Met]),
        explanations: vec![(CriterionId(0), explanation())],
    };
    let json = evidence_json(&plan, &files, &evidence);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["schema"], "lind.why/1");
    let list = &value["criteria"][0]["evidence"]["parts"][0];
    assert_eq!(list["parts"].as_array().unwrap().len(), 3);
    assert_eq!(list["parts"][0]["facts"][0]["line"], 7);
    assert_eq!(list["parts"][1]["parts"][0]["value"], "needs_judgement");
    assert_eq!(list["parts"][1]["parts"][0]["settle"], "an answer");
}

#[test]
fn those_who_change_alike_stand_together() {
    let (_, plan) = plan();
    let chosen = verdict(&plan, [Outcome::Met, Outcome::NotMet]);
    let mut other = OtherReading::new(ReadingId(0), 1);
    for patient in ["P1", "P3"] {
        let ill = verdict(&plan, [Outcome::Met, Outcome::Met]);
        other.compare(&Arc::from(patient), &chosen, &ill);
    }
    let open = verdict(&plan, [Outcome::Met, Outcome::Unknown]);
    other.compare(&Arc::from("P2"), &chosen, &open);
    other.compare(&Arc::from("P4"), &chosen, &chosen);
    let readings = Readings {
        plan: &plan,
        shown: Vec::new(),
        others: vec![other],
        patients: 4,
    };
    assert_eq!(
        readings_text(&readings, Style::default()),
        "\
Q1 well: by whom?
  ● either: by anybody
    chosen: plain
  ○ both: by both
    eligible → ineligible at screening by E1: 2 patients
      P1, P3
    eligible → undetermined at screening by E1: 1 patient
      P2

                  become
instead  change   eligible  ineligible  undetermined
Q1=both       3          ·           2             1
4 patients
"
    );
    let value: serde_json::Value = serde_json::from_str(&readings_json(&readings)).unwrap();
    let both = &value["readings"][0]["alternatives"][1];
    assert_eq!(both["flips"].as_array().unwrap().len(), 3);
    assert_eq!(both["flips"][2]["to"], "undetermined");
}
