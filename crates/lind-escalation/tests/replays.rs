//! Runs held against their rules: `tests/replays/*.run` are runs, the snapshots beside them what is said of them.
//!
//! A run is a list of lines: `levels`, `design`, `window`, `cohorts`, `stagger`, `most`, `start`, `highest`,
//! `under-dosed`, `as of`, `part`; participants as `P1 at 25 on 2024-01-01 dlt 2024-01-09`; decisions as
//! `decided 2024-02-01 at 25 escalate with 0/3 by SRC: all clear`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and read their cases"
)]

use std::fmt::Write as _;
use std::fs;

use lind_escalation::replay::{
    Action, Cohorts, Conduct, Dlt, Participant, Received, Recorded, Replay, Run, UnderDosed, replay,
};
use lind_escalation::{
    AcceleratedTitration, Design, EquivalenceInterval, Next, Stop, Tally, ThreePlusThree,
};
use lind_time::Day;
use lind_units::{Decimal, Exact};

#[test]
fn every_run_is_told_as_its_snapshot_says() {
    insta::glob!("replays/*.run", |path| {
        let text = fs::read_to_string(path).unwrap();
        let (conduct, run) = read(&text);
        let told = match replay(&conduct, &run) {
            Ok(replay) => tell(&conduct, &run, &replay),
            Err(error) => format!("{error}\n"),
        };
        insta::assert_snapshot!(told);
    });
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn percent(text: &str) -> Exact {
    let number = Decimal::parse(text).unwrap().to_exact();
    number.checked_div(&Exact::from(100)).unwrap()
}

fn design(text: &str) -> Design {
    let words: Vec<&str> = text.split(' ').collect();
    let interval = || EquivalenceInterval::new(percent(words[1]), percent("5"));
    match words[0] {
        "3+3" => Design::ThreePlusThree(ThreePlusThree::default()),
        "accelerated" => Design::AcceleratedTitration(AcceleratedTitration::default()),
        "BOIN" => Design::boin(percent(words[1])),
        "mTPI-2" => Design::Mtpi2(interval()),
        "mTPI" => Design::Mtpi(interval()),
        "i3+3" => Design::I3Plus3(interval()),
        name => panic!("{name} is a design"),
    }
}

fn tally(text: &str) -> Tally {
    let (dlts, evaluable) = text.split_once('/').unwrap();
    Tally::new(dlts.parse().unwrap(), evaluable.parse().unwrap())
}

fn read(text: &str) -> (Conduct, Run) {
    let mut conduct = Conduct::new(["?"], Design::ThreePlusThree(ThreePlusThree::default()), 28);
    let mut run = Run::whole([]);
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        let level = |name: &str, conduct: &Conduct| {
            conduct
                .levels
                .iter()
                .position(|level| level == name)
                .unwrap()
        };
        match key {
            "levels" => {
                conduct.levels = words.iter().map(|&level| level.to_owned()).collect();
                conduct.highest = conduct.levels.len() - 1;
            }
            "start" => conduct.start = level(rest, &conduct),
            "highest" => conduct.highest = level(rest, &conduct),
            "design" => match rest.split_once(" from ") {
                Some((design_text, from)) => {
                    conduct.designs.push((Some(day(from)), design(design_text)));
                }
                None => conduct.designs = vec![(None, design(rest))],
            },
            "window" => conduct.window = rest.parse().unwrap(),
            "cohorts" => {
                conduct.cohorts = Cohorts {
                    least: words[0].parse().unwrap(),
                    most: words[2].parse().unwrap(),
                };
            }
            "stagger" => match words[0] {
                "first" => conduct.stagger.first_of_level = Some(words[1].parse().unwrap()),
                "others" => conduct.stagger.others = Some(words[1].parse().unwrap()),
                _ => conduct.stagger.after_window = false,
            },
            "most" => match words[1] {
                "at" => conduct.most_at_level = Some(words[0].parse().unwrap()),
                _ => conduct.most_in_all = Some(words[0].parse().unwrap()),
            },
            "under-dosed" => {
                conduct.under_dosed = match words[0] {
                    "assigned" => UnderDosed::AsAssigned,
                    "received" => UnderDosed::AsReceived,
                    _ => UnderDosed::NotCounted,
                };
            }
            "part" => run.is_whole = false,
            "as" => run.as_of = Some(day(words[1])),
            "decided" => {
                let (about, said) = rest.split_once(" by ").unwrap();
                let (by, reason) = said.split_once(": ").unwrap();
                let words: Vec<&str> = about.split(' ').collect();
                run.recorded.push(Recorded {
                    day: day(words[0]),
                    level: level(words[2], &conduct),
                    action: match words[3] {
                        "escalate" => Action::Escalate,
                        "stay" => Action::Stay,
                        "stop" => Action::Stop,
                        _ => Action::DeEscalate,
                    },
                    stated: words.get(5).map(|text| tally(text)),
                    by: by.to_owned(),
                    reason: reason.to_owned(),
                });
            }
            id => {
                let mut participant = Participant {
                    id: id.to_owned(),
                    assigned: level(words[1], &conduct),
                    received: Received::AsAssigned,
                    treated: None,
                    order: run.participants.len() as u32,
                    dlt: Dlt::None,
                    moderate: None,
                    not_evaluable: None,
                    replaces: None,
                };
                for pair in words[2..].chunks(2) {
                    let value = pair.get(1).copied().unwrap_or_default();
                    match pair[0] {
                        "on" => participant.treated = Some(day(value)),
                        "dlt" => participant.dlt = Dlt::On(day(value)),
                        "uncounted" => participant.dlt = Dlt::NotCounted(day(value)),
                        "moderate" => participant.moderate = Some(day(value)),
                        "pending" => participant.dlt = Dlt::Pending,
                        "received" => {
                            participant.received = match value {
                                "less" => Received::Less,
                                name => Received::Level(level(name, &conduct)),
                            };
                        }
                        "lost" => participant.not_evaluable = Some("lost".to_owned()),
                        "replaces" => participant.replaces = Some(value.to_owned()),
                        word => panic!("{word} is known"),
                    }
                }
                run.participants.push(participant);
            }
        }
    }
    (conduct, run)
}

