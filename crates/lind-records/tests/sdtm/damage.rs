//! Whatever becomes of the bytes of a data set: no panic, no record that is not accounted for, no
//! subject lost whose records were not touched, and something is said wherever anything is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use lind_records::{Dataset, MemoryTables, Options, Table};
use sas_xport::sas::SasVariableType;
use sas_xport::sas::xport::{XportMetadata, XportSchema, XportValue, XportVariable, XportWriter};

use crate::support::{anything, charts};

/// How many data sets of each container are damaged: as many as `LIND_RUNS` says, or few, so that all tests stay quick.
fn rounds() -> usize {
    let told = std::env::var("LIND_RUNS").ok();
    told.and_then(|runs| runs.parse().ok()).unwrap_or(1_000)
}

/// In how many of them there are both data sets; in the others there is DM alone.
fn both() -> usize {
    rounds() * 7 / 10
}

const SUBJECTS: usize = 12;

fn subject(at: usize) -> String {
    format!("S1-{at:03}")
}

/// A data set: its variables and its rows. The last variable is a number.
struct Data {
    name: &'static str,
    variables: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

fn data() -> [Data; 2] {
    let subjects = Data {
        name: "DM",
        variables: vec!["STUDYID", "DOMAIN", "USUBJID", "SEX", "BRTHDTC", "AGE"],
        rows: (0..SUBJECTS)
            .map(|at| {
                let sex = if at % 2 == 0 { "F" } else { "M" };
                let birth = format!("19{}-05-0{}", 40 + at, 1 + at % 9);
                let cells = ["S1", "DM", &subject(at), sex, &birth, "63"];
                cells.map(str::to_owned).to_vec()
            })
            .collect(),
    };
    let results = Data {
        name: "LB",
        variables: vec![
            "STUDYID", "DOMAIN", "USUBJID", "LBTESTCD", "LBSTRESU", "LBDTC", "LBSTRESN",
        ],
        rows: (0..3 * SUBJECTS)
            .map(|at| {
                let date = format!("2014-0{}-11", 1 + at % 3);
                let value = format!("{}.5", 10 + at);
                let cells = ["S1", "LB", &subject(at / 3), "HGB", "g/dL", &date, &value];
                cells.map(str::to_owned).to_vec()
            })
            .collect(),
    };
    [subjects, results]
}

/// A file, and where each of its rows ends.
struct File {
    name: String,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl File {
    /// The row in which a byte stands; none: before the rows.
    fn row_at(&self, at: usize, head: usize) -> Option<usize> {
        (at >= head).then(|| self.ends.iter().take_while(|end| **end <= at).count())
    }

    fn head(&self) -> usize {
        let lengths = self.ends[1] - self.ends[0];
        self.ends[0] - lengths
    }
}

fn json_row(row: &[String]) -> String {
    let (number, texts) = row.split_last().unwrap();
    let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    format!("[{},{number}]", texts.join(","))
}

fn json_head(data: &Data) -> String {
    let column = |name: &&str| format!("{{\"itemOID\":\"IT.{name}\",\"name\":\"{name}\"}}");
    let columns: Vec<String> = data.variables.iter().map(column).collect();
    format!(
        "{{\"datasetJSONVersion\":\"1.1.0\",\"records\":{},\"name\":\"{}\",\"columns\":[{}]",
        data.rows.len(),
        data.name,
        columns.join(",")
    )
}

fn file(data: &Data, container: &str) -> File {
    let name = format!("{}.{container}", data.name.to_lowercase());
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    match container {
        "csv" => {
            writeln!(bytes, "{}", data.variables.join(",")).unwrap();
            for row in &data.rows {
                writeln!(bytes, "{}", row.join(",")).unwrap();
                ends.push(bytes.len());
            }
        }
        "json" => {
            write!(bytes, "{},\"rows\":[", json_head(data)).unwrap();
            for (at, row) in data.rows.iter().enumerate() {
                let comma = if at + 1 == data.rows.len() { "" } else { "," };
                write!(bytes, "{}{comma}", json_row(row)).unwrap();
                ends.push(bytes.len());
            }
            write!(bytes, "]}}").unwrap();
        }
        "ndjson" | "dsjc" => {
            writeln!(bytes, "{}}}", json_head(data)).unwrap();
            for row in &data.rows {
                writeln!(bytes, "{}", json_row(row)).unwrap();
                ends.push(bytes.len());
            }
            if container == "dsjc" {
                let mut packed = GzEncoder::new(Vec::new(), Compression::default());
                packed.write_all(&bytes).unwrap();
                bytes = packed.finish().unwrap();
                // Nothing of it stands in a place of its own.
                ends.clear();
            }
        }
        "xpt" => (bytes, ends) = transport_file(data),
        _ => panic!("{container}"),
    }
    File { name, bytes, ends }
}

fn transport_file(data: &Data) -> (Vec<u8>, Vec<usize>) {
    let (last, texts) = data.variables.split_last().unwrap();
    let mut schema = XportSchema::builder();
    schema.dataset_name(data.name);
    let mut length = 8;
    for (at, name) in texts.iter().enumerate() {
        let longest = data.rows.iter().map(|row| row[at].len()).max().unwrap();
        length += longest;
        let mut variable = XportVariable::builder();
        variable
            .short_name(*name)
            .value_type(SasVariableType::Character)
            .value_length(u16::try_from(longest).unwrap());
        schema.add_variable(variable);
    }
    let mut variable = XportVariable::builder();
    variable
        .short_name(*last)
        .value_type(SasVariableType::Numeric)
        .value_length(8);
    schema.add_variable(variable);
    let metadata = XportMetadata::builder().build();
    let writer = XportWriter::from_writer(Cursor::new(Vec::new()), metadata).unwrap();
    let mut writer = writer.write_schema(schema.try_build().unwrap()).unwrap();
    for row in &data.rows {
        let (number, texts) = row.split_last().unwrap();
        let mut values: Vec<XportValue<'_>> = texts
            .iter()
            .map(|text| XportValue::from(text.as_str()))
            .collect();
        values.push(XportValue::from(number.parse::<f64>().unwrap()));
        writer.write_record(&values).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let first = format!("S1{}{}", data.name, subject(0));
    let start = bytes
        .windows(first.len())
        .position(|window| window == first.as_bytes())
        .unwrap();
    let ends = (1..=data.rows.len())
        .map(|row| start + row * length)
        .collect();
    (bytes, ends)
}

/// A small generator of numbers, so that every run makes the same changes.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }
}

/// Bytes that mean something to somebody.
const TELLING: &[u8] = b"\",\n\r\0\xFF\xC3[]{}:\\ .0123456789HEADER";

/// Changes a file in one place, and says where.
fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) -> (usize, &'static str) {
    let at = numbers.below(bytes.len());
    let byte = if numbers.below(2) == 0 {
        TELLING[numbers.below(TELLING.len())]
    } else {
        u8::try_from(numbers.below(256)).unwrap()
    };
    match numbers.below(4) {
        0 => {
            bytes[at] = byte;
            (at, "flipped")
        }
        1 => {
            bytes.insert(at, byte);
            (at, "put in")
        }
        2 => {
            bytes.remove(at);
            (at, "left out")
        }
        _ => {
            bytes.truncate(at);
            (at, "cut short")
        }
    }
}

/// Whether nothing in a container tells that rows came after: CSV does not say how many rows it has, nor
/// does version 5 of the transport files, whose cards must be whole.
fn is_invisible(file: &File, bytes: &[u8]) -> bool {
    if file.name.ends_with(".xpt") {
        let is_between = bytes.len() == file.head() || file.ends.contains(&bytes.len());
        return bytes.len().is_multiple_of(80) && is_between;
    }
    let commas = |text: &[u8]| text.iter().filter(|byte| **byte == b',').count();
    let last = bytes
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    file.name.ends_with(".csv") && (last.is_empty() || commas(last) == commas(first))
}

struct Outcome {
    charts: BTreeMap<String, String>,
    is_told: bool,
}

fn outcome(files: &[&File], damaged: Option<(usize, &[u8])>, round: usize) -> Outcome {
    let mut tables = MemoryTables::new();
    for (at, file) in files.iter().enumerate() {
        let bytes = match damaged {
            Some((which, bytes)) if which == at => bytes,
            _ => &file.bytes,
        };
        tables = tables.with(file.name.clone(), bytes);
    }
    let mut dataset = Dataset::open(&tables, &anything(), Options::default()).unwrap();
    let charts = charts(&mut dataset).into_iter().collect();
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "round {round}: {table}");
    }
    for problem in dataset.problems().listed() {
        let is_plain = !problem
            .message
            .contains(|character: char| character.is_control());
        assert!(is_plain, "round {round}: {problem:?}");
    }
    Outcome {
        charts,
        is_told: dataset.problems().total() > 0,
    }
}

