//! What a line says, as words, numbers and lists.

use std::collections::BTreeSet;

use crate::numbers::{Number, Source, numbers, plain};
use crate::words::{Word, words};

/// A line as words and numbers.
#[derive(Debug)]
pub(crate) struct Said {
    /// Its telling words, each form once, in their order.
    pub(crate) words: Vec<Word>,
    /// Its numbers, and the words that each is about.
    pub(crate) numbers: Vec<(Number, BTreeSet<String>)>,
    /// The members of its lists.
    pub(crate) items: Vec<Item>,
    /// Its words alone, in small letters: two lines with the same are the same.
    pub(crate) bare: String,
}

/// A member of a list.
#[derive(Debug)]
pub(crate) struct Item {
    /// As written.
    pub(crate) said: String,
    /// The forms of its telling words.
    pub(crate) stems: BTreeSet<String>,
}

impl Said {
    /// Reads a line.
    pub(crate) fn of(text: &str) -> Self {
        let text = plain(text);
        let found = numbers(&text, Source::Line);
        let mut all = words(&text);
        all.retain(|word| {
            let before = found.partition_point(|number| number.start <= word.at);
            let number = before.checked_sub(1).and_then(|place| found.get(place));
            number.is_none_or(|number| word.at >= number.end)
        });
        let clauses = clauses(&found, &all);
        let items = items(&text, &found);
        let mut seen = BTreeSet::new();
        let distinct = all
            .into_iter()
            .filter(|word| seen.insert(word.stem.clone()));
        Self {
            words: distinct.collect(),
            numbers: found.into_iter().zip(clauses).collect(),
            items,
            bare: bare(&text),
        }
    }

    /// The forms of its words, and its numbers as written.
    pub(crate) fn tokens(&self) -> BTreeSet<String> {
        let words = self.words.iter().map(|word| word.stem.clone());
        let numbers = self.numbers.iter();
        let numbers = numbers.map(|(number, _)| number.said.to_lowercase().replace(' ', ""));
        words.chain(numbers).collect()
    }
}

/// A text without signs and case.
pub(crate) fn bare(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|own: char| !(own.is_alphanumeric() || "<>=%".contains(own)));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// For each number the words that it is about: those between it and the number before it; if there are none, those
/// behind it up to the next.
fn clauses(numbers: &[Number], words: &[Word]) -> Vec<BTreeSet<String>> {
    let between = |from: usize, to: usize| -> BTreeSet<String> {
        let first = words.partition_point(|word| word.at < from);
        let last = words.partition_point(|word| word.at < to);
        let own = words.get(first..last).unwrap_or_default();
        own.iter().map(|word| word.stem.clone()).collect()
    };
    let ends = std::iter::once(0).chain(numbers.iter().map(|number| number.end));
    let nexts = numbers.iter().skip(1).map(|number| number.start);
    let nexts = nexts.chain([usize::MAX]);
    numbers
        .iter()
        .zip(ends)
        .zip(nexts)
        .map(|((number, from), next)| {
            let before = between(from, number.start);
            if before.is_empty() {
                between(number.end, next)
            } else {
                before
            }
        })
        .collect()
}

/// The most telling words that a member of a list may have.
const LONGEST_ITEM: usize = 3;

/// How many short pieces in a row make a list.
const SHORTEST_LIST: usize = 3;

/// The members of the lists of a line: three or more short pieces in a row, between commas, `or` and `and`.
fn items(text: &str, numbers: &[Number]) -> Vec<Item> {
    let mut found = Vec::new();
    let mut run: Vec<Item> = Vec::new();
    let mut flush = |run: &mut Vec<Item>| {
        if run.len() >= SHORTEST_LIST {
            found.append(run);
        }
        run.clear();
    };
    for (at, piece) in pieces(text) {
        let words = words(piece);
        let first = numbers.partition_point(|number| number.end <= at);
        let has_number = numbers
            .get(first)
            .is_some_and(|number| number.start < at + piece.len());
        if words.is_empty() && !has_number {
            continue;
        }
        if has_number || words.len() > LONGEST_ITEM {
            flush(&mut run);
            continue;
        }
        run.push(Item {
            said: piece.trim().to_owned(),
            stems: words.into_iter().map(|word| word.stem).collect(),
        });
    }
    flush(&mut run);
    found
}

/// The pieces of a text between commas, brackets, `or` and `and`, with their places.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let cut = [" or ", " and ", " as well as "]
            .into_iter()
            .find(|word| rest.starts_with(word))
            .map(str::len);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let cut = cut.or_else(|| rest.starts_with([',', ';', '(', ')', ':']).then_some(first));
        match cut {
            Some(length) => {
                pieces.push((start, text.get(start..at).unwrap_or_default()));
                // The blank that ends `or` may begin the next one.
                at += length.saturating_sub(usize::from(length > 1)).max(1);
                start = at;
            }
            None => at += first,
        }
    }
    pieces.push((start, text.get(start..).unwrap_or_default()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn lists_are_taken_apart() {
        let said = Said::of(
            "treated for more than 6 months with low dose steroids (≤ 15 mg prednisone equivalent), \
             cyclophosphamide, antimalarials, mycophenolate mofetil or biologics such as rituximab",
        );
        let items: Vec<&str> = said.items.iter().map(|item| item.said.as_str()).collect();
        assert_eq!(
            items,
            [
                "cyclophosphamide",
                "antimalarials",
                "mycophenolate mofetil",
                "biologics such as rituximab"
            ]
        );
    }

    #[test]
    fn a_number_is_about_the_words_before_it() {
        let said = Said::of("ALT ≤ 3 x ULN, AST ≤ 5 x ULN");
        let about: Vec<Vec<&str>> = said
            .numbers
            .iter()
            .map(|(_, words)| words.iter().map(String::as_str).collect())
            .collect();
        assert_eq!(about, [["alt"], ["ast"]]);
    }
}
