#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and are told how often they run"
)]

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use lind_records::{ConceptId, Dataset, Options, Table, Tables, Wanted};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::ArchiveTables;

const PATIENTS: &str = "patient,sex,birth_date\np1,female,1980-05-09\np2,male,1975\n";
const OBSERVATIONS: &str = "patient,code,time,value,unit\np1,hemoglobin,2024-05-09,13.5,g/dL\np2,hemoglobin,2024-05-09,14,g/dL\n";

fn archive(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(bytes: Vec<u8>) -> std::io::Result<ArchiveTables> {
    let bytes: Arc<[u8]> = bytes.into();
    crate::open(Arc::new(bytes))
}

fn text(tables: &ArchiveTables, name: &str) -> String {
    let mut text = String::new();
    let mut file = tables.open(name).unwrap().unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn files_are_read_without_the_folder_that_all_of_them_lie_in() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let tables = open(archive(
            &[
                ("site/set/patients.csv", PATIENTS.as_bytes()),
                ("site/set/observations.csv", OBSERVATIONS.as_bytes()),
                ("__MACOSX/site/set/._patients.csv", b"x"),
                ("site/.DS_Store", b"x"),
            ],
            method,
        ))
        .unwrap();
        assert_eq!(tables.names(), ["observations.csv", "patients.csv"]);
        assert_eq!(text(&tables, "patients.csv"), PATIENTS);
        assert!(tables.open("set/patients.csv").unwrap().is_none());
        assert!(tables.left_alone().is_empty());
    }
}

#[test]
fn what_is_not_read_is_told_with_the_reason() {
    let names = [
        "../patients.csv",
        "/etc/patients.csv",
        "a\\..\\patients.csv",
        "C:patients.csv",
        "more.zip",
        "patients.csv",
    ];
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (*name, PATIENTS.as_bytes()))
        .collect();
    let tables = open(archive(&files, CompressionMethod::Stored)).unwrap();
    assert_eq!(tables.names(), ["patients.csv"]);
    assert_eq!(
        tables.left_alone().len(),
        names.len() - 1,
        "{:?}",
        tables.left_alone()
    );

    let mut dataset = Dataset::open(&tables, &Wanted::new(), Options::default()).unwrap();
    while dataset.next_chart().unwrap().is_some() {}
    let counts: Vec<_> = dataset.problems().counts().collect();
    assert_eq!((counts[0].0.code, counts[0].1), ("D0806", 5));
}

#[test]
fn parts_of_a_name_that_say_nothing_do_not_count() {
    let tables = open(archive(
        &[
            ("./set//patients.csv", PATIENTS.as_bytes()),
            ("set/observations.csv", OBSERVATIONS.as_bytes()),
            ("set/./patients.csv", b"patient\np3\n"),
        ],
        CompressionMethod::Deflated,
    ))
    .unwrap();
    assert_eq!(tables.names(), ["observations.csv", "patients.csv"]);
    assert_eq!(text(&tables, "patients.csv"), PATIENTS);
    let [(name, why)] = &tables.left_alone()[..] else {
        panic!("{:?}", tables.left_alone());
    };
    assert_eq!(name, "set/./patients.csv");
    assert!(why.contains("the same name"), "{why}");
}

#[test]
fn two_files_of_one_name_are_refused() {
    let mut bytes = archive(
        &[
            ("patients.csv", PATIENTS.as_bytes()),
            ("patients.cs_", b"patient\np3\n"),
        ],
        CompressionMethod::Stored,
    );
    while let Some(at) = bytes.windows(4).position(|four| four == b".cs_") {
        bytes[at + 3] = b'v';
    }
    let error = open(bytes).err().unwrap().to_string();
    assert_eq!(error, "two of its files have the same name");
}

#[test]
fn a_file_that_is_encrypted_is_told() {
    let mut bytes = archive(
        &[("patients.csv", PATIENTS.as_bytes())],
        CompressionMethod::Stored,
    );
    // The first bit of the flags, in the file's own header and in the directory.
    bytes[6] |= 1;
    let directory = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    bytes[directory + 8] |= 1;
    let tables = open(bytes).unwrap();
    assert!(tables.names().is_empty());
    assert!(tables.left_alone()[0].1.contains("encrypted"));
}

#[test]
fn what_would_unpack_to_far_more_than_it_is_worth_is_refused() {
    let mut bytes = archive(
        &[("patients.csv", PATIENTS.as_bytes())],
        CompressionMethod::Deflated,
    );
    let directory = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    bytes[directory + 24..directory + 28].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    let error = open(bytes).err().unwrap().to_string();
    assert!(error.contains("1 GiB"), "{error}");
}

#[test]
fn a_file_that_unpacks_to_more_than_it_says_is_damaged() {
    let mut bytes = archive(
        &[("patients.csv", PATIENTS.as_bytes())],
        CompressionMethod::Deflated,
    );
    let directory = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    bytes[directory + 24] = 5;
    bytes[directory + 25] = 0;
    let tables = open(bytes).unwrap();
    let mut read = Vec::new();
    let error = tables
        .open("patients.csv")
        .unwrap()
        .unwrap()
        .read_to_end(&mut read);
    assert!(error.unwrap_err().to_string().contains("damaged"));
    assert!(read.len() < 1_000);
}

#[test]
fn what_is_no_archive_is_refused() {
    for bytes in [&b""[..], b"PK", b"patient,sex\np1,female\n"] {
        assert!(open(bytes.to_vec()).is_err());
    }
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

/// An archive has a check sum for each file: what is read is what was packed, or it is refused.
#[test]
fn damaged_archives_are_refused_or_lose_nothing() {
    let whole = archive(
        &[
            ("patients.csv", PATIENTS.as_bytes()),
            ("observations.csv", OBSERVATIONS.as_bytes()),
        ],
        CompressionMethod::Deflated,
    );
    let mut wanted = Wanted::new();
    wanted.add_any(Table::Observations, ConceptId(0));
    let mut numbers = Numbers(0x2024_0509);
    let (mut refused, mut read) = (0, 0);
    // As many as `LIND_RUNS` says, or few, so that all tests stay quick.
    let runs = std::env::var("LIND_RUNS").ok();
    let runs: u32 = runs.and_then(|runs| runs.parse().ok()).unwrap_or(2_000);
    for round in 0..runs {
        let mut bytes = whole.clone();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len());
            match numbers.below(8) {
                0..=3 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                4 | 5 => bytes[at] ^= 1 << numbers.below(8),
                6 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let Ok(tables) = open(bytes) else {
            refused += 1;
            continue;
        };
        let names = tables.names();
        let mut contents = Vec::new();
        let mut is_whole = true;
        for name in &names {
            let mut content = Vec::new();
            match tables
                .open(name)
                .unwrap()
                .unwrap()
                .read_to_end(&mut content)
            {
                Ok(_) => contents.push(content),
                Err(_) => is_whole = false,
            }
        }
        if !is_whole {
            refused += 1;
            continue;
        }
        // A changed name is a file that is not known, or left alone; a changed content is never read.
        for content in contents {
            let is_one = content == PATIENTS.as_bytes() || content == OBSERVATIONS.as_bytes();
            assert!(is_one, "round {round}: {names:?}");
        }
        if let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) {
            while dataset.next_chart().unwrap().is_some() {}
            read += 1;
        }
    }
    assert!(
        refused * 10 > runs && read * 100 > runs,
        "{refused} refused, {read} read"
    );
}
