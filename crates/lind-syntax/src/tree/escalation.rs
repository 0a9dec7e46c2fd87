//! Arms, what is given when, dose levels, and the rule that moves between them.

use lind_diagnostics::Span;

use super::{Condition, Length, Name, Number, Quantity, Text, Window};

/// `arm relma_cel_arm "…"`
#[derive(Debug, Clone, PartialEq)]
pub struct ArmDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// The line.
    pub span: Span,
}

/// `treatment plan lymphodepletion "…" for relma_cel_arm`
#[derive(Debug, Clone, PartialEq)]
pub struct TreatmentPlanDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The arms that it is for; none for all.
    pub arms: Vec<Name>,
    /// The lines below it.
    pub lines: Vec<PlanLine>,
    /// The head line.
    pub span: Span,
}

/// A line below a treatment plan.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanLine {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `assumed "…"`
    Assumed(Text),
    /// `tolerance 10 %`
    Tolerance(Number, Span),
    /// `fludarabine 25 mg/m2 once daily on days -5 to -3`
    Dosing(DosingLine),
    /// A line that could not be read.
    Broken(Span),
}

/// A drug, its dose and its days.
#[derive(Debug, Clone, PartialEq)]
pub struct DosingLine {
    /// The drug.
    pub drug: Name,
    /// How much at a time; none for `at the dose level`.
    pub dose: Option<Quantity>,
    /// `once daily` is 1; as written where a number is.
    pub times: Option<(Number, Span)>,
    /// `-5 to -3`, `1, 8`: first and last day of each part.
    pub days: Vec<(Number, Option<Number>)>,
    /// `of each cycle of 28 days, 6 cycles`
    pub cycle: Option<(Length, Option<Number>)>,
    /// The line.
    pub span: Span,
}

/// `dose levels of relma_cel in total`
#[derive(Debug, Clone, PartialEq)]
pub struct DoseLevelsDeclaration {
    /// The product.
    pub product: Name,
    /// What the doses are counted by.
    pub basis: BasisWord,
    /// The lines below it.
    pub lines: Vec<LevelLine>,
    /// The head line.
    pub span: Span,
}

/// What doses are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisWord {
    /// `in total`
    Total,
    /// `per kg`
    PerKilogram,
    /// `per m2`
    PerSquareMetre,
}

/// A line below dose levels.
#[derive(Debug, Clone, PartialEq)]
pub enum LevelLine {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `assumed "…"`
    Assumed(Text),
    /// `DL1 "Level 1" 25 x 10^6 {CAR+_cells}, start`
    Level(LevelDeclaration),
    /// A line that could not be read.
    Broken(Span),
}

/// A dose level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// `100` of `100 or 150 x 10^6 {CAR+_cells}`
    pub other: Option<Number>,
    /// The dose.
    pub dose: Quantity,
    /// `start`, `back-up`, `highest`, as written.
    pub roles: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// `escalation "…" of relma_cel`
#[derive(Debug, Clone, PartialEq)]
pub struct EscalationDeclaration {
    /// In words.
    pub title: Text,
    /// The product.
    pub product: Name,
    /// The lines below it.
    pub lines: Vec<EscalationLine>,
    /// The head line.
    pub span: Span,
}

/// A line below an escalation.
#[derive(Debug, Clone, PartialEq)]
pub struct EscalationLine {
    /// What it says.
    pub kind: EscalationLineKind,
    /// The line.
    pub span: Span,
}

/// What a line below an escalation says.
#[derive(Debug, Clone, PartialEq)]
pub enum EscalationLineKind {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `assumed "…"`
    Assumed(Text),
    /// `design BOIN with target 30 %`
    Design(DesignLine),
    /// `cohorts of 1 to 3`
    Cohorts(Number, Option<Number>),
    /// `window from infusion to 28 days after infusion`
    Window(Window),
    /// `toxicity dose_limiting_toxicity`
    Toxicity(Condition),
    /// `evaluable dlt_evaluable`
    Evaluable(Name),
    /// `stagger at least 14 days between the first two of a level, at least 7 days between others`
    Stagger(Vec<Distance>),
    /// `level opens after the window of the last participant below`
    Opens,
    /// `eliminate above 95 %, from 3 participants on`
    Eliminate(Number, Option<Number>),
    /// `stop with 12 at a level`
    Stop(Number),
    /// `at most 12 at a level, 24 in all`
    Most {
        /// At a level.
        at_level: Option<Number>,
        /// In all.
        in_all: Option<Number>,
    },
    /// `other doses as assigned`, as written.
    OtherDoses(Name),
    /// `from 2024-01-01: target 25 %`: the day as written, and what holds from then on.
    Amended(Name, DesignLine),
    /// `after 3: 0 escalate, 1 stay, 2 to 3 eliminate`
    Row(Number, Vec<RowCell>),
    /// A line that could not be read.
    Broken,
}

/// `at least 14 days between the first two of a level`
#[derive(Debug, Clone, PartialEq)]
pub struct Distance {
    /// How long.
    pub length: Length,
    /// Between the first two of a level, rather than any two.
    pub first_two: bool,
}

/// A design and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignLine {
    /// Its name as written; none where only parameters change.
    pub name: Option<Name>,
    /// Its parameters.
    pub parameters: Vec<DesignParameter>,
}

/// A parameter of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignParameter {
    /// Which.
    pub kind: DesignParameterKind,
    /// Where it stands.
    pub span: Span,
}

/// The parameters of designs.
#[derive(Debug, Clone, PartialEq)]
pub enum DesignParameterKind {
    /// `target 30 %`
    Target(Number),
    /// `too low 18 %`
    TooLow(Number),
    /// `too toxic 42 %`
    TooToxic(Number),
    /// `interval 25 % to 35 %`
    Interval(Number, Number),
    /// `no de-escalation`
    NoDeEscalation,
    /// `three at the MTD`
    ThreeAtMtd,
}

/// `2 to 3 eliminate`
#[derive(Debug, Clone, PartialEq)]
pub struct RowCell {
    /// The fewest toxicities.
    pub from: Number,
    /// The most, if there is more than one number.
    pub to: Option<Number>,
    /// What to do.
    pub action: RowAction,
    /// The cell.
    pub span: Span,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowAction {
    /// To the next level.
    Escalate,
    /// More at the same level.
    Stay,
    /// To the level below.
    DeEscalate,
    /// To the level below, and never back.
    Eliminate,
}
