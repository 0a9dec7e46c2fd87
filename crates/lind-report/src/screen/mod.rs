//! Who is eligible, and why not.

mod csv;
mod json;
mod markdown;
mod tally;
mod text;

use std::sync::Arc;

use lind_model::verdict::CriterionVerdict;
use lind_model::{CriterionId, Effect, Plan, Standing, Verdict};

pub use csv::{csv_header, csv_row, csv_rows};
pub use json::json_line;
pub(crate) use markdown::escaped;
pub use markdown::{markdown_head, markdown_row, markdown_tally};
pub use tally::Tally;
pub use text::TextTable;

use crate::names;

/// What a plan says of one patient at a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// The patient as the data name it.
    pub patient: Arc<str>,
    /// What the plan says.
    pub verdict: Verdict,
    /// Why a criterion does not pass, by criterion; none for those that pass.
    pub reasons: Vec<(CriterionId, String)>,
}

impl Screened {
    /// Why a criterion does not pass.
    pub(crate) fn reason(&self, id: CriterionId) -> Option<&str> {
        self.reasons
            .iter()
            .find(|(criterion, _)| *criterion == id)
            .map(|(_, reason)| reason.as_str())
    }

    /// The criteria that keep the patient from being eligible: those that fail, else those that are open.
    pub(crate) fn deciding(&self) -> impl Iterator<Item = &CriterionVerdict> {
        let wanted = match self.verdict.standing {
            Standing::Eligible => None,
            Standing::Ineligible => Some(Effect::Fail),
            Standing::Undetermined => Some(Effect::Open),
        };
        self.verdict
            .criteria
            .iter()
            .filter(move |criterion| criterion.due && Some(criterion.effect) == wanted)
    }

    /// What decided, in words: the first deciding criterion with its reason, and the numbers of the others.
    pub(crate) fn decided_by(&self, plan: &Plan) -> String {
        let mut deciding = self.deciding();
        let Some(first) = deciding.next() else {
            return String::new();
        };
        let id = names::criterion_id(plan, first.criterion);
        let mut text = match self.reason(first.criterion) {
            Some(reason) => format!("{id}: {reason}"),
            None => format!("{id}: {}", first.outcome.word()),
        };
        let others = names::listed(
            deciding.map(|criterion| names::criterion_id(plan, criterion.criterion)),
            8,
        );
        if !others.is_empty() {
            text.push_str("; also ");
            text.push_str(&others);
        }
        text
    }
}
