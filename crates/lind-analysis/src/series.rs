//! The numbers of a participant in the order of time.

use std::sync::Arc;

use lind_eval::{MeasuredSeries, MeasuredValue, is_over};
use lind_model::protocol::{Subject, Window};
use lind_model::trial::Series;
use lind_model::{MeasureId, OpenKind};
use lind_time::Day;

use crate::{Asking, waiting};

/// A result that certainly lies in a window, with its day.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) day: Day,
    pub(crate) value: MeasuredValue,
}

/// The results of a window, or why they cannot be told.
pub(crate) type InWindow = Result<Vec<Placed>, Arc<str>>;

impl Asking<'_> {
    /// The measure of a series; sums and formulas have no results of their own times.
    pub(crate) fn measure(&self, series: Series) -> Result<MeasureId, Arc<str>> {
        match series {
            Series::Subject(Subject::Measure(measure)) => Ok(measure),
            Series::Subject(Subject::Formula(_)) => {
                Err(Arc::from("a formula is computed at visits"))
            }
            Series::Points(_) => Err(Arc::from("a sum of points is computed at visits")),
        }
    }

    /// The results of a measure in a window, each on one known day, the earliest first. One whose day or number is
    /// not known makes the whole open, and so does a row that was set aside.
    pub(crate) fn in_window(&self, series: Series, window: &Window) -> InWindow {
        let measure = self.measure(series)?;
        let series = self.measured(measure, Some(window)).map_err(open)?;
        if series.may_lack_values {
            return Err(Arc::from("a value could not be read"));
        }
        let placed = series.values.into_iter().map(|value| {
            let day = value.when.filter(|_| value.certainly_inside);
            let Some(day) = day.filter(|when| when.first_day() == when.last_day()) else {
                return Err(Arc::from("the day of a value is not known"));
            };
            if let Err(why) = &value.number {
                return Err(Arc::from(format!("a value {}", why.words())));
            }
            let day = day.first_day();
            Ok(Placed { day, value })
        });
        placed.collect()
    }

    /// The results of a measure in a window; in no window, all that are known.
    pub(crate) fn measured(
        &self,
        measure: MeasureId,
        window: Option<&Window>,
    ) -> Result<MeasuredSeries, OpenKind> {
        lind_eval::series(
            self.program,
            self.context,
            self.chart,
            measure,
            window,
            self.known_at,
        )
    }

    /// Refuses a window in which more may come: one that ends, and has not ended by the end of the data. One without an
    /// end, or one that says `as far as known`, is taken up to the end of the data. Death ends every window.
    pub(crate) fn must_have_ended(&self, window: &Window) -> Result<(), Arc<str>> {
        if !ends(window) || self.chart.death.is_some() {
            return Ok(());
        }
        let over = is_over(
            self.program,
            self.context,
            self.chart,
            window,
            self.known_at,
        )
        .map_err(open)?;
        if over {
            Ok(())
        } else {
            Err(Arc::from("the window has not ended"))
        }
    }
}

/// Whether a window has an end of its own.
fn ends(window: &Window) -> bool {
    match window {
        Window::Around {
            window, as_known, ..
        } => !as_known && window.to.offset().is_some(),
        Window::Between { .. } | Window::HalfLives { .. } => true,
        Window::Either(a, b) => ends(a) && ends(b),
        Window::Both(a, b) => ends(a) || ends(b),
    }
}

fn open(kind: OpenKind) -> Arc<str> {
    Arc::from(waiting(kind))
}
