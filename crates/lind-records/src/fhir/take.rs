//! One resource: what kind it is, and its rows.

use serde::Deserialize;

use super::elements::text;
use super::kinds::{Kind, Named};
use super::out::{Out, Sink};
use super::resources::{Head, Medication, Observation, Specimen};
use super::rows::{diagnoses, events, medicines, observations, people, procedures, questionnaires};
use super::scope::{Known, Scope};
use super::whole::Resource;
use super::{Alone, At, Reader, Unread, systems};
use crate::found::{Found, Lost, Origin};
use crate::{Table, rules};

/// How deep bundles may stand in bundles.
const DEEPEST: u8 = 4;

/// Parses a text into one of the structures: the one place where the parser stands.
pub(super) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

/// What a resource is, where its text begins with it, as nearly every one does.
fn first_type(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('{')?.trim_start();
    let rest = rest.strip_prefix("\"resourceType\"")?.trim_start();
    let rest = rest.strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (name, _) = rest.split_once('"')?;
    (!name.contains('\\')).then_some(name)
}

/// What a text is.
pub(super) enum Peeked {
    Kind(Named, String),
    /// The list of the files of a bulk export.
    Manifest,
    /// JSON that is no resource.
    NoResource,
    /// No JSON.
    Broken(serde_json::Error),
}

/// Looks what a text is.
pub(super) fn peek(text: &str) -> Peeked {
    if let Some(name) = first_type(text) {
        return Peeked::Kind(Kind::named(name), name.to_owned());
    }
    match parse::<Head<'_>>(text) {
        Ok(head) => match &head.resource_type {
            Some(_) => {
                let name = self::text(&head.resource_type);
                Peeked::Kind(Kind::named(name), name.to_owned())
            }
            None if head.transaction_time.is_some() && head.output.is_some() => Peeked::Manifest,
            None => Peeked::NoResource,
        },
        Err(error) if error.is_data() => Peeked::NoResource,
        Err(error) => Peeked::Broken(error),
    }
}

/// Takes rows, and counts what is left alone.
struct Taker<'r, 'i> {
    intake: &'r mut crate::intake::Intake,
    unread: &'r mut Unread,
    at: &'r At<'i>,
    kind: Kind,
}

impl Taker<'_, '_> {
    /// Whether the mapping file names other records as rows of all these tables. They are counted with what is left
    /// alone, which is told once for all readers of parts of the data.
    fn is_left_out(&mut self, tables: &[Table]) -> bool {
        let kind = self.kind.name();
        let is_left_out = self.intake.chosen.is_left_out(kind, tables);
        if is_left_out {
            let tables: Vec<&str> = tables.iter().map(|table| table.name()).collect();
            let tables = tables.join("] and [");
            let name = format!("{kind} that `sources` in [{tables}] does not name");
            count(self.unread, name, self.at);
        }
        is_left_out
    }
}

impl Sink for Taker<'_, '_> {
    fn row(&mut self, found: &Found<'_>) {
        if !self.is_left_out(&[found.table]) {
            self.intake.row(found);
        }
    }

    fn lost(&mut self, lost: &Lost<'_>) {
        if !self.is_left_out(lost.tables) {
            self.intake.lost(lost);
        }
    }

    fn remark(&mut self, rule: &'static lind_diagnostics::Rule, at: &Origin<'_>, message: String) {
        self.intake.remark_at(rule, at, message);
    }

    fn unread(&mut self, kind: &str, about: &str) {
        let name = if about.starts_with("without") {
            format!("{kind} {about}")
        } else {
            format!("{kind} of a {about}")
        };
        count(self.unread, name, self.at);
    }

    fn used(&mut self, rule: crate::mapping::RuleId) {
        self.intake.names.uses.count(rule);
    }
}

fn count(unread: &mut Unread, name: String, at: &At<'_>) {
    unread.entry(name).or_insert((0, at.file, at.line)).0 += 1;
}

