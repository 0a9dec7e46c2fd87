//! From a file to its data set: which container it is, and what had to be unpacked.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::row::{Opened, Unopened};
use super::{dataset_json, text, xpt};
use crate::form::parts;
use crate::packed::Handed;
use crate::settings::Encoding;
use crate::{ReadError, Tables};

/// The containers of a data set, by the ending of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// SAS transport file, version 5 or 8.
    Xpt,
    /// Dataset-JSON as one object.
    Json,
    /// Dataset-JSON as lines.
    Lines,
    /// Dataset-JSON as lines, compressed.
    Compressed,
    /// Comma-separated values.
    Text,
}

impl Container {
    /// The container that the name of a file tells, where `.gz` does not count; none: the file is no data
    /// set.
    pub(crate) fn of(name: &str) -> Option<Container> {
        match parts(name).1.as_str() {
            "xpt" => Some(Container::Xpt),
            "json" => Some(Container::Json),
            "ndjson" => Some(Container::Lines),
            "dsjc" => Some(Container::Compressed),
            "csv" => Some(Container::Text),
            _ => None,
        }
    }
}

/// Whether what was unpacked until now turned out to be damaged.
#[derive(Clone, Debug, Default)]
struct Damage(Arc<AtomicBool>);

impl Damage {
    fn is_there(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Opens a file that is there.
pub(crate) fn open(
    tables: &dyn Tables,
    name: &str,
    container: Container,
    encoding: Encoding,
) -> Result<Opened, ReadError> {
    let failed = |cause| ReadError::new(name, cause);
    let Some(source) = tables.open(name).map_err(failed)? else {
        let why = "it was there a moment ago".to_owned();
        return Ok(Err(Unopened::Unreadable(why)));
    };
    let source = if is_packed(name, container) {
        match unpacked(source, &Damage::default()).map_err(failed)? {
            Some(source) => source,
            None => {
                let why = "it is not compressed with zlib or gzip".to_owned();
                return Ok(Err(Unopened::Unreadable(why)));
            }
        }
    } else {
        source
    };
    let opened = match container {
        Container::Xpt => xpt::open(source, encoding),
        Container::Json => dataset_json::open(source, encoding),
        Container::Lines | Container::Compressed => dataset_json::open_lines(source, encoding),
        Container::Text => text::open(source, encoding),
    };
    opened.map_err(failed)
}

/// Whether a file has to be unpacked.
pub(crate) fn is_packed(name: &str, container: Container) -> bool {
    container == Container::Compressed || name.to_ascii_lowercase().ends_with(".gz")
}

/// Reads a compressed file to its end, where its checksum stands. Whether it is whole.
pub(crate) fn is_whole(tables: &dyn Tables, name: &str) -> Result<bool, ReadError> {
    let failed = |cause| ReadError::new(name, cause);
    let damage = Damage::default();
    let Some(source) = tables.open(name).map_err(failed)? else {
        return Ok(false);
    };
    let Some(mut source) = unpacked(source, &damage).map_err(failed)? else {
        return Ok(false);
    };
    io::copy(&mut source, &mut io::sink()).map_err(failed)?;
    Ok(!damage.is_there())
}

/// The standard says zlib, and the files that its authors publish are gzip: the first bytes tell.
fn unpacked(
    mut source: Box<dyn Read + Send>,
    damage: &Damage,
) -> io::Result<Option<Box<dyn Read + Send>>> {
    let mut first = [0; 2];
    let mut filled = 0;
    while let Some(space) = first.get_mut(filled..).filter(|space| !space.is_empty()) {
        match source.read(space) {
            Ok(0) => break,
            Ok(count) => filled += count.min(space.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let begun = first.get(..filled).unwrap_or_default().to_vec();
    let handed = Handed::default();
    let whole = handed.of(io::Cursor::new(begun).chain(source));
    let unpacking: Box<dyn Read + Send> = match first {
        [0x1F, 0x8B] => Box::new(MultiGzDecoder::new(whole)),
        [0x78, _] => Box::new(ZlibDecoder::new(whole)),
        _ => return Ok(None),
    };
    Ok(Some(Box::new(Unpacked {
        source: unpacking,
        damage: damage.clone(),
        handed,
        given: 0,
    })))
}

/// Ends where the stream is damaged, or grows beyond measure. What it grows to is held nowhere as a whole.
struct Unpacked {
    source: Box<dyn Read + Send>,
    damage: Damage,
    handed: Handed,
    given: u64,
}

impl Read for Unpacked {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if self.damage.is_there() {
            return Ok(0);
        }
        match self.source.read(space) {
            Ok(count) => {
                let count_64 = u64::try_from(count).unwrap_or(u64::MAX);
                self.given = self.given.saturating_add(count_64);
                if self.handed.is_bomb(self.given) {
                    self.damage.0.store(true, Ordering::Relaxed);
                    return Ok(0);
                }
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            // The disk, and no damage of the file.
            Err(error) if self.handed.has_failed() => Err(error),
            Err(_) => {
                self.damage.0.store(true, Ordering::Relaxed);
                Ok(0)
            }
        }
    }
}
