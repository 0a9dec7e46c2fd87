//! One line of a source as it is shown: harmless, with tabs as spaces, and cut to what is pointed
//! at if it is long.

use unicode_width::UnicodeWidthChar as _;

use crate::sanitize;

/// Columns between tab stops.
const TAB: usize = 4;

/// Columns shown on each side of a place when the places of a line are too far apart for one
/// stretch of it.
const CONTEXT: usize = 16;

/// A line as it is shown, and where the bytes of its source went.
pub(crate) struct ShownLine {
    /// What is shown.
    pub(crate) text: String,
    /// The source offset and the shown offset of each shown character and of the end of each
    /// stretch, both ascending.
    offsets: Vec<(usize, usize)>,
}

impl ShownLine {
    /// Shows `source`, a line without its break, in about `columns` columns.
    ///
    /// `places` are the byte offsets that must be seen. What is left out is marked. With places
    /// too far apart for one line each is shown with a little text around it, so the result grows
    /// with the number of places, never with the length of the line.
    pub(crate) fn new(source: &str, places: &[usize], columns: usize, ellipsis: &str) -> Self {
        let mut line = Self {
            text: String::new(),
            offsets: Vec::new(),
        };
        let mut column = 0;
        let mut shown_to = 0;
        for stretch in stretches(source, places, columns, ellipsis.chars().count()) {
            if stretch.start > shown_to {
                line.push_ellipsis(ellipsis, &mut column);
            }
            let text = source.get(stretch.start..stretch.end).unwrap_or("");
            for (index, character) in text.char_indices() {
                line.offsets.push((stretch.start + index, line.text.len()));
                if character == '\t' {
                    let spaces = TAB - column % TAB;
                    line.text.extend(std::iter::repeat_n(' ', spaces));
                    column += spaces;
                } else {
                    sanitize::push(&mut line.text, character);
                    column += width(character);
                }
            }
            line.offsets.push((stretch.end, line.text.len()));
            shown_to = stretch.end;
        }
        if shown_to < source.len() {
            line.push_ellipsis(ellipsis, &mut column);
        }
        line
    }

    fn push_ellipsis(&mut self, ellipsis: &str, column: &mut usize) {
        self.text.push_str(ellipsis);
        *column += ellipsis.chars().count();
    }

    /// Where a byte of the source line is shown; the next shown byte if it was left out.
    pub(crate) fn position(&self, offset: usize) -> usize {
        let index = self.offsets.partition_point(|&(source, _)| source < offset);
        self.offsets
            .get(index)
            .map_or(self.text.len(), |&(_, shown)| shown)
    }
}

/// A stretch of bytes of the line, on character boundaries.
struct Stretch {
    start: usize,
    end: usize,
}

/// How many columns a character takes when shown. At least one, so that a line of combining
/// characters has an end too.
fn width(character: char) -> usize {
    if character == '\t' {
        TAB
    } else if sanitize::is_active(character) {
        "<U+0000>".len()
    } else {
        character.width().unwrap_or(1).max(1)
    }
}

/// The first boundary that lies `columns` columns behind `from`, and the columns not needed.
fn forward(source: &str, from: usize, columns: usize) -> (usize, usize) {
    walk(source.get(from..).unwrap_or("").chars(), columns, |bytes| {
        from + bytes
    })
}

/// The boundary that lies `columns` columns before `from`, and the columns not needed.
fn backward(source: &str, from: usize, columns: usize) -> (usize, usize) {
    let before = source.get(..from).unwrap_or("").chars().rev();
    walk(before, columns, |bytes| from.saturating_sub(bytes))
}

fn walk(
    characters: impl Iterator<Item = char>,
    columns: usize,
    place: impl Fn(usize) -> usize,
) -> (usize, usize) {
    let mut bytes = 0;
    let mut left = columns;
    for character in characters {
        let Some(rest) = left.checked_sub(width(character)) else {
            break;
        };
        left = rest;
        bytes += character.len_utf8();
    }
    (place(bytes), left)
}

/// Which stretches of a line to show, in order and apart from each other.
fn stretches(source: &str, places: &[usize], columns: usize, ellipsis: usize) -> Vec<Stretch> {
    if forward(source, 0, columns).0 == source.len() {
        return vec![Stretch {
            start: 0,
            end: source.len(),
        }];
    }
    let mut places: Vec<usize> = places
        .iter()
        .map(|&place| floor_character(source, place))
        .collect();
    places.sort_unstable();
    let first = places.first().copied().unwrap_or(0);
    let last = places.last().copied().unwrap_or(0);

    let room = columns.saturating_sub(2 * ellipsis);
    if forward(source, first, room).0 >= last {
        // One stretch holds them all: fill it up, a third before them and the rest behind.
        let between = source.get(first..last).unwrap_or("");
        let spare = room.saturating_sub(between.chars().map(width).sum());
        let (_, unused_before) = backward(source, first, spare / 3);
        let (end, unused_behind) = forward(source, last, spare - spare / 3 + unused_before);
        let (start, _) = backward(source, first, spare / 3 - unused_before + unused_behind);
        return vec![Stretch { start, end }];
    }

    let mut stretches: Vec<Stretch> = Vec::new();
    for place in places {
        let (start, _) = backward(source, place, CONTEXT);
        let (end, _) = forward(source, place, CONTEXT);
        match stretches.last_mut() {
            // A gap no wider than its mark is not worth one.
            Some(previous) if start <= previous.end + ellipsis => previous.end = end,
            _ => stretches.push(Stretch { start, end }),
        }
    }
    stretches
}

fn floor_character(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "tests fail by panicking")]

    use super::ShownLine;

    fn shown(source: &str, places: &[usize], columns: usize) -> String {
        ShownLine::new(source, places, columns, "…").text
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        assert_eq!(
            shown("age is 18 to 65 years", &[7], 80),
            "age is 18 to 65 years"
        );
        assert_eq!(shown("", &[0], 80), "");
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_pointed_at() {
        let line = format!("{}LIMIT{}", "a".repeat(500), "b".repeat(500));
        let text = shown(&line, &[500, 505], 30);
        assert_eq!(text, "…aaaaaaaLIMITbbbbbbbbbbbbbbbb…");
        assert_eq!(text.chars().count(), 30);
    }

    #[test]
    fn room_that_one_side_does_not_need_goes_to_the_other() {
        let line = format!("LIMIT{}", "b".repeat(500));
        assert_eq!(shown(&line, &[0, 5], 20), "LIMITbbbbbbbbbbbbb…");
        let line = format!("{}LIMIT", "a".repeat(500));
        assert_eq!(shown(&line, &[500, 505], 20), "…aaaaaaaaaaaaaLIMIT");
    }

    #[test]
    fn places_far_apart_are_each_shown() {
        let line = format!("x{}y{}z", " ".repeat(300), " ".repeat(300));
        let text = shown(&line, &[0, 301, 602], 60);
        assert!(text.starts_with('x') && text.contains('y') && text.ends_with('z'));
        assert!(text.chars().count() < 100, "{text}");
    }

    #[test]
    fn offsets_follow_what_was_put_in_and_left_out() {
        let line = ShownLine::new("\ta\u{1b}µb", &[0], 80, "…");
        assert_eq!(line.text, "    a<U+001B>µb");
        assert_eq!(&line.text[line.position(5)..], "b");
        assert_eq!(line.position(1), 4);
        assert_eq!(line.position(99), line.text.len());
    }
}
