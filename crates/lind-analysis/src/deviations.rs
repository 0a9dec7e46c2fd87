//! What is not as planned: visits and what was left out at them, doses, toxicities outside of their window, and the
//! order of milestones.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::results::{Attendance, NotAsPlanned, Participant, ProtocolDeviation};
use lind_model::trial::{
    Course, Deviation, DoseBasis, DoseLevel, Dosing, DosingDays, PlannedDose, TreatmentPlan, Trial,
    VisitDays,
};
use lind_model::{MilestoneId, SetId};
use lind_records::{Completeness, Dataset, Table, Treatment};
use lind_time::{Day, Tri, When};
use lind_units::{Exact, Unit};

use crate::schedule::Scheduled;
use crate::{Asking, rows};

/// What is not as planned, of all participants in their order, and what came of the visits.
pub(crate) fn conduct(
    asking: &[Asking<'_>],
    participants: &[Participant],
    dataset: &Dataset,
) -> (Vec<ProtocolDeviation>, Vec<Attendance>) {
    let Some(first) = asking.first() else {
        return (Vec::new(), Vec::new());
    };
    let order = first.trial().planned_order();
    let mut attendance: Vec<Attendance> = order
        .into_iter()
        .map(|visit| Attendance {
            visit,
            took_place: 0,
            early: 0,
            late: 0,
            missed: 0,
            planned: 0,
            done: 0,
            in_part: 0,
            not_done: 0,
            open: 0,
        })
        .collect();
    let mut deviations = Vec::new();
    for (place, (one, participant)) in asking.iter().zip(participants).enumerate() {
        let scheduled = Scheduled::new(one.program, one.context, dataset, one.chart);
        let course = scheduled.course(Some(one.known_at.last_day()), Course::default());
        let mut found = one.order(&course);
        let of_visits = one.visits(&scheduled, &course, &mut attendance);
        found.extend(of_visits);
        found.extend(one.doses(dataset, participant));
        found.extend(one.toxicities(dataset));
        found.sort_by_key(|(day, _)| *day);
        deviations.extend(found.into_iter().map(|(_, what)| ProtocolDeviation {
            participant: place,
            what,
        }));
    }
    (deviations, attendance)
}

/// Something with the day at which it stands among the others; what has none stands first.
type Found = (Option<Day>, NotAsPlanned);

/// How much of a drug was given.
struct Given {
    amount: Exact,
    first: Option<When>,
}

impl Asking<'_> {
    /// What of the visits is not as planned; counts what came of each.
    fn visits(
        &self,
        scheduled: &Scheduled<'_>,
        course: &Course,
        attendance: &mut [Attendance],
    ) -> Vec<Found> {
        let months = self
            .program
            .plan()
            .choices
            .months(&self.program.plan().protocol);
        let deviations = scheduled.deviations(course);
        let assessed = scheduled.assessed(course);
        let mut found = Vec::new();
        for counted in attendance {
            let id = counted.visit;
            let planned = self.trial().days(id, course, months);
            let rows = course.visits.iter().filter(|(visit, ..)| *visit == id);
            let rows = rows.map(|(_, start, end)| {
                (
                    start.first_day(),
                    end.map_or(start.last_day(), |end| end.last_day()),
                )
            });
            if planned == VisitDays::Unscheduled {
                let unscheduled = rows.map(|on| {
                    let what = NotAsPlanned::Unscheduled { visit: id, on };
                    counted.took_place += 1;
                    (Some(on.0), what)
                });
                found.extend(unscheduled);
                continue;
            }
            let on = course.took_place(id).map(|(start, end)| {
                (
                    start.first_day(),
                    end.map_or(start.last_day(), |end| end.last_day()),
                )
            });
            counted.took_place += usize::from(on.is_some());
            for one in assessed.iter().filter(|one| one.visit == id) {
                counted.planned += 1;
                match one.is_done() {
                    Tri::Yes => counted.done += 1,
                    Tri::No if one.is_left_out() => counted.not_done += 1,
                    Tri::No => counted.in_part += 1,
                    Tri::Maybe => counted.open += 1,
                }
            }
            for (_, deviation) in deviations.iter().filter(|(visit, _)| *visit == id) {
                match deviation {
                    Deviation::Early(_) => counted.early += 1,
                    Deviation::Late(_) => counted.late += 1,
                    Deviation::Missed => counted.missed += 1,
                    Deviation::AfterItsEnd(_)
                    | Deviation::NotDone(_)
                    | Deviation::PartNotDone(..) => {}
                }
                let day = on.map(|(first, _)| first).or(match planned {
                    VisitDays::Known {
                        planned, earliest, ..
                    } => planned.or(earliest),
                    _ => None,
                });
                let what = NotAsPlanned::Visit {
                    visit: id,
                    planned,
                    on,
                    deviation: *deviation,
                };
                found.push((day, what));
            }
        }
        found
    }

    /// Milestones that were reached before one that comes first, each with the last of those.
    fn order(&self, course: &Course) -> Vec<Found> {
        let milestones = &self.program.plan().protocol.milestones;
        let mut found = Vec::new();
        for (id, on) in &course.reached {
            let Some(declared) = milestones.get(id.index()) else {
                continue;
            };
            if declared.same_as.is_some() {
                continue;
            }
            let earlier = course.reached.iter().filter(|(other, time)| {
                other != id && declared.not_later.contains(other) && on.end() < time.start()
            });
            let first = earlier
                .filter(|(other, _)| is_own(milestones, *other))
                .max_by_key(|(_, time)| time.start());
            if let Some((first, first_on)) = first {
                let what = NotAsPlanned::Order {
                    milestone: *id,
                    on: *on,
                    first: *first,
                    first_on: *first_on,
                };
                found.push((Some(on.first_day()), what));
            }
        }
        found
    }

    /// Doses below the planned ones.
    fn doses(&self, dataset: &Dataset, participant: &Participant) -> Vec<Found> {
        let mut found = Vec::new();
        for plan in &self.trial().treatment_plans {
            if !self.is_given(plan, participant) {
                continue;
            }
            let tolerated = plan.tolerated();
            for line in &plan.lines {
                let short = match &line.dose {
                    PlannedDose::Level => self.level_dose(line, &tolerated, dataset, participant),
                    PlannedDose::Amount {
                        amount,
                        unit,
                        basis,
                    } => self.planned_dose(line, &tolerated, (amount, unit, *basis), dataset),
                };
                found.extend(short.map(|what| {
                    let on = match &what {
                        NotAsPlanned::Dose { on, .. } | NotAsPlanned::DoseNotKnown { on, .. } => {
                            on.map(|time| time.first_day())
                        }
                        _ => None,
                    };
                    (on, what)
                }));
            }
        }
        found
    }

    /// Whether a plan is one for the arm of a participant.
    fn is_given(&self, plan: &TreatmentPlan, participant: &Participant) -> bool {
        let mut arms = plan
            .arms
            .iter()
            .filter_map(|id| self.trial().arms.get(id.index()));
        plan.arms.is_empty() || arms.any(|arm| participant.assigned.as_ref() == Some(&arm.name))
    }

    /// The product against the dose level that was assigned, once any of it was given.
    fn level_dose(
        &self,
        line: &Dosing,
        tolerated: &Exact,
        dataset: &Dataset,
        participant: &Participant,
    ) -> Option<NotAsPlanned> {
        let levels = self.trial().dose_levels.as_ref()?;
        let level: &DoseLevel = levels.levels.get(participant.level?)?;
        let least = level.doses.iter().min()?;
        let rows: Vec<&Treatment> = self.given_rows(levels.product, dataset)?;
        // Before its days are over, nothing given is nothing missed.
        let is_over = self
            .dosing_days(line)
            .is_some_and(|(_, to)| to < self.known_at.last_day());
        if rows.is_empty() && !is_over {
            return None;
        }
        let first = rows
            .iter()
            .filter_map(|row| row.start)
            .min_by_key(|time| time.start());
        let Some(given) = self.sum(&rows, dataset, &level.unit, levels.basis) else {
            return Some(NotAsPlanned::DoseNotKnown {
                drug: line.drug,
                on: first,
            });
        };
        is_short(&given.amount, least, tolerated).then(|| NotAsPlanned::Dose {
            drug: line.drug,
            given: given.amount,
            planned: least.clone(),
            unit: Arc::from(written(&level.unit, levels.basis)),
            level: Some(Arc::clone(&level.name)),
            on: given.first,
        })
    }

    /// How much of the product of the dose levels was given in all, in the unit of a level; none where nothing is
    /// recorded or it cannot be told.
    pub(crate) fn product_given(&self, level: &DoseLevel, dataset: &Dataset) -> Option<Exact> {
        let levels = self.trial().dose_levels.as_ref()?;
        let rows = self.given_rows(levels.product, dataset)?;
        if rows.is_empty() {
            return None;
        }
        let given = self.sum(&rows, dataset, &level.unit, levels.basis)?;
        Some(given.amount)
    }

    /// A drug against its dose on its days, once those are over.
    fn planned_dose(
        &self,
        line: &Dosing,
        tolerated: &Exact,
        (amount, unit, basis): (&Exact, &Unit, DoseBasis),
        dataset: &Dataset,
    ) -> Option<NotAsPlanned> {
        let Some(DosingDays::Days(days)) = &line.days else {
            return None;
        };
        let (from, to) = self.dosing_days(line)?;
        if self.known_at.last_day() <= to {
            return None;
        }
        let on_days = |row: &&Treatment| {
            row.start.is_none_or(|start| start.first_day() <= to)
                && row
                    .end
                    .or(row.start)
                    .is_none_or(|end| from <= end.last_day())
        };
        let rows = self.given_rows(line.drug, dataset)?;
        let rows: Vec<&Treatment> = rows.into_iter().filter(on_days).collect();
        let times = i64::from(line.times_a_day).checked_mul(i64::try_from(days.len()).ok()?)?;
        let planned = amount.mul(&Exact::from_integer(times));
        let first = rows
            .iter()
            .filter_map(|row| row.start)
            .min_by_key(|time| time.start());
        let Some(given) = self.sum(&rows, dataset, unit, basis) else {
            return Some(NotAsPlanned::DoseNotKnown {
                drug: line.drug,
                on: first,
            });
        };
        is_short(&given.amount, &planned, tolerated).then(|| NotAsPlanned::Dose {
            drug: line.drug,
            given: given.amount,
            planned,
            unit: Arc::from(written(unit, basis)),
            level: None,
            on: given.first,
        })
    }

    /// The first and the last day on which a drug is planned; none where they are not known.
    fn dosing_days(&self, line: &Dosing) -> Option<(Day, Day)> {
        let Some(DosingDays::Days(days)) = &line.days else {
            return None;
        };
        let count = self.trial().study_days?;
        let zero = lind_eval::milestone_time(self.program, self.context, self.chart, count.anchor)
            .ok()
            .filter(When::is_exact_day)?
            .first_day();
        let day = |number: &i64| {
            let offset = count.count.offset(*number).ok()?;
            let (least, most) = offset.day_bounds();
            (least == most).then(|| zero.add_days(least))?
        };
        Some((day(days.first()?)?, day(days.last()?)?))
    }

    /// The rows of a drug; none where a row that is not there would say nothing, or one could not be read.
    fn given_rows(&self, drug: SetId, dataset: &Dataset) -> Option<Vec<&Treatment>> {
        let concept = rows::drug(drug);
        let complete = dataset.complete_for(Table::Treatments, concept) == Completeness::Complete;
        let mut set_aside = self.chart.set_aside_of(Table::Treatments, concept);
        (complete && set_aside.next().is_none())
            .then(|| self.chart.treatments_of(concept).collect())
    }

    /// How much some rows come to in all; none if one of them cannot be told.
    fn sum(
        &self,
        rows: &[&Treatment],
        dataset: &Dataset,
        unit: &Unit,
        basis: DoseBasis,
    ) -> Option<Given> {
        let target = based(unit, basis)?;
        let mut amount = Exact::zero();
        for row in rows {
            let recorded = dataset.units().get(row.unit?)?;
            let conversion = recorded.conversion(&target, None).ok()?;
            let times = match row.frequency {
                None => 1,
                Some(word) => times_a_day(dataset.symbols().text(word))?,
            };
            let start = row.start.filter(When::is_exact_day)?.first_day();
            let end = row.end.map_or(Some(start), |end| {
                end.is_exact_day().then(|| end.last_day())
            })?;
            let days = start.days_until(end).checked_add(1)?;
            let count = Exact::from_integer(days.checked_mul(times)?);
            amount = amount.add(&conversion.apply_decimal(&row.dose?).mul(&count));
        }
        Some(Given {
            amount,
            first: rows
                .iter()
                .filter_map(|row| row.start)
                .min_by_key(|time| time.start()),
        })
    }

    /// Adverse events that were judged dose-limiting and certainly began outside of the window, each term once.
    fn toxicities(&self, dataset: &Dataset) -> Vec<Found> {
        let window = self.trial().escalation.as_ref();
        let Some(window) = window.and_then(|rule| rule.window.as_ref()) else {
            return Vec::new();
        };
        let mut terms: BTreeMap<&str, (When, Option<u8>)> = BTreeMap::new();
        for event in self
            .chart
            .adverse_events
            .iter()
            .filter(|event| event.dlt == Some(true))
        {
            let Some(onset) = event.onset else {
                continue;
            };
            let inside = self.lies_within(window, Some(onset));
            if inside == Ok(Tri::No) {
                let known = terms.entry(dataset.dictionary().meant(event.code));
                let known = known.or_insert((onset, event.grade));
                if onset.start() < known.0.start() {
                    known.0 = onset;
                }
                known.1 = known.1.max(event.grade);
            }
        }
        let days = rows::anchor(window).and_then(|(anchor, window)| {
            let time = lind_eval::milestone_time(self.program, self.context, self.chart, anchor);
            let zero = time.ok().filter(When::is_exact_day)?.first_day();
            let end = |edge: lind_time::Edge| {
                let (least, most) = edge.offset()?.day_bounds();
                (least == most).then(|| zero.add_days(least))?
            };
            Some((end(window.from), end(window.to)))
        });
        let found = terms.into_iter().map(|(term, (onset, grade))| {
            let what = NotAsPlanned::Toxicity {
                term: Arc::from(term),
                grade,
                onset,
                window: days.unwrap_or_default(),
            };
            (Some(onset.first_day()), what)
        });
        found.collect()
    }
}

