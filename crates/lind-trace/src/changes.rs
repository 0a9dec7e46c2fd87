//! What became of the lines of an earlier text, and which of the two texts the criteria state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::CriterionId;
use lind_model::trace::{Follows, LineChange, LineList, LineStatus, TracedLine};

use crate::answers::{Answers, numbers_not_found};
use crate::numbers::{Agreement, Number};
use crate::said::Said;
use crate::stated::Stated;

/// What two lines must share to be one that has changed, in thousandths of both.
const ALIKE: usize = 450;

/// What became of the lines of an earlier text; lines that say the same are left out.
pub(crate) fn changes(
    answers: &Answers<'_>,
    earlier: &[TracedLine],
    later: &[TracedLine],
) -> Vec<LineChange> {
    let before: Vec<Said> = earlier.iter().map(|own| Said::of(&own.line.text)).collect();
    let after: Vec<Said> = later.iter().map(|own| Said::of(&own.line.text)).collect();
    let pairs = pairs(earlier, &before, later, &after);
    let stating: BTreeSet<CriterionId> = later
        .iter()
        .flat_map(|own| own.criteria.iter().copied())
        .collect();
    let mut changes = Vec::new();
    for (place, (own, said)) in later.iter().zip(&after).enumerate() {
        let partner = pairs.get(&place).copied();
        match partner.and_then(|partner| Some((earlier.get(partner)?, before.get(partner)?))) {
            Some((old, old_said)) => {
                if old_said.bare != said.bare {
                    changes.push(changed(answers, (old, old_said), (own, said)));
                }
            }
            None => changes.push(LineChange {
                earlier: None,
                later: Some(own.line.clone()),
                criteria: own.criteria.clone(),
                only_earlier: Vec::new(),
                only_later: Vec::new(),
                // What is missing or stated in part is told of the line itself.
                follows: if own.status == LineStatus::Stated {
                    Follows::Later
                } else {
                    Follows::Undecided
                },
            }),
        }
    }
    let kept: BTreeSet<usize> = pairs.values().copied().collect();
    for (place, own) in earlier.iter().enumerate() {
        if kept.contains(&place) {
            continue;
        }
        let criteria: Vec<CriterionId> = own
            .criteria
            .iter()
            .copied()
            .filter(|id| !stating.contains(id))
            .collect();
        let follows = if criteria.is_empty() {
            Follows::Later
        } else {
            Follows::Earlier
        };
        changes.push(LineChange {
            earlier: Some(own.line.clone()),
            later: None,
            criteria,
            only_earlier: Vec::new(),
            only_later: Vec::new(),
            follows,
        });
    }
    changes
}

/// For each later line that has one, the earlier line that it was: the same words first, then the most alike, each
/// line once.
fn pairs(
    earlier: &[TracedLine],
    before: &[Said],
    later: &[TracedLine],
    after: &[Said],
) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut same: BTreeMap<(LineList, &str), Vec<usize>> = BTreeMap::new();
    for (place, (own, said)) in earlier.iter().zip(before).enumerate().rev() {
        same.entry((own.line.list, said.bare.as_str()))
            .or_default()
            .push(place);
    }
    for (place, (own, said)) in later.iter().zip(after).enumerate() {
        let found = same.get_mut(&(own.line.list, said.bare.as_str()));
        if let Some(partner) = found.and_then(Vec::pop) {
            pairs.insert(place, partner);
            taken.insert(partner);
        }
    }
    let tokens =
        |lines: &[Said]| -> Vec<BTreeSet<String>> { lines.iter().map(Said::tokens).collect() };
    let (old, new) = (tokens(before), tokens(after));
    let mut alike: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (place, own) in later.iter().enumerate() {
        if pairs.contains_key(&place) {
            continue;
        }
        for (partner, other) in earlier.iter().enumerate() {
            if taken.contains(&partner) || own.line.list != other.line.list {
                continue;
            }
            let is_field = matches!(
                own.line.list,
                LineList::MinimumAge | LineList::MaximumAge | LineList::Sex
            );
            let (Some(a), Some(b)) = (new.get(place), old.get(partner)) else {
                continue;
            };
            let all = a.len() + b.len();
            let shared = a.intersection(b).count();
            let likeness = (2000 * shared).checked_div(all).unwrap_or(0);
            if is_field || likeness >= ALIKE {
                let likeness = if is_field { 2000 } else { likeness };
                alike.push((2000 - likeness, place.abs_diff(partner), place, partner));
            }
        }
    }
    alike.sort_unstable();
    for (_, _, place, partner) in alike {
        if !pairs.contains_key(&place) && taken.insert(partner) {
            pairs.insert(place, partner);
        }
    }
    pairs
}

