//! The dose decisions of a trial held against its rule: who was treated at which level and what came of it, from
//! charts; the rule itself is asked of `lind-escalation`.

use core::fmt;
use std::sync::Arc;

use lind_escalation::replay::{
    Action, Cohorts, Conduct, Dlt, Participant, Received, Recorded, Run, Stagger, replay,
};
use lind_eval::{Context, Program, Scratch, ask};
use lind_model::results::DoseDecisions;
use lind_model::trial::{DoseLevel, DoseLevels, Escalation};
use lind_model::{AskedId, MilestoneId, Protocol, Truth};
use lind_records::{Chart, Dataset};
use lind_time::{Day, When};
use lind_units::Exact;

use crate::deviations::{is_short, tolerated};
use crate::{Asking, rows};

/// A window longer than this is not one of days.
const LONGEST_WINDOW: i64 = 3660;

/// Why there is no rule that a run could be held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRule {
    /// The protocol has no dose levels, or no rule that moves between them.
    NotDeclared,
    /// The window is not a number of days after a milestone.
    Window,
    /// There is no design.
    Design,
}

impl fmt::Display for NoRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotDeclared => "there are no dose levels, or no rule that moves between them",
            Self::Window => {
                "the window of the escalation is not a number of days after a milestone"
            }
            Self::Design => "the escalation has no design",
        })
    }
}

/// The rule of a protocol, as runs are held against it.
#[derive(Clone, Debug)]
pub struct Rule<'p> {
    protocol: &'p Protocol,
    escalation: &'p Escalation,
    /// The milestone from which the window is counted: treatment.
    anchor: MilestoneId,
    /// How the trial is to be conducted.
    conduct: Conduct,
}

impl<'p> Rule<'p> {
    /// The rule of a protocol.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of(protocol: &'p Protocol) -> Result<Self, NoRule> {
        let trial = &protocol.trial;
        let (Some(escalation), Some(levels)) = (&trial.escalation, &trial.dose_levels) else {
            return Err(NoRule::NotDeclared);
        };
        let (anchor, window) = window_of(escalation)?;
        Ok(Self {
            protocol,
            escalation,
            anchor,
            conduct: conduct(escalation, levels, window)?,
        })
    }

    /// How the trial is to be conducted.
    #[must_use]
    pub const fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    /// Reads a chart as a participant; none for those who were never assigned to a level.
    ///
    /// # Errors
    /// Why somebody cannot be counted, in a sentence.
    pub fn participant(
        &self,
        program: &Program,
        context: &Context<'_>,
        dataset: &Dataset,
        chart: &Chart,
        last: Option<Day>,
    ) -> Result<Option<Participant>, String> {
        let reader = Reader {
            rule: self,
            program,
            context,
            dataset,
            chart,
            last,
        };
        reader.participant()
    }

    /// The decisions that are recorded, of the levels that there are.
    #[must_use]
    pub fn recorded(&self, dataset: &Dataset) -> Vec<Recorded> {
        let level_of = |name: &str| {
            let mut levels = self.conduct.levels.iter();
            levels.position(|level| *level == name)
        };
        let rows = dataset.decisions().rows.iter();
        rows.filter_map(|row| {
            Some(Recorded {
                day: row.time.last_day(),
                level: level_of(&row.level)?,
                action: match row.action {
                    lind_records::Action::Escalate => Action::Escalate,
                    lind_records::Action::Stay | lind_records::Action::Expand => Action::Stay,
                    lind_records::Action::DeEscalate => Action::DeEscalate,
                    lind_records::Action::Stop => Action::Stop,
                },
                stated: None,
                by: row.by.as_deref().unwrap_or_default().to_owned(),
                reason: row.reason.as_deref().unwrap_or_default().to_owned(),
            })
        })
        .collect()
    }

    /// What is to be said where nobody of a run was treated.
    #[must_use]
    pub fn nobody_treated(&self) -> String {
        let anchor = self.protocol.milestones.get(self.anchor.index());
        let name = anchor.map_or("treatment", |milestone| &*milestone.name);
        format!("nobody with a dose level has reached `{name}`, which milestones.csv would say")
    }
}

/// Until when a run is known: the earlier of what is asked and the cut-off of the data.
#[must_use]
pub fn known_day(dataset: &Dataset, as_of: Option<When>) -> Option<Day> {
    let until = [as_of, dataset.settings().cut_off].into_iter().flatten();
    until.map(|time| time.last_day()).min()
}

