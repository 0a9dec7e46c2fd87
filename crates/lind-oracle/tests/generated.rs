//! What random protocols and charts come to, asked of the oracle alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use lind_model::protocol::Shape;
use lind_model::{Choices, Effect, Protocol};
use lind_oracle::generate::{Case, Random, chart, choices, protocol, units_of};
use lind_oracle::{Patient, PlainTable};
use lind_units::{Decimal, Unit};

fn pair(seed: u64) -> (Protocol, Choices, Case) {
    let mut random = Random::new(seed);
    let protocol = protocol(&mut random);
    let choices = choices(&protocol, &mut random);
    let case = chart(&protocol, &mut random);
    (protocol, choices, case)
}

#[test]
fn every_outcome_occurs_often() {
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut standings: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..1000 {
        let (protocol, choices, case) = pair(seed);
        let verdict =
            lind_oracle::verdict(&protocol, &choices, &case.patient, &case.dataset, case.gate);
        *standings.entry(verdict.standing.word()).or_default() += 1;
        for criterion in verdict.criteria {
            let word = if criterion.due {
                criterion.outcome.word()
            } else {
                "not_due"
            };
            *outcomes.entry(word).or_default() += 1;
        }
    }
    assert_eq!(outcomes.len(), 7);
    assert!(outcomes.values().all(|count| *count >= 20), "{outcomes:?}");
}

const PAIRS: u64 = 2000;

/// Days of a month, as many as every month has.
fn finer(time: &str, random: &mut Random) -> String {
    let month = |random: &mut Random| format!("{:02}", random.between(1, 12));
    let day = |random: &mut Random| format!("{:02}", random.between(1, 28));
    match time.len() {
        4 if random.percent(50) => format!("{time}-{}", month(random)),
        4 => format!("{time}-{}-{}", month(random), day(random)),
        7 => format!("{time}-{}", day(random)),
        // A minute, to the second.
        16 => format!("{time}:{:02}", random.between(0, 59)),
        // A day is not refined to a minute: on the gate's day, minutes decide what was known.
        _ => time.to_owned(),
    }
}

/// The same patient, some of whose times are known better.
fn refined(patient: &Patient, random: &mut Random) -> Patient {
    let mut better = patient.clone();
    better.birth = finer(&better.birth, random);
    if !matches!(better.sex.as_str(), "female" | "male" | "Female") {
        better.sex = random.any("female", &["male"]).to_owned();
    }
    for row in &mut better.rows {
        for column in row.table.columns() {
            let is_time = matches!(*column, "time" | "onset" | "abatement" | "start" | "end");
            if is_time && random.percent(60) {
                let time = finer(row.text(column), random);
                *row = row.clone().with(column, time);
            }
        }
    }
    better
}

#[test]
fn knowing_a_time_better_never_turns_a_decision_round() {
    let mut decided = 0;
    for seed in 0..PAIRS {
        let (protocol, choices, case) = pair(seed);
        // What a protocol lays down for missing data is undone by data.
        if format!("{protocol:?}").contains("IfUnknown") {
            continue;
        }
        let ask = |patient: &Patient| {
            lind_oracle::verdict(&protocol, &choices, patient, &case.dataset, case.gate)
        };
        let coarse = ask(&case.patient);
        let mut random = Random::new(seed);
        for _ in 0..5 {
            let better = refined(&case.patient, &mut random);
            let fine = ask(&better);
            for (before, after) in coarse.criteria.iter().zip(&fine.criteria) {
                if matches!(before.effect, Effect::Pass | Effect::Fail) {
                    decided += 1;
                    assert!(
                        before.effect == after.effect || after.effect == Effect::Open,
                        "seed {seed}, {:?}: {} becomes {}\n{:#?}\n{:?}\n{:#?}\n{:#?}\n{:#?}",
                        before.criterion,
                        before.outcome.word(),
                        after.outcome.word(),
                        protocol.criteria[before.criterion.index()],
                        choices,
                        case.dataset,
                        case.patient,
                        better,
                    );
                }
            }
        }
    }
    assert!(decided > 3500, "{decided}");
}

/// The same patient, some of whose results are written in another unit.
fn in_other_units(protocol: &Protocol, patient: &Patient, random: &mut Random) -> Patient {
    let mut other = patient.clone();
    for row in &mut other.rows {
        let measure = protocol.measures.iter().find(|measure| {
            &*measure.name == row.about() || measure.codes.iter().any(|code| &**code == row.about())
        });
        let Some((measure, Shape::Quantity(shape))) =
            measure.map(|measure| (measure, &measure.shape))
        else {
            continue;
        };
        let to = random.one_of(units_of(&measure.name)).copied().unwrap();
        let conversion = Unit::parse(row.text("unit")).ok().and_then(|from| {
            from.conversion(&Unit::parse(to).unwrap(), Some(&shape.analyte))
                .ok()
        });
        let Some(conversion) = conversion.filter(|_| row.table == PlainTable::Observations) else {
            continue;
        };
        let mut written = row.clone().with("unit", to);
        let mut is_exact = true;
        for column in ["value", "low", "high"] {
            if let Ok(number) = Decimal::parse(row.text(column)) {
                let number = conversion.apply(&number.to_exact());
                let text = number.to_string();
                is_exact &= Decimal::parse(&text).is_ok_and(|text| text.to_exact() == number);
                written = written.with(column, text);
            }
        }
        // A laboratory's multiple of its limit has no meaning on a scale with a zero of its own.
        if is_exact {
            *row = written;
        }
    }
    other
}

#[test]
fn the_unit_of_a_result_decides_nothing() {
    let mut changed = 0;
    for seed in 0..PAIRS {
        let (protocol, choices, case) = pair(seed);
        let other = in_other_units(&protocol, &case.patient, &mut Random::new(seed));
        changed += usize::from(other != case.patient);
        let ask = |patient: &Patient| {
            lind_oracle::verdict(&protocol, &choices, patient, &case.dataset, case.gate)
        };
        assert_eq!(ask(&case.patient), ask(&other), "seed {seed}");
    }
    assert!(changed > 400, "{changed}");
}
