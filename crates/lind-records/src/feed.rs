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
use crate::found::Found;
use crate::header::Columns;
use crate::mapping::Mapping;
use crate::patients::{Patients, Rank};
use crate::person::Kept;
use crate::place::{Place, Provenance};
use crate::problem::Recorder;
use crate::record::{Breakage, Records, Step};
use crate::store::{Lane, LostRow};
use crate::survey::Misnamed;
use crate::table::{CODE, MOST_COLUMNS, PATIENT};
use crate::tally::Tally;
use crate::{CodeId, Dictionary, Problem, Table};

/// One row for the patient at hand.
pub(crate) enum Item<'t> {
    /// A row of a code that is looked for, or may be.
    Row { lookup: Lookup, cells: Cells<'t> },
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

/// The wanted rows of a table in any other order, or of a source of another form.
#[derive(Default)]
pub(crate) struct Held {
    text: String,
    /// The cells of the rows that are not empty, one after another: see [`Held::push`].
    cells: Vec<u32>,
    /// Sorted by patient; within a patient in the order of the file.
    rows: Vec<HeldRow>,
    next: usize,
    lost: Vec<Arc<Problem>>,
    /// The names of the files; empty if all rows are of the table's own.
    files: Arc<[Arc<str>]>,
}

struct HeldRow {
    rank: Rank,
    at: Provenance,
    /// Where its texts begin, and where its cells do: of a whole row all of them and the name of its
    /// record, of any other its code alone.
    start: usize,
    first: usize,
    count: u8,
    state: HeldState,
}

enum HeldState {
    /// With what its code is.
    Whole(Lookup),
    Broken(Breakage),
    /// Which of the problems.
    Lost(usize),
}

/// In a cell that is held: which column it is of stands above its length.
const LENGTH_BITS: u32 = 28;

/// The column of the name of the record.
const RECORD: usize = MOST_COLUMNS;

/// What is held of one cell is cut here: nothing that can be read is as long.
const LONGEST_CELL: u32 = (1 << LENGTH_BITS) - 1;

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

    /// The rows of a table that stands in any other order: reads them all.
    pub(crate) fn held(
        table: Table,
        columns: Columns,
        mut codes: CodeBook,
        mut records: Records,
        context: &mut Context<'_>,
    ) -> io::Result<Self> {
        let mut held = Held::default();
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
        held.sort();
        Ok(Feed {
            table,
            columns: Some(columns),
            codes,
            rows: Rows::Held(held),
        })
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
            Rows::Held(held) => {
                while let Some(row) = held.rows.get(held.next).filter(|row| row.rank <= rank) {
                    held.next += 1;
                    if row.rank < rank {
                        continue;
                    }
                    let (item, record) = held.item(row, codes, &mut context.names.dictionary);
                    let place = Place {
                        at: row.at,
                        file: held.file(row.at),
                        record,
                        columns: columns.as_ref(),
                    };
                    take(&place, item, context);
                }
                Ok(())
            }
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
        take(&place, Item::Row { lookup, cells }, context);
    }
}

impl Held {
    /// Where the row begins that is written next.
    fn mark(&self) -> (usize, usize) {
        (self.text.len(), self.cells.len())
    }

    /// Adds a cell to the row that is being written.
    fn push(&mut self, column: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut end = text.len().min(LONGEST_CELL as usize);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default();
        let length = u32::try_from(end).unwrap_or_default();
        let column = u32::try_from(column).unwrap_or_default();
        self.text.push_str(text);
        self.cells.push(column << LENGTH_BITS | length);
    }

    /// Ends the row that begins at the mark.
    fn close(
        &mut self,
        rank: Rank,
        at: Provenance,
        (start, first): (usize, usize),
        state: HeldState,
    ) {
        self.rows.push(HeldRow {
            rank,
            at,
            start,
            first,
            count: u8::try_from(self.cells.len() - first).unwrap_or(u8::MAX),
            state,
        });
    }

    /// Takes a row of a source of another form.
    pub(crate) fn add(&mut self, rank: Rank, at: Provenance, found: &Found<'_>, lookup: Lookup) {
        let mark = self.mark();
        for (column, text) in found.cells.texts.iter().enumerate() {
            if column != PATIENT {
                self.push(column, text);
            }
        }
        self.push(RECORD, found.origin.record);
        self.close(rank, at, mark, HeldState::Whole(lookup));
    }

    /// Takes a record that could not be read.
    pub(crate) fn add_lost(
        &mut self,
        rank: Rank,
        at: Provenance,
        codes: &str,
        problem: Arc<Problem>,
    ) {
        let mark = self.mark();
        self.push(CODE, codes);
        self.lost.push(problem);
        self.close(rank, at, mark, HeldState::Lost(self.lost.len() - 1));
    }

    /// Lets go of all rows and keeps the room for others.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.lost.clear();
        self.next = 0;
    }

    /// Puts the rows in the order of the patients, whose ranks may have changed.
    pub(crate) fn finish(&mut self, files: &Arc<[Arc<str>]>, rank: impl Fn(Rank) -> Rank) {
        self.files = Arc::clone(files);
        for row in &mut self.rows {
            row.rank = rank(row.rank);
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.rank);
    }

    fn file(&self, at: Provenance) -> &str {
        let file = usize::try_from(at.file.0).ok();
        file.and_then(|file| self.files.get(file))
            .map_or(at.table.file(), |name| name)
    }

    /// A row, and the name of its record.
    fn item(
        &self,
        row: &HeldRow,
        codes: &mut CodeBook,
        dictionary: &mut Dictionary,
    ) -> (Item<'_>, &str) {
        let mut texts = [""; MOST_COLUMNS];
        let mut record = "";
        let mut rest = self.text.get(row.start..).unwrap_or_default();
        let end = row.first.saturating_add(usize::from(row.count));
        for cell in self.cells.get(row.first..end).unwrap_or_default() {
            let length = usize::try_from(cell & LONGEST_CELL).unwrap_or(usize::MAX);
            let (text, behind) = rest.split_at_checked(length).unwrap_or_default();
            rest = behind;
            match texts.get_mut((cell >> LENGTH_BITS) as usize) {
                Some(place) => *place = text,
                None => record = text,
            }
        }
        let cells = Cells::of(texts);
        let mut lookup_alone = || {
            let code = Some(cells.text(CODE)).filter(|code| !code.is_empty());
            code.map(|code| codes.look_up(code, dictionary))
        };
        let item = match &row.state {
            HeldState::Whole(lookup) => Item::Row {
                lookup: lookup.clone(),
                cells,
            },
            HeldState::Broken(breakage) => Item::Broken {
                breakage: *breakage,
                lookup: lookup_alone(),
            },
            HeldState::Lost(at) => match self.lost.get(*at) {
                Some(problem) => Item::Lost {
                    problem: Arc::clone(problem),
                    lookup: lookup_alone(),
                    column: None,
                },
                None => Item::Broken {
                    breakage: Breakage::NoPatient,
                    lookup: lookup_alone(),
                },
            },
        };
        (item, record)
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
