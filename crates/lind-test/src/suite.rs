//! The tests of a protocol, their patients read and their programs made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use lind_diagnostics::{Files, Span};
use lind_eval::{Bindings, Context, Program, Scratch, VisitAtHand, evaluate_into};
use lind_model::cases::{CaseGap, CaseResult, Expected, TestCase};
use lind_model::{
    Choices, CriterionId, Effect, Explanation, MilestoneId, Plan, Protocol, Standing, Verdict,
};
use lind_records::{Chart, Dataset, Options, Table};
use lind_time::Day;

use crate::tables;

/// The tests of a protocol, ready to run.
pub struct Suite {
    pub(crate) cases: Vec<TestCase>,
    /// One for each choice of readings that a test asks for; the first is the protocol's own.
    pub(crate) programs: Vec<Program>,
    cohorts: Vec<Cohort>,
    /// Where each test's patient is, and which program it is asked with.
    pub(crate) runs: Vec<Run>,
    protocol: Arc<Protocol>,
    effects: OnceLock<Effects>,
}

/// By test, gate and day, what each criterion that is due does to the patient.
type Effects = BTreeMap<(usize, When), Vec<(CriterionId, Effect)>>;

/// At which gate something is asked, and on which day, if it is asked at visits.
pub(crate) type When = (MilestoneId, Option<Day>);

/// Where the patient of a test is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) program: usize,
    pub(crate) cohort: usize,
    chart: usize,
}

/// Patients of whom the same is not known.
struct Cohort {
    dataset: Dataset,
    charts: Vec<Chart>,
    /// Which file and line of the source each line of the tables comes from.
    origins: BTreeMap<(Table, u32), (String, u32, Span)>,
}

/// The tests cannot be run at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannotTest {
    /// Why, in a sentence.
    pub because: String,
}

impl fmt::Display for CannotTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.because)
    }
}

impl std::error::Error for CannotTest {}

impl fmt::Debug for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Suite")
            .field("protocol", &self.protocol.id)
            .field("tests", &self.cases.len())
            .finish_non_exhaustive()
    }
}

