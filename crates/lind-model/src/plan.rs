//! The plan: a protocol under one choice of readings, flattened, with the columns that it needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::Offset;
use lind_units::{Exact, Unit};

use crate::ids::{
    CriterionId, EquivalenceId, FormulaId, JudgementId, MeasureId, MilestoneId, NodeId, SetId,
};
use crate::lower::Choices;
use crate::protocol::TimeOfDay;
use crate::protocol::{
    ChangeMode, Compared, Direction, Evidence, FactField, FactTable, Frequency, Interval, Label,
    Lasting, NamedRecord, Persistence, Protocol, Provenance, Quantifier, RecordEdge, Selector, Sex,
    Spell, Steady, Subject, Tense, Test, ValueAt, Window,
};

/// A protocol, ready to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The protocol; its tables of measures, sets and milestones are read through ids.
    pub protocol: Arc<Protocol>,
    /// The alternative of each reading.
    pub choices: Choices,
    /// The conditions; a node's parts always stand before it.
    pub nodes: Vec<Node>,
    /// The criteria in the order of the source.
    pub criteria: Vec<PlanCriterion>,
    /// How participants are counted, in the order of the source.
    pub caps: Vec<Stage>,
    /// What is asked outside the criteria, in the order of [`Protocol::asked`].
    pub asked: Vec<Stage>,
    /// The gates at which something is decided, earlier first.
    pub gates: Vec<MilestoneId>,
    /// For each milestone of the protocol, which values count there when a condition names no window.
    pub values: Vec<Option<Window>>,
    /// The lines of each record that the data choose.
    pub chosen: Vec<Vec<ChosenPlan>>,
    /// What it reads of a chart.
    pub needs: Vec<Concept>,
}

/// One way to choose a record.
#[derive(Debug, Clone)]
pub struct ChosenPlan {
    /// The one that began first, rather than the one that began last.
    pub first: bool,
    /// Which end of it is meant.
    pub edge: RecordEdge,
    /// Which records.
    pub fact: FactPlan,
}

