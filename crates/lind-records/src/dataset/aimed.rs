//! What is left out of a chart because it cannot matter.

use super::Dataset;
use crate::chart::MilestoneRow;
use crate::feed::Feed;
use crate::person::Person;
use crate::{Table, Timeline};

impl Dataset {
    /// Whether observations are left out that cannot matter.
    pub(super) fn is_sieved(&self) -> bool {
        let feed = self.feeds.get(&Table::Observations);
        feed.is_some_and(Feed::is_sieved)
    }

    /// Tells the observations what the milestones of the patient are, if they are certain.
    pub(super) fn aim(&mut self, milestones: &Timeline<MilestoneRow>, person: &Person) {
        let feed = self.feeds.get_mut(&Table::Observations);
        if let Some(feed) = feed.filter(|feed| feed.is_sieved()) {
            // A record that cannot be read, or one of another table, may be a milestone.
            let mut aside = person.set_aside.iter();
            let is_certain = self.settings.mapping.milestones.is_empty()
                && !aside.any(|row| row.table == Table::Milestones);
            feed.aim(is_certain.then_some(milestones));
        }
    }
}
