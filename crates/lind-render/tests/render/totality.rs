//! Any text, any span: something short and harmless is shown.

use lind_diagnostics::{Applicability, Diagnostic, Edit, FileId, Files, Span};
use lind_render::{Style, to_json, to_short, to_text};
use proptest::prelude::*;

use crate::marked::{E0399_EXAMPLE, W0699_EXAMPLE};

/// Texts made of what is hard to show.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{0,6}",
        2 => Just("\n".to_owned()),
        1 => prop::sample::select(vec![
            "\r\n", "\r", "\t", " ", "µ", "体", "e\u{301}", "👩‍⚕️", "\u{1b}[2J", "\u{202e}", "\0",
            "\u{feff}", "\u{85}",
        ])
        .prop_map(str::to_owned),
        1 => (1_usize..40).prop_map(|count| "long ".repeat(count)),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn span() -> impl Strategy<Value = Span> {
    (0_u32..3, 0_u32..300, 0_u32..300).prop_map(|(file, start, end)| Span {
        file: FileId::from_index(file),
        start,
        end,
    })
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    (
        span(),
        text(),
        prop::collection::vec((span(), text()), 0..4),
        prop::collection::vec((span(), text()), 0..4),
    )
        .prop_map(|(place, message, others, edits)| {
            let edits = edits
                .into_iter()
                .map(|(span, text)| Edit::new(span, text))
                .collect();
            let found = Diagnostic::new(&E0399_EXAMPLE, place, message.clone()).note(message);
            others
                .into_iter()
                .fold(found, |found, (span, text)| found.also(span, text))
                .fix_edits("change", edits, Applicability::Safe)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pointed_at_is_shown_harmlessly(
        texts in prop::collection::vec(text(), 1..3),
        found in diagnostic(),
        width in 0_usize..120,
        ascii: bool,
    ) {
        let mut files = Files::new();
        for text in texts {
            files.add("a\u{1b}b.lind", text);
        }
        let shown = to_text(&files, &found, Style { color: false, width, ascii });
        prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n'));
        let hidden = ['\u{202e}', '\u{feff}'];
        prop_assert!(!shown.contains(hidden));
        prop_assert!(shown.starts_with("error[E0399]:"));
        prop_assert!(shown.ends_with("\n\n"));

        let colored = to_text(&files, &found, Style { color: true, width, ascii });
        let clear_screen = "\u{1b}[2J";
        prop_assert!(!colored.contains(clear_screen));

        let short = to_short(&files, &found);
        prop_assert!(!short.contains(char::is_control));

        let json = to_json(&files, std::slice::from_ref(&found));
        let wire: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&wire["diagnostics"][0]["message"], &found.message);
    }

    /// The width of the terminal bounds every line that quotes a source.
    #[test]
    fn source_lines_keep_to_the_width(line in "[ -~µ体\t]{0,400}", start in 0_u32..400, width in 40_usize..120) {
        let mut files = Files::new();
        let file = files.add("a.lind", line);
        let found = Diagnostic::new(&W0699_EXAMPLE, Span::new(file, start, start + 3), "m");
        let shown = to_text(&files, &found, Style { color: false, width, ascii: false });
        for line in shown.lines() {
            prop_assert!(line.chars().count() <= width, "{}", line);
        }
    }
}
