//! What is expected of the series: areas and persistence of the cells, scores and their changes, grades of the
//! chemistry by baseline.

use super::super::File;
use super::activity::{ITEMS, SYSTEMS};
use super::calendar::Date;
use super::chart::{Chart, Row, decimal, read_decimal};
use super::expected::file;
use super::recompute::{self, milestone, values};
use super::truth::STATE_VISITS;

/// The files, of those who were infused.
pub(super) fn write(charts: &[&Chart]) -> Vec<File> {
    vec![kinetics(charts), scores(charts), chemistry(charts)]
}

fn study_days<'c>(chart: &'c Chart, code: &'c str) -> Vec<(i64, &'c Row)> {
    let infusion = milestone(chart, "infusion");
    let mut rows: Vec<(i64, &Row)> = values(chart, code)
        .filter_map(|row| Some((row.day("time")?.since(infusion?), row)))
        .collect();
    rows.sort_by_key(|(day, _)| *day);
    rows
}

/// Peak, area under the curve from day 0 to day 28, and the last day with a count, of both assays.
///
/// The area is made of linear trapezoids, with 0 for what is below the limit of the assay.
fn kinetics(charts: &[&Chart]) -> File {
    let mut rows = Vec::new();
    for chart in charts {
        for (code, places) in [("car_t_flow", 2), ("car_t_qpcr", 0)] {
            let (day, most) = recompute::peak(chart, code, places).unwrap_or_default();
            let mut twice_area = 0;
            let mut before: Option<(i64, i64)> = None;
            let mut last = 0;
            for (day, row) in study_days(chart, code) {
                let counted = row.get("comparator").is_empty();
                let value = read_decimal(row.get("value"), places)
                    .filter(|_| counted)
                    .unwrap_or(0);
                if counted {
                    last = day;
                }
                if (0..=28).contains(&day) {
                    if let Some((from, start)) = before {
                        twice_area += (start + value) * (day - from);
                    }
                    before = Some((day, value));
                }
            }
            rows.push(vec![
                chart.id.to_owned(),
                code.to_owned(),
                day.to_string(),
                decimal(most, places),
                decimal(twice_area * 5, places + 1),
                last.to_string(),
            ]);
        }
    }
    let header = [
        "patient",
        "code",
        "tmax_day",
        "cmax",
        "area_day_0_to_28",
        "last_day_counted",
    ];
    file("expected/kinetics.csv", &header, rows)
}

/// The sum of the items that are present at a visit, all and without the serology.
fn sums(chart: &Chart, date: Date, prefix: &str) -> (i64, i64) {
    let time = date.to_string();
    let (mut all, mut clinical) = (0, 0);
    for (item, weight) in ITEMS {
        let code = format!("{prefix}_{item}");
        if values(chart, &code).any(|row| row.get("time") == time && row.get("result") == "present")
        {
            all += weight;
            if !matches!(item, "low_complement" | "dna_binding") {
                clinical += weight;
            }
        }
    }
    (all, clinical)
}

/// BILAG-2004 as a number: A 12, B 8, C 1, D and E 0.
fn bilag(chart: &Chart, date: Date) -> i64 {
    let time = date.to_string();
    SYSTEMS
        .iter()
        .filter_map(|system| {
            let code = format!("bilag_{system}");
            let grade = values(chart, &code)
                .find(|row| row.get("time") == time)?
                .get("result")
                .to_owned();
            Some(match grade.as_str() {
                "A" => 12,
                "B" => 8,
                "C" => 1,
                _ => 0,
            })
        })
        .sum()
}

fn scores(charts: &[&Chart]) -> File {
    let mut rows = Vec::new();
    for chart in charts {
        let infusion = milestone(chart, "infusion");
        let visits = ["screening_visit"]
            .into_iter()
            .chain(STATE_VISITS.iter().map(|(name, _)| *name));
        let mut baseline = None;
        for visit in visits {
            let (Some(date), Some(infusion)) = (recompute::visit(chart, visit), infusion) else {
                continue;
            };
            let (selena, clinical_selena) = sums(chart, date, "selena");
            let (sledai, clinical_sledai) = sums(chart, date, "sledai_2k");
            let total = bilag(chart, date);
            let time = date.to_string();
            let global = values(chart, "lupus_physician_global")
                .find(|row| row.get("time") == time)
                .map_or("", |row| row.get("value"));
            let (selena_before, total_before) = *baseline.get_or_insert((selena, total));
            rows.push(vec![
                chart.id.to_owned(),
                visit.to_owned(),
                date.since(infusion).to_string(),
                selena.to_string(),
                clinical_selena.to_string(),
                (selena - selena_before).to_string(),
                sledai.to_string(),
                clinical_sledai.to_string(),
                total.to_string(),
                (total - total_before).to_string(),
                global.to_owned(),
                decimal(recompute::steroid(chart, date), 2),
            ]);
        }
    }
    let header = [
        "patient",
        "visit",
        "day",
        "selena_sledai",
        "selena_sledai_clinical",
        "selena_sledai_change",
        "sledai_2k",
        "sledai_2k_clinical",
        "bilag_2004_total",
        "bilag_2004_change",
        "physician_global",
        "prednisone_mg_per_day",
    ];
    file("expected/scores.csv", &header, rows)
}

