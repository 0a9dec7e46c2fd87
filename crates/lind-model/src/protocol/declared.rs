//! What a protocol declares for its conditions: measures, formulas, sets of codes, questions, equivalences.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_units::{Analyte, Decimal, Exact, Kind, Unit};

use super::Arithmetic;
use crate::ids::{MeasureId, SetId};

/// What the head of a protocol says of it besides its number, title and version. None of it decides anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The phase of the trial, as written: `1`, `2`.
    pub phase: Option<Arc<str>>,
    /// Who sponsors it.
    pub sponsor: Option<Arc<str>>,
    /// Where its text comes from.
    pub sources: Vec<Arc<str>>,
    /// Remarks.
    pub notes: Vec<Arc<str>>,
}

/// What is measured.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// What its values are.
    pub shape: Shape,
    /// Codes under which it is recorded (`loinc|718-7`), besides its own name.
    pub codes: Vec<Arc<str>>,
    /// Only results of this specimen count.
    pub specimen: Option<Arc<str>>,
    /// Whether the time of day is recorded with its values.
    pub timed: bool,
    /// Whether the highest value is the clinically worst; none if the measure does not say.
    pub worst_is_highest: Option<bool>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// What the values of a measure are.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A quantity with a unit.
    Quantity(QuantityShape),
    /// A bounded score.
    Score {
        /// The lowest possible score.
        lowest: Decimal,
        /// The highest possible score.
        highest: Decimal,
        /// The step between scores, if stated.
        step: Option<Decimal>,
    },
    /// An ordinal scale, lowest level first.
    Ordinal(Vec<Arc<str>>),
    /// Coded results.
    Coded(Vec<Arc<str>>),
    /// Coded results of which one may carry several, in no order.
    Tags(Vec<Arc<str>>),
}

/// A measure with a unit.
#[derive(Debug, Clone)]
pub struct QuantityShape {
    /// The kind of quantity.
    pub kind: Kind,
    /// The unit in which it is stated by default.
    pub unit: Unit,
    /// What is known of the analyte: molar mass, valence, counted entity.
    pub analyte: Analyte,
    /// The name of the analyte, to tell two quantities of one kind apart.
    pub analyte_name: Option<Arc<str>>,
    /// Values outside cannot be real, in `unit`.
    pub plausible: Option<(Exact, Exact)>,
    /// Limits of protocols usually lie inside, in `unit`.
    pub usual: Option<(Exact, Exact)>,
    /// Whether results carry the laboratory's limits.
    pub has_limits: bool,
}

/// A named formula.
#[derive(Debug, Clone)]
pub struct Formula {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// What it gives.
    pub result: QuantityShape,
    /// Its inputs.
    pub inputs: Vec<FormulaInput>,
    /// How many days the samples of its inputs may lie apart; none if that does not matter.
    pub together: Option<i64>,
    /// Its cases, tried in order.
    pub cases: Vec<FormulaCase>,
    /// Codes under which the computed value is recorded; such a value is used only if the inputs are missing.
    pub codes: Vec<Arc<str>>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// An input of a formula.
#[derive(Debug, Clone)]
pub enum FormulaInput {
    /// Completed years of age at the gate.
    Age,
    /// A measure, counted in a unit.
    Measure {
        /// Which.
        measure: MeasureId,
        /// The unit in which the formula counts it.
        unit: Unit,
    },
}

/// One case of a formula.
#[derive(Debug, Clone)]
pub struct FormulaCase {
    /// For whom; none for everybody else.
    pub sex: Option<Sex>,
    /// The arithmetic.
    pub value: Arithmetic,
}

/// Sex as a guard names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// `for women`
    Female,
    /// `for men`
    Male,
}

/// Which table of the chart a code set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactTable {
    /// Diagnoses and states.
    Conditions,
    /// Drugs, vaccines, blood products.
    Treatments,
    /// Procedures and cell therapies.
    Procedures,
    /// Allergies and intolerances.
    Allergies,
    /// Results of measures. No set has codes of it: a fact names the measure.
    Results,
    /// Adverse events.
    AdverseEvents,
}

/// A named set of codes.
#[derive(Debug, Clone)]
pub struct CodeSet {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// Which table.
    pub table: FactTable,
    /// Its own codes and those of all sets it includes, and the names of all of them. A trailing `*` stands
    /// for every code that begins so.
    pub codes: Vec<Arc<str>>,
    /// The sets that it includes, however deep, and that include no other: `different` counts each of them
    /// once, whichever of its codes is recorded.
    pub members: Vec<SetId>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// How long half of a drug stays.
#[derive(Debug, Clone)]
pub struct HalfLife {
    /// The codes of the drug, its name included.
    pub codes: Vec<Arc<str>>,
    /// The shortest half-life, in seconds.
    pub shortest_seconds: Exact,
    /// The longest half-life, in seconds.
    pub longest_seconds: Exact,
    /// Whether it is stated in days or longer, so that civil days are compared.
    pub by_day: bool,
}

/// A question that a person answers.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Its name, under which the answer is recorded.
    pub name: Arc<str>,
    /// The question.
    pub title: Arc<str>,
    /// Who answers.
    pub by: Arc<str>,
    /// Where it is declared.
    pub span: Span,
}

/// Doses of several drugs that count as the same.
#[derive(Debug, Clone)]
pub struct Equivalence {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// One row a drug: its codes, and the dose that counts as the same as the first row's.
    pub rows: Vec<EquivalenceRow>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What was not checked against the source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// One drug of an equivalence.
#[derive(Debug, Clone)]
pub struct EquivalenceRow {
    /// The codes of the drug, its name included.
    pub codes: Vec<Arc<str>>,
    /// The dose.
    pub dose: Exact,
    /// Its unit.
    pub unit: Unit,
}
