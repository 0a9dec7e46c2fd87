//! Bytes of FHIR data are changed, added, taken out and cut off. Nothing panics, whoever was not
//! touched keeps all rows, and where a row is missing something is said.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const PATIENTS: [&str; 4] = ["anna-1", "berta-22", "carla-333", "dora-4444"];

/// A small generator of numbers: the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn resources(patient: &str) -> Vec<(&'static str, String)> {
    let subject = format!("\"subject\":{{\"reference\":\"Patient/{patient}\"}}");
    let code = |system: &str, code: &str| {
        format!("{{\"coding\":[{{\"system\":\"{system}\",\"code\":\"{code}\"}}]}}")
    };
    let hemoglobin = |id: u8, value: &str| {
        format!(
            "{{\"resourceType\":\"Observation\",\"id\":\"o{id}\",\"status\":\"final\",\"code\":{},{subject},\
             \"effectiveDateTime\":\"2024-05-0{id}\",\"valueQuantity\":{{\"value\":{value},\"unit\":\"g/dL\",\
             \"system\":\"http://unitsofmeasure.org\",\"code\":\"g/dL\"}}}}",
            code("http://loinc.org", "718-7")
        )
    };
    vec![
        (
            "Patient",
            format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"{patient}\",\"gender\":\"female\",\"birthDate\":\"1980-05-09\"}}"
            ),
        ),
        ("Observation", hemoglobin(1, "13.5")),
        ("Observation", hemoglobin(2, "12.25")),
        (
            "Condition",
            format!(
                "{{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{},{subject},\"onsetDateTime\":\"2016\"}}",
                code("http://hl7.org/fhir/sid/icd-10", "C44.9")
            ),
        ),
        (
            "MedicationRequest",
            format!(
                "{{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\",\"intent\":\"order\",\
                 \"medicationCodeableConcept\":{},{subject},\"authoredOn\":\"2024-01-02\"}}",
                code("http://www.whocc.no/atc", "L01FA01")
            ),
        ),
    ]
}

fn packed(file: &Sample) -> Sample {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&file.bytes).unwrap();
    let bytes = packed.finish().unwrap();
    Sample {
        name: match file.name {
            "Observation.ndjson" => "Observation.ndjson.gz",
            "Condition.ndjson" => "Condition.ndjson.gz",
            _ => "MedicationRequest.ndjson.gz",
        },
        owners: vec![None; bytes.len()],
        bytes,
    }
}

/// A file, and which patient each of its bytes is of; none: of all of them.
#[derive(Clone)]
struct Sample {
    name: &'static str,
    bytes: Vec<u8>,
    owners: Vec<Option<usize>>,
}

impl Sample {
    fn new(name: &'static str) -> Self {
        Sample {
            name,
            bytes: Vec::new(),
            owners: Vec::new(),
        }
    }

    fn push(&mut self, text: &str, owner: Option<usize>) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.owners.resize(self.bytes.len(), owner);
    }
}

/// The same data in four ways.
fn sets() -> Vec<Vec<Sample>> {
    let all: Vec<Vec<(&str, String)>> = PATIENTS.iter().map(|patient| resources(patient)).collect();
    let mut by_type = Vec::new();
    for kind in ["Patient", "Observation", "Condition", "MedicationRequest"] {
        let mut file = Sample::new(match kind {
            "Patient" => "Patient.ndjson",
            "Observation" => "Observation.ndjson",
            "Condition" => "Condition.ndjson",
            _ => "MedicationRequest.ndjson",
        });
        for (owner, resources) in all.iter().enumerate() {
            for (_, text) in resources.iter().filter(|(other, _)| *other == kind) {
                file.push(text, Some(owner));
                file.push("\n", Some(owner));
            }
        }
        by_type.push(file);
    }
    let bundle = |file: &mut Sample, owners: &[usize]| {
        file.push(
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n",
            None,
        );
        let mut before = "";
        for &owner in owners {
            for (_, text) in &all[owner] {
                file.push(
                    &format!("{before}{{\"fullUrl\":\"urn:uuid:x\",\"resource\":{text}}}"),
                    Some(owner),
                );
                before = ",\n";
            }
        }
        file.push("\n]}\n", None);
    };
    // All but the patients once more in gzip, of which no byte is anybody's own.
    let packed: Vec<Sample> = by_type
        .iter()
        .map(|file| match file.name {
            "Patient.ndjson" => file.clone(),
            _ => packed(file),
        })
        .collect();
    let names = ["anna.json", "berta.json", "carla.json", "dora.json"];
    let each = names.into_iter().enumerate().map(|(owner, name)| {
        let mut file = Sample::new(name);
        bundle(&mut file, &[owner]);
        // What goes wrong in a patient's own file is that patient's.
        file.owners.fill(Some(owner));
        file
    });
    let mut together = Sample::new("all.json");
    bundle(&mut together, &[0, 1, 2, 3]);
    vec![by_type, each.collect(), vec![together], packed]
}

