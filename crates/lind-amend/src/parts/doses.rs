//! Arms, treatment plans and dose levels.

use std::sync::Arc;

use lind_model::difference::PartSide;
use lind_model::trial::{
    Arm, DoseLevel, DoseLevels, Dosing, DosingDays, PlannedDose, TreatmentPlan,
};
use lind_model::{ArmId, SetId};
use lind_units::Unit;

use super::words::{days, ladder, listed, per, roles, spoken};
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

const ARMS: ThingRules = ThingRules {
    added: &rules::ARM_ADDED,
    removed: &rules::ARM_REMOVED,
    renamed: Some(&rules::ARM_RENAMED),
    reworded: Some(&rules::ARM_REWORDED),
};

const PLANS: ThingRules = ThingRules {
    added: &rules::PLAN_ADDED,
    removed: &rules::PLAN_REMOVED,
    renamed: Some(&rules::PLAN_RENAMED),
    reworded: Some(&rules::PLAN_REWORDED),
};

/// A drug is what its name says.
const DRUGS: ThingRules = ThingRules {
    added: &rules::DRUG_ADDED,
    removed: &rules::DRUG_REMOVED,
    renamed: None,
    reworded: None,
};

const LEVELS: ThingRules = ThingRules {
    added: &rules::LEVEL_ADDED,
    removed: &rules::LEVEL_REMOVED,
    renamed: Some(&rules::LEVEL_RENAMED),
    reworded: Some(&rules::LEVEL_REWORDED),
};

