//! Patients' tables in a folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lind_parquet::RandomAccess;
use lind_records::{ColumnFile, Tables};

use crate::failure::Failure;

/// The files of a folder.
#[derive(Debug)]
pub(crate) struct FolderTables {
    folder: PathBuf,
    names: Vec<String>,
}

impl FolderTables {
    /// Looks into a folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let cannot = |error: &io::Error| {
            let failure = Failure::new(format!(
                "the folder of patients `{}` cannot be read",
                folder.display()
            ))
            .because_of(error);
            if folder.is_file() {
                failure.help("name the folder in which the tables stand, not one of them")
            } else {
                failure
            }
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| cannot(&error))? {
            let entry = entry.map_err(|error| cannot(&error))?;
            if entry.path().is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(Self {
            folder: folder.to_owned(),
            names,
        })
    }
}

impl Tables for FolderTables {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn io::Read + Send>>> {
        match File::open(self.folder.join(name)) {
            Ok(file) if file.metadata()?.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
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
struct OnDisk {
    file: File,
    size: u64,
}

impl OnDisk {
    fn new(file: File) -> io::Result<Self> {
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
