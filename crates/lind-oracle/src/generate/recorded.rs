//! Random facts about results of measures.

use std::sync::Arc;

use lind_model::protocol::{
    ConditionKind, Counted, Fact, FactTable, Filter, Frequency, NamedRecord, Quantifier, Subject,
    TagRule, Tense, Test, TimeOfDay,
};

use super::protocols::Maker;
use super::windows::Kind;

impl Maker {
    pub(super) fn recorded(&mut self, depth: usize) -> ConditionKind {
        let Some(measure) = self.measure(|_| true) else {
            return ConditionKind::Nothing;
        };
        let is_named = self.named.len() < 3 && self.random.percent(38);
        // Of results with a name more is said below; here most of them count.
        let tense = if self.random.percent(if is_named { 60 } else { 25 }) {
            Tense::Ever
        } else {
            Tense::During
        };
        let mut frequency = self.random.percent(45).then(|| self.frequency(None));
        if let Some(frequency) = &mut frequency
            && self.random.percent(35)
        {
            frequency.counted = Counted::Consecutive;
        }
        if is_named && self.random.percent(55) {
            frequency = Some(Frequency {
                quantifier: Quantifier::All,
                counted: Counted::Records,
            });
        }
        let is_every = frequency.is_some_and(|frequency| frequency.quantifier == Quantifier::All);
        let mut filters = Vec::new();
        if self.random.percent(15) {
            filters.push(self.filter(FactTable::Results));
        }
        if self.random.percent(if is_named { 40 } else { 75 }) {
            let test = self.test(Subject::Measure(measure));
            filters.push(Filter::Value { measure, test });
        }
        let window = (tense == Tense::During).then(|| self.window(Kind::Plain));
        let such_that = if is_named {
            self.measured.resize(self.named.len(), None);
            self.measured.push(Some(measure));
            self.such_that(FactTable::Results, depth)
        } else {
            None
        };
        ConditionKind::Fact(Box::new(Fact {
            negated: !is_every && self.random.percent(35),
            frequency,
            such_that,
            tense,
            table: FactTable::Results,
            set: None,
            measure: Some(measure),
            investigational: false,
            filters,
            exceptions: Vec::new(),
            window,
        }))
    }

    /// What is asked of tags.
    pub(super) fn tags(&mut self, tags: &[Arc<str>]) -> Test {
        let mut asked = self.random.some_of(tags, 40);
        if asked.is_empty() {
            asked.extend(tags.first().cloned());
        }
        let rules = [TagRule::Includes, TagRule::IncludesNone, TagRule::Only];
        Test::Tags(self.random.any(TagRule::Includes, &rules), asked)
    }

    pub(super) fn time_of_day(&mut self) -> TimeOfDay {
        let minute = |random: &mut super::Random| random.any(0, &[480, 540, 720, 721, 1_439]);
        TimeOfDay {
            from: minute(&mut self.random),
            to: minute(&mut self.random),
        }
    }

    /// Something about a result that has a name.
    pub(super) fn of_result(&mut self, record: NamedRecord) -> Filter {
        let measure = self.measured.get(usize::from(record.0)).copied().flatten();
        match measure {
            Some(measure) if self.random.percent(70) => {
                let test = self.test(Subject::Measure(measure));
                Filter::Value { measure, test }
            }
            _ => self.filter(FactTable::Results),
        }
    }
}
