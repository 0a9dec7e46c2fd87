//! `write FORM FROM -o TO`: a folder of Lind tables as FHIR, OMOP or SDTM. `cargo xtask cohort … --form` runs it.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    reason = "files are read and written here, for the library that does not"
)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use lind_forms::{Form, Sheets};

const USAGE: &str = "\
usage: write FORM FROM -o TO

  FORM   fhir, omop or sdtm
  FROM   a folder of Lind tables
  TO     the folder that is written; it must be empty, or not there yet
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ["-o", to] = arguments.get(2..).unwrap_or_default() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let (Some(form), Some(from)) = (
        arguments.first().and_then(|name| Form::named(name)),
        arguments.get(1),
    ) else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match write(form, Path::new(from), Path::new(to)) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(form: Form, from: &Path, to: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name.ends_with(".csv") || name == "dataset.toml" {
            files.push((name.to_owned(), fs::read_to_string(&path)?));
        }
    }
    let sheets = Sheets::new(
        files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    )?;
    let written = lind_forms::write(&sheets, form);
    fs::create_dir_all(to)?;
    // What is left of other data would be read with these.
    if fs::read_dir(to)?.next().is_some() {
        return Err(format!("{} is not empty", to.display()).into());
    }
    for file in &written.files {
        fs::write(to.join(&file.name), &file.text)?;
    }
    let (files, patients) = (written.files.len(), written.patients.len());
    let mut told = format!("{files} files, {patients} patients");
    if !written.left_out.is_empty() {
        let tables = written.left_out.join(", ");
        told.push_str(&format!("; {} has no place for {tables}", form.name()));
    }
    Ok(told)
}
