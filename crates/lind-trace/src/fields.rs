//! The fields of a registry beside its lists: ages and sex.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_model::CriterionId;
use lind_model::protocol::{CriterionKind, Sex};
use lind_model::trace::{FoundBy, LineList, LineStatus, NumberNotFound, RegistryLine, TracedLine};
use lind_units::Exact;

use crate::numbers::{Counted, Source, numbers, plain};
use crate::stated::Stated;

fn traced(line: &RegistryLine, status: LineStatus, criteria: Vec<CriterionId>) -> TracedLine {
    TracedLine {
        line: line.clone(),
        status,
        found_by: (!criteria.is_empty()).then_some(FoundBy::Words),
        criteria,
        unstated: None,
        numbers: Vec::new(),
        items: Vec::new(),
        words: Vec::new(),
        notes: Vec::new(),
    }
}

/// The least or the greatest age, held against the ages that criteria ask for.
pub(crate) fn age(line: &RegistryLine, stated: &[Stated]) -> TracedLine {
    let is_minimum = line.list == LineList::MinimumAge;
    let said = numbers(&plain(&line.text), Source::Line);
    let months = said
        .iter()
        .find(|number| matches!(number.unit, Counted::Months))
        .map(|number| number.value.clone());
    // Ends in completed years: above 17 is from 18 on.
    let one = Exact::one();
    let mut others: Vec<(CriterionId, Exact)> = Vec::new();
    for own in stated {
        for interval in &own.ages {
            let end = if is_minimum {
                let low = interval.low.as_ref();
                low.map(|(end, closed)| if *closed { end.clone() } else { end.add(&one) })
            } else {
                let high = interval.high.as_ref();
                high.map(|(end, closed)| if *closed { end.clone() } else { end.sub(&one) })
            };
            let Some(end) = end else { continue };
            if Some(end.mul(&Exact::from_integer(12))) == months {
                return traced(line, LineStatus::Stated, vec![own.id]);
            }
            others.push((own.id, end));
        }
    }
    let Some((_, end)) = others.first() else {
        return traced(line, LineStatus::Missing, Vec::new());
    };
    let instead = format!("{end} years");
    let ids: BTreeSet<CriterionId> = others.iter().map(|(id, _)| *id).collect();
    let mut traced = traced(line, LineStatus::Partly, ids.into_iter().collect());
    traced.numbers.push(NumberNotFound {
        said: Arc::clone(&line.text),
        instead: Some(Arc::from(instead)),
    });
    traced
}

/// The sexes that may take part. That all may is stated where nothing asks for one.
pub(crate) fn sex(line: &RegistryLine, stated: &[Stated]) -> TracedLine {
    let said = line.text.trim().to_lowercase();
    let (wanted, word, other) = match said.as_str() {
        "female" | "women" => (Sex::Female, "woman", "man"),
        "male" | "men" => (Sex::Male, "man", "woman"),
        _ => {
            let mut traced = traced(line, LineStatus::Stated, Vec::new());
            traced
                .notes
                .push(Arc::from("nothing has to be stated for it"));
            return traced;
        }
    };
    // A part for women alone does not keep men out; a criterion whose title is about them may.
    let asks = stated.iter().filter(|own| match own.kind {
        CriterionKind::Inclusion => own.title.contains(word) && !own.sexes.contains(&wanted),
        CriterionKind::Exclusion => own.title.contains(other),
        CriterionKind::Commitment => false,
    });
    let criteria: Vec<CriterionId> = asks.map(|own| own.id).collect();
    let status = if criteria.is_empty() {
        LineStatus::Missing
    } else {
        LineStatus::Stated
    };
    traced(line, status, criteria)
}
