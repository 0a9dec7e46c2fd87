//! FHIR bundles, one a line: parsed into typed structs and no more, or read and decided.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::time::Instant;

use lind_eval::{Bindings, Context, Program, Scratch, evaluate_into};
use lind_model::{MilestoneId, Standing, Verdict};
use lind_records::{Chart, Dataset, Findings, Options, Portion, PortionReader, ReadError, Tables};
use lind_time::When;
use serde::Deserialize;

use crate::failure::Failure;
use crate::passes::{Measured, Moment, gate_of, peak};
use crate::protocol;

/// The day of screening, which is no part of the bundles.
const SCREENING: &str = "2025-06-01";

/// Runs `parse` or `decide` over a file of bundles.
///
/// Gives what was measured in processor time, and the seconds that passed by the clock.
pub(crate) fn run(
    what: &str,
    file: &Path,
    protocol: &Path,
    mapping: &Path,
) -> Result<(Measured, f64), Failure> {
    let program = protocol::program_of(protocol)?;
    // Both find the file in the cache of the disk; one has it in memory too.
    let lines = Some(std::fs::read(file)?).filter(|_| what == "parse");
    let (started, clock) = (Moment::now(), Instant::now());
    let (mut measured, elsewhere) = match (what, &lines) {
        ("parse", Some(lines)) => (parse(lines)?, 0.0),
        ("decide", _) => decide(&program, file, mapping)?,
        _ => return Err(Failure::new(format!("there is no `fhir {what}`"))),
    };
    measured.seconds = started.elapsed() + elsewhere;
    measured.peak = peak();
    Ok((measured, clock.elapsed().as_secs_f64()))
}

/// What the eight criteria can need of a bundle, borrowed from its text.
#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Resource<'a>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    #[serde(borrow)]
    resource_type: Text<'a>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    gender: Option<Text<'a>>,
    #[serde(borrow)]
    birth_date: Option<Text<'a>>,
    #[serde(borrow)]
    code: Option<Concept<'a>>,
    #[serde(borrow)]
    subject: Option<Reference<'a>>,
    #[serde(borrow)]
    effective_date_time: Option<Text<'a>>,
    #[serde(borrow)]
    onset_date_time: Option<Text<'a>>,
    #[serde(borrow)]
    abatement_date_time: Option<Text<'a>>,
    #[serde(borrow)]
    performed_period: Option<Period<'a>>,
    #[serde(borrow)]
    value_quantity: Option<Quantity<'a>>,
    #[serde(borrow)]
    value_codeable_concept: Option<Concept<'a>>,
    #[serde(borrow)]
    verification_status: Option<Concept<'a>>,
    #[serde(borrow, default)]
    reference_range: Vec<Range<'a>>,
}

#[derive(Deserialize)]
struct Concept<'a> {
    #[serde(borrow, default)]
    coding: Vec<Coding<'a>>,
}

#[derive(Deserialize)]
struct Coding<'a> {
    #[serde(borrow)]
    system: Option<Text<'a>>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    reference: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Period<'a> {
    #[serde(borrow)]
    start: Option<Text<'a>>,
    #[serde(borrow)]
    end: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Quantity<'a> {
    #[serde(borrow)]
    value: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    unit: Option<Text<'a>>,
    #[serde(borrow)]
    system: Option<Text<'a>>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    comparator: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Range<'a> {
    #[serde(borrow)]
    low: Option<Quantity<'a>>,
    #[serde(borrow)]
    high: Option<Quantity<'a>>,
}

/// The least that anything can do which looks at the bundles: one check that they are UTF-8, and
/// each of them as typed structs.
fn parse(lines: &[u8]) -> Result<Measured, Failure> {
    let text = std::str::from_utf8(lines).map_err(|error| Failure::new(error.to_string()))?;
    let mut measured = Measured::default();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let bundle: Bundle<'_> =
            serde_json::from_str(line).map_err(|error| Failure::new(error.to_string()))?;
        measured.patients += 1;
        for entry in &bundle.entry {
            measured.met += entry.resource.weight();
        }
    }
    Ok(measured)
}

