//! Candidates and selectors (section 4).

use std::rc::Rc;
use std::sync::Arc;

use lind_model::Truth;
use lind_model::protocol::{
    Evidence, Interval, Measure, Provenance, ResultField, SampleRule, Selector, Shape, Subject,
    Test, TimeOfDay, ValueTest, Window,
};
use lind_time::Tri;

use super::numbers::{between, mean_passes};
use super::one_value::{at_least_one, at_most_one, is_multiple, level, passes};
use super::windows::Here;
use super::{Clauses, Gate, Run};
use crate::PlainTable;
use crate::chart::{Observation, is_one_of, tri, word};
use crate::time::{MINUTE, Time, all_some_none};

/// A value that may count.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The value; none for a row that could not be read.
    pub(super) value: Option<Rc<Observation>>,
    pub(super) time: Time,
    /// Yes or Maybe: what does not count is no candidate.
    pub(super) membership: Tri,
}

impl Candidate {
    /// Whether a time was recorded.
    fn is_dated(&self) -> bool {
        self.value
            .as_ref()
            .is_some_and(|value| value.time.is_some())
    }

    pub(super) fn is_sure(&self) -> bool {
        self.membership == Tri::Yes
    }
}

/// How the candidates of a test are found and which of them counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'r, 'a> {
    pub(super) selector: Selector,
    pub(super) window: Option<&'a Window>,
    pub(super) samples: &'r [&'a SampleRule],
    pub(super) provenance: &'a [Provenance],
    pub(super) time_of_day: Option<TimeOfDay>,
    pub(super) evidence: Option<&'a Evidence>,
    pub(super) gate: Gate,
}

/// The names and the specimen under which values are recorded.
pub(super) struct Recorded<'a> {
    pub(super) name: &'a str,
    pub(super) codes: &'a [Arc<str>],
    pub(super) specimen: Option<&'a str>,
}

impl<'a> Recorded<'a> {
    pub(super) fn of(measure: &'a Measure) -> Self {
        Self {
            name: &measure.name,
            codes: &measure.codes,
            specimen: measure.specimen.as_deref(),
        }
    }
}

impl<'a> Run<'a> {
    pub(super) fn value(&self, test: &'a ValueTest, clauses: &Clauses<'a>, gate: Gate) -> Truth {
        let reading = Reading {
            selector: test
                .selector
                .or(clauses.selector)
                .unwrap_or(Selector::Latest),
            window: test
                .window
                .as_ref()
                .or(clauses.window)
                .or_else(|| self.window_of_gate(gate)),
            samples: &clauses.samples,
            provenance: &test.provenance,
            time_of_day: test.time_of_day,
            evidence: test.evidence.as_ref(),
            gate,
        };
        let of_evidence = reading
            .evidence
            .and_then(|evidence| evidence.window.as_ref());
        let windows = reading
            .window
            .into_iter()
            .chain(of_evidence)
            .chain(test.test.window())
            .chain(reading.samples.iter().map(|rule| &rule.window));
        if let Some(open) = self.not_anchored(windows) {
            return open;
        }
        self.asked(test.subject, &test.test, reading)
    }

    /// What one test says of a measure or a formula.
    fn asked(&self, subject: Subject, test: &'a Test, reading: Reading<'_, 'a>) -> Truth {
        let passed = match subject {
            Subject::Measure(id) => {
                let measure = self.protocol.measures.get(id.index());
                measure.map(|measure| self.measured(measure, test, reading))
            }
            Subject::Formula(id) => {
                let formula = self.protocol.formulas.get(id.index());
                formula.map(|formula| self.computed(formula, test, reading))
            }
        };
        Truth::from_tri(passed.unwrap_or(Tri::Maybe))
    }

