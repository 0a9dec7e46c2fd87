//! Charts that are kept ready say what their source says: every case, of every form.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lind_parquet::WithParquet;
use lind_records::{
    IngestError, MemoryTables, NewColumn, OpenError, Options, RowWriter, Store, Tables, ingest,
};
use lind_time::When;

use crate::support::{Asked, WANTED, everything};

/// A folder in memory.
#[derive(Default)]
pub(crate) struct MemoryStore {
    files: BTreeMap<String, Arc<Mutex<Vec<u8>>>>,
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
    let mut store = MemoryStore::default();
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
            Err(error) => panic!("{}: {error}", folder.display()),
        };
        let expected = everything(&asked, &tables, as_of);
        let expected = expected.replace(" (not in the order of patients)", "");
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
