//! A report as Markdown.

use lind_model::{Protocol, Results};

use super::{Table, sections};
use crate::screen::escaped;

/// The results of a trial as Markdown. No control character of the protocol or of the data leaves it, and no mark-up.
#[must_use]
pub fn results_markdown(protocol: &Protocol, results: &Results) -> String {
    let mut text = format!(
        "# {} {}\n\n",
        escaped(&protocol.id),
        escaped(&protocol.title)
    );
    if let Some(version) = &protocol.version {
        text.push_str(&format!("Protocol version {}", escaped(version)));
        if let Some(day) = protocol.dated {
            text.push_str(&format!(" of {day}"));
        }
        text.push_str(".\n");
    }
    if let Some(time) = results.known_at {
        text.push_str(&format!("Data known until {time}.\n"));
    }
    for section in sections(protocol, results) {
        text.push_str(&format!("\n## {}\n", section.heading));
        for paragraph in &section.about {
            text.push_str(&format!("\n{}\n", escaped(paragraph)));
        }
        for table in &section.tables {
            text.push('\n');
            write_table(&mut text, table);
        }
    }
    text
}

fn write_table(text: &mut String, table: &Table) {
    text.push_str(&format!("**{}**\n\n", escaped(&table.caption)));
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text.push_str(&row(&table.head));
    let rule: Vec<&str> = table
        .head
        .iter()
        .enumerate()
        .map(
            |(index, _)| match index == 0 || table.words.contains(&index) {
                true => "---",
                false => "---:",
            },
        )
        .collect();
    text.push_str(&format!("| {} |\n", rule.join(" | ")));
    for cells in &table.rows {
        text.push_str(&row(cells));
    }
    if !table.notes.is_empty() {
        text.push('\n');
    }
    for note in &table.notes {
        text.push_str(&format!("- {}\n", escaped(note)));
    }
}
