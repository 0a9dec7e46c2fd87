//! Days on which a value passes a test, in words.

use lind_model::plan::SpellPlan;
use lind_model::protocol::SpellCount;
use lind_model::{NodeId, Truth};
use lind_time::Day;
use lind_units::Exact;

use crate::explain::recorder::Telling;
use crate::explain::results::test_words;
use crate::explain::values::Found;
use crate::explain::words::{asked, number, place, spoken, used};
use crate::spells::DayCount;
use crate::trace::{Note, Spelled};
use crate::view::View;

/// The most values that are listed.
const MOST_FACTS: usize = 12;

impl<'c> View<'c> {
    /// `anc at most 0.5 x 10^9/L on 9 to 12 days in a row between … and …`
    pub(crate) fn spell_telling(
        &self,
        plan: &SpellPlan,
        _: NodeId,
        notes: &[Note<'c>],
        truth: Truth,
    ) -> Telling {
        let spell = &plan.spell;
        let measure = self.program.protocol().measures.get(spell.measure.index());
        let name = measure.map_or_else(String::new, |measure| spoken(&measure.name));
        let passing = measure.map_or_else(String::new, |measure| test_words(measure, &spell.test));
        let phrase = self.phrase(Some(&spell.window));
        let found = notes.iter().find_map(|note| match note {
            Note::Spell(found) => Some(*found),
            _ => None,
        });
        let values = Found::of(self, notes);
        let mut telling = match found {
            Some(Spelled {
                count: Some(count), ..
            }) if found.is_some() => {
                let days = found.map_or_else(String::new, |found| details(plan, found));
                let limit = |limit: &Exact| days_text(&number(limit));
                let relation = match (truth, spell.counted) {
                    (_, SpellCount::WithValue) | (Truth::Open(_), _) => String::new(),
                    (Truth::False, _) => format!(", not {}", asked(&spell.days, &limit)),
                    _ => format!(", {}", asked(&spell.days, &limit)),
                };
                Telling::because(format!(
                    "{name} {passing} on {}{} {phrase}{relation}{days}",
                    between(count),
                    match spell.counted {
                        SpellCount::Longest { .. } => " in a row",
                        SpellCount::Total => " in total",
                        SpellCount::WithValue => " with a value",
                    }
                ))
                .settled_by(format!("a {name} on each day that is open {phrase}"))
            }
            _ => Telling::because(format!("no {name} {phrase}"))
                .settled_by(format!("a {name} taken {phrase}")),
        };
        if let (true, Some(row)) = (truth.is_open(), values.set_aside()) {
            telling.settle = Some(format!("a correction of {}", place(self.chart, row.at)));
        }
        telling.facts = values
            .candidates
            .iter()
            .take(MOST_FACTS)
            .map(|(candidate, ..)| {
                used(
                    self.chart,
                    self.observed(&name, measure, candidate.row),
                    candidate.row.at,
                )
            })
            .collect();
        telling
    }
}

/// `9 days`, `9 to 12 days`
fn between(count: DayCount) -> String {
    if count.least == count.most {
        days_text(&count.least.to_string())
    } else {
        format!("{} to {} days", count.least, count.most)
    }
}

fn days_text(number: &str) -> String {
    let word = if number == "1" { "day" } else { "days" };
    format!("{number} {word}")
}

/// Which days, and how many of them have a value.
fn details(plan: &SpellPlan, found: Spelled) -> String {
    let stretch = found
        .stretch
        .and_then(|(from, to)| Some((Day::from_number(from)?, Day::from_number(to)?)))
        .map_or_else(String::new, |(from, to)| format!("; from {from} to {to}"));
    let measured = format!(
        "; measured on {} of {}",
        found.with_value,
        days_text(&found.days.to_string())
    );
    let open = match (found.open, plan.spell.counted) {
        (0, _) | (_, SpellCount::WithValue) => String::new(),
        (open, _) => format!(", {open} open"),
    };
    format!("{stretch}{measured}{open}")
}
