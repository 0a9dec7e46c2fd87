//! The patients of a source of another form.

use std::sync::Arc;

use crate::cells::{Cells, Clock};
use crate::found::Found;
use crate::patients::Rank;
use crate::person::{Person, Said};
use crate::place::{Place, Provenance, Sources};
use crate::problem::Recorder;
use crate::table::{MOST_COLUMNS, PATIENT};
use crate::{Problem, Table};

/// A patient, as found. There may be millions of them, so what few have stands apart.
pub(crate) struct FoundPerson {
    pub(crate) patient: Arc<str>,
    pub(crate) at: Provenance,
    /// What the first record says, and its name, as texts with a NUL character between; none: there is
    /// none that can be read.
    own: Option<Box<str>>,
    others: Option<Box<Others>>,
}

/// What further records are.
#[derive(Default)]
struct Others {
    /// What they say.
    twins: Vec<Said>,
    /// Those that cannot be read.
    broken: Vec<Problem>,
}

/// The columns of which the texts are kept, before the name of the record.
const KEPT: [usize; 3] = [
    Table::Patients.column("sex"),
    Table::Patients.column("birth_date"),
    Table::Patients.column("death_date"),
];

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
            own: None,
            others: None,
        }
    }

    /// Whether there is a record of the patient's own.
    pub(crate) fn has_record(&self) -> bool {
        self.own.is_some()
    }

    /// Takes a record about the patient. None of its texts holds a NUL character.
    pub(crate) fn add(&mut self, found: &Found<'_>, at: Provenance, clock: Clock) -> Again {
        let Some(first) = self.said(clock) else {
            self.at = at;
            let [sex, birth, death] = KEPT.map(|column| found.cells.text(column));
            self.own = Some([sex, birth, death, found.origin.record].join("\0").into());
            return Again::First;
        };
        let said = Said::read(found.cells, clock);
        if first.says_the_same(&said) {
            return Again::Same;
        }
        self.others.get_or_insert_default().twins.push(said);
        Again::Other
    }

    /// Takes a record about the patient that cannot be read.
    pub(crate) fn add_broken(&mut self, problem: Problem) {
        self.others.get_or_insert_default().broken.push(problem);
    }

    /// What the first record says.
    fn said(&self, clock: Clock) -> Option<Said> {
        let own = self.own.as_ref()?;
        let mut texts = [""; MOST_COLUMNS];
        for (column, text) in KEPT.into_iter().zip(own.split('\0')) {
            if let Some(place) = texts.get_mut(column) {
                *place = text;
            }
        }
        Some(Said::read(Cells::of(texts), clock))
    }

    /// The name of the first record.
    fn record(&self) -> &str {
        let own = self.own.as_deref().unwrap_or_default();
        own.splitn(KEPT.len() + 1, '\0')
            .nth(KEPT.len())
            .unwrap_or_default()
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
    pub(crate) fn next(&mut self, clock: Clock, recorder: &mut Recorder) -> Option<Person> {
        let found = self.people.next()?;
        let rank = self.next;
        self.next = Rank(rank.0.saturating_add(1));
        let mut sources = Sources::new(Arc::clone(&self.files));
        sources.name(found.at, found.record());
        let file = sources.file(found.at).to_owned();
        let said = found.said(clock).unwrap_or_default();
        let patient = Arc::clone(&found.patient);
        let mut person = Person::new(patient, rank, said, found.at, sources);
        let place = Place {
            at: found.at,
            file: &file,
            record: found.record(),
            columns: None,
        };
        let others = found.others.as_deref();
        let twins = others.map_or(&[][..], |others| &others.twins);
        person.settle(twins, &place, recorder);
        for problem in others.into_iter().flat_map(|others| &others.broken) {
            person.lose(problem.clone(), found.at);
        }
        Some(person)
    }
}

/// The name of the patient in a row.
pub(crate) fn patient_of<'t>(found: &Found<'t>) -> &'t str {
    crate::excerpt::trimmed(found.cells.text(PATIENT))
}
