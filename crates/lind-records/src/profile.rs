//! What data hold, counted chart by chart: kinds of facts, codes, units, dates.

use std::collections::BTreeMap;

use lind_time::{Precision, When};
use lind_units::Decimal;

use crate::{Chart, CodeId, Dictionary, Fact, Observation, Table, Treatment, UnitId};

/// What data hold, counted chart by chart. Its size depends on how many codes and units there are, not on
/// how many patients.
///
/// ```
/// use lind_records::{ConceptId, Dataset, MemoryTables, Options, Profile, Table, Wanted};
///
/// let tables = MemoryTables::new()
///     .with("patients.csv", "patient,sex\np1,female\n")
///     .with("observations.csv", "patient,code,time,value\np1,hemoglobin,2024-05,13.5\n");
/// let mut dataset = Dataset::open(&tables, &Wanted::everything(ConceptId(0)), Options::default())?;
/// let mut profile = Profile::default();
/// while let Some(chart) = dataset.next_chart()? {
///     profile.add(&chart, dataset.dictionary());
/// }
/// let kind = &profile.kinds[&Table::Observations];
/// assert_eq!((kind.rows, kind.partial), (1, 1));
/// assert_eq!(profile.patients_with(Table::Observations, "hemoglobin"), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// How many patients there are.
    pub patients: u64,
    /// Of how many the sex is known.
    pub with_sex: u64,
    /// Of how many the birth is known.
    pub with_birth: u64,
    /// How many are known to have died.
    pub with_death: u64,
    /// Each kind of facts of which there are rows.
    pub kinds: BTreeMap<Table, KindProfile>,
    /// Each code, with the table in which it stands. A code that stands beside others in some rows and alone in
    /// others has several numbers.
    pub codes: BTreeMap<(Table, CodeId), CodeProfile>,
    /// How many patients have a row of a code, by its text.
    patients_of: BTreeMap<(Table, Box<str>), u64>,
}

/// What the facts of one kind are like.
#[derive(Clone, Debug, Default)]
pub struct KindProfile {
    /// How many there are.
    pub rows: u64,
    /// How many patients have one.
    pub patients: u64,
    /// The earliest that is known to the day.
    pub first: Option<When>,
    /// The latest that is known to the day.
    pub last: Option<When>,
    /// How many have a time that is not known to the day.
    pub partial: u64,
    /// How many have no time.
    pub undated: u64,
}

/// What the facts of one code are like.
#[derive(Clone, Debug, Default)]
pub struct CodeProfile {
    /// How many there are.
    pub rows: u64,
    /// How many have a number.
    pub numbers: u64,
    /// How many have a number and neither of the laboratory's limits.
    pub without_limits: u64,
    /// How many are only known to lie below or above their number.
    pub beyond: u64,
    /// The numbers by the unit in which they stand; none: without a unit.
    pub units: BTreeMap<Option<UnitId>, Numbers>,
}

/// Numbers in one unit.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// How many there are.
    pub count: u64,
    lowest: Option<Decimal>,
    highest: Option<Decimal>,
    /// Every so many-th of them.
    sample: Vec<Decimal>,
    every: u64,
}

/// How many numbers are kept to tell what lies in the middle.
const MOST_KEPT: usize = 1 << 10;

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            count: 0,
            lowest: None,
            highest: None,
            sample: Vec::new(),
            every: 1,
        }
    }
}

impl Numbers {
    /// The lowest and the highest are at least this far apart.
    fn reach(&mut self, number: Decimal) {
        let is_below = |lowest: Decimal| number.compare_value(&lowest).is_lt();
        if self.lowest.is_none_or(is_below) {
            self.lowest = Some(number);
        }
        let is_above = |highest: Decimal| number.compare_value(&highest).is_gt();
        if self.highest.is_none_or(is_above) {
            self.highest = Some(number);
        }
    }

    fn add(&mut self, number: Decimal) {
        self.reach(number);
        if self.count.is_multiple_of(self.every) {
            self.sample.push(number);
        }
        self.count += 1;
        if self.sample.len() >= MOST_KEPT {
            let mut place = 0_usize;
            self.sample.retain(|_| {
                place += 1;
                !place.is_multiple_of(2)
            });
            self.every = self.every.saturating_mul(2);
        }
    }

    /// Counts the numbers of another as well.
    pub fn merge(&mut self, other: &Numbers) {
        for number in [other.lowest, other.highest].into_iter().flatten() {
            self.reach(number);
        }
        self.count += other.count;
        // Of both every so many-th, so that none counts for more than the other.
        let every = self.every.max(other.every);
        let thinned = |sample: &[Decimal], step: u64| -> Vec<Decimal> {
            let step = usize::try_from(every / step.max(1)).unwrap_or(1).max(1);
            sample.iter().step_by(step).copied().collect()
        };
        let mut sample = thinned(&self.sample, self.every);
        sample.extend(thinned(&other.sample, other.every));
        (self.sample, self.every) = (sample, every);
    }

