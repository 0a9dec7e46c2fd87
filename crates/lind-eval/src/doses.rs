//! Daily doses, as they stand or as the equivalent of another drug.

use lind_model::protocol::Interval;
use lind_records::Treatment;
use lind_time::Tri;
use lind_units::Exact;

use crate::bindings::Doses;
use crate::rows::{Fields, Row};
use crate::steps::{DoseStep, Target};
use crate::view::View;

/// Why a dose is not known in the unit of the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoseFault {
    /// No dose is recorded.
    NoDose,
    /// No unit is recorded.
    NoUnit,
    /// The unit does not convert into the limit's.
    Unit,
    /// It is not recorded how often it is given.
    NoFrequency,
    /// How often it is given is not understood, or stands beside a dose a day.
    Frequency,
    /// The drug is not in the equivalence.
    NotInEquivalence,
}

impl View<'_> {
    /// Whether the daily dose of a row lies in an interval.
    pub(crate) fn dose_lies_in(&self, row: &Row<'_>, step: &DoseStep, interval: &Interval) -> Tri {
        self.daily_dose(row, step)
            .map_or(Tri::Maybe, |dose| Tri::from(interval.contains(&dose)))
    }

    /// The daily dose of a row in the unit of the limit.
    pub(crate) fn daily_dose(&self, row: &Row<'_>, step: &DoseStep) -> Result<Exact, DoseFault> {
        let Fields::Treatment(treatment) = row.fields else {
            return Err(DoseFault::NoDose);
        };
        let Some((equivalence, drugs)) = &step.drugs else {
            return self.dose_in(treatment, step.target);
        };
        let drug = self
            .context
            .dictionary
            .concepts(row.code)
            .iter()
            .find_map(|concept| self.program.concepts.equivalent(*equivalence, *concept))
            .and_then(|index| drugs.get(index))
            .ok_or(DoseFault::NotInEquivalence)?;
        let target = drug.target.ok_or(DoseFault::Unit)?;
        let factor = drug.factor.as_ref().ok_or(DoseFault::NotInEquivalence)?;
        let to_limit = step.to_limit.as_ref().ok_or(DoseFault::Unit)?;
        let dose = self.dose_in(treatment, target)?;
        Ok(to_limit.apply(&dose.mul(factor)))
    }

    fn dose_in(&self, treatment: &Treatment, target: Target) -> Result<Exact, DoseFault> {
        let dose = treatment.dose.ok_or(DoseFault::NoDose)?;
        let unit = treatment.unit.ok_or(DoseFault::NoUnit)?;
        let doses = self
            .context
            .doses(self.program, target, unit)
            .ok_or(DoseFault::Unit)?;
        let (conversion, times) = match (treatment.frequency, &*doses) {
            // A unit per time is a rate; with a frequency beside it, it could mean either.
            (None, Doses::Rate(conversion)) => (conversion, Exact::one()),
            (Some(_), Doses::Rate(_)) => return Err(DoseFault::Frequency),
            (Some(frequency), Doses::Each(conversion)) => (
                conversion,
                times_a_day(self.context.symbols.text(frequency)).ok_or(DoseFault::Frequency)?,
            ),
            (None, Doses::Each(_)) => return Err(DoseFault::NoFrequency),
        };
        let conversion = conversion.as_ref().ok_or(DoseFault::Unit)?;
        Ok(conversion.apply_decimal(&dose).mul(&times))
    }
}

/// How often a day something is given.
pub(crate) fn times_a_day(frequency: &str) -> Option<Exact> {
    let is = |word: &str| {
        frequency.len() == word.len()
            && frequency.bytes().zip(word.bytes()).all(|(written, word)| {
                written.eq_ignore_ascii_case(&word)
                    || (word == b'_' && matches!(written, b' ' | b'-'))
            })
    };
    FREQUENCIES
        .iter()
        .find(|(word, ..)| is(word))
        .and_then(|(_, times, days)| Exact::from_ratio(*times, *days))
}

/// Words for how often something is given: so many times in so many days.
const FREQUENCIES: &[(&str, i64, i64)] = &[
    ("daily", 1, 1),
    ("once_daily", 1, 1),
    ("qd", 1, 1),
    ("od", 1, 1),
    ("twice_daily", 2, 1),
    ("bid", 2, 1),
    ("three_times_daily", 3, 1),
    ("tid", 3, 1),
    ("four_times_daily", 4, 1),
    ("qid", 4, 1),
    ("every_other_day", 1, 2),
    ("qod", 1, 2),
    ("weekly", 1, 7),
    ("once_weekly", 1, 7),
    ("every_2_weeks", 1, 14),
];

impl DoseFault {
    /// Why the daily dose is not known.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::NoDose => "its dose is not recorded",
            Self::NoUnit => "the unit of its dose is not recorded",
            Self::Unit => "the unit of its dose does not convert into that of the limit",
            Self::NoFrequency => "how often it is given is not recorded",
            Self::Frequency => "how often it is given is not understood",
            Self::NotInEquivalence => "the drug is not in the table of equivalent doses",
        }
    }
}
