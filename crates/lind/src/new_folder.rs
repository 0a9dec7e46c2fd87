//! Folders that are written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder that appears under its name once it is whole.
pub(crate) struct NewFolder {
    target: PathBuf,
    /// Where it is written until then; none: it is there.
    partial: Option<PathBuf>,
}

impl NewFolder {
    /// A folder that is not there yet, or is empty.
    ///
    /// # Errors
    /// It is there and not empty, or it cannot be made.
    pub(crate) fn beside(target: &Path) -> Result<Self, Failure> {
        let is_free = match fs::read_dir(target) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !is_free {
            let message = format!("`{}` is there already", target.display());
            return Err(Failure::new(message)
                .help("name a folder that is not there yet, or remove this one first"));
        }
        let mut name = target.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(Failure::new("the folder to write has no name"));
        }
        name.push(format!(".partial-{}", std::process::id()));
        let partial = target.with_file_name(name);
        let folder = Self {
            target: target.to_owned(),
            partial: Some(partial.clone()),
        };
        fs::create_dir_all(&partial).map_err(|error| folder.cannot(&error))?;
        Ok(folder)
    }

    /// What kept it from being written.
    pub(crate) fn cannot(&self, error: &io::Error) -> Failure {
        let message = format!("`{}` cannot be written", self.target.display());
        Failure::new(message).because_of(error)
    }

    /// Where a file of it is written.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.partial.as_ref().unwrap_or(&self.target).join(name)
    }

    /// Writes a file of it, with the folders in which it stands.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&path);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| self.cannot(&error))
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// It cannot be given its name.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let Some(partial) = self.partial.clone() else {
            return Ok(());
        };
        // An empty folder gives way.
        let _ = fs::remove_dir(&self.target);
        fs::rename(&partial, &self.target).map_err(|error| self.cannot(&error))?;
        self.partial = None;
        Ok(())
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
            // What is half written serves nobody; that it cannot be removed hurts nobody.
            let _ = fs::remove_dir_all(partial);
        }
    }
}
