//! The figures of a report: what the results say, as `lind-figures` takes it.
#![allow(
    clippy::disallowed_types,
    reason = "coordinates of ink: a float places it, and decides nothing"
)]

use std::sync::Arc;

use lind_figures::{
    Axis, Bar, Bars, Curves, Event, Flow, Frame, Group, Lane, Level, Panel, Panels, Point, Range,
    Reason, Scale, Series as Drawn, Stage, Stretch, Swimmer, Threshold, coordinate,
};
use lind_model::protocol::{Interval, Shape, Subject, Test};
use lind_model::results::{Curve, CurvePoint, Results, Summed};
use lind_model::trial::{Series, Variable};
use lind_model::{Protocol, Truth};
use lind_units::Exact;

use super::tables::level_words;
use super::units::named;

/// Digits behind the point of a coordinate, far below what ink can show.
const DIGITS: usize = 9;
/// From so many times the least value on, an axis grows by ratios.
const LOGARITHMIC_FROM: f64 = 100.0;

/// A figure and what it is.
pub(super) struct Figure {
    /// Its name on the page.
    pub(super) id: String,
    /// What it shows.
    pub(super) caption: String,
    /// The drawing.
    pub(super) svg: String,
}

/// All figures that the results have something for, in the order of the report.
pub(super) fn figures(protocol: &Protocol, results: &Results) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(flow(protocol, results));
    figures.extend(kinetics(protocol, results));
    figures.extend(scores(protocol, results));
    figures.extend(swimmer(protocol, results));
    figures.extend(panels(protocol, results));
    figures.extend(events(protocol, results));
    figures
}

fn number(value: &Exact) -> f64 {
    coordinate(&value.to_decimal_text(DIGITS))
}

fn whole(value: i64) -> f64 {
    coordinate(&value.to_string())
}

fn count(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// The flow of participants: populations of which some are not assigned, then a column a dose level.
fn flow(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let groups = &results.assigned;
    let populations: Vec<_> = protocol
        .trial
        .populations
        .iter()
        .zip(&results.populations)
        .collect();
    if populations.is_empty() {
        return None;
    }
    let assigned = |place: usize| {
        results
            .participants
            .get(place)
            .is_some_and(|it| it.assigned.is_some())
    };
    // Up to the first population that consists of assigned participants, all go one way.
    let joint = populations
        .iter()
        .position(|(_, members)| {
            members.count() > 0
                && (0..members.of.len()).all(|place| !members.has(place) || assigned(place))
        })
        .map_or(populations.len(), |place| place + 1);
    let mut before: Option<usize> = None;
    let mut stages = Vec::new();
    for (population, members) in populations.iter().take(joint) {
        let here = members.count();
        let left = before
            .and_then(|before| before.checked_sub(here))
            .filter(|left| *left > 0);
        stages.push(Stage {
            label: population.title.to_string(),
            count: count(here),
            left: left
                .map(|left| Reason {
                    label: format!("not {}", population.title.to_lowercase()),
                    count: count(left),
                })
                .into_iter()
                .collect(),
        });
        before = Some(here);
    }
    let levels = groups
        .iter()
        .map(|group| {
            let of_group: Vec<usize> = results
                .participants
                .iter()
                .enumerate()
                .filter(|(_, it)| it.assigned.as_ref() == Some(group))
                .map(|(place, _)| place)
                .collect();
            let assigned = Stage {
                label: "Assigned".to_owned(),
                count: count(of_group.len()),
                left: Vec::new(),
            };
            let further = populations.iter().skip(joint).map(|(population, members)| {
                let here = of_group.iter().filter(|place| members.has(**place)).count();
                Stage {
                    label: population.title.to_string(),
                    count: count(here),
                    left: Vec::new(),
                }
            });
            Level {
                label: level_words(protocol, group),
                stages: std::iter::once(assigned).chain(further).collect(),
            }
        })
        .collect();
    let figure = Flow {
        title: "Flow of participants".to_owned(),
        stages,
        levels,
    };
    Some(Figure {
        id: "figure-flow".to_owned(),
        caption: "Flow of participants".to_owned(),
        svg: lind_figures::flow(&figure, &Frame::inline("flow")),
    })
}

fn drawn(results: &Results, curve: &Curve) -> Vec<Drawn> {
    curve
        .of
        .iter()
        .map(|(place, points)| Drawn {
            label: results
                .participants
                .get(*place)
                .map_or_else(String::new, |it| it.id.to_string()),
            points: points.iter().map(point).collect(),
        })
        .collect()
}

fn point(point: &CurvePoint) -> Point {
    let x = whole(point.days);
    match (&point.low, &point.high) {
        (Some(low), Some(high)) if low == high => Point::new(x, number(high)),
        (_, Some(high)) => Point::below(x, number(high)),
        _ => Point::missing(x),
    }
}

/// The limits of normal, where all samples have the same.
fn range(curve: &Curve) -> Option<Range> {
    let mut limits = curve
        .of
        .iter()
        .flat_map(|(_, points)| points.iter().map(|point| &point.limits));
    let first = limits.next()?;
    if limits.any(|other| other != first) || (first.0.is_none() && first.1.is_none()) {
        return None;
    }
    Some(Range {
        low: first.0.as_ref().map(number),
        high: first.1.as_ref().map(number),
        label: "normal range".to_owned(),
    })
}

/// The limits that endpoints test a series against.
fn thresholds(protocol: &Protocol, series: Series) -> Vec<Threshold> {
    let mut found: Vec<Threshold> = Vec::new();
    for endpoint in &protocol.trial.endpoints {
        let test = match &endpoint.variable {
            Variable::DayWith {
                series: of, test, ..
            }
            | Variable::VisitWith {
                series: of, test, ..
            }
            | Variable::DaysWith {
                series: of, test, ..
            } if *of == series => test,
            _ => continue,
        };
        let Some(value) = limit(protocol, series, test) else {
            continue;
        };
        if found.iter().all(|known| known.value != value) {
            found.push(Threshold {
                value,
                label: endpoint.title.to_string(),
            });
        }
    }
    found
}

/// The one limit of a test, in the unit of the series.
fn limit(protocol: &Protocol, series: Series, test: &Test) -> Option<f64> {
    let one = |interval: &Interval| match (&interval.low, &interval.high) {
        (Some((limit, _)), None) | (None, Some((limit, _))) => Some(limit.clone()),
        _ => None,
    };
    match test {
        Test::Score(interval) => one(interval).as_ref().map(number),
        Test::Quantity(interval, unit) => {
            let Series::Subject(Subject::Measure(id)) = series else {
                return None;
            };
            let Shape::Quantity(shape) = &protocol.measures.get(id.index())?.shape else {
                return None;
            };
            let conversion = unit.conversion(&shape.unit, Some(&shape.analyte)).ok()?;
            one(interval).map(|limit| number(&conversion.apply(&limit)))
        }
        _ => None,
    }
}

/// Whether a series grows by ratios: positive, and the greatest value many times the least.
fn scale(series: &[Drawn]) -> Scale {
    let values = series.iter().flat_map(|one| &one.points);
    let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
    for point in values {
        if let lind_figures::Reading::Measured(value) = point.reading {
            least = least.min(value);
            greatest = greatest.max(value);
        }
    }
    if least > 0.0 && greatest >= least * LOGARITHMIC_FROM {
        Scale::Logarithmic
    } else {
        Scale::default()
    }
}

fn days() -> Axis {
    Axis::new("Study day", "days")
}

/// What an endpoint asks of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A peak, its day, an area, a day on which something passes: its course is what counts.
    Course,
    /// Its values at visits.
    Visits,
}

