//! Declarations of what is measured, of code sets, judgements, formulas and equivalences.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    self, CodeSet, FactTable, HalfLife, Measure, QuantityShape, Sex, Shape,
};
use lind_syntax::tree::{
    self, Field, FieldKind, Item, MeasureShape, Name, Quantity, Range, SetKind,
};
use lind_time::{Offset, OffsetClass};
use lind_units::{Analyte, Exact, Kind, Unit};

use crate::analysis::Checker;
use crate::modules::Module;
use crate::quantities::Target;
use crate::rules;
use crate::scope::Symbol;

/// The fields that many declarations share.
#[derive(Default)]
struct Common {
    source: Option<Arc<str>>,
    unverified: Option<Arc<str>>,
    codes: Vec<Arc<str>>,
}

impl Common {
    /// Takes a field if it is one of these.
    fn take(&mut self, field: &Field) -> bool {
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

    fn wrong(&mut self, span: Span, message: impl Into<String>, label: impl Into<String>) {
        self.sink
            .push(Diagnostic::new(&rules::E0314_WRONG_DECLARATION, span, message).label(label));
    }

    fn measure_declaration(&mut self, measure: &tree::Measure) -> Option<Measure> {
        let mut common = Common::default();
        let mut kind = None;
        let mut unit = None;
        let mut analyte_name = None;
        let mut specimen = None;
        let mut molar_mass = None;
        let mut plausible = None;
        let mut usual = None;
        let mut has_limits = false;
        let mut worst_is_highest = None;
        let mut timed = false;
        let mut results: Option<Vec<Arc<str>>> = None;
        let mut step = None;
        for field in &measure.fields {
            if common.take(field) {
                continue;
            }
            match &field.kind {
                FieldKind::Kind {
                    kind: name,
                    analyte,
                    specimen: place,
                } => {
                    kind = self.kind(name);
                    analyte_name = analyte.as_ref().map(|name| Arc::from(name.text.as_str()));
                    let _ = place;
                }
                FieldKind::Unit(name) => unit = self.unit(name).map(|unit| (unit, name.span)),
                FieldKind::Specimen(name) => specimen = Some(Arc::from(name.text.as_str())),
                FieldKind::MolarMass(quantity) => molar_mass = self.molar_mass(quantity),
                FieldKind::Plausible(range) => plausible = Some(range),
                FieldKind::Usual(range) => usual = Some(range),
                FieldKind::ReferenceLimits => has_limits = true,
                FieldKind::Worst { highest } => worst_is_highest = Some(*highest),
                FieldKind::Timed => timed = true,
                FieldKind::Results(names) => {
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
                Some(results) => Shape::Coded(results),
                None => {
                    let Some(kind) = kind else {
                        self.wrong(
                            measure.name.span,
                            format!("`{}` does not say what it is", measure.name.text),
                            "needs `kind` and `unit`, or `result`",
                        );
                        return None;
                    };
                    let Some((unit, unit_span)) = unit else {
                        self.wrong(
                            measure.name.span,
                            format!("`{}` has no unit", measure.name.text),
                            "needs `unit`",
                        );
                        return None;
                    };
                    let analyte = Analyte {
                        molar_mass,
                        entity: counted(kind, analyte_name.as_ref()),
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

    fn kind(&mut self, name: &Name) -> Option<Kind> {
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

    fn quantity_shape(
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

    fn declared_range(
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

    /// Code sets, with the codes of all sets that they include.
    pub(crate) fn sets(&mut self, modules: &[Module]) {
        struct Raw {
            includes: Vec<usize>,
            own: Vec<Arc<str>>,
            set: Option<CodeSet>,
            half_life: Option<HalfLife>,
            once: bool,
            table: FactTable,
            name: Name,
        }
        let mut raw: Vec<Raw> = Vec::new();
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            for item in &module.tree.items {
                let Item::CodeSet(set) = item else { continue };
                let table = fact_table(set.kind);
                let mut common = Common::default();
                let mut includes = Vec::new();
                let mut half_life = None;
                let mut once = false;
                for field in &set.fields {
                    if common.take(field) {
                        continue;
                    }
                    match &field.kind {
                        FieldKind::Includes(names) => {
                            for name in names {
                                includes
                                    .extend(self.find_set(name).map(|id| (id.index(), name.span)));
                            }
                        }
                        FieldKind::HalfLife {
                            shortest,
                            longest,
                            unit,
                        } if table == FactTable::Treatments => {
                            half_life = self.half_life(shortest, longest.as_ref(), unit);
                        }
                        FieldKind::GivenOnce if table == FactTable::Treatments => once = true,
                        _ => self.misplaced_field(field.span, "the declaration of a set of codes"),
                    }
                }
                let mut own: Vec<Arc<str>> = vec![Arc::from(set.name.text.as_str())];
                own.extend(common.codes.iter().map(Arc::clone));
                raw.push(Raw {
                    includes: includes.iter().map(|(id, _)| *id).collect(),
                    own,
                    half_life,
                    once,
                    table,
                    name: set.name.clone(),
                    set: Some(CodeSet {
                        name: Arc::from(set.name.text.as_str()),
                        title: set
                            .title
                            .as_ref()
                            .map(|text| Arc::from(text.value.as_str())),
                        table,
                        codes: Vec::new(),
                        source: common.source,
                        unverified: common.unverified,
                        span: set.name.span,
                    }),
                });
            }
        }
        // Close over the included sets; a circle is reported once, where it closes.
        let mut closed: Vec<Option<CodeSet>> = Vec::with_capacity(raw.len());
        for start in 0..raw.len() {
            let mut seen = BTreeSet::from([start]);
            let mut queue = vec![start];
            let mut codes: BTreeSet<Arc<str>> = BTreeSet::new();
            let Some(first) = raw.get(start) else {
                continue;
            };
            while let Some(next) = queue.pop() {
                let Some(entry) = raw.get(next) else { continue };
                codes.extend(entry.own.iter().map(Arc::clone));
                if entry.table != first.table {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            first.name.span,
                            format!("`{}` includes a set of another table", first.name.text),
                        )
                        .label(format!("codes of {}", table_words(first.table)))
                        .also(
                            entry.name.span,
                            format!("codes of {}", table_words(entry.table)),
                        ),
                    );
                }
                for included in &entry.includes {
                    if *included == start {
                        self.sink.push(
                            Diagnostic::new(
                                &rules::E0206_CIRCULAR_DEFINITION,
                                first.name.span,
                                format!("`{}` includes itself", first.name.text),
                            )
                            .label("includes itself, directly or through others")
                            .also(entry.name.span, "includes it here"),
                        );
                    } else if seen.insert(*included) {
                        queue.push(*included);
                    }
                }
            }
            let set = first.set.as_ref().map(|set| CodeSet {
                codes: codes.into_iter().collect(),
                ..set.clone()
            });
            closed.push(set);
        }
        for (entry, set) in raw.iter().zip(&closed) {
            let Some(set) = set else { continue };
            if let Some(half_life) = &entry.half_life {
                self.tables.half_lives.push(HalfLife {
                    codes: set.codes.clone(),
                    ..half_life.clone()
                });
            }
            if entry.once {
                self.tables
                    .given_once
                    .extend(set.codes.iter().map(Arc::clone));
            }
        }
        self.tables.sets = closed;
    }

    fn half_life(
        &mut self,
        shortest: &tree::Number,
        longest: Option<&tree::Number>,
        word: &Name,
    ) -> Option<HalfLife> {
        let Some(unit) = Offset::parse_unit(&word.text).and_then(|unit| unit.times(1)) else {
            self.wrong(
                word.span,
                format!("`{}` is no unit of time", word.text),
                "write hours, days or weeks",
            );
            return None;
        };
        let seconds = match unit {
            Offset::Clock { seconds } => seconds,
            Offset::Days { days } => days.saturating_mul(86_400),
            Offset::Calendar { .. } => {
                self.wrong(
                    word.span,
                    "a half-life is stated in hours, days or weeks",
                    "months and years have no fixed length",
                );
                return None;
            }
        };
        let short = self.decimal(shortest)?.to_exact();
        let long = match longest {
            Some(number) => self.decimal(number)?.to_exact(),
            None => short.clone(),
        };
        if short > long || short.signum() <= 0 {
            self.wrong(
                shortest.span,
                "a half-life is positive, and its shortest comes first",
                "cannot be",
            );
            return None;
        }
        let factor = Exact::from_integer(seconds);
        Some(HalfLife {
            codes: Vec::new(),
            shortest_seconds: short.mul(&factor),
            longest_seconds: long.mul(&factor),
            by_day: unit.class() != OffsetClass::Clock,
        })
    }

    /// Formulas and equivalences, which lean on measures and sets.
    pub(crate) fn formulas_and_equivalences(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Formula(formula) => {
                    let elaborated = self.formula(formula);
                    self.tables.formulas.push(elaborated);
                }
                Item::Equivalence(table) => {
                    let elaborated = self.equivalence(table);
                    self.tables.equivalences.push(elaborated);
                }
                _ => {}
            }
        }
    }

    fn formula(&mut self, formula: &tree::Formula) -> Option<protocol::Formula> {
        let kind = self.kind(&formula.kind);
        let unit = self.unit(&formula.unit);
        let mut common = Common::default();
        let mut plausible = None;
        let mut usual = None;
        for field in &formula.fields {
            if common.take(field) {
                continue;
            }
            match &field.kind {
                FieldKind::Plausible(range) => plausible = Some(range),
                FieldKind::Usual(range) => usual = Some(range),
                FieldKind::Worst { .. } => {}
                _ => self.misplaced_field(field.span, "a formula"),
            }
        }
        let mut inputs = Vec::new();
        for input in &formula.inputs {
            inputs.push(self.formula_input(input));
        }
        let inputs: Option<Vec<protocol::FormulaInput>> = inputs.into_iter().collect();
        let mut cases = Vec::new();
        for case in &formula.cases {
            let sex = case.people.as_ref().and_then(|people| sex_of(&people.text));
            let value = self.arithmetic(&case.value, formula);
            cases.push(value.map(|value| protocol::FormulaCase { sex, value }));
        }
        if cases.is_empty() {
            self.wrong(
                formula.name.span,
                format!("`{}` computes nothing", formula.name.text),
                "needs `everyone: …`, or `for women: …` and `otherwise: …`",
            );
            return None;
        }
        let covers = formula.cases.iter().any(|case| {
            case.people
                .as_ref()
                .is_none_or(|people| people.text == "participants")
        }) || ["women", "men"].iter().all(|people| {
            formula.cases.iter().any(|case| {
                case.people
                    .as_ref()
                    .is_some_and(|name| name.text == *people)
            })
        });
        if !covers {
            self.wrong(
                formula.name.span,
                format!(
                    "`{}` does not say what holds for everybody",
                    formula.name.text
                ),
                "needs `otherwise: …`",
            );
        }
        let shape = self.quantity_shape(
            (kind?, formula.kind.span),
            (unit?, formula.unit.span),
            Analyte::default(),
            None,
            false,
        )?;
        let plausible =
            plausible.and_then(|range| self.declared_range(range, &shape, &formula.name));
        let usual = usual.and_then(|range| self.declared_range(range, &shape, &formula.name));
        Some(protocol::Formula {
            name: Arc::from(formula.name.text.as_str()),
            title: Arc::from(formula.title.value.as_str()),
            result: QuantityShape {
                plausible,
                usual,
                ..shape
            },
            inputs: inputs?,
            cases: cases.into_iter().collect::<Option<Vec<_>>>()?,
            codes: common.codes,
            source: common.source,
            unverified: common.unverified,
            span: formula.name.span,
        })
    }

    fn formula_input(&mut self, input: &tree::FormulaInput) -> Option<protocol::FormulaInput> {
        if input.name.text == "age" {
            if let Some(unit) = &input.unit
                && unit.text.trim() != "years"
            {
                self.wrong(
                    unit.span,
                    "age counts in completed years",
                    "write `age in years`",
                );
            }
            return Some(protocol::FormulaInput::Age);
        }
        let (symbol, declared) = self.resolve(&input.name)?;
        let Symbol::Measure(measure) = symbol else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0202_WRONG_SORT,
                    input.name.span,
                    format!(
                        "`{}` is {}; a formula counts with measures",
                        input.name.text,
                        symbol.sort()
                    ),
                )
                .label("needs a measure")
                .also(declared, "declared here"),
            );
            return None;
        };
        let Some(unit_name) = &input.unit else {
            self.wrong(
                input.name.span,
                format!(
                    "the formula does not say in which unit it counts `{}`",
                    input.name.text
                ),
                "write `… in mg/dL`",
            );
            return None;
        };
        let unit = self.unit(unit_name)?;
        let Some(Shape::Quantity(shape)) =
            self.measure(measure).map(|measure| measure.shape.clone())
        else {
            self.wrong(
                input.name.span,
                format!("`{}` has no unit", input.name.text),
                "a formula counts with quantities",
            );
            return None;
        };
        // The same check as for a limit, so that the message is the same: a 1 in that unit.
        let one = Quantity {
            number: tree::Number {
                text: "1".to_owned(),
                span: unit_name.span,
            },
            unit: Some(unit_name.clone()),
            percent_points: false,
            span: unit_name.span,
        };
        self.limit_quantity(
            &one,
            &Target {
                name: &input.name.text,
                shape: &shape,
                declared,
            },
        )?;
        Some(protocol::FormulaInput::Measure { measure, unit })
    }

    fn arithmetic(
        &mut self,
        value: &tree::Arithmetic,
        formula: &tree::Formula,
    ) -> Option<protocol::Arithmetic> {
        use protocol::Arithmetic as Model;
        match value {
            tree::Arithmetic::Number(number) => self
                .decimal(number)
                .map(|number| Model::Number(number.to_exact())),
            tree::Arithmetic::Input(name) => {
                let place = formula
                    .inputs
                    .iter()
                    .position(|input| input.name.text == name.text);
                if place.is_none() {
                    let mut diagnostic = Diagnostic::new(
                        &rules::E0201_UNKNOWN_NAME,
                        name.span,
                        format!("`{}` is not an input of this formula", name.text),
                    )
                    .label("unknown input");
                    if let Some(near) = lind_diagnostics::closest(
                        &name.text,
                        formula.inputs.iter().map(|input| input.name.text.as_str()),
                    ) {
                        diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
                    }
                    self.sink.push(diagnostic);
                }
                place.map(Model::Input)
            }
            tree::Arithmetic::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (
                    self.arithmetic(left, formula),
                    self.arithmetic(right, formula),
                );
                let (left, right) = (Box::new(left?), Box::new(right?));
                Some(match operator {
                    tree::Operator::Add => Model::Add(left, right),
                    tree::Operator::Subtract => Model::Subtract(left, right),
                    tree::Operator::Multiply => Model::Multiply(left, right),
                    tree::Operator::Divide => Model::Divide(left, right),
                })
            }
            tree::Arithmetic::Extreme {
                greater,
                left,
                right,
            } => {
                let (left, right) = (
                    self.arithmetic(left, formula),
                    self.arithmetic(right, formula),
                );
                let (left, right) = (Box::new(left?), Box::new(right?));
                Some(if *greater {
                    Model::Greater(left, right)
                } else {
                    Model::Smaller(left, right)
                })
            }
        }
    }

    fn equivalence(&mut self, table: &tree::Equivalence) -> Option<protocol::Equivalence> {
        let mut common = Common::default();
        for field in &table.fields {
            if !common.take(field) {
                self.misplaced_field(field.span, "a table of equivalent doses");
            }
        }
        let mut rows: Vec<protocol::EquivalenceRow> = Vec::new();
        for row in &table.rows {
            let set = self.find_set(&row.drug);
            let number = self.decimal(&row.dose.number);
            let unit = row.dose.unit.as_ref().and_then(|unit| self.unit(unit));
            let (Some(set), Some(number), Some(unit)) = (set, number, unit) else {
                continue;
            };
            if number.to_exact().signum() <= 0 {
                self.wrong(row.dose.span, "an equivalent dose is positive", "cannot be");
                continue;
            }
            if let Some(first) = rows.first()
                && unit.conversion(&first.unit, None).is_err()
            {
                self.wrong(
                    row.dose.span,
                    "the doses of one table are of one dimension",
                    format!("does not convert to {}", first.unit.written()),
                );
                continue;
            }
            let codes = self
                .tables
                .sets
                .get(set.index())
                .and_then(Option::as_ref)
                .map(|set| set.codes.clone())
                .unwrap_or_default();
            rows.push(protocol::EquivalenceRow {
                codes,
                dose: number.to_exact(),
                unit,
            });
        }
        Some(protocol::Equivalence {
            name: Arc::from(table.name.text.as_str()),
            title: Arc::from(table.title.value.as_str()),
            rows,
            source: common.source,
            unverified: common.unverified,
            span: table.name.span,
        })
    }
}

/// What a counted kind counts: without it, `10*9/L` could be of anything.
fn counted(kind: Kind, analyte: Option<&Arc<str>>) -> Option<Arc<str>> {
    matches!(
        kind.code(),
        "NCnc" | "NCnt" | "NRat" | "NFr" | "NRto" | "Num"
    )
    .then(|| analyte.map(Arc::clone))
    .flatten()
}

/// `women`, `men`; everybody else is none.
pub(crate) fn sex_of(people: &str) -> Option<Sex> {
    match people {
        "women" => Some(Sex::Female),
        "men" => Some(Sex::Male),
        _ => None,
    }
}

fn fact_table(kind: SetKind) -> FactTable {
    match kind {
        SetKind::Condition => FactTable::Conditions,
        SetKind::Treatment => FactTable::Treatments,
        SetKind::Procedure => FactTable::Procedures,
        SetKind::Allergy => FactTable::Allergies,
    }
}

/// A table of facts in words.
pub(crate) fn table_words(table: FactTable) -> &'static str {
    match table {
        FactTable::Conditions => "conditions",
        FactTable::Treatments => "treatments",
        FactTable::Procedures => "procedures",
        FactTable::Allergies => "allergies",
    }
}
