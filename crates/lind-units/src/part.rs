//! One part of a unit, between its operators: `x 10^9`, `mm Hg`, `1.73 m2`, `milligrams`.

use crate::aliases::{self, Alias};
use crate::{annotations, similar, ucum};

/// Why a part cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// No unit; with the part that may have been meant.
    Unknown(Option<String>),
    /// More than one reading: the code to offer, and the readings.
    Ambiguous(String, String),
    /// A decimal number.
    DecimalNumber(String),
    /// A character that stands in no unit.
    Character(char),
}

/// The UCUM code of a part, which has no operators, and single blanks between its words.
pub(crate) fn code(part: &str) -> Result<String, Unreadable> {
    if let Some(code) = readable(part)? {
        return Ok(code);
    }
    if let Some(character) = part.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()) {
        return Err(Unreadable::Character(character));
    }
    if let Some(number) = decimal_number(part) {
        return Err(Unreadable::DecimalNumber(number.to_owned()));
    }
    Err(Unreadable::Unknown(similar::spelling(part)))
}

/// A part that reads as a unit; `None` if it does not.
fn readable(part: &str) -> Result<Option<String>, Unreadable> {
    if let Some(code) = listed(part)? {
        return Ok(Some(code));
    }
    let unmarked = part
        .strip_prefix(['x', 'X', '×', '*'])
        .map(str::trim_start)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if let Some(rest) = unmarked {
        // After the mark of multiplication `10E9` has one reading only.
        return match rest.strip_prefix("10E") {
            Some(exponent) => readable(&format!("10^{exponent}")),
            None => readable(rest),
        };
    }
    if let Some(code) = power_of_ten(part)? {
        return Ok(Some(code));
    }
    match part.split_once(' ') {
        None => word(part),
        Some((first, rest)) => phrase(part, first, rest),
    }
}

fn listed(part: &str) -> Result<Option<String>, Unreadable> {
    match aliases::exact(part) {
        Some(Alias::Means(code)) => Ok(Some(code.to_owned())),
        Some(Alias::Ambiguous(offered, readings)) => Err(Unreadable::Ambiguous(
            offered.to_owned(),
            readings.to_owned(),
        )),
        None => Ok(None),
    }
}

/// `10^9` and `1e9`. `10e9` is ten times that to some and the same to others.
fn power_of_ten(part: &str) -> Result<Option<String>, Unreadable> {
    let exponent_of = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain =
            !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.trim_start_matches('+').to_owned())
    };
    if let Some(exponent) = part.strip_prefix("10^").and_then(exponent_of) {
        return Ok(Some(format!("10*{exponent}")));
    }
    if let Some(exponent) = part
        .strip_prefix(['1'])
        .and_then(|rest| exponent_of(rest.strip_prefix(['e', 'E'])?))
    {
        return Ok(Some(format!("10*{exponent}")));
    }
    let ten = part
        .strip_prefix("10e")
        .or_else(|| part.strip_prefix("10E"))
        .or_else(|| part.strip_prefix("10 "))
        .and_then(exponent_of);
    match ten {
        Some(exponent) => Err(Unreadable::Ambiguous(
            format!("10*{exponent}"),
            format!("ten to the power {exponent}, or ten times that"),
        )),
        None => Ok(None),
    }
}

/// The decimal number that a part begins with.
fn decimal_number(part: &str) -> Option<&str> {
    let end = part
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(part.len());
    part.get(..end)
        .filter(|number| number.contains('.') && number.starts_with(|c: char| c != '.'))
}

/// A part of one word: a symbol with an exponent, a word, a counted thing, or a number before a
/// symbol (`100mL`).
fn word(part: &str) -> Result<Option<String>, Unreadable> {
    if part.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(part.bytes().any(|b| b != b'0').then(|| part.to_owned()));
    }
    if ucum_symbol_with_exponent(part).is_some() && listed(base_of(part).0)?.is_none() {
        return Ok(ucum_symbol_with_exponent(part));
    }
    let (base, exponent) = base_of(part);
    if !base.is_empty()
        && let Some(code) = base_code(base)?
    {
        return Ok(match exponent {
            None => Some(code),
            Some(exponent) => raised(&code, exponent),
        });
    }
    if let Some(annotation) = annotations::of_phrase(part) {
        return Ok(Some(format!("{{{annotation}}}")));
    }
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    match part.split_at_checked(digits) {
        Some((number, rest)) if digits > 0 && !number.starts_with('0') => {
            Ok(readable_after_number(rest)?.map(|code| times(number, &code)))
        }
        _ => Ok(None),
    }
}

