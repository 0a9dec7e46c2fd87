//! The day at hand, and milestones that are another name for the same moment.

use std::sync::Arc;

use lind_model::protocol::{Anchor, Milestone, Window};
use lind_model::{MilestoneId, Protocol, Trial};

use super::library::nowhere;
use super::random::Random;
use crate::time::DAY;

/// Puts the milestones of the day at hand behind the others, and sometimes a baseline.
pub(crate) fn day_at_hand(milestones: &mut Vec<Milestone>, trial: &mut Trial, random: &mut Random) {
    if random.percent(60) {
        let other = random.below(milestones.len().min(2));
        let baseline = add(
            milestones,
            "baseline",
            vec![MilestoneId(0)],
            Some(MilestoneId::from_index(other)),
        );
        trial.baseline = Some(baseline);
    }
    let previous = add(milestones, "previous_visit", Vec::new(), None);
    let previous_end = add(
        milestones,
        "last day of the previous visit",
        Vec::new(),
        Some(previous),
    );
    let visit = MilestoneId::from_index(previous_end.index() + 2);
    let visit_end = add(milestones, "last day of the visit", Vec::new(), Some(visit));
    let earlier = (0..visit.index()).map(MilestoneId::from_index);
    let not_later: Vec<MilestoneId> = earlier.filter(|_| random.percent(80)).collect();
    let visit = add(milestones, "visit", not_later, None);
    let between = |from, to| Window::Between {
        from: Anchor::Milestone(from),
        to: Anchor::Milestone(to),
    };
    for (own, end) in [(visit, visit_end), (previous, previous_end)] {
        if let Some(milestone) = milestones.get_mut(own.index()) {
            milestone.values = Some(between(own, end));
        }
    }
    trial.visit = Some(visit);
    trial.visit_end = Some(visit_end);
    trial.previous_visit = Some(previous);
    trial.previous_visit_end = Some(previous_end);
}

fn add(
    milestones: &mut Vec<Milestone>,
    name: &str,
    mut not_later: Vec<MilestoneId>,
    same_as: Option<MilestoneId>,
) -> MilestoneId {
    let own = MilestoneId::from_index(milestones.len());
    not_later.push(own);
    not_later.sort_unstable();
    not_later.dedup();
    milestones.push(Milestone {
        name: Arc::from(name),
        title: None,
        timed: false,
        not_later,
        days_earlier: Vec::new(),
        values: None,
        same_as,
        span: nowhere(),
    });
    own
}

/// The days that the milestones of the day at hand are bound to, as texts: some of them.
pub(crate) fn bound(
    protocol: &Protocol,
    moments: &[i64],
    random: &mut Random,
) -> Vec<(MilestoneId, String)> {
    let trial = &protocol.trial;
    let (Some(visit), Some(visit_end)) = (trial.visit, trial.visit_end) else {
        return Vec::new();
    };
    let near = moments
        .get(visit.index())
        .or(moments.last())
        .copied()
        .unwrap_or_default();
    let first = near + DAY * i64::try_from(random.below(4)).unwrap_or_default();
    let text = |second: i64| crate::time::day_text(second.div_euclid(DAY).max(0));
    let mut found = Vec::new();
    if random.percent(75) {
        found.push((visit, text(first)));
        if random.percent(40) {
            let last = first + DAY * i64::try_from(random.below(5)).unwrap_or_default();
            found.push((visit_end, text(last)));
        }
    }
    if let Some(previous) = trial.previous_visit
        && random.percent(60)
    {
        let before = first - DAY * random.any(7, &[14, 28, 30]);
        found.push((previous, text(before)));
        if let (Some(end), true) = (trial.previous_visit_end, random.percent(40)) {
            found.push((end, text(before + DAY)));
        }
    }
    found
}
