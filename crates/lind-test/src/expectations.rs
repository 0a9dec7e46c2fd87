//! What was expected against what came out.

use std::collections::{BTreeMap, BTreeSet};

use lind_eval::{Bindings, Program, Scratch};
use lind_model::cases::{CaseFailure, CaseResult, Expectation, Expected, Found};
use lind_model::{
    CriterionId, CriterionVerdict, Effect, Explanation, Outcome, Standing, Truth, Verdict,
};

use crate::suite::{Patient, Suite, When};

impl Suite {
    /// Runs one test and explains what failed.
    pub(crate) fn result(
        &self,
        bound: &[Vec<Bindings>],
        programs: &[Program],
        case: usize,
        scratch: &mut Scratch,
    ) -> CaseResult {
        let mut result = CaseResult {
            case,
            failures: Vec::new(),
            problems: Vec::new(),
        };
        let (Some(patient), Some(test)) =
            (self.patient(bound, programs, case), self.cases.get(case))
        else {
            return result;
        };
        result.problems = patient.problems();
        let usual = patient.gate();
        let mut verdicts = BTreeMap::new();
        for (index, expectation) in test.expectations.iter().enumerate() {
            let when = (expectation.gate.unwrap_or(usual), expectation.day);
            let verdict = verdict_at(&patient, when, &mut verdicts, scratch);
            if let Some(found) = found(&patient, &verdict, expectation) {
                result
                    .failures
                    .push(failure(&patient, when, index, expectation, found));
            }
        }
        result
    }

    /// Whether a test notices that some criteria were changed: `program` asks those, and what the others come
    /// to is what it was.
    pub(crate) fn notices(
        &self,
        program: &Program,
        changed: &BTreeSet<CriterionId>,
        bound: &mut BTreeMap<(usize, usize), Bindings>,
        case: usize,
        scratch: &mut Scratch,
    ) -> bool {
        let (Some(test), Some(run)) = (self.cases.get(case), self.runs.get(case)) else {
            return false;
        };
        let asks = |expectation: &Expectation| match &expectation.expected {
            Expected::Standing(_) => true,
            Expected::Outcome { criterion, .. } => changed.contains(criterion),
            Expected::Grade { grades, .. } => grades
                .iter()
                .any(|(_, criterion)| changed.contains(criterion)),
        };
        if !test.expectations.iter().any(asks) {
            return false;
        }
        let key = (run.program, run.cohort);
        if !bound.contains_key(&key) {
            bound.extend(self.bind(program, run.cohort).map(|bound| (key, bound)));
        }
        let patient = bound
            .get(&key)
            .and_then(|bindings| self.patient_of(program, bindings, case));
        let Some(patient) = patient else { return false };
        let usual = patient.gate();
        let mut verdicts = BTreeMap::new();
        test.expectations
            .iter()
            .filter(|expectation| asks(expectation))
            .any(|expectation| {
                let when = (expectation.gate.unwrap_or(usual), expectation.day);
                let mut verdict = verdict_at(&patient, when, &mut verdicts, scratch);
                match &expectation.expected {
                    Expected::Standing(standing) => {
                        let others = self.effects(case, when);
                        let others = others.iter().filter(|(own, _)| !changed.contains(own));
                        let effects = verdict
                            .criteria
                            .iter()
                            .filter(|criterion| criterion.due)
                            .map(|criterion| criterion.effect)
                            .chain(others.map(|(_, effect)| *effect));
                        Standing::of(effects) != *standing
                    }
                    Expected::Outcome { .. } => found(&patient, &verdict, expectation).is_some(),
                    Expected::Grade { grades, .. } => {
                        // The other grades are what they were.
                        for (_, grade) in grades.iter().filter(|(_, id)| !changed.contains(id)) {
                            let effects = self.effects(case, when);
                            let known = effects.iter().find(|(id, _)| id == grade);
                            verdict
                                .criteria
                                .extend(known.map(|(id, effect)| as_it_was(*id, *effect)));
                        }
                        found(&patient, &verdict, expectation).is_some()
                    }
                }
            })
    }
}

/// The verdict at a gate, made once.
fn verdict_at(
    patient: &Patient<'_>,
    when: When,
    verdicts: &mut BTreeMap<When, Verdict>,
    scratch: &mut Scratch,
) -> Verdict {
    verdicts
        .entry(when)
        .or_insert_with(|| patient.verdict(when, scratch))
        .clone()
}

