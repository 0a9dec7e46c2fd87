//! Grades of findings, day by day.

use std::collections::BTreeSet;

use lind_model::lower::anchors;
use lind_model::plan::NodeKind;
use lind_model::protocol::{Anchor, FactTable, FormulaInput, Subject, Window};
use lind_model::{GradingId, MeasureId, MilestoneId, NodeId, OpenKind, Truth};
use lind_records::{Chart, Table};
use lind_time::{Day, Precision, Tri, When};

use crate::at_visits::{VisitAtHand, ask_at};
use crate::context::Context;
use crate::moments::Moment;
use crate::program::Program;
use crate::records::Records;
use crate::scratch::Scratch;
use crate::spells::hull;
use crate::steps::{Source, Step};
use crate::view::View;

/// Between which grades a finding lies: the least and the highest that its lines leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grades {
    /// The least grade; 0 where no line certainly holds.
    pub least: u8,
    /// The highest grade.
    pub most: u8,
}

/// The grade of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeOfDay {
    /// The day, or the time as well as it is known; none for a value without a time.
    pub when: Option<When>,
    /// Whether it lies in the window, and is known.
    pub counts: Tri,
    /// Between which grades the finding lies.
    pub grades: Grades,
}

/// The grade of a finding at a visit, or on a day: the highest of which a line holds, else 0. A line that is open
/// leaves open whether the grade is higher. A grading that the plan does not have has grade 0.
#[must_use]
pub fn grade(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    grading: GradingId,
    visit: &VisitAtHand,
    scratch: &mut Scratch,
) -> Grades {
    let mut grades = Grades { least: 0, most: 0 };
    let declared = program.protocol().trial.gradings.get(grading.index());
    for line in declared.into_iter().flat_map(|grading| &grading.lines) {
        match ask_at(program, context, chart, line.asked, visit, scratch) {
            Truth::True => {
                grades.least = line.grade;
                grades.most = grades.most.max(line.grade);
                return grades;
            }
            Truth::Open(_) => grades.most = grades.most.max(line.grade),
            Truth::False | Truth::NotApplicable => {}
        }
    }
    grades
}

/// The days on which a finding has a value: those of a result of a measure that its lines test on the day at hand,
/// and those on which a record that they name begins. In the order of time, each once; a value without a time
/// comes first, as none.
#[must_use]
pub fn days_with_a_value(
    program: &Program,
    chart: &Chart,
    grading: GradingId,
) -> Vec<Option<When>> {
    let mut found: Vec<Option<When>> = Vec::new();
    let mut add = |when: Option<When>| {
        let when = when.map(|when| when.widened_to(Precision::Day));
        if !found.contains(&when) {
            found.push(when);
        }
    };
    let read = Read::by(program, grading);
    for measure in &read.measures {
        if let Some(measure) = program.measure(*measure) {
            for row in chart.observations_of(measure.concept) {
                add(row.time);
            }
        }
    }
    for source in &read.sources {
        match source.facts {
            FactTable::Conditions => chart
                .conditions_of(source.concept)
                .for_each(|row| add(row.onset)),
            FactTable::Treatments => chart
                .treatments_of(source.concept)
                .for_each(|row| add(row.start)),
            FactTable::Procedures => chart
                .procedures_of(source.concept)
                .for_each(|row| add(row.time)),
            FactTable::Allergies => chart
                .allergies_of(source.concept)
                .for_each(|row| add(row.onset)),
            FactTable::AdverseEvents => chart
                .adverse_events_of(source.concept)
                .for_each(|row| add(row.onset)),
            FactTable::Results => chart
                .observations_of(source.concept)
                .for_each(|row| add(row.time)),
        }
    }
    found.sort_by_key(|when| when.map(|when| (when.start().seconds(), when.end().seconds())));
    found
}

/// The grade of a finding on each day with a value that may lie in a window, as far as is known at a time; on the only
/// day of a window also without a value.
///
/// # Errors
/// What the window waits for, if it leans on a milestone without a time.
pub fn grades_within(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    grading: GradingId,
    window: &Window,
    known_at: When,
    scratch: &mut Scratch,
) -> Result<Vec<GradeOfDay>, OpenKind> {
    let view = View {
        program,
        context,
        chart,
        gate: program.protocol().trial.visit.unwrap_or(MilestoneId(0)),
        time: known_at,
        records: Records::default(),
        times: None,
    };
    view.grades_within(grading, window, scratch)
}

