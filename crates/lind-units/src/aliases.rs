//! The table of spellings.

use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("aliases.tsv");

/// What a spelling stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alias {
    /// A UCUM expression.
    Means(&'static str),
    /// More than one thing: the most likely code, and the readings.
    Ambiguous(&'static str, &'static str),
}

/// The rows of the table: spelling, code, note.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?, columns.next()?, columns.next()?))
        })
}

static ALIASES: LazyLock<HashMap<&'static str, Alias>> = LazyLock::new(|| {
    rows()
        .map(|(spelling, code, note)| {
            let alias = match code.strip_prefix('?') {
                Some(offered) => Alias::Ambiguous(offered, note),
                None => Alias::Means(code),
            };
            (spelling, alias)
        })
        .collect()
});

/// Words that scale a unit: `milligram`.
const PREFIX_WORDS: &[(&str, &str)] = &[
    ("femto", "f"),
    ("pico", "p"),
    ("nano", "n"),
    ("micro", "u"),
    ("milli", "m"),
    ("centi", "c"),
    ("deci", "d"),
    ("hecto", "h"),
    ("kilo", "k"),
    ("mega", "M"),
    ("giga", "G"),
];

/// The shortest word that is found in any case and in the plural. Shorter spellings are symbols,
/// and in symbols capitals matter.
const SHORTEST_WORD: usize = 4;

fn is_word(text: &str) -> bool {
    text.len() >= SHORTEST_WORD && text.chars().all(|c| c.is_ascii_alphabetic())
}

/// A spelling as it stands in the table.
pub(crate) fn exact(spelling: &str) -> Option<Alias> {
    ALIASES.get(spelling).copied()
}

/// A word in any case, in the plural, or with a prefix word, as a UCUM code.
pub(crate) fn word(spelling: &str) -> Option<String> {
    if !is_word(spelling) {
        return None;
    }
    let lower = spelling.to_ascii_lowercase();
    let singular = lower.strip_suffix('s').filter(|stem| is_word(stem));
    [Some(lower.as_str()), singular]
        .into_iter()
        .flatten()
        .find_map(|form| {
            plain_word(form)
                .map(str::to_owned)
                .or_else(|| prefixed_word(form))
        })
}

fn plain_word(form: &str) -> Option<&'static str> {
    match exact(form) {
        Some(Alias::Means(code)) if is_word(form) => Some(code),
        _ => None,
    }
}

fn prefixed_word(form: &str) -> Option<String> {
    PREFIX_WORDS.iter().find_map(|(word, symbol)| {
        let stem = form.strip_prefix(word)?;
        // `millimol`: the symbol itself may follow the word.
        let code = if stem == "mol" {
            stem
        } else {
            plain_word(stem)?
        };
        let prefixed = format!("{symbol}{code}");
        crate::ucum::symbol(&prefixed).map(|_| prefixed)
    })
}

/// Words that are often written with a prefix word.
const COMMON_STEMS: &[&str] = &["gram", "liter", "litre", "mole", "meter", "metre"];

/// Every spelling that stands for one thing, and common words with their prefixes.
pub(crate) fn spellings() -> impl Iterator<Item = String> {
    let prefixed = PREFIX_WORDS.iter().flat_map(|(prefix, _)| {
        COMMON_STEMS
            .iter()
            .map(move |stem| format!("{prefix}{stem}"))
    });
    rows()
        .filter(|(_, code, _)| !code.starts_with('?'))
        .map(|(spelling, ..)| spelling.to_owned())
        .chain(prefixed)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests fail by panicking"
    )]

    use super::*;

    #[test]
    fn every_row_has_three_columns_and_a_code_that_is_ucum() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
        }
        for (spelling, code, note) in rows() {
            let code = code.strip_prefix('?').unwrap_or(code);
            assert!(crate::ucum::parse(code).is_ok(), "{spelling} -> {code}");
            assert!(!note.is_empty(), "{spelling}");
        }
    }

    #[test]
    fn no_spelling_stands_twice() {
        let mut all: Vec<_> = rows().map(|(spelling, ..)| spelling).collect();
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
    }

    #[test]
    fn words_have_prefixes_and_plurals() {
        for (text, code) in [
            ("milligrams", "mg"),
            ("Hours", "h"),
            ("microliter", "uL"),
            ("micromol", "umol"),
            ("Litres", "L"),
            ("kilograms", "kg"),
            ("picomoles", "pmol"),
            ("milliequivalents", "meq"),
        ] {
            assert_eq!(word(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(word("kilofeet"), None);
        assert_eq!(word("gm"), None);
    }
}
