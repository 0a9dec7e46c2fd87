//! Dates, and the times of day that may stand beside them.

use std::borrow::Cow;

/// The time that a date and a date with a time of day tell together.
///
/// Midnight is what databases write where no time of day is known, so it tells no more than the date.
/// Two that tell different days cannot both be right: the text is then one that cannot be read as a
/// time, and shows both.
pub(super) fn together<'t>(date: &'t str, moment: &'t str) -> Cow<'t, str> {
    let date = day(date);
    let (day, clock) = split(moment);
    match (date.is_empty(), clock) {
        (_, None) if day.is_empty() => date,
        (true, None) => day,
        (true, Some(clock)) => format!("{day}T{clock}").into(),
        (false, _) if day != date => {
            // An offset may lead into the day before or after.
            if clock.is_some_and(has_offset) {
                date
            } else {
                format!("{date} or {moment}").into()
            }
        }
        (false, None) => date,
        (false, Some(clock)) => format!("{day}T{clock}").into(),
    }
}

/// The date of a cell that may hold a time of day too.
pub(super) fn day(date: &str) -> Cow<'_, str> {
    match split(date) {
        (day, None) => day,
        (day, Some(clock)) => format!("{day}T{clock}").into(),
    }
}

/// The day, and the time of day unless it is midnight.
fn split(text: &str) -> (Cow<'_, str>, Option<&str>) {
    let (day, clock) = match text.split_once([' ', 'T']) {
        Some((day, clock)) => (day, Some(clock.trim())),
        None => (text, None),
    };
    let clock = clock.filter(|clock| {
        let is_midnight = clock.bytes().all(|byte| b"0:.".contains(&byte));
        !is_midnight && !clock.is_empty()
    });
    (compact(day), clock)
}

/// `20240509` as `2024-05-09`.
fn compact(day: &str) -> Cow<'_, str> {
    let is_compact = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    match (day.get(..4), day.get(4..6), day.get(6..)) {
        (Some(year), Some(month), Some(day)) if is_compact => {
            format!("{year}-{month}-{day}").into()
        }
        _ => day.into(),
    }
}

fn has_offset(clock: &str) -> bool {
    clock.contains(['Z', 'z', '+', '-'])
}

/// The date of birth that its parts tell, of which the month and the day may be missing.
pub(super) fn birth(year: &str, month: &str, day: &str, moment: &str) -> String {
    let part = |text: &str| match super::sheet::number(text) {
        Some(number) => format!("{number:02}"),
        None => text.to_owned(),
    };
    let parts = if year.is_empty() {
        String::new()
    } else if month.is_empty() {
        super::sheet::name(year).to_owned()
    } else if day.is_empty() {
        format!("{}-{}", super::sheet::name(year), part(month))
    } else {
        format!("{}-{}-{}", super::sheet::name(year), part(month), part(day))
    };
    let (written, _) = split(moment);
    if parts.is_empty() {
        return written.into_owned();
    }
    // Where a part is missing, the moment is filled up by rule and tells nothing of it.
    if !written.is_empty() && !written.starts_with(&parts) {
        return format!("{parts} or {written}");
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{birth, together};

    #[test]
    fn midnight_tells_no_more_than_the_date() {
        for (date, moment, expected) in [
            ("2013-05-17", "2013-05-17 00:00:00", "2013-05-17"),
            ("2013-05-17", "2013-05-17T00:00:00.000", "2013-05-17"),
            ("2013-05-17", "", "2013-05-17"),
            ("", "2013-05-17 00:00:00", "2013-05-17"),
            ("", "2013-05-17 08:30:00", "2013-05-17T08:30:00"),
            ("2013-05-17", "2013-05-17 08:30", "2013-05-17T08:30"),
            ("2013-05-17 00:00:00", "", "2013-05-17"),
            ("20130517", "2013-05-17 00:00:00", "2013-05-17"),
            ("2013-05-17", "2013-05-18T01:00:00Z", "2013-05-17"),
            ("2013-05-17", "2013-06-17", "2013-05-17 or 2013-06-17"),
            ("", "", ""),
        ] {
            assert_eq!(together(date, moment), expected, "{date} {moment}");
        }
    }

    #[test]
    fn a_birth_is_as_precise_as_its_parts() {
        for (year, month, day, moment, expected) in [
            ("1998", "4", "9", "1998-04-09 00:00:00", "1998-04-09"),
            ("1998", "4", "", "1998-04-01 00:00:00", "1998-04"),
            ("1998", "", "", "1998-01-01 00:00:00", "1998"),
            ("1998.0", "4.0", "9.0", "", "1998-04-09"),
            ("", "", "", "1998-04-09 00:00:00", "1998-04-09"),
            ("1998", "4", "9", "1999-04-09", "1998-04-09 or 1999-04-09"),
            ("1998", "13", "9", "", "1998-13-09"),
            ("", "", "", "", ""),
        ] {
            assert_eq!(birth(year, month, day, moment), expected);
        }
    }
}
