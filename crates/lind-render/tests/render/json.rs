//! What programs read.

use lind_diagnostics::{Diagnostic, Files, Span};
use lind_render::{summary_line, to_json};
use serde_json::{Value, json};

use crate::marked::{E0399_EXAMPLE, W0699_EXAMPLE, marked};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn nothing_found() {
    assert_eq!(
        to_json(&Files::new(), &[]),
        r#"{"schema":"lind.diagnostics/1","diagnostics":[],"summary":{"errors":0,"warnings":0,"notes":0,"files":0}}"#,
    );
    assert_eq!(summary_line(&[]), "nothing found");
}

#[test]
fn every_field() {
    let (files, spans) = marked(&[
        ("trial.lind", "\nµ «größe» >= «18»\n"),
        ("std/labs.lind", "measure «größe»"),
    ]);
    let found = [
        Diagnostic::new(&E0399_EXAMPLE, spans[0], "the message")
            .label("the place")
            .also(spans[2], "declared here")
            .note("why")
            .fix("add the unit", Span::at(spans[1].file, spans[1].end), " cm"),
        Diagnostic::new(&W0699_EXAMPLE, spans[1], "another"),
        Diagnostic::new(&W0699_EXAMPLE, spans[2], "a third"),
    ];
    let wire = parsed(&to_json(&files, &found));
    assert_eq!(
        wire["diagnostics"][0],
        json!({
            "code": "E0399",
            "name": "example",
            "severity": "error",
            "message": "the message",
            "file": "trial.lind",
            "range": {
                "start": {"line": 2, "column": 3, "offset": 4},
                "end": {"line": 2, "column": 8, "offset": 11},
            },
            "label": "the place",
            "labels": [{
                "file": "std/labs.lind",
                "range": {
                    "start": {"line": 1, "column": 9, "offset": 8},
                    "end": {"line": 1, "column": 14, "offset": 15},
                },
                "text": "declared here",
            }],
            "notes": ["why"],
            "fix": {
                "title": "add the unit",
                "applicability": "safe",
                "edits": [{
                    "file": "trial.lind",
                    "range": {
                        "start": {"line": 2, "column": 14, "offset": 17},
                        "end": {"line": 2, "column": 14, "offset": 17},
                    },
                    "replacement": " cm",
                }],
            },
        }),
    );
    assert_eq!(
        wire["summary"],
        json!({"errors": 1, "warnings": 2, "notes": 0, "files": 2}),
    );
    assert_eq!(summary_line(&found), "1 error, 2 warnings in 2 files");
}

#[test]
fn active_characters_are_escaped_and_come_back_as_they_were() {
    let (files, spans) = marked(&[("a\u{9b}b", "«x»")]);
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\u{e0041}\"\\\n";
    let found = Diagnostic::new(&E0399_EXAMPLE, spans[0], evil).fix("t", spans[0], evil);
    let text = to_json(&files, &[found]);
    assert!(
        text.chars().all(|c| (' '..='\u{7e}').contains(&c)),
        "{text}"
    );
    let wire = parsed(&text);
    assert_eq!(wire["diagnostics"][0]["message"], evil);
    assert_eq!(wire["diagnostics"][0]["file"], "a\u{9b}b");
    assert_eq!(
        wire["diagnostics"][0]["fix"]["edits"][0]["replacement"],
        evil
    );
}
