//! Which condition is a special case of another, as far as the text proves it.

use std::cell::Cell;

use lind_model::SetId;
use lind_model::protocol::{
    Case, CodeSet, Condition, ConditionKind, Fact, Filter, Interval, Quantifier, Tense, Test,
    ValueTest,
};

use crate::analysis::Tables;

/// How deep is looked; terms are not yet known to be free of circles.
const MOST_STEPS: u32 = 24;

/// How many conditions are compared for one question: lists in lists multiply.
const MOST_COMPARISONS: u32 = 10_000;

/// Whether two conditions say the same, up to their words and places.
pub(crate) fn same(one: &Condition, other: &Condition) -> bool {
    use ConditionKind::{
        Age, AsRead, At, Change, Choice, Defined, Depending, Fact, Guarded, Happened, IfUnknown,
        Judged, List, Nothing, Points, PointsChange, Settled, Spell, Value, With,
    };
    let all = |one: &[Condition], other: &[Condition]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
    };
    match (&one.kind, &other.kind) {
        (List(one, parts), List(other, others)) => one == other && all(parts, others),
        (At(one, inner), At(other, others)) => one == other && same(inner, others),
        (Depending(one, arms), Depending(other, others)) => one == other && all(arms, others),
        (AsRead(one), AsRead(other)) => one == other,
        (Defined(one), Defined(other)) => one == other,
        (Judged(one), Judged(other)) => one == other,
        (Happened(one, at), Happened(other, at_other)) => one == other && at == at_other,
        (
            Age { at, interval },
            Age {
                at: other,
                interval: others,
            },
        ) => at == other && interval == others,
        (Fact(one), Fact(other)) => one == other,
        (Value(one), Value(other)) => one == other,
        (Change(one), Change(other)) => one == other,
        (Points(one), Points(other)) => one == other,
        (PointsChange(one), PointsChange(other)) => one == other,
        (Spell(one), Spell(other)) => one == other,
        (Choice(one), Choice(other)) => {
            let cases = |one: &Case, other: &Case| {
                same(&one.when, &other.when) && same(&one.then, &other.then)
            };
            one.cases.len() == other.cases.len()
                && one
                    .cases
                    .iter()
                    .zip(&other.cases)
                    .all(|(one, other)| cases(one, other))
                && match (&one.otherwise, &other.otherwise) {
                    (Some(one), Some(other)) => same(one, other),
                    (None, None) => true,
                    _ => false,
                }
        }
        (IfUnknown(one), IfUnknown(other)) => {
            one.met == other.met && same(&one.condition, &other.condition)
        }
        (Settled(one), Settled(other)) => one == other,
        (Nothing, Nothing) => true,
        // What governs other conditions is compared nowhere.
        (Guarded(..) | With(..), _) => false,
        _ => false,
    }
}

/// Whether a condition is a special case of another: whoever has it has the other.
pub(crate) fn implies(tables: &Tables, one: &Condition, other: &Condition) -> bool {
    let question = Question {
        tables,
        comparisons: Cell::new(MOST_COMPARISONS),
    };
    follows(&question, one, other, MOST_STEPS)
}

/// What is looked up for one question, and how much may still be compared for it.
struct Question<'a> {
    tables: &'a Tables,
    comparisons: Cell<u32>,
}

