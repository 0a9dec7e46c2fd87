//! The evidence behind a verdict.

mod json;
mod text;

use std::sync::Arc;

use lind_model::{CriterionId, Explanation, Verdict};

pub use json::evidence_json;
pub(crate) use json::{WirePart, part as wire_part};
pub(crate) use text::explanation_tree;
pub use text::{evidence_head, evidence_legend, evidence_line, evidence_tree};

/// What a plan says of one patient at a gate, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The patient as the data name it.
    pub patient: Arc<str>,
    /// What the plan says.
    pub verdict: Verdict,
    /// Why, for the criteria that were asked for.
    pub explanations: Vec<(CriterionId, Explanation)>,
}
