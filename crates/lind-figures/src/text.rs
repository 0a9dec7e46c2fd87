//! Texts in a figure: made safe, measured, broken and cut. How wide a text is depends on the reader's fonts; what
//! is counted here is the width in a wide one, so that a text rather has too much room than too little.

use std::fmt::Write as _;

/// The longest label that is kept, in characters. Labels quote data, and data may be of any length.
const LONGEST: usize = 400;

/// A text in one line in which nothing acts: spaces for line breaks and tabs, other characters that would act
/// instead of being seen by their number, and an end for what is too long.
pub(crate) fn clean(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.trim().chars();
    for character in characters.by_ref().take(LONGEST) {
        match character {
            '\n' | '\t' => shown.push(' '),
            '\r' => {}
            _ if is_active(character) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "<U+{:04X}>", u32::from(character));
            }
            _ => shown.push(character),
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a character is not seen but changes what is, or has no place in XML.
fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
            | '\u{61c}' | '\u{200e}' | '\u{200f}'
            | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
        )
}

/// Adds a text in which nothing is markup.
pub(crate) fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            _ => into.push(character),
        }
    }
}

/// How wide a character is at most, in parts of the size of the type.
fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.32,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | ' ' | '\u{a0}' | '-' | '/' | '"' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' => 0.96,
        'A'..='Z' => 0.72,
        '0'..='9' | 'a'..='z' => 0.61,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 1.05,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 1.05,
        '\u{1f000}'.. => 1.3,
        _ => 0.72,
    }
}

/// How wide a text is, in units of the figure.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// The text, or as much of it as there is room for.
pub(crate) fn shortened(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut taken = advance('…') * size;
    for character in text.chars() {
        taken += advance(character) * size;
        if taken > room {
            break;
        }
        shown.push(character);
    }
    let mut shown = shown.trim_end().to_owned();
    shown.push('…');
    shown
}

/// The text in lines that fit, the last of them cut if there are more than `most`.
pub(crate) fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // A space that does not break is no place to break.
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&joined, size) <= room || line.is_empty() {
            line = joined;
            continue;
        }
        if lines.len() + 1 >= most {
            // No line is left: the rest goes here and is cut.
            line = joined;
            for rest in words.by_ref() {
                line.push(' ');
                line.push_str(rest);
            }
            break;
        }
        lines.push(shortened(&line, size, room));
        line = word.to_owned();
    }
    if !line.is_empty() {
        lines.push(shortened(&line, size, room));
    }
    lines
}

/// The text with a tail that is never cut, in lines that fit: a label and its count.
pub(crate) fn wrapped_before(
    text: &str,
    tail: &str,
    size: f64,
    room: f64,
    most: usize,
) -> Vec<String> {
    let tail = tail.replace(' ', "\u{a0}");
    let lines = wrapped(&format!("{text}{tail}"), size, room, most);
    if lines.last().is_some_and(|last| last.ends_with(&tail)) {
        return lines;
    }
    let mut lines = wrapped(text, size, room, most);
    let last = lines.pop().unwrap_or_default();
    let last = last.trim_end_matches('…');
    let ending = width(&tail, size) + advance('…') * size;
    let mut kept = shortened(last, size, (room - ending).max(0.0));
    if !kept.ends_with('…') {
        kept.push('…');
    }
    lines.push(format!("{kept}{tail}"));
    lines
}

/// A name, or its beginning and its end: names of patients differ at their end.
pub(crate) fn shortened_name(name: &str, size: f64, room: f64) -> String {
    if width(name, size) <= room {
        return name.to_owned();
    }
    let room = room - advance('…') * size;
    let within = |characters: &mut dyn Iterator<Item = char>, room: f64| {
        let mut taken = 0.0;
        let mut kept: Vec<char> = Vec::new();
        for character in characters {
            taken += advance(character) * size;
            if taken > room {
                break;
            }
            kept.push(character);
        }
        kept
    };
    let begin = within(&mut name.chars(), room * 0.4);
    let end = within(&mut name.chars().rev(), room * 0.6);
    begin
        .into_iter()
        .chain(['…'])
        .chain(end.into_iter().rev())
        .collect()
}

