#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests fail by panicking, read their data from the disk and have a library to compare with"
)]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use sas_xport::sas::SasVariableType;
use sas_xport::sas::xport::{
    XportDatasetVersion, XportFileVersion, XportMetadata, XportReader, XportSchema, XportValue,
    XportVariable, XportWriter,
};

use super::open;
use crate::sdtm::row::{Row, Step, Unopened};
use crate::settings::Encoding;

/// The names of the variables, the rows, and what was said of those that are broken.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>, Vec<String>) {
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let mut data = open(source, Encoding::Utf8)
        .unwrap()
        .unwrap_or_else(|why| panic!("{why:?}"));
    let (mut row, mut rows, mut broken) = (Row::default(), Vec::new(), Vec::new());
    loop {
        match data.rows.step(&mut row).unwrap() {
            Step::End => return (data.names, rows, broken),
            Step::Row => {
                let texts = (0..row.len()).map(|at| row.text(at).to_owned());
                rows.push(texts.collect());
            }
            Step::Broken(why) => broken.push(why.message),
        }
    }
}

/// The same by the library.
fn by_the_library(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = XportReader::from_reader(Cursor::new(bytes.to_vec())).unwrap();
    let mut dataset = reader.next_dataset().unwrap().unwrap();
    let variables = dataset.schema().variables();
    let names = variables
        .iter()
        .map(|variable| variable.full_name().to_owned())
        .collect();
    let mut rows = Vec::new();
    while let Some(record) = dataset.next_record().unwrap() {
        let text = |value: &XportValue<'_>| match value {
            XportValue::Character(text) => text.trim().to_owned(),
            XportValue::Number(number) if number.is_nan() => String::new(),
            // What 15 digits of a number make.
            XportValue::Number(number) => {
                format!("{number:.14e}").parse::<f64>().unwrap().to_string()
            }
        };
        rows.push(record.iter().map(text).collect());
    }
    (names, rows)
}

fn files() -> Vec<PathBuf> {
    let root = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(folder) = std::fs::read_dir(root.join("sdtm/example")) else {
        println!("../shared/data is absent: the comparison with sas_xport was not run");
        return Vec::new();
    };
    let paths = folder.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "xpt"))
        .collect()
}

#[test]
fn real_files_read_as_the_library_reads_them() {
    for path in files() {
        let bytes = std::fs::read(&path).unwrap();
        let (names, rows, broken) = read(&bytes);
        assert_eq!((names, rows), by_the_library(&bytes), "{path:?}");
        assert_eq!(broken, [""; 0], "{path:?}");
    }
}

/// A data set as the library writes it.
fn written(version: XportFileVersion, names: &[&str], rows: &[(&str, f64)]) -> Vec<u8> {
    let dataset_version = match version {
        XportFileVersion::V5 => XportDatasetVersion::V5,
        XportFileVersion::V8 => XportDatasetVersion::V8,
    };
    let metadata = XportMetadata::builder().xport_file_version(version).build();
    let mut schema = XportSchema::builder();
    schema
        .dataset_name("LB")
        .xport_dataset_version(dataset_version);
    for (at, name) in names.iter().enumerate() {
        let mut variable = XportVariable::builder();
        let is_number = at + 1 == names.len();
        variable.full_name(*name);
        if is_number {
            variable
                .value_type(SasVariableType::Numeric)
                .value_length(8);
        } else {
            variable
                .value_type(SasVariableType::Character)
                .value_length(12);
        }
        schema.add_variable(variable);
    }
    let writer = XportWriter::from_writer(Cursor::new(Vec::new()), metadata).unwrap();
    let mut writer = writer.write_schema(schema.try_build().unwrap()).unwrap();
    for (subject, value) in rows {
        let mut record = vec![XportValue::from("S1"), XportValue::from("LB")];
        record.push(XportValue::from(*subject));
        record.push(XportValue::from(*value));
        writer.write_record(&record).unwrap();
    }
    match version {
        XportFileVersion::V5 => writer.finish().unwrap().into_inner(),
        XportFileVersion::V8 => writer.set_count_and_finish().unwrap().into_inner(),
    }
}

const NAMES: [&str; 4] = ["STUDYID", "DOMAIN", "USUBJID", "LBSTRESN"];

