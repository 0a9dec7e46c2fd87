//! Where results go: the standard output, or a file that appears when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Stop};

/// Where results go.
pub(crate) struct Output {
    writer: BufWriter<Box<dyn Write>>,
    file: Option<Replacement>,
}

impl Output {
    /// To the standard output.
    pub(crate) fn standard() -> Self {
        Self {
            writer: BufWriter::with_capacity(1 << 16, Box::new(io::stdout())),
            file: None,
        }
    }

    /// To a file, or to the standard output if none is named.
    pub(crate) fn to(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::standard());
        };
        // A pipe or a device has no contents to replace.
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
            let device = File::options().write(true).open(path);
            let device =
                device.map_err(|error| Failure::new(cannot_write(path)).because_of(&error))?;
            return Ok(Self {
                writer: BufWriter::with_capacity(1 << 16, Box::new(device)),
                file: None,
            });
        }
        let (replacement, file) = Replacement::begin(path)?;
        Ok(Self {
            writer: BufWriter::with_capacity(1 << 16, Box::new(file)),
            file: Some(replacement),
        })
    }

    /// Writes some of the results.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Stop> {
        let written = self.writer.write_all(text.as_bytes());
        written.map_err(|error| self.stop(&error))
    }

    /// Hands over what was written so far.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        let flushed = self.writer.flush();
        flushed.map_err(|error| self.stop(&error))
    }

    /// Hands over what is left; a file gets its name only now.
    pub(crate) fn finish(mut self) -> Result<(), Stop> {
        self.flush()?;
        if let Some(replacement) = self.file.take() {
            replacement.complete()?;
        }
        Ok(())
    }

    fn stop(&self, error: &io::Error) -> Stop {
        if self.file.is_none() && error.kind() == io::ErrorKind::BrokenPipe {
            return Stop::NobodyReads;
        }
        let message = self.file.as_ref().map_or_else(
            || "the results cannot be written".to_owned(),
            |file| cannot_write(&file.path),
        );
        Failure::new(message).because_of(error).into()
    }
}

/// Writes a text to a file, whole or not at all.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let (replacement, mut file) = Replacement::begin(path)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| Failure::new(cannot_write(path)).because_of(&error))?;
    drop(file);
    replacement.complete()
}

fn cannot_write(path: &Path) -> String {
    format!("`{}` cannot be written", path.display())
}

/// A file that is being written beside the one it will replace. Dropped, it leaves nothing behind.
struct Replacement {
    path: PathBuf,
    beside: PathBuf,
    is_complete: bool,
}

impl Replacement {
    fn begin(path: &Path) -> Result<(Self, File), Failure> {
        let fail = |error: &io::Error| Failure::new(cannot_write(path)).because_of(error);
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = path
            .file_name()
            .ok_or_else(|| {
                Failure::new(cannot_write(&path)).because("it is not the name of a file")
            })?
            .to_string_lossy()
            .into_owned();
        let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let file = File::create_new(&beside).map_err(|error| fail(&error))?;
        if let Ok(metadata) = fs::metadata(&path) {
            file.set_permissions(metadata.permissions())
                .map_err(|error| fail(&error))?;
        }
        let replacement = Self {
            path,
            beside,
            is_complete: false,
        };
        Ok((replacement, file))
    }

    fn complete(mut self) -> Result<(), Failure> {
        fs::rename(&self.beside, &self.path)
            .map_err(|error| Failure::new(cannot_write(&self.path)).because_of(&error))?;
        self.is_complete = true;
        Ok(())
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.is_complete {
            // It holds half a result, and has a name of its own: nobody misses it.
            let _ = fs::remove_file(&self.beside);
        }
    }
}
