//! A mapping file, proposed from what the data hold. What is not certain is commented out.

use std::collections::{BTreeMap, BTreeSet};

use lind_diagnostics::closest;
use lind_model::plan::ConceptKind;
use lind_model::protocol::{QuantityShape, Shape};
use lind_records::{Completeness, Form, Numbers, Table, UnitId};
use lind_units::Unit;

use super::cdisc;
use super::coverage::Needed;
use super::survey::{Survey, because};

/// Units that laboratories take for each other: with each its dimension is tried.
const OTHERS: [&str; 14] = [
    "g/dL", "g/L", "mg/dL", "mg/L", "ug/mL", "ng/mL", "10*9/L", "10*6/L", "/uL", "10*3/uL",
    "umol/L", "mmol/L", "kg", "g",
];

/// Names of code systems that stand for one another often, of which only people know whether they do here.
const FAMILIES: [(&str, &str); 6] = [
    ("icd10cm", "icd10"),
    ("icd10gm", "icd10"),
    ("icd10am", "icd10"),
    ("icd10who", "icd10"),
    ("icd-10", "icd10"),
    ("snomedct", "snomed"),
];

/// A mapping file that is being written.
pub(super) struct Proposal<'s> {
    survey: &'s Survey,
    text: String,
}

/// A code of the data, with all that stands under it.
struct Seen<'s> {
    table: Table,
    code: &'s str,
    rows: u64,
    numbers: u64,
    without_limits: u64,
    units: BTreeMap<Option<UnitId>, Numbers>,
    is_asked: bool,
}

impl<'s> Proposal<'s> {
    /// The mapping file as text.
    pub(super) fn of(survey: &'s Survey) -> String {
        let mut proposal = Proposal {
            survey,
            text: String::new(),
        };
        proposal.dataset();
        let seen = proposal.seen();
        proposal.systems(&seen);
        proposal.codes(&seen);
        proposal.units(&seen);
        proposal.ranges(&seen);
        proposal.milestones(&seen);
        proposal.complete();
        proposal.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment. Nothing that stands in the data may end it.
    fn comment(&mut self, text: &str) {
        let text = lind_report::one_line(text);
        self.line(&format!("# {text}"));
    }

    fn dataset(&mut self) {
        let dataset = &self.survey.dataset;
        self.comment(&format!(
            "Proposed by `lind data map --suggest` for {}; patients: {}, records: {}.",
            self.survey.source,
            self.survey.profile.patients,
            dataset.rows_read()
        ));
        self.comment(
            "Nothing of it is applied until it is passed with --mapping. What is not certain is",
        );
        self.comment("commented out: read the evidence, decide, and take the `#` away.");
        let form = dataset.form();
        let word = Form::WORDS.iter().find(|(_, other)| *other == form);
        if let Some((word, _)) = word {
            self.line("\n[dataset]");
            self.line(&format!(
                "form = \"{word}\"    # as the names of the files tell"
            ));
        }
        if let Some(source) = dataset.kept_from() {
            self.comment(&format!(
                "The charts were ingested from {source}; what the file said of how that is read has had its effect."
            ));
        }
        self.comment("site = \"…\"");
        self.comment("cut_off = 2024-12-31    # the last day that the data cover");
        self.comment("utc_offset = \"+01:00\"   # the site's clocks, if times carry an offset");
    }

    /// The codes of the data, the most frequent first.
    fn seen(&self) -> Vec<Seen<'s>> {
        let survey = self.survey;
        let dictionary = survey.dataset.dictionary();
        let mut seen: BTreeMap<(Table, &str), Seen<'s>> = BTreeMap::new();
        for ((table, code), profile) in &survey.profile.codes {
            let text = dictionary.text(*code);
            let entry = seen.entry((*table, text)).or_insert_with(|| Seen {
                table: *table,
                code: text,
                rows: 0,
                numbers: 0,
                without_limits: 0,
                units: BTreeMap::new(),
                is_asked: false,
            });
            entry.rows += profile.rows;
            entry.numbers += profile.numbers;
            entry.without_limits += profile.without_limits;
            for (unit, numbers) in &profile.units {
                entry.units.entry(*unit).or_default().merge(numbers);
            }
            entry.is_asked |= survey.is_asked(*code);
        }
        let mut seen: Vec<Seen<'s>> = seen.into_values().collect();
        seen.sort_by(|one, other| {
            let place = |seen: &Seen<'_>| (seen.table, seen.code.to_owned());
            other
                .rows
                .cmp(&one.rows)
                .then_with(|| place(one).cmp(&place(other)))
        });
        seen
    }

