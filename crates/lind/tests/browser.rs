//! The pages that Lind writes, in a browser: they are whole, load nothing, run nothing, and fit a desk and a phone.
//!
//! A small server on this machine hands the pages to a headless Chromium, together with a page of our own that opens
//! them in frames and measures them. The server's log says what was asked for. Without Chromium nothing of this can
//! be known, and the tests say so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "browser/chromium.rs"]
mod chromium;
#[path = "../../lind-figures/tests/examples/mod.rs"]
mod figures;
#[path = "browser/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use chromium::Chromium;
use lind_figures::{Axis, Curves, Frame, Point, Series, curves};
use lind_report::html::{Column, Figure, Html, Notes, Page, Row, Table};
use server::Server;

/// What a text must not be able to do, in a title or as the number of a patient.
const HOSTILE: &str = "<script>alert(1)</script>";

/// How wide a desk and a phone are, in pixels.
const WIDTHS: [usize; 2] = [1280, 390];

/// What our page measured of one page at one width.
type Measured = BTreeMap<String, String>;

/// What was measured of each page at each width, and what the server was asked for.
struct Found {
    pages: Vec<(String, usize, Measured)>,
    log: Vec<String>,
}

/// Measures pages at both widths. Nothing if there is no browser.
fn measured(pages: &[(&str, String)]) -> Option<Found> {
    let Some(chromium) = Chromium::find() else {
        chromium::say_absent();
        return None;
    };
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    let mut served: BTreeMap<String, String> = pages
        .iter()
        .map(|(name, page)| (format!("/{name}"), page.clone()))
        .collect();
    let harness = include_str!("browser/measure.html")
        .replace("PAGES", &names.join(" "))
        .replace("WIDTHS", &WIDTHS.map(|width| width.to_string()).join(" "));
    served.insert("/measure".to_owned(), harness);
    let server = Server::start(served);
    let dom = chromium.dom(&server.address("/measure"));
    let (_, result) = dom
        .split_once("<pre id=\"result\">")
        .unwrap_or_else(|| panic!("the page that measures is not there:\n{dom}"));
    let (result, _) = result.split_once("</pre>").unwrap();
    assert!(
        result.trim_end().ends_with("done"),
        "measuring did not end:\n{result}"
    );
    let mut found: Vec<(String, usize, Measured)> = Vec::new();
    for line in result.lines().filter(|line| line.contains('|')) {
        let cells: Vec<&str> = line.splitn(4, '|').collect();
        let (page, width) = (cells[0].to_owned(), cells[1].parse().unwrap());
        let value = cells[3]
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        match found.last_mut() {
            Some((last, at, measured)) if *last == page && *at == width => {
                measured.insert(cells[2].to_owned(), value);
            }
            _ => found.push((page, width, [(cells[2].to_owned(), value)].into())),
        }
    }
    assert_eq!(found.len(), pages.len() * WIDTHS.len(), "{result}");
    Some(Found {
        pages: found,
        log: server.log(),
    })
}

fn count(measured: &Measured, name: &str) -> usize {
    measured[name]
        .parse()
        .unwrap_or_else(|_| panic!("{name}: {}", measured[name]))
}

/// What holds of every page that Lind writes.
fn is_sound(name: &str, width: usize, measured: &Measured) {
    let context = format!("{name} at {width}: {measured:#?}");
    assert_eq!(count(measured, "overflow"), 0, "{context}");
    assert_eq!(measured["wider"], "", "{context}");
    assert_eq!(count(measured, "scripts"), 0, "{context}");
    assert_eq!(measured["loaders"], "", "{context}");
    assert_eq!(measured["handlers"], "", "{context}");
    assert_eq!(count(measured, "resources"), 0, "{context}");
    assert_eq!(count(measured, "tables without caption"), 0, "{context}");
    assert_eq!(count(measured, "headers without scope"), 0, "{context}");
    assert_eq!(measured["dead links"], "", "{context}");
    assert_eq!(measured["names twice"], "", "{context}");
    assert_eq!(count(measured, "h1"), 1, "{context}");
}

/// The server was asked for the pages and for nothing else.
fn asked_for_pages_only(log: &[String], pages: &[(&str, String)]) {
    for path in log {
        let known = path == "/measure"
            || path == "/favicon.ico"
            || pages.iter().any(|(name, _)| *path == format!("/{name}"));
        assert!(known, "asked for {path}: {log:?}");
    }
}