impl Plan {
    /// The measures of which a test asks the laboratory's own limits: multiples of them, or its reference range.
    /// Without these limits such a test is unknown.
    #[must_use]
    pub fn measures_by_limits(&self) -> BTreeSet<MeasureId> {
        let asks = |test: &Test| matches!(test, Test::Multiple { .. } | Test::Reference { .. });
        let of_filter = |filter: &FilterPlan| match filter {
            FilterPlan::Value { measure, test } if asks(test) => Some(*measure),
            _ => None,
        };
        let mut found = BTreeSet::new();
        for node in &self.nodes {
            match &node.kind {
                NodeKind::Value(value) if asks(&value.test) => {
                    if let Subject::Measure(measure) = value.subject {
                        found.insert(measure);
                    }
                }
                NodeKind::Spell(spell) if asks(&spell.spell.test) => {
                    found.insert(spell.spell.measure);
                }
                NodeKind::Fact(fact) => found.extend(fact.filters.iter().filter_map(of_filter)),
                NodeKind::Record(record) => {
                    if let RecordQuestionPlan::Filter(filter) = &record.question {
                        found.extend(of_filter(filter));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// A node; ids of a plan are always in range for that plan.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    /// The place of a concept among [`Plan::needs`].
    #[must_use]
    pub fn concept(&self, kind: ConceptKind) -> Option<usize> {
        self.needs.iter().position(|concept| concept.kind == kind)
    }
}

/// A criterion, split by gate.
#[derive(Debug, Clone)]
pub struct PlanCriterion {
    /// Which criterion of the protocol.
    pub criterion: CriterionId,
    /// To whom it applies.
    pub guard: Option<PlanGuard>,
    /// What is decided at which gate, in the order of the gates.
    pub stages: Vec<Stage>,
}

/// What is decided at one gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// The gate.
    pub gate: MilestoneId,
    /// The condition: all parts of an inclusion, any part of an exclusion.
    pub node: NodeId,
}

/// To whom something applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGuard {
    /// Only one sex.
    pub sex: Option<Sex>,
    /// A further condition.
    pub node: Option<NodeId>,
    /// As written.
    pub text: Arc<str>,
}

/// A condition of a plan.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it asks.
    pub kind: NodeKind,
    /// Its label, if any.
    pub label: Option<Label>,
    /// As written.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// What a node asks.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// A list.
    List(Quantifier, Vec<NodeId>),
    /// Applies only to some.
    Guarded(PlanGuard, NodeId),
    /// A person answers.
    Judged(JudgementId),
    /// A commitment is attested under the criterion's own number.
    Committed(CriterionId),
    /// A milestone has been reached, in a window if there is one.
    Happened(MilestoneId, Option<Window>),
    /// Completed years of age at a milestone, or at the gate.
    Age {
        /// The milestone; none for the gate.
        at: Option<MilestoneId>,
        /// The interval.
        interval: Interval,
    },
    /// Records exist.
    Fact(Box<FactPlan>),
    /// Something is true of a record that has a name.
    Record(Box<RecordPlan>),
    /// A value passes a test.
    Value(Box<ValuePlan>),
    /// A sum of points lies in an interval.
    Points(Box<PointsPlan>),
    /// A value has changed.
    Change(Box<ChangePlan>),
    /// Which rule applies to this person.
    Choice(ChoicePlan),
    /// What holds where a condition is unknown.
    IfUnknown {
        /// The condition.
        node: NodeId,
        /// What it counts as then.
        met: bool,
        /// Why.
        why: Arc<str>,
    },
    /// Counts as met, or as not met.
    Settled(bool),
    /// Nothing is asked; neutral.
    Nothing,
    /// A sum of points has changed.
    PointsChange(Box<PointsChangePlan>),
    /// A value passes a test on so many days.
    Spell(Box<SpellPlan>),
}

impl NodeKind {
    /// The conditions that it is made of, in the order of the source.
    pub fn parts(&self) -> impl Iterator<Item = NodeId> {
        let list: &[NodeId] = match self {
            Self::List(_, parts) => parts,
            Self::Points(points) => &points.parts,
            Self::PointsChange(change) => &change.parts,
            _ => &[],
        };
        let cases: &[(NodeId, NodeId)] = match self {
            Self::Choice(choice) => &choice.cases,
            _ => &[],
        };
        let others = match self {
            Self::Guarded(guard, body) => [guard.node, Some(*body)],
            Self::Choice(choice) => [choice.otherwise, None],
            Self::IfUnknown { node, .. } => [Some(*node), None],
            Self::Fact(fact) => {
                let body = fact.such_that.as_ref().map(|such_that| such_that.node);
                [body, None]
            }
            Self::List(..)
            | Self::Points(_)
            | Self::PointsChange(_)
            | Self::Judged(_)
            | Self::Committed(_)
            | Self::Happened(..)
            | Self::Age { .. }
            | Self::Record(_)
            | Self::Value(_)
            | Self::Change(_)
            | Self::Spell(_)
            | Self::Settled(_)
            | Self::Nothing => [None, None],
        };
        list.iter()
            .copied()
            .chain(cases.iter().flat_map(|(when, then)| [*when, *then]))
            .chain(others.into_iter().flatten())
    }
}

/// Conditions in order, each with a consequence, and a consequence otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoicePlan {
    /// The conditions, each with what holds where it is the first that holds.
    pub cases: Vec<(NodeId, NodeId)>,
    /// What holds where none does.
    pub otherwise: Option<NodeId>,
}

/// Records of a table that match exist.
#[derive(Debug, Clone)]
pub struct FactPlan {
    /// The fact holds when nothing matches, or when so many do not.
    pub negated: bool,
    /// How many must match; none means at least one.
    pub frequency: Option<Frequency>,
    /// What must be true of each record besides.
    pub such_that: Option<SuchThatPlan>,
    /// When.
    pub tense: Tense,
    /// Which table.
    pub table: FactTable,
    /// Which codes; none means every row.
    pub set: Option<SetId>,
    /// Of which measure, for [`FactTable::Results`].
    pub measure: Option<MeasureId>,
    /// Samples whose results may not be used.
    pub samples: Vec<SamplePlan>,
    /// Only rows marked as investigational.
    pub investigational: bool,
    /// Conditions on a row.
    pub filters: Vec<FilterPlan>,
    /// Members that do not count: the set, and for how long it must have been over.
    pub exceptions: Vec<(SetId, Option<Lasting>)>,
    /// The window, for [`Tense::During`].
    pub window: Option<Window>,
}

impl FactPlan {
    /// What it reads of a chart.
    #[must_use]
    pub fn concept(&self) -> ConceptKind {
        match (self.measure, self.set) {
            (Some(measure), _) => ConceptKind::Measure(measure),
            (None, Some(set)) => ConceptKind::Set(set),
            (None, None) => ConceptKind::Any(self.table),
        }
    }

