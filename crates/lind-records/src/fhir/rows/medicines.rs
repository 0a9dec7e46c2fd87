//! Drugs: ordered, given, dispensed, or said to be taken.

use super::people;
use crate::Table;
use crate::fhir::draft::Draft;
use crate::fhir::elements::{Concept, Dosage, Number, Period, Quantity, Repeat, Timing, text};
use crate::fhir::out::Out;
use crate::fhir::resources::{GivenDosage, Medicine, StatedDosage};
use crate::fhir::scope::Scope;
use crate::fhir::systems;
use crate::rules;

const CODE: usize = Table::Treatments.column("code");
const START: usize = Table::Treatments.column("start");
const END: usize = Table::Treatments.column("end");
const DOSE: usize = Table::Treatments.column("dose");
const UNIT: usize = Table::Treatments.column("unit");
const FREQUENCY: usize = Table::Treatments.column("frequency");
const ROUTE: usize = Table::Treatments.column("route");
const INDICATION: usize = Table::Treatments.column("indication");
const STATUS: usize = Table::Treatments.column("status");

/// Over at a time that nobody wrote down.
const ENDED: &str = "ended";

/// Not even that is known.
const UNKNOWN: &str = "unknown";

/// What the status of a record says of the treatment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It is going on, unless an end is given.
    Going,
    /// It was carried out as it was meant: over at the end that is given, or at an unknown time.
    Done,
    /// It was broken off: over at an unknown time, which the end that was meant does not tell.
    BrokenOff,
    /// It was begun, and whether it is over is not known.
    Open,
    /// It never was.
    Never,
    /// It is planned.
    Planned,
    /// Its own author does not know.
    Unsaid,
}

/// An order.
pub(in crate::fhir) fn request(order: &Medicine<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let bounds = bounds(&order.dosage_instruction);
    let (from, to) = bounds.map_or(("", ""), |bounds| (text(&bounds.start), text(&bounds.end)));
    let start = if from.is_empty() {
        text(&order.authored_on)
    } else {
        from
    };
    let is_meant = matches!(text(&order.intent), "proposal" | "plan" | "option");
    let course = match text(&order.status) {
        "active" | "stopped" | "completed" | "on-hold" if order.do_not_perform == Some(true) => {
            Course::Never
        }
        "active" | "on-hold" if is_meant => Course::Planned,
        "active" => Course::Going,
        "completed" => Course::Done,
        "stopped" => Course::BrokenOff,
        "on-hold" => Course::Open,
        "draft" => Course::Planned,
        "cancelled" | "entered-in-error" => Course::Never,
        "unknown" => Course::Unsaid,
        other => return wrong_status("MedicationRequest", order, other, scope, out),
    };
    let dosage = order.dosage_instruction.as_slice();
    let when = (
        if course == Course::Planned {
            from
        } else {
            start
        },
        to,
        course,
    );
    row(
        "MedicationRequest",
        order,
        when,
        |row| write_dosage(row, dosage),
        scope,
        out,
    );
}

/// An administration.
pub(in crate::fhir) fn administration(
    given: &Medicine<'_>,
    dosage: &GivenDosage<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let (start, end) = effective(given);
    let course = match text(&given.status) {
        "in-progress" => Course::Going,
        "completed" => Course::Done,
        // What is given at one time is over then, however it was meant.
        "stopped" if end.is_empty() => Course::BrokenOff,
        "stopped" => Course::Done,
        "on-hold" => Course::Open,
        "not-done" | "entered-in-error" => Course::Never,
        "unknown" => Course::Unsaid,
        other => return wrong_status("MedicationAdministration", given, other, scope, out),
    };
    let write = |row: &mut Draft| {
        if let Some(dosage) = &dosage.dosage {
            write_dose(row, &dosage.dose);
            write_route(row, &dosage.route);
        }
    };
    row(
        "MedicationAdministration",
        given,
        (start, end, course),
        write,
        scope,
        out,
    );
}

/// What somebody says is taken.
pub(in crate::fhir) fn statement(
    said: &Medicine<'_>,
    dosage: &StatedDosage<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let (start, end) = match &said.effective_period {
        Some(_) => effective(said),
        // That it is taken now does not say until when.
        None => (text(&said.effective_date_time), ""),
    };
    let asserted;
    let start = if start.is_empty() && !text(&said.date_asserted).is_empty() {
        asserted = format!("/{}", text(&said.date_asserted));
        &asserted
    } else {
        start
    };
    let course = match text(&said.status) {
        "active" => Course::Going,
        "completed" => Course::Done,
        "stopped" if end.is_empty() => Course::BrokenOff,
        "stopped" => Course::Done,
        "on-hold" => Course::Open,
        "not-taken" | "entered-in-error" => Course::Never,
        "intended" => Course::Planned,
        "unknown" => Course::Unsaid,
        other => return wrong_status("MedicationStatement", said, other, scope, out),
    };
    let write = |row: &mut Draft| write_dosage(row, &dosage.dosage);
    row(
        "MedicationStatement",
        said,
        (start, end, course),
        write,
        scope,
        out,
    );
}

