//! The rows of `decisions`, which are of the trial and of no patient.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use lind_time::When;

use crate::cells::{Clock, Names, Reading};
use crate::defect::Defect;
use crate::header::Columns;
use crate::person::cells;
use crate::place::{Place, Provenance};
use crate::problem::Recorder;
use crate::record::{Records, Step};
use crate::tally::Tally;
use crate::words::Action;
use crate::{Problem, Table, rules};

const TABLE: Table = Table::Decisions;
const TIME: usize = TABLE.column("time");
const LEVEL: usize = TABLE.column("level");
const ACTION: usize = TABLE.column("action");
const TO: usize = TABLE.column("to");
const BY: usize = TABLE.column("by");
const REASON: usize = TABLE.column("reason");
const STATUS: usize = TABLE.column("status");

/// What was decided of a dose level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub time: When,
    /// The level it was decided of, by its name in the protocol.
    pub level: Arc<str>,
    /// What was decided.
    pub action: Action,
    /// To which level, if it is said; else the next one in the direction of the action.
    pub to: Option<Arc<str>>,
    /// Who decided.
    pub by: Option<Arc<str>>,
    /// Why, in words.
    pub reason: Option<Arc<str>>,
    /// Where the row stands.
    pub at: Provenance,
}

/// The decisions of a trial.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The earliest first; the order of those of one time depends on what they say alone.
    pub rows: Vec<Decision>,
    /// Rows that could not be used: something else may have been decided besides.
    pub set_aside: Vec<Arc<Problem>>,
}

/// Reads the table; none: its columns cannot be told.
pub(crate) fn read(
    mut records: Records,
    clock: Clock,
    names: &mut Names,
    tally: &mut Tally,
    recorder: &mut Recorder,
) -> io::Result<Option<Decisions>> {
    let Some(columns) = Columns::read(TABLE, &mut records, recorder)? else {
        return Ok(None);
    };
    records.expect_width(columns.width());
    let mut decisions = Decisions::default();
    let mut offset_told = false;
    loop {
        let defect = match records.step()? {
            Step::End => break,
            Step::Broken(breakage) => Defect::broken(breakage, TABLE, &columns),
            Step::Row => {
                let cells = cells(&records, &columns);
                let mut row = Reading {
                    table: TABLE,
                    cells: &cells,
                    clock,
                    names,
                    offset_ignored: None,
                    unlikely_unit: None,
                    rules: None,
                    sex: None,
                    birth: None,
                    age_without_birth: None,
                    by_mapping: Vec::new(),
                };
                tally.read += 1;
                if row.is_withdrawn(Some(STATUS)) {
                    tally.withdrawn += 1;
                    continue;
                }
                let at = Provenance::in_table(TABLE, records.line());
                let read = decision(&mut row, at);
                if let Some(column) = row.offset_ignored.filter(|_| !offset_told) {
                    offset_told = true;
                    let defect = Defect::offset_ignored(column);
                    recorder.record(defect.at(&Place::in_table(TABLE, &columns, at.line)));
                }
                match read {
                    Ok(decision) if clock.is_later(Some(decision.time)) => tally.later += 1,
                    Ok(decision) => decisions.rows.push(decision),
                    Err(defect) => {
                        tally.set_aside += 1;
                        let problem =
                            recorder.record(defect.at(&Place::in_table(TABLE, &columns, at.line)));
                        decisions.set_aside.push(problem);
                    }
                }
                continue;
            }
        };
        tally.read += 1;
        tally.set_aside += 1;
        let problem = recorder.record(defect.at(&Place::in_table(TABLE, &columns, records.line())));
        decisions.set_aside.push(problem);
    }
    if tally.read == 0 {
        recorder.record(Problem {
            rule: &rules::D0704_NO_ROWS,
            file: columns.file().to_owned(),
            line: 1,
            record: None,
            column: None,
            column_number: None,
            message: "decisions has no rows, so nothing was decided of the dose levels".to_owned(),
        });
    }
    let rows = &mut decisions.rows;
    let count = rows.len();
    rows.sort_by(|one, other| compare(one, other).then_with(|| one.at.cmp(&other.at)));
    rows.dedup_by(|later, first| compare(later, first).is_eq());
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    tally.duplicates += number(count.saturating_sub(rows.len()));
    tally.used += number(rows.len());
    Ok(Some(decisions))
}

fn decision(row: &mut Reading<'_, '_>, at: Provenance) -> Result<Decision, Defect> {
    Ok(Decision {
        time: row.needed_time(TIME)?,
        level: row
            .plain(LEVEL)
            .ok_or_else(|| Defect::missing(TABLE, LEVEL))?,
        action: row
            .word(ACTION, Action::WORDS, Action::from_word)?
            .ok_or_else(|| Defect::missing(TABLE, ACTION))?,
        to: row.plain(TO),
        by: row.plain(BY),
        reason: row.plain(REASON),
        at,
    })
}

/// By time, then by the rest; not by place.
fn compare(one: &Decision, other: &Decision) -> Ordering {
    fn key(row: &Decision) -> impl Ord + '_ {
        let time = (row.time.start(), row.time.end(), row.time.precision());
        (time, &row.level, row.action, &row.to, &row.by, &row.reason)
    }
    key(one).cmp(&key(other))
}
