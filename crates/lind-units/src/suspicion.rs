//! Units that are valid, yet read as something that was hardly meant.

use crate::meaning::Meaning;
use crate::ucum::Term;
use crate::{Exact, Generator};

/// A symbol or integer of the unit with its exponent.
enum Leaf<'a> {
    Symbol(&'a str, i32),
    Integer(&'a Exact, i32),
}

fn leaves<'a>(term: &'a Term, exponent: i32, found: &mut Vec<Leaf<'a>>) {
    match term {
        Term::Symbol(symbol) => found.push(Leaf::Symbol(&symbol.written, exponent)),
        Term::Integer(value) => found.push(Leaf::Integer(value, exponent)),
        Term::Annotation(_) => {}
        Term::Power(inner, power) => leaves(inner, exponent.saturating_mul(*power), found),
        Term::Annotated(inner, _) => leaves(inner, exponent, found),
        Term::Product(terms) => terms.iter().for_each(|term| leaves(term, exponent, found)),
        Term::Quotient(above, below) => {
            leaves(above, exponent, found);
            leaves(below, -exponent, found);
        }
        Term::Reciprocal(inner) => leaves(inner, -exponent, found),
    }
}

/// Symbols that UCUM gives to something rare, and what people mean by them.
const MISREAD: &[(&str, &str)] = &[
    ("u", "`u` is the atomic mass unit; the enzyme unit is `U`"),
    (
        "AU",
        "`AU` is the astronomical unit; arbitrary units are `[arb'U]`",
    ),
    ("b", "`b` is the barn, an area; heartbeats are `{beats}`"),
    ("ML", "`ML` is the megalitre; the millilitre is `mL`"),
    ("Ml", "`Ml` is the megalitre; the millilitre is `mL`"),
    ("MG", "`MG` is the megagauss; the milligram is `mg`"),
    ("Mg", "`Mg` is the megagram; the milligram is `mg`"),
    ("mG", "`mG` is the milligauss; the milligram is `mg`"),
    (
        "pt",
        "`pt` is the picotonne; points of a score are `{score}`",
    ),
];

/// Integers that powers of ten become when the superscript is lost.
const LOST_POWERS: &[(i64, i64)] = &[(103, 3), (106, 6), (109, 9), (1012, 12)];

/// A hint for a unit that was hardly meant.
pub(crate) fn of(term: &Term, meaning: &Meaning) -> Option<String> {
    let mut found = Vec::new();
    leaves(term, 1, &mut found);
    let above = |wanted: &str| {
        found
            .iter()
            .any(|leaf| matches!(leaf, Leaf::Symbol(symbol, 1) if *symbol == wanted))
    };
    let per_volume = found.iter().any(|leaf| match leaf {
        Leaf::Symbol(symbol, exponent) => {
            (*exponent < 0 && symbol.ends_with(['L', 'l'])) || *exponent == -3
        }
        Leaf::Integer(..) => false,
    });
    if above("G") && per_volume {
        return Some(
            "`G` is the gauss, of magnetic fields; 10⁹ per litre is written `10*9/L`".to_owned(),
        );
    }
    if (above("K") || above("kK")) && per_volume {
        return Some(
            "`K` is the kelvin, of temperature; thousands are written `10*3`, as in `10*3/uL`"
                .to_owned(),
        );
    }
    let anywhere = |wanted: &str| {
        found
            .iter()
            .any(|leaf| matches!(leaf, Leaf::Symbol(symbol, _) if *symbol == wanted))
    };
    if let Some((_, hint)) = MISREAD.iter().find(|(symbol, _)| anywhere(symbol)) {
        return Some((*hint).to_owned());
    }
    lost_superscript(&found, meaning, per_volume).or_else(|| enzyme_unit_as_dose(&found, meaning))
}

const PER_LENGTH: &str = "`/m` is per length; body surface and body-mass index are per `m2`";

/// Whether a volume stands above the fraction bar.
fn volume_above(found: &[Leaf<'_>]) -> bool {
    found
        .iter()
        .any(|leaf| matches!(leaf, Leaf::Symbol(symbol, 1) if symbol.ends_with(['L', 'l'])))
}

fn lost_superscript(found: &[Leaf<'_>], meaning: &Meaning, per_volume: bool) -> Option<String> {
    let lost = found.iter().find_map(|leaf| match leaf {
        Leaf::Integer(value, 1) => LOST_POWERS
            .iter()
            .find(|(integer, _)| **value == Exact::from_integer(*integer)),
        _ => None,
    });
    if let (Some((integer, power)), true) = (lost, per_volume) {
        return Some(format!(
            "`{integer}` is a plain number; 10 to the power {power} is written `10*{power}`"
        ));
    }
    let per_length = found.iter().find_map(|leaf| match leaf {
        Leaf::Symbol(symbol @ ("m" | "cm" | "mm"), -1) => Some(*symbol),
        _ => None,
    })?;
    let dimension = &meaning.dimension;
    let indexed_rate = per_length == "m"
        && dimension.exponent(&Generator::Length) == 2
        && dimension.exponent(&Generator::Time) == -1
        && dimension.exponents().count() == 2
        && volume_above(found);
    if indexed_rate {
        return Some(PER_LENGTH.to_owned());
    }
    if dimension.exponent(&Generator::Length) != -1 {
        return None;
    }
    let is_mass = dimension.exponent(&Generator::Mass) == 1
        && dimension.exponents().all(|(generator, _)| {
            matches!(
                generator,
                Generator::Mass | Generator::Length | Generator::Time
            )
        })
        && dimension.exponent(&Generator::Time) != -2;
    let is_count = dimension
        .exponents()
        .all(|(generator, exponent)| match generator {
            Generator::Length => true,
            Generator::Entity(_) => exponent == 1,
            _ => false,
        });
    match (is_mass, is_count) {
        (true, _) if per_length == "m" => Some(PER_LENGTH.to_owned()),
        (true, _) | (_, true) if per_length != "m" => Some(format!(
            "`/{per_length}` is per length; a concentration is per volume, `/{per_length}3`"
        )),
        _ => None,
    }
}

/// `U/d` and `U/kg`: a dose, written with the unit of enzyme activity.
fn enzyme_unit_as_dose(found: &[Leaf<'_>], meaning: &Meaning) -> Option<String> {
    let enzyme = found
        .iter()
        .any(|leaf| matches!(leaf, Leaf::Symbol("U", 1)));
    let per_kilogram = found
        .iter()
        .any(|leaf| matches!(leaf, Leaf::Symbol("kg", -1)));
    let per_time = meaning.dimension.exponent(&Generator::Time) < -1;
    (enzyme && (per_kilogram || per_time)).then(|| {
        "`U` is the unit of enzyme activity, 1 µmol per minute; a dose is in `[IU]`, or in `{units}`"
            .to_owned()
    })
}
