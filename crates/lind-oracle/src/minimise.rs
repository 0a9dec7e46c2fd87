//! Making a pair smaller while something stays true of it.

use lind_model::Protocol;
use lind_model::protocol::{
    self, AlternativeContent, Choice, Condition, ConditionKind, Guard, IfUnknown, Quantifier,
    Selector, SpellCount, SuchThat, Take, Usage,
};

use crate::generate::{Case, Pair};
use crate::tables::PlainDataset;

/// The most steps that are taken.
const MOST_STEPS: usize = 2_000;

/// The smallest pair that was found of which `holds` is true, given that it is of this one.
#[must_use]
pub fn minimise(pair: Pair, mut holds: impl FnMut(&Pair) -> bool) -> Pair {
    let mut smallest = pair;
    for _ in 0..MOST_STEPS {
        let next = smaller(&smallest)
            .into_iter()
            .find(|smaller| holds(smaller));
        match next {
            Some(next) => smallest = next,
            None => break,
        }
    }
    smallest
}

/// Pairs that are a little smaller, the boldest first.
fn smaller(pair: &Pair) -> Vec<Pair> {
    let mut found = Vec::new();
    for place in 0..pair.protocol.criteria.len() {
        let mut protocol = pair.protocol.clone();
        protocol.criteria.remove(place);
        found.push(of_protocol(pair, protocol));
    }
    for place in 0..pair.protocol.overrides.len() {
        let mut protocol = pair.protocol.clone();
        protocol.overrides.remove(place);
        found.push(of_protocol(pair, protocol));
    }
    for place in 0..pair.protocol.asked.len() {
        let mut protocol = pair.protocol.clone();
        protocol.asked.remove(place);
        found.push(of_protocol(pair, protocol));
    }
    for case in smaller_cases(&pair.case) {
        found.push(Pair {
            case,
            ..pair.clone()
        });
    }
    for place in 0..pair.protocol.criteria.len() {
        for (parts, guard) in smaller_criteria(pair, place) {
            let mut protocol = pair.protocol.clone();
            if let Some(criterion) = protocol.criteria.get_mut(place) {
                criterion.parts = parts;
                criterion.guard = guard;
            }
            found.push(of_protocol(pair, protocol));
        }
    }
    for place in 0..pair.protocol.milestones.len() {
        let mut protocol = pair.protocol.clone();
        if let Some(milestone) = protocol.milestones.get_mut(place)
            && milestone.values.take().is_some()
        {
            found.push(of_protocol(pair, protocol));
        }
    }
    for place in 0..pair.protocol.measures.len() {
        let mut protocol = pair.protocol.clone();
        if let Some(measure) = protocol.measures.get_mut(place)
            && measure.specimen.take().is_some()
        {
            found.push(of_protocol(pair, protocol));
        }
    }
    found
}

fn of_protocol(pair: &Pair, protocol: Protocol) -> Pair {
    Pair {
        protocol,
        ..pair.clone()
    }
}