/// Holds the dose decisions of some charts against the rule of their protocol; none where there is no rule.
/// `is_whole` says whether the charts are all participants of the trial.
///
/// # Errors
/// Why they cannot be held against it, in a sentence.
pub fn decisions(
    program: &Program,
    context: &Context<'_>,
    dataset: &Dataset,
    charts: &[Chart],
    as_of: Option<When>,
    is_whole: bool,
) -> Option<Result<DoseDecisions, Arc<str>>> {
    let protocol = Arc::clone(&program.plan().protocol);
    let rule = match Rule::of(&protocol) {
        Ok(rule) => rule,
        Err(NoRule::NotDeclared) => return None,
        Err(why) => return Some(Err(Arc::from(why.to_string()))),
    };
    let last = known_day(dataset, as_of);
    let mut told = Vec::new();
    let mut participants = Vec::new();
    for chart in charts {
        match rule.participant(program, context, dataset, chart, last) {
            Ok(participant) => participants.extend(participant),
            Err(why) => told.push(why),
        }
    }
    if participants.iter().all(|it| it.treated.is_none()) {
        let why = "nobody who was assigned to a dose level has been treated";
        return Some(Err(Arc::from(why)));
    }
    let run = Run {
        recorded: rule.recorded(dataset),
        is_whole,
        as_of: last,
        participants,
    };
    Some(match replay(rule.conduct(), &run) {
        Ok(replay) => Ok(DoseDecisions {
            conduct: rule.conduct.clone(),
            run,
            replay,
            told,
        }),
        Err(error) => Err(Arc::from(error.to_string())),
    })
}

/// The milestone that the window leans on, and how many days it lasts.
fn window_of(rule: &Escalation) -> Result<(MilestoneId, u32), NoRule> {
    let window = rule.window.as_ref().and_then(rows::anchor);
    let (anchor, window) = window.ok_or(NoRule::Window)?;
    let (least, most) = window.to.offset().ok_or(NoRule::Window)?.day_bounds();
    if least != most || !(0..=LONGEST_WINDOW).contains(&most) {
        return Err(NoRule::Window);
    }
    let days = u32::try_from(most).map_err(|_| NoRule::Window)?;
    Ok((anchor, days))
}

fn conduct(rule: &Escalation, levels: &DoseLevels, window: u32) -> Result<Conduct, NoRule> {
    let days = |offset: Option<lind_time::Offset>| {
        let (_, days) = offset?.day_bounds();
        u32::try_from(days).ok()
    };
    let usual = Conduct::new(
        levels.levels.iter().map(|level| &*level.name),
        rule.designs
            .first()
            .map(|(_, design)| design.clone())
            .ok_or(NoRule::Design)?,
        window,
    );
    let start = levels.levels.iter().position(|level| level.start);
    let highest = levels.levels.iter().position(|level| level.highest);
    Ok(Conduct {
        start: start.unwrap_or(0),
        highest: highest.unwrap_or(usual.highest),
        designs: rule.designs.clone(),
        cohorts: rule.cohorts.map_or(usual.cohorts, |cohorts| Cohorts {
            least: cohorts.least,
            most: cohorts.most,
        }),
        most_at_level: rule.most_at_level,
        most_in_all: rule.most_in_all,
        stagger: Stagger {
            first_of_level: days(rule.stagger.first_of_level),
            others: days(rule.stagger.others),
            after_window: rule.stagger.after_window,
        },
        under_dosed: rule.other_doses,
        ..usual
    })
}

/// Reads a chart as a participant.
struct Reader<'c> {
    rule: &'c Rule<'c>,
    program: &'c Program,
    context: &'c Context<'c>,
    dataset: &'c Dataset,
    chart: &'c Chart,
    /// Until when the data reach.
    last: Option<Day>,
}

