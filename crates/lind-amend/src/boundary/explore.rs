//! From a patient who passes and one who does not, to two between whom there is one step.
//!
//! What lies between is asked of the interpreter, again and again: nothing here knows what a condition means.

use lind_time::{Day, When};
use lind_units::{Decimal, Exact};

use super::maker::Class;
use crate::CannotCompare;
use crate::answers::Read;
use crate::patient::{Patient, Row};
use crate::questions::Side;

/// How far is looked: so many doublings of a step.
pub(super) const REACH: u32 = 13;

/// The same where a step is a minute.
pub(super) const REACH_OF_MINUTES: u32 = 23;

/// Two patients between whom there is one step.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// Every criterion passes.
    pub(super) inside: Patient,
    /// The criterion does not, every other does.
    pub(super) outside: Patient,
    /// What is special about each, in words.
    pub(super) says: [String; 2],
    /// Whether the criterion is open for the second, rather than failed.
    pub(super) opens: bool,
}

/// A way in which two patients differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit {
    Sex,
    Born,
    /// A row of the one in place of a row of the other; or a row that the one has and the other has not.
    Row(Option<Row>, Option<Row>),
}

/// In what two patients differ.
pub(super) fn edits(one: &Patient, other: &Patient) -> Vec<Edit> {
    let mut found = Vec::new();
    if one.sex != other.sex {
        found.push(Edit::Sex);
    }
    if one.born != other.born {
        found.push(Edit::Born);
    }
    let mut left: Vec<&Row> = other.rows.iter().collect();
    let mut alone: Vec<&Row> = Vec::new();
    for row in &one.rows {
        match left.iter().position(|own| *own == row) {
            Some(at) => {
                left.remove(at);
            }
            None => alone.push(row),
        }
    }
    for row in alone {
        let alike = |own: &&Row| own.table == row.table && own.about() == row.about();
        let to = left.iter().position(alike).map(|at| left.remove(at));
        found.push(Edit::Row(Some(row.clone()), to.cloned()));
    }
    found.extend(
        left.into_iter()
            .map(|row| Edit::Row(None, Some(row.clone()))),
    );
    found
}

impl Edit {
    /// A patient who is like the second of two in this, made like the first.
    fn undone(&self, patient: &Patient, first: &Patient) -> Patient {
        let mut own = patient.clone();
        match self {
            Self::Sex => own.sex = first.sex,
            Self::Born => own.born = first.born,
            Self::Row(one, other) => replace(&mut own, other.as_ref(), one.as_ref()),
        }
        own
    }

    /// The same with the two exchanged.
    fn turned(&self) -> Self {
        match self {
            Self::Row(one, other) => Self::Row(other.clone(), one.clone()),
            same => same.clone(),
        }
    }
}

fn replace(patient: &mut Patient, old: Option<&Row>, new: Option<&Row>) {
    let at = old.and_then(|old| patient.rows.iter().position(|own| own == old));
    match (at, new) {
        (Some(at), Some(new)) => {
            if let Some(slot) = patient.rows.get_mut(at) {
                *slot = new.clone();
            }
        }
        (Some(at), None) => {
            patient.rows.remove(at);
        }
        (None, new) => patient.rows.extend(new.cloned()),
    }
}

/// Asks the interpreter about patients who are near a criterion.
pub(super) struct Explorer<'e> {
    pub(super) side: &'e Side,
    /// The criterion.
    pub(super) place: usize,
}

impl Explorer<'_> {
    pub(super) fn classes(&self, patients: &[Patient]) -> Result<Vec<Class>, CannotCompare> {
        if patients.is_empty() {
            return Ok(Vec::new());
        }
        let read = Read::new(self.side, patients.iter())?;
        Ok((0..patients.len())
            .map(|at| {
                let verdict = read.verdict(at);
                verdict.map_or(Class::Other, |own| Class::of(&own, self.place))
            })
            .collect())
    }

    pub(super) fn class(&self, patient: &Patient) -> Result<Class, CannotCompare> {
        let classes = self.classes(std::slice::from_ref(patient))?;
        Ok(classes.first().copied().unwrap_or(Class::Other))
    }

    /// Two patients who differ in as little as can be, one who passes and one who fails.
    pub(super) fn narrowed(
        &self,
        pass: &Patient,
        other: &Patient,
    ) -> Result<(Patient, Patient), CannotCompare> {
        let mut far = other.clone();
        let all = edits(pass, other);
        if all.len() < 2 {
            return Ok((pass.clone(), far));
        }
        for edit in all {
            let nearer = edit.undone(&far, pass);
            if self.class(&nearer)? == Class::Fail {
                far = nearer;
            }
        }
        let mut near = pass.clone();
        let left = edits(pass, &far);
        if left.len() > 1 {
            for edit in &left {
                let nearer = edit.turned().undone(&near, &far);
                if self.class(&nearer)? == Class::Pass {
                    near = nearer;
                }
            }
        }
        Ok((near, far))
    }
}

/// A number, as it is written.
pub(super) fn number(text: &str) -> Option<Exact> {
    Some(Decimal::parse(text).ok()?.to_exact())
}

/// A number as a table writes it; none if it has no end.
pub(super) fn written(value: &Exact) -> Option<String> {
    let text = value.to_decimal_text(12);
    (!text.ends_with('…')).then_some(text)
}

/// One step of what is reported near a number: its last digit, and never more than a fiftieth of it.
pub(super) fn step(value: &Exact) -> Exact {
    let power = |exponent: i32| Exact::from_scientific(1, exponent);
    let text = value.to_decimal_text(12);
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let last = -i32::try_from(digits).unwrap_or(0);
    let fiftieth = value
        .abs()
        .mul(&Exact::from_ratio(1, 50).unwrap_or_default());
    let mut exponent = last;
    while !value.is_zero() && power(exponent) > fiftieth && exponent > -9 {
        exponent -= 1;
    }
    power(exponent)
}

