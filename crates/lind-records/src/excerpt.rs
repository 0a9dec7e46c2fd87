//! Showing what stands in the data without showing too much of it.

/// The most characters of a field that a message shows.
const LONGEST: usize = 40;

/// The text in backticks, cut to 40 characters, control characters by their number.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST * 4) + 5);
    shown.push('`');
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST) {
        match character {
            // These are what would act on a terminal, or be seen by nobody.
            _ if character.is_control() || is_invisible(character) => {
                shown.extend(character.escape_unicode());
            }
            '`' => shown.push('\''),
            _ => shown.push(character),
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown.push('`');
    shown
}

/// Whether [`quoted`] shows the text as it is, so that a message which repeats it is harmless.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars().count() <= LONGEST
        && !text
            .chars()
            .any(|character| character.is_control() || is_invisible(character) || character == '`')
}

/// Characters without a width, and those that turn the direction of writing.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// `a, b and c`, at most `most` of them: `a, b and 4 more`.
pub(crate) fn list<T: AsRef<str>>(items: &[T], most: usize) -> String {
    let shown = if items.len() > most {
        most
    } else {
        items.len().saturating_sub(1)
    };
    let first: Vec<&str> = items.iter().take(shown).map(AsRef::as_ref).collect();
    let last = match items.get(shown..) {
        None | Some([]) => String::new(),
        Some([one]) => one.as_ref().to_owned(),
        Some(rest) => format!("{} more", rest.len()),
    };
    if first.is_empty() {
        return last;
    }
    format!("{} and {last}", first.join(", "))
}

/// The text without blanks around it. Nearly every cell has none, which its ends tell.
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::{list, quoted};

    #[test]
    fn a_long_field_is_cut_and_what_acts_on_a_terminal_is_shown_by_its_number() {
        assert_eq!(quoted("1,5"), "`1,5`");
        assert_eq!(quoted("a\u{1b}[2Jb"), "`a\\u{1b}[2Jb`");
        assert_eq!(quoted("[#/\u{200b}volume]"), "`[#/\\u{200b}volume]`");
        assert_eq!(quoted(&"x".repeat(41)), format!("`{}…`", "x".repeat(40)));
    }

    #[test]
    fn a_list_reads_aloud() {
        assert_eq!(list::<&str>(&[], 3), "");
        assert_eq!(list(&["a"], 3), "a");
        assert_eq!(list(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e"], 3), "a, b, c and 2 more");
    }
}