fn smaller_cases(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let rows = &case.patient.rows;
    // Halves first, then row by row.
    for (from, to) in [(0, rows.len() / 2), (rows.len() / 2, rows.len())] {
        if to - from > 1 {
            let mut smaller = case.clone();
            smaller.patient.rows.drain(from..to);
            found.push(smaller);
        }
    }
    for place in 0..rows.len() {
        let mut smaller = case.clone();
        smaller.patient.rows.remove(place);
        found.push(smaller);
    }
    if case.dataset != PlainDataset::default() {
        found.push(Case {
            dataset: PlainDataset::default(),
            ..case.clone()
        });
        let fields: [fn(&mut PlainDataset); 6] = [
            |dataset| dataset.absent.clear(),
            |dataset| dataset.incomplete.clear(),
            |dataset| dataset.incomplete_codes.clear(),
            |dataset| dataset.half_lives.clear(),
            |dataset| dataset.cut_off.clear(),
            |dataset| dataset.as_of.clear(),
        ];
        for clear in fields {
            let mut smaller = case.clone();
            clear(&mut smaller.dataset);
            if smaller != *case {
                found.push(smaller);
            }
        }
    }
    for (place, row) in rows.iter().enumerate() {
        for column in row.fields.keys() {
            let text = row.text(column);
            let shorter = match text.len() {
                // A time without its time of day.
                13.. if text.contains('T') => text.get(..10).unwrap_or_default(),
                _ => "",
            };
            for shorter in [shorter, ""] {
                let mut smaller = case.clone();
                if let Some(row) = smaller.patient.rows.get_mut(place) {
                    *row = row.clone().with(column, shorter);
                }
                found.push(smaller);
            }
        }
    }
    for (sex, birth) in [
        ("", case.patient.birth.as_str()),
        (case.patient.sex.as_str(), ""),
    ] {
        let mut smaller = case.clone();
        smaller.patient.sex = sex.to_owned();
        smaller.patient.birth = birth.to_owned();
        if smaller != *case {
            found.push(smaller);
        }
    }
    found
}

/// Parts and guards that are smaller than those of a criterion.
fn smaller_criteria(pair: &Pair, place: usize) -> Vec<(Vec<Condition>, Option<Guard>)> {
    let Some(criterion) = pair.protocol.criteria.get(place) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if criterion.guard.is_some() {
        found.push((criterion.parts.clone(), None));
    }
    for parts in smaller_lists(pair, &criterion.parts) {
        found.push((parts, criterion.guard.clone()));
    }
    for guard in criterion
        .guard
        .iter()
        .flat_map(|guard| smaller_guards(pair, guard))
    {
        found.push((criterion.parts.clone(), Some(guard)));
    }
    found
}

fn smaller_lists(pair: &Pair, parts: &[Condition]) -> Vec<Vec<Condition>> {
    let mut found = Vec::new();
    for place in 0..parts.len() {
        let mut fewer = parts.to_vec();
        fewer.remove(place);
        found.push(fewer);
    }
    for (place, part) in parts.iter().enumerate() {
        for smaller in smaller_conditions(pair, part) {
            let mut changed = parts.to_vec();
            if let Some(part) = changed.get_mut(place) {
                *part = smaller;
            }
            found.push(changed);
        }
    }
    found
}

fn smaller_guards(pair: &Pair, guard: &Guard) -> Vec<Guard> {
    let mut found = Vec::new();
    if guard.sex.is_some() && guard.condition.is_some() {
        found.push(Guard {
            sex: None,
            ..guard.clone()
        });
        found.push(Guard {
            condition: None,
            ..guard.clone()
        });
    }
    for condition in guard.condition.iter() {
        for smaller in smaller_conditions(pair, condition) {
            found.push(Guard {
                condition: Some(Box::new(smaller)),
                ..guard.clone()
            });
        }
    }
    found
}

