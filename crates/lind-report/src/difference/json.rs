//! Differences as JSON, schema `lind.diff/1`.

use std::sync::Arc;

use lind_model::difference::{Because, PartDifference, Status, Witness};
use lind_model::{Effect, Protocol};
use serde::Serialize;

use super::{Compared, change_word, status_word};
use crate::json::line;
use crate::names;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.diff/1";

#[derive(Serialize)]
struct WireDifference<'a> {
    schema: &'static str,
    old: WireVersion<'a>,
    new: WireVersion<'a>,
    transitions: Vec<WireTransition<'a>>,
    criteria: Vec<WireCriterion<'a>>,
    /// What the versions say otherwise beyond eligibility.
    parts: Vec<WirePart<'a>>,
    /// What it means for patients of whom there are data, if they were asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    cohort: Option<super::cohort::WireCohort<'a>>,
    /// What was not compared: nothing that has a meaning.
    not_compared: [&'static str; 0],
}

#[derive(Serialize)]
struct WirePart<'a> {
    rule: &'static str,
    category: &'static str,
    change: &'static str,
    /// The sort of thing.
    thing: &'static str,
    id: &'a str,
    title: &'a str,
    /// What the old version says in words; none if the thing is not there.
    old: Option<&'a str>,
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct WireVersion<'a> {
    protocol: &'a str,
    version: Option<&'a str>,
    dated: Option<String>,
    gate: &'a str,
}

#[derive(Serialize)]
struct WireTransition<'a> {
    from: &'static str,
    to: &'static str,
    #[serde(flatten)]
    status: WireStatus<'a>,
}

#[derive(Serialize)]
struct WireStatus<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<WireWitness<'a>>,
    /// The conditions on which an undecided answer hangs.
    #[serde(skip_serializing_if = "Option::is_none")]
    undecided_by: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
struct WireWitness<'a> {
    /// Always true: no witness is a real person.
    made_up: bool,
    sex: Option<&'static str>,
    birth_date: Option<String>,
    rows: Vec<WireRow<'a>>,
    because: Vec<WireBecause<'a>>,
}

#[derive(Serialize)]
struct WireRow<'a> {
    table: &'static str,
    matters: bool,
    cells: std::collections::BTreeMap<&'static str, &'a str>,
}

#[derive(Serialize)]
struct WireBecause<'a> {
    criterion: &'a str,
    old: Option<WireEffect<'a>>,
    new: Option<WireEffect<'a>>,
}

#[derive(Serialize)]
struct WireEffect<'a> {
    effect: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct WireCriterion<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
    change: &'static str,
    /// By itself, from one effect to another; what is proved to be impossible is left out.
    effects: Vec<WireChange<'a>>,
    /// Whether anybody stands elsewhere by this change alone; none where nothing changed.
    in_context: Option<WireStatus<'a>>,
    only_old: Vec<&'a str>,
    only_new: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireChange<'a> {
    from: &'static str,
    to: &'static str,
    #[serde(flatten)]
    status: WireStatus<'a>,
}

/// What was found, as one JSON object, without a line break at its end.
#[must_use]
pub fn difference_json(compared: &Compared<'_>) -> String {
    let difference = compared.difference;
    let [old_gate, new_gate] = &difference.gates;
    let transitions = difference.transitions.iter();
    let criteria = difference.criteria.iter();
    line(&WireDifference {
        schema: SCHEMA,
        old: version(compared.old, old_gate),
        new: version(compared.new, new_gate),
        transitions: transitions
            .map(|own| WireTransition {
                from: own.from.word(),
                to: own.to.word(),
                status: status(&own.status),
            })
            .collect(),
        criteria: criteria
            .map(|own| {
                let [only_old, only_new] = &own.texts;
                let effects = own.change.effects();
                WireCriterion {
                    id: &own.id,
                    kind: names::kind(own.kind),
                    title: &own.title,
                    change: change_word(&own.change),
                    effects: effects
                        .into_iter()
                        .flat_map(|effects| &effects.alone)
                        .map(|(from, to, own)| WireChange {
                            from: from.word(),
                            to: to.word(),
                            status: status(own),
                        })
                        .collect(),
                    in_context: effects.map(|effects| status(&effects.in_context)),
                    only_old: texts(only_old),
                    only_new: texts(only_new),
                }
            })
            .collect(),
        parts: difference.parts.iter().map(part).collect(),
        cohort: compared.cohort.map(super::cohort::wire),
        not_compared: [],
    })
}

fn part(own: &PartDifference) -> WirePart<'_> {
    WirePart {
        rule: own.rule.id,
        category: own.rule.category.word(),
        change: own.rule.change.word(),
        thing: own.rule.thing,
        id: &own.id,
        title: &own.title,
        old: own.old.as_ref().map(|side| side.words.as_str()),
        new: own.new.as_ref().map(|side| side.words.as_str()),
    }
}

fn version<'a>(protocol: &'a Protocol, gate: &'a str) -> WireVersion<'a> {
    WireVersion {
        protocol: &protocol.id,
        version: protocol.version.as_deref(),
        dated: protocol.dated.map(|day| day.to_string()),
        gate,
    }
}

fn texts(list: &[Arc<str>]) -> Vec<&str> {
    list.iter().map(|text| &**text).collect()
}

fn status(status: &Status) -> WireStatus<'_> {
    WireStatus {
        status: match status {
            Status::Impossible => "impossible",
            other => status_word(other),
        },
        witness: status.witness().map(witness),
        undecided_by: match status {
            Status::Undecided(causes) => Some(texts(causes)),
            Status::Impossible | Status::Witnessed(_) => None,
        },
    }
}

fn witness(witness: &Witness) -> WireWitness<'_> {
    let rows = witness.rows.iter();
    let because = witness.because.iter();
    WireWitness {
        made_up: true,
        sex: witness.sex,
        birth_date: witness.born.map(|day| day.to_string()),
        rows: rows
            .map(|row| WireRow {
                table: row.table,
                matters: row.matters,
                cells: row
                    .cells
                    .iter()
                    .map(|(column, text)| (*column, text.as_str()))
                    .collect(),
            })
            .collect(),
        because: because.map(one_because).collect(),
    }
}

fn one_because(because: &Because) -> WireBecause<'_> {
    fn effect(own: &(Effect, String)) -> WireEffect<'_> {
        WireEffect {
            effect: own.0.word(),
            reason: &own.1,
        }
    }
    WireBecause {
        criterion: &because.criterion,
        old: because.old.as_ref().map(effect),
        new: because.new.as_ref().map(effect),
    }
}
