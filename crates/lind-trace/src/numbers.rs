//! Numbers of a text, with their units and comparisons.
//!
//! The lines of registries and the conditions of protocols are read by the same rules, so that a number is found
//! where both say it in their own way: `1,000/mm3` and `1000 /uL`, `one month` and `1 month`, `18-65 years` and
//! `18 to 65 years`. Hours, days and months stay apart, as they do in the language.

use lind_model::protocol::Comparison;
use lind_units::{Decimal, Exact, Unit};

use crate::units;
use crate::words::is_year;

/// A number as a text says it.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    /// As written, with its comparison and its unit.
    pub(crate) said: String,
    /// The number; times in the least unit of their class.
    pub(crate) value: Exact,
    /// What is counted.
    pub(crate) unit: Counted,
    /// What it is compared by, if that is said.
    pub(crate) comparison: Option<Comparison>,
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends, its unit included.
    pub(crate) end: usize,
}

/// What a number counts.
#[derive(Debug, Clone)]
pub(crate) enum Counted {
    /// Nothing is said.
    Bare,
    /// Seconds.
    Seconds,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Per cent, of whatever.
    Percent,
    /// Multiples of the upper limit of normal, or of the lower.
    Limit(bool),
    /// Points of a score.
    Points,
    /// Half-lives of a drug.
    HalfLives,
    /// A level: class, grade, stage, type, phase.
    Level,
    /// A unit of measurement.
    Physical(Unit),
    /// A unit that is not known, in small letters.
    Other(String),
}

/// How two numbers agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Not at all.
    No,
    /// They count different amounts of the same thing.
    OtherValue,
    /// They are the same.
    Same,
    /// They are the same if a dose without a time is that of a day.
    SameByDay,
}

impl Number {
    /// How two numbers agree in what they count.
    pub(crate) fn agrees(&self, other: &Self) -> Agreement {
        let same = |is_same: bool| {
            if is_same {
                Agreement::Same
            } else {
                Agreement::OtherValue
            }
        };
        match (&self.unit, &other.unit) {
            // A line often leaves out that a score has points, or a level its word.
            (Counted::Bare, Counted::Bare | Counted::Points | Counted::Level)
            | (Counted::Level, Counted::Bare)
            | (Counted::Points, Counted::Bare)
            | (Counted::Seconds, Counted::Seconds)
            | (Counted::Days, Counted::Days)
            | (Counted::Months, Counted::Months)
            | (Counted::Percent, Counted::Percent)
            | (Counted::Points, Counted::Points)
            | (Counted::HalfLives, Counted::HalfLives)
            | (Counted::Level, Counted::Level) => same(self.value == other.value),
            (Counted::Bare, _) if self.value == other.value => Agreement::Same,
            (Counted::Limit(upper), Counted::Limit(other_upper)) if upper == other_upper => {
                same(self.value == other.value)
            }
            (Counted::Other(unit), Counted::Other(other_unit)) if unit == other_unit => {
                same(self.value == other.value)
            }
            (Counted::Physical(unit), Counted::Physical(other_unit)) => {
                if let Ok(conversion) = unit.conversion(other_unit, None) {
                    return same(conversion.apply(&self.value) == other.value);
                }
                let by_day = Unit::parse(&format!("{}/d", unit.code())).ok();
                match by_day.and_then(|unit| unit.conversion(other_unit, None).ok()) {
                    Some(conversion) if conversion.apply(&self.value) == other.value => {
                        Agreement::SameByDay
                    }
                    Some(_) => Agreement::OtherValue,
                    None => Agreement::No,
                }
            }
            _ => Agreement::No,
        }
    }
}

