//! `lind cases`: made-up patients just inside and just outside of each criterion.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use lind_amend::{CannotCompare, Version, boundary_cases};
use lind_forms::Form;
use lind_model::Protocol;
use lind_model::boundary::{BoundaryCase, BoundaryCases};
use lind_records::{Sheets, Table};
use lind_report::Boundaries;

use crate::Ending;
use crate::commands::cohort::position;
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::new_folder::NewFolder;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Make patients on both sides of every limit of every criterion, to test what reads patients
#[derive(Debug, Args)]
#[command(
    long_about = "\
Makes patients up for every criterion of a protocol: just inside of each limit and just outside, \
with what is asked for missing, and saved by a guard or an exception; all else about them is \
typical, so that every other criterion passes. What is to be expected of each is what the \
interpreter says.

With -o they are written into a folder as tables and as FHIR bundles, to be loaded into a system \
for electronic data capture whose edit checks are to be tested. Where there can be nobody, this is \
proved, or it is said that nobody was found. The same protocol gives the same bytes.",
    after_help = "\
Examples:
  lind cases trial.lind                       who there would be, and what to expect of them
  lind cases trial.lind --criterion I3        of one criterion
  lind cases trial.lind -o cases              cases.csv, cases.json, no-patient.csv, tables/, fhir/
  lind screen trial.lind --patients cases/tables

Exit codes: 0 done (even if there is nobody in some cases), 1 the protocol has errors, 2 the work
could not be done, 101 the engine and the interpreter disagree."
)]
pub(crate) struct CasesArguments {
    /// The protocol; `-` is the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// Write the patients into this folder; it must not be there yet, or be empty
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write this form of data alone [default: both]
    #[arg(long, value_name = "FORM", requires = "output")]
    form: Option<CasesForm>,
    /// Only this criterion (may be repeated) [default: all]
    #[arg(long, value_name = "ID")]
    criterion: Vec<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CasesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum CasesForm {
    /// Tables in CSV, in the folder tables
    Tables,
    /// One FHIR bundle (R4) a patient, in the folder fhir
    Fhir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum CasesFormat {
    /// Who there is for each criterion, and what is special about them
    Text,
    /// One object, schema lind.cases/1
    Json,
}

pub(crate) fn run(arguments: &CasesArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let place = Place::of(&arguments.protocol);
    let mut checked = Checked::one(&place)?;
    checked.tell(terminal);
    let tests = checked.tests.drain(..).next().unwrap_or_default();
    let Some(protocol) = checked.protocol(&place)? else {
        return Ok(Ending::Findings);
    };
    let only = named(&protocol, &arguments.criterion)?;
    let folder = arguments.output.as_deref().map(NewFolder::beside);
    let folder = folder.transpose()?;
    let version = Version { protocol, tests };
    let made = boundary_cases(&version, &only).map_err(|error| stop(&error))?;
    let boundaries = Boundaries {
        protocol: &version.protocol,
        made: &made,
    };
    if let Some(folder) = folder {
        write(&folder, &boundaries, arguments.form)?;
        folder.finish()?;
    }
    let mut output = Output::standard();
    match arguments.format {
        CasesFormat::Json => {
            output.write(&lind_report::boundary_json(&boundaries))?;
            output.write("\n")?;
        }
        // What was written stands in its lists.
        CasesFormat::Text if arguments.output.is_some() => {}
        CasesFormat::Text => {
            let style = terminal.style_of_reports();
            output.write(&lind_report::boundary_text(&boundaries, style))?;
            if !terminal.is_quiet {
                output.write("\n")?;
            }
        }
    }
    if arguments.format == CasesFormat::Text && !terminal.is_quiet {
        output.write(&lind_report::boundary_summary(&made))?;
    }
    output.finish()?;
    Ok(Ending::Clean)
}

/// The criteria that are named.
fn named(protocol: &Protocol, names: &[String]) -> Result<Vec<Arc<str>>, Failure> {
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let ids = protocol.criteria.iter().map(|criterion| &*criterion.id);
        let place = position(name, ids, "criterion")?;
        let own = protocol.criteria.get(place);
        found.extend(own.map(|criterion| Arc::clone(&criterion.id)));
    }
    Ok(found)
}

/// Writes the lists, and the patients in each form that is asked for.
fn write(
    folder: &NewFolder,
    boundaries: &Boundaries<'_>,
    form: Option<CasesForm>,
) -> Result<(), Stop> {
    let made = boundaries.made;
    folder.write("cases.csv", &lind_report::boundary_csv(made))?;
    folder.write("no-patient.csv", &lind_report::absent_csv(made))?;
    let json = lind_report::boundary_json(boundaries);
    folder.write("cases.json", &format!("{json}\n"))?;
    let sheets = sheets(made);
    if form != Some(CasesForm::Fhir) {
        for (table, text) in sheets.texts() {
            folder.write(&format!("tables/{}", table.file()), text)?;
        }
    }
    if form != Some(CasesForm::Tables) {
        let texts: Vec<(&str, &str)> = sheets
            .texts()
            .map(|(table, text)| (table.file(), text))
            .collect();
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new("the patients cannot be written as FHIR").because(error.to_string())
        };
        let sheets = lind_forms::Sheets::new(texts).map_err(|error| cannot(&error))?;
        for file in lind_forms::write(&sheets, Form::Fhir).files {
            folder.write(&format!("fhir/{}", file.name), &file.text)?;
        }
    }
    Ok(())
}

/// The patients as tables.
fn sheets(made: &BoundaryCases) -> Sheets {
    let mut sheets = Sheets::new();
    for case in &made.cases {
        let BoundaryCase {
            name,
            sex,
            born,
            rows,
            ..
        } = case;
        let born = born.map_or_else(String::new, |born| born.to_string());
        let person = [("sex", sex.unwrap_or_default()), ("birth_date", &born)];
        sheets.add(Table::Patients, name, &person);
        for row in rows {
            let Some(table) = Table::named(row.table) else {
                continue;
            };
            let cells: Vec<(&str, &str)> = row
                .cells
                .iter()
                .map(|(column, text)| (*column, text.as_str()))
                .collect();
            sheets.add(table, name, &cells);
        }
    }
    sheets
}

fn stop(error: &CannotCompare) -> Stop {
    Stop::of_engine(
        "no patients can be made up",
        error,
        "nothing was made; please report this with the protocol, if it is public",
    )
}
