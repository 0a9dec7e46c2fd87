//! The standard library, built in.

/// The modules of the standard library: dotted path, file name for messages, text.
pub const STANDARD_MODULES: &[(&str, &str, &str)] = &[
    (
        "std.conditions",
        "std/conditions.lind",
        include_str!("../../../protocols/std/conditions.lind"),
    ),
    (
        "std.drugs",
        "std/drugs.lind",
        include_str!("../../../protocols/std/drugs.lind"),
    ),
    (
        "std.heart",
        "std/heart.lind",
        include_str!("../../../protocols/std/heart.lind"),
    ),
    (
        "std.labs",
        "std/labs.lind",
        include_str!("../../../protocols/std/labs.lind"),
    ),
    (
        "std.lung",
        "std/lung.lind",
        include_str!("../../../protocols/std/lung.lind"),
    ),
    (
        "std.procedures",
        "std/procedures.lind",
        include_str!("../../../protocols/std/procedures.lind"),
    ),
    (
        "std.renal",
        "std/renal.lind",
        include_str!("../../../protocols/std/renal.lind"),
    ),
    (
        "std.scores",
        "std/scores.lind",
        include_str!("../../../protocols/std/scores.lind"),
    ),
];

/// A module of the standard library: its file name for messages, and its text.
#[must_use]
pub fn standard_module(path: &str) -> Option<(&'static str, &'static str)> {
    STANDARD_MODULES
        .iter()
        .find(|(name, _, _)| *name == path)
        .map(|(_, file, text)| (*file, *text))
}
