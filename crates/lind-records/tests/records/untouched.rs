//! One byte of Lind's own tables and of an OMOP database is changed, put in, taken out, or the last one that is there:
//! who was not touched keeps every row, nobody is lost, and wherever a row is missing something is said.

use std::collections::{BTreeMap, BTreeSet};

use lind_records::{MemoryTables, Table};

use crate::mutations::{Numbers, runs};
use crate::support::{Asked, chart_text};

/// A file as lines, each with whose it is; none: everybody's.
struct File {
    name: &'static str,
    lines: Vec<(String, Option<usize>)>,
}

impl File {
    fn new(name: &'static str, header: &str) -> Self {
        File {
            name,
            lines: vec![(format!("{header}\n"), None)],
        }
    }

    fn with(mut self, rows_of_each: usize, row: impl Fn(usize, usize) -> String) -> Self {
        for owner in 0..PATIENTS {
            for at in 0..rows_of_each {
                let line = format!("{}\n", row(owner, at));
                self.lines.push((line, Some(owner)));
            }
        }
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let lines = self.lines.iter().map(|(line, _)| line.as_bytes());
        lines.collect::<Vec<_>>().concat()
    }

    /// Whose is a byte.
    fn owner(&self, at: usize) -> Option<usize> {
        let mut end = 0;
        for (line, owner) in &self.lines {
            end += line.len();
            if at < end {
                return *owner;
            }
        }
        self.lines.last().and_then(|(_, owner)| *owner)
    }
}

const PATIENTS: usize = 9;

fn name(at: usize) -> String {
    // The database has numbers, and none of these is another one with a digit more or less.
    format!("{}", 111 * (at + 1))
}

fn own_tables() -> Vec<File> {
    let day = |owner: usize, at: usize| format!("2024-05-{:02}", 10 + owner + 9 * at);
    vec![
        File::new("patients.csv", "patient,sex,birth_date").with(1, |owner, _| {
            format!("{},female,19{}-02-03", name(owner), 50 + owner)
        }),
        File::new("observations.csv", "patient,code,time,value,unit").with(2, |owner, at| {
            let (who, day) = (name(owner), day(owner, at));
            format!("{who},loinc|718-7,{day},1{owner}.5,g/dL")
        }),
        File::new("conditions.csv", "patient,code,onset").with(1, |owner, at| {
            format!("{},snomed|195967001,{}", name(owner), day(owner, at))
        }),
        File::new("treatments.csv", "patient,code,start,end").with(1, |owner, at| {
            let (who, from, to) = (name(owner), day(owner, at), day(owner, at + 1));
            format!("{who},atc|L01FA01,{from},{to}")
        }),
    ]
}

fn database() -> Vec<File> {
    let day = |owner: usize, at: usize| format!("2024-05-{:02}", 10 + owner + 9 * at);
    let concepts = "3000963,Hemoglobin,Measurement,LOINC,Lab Test,S,718-7\n\
        8713,gram per deciliter,Unit,UCUM,Unit,S,g/dL\n\
        317009,Asthma,Condition,SNOMED,Clinical Finding,S,195967001\n\
        1314273,rituximab,Drug,ATC,ATC 5th,C,L01FA01";
    let mut vocabulary = File::new(
        "concept.csv",
        "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code",
    );
    let lines = concepts.lines().map(|line| (format!("{line}\n"), None));
    vocabulary.lines.extend(lines);
    vec![
        File::new(
            "person.csv",
            "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth",
        )
        .with(1, |owner, _| {
            format!("{},8532,19{},2,3", name(owner), 50 + owner)
        }),
        File::new(
            "measurement.csv",
            "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id",
        )
        .with(2, |owner, at| {
            let (who, day) = (name(owner), day(owner, at));
            format!("{},{who},3000963,{day},1{owner}.5,8713", 70_000 + 10 * owner + at)
        }),
        File::new(
            "condition_occurrence.csv",
            "condition_occurrence_id,person_id,condition_concept_id,condition_start_date",
        )
        .with(1, |owner, at| {
            let (who, day) = (name(owner), day(owner, at));
            format!("{},{who},317009,{day}", 80_000 + owner)
        }),
        File::new(
            "drug_exposure.csv",
            "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,verbatim_end_date",
        )
        .with(1, |owner, at| {
            let (who, from, to) = (name(owner), day(owner, at), day(owner, at + 1));
            format!("{},{who},1314273,{from},{to}", 90_000 + owner)
        }),
        vocabulary,
    ]
}

/// What is read: the rows of each patient, how many rows there were, and how often something was said.
struct Read {
    charts: BTreeMap<String, Vec<String>>,
    rows: u64,
    told: u64,
}

