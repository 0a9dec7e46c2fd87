//! Sums of points in words.

use lind_model::Truth;
use lind_model::plan::{PointsChangePlan, PointsPlan};
use lind_model::protocol::{Interval, Window};
use lind_model::verdict::FactUsed;
use lind_units::Exact;

use crate::explain::compared::word;
use crate::explain::lists::settles;
use crate::explain::recorder::{Telling, Told};
use crate::explain::values::bounds;
use crate::explain::words::{asked, listed, number, relation, spoken, used};
use crate::trace::Note;
use crate::view::View;

/// `child pugh 7 points, from ascites 2 …`
pub(crate) fn points(
    plan: &PointsPlan,
    notes: &[Note<'_>],
    parts: &[Told],
    truth: Truth,
) -> Telling {
    let bounds = notes.iter().find_map(|note| match note {
        Note::Points { low, high } => Some((low, high)),
        _ => None,
    });
    let Some((low, high)) = bounds else {
        return Telling::because("its points are not added up");
    };
    let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<String> {
        plan.lines
            .iter()
            .zip(parts)
            .filter(|(_, part)| wanted(part.truth()))
            .map(|((label, _, worth), _)| format!("{} {}", spoken(label), number(worth)))
            .collect()
    };
    let holding = with(&|truth| truth == Truth::True);
    let open = with(&|truth| truth.is_open());
    let sum = if low == high {
        number(low)
    } else {
        format!("{} to {}", number(low), number(high))
    };
    let from = if holding.is_empty() {
        "from no line".to_owned()
    } else {
        format!("from {}", listed(&holding))
    };
    let mut because = format!("{} {sum} points, {from}", spoken(&plan.name));
    if !open.is_empty() {
        because = format!("{because}; open: {}", listed(&open));
    }
    let undecided = low > high || (plan.interval.contains(low) != plan.interval.contains(high));
    if let Some(recorded) = parts.get(plan.lines.len())
        && undecided
        && !truth.is_open()
    {
        because = format!("{} (as recorded; {because})", recorded.reason);
    } else if !truth.is_open() {
        let failed = truth == Truth::False;
        let below = failed
            && plan
                .interval
                .low
                .as_ref()
                .is_some_and(|(end, _)| low <= end);
        let words = relation(&plan.interval, below, failed && !below, &|limit| {
            number(limit)
        });
        because = format!("{because}: the sum {words}");
    }
    let settle = listed(&settles(parts.get(..plan.lines.len()).unwrap_or(parts)));
    Telling {
        because,
        settle: Some(settle)
            .filter(|settle| !settle.is_empty())
            .or_else(|| {
                truth
                    .is_open()
                    .then(|| format!("the lines of {}", spoken(&plan.name)))
            }),
        ..Telling::default()
    }
}

/// What a sum of points came to at one of two times.
struct End<'n, 'c> {
    window: Option<&'c Window>,
    sum: Option<(&'n Exact, &'n Exact)>,
    recorded: Option<&'n Interval>,
    facts: Vec<FactUsed>,
}

impl<'c> View<'c> {
    /// `selena sledai by item from 10 points between … (arthritis 4; …) to 4 points on …: a fall of 6 points`
    pub(crate) fn points_change_telling(
        &self,
        plan: &PointsChangePlan,
        notes: &[Note<'c>],
        parts: &[Told],
        truth: Truth,
    ) -> Telling {
        let mut ends: Vec<End<'_, 'c>> = Vec::new();
        let mut difference = None;
        let name = spoken(&plan.name);
        for note in notes {
            match (note, ends.last_mut()) {
                (Note::Window(window), _) => ends.push(End {
                    window: *window,
                    sum: None,
                    recorded: None,
                    facts: Vec::new(),
                }),
                (Note::Points { low, high }, Some(end)) => end.sum = Some((low, high)),
                (Note::Value(value), Some(end)) => end.recorded = value.as_ref(),
                (Note::Candidate { candidate, .. }, Some(end)) => {
                    let text = self.observed(&name, None, candidate.row);
                    end.facts.push(used(self.chart, text, candidate.row.at));
                }
                (Note::Difference(interval), _) => difference = Some(interval),
                _ => {}
            }
        }
        let (first, second) = parts.split_at(plan.lines.len().min(parts.len()));
        let sums: Vec<String> = ends
            .iter()
            .zip([first, second])
            .map(|(end, parts)| self.sum_text(plan, end, parts))
            .collect();
        let mut because = format!("{name} from {}", sums.join(" to "));
        let limit = |limit: &Exact| {
            if plan.relative {
                format!("{} %", number(limit))
            } else {
                points_text(&number(limit))
            }
        };
        if let Some(difference) = difference {
            let by = match (&difference.low, &difference.high) {
                (Some((low, _)), Some((high, _))) if low == high => format!("of {}", limit(low)),
                _ => bounds(difference, &limit),
            };
            because = format!("{because}: {} {by}", word(plan.direction));
        }
        if !truth.is_open() {
            let not = if truth == Truth::False { "not " } else { "" };
            because = format!("{because}, {not}{}", asked(&plan.by, &limit));
        }
        let settle = listed(&settles(parts));
        Telling {
            because,
            facts: ends
                .into_iter()
                .filter(|end| end.recorded.is_some())
                .flat_map(|end| end.facts)
                .take(12)
                .collect(),
            settle: Some(settle)
                .filter(|settle| !settle.is_empty())
                .or_else(|| truth.is_open().then(|| format!("the lines of {name}"))),
            ..Telling::default()
        }
    }

    /// `6 points between 2024-01-01 and 2024-01-14, both included (arthritis 4; rash 2; open: fever 1)`
    fn sum_text(&self, plan: &PointsChangePlan, end: &End<'_, 'c>, parts: &[Told]) -> String {
        let phrase = self.phrase(end.window);
        let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<String> {
            plan.lines
                .iter()
                .zip(parts)
                .filter(|(_, part)| wanted(part.truth()))
                .map(|((label, _, worth), _)| format!("{} {}", spoken(label), number(worth)))
                .collect()
        };
        if let Some(Interval {
            low: Some((total, _)),
            ..
        }) = end.recorded
        {
            return format!("{} {phrase} (as recorded)", points_text(&number(total)));
        }
        let sum = match end.sum {
            Some((low, high)) if low == high => points_text(&number(low)),
            Some((low, high)) if low < high => {
                format!("{} to {} points", number(low), number(high))
            }
            _ => "no possible sum".to_owned(),
        };
        let mut from = listed(&with(&|truth| truth == Truth::True));
        if from.is_empty() {
            from = "no line".to_owned();
        }
        let open = with(&|truth| truth.is_open());
        if !open.is_empty() {
            from = format!("{from}; open: {}", listed(&open));
        }
        format!("{sum} {phrase} ({from})")
    }
}

fn points_text(number: &str) -> String {
    let word = if number == "1" { "point" } else { "points" };
    format!("{number} {word}")
}