/// What came out, if it is not what was expected.
fn found(patient: &Patient<'_>, verdict: &Verdict, expectation: &Expectation) -> Option<Found> {
    match &expectation.expected {
        Expected::Standing(standing) => (verdict.standing != *standing).then(|| {
            let decisive = verdict
                .criteria
                .iter()
                .filter(|criterion| {
                    criterion.due
                        && lind_model::Standing::of([criterion.effect]) == verdict.standing
                        && verdict.standing != lind_model::Standing::Eligible
                })
                .map(|criterion| (criterion.criterion, criterion.outcome))
                .collect();
            Found::Standing(verdict.standing, decisive)
        }),
        Expected::Outcome {
            criterion,
            part: None,
            outcome,
        } => {
            let came = verdict
                .criteria
                .iter()
                .find(|verdict| verdict.criterion == *criterion)?
                .outcome;
            (came != *outcome).then(|| Found::Outcomes(vec![came]))
        }
        Expected::Outcome {
            criterion,
            part: Some(label),
            outcome,
        } => {
            let explanation = patient.explain((verdict.gate, expectation.day), *criterion)?;
            let mut outcomes = Vec::new();
            parts_called(&explanation, label, false, &mut |part, applies| {
                let outcome = if applies {
                    Outcome::of(part.truth)
                } else {
                    Outcome::NotApplicable
                };
                if !outcomes.contains(&outcome) {
                    outcomes.push(outcome);
                }
            });
            if outcomes.is_empty() {
                // Its gate has not come, or it is not asked under this reading.
                outcomes.push(match Outcome::of(explanation.truth) {
                    open @ (Outcome::Pending | Outcome::Unknown) => open,
                    _ => Outcome::NotApplicable,
                });
            }
            (outcomes.as_slice() != [*outcome]).then_some(Found::Outcomes(outcomes))
        }
        Expected::Grade {
            grades,
            least,
            most,
            ..
        } => {
            let came = grades_of(grades, verdict);
            (came != (*least, *most)).then_some(Found::Grades(came.0, came.1))
        }
    }
}

/// The verdict of a grade that a change does not touch, by what it did to the patient.
fn as_it_was(criterion: CriterionId, effect: Effect) -> CriterionVerdict {
    let outcome = match effect {
        Effect::Pass => Outcome::Met,
        Effect::Fail => Outcome::NotMet,
        Effect::Open => Outcome::Unknown,
    };
    CriterionVerdict {
        criterion,
        outcome,
        effect,
        due: true,
    }
}

/// The least and the highest grade that the criteria of the grades leave open.
fn grades_of(grades: &[(u8, CriterionId)], verdict: &Verdict) -> (u8, u8) {
    let (mut least, mut most) = (0, 0);
    for (grade, criterion) in grades {
        let came = verdict
            .criteria
            .iter()
            .find(|own| own.criterion == *criterion);
        match came.map(|own| own.outcome) {
            Some(Outcome::Met) => {
                least = least.max(*grade);
                most = most.max(*grade);
            }
            Some(Outcome::NotMet | Outcome::NotApplicable) => {}
            _ => most = most.max(*grade),
        }
    }
    (least, most)
}

/// Visits the parts with a label, below the root; whether each of them applies is told with it.
fn parts_called<'e>(
    explanation: &'e Explanation,
    label: &str,
    is_part: bool,
    visit: &mut impl FnMut(&'e Explanation, bool),
) {
    let mut below = vec![(explanation, is_part, true)];
    while let Some((at, is_part, applies)) = below.pop() {
        if is_part && at.label == label {
            visit(at, applies);
            continue;
        }
        let applies = applies && at.truth != Truth::NotApplicable;
        below.extend(at.parts.iter().rev().map(|part| (part, true, applies)));
    }
}

fn failure(
    patient: &Patient<'_>,
    when: When,
    index: usize,
    expectation: &Expectation,
    found: Found,
) -> CaseFailure {
    let (reason, explanation) = match &expectation.expected {
        Expected::Standing(_) => (String::new(), None),
        Expected::Grade { grades, least, .. } => {
            // The line that was expected to hold tells most, else the lowest.
            let line = grades.iter().rev().find(|(grade, _)| grade >= least);
            let told = line
                .or(grades.first())
                .and_then(|(_, criterion)| patient.explain(when, *criterion))
                .map(|told| patient.in_source(told));
            let reason = told.as_ref().map(|told| told.because.clone());
            (reason.unwrap_or_default(), told)
        }
        Expected::Outcome {
            criterion, part, ..
        } => {
            let whole = patient.explain(when, *criterion);
            let told = match part {
                None => whole.clone(),
                Some(label) => whole.as_ref().and_then(|whole| {
                    let mut first = None;
                    parts_called(whole, label, false, &mut |part, _| {
                        first = first.or(Some(part));
                    });
                    first.cloned()
                }),
            };
            let told = told.or(whole).map(|told| patient.in_source(told));
            let reason = told.as_ref().map(|told| told.because.clone());
            (reason.unwrap_or_default(), told)
        }
    };
    CaseFailure {
        expectation: index,
        gate: when.0,
        found,
        reason,
        explanation,
    }
}
