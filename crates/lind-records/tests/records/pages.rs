//! The examples on the pages of the diagnostics are run: what is called wrong raises the page's
//! code and nothing else, and what is called right raises nothing.
//!
//! An example is a block whose first line names its file: ```` ```csv observations.csv ````. A page
//! whose fault cannot be shown as text has blocks of plain text, which are not run.

use lind_records::{MemoryTables, OpenError};
use lind_time::When;

use crate::support::{Asked, WANTED};

const PATIENTS: &str = "patient,sex,birth_date\np1,female,1980-05-09\np2,male,1975-02\n";

/// The examples of a section, by file, and the as-of date if the section names one.
fn examples(page: &str, section: &str) -> (MemoryTables, usize) {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut here = false;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            here = title == section;
        }
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let (true, Some((_, file))) = (here, language.split_once(' ')) {
            files.push((file.to_owned(), format!("{}\n", text.join("\n"))));
        }
    }
    let count = files.len();
    // A source of another form has its own patients.
    let is_other = |(file, _): &(String, String)| {
        ["dm.csv", "person.csv"].contains(&file.as_str()) || file.ends_with("json")
    };
    if !files.iter().any(is_other) {
        files.insert(0, ("patients.csv".to_owned(), PATIENTS.to_owned()));
    }
    let tables = files
        .into_iter()
        .fold(MemoryTables::new(), |tables, (file, text)| {
            tables.with(file, text)
        });
    (tables, count)
}

/// The page about the tables.
const TABLES: &str = include_str!("../../../../docs/data/lind-tables.md");

#[test]
fn the_page_about_the_tables_names_every_column_and_every_word() {
    use lind_records::{Action, Comparator, ConditionStatus, Outcome, Severity, Sex, Table};
    for table in Table::ALL {
        let start = format!("| `{table}` | ");
        let row = TABLES.lines().find_map(|line| line.strip_prefix(&start));
        let row = row.unwrap().trim_end_matches(" |");
        let mut named: Vec<&str> = row.split(", ").map(|name| name.trim_matches('*')).collect();
        named.retain(|name| *name != "text");
        let mut columns = table.columns().to_vec();
        // The column in which rows are taken back is described once for all tables.
        if !named.contains(&"status") {
            columns.retain(|column| *column != "status");
        }
        assert_eq!(named, columns, "{table}");
    }
    let words = [
        Sex::WORDS,
        ConditionStatus::WORDS,
        Severity::WORDS,
        Outcome::WORDS,
        Action::WORDS,
    ];
    for word in words.into_iter().chain([Comparator::WORDS]).flatten() {
        assert!(TABLES.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn the_examples_of_the_page_about_the_tables_can_be_read() {
    for section in ["A first set", "dataset.toml"] {
        let (tables, count) = examples(TABLES, section);
        assert!(count > 0, "{section}");
        let none: [&str; 0] = [];
        assert_eq!(codes(&tables, None), none, "{section}");
    }
}

/// The page about the mapping file.
const MAPPING: &str = include_str!("../../../../docs/data/mapping.md");

#[test]
fn the_example_of_the_page_about_the_mapping_has_no_slip() {
    let text = MAPPING.split("```toml dataset.toml\n").nth(1).unwrap();
    let text = text.split("```").next().unwrap();
    let tables = MemoryTables::new()
        .with("patients.csv", PATIENTS)
        .with("dataset.toml", text);
    let found = codes(&tables, None);
    // There are no rows in which it could be of use.
    assert!(found.iter().all(|code| *code == "D0764"), "{found:?}");
}

fn codes(tables: &MemoryTables, as_of: Option<When>) -> Vec<&'static str> {
    match Asked::read(WANTED).open(tables, as_of) {
        Ok(mut dataset) => {
            // What ends the reading is a problem too.
            while let Ok(Some(_)) = dataset.next_chart() {}
            let counts = dataset.problems().counts();
            counts.map(|(rule, _)| rule.code).collect()
        }
        Err(OpenError::Unusable { problems }) => {
            problems.iter().map(|problem| problem.rule.code).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_examples_of_every_page_do_what_the_page_says() {
    let not_text = [
        "D0712", "D0713", "D0714", "D0763", "D0775", "D0776", "D0777", "D0782", "D0792", "D0800",
        "D0802", "D0806",
    ];
    for rule in lind_records::rules::ALL {
        let as_of = (rule.code == "D0762").then(|| When::parse("2024-07-01").unwrap());
        let (wrong, count) = examples(rule.page, "Wrong");
        if not_text.contains(&rule.code) {
            continue;
        }
        assert!(count > 0, "{}: no example is run", rule.code);
        assert_eq!(codes(&wrong, as_of), [rule.code], "{} Wrong", rule.code);
        let (right, _) = examples(rule.page, "Right");
        let none: [&str; 0] = [];
        assert_eq!(codes(&right, as_of), none, "{} Right", rule.code);
    }
}
