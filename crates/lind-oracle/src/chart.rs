//! What stands in the rows, read one by one; rows that cannot be read are set aside.

use std::rc::Rc;

use lind_model::protocol::{FactField, FactTable};
use lind_time::Tri;
use lind_units::{Decimal, Unit};

use crate::tables::{Patient, PlainDataset, PlainTable, Row};
use crate::time::{END_OF_TIME, Time};

/// A patient's rows, as far as they exist for this run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chart {
    /// In lower case.
    pub(crate) sex: String,
    pub(crate) birth: Option<Time>,
    pub(crate) milestones: Vec<(String, Time)>,
    /// The visits that took place.
    pub(crate) visits: Vec<(String, Time)>,
    pub(crate) observations: Vec<Rc<Observation>>,
    pub(crate) facts: Vec<Record>,
    pub(crate) attestations: Vec<Attestation>,
    pub(crate) aside: Vec<Aside>,
    /// The last second of which the data tell.
    pub(crate) horizon: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Observation {
    pub(crate) code: String,
    pub(crate) time: Option<Time>,
    pub(crate) value: Option<Decimal>,
    pub(crate) unit: Option<Unit>,
    pub(crate) comparator: String,
    pub(crate) low: Option<Decimal>,
    pub(crate) high: Option<Decimal>,
    /// In lower case, as the specimen.
    pub(crate) result: String,
    pub(crate) specimen: String,
    pub(crate) method: String,
    pub(crate) source: String,
    pub(crate) body_site: String,
}

/// A row of one of the four tables of facts, or a result.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) table: FactTable,
    pub(crate) code: String,
    pub(crate) begin: Option<Time>,
    pub(crate) end: Option<Time>,
    pub(crate) dose: Option<Decimal>,
    pub(crate) unit: Option<Unit>,
    /// What was found, of a result.
    pub(crate) result: Option<Rc<Observation>>,
    /// The row itself, for its words.
    pub(crate) row: Row,
}

#[derive(Debug, Clone)]
pub(crate) struct Attestation {
    pub(crate) item: String,
    pub(crate) answer: bool,
    pub(crate) time: Option<Time>,
}

/// A row that could not be read.
#[derive(Debug, Clone)]
pub(crate) struct Aside {
    pub(crate) table: PlainTable,
    pub(crate) about: String,
    pub(crate) time: Option<Time>,
}

/// A word as words are compared: without regard to capitals and to blanks around it.
pub(crate) fn word(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The table that the records of a table of facts stand in.
pub(crate) fn table_of(table: FactTable) -> PlainTable {
    match table {
        FactTable::Conditions => PlainTable::Conditions,
        FactTable::Treatments => PlainTable::Treatments,
        FactTable::Procedures => PlainTable::Procedures,
        FactTable::Allergies => PlainTable::Allergies,
        FactTable::Results => PlainTable::Observations,
        FactTable::AdverseEvents => PlainTable::AdverseEvents,
    }
}

/// What cannot be read.
struct Unreadable;

/// A field that may be blank.
fn field<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unreadable> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    read(text).map(Some).ok_or(Unreadable)
}

fn one_of(text: &str, words: &[&str]) -> Result<(), Unreadable> {
    let text = word(text);
    if text.is_empty() || words.contains(&text.as_str()) {
        Ok(())
    } else {
        Err(Unreadable)
    }
}

/// 80 of `1:80`.
fn dilution(text: &str) -> Option<Decimal> {
    let (one, dilution) = text.trim().split_once(':')?;
    let whole = !dilution.is_empty() && dilution.chars().all(|digit| digit.is_ascii_digit());
    decimal(dilution).filter(|_| one == "1" && whole)
}

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::parse(text).ok()
}

fn unit(text: &str) -> Option<Unit> {
    Unit::parse(text).ok()
}

impl Chart {
    /// Reads what exists for this run.
    pub(crate) fn read(patient: &Patient, dataset: &PlainDataset) -> Self {
        let mut horizon = END_OF_TIME;
        for last in [&dataset.cut_off, &dataset.as_of] {
            if let Some(last) = Time::parse(last) {
                horizon = horizon.min(last.last);
            }
        }
        let mut chart = Self {
            sex: word(&patient.sex),
            birth: Time::parse(&patient.birth),
            horizon,
            ..Self::default()
        };
        for (place, row) in patient.rows.iter().enumerate() {
            let mut before = patient.rows.iter().take(place);
            if before.any(|other| says_the_same(other, row)) {
                continue;
            }
            let time = Time::parse(row.text(row.table.time_column()));
            let exists = time.is_none_or(|time| time.first <= horizon);
            if exists && !dataset.absent.contains(&row.table) && chart.read_row(row).is_err() {
                chart.aside.push(Aside {
                    table: row.table,
                    about: row.about().to_owned(),
                    time,
                });
            }
        }
        chart
    }

