//! Results of one measure: a value in each slice of time, between and on all limits.

use std::collections::BTreeSet;

use lind_model::plan::{NodeKind, Plan, ValuePlan};
use lind_model::protocol::{Interval, Measure, QuantityShape, Selector, Shape, Subject, Test};
use lind_records::Table;
use lind_time::Day;
use lind_units::{Decimal, Exact, Unit};

use super::{Cases, Counting, Joined, MOST_CASES, Made, Place};
use crate::calendar::{classes, has_length};
use crate::patient::{Patient, Row};
use crate::questions::QuestionId;

/// The cases of one measure. None if the questions are of more than one, or ask for more than the value that counts.
pub(super) fn cases(made: &Made<'_>, questions: &[QuestionId]) -> Option<Cases> {
    let mut cuts = Vec::new();
    let mut values: Vec<Row> = Vec::new();
    let mut selectors: BTreeSet<&'static str> = BTreeSet::new();
    let (mut months, mut days) = (false, false);
    let mut of_limits = (false, false);
    let mut exact = true;
    let mut lengths = false;
    let mut measures: Vec<(&Plan, &Measure)> = Vec::new();
    let mut tests: Vec<(&Plan, &Measure, &Test)> = Vec::new();
    for id in questions {
        for (plan, kind, gate) in made.nodes(*id) {
            let NodeKind::Value(value) = kind else {
                return None;
            };
            let Subject::Measure(measure) = value.subject else {
                return None;
            };
            let measure = plan.protocol.measures.get(measure.index())?;
            exact &= is_plain(value);
            selectors.insert(selector(value, measure));
            cuts.extend(made.calendar.around(plan, gate));
            let of_gate = plan.values.get(gate.index()).and_then(Option::as_ref);
            if let Some(window) = value.window.as_ref().or(of_gate) {
                let of_window = made.calendar.cuts(plan, window);
                exact &= of_window.is_some();
                cuts.extend(of_window.unwrap_or_default());
                lengths |= has_length(window);
                let (own_months, own_days) = classes(window);
                months |= own_months;
                days |= own_days;
            }
            match &value.test {
                Test::Multiple { upper: true, .. } => of_limits.0 = true,
                // Both limits at once are two numbers.
                Test::Multiple { .. } | Test::Reference { .. } => exact = false,
                _ => of_limits.1 = true,
            }
            measures.push((plan, measure));
            tests.push((plan, measure, &value.test));
        }
    }
    let (_, first) = measures.first()?;
    exact &= measures
        .iter()
        .all(|(_, measure)| measure.name == first.name);
    // Of two selectors an older result of a slice may matter.
    exact &= selectors.len() == 1 && !selectors.contains("several");
    exact &= !(months && days || of_limits.0 && of_limits.1);
    exact &= made.has_one_calendar(questions, lengths);
    if of_limits.0 {
        exact &= measures
            .iter()
            .all(|(_, measure)| has_room(measure, &tests));
    }
    for (_, measure, test) in &tests {
        values.extend(values_of(measure, test, &tests));
    }
    values.dedup();
    values.sort();
    values.dedup();
    if values.is_empty() {
        return None;
    }
    if !exact {
        return None;
    }
    let counting = match selectors.first() {
        Some(&"first") => Counting::Oldest,
        Some(&("highest" | "lowest")) => Counting::Extreme,
        _ => Counting::Newest,
    };
    let ranks = if counting == Counting::Extreme {
        Some(ranks(first, &values, selectors.contains("lowest"))?)
    } else {
        None
    };
    // Beside the highest of some multiples another result may stand whose laboratory stated no limit.
    let is_without = |value: &Row| of_limits.0 && value.text("high").is_empty();
    let without = values.iter().find(|value| is_without(value));
    let mut cases = vec![Patient::nothing()];
    let mut places = vec![Place::default()];
    // The newest slice first: so the cases that are easiest to read stand first.
    let slices = made.calendar.slices_with_room(cuts);
    for (slice, (day, other)) in slices.iter().rev().enumerate() {
        for (at, value) in values.iter().enumerate() {
            let place = Place {
                slice,
                rank: ranks
                    .as_ref()
                    .and_then(|ranks| ranks.get(at).copied().flatten()),
                is_without: is_without(value),
                is_possible: true,
            };
            cases.push(Patient::with(on(value, *day)));
            places.push(place);
            let beside = without.filter(|own| ranks.is_some() && *own != value);
            if let Some(beside) = beside {
                // What it answers is asked also where there is no room for it: another slice may hold the one of them.
                let beside = on(beside, other.unwrap_or(*day));
                cases.push(Patient {
                    rows: vec![on(value, *day), beside],
                    ..Patient::default()
                });
                places.push(Place {
                    is_without: true,
                    is_possible: other.is_some(),
                    ..place
                });
            }
        }
    }
    Some(Cases {
        exact: cases.len() <= MOST_CASES,
        cases,
        joined: Joined::Slices(counting),
        places,
    })
}