fn used(protocol: &Protocol, series: Series) -> Use {
    let course = protocol.trial.endpoints.iter().any(|endpoint| {
        endpoint.variable.series() == Some(series)
            && !matches!(
                endpoint.variable,
                Variable::AtVisits(_) | Variable::ChangeAtVisits(_)
            )
    });
    if course { Use::Course } else { Use::Visits }
}

fn is_score(protocol: &Protocol, series: Series) -> bool {
    match series {
        Series::Points(_) => true,
        Series::Subject(Subject::Measure(id)) => protocol
            .measures
            .get(id.index())
            .is_some_and(|measure| matches!(measure.shape, Shape::Score { .. })),
        Series::Subject(Subject::Formula(_)) => false,
    }
}

/// One figure for each series whose course counts.
fn kinetics(protocol: &Protocol, results: &Results) -> Vec<Figure> {
    let of_course = results.curves.iter().enumerate().filter(|(_, curve)| {
        used(protocol, curve.series) == Use::Course && !is_score(protocol, curve.series)
    });
    of_course
        .filter(|(_, curve)| !curve.of.is_empty())
        .map(|(place, curve)| {
            let (title, unit) = named(protocol, curve.series);
            let series = drawn(results, curve);
            let figure = Curves {
                title: title.clone(),
                x: days(),
                y: Axis {
                    scale: scale(&series),
                    ..Axis::new(title.clone(), unit)
                },
                series,
                range: range(curve),
                thresholds: thresholds(protocol, curve.series),
                ..Curves::default()
            };
            let id = format!("curve-{place}");
            Figure {
                svg: lind_figures::curves(&figure, &Frame::inline(id.clone())),
                id: format!("figure-{id}"),
                caption: format!("{title}, each participant"),
            }
        })
        .collect()
}

fn panel(protocol: &Protocol, results: &Results, curve: &Curve) -> Panel {
    let (title, unit) = named(protocol, curve.series);
    let series = drawn(results, curve);
    Panel {
        y: Axis {
            scale: scale(&series),
            ..Axis::new(title, unit)
        },
        series,
        range: range(curve),
        thresholds: Vec::new(),
    }
}

/// Scores and sums of points at visits.
fn scores(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let panels: Vec<Panel> = results
        .curves
        .iter()
        .filter(|curve| is_score(protocol, curve.series) && !curve.of.is_empty())
        .map(|curve| panel(protocol, results, curve))
        .collect();
    drawn_panels("Scores", "scores", panels)
}

