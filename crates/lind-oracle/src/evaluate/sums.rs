//! Sums of points, at one time and between two (sections 4 and 5).

use std::collections::BTreeMap;

use lind_model::protocol::{
    ChangeMode, Interval, PointsChange, PointsLine, PointsTest, Shape, ValueAt,
};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use super::change::{Amount, amounts};
use super::numbers::between;
use super::values::{Reading, Recorded};
use super::{Clauses, Gate, Run};
use crate::reals::{closed, within};

/// Every number from the least that lines can come to, to the greatest, and what keeps them open.
struct Sum {
    low: Exact,
    high: Exact,
    kinds: Vec<OpenKind>,
}

impl<'a> Run<'a> {
    pub(super) fn points(
        &self,
        points: &'a PointsTest,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Truth {
        let sum = self.sum(&points.lines, points.scale.as_ref(), clauses, gate);
        // Nothing lies between bounds that crossed.
        let decided = within(&closed(Some(sum.low), Some(sum.high)), &points.interval);
        let computed = match decided {
            Tri::Maybe => Truth::Open(sum.kinds.into_iter().max().unwrap_or(OpenKind::Unknown)),
            decided => Truth::from_tri(decided),
        };
        match &points.recorded {
            Some(recorded) if computed.is_open() => match self.value(recorded, clauses, gate) {
                Truth::Open(_) => computed,
                recorded => recorded,
            },
            _ => computed,
        }
    }

    /// Whether the sum has changed from one time to another.
    pub(super) fn points_change(
        &self,
        change: &'a PointsChange,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Truth {
        let windows = [&change.from.window, &change.to.window].into_iter();
        let samples = clauses.samples.iter().map(|rule| &rule.window);
        if let Some(open) = self.not_anchored(windows.chain(samples)) {
            return open;
        }
        let (from, mut kinds) = self.sum_at(change, &change.from, clauses, gate);
        let (to, more) = self.sum_at(change, &change.to, clauses, gate);
        kinds.extend(more);
        let amount = Amount {
            mode: &if change.relative {
                ChangeMode::Relative
            } else {
                ChangeMode::Points
            },
            direction: change.direction,
            shape: None,
        };
        let decided = match from
            .zip(to)
            .and_then(|(from, to)| amounts(amount, &from, &to))
        {
            Some(amounts) => within(&amounts, &change.by),
            None => Tri::Maybe,
        };
        match decided {
            Tri::Maybe => Truth::Open(kinds.into_iter().max().unwrap_or(OpenKind::Unknown)),
            decided => Truth::from_tri(decided),
        }
    }

    /// The sum as the values of one time decide it; what is recorded as such, if they leave it open and it says
    /// one number.
    fn sum_at(
        &self,
        change: &'a PointsChange,
        at: &'a ValueAt,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> (Option<Interval>, Vec<OpenKind>) {
        let inside = Clauses {
            selector: Some(at.selector),
            window: Some(&at.window),
            samples: clauses.samples.clone(),
        };
        let Sum { low, high, kinds } =
            self.sum(&change.lines, change.scale.as_ref(), &inside, gate);
        if low == high {
            return (Some(closed(Some(low), Some(high))), kinds);
        }
        let measure = change
            .recorded
            .and_then(|id| self.protocol.measures.get(id.index()));
        let total = measure.and_then(|measure| {
            let reading = Reading {
                selector: at.selector,
                window: Some(&at.window),
                provenance: &[],
                time_of_day: None,
                evidence: None,
                samples: &clauses.samples,
                gate,
            };
            let candidates = self.candidates(&Recorded::of(measure), reading);
            let unit = match &measure.shape {
                Shape::Quantity(shape) => Some(&shape.unit),
                _ => None,
            };
            between(&measure.shape, unit, at.selector, &candidates)
        });
        match total {
            Some(Interval {
                low: Some((least, _)),
                high: Some((most, _)),
            }) if least == most => (Some(closed(Some(least), Some(most))), Vec::new()),
            _ if low > high => (None, kinds),
            _ => (Some(closed(Some(low), Some(high))), kinds),
        }
    }

    /// Every sum that the lines can come to, domain by domain.
    fn sum(
        &self,
        lines: &[PointsLine],
        scale: Option<&(Exact, Exact)>,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Sum {
        let mut kinds: Vec<OpenKind> = Vec::new();
        let mut domains: BTreeMap<u32, Vec<Exact>> = BTreeMap::new();
        let mut sums = vec![Exact::zero()];
        let together = |ones: &[Exact], others: &[Exact], join: fn(&Exact, &Exact) -> Exact| {
            let mut found: Vec<Exact> = Vec::new();
            for one in ones {
                for other in others {
                    let joined = join(one, other);
                    if !found.contains(&joined) {
                        found.push(joined);
                    }
                }
            }
            found
        };
        for line in lines {
            let Some(term) = self.protocol.definitions.get(line.condition.index()) else {
                continue;
            };
            let worth = match self.condition(&term.condition, clauses, gate, None) {
                Truth::True => vec![line.points.clone()],
                Truth::False | Truth::NotApplicable => vec![Exact::zero()],
                Truth::Open(kind) => {
                    kinds.push(kind);
                    vec![Exact::zero(), line.points.clone()]
                }
            };
            match line.domain {
                Some(domain) => {
                    let known = domains.entry(domain).or_insert_with(|| vec![Exact::zero()]);
                    *known = together(known, &worth, |one, other| one.clone().max(other.clone()));
                }
                None => sums = together(&sums, &worth, Exact::add),
            }
        }
        for worth in domains.values() {
            sums = together(&sums, worth, Exact::add);
        }
        let mut low = sums.iter().min().cloned().unwrap_or_default();
        let mut high = sums.iter().max().cloned().unwrap_or_default();
        if let Some((least, most)) = scale {
            low = low.max(least.clone());
            high = high.min(most.clone());
        }
        Sum { low, high, kinds }
    }
}
