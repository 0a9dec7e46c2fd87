//! Breaking long notes into lines.

use unicode_width::UnicodeWidthStr as _;

/// The text with its lines broken between words so that none is wider than `width` columns, as far
/// as its words allow. Line breaks that are there stay; a continued line keeps the indentation of
/// its first.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len() + text.len() / 40);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            wrapped.push('\n');
        }
        wrap_line(&mut wrapped, line.trim_end(), width);
    }
    wrapped
}

fn wrap_line(wrapped: &mut String, line: &str, width: usize) {
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    let mut column = indent;
    wrapped.extend(std::iter::repeat_n(' ', indent));
    for (index, word) in words.split(' ').enumerate() {
        if index > 0 {
            if column + 1 + word.width() > width && column > indent {
                wrapped.push('\n');
                wrapped.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                wrapped.push(' ');
                column += 1;
            }
        }
        wrapped.push_str(word);
        column += word.width();
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn breaks_between_words_and_keeps_what_is_there() {
        assert_eq!(wrap("one two three", 8), "one two\nthree");
        assert_eq!(wrap("  one two three", 8), "  one\n  two\n  three");
        assert_eq!(wrap("one\ntwo", 80), "one\ntwo");
        assert_eq!(wrap("", 80), "");
    }

    #[test]
    fn counts_columns_and_not_bytes() {
        assert_eq!(wrap("µµµ µµµ", 7), "µµµ µµµ");
        assert_eq!(wrap("体重 体重", 8), "体重\n体重");
    }

    #[test]
    fn leaves_a_word_that_is_wider_than_the_line_whole() {
        assert_eq!(wrap("a verylongword b", 6), "a\nverylongword\nb");
    }
}
