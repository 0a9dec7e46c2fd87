//! What an endpoint is of one participant.

use std::sync::Arc;

use lind_eval::{Beyond, Scratch};
use lind_model::protocol::{ConditionKind, Selector, Test, Window};
use lind_model::results::{Computed, Participant, StateCourse};
use lind_model::trial::{BelowLimit, Series, Variable, VisitTime};
use lind_model::{Truth, VisitId};
use lind_records::Dataset;
use lind_time::{Day, Offset, StudyDays, Tri, When};
use lind_units::Exact;

use crate::series::Placed;
use crate::tests_of_values::OwnTest;
use crate::{Asking, waiting};

/// Why a value is not computed.
type Why = Arc<str>;

impl Asking<'_> {
    pub(crate) fn variable(
        &self,
        variable: &Variable,
        participant: &Participant,
        states: &[&StateCourse],
        dataset: &Dataset,
        scratch: &mut Scratch,
    ) -> Computed {
        let computed = match variable {
            Variable::Whether(asked) => return self.whether(*asked, scratch),
            Variable::Reached(state, window) => {
                return self.reached(*state, window.as_ref(), participant, states);
            }
            Variable::Value {
                series,
                selector,
                window,
            } => self
                .picked(*series, *selector, window)
                .map(|picked| picked.map_or(Computed::Never, |(_, value)| Computed::Number(value))),
            Variable::DayOf {
                series,
                selector,
                window,
            } => self
                .picked(*series, *selector, window)
                .and_then(|picked| match picked {
                    Some((day, _)) => self.study_day(day).map(Computed::Number),
                    None => Ok(Computed::Never),
                }),
            Variable::DayWith {
                series,
                test,
                last,
                window,
            } => self.day_with(*series, test, *last, window),
            Variable::VisitWith {
                series,
                test,
                window,
            } => self.visit_with(*series, test, window, participant),
            Variable::DaysWith {
                series,
                test,
                window,
            } => self.days_with(*series, test, window),
            Variable::Area { series, window } => self.area(*series, window),
            Variable::AtVisits(series) => self.at_visits(*series, participant, false, scratch),
            Variable::ChangeAtVisits(series) => self.at_visits(*series, participant, true, scratch),
            Variable::WorstGrade(grading, window) => self.worst_grade(*grading, window, scratch),
            Variable::AdverseEvents(window) => return self.events(window, dataset),
            Variable::TimeTo(state) => self.time_to(*state, participant, states),
            Variable::TimeIn(state) => self.time_in(*state, participant, states),
        };
        computed.unwrap_or_else(Computed::Open)
    }

    /// The value that a selector gives, and its day: of equal ones the earliest.
    fn picked(
        &self,
        series: Series,
        selector: Selector,
        window: &Window,
    ) -> Result<Option<(Day, Exact)>, Why> {
        let placed = self.in_window(series, window)?;
        // The first value stays the first; any other may still be followed by one.
        if selector != Selector::First || placed.is_empty() {
            self.must_have_ended(window)?;
        }
        let in_order: Vec<&Placed> = match selector {
            Selector::First => placed.iter().collect(),
            Selector::Highest | Selector::Lowest => {
                return extreme(&placed, selector == Selector::Highest);
            }
            _ => placed.iter().rev().collect(),
        };
        match in_order.first() {
            None => Ok(None),
            Some(one) => exact(one).map(|value| Some((one.day, value))),
        }
    }

    /// A day as the protocol counts study days.
    fn study_day(&self, day: Day) -> Result<Exact, Why> {
        let trial = self.trial();
        let (anchor, count) = match trial.study_days {
            Some(counted) => (counted.anchor, counted.count),
            None => {
                return Err(Arc::from(
                    "the protocol does not say how study days are counted",
                ));
            }
        };
        let anchor = lind_eval::milestone_time(self.program, self.context, self.chart, anchor)
            .map_err(|kind| Arc::from(waiting(kind)))?;
        if anchor.first_day() != anchor.last_day() {
            return Err(Arc::from(
                "the day from which study days are counted is not known",
            ));
        }
        let number = count.number(anchor.first_day(), day);
        debug_assert!(count == StudyDays::FromZero || number != 0);
        Ok(Exact::from_integer(number))
    }

    fn own_test(&self, series: Series, test: &Test) -> Result<OwnTest, Why> {
        let measure = self.measure(series)?;
        Ok(OwnTest::of(&self.program.plan().protocol, measure, test))
    }

    /// The first or the last day on which a value passes a test.
    fn day_with(
        &self,
        series: Series,
        test: &Test,
        last: bool,
        window: &Window,
    ) -> Result<Computed, Why> {
        let own = self.own_test(series, test)?;
        let placed = self.in_window(series, window)?;
        let mut in_order: Vec<&Placed> = placed.iter().collect();
        if last {
            self.must_have_ended(window)?;
            in_order.reverse();
        }
        for one in in_order {
            match own.passes(&one.value) {
                Tri::Yes => return self.study_day(one.day).map(Computed::Number),
                Tri::Maybe => return Err(Arc::from("a value cannot be told from the limit")),
                Tri::No => {}
            }
        }
        self.must_have_ended(window)?;
        Ok(Computed::Never)
    }

    /// The planned time of the first visit whose value passes a test.
    fn visit_with(
        &self,
        series: Series,
        test: &Test,
        window: &Window,
        participant: &Participant,
    ) -> Result<Computed, Why> {
        let own = self.own_test(series, test)?;
        let placed = self.in_window(series, window)?;
        for one in &placed {
            let Some(visit) = participant
                .visits
                .iter()
                .find(|visit| {
                    visit.first.first_day() <= one.day && one.day <= visit.last.last_day()
                })
                .and_then(|visit| visit.visit)
            else {
                continue;
            };
            match own.passes(&one.value) {
                Tri::Yes => {
                    if let Some(planned) = self.planned_days(visit) {
                        return Ok(Computed::Number(planned));
                    }
                }
                Tri::Maybe => return Err(Arc::from("a value cannot be told from the limit")),
                Tri::No => {}
            }
        }
        self.must_have_ended(window)?;
        Ok(Computed::Never)
    }

    /// When a visit is planned, in days from what it is counted from; a month is 30.4375 days. None for a visit that
    /// has no one planned time.
    pub(crate) fn planned_days(&self, visit: VisitId) -> Option<Exact> {
        let visit = self.trial().visits.get(visit.index())?;
        let VisitTime::Planned { offset, .. } = &visit.time else {
            return None;
        };
        Some(match offset {
            Offset::Clock { seconds } => {
                Exact::from_integer(*seconds).checked_div(&Exact::from_integer(86_400))?
            }
            Offset::Days { days } => Exact::from_integer(*days),
            Offset::Calendar { months } => {
                Exact::from_integer(*months).mul(&lind_model::trial::TimeUnit::Months.days())
            }
        })
    }

    /// On how many days a value passes a test: from each value on until the next.
    fn days_with(&self, series: Series, test: &Test, window: &Window) -> Result<Computed, Why> {
        let own = self.own_test(series, test)?;
        let placed = self.in_window(series, window)?;
        self.must_have_ended(window)?;
        if placed.is_empty() {
            return Err(Arc::from("nothing was measured"));
        }
        let mut days: i64 = 0;
        let by_day = by_day(&placed);
        for (index, (day, values)) in by_day.iter().enumerate() {
            let mut passes = Tri::No;
            for one in values {
                passes = passes.or(own.passes(&one.value));
            }
            // The last value counts for its own day alone.
            let until = by_day
                .get(index + 1)
                .map_or(1, |(next, _)| day.days_until(*next));
            match passes {
                Tri::Yes => days = days.saturating_add(until),
                Tri::Maybe => return Err(Arc::from("a value cannot be told from the limit")),
                Tri::No => {}
            }
        }
        Ok(Computed::Number(Exact::from_integer(days)))
    }

    /// The area under the values by linear trapezoids, in units of the measure times days.
    fn area(&self, series: Series, window: &Window) -> Result<Computed, Why> {
        let placed = self.in_window(series, window)?;
        let mut points = Vec::new();
        for (day, values) in by_day(&placed) {
            // Of several values of a day the mean.
            let mut sum = Exact::zero();
            for one in &values {
                sum = sum.add(&self.in_area(one)?);
            }
            let count = Exact::from_integer(i64::try_from(values.len()).unwrap_or(1));
            points.push((day, sum.checked_div(&count).unwrap_or_default()));
        }
        if points.len() < 2 {
            return Err(Arc::from("an area needs values of two days"));
        }
        self.must_have_ended(window)?;
        let half = Exact::from_scientific(5, -1);
        let mut area = Exact::zero();
        for pair in points.windows(2) {
            if let [(first, one), (second, other)] = pair {
                let width = Exact::from_integer(first.days_until(*second));
                area = area.add(&one.add(other).mul(&half).mul(&width));
            }
        }
        Ok(Computed::Number(area))
    }

    /// What a value counts as in an area.
    fn in_area(&self, placed: &Placed) -> Result<Exact, Why> {
        let known = exact(placed);
        let (Err(_), Ok(number), Some(Beyond::Below)) =
            (&known, &placed.value.number, placed.value.beyond)
        else {
            return known;
        };
        let (Some((limit, _)), Some(rule)) = (&number.high, self.trial().statistics.below) else {
            return known;
        };
        Ok(match rule {
            BelowLimit::Zero => Exact::zero(),
            BelowLimit::Limit => limit.clone(),
            BelowLimit::HalfTheLimit => limit.mul(&Exact::from_scientific(5, -1)),
        })
    }

    /// The visits of the schedule that supply a series; none if it cannot be told.
    fn supplying(&self, series: Series) -> Option<Vec<VisitId>> {
        let subject = match series {
            Series::Subject(subject) => subject,
            Series::Points(asked) => {
                let asked = self.program.plan().protocol.asked.get(asked.index())?;
                match &asked.condition.kind {
                    ConditionKind::Points(points) => points.recorded.as_ref()?.subject,
                    _ => return None,
                }
            }
        };
        let visits: Vec<VisitId> = self.trial().supplied(subject).collect();
        (!visits.is_empty()).then_some(visits)
    }

    /// The value at each visit of the schedule that took place and supplies it, or its change from baseline.
    fn at_visits(
        &self,
        series: Series,
        participant: &Participant,
        change: bool,
        scratch: &mut Scratch,
    ) -> Result<Computed, Why> {
        let baseline = if change {
            Some(self.at_baseline(series, participant, scratch)?)
        } else {
            None
        };
        let supplying = self.supplying(series);
        let mut found = Vec::new();
        for visit in &participant.visits {
            let Some(planned) = visit.visit else {
                continue;
            };
            let value = self.at_visit(series, visit.first, visit.last, scratch);
            let is_due = supplying
                .as_ref()
                .is_none_or(|supplying| supplying.contains(&planned));
            if value.is_err() && (!is_due || self.is_unscheduled(visit)) {
                continue;
            }
            let value = value.map(|value| match &baseline {
                Some(baseline) => value.sub(baseline),
                None => value,
            });
            found.push((planned, value));
        }
        Ok(Computed::AtVisits(found))
    }

    /// The latest value of the days of a visit.
    pub(crate) fn at_visit(
        &self,
        series: Series,
        first: When,
        last: When,
        scratch: &mut Scratch,
    ) -> Result<Exact, Why> {
        if let Series::Points(asked) = series {
            return self.sum_at(asked, first, last, scratch);
        }
        let measure = self.measure(series)?;
        let series = self
            .measured(measure, None)
            .map_err(|kind| Arc::<str>::from(waiting(kind)))?;
        let on_days = series.values.iter().rev().find(|value| {
            value.when.is_some_and(|when| {
                first.first_day() <= when.first_day() && when.last_day() <= last.last_day()
            })
        });
        match on_days {
            None => Err(Arc::from("not measured")),
            Some(value) => value
                .exact()
                .cloned()
                .ok_or_else(|| Arc::from("the value is no exact number")),
        }
    }
}

