//! Reading `dataset.toml`, or the mapping file that is read in its place.

mod codes;
mod milestones;
mod moved;
mod rows;

use std::ops::Range;
use std::sync::Arc;

use lind_diagnostics::{Rule, closest};
use lind_time::When;
use lind_units::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::chosen;
use crate::codes::{Pattern, fold};
use crate::excerpt::{list, quoted};
use crate::mapping::{Mapping, MappingFile};
use crate::problem::Recorder;
use crate::settings::{Bundles, Declared, Encoding, HalfLife, Settings};
use crate::{Form, Problem, Table, rules};

/// The name of the file in the folder of the data.
pub(crate) const FILE: &str = "dataset.toml";

/// The largest file that is read, in bytes.
pub(crate) const LARGEST: u64 = 1 << 20;

/// The sections besides those of the tables.
pub(crate) const SECTIONS: [&str; 7] = [
    "dataset",
    "half_lives",
    "systems",
    "codes",
    "columns",
    "units",
    "ranges",
];

/// Units of time in which a half-life can be stated: months and years are no fixed time.
const UNITS: [(&str, &str); 8] = [
    ("minute", "minutes"),
    ("minutes", "minutes"),
    ("hour", "hours"),
    ("hours", "hours"),
    ("day", "days"),
    ("days", "days"),
    ("week", "weeks"),
    ("weeks", "weeks"),
];

/// Reads the file. What cannot be used is recorded, and taken as not known.
///
/// # Errors
/// The file is no TOML: then nothing in it can be trusted to be left out.
pub(crate) fn read(file: &MappingFile, recorder: &mut Recorder) -> Result<Settings, Arc<Problem>> {
    let (name, bytes) = (file.name.as_str(), file.bytes.as_slice());
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut reading = Reading {
        file: name,
        text,
        recorder,
        mapping: Mapping {
            file: name.into(),
            ..Mapping::default()
        },
    };
    let start = 0..0;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        let message = format!("{name} is larger than 1 MiB");
        return Err(reading.problem(&rules::D0761_WRONG_SETTING, &start, None, message));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        reading.text = std::str::from_utf8(before).unwrap_or_default();
        let at = before.len()..before.len();
        let message = format!("{name} is not written in UTF-8");
        return Err(reading.problem(&rules::D0761_WRONG_SETTING, &at, None, message));
    }
    match DeTable::parse(text) {
        Ok(document) => Ok(reading.document(document.get_ref())),
        Err(error) => {
            let at = error.span().unwrap_or_default();
            let message = format!(
                "{name} is not written in TOML: {}",
                error.message().replace('\n', ", ")
            );
            Err(reading.problem(&rules::D0761_WRONG_SETTING, &at, None, message))
        }
    }
}

struct Reading<'r> {
    file: &'r str,
    text: &'r str,
    recorder: &'r mut Recorder,
    mapping: Mapping,
}

type Entry<'t> = (&'t str, &'t Range<usize>, &'t Spanned<DeValue<'t>>);

/// The keys of a table in the order of the file.
fn in_file_order<'t>(
    table: &'t DeTable<'t>,
) -> Vec<(String, Range<usize>, &'t Spanned<DeValue<'t>>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), key.span(), value))
        .collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

