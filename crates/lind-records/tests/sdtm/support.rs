//! Asking for everything, and writing it down.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use lind_records::{Chart, ConceptId, Dataset, Fact, MemoryTables, Options, Symbol, Table, Wanted};

/// The data that are shared beside the project; none, with a line that says so, if they are absent.
pub(crate) fn shared(folder: &str, test: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("../shared/data is absent: {test} was not run");
    None
}

/// The files of a folder whose names end so.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|other| other == ending))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

pub(crate) fn tables(files: &[(String, Vec<u8>)]) -> MemoryTables {
    let with = |tables: MemoryTables, (name, bytes): &(String, Vec<u8>)| {
        tables.with(name.clone(), bytes.clone())
    };
    files.iter().fold(MemoryTables::new(), with)
}

/// Whatever a table has.
pub(crate) fn anything() -> Wanted {
    let mut wanted = Wanted::new();
    for (at, table) in Table::FACTS.into_iter().enumerate() {
        wanted.add_any(table, ConceptId(u32::try_from(at).unwrap()));
    }
    wanted
}

pub(crate) fn open(tables: &MemoryTables) -> Dataset {
    Dataset::open(tables, &anything(), Options::default()).unwrap()
}

/// Every chart, by patient, without the places of its rows.
pub(crate) fn charts(dataset: &mut Dataset) -> Vec<(String, String)> {
    let mut charts = Vec::new();
    while let Some(chart) = dataset.next_chart().unwrap() {
        let text = chart_text(dataset, &chart);
        charts.push((chart.patient.to_string(), text));
    }
    charts
}

/// A chart as text, a line for each row, in an order that does not depend on places.
pub(crate) fn chart_text(dataset: &Dataset, chart: &Chart) -> String {
    let mut lines: Vec<String> = Vec::new();
    let symbol = |symbol: Option<Symbol>| {
        symbol.map_or(String::new(), |symbol| {
            dataset.symbols().text(symbol).to_owned()
        })
    };
    let code = |row: &dyn Fact| {
        let when = row.time().map_or(String::new(), |time| time.to_string());
        format!(
            "{} {} {when}",
            row.at().table,
            dataset.dictionary().text(row.code())
        )
    };
    for row in &chart.milestones {
        lines.push(code(row));
    }
    for row in &chart.observations {
        let unit = row
            .unit
            .map(|unit| dataset.units().get(unit).unwrap().code().to_owned());
        lines.push(format!(
            "{} {:?} {:?} {unit:?} {:?} {:?} {} {} {} {} {}",
            code(row),
            row.comparator,
            row.value.map(|value| value.to_string()),
            row.low.map(|value| value.to_string()),
            row.high.map(|value| value.to_string()),
            symbol(row.result),
            symbol(row.specimen),
            symbol(row.method),
            symbol(row.source),
            symbol(row.body_site),
        ));
    }
    for row in &chart.conditions {
        lines.push(format!(
            "{} {:?} {:?} {:?} {}",
            code(row),
            row.abatement.map(|time| time.to_string()),
            row.status,
            row.severity,
            symbol(row.body_site)
        ));
    }
    for row in &chart.treatments {
        let unit = row
            .unit
            .map(|unit| dataset.units().get(unit).unwrap().code().to_owned());
        lines.push(format!(
            "{} {:?} {:?} {unit:?} {} {} {} {:?}",
            code(row),
            row.end.map(|time| time.to_string()),
            row.dose.map(|value| value.to_string()),
            symbol(row.frequency),
            symbol(row.route),
            symbol(row.indication),
            row.investigational
        ));
    }
    for row in &chart.procedures {
        lines.push(format!("{} {}", code(row), symbol(row.body_site)));
    }
    for row in &chart.adverse_events {
        lines.push(format!(
            "{} {:?} {:?} {} {:?} {:?}",
            code(row),
            row.grade,
            row.end.map(|time| time.to_string()),
            symbol(row.related),
            row.serious,
            row.dlt
        ));
    }
    for row in &chart.visits {
        lines.push(format!(
            "{} {:?}",
            code(row),
            row.end.map(|time| time.to_string())
        ));
    }
    for row in &chart.assignments {
        lines.push(code(row));
    }
    for lost in &chart.set_aside {
        lines.push(format!(
            "set aside {} {} {:?}",
            lost.table, lost.problem.rule.code, lost.column
        ));
    }
    lines.sort();
    let mut text = format!(
        "{} {:?} {:?} {:?}\n",
        chart.patient,
        chart.sex,
        chart.birth.map(|time| time.to_string()),
        chart.death.map(|time| time.to_string())
    );
    for line in lines {
        writeln!(text, "{line}").unwrap();
    }
    text
}

/// What became of the rows, table by table, and what was found wrong.
pub(crate) fn summary(dataset: &Dataset) -> String {
    let mut text = format!("{} patients\n", dataset.patient_count());
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
        if tally.read == 0 {
            continue;
        }
        write!(text, "{table}: read {}", tally.read).unwrap();
        for (count, what) in [
            (tally.used, "used"),
            (tally.not_wanted, "not wanted"),
            (tally.set_aside, "set aside"),
            (tally.withdrawn, "withdrawn"),
            (tally.later, "later"),
            (tally.duplicates, "duplicates"),
        ] {
            if count > 0 {
                write!(text, ", {what} {count}").unwrap();
            }
        }
        text.push('\n');
    }
    for (rule, count) in dataset.problems().counts() {
        writeln!(text, "{count} {} {}", rule.code, rule.name).unwrap();
    }
    text
}
