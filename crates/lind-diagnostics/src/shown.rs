//! Texts of others in a place where somebody reads them, or a program does.

use std::fmt::Write as _;

/// Whether a character would act on the terminal, or change the order or the lines of what is read, instead
/// of being seen.
#[must_use]
pub fn is_active(character: char) -> bool {
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

/// A text as XML holds it, in an attribute or between two tags: nothing is markup, line breaks stay, and characters
/// that act or that XML cannot hold are shown by their number.
///
/// ```
/// use lind_diagnostics::xml_text;
///
/// assert_eq!(xml_text("a < \"b\" & c\u{1b}\n"), "a &lt; &quot;b&quot; &amp; cU+001B&#10;");
/// ```
#[must_use]
pub fn xml_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\n' => shown.push_str("&#10;"),
            '\t' => shown.push(' '),
            _ if is_active(character) || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "U+{:04X}", u32::from(character));
            }
            _ => shown.push(character),
        }
    }
    shown
}
