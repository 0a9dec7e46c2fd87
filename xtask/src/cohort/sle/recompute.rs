//! Finds in the rows of the tables what the published results are made of.
//!
//! Reads the text of the rows and nothing of what they were made from, so that a slip in a series is found here.
//! `tests/cohorts/sle/independent/recompute.py` does the same again from the files, in another language.

use super::activity::{ITEMS, SYSTEMS};
use super::calendar::Date;
use super::chart::{Chart, Row, Sheet, decimal, read_decimal};
use super::toxicity::grade_of_count;
use super::truth::STATE_VISITS;

/// The day of a milestone.
pub(super) fn milestone(chart: &Chart, name: &str) -> Option<Date> {
    chart
        .of(Sheet::Milestones)
        .find(|row| row.get("milestone") == name)
        .and_then(|row| row.day("time"))
}

/// The results of a measure.
pub(super) fn values<'c>(chart: &'c Chart, code: &'c str) -> impl Iterator<Item = &'c Row> {
    chart
        .of(Sheet::Observations)
        .filter(move |row| row.get("code") == code)
}

/// The day after infusion, and the value with so many decimals, of the highest; the earliest of equals.
pub(super) fn peak(chart: &Chart, code: &str, places: u32) -> Option<(i64, i64)> {
    let infusion = milestone(chart, "infusion")?;
    let mut highest: Option<(i64, i64)> = None;
    for row in values(chart, code).filter(|row| row.get("comparator").is_empty()) {
        let day = row.day("time")?.since(infusion);
        let value = read_decimal(row.get("value"), places)?;
        let is_higher =
            highest.is_none_or(|(at, most)| value > most || (value == most && day < at));
        if (0..=28).contains(&day) && is_higher {
            highest = Some((day, value));
        }
    }
    highest
}

/// The early grade of ICAHT: the first and the last day of the longest spell of 0.5 x 10^9/L or less from day 0 to
/// day 30, and the grade. A spell ends only with three days of recovery; days without a sample do not end it.
pub(super) fn icaht_early(chart: &Chart) -> Option<(i64, i64, i64)> {
    let longest = |limit: i64| {
        let infusion = milestone(chart, "infusion")?;
        let mut best: Option<(i64, i64)> = None;
        let mut spell: Option<(i64, i64)> = None;
        let mut recovered = 0;
        let mut rows: Vec<(i64, i64)> = values(chart, "anc")
            .filter_map(|row| {
                let day = row.day("time")?.since(infusion);
                Some((day, read_decimal(row.get("value"), 2)?))
            })
            .filter(|(day, _)| (0..=30).contains(day))
            .collect();
        rows.sort_unstable();
        for (day, value) in rows {
            if value <= limit {
                let from = spell
                    .filter(|_| recovered < 3)
                    .map_or(day, |(from, _)| from);
                spell = Some((from, day));
                recovered = 0;
                if best.is_none_or(|(start, end)| day - from > end - start) {
                    best = spell;
                }
            } else {
                recovered += 1;
            }
        }
        best
    };
    let (from, to) = longest(50)?;
    let length = to - from + 1;
    let very_low = longest(10).map_or(0, |(from, to)| to - from + 1);
    let grade = match (length, very_low) {
        (_, 14..) => 4,
        (14.., _) | (_, 7..) => 3,
        (7.., _) => 2,
        _ => 1,
    };
    Some((from, to, grade))
}

/// Thousandths of 10^9/L, as far as they are known: a result below a limit is below it.
fn b_cells(row: &Row) -> Option<(i64, bool)> {
    let places = if row.get("unit") == "10*9/L" { 3 } else { 0 };
    let below = row.get("comparator") == "<";
    Some((read_decimal(row.get("value"), places)?, below))
}