/// A number for people: at most six digits that count, thousands apart from 10 000 on.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return "no number".to_owned();
    }
    let size = value.abs();
    if !(1e-4..1e15).contains(&size) {
        return format!("{value:e}");
    }
    let whole = size.log10().floor().max(0.0) as i64 + 1;
    let decimals = usize::try_from((6 - whole).clamp(0, 8)).unwrap_or(0);
    // Below 1, noughts after the point do not count.
    let decimals = if size < 1.0 { 6 } else { decimals };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    grouped(text)
}

/// `1140893` as `1 140 893`, with spaces that do not break.
fn grouped(text: &str) -> String {
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (text, None),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("\u{2212}", digits),
        None => ("", whole),
    };
    let mut shown = sign.to_owned();
    let count = digits.chars().count();
    for (place, digit) in digits.chars().enumerate() {
        if count > 4 && place > 0 && (count - place).is_multiple_of(3) {
            shown.push('\u{a0}');
        }
        shown.push(digit);
    }
    if let Some(rest) = rest {
        shown.push('.');
        shown.push_str(rest);
    }
    shown
}

/// `a, b and c`; of many the first, and how many more there are.
pub(crate) fn list(words: &[String], most: usize) -> String {
    if words.len() > most {
        let named: Vec<&str> = words.iter().take(most).map(String::as_str).collect();
        return format!("{} and {} more", named.join(", "), words.len() - most);
    }
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `1 value`, `2 values`
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::{clean, list, number, shortened, shortened_name, width, wrapped, wrapped_before};

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(9.5), "9.5");
        assert_eq!(number(0.05), "0.05");
        assert_eq!(number(1000.0), "1000");
        assert_eq!(number(81_766.5), "81\u{a0}766.5");
        assert_eq!(number(1_140_893.0), "1\u{a0}140\u{a0}893");
        assert_eq!(number(-28.0), "\u{2212}28");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(1e-9), "1e-9");
        assert_eq!(number(f64::NAN), "no number");
    }

    #[test]
    fn nothing_acts() {
        assert_eq!(clean("a\u{202e}b\r\nc\u{0}"), "a<U+202E>b c<U+0000>");
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), 401);
    }

    #[test]
    fn what_does_not_fit_is_broken_or_cut() {
        let long = "no confirmed response to two or more earlier treatments";
        for line in wrapped(long, 12.0, 120.0, 9) {
            assert!(width(&line, 12.0) <= 120.0, "{line}");
        }
        let two = wrapped(long, 12.0, 120.0, 2);
        assert_eq!(two.len(), 2);
        assert!(two.iter().any(|line| line.ends_with('…')), "{two:?}");
        assert!(width(&shortened(&"m".repeat(300), 12.0, 80.0), 12.0) <= 80.0);
        assert_eq!(wrapped("", 12.0, 80.0, 2), Vec::<String>::new());
    }

    #[test]
    fn a_count_is_never_cut() {
        let long = "no confirmed response to two or more earlier treatments of the disease";
        let lines = wrapped_before(long, ": 12", 12.0, 120.0, 2);
        assert!(
            lines.len() == 2 && lines[1].ends_with("…:\u{a0}12"),
            "{lines:?}"
        );
        assert!(
            lines.iter().all(|line| width(line, 12.0) <= 120.0),
            "{lines:?}"
        );
        assert_eq!(
            wrapped_before("Infused", " n = 3", 12.0, 200.0, 2),
            ["Infused\u{a0}n\u{a0}=\u{a0}3"]
        );
    }

    #[test]
    fn names_are_cut_in_their_middle() {
        let name = shortened_name("NCT05765006-site-001-participant-012", 12.0, 110.0);
        assert!(
            name.starts_with("NCT0") && name.ends_with("nt-012"),
            "{name}"
        );
        assert!(width(&name, 12.0) <= 110.0, "{name}");
        assert_eq!(shortened_name("P1", 12.0, 110.0), "P1");
    }

    #[test]
    fn lists_end() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&words, 3), "a, b and c");
        assert_eq!(list(&words, 2), "a, b and 1 more");
    }
}
