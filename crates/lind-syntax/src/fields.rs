//! Field lines below heads, and the lines of formulas.

use pest::iterators::Pair;

use crate::body::{first_text, whole_window};
use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Arithmetic, EquivalenceRow, Field, FieldKind, FormulaCase, FormulaInput, Function, Length,
    Name, Number, Operator, Quantity,
};

/// What a field line can turn out to be.
pub(crate) enum FieldLine {
    Field(Field),
    Row(EquivalenceRow),
}

/// What a formula line can turn out to be.
pub(crate) enum FormulaLine {
    Field(Field),
    Inputs(Vec<FormulaInput>),
    Together(Length),
    Case(FormulaCase),
}

impl Source<'_> {
    pub(crate) fn field_line(&mut self, pair: Pair<'_, Rule>) -> Option<FieldLine> {
        let part = pair.into_inner().next()?;
        if part.as_rule() != Rule::equivalence_row {
            return self.field(part).map(FieldLine::Field);
        }
        let span = self.span(&part);
        let mut drug = None;
        let mut number = None;
        let mut unit = None;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::name => drug = Some(self.name(&inner)),
                Rule::number => number = Some(self.number(&inner)),
                Rule::unit => unit = Some(self.name(&inner)),
                _ => {}
            }
        }
        let number = number?;
        let end = unit.as_ref().map_or(number.span, |unit: &Name| unit.span);
        let dose = Quantity {
            span: number.span.join(end),
            number,
            unit,
            percent_points: false,
        };
        Some(FieldLine::Row(EquivalenceRow {
            drug: drug?,
            dose,
            span,
        }))
    }

    fn field(&mut self, part: Pair<'_, Rule>) -> Option<Field> {
        let span = self.span(&part);
        let kind = match part.as_rule() {
            Rule::title_field => FieldKind::Title(first_text(self, part)?),
            Rule::sponsor_field => FieldKind::Sponsor(first_text(self, part)?),
            Rule::source_clause => FieldKind::Source(first_text(self, part)?),
            Rule::note_clause => FieldKind::Note(first_text(self, part)?),
            Rule::unverified_field => FieldKind::Unverified(first_text(self, part)?),
            Rule::version_field => {
                let mut text = None;
                let mut date = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::string => text = Some(self.text(&inner)),
                        Rule::date => date = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                FieldKind::Version(text?, date)
            }
            Rule::phase_field => {
                FieldKind::Phase(self.names(part.into_inner()).into_iter().next()?)
            }
            Rule::kind_field => {
                let mut kind = None;
                let mut analyte = None;
                let mut specimen = None;
                let mut after_in = false;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::kw_in => after_in = true,
                        Rule::name if kind.is_none() => kind = Some(self.name(&inner)),
                        Rule::name if after_in => specimen = Some(self.name(&inner)),
                        Rule::name => analyte = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                FieldKind::Kind {
                    kind: kind?,
                    analyte,
                    specimen,
                }
            }
            Rule::unit_field => FieldKind::Unit(self.unit(part)?),
            Rule::code_field => FieldKind::Codes(self.names(part.into_inner())),
            Rule::plausible_field => FieldKind::Plausible(self.inner_range(part)?),
            Rule::usual_field => FieldKind::Usual(self.inner_range(part)?),
            Rule::molar_field => {
                let mut number: Option<Number> = None;
                let mut unit = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::number => number = Some(self.number(&inner)),
                        Rule::unit => unit = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                let number = number?;
                FieldKind::MolarMass(Quantity {
                    span: number.span,
                    number,
                    unit,
                    percent_points: false,
                })
            }
            Rule::reference_field => FieldKind::ReferenceLimits,
            Rule::worst_field => {
                let side = part
                    .into_inner()
                    .find(|inner| inner.as_rule() == Rule::worst_side)?;
                FieldKind::Worst {
                    highest: side.as_str().trim() == "highest",
                }
            }
            Rule::timed_field => FieldKind::Timed,
            Rule::result_field => {
                let mut parts = part.clone().into_inner();
                FieldKind::Results {
                    at_once: parts.any(|inner| inner.as_rule() == Rule::at_once),
                    names: self.names(part.into_inner()),
                }
            }
            Rule::specimen_field => {
                FieldKind::Specimen(self.names(part.into_inner()).into_iter().next()?)
            }
            Rule::step_field => {
                let number = part
                    .into_inner()
                    .find(|inner| inner.as_rule() == Rule::number)?;
                FieldKind::Step(self.number(&number))
            }
            Rule::includes_field => FieldKind::Includes(self.names(part.into_inner())),
            Rule::half_life_field => {
                let mut numbers = Vec::new();
                let mut unit = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::number => numbers.push(self.number(&inner)),
                        Rule::time_word => unit = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                let mut numbers = numbers.into_iter();
                FieldKind::HalfLife {
                    shortest: numbers.next()?,
                    longest: numbers.next(),
                    unit: unit?,
                }
            }
            Rule::once_field => FieldKind::GivenOnce,
            Rule::incomplete_field => {
                FieldKind::Incomplete(self.names(part.into_inner()).into_iter().next()?)
            }
            Rule::values_field => FieldKind::Values(whole_window(self, part)),
            _ => return None,
        };
        Some(Field { kind, span })
    }

    fn unit(&self, pair: Pair<'_, Rule>) -> Option<Name> {
        pair.into_inner()
            .find(|part| part.as_rule() == Rule::unit)
            .map(|part| self.name(&part))
    }

    fn inner_range(&mut self, pair: Pair<'_, Rule>) -> Option<crate::tree::Range> {
        pair.into_inner()
            .find(|part| part.as_rule() == Rule::range)
            .map(|part| self.range(part))
    }

    pub(crate) fn formula_line(&mut self, pair: Pair<'_, Rule>) -> Option<FormulaLine> {
        let part = pair.into_inner().next()?;
        let span = self.span(&part);
        match part.as_rule() {
            Rule::formula_together => part
                .into_inner()
                .find(|inner| inner.as_rule() == Rule::length)
                .map(|length| FormulaLine::Together(self.length(length))),
            Rule::formula_inputs => {
                let inputs = part
                    .into_inner()
                    .filter(|inner| inner.as_rule() == Rule::formula_input)
                    .filter_map(|inner| {
                        let mut name = None;
                        let mut unit = None;
                        for piece in inner.into_inner() {
                            match piece.as_rule() {
                                Rule::name => name = Some(self.name(&piece)),
                                Rule::unit => unit = Some(self.name(&piece)),
                                _ => {}
                            }
                        }
                        Some(FormulaInput { name: name?, unit })
                    });
                Some(FormulaLine::Inputs(inputs.collect()))
            }
            Rule::formula_case => {
                let mut people = None;
                let mut value = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::people => people = Some(self.name(&inner)),
                        Rule::sum => value = self.sum(inner),
                        _ => {}
                    }
                }
                Some(FormulaLine::Case(FormulaCase {
                    people,
                    value: value?,
                    span,
                }))
            }
            _ => self.field(part).map(FormulaLine::Field),
        }
    }

    /// `a + b - c` and, one level down, `a * b / c`: both associate to the left.
    fn sum(&mut self, pair: Pair<'_, Rule>) -> Option<Arithmetic> {
        let mut result: Option<Arithmetic> = None;
        let mut operator = Operator::Add;
        for part in pair.into_inner() {
            let text = part.as_str().trim().to_owned();
            let value = match part.as_rule() {
                Rule::sum_operator | Rule::product_operator => {
                    operator = match text.as_str() {
                        "+" => Operator::Add,
                        "-" => Operator::Subtract,
                        "*" => Operator::Multiply,
                        _ => Operator::Divide,
                    };
                    continue;
                }
                Rule::product => self.sum(part),
                Rule::power => self.power(part),
                _ => None,
            }?;
            result = Some(match result {
                None => value,
                Some(left) => Arithmetic::Binary {
                    operator,
                    left: Box::new(left),
                    right: Box::new(value),
                },
            });
        }
        result
    }

    /// `a` or `a ^ b`.
    fn power(&mut self, pair: Pair<'_, Rule>) -> Option<Arithmetic> {
        let mut factors = pair.into_inner();
        let base = self.factor(factors.next()?)?;
        let Some(exponent) = factors.next() else {
            return Some(base);
        };
        Some(Arithmetic::Power {
            base: Box::new(base),
            exponent: Box::new(self.factor(exponent)?),
        })
    }

    fn factor(&mut self, pair: Pair<'_, Rule>) -> Option<Arithmetic> {
        let part = pair.into_inner().next()?;
        match part.as_rule() {
            Rule::number => Some(Arithmetic::Number(self.number(&part))),
            Rule::name => Some(Arithmetic::Input(self.name(&part))),
            Rule::sum => self.sum(part),
            Rule::function => {
                let mut function = None;
                let mut of = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::function_word => {
                            function = match inner.as_str().split_whitespace().next() {
                                Some("square") => Some(Function::SquareRoot),
                                Some("cube") => Some(Function::CubeRoot),
                                Some("ln") => Some(Function::NaturalLogarithm),
                                Some("log10") => Some(Function::DecimalLogarithm),
                                Some("exp") => Some(Function::Exponential),
                                _ => None,
                            };
                        }
                        Rule::sum => of = self.sum(inner),
                        _ => {}
                    }
                }
                Some(Arithmetic::Function {
                    function: function?,
                    of: Box::new(of?),
                })
            }
            Rule::extreme => {
                let mut greater = false;
                let mut sides = Vec::new();
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::extreme_word => {
                            greater = inner.as_str().trim().starts_with("greater")
                        }
                        Rule::sum => sides.push(self.sum(inner)?),
                        _ => {}
                    }
                }
                let mut sides = sides.into_iter();
                Some(Arithmetic::Extreme {
                    greater,
                    left: Box::new(sides.next()?),
                    right: Box::new(sides.next()?),
                })
            }
            _ => None,
        }
    }
}
