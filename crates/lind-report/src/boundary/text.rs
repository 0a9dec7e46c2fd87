//! The lists for people.

use std::sync::Arc;

use lind_model::boundary::{AbsentCase, BoundaryCase, BoundaryCases, CaseSort, NoPatient};

use super::{Boundaries, why_absent};
use crate::columns::{left, wrap};
use crate::plain::one_line;
use crate::style::Style;

/// Who was made for each criterion at each gate, what is to be expected of them, and of whom there is nobody.
#[must_use]
pub fn boundary_text(cases: &Boundaries<'_>, style: Style) -> String {
    let mut text = String::new();
    let mut heads: Vec<(Arc<str>, Option<Arc<str>>)> = Vec::new();
    let made = cases.made.cases.iter();
    let of_made = made.map(|own| (&own.gate, &own.criterion));
    let absent = cases.made.absent.iter();
    let of_absent = absent.map(|own| (&own.gate, &own.criterion));
    for (gate, criterion) in of_made.chain(of_absent) {
        let head = (Arc::clone(gate), criterion.clone());
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    let place = |(gate, criterion): &(Arc<str>, Option<Arc<str>>)| {
        let gates = cases.protocol.milestones.iter();
        let criteria = cases.protocol.criteria.iter();
        (
            gates.into_iter().position(|own| own.name == *gate),
            criteria
                .into_iter()
                .position(|own| Some(&own.id) == criterion.as_ref()),
        )
    };
    heads.sort_by_key(place);
    for (gate, criterion) in heads {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&head(cases, &gate, criterion.as_ref(), style));
        let own = cases.made.cases.iter();
        for case in own.filter(|own| own.gate == gate && own.criterion == criterion) {
            text.push_str(&of_case(case, style));
        }
        let own = cases.made.absent.iter();
        for absent in own.filter(|own| own.gate == gate && own.criterion == criterion) {
            text.push_str(&of_absent_case(absent, style));
        }
    }
    text
}

fn head(cases: &Boundaries<'_>, gate: &str, criterion: Option<&Arc<str>>, style: Style) -> String {
    let head = match criterion {
        None => format!("{gate}: somebody typical"),
        Some(id) => {
            let mut criteria = cases.protocol.criteria.iter();
            let own = criteria.find(|own| own.id == *id);
            let title = own.map_or("", |own| &*own.title);
            format!("{id} at {gate}: {}", one_line(title))
        }
    };
    let lines = wrap(&head, style.columns());
    lines
        .iter()
        .map(|line| format!("{}\n", style.bold(line)))
        .collect()
}

fn of_case(case: &BoundaryCase, style: Style) -> String {
    let name = left(&case.name, 18);
    let mut text = format!(
        "  {name} {}",
        style.standing(case.standing, case.standing.word())
    );
    if let Some((outcome, _, _)) = &case.expected {
        text.push_str(&format!(" ({})", outcome.word().replace('_', " ")));
    }
    if let Some(beside) = &case.beside {
        text.push_str(&format!(", beside {beside}"));
    }
    text.push('\n');
    text.push_str(&indented(&case.condition, &case.special, style));
    text
}

fn of_absent_case(absent: &AbsentCase, style: Style) -> String {
    let whole = format!("none {}", absent.sort.word());
    let mut text = format!("  {}\n", style.faint(&whole));
    text.push_str(&indented(&absent.condition, &why_absent(absent), style));
    text
}

/// A condition and what is said of it, each in its own lines.
fn indented(condition: &str, said: &str, style: Style) -> String {
    let mut text = String::new();
    for part in [condition, said] {
        if part.is_empty() {
            continue;
        }
        for line in wrap(&one_line(part), style.columns().saturating_sub(4)) {
            let line = if part == condition {
                style.faint(&line)
            } else {
                line
            };
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// How many patients there are of each sort, and of whom there is nobody, in a few lines.
#[must_use]
pub fn boundary_summary(made: &BoundaryCases) -> String {
    let count = |sort: CaseSort| made.cases.iter().filter(|own| own.sort == sort).count();
    let patients = if made.cases.len() == 1 {
        "patient"
    } else {
        "patients"
    };
    let sorts: Vec<String> = [CaseSort::Typical]
        .into_iter()
        .chain(CaseSort::OF_CRITERIA)
        .map(|sort| format!("{} {}", count(sort), sort.word()))
        .collect();
    let mut text = format!("{} {patients}: {}\n", made.cases.len(), sorts.join(", "));
    let absent = |wanted: fn(&NoPatient) -> bool| {
        let own = made.absent.iter();
        own.filter(|own| wanted(&own.why)).count()
    };
    let impossible = absent(|why| matches!(why, NoPatient::Impossible { .. }));
    let not_found = absent(|why| matches!(why, NoPatient::NotFound));
    let needless = absent(|why| matches!(why, NoPatient::Needless(_)));
    if impossible + not_found > 0 {
        text.push_str(&format!(
            "nobody: {impossible} proved impossible, {not_found} not found\n"
        ));
    }
    if needless > 0 {
        text.push_str(&format!("nothing to make: {needless}\n"));
    }
    text
}
