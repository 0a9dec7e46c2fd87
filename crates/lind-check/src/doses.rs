//! Arms, planned treatments and dose levels.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::trial::{
    Arm, DoseBasis, DoseLevel, DoseLevels, Dosing, DosingDays, PlannedDose, TreatmentPlan,
};
use lind_model::{ArmId, SetId};
use lind_syntax::tree::{
    ArmDeclaration, BasisWord, DoseLevelsDeclaration, DosingLine, Item, LevelDeclaration,
    LevelLine, Name, Number, PlanLine, Quantity, StudyDay, TreatmentPlanDeclaration,
};
use lind_units::{Exact, Unit};

use crate::analysis::Checker;
use crate::dose_bases::counted_by;
use crate::endpoints::words;
use crate::modules::Module;
use crate::rules;

/// The furthest study day and the most days of a plan.
const FURTHEST_DAY: i64 = 10_000;

impl Checker<'_> {
    /// Reads what a protocol says of doses: arms first, then levels, then plans, then the rule.
    pub(crate) fn doses(&mut self, module: &Module) {
        for item in &module.tree.items {
            if let Item::Arm(arm) = item {
                self.arm(arm);
            }
        }
        let mut levels = None;
        for item in &module.tree.items {
            if let Item::DoseLevels(declared) = item {
                self.dose_levels(declared, levels);
                levels = Some(declared.span);
            }
        }
        for item in &module.tree.items {
            if let Item::TreatmentPlan(plan) = item {
                self.treatment_plan(plan);
            }
        }
        let mut escalation = None;
        for item in &module.tree.items {
            if let Item::Escalation(declared) = item {
                self.escalation(declared, escalation, levels.is_some());
                escalation = Some(declared.span);
            }
        }
    }

    fn arm(&mut self, declared: &ArmDeclaration) {
        let mut arms = self.tables.trial.arms.iter();
        if let Some(first) = arms.find(|arm| *arm.name == *declared.name.text) {
            let first = first.span;
            self.twice(&declared.name, Some(first));
            return;
        }
        let title = declared.title.as_ref();
        self.tables.trial.arms.push(Arm {
            name: Arc::from(declared.name.text.as_str()),
            title: title.map_or_else(|| Arc::from(declared.name.text.as_str()), words),
            span: declared.name.span,
        });
    }

    fn arm_named(&mut self, name: &Name) -> Option<ArmId> {
        let arms = &self.tables.trial.arms;
        if let Some(place) = arms.iter().position(|arm| *arm.name == *name.text) {
            return Some(ArmId::from_index(place));
        }
        let near = closest(&name.text, arms.iter().map(|arm| &*arm.name)).map(str::to_owned);
        let mut diagnostic = Diagnostic::new(
            &rules::E0643_NOT_OF_THE_TRIAL,
            name.span,
            format!("`{}` is no arm of this protocol", name.text),
        )
        .label("no arm has this name");
        if let Some(near) = near {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
        }
        self.sink.push(diagnostic);
        None
    }

    fn wrong_level(
        &mut self,
        span: Span,
        message: String,
        label: &str,
        other: Option<(Span, &str)>,
    ) {
        let diagnostic = Diagnostic::new(&rules::E0592_WRONG_LEVEL, span, message).label(label);
        self.sink.push(match other {
            Some((span, label)) => diagnostic.also(span, label),
            None => diagnostic,
        });
    }

    fn dose_levels(&mut self, declared: &DoseLevelsDeclaration, first: Option<Span>) {
        if let Some(first) = first {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0592_WRONG_LEVEL,
                    declared.span,
                    "the dose levels are declared twice",
                )
                .label("declared again")
                .also(first, "first declared here"),
            );
            return;
        }
        let product = self.find_set(&declared.product);
        let mut assumed = None;
        let mut levels: Vec<DoseLevel> = Vec::new();
        let mut whole = true;
        for line in &declared.lines {
            match line {
                LevelLine::Source(_) | LevelLine::Note(_) => {}
                LevelLine::Assumed(text) => assumed = Some(words(text)),
                LevelLine::Broken(_) => whole = false,
                LevelLine::Level(level) => {
                    whole &= self.counted_as_declared(level, declared);
                    match self.dose_level(level, &levels) {
                        Some(level) => levels.push(level),
                        None => whole = false,
                    }
                }
            }
        }
        if !whole {
            let product = declared.product.text.clone();
            self.tables.broken_levels.insert(product);
            return;
        }
        let astray = self.order_of_levels(&levels);
        self.roles_of_levels(declared, &levels, &astray);
        if let Some(product) = product {
            self.tables.trial.dose_levels = Some(DoseLevels {
                product,
                basis: basis_of(declared.basis),
                levels,
                assumed,
                span: declared.span,
            });
        }
    }

    fn dose_level(&mut self, level: &LevelDeclaration, before: &[DoseLevel]) -> Option<DoseLevel> {
        if let Some(first) = before.iter().find(|first| *first.name == *level.name.text) {
            let first = first.span;
            self.twice(&level.name, Some(first));
            return None;
        }
        let other = match &level.other {
            Some(number) => Some(self.decimal(number)?.to_exact()),
            None => None,
        };
        let dose = self.decimal(&level.dose.number)?.to_exact();
        let unit = self.unit_of_dose(&level.dose)?;
        let mut doses: Vec<Exact> = other.into_iter().collect();
        doses.push(dose);
        if let Some(low) = doses.iter().find(|dose| dose.signum() <= 0) {
            let message = format!("a dose is above zero, and `{low}` is not");
            self.wrong_level(level.dose.span, message, "cannot be given", None);
            return None;
        }
        let mut text = self.text(level.dose.span);
        if let Some(other) = &level.other {
            text = Arc::from(format!("{} or {text}", other.text));
        }
        let has = |role: &str| level.roles.iter().any(|name| name.text == role);
        Some(DoseLevel {
            name: Arc::from(level.name.text.as_str()),
            title: level.title.as_ref().map(words),
            doses,
            unit,
            text,
            start: has("start"),
            back_up: has("back-up"),
            highest: has("highest"),
            span: level.span,
        })
    }

    fn unit_of_dose(&mut self, dose: &Quantity) -> Option<Unit> {
        if let Some(unit) = &dose.unit {
            return self.unit(unit);
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0301_MISSING_UNIT,
                dose.span,
                format!("`{}` of what?", dose.number.text),
            )
            .label("a unit is missing")
            .note("a dose has a unit, such as `mg` or `x 10^6 {cells}`"),
        );
        None
    }

    /// Each level lies above the one before it, in units that can be compared. Gives those that do not.
    fn order_of_levels(&mut self, levels: &[DoseLevel]) -> BTreeSet<Arc<str>> {
        let mut astray = BTreeSet::new();
        for (lower, higher) in levels.iter().zip(levels.iter().skip(1)) {
            let Ok(conversion) = higher.unit.conversion(&lower.unit, None) else {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0591_LEVELS_OUT_OF_ORDER,
                        higher.span,
                        format!("`{}` cannot be compared with `{}`", higher.name, lower.name),
                    )
                    .label(format!("in {}", higher.unit.written()))
                    .also(lower.span, format!("in {}", lower.unit.written()))
                    .note("all levels of a product are doses of one kind"),
                );
                continue;
            };
            let most = lower.doses.iter().max();
            let least = higher.doses.iter().map(|dose| conversion.apply(dose)).min();
            if let (Some(most), Some(least)) = (most, least)
                && least <= *most
            {
                astray.insert(Arc::clone(&higher.name));
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0591_LEVELS_OUT_OF_ORDER,
                        higher.span,
                        format!("`{}` is not above `{}`", higher.name, lower.name),
                    )
                    .label(format!("{}", higher.text))
                    .also(lower.span, format!("{}", lower.text))
                    .note("dose levels are listed from the lowest to the highest"),
                );
            }
        }
        astray
    }

    /// One start; back-ups below it; the highest not below it. Where a level that stands astray should stand, nobody
    /// knows.
    fn roles_of_levels(
        &mut self,
        declared: &DoseLevelsDeclaration,
        levels: &[DoseLevel],
        astray: &BTreeSet<Arc<str>>,
    ) {
        let mut starts = levels.iter().filter(|level| level.start);
        let Some(start) = starts.next() else {
            if !levels.is_empty() {
                self.wrong_level(
                    declared.product.span,
                    format!("the levels of `{}` have no start", declared.product.text),
                    "at which level does the trial begin?",
                    None,
                );
            }
            return;
        };
        if let Some(second) = starts.next() {
            let message = format!("`{}` and `{}` are both the start", start.name, second.name);
            self.wrong_level(
                second.span,
                message,
                "a second start",
                Some((start.span, "the first")),
            );
        }
        let place = |wanted: &DoseLevel| levels.iter().position(|level| level.name == wanted.name);
        let at = place(start);
        for level in levels.iter().filter(|level| level.back_up) {
            if place(level) >= at && !astray.contains(&level.name) {
                let message = format!("`{}` is a back-up and not below the start", level.name);
                self.wrong_level(
                    level.span,
                    message,
                    "a back-up",
                    Some((start.span, "the start")),
                );
            }
        }
        for level in levels
            .iter()
            .filter(|level| place(level) < at && !level.back_up)
        {
            let message = format!("`{}` lies below the start and is no back-up", level.name);
            self.wrong_level(
                level.span,
                message,
                "when is it used?",
                Some((start.span, "the start")),
            );
        }
        let mut highest = levels.iter().filter(|level| level.highest);
        if let Some(first) = highest.next() {
            if place(first) < at {
                let message = format!("`{}` is the highest and lies below the start", first.name);
                self.wrong_level(
                    first.span,
                    message,
                    "the highest",
                    Some((start.span, "the start")),
                );
            }
            if let Some(second) = highest.next() {
                let message = format!(
                    "`{}` and `{}` are both the highest",
                    first.name, second.name
                );
                self.wrong_level(
                    second.span,
                    message,
                    "a second highest",
                    Some((first.span, "the first")),
                );
            }
        }
    }

    fn wrong_dosing(&mut self, span: Span, message: impl Into<String>, label: &str) {
        self.sink
            .push(Diagnostic::new(&rules::E0596_WRONG_DOSING, span, message.into()).label(label));
    }

    fn treatment_plan(&mut self, declared: &TreatmentPlanDeclaration) {
        let mut plans = self.tables.trial.treatment_plans.iter();
        if let Some(first) = plans.find(|plan| *plan.name == *declared.name.text) {
            let first = first.span;
            self.twice(&declared.name, Some(first));
            return;
        }
        let arms: Vec<Option<ArmId>> = declared
            .arms
            .iter()
            .map(|name| self.arm_named(name))
            .collect();
        let mut assumed = None;
        let mut tolerance = None;
        let mut lines = Vec::new();
        for line in &declared.lines {
            match line {
                PlanLine::Source(_) | PlanLine::Note(_) | PlanLine::Broken(_) => {}
                PlanLine::Assumed(text) => assumed = Some(words(text)),
                PlanLine::Tolerance(number, span) => {
                    let share = self.decimal(number).map(|share| share.to_exact());
                    let hundred = Exact::from_integer(100);
                    if share.as_ref().is_some_and(|share| *share >= hundred) {
                        self.wrong_dosing(
                            *span,
                            "a tolerance is a share of the planned dose, less than all of it",
                            "nothing would have to be given",
                        );
                    } else if tolerance.is_some() {
                        self.wrong_dosing(*span, "the tolerance is said already", "again");
                    } else {
                        tolerance = share;
                    }
                }
                PlanLine::Dosing(line) => lines.extend(self.dosing(line)),
            }
        }
        self.tables.trial.treatment_plans.push(TreatmentPlan {
            name: Arc::from(declared.name.text.as_str()),
            title: words(&declared.title),
            arms: arms.into_iter().flatten().collect(),
            lines,
            tolerance,
            assumed,
            span: declared.name.span,
        });
    }

    fn dosing(&mut self, line: &DosingLine) -> Option<Dosing> {
        let drug = self.find_set(&line.drug);
        let dose = match &line.dose {
            Some(dose) => self.planned_dose(dose),
            None => drug.and_then(|drug| self.dose_of_level(line, drug)),
        };
        let times = match &line.times {
            Some((number, span)) => match number.text.parse::<u32>() {
                Ok(times) if (1..=24).contains(&times) => Some(times),
                _ => {
                    self.wrong_dosing(*span, "a drug is given 1 to 24 times a day", "so often");
                    None
                }
            },
            None => Some(1),
        };
        let days = self.dosing_days(line);
        Some(Dosing {
            drug: drug?,
            dose: dose?,
            times_a_day: times?,
            days: days?,
            text: self.text(line.span),
            span: line.span,
        })
    }

    /// Whether dose levels of a product may be declared in lines that could not be read. That has its own message.
    pub(crate) fn levels_are_lost(&self, product: &Name) -> bool {
        if self.tables.broken_levels.contains(&product.text) {
            return true;
        }
        let scope = self.scopes.get(self.module);
        scope.is_some_and(|scope| scope.is_lost(&["dose", "levels", &product.text]))
    }

    /// `at the dose level`: of a product that has levels.
    fn dose_of_level(&mut self, line: &DosingLine, drug: SetId) -> Option<PlannedDose> {
        let levels = self.tables.trial.dose_levels.as_ref();
        if levels.is_some_and(|levels| levels.product == drug) {
            return Some(PlannedDose::Level);
        }
        if self.levels_are_lost(&line.drug) {
            return None;
        }
        let diagnostic = Diagnostic::new(
            &rules::E0596_WRONG_DOSING,
            line.span,
            format!("`{}` has no dose levels", line.drug.text),
        )
        .label("at which dose?")
        .note("`dose levels of …` declares them");
        self.sink.push(diagnostic);
        None
    }

    fn planned_dose(&mut self, dose: &Quantity) -> Option<PlannedDose> {
        let amount = self.decimal(&dose.number)?.to_exact();
        let Some(written) = &dose.unit else {
            self.unit_of_dose(dose);
            return None;
        };
        if amount.signum() <= 0 {
            self.wrong_dosing(dose.span, "a dose is above zero", "cannot be given");
            return None;
        }
        let (text, basis) = counted_by(&written.text);
        let name = Name {
            text: text.trim_end().to_owned(),
            span: written.span,
        };
        Some(PlannedDose::Amount {
            amount,
            unit: self.unit(&name)?,
            basis,
        })
    }

    /// On which days, if the line says so; the outer option is none where it says something wrong.
    fn dosing_days(&mut self, line: &DosingLine) -> Option<Option<DosingDays>> {
        if line.days.is_empty() {
            return Some(None);
        }
        let mut days: Vec<i64> = Vec::new();
        let count = self.tables.timetable.study_days;
        let skips_zero =
            line.cycle.is_none() && matches!(count, Some((_, lind_time::StudyDays::FromOne, _)));
        for (first, last) in &line.days {
            let from = self.dosing_day(first)?;
            let to = match last {
                Some(last) => self.dosing_day(last)?,
                None => from,
            };
            if line.cycle.is_none() && !self.are_study_days(first, last.as_ref()) {
                return None;
            }
            let span = last.as_ref().map_or(first.span, |last| last.span);
            if to < from {
                self.wrong_dosing(span, "these days run backwards", "before the first of them");
                return None;
            }
            if days.last().is_some_and(|before| *before >= from) {
                self.wrong_dosing(
                    first.span,
                    "the days are listed in their order",
                    "not after the day before it",
                );
                return None;
            }
            days.extend((from..=to).filter(|day| *day != 0 || !skips_zero));
        }
        let Some((length, cycles)) = &line.cycle else {
            return Some(Some(DosingDays::Days(days)));
        };
        let offset = self.offset(length)?;
        let (_, longest) = offset.day_bounds();
        let first = line.days.first().map_or(line.span, |(first, _)| first.span);
        let in_cycle = |day: &i64| (1..=longest).contains(day);
        let numbers: Vec<u32> = days
            .iter()
            .filter(|day| in_cycle(day))
            .filter_map(|day| u32::try_from(*day).ok())
            .collect();
        if numbers.len() != days.len() {
            self.wrong_dosing(
                first,
                "a day lies outside its cycle, whose first day is day 1",
                "days of each cycle",
            );
            return None;
        }
        let cycles = match cycles {
            Some(number) => Some(self.whole_number(number)?),
            None => None,
        };
        Some(Some(DosingDays::Cycle {
            length: offset,
            days: numbers,
            cycles,
        }))
    }

    /// Whether the days of a plan exist, as study days are counted.
    fn are_study_days(&mut self, first: &Number, last: Option<&Number>) -> bool {
        let day = |number: &Number| StudyDay {
            number: number.clone(),
            span: number.span,
        };
        let (first, last) = (day(first), last.map(day));
        let mut all = self.study_day(&first).is_some();
        if let Some(last) = last.filter(|_| all) {
            all = self.study_day(&last).is_some();
            if all {
                self.no_day_zero_between(&first, &last, first.span.join(last.span));
            }
        }
        all
    }

    fn dosing_day(&mut self, number: &Number) -> Option<i64> {
        let day = number.text.parse::<i64>().ok();
        let day = day.filter(|day| day.abs() <= FURTHEST_DAY);
        if day.is_none() {
            let message = format!("a study day is a whole number up to {FURTHEST_DAY}");
            self.wrong_dosing(number.span, message, "no study day");
        }
        day
    }
}

pub(crate) fn basis_of(word: BasisWord) -> DoseBasis {
    match word {
        BasisWord::Total => DoseBasis::Total,
        BasisWord::PerKilogram => DoseBasis::PerKilogram,
        BasisWord::PerSquareMetre => DoseBasis::PerSquareMetre,
    }
}
