//! Whether the schedule supplies what endpoints, states and escalations are computed from, and lasts as long as they look.
//!
//! Only values are supplied by visits. Adverse events, treatments and diagnoses are recorded whenever they happen, and
//! what a person judges is asked when it is needed; of these only the windows are held against the schedule.

mod follow_up;
mod messages;
mod needs;
mod reach;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Anchor, Subject, Window};
use lind_model::trial::{Endpoint, Series, Variable};
use lind_model::{AskedId, AssessmentId, GradingId, StateId, VisitId};
use lind_syntax::tree;
use lind_time::{Edge, Offset};

use self::needs::{Context, Need, Needs, When, Zone};
use self::reach::{Lies, Reach};
use crate::analysis::Checker;
use crate::modules::Module;

/// Where the parts of an endpoint's variable stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    /// What it is computed from.
    pub(crate) subject: Span,
    /// The window, if one is written.
    pub(crate) window: Option<Span>,
}

impl Places {
    pub(crate) fn of(variable: &tree::Variable, span: Span) -> Self {
        use tree::Variable as V;
        let (subject, window) = match variable {
            V::Whether(condition) => (condition.span, None),
            V::AtAnyVisit(name, window) => (name.span, window.as_ref()),
            V::Value(_, valued)
            | V::DayOf(_, valued)
            | V::DayWith { valued, .. }
            | V::VisitWith(valued, _)
            | V::DaysWith(valued, _)
            | V::Area(valued)
            | V::AtVisits(valued)
            | V::ChangeAtVisits(valued) => (valued.name.span, valued.window.as_ref()),
            V::WorstGrade(name, window) => (name.span, Some(window)),
            V::AdverseEvents(window) => (span, Some(window)),
            V::VisitIn(name) | V::TimeIn(name) => (name.span, None),
        };
        Self {
            subject,
            window: window.map(|window| window.span),
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Endpoint,
    Escalation,
    State,
    Population,
}

/// Something that is computed from what visits supply.
struct Owner {
    sort: Sort,
    name: Arc<str>,
    places: Places,
}

/// Why values are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    /// No visit measures them.
    Nowhere,
    /// Visits measure them, and none of those can be where they are asked.
    Elsewhere(Nearest),
    /// One may be there.
    Perhaps(VisitId, reach::Only),
}

/// Visits that measure a value, and are not where it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Nearest {
    /// The last one before that.
    before: Option<VisitId>,
    /// The first one after that.
    after: Option<VisitId>,
    /// One at which it is not asked, since it lacks an assessment.
    not_asked: Option<VisitId>,
}

/// Holds what is asked outside of the criteria against the schedule.
pub(crate) fn check(checker: &mut Checker<'_>, modules: &[Module]) {
    if checker.sink.has_errors() {
        return;
    }
    let found = Supply::new(checker, modules).map(|mut supply| supply.findings());
    for diagnostic in found.into_iter().flatten() {
        checker.sink.push(diagnostic);
    }
}

/// What visits supply.
struct Supply<'c, 'a> {
    checker: &'c Checker<'a>,
    modules: &'c [Module],
    reach: Reach<'c, 'a>,
    /// The visits at which something is measured, in the order of the source.
    measured: BTreeMap<SubjectKey, Vec<VisitId>>,
    found: Vec<messages::Finding>,
    looked: Vec<(Owner, Vec<needs::Looked>)>,
}

/// A subject that can be put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SubjectKey {
    Measure(usize),
    Formula(usize),
}

const fn key(subject: Subject) -> SubjectKey {
    match subject {
        Subject::Measure(id) => SubjectKey::Measure(id.index()),
        Subject::Formula(id) => SubjectKey::Formula(id.index()),
    }
}

impl<'c, 'a> Supply<'c, 'a> {
    /// None where there is no schedule.
    fn new(checker: &'c Checker<'a>, modules: &'c [Module]) -> Option<Self> {
        let trial = &checker.tables.trial;
        if trial.visits.is_empty() || !checker.order_known {
            return None;
        }
        let mut measured: BTreeMap<SubjectKey, Vec<VisitId>> = BTreeMap::new();
        for (index, visit) in trial.visits.iter().enumerate() {
            for planned in &visit.planned {
                let assessment = trial.assessments.get(planned.assessment.index());
                for subject in assessment.map_or(&[][..], |own| &own.subjects) {
                    let visits = measured.entry(key(*subject)).or_default();
                    let visit = VisitId::from_index(index);
                    if visits.last() != Some(&visit) {
                        visits.push(visit);
                    }
                }
            }
        }
        Some(Self {
            checker,
            modules,
            reach: Reach::new(checker),
            measured,
            found: Vec::new(),
            looked: Vec::new(),
        })
    }

