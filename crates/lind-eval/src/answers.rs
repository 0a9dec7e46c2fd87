//! What people answered, and what has happened.

use lind_model::plan::ConceptKind;
use lind_model::protocol::{Interval, Sex};
use lind_model::{MilestoneId, OpenKind, Truth};
use lind_records::{Chart, Table};
use lind_time::{Tri, age_completed_years};
use lind_units::Exact;

use crate::milestones::Reached;
use crate::moments::Moment;
use crate::trace::{Note, Trace};
use crate::view::View;

impl<'c> View<'c> {
    /// The latest answer that is known by the gate.
    pub(crate) fn answer<T: Trace<'c>>(&self, kind: ConceptKind, trace: &mut T) -> Truth {
        let concept = self.program.concept(kind);
        let mut best: Option<Moment> = None;
        let mut common: Option<Tri> = None;
        let mut sure = false;
        let mut possible = false;
        // The latest first: nothing that comes later in this order can overtake what came before.
        for row in self.chart.attestations_of(concept).rev() {
            let moment = self.moment(row.time);
            // An answer without a date counts as given by now.
            let known = match row.time {
                Some(_) => self.known(moment),
                None => Tri::Yes,
            };
            if known == Tri::No || best.is_some_and(|best| moment.surely_before(best)) {
                continue;
            }
            possible = true;
            trace.note(|| Note::Answer(row));
            if known == Tri::Yes {
                sure = true;
                best = Some(match best {
                    Some(best) if best.first >= moment.first => best,
                    _ => moment,
                });
            }
            let answer = Tri::from(row.answer);
            common = Some(match common {
                Some(other) if other != answer => Tri::Maybe,
                _ => answer,
            });
        }
        for row in self.chart.set_aside_of(Table::Attestations, concept) {
            let moment = self.moment(row.time);
            let known = row.time.map_or(Tri::Maybe, |_| self.known(moment));
            if known != Tri::No && !best.is_some_and(|best| moment.surely_before(best)) {
                trace.note(|| Note::SetAside(row));
                possible = true;
                common = Some(Tri::Maybe);
            }
        }
        if !possible {
            return Truth::Open(OpenKind::NeedsJudgement);
        }
        match common {
            Some(common) if sure => Truth::from_tri(common),
            _ => Truth::Open(OpenKind::Unknown),
        }
    }

    /// Whether a milestone has been reached by the gate.
    pub(crate) fn happened(&self, milestone: MilestoneId) -> Truth {
        match self.reached(milestone) {
            Reached::At(time) => match self.known(Moment::at(time)) {
                Tri::Yes => Truth::True,
                Tri::Maybe => Truth::Open(OpenKind::Unknown),
                Tri::No => Truth::Open(OpenKind::Pending),
            },
            Reached::NotYet => Truth::Open(OpenKind::Pending),
            Reached::Unclear => Truth::Open(OpenKind::Unknown),
        }
    }

    /// Whether the age in completed years at a milestone, or at the gate, lies in an interval.
    pub(crate) fn age<T: Trace<'c>>(
        &self,
        at: Option<MilestoneId>,
        interval: &Interval,
        trace: &mut T,
    ) -> Truth {
        // A missing date of birth can be chased at once, whatever else is still to come.
        let time = at.map_or(Ok(self.time), |milestone| self.anchor(milestone));
        let Some(birth) = self.chart.birth else {
            let time = time.unwrap_or(self.time);
            trace.note(|| Note::Age { years: None, time });
            return Truth::Open(OpenKind::Unknown);
        };
        let time = match (time, at) {
            (Ok(time), _) => time,
            (Err(kind), milestone) => {
                let milestone = milestone.unwrap_or(self.gate);
                trace.note(|| Note::Blocked(milestone, self.reached(milestone)));
                return Truth::Open(kind);
            }
        };
        let (youngest, oldest) = age_completed_years(&birth, &time);
        trace.note(|| Note::Age {
            years: Some((youngest, oldest)),
            time,
        });
        if oldest < 0 {
            // Born after the gate: the dates contradict each other.
            return Truth::Open(OpenKind::Unknown);
        }
        let mut common: Option<Tri> = None;
        for years in youngest..=oldest {
            let one = Tri::from(interval.contains(&Exact::from_integer(years)));
            common = Some(match common {
                Some(other) if other != one => Tri::Maybe,
                _ => one,
            });
        }
        Truth::from_tri(common.unwrap_or(Tri::Maybe))
    }
}

/// The sex, as guards and formulas name it; none if it is not known or another.
pub(crate) fn sex(chart: &Chart) -> Option<Sex> {
    match chart.sex {
        Some(lind_records::Sex::Female) => Some(Sex::Female),
        Some(lind_records::Sex::Male) => Some(Sex::Male),
        Some(lind_records::Sex::Other | lind_records::Sex::Unknown) | None => None,
    }
}

/// Whether the patient is of the sex that a guard names.
pub(crate) fn wanted_sex(wanted: Sex, chart: &Chart) -> Truth {
    sex(chart).map_or(Truth::Open(OpenKind::Unknown), |sex| {
        Truth::of(sex == wanted)
    })
}
