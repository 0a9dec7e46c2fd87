//! Chemistry, inflammation, cytokines, immunoglobulins.

use super::chart::{Chart, Limits, decimal};
use super::person::{Course, Person};
use super::series::{around, between};
use super::visits;

/// A measure: its name, its unit, its decimals, the limits of the laboratory.
struct Measure {
    code: &'static str,
    unit: &'static str,
    places: u32,
    limits: Limits,
}

const fn measure(
    code: &'static str,
    unit: &'static str,
    places: u32,
    low: &'static str,
    high: &'static str,
) -> Measure {
    Measure {
        code,
        unit,
        places,
        limits: Limits(low, high),
    }
}

/// Days of hyperinflammation on which blood was drawn beside the visits.
const CLOSELY: [i64; 5] = [24, 26, 31, 35, 41];

/// The points of a series, in the last decimal of the measure.
fn points(person: &Person, course: &Course, code: &str) -> Vec<(i64, i64)> {
    let (from, to, strength) = course.release.as_ref().map_or((5, 7, 0), |release| {
        (release.from, release.to, release.grade)
    });
    // What the syndrome adds at its height: nothing, little, much.
    let height = |none: i64, mild: i64, moderate: i64| match strength {
        0 => none,
        1 => mild,
        _ => moderate,
    };
    let wave = |usual: i64, peak: i64| {
        vec![
            (from - 2, usual),
            (from + 1, peak),
            (to + 4, (peak + 5 * usual) / 6),
            (to + 12, usual),
        ]
    };
    let hyperinflammation = course.hyperinflammation;
    match code {
        "alt" if person.id == "P6" => vec![(-5, 62), (10, 134), (21, 74), (60, 55), (180, 48)],
        "alt" if hyperinflammation => {
            vec![
                (-5, 24),
                (21, 41),
                (24, 168),
                (26, 231),
                (31, 118),
                (45, 38),
                (60, 25),
            ]
        }
        "alt" => vec![(-5, 21), (9, 30), (28, 22)],
        "ast" if hyperinflammation => {
            vec![
                (-5, 22),
                (21, 52),
                (24, 224),
                (26, 338),
                (31, 121),
                (45, 34),
                (60, 23),
            ]
        }
        "ast" if person.id == "P6" => vec![(-5, 33), (10, 39), (21, 34), (60, 30)],
        "ast" => vec![(-5, 20), (9, 27), (28, 21)],
        "total_bilirubin" if hyperinflammation => {
            vec![(-5, 60), (22, 75), (26, 190), (35, 95), (60, 58)]
        }
        "total_bilirubin" => vec![(-5, 58), (9, 72), (28, 56)],
        "creatinine" => vec![
            (-5, person.creatinine),
            (10, person.creatinine - 4),
            (90, person.creatinine - 6),
        ],
        "ldh" if hyperinflammation => vec![(-5, 205), (21, 260), (26, 1240), (35, 420), (60, 198)],
        "ldh" => vec![(-5, 188), (9, 216), (28, 186)],
        "fibrinogen" if hyperinflammation => {
            vec![
                (-5, 328),
                (8, 452),
                (21, 224),
                (24, 141),
                (26, 108),
                (28, 132),
                (35, 218),
                (60, 302),
            ]
        }
        "fibrinogen" => wave(296, height(310, 388, 452)),
        "triglycerides" if hyperinflammation => {
            vec![(-5, 142), (21, 188), (26, 361), (35, 224), (60, 150)]
        }
        "triglycerides" => vec![(-5, 118), (14, 132), (60, 112)],
        "ferritin" if hyperinflammation => vec![
            (3, 212),
            (6, 1930),
            (14, 940),
            (19, 1650),
            (21, 4820),
            (24, 13_200),
            (26, 21_400),
            (28, 16_500),
            (31, 8900),
            (35, 4100),
            (45, 1280),
            (60, 640),
            (150, 190),
        ],
        "ferritin" => wave(134, height(196, 548, 1930)),
        "crp" if hyperinflammation => {
            vec![
                (3, 42),
                (6, 1480),
                (14, 120),
                (20, 90),
                (24, 610),
                (28, 240),
                (41, 40),
                (60, 31),
            ]
        }
        "crp" => wave(34, height(92, 462, 1480)),
        "interleukin_6" if hyperinflammation => {
            vec![
                (3, 58),
                (6, 9120),
                (14, 190),
                (21, 420),
                (26, 1650),
                (35, 160),
                (60, 47),
            ]
        }
        "interleukin_6" => wave(46, height(128, 1240, 9120)),
        "interferon_gamma" if hyperinflammation => {
            vec![
                (3, 61),
                (7, 3980),
                (14, 240),
                (21, 1900),
                (26, 7450),
                (35, 310),
                (60, 52),
            ]
        }
        "interferon_gamma" => wave(55, height(110, 640, 3980)),
        "tumour_necrosis_factor_alpha" if hyperinflammation => {
            vec![(3, 96), (7, 410), (14, 150), (26, 520), (35, 140), (60, 88)]
        }
        "tumour_necrosis_factor_alpha" => wave(84, height(104, 186, 410)),
        "igg" if course.hypogammaglobulinaemia => {
            vec![
                (-5, 1080),
                (14, 812),
                (28, 655),
                (60, 538),
                (92, 571),
                (150, 664),
                (184, 742),
            ]
        }
        // The lowest is the limit itself, which is not below it.
        "igg" if person.id == "P4" => vec![(-5, 1190), (28, 880), (62, 725), (93, 700), (184, 905)],
        "igg" => vec![(-5, 1240), (28, 955), (62, 792), (92, 771), (184, 930)],
        "iga" => vec![(-5, 212), (28, 131), (60, 74), (122, 82), (184, 118)],
        "igm" => vec![(-5, 118), (28, 52), (60, 21), (122, 34), (184, 57)],
        _ => Vec::new(),
    }
}

