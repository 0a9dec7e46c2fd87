//! Leaves rows where they lie that cannot matter: by their code and their time, before anything else of
//! them is read.
//!
//! A row is left out only if nothing can be wrong with it, so that no problem goes untold, and if what it
//! says could change neither an answer nor its reason. Anything out of the ordinary is read as always.

use lind_time::When;
use lind_units::Decimal;

use super::keyed::{EMPTY, KeyedColumn};
use super::stored::Stored;
use crate::cells::{Clock, Names, is_final};
use crate::codes::Lookup;
use crate::decode::Decode;
use crate::reach::Limits;
use crate::table::CODE;
use crate::{CodeId, ConceptId, Dictionary, MilestoneRow, Observation, Table, Timeline};

/// Where a column stands among the texts: the patient is not read.
const fn text_of(column: &str) -> usize {
    Table::Observations.column(column) - 1
}

const CODE_TEXT: usize = CODE - 1;
const TIME: usize = Observation::TIME - 1;
const VALUE: usize = text_of("value");
const UNIT: usize = text_of("unit");
const COMPARATOR: usize = text_of("comparator");
const LOW: usize = text_of("low");
const HIGH: usize = text_of("high");
const SPECIMEN: usize = text_of("specimen");
const STATUS: usize = text_of("status");

/// How far rows of a code can matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Not looked up yet.
    Unknown,
    /// Without limit.
    Endless,
    /// One of those that were met.
    Limited(u16),
}

/// From which second to which a time can be, the end excluded.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: i64,
    end: i64,
}

/// Of a text that was not looked at yet.
const NOT_READ: Span = Span { start: 1, end: 0 };

/// Of a time that is missing or cannot be read, or of which something is to be told.
const ANY: Span = Span {
    start: i64::MIN,
    end: i64::MAX,
};

/// What is known of a row before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It is read.
    Read,
    /// It is read, and was certainly known whenever something is decided.
    Known,
    /// It is too old, was certainly known whenever something is decided, and ended at this second.
    Old(i64),
    /// It comes after everything that is decided.
    Late,
}

/// What was met of the rows of a code, for the patient at hand.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    /// For which patient; anything else is of another.
    turn: u64,
    /// When the latest ended of those that are too old, and were certainly known whenever something is decided.
    latest: i64,
    /// A younger one was certainly known whenever something is decided.
    is_followed: bool,
}

impl Met {
    /// For a patient.
    fn at(&mut self, turn: u64) -> &mut Met {
        if self.turn != turn {
            *self = Met {
                turn,
                latest: i64::MIN,
                is_followed: false,
            };
        }
        self
    }
}

/// How far rows can matter that count for the same.
struct Limited {
    /// Counted back from which of the milestones, in seconds.
    back: Vec<(usize, i64)>,
    by_specimen: bool,
    /// For the patient at hand: what ended at this second or before it does not matter.
    oldest: i64,
}

/// Leaves rows out that cannot matter.
pub(super) struct Sieve {
    limits: Limits,
    classes: Vec<Limited>,
    /// All that are leant on, and when they were for the patient at hand. None: the chart does not tell.
    milestones: Vec<(ConceptId, Option<When>)>,
    /// Whether anything can be left out of the chart of the patient at hand.
    is_aimed: bool,
    /// What ended at this second or before it was certainly known whenever something is decided.
    known: i64,
    /// What began at this second or after it never is.
    late: i64,
    /// Tells patients apart.
    turn: u64,
    /// By key of the code.
    of_codes: Vec<Class>,
    met: Vec<Met>,
    /// By key of the time.
    times: Vec<Span>,
    values: Plain,
    units: Plain,
    statuses: Plain,
    /// Whether the limits of a row are numbers, and in order, by the keys of both: see [`pair`].
    pairs: Plain,
    /// How many texts the upper limits have.
    highs: usize,
    /// How often the texts of each column had been renewed when they were last looked at.
    renewals: [u64; COLUMNS.len()],
    marks: Vec<Mark>,
}

/// The columns of which something is remembered by key.
const COLUMNS: [usize; 7] = [CODE_TEXT, TIME, VALUE, UNIT, STATUS, LOW, HIGH];

/// The columns that are the table's own.
const OWN: usize = Table::Observations.columns().len() - 1;

/// Of how many pairs of limits it is remembered whether they are in order; where there are more, rows with
/// both are read.
const MOST_PAIRS: usize = 1 << 16;

