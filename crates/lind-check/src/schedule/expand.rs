//! From lines that write several visits to the visits.

use lind_diagnostics::Span;
use lind_model::TimelineId;
use lind_syntax::tree::{
    EverySo, Item, Length, LengthUnit, Name, Number, SeriesNumbers, SeriesPoint, UntilEnd, Visit,
    VisitTime,
};

use crate::modules::Module;

/// The most visits that a schedule may have: solving the network takes time with the cube of them.
pub(crate) const MOST_VISITS: usize = 400;

/// One visit of the schedule, before its time is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'t> {
    /// The module that declares it.
    pub(crate) module: usize,
    /// Its name; of several that are written as one, with the place of what they share.
    pub(crate) name: Name,
    /// Whether its name stands in the source as such.
    pub(crate) is_written: bool,
    /// In words.
    pub(crate) title: String,
    /// Its timeline.
    pub(crate) timeline: Option<TimelineId>,
    /// What was written.
    pub(crate) visit: &'t Visit,
    /// Which of several it is.
    pub(crate) slot: Slot,
}

/// Which of several visits one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// It is alone.
    Alone,
    /// The one with this number, in the unit of the series.
    Number(i64),
    /// The one on this day of this cycle.
    CycleDay(i64, i64),
}

/// All visits of all modules, in the order of the source, up to one more than [`MOST_VISITS`].
pub(crate) fn drafts(modules: &[Module]) -> Vec<Draft<'_>> {
    let mut found = Vec::new();
    let mut timelines = 0;
    for (module, loaded) in modules.iter().enumerate() {
        for item in &loaded.tree.items {
            match item {
                Item::Timeline(timeline) => {
                    let id = TimelineId::from_index(timelines);
                    timelines += 1;
                    for visit in &timeline.visits {
                        expand(module, visit, Some(id), &mut found);
                    }
                }
                Item::Visit(visit) => expand(module, visit, None, &mut found),
                _ => {}
            }
        }
    }
    found.truncate(MOST_VISITS + 1);
    found
}

fn expand<'t>(
    module: usize,
    visit: &'t Visit,
    timeline: Option<TimelineId>,
    found: &mut Vec<Draft<'t>>,
) {
    let base = visit.name.clone().unwrap_or_else(|| Name {
        text: "unscheduled".to_owned(),
        span: visit.title.span,
    });
    for slot in slots(&visit.time) {
        if found.len() > MOST_VISITS {
            return;
        }
        let (name, title) = match slot {
            Slot::Alone => (base.text.clone(), visit.title.value.clone()),
            Slot::Number(number) => (
                format!("{}_{}", base.text, in_name(number)),
                format!("{} {number}", visit.title.value),
            ),
            Slot::CycleDay(cycle, day) => (
                format!("{}_{cycle}_day_{day}", base.text),
                format!("{} {cycle} Day {day}", visit.title.value),
            ),
        };
        found.push(Draft {
            module,
            name: Name {
                text: name,
                span: base.span,
            },
            is_written: slot == Slot::Alone && visit.name.is_some(),
            title,
            timeline,
            visit,
            slot,
        });
    }
}

/// A number as a part of a name.
fn in_name(number: i64) -> String {
    if number < 0 {
        format!("minus_{}", number.unsigned_abs())
    } else {
        number.to_string()
    }
}

fn slots(time: &VisitTime) -> Vec<Slot> {
    match time {
        VisitTime::Listed { numbers, .. } => {
            listed(numbers).into_iter().map(Slot::Number).collect()
        }
        VisitTime::Every(every) => repeated(every)
            .unwrap_or_default()
            .into_iter()
            .map(Slot::Number)
            .collect(),
        VisitTime::Cycles {
            days, first, last, ..
        } => {
            let (Some(first), Some(last)) = (whole(first), whole(last)) else {
                return Vec::new();
            };
            let days = listed(days);
            (first..=last)
                .take(MOST_VISITS + 1)
                .flat_map(|cycle| days.iter().map(move |day| Slot::CycleDay(cycle, *day)))
                .take(MOST_VISITS + 1)
                .collect()
        }
        _ => vec![Slot::Alone],
    }
}

/// The numbers of a list, ranges written out.
fn listed(numbers: &[SeriesNumbers]) -> Vec<i64> {
    let mut found = Vec::new();
    for numbers in numbers {
        let first = whole(&numbers.first);
        let last = numbers.last.as_ref().map_or(first, whole);
        if let (Some(first), Some(last)) = (first, last) {
            found.extend((first..=last).take(MOST_VISITS + 1));
        }
    }
    found
}

/// A whole number.
pub(crate) fn whole(number: &Number) -> Option<i64> {
    number.text.parse().ok()
}

/// Why a series gives no visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoSeries {
    /// The step is nothing, or no whole number of the unit that the visits are numbered in.
    Step(Span),
    /// Nothing says where it ends.
    NoEnd(Span),
    /// It ends before it begins, or in another kind of unit.
    End(Span),
}

/// The numbers of a series, in the unit of its first.
pub(crate) fn repeated(every: &EverySo) -> Result<Vec<i64>, NoSeries> {
    let step_refused = NoSeries::Step(every.step.span);
    let unit = unit(&every.first.unit.text).ok_or(step_refused)?;
    let first = whole(&every.first.number).ok_or(NoSeries::End(every.first.span))?;
    let step = step(&every.step, unit).ok_or(step_refused)?;
    let ends: Vec<&SeriesPoint> = every
        .last
        .iter()
        .chain(every.until.iter().filter_map(|end| match end {
            UntilEnd::Point(point) => Some(point),
            UntilEnd::Milestone(_) => None,
        }))
        .collect();
    let mut last: Option<i64> = None;
    for end in ends {
        let refused = NoSeries::End(end.span);
        let scale = self::unit(&end.unit.text).ok_or(refused)?;
        let number = whole(&end.number)
            .filter(|_| scale.0 == unit.0)
            .and_then(|number| number.checked_mul(scale.1))
            .ok_or(refused)?
            .div_euclid(unit.1);
        if number < first {
            return Err(refused);
        }
        last = Some(last.map_or(number, |last| last.min(number)));
    }
    let last = last.ok_or(NoSeries::NoEnd(every.first.span))?;
    let mut found = Vec::new();
    let mut at = first;
    while at <= last && found.len() <= MOST_VISITS {
        found.push(at);
        at = at.saturating_add(step);
    }
    Ok(found)
}

/// How far it is from one visit of a series to the next, in the unit that they are numbered in.
fn step(step: &Length, unit: (bool, i64)) -> Option<i64> {
    let LengthUnit::Word(word) = &step.unit else {
        return None;
    };
    let (calendar, scale) = self::unit(&word.text)?;
    let length = whole(&step.number)?.checked_mul(scale)?;
    (calendar == unit.0 && length > 0 && length % unit.1 == 0).then(|| length / unit.1)
}

/// Whether a unit is one of the calendar, and how many days or months it has.
pub(crate) fn unit(word: &str) -> Option<(bool, i64)> {
    Some(match word {
        "day" | "days" => (false, 1),
        "week" | "weeks" => (false, 7),
        "month" | "months" => (true, 1),
        "year" | "years" => (true, 12),
        _ => return None,
    })
}
