//! The rows of `patients`.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use lind_time::When;

use crate::cells::{Cells, Clock, Names, Reading};
use crate::chart::{Provenance, SetAside};
use crate::defect::Defect;
use crate::excerpt::quoted;
use crate::header::Columns;
use crate::patients::{Patients, Rank};
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::table::{MOST_COLUMNS, PATIENT};
use crate::tally::Tally;
use crate::words::Sex;
use crate::{Problem, Table, rules};

const TABLE: Table = Table::Patients;
const SEX: usize = TABLE.column("sex");
const BIRTH: usize = TABLE.column("birth_date");
const DEATH: usize = TABLE.column("death_date");

/// What a row of `patients` says besides the patient.
#[derive(Debug, Default)]
pub(crate) struct Said {
    sex: Option<Sex>,
    birth: Option<When>,
    death: Option<When>,
    defects: Vec<Defect>,
}

impl Said {
    fn read(cells: Cells<'_>, clock: Clock) -> Self {
        let mut names = Names::default();
        let mut row = Reading {
            table: TABLE,
            cells,
            clock,
            names: &mut names,
            offset_ignored: None,
        };
        let mut said = Said::default();
        match row.word(SEX, Sex::WORDS, Sex::from_word) {
            Ok(sex) => said.sex = sex,
            Err(defect) => said.defects.push(defect),
        }
        match row.time(BIRTH) {
            Ok(birth) => said.birth = birth,
            Err(defect) => said.defects.push(defect),
        }
        match row.end(DEATH, said.birth) {
            Ok(death) => said.death = death.filter(|death| !clock.is_later(Some(*death))),
            Err(mut defect) => {
                let is_before_birth = defect.rule == &rules::D0732_END_BEFORE_START;
                // Nothing says which of the two dates is wrong.
                if let Some(birth) = said.birth.take_if(|_| is_before_birth) {
                    let death = quoted(cells.text(DEATH));
                    defect.message = format!("the death on {death} is before the birth on {birth}");
                }
                said.defects.push(defect);
            }
        }
        said
    }
}

/// A patient, ready to be given facts.
pub(crate) struct Person {
    pub(crate) patient: Arc<str>,
    pub(crate) rank: Rank,
    pub(crate) sex: Option<Sex>,
    pub(crate) birth: Option<When>,
    pub(crate) death: Option<When>,
    pub(crate) at: Provenance,
    pub(crate) set_aside: Vec<SetAside>,
}

/// `patients`, read row by row.
pub(crate) struct People {
    records: Records,
    columns: Columns,
    /// What further rows about a patient say.
    twins: BTreeMap<Rank, Vec<Said>>,
    next: Rank,
}

/// Reads `patients` for the first time; none: it cannot be used.
#[expect(clippy::type_complexity, reason = "a pair that is taken apart at once")]
pub(crate) fn survey(
    mut records: Records,
    clock: Clock,
    tally: &mut Tally,
    recorder: &mut Recorder,
) -> io::Result<Option<(Columns, Patients, BTreeMap<Rank, Vec<Said>>)>> {
    let Some(columns) = Columns::read(TABLE, &mut records, recorder)? else {
        return Ok(None);
    };
    records.expect_width(columns.width());
    let mut patients = Patients::default();
    let mut twins: BTreeMap<Rank, Vec<Said>> = BTreeMap::new();
    loop {
        let defect = match records.step()? {
            Step::End => break,
            Step::Broken(breakage) => Defect::broken(breakage, TABLE, &columns),
            Step::Row => {
                let patient = records.bytes(columns.position(PATIENT).unwrap_or(usize::MAX));
                if patient.is_empty() {
                    Defect::broken(Breakage::NoPatient, TABLE, &columns)
                } else if patients.add(patient).is_some() {
                    tally.read += 1;
                    continue;
                } else {
                    let said = Said::read(cells(&records, &columns), clock);
                    if let Some(rank) = patients.rank(patient) {
                        twins.entry(rank).or_default().push(said);
                    }
                    Defect::new(
                        &rules::D0721_PATIENT_TWICE,
                        PATIENT,
                        format!(
                            "{} has a row already; this one is set aside, and what the two say \
                             differently is not known",
                            quoted(&String::from_utf8_lossy(patient))
                        ),
                    )
                }
            }
        };
        tally.read += 1;
        tally.set_aside += 1;
        recorder.record(defect.at(TABLE, &columns, records.line()));
    }
    if tally.read == 0 {
        recorder.record(Problem {
            rule: &rules::D0704_NO_ROWS,
            file: TABLE.file().to_owned(),
            line: 1,
            column: None,
            column_number: None,
            message: "patients has no rows, so there is nobody to judge".to_owned(),
        });
    }
    Ok(Some((columns, patients, twins)))
}

