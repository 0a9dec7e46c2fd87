//! CAR-T cells by two assays, and B cells.

use super::chart::{Chart, NO_LIMITS, decimal};
use super::person::{BCells, Expansion, Person};
use super::series::{between, per_mille};
use super::visits;

/// Beside the visits, blood is drawn on the ward on these days.
const ON_THE_WARD: [i64; 6] = [8, 9, 11, 12, 13, 15];

/// Below it flow cytometry does not count: hundredths of a cell per microlitre.
const FLOW_LIMIT: i64 = 10;
/// Below it qPCR does not count: copies per microgram.
const COPIES_LIMIT: i64 = 100;

/// What is left of a peak on a day.
fn at(peak: i64, expansion: &Expansion, slow: i64, day: i64) -> i64 {
    let mut value = peak;
    for before in 0..(expansion.day - day).max(0) {
        // The further from the peak, the steeper: the first days are below what can be counted.
        let share = (expansion.rise - 12 * before).max(300);
        value = per_mille(value, share);
    }
    for after in 0..(day - expansion.day).max(0) {
        let share = match after {
            0..5 => 790 + slow,
            5..20 => 900 + slow / 2,
            _ => 960 + slow / 4,
        };
        value = per_mille(value, share);
    }
    value
}

/// B cells of a day, thousandths of 10^9/L, in the months after which they come back.
fn b_cells(b_cells: &BCells, day: i64, month: Option<i64>) -> i64 {
    if let Some(month) = month {
        return match month - b_cells.back {
            ..=-2 => 1,
            -1 => 6,
            0 => 14,
            1 => 37,
            2 => 64,
            _ => 88,
        };
    }
    match day - b_cells.gone {
        // Just at the limit is not below it.
        -1 => 10,
        0 => 6,
        1.. => 1,
        _ => between(&[(-5, 118), (-2, 64), (0, 41), (b_cells.gone - 1, 11)], day).max(11),
    }
}

pub(super) fn write(person: &Person, chart: &mut Chart) {
    let Some(course) = &person.course else {
        return;
    };
    let mut days: Vec<(i64, Option<i64>)> = visits::of(person)
        .iter()
        .filter(|visit| visit.name != "leukapheresis_visit")
        .map(|visit| {
            let month = visits::MONTHS
                .iter()
                .find(|(name, _)| *name == visit.name)
                .map(|(_, month)| *month);
            (visit.date.since(course.infusion), month)
        })
        .filter(|(day, _)| *day >= 0 || *day == -5)
        .collect();
    days.extend(ON_THE_WARD.map(|day| (day, None)));
    if course.hyperinflammation {
        days.extend([(24, None), (26, None), (35, None)]);
    }
    days.sort_unstable();
    days.dedup();
    for (day, month) in days {
        let time = course.infusion.plus(day);
        if day >= 0 {
            let flow = at(course.expansion.flow, &course.expansion, 0, day);
            let copies = at(course.expansion.copies, &course.expansion, 40, day);
            if day == 0 || flow < FLOW_LIMIT {
                chart.below("car_t_flow", time, "0.10", "{cells}/uL");
            } else {
                chart.value(
                    "car_t_flow",
                    time,
                    decimal(flow, 2),
                    "{cells}/uL",
                    NO_LIMITS,
                );
            }
            if day == 0 || copies < COPIES_LIMIT {
                chart.below("car_t_qpcr", time, "100", "{copies}/ug");
            } else {
                let text = decimal(copies, 0);
                chart.value("car_t_qpcr", time, text, "{copies}/ug", NO_LIMITS);
            }
        }
        let count = b_cells(&course.b_cells, day, month);
        match (count, course.b_cells.per_litre) {
            (..=1, true) => chart.below("cd19_count", time, "0.001", "10*9/L"),
            (..=1, false) => chart.below("cd19_count", time, "1", "10*6/L"),
            (_, true) => {
                chart.value("cd19_count", time, decimal(count, 3), "10*9/L", NO_LIMITS);
            }
            (_, false) => {
                chart.value("cd19_count", time, decimal(count, 0), "10*6/L", NO_LIMITS);
            }
        }
    }
}
