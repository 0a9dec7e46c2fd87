//! What was made so far, each patient under a name that says what they are for.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::boundary::{AbsentCase, BoundaryCase, BoundaryCases, CaseSort, NoPatient};
use lind_model::difference::MadeUpRow;

use lind_model::Standing;

use crate::CannotCompare;
use crate::answers::Read;
use crate::patient::Patient;
use crate::questions::Side;
use crate::words;

/// What a patient is made for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) gate: Arc<str>,
    /// The place of the criterion and its number; none for somebody typical.
    pub(super) criterion: Option<(usize, Arc<str>)>,
    /// The condition, as written.
    pub(super) condition: Arc<str>,
}

impl Place {
    /// Of somebody typical.
    pub(super) fn typical(gate: &Arc<str>) -> Self {
        Self {
            gate: Arc::clone(gate),
            criterion: None,
            condition: Arc::from(""),
        }
    }

    fn id(&self) -> Option<Arc<str>> {
        self.criterion.as_ref().map(|(_, id)| Arc::clone(id))
    }
}

/// What was made so far.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) made: BoundaryCases,
    /// How many there are of each name.
    counts: BTreeMap<String, u32>,
    /// By what they are and what they are for, the names of those that were made.
    known: BTreeMap<String, Arc<str>>,
    /// Those about whom the interpreter is still to be asked, each with the place of their criterion.
    waiting: Vec<(Patient, Option<usize>)>,
}

impl Collected {
    /// Takes a patient and gives the name; who was made already, for the same, is not made
    /// once more.
    pub(super) fn add(
        &mut self,
        place: &Place,
        sort: CaseSort,
        patient: &Patient,
        special: String,
    ) -> Arc<str> {
        let mut rows = patient.rows.clone();
        rows.sort();
        rows.dedup();
        let key = format!(
            "{:?} {:?} {:?} {sort:?} {:?} {:?} {rows:?}",
            place.gate,
            place.id(),
            place.condition,
            patient.sex,
            patient.born
        );
        if let Some(name) = self.known.get(&key) {
            return Arc::clone(name);
        }
        let stem = match place.id() {
            Some(id) => format!("{}-{}", plain(&id), sort.word()),
            None => format!("{}-{}", sort.word(), plain(&place.gate)),
        };
        let name: Arc<str> = match (sort, self.counts.entry(stem.clone()).or_default()) {
            (CaseSort::Typical, _) => Arc::from(stem.as_str()),
            (_, count) => {
                *count = count.saturating_add(1);
                Arc::from(format!("{stem}-{count}"))
            }
        };
        self.known.insert(key, Arc::clone(&name));
        let mut rows: Vec<MadeUpRow> = Vec::with_capacity(patient.rows.len());
        for row in &patient.rows {
            let own = MadeUpRow {
                table: row.table.name(),
                // Told when the version is at hand: see `ask`.
                said: String::new(),
                cells: row.cells.clone(),
                matters: false,
            };
            if !rows.contains(&own) {
                rows.push(own);
            }
        }
        self.made.cases.push(BoundaryCase {
            name: Arc::clone(&name),
            gate: Arc::clone(&place.gate),
            criterion: place.id(),
            sort,
            condition: Arc::clone(&place.condition),
            special,
            beside: None,
            expected: None,
            standing: Standing::Undetermined,
            sex: patient.sex,
            born: patient.born,
            rows,
        });
        let at = place.criterion.as_ref().map(|(at, _)| *at);
        self.waiting.push((patient.clone(), at));
        name
    }

    /// Asks the interpreter about all who were taken since this was done last.
    pub(super) fn ask(&mut self, side: &Side) -> Result<(), CannotCompare> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let patients = waiting.iter().map(|(patient, _)| patient);
        let read = Read::new(side, patients)?;
        let first = self.made.cases.len().saturating_sub(waiting.len());
        let cases = self.made.cases.iter_mut().skip(first);
        for (place, (case, (patient, criterion))) in cases.zip(&waiting).enumerate() {
            for row in &mut case.rows {
                let own = patient.rows.iter().find(|own| own.cells == row.cells);
                row.said = own.map_or_else(String::new, |own| words::row(&side.plan, own));
            }
            let lost = || CannotCompare::Patients {
                because: "a made-up patient was lost".to_owned(),
            };
            let verdict = read.verdict(place).ok_or_else(lost)?;
            case.standing = verdict.standing;
            case.expected = criterion.and_then(|at| {
                let own = verdict.criteria.get(at)?;
                let reason = read.reason(place, own.criterion);
                Some((own.outcome, own.effect, reason))
            });
        }
        Ok(())
    }

    /// Remembers of two patients that they differ in what is special alone.
    pub(super) fn join(&mut self, one: &Arc<str>, other: &Arc<str>) {
        for (own, beside) in [(one, other), (other, one)] {
            let case = self.made.cases.iter_mut().find(|case| case.name == *own);
            if let Some(case) = case.filter(|case| case.beside.is_none()) {
                case.beside = Some(Arc::clone(beside));
            }
        }
    }

    /// Remembers that there is nobody, and why.
    pub(super) fn lacks(&mut self, place: &Place, sort: CaseSort, why: NoPatient) {
        self.made.absent.push(AbsentCase {
            gate: Arc::clone(&place.gate),
            criterion: place.id(),
            sort,
            condition: Arc::clone(&place.condition),
            why,
        });
    }

    /// All that was made; that there is nobody is not said where somebody was found in another way.
    pub(super) fn finished(mut self) -> BoundaryCases {
        let cases = &self.made.cases;
        self.made.absent.retain(|absent| {
            !cases.iter().any(|own| {
                own.gate == absent.gate
                    && own.criterion == absent.criterion
                    && own.sort == absent.sort
                    && own.condition == absent.condition
            })
        });
        self.made
    }

    /// Whether anything is said of a sort of patients of a criterion at a gate.
    pub(super) fn has(&self, place: &Place, sort: CaseSort) -> bool {
        let id = place.id();
        let made = self.made.cases.iter();
        let absent = self.made.absent.iter();
        made.filter(|own| own.sort == sort)
            .any(|own| own.criterion == id && own.gate == place.gate)
            || absent
                .filter(|own| own.sort == sort)
                .any(|own| own.criterion == id && own.gate == place.gate)
    }
}

/// A name of letters, digits and hyphens, which every form of data can hold.
fn plain(name: &str) -> String {
    let letter = |own: char| {
        if own.is_ascii_alphanumeric() {
            own
        } else {
            '-'
        }
    };
    name.chars().map(letter).collect()
}
