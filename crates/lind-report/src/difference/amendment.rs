//! A gate's result: for programs, and as a comment under a pull request.

use std::fmt::Write as _;

use lind_model::Standing;
use lind_model::difference::{Category, Change, Status, Witness};
use serde_json::{Value, json};

use super::{Compared, NO_DETERMINATION, change_word, difference_json, directions, status_word};
use crate::plain::one_line;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.amend/1";

/// What makes the comment known, so that a later one can take its place.
const MARKER: &str = "<!-- lind amend -->";

/// A finding of the gate, as reports need it.
#[derive(Clone, Copy, Debug)]
pub struct FindingRow<'r> {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is about; may be empty.
    pub subject: &'r str,
    /// What its meaning is known by; may be empty.
    pub meaning: &'r str,
    /// What was found.
    pub message: &'r str,
    /// What explains it.
    pub notes: &'r [String],
    /// The file and the line.
    pub place: &'r str,
    /// Why a person accepted it.
    pub accepted: Option<&'r str>,
}

/// What the gate found, as one JSON object, without a line break at its end. `findings` is the object of schema
/// `lind.diagnostics/1` with the same findings in the same order; its fields are kept.
#[must_use]
pub fn amendment_json(compared: &Compared<'_>, rows: &[FindingRow<'_>], findings: &str) -> String {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let difference = parsed(&difference_json(compared));
    let mut findings = parsed(findings);
    let list = findings
        .get_mut("diagnostics")
        .and_then(Value::as_array_mut);
    for (finding, row) in list.into_iter().flatten().zip(rows) {
        if let Some(fields) = finding.as_object_mut() {
            fields.insert("subject".to_owned(), json!(row.subject));
            fields.insert("meaning".to_owned(), json!(row.meaning));
            fields.insert("accepted".to_owned(), json!(row.accepted));
        }
    }
    let count = |severity: &str| rows.iter().filter(|row| row.severity == severity).count();
    crate::json::line(&json!({
        "schema": SCHEMA,
        "difference": difference,
        "findings": findings.get("diagnostics"),
        "summary": {
            "errors": count("error"),
            "warnings": count("warning"),
            "notes": count("note"),
        },
    }))
}

/// A comment for a pull request: who changes first, then the findings, then what became of each criterion.
/// It holds no row of a real patient, and names none unless names were asked for.
#[must_use]
pub fn amendment_markdown(compared: &Compared<'_>, rows: &[FindingRow<'_>]) -> String {
    let difference = compared.difference;
    let mut page = String::new();
    let version = |protocol: &lind_model::Protocol| {
        protocol
            .version
            .as_deref()
            .map_or_else(|| "no version".to_owned(), plain)
    };
    let two = compared.two_protocols();
    let new = match two {
        Some(_) => format!("{}: {}", plain(&compared.new.id), version(compared.new)),
        None => version(compared.new),
    };
    let _ = writeln!(
        page,
        "{MARKER}\n### {}: {} → {new}\n",
        plain(&compared.old.id),
        version(compared.old),
    );
    if let Some(two) = two {
        let _ = writeln!(page, "{}\n", plain(&two));
    }
    let _ = writeln!(page, "**{}**", super::text::headline(difference));
    verdict(&mut page, rows);
    let changes: Vec<_> = difference
        .transitions
        .iter()
        .filter(|own| !matches!(own.status, Status::Impossible))
        .collect();
    if !changes.is_empty() {
        page.push_str("\n| before | after | known |\n|---|---|---|\n");
        for own in &changes {
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                own.from.word(),
                own.to.word(),
                status_word(&own.status)
            );
        }
    }
    if let Some(cohort) = compared.cohort {
        page.push_str(&super::cohort::markdown(
            cohort,
            compared.small_counts,
            plain,
        ));
    }
    findings(&mut page, rows);
    criteria(&mut page, compared);
    parts(&mut page, compared);
    if let Some(own) = changes
        .iter()
        .find(|own| own.to == Standing::Eligible && own.status.witness().is_some())
        .or_else(|| changes.iter().find(|own| own.status.witness().is_some()))
        && let Some(witness) = own.status.witness()
    {
        patient(&mut page, own.from, own.to, witness);
    }
    let _ = writeln!(page, "\n{NO_DETERMINATION}");
    page
}

/// What the gate says of a protocol that has no old version, as one JSON object, without a line break at its end.
#[must_use]
pub fn new_protocol_json() -> String {
    crate::json::line(&json!({
        "schema": SCHEMA,
        "new": true,
        "difference": null,
        "findings": [],
        "summary": { "errors": 0, "warnings": 0, "notes": 0 },
    }))
}

/// The same as a comment for a pull request.
#[must_use]
pub fn new_protocol_markdown(
    protocol: &lind_model::Protocol,
    said: &str,
    notes: &[String],
) -> String {
    let mut page = format!(
        "{MARKER}\n### {}\n\n**{}.**\n",
        plain(&protocol.id),
        plain(said)
    );
    for note in notes {
        let _ = writeln!(page, "\n- {}", plain(note));
    }
    page.push_str("\nThe gate is open.\n");
    page
}

