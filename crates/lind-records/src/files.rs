//! Files that are not read.

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
        let is_known =
            name == settings_file::FILE || Table::ALL.into_iter().any(|table| table.file() == name);
        if is_known {
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
                table.file()
            ),
            None if is_table && ending.eq_ignore_ascii_case("csv") => {
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
