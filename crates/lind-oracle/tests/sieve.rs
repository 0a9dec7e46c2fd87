//! Charts of which what cannot matter was left out, of random protocols and patients, and whole ones: the
//! same verdicts, and the same reasons, criterion by criterion. `LIND_RUNS` says of how many protocols.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and are told by their environment how long to go on"
)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use lind_eval::reason_asked;
use lind_eval::{Bindings, Context, Program, Scratch, ask, counted_by_caps, evaluate, reason};
use lind_model::protocol::Criterion;
use lind_model::{AskedId, MilestoneId, Plan, Protocol};
use lind_oracle::generate::{Case, Random, chart, choices, protocol};
use lind_oracle::{Patient, PlainDataset, PlainTable};
use lind_parquet::WithParquet;
use lind_records::{
    Dataset, MemoryTables, NewColumn, Options, RowWriter, Store, Table, Wanted, ingest,
};
use lind_time::When;

/// How many protocols are tried where nothing is said.
const RUNS: u64 = 100;

/// Patients of one protocol.
const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/// A folder in memory.
#[derive(Default)]
struct MemoryStore {
    files: BTreeMap<String, Arc<Mutex<Vec<u8>>>>,
}

struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Store for MemoryStore {
    fn table(&mut self, file: &str, columns: &[NewColumn]) -> io::Result<Box<dyn RowWriter>> {
        let bytes = Arc::default();
        self.files.insert(file.to_owned(), Arc::clone(&bytes));
        lind_parquet::create(Shared(bytes), columns)
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let bytes = Arc::new(Mutex::new(bytes.to_vec()));
        self.files.insert(name.to_owned(), bytes);
        Ok(())
    }
}

/// Some patients, kept ready.
fn kept(patients: &[(&str, &Patient)], dataset: &PlainDataset) -> WithParquet<MemoryTables> {
    let mut tables = MemoryTables::new();
    for (name, text) in lind_oracle::written_together(patients, dataset) {
        tables = tables.with(name, text);
    }
    let mut store = MemoryStore::default();
    ingest(&tables, Options::default(), &mut store).expect("written to memory");
    let mut kept = MemoryTables::new();
    for (name, bytes) in &store.files {
        kept = kept.with(name.clone(), bytes.lock().unwrap().clone());
    }
    WithParquet(kept)
}

/// What is asked of everybody.
struct Asking<'a> {
    program: &'a Program,
    as_of: Option<When>,
    bound: &'a [(MilestoneId, When)],
}

/// What was told of each patient at each gate, all problems, and how many rows were left out.
fn told(tables: &WithParquet<MemoryTables>, wanted: &Wanted, asking: &Asking<'_>) -> Told {
    let options = Options {
        as_of: asking.as_of,
        ..Options::default()
    };
    let program = asking.program;
    let mut dataset = Dataset::open(tables, wanted, options).expect("the store can be opened");
    let mut bindings = Bindings::new(program, &dataset);
    let mut scratch = Scratch::new();
    let mut lines = Vec::new();
    let mut kept = 0;
    while let Some(chart) = dataset.next_chart().expect("memory can be read") {
        kept += chart.observations.len();
        bindings.update(program, &dataset);
        let mut context = Context::new(&dataset, &bindings);
        if let Some(as_of) = asking.as_of {
            context = context.as_of(as_of);
        }
        let context = context.assuming(asking.bound);
        let furthest = program.gate_reached(&chart, &context);
        for gate in &program.plan().gates {
            let gate = *gate;
            let verdict = evaluate(program, &context, &chart, gate);
            lines.push(format!(
                "{} {gate:?} {:?} {furthest:?}",
                chart.patient, verdict.standing
            ));
            for one in &verdict.criteria {
                let reason = reason(program, &context, &chart, gate, one.criterion);
                let (outcome, due) = (one.outcome, one.due);
                lines.push(format!("  {:?} {outcome:?} {due}: {reason}", one.criterion));
            }
            let caps = counted_by_caps(program, &context, &chart, gate, &mut scratch);
            lines.push(format!("  {caps:?}"));
        }
        for place in 0..program.plan().asked.len() {
            let asked = AskedId::from_index(place);
            let truth = ask(program, &context, &chart, asked, &mut scratch);
            let reason = reason_asked(program, &context, &chart, asked);
            lines.push(format!("  {asked:?} {truth:?}: {reason}"));
        }
    }
    for problem in dataset.problems().listed() {
        lines.push(format!("{problem:?}"));
    }
    let tally = dataset.tally(Table::Observations);
    assert_eq!(
        tally.accounted_for(),
        tally.read,
        "each row is counted once"
    );
    Told {
        lines,
        kept: u64::try_from(kept).unwrap_or(u64::MAX),
        left_out: tally.out_of_reach,
    }
}

