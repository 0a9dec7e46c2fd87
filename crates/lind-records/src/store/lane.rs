//! The rows of one table of a store. They stand in the order of the patients, and of each patient it
//! is known how many there are, so nobody's name is read.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::keyed::{EMPTY, KeyedColumn, RowKeys};
use super::sieve::Sieve;
use super::stored::{Stored, damaged};
use crate::cells::Cells;
use crate::codes::{CodeBook, Lookup, tell_unused_system};
use crate::defect::Defect;
use crate::feed::{Context, Item};
use crate::header::Columns;
use crate::place::{FileId, Place, Provenance};
use crate::reach::Limits;
use crate::table::{CODE, PATIENT};
use crate::{MilestoneRow, Table, Tables, Timeline};

/// The rows of one table of a store.
pub(crate) struct Lane {
    table: Table,
    /// None: the source had no row.
    stored: Option<Stored>,
    /// What each text of the codes is looked up as.
    lookups: Vec<Option<Lookup>>,
    /// Which file each text of `source_file` is.
    sources: Vec<FileId>,
    files: Arc<HashMap<Box<str>, FileId>>,
    /// The names of the files.
    names: Arc<[Arc<str>]>,
    /// The file in which the rows stand themselves.
    own: Arc<str>,
    /// What leaves rows out that cannot matter.
    sieve: Option<Sieve>,
}

/// The files of the source: the numbers of their names, and their names by these.
type Files<'f> = (&'f Arc<HashMap<Box<str>, FileId>>, &'f Arc<[Arc<str>]>);

/// Where the code stands among the texts: the patient is not read.
const CODE_TEXT: usize = CODE - 1;

/// Where the numbers stand that tell the place.
const SOURCE_LINE: usize = 0;
const SOURCE_ENTRY: usize = 1;

impl Lane {
    /// Opens the rows of a table.
    pub(super) fn open(
        tables: &dyn Tables,
        table: Table,
        rows: u64,
        (files, names): Files<'_>,
        limits: &Limits,
    ) -> io::Result<Lane> {
        let own = table.parquet_file();
        let mut texts = table
            .columns()
            .get(PATIENT + 1..)
            .unwrap_or_default()
            .to_vec();
        texts.extend(["source_file", "source_record"]);
        let integers = ["source_line", "source_entry"];
        let stored = match rows {
            0 => None,
            _ => Some(Stored::open(tables, &own, (&texts, &integers), rows)?),
        };
        Ok(Lane {
            table,
            stored,
            lookups: Vec::new(),
            sources: Vec::new(),
            files: Arc::clone(files),
            names: Arc::clone(names),
            own: own.into(),
            sieve: match table {
                Table::Observations => Sieve::new(limits),
                _ => None,
            },
        })
    }

    /// Takes the milestones of the patient whose rows come next; none: they are not certain.
    pub(crate) fn aim(&mut self, milestones: Option<&Timeline<MilestoneRow>>) {
        if let Some(sieve) = &mut self.sieve {
            sieve.aim(milestones);
        }
    }

    /// Whether rows can be left out.
    pub(crate) fn is_sieved(&self) -> bool {
        self.sieve.is_some()
    }

    /// Hands over the next rows, which are those of the patient at hand.
    pub(crate) fn rows_of(
        &mut self,
        count: u32,
        (columns, codes): (Option<&Columns>, &mut CodeBook),
        context: &mut Context<'_>,
        take: &mut impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) -> io::Result<()> {
        let mut count = usize::try_from(count).unwrap_or(usize::MAX);
        let Some(stored) = &mut self.stored else {
            return Ok(());
        };
        while count > 0 {
            let left = stored.left()?;
            if left == 0 {
                return Err(damaged(&format!("{} ends before its last row", self.own)));
            }
            if stored.take_renewed(CODE_TEXT) {
                let texts = stored
                    .texts
                    .get(CODE_TEXT)
                    .map_or(0, KeyedColumn::text_count);
                self.lookups.clear();
                self.lookups.resize(texts, None);
            }
            let source = self.table.columns().len() - 1;
            if stored.take_renewed(source) {
                let texts = stored
                    .texts
                    .get(source)
                    .into_iter()
                    .flat_map(KeyedColumn::texts);
                let file = |text| self.files.get(text).copied().unwrap_or(FileId::NONE);
                self.sources.clear();
                self.sources.extend(texts.map(file));
            }
            let rows = left.min(count);
            if let Some(sieve) = &mut self.sieve {
                sieve.look_at(stored, rows, &self.lookups, (context.names, context.clock));
            }
            for at_hand in 0..rows {
                count -= 1;
                let row = stored.row;
                let key = stored
                    .texts
                    .get(CODE_TEXT)
                    .map_or(EMPTY, |codes| codes.key(row));
                let at = usize::try_from(key).unwrap_or(usize::MAX);
                if let Some(Some(Lookup::NotWanted(None))) = self.lookups.get(at) {
                    context.tally.not_wanted += 1;
                    stored.row += 1;
                    continue;
                }
                let sieve = self.sieve.as_ref();
                if sieve.is_some_and(|sieve| sieve.leaves_out(at_hand, key)) {
                    context.tally.out_of_reach += 1;
                    stored.row += 1;
                    continue;
                }
                let view = View {
                    table: self.table,
                    stored,
                    sources: &self.sources,
                    names: &self.names,
                    own: &self.own,
                    columns,
                };
                view.take(at, &mut self.lookups, codes, context, take);
                stored.row += 1;
            }
        }
        Ok(())
    }
}

