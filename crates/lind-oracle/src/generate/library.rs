//! What random protocols measure, compute and look for.

use std::sync::Arc;

use lind_diagnostics::{FileId, Span};
use lind_model::protocol::{
    Arithmetic, CodeSet, Equivalence, EquivalenceRow, FactTable, Formula, FormulaCase,
    FormulaInput, HalfLife, Measure, QuantityShape, Sex, Shape,
};
use lind_model::{MeasureId, Names, RecordName, SetId};
use lind_units::{Analyte, Decimal, Exact, Kind, Unit};

use super::random::Random;

/// Random protocols stand in no text.
pub(crate) fn nowhere() -> Span {
    Span::new(FileId::from_index(0), 0, 0)
}

/// A number as written; nonsense is zero, which the tests of this crate would show.
pub(crate) fn number(text: &str) -> Exact {
    Decimal::parse(text)
        .map(|number| number.to_exact())
        .unwrap_or_default()
}

/// A unit as written; nonsense is the number one, which the tests of this crate would show.
pub(crate) fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|_| Unit::one())
}

/// A quantity of the library: name, kind, its own unit and others that convert, molar mass, what a
/// bare number counts, plausible range, some limits of protocols (in its own unit), whether
/// laboratories report limits.
pub(crate) struct Quantity {
    pub(crate) name: &'static str,
    kind: Kind,
    pub(crate) units: &'static [&'static str],
    molar_mass: Option<&'static str>,
    entity: Option<&'static str>,
    enzyme: bool,
    pub(crate) plausible: Option<(&'static str, &'static str)>,
    pub(crate) limits: &'static [&'static str],
    pub(crate) has_limits: bool,
    pub(crate) worst_is_highest: Option<bool>,
}

const PLAIN: Quantity = Quantity {
    name: "",
    kind: Kind::MCnc,
    units: &["mg/L"],
    molar_mass: None,
    entity: None,
    enzyme: false,
    plausible: None,
    limits: &["1"],
    has_limits: false,
    worst_is_highest: None,
};

/// The quantities.
pub(crate) const QUANTITIES: &[Quantity] = &[
    Quantity {
        name: "hemoglobin",
        units: &["g/L", "g/dL", "mg/mL"],
        plausible: Some(("20", "250")),
        limits: &["80", "90", "100"],
        has_limits: true,
        worst_is_highest: Some(false),
        ..PLAIN
    },
    Quantity {
        name: "creatinine",
        units: &["mg/dL", "umol/L", "mmol/L", "mg/L"],
        molar_mass: Some("113.12"),
        plausible: Some(("0.1", "20")),
        limits: &["1", "1.5", "2"],
        has_limits: true,
        worst_is_highest: Some(true),
        ..PLAIN
    },
    Quantity {
        name: "platelets",
        kind: Kind::NCnc,
        units: &["10*9/L", "/uL", "10*3/uL", "{cells}/uL"],
        entity: Some("cell"),
        limits: &["50", "75", "100"],
        has_limits: true,
        worst_is_highest: Some(false),
        ..PLAIN
    },
    Quantity {
        name: "alt",
        kind: Kind::CCnc,
        units: &["U/L", "ukat/L", "[IU]/L", "nkat/L"],
        enzyme: true,
        plausible: Some(("0", "10000")),
        limits: &["40", "60", "120"],
        has_limits: true,
        worst_is_highest: Some(true),
        ..PLAIN
    },
    Quantity {
        name: "temperature",
        kind: Kind::Temp,
        units: &["Cel", "[degF]", "K"],
        plausible: Some(("30", "45")),
        limits: &["37", "38", "38.5"],
        ..PLAIN
    },
    Quantity {
        name: "crp",
        units: &["mg/L", "mg/dL", "ug/mL"],
        limits: &["5", "10"],
        worst_is_highest: Some(true),
        ..PLAIN
    },
    Quantity {
        name: "fvc_predicted",
        kind: Kind::VFr,
        units: &["%{predicted}", "%"],
        entity: Some("predicted"),
        plausible: Some(("5", "200")),
        limits: &["45", "50", "70"],
        worst_is_highest: Some(false),
        ..PLAIN
    },
    Quantity {
        name: "weight",
        kind: Kind::Mass,
        units: &["kg", "g"],
        plausible: Some(("2", "400")),
        limits: &["40", "50", "60"],
        ..PLAIN
    },
    Quantity {
        name: "height",
        kind: Kind::Len,
        units: &["m", "cm"],
        plausible: Some(("0.3", "2.5")),
        limits: &["1.5", "1.6", "2"],
        ..PLAIN
    },
];