fn cells<'t>(records: &'t Records, columns: &Columns) -> Cells<'t> {
    let text = records.text();
    let mut texts = [""; MOST_COLUMNS];
    for (column, place) in texts.iter_mut().enumerate() {
        if let Some(position) = columns.position(column) {
            *place = records.field(text, position).trim();
        }
    }
    Cells { texts }
}

impl People {
    pub(crate) fn new(
        records: Records,
        columns: Columns,
        twins: BTreeMap<Rank, Vec<Said>>,
    ) -> Self {
        People {
            records,
            columns,
            twins,
            next: Rank(0),
        }
    }

    /// The next patient.
    pub(crate) fn next(
        &mut self,
        patients: &Patients,
        clock: Clock,
        tally: &mut Tally,
        recorder: &mut Recorder,
    ) -> io::Result<Option<Person>> {
        let rank = self.next;
        loop {
            match self.records.step()? {
                Step::End => return Ok(None),
                Step::Broken(_) => continue,
                Step::Row => {}
            }
            let position = self.columns.position(PATIENT).unwrap_or(usize::MAX);
            if patients.rank(self.records.bytes(position)) == Some(rank) {
                break;
            }
        }
        self.next = Rank(rank.0.saturating_add(1));
        tally.used += 1;

        let cells = cells(&self.records, &self.columns);
        let said = Said::read(cells, clock);
        let at = Provenance {
            table: TABLE,
            line: self.records.line(),
        };
        let mut person = Person {
            patient: cells.text(PATIENT).into(),
            rank,
            sex: said.sex,
            birth: said.birth,
            death: said.death,
            at,
            set_aside: Vec::new(),
        };
        let mut defects = said.defects;
        for twin in self.twins.remove(&rank).unwrap_or_default() {
            person.weigh_against(&twin, &mut defects);
        }
        for defect in defects {
            let column = defect.column_name(TABLE);
            let problem = defect.at(TABLE, &self.columns, at.line);
            // The second row is a problem already; its consequence is none of its own.
            let problem = if problem.rule == &rules::D0721_PATIENT_TWICE {
                Arc::new(problem)
            } else {
                recorder.record(problem)
            };
            person.set_aside.push(SetAside {
                table: TABLE,
                code: None,
                concepts: Box::default(),
                column,
                time: None,
                problem,
                at,
            });
        }
        Ok(Some(person))
    }
}

impl Person {
    /// Of two rows about one patient neither is more right than the other.
    fn weigh_against(&mut self, twin: &Said, defects: &mut Vec<Defect>) {
        fn differ<T: PartialEq>(one: &mut Option<T>, other: Option<&T>) -> bool {
            let differ = one.is_some() && other.is_some() && one.as_ref() != other;
            if differ {
                *one = None;
            }
            differ
        }
        let contradictions = [
            (SEX, differ(&mut self.sex, twin.sex.as_ref())),
            (BIRTH, differ(&mut self.birth, twin.birth.as_ref())),
            (DEATH, differ(&mut self.death, twin.death.as_ref())),
        ];
        for (column, differ) in contradictions {
            if differ {
                let name = TABLE.columns().get(column).copied().unwrap_or_default();
                defects.push(Defect::new(
                    &rules::D0721_PATIENT_TWICE,
                    column,
                    format!("another row of this patient has a different `{name}`"),
                ));
            }
        }
    }
}