/// Conditions that could stand in place of one.
fn smaller_conditions(pair: &Pair, condition: &Condition) -> Vec<Condition> {
    let of = |kind: ConditionKind| Condition {
        kind,
        ..condition.clone()
    };
    let mut found = Vec::new();
    match &condition.kind {
        ConditionKind::List(quantifier, parts) => {
            found.extend(parts.iter().cloned());
            let fewer = smaller_lists(pair, parts).into_iter();
            found.extend(
                fewer
                    .filter(|parts| !parts.is_empty())
                    .map(|parts| of(ConditionKind::List(*quantifier, parts))),
            );
            if !matches!(quantifier, Quantifier::All | Quantifier::Any) {
                found.push(of(ConditionKind::List(Quantifier::Any, parts.clone())));
            }
        }
        ConditionKind::Guarded(guard, body) => {
            found.push((**body).clone());
            found.extend(
                guard
                    .condition
                    .iter()
                    .map(|condition| (**condition).clone()),
            );
            for guard in smaller_guards(pair, guard) {
                found.push(of(ConditionKind::Guarded(guard, body.clone())));
            }
            for body in smaller_conditions(pair, body) {
                found.push(of(ConditionKind::Guarded(guard.clone(), Box::new(body))));
            }
        }
        ConditionKind::At(gate, inner) => {
            found.push((**inner).clone());
            for inner in smaller_conditions(pair, inner) {
                found.push(of(ConditionKind::At(*gate, Box::new(inner))));
            }
        }
        ConditionKind::Depending(reading, arms) => {
            found.extend(arms.get(pair.choices.of(*reading)).cloned());
        }
        ConditionKind::AsRead(reading) => {
            let alternatives = pair.protocol.readings.get(reading.index());
            let alternative = alternatives
                .and_then(|reading_| reading_.alternatives.get(pair.choices.of(*reading)));
            if let Some(AlternativeContent::Condition(meaning)) =
                alternative.map(|alternative| &alternative.content)
            {
                found.push(meaning.clone());
            }
        }
        ConditionKind::Defined(term) => {
            let term = pair.protocol.definitions.get(term.index());
            found.extend(term.map(|term| term.condition.clone()));
        }
        ConditionKind::With(usage, inner) => {
            found.push((**inner).clone());
            for usage in smaller_usages(usage) {
                found.push(of(ConditionKind::With(Box::new(usage), inner.clone())));
            }
            for inner in smaller_conditions(pair, inner) {
                found.push(of(ConditionKind::With(usage.clone(), Box::new(inner))));
            }
        }
        ConditionKind::Fact(fact) => {
            for place in 0..fact.filters.len() {
                let mut smaller = fact.clone();
                smaller.filters.remove(place);
                found.push(of(ConditionKind::Fact(smaller)));
            }
            for place in 0..fact.exceptions.len() {
                let mut smaller = fact.clone();
                smaller.exceptions.remove(place);
                found.push(of(ConditionKind::Fact(smaller)));
            }
            if let Some(such_that) = &fact.such_that {
                let mut smaller = fact.clone();
                smaller.such_that = None;
                if smaller
                    .frequency
                    .is_some_and(|frequency| frequency.quantifier == Quantifier::All)
                {
                    smaller.frequency = None;
                }
                found.push(of(ConditionKind::Fact(smaller)));
                for condition in smaller_conditions(pair, &such_that.condition) {
                    let mut smaller = fact.clone();
                    smaller.such_that = Some(SuchThat {
                        condition: Box::new(condition),
                        ..such_that.clone()
                    });
                    found.push(of(ConditionKind::Fact(smaller)));
                }
            }
            if fact.frequency.is_some() {
                let mut smaller = fact.clone();
                smaller.frequency = None;
                found.push(of(ConditionKind::Fact(smaller)));
            }
            if fact.negated || fact.investigational {
                let mut smaller = fact.clone();
                smaller.negated = false;
                smaller.investigational = false;
                found.push(of(ConditionKind::Fact(smaller)));
            }
        }
        ConditionKind::Value(test) => {
            if test.window.is_some() {
                let mut smaller = test.clone();
                smaller.window = None;
                found.push(of(ConditionKind::Value(smaller)));
            }
            if test
                .selector
                .is_some_and(|selector| selector != Selector::Latest)
            {
                let mut smaller = test.clone();
                smaller.selector = None;
                found.push(of(ConditionKind::Value(smaller)));
            }
        }
        ConditionKind::Points(points) => {
            for place in 0..points.lines.len() {
                let mut smaller = points.clone();
                smaller.lines.remove(place);
                found.push(of(ConditionKind::Points(smaller)));
            }
            if points.recorded.is_some() {
                let mut smaller = points.clone();
                smaller.recorded = None;
                found.push(of(ConditionKind::Points(smaller)));
            }
        }
        ConditionKind::Spell(spell) => {
            if spell.gap > 0 {
                let mut smaller = spell.clone();
                smaller.gap = 0;
                found.push(of(ConditionKind::Spell(smaller)));
            }
            if let SpellCount::Longest { recovery } = spell.counted
                && recovery > 1
            {
                let mut smaller = spell.clone();
                smaller.counted = SpellCount::Longest { recovery: 1 };
                found.push(of(ConditionKind::Spell(smaller)));
            }
        }
        ConditionKind::PointsChange(change) => {
            for place in 0..change.lines.len() {
                let mut smaller = change.clone();
                smaller.lines.remove(place);
                found.push(of(ConditionKind::PointsChange(smaller)));
            }
            if change.recorded.is_some() {
                let mut smaller = change.clone();
                smaller.recorded = None;
                found.push(of(ConditionKind::PointsChange(smaller)));
            }
        }
        ConditionKind::Judged(_)
        | ConditionKind::Happened(..)
        | ConditionKind::Record(_)
        | ConditionKind::Age { .. }
        | ConditionKind::Change(_)
        | ConditionKind::Settled(_)
        | ConditionKind::Nothing => {}
        ConditionKind::Choice(choice) => {
            let inside = choice
                .cases
                .iter()
                .flat_map(|case| [&case.when, &case.then]);
            found.extend(inside.chain(&choice.otherwise).cloned());
            for smaller in smaller_choices(pair, choice) {
                found.push(of(ConditionKind::Choice(Box::new(smaller))));
            }
        }
        ConditionKind::IfUnknown(rule) => {
            found.push(rule.condition.clone());
            for condition in smaller_conditions(pair, &rule.condition) {
                let smaller = IfUnknown {
                    condition,
                    ..(**rule).clone()
                };
                found.push(of(ConditionKind::IfUnknown(Box::new(smaller))));
            }
        }
    }
    found
}

