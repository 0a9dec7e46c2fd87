//! Windows that end when nobody is seen any more.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Anchor, Window};
use lind_model::trial::{VisitAnchor, VisitTime};
use lind_model::{MilestoneId, VisitId};
use lind_time::{Edge, Offset};

use super::reach::ToEnd;
use super::{Owner, Supply};
use crate::rules;

/// How a window ends to the last visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Past {
    /// After it.
    Surely,
    /// After it, unless months are short.
    Months,
    /// After its planned day.
    Planned,
    /// After it, unless one of those takes place of which nothing says when: the first of them.
    Unless(VisitId),
}

impl Supply<'_, '_> {
    /// Windows that end after the last visit.
    pub(super) fn past_follow_up(&self) -> Vec<Diagnostic> {
        let mut told: Vec<Span> = Vec::new();
        let mut diagnostics = Vec::new();
        for (owner, looked) in &self.looked {
            for looked in looked {
                if told.contains(&looked.place) {
                    continue;
                }
                if let Some((past, last)) = self.past(&looked.window) {
                    told.push(looked.place);
                    diagnostics.push(self.ends_past(owner, looked.place, past, last));
                }
            }
        }
        diagnostics
    }

    /// Whether a window ends after the last visit, and which that is.
    fn past(&self, window: &Window) -> Option<(Past, VisitId)> {
        match window {
            Window::Around {
                anchor: Anchor::Milestone(milestone),
                window,
                as_known: false,
            } => self.ends_after_all(*milestone, window.to),
            Window::Between {
                to: Anchor::Milestone(milestone),
                ..
            } => self.ends_after_all(*milestone, Edge::closed(Offset::Days { days: 0 })),
            // The earlier end counts, if there are two.
            Window::Both(one, other) => match (ends(one), ends(other)) {
                (true, true) => self.past(one).and(self.past(other)),
                (true, false) => self.past(one),
                (false, _) => self.past(other),
            },
            Window::Either(one, other) => self.past(one).or_else(|| self.past(other)),
            Window::Around { .. } | Window::Between { .. } | Window::HalfLives { .. } => None,
        }
    }

    fn ends_after_all(&self, milestone: MilestoneId, end: Edge) -> Option<(Past, VisitId)> {
        let trial = &self.checker.tables.trial;
        if end == Edge::Unbounded
            || trial.is_of_the_day(milestone)
            || trial.end_of_data == Some(milestone)
        {
            return None;
        }
        let mut last: Option<(i64, VisitId)> = None;
        let (mut months, mut later, mut unless) = (false, false, None);
        for (index, visit) in trial.visits.iter().enumerate() {
            if matches!(visit.time, VisitTime::Unscheduled) {
                continue;
            }
            let id = VisitId::from_index(index);
            match self.reach.to_end(id, milestone, end) {
                ToEnd::Reaches => return None,
                ToEnd::Months => months = true,
                ToEnd::Later => later = true,
                ToEnd::Short => {}
                ToEnd::Unknown => {
                    unless.get_or_insert(id);
                    continue;
                }
            }
            if let Some(day) = self.reach.latest_day(id, milestone)
                && last.is_none_or(|(latest, _)| latest <= day)
            {
                last = Some((day, id));
            }
        }
        // Where nothing relates the visits to the window there is nothing to say.
        let (_, last) = last?;
        let past = if months {
            Past::Months
        } else if later {
            Past::Planned
        } else {
            unless.map_or(Past::Surely, Past::Unless)
        };
        Some((past, last))
    }

    fn ends_past(&self, owner: &Owner, place: Span, past: Past, last: VisitId) -> Diagnostic {
        let trial = &self.checker.tables.trial;
        let visit = trial.visits.get(last.index());
        let name = visit.map_or("the last visit", |visit| &*visit.name);
        let whose = &owner.name;
        let mut diagnostic = match past {
            Past::Surely => Diagnostic::new(
                &rules::E0646_PAST_FOLLOW_UP,
                place,
                format!("`{whose}` looks at a time after the last visit, `{name}`"),
            )
            .label("ends when nobody is seen any more")
            .note("what happens after the last visit is not collected, and until its window has ended a result stays open; a visit at the end of the window, or a window that ends with the visits, mends it"),
            Past::Months => Diagnostic::new(
                &rules::W0666_MAY_END_PAST_FOLLOW_UP,
                place,
                format!("whether `{whose}` looks at a time after the last visit, `{name}`, depends on how long months are"),
            )
            .label("may end after it")
            .note("a month is 28 to 31 days; the window and the visit in one unit, or a reading that says how long months are, settle it"),
            Past::Planned => Diagnostic::new(
                &rules::W0666_MAY_END_PAST_FOLLOW_UP,
                place,
                format!("`{whose}` looks at a time after the planned day of the last visit, `{name}`"),
            )
            .label("ends after that day")
            .note("for whoever comes on the planned day the window has not ended when the visits have, and the result stays open"),
            Past::Unless(_) => Diagnostic::new(
                &rules::W0666_MAY_END_PAST_FOLLOW_UP,
                place,
                format!("`{whose}` looks at a time after the last visit of which the day is planned, `{name}`"),
            )
            .label("ends after it"),
        };
        if owner.places.window != Some(place) && owner.places.subject != place {
            diagnostic = diagnostic.also(owner.places.subject, "leans on it");
        }
        if let Some(visit) = visit {
            diagnostic = diagnostic.also(visit.span, self.last_allowed(&visit.time));
        }
        if let Past::Unless(other) = past
            && let Some(other) = trial.visits.get(other.index())
        {
            diagnostic = diagnostic.also(other.span, "nothing says how late this one is");
        }
        diagnostic
    }

    /// When a visit is over, in words.
    fn last_allowed(&self, time: &VisitTime) -> String {
        let VisitTime::Planned {
            anchor,
            offset,
            later,
            ..
        } = time
        else {
            return "over before that".to_owned();
        };
        let trial = &self.checker.tables.trial;
        let from = match anchor {
            VisitAnchor::Milestone(id) => self.checker.milestone(*id).map(|own| own.name.clone()),
            VisitAnchor::Visit(id) => trial.visits.get(id.index()).map(|own| own.name.clone()),
        };
        let from = from.unwrap_or_else(|| "its anchor".into());
        let at = if offset.is_zero() {
            format!("on the day of `{from}`")
        } else if offset.is_negative() {
            format!("{} before `{from}`", offset.negate())
        } else {
            format!("{offset} after `{from}`")
        };
        if later.is_zero() {
            at
        } else {
            format!("{at}, at most {later} later")
        }
    }
}

/// Whether a window has an end that can be held against visits.
fn ends(window: &Window) -> bool {
    match window {
        Window::Around { window, .. } => window.to != Edge::Unbounded,
        Window::Between { .. } => true,
        Window::Both(one, other) => ends(one) || ends(other),
        Window::Either(one, other) => ends(one) && ends(other),
        Window::HalfLives { .. } => false,
    }
}
