//! What data hold, for people, in lines of text.

use super::{Coverage, DataCheck, Kind, counts, form, share};
use crate::columns::{cut, left, right, width, wrap};
use crate::names::counted;
use crate::plain::one_line;
use crate::style::Style;

/// How many codes of a kind are shown, and how many reasons of a criterion.
const MOST_CODES: usize = 12;
const MOST_REASONS: usize = 3;
const MOST_MESSAGES: usize = 3;

/// What data hold, what is wrong with them and what they can decide, as text.
#[must_use]
pub fn data_check_text(check: &DataCheck, style: Style) -> String {
    let mut text = Text {
        out: String::new(),
        style,
    };
    text.line(&style.bold(&cut(&one_line(&check.source), style.columns())));
    text.prose(&format!(
        "{}; {}: sex known of {}, birth of {}, death of {}",
        form(check),
        counted(check.patients, "patient", "patients"),
        check.known.first().copied().unwrap_or_default(),
        check.known.get(1).copied().unwrap_or_default(),
        check.known.get(2).copied().unwrap_or_default(),
    ));
    text.kinds(check);
    text.codes(check);
    text.units(check);
    text.mapping(check);
    text.problems(check);
    if let Some(coverage) = &check.coverage {
        text.coverage(coverage, check.patients);
    }
    text.out
}

struct Text {
    out: String,
    style: Style,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn prose(&mut self, text: &str) {
        for line in wrap(&one_line(text), self.style.columns()) {
            self.line(&line);
        }
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        let bold = self.style.bold(text);
        self.line(&bold);
    }

    /// Indented by four, over as many lines as it takes.
    fn below(&mut self, text: &str) {
        for line in wrap(&one_line(text), self.style.columns().saturating_sub(4)) {
            self.line(&format!("    {line}"));
        }
    }

