//! When milestones were, and where windows around them lie: found once for each chart.

use std::cell::{Cell, RefCell};

use lind_model::MilestoneId;
use lind_time::{ResolvedWindow, When, Window};

use crate::milestones::Reached;

/// So many windows are remembered of a chart: most protocols have a few, which stand in many conditions.
const MOST_WINDOWS: usize = 16;

/// What was found of the milestones of the chart at hand.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// By milestone.
    reached: Vec<Cell<Option<Reached>>>,
    windows: RefCell<Vec<(MilestoneId, Window, ResolvedWindow)>>,
}

impl Times {
    /// Of a chart of which nothing is known yet.
    pub(crate) fn new(milestones: usize) -> Self {
        let mut times = Self::default();
        times.begin(milestones);
        times
    }

    /// Forgets what was found of the last chart.
    pub(crate) fn begin(&mut self, milestones: usize) {
        self.reached.clear();
        self.reached.resize(milestones, Cell::new(None));
        self.windows.get_mut().clear();
    }

    /// Whether and when a milestone was reached, which is asked once.
    pub(crate) fn reached(
        &self,
        milestone: MilestoneId,
        look: impl FnOnce() -> Reached,
    ) -> Reached {
        let Some(place) = self.reached.get(milestone.index()) else {
            return look();
        };
        if let Some(known) = place.get() {
            return known;
        }
        let reached = look();
        place.set(Some(reached));
        reached
    }

    /// Where a window around a milestone lies.
    pub(crate) fn window(
        &self,
        milestone: MilestoneId,
        window: &Window,
        time: &When,
    ) -> ResolvedWindow {
        let Ok(mut windows) = self.windows.try_borrow_mut() else {
            return window.resolve(time);
        };
        let mut known = windows.iter();
        let same = known.find(|(of, known, _)| *of == milestone && known == window);
        if let Some((_, _, resolved)) = same {
            return resolved.clone();
        }
        let resolved = window.resolve(time);
        if windows.len() < MOST_WINDOWS {
            windows.push((milestone, *window, resolved.clone()));
        }
        resolved
    }
}