/// The entry of a quantity.
pub(crate) fn quantity(name: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().find(|quantity| quantity.name == name)
}

/// The units that values of a measure are recorded in; all of them convert into each other.
#[must_use]
pub fn units_of(measure: &str) -> &'static [&'static str] {
    quantity(measure).map_or(&[], |quantity| quantity.units)
}

fn measure(name: &str, shape: Shape) -> Measure {
    Measure {
        name: Arc::from(name),
        title: Arc::from(name),
        shape,
        codes: vec![Arc::from(format!("loinc|{name}"))],
        specimen: None,
        timed: false,
        worst_is_highest: None,
        source: None,
        unverified: None,
        span: nowhere(),
    }
}

fn words(words: &[&str]) -> Vec<Arc<str>> {
    words.iter().map(|word| Arc::from(*word)).collect()
}

/// All measures that a random protocol can use.
pub(crate) fn measures(random: &mut Random) -> Vec<Measure> {
    let mut found: Vec<Measure> = QUANTITIES
        .iter()
        .map(|entry| {
            let own = entry.units.first().copied().unwrap_or("1");
            let shape = QuantityShape {
                kind: entry.kind,
                unit: unit(own),
                analyte: Analyte {
                    molar_mass: entry.molar_mass.map(number),
                    valence: None,
                    entity: entry.entity.map(Arc::from),
                    enzyme: entry.enzyme,
                },
                analyte_name: None,
                plausible: entry
                    .plausible
                    .filter(|_| random.percent(80))
                    .map(|(low, high)| (number(low), number(high))),
                usual: None,
                has_limits: entry.has_limits,
            };
            Measure {
                worst_is_highest: entry.worst_is_highest,
                specimen: random.percent(25).then(|| Arc::from("Blood")),
                ..measure(entry.name, Shape::Quantity(shape))
            }
        })
        .collect();
    let score = |lowest: &str, highest: &str, step: Option<&str>| Shape::Score {
        lowest: decimal(lowest),
        highest: decimal(highest),
        step: step.map(decimal),
    };
    found.push(Measure {
        worst_is_highest: Some(true),
        ..measure("mrss", score("0", "51", Some("1")))
    });
    found.push(measure(
        "pain",
        score("0", "10", random.any(Some("0.5"), &[None])),
    ));
    found.push(Measure {
        worst_is_highest: Some(true),
        ..measure("ecog", Shape::Ordinal(words(&["0", "1", "2", "3", "4"])))
    });
    found.push(Measure {
        worst_is_highest: Some(true),
        ..measure("nyha", Shape::Ordinal(words(&["I", "II", "III", "IV"])))
    });
    found.push(Measure {
        specimen: random.percent(30).then(|| Arc::from("serum")),
        ..measure(
            "hcg",
            Shape::Coded(words(&["positive", "negative", "indeterminate"])),
        )
    });
    found.push(measure(
        "renal_class",
        Shape::Tags(words(&["III", "IV", "V", "III_C"])),
    ));
    found
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or(Decimal::from_integer(0))
}

/// The formulas whose inputs are among the measures.
pub(crate) fn formulas(measures: &[Measure]) -> Vec<Formula> {
    let place = |name: &str| measures.iter().position(|measure| &*measure.name == name);
    let input = |name: &str, wanted: &str| {
        place(name).map(|place| FormulaInput::Measure {
            measure: MeasureId::from_index(place),
            unit: unit(wanted),
        })
    };
    let given = |place: usize| Box::new(Arithmetic::Input(place));
    let exactly = |text: &str| Box::new(Arithmetic::Number(number(text)));
    let times = |a, b| Box::new(Arithmetic::Multiply(a, b));
    let over = |a, b| Box::new(Arithmetic::Divide(a, b));
    let minus = |a, b| Box::new(Arithmetic::Subtract(a, b));
    let mut found = Vec::new();
    if let (Some(weight), Some(creatinine)) = (input("weight", "kg"), input("creatinine", "mg/dL"))
    {
        // Cockcroft and Gault, 1976: (140 - age) x weight / (72 x creatinine), x 0.85 in women.
        let men = || {
            over(
                times(minus(exactly("140"), given(0)), given(1)),
                times(exactly("72"), given(2)),
            )
        };
        found.push(formula(
            "creatinine_clearance",
            result(Kind::VRat, "mL/min", Some(("1", "300"))),
            vec![FormulaInput::Age, weight, creatinine],
            vec![
                FormulaCase {
                    sex: Some(Sex::Female),
                    value: *times(men(), exactly("0.85")),
                },
                FormulaCase {
                    sex: None,
                    value: *men(),
                },
            ],
        ));
    }
    if let (Some(weight), Some(height)) = (input("weight", "kg"), input("height", "m")) {
        found.push(formula(
            "body_mass_index",
            result(Kind::Ratio, "kg/m2", None),
            vec![weight, height],
            vec![FormulaCase {
                sex: None,
                value: *over(given(0), times(given(1), given(1))),
            }],
        ));
    }
    found.extend(irrational_formulas(&input));
    if let (Some(alt), Some(crp)) = (input("alt", "U/L"), input("crp", "mg/L")) {
        // Of no meaning: it divides by zero where the second is 10, and has a case for each sex.
        let quotient = |a, b| over(a, minus(b, exactly("10")));
        found.push(formula(
            "index",
            result(Kind::Ratio, "1", Some(("-1000", "1000"))),
            vec![alt, crp],
            vec![
                FormulaCase {
                    sex: Some(Sex::Male),
                    value: *quotient(given(0), given(1)),
                },
                FormulaCase {
                    sex: Some(Sex::Female),
                    value: Arithmetic::Smaller(
                        Box::new(Arithmetic::Greater(given(0), given(1))),
                        Box::new(Arithmetic::Add(quotient(given(0), given(1)), exactly("5"))),
                    ),
                },
            ],
        ));
    }
    found
}