const SECONDS_PER_DAY: i64 = 86_400;

/// Whether nothing can be wrong with a text, by its key.
#[derive(Default)]
struct Plain(Vec<Option<bool>>);

impl Plain {
    fn is(&mut self, key: u32, look: impl FnOnce() -> bool) -> bool {
        key == EMPTY
            || match self.0.get_mut(index(key)) {
                Some(known) => *known.get_or_insert_with(look),
                None => false,
            }
    }

    fn renew(&mut self, texts: usize) {
        self.0.clear();
        self.0.resize(texts, None);
    }
}

impl Sieve {
    /// None: nothing has a limit.
    pub(super) fn new(limits: &Limits) -> Option<Sieve> {
        if limits.reaches.is_empty() {
            return None;
        }
        let of_reaches = limits.reaches.values().flat_map(|one| &one.back);
        let mut milestones: Vec<ConceptId> = of_reaches.map(|reach| reach.milestone).collect();
        milestones.extend(&limits.gates);
        milestones.sort_unstable();
        milestones.dedup();
        Some(Sieve {
            limits: limits.clone(),
            classes: Vec::new(),
            milestones: milestones.into_iter().map(|one| (one, None)).collect(),
            is_aimed: false,
            known: i64::MIN,
            late: i64::MAX,
            turn: 0,
            of_codes: Vec::new(),
            met: Vec::new(),
            times: Vec::new(),
            values: Plain::default(),
            units: Plain::default(),
            statuses: Plain::default(),
            pairs: Plain::default(),
            highs: 0,
            renewals: [0; COLUMNS.len()],
            marks: Vec::new(),
        })
    }

    /// Takes the milestones of the next patient; none: they are not certain.
    pub(super) fn aim(&mut self, milestones: Option<&Timeline<MilestoneRow>>) {
        self.turn = self.turn.wrapping_add(1);
        self.is_aimed = milestones.is_some();
        let Some(known) = milestones else {
            return;
        };
        for (milestone, time) in &mut self.milestones {
            *time = time_of(known, *milestone);
        }
        for class in &mut self.classes {
            class.oldest = oldest(&class.back, &self.milestones);
        }
        let (mut first, mut last): (Option<i64>, Option<i64>) = (None, None);
        for (milestone, time) in &self.milestones {
            let is_there = || known.of(*milestone).next().is_some();
            if !self.limits.gates.contains(milestone) || !(self.limits.may_be_assumed || is_there())
            {
                // Nothing is decided there.
                continue;
            }
            let from = time.map_or(i64::MIN, |time| first_second(&time));
            let to = time.map_or(i64::MAX, |time| next_day(&time));
            first = Some(first.map_or(from, |first| first.min(from)));
            last = Some(last.map_or(to, |last| last.max(to)));
        }
        self.known = first.unwrap_or(i64::MIN);
        self.late = last.unwrap_or(i64::MAX);
    }

    /// Forgets what it knows of texts that are others now.
    fn renew(&mut self, stored: &Stored) {
        for (column, seen) in COLUMNS.into_iter().zip(&mut self.renewals) {
            let renewals = stored.renewals(column);
            if std::mem::replace(seen, renewals) == renewals {
                continue;
            }
            let texts = stored.texts.get(column).map_or(0, KeyedColumn::text_count);
            match column {
                CODE_TEXT => {
                    self.of_codes.clear();
                    self.of_codes.resize(texts, Class::Unknown);
                    self.met.clear();
                    self.met.resize(texts, Met::default());
                }
                TIME => {
                    self.times.clear();
                    self.times.resize(texts, NOT_READ);
                }
                VALUE => self.values.renew(texts),
                UNIT => self.units.renew(texts),
                STATUS => self.statuses.renew(texts),
                _ => {
                    let count =
                        |column| stored.texts.get(column).map_or(0, KeyedColumn::text_count);
                    self.highs = count(HIGH).saturating_add(1);
                    let pairs = count(LOW).saturating_add(1).saturating_mul(self.highs);
                    self.pairs.renew(if pairs > MOST_PAIRS { 0 } else { pairs });
                }
            }
        }
    }

