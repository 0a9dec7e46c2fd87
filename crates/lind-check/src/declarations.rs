//! Declarations of what is measured, of code sets, judgements, formulas and equivalences.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{self, FactTable, Measure, QuantityShape, Sex, Shape};
use lind_syntax::tree::{
    self, Field, FieldKind, Item, MeasureShape, Name, Quantity, Range, SetKind,
};
use lind_units::{Analyte, Exact, Generator, Kind, Unit};

use crate::analysis::Checker;
use crate::modules::Module;
use crate::quantities::Target;
use crate::rules;

/// The fields that many declarations share.
#[derive(Default)]
pub(crate) struct Common {
    pub(crate) source: Option<Arc<str>>,
    pub(crate) unverified: Option<Arc<str>>,
    pub(crate) codes: Vec<Arc<str>>,
}

impl Common {
    /// Takes a field if it is one of these.
    pub(crate) fn take(&mut self, field: &Field) -> bool {
        match &field.kind {
            FieldKind::Source(text) => self.source = Some(Arc::from(text.value.as_str())),
            FieldKind::Unverified(text) => self.unverified = Some(Arc::from(text.value.as_str())),
            FieldKind::Codes(codes) => self
                .codes
                .extend(codes.iter().map(|code| Arc::from(code.text.as_str()))),
            FieldKind::Note(_) | FieldKind::Broken => {}
            _ => return false,
        }
        true
    }
}

