//! Finding and reading protocols.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;
use crate::revision;

/// The most bytes a protocol may have; the longest known protocols are below one thousandth of it. It lets
/// a file that is nested absurdly deep through, so that it is told where, not only that it is large.
const LARGEST: u64 = 128 << 20;

/// What stands for the standard input among the paths.
const STANDARD_INPUT: &str = "-";

/// The name of the standard input in messages.
const STANDARD_INPUT_NAME: &str = "<stdin>";

/// Where a protocol comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The standard input.
    StandardInput,
    /// A file.
    File(PathBuf),
    /// A file as it was in a revision that git knows.
    Revision {
        /// What git calls the revision.
        revision: String,
        /// The file.
        path: PathBuf,
    },
}

impl Place {
    /// The place that an argument means.
    pub(crate) fn of(argument: &Path) -> Self {
        if argument == Path::new(STANDARD_INPUT) {
            Self::StandardInput
        } else {
            Self::File(without_dots(argument))
        }
    }

    /// How messages call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StandardInput => STANDARD_INPUT_NAME.to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::Revision { revision, path } => {
                format!("{} ({revision})", path.to_string_lossy())
            }
        }
    }

    /// The folder from which modules are used.
    pub(crate) fn folder(&self) -> PathBuf {
        match self {
            Self::StandardInput => PathBuf::new(),
            Self::File(path) | Self::Revision { path, .. } => {
                path.parent().map(Path::to_owned).unwrap_or_default()
            }
        }
    }

    /// Another file, in the same revision if this one is of a revision.
    pub(crate) fn other(&self, path: PathBuf) -> Self {
        match self {
            Self::StandardInput | Self::File(_) => Self::File(path),
            Self::Revision { revision, .. } => Self::Revision {
                revision: revision.clone(),
                path,
            },
        }
    }

    /// Reads the text.
    ///
    /// # Errors
    /// There is no such file, it is too large, or it is not UTF-8.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let cannot = |error: &io::Error| {
            Failure::new(format!("`{}` cannot be read", self.name())).because_of(error)
        };
        let bytes = match self {
            Self::Revision { revision, path } => Ok(Some(revision::read(revision, path, LARGEST)?)),
            Self::StandardInput => first_bytes(io::stdin().lock()),
            Self::File(path) => File::open(path).and_then(|file| {
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                if metadata.len() > LARGEST {
                    return Ok(None);
                }
                first_bytes(file)
            }),
        };
        let bytes = bytes.map_err(|error| cannot(&error))?.ok_or_else(|| {
            Failure::new(format!("`{}` is larger than 128 MiB", self.name()))
                .because("no protocol is as long as that")
                .help("check that this is a Lind protocol and not a table of data")
        })?;
        String::from_utf8(bytes).map_err(|error| {
            let whole = error.utf8_error().valid_up_to();
            let line = 1 + bytecount_lines(error.as_bytes().get(..whole).unwrap_or_default());
            let byte = error.as_bytes().get(whole).copied().unwrap_or_default();
            Failure::new(format!("`{}` is not a text in UTF-8", self.name()))
                .because(format!(
                    "byte {whole} (counted from 0, on line {line}) has the value 0x{byte:02X}, which cannot \
                     stand there"
                ))
                .help("save the file with the encoding UTF-8")
        })
    }
}

/// All bytes, or none if there are more than a protocol may have.
fn first_bytes(reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST);
    Ok(fits.then_some(bytes))
}

fn bytecount_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// The path without components that change nothing, so that a file has one name in messages.
fn without_dots(path: &Path) -> PathBuf {
    let path: PathBuf = path
        .components()
        .filter(|component| *component != Component::CurDir)
        .collect();
    if path.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        path
    }
}

/// All protocols that the arguments name, each once: files as they are, folders with every `.lind` file
/// below them. What cannot be found stands beside.
pub(crate) fn find(arguments: &[PathBuf]) -> (Vec<Place>, Vec<Failure>) {
    let here = [PathBuf::from(".")];
    let arguments = if arguments.is_empty() {
        &here
    } else {
        arguments
    };
    let mut seen = BTreeSet::new();
    let mut places = Vec::new();
    let mut failures = Vec::new();
    for argument in arguments {
        let place = Place::of(argument);
        let found = match &place {
            Place::File(path) if path.is_dir() => below(path, &mut failures),
            _ => vec![place],
        };
        for place in found {
            if seen.insert(place.clone()) {
                places.push(place);
            }
        }
    }
    (places, failures)
}

/// Every `.lind` file below a folder, by name. Hidden folders and caches (those with a `CACHEDIR.TAG`) are
/// left out, and links to folders are not followed, so that the walk ends.
fn below(folder: &Path, failures: &mut Vec<Failure>) -> Vec<Place> {
    let mut found = Vec::new();
    let failed_before = failures.len();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("the folder `{}` cannot be read", folder.display());
                failures.push(Failure::new(message).because_of(&error));
                continue;
            }
        };
        for entry in entries {
            let path = without_dots(&entry.path());
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !is_hidden && !path.join("CACHEDIR.TAG").exists() {
                folders.push(path);
            } else if !is_folder && path.extension().is_some_and(|ending| ending == "lind") {
                found.push(Place::File(path));
            }
        }
    }
    if found.is_empty() && failures.len() == failed_before {
        failures.push(
            Failure::new(format!(
                "there is no protocol in the folder `{}`",
                folder.display()
            ))
            .help("the name of a protocol ends in `.lind`"),
        );
    }
    found.sort();
    found
}
