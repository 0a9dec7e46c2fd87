//! Texts of registries: the JSON of ClinicalTrials.gov, pages as people save them, and abstracts.

use std::fmt;
use std::sync::Arc;

use lind_model::trace::{LineList, RegistryLine};
use serde_json::Value;

use crate::bullets;

/// The most bytes that a file may have. Studies with all their results have some millions.
pub const LARGEST: usize = 32 << 20;

/// The most bytes that all lines may have. The longest eligibility texts have 20 thousand.
pub const MOST_TEXT: usize = 256 << 10;

/// The most lines that a text may have.
pub const MOST_LINES: usize = 2_000;

/// What a public text says of who may take part, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// In which form it came.
    pub form: Form,
    /// Which trial it is of, if it says so.
    pub trial: Option<Arc<str>>,
    /// Its lines.
    pub lines: Vec<RegistryLine>,
}

/// The forms that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A study of the API of ClinicalTrials.gov, version 2.
    Json,
    /// A text with headings for inclusion and exclusion criteria.
    Page,
    /// A text without them, of which sentences say who was eligible.
    Abstract,
}

impl Form {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Json => "JSON of ClinicalTrials.gov",
            Self::Page => "text with headings",
            Self::Abstract => "sentences on who was eligible",
        }
    }
}

/// A text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotRead {
    /// It is too large.
    TooLarge,
    /// Its criteria are too long.
    TooMuchText,
    /// It has too many lines.
    TooManyLines,
    /// It begins like JSON and is none.
    NotJson(String),
    /// It is JSON, and has no eligibility section: what is not there.
    NoEligibility(&'static str),
    /// It is a text in which nobody says who may take part.
    NoCriteria,
}

impl fmt::Display for CannotRead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(formatter, "it is larger than {} MiB", LARGEST >> 20),
            Self::TooMuchText => {
                write!(
                    formatter,
                    "its criteria are longer than {} KiB",
                    MOST_TEXT >> 10
                )
            }
            Self::TooManyLines => write!(formatter, "it has more than {MOST_LINES} lines"),
            Self::NotJson(because) => {
                write!(formatter, "it begins like JSON and is none: {because}")
            }
            Self::NoEligibility(field) => write!(formatter, "its JSON has no text at `{field}`"),
            Self::NoCriteria => formatter.write_str("no line of it says who may take part"),
        }
    }
}

impl std::error::Error for CannotRead {}

/// Where the eligibility text of a study stands.
const CRITERIA: &str = "protocolSection.eligibilityModule.eligibilityCriteria";

impl Registry {
    /// Reads a text in any of the forms.
    ///
    /// # Errors
    /// It is too large, is broken JSON or JSON of something else, or does not say who may take part.
    pub fn read(text: &str) -> Result<Self, CannotRead> {
        if text.len() > LARGEST {
            return Err(CannotRead::TooLarge);
        }
        let text = text.trim_start_matches('\u{feff}');
        let registry = if text.trim_start().starts_with(['{', '[']) {
            Self::of_json(text)?
        } else {
            Self::of_text(text)
        };
        let bytes: usize = registry.lines.iter().map(|line| line.text.len()).sum();
        if bytes > MOST_TEXT {
            return Err(CannotRead::TooMuchText);
        }
        if registry.lines.len() > MOST_LINES {
            return Err(CannotRead::TooManyLines);
        }
        if registry.lines.is_empty() {
            return Err(CannotRead::NoCriteria);
        }
        Ok(registry)
    }

    fn of_json(text: &str) -> Result<Self, CannotRead> {
        // serde_json bounds how deep a text may nest.
        let value: Value =
            serde_json::from_str(text).map_err(|error| CannotRead::NotJson(error.to_string()))?;
        let study = match &value {
            Value::Array(studies) => studies.first().unwrap_or(&Value::Null),
            other => other,
        };
        let protocol = study
            .get("protocolSection")
            .ok_or(CannotRead::NoEligibility("protocolSection"))?;
        let module = protocol.get("eligibilityModule");
        let module = module.ok_or(CannotRead::NoEligibility(
            "protocolSection.eligibilityModule",
        ))?;
        let field = |name: &str| module.get(name).and_then(Value::as_str);
        let criteria = field("eligibilityCriteria").ok_or(CannotRead::NoEligibility(CRITERIA))?;
        let mut lines = bullets::of_criteria(criteria);
        for line in &mut lines {
            // The rows of a text within JSON are nobody's.
            line.row = None;
        }
        for (name, number, list) in [
            ("minimumAge", "minimum age", LineList::MinimumAge),
            ("maximumAge", "maximum age", LineList::MaximumAge),
            ("sex", "sex", LineList::Sex),
        ] {
            let said = field(name).map(str::trim).filter(|said| says_a_limit(said));
            lines.extend(said.map(|said| RegistryLine {
                number: Arc::from(number),
                list,
                text: Arc::from(said),
                row: None,
            }));
        }
        let trial = protocol
            .get("identificationModule")
            .and_then(|module| module.get("nctId"))
            .and_then(Value::as_str);
        Ok(Self {
            form: Form::Json,
            trial: trial.map(Arc::from),
            lines,
        })
    }

