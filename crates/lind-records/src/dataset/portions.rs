//! Data in parts that are each whole by themselves, so that no more than one of them is held, and
//! many can be read at the same time.
//!
//! A part (a bundle of FHIR) is read by the same reader into the same [`Intake`] as data that are
//! read as one, and its charts are made by the same code; only when it is put in order differs. A
//! [`Portion`] is a few such parts that are not read yet. Whoever reads it keeps names of its own;
//! what it finds is put together in the order of the data by [`Dataset::take_in`], so that nothing
//! depends on how many read.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher;
use std::io;
use std::mem::swap;
use std::sync::Arc;

use super::{Dataset, Presence};
use crate::cells::{Clock, Names};
use crate::chosen::Chosen;
use crate::decisions::Decisions;
use crate::error::ReadError;
use crate::excerpt::quoted;
use crate::fhir::{Cutter, Pieces, Reader, Unread};
use crate::found_people::{FoundPeople, FoundPerson};
use crate::intake::Intake;
use crate::mapping::{Mapping, RuleId, Uses};
use crate::patients::Patients;
use crate::person::People;
use crate::place::FileId;
use crate::problem::{PartProblems, Recorder};
use crate::{
    Chart, ConceptId, Form, OpenError, Problem, Settings, Table, Tables, Tally, Wanted, rules,
};

/// How many bytes a portion has at least, unless the data end: output must not depend on how many
/// processors there are, so neither does this.
const PORTION: usize = 1 << 18;

/// Parts of the data that are each whole by themselves and not read yet: [`Dataset::next_portion`].
#[derive(Debug, Default)]
pub struct Portion {
    pieces: Pieces,
}

/// What was found in a portion besides its charts: [`Dataset::take_in`].
#[derive(Debug, Default)]
pub struct Findings {
    problems: PartProblems,
    tallies: BTreeMap<Table, Tally>,
    uses: Uses,
    met: BTreeMap<Table, BTreeSet<RuleId>>,
    unknown_units: Vec<UnknownUnit>,
    unread: Unread,
    met_bundle: bool,
    people: Vec<Met>,
    /// What was read: its room is used again.
    portion: Portion,
}

/// A text that stands where a unit should and is none.
#[derive(Debug)]
struct UnknownUnit {
    code: Arc<str>,
    concepts: Box<[ConceptId]>,
    text: Box<str>,
    rows: u64,
}

/// A patient who was met in a part.
#[derive(Debug)]
enum Met {
    Patient {
        name: u128,
        shown: Arc<str>,
        file: FileId,
        line: u32,
        has_record: bool,
    },
    /// A name by which a bundle calls one of its patients and which is not the patient's own.
    Alias(u128),
}

/// The parts of a data set.
pub(super) struct Parts {
    reader: Reader,
    files: Arc<[Arc<str>]>,
    portion: Portion,
    /// The next part of the portion.
    next: usize,
    people: Vec<Met>,
    keys: [RandomState; 2],
    /// None: others hand over the portions.
    whole: Option<Whole>,
}

/// What is known of all parts.
struct Whole {
    cutter: Cutter,
    /// Portions that were read.
    spare: Vec<Portion>,
    patients: usize,
    seen: HashSet<u128, Taken>,
}

/// Numbers that are hashes already.
type Taken = std::hash::BuildHasherDefault<Folded>;

#[derive(Default)]
struct Folded(u64);

impl std::hash::Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut()
                .zip(chunk)
                .for_each(|(to, from)| *to = *from);
            self.0 ^= u64::from_le_bytes(word);
        }
    }
}

impl Parts {
    pub(super) fn patient_count(&self) -> usize {
        self.whole.as_ref().map_or(0, |whole| whole.patients)
    }

    /// Notes who was met in a part.
    fn note(&mut self, people: &[FoundPerson], aliases: &[String]) {
        for person in people {
            self.people.push(Met::Patient {
                name: self.hash("", &person.patient),
                shown: Arc::clone(&person.patient),
                file: person.at.file,
                line: person.at.line,
                has_record: person.has_record(),
            });
        }
        for alias in aliases {
            let name = self.hash("alias", alias);
            self.people.push(Met::Alias(name));
        }
    }

    fn hash(&self, kind: &str, name: &str) -> u128 {
        self.keys.iter().fold(0, |hash, key| {
            hash << 64 | u128::from(key.hash_one((kind, name)))
        })
    }