/// A text in which signs that are written in several ways are written in one.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_superscript = false;
    for character in text.chars() {
        let raised = match character {
            '⁰' => Some('0'),
            '¹' => Some('1'),
            '⁴' => Some('4'),
            '⁵' => Some('5'),
            '⁶' => Some('6'),
            '⁷' => Some('7'),
            '⁸' => Some('8'),
            '⁹' => Some('9'),
            _ => None,
        };
        if let Some(digit) = raised {
            if !in_superscript {
                plain.push('^');
            }
            plain.push(digit);
            in_superscript = true;
            continue;
        }
        in_superscript = false;
        match character {
            '≥' | '⩾' | '≧' => plain.push_str(">="),
            '≤' | '⩽' | '≦' => plain.push_str("<="),
            '＞' => plain.push('>'),
            '＜' => plain.push('<'),
            '×' | '∗' => plain.push('x'),
            '–' | '—' | '‑' | '‐' | '−' => plain.push('-'),
            'µ' | 'μ' => plain.push('u'),
            '²' => plain.push('2'),
            '³' => plain.push('3'),
            '％' => plain.push('%'),
            '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' => plain.push(' '),
            '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Words that stand for numbers before a unit of time.
const IN_WORDS: [(&str, i64); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

/// Levels, lowest first.
const ROMAN: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

/// Words before a level.
const LEVEL_WORDS: [&str; 11] = [
    "class", "classes", "grade", "grades", "stage", "stages", "type", "types", "phase", "level",
    "part",
];

/// What stands before a number, longest first. What is negated comes before what it negates.
const BEFORE: [(&str, Comparison); 34] = [
    ("greater than or equal to", Comparison::AtLeast),
    ("more than or equal to", Comparison::AtLeast),
    ("less than or equal to", Comparison::AtMost),
    ("lower than or equal to", Comparison::AtMost),
    ("not greater than", Comparison::AtMost),
    ("not more than", Comparison::AtMost),
    ("no more than", Comparison::AtMost),
    ("no greater than", Comparison::AtMost),
    ("not less than", Comparison::AtLeast),
    ("no less than", Comparison::AtLeast),
    ("not exceeding", Comparison::AtMost),
    ("not exceed", Comparison::AtMost),
    ("a minimum of", Comparison::AtLeast),
    ("a maximum of", Comparison::AtMost),
    ("minimum of", Comparison::AtLeast),
    ("maximum of", Comparison::AtMost),
    ("longer than", Comparison::MoreThan),
    ("greater than", Comparison::MoreThan),
    ("higher than", Comparison::MoreThan),
    ("older than", Comparison::MoreThan),
    ("more than", Comparison::MoreThan),
    ("younger than", Comparison::LessThan),
    ("shorter than", Comparison::LessThan),
    ("lower than", Comparison::LessThan),
    ("fewer than", Comparison::LessThan),
    ("less than", Comparison::LessThan),
    ("at least", Comparison::AtLeast),
    ("at most", Comparison::AtMost),
    ("exceeding", Comparison::MoreThan),
    ("exceeds", Comparison::MoreThan),
    ("above", Comparison::MoreThan),
    ("below", Comparison::LessThan),
    ("under", Comparison::LessThan),
    ("over", Comparison::MoreThan),
];

/// Signs before a number, longest first.
const SIGNS: [(&str, Comparison); 8] = [
    (">=", Comparison::AtLeast),
    ("=>", Comparison::AtLeast),
    ("> =", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("=<", Comparison::AtMost),
    ("< =", Comparison::AtMost),
    (">", Comparison::MoreThan),
    ("<", Comparison::LessThan),
];

/// What stands behind a number and its unit.
const BEHIND: [(&str, Comparison); 14] = [
    ("or more", Comparison::AtLeast),
    ("or greater", Comparison::AtLeast),
    ("or higher", Comparison::AtLeast),
    ("or above", Comparison::AtLeast),
    ("or older", Comparison::AtLeast),
    ("or over", Comparison::AtLeast),
    ("or longer", Comparison::AtLeast),
    ("and older", Comparison::AtLeast),
    ("and above", Comparison::AtLeast),
    ("or less", Comparison::AtMost),
    ("or lower", Comparison::AtMost),
    ("or younger", Comparison::AtMost),
    ("or below", Comparison::AtMost),
    ("or fewer", Comparison::AtMost),
];

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A line of a registry.
    Line,
    /// A condition: Roman numbers are levels wherever they stand.
    Condition,
}

/// The numbers of a text that [`plain`] has gone over, in order.
pub(crate) fn numbers(text: &str, source: Source) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        if !first.is_alphanumeric() {
            at += first.len_utf8();
            continue;
        }
        let number = if first.is_ascii_digit() {
            digits(text, at)
        } else {
            in_words(text, at, source, found.last())
        };
        at = match number {
            Read::Number(number) => {
                let end = number.end.max(at + 1);
                found.push(number);
                end
            }
            Read::Until(end) => end.max(at + first.len_utf8()),
        };
    }
    share_units(text, &mut found);
    found
}

/// What was read at a place.
enum Read {
    Number(Number),
    /// Nothing that counts; reading goes on here.
    Until(usize),
}

/// Where a word ends that begins here: letters, digits and underscores.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(|character: char| !(character.is_alphanumeric() || character == '_'))
        .map_or(text.len(), |length| at + length)
}

