//! Days on which a value passes a test, and multiples of an earlier value.

use crate::plan::{ConceptKind, SpellPlan};
use crate::protocol::{Spell, Test};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn spell(&mut self, spell: &Spell, context: usize) -> SpellPlan {
        self.need(ConceptKind::Measure(spell.measure));
        SpellPlan {
            spell: Spell {
                window: self.window(&spell.window),
                test: self.test(&spell.test),
                ..spell.clone()
            },
            samples: self.samples_of(context),
        }
    }

    /// A test, the window of its reference counted by the rule of the plan.
    pub(super) fn test(&self, test: &Test) -> Test {
        match test {
            Test::Own {
                interval,
                reference,
            } => Test::Own {
                interval: interval.clone(),
                reference: Box::new(self.value_at(reference)),
            },
            test => test.clone(),
        }
    }
}