/// The grade of a value by CTCAE 5.0, seen from the baseline; all in hundredths.
fn grade(code: &str, value: i64, baseline: i64, low: i64, high: i64) -> i64 {
    // Comparisons are of products, so that nothing is divided: 1.5 is 15 tenths.
    let above = |tenths: i64, of: i64| value * 10 > tenths * of;
    let below = |per_cent: i64| value * 100 < per_cent * low;
    let highest = |steps: [bool; 4]| {
        let grades = steps.iter().zip(1..).filter(|(holds, _)| **holds);
        grades.map(|(_, grade)| grade).max().unwrap_or(0)
    };
    match code {
        "alt" | "ast" if baseline <= high => highest([
            above(10, high),
            above(30, high),
            above(50, high),
            above(200, high),
        ]),
        "alt" | "ast" => highest([
            value * 10 >= 15 * baseline,
            above(30, baseline),
            above(50, baseline),
            above(200, baseline),
        ]),
        "total_bilirubin" => {
            let of = baseline.max(high);
            highest([above(10, of), above(15, of), above(30, of), above(100, of)])
        }
        "creatinine" => highest([
            above(10, high),
            above(15, high) || above(15, baseline),
            above(30, high) || above(30, baseline),
            above(60, high),
        ]),
        _ => highest([below(100), below(75), below(50), below(25) || value < 5000]),
    }
}

/// The value at baseline, and the worst grade behind the first dose of lymphodepletion.
///
/// Baseline is the latest value up to the day of that dose.
fn chemistry(charts: &[&Chart]) -> File {
    let codes = ["alt", "ast", "total_bilirubin", "creatinine", "fibrinogen"];
    let mut rows = Vec::new();
    for chart in charts {
        let mut row = vec![chart.id.to_owned()];
        for code in codes {
            let start = milestone(chart, "ld_start");
            let read = |row: &Row, column: &str| read_decimal(row.get(column), 2).unwrap_or(0);
            let series = study_days(chart, code);
            let is_before = |row: &Row| row.day("time") <= start;
            let Some((_, first)) = series.iter().rev().find(|(_, row)| is_before(row)) else {
                continue;
            };
            let baseline = read(first, "value");
            let (low, high) = (read(first, "low"), read(first, "high"));
            let worst = series
                .iter()
                .filter(|(_, row)| !is_before(row))
                .map(|(_, row)| grade(code, read(row, "value"), baseline, low, high))
                .max()
                .unwrap_or(0);
            row.push(decimal(baseline, 2));
            row.push(worst.to_string());
        }
        rows.push(row);
    }
    let header = [
        "patient",
        "alt_baseline",
        "alt",
        "ast_baseline",
        "ast",
        "total_bilirubin_baseline",
        "total_bilirubin",
        "creatinine_baseline",
        "creatinine",
        "fibrinogen_baseline",
        "fibrinogen",
    ];
    file("expected/ctcae_5_worst_grades_chemistry.csv", &header, rows)
}

#[cfg(test)]
mod tests {
    use super::grade;

    #[test]
    fn a_baseline_above_the_limit_is_what_counts_then() {
        // The limit is 40: just three times, and a little more; then a baseline of 62.
        assert_eq!(grade("alt", 12_000, 2400, 700, 4000), 1);
        assert_eq!(grade("alt", 12_001, 2400, 700, 4000), 2);
        assert_eq!(grade("alt", 9200, 6200, 700, 4000), 0);
        assert_eq!(grade("alt", 9300, 6200, 700, 4000), 1);
        assert_eq!(grade("alt", 18_601, 6200, 700, 4000), 2);
    }

    #[test]
    fn fibrinogen_falls_below_shares_of_its_limit() {
        for (value, expected) in [
            (20_000, 0),
            (19_999, 1),
            (14_999, 2),
            (9_999, 3),
            (4_999, 4),
        ] {
            assert_eq!(grade("fibrinogen", value, 30_000, 20_000, 40_000), expected);
        }
    }
}
