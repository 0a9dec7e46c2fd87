//! Keeping what a file says from acting on the terminal.
//!
//! A patient's record may hold escape sequences that move the cursor or repaint what was printed,
//! and a protocol may hold marks that turn the reading direction round. Both are shown by their
//! number instead of being passed on.

use std::fmt::Write as _;

/// Whether a character would act on the terminal, or change the order or the lines of what is
/// read, instead of being seen.
pub(crate) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' // soft hyphen
            | '\u{61c}' | '\u{200e}' | '\u{200f}' // direction marks
            | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' // invisible characters
            | '\u{2028}' | '\u{2029}' // line and paragraph separator
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' // direction overrides and isolates
            | '\u{fff9}'..='\u{fffb}' // annotations
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

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
