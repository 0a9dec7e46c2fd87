//! Texts of others, made safe to show.

use std::fmt::Write as _;

pub(crate) use lind_diagnostics::is_active;

/// The longest text that is shown, in characters. Texts quote data, and data may be of any length.
const LONGEST: usize = 2000;

/// A text in one line in which nothing acts on a terminal: line breaks and tabs become spaces, other active
/// characters are shown by their number, and what is too long is cut.
///
/// ```
/// assert_eq!(lind_report::one_line("P\u{1b}[2J07\n"), "P<U+001B>[2J07");
/// ```
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST));
    let mut characters = text.trim_end().chars();
    for character in characters.by_ref().take(LONGEST) {
        match character {
            '\n' | '\t' => shown.push(' '),
            '\r' => {}
            _ if is_active(character) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "<U+{:04X}>", u32::from(character));
            }
            _ => shown.push(character),
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A text of many lines in which nothing acts on a terminal: line breaks and tabs stay, other active
/// characters are shown by their number.
///
/// ```
/// assert_eq!(lind_report::visible("P\u{1b}[2J07,eligible\n"), "P<U+001B>[2J07,eligible\n");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            _ if is_active(character) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "<U+{:04X}>", u32::from(character));
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, one_line, visible};

    #[test]
    fn rows_keep_their_lines_and_nothing_acts() {
        assert_eq!(visible("a,b\nc\td\n"), "a,b\nc\td\n");
        assert_eq!(
            visible("\u{1b}]0;x\u{7}\r\u{202e}"),
            "<U+001B>]0;x<U+0007><U+000D><U+202E>"
        );
        assert_eq!(visible(&"x".repeat(1 << 12)).len(), 1 << 12);
    }

    #[test]
    fn nothing_acts_and_nothing_is_endless() {
        assert_eq!(one_line("a\tb\r\nc"), "a b c");
        assert_eq!(one_line("\u{202e}right"), "<U+202E>right");
        assert_eq!(one_line("体重 µg"), "体重 µg");
        assert_eq!(one_line(&"x".repeat(1 << 20)).chars().count(), LONGEST + 1);
    }
}
