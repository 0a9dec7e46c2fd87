//! Arms, planned treatments, dose levels and escalation in sentences.

use lind_escalation::Design;
use lind_escalation::replay::UnderDosed;
use lind_model::trial::{
    DoseBasis, DoseLevel, Dosing, DosingDays, Escalation, PlannedDose, TreatmentPlan,
};

use crate::doc::endpoints::{assumed, titled};
use crate::doc::{Entry, Said, Teller, spoken};
use crate::escalation::in_words;
use crate::names::counted;

impl Teller<'_> {
    pub(super) fn treatment_arms(self) -> Vec<Entry> {
        let arms = self.protocol.trial.arms.iter();
        arms.map(|arm| Entry {
            head: titled(&arm.name, &arm.title),
            said: Vec::new(),
        })
        .collect()
    }

    pub(super) fn treatment_plans(self) -> Vec<Entry> {
        let plans = self.protocol.trial.treatment_plans.iter();
        plans.map(|plan| self.treatment_plan(plan)).collect()
    }

    fn treatment_plan(self, plan: &TreatmentPlan) -> Entry {
        let arms = plan.arms.iter();
        let arms: Vec<&str> = arms
            .filter_map(|id| self.protocol.trial.arms.get(id.index()))
            .map(|arm| &*arm.title)
            .collect();
        let mut said = Vec::new();
        if !arms.is_empty() {
            said.push(Said::new(format!("for {}", arms.join(" and "))));
        }
        said.extend(plan.lines.iter().map(|line| Said::new(self.dosing(line))));
        if let Some(tolerance) = &plan.tolerance {
            said.push(Said::new(format!(
                "a dose up to {tolerance} % below counts as given as planned"
            )));
        }
        said.extend(assumed(&plan.assumed));
        Entry {
            head: titled(&plan.name, &plan.title),
            said,
        }
    }

    fn dosing(self, line: &Dosing) -> String {
        let dose = match &line.dose {
            PlannedDose::Amount {
                amount,
                unit,
                basis,
            } => format!("{amount} {} {}", unit.written(), per(*basis)),
            PlannedDose::Level => "the dose of the participant's dose level".to_owned(),
        };
        let times = match line.times_a_day {
            1 => "once a day".to_owned(),
            2 => "twice a day".to_owned(),
            times => format!("{times} times a day"),
        };
        let days = match &line.days {
            None => "on days that the source does not say".to_owned(),
            Some(DosingDays::Days(days)) => format!("on study {}", listed(days)),
            Some(DosingDays::Cycle {
                length,
                days,
                cycles,
            }) => {
                let days: Vec<i64> = days.iter().map(|day| i64::from(*day)).collect();
                let cycles = cycles.map_or_else(String::new, |cycles| {
                    format!(", {}", counted(u64::from(cycles), "cycle", "cycles"))
                });
                format!("on {} of each cycle of {length}{cycles}", listed(&days))
            }
        };
        format!("{}: {dose}, {times}, {days}", spoken(self.set(line.drug)))
    }

    pub(super) fn dose_levels(self) -> Vec<Entry> {
        let Some(levels) = &self.protocol.trial.dose_levels else {
            return Vec::new();
        };
        let mut said: Vec<Said> = levels
            .levels
            .iter()
            .map(|level| Said::new(one_level(level)))
            .collect();
        said.extend(assumed(&levels.assumed));
        vec![Entry {
            head: format!(
                "{}, {}",
                spoken(self.set(levels.product)),
                per(levels.basis)
            ),
            said,
        }]
    }

    pub(super) fn escalation(self) -> Vec<Entry> {
        let rule = self.protocol.trial.escalation.iter();
        rule.map(|rule| self.one_escalation(rule)).collect()
    }

    fn one_escalation(self, rule: &Escalation) -> Entry {
        let mut said = Vec::new();
        for (from, design) in &rule.designs {
            let from = from.map_or_else(String::new, |day| format!("from {day} on: "));
            said.push(design_said(&from, design));
        }
        if let Some(cohorts) = rule.cohorts {
            said.push(Said::new(if cohorts.least == cohorts.most {
                format!("cohorts of {}", cohorts.least)
            } else {
                format!("cohorts of {} to {}", cohorts.least, cohorts.most)
            }));
        }
        if let Some(window) = &rule.window {
            said.push(Said::new(format!(
                "toxicities count {}",
                self.window(window)
            )));
        }
        if let Some(toxicity) = rule.toxicity {
            said.push(
                self.asked(toxicity)
                    .spoken()
                    .after("a toxicity is dose-limiting where"),
            );
        }
        let population = rule.evaluable;
        let population = population.and_then(|id| self.protocol.trial.populations.get(id.index()));
        if let Some(population) = population {
            said.push(Said::new(format!(
                "those of the population {} count",
                spoken(&population.name)
            )));
        }
        said.extend(self.distances(rule));
        said.push(Said::new(match rule.other_doses {
            UnderDosed::NotCounted => "whoever gets another dose than assigned does not count",
            UnderDosed::AsAssigned => {
                "whoever gets another dose than assigned counts at the assigned level"
            }
            UnderDosed::AsReceived => "whoever gets the dose of another level counts at that level",
        }));
        said.extend(assumed(&rule.assumed));
        Entry {
            head: format!("{} of {}", rule.title, spoken(self.set(rule.product))),
            said,
        }
    }

    fn distances(self, rule: &Escalation) -> Vec<Said> {
        let mut said = Vec::new();
        for (offset, whom) in [
            (
                rule.stagger.first_of_level,
                "the first two participants of a level",
            ),
            (rule.stagger.others, "any two participants"),
        ] {
            said.extend(
                offset.map(|offset| Said::new(format!("at least {offset} between {whom}"))),
            );
        }
        if rule.stagger.after_window {
            said.push(Said::new(
                "a level opens after the window of the last participant below",
            ));
        }
        let most = |most: Option<u32>, place: &str| {
            most.map(|most| {
                let people = counted(u64::from(most), "participant", "participants");
                Said::new(format!("at most {people} {place}"))
            })
        };
        said.extend(most(rule.most_at_level, "at a level"));
        said.extend(most(rule.most_in_all, "in all"));
        said
    }
}

