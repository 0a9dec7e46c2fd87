//! Codes and units that stand in one resource as they stood in another, letter by letter.
//!
//! A laboratory has a few hundred tests, and each result says again which it is of, in the same
//! letters. What was read of such a part before is what it says, so it is not read again. Whatever
//! is written in other letters is read as ever.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};

use super::elements::{Coding, Concept, Quantity, Text};
use super::quick::{Fill, Quick, Unusual};
use super::systems;

/// How many concepts, and how many units, are kept: a power of two.
const SLOTS: usize = 1 << 10;

/// The longest part that is kept, in bytes.
const LONGEST: usize = 512;

/// How many parts of one text are learned.
const MOST_LEARNED: usize = 64;

/// By these bytes of a concept it is looked for: those before are mostly the system's.
const OF_CONCEPT: usize = 40;

/// The same of a unit.
const OF_UNIT: usize = 8;

/// How many they are.
const WINDOW: usize = 24;

/// What was met until now. The first that comes to its place stays there.
#[derive(Default)]
pub(super) struct Lexicon {
    /// None, or [`SLOTS`] of them.
    concepts: Vec<Option<Box<KnownConcept>>>,
    units: Vec<Option<Box<KnownUnit>>>,
}

/// Of a text by itself.
pub(super) static NOTHING: Lexicon = Lexicon {
    concepts: Vec::new(),
    units: Vec::new(),
};

/// A concept, and how it is written.
pub(super) struct KnownConcept {
    written: Box<str>,
    coding: Vec<Coding<'static>>,
    text: Option<Text<'static>>,
    /// Its codes as a cell says them.
    codes: String,
}

/// What follows the value of a quantity.
pub(super) struct KnownUnit {
    written: Box<str>,
    unit: Option<Text<'static>>,
    system: Option<Text<'static>>,
    code: Option<Text<'static>>,
}

/// Where parts of a text stand that are not known yet.
#[derive(Default)]
pub(super) struct Learned {
    concepts: Vec<Range<usize>>,
    units: Vec<Range<usize>>,
}

impl Learned {
    /// Takes note of a concept.
    pub(super) fn concept(&mut self, at: Range<usize>) {
        let fits = (OF_CONCEPT + WINDOW..=LONGEST).contains(&at.len());
        if fits && self.concepts.len() < MOST_LEARNED {
            self.concepts.push(at);
        }
    }

    /// Takes note of what follows the value of a quantity, which stands first in it.
    pub(super) fn unit(&mut self, at: Range<usize>) {
        let fits = (OF_UNIT + WINDOW..=LONGEST).contains(&at.len());
        if fits && self.units.len() < MOST_LEARNED {
            self.units.push(at);
        }
    }
}

/// Which place a text has that begins with these bytes.
fn place(bytes: &[u8], from: usize) -> Option<usize> {
    let (window, _) = bytes.get(from..)?.split_first_chunk::<WINDOW>()?;
    let mut hash = 0_u64;
    for word in window.as_chunks().0 {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
    }
    usize::try_from(hash).ok().map(|hash| hash % SLOTS)
}

/// The place for a new one of these; none: it is taken.
fn vacant<'s, T>(
    slots: &'s mut Vec<Option<Box<T>>>,
    written: &str,
    from: usize,
) -> Option<&'s mut Option<Box<T>>> {
    if slots.is_empty() {
        slots.resize_with(SLOTS, || None);
    }
    let slot = slots.get_mut(place(written.as_bytes(), from)?)?;
    slot.is_none().then_some(slot)
}

