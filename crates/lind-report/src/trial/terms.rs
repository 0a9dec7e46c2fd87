//! What things of the data are called in a report: terms of adverse events, drugs, parts of an assessment.

use lind_model::protocol::{FactTable, Subject};
use lind_model::{AssessmentId, Protocol, SetId};

use crate::doc::spoken;

/// A name of a measure with more letters is a word.
const LONGEST_ABBREVIATION: usize = 4;
/// A term with no more letters is an abbreviation.
const LONGEST_SYNDROME: usize = 3;

/// A term of an adverse event in words: the title of the set that stands for this one code, or else the code itself
/// without its system.
pub(super) fn event(protocol: &Protocol, term: &str) -> String {
    let stands_for_it = |codes: &[std::sync::Arc<str>], name: &str| {
        let mut own = codes.iter().filter(|code| code.contains('|'));
        term == name || own.next().is_some_and(|code| **code == *term) && own.next().is_none()
    };
    let titles = protocol
        .sets
        .iter()
        .filter(|set| set.table == FactTable::AdverseEvents)
        .filter(|set| set.members.is_empty() && stands_for_it(&set.codes, &set.name));
    let title = titles.filter_map(|set| set.title.as_deref()).next();
    title.map_or_else(|| of_code(protocol, term), ToOwned::to_owned)
}

/// `local|herpes_zoster` as `Herpes zoster`, and `local|alt_increased` as `ALT increased`: a short word that is the name
/// of a measure is an abbreviation, and so is a term of a few letters, such as `crs`.
fn of_code(protocol: &Protocol, code: &str) -> String {
    let name = code.rsplit_once('|').map_or(code, |(_, name)| name);
    let words = spoken(name);
    let words: Vec<String> = words
        .split(' ')
        .map(|word| {
            let is_short = word.len() <= LONGEST_ABBREVIATION;
            let mut measures = protocol.measures.iter();
            let is_measure = is_short && measures.any(|measure| *measure.name == *word);
            if is_measure || words.len() <= LONGEST_SYNDROME {
                word.to_uppercase()
            } else {
                word.to_owned()
            }
        })
        .collect();
    capitalised(&words.join(" "))
}

/// With a capital at its beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// The name of a drug.
pub(super) fn drug(protocol: &Protocol, id: SetId) -> String {
    let set = protocol.sets.get(id.index());
    set.map_or_else(String::new, |set| match &set.title {
        Some(title) => title.to_string(),
        None => spoken(&set.name),
    })
}

/// A part of an assessment: the title of the measure of its name, or else the name.
pub(crate) fn part(protocol: &Protocol, id: AssessmentId, place: usize) -> String {
    let Some(assessment) = protocol.trial.assessments.get(id.index()) else {
        return String::new();
    };
    let Some(name) = assessment.names.get(place) else {
        return assessment.title.to_string();
    };
    let own = assessment.items.get(place).into_iter().flatten();
    let mut measures = own.filter_map(|subject| match subject {
        Subject::Measure(id) => protocol.measures.get(id.index()),
        Subject::Formula(_) => None,
    });
    let measure = measures.find(|measure| measure.name == *name);
    measure.map_or_else(|| spoken(name), |measure| measure.title.to_string())
}

/// A unit where raised digits can be shown: `10⁶/L` for `10^6/L`.
pub(super) fn raised(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let raises = character == '^' && characters.peek().is_some_and(char::is_ascii_digit);
        if !raises {
            shown.push(character);
            continue;
        }
        while let Some(digit) = characters.peek().and_then(|next| next.to_digit(10)) {
            characters.next();
            let place = usize::try_from(digit).unwrap_or(0);
            shown.extend("⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(place));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::raised;

    #[test]
    fn digits_behind_a_caret_are_raised() {
        assert_eq!(raised("25 x 10^12/L"), "25 x 10¹²/L");
        assert_eq!(raised("a^b"), "a^b");
    }
}
