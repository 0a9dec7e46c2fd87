//! Slips of words: capitals, misspellings, missing quotes, colons and comparisons.

use std::ops::Range;

use lind_diagnostics::closest;

use super::{Refused, Slip, is_name};
use crate::expected::short;
use crate::place::Place;

/// Words of lines that people write with a capital or misspell.
pub(super) const WORDS: &[&str] = &[
    "above",
    "adverse",
    "after",
    "age",
    "all",
    "allowed",
    "also",
    "anchor",
    "and",
    "any",
    "apart",
    "as",
    "assumed",
    "at",
    "before",
    "began",
    "begun",
    "below",
    "between",
    "by",
    "calendar",
    "called",
    "changes",
    "chosen",
    "confirmed",
    "confirms",
    "consecutive",
    "count",
    "counts",
    "cube",
    "dated",
    "day",
    "depending",
    "different",
    "disease-free",
    "domain",
    "dose",
    "during",
    "each",
    "either",
    "ended",
    "event",
    "ever",
    "everyone",
    "exactly",
    "except",
    "excluded",
    "falls",
    "first",
    "for",
    "from",
    "gaps",
    "grade",
    "graded",
    "grading",
    "greater",
    "had",
    "half-lives",
    "has",
    "highest",
    "if",
    "in",
    "included",
    "increased",
    "investigational",
    "investigator",
    "is",
    "judged",
    "judges",
    "last",
    "lasted",
    "later",
    "latest",
    "least",
    "less",
    "lines",
    "longer",
    "lowest",
    "mass",
    "mean",
    "measured",
    "men",
    "met",
    "method",
    "more",
    "most",
    "never",
    "no",
    "none",
    "not",
    "note",
    "of",
    "on",
    "or",
    "other",
    "otherwise",
    "outcome",
    "outside",
    "participant",
    "participants",
    "percentage",
    "physician",
    "place",
    "plans",
    "points",
    "procedure",
    "range",
    "read",
    "received",
    "reference",
    "related",
    "relative",
    "rises",
    "root",
    "same",
    "samples",
    "scale",
    "serious",
    "severity",
    "shorter",
    "side",
    "since",
    "smaller",
    "source",
    "specimen",
    "sponsor",
    "square",
    "state",
    "stated",
    "states",
    "status",
    "strictly",
    "such",
    "sustained",
    "take",
    "taken",
    "taking",
    "than",
    "that",
    "the",
    "time",
    "to",
    "total",
    "toxicity",
    "treatment",
    "unchanged",
    "undergone",
    "unknown",
    "unless",
    "until",
    "value",
    "values",
    "version",
    "visits",
    "washout",
    "when",
    "with",
    "within",
    "without",
    "women",
    "worst",
    "years",
];

/// Whether a word holds sentences together, so that it is hardly a part of a name.
fn is_joint(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "any"
            | "at"
            | "before"
            | "after"
            | "by"
            | "for"
            | "from"
            | "had"
            | "has"
            | "have"
            | "if"
            | "in"
            | "is"
            | "least"
            | "most"
            | "no"
            | "not"
            | "of"
            | "on"
            | "or"
            | "prior"
            | "than"
            | "that"
            | "the"
            | "to"
            | "unless"
            | "until"
            | "when"
            | "which"
            | "who"
            | "whose"
            | "with"
            | "within"
            | "without"
    )
}

/// Words that say how much or how long, each reader as it seems to them.
fn is_vague(word: &str) -> bool {
    matches!(
        word,
        "active"
            | "acute"
            | "chronic"
            | "current"
            | "known"
            | "major"
            | "mild"
            | "moderate"
            | "prior"
            | "recent"
            | "relevant"
            | "serious"
            | "severe"
            | "significant"
            | "stable"
            | "suspected"
            | "symptomatic"
            | "uncontrolled"
            | "unstable"
    )
}

