//! The interpreter and the oracle say the same of random pairs. More of them, and what they are:
//! `cargo run -p lind-oracle --example differential --release -- --pairs 100000 --seed 0`.
#![allow(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use lind_model::MilestoneId;
use lind_oracle::Patient;
use lind_oracle::generate::{Pair, Random, chart, choices, protocol};
use support::{Distribution, interpret, interpreter, oracle, oracle_of, report};

const PAIRS: u64 = 9_000;

#[test]
fn interpreter_and_oracle_agree() {
    let mut distribution = Distribution::default();
    for seed in 0..PAIRS {
        let pair = Pair::of(seed);
        let expected = oracle(&pair);
        distribution.add(&pair, &expected);
        if interpreter(&pair) != expected {
            panic!("{}", report(seed, pair));
        }
    }
    assert_eq!(distribution.missing(), Vec::<String>::new());
}

/// Several patients in one data set, several choices of readings and several gates asked of the same
/// charts: nothing of one reaches another.
#[test]
fn patients_and_programs_are_kept_apart() {
    const NAMES: [&str; 4] = ["p1", "p2", "p3", "p4"];
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let protocol = protocol(&mut random);
        let cases: Vec<_> = NAMES
            .iter()
            .map(|_| chart(&protocol, &mut random))
            .collect();
        let dataset = cases
            .first()
            .map(|case| case.dataset.clone())
            .unwrap_or_default();
        let bound = cases
            .first()
            .map(|case| case.bound.clone())
            .unwrap_or_default();
        let patients: Vec<(&str, &Patient)> = NAMES
            .iter()
            .zip(&cases)
            .map(|(name, case)| (*name, &case.patient))
            .collect();
        let asked: Vec<_> = (0..3)
            .map(|_| {
                let gate = MilestoneId::from_index(random.below(protocol.milestones.len()));
                (choices(&protocol, &mut random), gate)
            })
            .collect();
        let mut expected = Vec::new();
        for (_, patient) in &patients {
            for (choices, gate) in &asked {
                let when = (*gate, bound.as_slice());
                expected.push(oracle_of(&protocol, choices, patient, &dataset, when));
            }
        }
        assert_eq!(
            interpret(&protocol, &patients, &dataset, &asked, &bound),
            expected,
            "seed {seed}"
        );
    }
}