/// The word that stands before a place, and where it begins.
fn word_before(text: &str, at: usize) -> (&str, usize) {
    let before = text.get(..at).unwrap_or_default().trim_end();
    let begin = before
        .char_indices()
        .rev()
        .take_while(|(_, character)| character.is_alphanumeric())
        .last()
        .map_or(before.len(), |(begin, _)| begin);
    (before.get(begin..).unwrap_or_default(), begin)
}

fn digits(text: &str, at: usize) -> Read {
    let rest = text.get(at..).unwrap_or_default();
    let mut length = leading_digits(rest);
    // 1,000 and 75,000: groups of exactly three digits.
    let mut value = rest.get(..length).unwrap_or_default().to_owned();
    while length <= 40 {
        let Some(group) = rest.get(length..).and_then(|rest| rest.strip_prefix(',')) else {
            break;
        };
        if leading_digits(group) != 3 || value.len() > 30 {
            break;
        }
        value.push_str(group.get(..3).unwrap_or_default());
        length += 4;
    }
    if let Some(fraction) = rest.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        let digits = leading_digits(fraction);
        if digits > 0 {
            value.push('.');
            value.push_str(fraction.get(..digits).unwrap_or_default());
            length += 1 + digits;
        }
    }
    let before = text.get(..at).unwrap_or_default();
    let behind = rest.get(length..).unwrap_or_default();
    // COVID-19, IL-6: the number of a name. A dash between two numbers is a range.
    let is_of_name = before.ends_with('-')
        && before
            .trim_end_matches('-')
            .ends_with(|last: char| last.is_alphabetic());
    let is_mark = before.ends_with('(') && behind.starts_with(')') && value.len() <= 2;
    // The end of a mark within a line, `1)`; a bracket that opened shortly before is closed, not a mark.
    let tail = before.chars().rev().take(40);
    let is_item =
        behind.starts_with(')') && value.len() <= 2 && tail.into_iter().all(|own| own != '(');
    let is_version = matches!(
        word_before(text, at).0.to_lowercase().as_str(),
        "version" | "v" | "visit"
    );
    if is_of_name || is_mark || is_item || is_version {
        return Read::Until(at + length);
    }
    let Ok(decimal) = Decimal::parse(&value) else {
        return Read::Until(at + length);
    };
    let mut exact = decimal.to_exact();
    let mut end = at + length;
    if let Some((power, length)) = units::power_of_ten(behind) {
        exact = exact.mul(&Exact::from_scientific(1, power));
        end += length;
    } else if value == "10"
        && let Some((power, length)) = units::raised(behind)
    {
        exact = Exact::from_scientific(1, power);
        end += length;
    }
    let behind = text.get(end..).unwrap_or_default();
    let (unit, factor, length) = units::unit(behind);
    let unit = match unit {
        Counted::Bare if is_level(text, at) => Counted::Level,
        other => other,
    };
    if matches!(unit, Counted::Bare) && is_year(&value) {
        return Read::Until(end);
    }
    end += length;
    Read::Number(told(text, (at, end), exact.mul(&factor), unit))
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether a word for levels stands before a number, perhaps with a comparison between them.
fn is_level(text: &str, at: usize) -> bool {
    let (_, begin) = comparison_before(text, at);
    let word = word_before(text, begin).0.to_lowercase();
    LEVEL_WORDS.contains(&word.as_str())
}