/// The first day after infusion with B cells below 0.01 x 10^9/L.
pub(super) fn b_cells_gone(chart: &Chart) -> Option<i64> {
    let infusion = milestone(chart, "infusion")?;
    values(chart, "cd19_count")
        .filter_map(|row| Some((row.day("time")?.since(infusion), b_cells(row)?)))
        .filter(|(day, (value, below))| *day >= 0 && (*value < 10 || (*below && *value <= 10)))
        .map(|(day, _)| day)
        .min()
}

/// The month of the first visit after it at which they are not.
pub(super) fn b_cells_back(chart: &Chart) -> Option<i64> {
    STATE_VISITS.iter().find_map(|(name, month)| {
        let date = visit(chart, name)?;
        let row = values(chart, "cd19_count").find(|row| row.day("time") == Some(date))?;
        let (value, below) = b_cells(row)?;
        (value >= 10 && !below && *month > 1).then_some(*month)
    })
}

/// The day of a visit that took place.
pub(super) fn visit(chart: &Chart, name: &str) -> Option<Date> {
    chart
        .of(Sheet::Visits)
        .find(|row| row.get("visit") == name)
        .and_then(|row| row.day("start"))
}

/// The highest grade by CTCAE 5.0 of a count from the first dose of lymphodepletion on.
pub(super) fn worst_grade(chart: &Chart, code: &str) -> Option<i64> {
    let start = milestone(chart, "ld_start")?;
    values(chart, code)
        .filter(|row| row.day("time").is_some_and(|day| day >= start))
        .filter_map(|row| {
            let value = read_decimal(row.get("value"), 2)?;
            grade_of_count(code, value, read_decimal(row.get("low"), 2)?)
        })
        .max()
}

/// Whether immunoglobulin G was ever below the limit of the laboratory after infusion.
pub(super) fn is_hypogammaglobulinaemic(chart: &Chart) -> bool {
    let infusion = milestone(chart, "infusion");
    values(chart, "igg").any(|row| {
        row.day("time") > infusion
            && read_decimal(row.get("value"), 2) < read_decimal(row.get("low"), 2)
    })
}

/// The worst recorded grade of an event; 0 if there is none.
pub(super) fn event_grade(chart: &Chart, term: &str) -> i64 {
    chart
        .of(Sheet::AdverseEvents)
        .filter(|row| row.get("term").strip_prefix("local|") == Some(term))
        .filter_map(|row| row.get("grade").parse::<i64>().ok())
        .max()
        .unwrap_or(0)
}

/// Events that were judged dose-limiting and began from infusion to day 28.
pub(super) fn dose_limiting(chart: &Chart) -> usize {
    let infusion = milestone(chart, "infusion");
    chart
        .of(Sheet::AdverseEvents)
        .filter(|row| row.get("dlt") == "yes")
        .filter(|row| match (row.day("onset"), infusion) {
            (Some(onset), Some(infusion)) => (0..=28).contains(&onset.since(infusion)),
            _ => true,
        })
        .count()
}

/// The worst grade of ASTCT 2019 by temperature, pressure and oxygen from infusion to day 28.
pub(super) fn crs_by_signs(chart: &Chart) -> Option<i64> {
    let infusion = milestone(chart, "infusion")?;
    let day = |row: &Row| Some(row.day("time")?.since(infusion));
    let found = |code: &str, passes: fn(i64) -> bool| {
        values(chart, code).any(|row| {
            day(row).is_some_and(|day| (0..=28).contains(&day))
                && read_decimal(row.get("value"), 1).is_some_and(passes)
        })
    };
    Some(if !found("temperature", |value| value >= 380) {
        0
    } else if found("systolic_bp", |value| value < 900) || found("oxygen_flow", |value| value > 0) {
        2
    } else {
        1
    })
}