    fn window_of_gate(&self, gate: Gate) -> Option<&'a Window> {
        let milestone = self.protocol.milestones.get(gate.id.index())?;
        milestone.values.as_ref()
    }

    /// The values that may count.
    pub(super) fn candidates(
        &self,
        recorded: &Recorded<'_>,
        reading: Reading<'_, 'a>,
    ) -> Vec<Candidate> {
        let names: Vec<&str> = std::iter::once(recorded.name)
            .chain(recorded.codes.iter().map(|code| &**code))
            .collect();
        let in_time = |time: Time| {
            let known = self.known(time, reading.gate);
            match reading.window {
                Some(window) => known.and(self.time_in(window, time, Here::at(reading.gate))),
                None => known,
            }
        };
        let mut found = Vec::new();
        for value in &self.chart.observations {
            let of_specimen = recorded
                .specimen
                .is_none_or(|wanted| value.specimen.is_empty() || value.specimen == word(wanted));
            if !is_one_of(&value.code, &names) || !of_specimen {
                continue;
            }
            let time = self.chart.time(value.time);
            let mut membership = in_time(time);
            for from in reading.provenance {
                let written = match from.field {
                    ResultField::Source => &value.source,
                    ResultField::Method => &value.method,
                    ResultField::Specimen => &value.specimen,
                    ResultField::BodySite => &value.body_site,
                };
                membership = membership.and(if written.is_empty() {
                    Tri::Maybe
                } else {
                    tri(from.values.iter().any(|wanted| word(wanted) == *written))
                });
            }
            if let Some(wanted) = reading.time_of_day {
                membership = membership.and(is_at(time, wanted));
            }
            for rule in reading.samples {
                membership = membership.and(self.is_usable(rule, value.time, reading.gate));
            }
            found.push(Candidate {
                value: Some(Rc::clone(value)),
                time,
                membership,
            });
        }
        for row in &self.chart.aside {
            if row.may_be_one_of(PlainTable::Observations, &names) {
                let known_out = row.time.is_some_and(|time| in_time(time) == Tri::No);
                found.push(Candidate {
                    value: None,
                    time: self.chart.time(row.time),
                    membership: if known_out { Tri::No } else { Tri::Maybe },
                });
            }
        }
        found.retain(|candidate| candidate.membership != Tri::No);
        found
    }

    /// Between which numbers the value lies of which a test asks multiples; none if it asks none.
    pub(super) fn reference(
        &self,
        measure: &'a Measure,
        test: &'a Test,
        reading: Reading<'_, 'a>,
    ) -> Option<Interval> {
        let (Test::Own { reference, .. }, Shape::Quantity(shape)) = (test, &measure.shape) else {
            return None;
        };
        let reading = Reading {
            window: Some(&reference.window),
            evidence: None,
            ..reading
        };
        let candidates = self.candidates(&Recorded::of(measure), reading);
        between(
            &measure.shape,
            Some(&shape.unit),
            reference.selector,
            &candidates,
        )
    }

    fn measured(&self, measure: &'a Measure, test: &'a Test, reading: Reading<'_, 'a>) -> Tri {
        let candidates = self.candidates(&Recorded::of(measure), reading);
        let selector = match (reading.selector, measure.worst_is_highest) {
            (Selector::Worst, Some(true)) => Selector::Highest,
            (Selector::Worst, Some(false)) => Selector::Lowest,
            // The checker refuses the worst of a measure that does not say which that is.
            (Selector::Worst, None) => return Tri::Maybe,
            (selector, _) => selector,
        };
        let reference = self.reference(measure, test, reading);
        let asked = Asked {
            shape: &measure.shape,
            reference: reference.as_ref(),
        };
        let result = selected(asked, test, selector, &candidates);
        let Some(evidence) = reading.evidence else {
            return result;
        };
        // One that fails, or passes, is enough; that none does needs enough values.
        let shown = match selector {
            Selector::Any => Some(Tri::Yes),
            Selector::Mean => None,
            _ => Some(Tri::No),
        };
        if Some(result) == shown {
            return result;
        }
        let counted = self.candidates(
            &Recorded::of(measure),
            Reading {
                window: evidence.window.as_ref().or(reading.window),
                ..reading
            },
        );
        let mut times: Vec<Time> = counted
            .iter()
            .filter(|candidate| candidate.is_sure() && candidate.is_dated())
            .map(|candidate| candidate.time)
            .collect();
        times.sort_by_key(|time| (time.first, time.last, time.to_the_minute));
        if selector != Selector::Mean {
            times.dedup();
        }
        if times.len() < usize::try_from(evidence.least).unwrap_or(usize::MAX) {
            return Tri::Maybe;
        }
        result
    }
}

