//! What a set of data holds, what is wrong with it, and what of a protocol it can decide.

mod json;
mod page;
mod text;

pub use json::data_check_json;
pub use page::data_check_html;
pub use text::data_check_text;

/// What a set of data holds, what is wrong with it, and what of a protocol it can decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataCheck {
    /// Where the data are.
    pub source: String,
    /// In which form they come.
    pub form: String,
    /// Of charts kept ready: in which form the data came that were ingested.
    pub kept_from: Option<String>,
    /// How many patients there are.
    pub patients: u64,
    /// Of how many the sex, the birth and the death are known.
    pub known: [u64; 3],
    /// The kinds of facts, those of which there are rows.
    pub kinds: Vec<Kind>,
    /// The codes that stand in the data, the most frequent of each kind first.
    pub codes: Vec<Code>,
    /// How many more codes there are than are listed.
    pub more_codes: u64,
    /// Texts that stand where a unit should and are none.
    pub unknown_units: Vec<UnknownUnit>,
    /// What the mapping file says.
    pub mapping: Vec<MappingLine>,
    /// What is wrong with the data.
    pub problems: Vec<ProblemKind>,
    /// What of a protocol the data can decide, if one was named.
    pub coverage: Option<Coverage>,
}

/// One kind of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its table: `observations`.
    pub table: &'static str,
    /// How many rows the source has.
    pub read: u64,
    /// How many of them can be used.
    pub used: u64,
    /// How many patients have one.
    pub patients: u64,
    /// The first and the last day.
    pub span: Option<(String, String)>,
    /// How many have a time that is not known to the day.
    pub partial: u64,
    /// How many have no time.
    pub undated: u64,
    /// How many say again what another says.
    pub duplicates: u64,
    /// How many were taken back.
    pub withdrawn: u64,
    /// How many are later than the data are read.
    pub later: u64,
    /// How many cannot be used.
    pub set_aside: u64,
    /// Whether a row that is not there means that the fact is not there; else why not.
    pub complete: Result<(), &'static str>,
}

/// One code of one kind of facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The table.
    pub table: &'static str,
    /// The code as it stands in the data.
    pub code: String,
    /// How many rows have it.
    pub rows: u64,
    /// How many patients have one.
    pub patients: u64,
    /// How many have a number.
    pub numbers: u64,
    /// How many of these have no limits of the laboratory.
    pub without_limits: u64,
    /// How many are only known to lie below or above their number.
    pub beyond: u64,
    /// The units of the numbers.
    pub units: Vec<UnitOfCode>,
    /// Whether the protocol asks for it, if one was named.
    pub is_asked: Option<bool>,
}

/// The numbers of a code in one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitOfCode {
    /// The unit as it stands in the data; empty: none.
    pub unit: String,
    /// How many numbers.
    pub rows: u64,
    /// The lowest, the middle one and the highest.
    pub spread: Option<[String; 3]>,
}

/// A text that stands where a unit should and is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownUnit {
    /// The code of the rows.
    pub code: String,
    /// The text.
    pub text: String,
    /// How many rows.
    pub rows: u64,
}

/// A line of the mapping file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingLine {
    /// Which line.
    pub line: u32,
    /// The section.
    pub section: &'static str,
    /// What it says.
    pub says: String,
    /// For how many rows it was used.
    pub rows: u64,
}

/// One kind of problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemKind {
    /// Its code: `D0742`.
    pub code: &'static str,
    /// How severe it is.
    pub severity: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// How often it was found.
    pub count: u64,
    /// The first places: file, line and what is wrong there.
    pub places: Vec<(String, u32, String)>,
}

/// What of a protocol the data can decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The protocol.
    pub protocol: String,
    /// The criteria in the order of the source.
    pub criteria: Vec<CriterionCoverage>,
    /// What the criteria ask for.
    pub needs: Vec<Need>,
}

/// How far a criterion can be decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriterionCoverage {
    /// Its number.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Patients for whom it is met.
    pub met: u64,
    /// Patients for whom it is not met, or does not apply.
    pub not_met: u64,
    /// Patients for whom it cannot be told.
    pub unknown: u64,
    /// Patients for whom a person must answer.
    pub needs_judgement: u64,
    /// Patients who have not reached its gate.
    pub pending: u64,
    /// Why it is open, with names and numbers left out; how often, and of whom the first.
    pub reasons: Vec<(String, u64, String)>,
}

