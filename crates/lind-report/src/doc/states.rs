//! States and gradings.

use lind_model::protocol::{Anchor, Milestone, Window};
use lind_model::trial::Scale;

use crate::doc::values::Within;
use crate::doc::{Entry, Said, Section, Teller, spoken};

impl<'p> Teller<'p> {
    /// What is asked at visits.
    pub(super) fn of_visits(self) -> [Section; 2] {
        let graded_by = self.protocol.trial.toxicity_scale.iter();
        let graded_by = graded_by.map(|scale| Entry {
            head: format!("Toxicity is graded by {}", scale_words(scale)),
            said: Vec::new(),
        });
        [
            Section {
                heading: "States",
                about: "Each is asked at every visit, with what is known by then; the visit at hand is called visit.",
                entries: self.states(),
            },
            Section {
                heading: "Gradings",
                about: "The grade is the highest of which a line holds, and 0 where none does; asked on every day with a value, which is called visit.",
                entries: graded_by.chain(self.gradings()).collect(),
            },
        ]
    }

    fn states(self) -> Vec<Entry> {
        let trial = &self.protocol.trial;
        trial
            .states
            .iter()
            .map(|state| {
                let mut said = Vec::new();
                let with = state
                    .with
                    .and_then(|with| trial.assessments.get(with.index()));
                let with = with.map(|with| format!(" with {}", spoken(&with.name)));
                let after = state.after.map(|after| self.milestone(after));
                let after = after.map(|after| format!(" after {}", spoken(after)));
                if with.is_some() || after.is_some() {
                    said.push(Said::new(format!(
                        "asked at visits{}{}",
                        with.unwrap_or_default(),
                        after.unwrap_or_default()
                    )));
                }
                if let Some(term) = self.protocol.definitions.get(state.term.index()) {
                    said.push(self.condition(&term.condition, &self.at_visit()).spoken());
                }
                said.extend(noted("assumed", state.assumed.as_deref()));
                said.extend(noted("source", state.source.as_deref()));
                said.extend(noted("not verified", state.unverified.as_deref()));
                Entry {
                    head: format!("{}: {}", spoken(&state.name), state.title),
                    said,
                }
            })
            .collect()
    }

    fn gradings(self) -> impl Iterator<Item = Entry> {
        let trial = &self.protocol.trial;
        trial.gradings.iter().map(move |grading| {
            let mut said: Vec<Said> = grading
                .lines
                .iter()
                .filter_map(|line| {
                    let asked = self.protocol.asked.get(line.asked.index())?;
                    let told = self.condition(&asked.condition, &self.at_visit());
                    Some(told.after(&format!("grade {}:", line.grade)).spoken())
                })
                .collect();
            said.extend(noted("source", grading.source.as_deref()));
            said.extend(noted("not verified", grading.unverified.as_deref()));
            let version = match &grading.version {
                Some(version) => format!("{} version {version}", grading.scale),
                None => grading.scale.to_string(),
            };
            Entry {
                head: format!("{}: {}, of {version}", spoken(&grading.name), grading.title),
                said,
            }
        })
    }

    /// What is asked at visits reads the values of the visit.
    fn at_visit(self) -> Within<'p> {
        match self.protocol.trial.visit {
            Some(visit) => Within::default().at(visit),
            None => Within::default(),
        }
    }

    /// The days of a visit, if that is what a window holds.
    pub(super) fn days_of_a_visit(self, window: &Window) -> Option<&'static str> {
        let Window::Between {
            from: Anchor::Milestone(from),
            to: Anchor::Milestone(to),
        } = window
        else {
            return None;
        };
        let trial = &self.protocol.trial;
        let is = |first, last| first == Some(*from) && last == Some(*to);
        if is(trial.visit, trial.visit_end) {
            Some("on the days of the visit")
        } else if is(trial.previous_visit, trial.previous_visit_end) {
            Some("on the days of the previous visit")
        } else {
            None
        }
    }

    /// Whether a milestone is one of the day at hand, which no protocol declares.
    pub(super) fn is_of_the_day(self, index: usize) -> bool {
        let id = lind_model::MilestoneId::from_index(index);
        let trial = &self.protocol.trial;
        let named = self.protocol.milestones.get(index);
        // One that a library may lean on, and the protocol does not declare.
        let is_made = trial.baseline.is_none() && named.is_some_and(|own| &*own.name == "baseline");
        trial.is_of_the_day(id) || is_made
    }

    /// Whether a milestone is only another name for one.
    pub(super) fn is_another_name(self, id: lind_model::MilestoneId) -> bool {
        let milestone = self.protocol.milestones.get(id.index());
        milestone.is_some_and(|milestone| milestone.same_as.is_some())
    }

    /// That a milestone is another name for one.
    pub(super) fn same_as(self, milestone: &Milestone) -> Option<Said> {
        let other = milestone.same_as?;
        Some(Said::new(format!(
            "another name for {}",
            self.milestone(other)
        )))
    }
}

fn noted(what: &str, text: Option<&str>) -> Option<Said> {
    text.map(|text| Said::new(format!("{what}: {text}")))
}

fn scale_words(scale: &Scale) -> String {
    match &scale.version {
        Some(version) => format!("{} version {version}", scale.name),
        None => scale.name.to_string(),
    }
}
