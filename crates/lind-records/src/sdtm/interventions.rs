//! Interventions: drugs, the study treatment and procedures.

use super::domain::Kind;
use super::record::{End, Record};
use super::subjects::Subjects;
use super::variables::Variable;
use crate::excerpt::quoted;
use crate::intake::Intake;
use crate::{Table, rules};

/// Takes a record of CM, EX or EC. Whether it is a row: what did not happen, or is planned, is none.
pub(crate) fn take_treatment(
    record: &Record<'_>,
    kind: Kind,
    subjects: &Subjects,
    intake: &mut Intake,
) -> bool {
    const CODE: usize = Table::Treatments.column("code");
    const START: usize = Table::Treatments.column("start");
    const END: usize = Table::Treatments.column("end");
    const DOSE: usize = Table::Treatments.column("dose");
    const UNIT: usize = Table::Treatments.column("unit");
    const FREQUENCY: usize = Table::Treatments.column("frequency");
    const ROUTE: usize = Table::Treatments.column("route");
    const INDICATION: usize = Table::Treatments.column("indication");
    const INVESTIGATIONAL: usize = Table::Treatments.column("investigational");

    if record.capitals(Variable::Mood) == "SCHEDULED" {
        return false;
    }
    let codes = record.codes(&[Variable::Decoded, Variable::Treatment, Variable::ClassCode]);
    if let Some(is_row) = record.unless_it_happened(Table::Treatments, &codes, intake) {
        return is_row;
    }
    let subject = subjects.get(record.subject());
    let start = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let end = record.end(subjects, intake);
    let mut found = record.found(Table::Treatments);
    found
        .set(CODE, &codes)
        .set(START, &start)
        .set(
            END,
            match &end {
                End::At(time) => time,
                End::Ended => "ended",
                End::GoingOn => "",
                End::NotRecorded => "unknown",
            },
        )
        .set(FREQUENCY, record.get(Variable::Frequency))
        .set(ROUTE, record.get(Variable::Route))
        .set(INDICATION, record.get(Variable::Indication));
    let (dose, unit) = (record.get(Variable::Dose), record.get(Variable::DoseUnit));
    let is_known = unit.is_empty() || intake.names.units.intern(unit).is_ok();
    if !dose.is_empty() && is_known {
        found.set(DOSE, dose).set(UNIT, unit);
    } else if !dose.is_empty() && intake.wants(Table::Treatments) {
        let name = record.layout.name(Variable::DoseUnit);
        let message = format!(
            "{} in `{name}` is no known unit; the row is used without its dose",
            quoted(unit)
        );
        record.remark(&rules::D0788_LEFT_OUT, message, intake);
    }
    if kind == Kind::Exposures {
        found.set(INVESTIGATIONAL, "yes");
    }
    record.hand_over(&found, intake);
    true
}

/// Takes a record of PR. Whether it is a row.
pub(crate) fn take_procedure(
    record: &Record<'_>,
    subjects: &Subjects,
    intake: &mut Intake,
) -> bool {
    const CODE: usize = Table::Procedures.column("code");
    const TIME: usize = Table::Procedures.column("time");
    const BODY_SITE: usize = Table::Procedures.column("body_site");

    let codes = record.codes(&[Variable::Decoded, Variable::Treatment]);
    if let Some(is_row) = record.unless_it_happened(Table::Procedures, &codes, intake) {
        return is_row;
    }
    let subject = subjects.get(record.subject());
    let time = record.time(Variable::Start, Variable::StartDay, subject, intake);
    let body_site = record.body_site();
    let mut found = record.found(Table::Procedures);
    found
        .set(CODE, &codes)
        .set(TIME, &time)
        .set(BODY_SITE, &body_site);
    record.hand_over(&found, intake);
    true
}
