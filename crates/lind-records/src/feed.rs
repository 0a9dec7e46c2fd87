//! The rows of one table, patient by patient.
//!
//! A table whose rows stand in the order of `patients` is read along with it and never held. Of
//! any other table the wanted rows are held as they stand in the file, which is the smallest form
//! they have, and decoded when their patient comes up.

use std::io;
use std::sync::Arc;

use crate::cells::{Cells, Clock, Names};
use crate::codes::{CodeBook, Lookup, tell_unused_system};
use crate::defect::Defect;
use crate::excerpt::trimmed;
use crate::header::Columns;
use crate::held::{Held, HeldState};
use crate::mapping::Mapping;
use crate::patients::{Patients, Rank};
use crate::person::Kept;
use crate::place::{Place, Provenance};
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::spill::Spill;
use crate::store::{Lane, LostRow};
use crate::survey::Misnamed;
use crate::table::{CODE, MOST_COLUMNS, PATIENT};
use crate::tally::Tally;
use crate::{CodeId, Dictionary, MilestoneRow, Problem, Table, Timeline};

/// One row for the patient at hand.
pub(crate) enum Item<'t> {
    /// A row of a code that is looked for, or may be.
    Row {
        lookup: Lookup,
        cells: &'t Cells<'t>,
    },
    /// A row that cannot be read. It is this patient's, or may be.
    Broken {
        breakage: Breakage,
        /// What its code is, if that much is readable.
        lookup: Option<Lookup>,
    },
    /// A record of which it was said already what is wrong with it.
    Lost {
        problem: Arc<Problem>,
        /// What its code is, if that much is readable.
        lookup: Option<Lookup>,
        /// The column that is wrong, if it is one.
        column: Option<&'static str>,
    },
}

/// What the reading of rows needs besides the rows.
pub(crate) struct Context<'c> {
    pub(crate) patients: &'c Patients,
    pub(crate) clock: Clock,
    pub(crate) names: &'c mut Names,
    pub(crate) tally: &'c mut Tally,
    pub(crate) recorder: &'c mut Recorder,
    pub(crate) mapping: &'c Mapping,
}

/// Whose rows are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'p> {
    pub(crate) patient: &'p [u8],
    pub(crate) rank: Rank,
    pub(crate) kept: &'p Kept,
}

/// The rows of one table.
pub(crate) struct Feed {
    pub(crate) table: Table,
    /// Where the columns stand in the table's file, if it has one of its own.
    pub(crate) columns: Option<Columns>,
    codes: CodeBook,
    rows: Rows,
}

enum Rows {
    Along(Along),
    Held(Held),
    Stored(Lane),
}

/// A table in the order of `patients`.
struct Along {
    records: Records,
    ahead: Ahead,
    /// Broken rows that name a patient out of order.
    misnamed: Misnamed,
    /// A row that does not tell for certain whose it is: it may be of any patient from the one
    /// before it to the one after it.
    unplaced: Option<(u32, Breakage)>,
}

#[derive(Clone, Copy)]
enum Ahead {
    NotRead,
    Row(Rank),
    Broken(Rank, Breakage),
    Unplaced(Breakage),
    End,
}

impl Feed {
    /// The rows of a table that stands in the order of `patients`.
    pub(crate) fn along(
        table: Table,
        columns: Columns,
        codes: CodeBook,
        records: Records,
        misnamed: Misnamed,
    ) -> Self {
        Feed {
            table,
            columns: Some(columns),
            codes,
            rows: Rows::Along(Along {
                records,
                ahead: Ahead::NotRead,
                misnamed,
                unplaced: None,
            }),
        }
    }

    /// Rows of a source of another form, to be handed over in any order.
    pub(crate) fn gathering(table: Table, codes: CodeBook) -> Self {
        Feed {
            table,
            columns: None,
            codes,
            rows: Rows::Held(Held::default()),
        }
    }

