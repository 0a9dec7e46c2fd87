//! Asking the interpreter and the oracle the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_eval::{Bindings, Context, Program};
use lind_model::{Plan, Verdict};
use lind_oracle::generate::Pair;
use lind_records::{Dataset, MemoryTables, Options};
use lind_time::When;

/// What the interpreter says, through the tables and the plan.
pub(crate) fn interpreter(pair: &Pair) -> Verdict {
    let protocol = Arc::new(pair.protocol.clone());
    let plan = Plan::lower(&protocol, pair.choices.clone()).expect("random protocols are small");
    let program = Program::new(plan);
    let mut tables = MemoryTables::new();
    for (name, text) in lind_oracle::written(&pair.case.patient, &pair.case.dataset) {
        tables = tables.with(name, text);
    }
    let as_of = When::parse(&pair.case.dataset.as_of).ok();
    let options = Options {
        as_of,
        ..Options::default()
    };
    let mut dataset =
        Dataset::open(&tables, &program.wanted(), options).expect("the tables can be opened");
    let chart = dataset
        .next_chart()
        .expect("memory can be read")
        .expect("there is one patient");
    let bindings = Bindings::new(&program, &dataset);
    let mut context = Context::new(&dataset, &bindings);
    if let Some(as_of) = as_of {
        context = context.as_of(as_of);
    }
    lind_eval::evaluate(&program, &context, &chart, pair.case.gate)
}

/// What the oracle says.
pub(crate) fn oracle(pair: &Pair) -> Verdict {
    let Pair {
        protocol,
        choices,
        case,
    } = pair;
    lind_oracle::verdict(protocol, choices, &case.patient, &case.dataset, case.gate)
}

/// Whether the two say the same.
pub(crate) fn agree(pair: &Pair) -> bool {
    interpreter(pair) == oracle(pair)
}

/// How often each sort of condition had each outcome, and each verdict each standing.
#[derive(Default)]
pub(crate) struct Distribution {
    conditions: lind_oracle::Tally,
    criteria: BTreeMap<&'static str, u64>,
    standings: BTreeMap<&'static str, u64>,
}

impl Distribution {
    /// Counts one pair in.
    pub(crate) fn add(&mut self, pair: &Pair, verdict: &Verdict) {
        let Pair {
            protocol,
            choices,
            case,
        } = pair;
        let tally = lind_oracle::tally(protocol, choices, &case.patient, &case.dataset, case.gate);
        for (sort, count) in tally {
            *self.conditions.entry(sort).or_default() += count;
        }
        for criterion in &verdict.criteria {
            let word = if criterion.due {
                criterion.outcome.word()
            } else {
                "not due"
            };
            *self.criteria.entry(word).or_default() += 1;
        }
        *self.standings.entry(verdict.standing.word()).or_default() += 1;
    }
}

impl std::fmt::Display for Distribution {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "standings: {:?}", self.standings)?;
        writeln!(formatter, "criteria:  {:?}", self.criteria)?;
        let mut sorts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((sort, outcome), count) in &self.conditions {
            let outcomes = sorts.entry(sort).or_default();
            outcomes.push(format!("{outcome} {count}"));
        }
        for (sort, outcomes) in sorts {
            writeln!(formatter, "{sort:20} {}", outcomes.join(", "))?;
        }
        Ok(())
    }
}

/// A disagreement, made small, as text.
pub(crate) fn report(seed: u64, pair: Pair) -> String {
    let small = lind_oracle::minimise(pair, |pair| !agree(pair));
    let outcomes = |verdict: &Verdict| {
        let words: Vec<String> = verdict
            .criteria
            .iter()
            .map(|criterion| {
                let due = if criterion.due { "" } else { " (not due)" };
                format!("{}{due}", criterion.outcome.word())
            })
            .collect();
        format!("{}: {}", verdict.standing.word(), words.join(", "))
    };
    let mut text = format!(
        "seed {seed}\n  interpreter {}\n  oracle      {}\n",
        outcomes(&interpreter(&small)),
        outcomes(&oracle(&small))
    );
    for milestone in &small.protocol.milestones {
        text += &brief(&format!(
            "  milestone {} not later {:?} values {:?}\n",
            milestone.name, milestone.not_later, milestone.values
        ));
    }
    text += &format!("  choices {:?} gate {:?}\n", small.choices, small.case.gate);
    for criterion in &small.protocol.criteria {
        text += &brief(&format!(
            "  {} {:?} gate {:?} guard {:?} term {:?}\n",
            criterion.id, criterion.kind, criterion.gate, criterion.guard, criterion.term
        ));
        for part in &criterion.parts {
            text += &brief(&format!("    {part:?}\n"));
        }
    }
    for (name, content) in lind_oracle::written(&small.case.patient, &small.case.dataset) {
        if content.lines().count() > 1 || small.case.dataset.absent.is_empty() {
            text += &format!("  {name}\n");
            for line in content.lines() {
                text += &format!("    {line}\n");
            }
        }
    }
    text + &format!(
        "  as of {:?} absent {:?}\n",
        small.case.dataset.as_of, small.case.dataset.absent
    )
}

/// Without what random protocols leave empty.
fn brief(text: &str) -> String {
    let mut text = text.to_owned();
    for empty in [
        ", label: None, text: \"\", span: Span { file: FileId(0), start: 0, end: 0 }",
        ", text: \"\"",
        "filters: [], ",
        "exceptions: []",
        "Condition { kind: ",
    ] {
        text = text.replace(empty, "");
    }
    text
}
