//! What a condition reads, through all the terms that it names: which values, and when.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::Span;
use lind_model::protocol::{
    AlternativeContent, Anchor, Condition, ConditionKind, Fact, FormulaInput, Subject, Test, Window,
};
use lind_model::{AssessmentId, DefinitionId, MilestoneId};

use crate::analysis::Checker;

/// How many conditions are looked at for one endpoint; more than any protocol has.
const MOST_STEPS: usize = 20_000;
/// Through how many sums inside each other a recorded total is remembered.
const MOST_TOTALS: usize = 4;

/// Values that something is computed from.
#[derive(Debug, Clone)]
pub(super) struct Need {
    /// Which.
    pub(super) subject: Subject,
    /// The sum of points or the formula that they go into.
    pub(super) part_of: Option<Arc<str>>,
    /// What does as well: a total that is recorded as such, the computed value.
    pub(super) instead: Vec<Subject>,
    /// When they are asked.
    pub(super) zone: Zone,
    /// Where they are asked.
    pub(super) place: Span,
}

/// When values are asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Zone {
    /// They lie in all of these windows.
    pub(super) windows: Vec<Window>,
    /// At visits that plan this assessment.
    pub(super) with: Option<AssessmentId>,
    /// The same in words.
    pub(super) when: When,
}

impl Zone {
    /// At any time.
    pub(super) const fn ever() -> Self {
        Self::of(Vec::new(), When::Ever)
    }

    /// In all of these windows.
    pub(super) const fn of(windows: Vec<Window>, when: When) -> Self {
        Self {
            windows,
            with: None,
            when,
        }
    }
}

/// When values are asked, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// At any time.
    Ever,
    /// In a window that is written where they are asked.
    Window,
    /// In words: `at baseline`.
    Said(Arc<str>),
}

/// A window that something is computed from, and where it is asked.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub(super) window: Window,
    pub(super) place: Span,
}

/// How values are asked where a condition stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Context {
    /// It is asked at visits, which lie here.
    pub(super) visits: Option<Zone>,
    /// The window of values where a test names none.
    pub(super) default: Option<Window>,
    part_of: Option<Arc<str>>,
    instead: Vec<Subject>,
}

impl Context {
    /// Asked once, over all that is known.
    pub(super) const fn once() -> Self {
        Self {
            visits: None,
            default: None,
            part_of: None,
            instead: Vec::new(),
        }
    }

    /// Asked at the visits that lie here.
    pub(super) fn at_visits(zone: Zone) -> Self {
        Self {
            visits: Some(zone),
            ..Self::once()
        }
    }
}

/// What something is computed from.
pub(super) struct Needs<'c, 'a> {
    checker: &'c Checker<'a>,
    pub(super) needs: Vec<Need>,
    pub(super) looked: Vec<Looked>,
    contexts: Vec<Context>,
    told: BTreeSet<(DefinitionId, usize)>,
    steps: usize,
}

impl<'c, 'a> Needs<'c, 'a> {
    pub(super) const fn new(checker: &'c Checker<'a>) -> Self {
        Self {
            checker,
            needs: Vec::new(),
            looked: Vec::new(),
            contexts: Vec::new(),
            told: BTreeSet::new(),
            steps: 0,
        }
    }

    /// What a condition reads.
    pub(super) fn of(&mut self, condition: &Condition, context: Context) {
        let context = self.number(context);
        self.condition(condition, context);
    }

    /// Values of a measure or a formula in a window of their own.
    pub(super) fn values(&mut self, subject: Subject, window: &Window, place: Span) {
        let context = self.number(Context::once());
        self.value(subject, Some(window), place, context);
    }

    /// Values of a measure or a formula as a context has them.
    pub(super) fn values_in(&mut self, subject: Subject, place: Span, context: Context) {
        let context = self.number(context);
        self.value(subject, None, place, context);
    }

    /// The place of a context among those that were met. There are few: each is kept once.
    fn number(&mut self, context: Context) -> usize {
        if let Some(known) = self.contexts.iter().position(|other| *other == context) {
            return known;
        }
        self.contexts.push(context);
        self.contexts.len().saturating_sub(1)
    }

    fn context(&self, context: usize) -> Context {
        self.contexts
            .get(context)
            .cloned()
            .unwrap_or(Context::once())
    }