    /// Looks at the next rows, which are all of the patient at hand.
    pub(super) fn look_at(
        &mut self,
        stored: &Stored,
        rows: usize,
        lookups: &[Option<Lookup>],
        (names, clock): (&mut Names, Clock),
    ) {
        self.marks.clear();
        if !self.is_aimed || stored.unsound.iter().any(|at| *at < OWN) {
            return;
        }
        self.renew(stored);
        let (Some(codes), Some(times)) = (stored.texts.get(CODE_TEXT), stored.texts.get(TIME))
        else {
            return;
        };
        let specimens = stored.texts.get(SPECIMEN);
        let has_specimens = specimens.is_some_and(KeyedColumn::has_values);
        for row in stored.row..stored.row.saturating_add(rows) {
            let code = codes.key(row);
            let mark = match self.class(code, lookups, &names.dictionary) {
                Class::Limited(class) => {
                    let time = self.span(times, times.key(row), clock);
                    self.mark((class, code), time, has_specimens)
                }
                Class::Endless | Class::Unknown => Mark::Read,
            };
            // Last, since it costs most.
            let mark = match mark {
                Mark::Read => mark,
                _ if self.is_plain(row, stored, names) => mark,
                _ => Mark::Read,
            };
            if let Some(met) = self.met.get_mut(index(code)) {
                match mark {
                    Mark::Old(end) => {
                        let met = met.at(self.turn);
                        met.latest = met.latest.max(end);
                    }
                    Mark::Known => met.at(self.turn).is_followed = true,
                    Mark::Late | Mark::Read => {}
                }
            }
            self.marks.push(mark);
        }
    }

    /// Whether the row is left out that was looked at as the n-th of these.
    pub(super) fn leaves_out(&self, at: usize, code: u32) -> bool {
        match self.marks.get(at) {
            Some(Mark::Late) => true,
            Some(Mark::Old(end)) => {
                let met = self.met.get(index(code));
                met.is_some_and(|met| met.is_followed || *end < met.latest)
            }
            Some(Mark::Known | Mark::Read) | None => false,
        }
    }

    /// What the time of a row says.
    fn mark(&self, (class, code): (u16, u32), time: Span, has_specimens: bool) -> Mark {
        match self.classes.get(usize::from(class)) {
            // Which of them is the latest of its specimen is not known here.
            Some(class) if class.by_specimen && has_specimens => Mark::Read,
            // Whoever names the last one that was known may name none that is older than another.
            Some(class) if time.end <= class.oldest && time.end <= self.known => {
                Mark::Old(time.end)
            }
            Some(_) if time.start >= self.late => Mark::Late,
            Some(_) if time.end <= self.known => {
                let met = self.met.get(index(code));
                match met.is_some_and(|met| met.turn == self.turn && met.is_followed) {
                    true => Mark::Read,
                    false => Mark::Known,
                }
            }
            _ => Mark::Read,
        }
    }

    /// How far rows of a code can matter.
    fn class(&mut self, code: u32, lookups: &[Option<Lookup>], dictionary: &Dictionary) -> Class {
        match self.of_codes.get(index(code)) {
            None => return Class::Endless,
            Some(Class::Unknown) => {}
            Some(known) => return *known,
        }
        let class = match lookups.get(index(code)) {
            Some(Some(Lookup::Wanted(code))) => self.class_of(*code, dictionary),
            Some(Some(_)) => Class::Endless,
            // It is told of its first row what its code is.
            Some(None) | None => Class::Unknown,
        };
        if let Some(place) = self.of_codes.get_mut(index(code)) {
            *place = class;
        }
        class
    }

    fn class_of(&mut self, code: CodeId, dictionary: &Dictionary) -> Class {
        // It is counted for how many rows what the mapping says of a code was used.
        if dictionary.rules(code).is_some() {
            return Class::Endless;
        }
        let Some(reaches) = self.limits.of(dictionary.concepts(code)) else {
            return Class::Endless;
        };
        let place = |milestone: ConceptId| {
            self.milestones
                .iter()
                .position(|known| known.0 == milestone)
        };
        let back = reaches.back.iter().filter_map(|reach| {
            let seconds = i64::from(reach.days).saturating_mul(SECONDS_PER_DAY);
            Some((place(reach.milestone)?, seconds))
        });
        let class = Limited {
            back: back.collect(),
            by_specimen: reaches.by_specimen,
            // For the patient at hand it comes too late.
            oldest: i64::MIN,
        };
        let mut known = self.classes.iter();
        let same =
            |other: &Limited| other.back == class.back && other.by_specimen == class.by_specimen;
        let at = known.position(same).unwrap_or(self.classes.len());
        if at == self.classes.len() {
            self.classes.push(class);
        }
        u16::try_from(at).map_or(Class::Endless, Class::Limited)
    }

