//! Dates of SDTM, and its study days.

use std::borrow::Cow;

use lind_time::{Day, Precision, When};

/// A date as Lind reads it. SDTM writes a hyphen for a part that is not known: `2003---15` is some
/// 15th of 2003, of which the year is kept; `--12-15` is of no known year, and nothing is.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_gap = |text: &str| text.starts_with('-');
    if is_gap(text) {
        return Cow::Borrowed("");
    }
    if let Some((from, until)) = text.split_once('/') {
        return Cow::Owned(format!("{}/{}", plain(from), plain(until)));
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let known = date
        .match_indices('-')
        .find(|(at, _)| date.get(at + 1..).is_some_and(is_gap))
        .and_then(|(at, _)| date.get(..at));
    if let Some(known) = known {
        return Cow::Borrowed(known.trim_end_matches('-'));
    }
    let date = date.trim_end_matches('-');
    match time {
        Some(time) if is_gap(time) || time.is_empty() => Cow::Borrowed(date),
        Some(time) if time.contains(":-") || time.ends_with(':') => {
            let known = time.split(":-").next().unwrap_or(time);
            Cow::Owned(format!("{date}T{}", known.trim_end_matches(':')))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The complete date at the beginning of a text.
pub(crate) fn day(text: &str) -> Option<Day> {
    let when = When::parse(text.get(..10)?).ok()?;
    when.is_exact_day().then(|| when.first_day())
}

/// The date of a study day. There is no day 0: day 1 is the day of the reference, and the day before
/// it is day -1.
fn date_of(study_day: i64, reference: Day) -> Option<Day> {
    match study_day {
        0 => None,
        1.. => reference.add_days(study_day - 1),
        _ => reference.add_days(study_day),
    }
}

/// A date, weighed against the study day beside it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Weighed<'t> {
    pub(crate) time: Cow<'t, str>,
    /// What the study day says, where it contradicts the date.
    pub(crate) contradiction: Option<String>,
}

/// Completes a date that is missing or partial by the study day, and holds a complete one against it.
pub(crate) fn weigh<'t>(date: &'t str, study_day: &str, reference: Option<Day>) -> Weighed<'t> {
    let time = plain(date);
    let alone = |time| Weighed {
        time,
        contradiction: None,
    };
    let (Ok(study_day), Some(reference)) = (study_day.parse::<i64>(), reference) else {
        return alone(time);
    };
    let Some(by_day) = date_of(study_day, reference) else {
        return Weighed {
            contradiction: (study_day == 0).then(|| "there is no study day 0".to_owned()),
            time,
        };
    };
    if time.is_empty() {
        return alone(Cow::Owned(by_day.to_string()));
    }
    let Ok(when) = When::parse(&time) else {
        return alone(time);
    };
    if when.first_day() <= by_day && by_day <= when.last_day() {
        let is_partial = when.precision() < Precision::Day;
        return alone(if is_partial {
            Cow::Owned(by_day.to_string())
        } else {
            time
        });
    }
    Weighed {
        contradiction: Some(format!(
            "study day {study_day}, counted from {reference}, is {by_day}"
        )),
        time,
    }
}

/// Some day from one on.
pub(crate) fn from(day: Day) -> String {
    format!("{day}/")
}

/// Some day up to one.
pub(crate) fn until(day: Day) -> String {
    format!("/{day}")
}

#[cfg(test)]
mod tests {
    use super::{Weighed, day, plain, weigh};

    #[test]
    fn what_is_not_known_of_a_date_is_left_out() {
        for (written, read) in [
            ("2003", "2003"),
            ("2003-12", "2003-12"),
            ("2003-12-15", "2003-12-15"),
            ("2003-12-15T13:14:17", "2003-12-15T13:14:17"),
            ("2003-12-15T13:-", "2003-12-15T13"),
            ("2003-12-15T-:15", "2003-12-15"),
            ("2003-12-15T13:-:17", "2003-12-15T13"),
            ("2003---15", "2003"),
            ("2003-12--", "2003-12"),
            ("--12-15", ""),
            ("-----T07:15", ""),
            ("2003-12-01/2003-12-10", "2003-12-01/2003-12-10"),
            ("soon", "soon"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
    }

    fn weighed(date: &str, study_day: &str) -> (String, bool) {
        let Weighed {
            time,
            contradiction,
        } = weigh(date, study_day, day("2014-01-02"));
        (time.into_owned(), contradiction.is_some())
    }

    #[test]
    fn a_study_day_completes_a_date_and_there_is_no_day_0() {
        assert_eq!(weighed("", "1"), ("2014-01-02".to_owned(), false));
        assert_eq!(weighed("", "-1"), ("2014-01-01".to_owned(), false));
        assert_eq!(weighed("2014", "15"), ("2014-01-16".to_owned(), false));
        assert_eq!(weighed("", ""), (String::new(), false));
        assert_eq!(weighed("", "0"), (String::new(), true));
    }

    #[test]
    fn a_date_outweighs_the_study_day() {
        let time = "2014-01-16T08:30";
        assert_eq!(weighed(time, "15"), (time.to_owned(), false));
        assert_eq!(weighed("2014-01-16", "14").0, "2014-01-16");
        assert!(weighed("2014-01-16", "14").1);
        assert_eq!(weighed("2013", "15"), ("2013".to_owned(), true));
    }
}
