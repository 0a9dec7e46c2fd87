//! Random changes of sums of points.

use std::sync::Arc;

use lind_model::protocol::{
    ConditionKind, Direction, Interval, PointsChange, Selector, Shape, ValueAt,
};

use super::library::number;
use super::protocols::Maker;
use super::windows::Kind;

impl Maker {
    /// A change of points for terms, perhaps with a score that may be recorded as the sum.
    pub(super) fn points_change(&mut self) -> ConditionKind {
        let relative = self.random.percent(30);
        let by: [&str; 4] = if relative {
            ["10", "50", "100", "20"]
        } else {
            ["1", "2", "0.5", "3"]
        };
        let limit = number(self.random.one_of(&by).copied().unwrap_or("1"));
        let scored = self.measure(|shape| matches!(shape, Shape::Score { .. }));
        ConditionKind::PointsChange(Box::new(PointsChange {
            name: Arc::from("points"),
            lines: self.lines(),
            scale: self
                .random
                .percent(40)
                .then(|| (number("0"), number(self.random.any("6", &["4", "10"])))),
            recorded: scored.filter(|_| self.random.percent(50)),
            from: self.end_of_sums(),
            to: self.end_of_sums(),
            direction: self
                .random
                .any(Direction::Falls, &[Direction::Rises, Direction::Changes]),
            by: Interval::comparison(self.random.comparison(), limit),
            relative,
        }))
    }

    fn end_of_sums(&mut self) -> ValueAt {
        ValueAt {
            selector: self.random.any(Selector::Latest, &[Selector::First]),
            window: self.window(Kind::Plain),
        }
    }
}
