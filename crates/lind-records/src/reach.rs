//! How far from a patient's milestones observations can matter.

use std::collections::BTreeMap;

use crate::ConceptId;

/// How far back observations can matter: so many days before a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The milestone from which it is counted back.
    pub milestone: ConceptId,
    /// How many whole days. What certainly ended more than so many days before the first day on which the
    /// milestone may have been does not matter.
    pub days: u32,
}

/// How far observations of one concept can matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaches {
    /// Back: what is older than all of these does not matter.
    pub back: Vec<Reach>,
    /// Whether they count only with a specimen of their own: then those of another one are no evidence of
    /// what the latest is.
    pub by_specimen: bool,
}

/// What need not be read, though its code is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    /// By concept; one that is not there has no limit.
    pub(crate) reaches: BTreeMap<ConceptId, Reaches>,
    /// Milestones at which something is decided: nothing is known that comes after all of them.
    pub(crate) gates: Vec<ConceptId>,
    /// Whether one of them may count as reached in a chart that does not hold it.
    pub(crate) may_be_assumed: bool,
}

impl Limits {
    /// How far observations can matter that count for all of these concepts; none: without limit.
    pub(crate) fn of(&self, concepts: &[ConceptId]) -> Option<Reaches> {
        let mut all = Reaches::default();
        for concept in concepts {
            let one = self.reaches.get(concept)?;
            all.by_specimen |= one.by_specimen;
            for reach in &one.back {
                let mut known = all.back.iter_mut();
                match known.find(|known| known.milestone == reach.milestone) {
                    Some(known) => known.days = known.days.max(reach.days),
                    None => all.back.push(*reach),
                }
            }
        }
        (!all.back.is_empty()).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Reach, Reaches};
    use crate::ConceptId;

    #[test]
    fn what_counts_for_two_reaches_as_far_as_the_further_and_without_limit_if_one_has_none() {
        let (screening, infusion) = (ConceptId(10), ConceptId(11));
        let reach = |milestone, days| Reach { milestone, days };
        let reaches = |back: &[Reach]| Reaches {
            back: back.to_vec(),
            by_specimen: false,
        };
        let limits = Limits {
            reaches: [
                (ConceptId(0), reaches(&[reach(screening, 28)])),
                (
                    ConceptId(1),
                    reaches(&[reach(infusion, 7), reach(screening, 90)]),
                ),
            ]
            .into(),
            ..Limits::default()
        };
        let both = limits.of(&[ConceptId(0), ConceptId(1)]);
        let both = both.map(|both| both.back);
        assert_eq!(both, Some(vec![reach(screening, 90), reach(infusion, 7)]));
        assert_eq!(limits.of(&[ConceptId(0), ConceptId(2)]), None);
        assert_eq!(limits.of(&[]), None);
    }
}