/// What was handed out.
pub(in crate::fhir) fn dispense(dispensed: &Medicine<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let handed_over = text(&dispensed.when_handed_over);
    let start = if handed_over.is_empty() {
        text(&dispensed.when_prepared)
    } else {
        handed_over
    };
    let course = match text(&dispensed.status) {
        "completed" | "in-progress" => Course::Open,
        "stopped" => Course::BrokenOff,
        "preparation" => Course::Planned,
        "cancelled" | "declined" | "entered-in-error" => Course::Never,
        "on-hold" | "unknown" => Course::Unsaid,
        other => return wrong_status("MedicationDispense", dispensed, other, scope, out),
    };
    let dosage = dispensed.dosage_instruction.as_slice();
    row(
        "MedicationDispense",
        dispensed,
        (start, "", course),
        |row| write_dosage(row, dosage),
        scope,
        out,
    );
}

/// From when to when: one time is both.
fn effective<'r>(medicine: &'r Medicine<'_>) -> (&'r str, &'r str) {
    match &medicine.effective_period {
        Some(period) => (text(&period.start), text(&period.end)),
        None => {
            let time = text(&medicine.effective_date_time);
            (time, time)
        }
    }
}

fn row(
    kind: &'static str,
    medicine: &Medicine<'_>,
    (start, end, course): (&str, &str, Course),
    write_more: impl FnOnce(&mut Draft),
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let patient = match scope.whose(&medicine.subject, &medicine.contained) {
        crate::fhir::scope::Whose::Nobodys(other) => return out.sink.unread(kind, other),
        crate::fhir::scope::Whose::Patient(patient) => patient,
        crate::fhir::scope::Whose::Unsaid => "".into(),
    };
    let whose = (Table::Treatments, &*patient);
    if course == Course::Planned {
        let code = |out: &mut String| write_codes(out, medicine, scope);
        return people::planned(&patient, code, |out| out.push_str(start), scope, out);
    }
    let row = out.draft.begin(Table::Treatments, &patient);
    row.write(CODE, |out| write_codes(out, medicine, scope));
    row.set(START, start);
    match (course, end) {
        (Course::BrokenOff, _) | (Course::Done, "") => row.set(END, ENDED),
        (Course::Open, "") => row.set(END, UNKNOWN),
        _ => row.set(END, end),
    };
    write_more(row);
    if let [reason] = medicine.reason_code.as_slice() {
        row.write(INDICATION, |out| systems::write_word(out, reason, &[]));
    }
    match course {
        Course::Never => {
            row.set(STATUS, "cancelled");
        }
        Course::Unsaid => {
            return out.not_settled(whose, scope.origin, "status", text(&medicine.status));
        }
        _ => {}
    }
    row.extensions(&medicine.extension);
    if row.cell(CODE).is_empty()
        && medicine.medication_reference.is_some()
        && course != Course::Never
    {
        let reference = medicine
            .medication_reference
            .as_ref()
            .map_or("", |to| text(&to.reference));
        let message = format!(
            "the drug is {}, which is not in the data: which drug it is is not known",
            crate::excerpt::quoted(reference)
        );
        let rule = (&rules::D0778_UNRESOLVED_REFERENCE, "medicationReference");
        return out.unusable(whose, scope.origin, rule, message);
    }
    out.row(scope.origin);
}

fn wrong_status(
    kind: &'static str,
    medicine: &Medicine<'_>,
    status: &str,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let patient = match scope.whose(&medicine.subject, &medicine.contained) {
        crate::fhir::scope::Whose::Nobodys(other) => return out.sink.unread(kind, other),
        crate::fhir::scope::Whose::Patient(patient) => patient,
        crate::fhir::scope::Whose::Unsaid => "".into(),
    };
    let whose = (Table::Treatments, &*patient);
    let row = out.draft.begin(Table::Treatments, &patient);
    row.write(CODE, |out| write_codes(out, medicine, scope));
    if status.is_empty() {
        out.without_status(whose, scope.origin);
    } else {
        out.unknown_status(whose, scope.origin, status);
    }
}

