//! Formulas (section 4).

use lind_model::protocol::{
    Arithmetic, Formula, FormulaCase, FormulaInput, Measure, Selector, Sex, Shape, Test,
};
use lind_time::Tri;
use lind_units::{Exact, Unit};

use super::Run;
use super::one_value::exact_quantity;
use super::one_value::exact_score;
use super::values::{Candidate, Reading, Recorded, chosen, common, selected};
use crate::chart::tri;
use crate::reals::lies_in;
use crate::time::ages;

/// What is known of an input.
enum Input {
    /// Nothing is recorded.
    Missing,
    /// It may be missing, is imprecise, or could be several.
    Unknown,
    /// One of these (two ages).
    Known(Vec<Exact>),
}

impl<'a> Run<'a> {
    pub(super) fn computed(
        &self,
        formula: &'a Formula,
        test: &Test,
        reading: Reading<'_, 'a>,
    ) -> Tri {
        let reading = Reading {
            selector: match reading.selector {
                Selector::First => Selector::First,
                _ => Selector::Latest,
            },
            ..reading
        };
        let inputs: Vec<Input> = formula
            .inputs
            .iter()
            .map(|input| self.input(input, reading))
            .collect();
        if inputs.iter().any(|input| matches!(input, Input::Missing)) {
            let recorded = Recorded {
                name: &formula.name,
                codes: &formula.codes,
                specimen: None,
            };
            let candidates = self.candidates(&recorded, reading);
            let shape = Shape::Quantity(formula.result.clone());
            return selected(&shape, test, reading.selector, &candidates);
        }
        // Every combination of what the inputs can be.
        let mut worlds: Vec<Vec<Exact>> = vec![Vec::new()];
        for input in inputs {
            let Input::Known(values) = input else {
                return Tri::Maybe;
            };
            worlds = worlds
                .iter()
                .flat_map(|world| {
                    values.iter().map(|value| {
                        let mut longer = world.clone();
                        longer.push(value.clone());
                        longer
                    })
                })
                .collect();
        }
        let mut results = Vec::new();
        for case in self.cases(formula) {
            for world in &worlds {
                results.push(match case.and_then(|case| compute(&case.value, world)) {
                    Some(value) => result_passes(formula, test, &value),
                    None => Tri::Maybe,
                });
            }
        }
        common(&results)
    }

    /// The cases that may apply to the patient.
    fn cases(&self, formula: &'a Formula) -> Vec<Option<&'a FormulaCase>> {
        let of = |sex: Sex| {
            formula
                .cases
                .iter()
                .find(|case| case.sex.is_none() || case.sex == Some(sex))
        };
        match self.chart.sex.as_str() {
            "female" => vec![of(Sex::Female)],
            "male" => vec![of(Sex::Male)],
            _ => formula.cases.iter().map(Some).collect(),
        }
    }

    fn input(&self, input: &FormulaInput, reading: Reading<'_, 'a>) -> Input {
        match input {
            FormulaInput::Age => match self.chart.birth {
                None => Input::Missing,
                Some(birth) => Input::Known(
                    ages(birth, reading.gate.time)
                        .into_iter()
                        .map(Exact::from_integer)
                        .collect(),
                ),
            },
            FormulaInput::Measure { measure, unit } => {
                let Some(measure) = self.protocol.measures.get(measure.index()) else {
                    return Input::Missing;
                };
                let candidates = self.candidates(&Recorded::of(measure), reading);
                if candidates.is_empty() {
                    return Input::Missing;
                }
                if !candidates.iter().any(Candidate::is_sure) {
                    return Input::Unknown;
                }
                let mut found: Option<Exact> = None;
                for candidate in chosen(reading.selector, &candidates) {
                    let Some(number) = exact_number(measure, candidate, unit) else {
                        return Input::Unknown;
                    };
                    if found.as_ref().is_some_and(|other| *other != number) {
                        return Input::Unknown;
                    }
                    found = Some(number);
                }
                found.map_or(Input::Unknown, |number| Input::Known(vec![number]))
            }
        }
    }
}

/// The one number that a candidate is.
fn exact_number(measure: &Measure, candidate: &Candidate, unit: &Unit) -> Option<Exact> {
    let value = candidate.value.as_ref()?;
    match &measure.shape {
        Shape::Quantity(shape) => exact_quantity(shape, value, unit),
        shape @ Shape::Score { .. } => exact_score(shape, value),
        Shape::Ordinal(_) | Shape::Coded(_) => None,
    }
}

fn result_passes(formula: &Formula, test: &Test, value: &Exact) -> Tri {
    let Test::Quantity(interval, unit) = test else {
        return Tri::Maybe;
    };
    if let Some((low, high)) = &formula.result.plausible
        && (value < low || value > high)
    {
        return Tri::Maybe;
    }
    let analyte = Some(&formula.result.analyte);
    match formula.result.unit.convert(value, unit, analyte) {
        Ok(value) => tri(lies_in(&value, interval)),
        Err(_) => Tri::Maybe,
    }
}

fn compute(arithmetic: &Arithmetic, inputs: &[Exact]) -> Option<Exact> {
    let both = |a: &Arithmetic, b: &Arithmetic| Some((compute(a, inputs)?, compute(b, inputs)?));
    match arithmetic {
        Arithmetic::Number(number) => Some(number.clone()),
        Arithmetic::Input(place) => inputs.get(*place).cloned(),
        Arithmetic::Add(a, b) => both(a, b).map(|(a, b)| a.add(&b)),
        Arithmetic::Subtract(a, b) => both(a, b).map(|(a, b)| a.sub(&b)),
        Arithmetic::Multiply(a, b) => both(a, b).map(|(a, b)| a.mul(&b)),
        Arithmetic::Divide(a, b) => both(a, b).and_then(|(a, b)| a.checked_div(&b)),
        Arithmetic::Smaller(a, b) => both(a, b).map(|(a, b)| a.min(b)),
        Arithmetic::Greater(a, b) => both(a, b).map(|(a, b)| a.max(b)),
    }
}
