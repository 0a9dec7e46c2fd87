//! Readings for people.

use std::fmt::Write as _;

use lind_model::protocol::Reading;
use lind_model::{ReadingId, Standing};

use crate::columns::{left, right, width, wrap};
use crate::names::{self, counted};
use crate::plain::one_line;
use crate::readings::{Flip, OtherReading, Readings};
use crate::style::Style;

/// Each reading with its alternatives and who would stand elsewhere, then a table of all of them.
#[must_use]
pub fn readings_text(readings: &Readings<'_>, style: Style) -> String {
    let mut text = String::new();
    for (id, reading) in readings.shown() {
        one_reading(&mut text, readings, id, reading, style);
        text.push('\n');
    }
    text.push_str(&matrix(readings, style));
    text
}

fn one_reading(
    text: &mut String,
    readings: &Readings<'_>,
    id: ReadingId,
    reading: &Reading,
    style: Style,
) {
    let question = format!("{} {}", reading.name, reading.question);
    for line in wrap(&one_line(&question), style.columns()) {
        text.push_str(&style.bold(&line));
        text.push('\n');
    }
    for (index, alternative) in reading.alternatives.iter().enumerate() {
        let mut said = one_line(&alternative.name);
        if let Some(title) = &alternative.title {
            said.push_str(": ");
            said.push_str(&one_line(title));
        }
        let is_chosen = readings.plan.choices.of(id) == index;
        let bullet = if is_chosen { "  ● " } else { "  ○ " };
        hanging(text, bullet, "    ", &said, style);
        if is_chosen {
            let mut why = "chosen".to_owned();
            match &reading.reason {
                Some(reason) if index == reading.chosen => {
                    why.push_str(": ");
                    why.push_str(&one_line(reason));
                }
                _ if index != reading.chosen => why.push_str(" for this run"),
                _ => {}
            }
            hanging(text, "    ", "    ", &why, style);
        }
        let other = readings
            .others
            .iter()
            .find(|other| other.reading == id && other.alternative == index);
        if let Some(other) = other {
            differences(text, readings, other, style);
        }
    }
}

/// How many patients of a kind are named; programs read all of them in the JSON.
const NAMED: usize = 20;

fn differences(text: &mut String, readings: &Readings<'_>, other: &OtherReading, style: Style) {
    if other.flips.is_empty() {
        let said = match other.silent {
            0 => "changes nothing for these patients".to_owned(),
            _ => "nobody stands elsewhere, though some criteria turn out otherwise".to_owned(),
        };
        hanging(text, "    ", "    ", &said, style);
        return;
    }
    // Those who change alike stand together, in the order of the first of them.
    let mut groups: Vec<(&Flip, Vec<String>)> = Vec::new();
    for flip in &other.flips {
        let patient = one_line(&flip.patient);
        match groups.iter_mut().find(|(first, _)| flip.is_like(first)) {
            Some((_, patients)) => patients.push(patient),
            None => groups.push((flip, vec![patient])),
        }
    }
    for (flip, patients) in groups {
        let ids = flip.criteria.iter();
        let ids = ids.map(|criterion| names::criterion_id(readings.plan, *criterion));
        let count = u64::try_from(patients.len()).unwrap_or(u64::MAX);
        let said = format!(
            "{} → {} at {} by {}: {}",
            flip.from.word(),
            style.standing(flip.to, flip.to.word()),
            names::milestone(readings.plan, flip.gate),
            one_line(&names::listed(ids, 8)),
            counted(count, "patient", "patients"),
        );
        text.push_str(&format!("    {said}\n"));
        let patients = names::listed(patients.iter().map(String::as_str), NAMED);
        hanging(text, "      ", "      ", &patients, style);
    }
}

fn hanging(text: &mut String, first: &str, hanging: &str, said: &str, style: Style) {
    let columns = style
        .columns()
        .saturating_sub(width(hanging).max(width(first)));
    for (index, line) in wrap(said, columns).iter().enumerate() {
        text.push_str(if index == 0 { first } else { hanging });
        text.push_str(line);
        text.push('\n');
    }
}

/// For each other alternative, how many stand elsewhere, and where.
fn matrix(readings: &Readings<'_>, style: Style) -> String {
    let rows: Vec<(String, &OtherReading)> = readings
        .others
        .iter()
        .filter_map(|other| {
            let reading = readings.plan.protocol.readings.get(other.reading.index())?;
            let alternative = reading.alternatives.get(other.alternative)?;
            let name = format!("{}={}", reading.name, alternative.name);
            Some((one_line(&name), other))
        })
        .collect();
    let mut text = String::new();
    if rows.is_empty() {
        return "This protocol has no reading with another alternative.\n".to_owned();
    }
    let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let first = widest.max("instead".len());
    let head = format!(
        "{}  change   eligible  ineligible  undetermined",
        left("instead", first)
    );
    text.push_str(&style.bold(&format!("{}           become", " ".repeat(first))));
    text.push('\n');
    text.push_str(&style.bold(&head));
    text.push('\n');
    for (name, other) in rows {
        let to = |standing: Standing| {
            let count = other
                .flips
                .iter()
                .filter(|flip| flip.to == standing)
                .count();
            if count == 0 {
                "·".to_owned()
            } else {
                count.to_string()
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}  {}  {}",
            left(&name, first),
            right(&other.flips.len().to_string(), 6),
            right(&to(Standing::Eligible), 9),
            right(&to(Standing::Ineligible), 10),
            right(&to(Standing::Undetermined), 12),
        );
    }
    let _ = writeln!(
        text,
        "{}",
        counted(readings.patients, "patient", "patients")
    );
    text
}