fn both_data_sets(container: &str) {
    let data = data();
    let files: Vec<File> = data.iter().map(|data| file(data, container)).collect();
    let files: Vec<&File> = files.iter().collect();
    let whole = outcome(&files, None, 0);
    assert!(!whole.is_told);
    assert_eq!(whole.charts.len(), SUBJECTS);
    let mut numbers = Numbers(0x1747_0520);
    for round in 1..=both() {
        let which = numbers.below(2);
        let mut bytes = files[which].bytes.clone();
        let (at, how) = damage(&mut bytes, &mut numbers);
        let what = format!("round {round}: byte {at} of {} {how}", files[which].name);
        let damaged = outcome(&files, Some((which, &bytes)), round);

        // Nobody who stands in both data sets is lost, whatever becomes of one of them.
        let row = match files[which].ends.as_slice() {
            [] => None,
            _ => files[which].row_at(at, files[which].head()),
        };
        let of_row = row
            .and_then(|row| data[which].rows.get(row))
            .map(|row| row[2].clone());
        for subject in whole.charts.keys() {
            assert!(
                damaged.charts.contains_key(subject),
                "{what}: {subject} is lost"
            );
        }

        // Where more is changed than the row that was touched, it is told.
        let changed: BTreeSet<&String> = whole
            .charts
            .iter()
            .filter(|(subject, chart)| damaged.charts.get(*subject) != Some(*chart))
            .map(|(subject, _)| subject)
            .collect();
        let is_own = |subject: &&&String| of_row.as_ref() == Some(**subject);
        let others = changed.iter().filter(|subject| !is_own(subject)).count();
        // A row whose subject became another is a row of that one.
        let moved = usize::from(changed.len() == 2 && others == 1);
        let is_told = damaged.is_told || (how == "cut short" && is_invisible(files[which], &bytes));
        assert!(
            others == moved || is_told,
            "{what}: {changed:?} changed without a word"
        );
    }
}

