//! Protocols read back in sentences: every condition of the reference, and the trial that comes with Lind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::Protocol;
use lind_report::{Style, protocol_markdown, protocol_text};

const REFERENCE: &str = include_str!("../../../docs/language/reference.md");
const TRIAL: &str = include_str!("../../../protocols/ssc-nct06414135.lind");

fn protocol(text: &str) -> Arc<Protocol> {
    let mut files = Files::new();
    let root = files.add("example.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    let said: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    analysis
        .protocol
        .unwrap_or_else(|| panic!("{said:?}\n{text}"))
}

/// The file that the examples of the reference lean on.
fn preamble() -> &'static str {
    let (_, rest) = REFERENCE
        .split_once("<!-- preamble -->\n```lind\n")
        .unwrap();
    rest.split("```").next().unwrap()
}

/// The first cells of the tables of conditions.
fn conditions() -> Vec<String> {
    REFERENCE
        .split("<!-- run: condition -->")
        .skip(1)
        .flat_map(|table| {
            table
                .trim_start()
                .lines()
                .take_while(|line| line.starts_with('|'))
                .skip(2)
        })
        .map(|row| {
            let cell = row.trim_start_matches("| ").split(" | ").next().unwrap();
            cell.trim_matches('`').to_owned()
        })
        .collect()
}

#[test]
fn every_condition_is_a_sentence() {
    let page = protocol_text(
        &protocol(include_str!("doc/every-condition.lind")),
        Style::default(),
    );
    insta::with_settings!({
        snapshot_path => "doc",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("every-condition", page);
    });
}

#[test]
fn what_the_reference_gains_is_a_sentence_too() {
    let conditions = conditions();
    assert!(conditions.len() > 60, "{} conditions", conditions.len());
    let mut text = preamble().to_owned();
    for (index, condition) in conditions.iter().enumerate() {
        writeln!(
            text,
            "\ninclusion X{index} \"of the reference\"\n  at infusion\n  {condition}"
        )
        .unwrap();
    }
    let page = protocol_text(&protocol(&text), Style::default());
    for (index, condition) in conditions.iter().enumerate() {
        let head = format!("\nX{index} of the reference\n  - at infusion: ");
        let (_, said) = page.split_once(&head).expect(condition);
        let said = said.lines().next().unwrap();
        assert!(said.len() > 5, "{condition}: {said}");
    }
}

#[test]
fn a_page_fits_the_terminal() {
    let trial = protocol(TRIAL);
    for width in [40, 60, 80, 120] {
        let page = protocol_text(
            &trial,
            Style {
                color: false,
                width,
            },
        );
        for line in page.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn markdown_says_what_the_text_says() {
    let trial = protocol(TRIAL);
    let words = |text: &str| {
        text.replace(['#', '\\'], "")
            .split_whitespace()
            .filter(|word| *word != "-")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let wide = Style {
        color: false,
        width: 10_000,
    };
    // A row of a table says what a name and a colon say.
    let row = |line: &str| match line.strip_prefix("| ") {
        Some(cells) => cells.trim_end_matches(" |").replacen(" | ", ": ", 1),
        None => line.to_owned(),
    };
    let is_head = |line: &&str| line.starts_with("| Name |") || line.starts_with("|--");
    let markdown: Vec<String> = protocol_markdown(&trial)
        .lines()
        .filter(|line| !is_head(line))
        .map(row)
        .collect();
    assert_eq!(
        words(&markdown.join("\n")),
        words(&protocol_text(&trial, wide))
    );
}
