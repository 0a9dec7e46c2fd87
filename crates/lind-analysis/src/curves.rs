//! The values that endpoints are computed from, day by day, as figures draw them.

use lind_eval::{Scratch, milestone_time};
use lind_model::protocol::Subject;
use lind_model::results::{ActualVisit, Curve, CurvePoint, Participant};
use lind_model::trial::Series;
use lind_time::Day;

use crate::Asking;

/// One curve for each series of the endpoints, in their order.
pub(crate) fn curves(
    asking: &[Asking<'_>],
    participants: &[Participant],
    scratch: &mut Scratch,
) -> Vec<Curve> {
    let Some(first) = asking.first() else {
        return Vec::new();
    };
    let mut curves: Vec<Curve> = Vec::new();
    for endpoint in &first.trial().endpoints {
        let Some(series) = endpoint.variable.series() else {
            continue;
        };
        if curves
            .iter()
            .any(|curve| first.is_same(curve.series, series))
        {
            continue;
        }
        let of = asking
            .iter()
            .zip(participants)
            .enumerate()
            .filter_map(|(place, (one, participant))| {
                let points = one.points_of(series, participant, scratch)?;
                (!points.is_empty()).then_some((place, points))
            })
            .collect();
        curves.push(Curve { series, of });
    }
    curves
}

impl Asking<'_> {
    /// Whether two series are of the same thing: a sum of points is asked anew by each endpoint.
    fn is_same(&self, one: Series, other: Series) -> bool {
        let name = |series: Series| match series {
            Series::Points(asked) => {
                let asked = self.program.plan().protocol.asked.get(asked.index());
                match asked.map(|asked| &asked.condition.kind) {
                    Some(lind_model::protocol::ConditionKind::Points(points)) => {
                        Some((points.name.clone(), points.lines.len()))
                    }
                    _ => None,
                }
            }
            Series::Subject(_) => None,
        };
        one == other || (name(one).is_some() && name(one) == name(other))
    }

    /// The day from which study days are counted; none if it is not known.
    fn day_zero(&self) -> Option<Day> {
        let anchor = self.trial().study_days?.anchor;
        let time = milestone_time(self.program, self.context, self.chart, anchor).ok()?;
        (time.first_day() == time.last_day()).then(|| time.first_day())
    }

    fn points_of(
        &self,
        series: Series,
        participant: &Participant,
        scratch: &mut Scratch,
    ) -> Option<Vec<CurvePoint>> {
        let zero = self.day_zero()?;
        let at_visits = |asking: &Self, scratch: &mut Scratch| {
            let mut points = Vec::new();
            for visit in &participant.visits {
                if let Ok(value) = asking.at_visit(series, visit.first, visit.last, scratch) {
                    points.push(CurvePoint {
                        days: zero.days_until(visit.first.first_day()),
                        visit: visit.visit,
                        low: Some(value.clone()),
                        high: Some(value),
                        limits: (None, None),
                    });
                }
            }
            points
        };
        let Series::Subject(Subject::Measure(measure)) = series else {
            return Some(at_visits(self, scratch));
        };
        let series = self.measured(measure, None).ok()?;
        let points = series.values.into_iter().filter_map(|value| {
            let when = value.when?;
            let number = value.number.ok()?;
            (when.first_day() == when.last_day()).then(|| CurvePoint {
                days: zero.days_until(when.first_day()),
                visit: visit_of(&participant.visits, when.first_day()),
                low: number.low.map(|(low, _)| low),
                high: number.high.map(|(high, _)| high),
                limits: (value.lower_limit, value.upper_limit),
            })
        });
        Some(points.collect())
    }
}

/// The visit of the schedule on whose days a day lies.
fn visit_of(visits: &[ActualVisit], day: Day) -> Option<lind_model::VisitId> {
    visits
        .iter()
        .find(|visit| visit.first.first_day() <= day && day <= visit.last.last_day())
        .and_then(|visit| visit.visit)
}