fn owned(text: &Option<Text<'_>>) -> Option<Text<'static>> {
    text.as_ref()
        .map(|text| Text(Cow::Owned(text.0.clone().into_owned())))
}

fn borrowed<'a>(text: &'a Option<Text<'static>>) -> Option<Text<'a>> {
    text.as_ref().map(|text| Text(Cow::Borrowed(&text.0)))
}

impl Lexicon {
    /// The concept with which these bytes begin, if it is known.
    pub(super) fn concept(&self, bytes: &[u8]) -> Option<&KnownConcept> {
        if self.concepts.is_empty() {
            return None;
        }
        let known = self.concepts.get(place(bytes, OF_CONCEPT)?)?.as_deref()?;
        bytes.starts_with(known.written.as_bytes()).then_some(known)
    }

    /// What follows the value of a quantity, if these bytes begin with something known.
    pub(super) fn unit(&self, bytes: &[u8]) -> Option<&KnownUnit> {
        if self.units.is_empty() {
            return None;
        }
        let known = self.units.get(place(bytes, OF_UNIT)?)?.as_deref()?;
        bytes.starts_with(known.written.as_bytes()).then_some(known)
    }

    /// Keeps what is not known yet of a text.
    pub(super) fn learn(&mut self, text: &str, learned: &Learned) {
        let written = |at: &Range<usize>| text.get(at.clone());
        for written in learned.concepts.iter().filter_map(written) {
            if let Some(slot) = vacant(&mut self.concepts, written, OF_CONCEPT) {
                *slot = KnownConcept::of(written).map(Box::new);
            }
        }
        for written in learned.units.iter().filter_map(written) {
            if let Some(slot) = vacant(&mut self.units, written, OF_UNIT) {
                *slot = KnownUnit::of(written).map(Box::new);
            }
        }
    }
}

impl KnownConcept {
    /// None: it is one that is to be read each time.
    fn of(written: &str) -> Option<Self> {
        let mut concept = Concept::default();
        concept.fill(&mut Quick::new(written)).ok()?;
        let mut coding = concept.coding.iter();
        if coding.any(|coding| !coding.extension.is_empty()) {
            return None;
        }
        let mut codes = String::new();
        systems::write_codes(&mut codes, &concept);
        let coding = concept.coding.iter().map(|coding| Coding {
            system: owned(&coding.system),
            code: owned(&coding.code),
            extension: Vec::new(),
        });
        Some(KnownConcept {
            written: written.into(),
            coding: coding.collect(),
            text: owned(&concept.text),
            codes,
        })
    }

    /// How many bytes it is written in.
    pub(super) fn length(&self) -> usize {
        self.written.len()
    }

    pub(super) fn concept(&self) -> Concept<'_> {
        Concept {
            coding: Codings::Known(self),
            text: borrowed(&self.text),
        }
    }
}

impl KnownUnit {
    /// None: it is one that is to be read each time.
    fn of(written: &str) -> Option<Self> {
        let whole = format!("{{\"value\":0{written}");
        let mut quantity = Quantity::default();
        quantity.fill(&mut Quick::new(&whole)).ok()?;
        if quantity.comparator.is_some() {
            return None;
        }
        Some(KnownUnit {
            written: written.into(),
            unit: owned(&quantity.unit),
            system: owned(&quantity.system),
            code: owned(&quantity.code),
        })
    }

    /// How many bytes it is written in.
    pub(super) fn length(&self) -> usize {
        self.written.len()
    }

    /// Says of a quantity what it is of.
    pub(super) fn tell<'a>(&'a self, quantity: &mut Quantity<'a>) {
        quantity.unit = borrowed(&self.unit);
        quantity.system = borrowed(&self.system);
        quantity.code = borrowed(&self.code);
    }
}

/// The codes of a concept.
pub(super) enum Codings<'a> {
    Read(Vec<Coding<'a>>),
    Known(&'a KnownConcept),
}

impl Codings<'_> {
    /// All of them as a cell says them, if that is known.
    pub(super) fn written(&self) -> Option<&str> {
        match self {
            Codings::Read(_) => None,
            Codings::Known(known) => Some(&known.codes),
        }
    }
}

impl Default for Codings<'_> {
    fn default() -> Self {
        Codings::Read(Vec::new())
    }
}

impl<'a> Deref for Codings<'a> {
    type Target = [Coding<'a>];

    fn deref(&self) -> &[Coding<'a>] {
        match self {
            Codings::Read(coding) => coding,
            Codings::Known(known) => &known.coding,
        }
    }
}

impl<'r, 'a> IntoIterator for &'r Codings<'a> {
    type Item = &'r Coding<'a>;
    type IntoIter = std::slice::Iter<'r, Coding<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Codings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Codings<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Codings::Read)
    }
}

impl<'a> Fill<'a> for Codings<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        let mut coding = Vec::new();
        coding.fill(quick)?;
        *self = Codings::Read(coding);
        Ok(())
    }
}
