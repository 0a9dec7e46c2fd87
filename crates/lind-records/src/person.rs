//! The rows of `patients`.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use lind_time::When;

use crate::cells::{Cells, Clock, Names, Reading};
use crate::chart::{ByMapping, SetAside};
use crate::defect::Defect;
use crate::excerpt::quoted;
use crate::feed::Whose;
use crate::found_people::FoundPeople;
use crate::header::Columns;
use crate::patients::{Patients, Rank};
use crate::place::{Place, Provenance, Sources};
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::store::{LostRow, StoredPeople};
use crate::table::{MOST_COLUMNS, PATIENT};
use crate::tally::Tally;
use crate::words::Sex;
use crate::{Problem, Table, rules};

const TABLE: Table = Table::Patients;
const SEX: usize = TABLE.column("sex");
const BIRTH: usize = TABLE.column("birth_date");
const DEATH: usize = TABLE.column("death_date");

/// What the rows about one patient are, besides the first whole one.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// What further rows say.
    twins: Vec<Said>,
    /// Rows that cannot be read and name the patient. What they say of him may be anything.
    broken: Vec<(u32, Breakage)>,
}

/// What a row of `patients` says besides the patient.
#[derive(Debug, Default)]
pub(crate) struct Said {
    sex: Option<Sex>,
    birth: Option<When>,
    death: Option<When>,
    /// The birth and the death as written.
    written: (Box<str>, Box<str>),
    defects: Vec<Defect>,
}

impl Said {
    /// Whether another record says what this one does.
    pub(crate) fn says_the_same(&self, other: &Said) -> bool {
        let content = |said: &Said| (said.sex, said.birth, said.death);
        content(self) == content(other) && self.defects.is_empty() && other.defects.is_empty()
    }

    pub(crate) fn read(cells: Cells<'_>, clock: Clock) -> Self {
        let mut names = Names::default();
        let mut row = Reading {
            table: TABLE,
            cells: &cells,
            clock,
            names: &mut names,
            offset_ignored: None,
            unlikely_unit: None,
            rules: None,
            sex: None,
            birth: None,
            age_without_birth: None,
            by_mapping: Vec::new(),
        };
        let mut said = Said {
            written: (cells.text(BIRTH).into(), cells.text(DEATH).into()),
            ..Said::default()
        };
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
    pub(crate) sources: Sources,
    pub(crate) set_aside: Vec<SetAside>,
    pub(crate) by_mapping: Vec<ByMapping>,
    /// Of a patient of a store: how many rows each table has of them, in the order of
    /// [`Table::FACTS`], and which records the source had lost.
    pub(crate) kept: Kept,
    /// The birth and the death as written.
    written: (Box<str>, Box<str>),
    defects: Vec<Defect>,
}

/// What a store says of a patient besides their own row.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) counts: [u32; Table::FACTS.len()],
    pub(crate) lost: Vec<LostRow>,
}

impl Kept {
    /// How many rows a table has.
    pub(crate) fn count(&self, table: Table) -> u32 {
        let at = table.place_in_facts();
        at.and_then(|at| self.counts.get(at).copied()).unwrap_or(0)
    }
}

/// The patients, one after another.
pub(crate) enum People {
    /// As their rows stand in `patients`.
    Along(Box<AlongPatients>),
    /// As they were found in a source of another form.
    Found(FoundPeople),
    /// As they stand in a store.
    Stored(Box<StoredPeople>),
}

impl People {
    /// The next patient.
    pub(crate) fn next(
        &mut self,
        patients: &Patients,
        clock: Clock,
        tally: &mut Tally,
        recorder: &mut Recorder,
    ) -> io::Result<Option<Person>> {
        match self {
            People::Along(along) => along.next(patients, clock, tally, recorder),
            People::Found(found) => Ok(found.next(clock, recorder)),
            People::Stored(stored) => stored.next(clock, recorder),
        }
    }
}

/// `patients`, read row by row.
pub(crate) struct AlongPatients {
    records: Records,
    columns: Columns,
    others: BTreeMap<Rank, Others>,
    next: Rank,
    sources: Sources,
}

