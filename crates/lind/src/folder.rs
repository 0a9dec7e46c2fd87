//! Patients' data in a folder, in one file, or in an archive.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lind_parquet::RandomAccess;
use lind_records::{ColumnFile, Tables};

use crate::failure::Failure;

/// Opens the folder, or the archive, of patients.
pub(crate) fn open_patients(path: &Path) -> Result<Box<dyn Tables>, Failure> {
    let is_zip = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if !is_zip || !path.is_file() {
        return Ok(Box::new(FolderTables::open(path)?));
    }
    let tables = File::open(path)
        .and_then(OnDisk::new)
        .and_then(|file| lind_archive::open(Arc::new(file)));
    match tables {
        Ok(tables) => Ok(Box::new(tables)),
        Err(error) => {
            let shown = path.display();
            let message = format!("the archive of patients `{shown}` cannot be read");
            Err(Failure::new(message).because_of(&error))
        }
    }
}

/// How deep folders are looked into.
const DEEPEST: usize = 16;

/// The settings, which may also stand beside a single file.
const SETTINGS: &str = "dataset.toml";

/// The files of a folder and of the folders in it.
#[derive(Clone, Debug)]
pub(crate) struct FolderTables {
    folder: PathBuf,
    /// With `/` between the folders.
    names: Vec<String>,
    /// What is there and not opened, and why.
    refused: Vec<(String, &'static str)>,
}

impl FolderTables {
    /// Looks into a folder, or at a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: &io::Error| {
            let failure = Failure::new(format!(
                "the folder of patients `{}` cannot be read",
                path.display()
            ))
            .because_of(error);
            if path.is_file() {
                failure.help("name the folder in which the tables stand, not one of them")
            } else {
                failure
            }
        };
        if let Some(file) = Self::of_file(path) {
            return Ok(file);
        }
        let mut tables = Self {
            folder: path.to_owned(),
            names: Vec::new(),
            refused: Vec::new(),
        };
        let root = path.canonicalize().map_err(|error| cannot(&error))?;
        tables
            .list(&root, path, "", 0)
            .map_err(|error| cannot(&error))?;
        tables.names.sort();
        tables.refused.sort();
        Ok(tables)
    }

    /// One file that holds whole patients by itself.
    fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let lower = name.to_ascii_lowercase();
        let unpacked = lower.strip_suffix(".gz").unwrap_or(&lower);
        let (_, ending) = unpacked.rsplit_once('.')?;
        if !["json", "ndjson", "jsonl"].contains(&ending) || !path.is_file() {
            return None;
        }
        Some(Self {
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
            names: vec![name.to_owned()],
            refused: Vec::new(),
        })
    }

    /// Whether a file was found where it is looked for, by no way that is refused.
    fn may_open(&self, name: &str) -> bool {
        let found = self
            .names
            .binary_search_by(|other| other.as_str().cmp(name));
        name == SETTINGS || found.is_ok()
    }

    fn list(&mut self, root: &Path, folder: &Path, before: &str, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let whole = format!("{before}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                // Folders whose names begin with a dot are the system's.
                if name.starts_with('.') {
                    continue;
                }
                if depth >= DEEPEST {
                    self.refused
                        .push((whole, "folders stand in folders more than 16 deep"));
                } else {
                    self.list(root, &entry.path(), &format!("{whole}/"), depth + 1)?;
                }
                continue;
            }
            if kind.is_file() {
                self.names.push(whole);
                continue;
            }
            let refused = if kind.is_symlink() {
                match entry.path().canonicalize() {
                    Err(_) => Some("it is a link that leads nowhere"),
                    Ok(target) if !target.starts_with(root) => {
                        Some("it is a link that leads out of the folder")
                    }
                    Ok(target) if target.is_file() => None,
                    Ok(_) => Some("it is a link that leads to no file"),
                }
            } else {
                Some("it is a pipe, a device or the like, and no file")
            };
            match refused {
                Some(why) => self.refused.push((whole, why)),
                None => self.names.push(whole),
            }
        }
        Ok(())
    }
}

impl Tables for FolderTables {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn refused(&self) -> Vec<(String, &'static str)> {
        self.refused.clone()
    }

    fn lasting(&self) -> Option<Arc<dyn Tables + Send + Sync>> {
        Some(Arc::new(self.clone()))
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn io::Read + Send>>> {
        if !self.may_open(name) {
            return Ok(None);
        }
        match File::open(self.folder.join(name)) {
            Ok(file) if file.metadata()?.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        if !self.may_open(name) {
            return Ok(None);
        }
        match File::open(self.folder.join(name)) {
            Ok(file) if file.metadata()?.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(file) => lind_parquet::open(Arc::new(OnDisk::new(file)?)).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A file that is read where it stands.
#[derive(Debug)]
pub(crate) struct OnDisk {
    file: File,
    size: u64,
}

impl OnDisk {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

impl RandomAccess for OnDisk {
    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        use std::os::windows::fs::FileExt;
        while !buffer.is_empty() {
            let count = self.file.seek_read(buffer, offset)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            buffer = buffer.get_mut(count..).unwrap_or_default();
            offset += u64::try_from(count).unwrap_or(0);
        }
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn folders_are_looked_into_and_links_out_of_them_are_not_followed() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("patients");
        fs::create_dir_all(folder.join("ward/a")).unwrap();
        fs::create_dir_all(folder.join(".git")).unwrap();
        fs::write(outer.path().join("secret.json"), "{}").unwrap();
        fs::write(folder.join("ward/a/one.json"), "{}").unwrap();
        fs::write(folder.join(".git/two.json"), "{}").unwrap();
        symlink(outer.path().join("secret.json"), folder.join("out.json")).unwrap();
        symlink(outer.path(), folder.join("up")).unwrap();
        symlink(folder.join("nowhere"), folder.join("gone.json")).unwrap();
        symlink(folder.join("ward/a/one.json"), folder.join("again.json")).unwrap();
        symlink(folder.join("ward"), folder.join("ward/loop")).unwrap();
        let tables = FolderTables::open(&folder).unwrap();
        assert_eq!(tables.names, ["again.json", "ward/a/one.json"]);
        let refused: Vec<&str> = tables.refused.iter().map(|(name, _)| &**name).collect();
        assert_eq!(refused, ["gone.json", "out.json", "up", "ward/loop"]);
        assert!(tables.open("out.json").unwrap().is_none());
        assert!(tables.open("../secret.json").unwrap().is_none());
        assert!(tables.open("ward/a/one.json").unwrap().is_some());
    }

    #[test]
    fn a_file_of_whole_patients_is_taken_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["p1.json", "all.ndjson.gz", "patients.csv"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let tables = FolderTables::open(&folder.path().join("p1.json")).unwrap();
        assert_eq!(tables.names, ["p1.json"]);
        assert!(tables.open("all.ndjson.gz").unwrap().is_none());
        assert!(FolderTables::open(&folder.path().join("all.ndjson.gz")).is_ok());
        assert!(FolderTables::open(&folder.path().join("patients.csv")).is_err());
    }
}