    /// Rows in columns; the first is of words, the others of numbers. What does not fit beside each other stands
    /// below each other, with the first column once more.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                let cells = cells.map(|cell| width(&one_line(cell)));
                let head = head.get(column).map_or(0, |head| width(head));
                cells.chain([head]).max().unwrap_or(0)
            })
            .collect();
        let columns = self.style.columns();
        let first = widths.first().copied().unwrap_or(0);
        // Codes may be as long as they like; half of the line is left for what is said of them.
        let first = first.min(columns / 2).max(8);
        let mut parts: Vec<(Vec<usize>, usize)> = Vec::new();
        for (place, wide) in widths.iter().enumerate().skip(1) {
            match parts.last_mut() {
                Some((part, taken)) if *taken + wide + 2 <= columns => {
                    part.push(place);
                    *taken += wide + 2;
                }
                _ => parts.push((vec![place], first + wide + 2)),
            }
        }
        for (part, _) in &parts {
            let row = |cells: &[&str]| {
                let name = cells.first().copied().unwrap_or_default();
                let mut line = left(&cut(&one_line(name), first), first);
                for place in part {
                    let cell = cells.get(*place).copied().unwrap_or_default();
                    let wide = widths.get(*place).copied().unwrap_or(0);
                    line.push_str("  ");
                    line.push_str(&right(&one_line(cell), wide));
                }
                line
            };
            let bold = self.style.bold(&row(head));
            self.line(&bold);
            for cells in rows {
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                let line = row(&cells);
                self.line(&line);
            }
        }
    }

    /// The same without the columns in which nothing stands; the first always stands.
    fn table_of_what_there_is(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let says = |place: usize| {
            let mut cells = rows.iter().filter_map(|row| row.get(place));
            place == 0 || cells.any(|cell| cell != "0" && cell != "–")
        };
        let places: Vec<usize> = (0..head.len()).filter(|place| says(*place)).collect();
        let of = |place: &usize| head.get(*place).copied();
        let kept: Vec<&str> = places.iter().filter_map(of).collect();
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let cells = places.iter().filter_map(|place| row.get(*place));
                cells.cloned().collect()
            })
            .collect();
        self.table(&kept, &rows);
    }

    fn kinds(&mut self, check: &DataCheck) {
        self.heading("What there is");
        let (there, empty): (Vec<&Kind>, Vec<&Kind>) =
            check.kinds.iter().partition(|kind| kind.read > 0);
        let rows: Vec<Vec<String>> = there
            .iter()
            .map(|kind| {
                vec![
                    kind.table.to_owned(),
                    kind.read.to_string(),
                    kind.used.to_string(),
                    kind.patients.to_string(),
                    share(kind.partial, kind.used),
                    share(kind.undated, kind.used),
                    kind.duplicates.to_string(),
                    kind.withdrawn.to_string(),
                    kind.later.to_string(),
                    kind.set_aside.to_string(),
                ]
            })
            .collect();
        let head = [
            "table",
            "rows",
            "used",
            "patients",
            "partial",
            "undated",
            "twice",
            "withdrawn",
            "later",
            "aside",
        ];
        self.table_of_what_there_is(&head, &rows);
        if !empty.is_empty() {
            self.prose(&format!("no rows: {}", names(&empty)));
        }
        let days: Vec<Vec<String>> = there
            .iter()
            .filter_map(|kind| {
                let (first, last) = kind.span.as_ref()?;
                Some(vec![kind.table.to_owned(), first.clone(), last.clone()])
            })
            .collect();
        if !days.is_empty() {
            self.line("");
            self.table(&["table", "first day", "last day"], &days);
        }
        let meanings = check.by_completeness();
        if !meanings.is_empty() {
            self.line("");
        }
        for (complete, kinds) in meanings {
            let what = match complete {
                Ok(()) => "complete, so that a fact without a row is not there".to_owned(),
                Err(why) => {
                    format!("not complete, so that a fact without a row is unknown ({why})")
                }
            };
            self.prose(&format!("{what}: {kinds}"));
        }
    }

    fn codes(&mut self, check: &DataCheck) {
        if check.codes.is_empty() {
            return;
        }
        self.heading("Codes");
        let mut tables: Vec<&str> = check.codes.iter().map(|code| code.table).collect();
        tables.dedup();
        for (place, table) in tables.into_iter().enumerate() {
            if place > 0 {
                self.line("");
            }
            let of_table: Vec<_> = check
                .codes
                .iter()
                .filter(|code| code.table == table)
                .collect();
            let rows: Vec<Vec<String>> = of_table
                .iter()
                .take(MOST_CODES)
                .map(|code| {
                    vec![
                        code.code.clone(),
                        code.rows.to_string(),
                        code.patients.to_string(),
                        share(code.without_limits, code.numbers),
                        code.beyond.to_string(),
                        match code.is_asked {
                            Some(true) => "yes",
                            Some(false) => "no",
                            None => "–",
                        }
                        .to_owned(),
                    ]
                })
                .collect();
            let head = [table, "rows", "patients", "no limits", "< >", "asked"];
            self.table_of_what_there_is(&head, &rows);
            for code in of_table.iter().take(MOST_CODES) {
                if !code.units.is_empty() {
                    let units = counts(&code.unit_counts(), 6);
                    self.below(&format!("{}: {units}", code.code));
                }
            }
            if of_table.len() > MOST_CODES {
                self.line(&format!("and {} more", of_table.len() - MOST_CODES));
            }
        }
        if check.more_codes > 0 {
            let more = check.more_codes;
            self.line(&format!("{more} further codes are not listed"));
        }
    }

    fn units(&mut self, check: &DataCheck) {
        if check.unknown_units.is_empty() {
            return;
        }
        self.heading("Texts that are no unit");
        let rows: Vec<Vec<String>> = check
            .unknown_units
            .iter()
            .map(|unit| {
                vec![
                    format!("{}  ({})", unit.text, unit.code),
                    unit.rows.to_string(),
                ]
            })
            .collect();
        self.table(&["text", "rows"], &rows);
    }

    fn mapping(&mut self, check: &DataCheck) {
        if check.mapping.is_empty() {
            return;
        }
        self.heading("The mapping file");
        for line in &check.mapping {
            self.prose(&format!(
                "line {}: {}: {}",
                line.line,
                line.says,
                counted(line.rows, "row", "rows")
            ));
        }
    }

    fn problems(&mut self, check: &DataCheck) {
        self.heading("What is wrong");
        if check.problems.is_empty() {
            self.line("Nothing was found.");
        }
        for kind in &check.problems {
            self.prose(&format!(
                "{} {}[{}] {}",
                kind.count, kind.severity, kind.code, kind.summary
            ));
            for (message, places) in kind.by_message().iter().take(MOST_MESSAGES) {
                self.below(&format!("{places}: {message}"));
            }
        }
    }

    fn coverage(&mut self, coverage: &Coverage, patients: u64) {
        self.heading(&cut(
            &format!("What {} can decide", one_line(&coverage.protocol)),
            self.style.columns(),
        ));
        let rows: Vec<Vec<String>> = coverage
            .criteria
            .iter()
            .map(|criterion| {
                vec![
                    criterion.id.clone(),
                    criterion.met.to_string(),
                    criterion.not_met.to_string(),
                    criterion.unknown.to_string(),
                    criterion.needs_judgement.to_string(),
                    criterion.pending.to_string(),
                ]
            })
            .collect();
        let head = [
            "criterion",
            "met",
            "not met",
            "unknown",
            "to judge",
            "pending",
        ];
        self.table(&head, &rows);
        for criterion in &coverage.criteria {
            for (reason, count, patient) in criterion.reasons.iter().take(MOST_REASONS) {
                self.prose(&format!(
                    "{}: {count} open, such as {patient}: {reason}",
                    criterion.id
                ));
            }
        }
        self.heading("What it asks for");
        let rows: Vec<Vec<String>> = coverage
            .needs
            .iter()
            .map(|need| {
                vec![
                    format!("{} {}", need.kind, need.name),
                    need.patients.to_string(),
                    need.usable.to_string(),
                    share(need.usable, patients),
                ]
            })
            .collect();
        self.table(&["what", "patients", "usable", "share"], &rows);
        for need in &coverage.needs {
            let mut said: Vec<String> = Vec::new();
            if !need.codes.is_empty() {
                said.push(format!("codes {}", counts(&need.codes, 4)));
            }
            if !need.units.is_empty() {
                said.push(format!("units {}", counts(&need.units, 6)));
            }
            for (fault, count) in &need.faults {
                said.push(format!("the value {fault} ({count})"));
            }
            if !said.is_empty() {
                self.below(&format!("{}: {}", need.name, said.join("; ")));
            }
        }
    }
}

/// `conditions, treatments`
fn names(kinds: &[&Kind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.table).collect();
    names.join(", ")
}
