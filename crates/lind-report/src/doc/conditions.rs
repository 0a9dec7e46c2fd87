//! Conditions in sentences.

use lind_model::protocol::{
    Choice, Condition, ConditionKind, CriterionKind, Guard, Label, Quantifier, Sex,
};
use lind_model::{MilestoneId, ReadingId, SetId};

use crate::doc::values::{Within, interval};
use crate::doc::{Said, Teller, of_participant};

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
            Some(label) => said.after(&labelled(label)),
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
                .after(&format!("{}:", self.guard(guard, within))),
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
                    format!("the {} answers yes to \"{}\"", asked.by, asked.title)
                }))
            }
            ConditionKind::Happened(id, None) => {
                Said::new(format!("{} has taken place", self.milestone(*id)))
            }
            ConditionKind::Happened(id, Some(window)) => Said::new(format!(
                "{} has taken place {}",
                self.milestone(*id),
                self.window(window)
            )),
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
            ConditionKind::Fact(fact) => self.at_gate(self.fact(fact, within), within),
            ConditionKind::Record(test) => self.at_gate(Said::new(self.of_record(test)), within),
            ConditionKind::Value(value) => Said::new(self.value(value, within)),
            ConditionKind::Change(change) => Said::new(self.change(change, within)),
            ConditionKind::Points(points) => self.points(points, within),
            ConditionKind::PointsChange(change) => self.points_change(change, within),
            ConditionKind::Spell(spell) => Said::new(self.spell(spell, within)),
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
            ConditionKind::Nothing => Said::new("nothing more is asked"),
        }
    }

    /// What each alternative of a reading means here, the chosen one marked.
    fn depending(self, id: ReadingId, arms: &'p [Condition], within: &Within<'p>) -> Said {
        let told = arms.iter().map(|arm| self.condition(arm, within)).collect();
        self.arms(id, told)
    }

    /// What is told of each alternative of a reading.
    fn arms(self, id: ReadingId, arms: Vec<Said>) -> Said {
        let Some(reading) = self.protocol.readings.get(id.index()) else {
            return Said::default();
        };
        let parts = arms
            .into_iter()
            .zip(&reading.alternatives)
            .enumerate()
            .map(|(index, (arm, alternative))| {
                let chosen = if index == reading.chosen {
                    " (chosen)"
                } else {
                    ""
                };
                arm.after(&format!("{}{chosen}:", alternative.name))
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
        if let Some(told) = self.one_case(choice, within) {
            return told;
        }
        let mut parts = Vec::new();
        for case in &choice.cases {
            let when = self.condition(&case.when, within);
            let then = self.condition(&case.then, within);
            if when.parts.is_empty() {
                let when = of_participant(&when.text);
                parts.push(then.after(&format!("where {when}:")));
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

    /// `if` and `unless`, where their condition is told in one sentence.
    fn one_case(self, choice: &'p Choice, within: &Within<'p>) -> Option<Said> {
        let [case] = choice.cases.as_slice() else {
            return None;
        };
        let when = self.condition(&case.when, within);
        if !when.parts.is_empty() {
            return None;
        }
        let when = of_participant(&when.text);
        match (&choice.otherwise, &case.then.kind) {
            (None, _) => {
                let then = self.condition(&case.then, within);
                Some(then.after(&format!("only if {when}:")))
            }
            (Some(otherwise), ConditionKind::Settled(_)) => {
                let told = self.condition(otherwise, within);
                Some(told.after(&format!("unless {when}:")))
            }
            (Some(_), _) => None,
        }
    }

    /// `only for women, if the participant has …`
    pub(super) fn guard(self, guard: &'p Guard, within: &Within<'p>) -> String {
        let people = match guard.sex {
            Some(Sex::Female) => "only for women",
            Some(Sex::Male) => "only for men",
            None => "only",
        };
        let Some(condition) = &guard.condition else {
            return people.to_owned();
        };
        let said = of_participant(&self.condition(condition, within).text);
        match guard.sex {
            Some(_) => format!("{people}, if {said}"),
            None => format!("{people} if {said}"),
        }
    }

    /// A sentence that names its gate, where that is known.
    fn at_gate(self, said: Said, within: &Within<'p>) -> Said {
        match within.gate {
            Some(gate) => said.map(&|text| text.replace("the gate", self.milestone(gate))),
            None => said,
        }
    }

    /// A part of a criterion, which may be decided at several gates: then an inclusion needs all that is
    /// decided anywhere, and any of it excludes.
    pub(super) fn part(
        self,
        condition: &'p Condition,
        kind: CriterionKind,
        within: &Within<'p>,
    ) -> Said {
        let said = match &condition.kind {
            ConditionKind::List(Quantifier::All, parts)
                if parts.iter().any(Condition::names_a_gate) =>
            {
                let told = parts.iter().map(|part| self.part(part, kind, within));
                Said::with(joined(kind), told.collect())
            }
            ConditionKind::Depending(reading, arms) if arms.iter().any(Condition::names_a_gate) => {
                let told = arms.iter().map(|arm| self.part(arm, kind, within));
                self.arms(*reading, told.collect())
            }
            ConditionKind::With(usage, inner) if inner.names_a_gate() => {
                self.part(inner, kind, &within.under(usage))
            }
            _ => return self.condition(condition, within),
        };
        match &condition.label {
            None => said,
            Some(label) => said.after(&labelled(label)),
        }
    }
}

/// The label of a part, with its title.
fn labelled(label: &Label) -> String {
    match &label.title {
        Some(title) => format!("{} ({title}):", label.name),
        None => format!("{}:", label.name),
    }
}

/// How the parts of a criterion that are decided at gates of their own count together.
pub(super) fn joined(kind: CriterionKind) -> &'static str {
    match kind {
        CriterionKind::Exclusion => "any one of these, each at its own gate:",
        CriterionKind::Inclusion | CriterionKind::Commitment => {
            "all of these, each at its own gate:"
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
