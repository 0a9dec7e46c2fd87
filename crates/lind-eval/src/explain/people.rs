//! Answers, milestones and ages in words.

use lind_model::protocol::{Interval, Window};
use lind_model::{CriterionId, JudgementId, MilestoneId, OpenKind, Truth};
use lind_units::Exact;

use crate::explain::recorder::Telling;
use crate::explain::words::{
    listed, lost_of_patient, number, on, on_or_undated, place, relation, spoken, used,
};
use crate::milestones::Reached;
use crate::trace::Note;
use crate::view::View;

impl View<'_> {
    /// A condition whose window leans on a milestone without a time.
    pub(crate) fn blocked_telling(&self, notes: &[Note<'_>]) -> Option<Telling> {
        let (milestone, reached) = notes.iter().find_map(|note| match note {
            Note::Blocked(milestone, reached) => Some((*milestone, *reached)),
            _ => None,
        })?;
        let name = self.milestone(milestone);
        let because = match reached {
            Reached::NotYet => format!("{name} has not been reached"),
            _ => format!("the time of {name} is not clear from the data"),
        };
        Some(Telling::because(because).settled_by(format!("the date of {name}")))
    }

    /// What a person answered.
    pub(crate) fn judged_telling(
        &self,
        id: JudgementId,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some(judgement) = self.program.protocol().judgements.get(id.index()) else {
            return Telling::default();
        };
        let by = spoken(&judgement.by);
        self.answer_telling(notes, truth, &judgement.name, &by)
            .unwrap_or_else(|| {
                Telling::because(format!("awaits the {by}: {}?", spoken(&judgement.name)))
                    .settled_by(format!("an answer to {} by the {by}", judgement.name))
            })
    }

    /// Whether a commitment was attested.
    pub(crate) fn committed_telling(
        &self,
        id: CriterionId,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some(criterion) = self.program.protocol().criteria.get(id.index()) else {
            return Telling::default();
        };
        self.answer_telling(notes, truth, &criterion.id, "participant")
            .unwrap_or_else(|| {
                Telling::because(format!("awaits the attestation of {}", criterion.id)).settled_by(
                    format!("an attestation of {} by {}", criterion.id, self.gate_text()),
                )
            })
    }

    /// The answers that were found; none if there are none.
    fn answer_telling(
        &self,
        notes: &[Note<'_>],
        truth: Truth,
        item: &str,
        by: &str,
    ) -> Option<Telling> {
        let mut texts = Vec::new();
        let mut facts = Vec::new();
        let mut brief = None;
        for note in notes {
            match note {
                Note::Answer(row) => {
                    let who = row
                        .by
                        .map_or_else(|| by.to_owned(), |by| spoken(self.context.symbols.text(by)));
                    let answer = format!(
                        "{} {}",
                        if row.answer { "yes" } else { "no" },
                        on_or_undated(row.time)
                    );
                    let text = format!("the {who} answered {answer}");
                    brief = brief.or_else(|| Some(format!("{}: {answer}", spoken(item))));
                    facts.push(used(self.chart, format!("{item}: {text}"), row.at));
                    texts.push(text);
                }
                Note::SetAside(row) => {
                    texts.push(self.set_aside_text(row));
                    facts.push(used(self.chart, self.set_aside_text(row), row.at));
                }
                _ => {}
            }
        }
        let first = texts.first()?.clone();
        let mut telling = match truth {
            Truth::Open(OpenKind::Unknown) => {
                let because = match texts.as_slice() {
                    [_] => format!(
                        "{first}; whether that was known by {} is not certain",
                        self.gate_text()
                    ),
                    _ => format!("the answers to {item} do not agree: {}", listed(&texts)),
                };
                Telling::because(because).settled_by(format!(
                    "which answer to {item} is the latest by {}",
                    self.gate_text()
                ))
            }
            _ => Telling {
                brief,
                ..Telling::because(first)
            },
        };
        telling.facts = facts;
        Some(telling)
    }

    /// Whether a milestone was reached.
    pub(crate) fn happened_telling(
        &self,
        id: MilestoneId,
        window: Option<&Window>,
        truth: Truth,
    ) -> Telling {
        let name = self.milestone(id);
        if let (Some(window), Reached::At(time)) = (window, self.reached(id))
            && truth != Truth::Open(OpenKind::Pending)
        {
            let when = self.phrase(Some(window));
            let time = on(&time);
            let because = match truth {
                Truth::True => format!("{name} took place {time}, which is {when}"),
                Truth::False | Truth::NotApplicable => {
                    format!("{name} took place {time}, not {when}")
                }
                Truth::Open(_) => {
                    format!("{name} took place {time}; whether that was {when} is not certain")
                }
            };
            return Telling::because(because).settled_by(format!("the exact date of {name}"));
        }
        let because = match (self.reached(id), truth) {
            (Reached::At(time), Truth::True) => format!("{name} took place {}", on(&time)),
            (Reached::At(time), Truth::Open(OpenKind::Pending)) => {
                format!(
                    "{name} took place {}, after {}",
                    on(&time),
                    self.gate_text()
                )
            }
            (Reached::At(time), _) => format!(
                "{name} took place {}; whether that was by {} is not certain",
                on(&time),
                self.gate_text()
            ),
            (Reached::NotYet, _) => format!("{name} has not taken place"),
            (Reached::Unclear, _) => format!("the time of {name} is not clear from the data"),
        };
        Telling::because(because).settled_by(format!("the date of {name}"))
    }

    /// Completed years of age.
    pub(crate) fn age_telling(
        &self,
        at: Option<MilestoneId>,
        interval: &Interval,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some((years, time)) = notes.iter().find_map(|note| match note {
            Note::Age { years, time } => Some((*years, *time)),
            _ => None,
        }) else {
            return Telling::default();
        };
        let when = format!("at {} ({time})", self.milestone(at.unwrap_or(self.gate)));
        let birth = format!("the date of birth ({})", place(self.chart, self.chart.at));
        let limit = |value: &Exact| format!("{} years", number(value));
        match (years, self.chart.birth) {
            (Some((youngest, oldest)), Some(born)) => {
                let age = Exact::from_integer(youngest);
                let because = if oldest < 0 {
                    format!("the date of birth {born} is after {time}")
                } else if youngest == oldest || !truth.is_open() {
                    let oldest_age = Exact::from_integer(oldest);
                    let below = interval
                        .low
                        .as_ref()
                        .is_some_and(|(low, _)| oldest_age <= *low);
                    let above = interval.high.as_ref().is_some_and(|(high, _)| age >= *high);
                    let years = if youngest == oldest {
                        youngest.to_string()
                    } else {
                        format!("{youngest} or {oldest}")
                    };
                    let outside = truth == Truth::False;
                    format!(
                        "age {years} {when} {}",
                        relation(interval, outside && below, outside && above, &limit)
                    )
                } else {
                    format!("age is {youngest} or {oldest} {when}, born {}", on(&born))
                };
                let mut telling = Telling::because(because).settled_by(birth);
                telling.facts = vec![used(
                    self.chart,
                    format!("born {}", on(&born)),
                    self.chart.at,
                )];
                telling
            }
            _ => Telling::because(lost_of_patient(
                self.chart,
                "birth_date",
                "the date of birth",
            ))
            .settled_by(birth),
        }
    }
}
