//! Where patients' data are, and what is said when they cannot be read.

use std::path::Path;

use lind_records::{Dataset, OpenError, Options, ReadError, Wanted};
use lind_time::When;

use crate::commands::cohort::mapping;
use crate::failure::Failure;
use crate::folder::open_patients;
use crate::terminal::Terminal;

/// Where patients' data are, and how they are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataPlace<'a> {
    /// The folder.
    pub(crate) data: &'a Path,
    /// The mapping file that is read in place of the folder's.
    pub(crate) mapping: Option<&'a Path>,
    /// What is later is left out.
    pub(crate) as_of: Option<When>,
}

impl DataPlace<'_> {
    /// Opens the patients' tables.
    pub(crate) fn open(
        &self,
        wanted: &Wanted,
        listed_per_rule: usize,
        terminal: &Terminal,
    ) -> Result<Dataset, Failure> {
        let tables = open_patients(self.data)?;
        let options = Options {
            as_of: self.as_of,
            listed_per_rule,
            mapping: self.mapping.map(mapping).transpose()?,
        };
        Dataset::open(&*tables, wanted, options).map_err(|error| self.unusable(error, terminal))
    }

    /// Why the patients cannot be read.
    pub(crate) fn unusable(&self, error: OpenError, terminal: &Terminal) -> Failure {
        let folder = self.data.display();
        let failure = Failure::new(format!("the patients in `{folder}` cannot be read"));
        match error {
            OpenError::NoPatients { found } => {
                let found = if found.is_empty() {
                    "the folder is empty".to_owned()
                } else {
                    let first: Vec<&str> = found.iter().take(8).map(String::as_str).collect();
                    let more = match found.len().saturating_sub(first.len()) {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    format!(
                        "there is no patients.csv; there is {}{more}",
                        first.join(", ")
                    )
                };
                failure.because(found).help(
                    "a folder of patients holds patients.csv (one row a patient) and tables such as \
                     milestones.csv and observations.csv, or files of FHIR (.json, .ndjson), of OMOP \
                     (person.csv and others) or of SDTM (dm.xpt and others); a zip archive of them will do",
                )
            }
            OpenError::Unusable { problems } => {
                for problem in &problems {
                    terminal.say(&self.problem_line(problem));
                }
                failure.because("the problems above stand in the way of all patients")
            }
            OpenError::Read(error) => self.unreadable(&error),
            _ => failure.because(error.to_string()),
        }
    }

    /// A table that could not be read to its end.
    pub(crate) fn unreadable(&self, error: &ReadError) -> Failure {
        let path = self.data.join(&error.file);
        Failure::new(format!("`{}` cannot be read", path.display())).because_of(&error.cause)
    }

    /// What is wrong with the data, in a line that begins with its place.
    pub(crate) fn problem_line(&self, problem: &lind_records::Problem) -> String {
        let mapping = self.mapping;
        let path = mapping
            .filter(|path| path.display().to_string() == problem.file)
            .map_or_else(|| self.data.join(&problem.file), Path::to_path_buf);
        // Charts that are kept ready name the files of their source, which are elsewhere.
        let is_store = self.data.join(lind_records::CHARTS_FILE).is_file();
        let path = match is_store && !path.is_file() {
            true => Path::new(&problem.file).to_path_buf(),
            false => path,
        };
        let mut text = format!(
            "{}:{}: {}[{}]: {}",
            path.display(),
            problem.line,
            problem.rule.severity,
            problem.rule.code,
            problem.message
        );
        if let Some(column) = &problem.column {
            text.push_str(&format!(" (column `{column}`)"));
        }
        format!("{}\n", lind_report::one_line(&text))
    }
}