    fn read_row(&mut self, row: &Row) -> Result<(), Unreadable> {
        if row.about().trim().is_empty() {
            return Err(Unreadable);
        }
        let about = row.about().to_owned();
        let time = |column: &str| field(row.text(column), Time::parse);
        match row.table {
            PlainTable::Milestones => {
                let time = time("time")?.ok_or(Unreadable)?;
                self.milestones.push((about, time));
            }
            PlainTable::Visits => {
                let start = time("start")?.ok_or(Unreadable)?;
                end(Some(start), time("end")?)?;
                self.visits.push((about, start));
            }
            PlainTable::Observations => {
                one_of(row.text("comparator"), &["<", "<=", ">", ">="])?;
                let titre = [row.text("value"), row.text("result")].map(dilution);
                let mut observation = Observation {
                    code: about,
                    time: time("time")?,
                    value: match &titre {
                        [Some(_), _] => None,
                        _ => field(row.text("value"), decimal)?,
                    },
                    unit: field(row.text("unit"), unit)?,
                    comparator: row.text("comparator").trim().to_owned(),
                    low: field(row.text("low"), decimal)?,
                    high: field(row.text("high"), decimal)?,
                    result: word(row.text("result")),
                    specimen: word(row.text("specimen")),
                    method: word(row.text("method")),
                    source: word(row.text("source")),
                    body_site: word(row.text("body_site")),
                };
                if let ([Some(dilution), _], _) | ([_, Some(dilution)], None) =
                    (titre, observation.value)
                {
                    observation.value = Some(dilution);
                    if observation.unit.is_none() {
                        observation.unit = unit("{titer}");
                    }
                }
                if let (Some(low), Some(high)) = (observation.low, observation.high)
                    && low.to_exact() > high.to_exact()
                {
                    return Err(Unreadable);
                }
                if observation.value.is_none() && !observation.comparator.is_empty() {
                    return Err(Unreadable);
                }
                let observation = Rc::new(observation);
                let (code, time) = (observation.code.clone(), observation.time);
                self.facts.push(Record {
                    result: Some(Rc::clone(&observation)),
                    ..record(FactTable::Results, code, time, row)
                });
                self.observations.push(observation);
            }
            PlainTable::Conditions => {
                one_of(row.text("status"), &["active", "remission", "resolved"])?;
                severity(row)?;
                self.facts.push(Record {
                    end: end(time("onset")?, time("abatement")?)?,
                    ..record(FactTable::Conditions, about, time("onset")?, row)
                });
            }
            PlainTable::Treatments => {
                one_of(
                    row.text("outcome"),
                    &["response", "no_response", "relapse", "intolerance"],
                )?;
                one_of(row.text("investigational"), &["yes", "no"])?;
                self.facts.push(Record {
                    end: end(time("start")?, time("end")?)?,
                    dose: field(row.text("dose"), decimal)?,
                    unit: field(row.text("unit"), unit)?,
                    ..record(FactTable::Treatments, about, time("start")?, row)
                });
            }
            PlainTable::Procedures => {
                self.facts
                    .push(record(FactTable::Procedures, about, time("time")?, row));
            }
            PlainTable::Allergies => {
                severity(row)?;
                self.facts
                    .push(record(FactTable::Allergies, about, time("onset")?, row));
            }
            PlainTable::AdverseEvents => {
                field(row.text("grade"), grade)?;
                for flag in ["serious", "dlt"] {
                    one_of(row.text(flag), &["yes", "no", "unknown"])?;
                }
                self.facts.push(Record {
                    end: end(time("onset")?, time("end")?)?,
                    ..record(FactTable::AdverseEvents, about, time("onset")?, row)
                });
            }
            PlainTable::Attestations => {
                let answer = match word(row.text("answer")).as_str() {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(Unreadable),
                };
                self.attestations.push(Attestation {
                    item: about,
                    answer,
                    time: time("time")?,
                });
            }
        }
        Ok(())
    }

    /// A time in the chart; a missing one is any time that the data can tell of.
    pub(crate) fn time(&self, time: Option<Time>) -> Time {
        time.unwrap_or(Time::missing(self.horizon))
    }
}

/// The end of something, which cannot lie before its beginning.
fn end(begin: Option<Time>, end: Option<Time>) -> Result<Option<Time>, Unreadable> {
    match (begin, end) {
        (Some(begin), Some(end)) if end.is_before(begin) == Tri::Yes => Err(Unreadable),
        _ => Ok(end),
    }
}

