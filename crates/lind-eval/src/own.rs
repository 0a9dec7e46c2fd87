//! Multiples of another value of the same patient.

use lind_model::protocol::{Interval, Test};
use lind_records::Observation;
use lind_time::Tri;

use crate::candidates::Candidates;
use crate::moments::tri;
use crate::numbers::lie_between;
use crate::steps::{MeasureStep, Range, Target};
use crate::trace::{Note, Silent, Trace};
use crate::values::{Bound, Fault, Judged, Question};
use crate::view::View;

/// Between which numbers the value lies of which a test asks multiples, in the unit of the measure: one of its
/// window, which must come from where those that are tested must.
pub(crate) fn reference<'c, T: Trace<'c>>(
    test: &'c Test,
    measure: &MeasureStep,
    like: &Candidates<'_, 'c>,
    trace: &mut T,
) -> Option<Interval> {
    let Test::Own { reference, .. } = test else {
        return None;
    };
    let window = like.view.prepare(&reference.window, None);
    let candidates = Candidates {
        window: &window,
        evidence: None,
        repeats_count: false,
        ..*like
    };
    let found = candidates.between(reference.selector, &measure.numbers(), &mut Silent);
    trace.note(|| Note::Value(found.clone()));
    found
}

impl View<'_> {
    /// Whether a value lies between two multiples of a reference, whatever numbers both are.
    pub(crate) fn judge_own(
        &self,
        row: &Observation,
        (low, high): (Option<&Bound>, Option<&Bound>),
        (target, plausible): (Target, Option<&Range>),
        reference: Option<&Interval>,
    ) -> Judged {
        let read = Question::Quantity {
            low: None,
            high: None,
            target,
            plausible,
        };
        let numbers = match self.numbers(&read, row) {
            Ok(numbers) => numbers,
            Err(fault) => return Judged::unknown(fault),
        };
        let Some(reference) = reference else {
            return Judged::unknown(Fault::NoReference);
        };
        // Of nothing, and of less, there are no multiples.
        let starts = (reference.low.as_ref()).is_some_and(|(low, _)| low.signum() >= 0);
        let ends = (reference.high.as_ref()).is_none_or(|(high, _)| high.signum() > 0);
        if !(starts && ends) {
            return Judged::unknown(Fault::BadReference);
        }
        let low = low.map_or(Tri::Yes, |low| lies_beyond(&numbers, low, reference, true));
        let high = high.map_or(Tri::Yes, |high| {
            lies_beyond(&numbers, high, reference, false)
        });
        let outcome = low.and(high);
        Judged {
            outcome,
            fault: (outcome == Tri::Maybe || row.comparator.is_some()).then_some(Fault::Imprecise),
        }
    }
}

/// Whether numbers lie above (or below) a multiple of a reference that lies between two numbers itself.
fn lies_beyond(
    numbers: &Interval,
    (factor, closed): &Bound,
    reference: &Interval,
    above: bool,
) -> Tri {
    // The limit is somewhere from `near` to `far`.
    let limit = |end: &Option<Bound>| {
        end.as_ref()
            .map(|(end, belongs)| (end.mul(factor), *belongs))
    };
    let (least, most) = (limit(&reference.low), limit(&reference.high));
    let side = |limit: Option<&Bound>, closed: bool| match limit {
        Some((limit, _)) => {
            let bound = (limit.clone(), closed);
            if above {
                lie_between(numbers, Some(&bound), None)
            } else {
                lie_between(numbers, None, Some(&bound))
            }
        }
        None => Tri::Maybe,
    };
    let (easy, hard) = if above {
        (&least, &most)
    } else {
        (&most, &least)
    };
    // An end that does not belong to the reference is never reached: the limit is a little nearer.
    let belongs = |end: &Option<Bound>| end.as_ref().is_some_and(|(_, belongs)| *belongs);
    let always = side(hard.as_ref(), *closed || !belongs(hard)) == Tri::Yes;
    let never = side(easy.as_ref(), *closed && belongs(easy)) == Tri::No;
    tri(always, never)
}
