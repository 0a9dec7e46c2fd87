//! Formulas and tables of equivalent doses.

use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{self, QuantityShape, Shape};
use lind_syntax::tree::{self, FieldKind, Item, Quantity};
use lind_time::Offset;
use lind_units::{Analyte, Exact};

use crate::analysis::Checker;
use crate::declarations::{Common, sex_of};
use crate::modules::Module;
use crate::quantities::Target;
use crate::rules;
use crate::scope::Symbol;

impl Checker<'_> {
    /// Formulas and equivalences, which lean on measures and sets.
    pub(crate) fn formulas_and_equivalences(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Formula(formula) => {
                    let elaborated = self.formula(formula);
                    self.tables.formulas.push(elaborated);
                }
                Item::Equivalence(table) => {
                    let elaborated = self.equivalence_table(table);
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
        let together = match &formula.together {
            Some(length) => Some(self.days_apart(length)?),
            None => None,
        };
        let mut cases = Vec::new();
        for case in &formula.cases {
            let sex = case.people.as_ref().and_then(|people| sex_of(&people.text));
            let value = self.arithmetic(&case.value, formula);
            cases.push(value.map(|value| protocol::FormulaCase { sex, value }));
        }
        let unreadable = formula
            .fields
            .iter()
            .any(|field| field.kind == FieldKind::Broken);
        if cases.is_empty() && unreadable {
            return None;
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
        if !covers && !unreadable {
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
            together,
            cases: cases.into_iter().collect::<Option<Vec<_>>>()?,
            codes: common.codes,
            source: common.source,
            unverified: common.unverified,
            span: formula.name.span,
        })
    }

    /// `from values within 30 days of each other`.
    fn days_apart(&mut self, length: &tree::Length) -> Option<i64> {
        let offset = self.offset(length)?;
        if let Offset::Days { days } = offset {
            return Some(days);
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0321_APART_IN_DAYS,
                length.span,
                "how far apart values may lie is counted in days or weeks",
            )
            .label("neither days nor weeks")
            .note("samples have a day; a month is no fixed number of them"),
        );
        None
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
            let mut diagnostic = Diagnostic::new(
                &rules::E0314_WRONG_DECLARATION,
                input.name.span,
                format!(
                    "the formula does not say in which unit it counts `{}`",
                    input.name.text
                ),
            )
            .label("needs `in` and a unit");
            if let Some(Shape::Quantity(shape)) =
                self.measure(measure).map(|measure| &measure.shape)
            {
                let text = format!("{} in {}", input.name.text, shape.unit.written());
                diagnostic = diagnostic.suggest(
                    format!("write `{text}`, if it counts in the declared unit"),
                    input.name.span,
                    text,
                );
            }
            self.sink.push(diagnostic);
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
            tree::Arithmetic::Power { base, exponent } => {
                let (base, exponent) = (
                    self.arithmetic(base, formula),
                    self.arithmetic(exponent, formula),
                );
                Some(Model::Power(Box::new(base?), Box::new(exponent?)))
            }
            tree::Arithmetic::Function { function, of } => {
                let of = Box::new(self.arithmetic(of, formula)?);
                let root = |of, degree| {
                    let part = Exact::from_ratio(1, degree)?;
                    Some(Model::Power(of, Box::new(Model::Number(part))))
                };
                match function {
                    tree::Function::SquareRoot => root(of, 2),
                    tree::Function::CubeRoot => root(of, 3),
                    tree::Function::NaturalLogarithm => Some(Model::NaturalLogarithm(of)),
                    tree::Function::DecimalLogarithm => Some(Model::DecimalLogarithm(of)),
                    tree::Function::Exponential => Some(Model::Exponential(of)),
                }
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

    fn equivalence_table(&mut self, table: &tree::Equivalence) -> Option<protocol::Equivalence> {
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
