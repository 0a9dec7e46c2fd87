//! CQL expressions as calls of this crate.

use std::fmt;

use lind_time::{
    MonthEnd, Offset, OffsetUnit, Period, Precision, Tri, When, calendar_difference,
    completed_units,
};

/// What became of an expression.
pub(crate) enum Translated {
    Answer(Answer),
    /// This crate has no such idea, for this reason.
    NotCovered(&'static str),
}

/// What this crate answers.
pub(crate) enum Answer {
    Time(When),
    /// From the least to the greatest.
    Number(i64, i64),
    Truth(Tri),
    Refused(String),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Time(when) => write!(f, "{when}"),
            Answer::Number(low, high) => write!(f, "{low} to {high}"),
            Answer::Truth(tri) => write!(f, "{tri:?}"),
            Answer::Refused(why) => write!(f, "refused ({why})"),
        }
    }
}

/// Whether the answer is what the suite expects.
pub(crate) fn agrees(answer: &Answer, expected: &str) -> bool {
    match answer {
        Answer::Refused(_) => expected == "invalid",
        Answer::Truth(Tri::Yes) => expected == "true",
        Answer::Truth(Tri::No) => expected == "false",
        Answer::Truth(Tri::Maybe) => expected == "null",
        Answer::Number(low, high) if low == high => expected == low.to_string(),
        Answer::Number(low, high) => expected == format!("Interval[ {low}, {high} ]"),
        Answer::Time(when) => literal(expected).is_ok_and(|wanted| wanted == *when),
    }
}

/// `Err` is the reason why it is not covered, or an answer that it is refused.
enum Stop {
    NotCovered(&'static str),
    Refused(String),
}

impl From<&'static str> for Stop {
    fn from(reason: &'static str) -> Stop {
        Stop::NotCovered(reason)
    }
}

type Found<T> = Result<T, Stop>;

const TIME_OF_DAY: &str = "a time of day without a date";
const MILLISECONDS: &str = "milliseconds";
const CLOCK: &str = "asks the clock of the machine";
const ARITHMETIC: &str = "arithmetic with uncertain numbers";
const OTHER: &str = "another subject (numbers, texts, tuples, sets of intervals)";
const WEEK_STARTS: &str = "calendar weeks";
const ZONES: &str = "the zone offset of a time, which is not kept";

pub(crate) fn translate(expression: &str) -> Translated {
    let about_time = ["DateTime(", "Date(", "@"]
        .iter()
        .any(|mark| expression.contains(mark));
    let found = if expression.contains("Now()")
        || expression.contains("Today()")
        || expression.contains("TimeOfDay()")
    {
        Err(CLOCK.into())
    } else if expression.contains("@T") || expression.contains("Time(1") && !about_time {
        Err(TIME_OF_DAY.into())
    } else if expression.contains("millisecond") {
        Err(MILLISECONDS.into())
    } else if expression.contains("timezone") {
        Err(ZONES.into())
    } else if !about_time {
        Err(OTHER.into())
    } else {
        answer(expression)
    };
    match found {
        Ok(answer) => Translated::Answer(answer),
        Err(Stop::Refused(why)) => Translated::Answer(Answer::Refused(why)),
        Err(Stop::NotCovered(reason)) => Translated::NotCovered(reason),
    }
}

fn answer(expression: &str) -> Found<Answer> {
    if expression.starts_with('(') && expression.contains(") + (")
        || expression.contains(") - (")
        || expression.contains(") * (")
        || expression.contains(") div (")
    {
        return Err(ARITHMETIC.into());
    }
    if let Some((left, sign, limit)) = number_comparison(expression) {
        return between(left).and_then(|number| match number {
            Some((low, high)) => Ok(Answer::Truth(compared((low, high), sign, limit))),
            None => Err(OTHER.into()),
        });
    }
    if let Some((low, high)) = between(expression)? {
        return Ok(Answer::Number(low, high));
    }
    if let Some((unit, of)) = expression.split_once(" from ")
        && let Some(number) = component(unit, time(of)?)
    {
        return Ok(number);
    }
    if expression.contains("Interval") {
        return interval(expression).map(Answer::Truth);
    }
    if let Some(truth) = comparison(expression)? {
        return Ok(Answer::Truth(truth));
    }
    time(expression).map(Answer::Time)
}

/// `… > 5`
fn number_comparison(expression: &str) -> Option<(&str, &str, i64)> {
    [" >= ", " <= ", " > ", " < ", " = "]
        .into_iter()
        .find_map(|sign| {
            let (left, right) = expression.rsplit_once(sign)?;
            Some((left, sign.trim(), right.parse().ok()?))
        })
}

