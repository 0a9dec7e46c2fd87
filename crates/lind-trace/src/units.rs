//! The unit behind a number, as registries and protocols write it.

use lind_units::{Exact, Unit};

use crate::numbers::Counted;

/// Units without a stroke that may follow a number in a sentence. Other short words are words there: `a`, `in`.
const SIMPLE: [&str; 36] = [
    "mg", "g", "kg", "ug", "mcg", "ng", "pg", "ml", "l", "dl", "ul", "mmhg", "cm", "mm", "m", "m2",
    "ms", "msec", "bpm", "iu", "u", "mmol", "umol", "nmol", "pmol", "kpa", "meq", "db", "°c", "gy",
    "cgy", "kcal", "kj", "units", "copies", "cells",
];

/// The longest unit that is looked at.
const LONGEST: usize = 40;

/// Blanks at the beginning of a text.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// A power of ten by which a number is multiplied: ` x 10^9`, and how long it is. Where a page has lost its raised
/// digits, `x 109/L` is one too: nobody multiplies by 109.
pub(crate) fn power_of_ten(text: &str) -> Option<(i32, usize)> {
    let mut at = blanks(text);
    let sign = text.get(at..)?.chars().next()?;
    if !matches!(sign, 'x' | 'X' | '*') {
        return None;
    }
    at += sign.len_utf8();
    at += blanks(text.get(at..)?);
    let rest = text.get(at..)?.strip_prefix("10")?;
    at += 2;
    if let Some((power, length)) = raised(rest) {
        return Some((power, at + length));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let power = rest.get(..digits)?;
    let is_lost = matches!(power, "3" | "6" | "9" | "12");
    is_lost.then(|| power.parse().ok().map(|power| (power, at + digits)))?
}

/// A raised number behind ten: `^9`, `*9`.
pub(crate) fn raised(text: &str) -> Option<(i32, usize)> {
    let mark = ["**", "^", "*", "E", "e"]
        .into_iter()
        .find(|mark| text.starts_with(mark))?;
    let rest = text.get(mark.len()..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 2 {
        return None;
    }
    let power = rest.get(..digits)?.parse().ok()?;
    Some((power, mark.len() + digits))
}

/// The unit at the beginning of what stands behind a number: what is counted, by what the number is multiplied
/// for it, and how long it is.
pub(crate) fn unit(text: &str) -> (Counted, Exact, usize) {
    let nothing = (Counted::Bare, Exact::one(), 0);
    let mut at = blanks(text);
    // 6-month history.
    if let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix('-'))
        && rest.starts_with(char::is_alphabetic)
    {
        at += 1;
    }
    let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else {
        return nothing;
    };
    if let Some((upper, length)) = limit(rest) {
        return (Counted::Limit(upper), Exact::one(), at + length);
    }
    for (words, counted) in [
        ("%pt", Counted::Percent),
        ("%", Counted::Percent),
        ("percent", Counted::Percent),
        ("per cent", Counted::Percent),
        ("half-life cycles", Counted::HalfLives),
        ("half-lives", Counted::HalfLives),
        ("half lives", Counted::HalfLives),
        ("half-life", Counted::HalfLives),
        ("half life", Counted::HalfLives),
    ] {
        if starts_with(rest, words) {
            return (counted, Exact::one(), at + words.len());
        }
    }
    let length = rest
        .find(|character: char| character.is_whitespace() || ",;()[]\"<>=".contains(character))
        .unwrap_or(rest.len());
    let chunk = rest
        .get(..length)
        .unwrap_or_default()
        .trim_end_matches(['.', ':', '?', '!', '*']);
    let word = chunk.split(['-', '\'']).next().unwrap_or_default();
    if let Some((counted, factor)) = of_time(&word.to_lowercase()) {
        return (counted, Exact::from_integer(factor), at + word.len());
    }
    if matches!(word.to_lowercase().as_str(), "point" | "points") {
        return (Counted::Points, Exact::one(), at + word.len());
    }
    match physical(rest, chunk) {
        Some((counted, length)) => (counted, Exact::one(), at + length),
        None => nothing,
    }
}

/// By what a number with its unit is multiplied for it.
pub(crate) fn factor_of(number: &str) -> Exact {
    let unit_at = number
        .find(|own: char| !(own.is_ascii_digit() || own == '.' || own == ','))
        .unwrap_or(number.len());
    unit(number.get(unit_at..).unwrap_or_default()).1
}

fn starts_with(text: &str, words: &str) -> bool {
    text.get(..words.len())
        .is_some_and(|own| own.eq_ignore_ascii_case(words))
}

/// A multiple of a limit of normal: whether of the upper one, and how long it is.
fn limit(text: &str) -> Option<(bool, usize)> {
    let mut at = 0;
    for times in ["x", "times", "fold", "*"] {
        if starts_with(text, times) {
            at = times.len();
            at += blanks(text.get(at..)?);
            break;
        }
    }
    if text.get(at..).is_some_and(|rest| starts_with(rest, "the ")) {
        at += "the ".len();
    }
    let rest = text.get(at..)?;
    for (words, upper) in [
        ("upper limits of normal", true),
        ("upper limit of normal", true),
        ("upper limit of the normal", true),
        ("upper normal limit", true),
        ("upper limit", true),
        ("uln", true),
        ("lower limit of normal", false),
        ("lower normal limit", false),
        ("lower limit", false),
        ("lln", false),
    ] {
        if starts_with(rest, words) {
            return Some((upper, at + words.len()));
        }
    }
    None
}

/// A unit of time, and how many of the least of its class it is.
fn of_time(word: &str) -> Option<(Counted, i64)> {
    Some(match word {
        "second" | "seconds" | "sec" => (Counted::Seconds, 1),
        "minute" | "minutes" | "min" | "mins" => (Counted::Seconds, 60),
        "hour" | "hours" | "hr" | "hrs" | "h" => (Counted::Seconds, 3600),
        "day" | "days" | "d" => (Counted::Days, 1),
        "week" | "weeks" | "wk" | "wks" => (Counted::Days, 7),
        "month" | "months" | "mo" | "mos" => (Counted::Months, 1),
        "year" | "years" | "yr" | "yrs" | "y" => (Counted::Months, 12),
        _ => return None,
    })
}

/// A unit of measurement, and how long it is.
fn physical(text: &str, chunk: &str) -> Option<(Counted, usize)> {
    if chunk.is_empty() || chunk.len() > LONGEST {
        return None;
    }
    // mL/min/1.73 m2 is written with a blank.
    let surface = chunk.strip_suffix("/1.73").and_then(|_| {
        let rest = text.get(chunk.len()..)?;
        let gap = blanks(rest);
        let of_area = ["m^2", "m2"];
        let area = of_area
            .into_iter()
            .find(|area| rest.get(gap..).is_some_and(|rest| rest.starts_with(area)))?;
        Some(chunk.len() + gap + area.len())
    });
    let (chunk, length) = match surface {
        Some(length) => (text.get(..length)?, length),
        None => (chunk, chunk.len()),
    };
    let head = chunk.split('/').next().unwrap_or_default().to_lowercase();
    let is_unit = head.is_empty()
        || SIMPLE.contains(&head.as_str())
        || head.starts_with('{')
        || head.starts_with("10");
    // 180/110 is two numbers.
    let is_divided = !head.is_empty()
        || chunk.strip_prefix('/').is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_alphabetic() || first == '{')
        });
    if !is_unit || !is_divided {
        return None;
    }
    // Cells and copies are counted things; registries often leave them out, or write them.
    let bare = ["cells/", "CELLS/", "Cells/"]
        .into_iter()
        .find_map(|cells| chunk.strip_prefix(cells));
    let counted = bare.map(|rest| format!("/{rest}"));
    let readings = [
        counted.clone(),
        Some(chunk.to_owned()),
        Some(chunk.to_lowercase()),
    ];
    let unit = readings
        .iter()
        .flatten()
        .find_map(|own| Unit::parse(own).ok());
    Some(match unit {
        Some(unit) => (Counted::Physical(unit), length),
        None => (Counted::Other(chunk.to_lowercase()), length),
    })
}
