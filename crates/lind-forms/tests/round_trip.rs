//! Random charts, written in each form and read back: the same charts.
//!
//! `LIND_CASES` says how many are tried in each form; without it a few, for every run.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod support;

use lind_forms::Form;
use proptest::prelude::*;
use proptest::sample::select;

/// A table: its name, its columns, and for each of them what may stand there.
struct Kind {
    table: &'static str,
    columns: Vec<(&'static str, BoxedStrategy<String>)>,
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<String> {
    select(texts).prop_map(str::to_owned).boxed()
}

/// One of these, or nothing.
fn or_nothing(texts: BoxedStrategy<String>) -> BoxedStrategy<String> {
    prop_oneof![1 => Just(String::new()), 2 => texts].boxed()
}

/// A day of these years, as precise as it may be.
fn time(years: std::ops::Range<u32>) -> BoxedStrategy<String> {
    (years, 1_u32..13, 1_u32..29, 0_u32..24, 0_u32..60, 0_u32..10)
        .prop_map(
            |(year, month, day, hour, minute, precision)| match precision {
                0 => format!("{year}"),
                1 => format!("{year}-{month:02}"),
                2 | 3 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}"),
                4 => format!("{year}-{month:02}-{day:02}/{year}-{month:02}-28"),
                _ => format!("{year}-{month:02}-{day:02}"),
            },
        )
        .boxed()
}

fn number() -> BoxedStrategy<String> {
    (0_u32..3000, 0_u32..4)
        .prop_map(|(number, places)| match places {
            0 => number.to_string(),
            1 => format!("{}.{}", number / 10, number % 10),
            2 => format!("{}.{:02}", number / 100, number % 100),
            _ => format!("{number}.0"),
        })
        .boxed()
}

const CODES: &[&str] = &[
    "loinc|718-7",
    "loinc|1742-6",
    "hemoglobin",
    "mrss",
    "local|HB 1",
    "local|hb-1",
];
const DIAGNOSES: &[&str] = &[
    "icd10|J18.9",
    "snomed|128460000",
    "renal_crisis",
    "icd10|C44.3",
];
const DRUGS: &[&str] = &[
    "atc|L04AA06",
    "rxnorm|3002",
    "invented|new_product",
    "rituximab",
];
const WORDS: &[&str] = &["first_word", "second word"];

fn words() -> BoxedStrategy<String> {
    or_nothing(one_of(WORDS))
}

fn yes_no_unknown() -> BoxedStrategy<String> {
    or_nothing(one_of(&["yes", "no", "unknown"]))
}

/// The tables that every form has a place for.
fn kinds() -> Vec<Kind> {
    vec![
        Kind {
            table: "observations",
            columns: vec![
                ("code", one_of(CODES)),
                ("time", or_nothing(time(2020..2026))),
                ("value", number()),
                (
                    "unit",
                    or_nothing(one_of(&["g/dL", "10*9/L", "%", "{score}", "mm[Hg]"])),
                ),
                ("comparator", or_nothing(one_of(&["<", "<=", ">", ">="]))),
                ("low", or_nothing(one_of(&["0", "0.50"]))),
                ("high", or_nothing(one_of(&["40", "1.20"]))),
                (
                    "specimen",
                    or_nothing(one_of(&["serum", "urine", "bone marrow"])),
                ),
                ("method", words()),
                ("source", or_nothing(one_of(&["central", "local"]))),
                ("body_site", words()),
            ],
        },
        Kind {
            table: "observations",
            columns: vec![
                ("code", one_of(CODES)),
                ("time", or_nothing(time(2020..2026))),
                (
                    "result",
                    one_of(&[
                        "positive",
                        "negative",
                        "IIIb",
                        "not detected",
                        "trace, faint",
                    ]),
                ),
                ("specimen", or_nothing(one_of(&["serum", "plasma"]))),
                ("method", words()),
            ],
        },
        Kind {
            table: "conditions",
            columns: vec![
                ("code", one_of(DIAGNOSES)),
                ("onset", or_nothing(time(2010..2020))),
                ("abatement", or_nothing(time(2021..2026))),
                (
                    "status",
                    or_nothing(one_of(&["active", "remission", "resolved", "provisional"])),
                ),
                (
                    "severity",
                    or_nothing(one_of(&["mild", "moderate", "severe", "life_threatening"])),
                ),
                ("body_site", words()),
            ],
        },
        Kind {
            table: "treatments",
            columns: vec![
                ("code", one_of(DRUGS)),
                ("start", or_nothing(time(2010..2020))),
                (
                    "end",
                    prop_oneof![
                        one_of(&["", "ongoing", "ended", "unknown"]),
                        time(2021..2026)
                    ]
                    .boxed(),
                ),
                ("dose", number()),
                ("unit", one_of(&["mg", "g", "mg/d", "mg/kg"])),
                (
                    "frequency",
                    or_nothing(one_of(&[
                        "daily",
                        "twice daily",
                        "every_2_weeks",
                        "as_needed",
                    ])),
                ),
                ("route", or_nothing(one_of(&["oral", "intravenous"]))),
                ("indication", words()),
                (
                    "outcome",
                    or_nothing(one_of(&["response", "no_response", "relapse"])),
                ),
                ("line", or_nothing(one_of(&["1", "2"]))),
                ("investigational", yes_no_unknown()),
            ],
        },
        Kind {
            table: "treatments",
            columns: vec![
                ("code", one_of(DRUGS)),
                ("start", or_nothing(time(2010..2026))),
            ],
        },
        Kind {
            table: "procedures",
            columns: vec![
                ("code", one_of(&["snomed|709115004", "transfusion"])),
                ("time", or_nothing(time(2010..2026))),
                ("body_site", words()),
            ],
        },
        Kind {
            table: "allergies",
            columns: vec![
                ("code", one_of(&["snomed|91936005", "atc|J01CA04"])),
                (
                    "severity",
                    or_nothing(one_of(&["mild", "severe", "life_threatening"])),
                ),
                ("onset", or_nothing(time(2000..2026))),
            ],
        },
        Kind {
            table: "adverse_events",
            columns: vec![
                (
                    "term",
                    one_of(&["cytokine_release_syndrome", "meddra|10016558"]),
                ),
                ("scale", or_nothing(one_of(&["ctcae_5", "astct"]))),
                ("grade", or_nothing(one_of(&["0", "1", "3", "5"]))),
                ("onset", or_nothing(time(2020..2023))),
                ("end", or_nothing(time(2024..2026))),
                (
                    "related",
                    or_nothing(one_of(&["yes", "no", "possibly_related"])),
                ),
                ("serious", yes_no_unknown()),
                ("dlt", yes_no_unknown()),
            ],
        },
        Kind {
            table: "attestations",
            columns: vec![
                ("item", one_of(&["E14", "unsuitable"])),
                ("answer", one_of(&["yes", "no"])),
                ("time", or_nothing(time(2020..2026))),
                ("by", words()),
            ],
        },
        Kind {
            table: "visits",
            columns: vec![
                ("visit", one_of(&["day_28", "screening_visit"])),
                ("start", time(2020..2022)),
                ("end", or_nothing(time(2023..2026))),
            ],
        },
    ]
}

/// A folder of tables.
fn folder() -> impl Strategy<Value = Vec<(String, String)>> {
    let mut rows: Vec<BoxedStrategy<(usize, Vec<String>)>> = Vec::new();
    for (at, kind) in kinds().into_iter().enumerate() {
        let cells: Vec<BoxedStrategy<String>> =
            kind.columns.into_iter().map(|(_, cells)| cells).collect();
        rows.push(cells.prop_map(move |cells| (at, cells)).boxed());
    }
    let row = (0_usize..3, proptest::strategy::Union::new(rows));
    let sex = or_nothing(one_of(&["female", "male", "other", "unknown"]));
    let birth = or_nothing(one_of(&["1980", "1980-05", "1980-05-09"]));
    let death = or_nothing(one_of(&["2027-01-02", "2027-03"]));
    let person = (sex, birth, death);
    let milestones = (time(2026..2027), or_nothing(time(2026..2027)));
    (
        proptest::collection::vec(person, 3),
        milestones,
        proptest::collection::vec(row, 0..24),
    )
        .prop_map(|(people, (consent, infusion), rows)| {
            let mut texts = std::collections::BTreeMap::new();
            let mut text = String::from("patient,sex,birth_date,death_date\n");
            for (number, (sex, birth, death)) in people.iter().enumerate() {
                text += &format!("patient_{number},{sex},{birth},{death}\n");
            }
            texts.insert("patients.csv".to_owned(), text);
            let mut text = format!("patient,milestone,time\npatient_0,consent,{consent}\n");
            if !infusion.is_empty() {
                text += &format!("patient_1,infusion,{infusion}\n");
            }
            texts.insert("milestones.csv".to_owned(), text);
            let kinds = kinds();
            for (patient, (kind, cells)) in rows {
                let kind = &kinds[kind];
                let all: Vec<&str> = kinds
                    .iter()
                    .filter(|other| other.table == kind.table)
                    .flat_map(|other| other.columns.iter().map(|(name, _)| *name))
                    .collect();
                let mut columns: Vec<&str> = Vec::new();
                for name in all {
                    if !columns.contains(&name) {
                        columns.push(name);
                    }
                }
                let text = texts
                    .entry(format!("{}.csv", kind.table))
                    .or_insert_with(|| format!("patient,{}\n", columns.join(",")));
                let cells: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        let own = kind.columns.iter().position(|(name, _)| name == column);
                        let cell = own.map_or("", |at| cells[at].as_str());
                        format!("\"{cell}\"")
                    })
                    .collect();
                *text += &format!("patient_{patient},{}\n", cells.join(","));
            }
            texts.into_iter().collect()
        })
}

fn holds(form: Form) {
    let cases = std::env::var("LIND_CASES").ok();
    let cases = cases.map_or(64, |cases| cases.parse().expect("LIND_CASES is a number"));
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(files in folder())| support::assert_same(&files, form));
}

#[test]
fn what_is_written_as_fhir_is_read_as_the_same_charts() {
    holds(Form::Fhir);
}

#[test]
fn what_is_written_as_sdtm_is_read_as_the_same_charts() {
    holds(Form::Sdtm);
}

#[test]
fn what_is_written_as_omop_is_read_as_the_same_charts() {
    holds(Form::Omop);
}