    /// What is looked for, and the rows that are held; none: they are read along.
    pub(crate) fn gathered(&mut self) -> Option<(&mut CodeBook, &mut Held)> {
        match &mut self.rows {
            Rows::Held(held) => Some((&mut self.codes, held)),
            Rows::Along(_) | Rows::Stored(_) => None,
        }
    }

    /// The rows of a table of a store.
    pub(crate) fn stored(
        table: Table,
        columns: Option<Columns>,
        codes: CodeBook,
        lane: Lane,
    ) -> Self {
        Feed {
            table,
            columns,
            codes,
            rows: Rows::Stored(lane),
        }
    }

    /// Takes the milestones of the patient whose rows come next, so that rows can be left out that cannot
    /// matter; none: they are not certain.
    pub(crate) fn aim(&mut self, milestones: Option<&Timeline<MilestoneRow>>) {
        if let Rows::Stored(lane) = &mut self.rows {
            lane.aim(milestones);
        }
    }

    /// Whether rows can be left out that cannot matter.
    pub(crate) fn is_sieved(&self) -> bool {
        matches!(&self.rows, Rows::Stored(lane) if lane.is_sieved())
    }

    /// The rows of a table that stands in any other order: reads them all.
    pub(crate) fn held(
        table: Table,
        columns: Columns,
        mut codes: CodeBook,
        mut records: Records,
        spill: Option<&Spill>,
        context: &mut Context<'_>,
    ) -> io::Result<Self> {
        let mut held = Held::default();
        if let Some(spill) = spill {
            held.spill_to(spill);
        }
        let mut last: (Vec<u8>, Option<Rank>) = (Vec::new(), None);
        loop {
            let step = records.step()?;
            if step == Step::End {
                break;
            }
            let patient = records.bytes(columns.position(PATIENT).unwrap_or(usize::MAX));
            if last.0 != patient {
                last.0.clear();
                last.0.extend_from_slice(patient);
                last.1 = context.patients.rank(patient);
            }
            let nearly = last.1.is_none() && step == Step::Row;
            let nearly = nearly.then(|| context.patients.nearly(&last.0)).flatten();
            let step = match nearly {
                Some(_) => Step::Broken(Breakage::NearPatient),
                None => step,
            };
            let Some(rank) = last.1.or(nearly) else {
                continue;
            };
            let mark = held.mark();
            let line = records.line();
            let state = match step {
                Step::Broken(breakage) => {
                    if let Some(code) = code_of_broken(&records, &columns, breakage) {
                        let lookup = codes.look_up(code, &mut context.names.dictionary);
                        let place = Place::in_table(table, &columns, line);
                        tell_unused_system(&lookup, &codes, &place, context.recorder);
                        held.push(CODE, code);
                    }
                    HeldState::Broken(breakage)
                }
                _ => {
                    let text = records.text();
                    let cell = |column| cell(&records, text, &columns, column);
                    let lookup = codes.look_up(cell(CODE), &mut context.names.dictionary);
                    let place = Place::in_table(table, &columns, line);
                    tell_unused_system(&lookup, &codes, &place, context.recorder);
                    if matches!(lookup, Lookup::NotWanted(_)) {
                        context.tally.not_wanted += 1;
                        continue;
                    }
                    // Whose row it is is known by its rank.
                    for column in (0..table.columns().len()).filter(|column| *column != PATIENT) {
                        held.push(column, cell(column));
                    }
                    HeldState::Whole(lookup)
                }
            };
            held.close(rank, Provenance::in_table(table, line), mark, state);
        }
        held.finish(&Arc::default(), None);
        Ok(Feed {
            table,
            columns: Some(columns),
            codes,
            rows: Rows::Held(held),
        })
    }

    /// How many rows of a patient there are, as far as that is known before they are read.
    pub(crate) fn count(&self, person: Whose<'_>) -> usize {
        match &self.rows {
            Rows::Held(held) => held.count(person.rank),
            Rows::Stored(_) => usize::try_from(person.kept.count(self.table)).unwrap_or(0),
            Rows::Along(_) => 0,
        }
    }

    /// Where the columns stand in the table's file, if it has one of its own.
    pub(crate) fn columns(&self) -> Option<&Columns> {
        self.columns.as_ref()
    }

