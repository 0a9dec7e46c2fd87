//! The page as Markdown.

use lind_model::Protocol;

use crate::doc::{Entry, Said, Teller};
use crate::plain::one_line;

/// A protocol in sentences, as Markdown.
#[must_use]
pub fn protocol_markdown(protocol: &Protocol) -> String {
    let teller = Teller::new(protocol);
    let mut text = format!("# {}\n", escaped(&teller.title()));
    if let Some(version) = teller.version() {
        text.push_str(&format!("\n{}\n", escaped(&version)));
    }
    let about = teller.about();
    if !about.is_empty() {
        text.push('\n');
    }
    for (what, words) in about {
        text.push_str(&format!("- {what}: {}\n", escaped(&words)));
    }
    if let Some(grid) = teller.grid() {
        grid.markdown(&mut text);
    }
    for section in teller.sections() {
        text.push_str(&format!("\n## {}\n\n{}\n", section.heading, section.about));
        let is_list = section.entries.iter().all(|entry| entry.said.is_empty());
        if is_list {
            table(&section.entries, &mut text);
            continue;
        }
        for entry in &section.entries {
            let head = escaped(&entry.head);
            text.push_str(&format!("\n### {head}\n"));
            if !entry.said.is_empty() {
                text.push('\n');
            }
            said(&entry.said, &mut text);
        }
    }
    text
}

/// Names and what is said of them.
fn table(entries: &[Entry], text: &mut String) {
    text.push_str("\n| Name | What it is |\n|---|---|\n");
    let cell = |words: &str| escaped(words).replace('|', "\\|");
    for entry in entries {
        let (name, what) = entry.head.split_once(": ").unwrap_or((&entry.head, ""));
        text.push_str(&format!("| {} | {} |\n", cell(name), cell(what)));
    }
}

fn said(said: &[Said], text: &mut String) {
    let mut pending: Vec<(&Said, usize)> = said.iter().rev().map(|said| (said, 0)).collect();
    while let Some((said, depth)) = pending.pop() {
        text.push_str(&format!(
            "{}- {}\n",
            "  ".repeat(depth),
            escaped(&said.text)
        ));
        pending.extend(said.parts.iter().rev().map(|part| (part, depth + 1)));
    }
}

/// A text in one line in which nothing is markup.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '[' | ']' | '<') {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}
