//! Slips of phrases: words of registry entries and of everyday English for which Lind has others.

use std::ops::Range;

use super::{Edit, Refused, Slip};
use crate::expected::short;
use crate::place::Place;

/// Numbers that are written as words in front of `of`.
const NUMBERS: &[(&str, &str)] = &[
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
];

/// Phrases of conditions, and what is said for them. The first that reads is offered.
const PHRASES: &[(&[&str], &str)] = &[
    (&["the", "day", "before"], "1 day before"),
    (&["the", "day", "after"], "1 day after"),
    (&["prior", "to"], "before"),
    (&["previous", "to"], "before"),
    (&["preceding"], "before"),
    (&["subsequent", "to"], "after"),
    (&["following"], "after"),
    (&["has", "no", "prior", "history", "of"], "has never had"),
    (&["has", "no", "history", "of"], "has never had"),
    (&["has", "a", "history", "of"], "has ever had"),
    (&["has", "history", "of"], "has ever had"),
    (&["has", "not", "received"], "has received no"),
    (&["has", "not", "undergone"], "has undergone no"),
    (&["does", "not", "have"], "has no"),
    (&["not", "has"], "has no"),
    (&["has", "not"], "has no"),
    (&["does", "not", "take"], "is not taking"),
    (&["takes"], "is taking"),
    (&["is", "currently", "taking"], "is taking"),
    (&["currently", "takes"], "is taking"),
    (&["is", "currently", "receiving"], "is taking"),
    (&["is", "currently", "on"], "is taking"),
    (&["is", "receiving"], "is taking"),
    (&["is", "using"], "is taking"),
    (&["is", "on"], "is taking"),
    (&["has", "taken"], "has received"),
    (&["has", "used"], "has received"),
    (&["has", "been", "treated", "with"], "has received"),
    (
        &["any", "investigational", "drug"],
        "any investigational treatment",
    ),
    (
        &["any", "investigational", "agent"],
        "any investigational treatment",
    ),
    (
        &["any", "investigational", "product"],
        "any investigational treatment",
    ),
    (
        &["an", "investigational", "drug"],
        "any investigational treatment",
    ),
    (
        &["an", "investigational", "product"],
        "any investigational treatment",
    ),
    (
        &["investigational", "treatment"],
        "any investigational treatment",
    ),
    (&["any", "drug"], "any treatment"),
    (&["any", "medication"], "any treatment"),
    (&["any", "surgery"], "any procedure"),
    (&["greater", "than", "or", "equal", "to"], "at least"),
    (&["less", "than", "or", "equal", "to"], "at most"),
    (&["no", "more", "than"], "at most"),
    (&["not", "more", "than"], "at most"),
    (&["no", "less", "than"], "at least"),
    (&["not", "less", "than"], "at least"),
    (&["greater", "than"], "more than"),
    (&["higher", "than"], "more than"),
    (&["lower", "than"], "less than"),
    (&["has", "a"], "has"),
    (&["has", "an"], "has"),
    (&["have"], "has"),
    (&["that", "has", "begun"], "begun"),
    (&["that", "had", "begun"], "begun"),
    (&["that", "began"], "begun"),
    (&["which", "began"], "begun"),
    (&["that", "started"], "begun"),
    (&["which", "started"], "begun"),
    (&["with", "onset"], "begun"),
    (&["with", "an", "onset"], "begun"),
    (&["newly", "diagnosed"], "begun"),
    (&["first", "diagnosed"], "begun"),
    (&["that", "was", "diagnosed"], "begun"),
    (&["beginning"], "begun"),
    (&["starting"], "begun"),
    (&["started"], "begun"),
    (&["initiated"], "begun"),
    (&["diagnosed"], "begun"),
    (&["that", "ended"], "ended"),
    (&["which", "ended"], "ended"),
    (&["that", "has", "ended"], "ended"),
    (&["that", "was", "stopped"], "ended"),
    (&["ending"], "ended"),
    (&["stopped"], "ended"),
    (&["discontinued"], "ended"),
    (&["completed"], "ended"),
    (&["last", "taken"], "ended"),
    // Of a record with a name: `C began`, `C ended`.
    (&["was", "begun"], "began"),
    (&["was", "started"], "began"),
    (&["was", "diagnosed"], "began"),
    (&["has", "begun"], "began"),
    (&["begun"], "began"),
    (&["started"], "began"),
    (&["was", "stopped"], "ended"),
    (&["has", "ended"], "ended"),
    (&["began"], "begun"),
];

