//! Opening a store.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};
use std::sync::Arc;

use super::lane::Lane;
use super::manifest::{FILE, KeptPresence, Manifest, VERSION};
use super::people::StoredPeople;
use crate::error::ReadError;
use crate::feed::Feed;
use crate::header::Columns;
use crate::place::FileId;
use crate::problem::Recorder;
use crate::{Form, Table, Tables, Tally, Wanted};

/// The largest manifest that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// A store that was opened.
pub(crate) struct Opened {
    pub(crate) people: StoredPeople,
    pub(crate) feeds: BTreeMap<Table, Feed>,
    pub(crate) presence: BTreeMap<Table, KeptPresence>,
    pub(crate) tallies: BTreeMap<Table, Tally>,
    pub(crate) files: Arc<[Arc<str>]>,
    /// In which form the source came.
    pub(crate) source: Option<Form>,
    /// For how many rows rules of the mapping were used when the source was read, by what they say.
    pub(crate) uses: BTreeMap<String, u64>,
}

/// Opens a store. What was wrong with its source is recorded again.
///
/// # Errors
/// A file of it cannot be read, or is not what the store says of it.
pub(crate) fn open(
    tables: &dyn Tables,
    wanted: &Wanted,
    recorder: &mut Recorder,
) -> Result<Opened, ReadError> {
    let failed = |cause| ReadError::new(FILE, cause);
    let manifest = manifest(tables).map_err(failed)?;
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for kept in manifest.problems {
        if let Some(problem) = kept.problem() {
            *told.entry(problem.rule.code.to_owned()).or_default() += 1;
            recorder.record(problem);
        }
    }
    for (code, count) in &manifest.counts {
        if let Some(rule) = super::manifest::rule(code) {
            let listed = told.get(code).copied().unwrap_or(0);
            recorder.count(rule, count.saturating_sub(listed));
        }
    }
    let names: Arc<[Arc<str>]> = manifest
        .files
        .iter()
        .map(|name| name.as_str().into())
        .collect();
    let ids = (0..).map(FileId).zip(&manifest.files);
    let files: HashMap<Box<str>, FileId> =
        ids.map(|(id, name)| (name.as_str().into(), id)).collect();
    let files = Arc::new(files);
    let counts = (manifest.patients, manifest.lost);
    let people = StoredPeople::open(tables, counts, &files, &names)
        .map_err(|cause| ReadError::new(super::people::FILE, cause))?;
    let mut opened = Opened {
        people,
        feeds: BTreeMap::new(),
        presence: BTreeMap::new(),
        tallies: BTreeMap::new(),
        files: Arc::clone(&names),
        uses: manifest.uses,
        source: Form::WORDS
            .into_iter()
            .find_map(|(word, form)| (word == manifest.form).then_some(form)),
    };
    for (name, kept) in manifest.tables {
        let Some(table) = Table::named(&name) else {
            continue;
        };
        let mut tally = Tally::from(kept.tally);
        opened.presence.insert(table, kept.presence);
        let codes = wanted.book(table);
        if !Table::FACTS.contains(&table) || codes.is_empty() {
            tally.not_wanted += kept.rows;
            opened.tallies.insert(table, tally);
            continue;
        }
        opened.tallies.insert(table, tally);
        let lane = Lane::open(tables, table, kept.rows, (&files, &names), &wanted.limits)
            .map_err(|cause| ReadError::new(&table.parquet_file(), cause))?;
        let columns = kept.header.map(|header| {
            Columns::of(header.file.as_str().into(), header.width, &header.positions)
        });
        opened
            .feeds
            .insert(table, Feed::stored(table, columns, codes, lane));
    }
    Ok(opened)
}

fn manifest(tables: &dyn Tables) -> io::Result<Manifest> {
    let invalid = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let file = tables.open(FILE)?.ok_or(io::ErrorKind::NotFound)?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        invalid(format!(
            "it is not what was written by `lind data ingest` (line {}); ingest the data again",
            error.line()
        ))
    })?;
    if manifest.schema != VERSION {
        return Err(invalid(
            "it was written by another version of Lind; ingest the data again".to_owned(),
        ));
    }
    Ok(manifest)
}