fn compared((low, high): (i64, i64), sign: &str, limit: i64) -> Tri {
    let holds = |number: i64| match sign {
        ">" => number > limit,
        ">=" => number >= limit,
        "<" => number < limit,
        "<=" => number <= limit,
        _ => number == limit,
    };
    match ((low..=high).all(holds), (low..=high).any(holds)) {
        (true, _) => Tri::Yes,
        (_, false) => Tri::No,
        _ => Tri::Maybe,
    }
}

/// `months between A and B`, `difference in months between A and B`
fn between(expression: &str) -> Found<Option<(i64, i64)>> {
    let Some((what, operands)) = expression.split_once(" between ") else {
        return Ok(None);
    };
    let Some((from, to)) = operands.split_once(" and ") else {
        return Ok(None);
    };
    if let Some(unit) = what.strip_prefix("difference in ") {
        let unit = precision(unit).ok_or(WEEK_STARTS)?;
        return Ok(Some(calendar_difference(&time(from)?, &time(to)?, unit)));
    }
    let unit = Offset::parse_unit(what).ok_or(OTHER)?;
    Ok(Some(completed_units(&time(from)?, &time(to)?, unit)))
}

fn component(unit: &str, of: When) -> Option<Answer> {
    let day = of.first_day();
    let second = of.start().second_of_day();
    let number = match unit {
        "year" => i64::from(day.year()),
        "month" => i64::from(day.month()),
        "day" => i64::from(day.day_of_month()),
        "hour" => second / 3600,
        "minute" => second / 60 % 60,
        "second" => second % 60,
        "date" => return Some(Answer::Time(of.widened_to(Precision::Day))),
        _ => return None,
    };
    Some(Answer::Number(number, number))
}

type ComparisonAt = fn(&When, &When, Precision) -> Tri;
type Comparison = fn(&When, &When) -> Tri;

/// The comparisons with a stated precision, and those without.
fn comparison(expression: &str) -> Found<Option<Tri>> {
    for unit in ["year", "month", "day", "hour", "minute", "second"] {
        let at = precision(unit).ok_or(OTHER)?;
        let phrases: [(String, ComparisonAt); 5] = [
            (format!(" after {unit} of "), |a, b, at| b.before_at(a, at)),
            (format!(" before {unit} of "), |a, b, at| a.before_at(b, at)),
            (format!(" same {unit} or after "), |a, b, at| {
                b.at_or_before_at(a, at)
            }),
            (format!(" same {unit} or before "), |a, b, at| {
                a.at_or_before_at(b, at)
            }),
            (format!(" same {unit} as "), |a, b, at| a.same_at(b, at)),
        ];
        for (phrase, holds) in phrases {
            if let Some((a, b)) = expression.split_once(&phrase) {
                return Ok(Some(holds(&time(a)?, &time(b)?, at)));
            }
        }
    }
    let plain: [(&str, Comparison); 7] = [
        (" on or after ", When::at_or_after),
        (" same or after ", When::at_or_after),
        (" >= ", When::at_or_after),
        (" <= ", When::at_or_before),
        (" > ", When::after),
        (" < ", When::before),
        // Of two results the suite asks whether they are written alike.
        (" = ", |a, b| Tri::from(a == b)),
    ];
    for (phrase, holds) in plain {
        if let Some((a, b)) = expression.split_once(phrase) {
            let (a, b) = (time(a)?, time(b)?);
            return Ok(Some(holds(&a, &b)));
        }
    }
    Ok(None)
}

/// Questions about `Interval[A, B]`, at the finest precision that is written.
fn interval(expression: &str) -> Found<Tri> {
    type Question = fn(&Period, &Period, Precision) -> Tri;
    let month = Precision::Month;
    if let Some((a, b)) = expression.split_once(" on or after month of ") {
        let (a, b) = (period(a)?, period(b)?);
        return Ok(ends(&b, &a, |end, start| end.at_or_before_at(start, month)));
    }
    if let Some((a, b)) = expression.split_once(" on or before month of ") {
        let (a, b) = (period(a)?, period(b)?);
        return Ok(ends(&a, &b, |end, start| end.at_or_before_at(start, month)));
    }
    let questions: [(&str, Question); 6] = [
        (" overlaps ", |a, b, at| a.overlaps(b, at)),
        (" contains ", |a, b, at| a.overlaps(b, at)),
        (" in ", |a, b, at| a.overlaps(b, at)),
        (" after ", |a, b, at| {
            ends(b, a, |end, start| end.before_at(start, at))
        }),
        (" before ", |a, b, at| {
            ends(a, b, |end, start| end.before_at(start, at))
        }),
        (" includes ", |a, b, at| {
            let within = |a: &Period, b: &Period| {
                Some(
                    a.start?
                        .at_or_before_at(&b.start?, at)
                        .and(b.end?.at_or_before_at(&a.end?, at)),
                )
            };
            within(a, b).unwrap_or(Tri::Maybe)
        }),
    ];
    for (phrase, question) in questions {
        if let Some((a, b)) = expression.split_once(phrase) {
            let (a, b) = (period(a)?, period(b)?);
            let finest = [a.start, a.end, b.start, b.end]
                .into_iter()
                .flatten()
                .map(|time| time.precision())
                .max()
                .unwrap_or(Precision::Day);
            return Ok(question(&a, &b, finest));
        }
    }
    Err(OTHER.into())
}

