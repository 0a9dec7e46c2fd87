//! Reading HL7 FHIR R4: bundles, single resources, and bulk exports with a resource a line.
//!
//! A file is text of JSON, be it packed with gzip or not. Resources are read one by one into thin
//! structures that borrow from the text, and each becomes rows of Lind's tables ([`rows`]).

mod bundle;
mod draft;
mod elements;
mod fish;
mod input;
mod kinds;
mod lexicon;
mod losses;
mod out;
mod parts;
mod pieces;
mod quick;

mod resources;
mod rows;
mod scope;
mod systems;
mod take;
mod whole;

use std::collections::{BTreeMap, HashSet};

use crate::form::parts;
use crate::found::Origin;
use crate::intake::Intake;
use crate::place::FileId;
use crate::{ReadError, Table, Tables, rules};

pub(crate) use systems::is_public;

use draft::Draft;
use kinds::{Kind, Named};
use lexicon::Lexicon;
use losses::Late;
use pieces::{FilePieces, Piece, What};
use scope::Known;
use whole::Room;

pub(crate) use parts::Cutter;
pub(crate) use pieces::Pieces;

/// The endings of files of FHIR; `.gz` may follow.
pub(crate) const ENDINGS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Reads everything into the intake.
pub(crate) fn read(tables: &dyn Tables, intake: Intake) -> Result<Intake, ReadError> {
    let mut reader = Reader::new(intake);
    let mut pieces = Pieces::default();
    for name in names(tables) {
        let failed = |cause| ReadError::new(&name, cause);
        let Some(file) = tables.open(&name).map_err(failed)? else {
            continue;
        };
        let id = reader.intake.file(&name);
        let mut file = FilePieces::new(file, id, is_by_line(&name)).map_err(failed)?;
        while file.add_next(&mut pieces).map_err(failed)? {
            if let Some((piece, bytes)) = pieces.get(0) {
                reader.piece(piece, bytes, &name);
            }
            pieces.clear();
            reader.intake.check().map_err(failed)?;
        }
    }
    reader.hand_over_late();
    reader.tell_left_alone();
    Ok(reader.intake)
}

/// The names of the files of FHIR, as they are read.
pub(crate) fn names(tables: &dyn Tables) -> Vec<String> {
    let mut names: Vec<String> = tables
        .names()
        .into_iter()
        .filter(|name| is_read(name))
        .collect();
    names.sort_by_key(|name| rank(name));
    names
}

/// Whether a file has a text on each line, by its name.
fn is_by_line(name: &str) -> bool {
    parts(name).1 != "json"
}

/// The types of resources whose records are rows of a table.
pub(crate) fn sources(table: Table) -> Vec<&'static str> {
    Kind::all()
        .filter(|kind| kind.is_of_rows() && kind.tables().contains(&table))
        .map(Kind::name)
        .collect()
}

/// Whether a file is one of FHIR by its name. Names that begin with a dot are of the system's.
fn is_read(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    ENDINGS.contains(&parts(name).1.as_str()) && !last.starts_with('.')
}

/// What others refer to is read before them; then the patients, so that they keep the order of their
/// own file.
fn rank(name: &str) -> (u8, String) {
    let rank = match Kind::of_file(name) {
        Named::Read(Kind::Medication | Kind::Specimen) => 0,
        Named::Read(Kind::Patient) => 1,
        _ => 2,
    };
    (rank, name.to_owned())
}

/// Reads one text after another.
pub(crate) struct Reader {
    pub(crate) intake: Intake,
    known: Known,
    /// Whose own record was read.
    people: HashSet<Box<str>>,
    unread: Unread,
    /// Losses whose patient was read from a broken text.
    late: Vec<Late>,
    draft: Draft,
    /// Codes and units that were met.
    lexicon: Lexicon,
    /// For what the next bundle holds.
    room: Room,
    /// Whether bytes of the file at hand were no text and were replaced.
    is_repaired: bool,
    /// The name of the record at hand.
    record: String,
    /// Whether each text is whole by itself.
    by_part: bool,
    /// Whether there was a bundle.
    met_bundle: bool,
    /// A text by itself that is no bundle.
    alone: Option<Alone>,
}