impl Reading<'_> {
    fn document(&mut self, document: &DeTable<'_>) -> Settings {
        let mut settings = Settings::default();
        // Times need the site's offset, wherever it stands.
        for (key, span, value) in &in_file_order(document) {
            let entry = (key.as_str(), span, *value);
            match key.as_str() {
                "dataset" => self.dataset(entry, &mut settings),
                "half_lives" => self.half_lives(entry, &mut settings),
                "systems" => self.systems(entry),
                "codes" => self.codes(entry),
                "columns" => self.columns(entry),
                "units" => self.units(entry),
                "ranges" => self.ranges(entry),
                name => match Table::named(name).filter(|table| *table != Table::Patients) {
                    Some(table) => {
                        let declared = self.table(table, entry);
                        settings.tables.insert(table, declared);
                    }
                    None => self.unknown_section(name, span, &mut settings),
                },
            }
        }
        settings.mapping = Arc::new(std::mem::take(&mut self.mapping));
        settings
    }

    /// A slip in the name of a table must not make the table complete that it is about.
    fn unknown_section(&mut self, name: &str, span: &Range<usize>, settings: &mut Settings) {
        let tables = || Table::ALL.into_iter().skip(1).map(Table::name);
        let sections = tables().chain(SECTIONS);
        let is_short = name.chars().count() <= 40;
        let meant = closest(name, sections.clone()).filter(|_| is_short);
        let Some(table) = meant.and_then(Table::named) else {
            self.unknown(name, span, self.file, sections);
            return;
        };
        let message = format!(
            "{} is none of the tables; did you mean `{table}`? until then {table} is taken as not \
             complete",
            quoted(name)
        );
        self.wrong(name, span, message);
        settings.doubted.insert(table);
    }

    fn dataset(&mut self, entry: Entry<'_>, settings: &mut Settings) {
        let Some(table) = self.section(entry) else {
            return;
        };
        let entries = in_file_order(table);
        for (key, span, value) in &entries {
            match key.as_str() {
                "form" => settings.form = self.one_of(key, value, &Form::WORDS),
                "site" => settings.site = self.text(key, value),
                "utc_offset" => settings.utc_offset_minutes = self.utc_offset(key, value),
                "encoding" => settings.encoding = self.encoding(key, value),
                "bundles" => {
                    settings.bundles = self.one_of(key, value, &Bundles::WORDS);
                    settings.bundles_line = self.line(span);
                }
                "terminology" => {
                    for (system, _, version) in self
                        .section((key, span, value))
                        .map_or(Vec::new(), in_file_order)
                    {
                        if let Some(version) = self.text(&system, version) {
                            settings.terminology.insert(system, version);
                        }
                    }
                }
                // It may carry an offset, so the site's own is read first.
                "cut_off" => {}
                _ => self.unknown(
                    key,
                    span,
                    "[dataset]",
                    [
                        "form",
                        "encoding",
                        "bundles",
                        "site",
                        "cut_off",
                        "utc_offset",
                        "terminology",
                    ],
                ),
            }
        }
        for (key, _, value) in &entries {
            if key == "cut_off" {
                settings.cut_off = self.time(key, value, settings.utc_offset_minutes);
            }
        }
    }

    fn table(&mut self, of: Table, entry: Entry<'_>) -> Declared {
        let mut declared = Declared::default();
        // What cannot be read may have said that something is missing.
        let Some(table) = self.section(entry) else {
            declared.complete = Some(false);
            return declared;
        };
        let (name, ..) = entry;
        let mut is_doubted = false;
        for (key, span, value) in &in_file_order(table) {
            match key.as_str() {
                "complete" => {
                    declared.complete = Some(self.flag(key, value).unwrap_or(false));
                }
                "codes" => {
                    let Some(codes) = self.section((key, span, value)) else {
                        declared.complete = Some(false);
                        continue;
                    };
                    for (code, span, value) in &in_file_order(codes) {
                        let complete = self.code((code, span, value));
                        declared.codes.push((Pattern::new(code), complete));
                    }
                }
                "sources" => {
                    declared.sources = self.texts(key, value);
                    self.sources(of, value, declared.sources.as_deref().unwrap_or_default());
                }
                // Rows that stay where they are would be missed here.
                "from" if of != Table::Milestones => {
                    is_doubted |= !self.moved(of, (key, span, value));
                }
                milestone if of == Table::Milestones && value.get_ref().is_table() => {
                    self.milestone((milestone, span, value));
                }
                "dose" if of == Table::Treatments => self.dose((key, span, value)),
                _ => {
                    let known = ["complete", "codes", "sources", "from", "dose"];
                    let count = match of {
                        Table::Milestones => 3,
                        Table::Treatments => 5,
                        _ => 4,
                    };
                    let known = known.into_iter().take(count);
                    self.unknown(key, span, &format!("[{name}]"), known);
                }
            }
        }
        if is_doubted {
            declared.complete = Some(false);
        }
        declared
    }

    /// Holds what `sources` names against what any form of data has. What is there for another form is said when the
    /// records are read: they are left out.
    fn sources(&mut self, of: Table, value: &Spanned<DeValue<'_>>, sources: &[String]) {
        let words = chosen::words(of);
        for source in sources {
            if words.iter().any(|word| word.eq_ignore_ascii_case(source)) {
                continue;
            }
            let hint = closest(source, words.iter().copied())
                .map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            let message = format!(
                "{} is no type of resources of FHIR, no table of OMOP and no domain of SDTM whose records \
                 are {of}{hint}",
                quoted(source)
            );
            self.wrong("sources", &value.span(), message);
        }
    }

    fn code(&mut self, entry: Entry<'_>) -> bool {
        let Some(table) = self.section(entry) else {
            return false;
        };
        let (code, at, _) = entry;
        let mut complete = None;
        for (key, span, value) in &in_file_order(table) {
            if key == "complete" {
                complete = Some(self.flag(key, value).unwrap_or(false));
            } else {
                self.unknown(
                    key,
                    span,
                    &format!("the code {}", quoted(code)),
                    ["complete"],
                );
            }
        }
        complete.unwrap_or_else(|| {
            let message = format!("{} does not say `complete = true` or `false`", quoted(code));
            self.wrong(code, at, message);
            false
        })
    }

    fn half_lives(&mut self, entry: Entry<'_>, settings: &mut Settings) {
        for (code, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            if let Some(half_life) = self.half_life((&code, &span, value)) {
                settings.half_lives.insert(fold(&code), half_life);
            }
        }
    }

    fn half_life(&mut self, entry: Entry<'_>) -> Option<HalfLife> {
        let table = self.section(entry)?;
        let (code, at, _) = entry;
        let (mut written, mut source) = (None, None);
        for (key, span, value) in &in_file_order(table) {
            match key.as_str() {
                "value" => written = Some((self.text(key, value)?, value.span())),
                "source" => source = self.text(key, value),
                _ => self.unknown(
                    key,
                    span,
                    &format!("the half-life of {}", quoted(code)),
                    ["value", "source"],
                ),
            }
        }
        let Some((text, span)) = written else {
            let message = format!(
                "the half-life of {} has no value; write value = \"20 days\"",
                quoted(code)
            );
            self.wrong(code, at, message);
            return None;
        };
        let parts: Vec<&str> = text.split_whitespace().collect();
        let (value, unit) = match parts.as_slice() {
            [value, unit] => (
                Decimal::parse(value).ok(),
                UNITS.iter().find(|(word, _)| word == unit),
            ),
            _ => (None, None),
        };
        let zero = Decimal::from_integer(0);
        match (value, unit) {
            (Some(value), Some((_, unit))) if value.compare_value(&zero).is_gt() => {
                Some(HalfLife {
                    value,
                    unit,
                    source,
                })
            }
            _ => {
                let message = format!(
                    "{} is no half-life; write a number and minutes, hours, days or weeks, as in \
                     \"20 days\"",
                    quoted(&text)
                );
                self.wrong("value", &span, message);
                None
            }
        }
    }

    fn section<'t>(&mut self, (key, span, value): Entry<'t>) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!(
                "{} must be a section, not {}",
                quoted(key),
                kind(value.get_ref())
            );
            self.wrong(key, span, message);
        }
        table
    }

    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        let message = format!(
            "{} must be a text in quotes, not {}",
            quoted(key),
            kind(value.get_ref())
        );
        self.wrong(key, &value.span(), message);
        None
    }

    /// One of a few words.
    fn one_of<T: Copy>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(key, value)?;
        let found = words.iter().find(|(word, _)| *word == text.trim());
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!(
                "{} is none of the words of `{key}`: {}",
                quoted(&text),
                list(&known, known.len())
            );
            self.wrong(key, &value.span(), message);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A text, or a list of texts.
    fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        match value.get_ref() {
            DeValue::Array(list) => {
                let texts: Option<Vec<String>> =
                    list.iter().map(|item| self.text(key, item)).collect();
                if texts.as_ref().is_some_and(Vec::is_empty) {
                    let message = format!("{} is an empty list", quoted(key));
                    self.wrong(key, &value.span(), message);
                    return None;
                }
                texts
            }
            _ => self.text(key, value).map(|text| vec![text]),
        }
    }

    /// A number, written as one or as a text.
    fn number(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Decimal> {
        let written = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.trim().to_owned(),
            other => {
                let message = format!("{} must be a number, not {}", quoted(key), kind(other));
                self.wrong(key, &value.span(), message);
                return None;
            }
        };
        let number = Decimal::parse(&written).ok();
        if number.is_none() {
            let message = format!("{} is not a number", quoted(&written));
            self.wrong(key, &value.span(), message);
        }
        number
    }

    fn flag(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let message = format!(
                "{} must be true or false without quotes, not {}; it is taken as false",
                quoted(key),
                kind(value.get_ref())
            );
            self.wrong(key, &value.span(), message);
        }
        flag
    }

    fn time(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        site_offset: Option<i32>,
    ) -> Option<When> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(time) => time.to_string(),
            other => {
                let message = format!("{} must be a date, not {}", quoted(key), kind(other));
                self.wrong(key, &value.span(), message);
                return None;
            }
        };
        match When::parse_at_site(text.trim(), site_offset) {
            Ok((when, _)) => Some(when),
            Err(error) => {
                let message = format!("{} cannot be read: {}", quoted(&text), error.message());
                self.wrong(key, &value.span(), message);
                None
            }
        }
    }

    fn encoding(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Encoding> {
        let name = self.text(key, value)?;
        let encoding = Encoding::named(&name);
        if encoding.is_none() {
            let message = format!(
                "{} is no encoding that is known; write \"utf-8\" or \"windows-1252\"",
                quoted(&name)
            );
            self.wrong(key, &value.span(), message);
        }
        encoding
    }

    fn utc_offset(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<i32> {
        let text = self.text(key, value)?;
        // The readings of an offset are those of the times that carry one.
        let minutes = When::parse_at_site(&format!("2000-01-02T00:00{}", text.trim()), Some(0))
            .ok()
            .and_then(|(when, _)| {
                let midnight = When::parse("2000-01-02T00:00").ok()?;
                let seconds = midnight.start().seconds() - when.start().seconds();
                i32::try_from(seconds / 60).ok()
            });
        if minutes.is_none() || text.trim().is_empty() {
            let message = format!(
                "{} is no offset from UTC; write hours and minutes, as in \"+08:00\"",
                quoted(&text)
            );
            self.wrong(key, &value.span(), message);
            return None;
        }
        minutes
    }

    fn unknown<'k>(
        &mut self,
        key: &str,
        span: &Range<usize>,
        place: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let meant = closest(key, known.iter().copied()).filter(|_| key.chars().count() <= 40);
        let hint = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known are {}", list(&known, known.len())),
        };
        let message = format!(
            "{} is no key of {place} and is left alone; {hint}",
            quoted(key)
        );
        self.problem(&rules::D0760_UNKNOWN_SETTING, span, Some(key), message);
    }

    /// The line on which something stands.
    fn line(&self, span: &Range<usize>) -> u32 {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(lines + 1).unwrap_or(u32::MAX)
    }

    fn wrong(&mut self, key: &str, span: &Range<usize>, message: String) {
        self.problem(&rules::D0761_WRONG_SETTING, span, Some(key), message);
    }

    fn problem(
        &mut self,
        rule: &'static Rule,
        span: &Range<usize>,
        key: Option<&str>,
        message: String,
    ) -> Arc<Problem> {
        let line = self.line(span);
        self.recorder.record(Problem {
            rule,
            file: self.file.to_owned(),
            line,
            record: None,
            column: key.map(|key| quoted(key).trim_matches('`').to_owned()),
            column_number: None,
            message,
        })
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