/// For each value its place in the order of values, the one that counts last; none for a result without a limit.
/// None if the values have no order.
fn ranks(measure: &Measure, values: &[Row], lowest_counts: bool) -> Option<Vec<Option<usize>>> {
    let number = |row: &Row| -> Option<Exact> {
        match &measure.shape {
            Shape::Quantity(shape) => {
                let value = Decimal::parse(row.text("value")).ok()?.to_exact();
                let unit = Unit::parse(row.text("unit")).ok()?;
                unit.convert(&value, &shape.unit, Some(&shape.analyte)).ok()
            }
            Shape::Score { .. } => Some(Decimal::parse(row.text("value")).ok()?.to_exact()),
            Shape::Ordinal(words) => {
                let place = words
                    .iter()
                    .position(|word| &**word == row.text("result"))?;
                Some(Exact::from_integer(i64::try_from(place).ok()?))
            }
            Shape::Coded(_) | Shape::Tags(_) => None,
        }
    };
    let numbers: Vec<Exact> = values.iter().map(number).collect::<Option<_>>()?;
    let has_limits = values.iter().any(|value| !value.text("high").is_empty());
    let mut order: Vec<&Exact> = numbers.iter().collect();
    order.sort_unstable();
    order.dedup();
    if lowest_counts {
        order.reverse();
    }
    let ranked = values.iter().zip(&numbers).map(|(value, number)| {
        let counts = !has_limits || !value.text("high").is_empty();
        let place = order.iter().position(|own| *own == number);
        place.filter(|_| counts)
    });
    Some(ranked.collect())
}

/// The part of the greatest plausible value that the made-up laboratory has as its upper limit.
const UPPER_LIMIT: i64 = 50;

/// Whether there are plausible values below and above every multiple of the laboratory's limit.
fn has_room(measure: &Measure, tests: &[(&Plan, &Measure, &Test)]) -> bool {
    let Shape::Quantity(shape) = &measure.shape else {
        return false;
    };
    let Some((lowest, highest)) = &shape.plausible else {
        return true;
    };
    let Some(limit) = highest.checked_div(&Exact::from_integer(UPPER_LIMIT)) else {
        return false;
    };
    written(&limit).is_some()
        && tests.iter().all(|(_, _, test)| match test {
            Test::Multiple { interval, .. } => ends(interval).all(|factor| {
                let value = factor.mul(&limit);
                value > *lowest && value < *highest
            }),
            _ => true,
        })
}

/// A result on a day.
fn on(value: &Row, day: Day) -> Row {
    value.clone().with("time", day.to_string())
}

/// Whether a test asks for nothing but the value that counts.
pub(super) fn is_plain(value: &ValuePlan) -> bool {
    value.provenance.is_empty()
        && value.time_of_day.is_none()
        && value.evidence.is_none()
        && value.samples.is_empty()
        && !matches!(value.test, Test::Own { .. } | Test::Tags(..))
}

/// What of several results counts, as far as one result in a slice can stand for all of it.
fn selector(value: &ValuePlan, measure: &Measure) -> &'static str {
    match (value.selector, measure.worst_is_highest) {
        (Selector::Latest, _) => "latest",
        (Selector::First, _) => "first",
        (Selector::Highest, _) | (Selector::Worst, Some(true)) => "highest",
        (Selector::Lowest, _) | (Selector::Worst, Some(false)) => "lowest",
        (Selector::Any | Selector::Every | Selector::Mean | Selector::Worst, _) => "several",
    }
}

/// A result of a measure, without its value and its time.
pub(super) fn row_of(measure: &Measure) -> Row {
    let code = measure
        .codes
        .iter()
        .find(|code| code.contains('|') && !code.ends_with('*'));
    let about = code.map_or(&*measure.name, |code| code);
    let row = Row::new(Table::Observations, about);
    match &measure.specimen {
        Some(specimen) => row.with("specimen", &**specimen),
        None => row,
    }
}

