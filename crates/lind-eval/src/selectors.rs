//! Which of several values counts.

use lind_model::protocol::Selector;
use lind_records::Observation;
use lind_time::Tri;

use crate::candidates::{Candidate, Candidates};
use crate::moments::Moment;
use crate::trace::{Note, Trace};
use crate::values::{Bound, ONE, Question, Side};

/// By which end of the time the value is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Latest,
    First,
}

/// What was found when one value was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Picked {
    /// Some candidate certainly counts.
    pub(crate) sure: bool,
    /// Some candidate may count.
    pub(crate) possible: bool,
    /// A row that was set aside may be the one.
    pub(crate) lost: bool,
}

impl<'c> Candidates<'_, 'c> {
    /// Visits every candidate that can be the latest (or the first): no other that certainly counts is
    /// certainly later. The rows stand in the order of time, so one pass from that end suffices.
    pub(crate) fn pick<T: Trace<'c>>(
        &self,
        order: Order,
        trace: &mut T,
        mut take: impl FnMut(Candidate<'c>, bool, &mut T),
    ) -> Picked {
        let mut picked = Picked::default();
        let mut best: Option<Moment> = None;
        let passed = |best: Option<Moment>, moment: Moment| {
            best.is_some_and(|best| match order {
                Order::Latest => moment.surely_before(best),
                Order::First => best.surely_before(moment),
            })
        };
        let mut rows = self.rows();
        loop {
            let next = match order {
                Order::Latest => rows.next_back(),
                Order::First => rows.next(),
            };
            let Some(row) = next else { break };
            let moment = self.moment(row);
            let passed = passed(best, moment);
            if passed && !T::ON {
                continue;
            }
            let place = self.place(row, moment, trace);
            let candidate = Candidate { row, moment, place };
            let membership = place.membership();
            if membership == Tri::No {
                trace.note(|| Note::Outside(candidate));
                continue;
            }
            picked.possible = true;
            if membership == Tri::Yes {
                picked.sure = true;
                best = Some(match best {
                    None => moment,
                    Some(best) => Moment {
                        first: best.first.max(moment.first),
                        last: best.last.min(moment.last),
                        when: None,
                    },
                });
            }
            take(candidate, !passed, trace);
        }
        for (row, moment) in self.set_aside() {
            if !passed(best, moment) {
                trace.note(|| Note::SetAside(row));
                picked.lost = true;
            }
        }
        picked
    }

    /// Whether the value that a selector chooses answers a question.
    pub(crate) fn select<T: Trace<'c>>(
        &self,
        selector: Selector,
        worst_is_highest: Option<bool>,
        question: &Question<'_>,
        trace: &mut T,
    ) -> Tri {
        match selector {
            Selector::Latest => self.one(Order::Latest, question, trace),
            Selector::First => self.one(Order::First, question, trace),
            Selector::Any => self.any(question, trace),
            Selector::Every => self.every(question, trace),
            Selector::Mean => self.mean(question, trace),
            Selector::Highest => self.extreme(true, question, trace),
            Selector::Lowest => self.extreme(false, question, trace),
            Selector::Worst => match worst_is_highest {
                Some(highest) => self.extreme(highest, question, trace),
                // The checker asks for the direction.
                None => Tri::Maybe,
            },
        }
    }

    fn one<T: Trace<'c>>(&self, order: Order, question: &Question<'_>, trace: &mut T) -> Tri {
        let mut common = None;
        let picked = self.pick(order, trace, |candidate, decides, trace| {
            let judged = self.view.judge(question, candidate.row);
            trace.note(|| Note::Candidate {
                candidate,
                judged,
                decides,
            });
            if decides {
                common = Some(match common {
                    None => judged.outcome,
                    Some(other) if other == judged.outcome => other,
                    Some(_) => Tri::Maybe,
                });
            }
        });
        match common {
            Some(common) if picked.sure && !picked.lost => common,
            _ => Tri::Maybe,
        }
    }

    fn any<T: Trace<'c>>(&self, question: &Question<'_>, trace: &mut T) -> Tri {
        self.all_of_them(question, Tri::No, trace, |sum, membership, outcome| {
            sum.or(membership.and(outcome))
        })
    }

    fn every<T: Trace<'c>>(&self, question: &Question<'_>, trace: &mut T) -> Tri {
        self.all_of_them(question, Tri::Yes, trace, |sum, membership, outcome| {
            sum.and((!membership).or(outcome))
        })
    }

    fn all_of_them<T: Trace<'c>>(
        &self,
        question: &Question<'_>,
        nothing: Tri,
        trace: &mut T,
        join: impl Fn(Tri, Tri, Tri) -> Tri,
    ) -> Tri {
        let mut sum = nothing;
        let mut sure = false;
        for row in self.rows() {
            let moment = self.moment(row);
            let place = self.place(row, moment, trace);
            let candidate = Candidate { row, moment, place };
            let membership = place.membership();
            if membership == Tri::No {
                trace.note(|| Note::Outside(candidate));
                continue;
            }
            sure |= membership == Tri::Yes;
            let judged = self.view.judge(question, row);
            sum = join(sum, membership, judged.outcome);
            trace.note(|| Note::Candidate {
                candidate,
                judged,
                decides: true,
            });
            if sum == !nothing && !T::ON {
                return sum;
            }
        }
        for (row, _) in self.set_aside() {
            trace.note(|| Note::SetAside(row));
            sum = join(sum, Tri::Maybe, Tri::Maybe);
        }
        // One value shows that it is so. That none does is more than silence only if there are enough.
        if sum == !nothing || (sure && self.is_enough(trace)) {
            sum
        } else {
            Tri::Maybe
        }
    }

    /// Whether so many values, at different times, certainly count as evidence. In a mean, readings that were
    /// taken one after the other are values of their own.
    pub(crate) fn is_enough<T: Trace<'c>>(&self, trace: &mut T) -> bool {
        let Some((least, window)) = self.evidence else {
            return true;
        };
        let counted = Candidates {
            window,
            evidence: None,
            ..*self
        };
        let sure = |row: &'c Observation, trace: &mut T| {
            counted.place(row, counted.moment(row), trace).membership() == Tri::Yes
        };
        let mut count = 0_u32;
        for (index, row) in counted.rows().enumerate() {
            if count >= least {
                break;
            }
            let Some(time) = row.time else {
                continue;
            };
            if sure(row, trace)
                && (self.repeats_count
                    || !counted
                        .rows()
                        .take(index)
                        .any(|other| other.time == Some(time) && sure(other, trace)))
            {
                count = count.saturating_add(1);
            }
        }
        trace.note(|| Note::Evidence { count, least });
        count >= least
    }

    fn extreme<T: Trace<'c>>(&self, highest: bool, question: &Question<'_>, trace: &mut T) -> Tri {
        if let Question::Levels { allowed, levels } = question {
            return self.extreme_level(highest, allowed, levels.len(), question, trace);
        }
        if let Question::Reference {
            outside: false,
            own,
        } = question
        {
            let below = Question::Multiple {
                low: None,
                high: Some(&ONE),
                upper: true,
                own: *own,
            };
            let above = Question::Multiple {
                low: Some(&ONE),
                high: None,
                upper: false,
                own: *own,
            };
            let (above, below) = if highest {
                (self.any(&above, trace), self.every(&below, trace))
            } else {
                (self.every(&above, trace), self.any(&below, trace))
            };
            return above.and(below);
        }
        // The highest is above a limit if any is, and below it if every is.
        let side = |side: Side, trace: &mut T| {
            let half = question.only(side);
            if (side == Side::Low) == highest {
                self.any(&half, trace)
            } else {
                self.every(&half, trace)
            }
        };
        let Some((low, high)): Option<(Option<&Bound>, Option<&Bound>)> = question.bounds() else {
            return Tri::Maybe;
        };
        let low = low.map(|_| side(Side::Low, trace));
        let high = high.map(|_| side(Side::High, trace));
        match (low, high) {
            (Some(low), Some(high)) => low.and(high),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => self.any(question, trace),
        }
    }

    /// The highest level among the candidates that certainly count, or any beyond it that may count.
    fn extreme_level<T: Trace<'c>>(
        &self,
        highest: bool,
        allowed: &[usize],
        levels: usize,
        question: &Question<'_>,
        trace: &mut T,
    ) -> Tri {
        let Question::Levels { levels: words, .. } = question else {
            return Tri::Maybe;
        };
        // The extreme level that certainly counts.
        let mut extreme: Option<usize> = None;
        // Some candidate's level cannot be read, so it may be any.
        let mut unread = false;
        for row in self.rows() {
            let moment = self.moment(row);
            let place = self.place(row, moment, trace);
            let candidate = Candidate { row, moment, place };
            let membership = place.membership();
            if membership == Tri::No {
                trace.note(|| Note::Outside(candidate));
                continue;
            }
            let judged = self.view.judge(question, row);
            trace.note(|| Note::Candidate {
                candidate,
                judged,
                decides: true,
            });
            let level = self.view.level(row, words);
            unread |= level.is_none();
            if membership == Tri::Yes {
                extreme = match (extreme, level) {
                    (Some(one), Some(other)) if highest => Some(one.max(other)),
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                };
            }
        }
        for (row, _) in self.set_aside() {
            trace.note(|| Note::SetAside(row));
            unread = true;
        }
        let Some(extreme) = extreme else {
            return Tri::Maybe;
        };
        let beyond = |level: usize| {
            if highest {
                level > extreme
            } else {
                level < extreme
            }
        };
        let mut common = Tri::from(allowed.contains(&extreme));
        let mut add = |level: usize| {
            if Tri::from(allowed.contains(&level)) != common {
                common = Tri::Maybe;
            }
        };
        if unread {
            (0..levels).filter(|level| beyond(*level)).for_each(add);
        } else {
            for row in self.rows() {
                let place = self.place(row, self.moment(row), &mut crate::trace::Silent);
                if place.membership() == Tri::Maybe
                    && let Some(level) = self.view.level(row, words)
                    && beyond(level)
                {
                    add(level);
                }
            }
        }
        common
    }
}
