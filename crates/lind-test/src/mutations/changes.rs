//! Changes: their amounts, directions, ends and how long they last.

use lind_model::plan::{ChangePlan, NodeKind, Plan};
use lind_model::protocol::{ChangeMode, Compared, Direction, Persistence, Selector, ValueAt};

use crate::mutations::intervals::intervals;
use crate::mutations::values::{samples, selector_word};
use crate::mutations::windows::{lastings, windows};
use crate::mutations::{Variant, becomes};

/// Other changes in place of one.
pub(super) fn changes(plan: &Plan, change: &ChangePlan) -> Vec<Variant> {
    let kind = |change: ChangePlan| NodeKind::Change(Box::new(change));
    let unit = match &change.mode {
        ChangeMode::Relative => "% relative".to_owned(),
        ChangeMode::Absolute(unit) => unit.written().to_owned(),
        ChangeMode::Points => "points".to_owned(),
    };
    let mut variants: Vec<Variant> = intervals(&change.by, None, None, &unit)
        .into_iter()
        .map(|changed| {
            let other = ChangePlan {
                by: changed.interval,
                ..change.clone()
            };
            Variant::new(changed.change, kind(other))
        })
        .collect();
    let directions: &[Direction] = match (change.direction, change.lasting) {
        (Direction::Falls, None) => &[Direction::Rises, Direction::Changes],
        (Direction::Rises, None) => &[Direction::Falls, Direction::Changes],
        (Direction::Changes, _) => &[Direction::Falls, Direction::Rises],
        (Direction::Falls, Some(_)) => &[Direction::Rises],
        (Direction::Rises, Some(_)) => &[Direction::Falls],
    };
    for direction in directions {
        let other = ChangePlan {
            direction: *direction,
            ..change.clone()
        };
        let words = becomes(direction_word(change.direction), direction_word(*direction));
        variants.push(Variant::new(words, kind(other)));
    }
    for (words, between) in compared(plan, &change.between) {
        let other = ChangePlan {
            between,
            ..change.clone()
        };
        variants.push(Variant::new(words, kind(other)));
    }
    for (words, lasting) in change.lasting.map(persistences).unwrap_or_default() {
        let other = ChangePlan {
            lasting,
            ..change.clone()
        };
        variants.push(Variant::new(words, kind(other)));
    }
    for (words, samples) in samples(plan, &change.samples) {
        let other = ChangePlan {
            samples,
            ..change.clone()
        };
        variants.push(Variant::new(words, kind(other)));
    }
    variants
}

/// Other values to compare.
fn compared(plan: &Plan, between: &Compared) -> Vec<(String, Compared)> {
    match between {
        Compared::Within(window) => windows(plan, window)
            .into_iter()
            .map(|(words, window)| (words, Compared::Within(window)))
            .collect(),
        Compared::FromTo(from, to) => {
            let earlier = values(plan, from)
                .into_iter()
                .map(|(words, from)| (words, Compared::FromTo(from, to.clone())));
            let later = values(plan, to)
                .into_iter()
                .map(|(words, to)| (words, Compared::FromTo(from.clone(), to)));
            earlier.chain(later).collect()
        }
    }
}

/// Another value of the window, or another window.
pub(super) fn values(plan: &Plan, value: &ValueAt) -> Vec<(String, ValueAt)> {
    let selector = match value.selector {
        Selector::Highest => Selector::Lowest,
        Selector::Lowest => Selector::Highest,
        Selector::Latest => Selector::First,
        _ => Selector::Latest,
    };
    let mut others = vec![(
        becomes(selector_word(value.selector), selector_word(selector)),
        ValueAt {
            selector,
            ..value.clone()
        },
    )];
    for (words, window) in windows(plan, &value.window) {
        others.push((
            words,
            ValueAt {
                window,
                ..value.clone()
            },
        ));
    }
    others
}

/// For another time, in another way, or not at all.
fn persistences(persistence: Persistence) -> Vec<(String, Option<Persistence>)> {
    let word = |throughout: bool| if throughout { "sustained" } else { "confirmed" };
    let own = word(persistence.throughout);
    let turned = Persistence {
        throughout: !persistence.throughout,
        ..persistence
    };
    let mut others = vec![
        (format!("`{own}` is left out"), None),
        (becomes(own, word(turned.throughout)), Some(turned)),
    ];
    for (words, lasting) in lastings(persistence.lasting) {
        others.push((
            words,
            Some(Persistence {
                lasting,
                ..persistence
            }),
        ));
    }
    others
}

pub(super) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Falls => "falls",
        Direction::Rises => "rises",
        Direction::Changes => "changes",
    }
}
