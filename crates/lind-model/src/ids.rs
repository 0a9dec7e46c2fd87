//! Indices into the tables of a [`Protocol`](crate::Protocol) or a [`Plan`](crate::Plan).

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub u32);

            impl $name {
                /// The index as the tables count.
                #[must_use]
                pub const fn index(self) -> usize {
                    self.0 as usize
                }

                /// The id of an index; indices past 32 bits do not occur within the limits of a protocol.
                #[must_use]
                pub fn from_index(index: usize) -> Self {
                    Self(u32::try_from(index).unwrap_or(u32::MAX))
                }
            }
        )+
    };
}

ids! {
    /// A milestone.
    MilestoneId;
    /// A measure: a laboratory value, a score, an ordinal, a coded result.
    MeasureId;
    /// A formula.
    FormulaId;
    /// A set of codes.
    SetId;
    /// A record that the data choose.
    ChosenId;
    /// A question that a person answers.
    JudgementId;
    /// A defined term.
    DefinitionId;
    /// A question of interpretation.
    ReadingId;
    /// A table of equivalent doses.
    EquivalenceId;
    /// A criterion or commitment.
    CriterionId;
    /// A condition of a plan.
    NodeId;
    /// A condition that is asked outside the criteria.
    AskedId;
    /// An assessment.
    AssessmentId;
    /// A timeline of the schedule.
    TimelineId;
    /// A visit.
    VisitId;
    /// An arm.
    ArmId;
    /// A grading.
    GradingId;
    /// A state that may hold at a visit.
    StateId;
    /// A population.
    PopulationId;
}
