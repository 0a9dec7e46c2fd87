//! Records an evaluation and makes a tree of it.

use lind_model::plan::{NodeKind, PlanCriterion};
use lind_model::verdict::FactUsed;
use lind_model::{Explanation, MilestoneId, NodeId, Truth};

use crate::explain::{choices, criteria, lists, points};
use crate::milestones::Reached;
use crate::records::Records;
use crate::trace::{Note, Trace};
use crate::verdict::{CriterionValue, Run};
use crate::view::View;

/// How deep and how large an explanation may become. What lies beyond is decided all the same.
const DEEPEST: usize = 48;
const MOST_PARTS: usize = 4_000;

/// What is told of one condition, before it is put into the tree.
#[derive(Debug, Clone, Default)]
pub(crate) struct Telling {
    /// What decided, in a sentence.
    pub(crate) because: String,
    /// The line for the whole criterion, if it is another.
    pub(crate) reason: Option<String>,
    /// The same in few words, for the line of a list; the reason if there are none fewer.
    pub(crate) brief: Option<String>,
    pub(crate) facts: Vec<FactUsed>,
    pub(crate) settle: Option<String>,
    pub(crate) boundary_sensitive: bool,
}

impl Telling {
    pub(crate) fn because(because: impl Into<String>) -> Self {
        Self {
            because: because.into(),
            ..Self::default()
        }
    }

    pub(crate) fn settled_by(mut self, settle: impl Into<String>) -> Self {
        self.settle = Some(settle.into());
        self
    }
}

/// A part of the tree with the line that it would give for the whole.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) explanation: Explanation,
    pub(crate) reason: String,
    /// The reason in few words.
    pub(crate) brief: String,
    /// Whether a record was found: then the reason is more than that there is none.
    pub(crate) has_facts: bool,
}

impl Told {
    pub(crate) fn truth(&self) -> Truth {
        self.explanation.truth
    }

    /// A name that people know the part by: its label, or the definition that it stands for.
    pub(crate) fn short_name(&self) -> Option<&str> {
        let name = self.name();
        (!name.is_empty() && !name.contains(' ')).then_some(name)
    }

    /// The label of the part, or what it says.
    pub(crate) fn name(&self) -> &str {
        if self.explanation.label.is_empty() {
            &self.explanation.text
        } else {
            &self.explanation.label
        }
    }
}

/// A condition that is being evaluated.
struct Frame<'c> {
    node: NodeId,
    notes: Vec<Note<'c>>,
    parts: Vec<Told>,
}

/// A stage that is being evaluated.
pub(crate) struct Stage<'c> {
    pub(crate) gate: MilestoneId,
    pub(crate) reached: Reached,
    pub(crate) guard: Option<Told>,
    /// What was noted of the guard, until it has a value.
    pub(crate) notes: Vec<Note<'c>>,
    /// The parts of the guard, then the body.
    pub(crate) parts: Vec<Told>,
}

/// Listens to the evaluation of one criterion.
pub(crate) struct Recorder<'c> {
    run: Run<'c>,
    plan: &'c PlanCriterion,
    frames: Vec<Frame<'c>>,
    stage: Option<Stage<'c>>,
    stages: Vec<criteria::ToldStage>,
    later: Vec<MilestoneId>,
    told: usize,
    /// The records that have a name at this point of the walk.
    records: Records<'c>,
}

impl<'c> Recorder<'c> {
    pub(crate) fn new(run: Run<'c>, plan: &'c PlanCriterion) -> Self {
        Self {
            run,
            plan,
            frames: Vec::new(),
            stage: None,
            stages: Vec::new(),
            later: Vec::new(),
            told: 0,
            records: Records::default(),
        }
    }

    /// The tree, whose root has the value of the criterion.
    pub(crate) fn finish(self, value: CriterionValue) -> Option<Told> {
        criteria::criterion(self.run, self.plan, value, self.stages, &self.later)
    }

