//! What is assessed at which visit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Anchor, Condition, ConditionKind, FormulaInput, Subject, Window};
use lind_model::trial::{Assessment, Planned, Timeline, Visit, VisitAnchor, VisitTime};
use lind_model::{AskedId, AssessmentId, DefinitionId, MeasureId, MilestoneId};
use lind_syntax::tree::{
    self, AssessmentItem, AssessmentLine, Item, Name, UntilEnd, VisitLine, VisitLineKind,
};
use lind_time::Edge;

use super::{Draft, Point, Root, Time, drafts};
use crate::analysis::Checker;
use crate::circles::walk;
use crate::modules::Module;
use crate::rules;
use crate::scope::Symbol;

/// What the lines below a visit or a timeline say.
#[derive(Debug, Clone, Default)]
struct Lines {
    /// Each with the condition on which it is planned, if there is one.
    planned: Vec<(Planned, Option<Condition>)>,
    until: Vec<MilestoneId>,
    assumed: Option<Arc<str>>,
}

/// Reads what is assessed at visits, and looks at the whole schedule.
pub(crate) fn elaborate(checker: &mut Checker<'_>, modules: &[Module]) {
    let drafts = drafts(modules);
    for (index, module) in modules.iter().enumerate() {
        checker.module = index;
        for item in &module.tree.items {
            if let Item::Assessment(assessment) = item {
                let read = checker.assessment(assessment);
                checker.tables.trial.assessments.push(read);
            }
        }
    }
    let mut of_timelines: Vec<Lines> = Vec::new();
    for (index, module) in modules.iter().enumerate() {
        checker.module = index;
        for item in &module.tree.items {
            if let Item::Timeline(timeline) = item {
                let lines = checker.visit_lines(&timeline.lines);
                checker.tables.trial.timelines.push(Timeline {
                    name: super::arc(&timeline.name.text),
                    title: super::arc(&timeline.title.value),
                    assumed: lines.assumed.clone(),
                    span: timeline.name.span,
                });
                of_timelines.push(lines);
            }
        }
    }
    let mut own: Option<(Span, Lines)> = None;
    for (index, draft) in drafts.iter().enumerate() {
        checker.module = draft.module;
        // Visits that are written as one share their lines.
        let lines = match &own {
            Some((span, lines)) if *span == draft.visit.span => lines.clone(),
            _ => {
                let mut lines = checker.visit_lines(&draft.visit.lines);
                let common = draft
                    .timeline
                    .and_then(|timeline| of_timelines.get(timeline.index()));
                if let Some(common) = common {
                    let mut planned = common.planned.clone();
                    planned.append(&mut lines.planned);
                    lines.planned = planned;
                    lines.until.extend(&common.until);
                }
                if let tree::VisitTime::Every(every) = &draft.visit.time {
                    for end in &every.until {
                        if let UntilEnd::Milestone(name) = end {
                            lines.until.extend(checker.find_milestone(name));
                        }
                    }
                }
                checker.planned_twice(&lines.planned);
                lines
            }
        };
        own = Some((draft.visit.span, lines.clone()));
        checker.visit(index, draft, lines);
    }
    checker.same_titles(modules, &drafts);
    if checker.sink.has_errors() {
        return;
    }
    checker.compare_visits(&drafts);
    checker.assessments_without_visit();
    checker.values_without_visit();
}

