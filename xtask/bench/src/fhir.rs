//! FHIR bundles, one a line: parsed into typed structs and no more, or read and decided.

use std::borrow::Cow;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use lind_eval::{Bindings, Context, Program, Scratch, evaluate_into};
use lind_model::{MilestoneId, Standing, Verdict};
use lind_records::{Dataset, Options, Tables};
use lind_time::When;
use serde::Deserialize;

use crate::failure::Failure;
use crate::passes::{Measured, Moment, gate_of, peak};
use crate::protocol;

/// The day of screening, which is no part of the bundles.
const SCREENING: &str = "2025-06-01";

/// Runs `parse` or `decide` over a file of bundles.
pub(crate) fn run(
    what: &str,
    file: &Path,
    protocol: &Path,
    mapping: &Path,
) -> Result<Measured, Failure> {
    let program = protocol::program_of(protocol)?;
    // Both find the file in the cache of the disk.
    let lines = std::fs::read(file)?;
    let started = Moment::now();
    let mut measured = match what {
        "parse" => parse(&lines)?,
        "decide" => decide(&program, file, mapping)?,
        _ => return Err(Failure::new(format!("there is no `fhir {what}`"))),
    };
    measured.seconds = started.elapsed();
    measured.peak = peak();
    Ok(measured)
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

fn decide(program: &Program, file: &Path, mapping: &Path) -> Result<Measured, Failure> {
    let (gate, screening) = (
        gate_of(program, "leukapheresis")?,
        gate_of(program, "screening")?,
    );
    let day = When::parse(SCREENING).map_err(|error| Failure::new(error.to_string()))?;
    let assumed: [(MilestoneId, When); 1] = [(screening, day)];
    let tables = One {
        file: file.to_owned(),
        mapping: mapping.to_owned(),
    };
    let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default())?;
    let mut bindings = Bindings::new(program, &dataset);
    let mut verdict = Verdict {
        gate,
        standing: Standing::Undetermined,
        criteria: Vec::new(),
    };
    let (mut scratch, mut measured) = (Scratch::new(), Measured::default());
    loop {
        let charts = dataset.next_batch(256)?;
        if charts.is_empty() {
            break;
        }
        bindings.update(program, &dataset);
        let context = Context::new(&dataset, &bindings).assuming(&assumed);
        for chart in &charts {
            evaluate_into(program, &context, chart, gate, &mut scratch, &mut verdict);
            measured.patients += 1;
            measured.count(verdict.standing);
        }
    }
    measured.problems = dataset.problems().total();
    Ok(measured)
}
