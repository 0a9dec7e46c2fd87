//! What a chart is read against: the dictionaries of its data set, and the dates of the run.

use std::borrow::Cow;

use lind_model::MilestoneId;
use lind_records::{
    CodeId, ConceptId, Dataset, Dictionary, Settings, Symbol, Symbols, UnitId, Units,
};
use lind_time::When;
use lind_units::{Conversion, Unit};

use crate::bindings::{Bindings, Doses, counts_points, doses_of};
use crate::half_lives::HalfLifeRange;
use crate::program::Program;
use crate::steps::{Target, Word};

/// What a chart is read against: the dictionaries of its data set, and the dates of the run.
///
/// It is cheap to make, and can be shared by threads; make one for each batch of charts.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) units: &'a Units,
    pub(crate) symbols: &'a Symbols,
    pub(crate) settings: &'a Settings,
    pub(crate) bindings: &'a Bindings,
    /// Nothing after it exists for the run: the earlier of the cut-off of the data and the as-of date.
    pub(crate) horizon: Option<When>,
    assumed: &'a [(MilestoneId, When)],
}

impl<'a> Context<'a> {
    /// The context of the charts of a data set, with its cut-off.
    #[must_use]
    pub fn new(dataset: &'a Dataset, bindings: &'a Bindings) -> Self {
        let settings = dataset.settings();
        Self {
            dictionary: dataset.dictionary(),
            units: dataset.units(),
            symbols: dataset.symbols(),
            settings,
            bindings,
            horizon: settings.cut_off,
            assumed: &[],
        }
    }

    /// Nothing after this time is known. (The reader leaves out the rows; here it bounds the times that
    /// are missing.)
    #[must_use]
    pub fn as_of(mut self, time: When) -> Self {
        self.horizon = Some(match self.horizon {
            Some(cut_off) if cut_off.end() <= time.end() => cut_off,
            _ => time,
        });
        self
    }

    /// Milestones that count as reached at these times in a chart that does not hold them.
    #[must_use]
    pub fn assuming(mut self, milestones: &'a [(MilestoneId, When)]) -> Self {
        self.assumed = milestones;
        self
    }

    /// Whether nothing after some day is known.
    #[must_use]
    pub fn has_horizon(&self) -> bool {
        self.horizon.is_some()
    }

    /// A unit of the data.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&'a Unit> {
        self.units.get(id)
    }

    /// The milestones that count as reached.
    #[must_use]
    pub fn all_assumed(&self) -> &'a [(MilestoneId, When)] {
        self.assumed
    }

    pub(crate) fn assumed(&self, milestone: MilestoneId) -> Option<When> {
        self.assumed
            .iter()
            .find(|(id, _)| *id == milestone)
            .map(|(_, time)| *time)
    }

    /// Whether a symbol of a chart is a word of the plan.
    pub(crate) fn is_word(&self, symbol: Symbol, word: Word) -> bool {
        self.bindings.word(word) == Some(symbol)
    }

    /// The conversion of a unit of the data; none if it cannot be converted.
    pub(crate) fn conversion(
        &self,
        program: &Program,
        target: Target,
        unit: UnitId,
    ) -> Option<Cow<'a, Conversion>> {
        match self.bindings.conversion(target, unit) {
            Some(known) => known.map(Cow::Borrowed),
            None => {
                let wanted = program.compiled.targets.get(target.0)?;
                self.units
                    .get(unit)?
                    .conversion(&wanted.unit, wanted.analyte.as_ref())
                    .ok()
                    .map(Cow::Owned)
            }
        }
    }

    /// How doses in a unit of the data become the unit of a limit.
    pub(crate) fn doses(
        &self,
        program: &Program,
        target: Target,
        unit: UnitId,
    ) -> Option<Cow<'a, Doses>> {
        match self.bindings.doses(target, unit) {
            Some(known) => Some(Cow::Borrowed(known)),
            None => {
                let wanted = program.compiled.targets.get(target.0)?;
                let unit = self.units.get(unit)?;
                Some(Cow::Owned(doses_of(unit, &wanted.unit)))
            }
        }
    }

    /// The half-life that the data set declares for a code.
    pub(crate) fn half_life(&self, code: CodeId) -> Option<Cow<'a, HalfLifeRange>> {
        match self.bindings.half_life(code) {
            Some(known) => known.map(Cow::Borrowed),
            None => std::iter::once(self.dictionary.text(code))
                .chain(self.dictionary.others(code))
                .find_map(|name| self.settings.half_life(name))
                .and_then(HalfLifeRange::declared)
                .map(Cow::Owned),
        }
    }

    /// Whether a row of this code, which counts for a concept, does so for certain.
    pub(crate) fn is_certain(&self, program: &Program, code: CodeId, concept: ConceptId) -> bool {
        match self.bindings.perhaps(code) {
            Some(perhaps) => perhaps.binary_search(&concept).is_err(),
            None => std::iter::once(self.dictionary.text(code))
                .chain(self.dictionary.others(code))
                .all(|name| program.perhaps(name).binary_search(&concept).is_err()),
        }
    }

    /// Whether a number in this unit is a number of points.
    pub(crate) fn is_points(&self, unit: UnitId) -> bool {
        self.bindings
            .is_points(unit)
            .unwrap_or_else(|| self.units.get(unit).is_some_and(counts_points))
    }
}
