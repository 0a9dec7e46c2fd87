//! Counting what both versions say of the patients of a data set.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::difference::{
    Beyond, Cohort, CohortEnrolled, CohortGate, CohortMove, CohortPatient, CriterionCount,
};
use lind_model::{Effect, Standing};

use super::{Answered, AtGate, Cohorts, Turned};
use crate::CannotCompare;
use crate::compare::name_of;

/// How many patients changed how, so far. It grows with the protocol and not with the patients, unless their names
/// are kept.
#[derive(Debug, Default)]
pub struct Counts {
    patients: u64,
    gates: BTreeMap<usize, GateCounts>,
    named: Vec<CohortPatient>,
    beyond: BTreeMap<Beyond, u64>,
}

#[derive(Debug, Default)]
struct GateCounts {
    standings: [[u64; 3]; 3],
    moves: BTreeMap<(usize, usize), (u64, Criteria)>,
    silent: u64,
    enrolled: u64,
    otherwise: u64,
    of_enrolled: Criteria,
}

/// By criterion and what it did and does: to how many, and of how many it alone is the cause.
type Criteria = BTreeMap<(usize, u8, u8), (Turned, u64, u64)>;

impl Counts {
    /// Nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a patient.
    ///
    /// # Errors
    /// The patient changes in a way that was proved to be impossible, and the proof speaks of such patients.
    pub fn add(&mut self, cohorts: &Cohorts<'_>, answered: Answered) -> Result<(), CannotCompare> {
        self.patients = self.patients.saturating_add(1);
        for own in &answered.gates {
            match own.excluded {
                None => {}
                Some(Some(beyond)) => {
                    let count = self.beyond.entry(beyond).or_default();
                    *count = count.saturating_add(1);
                }
                Some(None) => return Err(self.disagreement(cohorts, own)),
            }
            let gate = self.gates.entry(own.gate).or_default();
            if answered.is_enrolled {
                gate.enrolled = gate.enrolled.saturating_add(1);
                if !own.turned.is_empty() {
                    gate.otherwise = gate.otherwise.saturating_add(1);
                }
                count(&mut gate.of_enrolled, &own.turned);
            } else {
                let cell = gate.standings.get_mut(own.from.place());
                if let Some(cell) = cell.and_then(|row| row.get_mut(own.to.place())) {
                    *cell = cell.saturating_add(1);
                }
                if own.from != own.to {
                    let way = (own.from.place(), own.to.place());
                    let (patients, criteria) = gate.moves.entry(way).or_default();
                    *patients = patients.saturating_add(1);
                    count(criteria, &own.turned);
                } else if !own.turned.is_empty() {
                    gate.silent = gate.silent.saturating_add(1);
                }
            }
            if cohorts.names && !own.turned.is_empty() {
                let criteria = own.turned.iter();
                let criteria = criteria.filter_map(|own| cohorts.pairs.get(own.pair));
                self.named.push(CohortPatient {
                    patient: Arc::clone(&answered.patient),
                    gate: cohorts.gate_name(own.gate),
                    is_enrolled: answered.is_enrolled,
                    from: own.from,
                    to: own.to,
                    criteria: criteria.map(|pair| Arc::clone(&pair.id)).collect(),
                });
            }
        }
        Ok(())
    }

    fn disagreement(&self, cohorts: &Cohorts<'_>, own: &AtGate) -> CannotCompare {
        let ids = own.turned.iter();
        let ids = ids.filter_map(|own| Some(&*cohorts.pairs.get(own.pair)?.id));
        let ids: Vec<&str> = ids.collect();
        CannotCompare::Disagreement {
            what: format!(
                "patient {} of the data was {} and is {} at {} by {}, which was proved to be impossible",
                self.patients,
                own.from.word(),
                own.to.word(),
                cohorts.gate_name(own.gate),
                ids.join(", ")
            ),
        }
    }

    /// What was counted; `set_aside` records could not be used.
    #[must_use]
    pub fn end(self, cohorts: &Cohorts<'_>, set_aside: u64) -> Cohort {
        let [old, _] = cohorts.programs();
        let gates = self.gates.into_iter().map(|(place, own)| CohortGate {
            gate: cohorts.gate_name(place),
            standings: own.standings,
            moves: own
                .moves
                .into_iter()
                .filter_map(|((from, to), (patients, criteria))| {
                    Some(CohortMove {
                        from: *Standing::ORDER.get(from)?,
                        to: *Standing::ORDER.get(to)?,
                        patients,
                        criteria: listed(cohorts, criteria),
                    })
                })
                .collect(),
            silent: own.silent,
            enrolled: CohortEnrolled {
                patients: own.enrolled,
                otherwise: own.otherwise,
                criteria: listed(cohorts, own.of_enrolled),
            },
        });
        Cohort {
            patients: self.patients,
            enrolment: cohorts.enrolment.map(|id| name_of(old.plan(), id)),
            gates: gates.collect(),
            named: self.named,
            beyond: self.beyond.into_iter().collect(),
            set_aside,
        }
    }
}

fn count(criteria: &mut Criteria, turned: &[Turned]) {
    for own in turned {
        let key = (own.pair, place_of(own.from), place_of(own.to));
        let (_, patients, alone) = criteria.entry(key).or_insert((*own, 0, 0));
        *patients = patients.saturating_add(1);
        *alone = alone.saturating_add(u64::from(own.alone));
    }
}

const fn place_of(effect: Effect) -> u8 {
    match effect {
        Effect::Pass => 0,
        Effect::Fail => 1,
        Effect::Open => 2,
    }
}

/// The criteria, those of most patients first.
fn listed(cohorts: &Cohorts<'_>, criteria: Criteria) -> Vec<CriterionCount> {
    let mut all: Vec<CriterionCount> = criteria
        .into_values()
        .filter_map(|(own, patients, alone)| {
            Some(CriterionCount {
                criterion: Arc::clone(&cohorts.pairs.get(own.pair)?.id),
                from: own.from,
                to: own.to,
                patients,
                alone,
            })
        })
        .collect();
    all.sort_by_key(|own| std::cmp::Reverse(own.patients));
    all
}