/// Whether a time is at a time of the day, whatever minute it is.
pub(super) fn is_at(time: Time, wanted: TimeOfDay) -> Tri {
    let (first, last) = time.units(MINUTE);
    let minutes = first..=last.min(first.saturating_add(2 * 1_440));
    let answers = minutes.map(|minute| {
        let minute = minute.rem_euclid(1_440);
        let (from, to) = (i64::from(wanted.from), i64::from(wanted.to));
        if from <= to {
            (from..=to).contains(&minute)
        } else {
            !(to + 1..from).contains(&minute)
        }
    });
    all_some_none(answers.collect::<Vec<bool>>())
}

/// Values of what shape are asked, and of which other value multiples are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'s> {
    pub(super) shape: &'s Shape,
    /// Between which numbers it lies, in the unit of the measure; none if there may be none.
    pub(super) reference: Option<&'s Interval>,
}

/// What one candidate answers.
pub(super) fn passing(asked: Asked<'_>, test: &Test, candidate: &Candidate) -> Tri {
    let Some(value) = &candidate.value else {
        return Tri::Maybe;
    };
    match (test, asked.shape) {
        (Test::Own { interval, .. }, Shape::Quantity(shape)) => {
            asked.reference.map_or(Tri::Maybe, |reference| {
                is_multiple(shape, interval, reference, value)
            })
        }
        _ => passes(asked.shape, test, value),
    }
}

/// What a test comes to for the candidate that a selector takes.
pub(super) fn selected(
    asked: Asked<'_>,
    test: &Test,
    selector: Selector,
    candidates: &[Candidate],
) -> Tri {
    let shape = asked.shape;
    let passing = |test: &Test, candidate: &Candidate| passing(asked, test, candidate);
    match selector {
        Selector::Latest | Selector::First => {
            if !candidates.iter().any(Candidate::is_sure) {
                return Tri::Maybe;
            }
            let results: Vec<Tri> = chosen(selector, candidates)
                .into_iter()
                .map(|candidate| passing(test, candidate))
                .collect();
            common(&results)
        }
        Selector::Any => any(candidates, |candidate| passing(test, candidate)),
        Selector::Every => every(candidates, |candidate| passing(test, candidate)),
        Selector::Highest | Selector::Lowest => {
            let highest = selector == Selector::Highest;
            match (shape, test) {
                (Shape::Ordinal(levels), Test::Levels(wanted)) => {
                    outermost_level(levels, wanted, highest, candidates)
                }
                (_, Test::Quantity(interval, unit)) => by_bounds(interval, highest, candidates, {
                    |one_sided, candidate| {
                        passing(&Test::Quantity(one_sided, unit.clone()), candidate)
                    }
                }),
                (_, Test::Multiple { interval, upper }) => {
                    let upper = *upper;
                    by_bounds(interval, highest, candidates, |interval, candidate| {
                        passing(&Test::Multiple { interval, upper }, candidate)
                    })
                }
                (
                    _,
                    Test::Own {
                        interval,
                        reference,
                    },
                ) => by_bounds(interval, highest, candidates, |interval, candidate| {
                    let reference = reference.clone();
                    passing(
                        &Test::Own {
                            interval,
                            reference,
                        },
                        candidate,
                    )
                }),
                (_, Test::Reference { outside: false }) => {
                    let above = Test::Multiple {
                        interval: at_least_one(),
                        upper: false,
                    };
                    let below = Test::Multiple {
                        interval: at_most_one(),
                        upper: true,
                    };
                    let (above, below) = (
                        |candidate: &Candidate| passing(&above, candidate),
                        |candidate: &Candidate| passing(&below, candidate),
                    );
                    if highest {
                        any(candidates, above).and(every(candidates, below))
                    } else {
                        every(candidates, above).and(any(candidates, below))
                    }
                }
                (_, Test::Score(interval)) => {
                    by_bounds(interval, highest, candidates, |one_sided, candidate| {
                        passing(&Test::Score(one_sided), candidate)
                    })
                }
                // Results have no order.
                _ => Tri::Maybe,
            }
        }
        Selector::Mean => mean_passes(shape, test, candidates),
        // Replaced by what the measure says.
        Selector::Worst => Tri::Maybe,
    }
}