/// Formulas with roots, powers and logarithms.
fn irrational_formulas(input: &impl Fn(&str, &str) -> Option<FormulaInput>) -> Vec<Formula> {
    let given = |place: usize| Box::new(Arithmetic::Input(place));
    let exactly = |text: &str| Box::new(Arithmetic::Number(number(text)));
    let times = |a, b| Box::new(Arithmetic::Multiply(a, b));
    let over = |a, b| Box::new(Arithmetic::Divide(a, b));
    let power = |a, b| Box::new(Arithmetic::Power(a, b));
    let everyone = |value: Box<Arithmetic>| FormulaCase {
        sex: None,
        value: *value,
    };
    let mut found = Vec::new();
    if let Some(creatinine) = input("creatinine", "mg/dL") {
        // CKD-EPI 2009, without its factor for women.
        let share = || over(given(1), exactly("0.9"));
        let low = power(
            Box::new(Arithmetic::Smaller(share(), exactly("1"))),
            exactly("-0.411"),
        );
        let high = power(
            Box::new(Arithmetic::Greater(share(), exactly("1"))),
            exactly("-1.209"),
        );
        let value = times(
            times(exactly("141"), times(low, high)),
            power(exactly("0.993"), given(0)),
        );
        found.push(formula(
            "filtration",
            result(Kind::ArVRat, "mL/min/{1.73_m2}", Some(("1", "250"))),
            vec![FormulaInput::Age, creatinine],
            vec![everyone(value)],
        ));
    }
    if let (Some(weight), Some(height)) = (input("weight", "kg"), input("height", "cm")) {
        // Body surface by Mosteller, of values that were taken together.
        let product = over(times(given(0), given(1)), exactly("3600"));
        found.push(Formula {
            together: Some(30),
            ..formula(
                "surface",
                result(Kind::Area, "m2", None),
                vec![weight, height],
                vec![everyone(power(product, exactly("0.5")))],
            )
        });
    }
    if let (Some(alt), Some(crp)) = (input("alt", "U/L"), input("crp", "mg/L")) {
        // Of no meaning: it has no value where the first is at most 5.
        let logarithm = Box::new(Arithmetic::NaturalLogarithm(Box::new(
            Arithmetic::Subtract(given(0), exactly("5")),
        )));
        let decimal = Box::new(Arithmetic::DecimalLogarithm(Box::new(Arithmetic::Greater(
            given(1),
            exactly("0.01"),
        ))));
        let fading = Box::new(Arithmetic::Exponential(over(given(1), exactly("-100"))));
        let value = Arithmetic::Add(times(logarithm, exactly("9.57")), times(decimal, fading));
        found.push(Formula {
            together: Some(7),
            ..formula(
                "logarithms",
                result(Kind::Ratio, "1", Some(("-1000", "1000"))),
                vec![alt, crp],
                vec![everyone(Box::new(value))],
            )
        });
    }
    found
}

fn result(kind: Kind, own: &str, plausible: Option<(&str, &str)>) -> QuantityShape {
    QuantityShape {
        kind,
        unit: unit(own),
        analyte: Analyte::default(),
        analyte_name: None,
        plausible: plausible.map(|(low, high)| (number(low), number(high))),
        usual: None,
        has_limits: false,
    }
}

