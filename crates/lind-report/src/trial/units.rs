//! What the numbers of a report are counted in.

use lind_model::Protocol;
use lind_model::protocol::{ConditionKind, Shape, Subject};
use lind_model::trial::{Endpoint, Series, TimeUnit, Variable};

use crate::doc::spoken;

/// What a series is and its unit.
pub(super) fn named(protocol: &Protocol, series: Series) -> (String, String) {
    match series {
        Series::Subject(Subject::Measure(id)) => match protocol.measures.get(id.index()) {
            Some(measure) => {
                let unit = match &measure.shape {
                    Shape::Quantity(shape) => shape.unit.read_aloud(),
                    _ => "points".to_owned(),
                };
                (measure.title.to_string(), unit)
            }
            None => (String::new(), String::new()),
        },
        Series::Subject(Subject::Formula(id)) => match protocol.formulas.get(id.index()) {
            Some(formula) => (formula.title.to_string(), formula.result.unit.read_aloud()),
            None => (String::new(), String::new()),
        },
        Series::Points(asked) => {
            let asked = protocol.asked.get(asked.index());
            let name = match asked.map(|asked| &asked.condition.kind) {
                Some(ConditionKind::Points(points)) => points.name.to_string(),
                _ => String::new(),
            };
            (spoken(&name), "points".to_owned())
        }
    }
}

/// The title of an endpoint, with the unit of its numbers. A study day is a number without one, and so
/// are a grade and a number of days.
pub(super) fn titled(protocol: &Protocol, endpoint: &Endpoint) -> String {
    let of_series = |series: Series| named(protocol, series).1;
    let days = || "days".to_owned();
    let unit = match (endpoint.unit, &endpoint.variable) {
        (Some(TimeUnit::Days), _) => days(),
        (Some(TimeUnit::Weeks), _) => "weeks".to_owned(),
        (Some(TimeUnit::Months), _) => "months".to_owned(),
        (None, Variable::VisitWith { .. } | Variable::TimeTo(_) | Variable::TimeIn(_)) => days(),
        (None, Variable::Area { series, .. }) => format!("{} x days", of_series(*series)),
        (
            None,
            Variable::Value { series, .. }
            | Variable::AtVisits(series)
            | Variable::ChangeAtVisits(series),
        ) => of_series(*series),
        (
            None,
            Variable::Whether(_)
            | Variable::Reached(..)
            | Variable::DaysWith { .. }
            | Variable::DayOf { .. }
            | Variable::DayWith { .. }
            | Variable::WorstGrade(..)
            | Variable::AdverseEvents(_),
        ) => String::new(),
    };
    if unit.is_empty() {
        endpoint.title.to_string()
    } else {
        format!("{}, {unit}", endpoint.title)
    }
}
