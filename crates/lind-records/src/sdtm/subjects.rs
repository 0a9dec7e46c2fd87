//! DM: the subjects, the milestones that stand there, and their arms.

use std::collections::BTreeMap;

use lind_time::{Day, MonthEnd};

use super::dates;
use super::record::{Record, add_code};
use super::variables::Variable;
use crate::Table;
use crate::found::{Found, Origin};
use crate::intake::Intake;
use crate::place::FileId;

/// What other domains need of a subject.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    /// From which study days are counted. Nothing, if two records say different days.
    pub(crate) reference_start: Option<Day>,
    pub(crate) reference_end: Option<Day>,
    contradicts_itself: bool,
    consent: Option<Day>,
    first_treatment: Option<Day>,
    /// When DS says the subject was randomised.
    pub(crate) randomised: Option<String>,
    arms: Vec<Arm>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Arm {
    codes: String,
    file: FileId,
    line: u32,
}

/// The subjects by name.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    by_name: BTreeMap<String, Subject>,
}

/// Words in the place of an arm for those who have none.
const NO_ARM: [&str; 5] = ["SCRNFAIL", "NOTASSGN", "NOTTRT", "UNPLAN", "NA"];

/// The dates of DM that are milestones.
const MILESTONES: [(Variable, &str); 5] = [
    (Variable::Consent, "RFICDTC"),
    (Variable::ReferenceStart, "RFSTDTC"),
    (Variable::ReferenceEnd, "RFENDTC"),
    (Variable::FirstTreatment, "RFXSTDTC"),
    (Variable::LastTreatment, "RFXENDTC"),
];

impl Subjects {
    pub(crate) fn get(&self, name: &str) -> Option<&Subject> {
        self.by_name.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Subject> {
        self.by_name.get_mut(name)
    }

    /// Takes a record of DM.
    pub(crate) fn add(&mut self, record: &Record<'_>, intake: &mut Intake) {
        const SEX: usize = Table::Patients.column("sex");
        const BIRTH: usize = Table::Patients.column("birth_date");
        const DEATH: usize = Table::Patients.column("death_date");
        const CODE: usize = Table::Milestones.column("milestone");
        const TIME: usize = Table::Milestones.column("time");

        self.remember(record);
        let birth = birth(record);
        let death = death(record);
        let mut found = record.found(Table::Patients);
        found
            .set(SEX, sex(record.get(Variable::Sex)))
            .set(BIRTH, &birth)
            .set(DEATH, &death);
        intake.row(&found);
        for (variable, name) in MILESTONES {
            let time = dates::plain(record.get(variable));
            if time.is_empty() {
                continue;
            }
            let code = format!("dm|{name}");
            let mut found = record.found(Table::Milestones);
            found.set(CODE, &code).set(TIME, &time);
            intake.row(&found);
        }
    }

    fn remember(&mut self, record: &Record<'_>) {
        let name = record.subject();
        if name.is_empty() {
            return;
        }
        let is_new = !self.by_name.contains_key(name);
        let subject = self.by_name.entry(name.to_owned()).or_default();
        let day = |variable| dates::day(record.get(variable));
        let start = day(Variable::ReferenceStart);
        if is_new {
            subject.reference_start = start;
        } else if start != subject.reference_start || subject.contradicts_itself {
            subject.contradicts_itself = true;
            subject.reference_start = None;
        }
        let fill = |place: &mut Option<Day>, variable| *place = place.or(day(variable));
        fill(&mut subject.reference_end, Variable::ReferenceEnd);
        fill(&mut subject.consent, Variable::Consent);
        fill(&mut subject.first_treatment, Variable::FirstTreatment);
        let mut codes = String::new();
        for (variable, system) in [
            (Variable::ArmCode, "armcd"),
            (Variable::ActualArmCode, "actarmcd"),
        ] {
            let arm = record.get(variable);
            if !arm.is_empty() && !NO_ARM.contains(&arm.to_ascii_uppercase().as_str()) {
                add_code(&mut codes, system, arm);
            }
        }
        if !codes.is_empty() && subject.arms.iter().all(|arm| arm.codes != codes) {
            subject.arms.push(Arm {
                codes,
                file: record.file,
                line: record.row.line,
            });
        }
    }

    /// Hands over to which arms the subjects were assigned, after DS said when.
    pub(crate) fn assign(&self, intake: &mut Intake) {
        const CODE: usize = Table::Assignments.column("assigned");
        const TIME: usize = Table::Assignments.column("time");
        for (name, subject) in &self.by_name {
            let time = subject.randomised.clone().unwrap_or_else(|| {
                let first = subject.first_treatment.or(subject.reference_start);
                match (subject.consent, first) {
                    (Some(consent), Some(first)) if consent <= first => {
                        format!("{consent}/{first}")
                    }
                    (_, Some(first)) => dates::until(first),
                    (Some(consent), None) => dates::from(consent),
                    (None, None) => String::new(),
                }
            });
            for arm in &subject.arms {
                let origin = Origin {
                    file: arm.file,
                    line: arm.line,
                    entry: 0,
                    record: "",
                };
                let mut found = Found::new(Table::Assignments, name, origin);
                found.set(CODE, &arm.codes).set(TIME, &time);
                intake.row(&found);
            }
        }
    }
}

fn sex(text: &str) -> &str {
    match text.to_ascii_uppercase().as_str() {
        "F" => "female",
        "M" => "male",
        "U" | "UNK" | "UNKNOWN" => "unknown",
        "UNDIFFERENTIATED" | "INTERSEX" => "other",
        _ => text,
    }
}

/// The day of birth; by the age on the reference day where it is not recorded.
fn birth(record: &Record<'_>) -> String {
    let date = dates::plain(record.get(Variable::Birth));
    if !date.is_empty() {
        return date.into_owned();
    }
    by_age(record).unwrap_or_default()
}

/// Between which days somebody was born who has this age. At which of the two reference dates the
/// age was taken is the sponsor's choice, so both count; and a day is added for 29 February.
fn by_age(record: &Record<'_>) -> Option<String> {
    let whole = record.get(Variable::Age).split('.').next()?;
    let age: i64 = whole.parse().ok().filter(|age| (0..=1500).contains(age))?;
    let days: Vec<Day> = [Variable::Consent, Variable::ReferenceStart]
        .into_iter()
        .filter_map(|variable| dates::day(record.get(variable)))
        .collect();
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    let months = |day: Day, months: i64| Some(day.add_months(-months, MonthEnd::LastDay)?.0);
    let (from, until) = match record.capitals(Variable::AgeUnit).as_str() {
        "YEARS" => (months(first, 12 * (age + 1))?, months(last, 12 * age)?),
        "MONTHS" => (months(first, age + 1)?, months(last, age)?),
        "WEEKS" => (first.add_days(-7 * (age + 1))?, last.add_days(-7 * age)?),
        "DAYS" => (first.add_days(-(age + 1))?, last.add_days(-age)?),
        _ => return None,
    };
    Some(format!("{from}/{}", until.add_days(1)?))
}

/// The day of death. Of somebody who died nobody wrote down when, it is after the last day known.
fn death(record: &Record<'_>) -> String {
    let date = dates::plain(record.get(Variable::Death));
    if !date.is_empty() || !record.get(Variable::Died).eq_ignore_ascii_case("Y") {
        return date.into_owned();
    }
    let known = [
        Variable::Consent,
        Variable::ReferenceStart,
        Variable::FirstTreatment,
    ];
    known
        .into_iter()
        .filter_map(|variable| dates::day(record.get(variable)))
        .max()
        .map_or_else(|| "0001-01-01/".to_owned(), dates::from)
}