impl Reader {
    /// Counts a record that is left alone.
    pub(super) fn left_alone(&mut self, name: &str, at: &At<'_>) {
        count(&mut self.unread, name.to_owned(), at);
    }

    /// A line, or a part of a bundle.
    pub(super) fn text(&mut self, text: &str, at: At<'_>, is_last: bool) {
        if first_type(text) == Some(Kind::Bundle.name()) {
            return self.bundle(text, at, Some(at.line), 0);
        }
        match peek(text) {
            Peeked::Kind(Named::Read(Kind::Bundle), _) => self.bundle(text, at, Some(at.line), 0),
            Peeked::Kind(kind, name) => {
                if !self.stands_alone(kind, &at) {
                    self.resource(text, (kind, &name), None, at, (0, is_last));
                }
            }
            Peeked::Manifest => self.left_alone("list of the files of an export", &at),
            Peeked::NoResource => self.no_resource(text, at),
            Peeked::Broken(error) => self.broken(text, &error, at, is_last),
        }
    }

    /// Whether a resource stands in no bundle where each patient should stand in one. It ends the run.
    pub(super) fn stands_alone(&mut self, kind: Named, at: &At<'_>) -> bool {
        match kind {
            Named::Read(kind) if self.by_part => {
                self.alone.get_or_insert(Alone {
                    kind: kind.name(),
                    file: at.file,
                    line: at.line,
                });
                true
            }
            _ => false,
        }
    }

    /// A resource. `full_url` is the name that its bundle gives it.
    pub(super) fn resource(
        &mut self,
        text: &str,
        (kind, name): (Named, &str),
        full_url: Option<&str>,
        at: At<'_>,
        (depth, is_last): (u8, bool),
    ) {
        let kind = match kind {
            Named::Read(kind) => kind,
            Named::LeftAlone => {
                // What is left alone need not be read; only that it is whole is asked for.
                return match parse::<serde::de::IgnoredAny>(text) {
                    Ok(_) => self.left_alone(name, &at),
                    Err(error) => self.broken(text, &error, at, is_last),
                };
            }
            Named::Unknown => return self.unknown_kind(text, name, at, is_last),
        };
        match kind {
            Kind::Bundle if depth < DEEPEST => self.bundle(text, at, Some(at.line), depth + 1),
            Kind::Bundle => self.too_large(at, "bundles stand in bundles more than 4 deep"),
            Kind::Medication | Kind::Specimen => match self.learn(text, kind, full_url) {
                // Others refer to it; no row stands for it alone.
                Ok(()) => {}
                Err(error) => self.unreadable(text, kind, &error, at, is_last),
            },
            kind => match Resource::read(kind, text) {
                Ok(resource) => self.rows(kind, &resource, full_url, &at),
                Err(error) => self.unreadable(text, kind, &error, at, is_last),
            },
        }
    }

    /// The rows of a resource that was read.
    pub(super) fn rows(
        &mut self,
        kind: Kind,
        resource: &Resource<'_>,
        full_url: Option<&str>,
        at: &At<'_>,
    ) {
        let id = resource.id();
        if let Resource::Patient(_) = resource {
            let name = patient_name(id, full_url);
            self.name(kind, name);
            if !name.is_empty() && !self.people.contains(name) {
                self.people.insert(name.into());
            }
        } else {
            self.name(kind, id);
        }
        self.write(kind, at, |scope, out| match resource {
            Resource::Patient(it) => {
                let name = patient_name(id, full_url);
                people::patient(it, name, scope, out);
            }
            Resource::Observation(it) => observations::observation(it, scope, out),
            Resource::Condition(it) => diagnoses::condition(it, scope, out),
            Resource::AllergyIntolerance(it) => diagnoses::allergy(it, scope, out),
            Resource::AdverseEvent(it) => events::adverse_event(it, scope, out),
            Resource::Procedure(it) => procedures::procedure(it, scope, out),
            Resource::Immunization(it) => procedures::immunization(it, scope, out),
            Resource::Encounter(it) => procedures::encounter(it, scope, out),
            Resource::ResearchSubject(it) => people::research_subject(it, scope, out),
            Resource::Consent(it) => people::consent(it, scope, out),
            Resource::QuestionnaireResponse(it) => {
                questionnaires::questionnaire_response(it, scope, out);
            }
            Resource::Request(it) => medicines::request(it, scope, out),
            Resource::Dispense(it) => medicines::dispense(it, scope, out),
            Resource::Statement(it, dosage) => medicines::statement(it, dosage, scope, out),
            Resource::Administration(it, dosage) => {
                medicines::administration(it, dosage, scope, out);
            }
            Resource::ObservationOf(_) | Resource::Other => {}
        });
    }