    fn needs(&self) -> &'s [Needed] {
        let covering = self.survey.covering.as_ref();
        covering.map_or(&[], |covering| covering.needs.as_slice())
    }

    /// The codes that the protocol asks for, with their systems.
    fn asked_systems(&self) -> BTreeSet<String> {
        let Some(covering) = &self.survey.covering else {
            return BTreeSet::new();
        };
        let needs = &covering.program.plan().needs;
        let codes = needs.iter().flat_map(|concept| &concept.codes);
        codes
            .filter_map(|code| code.split_once('|'))
            .map(|(system, _)| system.to_lowercase())
            .collect()
    }

    fn systems(&mut self, seen: &[Seen<'_>]) {
        let asked = self.asked_systems();
        let mut found: BTreeMap<&str, (u64, BTreeSet<Table>)> = BTreeMap::new();
        for code in seen.iter().filter(|code| !code.is_asked) {
            if let Some((system, _)) = code.code.split_once('|') {
                let entry = found.entry(system).or_default();
                entry.0 += code.rows;
                entry.1.insert(code.table);
            }
        }
        // What CDISC's own codes and terms stand for is said code by code.
        let is_cdisc = |system: &str| system.ends_with("testcd") || system.ends_with("decod");
        found.retain(|system, _| !asked.contains(*system) && !is_cdisc(system));
        if found.is_empty() || self.survey.covering.is_none() {
            return;
        }
        self.line("\n[systems]");
        self.comment("Code systems of the data of which the protocol asks for no code.");
        for (system, (rows, tables)) in found {
            let tables: Vec<&str> = tables.iter().map(|table| table.name()).collect();
            let family = FAMILIES.iter().find(|(name, _)| *name == system);
            let meant = family
                .map(|(_, other)| *other)
                .or_else(|| closest(system, asked.iter().map(String::as_str)));
            let meant = meant.unwrap_or("…");
            self.comment(&format!(
                "{} = {}    # {} of {}",
                key(system),
                key(meant),
                counted(rows),
                tables.join(" and ")
            ));
        }
    }

    fn codes(&mut self, seen: &[Seen<'_>]) {
        let names: BTreeSet<&str> = self.needs().iter().map(|need| need.name.as_str()).collect();
        let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
        for code in seen.iter().filter(|code| !code.is_asked) {
            let rows = code.rows;
            let known = cdisc::NAMES.iter().find(|(cdisc, ..)| *cdisc == code.code);
            if let Some((_, title, name)) = known {
                if names.is_empty() || names.contains(name) {
                    certain.push(format!(
                        "{} = {}    # {}; CDISC: {}",
                        key(code.code),
                        key(name),
                        counted(rows),
                        lind_report::one_line(title)
                    ));
                }
                continue;
            }
            let bare = code
                .code
                .split_once('|')
                .map_or(code.code, |(_, bare)| bare);
            let word = bare.to_lowercase().replace([' ', '-'], "_");
            let of_table = self.needs().iter().filter(|need| need.table == code.table);
            let of_table = of_table.map(|need| need.name.as_str());
            if let Some(meant) = closest(&word, of_table).filter(|_| word.chars().count() > 3) {
                perhaps.push(format!(
                    "{} = {}    # {} of {}; only the names are alike",
                    key(code.code),
                    key(meant),
                    counted(rows),
                    code.table
                ));
            }
        }
        if certain.is_empty() && perhaps.is_empty() {
            return;
        }
        self.line("\n[codes]");
        for line in certain {
            self.line(&line);
        }
        for line in perhaps {
            self.comment(&line);
        }
    }

    /// What the protocol says of the measure that rows of a code are.
    fn measure_of(&self, code: &Seen<'_>) -> Option<(&'s str, &'s QuantityShape)> {
        let covering = self.survey.covering.as_ref()?;
        let protocol = &covering.program.plan().protocol;
        let dictionary = self.survey.dataset.dictionary();
        let codes = self.survey.profile.codes.keys();
        let id = codes
            .map(|(_, id)| *id)
            .find(|id| dictionary.text(*id) == code.code)?;
        let concepts = dictionary.concepts(id);
        // A code of CDISC is what it is proposed to be.
        let known = cdisc::NAMES.iter().find(|(known, ..)| *known == code.code);
        let need = covering.needs.iter().find(|need| {
            let is_it = concepts.contains(&need.concept)
                || known.is_some_and(|(_, _, name)| *name == need.name);
            matches!(need.kind, ConceptKind::Measure(_)) && is_it
        })?;
        let ConceptKind::Measure(measure) = need.kind else {
            return None;
        };
        match &protocol.measures.get(measure.index())?.shape {
            Shape::Quantity(shape) => Some((need.name.as_str(), shape)),
            _ => None,
        }
    }

    fn units(&mut self, seen: &[Seen<'_>]) {
        let unknown: Vec<(String, String, u64)> = self
            .survey
            .dataset
            .unknown_units()
            .map(|(code, text, rows)| {
                let code = self.survey.dataset.dictionary().text(code);
                (code.to_owned(), text.to_owned(), rows)
            })
            .collect();
        for code in seen.iter().filter(|code| code.numbers > 0) {
            let mut lines: Vec<String> = Vec::new();
            let measure = self.measure_of(code);
            for (unit, numbers) in &code.units {
                let Some(spread) = numbers.spread() else {
                    continue;
                };
                let [lowest, _, middle, _, highest] = spread;
                let values = format!(
                    "{} values from {lowest} to {highest}, the middle one {middle}",
                    numbers.count
                );
                match unit {
                    None => {
                        // A number of doses or of points needs no unit.
                        let Some((name, shape)) = measure else {
                            continue;
                        };
                        let fitting = fitting(shape, numbers, None);
                        let meant = fitting.as_deref().unwrap_or("…");
                        lines.push(format!(
                            "\"\" = {}    # {values}, without a unit{}",
                            key(meant),
                            plausible(name, fitting.is_some())
                        ));
                    }
                    Some(id) => {
                        let (Some((name, shape)), Some(unit)) =
                            (measure, self.survey.dataset.units().get(*id))
                        else {
                            continue;
                        };
                        if is_plausible(shape, numbers, unit) != Some(false) {
                            continue;
                        }
                        let fitting = fitting(shape, numbers, Some(unit));
                        let meant = fitting.as_deref().unwrap_or("…");
                        lines.push(format!(
                            "{} = {}    # {values}: hardly {name} in this unit{}",
                            key(unit.written()),
                            key(meant),
                            plausible(name, fitting.is_some())
                        ));
                    }
                }
            }
            for (of, text, rows) in &unknown {
                if of == code.code {
                    lines.push(unknown_unit(text, *rows));
                }
            }
            self.unit_lines(code.code, &lines);
        }
        // Codes of which no row could be read.
        let read: BTreeSet<&str> = seen
            .iter()
            .filter(|code| code.numbers > 0)
            .map(|code| code.code)
            .collect();
        let mut others: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (code, text, rows) in &unknown {
            if !read.contains(code.as_str()) {
                let lines = others.entry(code).or_default();
                lines.push(unknown_unit(text, *rows));
            }
        }
        for (code, lines) in others {
            self.unit_lines(code, &lines);
        }
    }

    fn unit_lines(&mut self, code: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        self.line(&format!("\n[units.{}]", key(code)));
        for line in lines {
            self.comment(line);
        }
    }

    fn ranges(&mut self, seen: &[Seen<'_>]) {
        let mut is_first = true;
        // Only where the protocol asks for them; those of all others would be a page that nobody needs to fill in.
        let covering = self.survey.covering.as_ref();
        let asked = covering.map(|covering| covering.program.plan().measures_by_limits());
        let asked: BTreeSet<&str> = self
            .needs()
            .iter()
            .filter(|need| match (need.kind, &asked) {
                (ConceptKind::Measure(measure), Some(asked)) => asked.contains(&measure),
                _ => false,
            })
            .map(|need| need.name.as_str())
            .collect();
        for code in seen {
            let Some((name, _)) = self.measure_of(code) else {
                continue;
            };
            if !asked.contains(name) || code.without_limits == 0 {
                continue;
            }
            if is_first {
                is_first = false;
                self.line("");
                self.comment("Limits of the laboratory, for rows that have none. Where the protocol counts in");
                self.comment(
                    "multiples of them, nothing is decided without. The laboratory knows them.",
                );
            }
            let most = code.units.iter().max_by_key(|(_, numbers)| numbers.count);
            let unit = most.map_or(String::new(), |(unit, _)| self.survey.unit(*unit));
            self.comment(&format!(
                "[ranges.{}]    # {name}: {} of {} values have no limits",
                key(code.code),
                code.without_limits,
                code.numbers
            ));
            self.comment("low = …");
            self.comment("high = …");
            if !unit.is_empty() {
                self.comment(&format!("unit = {}", key(&unit)));
            }
        }
    }

    fn milestones(&mut self, seen: &[Seen<'_>]) {
        let missing = self
            .needs()
            .iter()
            .filter(|need| matches!(need.kind, ConceptKind::Milestone(_)) && need.patients == 0);
        for need in missing {
            let name = need.name.to_lowercase();
            let words: Vec<&str> = name.split('_').filter(|word| word.len() > 3).collect();
            let is_like = |code: &str| {
                let code = code.to_lowercase();
                words.iter().any(|word| code.contains(word))
            };
            self.line("");
            self.comment(&format!(
                "No patient has the milestone {}. If a record stands for it, say which:",
                need.name
            ));
            let like = seen.iter().find(|code| is_like(code.code));
            let visits = || seen.iter().find(|code| code.table == Table::Visits);
            let (table, code) = match like.or_else(visits) {
                Some(code) => (code.table.name(), key(code.code)),
                None => ("procedures", "\"snomed|…\"".to_owned()),
            };
            self.comment(&format!("[milestones.{}]", bare_key(&need.name)));
            self.comment(&format!("from = \"{table}\""));
            self.comment(&format!("code = {code}"));
            self.comment("take = \"first\"");
        }
    }

    fn complete(&mut self) {
        let tables: BTreeSet<Table> = if self.needs().is_empty() {
            Table::FACTS.into_iter().collect()
        } else {
            self.needs().iter().map(|need| need.table).collect()
        };
        for table in tables {
            let complete = self
                .survey
                .dataset
                .complete_for(table, super::survey::EVERY_ROW);
            let Completeness::Incomplete(why) = complete else {
                continue;
            };
            self.line("");
            self.comment(&format!(
                "{}: {}. Until it is said, a row that is not there is unknown.",
                table,
                because(why)
            ));
            self.comment(&format!("[{table}]"));
            self.comment("complete = true    # what is not there was not");
        }
    }
}

fn plausible(name: &str, is_fitting: bool) -> String {
    if is_fitting {
        format!("; in the unit proposed they are plausible for {name}; ask the laboratory")
    } else {
        "; ask the laboratory".to_owned()
    }
}

fn unknown_unit(text: &str, rows: u64) -> String {
    let error = Unit::parse(text).err();
    let meant = error.and_then(|error| error.suggestion);
    let meant = meant.as_deref().unwrap_or("…");
    format!(
        "{} = {}    # {}, set aside: no known unit",
        key(text),
        key(meant),
        counted(rows)
    )
}

/// `1 row`, `3 rows`
fn counted(rows: u64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    }
}

/// Whether nearly all numbers are plausible for the measure in this unit. None: it does not say, or the unit does
/// not convert.
fn is_plausible(shape: &QuantityShape, numbers: &Numbers, unit: &Unit) -> Option<bool> {
    let (low, high) = shape.plausible.as_ref()?;
    let conversion = unit.conversion(&shape.unit, Some(&shape.analyte)).ok()?;
    let [_, least, _, most, _] = numbers.spread()?;
    Some(conversion.compare(&least, low).is_ge() && conversion.compare(&most, high).is_le())
}

/// The unit in which nearly all numbers are plausible, if it is the only one of those that are in use.
fn fitting(shape: &QuantityShape, numbers: &Numbers, but: Option<&Unit>) -> Option<String> {
    let own = shape.unit.written().to_owned();
    let units = OTHERS.iter().map(|unit| (*unit).to_owned()).chain([own]);
    let mut fitting: Vec<Unit> = Vec::new();
    for unit in units.filter_map(|unit| Unit::parse(&unit).ok()) {
        let same = |other: &Unit| {
            let conversion = other.conversion(&unit, None);
            conversion.is_ok_and(|conversion| conversion.is_identity())
        };
        let is_new = !fitting.iter().any(same) && but != Some(&unit);
        if is_new && is_plausible(shape, numbers, &unit) == Some(true) {
            fitting.push(unit);
        }
    }
    match fitting.as_slice() {
        [only] => Some(only.written().to_owned()),
        _ => None,
    }
}

/// A text in quotes, as TOML writes it.
fn key(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ if character.is_control()
                || character.len_utf8() > 1 && !character.is_alphanumeric() && character != '…' =>
            {
                quoted.push_str(&format!("\\U{:08X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A name without quotes where TOML needs none.
fn bare_key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        key(name)
    }
}
