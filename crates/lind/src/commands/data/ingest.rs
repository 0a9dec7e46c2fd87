//! `lind data ingest`: charts kept ready.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use lind_diagnostics::Severity;
use lind_records::{IngestError, Ingested, NewColumn, Options, RowWriter, Scratch, Store, ingest};

use crate::Ending;
use crate::commands::cohort::mapping;
use crate::commands::place::DataPlace;
use crate::commands::problems;
use crate::failure::{Failure, Stop};
use crate::folder::open_patients;
use crate::new_folder::NewFolder;
use crate::output::Output;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Read data once, and keep them ready in the order of their patients
#[derive(Debug, Args)]
#[command(
    long_about = "\
Reads data of any form once and writes all of their rows into a folder of Parquet files, in the \
order of the patients, each with its place in the source. Every command reads the folder like the \
data themselves and comes to the same verdicts, faster and with less memory.

Rows are kept as texts, before anything is looked up: a mapping or a protocol that is written later \
reads them as it would read the source. The mapping file is kept beside them as dataset.toml. What \
could not be read of the source is kept as lost.",
    after_help = "\
Examples:
  lind data ingest export -o charts
  lind data ingest export.zip --mapping site.toml -o charts
  lind screen trial.lind --patients charts

Exit codes: 0 nothing found, 1 the data have problems, 2 the work could not be done."
)]
pub(crate) struct IngestArguments {
    /// The folder, the archive or the file with the patients' data
    #[arg(value_name = "DATA")]
    data: PathBuf,
    /// Read this mapping file in place of the folder's dataset.toml, and keep it
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The folder to write; it must not be there yet, or be empty
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

pub(crate) fn run(arguments: &IngestArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let place = DataPlace {
        data: &arguments.data,
        mapping: arguments.mapping.as_deref(),
        as_of: None,
    };
    is_apart(&arguments.data, &arguments.output)?;
    let mut folder = NewFolder::beside(&arguments.output)?;
    let tables = open_patients(&arguments.data)?;
    let options = Options {
        listed_per_rule: problems::INGESTED,
        mapping: arguments.mapping.as_deref().map(mapping).transpose()?,
        ..Options::default()
    };
    let progress = Progress::begin("reading data", terminal.shows_progress());
    let ingested = ingest(&*tables, options, &mut folder).map_err(|error| match error {
        IngestError::Open(error) => place.unusable(error, terminal),
        IngestError::Read(error) => place.unreadable(&error),
        IngestError::Write(error) => folder.cannot(&error),
        error => Failure::new(error.to_string()),
    })?;
    drop(progress);
    folder.finish()?;
    let line = |problem: &_| place.problem_line(problem);
    problems::tell_listed(&ingested.problems, line, terminal);
    let mut output = Output::to(None)?;
    output.write(&report(&ingested, &arguments.output))?;
    output.finish()?;
    let mut counts = ingested.problems.counts();
    Ok(Ending::found(
        counts.any(|(rule, _)| rule.severity == Severity::Error),
    ))
}

/// Fails if the folder would stand within the data: the next reading would find it there.
fn is_apart(data: &Path, output: &Path) -> Result<(), Failure> {
    let parents = output.ancestors().skip(1);
    let here = |path: &Path| match path.as_os_str().is_empty() {
        true => fs::canonicalize("."),
        false => fs::canonicalize(path),
    };
    let parent = parents.into_iter().find_map(|path| here(path).ok());
    if let (Some(parent), Ok(data)) = (parent, fs::canonicalize(data))
        && parent.starts_with(&data)
    {
        let message = format!("`{}` would stand within the data", output.display());
        return Err(Failure::new(message).help("name a folder beside them"));
    }
    Ok(())
}

fn report(ingested: &Ingested, folder: &Path) -> String {
    let count = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let mut text = format!(
        "{} kept in {}\n",
        count(ingested.patients, "patient", "patients"),
        lind_report::one_line(&folder.display().to_string())
    );
    for (table, rows) in &ingested.rows {
        text.push_str(&format!("  {:<14} {rows:>12}\n", table.name()));
    }
    if ingested.lost > 0 {
        text.push_str(&format!(
            "{} of theirs could not be read; what it would have decided stays open.\n",
            count(ingested.lost, "record", "records")
        ));
    }
    text
}

impl Store for NewFolder {
    fn table(&mut self, file: &str, columns: &[NewColumn]) -> io::Result<Box<dyn RowWriter>> {
        let out = BufWriter::new(File::create(self.path(file))?);
        lind_parquet::create(out, columns)
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        File::create(self.path(name))?.write_all(bytes)
    }

    fn scratch(&mut self) -> Option<Box<dyn Scratch + Send>> {
        Some(Box::new(ScratchFile {
            path: self.path(".rows.tmp"),
            file: None,
        }))
    }
}

/// A temporary file within the folder that is being written. It is made when it is needed first.
struct ScratchFile {
    path: PathBuf,
    file: Option<File>,
}

impl ScratchFile {
    fn act(&mut self, act: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => Ok(file),
            None => self.create(),
        };
        let acted = file.and_then(|mut file| {
            let acted = act(&mut file);
            self.file = Some(file);
            acted
        });
        acted.map_err(|error| {
            let about = format!("the temporary file `{}`: {error}", self.path.display());
            io::Error::new(error.kind(), about)
        })
    }

    fn create(&self) -> io::Result<File> {
        let mut options = File::options();
        let file = options
            .read(true)
            .write(true)
            .create_new(true)
            .open(&self.path)?;
        // Without a name it is gone with the process, however that ends. Where a file that is open
        // cannot lose its name, it goes when it is closed.
        let _ = fs::remove_file(&self.path);
        Ok(file)
    }
}

impl Scratch for ScratchFile {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.act(|file| {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(bytes)
        })
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.act(|file| {
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(bytes)
        })
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Mostly it has no name any more.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn what_waits_is_read_again_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("charts");
        let mut new = NewFolder::beside(&target).unwrap();
        let mut scratch = new.scratch().unwrap();
        scratch.write_at(0, b"one two").unwrap();
        scratch.write_at(4, b"six").unwrap();
        let mut bytes = [0; 7];
        scratch.read_at(0, &mut bytes).unwrap();
        assert_eq!(&bytes, b"one six");
        let behind = scratch.read_at(5, &mut bytes).unwrap_err();
        assert!(behind.to_string().contains("the temporary file"));
        drop(scratch);
        new.finish().unwrap();
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_made_says_which() {
        let folder = tempfile::tempdir().unwrap();
        let mut new = NewFolder::beside(&folder.path().join("charts")).unwrap();
        let mut scratch = new.scratch().unwrap();
        fs::remove_dir_all(new.path("")).unwrap();
        let error = scratch.write_at(0, b"one").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains(".rows.tmp"), "{error}");
    }
}
