//! A program tied to one data set: the words, units and gaps of the data, resolved once.

use lind_records::{
    CodeId, Completeness, ConceptId, Dataset, Incompleteness, Symbol, Symbols, UnitId, Units,
};
use lind_units::{Conversion, Generator, Unit};

use crate::concepts::needed_table;
use crate::half_lives::HalfLifeRange;
use crate::program::Program;
use crate::steps::{Target, Word, is_rate, per_day};

/// How a dose in some unit becomes the unit of a limit a day.
#[derive(Debug, Clone)]
pub(crate) enum Doses {
    /// The unit is per time: `mg/d`.
    Rate(Option<Conversion>),
    /// The unit is that of each dose, to be multiplied by how often it is given a day: `mg`.
    Each(Option<Conversion>),
}

/// A program tied to one data set: words, units and gaps of the data, resolved once, so that evaluation
/// neither parses, hashes nor allocates.
///
/// The reader meets new units while it reads; call [`Bindings::update`] after each batch of charts. A unit
/// that was not seen then is still converted, only more slowly.
#[derive(Debug, Clone)]
pub struct Bindings {
    words: Vec<Option<Symbol>>,
    /// By target, then by unit.
    conversions: Vec<Vec<Option<Conversion>>>,
    /// By target, then by unit.
    doses: Vec<Vec<Doses>>,
    /// Which units are points of a score, or the number one.
    points: Vec<bool>,
    /// By code: the half-life that the data set declares.
    half_lives: Vec<Option<HalfLifeRange>>,
    /// By code: of what it may be a member.
    perhaps: Vec<Vec<ConceptId>>,
    /// By concept: why a missing row says nothing.
    gaps: Vec<Option<Incompleteness>>,
}

impl Bindings {
    /// Resolves a program against a data set that was opened for it.
    #[must_use]
    pub fn new(program: &Program, dataset: &Dataset) -> Self {
        let targets = program.compiled.targets.len();
        let mut bindings = Self {
            words: words(program, dataset.symbols()),
            conversions: vec![Vec::new(); targets],
            doses: vec![Vec::new(); targets],
            points: Vec::new(),
            half_lives: Vec::new(),
            perhaps: Vec::new(),
            gaps: gaps(program, dataset),
        };
        bindings.update(program, dataset);
        bindings
    }

    /// Takes in what the reader has met since.
    pub fn update(&mut self, program: &Program, dataset: &Dataset) {
        let units = dataset.units();
        for (index, target) in program.compiled.targets.iter().enumerate() {
            let (Some(conversions), Some(doses)) =
                (self.conversions.get_mut(index), self.doses.get_mut(index))
            else {
                continue;
            };
            for unit in seen_since(units, conversions.len()) {
                if target.daily {
                    doses.push(doses_of(unit, &target.unit));
                }
                conversions.push(unit.conversion(&target.unit, target.analyte.as_ref()).ok());
            }
        }
        for unit in seen_since(units, self.points.len()) {
            self.points.push(counts_points(unit));
        }
        let dictionary = dataset.dictionary();
        for index in self.half_lives.len()..dictionary.len() {
            let code = CodeId(u32::try_from(index).unwrap_or(u32::MAX));
            let text = dictionary.text(code);
            // What the mapping file makes another code of is what that code is.
            let names = || std::iter::once(text).chain(dictionary.others(code));
            let declared = names().find_map(|name| dataset.half_life(name));
            self.half_lives
                .push(declared.and_then(HalfLifeRange::declared));
            let mut perhaps: Vec<ConceptId> = names()
                .flat_map(|name| program.perhaps(name))
                .copied()
                .collect();
            perhaps.sort_unstable();
            perhaps.dedup();
            self.perhaps.push(perhaps);
        }
    }

    pub(crate) fn word(&self, word: Word) -> Option<Symbol> {
        self.words.get(word.0).copied().flatten()
    }

    /// Why a missing row of this concept says nothing.
    pub(crate) fn gap(&self, concept: ConceptId) -> Option<Incompleteness> {
        self.gaps.get(concept.0 as usize).copied().flatten()
    }

    /// None: the unit was not there at the last update.
    pub(crate) fn conversion(&self, target: Target, unit: UnitId) -> Option<Option<&Conversion>> {
        self.conversions
            .get(target.0)?
            .get(unit.0 as usize)
            .map(Option::as_ref)
    }

    /// None: the unit was not there at the last update.
    pub(crate) fn doses(&self, target: Target, unit: UnitId) -> Option<&Doses> {
        self.doses.get(target.0)?.get(unit.0 as usize)
    }

    /// None: the code was not there at the last update.
    pub(crate) fn perhaps(&self, code: CodeId) -> Option<&[ConceptId]> {
        self.perhaps.get(code.0 as usize).map(Vec::as_slice)
    }

    /// None: the code was not there at the last update.
    pub(crate) fn half_life(&self, code: CodeId) -> Option<Option<&HalfLifeRange>> {
        self.half_lives.get(code.0 as usize).map(Option::as_ref)
    }

    /// None: the unit was not there at the last update.
    pub(crate) fn is_points(&self, unit: UnitId) -> Option<bool> {
        self.points.get(unit.0 as usize).copied()
    }
}

/// By concept: why a missing row says nothing. This is settled when a data set is opened.
fn gaps(program: &Program, dataset: &Dataset) -> Vec<Option<Incompleteness>> {
    let mut gaps = vec![None; program.concepts.end()];
    for concept in &program.plan().needs {
        let id = program.concept(concept.kind);
        if let Some(gap) = gaps.get_mut(id.0 as usize) {
            *gap = match dataset.complete_for(needed_table(concept.table), id) {
                Completeness::Complete => None,
                Completeness::Incomplete(reason) => Some(reason),
            };
        }
    }
    gaps
}

fn words(program: &Program, symbols: &Symbols) -> Vec<Option<Symbol>> {
    program
        .compiled
        .words
        .iter()
        .map(|word| symbols.get(word))
        .collect()
}

fn seen_since(units: &Units, known: usize) -> impl Iterator<Item = &Unit> {
    (known..units.len()).map_while(|index| units.get(UnitId(u32::try_from(index).ok()?)))
}

/// How a dose in `unit` becomes `target`.
pub(crate) fn doses_of(unit: &Unit, target: &Unit) -> Doses {
    if is_rate(unit) {
        Doses::Rate(unit.conversion(target, None).ok())
    } else {
        Doses::Each(per_day(unit).and_then(|daily| daily.conversion(target, None).ok()))
    }
}

/// Whether a number in this unit is a number of points: `{score}`, `points`, `1`.
pub(crate) fn counts_points(unit: &Unit) -> bool {
    let one = *unit.factor() == lind_units::Exact::one() && !unit.is_logarithmic();
    one && unit.dimension().exponents().all(|(generator, exponent)| {
        exponent == 1 && matches!(generator, Generator::Reference(name) if &**name == "score")
    })
}
