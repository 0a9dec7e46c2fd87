//! What was not as planned, in one sentence each, and what came of the visits.

use lind_model::results::{Attendance, NotAsPlanned, Participant, Results};
use lind_model::trial::{Deviation, VisitDays};
use lind_model::{MilestoneId, Protocol, VisitId};
use lind_time::{Day, StudyDays, When};
use lind_units::{Exact, read_aloud};

use super::numbers::{number, rounded};
use super::{Table, terms};
use crate::doc::spoken;

/// A row for each thing that was not as planned.
pub(super) fn deviations(protocol: &Protocol, results: &Results) -> Table {
    let mut table = Table {
        caption: "Deviations from the protocol".to_owned(),
        head: ["Participant", "Date", "Deviation"]
            .map(ToOwned::to_owned)
            .to_vec(),
        words: vec![1, 2],
        ..Table::default()
    };
    let mut before: Option<(usize, VisitId)> = None;
    for deviation in &results.deviations {
        let Some(participant) = results.participants.get(deviation.participant) else {
            continue;
        };
        let days = StudyDaysOf::new(protocol, participant);
        // What was left out at a visit stands in one sentence.
        let left_out = left_out(protocol, &deviation.what);
        let here = left_out
            .as_ref()
            .map(|(visit, _)| (deviation.participant, *visit));
        if let (Some((_, name)), Some(last), true) = (
            &left_out,
            table.rows.last_mut(),
            here.is_some() && here == before,
        ) {
            if let Some(cell) = last.last_mut() {
                cell.push_str(&format!("; {name}"));
            }
            continue;
        }
        before = here;
        table.rows.push(vec![
            participant.id.to_string(),
            date(&deviation.what).unwrap_or_default(),
            days.sentence(&deviation.what),
        ]);
    }
    if let (false, Some(words)) = (table.rows.is_empty(), counted_from(protocol)) {
        table.notes.push(words);
    }
    if !results.participants.is_empty() {
        table.notes.extend(tolerances(protocol));
    }
    table
}

/// By how much less than planned a dose counts as given as planned, once if it is the same for all plans.
fn tolerances(protocol: &Protocol) -> Vec<String> {
    let plans = protocol.trial.treatment_plans.iter();
    let plans: Vec<_> = plans.filter(|plan| !plan.lines.is_empty()).collect();
    let words = |tolerated: &Exact| {
        format!(
            "doses that are up to {} % below the planned one count as given as planned",
            number(tolerated, None, &protocol.trial.statistics)
        )
    };
    let mut shares: Vec<Exact> = plans.iter().map(|plan| plan.tolerated()).collect();
    shares.dedup();
    match shares.as_slice() {
        [] => Vec::new(),
        [one] => vec![words(one)],
        _ => plans
            .iter()
            .map(|plan| format!("{}: {}", plan.title, words(&plan.tolerated())))
            .collect(),
    }
}

/// What of a visit was left out, if that is it.
fn left_out(protocol: &Protocol, what: &NotAsPlanned) -> Option<(VisitId, String)> {
    let NotAsPlanned::Visit {
        visit, deviation, ..
    } = what
    else {
        return None;
    };
    let name = match deviation {
        Deviation::NotDone(id) => protocol
            .trial
            .assessments
            .get(id.index())?
            .title
            .to_string(),
        Deviation::PartNotDone(id, place) => terms::part(protocol, *id, *place),
        _ => return None,
    };
    Some((*visit, name))
}

/// How study days are counted, if they are.
fn counted_from(protocol: &Protocol) -> Option<String> {
    let count = protocol.trial.study_days?;
    let anchor = milestone(protocol, count.anchor);
    Some(match count.count {
        StudyDays::FromZero => format!("days are study days; that of {anchor} is day 0"),
        StudyDays::FromOne => {
            format!("days are study days; that of {anchor} is day 1, and the day before it day -1")
        }
    })
}

