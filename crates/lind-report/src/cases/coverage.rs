//! What tests reach, for people.

use lind_model::cases::CoveredPlace;

use crate::cases::text::hanging;
use crate::cases::{TestReport, per_cent};
use crate::columns::{cut, left, right};
use crate::names;
use crate::plain::one_line;
use crate::style::Style;

/// The widths of the columns behind the name.
const COLUMNS: [(&str, usize); 4] = [("met", 5), ("not met", 9), ("open", 6), ("n/a", 5)];

/// How many tests reached which outcome of each criterion, labelled part and condition; then a warning for
/// each answer that no test has reached, with its line.
#[must_use]
pub fn coverage_text(report: &TestReport<'_>, style: Style) -> String {
    let Some(coverage) = report.coverage else {
        return String::new();
    };
    let behind: usize = COLUMNS.iter().map(|(_, width)| width).sum();
    let name_width = style.columns().saturating_sub(behind);
    let mut text = String::new();
    let mut head = left("reached by tests", name_width);
    for (name, width) in COLUMNS {
        head.push_str(&right(name, width));
    }
    text.push_str(&style.bold(&head));
    text.push('\n');
    for place in &coverage.places {
        let name = cut(&name(place), name_width.saturating_sub(1));
        let mut row = left(&name, name_width);
        let counts = [place.met, place.not_met, place.open, place.not_applicable];
        for (count, (_, width)) in counts.into_iter().zip(COLUMNS) {
            let shown = if count == 0 {
                "·".to_owned()
            } else {
                count.to_string()
            };
            row.push_str(&right(&shown, width));
        }
        text.push_str(&row);
        text.push('\n');
    }
    text.push('\n');
    for (index, place) in coverage.places.iter().enumerate() {
        let Some(missing) = place.missing() else {
            continue;
        };
        // What a list does not reach is said at its parts.
        let next = coverage.places.get(index + 1);
        if next.is_some_and(|next| next.depth > place.depth) {
            continue;
        }
        let said = format!(
            "{}: warning: {}: in no test is {} {missing}",
            report.place(place.span),
            names::criterion_id(report.plan, place.criterion),
            called(place)
        );
        hanging(&mut text, "", "  ", &one_line(&said), style);
    }
    let both = coverage
        .places
        .iter()
        .filter(|place| place.missing().is_none())
        .count();
    let all = coverage.places.len();
    text.push_str(&format!(
        "coverage: {both} of {all} places were met and not met ({} %)\n",
        per_cent(both, all)
    ));
    text
}

/// The place in the table: indented by its depth.
fn name(place: &CoveredPlace) -> String {
    let indent = "  ".repeat(place.depth);
    let said = if place.label.is_empty() || place.text.starts_with(&*place.label) {
        place.text.to_string()
    } else {
        format!("{} {}", place.label, place.text)
    };
    format!("{indent}{}", one_line(&said))
}

/// The place in a sentence.
fn called(place: &CoveredPlace) -> String {
    if place.depth == 0 {
        "it".to_owned()
    } else if place.label.is_empty() {
        format!("`{}`", place.text)
    } else {
        place.label.to_string()
    }
}