    /// Takes note of whom a part holds, and fails if another held one of them.
    fn check(&mut self, people: Vec<Met>) -> Result<(), (FileId, u32, String)> {
        let Some(mut whole) = self.whole.take() else {
            return Ok(());
        };
        let mut twice = None;
        for met in people {
            match met {
                Met::Alias(name) => {
                    whole.seen.insert(name);
                }
                Met::Patient {
                    name,
                    shown,
                    file,
                    line,
                    has_record,
                } => {
                    whole.patients += 1;
                    let is_alias =
                        || !has_record && whole.seen.contains(&self.hash("alias", &shown));
                    if is_alias() || !whole.seen.insert(name) {
                        twice.get_or_insert((file, line, shown));
                    }
                }
            }
        }
        self.whole = Some(whole);
        match twice {
            None => Ok(()),
            Some((file, line, shown)) => Err((
                file,
                line,
                format!(
                    "{} stands in an earlier bundle too, and the mapping says that each bundle holds \
                     all that is known of its patients (`bundles = \"whole\"`)",
                    quoted(&shown)
                ),
            )),
        }
    }
}

impl Dataset {
    /// Opens data whose parts are each whole by themselves. Nothing is read of them yet.
    pub(super) fn open_parts(
        tables: &dyn Tables,
        (wanted, looked_for): (&Wanted, Wanted),
        settings: Settings,
        clock: Clock,
        recorder: Recorder,
    ) -> Result<Dataset, OpenError> {
        let cutter = Cutter::new(tables)?;
        let files = Arc::clone(cutter.files());
        let names = Names {
            symbols: wanted.symbols.clone(),
            ..Names::default()
        };
        let mut dataset = Dataset::of_parts(
            (wanted.clone(), looked_for, settings, clock),
            (names, recorder),
            files,
        );
        if let Some(parts) = &mut dataset.parts {
            parts.whole = Some(Whole {
                cutter,
                spare: Vec::new(),
                patients: 0,
                seen: HashSet::default(),
            });
        }
        Ok(dataset)
    }

    fn of_parts(
        (wanted, looked_for, settings, clock): (Wanted, Wanted, Settings, Clock),
        (names, recorder): (Names, Recorder),
        files: Arc<[Arc<str>]>,
    ) -> Dataset {
        // The reader has an empty recorder, and gets that of the data set while it reads.
        let mut intake = Intake::new(&looked_for, &settings.mapping, clock, recorder.of_parts());
        intake.chosen = Chosen::told(&settings);
        let mut reader = Reader::by_part(intake, &files);
        let feeds = std::mem::take(&mut reader.intake.feeds);
        let presence = |table| {
            let presence = Presence::Readable {
                lacks_rows: false,
                in_order: false,
                is_complete: false,
            };
            (table, presence)
        };
        Dataset {
            form: Form::Fhir,
            kept_from: None,
            milestones: looked_for.book(Table::Milestones),
            wanted,
            looked_for,
            settings,
            clock,
            patients: Patients::default(),
            people: People::Found(FoundPeople::new(Vec::new(), Arc::clone(&files))),
            feeds,
            presence: Table::FACTS.into_iter().map(presence).collect(),
            names,
            recorder,
            tallies: BTreeMap::new(),
            files: Arc::new([]),
            source_files: Arc::clone(&files),
            decisions: Decisions::default(),
            parts: Some(Box::new(Parts {
                reader,
                files,
                portion: Portion::default(),
                next: 0,
                people: Vec::new(),
                keys: [RandomState::new(), RandomState::new()],
                whole: None,
            })),
            is_over: false,
        }
    }

    /// The next chart of data in parts, once those of the part at hand were given.
    pub(super) fn chart_of_next_part(&mut self) -> Result<Option<Chart>, ReadError> {
        while self.read_part()? {
            if let Some(chart) = self.read_chart()? {
                return Ok(Some(chart));
            }
        }
        Ok(None)
    }

    /// Reads the next part; its charts can be made then. False: there is none.
    pub(super) fn read_part(&mut self) -> Result<bool, ReadError> {
        let Some(mut parts) = self.parts.take() else {
            return Ok(false);
        };
        let read = loop {
            match self.read_part_of(&mut parts) {
                Ok(true) => break Ok(true),
                Err(error) => break Err(error),
                Ok(false) => {}
            }
            let Some(whole) = &mut parts.whole else {
                break Ok(false);
            };
            parts.portion.pieces.clear();
            parts.next = 0;
            match whole.cutter.fill(&mut parts.portion.pieces, PORTION) {
                Ok(true) => {}
                end => break end,
            }
        };
        let read = read.and_then(|any| {
            let people = match parts.whole {
                Some(_) => std::mem::take(&mut parts.people),
                None => Vec::new(),
            };
            let checked = parts.check(people);
            checked.map_err(|twice| {
                self.contradicted(&parts, &rules::D0819_PATIENT_IN_TWO_BUNDLES, twice)
            })?;
            Ok(any)
        });
        self.parts = Some(parts);
        read
    }

