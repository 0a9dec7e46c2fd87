//! Traces as JSON, schema `lind.trace/1`.

use std::sync::Arc;

use lind_model::Protocol;
use lind_model::trace::{Follows, LineChange, LineList, RegistryLine, TracedLine};
use serde::Serialize;

use super::{STATUSES, Traced, number, numbers, status_word, title};
use crate::json::line;
use crate::names;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.trace/1";

#[derive(Serialize)]
struct WireTrace<'a> {
    schema: &'static str,
    protocol: &'a str,
    version: Option<&'a str>,
    dated: Option<String>,
    registry: WireRegistry<'a>,
    counts: std::collections::BTreeMap<&'static str, usize>,
    lines: Vec<WireTracedLine<'a>>,
    /// Criteria that no line states.
    alone: Vec<WireCriterion<'a>>,
    /// None without an earlier text.
    changes: Option<Vec<WireChange<'a>>>,
}

#[derive(Serialize)]
struct WireRegistry<'a> {
    name: &'a str,
    form: &'a str,
    earlier: Option<&'a str>,
    /// The trial that the text names, if it is another.
    other_trial: Option<&'a str>,
}

#[derive(Serialize)]
struct WireLine<'a> {
    number: &'a str,
    list: &'static str,
    text: &'a str,
    row: Option<usize>,
}

#[derive(Serialize)]
struct WireTracedLine<'a> {
    #[serde(flatten)]
    line: WireLine<'a>,
    status: &'static str,
    criteria: Vec<&'a str>,
    found_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unstated: Option<WireTopic<'a>>,
    numbers_not_found: Vec<WireNumber<'a>>,
    items_not_found: Vec<&'a str>,
    words_not_found: Vec<&'a str>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireTopic<'a> {
    topic: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct WireNumber<'a> {
    said: &'a str,
    /// What the criterion has in its place.
    instead: Option<&'a str>,
}

#[derive(Serialize)]
struct WireCriterion<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
}

#[derive(Serialize)]
struct WireChange<'a> {
    earlier: Option<WireLine<'a>>,
    later: Option<WireLine<'a>>,
    criteria: Vec<&'a str>,
    only_earlier: Vec<&'a str>,
    only_later: Vec<&'a str>,
    /// Which text the criteria state: `later`, `earlier` or `undecided`.
    follows: &'static str,
    /// Whether somebody must look at it.
    finding: bool,
}

/// What was found, as one JSON object, without a line break at its end.
#[must_use]
pub fn trace_json(traced: &Traced<'_>) -> String {
    let (protocol, trace) = (traced.protocol, traced.trace);
    let (name, form) = traced.registry;
    let statuses = STATUSES.into_iter();
    let alone = trace.alone.iter();
    line(&WireTrace {
        schema: SCHEMA,
        protocol: &protocol.id,
        version: protocol.version.as_deref(),
        dated: protocol.dated.map(|day| day.to_string()),
        registry: WireRegistry {
            name,
            form,
            earlier: traced.earlier,
            other_trial: traced.other_trial,
        },
        counts: statuses
            .map(|status| (status_word(status), trace.count(status)))
            .collect(),
        lines: trace
            .lines
            .iter()
            .map(|own| traced_line(protocol, own))
            .collect(),
        alone: alone
            .map(|id| WireCriterion {
                id: number(protocol, *id),
                kind: protocol
                    .criteria
                    .get(id.index())
                    .map_or("", |criterion| names::kind(criterion.kind)),
                title: title(protocol, *id),
            })
            .collect(),
        changes: trace
            .changes
            .as_ref()
            .map(|changes| changes.iter().map(|own| change(protocol, own)).collect()),
    })
}

fn texts(list: &[Arc<str>]) -> Vec<&str> {
    list.iter().map(|text| &**text).collect()
}

fn registry_line(line: &RegistryLine) -> WireLine<'_> {
    WireLine {
        number: &line.number,
        list: match line.list {
            LineList::Inclusion => "inclusion",
            LineList::Exclusion => "exclusion",
            LineList::Sentence => "sentence",
            LineList::MinimumAge => "minimum_age",
            LineList::MaximumAge => "maximum_age",
            LineList::Sex => "sex",
        },
        text: &line.text,
        row: line.row,
    }
}

fn traced_line<'a>(protocol: &'a Protocol, own: &'a TracedLine) -> WireTracedLine<'a> {
    let numbers_not_found = own.numbers.iter();
    WireTracedLine {
        line: registry_line(&own.line),
        status: status_word(own.status),
        criteria: numbers(protocol, &own.criteria),
        found_by: own.found_by.map(lind_model::trace::FoundBy::word),
        unstated: own
            .unstated
            .as_ref()
            .map(|(topic, reason)| WireTopic { topic, reason }),
        numbers_not_found: numbers_not_found
            .map(|number| WireNumber {
                said: &number.said,
                instead: number.instead.as_deref(),
            })
            .collect(),
        items_not_found: texts(&own.items),
        words_not_found: texts(&own.words),
        notes: texts(&own.notes),
    }
}

fn change<'a>(protocol: &'a Protocol, own: &'a LineChange) -> WireChange<'a> {
    WireChange {
        earlier: own.earlier.as_ref().map(registry_line),
        later: own.later.as_ref().map(registry_line),
        criteria: numbers(protocol, &own.criteria),
        only_earlier: texts(&own.only_earlier),
        only_later: texts(&own.only_later),
        follows: own.follows.word(),
        finding: own.follows == Follows::Earlier,
    }
}
