//! Charts that are kept ready say what their source says: every case, of every form.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lind_parquet::WithParquet;
use lind_records::{
    IngestError, MemoryTables, NewColumn, OpenError, Options, RowWriter, Scratch, Store, Tables,
    ingest,
};
use lind_time::When;

use crate::support::{Asked, WANTED, everything};

/// A folder in memory.
#[derive(Default)]
pub(crate) struct MemoryStore {
    files: BTreeMap<String, Arc<Mutex<Vec<u8>>>>,
    scratch: Option<MemoryScratch>,
}

/// A temporary file in memory.
#[derive(Clone, Default)]
struct MemoryScratch {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// How many bytes have place in it; none: any number.
    most: Option<usize>,
    room: usize,
}

impl Scratch for MemoryScratch {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.bytes.lock().unwrap();
        let at = usize::try_from(at).unwrap();
        let end = at + bytes.len();
        if self.most.is_some_and(|most| end > most) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if written.len() < end {
            written.resize(end, 0);
        }
        written[at..end].copy_from_slice(bytes);
        Ok(())
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(at).unwrap();
        let written = self.bytes.lock().unwrap();
        bytes.copy_from_slice(&written[at..at + bytes.len()]);
        Ok(())
    }

    fn room(&self) -> usize {
        self.room
    }
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

    fn scratch(&mut self) -> Option<Box<dyn Scratch + Send>> {
        let scratch = self.scratch.clone()?;
        Some(Box::new(scratch))
    }
}

impl MemoryStore {
    pub(crate) fn files(&self) -> impl Iterator<Item = (&String, Vec<u8>)> {
        let files = self.files.iter();
        files.map(|(name, bytes)| (name, bytes.lock().unwrap().clone()))
    }

    fn tables(&self) -> WithParquet<MemoryTables> {
        let tables = self
            .files()
            .fold(MemoryTables::new(), |tables, (name, bytes)| {
                tables.with(name.clone(), bytes)
            });
        WithParquet(tables)
    }
}

/// The charts of a source, kept ready.
pub(crate) fn kept(tables: &dyn Tables) -> Result<MemoryStore, IngestError> {
    kept_through(tables, None)
}

fn kept_through(
    tables: &dyn Tables,
    scratch: Option<MemoryScratch>,
) -> Result<MemoryStore, IngestError> {
    let mut store = MemoryStore {
        scratch,
        ..MemoryStore::default()
    };
    ingest(tables, Options::default(), &mut store)?;
    Ok(store)
}

fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lind-records/tests/cases");
    let entries = fs::read_dir(cases).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn tables(folder: &Path) -> WithParquet<MemoryTables> {
    let mut tables = MemoryTables::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file()
            && !["wanted.txt", "as-of.txt", "expected.txt", "why.md"].contains(&name.as_str())
        {
            tables = tables.with(name, fs::read(&path).unwrap());
        }
    }
    WithParquet(tables)
}

/// The lines that stand in one of the two alone.
fn difference(expected: &str, found: &str) -> String {
    let alone = |one: &str, other: &str, sign: char| {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|known| known == *line));
        lines
            .map(|line| format!("{sign} {line}\n"))
            .collect::<String>()
    };
    alone(expected, found, '-') + &alone(found, expected, '+')
}

#[test]
fn every_case_says_the_same_when_it_is_kept_ready() {
    let (mut compared, mut others) = (0, 0);
    for folder in folders() {
        let tables = tables(&folder);
        let wanted = fs::read_to_string(folder.join("wanted.txt"));
        let asked = Asked::read(wanted.as_deref().unwrap_or(WANTED));
        let as_of = fs::read_to_string(folder.join("as-of.txt")).ok();
        let as_of = as_of.map(|text| When::parse(text.trim()).unwrap());
        let store = match kept(&tables) {
            Ok(store) => store,
            Err(IngestError::Open(error)) => {
                let direct = asked.open(&tables, as_of);
                let direct = direct.err().map(|error: OpenError| error.to_string());
                assert_eq!(Some(error.to_string()), direct, "{}", folder.display());
                continue;
            }
            Err(IngestError::Read(error)) => {
                // Nothing is kept of data that cannot be read to their end.
                let said = format!("cannot be read: {error}: {}", error.cause);
                let expected = everything(&asked, &tables, as_of);
                assert!(expected.contains(&said), "{}: {said}", folder.display());
                continue;
            }
            Err(error) => panic!("{}: {error}", folder.display()),
        };
        let expected = everything(&asked, &tables, as_of);
        let expected = expected.replace(" (not in the order of patients)", "");
        if expected.contains("the data have no bundles of FHIR") {
            // What the mapping says of how the source is read is over with it.
            continue;
        }
        let found = everything(&asked, &store.tables(), as_of);
        if found != expected {
            println!(
                "--- {}\n{}",
                folder.display(),
                difference(&expected, &found)
            );
            others += 1;
        }
        compared += 1;
    }
    assert_eq!(others, 0, "of {compared}");
    assert!(compared > 100, "{compared}");
}

fn example() -> WithParquet<MemoryTables> {
    let mut observations = "patient,code,time,value,unit\n".to_owned();
    for patient in 0..40 {
        for day in 1..=9 {
            observations += &format!("p{patient},hemoglobin,2024-05-0{day},1{day}.5,g/dL\n");
        }
    }
    let patients = (0..40).map(|patient| format!("p{patient},female\n"));
    WithParquet(
        MemoryTables::new()
            .with(
                "patients.csv",
                format!("patient,sex\n{}", patients.collect::<String>()),
            )
            .with("observations.csv", observations),
    )
}

