//! Random spells, and limits that are multiples of another value.

use lind_model::MeasureId;
use lind_model::protocol::{
    Anchor, Comparison, ConditionKind, Interval, Shape, Spell, SpellCount, Subject, Test, Window,
};
use lind_time::{Edge, Offset};
use lind_units::Exact;

use super::protocols::Maker;

impl Maker {
    /// Days on which a value passes a test.
    pub(super) fn spell(&mut self) -> ConditionKind {
        let measure =
            self.measure(|shape| matches!(shape, Shape::Quantity(_) | Shape::Score { .. }));
        let Some(measure) = measure else {
            return ConditionKind::Nothing;
        };
        let test = self.test_of_days(measure);
        let counted = match self.random.below(10) {
            0..=4 => SpellCount::Longest {
                recovery: self.random.any(1, &[1, 2, 3]),
            },
            5..=7 => SpellCount::Total,
            _ => SpellCount::WithValue,
        };
        let days = if counted == SpellCount::WithValue {
            Interval::comparison(Comparison::AtMost, Exact::zero())
        } else {
            self.interval(&["1", "2", "3", "4", "6", "7"])
        };
        let evidence = counted == SpellCount::WithValue && self.random.percent(30);
        ConditionKind::Spell(Box::new(Spell {
            measure,
            provenance: Vec::new(),
            window: self.window_of_days(),
            test,
            counted,
            gap: self.random.any(0, &[1, 2, 3, 7]),
            evidence: evidence.then(|| self.random.any(2, &[1, 3])),
            days,
        }))
    }

    fn test_of_days(&mut self, measure: MeasureId) -> Test {
        for _ in 0..20 {
            let test = self.test(Subject::Measure(measure));
            if matches!(
                test,
                Test::Quantity(..) | Test::Multiple { .. } | Test::Score(_)
            ) {
                return test;
            }
        }
        self.own_test(measure)
    }

    /// A multiple of another value, if the measure has any.
    pub(super) fn own_test(&mut self, measure: MeasureId) -> Test {
        let is_quantity = self
            .measures
            .get(measure.index())
            .is_some_and(|measure| matches!(measure.shape, Shape::Quantity(_)));
        if !is_quantity {
            return self.test(Subject::Measure(measure));
        }
        Test::Own {
            interval: self.interval(&["1", "1.5", "2", "3", "0.5"]),
            reference: Box::new(self.value_at()),
        }
    }

    /// A window with a first and a last day.
    fn window_of_days(&mut self) -> Window {
        let mut offset = |least: i64| {
            let days = self.random.any(7, &[0, 1, 3, 5, 14, 30]);
            if self.random.percent(15) {
                Offset::Calendar { months: 1 }
            } else {
                Offset::Days {
                    days: days.max(least),
                }
            }
        };
        let (before, after) = (offset(0).negate(), offset(0));
        let half = |from: Edge, to: Edge| lind_time::Window::between(from, to);
        let around = |milestone, window| Window::Around {
            anchor: Anchor::Milestone(milestone),
            window,
            as_known: true,
        };
        match self.random.below(5) {
            0 => around(
                self.milestone(),
                half(Edge::closed(before), Edge::closed(after)),
            ),
            1 => around(
                self.milestone(),
                half(Edge::closed(before), Edge::closed(before.zero())),
            ),
            2 => around(
                self.milestone(),
                half(Edge::open(after.zero()), Edge::closed(after)),
            ),
            3 => Window::Between {
                from: Anchor::Milestone(self.milestone()),
                to: Anchor::Milestone(self.milestone()),
            },
            _ => Window::Both(
                Box::new(around(
                    self.milestone(),
                    half(Edge::closed(before), Edge::Unbounded),
                )),
                Box::new(around(
                    self.milestone(),
                    half(Edge::Unbounded, Edge::closed(after)),
                )),
            ),
        }
    }
}