const CHEMISTRY: [Measure; 8] = [
    measure("alt", "U/L", 0, "7", "40"),
    measure("ast", "U/L", 0, "13", "35"),
    measure("total_bilirubin", "mg/dL", 2, "0.20", "1.30"),
    measure("creatinine", "mg/dL", 2, "0.46", "1.10"),
    measure("ldh", "U/L", 0, "120", "250"),
    measure("fibrinogen", "mg/dL", 0, "200", "400"),
    measure("ferritin", "ug/L", 0, "13", "150"),
    measure("crp", "mg/L", 1, "", "8.0"),
];

const CYTOKINES: [Measure; 3] = [
    measure("interleukin_6", "pg/mL", 1, "", "7.0"),
    measure("interferon_gamma", "pg/mL", 1, "", "17.0"),
    measure("tumour_necrosis_factor_alpha", "pg/mL", 1, "", "12.0"),
];

const IMMUNOGLOBULINS: [Measure; 3] = [
    measure("igg", "g/L", 2, "7.00", "16.00"),
    measure("iga", "g/L", 2, "0.70", "4.00"),
    measure("igm", "g/L", 2, "0.40", "2.30"),
];

const TRIGLYCERIDES: Measure = measure("triglycerides", "mg/dL", 0, "", "150");

/// Where the text leans on the very number, it is not blurred.
fn is_exact(person: &Person, course: &Course, code: &str) -> bool {
    (course.hyperinflammation && matches!(code, "ferritin" | "fibrinogen" | "alt" | "ast"))
        || (person.id == "P6" && code == "alt")
        || code == "igg"
}

fn draw(person: &Person, course: &Course, chart: &mut Chart, measure: &Measure, day: i64) {
    let mut value = between(&points(person, course, measure.code), day);
    if person.id == "P4" && measure.code == "igg" {
        value = value.max(700);
    }
    if !is_exact(person, course, measure.code) {
        value = around(value, 5, person.id, measure.code, day);
    }
    chart.value(
        measure.code,
        course.infusion.plus(day),
        decimal(value, measure.places),
        measure.unit,
        measure.limits,
    );
}

pub(super) fn write(person: &Person, chart: &mut Chart) {
    let Some(course) = &person.course else {
        for (code, value, unit, limits) in [
            ("alt", "23", "U/L", Limits("7", "40")),
            ("ast", "21", "U/L", Limits("13", "35")),
            ("total_bilirubin", "0.61", "mg/dL", Limits("0.20", "1.30")),
            ("igg", "11.42", "g/L", Limits("7.00", "16.00")),
        ] {
            chart.value(code, person.screening, value, unit, limits);
        }
        let creatinine = decimal(person.creatinine, 2);
        let limits = Limits("0.46", "1.10");
        chart.value("creatinine", person.screening, creatinine, "mg/dL", limits);
        return;
    };
    let mut seen = Vec::new();
    for visit in visits::of(person) {
        let day = visit.date.since(course.infusion);
        if matches!(
            visit.name,
            "leukapheresis_visit" | "ld_2" | "ld_3" | "unscheduled"
        ) {
            continue;
        }
        seen.push(day);
        for measure in &CHEMISTRY {
            draw(person, course, chart, measure, day);
        }
        if (0..=28).contains(&day) {
            for measure in &CYTOKINES {
                draw(person, course, chart, measure, day);
            }
        }
        let weekly = matches!(visit.name, "day_14" | "day_28");
        if day < -5 || weekly || day > 28 {
            for measure in &IMMUNOGLOBULINS {
                draw(person, course, chart, measure, day);
            }
        }
        if course.hyperinflammation && day >= 21 {
            draw(person, course, chart, &TRIGLYCERIDES, day);
        }
    }
    if course.hyperinflammation {
        for day in CLOSELY.iter().filter(|day| !seen.contains(day)) {
            for measure in CHEMISTRY.iter().chain(&CYTOKINES) {
                draw(person, course, chart, measure, *day);
            }
            draw(person, course, chart, &TRIGLYCERIDES, *day);
        }
    }
}
