//! Declarations: measures, code sets, formulas, tables of equivalent doses, and their fields.

use lind_diagnostics::Span;

use super::{Length, Name, Number, Quantity, Range, Text, Window};

/// What is measured: a laboratory value, a score, an ordinal scale, a coded result.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// What its head says of its shape.
    pub shape: MeasureShape,
    /// Fields below it.
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// The three heads a measure can have.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureShape {
    /// `measure`: a quantity or a coded result, as its fields say.
    Measure,
    /// `score … 0 to 51`.
    Score {
        /// The lowest possible score.
        lowest: Number,
        /// The highest possible score.
        highest: Number,
    },
    /// `ordinal … I < II < III < IV`.
    Ordinal {
        /// The levels, lowest first.
        levels: Vec<Name>,
    },
}

/// Which table of the chart a code set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetKind {
    /// Diagnoses and states.
    Condition,
    /// Drugs, vaccines, blood products.
    Treatment,
    /// Procedures and cell therapies.
    Procedure,
    /// Allergies and intolerances.
    Allergy,
    /// Adverse events.
    Event,
}

/// A named set of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeSet {
    /// Which table.
    pub kind: SetKind,
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Codes, included sets, half-life, source.
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// A named formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The kind of quantity it gives.
    pub kind: Name,
    /// The unit it gives.
    pub unit: Name,
    /// Its inputs, in the units that its cases count in.
    pub inputs: Vec<FormulaInput>,
    /// `from values within 30 days of each other`.
    pub together: Option<Length>,
    /// Its cases, tried in order.
    pub cases: Vec<FormulaCase>,
    /// Other fields (source, plausible range, codes).
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// `creatinine in mg/dL`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaInput {
    /// The measure, or `age`.
    pub name: Name,
    /// The unit in which the formula counts it.
    pub unit: Option<Name>,
}

/// `for women: …`, `otherwise: …`, `everyone: …`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaCase {
    /// `women`, `men`, `participants`; none for `otherwise` and `everyone`.
    pub people: Option<Name>,
    /// The arithmetic.
    pub value: Arithmetic,
    /// The line.
    pub span: Span,
}

/// Arithmetic over the inputs of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Arithmetic {
    /// A number.
    Number(Number),
    /// An input.
    Input(Name),
    /// `a + b`, `a - b`, `a * b`, `a / b`.
    Binary {
        /// The operator.
        operator: Operator,
        /// The left side.
        left: Box<Arithmetic>,
        /// The right side.
        right: Box<Arithmetic>,
    },
    /// `a ^ b`.
    Power {
        /// What is raised.
        base: Box<Arithmetic>,
        /// To which power.
        exponent: Box<Arithmetic>,
    },
    /// `ln(a)`, `square root of (a)`.
    Function {
        /// Which.
        function: Function,
        /// Of what.
        of: Box<Arithmetic>,
    },
    /// `smaller of (a, b)` or `greater of (a, b)`.
    Extreme {
        /// Whether the greater is taken.
        greater: bool,
        /// One side.
        left: Box<Arithmetic>,
        /// The other side.
        right: Box<Arithmetic>,
    },
}

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `square root of`
    SquareRoot,
    /// `cube root of`
    CubeRoot,
    /// `ln`
    NaturalLogarithm,
    /// `log10`
    DecimalLogarithm,
    /// `exp`
    Exponential,
}

/// The four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Doses of several drugs that count as the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalence {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// One row a drug.
    pub rows: Vec<EquivalenceRow>,
    /// Other fields (source).
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// `methylprednisolone 4 mg`.
#[derive(Debug, Clone, PartialEq)]
pub struct EquivalenceRow {
    /// The treatment.
    pub drug: Name,
    /// The dose that counts as the same as the others in the table.
    pub dose: Quantity,
    /// The line.
    pub span: Span,
}

/// One field below a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it says.
    pub kind: FieldKind,
    /// The line.
    pub span: Span,
}

/// The fields of heads, measures and sets.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// `title "…"`
    Title(Text),
    /// `version "1" dated 2024-05-09`
    Version(Text, Option<Name>),
    /// `phase 1`
    Phase(Name),
    /// `sponsor "…"`
    Sponsor(Text),
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `unverified "…"`: what of this entry has not been checked against its source.
    Unverified(Text),
    /// `kind MCnc of creatinine in serum`
    Kind {
        /// The kind of quantity (LOINC property).
        kind: Name,
        /// The analyte.
        analyte: Option<Name>,
        /// The specimen.
        specimen: Option<Name>,
    },
    /// `unit g/L`
    Unit(Name),
    /// `code loinc|718-7, loinc|30313-1`
    Codes(Vec<Name>),
    /// `plausible 10 to 300 g/L`
    Plausible(Range),
    /// `usual 50 to 200 g/L`: where limits of protocols usually lie.
    Usual(Range),
    /// `molar mass 113.12 g/mol`
    MolarMass(Quantity),
    /// `has reference limits`
    ReferenceLimits,
    /// `worst lowest`
    Worst {
        /// Whether the highest value is the worst.
        highest: bool,
    },
    /// `with time of day`
    Timed,
    /// `result positive, negative`
    Results {
        /// Their names.
        names: Vec<Name>,
        /// `several at once`: one result may carry several of them.
        at_once: bool,
    },
    /// `specimen serum`
    Specimen(Name),
    /// `step 1`
    Step(Number),
    /// `includes a, b`
    Includes(Vec<Name>),
    /// `half-life 12 to 20 hours`
    HalfLife {
        /// The shortest (or only) half-life.
        shortest: Number,
        /// The longest, if a range is given.
        longest: Option<Number>,
        /// The unit of time.
        unit: Name,
    },
    /// `values from consent on`: which values count at this gate.
    Values(Window),
    /// `given once`: without an end, the treatment ends when it begins.
    GivenOnce,
    /// `not complete, else judged by other_regimen`: a list of examples.
    Incomplete(Name),
    /// A field that could not be read.
    Broken,
}
