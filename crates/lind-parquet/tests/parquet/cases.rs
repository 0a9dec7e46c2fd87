//! Every case of the tables as text, written as Parquet, gives the same charts.

use std::fs;
use std::path::{Path, PathBuf};

use lind_parquet::WithParquet;
use lind_records::{MemoryTables, Table, Tables};
use lind_time::When;

use crate::support::{Asked, WANTED, chart_text};
use crate::writing::{STYLES, Style, parquet, rows};

fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lind-records/tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("patients.csv").is_file())
        .filter(|path| !path.ends_with("a-table-in-two-files"))
        .collect();
    folders.sort();
    folders
}

/// The tables of a case as text, and as Parquet where they are well-formed; how many are.
fn tables(folder: &Path, style: Style) -> (MemoryTables, MemoryTables, usize) {
    let (mut as_text, mut as_parquet, mut count) = (MemoryTables::new(), MemoryTables::new(), 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if ["wanted.txt", "as-of.txt", "expected.txt", "why.md"].contains(&name.as_str()) {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        as_text = as_text.with(name.clone(), bytes.clone());
        let table = name.strip_suffix(".csv").and_then(Table::named);
        match table.and(rows(&bytes)) {
            Some((names, rows)) => {
                count += 1;
                let name = table.unwrap().parquet_file();
                as_parquet = as_parquet.with(name, parquet(&names, &rows, style));
            }
            None => as_parquet = as_parquet.with(name, bytes),
        }
    }
    (as_text, as_parquet, count)
}

/// All charts, and how often each rule was broken.
fn outcome(folder: &Path, tables: &dyn Tables) -> (Vec<String>, Vec<(&'static str, u64)>) {
    let wanted = fs::read_to_string(folder.join("wanted.txt"));
    let asked = Asked::read(wanted.as_deref().unwrap_or(WANTED));
    let as_of = fs::read_to_string(folder.join("as-of.txt")).ok();
    let as_of = as_of.map(|text| When::parse(text.trim()).unwrap());
    let mut charts = Vec::new();
    let mut dataset = match asked.open(tables, as_of) {
        Ok(dataset) => dataset,
        Err(error) => {
            let error = error.to_string().replace(".parquet", ".csv");
            let (before, _) = error.split_once(".csv:").unwrap_or((&error, ""));
            return (vec![before.to_owned()], Vec::new());
        }
    };
    while let Some(chart) = dataset.next_chart().unwrap() {
        charts.push(plain(&chart_text(&dataset, &asked, &chart, false)));
    }
    let counts = dataset.problems().counts();
    (
        charts,
        counts.map(|(rule, count)| (rule.code, count)).collect(),
    )
}

/// Without the zeros at the end of a number, which a column of decimals does not keep.
pub(crate) fn plain(chart: &str) -> String {
    let words = chart.split_inclusive([' ', '\n']).map(|word| {
        let (word, end) = word.split_at(word.trim_end().len());
        let is_number = word.contains('.')
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
        let word = if is_number {
            word.trim_end_matches('0').trim_end_matches('.')
        } else {
            word
        };
        format!("{word}{end}")
    });
    words.collect()
}

#[test]
fn every_case_gives_the_same_charts_as_parquet() {
    let mut compared = 0;
    for folder in folders() {
        for style in STYLES {
            // Whether a zero at the end was written is all that tells two of its rows apart.
            if style.typed && folder.ends_with("duplicate-rows-are-kept-once") {
                continue;
            }
            let (as_text, as_parquet, count) = tables(&folder, style);
            let expected = outcome(&folder, &as_text);
            // What is broken as text cannot be written otherwise.
            let broken = ["D0710", "D0711", "D0712", "D0713"];
            if expected.1.iter().any(|(code, _)| broken.contains(code)) {
                continue;
            }
            let found = outcome(&folder, &WithParquet(as_parquet));
            assert_eq!(found, expected, "{} {style:?}", folder.display());
            compared += count;
        }
    }
    assert!(compared > 300, "{compared}");
}
