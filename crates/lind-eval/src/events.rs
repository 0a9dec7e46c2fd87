//! What is asked of adverse events alone.

use lind_records::CodeId;
use lind_time::Tri;

use crate::view::View;

/// The words of the column `related` that say that an event is related to the treatment. `possible` counts, as
/// a relation that cannot be ruled out does in the reports on safety.
const RELATED: &[&str] = &[
    "yes",
    "y",
    "true",
    "related",
    "possible",
    "possibly",
    "possibly_related",
    "probable",
    "probably",
    "probably_related",
    "likely",
    "definite",
    "definitely",
    "definitely_related",
    "certain",
];

/// Those that say that it is not.
const NOT_RELATED: &[&str] = &[
    "no",
    "n",
    "false",
    "not_related",
    "unrelated",
    "none",
    "unlikely",
    "unlikely_related",
];

/// Whether a word of the column `related` says that an event is related to the treatment; none if it says
/// neither. Blanks and hyphens count as `_`.
pub(crate) fn relation(word: &str) -> Option<bool> {
    let is = |known: &&&str| {
        let plain = |byte: u8| match byte {
            b' ' | b'-' => b'_',
            other => other.to_ascii_lowercase(),
        };
        word.trim().bytes().map(plain).eq(known.bytes())
    };
    if RELATED.iter().any(|known| is(&known)) {
        Some(true)
    } else if NOT_RELATED.iter().any(|known| is(&known)) {
        Some(false)
    } else {
        None
    }
}

impl View<'_> {
    /// Whether two records have the same term. What is written in two ways is two terms, but a name and a code,
    /// or codes of two systems, may be one.
    pub(crate) fn same_term(&self, one: CodeId, other: CodeId) -> Tri {
        let dictionary = self.context.dictionary;
        let (one, other) = (dictionary.text(one), dictionary.text(other));
        if one == other {
            return Tri::Yes;
        }
        let system = |text| str::split_once(text, '|').map(|(system, _)| system);
        if system(one) == system(other) {
            Tri::No
        } else {
            Tri::Maybe
        }
    }
}

#[cfg(test)]
mod tests {
    use super::relation;

    #[test]
    fn a_relation_that_cannot_be_ruled_out_counts() {
        for word in [
            "yes",
            " Possible",
            "PROBABLE",
            "Definitely related",
            "possibly-related",
        ] {
            assert_eq!(relation(word), Some(true), "{word}");
        }
        for word in ["no", "Unlikely", "not related", "unrelated"] {
            assert_eq!(relation(word), Some(false), "{word}");
        }
        for word in ["unknown", "not assessable", "to the disease", ""] {
            assert_eq!(relation(word), None, "{word}");
        }
    }
}