fn in_words(text: &str, at: usize, source: Source, last: Option<&Number>) -> Read {
    let end = end_of_word(text, at);
    let word = text.get(at..end).unwrap_or_default();
    if let Some(place) = ROMAN.iter().position(|roman| *roman == word) {
        let follows = last.is_some_and(|last| {
            matches!(last.unit, Counted::Level)
                && is_joint(text.get(last.end..at).unwrap_or_default())
        });
        if source == Source::Condition || follows || is_level(text, at) {
            let value = Exact::from_integer(i64::try_from(place + 1).unwrap_or(1));
            return Read::Number(told(text, (at, end), value, Counted::Level));
        }
    }
    let lower = word.to_lowercase();
    if let Some((_, value)) = IN_WORDS.iter().find(|(own, _)| *own == lower) {
        let behind = text.get(end..).unwrap_or_default();
        let (unit, factor, length) = units::unit(behind);
        let is_time = matches!(
            unit,
            Counted::Seconds | Counted::Days | Counted::Months | Counted::HalfLives
        );
        if is_time {
            let value = Exact::from_integer(*value).mul(&factor);
            return Read::Number(told(text, (at, end + length), value, unit));
        }
    }
    Read::Until(end)
}

fn told(text: &str, (at, end): (usize, usize), value: Exact, unit: Counted) -> Number {
    let (before, begin) = comparison_before(text, at);
    let behind = text.get(end..).unwrap_or_default().trim_start();
    let behind = BEHIND.iter().find(|(words, _)| {
        behind
            .get(..words.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(words))
    });
    let said = text.get(begin..end).unwrap_or_default().trim();
    Number {
        said: said.to_owned(),
        value,
        unit,
        comparison: before.or(behind.map(|(_, comparison)| *comparison)),
        start: at,
        end,
    }
}

/// The comparison that stands before a place, and where it begins.
fn comparison_before(text: &str, at: usize) -> (Option<Comparison>, usize) {
    let before = text.get(..at).unwrap_or_default().trim_end();
    // The longest phrase is shorter than this; a tail keeps long lines cheap.
    let from = before
        .char_indices()
        .rev()
        .nth(32)
        .map_or(0, |(from, _)| from);
    let tail = before.get(from..).unwrap_or_default();
    for (sign, comparison) in SIGNS {
        if tail.ends_with(sign) {
            return (Some(comparison), before.len() - sign.len());
        }
    }
    let lower = tail.to_ascii_lowercase();
    for (words, comparison) in BEFORE {
        let Some(head) = lower.strip_suffix(words) else {
            continue;
        };
        if !head.ends_with(char::is_alphanumeric) {
            return (Some(comparison), before.len() - words.len());
        }
    }
    (None, at)
}

/// Whether two numbers with only this between them are the ends of a range or items of a list.
fn is_joint(between: &str) -> bool {
    matches!(
        between.trim().to_lowercase().as_str(),
        "to" | "-" | "and" | "or" | "/" | "," | ", or" | "up to" | "through"
    )
}

