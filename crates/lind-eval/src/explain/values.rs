//! Tests of values in words.

use lind_model::NodeId;
use lind_model::plan::ValuePlan;
use lind_model::protocol::{Interval, Selector, Subject, Test};
use lind_model::verdict::FactUsed;
use lind_records::{Observation, SetAside};
use lind_time::Tri;
use lind_units::{Exact, Unit};

use crate::candidates::Candidate;
use crate::explain::recorder::Telling;
use crate::explain::sentences::{Said, related};
use crate::explain::words::{
    counted, listed, number, on_or_undated, place, quantity, spoken, used, with_article,
};
use crate::rows::Row;
use crate::steps::Step;
use crate::trace::Note;
use crate::values::Judged;
use crate::view::View;

/// The most facts that are listed of one condition.
const MOST_FACTS: usize = 12;

/// What was found when one test was asked.
#[derive(Default)]
pub(crate) struct Found<'n, 'c> {
    pub(crate) candidates: Vec<(&'n Candidate<'c>, Judged, bool)>,
    outside: Vec<&'n Candidate<'c>>,
    spoils: Vec<(&'c Observation, &'n Row<'c>, Tri)>,
    set_aside: Vec<&'c SetAside>,
    gap: Option<String>,
    /// How many values there are, if they are too few.
    few: Option<(u32, u32)>,
    /// Between which numbers what was made of several values lies.
    between: Option<&'n Interval>,
    outcome: Option<Tri>,
}

impl<'c> View<'c> {
    /// Whether a value passes its test.
    pub(crate) fn value_telling(
        &self,
        value: &ValuePlan,
        node: NodeId,
        notes: &[Note<'c>],
    ) -> Telling {
        let window = notes.iter().find_map(|note| match note {
            Note::Window(window) => Some(*window),
            _ => None,
        });
        let phrase = self.phrase(window.flatten());
        let step = match self.program.step(node) {
            Step::Value(step) => Some(&step.test),
            _ => None,
        };
        let found = Found::of(self, notes);
        let outcome = found.outcome.unwrap_or(Tri::Maybe);
        let mut telling = match value.subject {
            Subject::Measure(id) => {
                let measure = self.program.protocol().measures.get(id.index());
                let said = Said {
                    reference: reference_of(notes),
                    name: measure.map_or_else(String::new, |measure| spoken(&measure.name)),
                    test: &value.test,
                    step,
                    measure,
                    selector: value.selector,
                    phrase,
                };
                self.test_telling(&said, &found, outcome)
            }
            Subject::Formula(id) => {
                self.formula_telling(id, value, &value.test, step, notes, &phrase, outcome)
            }
        };
        telling.boundary_sensitive |= found
            .times()
            .any(|time| self.boundary_sensitive(window.flatten(), time.as_ref()));
        telling
    }

    /// One test of a measure.
    pub(crate) fn test_telling(
        &self,
        said: &Said<'_>,
        found: &Found<'_, 'c>,
        outcome: Tri,
    ) -> Telling {
        let mut telling = match outcome {
            Tri::Maybe => self.undecided(said, found),
            decided if said.selector == Selector::Mean => {
                Telling::because(self.mean(said, found, decided))
            }
            decided => Telling::because(self.decided(said, found, decided)),
        };
        telling.facts = self.facts_of(said, found);
        telling
    }

    fn decided(&self, said: &Said<'_>, found: &Found<'_, 'c>, outcome: Tri) -> String {
        let agreeing: Vec<&Candidate<'c>> = found
            .candidates
            .iter()
            .filter(|(_, judged, decides)| *decides && judged.outcome == outcome)
            .map(|(candidate, ..)| *candidate)
            .collect();
        let Some(witness) = agreeing
            .iter()
            .find(|candidate| candidate.is_sure())
            .or(agreeing.first())
        else {
            return format!("{} {}", said.name, said.phrase);
        };
        let sentence = self.sentence(said, witness.row, outcome);
        let several = found.candidates.len() > 1
            && !matches!(said.selector, Selector::Latest | Selector::First);
        if several && agreeing.len() == found.candidates.len() {
            format!(
                "{sentence}, and so are all {} {}",
                counted(agreeing.len(), "value"),
                said.phrase
            )
        } else {
            sentence
        }
    }

    /// `sbp has a mean of 165 mmHg in 3 values within …, which is above 160 mmHg`
    fn mean(&self, said: &Said<'_>, found: &Found<'_, 'c>, outcome: Tri) -> String {
        let (Some(between), Some((interval, unit))) = (found.between, limits_of(said.test)) else {
            return format!("{} {}", said.name, said.phrase);
        };
        let text = |value: &Exact| match unit {
            Some(unit) => quantity(&number(value), unit),
            None => number(value),
        };
        let value = match (&between.low, &between.high) {
            (Some((low, _)), Some((high, _))) if low == high => Some(low),
            _ => None,
        };
        let side = |outcome: Tri| {
            let end = [&between.low, &between.high]
                .into_iter()
                .flatten()
                .map(|(end, _)| end)
                .find(|end| outcome == Tri::Yes || !interval.contains(end));
            related(interval, end, outcome == Tri::No, &text)
        };
        format!(
            "{} has a mean {} in {} {}, which {}",
            said.name,
            match value {
                Some(value) => format!("of {}", text(value)),
                None => bounds(between, &text),
            },
            counted(found.candidates.len(), "value"),
            said.phrase,
            side(outcome)
        )
    }

    fn undecided(&self, said: &Said<'_>, found: &Found<'_, 'c>) -> Telling {
        let taken = format!("{} taken {}", with_article(&said.name), said.phrase);
        let deciding: Vec<(&Candidate<'c>, Judged)> = found
            .candidates
            .iter()
            .filter(|(_, _, decides)| *decides)
            .map(|(candidate, judged, _)| (*candidate, *judged))
            .collect();
        if deciding.is_empty() {
            return self.nothing_found(said, found).settled_by(taken);
        }
        if let Some((candidate, judged)) = deciding
            .iter()
            .find(|(_, judged)| judged.outcome == Tri::Maybe)
        {
            return self.faulty(said, candidate.row, judged.fault);
        }
        if let Some(row) = found.set_aside.first() {
            return Telling::because(self.set_aside_text(row))
                .settled_by(format!("a correction of {}", place(self.chart, row.at)));
        }
        if let Some((count, least)) = found.few {
            return Telling::because(format!(
                "{} {} {} where {least} are asked for",
                counted(usize::try_from(count).unwrap_or(usize::MAX), "value"),
                said.name,
                if count == 1 { "is found" } else { "are found" },
            ))
            .settled_by(taken);
        }
        if !deciding.iter().any(|(candidate, _)| candidate.is_sure()) {
            return match deciding.first() {
                Some((candidate, _)) => self.uncertain(said, candidate, found),
                None => self.nothing_found(said, found),
            }
            .settled_by(taken);
        }
        if let (Selector::Mean, Some(between), Some((_, unit))) =
            (said.selector, found.between, limits_of(said.test))
        {
            let text = |value: &Exact| match unit {
                Some(unit) => quantity(&number(value), unit),
                None => number(value),
            };
            return Telling::because(format!(
                "{} has a mean {} in {} {}, on either side of the limit",
                said.name,
                bounds(between, &text),
                counted(deciding.len(), "value"),
                said.phrase
            ))
            .settled_by(format!(
                "which of the {} values count, and their exact numbers",
                said.name
            ));
        }
        let texts: Vec<String> = deciding
            .iter()
            .map(|(candidate, _)| self.observed(&said.name, said.measure, candidate.row))
            .collect();
        let which = match said.selector {
            Selector::Latest => "the latest",
            Selector::First => "the first",
            _ => "the one that counts",
        };
        Telling::because(format!(
            "each of these can be {which}, and they do not agree: {}",
            listed(&texts)
        ))
        .settled_by(format!("which of the {} values is {which}", said.name))
    }

    /// There is no value that may count.
    fn nothing_found(&self, said: &Said<'_>, found: &Found<'_, 'c>) -> Telling {
        if let Some(row) = found.set_aside.first() {
            return Telling::because(self.set_aside_text(row));
        }
        if let Some((sample, row, _)) = found.spoils.first() {
            return Telling::because(format!(
                "the sample of {} may not be used: {}",
                self.observed(&said.name, said.measure, sample),
                self.row(row)
            ));
        }
        if let Some(gap) = &found.gap {
            return Telling::because(format!("no {} {}: {gap}", said.name, said.phrase));
        }
        let nearest = found
            .outside
            .iter()
            // What came after the gate is not known where the criterion is decided.
            .filter(|candidate| candidate.place.known != Tri::No)
            .max_by_key(|candidate| (candidate.place.known == Tri::Yes, candidate.moment.last));
        let hint = nearest.map_or_else(String::new, |candidate| {
            format!(
                "; the last one is {} {}",
                self.result(said.measure, candidate.row),
                on_or_undated(candidate.row.time)
            )
        });
        Telling::because(format!("no {} {}{hint}", said.name, said.phrase))
    }

    /// It is not certain that a value counts.
    fn uncertain(
        &self,
        said: &Said<'_>,
        candidate: &Candidate<'c>,
        found: &Found<'_, 'c>,
    ) -> Telling {
        let text = self.observed(&said.name, said.measure, candidate.row);
        let place = candidate.place;
        if place.provenance == Tri::Maybe {
            return Telling::because(format!(
                "{text} does not say from where it comes, as is asked here"
            ));
        }
        if place.time_of_day == Tri::Maybe {
            return Telling::because(format!(
                "it is not certain at which time of the day {text} was taken"
            ));
        }
        if place.window == Tri::Maybe {
            return Telling::because(format!(
                "it is not certain that {text} was taken {}",
                said.phrase
            ));
        }
        if place.known == Tri::Maybe {
            return Telling::because(format!(
                "it is not certain that {text} was known by {}",
                self.gate_text()
            ));
        }
        let why = found
            .spoils
            .iter()
            .find(|(sample, ..)| std::ptr::eq(*sample, candidate.row))
            .map(|(_, row, _)| self.row(row))
            .or_else(|| found.gap.clone())
            .unwrap_or_else(|| "a record that cannot be used".to_owned());
        Telling::because(format!(
            "it is not certain that the sample of {text} may be used: {why}"
        ))
    }

    fn facts_of(&self, said: &Said<'_>, found: &Found<'_, 'c>) -> Vec<FactUsed> {
        let mut facts: Vec<FactUsed> = Vec::new();
        let mut add = |fact: FactUsed| {
            if facts.len() < MOST_FACTS && !facts.contains(&fact) {
                facts.push(fact);
            }
        };
        for (candidate, _, decides) in &found.candidates {
            if *decides {
                let row = candidate.row;
                add(used(
                    self.chart,
                    self.observed(&said.name, said.measure, row),
                    row.at,
                ));
            }
        }
        for (_, row, _) in &found.spoils {
            add(used(self.chart, self.row(row), row.at));
        }
        for row in &found.set_aside {
            add(used(self.chart, self.set_aside_text(row), row.at));
        }
        facts
    }
}

impl<'n, 'c> Found<'n, 'c> {
    /// What the notes of one test say.
    pub(crate) fn of(view: &View<'c>, notes: &'n [Note<'c>]) -> Self {
        let mut found = Found::default();
        for note in notes {
            match note {
                Note::Candidate {
                    candidate,
                    judged,
                    decides,
                } => {
                    // A test with two bounds asks every value twice: what is not known tells more.
                    match found
                        .candidates
                        .iter_mut()
                        .find(|(other, ..)| std::ptr::eq(other.row, candidate.row))
                    {
                        Some((_, known, _)) => known.outcome = known.outcome.and(judged.outcome),
                        None => found.candidates.push((candidate, *judged, *decides)),
                    }
                }
                Note::Outside(candidate) => found.outside.push(candidate),
                Note::Spoils { sample, row, one } => found.spoils.push((sample, row, *one)),
                Note::SetAside(row) => found.set_aside.push(row),
                Note::Gap(table, gap) => found.gap = Some(view.gap_text(*table, *gap)),
                Note::Evidence { count, least } => {
                    found.few = (count < least).then_some((*count, *least));
                }
                Note::Between(between) => found.between = Some(between),
                Note::Tested(outcome) => found.outcome = Some(*outcome),
                _ => {}
            }
        }
        found
    }

    /// A row that was set aside and may have counted.
    pub(crate) fn set_aside(&self) -> Option<&'c SetAside> {
        self.set_aside.first().copied()
    }

    /// The times of all values, in the window or not.
    fn times(&self) -> impl Iterator<Item = Option<lind_time::When>> {
        self.candidates
            .iter()
            .map(|(candidate, ..)| candidate.row.time)
            .chain(self.outside.iter().map(|candidate| candidate.row.time))
    }
}

/// Between which numbers the value lies of which multiples are asked.
pub(crate) fn reference_of<'n>(notes: &'n [Note<'_>]) -> Option<&'n Interval> {
    notes.iter().find_map(|note| match note {
        Note::Value(value) => value.as_ref(),
        _ => None,
    })
}

/// The limits of a test of numbers, with their unit; a score has none.
fn limits_of(test: &Test) -> Option<(&Interval, Option<&Unit>)> {
    match test {
        Test::Quantity(interval, unit) => Some((interval, Some(unit))),
        Test::Score(interval) => Some((interval, None)),
        _ => None,
    }
}

/// `between 120 and 140 mmHg`
pub(crate) fn bounds(between: &Interval, text: &dyn Fn(&Exact) -> String) -> String {
    match (&between.low, &between.high) {
        (Some((low, _)), Some((high, _))) => format!("between {} and {}", text(low), text(high)),
        (Some((low, _)), None) => format!("not below {}", text(low)),
        (None, Some((high, _))) => format!("not above {}", text(high)),
        (None, None) => "that can be anything".to_owned(),
    }
}
