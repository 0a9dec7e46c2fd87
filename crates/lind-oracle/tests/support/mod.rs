//! Asking the interpreter and the oracle the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_eval::{Bindings, Context, Program, Scratch, evaluate, evaluate_into};
use lind_model::{
    AskedId, Choices, CriterionId, CriterionVerdict, Effect, MilestoneId, Outcome, Plan, Protocol,
    Truth, Verdict,
};
use lind_oracle::generate::Pair;
use lind_oracle::{Patient, PlainDataset};
use lind_records::{Dataset, MemoryTables, Options};
use lind_time::When;

/// What the interpreter says, through the tables and the plan.
pub(crate) fn interpreter(pair: &Pair) -> Verdict {
    let Pair {
        protocol,
        choices,
        case,
    } = pair;
    let patients = [("p", &case.patient)];
    let asked = [(choices.clone(), case.gate)];
    let mut verdicts = interpret(protocol, &patients, &case.dataset, &asked, &case.bound);
    verdicts.pop().expect("one patient and one question")
}

/// What the interpreter says of several patients in one data set, each asked all that is asked.
pub(crate) fn interpret(
    protocol: &Protocol,
    patients: &[(&str, &Patient)],
    described: &PlainDataset,
    asked: &[(Choices, MilestoneId)],
    bound: &[(MilestoneId, String)],
) -> Vec<Verdict> {
    let bound: Vec<(MilestoneId, When)> = bound
        .iter()
        .map(|(id, text)| (*id, When::parse(text).expect("bound to a day")))
        .collect();
    let protocol = Arc::new(protocol.clone());
    let programs: Vec<Program> = asked
        .iter()
        .map(|(choices, _)| {
            let plan = Plan::lower(&protocol, choices.clone());
            Program::new(plan.expect("random protocols are small"))
        })
        .collect();
    let mut tables = MemoryTables::new();
    for (name, text) in lind_oracle::written_together(patients, described) {
        tables = tables.with(name, text);
    }
    let as_of = When::parse(&described.as_of).ok();
    let options = Options {
        as_of,
        ..Options::default()
    };
    let wanted = Program::wanted_by(&programs);
    let mut dataset = Dataset::open(&tables, &wanted, options).expect("the tables can be opened");
    let mut bindings: Vec<Bindings> = programs
        .iter()
        .map(|program| Bindings::new(program, &dataset))
        .collect();
    // What is left of one chart must not reach the next.
    let mut scratch = Scratch::new();
    let mut verdicts = Vec::new();
    let mut read = 0;
    while let Some(chart) = dataset.next_chart().expect("memory can be read") {
        read += 1;
        for ((program, bindings), (_, gate)) in programs.iter().zip(&mut bindings).zip(asked) {
            // Bindings may lag behind the dictionaries.
            if read % 2 == 1 {
                bindings.update(program, &dataset);
            }
            let mut context = Context::new(&dataset, bindings);
            if let Some(as_of) = as_of {
                context = context.as_of(as_of);
            }
            let context = context.assuming(&bound);
            let alone = evaluate(program, &context, &chart, *gate);
            let mut again = alone.clone();
            evaluate_into(program, &context, &chart, *gate, &mut scratch, &mut again);
            assert_eq!(alone, again, "a used scratch changes nothing");
            let asked = 0..program.plan().asked.len();
            let asked = asked.map(|place| {
                lind_eval::ask(
                    program,
                    &context,
                    &chart,
                    AskedId::from_index(place),
                    &mut scratch,
                )
            });
            verdicts.push(with_asked(alone, asked.collect()));
        }
    }
    verdicts
}

/// A verdict with the values of what is asked outside the criteria behind those of the criteria.
fn with_asked(mut verdict: Verdict, asked: Vec<Truth>) -> Verdict {
    for truth in asked {
        verdict.criteria.push(CriterionVerdict {
            criterion: CriterionId::from_index(verdict.criteria.len()),
            outcome: Outcome::of(truth),
            effect: Effect::Open,
            due: false,
        });
    }
    verdict
}

/// What the oracle says.
pub(crate) fn oracle(pair: &Pair) -> Verdict {
    let Pair {
        protocol,
        choices,
        case,
    } = pair;
    oracle_of(
        protocol,
        choices,
        &case.patient,
        &case.dataset,
        (case.gate, &case.bound),
    )
}

/// What the oracle says of a patient.
pub(crate) fn oracle_of(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    (gate, bound): (MilestoneId, &[(MilestoneId, String)]),
) -> Verdict {
    let verdict = lind_oracle::verdict_on(protocol, choices, patient, dataset, gate, bound);
    let asked = lind_oracle::asked_on(protocol, choices, patient, dataset, bound);
    with_asked(verdict, asked)
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

    /// What did not occur ten times: then agreement says little of it.
    pub(crate) fn missing(&self) -> Vec<String> {
        let outcomes = [
            "met",
            "not_met",
            "unknown",
            "needs_judgement",
            "not_applicable",
            "pending",
        ];
        let seldom = |count: Option<&u64>| count.is_none_or(|count| *count < 10);
        let mut missing: Vec<String> = Vec::new();
        for outcome in outcomes {
            if seldom(self.criteria.get(outcome)) {
                missing.push(outcome.to_owned());
            }
        }
        for standing in ["eligible", "ineligible", "undetermined"] {
            if seldom(self.standings.get(standing)) {
                missing.push(standing.to_owned());
            }
        }
        for sort in lind_oracle::SORTS_OF_CONDITIONS {
            let decided: &[&str] = match sort {
                "nothing" => &["not_applicable"],
                "happened" => &["met"],
                _ => &["met", "not_met"],
            };
            for outcome in decided {
                if seldom(self.conditions.get(&(sort, outcome))) {
                    missing.push(format!("{sort}: {outcome}"));
                }
            }
        }
        missing
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
            "  milestone {} not later {:?} same as {:?} values {:?}\n",
            milestone.name, milestone.not_later, milestone.same_as, milestone.values
        ));
    }
    for term in &small.protocol.definitions {
        text += &brief(&format!(
            "  define {}: {:?}\n",
            term.name, term.condition.kind
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
    for asked in &small.protocol.asked {
        text += &brief(&format!(
            "  asked at {:?}: {:?}\n",
            asked.gate, asked.condition
        ));
    }
    text += &format!("  bound {:?}\n", small.case.bound);
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