/// The files, one of them changed; none: it is taken away.
fn changed(store: &MemoryStore, file: &str, bytes: Option<Vec<u8>>) -> WithParquet<MemoryTables> {
    let mut tables = MemoryTables::new();
    for (name, old) in store.files() {
        let bytes = match name == file {
            true => bytes.clone(),
            false => Some(old),
        };
        if let Some(bytes) = bytes {
            tables = tables.with(name.clone(), bytes);
        }
    }
    WithParquet(tables)
}

#[test]
fn what_was_changed_since_is_refused_with_the_remedy() {
    let store = kept(&example()).unwrap();
    let asked = Asked::read(WANTED);
    let other = kept(&WithParquet(
        MemoryTables::new().with("patients.csv", "patient\np1\n"),
    ));
    let other: BTreeMap<String, Vec<u8>> = other
        .unwrap()
        .files()
        .map(|(name, bytes)| (name.clone(), bytes))
        .collect();
    let version = br#"{"schema":"lind.charts/0","form":"fhir","patients":0,"files":[],"tables":{},"lost":0,"counts":{},"problems":[]}"#;
    for (file, bytes, expected) in [
        ("observations.parquet", None, "it is not there"),
        (
            "observations.parquet",
            Some(other["observations.parquet"].clone()),
            "it has 0 rows and should have 360",
        ),
        (
            "patients.parquet",
            Some(other["observations.parquet"].clone()),
            "it has 0 rows and should have 40",
        ),
        ("charts.json", Some(b"{}".to_vec()), "line 1"),
        ("charts.json", Some(version.to_vec()), "another version"),
    ] {
        let tables = changed(&store, file, bytes);
        let error = match asked.open(&tables, None).err() {
            Some(OpenError::Read(error)) => error.cause.to_string(),
            other => panic!("{file}: {other:?}"),
        };
        assert!(error.contains(expected), "{file}: {error}");
        assert!(error.contains("ingest the data again"), "{file}: {error}");
    }
}

#[test]
fn charts_are_not_ingested_again() {
    let store = kept(&example()).unwrap();
    assert!(matches!(kept(&store.tables()), Err(IngestError::IsStore)));
}

/// Every patient comes with all rows, or with a word on those that are lost, or reading ends with an error.
#[test]
fn a_damaged_file_costs_what_stands_in_it_and_says_so() {
    let runs = std::env::var("LIND_RUNS").map_or(400, |runs| runs.parse().unwrap());
    let store = kept(&example()).unwrap();
    let asked = Asked::read(WANTED);
    let mut numbers = crate::damage::Numbers::new(5);
    let files: Vec<(String, Vec<u8>)> = store
        .files()
        .map(|(name, bytes)| (name.clone(), bytes))
        .collect();
    let (mut refused, mut told, mut same) = (0, 0, 0);
    for run in 0..runs {
        let (name, bytes) = &files[numbers.below(files.len())];
        let mut bytes = bytes.clone();
        crate::damage::damage(&mut bytes, &mut numbers);
        let tables = changed(&store, name, Some(bytes));
        let Ok(mut dataset) = asked.open(&tables, None) else {
            refused += 1;
            continue;
        };
        let (mut patients, mut rows) = (0, 0);
        let whole = loop {
            match dataset.next_chart() {
                Ok(Some(chart)) => {
                    patients += 1;
                    rows += chart.observations.len();
                    assert!(
                        chart.observations.len() + chart.set_aside.len() <= 10,
                        "run {run}: {name}"
                    );
                }
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        if !whole {
            refused += 1;
        } else if dataset.problems().total() > 0 {
            told += 1;
        } else {
            // A bit of a value may change and nobody can see it; a row cannot go.
            assert_eq!(patients, 40, "run {run}: {name}");
            assert!(rows == 360 || name != "observations.parquet", "run {run}");
            same += 1;
        }
    }
    assert!(
        refused > 0 && told > 0 && same > 0,
        "{refused} {told} {same}"
    );
}

#[test]
fn every_case_is_kept_the_same_when_its_rows_wait_in_a_temporary_file() {
    let mut waited = 0;
    for folder in folders() {
        let tables = tables(&folder);
        let Ok(expected) = kept(&tables) else {
            continue;
        };
        for room in [0, 700] {
            let scratch = MemoryScratch {
                room,
                ..MemoryScratch::default()
            };
            let found = kept_through(&tables, Some(scratch.clone())).unwrap();
            let name = folder.display();
            assert!(
                expected.files().eq(found.files()),
                "{name}: with room for {room} bytes something else is kept"
            );
            waited += usize::from(!scratch.bytes.lock().unwrap().is_empty());
        }
    }
    assert!(waited > 60, "rows of {waited} cases waited");
}

#[test]
fn a_temporary_file_for_which_the_disk_is_too_small_ends_the_ingesting() {
    let mut ended = 0;
    for folder in folders() {
        let tables = tables(&folder);
        let scratch = MemoryScratch {
            most: Some(100),
            ..MemoryScratch::default()
        };
        let is_small = kept_through(&tables, Some(scratch.clone())).map(drop);
        match is_small {
            Err(IngestError::Write(error)) => {
                assert_eq!(error.kind(), io::ErrorKind::StorageFull);
                ended += 1;
            }
            Ok(()) => assert!(scratch.bytes.lock().unwrap().len() <= 100),
            Err(_) => assert!(kept(&tables).is_err(), "{}", folder.display()),
        }
    }
    assert!(ended > 30, "{ended} cases ended");
}