/// Whether a milestone has a name of its own.
fn is_own(milestones: &[lind_model::protocol::Milestone], id: MilestoneId) -> bool {
    milestones
        .get(id.index())
        .is_some_and(|milestone| milestone.same_as.is_none())
}

/// Whether less was given than counts as planned, with so many per cent tolerated.
pub(crate) fn is_short(given: &Exact, planned: &Exact, tolerated: &Exact) -> bool {
    let hundred = Exact::from_integer(100);
    given.mul(&hundred) < planned.mul(&hundred.sub(tolerated))
}

/// By how much less than its level, in per cent, a dose of a product counts as given as planned: as the plan that
/// gives it says.
pub(crate) fn tolerated(trial: &Trial, product: SetId) -> Exact {
    let mut plans = trial.treatment_plans.iter();
    let plan = plans.find(|plan| {
        let mut lines = plan.lines.iter();
        lines.any(|line| line.drug == product && matches!(line.dose, PlannedDose::Level))
    });
    plan.map_or_else(
        || Exact::from_integer(TreatmentPlan::USUAL_TOLERANCE),
        TreatmentPlan::tolerated,
    )
}

/// A unit by what a dose is counted by.
fn based(unit: &Unit, basis: DoseBasis) -> Option<Unit> {
    let by = match basis {
        DoseBasis::Total => return Some(unit.clone()),
        DoseBasis::PerKilogram => "kg",
        DoseBasis::PerSquareMetre => "m2",
    };
    Unit::parse(&format!("{}/{by}", unit.code())).ok()
}

fn written(unit: &Unit, basis: DoseBasis) -> String {
    let by = match basis {
        DoseBasis::Total => "",
        DoseBasis::PerKilogram => "/kg",
        DoseBasis::PerSquareMetre => "/m2",
    };
    format!("{}{by}", unit.written())
}

/// How often a day something is given, where the word says a whole number of times.
fn times_a_day(word: &str) -> Option<i64> {
    match word {
        "once" | "once_daily" | "daily" | "qd" | "od" => Some(1),
        "twice_daily" | "bid" => Some(2),
        "three_times_daily" | "tid" => Some(3),
        "four_times_daily" | "qid" => Some(4),
        _ => None,
    }
}
