//! Changes between two stated values, and changes that last, in words.

use lind_model::Truth;
use lind_model::plan::ChangePlan;
use lind_model::protocol::{
    Comparison, Direction, Interval, Measure, Persistence, Selector, ValueAt, Window,
};
use lind_time::Tri;
use lind_units::Exact;

use crate::candidates::Candidate;
use crate::explain::changes::{amount, facts};
use crate::explain::recorder::Telling;
use crate::explain::sentences::Said;
use crate::explain::values::bounds;
use crate::explain::words::{asked, counted, listed, on_or_undated, place, spoken};
use crate::sustained::Shown;
use crate::trace::Note;
use crate::values::Fault;
use crate::view::View;

/// What was found at one end of a change.
#[derive(Default)]
struct End<'n, 'c> {
    window: Option<&'c Window>,
    found: Vec<(&'n Candidate<'c>, Option<Fault>, bool)>,
    value: Option<&'n Interval>,
}

impl<'c> View<'c> {
    /// Whether a value changed from one stated value to another.
    pub(crate) fn compared_telling(
        &self,
        plan: &ChangePlan,
        measure: Option<&Measure>,
        (from, to): (&ValueAt, &ValueAt),
        notes: &[Note<'c>],
        truth: Truth,
    ) -> Telling {
        let name = measure.map_or_else(String::new, |measure| spoken(&measure.name));
        let mut ends: Vec<End<'_, 'c>> = Vec::new();
        let mut set_aside = None;
        let mut difference = None;
        let mut sensitive = false;
        let mut one_result = false;
        for note in notes {
            match note {
                Note::Window(window) => ends.push(End {
                    window: *window,
                    ..End::default()
                }),
                Note::Candidate {
                    candidate,
                    judged,
                    decides,
                } => {
                    if let Some(end) = ends.last_mut() {
                        sensitive |=
                            self.boundary_sensitive(end.window, candidate.row.time.as_ref());
                        end.found.push((candidate, judged.fault, *decides));
                    }
                }
                Note::Outside(candidate) => {
                    let window = ends.last().and_then(|end| end.window);
                    sensitive |= self.boundary_sensitive(window, candidate.row.time.as_ref());
                }
                Note::SetAside(row) => set_aside = set_aside.or(Some(row)),
                Note::Value(value) => {
                    if let Some(end) = ends.last_mut() {
                        end.value = value.as_ref();
                    }
                }
                Note::Difference(interval) => difference = Some(interval),
                Note::OneResult => one_result = true,
                _ => {}
            }
        }
        let values: Vec<String> = ends
            .iter()
            .zip([from, to])
            .map(|(end, at)| self.end_text(plan, measure, end, at))
            .collect();
        let limit = |limit: &Exact| amount(plan, measure, limit);
        let moved = |difference: &Interval| {
            let by = match (&difference.low, &difference.high) {
                (Some((low, _)), Some((high, _))) if low == high => format!("of {}", limit(low)),
                _ => bounds(difference, &limit),
            };
            format!("{} {by}", word(plan.direction))
        };
        let mut telling = match (truth, difference) {
            (Truth::True | Truth::False, Some(difference)) => {
                let not = if truth == Truth::False { "not " } else { "" };
                Telling::because(format!(
                    "{name} from {}: {}, {not}{}",
                    values.join(" to "),
                    moved(difference),
                    asked(&plan.by, &limit)
                ))
            }
            (_, Some(difference)) => Telling::because(format!(
                "{name} from {}: {}",
                values.join(" to "),
                moved(difference)
            ))
            .settled_by(format!(
                "which values of {name} count, and their exact numbers"
            )),
            (_, None) if one_result => {
                Telling::because(format!("only one value of {name}, which shows no change"))
                    .settled_by(format!("another value of {name}"))
            }
            (_, None) => self.end_missing(measure, &name, &ends, set_aside),
        };
        let readings: Vec<(&Candidate<'c>, Option<Fault>, bool)> = ends
            .iter()
            .flat_map(|end| end.found.iter().copied())
            .filter(|(.., decides)| *decides)
            .collect();
        telling.facts = facts(self, &name, &readings);
        telling.boundary_sensitive = sensitive;
        telling
    }

    /// `the highest of 3 values between … and …, 12 points,`
    fn end_text(
        &self,
        plan: &ChangePlan,
        measure: Option<&Measure>,
        end: &End<'_, 'c>,
        at: &ValueAt,
    ) -> String {
        let deciding: Vec<&Candidate<'c>> = end
            .found
            .iter()
            .filter(|(.., decides)| *decides)
            .map(|(candidate, ..)| *candidate)
            .collect();
        if let ([only], Selector::Latest | Selector::First) = (deciding.as_slice(), at.selector) {
            return format!(
                "{} {}",
                self.result(measure, only.row),
                on_or_undated(only.row.time)
            );
        }
        let own = |value: &Exact| crate::explain::changes::own_amount(plan, measure, value);
        let value = match end.value {
            Some(value) => match (&value.low, &value.high) {
                (Some((low, _)), Some((high, _))) if low == high => own(low),
                _ => format!("something {}", bounds(value, &own)),
            },
            None => "something".to_owned(),
        };
        let which = match at.selector {
            Selector::First => "first",
            Selector::Highest => "highest",
            Selector::Lowest => "lowest",
            Selector::Mean => "mean",
            _ => "latest",
        };
        format!(
            "{value} (the {which} of {} {})",
            counted(deciding.len(), "value"),
            self.phrase(end.window)
        )
    }

    fn end_missing(
        &self,
        measure: Option<&Measure>,
        name: &str,
        ends: &[End<'_, 'c>],
        set_aside: Option<&&lind_records::SetAside>,
    ) -> Telling {
        let empty = ends.iter().find(|end| end.value.is_none());
        let faulty =
            ends.iter()
                .flat_map(|end| &end.found)
                .find_map(|(candidate, fault, decides)| {
                    fault.filter(|_| *decides).map(|fault| (*candidate, fault))
                });
        if let Some(row) = set_aside {
            return Telling::because(self.set_aside_text(row))
                .settled_by(format!("a correction of {}", place(self.chart, row.at)));
        }
        if let Some((candidate, fault)) = faulty {
            let said = Said::number(name, measure);
            return self.faulty(&said, candidate.row, Some(fault));
        }
        match empty {
            Some(end) => {
                let phrase = self.phrase(end.window);
                let texts: Vec<String> = end
                    .found
                    .iter()
                    .map(|(candidate, ..)| self.observed(name, measure, candidate.row))
                    .collect();
                let because = if texts.is_empty() {
                    format!("no {name} {phrase}")
                } else {
                    format!("it is not certain that {} counts {phrase}", listed(&texts))
                };
                Telling::because(because).settled_by(format!("a {name} taken {phrase}"))
            }
            None => Telling::because(format!(
                "a change in per cent of a value of {name} that is not above zero, or has no end"
            ))
            .settled_by(format!("the exact values of {name}")),
        }
    }

    /// Whether a value changed and stayed so.
    pub(crate) fn lasting_telling(
        &self,
        plan: &ChangePlan,
        measure: Option<&Measure>,
        (window, persistence): (&Window, Persistence),
        notes: &[Note<'c>],
        truth: Truth,
    ) -> Telling {
        let name = measure.map_or_else(String::new, |measure| spoken(&measure.name));
        let mut readings: Vec<(&Candidate<'c>, Option<Fault>, bool)> = Vec::new();
        let mut set_aside = None;
        let (mut lasted, mut may_last) = (None, None);
        for note in notes {
            match note {
                Note::Reading {
                    candidate,
                    fault,
                    decides,
                } => readings.push((candidate, *fault, *decides)),
                Note::SetAside(row) => set_aside = set_aside.or(Some(row)),
                Note::Lasted(shown) => lasted = Some(*shown),
                Note::MayLast(shown) => may_last = Some(*shown),
                _ => {}
            }
        }
        let limit = |limit: &Exact| amount(plan, measure, limit);
        let by = asked(&plan.by, &limit);
        let length = length(persistence);
        let phrase = self.phrase(Some(window));
        let pair = |(first, second, _): Shown| {
            let value = |place: usize| {
                readings
                    .get(place)
                    .map_or_else(String::new, |(candidate, ..)| {
                        format!(
                            "{} {}",
                            self.result(measure, candidate.row),
                            on_or_undated(candidate.row.time)
                        )
                    })
            };
            format!("{name} from {} to {}", value(first), value(second))
        };
        let third = |(.., third): Shown| {
            third
                .and_then(|place| readings.get(place))
                .map(|(candidate, ..)| {
                    format!(
                        "{} {}",
                        self.result(measure, candidate.row),
                        on_or_undated(candidate.row.time)
                    )
                })
        };
        let faulty = readings
            .iter()
            .find_map(|(candidate, fault, _)| fault.map(|fault| (*candidate, fault)));
        let verb = if persistence.throughout {
            "sustained"
        } else {
            "confirmed"
        };
        let mut telling = match (truth, lasted, may_last) {
            (Truth::True, Some(shown), _) => Telling::because(format!(
                "{}, {by}, and {verb} {length}: {}",
                pair(shown),
                third(shown).unwrap_or_default()
            )),
            (Truth::False, ..) => Telling::because(format!(
                "{name} has no {} that is {by} {phrase} and {verb} {length}",
                word(plan.direction).trim_start_matches("a ")
            )),
            _ => match (set_aside, faulty, may_last) {
                (Some(row), ..) => Telling::because(self.set_aside_text(row))
                    .settled_by(format!("a correction of {}", place(self.chart, row.at))),
                (None, None, Some(shown)) if third(shown).is_none() => Telling::because(format!(
                    "{}, {by}, but no later value shows whether it was {verb} {length}",
                    pair(shown)
                ))
                .settled_by(format!(
                    "a later {name}, taken {} {} after that",
                    comparison(persistence),
                    persistence.lasting.length
                )),
                (None, Some((candidate, fault)), _) => {
                    self.faulty(&Said::number(&name, measure), candidate.row, Some(fault))
                }
                (None, None, Some(shown)) => Telling::because(format!(
                    "it is not certain that {}, {by}, was {verb} {length}: {}",
                    pair(shown),
                    third(shown).unwrap_or_default()
                ))
                .settled_by(format!("the exact times of the values of {name}")),
                (None, None, None) => {
                    Telling::because(format!("fewer than two values of {name} {phrase}"))
                        .settled_by(format!("two values of {name} taken {phrase}"))
                }
            },
        };
        telling.facts = facts(self, &name, &readings);
        telling.boundary_sensitive = readings.iter().any(|(candidate, _, inside)| {
            let moved = self.boundary_sensitive(Some(window), candidate.row.time.as_ref());
            moved && (*inside || candidate.place.window != Tri::No)
        });
        telling
    }
}

pub(crate) const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Falls => "a fall",
        Direction::Rises => "a rise",
        Direction::Changes => "a change",
    }
}

/// `for at least 6 months`, `at least 28 days later`
fn length(persistence: Persistence) -> String {
    let (comparison, length) = (comparison(persistence), persistence.lasting.length);
    if persistence.throughout {
        format!("for {comparison} {length}")
    } else {
        format!("{comparison} {length} later")
    }
}

const fn comparison(persistence: Persistence) -> &'static str {
    match persistence.lasting.comparison {
        Comparison::MoreThan => "more than",
        _ => "at least",
    }
}
