//! What cannot be read: what it may have been, and whose.

use std::collections::BTreeSet;

use super::elements::{Concept, Reference, text};
use super::fish::{self, Catch};
use super::kinds::{Kind, Named};
use super::resources::Loose;
use super::scope::{Scope, Whose};
use super::take::parse;
use super::{At, Reader, systems};
use crate::found::{Lost, Origin};
use crate::place::FileId;
use crate::{Table, rules};

/// How far into a broken record of a patient its id is looked for.
const HEAD: usize = 400;

/// How many kinds of records that are left alone are named.
const MOST_NAMED: usize = 12;

type Rule = &'static lind_diagnostics::Rule;

/// A loss whose patient was read from a broken text. Whether there is such a patient is known at
/// the end.
pub(super) struct Late {
    tables: Vec<Table>,
    patient: String,
    codes: String,
    rule: Rule,
    message: String,
    file: FileId,
    line: u32,
    entry: u32,
}

impl Reader {
    /// A text that is no JSON.
    pub(super) fn broken(
        &mut self,
        text: &str,
        error: &serde_json::Error,
        at: At<'_>,
        is_last: bool,
    ) {
        if is_last && error.is_eof() {
            return self.cut(text, None, at);
        }
        let message = format!("the record is no JSON from its {} on", place_of(error));
        self.lose(text, (&rules::D0770_BROKEN_RESOURCE, message), at);
    }

    /// A file that breaks off in this text: what followed is lost as well.
    pub(super) fn cut(&mut self, text: &str, only: Option<&str>, at: At<'_>) {
        let message = "the file breaks off here; what followed is lost".to_owned();
        let rule = &rules::D0771_CUT_OFF;
        match only {
            Some(patient) => self.late(Vec::new(), patient, (rule, message), at),
            None => {
                let fished = self.patients_in(text);
                if let [patient] = fished.as_slice() {
                    let message = "the file breaks off in the middle of this record".to_owned();
                    let tables = match fish::tables(text, Kind::of_file(at.name)) {
                        Catch::Tables(tables) => tables,
                        _ => Vec::new(),
                    };
                    self.late(tables, patient, (rule, message), at);
                }
                self.rest_lost(at, rule, &message);
            }
        }
    }

