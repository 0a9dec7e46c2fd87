//! Changes between two values.

use lind_model::plan::ChangePlan;
use lind_model::protocol::{ChangeMode, Compared, Direction, Subject};
use lind_time::Tri;
use lind_units::Exact;

use crate::between::change_from_to;
use crate::candidates::{Candidate, Candidates, Rules};
use crate::moments::tri;
use crate::selectors::Order;
use crate::steps::{ChangeStep, MeasureStep};
use crate::sustained::Memory;
use crate::trace::{Note, Silent, Trace};
use crate::values::Fault;
use crate::view::View;
use crate::windows::Prepared;

/// What the pairs of values say, summed up.
#[derive(Debug, Clone, Copy)]
struct Pairs {
    /// For every possible later value some sure earlier value differs by as much.
    all_true: bool,
    /// For no possible pair may the difference be as much.
    none_true: bool,
    /// For every possible later value there is a sure earlier one.
    all_have_earlier: bool,
    /// How many values certainly count, up to two.
    sure: usize,
}

impl<'c> View<'c> {
    /// Whether a value has changed by so much.
    pub(crate) fn change<T: Trace<'c>>(
        &self,
        plan: &'c ChangePlan,
        step: &'c ChangeStep,
        memory: &mut Memory,
        trace: &mut T,
    ) -> Tri {
        // Formulas are refused by the checker: their inputs have no common time.
        let Subject::Measure(id) = plan.subject else {
            return Tri::Maybe;
        };
        let Some(measure) = self.program.measure(id) else {
            return Tri::Maybe;
        };
        let change = Change {
            view: *self,
            plan,
            step,
            measure,
        };
        match &plan.between {
            Compared::Within(window) => {
                trace.note(|| Note::Window(Some(window)));
                let prepared = self.prepare(window, None);
                let candidates = change.candidates(&prepared);
                match plan.lasting {
                    Some(lasting) => change.lasts(&candidates, lasting, memory, trace),
                    None => change.to_the_latest(&candidates, trace),
                }
            }
            Compared::FromTo(from, to) => {
                let earlier = self.prepare(&from.window, None);
                let later = self.prepare(&to.window, None);
                change_from_to(
                    (plan, step),
                    measure,
                    (from, &change.candidates(&earlier)),
                    (to, &change.candidates(&later)),
                    trace,
                )
            }
        }
    }
}

/// A change of a measure.
pub(crate) struct Change<'c> {
    pub(crate) view: View<'c>,
    pub(crate) plan: &'c ChangePlan,
    step: &'c ChangeStep,
    measure: &'c MeasureStep,
}

impl<'c> Change<'c> {
    fn candidates<'p>(&self, window: &'p Prepared<'p>) -> Candidates<'p, 'c>
    where
        'c: 'p,
    {
        Candidates {
            view: self.view,
            concept: self.measure.concept,
            specimen: self.measure.specimen,
            window,
            rules: Rules {
                plans: &self.plan.samples,
                sources: &self.step.samples,
            },
            provenance: &[],
            time_of_day: None,
            evidence: None,
            repeats_count: false,
        }
    }

    /// From any earlier value of the window to the latest.
    fn to_the_latest<T: Trace<'c>>(&self, candidates: &Candidates<'_, 'c>, trace: &mut T) -> Tri {
        let mut pairs = Pairs {
            all_true: true,
            none_true: true,
            all_have_earlier: true,
            sure: 0,
        };
        let picked = candidates.pick(Order::Latest, trace, |later, decides, trace| {
            trace.note(|| Note::Reading {
                candidate: later,
                fault: self.number(&later).err(),
                decides,
            });
            if decides {
                self.with_earlier(candidates, later, &mut pairs, trace);
            }
        });
        // What was set aside may have been the later value, or an earlier one with which it differs.
        if candidates.set_aside().next().is_some() {
            pairs.none_true = false;
        }
        if !picked.sure || picked.lost || pairs.sure < 2 {
            return Tri::Maybe;
        }
        tri(pairs.all_true, pairs.none_true && pairs.all_have_earlier)
    }

    /// Sums up the pairs of one possible later value with everything that may be earlier.
    fn with_earlier<T: Trace<'c>>(
        &self,
        candidates: &Candidates<'_, 'c>,
        later: Candidate<'c>,
        pairs: &mut Pairs,
        trace: &mut T,
    ) {
        let mut some_true = false;
        let mut some_earlier = false;
        let mut sure = usize::from(later.is_sure());
        for row in candidates.rows() {
            if std::ptr::eq(row, later.row) {
                continue;
            }
            let moment = candidates.moment(row);
            let place = candidates.place(row, moment, &mut Silent);
            let earlier = Candidate { row, moment, place };
            sure += usize::from(earlier.is_sure());
            if place.membership() == Tri::No || !moment.maybe_before(later.moment) {
                continue;
            }
            let certain = moment.surely_before(later.moment);
            let outcome = self.differs(&earlier, &later);
            let counts = certain && earlier.is_sure();
            some_earlier |= counts;
            some_true |= counts && outcome == Tri::Yes;
            pairs.none_true &= outcome == Tri::No;
            trace.note(|| Note::Pair {
                earlier,
                later,
                difference: self.difference(&earlier, &later).ok(),
                outcome,
                certain: counts,
            });
        }
        pairs.all_true &= some_true;
        pairs.all_have_earlier &= some_earlier;
        pairs.sure = pairs.sure.max(sure);
    }

    pub(crate) fn number(&self, candidate: &Candidate<'_>) -> Result<Exact, Fault> {
        match (&self.plan.mode, self.measure.own) {
            (ChangeMode::Points, _) => self.view.points(candidate.row, self.measure),
            (_, Some(own)) => self
                .view
                .exact(candidate.row, own, self.measure.plausible.as_ref()),
            // A score has no unit; levels and results have no numbers.
            (ChangeMode::Relative, None) if self.measure.words.is_empty() => {
                self.view.points(candidate.row, self.measure)
            }
            (_, None) => Err(Fault::NoTest),
        }
    }

    /// By how much the value changed in the direction that is asked.
    fn difference(&self, earlier: &Candidate<'_>, later: &Candidate<'_>) -> Result<Exact, Fault> {
        self.amount(&self.number(earlier)?, &self.number(later)?)
    }

    /// By how much one number differs from another in the direction that is asked.
    pub(crate) fn amount(&self, earlier: &Exact, later: &Exact) -> Result<Exact, Fault> {
        let fall = earlier.sub(later);
        let fall = match &self.plan.mode {
            ChangeMode::Relative => {
                if earlier.signum() <= 0 {
                    return Err(Fault::BadLimit);
                }
                fall.mul(&Exact::from_integer(100))
                    .checked_div(earlier)
                    .ok_or(Fault::BadLimit)?
            }
            ChangeMode::Absolute(_) => self
                .step
                .by
                .as_ref()
                .ok_or(Fault::Unit)?
                .apply_difference(&fall),
            ChangeMode::Points => fall,
        };
        Ok(match self.plan.direction {
            Direction::Falls => fall,
            Direction::Rises => fall.neg(),
            Direction::Changes => fall.abs(),
        })
    }

    fn differs(&self, earlier: &Candidate<'_>, later: &Candidate<'_>) -> Tri {
        self.difference(earlier, later)
            .map_or(Tri::Maybe, |difference| {
                Tri::from(self.plan.by.contains(&difference))
            })
    }
}
