//! What tests reach, for people.

use std::collections::BTreeMap;

use lind_diagnostics::Span;
use lind_model::cases::{Coverage, CoveredPlace};
use lind_model::{CriterionId, ReadingId};

use crate::cases::text::hanging;
use crate::cases::{TestReport, per_cent};
use crate::columns::{cut, left, right};
use crate::plain::one_line;
use crate::style::Style;

/// The widths of the columns behind the name.
const COLUMNS: [(&str, usize); 4] = [("met", 5), ("not met", 9), ("open", 6), ("n/a", 5)];
/// The widest that a condition is quoted.
const WIDEST: usize = 48;

/// How many answers there are, and how many of them tests have reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) reached: usize,
    pub(super) possible: usize,
}

impl Reached {
    pub(super) fn of<'c>(places: impl Iterator<Item = &'c CoveredPlace>) -> Self {
        let mut sum = Self::default();
        for (_, reached) in places.flat_map(CoveredPlace::answers) {
            sum.possible += 1;
            sum.reached += usize::from(reached);
        }
        sum
    }

    fn words(self) -> String {
        let per_cent = per_cent(self.reached, self.possible);
        format!(
            "{} of {} answers ({per_cent} %)",
            self.reached, self.possible
        )
    }
}

/// What the protocol puts in place as it chooses its readings.
pub(super) fn own(coverage: &Coverage) -> impl Iterator<Item = &CoveredPlace> {
    coverage
        .places
        .iter()
        .filter(|place| place.under.is_empty())
}

/// What only another choice of readings puts in place.
pub(super) fn other(coverage: &Coverage) -> impl Iterator<Item = &CoveredPlace> {
    coverage
        .places
        .iter()
        .filter(|place| !place.under.is_empty())
}

/// How many tests reached which answer of each criterion, branch and condition; then, as a list of things to
/// do, each answer that no test has reached, with its line.
#[must_use]
pub fn coverage_text(report: &TestReport<'_>, style: Style) -> String {
    let Some(coverage) = report.coverage else {
        return String::new();
    };
    let mut text = String::new();
    table(report, coverage, style, &mut text);
    to_do(report, coverage, style, &mut text);
    readings(report, coverage, style, &mut text);
    text.push('\n');
    let said = format!(
        "coverage: {} are reached",
        Reached::of(own(coverage)).words()
    );
    hanging(&mut text, "", "  ", &said, style);
    let criteria: Vec<&CoveredPlace> = own(coverage).filter(|place| place.depth == 0).collect();
    let whole = criteria
        .iter()
        .filter(|place| place.missing().is_empty())
        .count();
    let said = format!(
        "criteria: {whole} of {} in every answer that they can have",
        criteria.len()
    );
    hanging(&mut text, "", "  ", &said, style);
    let alternatives: Vec<u32> = coverage
        .readings
        .iter()
        .filter(|reading| !reading.is_chosen)
        .map(|reading| reading.tests)
        .collect();
    if !alternatives.is_empty() {
        let asked = alternatives.iter().filter(|tests| **tests > 0).count();
        let said = format!(
            "other readings: {asked} of {} alternatives that are not chosen are asked; \
             of what only they ask, {} are reached",
            alternatives.len(),
            Reached::of(other(coverage)).words()
        );
        hanging(&mut text, "", "  ", &said, style);
    }
    text
}

fn table(report: &TestReport<'_>, coverage: &Coverage, style: Style, text: &mut String) {
    let behind: usize = COLUMNS.iter().map(|(_, width)| width).sum();
    let name_width = style.columns().saturating_sub(behind);
    let mut head = left("reached by tests", name_width);
    for (name, width) in COLUMNS {
        head.push_str(&right(name, width));
    }
    text.push_str(&style.bold(&head));
    text.push('\n');
    let mut last: &[(ReadingId, usize)] = &[];
    for place in &coverage.places {
        // What no test asks under another reading is told once, below.
        if !place.under.is_empty() && !place.is_asked() {
            continue;
        }
        if last != place.under && !place.under.is_empty() {
            let said = format!("  if {}:", under(report, place));
            text.push_str(&cut(&one_line(&said), style.columns()));
            text.push('\n');
        }
        last = &place.under;
        let deeper = usize::from(!place.under.is_empty());
        let name = cut(&name(place, deeper), name_width.saturating_sub(1));
        let mut row = left(&name, name_width);
        let answers = place
            .tests
            .listed()
            .into_iter()
            .zip(place.possible.listed());
        for (((_, tests), (_, possible)), (_, width)) in answers.zip(COLUMNS) {
            let shown = match (tests, possible) {
                (0, true) => "·".to_owned(),
                (0, false) => "–".to_owned(),
                (tests, _) => tests.to_string(),
            };
            row.push_str(&right(&shown, width));
        }
        text.push_str(&row);
        text.push('\n');
    }
}

