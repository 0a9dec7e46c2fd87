//! Patients' tables in a zip archive, which comes as bytes that can be read anywhere.
//!
//! Nothing is unpacked to the disk: a file of the archive is unpacked while it is read.
//!
//! ```
//! use std::sync::Arc;
//!
//! let bytes: Arc<[u8]> = b"PK and so on"[..].into();
//! let error = lind_archive::open(Arc::new(bytes)).err().expect("it is no archive");
//! assert_eq!(error.to_string(), "it is no zip archive, or it is damaged");
//! ```
//!
//! **Invariants**
//!
//! 1. What is read is what was packed: its length and its check sum are held to what the archive says,
//!    or reading fails.
//! 2. What the archive says of itself is not believed: a name that leads out of it is not read, and what
//!    would unpack to far more than it is worth is refused before anything is unpacked.
//! 3. Every entry that is not read is told with its reason.
//! 4. No bytes panic, and no more than a buffer of a file is held.
//! 5. Types of the crates that unpack appear in no signature.
#![forbid(unsafe_code)]

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use lind_parquet::RandomAccess;
use lind_records::{ColumnFile, Tables};
use zip::{CompressionMethod, ZipArchive};

/// Opens an archive: its list of files, none of which is unpacked yet.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`]: it is no archive, it is damaged, or it was made to fill memory; the text of the
/// error is a sentence without a full stop, in which a name stands as the archive has it. Any other kind: the bytes
/// cannot be read.
pub fn open(bytes: Arc<dyn RandomAccess>) -> io::Result<ArchiveTables> {
    ArchiveTables::open(bytes)
}

/// What unpacks to more than this …
const LARGE: u64 = 1 << 30;

/// … must not be packed into less than this part of it.
const MOST_SHRUNK: u64 = 200;

/// Endings of files that are archives themselves.
const ARCHIVES: [&str; 8] = ["zip", "tar", "tgz", "7z", "rar", "xz", "bz2", "jar"];

/// A file of the archive.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    start: u64,
    packed: u64,
    size: u64,
    crc: u32,
    is_packed: bool,
}

/// The files of an archive. Where all of them lie in one folder, their names are those within it.
#[derive(Clone)]
pub struct ArchiveTables {
    bytes: Arc<dyn RandomAccess>,
    entries: Vec<Entry>,
    left_alone: Vec<(String, String)>,
}

impl ArchiveTables {
    fn open(bytes: Arc<dyn RandomAccess>) -> io::Result<Self> {
        let size = bytes.size();
        let part = Part {
            bytes: Arc::clone(&bytes),
            start: 0,
            position: 0,
            end: size,
        };
        let damaged = |_| invalid("it is no zip archive, or it is damaged");
        let mut archive = ZipArchive::new(part).map_err(damaged)?;
        let (mut entries, mut left_alone) = (Vec::new(), Vec::new());
        let mut total = 0_u64;
        for at in 0..archive.len() {
            let file = archive.by_index_raw(at).map_err(damaged)?;
            let Ok(whole) = file.name().map(std::borrow::Cow::into_owned) else {
                left_alone.push((
                    "an entry".to_owned(),
                    "an entry whose name is no text is not read".to_owned(),
                ));
                continue;
            };
            let name = plain(&whole);
            if file.is_dir() || is_aside(&name) {
                continue;
            }
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let method = file.compression();
            let reason = if leads_out(&whole) {
                Some("its name leads out of the archive")
            } else if entries.iter().any(|other: &Entry| other.name == name) {
                Some("another file of the archive has the same name")
            } else if !file.is_file() {
                Some("it is a link")
            } else if file.encrypted() {
                Some("it is encrypted")
            } else if ARCHIVES
                .iter()
                .any(|other| ending.eq_ignore_ascii_case(other))
            {
                Some("it is an archive itself; unpack it first")
            } else if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
                Some("it is packed in a way that is not read; pack it with Deflate")
            } else {
                None
            };
            if let Some(reason) = reason {
                left_alone.push((
                    whole,
                    format!("this file of the archive is not read: {reason}"),
                ));
                continue;
            }
            let (packed, unpacked) = (file.compressed_size(), file.size());
            total = total.saturating_add(unpacked);
            let start = file.data_start();
            let end = start.and_then(|start| start.checked_add(packed));
            if end.is_none_or(|end| end > size) {
                return Err(invalid("it is damaged, or a part of it is missing"));
            }
            if is_bomb(packed, unpacked) {
                return Err(bomb(&name));
            }
            entries.push(Entry {
                name,
                start: start.unwrap_or(0),
                packed,
                size: unpacked,
                crc: file.crc32(),
                is_packed: method == CompressionMethod::Deflated,
            });
        }
        let is_missing = |listed: usize| listed != usize::from(u16::MAX) && listed > archive.len();
        if listed(&*bytes)?.is_some_and(is_missing) {
            return Err(invalid("two of its files have the same name"));
        }
        // Entries may share their bytes.
        if is_bomb(size, total) {
            return Err(invalid(
                "its files together would unpack to more than 200 times its size",
            ));
        }
        without_common_folder(&mut entries);
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self {
            bytes,
            entries,
            left_alone,
        })
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

