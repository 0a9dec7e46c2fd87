//! Text in columns.

use unicode_width::UnicodeWidthStr as _;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text filled up with blanks to so many columns; a wider one stays whole.
pub(crate) fn left(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The same with the blanks before it.
pub(crate) fn right(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(missing))
}

/// A text broken between words into lines of at most so many columns. A word that is wider than a line is
/// broken where it must.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for (index, piece) in pieces(word, columns).into_iter().enumerate() {
            let gap = usize::from(index == 0 && !line.is_empty());
            if index > 0 || width(&line) + gap + width(piece) > columns {
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
            } else if gap == 1 {
                line.push(' ');
            }
            line.push_str(piece);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word cut into pieces that are no wider than a line.
fn pieces(word: &str, columns: usize) -> Vec<&str> {
    if width(word) <= columns {
        return vec![word];
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut taken = 0;
    for (index, character) in word.char_indices() {
        let wide = width(character.encode_utf8(&mut [0; 4]));
        if taken + wide > columns && index > start {
            pieces.push(word.get(start..index).unwrap_or_default());
            start = index;
            taken = 0;
        }
        taken += wide;
    }
    pieces.push(word.get(start..).unwrap_or_default());
    pieces
}

/// A text in one line of at most so many columns; what is cut off is shown by `…`.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut shown = String::new();
    for character in text.chars() {
        let wide = width(character.encode_utf8(&mut [0; 4]));
        if width(&shown) + wide + 1 > columns {
            break;
        }
        shown.push(character);
    }
    format!("{}…", shown.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{cut, left, right, wrap};

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("  one\n two ", 80), ["one two"]);
        assert_eq!(wrap("", 80), [""]);
    }

    #[test]
    fn words_are_broken_only_where_they_must() {
        assert_eq!(wrap("a verylongword b", 6), ["a", "verylo", "ngword", "b"]);
        assert_eq!(wrap("体重体重", 5), ["体重", "体重"]);
        assert_eq!(wrap("体", 1), ["体"]);
    }

    #[test]
    fn columns_are_counted_and_not_characters() {
        assert_eq!(left("体", 4), "体  ");
        assert_eq!(right("12", 4), "  12");
        assert_eq!(cut("body weight", 6), "body…");
        assert_eq!(cut("体重体重", 5), "体重…");
    }
}