fn tell(conduct: &Conduct, run: &Run, replay: &Replay) -> String {
    let mut told = String::new();
    for step in &replay.steps {
        let to = step.to.map_or("end", |level| conduct.level(level));
        let known: Vec<String> = step
            .known
            .iter()
            .zip(&conduct.levels)
            .filter(|(known, _)| **known != Default::default())
            .map(|(known, level)| {
                let mut text = format!("{level} {}", known.tally);
                if known.pending > 0 {
                    write!(text, " +{} pending", known.pending).unwrap();
                }
                if known.not_counted > 0 {
                    write!(text, " ({} not counted)", known.not_counted).unwrap();
                }
                text
            })
            .collect();
        let next = match step.rule.next {
            Next::Treat { level, .. } => format!("at {}", conduct.level(level)),
            Next::Stop(Stop::TooToxic) => "stop, too toxic".to_owned(),
            Next::Stop(Stop::Found(level)) => format!("stop, {} is the MTD", conduct.level(level)),
            Next::Stop(Stop::Enough(level)) => format!("stop, enough at {}", conduct.level(level)),
        };
        writeln!(
            told,
            "{} {} -> {to}: {}; {} says {}: {next}; {}",
            step.day,
            conduct.level(step.level),
            known.join(", "),
            conduct.designs[step.design].1.name(),
            step.rule.decision,
            step.verdict.words(),
        )
        .unwrap();
        for finding in &step.findings {
            tell_finding(&mut told, conduct, run, finding);
        }
    }
    for finding in &replay.findings {
        tell_finding(&mut told, conduct, run, finding);
    }
    writeln!(told, "{}", replay.standing.words()).unwrap();
    told
}

fn tell_finding(
    told: &mut String,
    conduct: &Conduct,
    run: &Run,
    finding: &lind_escalation::replay::Finding,
) {
    write!(
        told,
        "  {} {}: {}",
        finding.day,
        finding.violation.name(),
        finding.sentence(conduct)
    )
    .unwrap();
    if let Some((by, reason)) = &finding.explained {
        write!(told, " ({by}: {reason})").unwrap();
    }
    if !run.is_whole && finding.can_be_made_up_for {
        write!(told, " [others could make up for it]").unwrap();
    }
    writeln!(told).unwrap();
}