impl Tables for ArchiveTables {
    fn names(&self) -> Vec<String> {
        self.entries
            .iter()
            .map(|entry| entry.name.clone())
            .collect()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        Ok(self.entry(name).map(|entry| {
            let part = Part {
                bytes: Arc::clone(&self.bytes),
                start: entry.start,
                position: 0,
                end: entry.start.saturating_add(entry.packed),
            };
            let unpacking: Box<dyn Read + Send> = if entry.is_packed {
                Box::new(DeflateDecoder::new(io::BufReader::new(part)))
            } else {
                Box::new(part)
            };
            Box::new(Unpacking {
                unpacking,
                read: 0,
                crc: Crc::new(),
                entry: entry.clone(),
            }) as Box<dyn Read + Send>
        }))
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        let Some(mut file) = self.open(name)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let bytes: Arc<[u8]> = bytes.into();
        lind_parquet::open(Arc::new(bytes)).map(Some)
    }

    fn left_alone(&self) -> Vec<(String, String)> {
        self.left_alone.clone()
    }

    fn lasting(&self) -> Option<Arc<dyn Tables + Send + Sync>> {
        Some(Arc::new(self.clone()))
    }
}

/// A file that is being unpacked.
struct Unpacking {
    unpacking: Box<dyn Read + Send>,
    read: u64,
    crc: Crc,
    entry: Entry,
}

impl Read for Unpacking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let damaged = || {
            let message = "it is damaged in its archive: what it unpacks to is not what was packed";
            // Not `InvalidData`, which would say that the file as such is wrong.
            io::Error::other(message)
        };
        let count = self.unpacking.read(buffer).map_err(|_| damaged())?;
        self.crc.update(buffer.get(..count).unwrap_or_default());
        self.read = self
            .read
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        let is_over = count == 0 && !buffer.is_empty();
        let is_whole = self.read == self.entry.size && self.crc.sum() == self.entry.crc;
        if self.read > self.entry.size || (is_over && !is_whole) {
            return Err(damaged());
        }
        Ok(count)
    }
}

/// A part of the archive.
#[derive(Clone)]
struct Part {
    bytes: Arc<dyn RandomAccess>,
    start: u64,
    /// From the start.
    position: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.start.saturating_add(self.position);
        let left = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = left.min(buffer.len());
        let Some(part) = buffer.get_mut(..count).filter(|part| !part.is_empty()) else {
            return Ok(0);
        };
        self.bytes.read_at(at, part)?;
        self.position = self
            .position
            .saturating_add(u64::try_from(count).unwrap_or(0));
        Ok(count)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.end.saturating_sub(self.start);
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => length.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// How many files the end of an archive says that it lists; 65,535: as many or more.
///
/// The crate that reads archives keeps one file of each name, and does not tell of the others.
fn listed(bytes: &dyn RandomAccess) -> io::Result<Option<usize>> {
    // The longest comment behind it.
    const LONGEST: u64 = (1 << 16) + 22;
    let length = bytes.size().min(LONGEST);
    let mut end = vec![0; usize::try_from(length).unwrap_or(0)];
    bytes.read_at(bytes.size() - length, &mut end)?;
    let start = end.windows(4).rposition(|four| four == b"PK\x05\x06");
    let count = start.and_then(|start| end.get(start + 10..start + 12));
    Ok(count
        .and_then(|count| <[u8; 2]>::try_from(count).ok())
        .map(|count| usize::from(u16::from_le_bytes(count))))
}

/// The name without parts that say nothing: `./set//patients.csv` is `set/patients.csv`.
fn plain(name: &str) -> String {
    let parts = name.split('/').filter(|part| !["", "."].contains(part));
    parts.collect::<Vec<_>>().join("/")
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_owned())
}

fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > LARGE && unpacked / MOST_SHRUNK > packed
}

fn bomb(name: &str) -> io::Error {
    invalid(&format!(
        "`{name}` would unpack to more than 1 GiB from less than a two-hundredth of it"
    ))
}

/// What a Macintosh leaves beside files when it packs them, and hidden files.
fn is_aside(name: &str) -> bool {
    name.split(['/', '\\'])
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != ".."))
}

/// Whether the name is that of a place outside, or may be one on another system.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains([':', '\0'])
        || name.split(['/', '\\']).any(|part| part == "..")
}

/// The folder that all files lie in is the name of the archive once more.
fn without_common_folder(entries: &mut [Entry]) {
    loop {
        let folder = entries
            .first()
            .and_then(|entry| entry.name.split_once('/'))
            .map(|(folder, _)| format!("{folder}/"));
        let Some(folder) = folder else {
            return;
        };
        if !entries.iter().all(|entry| entry.name.starts_with(&folder)) {
            return;
        }
        for entry in entries.iter_mut() {
            if let Some(name) = entry.name.strip_prefix(&folder) {
                entry.name = name.to_owned();
            }
        }
    }
}

#[cfg(test)]
mod tests;
