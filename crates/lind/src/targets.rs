//! Files that are written must not be files that are read.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use lind_records::Table;

use crate::failure::Failure;

/// The name of the settings in a folder of tables.
const SETTINGS: &str = "dataset.toml";

/// A file that a command writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// The option that names it.
    pub(crate) option: &'a str,
    /// Where it is.
    pub(crate) path: &'a Path,
}

impl Target<'_> {
    /// The target is a file that the command reads.
    fn refused(&self, what: &str) -> Failure {
        Failure::new(format!(
            "`{}` is {what}, and {} would write over it",
            self.path.display(),
            self.option
        ))
        .help("name another file for the results")
    }

    /// Fails if the target is this file.
    pub(crate) fn is_not(&self, file: &Path, what: &str) -> Result<(), Failure> {
        if identity(self.path).is_some_and(|target| Some(target) == identity(file)) {
            return Err(self.refused(what));
        }
        Ok(())
    }

    /// Fails if the target is one of the files that are read in a folder of tables, be it there or not: one
    /// that is written now is read the next time.
    pub(crate) fn is_not_in(&self, folder: &Path) -> Result<(), Failure> {
        self.is_not(folder, "the archive of the patients")?;
        let csv = Table::ALL.into_iter().map(|table| table.file().to_owned());
        let parquet = Table::ALL.into_iter().map(Table::parquet_file);
        for name in csv.chain(parquet).chain([SETTINGS.to_owned()]) {
            self.is_not(&folder.join(name), "one of the files of the patients")?;
        }
        Ok(())
    }

    /// Fails if the two are one file.
    pub(crate) fn is_apart_from(&self, other: &Target<'_>) -> Result<(), Failure> {
        self.is_not(other.path, &format!("the file of {} too", other.option))
    }
}

/// What makes two paths one file.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// Its number on its device, which all of its names share.
    #[cfg(unix)]
    Number(u64, u64),
    /// Its folder without links, and its name: it may not be there yet.
    Place(PathBuf, OsString),
}

/// None for a device or a pipe, which has no contents to lose, and for what cannot be found.
fn identity(path: &Path) -> Option<Identity> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return None,
        #[cfg(unix)]
        Ok(metadata) => {
            use std::os::unix::fs::MetadataExt;
            return Some(Identity::Number(metadata.dev(), metadata.ino()));
        }
        #[cfg(not(unix))]
        Ok(_) => {}
        Err(_) => {}
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name()?.to_owned();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Some(Identity::Place(fs::canonicalize(folder).ok()?, name))
}