impl Checker<'_> {
    fn visit(&mut self, index: usize, draft: &Draft<'_>, lines: Lines) {
        let time = self.tables.timetable.times.get(index).cloned().flatten();
        let Some(time) = time.and_then(|time| self.model_time(time)) else {
            return;
        };
        let gate = self.gate_of(&time);
        // What ends the others may be what this one is counted from.
        let mut until = lines.until;
        until.retain(|end| !self.is_counted_from(&time, *end));
        let gate = self.tables.trial.visit.or(gate);
        let mut planned = Vec::with_capacity(lines.planned.len());
        for (mut one, only) in lines.planned {
            if let (Some(gate), Some(condition)) = (gate, only) {
                one.only = Some(self.ask_once(gate, condition));
            }
            planned.push(one);
        }
        let milestone = self
            .tables
            .timetable
            .milestones
            .get(index)
            .copied()
            .flatten();
        self.tables.trial.visits.push(Visit {
            name: super::arc(&draft.name.text),
            title: super::arc(&draft.title),
            timeline: draft.timeline,
            time,
            planned,
            until,
            milestone,
            assumed: lines.assumed,
            span: draft.name.span,
        });
    }

    fn is_counted_from(&self, time: &VisitTime, milestone: MilestoneId) -> bool {
        match time {
            VisitTime::Planned { anchor, .. } => *anchor == VisitAnchor::Milestone(milestone),
            VisitTime::Span(window) => {
                lind_model::lower::anchors(window).contains(&Anchor::Milestone(milestone))
            }
            VisitTime::Unscheduled => false,
        }
    }

    fn gate_of(&self, time: &VisitTime) -> Option<MilestoneId> {
        match time {
            VisitTime::Planned {
                anchor: VisitAnchor::Milestone(id),
                ..
            } => Some(*id),
            VisitTime::Planned {
                anchor: VisitAnchor::Visit(id),
                ..
            } => self.tables.trial.visits.get(id.index())?.milestone,
            VisitTime::Span(window) => {
                lind_model::lower::anchors(window)
                    .into_iter()
                    .find_map(|anchor| match anchor {
                        Anchor::Milestone(id) => Some(id),
                        _ => None,
                    })
            }
            VisitTime::Unscheduled => None,
        }
    }

    fn model_time(&self, time: Time) -> Option<VisitTime> {
        let anchor_of = |root: Root| match root {
            Root::Milestone(id) => VisitAnchor::Milestone(MilestoneId::from_index(id)),
            Root::Visit(id) => VisitAnchor::Visit(id),
        };
        Some(match time {
            Time::Unscheduled => VisitTime::Unscheduled,
            Time::Planned { at, earlier, later } => VisitTime::Planned {
                anchor: anchor_of(at.root),
                offset: at.offset,
                earlier,
                later,
            },
            Time::Span(from, to) => VisitTime::Span(self.model_window(from, to)?),
        })
    }

    /// The days between two points as a window. A visit that a window leans on is a milestone.
    fn model_window(&self, from: Point, to: Point) -> Option<Window> {
        let anchor = |root: Root| match root {
            Root::Milestone(id) => Some(Anchor::Milestone(MilestoneId::from_index(id))),
            Root::Visit(id) => self
                .tables
                .timetable
                .milestones
                .get(id.index())
                .copied()
                .flatten()
                .map(Anchor::Milestone),
        };
        let (first, last) = (anchor(from.root)?, anchor(to.root)?);
        let around = |anchor: Anchor, from: Edge, to: Edge| Window::Around {
            anchor,
            window: lind_time::Window {
                from,
                to,
                ..lind_time::Window::on_anchor()
            },
            as_known: false,
        };
        Some(if first == last {
            around(first, Edge::closed(from.offset), Edge::closed(to.offset))
        } else if from.offset.is_zero() && to.offset.is_zero() {
            Window::Between {
                from: first,
                to: last,
            }
        } else {
            Window::Both(
                Box::new(around(first, Edge::closed(from.offset), Edge::Unbounded)),
                Box::new(around(last, Edge::Unbounded, Edge::closed(to.offset))),
            )
        })
    }

    fn assessment(&mut self, assessment: &tree::Assessment) -> Assessment {
        let mut subjects: Vec<Subject> = Vec::new();
        let mut names = Vec::new();
        let mut of_names: Vec<Vec<Subject>> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for line in &assessment.lines {
            let AssessmentLine::Items(items) = line else {
                continue;
            };
            for item in items {
                match item {
                    AssessmentItem::Words(text) => {
                        names.push(super::arc(&text.value));
                        of_names.push(Vec::new());
                    }
                    AssessmentItem::Named(name) => {
                        if let Some(first) = seen.insert(name.text.clone(), name.span) {
                            self.planned_again(name, first, "this assessment has it already");
                        }
                        names.push(super::arc(&name.text));
                        let own = self.assessed(name);
                        for subject in &own {
                            if !subjects.contains(subject) {
                                subjects.push(*subject);
                            }
                        }
                        of_names.push(own);
                    }
                }
            }
        }
        Assessment {
            name: super::arc(&assessment.name.text),
            title: super::arc(&assessment.title.value),
            subjects,
            names,
            items: of_names,
            span: assessment.name.span,
        }
    }

    fn planned_again(&mut self, name: &Name, first: Span, message: &str) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0428_PLANNED_TWICE,
                name.span,
                format!("`{}`: {message}", name.text),
            )
            .label("again")
            .also(first, "here already"),
        );
    }

    /// What a name of an assessment gives: measures, formulas with what goes into them, sums with what they lean on.
    fn assessed(&mut self, name: &Name) -> Vec<Subject> {
        let Some((symbol, declared)) = self.resolve(name) else {
            return Vec::new();
        };
        match symbol {
            Symbol::Measure(id) => vec![Subject::Measure(id)],
            Symbol::Formula(id) => {
                let inputs = self
                    .tables
                    .formulas
                    .get(id.index())
                    .and_then(Option::as_ref)
                    .map(|formula| formula.inputs.as_slice())
                    .unwrap_or_default();
                let measures = inputs.iter().filter_map(|input| match input {
                    FormulaInput::Measure { measure, .. } => Some(Subject::Measure(*measure)),
                    FormulaInput::Age => None,
                });
                std::iter::once(Subject::Formula(id))
                    .chain(measures)
                    .collect()
            }
            Symbol::Points(id) => {
                let Some((recorded, lines)) = self.points_parts(id) else {
                    return Vec::new();
                };
                let mut found: BTreeSet<MeasureId> = BTreeSet::from([recorded]);
                let mut told = BTreeSet::new();
                for line in lines {
                    self.measures_of_term(line, &mut told, &mut found);
                }
                found.into_iter().map(Subject::Measure).collect()
            }
            _ => {
                self.needs(name, "a measure, a formula or points", symbol, declared);
                Vec::new()
            }
        }
    }

    fn measures_of_term(
        &self,
        term: DefinitionId,
        told: &mut BTreeSet<DefinitionId>,
        found: &mut BTreeSet<MeasureId>,
    ) {
        if !told.insert(term) {
            return;
        }
        let definition = self.tables.definitions.get(term.index());
        if let Some(Some(definition)) = definition {
            self.measures_of(&definition.condition, told, found);
        }
    }

    /// The measures that a condition asks.
    fn measures_of(
        &self,
        condition: &Condition,
        told: &mut BTreeSet<DefinitionId>,
        found: &mut BTreeSet<MeasureId>,
    ) {
        let mut terms = Vec::new();
        walk(condition, &mut |condition, _| match &condition.kind {
            ConditionKind::Value(test) => found.extend(self.inputs(test.subject)),
            ConditionKind::Change(change) => found.extend(self.inputs(change.subject)),
            ConditionKind::Fact(fact) => found.extend(fact.measure),
            ConditionKind::Defined(id) => terms.push(*id),
            ConditionKind::Points(points) => {
                terms.extend(points.lines.iter().map(|line| line.condition));
            }
            _ => {}
        });
        for term in terms {
            self.measures_of_term(term, told, found);
        }
    }

    fn inputs(&self, subject: Subject) -> Vec<MeasureId> {
        match subject {
            Subject::Measure(id) => vec![id],
            Subject::Formula(id) => self
                .tables
                .formulas
                .get(id.index())
                .and_then(Option::as_ref)
                .map(|formula| {
                    let inputs = formula.inputs.iter();
                    inputs
                        .filter_map(|input| match input {
                            FormulaInput::Measure { measure, .. } => Some(*measure),
                            FormulaInput::Age => None,
                        })
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    fn visit_lines(&mut self, lines: &[VisitLine]) -> Lines {
        let mut found = Lines::default();
        for line in lines {
            match &line.kind {
                VisitLineKind::Planned {
                    assessments,
                    population,
                    condition,
                } => {
                    let guard = population.as_ref().map(|population| self.guard(population));
                    let own = condition
                        .as_ref()
                        .map(|condition| self.condition(condition, &[]));
                    // A guard that could not be understood has its own message.
                    if matches!(guard, Some(None)) || matches!(own, Some(None)) {
                        continue;
                    }
                    let guard = guard.flatten();
                    let sex = guard.as_ref().and_then(|guard| guard.sex);
                    let only = guard
                        .and_then(|guard| guard.condition)
                        .map(|condition| *condition)
                        .or(own.flatten());
                    let with = population.as_ref().and_then(|people| people.with.as_ref());
                    let text = match (with, condition) {
                        (Some(with), _) => Some(super::arc(&with.text)),
                        (None, Some(condition)) => Some(self.text(condition.span)),
                        (None, None) => None,
                    };
                    for name in assessments {
                        if let Some(assessment) = self.find_assessment(name) {
                            let planned = Planned {
                                assessment,
                                sex,
                                only: None,
                                text: text.clone(),
                                span: name.span,
                            };
                            found.planned.push((planned, only.clone()));
                        }
                    }
                }
                VisitLineKind::Until(names) => {
                    for name in names {
                        found.until.extend(self.find_milestone(name));
                    }
                }
                VisitLineKind::Assumed(why) => found.assumed = Some(super::arc(&why.value)),
                VisitLineKind::Remark | VisitLineKind::Broken => {}
            }
        }
        found
    }

    /// A condition that is asked at a gate, once however many visits share it.
    fn ask_once(&mut self, gate: MilestoneId, condition: Condition) -> AskedId {
        let known = self
            .tables
            .asked
            .iter()
            .position(|asked| asked.gate == gate && asked.condition.span == condition.span);
        known.map_or_else(|| self.ask_at(gate, condition), AskedId::from_index)
    }

    pub(crate) fn find_assessment(&mut self, name: &Name) -> Option<AssessmentId> {
        let (symbol, declared) = self.resolve(name)?;
        if let Symbol::Assessment(id) = symbol {
            return Some(id);
        }
        self.needs(name, "an assessment", symbol, declared);
        None
    }

    /// One assessment that a visit plans twice.
    fn planned_twice(&mut self, planned: &[(Planned, Option<Condition>)]) {
        for (index, (one, _)) in planned.iter().enumerate() {
            let above = planned.iter().take(index).map(|(first, _)| first);
            let first = above.into_iter().find(|first| {
                first.assessment == one.assessment
                    && (first.sex.is_none() || first.sex == one.sex)
                    && (first.text.is_none() || first.text == one.text)
            });
            if let Some(first) = first {
                let name = Name {
                    text: self.text(one.span).to_string(),
                    span: one.span,
                };
                self.planned_again(&name, first.span, "this visit plans it already");
            }
        }
    }

    /// Two things of one sort with one title.
    fn same_titles(&mut self, modules: &[Module], drafts: &[Draft<'_>]) {
        let mut titles: Vec<(&'static str, String, Span)> = Vec::new();
        for module in modules {
            for item in &module.tree.items {
                match item {
                    Item::Assessment(item) => {
                        titles.push(("assessments", item.title.value.clone(), item.title.span));
                    }
                    Item::Timeline(item) => {
                        titles.push(("timelines", item.title.value.clone(), item.title.span));
                    }
                    _ => {}
                }
            }
        }
        for draft in drafts {
            titles.push(("visits", draft.title.clone(), draft.visit.title.span));
        }
        let mut seen: BTreeMap<(&str, String), Span> = BTreeMap::new();
        for (sort, title, span) in titles {
            if let Some(first) = seen.get(&(sort, title.clone())) {
                if *first == span {
                    continue;
                }
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0427_SAME_TITLE,
                        span,
                        format!("two {sort} are called \"{title}\""),
                    )
                    .label("again")
                    .also(*first, "here first")
                    .note("in the table of activities nobody could tell them apart"),
                );
                continue;
            }
            seen.insert((sort, title), span);
        }
    }

    fn assessments_without_visit(&mut self) {
        let trial = &self.tables.trial;
        if trial.visits.is_empty() {
            return;
        }
        let planned: BTreeSet<AssessmentId> = trial
            .visits
            .iter()
            .flat_map(|visit| &visit.planned)
            .map(|planned| planned.assessment)
            .collect();
        let idle: Vec<(Arc<str>, Span)> = trial
            .assessments
            .iter()
            .enumerate()
            .filter(|(index, _)| !planned.contains(&AssessmentId::from_index(*index)))
            .map(|(_, assessment)| (Arc::clone(&assessment.name), assessment.span))
            .collect();
        for (name, span) in idle {
            self.sink.push(
                Diagnostic::new(
                    &rules::W0652_ASSESSMENT_NOT_PLANNED,
                    span,
                    format!("no visit asks for `{name}`"),
                )
                .label("never done"),
            );
        }
    }

    /// Values that are asked and that no visit supplies: in conditions of visits, and in criteria.
    fn values_without_visit(&mut self) {
        let supplied: BTreeSet<MeasureId> = {
            let trial = &self.tables.trial;
            trial
                .visits
                .iter()
                .flat_map(|visit| &visit.planned)
                .filter_map(|planned| trial.assessments.get(planned.assessment.index()))
                .flat_map(|assessment| &assessment.subjects)
                .flat_map(|subject| self.inputs(*subject))
                .collect()
        };
        if supplied.is_empty() {
            return;
        }
        let mut asked: Vec<(Condition, &'static str)> = Vec::new();
        let guards: BTreeSet<AskedId> = self
            .tables
            .trial
            .visits
            .iter()
            .flat_map(|visit| &visit.planned)
            .filter_map(|planned| planned.only)
            .collect();
        for id in guards {
            if let Some(one) = self.tables.asked.get(id.index()) {
                asked.push((one.condition.clone(), "this condition of a visit asks it"));
            }
        }
        for criterion in &self.tables.criteria {
            let parts = criterion.parts.iter().cloned();
            asked.extend(parts.map(|part| (part, "this criterion asks it")));
        }
        let mut told: BTreeSet<MeasureId> = BTreeSet::new();
        for (condition, why) in asked {
            let mut measures = BTreeSet::new();
            self.measures_of(&condition, &mut BTreeSet::new(), &mut measures);
            for id in measures {
                if supplied.contains(&id) || !told.insert(id) {
                    continue;
                }
                let Some(measure) = self.measure(id) else {
                    continue;
                };
                let name = Arc::clone(&measure.name);
                self.sink.push(
                    Diagnostic::new(
                        &rules::W0654_VALUE_NOT_PLANNED,
                        condition.span,
                        format!("no visit measures `{name}`"),
                    )
                    .label(why)
                    .note("it can only come from the records that a patient brings along; an assessment of a visit supplies it"),
                );
            }
        }
    }
}