impl Pairing<'_> {
    pub(super) fn doses(&mut self) {
        self.dose_levels();
        self.arms();
        self.plans();
    }

    fn arms(&mut self) {
        let arms = |arms: &[Arm]| -> Vec<Thing> {
            let arms = arms.iter().map(|arm| Thing {
                name: Arc::clone(&arm.name),
                title: Arc::clone(&arm.title),
                content: arm.title.to_string(),
                words: arm.title.to_string(),
                span: Some(arm.span),
            });
            arms.collect()
        };
        let old = arms(&self.protocol(Which::Old).trial.arms);
        let new = arms(&self.protocol(Which::New).trial.arms);
        self.things(&ARMS, &old, &new);
    }

    fn plans(&mut self) {
        let old_plans = &self.protocol(Which::Old).trial.treatment_plans;
        let new_plans = &self.protocol(Which::New).trial.treatment_plans;
        let old = self.plans_of(Which::Old, old_plans);
        let new = self.plans_of(Which::New, new_plans);
        for both in self.things(&PLANS, &old, &new) {
            let (Some([old, new]), Some([old_plan, new_plan])) =
                (two(&old, &new, both), two(old_plans, new_plans, both))
            else {
                continue;
            };
            let arms = [
                self.arm_names(Which::Old, &old_plan.arms),
                self.arm_names(Which::New, &new_plan.arms),
            ];
            let said = |names: &[String]| listed(names, "all arms");
            let [old_arms, new_arms] = &arms;
            self.aspect(
                &rules::PLAN_ARMS,
                [old, new],
                [&old_arms.join(", "), &new_arms.join(", ")],
                [said(old_arms), said(new_arms)],
            );
            let tolerance = |plan: &TreatmentPlan| format!("{} % below", plan.tolerated());
            let tolerances = [tolerance(old_plan), tolerance(new_plan)];
            let [old_tolerance, new_tolerance] = &tolerances;
            self.aspect(
                &rules::PLAN_TOLERANCE,
                [old, new],
                [old_tolerance, new_tolerance],
                tolerances.clone(),
            );
            self.assumed(
                &rules::PLAN_ASSUMED,
                [old, new],
                [&old_plan.assumed, &new_plan.assumed],
            );
            self.drugs([old_plan, new_plan]);
        }
    }

    fn plans_of(&self, which: Which, plans: &[TreatmentPlan]) -> Vec<Thing> {
        let plans = plans.iter().map(|plan| {
            let lines: Vec<String> = plan
                .lines
                .iter()
                .map(|line| {
                    let (dose, days) = (dose_key(line), days_key(line));
                    format!("{} {dose} {days}", self.drug(which, line.drug))
                })
                .collect();
            let arms = self.arm_names(which, &plan.arms);
            Thing {
                name: Arc::clone(&plan.name),
                title: Arc::clone(&plan.title),
                content: format!("{lines:?} {arms:?} {:?}", plan.tolerated()),
                words: self.plan_words(which, plan),
                span: Some(plan.span),
            }
        });
        plans.collect()
    }

    fn plan_words(&self, which: Which, plan: &TreatmentPlan) -> String {
        let lines: Vec<String> = plan
            .lines
            .iter()
            .map(|line| {
                let drug = spoken(&self.drug(which, line.drug));
                format!("{drug} {}, {}", dose_words(line), days_words(line))
            })
            .collect();
        listed(&lines, "nothing")
    }

    /// The drugs of a plan. One that is given in several lines is counted: `prednisone (2)`.
    fn drugs(&mut self, plans: [&TreatmentPlan; 2]) {
        let [old_plan, new_plan] = plans;
        let old = self.drugs_of(Which::Old, old_plan, new_plan);
        let new = self.drugs_of(Which::New, new_plan, new_plan);
        for both in self.things(&DRUGS, &old, &new) {
            let (Some([old, new]), Some([old_line, new_line])) = (
                two(&old, &new, both),
                two(&old_plan.lines, &new_plan.lines, both),
            ) else {
                continue;
            };
            self.aspect(
                &rules::DRUG_DOSE,
                [old, new],
                [&dose_key(old_line), &dose_key(new_line)],
                [dose_words(old_line), dose_words(new_line)],
            );
            self.aspect(
                &rules::DRUG_DAYS,
                [old, new],
                [&days_key(old_line), &days_key(new_line)],
                [days_words(old_line), days_words(new_line)],
            );
        }
    }

    fn drugs_of(&self, which: Which, plan: &TreatmentPlan, named: &TreatmentPlan) -> Vec<Thing> {
        let mut before: Vec<Arc<str>> = Vec::new();
        let mut things = Vec::new();
        for line in &plan.lines {
            let drug = self.drug(which, line.drug);
            let count = before.iter().filter(|other| **other == drug).count();
            let counted = match count {
                0 => drug.to_string(),
                more => format!("{drug} ({})", more.saturating_add(1)),
            };
            before.push(drug);
            things.push(Thing {
                name: format!("{counted} in {}", named.name).into(),
                title: Arc::clone(&named.title),
                content: String::new(),
                words: format!("{}, {}", dose_words(line), days_words(line)),
                span: Some(line.span),
            });
        }
        things
    }

    fn drug(&self, which: Which, id: SetId) -> Arc<str> {
        let set = self.protocol(which).sets.get(id.index());
        set.map_or_else(|| Arc::from(""), |set| Arc::clone(&set.name))
    }

    fn arm_names(&self, which: Which, ids: &[ArmId]) -> Vec<String> {
        let arms = &self.protocol(which).trial.arms;
        let names = ids.iter().filter_map(|id| arms.get(id.index()));
        let mut names: Vec<String> = names
            .map(|arm| self.key(which, ARMS.added.thing, &arm.name).to_string())
            .collect();
        names.sort_unstable();
        names
    }

    fn dose_levels(&mut self) {
        let old = self.protocol(Which::Old).trial.dose_levels.as_ref();
        let new = self.protocol(Which::New).trial.dose_levels.as_ref();
        let name = |which, levels: &DoseLevels, this: &Self| this.drug(which, levels.product);
        let words = |levels: &DoseLevels| {
            let ladder = ladder(&levels.levels);
            PartSide::of(
                &format!("{ladder}, {}", per(levels.basis)),
                Some(levels.span),
            )
        };
        match (old, new) {
            (Some(old), Some(new)) => self.both_dose_levels(old, new),
            (Some(old), None) => {
                let id = name(Which::Old, old, self);
                self.tell(
                    &rules::DOSE_LEVELS_REMOVED,
                    (&id, &id),
                    Some(words(old)),
                    None,
                );
            }
            (None, Some(new)) => {
                let id = name(Which::New, new, self);
                self.tell(
                    &rules::DOSE_LEVELS_ADDED,
                    (&id, &id),
                    None,
                    Some(words(new)),
                );
            }
            (None, None) => {}
        }
    }

    fn both_dose_levels(&mut self, old: &DoseLevels, new: &DoseLevels) {
        let products = [
            self.drug(Which::Old, old.product),
            self.drug(Which::New, new.product),
        ];
        let [old_product, new_product] = &products;
        let whole = |levels: &DoseLevels| Thing {
            name: Arc::clone(new_product),
            title: Arc::clone(new_product),
            content: String::new(),
            words: String::new(),
            span: Some(levels.span),
        };
        let whole = [&whole(old), &whole(new)];
        let ladder_key = |levels: &DoseLevels| -> String {
            let levels = levels.levels.iter();
            let keys: Vec<String> = levels
                .map(|level| format!("{} {:?}", level_key(level), roles(level)))
                .collect();
            keys.join("; ")
        };
        self.aspect(
            &rules::DOSE_LADDER,
            whole,
            [&ladder_key(old), &ladder_key(new)],
            [ladder(&old.levels), ladder(&new.levels)],
        );
        self.aspect(
            &rules::DOSE_PRODUCT,
            whole,
            [old_product, new_product],
            [spoken(old_product), spoken(new_product)],
        );
        self.aspect(
            &rules::DOSE_BASIS,
            whole,
            [per(old.basis), per(new.basis)],
            [per(old.basis).to_owned(), per(new.basis).to_owned()],
        );
        let things = |levels: &DoseLevels| -> Vec<Thing> {
            let levels = levels.levels.iter();
            levels.map(level_thing).collect()
        };
        let (old_things, new_things) = (things(old), things(new));
        for both in self.things(&LEVELS, &old_things, &new_things) {
            let (Some(pair), Some([old_level, new_level])) = (
                two(&old_things, &new_things, both),
                two(&old.levels, &new.levels, both),
            ) else {
                continue;
            };
            self.aspect(
                &rules::LEVEL_DOSE,
                pair,
                [&level_key(old_level), &level_key(new_level)],
                [level_words(old_level), level_words(new_level)],
            );
            let [old_roles, new_roles] = [old_level, new_level].map(|level| {
                let roles = roles(level);
                match roles.is_empty() {
                    true => "none".to_owned(),
                    false => roles.join(", "),
                }
            });
            self.aspect(
                &rules::LEVEL_ROLE,
                pair,
                [&old_roles, &new_roles],
                [old_roles.clone(), new_roles.clone()],
            );
        }
    }
}

