//! Slips of signs: bullets, comparisons of other languages, quotes, dashes, commas.

use std::ops::Range;

use super::{Edit, Refused, Slip};
use crate::expected::short;

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

impl Refused<'_> {
    /// `- has pregnancy`, `• …`, `1. …`, `a) …`
    pub(super) fn bullet(&self) -> Option<Slip> {
        let first = self.tokens.first()?;
        let word = self.word(first);
        let number = word
            .strip_suffix(['.', ')'])
            .map(|rest| rest.trim_start_matches('('));
        let certain = matches!(word, "•" | "·" | "▪" | "◦" | "\u{f0b7}");
        let is_bullet = certain
            || matches!(word, "-" | "*" | "–" | "—" | "o")
            || number.is_some_and(|rest| !rest.is_empty() && rest.len() <= 3);
        if !is_bullet {
            return None;
        }
        let behind = first.end
            + self
                .text
                .get(first.end..)?
                .chars()
                .take_while(|c| c.is_whitespace())
                .map(char::len_utf8)
                .sum::<usize>();
        let slip = Slip::new(first.clone(), format!("`{}` begins no line", short(word)), "a bullet, or a number of a list")
            .note("a list is made by indentation alone; a line that needs a number has it as its label, as in `I7a:`");
        // What was copied with its bullet often has its comma, too.
        let mut edits = vec![(first.start..behind, String::new())];
        if self.reads(&edits) {
            return Some(slip.repair("leave it out", edits).safe());
        }
        edits.extend(self.marks_at_end());
        if self.reads(&edits) {
            return Some(
                slip.repair("leave it out, and the mark at the end", edits)
                    .safe(),
            );
        }
        certain.then_some(slip)
    }

    /// The edit that leaves out what stands at the end of a sentence.
    fn marks_at_end(&self) -> Option<Edit> {
        let bare = self
            .text
            .trim_end_matches(['.', ';', ',', ':', '!', '?'])
            .trim_end();
        (bare.len() < self.text.len() && !bare.is_empty())
            .then(|| (bare.len()..self.text.len(), String::new()))
    }

    /// `=>`, `==`, `!=`, `&&`
    pub(super) fn sign(&self) -> Option<Slip> {
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
        let word = self.tokens.iter().find(|token| token.contains(&start))?;
        if written.starts_with(['|', '&']) && *word != (start..end) {
            // Inside a word it is part of a code, such as `loinc|718-7`.
            return None;
        }
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
        // Of a score or level, `=` is meant; of a quantity, one of two signs may have been, and which is no guess.
        let of_quantity = *meant == "=" && self.text.get(end..).is_some_and(begins_with_quantity);
        let edits = vec![(start..end, padded(meant))];
        let slip = Slip::new(
            start..end,
            format!("`{written}` is no sign of this language"),
            if of_quantity {
                "`>=`, `<=` or exactly?".to_owned()
            } else {
                format!("write `{meant}`")
            },
        );
        Some(if !self.reads(&edits) {
            slip
        } else if of_quantity {
            slip.note("`=` asks for exactly this value; `>=` is at least, `<=` at most")
        } else if matches!(*meant, ">=" | "<=" | "=") {
            slip.repair(format!("write `{meant}`"), edits).safe()
        } else {
            slip.repair(format!("write `{meant}`"), edits)
        })
    }

    /// `'text'`, `‘text’`
    pub(super) fn other_quotes(&self) -> Option<Slip> {
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

    /// `at screening.`, `has pregnancy;`
    pub(super) fn last_mark(&self) -> Option<Slip> {
        let (range, nothing) = self.marks_at_end()?;
        let edits = vec![(range.clone(), nothing)];
        if !self.reads(&edits) {
            return None;
        }
        let mark = self.word(&range).trim();
        let slip = Slip::new(
            range.clone(),
            format!("a line does not end with `{}`", short(mark)),
            "not expected here",
        );
        let slip = if mark == "," {
            slip.note("behind a comma a list goes on in the next line, indented deeper; nothing follows here")
        } else {
            slip
        };
        Some(slip.repair("leave it out", edits).safe())
    }

    /// A dash, or a letter that only looks like a Latin one.
    pub(super) fn strange_letter(&self) -> Option<Slip> {
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
                for (meant, label) in [
                    ("-", "write `-`"),
                    ("_", "the words of a name are joined with `_`"),
                ] {
                    let edits = vec![(at.clone(), meant.to_owned())];
                    if self.reads(&edits) {
                        return Some(
                            Slip::new(at, format!("`{c}` is a dash"), label)
                                .repair(format!("write `{meant}`"), edits),
                        );
                    }
                }
                return Some(Slip::new(at, format!("`{c}` is a dash"), "write `-`"));
            }
            if c.is_alphabetic() {
                let slip = Slip::new(
                    at,
                    format!("`{c}` (U+{:04X}) cannot stand in a name", u32::from(c)),
                    "not one of the letters a to z",
                );
                return Some(slip.note("names are written with a to z, A to Z, digits and `_`; some Greek and Cyrillic letters look just like Latin ones"));
            }
        }
        None
    }

    /// `1,5 x ULN`
    pub(super) fn decimal_comma(&self) -> Option<Slip> {
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
            .note("a comma separates the parts of a list")
            .repair(format!("write `{meant}`"), edits)
        })
    }

    /// `.5 mg/dL`
    pub(super) fn leading_point(&self) -> Option<Slip> {
        let token = self.tokens.get(self.failed_token())?;
        let word = self.word(token);
        if !word
            .strip_prefix('.')?
            .starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let edits = vec![(token.start..token.start, "0".to_owned())];
        self.reads(&edits).then(|| {
            Slip::new(
                token.clone(),
                format!("`{}` begins with its decimal point", short(word)),
                format!("write `0{}`", short(word)),
            )
            .note("a point without a digit before it is easily overlooked")
            .repair(format!("write `0{}`", short(word)), edits)
            .safe()
        })
    }

    /// A unit that took in what was meant as the end of a range or of its line: `18 – 65 years`,
    /// `18 to 65 years; both included`.
    pub(super) fn mark_in_unit(&self, unit: &Range<usize>) -> Option<Slip> {
        let written = self.word(unit);
        let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        if let Some(c) = written.chars().next().filter(|c| is_dash(*c)) {
            let behind = written.trim_start_matches(is_dash);
            if !behind
                .trim_start()
                .starts_with(|c: char| c.is_ascii_digit())
            {
                return None;
            }
            let before = self.text.get(..unit.start)?.trim_end().len();
            let after = unit.end - behind.trim_start().len();
            let edits = vec![(before..after, " to ".to_owned())];
            let at = unit.start..unit.end - behind.len();
            return self.reads(&edits).then(|| {
                Slip::new(
                    at,
                    format!("`{c}` makes no range"),
                    "a range is written with `to`",
                )
                .repair("write `to`", edits)
            });
        }
        let at = unit.start + written.find(';')?;
        let edits = vec![(at..at + 1, ",".to_owned())];
        self.reads(&edits).then(|| {
            Slip::new(at..at + 1, "`;` separates nothing", "write a comma")
                .repair("write `,`", edits)
                .safe()
        })
    }

    /// `75 x 10^^9/L`
    pub(super) fn doubled_power(&self, unit: &Range<usize>) -> Option<Slip> {
        let at = unit.start + self.word(unit).find("^^")?;
        let rest = self.text.get(at..unit.end)?;
        let at = at..unit.end - rest.trim_start_matches('^').len();
        let edits = vec![(at.clone(), "^".to_owned())];
        let written = short(self.word(&at));
        self.reads(&edits).then(|| {
            Slip::new(
                at,
                format!("`{written}` is no sign of this language"),
                "a power is written with one `^`",
            )
            .repair("write `^`", edits)
        })
    }

    /// `(140 - age * weight`
    pub(super) fn open_bracket(&self) -> Option<Slip> {
        let open = self
            .text
            .matches('(')
            .count()
            .checked_sub(self.text.matches(')').count())?;
        let end = self.text.len();
        let edits = vec![(end..end, ")".repeat(open))];
        let at = self.text.rfind('(')?;
        (open > 0 && self.reads(&edits)).then(|| {
            Slip::new(
                at..at + 1,
                "a bracket is not closed on this line",
                "opens here",
            )
            .repair("close it at the end of the line", edits)
        })
    }
}

/// Whether a text begins with a number that has a unit other than points.
fn begins_with_quantity(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let number = first.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if number.len() == first.len() {
        return false;
    }
    let unit = if number.is_empty() {
        words.next().unwrap_or_default()
    } else {
        number
    };
    let behind = [
        "", "points", "point", "and", "or", "within", "also", "with", "unless",
    ];
    !behind.contains(&unit)
}
