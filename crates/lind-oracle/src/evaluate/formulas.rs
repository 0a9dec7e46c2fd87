//! Formulas (section 4).

use lind_model::protocol::{
    Arithmetic, Formula, FormulaCase, FormulaInput, Measure, Selector, Sex, Shape, Test,
};
use lind_time::Tri;
use lind_units::{Exact, Unit};

use super::Run;
use super::one_value::exact_quantity;
use super::one_value::exact_score;
use super::values::{Asked, Candidate, Reading, Recorded, chosen, common, selected};
use crate::chart::tri;
use crate::irrational::{Bounds, bounds};
use crate::reals::{closed, lies_in, within};
use crate::time::{DAY, Time, ages};

/// What is known of an input.
enum Input {
    /// Nothing is recorded.
    Missing,
    /// It may be missing, is imprecise, or could be several.
    Unknown,
    /// One of these (two ages).
    Known(Vec<Exact>),
    /// One number, of samples at these times.
    Sampled(Exact, Vec<Time>),
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
            let asked = Asked {
                shape: &shape,
                reference: None,
            };
            return selected(asked, test, reading.selector, &candidates);
        }
        if let Some(days) = formula.together
            && !together(&inputs, days)
        {
            return Tri::Maybe;
        }
        // Every combination of what the inputs can be.
        let mut worlds: Vec<Vec<Exact>> = vec![Vec::new()];
        for input in inputs {
            let values = match input {
                Input::Known(values) => values,
                Input::Sampled(value, _) => vec![value],
                Input::Missing | Input::Unknown => return Tri::Maybe,
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
                results.push(match case {
                    Some(case) => case_passes(formula, case, test, world),
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
                let mut times = Vec::new();
                for candidate in chosen(reading.selector, &candidates) {
                    times.push(candidate.time);
                    let Some(number) = exact_number(measure, candidate, unit) else {
                        return Input::Unknown;
                    };
                    if found.as_ref().is_some_and(|other| *other != number) {
                        return Input::Unknown;
                    }
                    found = Some(number);
                }
                found.map_or(Input::Unknown, |number| Input::Sampled(number, times))
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
        Shape::Ordinal(_) | Shape::Coded(_) | Shape::Tags(_) => None,
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

/// Whether every two values of different inputs were certainly taken within so many days.
fn together(inputs: &[Input], days: i64) -> bool {
    let sampled: Vec<&[Time]> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::Sampled(_, times) => Some(times.as_slice()),
            _ => None,
        })
        .collect();
    for (place, ones) in sampled.iter().enumerate() {
        for others in sampled.iter().skip(place + 1) {
            for one in *ones {
                for other in *others {
                    let ((first, last), (other_first, other_last)) =
                        (one.units(DAY), other.units(DAY));
                    if last - other_first > days || other_last - first > days {
                        return false;
                    }
                }
            }
        }
    }
    true
}

fn case_passes(formula: &Formula, case: &FormulaCase, test: &Test, inputs: &[Exact]) -> Tri {
    if let Some(value) = compute(&case.value, inputs) {
        return result_passes(formula, test, &value);
    }
    for digits in [24, 48, 96] {
        if let Some(Bounds { low, high }) = bounds(&case.value, inputs, digits)
            && let Some(answer) = all_pass(formula, test, &low, &high)
        {
            return answer;
        }
    }
    Tri::Maybe
}

/// What every number between two bounds answers; none if they do not agree.
fn all_pass(formula: &Formula, test: &Test, low: &Exact, high: &Exact) -> Option<Tri> {
    let Test::Quantity(interval, unit) = test else {
        return Some(Tri::Maybe);
    };
    let values = closed(Some(low.clone()), Some(high.clone()));
    if let Some((least, most)) = &formula.result.plausible {
        match within(&values, &closed(Some(least.clone()), Some(most.clone()))) {
            Tri::Yes => {}
            Tri::No => return Some(Tri::Maybe),
            Tri::Maybe => return None,
        }
    }
    let analyte = Some(&formula.result.analyte);
    let convert = |value: &Exact| formula.result.unit.convert(value, unit, analyte).ok();
    let (Some(low), Some(high)) = (convert(low), convert(high)) else {
        return Some(Tri::Maybe);
    };
    match within(&closed(Some(low), Some(high)), interval) {
        Tri::Maybe => None,
        decided => Some(decided),
    }
}

/// The exact value; none if it has none, or is no fraction.
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
        // Fractions among these are found by their bounds.
        Arithmetic::Power(..)
        | Arithmetic::NaturalLogarithm(_)
        | Arithmetic::DecimalLogarithm(_)
        | Arithmetic::Exponential(_) => None,
    }
}
