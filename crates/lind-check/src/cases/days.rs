//! What tests expect of what is asked at visits: states, and grades of findings.

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::cases::{Expectation, Expected};
use lind_model::trial::State;
use lind_model::{CriterionId, GradingId, MilestoneId, StateId};
use lind_syntax::tree::{ExpectedPart, Name, Number};
use lind_time::Day;

use crate::analysis::Checker;
use crate::rules;

impl Checker<'_> {
    /// The criterion that a state is for tests.
    pub(super) fn tested_state(&self, name: &str) -> Option<CriterionId> {
        let trial = &self.tables.trial;
        let place = trial.states.iter().position(|state| &*state.name == name)?;
        Some(trial.tested_state(self.tables.criteria.len(), StateId::from_index(place)))
    }

    /// The state that a criterion of tests is.
    pub(super) fn tested_as(&self, criterion: CriterionId) -> Option<&State> {
        let place = criterion.index().checked_sub(self.tables.criteria.len())?;
        self.tables.trial.states.get(place)
    }

    /// The number of a criterion, or the name of a state.
    pub(super) fn name_of(&self, criterion: CriterionId) -> Option<&str> {
        let stated = self.tables.criteria.get(criterion.index());
        let stated = stated.map(|criterion| &*criterion.id);
        stated.or_else(|| self.tested_as(criterion).map(|state| &*state.name))
    }

    /// The day of an expectation.
    pub(super) fn expected_day(&mut self, on: &Name) -> Option<Day> {
        match Day::parse(&on.text) {
            Ok(day) => Some(day),
            Err(error) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0544_IMPOSSIBLE_TIME,
                        on.span,
                        "this is no day of the calendar",
                    )
                    .label(error.message()),
                );
                None
            }
        }
    }

    /// At which gate something is asked: a state on a day, a criterion at a gate.
    pub(super) fn asked_when(
        &mut self,
        criterion: CriterionId,
        gate: Option<MilestoneId>,
        day: Option<Day>,
        span: Span,
    ) -> Option<Option<MilestoneId>> {
        let is_state = self.tested_as(criterion).is_some();
        let visit = self.tables.trial.visit;
        match (is_state, gate, day) {
            (false, gate, None) => Some(gate),
            (true, None, Some(_)) => Some(visit),
            (is_state, ..) => {
                let name = self.name_of(criterion).unwrap_or_default().to_owned();
                let message = if is_state {
                    format!("`{name}` is a state, which is asked on a day")
                } else {
                    format!("`{name}` is decided at a gate, not on a day")
                };
                let label = if is_state {
                    "on which day? `on 2024-03-01`"
                } else {
                    "at which gate?"
                };
                self.sink
                    .push(Diagnostic::new(&rules::E0624_WHICH_DAY, span, message).label(label));
                None
            }
        }
    }

    /// `expect alt_increased grade 2 on 2024-03-01`
    pub(super) fn expected_grades(
        &mut self,
        parts: &[ExpectedPart],
        (least, most): (&Number, Option<&Number>),
        on: Option<&Name>,
        line: Span,
    ) -> Vec<Expectation> {
        let Some(on) = on else {
            self.sink.push(
                Diagnostic::new(&rules::E0624_WHICH_DAY, line, "a grade is asked on a day")
                    .label("on which day? `on 2024-03-01`"),
            );
            return Vec::new();
        };
        let mut grades = Vec::new();
        for number in std::iter::once(least).chain(most) {
            let grade = number.text.parse::<u8>().ok().filter(|grade| *grade <= 5);
            match grade {
                Some(grade) => grades.push(grade),
                None => self.sink.push(
                    Diagnostic::new(
                        &rules::E0625_NO_SUCH_GRADE,
                        number.span,
                        format!("there is no grade {}", number.text),
                    )
                    .label("grades are 0 to 5"),
                ),
            }
        }
        let day = self.expected_day(on);
        let (Some(day), Some(least), Some(most)) = (day, grades.first(), grades.last()) else {
            return Vec::new();
        };
        let (least, most) = (*least.min(most), *most.max(least));
        let mut found = Vec::new();
        for part in parts {
            let place = self
                .tables
                .trial
                .gradings
                .iter()
                .position(|grading| *grading.name == *part.name.text);
            let Some(place) = place else {
                if !self.sink.has_errors() {
                    self.no_such_grading(&part.name);
                }
                continue;
            };
            let grading = GradingId::from_index(place);
            let criteria = self.tables.criteria.len();
            found.push(Expectation {
                expected: Expected::Grade {
                    grading,
                    grades: self.tables.trial.tested_grades(criteria, grading),
                    least,
                    most,
                },
                gate: self.tables.trial.visit,
                day: Some(day),
                span: part.name.span,
            });
        }
        found
    }

    fn no_such_grading(&mut self, name: &Name) {
        let known = self.tables.trial.gradings.iter();
        let near = closest(&name.text, known.map(|grading| &*grading.name)).map(str::to_owned);
        let diagnostic = Diagnostic::new(
            &rules::E0541_UNKNOWN_PART,
            name.span,
            format!("no grading is called `{}`", name.text),
        )
        .label("the grade of what?");
        self.sink.push(match near {
            Some(near) => diagnostic.suggest(format!("write `{near}`"), name.span, near),
            None => {
                diagnostic.note("a grading is declared with `grading`, or taken from a library")
            }
        });
    }
}
