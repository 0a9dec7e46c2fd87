//! Bundles that are as they should be, read in one pass over their text.

use super::elements::{Text, text};
use super::kinds::{Kind, Named};
use super::lexicon::{Learned, Lexicon};
use super::quick::{Fill, Object, Quick, Unusual};
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
    /// One of [`Whole::observations`], by its number.
    ObservationOf(usize),
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
            Resource::ObservationOf(_) | Resource::Other => "",
        }
    };
}

impl<'a> Resource<'a> {
    /// Reads a text.
    pub(super) fn read(kind: Kind, text: &'a str) -> Result<Self, serde_json::Error> {
        let mut quick = Quick::new(text);
        if quick.enter(b'{').is_ok()
            && let Ok(read) = Resource::rest(kind, &mut quick, true)
            && quick.end().is_ok()
            && !matches!(read, Resource::Other)
        {
            return Ok(read);
        }
        Resource::read_slowly(kind, text)
    }

    /// Reads a text by `serde_json`, which says what is wrong with it.
    fn read_slowly(kind: Kind, text: &'a str) -> Result<Self, serde_json::Error> {
        match kind {
            Kind::MedicationStatement => {
                let dosage = Box::new(parse(text)?);
                parse(text).map(|it| Resource::Statement(Box::new(it), dosage))
            }
            Kind::MedicationAdministration => {
                let dosage = Box::new(parse(text)?);
                parse(text).map(|it| Resource::Administration(Box::new(it), dosage))
            }
            Kind::Patient => parse(text).map(Resource::Patient),
            Kind::Observation => parse(text).map(Resource::Observation),
            Kind::Condition => parse(text).map(Resource::Condition),
            Kind::AllergyIntolerance => parse(text).map(Resource::AllergyIntolerance),
            Kind::AdverseEvent => parse(text).map(Resource::AdverseEvent),
            Kind::Procedure => parse(text).map(Resource::Procedure),
            Kind::Immunization => parse(text).map(Resource::Immunization),
            Kind::Encounter => parse(text).map(Resource::Encounter),
            Kind::ResearchSubject => parse(text).map(Resource::ResearchSubject),
            Kind::Consent => parse(text).map(Resource::Consent),
            Kind::QuestionnaireResponse => parse(text).map(Resource::QuestionnaireResponse),
            Kind::MedicationRequest => parse(text).map(Resource::Request),
            Kind::MedicationDispense => parse(text).map(Resource::Dispense),
            Kind::Bundle | Kind::Medication | Kind::Specimen => {
                parse::<serde::de::IgnoredAny>(text).map(|_| Resource::Other)
            }
        }
    }

