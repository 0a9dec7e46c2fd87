//! Measurements and observations.

use std::borrow::Cow;

use lind_units::Decimal;

use super::clinical::{Fact, Facts};
use super::concepts::Concepts;
use super::sheet::{Layout, Sheet};
use crate::Table;
use crate::intake::Intake;

const TABLE: Table = Table::Observations;
const TIME: usize = TABLE.column("time");
const VALUE: usize = TABLE.column("value");
const UNIT: usize = TABLE.column("unit");
const COMPARATOR: usize = TABLE.column("comparator");
const LOW: usize = TABLE.column("low");
const HIGH: usize = TABLE.column("high");
const RESULT: usize = TABLE.column("result");
const SPECIMEN: usize = TABLE.column("specimen");

const NUMBER: usize = 7;
const CONCEPT: usize = 8;
const SOURCE: usize = 9;
const UNIT_CONCEPT: usize = 10;
const UNIT_SOURCE: usize = 11;
/// Of an observation: the number of the record that it is about, and which column numbers those.
pub(super) const ABOUT: usize = 13;
pub(super) const ABOUT_FIELD: usize = 14;
/// Of a measurement: the same.
pub(super) const OF_SAMPLE: usize = 15;
pub(super) const OF_SAMPLE_FIELD: usize = 16;

pub(super) const MEASUREMENT: Facts = Facts {
    layout: Layout {
        table: "measurement",
        columns: &[
            "measurement_id",
            "person_id",
            "measurement_concept_id",
            "measurement_source_concept_id",
            "measurement_source_value",
            "measurement_date",
            "measurement_datetime",
            "value_as_number",
            "value_as_concept_id",
            "value_source_value",
            "unit_concept_id",
            "unit_source_value",
            "operator_concept_id",
            "range_low",
            "range_high",
            "measurement_event_id",
            "meas_event_field_concept_id",
        ],
        needed: 3,
        tables: &[Table::Observations],
    },
    concepts: &[CONCEPT, UNIT_CONCEPT, 12, 16],
    is_drug: false,
    take: measurement,
};

pub(super) const OBSERVATION: Facts = Facts {
    layout: Layout {
        table: "observation",
        columns: &[
            "observation_id",
            "person_id",
            "observation_concept_id",
            "observation_source_concept_id",
            "observation_source_value",
            "observation_date",
            "observation_datetime",
            "value_as_number",
            "value_as_concept_id",
            "value_source_value",
            "unit_concept_id",
            "unit_source_value",
            "value_as_string",
            "observation_event_id",
            "obs_event_field_concept_id",
        ],
        needed: 3,
        tables: &[Table::Observations, Table::Conditions, Table::Procedures],
    },
    concepts: &[CONCEPT, UNIT_CONCEPT, ABOUT_FIELD],
    is_drug: false,
    take: observation,
};

fn measurement(fact: &Fact<'_>, concepts: &Concepts, intake: &mut Intake) {
    let operator = operator(fact.id(12), concepts);
    let result = Result::of(fact.sheet, concepts, "", operator);
    hand_over(fact, &result, (fact.cell(13), fact.cell(14)), intake);
}

/// The domain of its concept says what a row is about. A diagnosis that stands here was made on the
/// date or before it; everything that is neither a diagnosis nor a procedure is a result.
fn observation(fact: &Fact<'_>, concepts: &Concepts, intake: &mut Intake) {
    let domain = concepts
        .get(fact.id(super::clinical::CONCEPT))
        .map_or("", |concept| &concept.domain);
    if domain.eq_ignore_ascii_case("condition") {
        const ONSET: usize = Table::Conditions.column("onset");
        let onset = match fact.time.as_str() {
            "" => String::new(),
            time => format!("/{time}"),
        };
        let mut found = fact.found(Table::Conditions, ONSET);
        found.set(ONSET, &onset);
        fact.hand_over(&found, intake);
    } else if domain.eq_ignore_ascii_case("procedure") {
        const TIME: usize = Table::Procedures.column("time");
        fact.hand_over(&fact.found(Table::Procedures, TIME), intake);
    } else {
        let result = Result::of(fact.sheet, concepts, fact.cell(12), Cow::Borrowed(""));
        hand_over(fact, &result, ("", ""), intake);
    }
}

