//! What the gate says of directions and witnesses.

use lind_diagnostics::Rule;
use lind_model::Effect;
use lind_model::difference::Witness;
use lind_model::protocol::ClaimKind;

use super::rules;

/// How many records of a witness are named.
const MOST_ROWS: usize = 6;

/// The rule of a direction.
pub(super) const fn of_direction(direction: ClaimKind) -> &'static Rule {
    match direction {
        ClaimKind::Opens => &rules::W0931_OPENS,
        ClaimKind::WantsLess => &rules::W0932_LESS_EVIDENCE,
        ClaimKind::Closes => &rules::W0933_CLOSES,
        _ => &rules::W0934_MORE_EVIDENCE,
    }
}

/// What a criterion does to somebody who changes in one way, in a sentence of which it is the subject.
pub(super) const fn of_way(from: Effect, to: Effect) -> &'static str {
    match (from, to) {
        (Effect::Fail, Effect::Pass) => "a patient passes it who failed it",
        (Effect::Pass, Effect::Fail) => "a patient fails it who passed it",
        (Effect::Pass, _) => "it is open for a patient who passed it",
        (Effect::Fail, _) => "it leaves open for a patient what it decided against",
        (Effect::Open, Effect::Pass) => "a patient passes it for whom it was open",
        (Effect::Open, _) => "it decides against a patient whom it left open",
    }
}

/// A made-up patient in a few sentences: who they are, what is recorded, and what both versions say of one criterion.
pub(super) fn of_witness(witness: &Witness, criterion: &str) -> Vec<String> {
    let mut person = String::from("shown by a made-up patient");
    if let Some(sex) = witness.sex {
        person.push_str(&format!(", {sex}"));
    }
    if let Some(born) = witness.born {
        person.push_str(&format!(", born {born}"));
    }
    let rows: Vec<&_> = witness.rows.iter().filter(|row| row.matters).collect();
    let more = rows.len().saturating_sub(MOST_ROWS);
    for (place, row) in rows.iter().take(MOST_ROWS).enumerate() {
        person.push_str(if place == 0 { ", with\n" } else { ",\n" });
        person.push_str(&row.said);
    }
    if more > 0 {
        person.push_str(&format!(", and {more} more like these"));
    }
    let mut notes = vec![person];
    let because = witness
        .because
        .iter()
        .find(|own| &*own.criterion == criterion);
    if let Some(because) = because {
        for (version, own) in [("old", &because.old), ("new", &because.new)] {
            notes.push(match own {
                Some((effect, reason)) => format!("{version} version: {}, {reason}", effect.word()),
                None => format!("{version} version: not asked"),
            });
        }
    }
    notes
}

/// Counts below this are not told where others may read them.
const SMALL: u64 = 5;

/// Of how many patients of the data a change is so, enrolled ones included, and for how many it alone decides.
pub(super) fn of_patients(patients: u64, alone: u64, small_counts: bool) -> String {
    let count = |count: u64| match count {
        1..SMALL if !small_counts => "fewer than 5".to_owned(),
        _ => count.to_string(),
    };
    match (patients, alone) {
        (0, _) => "nobody of the data stands elsewhere by it".to_owned(),
        (_, 0) => format!(
            "patients of the data who stand elsewhere or are enrolled, and for whom it is so: {}",
            count(patients)
        ),
        _ => format!(
            "patients of the data who stand elsewhere or are enrolled, and for whom it is so: {}; \
             by this change alone: {}",
            count(patients),
            count(alone)
        ),
    }
}