/// The first end of a range has the unit of the second.
fn share_units(text: &str, found: &mut [Number]) {
    for place in (1..found.len()).rev() {
        let (before, from_here) = found.split_at_mut(place);
        let (Some(first), Some(second)) = (before.last_mut(), from_here.first()) else {
            continue;
        };
        let between = text.get(first.end..second.start).unwrap_or_default();
        let stripped = between.trim_end_matches(['<', '=', '>', ' ']);
        if matches!(first.unit, Counted::Bare)
            && !matches!(second.unit, Counted::Bare)
            && is_joint(stripped)
        {
            let factor = units::factor_of(text.get(second.start..second.end).unwrap_or_default());
            first.value = first.value.mul(&factor);
            first.unit = second.unit.clone();
            let unit = text
                .get(second.start..second.end)
                .unwrap_or_default()
                .trim_start_matches(|own: char| own.is_ascii_digit() || own == '.' || own == ',');
            first.said.push_str(unit);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests fail by panicking")]
    use super::{Agreement, Number, Source, numbers, plain};

    fn of(text: &str) -> Vec<Number> {
        numbers(&plain(text), Source::Line)
    }

    fn in_condition(text: &str) -> Vec<Number> {
        numbers(&plain(text), Source::Condition)
    }

    fn said(text: &str) -> Vec<String> {
        of(text).into_iter().map(|own| own.said).collect()
    }

    fn agree(line: &str, condition: &str) -> Agreement {
        let (line, condition) = (of(line), in_condition(condition));
        assert_eq!(
            (line.len(), condition.len()),
            (1, 1),
            "{line:?}, {condition:?}"
        );
        line[0].agrees(&condition[0])
    }

    #[test]
    fn numbers_are_read_with_their_units() {
        assert_eq!(
            said("Platelet count ≥75 x 10^9/L. ANC ≥ 1000/uL, Hb ≥90 g/L"),
            [">=75 x 10^9/L", ">= 1000/uL", ">=90 g/L"]
        );
        assert_eq!(
            said("ALT ≤ 3 x ULN, PT ≤1.5 x ULN"),
            ["<= 3 x ULN", "<=1.5 x ULN"]
        );
        assert_eq!(said("a ≥6-month history"), [">=6-month"]);
        assert_eq!(said("aged 18-70 years"), ["18 years", "70 years"]);
        assert_eq!(
            said("within 5 half-life cycles, within one month"),
            ["5 half-life cycles", "one month"]
        );
        assert_eq!(said("NYHA class III or IV"), ["III", "IV"]);
        assert_eq!(
            said("at least 60 mL/min/1.73 m2"),
            ["at least 60 mL/min/1.73 m2"]
        );
    }

    #[test]
    fn what_is_no_quantity_is_not_read() {
        let none: [String; 0] = [];
        assert_eq!(
            said("2013 ACR criteria, COVID-19, one of (1) these, CTCAE version 4.03"),
            none
        );
        assert_eq!(said("given IV for I hope"), none);
    }

    #[test]
    fn the_same_amounts_agree_in_any_unit() {
        assert_eq!(
            agree("≥ 75,000/mm3", "platelets >= 75 x 10^9/L"),
            Agreement::Same
        );
        assert_eq!(agree("Hb 9 g/dL", "hemoglobin >= 90 g/L"), Agreement::Same);
        assert_eq!(
            agree("4 weeks", "within 28 days before screening"),
            Agreement::Same
        );
        assert_eq!(agree("one year", "12 months"), Agreement::Same);
        assert_eq!(agree("mRSS by >= 3", "at least 3 points"), Agreement::Same);
        assert_eq!(agree("≤ 15 mg", "dose <= 15 mg/day"), Agreement::SameByDay);
        assert_eq!(agree("NYHA class IV", "nyha is IV"), Agreement::Same);
        assert_eq!(agree("type 2 diabetes", "grade 2"), Agreement::Same);
    }

    #[test]
    fn other_amounts_do_not() {
        assert_eq!(
            agree("Hb 9 g/dL", "hemoglobin >= 9 g/L"),
            Agreement::OtherValue
        );
        assert_eq!(
            agree("30 days", "within 1 month before screening"),
            Agreement::No
        );
        assert_eq!(
            agree("48 hours", "within 2 days before screening"),
            Agreement::No
        );
        assert_eq!(agree("3 x ULN", "alt <= 3 x LLN"), Agreement::No);
        assert_eq!(agree("50 %", "dose <= 50 mg"), Agreement::No);
    }
}
