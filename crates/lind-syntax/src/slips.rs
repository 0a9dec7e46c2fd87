//! Slips that people make in a line, each recognised by trying the repair: what is proposed can be read.

use std::ops::Range;

use lind_diagnostics::closest;

use crate::expected::short;
use crate::grammar::{Failure, reads_well};
use crate::place::Place;

/// A slip that was recognised. All ranges are bytes of the line.
pub(crate) struct Slip {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: Option<&'static str>,
    pub(crate) title: String,
    pub(crate) edits: Vec<(Range<usize>, String)>,
    /// The repair leaves no doubt about what was meant.
    pub(crate) keeps_meaning: bool,
}

impl Slip {
    fn new(at: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            label: label.into(),
            note: None,
            title: String::new(),
            edits: Vec::new(),
            keeps_meaning: false,
        }
    }

    fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    fn repair(mut self, title: impl Into<String>, edits: Vec<(Range<usize>, String)>) -> Self {
        self.title = title.into();
        self.edits = edits;
        self
    }

    fn safe(mut self) -> Self {
        self.keeps_meaning = true;
        self
    }
}

/// Words of lines that people write with a capital or misspell.
const WORDS: &[&str] = &[
    "above",
    "after",
    "age",
    "all",
    "also",
    "and",
    "any",
    "as",
    "at",
    "before",
    "below",
    "between",
    "by",
    "calendar",
    "changes",
    "chosen",
    "confirms",
    "dated",
    "depending",
    "disease-free",
    "dose",
    "either",
    "ever",
    "everyone",
    "exactly",
    "except",
    "excluded",
    "falls",
    "first",
    "for",
    "from",
    "greater",
    "had",
    "half-lives",
    "has",
    "highest",
    "in",
    "included",
    "investigational",
    "investigator",
    "is",
    "judges",
    "last",
    "latest",
    "least",
    "less",
    "longer",
    "lowest",
    "mass",
    "men",
    "more",
    "most",
    "never",
    "no",
    "none",
    "not",
    "note",
    "of",
    "on",
    "or",
    "otherwise",
    "outcome",
    "participant",
    "participants",
    "percentage",
    "physician",
    "place",
    "points",
    "procedure",
    "read",
    "received",
    "relative",
    "rises",
    "samples",
    "severity",
    "shorter",
    "side",
    "since",
    "smaller",
    "source",
    "sponsor",
    "stated",
    "states",
    "status",
    "strictly",
    "take",
    "taken",
    "than",
    "the",
    "time",
    "to",
    "total",
    "treatment",
    "undergone",
    "until",
    "value",
    "values",
    "when",
    "with",
    "within",
    "women",
    "worst",
    "years",
];

/// Signs of other languages and of typewriters, and what they mean here.
const SIGNS: &[(&str, &str)] = &[
    ("=>", ">="),
    ("=<", "<="),
    ("≧", ">="),
    ("≦", "<="),
    ("⩾", ">="),
    ("⩽", "<="),
    ("> =", ">="),
    ("< =", "<="),
    ("==", "="),
    ("===", "="),
    ("!=", "is not"),
    ("<>", "is not"),
    ("≠", "is not"),
    ("&", "and"),
    ("&&", "and"),
    ("|", "or"),
    ("||", "or"),
];

/// What was most likely meant by a line that was refused, if a small repair makes it readable.
pub(crate) fn slip(place: Place, text: &str, failure: &Failure) -> Option<Slip> {
    let line = Refused {
        place,
        text,
        at: failure.at.min(text.len()),
        tokens: tokens(text),
    };
    line.bullet()
        .or_else(|| line.sign())
        .or_else(|| line.other_quotes())
        .or_else(|| line.capitals())
        .or_else(|| line.last_mark())
        .or_else(|| line.strange_letter())
        .or_else(|| line.decimal_comma())
        .or_else(|| line.number_missing())
        .or_else(|| line.unquoted_text())
        .or_else(|| line.misspelt())
        .or_else(|| line.missing_colon())
        .or_else(|| line.two_words())
        .or_else(|| line.missing_comparison())
}

/// A line that its rule refused.
struct Refused<'t> {
    place: Place,
    text: &'t str,
    /// Where it stopped being readable.
    at: usize,
    /// Its words and quoted texts.
    tokens: Vec<Range<usize>>,
}

/// The words and quoted texts of a line. A colon behind a word is not part of it.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut in_text = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (in_text, c) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (true, '"') => {
                in_text = false;
                tokens.extend(open.take().map(|start| start..at + 1));
            }
            (true, _) => {}
            (false, '"') => {
                tokens.extend(open.take().map(|start| start..at));
                open = Some(at);
                in_text = true;
            }
            (false, c) if c.is_whitespace() || c == ',' || c == ':' => {
                tokens.extend(open.take().map(|start| start..at))
            }
            (false, _) => open = open.or(Some(at)),
        }
    }
    tokens.extend(open.map(|start| start..text.len()));
    tokens
}

