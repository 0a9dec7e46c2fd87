//! Which lines belong to a condition: a list stands on its first line, and what it asks on those below.

use std::collections::BTreeMap;

use lind_diagnostics::Span;
use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, Protocol};

/// By where a condition stands: all its lines.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<Span, Span>);

impl Places {
    /// The conditions of the criteria, the definitions and the readings.
    pub(super) fn of(protocol: &Protocol) -> Self {
        let mut places = Self::default();
        for criterion in &protocol.criteria {
            for part in &criterion.parts {
                places.add(part);
            }
        }
        for definition in &protocol.definitions {
            places.add(&definition.condition);
        }
        for alternative in protocol
            .readings
            .iter()
            .flat_map(|reading| &reading.alternatives)
        {
            if let AlternativeContent::Condition(condition) = &alternative.content {
                places.add(condition);
            }
        }
        places
    }

    /// All lines of what stands somewhere; the place itself if nothing else is known of it.
    pub(super) fn whole(&self, span: Span) -> Span {
        self.0.get(&span).copied().unwrap_or(span)
    }

    /// Adds a condition and what is in it, but not what its names stand for; gives its lines.
    fn add(&mut self, condition: &Condition) -> Span {
        let mut whole = condition.span;
        let mut take = |places: &mut Self, part: &Condition| whole = whole.join(places.add(part));
        match &condition.kind {
            ConditionKind::List(_, parts) | ConditionKind::Depending(_, parts) => {
                parts.iter().for_each(|part| take(self, part));
            }
            ConditionKind::Guarded(guard, body) => {
                guard.condition.iter().for_each(|part| take(self, part));
                take(self, body);
            }
            ConditionKind::At(_, body) | ConditionKind::With(_, body) => take(self, body),
            ConditionKind::Fact(fact) => {
                let such_that = fact.such_that.iter();
                such_that.for_each(|such_that| take(self, &such_that.condition));
            }
            ConditionKind::Choice(choice) => {
                for case in &choice.cases {
                    take(self, &case.when);
                    take(self, &case.then);
                }
                choice.otherwise.iter().for_each(|part| take(self, part));
            }
            ConditionKind::IfUnknown(rule) => take(self, &rule.condition),
            ConditionKind::Value(_)
            | ConditionKind::Points(_)
            | ConditionKind::Settled(_)
            | ConditionKind::AsRead(_)
            | ConditionKind::Defined(_)
            | ConditionKind::Judged(_)
            | ConditionKind::Happened(..)
            | ConditionKind::Age { .. }
            | ConditionKind::Record(_)
            | ConditionKind::Change(_)
            | ConditionKind::PointsChange(_)
            | ConditionKind::Spell(_)
            | ConditionKind::Nothing => {}
        }
        // A condition and its exceptions begin at the same place.
        let known = self.0.entry(condition.span).or_insert(whole);
        *known = known.join(whole);
        whole
    }
}
