//! Study days, timelines, visits and assessments.

use std::cmp::Ordering;
use std::sync::Arc;

use lind_model::difference::{PairRule, PartSide};
use lind_model::protocol::{Anchor, Sex, Window};
use lind_model::trial::{Assessment, Planned, Timeline, Visit, VisitAnchor, VisitTime};
use lind_time::{Offset, StudyDays};

use super::words::{listed, milestone, spoken, visit_time};
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

const ASSESSMENTS: ThingRules = ThingRules {
    added: &rules::ASSESSMENT_ADDED,
    removed: &rules::ASSESSMENT_REMOVED,
    renamed: Some(&rules::ASSESSMENT_RENAMED),
    reworded: Some(&rules::ASSESSMENT_REWORDED),
};

const TIMELINES: ThingRules = ThingRules {
    added: &rules::TIMELINE_ADDED,
    removed: &rules::TIMELINE_REMOVED,
    renamed: Some(&rules::TIMELINE_RENAMED),
    reworded: Some(&rules::TIMELINE_REWORDED),
};

const VISITS: ThingRules = ThingRules {
    added: &rules::VISIT_ADDED,
    removed: &rules::VISIT_REMOVED,
    renamed: Some(&rules::VISIT_RENAMED),
    reworded: Some(&rules::VISIT_REWORDED),
};

/// An assessment at a visit is what its names say.
const PLANNED: ThingRules = ThingRules {
    added: &rules::PLANNED_ADDED,
    removed: &rules::PLANNED_REMOVED,
    renamed: None,
    reworded: None,
};