/// A protocol as a page, by the command.
fn doc(protocol: &Path) -> String {
    printed(&["doc", "--format", "html", protocol.to_str().unwrap()])
}

/// What the command prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_protocol_in_a_browser() {
    let root = root();
    let hostile = tempfile::Builder::new().suffix(".lind").tempfile().unwrap();
    let source = format!(
        "protocol NCT00000000\n  title \"{HOSTILE}\"\n\nmilestone screening \"</li><img src=/beacon.png>\"\n\n\
         inclusion I1 \"<b onclick=alert(1)>{}\"\n  at screening\n  age >= 18 years\n",
        "averyverylongword".repeat(12)
    );
    std::fs::write(hostile.path(), source).unwrap();
    let pages = [
        ("ssc", doc(&root.join("protocols/ssc-nct06414135.lind"))),
        ("sle", doc(&root.join("protocols/sle-nct05765006.lind"))),
        (
            "doses",
            doc(&root.join("crates/lind-report/tests/doc/doses.lind")),
        ),
        ("hostile", doc(hostile.path())),
    ];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (name, width, measured) in &found {
        is_sound(name, *width, measured);
        if name == "hostile" {
            assert_eq!(measured["title"], format!("NCT00000000 {HOSTILE}"));
            assert_eq!(measured["heading"], format!("NCT00000000 {HOSTILE}"));
        } else if name == "doses" {
            assert!(count(measured, "figures") > 0, "{name}: {measured:?}");
            assert_eq!(measured["texts on texts"], "", "{name} at {width}");
        } else {
            assert!(count(measured, "tables") >= 3, "{name}: {measured:?}");
            assert!(count(measured, "entries") >= 25, "{name}: {measured:?}");
        }
    }
    asked_for_pages_only(&log, &pages);
}

