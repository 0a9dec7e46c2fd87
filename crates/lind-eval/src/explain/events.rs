//! Adverse events in words.

use lind_model::protocol::FactField;
use lind_records::AdverseEvent;

use crate::events::relation;
use crate::explain::words::spoken;
use crate::rows::{Field, Row};
use crate::view::View;

impl View<'_> {
    /// What is recorded of an event besides its dates: `grade 3 by astct, relation: possible, serious`.
    pub(crate) fn event_words(&self, event: &AdverseEvent) -> String {
        let mut said: Vec<String> = Vec::new();
        let scale = event.scale.map(|scale| self.context.symbols.text(scale));
        said.extend(match (event.grade, scale) {
            (Some(grade), Some(scale)) => Some(format!("grade {grade} by {scale}")),
            (Some(grade), None) => Some(format!("grade {grade}")),
            (None, Some(scale)) => Some(format!("by {scale}")),
            (None, None) => None,
        });
        said.extend(event.related.map(|word| {
            let word = self.context.symbols.text(word);
            let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
            match relation(word) {
                Some(true) if is(&["yes", "related"]) => "related".to_owned(),
                Some(false) if is(&["no", "not_related", "unrelated"]) => "not related".to_owned(),
                _ => format!("relation: {}", spoken(word)),
            }
        }));
        said.extend((event.serious == Some(true)).then(|| "serious".to_owned()));
        said.extend((event.dlt == Some(true)).then(|| "dose-limiting".to_owned()));
        said.join(", ")
    }

    /// Why a field of a row does not tell.
    pub(crate) fn field_doubt(&self, row: &Row<'_>, field: FactField) -> String {
        if let Field::Relation(word) = row.field(field) {
            let word = self.context.symbols.text(word);
            if relation(word).is_none() {
                return format!("`{word}` does not tell whether it is related to treatment");
            }
        }
        match field {
            FactField::Related => "whether it is related to treatment is not recorded".to_owned(),
            FactField::Serious => "whether it is serious is not recorded".to_owned(),
            FactField::DoseLimiting => {
                "whether it was judged dose-limiting is not recorded".to_owned()
            }
            _ => format!("its {} is not recorded", field.words()),
        }
    }
}
