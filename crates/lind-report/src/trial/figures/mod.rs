//! The figures of a report: what the results say, as `lind-figures` takes it.
#![allow(
    clippy::disallowed_types,
    reason = "coordinates of ink: a float places it, and decides nothing"
)]

mod bars;
mod flow;
mod panels;
mod swimmer;

use lind_figures::{
    Axis, Curves, Frame, Point, Range, Scale, Series as Drawn, Threshold, coordinate,
};
use lind_model::Protocol;
use lind_model::protocol::{ConditionKind, Interval, Shape, Subject, Test};
use lind_model::results::{Curve, CurvePoint, Results};
use lind_model::trial::{Series, Variable};
use lind_units::Exact;

use super::terms;
use super::units::named;

/// Digits behind the point of a coordinate, far below what ink can show.
const DIGITS: usize = 9;
/// From so many times the least value on, an axis grows by ratios.
const LOGARITHMIC_FROM: f64 = 100.0;

/// The sections of a report that figures belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Who took part.
    Participants,
    /// What endpoints came to.
    Endpoints,
    /// Values at visits.
    Visits,
    /// Adverse events and grades.
    Safety,
}

/// A figure and what it is.
pub(super) struct Figure {
    /// Where it belongs.
    pub(super) section: Part,
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
    figures.extend(flow::flow(protocol, results));
    figures.extend(kinetics(protocol, results));
    figures.extend(swimmer::swimmer(protocol, results));
    figures.extend(panels::changes(protocol, results));
    figures.extend(panels::panels(protocol, results));
    figures.extend(bars::worst_grades(protocol, results));
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

/// The limits of normal. Where samples have different ones, as for women and men, what is normal by all of them.
fn range(curve: &Curve) -> Option<Range> {
    let points = || curve.of.iter().flat_map(|(_, points)| points);
    let low = points().filter_map(|point| point.limits.0.as_ref()).max();
    let high = points().filter_map(|point| point.limits.1.as_ref()).min();
    if (low.is_none() && high.is_none()) || low.zip(high).is_some_and(|(low, high)| low >= high) {
        return None;
    }
    let mut others = points().map(|point| &point.limits);
    let first = others.next();
    let differ = others.any(|other| Some(other) != first);
    Some(Range {
        low: low.map(number),
        high: high.map(number),
        label: if differ {
            "normal by the limits of all".to_owned()
        } else {
            "normal range".to_owned()
        },
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
    Axis::new("Study day", "")
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
                    ..Axis::new(title.clone(), terms::raised(&unit))
                },
                series,
                range: range(curve),
                thresholds: thresholds(protocol, curve.series),
                ..Curves::default()
            };
            let id = format!("curve-{place}");
            Figure {
                section: Part::Endpoints,
                svg: lind_figures::curves(&figure, &Frame::inline(id.clone())),
                id: format!("figure-{id}"),
                caption: format!("{title}, each participant"),
            }
        })
        .collect()
}

/// Whether two series are of the same thing: a sum of points is asked anew by each endpoint.
fn is_same(protocol: &Protocol, one: Series, other: Series) -> bool {
    let name = |series: Series| match series {
        Series::Points(asked) => {
            let asked = protocol.asked.get(asked.index());
            match asked.map(|asked| &asked.condition.kind) {
                Some(ConditionKind::Points(points)) => Some(points.name.clone()),
                _ => None,
            }
        }
        Series::Subject(_) => None,
    };
    one == other || (name(one).is_some() && name(one) == name(other))
}