fn write_codes(out: &mut String, medicine: &Medicine<'_>, scope: &Scope<'_>) {
    if let Some(code) = &medicine.medication_codeable_concept {
        systems::write_codes(out, code);
    } else if let Some(codes) =
        scope.medication(&medicine.medication_reference, &medicine.contained)
    {
        out.push_str(&codes);
    }
}

fn bounds<'r, 'a>(dosages: &'r [Dosage<'a>]) -> Option<&'r Period<'a>> {
    let [only] = dosages else {
        return None;
    };
    only.timing
        .as_ref()?
        .repeat
        .as_ref()?
        .bounds_period
        .as_ref()
}

/// Writes how a drug is taken. Of several instructions at once none is the dose.
fn write_dosage(row: &mut Draft, dosages: &[Dosage<'_>]) {
    if let Some(first) = dosages.first() {
        write_route(row, &first.route);
    }
    let [dosage] = dosages else {
        return;
    };
    if let [dose] = dosage.dose_and_rate.as_slice() {
        write_dose(row, &dose.dose_quantity);
    }
    let as_needed =
        dosage.as_needed_boolean == Some(true) || dosage.as_needed_codeable_concept.is_some();
    if as_needed {
        row.set(FREQUENCY, "as_needed");
    } else if let Some(timing) = &dosage.timing {
        row.write(FREQUENCY, |out| write_frequency(out, timing));
    }
}

fn write_dose(row: &mut Draft, dose: &Option<Quantity<'_>>) {
    if let Some(dose) = dose
        && text(&dose.comparator).is_empty()
    {
        row.set(DOSE, dose.value.map_or("", Number::digits));
        row.write(UNIT, |out| systems::write_unit(out, dose));
    }
}

fn write_route(row: &mut Draft, route: &Option<Concept<'_>>) {
    if let Some(route) = route {
        row.write(ROUTE, |out| {
            systems::write_word(out, route, systems::ROUTES)
        });
    }
}

/// The codes for how often, and Lind's words for them.
const CODES: &[(&str, &str)] = &[
    ("QD", "daily"),
    ("AM", "daily"),
    ("PM", "daily"),
    ("BED", "daily"),
    ("BID", "twice_daily"),
    ("TID", "three_times_daily"),
    ("QID", "four_times_daily"),
    ("QOD", "every_other_day"),
    ("WK", "weekly"),
    ("Q12H", "twice_daily"),
    ("Q8H", "three_times_daily"),
    ("Q6H", "four_times_daily"),
];

/// Writes how often: one of Lind's words if one fits, else what is written, which then is told to be
/// no word for it.
fn write_frequency(out: &mut String, timing: &Timing<'_>) {
    if let Some(repeat) = &timing.repeat
        && (repeat.frequency.is_some() || repeat.period.is_some())
    {
        return write_repeat(out, repeat);
    }
    if let Some(code) = &timing.code {
        let word = code.coding.iter().find_map(|coding| {
            let code = text(&coding.code);
            CODES
                .iter()
                .find(|(other, _)| code.eq_ignore_ascii_case(other))
        });
        match word {
            Some((_, word)) => out.push_str(word),
            None => systems::write_word(out, code, &[]),
        }
        return;
    }
    match &timing.repeat {
        Some(repeat)
            if !repeat.when.is_empty()
                || !repeat.time_of_day.is_empty()
                || !repeat.day_of_week.is_empty() =>
        {
            out.push_str("at_stated_times");
        }
        _ => {}
    }
}

fn write_repeat(out: &mut String, repeat: &Repeat<'_>) {
    let frequency = repeat.frequency.map_or("1", Number::digits);
    let period = repeat.period.map_or("1", Number::digits);
    let unit = text(&repeat.period_unit);
    let is_open = repeat.frequency_max.is_some()
        || repeat.period_max.is_some()
        || !repeat.day_of_week.is_empty();
    let word = match (frequency, period, unit) {
        _ if is_open => None,
        ("1", "1", "d") | ("1", "24", "h") => Some("daily"),
        ("2", "1", "d") | ("1", "12", "h") => Some("twice_daily"),
        ("3", "1", "d") | ("1", "8", "h") => Some("three_times_daily"),
        ("4", "1", "d") | ("1", "6", "h") => Some("four_times_daily"),
        ("1", "2", "d") | ("1", "48", "h") => Some("every_other_day"),
        ("1", "7", "d") | ("1", "1", "wk") => Some("weekly"),
        ("1", "14", "d") | ("1", "2", "wk") => Some("every_2_weeks"),
        _ => None,
    };
    match word {
        Some(word) => out.push_str(word),
        None => {
            for part in [frequency, "_times_in_", period, "_", unit] {
                out.push_str(part);
            }
        }
    }
}