impl Checker<'_> {
    /// Measures and judgements, which need no names.
    pub(crate) fn declarations(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Measure(measure) => {
                    let elaborated = self.measure_declaration(measure);
                    self.tables.measures.push(elaborated);
                }
                Item::Points(points) => self.points_declaration(points),
                Item::Define(_) | Item::State(_) => self.tables.terms += 1,
                Item::Judgement(judgement) => {
                    let mut common = Common::default();
                    for field in &judgement.fields {
                        if !common.take(field) {
                            self.misplaced_field(field.span, "a judgement");
                        }
                    }
                    self.tables.judgements.push(Some(protocol::Judgement {
                        name: Arc::from(judgement.name.text.as_str()),
                        title: Arc::from(judgement.title.value.as_str()),
                        by: Arc::from(judgement.by.text.as_str()),
                        span: judgement.name.span,
                    }));
                }
                _ => {}
            }
        }
    }

    pub(crate) fn wrong(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) {
        self.sink
            .push(Diagnostic::new(&rules::E0314_WRONG_DECLARATION, span, message).label(label));
    }

    fn measure_declaration(&mut self, measure: &tree::Measure) -> Option<Measure> {
        let mut common = Common::default();
        let mut kind = None;
        let mut kind_named = false;
        let mut unit = None;
        let mut unit_named = false;
        let mut analyte_name = None;
        let mut specimen = None;
        let mut molar_mass = None;
        let mut plausible = None;
        let mut usual = None;
        let mut has_limits = false;
        let mut worst_is_highest = None;
        let mut timed = false;
        let mut results: Option<Vec<Arc<str>>> = None;
        let mut several = false;
        let mut step = None;
        for field in &measure.fields {
            if common.take(field) {
                continue;
            }
            match &field.kind {
                FieldKind::Kind {
                    kind: name,
                    analyte,
                    ..
                } => {
                    kind_named = true;
                    kind = self.kind(name);
                    analyte_name = analyte.as_ref().map(|name| Arc::from(name.text.as_str()));
                }
                FieldKind::Unit(name) => {
                    unit_named = true;
                    unit = self.unit(name).map(|unit| (unit, name.span));
                }
                FieldKind::Specimen(name) => specimen = Some(Arc::from(name.text.as_str())),
                FieldKind::MolarMass(quantity) => molar_mass = self.molar_mass(quantity),
                FieldKind::Plausible(range) => plausible = Some(range),
                FieldKind::Usual(range) => usual = Some(range),
                FieldKind::ReferenceLimits => has_limits = true,
                FieldKind::Worst { highest } => worst_is_highest = Some(*highest),
                FieldKind::Timed => timed = true,
                FieldKind::Results { names, at_once } => {
                    several = *at_once;
                    results = Some(
                        names
                            .iter()
                            .map(|name| Arc::from(name.text.as_str()))
                            .collect(),
                    )
                }
                FieldKind::Step(number) => step = self.decimal(number),
                _ => self.misplaced_field(field.span, "the declaration of a measure"),
            }
        }
        let shape = match &measure.shape {
            MeasureShape::Score { lowest, highest } => {
                let (low, high) = (self.decimal(lowest), self.decimal(highest));
                let (lowest_value, highest_value) = (low?, high?);
                if lowest_value.to_exact() > highest_value.to_exact() {
                    self.wrong(
                        lowest.span.join(highest.span),
                        "this score has no values",
                        "the lowest score is above the highest",
                    );
                    return None;
                }
                Shape::Score {
                    lowest: lowest_value,
                    highest: highest_value,
                    step,
                }
            }
            MeasureShape::Ordinal { levels } => {
                let mut seen = BTreeSet::new();
                for level in levels {
                    if !seen.insert(level.text.as_str()) {
                        self.wrong(
                            level.span,
                            format!("the level `{}` stands twice in this scale", level.text),
                            "second time",
                        );
                    }
                }
                Shape::Ordinal(
                    levels
                        .iter()
                        .map(|level| Arc::from(level.text.as_str()))
                        .collect(),
                )
            }
            MeasureShape::Measure => match results {
                Some(results) if several => Shape::Tags(results),
                Some(results) => Shape::Coded(results),
                None => {
                    // A field that could not be understood has its own message already.
                    let unreadable = measure
                        .fields
                        .iter()
                        .any(|field| field.kind == FieldKind::Broken);
                    if !kind_named && !unreadable {
                        self.wrong(
                            measure.name.span,
                            format!("`{}` does not say what it is", measure.name.text),
                            "needs `kind` and `unit`, or `result`",
                        );
                    } else if !unit_named && !unreadable {
                        self.wrong(
                            measure.name.span,
                            format!("`{}` has no unit", measure.name.text),
                            "needs `unit`",
                        );
                    }
                    let (kind, (unit, unit_span)) = (kind?, unit?);
                    let analyte = Analyte {
                        molar_mass,
                        entity: completed_by(kind, analyte_name.as_ref(), &unit),
                        enzyme: kind == Kind::CCnc,
                        ..Analyte::default()
                    };
                    let shape = self.quantity_shape(
                        (kind, measure.name.span),
                        (unit, unit_span),
                        analyte,
                        analyte_name,
                        has_limits,
                    )?;
                    let plausible_range = plausible
                        .and_then(|range| self.declared_range(range, &shape, &measure.name));
                    if plausible.is_none() {
                        self.wrong(
                            measure.name.span,
                            format!("`{}` has no plausible range", measure.name.text),
                            "needs `plausible … to …`",
                        );
                    }
                    let usual_range =
                        usual.and_then(|range| self.declared_range(range, &shape, &measure.name));
                    Shape::Quantity(QuantityShape {
                        plausible: plausible_range,
                        usual: usual_range,
                        ..shape
                    })
                }
            },
        };
        Some(Measure {
            name: Arc::from(measure.name.text.as_str()),
            title: Arc::from(measure.title.value.as_str()),
            shape,
            codes: common.codes,
            specimen,
            timed,
            worst_is_highest,
            source: common.source,
            unverified: common.unverified,
            span: measure.name.span,
        })
    }

    pub(crate) fn kind(&mut self, name: &Name) -> Option<Kind> {
        let kind = Kind::parse(&name.text);
        if kind.is_none() {
            self.wrong(
                name.span,
                format!("`{}` is no kind of quantity", name.text),
                "a LOINC property such as MCnc, NCnc or VRat",
            );
        }
        kind
    }

    fn molar_mass(&mut self, quantity: &Quantity) -> Option<Exact> {
        let unit = quantity.unit.as_ref()?;
        let number = self.decimal(&quantity.number)?;
        if unit.text.trim() != "g/mol" {
            self.wrong(unit.span, "a molar mass is stated in g/mol", "another unit");
            return None;
        }
        Some(number.to_exact())
    }

    pub(crate) fn quantity_shape(
        &mut self,
        kind: (Kind, Span),
        unit: (Unit, Span),
        analyte: Analyte,
        analyte_name: Option<Arc<str>>,
        has_limits: bool,
    ) -> Option<QuantityShape> {
        let (kind, kind_span) = kind;
        let (unit, unit_span) = unit;
        if !kind.dimension_ok(unit.dimension()) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0314_WRONG_DECLARATION,
                    unit_span,
                    format!("{} is no unit of a {}", unit.written(), kind.words()),
                )
                .label(format!("{}", unit.dimension()))
                .also(kind_span, format!("declared as {}", kind.words())),
            );
            return None;
        }
        Some(QuantityShape {
            kind,
            unit,
            analyte,
            analyte_name,
            plausible: None,
            usual: None,
            has_limits,
        })
    }

    pub(crate) fn declared_range(
        &mut self,
        range: &Range,
        shape: &QuantityShape,
        name: &Name,
    ) -> Option<(Exact, Exact)> {
        let target = Target {
            name: &name.text,
            shape,
            declared: name.span,
        };
        let own = |checker: &mut Self, quantity: &Quantity| {
            let (value, unit) = checker.limit_quantity(quantity, &target)?;
            unit.convert(&value, &shape.unit, Some(&shape.analyte)).ok()
        };
        let (low, high) = (own(self, &range.low), own(self, &range.high));
        let (low, high) = (low?, high?);
        if low > high {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0313_EMPTY_RANGE,
                    range.span,
                    "this range contains nothing",
                )
                .label("the lower end is above the upper"),
            );
            return None;
        }
        Some((low, high))
    }
}

