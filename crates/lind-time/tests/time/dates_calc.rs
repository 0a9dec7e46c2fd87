//! The vectors of CatalaLang/dates-calc: months added with both roundings.

use lind_time::{Day, MonthEnd};

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suites/dates-calc");

fn rows(file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(format!("{SUITE}/dates-calc-{file}.csv")).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split(';').map(str::to_owned).collect())
        .collect()
}

/// `[0 years, 1 months, 0 days]`: years and months first, then days.
fn add(date: &str, period: &str, rule: MonthEnd) -> (Day, bool) {
    let numbers: Vec<i64> = period
        .trim_matches(['[', ']'])
        .split(',')
        .map(|part| part.split_whitespace().next().unwrap().parse().unwrap())
        .collect();
    let (day, clamped) = Day::parse(date)
        .unwrap()
        .add_months(numbers[0] * 12 + numbers[1], rule)
        .unwrap();
    (day.add_days(numbers[2]).unwrap(), clamped)
}

#[test]
fn eleven_ambiguous_additions_give_both_roundings_and_say_so() {
    let rows = rows("ambiguous_computations");
    assert_eq!(rows.len(), 11);
    for row in rows {
        let up = Day::parse(&row[2]).unwrap();
        let down = Day::parse(&row[3]).unwrap();
        assert_eq!(
            add(&row[0], &row[1], MonthEnd::NextFirst),
            (up, true),
            "{row:?}"
        );
        assert_eq!(
            add(&row[0], &row[1], MonthEnd::LastDay),
            (down, true),
            "{row:?}"
        );
    }
}

#[test]
fn nineteen_exact_additions_are_the_same_under_both_roundings() {
    let rows = rows("exact_computations");
    assert_eq!(rows.len(), 19);
    for row in rows {
        let expected = Day::parse(&row[2]).unwrap();
        for rule in [MonthEnd::NextFirst, MonthEnd::LastDay] {
            assert_eq!(add(&row[0], &row[1], rule), (expected, false), "{row:?}");
        }
    }
}

#[test]
fn first_and_last_day_of_the_month() {
    let rows = rows("first_last_day_of_month");
    assert_eq!(rows.len(), 2);
    for row in rows {
        let day = Day::parse(&row[0]).unwrap();
        assert_eq!(day.first_of_month().to_string(), row[1]);
        assert_eq!(day.last_of_month().to_string(), row[2]);
    }
}