struct Told {
    lines: Vec<String>,
    kept: u64,
    left_out: u64,
}

/// The same patient with results that are years older, and younger.
fn with_history(patient: &Patient, random: &mut Random) -> Patient {
    let mut patient = patient.clone();
    let mut more = Vec::new();
    for row in &patient.rows {
        let Some((year, rest)) = row.text("time").split_at_checked(4) else {
            continue;
        };
        let Ok(year) = year.parse::<i64>() else {
            continue;
        };
        if row.table == PlainTable::Observations {
            for _ in 0..random.below(4) {
                let years = i64::try_from(random.below(8)).unwrap_or(0) - 6;
                let time = format!("{:04}{rest}", year + years);
                more.push(row.clone().with("time", time));
            }
        }
    }
    patient.rows.extend(more);
    patient
}

/// The whole protocol, and each of its criteria alone: where few conditions ask for values, more of these
/// have a limit.
fn protocols(protocol: &Protocol) -> Vec<Protocol> {
    let alone = |criterion: &Criterion| {
        let mut alone = protocol.clone();
        alone.criteria = vec![criterion.clone()];
        alone.caps.clear();
        alone.asked.clear();
        alone.trial.states.clear();
        alone
    };
    let alone = protocol.criteria.iter().map(alone);
    std::iter::once(protocol.clone()).chain(alone).collect()
}

#[test]
fn what_is_left_out_changes_no_verdict_and_no_reason() {
    let runs = std::env::var("LIND_RUNS").ok();
    let runs = runs.map_or(RUNS, |runs| runs.parse().expect("a number"));
    let mut counted = Counted::default();
    // Of this one the gate comes before the milestone that a window leans on.
    for seed in (0..runs).chain([306]) {
        compare(seed, &mut counted);
    }
    println!("{counted:?}");
    let Counted { pairs, sieved, .. } = counted;
    assert!(
        sieved * 50 > pairs,
        "{sieved} of {pairs} lost a row: the test says little"
    );
}

/// What was compared.
#[derive(Debug, Default)]
struct Counted {
    /// Patients, each with a protocol.
    pairs: u64,
    /// How many of them were of a data set of which a row was left out.
    sieved: u64,
    kept: u64,
    left_out: u64,
}

fn compare(seed: u64, counted: &mut Counted) {
    let mut random = Random::new(seed);
    let protocol = protocol(&mut random);
    let choices = choices(&protocol, &mut random);
    let cases: Vec<Case> = NAMES
        .iter()
        .map(|_| chart(&protocol, &mut random))
        .collect();
    let first = cases.first().expect("a patient");
    let patients: Vec<Patient> = cases
        .iter()
        .map(|case| with_history(&case.patient, &mut random))
        .collect();
    let named: Vec<(&str, &Patient)> = NAMES.into_iter().zip(&patients).collect();
    let bound: Vec<(MilestoneId, When)> = first
        .bound
        .iter()
        .map(|(id, text)| (*id, When::parse(text).expect("bound to a day")))
        .collect();
    let tables = kept(&named, &first.dataset);
    for protocol in protocols(&protocol) {
        let plan = Plan::lower(&Arc::new(protocol), choices.clone());
        let program = Program::new(plan.expect("random protocols are small"));
        let asking = Asking {
            program: &program,
            as_of: When::parse(&first.dataset.as_of).ok(),
            bound: &bound,
        };
        let whole = told(&tables, &program.wanted(), &asking);
        let part = told(
            &tables,
            &program.wanted_for_verdicts(!bound.is_empty()),
            &asking,
        );
        assert_eq!(whole.left_out, 0, "whoever asks for everything gets it");
        let mut lines = whole.lines.iter().zip(&part.lines);
        if let Some((whole, part)) = lines.find(|(whole, part)| whole != part) {
            panic!("seed {seed}\n  whole {whole}\n  part  {part}");
        }
        assert_eq!(whole.lines.len(), part.lines.len(), "seed {seed}");
        let patients = u64::try_from(NAMES.len()).unwrap_or(0);
        counted.pairs += patients;
        counted.sieved += if part.left_out > 0 { patients } else { 0 };
        counted.kept += part.kept;
        counted.left_out += part.left_out;
    }
}