/// The row at hand.
struct View<'v> {
    table: Table,
    stored: &'v Stored,
    sources: &'v [FileId],
    names: &'v [Arc<str>],
    own: &'v str,
    columns: Option<&'v Columns>,
}

impl<'v> View<'v> {
    fn take(
        &self,
        code: usize,
        lookups: &mut [Option<Lookup>],
        codes: &mut CodeBook,
        context: &mut Context<'_>,
        take: &mut impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) {
        let texts = &self.stored.texts;
        let row = self.stored.row;
        let cells = Cells::keyed(RowKeys {
            columns: texts,
            own: self.table.columns().len(),
            row,
        });
        let own = self.stored.unsound.iter().filter(|at| **at < self.last());
        let mut breakage = own.filter_map(|at| {
            let keyed = texts.get(*at)?;
            keyed.breakage(keyed.key(row), self.stored.field(*at))
        });
        if let Some(breakage) = breakage.next() {
            return self.broken(breakage, &cells, codes, context, take);
        }
        let place = self.place();
        let lookup = match lookups.get(code) {
            Some(Some(lookup)) => lookup.clone(),
            other => {
                let is_known = other.is_some();
                let lookup = codes.look_up(cells.text(CODE), &mut context.names.dictionary);
                if let Some(slot) = lookups.get_mut(code).filter(|_| is_known) {
                    *slot = Some(lookup.clone());
                }
                lookup
            }
        };
        tell_unused_system(&lookup, codes, &place, context.recorder);
        if matches!(lookup, Lookup::NotWanted(_)) {
            context.tally.not_wanted += 1;
            return;
        }
        let item = Item::Row {
            lookup,
            cells: &cells,
        };
        take(&place, item, context);
    }

    /// A part of the store cannot be read.
    fn broken(
        &self,
        breakage: crate::record::Breakage,
        cells: &Cells<'_>,
        codes: &mut CodeBook,
        context: &mut Context<'_>,
        take: &mut impl FnMut(&Place<'_>, Item<'_>, &mut Context<'_>),
    ) {
        let code = cells.text(CODE);
        let lookup = match code {
            "" => None,
            code => Some(codes.look_up(code, &mut context.names.dictionary)),
        };
        let place = Place {
            at: Provenance {
                table: self.table,
                file: FileId::NONE,
                line: self.stored.line(),
                entry: 0,
            },
            file: self.own,
            record: "",
            columns: None,
        };
        context.tally.set_aside += 1;
        let defect = Defect::broken(breakage, self.table, None);
        let problem = context.recorder.record(defect.at(&place));
        let item = Item::Lost {
            problem,
            lookup,
            column: None,
        };
        take(&place, item, context);
    }

    /// How many columns of texts are those of the table: behind them stand those of the place.
    fn last(&self) -> usize {
        self.table.columns().len() - 1
    }

    /// Where the row stood in the source.
    fn place(&self) -> Place<'v> {
        let number = |column| {
            let number = self.stored.integer(column);
            number.and_then(|number| u32::try_from(number).ok())
        };
        let last = self.last();
        let source = self.stored.texts.get(last);
        let source = source.map_or(EMPTY, |source| source.key(self.stored.row));
        let source = usize::try_from(source).unwrap_or(usize::MAX);
        let file = self.sources.get(source).copied().unwrap_or(FileId::NONE);
        let name = usize::try_from(file.0).ok();
        let name = name.and_then(|file| self.names.get(file));
        Place {
            at: Provenance {
                table: self.table,
                file,
                line: number(SOURCE_LINE).unwrap_or_default(),
                entry: number(SOURCE_ENTRY).unwrap_or_default(),
            },
            file: name.map_or("", |name| name),
            record: self.stored.text(last + 1).unwrap_or_default(),
            columns: self.columns,
        }
    }
}
