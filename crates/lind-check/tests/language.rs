//! The tour, the reference and the how-to of the language tell the truth: their files are checked, the examples in their
//! tables too, and what a window prints back as is compared with what it prints.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_check::{Analysis, NoModules, check};
use lind_diagnostics::{Files, Severity};
use lind_model::Protocol;
use lind_model::protocol::{Anchor, ConditionKind, Window};
use lind_render::{Style, to_text};
use lind_time::When;

const TOUR: &str = include_str!("../../../docs/language/tour.md");
const REFERENCE: &str = include_str!("../../../docs/language/reference.md");
const HOW_TO: &str = include_str!("../../../docs/language/how-to.md");

/// Checks a text; the findings as people read them.
fn run(text: &str) -> (Analysis, String) {
    let mut files = Files::new();
    let root = files.add("example.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    let shown = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| to_text(&files, diagnostic, Style::default()))
        .collect();
    (analysis, shown)
}

/// What a remark before a block or a table says about it: `<!-- raises E0308 -->`, `<!-- run: condition -->`.
fn remark(before: &str) -> &str {
    before
        .trim_end()
        .rsplit('\n')
        .next()
        .and_then(|line| line.strip_prefix("<!-- "))
        .and_then(|line| line.strip_suffix(" -->"))
        .unwrap_or("")
}

/// The blocks of Lind on a page, each with the remark before it.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((before, behind)) = rest.split_once("```lind\n") {
        let (block, behind) = behind.split_once("```").unwrap();
        blocks.push((remark(before), block));
        rest = behind;
    }
    blocks
}

/// The tables of a page that have a remark, with their rows of cells.
fn tables(page: &str) -> Vec<(&str, Vec<Vec<&str>>)> {
    page.split("\n\n")
        .zip(page.split("\n\n").skip(1))
        .filter(|(before, table)| !remark(before).is_empty() && table.starts_with('|'))
        .map(|(before, table)| {
            let rows = table.lines().skip(2).map(|row| {
                let cells = row.trim_start_matches('|').trim_end_matches('|');
                cells.split(" | ").map(str::trim).collect()
            });
            (remark(before), rows.collect())
        })
        .collect()
}

/// The file that the examples of the reference lean on.
fn preamble() -> &'static str {
    let mut blocks = blocks(REFERENCE).into_iter();
    blocks.find(|(remark, _)| *remark == "preamble").unwrap().1
}

/// A criterion with a condition, below the preamble.
fn with_preamble(gate: &str, condition: &str) -> String {
    format!(
        "{}\ninclusion X1 \"An example\"\n  at {gate}\n  {condition}\n",
        preamble()
    )
}

#[test]
fn the_files_on_the_pages_are_true() {
    for (page, text) in [("tour", TOUR), ("reference", REFERENCE), ("how-to", HOW_TO)] {
        let blocks = blocks(text);
        assert!(blocks.len() >= 3, "{page} has no files");
        for (remark, block) in blocks {
            let (analysis, shown) = run(block);
            let mut codes: Vec<&str> = analysis
                .diagnostics
                .iter()
                .filter(|found| remark != "preamble" || found.severity == Severity::Error)
                .map(|found| found.rule.code)
                .collect();
            codes.dedup();
            let expected: Vec<&str> = remark.strip_prefix("raises ").into_iter().collect();
            assert_eq!(codes, expected, "{page}:\n{block}\n{shown}");
        }
    }
}

#[test]
fn the_examples_in_the_tables_have_a_meaning() {
    let mut examples = 0;
    for (remark, rows) in tables(REFERENCE) {
        for row in rows {
            let example = row[0].trim_matches('`');
            let text = match remark {
                "run: condition" => with_preamble("infusion", example),
                "run: clause" => {
                    with_preamble("infusion", &format!("{example}\n  creatinine <= 1.5 mg/dL"))
                }
                "run: test" => {
                    let test = |title: &str, line: &str| {
                        format!("\ntest \"{title}\"\n  {line}\n  expect X1 met at infusion\n")
                    };
                    let criterion = with_preamble("infusion", "example: creatinine <= 1.5 mg/dL");
                    let example = example.replace("\\|", "|");
                    format!(
                        "{criterion}{}{}",
                        test("this", &example),
                        test("another", "note \"somebody\"")
                    )
                }
                "run: list" => {
                    let parts = "\n    has heart_failure\n    has malignancy\n    has pregnancy";
                    with_preamble("infusion", &format!("{example}{parts}"))
                }
                "run: relation" => format!("{}\nmilestone example {example}\n", preamble()),
                _ => continue,
            };
            let (analysis, shown) = run(&text);
            let wrong = analysis
                .diagnostics
                .iter()
                .any(|found| found.severity == Severity::Error);
            assert!(!wrong && analysis.protocol.is_some(), "{example}\n{shown}");
            examples += 1;
        }
    }
    assert!(examples > 80, "only {examples} examples were found");
}

/// The window of the last criterion.
fn window_of(protocol: &Protocol) -> &Window {
    let part = &protocol.criteria.last().unwrap().parts[0];
    match &part.kind {
        ConditionKind::Value(test) => test.window.as_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A window in words, and around the last day of August 2024.
fn printed(window: &Window, protocol: &Protocol) -> (String, String) {
    let name = |anchor: &Anchor| match anchor {
        Anchor::Milestone(id) => protocol.milestones[id.index()].name.to_string(),
        Anchor::Sample => "the sample".to_owned(),
        Anchor::Record(..) => "the record".to_owned(),
        Anchor::Date(day) => day.to_string(),
        Anchor::Chosen(_) => "the record".to_owned(),
    };
    match window {
        Window::Around {
            anchor,
            window,
            as_known,
        } => {
            let timed =
                matches!(anchor, Anchor::Milestone(id) if protocol.milestones[id.index()].timed);
            let day = if timed {
                "2024-08-31T08:30"
            } else {
                "2024-08-31"
            };
            let known = if *as_known { ", as far as known" } else { "" };
            (
                window.to_string().replace("the anchor", &name(anchor)) + known,
                window.resolve(&When::parse(day).unwrap()).to_string(),
            )
        }
        Window::Between { from, to } => (
            format!(
                "from the day of {} to the day of {}, both included",
                name(from),
                name(to)
            ),
            "from the one day to the other".to_owned(),
        ),
        Window::Either(first, second) | Window::Both(first, second) => {
            let word = if matches!(window, Window::Either(..)) {
                "or"
            } else {
                "and"
            };
            let (first, second) = (printed(first, protocol), printed(second, protocol));
            (
                format!("{}; {word} {}", first.0, second.0),
                format!("{}; {word} {}", first.1, second.1),
            )
        }
        Window::HalfLives { .. } => panic!("half-lives are listed apart"),
    }
}

#[test]
fn every_window_prints_back_as_the_reference_says() {
    let (_, rows) = tables(REFERENCE)
        .into_iter()
        .find(|(remark, _)| *remark == "run: window")
        .unwrap();
    let mut stated = String::new();
    let mut expected = String::new();
    for row in rows {
        let phrase = row[0].trim_matches('`');
        let (analysis, shown) = run(&with_preamble(
            "end_of_study",
            &format!("serum_hcg {phrase} is negative"),
        ));
        let protocol = analysis
            .protocol
            .unwrap_or_else(|| panic!("{phrase}\n{shown}"));
        let (words, dates) = printed(window_of(&protocol), &protocol);
        expected += &format!("| `{phrase}` | {words} | {dates} |\n");
        stated += &format!("| {} |\n", row.join(" | "));
    }
    assert!(stated == expected, "the table should read:\n{expected}");
}
