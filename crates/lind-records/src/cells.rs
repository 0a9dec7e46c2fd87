//! What stands in the cells of one row.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_time::{Instant, Tri, When};
use lind_units::{Decimal, NumberError, UnitErrorKind};

use crate::at_age::AtAge;
use crate::defect::Defect;
use crate::excerpt::{is_plain, list, quoted};
use crate::mapping::{CodeRules, RuleId, Uses};
use crate::names::{Symbol, Symbols, UnitId, Units};
use crate::store::{Known, RowKeys};
use crate::table::MOST_COLUMNS;
use crate::words::{Comparator, ConditionStatus, same_word};
use crate::{CodeId, Dictionary, Sex, Table, rules};

/// Words for a row that its own author took back.
const WITHDRAWN: [&str; 5] = [
    "entered_in_error",
    "enteredinerror",
    "cancelled",
    "canceled",
    "refuted",
];

/// Whether a status is one of a result that will not change.
pub(crate) fn is_final(status: &str) -> bool {
    const FINAL: [&str; 5] = ["final", "amended", "corrected", "appended", "unknown"];
    FINAL.iter().any(|word| same_word(status, word))
}

/// Ways to write that there is no value.
const NO_VALUE: [&str; 10] = [
    "na", "n/a", "nan", "null", "none", "nil", ".", "-", "unknown", "missing",
];

/// The texts that are kept once for all charts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) dictionary: Dictionary,
    pub(crate) symbols: Symbols,
    pub(crate) units: Units,
    /// What the rules of the mapping file were used for.
    pub(crate) uses: Uses,
    /// Texts that are no unit, with the code of their rows, and how many rows have them.
    pub(crate) unknown_units: BTreeMap<(CodeId, Box<str>), u64>,
}

/// How many texts that are no unit are counted apart.
const MOST_UNKNOWN_UNITS: usize = 1 << 12;

impl Names {
    /// Counts a text that stands where a unit should.
    pub(crate) fn count_unknown_unit(&mut self, code: CodeId, text: &str) {
        self.count_unknown_units(code, text, 1);
    }

    /// Counts a text that stands where a unit should, in so many rows.
    pub(crate) fn count_unknown_units(&mut self, code: CodeId, text: &str, rows: u64) {
        let key = (code, Box::from(text));
        if self.unknown_units.len() < MOST_UNKNOWN_UNITS || self.unknown_units.contains_key(&key) {
            *self.unknown_units.entry(key).or_default() += rows;
        }
    }
}

/// How times are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// How many minutes the site's clocks are ahead of UTC.
    pub(crate) site_offset: Option<i32>,
    /// What is later does not exist.
    pub(crate) limit: Option<When>,
}

impl Clock {
    /// Whether the time is certainly after the limit.
    pub(crate) fn is_later(&self, time: Option<When>) -> bool {
        match (time, self.limit) {
            (Some(time), Some(limit)) => time.start() >= limit.end(),
            _ => false,
        }
    }
}

/// The cells of one row in the order of [`Table::columns`], without blanks around them. A column
/// that the file does not have is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'t> {
    pub(crate) texts: [&'t str; MOST_COLUMNS],
    /// Where texts are kept once for many rows: which these are, and what they were read as. Then nothing
    /// stands in `texts`.
    keys: Option<RowKeys<'t>>,
}

impl<'t> Cells<'t> {
    pub(crate) const fn of(texts: [&'t str; MOST_COLUMNS]) -> Self {
        Cells { texts, keys: None }
    }

    pub(crate) const fn empty() -> Self {
        Cells::of([""; MOST_COLUMNS])
    }

    /// Writes a cell. The column is one of [`Table::column`].
    pub(crate) fn set(&mut self, column: usize, text: &'t str) {
        if let Some(cell) = self.texts.get_mut(column) {
            *cell = text;
        }
    }

    /// The cells of a row of which each text is kept once.
    pub(crate) const fn keyed(keys: RowKeys<'t>) -> Self {
        Cells {
            texts: [""; MOST_COLUMNS],
            keys: Some(keys),
        }
    }

    /// What the cell was read as before.
    fn known(&self, column: usize) -> Known {
        self.keys.map(|keys| keys.known(column)).unwrap_or_default()
    }

    fn remember(&self, column: usize, known: Known) {
        if let Some(keys) = self.keys {
            keys.remember(column, known);
        }
    }

    pub(crate) fn text(&self, column: usize) -> &'t str {
        match &self.keys {
            Some(keys) => keys.text(column),
            None => self.texts.get(column).copied().unwrap_or_default(),
        }
    }
}

