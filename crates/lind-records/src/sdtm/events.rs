//! Events: diagnoses, adverse events, dispositions; and visits.

use super::record::{End, Record, add_code};
use super::subjects::Subjects;
use super::variables::Variable;
use crate::Table;
use crate::intake::Intake;

/// What an event is coded by.
const CODES: [Variable; 4] = [
    Variable::Decoded,
    Variable::Term,
    Variable::PreferredCode,
    Variable::LowestCode,
];

/// Takes a record of MH. Whether it is a row: what did not happen is none.
pub(crate) fn take_history(record: &Record<'_>, subjects: &Subjects, intake: &mut Intake) -> bool {
    const CODE: usize = Table::Conditions.column("code");
    const ONSET: usize = Table::Conditions.column("onset");
    const ABATEMENT: usize = Table::Conditions.column("abatement");
    const STATUS: usize = Table::Conditions.column("status");
    const SEVERITY: usize = Table::Conditions.column("severity");
    const BODY_SITE: usize = Table::Conditions.column("body_site");

    let codes = record.codes(&CODES);
    if let Some(is_row) = record.unless_it_happened(Table::Conditions, &codes, intake) {
        return is_row;
    }
    let subject = subjects.get(record.subject());
    let onset = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let end = record.end(subjects, intake);
    let body_site = record.body_site();
    let mut found = record.found(Table::Conditions);
    found
        .set(CODE, &codes)
        .set(ONSET, &onset)
        .set(SEVERITY, record.get(Variable::Severity))
        .set(BODY_SITE, &body_site);
    match &end {
        End::At(time) => found.set(ABATEMENT, time),
        End::Ended => found.set(STATUS, "resolved"),
        End::GoingOn => found.set(STATUS, "active"),
        End::NotRecorded => &mut found,
    };
    record.hand_over(&found, intake);
    true
}

/// Takes a record of AE. Whether it is a row.
pub(crate) fn take_adverse_event(
    record: &Record<'_>,
    subjects: &Subjects,
    intake: &mut Intake,
) -> bool {
    const TERM: usize = Table::AdverseEvents.column("term");
    const GRADE: usize = Table::AdverseEvents.column("grade");
    const ONSET: usize = Table::AdverseEvents.column("onset");
    const END: usize = Table::AdverseEvents.column("end");
    const RELATED: usize = Table::AdverseEvents.column("related");
    const SERIOUS: usize = Table::AdverseEvents.column("serious");

    let codes = record.codes(&CODES);
    if let Some(is_row) = record.unless_it_happened(Table::AdverseEvents, &codes, intake) {
        return is_row;
    }
    let subject = subjects.get(record.subject());
    let onset = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let end = record.end(subjects, intake);
    let grade = record.get(Variable::Grade);
    let grade = match grade.get(..6) {
        Some(word) if word.eq_ignore_ascii_case("GRADE ") => grade.get(6..).unwrap_or(grade),
        _ => grade,
    };
    let mut found = record.found(Table::AdverseEvents);
    found
        .set(TERM, &codes)
        .set(GRADE, grade)
        .set(ONSET, &onset)
        .set(RELATED, record.get(Variable::Related))
        .set(SERIOUS, record.get(Variable::Serious));
    if let End::At(time) = &end {
        found.set(END, time);
    }
    record.hand_over(&found, intake);
    true
}

/// Takes a record of DS: something that happened on the way through the study.
pub(crate) fn take_disposition(record: &Record<'_>, subjects: &mut Subjects, intake: &mut Intake) {
    const CODE: usize = Table::Milestones.column("milestone");
    const TIME: usize = Table::Milestones.column("time");

    let codes = record.codes(&[Variable::Decoded, Variable::Term]);
    let subject = subjects.get(record.subject());
    let time = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let mut found = record.found(Table::Milestones);
    found.set(CODE, &codes).set(TIME, &time);
    record.hand_over(&found, intake);
    if record.capitals(Variable::Decoded) == "RANDOMIZED"
        && let Some(subject) = subjects.get_mut(record.subject())
        && !time.is_empty()
    {
        subject.randomised.get_or_insert_with(|| time.into_owned());
    }
}

/// Takes a record of SV. Whether it is a row: a visit that did not take place is none.
pub(crate) fn take_visit(record: &Record<'_>, subjects: &Subjects, intake: &mut Intake) -> bool {
    const CODE: usize = Table::Visits.column("visit");
    const START: usize = Table::Visits.column("start");
    const END: usize = Table::Visits.column("end");

    let mut codes = String::new();
    for (system, variable) in [
        ("visit", Variable::Visit),
        ("visitnum", Variable::VisitNumber),
    ] {
        let text = record.get(variable);
        if !text.is_empty() {
            add_code(&mut codes, system, text);
        }
    }
    if let Some(is_row) = record.unless_it_happened(Table::Visits, &codes, intake) {
        return is_row;
    }
    let subject = subjects.get(record.subject());
    let start = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let end = record.time(Variable::End, Variable::EndDay, subject, intake);
    let mut found = record.found(Table::Visits);
    found.set(CODE, &codes).set(START, &start).set(END, &end);
    record.hand_over(&found, intake);
    true
}
