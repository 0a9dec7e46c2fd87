//! Changes that last: two values of a window, and later ones that keep to the second.

use lind_model::protocol::{Comparison, Persistence};
use lind_time::{MonthEnd, Tri};
use lind_units::Exact;

use crate::candidates::{Candidate, Candidates};
use crate::change::Change;
use crate::durations::later;
use crate::moments::Moment;
use crate::trace::{Note, Trace};

/// A value of the measure, as far as it matters for what lasts.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    moment: Moment,
    /// Whether it lies in the window of the change.
    inside: Tri,
    /// Whether it is known by the gate and its sample may be used.
    usable: Tri,
    number: Option<Exact>,
}

/// What is remembered while a change that lasts is looked for.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entries: Vec<Entry>,
    /// Whether the value at hand has changed by as much to each of the others.
    kept: Vec<Tri>,
}

/// How the values are numbered that show, or may show, that a change lasted: the earlier, the later, and the one
/// that confirms it.
pub(crate) type Shown = (usize, usize, Option<usize>);

impl<'c> Change<'c> {
    /// Whether a value changed and stayed so.
    pub(crate) fn lasts<T: Trace<'c>>(
        &self,
        candidates: &Candidates<'_, 'c>,
        persistence: Persistence,
        memory: &mut Memory,
        trace: &mut T,
    ) -> Tri {
        memory.entries.clear();
        for row in candidates.rows() {
            let moment = candidates.moment(row);
            let place = candidates.place(row, moment, trace);
            let usable = place.known.and(place.sample);
            if usable == Tri::No {
                continue;
            }
            let candidate = Candidate { row, moment, place };
            let number = self.number(&candidate);
            trace.note(|| Note::Reading {
                candidate,
                fault: number.as_ref().err().copied(),
                decides: place.membership() != Tri::No,
            });
            memory.entries.push(Entry {
                moment,
                inside: place.membership(),
                usable,
                number: number.ok(),
            });
        }
        let lost = candidates.set_aside_anywhere().next();
        if let Some((row, _)) = lost {
            trace.note(|| Note::SetAside(row));
        }
        let search = Search {
            change: self,
            persistence,
            gate: Moment::at(self.view.time),
        };
        let (shown, possible) = search.run(memory);
        if let Some(shown) = shown {
            trace.note(|| Note::Lasted(shown));
            if lost.is_none() {
                return Tri::Yes;
            }
        }
        let entries = &memory.entries;
        let two = entries.iter().any(|one| {
            one.inside == Tri::Yes
                && entries
                    .iter()
                    .any(|two| two.inside == Tri::Yes && one.moment.surely_before(two.moment))
        });
        match possible {
            Some(possible) => trace.note(|| Note::MayLast(possible)),
            None if two && lost.is_none() => return Tri::No,
            None => {}
        }
        Tri::Maybe
    }
}

struct Search<'s, 'c> {
    change: &'s Change<'c>,
    persistence: Persistence,
    gate: Moment,
}

impl Search<'_, '_> {
    /// The values that certainly show a change that lasted, and else those that may.
    fn run(&self, memory: &mut Memory) -> (Option<Shown>, Option<Shown>) {
        let Memory { entries, kept } = memory;
        let mut possible = None;
        for (first, earlier) in entries.iter().enumerate() {
            if earlier.inside == Tri::No {
                continue;
            }
            kept.clear();
            kept.extend(entries.iter().map(|entry| self.keeps(earlier, entry)));
            for (second, later) in entries.iter().enumerate() {
                let keeps = kept.get(second).copied().unwrap_or(Tri::Maybe);
                if second == first
                    || later.inside == Tri::No
                    || keeps == Tri::No
                    || !earlier.moment.maybe_before(later.moment)
                {
                    continue;
                }
                let pair = Pair {
                    entries,
                    kept,
                    first,
                    second,
                    later: later.moment,
                };
                let sure = earlier.inside == Tri::Yes
                    && later.inside == Tri::Yes
                    && keeps == Tri::Yes
                    && earlier.moment.surely_before(later.moment);
                if sure && let Some(third) = self.certainly(&pair) {
                    return (Some((first, second, Some(third))), None);
                }
                if possible.is_none() {
                    possible = self.perhaps(&pair).map(|third| (first, second, third));
                }
            }
        }
        (None, possible)
    }