impl Suite {
    /// Makes the programs and reads the patients. `files` holds the source, so that evidence names its lines.
    ///
    /// # Errors
    /// The protocol is too large to be run.
    pub fn new(
        protocol: &Arc<Protocol>,
        cases: &[TestCase],
        files: &Files,
    ) -> Result<Self, CannotTest> {
        let cannot = |because: &dyn fmt::Display| CannotTest {
            because: because.to_string(),
        };
        // States and grades are asked as criteria are.
        let asked_at_visits = protocol.trial.visit.is_some();
        let protocol = &if asked_at_visits {
            Arc::new(protocol.tested())
        } else {
            Arc::clone(protocol)
        };
        let mut choices = vec![Choices::chosen(protocol)];
        let mut gaps: Vec<&[CaseGap]> = Vec::new();
        let mut runs = Vec::with_capacity(cases.len());
        for case in cases {
            let own = case.readings.iter().fold(
                Choices::chosen(protocol),
                |choices, (reading, alternative)| choices.with(*reading, *alternative),
            );
            runs.push(Run {
                program: place_of(&mut choices, own),
                cohort: place_of(&mut gaps, &case.patient.gaps),
                chart: 0,
            });
        }
        let programs = choices
            .into_iter()
            .map(|choices| Plan::lower(protocol, choices).map(Program::new))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| cannot(&error))?;
        let wanted = Program::wanted_by(&programs);
        let mut cohorts = Vec::with_capacity(gaps.len());
        for (index, gaps) in gaps.iter().enumerate() {
            let mut count = 0;
            let mut members = Vec::new();
            for (run, case) in runs.iter_mut().zip(cases) {
                if run.cohort == index {
                    run.chart = count;
                    count += 1;
                    members.push(case);
                }
            }
            let written = tables::write(members.into_iter(), gaps);
            let mut dataset = Dataset::open(&written.tables, &wanted, Options::default())
                .map_err(|error| cannot(&error))?;
            let charts = dataset.next_batch(count).map_err(|error| cannot(&error))?;
            cohorts.push(Cohort {
                dataset,
                charts,
                origins: written
                    .origins
                    .into_iter()
                    .map(|(line, span)| {
                        let place = files.line_column(span.file, span.start);
                        let file = files.name(span.file).to_owned();
                        (line, (file, place.line, span))
                    })
                    .collect(),
            });
        }
        Ok(Self {
            cases: cases.to_vec(),
            programs,
            cohorts,
            runs,
            protocol: Arc::clone(protocol),
            effects: OnceLock::new(),
        })
    }

    /// The protocol that is tested.
    pub(crate) fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// The same, to be lowered.
    pub(crate) fn shared(&self) -> &Arc<Protocol> {
        &self.protocol
    }

    /// Whether a place below a criterion is for the tests of this file to reach. Below a stated criterion every place
    /// is. A state or a grade of another file is tested there, unless a test here expects something of it; and so are
    /// the terms of other files below a state or a grade of this one.
    pub(crate) fn is_own(&self, criterion: CriterionId, place: Span) -> bool {
        let Some(stated) = self.protocol.criteria.get(criterion.index()) else {
            return false;
        };
        if stated.gate.is_none() || stated.gate != self.protocol.trial.visit {
            return true;
        }
        let is_declared_here = self
            .cases
            .first()
            .is_some_and(|case| case.span.file == stated.span.file);
        place.file == stated.span.file && (is_declared_here || self.is_expected(criterion))
    }

    /// Whether a test expects something of a criterion.
    fn is_expected(&self, asked: CriterionId) -> bool {
        let expected = self.cases.iter().flat_map(|case| &case.expectations);
        expected
            .into_iter()
            .any(|expectation| match &expectation.expected {
                Expected::Standing(_) => false,
                Expected::Outcome { criterion, .. } => *criterion == asked,
                Expected::Grade { grades, .. } => grades.iter().any(|(_, grade)| *grade == asked),
            })
    }

    /// The plan of the protocol as it chooses its readings.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.programs.first().map(Program::plan)
    }

    /// What came of each test, in their order.
    #[must_use]
    pub fn results(&self) -> Vec<CaseResult> {
        let bound = self.bound(&self.programs);
        let mut scratch = Scratch::new();
        (0..self.cases.len())
            .map(|case| self.result(&bound, &self.programs, case, &mut scratch))
            .collect()
    }

    /// Programs tied to the patients: by program, then by cohort.
    pub(crate) fn bound(&self, programs: &[Program]) -> Vec<Vec<Bindings>> {
        programs
            .iter()
            .map(|program| {
                self.cohorts
                    .iter()
                    .map(|cohort| Bindings::new(program, &cohort.dataset))
                    .collect()
            })
            .collect()
    }

    /// A program tied to some of the patients.
    pub(crate) fn bind(&self, program: &Program, cohort: usize) -> Option<Bindings> {
        let cohort = self.cohorts.get(cohort)?;
        Some(Bindings::new(program, &cohort.dataset))
    }

    /// Asks the patient of a test.
    pub(crate) fn patient<'s>(
        &'s self,
        bound: &'s [Vec<Bindings>],
        programs: &'s [Program],
        case: usize,
    ) -> Option<Patient<'s>> {
        let run = self.runs.get(case)?;
        let bindings = bound.get(run.program)?.get(run.cohort)?;
        self.patient_of(programs.get(run.program)?, bindings, case)
    }

    /// Asks the patient of a test with a program that is tied to them.
    pub(crate) fn patient_of<'s>(
        &'s self,
        program: &'s Program,
        bindings: &'s Bindings,
        case: usize,
    ) -> Option<Patient<'s>> {
        let run = self.runs.get(case)?;
        let cohort = self.cohorts.get(run.cohort)?;
        Some(Patient {
            program,
            context: Context::new(&cohort.dataset, bindings),
            chart: cohort.charts.get(run.chart)?,
            cohort,
        })
    }

    /// What each criterion that is due at a gate does to the patient of a test.
    pub(crate) fn effects(&self, case: usize, when: When) -> &[(CriterionId, Effect)] {
        let all = self.effects.get_or_init(|| self.all_effects());
        all.get(&(case, when)).map_or(&[], Vec::as_slice)
    }

    fn all_effects(&self) -> Effects {
        let bound = self.bound(&self.programs);
        let mut scratch = Scratch::new();
        let mut all = BTreeMap::new();
        for (case, test) in self.cases.iter().enumerate() {
            let Some(patient) = self.patient(&bound, &self.programs, case) else {
                continue;
            };
            for when in patient.asked(test) {
                all.entry((case, when)).or_insert_with(|| {
                    let verdict = patient.verdict(when, &mut scratch);
                    let due = verdict.criteria.into_iter().filter(|own| own.due);
                    due.map(|own| (own.criterion, own.effect)).collect()
                });
            }
        }
        all
    }
}