    fn findings(&mut self) -> Vec<Diagnostic> {
        let checker = self.checker;
        let trial = &checker.tables.trial;
        for (endpoint, places) in trial.endpoints.iter().zip(&checker.tables.endpoint_places) {
            let mut needs = Needs::new(checker);
            self.of_endpoint(endpoint, *places, &mut needs);
            self.judge(Sort::Endpoint, &endpoint.name, *places, needs);
        }
        if let (Some(escalation), Some(places)) =
            (&trial.escalation, checker.tables.escalation_places)
        {
            let mut needs = Needs::new(checker);
            if let (Some(window), Some(place)) = (&escalation.window, places.window) {
                needs.look(window, place);
            }
            if let Some(toxicity) = escalation.toxicity {
                self.asked(toxicity, Context::once(), &mut needs);
            }
            self.judge(Sort::Escalation, &escalation.title, places, needs);
        }
        for (index, state) in trial.states.iter().enumerate() {
            // Others of a library are looked at where something is computed from them.
            let Some(subject) = self.named_in_root(&state.name, state.span) else {
                continue;
            };
            let mut needs = Needs::new(checker);
            self.of_state(StateId::from_index(index), None, &mut needs);
            let places = Places {
                subject,
                window: None,
            };
            self.judge(Sort::State, &state.name, places, needs);
        }
        for population in &trial.populations {
            let mut needs = Needs::new(checker);
            self.asked(population.asked, Context::once(), &mut needs);
            let places = Places {
                subject: population.span,
                window: None,
            };
            self.judge(Sort::Population, &population.name, places, needs);
        }
        let mut diagnostics = self.messages();
        diagnostics.extend(self.past_follow_up());
        diagnostics
    }

    /// Where the protocol declares something, or takes it by name from a library.
    fn named_in_root(&self, name: &str, declared: Span) -> Option<Span> {
        let root = self.checker.scopes.first()?;
        let entry = root.entries.get(name)?;
        if entry.declared != declared {
            return None;
        }
        match entry.taken {
            None => Some(declared),
            Some(taken) => entry.by_name.then_some(taken),
        }
    }

    /// What an endpoint is computed from.
    fn of_endpoint(&self, endpoint: &Endpoint, places: Places, needs: &mut Needs<'c, 'a>) {
        let place = places.window.unwrap_or(places.subject);
        match &endpoint.variable {
            Variable::Whether(asked) => self.asked(*asked, Context::once(), needs),
            Variable::Reached(state, window) => {
                if let Some(window) = window {
                    needs.look(window, place);
                }
                self.of_state(*state, window.as_ref(), needs);
            }
            Variable::Value { series, window, .. }
            | Variable::DayOf { series, window, .. }
            | Variable::DayWith { series, window, .. }
            | Variable::VisitWith { series, window, .. }
            | Variable::DaysWith { series, window, .. }
            | Variable::Area { series, window } => match series {
                Series::Subject(subject) => needs.values(*subject, window, place),
                Series::Points(asked) => {
                    needs.look(window, place);
                    let at_visits =
                        Context::at_visits(Zone::of(vec![window.clone()], When::Window));
                    self.asked(*asked, at_visits, needs);
                }
            },
            Variable::AtVisits(series) => {
                let at_visits = Context::at_visits(Zone::ever());
                self.series(*series, places.subject, at_visits, needs);
            }
            Variable::ChangeAtVisits(series) => {
                let Some(baseline) = self.checker.tables.trial.baseline else {
                    return;
                };
                let at = vec![self.checker.window_of_values(baseline)];
                let after = vec![after(baseline)];
                for (windows, when) in [(at, "at baseline"), (after, "after baseline")] {
                    let when = When::Said(Arc::from(when));
                    let at_visits = Context::at_visits(Zone::of(windows, when));
                    self.series(*series, places.subject, at_visits, needs);
                }
            }
            Variable::WorstGrade(grading, window) => {
                needs.look(window, place);
                self.of_grading(*grading, window, needs);
            }
            Variable::AdverseEvents(window) => needs.look(window, place),
            Variable::TimeTo(state) | Variable::TimeIn(state) => {
                self.of_state(*state, None, needs);
            }
        }
    }

    fn series(&self, series: Series, place: Span, context: Context, needs: &mut Needs<'c, 'a>) {
        match series {
            Series::Subject(subject) => needs.values_in(subject, place, context),
            Series::Points(asked) => self.asked(asked, context, needs),
        }
    }