/// An assessment of activity, read again.
struct Assessment {
    selena: Vec<&'static str>,
    sledai: Vec<&'static str>,
    bilag: Vec<(&'static str, char)>,
    global: Option<i64>,
    /// Hundredths of a milligram of prednisone a day.
    steroid: i64,
}

fn sum(items: &[&str]) -> i64 {
    ITEMS
        .iter()
        .filter(|(item, _)| items.contains(item))
        .map(|(_, weight)| weight)
        .sum()
}

fn assessment(chart: &Chart, date: Date) -> Option<Assessment> {
    let day = date.to_string();
    let rows: Vec<&Row> = chart
        .of(Sheet::Observations)
        .filter(|row| row.get("time") == day)
        .collect();
    let result = |code: &str| {
        rows.iter()
            .find(|row| row.get("code") == code)
            .map(|row| row.get("result").to_owned())
    };
    let present = |prefix: &str| -> Option<Vec<&'static str>> {
        let mut found = Vec::new();
        for (item, _) in ITEMS {
            if result(&format!("{prefix}_{item}"))? == "present" {
                found.push(item);
            }
        }
        Some(found)
    };
    let global = rows
        .iter()
        .find(|row| row.get("code") == "lupus_physician_global");
    Some(Assessment {
        selena: present("selena")?,
        sledai: present("sledai_2k")?,
        bilag: SYSTEMS
            .iter()
            .filter_map(|system| {
                let grade = result(&format!("bilag_{system}"))?.chars().next()?;
                Some((*system, grade))
            })
            .collect(),
        global: global.and_then(|row| read_decimal(row.get("value"), 2)),
        steroid: steroid(chart, date),
    })
}

/// Glucocorticoids of a day, hundredths of a milligram of prednisone.
pub(super) fn steroid(chart: &Chart, date: Date) -> i64 {
    chart
        .of(Sheet::Treatments)
        .filter(|row| {
            row.day("start") <= Some(date) && row.day("end").is_none_or(|end| end >= date)
        })
        .map(|row| {
            let dose = read_decimal(row.get("dose"), 2).unwrap_or(0);
            match row.get("code") {
                "prednisone" | "prednisolone" => dose,
                "methylprednisolone" => dose * 5 / 4,
                // 0.75 mg are 5 mg of prednisone; the last digit is rounded.
                "dexamethasone" => (dose * 40 / 3 + 1) / 2,
                _ => 0,
            }
        })
        .sum()
}

/// What holds at a visit, and why what does not hold does not.
#[derive(Clone, Debug, Default)]
pub(super) struct States {
    pub(super) sri_4: char,
    pub(super) lldas: char,
    pub(super) doris: char,
    pub(super) doris_below_5: char,
    pub(super) why: Vec<String>,
}

/// The answer of parts that must all hold; a part that is not known has no truth.
fn all(parts: &[(Option<bool>, String)], name: &str, why: &mut Vec<String>) -> char {
    let told: Vec<&str> = parts
        .iter()
        .filter(|(truth, _)| *truth != Some(true))
        .map(|(_, text)| text.as_str())
        .collect();
    if !told.is_empty() {
        why.push(format!("{name}: {}", told.join("; ")));
    }
    if parts.iter().any(|(truth, _)| *truth == Some(false)) {
        'n'
    } else if told.is_empty() {
        'y'
    } else {
        '?'
    }
}

/// Items of organs in which LLDAS allows no activity.
const MAJOR: [&str; 15] = [
    "seizure",
    "psychosis",
    "organic_brain_syndrome",
    "visual_disturbance",
    "cranial_neuropathy",
    "lupus_headache",
    "cerebrovascular_accident",
    "vasculitis",
    "urinary_casts",
    "haematuria",
    "proteinuria",
    "pyuria",
    "pleurisy",
    "pericarditis",
    "fever",
];

fn milligrams(hundredths: i64) -> String {
    decimal(hundredths, 2)
}

