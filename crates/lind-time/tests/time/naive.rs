//! A second calendar, slow and obvious, to hold the first against.

/// A civil day as year, month, day of the month.
pub(crate) type Ymd = (i64, i64, i64);

pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, for years from 1970.
pub(crate) fn number((year, month, day): Ymd) -> i64 {
    let years: i64 = (1970..year)
        .map(|y| if is_leap(y) { 366 } else { 365 })
        .sum();
    let months: i64 = (1..month).map(|m| days_in_month(year, m)).sum();
    years + months + day - 1
}

/// The day with this number, for numbers from 0.
pub(crate) fn ymd(mut number: i64) -> Ymd {
    let mut year = 1970;
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if number < length {
            break;
        }
        number -= length;
        year += 1;
    }
    let mut month = 1;
    while number >= days_in_month(year, month) {
        number -= days_in_month(year, month);
        month += 1;
    }
    (year, month, number + 1)
}

/// The same day of another month, or that month's last day; `up` takes the next first instead.
pub(crate) fn add_months(day: i64, months: i64, up: bool) -> i64 {
    let (year, month, day) = ymd(day);
    let index = year * 12 + month - 1 + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    let last = days_in_month(year, month);
    if day <= last {
        number((year, month, day))
    } else if up {
        number((year, month, last)) + 1
    } else {
        number((year, month, last))
    }
}
