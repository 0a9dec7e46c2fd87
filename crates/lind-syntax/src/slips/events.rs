//! Slips in what is asked of adverse events.

use super::{Refused, Slip};
use crate::place::Place;

impl Refused<'_> {
    /// `with grade 3 or higher`, `has had crs grade 3`, `has had crs of grade at least 3`
    pub(super) fn grades(&self) -> Option<Slip> {
        if self.place != Place::Body {
            return None;
        }
        let place = self
            .tokens
            .iter()
            .position(|token| self.word(token) == "grade")?;
        self.or_higher(place)
            .or_else(|| self.in_front(place))
            .or_else(|| self.without_with(place))
    }

    /// `grade 3 crs`
    fn in_front(&self, grade: usize) -> Option<Slip> {
        let [token, number, name] = self.tokens.get(grade..grade + 3)? else {
            return None;
        };
        let said = format!("{} with grade {}", self.word(name), self.word(number));
        let edits = vec![(token.start..name.end, said.clone())];
        self.reads(&edits).then(|| {
            Slip::new(
                token.start..number.end,
                "the grade of an adverse event stands behind its name",
                format!("write `{said}`"),
            )
            .repair(format!("write `{said}`"), edits.clone())
        })
    }

    /// `grade 3 or higher`
    fn or_higher(&self, grade: usize) -> Option<Slip> {
        let [number, or, more] = self.tokens.get(grade + 1..grade + 4)? else {
            return None;
        };
        let words = match (self.word(or), self.word(more)) {
            ("or", "higher" | "above" | "more" | "greater" | "worse") => "at least",
            ("or", "lower" | "below" | "less" | "fewer") => "at most",
            _ => return None,
        };
        let said = format!("{words} {}", self.word(number));
        let with = self.with(grade);
        let mut edits: Vec<_> = with.into_iter().collect();
        edits.push((number.start..more.end, said.clone()));
        self.reads(&edits).then(|| {
            Slip::new(
                number.start..more.end,
                "a limit is a comparison and a grade",
                format!("write `{said}`"),
            )
            .repair(format!("write `{said}`"), edits.clone())
        })
    }

    /// `crs grade 3`, `crs of grade 3`
    fn without_with(&self, grade: usize) -> Option<Slip> {
        let edits = vec![self.with(grade)?];
        let token = self.tokens.get(grade)?;
        self.reads(&edits).then(|| {
            Slip::new(
                token.clone(),
                "the grade of an adverse event is a field of it",
                "write `with grade`",
            )
            .repair("write `with grade`", edits.clone())
        })
    }

    /// `with` in front of `grade`, in place of `of` if that stands there; none if it is there.
    fn with(&self, grade: usize) -> Option<(std::ops::Range<usize>, String)> {
        let token = self.tokens.get(grade)?;
        let before = self.tokens.get(grade.checked_sub(1)?)?;
        match self.word(before) {
            "with" | "has" => None,
            "of" => Some((before.clone(), "with".to_owned())),
            _ => Some((token.start..token.start, "with ".to_owned())),
        }
    }
}
