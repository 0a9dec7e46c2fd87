//! Keeping what a file says from acting on the terminal.
//!
//! A patient's record may hold escape sequences that move the cursor or repaint what was printed,
//! and a protocol may hold marks that turn the reading direction round. Both are shown by their
//! number instead of being passed on.

use std::fmt::Write as _;

pub(crate) use lind_diagnostics::is_active;

/// Appends a character, by its number (`<U+001B>`) if it would act.
pub(crate) fn push(text: &mut String, character: char) {
    if is_active(character) {
        // Writing to a string cannot fail.
        let _ = write!(text, "<U+{:04X}>", u32::from(character));
    } else {
        text.push(character);
    }
}

/// A text in one line, of at most `limit` characters before active ones are written out: line
/// breaks and tabs become spaces.
pub(crate) fn one_line(text: &str, limit: usize, ellipsis: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(limit));
    let mut characters = text.trim_end().chars();
    for character in characters.by_ref().take(limit) {
        match character {
            '\n' | '\t' => shown.push(' '),
            '\r' => {}
            _ => push(&mut shown, character),
        }
    }
    if characters.next().is_some() {
        shown.push_str(ellipsis);
    }
    shown
}

/// A text with its line breaks kept, otherwise like [`one_line`].
pub(crate) fn lines(text: &str, limit: usize, ellipsis: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(limit));
    let mut characters = text.trim_end().chars();
    for character in characters.by_ref().take(limit) {
        match character {
            '\n' => shown.push('\n'),
            '\t' => shown.push(' '),
            '\r' => {}
            _ => push(&mut shown, character),
        }
    }
    if characters.next().is_some() {
        shown.push_str(ellipsis);
    }
    shown
}
