//! What is known of one patient.

use std::sync::Arc;

use lind_time::When;
use lind_units::Decimal;

use crate::{
    CodeId, Comparator, ConceptId, ConditionStatus, Outcome, Problem, Provenance, Severity, Sex,
    Sources, Symbol, Table, Timeline, UnitId,
};

/// What every kind of row has.
pub trait Fact {
    /// What it is about.
    fn code(&self) -> CodeId;
    /// When it was, or began.
    fn time(&self) -> Option<When>;
    /// Where it stands.
    fn at(&self) -> Provenance;
}

/// What is known of one patient.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The patient as named in `patients`.
    pub patient: Arc<str>,
    /// The sex, if it is given and readable.
    pub sex: Option<Sex>,
    /// The date of birth, if it is given and readable.
    pub birth: Option<When>,
    /// The date of death, if it is given, readable and not after the as-of date.
    pub death: Option<When>,
    /// Where the patient's row stands.
    pub at: Provenance,
    /// The names of the files and records that the rows were read from.
    pub sources: Sources,
    /// Milestones.
    pub milestones: Timeline<MilestoneRow>,
    /// Observations.
    pub observations: Timeline<Observation>,
    /// Conditions.
    pub conditions: Timeline<Condition>,
    /// Treatments.
    pub treatments: Timeline<Treatment>,
    /// Procedures.
    pub procedures: Timeline<Procedure>,
    /// Allergies.
    pub allergies: Timeline<Allergy>,
    /// Adverse events.
    pub adverse_events: Timeline<AdverseEvent>,
    /// Attestations.
    pub attestations: Timeline<Attestation>,
    /// Visits that took place.
    pub visits: Timeline<VisitRow>,
    /// Dose levels and arms that the patient was assigned to.
    pub assignments: Timeline<Assignment>,
    /// Rows of this patient that could not be used.
    pub set_aside: Vec<SetAside>,
    /// What the mapping file said of the rows.
    pub by_mapping: Vec<ByMapping>,
}

macro_rules! of {
    ($($(#[$doc:meta])* $accessor:ident: $field:ident -> $row:ident;)+) => {
        impl Chart {
            $($(#[$doc])*
            pub fn $accessor(
                &self,
                concept: ConceptId,
            ) -> impl DoubleEndedIterator<Item = &$row> + Clone {
                self.$field.of(concept)
            })+
        }
    };
}

of! {
    /// The milestones of a concept. There is at most one: contradicting rows are set aside.
    milestones_of: milestones -> MilestoneRow;
    /// The observations of a concept, the earliest first.
    observations_of: observations -> Observation;
    /// The conditions of a concept, by onset.
    conditions_of: conditions -> Condition;
    /// The treatments of a concept, by start.
    treatments_of: treatments -> Treatment;
    /// The procedures of a concept, the earliest first.
    procedures_of: procedures -> Procedure;
    /// The allergies of a concept, by onset.
    allergies_of: allergies -> Allergy;
    /// The adverse events of a concept, by onset.
    adverse_events_of: adverse_events -> AdverseEvent;
    /// The attestations of a concept, the earliest first.
    attestations_of: attestations -> Attestation;
    /// The visits of a concept, by start.
    visits_of: visits -> VisitRow;
    /// The assignments of a concept, the earliest first.
    assignments_of: assignments -> Assignment;
}

impl Chart {
    /// The rows set aside that may have been about this concept.
    pub fn set_aside_of(
        &self,
        table: Table,
        concept: ConceptId,
    ) -> impl Iterator<Item = &SetAside> {
        self.set_aside
            .iter()
            .filter(move |row| row.may_concern(table, concept))
    }
}

/// A milestone and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneRow {
    /// Which milestone.
    pub code: CodeId,
    /// When it was.
    pub time: When,
    /// Where the row stands.
    pub at: Provenance,
}

/// A laboratory result, a vital sign, a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What was observed.
    pub code: CodeId,
    /// When the sample was taken.
    pub time: Option<When>,
    /// The number as written.
    pub value: Option<Decimal>,
    /// The unit of `value`, `low` and `high`, if one is given.
    pub unit: Option<UnitId>,
    /// `<`, `<=`, `>`, `>=` before the number.
    pub comparator: Option<Comparator>,
    /// Of a range its end, which belongs to it: `value` is its beginning, and the comparator is `>=`.
    pub to: Option<Decimal>,
    /// The laboratory's lower limit for this sample.
    pub low: Option<Decimal>,
    /// The laboratory's upper limit for this sample.
    pub high: Option<Decimal>,
    /// A coded result: `positive`, `negative` …
    pub result: Option<Symbol>,
    /// What the sample was.
    pub specimen: Option<Symbol>,
    /// How it was measured.
    pub method: Option<Symbol>,
    /// Who measured it: `central`, `local` …
    pub source: Option<Symbol>,
    /// Where in the body it was measured: `left_eye` …
    pub body_site: Option<Symbol>,
    /// Where the row stands.
    pub at: Provenance,
}

/// A diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What the patient has or had.
    pub code: CodeId,
    /// When it began.
    pub onset: Option<When>,
    /// When it ended.
    pub abatement: Option<When>,
    /// Where it stands.
    pub status: Option<ConditionStatus>,
    /// Whether the diagnosis is not settled yet: the patient may have it or not.
    pub provisional: bool,
    /// How severe it is.
    pub severity: Option<Severity>,
    /// Where in the body it is.
    pub body_site: Option<Symbol>,
    /// Where the row stands.
    pub at: Provenance,
}

