//! Reading times: every case file under `tests/cases/reading` beside what Lind makes of it.

use std::fmt::Write as _;

use lind_time::{Day, TimeError, When};
use proptest::prelude::*;

#[test]
fn cases() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::glob!("../cases/reading", "*.txt", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let cases = text.lines().filter(|line| !line.starts_with('#'));
            insta::assert_snapshot!(cases.map(report).collect::<String>());
        });
    });
}

fn report(case: &str) -> String {
    let (site, text) = match case.split_once('|') {
        Some((site, text)) => (Some(site.trim()), text.trim()),
        None => (None, case),
    };
    let read = match site {
        None | Some("") => When::parse(text).map(|when| (when, false)),
        Some("?") => When::parse_at_site(text, None),
        Some(minutes) => When::parse_at_site(text, Some(minutes.parse().unwrap())),
    };
    let mut report = match site {
        None => format!("{text}\n"),
        Some("") => format!("{text}   (no offset allowed)\n"),
        Some("?") => format!("{text}   (site unknown)\n"),
        Some(minutes) => format!("{text}   (site {minutes} min ahead of UTC)\n"),
    };
    match read {
        Ok((when, site_unknown)) => {
            let note = if site_unknown {
                ", its offset unused"
            } else {
                ""
            };
            writeln!(
                report,
                "    the {} {when}, from {} to before {}{note}",
                when.precision(),
                when.start(),
                when.end()
            )
            .unwrap();
        }
        Err(error) => {
            let at = error.at();
            let before = text[..at.start].chars().count();
            let width = text[at].chars().count().max(1);
            writeln!(
                report,
                "{}{} {error}",
                " ".repeat(before),
                "^".repeat(width)
            )
            .unwrap();
        }
    }
    report
}

#[test]
fn a_day_is_a_complete_date_and_nothing_else() {
    assert!(Day::parse("2024-05-09").is_ok());
    for text in ["2024-05", "2024", "2024-05-09T08:30"] {
        assert_eq!(
            Day::parse(text),
            Err(TimeError::NotAnExactDay { at: 0..text.len() })
        );
    }
}

#[test]
fn a_time_fits_in_three_words() {
    assert!(size_of::<When>() <= 24);
}

/// Whatever is read, the place of an error can be shown.
fn holds(text: &str) -> Result<(), TestCaseError> {
    for read in [
        When::parse(text).map(|when| (when, false)),
        When::parse_at_site(text, Some(480)),
        When::parse_at_site(text, None),
        Day::parse(text).map(|day| (When::from_day(day), false)),
    ] {
        match read {
            Ok((when, _)) => {
                let again = When::parse_at_site(&when.to_string(), None);
                prop_assert_eq!(again, Ok((when, false)));
                if !when.is_span() {
                    prop_assert_eq!(When::parse(&when.to_string()), Ok(when));
                }
            }
            Err(error) => {
                prop_assert!(text.get(error.at()).is_some(), "{:?} in {:?}", error, text);
                prop_assert!(!error.message().contains('\n'));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn nearly_dates_are_read_or_refused(text in "[0-9]{0,5}[-/. ]?[0-9A-Za-z]{0,4}[-/. ,]?[0-9]{0,4}[T t]?[0-9:.,]{0,10}[Z+-]?[0-9:]{0,6}é?") {
        holds(&text)?;
    }

    #[test]
    fn long_texts_are_refused_at_once(text in "[0-9-]{65,300}") {
        prop_assert_eq!(When::parse(&text), Err(TimeError::TooLong { length: text.len() }));
    }

    #[test]
    fn an_offset_moves_the_time_and_nothing_else(
        minute in 0_i64..1440, site in -840_i32..=840, written in -840_i32..=840,
    ) {
        let start = When::parse("2024-05-09T00:00").unwrap().start();
        let local = start.checked_add_seconds(minute * 60).unwrap();
        let local = When::from_instant(local, lind_time::Precision::Minute);
        let sign = if written < 0 { '-' } else { '+' };
        let (hours, minutes) = (written.abs() / 60, written.abs() % 60);
        let text = format!("{local}{sign}{hours:02}:{minutes:02}");
        let (read, site_unknown) = When::parse_at_site(&text, Some(site)).unwrap();
        prop_assert!(!site_unknown);
        let moved = read.start().seconds() - local.start().seconds();
        prop_assert_eq!(moved, i64::from(site - written) * 60);
    }

    #[test]
    fn some_time_between_two_times_is_from_the_first_to_the_last_second(
        one in 0_i64..40_000, other in 0_i64..40_000,
    ) {
        let day = |number: i64| When::from_day(Day::from_ymd(1970, 1, 1).unwrap().add_days(number).unwrap());
        let (first, last) = (day(one.min(other)), day(one.max(other)));
        let (span, _) = When::parse_at_site(&format!("{first}/{last}"), None).unwrap();
        prop_assert_eq!((span.start(), span.end()), (first.start(), last.end()));
        prop_assert_eq!((span.earliest(), span.latest()), (Some(first), Some(last)));
        prop_assert_eq!(span.is_span(), When::parse(&span.to_string()).is_err());
    }
}
