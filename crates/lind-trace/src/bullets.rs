//! Lists of criteria, as registries write them: headings, bullets, bullets within bullets, and escaped signs.

use std::sync::Arc;

use lind_model::trace::{LineList, RegistryLine};

/// The deepest that bullets nest; what is deeper counts as that deep.
const DEEPEST: usize = 8;

/// The lines of an eligibility text, all of which is about eligibility.
pub(crate) fn of_criteria(text: &str) -> Vec<RegistryLine> {
    let mut reader = Reader::new(true);
    for (row, line) in text.lines().enumerate() {
        reader.row(row + 1, line);
    }
    // Some texts have no headings at all: what must hold is the usual meaning.
    if reader.lines.is_empty() && !text.trim().is_empty() {
        reader = Reader::new(true);
        reader.list = Some(LineList::Inclusion);
        for (row, line) in text.lines().enumerate() {
            reader.row(row + 1, line);
        }
    }
    reader.lines()
}

/// The lines of a page on which other things stand too. None if it has no heading for criteria.
pub(crate) fn of_page(text: &str) -> Vec<RegistryLine> {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let is_whole = first.is_some_and(|line| heading(&Row::of(line).text).is_some());
    let mut reader = Reader::new(is_whole);
    for (row, line) in text.lines().enumerate() {
        reader.row(row + 1, line);
    }
    reader.lines()
}

/// A row of a text, its marks taken off.
#[derive(Debug)]
struct Row {
    indent: usize,
    marks: Vec<Mark>,
    text: String,
}

/// What stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `•`, `*`, `-`.
    Bullet(char),
    /// `1.`, `2)`, `a.`: which it is.
    Number(u32),
}

impl Row {
    fn of(line: &str) -> Self {
        let body = line.trim_start();
        let indent = line
            .get(..line.len() - body.len())
            .unwrap_or_default()
            .chars()
            .map(|blank| if blank == '\t' { 4 } else { 1 })
            .sum();
        let mut rest = body.trim_end();
        let mut marks = Vec::new();
        while marks.len() < DEEPEST
            && let Some((mark, after)) = mark(rest)
        {
            marks.push(mark);
            rest = after;
        }
        Self {
            indent,
            marks,
            text: unescaped(rest),
        }
    }
}

/// The mark at the beginning of a row, and what stands behind it.
fn mark(text: &str) -> Option<(Mark, &str)> {
    let first = text.chars().next()?;
    if matches!(
        first,
        '•' | '*' | '-' | '–' | '·' | '◦' | '▪' | '●' | '○' | '+' | '\u{f0b7}'
    ) {
        let rest = text.get(first.len_utf8()..)?;
        let is_mark = rest.starts_with(char::is_whitespace) || matches!(first, '•' | '·' | '●');
        // A bullet without a text is no line.
        return (is_mark && !rest.trim().is_empty())
            .then(|| (Mark::Bullet(first), rest.trim_start()));
    }
    let bracket = usize::from(first == '(');
    let inner = text.get(bracket..)?;
    let length = inner.bytes().take_while(u8::is_ascii_digit).count();
    let (number, length) = if length > 0 {
        if length > 2 {
            return None;
        }
        (inner.get(..length)?.parse().ok()?, length)
    } else {
        let letter = inner.bytes().next().filter(u8::is_ascii_alphabetic)?;
        (u32::from(letter.to_ascii_lowercase() - b'a') + 1, 1)
    };
    let behind = inner.get(length..)?;
    let behind = behind.strip_prefix('\\').unwrap_or(behind);
    let after = behind
        .strip_prefix('.')
        .or_else(|| behind.strip_prefix(')'))?;
    // 1.5 x ULN is no mark, and neither is e.g.
    after
        .starts_with(char::is_whitespace)
        .then(|| (Mark::Number(number), after.trim_start()))
}

