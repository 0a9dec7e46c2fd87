//! Adverse events: each participant once a term, at the worst grade.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::protocol::Window;
use lind_model::results::Computed;
use lind_records::{Dataset, Table};
use lind_time::Tri;

use crate::{Asking, waiting};

impl Asking<'_> {
    /// The terms of the adverse events that began in a window.
    pub(crate) fn events(&self, window: &Window, dataset: &Dataset) -> Computed {
        let open = |why: &str| Computed::Open(Arc::from(why));
        if self
            .chart
            .set_aside
            .iter()
            .any(|row| row.table == Table::AdverseEvents)
        {
            return open("an adverse event could not be read");
        }
        let mut worst: BTreeMap<Arc<str>, Option<u8>> = BTreeMap::new();
        for event in &self.chart.adverse_events {
            let inside = self.lies_within(window, event.onset);
            match inside {
                Err(kind) => return open(waiting(kind)),
                Ok(Tri::No) => continue,
                Ok(Tri::Maybe) => return open("the day of an adverse event is not known"),
                Ok(Tri::Yes) => {}
            }
            let term = Arc::from(dataset.dictionary().meant(event.code));
            let grade = worst.entry(term).or_insert(event.grade);
            *grade = (*grade).max(event.grade);
        }
        Computed::Events(worst.into_iter().collect())
    }
}
