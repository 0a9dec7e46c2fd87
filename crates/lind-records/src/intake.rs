//! Takes the rows that a reader finds in a source of another form, in any order, and keeps those
//! that are asked for until their patient comes up.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use crate::cells::{Clock, Names};
use crate::chosen::Chosen;
use crate::codes::{Lookup, tell_unused_system};
use crate::defect::Defect;
use crate::excerpt::quoted;
use crate::feed::Feed;
use crate::found::{Found, Lost, Origin};
use crate::found_people::{Again, FoundPerson, patient_of};
use crate::mapping::{Mapping, MoveRule, RuleId};
use crate::patients::{Patients, Rank};
use crate::place::{FileId, Place, Provenance};
use crate::problem::Recorder;
use crate::spill::Spill;
use crate::table::{CODE, PATIENT};
use crate::tally::Tally;
use crate::{Problem, Table, Wanted, rules};

/// For how many codes of a table it is remembered into which other one their rows are moved.
const MOST_MOVING: usize = 1 << 16;

/// What is known of a table besides its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Presented {
    /// Whether the source says that a row that is not there was not.
    pub(crate) is_complete: bool,
    /// Whether rows were lost that may be anybody's.
    pub(crate) lacks_rows: bool,
}

/// Something that was lost and is of nobody who can be named.
struct Nobodys {
    at: Provenance,
    codes: String,
    problem: Arc<Problem>,
}

/// Takes rows in any order.
pub(crate) struct Intake {
    /// The tables of which something is asked for.
    pub(crate) feeds: BTreeMap<Table, Feed>,
    patients: Patients,
    /// In the order in which they are first mentioned.
    people: Vec<FoundPerson>,
    /// Who was mentioned last, and where he stands among them.
    last: Option<(Rank, usize)>,
    /// Which of them have a record of their own, in the order of these.
    recorded: Vec<Rank>,
    files: Vec<Arc<str>>,
    file_ids: HashMap<Arc<str>, FileId>,
    presented: BTreeMap<Table, Presented>,
    pub(crate) tallies: BTreeMap<Table, Tally>,
    pub(crate) mapping: Arc<Mapping>,
    /// By the codes of rows: the rule by which they are of another table.
    moving: BTreeMap<Table, HashMap<Box<str>, Option<Arc<MoveRule>>>>,
    pub(crate) chosen: Chosen,
    pub(crate) clock: Clock,
    pub(crate) names: Names,
    pub(crate) recorder: Recorder,
    /// What is taken is whole by itself: what nobody can be named for is of somebody in it. None: it
    /// may be anybody's.
    nobodys: Option<Vec<Nobodys>>,
    /// Where rows wait for which there is no room; none: there is room for all.
    spill: Option<Spill>,
}

/// What a source says of a record in a place of its own: the column that it fills, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) column: &'static str,
    pub(crate) text: Box<str>,
    /// The line of the mapping by which it does; none: the reader knows by itself.
    pub(crate) by: Option<RuleId>,
}

/// All that was taken.
pub(crate) struct Taken {
    pub(crate) patients: Patients,
    pub(crate) people: Vec<FoundPerson>,
    pub(crate) feeds: BTreeMap<Table, Feed>,
    pub(crate) files: Arc<[Arc<str>]>,
    pub(crate) presented: BTreeMap<Table, Presented>,
    pub(crate) tallies: BTreeMap<Table, Tally>,
    pub(crate) names: Names,
    pub(crate) recorder: Recorder,
}

impl Intake {
    pub(crate) fn new(
        wanted: &Wanted,
        mapping: &Arc<Mapping>,
        clock: Clock,
        recorder: Recorder,
    ) -> Self {
        Intake {
            mapping: Arc::clone(mapping),
            moving: BTreeMap::new(),
            feeds: Table::FACTS
                .into_iter()
                .map(|table| (table, wanted.book(table)))
                .filter(|(_, codes)| !codes.is_empty())
                .map(|(table, codes)| (table, Feed::gathering(table, codes)))
                .collect(),
            patients: Patients::default(),
            people: Vec::new(),
            last: None,
            recorded: Vec::new(),
            files: Vec::new(),
            file_ids: HashMap::new(),
            presented: BTreeMap::new(),
            tallies: BTreeMap::new(),
            chosen: Chosen::default(),
            clock,
            names: Names {
                symbols: wanted.symbols.clone(),
                ..Names::default()
            },
            recorder,
            nobodys: None,
            spill: None,
        }
    }