    /// Reads the next part of the portion at hand.
    fn read_part_of(&mut self, parts: &mut Parts) -> Result<bool, ReadError> {
        self.lend(&mut parts.reader.intake);
        let read = parts
            .reader
            .part(&parts.portion.pieces, parts.next, &parts.files);
        self.lend(&mut parts.reader.intake);
        parts.next += 1;
        match read {
            Ok(Some(part)) => {
                parts.note(&part.people, &part.aliases);
                self.people =
                    People::Found(FoundPeople::new(part.people, Arc::clone(&parts.files)));
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(alone) => {
                let message = format!(
                    "a resource of the kind {} stands in no bundle here, and the mapping says that \
                     each bundle holds all that is known of its patients (`bundles = \"whole\"`)",
                    alone.kind
                );
                let place = (alone.file, alone.line, message);
                Err(self.contradicted(parts, &rules::D0820_OUTSIDE_A_BUNDLE, place))
            }
        }
    }

    /// Gives what is kept for all charts to the one who reads, or takes it back.
    pub(super) fn lend(&mut self, intake: &mut Intake) {
        swap(&mut self.names, &mut intake.names);
        swap(&mut self.recorder, &mut intake.recorder);
        swap(&mut self.tallies, &mut intake.tallies);
        swap(&mut self.feeds, &mut intake.feeds);
    }

    /// The data are not as the mapping says: whatever was decided may be of half a patient.
    fn contradicted(
        &mut self,
        parts: &Parts,
        rule: &'static lind_diagnostics::Rule,
        (file, line, message): (FileId, u32, String),
    ) -> ReadError {
        let name = usize::try_from(file.0).ok();
        let name = name.and_then(|file| parts.files.get(file));
        let name = name.map_or("", |name| name);
        self.recorder.record(Problem {
            rule,
            file: name.to_owned(),
            line,
            record: None,
            column: None,
            column_number: None,
            message: message.clone(),
        });
        let sentence = format!("line {line}: [{}] {message}", rule.code);
        ReadError::new(name, io::Error::new(io::ErrorKind::InvalidData, sentence))
    }

    /// Tells what is known when all parts were read.
    pub(super) fn end_parts(&mut self) {
        let Some(mut parts) = self.parts.take() else {
            return;
        };
        self.lend(&mut parts.reader.intake);
        parts.reader.tell_left_alone();
        self.lend(&mut parts.reader.intake);
        if !parts.reader.met_bundle() {
            tell_unused(&self.settings, &mut self.recorder);
        }
        self.parts = Some(parts);
    }

    /// A reader for portions of this data set, which others can have at the same time. None: the data
    /// are not such that a portion of them can be read by itself, and [`Dataset::next_batch`] reads
    /// them.
    #[must_use]
    pub fn portion_reader(&self) -> Option<PortionReader> {
        let parts = self.parts.as_ref()?;
        let names = Names {
            symbols: self.wanted.symbols.clone(),
            ..Names::default()
        };
        // What is counted by how many hold it is counted apart: each reader holds its own.
        let mut settings = self.settings.clone();
        settings.mapping = Arc::new(Mapping::clone(&settings.mapping));
        let files = parts.files.iter().map(Arc::clone).collect();
        let asked = (
            self.wanted.clone(),
            self.looked_for.clone(),
            settings,
            self.clock,
        );
        let told = (names, self.recorder.of_parts());
        let mut dataset = Dataset::of_parts(asked, told, files);
        dataset.form = self.form;
        if let Some(own) = &mut dataset.parts {
            own.keys = parts.keys.clone();
        }
        Some(PortionReader { dataset })
    }

    /// The next portion; none after the last. Each is to be read by a [`PortionReader`], and what it finds
    /// to be taken in, in the order of the portions.
    ///
    /// # Errors
    /// A file cannot be read any further. There are no more portions then.
    pub fn next_portion(&mut self) -> Result<Option<Portion>, ReadError> {
        let whole = self.parts.as_mut().and_then(|parts| parts.whole.as_mut());
        let Some(whole) = whole.filter(|_| !self.is_over) else {
            return Ok(None);
        };
        let mut portion = whole.spare.pop().unwrap_or_default();
        portion.pieces.clear();
        match whole.cutter.fill(&mut portion.pieces, PORTION) {
            Ok(true) => Ok(Some(portion)),
            Ok(false) => Ok(None),
            Err(error) => {
                self.is_over = true;
                Err(error)
            }
        }
    }

    /// Takes in what was found in the next portion.
    ///
    /// # Errors
    /// The portion holds a patient whom an earlier one holds too, so that neither held all that is
    /// known of him. There are no more portions then.
    pub fn take_in(&mut self, findings: Findings) -> Result<(), ReadError> {
        let Some(mut parts) = self.parts.take() else {
            return Ok(());
        };
        self.recorder.add_part(findings.problems);
        for (table, tally) in findings.tallies {
            *self.tallies.entry(table).or_default() += tally;
        }
        self.names.uses.add(&findings.uses);
        for (table, met) in findings.met {
            if let Some((codes, _)) = self.feeds.get_mut(&table).and_then(|feed| feed.gathered()) {
                codes.add_met(&met);
            }
        }
        for unknown in findings.unknown_units {
            let dictionary = &mut self.names.dictionary;
            let code = dictionary.add_or_find(&unknown.code, &unknown.concepts);
            self.names
                .count_unknown_units(code, &unknown.text, unknown.rows);
        }
        // One that held a large file is let go.
        if let Some(whole) = &mut parts.whole
            && findings.portion.pieces.size() <= 4 * PORTION
        {
            whole.spare.push(findings.portion);
        }
        parts
            .reader
            .add_left_alone(findings.unread, findings.met_bundle);
        let checked = parts.check(findings.people);
        let checked = checked.map_err(|twice| {
            self.contradicted(&parts, &rules::D0819_PATIENT_IN_TWO_BUNDLES, twice)
        });
        self.parts = Some(parts);
        self.is_over |= checked.is_err();
        checked
    }

    /// Says what is known when all portions were taken in: what was left alone, which lines of the
    /// mapping file were of no use.
    pub fn end_portions(&mut self) {
        if !self.is_over {
            self.is_over = true;
            self.end();
        }
    }
}

/// Reads portions of a data set, with names of its own: what stands in its charts is to be looked up in
/// [`PortionReader::dataset`].
#[derive(Debug)]
pub struct PortionReader {
    dataset: Dataset,
}

impl PortionReader {
    /// What the charts of this reader are read against.
    #[must_use]
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Reads a portion: its charts in order, and what was found besides.
    ///
    /// # Errors
    /// The portion is not as it was said to be, so that its charts would lack rows.
    pub fn read(&mut self, portion: Portion) -> Result<(Vec<Chart>, Findings), ReadError> {
        if let Some(parts) = &mut self.dataset.parts {
            parts.portion = portion;
            parts.next = 0;
        }
        self.dataset.is_over = false;
        let mut charts = Vec::new();
        while let Some(chart) = self.next_chart()? {
            charts.push(chart);
        }
        Ok((charts, self.findings()))
    }

