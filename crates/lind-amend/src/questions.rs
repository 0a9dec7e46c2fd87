//! The questions that both versions ask of a patient: conditions that have no parts, or are not taken apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_eval::Program;
use lind_model::lower::{anchors, counts_half_lives};
use lind_model::plan::{
    ConceptKind, FactPlan, FilterPlan, NodeKind, Plan, PlanGuard, RecordQuestionPlan, SamplePlan,
    Stage,
};
use lind_model::protocol::{Anchor, FormulaInput, Sex, Subject, Test, Window};
use lind_model::{AskedId, MilestoneId, NodeId};
use lind_records::{Table, Wanted};

use crate::bounds::{Bound, Limited, bounds, limited};
use crate::calendar::classes;
use crate::meaning::{Meaning, Meanings, Reader};
use crate::patient::table_of;

/// One of the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Which {
    Old,
    New,
}

impl Which {
    pub(crate) const BOTH: [Self; 2] = [Self::Old, Self::New];

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Old => 0,
            Self::New => 1,
        }
    }
}

/// A version, ready to be asked.
pub(crate) struct Side {
    pub(crate) plan: Plan,
    /// The gate at which verdicts are compared.
    pub(crate) gate: MilestoneId,
    /// The plan with its questions as what is asked outside the criteria, in the order of `asked`.
    pub(crate) program: Program,
    pub(crate) asked: Vec<QuestionId>,
    /// What a reader must deliver for the program.
    pub(crate) wanted: Wanted,
}

/// The place of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct QuestionId(pub(crate) usize);

/// Something that is asked of a patient, by one version or by both.
#[derive(Debug)]
pub(crate) struct Question {
    /// In each version, a node that asks it, and at which gate.
    pub(crate) nodes: [Option<(NodeId, MilestoneId)>; 2],
    /// What it is that is asked.
    pub(crate) sort: Sort,
    /// What it reads of a patient.
    pub(crate) reads: Reads,
    /// In each version, what its windows lean on.
    anchors: [BTreeSet<Leant>; 2],
    /// The value that it asks about, and between which limits.
    limited: Option<Limited>,
    /// As written in the newest version that asks it.
    pub(crate) text: Arc<str>,
}

impl Question {
    /// What its windows lean on, in the words of a version.
    pub(crate) fn leans_on(&self, which: Which) -> &BTreeSet<Leant> {
        let [old, new] = &self.anchors;
        match which {
            Which::Old => old,
            Which::New => new,
        }
    }
}

/// What sort of thing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Sex,
    Age,
    Answer,
    Happened,
    Result,
    Fact,
    Other,
}

/// What a question reads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reads {
    pub(crate) sex: bool,
    pub(crate) age: bool,
    pub(crate) codes: BTreeSet<(Table, Arc<str>)>,
    /// The same by sets: a fact tells what it asks for from what it leaves out.
    pub(crate) sets: BTreeSet<Vec<(Table, Arc<str>)>>,
    /// Every row of these.
    pub(crate) whole: BTreeSet<Table>,
    /// What its windows lean on.
    anchors: BTreeSet<Leant>,
}

impl Reads {
    fn join(&mut self, other: Self) {
        self.sex |= other.sex;
        self.age |= other.age;
        self.codes.extend(other.codes);
        self.sets.extend(other.sets);
        self.whole.extend(other.whole);
    }
}

/// What a window leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leant {
    Milestone(MilestoneId),
    /// A record or a sample, a day of the calendar, a half-life.
    Other,
}

/// All questions of both versions.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    pub(crate) all: Vec<Question>,
    known: BTreeMap<Meaning, QuestionId>,
    /// By side, node and gate.
    places: [BTreeMap<(NodeId, MilestoneId), QuestionId>; 2],
    /// By side: women, men.
    sexes: [[Option<QuestionId>; 2]; 2],
    /// What answers say of each other.
    pub(crate) bounds: Vec<Bound>,
}

