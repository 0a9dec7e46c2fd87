//! Texts, lines and columns, on the texts that go wrong first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use lind_diagnostics::{FileId, Files, Position, Span};
use proptest::prelude::*;

fn files(text: &str) -> (Files, FileId) {
    let mut files = Files::new();
    let file = files.add("trial.lind", text);
    (files, file)
}

fn position(text: &str, offset: u32) -> (u32, u32, u32) {
    let (files, file) = files(text);
    let Position {
        line,
        column,
        utf16,
    } = files.line_column(file, offset);
    (line, column, utf16)
}

#[test]
fn an_empty_text_has_one_line() {
    let (files, file) = files("");
    assert_eq!(files.line_count(file), 1);
    assert_eq!(files.line(file, 1), Some(Span::at(file, 0)));
    assert_eq!(files.line(file, 2), None);
    assert_eq!(position("", 0), (1, 1, 1));
    assert_eq!(position("", 7), (1, 1, 1));
}

#[test]
fn a_final_line_break_begins_a_last_empty_line() {
    let (files, file) = files("a\n");
    assert_eq!(files.line_count(file), 2);
    assert_eq!(files.line(file, 2), Some(Span::at(file, 2)));
    assert_eq!(position("a\n", 1), (1, 2, 2));
    assert_eq!(position("a\n", 2), (2, 1, 1));
}

#[test]
fn both_kinds_of_line_break_end_a_line() {
    let (files, file) = files("a\r\nb\n\r\nc\rd");
    let lines: Vec<&str> = (1..=files.line_count(file))
        .map(|line| files.slice(files.line(file, line).unwrap()))
        .collect();
    assert_eq!(lines, ["a", "b", "", "c\rd"]);
}

#[test]
fn columns_count_characters_and_utf16_units() {
    // µ: 2 bytes, 1 unit; 体: 3 bytes, 1 unit; 𝄞: 4 bytes, 2 units.
    let text = "x\nµ体𝄞y";
    assert_eq!(position(text, 2), (2, 1, 1));
    assert_eq!(position(text, 4), (2, 2, 2));
    assert_eq!(position(text, 7), (2, 3, 3));
    assert_eq!(position(text, 11), (2, 4, 5));
    assert_eq!(position(text, 5), (2, 2, 2), "inside 体: its beginning");
}

#[test]
fn what_lies_outside_is_left_out() {
    let (files, file) = files("µg/L");
    assert_eq!(files.slice(Span::new(file, 2, 900)), "g/L");
    assert_eq!(files.slice(Span::new(file, 1, 3)), "µg");
    assert_eq!(
        files.slice(Span {
            file,
            start: 4,
            end: 2
        }),
        ""
    );
    let unknown = FileId::from_index(9);
    assert_eq!(files.slice(Span::new(unknown, 0, 1)), "");
    assert_eq!((files.name(unknown), files.text(unknown)), ("", ""));
    assert_eq!(files.line(unknown, 1), None);
    assert_eq!(files.line(file, 0), None);
}

#[test]
fn files_come_back_in_the_order_of_adding() {
    let mut files = Files::new();
    let first = files.add("b.lind", "1");
    let second = files.add("a.lind", "2");
    assert_eq!(
        files.iter().collect::<Vec<_>>(),
        [(first, "b.lind"), (second, "a.lind")],
    );
    assert_eq!(files.text(second), "2");
    assert!(first < second);
}

#[test]
fn spans_join_within_a_file_only() {
    let file = FileId::from_index(0);
    let other = FileId::from_index(1);
    let (left, right) = (Span::new(file, 3, 5), Span::new(file, 8, 9));
    assert_eq!(left.join(right), Span::new(file, 3, 9));
    assert_eq!(right.join(left), left.join(right));
    assert_eq!(left.join(Span::new(other, 0, 1)), left);
    assert_eq!(Span::new(file, 5, 3), Span::at(file, 5));
    assert!(Span::at(file, 5).is_empty() && !left.is_empty());
    assert!(left.contains(3) && !left.contains(5));
    assert_eq!(left.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines and columns lead back to the offset they came from.
    #[test]
    fn a_position_names_its_place(text in "[a-cµ体𝄞\r\n]{0,60}", offset in 0_usize..200) {
        let (files, file) = files(&text);
        let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let position = files.line_column(file, offset as u32);
        let line = text.split_inclusive('\n').nth(position.line as usize - 1).unwrap_or("");
        let before: usize = text.split_inclusive('\n').take(position.line as usize - 1).map(str::len).sum();
        let in_line: usize = line.chars().take(position.column as usize - 1).map(char::len_utf8).sum();
        prop_assert_eq!(before + in_line, offset);
        let units: usize = line.chars().take(position.column as usize - 1).map(char::len_utf16).sum();
        prop_assert_eq!(position.utf16 as usize, units + 1);
    }

    /// Any two numbers make a span that can be read.
    #[test]
    fn every_span_has_a_text(text in "[aµ体𝄞\n]{0,20}", start: u32, end: u32) {
        let (files, file) = files(&text);
        let near = |offset: u32| offset % (text.len() as u32 + 3);
        let close = Span { file, start: near(start), end: near(end) };
        let anywhere = Span { file, start, end };
        prop_assert!(text.contains(files.slice(close)));
        prop_assert!(text.contains(files.slice(anywhere)));
        prop_assert!(files.line_column(file, start).line >= 1);
    }
}
