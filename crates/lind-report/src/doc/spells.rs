//! Days on which a value passes a test, in sentences.

use lind_model::protocol::{Spell, SpellCount, Subject};

use crate::doc::Teller;
use crate::doc::values::{Within, interval};

impl<'p> Teller<'p> {
    /// `on at least 14 days in a row, the worst anc of the day is at most …`
    pub(super) fn spell(self, spell: &Spell, within: &Within<'p>) -> String {
        let subject = Subject::Measure(spell.measure);
        let name = self.subject(subject);
        let test = self.test(subject, &spell.test);
        let measure = self.protocol.measures.get(spell.measure.index());
        let worst = match measure.and_then(|measure| measure.worst_is_highest) {
            Some(true) => format!("the highest {name} of the day"),
            Some(false) => format!("the lowest {name} of the day"),
            None => format!("every {name} of the day"),
        };
        let window = self.window(&spell.window);
        let days = interval(&spell.days, "days");
        let samples = self.samples(within);
        let gaps = match spell.gap {
            0 => "; days without a value are open".to_owned(),
            1 => "; one day without a value counts as the one before it, days of longer gaps are open"
                .to_owned(),
            gap => format!(
                "; up to {gap} days without a value count as the one before them, days of longer gaps are open"
            ),
        };
        let provenance = self.provenance(&spell.provenance);
        match spell.counted {
            SpellCount::Longest { recovery } => {
                let ended = match recovery {
                    0 | 1 => "one day on which it is not so ends them".to_owned(),
                    days => format!("{days} days in a row on which it is not so end them"),
                };
                format!(
                    "on {days} in a row {window}, {worst} {test}{provenance}{samples}; {ended}{gaps}"
                )
            }
            SpellCount::Total => {
                format!("on {days} in total {window}, {worst} {test}{provenance}{samples}{gaps}")
            }
            SpellCount::WithValue => {
                let enough = spell.evidence.map_or_else(String::new, |least| {
                    format!("; nothing is concluded from fewer than {least} days with a value")
                });
                format!(
                    "on no day with a value {window}, {worst} {test}{provenance}{samples}{enough}"
                )
            }
        }
    }
}