impl Resource<'_> {
    /// Something of every field, so that none is left out.
    fn weight(&self) -> u64 {
        let text = |text: &Option<Text<'_>>| text.as_ref().map_or(0, |text| text.0.len());
        let concept = |concept: &Option<Concept<'_>>| {
            let codings = concept.iter().flat_map(|concept| &concept.coding);
            codings
                .map(|coding| text(&coding.system) + text(&coding.code))
                .sum::<usize>()
        };
        let quantity = |quantity: &Option<Quantity<'_>>| {
            quantity.as_ref().map_or(0, |quantity| {
                quantity.value.map_or(0, |value| value.get().len())
                    + text(&quantity.unit)
                    + text(&quantity.system)
                    + text(&quantity.code)
                    + text(&quantity.comparator)
            })
        };
        let weight = self.resource_type.0.len()
            + text(&self.id)
            + text(&self.status)
            + text(&self.gender)
            + text(&self.birth_date)
            + concept(&self.code)
            + self
                .subject
                .as_ref()
                .map_or(0, |subject| text(&subject.reference))
            + text(&self.effective_date_time)
            + text(&self.onset_date_time)
            + text(&self.abatement_date_time)
            + self
                .performed_period
                .as_ref()
                .map_or(0, |period| text(&period.start) + text(&period.end))
            + quantity(&self.value_quantity)
            + concept(&self.value_codeable_concept)
            + concept(&self.verification_status)
            + self
                .reference_range
                .iter()
                .map(|range| quantity(&range.low) + quantity(&range.high))
                .sum::<usize>();
        u64::try_from(black_box(weight)).unwrap_or(0)
    }
}

/// A file of bundles, and the mapping beside it.
struct One {
    file: PathBuf,
    mapping: PathBuf,
}

impl Tables for One {
    fn names(&self) -> Vec<String> {
        let name = self.file.file_name().and_then(|name| name.to_str());
        name.map(str::to_owned).into_iter().collect()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let path = match name {
            "dataset.toml" => &self.mapping,
            _ => &self.file,
        };
        Ok(Some(Box::new(File::open(path)?)))
    }
}

/// What the criteria are asked at, and what is assumed of the patients.
struct Asked {
    gate: MilestoneId,
    assumed: [(MilestoneId, When); 1],
}

impl Asked {
    fn of(program: &Program) -> Result<Self, Failure> {
        let day = When::parse(SCREENING).map_err(|error| Failure::new(error.to_string()))?;
        Ok(Asked {
            gate: gate_of(program, "leukapheresis")?,
            assumed: [(gate_of(program, "screening")?, day)],
        })
    }
}

/// Reads the file and decides everybody, with as many workers as there are processors if the mapping says
/// that bundles are whole. Gives the seconds of processor time of the workers besides.
fn decide(program: &Program, file: &Path, mapping: &Path) -> Result<(Measured, f64), Failure> {
    let asked = Asked::of(program)?;
    let tables = One {
        file: file.to_owned(),
        mapping: mapping.to_owned(),
    };
    let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default())?;
    let mut measured = Measured::default();
    let mut elsewhere = 0.0;
    if dataset.portion_reader().is_some() {
        elsewhere = decide_portions(program, &asked, &mut dataset, &mut measured)?;
    } else {
        let mut worker = Worker::new(program, &dataset, asked.gate);
        loop {
            let charts = dataset.next_batch(256)?;
            if charts.is_empty() {
                break;
            }
            worker.bindings.update(program, &dataset);
            worker.judge(program, &dataset, &asked, &charts, &mut measured);
        }
    }
    measured.problems = dataset.problems().total();
    Ok((measured, elsewhere))
}

/// Prints a line for each patient: the name, the effect of each criterion in the order of the protocol, and
/// where the patient stands.
pub(crate) fn verdicts(file: &Path, protocol: &Path, mapping: &Path) -> Result<(), Failure> {
    let program = protocol::program_of(protocol)?;
    let asked = Asked::of(&program)?;
    let tables = One {
        file: file.to_owned(),
        mapping: mapping.to_owned(),
    };
    let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default())?;
    let mut worker = Worker::new(&program, &dataset, asked.gate);
    while let Some(chart) = dataset.next_chart()? {
        worker.bindings.update(&program, &dataset);
        let mut counted = Measured::default();
        let patient = chart.patient.clone();
        worker.judge(&program, &dataset, &asked, &[chart], &mut counted);
        let effects = worker.verdict.criteria.iter();
        let effects: Vec<&str> = effects.map(|criterion| criterion.effect.word()).collect();
        let standing = worker.verdict.standing.word();
        println!("{patient} {} {standing}", effects.join(" "));
    }
    Ok(())
}

