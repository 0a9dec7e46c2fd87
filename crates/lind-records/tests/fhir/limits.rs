//! Limits, and archives that were made to fill a disk.

use std::io::{self, Read, Write};

use lind_records::{ConceptId, Dataset, Options, Table, Tables, Wanted};

/// Makes a file anew each time.
type Make = Box<dyn Fn() -> Box<dyn Read + Send> + Sync>;

/// Files that are made up while they are read.
struct MadeUp(Vec<(&'static str, Make)>);

impl Tables for MadeUp {
    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let made = self.0.iter().find(|(other, _)| *other == name);
        Ok(made.map(|(_, make)| make()))
    }
}

const PATIENT: &str = "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n";

fn text(text: &'static str) -> Make {
    Box::new(move || Box::new(text.as_bytes()))
}

fn codes(files: Vec<(&'static str, Make)>) -> (Vec<&'static str>, usize) {
    let mut wanted = Wanted::new();
    wanted.add_any(Table::Observations, ConceptId(0));
    let mut dataset = Dataset::open(&MadeUp(files), &wanted, Options::default()).unwrap();
    while dataset.next_chart().unwrap().is_some() {}
    let codes = dataset.problems().counts().map(|(rule, _)| rule.code);
    (codes.collect(), dataset.patient_count())
}

/// As many blanks, and what follows.
fn blanks(count: u64, after: &'static str) -> Make {
    Box::new(move || Box::new(io::repeat(b' ').take(count).chain(after.as_bytes())))
}

#[test]
fn a_line_beyond_the_limit_costs_that_line() {
    let long = blanks(1 << 27, "\n{\"resourceType\":\"Patient\",\"id\":\"p2\"}\n");
    let (codes, patients) = codes(vec![("Patient.ndjson", text(PATIENT)), ("a.ndjson", long)]);
    assert_eq!((codes, patients), (vec!["D0775"], 2));
}

#[test]
fn a_text_beyond_the_limit_is_not_read() {
    let long = blanks(600 << 20, "{}");
    let (codes, patients) = codes(vec![("Patient.ndjson", text(PATIENT)), ("a.json", long)]);
    assert_eq!((codes, patients), (vec!["D0775"], 1));
}

#[test]
fn an_archive_that_fills_a_disk_is_refused() {
    let pack = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    // Several archives one behind the other are one.
    let line = [&[b' '; 4095][..], b"\n"].concat();
    let mebibyte = pack(&line.repeat(256));
    let packed = [pack(PATIENT.as_bytes()), mebibyte.repeat(300)].concat();
    assert!(packed.len() < 1 << 21);
    let bomb: Make = Box::new(move || Box::new(io::Cursor::new(packed.clone())));
    let (codes, patients) = codes(vec![("Patient.ndjson.gz", bomb)]);
    assert_eq!((codes, patients), (vec!["D0776"], 1));
}

#[test]
fn what_the_disk_cannot_hand_over_is_no_damage_of_the_data() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let failing: Make = Box::new(|| Box::new(PATIENT.as_bytes().chain(Broken)));
    let files = MadeUp(vec![("a.ndjson", failing)]);
    assert!(Dataset::open(&files, &Wanted::new(), Options::default()).is_err());
}
