//! Results in slices of time, as clauses: which one of several counts, and what it answers.
//!
//! Each slice holds one of its cases or nothing, each by itself. A window is made of whole slices, and which these are
//! is told by the interpreter's answers: a result outside is answered as nothing is.

use std::collections::{BTreeMap, BTreeSet};

use lind_model::Truth;

use crate::cases::Place;
use crate::solver::{Clauses, Literal, Logic};

/// A literal for each case, so that each slice holds at most one; that of the first case, which is nothing, holds where
/// there is no other.
pub(crate) fn choose(places: &[Place], clauses: &mut Clauses) -> Vec<Literal> {
    let rest: Vec<Literal> = places
        .iter()
        .skip(1)
        .map(|place| {
            if place.is_possible {
                clauses.literal()
            } else {
                !clauses.always()
            }
        })
        .collect();
    let none = !clauses.either(&rest);
    let chosen: Vec<Literal> = std::iter::once(none).chain(rest).collect();
    for own in by_slice(places).values() {
        let literals: Vec<Literal> = possible(own, places, &chosen).collect();
        clauses.at_most_one(&literals);
    }
    chosen
}

/// Literals of patients of whom little is recorded: nothing, or one case alone, of the newest slices first.
pub(crate) fn simpler(
    places: &[Place],
    chosen: &[Literal],
    most: usize,
    clauses: &mut Clauses,
) -> Vec<Literal> {
    let slices = by_slice(places);
    let mut found: Vec<Literal> = chosen.first().copied().into_iter().collect();
    for (slice, own) in &slices {
        let others: Vec<Literal> = slices
            .iter()
            .filter(|(other, _)| *other != slice)
            .flat_map(|(_, own)| possible(own, places, chosen))
            .collect();
        let elsewhere = clauses.either(&others);
        for literal in possible(own, places, chosen) {
            if found.len() >= most {
                return found;
            }
            found.push(clauses.both(&[literal, !elsewhere]));
        }
    }
    found
}

/// For each slice the literal that says that it holds nothing.
pub(crate) fn without(places: &[Place], chosen: &[Literal], clauses: &mut Clauses) -> Vec<Literal> {
    let mut found = Vec::new();
    for own in by_slice(places).values() {
        let literals: Vec<Literal> = possible(own, places, chosen).collect();
        found.push(!clauses.either(&literals));
    }
    found
}

/// The answer of the newest slice of a window that holds a result, or of the oldest.
pub(crate) fn in_time<L: Logic>(
    slices: &BTreeMap<usize, Vec<usize>>,
    covered: &BTreeSet<usize>,
    column: &[Truth],
    chosen: &[L::Term],
    is_newest: bool,
    logic: &mut L,
) -> Vec<(Truth, L::Term)> {
    let Some(nothing) = column.first().copied() else {
        return Vec::new();
    };
    let mut found: BTreeMap<usize, (Truth, Vec<L::Term>)> = BTreeMap::new();
    let mut tell = |truth: Truth, literal: L::Term| {
        let (_, literals) = found
            .entry(place_of(truth))
            .or_insert_with(|| (truth, Vec::new()));
        literals.push(literal);
    };
    let mut order: Vec<&usize> = covered.iter().collect();
    if !is_newest {
        order.reverse();
    }
    // That no slice before this one holds anything.
    let mut before = logic.always();
    for slice in order {
        let own = slices.get(slice).map_or(&[][..], Vec::as_slice);
        let mut held: BTreeMap<usize, (Truth, Vec<L::Term>)> = BTreeMap::new();
        for at in own {
            if let (Some(truth), Some(literal)) = (column.get(*at), chosen.get(*at)) {
                let (_, literals) = held
                    .entry(place_of(*truth))
                    .or_insert_with(|| (*truth, Vec::new()));
                literals.push(*literal);
            }
        }
        let mut any: Vec<L::Term> = Vec::with_capacity(held.len());
        for (truth, literals) in held.into_values() {
            let here = logic.either(&literals);
            any.push(here);
            let counts = logic.both(&[before, here]);
            tell(truth, counts);
        }
        let occupied = logic.either(&any);
        before = logic.both(&[before, !occupied]);
    }
    tell(nothing, before);
    found
        .into_values()
        .map(|(truth, literals)| (truth, logic.either(&literals)))
        .collect()
}