const ROWS: [(&str, f64); 5] = [
    ("p1", 13.5),
    ("p2", 0.2),
    ("p3", f64::NAN),
    ("p4", -1e-7),
    ("p5", 123_456_789_012_345.0),
];

#[test]
fn both_versions_are_read_and_their_numbers_are_as_they_were_typed() {
    for version in [XportFileVersion::V5, XportFileVersion::V8] {
        let bytes = written(version, &NAMES, &ROWS);
        let (names, rows, broken) = read(&bytes);
        assert_eq!(names, NAMES);
        let values: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row[2].as_str(), row[3].as_str()))
            .collect();
        let expected = [
            ("p1", "13.5"),
            ("p2", "0.2"),
            ("p3", ""),
            ("p4", "-0.0000001"),
            ("p5", "123456789012345"),
        ];
        assert_eq!(values, expected, "{version:?}");
        assert_eq!(broken, [""; 0], "{version:?}");
    }
}

#[test]
fn long_names_of_version_8_are_read() {
    let names = ["STUDYID", "DOMAIN", "USUBJID", "RESULT_OF_THE_MEASUREMENT"];
    let bytes = written(XportFileVersion::V8, &names, &ROWS);
    assert_eq!(read(&bytes).0, names);
}

/// Where the records begin.
fn first_record(bytes: &[u8]) -> usize {
    let study = b"S1          LB          p1";
    memchr::memmem::find(bytes, study).unwrap()
}

#[test]
fn a_file_that_is_cut_short_says_so() {
    let bytes = written(XportFileVersion::V5, &NAMES, &ROWS);
    let end = first_record(&bytes) + 5 * 44;
    for length in first_record(&bytes) + 1..end {
        let (_, rows, broken) = read(&bytes[..length]);
        let whole = (length - first_record(&bytes)) / 44;
        assert_eq!(rows.len(), whole, "{length} bytes");
        // Only a cut between two records at the end of a card cannot be seen.
        let is_seen =
            !length.is_multiple_of(80) || !(length - first_record(&bytes)).is_multiple_of(44);
        assert_eq!(broken.is_empty(), !is_seen, "{length} bytes: {broken:?}");
    }
}

#[test]
fn a_byte_put_in_costs_one_record() {
    let bytes = written(XportFileVersion::V5, &NAMES, &ROWS);
    for at in 0..44 {
        let mut damaged = bytes.clone();
        damaged.insert(first_record(&bytes) + 2 * 44 + at, b'\r');
        let (_, rows, broken) = read(&damaged);
        assert!(!broken.is_empty(), "{at}");
        let subjects: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
        for subject in ["p1", "p4", "p5"] {
            assert!(subjects.contains(&subject), "{at}: {subjects:?}");
        }
    }
}

#[test]
fn a_number_of_more_than_eight_bytes_is_damage() {
    let mut bytes = written(XportFileVersion::V5, &NAMES, &ROWS);
    let numeric = memchr::memmem::find(&bytes, b"LBSTRESN").unwrap();
    bytes[numeric - 3] = 9;
    let source = Box::new(Cursor::new(bytes));
    let opened = open(source, Encoding::Utf8).unwrap();
    assert!(matches!(opened, Err(Unopened::Unreadable(_))));
}

/// The texts of a file, and how many of them had to be guessed at.
fn texts_of(bytes: &[u8], encoding: Encoding) -> (Vec<String>, u64) {
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let mut data = open(source, encoding)
        .unwrap()
        .unwrap_or_else(|why| panic!("{why:?}"));
    let (mut row, mut texts) = (Row::default(), Vec::new());
    while let Step::Row = data.rows.step(&mut row).unwrap() {
        texts.extend((0..row.len()).map(|at| row.text(at).to_owned()));
    }
    (texts, data.rows.guessed())
}

#[test]
fn texts_that_are_not_in_utf_8_are_in_windows_1252() {
    let mut bytes = written(XportFileVersion::V5, &NAMES, &ROWS);
    let second = first_record(&bytes) + 44;
    bytes[second + 24] = 0xE9;
    for (encoding, guesses) in [(Encoding::Utf8, 1), (Encoding::Windows1252, 0)] {
        let (texts, guessed) = texts_of(&bytes, encoding);
        assert!(texts.contains(&"é2".to_owned()), "{texts:?}");
        assert_eq!(guessed, guesses, "{encoding:?}");
    }
}
