//! Days on which a value passes a test, one by one (section 5).

use lind_model::Truth;
use lind_model::protocol::{Anchor, Selector, Spell, SpellCount, Window};
use lind_time::Tri;
use lind_units::Exact;

use super::records::Placed;
use super::values::{Asked, Candidate, Reading, Recorded, common, passing, selected};
use super::windows::Here;
use super::{Clauses, Gate, Run};
use crate::reals::{closed, within};
use crate::time::{DAY, Time};
use crate::window::day_range;

/// The longest window that is counted: a hundred years.
const MOST_DAYS: i64 = 36_525;

/// Whether a day certainly passes, certainly fails, or either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Passes,
    Fails,
    Open,
}

/// What is measured on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measured {
    Something(Says),
    Perhaps,
    Nothing,
}

impl<'a> Run<'a> {
    pub(super) fn spell(&self, spell: &'a Spell, clauses: &Clauses<'a>, gate: Gate) -> Truth {
        let samples = clauses.samples.iter().map(|rule| &rule.window);
        if let Some(open) = self.not_anchored(
            std::iter::once(&spell.window)
                .chain(spell.test.window())
                .chain(samples),
        ) {
            return open;
        }
        let counted = self
            .days(spell, clauses, gate)
            .map(|(days, with_value)| (number_of_days(spell, &days), with_value));
        let decided = match counted {
            Some(((least, most), with_value)) => {
                let end = |days: usize| Some(Exact::from_integer(i64::try_from(days).ok()?));
                let decided = within(&closed(end(least), end(most)), &spell.days);
                // That something never was needs enough values.
                let few = spell.evidence.is_some_and(|wanted| {
                    with_value < usize::try_from(wanted).unwrap_or(usize::MAX)
                });
                if few && spell.counted == SpellCount::WithValue && decided == Tri::Yes {
                    Tri::Maybe
                } else {
                    decided
                }
            }
            None => Tri::Maybe,
        };
        Truth::from_tri(decided)
    }

    /// What each day says that may lie in the window, and how many have a value; none if nothing certainly counts.
    fn days(
        &self,
        spell: &'a Spell,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Option<(Vec<Says>, usize)> {
        let (first, last) = self.range(&spell.window, gate)?;
        let last = last.min(gate.time.units(DAY).1);
        if first > last || last - first >= MOST_DAYS {
            return None;
        }
        let measure = self.protocol.measures.get(spell.measure.index())?;
        let reading = Reading {
            selector: Selector::Latest,
            window: Some(&spell.window),
            provenance: &spell.provenance,
            time_of_day: None,
            evidence: None,
            samples: &clauses.samples,
            gate,
        };
        let candidates = self.candidates(&Recorded::of(measure), reading);
        let reference = self.reference(measure, &spell.test, reading);
        let asked = Asked {
            shape: &measure.shape,
            reference: reference.as_ref(),
        };
        let measured: Vec<Measured> = (first..=last)
            .map(|day| {
                let of_day: Vec<Candidate> = candidates
                    .iter()
                    .filter_map(|candidate| of_day(candidate, day))
                    .collect();
                if of_day.is_empty() {
                    return Measured::Nothing;
                }
                if !of_day.iter().any(Candidate::is_sure) {
                    return Measured::Perhaps;
                }
                let selector = match measure.worst_is_highest {
                    Some(true) => Some(Selector::Highest),
                    Some(false) => Some(Selector::Lowest),
                    None => None,
                };
                let passed = match selector {
                    Some(selector) => selected(asked, &spell.test, selector, &of_day),
                    None => {
                        let results: Vec<Tri> = of_day
                            .iter()
                            .map(|one| passing(asked, &spell.test, one))
                            .collect();
                        common(&results)
                    }
                };
                Measured::Something(match passed {
                    Tri::Yes => Says::Passes,
                    Tri::No => Says::Fails,
                    Tri::Maybe => Says::Open,
                })
            })
            .collect();
        let is_sure = |one: &Measured| matches!(one, Measured::Something(_));
        if !measured.iter().any(is_sure) {
            return None;
        }
        let says = measured.iter().enumerate().map(|(place, one)| match one {
            Measured::Something(says) => *says,
            Measured::Perhaps => Says::Open,
            Measured::Nothing if spell.counted == SpellCount::WithValue => Says::Fails,
            Measured::Nothing => without_value(&measured, place, spell.gap),
        });
        let placed = says.zip(first..).map(|(says, day)| {
            let time = Time {
                first: day * DAY,
                last: (day + 1) * DAY - 1,
                to_the_minute: false,
            };
            let inside = self
                .time_in(&spell.window, time, Here::at(gate))
                .and(self.known(time, gate));
            match (inside, says) {
                (Tri::No, _) => Says::Fails,
                (Tri::Maybe, Says::Passes) => Says::Open,
                _ => says,
            }
        });
        let with_value = measured.iter().filter(|one| is_sure(one)).count();
        Some((placed.collect(), with_value))
    }

