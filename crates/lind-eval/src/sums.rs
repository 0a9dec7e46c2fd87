//! Sums of points, and how they change from one time to another.

use lind_model::logic::Passing;
use lind_model::plan::{PointsChangePlan, PointsPlan};
use lind_model::protocol::{ChangeMode, Interval, ValueAt};
use lind_model::{NodeId, OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use crate::between::difference;
use crate::candidates::{Candidates, Rules};
use crate::facts::waits;
use crate::nodes::Walk;
use crate::numbers::lie_between;
use crate::steps::Source;
use crate::trace::{Note, Trace};

/// A line: its label, its domain, what it is worth.
type Line = (std::sync::Arc<str>, Option<u32>, Exact);

/// Between which numbers a sum lies.
struct Sum {
    low: Exact,
    high: Exact,
    /// The gravest kind of the lines that are open.
    open: Option<OpenKind>,
}

impl<'c, T: Trace<'c>> Walk<'_, 'c, T> {
    /// Whether a sum lies in an interval. A sum that is recorded as such helps where it stays undecided.
    pub(crate) fn points(&mut self, points: &'c PointsPlan) -> Truth {
        let Sum { low, high, open } = self.sum(&points.parts, &points.lines, points.scale.as_ref());
        let interval = &points.interval;
        let below = interval
            .low
            .as_ref()
            .is_some_and(|(end, closed)| high < *end || (high == *end && !closed));
        let above = interval
            .high
            .as_ref()
            .is_some_and(|(end, closed)| low > *end || (low == *end && !closed));
        let truth = if low > high {
            Truth::Open(OpenKind::Unknown)
        } else if interval.contains(&low) && interval.contains(&high) {
            Truth::True
        } else if below || above {
            Truth::False
        } else {
            Truth::Open(open.unwrap_or(OpenKind::Unknown))
        };
        match points.parts.get(points.lines.len()) {
            Some(recorded) if truth.is_open() => match self.node(*recorded, Passing::Neither) {
                Truth::Open(_) => truth,
                recorded => recorded,
            },
            _ => truth,
        }
    }

    /// Between which numbers a sum lies; none if nothing is left of the scale.
    pub(crate) fn bounds_of(&mut self, points: &'c PointsPlan) -> Option<(Exact, Exact)> {
        let Sum { low, high, .. } = self.sum(&points.parts, &points.lines, points.scale.as_ref());
        (low <= high).then_some((low, high))
    }

    /// Whether a sum has changed by as much from one time to another.
    pub(crate) fn points_change(
        &mut self,
        plan: &'c PointsChangePlan,
        samples: &'c [Vec<Source>],
    ) -> Truth {
        let rules = Rules {
            plans: &plan.samples,
            sources: samples,
        };
        if let Some(kind) = self.blocked(&[Some(&plan.from.window), Some(&plan.to.window)], rules) {
            return waits(kind);
        }
        let (first, second) = plan.parts.split_at(plan.lines.len().min(plan.parts.len()));
        let (from, open) = self.sum_at(plan, first, &plan.from, rules);
        let (to, also_open) = self.sum_at(plan, second, &plan.to, rules);
        let mode = if plan.relative {
            ChangeMode::Relative
        } else {
            ChangeMode::Points
        };
        let difference = from
            .zip(to)
            .and_then(|(from, to)| difference(&mode, None, plan.direction, &from, &to));
        let outcome = match difference {
            Some(difference) => {
                let (low, high) = (plan.by.low.as_ref(), plan.by.high.as_ref());
                let outcome = lie_between(&difference, low, high);
                self.trace.note(|| Note::Difference(difference));
                outcome
            }
            None => Tri::Maybe,
        };
        match outcome {
            Tri::Yes => Truth::True,
            Tri::No => Truth::False,
            Tri::Maybe => Truth::Open(open.max(also_open).unwrap_or(OpenKind::Unknown)),
        }
    }

    /// Between which numbers the sum lies at one time; none if nothing is left of the scale.
    fn sum_at(
        &mut self,
        plan: &'c PointsChangePlan,
        parts: &'c [NodeId],
        at: &'c ValueAt,
        rules: Rules<'c>,
    ) -> (Option<Interval>, Option<OpenKind>) {
        self.trace.note(|| Note::Window(Some(&at.window)));
        let Sum { low, high, open } = self.sum(parts, &plan.lines, plan.scale.as_ref());
        if low != high
            && let Some(total) = self.recorded_total(plan, at, rules)
        {
            self.trace.note(|| Note::Value(Some(total.clone())));
            return (Some(total), None);
        }
        let sum = (low <= high).then_some(Interval {
            low: Some((low, true)),
            high: Some((high, true)),
        });
        (sum, open)
    }

    /// The total that is recorded under the name of the points, if there is certainly one and it is one number.
    fn recorded_total(
        &mut self,
        plan: &'c PointsChangePlan,
        at: &'c ValueAt,
        rules: Rules<'c>,
    ) -> Option<Interval> {
        let measure = self.view.program.measure(plan.recorded?)?;
        let window = self.view.prepare(&at.window, None);
        let candidates = Candidates {
            view: self.view,
            concept: measure.concept,
            specimen: measure.specimen,
            window: &window,
            rules,
            provenance: &[],
            time_of_day: None,
            evidence: None,
            repeats_count: false,
        };
        let total = candidates.between(at.selector, &measure.numbers(), self.trace)?;
        let is_one =
            matches!((&total.low, &total.high), (Some((low, _)), Some((high, _))) if low == high);
        is_one.then_some(total)
    }

    /// What lines come to: every open line widens the sum, and of a domain the highest counts.
    fn sum(&mut self, parts: &[NodeId], lines: &[Line], scale: Option<&(Exact, Exact)>) -> Sum {
        let (mut low, mut high) = (Exact::zero(), Exact::zero());
        let mut domain: Option<(u32, Exact, Exact)> = None;
        let mut open: Option<OpenKind> = None;
        for (node, (_, of, worth)) in parts.iter().zip(lines) {
            let none = Exact::zero();
            let (least, most) = match self.node(*node, Passing::Neither) {
                Truth::True => (worth.clone(), worth.clone()),
                Truth::False | Truth::NotApplicable => (none.clone(), none),
                Truth::Open(kind) => {
                    open = open.max(Some(kind));
                    (none.clone().min(worth.clone()), none.max(worth.clone()))
                }
            };
            match (&mut domain, of) {
                (Some((place, lowest, highest)), Some(of)) if place == of => {
                    *lowest = lowest.clone().max(least);
                    *highest = highest.clone().max(most);
                }
                _ => {
                    if let Some((_, lowest, highest)) = domain.take() {
                        low = low.add(&lowest);
                        high = high.add(&highest);
                    }
                    match of {
                        // Where no line of a domain holds, it is worth nothing.
                        Some(of) => {
                            let zero = Exact::zero();
                            domain = Some((*of, least.max(zero.clone()), most.max(zero)));
                        }
                        None => {
                            low = low.add(&least);
                            high = high.add(&most);
                        }
                    }
                }
            }
        }
        if let Some((_, lowest, highest)) = domain {
            low = low.add(&lowest);
            high = high.add(&highest);
        }
        if let Some((lowest, highest)) = scale {
            low = low.max(lowest.clone());
            high = high.min(highest.clone());
        }
        self.trace.note(|| Note::Points {
            low: low.clone(),
            high: high.clone(),
        });
        Sum { low, high, open }
    }
}
