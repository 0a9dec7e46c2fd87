//! Operating characteristics, held against those of an independent program and against published ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and read their cases, and a Monte Carlo error is a float"
)]

use std::fs;
use std::path::Path;

use lind_escalation::{
    Design, EquivalenceInterval, OperatingCharacteristics, Settings, ThreePlusThree, simulate,
};
use lind_units::{Decimal, Exact};

/// How many standard errors two simulations may be apart.
const ERRORS: f64 = 4.5;

fn number(text: &str) -> Exact {
    Decimal::parse(text).unwrap().to_exact()
}

/// A case: lines `key values`.
struct Case(Vec<(String, String)>);

impl Case {
    fn all(name: &str) -> Vec<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/simulations")
            .join(name);
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        lines
            .split(|line| line.is_empty())
            .filter(|block| !block.is_empty())
            .map(|block| {
                let pairs = block.iter().flat_map(|line| line.split("; "));
                let pairs = pairs.map(|pair| pair.split_once(' ').unwrap());
                Self(
                    pairs
                        .map(|(key, value)| (key.to_owned(), value.to_owned()))
                        .collect(),
                )
            })
            .collect()
    }

    fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }

    fn floats(&self, key: &str) -> Vec<f64> {
        let words = self.get(key).unwrap_or_default().split_whitespace();
        words.map(|word| word.parse().unwrap()).collect()
    }

    fn integer(&self, key: &str) -> u32 {
        self.get(key).unwrap().parse().unwrap()
    }

    fn design(&self) -> Design {
        let target = number(self.get("target").unwrap());
        let mut interval = EquivalenceInterval::new(target.clone(), number("0.05"));
        let mut boin = lind_escalation::Boin::new(target);
        let stops_at = self.get("stops").map(|stops| stops.parse().unwrap());
        boin.safety.stops_at = stops_at;
        boin.safety.extra_safe = self.get("extra").map(number);
        interval.safety.stops_at = stops_at;
        match self.get("design").unwrap() {
            "BOIN" => Design::Boin(boin),
            "mTPI-2" => Design::Mtpi2(interval),
            "mTPI" => Design::Mtpi(interval),
            "i3+3" => Design::I3Plus3(interval),
            "3+3" => Design::ThreePlusThree(ThreePlusThree::default()),
            "3+3 without six" => Design::ThreePlusThree(ThreePlusThree {
                six_at_mtd: false,
                ..ThreePlusThree::default()
            }),
            "3+3 without de-escalation" => Design::ThreePlusThree(ThreePlusThree {
                de_escalates: false,
                ..ThreePlusThree::default()
            }),
            name => panic!("{name} is a design"),
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            rates: self.get("rates").unwrap().split(' ').map(number).collect(),
            target: number(self.get("target").unwrap()),
            start: 0,
            cohort: self.integer("cohort"),
            most: if self.design().target().is_some() {
                self.integer("most")
            } else {
                // 3+3 ends by itself.
                100
            },
            most_at_level: self.get("level").map(|most| most.parse().unwrap()),
            trials: 10_000,
            seed: 1,
        }
    }
}

/// In how many trials each level was selected, then in how many none was.
fn selected(found: &OperatingCharacteristics) -> Vec<f64> {
    let levels = found.levels.iter().map(|level| level.selected as f64);
    levels.chain([found.none_selected as f64]).collect()
}

/// Two shares of two simulations are no further apart than chance explains:
/// `|p - q| <= 4.5 sqrt(r (1 - r) (1/N + 1/M)) + rounding`, where `r` is the share of both together.
fn shares_agree(p: f64, trials: f64, q: f64, others: f64, rounding: f64) -> bool {
    let both = (p * trials + q * others) / (trials + others);
    let error = (both * (1.0 - both) * (1.0 / trials + 1.0 / others)).sqrt();
    (p - q).abs() <= ERRORS * error + rounding + 1.0 / others
}

#[test]
fn characteristics_are_those_of_the_independent_program() {
    let cases = Case::all("independent.txt");
    assert_eq!(cases.len(), 42);
    for case in &cases {
        let name = format!("{:?} {:?}", case.get("design"), case.get("rates"));
        let found = simulate(&case.design(), &case.settings()).unwrap();
        let (trials, others) = (found.trials as f64, f64::from(case.integer("trials")));
        for (ours, theirs) in selected(&found).iter().zip(case.floats("selected")) {
            let (p, q) = (ours / trials, theirs / others);
            assert!(
                shares_agree(p, trials, q, others, 0.0),
                "{name}: selected {p} against {q}"
            );
        }
        let rates = case.floats("rates");
        let sums = case
            .floats("participants")
            .into_iter()
            .zip(case.floats("squares"));
        for ((level, (sum, squares)), rate) in found.levels.iter().zip(sums).zip(rates) {
            // Participants: the variance is taken from the other program.
            let (ours, mean) = (level.participants as f64 / trials, sum / others);
            let variance = squares / others - mean * mean;
            let error = (variance * (1.0 / trials + 1.0 / others)).sqrt();
            assert!(
                (ours - mean).abs() <= ERRORS * error + 1e-9,
                "{name}: {ours} against {mean}"
            );
            // Toxicities less rate times participants is a martingale with variance p (1 - p) E[n].
            let excess = level.dlts as f64 - rate * level.participants as f64;
            let error = (rate * (1.0 - rate) * level.participants as f64).sqrt();
            assert!(
                excess.abs() <= ERRORS * error + 1e-9,
                "{name}: an excess of {excess}"
            );
        }
    }
}

