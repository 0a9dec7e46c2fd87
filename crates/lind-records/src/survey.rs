//! The first reading of a table: which rows are whole, whose they are, and in which order they
//! stand. Nothing is decoded.

use std::collections::{BTreeMap, HashSet};
use std::io;

use crate::defect::Defect;
use crate::header::Columns;
use crate::patients::{Patients, Rank};
use crate::place::Place;
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::table::PATIENT;
use crate::tally::Tally;
use crate::{Problem, Table, rules};

/// How many broken rows in a run may wait for a whole row to tell whether they are in order.
const MOST_WAITING: usize = 100_000;

/// What the first reading of a table found.
#[derive(Debug)]
pub(crate) enum Survey {
    /// There is no such file.
    Absent,
    /// There is such a file, and its columns cannot be told.
    Unreadable,
    /// It can be read.
    Readable(Box<Readable>),
}

#[derive(Debug)]
pub(crate) struct Readable {
    pub(crate) columns: Columns,
    /// Whether the rows stand in the order of `patients`.
    pub(crate) in_order: bool,
    /// Broken rows that name a patient out of order.
    pub(crate) misnamed: Misnamed,
    /// Rows that do not tell whose they are.
    pub(crate) unplaced: u64,
    /// There are rows, and none is of a patient who is known: the table names them otherwise.
    pub(crate) is_of_strangers: bool,
}

/// Broken rows that name a patient other than those between whom they stand. Either may be right,
/// the name or the place, so all of them are charged.
#[derive(Debug, Default)]
pub(crate) struct Misnamed {
    lines: HashSet<u32>,
    by_name: BTreeMap<Rank, Vec<(u32, Breakage)>>,
}

impl Misnamed {
    fn add(&mut self, named: Rank, line: u32, breakage: Breakage) {
        self.lines.insert(line);
        self.by_name
            .entry(named)
            .or_default()
            .push((line, breakage));
    }

    /// Whether the row on this line names a patient out of order.
    pub(crate) fn has(&self, line: u32) -> bool {
        self.lines.contains(&line)
    }

    /// The rows that name this patient, by line. They are handed over once.
    pub(crate) fn take(&mut self, named: Rank) -> Vec<(u32, Breakage)> {
        self.by_name.remove(&named).unwrap_or_default()
    }
}

/// Reads a table of facts for the first time.
pub(crate) fn facts(
    table: Table,
    mut records: Records,
    patients: &Patients,
    is_wanted: bool,
    tally: &mut Tally,
    recorder: &mut Recorder,
) -> io::Result<Survey> {
    let Some(columns) = Columns::read(table, &mut records, recorder)? else {
        return Ok(Survey::Unreadable);
    };
    records.expect_width(columns.width());
    let position = columns.position(PATIENT).unwrap_or(usize::MAX);
    let mut order = Order::default();
    let (mut known, mut unplaced) = (0_u64, 0);
    let mut last: (Vec<u8>, Option<Rank>) = (Vec::new(), None);
    loop {
        let step = records.step()?;
        if step == Step::End {
            break;
        }
        tally.read += 1;
        let named = records.bytes(position);
        if last.0 != named {
            last.0.clear();
            last.0.extend_from_slice(named);
            last.1 = patients.rank(named);
        }
        let line = records.line();
        known += u64::from(last.1.is_some());
        let defect = match (step, last.1) {
            (Step::Broken(breakage), owner) => {
                match owner {
                    Some(owner) => order.broken(owner, line, breakage),
                    None => {
                        unplaced += 1;
                        // A name with a slip is no reason to leave out the patient it may mean.
                        if let Some(nearly) = patients.nearly(&last.0) {
                            order.misnamed.add(nearly, line, breakage);
                        }
                    }
                }
                Defect::broken(breakage, table, &columns)
            }
            (_, Some(owner)) => {
                order.whole(owner);
                if !is_wanted {
                    tally.not_wanted += 1;
                }
                continue;
            }
            (_, None) if last.0.is_empty() => {
                unplaced += 1;
                Defect::broken(Breakage::NoPatient, table, &columns)
            }
            (_, None) => {
                let nearly = patients.nearly(&last.0);
                if let Some(owner) = nearly {
                    order.whole(owner);
                }
                let name = String::from_utf8_lossy(&last.0);
                Defect::unknown_patient(&name, nearly.is_some())
            }
        };
        tally.set_aside += 1;
        recorder.record(defect.at(&Place::in_table(table, &columns, line)));
    }
    if tally.read == 0 {
        recorder.record(Problem {
            rule: &rules::D0704_NO_ROWS,
            file: columns.file().to_owned(),
            line: 1,
            record: None,
            column: None,
            column_number: None,
            message: format!("{table} has no rows, so no patient has anything of this kind"),
        });
    }
    order.finish();
    Ok(Survey::Readable(Box::new(Readable {
        columns,
        in_order: order.kept,
        misnamed: order.misnamed,
        unplaced,
        is_of_strangers: tally.read > 0 && known == 0,
    })))
}

/// Whether rows stand in the order of `patients`.
struct Order {
    kept: bool,
    last: Option<Rank>,
    /// Broken rows since the last whole one, with the patient that they name.
    waiting: Vec<(Rank, u32, Breakage)>,
    misnamed: Misnamed,
}

impl Default for Order {
    fn default() -> Self {
        Order {
            kept: true,
            last: None,
            waiting: Vec::new(),
            misnamed: Misnamed::default(),
        }
    }
}

impl Order {
    fn whole(&mut self, owner: Rank) {
        self.kept &= self.last.is_none_or(|last| last <= owner);
        self.settle(Some(owner));
        self.last = Some(owner);
    }

    fn broken(&mut self, owner: Rank, line: u32, breakage: Breakage) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push((owner, line, breakage));
        } else {
            self.kept = false;
        }
    }

    fn finish(&mut self) {
        self.settle(None);
    }

    /// Broken rows stand in order if the patients they name rise from the whole row before them to
    /// the one after them.
    fn settle(&mut self, next: Option<Rank>) {
        let mut before = self.last;
        for (owner, line, breakage) in self.waiting.drain(..) {
            let rises = before.is_none_or(|before| before <= owner);
            if rises && next.is_none_or(|next| owner <= next) {
                before = Some(owner);
            } else {
                self.misnamed.add(owner, line, breakage);
            }
        }
    }
}