/// Of DM alone, what is not touched is not lost.
fn subjects_alone(container: &str) {
    let [subjects, _] = data();
    let file = file(&subjects, container);
    let mut numbers = Numbers(0x1794_0713);
    for round in 1..=rounds() - both() {
        let mut bytes = file.bytes.clone();
        let (at, how) = damage(&mut bytes, &mut numbers);
        let what = format!("round {round}: byte {at} of {} alone {how}", file.name);
        let damaged = outcome(&[&file], Some((0, &bytes)), round);
        let is_told = damaged.is_told || (how == "cut short" && is_invisible(&file, &bytes));
        assert!(
            is_told || damaged.charts.len() == SUBJECTS,
            "{what}: lost without a word"
        );
        let Some(row) = file.row_at(at, file.head()).filter(|_| how != "cut short") else {
            continue;
        };
        // What stands between two rows belongs to both.
        let is_between = file.ends.iter().any(|end| (at..at + 2).contains(end));
        for (other, cells) in subjects.rows.iter().enumerate() {
            let is_touched = other == row || (is_between && other.abs_diff(row) == 1);
            let subject = &cells[2];
            assert!(
                is_touched || damaged.charts.contains_key(subject),
                "{what}: {subject} is lost"
            );
        }
    }
}

#[test]
fn damaged_transport_files_lose_nobody() {
    both_data_sets("xpt");
    subjects_alone("xpt");
}

#[test]
fn damaged_dataset_json_files_lose_nobody() {
    both_data_sets("json");
    subjects_alone("json");
}

#[test]
fn damaged_dataset_json_lines_lose_nobody() {
    both_data_sets("ndjson");
    subjects_alone("ndjson");
}

#[test]
fn damaged_compressed_files_lose_nobody() {
    both_data_sets("dsjc");
}

#[test]
fn damaged_csv_files_lose_nobody() {
    both_data_sets("csv");
    subjects_alone("csv");
}