/// A row for each visit: of how many it took place, and what was done at it.
pub(super) fn attendance(protocol: &Protocol, results: &Results) -> Table {
    let mut table = Table {
        caption: "Visits and assessments, planned and done".to_owned(),
        head: [
            "Visit",
            "Took place",
            "Early",
            "Late",
            "Missed",
            "Assessments planned",
            "Done",
            "Done in part",
            "Not done",
            "Cannot be told",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        ..Table::default()
    };
    let happened = |it: &&Attendance| it.took_place + it.missed > 0;
    for counted in results.attendance.iter().filter(happened) {
        let counts = [
            counted.took_place,
            counted.early,
            counted.late,
            counted.missed,
            counted.planned,
            counted.done,
            counted.in_part,
            counted.not_done,
            counted.open,
        ];
        let cells = counts.iter().map(ToString::to_string);
        table.rows.push(
            std::iter::once(visit(protocol, counted.visit))
                .chain(cells)
                .collect(),
        );
    }
    if !table.rows.is_empty() {
        table.notes.push(
            "assessments that were planned where the visit took place; who lacks which stands among the deviations"
                .to_owned(),
        );
    }
    table
}

/// The date at which a deviation is found in the data, or would have been.
fn date(what: &NotAsPlanned) -> Option<String> {
    Some(match what {
        NotAsPlanned::Visit {
            on: Some((first, _)),
            ..
        }
        | NotAsPlanned::Unscheduled { on: (first, _), .. } => first.to_string(),
        NotAsPlanned::Visit {
            planned: VisitDays::Known {
                planned, latest, ..
            },
            ..
        } => planned.or(*latest)?.to_string(),
        NotAsPlanned::Visit { .. } => return None,
        NotAsPlanned::Dose { on, .. } | NotAsPlanned::DoseNotKnown { on, .. } => day_of((*on)?),
        NotAsPlanned::Toxicity { onset, .. } => day_of(*onset),
        NotAsPlanned::Order { on, .. } => day_of(*on),
    })
}

/// The day of a time, or as much of it as is known.
fn day_of(time: When) -> String {
    if time.is_exact_day() {
        time.first_day().to_string()
    } else {
        time.to_string()
    }
}

/// Days as a participant's study days, or as dates where those are not counted.
pub(super) struct StudyDaysOf<'p> {
    protocol: &'p Protocol,
    count: Option<(StudyDays, Day)>,
}

impl<'p> StudyDaysOf<'p> {
    pub(super) fn new(protocol: &'p Protocol, participant: &Participant) -> Self {
        let count = protocol.trial.study_days.and_then(|count| {
            let reached = participant.milestones.get(count.anchor.index())?;
            let time = (*reached).filter(When::is_exact_day)?;
            Some((count.count, time.first_day()))
        });
        Self { protocol, count }
    }

    /// `17`, or a date.
    fn one(&self, day: Day) -> String {
        match self.count {
            Some((count, zero)) => count.number(zero, day).to_string(),
            None => day.to_string(),
        }
    }

    /// `day 17`, or a date.
    pub(super) fn day(&self, day: Day) -> String {
        match self.count {
            Some(_) => format!("day {}", self.one(day)),
            None => day.to_string(),
        }
    }

    /// `day 17 to 19`
    fn days(&self, (first, last): (Day, Day)) -> String {
        if first == last {
            self.day(first)
        } else {
            format!("{} to {}", self.day(first), self.one(last))
        }
    }

    /// `day 17`, or the time as well as it is known.
    fn time(&self, time: When) -> String {
        if time.is_exact_day() {
            self.day(time.first_day())
        } else {
            time.to_string()
        }
    }

