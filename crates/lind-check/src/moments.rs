//! The end of the data, a milestone that nobody declares. (Those of the day at hand are in `visits.rs`.)

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_model::MilestoneId;
use lind_model::protocol::Milestone;
use lind_syntax::tree::Item;

use crate::analysis::Checker;
use crate::modules::Module;

impl Checker<'_> {
    /// Makes the milestone that populations and endpoints are asked at, if there are any.
    ///
    /// It follows all others, so that those keep their ids, and nothing is proven to be later than it: what has
    /// not happened by the end of the data is pending there.
    pub(crate) fn moments(&mut self, modules: &[Module]) {
        let asks = |item: &&Item| {
            matches!(
                item,
                Item::Population(_) | Item::Endpoint(_) | Item::Escalation(_)
            )
        };
        let items = modules.iter().flat_map(|module| &module.tree.items);
        let Some(span) = items.into_iter().find(asks).map(place) else {
            return;
        };
        self.tables.trial.end_of_data = Some(self.add_moment("the end of the data", span));
    }

    fn add_moment(&mut self, name: &str, span: Span) -> MilestoneId {
        let id = MilestoneId::from_index(self.tables.milestones.len());
        let not_later = (0..=self.tables.milestones.len())
            .map(MilestoneId::from_index)
            .collect();
        self.tables.milestones.push(Some(Milestone {
            name: Arc::from(name),
            title: None,
            timed: false,
            not_later,
            days_earlier: Vec::new(),
            values: None,
            same_as: None,
            span,
        }));
        id
    }
}

fn place(item: &Item) -> Span {
    match item {
        Item::Population(population) => population.name.span,
        Item::Endpoint(endpoint) => endpoint.name.span,
        Item::Escalation(escalation) => escalation.span,
        Item::Broken(span) => *span,
        _ => Span::at(lind_diagnostics::FileId::from_index(0), 0),
    }
}