/// A design and its parameters; a table that the protocol states, row by row.
fn design_said(from: &str, design: &Design) -> Said {
    let words = in_words(design);
    let text = if words.is_empty() {
        format!("{from}{}", design.name())
    } else {
        format!("{from}{}, {words}", design.name())
    };
    let Design::Table(table) = design else {
        return Said::new(text);
    };
    let rows = table.rows().iter().map(|row| {
        let cells: Vec<String> = (0..=row.evaluable)
            .map(|dlts| format!("{dlts} {}", row.decision(dlts)))
            .collect();
        Said::new(format!("after {}: {}", row.evaluable, cells.join(", ")))
    });
    Said::with(text, rows.collect())
}

fn one_level(level: &DoseLevel) -> String {
    let mut text = level.name.to_string();
    if let Some(title) = &level.title {
        text.push_str(&format!(", {title}"));
    }
    text.push_str(&format!(": {}", lind_units::read_aloud(&level.text)));
    for (holds, role) in [
        (level.start, "the start"),
        (level.back_up, "a back-up"),
        (level.highest, "the highest that may be used"),
    ] {
        if holds {
            text.push_str(&format!(", {role}"));
        }
    }
    text
}

fn per(basis: DoseBasis) -> &'static str {
    match basis {
        DoseBasis::Total => "in total",
        DoseBasis::PerKilogram => "per kg of body weight",
        DoseBasis::PerSquareMetre => "per m2 of body surface",
    }
}

/// Days in their order: runs of more than two as their ends.
fn listed(days: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        })
        .collect();
    let word = if days.len() == 1 { "day" } else { "days" };
    format!("{word} {}", shown.join(", "))
}
