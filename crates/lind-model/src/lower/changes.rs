//! Changes, with their windows and lengths counted by the rule of the plan.

use crate::plan::{ChangePlan, SamplePlan};
use crate::protocol::{ChangeTest, Compared, Persistence, ValueAt};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn change(&mut self, change: &ChangeTest, context: usize) -> ChangePlan {
        self.need_subject(change.subject);
        let between = match &change.between {
            Compared::Within(window) => Compared::Within(self.window(window)),
            Compared::FromTo(from, to) => Compared::FromTo(self.value_at(from), self.value_at(to)),
        };
        ChangePlan {
            subject: change.subject,
            between,
            samples: self.samples_of(context),
            direction: change.direction,
            by: change.by.clone(),
            mode: change.mode.clone(),
            lasting: change.lasting.map(|persistence| Persistence {
                lasting: self.lasting(persistence.lasting),
                ..persistence
            }),
        }
    }

    /// One value of a window, whose lengths are counted by the rule of the plan.
    pub(super) fn value_at(&self, value: &ValueAt) -> ValueAt {
        ValueAt {
            selector: value.selector,
            window: self.window(&value.window),
        }
    }

    /// The rules about samples that are in force where a condition stands.
    pub(super) fn samples_of(&self, context: usize) -> Vec<SamplePlan> {
        self.contexts
            .get(context)
            .map(|context| context.samples.clone())
            .unwrap_or_default()
    }
}