    fn next_chart(&mut self) -> Result<Option<Chart>, ReadError> {
        match self.dataset.read_chart()? {
            None => self.dataset.chart_of_next_part(),
            chart => Ok(chart),
        }
    }

    /// What was found since it was last asked.
    fn findings(&mut self) -> Findings {
        let dataset = &mut self.dataset;
        let names = &mut dataset.names;
        let mut unknown_units = Vec::new();
        for ((code, text), rows) in std::mem::take(&mut names.unknown_units) {
            unknown_units.push(UnknownUnit {
                code: names.dictionary.text(code).into(),
                concepts: names.dictionary.concepts(code).into(),
                text,
                rows,
            });
        }
        let mut findings = Findings {
            problems: dataset.recorder.take_part(),
            tallies: std::mem::take(&mut dataset.tallies),
            uses: std::mem::take(&mut names.uses),
            met: BTreeMap::new(),
            unknown_units,
            ..Findings::default()
        };
        for (table, feed) in &dataset.feeds {
            if !feed.codes().met().is_empty() {
                findings.met.insert(*table, feed.codes().met().clone());
            }
        }
        if let Some(parts) = &mut dataset.parts {
            findings.unread = parts.reader.take_left_alone();
            findings.met_bundle = parts.reader.met_bundle();
            findings.people = std::mem::take(&mut parts.people);
            findings.portion = std::mem::take(&mut parts.portion);
        }
        findings
    }
}

/// Says that the data have no bundles, of which the mapping file speaks.
pub(super) fn tell_unused(settings: &Settings, recorder: &mut Recorder) {
    recorder.record(Problem {
        rule: &rules::D0764_UNUSED_MAPPING,
        file: settings.mapping.file.to_string(),
        line: settings.bundles_line,
        record: None,
        column: Some("bundles".to_owned()),
        column_number: None,
        message: "the data have no bundles of FHIR, so what `bundles` says changes nothing"
            .to_owned(),
    });
}