/// The candidates that can be the latest (or the first).
pub(super) fn chosen(selector: Selector, candidates: &[Candidate]) -> Vec<&Candidate> {
    candidates
        .iter()
        .filter(|one| {
            !candidates.iter().any(|other| {
                let beaten = if selector == Selector::First {
                    other.time.is_before(one.time)
                } else {
                    one.time.is_before(other.time)
                };
                other.is_sure() && beaten == Tri::Yes
            })
        })
        .collect()
}

/// What all agree on.
pub(super) fn common(results: &[Tri]) -> Tri {
    match results.first() {
        Some(first) if results.iter().all(|result| result == first) => *first,
        _ => Tri::Maybe,
    }
}

fn any(candidates: &[Candidate], passing: impl Fn(&Candidate) -> Tri) -> Tri {
    if !candidates.iter().any(Candidate::is_sure) {
        return Tri::Maybe;
    }
    candidates.iter().fold(Tri::No, |any, candidate| {
        any.or(candidate.membership.and(passing(candidate)))
    })
}

fn every(candidates: &[Candidate], passing: impl Fn(&Candidate) -> Tri) -> Tri {
    if !candidates.iter().any(Candidate::is_sure) {
        return Tri::Maybe;
    }
    candidates.iter().fold(Tri::Yes, |every, candidate| {
        every.and(candidate.membership.negate().or(passing(candidate)))
    })
}

/// Both bounds of an interval, asked separately of the highest or the lowest value.
fn by_bounds(
    interval: &Interval,
    highest: bool,
    candidates: &[Candidate],
    passing: impl Fn(Interval, &Candidate) -> Tri,
) -> Tri {
    let mut result = Tri::Yes;
    if interval.low.is_some() {
        let above = |candidate: &Candidate| {
            let low = interval.low.clone();
            passing(Interval { low, high: None }, candidate)
        };
        result = result.and(if highest {
            any(candidates, above)
        } else {
            every(candidates, above)
        });
    }
    if interval.high.is_some() {
        let below = |candidate: &Candidate| {
            let high = interval.high.clone();
            passing(Interval { low: None, high }, candidate)
        };
        result = result.and(if highest {
            every(candidates, below)
        } else {
            any(candidates, below)
        });
    }
    result
}

/// Whether the highest (or lowest) level passes, whichever candidates there really are.
fn outermost_level(
    levels: &[Arc<str>],
    wanted: &[usize],
    highest: bool,
    candidates: &[Candidate],
) -> Tri {
    let beyond = |one: usize, other: usize| if highest { one > other } else { one < other };
    let level_of = |candidate: &Candidate| {
        let value = candidate.value.as_ref()?;
        level(levels, value)
    };
    let mut outermost: Option<usize> = None;
    for candidate in candidates.iter().filter(|candidate| candidate.is_sure()) {
        if let Some(level) = level_of(candidate)
            && outermost.is_none_or(|known| beyond(level, known))
        {
            outermost = Some(level);
        }
    }
    let Some(outermost) = outermost else {
        return Tri::Maybe;
    };
    let mut possible = vec![outermost];
    for candidate in candidates {
        match level_of(candidate) {
            Some(level) => possible.push(level),
            None => possible.extend(0..levels.len()),
        }
    }
    let results: Vec<Tri> = possible
        .into_iter()
        .filter(|level| *level == outermost || beyond(*level, outermost))
        .map(|level| crate::chart::tri(wanted.contains(&level)))
        .collect();
    common(&results)
}