    /// What its codes turned out to be.
    pub(crate) fn codes(&self) -> &CodeBook {
        &self.codes
    }

    /// The number of a code that is looked for; none: it is not.
    pub(crate) fn code(&mut self, code: &str, dictionary: &mut Dictionary) -> Option<CodeId> {
        match self.codes.look_up(code, dictionary) {
            Lookup::Wanted(code) => Some(code),
            _ => None,
        }
    }

    /// Hands over every row of the patient at hand, with its line. Patients come in order.
    pub(crate) fn rows_of(
        &mut self,
        person: Whose<'_>,
        context: &mut Context<'_>,
        mut take: impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) -> io::Result<()> {
        let Whose {
            patient,
            rank,
            kept,
        } = person;
        let Feed {
            table,
            columns,
            codes,
            rows,
        } = self;
        match rows {
            Rows::Held(held) => loop {
                let mut cells = Cells::empty();
                let names = (&mut *codes, &mut context.names.dictionary);
                let Some(row) = held.next_row((*table, rank), names, &mut cells)? else {
                    return Ok(());
                };
                let place = Place {
                    at: row.at,
                    file: row.file,
                    record: row.record,
                    columns: columns.as_ref(),
                };
                take(&place, row.item(&cells), context);
            },
            Rows::Stored(lane) => {
                for lost in kept.lost.iter().filter(|lost| lost.table == *table) {
                    take_lost(lost, codes, context, &mut take);
                }
                let count = kept.count(*table);
                lane.rows_of(count, (columns.as_ref(), codes), context, &mut take)
            }
            Rows::Along(along) => {
                let Some(columns) = columns else {
                    return Ok(());
                };
                let named = along.misnamed.take(rank);
                for &(line, breakage) in &named {
                    let place = Place::in_table(*table, columns, line);
                    take(&place, broken(breakage), context);
                }
                along.rows_to(
                    patient,
                    rank,
                    &named,
                    (*table, columns, codes),
                    context,
                    take,
                )
            }
        }
    }
}

impl Along {
    /// Hands over the rows that stand where this patient's do, but for those that name him, which
    /// he was given.
    fn rows_to(
        &mut self,
        patient: &[u8],
        rank: Rank,
        named: &[(u32, Breakage)],
        (table, columns, codes): (Table, &Columns, &mut CodeBook),
        context: &mut Context<'_>,
        mut take: impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) -> io::Result<()> {
        let not_given =
            |unplaced: Option<(u32, Breakage)>| unplaced.filter(|row| !named.contains(row));
        loop {
            if matches!(self.ahead, Ahead::NotRead) {
                self.ahead = self.look_ahead(patient, rank, columns, context.patients)?;
            }
            let line = self.records.line();
            let place = Place::in_table(table, columns, line);
            match self.ahead {
                Ahead::Unplaced(breakage) => {
                    self.unplaced.get_or_insert((line, breakage));
                }
                Ahead::Row(next) | Ahead::Broken(next, _) if next < rank => {
                    let problem = Defect::changed(table).at(&place);
                    context.recorder.record(problem);
                    context.tally.set_aside += 1;
                }
                Ahead::Row(next) | Ahead::Broken(next, _) => {
                    if let Some((line, breakage)) = not_given(self.unplaced) {
                        let place = Place::in_table(table, columns, line);
                        take(&place, broken(breakage), context);
                    }
                    if next > rank {
                        return Ok(());
                    }
                    self.unplaced = None;
                    if let Ahead::Broken(_, breakage) = self.ahead {
                        let code = code_of_broken(&self.records, columns, breakage);
                        let dictionary = &mut context.names.dictionary;
                        let lookup = code.map(|code| codes.look_up(code, dictionary));
                        if let Some(lookup) = &lookup {
                            tell_unused_system(lookup, codes, &place, context.recorder);
                        }
                        let item = Item::Broken { breakage, lookup };
                        take(&place, item, context);
                    } else {
                        self.take_row(table, columns, codes, context, &mut take);
                    }
                }
                Ahead::End => {
                    if let Some((line, breakage)) = not_given(self.unplaced) {
                        let place = Place::in_table(table, columns, line);
                        take(&place, broken(breakage), context);
                    }
                    return Ok(());
                }
                Ahead::NotRead => {}
            }
            self.ahead = Ahead::NotRead;
        }
    }