    /// Whether the later value still differs from the earlier one by as much.
    fn keeps(&self, earlier: &Entry, entry: &Entry) -> Tri {
        let numbers = earlier.number.as_ref().zip(entry.number.as_ref());
        numbers.map_or(Tri::Maybe, |(earlier, later)| {
            self.change
                .amount(earlier, later)
                .map_or(Tri::Maybe, |amount| {
                    Tri::from(self.change.plan.by.contains(&amount))
                })
        })
    }

    /// The value that certainly confirms the change, with nothing before it that may have fallen back.
    fn certainly(&self, pair: &Pair<'_>) -> Option<usize> {
        let due = self.due(pair.later).1;
        // No value that may lie behind the change and does not keep it begins before this.
        let fallen = pair
            .others()
            .filter(|(_, entry, keeps)| {
                self.persistence.throughout
                    && *keeps != Tri::Yes
                    && !entry.moment.surely_before(pair.later)
            })
            .map(|(_, entry, _)| entry.moment.first)
            .min();
        pair.others()
            .find(|(_, entry, keeps)| {
                entry.usable == Tri::Yes
                    && *keeps == Tri::Yes
                    && self.reached(entry.moment.days().0, due)
                    && fallen.is_none_or(|fallen| entry.moment.last < fallen)
            })
            .map(|(place, ..)| place)
    }

    /// Whether the change may have lasted: the value that may confirm it; or nothing, if none is there and the time
    /// may be over by the gate. The outer nothing says that it did not.
    fn perhaps(&self, pair: &Pair<'_>) -> Option<Option<usize>> {
        let (earliest, latest) = self.due(pair.later);
        // The first value that certainly lies behind the change and certainly does not keep it.
        let fallen = pair
            .others()
            .filter(|(_, entry, keeps)| {
                entry.usable == Tri::Yes
                    && *keeps == Tri::No
                    && if self.persistence.throughout {
                        pair.later.surely_before(entry.moment)
                    } else {
                        self.reached(entry.moment.days().0, latest)
                    }
            })
            .map(|(_, entry, _)| entry.moment.last)
            .min();
        let confirming = pair.others().find(|(_, entry, keeps)| {
            *keeps != Tri::No
                && self.reached(entry.moment.days().1, earliest)
                && (!self.persistence.throughout
                    || fallen.is_none_or(|fallen| entry.moment.first <= fallen))
        });
        match confirming {
            Some((place, ..)) => Some(Some(place)),
            None if fallen.is_none() && self.reached(self.gate.days().1, earliest) => Some(None),
            None => None,
        }
    }

    /// The earliest and the latest day on which the time can be over, counted from the later value.
    fn due(&self, from: Moment) -> (i64, i64) {
        let (first, last) = from.days();
        let after = |day| later(day, self.persistence.lasting.length, MonthEnd::LastDay);
        (after(first), after(last))
    }

    fn reached(&self, day: i64, due: i64) -> bool {
        if self.persistence.lasting.comparison == Comparison::MoreThan {
            day > due
        } else {
            day >= due
        }
    }
}

/// Two values between which something changed, among all.
struct Pair<'m> {
    entries: &'m [Entry],
    kept: &'m [Tri],
    first: usize,
    second: usize,
    /// When the later of the two was taken.
    later: Moment,
}

impl<'m> Pair<'m> {
    /// All values but these two, with whether each keeps the change.
    fn others(&self) -> impl Iterator<Item = (usize, &'m Entry, Tri)> {
        let (first, second) = (self.first, self.second);
        self.entries
            .iter()
            .zip(self.kept)
            .enumerate()
            .filter(move |(place, _)| *place != first && *place != second)
            .map(|(place, (entry, keeps))| (place, entry, *keeps))
    }
}