    fn condition(&mut self, condition: &Condition, context: usize) {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MOST_STEPS {
            return;
        }
        let place = condition.span;
        match &condition.kind {
            ConditionKind::List(_, parts) => {
                parts.iter().for_each(|part| self.condition(part, context));
            }
            ConditionKind::Depending(reading, parts) => {
                let readings = &self.checker.tables.readings;
                let chosen = readings.get(reading.index()).and_then(Option::as_ref);
                if let Some(part) = chosen.and_then(|reading| parts.get(reading.chosen)) {
                    self.condition(part, context);
                }
            }
            ConditionKind::AsRead(reading) => {
                let readings = &self.checker.tables.readings;
                let reading = readings.get(reading.index()).and_then(Option::as_ref);
                let chosen = reading.and_then(|own| own.alternatives.get(own.chosen));
                if let Some(AlternativeContent::Condition(inner)) =
                    chosen.map(|alternative| &alternative.content)
                {
                    self.condition(inner, context);
                }
            }
            ConditionKind::Guarded(guard, inner) => {
                if let Some(condition) = &guard.condition {
                    self.condition(condition, context);
                }
                self.condition(inner, context);
            }
            ConditionKind::At(_, inner) => self.condition(inner, context),
            ConditionKind::With(usage, inner) => {
                let context = match &usage.window {
                    Some(window) => {
                        let mut own = self.context(context);
                        own.default = Some(window.clone());
                        self.number(own)
                    }
                    None => context,
                };
                self.condition(inner, context);
            }
            ConditionKind::Value(test) => {
                self.value(test.subject, test.window.as_ref(), place, context);
                self.reference(test.subject, &test.test, place, context);
            }
            ConditionKind::Change(change) => {
                for window in change.between.windows() {
                    self.value(change.subject, Some(window), place, context);
                }
            }
            ConditionKind::Spell(spell) => {
                let subject = Subject::Measure(spell.measure);
                self.value(subject, Some(&spell.window), place, context);
                self.reference(subject, &spell.test, place, context);
            }
            ConditionKind::Points(points) => {
                let recorded = points.recorded.as_ref().map(|test| test.subject);
                let own = self.in_a_sum(context, &points.name, recorded);
                for line in &points.lines {
                    self.definition(line.condition, own);
                }
            }
            ConditionKind::PointsChange(change) => {
                let recorded = change.recorded.map(Subject::Measure);
                for end in [&change.from, &change.to] {
                    let zone = self.zone(Some(&end.window), context);
                    self.look(&end.window, place);
                    let mut own = self.context(context);
                    own.visits = Some(zone);
                    let own = self.number(own);
                    let own = self.in_a_sum(own, &change.name, recorded);
                    for line in &change.lines {
                        self.definition(line.condition, own);
                    }
                }
            }
            ConditionKind::Choice(choice) => {
                for case in &choice.cases {
                    self.condition(&case.when, context);
                    self.condition(&case.then, context);
                }
                if let Some(otherwise) = &choice.otherwise {
                    self.condition(otherwise, context);
                }
            }
            ConditionKind::Fact(fact) => self.fact(fact, place, context),
            ConditionKind::Happened(_, window) => {
                if let Some(window) = window {
                    self.look(window, place);
                }
            }
            ConditionKind::Defined(term) => self.definition(*term, context),
            // What holds where nothing is known is laid down: nothing has to be supplied.
            ConditionKind::IfUnknown(_)
            | ConditionKind::Judged(_)
            | ConditionKind::Age { .. }
            | ConditionKind::Record(_)
            | ConditionKind::Settled(_)
            | ConditionKind::Nothing => {}
        }
    }

    fn definition(&mut self, term: DefinitionId, context: usize) {
        if !self.told.insert((term, context)) {
            return;
        }
        let checker = self.checker;
        if let Some(Some(term)) = checker.tables.definitions.get(term.index()) {
            self.condition(&term.condition, context);
        }
    }

    fn fact(&mut self, fact: &Fact, place: Span, context: usize) {
        if let Some(measure) = fact.measure {
            // Without a window a fact looks at everything, wherever it is asked.
            let windows = fact.window.as_ref();
            let zone = match windows {
                Some(_) => self.zone(windows, context),
                None => Zone::ever(),
            };
            self.need(Subject::Measure(measure), zone, place, context);
        }
        for window in fact.windows() {
            self.look(window, place);
        }
        if let Some(such_that) = &fact.such_that {
            self.condition(&such_that.condition, context);
        }
    }

