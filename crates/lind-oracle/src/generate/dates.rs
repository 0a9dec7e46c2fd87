//! Random times as text, near the instants at which answers change.

use lind_time::Offset;

use super::random::Random;
use crate::calendar::{FAR, date_of, day_number};
use crate::time::{DAY, MINUTE, SECOND, day_text};
use crate::window::shifted;

/// Days at which months end, and others.
const DAYS: &[(i64, i64, i64)] = &[
    (2023, 2, 28),
    (2024, 2, 28),
    (2024, 2, 29),
    (2024, 3, 1),
    (2023, 3, 31),
    (2024, 3, 31),
    (2024, 4, 30),
    (2023, 8, 31),
    (2023, 12, 31),
    (2024, 1, 1),
    (2024, 5, 9),
    (2024, 8, 30),
];

/// A second from which the times of a chart begin.
pub(crate) fn start(random: &mut Random) -> i64 {
    let (year, month, day) = random.one_of(DAYS).copied().unwrap_or((2024, 2, 29));
    let minute = random.any(0, &[510, 720, 1439]);
    day_number(year, month, day).unwrap_or_default() * DAY + minute * MINUTE
}

/// The second an offset later, within the calendar.
pub(crate) fn moved(second: i64, offset: Offset) -> i64 {
    match shifted(second, offset, SECOND) {
        far if far.abs() >= FAR => second,
        moved => moved.max(0),
    }
}

/// A second close by: the same, or a minute, an hour, a day or two away.
pub(crate) fn close_to(second: i64, random: &mut Random) -> i64 {
    let step = random.any(0, &[0, 0, MINUTE, 3600, DAY, DAY, 2 * DAY, 40 * DAY]);
    let step = random.any(step, &[-step]);
    (second + step).max(0)
}

/// The minute of a second.
pub(crate) fn to_the_minute(second: i64) -> String {
    let (day, minute) = (second.div_euclid(DAY), second.rem_euclid(DAY) / 60);
    format!("{}T{:02}:{:02}", day_text(day), minute / 60, minute % 60)
}

/// A second as it is written, to some precision.
pub(crate) fn written(second: i64, random: &mut Random) -> String {
    let day = second.div_euclid(DAY);
    let (year, month, _) = date_of(day);
    let of_day = second.rem_euclid(DAY);
    let (hour, minute) = (of_day / 3600, of_day / 60 % 60);
    let date = day_text(day);
    match random.below(100) {
        0..=3 => format!("{year:04}"),
        4..=11 => format!("{year:04}-{month:02}"),
        12..=75 => date,
        76..=78 => format!("{date}T{hour:02}"),
        79..=97 => to_the_minute(second),
        _ => format!("{date}T{hour:02}:{minute:02}:{:02}", of_day % 60),
    }
}