    /// The windows that it leans on: its own and those of its filters.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        let of_filters = self.filters.iter().filter_map(FilterPlan::window);
        self.window.iter().chain(of_filters)
    }
}

/// What must be true of each record.
#[derive(Debug, Clone)]
pub struct SuchThatPlan {
    /// The name by which the condition speaks of the record.
    pub record: NamedRecord,
    /// As written.
    pub name: Arc<str>,
    /// What must be true.
    pub node: NodeId,
}

/// A condition on a record that has a name.
#[derive(Debug, Clone)]
pub struct RecordPlan {
    /// The record.
    pub record: NamedRecord,
    /// It must not be so.
    pub negated: bool,
    /// What is asked.
    pub question: RecordQuestionPlan,
}

/// What is asked of a record that has a name.
#[derive(Debug, Clone)]
pub enum RecordQuestionPlan {
    /// Its code is in the set.
    Member(SetId),
    /// A field, the daily dose, or how long it lasted.
    Filter(FilterPlan),
    /// A field has the same word as that of another record.
    Shares(FactField, NamedRecord),
    /// It is another record.
    Same(NamedRecord),
}

/// A condition on a row.
#[derive(Debug, Clone)]
pub enum FilterPlan {
    /// The field has one of these values.
    Field(FactField, Vec<Arc<str>>),
    /// The daily dose lies in an interval.
    Dose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
    /// It was at this time of the day.
    TimeOfDay(TimeOfDay),
    /// The result passes a test.
    Value {
        /// What was measured.
        measure: MeasureId,
        /// The test.
        test: Test,
    },
    /// The number of the line of treatment lies between the two.
    Line(u8, Option<u8>),
    /// The grade lies between the two, both included.
    Grade(u8, u8),
    /// The row lasted so long.
    Lasting(Lasting),
    /// The rows together lasted so long.
    InTotal(Lasting),
    /// The row lasted so long together with those that are no further apart than a gap.
    Stretch {
        /// How long.
        lasting: Lasting,
        /// The longest time that may lie between two rows.
        gap: Offset,
    },
    /// It has been over for so long at the gate.
    DiseaseFree(Lasting),
    /// Its beginning, or its end, lies in a window.
    Edge(RecordEdge, Window),
    /// The daily dose of the drug stayed the same, or did not rise.
    Steady(Steady),
    /// The daily doses of all rows together lie in an interval on a day that is asked.
    TotalDose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
}

impl FilterPlan {
    /// The window that the condition leans on, besides that of its fact.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        match self {
            Self::Steady(steady) => Some(&steady.window),
            Self::Edge(_, window) => Some(window),
            _ => None,
        }
    }
}

/// A value passes a test.
#[derive(Debug, Clone)]
pub struct ValuePlan {
    /// What is measured.
    pub subject: Subject,
    /// Which value counts.
    pub selector: Selector,
    /// Where the values must come from.
    pub provenance: Vec<Provenance>,
    /// At which time of the day.
    pub time_of_day: Option<TimeOfDay>,
    /// When; none means the window of the gate.
    pub window: Option<Window>,
    /// How many values there must be.
    pub evidence: Option<Evidence>,
    /// Samples that may not be used.
    pub samples: Vec<SamplePlan>,
    /// The test.
    pub test: Test,
}