    fn of_text(text: &str) -> Self {
        let mut lines = bullets::of_page(text);
        let form = if lines.is_empty() {
            lines = sentences(text);
            Form::Abstract
        } else {
            lines.extend(fields(text));
            Form::Page
        };
        Self {
            form,
            trial: trial_number(text),
            lines,
        }
    }
}

/// Whether a field of the registry limits anything, or says that it does not.
fn says_a_limit(said: &str) -> bool {
    let none = ["", "n/a", "none", "no limit", "not applicable"];
    !none.contains(&said.to_lowercase().as_str())
}

/// The first number of a registry that a text names, if it names one.
fn trial_number(text: &str) -> Option<Arc<str>> {
    text.match_indices("NCT").find_map(|(at, _)| {
        let number = text.get(at..at + 11)?;
        let digits = number.get(3..)?;
        digits
            .bytes()
            .all(|digit| digit.is_ascii_digit())
            .then(|| Arc::from(number))
    })
}

/// Names of fields on pages, in small letters.
const FIELDS: [(&str, &str, LineList); 7] = [
    ("gender", "sex", LineList::Sex),
    ("sex", "sex", LineList::Sex),
    ("sexes eligible for study", "sex", LineList::Sex),
    ("minimum age", "minimum age", LineList::MinimumAge),
    ("age minimum", "minimum age", LineList::MinimumAge),
    ("maximum age", "maximum age", LineList::MaximumAge),
    ("age maximum", "maximum age", LineList::MaximumAge),
];

/// The fields of a page: a name on a row, and what it says behind a colon or on the next row that is not empty.
fn fields(text: &str) -> Vec<RegistryLine> {
    let mut found: Vec<RegistryLine> = Vec::new();
    let mut rows = text.lines().enumerate().peekable();
    while let Some((row, line)) = rows.next() {
        let (name, behind) = line.split_once(':').unwrap_or((line, ""));
        let name = name.trim().to_lowercase();
        let Some((_, number, list)) = FIELDS.iter().find(|(own, ..)| *own == name) else {
            continue;
        };
        let mut said = behind.trim();
        if said.is_empty() {
            while rows.next_if(|(_, line)| line.trim().is_empty()).is_some() {}
            said = rows.peek().map_or("", |(_, line)| line.trim());
        }
        let is_new = found.iter().all(|own| own.list != *list);
        // What follows a mere heading may be anything; a field is short.
        if is_new && says_a_limit(said) && said.chars().count() <= 40 {
            found.push(RegistryLine {
                number: Arc::from(*number),
                list: *list,
                text: Arc::from(said),
                row: Some(row + 1),
            });
        }
    }
    found
}

/// Beginnings of sentences that say who was eligible.
const ELIGIBLE: [&str; 14] = [
    "eligible patients",
    "eligible participants",
    "eligible subjects",
    "eligible adults",
    "eligible women",
    "eligible men",
    "eligible children",
    "patients were eligible",
    "participants were eligible",
    "inclusion criteria",
    "exclusion criteria",
    "key exclusion",
    "were excluded",
    "were ineligible",
];

/// Lines of an abstract: each part, between commas, of a sentence that says who was eligible.
fn sentences(text: &str) -> Vec<RegistryLine> {
    let mut found = Vec::new();
    for (row, line) in text.lines().enumerate() {
        for sentence in bullets::sentences(line) {
            let lower = sentence.to_lowercase();
            if !ELIGIBLE.iter().any(|begin| lower.contains(begin)) {
                continue;
            }
            for part in parts(sentence) {
                found.push(RegistryLine {
                    number: Arc::from(format!("eligible {}", found.len() + 1)),
                    list: LineList::Sentence,
                    text: Arc::from(part),
                    row: Some(row + 1),
                });
            }
        }
    }
    found
}

/// The parts of a sentence between its commas and semicolons, brackets apart. A part of one word belongs to the
/// one before it: it is an item of a list.
fn parts(sentence: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let ends = sentence.char_indices().chain([(sentence.len(), ';')]);
    for (at, character) in ends {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' | ',' if depth == 0 || at == sentence.len() => {
                let part = sentence.get(start..at).unwrap_or_default().trim();
                start = (at + 1).min(sentence.len());
                let part = part.strip_prefix("and ").unwrap_or(part);
                let part = part.trim_end_matches('.');
                let is_item = crate::words::words(part).len() < 2
                    && !part.contains(|own: char| own.is_ascii_digit());
                match parts.last_mut() {
                    Some(last) if is_item => {
                        last.push_str(", ");
                        last.push_str(part);
                    }
                    _ if part.is_empty() => {}
                    _ => parts.push(part.to_owned()),
                }
            }
            _ => {}
        }
    }
    parts
}
