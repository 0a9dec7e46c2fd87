//! Codes and code systems under other names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Mapping, MilestoneRule, RuleId};
use crate::codes::{Pattern, fold};
use crate::{ConceptId, Table, Wanted};

/// A code whose rows count as others too.
#[derive(Clone, Debug)]
pub(crate) struct Mapped {
    pub(crate) rule: RuleId,
    pub(crate) code: Pattern,
    pub(crate) others: Vec<Arc<str>>,
    /// Whether one of the others is looked for.
    pub(crate) is_asked: bool,
}

/// What one table's codes are besides what is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renaming {
    pub(crate) mapping: Arc<Mapping>,
    pub(crate) mapped: Vec<Mapped>,
}

/// From here on downwards the records are numbered that milestones are taken from; far above what
/// callers number.
const MOST: u32 = u32::MAX - 1;

impl MilestoneRule {
    /// Under which number the records come that this milestone may be taken from.
    pub(crate) fn concept(place: usize) -> ConceptId {
        ConceptId(MOST.saturating_sub(u32::try_from(place).unwrap_or(MOST)))
    }
}

impl Mapping {
    /// What is to be read so that what is wanted is found where the mapping says that it is.
    pub(crate) fn applied_to(self: &Arc<Self>, wanted: &Wanted) -> Wanted {
        let mut applied = wanted.clone();
        let milestones = wanted.book(Table::Milestones);
        for (place, rule) in self.milestones.iter().enumerate() {
            if milestones.concepts(&fold(&rule.name)).is_empty() {
                continue;
            }
            for table in &rule.from {
                for code in &rule.codes {
                    applied.add_code(*table, MilestoneRule::concept(place), code);
                }
            }
        }
        let everything = wanted.asks_for_everything();
        let asked: BTreeMap<Table, Vec<(Pattern, ConceptId)>> = applied.codes.clone();
        for table in Table::FACTS {
            let renaming = applied.renamings.entry(table).or_default();
            renaming.mapping = Arc::clone(self);
            let asked = asked.get(&table).map(Vec::as_slice).unwrap_or_default();
            for rule in &self.codes {
                let mut is_asked = everything;
                for other in &rule.others {
                    let meant = asked.iter().filter(|(pattern, _)| pattern.matches(other));
                    for (_, concept) in meant {
                        is_asked = true;
                        let codes = applied.codes.entry(table).or_default();
                        codes.push((rule.code.clone(), *concept));
                    }
                }
                renaming.mapped.push(Mapped {
                    rule: rule.id,
                    code: rule.code.clone(),
                    others: rule.others.clone(),
                    is_asked,
                });
            }
        }
        applied
    }
}
