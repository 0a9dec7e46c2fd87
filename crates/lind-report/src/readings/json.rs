//! Readings as JSON, schema `lind.readings/1`.

use serde::Serialize;

use crate::json::line;
use crate::names;
use crate::readings::Readings;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.readings/1";

#[derive(Serialize)]
struct WireReadings<'a> {
    schema: &'static str,
    patients: u64,
    readings: Vec<WireReading<'a>>,
}

#[derive(Serialize)]
struct WireReading<'a> {
    name: &'a str,
    question: &'a str,
    chosen: &'a str,
    /// Why the protocol chooses what it chooses.
    reason: Option<&'a str>,
    alternatives: Vec<WireAlternative<'a>>,
}

#[derive(Serialize)]
struct WireAlternative<'a> {
    name: &'a str,
    title: Option<&'a str>,
    chosen: bool,
    flips: Vec<WireFlip<'a>>,
    /// How often a criterion turns out otherwise and the patient stands where it stood.
    silent: u64,
}

#[derive(Serialize)]
struct WireFlip<'a> {
    patient: &'a str,
    gate: &'a str,
    from: &'static str,
    to: &'static str,
    criteria: Vec<&'a str>,
}

/// All readings as one JSON object, without a line break at its end.
#[must_use]
pub fn readings_json(readings: &Readings<'_>) -> String {
    let plan = readings.plan;
    let wire = readings.shown().map(|(id, reading)| {
        let chosen = plan.choices.of(id);
        let alternatives = reading.alternatives.iter().enumerate();
        let alternatives = alternatives.map(|(index, alternative)| {
            let other = readings
                .others
                .iter()
                .find(|other| other.reading == id && other.alternative == index);
            let flips = other
                .map(|other| other.flips.as_slice())
                .unwrap_or_default();
            WireAlternative {
                name: &alternative.name,
                title: alternative.title.as_deref(),
                chosen: index == chosen,
                flips: flips
                    .iter()
                    .map(|flip| WireFlip {
                        patient: &flip.patient,
                        gate: names::milestone(plan, flip.gate),
                        from: flip.from.word(),
                        to: flip.to.word(),
                        criteria: flip
                            .criteria
                            .iter()
                            .map(|criterion| names::criterion_id(plan, *criterion))
                            .collect(),
                    })
                    .collect(),
                silent: other.map_or(0, |other| other.silent),
            }
        });
        WireReading {
            name: &reading.name,
            question: &reading.question,
            chosen: reading
                .alternatives
                .get(chosen)
                .map_or("", |alternative| &alternative.name),
            reason: reading.reason.as_deref(),
            alternatives: alternatives.collect(),
        }
    });
    line(&WireReadings {
        schema: SCHEMA,
        patients: readings.patients,
        readings: wire.collect(),
    })
}
