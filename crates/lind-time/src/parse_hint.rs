//! Dates in other notations: recognised only to say what to write instead.

use crate::civil::month_name;
use crate::day::Day;
use crate::error::TimeError;

/// A piece of a date: digits or letters.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
}

impl Piece<'_> {
    fn number(&self) -> Option<i32> {
        self.text
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| self.text.parse().ok())
            .flatten()
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// 1 to 12 for an English month name or its first letters, at least three.
    fn named_month(&self) -> Option<u8> {
        let name = self.text.to_ascii_lowercase();
        if name.len() < 3 {
            return None;
        }
        (1..=12).find(|month| month_name(*month).to_ascii_lowercase().starts_with(&name))
    }
}

/// What is wrong, if the text is a date in a notation other than ISO 8601.
pub(crate) fn other_notation(text: &str) -> Option<TimeError> {
    let pieces = pieces(text);
    let whole = 0..text.len();
    let suggest = |suggestions: Vec<String>| TimeError::OtherNotation {
        at: whole.clone(),
        suggestions,
    };
    match pieces.as_slice() {
        [only] if only.text.len() == text.len() => compact(only.text).map(suggest),
        [a, b, c, ..] => {
            let separators = (
                text.get(a.end()..b.start).unwrap_or_default(),
                text.get(b.end()..c.start).unwrap_or_default(),
            );
            let date = 0..c.end();
            let named = a.named_month().is_some() || b.named_month().is_some();
            let slashes = matches!(separators, ("/", "/") | (".", "."));
            let year_last = matches!(separators, ("-", "-")) && a.text.len() <= 2;
            if !(named || slashes || year_last) {
                return None;
            }
            let suggestions = readings(a, b, c);
            if suggestions.is_empty()
                && let Some(error) = two_digit_year(a, b, c)
            {
                return Some(error);
            }
            Some(TimeError::OtherNotation {
                at: date,
                suggestions,
            })
        }
        _ => None,
    }
}

/// Runs of ASCII digits and runs of ASCII letters, at most four.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while found.len() < 4 {
        let Some(rest) = text.get(from..) else { break };
        let Some(skipped) = rest.find(|c: char| c.is_ascii_alphanumeric()) else {
            break;
        };
        let start = from + skipped;
        let tail = text.get(start..).unwrap_or_default();
        let digits = tail.starts_with(|c: char| c.is_ascii_digit());
        let length = tail
            .find(|c: char| !c.is_ascii_alphanumeric() || c.is_ascii_digit() != digits)
            .unwrap_or(tail.len());
        from = start + length;
        if let Some(text) = text.get(start..from) {
            found.push(Piece { text, start });
        }
    }
    found
}

/// `20240509` and `202405`, with or without the time of day that HL7 messages append.
fn compact(digits: &str) -> Option<Vec<String>> {
    if !matches!(digits.len(), 6 | 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range| digits.get(range).unwrap_or_default();
    let number = |range| {
        digits
            .get(range)
            .and_then(|text: &str| text.parse::<u8>().ok())
    };
    let (year, month) = (part(0..4), part(4..6));
    let year_number: i32 = year.parse().ok()?;
    Day::from_ymd(year_number, number(4..6)?, 1)?;
    if digits.len() == 6 {
        return Some(vec![format!("{year}-{month}")]);
    }
    let day = Day::from_ymd(year_number, number(4..6)?, number(6..8)?)?;
    let mut text = day.to_string();
    if digits.len() >= 12 {
        text.push_str(&format!("T{}:{}", part(8..10), part(10..12)));
    }
    if digits.len() == 14 {
        text.push_str(&format!(":{}", part(12..14)));
    }
    crate::When::parse(&text).ok().map(|_| vec![text])
}

/// The dates that three pieces can mean, with a year of four digits.
fn readings(a: &Piece<'_>, b: &Piece<'_>, c: &Piece<'_>) -> Vec<String> {
    let year = |piece: &Piece<'_>| piece.number().filter(|_| piece.text.len() == 4);
    let small = |piece: &Piece<'_>| piece.number().and_then(|number| u8::try_from(number).ok());
    let date = |year: Option<i32>, month: Option<u8>, day: Option<u8>| {
        Day::from_ymd(year?, month?, day?).map(|day| day.to_string())
    };
    let mut found: Vec<String> = [
        date(year(a), small(b), small(c)),
        date(year(c), small(b), small(a)),
        date(year(c), small(a), small(b)),
        date(year(c), b.named_month(), small(a)),
        date(year(c), a.named_month(), small(b)),
        date(year(a), b.named_month(), small(c)),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.dedup();
    found
}

fn two_digit_year(a: &Piece<'_>, b: &Piece<'_>, c: &Piece<'_>) -> Option<TimeError> {
    let short = |piece: &Piece<'_>| piece.number().is_some() && piece.text.len() <= 2;
    if !short(c) || a.text.len() > 3 || b.text.len() > 3 && b.named_month().is_none() {
        return None;
    }
    // `24-05-09` may put the year first; with other separators or a month's name it stands last.
    let year = if b.start == a.end() + 1 && a.text.len() == 2 && short(b) {
        a.start..a.end()
    } else {
        c.start..c.end()
    };
    Some(TimeError::TwoDigitYear { at: year })
}
