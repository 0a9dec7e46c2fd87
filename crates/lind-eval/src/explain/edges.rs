//! Beginnings and ends of records in words.

use lind_model::plan::FactPlan;
use lind_model::protocol::RecordEdge;

use crate::edges::edge;
use crate::rows::{End, Row};
use crate::view::View;

impl View<'_> {
    /// Why it is not certain that a row began or ended when it should.
    pub(crate) fn edge_doubt(&self, plan: &FactPlan, row: &Row<'_>, asked: RecordEdge) -> String {
        let window = plan
            .filters
            .iter()
            .filter_map(edge)
            .find(|(edge, _)| *edge == asked)
            .map(|(_, window)| window);
        let when = self.phrase(window);
        match (asked, row.begin, row.end) {
            (RecordEdge::Begin, None, _) => {
                format!("when it began is not recorded, so it may not have been {when}")
            }
            (RecordEdge::Begin, ..) => {
                format!("its dates do not tell whether it began {when}")
            }
            (RecordEdge::End, _, End::Sometime) => {
                format!("it is over since an unknown time, which may not have been {when}")
            }
            (RecordEdge::End, ..) => format!("its dates do not tell whether it ended {when}"),
        }
    }
}