    /// The rows of a result.
    pub(super) fn observation(&mut self, it: &Observation<'_>, at: &At<'_>) {
        self.name(Kind::Observation, text(&it.id));
        self.write(Kind::Observation, at, |scope, out| {
            observations::observation(it, scope, out);
        });
    }

    /// Writes the rows of the record that was named.
    fn write(&mut self, kind: Kind, at: &At<'_>, write: impl FnOnce(&Scope<'_>, &mut Out<'_>)) {
        let scope = &Scope {
            origin: at.origin(&self.record),
            known: &self.known,
        };
        let sink = &mut Taker {
            intake: &mut self.intake,
            unread: &mut self.unread,
            at,
            kind,
        };
        let out = &mut Out {
            draft: &mut self.draft,
            sink,
        };
        write(scope, out);
    }

    /// Remembers what a drug or a sample is, for those that refer to it.
    pub(super) fn learn(
        &mut self,
        text: &str,
        kind: Kind,
        full_url: Option<&str>,
    ) -> Result<(), serde_json::Error> {
        let mut what = String::new();
        let id;
        let kept = if kind == Kind::Medication {
            let medication = parse::<Medication<'_>>(text)?;
            if let Some(code) = &medication.code {
                systems::write_codes(&mut what, code);
            }
            id = self::text(&medication.id).to_owned();
            &mut self.known.medications
        } else {
            let specimen = parse::<Specimen<'_>>(text)?;
            if let Some(kind) = &specimen.r#type {
                systems::write_word(&mut what, kind, systems::SPECIMENS);
            }
            id = self::text(&specimen.id).to_owned();
            &mut self.known.specimens
        };
        if !id.is_empty() {
            Known::remember(kept, format!("{}/{id}", kind.name()), &what);
        }
        if let Some(url) = full_url {
            Known::remember(kept, url.to_owned(), &what);
        }
        Ok(())
    }

    /// Writes the name of the record at hand.
    fn name(&mut self, kind: Kind, id: &str) {
        self.record.clear();
        if !id.is_empty() {
            self.record.push_str(kind.name());
            self.record.push('/');
            self.record.push_str(id);
        }
    }

    /// JSON that is no resource of FHIR.
    pub(super) fn no_resource(&mut self, text: &str, at: At<'_>) {
        let message = "this is JSON and no resource of FHIR: it has no `resourceType`";
        self.lose(
            text,
            (&rules::D0773_UNKNOWN_RESOURCE, message.to_owned()),
            at,
        );
    }

    fn unknown_kind(&mut self, text: &str, name: &str, at: At<'_>, is_last: bool) {
        if let Err(error) = parse::<serde::de::IgnoredAny>(text) {
            return self.broken(text, &error, at, is_last);
        }
        let message = format!(
            "{} is no kind of resource of FHIR R4; what it says is not read",
            crate::excerpt::quoted(name)
        );
        self.lose(text, (&rules::D0773_UNKNOWN_RESOURCE, message), at);
    }
}

/// How a patient is named: by the id; where there is none, as the bundle names the record.
pub(super) fn patient_name<'t>(id: &'t str, full_url: Option<&'t str>) -> &'t str {
    match (id, full_url) {
        ("", Some(url)) => url.strip_prefix("urn:uuid:").unwrap_or(url),
        _ => id,
    }
}
