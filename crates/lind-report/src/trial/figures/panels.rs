//! Small multiples: changes of scores, and what is measured at visits.
#![allow(
    clippy::disallowed_types,
    reason = "coordinates of ink: a float places it, and decides nothing"
)]

use lind_figures::{Axis, Frame, Panel, Panels, Point};
use lind_model::Protocol;
use lind_model::results::{Computed, EndpointResult, Results};
use lind_model::trial::{Endpoint, Series, Variable};

use super::{Drawn, Figure, Part, days, drawn, is_same, number, range, scale, whole};
use crate::trial::terms;
use crate::trial::units::named;

/// Which values an endpoint has at visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AtVisits {
    /// The values.
    Value,
    /// Their change from baseline.
    Change,
}

fn at_visits(endpoint: &Endpoint) -> Option<(Series, AtVisits)> {
    match endpoint.variable {
        Variable::AtVisits(series) => Some((series, AtVisits::Value)),
        Variable::ChangeAtVisits(series) => Some((series, AtVisits::Change)),
        _ => None,
    }
}

/// Changes from baseline, and scores at visits: a panel for each endpoint.
pub(super) fn changes(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let endpoints = protocol.trial.endpoints.iter().zip(&results.endpoints);
    let panels = endpoints.filter_map(|(endpoint, result)| {
        let (series, what) = at_visits(endpoint)?;
        let counts = what == AtVisits::Change || super::is_score(protocol, series);
        let drawn = counts.then(|| of_endpoint(protocol, results, result))?;
        let (_, unit) = named(protocol, series);
        (!drawn.is_empty()).then(|| Panel {
            y: Axis::new(endpoint.title.to_string(), terms::raised(&unit)),
            series: drawn,
            range: None,
            thresholds: Vec::new(),
        })
    });
    let title = "Changes from baseline and scores at visits";
    drawn_panels(title, "scores", Part::Visits, panels.collect())
}

/// The values of an endpoint at the visits that took place, on the days on which they did.
fn of_endpoint(protocol: &Protocol, results: &Results, result: &EndpointResult) -> Vec<Drawn> {
    let Some(anchor) = protocol.trial.study_days.map(|count| count.anchor) else {
        return Vec::new();
    };
    let one = |(place, value): &(usize, Computed)| -> Option<Drawn> {
        let Computed::AtVisits(values) = value else {
            return None;
        };
        let participant = results.participants.get(*place)?;
        let zero = (*participant.milestones.get(anchor.index())?)?.first_day();
        let points: Vec<Point> = values
            .iter()
            .filter_map(|(visit, value)| {
                let mut visits = participant.visits.iter();
                let at = visits.find(|actual| actual.visit == Some(*visit))?;
                let day = whole(zero.days_until(at.first.first_day()));
                Some(Point::new(day, number(value.as_ref().ok()?)))
            })
            .collect();
        (!points.is_empty()).then(|| Drawn {
            label: participant.id.to_string(),
            points,
        })
    };
    result.values.iter().filter_map(one).collect()
}

/// Everything else that is measured at visits, with what is normal in grey.
pub(super) fn panels(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let panels = protocol.trial.endpoints.iter().filter_map(|endpoint| {
        let (series, what) = at_visits(endpoint)?;
        if what == AtVisits::Change || super::is_score(protocol, series) {
            return None;
        }
        let mut curves = results.curves.iter();
        let curve = curves.find(|curve| is_same(protocol, curve.series, series))?;
        let drawn = drawn(results, curve);
        let (_, unit) = named(protocol, series);
        (!drawn.is_empty()).then(|| Panel {
            y: Axis {
                scale: scale(&drawn),
                ..Axis::new(endpoint.title.to_string(), terms::raised(&unit))
            },
            series: drawn,
            range: range(curve),
            thresholds: Vec::new(),
        })
    });
    let title = "Values in the course of the trial";
    drawn_panels(title, "panels", Part::Visits, panels.collect())
}

fn drawn_panels(title: &str, id: &str, section: Part, panels: Vec<Panel>) -> Option<Figure> {
    if panels.is_empty() {
        return None;
    }
    let figure = Panels {
        title: title.to_owned(),
        x: days(),
        panels,
        turns: Vec::new(),
    };
    Some(Figure {
        section,
        id: format!("figure-{id}"),
        caption: format!("{title}, each participant"),
        svg: lind_figures::panels(&figure, &Frame::inline(id)),
    })
}