/// Whether a time tells the time of the day.
pub(super) fn is_timed(text: &str) -> bool {
    clock(text).is_some()
}

/// The day of a time, and the minutes since it began.
fn clock(text: &str) -> Option<(&str, i64)> {
    let (date, rest) = text.split_once('T')?;
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some((date, hours.checked_mul(60)?.checked_add(minutes)?))
}

/// A time moved by so many steps: minutes where it tells the time of the day, or else days.
fn moved(text: &str, by: i64) -> Option<String> {
    const DAY: i64 = 24 * 60;
    let Some((date, minutes)) = clock(text) else {
        return Some(Day::parse(text).ok()?.add_days(by)?.to_string());
    };
    let minutes = minutes.checked_add(by)?;
    let day = Day::parse(date).ok()?.add_days(minutes.div_euclid(DAY))?;
    let rest = minutes.rem_euclid(DAY);
    Some(format!("{day}T{:02}:{:02}", rest / 60, rest % 60))
}

/// The columns in which something begins and ends.
pub(super) const BEGINS: [&str; 3] = ["time", "onset", "start"];
pub(super) const ENDS: [&str; 2] = ["abatement", "end"];

/// The columns that hold numbers.
pub(super) const NUMBERS: [&str; 4] = ["value", "dose", "grade", "line"];

/// A row with one of its times moved by so many steps; what it would leave behind moves with it.
pub(super) fn row_moved(row: &Row, column: &'static str, by: i64) -> Option<Row> {
    let time = moved(row.text(column), by)?;
    let mut own = row.clone().with_in_place(column, &time);
    let day = |text: &str| Some(When::parse(text).ok()?.first_day());
    let others = if BEGINS.contains(&column) {
        ENDS.as_slice()
    } else {
        BEGINS.as_slice()
    };
    for other in others {
        let (Some(this), Some(that)) = (day(&time), day(row.text(other))) else {
            continue;
        };
        let is_behind = if BEGINS.contains(&column) {
            that < this
        } else {
            that > this
        };
        if is_behind {
            own = own.with_in_place(other, &time);
        }
    }
    Some(own)
}

impl Row {
    /// The same with another text in a column that it has.
    pub(super) fn with_in_place(mut self, column: &str, text: &str) -> Self {
        for (own, cell) in &mut self.cells {
            if *own == column {
                text.clone_into(cell);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step_of(text: &str) -> Option<String> {
        written(&step(&number(text)?))
    }

    #[test]
    fn a_step_is_the_last_digit_and_at_most_a_fiftieth() {
        for (limit, expected) in [
            ("90", "1"),
            ("1000", "1"),
            ("1.5", "0.01"),
            ("2", "0.01"),
            ("7.5", "0.1"),
            ("55", "1"),
            ("45", "0.1"),
            ("0", "1"),
            ("-4", "0.01"),
            ("0.125", "0.001"),
        ] {
            assert_eq!(step_of(limit).as_deref(), Some(expected), "{limit}");
        }
    }

    #[test]
    fn times_move_by_days_or_by_minutes() {
        let moved = |text: &str, by: i64| moved(text, by).unwrap_or_default();
        assert_eq!(moved("2025-03-01", -1), "2025-02-28");
        assert_eq!(moved("2025-06-16T09:00", -1), "2025-06-16T08:59");
        assert_eq!(moved("2025-06-16T00:00", -1), "2025-06-15T23:59");
        assert_eq!(moved("2025-06-16T23:59", 1), "2025-06-17T00:00");
        // Of a month that is all that is known no day can be moved.
        assert_eq!(moved("2025-06", 1), "");
        assert_eq!(moved("", 1), "");
    }

    #[test]
    fn what_ends_does_not_begin_after_it() {
        let row = Row::new(lind_records::Table::Conditions, "icd10|A41")
            .with("onset", "2025-06-01")
            .with("abatement", "2025-06-03");
        let cells = |row: Option<Row>| {
            row.map(|row| {
                let text = |column| row.text(column).to_owned();
                (text("onset"), text("abatement"))
            })
        };
        let days = |one: &str, other: &str| Some((one.to_owned(), other.to_owned()));
        assert_eq!(
            cells(row_moved(&row, "onset", 5)),
            days("2025-06-06", "2025-06-06")
        );
        assert_eq!(
            cells(row_moved(&row, "abatement", -5)),
            days("2025-05-29", "2025-05-29")
        );
        assert_eq!(
            cells(row_moved(&row, "abatement", 1)),
            days("2025-06-01", "2025-06-04")
        );
    }

    #[test]
    fn edits_lead_from_one_patient_to_the_other() {
        let row = |code: &str, value: &str| {
            Row::new(lind_records::Table::Observations, code).with("value", value)
        };
        let one = Patient {
            sex: Some("female"),
            born: None,
            rows: vec![row("a", "1"), row("b", "2"), row("b", "3")],
        };
        let other = Patient {
            sex: Some("male"),
            born: Day::from_ymd(1980, 5, 9),
            rows: vec![row("b", "2"), row("a", "4"), row("c", "5")],
        };
        let own = edits(&one, &other);
        assert_eq!(own.len(), 5, "{own:?}");
        let back = own
            .iter()
            .fold(other.clone(), |own, edit| edit.undone(&own, &one));
        assert_eq!(edits(&one, &back), Vec::new());
        let there = own
            .iter()
            .fold(one.clone(), |own, edit| edit.turned().undone(&own, &other));
        assert_eq!(edits(&there, &other), Vec::new());
    }
}