/// Reads `patients` for the first time; none: it cannot be used.
#[expect(clippy::type_complexity, reason = "a pair that is taken apart at once")]
pub(crate) fn survey(
    mut records: Records,
    clock: Clock,
    tally: &mut Tally,
    recorder: &mut Recorder,
) -> io::Result<Option<(Columns, Patients, BTreeMap<Rank, Others>)>> {
    let Some(columns) = Columns::read(TABLE, &mut records, recorder)? else {
        return Ok(None);
    };
    records.expect_width(columns.width());
    let mut patients = Patients::default();
    let mut others: BTreeMap<Rank, Others> = BTreeMap::new();
    let position = columns.position(PATIENT).unwrap_or(usize::MAX);
    loop {
        let defect = match records.step()? {
            Step::End => break,
            Step::Broken(breakage) => {
                // Nobody is left out because the rest of his row cannot be read.
                let named = readable(records.bytes(position));
                if let Some(rank) = named.map(|name| patients.add_or_find(name.as_bytes())) {
                    let rows = &mut others.entry(rank).or_default().broken;
                    rows.push((records.line(), breakage));
                }
                Defect::broken(breakage, TABLE, &columns)
            }
            Step::Row => {
                let patient = records.bytes(position);
                if patient.is_empty() {
                    Defect::broken(Breakage::NoPatient, TABLE, &columns)
                } else if patients.add(patient).is_some() {
                    tally.read += 1;
                    continue;
                } else {
                    let said = Said::read(cells(&records, &columns), clock);
                    if let Some(rank) = patients.rank(patient) {
                        others.entry(rank).or_default().twins.push(said);
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
        recorder.record(defect.at(&Place::in_table(TABLE, &columns, records.line())));
    }
    if tally.read == 0 {
        recorder.record(Problem {
            rule: &rules::D0704_NO_ROWS,
            file: columns.file().to_owned(),
            line: 1,
            record: None,
            column: None,
            column_number: None,
            message: "patients has no rows, so there is nobody to judge".to_owned(),
        });
    }
    Ok(Some((columns, patients, others)))
}

/// The cells of the current row.
pub(crate) fn cells<'t>(records: &'t Records, columns: &Columns) -> Cells<'t> {
    let text = records.text();
    let mut texts = [""; MOST_COLUMNS];
    for (column, place) in texts.iter_mut().enumerate() {
        if let Some(position) = columns.position(column) {
            *place = records.field(text, position).trim();
        }
    }
    Cells::of(texts)
}

impl AlongPatients {
    pub(crate) fn new(
        records: Records,
        columns: Columns,
        others: BTreeMap<Rank, Others>,
        files: Arc<[Arc<str>]>,
    ) -> Self {
        AlongPatients {
            records,
            columns,
            others,
            next: Rank(0),
            sources: Sources::new(files),
        }
    }

    /// The next patient.
    fn next(
        &mut self,
        patients: &Patients,
        clock: Clock,
        tally: &mut Tally,
        recorder: &mut Recorder,
    ) -> io::Result<Option<Person>> {
        let rank = self.next;
        let position = self.columns.position(PATIENT).unwrap_or(usize::MAX);
        let is_whole = loop {
            let step = self.records.step()?;
            if step == Step::End {
                return Ok(None);
            }
            let (name, is_whole) = (self.records.bytes(position), step == Step::Row);
            let tells = is_whole || readable(name).is_some();
            if tells && patients.rank(name) == Some(rank) {
                break is_whole;
            }
        };
        self.next = Rank(rank.0.saturating_add(1));

        let (patient, said): (Arc<str>, _) = if is_whole {
            tally.used += 1;
            let cells = cells(&self.records, &self.columns);
            (cells.text(PATIENT).into(), Said::read(cells, clock))
        } else {
            let name = readable(self.records.bytes(position)).unwrap_or_default();
            (name.into(), Said::default())
        };
        let at = Provenance::in_table(TABLE, self.records.line());
        let mut person = Person::new(patient, rank, said, at, self.sources.clone());
        let others = self.others.remove(&rank).unwrap_or_default();
        let place = Place::in_table(TABLE, &self.columns, at.line);
        person.settle(&others.twins, &place, recorder);
        for (line, breakage) in others.broken {
            // It was counted when the file was opened.
            let place = Place::in_table(TABLE, &self.columns, line);
            let problem = Defect::broken(breakage, TABLE, &self.columns).at(&place);
            person.lose(problem, place.at);
        }
        Ok(Some(person))
    }
}

/// The name in the first field of a row whose rest is broken; none if it may be broken too.
fn readable(name: &[u8]) -> Option<&str> {
    std::str::from_utf8(name)
        .ok()
        .filter(|name| !name.is_empty() && !name.contains(['\0', '"']))
}

impl Person {
    /// A patient of whom a record says this.
    pub(crate) fn new(
        patient: Arc<str>,
        rank: Rank,
        said: Said,
        at: Provenance,
        sources: Sources,
    ) -> Self {
        Person {
            patient,
            rank,
            sex: said.sex,
            birth: said.birth,
            death: said.death,
            at,
            sources,
            set_aside: Vec::new(),
            by_mapping: Vec::new(),
            kept: Kept::default(),
            written: said.written,
            defects: said.defects,
        }
    }

    /// Whose rows are asked for.
    pub(crate) fn whose(&self) -> Whose<'_> {
        Whose {
            patient: self.patient.as_bytes(),
            rank: self.rank,
            kept: &self.kept,
        }
    }

    /// The name of the patient's own record; empty if it has none.
    pub(crate) fn own_record(&self) -> &str {
        self.sources.record(self.at).unwrap_or_default()
    }

    /// What can be used of the patient's own row, as texts: the sex, the birth and the death.
    pub(crate) fn as_texts(&self) -> [&str; 3] {
        let written = |is_used: bool, text| if is_used { text } else { "" };
        [
            self.sex.map_or("", Sex::word),
            written(self.birth.is_some(), &self.written.0),
            written(self.death.is_some(), &self.written.1),
        ]
    }

    /// Weighs the first record against the others, and sets aside what cannot be used.
    pub(crate) fn settle(&mut self, twins: &[Said], place: &Place<'_>, recorder: &mut Recorder) {
        let mut defects = std::mem::take(&mut self.defects);
        for twin in twins {
            self.weigh_against(twin, &mut defects);
        }
        for defect in defects {
            let column = defect.column_name(TABLE);
            let problem = defect.at(place);
            // The second row is a problem already; its consequence is none of its own.
            let problem = if problem.rule == &rules::D0721_PATIENT_TWICE {
                Arc::new(problem)
            } else {
                recorder.record(problem)
            };
            self.set_aside.push(SetAside {
                table: TABLE,
                code: None,
                concepts: Box::default(),
                column,
                time: None,
                problem,
                at: place.at,
            });
        }
    }

    /// A row that cannot be read may say of everything something else than the others do.
    pub(crate) fn lose(&mut self, problem: Problem, at: Provenance) {
        (self.sex, self.birth, self.death) = (None, None, None);
        self.set_aside.push(SetAside {
            table: TABLE,
            code: None,
            concepts: Box::default(),
            column: None,
            time: None,
            problem: Arc::new(problem),
            at,
        });
    }

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