    /// When a row was, by the key of its time.
    fn span(&mut self, times: &KeyedColumn, key: u32, clock: Clock) -> Span {
        let Some(known) = self.times.get_mut(index(key)) else {
            return ANY;
        };
        if known.end == NOT_READ.end && known.start == NOT_READ.start {
            *known = match When::parse_at_site(times.text(key), clock.site_offset) {
                Ok((time, false)) => Span {
                    start: time.start().seconds(),
                    end: time.end().seconds(),
                },
                // That an offset was not applied is told of the first row that has one.
                Ok((_, true)) | Err(_) => ANY,
            };
        }
        *known
    }

    /// Whether nothing can be wrong with a row besides its code and its time.
    fn is_plain(&mut self, row: usize, stored: &Stored, names: &mut Names) -> bool {
        let cell = |column: usize| {
            let texts = stored.texts.get(column);
            let key = texts.map_or(EMPTY, |texts| texts.key(row));
            (key, move || texts.map_or("", |texts| texts.text(key)))
        };
        let ((value, value_text), (unit, unit_text)) = (cell(VALUE), cell(UNIT));
        let ((status, status_text), (comparator, _)) = (cell(STATUS), cell(COMPARATOR));
        if comparator != EMPTY {
            return false;
        }
        let is_plain = self
            .values
            .is(value, || Decimal::parse(value_text()).is_ok())
            && self.units.is(unit, || {
                let unit = names.units.intern(unit_text());
                unit.is_ok_and(|unit| !names.units.is_unlikely(unit))
            })
            && self.statuses.is(status, || is_final(status_text()));
        let ((low, low_text), (high, high_text)) = (cell(LOW), cell(HIGH));
        is_plain
            && self.pairs.is(pair(low, high, self.highs), || {
                let number = |key, text: &str| match key {
                    EMPTY => Ok(None),
                    _ => Decimal::parse(text).map(Some),
                };
                match (number(low, low_text()), number(high, high_text())) {
                    (Ok(Some(low)), Ok(Some(high))) => low.compare_value(&high).is_le(),
                    (Ok(_), Ok(_)) => true,
                    _ => false,
                }
            })
    }
}

/// The place of a pair of limits: of none of both it is that of an empty text.
fn pair(low: u32, high: u32, highs: usize) -> u32 {
    if (low, high) == (EMPTY, EMPTY) {
        return EMPTY;
    }
    // One that is empty stands before all others.
    let place = |key: u32| index(key.wrapping_add(1));
    let pair = place(low).saturating_mul(highs).saturating_add(place(high));
    u32::try_from(pair).unwrap_or(EMPTY - 1)
}

/// The second up to which nothing matters.
fn oldest(back: &[(usize, i64)], milestones: &[(ConceptId, Option<When>)]) -> i64 {
    let first = |(place, seconds): &(usize, i64)| {
        let time = milestones.get(*place).and_then(|(_, time)| *time);
        // Without a time of its own it may be counted as reached at any.
        time.map_or(i64::MIN, |time| {
            first_second(&time).saturating_sub(*seconds)
        })
    };
    back.iter().map(first).min().unwrap_or(i64::MIN)
}

/// When a milestone was, if the chart has one time for it.
fn time_of(milestones: &Timeline<MilestoneRow>, milestone: ConceptId) -> Option<When> {
    let mut rows = milestones.of(milestone).map(|row| row.time);
    let time = rows.next()?;
    rows.all(|other| other == time).then_some(time)
}

/// Of the first day that it can have been on.
fn first_second(time: &When) -> i64 {
    let start = time.start().seconds();
    start.saturating_sub(start.rem_euclid(SECONDS_PER_DAY))
}

/// The first second after the last day that it can have been on.
fn next_day(time: &When) -> i64 {
    let last = time.end().seconds().saturating_sub(1);
    last.saturating_sub(last.rem_euclid(SECONDS_PER_DAY))
        .saturating_add(SECONDS_PER_DAY)
}

fn index(key: u32) -> usize {
    usize::try_from(key).unwrap_or(usize::MAX)
}