/// Whether the gate is open.
fn verdict(page: &mut String, rows: &[FindingRow<'_>]) {
    let count = |severity: &str| rows.iter().filter(|row| row.severity == severity).count();
    let accepted = rows.iter().filter(|row| row.accepted.is_some()).count();
    let said = match count("error") {
        0 => "The gate is open".to_owned(),
        errors => format!("The gate is closed: {}", several(errors, "error")),
    };
    let mut besides: Vec<String> = ["warning", "note"]
        .into_iter()
        .map(|severity| (count(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| several(count, severity))
        .collect();
    if accepted > 0 {
        besides.push(format!("{accepted} accepted"));
    }
    let besides = besides.join(", ");
    let joint = if besides.is_empty() { "" } else { "; " };
    let _ = writeln!(page, "\n{said}{joint}{besides}.");
}

fn several(count: usize, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {one}{plural}")
}

fn findings(page: &mut String, rows: &[FindingRow<'_>]) {
    let order = ["error", "warning", "note"];
    for severity in order {
        for row in rows.iter().filter(|row| row.severity == severity) {
            let _ = writeln!(
                page,
                "\n<details{}><summary>{severity} <code>{}</code> {}</summary>\n",
                if severity == "error" { " open" } else { "" },
                row.code,
                html(row.message)
            );
            let _ = writeln!(page, "{}", plain(row.place));
            if !row.notes.is_empty() {
                page.push_str("\n```text\n");
                for note in row.notes {
                    for line in note.lines() {
                        let _ = writeln!(page, "{}", one_line(line).replace("```", "'''"));
                    }
                }
                page.push_str("```\n");
            }
            page.push_str("\n</details>\n");
        }
    }
}

fn criteria(page: &mut String, compared: &Compared<'_>) {
    let changed: Vec<_> = compared
        .difference
        .criteria
        .iter()
        .filter(|own| !matches!(own.change, Change::Same))
        .collect();
    if changed.is_empty() {
        return;
    }
    page.push_str("\n| criterion | | what it does now |\n|---|---|---|\n");
    for own in changed {
        let said = own.change.effects().map_or_else(String::new, |effects| {
            if effects.is_same() {
                return "the same (proved)".to_owned();
            }
            let mut ways: Vec<String> = directions(effects)
                .into_iter()
                .map(|(words, shown)| {
                    if shown {
                        words.to_owned()
                    } else {
                        format!("perhaps {words}")
                    }
                })
                .collect();
            if effects.is_masked() {
                ways.push("masked: by it alone nobody stands elsewhere (proved)".to_owned());
            }
            ways.join("; ")
        });
        let _ = writeln!(
            page,
            "| {} {} | {} | {said} |",
            plain(&own.id),
            plain(&own.title),
            change_word(&own.change)
        );
    }
}

fn parts(page: &mut String, compared: &Compared<'_>) {
    let all = &compared.difference.parts;
    if all.is_empty() {
        return;
    }
    page.push_str("\n| beyond eligibility | before | after |\n|---|---|---|\n");
    for category in Category::ALL {
        for own in all.iter().filter(|own| own.rule.category == category) {
            let side = |side: &Option<lind_model::difference::PartSide>| {
                side.as_ref()
                    .map_or_else(String::new, |side| plain(&side.words))
            };
            let _ = writeln!(
                page,
                "| {}: {} | {} | {} |",
                plain(&super::parts::named(own)),
                own.rule.said,
                side(&own.old),
                side(&own.new)
            );
        }
    }
}

fn patient(page: &mut String, from: Standing, to: Standing, witness: &Witness) {
    let mut person = String::from("made up, not a real person");
    if let Some(sex) = witness.sex {
        let _ = write!(person, "; {sex}");
    }
    if let Some(born) = witness.born {
        let _ = write!(person, "; born {born}");
    }
    let _ = writeln!(
        page,
        "\n<details><summary>a patient who was {} and is {} ({person})</summary>\n",
        from.word(),
        to.word()
    );
    page.push_str("```text\n");
    for row in witness.rows.iter().filter(|row| row.matters) {
        let _ = writeln!(page, "{}", one_line(&row.said).replace("```", "'''"));
    }
    for because in &witness.because {
        for (version, own) in [("old", &because.old), ("new", &because.new)] {
            let said = match own {
                Some((effect, reason)) => format!("{}, {reason}", effect.word()),
                None => "not asked".to_owned(),
            };
            let line = format!("{} {version}: {said}", because.criterion);
            let _ = writeln!(page, "{}", one_line(&line).replace("```", "'''"));
        }
    }
    page.push_str("```\n\n</details>\n");
}

/// A text in which nothing is taken for Markdown, a mention or a line of a table.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' => {
                shown.push('\\');
                shown.push(character);
            }
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            // A mention would call somebody.
            '@' => shown.push_str("&#64;"),
            _ => shown.push(character),
        }
    }
    shown
}

/// A text inside an element of HTML.
fn html(text: &str) -> String {
    one_line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
}