#[test]
fn characteristics_are_those_published() {
    for case in Case::all("published.txt") {
        let name = format!("{:?} {:?}", case.get("design"), case.get("rates"));
        let found = simulate(&case.design(), &case.settings()).unwrap();
        let (trials, others) = (found.trials as f64, f64::from(case.integer("trials")));
        let rounding = case.floats("digits")[0];
        for (ours, theirs) in selected(&found).iter().zip(case.floats("selected")) {
            let (p, q) = (ours / trials, theirs / 100.0);
            let agree = shares_agree(p, trials, q, others, rounding / 100.0);
            assert!(agree, "{name}: selected {p} against {q}");
        }
        // Their variance is not published: that of a level is at most a quarter of the square of its range.
        let most = f64::from(case.integer("most").min(30));
        let error = most / 2.0 * (1.0 / trials + 1.0 / others).sqrt();
        for (level, theirs) in found.levels.iter().zip(case.floats("participants")) {
            let ours = level.participants as f64 / trials;
            assert!(
                (ours - theirs).abs() <= 3.0 * error + rounding,
                "{name}: {ours} against {theirs}"
            );
        }
        if let Some(size) = case.floats("size").first() {
            let ours = found
                .levels
                .iter()
                .map(|level| level.participants as f64)
                .sum::<f64>()
                / trials;
            assert!(
                (ours - size).abs() <= 3.0 * error + rounding,
                "{name}: {ours} against {size}"
            );
        }
    }
}

/// The first level of 3+3 without any other: none is selected with the probability of two toxicities or more.
#[test]
fn one_level_of_3_plus_3_has_a_closed_form() {
    let rate = 0.3_f64;
    let found = simulate(
        &Design::ThreePlusThree(ThreePlusThree {
            six_at_mtd: false,
            ..ThreePlusThree::default()
        }),
        &Settings {
            rates: vec![number("0.3")],
            target: number("0.3"),
            start: 0,
            cohort: 3,
            most: 30,
            most_at_level: None,
            trials: 40_000,
            seed: 7,
        },
    )
    .unwrap();
    let free = (1.0 - rate).powi(3);
    let one = 3.0 * rate * (1.0 - rate).powi(2);
    let kept = free + one * free;
    let share = found.levels[0].selected as f64 / 40_000.0;
    assert!((share - kept).abs() <= ERRORS * (kept * (1.0 - kept) / 40_000.0).sqrt());
}

#[test]
fn the_same_seed_gives_the_same_trials_and_another_gives_others() {
    let case = &Case::all("independent.txt")[0];
    let mut settings = case.settings();
    settings.trials = 500;
    let first = simulate(&case.design(), &settings).unwrap();
    assert_eq!(simulate(&case.design(), &settings).unwrap(), first);
    settings.seed = 2;
    assert_ne!(simulate(&case.design(), &settings).unwrap(), first);
}

/// The stream is part of what is promised: these figures must not change with a version of a library.
#[test]
fn the_stream_stays_as_it_is() {
    let case = &Case::all("independent.txt")[0];
    let mut settings = case.settings();
    settings.trials = 1000;
    let found = simulate(&case.design(), &settings).unwrap();
    insta::assert_debug_snapshot!(selected(&found));
}

#[test]
fn settings_that_make_no_trial_are_refused() {
    let case = &Case::all("independent.txt")[0];
    let with = |change: fn(&mut Settings)| {
        let mut settings = case.settings();
        change(&mut settings);
        simulate(&case.design(), &settings).unwrap_err().to_string()
    };
    assert_eq!(
        with(|settings| settings.cohort = 0),
        "a cohort has nobody, or more than the trial may have"
    );
    assert_eq!(
        with(|settings| settings.start = 9),
        "the trial starts at a level that is not there"
    );
    assert_eq!(
        with(|settings| settings.rates[0] = number("1.5")),
        "a rate is not between 0 % and 100 %"
    );
    for change in [
        (|settings| settings.most = 0) as fn(&mut Settings),
        |settings| settings.most = 201,
        |settings| settings.most_at_level = Some(0),
    ] {
        assert_eq!(
            with(change),
            "the number of participants is not between 1 and 200"
        );
    }
    for trials in [
        (|settings| settings.trials = 0) as fn(&mut Settings),
        |settings| settings.trials = 10_000_001,
    ] {
        assert_eq!(
            with(trials),
            "the number of trials is not between 1 and 10000000"
        );
    }
    assert_eq!(
        with(|settings| settings.rates.clear()),
        "the number of dose levels is not between 1 and 50"
    );
}

#[test]
fn a_full_level_ends_a_trial() {
    let case = &Case::all("independent.txt")[0];
    let settings = Settings {
        most_at_level: Some(9),
        cohort: 2,
        trials: 500,
        ..case.settings()
    };
    let found = simulate(&case.design(), &settings).unwrap();
    assert!(found.enough > 0);
    assert!(
        found
            .levels
            .iter()
            .all(|level| level.participants <= 9 * found.trials)
    );
    // With room enough it changes nothing.
    let roomy = Settings {
        most_at_level: Some(200),
        ..settings.clone()
    };
    let free = Settings {
        most_at_level: None,
        ..settings
    };
    assert_eq!(
        simulate(&case.design(), &roomy),
        simulate(&case.design(), &free)
    );
}