fn formula(
    name: &str,
    result: QuantityShape,
    inputs: Vec<FormulaInput>,
    cases: Vec<FormulaCase>,
) -> Formula {
    Formula {
        name: Arc::from(name),
        title: Arc::from(name),
        result,
        inputs,
        together: None,
        cases,
        codes: vec![Arc::from(format!("loinc|{name}"))],
        source: None,
        unverified: None,
        span: nowhere(),
    }
}

/// The code sets: name, table, codes with those of the sets that it includes.
const SETS: &[(&str, FactTable, &[&str])] = &[
    (
        "malignancy",
        FactTable::Conditions,
        &[
            "malignancy",
            "icd10|C*",
            "skin_cancer",
            "icd10|C44*",
            "snomed|254651007",
        ],
    ),
    (
        "skin_cancer",
        FactTable::Conditions,
        &["skin_cancer", "icd10|C44*", "snomed|254651007"],
    ),
    (
        "gilbert_syndrome",
        FactTable::Conditions,
        &["gilbert_syndrome", "icd10|E80.4"],
    ),
    (
        "glucocorticoid",
        FactTable::Treatments,
        &[
            "glucocorticoid",
            "prednisone",
            "hydrocortisone",
            "rxnorm|3002",
        ],
    ),
    (
        "cytotoxic",
        FactTable::Treatments,
        &["cytotoxic", "atc|L01*"],
    ),
    (
        "transfusion",
        FactTable::Treatments,
        &["transfusion", "platelet_transfusion"],
    ),
    (
        "transplant",
        FactTable::Procedures,
        &["transplant", "snomed|77465005"],
    ),
    (
        "surgery",
        FactTable::Procedures,
        &["surgery", "cpt|*", "transplant", "snomed|77465005"],
    ),
    (
        "penicillin",
        FactTable::Allergies,
        &["penicillin", "rxnorm|7980"],
    ),
    ("crs", FactTable::AdverseEvents, &["crs", "local|crs"]),
    (
        "neutropenia",
        FactTable::AdverseEvents,
        &["neutropenia", "local|anc*"],
    ),
    (
        "cytopenia",
        FactTable::AdverseEvents,
        &["cytopenia", "neutropenia", "local|anc*", "local|platelets"],
    ),
];

/// The sets of the list above that a set of it includes.
fn members(set: &str) -> Vec<SetId> {
    match set {
        "malignancy" => vec![SetId(1)],
        "surgery" => vec![SetId(6)],
        "cytopenia" => vec![SetId(10)],
        _ => Vec::new(),
    }
}

/// All code sets that a random protocol can use.
pub(crate) fn sets() -> Vec<CodeSet> {
    SETS.iter()
        .map(|(name, table, codes)| CodeSet {
            name: Arc::from(*name),
            title: None,
            table: *table,
            codes: words(codes),
            members: members(name),
            source: None,
            unverified: None,
            span: nowhere(),
        })
        .collect()
}

/// Names of records besides those of the sets: table, name, codes, what it includes.
const NAMES: &[(FactTable, &str, &[&str], &[&str])] = &[
    // All of it is malignancy, some of it skin cancer.
    (
        FactTable::Conditions,
        "melanoma",
        &["icd10|C43*", "icd10|C44.1"],
        &[],
    ),
    // In one system all of it, in the other nothing.
    (
        FactTable::Conditions,
        "myeloma",
        &["icd10|C90.0*", "snomed|109989006"],
        &[],
    ),
    // In one system all of it, in the other some.
    (
        FactTable::Conditions,
        "skin_or_goitre",
        &["icd10|C44.9", "icd10|E04*", "snomed|254651007"],
        &[],
    ),
    // What it consists of differs.
    (
        FactTable::Conditions,
        "yellow_or_growing",
        &[],
        &["gilbert_syndrome", "melanoma"],
    ),
    (FactTable::Conditions, "own_name", &[], &[]),
    (
        FactTable::Treatments,
        "cyclophosphamide",
        &["atc|L01AA01"],
        &[],
    ),
    (
        FactTable::Treatments,
        "antimetabolite",
        &["atc|L01B*", "atc|L04AX03"],
        &[],
    ),
    (
        FactTable::Treatments,
        "tablet_steroid",
        &["rxnorm|3002"],
        &[],
    ),
    (
        FactTable::Treatments,
        "any_steroid",
        &["rxnorm|3002", "rxnorm|5492"],
        &["prednisone"],
    ),
    (FactTable::Procedures, "graft", &["snomed|77465005"], &[]),
    (
        FactTable::Procedures,
        "operation",
        &["cpt|1*", "snomed|1", "snomed|77465005"],
        &[],
    ),
    (FactTable::Allergies, "amoxicillin", &["rxnorm|7980"], &[]),
    // All of it is cytopenia, some of it neutropenia.
    (
        FactTable::AdverseEvents,
        "low_counts",
        &["local|anc1", "local|platelets"],
        &[],
    ),
];