fn smaller_choices(pair: &Pair, choice: &Choice) -> Vec<Choice> {
    let mut found = Vec::new();
    for place in 0..choice.cases.len() {
        let mut fewer = choice.clone();
        fewer.cases.remove(place);
        found.push(fewer);
    }
    if choice.otherwise.is_some() {
        found.push(Choice {
            otherwise: None,
            ..choice.clone()
        });
    }
    for (place, case) in choice.cases.iter().enumerate() {
        let whens = smaller_conditions(pair, &case.when).into_iter();
        let thens = smaller_conditions(pair, &case.then).into_iter();
        let cases = whens
            .map(|when| protocol::Case {
                when,
                then: case.then.clone(),
            })
            .chain(thens.map(|then| protocol::Case {
                when: case.when.clone(),
                then,
            }));
        for case in cases {
            let mut smaller = choice.clone();
            if let Some(place) = smaller.cases.get_mut(place) {
                *place = case;
            }
            found.push(smaller);
        }
    }
    for otherwise in choice
        .otherwise
        .iter()
        .flat_map(|otherwise| smaller_conditions(pair, otherwise))
    {
        found.push(Choice {
            otherwise: Some(otherwise),
            ..choice.clone()
        });
    }
    found
}

fn smaller_usages(usage: &Usage) -> Vec<Usage> {
    let mut found = Vec::new();
    if usage.take.is_some() {
        found.push(Usage {
            take: None,
            ..usage.clone()
        });
    }
    if matches!(usage.take, Some(Take::AsRead(_))) {
        found.push(Usage {
            take: Some(Take::Selector(Selector::Any)),
            ..usage.clone()
        });
    }
    if usage.window.is_some() {
        found.push(Usage {
            window: None,
            ..usage.clone()
        });
    }
    for place in 0..usage.samples.len() {
        let mut smaller = usage.clone();
        smaller.samples.remove(place);
        found.push(smaller);
    }
    for (place, rule) in usage.samples.iter().enumerate() {
        if rule.without.len() > 1 {
            for set in &rule.without {
                let mut smaller = usage.clone();
                if let Some(rule) = smaller.samples.get_mut(place) {
                    rule.without = vec![*set];
                }
                found.push(smaller);
            }
        }
    }
    found
}