fn ends(earlier: &Period, later: &Period, holds: impl Fn(&When, &When) -> Tri) -> Tri {
    match (earlier.end, later.start) {
        (Some(end), Some(start)) => holds(&end, &start),
        _ => Tri::Maybe,
    }
}

/// `Interval[A, B]`, or a time as the interval of itself.
fn period(text: &str) -> Found<Period> {
    let Some(inside) = text
        .trim()
        .strip_prefix("Interval[")
        .and_then(|t| t.strip_suffix(']'))
    else {
        let point = time(text)?;
        return Ok(Period::new(Some(point), Some(point)));
    };
    // The comma between the two, not one inside `DateTime(…)`.
    let mut depth = 0;
    let comma = inside.char_indices().find_map(|(at, character)| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        (character == ',' && depth == 0).then_some(at)
    });
    let (start, end) = inside.split_at(comma.ok_or(OTHER)?);
    let end = end.trim_start_matches(',').trim();
    let end = if end == "null" {
        None
    } else {
        Some(time(end)?)
    };
    Ok(Period::new(Some(time(start)?), end))
}

fn precision(unit: &str) -> Option<Precision> {
    Some(match unit.trim_end_matches('s') {
        "year" => Precision::Year,
        "month" => Precision::Month,
        "day" => Precision::Day,
        "hour" => Precision::Hour,
        "minute" => Precision::Minute,
        "second" => Precision::Second,
        _ => return None,
    })
}

/// A time, or a time plus or minus a duration.
fn time(expression: &str) -> Found<When> {
    let expression = expression.trim().trim_start_matches('(').trim();
    let expression = expression.strip_prefix("date from ").map_or_else(
        || expression.to_owned(),
        |of| format!("date {}", of.trim_end_matches(')')),
    );
    if let Some(of) = expression.strip_prefix("date ") {
        return Ok(time(of)?.widened_to(Precision::Day));
    }
    for (sign, direction) in [(" + ", 1), (" - ", -1)] {
        if let Some((start, length)) = expression.rsplit_once(sign) {
            let (count, unit) = length.split_once(' ').ok_or(OTHER)?;
            let unit: OffsetUnit = Offset::parse_unit(unit).ok_or(OTHER)?;
            let count: i64 = count.parse().map_err(|_| OTHER)?;
            let offset = unit.times(direction * count).ok_or(OTHER)?;
            return time(start)?
                .checked_add(offset, MonthEnd::LastDay)
                .map_err(|error| Stop::Refused(error.message()));
        }
    }
    if expression.starts_with('@') {
        return literal(&expression);
    }
    constructor(&expression)
}

/// `@2014-01-25T14:30:14.559+01:00`
fn literal(text: &str) -> Found<When> {
    let text = text.strip_prefix('@').ok_or(OTHER)?.trim_end_matches('T');
    read(text)
}

/// `DateTime(2014, 1, 25, 14, 30, 14, 559, 1.0)`
fn constructor(text: &str) -> Found<When> {
    let arguments = text
        .strip_prefix("DateTime(")
        .or_else(|| text.strip_prefix("Date("))
        .and_then(|text| text.strip_suffix(')'))
        .ok_or(OTHER)?;
    let parts: Vec<&str> = arguments.split(',').map(str::trim).collect();
    if parts.contains(&"null") {
        return Err("missing parts of a date given as null".into());
    }
    if parts
        .get(6)
        .is_some_and(|milliseconds| *milliseconds != "0")
        && parts.len() == 7
    {
        return Err(MILLISECONDS.into());
    }
    let mut written = String::new();
    for (place, part) in parts.iter().take(6).enumerate() {
        let mark = ["", "-", "-", "T", ":", ":"][place];
        let width = if place == 0 { 4 } else { 2 };
        written.push_str(&format!("{mark}{part:0>width$}"));
    }
    if let Some(hours) = parts.get(7) {
        let whole = hours.split('.').next().unwrap_or_default();
        let hours: i32 = whole.parse().map_err(|_| OTHER)?;
        let sign = if hours < 0 { '-' } else { '+' };
        written.push_str(&format!("{sign}{:02}:00", hours.abs()));
    }
    read(&written)
}

/// All zones to UTC, so that times with offsets compare.
fn read(text: &str) -> Found<When> {
    When::parse_at_site(text, Some(0))
        .map(|(when, _)| when)
        .map_err(|error| Stop::Refused(error.message()))
}