/// What a plain number in the data stands for: the thing that a counted kind counts, or the reference that
/// the declared unit is a multiple of (`10*9/L` of platelets, `45 %` of the predicted value, an INR of `1.8`).
fn completed_by(kind: Kind, analyte: Option<&Arc<str>>, unit: &Unit) -> Option<Arc<str>> {
    let counts = matches!(
        kind.code(),
        "NCnc" | "NCnt" | "NRat" | "NFr" | "NRto" | "Num"
    );
    let reference = || {
        unit.dimension()
            .exponents()
            .find_map(|(generator, exponent)| match generator {
                // `per 1.73 m²` is a denominator: a plain volume rate is another quantity.
                Generator::Reference(name) if exponent > 0 => Some(Arc::clone(name)),
                _ => None,
            })
    };
    if counts {
        analyte.map(Arc::clone)
    } else {
        reference()
    }
}

/// `women`, `men`; everybody else is none.
pub(crate) fn sex_of(people: &str) -> Option<Sex> {
    match people {
        "women" => Some(Sex::Female),
        "men" => Some(Sex::Male),
        _ => None,
    }
}

pub(crate) fn fact_table(kind: SetKind) -> FactTable {
    match kind {
        SetKind::Condition => FactTable::Conditions,
        SetKind::Treatment => FactTable::Treatments,
        SetKind::Procedure => FactTable::Procedures,
        SetKind::Allergy => FactTable::Allergies,
        SetKind::Event => FactTable::AdverseEvents,
    }
}

/// A table of facts in words.
pub(crate) fn table_words(table: FactTable) -> &'static str {
    match table {
        FactTable::Conditions => "conditions",
        FactTable::Treatments => "treatments",
        FactTable::Procedures => "procedures",
        FactTable::Allergies => "allergies",
        FactTable::Results => "results",
        FactTable::AdverseEvents => "adverse events",
    }
}

/// One record of a table in words, with its article.
pub(crate) fn table_word(table: FactTable) -> &'static str {
    match table {
        FactTable::Conditions => "a condition",
        FactTable::Treatments => "a treatment",
        FactTable::Procedures => "a procedure",
        FactTable::Allergies => "an allergy",
        FactTable::Results => "a result",
        FactTable::AdverseEvents => "an adverse event",
    }
}