fn follows(question: &Question<'_>, one: &Condition, other: &Condition, steps: u32) -> bool {
    use ConditionKind::{Age, Defined, Fact, List, Value};
    let tables = question.tables;
    let comparisons = question.comparisons.get();
    let (Some(left), Some(fewer)) = (steps.checked_sub(1), comparisons.checked_sub(1)) else {
        return false;
    };
    question.comparisons.set(fewer);
    if same(one, other) {
        return true;
    }
    let term = |condition: &Condition| match condition.kind {
        Defined(id) => tables
            .definitions
            .get(id.index())
            .and_then(Option::as_ref)
            .map(|definition| definition.condition.clone()),
        _ => None,
    };
    if let Some(one) = term(one) {
        return follows(question, &one, other, left);
    }
    if let Some(other) = term(other) {
        return follows(question, one, &other, left);
    }
    match (&one.kind, &other.kind) {
        (List(Quantifier::Any, parts), _) => parts
            .iter()
            .all(|part| follows(question, part, other, left)),
        (_, List(Quantifier::All, parts)) => {
            parts.iter().all(|part| follows(question, one, part, left))
        }
        (List(Quantifier::All, parts), List(Quantifier::Any, others)) => {
            parts
                .iter()
                .any(|part| follows(question, part, other, left))
                || others.iter().any(|part| follows(question, one, part, left))
        }
        (List(Quantifier::All, parts), _) => parts
            .iter()
            .any(|part| follows(question, part, other, left)),
        (_, List(Quantifier::Any, parts)) => {
            parts.iter().any(|part| follows(question, one, part, left))
        }
        (
            Age { at, interval },
            Age {
                at: same_at,
                interval: wider,
            },
        ) => at == same_at && lies_in(interval, wider),
        (Fact(one), Fact(other)) => fact_follows(tables, one, other),
        (Value(one), Value(other)) => {
            same_value(one, other) && test_follows(&one.test, &other.test)
        }
        _ => false,
    }
}

fn fact_follows(tables: &Tables, one: &Fact, other: &Fact) -> bool {
    let (narrow, wide) = match (one.negated, other.negated) {
        (false, false) => (one, other),
        (true, true) => (other, one),
        _ => return false,
    };
    let tense = narrow.tense == wide.tense && narrow.window == wide.window
        || wide.tense == Tense::Ever && narrow.tense == Tense::Now;
    // What records say together, more of them say otherwise.
    let sums = |fact: &Fact| {
        fact.filters.iter().any(|filter| {
            matches!(
                filter,
                Filter::InTotal(_)
                    | Filter::Stretch { .. }
                    | Filter::Steady(_)
                    | Filter::TotalDose { .. }
            )
        })
    };
    // So many records here say nothing of so many there.
    let counts = |fact: &Fact| fact.frequency.is_some();
    tense
        && !counts(narrow)
        && !counts(wide)
        // What is said of each record besides is compared with nothing but itself.
        && (wide.such_that.is_none() || narrow.such_that == wide.such_that)
        && narrow.table == wide.table
        && narrow.measure == wide.measure
        && !(one.negated && asks_of_values(narrow) && !asks_of_values(wide))
        && (!wide.investigational || narrow.investigational)
        && !sums(narrow)
        && !sums(wide)
        && wide
            .filters
            .iter()
            .all(|filter| narrow.filters.contains(filter))
        && wide.exceptions.iter().all(|wide| {
            let covers = |narrow: &&lind_model::protocol::MemberException| {
                narrow.set == wide.set && narrow.disease_free == wide.disease_free
            };
            narrow.exceptions.iter().any(|narrow| covers(&narrow))
        })
        && match (narrow.set, wide.set) {
            (_, None) => true,
            (Some(narrow), Some(wide)) => members_of(tables, narrow, wide),
            (None, Some(_)) => false,
        }
}

/// Whether a fact asks for a value: where nothing was measured, that says nothing.
fn asks_of_values(fact: &Fact) -> bool {
    let mut filters = fact.filters.iter();
    fact.such_that.is_some() || filters.any(|filter| matches!(filter, Filter::Value { .. }))
}

/// Whether all members of a set are members of another.
pub(crate) fn members_of(tables: &Tables, narrow: SetId, wide: SetId) -> bool {
    let set = |id: SetId| tables.sets.get(id.index()).and_then(Option::as_ref);
    match (set(narrow), set(wide)) {
        (Some(narrow), Some(wide)) => {
            narrow.table == wide.table && narrow.codes.iter().all(|code| has_code(wide, code))
        }
        _ => false,
    }
}

fn has_code(set: &CodeSet, code: &str) -> bool {
    set.codes.iter().any(|own| {
        **own == *code
            || own
                .strip_suffix('*')
                .is_some_and(|beginning| code.starts_with(beginning))
    })
}

fn same_value(one: &ValueTest, other: &ValueTest) -> bool {
    one.subject == other.subject
        && one.selector == other.selector
        && one.window == other.window
        && one.provenance == other.provenance
        && one.evidence == other.evidence
}

