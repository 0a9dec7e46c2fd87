//! The schedule: study days, assessments, timelines and visits.
//!
//! Visits are read in two steps. Their times come first, since visits that something leans on are milestones and stand
//! in the temporal network with them. What is assessed at them comes last, when everything that it names is known.

mod assessments;
mod expand;
mod order;
mod times;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Files, Sink, Span};
use lind_model::trial::StudyDayCount;
use lind_model::{AssessmentId, MilestoneId, TimelineId, VisitId};
use lind_syntax::tree::Item;
use lind_time::network::NodeId;
use lind_time::{Offset, StudyDays};

use crate::modules::Module;
use crate::scope::{Scope, Symbol, declare};

pub(crate) use assessments::elaborate;
pub(crate) use expand::{Draft, MOST_VISITS, drafts};

/// What the times of visits were found to be, before milestones have their final ids.
#[derive(Debug, Clone)]
pub(crate) enum Time {
    /// On a day, or a little earlier or later.
    Planned {
        at: Point,
        earlier: Offset,
        later: Offset,
    },
    /// On any day between the two, both included.
    Span(Point, Point),
    /// At any time.
    Unscheduled,
}

/// A day: so far from something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) root: Root,
    pub(crate) offset: Offset,
}

/// What a visit is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// A milestone, by its place before milestones are put in order.
    Milestone(usize),
    /// A visit.
    Visit(VisitId),
}

/// The visits while the run goes on.
#[derive(Default)]
pub(crate) struct Timetable {
    /// Their times; a hole where one could not be understood.
    pub(crate) times: Vec<Option<Time>>,
    /// The events of the network that they are.
    pub(crate) nodes: Vec<NodeId>,
    /// The milestones that some of them are.
    pub(crate) milestones: Vec<Option<MilestoneId>>,
    /// How study days are counted could not be understood, which has its own message.
    pub(crate) count_lost: bool,
    /// What study days are counted from, before milestones are put in order.
    pub(crate) study_days: Option<(usize, StudyDays, Span)>,
}

impl Timetable {
    /// The count of study days with the final id of its milestone.
    pub(crate) fn count(
        &self,
        place: impl Fn(usize) -> Option<MilestoneId>,
    ) -> Option<StudyDayCount> {
        let (anchor, count, span) = self.study_days?;
        Some(StudyDayCount {
            anchor: place(anchor)?,
            count,
            span,
        })
    }
}

/// Declares the names of the schedule. Visits that something leans on are milestones; they are counted behind all
/// others, in the order of the source.
pub(crate) fn declare_names(
    files: &Files,
    modules: &[Module],
    milestones: &mut usize,
    scopes: &mut [Scope],
    sink: &mut Sink,
) {
    let (mut assessments, mut timelines) = (0, 0);
    for (module, scope) in modules.iter().zip(scopes.iter_mut()) {
        for item in &module.tree.items {
            let (name, symbol) = match item {
                Item::Assessment(item) => {
                    assessments += 1;
                    let id = AssessmentId::from_index(assessments - 1);
                    (&item.name, Symbol::Assessment(id))
                }
                Item::Timeline(item) => {
                    timelines += 1;
                    let id = TimelineId::from_index(timelines - 1);
                    (&item.name, Symbol::Timeline(id))
                }
                _ => continue,
            };
            declare(scope, name, symbol, sink);
        }
    }
    let words = words(files, modules);
    for (index, draft) in drafts(modules).iter().enumerate() {
        let symbol = if is_leant_on(draft, &words) {
            *milestones += 1;
            Symbol::Milestone(MilestoneId::from_index(*milestones - 1))
        } else {
            Symbol::Visit(VisitId::from_index(index))
        };
        if let Some(scope) = scopes.get_mut(draft.module) {
            declare(scope, &draft.name, symbol, sink);
        }
    }
}

/// Whether a name occurs elsewhere than where it is declared.
pub(crate) fn is_leant_on(draft: &Draft<'_>, words: &BTreeMap<String, usize>) -> bool {
    let own = usize::from(draft.is_written);
    words.get(&draft.name.text).copied().unwrap_or_default() > own
}

/// How often each word stands in the files, outside of comments and texts.
pub(crate) fn words(files: &Files, modules: &[Module]) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    let has_visits = |module: &&Module| {
        let is_visit = |item: &Item| matches!(item, Item::Timeline(_) | Item::Visit(_));
        module.tree.items.iter().any(is_visit)
    };
    // Without visits there is nothing to look for.
    if !modules.iter().any(|module| has_visits(&module)) {
        return words;
    }
    for module in modules.iter().filter(|module| !module.is_standard()) {
        let (mut in_text, mut in_comment, mut escaped) = (false, false, false);
        let mut word = String::new();
        for c in files.text(module.file).chars().chain([' ']) {
            let is_part = c.is_ascii_alphanumeric() || c == '_';
            if is_part && !in_text && !in_comment {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                *words.entry(std::mem::take(&mut word)).or_default() += 1;
            }
            match c {
                '\n' => (in_text, in_comment, escaped) = (false, false, false),
                _ if in_comment => {}
                '\\' if in_text && !escaped => escaped = true,
                '"' if !escaped => in_text = !in_text,
                '#' if !in_text => in_comment = true,
                _ => escaped = false,
            }
        }
    }
    words
}

/// A text of the source as the model keeps it.
pub(crate) fn arc(text: &str) -> Arc<str> {
    Arc::from(text)
}