/// What is said of everybody at once, and the line that says it.
const PEOPLE: &[(&str, &str)] = &[
    ("is female", "for women"),
    ("is a woman", "for women"),
    ("sex is female", "for women"),
    ("gender is female", "for women"),
    ("female", "for women"),
    ("is male", "for men"),
    ("is a man", "for men"),
    ("sex is male", "for men"),
    ("gender is male", "for men"),
];

impl Refused<'_> {
    /// `at least two of`, `within 30 days prior to screening`, `is between 9 and 12 g/dL`, `is female`
    pub(super) fn phrase(&self) -> Option<Slip> {
        if self.place == Place::Top {
            return self.comma_of_names().or_else(|| self.other_words());
        }
        if self.place != Place::Body {
            return self.other_words();
        }
        self.people()
            .or_else(|| self.or_more())
            .or_else(|| self.who_judges())
            .or_else(|| self.adjective())
            .or_else(|| self.number_word())
            .or_else(|| self.between())
            .or_else(|| self.levels())
            .or_else(|| self.of_predicted())
            .or_else(|| self.not_had())
            .or_else(|| self.other_words())
            .or_else(|| self.not_before_a_name())
    }

    /// Where some words stand behind each other on the line.
    pub(super) fn words_at(&self, words: &[&str]) -> Option<Range<usize>> {
        let found = self.tokens.windows(words.len()).find(|window| {
            window
                .iter()
                .zip(words)
                .all(|(token, word)| self.word(token) == *word)
        })?;
        Some(found.first()?.start..found.last()?.end)
    }

    /// One phrase for another, if the line can be read with it; often its window has a slip of its own.
    fn instead(&self, at: Range<usize>, meant: &str) -> Option<Slip> {
        let written = short(self.word(&at));
        let slip = Slip::new(
            at.clone(),
            format!("`{written}` was not expected here"),
            format!("here it is `{meant}`"),
        );
        let mut edits: Vec<Edit> = vec![(at.clone(), meant.to_owned())];
        if self.reads(&edits) {
            return Some(slip.repair(format!("write `{meant}`"), edits));
        }
        let prior = self.words_at(&["prior", "to"])?;
        if prior.start < at.end {
            return None;
        }
        edits.push((prior, "before".to_owned()));
        self.reads(&edits).then(|| {
            slip.repair(
                format!("write `{meant}`, and `before` for `prior to`"),
                edits,
            )
        })
    }

    fn other_words(&self) -> Option<Slip> {
        PHRASES
            .iter()
            .find_map(|(phrase, meant)| self.instead(self.words_at(phrase)?, meant))
    }

    /// `has not had malignancy within 5 years before screening`. Without a window it is about all of life.
    fn not_had(&self) -> Option<Slip> {
        let at = self.words_at(&["has", "not", "had"])?;
        let behind = self.tokens.iter().filter(|token| token.start >= at.end);
        let in_window = behind.into_iter().any(|token| {
            matches!(
                self.word(token),
                "within" | "in" | "before" | "after" | "since" | "during" | "from" | "prior"
            )
        });
        let meant = if in_window {
            "has had no"
        } else {
            "has never had"
        };
        self.instead(at, meant)
    }

    /// `is female` as a line of its own.
    fn people(&self) -> Option<Slip> {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let words = words.join(" ");
        let (_, meant) = PEOPLE.iter().find(|(phrase, _)| *phrase == words)?;
        let slip = Slip::new(
            0..self.text.len(),
            format!("`{words}` is no condition"),
            format!("whom a criterion is about is said with `{meant}`"),
        )
        .note("`for women` and `for men` stand behind the title of a criterion, or open a list of what holds for them");
        Some(slip)
    }

    /// `at least two of`
    fn number_word(&self) -> Option<Slip> {
        self.tokens.iter().take(8).find_map(|token| {
            let written = self.word(token);
            let (_, meant) = NUMBERS.iter().find(|(word, _)| *word == written)?;
            let edits = vec![(token.clone(), (*meant).to_owned())];
            self.reads(&edits).then(|| {
                Slip::new(
                    token.clone(),
                    format!("`{written}` is written as a word"),
                    format!("numbers are written with digits: `{meant}`"),
                )
                .repair(format!("write `{meant}`"), edits)
                .safe()
            })
        })
    }

    /// `is between 9 and 12 g/dL`
    fn between(&self) -> Option<Slip> {
        let between = self.words_at(&["between"])?;
        let place = self.tokens.iter().position(|token| *token == between)?;
        let first = self.tokens.get(place + 1)?;
        let and = self
            .tokens
            .get(place + 2..)?
            .iter()
            .find(|token| self.word(token) == "and")?
            .clone();
        let before = self.tokens.get(place.checked_sub(1)?)?;
        let is = if self.word(before) == "is" { "" } else { "is " };
        let edits = vec![
            (between.start..first.start, is.to_owned()),
            (and, "to".to_owned()),
        ];
        self.reads(&edits).then(|| {
            Slip::new(
                between,
                "`between` makes no range",
                "a range is written with `to`",
            )
            .note("both ends of a range belong to it, unless `, both excluded` stands behind it")
            .repair("write `to`", edits)
        })
    }

    /// `nyha is II - IV`, `nyha is II through IV`: levels of a scale.
    fn levels(&self) -> Option<Slip> {
        let is_level = |token: &Range<usize>| {
            let word = self.word(token);
            !word.is_empty()
                && word.len() <= 5
                && word.starts_with(['I', 'V', 'X'])
                && word
                    .chars()
                    .all(|c| matches!(c, 'I' | 'V' | 'X') || c.is_ascii_lowercase())
        };
        let range = self.tokens.windows(3).find(|window| {
            matches!(window, [low, to, high] if is_level(low) && is_level(high)
                && matches!(self.word(to), "-" | "–" | "through"))
        })?;
        let (low, to, high) = (range.first()?, range.get(1)?, range.last()?);
        let edits = vec![(low.end..high.start, " to ".to_owned())];
        self.reads(&edits).then(|| {
            Slip::new(
                low.start..high.end,
                format!("`{}` makes no range", short(self.word(to))),
                "a range is written with `to`",
            )
            .repair("write `to`", edits)
        })
    }

    /// `fvc >= 45 % of predicted`
    fn of_predicted(&self) -> Option<Slip> {
        let at = [
            &["of", "predicted"][..],
            &["of", "the", "predicted"],
            &["predicted"],
        ]
        .iter()
        .find_map(|words| self.words_at(words))?;
        let before = self.text.get(..at.start)?.trim_end();
        if !before.ends_with('%') {
            return None;
        }
        let slip = Slip::new(
            at.clone(),
            "a limit is no percent of predicted",
            "the measure says what its percent is of",
        )
        .note("a percent of the predicted value is a measure of its own, as in `fvc_predicted >= 45 %`");
        let mut edits = vec![(before.len()..at.end, String::new())];
        let measured = self.tokens.iter().find(|token| {
            let joined = format!("{}_predicted", self.word(token));
            self.word(token).ends_with("_predicted") || self.names.contains(joined.as_str())
        });
        if let Some(measured) = measured
            && !self.word(measured).ends_with("_predicted")
        {
            edits.insert(0, (measured.end..measured.end, "_predicted".to_owned()));
        }
        Some(if measured.is_some() && self.reads(&edits) {
            slip.repair("leave it to the measure", edits)
        } else {
            slip
        })
    }

    /// `use std.labs: hemoglobin platelets`
    fn comma_of_names(&self) -> Option<Slip> {
        if self.word(self.tokens.first()?) != "use" {
            return None;
        }
        let colon = self.text.find(':')?;
        let names: Vec<&Range<usize>> = self
            .tokens
            .iter()
            .filter(|token| token.start > colon)
            .collect();
        let mut gaps: Vec<Range<usize>> = Vec::new();
        for pair in names.windows(2) {
            let [left, right] = pair else { return None };
            if !self.text.get(left.end..right.start)?.contains(',') {
                gaps.push(left.end..right.start);
            }
        }
        let first = gaps.first()?.clone();
        let edits: Vec<Edit> = gaps
            .iter()
            .map(|gap| (gap.clone(), ", ".to_owned()))
            .collect();
        self.reads(&edits).then(|| {
            let left = names.iter().find(|name| name.end == first.start);
            let left = left.map_or("", |name| self.word(name));
            Slip::new(
                first.start..first.start,
                format!("a comma is missing after `{}`", short(left)),
                "the names of a list are separated by commas",
            )
            .repair("write a comma", edits)
        })
    }
}