impl Questions {
    pub(crate) fn at(&self, which: Which, node: NodeId, gate: MilestoneId) -> Option<QuestionId> {
        let places = self.places.get(which.index())?;
        places.get(&(node, gate)).copied()
    }

    pub(crate) fn of_sex(&self, which: Which, sex: Sex) -> Option<QuestionId> {
        *self.sexes.get(which.index())?.get(place_of(sex))?
    }

    /// The questions that the criterion at a place of a version asks.
    pub(crate) fn of_criterion(
        &self,
        which: Which,
        side: &Side,
        place: usize,
    ) -> BTreeSet<QuestionId> {
        let mut found = BTreeSet::new();
        let plan = &side.plan;
        let Some(criterion) = plan.criteria.get(place) else {
            return found;
        };
        let sexes = |sex| self.of_sex(which, sex);
        let guard = criterion.guard.as_ref();
        found.extend(guard.and_then(|guard| guard.sex).and_then(sexes));
        for stage in &criterion.stages {
            if !is_due(plan, stage.gate, side.gate) {
                continue;
            }
            let mut open: Vec<NodeId> = vec![stage.node];
            open.extend(guard.and_then(|guard| guard.node));
            while let Some(node) = open.pop() {
                found.extend(self.at(which, node, stage.gate));
                let Some(kind) = plan.node(node).map(|node| &node.kind) else {
                    continue;
                };
                if let NodeKind::Guarded(guard, _) = kind {
                    found.extend(guard.sex.and_then(sexes));
                }
                if joins(kind) {
                    open.extend(kind.parts());
                }
            }
        }
        found
    }

    /// The windows of what one version alone asks, with months and with days; none unless there are both.
    pub(crate) fn changed_windows<'s>(&self, sides: [&'s Side; 2]) -> Vec<(&'s Plan, &'s Window)> {
        let mut found = Vec::new();
        let (mut months, mut days) = (false, false);
        let changed = |question: &&Question| question.nodes.iter().any(Option::is_none);
        for question in self.all.iter().filter(changed) {
            for (side, place) in sides.into_iter().zip(question.nodes) {
                let node = place.and_then(|(node, _)| side.plan.node(node));
                let windows: Vec<&Window> = match node.map(|node| &node.kind) {
                    Some(NodeKind::Fact(fact)) => fact.windows().collect(),
                    Some(NodeKind::Value(value)) => value.window.iter().collect(),
                    Some(NodeKind::Change(change)) => change.between.windows().collect(),
                    _ => Vec::new(),
                };
                for window in windows {
                    let own = classes(window);
                    months |= own.0;
                    days |= own.1;
                    found.push((&side.plan, window));
                }
            }
        }
        found.retain(|_| months && days);
        found
    }

    pub(crate) fn get(&self, id: QuestionId) -> Option<&Question> {
        self.all.get(id.0)
    }
}

const fn place_of(sex: Sex) -> usize {
    match sex {
        Sex::Female => 0,
        Sex::Male => 1,
    }
}

/// Whether a node only joins others.
pub(crate) fn joins(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::List(..)
            | NodeKind::Guarded(..)
            | NodeKind::Choice(_)
            | NodeKind::IfUnknown { .. }
            | NodeKind::Settled(_)
            | NodeKind::Nothing
    )
}

/// Whether a gate is decided when another is asked.
pub(crate) fn is_due(plan: &Plan, gate: MilestoneId, asked: MilestoneId) -> bool {
    let milestones = &plan.protocol.milestones;
    let asked = milestones.get(asked.index());
    asked.is_some_and(|asked| asked.not_later.contains(&gate))
}

