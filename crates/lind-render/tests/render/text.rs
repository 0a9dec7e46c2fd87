//! What people see: each snapshot is one diagnostic on one terminal.

use insta::assert_snapshot;
use lind_diagnostics::{Applicability, Diagnostic, Edit, Span};
use lind_render::{Style, to_short, to_text};

use crate::marked::{E0399_EXAMPLE, W0699_EXAMPLE, marked};

/// One file, its first mark as the primary place.
fn one(source: &str) -> String {
    let (files, spans) = marked(&[("trial.lind", source)]);
    let mut found =
        Diagnostic::new(&E0399_EXAMPLE, spans[0], "this is the message").label("this is the place");
    for span in &spans[1..] {
        found = found.also(*span, "this is another place");
    }
    to_text(&files, &found, Style::default())
}

#[test]
fn an_empty_file() {
    assert_snapshot!(one("«»"));
}

#[test]
fn the_end_of_a_file_with_a_final_line_break() {
    assert_snapshot!(one("protocol P\n«»"));
}

#[test]
fn the_end_of_a_file_without_a_final_line_break() {
    assert_snapshot!(one("protocol P«»"));
}

#[test]
fn a_place_behind_the_end_of_the_file() {
    let (files, spans) = marked(&[("trial.lind", "«protocol» P\n")]);
    let behind = Span::new(spans[0].file, 4000, 5000);
    let found = Diagnostic::new(&E0399_EXAMPLE, behind, "this is the message");
    assert_snapshot!(to_text(&files, &found, Style::default()));
}

#[test]
fn two_places_on_a_line() {
    assert_snapshot!(one("  renal: «creatinine» >= «50 mL/min»\n"));
}

#[test]
fn places_that_lie_in_each_other() {
    assert_snapshot!(one("  renal: «creatinine >= «50 mL/min»»\n"));
}

#[test]
fn characters_of_several_bytes() {
    assert_snapshot!(one(
        "# größer als 50 µmol/L\n  «größe» >= «50 µmol/L» und ü\n"
    ));
}

#[test]
fn characters_of_two_columns() {
    assert_snapshot!(one("体重 «体重» 60 «公斤» 以上\n"));
}

#[test]
fn windows_line_breaks() {
    assert_snapshot!(one(
        "inclusion I2\r\n  «age is 18»\r\n  «at consent\r\n»exclusion E1\r\n"
    ));
}

#[test]
fn tabs_before_and_inside_the_place() {
    assert_snapshot!(one("\tage\tis «18\tto» 65\t«years»\n"));
}

#[test]
fn a_whole_line_with_its_break_is_one_line() {
    assert_snapshot!(one("one\n«two\n»three\n"));
}

#[test]
fn a_stretch_of_many_lines_is_shown_by_its_ends() {
    let body = "  line of the body\n".repeat(500);
    assert_snapshot!(one(&format!(
        "inclusion I7 «\"organs\"\n{body}  last» line\n"
    )));
}

#[test]
fn far_and_near_lines_of_one_file() {
    let filler = "  other\n".repeat(120);
    assert_snapshot!(one(&format!("«first»\nbetween\n«third»\n{filler}«last»\n")));
}

#[test]
fn places_in_two_files() {
    let (files, spans) = marked(&[
        ("trial.lind", "use std.labs: «anc»\n"),
        (
            "std/labs.lind",
            "# the library\n\nmeasure «anc»\n  in 10^9/L\n",
        ),
    ]);
    let found = Diagnostic::new(&E0399_EXAMPLE, spans[0], "`anc` is declared twice")
        .label("taken in here")
        .also(spans[1], "first declared here");
    assert_snapshot!(to_text(&files, &found, Style::default()));
}

#[test]
fn notes_are_wrapped_and_lists_keep_their_indentation() {
    let (files, spans) = marked(&[("trial.lind", "age is «18»\n")]);
    let found = Diagnostic::new(&W0699_EXAMPLE, spans[0], "the limit has no unit")
        .note(
            "a number without a unit can be read in several ways, and the investigator and the \
             data manager may not choose the same; write the unit behind the number, on the same \
             line",
        )
        .note(
            "units of time are:\n  hours, days and weeks, which are exact and may be converted \
             into each other\n  months and years, which are not",
        );
    assert_snapshot!(to_text(&files, &found, Style::default()));
}

#[test]
fn ascii_only_with_a_narrow_terminal() {
    let style = Style {
        ascii: true,
        width: 40,
        color: false,
    };
    let (files, spans) = marked(&[(
        "trial.lind",
        "  hemoglobin: hemoglobin measured by the central laboratory >= «90 g/dL» at screening\n",
    )]);
    let found = Diagnostic::new(&E0399_EXAMPLE, spans[0], "nobody has `90 g/dL`")
        .note("a plausible value lies between 2 and 25 g/dL")
        .suggest("write `90 g/L`", spans[0], "90 g/L");
    assert_snapshot!(to_text(&files, &found, style));
}