    /// Reads what follows in a resource that was entered; `Other` of kinds that it takes more than one
    /// look to read.
    fn rest(kind: Kind, quick: &mut Quick<'a>, is_first: bool) -> Result<Self, Unusual> {
        fn rest<'a, T: Object<'a>>(
            quick: &mut Quick<'a>,
            is_first: bool,
        ) -> Result<Box<T>, Unusual> {
            let mut read = Box::<T>::default();
            read.rest(quick, is_first)?;
            Ok(read)
        }
        Ok(match kind {
            Kind::Patient => Resource::Patient(rest(quick, is_first)?),
            Kind::Observation => Resource::Observation(rest(quick, is_first)?),
            Kind::Condition => Resource::Condition(rest(quick, is_first)?),
            Kind::AllergyIntolerance => Resource::AllergyIntolerance(rest(quick, is_first)?),
            Kind::AdverseEvent => Resource::AdverseEvent(rest(quick, is_first)?),
            Kind::Procedure => Resource::Procedure(rest(quick, is_first)?),
            Kind::Immunization => Resource::Immunization(rest(quick, is_first)?),
            Kind::Encounter => Resource::Encounter(rest(quick, is_first)?),
            Kind::ResearchSubject => Resource::ResearchSubject(rest(quick, is_first)?),
            Kind::Consent => Resource::Consent(rest(quick, is_first)?),
            Kind::QuestionnaireResponse => Resource::QuestionnaireResponse(rest(quick, is_first)?),
            Kind::MedicationRequest => Resource::Request(rest(quick, is_first)?),
            Kind::MedicationDispense => Resource::Dispense(rest(quick, is_first)?),
            Kind::Bundle
            | Kind::MedicationStatement
            | Kind::MedicationAdministration
            | Kind::Medication
            | Kind::Specimen => {
                quick.skip_rest(is_first)?;
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

/// What a bundle holds.
pub(super) struct Whole<'a> {
    pub(super) entries: Vec<WholeEntry<'a>>,
    /// Apart from the others, in room that is asked for once: nearly all of a bundle are results.
    pub(super) observations: Vec<Observation<'a>>,
    pub(super) learned: Learned,
}

/// The entries of a bundle that holds nothing but whole resources of known kinds.
///
/// # Errors
/// It does not, or something else of it is unusual: then it is to be read with more patience.
pub(super) fn entries<'a>(
    bundle: &'a str,
    lexicon: &'a Lexicon,
    room: &mut Room,
) -> Result<Whole<'a>, Unusual> {
    let mut quick = Quick::knowing(bundle, lexicon);
    let mut whole = Whole {
        entries: std::mem::take(&mut room.entries),
        observations: std::mem::take(&mut room.observations),
        learned: Learned::default(),
    };
    let (mut has_entries, mut has_type) = (false, false);
    quick.enter(b'{')?;
    let mut is_first = true;
    while quick.another(is_first, b'}')? {
        is_first = false;
        match quick.key()? {
            "entry" if !has_entries => {
                has_entries = true;
                list(&mut quick, &mut whole)?;
            }
            "type" if !has_type => {
                has_type = true;
                let mut kind: Option<Text<'_>> = None;
                kind.fill(&mut quick)?;
                // Of a history the newest versions count.
                if text(&kind) == "history" {
                    return Err(Unusual);
                }
            }
            "entry" | "type" => return Err(Unusual),
            _ => quick.skip()?,
        }
    }
    quick.end()?;
    if !has_entries {
        return Err(Unusual);
    }
    whole.learned = quick.learned;
    Ok(whole)
}

/// For how many entries room is kept: what a large bundle had is let go.
const MOST_ROOM: usize = 1 << 10;

/// Room for what bundles hold, which one after another is given.
#[derive(Default)]
pub(super) struct Room {
    entries: Vec<WholeEntry<'static>>,
    observations: Vec<Observation<'static>>,
}

impl Room {
    /// Takes back what a bundle was given; gives what was learned of it.
    pub(super) fn take_back(&mut self, whole: Whole<'_>) -> Learned {
        if whole.entries.capacity() <= MOST_ROOM {
            self.entries = emptied(whole.entries);
            self.observations = emptied(whole.observations);
        }
        whole.learned
    }
}

/// The same room for others. Of no elements those are made: a list that is made of a list is made in its
/// place.
fn emptied<T, U>(mut list: Vec<T>) -> Vec<U> {
    list.clear();
    list.into_iter().map_while(|_| None).collect()
}

fn list<'a>(quick: &mut Quick<'a>, whole: &mut Whole<'a>) -> Result<(), Unusual> {
    quick.enter(b'[')?;
    let mut is_first = true;
    while quick.another(is_first, b']')? {
        is_first = false;
        let entry = entry(quick, &mut whole.observations)?;
        whole.entries.push(entry);
    }
    Ok(())
}

fn entry<'a>(
    quick: &mut Quick<'a>,
    observations: &mut Vec<Observation<'a>>,
) -> Result<WholeEntry<'a>, Unusual> {
    let mut full_url: Option<Text<'_>> = None;
    let mut resource = None;
    let (mut has_request, mut has_response) = (false, false);
    quick.enter(b'{')?;
    let mut is_first = true;
    while quick.another(is_first, b'}')? {
        is_first = false;
        match quick.key()? {
            "fullUrl" if full_url.is_none() => {
                full_url.insert(Text::default()).fill(quick)?;
            }
            "resource" if resource.is_none() => {
                resource = Some(self::resource(quick, observations)?);
            }
            "request" if !has_request => {
                has_request = true;
                Option::<Request<'_>>::None.fill(quick)?;
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

fn resource<'a>(
    quick: &mut Quick<'a>,
    observations: &mut Vec<Observation<'a>>,
) -> Result<Known<'a>, Unusual> {
    quick.next();
    let start = quick.at();
    quick.enter(b'{')?;
    if !quick.another(true, b'}')? || quick.key()? != "resourceType" {
        return Err(Unusual);
    }
    let name = quick.string()?;
    let named = Kind::named(name);
    let resource = match named {
        Named::Read(Kind::Bundle) | Named::Unknown => return Err(Unusual),
        Named::Read(Kind::Observation) => {
            let number = observations.len();
            observations.push(Observation::default());
            if let Some(last) = observations.last_mut() {
                last.rest(quick, false)?;
            }
            Resource::ObservationOf(number)
        }
        Named::Read(kind) => Resource::rest(kind, quick, false)?,
        Named::LeftAlone => {
            quick.skip_rest(false)?;
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