/// Finds the questions of a version and makes it ready to be asked them.
pub(crate) fn collect(
    which: Which,
    mut plan: Plan,
    gate: MilestoneId,
    questions: &mut Questions,
    meanings: &mut Meanings,
) -> Side {
    let mut found: Vec<(NodeId, MilestoneId)> = Vec::new();
    let mut sexes: BTreeSet<(usize, MilestoneId)> = BTreeSet::new();
    for criterion in &plan.criteria {
        for stage in &criterion.stages {
            if !is_due(&plan, stage.gate, gate) {
                continue;
            }
            let guard = criterion.guard.as_ref();
            let mut open: Vec<NodeId> = guard.and_then(|guard| guard.node).into_iter().collect();
            open.push(stage.node);
            let mut of_guards: Vec<&PlanGuard> = guard.into_iter().collect();
            while let Some(id) = open.pop() {
                let Some(node) = plan.node(id) else { continue };
                if let NodeKind::Guarded(guard, _) = &node.kind {
                    of_guards.push(guard);
                }
                if joins(&node.kind) {
                    open.extend(node.kind.parts());
                } else {
                    found.push((id, stage.gate));
                }
            }
            for sex in of_guards.iter().filter_map(|guard| guard.sex) {
                sexes.insert((place_of(sex), stage.gate));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    let mut reader = Reader::new(&plan);
    for (node, gate) in found {
        let mut meaning = reader.condition(node, gate, meanings);
        if sort_of(&plan, node) == Sort::Answer {
            // What was answered after one gate is known at the next.
            let gate = reader.milestone(gate);
            meaning = meanings.number(format!("answer #{} at {gate}", meaning.0));
        }
        // A limit may be written in another unit.
        let meaning = meanings.first(meaning);
        let id = questions.known.get(&meaning).copied();
        let id = id.unwrap_or_else(|| {
            let id = QuestionId(questions.all.len());
            let kind = plan.node(node).map(|node| &node.kind);
            questions.all.push(Question {
                nodes: [None; 2],
                sort: sort_of(&plan, node),
                reads: Reads::default(),
                anchors: Default::default(),
                limited: kind.and_then(|kind| limited(&mut reader, &plan, kind, gate, meanings)),
                text: Arc::from(""),
            });
            questions.known.insert(meaning, id);
            id
        });
        if let Some(question) = questions.all.get_mut(id.0) {
            let mut own = reads(&plan, node, gate);
            if let Some(slot) = question.anchors.get_mut(which.index()) {
                *slot = std::mem::take(&mut own.anchors);
            }
            question.reads.join(own);
            if let Some(node) = plan.node(node) {
                question.text = Arc::clone(&node.text);
            }
            if let Some(slot) = question.nodes.get_mut(which.index()) {
                *slot = Some((node, gate));
            }
        }
        if let Some(places) = questions.places.get_mut(which.index()) {
            places.insert((node, gate), id);
        }
    }
    for (place, gate) in sexes {
        let sex = if place == 0 { Sex::Female } else { Sex::Male };
        let meaning = meanings.number(format!("sex {sex:?}"));
        let Some(node) = guard_of(&mut plan, sex) else {
            continue;
        };
        let id = questions.known.get(&meaning).copied();
        let id = id.unwrap_or_else(|| {
            let id = QuestionId(questions.all.len());
            questions.all.push(Question {
                nodes: [None; 2],
                sort: Sort::Sex,
                reads: Reads {
                    sex: true,
                    ..Reads::default()
                },
                anchors: Default::default(),
                limited: None,
                text: Arc::from(match sex {
                    Sex::Female => "a woman",
                    Sex::Male => "a man",
                }),
            });
            questions.known.insert(meaning, id);
            id
        });
        let own = questions.all.get_mut(id.0);
        if let Some(slot) = own.and_then(|own| own.nodes.get_mut(which.index())) {
            *slot = Some((node, gate));
        }
        let sexes = questions.sexes.get_mut(which.index());
        if let Some(slot) = sexes.and_then(|sexes| sexes.get_mut(place)) {
            *slot = Some(id);
        }
    }
    let limited = questions.all.iter().enumerate();
    let limited = limited.filter_map(|(at, own)| Some((QuestionId(at), own.limited.as_ref()?)));
    questions.bounds = bounds(&limited.collect::<Vec<_>>());
    let mut asked = Vec::new();
    let mut probed = plan.clone();
    probed.asked.clear();
    for (index, question) in questions.all.iter().enumerate() {
        if let Some((node, gate)) = question.nodes.get(which.index()).copied().flatten() {
            asked.push(QuestionId(index));
            probed.asked.push(Stage { gate, node });
        }
    }
    let program = Program::new(probed);
    Side {
        wanted: program.wanted(),
        program,
        plan,
        gate,
        asked,
    }
}

/// The places at which the questions of a side are asked, in the order of [`Side::asked`].
pub(crate) fn asked(side: &Side) -> impl Iterator<Item = (QuestionId, AskedId)> {
    let places = (0..side.asked.len()).map(AskedId::from_index);
    side.asked.iter().copied().zip(places)
}

/// Adds a condition that applies to one sex alone; so the interpreter says whose sex is which.
fn guard_of(plan: &mut Plan, sex: Sex) -> Option<NodeId> {
    let span = plan.protocol.milestones.first()?.span;
    let mut add = |kind: NodeKind| {
        let id = NodeId::from_index(plan.nodes.len());
        plan.nodes.push(lind_model::plan::Node {
            kind,
            label: None,
            text: Arc::from(""),
            span,
        });
        id
    };
    let body = add(NodeKind::Settled(true));
    let guard = PlanGuard {
        sex: Some(sex),
        node: None,
        text: Arc::from(""),
    };
    Some(add(NodeKind::Guarded(guard, body)))
}

fn sort_of(plan: &Plan, node: NodeId) -> Sort {
    match plan.node(node).map(|node| &node.kind) {
        Some(NodeKind::Age { .. }) => Sort::Age,
        Some(NodeKind::Judged(_) | NodeKind::Committed(_)) => Sort::Answer,
        Some(NodeKind::Happened(..)) => Sort::Happened,
        Some(NodeKind::Value(value)) => match value.subject {
            Subject::Measure(_) => Sort::Result,
            Subject::Formula(_) => Sort::Other,
        },
        Some(NodeKind::Fact(fact)) if fact.such_that.is_none() => Sort::Fact,
        _ => Sort::Other,
    }
}

/// What a condition and all below it read.
fn reads(plan: &Plan, node: NodeId, gate: MilestoneId) -> Reads {
    let mut reads = Reads::default();
    let mut open = vec![node];
    while let Some(id) = open.pop() {
        let Some(node) = plan.node(id) else { continue };
        open.extend(node.kind.parts());
        let mut own = Reading {
            plan,
            reads: &mut reads,
        };
        match &node.kind {
            NodeKind::Guarded(guard, _) => own.reads.sex |= guard.sex.is_some(),
            NodeKind::Judged(id) => own.concept(ConceptKind::Judgement(*id)),
            NodeKind::Committed(id) => own.concept(ConceptKind::Commitment(*id)),
            NodeKind::Happened(milestone, window) => {
                own.reads.anchors.insert(Leant::Milestone(*milestone));
                window.iter().for_each(|window| own.window(window));
            }
            NodeKind::Age { at, .. } => {
                own.reads.age = true;
                let at = at.map(Leant::Milestone);
                own.reads.anchors.extend(at);
            }
            NodeKind::Fact(fact) => own.fact(fact),
            NodeKind::Record(record) => match &record.question {
                RecordQuestionPlan::Member(set) => own.concept(ConceptKind::Set(*set)),
                RecordQuestionPlan::Filter(filter) => own.filter(filter),
                RecordQuestionPlan::Shares(..) | RecordQuestionPlan::Same(_) => {}
            },
            NodeKind::Value(value) => {
                own.subject(value.subject);
                own.samples(&value.samples);
                let of_gate = plan.values.get(gate.index()).and_then(Option::as_ref);
                let window = value.window.as_ref().or(of_gate);
                window.into_iter().for_each(|window| own.window(window));
                let of_evidence = value.evidence.as_ref();
                let second = of_evidence.and_then(|evidence| evidence.window.as_ref());
                second.into_iter().for_each(|window| own.window(window));
                own.test(&value.test);
            }
            NodeKind::Change(change) => {
                own.subject(change.subject);
                own.samples(&change.samples);
                change
                    .between
                    .windows()
                    .for_each(|window| own.window(window));
            }
            NodeKind::PointsChange(change) => {
                own.samples(&change.samples);
                own.window(&change.from.window);
                own.window(&change.to.window);
                if let Some(measure) = change.recorded {
                    own.concept(ConceptKind::Measure(measure));
                }
            }
            NodeKind::Spell(spell) => {
                own.concept(ConceptKind::Measure(spell.spell.measure));
                own.samples(&spell.samples);
                own.window(&spell.spell.window);
                own.test(&spell.spell.test);
            }
            NodeKind::List(..)
            | NodeKind::Points(_)
            | NodeKind::Choice(_)
            | NodeKind::IfUnknown { .. }
            | NodeKind::Settled(_)
            | NodeKind::Nothing => {}
        }
    }
    reads
}

struct Reading<'r> {
    plan: &'r Plan,
    reads: &'r mut Reads,
}

impl Reading<'_> {
    fn concept(&mut self, kind: ConceptKind) {
        let needs = self.plan.needs.iter();
        for concept in needs.filter(|concept| concept.kind == kind) {
            let table = table_of(concept.table);
            if matches!(kind, ConceptKind::Any(_)) {
                self.reads.whole.insert(table);
            }
            let codes = concept.codes.iter().map(|code| (table, Arc::clone(code)));
            let codes: Vec<(Table, Arc<str>)> = codes.collect();
            self.reads.codes.extend(codes.iter().cloned());
            self.reads.sets.insert(codes);
        }
    }

    fn subject(&mut self, subject: Subject) {
        match subject {
            Subject::Measure(id) => self.concept(ConceptKind::Measure(id)),
            Subject::Formula(id) => {
                self.concept(ConceptKind::Formula(id));
                let Some(formula) = self.plan.protocol.formulas.get(id.index()) else {
                    return;
                };
                self.reads.sex |= formula.cases.iter().any(|case| case.sex.is_some());
                for input in &formula.inputs {
                    match input {
                        FormulaInput::Age => self.reads.age = true,
                        FormulaInput::Measure { measure, .. } => {
                            self.concept(ConceptKind::Measure(*measure));
                        }
                    }
                }
            }
        }
    }

    fn fact(&mut self, fact: &FactPlan) {
        self.concept(fact.concept());
        for (set, _) in &fact.exceptions {
            self.concept(ConceptKind::Set(*set));
        }
        for filter in &fact.filters {
            self.filter(filter);
        }
        fact.window.iter().for_each(|window| self.window(window));
        self.samples(&fact.samples);
    }

    fn filter(&mut self, filter: &FilterPlan) {
        match filter {
            FilterPlan::Value { measure, test } => {
                self.concept(ConceptKind::Measure(*measure));
                self.test(test);
            }
            FilterPlan::Edge(_, window) => self.window(window),
            FilterPlan::Steady(steady) => self.window(&steady.window),
            _ => {}
        }
    }

    fn samples(&mut self, samples: &[SamplePlan]) {
        for rule in samples {
            for set in &rule.without {
                self.concept(ConceptKind::Set(*set));
            }
            self.reads.anchors.insert(Leant::Other);
        }
    }

    fn test(&mut self, test: &Test) {
        if let Some(window) = test.window() {
            self.window(window);
        }
    }

    fn window(&mut self, window: &Window) {
        if counts_half_lives(window) {
            self.reads.anchors.insert(Leant::Other);
        }
        for anchor in anchors(window) {
            match anchor {
                Anchor::Milestone(id) => {
                    self.reads.anchors.insert(Leant::Milestone(id));
                }
                Anchor::Chosen(id) => {
                    self.reads.anchors.insert(Leant::Other);
                    let lines = self.plan.chosen.get(id.index()).into_iter().flatten();
                    for line in lines {
                        self.concept(line.fact.concept());
                    }
                }
                Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) => {
                    self.reads.anchors.insert(Leant::Other);
                }
            }
        }
    }
}
