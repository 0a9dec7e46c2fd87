//! What tests would notice, for people.

use std::collections::BTreeMap;

use lind_model::CriterionId;
use lind_model::cases::{Fate, Mutant};

use crate::cases::text::hanging;
use crate::cases::{TestReport, per_cent};
use crate::columns::cut;
use crate::names;
use crate::plain::one_line;
use crate::style::Style;

/// The widest that a condition is quoted.
const WIDEST: usize = 60;

/// The changes that no test notices, criterion by criterion, each as what the line would say with it; then how
/// many of all are noticed.
#[must_use]
pub fn mutants_text(report: &TestReport<'_>, style: Style) -> String {
    let Some(mutants) = report.mutants else {
        return String::new();
    };
    let mut text = String::new();
    let mut groups: BTreeMap<&[CriterionId], Vec<&Mutant>> = BTreeMap::new();
    for mutant in mutants {
        groups.entry(&mutant.criteria).or_default().push(mutant);
    }
    for (criteria, mutants) in groups {
        if mutants.iter().any(|mutant| mutant.fate == Fate::Survived) {
            group(report, criteria, &mutants, style, &mut text);
        }
    }
    let count = Counts::of(mutants.iter());
    if count.killed < count.all {
        text.push('\n');
    }
    text.push_str(&format!(
        "mutations: {} of {} are noticed ({} %)",
        count.killed,
        count.all,
        per_cent(count.killed, count.all)
    ));
    if count.equivalent > 0 {
        let verb = if count.equivalent == 1 {
            "means"
        } else {
            "mean"
        };
        let equivalent = count.equivalent;
        text.push_str(&format!(
            "; {equivalent} more {verb} the same as the protocol"
        ));
    }
    text.push('\n');
    text
}

struct Counts {
    killed: usize,
    /// Those that a test can notice.
    all: usize,
    equivalent: usize,
}

impl Counts {
    fn of<'m>(mutants: impl Iterator<Item = &'m Mutant>) -> Self {
        let mut counts = Self {
            killed: 0,
            all: 0,
            equivalent: 0,
        };
        for mutant in mutants {
            match mutant.fate {
                Fate::Killed(_) => counts.killed += 1,
                Fate::Survived => {}
                Fate::Equivalent => counts.equivalent += 1,
            }
            counts.all += usize::from(mutant.fate != Fate::Equivalent);
        }
        counts
    }
}

/// What no test notices of the criteria that lean on the same lines.
fn group(
    report: &TestReport<'_>,
    criteria: &[CriterionId],
    mutants: &[&Mutant],
    style: Style,
    text: &mut String,
) {
    let count = Counts::of(mutants.iter().copied());
    let names: Vec<&str> = criteria
        .iter()
        .map(|id| names::criterion_id(report.plan, *id))
        .collect();
    let stated = criteria
        .first()
        .and_then(|id| report.plan.protocol.criteria.get(id.index()));
    let head = match (criteria, stated) {
        ([_], Some(stated)) => {
            let place = report.place(stated.span);
            format!("{place}: {} {}", stated.id, stated.title)
        }
        _ => format!("what {} share", names.join(", ")),
    };
    let head = format!("{head}: {} of {} noticed", count.killed, count.all);
    if !text.is_empty() {
        text.push('\n');
    }
    hanging(text, "", "  ", &one_line(&head), style);
    let file = stated.map(|stated| stated.span.file);
    let mut last = None;
    for mutant in mutants
        .iter()
        .filter(|mutant| mutant.fate == Fate::Survived)
    {
        if last != Some((mutant.span, &mutant.line)) {
            last = Some((mutant.span, &mutant.line));
            let line = report
                .files
                .line_column(mutant.span.file, mutant.span.start);
            let place = if file == Some(mutant.span.file) {
                format!("line {}", line.line)
            } else {
                report.place(mutant.span)
            };
            let quoted = cut(&one_line(&mutant.line), WIDEST);
            let said = format!("{place}: no test notices if `{quoted}` is changed:");
            hanging(text, "  ", "    ", &said, style);
        }
        let said = match &mutant.turned {
            Some(turned) => format!("to `{turned}`"),
            None => mutant.change.clone(),
        };
        hanging(text, "    ", "      ", &one_line(&said), style);
    }
}