fn level_thing(level: &DoseLevel) -> Thing {
    let mut words = vec![level_words(level)];
    words.extend(roles(level).into_iter().map(str::to_owned));
    Thing {
        name: Arc::clone(&level.name),
        title: level.title.clone().unwrap_or_else(|| Arc::from("")),
        content: level_key(level),
        words: words.join(", "),
        span: Some(level.span),
    }
}

fn level_key(level: &DoseLevel) -> String {
    let mut doses: Vec<String> = level
        .doses
        .iter()
        .map(|dose| amount_key(dose, &level.unit))
        .collect();
    doses.sort_unstable();
    doses.join(" or ")
}

fn level_words(level: &DoseLevel) -> String {
    lind_units::read_aloud(&level.text)
}

/// An amount, whatever the unit in which it is written.
fn amount_key(amount: &lind_units::Exact, unit: &Unit) -> String {
    format!("{:?} {:?}", amount.mul(unit.factor()), unit.dimension())
}

fn dose_key(line: &Dosing) -> String {
    match &line.dose {
        PlannedDose::Amount {
            amount,
            unit,
            basis,
        } => format!("{} {}", amount_key(amount, unit), per(*basis)),
        PlannedDose::Level => "level".to_owned(),
    }
}

fn dose_words(line: &Dosing) -> String {
    match &line.dose {
        PlannedDose::Amount {
            amount,
            unit,
            basis,
        } => {
            let unit = unit.read_aloud();
            match basis {
                lind_model::trial::DoseBasis::Total => format!("{amount} {unit}"),
                basis => format!("{amount} {unit} {}", per(*basis)),
            }
        }
        PlannedDose::Level => "at the dose level".to_owned(),
    }
}

fn days_key(line: &Dosing) -> String {
    format!("{} {:?}", line.times_a_day, line.days)
}

fn days_words(line: &Dosing) -> String {
    let times = match line.times_a_day {
        1 => "once a day".to_owned(),
        2 => "twice a day".to_owned(),
        times => format!("{times} times a day"),
    };
    let on = match &line.days {
        None => "on days that the source does not say".to_owned(),
        Some(DosingDays::Days(own)) => format!("on {}", days(own)),
        Some(DosingDays::Cycle {
            length,
            days: own,
            cycles,
        }) => {
            let own: Vec<i64> = own.iter().map(|day| i64::from(*day)).collect();
            let cycles = match cycles {
                Some(1) => ", 1 cycle".to_owned(),
                Some(cycles) => format!(", {cycles} cycles"),
                None => String::new(),
            };
            format!("on {} of each cycle of {length}{cycles}", days(&own))
        }
    };
    format!("{times} {on}")
}