    fn asked(&self, asked: AskedId, context: Context, needs: &mut Needs<'c, 'a>) {
        if let Some(asked) = self.checker.tables.asked.get(asked.index()) {
            needs.of(&asked.condition, context);
        }
    }

    fn of_state(&self, state: StateId, window: Option<&Window>, needs: &mut Needs<'c, 'a>) {
        let Some(state) = self.checker.tables.trial.states.get(state.index()) else {
            return;
        };
        let mut zone = match window {
            Some(window) => Zone::of(vec![window.clone()], When::Window),
            None => Zone::ever(),
        };
        let mut words = Vec::new();
        if let Some(with) = state.with {
            zone.with = Some(with);
            let assessments = &self.checker.tables.trial.assessments;
            let named = assessments.get(with.index());
            words.extend(named.map(|own| format!("at a visit with `{}`", own.name)));
        }
        if let Some(milestone) = state.after {
            zone.windows.push(after(milestone));
            let named = self.checker.milestone(milestone);
            words.extend(named.map(|own| format!("after `{}`", own.name)));
        }
        if window.is_none() && !words.is_empty() {
            zone.when = When::Said(Arc::from(words.join(" ")));
        }
        self.asked(state.asked, Context::at_visits(zone), needs);
    }

    fn of_grading(&self, grading: GradingId, window: &Window, needs: &mut Needs<'c, 'a>) {
        let gradings = &self.checker.tables.trial.gradings;
        let lines = gradings
            .get(grading.index())
            .map_or(&[][..], |it| &it.lines);
        for line in lines {
            let at_visits = Context::at_visits(Zone::of(vec![window.clone()], When::Window));
            self.asked(line.asked, at_visits, needs);
        }
    }

    /// Keeps what is not supplied.
    fn judge(&mut self, sort: Sort, name: &Arc<str>, places: Places, needs: Needs<'c, 'a>) {
        let owner = || Owner {
            sort,
            name: Arc::clone(name),
            places,
        };
        // A schedule that names no measure does not say what visits measure.
        if !self.measured.is_empty() {
            for need in &needs.needs {
                if let Some(lack) = self.lack(need) {
                    self.keep(owner(), need, &needs.needs, lack);
                }
            }
        }
        self.looked.push((owner(), needs.looked));
    }

    /// Why the values are not there, if they are not.
    fn lack(&self, need: &Need) -> Option<Lack> {
        let subjects = std::iter::once(&need.subject).chain(&need.instead);
        let mut nearest = Nearest::default();
        let mut perhaps: Option<(VisitId, reach::Only)> = None;
        for subject in subjects {
            for visit in self.measured.get(&key(*subject)).into_iter().flatten() {
                if !self.plans(*visit, need.zone.with) {
                    nearest.not_asked = nearest.not_asked.or(Some(*visit));
                    continue;
                }
                match self.reach.lies(*visit, &need.zone.windows) {
                    Lies::Inside => return None,
                    // A planned visit says more than one that nobody plans.
                    Lies::Perhaps(only)
                        if perhaps.is_none_or(|(_, known)| known == reach::Only::Unscheduled) =>
                    {
                        perhaps = Some((*visit, only));
                    }
                    Lies::Perhaps(_) => {}
                    Lies::Outside(reach::Side::Before) => nearest.before = Some(*visit),
                    Lies::Outside(reach::Side::After) => {
                        nearest.after = nearest.after.or(Some(*visit));
                    }
                }
            }
        }
        Some(match perhaps {
            Some((visit, only)) => Lack::Perhaps(visit, only),
            None if nearest == Nearest::default() => Lack::Nowhere,
            None => Lack::Elsewhere(nearest),
        })
    }

    /// Whether a visit plans an assessment, if there is one to plan.
    fn plans(&self, visit: VisitId, assessment: Option<AssessmentId>) -> bool {
        let visit = self.checker.tables.trial.visits.get(visit.index());
        assessment.is_none_or(|assessment| {
            let mut planned = visit.into_iter().flat_map(|visit| &visit.planned);
            planned.any(|planned| planned.assessment == assessment)
        })
    }

    /// Whether something asked in a zone can be asked at a visit, on the day that this is planned on.
    fn is_in(&self, visit: VisitId, zone: &Zone) -> bool {
        self.plans(visit, zone.with) && self.reach.lies(visit, &zone.windows) == Lies::Inside
    }
}

/// Everything after a milestone.
fn after(milestone: lind_model::MilestoneId) -> Window {
    Window::Around {
        anchor: Anchor::Milestone(milestone),
        window: lind_time::Window {
            from: Edge::open(Offset::Days { days: 0 }),
            ..lind_time::Window::after_anchor()
        },
        as_known: false,
    }
}