/// Everything else that is measured at visits, with what is normal in grey.
fn panels(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let panels: Vec<Panel> = results
        .curves
        .iter()
        .filter(|curve| {
            used(protocol, curve.series) == Use::Visits
                && !is_score(protocol, curve.series)
                && !curve.of.is_empty()
        })
        .map(|curve| panel(protocol, results, curve))
        .collect();
    drawn_panels("Values at visits", "panels", panels)
}

fn drawn_panels(title: &str, id: &str, panels: Vec<Panel>) -> Option<Figure> {
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
        id: format!("figure-{id}"),
        caption: format!("{title}, each participant"),
        svg: lind_figures::panels(&figure, &Frame::inline(id)),
    })
}

/// States: when each began, and how long it lasted.
fn swimmer(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let trial = &protocol.trial;
    if trial.states.is_empty() {
        return None;
    }
    let anchor = trial.study_days?.anchor;
    let lane = |place: usize| -> Option<Lane> {
        let participant = results.participants.get(place)?;
        let zero = (*participant.milestones.get(anchor.index())?)?.first_day();
        let day = |visit: &lind_model::results::ActualVisit| {
            whole(zero.days_until(visit.first.first_day()))
        };
        let after = participant
            .visits
            .iter()
            .filter(|visit| zero <= visit.first.first_day());
        let until = after.map(day).fold(0.0, f64::max);
        let mut stretches = Vec::new();
        let mut events = Vec::new();
        for (state, courses) in trial.states.iter().zip(&results.states) {
            let course = courses.get(place)?;
            let mut open: Option<f64> = None;
            let mut is_first = true;
            for (visit, truth) in participant.visits.iter().zip(&course.at) {
                match (truth, open) {
                    (Truth::True, None) => {
                        open = Some(day(visit));
                        if is_first {
                            events.push(Event {
                                kind: format!("first {}", state.title),
                                at: day(visit),
                            });
                            is_first = false;
                        }
                    }
                    (Truth::False, Some(from)) => {
                        stretches.push(Stretch {
                            state: state.title.to_string(),
                            from,
                            until: day(visit),
                            lasts: false,
                        });
                        open = None;
                    }
                    _ => {}
                }
            }
            if let Some(from) = open {
                stretches.push(Stretch {
                    state: state.title.to_string(),
                    from,
                    until,
                    lasts: true,
                });
            }
        }
        Some(Lane {
            label: participant.id.to_string(),
            from: 0.0,
            until,
            followed: true,
            stretches,
            events,
        })
    };
    let mut drawn: Vec<Group> = Vec::new();
    let of_group = |group: Option<&Arc<str>>| -> Vec<Lane> {
        results
            .participants
            .iter()
            .enumerate()
            .filter(|(_, it)| it.assigned.as_ref() == group)
            .filter_map(|(place, _)| lane(place))
            .collect()
    };
    for group in &results.assigned {
        drawn.push(Group {
            label: level_words(protocol, group),
            lanes: of_group(Some(group)),
        });
    }
    drawn.push(Group {
        label: "not assigned".to_owned(),
        lanes: of_group(None),
    });
    drawn.retain(|group| !group.lanes.is_empty());
    if drawn.is_empty() {
        return None;
    }
    let titles: Vec<String> = trial.states.iter().map(|it| it.title.to_string()).collect();
    let figure = Swimmer {
        title: "States, when they began and how long they lasted".to_owned(),
        x: days(),
        groups: drawn,
        kinds: titles
            .iter()
            .map(|title| format!("first {title}"))
            .collect(),
        states: titles,
    };
    Some(Figure {
        id: "figure-states".to_owned(),
        caption: "States: when each began, and how long it lasted".to_owned(),
        svg: lind_figures::swimmer(&figure, &Frame::inline("states")),
    })
}

/// Adverse events by worst grade.
fn events(protocol: &Protocol, results: &Results) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (place, (endpoint, result)) in protocol
        .trial
        .endpoints
        .iter()
        .zip(&results.endpoints)
        .enumerate()
    {
        let all = result.groups.iter().find(|group| group.assigned.is_none());
        let Some((all, Summed::Counts(rows))) = all.map(|all| (all, &all.summed)) else {
            continue;
        };
        if rows.is_empty() {
            continue;
        }
        let figure = Bars {
            title: endpoint.title.to_string(),
            counted: "Participants".to_owned(),
            parts: (1..=5)
                .map(|grade| format!("Grade {grade}"))
                .chain(std::iter::once("Not graded".to_owned()))
                .collect(),
            bars: rows
                .iter()
                .map(|row| Bar {
                    label: super::terms::event(protocol, &row.term),
                    counts: row
                        .by_grade
                        .iter()
                        .copied()
                        .chain(std::iter::once(row.ungraded))
                        .map(count)
                        .collect(),
                })
                .collect(),
            of: Some(count(all.size)),
        };
        let id = format!("events-{place}");
        figures.push(Figure {
            svg: lind_figures::bars(&figure, &Frame::inline(id.clone())),
            id: format!("figure-{id}"),
            caption: format!("{}, participants by worst grade", endpoint.title),
        });
    }
    figures
}