impl Pairing<'_> {
    pub(super) fn assessments(&mut self) {
        let [old_all, new_all] =
            [Which::Old, Which::New].map(|which| &self.protocol(which).trial.assessments);
        let old = self.assessments_of(Which::Old, old_all);
        let new = self.assessments_of(Which::New, new_all);
        for both in self.things(&ASSESSMENTS, &old, &new) {
            if let Some([old, new]) = two(&old, &new, both) {
                let words = [old.words.clone(), new.words.clone()];
                self.aspect(
                    &rules::ASSESSMENT_CHANGED,
                    [old, new],
                    [&old.content, &new.content],
                    words,
                );
            }
        }
    }

    fn assessments_of(&mut self, which: Which, all: &[Assessment]) -> Vec<Thing> {
        let all = all.iter().map(|own| {
            let (reader, meanings) = self.reader(which);
            let mut content: Vec<String> = own
                .subjects
                .iter()
                .map(|subject| reader.subject(*subject, meanings))
                .collect();
            // What is done and gives no value is what its words say.
            let wordy = own.names.iter().zip(&own.items);
            content.extend(
                wordy
                    .filter(|(_, items)| items.is_empty())
                    .map(|(name, _)| name.to_string()),
            );
            content.sort_unstable();
            let names: Vec<String> = own.names.iter().map(|name| spoken(name)).collect();
            Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: content.join(" "),
                words: listed(&names, "nothing that is measured"),
                span: Some(own.span),
            }
        });
        all.collect()
    }

    pub(super) fn schedule(&mut self) {
        self.study_days();
        self.timelines();
        self.visits();
    }

    fn study_days(&mut self) {
        let said = |which| {
            let protocol = self.protocol(which);
            let count = protocol.trial.study_days;
            let words = count.map_or_else(
                || "not counted".to_owned(),
                |count| {
                    let first = match count.count {
                        StudyDays::FromOne => 1,
                        StudyDays::FromZero => 0,
                    };
                    format!("{} is day {first}", milestone(protocol, count.anchor))
                },
            );
            PartSide::of(&words, count.map(|count| count.span))
        };
        let (old, new) = (said(Which::Old), said(Which::New));
        if old.words != new.words {
            let name: Arc<str> = Arc::from("study days");
            self.tell(&rules::STUDY_DAYS, (&name, &name), Some(old), Some(new));
        }
    }

    fn timelines(&mut self) {
        let [old_all, new_all] =
            [Which::Old, Which::New].map(|which| &self.protocol(which).trial.timelines);
        let things = |all: &[Timeline]| -> Vec<Thing> {
            let all = all.iter().map(|own| Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: own.title.to_string(),
                words: own.title.to_string(),
                span: Some(own.span),
            });
            all.collect()
        };
        let (old, new) = (things(old_all), things(new_all));
        for both in self.things(&TIMELINES, &old, &new) {
            if let (Some(pair), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            {
                let assumed = [&one.assumed, &other.assumed];
                self.assumed(&rules::TIMELINE_ASSUMED, pair, assumed);
            }
        }
    }

    fn visits(&mut self) {
        let [old_all, new_all] =
            [Which::Old, Which::New].map(|which| &self.protocol(which).trial.visits);
        let old = self.visit_things(Which::Old, old_all);
        let new = self.visit_things(Which::New, new_all);
        for both in self.things(&VISITS, &old, &new) {
            if let (Some(pair), Some(visits)) = (two(&old, &new, both), two(old_all, new_all, both))
            {
                self.visit(pair, visits);
            }
        }
    }

    fn visit_things(&mut self, which: Which, all: &[Visit]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let all = all.iter().map(|visit| {
            let planned = self.planned_things(which, visit, visit);
            let content: Vec<String> = planned
                .iter()
                .map(|own| format!("{} {}", own.title, own.content))
                .collect();
            let titles: Vec<String> = planned.iter().map(|own| own.words.clone()).collect();
            let time = visit_time(protocol, &visit.time);
            Thing {
                name: Arc::clone(&visit.name),
                title: Arc::clone(&visit.title),
                content: format!(
                    "{} {:?} {:?} {content:?}",
                    self.time_key(which, &visit.time),
                    self.timeline_of(which, visit),
                    self.ends_of(which, visit),
                ),
                words: format!("{time}: {}", listed(&titles, "no assessment")),
                span: Some(visit.span),
            }
        });
        all.collect()
    }

    fn visit(&mut self, pair: [&Thing; 2], visits: [&Visit; 2]) {
        let [one, other] = visits;
        if let Some(rule) = self.moved([&one.time, &other.time]) {
            let [old, new] = pair;
            let words = [
                visit_time(self.protocol(Which::Old), &one.time),
                visit_time(self.protocol(Which::New), &other.time),
            ];
            let keys = [
                self.time_key(Which::Old, &one.time),
                self.time_key(Which::New, &other.time),
            ];
            let [old_key, new_key] = &keys;
            self.aspect(rule, [old, new], [old_key, new_key], words);
        }
        let timelines = [
            self.timeline_of(Which::Old, one),
            self.timeline_of(Which::New, other),
        ];
        let [old_line, new_line] = &timelines;
        self.aspect(
            &rules::VISIT_TIMELINE,
            pair,
            [old_line, new_line],
            [spoken(old_line), spoken(new_line)],
        );
        let ends = [
            self.ends_of(Which::Old, one),
            self.ends_of(Which::New, other),
        ];
        let said = |ends: &[String]| match ends {
            [] => "always planned".to_owned(),
            ends => format!("until {}", ends.join(" or ")),
        };
        let [old_ends, new_ends] = &ends;
        self.aspect(
            &rules::VISIT_END,
            pair,
            [&said(old_ends), &said(new_ends)],
            [said(old_ends), said(new_ends)],
        );
        self.assumed(&rules::VISIT_ASSUMED, pair, [&one.assumed, &other.assumed]);
        let old = self.planned_things(Which::Old, one, other);
        let new = self.planned_things(Which::New, other, other);
        for both in self.things(&PLANNED, &old, &new) {
            let (Some(pair), Some(planned)) = (
                two(&old, &new, both),
                two(&one.planned, &other.planned, both),
            ) else {
                continue;
            };
            let [old, new] = pair;
            let words = planned.map(|own| only(own).unwrap_or_else(|| "for all".to_owned()));
            self.aspect(
                &rules::PLANNED_CHANGED,
                pair,
                [&old.content, &new.content],
                words,
            );
        }
    }

    /// What is assessed at a visit, which is called as another one is.
    fn planned_things(&mut self, which: Which, visit: &Visit, named: &Visit) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let mut things = Vec::new();
        for planned in &visit.planned {
            let assessment = protocol.trial.assessments.get(planned.assessment.index());
            let name = assessment.map_or_else(
                || Arc::from(""),
                |own| self.key(which, ASSESSMENTS.added.thing, &own.name),
            );
            let asked = planned.only.map(|id| self.asked(which, id));
            let title = assessment.map_or("", |own| &*own.title);
            let words = match only(planned) {
                Some(only) => format!("{title} ({only})"),
                None => title.to_owned(),
            };
            things.push(Thing {
                name: format!("{name} at {}", named.name).into(),
                title: name,
                content: format!("{:?} {asked:?}", planned.sex),
                words,
                span: Some(planned.span),
            });
        }
        things
    }

    fn timeline_of(&self, which: Which, visit: &Visit) -> String {
        let timelines = &self.protocol(which).trial.timelines;
        let own = visit.timeline.and_then(|id| timelines.get(id.index()));
        own.map_or_else(
            || "none".to_owned(),
            |own| {
                self.key(which, TIMELINES.added.thing, &own.name)
                    .to_string()
            },
        )
    }

    fn ends_of(&self, which: Which, visit: &Visit) -> Vec<String> {
        let protocol = self.protocol(which);
        let ends = visit.until.iter().map(|id| milestone(protocol, *id));
        let mut ends: Vec<String> = ends.collect();
        ends.sort_unstable();
        ends
    }

    fn anchor_key(&self, which: Which, anchor: VisitAnchor) -> String {
        let protocol = self.protocol(which);
        let visit = match anchor {
            VisitAnchor::Visit(id) => Some(id),
            VisitAnchor::Milestone(id) => protocol.trial.visit_of(id),
        };
        let visit = visit.and_then(|id| protocol.trial.visits.get(id.index()));
        match (visit, anchor) {
            (Some(visit), _) => {
                format!("visit {}", self.key(which, VISITS.added.thing, &visit.name))
            }
            (None, VisitAnchor::Milestone(id)) => milestone(protocol, id),
            (None, VisitAnchor::Visit(_)) => String::new(),
        }
    }

    fn time_key(&mut self, which: Which, time: &VisitTime) -> String {
        match time {
            VisitTime::Unscheduled => "unscheduled".to_owned(),
            VisitTime::Span(window) => format!("span {}", self.window(which, window)),
            VisitTime::Planned {
                anchor,
                offset,
                earlier,
                later,
            } => format!(
                "{} {:?} {:?} {:?}",
                self.anchor_key(which, *anchor),
                plain(*offset),
                plain(*earlier),
                plain(*later)
            ),
        }
    }

    /// By which rule a visit has another time, if it has.
    fn moved(&mut self, times: [&VisitTime; 2]) -> Option<&'static PairRule> {
        let [old, new] = times;
        if self.time_key(Which::Old, old) == self.time_key(Which::New, new) {
            return None;
        }
        match (old, new) {
            (
                VisitTime::Planned {
                    anchor: old_anchor,
                    offset: old_offset,
                    earlier: old_earlier,
                    later: old_later,
                },
                VisitTime::Planned {
                    anchor: new_anchor,
                    offset: new_offset,
                    earlier: new_earlier,
                    later: new_later,
                },
            ) => {
                let anchors = [
                    self.anchor_key(Which::Old, *old_anchor),
                    self.anchor_key(Which::New, *new_anchor),
                ];
                let [old_anchor, new_anchor] = anchors;
                if old_anchor != new_anchor || plain(*old_offset) != plain(*new_offset) {
                    return Some(&rules::VISIT_MOVED);
                }
                Some(window_rule(
                    length(*old_earlier, *new_earlier),
                    length(*old_later, *new_later),
                ))
            }
            (
                VisitTime::Span(Window::Around {
                    anchor: Anchor::Milestone(old_anchor),
                    window: old_window,
                    ..
                }),
                VisitTime::Span(Window::Around {
                    anchor: Anchor::Milestone(new_anchor),
                    window: new_window,
                    ..
                }),
            ) => {
                let [old_anchor, new_anchor] = [(Which::Old, old_anchor), (Which::New, new_anchor)]
                    .map(|(which, id)| self.anchor_key(which, VisitAnchor::Milestone(*id)));
                if old_anchor != new_anchor {
                    return Some(&rules::VISIT_MOVED);
                }
                let edges = [
                    (old_window.from.offset(), new_window.from.offset()),
                    (old_window.to.offset(), new_window.to.offset()),
                ];
                let [from, to] =
                    edges.map(|(old, new)| old.zip(new).and_then(|(old, new)| length(old, new)));
                // A window that begins later is narrower.
                Some(window_rule(from.map(Ordering::reverse), to))
            }
            _ => Some(&rules::VISIT_MOVED),
        }
    }
}

