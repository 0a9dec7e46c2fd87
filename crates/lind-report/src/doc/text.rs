//! The page for a terminal.

use lind_model::Protocol;

use crate::columns::wrap;
use crate::doc::{Said, Teller};
use crate::plain::one_line;
use crate::style::Style;

/// The deepest that a line is indented; what is nested deeper stands below it in the same column.
const DEEPEST: usize = 12;

/// A protocol in sentences.
#[must_use]
pub fn protocol_text(protocol: &Protocol, style: Style) -> String {
    let teller = Teller::new(protocol);
    let mut page = Page {
        text: String::new(),
        style,
    };
    page.heading(&teller.title());
    if let Some(version) = teller.version() {
        page.lines("", "", &one_line(&version));
    }
    for (what, words) in teller.about() {
        page.lines("", "", &one_line(&format!("{what}: {words}")));
    }
    if let Some(grid) = teller.grid() {
        page.text.push('\n');
        page.heading("Schedule of activities");
        grid.text(style.columns(), &mut page.text);
    }
    for section in teller.sections() {
        page.text.push('\n');
        page.heading(section.heading);
        page.lines("", "", section.about);
        for entry in &section.entries {
            let is_alone = section.entries.iter().all(|entry| entry.said.is_empty());
            if !is_alone {
                page.text.push('\n');
            }
            page.lines("", "  ", &one_line(&entry.head));
            page.said(&entry.said);
        }
    }
    page.text
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn heading(&mut self, heading: &str) {
        for line in wrap(&one_line(heading), self.style.columns()) {
            self.text.push_str(&self.style.bold(&line));
            self.text.push('\n');
        }
    }

    /// Without recursion: lists can stand in lists, as deep as their author likes.
    fn said(&mut self, said: &[Said]) {
        let mut pending: Vec<(&Said, usize)> = said.iter().rev().map(|said| (said, 1)).collect();
        while let Some((said, depth)) = pending.pop() {
            let indent = "  ".repeat(depth.min(DEEPEST));
            self.lines(
                &format!("{indent}- "),
                &format!("{indent}  "),
                &one_line(&said.text),
            );
            pending.extend(said.parts.iter().rev().map(|part| (part, depth + 1)));
        }
    }

    fn lines(&mut self, first: &str, hanging: &str, said: &str) {
        let columns = self.style.columns().saturating_sub(hanging.len());
        for (index, line) in wrap(said, columns).iter().enumerate() {
            self.text.push_str(if index == 0 { first } else { hanging });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}