/// The answer of the result of a window that counts most, beside one without a limit or not.
pub(crate) fn extreme<L: Logic>(
    places: &[Place],
    covered: &BTreeSet<usize>,
    column: &[Truth],
    chosen: &[L::Term],
    logic: &mut L,
) -> Vec<(Truth, L::Term)> {
    let Some(nothing) = column.first().copied() else {
        return Vec::new();
    };
    // By rank and by whether a result without a limit stands beside it: what both answer, and who holds them.
    let mut answers: BTreeMap<(Option<usize>, bool), Truth> = BTreeMap::new();
    let mut holders: BTreeMap<usize, Vec<L::Term>> = BTreeMap::new();
    let mut without: Vec<L::Term> = Vec::new();
    for ((place, truth), literal) in places.iter().zip(column).zip(chosen).skip(1) {
        if !covered.contains(&place.slice) {
            continue;
        }
        answers
            .entry((place.rank, place.is_without))
            .or_insert(*truth);
        if let Some(rank) = place.rank {
            holders.entry(rank).or_default().push(*literal);
        }
        if place.is_without {
            without.push(*literal);
        }
    }
    let is_without = logic.either(&without);
    let mut found: BTreeMap<usize, (Truth, Vec<L::Term>)> = BTreeMap::new();
    let mut tell = |truth: Truth, literal: L::Term| {
        let (_, literals) = found
            .entry(place_of(truth))
            .or_insert_with(|| (truth, Vec::new()));
        literals.push(literal);
    };
    let mut tell_both = |rank: Option<usize>, holds: L::Term, logic: &mut L| {
        let alone = match rank {
            Some(_) => answers.get(&(rank, false)).copied(),
            None => Some(nothing),
        };
        let alone = alone.unwrap_or(nothing);
        let beside = answers.get(&(rank, true)).copied().unwrap_or(alone);
        if alone == beside {
            tell(alone, holds);
        } else {
            let literal = logic.both(&[holds, !is_without]);
            tell(alone, literal);
            let literal = logic.both(&[holds, is_without]);
            tell(beside, literal);
        }
    };
    // That nothing that counts more is held.
    let mut no_more = logic.always();
    for (rank, literals) in holders.into_iter().rev() {
        let held = logic.either(&literals);
        let counts = logic.both(&[no_more, held]);
        tell_both(Some(rank), counts, logic);
        no_more = logic.both(&[no_more, !held]);
    }
    tell_both(None, no_more, logic);
    found
        .into_values()
        .map(|(truth, literals)| (truth, logic.either(&literals)))
        .collect()
}

/// The cases of each slice, but the first case, which is nothing.
pub(crate) fn by_slice(places: &[Place]) -> BTreeMap<usize, Vec<usize>> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate().skip(1) {
        found.entry(place.slice).or_default().push(at);
    }
    found
}

/// The literals of those of some cases that there are.
fn possible<'p>(
    own: &'p [usize],
    places: &'p [Place],
    chosen: &'p [Literal],
) -> impl Iterator<Item = Literal> + 'p {
    own.iter()
        .filter(|at| places.get(**at).is_some_and(|place| place.is_possible))
        .filter_map(|at| chosen.get(*at).copied())
}

/// The slices in which a result is answered otherwise than nothing is.
pub(crate) fn covered(places: &[Place], column: &[Truth]) -> BTreeSet<usize> {
    let nothing = column.first();
    let cases = places.iter().zip(column).skip(1);
    cases
        .filter(|(_, truth)| Some(*truth) != nothing)
        .map(|(place, _)| place.slice)
        .collect()
}

fn place_of(truth: Truth) -> usize {
    let all = crate::formula::TRUTHS.iter();
    all.take_while(|own| **own != truth).count()
}