/// How the new length compares with the old one; none if that cannot be told.
fn length(old: Offset, new: Offset) -> Option<Ordering> {
    match (old.is_zero(), new.is_zero()) {
        (true, true) => Some(Ordering::Equal),
        (true, false) if new.is_negative() => Some(Ordering::Less),
        (true, false) => Some(Ordering::Greater),
        (false, true) if old.is_negative() => Some(Ordering::Greater),
        (false, true) => Some(Ordering::Less),
        (false, false) => new.compare(old),
    }
}

/// By which rule a window has changed, from how its two sides did.
fn window_rule(earlier: Option<Ordering>, later: Option<Ordering>) -> &'static PairRule {
    let sides = [earlier, later];
    let all = |one: Ordering| {
        sides
            .iter()
            .all(|side| *side == Some(one) || *side == Some(Ordering::Equal))
            && sides.contains(&Some(one))
    };
    if all(Ordering::Greater) {
        &rules::VISIT_WIDENED
    } else if all(Ordering::Less) {
        &rules::VISIT_NARROWED
    } else {
        &rules::VISIT_WINDOW
    }
}

/// No days are no months.
fn plain(offset: Offset) -> Option<Offset> {
    (!offset.is_zero()).then_some(offset)
}

/// For whom something is planned, if not for all.
fn only(planned: &Planned) -> Option<String> {
    let mut words = Vec::new();
    match planned.sex {
        Some(Sex::Female) => words.push("for women".to_owned()),
        Some(Sex::Male) => words.push("for men".to_owned()),
        None => {}
    }
    if let Some(text) = &planned.text {
        words.push(format!("if {}", spoken(text)));
    }
    (!words.is_empty()).then(|| format!("only {}", words.join(", ")))
}
