//! Bundles that are as they should be, read in one pass over their text.

use serde::{Deserialize, Deserializer};

use super::elements::{Text, text};
use super::kinds::{Kind, Named};
use super::quick::{Quick, Unusual};
use super::resources::{
    AdverseEvent, AllergyIntolerance, Condition, Consent, Encounter, GivenDosage, Immunization,
    Medicine, Observation, Patient, Procedure, QuestionnaireResponse, Request, ResearchSubject,
    StatedDosage,
};
use super::take::parse;

/// A resource of a kind that is read. In boxes: these are large, and handed on several times.
#[derive(Debug)]
pub(super) enum Resource<'a> {
    Patient(Box<Patient<'a>>),
    Observation(Box<Observation<'a>>),
    Condition(Box<Condition<'a>>),
    AllergyIntolerance(Box<AllergyIntolerance<'a>>),
    AdverseEvent(Box<AdverseEvent<'a>>),
    Procedure(Box<Procedure<'a>>),
    Immunization(Box<Immunization<'a>>),
    Encounter(Box<Encounter<'a>>),
    ResearchSubject(Box<ResearchSubject<'a>>),
    Consent(Box<Consent<'a>>),
    QuestionnaireResponse(Box<QuestionnaireResponse<'a>>),
    Request(Box<Medicine<'a>>),
    Dispense(Box<Medicine<'a>>),
    Statement(Box<Medicine<'a>>, Box<StatedDosage<'a>>),
    Administration(Box<Medicine<'a>>, Box<GivenDosage<'a>>),
    /// One that has no rows of its own, or was not read yet.
    Other,
}

macro_rules! id_of {
    ($resource:expr; $($kind:ident),+; $($medicine:pat => $it:ident),+) => {
        match $resource {
            $(Resource::$kind(it) => text(&it.id),)+
            $($medicine => text(&$it.id),)+
            Resource::Other => "",
        }
    };
}

impl<'a> Resource<'a> {
    /// Reads a text.
    pub(super) fn read(kind: Kind, text: &'a str) -> Result<Self, serde_json::Error> {
        let mut quick = Quick::new(text);
        if let Ok(read) = Resource::of(kind, &mut quick)
            && quick.end().is_ok()
            && !matches!(read, Resource::Other)
        {
            return Ok(read);
        }
        match kind {
            Kind::MedicationStatement => {
                let dosage = Box::new(parse(text)?);
                parse(text).map(|it| Resource::Statement(Box::new(it), dosage))
            }
            Kind::MedicationAdministration => {
                let dosage = Box::new(parse(text)?);
                parse(text).map(|it| Resource::Administration(Box::new(it), dosage))
            }
            _ => {
                let mut whole = serde_json::Deserializer::from_str(text);
                let read = Resource::of(kind, &mut whole)?;
                whole.end()?;
                Ok(read)
            }
        }
    }

    /// Reads what comes next; `Other` of kinds that it takes more than one look to read.
    fn of<D: Deserializer<'a>>(kind: Kind, text: D) -> Result<Self, D::Error> {
        Ok(match kind {
            Kind::Patient => Resource::Patient(Box::new(Patient::deserialize(text)?)),
            Kind::Observation => Resource::Observation(Box::new(Observation::deserialize(text)?)),
            Kind::Condition => Resource::Condition(Box::new(Condition::deserialize(text)?)),
            Kind::AllergyIntolerance => {
                Resource::AllergyIntolerance(Box::new(AllergyIntolerance::deserialize(text)?))
            }
            Kind::AdverseEvent => {
                Resource::AdverseEvent(Box::new(AdverseEvent::deserialize(text)?))
            }
            Kind::Procedure => Resource::Procedure(Box::new(Procedure::deserialize(text)?)),
            Kind::Immunization => {
                Resource::Immunization(Box::new(Immunization::deserialize(text)?))
            }
            Kind::Encounter => Resource::Encounter(Box::new(Encounter::deserialize(text)?)),
            Kind::ResearchSubject => {
                Resource::ResearchSubject(Box::new(ResearchSubject::deserialize(text)?))
            }
            Kind::Consent => Resource::Consent(Box::new(Consent::deserialize(text)?)),
            Kind::QuestionnaireResponse => {
                Resource::QuestionnaireResponse(Box::new(QuestionnaireResponse::deserialize(text)?))
            }
            Kind::MedicationRequest => Resource::Request(Box::new(Medicine::deserialize(text)?)),
            Kind::MedicationDispense => Resource::Dispense(Box::new(Medicine::deserialize(text)?)),
            Kind::Bundle
            | Kind::MedicationStatement
            | Kind::MedicationAdministration
            | Kind::Medication
            | Kind::Specimen => {
                serde::de::IgnoredAny::deserialize(text)?;
                Resource::Other
            }
        })
    }

    pub(super) fn id(&self) -> &str {
        id_of!(self;
            Patient, Observation, Condition, AllergyIntolerance, AdverseEvent, Procedure,
            Immunization, Encounter, ResearchSubject, Consent, QuestionnaireResponse,
            Request, Dispense;
            Resource::Statement(it, _) => it, Resource::Administration(it, _) => it)
    }
}

/// An entry of a bundle.
pub(super) struct WholeEntry<'a> {
    pub(super) full_url: Option<Text<'a>>,
    pub(super) text: &'a str,
    pub(super) named: Named,
    /// What FHIR calls its kind.
    pub(super) name: &'a str,
    pub(super) resource: Resource<'a>,
}

/// The entries of a bundle that holds nothing but whole resources of known kinds.
///
/// # Errors
/// It does not, or something else of it is unusual: then it is to be read with more patience.
pub(super) fn entries(bundle: &str) -> Result<Vec<WholeEntry<'_>>, Unusual> {
    let mut quick = Quick::new(bundle);
    let mut entries = None;
    let mut has_type = false;
    quick.enter(b'{')?;
    let mut is_first = true;
    while quick.another(is_first, b'}')? {
        is_first = false;
        match quick.key()? {
            "entry" if entries.is_none() => entries = Some(list(&mut quick)?),
            "type" if !has_type => {
                has_type = true;
                // Of a history the newest versions count.
                if text(&Option::<Text<'_>>::deserialize(&mut quick)?) == "history" {
                    return Err(Unusual);
                }
            }
            "entry" | "type" => return Err(Unusual),
            _ => quick.skip()?,
        }
    }
    quick.end()?;
    entries.ok_or(Unusual)
}

fn list<'a>(quick: &mut Quick<'a>) -> Result<Vec<WholeEntry<'a>>, Unusual> {
    let mut entries = Vec::with_capacity(16);
    quick.enter(b'[')?;
    let mut is_first = true;
    while quick.another(is_first, b']')? {
        is_first = false;
        entries.push(entry(quick)?);
    }
    Ok(entries)
}

fn entry<'a>(quick: &mut Quick<'a>) -> Result<WholeEntry<'a>, Unusual> {
    let (mut full_url, mut resource) = (None, None);
    let (mut has_request, mut has_response) = (false, false);
    quick.enter(b'{')?;
    let mut is_first = true;
    while quick.another(is_first, b'}')? {
        is_first = false;
        match quick.key()? {
            "fullUrl" if full_url.is_none() => {
                full_url = Some(Text::deserialize(&mut *quick)?);
            }
            "resource" if resource.is_none() => resource = Some(self::resource(quick)?),
            "request" if !has_request => {
                has_request = true;
                Option::<Request<'_>>::deserialize(&mut *quick)?;
            }
            "response" if !has_response => {
                has_response = true;
                quick.skip()?;
            }
            "fullUrl" | "resource" | "request" | "response" => return Err(Unusual),
            _ => quick.skip()?,
        }
    }
    let (named, name, text, resource) = resource.ok_or(Unusual)?;
    Ok(WholeEntry {
        full_url,
        text,
        named,
        name,
        resource,
    })
}

type Known<'a> = (Named, &'a str, &'a str, Resource<'a>);

fn resource<'a>(quick: &mut Quick<'a>) -> Result<Known<'a>, Unusual> {
    quick.next();
    let start = quick.at();
    let mut ahead = quick.clone();
    ahead.enter(b'{')?;
    if !ahead.another(true, b'}')? || ahead.key()? != "resourceType" {
        return Err(Unusual);
    }
    let name = ahead.string()?;
    let named = Kind::named(name);
    let resource = match named {
        Named::Read(Kind::Bundle) | Named::Unknown => return Err(Unusual),
        Named::Read(kind) => Resource::of(kind, &mut *quick)?,
        Named::LeftAlone => {
            quick.skip()?;
            Resource::Other
        }
    };
    let text = quick.since(start)?;
    // Who it is is asked of the head of a patient's record, which says its kind once.
    let kinds = || memchr::memmem::find_iter(text.as_bytes(), "\"resourceType\"");
    if named == Named::Read(Kind::Patient) && kinds().nth(1).is_some() {
        return Err(Unusual);
    }
    Ok((named, name, text, resource))
}

#[cfg(test)]
mod tests;
