//! Random pairs of versions against random patients: whoever changes, changes in a way that was not called impossible.
//!
//! `LIND_RUNS=N` compares N pairs; without it a few.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "how many pairs are compared is said outside"
)]

mod random;

use lind_amend::cohort::{Cohorts, Counts, Wishes};
use lind_amend::{Version, compare};
use lind_eval::{Bindings, Context};
use lind_model::difference::{Change, Difference, Status};
use lind_model::{Effect, MilestoneId, Verdict};
use lind_records::{Dataset, Options, Sheets};
use random::{HEAD, PATIENTS, Random, criterion, patients, verdicts, version};

/// Two versions, most of whose criteria are the same; none where the checker refuses one.
fn pair(random: &mut Random) -> Option<[(String, Version); 2]> {
    let count = 2 + usize::try_from(random.below(4)).unwrap();
    let values = *random.of(&[
        "",
        "values from consent to screening",
        "values within 28 days before screening",
    ]);
    let head = HEAD.replace("VALUES", values);
    let mut old = head.clone();
    let mut new = head;
    for number in 1..=count {
        let own = criterion(random, number);
        old.push_str(&own);
        match random.below(5) {
            0 => {
                let mut other = criterion(random, number);
                // The number stays with its list.
                if own.get(..5) != other.get(..5) {
                    other = own.clone();
                }
                new.push_str(&other);
            }
            1 => new.push_str(&own.replace(" 14 days", " 7 days").replace(">=", ">")),
            2 if random.below(3) == 0 => {}
            _ => new.push_str(&own),
        }
    }
    Some([(old.clone(), version(&old)?), (new.clone(), version(&new)?)])
}

/// Where patients stood and stand, as counted in one pass over charts that both versions share.
fn standings(
    versions: [&Version; 2],
    difference: &Difference,
    sheets: &Sheets,
) -> Result<[[u64; 3]; 3], lind_amend::CannotCompare> {
    let gate = |version: &Version, name: &str| {
        let mut milestones = version.protocol.milestones.iter();
        MilestoneId::from_index(milestones.position(|own| &*own.name == name).unwrap())
    };
    let [old, new] = versions;
    let wishes = Wishes {
        at: vec![[
            gate(old, &difference.gates[0]),
            gate(new, &difference.gates[1]),
        ]],
        // Nobody is: whoever is enrolled is counted apart.
        enrolment: Some(MilestoneId::from_index(usize::from(u16::MAX))),
        names: false,
    };
    let cohorts = Cohorts::new(versions, difference, &wishes).unwrap();
    let tables = sheets.clone().into_tables();
    let mut dataset = Dataset::open(&tables, &cohorts.wanted(), Options::default()).unwrap();
    let charts = dataset.next_batch(PATIENTS).unwrap();
    let [of_old, of_new] = cohorts.programs();
    let bindings = [
        Bindings::new(of_old, &dataset),
        Bindings::new(of_new, &dataset),
    ];
    let [old, new] = &bindings;
    let contexts = [Context::new(&dataset, old), Context::new(&dataset, new)];
    let [old, new] = &contexts;
    let is_complete = cohorts.is_complete(&dataset);
    let mut counts = Counts::new();
    for chart in &charts {
        counts.add(&cohorts, cohorts.ask([old, new], chart, is_complete))?;
    }
    let cohort = counts.end(&cohorts, 0);
    assert_eq!(cohort.patients, PATIENTS as u64);
    assert_eq!(cohort.beyond, [], "the proof speaks of them");
    Ok(cohort.gates[0].standings)
}

#[test]
fn whoever_changes_was_not_called_impossible() {
    let runs: u64 = std::env::var("LIND_RUNS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(40);
    let (mut pairs, mut witnessed, mut impossible, mut undecided, mut changed) = (0, 0, 0, 0, 0);
    for seed in 0..runs {
        let mut random = Random(seed);
        let Some([(old_text, old), (new_text, new)]) = pair(&mut random) else {
            continue;
        };
        if new.protocol.criteria.is_empty() {
            continue;
        }
        pairs += 1;
        let told = |what: &str| format!("seed {seed}: {what}\n{old_text}\n---\n{new_text}");
        let difference =
            compare(&old, &new).unwrap_or_else(|error| panic!("{}", told(&error.to_string())));
        for transition in &difference.transitions {
            match transition.status {
                Status::Witnessed(_) => witnessed += 1,
                Status::Impossible => impossible += 1,
                Status::Undecided(_) => undecided += 1,
            }
        }
        let sheets = patients(&mut random, false);
        let before = verdicts(&old, &sheets, &difference.gates[0]);
        let after = verdicts(&new, &sheets, &difference.gates[1]);
        // Both versions share charts in which each finds what it finds in its own.
        let mut apart = [[0_u64; 3]; 3];
        for (one, other) in before.iter().zip(&after) {
            apart[one.standing.place()][other.standing.place()] += 1;
        }
        let shared = standings([&old, &new], &difference, &sheets);
        let shared = shared.unwrap_or_else(|error| panic!("{}", told(&error.to_string())));
        assert_eq!(shared, apart, "{}", told("shared charts say otherwise"));
        for (patient, (one, other)) in before.iter().zip(&after).enumerate() {
            if one.standing != other.standing {
                changed += 1;
                let found = difference
                    .transitions
                    .iter()
                    .find(|own| own.from == one.standing && own.to == other.standing)
                    .unwrap();
                assert!(
                    !matches!(found.status, Status::Impossible),
                    "{}",
                    told(&format!(
                        "patient {patient} goes from {:?} to {:?}, which was called impossible\n{:?}",
                        one.standing,
                        other.standing,
                        sheets
                            .texts()
                            .flat_map(|(_, text)| text.lines())
                            .filter(|line| line.starts_with(&format!("\"{patient:04}")))
                            .collect::<Vec<_>>()
                    ))
                );
            }
            for criterion in &difference.criteria {
                let effect = |version: &Version, verdict: &Verdict| {
                    let criteria = &version.protocol.criteria;
                    let place = criteria.iter().position(|own| own.id == criterion.id);
                    let due = place.filter(|place| verdict.criteria[*place].due);
                    due.map_or(Effect::Pass, |place| verdict.criteria[place].effect)
                };
                let (from, to) = (effect(&old, one), effect(&new, other));
                if from == to {
                    continue;
                }
                let known = match &criterion.change {
                    Change::Same => false,
                    other => other.effects().is_some_and(|own| {
                        own.alone.iter().any(|(a, b, _)| (*a, *b) == (from, to))
                    }),
                };
                assert!(
                    known,
                    "{}",
                    told(&format!(
                        "{} does {to:?} after {from:?}, unknown to {:?}",
                        criterion.id, criterion.change
                    ))
                );
            }
        }
    }
    println!(
        "{pairs} of {runs} pairs: {witnessed} transitions witnessed, {impossible} impossible, {undecided} undecided; {changed} patients changed"
    );
    assert!(
        pairs > runs / 4,
        "most pairs are refused by the checker: {pairs}"
    );
}