/// A line that says something else now.
fn changed(
    answers: &Answers<'_>,
    (old, old_said): (&TracedLine, &Said),
    (new, new_said): (&TracedLine, &Said),
) -> LineChange {
    let criteria = if new.criteria.is_empty() {
        &old.criteria
    } else {
        &new.criteria
    };
    let stated: Vec<&Stated> = answers
        .stated
        .iter()
        .filter(|own| criteria.contains(&own.id))
        .collect();
    let only_old = only(old_said, new_said);
    let only_new = only(new_said, old_said);
    let has = |own: &Only| own.held_by(&stated, old, new);
    let (had_old, had_new) = (only_old.iter().any(has), only_new.iter().any(has));
    let lacks_number = only_new.iter().any(|own| own.is_number && !has(own));
    let is_field = matches!(
        new.line.list,
        LineList::MinimumAge | LineList::MaximumAge | LineList::Sex
    );
    let follows = if is_field {
        match (new.status, old.status) {
            (LineStatus::Stated, _) => Follows::Later,
            (_, LineStatus::Stated) => Follows::Earlier,
            _ => Follows::Undecided,
        }
    } else if stated.is_empty() {
        Follows::Undecided
    } else if lacks_number || (had_old && !had_new) {
        // A number that was added and is not there, or what has gone and still is.
        Follows::Earlier
    } else if had_new {
        Follows::Later
    } else {
        Follows::Undecided
    };
    let texts = |list: &[Only]| {
        list.iter()
            .map(|own| Arc::from(own.said.as_str()))
            .collect()
    };
    LineChange {
        earlier: Some(old.line.clone()),
        later: Some(new.line.clone()),
        criteria: criteria.clone(),
        only_earlier: texts(&only_old),
        only_later: texts(&only_new),
        follows,
    }
}

/// A word or a number that only one of two lines has.
struct Only {
    said: String,
    stem: String,
    is_number: bool,
}

impl Only {
    /// Whether criteria have it.
    fn held_by(&self, stated: &[&Stated], old: &TracedLine, new: &TracedLine) -> bool {
        if !self.is_number {
            return stated.iter().any(|own| own.has(&self.stem));
        }
        // The line gives the number what it is about.
        [old, new].into_iter().any(|own| {
            let said = Said::of(&own.line.text);
            let is_there = said
                .numbers
                .iter()
                .any(|(number, _)| number.said == self.said);
            let missing = numbers_not_found(own.line.list, &said, stated, &mut Vec::new());
            is_there && !missing.iter().any(|missing| *missing.said == *self.said)
        })
    }
}

/// What a line has that another has not.
fn only(own: &Said, other: &Said) -> Vec<Only> {
    let is_same = |one: &Number, two: &Number| {
        one.agrees(two) == Agreement::Same && one.comparison == two.comparison
    };
    let numbers = own.numbers.iter().filter(|(number, _)| {
        let mut others = other.numbers.iter();
        !others.any(|(two, _)| is_same(number, two))
    });
    let mut only: Vec<Only> = numbers
        .map(|(number, _)| Only {
            said: number.said.clone(),
            stem: String::new(),
            is_number: true,
        })
        .collect();
    for word in &own.words {
        if !other.words.iter().any(|two| two.stem == word.stem) {
            only.push(Only {
                said: word.said.clone(),
                stem: word.stem.clone(),
                is_number: false,
            });
        }
    }
    only
}
