//! What annotations mean: `{cells}` counts, `{1.73_m2}` refers, `{dry}` merely describes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// The meaning of what stands in curly braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnnotationMeaning {
    /// Counted things.
    Entity(Arc<str>),
    /// What the value is relative to.
    Reference(Arc<str>),
    /// A description, which counts as 1.
    Description,
    /// In no table; counts as 1.
    Unknown,
}

const TABLE: &str = include_str!("annotations.tsv");

/// The rows of the table: class, name, words, spellings.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((
                columns.next()?,
                columns.next()?,
                columns.next()?,
                columns.next()?,
            ))
        })
}

static MEANINGS: LazyLock<HashMap<String, AnnotationMeaning>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    for (class, name, _, spellings) in rows() {
        let meaning = match class {
            "entity" => AnnotationMeaning::Entity(Arc::from(name)),
            "reference" => AnnotationMeaning::Reference(Arc::from(name)),
            "description" => AnnotationMeaning::Description,
            _ => continue,
        };
        for spelling in spellings.split(' ') {
            meanings.insert(spelling.to_lowercase(), meaning.clone());
        }
    }
    meanings
});

/// The meaning of an annotation, given without its braces.
///
/// A name that ends in `cells` counts cells of that sort: `{CAR+_cells}` counts something else
/// than `{cells}`. A name that begins with `log10_` is on a logarithmic scale.
pub(crate) fn meaning(text: &str) -> AnnotationMeaning {
    let lower = text.to_lowercase();
    if let Some(known) = MEANINGS.get(&lower) {
        return known.clone();
    }
    if ["log_", "log10_"].iter().any(|log| lower.starts_with(log)) {
        return AnnotationMeaning::Reference(Arc::from("logarithm"));
    }
    match sort_of_cell(text) {
        Some(name) => AnnotationMeaning::Entity(Arc::from(name)),
        None => AnnotationMeaning::Unknown,
    }
}

/// `CAR+_cell` for `CAR+_cells`.
fn sort_of_cell(text: &str) -> Option<String> {
    let singular = text.strip_suffix('s').unwrap_or(text);
    let sort = singular.strip_suffix("_cell")?;
    (!sort.is_empty()).then(|| singular.to_owned())
}

/// The annotation that a bare word or phrase stands for: `copies` for `cps`. It must name something
/// that is counted or referred to; a description such as "dry" is no unit by itself.
pub(crate) fn of_phrase(phrase: &str) -> Option<String> {
    let (class, name) = match meaning(phrase) {
        AnnotationMeaning::Entity(name) => ("entity", name),
        AnnotationMeaning::Reference(name) => ("reference", name),
        AnnotationMeaning::Description | AnnotationMeaning::Unknown => return None,
    };
    let row = rows()
        .find(|(row_class, row_name, ..)| *row_class == class && **row_name == *name)
        .filter(|_| MEANINGS.contains_key(&phrase.to_lowercase()));
    let Some((_, _, words, spellings)) = row else {
        return Some(phrase.to_owned());
    };
    let plural = words.replace(' ', "_");
    if phrase == plural || *phrase == *name {
        return Some(phrase.to_owned());
    }
    let mut spellings = spellings.split(' ');
    let preferred = if spellings.clone().any(|spelling| spelling == plural) {
        &plural
    } else {
        spellings.next().unwrap_or(phrase)
    };
    Some(preferred.to_owned())
}

/// Whether a phrase says what is measured, as in `g creatinine`.
pub(crate) fn describes(phrase: &str) -> bool {
    meaning(phrase) == AnnotationMeaning::Description
}

/// The spellings of all annotations that can stand alone.
pub(crate) fn spellings() -> impl Iterator<Item = &'static str> {
    rows()
        .filter(|(class, ..)| matches!(*class, "entity" | "reference"))
        .flat_map(|(.., spellings)| spellings.split(' '))
}

/// A procedure-defined unit of UCUM that counts things, as the entity it counts.
pub(crate) fn procedure_entity(code: &str) -> Option<&'static str> {
    match code {
        "[CFU]" => Some("CFU"),
        "[PFU]" => Some("PFU"),
        "[FFU]" => Some("FFU"),
        _ => None,
    }
}

fn words(class: &str, name: &str) -> Option<&'static str> {
    rows()
        .find(|(row_class, row_name, ..)| *row_class == class && *row_name == name)
        .map(|(_, _, words, _)| words)
}

/// A counted thing in the plural.
pub(crate) fn entity_words(name: &str) -> String {
    match words("entity", name) {
        Some(words) => words.to_owned(),
        None => format!("{}s", name.replace('_', " ")),
    }
}

/// One counted thing, or what one is relative to.
pub(crate) fn singular_words(name: &str) -> String {
    let one = name.replace('_', " ");
    match words("reference", name) {
        Some(words) if words.strip_suffix('s') != Some(&one) => words.to_owned(),
        _ => one,
    }
}

/// A procedure-defined unit in words, with its code.
pub(crate) fn procedure_words(code: &str) -> String {
    match words("procedure", code) {
        Some(words) => format!("{words} ({code})"),
        None => format!("units of {code}"),
    }
}

/// A reference in words.
pub(crate) fn reference_words(name: &str) -> String {
    match words("reference", name) {
        Some(words) => words.to_owned(),
        None => name.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn every_row_has_four_columns_and_a_known_class() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(
                ["entity", "reference", "description", "procedure"].contains(&columns[0]),
                "{line}"
            );
        }
    }

    #[test]
    fn no_spelling_has_two_meanings() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (class, name, _, spellings) in rows().filter(|(class, ..)| *class != "procedure") {
            for spelling in spellings.split(' ') {
                if let Some(other) = seen.insert(spelling.to_lowercase(), name) {
                    assert_eq!(other, name, "{class} {spelling}");
                }
            }
        }
    }

    #[test]
    fn a_sort_of_cell_is_not_the_cell() {
        assert_eq!(meaning("cells"), AnnotationMeaning::Entity("cell".into()));
        assert_eq!(
            meaning("CAR+_cells"),
            AnnotationMeaning::Entity("CAR+_cell".into())
        );
        assert_eq!(meaning("CAR+_cell"), meaning("CAR+_cells"));
        assert_eq!(meaning("purple"), AnnotationMeaning::Unknown);
    }
}