    /// The first and the last day that a window can have.
    fn range(&self, window: &Window, gate: Gate) -> Option<(i64, i64)> {
        let time = |anchor: &Anchor| match self.anchor(*anchor, Here::at(gate)) {
            Placed::At(time) => Some(time),
            _ => None,
        };
        match window {
            Window::Around { anchor, window, .. } => {
                day_range(window, self.months(), time(anchor)?)
            }
            Window::Between { from, to } => {
                Some((time(from)?.units(DAY).0, time(to)?.units(DAY).1))
            }
            Window::Both(a, b) => {
                let ((first, last), (other_first, other_last)) =
                    (self.range(a, gate)?, self.range(b, gate)?);
                Some((first.max(other_first), last.min(other_last)))
            }
            Window::Either(..) | Window::HalfLives { .. } => None,
        }
    }
}

/// At least, and at most, so many days.
fn number_of_days(spell: &Spell, days: &[Says]) -> (usize, usize) {
    let count = |passes: &dyn Fn(Says) -> bool| match spell.counted {
        SpellCount::Longest { recovery } => {
            let passing: Vec<bool> = days.iter().map(|says| passes(*says)).collect();
            longest(&passing, usize::try_from(recovery).unwrap_or(usize::MAX))
        }
        SpellCount::Total | SpellCount::WithValue => {
            days.iter().filter(|says| passes(**says)).count()
        }
    };
    let least = count(&|says| says == Says::Passes);
    let most = count(&|says| says != Says::Fails);
    (least, most)
}

/// The candidate, if it may be of a day.
fn of_day(candidate: &Candidate, day: i64) -> Option<Candidate> {
    let (first, last) = candidate.time.units(DAY);
    if !(first..=last).contains(&day) {
        return None;
    }
    Some(Candidate {
        membership: if first == last {
            candidate.membership
        } else {
            Tri::Maybe
        },
        ..candidate.clone()
    })
}

/// A day without a value says what the last day with one says, if the gap is short enough.
fn without_value(measured: &[Measured], place: usize, longest_gap: u32) -> Says {
    let (before, after) = measured.split_at(place);
    let mut says = None;
    for one in before.iter().rev() {
        match one {
            Measured::Something(found) => {
                says = Some(*found);
                break;
            }
            // Perhaps this one counts.
            Measured::Perhaps => return Says::Open,
            Measured::Nothing => {}
        }
    }
    let Some(says) = says else {
        return Says::Open;
    };
    let is_sure = |one: &&Measured| matches!(one, Measured::Something(_));
    let back = before.iter().rev().take_while(|one| !is_sure(one)).count();
    let ahead = after.iter().take_while(|one| !is_sure(one)).count();
    if u32::try_from(back + ahead).is_ok_and(|gap| gap <= longest_gap) {
        says
    } else {
        Says::Open
    }
}

/// Two days that pass are of one stretch if fewer than so many days in a row between them do not.
fn longest(passing: &[bool], recovery: usize) -> usize {
    let mut best = 0;
    for (begin, _) in passing.iter().enumerate().filter(|(_, passes)| **passes) {
        let mut failing = 0;
        for (end, passes) in passing.iter().enumerate().skip(begin) {
            failing = if *passes { 0 } else { failing + 1 };
            if failing >= recovery.max(1) {
                break;
            }
            if *passes {
                best = best.max(end - begin + 1);
            }
        }
    }
    best
}