/// The word in a field of a record, if there is one.
pub(crate) fn has_word_of(record: &Record, field: FactField) -> Option<String> {
    let column = match field {
        FactField::Severity => "severity",
        FactField::Outcome => "outcome",
        FactField::Status => "status",
        FactField::BodySite => "body_site",
        FactField::Route => "route",
        FactField::Indication => "indication",
        FactField::Source => "source",
        FactField::Method => "method",
        FactField::Specimen => "specimen",
        FactField::Scale => "scale",
        FactField::Grade => "grade",
        FactField::Term => "term",
        FactField::Related => return yes_or_no(is_related(record)),
        FactField::Serious => return yes_or_no(is_marked(record, "serious")),
        FactField::DoseLimiting => return yes_or_no(is_marked(record, "dlt")),
    };
    if !table_of(record.table).columns().contains(&column) {
        return None;
    }
    Some(word(record.row.text(column))).filter(|word| !word.is_empty())
}

/// The line of treatment, if it is recorded.
pub(crate) fn line_of(record: &Record) -> Option<u8> {
    record.row.text("line").trim().parse().ok()
}

/// A grade, 0 to 5.
fn grade(text: &str) -> Option<u8> {
    text.trim().parse().ok().filter(|grade| *grade <= 5)
}

/// The grade of an adverse event, if it is recorded.
pub(crate) fn grade_of(record: &Record) -> Option<u8> {
    grade(record.row.text("grade"))
}

fn yes_or_no(yes: Option<bool>) -> Option<String> {
    yes.map(|yes| if yes { "yes" } else { "no" }.to_owned())
}

fn is_marked(record: &Record, column: &str) -> Option<bool> {
    match word(record.row.text(column)).as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// What the words of the column `related` mean (section 6, *Adverse events*).
fn is_related(record: &Record) -> Option<bool> {
    let written = word(record.row.text("related")).replace([' ', '-'], "_");
    match written.as_str() {
        "yes" | "y" | "true" | "related" | "likely" | "certain" => Some(true),
        "no" | "n" | "false" | "none" | "unrelated" | "not_related" => Some(false),
        "unlikely" | "unlikely_related" => Some(false),
        "possible" | "possibly" | "possibly_related" => Some(true),
        "probable" | "probably" | "probably_related" => Some(true),
        "definite" | "definitely" | "definitely_related" => Some(true),
        _ => None,
    }
}

/// Whether two rows are one row written twice.
fn says_the_same(one: &Row, other: &Row) -> bool {
    one.table == other.table
        && one.table.columns().iter().all(|column| {
            let (one, other) = (one.text(column), other.text(column));
            let is_exact = matches!(*column, "code" | "milestone" | "item" | "unit" | "term");
            one.trim() == other.trim() || (!is_exact && word(one) == word(other))
        })
}

fn severity(row: &Row) -> Result<(), Unreadable> {
    one_of(
        row.text("severity"),
        &["mild", "moderate", "severe", "life_threatening", "fatal"],
    )
}

fn record(table: FactTable, code: String, begin: Option<Time>, row: &Row) -> Record {
    Record {
        table,
        code,
        begin,
        end: None,
        result: None,
        dose: None,
        unit: None,
        row: row.clone(),
    }
}

/// Whether a code is one of a list, in which a trailing `*` stands for every code that begins so.
pub(crate) fn is_one_of<T: AsRef<str>>(code: &str, list: &[T]) -> bool {
    list.iter().any(|listed| {
        let listed = listed.as_ref();
        match listed.strip_suffix('*') {
            Some(beginning) => code.starts_with(beginning),
            None => code == listed,
        }
    })
}

impl Aside {
    /// Whether it may have been about one of these.
    pub(crate) fn may_be_one_of<T: AsRef<str>>(&self, table: PlainTable, list: &[T]) -> bool {
        self.table == table && (self.about.trim().is_empty() || is_one_of(&self.about, list))
    }
}

/// Whether a table tells by a missing row that there is none of these.
pub(crate) fn is_complete<T: AsRef<str>>(
    dataset: &PlainDataset,
    table: PlainTable,
    list: Option<&[T]>,
) -> bool {
    if dataset.absent.contains(&table) || dataset.incomplete.contains(&table) {
        return false;
    }
    let mut codes = dataset
        .incomplete_codes
        .iter()
        .filter(|(of, _)| *of == table)
        .map(|(_, code)| code.as_str());
    match list {
        None => codes.next().is_none(),
        Some(list) => !codes.any(|code| {
            list.iter()
                .any(|listed| share_a_code(code, listed.as_ref()))
        }),
    }
}

/// Whether some code is meant by both.
fn share_a_code(one: &str, other: &str) -> bool {
    match (one.strip_suffix('*'), other.strip_suffix('*')) {
        (None, None) => one == other,
        (Some(beginning), None) => other.starts_with(beginning),
        (None, Some(beginning)) => one.starts_with(beginning),
        (Some(one), Some(other)) => one.starts_with(other) || other.starts_with(one),
    }
}

/// Three-valued truth of a yes or no.
pub(crate) fn tri(value: bool) -> Tri {
    if value { Tri::Yes } else { Tri::No }
}
