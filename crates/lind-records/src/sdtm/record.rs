//! One record, with all that is read of it the same way in every domain.

use std::borrow::Cow;

use super::dates::{self, Weighed};
use super::row::Row;
use super::subjects::{Subject, Subjects};
use super::variables::{Layout, Variable};
use crate::Table;
use crate::found::{CODE_END, Found, Lost, Origin};
use crate::intake::{Intake, Said};
use crate::place::FileId;
use crate::rules;

/// One record of a data set.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    pub(crate) row: &'r Row,
    pub(crate) layout: &'r Layout,
    pub(crate) file: FileId,
    pub(crate) file_name: &'r str,
    /// `LB/12`, by domain and sequence number.
    pub(crate) name: &'r str,
    /// What qualifiers say of it.
    pub(crate) said: &'r [Said],
}

/// What a record says of whether something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occurred {
    Yes,
    /// It was asked for, and did not.
    No,
    /// It was asked for, and what the answer was is not known.
    NotKnown,
}

impl<'r> Record<'r> {
    pub(crate) fn get(&self, variable: Variable) -> &'r str {
        self.layout.get(self.row, variable)
    }

    /// The text in capitals.
    pub(crate) fn capitals(&self, variable: Variable) -> String {
        self.get(variable).to_ascii_uppercase()
    }

    pub(crate) fn subject(&self) -> &'r str {
        self.get(Variable::Subject)
    }

    pub(crate) fn origin(&self) -> Origin<'r> {
        Origin {
            file: self.file,
            line: self.row.line,
            entry: 0,
            record: self.name,
        }
    }

    pub(crate) fn found(&self, table: Table) -> Found<'r> {
        Found::new(table, self.subject(), self.origin())
    }

    /// Hands over the row of the record, with what qualifiers say of it.
    pub(crate) fn hand_over(&self, found: &Found<'_>, intake: &mut Intake) {
        intake.row_saying(found, self.said);
    }

    /// The codes under which a row is looked for: `aedecod|NAUSEA`.
    pub(crate) fn codes(&self, variables: &[Variable]) -> String {
        let mut codes = String::new();
        for &variable in variables {
            let text = self.get(variable);
            if text.is_empty() {
                continue;
            }
            let system = match variable {
                Variable::Loinc => "loinc".to_owned(),
                Variable::PreferredCode | Variable::LowestCode => "meddra".to_owned(),
                _ => self.layout.name(variable).to_ascii_lowercase(),
            };
            add_code(&mut codes, &system, text);
        }
        codes
    }

    /// A date, weighed against its study day. A contradiction is told.
    pub(crate) fn time(
        &self,
        date: Variable,
        day: Variable,
        subject: Option<&Subject>,
        intake: &mut Intake,
    ) -> Cow<'r, str> {
        let reference = subject.and_then(|subject| subject.reference_start);
        let Weighed {
            time,
            contradiction,
        } = dates::weigh(self.get(date), self.get(day), reference);
        if let Some(contradiction) = contradiction {
            let (date, day) = (self.layout.name(date), self.layout.name(day));
            let message = if time.is_empty() {
                format!("{contradiction}; `{day}` is left out")
            } else {
                format!("`{date}` is {time}, and by `{day}` {contradiction}; the date is used")
            };
            self.remark(&rules::D0781_DAY_CONTRADICTS_DATE, message, intake);
        }
        time
    }

    pub(crate) fn remark(
        &self,
        rule: &'static lind_diagnostics::Rule,
        message: String,
        intake: &mut Intake,
    ) {
        intake.remark(rule, self.file_name, self.row.line, message);
    }

    /// Whether what the record is about happened.
    fn occurred(&self) -> Occurred {
        let occurrence = self.capitals(Variable::Occurrence);
        match occurrence.as_str() {
            "N" | "NO" => Occurred::No,
            "Y" | "YES" => Occurred::Yes,
            "" => {
                let was_asked = matches!(self.get(Variable::Prespecified), "Y" | "y")
                    && self.layout.has(Variable::Occurrence);
                let has_status = !self.get(Variable::Status).is_empty();
                if was_asked || has_status {
                    Occurred::NotKnown
                } else {
                    Occurred::Yes
                }
            }
            _ => Occurred::NotKnown,
        }
    }

    /// Whether the record is a row of the table all the same, if it does not say that something
    /// happened: what did not is none, and what nobody knows is a loss. None: it happened.
    pub(crate) fn unless_it_happened(
        &self,
        table: Table,
        codes: &str,
        intake: &mut Intake,
    ) -> Option<bool> {
        match self.occurred() {
            Occurred::Yes => None,
            Occurred::No => Some(false),
            Occurred::NotKnown => {
                self.lose_as_not_known(table, codes, intake);
                Some(true)
            }
        }
    }

    /// A record that says that nobody knows whether something happened.
    fn lose_as_not_known(&self, table: Table, codes: &str, intake: &mut Intake) {
        let status = self.layout.name(Variable::Status);
        let occurrence = self.layout.name(Variable::Occurrence);
        intake.lost(&Lost {
            tables: &[table],
            patient: Some(self.subject()),
            codes,
            rule: &rules::D0786_NOT_ASKED,
            column: None,
            message: format!(
                "it was to be asked whether this happened, and by `{occurrence}` and `{status}` the \
                 answer is not known"
            ),
            origin: self.origin(),
        });
    }

    /// The place on the body, with its side: `LEFT EYE`.
    pub(crate) fn body_site(&self) -> Cow<'r, str> {
        let (side, site) = (self.get(Variable::Side), self.get(Variable::Location));
        if side.is_empty() || site.is_empty() {
            return Cow::Borrowed(site);
        }
        Cow::Owned(format!("{side} {site}"))
    }
}