/// Something that criteria ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// `measure`, `set`, `milestone` …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The table in which it is looked for.
    pub table: &'static str,
    /// How many patients have a record of it.
    pub patients: u64,
    /// How many have one that can be used.
    pub usable: u64,
    /// Why values cannot be used, with how many.
    pub faults: Vec<(String, u64)>,
    /// The units of its values, with how many.
    pub units: Vec<(String, u64)>,
    /// The codes of its records, with how many.
    pub codes: Vec<(String, u64)>,
}

impl DataCheck {
    /// Whether a fact without a row is not there, or why that is not known; and of which kinds.
    fn by_completeness(&self) -> Vec<(Result<(), &'static str>, String)> {
        let mut meanings: Vec<(Result<(), &'static str>, Vec<&str>)> = Vec::new();
        for kind in &self.kinds {
            match meanings.iter_mut().find(|(why, _)| *why == kind.complete) {
                Some((_, kinds)) => kinds.push(kind.table),
                None => meanings.push((kind.complete, vec![kind.table])),
            }
        }
        meanings.sort_by_key(|(complete, _)| complete.is_err());
        let all = self.kinds.len();
        let named = meanings.into_iter().map(|(complete, kinds)| {
            let named = match kinds.len() {
                count if count == all => "all of them".to_owned(),
                _ => kinds.join(", "),
            };
            (complete, named)
        });
        named.collect()
    }
}

impl ProblemKind {
    /// What is wrong, each with the places of which the same is said, in the order of the first.
    fn by_message(&self) -> Vec<(&str, String)> {
        let mut messages: Vec<(&str, Vec<String>)> = Vec::new();
        for (file, line, message) in &self.places {
            let place = format!("{file}:{line}");
            match messages.iter_mut().find(|(other, _)| other == message) {
                Some((_, places)) => places.push(place),
                None => messages.push((message, vec![place])),
            }
        }
        // Only the first places of all are known. Where one thing is said of all of these, it may be said of the
        // others too.
        let is_all = u64::try_from(self.places.len()).is_ok_and(|known| known == self.count);
        let is_one = messages.len() == 1;
        let listed = messages.into_iter().map(|(message, places)| {
            let shown = places.get(..MOST_PLACES).unwrap_or(&places).join(", ");
            let more = places.len().saturating_sub(MOST_PLACES);
            let shown = match more {
                _ if is_one && !is_all => format!("{shown} and others"),
                0 => shown,
                more => format!("{shown} and {more} more"),
            };
            (message, shown)
        });
        listed.collect()
    }
}

/// How many places are shown of which the same is said.
const MOST_PLACES: usize = 3;

/// A share in percent, for people: `12 %`; `< 1 %` is not none.
fn share(part: u64, whole: u64) -> String {
    match (part, whole) {
        (0, _) | (_, 0) => "–".to_owned(),
        (part, whole) if part == whole => "100 %".to_owned(),
        (part, whole) => match u128::from(part) * 100 / u128::from(whole) {
            0 => "< 1 %".to_owned(),
            percent => format!("{percent} %"),
        },
    }
}

/// `13.5 g/dL` things with their counts: `g/dL (120), mg/dL (3)`.
fn counts(items: &[(String, u64)], most: usize) -> String {
    let mut shown: Vec<String> = items
        .iter()
        .take(most)
        .map(|(name, count)| match name.as_str() {
            "" => format!("no unit ({count})"),
            name => format!("{name} ({count})"),
        })
        .collect();
    if items.len() > most {
        shown.push(format!("{} more", items.len() - most));
    }
    shown.join(", ")
}

impl Code {
    fn unit_counts(&self) -> Vec<(String, u64)> {
        let units = self.units.iter();
        units.map(|unit| (unit.unit.clone(), unit.rows)).collect()
    }
}

/// In which form the data come: `charts kept ready, ingested from FHIR R4`.
fn form(check: &DataCheck) -> String {
    match &check.kept_from {
        Some(source) => format!("{}, ingested from {source}", check.form),
        None => check.form.clone(),
    }
}