    /// ` (planned day 14, 13 to 15)`
    fn planned(&self, days: VisitDays) -> String {
        let VisitDays::Known {
            planned,
            earliest,
            latest,
        } = days
        else {
            return String::new();
        };
        let allowed = match (earliest, latest) {
            (Some(from), Some(to)) if Some(from) == planned && Some(to) == planned => None,
            (Some(from), Some(to)) => Some((Some(from), Some(to))),
            (None, None) => None,
            ends => Some(ends),
        };
        // The word `day` stands once.
        let mut is_first = planned.is_none();
        let mut said = |day: Day| {
            let text = if is_first {
                self.day(day)
            } else {
                self.one(day)
            };
            is_first = false;
            text
        };
        let allowed = allowed.map(|ends| match ends {
            (Some(from), Some(to)) => format!("{} to {}", said(from), said(to)),
            (Some(from), None) => format!("from {} on", said(from)),
            (None, Some(to)) => format!("until {}", said(to)),
            (None, None) => String::new(),
        });
        let planned = planned.map(|day| self.day(day));
        let parts: Vec<String> = planned.into_iter().chain(allowed).collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!(" (planned {})", parts.join(", "))
        }
    }

    /// What was not as planned, in one sentence without a full stop.
    pub(super) fn sentence(&self, what: &NotAsPlanned) -> String {
        match what {
            NotAsPlanned::Visit {
                visit: id,
                planned,
                on,
                deviation,
            } => self.of_visit((*id, *on), *planned, *deviation, what),
            NotAsPlanned::Unscheduled { on, .. } => {
                format!("unscheduled visit on {}", self.days(*on))
            }
            NotAsPlanned::Dose {
                drug,
                given,
                planned,
                unit,
                level,
                on,
            } => self.of_dose(
                &terms::drug(self.protocol, *drug),
                (given, planned, unit),
                level.as_deref(),
                *on,
            ),
            NotAsPlanned::DoseNotKnown { drug, on } => format!(
                "the dose of {}{} cannot be held against the planned one",
                terms::drug(self.protocol, *drug),
                on.map_or_else(String::new, |on| format!(" given on {}", self.time(on)))
            ),
            NotAsPlanned::Toxicity {
                term,
                grade,
                onset,
                window,
            } => {
                let grade = grade.map_or_else(String::new, |grade| format!(" of grade {grade}"));
                let (first, last) = (onset.first_day(), onset.last_day());
                let far = match *window {
                    (_, Some(to)) if to < first => {
                        format!("{} after the window", counted(to.days_until(first)))
                    }
                    (Some(from), _) if last < from => {
                        format!("{} before the window", counted(last.days_until(from)))
                    }
                    _ => "outside of the window".to_owned(),
                };
                let days = match *window {
                    (Some(from), Some(to)) => format!(" ({})", self.days((from, to))),
                    _ => String::new(),
                };
                format!(
                    "{}{grade} began on {}, {far} of dose-limiting toxicities{days}, and was judged dose-limiting",
                    terms::event(self.protocol, term),
                    self.time(*onset)
                )
            }
            NotAsPlanned::Order {
                milestone: id,
                on,
                first,
                first_on,
            } => format!(
                "{} on {}, before {} on {}, which comes first",
                milestone(self.protocol, *id),
                self.time(*on),
                milestone(self.protocol, *first),
                self.time(*first_on)
            ),
        }
    }

    fn of_visit(
        &self,
        (id, on): (VisitId, Option<(Day, Day)>),
        days: VisitDays,
        deviation: Deviation,
        what: &NotAsPlanned,
    ) -> String {
        let title = visit(self.protocol, id);
        let here = on.map_or_else(String::new, |on| format!(" on {}", self.days(on)));
        let planned = self.planned(days);
        match deviation {
            Deviation::Late(count) => {
                format!("visit {title}{here}, {} late{planned}", counted(count))
            }
            Deviation::Early(count) => {
                format!("visit {title}{here}, {} early{planned}", counted(count))
            }
            Deviation::Missed => format!("visit {title} missed{planned}"),
            Deviation::AfterItsEnd(end) => format!(
                "visit {title}{here}, after {}, which ended it",
                milestone(self.protocol, end)
            ),
            Deviation::NotDone(_) | Deviation::PartNotDone(..) => {
                let name = left_out(self.protocol, what).map_or_else(String::new, |(_, name)| name);
                format!("not done at visit {title}{here}: {name}")
            }
        }
    }

    fn of_dose(
        &self,
        drug: &str,
        (given, planned, unit): (&Exact, &Exact, &str),
        level: Option<&str>,
        on: Option<When>,
    ) -> String {
        let unit = read_aloud(unit);
        let statistics = &self.protocol.trial.statistics;
        let planned_text = number(planned, None, statistics);
        if given.is_zero() {
            return format!("no {drug} given; planned {planned_text} {unit}");
        }
        let share = planned.sub(given).checked_div(planned).unwrap_or_default();
        let percent = rounded(
            &share.mul(&Exact::from_integer(100)),
            1,
            statistics.rounding,
        );
        let on = on.map_or_else(String::new, |on| {
            format!(" on {}", self.day(on.first_day()))
        });
        let than = match level {
            Some(level) => format!("dose level {level}"),
            None => "the planned dose".to_owned(),
        };
        format!(
            "{} of {planned_text} {unit} of {drug} given{on}, {percent} % below {than}",
            number(given, None, statistics)
        )
    }
}

fn counted(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

fn visit(protocol: &Protocol, id: VisitId) -> String {
    let visit = protocol.trial.visits.get(id.index());
    visit.map_or_else(String::new, |visit| visit.title.to_string())
}

fn milestone(protocol: &Protocol, id: MilestoneId) -> String {
    let milestone = protocol.milestones.get(id.index());
    milestone.map_or_else(String::new, |milestone| spoken(&milestone.name))
}
