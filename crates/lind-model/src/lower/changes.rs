//! Changes, with their windows and lengths counted by the rule of the plan.

use crate::plan::ChangePlan;
use crate::protocol::{ChangeTest, Compared, Persistence, ValueAt};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn change(&mut self, change: &ChangeTest, context: usize) -> ChangePlan {
        self.need_subject(change.subject);
        let one = |value: &ValueAt| ValueAt {
            selector: value.selector,
            window: self.window(&value.window),
        };
        let between = match &change.between {
            Compared::Within(window) => Compared::Within(self.window(window)),
            Compared::FromTo(from, to) => Compared::FromTo(one(from), one(to)),
        };
        ChangePlan {
            subject: change.subject,
            between,
            samples: self
                .contexts
                .get(context)
                .map(|context| context.samples.clone())
                .unwrap_or_default(),
            direction: change.direction,
            by: change.by.clone(),
            mode: change.mode.clone(),
            lasting: change.lasting.map(|persistence| Persistence {
                lasting: self.lasting(persistence.lasting),
                ..persistence
            }),
        }
    }
}