    fn view(&self) -> Option<View<'c>> {
        let stage = self.stage.as_ref()?;
        Some(View {
            program: self.run.program,
            context: self.run.context,
            chart: self.run.chart,
            gate: stage.gate,
            time: stage.reached.time().ok()?,
            records: self.records,
            times: self.run.times,
        })
    }

    /// What is told of a condition whose evaluation has ended.
    fn tell(&self, frame: Frame<'c>, truth: Truth) -> Option<Told> {
        let view = self.view()?;
        let program = self.run.program;
        let node = program.plan().node(frame.node)?;
        let telling = if frame
            .notes
            .iter()
            .any(|note| matches!(note, Note::Abridged))
        {
            Telling::because("decided, but too deep in the protocol to be told in full")
        } else if let Some(telling) = view.blocked_telling(&frame.notes) {
            telling
        } else {
            match &node.kind {
                NodeKind::List(quantifier, _) => lists::list(*quantifier, &frame.parts, truth),
                NodeKind::Guarded(guard, _) => {
                    view.guarded_telling(guard, &frame.notes, &frame.parts, truth)
                }
                NodeKind::Judged(id) => view.judged_telling(*id, &frame.notes, truth),
                NodeKind::Committed(id) => view.committed_telling(*id, &frame.notes, truth),
                NodeKind::Happened(id, window) => {
                    view.happened_telling(*id, window.as_ref(), truth)
                }
                NodeKind::Age { at, interval } => {
                    view.age_telling(*at, interval, &frame.notes, truth)
                }
                NodeKind::Fact(fact) => {
                    view.fact_telling(fact, frame.node, &frame.notes, &frame.parts, truth)
                }
                NodeKind::Record(record) => {
                    view.record_telling(record, frame.node, &frame.notes, truth)
                }
                NodeKind::Value(value) => view.value_telling(value, frame.node, &frame.notes),
                NodeKind::Points(points) => {
                    points::points(points, &frame.notes, &frame.parts, truth)
                }
                NodeKind::Choice(choice) => choices::choice(choice, &frame.parts, truth),
                NodeKind::IfUnknown { met, why, .. } => {
                    choices::if_unknown(*met, why, &frame.parts, truth)
                }
                NodeKind::Settled(met) => choices::settled(*met, node.label.as_ref()),
                NodeKind::Change(change) => view.change_telling(change, &frame.notes, truth),
                NodeKind::Nothing => Telling::because("it only says how other conditions are read"),
                NodeKind::Spell(plan) => view.spell_telling(plan, frame.node, &frame.notes, truth),
                NodeKind::PointsChange(change) => {
                    view.points_change_telling(change, &frame.notes, &frame.parts, truth)
                }
            }
        };
        let boundary_sensitive = telling.boundary_sensitive
            || frame
                .parts
                .iter()
                .any(|part| part.explanation.boundary_sensitive);
        let label = node
            .label
            .as_ref()
            .map_or_else(String::new, |label| label.name.to_string());
        let has_facts = !telling.facts.is_empty() || frame.parts.iter().any(|part| part.has_facts);
        let reason = telling.reason.unwrap_or_else(|| telling.because.clone());
        Some(Told {
            brief: telling.brief.unwrap_or_else(|| reason.clone()),
            reason,
            has_facts,
            explanation: Explanation {
                label,
                text: node.text.to_string(),
                truth,
                because: telling.because,
                facts: telling.facts,
                settle: telling.settle.filter(|_| truth.is_open()),
                boundary_sensitive,
                span: node.span,
                parts: match &node.kind {
                    NodeKind::Choice(choice) => choices::parts(choice, frame.parts),
                    _ => frame
                        .parts
                        .into_iter()
                        .map(|part| part.explanation)
                        .collect(),
                },
            },
        })
    }

    fn end_guard(&mut self, truth: Truth) {
        let told = self.plan.guard.as_ref().and_then(|guard| {
            let stage = self.stage.as_ref()?;
            criteria::guard(self.run, self.plan, guard, stage, truth)
        });
        if let Some(stage) = &mut self.stage {
            stage.guard = told;
            stage.notes.clear();
            stage.parts.clear();
        }
    }

    fn end_stage(&mut self, truth: Truth) {
        if let Some(mut stage) = self.stage.take() {
            let body = stage.parts.pop();
            let told = criteria::stage(self.run, self.plan, stage, body, truth);
            self.stages.extend(told);
        }
    }
}

impl<'c> Trace<'c> for Recorder<'c> {
    const ON: bool = true;

    fn enter(&mut self, node: NodeId) {
        self.told = self.told.saturating_add(1);
        self.frames.push(Frame {
            node,
            notes: Vec::new(),
            parts: Vec::new(),
        });
    }

    fn leave(&mut self, truth: Truth) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let Some(told) = self.tell(frame, truth) else {
            return;
        };
        if let Some(above) = self.frames.last_mut() {
            above.parts.push(told);
        } else if let Some(stage) = &mut self.stage {
            stage.parts.push(told);
        }
    }

    fn note(&mut self, note: impl FnOnce() -> Note<'c>) {
        match note() {
            Note::Stage(gate, reached) => {
                self.stage = Some(Stage {
                    gate,
                    reached,
                    guard: None,
                    notes: Vec::new(),
                    parts: Vec::new(),
                });
            }
            Note::StageValue(truth) => self.end_stage(truth),
            Note::GuardValue(truth) => self.end_guard(truth),
            Note::NotDue(gate) => self.later.push(gate),
            Note::Named(records) => self.records = records,
            note => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.notes.push(note);
                } else if let Some(stage) = &mut self.stage {
                    stage.notes.push(note);
                }
            }
        }
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= DEEPEST || self.told >= MOST_PARTS
    }
}