/// Records that are left alone, by their kind; where the first of them stands.
pub(crate) type Unread = BTreeMap<String, (u64, FileId, u32)>;

/// A resource that stands in no bundle.
#[derive(Debug)]
pub(crate) struct Alone {
    pub(crate) kind: &'static str,
    pub(crate) file: FileId,
    pub(crate) line: u32,
}

/// Where a resource stands.
#[derive(Clone, Copy)]
struct At<'f> {
    file: FileId,
    name: &'f str,
    line: u32,
    entry: u32,
}

impl<'f> At<'f> {
    fn origin<'t>(&self, record: &'t str) -> Origin<'t> {
        Origin {
            file: self.file,
            line: self.line,
            entry: self.entry,
            record,
        }
    }
}

impl Reader {
    pub(crate) fn new(mut intake: Intake) -> Self {
        for table in Table::FACTS {
            intake.present(table, false);
        }
        let draft = Draft::new(&intake.mapping);
        Reader {
            intake,
            known: Known::default(),
            people: HashSet::new(),
            unread: BTreeMap::new(),
            late: Vec::new(),
            draft,
            lexicon: Lexicon::default(),
            room: Room::default(),
            is_repaired: false,
            record: String::new(),
            by_part: false,
            met_bundle: false,
            alone: None,
        }
    }

    /// Reads one text of a file of this name.
    fn piece(&mut self, piece: Piece, bytes: &[u8], name: &str) {
        let at = At {
            file: piece.file,
            name,
            line: piece.line,
            entry: 0,
        };
        match piece.what {
            What::Line { is_last } => self.line(bytes, at, is_last),
            What::Document { is_whole } => self.whole(bytes, is_whole, at),
            What::Nothing => self.empty(at),
            What::TooLong => self.too_large(at, "the line has more than 64 MiB"),
            What::Damaged => {
                let message =
                    "the gzip archive is damaged or breaks off here; what follows is lost";
                self.rest_lost(at, &rules::D0777_DAMAGED_ARCHIVE, message);
            }
            What::Bomb => {
                let message = "the gzip archive expands to more than 256 MiB and more than 200 times; \
                               what follows is not read";
                self.rest_lost(at, &rules::D0776_ARCHIVE_BOMB, message);
            }
        }
    }

    fn line(&mut self, line: &[u8], at: At<'_>, is_last: bool) {
        let line = without_mark(line, at.line);
        match std::str::from_utf8(line) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => self.text(text.trim(), at, is_last),
            Err(_) => self.not_utf8(line, at),
        }
    }

    fn whole(&mut self, bytes: &[u8], is_whole: bool, at: At<'_>) {
        if !is_whole {
            let message = "the file is one JSON text of more than 512 MiB; export it with a resource a \
                           line (NDJSON)";
            return self.rest_lost(at, &rules::D0775_TOO_LARGE, message);
        }
        let bytes = without_mark(bytes, 1);
        match std::str::from_utf8(bytes) {
            Ok(text) => self.document_text(text, at),
            Err(_) if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => {
                let message = "the file is written in UTF-16; write it in UTF-8";
                self.rest_lost(at, &rules::D0712_NOT_UTF8, message);
            }
            Err(_) => {
                // Only what holds the wrong bytes is lost.
                let text = String::from_utf8_lossy(bytes);
                self.is_repaired = true;
                self.document_text(&text, at);
                self.is_repaired = false;
            }
        }
    }
}

/// The bytes without the mark that some systems put before a file.
fn without_mark(bytes: &[u8], line: u32) -> &[u8] {
    match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) if line == 1 => rest,
        _ => bytes,
    }
}