/// Results on and between the limits of all tests, without their time.
pub(super) fn values_of(
    measure: &Measure,
    test: &Test,
    tests: &[(&Plan, &Measure, &Test)],
) -> Vec<Row> {
    let row = || row_of(measure);
    match &measure.shape {
        Shape::Quantity(shape) => {
            let by_limits = tests
                .iter()
                .any(|(_, _, test)| matches!(test, Test::Multiple { .. } | Test::Reference { .. }));
            let all: Vec<&Test> = tests.iter().map(|(_, _, test)| *test).collect();
            let numbers = quantities(shape, &all);
            let mut rows: Vec<Row> = Vec::new();
            if by_limits {
                rows.extend(multiples(shape, tests, &row));
            }
            if tests
                .iter()
                .any(|(_, _, test)| matches!(test, Test::Quantity(..)))
            {
                rows.extend(
                    numbers
                        .into_iter()
                        .map(|(value, unit)| row().with("value", value).with("unit", unit.code())),
                );
            }
            rows
        }
        Shape::Score {
            lowest,
            highest,
            step,
        } => scores(lowest, highest, step.as_ref(), tests)
            .into_iter()
            .map(|value| row().with("value", value).with("unit", "{score}"))
            .collect(),
        Shape::Ordinal(words) | Shape::Coded(words) | Shape::Tags(words) => {
            let _ = test;
            words
                .iter()
                .map(|word| row().with("result", &**word))
                .collect()
        }
    }
}

pub(super) fn ends(interval: &Interval) -> impl Iterator<Item = &Exact> {
    [&interval.low, &interval.high]
        .into_iter()
        .flatten()
        .map(|(end, _)| end)
}

/// Numbers on and between limits, each with the unit in which it is written.
pub(super) fn quantities(shape: &QuantityShape, tests: &[&Test]) -> Vec<(String, Unit)> {
    // By value in the unit of the measure.
    let mut limits: Vec<(Exact, String, Unit)> = Vec::new();
    for test in tests {
        let Test::Quantity(interval, unit) = test else {
            continue;
        };
        for end in ends(interval) {
            let own = unit.convert(end, &shape.unit, Some(&shape.analyte));
            if let (Ok(own), Some(text)) = (own, written(end)) {
                limits.push((own, text, unit.clone()));
            }
        }
    }
    let (lowest, highest) = match &shape.plausible {
        Some((lowest, highest)) => (Some(lowest.clone()), Some(highest.clone())),
        None => (None, None),
    };
    limits.sort_by(|one, other| one.0.cmp(&other.0));
    limits.dedup_by(|one, other| one.0 == other.0);
    limits.retain(|(value, _, _)| {
        lowest.as_ref().is_none_or(|lowest| value >= lowest)
            && highest.as_ref().is_none_or(|highest| value <= highest)
    });
    let mut found: Vec<(String, Unit)> = Vec::new();
    let two = Exact::from_integer(2);
    let points: Vec<Exact> = limits.iter().map(|(value, _, _)| value.clone()).collect();
    let below = points.first().and_then(|first| match &lowest {
        Some(lowest) => between(lowest, first),
        None => between(&first.sub(&first.abs()).sub(&Exact::from_integer(1)), first),
    });
    let above = points.last().and_then(|last| match &highest {
        Some(highest) => between(last, &smaller(highest, &last.abs().mul(&two))),
        None => between(last, &last.add(&last.abs()).add(&Exact::from_integer(1))),
    });
    let plain = |value: Option<String>| value.map(|text| (text, shape.unit.clone()));
    found.extend(plain(below));
    for pair in points.windows(2) {
        if let [low, high] = pair {
            found.extend(plain(between(low, high)));
        }
    }
    found.extend(plain(above));
    found.extend(limits.into_iter().map(|(_, text, unit)| (text, unit)));
    if found.is_empty()
        && let Some((lowest, highest)) = &shape.plausible
    {
        found.extend(plain(between(lowest, highest)));
    }
    found
}

fn smaller(one: &Exact, other: &Exact) -> Exact {
    if one <= other && one.signum() > 0 {
        one.clone()
    } else {
        other.clone()
    }
}