/// What may follow a number without a blank: a symbol, not a word that begins with `e` or `x`, which
/// would be a power of ten.
fn readable_after_number(rest: &str) -> Result<Option<String>, Unreadable> {
    if rest.starts_with(|c: char| c.is_alphabetic() || c == '[' || c == '%') {
        word(rest)
    } else {
        Ok(None)
    }
}

/// `mm3`, `s-1`, `m^2` as they are, when UCUM knows the symbol.
fn ucum_symbol_with_exponent(part: &str) -> Option<String> {
    if ucum::symbol(part).is_some() {
        return Some(part.to_owned());
    }
    let (base, exponent) = base_of(part);
    ucum::symbol(base)?;
    raised(base, exponent?)
}

/// A symbol and its exponent: `("mm", "3")` for `mm3` and `mm^3`.
fn base_of(part: &str) -> (&str, Option<&str>) {
    let without_digits = part.trim_end_matches(|c: char| c.is_ascii_digit());
    if without_digits.len() == part.len() {
        return (part, None);
    }
    let without_sign = without_digits
        .strip_suffix(['-', '+'])
        .unwrap_or(without_digits);
    let base = without_sign.strip_suffix('^').unwrap_or(without_sign);
    let exponent = part
        .get(without_sign.len()..)
        .map(|exponent| exponent.trim_start_matches('+'));
    (base, exponent)
}

fn base_code(base: &str) -> Result<Option<String>, Unreadable> {
    if let Some(code) = listed(base)? {
        return Ok(Some(code));
    }
    Ok(ucum::symbol(base)
        .map(|symbol| symbol.written)
        .or_else(|| aliases::word(base)))
}

/// A code raised to a power; `None` if it is more than one symbol.
fn raised(code: &str, exponent: &str) -> Option<String> {
    ucum::symbol(code).map(|_| format!("{code}{exponent}"))
}

/// `10*6{cells}`, `100.mL`.
fn times(number: &str, code: &str) -> String {
    if code.starts_with('{') {
        format!("{number}{code}")
    } else if code.contains('/') {
        format!("{number}.({code})")
    } else {
        format!("{number}.{code}")
    }
}

/// Whether a code begins with an integer that is no power of ten: `25.g`, not `10*9`.
fn begins_with_integer(code: &str) -> bool {
    let rest = code.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < code.len() && !rest.starts_with(['*', '^'])
}

/// A part of several words.
fn phrase(part: &str, first: &str, rest: &str) -> Result<Option<String>, Unreadable> {
    let exponent = |word: &str| match word.to_ascii_lowercase().as_str() {
        "square" | "sq" | "squared" => Some("2"),
        "cubic" | "cu" | "cubed" => Some("3"),
        _ => None,
    };
    if let Some(exponent) = exponent(first) {
        return Ok(base_code(rest)?.and_then(|code| raised(&code, exponent)));
    }
    if let Some((base, last)) = part.rsplit_once(' ')
        && let Some(exponent) = exponent(last)
    {
        return Ok(base_code(base)?.and_then(|code| raised(&code, exponent)));
    }
    let number = match power_of_ten(first)? {
        Some(power) => Some(power),
        None => Some(first)
            .filter(|first| first.bytes().all(|b| b.is_ascii_digit()) && !first.starts_with('0'))
            .map(str::to_owned),
    };
    if let Some(number) = number {
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(None);
        }
        // `1 x25 g`: the product of two numbers would read as a decimal number.
        return Ok(readable(rest)?
            .filter(|code| !begins_with_integer(code))
            .map(|code| times(&number, &code)));
    }
    // A word that scales what is counted: `million cells`.
    if let Some(scale) = aliases::word(first).filter(|code| code.starts_with("10*")) {
        return Ok(readable(rest)?.map(|code| times(&scale, &code)));
    }
    let joined = part.replace(' ', "_");
    let is_name = joined
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'));
    if let Some(annotation) = annotations::of_phrase(&joined).filter(|_| is_name) {
        return Ok(Some(format!("{{{annotation}}}")));
    }
    // What is weighed or measured out: `g creatinine`, `kg body weight`.
    if is_name && annotations::describes(&rest.replace(' ', "_")) {
        let described = rest.replace(' ', "_");
        return Ok(base_code(first)?.map(|code| format!("{code}{{{described}}}")));
    }
    Ok(None)
}
