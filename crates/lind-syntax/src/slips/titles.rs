//! A text in quotes that stands in another place of its line.

use super::{Refused, Slip};

impl Refused<'_> {
    /// `milestone dosing "Day 1" after screening`, `endpoint peak primary "Highest value"`
    pub(super) fn text_elsewhere(&self) -> Option<Slip> {
        let is_text = |word: &str| word.len() > 1 && word.starts_with('"') && word.ends_with('"');
        let mut texts = self
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| is_text(self.word(token)));
        let ((place, token), None) = (texts.next()?, texts.next()) else {
            return None;
        };
        let text = format!(" {}", self.word(token));
        // The text goes with the blank before it.
        let before = self.tokens.get(place.checked_sub(1)?)?.end;
        let out = (before..token.end, String::new());
        let name = self.tokens.get(1)?.end;
        let end = self.text.trim_end().len();
        for (at, message) in [
            (end, "the text in quotes belongs at the end of this line"),
            (name, "the text in quotes belongs behind the name"),
        ] {
            if (before..=token.end).contains(&at) {
                continue;
            }
            let mut edits = vec![out.clone(), (at..at, text.clone())];
            edits.sort_by_key(|(range, _)| range.start);
            if self.reads(&edits) {
                let slip = Slip::new(token.clone(), message, "to be moved");
                return Some(slip.repair("move the text", edits).safe());
            }
        }
        None
    }
}