fn test_follows(narrow: &Test, wide: &Test) -> bool {
    match (narrow, wide) {
        (Test::Quantity(narrow, unit), Test::Quantity(wide, other)) => {
            let conversion = unit.conversion(other, None).ok();
            let convert = |end: &Option<(lind_units::Exact, bool)>| match (end, &conversion) {
                (Some((value, closed)), Some(conversion)) => {
                    Some(Some((conversion.apply(value), *closed)))
                }
                (None, Some(_)) => Some(None),
                (_, None) => None,
            };
            match (convert(&narrow.low), convert(&narrow.high)) {
                (Some(low), Some(high)) => lies_in(&Interval { low, high }, wide),
                _ => false,
            }
        }
        (
            Test::Multiple { interval, upper },
            Test::Multiple {
                interval: wide,
                upper: other,
            },
        ) => upper == other && lies_in(interval, wide),
        (
            Test::Own {
                interval,
                reference,
            },
            Test::Own {
                interval: wide,
                reference: other,
            },
        ) => reference == other && lies_in(interval, wide),
        (Test::Score(narrow), Test::Score(wide)) => lies_in(narrow, wide),
        (Test::Levels(narrow), Test::Levels(wide)) => {
            narrow.iter().all(|level| wide.contains(level))
        }
        (Test::Results(narrow), Test::Results(wide)) => {
            narrow.iter().all(|result| wide.contains(result))
        }
        _ => false,
    }
}

/// Whether an interval lies in another.
fn lies_in(narrow: &Interval, wide: &Interval) -> bool {
    let low = match (&narrow.low, &wide.low) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((narrow, closed)), Some((wide, wide_closed))) => {
            narrow > wide || narrow == wide && (*wide_closed || !closed)
        }
    };
    let high = match (&narrow.high, &wide.high) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((narrow, closed)), Some((wide, wide_closed))) => {
            narrow < wide || narrow == wide && (*wide_closed || !closed)
        }
    };
    low && high
}

/// Whether two conditions can never both hold.
pub(crate) fn exclude_each_other(one: &Condition, other: &Condition) -> bool {
    use ConditionKind::{Age, Fact, List, Value};
    match (&one.kind, &other.kind) {
        (List(Quantifier::All, parts), _) => {
            parts.iter().any(|part| exclude_each_other(part, other))
        }
        (_, List(Quantifier::All, parts)) => parts.iter().any(|part| exclude_each_other(one, part)),
        (List(Quantifier::Any, parts), _) => {
            parts.iter().all(|part| exclude_each_other(part, other))
        }
        (_, List(Quantifier::Any, parts)) => parts.iter().all(|part| exclude_each_other(one, part)),
        (
            Age { at, interval },
            Age {
                at: same_at,
                interval: other,
            },
        ) => at == same_at && apart(interval, other),
        (Fact(one), Fact(other)) => {
            one.negated != other.negated
                && lind_model::protocol::Fact {
                    negated: other.negated,
                    ..(**one).clone()
                } == **other
        }
        (Value(one), Value(other)) if same_value(one, other) => {
            // A clause may ask for any value; then two tests may both pass, each by another value.
            one.selector
                .is_some_and(|selector| selector != lind_model::protocol::Selector::Any)
                && tests_apart(&one.test, &other.test)
        }
        _ => false,
    }
}

fn tests_apart(one: &Test, other: &Test) -> bool {
    match (one, other) {
        (Test::Quantity(one, unit), Test::Quantity(other, same_unit)) => {
            unit.code() == same_unit.code() && apart(one, other)
        }
        (
            Test::Multiple { interval, upper },
            Test::Multiple {
                interval: other,
                upper: same_upper,
            },
        ) => upper == same_upper && apart(interval, other),
        (Test::Score(one), Test::Score(other)) => apart(one, other),
        (Test::Levels(one), Test::Levels(other)) => !one.iter().any(|level| other.contains(level)),
        (Test::Results(one), Test::Results(other)) => {
            !one.iter().any(|result| other.contains(result))
        }
        _ => false,
    }
}

fn apart(one: &Interval, other: &Interval) -> bool {
    let below = |one: &Interval, other: &Interval| match (&one.high, &other.low) {
        (Some((high, closed)), Some((low, low_closed))) => {
            high < low || high == low && !(*closed && *low_closed)
        }
        _ => false,
    };
    below(one, other) || below(other, one)
}
