//! Slips of choices: words that other languages use for them.

use super::{Refused, Slip};

impl Refused<'_> {
    /// `if … then …`, `3 x ULN else`, `except if …: …`, `except has …: …`
    pub(super) fn words_of_choices(&self) -> Option<Slip> {
        self.then()
            .or_else(|| self.otherwise())
            .or_else(|| self.except_when())
            .or_else(|| self.nothing_chosen())
    }

    /// `chosen`
    fn nothing_chosen(&self) -> Option<Slip> {
        let end = self.text.len();
        (self.text == "chosen").then(|| {
            Slip::new(
                end..end,
                "nothing is chosen here",
                "expected the name of an alternative of this reading",
            )
        })
    }

    fn then(&self) -> Option<Slip> {
        let place = self
            .tokens
            .iter()
            .position(|token| self.word(token) == "then")?;
        let then = self.tokens.get(place)?.clone();
        let before = self.tokens.get(place.checked_sub(1)?)?.end;
        let edits = vec![(before..then.end, ":".to_owned())];
        (self.word(self.tokens.first()?) == "if" && self.reads(&edits)).then(|| {
            Slip::new(then, "`if` goes without `then`", "a colon stands here")
                .repair("write a colon", edits)
        })
    }

    fn otherwise(&self) -> Option<Slip> {
        let last = self.tokens.last()?.clone();
        let word = self.word(&last);
        let edits = vec![(last.clone(), "otherwise".to_owned())];
        (matches!(word, "else" | "default") && self.reads(&edits)).then(|| {
            Slip::new(
                last,
                format!("`{word}` was not expected here"),
                "what holds for everybody else is `otherwise`",
            )
            .repair("write `otherwise`", edits)
        })
    }

    fn except_when(&self) -> Option<Slip> {
        let [except, next, ..] = self.tokens.as_slice() else {
            return None;
        };
        if self.word(except) != "except" {
            return None;
        }
        let edits = match self.word(next) {
            "if" | "in" | "where" | "for" => vec![(next.clone(), "when".to_owned())],
            _ => vec![(next.start..next.start, "when ".to_owned())],
        };
        self.reads(&edits).then(|| {
            Slip::new(
                next.clone(),
                "an exception for those of whom a condition holds begins with `except when`",
                "`when` is missing",
            )
            .repair("write `except when`", edits)
        })
    }
}
