//! Counts of blood cells: once a day from lymphodepletion to day 28, then at the visits.

use super::chart::{Chart, Limits, decimal};
use super::person::{Counts, Person};
use super::series::{around, between, per_mille};
use super::visits;

/// The days on which nobody is asked to come, but the ward draws blood.
const LAST_DAILY: i64 = 28;

/// Neutrophils of a day, hundredths of 10^9/L; none if the sample was lost.
fn neutrophils(person: &Person, counts: &Counts, day: i64) -> Option<i64> {
    let length = i64::try_from(counts.low.len()).unwrap_or(0);
    if let Ok(index) = usize::try_from(day - counts.low_from)
        && let Some(&value) = counts.low.get(index)
    {
        return (value > 0).then_some(value);
    }
    let last = counts.low.last().copied().unwrap_or(0);
    let usual = around(counts.neutrophils, 6, person.id, "anc", day);
    let points = [
        (-5, counts.neutrophils),
        (counts.low_from - 1, 84),
        (counts.low_from, 84),
        (counts.low_from + length - 1, last),
        (LAST_DAILY, per_mille(counts.neutrophils, 860).max(196)),
    ];
    Some(if (-5..=30).contains(&day) {
        let value = between(&points, day);
        around(value, 4, person.id, "anc", day).max(54)
    } else {
        usual.max(186)
    })
}

/// Lymphocytes of a day, hundredths of 10^9/L.
fn lymphocytes(person: &Person, counts: &Counts, day: i64) -> i64 {
    let usual = counts.lymphocytes;
    let points = [
        (-5, usual),
        (-2, 22),
        (0, 8),
        (6, 11),
        (10, 34),
        (14, 52),
        (22, per_mille(usual, 720)),
        (60, per_mille(usual, 850)),
        (180, usual),
    ];
    around(between(&points, day), 4, person.id, "alc", day).max(6)
}

/// Platelets of a day, 10^9/L.
fn platelets(person: &Person, counts: &Counts, hyperinflammation: bool, day: i64) -> i64 {
    let (usual, lowest) = counts.platelets;
    let healthy = usual.max(118);
    let value = if hyperinflammation {
        between(
            &[
                (-5, usual),
                (11, lowest),
                (20, 64),
                (24, 31),
                (26, 18),
                (27, 21),
                (28, 34),
                (31, 46),
                (45, 108),
                (60, 131),
                (180, 164),
            ],
            day,
        )
    } else {
        between(
            &[
                (-5, usual),
                (10, lowest),
                (28, per_mille(healthy, 880)),
                (90, healthy),
            ],
            day,
        )
    };
    match day {
        26 if hyperinflammation => value,
        10 if !hyperinflammation => value,
        _ => around(value, 3, person.id, "platelets", day),
    }
}

/// Haemoglobin of a day, g/L.
fn haemoglobin(person: &Person, counts: &Counts, day: i64) -> i64 {
    let (usual, lowest) = counts.haemoglobin;
    let points = [
        (-5, usual),
        (11, lowest),
        (28, (usual + 2 * lowest) / 3),
        (95, usual),
        (185, usual + 5),
    ];
    if day == 11 {
        return lowest;
    }
    around(between(&points, day), 2, person.id, "hemoglobin", day).max(lowest + 1)
}

/// The counts at screening, on the ward and at the visits.
pub(super) fn write(person: &Person, chart: &mut Chart) {
    let Some(course) = &person.course else {
        let time = person.screening;
        for (code, value, unit, limits) in [
            ("wbc", "4.62", "10*9/L", Limits("3.5", "9.5")),
            ("anc", "3.18", "10*9/L", Limits("1.8", "6.3")),
            ("alc", "1.13", "10*9/L", Limits("1.1", "3.2")),
            ("hemoglobin", "119", "g/L", haemoglobin_limits(person)),
            ("platelets", "187", "10*9/L", Limits("125", "350")),
        ] {
            chart.value(code, time, value, unit, limits);
        }
        return;
    };
    let mut days: Vec<i64> = visits::of(person)
        .iter()
        .map(|visit| visit.date.since(course.infusion))
        .collect();
    days.extend(-5..=LAST_DAILY);
    days.push(30);
    if course.hyperinflammation {
        days.extend([29, 31, 35, 41]);
    }
    days.sort_unstable();
    days.dedup();
    for day in days {
        let time = course.infusion.plus(day);
        let counts = &course.counts;
        let Some(neutrophils) = neutrophils(person, counts, day) else {
            continue;
        };
        let lymphocytes = lymphocytes(person, counts, day);
        let others = around(26, 20, person.id, "wbc", day).min(10 + neutrophils / 4);
        for (code, value, places, unit, limits) in [
            (
                "wbc",
                neutrophils + lymphocytes + others,
                2,
                "10*9/L",
                Limits("3.5", "9.5"),
            ),
            ("anc", neutrophils, 2, "10*9/L", Limits("1.8", "6.3")),
            ("alc", lymphocytes, 2, "10*9/L", Limits("1.1", "3.2")),
            (
                "hemoglobin",
                haemoglobin(person, counts, day),
                0,
                "g/L",
                haemoglobin_limits(person),
            ),
            (
                "platelets",
                platelets(person, counts, course.hyperinflammation, day),
                0,
                "10*9/L",
                Limits("125", "350"),
            ),
        ] {
            chart.value(code, time, decimal(value, places), unit, limits);
        }
    }
}

fn haemoglobin_limits(person: &Person) -> Limits {
    if person.sex == "male" {
        Limits("130", "175")
    } else {
        Limits("115", "150")
    }
}
