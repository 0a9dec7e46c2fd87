//! What clinicians write, what converts and what does not: the tables under `cases/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;

use lind_units::{Analyte, Decimal, Exact, Kind, Unit};

/// The rows of a table, cut into at least `columns` columns.
fn rows(table: &'static str, columns: usize) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(move |line| {
            let cells: Vec<_> = line.split('\t').collect();
            assert!(cells.len() >= columns, "{line}");
            cells
        })
}

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn analyte(text: &str) -> Option<Analyte> {
    if text.is_empty() {
        return None;
    }
    let mut analyte = Analyte::default();
    for fact in text.split(';') {
        match fact.split_once('=') {
            Some(("molar_mass", value)) => analyte.molar_mass = Some(decimal(value).to_exact()),
            Some(("valence", value)) => analyte.valence = Some(value.parse().unwrap()),
            Some(("entity", value)) => analyte.entity = Some(Arc::from(value)),
            None if fact == "enzyme" => analyte.enzyme = true,
            _ => panic!("{fact}"),
        }
    }
    Some(analyte)
}

fn fraction(text: &str) -> Exact {
    match text.split_once('/') {
        Some((above, below)) => {
            Exact::from_ratio(above.parse().unwrap(), below.parse().unwrap()).unwrap()
        }
        None => decimal(text).to_exact(),
    }
}

#[test]
fn spellings_of_clinicians_are_read() {
    for row in rows(include_str!("cases/spellings.tsv"), 3) {
        let unit = unit(row[0]);
        assert_eq!(
            (unit.code(), unit.dimension().to_string().as_str()),
            (row[1], row[2]),
            "{}",
            row[0]
        );
        assert_eq!(unit.written(), row[0]);
        assert_eq!(unit.unknown_annotations(), [], "{}", row[0]);
        // The canonical code reads as itself.
        let again = self::unit(unit.code());
        assert_eq!(again.code(), unit.code());
        assert_eq!(again.dimension(), unit.dimension());
        assert_eq!(again.factor(), unit.factor());
    }
}

#[test]
fn values_convert_exactly() {
    for row in rows(include_str!("cases/conversions.tsv"), 6) {
        let (from, to, analyte) = (unit(row[1]), unit(row[2]), analyte(row[3]));
        let value = decimal(row[0]);
        let conversion = from
            .conversion(&to, analyte.as_ref())
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        let result = conversion.apply_decimal(&value);
        match row[4].strip_prefix('~') {
            Some(written) => {
                let outcome = decimal(written);
                assert_eq!(
                    result.rounded_text(usize::from(outcome.scale())),
                    written,
                    "{row:?}"
                );
            }
            None => {
                let outcome = fraction(row[4]);
                assert_eq!(result, outcome, "{row:?}");
                assert!(conversion.compare(&value, &outcome).is_eq(), "{row:?}");
            }
        }
        // And back, to the same value.
        let back = to
            .conversion(&from, analyte.as_ref())
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        assert_eq!(back.apply(&result), value.to_exact(), "{row:?}");
    }
}

#[test]
fn what_measures_something_else_is_refused_both_ways() {
    for row in rows(include_str!("cases/refusals.tsv"), 4) {
        let (from, to, analyte) = (unit(row[0]), unit(row[1]), analyte(row[2]));
        let refusal = from
            .conversion(&to, analyte.as_ref())
            .expect_err(&format!("{row:?}"));
        assert_eq!(refusal.sentence(), row[3], "{row:?}");
        assert!(to.conversion(&from, analyte.as_ref()).is_err(), "{row:?}");
    }
}

#[test]
fn what_is_no_unit_gets_a_place_and_a_sentence() {
    for row in rows(include_str!("cases/not-a-unit.tsv"), 3) {
        let error = Unit::parse(row[0]).expect_err(row[0]);
        assert_eq!(
            (format!("{:?}", error.at).as_str(), error.message().as_str()),
            (row[1], row[2]),
            "{}",
            row[0]
        );
        if let Some(suggestion) = error.suggestion {
            unit(&suggestion);
        }
    }
}

#[test]
fn units_that_were_hardly_meant_get_a_hint() {
    for row in rows(include_str!("cases/hints.tsv"), 3) {
        let unit = unit(row[0]);
        let meant = unit
            .probably_meant()
            .map_or(String::new(), |unit| unit.code().to_owned());
        assert_eq!(
            (unit.suspicious().unwrap_or_default().as_str(), &*meant),
            (row[1], row[2]),
            "{}",
            row[0]
        );
    }
}

#[test]
fn invisible_characters_do_not_matter() {
    for text in [
        "\u{200B}mg/dL",
        "mg/\u{200B}dL",
        " mg/dL\u{FEFF}",
        "mg\u{00A0}/ dL ",
    ] {
        assert_eq!(unit(text).code(), "mg/dL", "{text:?}");
    }
    assert_eq!(unit("\u{200B} mg/dL ").written(), "mg/dL");
}

#[test]
fn places_are_those_of_the_text_as_written() {
    let error = Unit::parse("µg/ dLL").unwrap_err();
    assert_eq!(&"µg/ dLL"[error.at], "dLL");
}

#[test]
fn an_unknown_annotation_counts_as_one_and_is_reported() {
    let odd = unit("mg{purple}/dL");
    assert_eq!(odd.unknown_annotations(), [Arc::from("purple")]);
    assert_eq!(odd.dimension(), unit("mg/dL").dimension());
    assert!(unit("mg/g{creat}").unknown_annotations().is_empty());
}

#[test]
fn months_and_years_are_flagged() {
    for (text, flagged) in [
        ("mo", true),
        ("years", true),
        ("mg/mo", true),
        ("d", false),
        ("a_j", false),
        ("mo/a", false),
    ] {
        assert_eq!(unit(text).is_calendar_average(), flagged, "{text}");
    }
}

#[test]
fn a_difference_of_temperatures_has_no_offset() {
    let rise = unit("Cel").conversion(&unit("[degF]"), None).unwrap();
    let one = Exact::one();
    assert_eq!(rise.apply_difference(&one), fraction("1.8"));
    assert_eq!(rise.apply(&one), fraction("33.8"));
    assert!(unit("Cel").has_offset());
}

#[test]
fn a_refusal_lists_every_difference() {
    let refusal = unit("mL/min")
        .conversion(&unit("mL/min/{1.73_m2}"), None)
        .unwrap_err();
    let listed: Vec<_> = refusal
        .differences
        .iter()
        .map(|difference| {
            (
                difference.generator.words(),
                difference.left,
                difference.right,
            )
        })
        .collect();
    assert_eq!(listed, [("1.73 m² body surface".to_owned(), 0, -1)]);
}

#[test]
fn kinds_accept_the_units_of_their_dimension() {
    for row in rows(include_str!("cases/kinds.tsv"), 3) {
        let kind = Kind::parse(row[0]).unwrap_or_else(|| panic!("{}", row[0]));
        assert_eq!(
            kind.dimension_ok(unit(row[1]).dimension()),
            row[2] == "yes",
            "{row:?}"
        );
    }
}

#[test]
fn kinds_are_named_once() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.code()), Some(*kind));
        assert_eq!(Kind::parse(&kind.code().to_uppercase()), Some(*kind));
    }
}
