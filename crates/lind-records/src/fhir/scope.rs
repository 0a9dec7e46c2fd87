//! What a resource is read against: where it stands, and what its references lead to.

use std::borrow::Cow;
use std::collections::HashMap;

use super::elements::{Contained, Reference, text};
use super::systems;
use crate::found::Origin;

/// How many codes of drugs and kinds of samples are kept for references from other files.
const MOST_KEPT: usize = 1 << 20;

/// What was seen of other resources: what references lead to.
#[derive(Default)]
pub(super) struct Known {
    /// Whom the `fullUrl` of a patient names, where it is not by the patient's own id.
    pub(super) patients: HashMap<String, String>,
    /// `fullUrl`s of resources that are of no patient: of a device, a group.
    pub(super) others: HashMap<String, String>,
    /// The codes of drugs that are resources of their own, by `Medication/id` and by `fullUrl`.
    pub(super) medications: HashMap<String, String>,
    /// The kinds of samples, in the same way.
    pub(super) specimens: HashMap<String, String>,
}

impl Known {
    /// Remembers what a drug or a sample is.
    pub(super) fn remember(kept: &mut HashMap<String, String>, key: String, what: &str) {
        if kept.len() < MOST_KEPT {
            kept.insert(key, what.to_owned());
        }
    }
}

/// Whose a resource is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whose<'t> {
    /// This patient's.
    Patient(Cow<'t, str>),
    /// Not a patient's: a group's, a device's.
    Nobodys(&'t str),
    /// It is not said, or in a way that cannot be followed.
    Unsaid,
}

/// What a resource is read against.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    /// Where it stands.
    pub(super) origin: Origin<'s>,
    /// What references lead to.
    pub(super) known: &'s Known,
}

impl<'s> Scope<'s> {
    /// Whose a resource is by its reference.
    #[inline]
    pub(super) fn whose<'t>(
        &self,
        reference: &'t Option<Reference<'_>>,
        contained: &'t [Contained<'_>],
    ) -> Whose<'t>
    where
        's: 't,
    {
        // As nearly every one is written, where nobody has another name.
        if self.known.patients.is_empty()
            && self.known.others.is_empty()
            && let Some(reference) = reference
            && let Some(id) = patient_id(text(&reference.reference))
        {
            return Whose::Patient(Cow::Borrowed(id));
        }
        self.whose_with_care(reference, contained)
    }

    fn whose_with_care<'t>(
        &self,
        reference: &'t Option<Reference<'_>>,
        contained: &'t [Contained<'_>],
    ) -> Whose<'t>
    where
        's: 't,
    {
        let Some(reference) = reference else {
            return Whose::Unsaid;
        };
        let target = text(&reference.reference);
        if let Some(local) = target.strip_prefix('#') {
            let found = contained.iter().find(|inner| text(&inner.id) == local);
            return match found.map_or("", |inner| text(&inner.resource_type)) {
                // Two resources may each hold a `#p`: they are not the same patient.
                "Patient" => Whose::Patient(format!("{}#{local}", self.origin.record).into()),
                "" => Whose::Unsaid,
                other => Whose::Nobodys(other),
            };
        }
        if let Some(patient) = self.known.patients.get(target) {
            return Whose::Patient(patient.as_str().into());
        }
        if let Some(other) = self.known.others.get(target) {
            return Whose::Nobodys(other);
        }
        if let Some(id) = target.strip_prefix("urn:uuid:") {
            return match text(&reference.r#type) {
                "" | "Patient" if !id.is_empty() => Whose::Patient(id.into()),
                "" => Whose::Unsaid,
                other => Whose::Nobodys(other),
            };
        }
        match type_and_id(target) {
            Some(("Patient", id)) => Whose::Patient(id.into()),
            Some((other, _)) => Whose::Nobodys(other),
            None => match text(&reference.r#type) {
                "" | "Patient" => Whose::Unsaid,
                other => Whose::Nobodys(other),
            },
        }
    }

    /// The patient that a reference to this address leads to.
    pub(super) fn patient_at(&self, address: &str) -> Option<String> {
        let reference = Some(Reference {
            reference: Some(super::elements::Text(address.into())),
            ..Reference::default()
        });
        match self.whose(&reference, &[]) {
            Whose::Patient(patient) => Some(patient.into_owned()),
            _ => None,
        }
    }

    /// The codes of a drug that is a resource of its own; none: it is not to be found.
    pub(super) fn medication(
        &self,
        reference: &Option<Reference<'_>>,
        contained: &[Contained<'_>],
    ) -> Option<String> {
        let target = text(&reference.as_ref()?.reference);
        if let Some(local) = target.strip_prefix('#') {
            let found = contained.iter().find(|inner| text(&inner.id) == local)?;
            let mut codes = String::new();
            systems::write_codes(&mut codes, found.code.as_ref()?);
            return Some(codes);
        }
        look_up(&self.known.medications, target, "Medication")
    }

    /// The word for the sample that a resource is about; empty if it is not said.
    pub(super) fn specimen(
        &self,
        reference: &Option<Reference<'_>>,
        contained: &[Contained<'_>],
    ) -> String {
        let target = reference.as_ref().map_or("", |to| text(&to.reference));
        if let Some(local) = target.strip_prefix('#') {
            let mut word = String::new();
            let found = contained.iter().find(|inner| text(&inner.id) == local);
            if let Some(kind) = found.and_then(|inner| inner.r#type.as_ref()) {
                systems::write_word(&mut word, kind, systems::SPECIMENS);
            }
            return word;
        }
        look_up(&self.known.specimens, target, "Specimen").unwrap_or_default()
    }
}

fn look_up(kept: &HashMap<String, String>, target: &str, kind: &str) -> Option<String> {
    if let Some(found) = kept.get(target) {
        return Some(found.clone());
    }
    match type_and_id(target) {
        Some((other, id)) if other == kind => kept.get(&format!("{kind}/{id}")).cloned(),
        _ => None,
    }
}

/// The id in `Patient/x`, and in nothing else.
fn patient_id(target: &str) -> Option<&str> {
    let id = target.strip_prefix("Patient/")?;
    let is_plain = !id.is_empty() && !id.bytes().any(|byte| matches!(byte, b'/' | b'?'));
    is_plain.then_some(id)
}

/// The type and the id in `Patient/x`, `http://where/ever/Patient/x` and `Patient/x/_history/2`.
pub(super) fn type_and_id(target: &str) -> Option<(&str, &str)> {
    if let Some(id) = patient_id(target) {
        return Some(("Patient", id));
    }
    let target = target.split_once("/_history/").map_or(target, |(to, _)| to);
    if target.contains('?') {
        return None;
    }
    let (before, id) = target.rsplit_once('/')?;
    let kind = before.rsplit('/').next().unwrap_or(before);
    let is_type = kind.starts_with(|first: char| first.is_ascii_uppercase());
    (is_type && !id.is_empty()).then_some((kind, id))
}
