//! Codes and their systems, texts of TOML, and files of CSV.

use crate::File;

/// The system of Lind's own names.
pub(crate) const NAMES: &str = "urn:lind:name";

/// The system and the code: a name of Lind's own has the system `name`.
pub(crate) fn parts(code: &str) -> (&str, &str) {
    code.split_once('|').unwrap_or(("name", code))
}

/// A text of TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A milestone that is taken from rows of a code.
pub(crate) fn milestone(name: &str, from: &str, code: &str) -> String {
    format!(
        "\n[milestones.{}]\nfrom = {from:?}\ncode = {}\n",
        quoted(name),
        quoted(code)
    )
}

/// A section of lines, or nothing if there are none.
pub(crate) fn section(name: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n[{name}]\n{}\n", lines.join("\n"))
}

/// A file of CSV.
pub(crate) fn csv(name: &str, header: &[&str], rows: &[Vec<String>]) -> File {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A vector takes what is written to it.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    File {
        name: format!("{name}.csv"),
        text: String::from_utf8(bytes).unwrap_or_default(),
    }
}