/// Reads the cells of one row.
pub(crate) struct Reading<'r, 't> {
    pub(crate) table: Table,
    pub(crate) cells: &'r Cells<'t>,
    pub(crate) clock: Clock,
    pub(crate) names: &'r mut Names,
    /// A column with an offset from UTC that could not be applied.
    pub(crate) offset_ignored: Option<usize>,
    /// A column with a unit that was hardly meant.
    pub(crate) unlikely_unit: Option<(usize, UnitId)>,
    /// What the mapping file says of rows of this code.
    pub(crate) rules: Option<&'r CodeRules>,
    /// The sex of the patient, by which limits differ.
    pub(crate) sex: Option<Sex>,
    /// The birth of the patient, from which ages are counted.
    pub(crate) birth: Option<When>,
    /// A column with an age of somebody whose birth is not known.
    pub(crate) age_without_birth: Option<usize>,
    /// Columns that hold what the mapping file says, not what stands in the row.
    pub(crate) by_mapping: Vec<(usize, RuleId)>,
}

impl<'t> Reading<'_, 't> {
    /// The text of a cell, if there is one.
    fn cell(&self, column: usize) -> Option<&'t str> {
        Some(self.cells.text(column)).filter(|text| !text.is_empty())
    }

    pub(crate) fn is_empty(&self, column: usize) -> bool {
        self.cells.text(column).is_empty()
    }

    /// Whether the row was taken back.
    pub(crate) fn is_withdrawn(&self, status: Option<usize>) -> bool {
        let Some(column) = status else {
            return false;
        };
        if let Known::Status { is_withdrawn, .. } = self.cells.known(column) {
            return is_withdrawn;
        }
        let Some(text) = self.cell(column) else {
            return false;
        };
        let is_withdrawn = WITHDRAWN.iter().any(|word| same_word(text, word));
        let is_final = is_final(text);
        self.cells.remember(
            column,
            Known::Status {
                is_withdrawn,
                is_final,
            },
        );
        is_withdrawn
    }

    pub(crate) fn time(&mut self, column: usize) -> Result<Option<When>, Defect> {
        if let Known::Time(when, ignored) = self.cells.known(column) {
            if ignored {
                self.offset_ignored.get_or_insert(column);
            }
            return Ok(Some(when));
        }
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match When::parse_at_site(text, self.clock.site_offset) {
            Ok((when, ignored)) => {
                self.cells.remember(column, Known::Time(when, ignored));
                if ignored {
                    self.offset_ignored.get_or_insert(column);
                }
                Ok(Some(when))
            }
            Err(error) => {
                let unreadable = || {
                    let message = format!("{} cannot be read: {}", quoted(text), error.message());
                    Defect::new(&rules::D0730_UNREADABLE_TIME, column, message)
                };
                let age = AtAge::parse(text).ok_or_else(unreadable)?;
                match self.birth {
                    Some(birth) => age.after(&birth).map(Some).ok_or_else(|| {
                        let message = format!("{} is beyond the calendar", quoted(text));
                        Defect::new(&rules::D0730_UNREADABLE_TIME, column, message)
                    }),
                    None => {
                        self.age_without_birth.get_or_insert(column);
                        Ok(None)
                    }
                }
            }
        }
    }

    /// A time that must be there.
    pub(crate) fn needed_time(&mut self, column: usize) -> Result<When, Defect> {
        self.time(column)?
            .ok_or_else(|| Defect::missing(self.table, column))
    }

    /// The end of something that began at `start`.
    pub(crate) fn end(
        &mut self,
        column: usize,
        start: Option<When>,
    ) -> Result<Option<When>, Defect> {
        let end = self.time(column)?;
        let (Some(start), Some(until)) = (start, end) else {
            return Ok(end);
        };
        if until.before(&start) == Tri::Yes {
            return Err(Defect::new(
                &rules::D0732_END_BEFORE_START,
                column,
                format!("it ends on {until} and begins on {start}"),
            ));
        }
        Ok(end)
    }

    /// The end of a treatment, which may be over at a time that nobody wrote down.
    pub(crate) fn end_of_treatment(
        &mut self,
        column: usize,
        start: Option<When>,
    ) -> Result<Option<When>, Defect> {
        let last = match self.cell(column) {
            Some(text) if same_word(text, "ended") => {
                self.clock.limit.map_or(Instant::END, |limit| limit.end())
            }
            Some(text) if same_word(text, "unknown") => Instant::END,
            Some(text) if same_word(text, "ongoing") => return Ok(None),
            _ => return self.end(column, start),
        };
        let first = start.map_or(Instant::MIN, |start| start.start());
        let last = last.seconds().max(first.seconds() + 1);
        Ok(When::spanning(first.seconds(), last - 1))
    }

    pub(crate) fn number(&self, column: usize) -> Result<Option<Decimal>, Defect> {
        if let Known::Number(number) = self.cells.known(column) {
            return Ok(Some(number));
        }
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match Decimal::parse(text) {
            Ok(number) => {
                self.cells.remember(column, Known::Number(number));
                Ok(Some(number))
            }
            Err(error) => Err(Defect::new(
                &rules::D0740_NOT_A_NUMBER,
                column,
                self.no_number(column, text, &error),
            )),
        }
    }

    /// A number, or both ends of a range, `3 to 5`. `comparator`: the column of the sign before a number.
    pub(crate) fn number_or_range(
        &self,
        column: usize,
        comparator: usize,
    ) -> Result<(Option<Decimal>, Option<Decimal>), Defect> {
        let no_number = match self.number(column) {
            Ok(number) => return Ok((number, None)),
            Err(defect) => defect,
        };
        let text = self.cells.text(column);
        let ends = text.split_once(" to ").and_then(|(low, high)| {
            let (low, high) = (Decimal::parse(low.trim()), Decimal::parse(high.trim()));
            low.ok().zip(high.ok())
        });
        let Some((low, high)) = ends else {
            return Err(no_number);
        };
        let unusable = |why: &str| {
            let message = format!("the range {} {why}", quoted(text));
            Err(Defect::new(&rules::D0807_UNUSABLE_RANGE, column, message))
        };
        if low.compare_value(&high).is_gt() {
            return unusable("ends below its beginning");
        }
        match self.cell(comparator) {
            Some(sign) => unusable(&format!(
                "has {} beside it, and a range needs no sign",
                quoted(sign)
            )),
            None => Ok((Some(low), Some(high))),
        }
    }

    /// The dilution of a titre, `1:80`.
    pub(crate) fn titre(&self, column: usize) -> Option<Decimal> {
        if let Known::Number(_) = self.cells.known(column) {
            return None;
        }
        let dilution = self.cell(column)?.strip_prefix("1:")?;
        let digits = dilution.bytes().all(|digit| digit.is_ascii_digit());
        Decimal::parse(dilution).ok().filter(|_| digits)
    }

    /// The unit in which titres are counted.
    pub(crate) fn unit_of_titres(&mut self) -> Option<UnitId> {
        self.names.units.intern("{titer}").ok()
    }

    fn no_number(&self, column: usize, text: &str, error: &NumberError) -> String {
        let shown = quoted(text);
        let columns = self.table.columns();
        let has = |name: &str| columns.contains(&name);
        if has("comparator") {
            let number = text.trim_start_matches(['<', '>', '=', '≤', '≥']);
            if number.len() < text.len() && Decimal::parse(number).is_ok() {
                return format!(
                    "{shown} is not a number; write the number alone here and the sign before it \
                     in the column `comparator`"
                );
            }
        }
        if NO_VALUE.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            return format!(
                "{shown} is not a number; where there is no value, leave the field empty"
            );
        }
        match error {
            NumberError::NotANumber { .. } => {
                let name = columns.get(column).copied().unwrap_or_default();
                let is_word = text.chars().any(char::is_alphabetic)
                    && !text.chars().any(|character| character.is_ascii_digit());
                if has("result") && name == "value" && is_word {
                    format!("{shown} is not a number; a result in words belongs into `result`")
                } else {
                    format!("{shown} is not a number")
                }
            }
            _ if is_plain(text) => error.to_string(),
            _ => format!("{shown} is not a number"),
        }
    }

    /// The unit, as the mapping file says that it is meant. `has_number`: there is a number that it
    /// can be the unit of.
    pub(crate) fn unit(
        &mut self,
        column: usize,
        has_number: bool,
    ) -> Result<Option<UnitId>, Defect> {
        if self.rules.is_none()
            && let Known::Unit(unit, is_unlikely) = self.cells.known(column)
        {
            if is_unlikely {
                self.unlikely_unit = Some((column, unit));
            }
            return Ok(Some(unit));
        }
        let written = self.cells.text(column);
        let meant = self.rules.and_then(|rules| rules.unit(written));
        let text = match meant.filter(|_| has_number) {
            Some((unit, rule)) => {
                self.by_mapping.push((column, rule));
                unit
            }
            None => written,
        };
        if text.is_empty() {
            return Ok(None);
        }
        let unit = self.names.units.intern(text);
        if let Ok(unit) = unit {
            let is_unlikely = self.names.units.is_unlikely(unit);
            if is_unlikely {
                self.unlikely_unit = Some((column, unit));
            }
            if text == written {
                self.cells.remember(column, Known::Unit(unit, is_unlikely));
            }
        }
        unit.map(Some).map_err(|error| {
            let message = match &error.kind {
                _ if !is_plain(text) => format!("{} is no known unit", quoted(text)),
                UnitErrorKind::Unknown(_) => match &error.suggestion {
                    Some(meant) => {
                        format!("{} is no known unit; did you mean `{meant}`?", quoted(text))
                    }
                    None => format!("{} is no known unit", quoted(text)),
                },
                _ => format!("{} is no known unit: {}", quoted(text), error.message()),
            };
            Defect::new(&rules::D0742_UNKNOWN_UNIT, column, message)
        })
    }

    /// The limits that the mapping file gives to rows that have none.
    pub(crate) fn limits(
        &mut self,
        column: usize,
        unit: Option<UnitId>,
    ) -> (Option<Decimal>, Option<Decimal>) {
        let unit = unit.and_then(|unit| self.names.units.get(unit));
        let found = self.rules.and_then(|rules| rules.range(unit, self.sex));
        let Some((low, high, rule)) = found else {
            return (None, None);
        };
        self.by_mapping.push((column, rule));
        (low, high)
    }

    /// What is to be said of a unit that reads as something that was hardly meant. Its value stays
    /// as it is.
    pub(crate) fn doubt(&self) -> Option<Defect> {
        let (column, unit) = self.unlikely_unit?;
        let unit = self.names.units.get(unit)?;
        let hint = unit.suspicious()?;
        let meant = unit
            .probably_meant()
            .filter(|meant| is_plain(meant.code()))
            .map(|meant| format!("`{}`", meant.code()))
            .filter(|meant| !hint.contains(meant))
            .map(|meant| format!("; did you mean {meant}?"))
            .unwrap_or_default();
        Some(Defect::new(
            &rules::D0745_UNLIKELY_UNIT,
            column,
            format!(
                "{} was hardly meant: {hint}{meant}",
                quoted(self.cells.text(column))
            ),
        ))
    }

    pub(crate) fn comparator(&self, column: usize) -> Result<Option<Comparator>, Defect> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match text {
            // The other ways to write the same sign.
            "≤" | "=<" => return Ok(Some(Comparator::AtMost)),
            "≥" | "=>" => return Ok(Some(Comparator::AtLeast)),
            "=" => return Ok(None),
            _ => {}
        }
        Comparator::from_word(text).map(Some).ok_or_else(|| {
            Defect::new(
                &rules::D0741_UNKNOWN_COMPARATOR,
                column,
                format!(
                    "{} is no comparator; write `<`, `<=`, `>` or `>=`",
                    quoted(text)
                ),
            )
        })
    }

    /// One of a few words.
    pub(crate) fn word<T>(
        &self,
        column: usize,
        words: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Defect> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        read(text)
            .map(Some)
            .ok_or_else(|| self.unknown_word(column, text, words))
    }

    pub(crate) fn unknown_word(&self, column: usize, text: &str, words: &[&str]) -> Defect {
        let name = self
            .table
            .columns()
            .get(column)
            .copied()
            .unwrap_or_default();
        Defect::new(
            &rules::D0750_UNKNOWN_WORD,
            column,
            format!(
                "{} is none of the words of `{name}`: {}",
                quoted(text),
                list(words, words.len())
            ),
        )
    }

    /// `yes` or `no`, or nothing where it is not known.
    pub(crate) fn flag(&self, column: usize) -> Result<Option<bool>, Defect> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" => Ok(Some(true)),
            "no" | "n" | "false" => Ok(Some(false)),
            "unknown" => Ok(None),
            _ => Err(self.unknown_word(column, text, &["yes", "no", "unknown"])),
        }
    }

    /// `yes` or `no`, which must be there.
    pub(crate) fn answer(&self, column: usize) -> Result<bool, Defect> {
        match self.cell(column) {
            None => Err(Defect::missing(self.table, column)),
            Some(text) if text.eq_ignore_ascii_case("yes") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("no") => Ok(false),
            Some(text) => Err(self.unknown_word(column, text, &["yes", "no"])),
        }
    }

    /// A whole number from 0 to 5.
    pub(crate) fn grade(&self, column: usize) -> Result<Option<u8>, Defect> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match text.parse::<u8>() {
            Ok(grade) if grade <= 5 => Ok(Some(grade)),
            _ => Err(Defect::new(
                &rules::D0740_NOT_A_NUMBER,
                column,
                format!("{} is no grade; grades are 0 to 5", quoted(text)),
            )),
        }
    }

    /// The number of a line of treatment.
    pub(crate) fn line(&self, column: usize) -> Result<Option<u8>, Defect> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match text.parse::<u8>() {
            Ok(line) if (1..=99).contains(&line) => Ok(Some(line)),
            _ => Err(Defect::new(
                &rules::D0740_NOT_A_NUMBER,
                column,
                format!(
                    "{} is no line of treatment; lines are 1 to 99",
                    quoted(text)
                ),
            )),
        }
    }

    pub(crate) fn symbol(&mut self, column: usize) -> Option<Symbol> {
        if let Known::Symbol(symbol) = self.cells.known(column) {
            return Some(symbol);
        }
        let text = self.cell(column)?;
        let symbol = self.names.symbols.intern(text);
        self.cells.remember(column, Known::Symbol(symbol));
        Some(symbol)
    }

    /// A text of which every letter counts.
    pub(crate) fn plain(&self, column: usize) -> Option<Arc<str>> {
        self.cell(column).map(Arc::from)
    }

    /// Where a diagnosis stands, and whether it is not settled yet.
    pub(crate) fn status_of_condition(
        &self,
        column: usize,
    ) -> Result<(Option<ConditionStatus>, bool), Defect> {
        const OPEN: [&str; 3] = ["provisional", "unconfirmed", "differential"];
        if let Some(text) = self.cell(column)
            && OPEN.iter().any(|word| same_word(text, word))
        {
            return Ok((None, true));
        }
        let status = self.word(column, ConditionStatus::WORDS, ConditionStatus::from_word)?;
        Ok((status, false))
    }

    /// Whether the status is one of a result that may still change.
    pub(crate) fn final_status(&self, column: usize) -> Result<(), Defect> {
        const OPEN: [&str; 3] = ["preliminary", "registered", "provisional"];
        if let Known::Status { is_final: true, .. } = self.cells.known(column) {
            return Ok(());
        }
        let Some(text) = self.cell(column) else {
            return Ok(());
        };
        let one_of = |words: &[&str]| words.iter().any(|word| same_word(text, word));
        if is_final(text) {
            return Ok(());
        }
        if one_of(&OPEN) {
            return Err(Defect::new(
                &rules::D0751_NOT_FINAL,
                column,
                format!("the result is {} and may still change", quoted(text)),
            ));
        }
        Err(self.unknown_word(
            column,
            text,
            &[
                "final",
                "amended",
                "corrected",
                "preliminary",
                "registered",
                "cancelled",
                "entered-in-error",
                "unknown",
            ],
        ))
    }
}
