//! Adverse events and findings by worst grade.

use lind_figures::{Bar, Bars, Frame};
use lind_model::Protocol;
use lind_model::results::{CountRow, Results, Summed};
use lind_model::trial::Variable;

use super::{Figure, Part, count};
use crate::trial::terms;

/// A figure for each endpoint that counts adverse events, and one for all that grade a finding.
pub(super) fn worst_grades(protocol: &Protocol, results: &Results) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut findings: Vec<Bar> = Vec::new();
    let mut most = 0;
    let endpoints = protocol.trial.endpoints.iter().zip(&results.endpoints);
    for (place, (endpoint, result)) in endpoints.enumerate() {
        let all = result.groups.iter().find(|group| group.assigned.is_none());
        let Some((all, Summed::Counts(rows))) = all.map(|all| (all, &all.summed)) else {
            continue;
        };
        if let Variable::WorstGrade(..) = endpoint.variable {
            most = most.max(all.size);
            let of_row = |row: &CountRow| bar(endpoint.title.to_string(), row);
            findings.extend(rows.first().map(of_row));
            continue;
        }
        let bars: Vec<Bar> = rows
            .iter()
            .map(|row| bar(terms::event(protocol, &row.term), row))
            .collect();
        let id = format!("events-{place}");
        figures.extend(drawn(&endpoint.title, &id, bars, all.size));
    }
    figures.extend(drawn("Findings", "findings", findings, most));
    figures
}

fn bar(label: String, row: &CountRow) -> Bar {
    let graded = row.by_grade.iter().copied();
    Bar {
        label,
        counts: graded
            .chain(std::iter::once(row.ungraded))
            .map(count)
            .collect(),
    }
}

fn drawn(title: &str, id: &str, mut bars: Vec<Bar>, of: usize) -> Option<Figure> {
    if bars.is_empty() {
        return None;
    }
    let mut parts: Vec<String> = (1..=5).map(|grade| format!("Grade {grade}")).collect();
    let ungraded = |bar: &Bar| bar.counts.last().is_some_and(|count| *count > 0);
    if bars.iter().any(ungraded) {
        parts.push("Not graded".to_owned());
    } else {
        for bar in &mut bars {
            bar.counts.pop();
        }
    }
    let figure = Bars {
        title: title.to_owned(),
        counted: "Participants".to_owned(),
        parts,
        bars,
        of: Some(count(of)),
    };
    Some(Figure {
        section: Part::Safety,
        svg: lind_figures::bars(&figure, &Frame::inline(id)),
        id: format!("figure-{id}"),
        caption: format!("{title}, participants by worst grade"),
    })
}
