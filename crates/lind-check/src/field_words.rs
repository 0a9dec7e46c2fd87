//! Words of fields that the data write freely (`indication`, `method`, `source`): a misspelt one would match
//! nothing, without a sound.

use std::collections::BTreeMap;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_syntax::tree::Name;

use crate::analysis::Checker;
use crate::rules;

/// Where each word of each field stands. Words are compared as those of the data are.
#[derive(Debug, Default)]
pub(crate) struct FieldWords(BTreeMap<String, BTreeMap<String, Vec<(Span, String)>>>);

/// How short a word may be whose neighbours are worth a remark.
const LEAST_LETTERS: usize = 5;

impl FieldWords {
    /// Keeps a word of a field.
    pub(crate) fn note(&mut self, field: &str, word: &Name) {
        let same = word.text.to_lowercase().replace('-', "_");
        let words = self.0.entry(field.to_owned()).or_default();
        let places = words.entry(same).or_default();
        places.push((word.span, word.text.clone()));
    }
}

impl Checker<'_> {
    /// A word that stands in one place only, and reads nearly as another of its field.
    pub(crate) fn lone_words(&mut self) {
        for (field, words) in &self.tables.field_words.0 {
            for (word, places) in words {
                let [(span, written)] = places.as_slice() else {
                    continue;
                };
                // Of two that occur once each, the later one is told of.
                let others = words.iter().filter(|(other, places)| {
                    *other != word
                        && is_near(word, other)
                        && (places.len() > 1 || places.first().is_some_and(|(at, _)| at < span))
                });
                let Some(near) = closest(word, others.map(|(other, _)| other.as_str())) else {
                    continue;
                };
                let Some((place, near)) = words.get(near).and_then(|places| places.first()) else {
                    continue;
                };
                self.sink.push(
                    Diagnostic::new(
                        &rules::W0623_LONE_WORD,
                        *span,
                        format!("the {field} `{written}` stands nowhere else, and reads nearly as `{near}`"),
                    )
                    .label("only here")
                    .also(*place, "as another")
                    .note("records with another word do not match, and nothing else would tell")
                    .suggest(format!("write `{near}`"), *span, near.clone()),
                );
            }
        }
    }
}

/// Whether two words differ by a slip, and not by a part.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.chars().count(), other.chars().count());
    one.abs_diff(other) <= 1 && one.min(other) >= LEAST_LETTERS
}