    /// The other value with which a test compares.
    fn reference(&mut self, subject: Subject, test: &Test, place: Span, context: usize) {
        if let Some(window) = test.window() {
            self.value(subject, Some(window), place, context);
        }
    }

    fn value(&mut self, subject: Subject, window: Option<&Window>, place: Span, context: usize) {
        if let Some(window) = window.or(self.context(context).default.as_ref()) {
            self.look(window, place);
        }
        let zone = self.zone(window, context);
        self.need(subject, zone, place, context);
    }

    fn need(&mut self, subject: Subject, zone: Zone, place: Span, context: usize) {
        let own = self.context(context);
        let need = |subject: Subject, zone: Zone| Need {
            subject,
            part_of: own.part_of.clone(),
            instead: own.instead.clone(),
            zone,
            place,
        };
        let Subject::Formula(id) = subject else {
            self.needs.push(need(subject, zone));
            return;
        };
        let formulas = &self.checker.tables.formulas;
        let Some(formula) = formulas.get(id.index()).and_then(Option::as_ref) else {
            return;
        };
        let inputs: Vec<Subject> = formula
            .inputs
            .iter()
            .filter_map(|input| match input {
                FormulaInput::Measure { measure, .. } => Some(Subject::Measure(*measure)),
                FormulaInput::Age => None,
            })
            .collect();
        // Inputs of several sorts may come from several days; that they come at all is certain enough to ask.
        let alone = inputs.len() == 1;
        for input in inputs {
            let zone = if alone { zone.clone() } else { Zone::ever() };
            let mut one = need(input, zone);
            one.instead.push(subject);
            one.part_of.get_or_insert_with(|| Arc::clone(&formula.name));
            self.needs.push(one);
        }
    }

    /// When a value is asked by a test.
    fn zone(&self, window: Option<&Window>, context: usize) -> Zone {
        let own = self.context(context);
        let of_visit = own.visits.clone().unwrap_or(Zone::ever());
        let Some(window) = window.or(own.default.as_ref()) else {
            return of_visit;
        };
        let anchors = lind_model::lower::anchors(window);
        let is_of_the_day = |anchor: &Anchor| match anchor {
            Anchor::Milestone(id) => self.checker.tables.trial.is_of_the_day(*id),
            _ => false,
        };
        if !anchors.iter().any(is_of_the_day) {
            let said = self.at_baseline(window);
            return Zone::of(vec![window.clone()], said.unwrap_or(When::Window));
        }
        if self.is_the_visit(window) {
            of_visit
        } else {
            Zone::ever()
        }
    }

    /// Whether a window is the visit at hand.
    fn is_the_visit(&self, window: &Window) -> bool {
        let trial = &self.checker.tables.trial;
        let is = |anchor: &Anchor, which: Option<MilestoneId>| matches!(anchor, Anchor::Milestone(id) if Some(*id) == which);
        match window {
            Window::Between { from, to } => is(from, trial.visit) && is(to, trial.visit_end),
            Window::Around { anchor, window, .. } => {
                is(anchor, trial.visit) && *window == lind_time::Window::on_anchor()
            }
            _ => false,
        }
    }

    /// `at baseline`, if a window is that of the values that count there.
    fn at_baseline(&self, window: &Window) -> Option<When> {
        let baseline = self.checker.tables.trial.baseline?;
        (self.checker.window_of_values(baseline) == *window)
            .then(|| When::Said(Arc::from("at baseline")))
    }

    /// The lines of a sum: its total does as well.
    fn in_a_sum(&mut self, context: usize, name: &Arc<str>, recorded: Option<Subject>) -> usize {
        let mut own = self.context(context);
        own.part_of.get_or_insert_with(|| Arc::clone(name));
        if let Some(recorded) = recorded
            && own.instead.len() < MOST_TOTALS
            && !own.instead.contains(&recorded)
        {
            own.instead.push(recorded);
        }
        self.number(own)
    }

    /// Keeps a window that something is computed from.
    pub(super) fn look(&mut self, window: &Window, place: Span) {
        self.looked.push(Looked {
            window: window.clone(),
            place,
        });
    }
}
