//! Conditions in sentences.

use lind_model::protocol::{Choice, Condition, ConditionKind, Guard, PointsTest, Quantifier, Sex};
use lind_model::{MilestoneId, ReadingId, SetId};

use crate::doc::values::{Within, interval};
use crate::doc::{Said, Teller};

impl<'p> Teller<'p> {
    pub(super) fn milestone(self, id: MilestoneId) -> &'p str {
        self.protocol
            .milestones
            .get(id.index())
            .map_or("", |milestone| &milestone.name)
    }

    pub(super) fn set(self, id: SetId) -> &'p str {
        self.protocol
            .sets
            .get(id.index())
            .map_or("", |set| &set.name)
    }

    /// What a condition says, with its label before it.
    pub(super) fn condition(self, condition: &'p Condition, within: &Within<'p>) -> Said {
        let said = self.kind(&condition.kind, within);
        match &condition.label {
            None => said,
            Some(label) => {
                let title = label
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| format!(" ({title})"));
                said.after(&format!("{}{title}:", label.name))
            }
        }
    }

    fn kind(self, kind: &'p ConditionKind, within: &Within<'p>) -> Said {
        match kind {
            ConditionKind::List(quantifier, parts) => {
                let parts = parts
                    .iter()
                    .map(|part| self.condition(part, within))
                    .collect();
                Said::with(quantified(*quantifier), parts)
            }
            ConditionKind::Guarded(guard, inner) => self
                .condition(inner, within)
                .after(&format!("{}:", self.guard(guard))),
            ConditionKind::At(gate, inner) => self
                .condition(inner, &within.at(*gate))
                .after(&format!("at {}:", self.milestone(*gate))),
            ConditionKind::Depending(reading, arms) => self.depending(*reading, arms, within),
            ConditionKind::AsRead(reading) => Said::new(self.as_read(*reading)),
            ConditionKind::Defined(id) => {
                let name = self
                    .protocol
                    .definitions
                    .get(id.index())
                    .map_or("", |definition| &definition.name);
                Said::new(format!("{name}, as defined"))
            }
            ConditionKind::Judged(id) => {
                let asked = self.protocol.judgements.get(id.index());
                Said::new(asked.map_or_else(String::new, |asked| {
                    format!("the {} answers yes to: {}", asked.by, asked.title)
                }))
            }
            ConditionKind::Happened(id) => {
                Said::new(format!("{} has taken place", self.milestone(*id)))
            }
            ConditionKind::Age {
                at,
                interval: years,
            } => {
                let gate = at.or(within.gate);
                let when = gate.map_or_else(
                    || " at the gate".to_owned(),
                    |gate| format!(" at {}", self.milestone(gate)),
                );
                let years = interval(years, "completed years");
                Said::new(format!("the age{when} is {years}"))
            }
            ConditionKind::Fact(fact) => self.fact(fact, within),
            ConditionKind::Record(test) => Said::new(self.of_record(test)),
            ConditionKind::Value(value) => Said::new(self.value(value, within)),
            ConditionKind::Change(change) => Said::new(self.change(change, within)),
            ConditionKind::Points(points) => self.points(points),
            ConditionKind::With(usage, inner) => self.condition(inner, &within.under(usage)),
            ConditionKind::Choice(choice) => self.choice(choice, within),
            ConditionKind::IfUnknown(rule) => {
                let mut said = self.condition(&rule.condition, within);
                let counts = if rule.met { "met" } else { "not met" };
                said.parts.push(Said::new(format!(
                    "if that is unknown, it counts as {counts}: {}",
                    rule.why
                )));
                said
            }
            ConditionKind::Settled(true) => Said::new("it counts as met"),
            ConditionKind::Settled(false) => Said::new("it counts as not met"),
            ConditionKind::Nothing => Said::new("nothing is asked"),
        }
    }

    /// A sum of points, line by line.
    fn points(self, points: &PointsTest) -> Said {
        let parts = points
            .lines
            .iter()
            .map(|line| {
                let term = self.protocol.definitions.get(line.condition.index());
                let domain = match line.domain {
                    Some(place) => format!(", in domain {}", place.saturating_add(1)),
                    None => String::new(),
                };
                Said::new(format!(
                    "{} for {}{domain}",
                    line.points.to_decimal_text(4),
                    term.map_or("", |term| &term.name)
                ))
            })
            .collect();
        let recorded = if points.recorded.is_some() {
            "; a sum that is recorded decides where lines are open"
        } else {
            ""
        };
        let head = format!(
            "the sum of these points of {}, the highest of each domain alone, is {}{recorded}:",
            points.name,
            interval(&points.interval, "points")
        );
        Said::with(head, parts)
    }

    /// What each alternative of a reading means here, the chosen one marked.
    fn depending(self, id: ReadingId, arms: &'p [Condition], within: &Within<'p>) -> Said {
        let Some(reading) = self.protocol.readings.get(id.index()) else {
            return Said::default();
        };
        let parts = arms
            .iter()
            .zip(&reading.alternatives)
            .enumerate()
            .map(|(index, (arm, alternative))| {
                let chosen = if index == reading.chosen {
                    " (chosen)"
                } else {
                    ""
                };
                self.condition(arm, within)
                    .after(&format!("{}{chosen}:", alternative.name))
            })
            .collect();
        Said::with(format!("depending on how {} is read:", reading.name), parts)
    }

    fn as_read(self, id: ReadingId) -> String {
        let Some(reading) = self.protocol.readings.get(id.index()) else {
            return String::new();
        };
        let chosen = reading
            .alternatives
            .get(reading.chosen)
            .map_or("", |chosen| &chosen.name);
        format!("as {} is read: {chosen} (chosen)", reading.name)
    }

    fn choice(self, choice: &'p Choice, within: &Within<'p>) -> Said {
        let mut parts = Vec::new();
        for case in &choice.cases {
            let when = self.condition(&case.when, within);
            let then = self.condition(&case.then, within);
            if when.parts.is_empty() {
                parts.push(then.after(&format!("where {}:", when.text)));
            } else {
                let mut whole = when.after("where");
                whole.parts.push(then.after("then:"));
                parts.push(whole);
            }
        }
        parts.push(match &choice.otherwise {
            Some(otherwise) => self.condition(otherwise, within).after("otherwise:"),
            None => Said::new("otherwise: it does not apply"),
        });
        Said::with("the first of these that applies:", parts)
    }

    /// `only for women for whom …`
    pub(super) fn guard(self, guard: &'p Guard) -> String {
        let people = match guard.sex {
            Some(Sex::Female) => "women",
            Some(Sex::Male) => "men",
            None => "participants",
        };
        match &guard.condition {
            None => format!("only for {people}"),
            Some(condition) => {
                let said = self.condition(condition, &Within::default());
                format!("only for {people}, if {}", said.text)
            }
        }
    }
}

fn quantified(quantifier: Quantifier) -> String {
    match quantifier {
        Quantifier::All => "all of these hold:".to_owned(),
        Quantifier::Any => "at least one of these holds:".to_owned(),
        Quantifier::None => "none of these holds:".to_owned(),
        Quantifier::AtLeast(n) => format!("at least {n} of these hold:"),
        Quantifier::AtMost(n) => format!("at most {n} of these hold:"),
        Quantifier::Exactly(n) => format!("exactly {n} of these hold:"),
    }
}
