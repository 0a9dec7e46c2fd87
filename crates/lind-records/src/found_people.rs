//! The patients of a source of another form.

use std::sync::Arc;

use crate::Problem;
use crate::cells::Clock;
use crate::found::Found;
use crate::patients::Rank;
use crate::person::{Person, Said};
use crate::place::{Place, Provenance, Sources};
use crate::problem::Recorder;
use crate::table::PATIENT;

/// A patient, as found.
pub(crate) struct FoundPerson {
    pub(crate) patient: Arc<str>,
    pub(crate) at: Provenance,
    record: Box<str>,
    /// What the first record says; none: there is none that can be read.
    said: Option<Said>,
    /// What others say.
    twins: Vec<Said>,
    /// Records about the patient that cannot be read.
    pub(crate) broken: Vec<Problem>,
}

/// What a record about a patient is.
pub(crate) enum Again {
    /// The first.
    First,
    /// It says what the first says.
    Same,
    /// It says something else.
    Other,
}

impl FoundPerson {
    /// A patient of whom there is no record yet.
    pub(crate) fn new(patient: &str, at: Provenance) -> Self {
        FoundPerson {
            patient: patient.into(),
            at,
            record: Box::default(),
            said: None,
            twins: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// Whether there is a record of the patient's own.
    pub(crate) fn has_record(&self) -> bool {
        self.said.is_some()
    }

    /// Takes a record about the patient.
    pub(crate) fn add(&mut self, found: &Found<'_>, at: Provenance, clock: Clock) -> Again {
        let said = Said::read(found.cells, clock);
        match &self.said {
            None => {
                self.at = at;
                self.record = found.origin.record.into();
                self.said = Some(said);
                Again::First
            }
            Some(first) if first.says_the_same(&said) => Again::Same,
            Some(_) => {
                self.twins.push(said);
                Again::Other
            }
        }
    }
}

/// The patients in order.
pub(crate) struct FoundPeople {
    people: std::vec::IntoIter<FoundPerson>,
    next: Rank,
    files: Arc<[Arc<str>]>,
}

impl FoundPeople {
    pub(crate) fn new(people: Vec<FoundPerson>, files: Arc<[Arc<str>]>) -> Self {
        FoundPeople {
            people: people.into_iter(),
            next: Rank(0),
            files,
        }
    }

    /// The next patient.
    pub(crate) fn next(&mut self, recorder: &mut Recorder) -> Option<Person> {
        let found = self.people.next()?;
        let rank = self.next;
        self.next = Rank(rank.0.saturating_add(1));
        let mut sources = Sources::new(Arc::clone(&self.files));
        sources.name(found.at, &found.record);
        let file = sources.file(found.at).to_owned();
        let mut person = Person::new(
            found.patient,
            rank,
            found.said.unwrap_or_default(),
            found.at,
            sources,
        );
        let place = Place {
            at: found.at,
            file: &file,
            record: &found.record,
            columns: None,
        };
        person.settle(&found.twins, &place, recorder);
        for problem in found.broken {
            person.lose(problem, found.at);
        }
        Some(person)
    }
}

/// The name of the patient in a row.
pub(crate) fn patient_of<'t>(found: &Found<'t>) -> &'t str {
    crate::excerpt::trimmed(found.cells.text(PATIENT))
}