    /// A resource that was to be read and cannot.
    pub(super) fn unreadable(
        &mut self,
        text: &str,
        kind: Kind,
        error: &serde_json::Error,
        at: At<'_>,
        is_last: bool,
    ) {
        if !error.is_data() {
            return self.broken(text, error, at, is_last);
        }
        let Ok(loose) = parse::<Loose<'_>>(text) else {
            let message = format!("an element stands twice in this {}", kind.name());
            return self.lose(text, (&rules::D0772_WRONG_SHAPE, message), at);
        };
        let message = format!(
            "this {} is not built as FHIR R4 says: at its {} stands something else than belongs there",
            kind.name(),
            place_of(error)
        );
        let id = loose
            .id
            .and_then(|id| parse::<&str>(id.get()).ok())
            .unwrap_or_default();
        let record = format!("{}/{id}", kind.name());
        let mut codes = String::new();
        let concepts = [
            loose.code,
            loose.vaccine_code,
            loose.event,
            loose.medication_codeable_concept,
        ];
        for concept in concepts
            .into_iter()
            .flatten()
            .filter(|_| loose.component.is_none())
        {
            if let Ok(concept) = parse::<Concept<'_>>(concept.get()) {
                systems::write_codes(&mut codes, &concept);
            }
        }
        let reference = [loose.subject, loose.patient, loose.individual];
        let reference = reference
            .into_iter()
            .flatten()
            .find_map(|reference| parse::<Reference<'_>>(reference.get()).ok());
        let scope = Scope {
            origin: at.origin(&record),
            known: &self.known,
        };
        let patient = match (kind, scope.whose(&reference, &[])) {
            (Kind::Patient, _) => Some(id.to_owned()).filter(|id| !id.is_empty()),
            (_, Whose::Patient(patient)) => Some(patient.into_owned()),
            (_, Whose::Nobodys(_)) => return self.left_alone(kind.name(), &at),
            (_, Whose::Unsaid) => None,
        };
        self.intake.lost(&Lost {
            tables: kind.tables(),
            patient: patient.as_deref(),
            codes: &codes,
            rule: &rules::D0772_WRONG_SHAPE,
            column: None,
            message,
            origin: at.origin(&record),
        });
    }

    /// Something that is too large.
    pub(super) fn too_large(&mut self, at: At<'_>, message: &str) {
        self.rest_lost(at, &rules::D0775_TOO_LARGE, message);
    }

    /// A line that is no text.
    pub(super) fn not_utf8(&mut self, line: &[u8], at: At<'_>) {
        let text = String::from_utf8_lossy(line);
        let message = "the record holds bytes that are no UTF-8".to_owned();
        self.lose(&text, (&rules::D0712_NOT_UTF8, message), at);
    }

    /// Something of a file of which only the file's name tells what it may have been.
    pub(super) fn rest_lost(&mut self, at: At<'_>, rule: Rule, message: &str) {
        let tables: &[Table] = match Kind::of_file(at.name) {
            Named::Read(kind) => kind.tables(),
            Named::LeftAlone => {
                return self
                    .intake
                    .remark_at(rule, &at.origin(""), message.to_owned());
            }
            Named::Unknown => &[],
        };
        self.intake.lost(&Lost {
            tables,
            patient: None,
            codes: "",
            rule,
            column: None,
            message: message.to_owned(),
            origin: at.origin(""),
        });
    }

    /// A text of which as much as can be is told.
    pub(super) fn lose(&mut self, text: &str, what: (Rule, String), at: At<'_>) {
        self.lose_of(text, what, None, at);
    }

    /// A text of a bundle, whose patient is known if it is of one alone.
    pub(super) fn lose_of(
        &mut self,
        text: &str,
        (rule, message): (Rule, String),
        only: Option<&str>,
        at: At<'_>,
    ) {
        let tables = match fish::tables(text, Kind::of_file(at.name)) {
            Catch::Nothing => return self.intake.remark_at(rule, &at.origin(""), message),
            Catch::Tables(tables) => tables,
            Catch::Anything => Vec::new(),
        };
        let fished = self.patients_in(text);
        match (fished.as_slice(), only) {
            ([patient], _) => self.late(tables, patient, (rule, message), at),
            ([], Some(patient)) => self.late(tables, patient, (rule, message), at),
            _ => self.intake.lost(&Lost {
                tables: &tables,
                patient: None,
                codes: "",
                rule,
                column: None,
                message,
                origin: at.origin(""),
            }),
        }
    }

    fn late(
        &mut self,
        tables: Vec<Table>,
        patient: &str,
        (rule, message): (Rule, String),
        at: At<'_>,
    ) {
        self.late.push(Late {
            tables,
            patient: patient.to_owned(),
            codes: String::new(),
            rule,
            message,
            file: at.file,
            line: at.line,
            entry: at.entry,
        });
    }

    /// The patients that a broken text refers to, or is the record of.
    fn patients_in(&self, broken: &str) -> Vec<String> {
        let scope = Scope {
            origin: Origin {
                file: FileId(0),
                line: 1,
                entry: 0,
                record: "",
            },
            known: &self.known,
        };
        let mut patients = BTreeSet::new();
        if fish::values(broken, "resourceType").next() == Some("Patient") {
            let id = fish::values(broken, "id").next();
            let id = id.filter(|id| broken.find(&**id).is_some_and(|at| at < HEAD));
            return id.map(str::to_owned).into_iter().collect();
        }
        for target in fish::values(broken, "reference") {
            let reference = Some(Reference {
                reference: Some(super::elements::Text(target.into())),
                ..Reference::default()
            });
            let is_uuid =
                text(&reference.as_ref().and_then(|to| to.reference.clone())).starts_with("urn:");
            if let Whose::Patient(patient) = scope.whose(&reference, &[])
                && (!is_uuid || self.people.contains(&*patient))
            {
                patients.insert(patient.into_owned());
            }
        }
        patients.into_iter().collect()
    }

    /// Hands over what waited for all patients to be known.
    pub(super) fn hand_over_late(&mut self) {
        for late in std::mem::take(&mut self.late) {
            // Whether anybody has a record is not known of a part.
            let is_known = (self.people.is_empty() && !self.by_part)
                || late.tables == [Table::Patients]
                || self.people.contains(late.patient.as_str());
            self.intake.lost(&Lost {
                tables: &late.tables,
                patient: is_known.then_some(&late.patient),
                codes: &late.codes,
                rule: late.rule,
                column: None,
                message: late.message,
                origin: Origin {
                    file: late.file,
                    line: late.line,
                    entry: late.entry,
                    record: "",
                },
            });
        }
    }

    /// Tells what is left alone.
    pub(crate) fn tell_left_alone(&mut self) {
        let Some(&(_, file, line)) = self.unread.values().next() else {
            return;
        };
        let mut kinds: Vec<(&String, u64)> = self
            .unread
            .iter()
            .map(|(kind, (count, ..))| (kind, *count))
            .collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let named: Vec<String> = kinds
            .iter()
            .take(MOST_NAMED)
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let more = match kinds.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more kinds"),
        };
        let message = format!("left alone: {}{more}", named.join(", "));
        let origin = Origin {
            file,
            line,
            entry: 0,
            record: "",
        };
        self.intake
            .remark_at(&rules::D0774_LEFT_ALONE, &origin, message);
    }
}

/// Where in a text the parser stopped, in words.
fn place_of(error: &serde_json::Error) -> String {
    match error.line() {
        0 | 1 => format!("character {}", error.column()),
        line => format!("line {line}, character {}", error.column()),
    }
}