/// The names under which random charts hold records, besides codes and the names of sets.
pub(crate) fn other_names(table: FactTable) -> Vec<&'static str> {
    let names = NAMES.iter().filter(|(of, ..)| *of == table);
    names.map(|(_, name, ..)| *name).collect()
}

/// All names under which records may be given.
pub(crate) fn record_names() -> Names {
    let of_sets = SETS.iter().map(|(name, table, codes)| {
        let inner: &[&str] = match *name {
            "malignancy" => &["skin_cancer"],
            "surgery" => &["transplant"],
            "cytopenia" => &["neutropenia"],
            _ => &[],
        };
        let is_inner = |code: &str| {
            SETS.iter()
                .any(|(name, _, codes)| inner.contains(name) && codes.contains(&code))
        };
        let own: Vec<&str> = codes
            .iter()
            .copied()
            .filter(|code| code.contains('|') && !is_inner(code))
            .collect();
        // Names without an entry of their own stand for nothing but themselves.
        let includes: Vec<&str> = codes
            .iter()
            .copied()
            .filter(|code| !code.contains('|') && code != name)
            .collect();
        (*table, *name, own, includes)
    });
    let others = NAMES
        .iter()
        .map(|(table, name, codes, includes)| (*table, *name, codes.to_vec(), includes.to_vec()));
    let entries = of_sets.chain(others);
    Names::new(
        entries
            .map(|(table, name, codes, includes)| {
                Arc::new(RecordName {
                    name: Arc::from(name),
                    table,
                    codes: words(&codes),
                    includes: words(&includes),
                })
            })
            .collect(),
    )
}

/// Half-lives, stated in hours, in days, and as a range.
pub(crate) fn half_lives() -> Vec<HalfLife> {
    let stated = |codes: &[&str], shortest: i64, longest: i64, by_day: bool| HalfLife {
        codes: words(codes),
        shortest_seconds: Exact::from_integer(shortest),
        longest_seconds: Exact::from_integer(longest),
        by_day,
    };
    vec![
        stated(&["prednisone", "rxnorm|3002"], 3 * 3600, 4 * 3600, false),
        stated(&["hydrocortisone"], 100 * 60, 100 * 60, false),
        stated(&["atc|L01*"], 14 * 86_400, 14 * 86_400, true),
        stated(&["platelet_transfusion"], 2 * 86_400, 5 * 86_400, true),
    ]
}

/// Equivalent doses, stated per day and without a time.
pub(crate) fn equivalences() -> Vec<Equivalence> {
    let row = |codes: &[&str], dose: &str, unit_text: &str| EquivalenceRow {
        codes: words(codes),
        dose: number(dose),
        unit: unit(unit_text),
    };
    let stated = |name: &str, rows: Vec<EquivalenceRow>| Equivalence {
        name: Arc::from(name),
        title: Arc::from(name),
        rows,
        source: None,
        unverified: None,
        span: nowhere(),
    };
    let per_day = vec![
        row(&["prednisone", "rxnorm|3002"], "5", "mg/d"),
        row(&["hydrocortisone"], "20", "mg/d"),
        row(&["dexamethasone"], "750", "ug/d"),
    ];
    let without_time = vec![
        row(&["hydrocortisone"], "20", "mg"),
        row(&["prednisone", "rxnorm|3002"], "5000", "ug"),
        // Of no use: it is not counted in a mass.
        row(&["glucocorticoid"], "3", "mL"),
    ];
    vec![
        stated("prednisone_equivalent", per_day),
        stated("hydrocortisone_equivalent", without_time),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn all_units_of_a_quantity_convert_into_each_other() {
        let measures = measures(&mut Random::new(1));
        for entry in QUANTITIES {
            let measure = measures
                .iter()
                .find(|measure| &*measure.name == entry.name)
                .unwrap();
            let Shape::Quantity(shape) = &measure.shape else {
                unreachable!("all entries are quantities");
            };
            for from in entry.units {
                for to in entry.units {
                    let from = Unit::parse(from).unwrap();
                    let to = Unit::parse(to).unwrap();
                    assert!(
                        from.conversion(&to, Some(&shape.analyte)).is_ok(),
                        "{from} to {to}"
                    );
                }
                assert!(Decimal::parse(entry.limits.first().unwrap()).is_ok());
            }
        }
    }
}