fn read(tables: &MemoryTables, asked: &Asked, what: &str) -> Option<Read> {
    let mut dataset = asked.open(tables, None).ok()?;
    let mut charts = BTreeMap::new();
    while let Some(chart) = dataset.next_chart().unwrap() {
        let text = chart_text(&dataset, asked, &chart, false);
        let rows = text.lines().filter(|line| !line.contains("set aside:"));
        let rows = rows.map(str::to_owned).collect();
        charts.insert(chart.patient.to_string(), rows);
    }
    let mut rows = 0;
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}: {what}");
        rows += tally.read;
    }
    let told = dataset.problems().total();
    Some(Read { charts, rows, told })
}

/// Changes a file in one place, and says whose bytes stand there.
fn damage(file: &File, numbers: &mut Numbers) -> (Vec<u8>, BTreeSet<Option<usize>>, &'static str) {
    const TELLING: &[u8] = b"\",\n\r\0\xFF\xC3|; .0123456789";
    let mut bytes = file.bytes();
    let at = numbers.below(bytes.len());
    let byte = if numbers.below(2) == 0 {
        TELLING[numbers.below(TELLING.len())]
    } else {
        u8::try_from(numbers.below(256)).unwrap()
    };
    // What stands at the end of a line joins it to the next one.
    let around = at.saturating_sub(1)..=at + 1;
    let mut touched: BTreeSet<Option<usize>> = around.map(|at| file.owner(at)).collect();
    let how = match numbers.below(4) {
        0 => {
            bytes[at] = byte;
            "changed"
        }
        1 => {
            bytes.insert(at, byte);
            "put in"
        }
        2 => {
            bytes.remove(at);
            "left out"
        }
        _ => {
            touched.extend((at..bytes.len()).map(|at| file.owner(at)));
            bytes.truncate(at);
            "cut short"
        }
    };
    (bytes, touched, how)
}

/// A table that was cut between two rows, or in the last cell of one, is a whole table.
fn is_whole(bytes: &[u8]) -> bool {
    let commas = |line: &[u8]| line.iter().filter(|byte| **byte == b',').count();
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = commas(lines.next().unwrap_or_default());
    let last = lines.next_back().unwrap_or_default();
    last.is_empty() || commas(last) == first
}

fn untouched_patients_keep_every_row(files: &[File], first: &str, seed: u64) {
    let asked = Asked::read(
        "observations  hemoglobin  loinc|718-7
         conditions    asthma      snomed|195967001
         treatments    rituximab   atc|L01FA01
         observations  any         *
         conditions    any         *
         treatments    any         *",
    );
    let whole = files.iter().fold(MemoryTables::new(), |tables, file| {
        tables.with(file.name, file.bytes())
    });
    let clean = read(&whole, &asked, "whole").unwrap();
    assert_eq!((clean.charts.len(), clean.told), (PATIENTS, 0));
    let mut numbers = Numbers(seed);
    let mut fewer = 0;
    for round in 1..=runs(500) {
        let file = &files[numbers.below(files.len())];
        let (bytes, touched, how) = damage(file, &mut numbers);
        let is_hidden = how == "cut short" && is_whole(&bytes);
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let what = format!("round {round}: {how} in {}: {shown:?}", file.name);
        let tables = whole.clone().with(file.name, bytes);
        let Some(damaged) = read(&tables, &asked, &what) else {
            assert_eq!(file.name, first, "{what}: only patients are needed");
            continue;
        };
        for owner in 0..PATIENTS {
            let (patient, is_own) = (name(owner), touched.contains(&Some(owner)));
            let chart = damaged.charts.get(&patient);
            assert!(
                chart.is_some() || file.name == first && (is_own || touched.contains(&None)),
                "{what}: {patient} is lost"
            );
            if is_own || touched.contains(&None) {
                continue;
            }
            let rows = chart.cloned().unwrap_or_default();
            let lost = clean.charts[&patient]
                .iter()
                .find(|row| !rows.contains(row));
            assert_eq!(lost, None, "{what}: {patient} was not touched");
        }
        fewer += u32::from(damaged.rows < clean.rows);
        assert!(
            damaged.rows >= clean.rows || damaged.told > 0 || is_hidden,
            "{what}: rows are missing and nothing is said"
        );
    }
    assert!(fewer > 0, "{fewer}");
}

#[test]
fn who_is_not_touched_keeps_every_row_of_the_tables() {
    untouched_patients_keep_every_row(&own_tables(), "patients.csv", 0x1747_0520);
}

#[test]
fn who_is_not_touched_keeps_every_row_of_a_database() {
    untouched_patients_keep_every_row(&database(), "person.csv", 0x1794_0713);
}
