//! Lind tables written in the other forms that Lind reads: FHIR bundles, the OMOP common data model
//! and SDTM. What is read back is the same chart: the tests of this crate hold the readers to it.
//!
//! ```
//! use lind_forms::{Form, Sheets};
//!
//! let sheets = Sheets::new([
//!     ("patients.csv", "patient,sex,birth_date\np1,female,1980-05-09\n"),
//!     ("observations.csv", "patient,code,time,value,unit\np1,loinc|718-7,2024-05-02,13.5,g/dL\n"),
//! ])?;
//! let written = lind_forms::write(&sheets, Form::Fhir);
//! assert_eq!(written.files[0].name, "p1.json");
//! assert!(written.files[0].text.contains("\"value\":13.5"));
//! # Ok::<(), lind_forms::Unreadable>(())
//! ```
//!
//! **Invariants**
//!
//! 1. The same tables give the same bytes.
//! 2. What a form has an element for stands there. What it has none for stands where its own way of
//!    extending it puts it, and the `dataset.toml` beside the files says what it means.
//! 3. A table that a form has no place for at all is named ([`Written::left_out`]).
//! 4. Nothing that a row does not say is written, but for what a form demands in each record.
#![forbid(unsafe_code)]

mod codes;
mod fhir;
mod fhir_rows;
mod omop;
mod sdtm;
mod sheets;

pub use sheets::{Row, Sheets, Unreadable};

/// A form of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One FHIR bundle a patient.
    Fhir,
    /// OMOP CDM 5.4 as CSV, with the concepts that it uses.
    Omop,
    /// SDTM as CSV, a file a domain.
    Sdtm,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 3] = [Form::Fhir, Form::Omop, Form::Sdtm];

    /// Its name: `fhir`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Form::Fhir => "fhir",
            Form::Omop => "omop",
            Form::Sdtm => "sdtm",
        }
    }

    /// The form of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// A file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// What the tables are in another form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, `dataset.toml` last.
    pub files: Vec<File>,
    /// How each patient is called in the form, and in the tables.
    pub patients: Vec<(String, String)>,
    /// Tables that have rows and that the form has no place for.
    pub left_out: Vec<&'static str>,
}

/// The tables in another form, with the mapping that reads them back.
#[must_use]
pub fn write(sheets: &Sheets, form: Form) -> Written {
    let mut written = match form {
        Form::Fhir => fhir::write(sheets),
        Form::Omop => omop::write(sheets),
        Form::Sdtm => sdtm::write(sheets),
    };
    written.left_out.retain(|table| sheets.has(table));
    written
}
