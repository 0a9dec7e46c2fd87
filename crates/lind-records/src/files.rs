//! Files that are not read.

use std::sync::Arc;

use lind_diagnostics::closest;

use crate::excerpt::quoted;
use crate::problem::Recorder;
use crate::{Problem, Table, rules, settings_file};

/// The names as they can be shown.
pub(crate) fn shown(names: &[String]) -> Vec<String> {
    let mut names: Vec<String> = names
        .iter()
        .map(|name| quoted(name).trim_matches('`').to_owned())
        .collect();
    names.sort();
    names
}

/// Says of files that look like tables that they are not read: a table with a slip in its name
/// is a table that is not there.
pub(crate) fn tell_unknown(names: &[String], recorder: &mut Recorder) {
    for name in names {
        let is_known = name == settings_file::FILE
            || Table::ALL.into_iter().any(|table| is_file_of(table, name));
        if is_known || is_expected(name) {
            continue;
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_table = ["csv", "tsv", "parquet", "xlsx", "txt", "gz"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known));
        let is_short = stem.chars().count() <= 40;
        let tables = Table::ALL.into_iter().map(Table::name);
        let meant = closest(stem, tables).filter(|_| is_short);
        let message = match meant.and_then(Table::named) {
            Some(table) => format!(
                "{} is not read; did you mean `{}`?",
                quoted(name),
                if ending.eq_ignore_ascii_case("parquet") {
                    table.parquet_file()
                } else {
                    table.file().to_owned()
                }
            ),
            None if is_table && is_read(ending) => {
                format!("{} is not one of the tables and is not read", quoted(name))
            }
            None => continue,
        };
        recorder.record(Problem {
            rule: &rules::D0706_UNKNOWN_FILE,
            file: quoted(name).trim_matches('`').to_owned(),
            line: 1,
            record: None,
            column: None,
            column_number: None,
            message,
        });
    }
}

/// Whether a file stands in the folder of what should come out of the data, and is no table itself: it was
/// put beside them for those who compare, and nobody takes it for data.
fn is_expected(name: &str) -> bool {
    name.strip_prefix("expected/").is_some_and(|inner| {
        let last = inner.rsplit('/').next().unwrap_or(inner);
        !Table::ALL.into_iter().any(|table| is_file_of(table, last))
    })
}

fn is_read(ending: &str) -> bool {
    ["csv", "parquet"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

fn is_file_of(table: Table, name: &str) -> bool {
    name == table.file() || name == table.parquet_file()
}

/// The name of the file of each table, be it there or not; none if a table has two.
pub(crate) fn of_tables(names: &[String], recorder: &mut Recorder) -> Option<Arc<[Arc<str>]>> {
    let mut is_plain = true;
    let files = Table::ALL.into_iter().map(|table| {
        let (csv, parquet) = (table.file(), table.parquet_file());
        let is_there = |file: &str| names.iter().any(|name| name == file);
        match (is_there(csv), is_there(&parquet)) {
            (true, true) => {
                is_plain = false;
                recorder.record(Problem {
                    rule: &rules::D0801_TWO_FILES,
                    file: parquet.clone(),
                    line: 1,
                    record: None,
                    column: None,
                    column_number: None,
                    message: format!(
                        "{csv} and {parquet} are both there, and nothing says which of them holds; \
                         leave one of them"
                    ),
                });
                csv.into()
            }
            (false, true) => parquet.into(),
            _ => csv.into(),
        }
    });
    let files: Vec<Arc<str>> = files.collect();
    is_plain.then(|| files.into())
}

/// Says of what is not opened why.
pub(crate) fn tell_refused(refused: &[(String, &'static str)], recorder: &mut Recorder) {
    for (name, why) in refused {
        recorder.record(Problem {
            rule: &rules::D0792_FILE_NOT_OPENED,
            file: quoted(name).trim_matches('`').to_owned(),
            line: 1,
            record: None,
            column: None,
            column_number: None,
            message: format!("{} is not opened: {why}", quoted(name)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Recorder, tell_unknown};

    fn told(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut recorder = Recorder::new(10);
        tell_unknown(&names, &mut recorder);
        let problems = recorder.problems().listed();
        problems
            .iter()
            .map(|problem| problem.file.clone())
            .collect()
    }

    #[test]
    fn what_should_come_out_is_no_stranger() {
        assert!(
            told(&[
                "patients.csv",
                "expected/verdicts.csv",
                "expected/by/gate.csv"
            ])
            .is_empty()
        );
    }

    #[test]
    fn strangers_are_told_wherever_they_stand() {
        for stranger in [
            "verdicts.csv",
            "2024/observations.csv",
            "expected/observations.csv",
            "expectd/verdicts.csv",
            "old/expected/verdicts.csv",
            "expected.csv",
        ] {
            assert_eq!(told(&["patients.csv", stranger]), [stranger]);
        }
    }
}