/// What judging charts needs.
struct Worker {
    bindings: Bindings,
    scratch: Scratch,
    verdict: Verdict,
}

impl Worker {
    fn new(program: &Program, dataset: &Dataset, gate: MilestoneId) -> Self {
        Worker {
            bindings: Bindings::new(program, dataset),
            scratch: Scratch::new(),
            verdict: Verdict {
                gate,
                standing: Standing::Undetermined,
                criteria: Vec::new(),
            },
        }
    }

    fn judge(
        &mut self,
        program: &Program,
        dataset: &Dataset,
        asked: &Asked,
        charts: &[Chart],
        measured: &mut Measured,
    ) {
        let context = Context::new(dataset, &self.bindings).assuming(&asked.assumed);
        for chart in charts {
            evaluate_into(
                program,
                &context,
                chart,
                asked.gate,
                &mut self.scratch,
                &mut self.verdict,
            );
            measured.patients += 1;
            measured.count(self.verdict.standing);
        }
    }
}

/// Portions are cut here, read and judged by the workers, and taken in here in their order.
fn decide_portions(
    program: &Program,
    asked: &Asked,
    dataset: &mut Dataset,
    measured: &mut Measured,
) -> Result<f64, Failure> {
    type Read = Result<(Findings, Measured), ReadError>;
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = match std::env::var("LIND_BENCH_WORKERS") {
        Ok(count) => count.parse().unwrap_or(workers),
        Err(_) => workers,
    };
    let (to_workers, portions) = mpsc::sync_channel::<(usize, Portion)>(2 * workers);
    let portions = Mutex::new(portions);
    let (to_us, read) = mpsc::channel::<(usize, Read)>();
    let mut readers: Vec<PortionReader> = Vec::new();
    readers.extend((0..workers).filter_map(|_| dataset.portion_reader()));
    std::thread::scope(|scope| {
        let portions = &portions;
        let threads: Vec<_> = readers
            .into_iter()
            .map(|mut reader| {
                let to_us = to_us.clone();
                scope.spawn(move || {
                    let started = Moment::now();
                    let mut worker = Worker::new(program, reader.dataset(), asked.gate);
                    loop {
                        let next = portions
                            .lock()
                            .ok()
                            .and_then(|portions| portions.recv().ok());
                        let Some((number, portion)) = next else {
                            break;
                        };
                        let read = reader.read(portion).map(|(charts, findings)| {
                            let mut measured = Measured::default();
                            worker.bindings.update(program, reader.dataset());
                            let dataset = reader.dataset();
                            worker.judge(program, dataset, asked, &charts, &mut measured);
                            (findings, measured)
                        });
                        if to_us.send((number, read)).is_err() {
                            break;
                        }
                    }
                    started.elapsed()
                })
            })
            .collect();
        drop(to_us);
        let (mut cut, mut taken) = (0, 0);
        let mut waiting: BTreeMap<usize, Read> = BTreeMap::new();
        let mut take_in = |dataset: &mut Dataset, waiting: &mut BTreeMap<usize, Read>| {
            while let Some(read) = waiting.remove(&taken) {
                let (findings, part) = read?;
                dataset.take_in(findings)?;
                measured.patients += part.patients;
                measured.eligible += part.eligible;
                measured.ineligible += part.ineligible;
                measured.undetermined += part.undetermined;
                taken += 1;
            }
            Ok::<(), Failure>(())
        };
        while let Some(portion) = dataset.next_portion()? {
            if to_workers.send((cut, portion)).is_err() {
                break;
            }
            cut += 1;
            waiting.extend(read.try_iter());
            take_in(dataset, &mut waiting)?;
        }
        drop(to_workers);
        waiting.extend(read.iter());
        take_in(dataset, &mut waiting)?;
        dataset.end_portions();
        let seconds = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(0.0));
        Ok(seconds.sum())
    })
}
