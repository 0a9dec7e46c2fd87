//! Conditions on a record that has a name, in words.

use lind_model::plan::{FilterPlan, RecordPlan, RecordQuestionPlan};
use lind_model::{NodeId, Truth};

use crate::explain::recorder::Telling;
use crate::explain::words::{place, used};
use crate::trace::Note;
use crate::view::View;

impl<'c> View<'c> {
    /// What is told of a condition on a record that has a name.
    pub(crate) fn record_telling(
        &self,
        plan: &RecordPlan,
        node: NodeId,
        notes: &[Note<'c>],
        truth: Truth,
    ) -> Telling {
        let text = self
            .program
            .plan()
            .node(node)
            .map_or("", |node| &*node.text);
        let Some(row) = notes.iter().find_map(|note| match note {
            Note::Row { row, .. } => Some(row),
            _ => None,
        }) else {
            return Telling::because(format!("{text}: there is no record"));
        };
        let record = self.row(row);
        let mut telling = match truth {
            Truth::True => Telling::because(format!("{record}: {text}")),
            Truth::False | Truth::NotApplicable => {
                Telling::because(format!("{record}: not so that {text}"))
            }
            Truth::Open(_) => {
                let what = match plan.question {
                    RecordQuestionPlan::Filter(_) | RecordQuestionPlan::Shares(..) => {
                        "what is recorded does not tell whether"
                    }
                    RecordQuestionPlan::Member(_) | RecordQuestionPlan::Same(_) => {
                        "it is not certain whether"
                    }
                };
                let missing = match &plan.question {
                    RecordQuestionPlan::Filter(FilterPlan::Field(field, _))
                    | RecordQuestionPlan::Shares(field, _) => {
                        format!("the {}", field.words())
                    }
                    RecordQuestionPlan::Filter(FilterPlan::Line(..)) => {
                        "the line of treatment".to_owned()
                    }
                    RecordQuestionPlan::Filter(FilterPlan::Grade(..)) => "the grade".to_owned(),
                    RecordQuestionPlan::Filter(FilterPlan::Dose { .. }) => {
                        "the daily dose".to_owned()
                    }
                    RecordQuestionPlan::Member(_) => "the code".to_owned(),
                    _ => "the exact dates".to_owned(),
                };
                Telling::because(format!("{record}: {what} {text}"))
                    .settled_by(format!("{missing} of {}", place(self.chart, row.at)))
            }
        };
        telling.facts = vec![used(self.chart, record, row.at)];
        telling
    }
}
