//! What annotations mean: `{cells}` counts, `{1.73_m2}` refers, `{dry}` merely describes.

/// A counted thing in the plural.
pub(crate) fn entity_words(name: &str) -> String {
    name.replace('_', " ")
}

/// A procedure-defined unit in words.
pub(crate) fn procedure_words(code: &str) -> String {
    code.to_owned()
}

/// A reference in words.
pub(crate) fn reference_words(name: &str) -> String {
    name.replace('_', " ")
}
