//! Computed values in words.

use lind_model::FormulaId;
use lind_model::plan::ValuePlan;
use lind_model::protocol::{Formula, FormulaInput, Test};
use lind_time::Tri;

use crate::explain::recorder::Telling;
use crate::explain::sentences::{Said, related};
use crate::explain::values::Found;
use crate::explain::words::{listed, number, place, quantity, spoken, used, with_article};
use crate::formulas::Input;
use crate::steps::TestStep;
use crate::trace::Note;
use crate::view::View;

impl<'c> View<'c> {
    /// One test of a formula.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call, whose arguments are what is known of one test"
    )]
    pub(crate) fn formula_telling(
        &self,
        id: FormulaId,
        value: &ValuePlan,
        test: &Test,
        step: Option<&TestStep>,
        notes: &[Note<'c>],
        phrase: &str,
        outcome: Tri,
    ) -> Telling {
        let Some(formula) = self.program.protocol().formulas.get(id.index()) else {
            return Telling::default();
        };
        let name = spoken(&formula.name);
        let said = Said {
            reference: None,
            name: name.clone(),
            test,
            step,
            measure: None,
            selector: value.selector,
            phrase: phrase.to_owned(),
        };
        let missing = notes.iter().find_map(|note| match note {
            Note::Input {
                index,
                value: Input::Missing,
            } => Some(input_name(self, formula, *index)),
            _ => None,
        });
        let recorded = notes.iter().position(|note| matches!(note, Note::Recorded));
        if let (Some(missing), Some(at)) = (&missing, recorded) {
            let found = Found::of(self, notes.get(at..).unwrap_or_default());
            if found.candidates.is_empty() && missing == "age" {
                return Telling::because(format!(
                    "the date of birth is not recorded, so {name} cannot be computed"
                ))
                .settled_by(format!(
                    "the date of birth ({})",
                    place(self.chart, self.chart.at)
                ));
            }
            if found.candidates.is_empty() {
                return Telling::because(format!(
                    "no {missing} {phrase}, so {name} cannot be computed"
                ))
                .settled_by(format!("{} taken {phrase}", with_article(missing)));
            }
            let mut telling = self.test_telling(&said, &found, outcome);
            telling.because = format!("{} (as recorded, {missing} is missing)", telling.because);
            return telling;
        }
        if let Some(telling) = self.unclear_input(formula, notes, phrase) {
            return telling;
        }
        if let Some(days) = formula.together
            && notes.iter().any(|note| matches!(note, Note::Apart))
        {
            return Telling::because(format!(
                "the values that {name} is computed from were perhaps not taken within {days} days of each other"
            ))
            .settled_by(format!("values taken within {days} days of each other, {phrase}"));
        }
        let mut facts = Vec::new();
        for note in notes {
            if let Note::Reading {
                candidate,
                decides: true,
                ..
            } = note
            {
                let code = self.context.dictionary.text(candidate.row.code);
                facts.push(used(
                    self.chart,
                    self.observed(code, None, candidate.row),
                    candidate.row.at,
                ));
            }
        }
        let mut telling = self.computed_telling(&said, formula, notes, outcome);
        telling.facts = facts;
        telling
    }

    /// `creatinine clearance 50.1 mL/min is at least 50 mL/min, from age 40, weight 60 kg …`
    fn computed_telling(
        &self,
        said: &Said<'_>,
        formula: &Formula,
        notes: &[Note<'c>],
        outcome: Tri,
    ) -> Telling {
        let values: Vec<_> = notes
            .iter()
            .filter_map(|note| match note {
                Note::Computed {
                    value,
                    outcome,
                    age,
                    ..
                } => Some((value.as_ref(), *outcome, *age)),
                _ => None,
            })
            .collect();
        let conversion = match said.step {
            Some(TestStep::Computed(computed)) => computed.conversion.as_ref(),
            _ => None,
        };
        let (Test::Quantity(interval, unit), Some(conversion)) = (said.test, conversion) else {
            return Telling::because(format!("{} cannot be tested", said.name));
        };
        let shown = |value: Option<&lind_units::Exact>| {
            value.map_or_else(
                || "without a value".to_owned(),
                |value| quantity(&number(&conversion.apply(value)), unit),
            )
        };
        let inputs = self.inputs_text(formula, notes, values.first().map(|(.., age)| *age));
        match (outcome, values.as_slice()) {
            (Tri::Maybe, [(value, ..), others @ ..]) if !others.is_empty() => {
                let mut texts = vec![shown(*value)];
                for (value, ..) in others {
                    let text = shown(*value);
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
                Telling::because(format!(
                    "{} may be any of {}, from {inputs}",
                    said.name,
                    listed(&texts)
                ))
                .settled_by("the patient's date of birth and sex")
            }
            (Tri::Maybe, [(None, ..), ..]) => {
                Telling::because(format!("{} has no value, from {inputs}", said.name)).settled_by(
                    format!("a correction of what {} is computed from", said.name),
                )
            }
            (Tri::Maybe, [(Some(value), ..), ..])
                if formula
                    .result
                    .plausible
                    .as_ref()
                    .is_none_or(|(low, high)| *value >= low && *value <= high) =>
            {
                Telling::because(format!(
                    "{} {} cannot be told from the limit, from {inputs}",
                    said.name,
                    shown(Some(value))
                ))
                .settled_by(format!(
                    "a further value of what {} is computed from",
                    said.name
                ))
            }
            (Tri::Maybe, [(value, ..), ..]) => Telling::because(format!(
                "{} {} is not plausible, from {inputs}",
                said.name,
                shown(*value)
            ))
            .settled_by(format!(
                "a correction of what {} is computed from",
                said.name
            )),
            (outcome, [(value, ..), ..]) => {
                let converted = value.map(|value| conversion.apply(value));
                let limit = |limit: &lind_units::Exact| quantity(&number(limit), unit);
                Telling::because(format!(
                    "{} {} {}, from {inputs}",
                    said.name,
                    shown(*value),
                    related(interval, converted.as_ref(), outcome == Tri::No, &limit)
                ))
            }
            (_, []) => Telling::because(format!("{} cannot be computed", said.name)),
        }
    }

    /// `age 40, weight 60 kg, creatinine 125 umol/L`
    fn inputs_text(&self, formula: &Formula, notes: &[Note<'c>], age: Option<i64>) -> String {
        let mut texts = Vec::new();
        for note in notes {
            let Note::Input { index, value } = note else {
                continue;
            };
            let name = input_name(self, formula, *index);
            let text = match (formula.inputs.get(*index), value, age) {
                (Some(FormulaInput::Age), _, Some(age)) => format!("{name} {age}"),
                (Some(FormulaInput::Measure { unit, .. }), Input::Known(value), _) => {
                    format!("{name} {}", quantity(&number(value), unit))
                }
                _ => name,
            };
            texts.push(text);
        }
        texts.join(", ")
    }

    /// An input that is not one exact number.
    fn unclear_input(
        &self,
        formula: &Formula,
        notes: &[Note<'c>],
        phrase: &str,
    ) -> Option<Telling> {
        let mut readings = Vec::new();
        for note in notes {
            match note {
                Note::Reading {
                    candidate,
                    fault,
                    decides: true,
                } => readings.push((candidate, *fault)),
                Note::Input {
                    index,
                    value: Input::Unclear,
                } => {
                    let name = input_name(self, formula, *index);
                    let said = Said {
                        reference: None,
                        name: name.clone(),
                        test: &Test::Score(lind_model::protocol::Interval {
                            low: None,
                            high: None,
                        }),
                        step: None,
                        measure: None,
                        selector: lind_model::protocol::Selector::Latest,
                        phrase: phrase.to_owned(),
                    };
                    let faulty = readings.iter().find(|(_, fault)| fault.is_some());
                    return Some(match faulty {
                        Some((candidate, fault)) => self.faulty(&said, candidate.row, *fault),
                        None => {
                            let texts: Vec<String> = readings
                                .iter()
                                .map(|(candidate, _)| self.observed(&name, None, candidate.row))
                                .collect();
                            Telling::because(format!(
                                "it is not clear which {name} counts {phrase}: {}",
                                if texts.is_empty() {
                                    "a record cannot be used".to_owned()
                                } else {
                                    listed(&texts)
                                }
                            ))
                            .settled_by(format!("{} taken {phrase}", with_article(&name)))
                        }
                    });
                }
                Note::Input { .. } => readings.clear(),
                _ => {}
            }
        }
        None
    }
}

fn input_name(view: &View<'_>, formula: &Formula, index: usize) -> String {
    match formula.inputs.get(index) {
        Some(FormulaInput::Age) => "age".to_owned(),
        Some(FormulaInput::Measure { measure, .. }) => view
            .program
            .protocol()
            .measures
            .get(measure.index())
            .map_or_else(String::new, |measure| spoken(&measure.name)),
        None => String::new(),
    }
}