/// What no test has reached, criterion by criterion.
fn to_do(report: &TestReport<'_>, coverage: &Coverage, style: Style, text: &mut String) {
    let mut by_criterion: BTreeMap<CriterionId, Vec<&CoveredPlace>> = BTreeMap::new();
    for place in &coverage.places {
        // An alternative that no test asks is told once, with its reading.
        if !place.missing().is_empty() && (place.under.is_empty() || place.is_asked()) {
            by_criterion.entry(place.criterion).or_default().push(place);
        }
    }
    if by_criterion.is_empty() {
        return;
    }
    text.push_str("\nto do, reached by no test:\n");
    for (criterion, places) in by_criterion {
        let stated = report.plan.protocol.criteria.get(criterion.index());
        let Some(stated) = stated else { continue };
        let head = format!(
            "{}: {} {}",
            report.place(stated.span),
            stated.id,
            stated.title
        );
        hanging(text, "", "  ", &one_line(&head), style);
        let root = coverage
            .places
            .iter()
            .find(|place| place.criterion == criterion && place.depth == 0);
        if root.is_some_and(|root| !root.is_asked()) {
            hanging(text, "  ", "    ", "no test asks it", style);
            continue;
        }
        // A criterion of one condition lacks what that lacks.
        let is_one = match places.as_slice() {
            [whole, only] => whole.depth == 0 && whole.missing() == only.missing(),
            _ => false,
        };
        for place in places.into_iter().take(if is_one { 1 } else { usize::MAX }) {
            let never = place.missing().join(", ");
            let said = if place.depth == 0 {
                format!("as a whole: {never}")
            } else {
                let when = if place.under.is_empty() {
                    String::new()
                } else {
                    format!(", if {}", under(report, place))
                };
                let line = line(report, place.span, stated.span);
                format!("{line}: {}: {never}{when}", called(place))
            };
            hanging(text, "  ", "    ", &one_line(&said), style);
        }
    }
}

/// The alternatives that no test asks.
fn readings(report: &TestReport<'_>, coverage: &Coverage, style: Style, text: &mut String) {
    let mut never: BTreeMap<ReadingId, Vec<&str>> = BTreeMap::new();
    for found in &coverage.readings {
        let reading = report.plan.protocol.readings.get(found.reading.index());
        let alternative = reading.and_then(|reading| reading.alternatives.get(found.alternative));
        if let (0, false, Some(alternative)) = (found.tests, found.is_chosen, alternative) {
            never
                .entry(found.reading)
                .or_default()
                .push(&alternative.name);
        }
    }
    if never.is_empty() {
        return;
    }
    text.push_str("\nnot chosen, and asked by no test (`under reading …`):\n");
    for (id, names) in never {
        let Some(reading) = report.plan.protocol.readings.get(id.index()) else {
            continue;
        };
        let names = names.join(", ");
        let said = format!("{}: {} {names}", report.place(reading.span), reading.name);
        hanging(text, "  ", "    ", &one_line(&said), style);
    }
}

/// `Q3 is read as absolute_points`
fn under(report: &TestReport<'_>, place: &CoveredPlace) -> String {
    let words: Vec<String> = place
        .under
        .iter()
        .filter_map(|(id, alternative)| {
            let reading = report.plan.protocol.readings.get(id.index())?;
            let alternative = reading.alternatives.get(*alternative)?;
            Some(format!("{} is read as {}", reading.name, alternative.name))
        })
        .collect();
    words.join(" and ")
}

/// The line of a condition; with its file, if that is another than the criterion's.
fn line(report: &TestReport<'_>, span: Span, criterion: Span) -> String {
    if span.file == criterion.file {
        let line = report.files.line_column(span.file, span.start).line;
        format!("line {line}")
    } else {
        report.place(span)
    }
}

/// The place in the table: indented by its depth.
fn name(place: &CoveredPlace, deeper: usize) -> String {
    let indent = "  ".repeat(place.depth + deeper);
    format!("{indent}{}", one_line(&said(place)))
}

/// The branch in words: `if serum_hcg is positive`.
fn said(place: &CoveredPlace) -> String {
    let role = if place.role.is_empty() {
        String::new()
    } else {
        format!("{} ", place.role)
    };
    let label = if place.label.is_empty() || place.text.starts_with(&*place.label) {
        String::new()
    } else {
        format!("{} ", place.label)
    };
    format!("{role}{label}{}", place.text)
}

/// The place in a sentence.
fn called(place: &CoveredPlace) -> String {
    if place.role.is_empty() && !place.label.is_empty() {
        return place.label.to_string();
    }
    format!("`{}`", cut(&one_line(&said(place)), WIDEST))
}