fn states_of(baseline: &Assessment, previous: &Assessment, now: &Assessment) -> States {
    let mut why = Vec::new();
    let (before, after) = (sum(&baseline.selena), sum(&now.selena));
    let new = |grade: char, worse: &[char]| {
        let was = |system: &str| {
            baseline
                .bilag
                .iter()
                .find(|(name, _)| *name == system)
                .is_some_and(|(_, grade)| worse.contains(grade))
        };
        let found = now.bilag.iter().filter(|(_, found)| *found == grade);
        found.filter(|(system, _)| !was(system)).count()
    };
    let unknown = "no physician's global assessment".to_owned();
    let global = |limit: i64, text: &str| match now.global {
        None => (None, unknown.clone()),
        Some(value) => (
            Some(value <= limit),
            format!(
                "physician's global assessment {} is not {text}",
                decimal(value, 2)
            ),
        ),
    };
    let worsening = match (baseline.global, now.global) {
        (Some(before), Some(after)) => (
            Some(after - before < 30),
            format!(
                "physician's global assessment rose from {} to {}",
                decimal(before, 2),
                decimal(after, 2)
            ),
        ),
        _ => (None, unknown.clone()),
    };
    let sri_4 = all(
        &[
            (
                Some(before - after >= 4),
                format!("SELENA-SLEDAI fell from {before} to {after} only"),
            ),
            (Some(new('A', &['A']) == 0), "a new BILAG A".to_owned()),
            (
                Some(new('B', &['A', 'B']) <= 1),
                "more than one new BILAG B".to_owned(),
            ),
            worsening,
        ],
        "SRI-4",
        &mut why,
    );
    let major: Vec<&str> = MAJOR
        .iter()
        .copied()
        .filter(|item| now.sledai.contains(item))
        .collect();
    let fresh: Vec<&str> = now
        .sledai
        .iter()
        .copied()
        .filter(|item| !previous.sledai.contains(item))
        .collect();
    let total = sum(&now.sledai);
    let lldas = all(
        &[
            (Some(total <= 4), format!("SLEDAI-2K {total} is above 4")),
            (
                Some(major.is_empty()),
                format!("activity of a major organ: {}", major.join(", ")),
            ),
            (
                Some(fresh.is_empty()),
                format!("new since the assessment before: {}", fresh.join(", ")),
            ),
            global(100, "1 or less"),
            (
                Some(now.steroid <= 750),
                format!("prednisone {} mg is above 7.5 mg", milligrams(now.steroid)),
            ),
        ],
        "LLDAS",
        &mut why,
    );
    let clinical: Vec<&str> = now
        .sledai
        .iter()
        .copied()
        .filter(|item| !matches!(*item, "low_complement" | "dna_binding"))
        .collect();
    let mut remission = |name: &str, limit: i64, text: &str| {
        all(
            &[
                (
                    Some(clinical.is_empty()),
                    format!("clinical activity: {}", clinical.join(", ")),
                ),
                global(49, "below 0.5"),
                (
                    Some(now.steroid <= limit),
                    format!("prednisone {} mg is not {text}", milligrams(now.steroid)),
                ),
            ],
            name,
            &mut why,
        )
    };
    let doris = remission("DORIS", 500, "5 mg or less");
    let doris_below_5 = remission("DORIS below 5 mg", 499, "below 5 mg");
    States {
        sri_4,
        lldas,
        doris,
        doris_below_5,
        why,
    }
}

/// What holds at day 28 and in the months after it; none for a visit that did not take place.
pub(super) fn states(chart: &Chart) -> Vec<Option<States>> {
    let baseline = visit(chart, "screening_visit").and_then(|date| assessment(chart, date));
    let Some(baseline) = baseline else {
        return Vec::new();
    };
    let mut previous: Option<Assessment> = None;
    STATE_VISITS
        .iter()
        .map(|(name, _)| {
            let now = assessment(chart, visit(chart, name)?)?;
            let found = states_of(&baseline, previous.as_ref().unwrap_or(&baseline), &now);
            previous = Some(now);
            Some(found)
        })
        .collect()
}