impl Reader<'_> {
    /// None for those who were never assigned to a level.
    fn participant(&self) -> Result<Option<Participant>, String> {
        let patient = &self.chart.patient;
        let text = |code| self.dataset.dictionary().meant(code);
        let milestones = &self.rule.protocol.milestones;
        let anchor = milestones.get(self.rule.anchor.index());
        let mut days = self
            .chart
            .milestones_of(rows::EVERY_ROW)
            .filter(|row| anchor.is_some_and(|anchor| *anchor.name == *text(row.code)))
            .map(|row| row.time);
        let first = days.next();
        if days.any(|other| Some(other) != first) {
            return Err(format!(
                "{patient} was treated on two days, and counts nowhere"
            ));
        }
        let treated = match first {
            Some(time) if time.first_day() == time.last_day() => Some(time.first_day()),
            Some(time) => {
                return Err(format!("{patient} was treated in {time}, a day is needed"));
            }
            None => None,
        };
        let levels = &self.rule.conduct.levels;
        let rows = self.chart.assignments.iter().filter_map(|row| {
            let name = text(row.code);
            Some((levels.iter().position(|level| level == name)?, row))
        });
        // The last assignment before treatment counts; without a treatment, the last of all.
        let known = rows.filter(|(_, row)| treated.is_none_or(|day| row.time.first_day() <= day));
        let Some((level, row)) = known.max_by_key(|(_, row)| (row.time.first_day(), row.at)) else {
            return match treated {
                Some(day) => Err(format!(
                    "{patient} was treated on {day} and assigned to no dose level before"
                )),
                None => Ok(None),
            };
        };
        let (dlt, not_evaluable) = match treated {
            Some(day) => (self.dlt(day), self.not_evaluable()),
            None => (Dlt::None, None),
        };
        Ok(Some(Participant {
            id: patient.to_string(),
            assigned: level,
            received: self.received(level),
            treated,
            order: 0,
            dlt,
            moderate: None,
            not_evaluable,
            replaces: row.replaces.as_ref().map(ToString::to_string),
        }))
    }

    /// What was given, held against the doses of the levels: that of the assigned one, of another, or less than
    /// assigned. What is not recorded is taken as given as assigned.
    fn received(&self, assigned: usize) -> Received {
        let levels = self.rule.protocol.trial.dose_levels.as_ref();
        let levels = levels.map_or(&[][..], |levels| &levels.levels);
        let asking = Asking {
            program: self.program,
            context: self.context,
            chart: self.chart,
            known_at: When::from_day(self.last.unwrap_or(Day::MAX)),
        };
        let trial = &self.rule.protocol.trial;
        let product = trial.dose_levels.as_ref().map(|levels| levels.product);
        let tolerated = product.map_or_else(Exact::zero, |product| tolerated(trial, product));
        let fits = |level: &DoseLevel| {
            let given = asking.product_given(level, self.dataset)?;
            let mut doses = level.doses.iter();
            Some(doses.any(|dose| {
                !is_short(&given, dose, &tolerated) && !is_short(dose, &given, &tolerated)
            }))
        };
        let Some(own) = levels.get(assigned) else {
            return Received::AsAssigned;
        };
        let (Some(false), Some(given)) = (fits(own), asking.product_given(own, self.dataset))
        else {
            return Received::AsAssigned;
        };
        if let Some(other) = levels.iter().position(|level| fits(level) == Some(true)) {
            return Received::Level(other);
        }
        if own
            .doses
            .iter()
            .all(|dose| is_short(&given, dose, &tolerated))
        {
            Received::Less
        } else {
            Received::AsAssigned
        }
    }

    fn ask(&self, asked: AskedId, day: Day) -> Truth {
        let end = self.rule.protocol.trial.end_of_data;
        let end = end.map(|end| (end, When::from_day(day)));
        let assumed = self.context.all_assumed().iter().copied();
        let assumed: Vec<(MilestoneId, When)> = assumed.chain(end).collect();
        let context = self.context.assuming(&assumed);
        ask(
            self.program,
            &context,
            self.chart,
            asked,
            &mut Scratch::new(),
        )
    }

    /// The first day of the window on whose evening the data say that there was a toxicity.
    fn dlt(&self, treated: Day) -> Dlt {
        let Some(asked) = self.rule.escalation.toxicity else {
            return Dlt::None;
        };
        let window = i64::from(self.rule.conduct.window);
        let days = (0..=window).filter_map(|after| treated.add_days(after));
        let mut last = Truth::False;
        for day in days.filter(|day| self.last.is_none_or(|last| *day <= last)) {
            last = self.ask(asked, day);
            if last == Truth::True {
                return Dlt::On(day);
            }
        }
        match last {
            Truth::Open(_) => Dlt::Pending,
            Truth::True | Truth::False | Truth::NotApplicable => Dlt::None,
        }
    }

    fn not_evaluable(&self) -> Option<String> {
        let populations = &self.rule.protocol.trial.populations;
        let population = populations.get(self.rule.escalation.evaluable?.index())?;
        let truth = self.ask(population.asked, self.last.unwrap_or(Day::MAX));
        match truth {
            Truth::True => None,
            Truth::False | Truth::NotApplicable => Some(format!("not of {}", population.name)),
            Truth::Open(_) => Some(format!("not known whether of {}", population.name)),
        }
    }
}