    /// Rows for which there is no room in memory wait here.
    pub(crate) fn spill_to(&mut self, spill: &Spill) {
        for feed in self.feeds.values_mut() {
            if let Some((_, held)) = feed.gathered() {
                held.spill_to(spill);
            }
        }
        self.spill = Some(spill.clone());
    }

    /// Fails if rows were lost where they wait, so that there is no use in reading on.
    pub(crate) fn check(&self) -> io::Result<()> {
        self.spill.as_ref().map_or(Ok(()), Spill::check)
    }

    /// Takes parts of the data that are each whole by themselves: [`Intake::finish_part`] ends one.
    pub(crate) fn take_by_part(&mut self) {
        self.nobodys.get_or_insert_default();
    }

    /// The number of a file, by the name under which its rows are shown.
    pub(crate) fn file(&mut self, name: &str) -> FileId {
        if let Some(id) = self.file_ids.get(name) {
            return *id;
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let name: Arc<str> = name.into();
        self.files.push(Arc::clone(&name));
        self.file_ids.insert(name, id);
        id
    }

    /// The name of a file, by its number.
    pub(crate) fn file_name(&self, file: FileId) -> Arc<str> {
        name_of(&self.files, file).into()
    }

    /// The source has rows of this table, or would have them. `is_complete`: and the source itself says
    /// that what is not there was not.
    pub(crate) fn present(&mut self, table: Table, is_complete: bool) {
        self.presented.entry(table).or_default().is_complete |= is_complete;
        for moved in self.mapping.moved_from(table) {
            self.presented.entry(moved).or_default();
        }
    }

    /// Rows of these tables are lost, and they may be anybody's.
    pub(crate) fn present_and_lacking(&mut self, tables: &[Table]) {
        for table in tables {
            self.presented.entry(*table).or_default().lacks_rows = true;
            for moved in self.mapping.moved_from(*table) {
                self.presented.entry(moved).or_default().lacks_rows = true;
            }
        }
    }

    /// A row of this table is lost, and it may be anybody's.
    fn nobodys(&mut self, at: Provenance, codes: &str, problem: &Arc<Problem>) {
        match &mut self.nobodys {
            Some(nobodys) => nobodys.push(Nobodys {
                at,
                codes: codes.to_owned(),
                problem: Arc::clone(problem),
            }),
            None => self.present_and_lacking(&[at.table]),
        }
    }

    /// Whether anybody of this name was mentioned.
    pub(crate) fn knows(&self, patient: &str) -> bool {
        self.patients.rank(patient.as_bytes()).is_some()
    }

    /// Whether anything of a table is asked for.
    pub(crate) fn wants(&self, table: Table) -> bool {
        table == Table::Patients || self.feeds.contains_key(&table)
    }

    /// Takes a row. Whoever it names is a patient from now on.
    pub(crate) fn row(&mut self, found: &Found<'_>) {
        self.row_saying(found, &[]);
    }

    /// Takes a row of which the source says more in places of its own. It is one of another table if
    /// the mapping says so.
    pub(crate) fn row_saying(&mut self, found: &Found<'_>, said: &[Said]) {
        if self.chosen.leaves_out(&[found.table], &found.origin) {
            return;
        }
        let rule = self.moving(found.table, found.cells.text(CODE));
        if said.is_empty() && rule.is_none() {
            return self.take(found);
        }
        let mut found = *found;
        if let Some(rule) = rule {
            self.names.uses.count(rule.id);
            found = match rule.apply(&found) {
                Ok(moved) => moved,
                Err(unmovable) => {
                    return self.lost(&Lost {
                        tables: &[rule.to],
                        patient: Some(found.cells.text(PATIENT)),
                        codes: found.cells.text(CODE),
                        rule: unmovable.rule,
                        column: None,
                        message: unmovable.message,
                        origin: found.origin,
                    });
                }
            };
        }
        // What the mapping or the source says besides may be any text.
        found.may_hold_nul = true;
        for said in said {
            let columns = found.table.columns();
            if let Some(place) = columns.iter().position(|column| *column == said.column) {
                found.set(place, &said.text);
                if let Some(rule) = said.by {
                    self.names.uses.count(rule);
                }
            }
        }
        self.take(&found);
    }

    /// The rule by which a row of these codes is one of another table.
    fn moving(&mut self, from: Table, codes: &str) -> Option<Arc<MoveRule>> {
        if !self.mapping.moves(from) {
            return None;
        }
        let moving = self.moving.entry(from).or_default();
        if let Some(known) = moving.get(codes) {
            return known.clone();
        }
        let rule = self.mapping.moved(from, codes).cloned().map(Arc::new);
        if moving.len() < MOST_MOVING {
            moving.insert(codes.into(), rule.clone());
        }
        rule
    }

    fn take(&mut self, found: &Found<'_>) {
        let table = found.table;
        let patient = patient_of(found);
        let at = provenance(table, &found.origin);
        if patient.is_empty() {
            self.tallies.entry(table).or_default().read += 1;
            let problem = self.at(&found.origin, table).problem(
                &rules::D0715_MISSING_FIELD,
                Some(PATIENT),
                "the record does not say of which patient it is".to_owned(),
            );
            self.tallies.entry(table).or_default().set_aside += 1;
            let problem = self.recorder.record(problem);
            self.nobodys(at, "", &problem);
            return;
        }
        if found.holds_nul() {
            self.lost(&Lost {
                tables: &[table],
                patient: Some(patient),
                codes: "",
                rule: &rules::D0713_NUL_CHARACTER,
                column: None,
                message: "a text of the record holds a NUL character, which no text has".to_owned(),
                origin: found.origin,
            });
            return;
        }
        let rank = self.rank(patient, at);
        let tally = self.tallies.entry(table).or_default();
        tally.read += 1;
        if table == Table::Patients {
            self.person(rank, at, found);
            return;
        }
        let Some((codes, held)) = self.feeds.get_mut(&table).and_then(Feed::gathered) else {
            tally.not_wanted += 1;
            return;
        };
        let lookup = codes.look_up(found.cells.text(CODE), &mut self.names.dictionary);
        let place = Place {
            at,
            file: name_of(&self.files, at.file),
            record: found.origin.record,
            columns: None,
        };
        tell_unused_system(&lookup, codes, &place, &mut self.recorder);
        if matches!(lookup, Lookup::NotWanted(_)) {
            tally.not_wanted += 1;
        } else {
            held.add(rank, at, found, lookup);
        }
    }

    /// Takes note of a record that cannot be read: what it may have been about is not known.
    pub(crate) fn lost(&mut self, lost: &Lost<'_>) {
        if self.chosen.leaves_out(lost.tables, &lost.origin) {
            return;
        }
        let tables = self.tables_of(lost);
        let tables: &[Table] = &tables;
        let first = tables.first().copied().unwrap_or(Table::Observations);
        let mut problem =
            self.at(&lost.origin, first)
                .problem(lost.rule, None, lost.message.clone());
        problem.column = lost.column.map(str::to_owned);
        let tally = self.tallies.entry(first).or_default();
        tally.read += 1;
        tally.set_aside += 1;
        let problem = self.recorder.record(problem);
        let rank = lost
            .patient
            .map(str::trim)
            .filter(|patient| !patient.is_empty() && !patient.contains('\0'))
            .map(|patient| self.rank(patient, provenance(first, &lost.origin)));
        for &table in tables {
            let at = provenance(table, &lost.origin);
            let Some(rank) = rank else {
                self.nobodys(at, lost.codes, &problem);
                continue;
            };
            if table == Table::Patients {
                if let Some(person) = person_of(&mut self.people, rank) {
                    person.add_broken((*problem).clone());
                    self.recorded.push(rank);
                }
            } else if let Some((_, held)) = self.feeds.get_mut(&table).and_then(Feed::gathered) {
                let codes = lost.codes.replace('\0', "");
                held.add_lost(rank, at, &codes, Arc::clone(&problem));
            }
        }
    }

    /// Which tables a record that cannot be read may have been a row of: those into which it would have
    /// been moved are among them.
    fn tables_of(&self, lost: &Lost<'_>) -> Vec<Table> {
        if lost.tables.is_empty() {
            return Table::FACTS.to_vec();
        }
        let mut tables = lost.tables.to_vec();
        for table in lost.tables {
            if lost.codes.is_empty() {
                for moved in self.mapping.moved_from(*table) {
                    if !tables.contains(&moved) {
                        tables.push(moved);
                    }
                }
            } else if let Some(rule) = self.mapping.moved(*table, lost.codes) {
                tables.retain(|kept| kept != table);
                tables.push(rule.to);
            }
        }
        tables
    }

    /// Records something that costs no row.
    pub(crate) fn remark(
        &mut self,
        rule: &'static lind_diagnostics::Rule,
        file: &str,
        line: u32,
        message: String,
    ) {
        self.recorder.record(Problem {
            rule,
            file: file.to_owned(),
            line,
            record: None,
            column: None,
            column_number: None,
            message,
        });
    }

    /// Records something about a record that costs no row.
    pub(crate) fn remark_at(
        &mut self,
        rule: &'static lind_diagnostics::Rule,
        origin: &Origin<'_>,
        message: String,
    ) {
        let problem = self
            .at(origin, Table::Observations)
            .problem(rule, None, message);
        self.recorder.record(problem);
    }

    /// Puts everything in order: patients as their own rows come, and those of whom there is none
    /// after them.
    pub(crate) fn finish(mut self) -> Taken {
        std::mem::take(&mut self.chosen).tell(&mut self);
        let files: Arc<[Arc<str>]> = std::mem::take(&mut self.files).into();
        let people = self.in_order(&files);
        Taken {
            patients: self.patients,
            people,
            feeds: self.feeds,
            files,
            presented: self.presented,
            tallies: self.tallies,
            names: self.names,
            recorder: self.recorder,
        }
    }

    /// Puts a part of the data in order that is whole by itself, and gives its patients. Their rows stand
    /// in the feeds until [`Intake::begin_part`].
    pub(crate) fn finish_part(&mut self, files: &Arc<[Arc<str>]>) -> Vec<FoundPerson> {
        let nobodys = self.nobodys.as_mut().map(std::mem::take);
        for lost in nobodys.into_iter().flatten() {
            let Some(feed) = self.feeds.get_mut(&lost.at.table) else {
                continue;
            };
            let Some((_, held)) = feed.gathered() else {
                continue;
            };
            let codes = lost.codes.replace('\0', "");
            for rank in (0..self.people.len()).filter_map(|rank| u32::try_from(rank).ok()) {
                held.add_lost(Rank(rank), lost.at, &codes, Arc::clone(&lost.problem));
            }
        }
        self.in_order(files)
    }

    /// Lets go of the rows of a part.
    pub(crate) fn begin_part(&mut self) {
        self.patients.clear();
        self.people.clear();
        self.last = None;
        self.recorded.clear();
        for feed in self.feeds.values_mut() {
            if let Some((_, held)) = feed.gathered() {
                held.clear();
            }
        }
    }

    fn in_order(&mut self, files: &Arc<[Arc<str>]>) -> Vec<FoundPerson> {
        // As it is in nearly every bundle: one, who is the first.
        let is_one = self.people.len() == 1 && !self.recorded.is_empty();
        let (order, unrecorded) = if is_one {
            Default::default()
        } else {
            self.order()
        };
        for &rank in &unrecorded {
            self.tell_without_row(rank, files);
        }
        let new_rank = |rank: Rank| {
            let old = usize::try_from(rank.0).ok();
            old.and_then(|old| order.get(old).copied())
                .unwrap_or(Rank(u32::MAX))
        };
        let is_same = order.iter().zip(0..).all(|(rank, old)| rank.0 == old);
        let mut people = std::mem::take(&mut self.people);
        if !is_same {
            let mut placed: Vec<(Rank, FoundPerson)> = order.iter().copied().zip(people).collect();
            placed.sort_by_key(|(rank, _)| *rank);
            people = placed.into_iter().map(|(_, person)| person).collect();
        }
        let moved: Option<&dyn Fn(Rank) -> Rank> = (!is_same).then_some(&new_rank);
        for feed in self.feeds.values_mut() {
            if let Some((_, held)) = feed.gathered() {
                held.finish(files, moved);
            }
        }
        if !is_same {
            self.patients.reorder(new_rank);
        }
        people
    }

    /// The place of a patient, who may be mentioned for the first time.
    fn rank(&mut self, patient: &str, at: Provenance) -> Rank {
        // Mostly the same as before.
        if let Some((rank, last)) = self.last
            && let Some(person) = self.people.get(last)
            && *person.patient == *patient
        {
            return rank;
        }
        let rank = self.patients.add_or_find(patient.as_bytes());
        if usize::try_from(rank.0).is_ok_and(|rank| rank == self.people.len()) {
            self.people.push(FoundPerson::new(patient, at));
        }
        self.last = usize::try_from(rank.0).ok().map(|last| (rank, last));
        rank
    }

    /// The new place of every patient: those with a record of their own come first, in the order of
    /// these records; and those without.
    fn order(&self) -> (Vec<Rank>, Vec<Rank>) {
        let mut order = vec![None; self.people.len()];
        let mut next = 0;
        let mut place = |rank: Rank, order: &mut Vec<Option<Rank>>| {
            let old = usize::try_from(rank.0).ok();
            let place = old.and_then(|old| order.get_mut(old));
            if let Some(place @ None) = place {
                *place = Some(Rank(next));
                next += 1;
                return true;
            }
            false
        };
        for &rank in &self.recorded {
            place(rank, &mut order);
        }
        let unrecorded: Vec<Rank> = (0..self.people.len())
            .filter_map(|rank| u32::try_from(rank).ok())
            .map(Rank)
            .filter(|rank| place(*rank, &mut order))
            .collect();
        (order.into_iter().flatten().collect(), unrecorded)
    }

    fn person(&mut self, rank: Rank, at: Provenance, found: &Found<'_>) {
        let clock = self.clock;
        let Some(person) = person_of(&mut self.people, rank) else {
            return;
        };
        let again = person.add(found, at, clock);
        let tally = self.tallies.entry(Table::Patients).or_default();
        match again {
            Again::First => {
                self.recorded.push(rank);
                tally.used += 1;
            }
            Again::Same => tally.duplicates += 1,
            Again::Other => {
                tally.set_aside += 1;
                let message = format!(
                    "{} has a record already that says something else; this one is set aside, and \
                     what the two say differently is not known",
                    quoted(found.cells.text(PATIENT))
                );
                let defect = Defect::new(&rules::D0721_PATIENT_TWICE, PATIENT, message);
                let problem = defect.at(&self.at(&found.origin, Table::Patients));
                self.recorder.record(problem);
            }
        }
    }

    /// A patient who is named and of whom there is no record: nobody is left out for that.
    fn tell_without_row(&mut self, rank: Rank, files: &[Arc<str>]) {
        let Some(person) = person_of(&mut self.people, rank) else {
            return;
        };
        let at = person.at;
        let problem = Problem {
            rule: &rules::D0720_UNKNOWN_PATIENT,
            file: name_of(files, at.file).to_owned(),
            line: at.line,
            record: None,
            column: None,
            column_number: None,
            message: format!(
                "{} is named here and has no record of their own; sex and birth are not known",
                quoted(&person.patient)
            ),
        };
        person.add_broken((*self.recorder.record(problem)).clone());
    }

    fn at<'p>(&'p self, origin: &Origin<'p>, table: Table) -> Place<'p> {
        Place {
            at: provenance(table, origin),
            file: name_of(&self.files, origin.file),
            record: origin.record,
            columns: None,
        }
    }
}

fn person_of(people: &mut [FoundPerson], rank: Rank) -> Option<&mut FoundPerson> {
    people.get_mut(usize::try_from(rank.0).ok()?)
}

fn provenance(table: Table, origin: &Origin<'_>) -> Provenance {
    Provenance {
        table,
        file: origin.file,
        line: origin.line,
        entry: origin.entry,
    }
}

fn name_of(files: &[Arc<str>], file: FileId) -> &str {
    usize::try_from(file.0)
        .ok()
        .and_then(|file| files.get(file))
        .map_or("", |name| name)
}