/// The rows of each patient, as numbers of them in each table.
fn rows(tables: &MemoryTables) -> (BTreeMap<String, [usize; 3]>, u64) {
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    let mut dataset = Dataset::open(tables, &wanted, Options::default()).unwrap();
    let mut rows = BTreeMap::new();
    while let Some(chart) = dataset.next_chart().unwrap() {
        let counts = [
            chart.observations.len(),
            chart.conditions.len(),
            chart.treatments.len(),
        ];
        rows.insert(chart.patient.to_string(), counts);
    }
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
    (rows, dataset.problems().total())
}

fn damaged(file: &Sample, numbers: &mut Numbers, touched: &mut [bool]) -> Vec<u8> {
    let mut bytes = file.bytes.clone();
    let at = numbers.below(bytes.len());
    let mut touch = |from: usize, to: usize| {
        for owner in &file.owners[from..to.min(file.owners.len())] {
            match owner {
                Some(owner) => touched[*owner] = true,
                None => touched.fill(true),
            }
        }
    };
    // A change at the edge of a record may join it to its neighbour.
    let around = at.saturating_sub(3);
    match numbers.below(5) {
        0 => {
            bytes[at] ^= 1 << numbers.below(8);
            touch(around, at + 4);
        }
        1 => {
            bytes.insert(at, b"\"\\{}[],:\n\0x9\xff"[numbers.below(13)]);
            touch(around, at + 4);
        }
        2 => {
            let end = (at + 1 + numbers.below(12)).min(bytes.len());
            bytes.drain(at..end);
            touch(around, end + 4);
        }
        3 => {
            bytes[at] = u8::try_from(numbers.below(256)).unwrap();
            touch(around, at + 4);
        }
        _ => {
            // A file of lines that ends with a line is whole, whatever stood behind it.
            let is_line_end = |at: usize| at > 0 && file.bytes[at..].starts_with(b"\n");
            let at = if is_line_end(at) || is_line_end(at.saturating_sub(1)) {
                at.saturating_sub(4)
            } else {
                at
            };
            bytes.truncate(at);
            touch(around, file.bytes.len());
        }
    }
    bytes
}

fn run(count: u64) {
    let sets = sets();
    let clean: Vec<_> = sets
        .iter()
        .map(|set| {
            let tables = set.iter().fold(MemoryTables::new(), |tables, file| {
                tables.with(file.name, file.bytes.clone())
            });
            rows(&tables)
        })
        .collect();
    for (clean, problems) in &clean {
        assert_eq!((clean.len(), *problems), (4, 0));
        assert!(
            clean.values().all(|counts| *counts == [2, 1, 1]),
            "{clean:?}"
        );
    }
    let (mut changed, mut silent) = (0, 0);
    for seed in 0..count {
        let numbers = &mut Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        numbers.below(2);
        let which = numbers.below(sets.len());
        let set = &sets[which];
        let victim = numbers.below(set.len());
        let mut touched = [false; 4];
        let mut tables = MemoryTables::new();
        let mut shown = String::new();
        for (index, file) in set.iter().enumerate() {
            let bytes = if index == victim {
                damaged(file, numbers, &mut touched)
            } else {
                file.bytes.clone()
            };
            if index == victim {
                shown = String::from_utf8_lossy(&bytes).into_owned();
            }
            tables = tables.with(file.name, bytes);
        }
        let (rows, problems) = rows(&tables);
        let mut is_less = false;
        for (patient, before) in PATIENTS.iter().zip(touched) {
            let expected = &clean[which].0[*patient];
            let now = rows.get(*patient);
            let is_whole =
                now.is_some_and(|now| now.iter().zip(expected).all(|(now, before)| now >= before));
            is_less |= !is_whole;
            // Whoever stands in a file that is whole is there, whatever becomes of the others.
            assert!(
                now.is_some() || !set[victim].name.ends_with(".gz"),
                "seed {seed}: {patient} is lost"
            );
            assert!(
                before || is_whole,
                "seed {seed}: {patient} was not touched and lost rows: {now:?}\n{shown}"
            );
        }
        changed += u64::from(is_less);
        silent += u64::from(is_less && problems == 0);
        assert!(
            !is_less || problems > 0,
            "seed {seed}: rows are missing and nothing is said\n{shown}"
        );
    }
    println!("{count} runs, {changed} lost rows, {silent} of them silently");
}

/// `LIND_RUNS=10000` runs as many.
#[test]
fn damaged_data_lose_nobody_and_say_what_is_missing() {
    let runs = std::env::var("LIND_RUNS").ok();
    run(runs.and_then(|runs| runs.parse().ok()).unwrap_or(1000));
}