    /// The lowest, one below which about a twentieth lie, the middle one, one above which about a
    /// twentieth lie, and the highest. Of many numbers those in the middle are told from every so
    /// many-th of them.
    #[must_use]
    pub fn spread(&self) -> Option<[Decimal; 5]> {
        let mut sorted = self.sample.clone();
        sorted.sort_by(Decimal::compare_value);
        let last = sorted.len().checked_sub(1)?;
        let at = |percent: usize| sorted.get((last * percent + 50) / 100).copied();
        Some([self.lowest?, at(5)?, at(50)?, at(95)?, self.highest?])
    }
}

impl Profile {
    /// How many patients have a row of a code, by its text.
    #[must_use]
    pub fn patients_with(&self, table: Table, code: &str) -> u64 {
        let found = self.patients_of.get(&(table, code.into()));
        found.copied().unwrap_or(0)
    }

    /// Counts a chart.
    pub fn add(&mut self, chart: &Chart, dictionary: &Dictionary) {
        self.patients += 1;
        self.with_sex += u64::from(chart.sex.is_some());
        self.with_birth += u64::from(chart.birth.is_some());
        self.with_death += u64::from(chart.death.is_some());
        // Those that the mapping file takes from other records count as these.
        let milestones = chart.milestones.iter();
        let milestones: Vec<_> = milestones
            .filter(|row| row.at.table == Table::Milestones)
            .cloned()
            .collect();
        self.rows(Table::Milestones, &milestones, dictionary, |_, _| {});
        self.rows(
            Table::Observations,
            &chart.observations,
            dictionary,
            observation,
        );
        self.rows(Table::Conditions, &chart.conditions, dictionary, |_, _| {});
        self.rows(Table::Treatments, &chart.treatments, dictionary, treatment);
        self.rows(Table::Procedures, &chart.procedures, dictionary, |_, _| {});
        self.rows(Table::Allergies, &chart.allergies, dictionary, |_, _| {});
        self.rows(
            Table::AdverseEvents,
            &chart.adverse_events,
            dictionary,
            |_, _| {},
        );
        self.rows(
            Table::Attestations,
            &chart.attestations,
            dictionary,
            |_, _| {},
        );
        self.rows(Table::Visits, &chart.visits, dictionary, |_, _| {});
        self.rows(
            Table::Assignments,
            &chart.assignments,
            dictionary,
            |_, _| {},
        );
    }

    fn rows<R: Fact>(
        &mut self,
        table: Table,
        rows: &[R],
        dictionary: &Dictionary,
        count: fn(&mut CodeProfile, &R),
    ) {
        if rows.is_empty() {
            return;
        }
        let kind = self.kinds.entry(table).or_default();
        kind.patients += 1;
        let mut codes: Vec<CodeId> = Vec::new();
        for row in rows {
            kind.add(row.time());
            let code = self.codes.entry((table, row.code())).or_default();
            code.rows += 1;
            if !codes.contains(&row.code()) {
                codes.push(row.code());
            }
            count(code, row);
        }
        let mut texts: Vec<&str> = codes.iter().map(|code| dictionary.text(*code)).collect();
        texts.sort_unstable();
        texts.dedup();
        for text in texts {
            *self.patients_of.entry((table, text.into())).or_default() += 1;
        }
    }
}

impl KindProfile {
    fn add(&mut self, time: Option<When>) {
        self.rows += 1;
        let Some(time) = time else {
            self.undated += 1;
            return;
        };
        let is_to_the_day =
            time.precision() >= Precision::Day && time.first_day() == time.last_day();
        if !is_to_the_day {
            self.partial += 1;
            return;
        }
        if self.first.is_none_or(|first| time.start() < first.start()) {
            self.first = Some(time);
        }
        if self.last.is_none_or(|last| time.start() > last.start()) {
            self.last = Some(time);
        }
    }
}

fn observation(code: &mut CodeProfile, row: &Observation) {
    let Some(value) = row.value else {
        return;
    };
    code.numbers += 1;
    code.without_limits += u64::from(row.low.is_none() && row.high.is_none());
    code.beyond += u64::from(row.comparator.is_some());
    code.units.entry(row.unit).or_default().add(value);
}

fn treatment(code: &mut CodeProfile, row: &Treatment) {
    if let Some(dose) = row.dose {
        code.numbers += 1;
        code.units.entry(row.unit).or_default().add(dose);
    }
}