fn hand_over(fact: &Fact<'_>, result: &Result<'_>, range: (&str, &str), intake: &mut Intake) {
    let mut found = fact.found(TABLE, TIME);
    found
        .set(VALUE, result.value)
        .set(UNIT, &result.unit)
        .set(COMPARATOR, &result.comparator)
        .set(RESULT, &result.words)
        .set(LOW, range.0)
        .set(HIGH, range.1)
        .set(SPECIMEN, fact.specimen);
    fact.hand_over(&found, intake);
}

/// What an observation says, as a text: for those that are about another record.
pub(super) fn said(sheet: &Sheet, concepts: &Concepts) -> String {
    let result = Result::of(sheet, concepts, sheet.cell(12), Cow::Borrowed(""));
    match result.value {
        "" => result.words.into_owned(),
        value => format!("{}{value}", result.comparator),
    }
}

/// The sign that a concept stands for.
fn operator<'c>(concept: Option<i64>, concepts: &'c Concepts) -> Cow<'c, str> {
    let Some(id) = concept else {
        return "".into();
    };
    match id {
        4_172_703 => "=".into(),
        4_171_756 => "<".into(),
        4_171_754 => "<=".into(),
        4_172_704 => ">".into(),
        4_171_755 => ">=".into(),
        _ => match concepts.get(concept) {
            Some(concept) => Cow::Borrowed(&*concept.name),
            None => format!("omop|{id}").into(),
        },
    }
}

/// What came out.
struct Result<'f> {
    value: &'f str,
    comparator: Cow<'f, str>,
    unit: Cow<'f, str>,
    words: Cow<'f, str>,
}

impl<'f> Result<'f> {
    /// The number; else the concept; else the text; else what the source wrote, which some programs
    /// that fill the tables leave as the only trace of a result.
    fn of(
        fact: &'f Sheet,
        concepts: &'f Concepts,
        text: &'f str,
        operator: Cow<'f, str>,
    ) -> Result<'f> {
        let (number, source) = (fact.cell(NUMBER), fact.cell(SOURCE));
        let mut result = Result {
            value: number,
            comparator: "".into(),
            unit: "".into(),
            words: "".into(),
        };
        if !number.is_empty() {
            result.comparator = match signed(source) {
                // A sign that was lost on the way, before the very same number.
                Some((sign, written)) if operator.is_empty() && is_same(written, number) => {
                    sign.into()
                }
                _ => operator,
            };
            result.unit = unit(fact, concepts);
            return result;
        }
        if let Some(id) = fact.id(CONCEPT) {
            result.words = match concepts.get(Some(id)) {
                Some(concept) if !concept.name.is_empty() => plain(&concept.name).into(),
                _ => format!("omop|{id}").into(),
            };
            return result;
        }
        let written = if text.is_empty() { source } else { text };
        if let Some((sign, number)) = signed(written) {
            (result.value, result.comparator) = (number, sign.into());
            // The number is as the source wrote it, and so is its unit.
            result.unit = fact.cell(UNIT_SOURCE).into();
        } else {
            result.words = plain(written).into();
        }
        result
    }
}

/// The unit in which `value_as_number` is.
fn unit<'f>(fact: &'f Sheet, concepts: &'f Concepts) -> Cow<'f, str> {
    let id = fact.id(UNIT_CONCEPT);
    let (concept, source) = (concepts.get(id), fact.cell(UNIT_SOURCE));
    match (concept, id) {
        (Some(concept), _) if &*concept.system == "ucum" => Cow::Borrowed(&*concept.code),
        _ if !source.is_empty() => source.into(),
        (Some(concept), _) => Cow::Borrowed(&*concept.name),
        (None, Some(id)) => format!("omop|{id}").into(),
        (None, None) => "".into(),
    }
}

/// A number with the sign before it, if there is one.
fn signed(text: &str) -> Option<(&str, &str)> {
    let number = text.trim_start_matches(['<', '>', '=', '≤', '≥']);
    let sign = text.get(..text.len() - number.len())?.trim();
    let number = number.trim();
    Decimal::parse(number).ok()?;
    Some((sign, number))
}

fn is_same(one: &str, other: &str) -> bool {
    match (Decimal::parse(one), Decimal::parse(other)) {
        (Ok(one), Ok(other)) => one.compare_value(&other).is_eq(),
        _ => false,
    }
}

/// Without the kind that SNOMED CT writes behind its terms: `Negative (qualifier value)`.
fn plain(text: &str) -> &str {
    let kinds = ["(qualifier value)", "(finding)"];
    let found = kinds.iter().find_map(|kind| text.strip_suffix(kind));
    found.unwrap_or(text).trim()
}