/// What data hold, by the command; problems of the data are no failure.
fn data_check(data: &Path, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(["data", "check", data.to_str().unwrap(), "--format", "html"])
        .args(more)
        .output()
        .unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_data_hold_in_a_browser() {
    let root = root();
    let hostile = tempfile::tempdir().unwrap();
    let long = "averyverylongword".repeat(12);
    std::fs::write(
        hostile.path().join("patients.csv"),
        format!("patient\n{HOSTILE}\n"),
    )
    .unwrap();
    std::fs::write(
        hostile.path().join("observations.csv"),
        format!("patient,code,time,value,unit\n{HOSTILE},<img src=/beacon.png>,2024,x,\n{HOSTILE},{long},2024,1,<b>{long}\n"),
    )
    .unwrap();
    let examples = root.join("docs/commands/examples");
    let protocol = examples.join("site.lind");
    let with_protocol = ["--protocol", protocol.to_str().unwrap()];
    let pages = [
        ("site", data_check(&examples.join("site"), &with_protocol)),
        ("hostile", data_check(hostile.path(), &with_protocol)),
        ("cohort", data_check(&root.join("tests/cohorts/ssc"), &[])),
    ];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (name, width, measured) in &found {
        is_sound(name, *width, measured);
        assert!(count(measured, "tables") >= 2, "{name}: {measured:?}");
    }
    asked_for_pages_only(&log, &pages);
}

#[test]
fn dose_decisions_in_a_browser() {
    let designs = "--design 3+3 --design boin --design mtpi-2 --design i3+3 --target 30%";
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').chain(designs.split(' ')).collect();
        printed(&[&words[..], &["--format", "html"]].concat())
    };
    let pages = [
        ("table", run("escalate table --up-to 20")),
        (
            "simulation",
            run("escalate simulate --rates 5%,15%,30%,45% --trials 50"),
        ),
    ];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (name, width, measured) in &found {
        is_sound(name, *width, measured);
        assert_eq!(measured["texts on texts"], "", "{name} at {width}");
        assert_eq!(measured["texts outside"], "", "{name} at {width}");
        let figures = if name == "table" { 4 } else { 0 };
        assert_eq!(count(measured, "figures"), figures, "{name}: {measured:?}");
        assert_eq!(
            count(measured, "tables"),
            figures.max(1),
            "{name}: {measured:?}"
        );
    }
    asked_for_pages_only(&log, &pages);
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

/// The report of a protocol on patients as a page, by the command.
fn reported(protocol: &Path, patients: &Path) -> String {
    printed(&[
        "report",
        "--format",
        "html",
        "--quiet",
        protocol.to_str().unwrap(),
        "--patients",
        patients.to_str().unwrap(),
    ])
}

/// Tables of a report by their captions, and figures by their names.
const CAPTIONS: [&str; 12] = [
    "Participants of each population",
    "Criteria that kept people out",
    "Who failed which criterion",
    "Dose decisions, the rule and what was done",
    "Visits and assessments, planned and done",
    "Deviations from the protocol",
    "Primary endpoints",
    "Change of SELENA-SLEDAI",
    "Adverse events (N = 8)",
    "Adverse events of special interest",
    "Shifts from the grade at baseline to the worst grade",
    "The values of each participant",
];
const FIGURES: [&str; 8] = [
    "figure-flow",
    "figure-curve-1",
    "figure-curve-2",
    "figure-states",
    "figure-scores",
    "figure-panels",
    "figure-events-1",
    "figure-findings",
];

#[test]
fn the_report_of_a_trial_in_a_browser() {
    let sle = root().join("protocols/sle-nct05765006.lind");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/deviations");
    // The same trial and the same patients, with names that would do harm if anything ran.
    let folder = tempfile::tempdir().unwrap();
    let title = "\"'><img src=/beacon.png> & <b onclick=alert(1)>";
    let protocol = std::fs::read_to_string(data.join("trial.lind")).unwrap();
    let words = "Cells that are given on a schedule";
    assert!(protocol.contains(words) && protocol.contains("\"Inflammation\""));
    let hostile = folder.path().join("trial.lind");
    let protocol = protocol
        .replace(words, &title.replace('"', "\\\""))
        .replace("\"Inflammation\"", &format!("\"{HOSTILE}\""));
    std::fs::write(&hostile, protocol).unwrap();
    for entry in std::fs::read_dir(data.join("four")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text
            .replace("P-02", HOSTILE)
            .replace("local|herpes_zoster", "local|<img src=/beacon.png>");
        std::fs::write(folder.path().join(path.file_name().unwrap()), text).unwrap();
    }
    let pages = [
        ("sle", reported(&sle, &root().join("tests/cohorts/sle"))),
        ("hostile", reported(&hostile, folder.path())),
    ];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (name, width, measured) in &found {
        is_sound(name, *width, measured);
        assert_eq!(measured["figures without name"], "", "{name}");
        assert_eq!(measured["without words"], "", "{name}");
        assert_eq!(measured["texts on texts"], "", "{name} at {width}");
        assert_eq!(measured["texts outside"], "", "{name} at {width}");
        if name == "sle" {
            for caption in CAPTIONS {
                assert!(measured["captions"].contains(caption), "{caption}");
            }
            let names: Vec<&str> = measured["figure names"].split(' ').collect();
            for figure in FIGURES {
                assert!(names.contains(&figure), "{figure}: {names:?}");
            }
        } else {
            // What was handed over is all there, as text.
            assert_eq!(measured["heading"], format!("NCT00000000 {title}"));
            assert!(measured["text"].contains(HOSTILE), "{measured:?}");
        }
    }
    asked_for_pages_only(&log, &pages);
}

/// A page with every figure, a wide table and a footnote, about patients whose numbers are hostile.
fn report(figures: &[(&str, String)]) -> String {
    let mut page = Page::new(&format!("Report of {HOSTILE}"));
    page.line("Every value is invented");
    let mut notes = Notes::new("notes");
    let days: Vec<String> = (0..40).map(|day| format!("Day {day}")).collect();
    let table = Table {
        id: "wide".to_owned(),
        caption: Html::text("A table wider than any phone").then(notes.mark(Html::text(HOSTILE))),
        spans: vec![(Html::text("Days"), 40)],
        columns: std::iter::once(Column::text("Patient"))
            .chain(days.iter().map(|day| Column::numbers(day)))
            .collect(),
        rows: vec![
            Row::Group(Html::text("25 × 10⁶ cells")),
            Row::cells(Html::text(HOSTILE), vec![Html::text("1234.5"); 40]),
        ],
    };
    page.section("Tables", table.html().then(notes.html()));
    let mut content = Html::default();
    for (name, drawing) in figures {
        let figure = Figure {
            id: format!("figure {name}"),
            drawing: drawing.clone(),
            caption: Html::text(name),
            alternative_title: "In words".to_owned(),
            alternative: Html::paragraph(Html::text("…")),
        };
        content.push(&figure.html());
    }
    page.section("Figures", content);
    page.finish()
}

#[test]
fn figures_in_a_browser() {
    let mut drawn: Vec<(&str, String)> = figures::ALL
        .iter()
        .chain(&figures::CROWDED)
        .map(|(name, figure)| (*name, figure(&Frame::inline(*name))))
        .collect();
    let hostile = Curves {
        title: HOSTILE.to_owned(),
        x: Axis::new("Day", ""),
        y: Axis::new(HOSTILE, "<b>"),
        series: vec![Series {
            label: HOSTILE.to_owned(),
            points: vec![Point::new(0.0, 1.0), Point::new(1.0, 3.0)],
        }],
        ..Curves::default()
    };
    drawn.push(("hostile", curves(&hostile, &Frame::inline("hostile"))));
    let pages = [("report", report(&drawn))];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (name, width, measured) in &found {
        is_sound(name, *width, measured);
        assert_eq!(count(measured, "figures"), drawn.len(), "{measured:?}");
        assert_eq!(measured["figures without size"], "", "{measured:?}");
        assert_eq!(measured["figures without name"], "", "{measured:?}");
        assert_eq!(count(measured, "tables"), 1, "{measured:?}");
        assert_eq!(measured["texts on texts"], "", "at {width}");
        assert_eq!(measured["texts outside"], "", "at {width}");
        let smallest: f64 = measured["smallest type"].parse().unwrap();
        assert!(
            smallest >= 7.5,
            "at {width} the smallest type has {smallest} pixels"
        );
        assert!(measured["text"].contains(HOSTILE), "{measured:?}");
    }
    asked_for_pages_only(&log, &pages);
}

/// Whether the measures above would notice: a page that does everything wrong.
#[test]
fn a_bad_page_is_noticed() {
    let bad = "<!doctype html><title>bad</title><h1 id=a>bad</h1><p id=a style=\"width: 3000px\">wide</p>\
               <img src=\"/beacon.png\" onerror=\"1\"><script>1</script><a href=\"#nowhere\">x</a><table><tr><th>x</table>\
               <svg class=\"lind-figure\" viewBox=\"0 0 520 40\"><text x=1 y=20 font-size=12>one</text>\
               <text x=3 y=20 font-size=12>two</text><text x=515 y=20 font-size=12>outside</text></svg>";
    let pages = [("bad", bad.to_owned())];
    let Some(Found { pages: found, log }) = measured(&pages) else {
        return;
    };
    for (_, _, measured) in &found {
        assert!(count(measured, "overflow") > 1000, "{measured:?}");
        assert_eq!(count(measured, "scripts"), 1, "{measured:?}");
        for name in [
            "wider",
            "loaders",
            "handlers",
            "dead links",
            "names twice",
            "figures without name",
            "texts on texts",
            "texts outside",
        ] {
            assert_ne!(measured[name], "", "{name}: {measured:?}");
        }
        for name in [
            "resources",
            "tables without caption",
            "headers without scope",
        ] {
            assert!(count(measured, name) > 0, "{name}: {measured:?}");
        }
    }
    assert!(log.iter().any(|path| path == "/beacon.png"), "{log:?}");
}

#[test]
fn a_page_on_paper() {
    let Some(chromium) = Chromium::find() else {
        return chromium::say_absent();
    };
    let drawn: Vec<(&str, String)> = figures::ALL
        .iter()
        .map(|(name, figure)| (*name, figure(&Frame::inline(*name))))
        .collect();
    let server = Server::start([("/report".to_owned(), report(&drawn))].into());
    let pdf = chromium.pdf(&server.address("/report"));
    assert!(pdf.starts_with(b"%PDF"));
    let pages = pdf
        .windows(12)
        .filter(|part| part == b"/Type /Page\n")
        .count();
    assert!((2..=9).contains(&pages), "{pages} pages");
}
