//! Activity of the disease: two indices by item, BILAG-2004 by system, the physician's global assessment, and the
//! laboratory that goes with them.

use super::calendar::Date;
use super::chart::{Chart, Limits, NO_LIMITS, decimal};
use super::person::{Person, Score};
use super::series::around;
use super::visits;

/// The items of both indices, with their weights, in the order of the library.
pub(super) const ITEMS: [(&str, i64); 24] = [
    ("seizure", 8),
    ("psychosis", 8),
    ("organic_brain_syndrome", 8),
    ("visual_disturbance", 8),
    ("cranial_neuropathy", 8),
    ("lupus_headache", 8),
    ("cerebrovascular_accident", 8),
    ("vasculitis", 8),
    ("arthritis", 4),
    ("myositis", 4),
    ("urinary_casts", 4),
    ("haematuria", 4),
    ("proteinuria", 4),
    ("pyuria", 4),
    ("rash", 2),
    ("alopecia", 2),
    ("mucosal_ulcers", 2),
    ("pleurisy", 2),
    ("pericarditis", 2),
    ("low_complement", 2),
    ("dna_binding", 2),
    ("fever", 1),
    ("thrombocytopenia", 1),
    ("leukopenia", 1),
];

/// The systems of BILAG-2004, in the order of the library.
pub(super) const SYSTEMS: [&str; 9] = [
    "constitutional",
    "mucocutaneous",
    "neuropsychiatric",
    "musculoskeletal",
    "cardiorespiratory",
    "gastrointestinal",
    "ophthalmic",
    "renal",
    "haematological",
];

fn has(items: &str, item: &str) -> bool {
    items.split(' ').any(|present| present == item)
}

fn assess(chart: &mut Chart, score: &Score, time: Date) {
    for (prefix, present) in [("selena", score.selena), ("sledai_2k", score.sledai)] {
        for (item, _) in ITEMS {
            let result = if has(present, item) {
                "present"
            } else {
                "absent"
            };
            chart.result(format!("{prefix}_{item}"), time, result);
        }
    }
    for (system, grade) in SYSTEMS.iter().zip(score.bilag.chars()) {
        chart.result(format!("bilag_{system}"), time, grade.to_string());
    }
    if let Some(global) = score.global {
        let text = decimal(global, 2);
        chart.value("lupus_physician_global", time, text, "{score}", NO_LIMITS);
    }
}

/// Complement, antibodies to DNA and protein in the urine, as the items say.
fn laboratory(person: &Person, chart: &mut Chart, score: &Score, time: Date, day: i64) {
    let low = has(score.selena, "low_complement");
    let (c3, c4) = if low { (66, 8) } else { (104, 19) };
    let c3 = around(c3, 9, person.id, "complement_c3", day);
    let c4 = around(c4, 9, person.id, "complement_c4", day);
    chart.value(
        "complement_c3",
        time,
        decimal(c3, 2),
        "g/L",
        Limits("0.90", "1.80"),
    );
    chart.value(
        "complement_c4",
        time,
        decimal(c4, 2),
        "g/L",
        Limits("0.10", "0.40"),
    );
    let binding = has(score.selena, "dna_binding");
    let level = if binding { 260 } else { 42 };
    let level = around(level, 30, person.id, "anti_dsdna_level", day);
    let limits = Limits("", "100");
    chart.value(
        "anti_dsdna_level",
        time,
        decimal(level, 0),
        "[IU]/mL",
        limits,
    );
    let result = if binding { "positive" } else { "negative" };
    chart.result("anti_dsdna", time, result);
    let protein = match (score.visit, has(score.sledai, "proteinuria")) {
        ("screening_visit", _) => person.proteinuria,
        (_, true) => person.proteinuria.min(190) * 2 / 3,
        (_, false) => around(22, 40, person.id, "urine_protein_24h", day),
    };
    let limits = Limits("", "0.15");
    chart.value(
        "urine_protein_24h",
        time,
        decimal(protein, 2),
        "g/d",
        limits,
    );
}

pub(super) fn write(person: &Person, chart: &mut Chart) {
    let visits = visits::of(person);
    for score in person.scores {
        let Some(visit) = visits.iter().find(|visit| visit.name == score.visit) else {
            continue;
        };
        assess(chart, score, visit.date);
        let day = visit.date.since(person.screening);
        laboratory(person, chart, score, visit.date, day);
    }
    let time = person.screening;
    chart.result("ana", time, "positive");
    chart.value("ana_titre", time, person.ana_titre, "{titer}", NO_LIMITS);
    let smith = if person.anti_smith {
        "positive"
    } else {
        "negative"
    };
    chart.result("anti_smith", time, smith);
    for finding in person.findings {
        condition(chart, finding, person.onset);
    }
    condition(chart, "systemic_lupus_erythematosus", person.onset);
}

fn condition(chart: &mut Chart, code: &'static str, onset: &'static str) {
    use super::chart::{Row, Sheet};
    chart.add(
        Row::new(Sheet::Conditions)
            .set("code", code)
            .set("onset", onset)
            .set("status", "active"),
    );
}