    fn look_ahead(
        &mut self,
        patient: &[u8],
        rank: Rank,
        columns: &Columns,
        patients: &Patients,
    ) -> io::Result<Ahead> {
        let position = columns.position(PATIENT).unwrap_or(usize::MAX);
        loop {
            let step = self.records.step()?;
            if step == Step::End {
                return Ok(Ahead::End);
            }
            let named = self.records.bytes(position);
            let owner = if named == patient {
                Some(rank)
            } else {
                patients.rank(named)
            };
            let owner =
                owner.filter(|_| step == Step::Row || !self.misnamed.has(self.records.line()));
            return Ok(match (step, owner) {
                (Step::Broken(breakage), Some(owner)) => Ahead::Broken(owner, breakage),
                (Step::Broken(breakage), None) => Ahead::Unplaced(breakage),
                (_, Some(owner)) => Ahead::Row(owner),
                (_, None) if named.is_empty() => Ahead::Unplaced(Breakage::NoPatient),
                (_, None) => match patients.nearly(named) {
                    Some(owner) => Ahead::Broken(owner, Breakage::NearPatient),
                    // A patient who is not in `patients`: counted when the file was opened.
                    None => continue,
                },
            });
        }
    }

    fn take_row(
        &self,
        table: Table,
        columns: &Columns,
        codes: &mut CodeBook,
        context: &mut Context<'_>,
        take: &mut impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) {
        let records = &self.records;
        let text = records.text();
        let code = cell(records, text, columns, CODE);
        let lookup = codes.look_up(code, &mut context.names.dictionary);
        let place = Place::in_table(table, columns, records.line());
        tell_unused_system(&lookup, codes, &place, context.recorder);
        if matches!(lookup, Lookup::NotWanted(_)) {
            context.tally.not_wanted += 1;
            return;
        }
        let mut texts = [""; MOST_COLUMNS];
        for (column, place) in texts.iter_mut().enumerate() {
            *place = cell(records, text, columns, column);
        }
        let cells = Cells::of(texts);
        let item = Item::Row {
            lookup,
            cells: &cells,
        };
        take(&place, item, context);
    }
}

/// A record that the source of a store had lost.
fn take_lost(
    lost: &LostRow,
    codes: &mut CodeBook,
    context: &mut Context<'_>,
    take: &mut impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
) {
    let code = Some(&*lost.code).filter(|code| !code.is_empty());
    let place = Place {
        at: lost.at,
        file: &lost.problem.file,
        record: lost.problem.record.as_deref().unwrap_or_default(),
        columns: None,
    };
    let item = Item::Lost {
        problem: Arc::clone(&lost.problem),
        lookup: code.map(|code| codes.look_up(code, &mut context.names.dictionary)),
        column: lost.column,
    };
    take(&place, item, context);
}

/// The cell of a column, without blanks around it; empty if the file does not have the column.
fn cell<'t>(records: &'t Records, text: &'t str, columns: &Columns, column: usize) -> &'t str {
    columns
        .position(column)
        .map_or("", |position| trimmed(records.field(text, position)))
}

/// A broken row of which no more is known.
fn broken(breakage: Breakage) -> Item<'static> {
    Item::Broken {
        breakage,
        lookup: None,
    }
}

/// The code of a broken row, if its fields can be told apart and this one is text.
fn code_of_broken<'r>(
    records: &'r Records,
    columns: &Columns,
    breakage: Breakage,
) -> Option<&'r str> {
    let position = columns
        .position(CODE)
        .filter(|_| breakage.leaves_fields())?;
    let code = std::str::from_utf8(records.bytes(position)).ok()?;
    (!code.contains('\0')).then_some(code)
}