impl Refused<'_> {
    fn word(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Whether the line can be read with some edits made. They must not overlap and be in order.
    fn reads(&self, edits: &[(Range<usize>, String)]) -> bool {
        let mut repaired = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        for (range, replacement) in edits {
            repaired.push_str(self.text.get(copied..range.start).unwrap_or_default());
            repaired.push_str(replacement);
            copied = range.end;
        }
        repaired.push_str(self.text.get(copied..).unwrap_or_default());
        reads_well(self.place.rule(), &repaired)
    }

    /// The index of the token at which reading stopped; the number of tokens at the end of the line.
    fn failed_token(&self) -> usize {
        self.tokens
            .iter()
            .position(|token| token.end > self.at)
            .unwrap_or(self.tokens.len())
    }

    /// `- has pregnancy`, `• …`, `1. …`, `a) …`
    fn bullet(&self) -> Option<Slip> {
        let first = self.tokens.first()?;
        let word = self.word(first);
        let number = word
            .strip_suffix(['.', ')'])
            .map(|rest| rest.trim_start_matches('('));
        let is_bullet = matches!(
            word,
            "-" | "*" | "•" | "–" | "—" | "·" | "▪" | "◦" | "o" | ""
        ) || number.is_some_and(|rest| !rest.is_empty() && rest.len() <= 3);
        let behind = first.end
            + self
                .text
                .get(first.end..)?
                .chars()
                .take_while(|c| c.is_whitespace())
                .map(char::len_utf8)
                .sum::<usize>();
        let edits = vec![(first.start..behind, String::new())];
        (is_bullet && self.reads(&edits)).then(|| {
            Slip::new(first.clone(), format!("`{}` begins no line", short(word)), "a bullet, or a number of a list")
                .note("A list is made by indentation alone; a line that needs a number has it as its label, as in `I7a:`.")
                .repair("leave it out", edits)
                .safe()
        })
    }

    /// `=>`, `==`, `!=`, `&&`
    fn sign(&self) -> Option<Slip> {
        let is_sign = |c: char| {
            matches!(
                c,
                '<' | '>' | '=' | '!' | '&' | '|' | '≧' | '≦' | '⩾' | '⩽' | '≠'
            )
        };
        let before = self.text.get(..self.at)?;
        let mut start = before.trim_end_matches(is_sign).len();
        if start == self.at {
            // `> =`
            let bare = before.trim_end();
            let sign = bare.trim_end_matches(is_sign).len();
            start = if sign < bare.len() && self.text.get(self.at..)?.starts_with('=') {
                sign
            } else {
                start
            };
        }
        let rest = self.text.get(self.at..)?;
        let end = self.at + rest.find(|c| !is_sign(c)).unwrap_or(rest.len());
        let written = self.text.get(start..end)?;
        let (_, meant) = SIGNS.iter().find(|(sign, _)| *sign == written)?;
        let padded = |replacement: &str| {
            // A word needs blanks where a sign does not.
            let mut text = replacement.to_owned();
            if replacement.starts_with(|c: char| c.is_alphabetic()) {
                if !self
                    .text
                    .get(..start)
                    .is_some_and(|before| before.ends_with(' '))
                {
                    text.insert(0, ' ');
                }
                if !self
                    .text
                    .get(end..)
                    .is_some_and(|after| after.starts_with(' '))
                {
                    text.push(' ');
                }
            }
            text
        };
        let edits = vec![(start..end, padded(meant))];
        let slip = Slip::new(
            start..end,
            format!("`{written}` is no sign of this language"),
            format!("write `{meant}`"),
        );
        Some(if !self.reads(&edits) {
            slip
        } else if matches!(*meant, ">=" | "<=" | "=") {
            slip.repair(format!("write `{meant}`"), edits).safe()
        } else {
            slip.repair(format!("write `{meant}`"), edits)
        })
    }

    /// `'text'`, `‘text’`
    fn other_quotes(&self) -> Option<Slip> {
        let is_quote = |c: char| {
            matches!(
                c,
                '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{b4}'
            )
        };
        let rest = self.text.get(self.at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        let open = self.at + blanks;
        let c = rest.trim_start().chars().next().filter(|c| is_quote(*c))?;
        let (close, last) = self
            .text
            .char_indices()
            .rev()
            .find(|(at, c)| *at > open && is_quote(*c))?;
        let edits = vec![
            (open..open + c.len_utf8(), "\"".to_owned()),
            (close..close + last.len_utf8(), "\"".to_owned()),
        ];
        self.reads(&edits).then(|| {
            Slip::new(
                open..open + c.len_utf8(),
                format!("`{c}` begins no text"),
                "a text begins and ends with `\"`",
            )
            .repair("write straight double quotes", edits)
            .safe()
        })
    }

    /// `AND`, `Has`, `All of`
    fn capitals(&self) -> Option<Slip> {
        let mut edits = Vec::new();
        for token in self.tokens.iter().take(64) {
            let word = self.word(token);
            let lower = word.to_lowercase();
            if lower != word
                && (WORDS.contains(&lower.as_str())
                    || self.place.likely_words().contains(&lower.as_str()))
            {
                edits.push((token.clone(), lower));
            }
        }
        let (first, lower) = edits.first()?.clone();
        self.reads(&edits).then(|| {
            Slip::new(first.clone(), format!("`{}` is written in small letters", short(self.word(&first))), format!("write `{lower}`"))
                .note("Capital and small letters differ: a word with a capital could be the name of something.")
                .repair("write small letters", edits)
                .safe()
        })
    }

    /// `at screening.`, `has pregnancy;`
    fn last_mark(&self) -> Option<Slip> {
        let bare = self
            .text
            .trim_end_matches(['.', ';', ',', ':', '!', '?'])
            .trim_end();
        let edits = vec![(bare.len()..self.text.len(), String::new())];
        if bare.len() == self.text.len() || bare.is_empty() || !self.reads(&edits) {
            return None;
        }
        let mark = self.text.get(bare.len()..)?.trim();
        let slip = Slip::new(
            bare.len()..self.text.len(),
            format!("a line does not end with `{}`", short(mark)),
            "not expected here",
        );
        let slip = if mark == "," {
            slip.note("Behind a comma a list goes on in the next line, indented deeper; nothing follows here.")
        } else {
            slip
        };
        Some(slip.repair("leave it out", edits).safe())
    }

    /// A dash, or a letter that only looks like a Latin one.
    fn strange_letter(&self) -> Option<Slip> {
        let failed = self.failed_token();
        let near = self
            .tokens
            .get(failed.saturating_sub(1)..=failed.min(self.tokens.len().saturating_sub(1)))?;
        for token in near {
            let word = self.word(token);
            if word.starts_with('"') {
                continue;
            }
            let Some((offset, c)) = word
                .char_indices()
                .find(|(_, c)| !c.is_ascii() && !matches!(c, '≥' | '≤' | '×'))
            else {
                continue;
            };
            let at = token.start + offset..token.start + offset + c.len_utf8();
            if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}') {
                let edits = vec![(at.clone(), " to ".to_owned())];
                if self.reads(&edits) {
                    return Some(
                        Slip::new(
                            at,
                            format!("`{c}` is a dash"),
                            "a range is written with `to`",
                        )
                        .repair("write `to`", edits),
                    );
                }
                let edits = vec![(at.clone(), "-".to_owned())];
                let slip = Slip::new(at, format!("`{c}` is a dash"), "write `-`");
                return Some(if self.reads(&edits) {
                    slip.repair("write `-`", edits).safe()
                } else {
                    slip
                });
            }
            if c.is_alphabetic() {
                let slip = Slip::new(
                    at,
                    format!("`{c}` (U+{:04X}) cannot stand in a name", u32::from(c)),
                    "not one of the letters a to z",
                );
                return Some(slip.note("Names are written with a to z, A to Z, digits and `_`. Some Greek and Cyrillic letters look just like Latin ones."));
            }
        }
        None
    }

    /// `1,5 x ULN`
    fn decimal_comma(&self) -> Option<Slip> {
        let rest = self.text.get(self.at..)?;
        let before = self.text.get(..self.at)?;
        let digits = rest.strip_prefix(',')?.len()
            - rest
                .strip_prefix(',')?
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        if digits == 0 || !before.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let number = start..self.at + 1 + digits;
        let meant = self.word(&number).replace(',', ".");
        let edits = vec![(self.at..self.at + 1, ".".to_owned())];
        self.reads(&edits).then(|| {
            Slip::new(
                number.clone(),
                format!("`{}` is written with a decimal comma", self.word(&number)),
                format!("write `{meant}`"),
            )
            .note("A comma separates the parts of a list.")
            .repair(format!("write `{meant}`"), edits)
        })
    }

    /// `inclusion "Adequate organ function"`
    fn number_missing(&self) -> Option<Slip> {
        let head = self.word(self.tokens.first()?);
        let text = self.tokens.get(1)?;
        let example = match head {
            "inclusion" => "I1",
            "exclusion" => "E1",
            "commitment" => "C1",
            _ => return None,
        };
        let edits = vec![(text.start..text.start, format!("{example} "))];
        (self.word(text).starts_with('"') && self.reads(&edits)).then(|| {
            Slip::new(
                text.start..text.start,
                format!("`{head}` needs a number before its title"),
                format!("such as `{example}`"),
            )
            .note("Every verdict and every amendment names a criterion by its number.")
        })
    }

    /// `title Relma-cel in systemic sclerosis`
    fn unquoted_text(&self) -> Option<Slip> {
        let failed = self.failed_token();
        let start = self.tokens.get(failed)?.start;
        if self.word(self.tokens.get(failed)?).starts_with('"') || failed == 0 {
            return None;
        }
        // The text goes to the end of the line, or to the words that may follow a title.
        let ends = self
            .tokens
            .iter()
            .skip(failed + 1)
            .filter(|token| matches!(self.word(token), "by" | "for" | "as" | "dated" | "from"));
        let ends = std::iter::once(self.text.len()).chain(ends.map(|token| {
            self.text
                .get(..token.start)
                .map_or(0, |before| before.trim_end().len())
        }));
        for end in ends.take(8) {
            let text = self.text.get(start..end)?;
            let edits = vec![(start..end, format!("\"{text}\""))];
            if !text.contains('"') && self.reads(&edits) {
                return Some(
                    Slip::new(
                        start..end,
                        "this text needs quotes",
                        "a text begins and ends with `\"`",
                    )
                    .repair("put it in quotes", edits),
                );
            }
        }
        None
    }

    /// `wihtin 7 days`, `exept with …`
    fn misspelt(&self) -> Option<Slip> {
        let failed = self.failed_token();
        for index in (failed.saturating_sub(2)..=failed).rev() {
            let Some(token) = self.tokens.get(index) else {
                continue;
            };
            let word = self.word(token);
            if word.len() < 3 || WORDS.contains(&word) {
                continue;
            }
            let candidates = if index == 0 {
                self.place.likely_words()
            } else {
                &[]
            };
            let Some(near) = closest(word, candidates.iter().chain(WORDS).copied()) else {
                continue;
            };
            let edits = vec![(token.clone(), near.to_owned())];
            if self.reads(&edits) {
                return Some(
                    Slip::new(
                        token.clone(),
                        format!("`{}` was not expected here", short(word)),
                        format!("perhaps `{near}` is meant"),
                    )
                    .repair(format!("write `{near}`"), edits),
                );
            }
        }
        None
    }

    /// `renal creatinine_clearance >= 50 mL/min`, `at screening serum_hcg is negative`
    fn missing_colon(&self) -> Option<Slip> {
        for (index, token) in self.tokens.iter().take(4).enumerate() {
            let followed_by_text = self
                .tokens
                .get(index + 1)
                .is_some_and(|next| self.word(next).starts_with('"'));
            let edits = vec![(token.end..token.end, ":".to_owned())];
            if followed_by_text || !self.reads(&edits) {
                continue;
            }
            let behind = self.tokens.len() - index - 1;
            let titled = self.word(token).starts_with('"');
            if behind <= 1 && !titled && index == 0 && self.place == Place::Body {
                // Two bare words are more likely one name than a label and a name.
                continue;
            }
            let before = self.text.get(..token.end)?;
            return Some(
                Slip::new(
                    token.end..token.end,
                    "a colon is missing",
                    format!("`{}:`", short(before)),
                )
                .repair("write a colon", edits),
            );
        }
        None
    }

    /// `has systemic infection`
    fn two_words(&self) -> Option<Slip> {
        let failed = self.failed_token();
        let is_word = |token: &Range<usize>| {
            self.word(token)
                .starts_with(|c: char| c.is_ascii_alphabetic())
                && self
                    .word(token)
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let first = self.tokens.get(failed.checked_sub(1)?)?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for pair in self.tokens.get(failed - 1..)?.windows(2).take(4) {
            let [left, right] = pair else { return None };
            if !is_word(left)
                || !is_word(right)
                || self.text.get(left.end..right.start)?.contains([',', ':'])
            {
                return None;
            }
            edits.push((left.end..right.start, "_".to_owned()));
            if self.reads(&edits) {
                let name: Vec<&str> = self
                    .tokens
                    .get(failed - 1..failed + edits.len())?
                    .iter()
                    .map(|token| self.word(token))
                    .collect();
                let name = name.join("_");
                return Some(
                    Slip::new(
                        first.start..right.end,
                        "a name is one word",
                        format!("perhaps `{}` is meant", short(&name)),
                    )
                    .note("The words of a name are joined with `_`.")
                    .repair(format!("write `{}`", short(&name)), edits),
                );
            }
        }
        None
    }

    /// `anc 1000 /uL`
    fn missing_comparison(&self) -> Option<Slip> {
        let token = self.tokens.get(self.failed_token())?;
        let word = self.word(token);
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let edits = vec![(token.start..token.start, ">= ".to_owned())];
        self.reads(&edits).then(|| {
            Slip::new(
                token.start..token.start,
                format!("a comparison is missing before `{}`", short(word)),
                "expected `>=`, `<=`, `>`, `<` or `is`",
            )
        })
    }
}
