//! Slips in the order of conditions: what stands in the wrong place of a line.

use super::{Refused, Slip};
use crate::place::Place;

impl Refused<'_> {
    /// `alt > 3 x ULN unless` with a list below, `unless has heart_failure`
    pub(super) fn unless_elsewhere(&self) -> Option<Slip> {
        if self.place != Place::Body {
            return None;
        }
        let (first, last) = (self.tokens.first()?, self.tokens.last()?);
        if self.word(last) == "unless" {
            return Some(
                Slip::new(
                    last.clone(),
                    "what lets people pass stands behind `unless`, on the same line",
                    "expected a condition behind it",
                )
                .note("several are joined with `or`; a longer list gets a name with `define`, and the name stands behind `unless`"),
            );
        }
        (self.word(first) == "unless").then(|| {
            Slip::new(
                first.clone(),
                "`unless` stands behind the condition that it softens",
                "nothing before it",
            )
            .note("write `alt <= 3 x ULN unless has heart_failure`")
        })
    }

    /// `with indication not lupus`
    pub(super) fn not_a_word_of_a_field(&self) -> Option<Slip> {
        let place = self.tokens.windows(3).position(|words| match words {
            [with, field, not] => {
                matches!(self.word(with), "with" | "has")
                    && matches!(
                        self.word(field),
                        "severity"
                            | "status"
                            | "outcome"
                            | "route"
                            | "indication"
                            | "body_site"
                            | "source"
                            | "method"
                            | "specimen"
                            | "scale"
                    )
                    && self.word(not) == "not"
            }
            _ => false,
        })?;
        let not = self.tokens.get(place + 2)?;
        let field = self.word(self.tokens.get(place + 1)?);
        Some(
            Slip::new(
                not.clone(),
                format!("the words of `{field}` are those that count, so `not` cannot stand before them"),
                "expected a word",
            )
            .note("name the words that count, joined with `or`; or name the record with `called C, such that`, and below it write `none of` and the words that do not"),
        )
    }

    /// `expect E13 at screening unknown`
    pub(super) fn outcome_behind_gate(&self) -> Option<Slip> {
        if self.place != Place::Test || self.word(self.tokens.first()?) != "expect" {
            return None;
        }
        let at = self
            .tokens
            .iter()
            .position(|token| self.word(token) == "at")?;
        let (at, gate) = (self.tokens.get(at)?, self.tokens.get(at + 1)?);
        let outcome = self.text.get(gate.end..)?.trim();
        let edits = vec![(
            at.start..self.text.len(),
            format!("{outcome} at {}", self.word(gate)),
        )];
        (!outcome.is_empty() && self.reads(&edits)).then(|| {
            Slip::new(
                at.start..gate.end,
                "the gate stands behind what is expected",
                format!("write `{outcome} at {}`", self.word(gate)),
            )
            .repair(
                format!("write `{outcome} at {}`", self.word(gate)),
                edits.clone(),
            )
        })
    }
}
