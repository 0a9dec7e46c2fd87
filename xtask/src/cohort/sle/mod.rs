//! The cohort of NCT05765006: twelve who were screened, eight who were infused, and the whole course behind them.
//!
//! [`truth`] is written by hand, [`participants`] tells the people around it, the other modules make rows of it,
//! and [`recompute`] finds the truth again in the rows. If it does not, nothing is written.

use std::io;

use super::File;

mod activity;
mod blood;
mod calendar;
mod cells;
mod chart;
mod chemistry;
mod drugs;
mod expected;
mod expected_values;
mod not_enrolled;
mod participants;
mod person;
mod recompute;
mod series;
mod toxicity;
mod truth;
mod visits;

use chart::{Chart, Sheet};
use person::Person;

/// `dataset.toml`.
const DATASET: &str = r#"# Invented patients. None of them exists, and no number was taken from a person.
[dataset]
site    = "Invented patients for NCT05765006"
cut_off = "2024-11-30"
"#;

/// `decisions.csv`: what was decided of the dose levels; of the trial, not of a patient.
const DECISIONS: &str = "\
time,level,action,to,by,reason
2023-07-14,DL1,escalate,DL2,safety review committee,\"0 of 3 evaluable participants with a dose-limiting toxicity, all windows closed on 2023-07-12\"
2023-10-13,DL2,escalate,DL3,safety review committee,\"0 of 2 evaluable participants with a dose-limiting toxicity, all windows closed on 2023-10-11\"
2024-01-05,DL3,escalate,DL4,safety review committee,\"0 of 2 evaluable participants with a dose-limiting toxicity, all windows closed on 2024-01-03\"
2024-05-10,DL4,stop,,safety review committee,\"0 of 1 evaluable participants with a dose-limiting toxicity, highest dose level, end of enrolment\"
";

/// Everybody, the infused first.
fn people() -> impl Iterator<Item = &'static Person> {
    participants::PARTICIPANTS
        .iter()
        .chain(&not_enrolled::NOT_ENROLLED)
}

fn chart(person: &Person) -> Chart {
    let mut chart = Chart::new(person.id, person.sex, person.birth_date);
    visits::write(person, &mut chart);
    activity::write(person, &mut chart);
    blood::write(person, &mut chart);
    cells::write(person, &mut chart);
    chemistry::write(person, &mut chart);
    drugs::write(person, &mut chart);
    let icaht = recompute::icaht_early(&chart);
    toxicity::write(person, icaht, &mut chart);
    // A stable order: by time, then as told above.
    chart.rows.sort_by_key(|row| {
        let time = match row.sheet {
            Sheet::Observations | Sheet::Milestones => row.get("time"),
            Sheet::AdverseEvents => row.get("onset"),
            _ => "",
        };
        time.to_owned()
    });
    chart
}

/// All files of the cohort, and the published results as they come out of its rows, a line each.
///
/// # Errors
/// If what the rows say is not what is true of the cohort.
pub(super) fn files() -> io::Result<(Vec<File>, String)> {
    let charts: Vec<Chart> = people().map(chart).collect();
    let results = expected::verified(&charts).map_err(io::Error::other)?;
    let mut files = chart::tables(&charts);
    files.push(File {
        name: "dataset.toml",
        text: DATASET.to_owned(),
    });
    files.push(File {
        name: "decisions.csv",
        text: DECISIONS.to_owned(),
    });
    files.extend(expected::write(&results));
    let published = results.published();
    let lines = published
        .iter()
        .map(|(what, value)| format!("{what}: {value}\n"));
    Ok((files, lines.collect()))
}