impl Refused<'_> {
    /// `AND`, `Has`, `All of`
    pub(super) fn capitals(&self) -> Option<Slip> {
        let mut edits = Vec::new();
        for token in self.tokens.iter().take(64) {
            let word = self.word(token);
            let lower = word.to_lowercase();
            if lower != word
                && (WORDS.contains(&lower.as_str())
                    || self.place.likely_words().contains(&lower.as_str()))
            {
                edits.push((token.clone(), lower));
            }
        }
        let (first, lower) = edits.first()?.clone();
        self.reads(&edits).then(|| {
            Slip::new(first.clone(), format!("`{}` is written in small letters", short(self.word(&first))), format!("write `{lower}`"))
                .note("capital and small letters differ: a word with a capital could be the name of something")
                .repair("write small letters", edits)
                .safe()
        })
    }

    /// `inclusion "Adequate organ function"`
    pub(super) fn number_missing(&self) -> Option<Slip> {
        let head = self.word(self.tokens.first()?);
        let (text, example) = match head {
            "inclusion" => (self.tokens.get(1)?, "I1"),
            "exclusion" => (self.tokens.get(1)?, "E1"),
            "commitment" => (self.tokens.get(1)?, "C1"),
            "override" => (self.tokens.get(1)?, "O1"),
            "enrolment" => (self.tokens.get(2)?, "P1"),
            _ => return None,
        };
        let edits = vec![(text.start..text.start, format!("{example} "))];
        (self.word(text).starts_with('"') && self.reads(&edits)).then(|| {
            Slip::new(
                text.start..text.start,
                format!("`{head}` needs a number before its title"),
                format!("such as `{example}`"),
            )
            .note("every verdict and every amendment names a criterion by its number")
        })
    }

    /// `title Relma-cel in systemic sclerosis`
    pub(super) fn unquoted_text(&self) -> Option<Slip> {
        let failed = self.failed_token();
        let start = self.tokens.get(failed)?.start;
        let before = self.word(self.tokens.get(failed.checked_sub(1)?)?);
        if self.place == Place::Body && !matches!(before, "source" | "note") {
            // A condition that cannot be read is no text.
            return None;
        }
        if self.word(self.tokens.get(failed)?).starts_with('"') || failed == 0 {
            return None;
        }
        // The text goes to the date of a version, to the end of the line, or to what may follow a title.
        let end_before = |token: &Range<usize>| {
            self.text
                .get(..token.start)
                .map_or(0, |before| before.trim_end().len())
        };
        let behind = || self.tokens.iter().skip(failed + 1);
        let dated = behind()
            .filter(|token| self.word(token) == "dated")
            .map(end_before);
        let titled = behind()
            .filter(|token| matches!(self.word(token), "by" | "for" | "as" | "from"))
            .map(end_before);
        let ends = dated.chain(std::iter::once(self.text.len())).chain(titled);
        for end in ends.take(8) {
            let text = self.text.get(start..end)?;
            let edits = vec![(start..end, format!("\"{text}\""))];
            if !text.contains('"') && self.reads(&edits) {
                return Some(
                    Slip::new(
                        start..end,
                        "this text needs quotes",
                        "a text begins and ends with `\"`",
                    )
                    .repair("put it in quotes", edits),
                );
            }
        }
        None
    }

    /// `wihtin 7 days`, `exept with …`
    pub(super) fn misspelt(&self) -> Option<Slip> {
        let failed = self.failed_token();
        self.misspelt_among(failed.saturating_sub(2)..failed + 2)
    }

    /// The same, among the words that a unit took in.
    pub(super) fn misspelt_in(&self, unit: &Range<usize>) -> Option<Slip> {
        let inside = |token: &Range<usize>| unit.start < token.start && token.end <= unit.end;
        let first = self.tokens.iter().position(inside)?;
        let count = self
            .tokens
            .iter()
            .skip(first)
            .take_while(|token| inside(token))
            .count();
        self.misspelt_among(first..first + count.min(6))
    }

    /// `milestone dose affter screening`: a text in quotes would hide the order.
    pub(super) fn misspelt_relation(&self) -> Option<Slip> {
        let is_milestone =
            self.place == Place::Top && self.word(self.tokens.first()?) == "milestone";
        if is_milestone { self.misspelt() } else { None }
    }

    fn misspelt_among(&self, indices: Range<usize>) -> Option<Slip> {
        for index in indices.rev() {
            let Some(token) = self.tokens.get(index) else {
                continue;
            };
            let word = self.word(token);
            if word.len() < 2 || word.starts_with('"') || WORDS.contains(&word) {
                continue;
            }
            let first_words = if index == 0 {
                self.place.likely_words()
            } else {
                &[]
            };
            let Some(near) = closest(word, first_words.iter().chain(WORDS).copied()) else {
                continue;
            };
            let edits = vec![(token.clone(), near.to_owned())];
            if self.reads(&edits) {
                let message = format!("`{}` was not expected here", short(word));
                return Some(
                    Slip::new(token.clone(), message, format!("perhaps `{near}` is meant"))
                        .repair(format!("write `{near}`"), edits),
                );
            }
        }
        None
    }

    /// `renal creatinine_clearance >= 50 mL/min`, `at screening serum_hcg is negative`
    pub(super) fn missing_colon(&self) -> Option<Slip> {
        let first = self.word(self.tokens.first()?);
        let has_colons =
            matches!(self.place, Place::Body | Place::Formula | Place::Test) || first == "use";
        for (index, token) in self
            .tokens
            .iter()
            .take(4)
            .enumerate()
            .filter(|_| has_colons)
        {
            let followed_by_text = self
                .tokens
                .get(index + 1)
                .is_some_and(|next| self.word(next).starts_with('"'));
            let edits = vec![(token.end..token.end, ":".to_owned())];
            if followed_by_text || !self.reads(&edits) {
                continue;
            }
            let behind = self.tokens.len() - index - 1;
            let titled = self.word(token).starts_with('"');
            if behind == 0 && !titled {
                continue;
            }
            if behind <= 1 && !titled && index == 0 && self.place == Place::Body {
                // Two bare words are more likely one name than a label and a name.
                continue;
            }
            if self.place == Place::Body
                && matches!(
                    self.word(token),
                    "is" | "has" | "not" | "no" | "unless" | "if" | "when"
                )
            {
                continue;
            }
            if index == 0
                && self.place == Place::Body
                && let Some(slip) = self.name_of_two_words(token)
            {
                return Some(slip);
            }
            let before: Vec<&str> = self.text.get(..token.end)?.split_whitespace().collect();
            let before = before.join(" ");
            return Some(
                Slip::new(
                    token.end..token.end,
                    format!("a colon is missing after `{}`", short(&before)),
                    format!("write `{}:`", short(&before)),
                )
                .repair("write a colon", edits),
            );
        }
        None
    }

    /// `total bilirubin <= 2 x ULN`: more likely one name than a label and a name, unless the second word is
    /// known as a name.
    fn name_of_two_words(&self, first: &Range<usize>) -> Option<Slip> {
        let second = self.tokens.get(1)?;
        let (left, right) = (self.word(first), self.word(second));
        let edits = vec![(first.end..second.start, "_".to_owned())];
        let joined = format!("{left}_{right}");
        let declared = self.names.contains(joined.as_str());
        if !is_name(left)
            || !is_name(right)
            || !declared && (right.contains('_') || self.names.contains(right))
            || is_joint(left)
            || is_joint(right)
            || !self.reads(&edits)
        {
            return None;
        }
        let slip = Slip::new(
            first.start..second.end,
            "a name is one word",
            format!("perhaps `{}` is meant", short(&joined)),
        );
        Some(if declared {
            slip.note("the words of a name are joined with `_`")
                .repair(format!("write `{}`", short(&joined)), edits)
        } else {
            slip.note("the words of a name are joined with `_`; behind a label stands a colon")
        })
    }

    /// `has systemic infection`
    pub(super) fn two_words(&self) -> Option<Slip> {
        if self.place == Place::Test {
            // Nearly every line of a test could be one of a name and a result.
            return None;
        }
        let failed = self.failed_token();
        let is_word = |token: &Range<usize>| {
            let word = self.word(token);
            is_name(word) && !is_joint(word)
        };
        let first = self.tokens.get(failed.checked_sub(1)?)?;
        let behind = self.tokens.get(failed).map(|token| self.word(token));
        if is_vague(self.word(first)) && behind.is_some_and(|name| self.names.contains(name)) {
            let word = short(self.word(first));
            return Some(
                Slip::new(
                    first.clone(),
                    format!("nothing says what counts as `{word}`"),
                    "left to the reader",
                )
                .note(if self.word(first) == "serious" {
                    "of adverse events it is recorded: `has had infection judged serious`, `any serious adverse event`; of anything else, say it with a field (`with severity severe`), or put it to a person with `judgement`"
                } else {
                    "say it with a limit, a window (`within 6 months before screening`) or a field (`with severity severe`), or put it to a person with `judgement`"
                }),
            );
        }
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for pair in self.tokens.get(failed - 1..)?.windows(2).take(4) {
            let [left, right] = pair else { return None };
            // A declared name behind another word is no half of a name.
            if !is_word(left)
                || !is_word(right)
                || self.names.contains(self.word(right))
                || self.text.get(left.end..right.start)?.contains([',', ':'])
            {
                return None;
            }
            edits.push((left.end..right.start, "_".to_owned()));
            if self.reads(&edits) {
                let name: Vec<&str> = self
                    .tokens
                    .get(failed - 1..failed + edits.len())?
                    .iter()
                    .map(|token| self.word(token))
                    .collect();
                let known = name.first().is_some_and(|first| self.names.contains(first));
                let name = name.join("_");
                if known && !self.names.contains(name.as_str()) {
                    // The first word is a name already: what follows it is not understood.
                    return None;
                }
                return Some(
                    Slip::new(
                        first.start..right.end,
                        "a name is one word",
                        format!("perhaps `{}` is meant", short(&name)),
                    )
                    .note("the words of a name are joined with `_`")
                    .repair(format!("write `{}`", short(&name)), edits),
                );
            }
        }
        None
    }

    /// `anc 1000 /uL`
    pub(super) fn missing_comparison(&self) -> Option<Slip> {
        let failed = self.failed_token();
        for index in failed.saturating_sub(2)..=failed {
            let Some(token) = self.tokens.get(index) else {
                continue;
            };
            let word = self.word(token);
            if !word.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let edits = vec![(token.start..token.start, ">= ".to_owned())];
            if self.reads(&edits) {
                let at = token.start..token.start;
                let message = format!("a comparison is missing before `{}`", short(word));
                return Some(Slip::new(
                    at,
                    message,
                    "expected `>=`, `<=`, `>`, `<` or `is`",
                ));
            }
        }
        None
    }

    /// `judgement suitable "Is the participant suitable?"`
    pub(super) fn nobody_named(&self) -> Option<Slip> {
        let end = self.text.len();
        let edits = vec![(end..end, " by investigator".to_owned())];
        let is_judgement =
            self.place == Place::Top && self.word(self.tokens.first()?) == "judgement";
        (is_judgement && self.reads(&edits)).then(|| {
            Slip::new(
                end..end,
                "nobody is named who answers this question",
                "expected `by investigator`, `by participant`, `by physician` or `by sponsor`",
            )
        })
    }
}
