//! Files that are too long, change, or break off.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

use lind_records::{Dataset, MemoryTables, OpenError, Options, Table, Tables};

use crate::support::{Asked, WANTED};

/// Bytes that never stand in memory together.
struct Stream {
    before: io::Cursor<&'static str>,
    /// How many more times the middle comes.
    middle: u64,
    after: io::Cursor<&'static str>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.before.read(buffer)?;
        if count > 0 {
            return Ok(count);
        }
        let count = buffer.len().min(usize::try_from(self.middle).unwrap());
        if count > 0 {
            buffer[..count].fill(b'x');
            self.middle -= count as u64;
            return Ok(count);
        }
        self.after.read(buffer)
    }
}

/// Tables of which one, `observations`, is made up while it is read.
struct MadeUp<F>(MemoryTables, F);

type File = Box<dyn Read + Send>;

fn made_up<F: Fn() -> io::Result<File>>(make: F) -> MadeUp<F> {
    MadeUp(patients(), make)
}

impl<F: Fn() -> io::Result<File>> Tables for MadeUp<F> {
    fn names(&self) -> Vec<String> {
        self.0.names()
    }

    fn open(&self, name: &str) -> io::Result<Option<File>> {
        if name == "observations.csv" {
            return (self.1)().map(Some);
        }
        self.0.open(name)
    }
}

fn patients() -> MemoryTables {
    MemoryTables::new().with("patients.csv", "patient\np1\np2\n")
}

fn open(tables: &dyn Tables) -> Result<Dataset, OpenError> {
    Dataset::open(tables, &Asked::read(WANTED).wanted, Options::default())
}

const HEADER: &str = "patient,code,time,value,unit\n";

#[test]
fn a_field_of_a_gigabyte_is_passed_over_and_costs_its_row_alone() {
    let tables = made_up(|| {
        Ok(Box::new(Stream {
            before: io::Cursor::new(
                "patient,code,time,value,unit\np1,hemoglobin,2024-05-01,13,g/dL\np1,hemoglobin,",
            ),
            middle: 1 << 30,
            after: io::Cursor::new(",14,g/dL\np2,hemoglobin,2024-05-02,15,g/dL\n"),
        }))
    });
    let mut dataset = open(&tables).unwrap();
    let charts = dataset.next_batch(9).unwrap();
    assert_eq!(charts[0].observations.len(), 1);
    assert_eq!(charts[1].observations.len(), 1);
    let lost = &charts[0].set_aside[0];
    assert_eq!((lost.at.line, lost.problem.rule.code), (3, "D0714"));
    assert!(charts[1].set_aside.is_empty());
    assert_eq!(charts[1].observations[0].at.line, 4);
    assert_eq!(dataset.tally(Table::Observations).set_aside, 1);
}

#[test]
fn a_quote_that_is_never_closed_is_given_up_after_a_megabyte() {
    let tables = made_up(|| {
        Ok(Box::new(Stream {
            before: io::Cursor::new("patient,code\np1,\"hemoglobin\np1,hemoglobin\np2,"),
            middle: 1 << 24,
            after: io::Cursor::new("\np2,hemoglobin\n"),
        }))
    });
    let mut dataset = open(&tables).unwrap();
    let charts = dataset.next_batch(9).unwrap();
    let lost = |chart: usize| {
        let lost = charts[chart].set_aside.iter();
        lost.map(|lost| (lost.at.line, lost.problem.rule.code))
            .collect::<Vec<_>>()
    };
    assert_eq!(lost(0), [(2, "D0711")]);
    assert_eq!(lost(1), [(4, "D0714")]);
    assert_eq!(charts[0].observations[0].at.line, 3);
    assert_eq!(charts[1].observations[0].at.line, 5);
}

#[test]
fn a_table_that_cannot_be_opened_is_not_taken_for_one_that_is_not_there() {
    let tables = made_up(|| Err(io::ErrorKind::PermissionDenied.into()));
    let error = open(&tables).unwrap_err();
    assert!(matches!(&error, OpenError::Read(error) if error.file == "observations.csv"));
    assert_eq!(error.to_string(), "observations.csv cannot be read");
}

/// A reader that gives this text and then an error.
struct BreaksOff(io::Cursor<&'static str>);

impl Read for BreaksOff {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            count => Ok(count),
        }
    }
}

#[test]
fn no_chart_is_made_after_a_file_broke_off() {
    let opened = AtomicUsize::new(0);
    let rows = "patient,code,time,value,unit\np1,hemoglobin,2024-05-01,13,g/dL\n";
    let tables = made_up(|| {
        let text = io::Cursor::new(rows);
        Ok(match opened.fetch_add(1, Ordering::Relaxed) {
            0 => Box::new(text) as File,
            _ => Box::new(BreaksOff(text)),
        })
    });
    let mut dataset = open(&tables).unwrap();
    // That the rows of the first patient are over is not known either.
    assert!(dataset.next_chart().is_err());
    assert!(dataset.next_chart().unwrap().is_none());
}

#[test]
fn a_file_that_changes_between_its_two_readings_is_told() {
    for (first, second) in [
        (
            "p1,hemoglobin,,1,\np2,hemoglobin,,2,\n",
            "p2,hemoglobin,,2,\np1,hemoglobin,,1,\n",
        ),
        (
            "p1,hemoglobin,,1,\np2,hemoglobin,,2,\n",
            "p1,hemoglobin,,1,\n",
        ),
        (
            "p1,hemoglobin,,1,\n",
            "p1,hemoglobin,,1,\np2,hemoglobin,,2,\n",
        ),
    ] {
        let opened = AtomicUsize::new(0);
        let tables = made_up(|| {
            let rows = match opened.fetch_add(1, Ordering::Relaxed) {
                0 => first,
                _ => second,
            };
            Ok(Box::new(io::Cursor::new(format!("{HEADER}{rows}"))) as File)
        });
        let mut dataset = open(&tables).unwrap();
        dataset.next_batch(9).unwrap();
        let codes: Vec<_> = dataset
            .problems()
            .counts()
            .map(|(rule, _)| rule.code)
            .collect();
        assert_eq!(codes, ["D0763"], "{first} then {second}");
    }
}

#[test]
fn stray_quotes_do_not_make_reading_slow() {
    // Each of these would be read again and again by a reader that goes back to the line after a
    // broken one, if what it looks at for one row were not bounded by the next stray quote.
    for line in [
        "p1,\"hemoglobin",
        "p1,\"",
        "\"\"\"x",
        "p1,\"\"\"\"\"",
        "\",",
    ] {
        let rows = format!("{line}\n").repeat(200_000);
        let tables = patients().with("observations.csv", format!("{HEADER}{rows}"));
        let mut dataset = open(&tables).unwrap();
        dataset.next_batch(9).unwrap();
        let tally = dataset.tally(Table::Observations);
        assert_eq!(tally.read, tally.accounted_for());
        assert!(tally.read >= 100_000, "{line}: {tally:?}");
    }
}
