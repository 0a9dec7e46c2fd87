//! Results as records, in words.

use std::sync::Arc;

use lind_model::NodeId;
use lind_model::plan::{ConceptKind, FactPlan, FilterPlan};
use lind_model::protocol::{Measure, Selector, Shape, TagRule, Test};
use lind_records::{Observation, Symbol};
use lind_time::Tri;
use lind_units::Exact;

use crate::explain::recorder::Telling;
use crate::explain::sentences::Said;
use crate::explain::words::{asked, number, quantity, spoken};
use crate::facts::Doubt;
use crate::rows::{Fields, Row};
use crate::steps::{FilterStep, Step};
use crate::view::View;

impl View<'_> {
    fn measure_of(&self, plan: &FactPlan) -> Option<&Measure> {
        let measures = &self.program.protocol().measures;
        measures.get(plan.measure?.index())
    }

    /// What is looked for: `alt more than 3 x ULN`.
    pub(crate) fn results_name(&self, plan: &FactPlan) -> String {
        let Some(measure) = self.measure_of(plan) else {
            return "value".to_owned();
        };
        let name = spoken(&measure.name);
        let test = plan.filters.iter().find_map(|filter| match filter {
            FilterPlan::Value { test, .. } => Some(test_words(measure, test)),
            _ => None,
        });
        match test {
            Some(test) => format!("{name} {test}"),
            None => name,
        }
    }

    /// The tags of a result, declared ones as they are declared.
    pub(crate) fn tags_text(&self, declared: &[Arc<str>], result: Symbol) -> String {
        let symbols = self.context.symbols;
        let tags = symbols.text(result).split('+').map(|tag| {
            let tag = tag.trim_matches('_');
            let is = |word: &&Arc<str>| {
                let symbol = symbols.get(word);
                symbol.is_some_and(|symbol| symbols.text(symbol) == tag)
            };
            declared.iter().find(is).map_or(tag, |word| word)
        });
        tags.collect::<Vec<&str>>().join(" + ")
    }

    /// A result as it stands, with its time.
    pub(crate) fn result_text(&self, result: &Observation) -> String {
        let measures = self.program.protocol().measures.iter();
        let mut of_code = measures.enumerate().filter(|(index, _)| {
            let id = lind_model::MeasureId::from_index(*index);
            self.counts_for(result.code, ConceptKind::Measure(id))
        });
        match of_code.next() {
            Some((_, measure)) => self.observed(&spoken(&measure.name), Some(measure), result),
            None => self.observed(self.context.dictionary.text(result.code), None, result),
        }
    }

    /// Why it is not known whether a result passes, if everything else about it is certain.
    pub(crate) fn faulty_value(
        &self,
        plan: &FactPlan,
        node: NodeId,
        row: &Row<'_>,
        doubts: &[(Doubt, Tri)],
    ) -> Option<Telling> {
        let [(Doubt::Value(fault), Tri::Maybe)] = doubts else {
            return None;
        };
        let Fields::Result(result) = row.fields else {
            return None;
        };
        let steps = match self.program.step(node) {
            Step::Fact(step) => step.filters.as_slice(),
            _ => &[],
        };
        plan.filters
            .iter()
            .zip(steps)
            .find_map(|(filter, step)| match (filter, step) {
                (FilterPlan::Value { test, .. }, FilterStep::Test(step)) => {
                    let measure = self.measure_of(plan);
                    let said = Said {
                        reference: None,
                        name: measure.map_or_else(String::new, |measure| spoken(&measure.name)),
                        test,
                        step: Some(step),
                        measure,
                        selector: Selector::Any,
                        phrase: String::new(),
                    };
                    Some(self.faulty(&said, result, *fault))
                }
                _ => None,
            })
    }

    /// Nothing was measured, so nothing is known of values.
    pub(crate) fn not_measured(&self, plan: &FactPlan, when: &str, gap: Option<&str>) -> Telling {
        let name = self
            .measure_of(plan)
            .map_or_else(String::new, |measure| spoken(&measure.name));
        let because = match gap {
            Some(gap) => format!("no {name} {when} that decides, and {gap}"),
            None => format!("no {name} {when}"),
        };
        Telling::because(because).settled_by(format!("a {name} taken {when}"))
    }
}

/// What is asked of tags: `includes III or IV`.
pub(crate) fn tags_asked(rule: TagRule, tags: &[Arc<str>]) -> String {
    let tags: Vec<&str> = tags.iter().map(|tag| &**tag).collect();
    match rule {
        TagRule::Includes => format!("includes {}", tags.join(" or ")),
        TagRule::IncludesNone => format!("includes none of {}", tags.join(", ")),
        TagRule::Only => format!("is only {}", tags.join(" or ")),
    }
}

/// What a test asks of a value: `more than 3 x ULN`, `positive`.
pub(crate) fn test_words(measure: &Measure, test: &Test) -> String {
    match test {
        Test::Quantity(interval, unit) => {
            asked(interval, &|limit: &Exact| quantity(&number(limit), unit))
        }
        Test::Multiple { interval, upper } => {
            let word = if *upper { "ULN" } else { "LLN" };
            asked(interval, &|factor: &Exact| {
                if *factor == Exact::one() {
                    word.to_owned()
                } else {
                    format!("{} x {word}", number(factor))
                }
            })
        }
        Test::Own { interval, .. } => asked(interval, &|factor: &Exact| {
            format!("{} x an earlier value", number(factor))
        }),
        Test::Reference { outside: true } => "outside its reference range".to_owned(),
        Test::Reference { outside: false } => "within its reference range".to_owned(),
        Test::Score(interval) => asked(interval, &number),
        Test::Levels(levels) => {
            let names: Vec<String> = match &measure.shape {
                Shape::Ordinal(names) => levels
                    .iter()
                    .filter_map(|level| names.get(*level))
                    .map(|name| spoken(name))
                    .collect(),
                _ => Vec::new(),
            };
            names.join(" or ")
        }
        Test::Tags(rule, tags) => tags_asked(*rule, tags),
        Test::Results(results) => {
            let names: Vec<String> = results.iter().map(|result| spoken(result)).collect();
            names.join(" or ")
        }
    }
}