/// The highest or the lowest value and its day, of equal ones the earliest. A value that is only known to lie below or
/// above a number leaves it open only if it may lie beyond.
fn extreme(placed: &[Placed], highest: bool) -> Result<Option<(Day, Exact)>, Why> {
    let beyond = |one: &Exact, other: &Exact| if highest { one > other } else { one < other };
    let mut best: Option<(Day, Exact)> = None;
    for one in placed {
        if let Some(value) = one.value.exact()
            && best.as_ref().is_none_or(|(_, known)| beyond(value, known))
        {
            best = Some((one.day, value.clone()));
        }
    }
    for one in placed {
        let Ok(number) = &one.value.number else {
            continue;
        };
        if one.value.exact().is_some() {
            continue;
        }
        let end = if highest { &number.high } else { &number.low };
        let is_short = match (&best, end) {
            (Some((_, best)), Some((end, _))) => !beyond(end, best),
            _ => false,
        };
        if !is_short {
            return Err(imprecise());
        }
    }
    Ok(best)
}

fn imprecise() -> Why {
    Arc::from("a value is only known to lie below or above a number")
}

/// One exact number.
fn exact(placed: &Placed) -> Result<Exact, Why> {
    placed.value.exact().cloned().ok_or_else(imprecise)
}

/// The values of each day, in the order of the days.
fn by_day(placed: &[Placed]) -> Vec<(Day, Vec<&Placed>)> {
    let mut days: Vec<(Day, Vec<&Placed>)> = Vec::new();
    for one in placed {
        match days.last_mut() {
            Some((day, values)) if *day == one.day => values.push(one),
            _ => days.push((one.day, vec![one])),
        }
    }
    days
}

/// Whether a truth is certain.
pub(crate) fn certain(truth: Truth) -> Tri {
    match truth {
        Truth::True => Tri::Yes,
        Truth::False | Truth::NotApplicable => Tri::No,
        Truth::Open(_) => Tri::Maybe,
    }
}