/// A text without the signs that keep others from acting: `\>`, `10\^9`, `&gt;`.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\'
            && let Some(escaped) = characters.next_if(char::is_ascii_punctuation)
        {
            plain.push(escaped);
        } else {
            plain.push(character);
        }
    }
    for (entity, sign) in [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&ge;", "≥"),
        ("&le;", "≤"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if plain.contains(entity) {
            plain = plain.replace(entity, sign);
        }
    }
    // Bold and italic words.
    plain.replace("**", "").trim().to_owned()
}

/// The list that a heading opens, and what stands behind the heading on its row.
fn heading(text: &str) -> Option<(LineList, String)> {
    let lower = text.to_ascii_lowercase();
    let (list, words, at) = [
        (LineList::Inclusion, "inclusion criteria"),
        (LineList::Exclusion, "exclusion criteria"),
        (LineList::Inclusion, "inclusion criterion"),
        (LineList::Exclusion, "exclusion criterion"),
    ]
    .into_iter()
    .filter_map(|(list, words)| Some((list, words, lower.find(words)?)))
    .min_by_key(|(_, _, at)| *at)?;
    // `Key`, `Main`, `Part A:` may stand before it, not a sentence.
    if at > 30 || text.get(..at)?.contains(['.', ';', ',']) {
        return None;
    }
    let behind = text.get(at + words.len()..)?.trim();
    if behind.is_empty() {
        return Some((list, String::new()));
    }
    if let Some(rest) = behind.strip_prefix(':') {
        return Some((list, rest.trim().to_owned()));
    }
    // `Inclusion criteria for part A:`
    let is_title = behind.ends_with(':') && behind.chars().count() <= 60;
    is_title.then(|| (list, String::new()))
}

/// Reads rows into lines.
struct Reader {
    /// All of the text is about eligibility.
    is_whole: bool,
    list: Option<LineList>,
    lines: Vec<RegistryLine>,
    /// The open lines, outermost first.
    open: Vec<Open>,
    /// Whether a row was empty since the last line.
    after_gap: bool,
    /// Whether lines of this list have marks.
    has_marks: bool,
    /// How many lines of the first level each list has.
    counts: [u32; 2],
    /// Whether the last line may go on on the next row.
    goes_on: bool,
    texts: Vec<String>,
}

/// A line that may have others below it.
struct Open {
    indent: usize,
    /// The number that it was marked with.
    marked: Option<u32>,
    /// How many lines there are below it.
    below: u32,
    /// Its place among its siblings.
    place: u32,
    /// What is marked with one bullet more than its neighbours: what follows with a number is below it.
    is_group: bool,
}

impl Reader {
    fn new(is_whole: bool) -> Self {
        Self {
            is_whole,
            list: None,
            lines: Vec::new(),
            open: Vec::new(),
            after_gap: false,
            has_marks: false,
            counts: [0; 2],
            goes_on: false,
            texts: Vec::new(),
        }
    }

    fn lines(self) -> Vec<RegistryLine> {
        let texts = self.texts.into_iter();
        let lines = self.lines.into_iter().zip(texts);
        lines
            .map(|(line, text)| RegistryLine {
                text: Arc::from(text),
                ..line
            })
            .collect()
    }

    fn row(&mut self, number: usize, line: &str) {
        if line.trim().is_empty() {
            self.after_gap = true;
            self.goes_on = false;
            return;
        }
        let row = Row::of(line);
        if row.text.is_empty() {
            return;
        }
        if let Some((list, behind)) = heading(&row.text) {
            self.list = Some(list);
            self.open.clear();
            self.has_marks = false;
            self.goes_on = false;
            self.after_gap = false;
            if !behind.is_empty() {
                self.add(
                    number,
                    list,
                    &Row {
                        text: behind,
                        ..Row::of("")
                    },
                );
            }
            return;
        }
        let Some(list) = self.list else { return };
        if row.marks.is_empty() {
            if self.goes_on && (row.indent > 0 || !self.after_gap) && self.has_marks {
                if let Some(text) = self.texts.last_mut() {
                    text.push(' ');
                    text.push_str(&row.text);
                }
                return;
            }
            // Behind a list with marks, a page goes on with something else; so does one that has no marks at all
            // where a new section begins.
            let is_end = if self.has_marks {
                self.after_gap && row.indent == 0
            } else {
                begins_section(&row.text)
            };
            if !self.is_whole && is_end {
                self.list = None;
                return;
            }
        }
        self.after_gap = false;
        self.has_marks |= !row.marks.is_empty();
        self.add(number, list, &row);
    }