/// The place of a value in a list, to whose end it is added if it is not there.
fn place_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    let known = list.iter().position(|known| *known == value);
    known.unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

/// The patient of a test, and what they are asked with.
pub(crate) struct Patient<'s> {
    pub(crate) program: &'s Program,
    pub(crate) context: Context<'s>,
    pub(crate) chart: &'s Chart,
    cohort: &'s Cohort,
}

impl Patient<'_> {
    /// The gate at which the patient is asked if none is named: the furthest reached, or else the first.
    pub(crate) fn gate(&self) -> MilestoneId {
        self.program
            .gate_reached(self.chart, &self.context)
            .or_else(|| self.program.plan().gates.first().copied())
            .unwrap_or(MilestoneId(0))
    }

    /// When the patient is asked: at the gates and on the days that the test names, and at the usual gate.
    pub(crate) fn asked(&self, test: &TestCase) -> BTreeSet<When> {
        let own = test.expectations.iter();
        own.filter_map(|own| Some((own.gate?, own.day)))
            .chain([(self.gate(), None)])
            .collect()
    }

    /// The milestones that a day binds.
    pub(crate) fn bound(&self, day: Option<Day>) -> Vec<(MilestoneId, lind_time::When)> {
        let trial = &self.program.plan().protocol.trial;
        day.map_or_else(Vec::new, |day| {
            lind_eval::bound(trial, &VisitAtHand::day(lind_time::When::from_day(day)))
        })
    }

    pub(crate) fn verdict(&self, (gate, day): When, scratch: &mut Scratch) -> Verdict {
        let bound = self.bound(day);
        let mut verdict = Verdict {
            gate,
            standing: Standing::Undetermined,
            criteria: Vec::new(),
        };
        evaluate_into(
            self.program,
            &self.context.assuming(&bound),
            self.chart,
            gate,
            scratch,
            &mut verdict,
        );
        verdict
    }

    pub(crate) fn explain(
        &self,
        (gate, day): When,
        criterion: lind_model::CriterionId,
    ) -> Option<Explanation> {
        let bound = self.bound(day);
        let context = self.context.assuming(&bound);
        lind_eval::explain(self.program, &context, self.chart, gate, criterion)
    }

    /// Evidence that names the lines of the test in place of those of the tables that were made from it.
    pub(crate) fn in_source(&self, mut explanation: Explanation) -> Explanation {
        for fact in &mut explanation.facts {
            let table = Table::ALL
                .into_iter()
                .find(|table| table.file() == fact.file);
            let origin = table.and_then(|table| self.cohort.origins.get(&(table, fact.line)));
            if let Some((file, line, _)) = origin {
                fact.file.clone_from(file);
                fact.line = *line;
            }
        }
        explanation.parts = explanation
            .parts
            .into_iter()
            .map(|part| self.in_source(part))
            .collect();
        explanation
    }

    /// Lines of the test that could not be used.
    pub(crate) fn problems(&self) -> Vec<(Span, String)> {
        self.chart
            .set_aside
            .iter()
            .map(|row| (row.at.table, row.at.line, &row.problem))
            .filter_map(|(table, line, problem)| {
                let (_, _, span) = self.cohort.origins.get(&(table, line))?;
                Some((*span, problem.message.clone()))
            })
            .collect()
    }
}