/// A sum of points lies in an interval.
#[derive(Debug, Clone)]
pub struct PointsPlan {
    /// The name of the points.
    pub name: Arc<str>,
    /// The conditions of the lines, and behind them the test of a recorded sum, if there is one.
    pub parts: Vec<NodeId>,
    /// The lines: label, domain, what it is worth.
    pub lines: Vec<(Arc<str>, Option<u32>, Exact)>,
    /// The least and the greatest sum.
    pub scale: Option<(Exact, Exact)>,
    /// The interval.
    pub interval: Interval,
}

/// A value passes a test on so many days.
#[derive(Debug, Clone)]
pub struct SpellPlan {
    /// What is asked.
    pub spell: Spell,
    /// Samples that may not be used.
    pub samples: Vec<SamplePlan>,
}

/// A sum of points has changed.
#[derive(Debug, Clone)]
pub struct PointsChangePlan {
    /// The name of the points.
    pub name: Arc<str>,
    /// The conditions of the lines as the first values decide them, and behind them the same as the second do.
    pub parts: Vec<NodeId>,
    /// The lines: label, domain, what it is worth.
    pub lines: Vec<(Arc<str>, Option<u32>, Exact)>,
    /// The least and the greatest sum.
    pub scale: Option<(Exact, Exact)>,
    /// The sum that may be recorded as such.
    pub recorded: Option<MeasureId>,
    /// Which values decide the first sum.
    pub from: ValueAt,
    /// Which values decide the second.
    pub to: ValueAt,
    /// Samples that may not be used.
    pub samples: Vec<SamplePlan>,
    /// Which way.
    pub direction: Direction,
    /// By how much.
    pub by: Interval,
    /// In per cent of the first sum, rather than in points.
    pub relative: bool,
}

/// A sample may not be used if one of these was given in the window around it.
#[derive(Debug, Clone)]
pub struct SamplePlan {
    /// The code sets.
    pub without: Vec<SetId>,
    /// When.
    pub window: Window,
    /// As written.
    pub text: Arc<str>,
}

/// A value has changed.
#[derive(Debug, Clone)]
pub struct ChangePlan {
    /// What is measured.
    pub subject: Subject,
    /// Which two values are compared.
    pub between: Compared,
    /// Samples that may not be used.
    pub samples: Vec<SamplePlan>,
    /// Which way.
    pub direction: Direction,
    /// By how much.
    pub by: Interval,
    /// In what.
    pub mode: ChangeMode,
    /// For how long the change must last.
    pub lasting: Option<Persistence>,
}

/// Something that the plan reads of a chart: rows of a table under some codes.
#[derive(Debug, Clone)]
pub struct Concept {
    /// What for.
    pub kind: ConceptKind,
    /// Which table.
    pub table: NeededTable,
    /// The codes and names; a trailing `*` stands for every code that begins so. Empty means every row.
    pub codes: Vec<Arc<str>>,
    /// Names of records that may count: a part of what they stand for does.
    pub perhaps: Vec<Arc<str>>,
}

/// What a concept is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConceptKind {
    /// The values of a measure.
    Measure(MeasureId),
    /// Recorded values of a formula.
    Formula(FormulaId),
    /// The members of a code set.
    Set(SetId),
    /// Every row of a table of facts.
    Any(FactTable),
    /// The drug of the n-th half-life of the protocol.
    HalfLife(u32),
    /// The n-th drug of an equivalence.
    Equivalent(EquivalenceId, u32),
    /// Treatments that are given once.
    GivenOnce,
    /// A milestone.
    Milestone(MilestoneId),
    /// The answers to a question.
    Judgement(JudgementId),
    /// The attestation of a commitment.
    Commitment(CriterionId),
}

/// The tables of a chart that a plan can need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeededTable {
    /// `milestones`
    Milestones,
    /// `observations`
    Observations,
    /// A table of facts.
    Facts(FactTable),
    /// `attestations`
    Attestations,
    /// `visits`
    Visits,
    /// `assignments`
    Assignments,
}
