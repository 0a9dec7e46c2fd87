//! Slips of people who write their first criterion: what is said of a patient in everyday English.

use std::ops::Range;

use super::{Edit, Refused, Slip};
use crate::expected::short;

/// What stands behind a number for "and everything on this side of it".
const MORE: &[&str] = &["older", "more", "higher", "greater", "above", "over"];
const LESS: &[&str] = &["younger", "less", "lower", "fewer", "below", "under"];

/// Adjectives of people, and the condition that they have.
const ADJECTIVES: &[(&str, &str)] = &[
    ("pregnant", "pregnancy"),
    ("breastfeeding", "lactation"),
    ("breast-feeding", "lactation"),
    ("lactating", "lactation"),
    ("nursing", "lactation"),
    ("diabetic", "diabetes_mellitus"),
    ("obese", "obesity"),
    ("asthmatic", "asthma"),
];

/// People of whom protocols say that they judge, and who does so in Lind.
const JUDGES: &[(&[&str], &str)] = &[
    (&["principal", "investigator"], "investigator"),
    (&["the", "investigator"], "investigator"),
    (&["study", "investigator"], "investigator"),
    (&["study", "physician"], "physician"),
    (&["treating", "physician"], "physician"),
    (&["study", "doctor"], "physician"),
    (&["the", "participant"], "participant"),
    (&["patient"], "participant"),
    (&["subject"], "participant"),
];

impl Refused<'_> {
    /// `age is 18 years or older`, `hemoglobin is 90 g/L or more`
    pub(super) fn or_more(&self) -> Option<Slip> {
        let sides = [(MORE, "at least"), (LESS, "at most")];
        sides.iter().find_map(|(words, meant)| {
            let tail = words.iter().find_map(|word| {
                self.words_at(&["or", word])
                    .or_else(|| self.words_at(&["and", word]))
            })?;
            let before = self.text.get(..tail.start)?.trim_end();
            let number = self.tokens.iter().rev().find(|token| {
                token.end <= tail.start
                    && self.word(token).starts_with(|c: char| c.is_ascii_digit())
            })?;
            let head = self.text.get(..number.start)?.trim_end();
            let sign: Range<usize> = match head.strip_suffix("is") {
                Some(rest) if rest.ends_with(' ') => rest.len()..number.start,
                _ => head.len() + 1..number.start,
            };
            let edits: Vec<Edit> = vec![
                (sign, format!("is {meant} ")),
                (before.len()..tail.end, String::new()),
            ];
            let written = short(self.word(&tail));
            // `>= 90 g/L or more` says it twice.
            let said: Vec<Edit> = vec![(before.len()..tail.end, String::new())];
            let twice = head.ends_with(['<', '>', '=', '≤', '≥'])
                || head.ends_with("at least")
                || head.ends_with("at most");
            if twice && self.reads(&said) {
                return Some(
                    Slip::new(
                        tail,
                        format!("`{written}` says the comparison again"),
                        "the comparison before the number says it",
                    )
                    .repair(format!("leave out `{written}`"), said),
                );
            }
            self.reads(&edits).then(|| {
                Slip::new(
                    tail,
                    format!("`{written}` stands behind the number"),
                    format!("say `is {meant}` before it"),
                )
                .repair(format!("write `is {meant}`"), edits)
            })
        })
    }

    /// `principal investigator judges unsuitable`
    pub(super) fn who_judges(&self) -> Option<Slip> {
        let verb = self
            .tokens
            .iter()
            .find(|token| matches!(self.word(token), "judges" | "confirms" | "states"))?;
        JUDGES.iter().find_map(|(words, meant)| {
            let at = self.words_at(words).filter(|at| at.end < verb.start)?;
            let edits = vec![(at.clone(), (*meant).to_owned())];
            self.reads(&edits).then(|| {
                Slip::new(
                    at,
                    "nobody of this name is asked",
                    format!("here it is `{meant}`"),
                )
                .note("who judges is `investigator`, `participant`, `physician` or `sponsor`")
                .repair(format!("write `{meant}`"), edits)
            })
        })
    }

    /// `no heart_failure`, `not unsuitable`: a name with a word of denial before it.
    pub(super) fn not_before_a_name(&self) -> Option<Slip> {
        let first = self.tokens.first()?;
        let edits = match self.word(first) {
            "no" => vec![(first.clone(), "has no".to_owned())],
            "not" => {
                let rest: Vec<Edit> = vec![(first.start..self.tokens.get(1)?.start, String::new())];
                return self.reads(&rest).then(|| {
                    Slip::new(
                        first.clone(),
                        "`not` does not stand before a condition",
                        "what must not hold is said below `none of`",
                    )
                    .note("a fact is denied by itself: `has no …`, `has never had …`, `is not taking …`")
                });
            }
            _ => return None,
        };
        self.reads(&edits).then(|| {
            Slip::new(
                first.clone(),
                "who has none is not said",
                "here it is `has no`",
            )
            .repair("write `has no`", edits)
        })
    }

    /// `is pregnant`, `is pregnant or breastfeeding`
    pub(super) fn adjective(&self) -> Option<Slip> {
        let first = self.tokens.first()?;
        if self.word(first) != "is" {
            return None;
        }
        let mut names = Vec::new();
        let mut joint = " or ";
        for token in self.tokens.iter().skip(1) {
            match self.word(token) {
                "or" => {}
                "and" => joint = " and ",
                word => {
                    let (_, name) = ADJECTIVES
                        .iter()
                        .find(|(adjective, _)| *adjective == word)?;
                    names.push(*name);
                }
            }
        }
        let conditions: Vec<String> = names.iter().map(|name| format!("has {name}")).collect();
        let meant = conditions.join(joint);
        let edits = vec![(0..self.text.len(), meant.clone())];
        (!names.is_empty() && self.reads(&edits)).then(|| {
            Slip::new(
                0..self.text.len(),
                "a condition of a patient is something that the patient has",
                format!("here it is `{}`", short(&meant)),
            )
            .repair(format!("write `{}`", short(&meant)), edits)
        })
    }
}
