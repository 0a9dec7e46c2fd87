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
use lind_report::{Style, protocol_html, protocol_markdown, protocol_text};

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
fn doses_and_their_rule_are_sentences() {
    let page = protocol_text(&protocol(include_str!("doc/doses.lind")), Style::default());
    insta::with_settings!({
        snapshot_path => "doc",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("doses", page);
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

/// The page without what only a page can show: tables that lie across, and figures.
fn without(page: &str, begin: &str, end: &str) -> String {
    let mut kept = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(begin) {
        kept.push_str(before);
        rest = after.split_once(end).unwrap().1;
    }
    kept + rest
}

/// The texts of a page between `<main` and its end, without what is markup.
fn texts(page: &str) -> Vec<String> {
    let (_, main) = page.split_once("<main").unwrap();
    let main = without(
        main,
        "<section aria-labelledby=\"schedule-of-activities\">",
        "</section>",
    );
    let main = without(&main, "<figure", "</figure>");
    let mut words = String::new();
    for piece in main.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        // Headers of columns are Markdown's, too, and no words of the protocol.
        let is_header = tag.starts_with("th scope=\"col\"");
        if !is_header {
            words.push(' ');
            words.push_str(text);
        }
    }
    let characters = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    for (escaped, character) in characters {
        words = words.replace(escaped, character);
    }
    words.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn html_says_what_markdown_says() {
    for text in [TRIAL, include_str!("doc/every-condition.lind")] {
        let protocol = protocol(text);
        let markdown: Vec<String> = protocol_markdown(&protocol)
            .lines()
            .filter(|line| !line.starts_with("| Name |") && !line.starts_with("|--"))
            .skip_while(|line| !line.starts_with("## "))
            .map(|line| line.replace(['\\', '#'], ""))
            .map(|line| match line.strip_prefix("| ") {
                Some(cells) => cells.trim_end_matches(" |").replacen(" | ", " ", 1),
                None => line.trim_start().trim_start_matches("- ").to_owned(),
            })
            .flat_map(|line| {
                line.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        let html = texts(&protocol_html(&protocol));
        // A source stands below what it is the source of, in a place of its own.
        let sorted = |mut words: Vec<String>| {
            words.sort();
            words
        };
        // Between two cells there is no colon.
        let without = |words: Vec<String>| {
            let words = words.into_iter().filter(|word| word != "-");
            words
                .map(|word| word.trim_end_matches(':').to_owned())
                .collect()
        };
        assert_eq!(sorted(without(html)), sorted(without(markdown)));
    }
}

#[test]
fn a_page_of_html_is_whole() {
    let page = protocol_html(&protocol(TRIAL));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(page.contains("Content-Security-Policy"));
    assert!(page.contains("id=\"inclusion-criteria-i2\""));
    let names: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "a name of a place stands twice");
    for link in page.split("href=\"#").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(names.contains(&name), "{name} leads nowhere");
    }
    for element in [
        "ul", "ol", "li", "div", "section", "table", "tr", "p", "h2", "h3", "dl",
    ] {
        let count = |text: &str| page.matches(text).count();
        let opened = count(&format!("<{element}>")) + count(&format!("<{element} "));
        assert_eq!(opened, count(&format!("</{element}>")), "{element}");
    }
}

#[test]
fn a_title_that_looks_like_markup_is_a_title() {
    let text = "protocol NCT00000000\n  title \"<script>alert(1)</script>\"\n\nmilestone screening \"</li><img src=x>\"\n\n\
                inclusion I1 \"<b>old</b> enough\"\n  at screening\n  age >= 18 years\n";
    let page = protocol_html(&protocol(text));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

/// A schedule as the checker makes it from visits: a baseline, a visit with a window, and one at any time.
fn scheduled() -> Protocol {
    use lind_model::protocol::Sex;
    use lind_model::trial::{Assessment, Planned, Timeline, Visit, VisitAnchor, VisitTime};
    use lind_model::{AssessmentId, MilestoneId, TimelineId};
    use lind_time::Offset;

    let mut protocol = Protocol::clone(&protocol(
        "protocol NCT00000000\n  title \"A schedule\"\n\nmilestone infusion\n\n\
         inclusion I1 \"Old enough\"\n  at infusion\n  age >= 18 years\n",
    ));
    let span = protocol.milestones[0].span;
    let trial = &mut protocol.trial;
    for (name, title) in [("counts", "Blood counts"), ("hcg", "Pregnancy test")] {
        trial.assessments.push(Assessment {
            name: name.into(),
            title: title.into(),
            subjects: Vec::new(),
            names: Vec::new(),
            items: Vec::new(),
            span,
        });
    }
    trial.timelines.push(Timeline {
        name: "follow_up".into(),
        title: "Follow-up".into(),
        assumed: Some("no schedule is public".into()),
        span,
    });
    let planned = |assessment: usize, sex: Option<Sex>, text: Option<&str>| Planned {
        assessment: AssessmentId::from_index(assessment),
        sex,
        only: None,
        text: text.map(Into::into),
        span,
    };
    let anchor = VisitAnchor::Milestone(MilestoneId::from_index(0));
    let at = |days: i32, earlier: i32, later: i32| VisitTime::Planned {
        anchor,
        offset: Offset::days(days),
        earlier: Offset::days(earlier),
        later: Offset::days(later),
    };
    let timeline = Some(TimelineId::from_index(0));
    let visits = [
        (
            "Baseline",
            None,
            at(0, 0, 0),
            vec![planned(0, None, None), planned(1, Some(Sex::Female), None)],
        ),
        (
            "Day 28",
            timeline,
            at(28, 3, 3),
            vec![planned(0, None, None)],
        ),
        (
            "Month 3",
            timeline,
            at(90, 3, 7),
            vec![planned(
                1,
                Some(Sex::Female),
                Some("<b>pregnancy</b> is possible"),
            )],
        ),
        ("Unscheduled", None, VisitTime::Unscheduled, vec![]),
    ];
    for (title, timeline, time, planned) in visits {
        trial.visits.push(Visit {
            name: title.into(),
            title: title.into(),
            timeline,
            time,
            planned,
            until: Vec::new(),
            milestone: None,
            assumed: None,
            span,
        });
    }
    protocol
}

#[test]
fn the_schedule_of_activities_is_a_table() {
    let page = protocol_html(&scheduled());
    let (_, rest) = page
        .split_once("<section aria-labelledby=\"schedule-of-activities\">\n")
        .unwrap();
    let (section, _) = rest.split_once("</section>").unwrap();
    insta::with_settings!({
        snapshot_path => "doc",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("activities", section);
    });
}

#[test]
fn dose_decisions_are_drawn() {
    let page = protocol_html(&protocol(include_str!("doc/doses.lind")));
    let (_, rest) = page.split_once("<h2 id=\"dose-escalation\">").unwrap();
    let (section, _) = rest.split_once("</section>").unwrap();
    let figures = section.matches("<figure id=\"dose-decisions-").count();
    assert!(figures > 0 && section.matches("<svg class=\"lind-figure\"").count() == figures);
    assert!(section.contains("The same as a table"), "{section}");
    assert!(
        page.contains(".lind-figure {"),
        "the page holds the colours of its figures"
    );
}
