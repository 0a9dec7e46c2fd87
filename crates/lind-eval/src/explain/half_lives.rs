//! Windows that count half-lives, where the half-life is what is missing.

use lind_model::plan::FactPlan;
use lind_model::protocol::{Tense, Window};
use lind_time::Tri;
use lind_units::Exact;

use crate::explain::words::number;
use crate::facts::Doubt;
use crate::half_lives::HalfLifeRange;
use crate::rows::Row;
use crate::view::View;

/// What is not certain of a half-life, and what would settle it.
pub(crate) struct HalfLifeDoubt {
    pub(crate) because: String,
    pub(crate) settle: String,
}

impl View<'_> {
    /// Whether a row is open because of the half-life of its drug, and not because of its dates.
    pub(crate) fn half_life_doubt(
        &self,
        plan: &FactPlan,
        row: &Row<'_>,
        doubt: Doubt,
    ) -> Option<HalfLifeDoubt> {
        if doubt != Doubt::Time || plan.tense != Tense::During {
            return None;
        }
        let window = self.open_half_lives(plan.window.as_ref()?, row)?;
        let code = self.context.dictionary.meant(row.code);
        let mut stated: Vec<HalfLifeRange> = Vec::new();
        self.half_lives(row.code, |half_life| stated.push(half_life.clone()));
        let settle = format!("the half-life of {code}, in dataset.toml");
        if stated.is_empty() {
            return Some(HalfLifeDoubt {
                because: format!("the half-life of {code} is not known"),
                settle,
            });
        }
        let shortest = stated.iter().min_by(|a, b| a.shortest.cmp(&b.shortest))?;
        let longest = stated.iter().max_by(|a, b| a.longest.cmp(&b.longest))?;
        let by_the_range = HalfLifeRange {
            shortest: shortest.shortest.clone(),
            longest: longest.longest.clone(),
            by_day: stated.iter().all(|half_life| half_life.by_day),
        };
        if !self.open_for_one_time(window, &self.extent(row), &by_the_range) {
            // At whatever time it was of those that it can have been, the half-life would decide.
            return None;
        }
        let by_day = stated.iter().all(|half_life| half_life.by_day);
        let (unit, seconds) = if by_day {
            ("days", 86_400)
        } else {
            ("hours", 3_600)
        };
        let length = |length: &Exact| {
            length
                .checked_div(&Exact::from_integer(seconds))
                .map_or_else(String::new, |length| number(&length))
        };
        Some(HalfLifeDoubt {
            because: format!(
                "the half-life of {code} is {} to {} {unit}, so it may or may not have been {}",
                length(&shortest.shortest),
                length(&longest.longest),
                self.phrase(Some(window))
            ),
            settle,
        })
    }

    /// The window that counts half-lives and in which it is not certain that a row lies.
    fn open_half_lives<'w>(&self, window: &'w Window, row: &Row<'_>) -> Option<&'w Window> {
        match window {
            Window::HalfLives { .. } => {
                let prepared = self.prepare(window, None);
                let lies = self.overlaps(&prepared, &self.extent(row), Some(row.code), None);
                (lies == Tri::Maybe).then_some(window)
            }
            Window::Either(a, b) | Window::Both(a, b) => self
                .open_half_lives(a, row)
                .or_else(|| self.open_half_lives(b, row)),
            Window::Around { .. } | Window::Between { .. } => None,
        }
    }
}