/// A number as a table writes it, if it can.
pub(super) fn written(value: &Exact) -> Option<String> {
    let text = value.to_decimal_text(12);
    (!text.ends_with('…')).then_some(text)
}

/// The number with the fewest digits between two, near their middle.
pub(super) fn between(low: &Exact, high: &Exact) -> Option<String> {
    let middle = low.add(high).checked_div(&Exact::from_integer(2))?;
    (0..12).find_map(|digits| {
        let text = middle.rounded_text(digits);
        let value = Decimal::parse(&text).ok()?.to_exact();
        (value > *low && value < *high).then_some(text)
    })
}

/// Results against the laboratory's own limits, and one without them.
fn multiples(
    shape: &QuantityShape,
    tests: &[(&Plan, &Measure, &Test)],
    row: &dyn Fn() -> Row,
) -> Vec<Row> {
    let mut factors: BTreeSet<Exact> = BTreeSet::from([Exact::from_integer(1)]);
    let mut lower: BTreeSet<Exact> = BTreeSet::from([Exact::from_integer(1)]);
    for (_, _, test) in tests {
        if let Test::Multiple { interval, upper } = test {
            let own = if *upper { &mut factors } else { &mut lower };
            own.extend(ends(interval).cloned());
        }
    }
    // The laboratory's range: from a twentieth to a tenth of what is plausible.
    let highest = shape
        .plausible
        .as_ref()
        .map_or_else(|| Exact::from_integer(100), |(_, highest)| highest.clone());
    let part = |of: i64| highest.checked_div(&Exact::from_integer(of));
    let (Some(low), Some(high)) = (part(100), part(UPPER_LIMIT)) else {
        return Vec::new();
    };
    let (Some(low_text), Some(high_text)) = (written(&low), written(&high)) else {
        return Vec::new();
    };
    let mut points: BTreeSet<Exact> = factors.iter().map(|factor| factor.mul(&high)).collect();
    points.extend(lower.iter().map(|factor| factor.mul(&low)));
    let mut texts: Vec<String> = Vec::new();
    let points: Vec<Exact> = points.into_iter().collect();
    if let Some(first) = points.first() {
        let lowest = shape.plausible.as_ref().map(|(lowest, _)| lowest.clone());
        texts.extend(between(&lowest.unwrap_or_default(), first));
    }
    for pair in points.windows(2) {
        if let [one, other] = pair {
            texts.extend(between(one, other));
        }
    }
    if let Some(last) = points.last() {
        let twice = last.mul(&Exact::from_integer(2));
        texts.extend(between(last, &smaller(&highest, &twice)));
    }
    texts.extend(points.iter().filter_map(written));
    let mut rows: Vec<Row> = texts
        .iter()
        .map(|value| {
            row()
                .with("value", value)
                .with("unit", shape.unit.code())
                .with("low", &*low_text)
                .with("high", &*high_text)
        })
        .collect();
    if let Some(value) = texts.first() {
        rows.push(row().with("value", value).with("unit", shape.unit.code()));
    }
    rows
}

/// Scores on, between and beside limits, within the scale.
fn scores(
    lowest: &Decimal,
    highest: &Decimal,
    step: Option<&Decimal>,
    tests: &[(&Plan, &Measure, &Test)],
) -> Vec<String> {
    let (lowest, highest) = (lowest.to_exact(), highest.to_exact());
    let mut values: BTreeSet<Exact> = BTreeSet::from([lowest.clone(), highest.clone()]);
    for (_, _, test) in tests {
        if let Test::Score(interval) = test {
            for end in ends(interval) {
                let Some(step) = step.map(Decimal::to_exact) else {
                    values.insert(end.clone());
                    continue;
                };
                // The scores of the scale below, on and above the limit.
                let Some(steps) = end.sub(&lowest).checked_div(&step).and_then(|n| n.floor())
                else {
                    continue;
                };
                for place in [steps - 1, steps, steps + 1] {
                    values.insert(lowest.add(&step.mul(&Exact::from_integer(place))));
                }
            }
        }
    }
    values.retain(|value| *value >= lowest && *value <= highest);
    let points: Vec<Exact> = values.into_iter().collect();
    let mut found: Vec<String> = points.iter().filter_map(written).collect();
    // A scale without steps has a score between every two.
    if step.is_none() {
        found.extend(points.windows(2).filter_map(|pair| match pair {
            [one, other] => between(one, other),
            _ => None,
        }));
    }
    found
}
