//! Which outcomes of which branches and conditions the tests reach.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_eval::Place;
use lind_model::cases::{Answers, Coverage, CoveredPlace, CoveredReading};
use lind_model::plan::Plan;
use lind_model::{Choices, CriterionId, OpenKind, ReadingId, Truth};

use crate::branches::{Branch, Key, branches};
use crate::suite::Suite;

/// Which tests reached which answer.
type Tests = Answers<BTreeSet<usize>>;

fn add(tests: &mut Tests, case: usize, truth: Truth) {
    match truth {
        Truth::True => &mut tests.met,
        Truth::False => &mut tests.not_met,
        Truth::Open(OpenKind::Unknown | OpenKind::NeedsJudgement | OpenKind::Pending) => {
            &mut tests.open
        }
        Truth::NotApplicable => &mut tests.not_applicable,
    }
    .insert(case);
}

impl Suite {
    /// For every criterion and every branch and condition below it, which answers the tests' patients reach.
    /// What only another reading puts in place is listed with that reading, whether a test asks it or not.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let places: Vec<BTreeMap<(CriterionId, Place), Key>> = self
            .programs
            .iter()
            .map(|program| keys(program.plan()))
            .collect();
        let mut tests: BTreeMap<Key, Tests> = BTreeMap::new();
        let bound = self.bound(&self.programs);
        for (case, test) in self.cases.iter().enumerate() {
            let (Some(patient), Some(run)) = (
                self.patient(&bound, &self.programs, case),
                self.runs.get(case),
            ) else {
                continue;
            };
            let Some(places) = places.get(run.program) else {
                continue;
            };
            for (gate, day) in patient.asked(test) {
                let bound = patient.bound(day);
                let context = patient.context.assuming(&bound);
                for criterion in &patient.program.plan().criteria {
                    let criterion = criterion.criterion;
                    let visits = lind_eval::visits(
                        patient.program,
                        &context,
                        patient.chart,
                        gate,
                        criterion,
                    );
                    for (place, truth) in visits {
                        if let Some(key) = places.get(&(criterion, place)) {
                            add(tests.entry(key.clone()).or_default(), case, truth);
                        }
                    }
                }
            }
        }
        Coverage {
            places: self
                .listed()
                .into_iter()
                .map(|listed| covered(listed, &tests))
                .collect(),
            readings: self.readings(),
        }
    }

    /// The branches and conditions of every criterion: as the protocol chooses its readings, then what each
    /// alternative puts in place, then what only several of them together do for a test.
    fn listed(&self) -> Vec<Listed> {
        let protocol = self.protocol();
        let chosen = Choices::chosen(protocol);
        let mut plans: Vec<Plan> = Vec::new();
        plans.extend(self.plan().cloned());
        for (index, reading) in protocol.readings.iter().enumerate() {
            for alternative in 0..reading.alternatives.len() {
                if alternative != reading.chosen {
                    let choices = chosen.with(ReadingId::from_index(index), alternative);
                    // A protocol whose alternative is too large to be run has none of its branches listed.
                    plans.extend(Plan::lower(self.shared(), choices).ok());
                }
            }
        }
        let own = self.programs.iter().map(|program| program.plan());
        let all: Vec<&Plan> = plans.iter().chain(own).collect();
        let mut listed = Vec::new();
        for index in 0..protocol.criteria.len() {
            let id = CriterionId::from_index(index);
            let mut known = BTreeSet::new();
            for plan in &all {
                let under = differences(plan, &chosen);
                for branch in branches(plan, id) {
                    if self.is_own(id, branch.key.span) && known.insert(branch.key.clone()) {
                        let under = under.clone();
                        listed.push(Listed { branch, under });
                    }
                }
            }
        }
        listed
    }

    fn readings(&self) -> Vec<CoveredReading> {
        let mut found = Vec::new();
        for (index, reading) in self.protocol().readings.iter().enumerate() {
            let id = ReadingId::from_index(index);
            for alternative in 0..reading.alternatives.len() {
                let tests = self.runs.iter().filter(|run| {
                    let program = self.programs.get(run.program);
                    program.is_some_and(|program| program.plan().choices.of(id) == alternative)
                });
                found.push(CoveredReading {
                    reading: id,
                    alternative,
                    is_chosen: alternative == reading.chosen,
                    tests: u32::try_from(tests.count()).unwrap_or(u32::MAX),
                });
            }
        }
        found
    }
}

/// The alternatives of a plan that the protocol does not choose.
fn differences(plan: &Plan, chosen: &Choices) -> Vec<(ReadingId, usize)> {
    (0..plan.protocol.readings.len())
        .map(ReadingId::from_index)
        .map(|id| (id, plan.choices.of(id)))
        .filter(|(id, alternative)| chosen.of(*id) != *alternative)
        .collect()
}

/// What stands where in a plan.
fn keys(plan: &Plan) -> BTreeMap<(CriterionId, Place), Key> {
    let mut keys = BTreeMap::new();
    for criterion in &plan.criteria {
        for branch in branches(plan, criterion.criterion) {
            for place in branch.places {
                keys.insert((criterion.criterion, place), branch.key.clone());
            }
        }
    }
    keys
}

/// A branch that is listed.
struct Listed {
    branch: Branch,
    under: Vec<(ReadingId, usize)>,
}

fn covered(listed: Listed, tests: &BTreeMap<Key, Tests>) -> CoveredPlace {
    let nobody = Tests::default();
    let tests = tests.get(&listed.branch.key).unwrap_or(&nobody);
    let count = |tests: &BTreeSet<usize>| u32::try_from(tests.len()).unwrap_or(u32::MAX);
    let Branch {
        depth,
        possible,
        key,
        ..
    } = listed.branch;
    CoveredPlace {
        criterion: key.criterion,
        depth,
        label: key.label,
        role: Arc::from(key.role),
        text: key.text,
        under: listed.under,
        span: key.span,
        tests: Answers {
            met: count(&tests.met),
            not_met: count(&tests.not_met),
            open: count(&tests.open),
            not_applicable: count(&tests.not_applicable),
        },
        possible,
    }
}
