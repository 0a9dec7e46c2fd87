//! Decision tables and decisions, held against case files in `tests/tables`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and read their cases"
)]

use std::fs;
use std::path::Path;

use lind_escalation::{
    Boin, Boundaries, Course, Decision, DecisionTable, Design, EquivalenceInterval, Next, Stop,
    TableFault, TableLine, Tally, ThreePlusThree, select_by_isotonic_regression,
};
use lind_units::{Decimal, Exact};

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tables")
        .join(name);
    fs::read_to_string(path).unwrap()
}

/// The lines of a case file without comments, blank ones kept.
fn lines(name: &str) -> Vec<String> {
    let text = text(name);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn number(text: &str) -> Exact {
    Decimal::parse(text).unwrap().to_exact()
}

fn design(name: &str, target: &str, half: &str) -> Design {
    let interval = || EquivalenceInterval::new(number(target), number(half));
    match name {
        "BOIN" => Design::boin(number(target)),
        "mTPI-2" => Design::Mtpi2(interval()),
        "mTPI" => Design::Mtpi(interval()),
        "i3+3" => Design::I3Plus3(interval()),
        "3+3" => Design::ThreePlusThree(ThreePlusThree::default()),
        _ => panic!("{name} is a design"),
    }
}

/// The table of a design, written as in the case files.
fn written(design: &Design, most: u32) -> Vec<String> {
    let table = design.table(most).unwrap();
    let column = |title: &str, bound: fn(&Boundaries) -> Option<u32>| {
        let cells: Vec<String> = table
            .rows()
            .iter()
            .map(|row| bound(row).map_or("-".to_owned(), |bound| bound.to_string()))
            .map(|cell| format!("{cell:>2}"))
            .collect();
        format!("{title:12}{}", cells.join(" "))
    };
    vec![
        column("escalate", |row| row.escalate_up_to),
        column("de-escalate", |row| row.de_escalate_from),
        column("eliminate", |row| row.eliminate_from),
    ]
}

fn tables_are_those_of(name: &str) {
    let lines = lines(name);
    let blocks: Vec<&[String]> = lines
        .split(|line| line.is_empty())
        .filter(|block| !block.is_empty())
        .collect();
    assert!(blocks.len() >= 3, "{name} has tables");
    for block in blocks {
        let (head, expected) = block.split_first().unwrap();
        let mut words = head.split(' ');
        let name = words.next().unwrap();
        let design = design(name, words.next().unwrap_or("0.30"), "0.05");
        let most = expected[0].split_whitespace().count() as u32 - 1;
        assert_eq!(written(&design, most), expected, "{head}");
    }
}

#[test]
fn tables_are_those_of_the_literature() {
    tables_are_those_of("facts.txt");
}

#[test]
fn tables_are_those_of_the_independent_program() {
    tables_are_those_of("computed.txt");
}

#[test]
fn rates_of_boin_are_those_of_its_manual() {
    for line in lines("rates.txt") {
        let words: Vec<&str> = line.split(' ').collect();
        let boin = Boin::new(number(words[0]));
        let (up, down) = (
            boin.escalation_rate(128).unwrap(),
            boin.de_escalation_rate(128).unwrap(),
        );
        for (rate, expected) in [(up, words[1]), (down, words[2])] {
            assert_eq!(rate.low().rounded_text(4), expected, "{line}");
            assert_eq!(rate.high().rounded_text(4), expected, "{line}");
        }
    }
}

#[test]
fn powers_and_logarithms_decide_alike() {
    for percent in 5..=60 {
        let target = Exact::from_ratio(percent, 100).unwrap();
        let boin = Boin::new(target.clone());
        let (up, down) = (
            boin.escalation_rate(96).unwrap(),
            boin.de_escalation_rate(96).unwrap(),
        );
        let table = Design::boin(target).table(30).unwrap();
        for row in table.rows() {
            for dlts in 0..=row.evaluable {
                let share = Exact::from_ratio(i64::from(dlts), i64::from(row.evaluable)).unwrap();
                assert!(
                    share < *up.low() || share > *up.high(),
                    "the bounds are close enough"
                );
                let decision = row.decision(dlts);
                assert_eq!(share < *up.low(), decision == Decision::Escalate);
                assert_eq!(share > *down.high(), decision >= Decision::DeEscalate);
            }
        }
    }
}

#[test]
fn decisions_are_those_of_the_literature() {
    for line in lines("decisions.txt")
        .iter()
        .filter(|line| !line.is_empty())
    {
        let words: Vec<&str> = line.split(' ').collect();
        let (dlts, evaluable) = words[3].split_once('/').unwrap();
        let tally = Tally::new(dlts.parse().unwrap(), evaluable.parse().unwrap());
        let decision = design(words[0], words[1], words[2])
            .decision(tally)
            .unwrap();
        match words[4] {
            "down" => assert!(decision >= Decision::DeEscalate, "{line}: {decision}"),
            expected => assert_eq!(decision.to_string(), expected, "{line}"),
        }
    }
}

#[test]
fn mtpi_2_decides_as_boin_at_30_percent() {
    let boin = design("BOIN", "0.30", "0.05").table(12);
    assert_eq!(design("mTPI-2", "0.30", "0.05").table(12), boin);
}

#[test]
fn a_share_on_a_rate_of_boin_is_decided() {
    // With 60 % as the target and 40 % as too low, the dose goes up until exactly one half.
    let boin = Boin {
        too_low: number("0.4"),
        too_toxic: number("0.8"),
        ..Boin::new(number("0.6"))
    };
    let half = Exact::from_ratio(1, 2).unwrap();
    let rate = boin.escalation_rate(96).unwrap();
    assert!(*rate.low() <= half && half <= *rate.high());
    let design = Design::Boin(boin);
    assert_eq!(design.decision(Tally::new(5, 10)), Ok(Decision::Escalate));
    assert_eq!(design.decision(Tally::new(6, 10)), Ok(Decision::Stay));
}

#[test]
fn parameters_that_make_no_design_are_refused() {
    let said = |design: Design| design.table(3).unwrap_err().to_string();
    assert_eq!(
        said(design("BOIN", "1.2", "0.05")),
        "the target is not between 0 % and 100 %"
    );
    assert_eq!(
        said(design("BOIN", "0.8", "0.05")),
        "the share that is too toxic is not between the target and 100 %"
    );
    let far = said(design("mTPI-2", "0.05", "0.05"));
    assert_eq!(
        far,
        "the interval around the target is empty or reaches beyond 0 % or 100 %"
    );
    assert_eq!(
        design("BOIN", "0.30", "0.05")
            .table(201)
            .unwrap_err()
            .to_string(),
        "the number of participants is not between 1 and 200"
    );
}

fn line(evaluable: u32, dlts: std::ops::RangeInclusive<u32>, decision: Decision) -> TableLine {
    TableLine {
        evaluable,
        dlts,
        decision,
    }
}

#[test]
fn what_is_wrong_with_a_table_by_hand_is_told_at_once() {
    let lines = [
        line(3, 0..=0, Decision::Escalate),
        line(3, 2..=3, Decision::DeEscalate),
        line(6, 0..=1, Decision::Escalate),
        line(6, 1..=2, Decision::Stay),
        line(6, 3..=4, Decision::Eliminate),
        line(6, 5..=6, Decision::DeEscalate),
        line(9, 0..=9, Decision::Stay),
    ];
    let faults = DecisionTable::by_hand(&lines).unwrap_err();
    let said: Vec<String> = faults.iter().map(TableFault::to_string).collect();
    assert_eq!(
        said,
        [
            "no line says what to do with 1/3",
            "two lines are about 1/6: escalate, and stay",
            "5/6 is decided less cautiously than 4/6",
        ]
    );
    let fewer = [
        line(3, 0..=3, Decision::Escalate),
        line(6, 0..=2, Decision::Escalate),
        line(6, 3..=6, Decision::Stay),
        line(6, 7..=7, Decision::Stay),
    ];
    let said: Vec<String> = DecisionTable::by_hand(&fewer)
        .unwrap_err()
        .iter()
        .map(TableFault::to_string)
        .collect();
    assert_eq!(said, ["7 toxicities among 6 cannot be decided on"]);
    let said = DecisionTable::by_hand(&fewer[..3]).unwrap_err()[0].to_string();
    assert_eq!(said, "3/6 is decided more cautiously than 3/3");
    assert_eq!(
        DecisionTable::by_hand(&[]).unwrap_err(),
        [TableFault::Empty]
    );
}

#[test]
fn a_computed_table_written_by_hand_is_the_same_table() {
    let table = design("BOIN", "0.30", "0.05").table(12).unwrap();
    let lines: Vec<TableLine> = table
        .rows()
        .iter()
        .flat_map(|row| {
            (0..=row.evaluable).map(|dlts| line(row.evaluable, dlts..=dlts, row.decision(dlts)))
        })
        .collect();
    assert_eq!(DecisionTable::by_hand(&lines), Ok(table));
}

/// A trial as the literature tells it: cohorts of three and their toxicities, and where the next is treated.
/// BOIN with 30 % at five levels; Han, Pan, Zhang, Liu and Yuan 2019, p. 25, as the tests of the package escalation
/// have it.
#[test]
fn a_published_trial_goes_as_it_went() {
    let rule = design("BOIN", "0.30", "0.05").rule(30).unwrap();
    let mut course = Course::new(5, 0).unwrap();
    let cohorts = [
        (1, 0, 2),
        (2, 0, 3),
        (3, 2, 2),
        (2, 1, 3),
        (3, 0, 3),
        (3, 0, 4),
        (4, 3, 3),
        (3, 1, 3),
        (3, 1, 3),
        (3, 1, 3),
    ];
    for (level, dlts, next) in cohorts {
        course.current = level - 1;
        let tally = &mut course.tallies[level - 1];
        *tally = Tally::new(tally.dlts + dlts, tally.evaluable + 3);
        let judgement = rule.judge(&course);
        course.eliminated_from = judgement.eliminated_from;
        let expected = Next::Treat {
            level: next - 1,
            until: None,
        };
        assert_eq!(judgement.next, expected, "{:?}", course.tallies);
    }
    assert_eq!(
        course.eliminated_from,
        Some(3),
        "three of three are too many"
    );
    let selected =
        select_by_isotonic_regression(&course.tallies, course.eliminated_from, &number("0.30"));
    assert_eq!(selected, Some(2));
}

#[test]
fn the_lowest_level_eliminated_ends_the_trial() {
    for (name, then) in [
        ("BOIN", 3),
        ("mTPI-2", 3),
        ("mTPI", 3),
        ("i3+3", 3),
        ("3+3", 2),
    ] {
        let rule = design(name, "0.30", "0.05").rule(30).unwrap();
        let mut course = Course::new(3, 0).unwrap();
        course.tallies[0] = Tally::new(then, 3);
        let judgement = rule.judge(&course);
        assert_eq!(judgement.next, Next::Stop(Stop::TooToxic), "{name}");
        assert_eq!(judgement.eliminated_from, Some(0), "{name}");
    }
}