/// A drug or another therapy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// What was given.
    pub code: CodeId,
    /// When it was begun.
    pub start: Option<When>,
    /// When it was ended; none: still going on, or not recorded.
    pub end: Option<When>,
    /// The dose as written.
    pub dose: Option<Decimal>,
    /// The unit of the dose.
    pub unit: Option<UnitId>,
    /// How often it is given.
    pub frequency: Option<Symbol>,
    /// How it is given.
    pub route: Option<Symbol>,
    /// What it is given for.
    pub indication: Option<Symbol>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// In which line of treatment it was given, 1 for the first.
    pub line: Option<u8>,
    /// Whether it is an investigational product.
    pub investigational: Option<bool>,
    /// Where the row stands.
    pub at: Provenance,
}

/// An operation, a transplant, a transfusion, a vaccination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// What was done.
    pub code: CodeId,
    /// When it was done.
    pub time: Option<When>,
    /// Where in the body.
    pub body_site: Option<Symbol>,
    /// Where the row stands.
    pub at: Provenance,
}

/// An allergy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allergy {
    /// What the patient is allergic to.
    pub code: CodeId,
    /// How severe it is.
    pub severity: Option<Severity>,
    /// When it was first seen.
    pub onset: Option<When>,
    /// Where the row stands.
    pub at: Provenance,
}

/// An adverse event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdverseEvent {
    /// The term.
    pub code: CodeId,
    /// The scale of the grade: `ctcae_5`, `astct` …
    pub scale: Option<Symbol>,
    /// The grade, 0 to 5.
    pub grade: Option<u8>,
    /// When it began.
    pub onset: Option<When>,
    /// When it ended.
    pub end: Option<When>,
    /// How it is related to the treatment: `yes`, `no`, or the word that was written.
    pub related: Option<Symbol>,
    /// Whether it is a serious adverse event.
    pub serious: Option<bool>,
    /// Whether it was judged to be a dose-limiting toxicity.
    pub dlt: Option<bool>,
    /// Where the row stands.
    pub at: Provenance,
}

/// What a person answered when asked to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// A criterion's id or an attested term.
    pub code: CodeId,
    /// The answer: yes or no.
    pub answer: bool,
    /// When it was given.
    pub time: Option<When>,
    /// Who gave it.
    pub by: Option<Symbol>,
    /// Where the row stands.
    pub at: Provenance,
}

/// A visit that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// Which visit, by its name in the protocol.
    pub code: CodeId,
    /// When it was, or began.
    pub start: When,
    /// Its last day, if it took more than one.
    pub end: Option<When>,
    /// Where the row stands.
    pub at: Provenance,
}

/// An assignment to a dose level or to an arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name of the dose level or of the arm.
    pub code: CodeId,
    /// When it was made.
    pub time: When,
    /// The patient whose place this one takes, as named in `patients`.
    pub replaces: Option<Arc<str>>,
    /// Where the row stands.
    pub at: Provenance,
}

macro_rules! facts {
    ($($row:ident: $time:expr;)+) => {
        $(impl Fact for $row {
            fn code(&self) -> CodeId {
                self.code
            }
            fn time(&self) -> Option<When> {
                let time: fn(&Self) -> Option<When> = $time;
                time(self)
            }
            fn at(&self) -> Provenance {
                self.at
            }
        })+
    };
}

facts! {
    MilestoneRow: |row| Some(row.time);
    Observation: |row| row.time;
    Condition: |row| row.onset;
    Treatment: |row| row.start;
    Procedure: |row| row.time;
    Allergy: |row| row.onset;
    AdverseEvent: |row| row.onset;
    Attestation: |row| row.time;
    VisitRow: |row| Some(row.start);
    Assignment: |row| Some(row.time);
}

/// A row that could not be used. What it would have decided is unknown.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// Which table.
    pub table: Table,
    /// Which code, if that much is readable.
    pub code: Option<CodeId>,
    /// What it may count for; empty if the code is not readable: then it can be anything of that
    /// table.
    pub concepts: Box<[ConceptId]>,
    /// The column that is wrong, if it is one.
    pub column: Option<&'static str>,
    /// When it was or began, if that much is readable.
    pub time: Option<When>,
    /// What is wrong with it.
    pub problem: Arc<Problem>,
    /// Where the row stands.
    pub at: Provenance,
}

/// A cell of a row that holds what the mapping file says, not what stands in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByMapping {
    /// Where the row stands.
    pub at: Provenance,
    /// Which column: `unit`, or `high` for the limits.
    pub column: &'static str,
    /// The line of the mapping file that says so.
    pub line: u32,
}

impl SetAside {
    /// Whether the row may have been about this concept.
    #[must_use]
    pub fn may_concern(&self, table: Table, concept: ConceptId) -> bool {
        self.table == table && (self.concepts.is_empty() || self.concepts.contains(&concept))
    }
}