/// Adds a code to those of a row.
pub(crate) fn add_code(codes: &mut String, system: &str, code: &str) {
    if !codes.is_empty() {
        codes.push(CODE_END);
    }
    codes.push_str(system);
    codes.push('|');
    // A mark between codes is none within one.
    codes.extend(code.chars().filter(|character| *character != CODE_END));
}

/// When something that began ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End<'r> {
    /// At a time, or between two.
    At(Cow<'r, str>),
    /// At a time that nobody wrote down.
    Ended,
    /// It is still going on.
    GoingOn,
    /// Not even that is recorded.
    NotRecorded,
}

impl<'r> Record<'r> {
    /// When it ended: by its date, else by its relation to a point in time or to the study.
    pub(crate) fn end(&self, subjects: &Subjects, intake: &mut Intake) -> End<'r> {
        let subject = subjects.get(self.subject());
        let time = self.time(Variable::End, Variable::EndDay, subject, intake);
        if !time.is_empty() {
            return End::At(time);
        }
        let point = dates::day(self.get(Variable::Point));
        match self.capitals(Variable::EndToPoint).as_str() {
            "" => {}
            "ONGOING" => return End::GoingOn,
            "BEFORE" => return at(point.map(dates::until)).unwrap_or(End::Ended),
            "COINCIDENT" => {
                return at(point.map(|day| day.to_string())).unwrap_or(End::Ended);
            }
            "AFTER" => return at(point.map(dates::from)).unwrap_or(End::NotRecorded),
            _ => return End::NotRecorded,
        }
        let start = subject.and_then(|subject| subject.reference_start);
        let last = subject.and_then(|subject| subject.reference_end);
        match self.capitals(Variable::EndToPeriod).as_str() {
            "ONGOING" | "AFTER" => End::GoingOn,
            "BEFORE" => at(start.map(dates::until)).unwrap_or(End::Ended),
            "DURING" => match (start, last) {
                (Some(start), Some(last)) => End::At(Cow::Owned(format!("{start}/{last}"))),
                _ => End::Ended,
            },
            "DURING/AFTER" => at(start.map(dates::from)).unwrap_or(End::NotRecorded),
            _ => End::NotRecorded,
        }
    }
}

fn at(time: Option<String>) -> Option<End<'static>> {
    time.map(|time| End::At(Cow::Owned(time)))
}