#[test]
fn colours() {
    let (files, spans) = marked(&[("trial.lind", "«age» is «18»\n")]);
    let style = Style {
        color: true,
        ..Style::default()
    };
    let found = Diagnostic::new(&W0699_EXAMPLE, spans[0], "the limit has no unit")
        .label("a time")
        .also(spans[1], "a number")
        .fix(
            "add the unit",
            Span::at(spans[1].file, spans[1].end),
            " years",
        );
    assert_snapshot!(to_text(&files, &found, style).replace('\u{1b}', "ESC"));
}

#[test]
fn a_fix_over_several_places_and_files() {
    let (files, spans) = marked(&[
        (
            "trial.lind",
            "use std.labs: «plt»\n\nage is 18\n«plt» >= 75\n",
        ),
        ("std/labs.lind", "measure «plt»\n"),
    ]);
    let found = Diagnostic::new(&E0399_EXAMPLE, spans[0], "`plt` is no term of the field")
        .fix_edits(
            "rename `plt` to `platelets`",
            spans
                .iter()
                .map(|&span| Edit::new(span, "platelets"))
                .collect(),
            Applicability::NeedsReview,
        );
    assert_snapshot!(to_text(&files, &found, Style::default()));
}

#[test]
fn a_fix_that_puts_lines_in_and_takes_lines_out() {
    let (files, spans) = marked(&[(
        "trial.lind",
        "inclusion I1\n«»  age is 18 years\n«  age is 19 years\n»exclusion E1\n",
    )]);
    let found = Diagnostic::new(
        &E0399_EXAMPLE,
        spans[1],
        "the second age contradicts the first",
    )
    .fix_edits(
        "say when, and drop the second age",
        vec![
            Edit::new(spans[0], "  at consent\n"),
            Edit::new(spans[1], ""),
        ],
        Applicability::NeedsReview,
    );
    assert_snapshot!(to_text(&files, &found, Style::default()));
}

#[test]
fn what_would_act_on_the_terminal_is_shown_by_number() {
    let (files, spans) = marked(&[(
        "pat\u{1b}ients.csv",
        "P1,\u{1b}[2J«\u{202e}91 g/dL\u{2066}»,\u{9b}31m,\u{0}\u{8}«x»\n",
    )]);
    let found = Diagnostic::new(
        &E0399_EXAMPLE,
        spans[0],
        "cannot read `\u{1b}[2J\n90\r\u{7f}`",
    )
    .label("\u{202e}label\u{85}")
    .also(spans[1], "two\nlines")
    .note("note\u{1b}]0;title\u{7}\u{2028}end")
    .fix("write\u{1b} `9`", spans[0], "\u{1b}9\u{200b}");
    let text = to_text(&files, &found, Style::default());
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    assert_snapshot!(format!("{text}{}", to_short(&files, &found)));
}

#[test]
fn a_line_of_a_million_characters_is_cut_to_its_places() {
    let (files, spans) = marked(&[(
        "wide.csv",
        &format!(
            "{}«start»{}«end»{}\n",
            "a".repeat(500_000),
            "b".repeat(500_000),
            "c".repeat(48_576)
        ),
    )]);
    let found = Diagnostic::new(&E0399_EXAMPLE, spans[0], "m".repeat(1_000_000))
        .label("l".repeat(1_000_000))
        .also(spans[1], "the end")
        .note("n".repeat(1_000_000))
        .fix("replace it", spans[0], "r".repeat(1_000_000));
    let text = to_text(&files, &found, Style::default());
    assert!(text.len() < 8_000, "{} bytes", text.len());

    let brief = Diagnostic::new(&E0399_EXAMPLE, spans[0], "this is the message")
        .label("the start")
        .also(spans[1], "the end")
        .fix("shorten it", spans[0], "s");
    assert_snapshot!(to_text(&files, &brief, Style::default()));
}

#[test]
fn a_place_of_a_million_characters_is_shown_by_its_ends() {
    let text = one(&format!("«first {} last»\n", "word ".repeat(200_000)));
    assert_snapshot!(text);
}

#[test]
fn a_hundred_places_are_counted() {
    let text = one(&"«x»\n\n\n\n".repeat(100));
    assert!(text.contains("and 84 more places"), "{text}");
}

#[test]
fn one_line() {
    let (files, spans) = marked(&[("trial.lind", "\n  größe «x»\n")]);
    let found = Diagnostic::new(&W0699_EXAMPLE, spans[0], "two\nlines").label("not shown");
    assert_eq!(
        to_short(&files, &found),
        "trial.lind:2:9: warning[W0699]: two lines",
    );
}