impl View<'_> {
    /// The grade of a finding on each day with a value that may lie in a window and may be known at the gate.
    pub(crate) fn grades_within(
        &self,
        grading: GradingId,
        window: &Window,
        scratch: &mut Scratch,
    ) -> Result<Vec<GradeOfDay>, OpenKind> {
        if let Some((_, kind)) = self.blocked(window) {
            return Err(kind);
        }
        let prepared = self.prepare(window, None);
        let declared = self.program.protocol().trial.gradings.get(grading.index());
        let highest = declared.and_then(|grading| grading.lines.first());
        let any = Grades {
            least: 0,
            most: highest.map_or(0, |line| line.grade),
        };
        let mut days = days_with_a_value(self.program, self.chart, grading);
        // A window of one day asks on that day, whether or not there is a value of it.
        let only = self
            .only_day(window)
            .filter(|day| !days.contains(&Some(*day)));
        days.extend(only.map(Some));
        let mut found = Vec::new();
        for when in days {
            let moment = self.moment(when);
            let counts = self
                .contains(&prepared, moment, None)
                .and(self.known(moment));
            if counts == Tri::No {
                continue;
            }
            let grades = match when {
                Some(day) => {
                    let visit = VisitAtHand::day(day);
                    grade(
                        self.program,
                        self.context,
                        self.chart,
                        grading,
                        &visit,
                        scratch,
                    )
                }
                None => any,
            };
            found.push(GradeOfDay {
                when,
                counts,
                grades,
            });
        }
        if Read::by(self.program, grading).is_set_aside(self, &prepared) {
            found.push(GradeOfDay {
                when: None,
                counts: Tri::Maybe,
                grades: any,
            });
        }
        Ok(found)
    }
}

impl View<'_> {
    /// The day of a window that has one.
    fn only_day(&self, window: &Window) -> Option<When> {
        let (first, last) = hull(self, window)?;
        let day = first.filter(|_| first == last)?;
        Day::from_number(day).map(When::from_day)
    }
}

/// What the lines of a grading read on the day at hand.
struct Read {
    measures: BTreeSet<MeasureId>,
    sources: Vec<Source>,
}

impl Read {
    fn by(program: &Program, grading: GradingId) -> Self {
        let mut read = Self {
            measures: BTreeSet::new(),
            sources: Vec::new(),
        };
        let plan = program.plan();
        let declared = plan.protocol.trial.gradings.get(grading.index());
        let lines = declared.into_iter().flat_map(|grading| &grading.lines);
        let mut below: Vec<NodeId> = lines
            .filter_map(|line| plan.asked.get(line.asked.index()))
            .map(|stage| stage.node)
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = below.pop() {
            let (true, Some(node)) = (seen.insert(id), plan.node(id)) else {
                continue;
            };
            below.extend(node.kind.parts());
            let subject = match &node.kind {
                NodeKind::Value(value) if of_the_day(program, value.window.as_ref()) => {
                    value.subject
                }
                NodeKind::Spell(plan) => {
                    if of_the_day(program, Some(&plan.spell.window)) {
                        read.measures.insert(plan.spell.measure);
                    }
                    continue;
                }
                NodeKind::Change(plan) => plan.subject,
                NodeKind::Fact(_) => {
                    if let Step::Fact(step) = program.step(id) {
                        read.sources.push(step.source);
                    }
                    continue;
                }
                _ => continue,
            };
            match subject {
                Subject::Measure(id) => {
                    read.measures.insert(id);
                }
                Subject::Formula(id) => {
                    let formula = plan.protocol.formulas.get(id.index());
                    let inputs = formula.into_iter().flat_map(|formula| &formula.inputs);
                    read.measures.extend(inputs.filter_map(|input| match input {
                        FormulaInput::Measure { measure, .. } => Some(*measure),
                        FormulaInput::Age => None,
                    }));
                }
            }
        }
        read
    }

    /// Whether a row that could have been such a value was set aside, unless its time is known and is not in the
    /// window.
    fn is_set_aside(&self, view: &View<'_>, window: &crate::windows::Prepared<'_>) -> bool {
        let measures = self
            .measures
            .iter()
            .filter_map(|id| view.program.measure(*id));
        measures.map(|measure| measure.concept).any(|concept| {
            view.chart
                .set_aside_of(Table::Observations, concept)
                .any(|row| {
                    row.time
                        .is_none_or(|time| view.contains(window, Moment::at(time), None) != Tri::No)
                })
        })
    }
}

/// Whether a test reads the values of the day at hand, or of days around it, rather than those of a milestone.
fn of_the_day(program: &Program, window: Option<&Window>) -> bool {
    let trial = &program.protocol().trial;
    window.is_none_or(|window| {
        anchors(window).into_iter().any(|anchor| match anchor {
            Anchor::Milestone(milestone) => {
                trial.visit == Some(milestone) || trial.visit_end == Some(milestone)
            }
            _ => false,
        })
    })
}
