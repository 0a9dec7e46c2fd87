//! Gives random protocols and charts to the interpreter and to the oracle, and tells where they
//! disagree: `cargo run -p lind-oracle --example differential --release -- --pairs 100000 --seed 0`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a developer's tool fails by panicking"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;

use lind_oracle::generate::Pair;
use support::{Distribution, interpreter, oracle, report};

/// How many disagreements are made small and shown.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: u64| {
        arguments
            .iter()
            .position(|argument| argument == name)
            .and_then(|place| arguments.get(place + 1))
            .map_or(default, |text| text.parse().expect("a number"))
    };
    let (pairs, seed) = (option("--pairs", 10_000), option("--seed", 0));
    let shown = usize::try_from(option("--show", 5)).unwrap_or(SHOWN);
    let mut distribution = Distribution::default();
    let mut disagreements = Vec::new();
    for seed in seed..seed.saturating_add(pairs) {
        let pair = Pair::of(seed);
        let expected = oracle(&pair);
        distribution.add(&pair, &expected);
        if interpreter(&pair) != expected {
            disagreements.push(seed);
        }
    }
    for seed in disagreements.iter().take(shown) {
        println!("{}", report(*seed, Pair::of(*seed)));
    }
    println!("{distribution}");
    println!("seldom: {:?}", distribution.missing());
    println!("{pairs} pairs, {} disagreements", disagreements.len());
    if disagreements.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