    fn add(&mut self, number: usize, list: LineList, row: &Row) {
        let marked = row.marks.iter().rev().find_map(|mark| match mark {
            Mark::Number(number) => Some(*number),
            Mark::Bullet(_) => None,
        });
        let bullets = row
            .marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Bullet(_)));
        let is_group = bullets.count() > 1;
        let parents = self.parents(row.indent, marked);
        self.open.truncate(parents);
        let place = match self.open.last_mut() {
            Some(parent) => {
                parent.below += 1;
                parent.below
            }
            None => {
                let count = match list {
                    LineList::Exclusion => &mut self.counts[1],
                    _ => &mut self.counts[0],
                };
                *count += 1;
                *count
            }
        };
        if self.open.len() < DEEPEST {
            self.open.push(Open {
                indent: row.indent,
                marked,
                below: 0,
                place,
                is_group,
            });
        }
        let places = self.open.iter().map(|open| open.place.to_string());
        let places: Vec<String> = places.collect();
        let name = match list {
            LineList::Exclusion => "exclusion",
            _ => "inclusion",
        };
        self.lines.push(RegistryLine {
            number: Arc::from(format!("{name} {}", places.join("."))),
            list,
            text: Arc::from(""),
            row: Some(number),
        });
        self.texts.push(row.text.clone());
        self.goes_on = true;
    }

    /// How many of the open lines a new one stands below.
    ///
    /// Indentation decides. Pages that have lost it keep the numbers: `1.` behind a line opens a list below it, and
    /// the next number goes on with the innermost list that it continues.
    fn parents(&self, indent: usize, marked: Option<u32>) -> usize {
        let deeper = self
            .open
            .iter()
            .take_while(|open| open.indent < indent)
            .count();
        let same: Vec<(usize, &Open)> = self
            .open
            .iter()
            .enumerate()
            .skip(deeper)
            .filter(|(_, open)| open.indent == indent)
            .collect();
        let Some(marked) = marked else {
            return deeper;
        };
        let continued = same
            .iter()
            .rev()
            .find(|(_, open)| open.marked == Some(marked.saturating_sub(1)) && marked > 1);
        if let Some((place, _)) = continued {
            return *place;
        }
        match same.last() {
            Some((place, open))
                if marked == 1 && (open.marked.is_some() || self.opens_list(open)) =>
            {
                place + 1
            }
            _ => deeper,
        }
    }

    /// Whether a line announces others.
    fn opens_list(&self, open: &Open) -> bool {
        open.is_group
            || self
                .texts
                .last()
                .is_some_and(|text| text.trim_end().ends_with([':', ';']))
    }
}

/// Whether a row of a page without marks begins a new section.
fn begins_section(text: &str) -> bool {
    const SECTIONS: [&str; 16] = [
        "about",
        "contacts",
        "contact",
        "locations",
        "location",
        "sponsor",
        "study design",
        "study plan",
        "outcome",
        "arms",
        "timeline",
        "trial officials",
        "more information",
        "collaborators",
        "references",
        "patients applied",
    ];
    let lower = text.to_lowercase();
    text.chars().count() <= 60 && SECTIONS.iter().any(|section| lower.starts_with(section))
}

/// The sentences of a row. A full stop within a number or behind one letter ends none.
pub(crate) fn sentences(row: &str) -> impl Iterator<Item = &str> {
    let mut rest = row;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .match_indices(". ")
            .find(|(at, _)| {
                let before = rest.get(..*at).unwrap_or_default();
                let word = before.rsplit([' ', '(', '.']).next().unwrap_or_default();
                word.chars().count() > 1
            })
            .map_or(rest.len(), |(at, _)| at + 1);
        let (sentence, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(sentence.trim())
    })
}
