//! Traces for people: the lines of the text in its order, each with the criteria that state it.

use lind_model::CriterionId;
use lind_model::trace::{Follows, LineChange, LineStatus, RegistryLine, TracedLine};

use super::{NO_PROOF, STATUSES, Traced, change_words, number, numbers, title};
use crate::columns::{left, width, wrap};
use crate::names::{counted, listed};
use crate::plain::one_line;
use crate::style::Style;

/// The most columns for the number of a line.
const NUMBER: usize = 16;
/// As wide as the longest status.
const STATUS: usize = 13;
/// Criteria that are named in a row.
const MOST_NAMED: usize = 6;

/// Each line of the text with what states it and what of it is not found, what has changed since an earlier text, and
/// the criteria that stand in the file alone.
#[must_use]
pub fn trace_text(traced: &Traced<'_>, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
        traced,
    };
    page.head();
    for line in &traced.trace.lines {
        page.line(line);
    }
    page.changes();
    page.alone();
    page.text.push('\n');
    page.counts();
    page.faint(NO_PROOF);
    page.text
}

struct Page<'t> {
    text: String,
    style: Style,
    traced: &'t Traced<'t>,
}

impl Page<'_> {
    fn say(&mut self, first: &str, hanging: &str, said: &str) {
        let room = width(hanging).max(width(first));
        let columns = self.style.columns().saturating_sub(room);
        for (index, line) in wrap(&one_line(said), columns).iter().enumerate() {
            self.text.push_str(if index == 0 { first } else { hanging });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn faint(&mut self, said: &str) {
        for line in wrap(said, self.style.columns()) {
            self.text.push_str(&self.style.faint(&line));
            self.text.push('\n');
        }
    }

    fn head(&mut self) {
        let traced = self.traced;
        let protocol = traced.protocol;
        let version = protocol.version.as_deref().unwrap_or("no version");
        let dated = protocol.dated.map(|day| format!(" ({day})"));
        let (name, form) = traced.registry;
        self.say(
            "",
            "  ",
            &format!(
                "{}: {version}{}, held against {name}, {form}",
                protocol.id,
                dated.unwrap_or_default()
            ),
        );
        if let Some(other) = traced.other_trial {
            self.say("", "  ", &format!("The text names another trial: {other}"));
        }
        self.text.push('\n');
    }

    fn line(&mut self, traced: &TracedLine) {
        let protocol = self.traced.protocol;
        let names = numbers(protocol, &traced.criteria);
        let by = match traced.status {
            LineStatus::Stated | LineStatus::Partly if !names.is_empty() => {
                listed(names.iter().copied(), MOST_NAMED)
            }
            _ => "-".to_owned(),
        };
        let number = left(&one_line(&traced.line.number), NUMBER);
        let status = left(traced.status.words(), STATUS);
        let status = match traced.status {
            LineStatus::Stated | LineStatus::Unstated => status,
            LineStatus::Partly | LineStatus::Missing => self.style.bold(&status),
        };
        self.text.push_str(&format!("{number}  {status}  {by}\n"));
        self.say("    ", "    ", &traced.line.text);
        self.details(traced);
    }

    /// What of a line is not found, and why it is called what it is.
    fn details(&mut self, traced: &TracedLine) {
        if let Some((topic, reason)) = &traced.unstated {
            self.say(
                "    = ",
                "      ",
                &format!("unstated: {topic}, \"{reason}\""),
            );
        }
        for number in &traced.numbers {
            let said = match &number.instead {
                Some(instead) => format!("not found: {}; the criterion has {instead}", number.said),
                None => format!("not found: {}", number.said),
            };
            self.say("    = ", "      ", &said);
        }
        if !traced.items.is_empty() {
            let items = traced.items.iter().map(|item| &**item);
            let said = format!("not found in the list: {}", listed(items, 12));
            self.say("    = ", "      ", &said);
        }
        // In a line that is stated they are other words for the same, or nothing that decides; a reader sees which.
        if !traced.words.is_empty() {
            let words = traced.words.iter().map(|word| &**word);
            let said = format!("words not found: {}", listed(words, 12));
            self.say("    = ", "      ", &said);
        }
        for note in &traced.notes {
            self.say("    = ", "      ", note);
        }
    }

    fn changes(&mut self) {
        let Some(changes) = &self.traced.trace.changes else {
            return;
        };
        let earlier = self.traced.earlier.unwrap_or("the earlier text");
        self.text.push('\n');
        if changes.is_empty() {
            self.say("", "  ", &format!("No line differs from {earlier}."));
            return;
        }
        self.say("", "  ", &format!("Lines that differ from {earlier}:"));
        // What somebody must look at comes first.
        let mut order: Vec<&LineChange> = changes.iter().collect();
        order.sort_by_key(|change| change.follows != Follows::Earlier);
        for change in order {
            self.change(change);
        }
    }

    fn change(&mut self, change: &LineChange) {
        let protocol = self.traced.protocol;
        let at = |line: &Option<RegistryLine>| line.as_ref().map(|line| line.number.to_string());
        let number = at(&change.later).or_else(|| at(&change.earlier));
        let names = numbers(protocol, &change.criteria);
        let mut said = format!("{} {}", number.unwrap_or_default(), change_words(change));
        if !names.is_empty() {
            said.push_str(&format!(": {}", listed(names.iter().copied(), MOST_NAMED)));
        }
        self.text.push('\n');
        let lines = wrap(&one_line(&said), self.style.columns());
        for line in lines {
            let line = if change.follows == Follows::Earlier {
                self.style.bold(&line)
            } else {
                line
            };
            self.text.push_str(&line);
            self.text.push('\n');
        }
        if let Some(line) = &change.earlier {
            self.say("  - ", "    ", &line.text);
        }
        if let Some(line) = &change.later {
            self.say("  + ", "    ", &line.text);
        }
    }

    fn alone(&mut self) {
        let alone: &[CriterionId] = &self.traced.trace.alone;
        if alone.is_empty() {
            return;
        }
        self.text
            .push_str("\nIn the file alone, stated by no line:\n");
        for id in alone {
            let protocol = self.traced.protocol;
            let said = format!("{} {}", number(protocol, *id), title(protocol, *id));
            self.say("  ", "    ", &said);
        }
    }

    fn counts(&mut self) {
        let trace = self.traced.trace;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let all = counted(count(trace.lines.len()), "line", "lines");
        let each: Vec<String> = STATUSES
            .into_iter()
            .map(|status| format!("{} {}", trace.count(status), status.words()))
            .collect();
        let mut said = format!("{all}: {}", each.join(", "));
        if let Some(changes) = &trace.changes {
            let behind = changes.iter().filter(|own| own.follows == Follows::Earlier);
            let behind = count(behind.count());
            said.push_str(&format!(
                "; {} differ, {behind} of which the file has not followed",
                changes.len()
            ));
        }
        self.say("", "  ", &said);
    }
}
