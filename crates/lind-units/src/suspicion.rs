//! Units that are valid, yet read as something that was hardly meant.

use crate::meaning::Meaning;
use crate::ucum::Term;
use crate::{Exact, Generator};

/// A unit that was hardly meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suspicion {
    /// How it reads, and how to write what was meant.
    pub(crate) hint: String,
    /// The code of the unit that was meant, when there is one.
    pub(crate) meant: Option<String>,
}

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

/// A symbol that UCUM gives to something rare.
struct Misread {
    symbol: &'static str,
    /// Whether it is suspicious only in the numerator of something per volume.
    per_volume: bool,
    /// What it means, and what people mean by it.
    hint: &'static str,
    /// The code of what people mean by it.
    meant: Option<&'static str>,
}

const fn misread(symbol: &'static str, meant: &'static str, hint: &'static str) -> Misread {
    Misread {
        symbol,
        per_volume: false,
        hint,
        meant: Some(meant),
    }
}

const fn misread_per_volume(
    symbol: &'static str,
    meant: &'static str,
    hint: &'static str,
) -> Misread {
    Misread {
        per_volume: true,
        ..misread(symbol, meant, hint)
    }
}

const MISREAD: &[Misread] = &[
    misread_per_volume(
        "G",
        "10*9",
        "`G` is the gauss, of magnetic fields; 10⁹ per litre is written `10*9/L`",
    ),
    misread_per_volume(
        "K",
        "10*3",
        "`K` is the kelvin, of temperature; thousands are written `10*3`, as in `10*3/uL`",
    ),
    misread_per_volume(
        "m",
        "10*6",
        "`m` is the metre; millions are written `10*6`, as in `10*6/uL`",
    ),
    misread(
        "u",
        "U",
        "`u` is the atomic mass unit; the enzyme unit is `U`",
    ),
    misread(
        "AU",
        "[arb'U]",
        "`AU` is the astronomical unit; arbitrary units are `[arb'U]`",
    ),
    Misread {
        meant: None,
        ..misread(
            "b",
            "",
            "`b` is the barn, an area; heartbeats are `{beats}`",
        )
    },
    misread("ML", "mL", "`ML` is the megalitre; the millilitre is `mL`"),
    misread("Ml", "mL", "`Ml` is the megalitre; the millilitre is `mL`"),
    misread("MG", "mg", "`MG` is the megagauss; the milligram is `mg`"),
    misread("Mg", "mg", "`Mg` is the megagram; the milligram is `mg`"),
    misread("mG", "mg", "`mG` is the milligauss; the milligram is `mg`"),
    misread(
        "pt",
        "{score}",
        "`pt` is the picotonne; points of a score are `{score}`",
    ),
];

/// Integers that powers of ten become when the superscript is lost.
const LOST_POWERS: &[(i64, u8)] = &[(103, 3), (106, 6), (109, 9), (1012, 12)];

/// A unit taken apart.
struct Anatomy<'a> {
    leaves: Vec<Leaf<'a>>,
    meaning: &'a Meaning,
    code: &'a str,
}

/// A hint for a unit that was hardly meant.
pub(crate) fn of(term: &Term, meaning: &Meaning, code: &str) -> Option<Suspicion> {
    let mut found = Vec::new();
    leaves(term, 1, &mut found);
    let anatomy = Anatomy {
        leaves: found,
        meaning,
        code,
    };
    anatomy
        .misread()
        .or_else(|| anatomy.lost_power())
        .or_else(|| anatomy.lost_superscript())
        .or_else(|| anatomy.enzyme_unit_as_dose())
}

impl Anatomy<'_> {
    fn has(&self, wanted: impl Fn(&str, i32) -> bool) -> bool {
        self.leaves
            .iter()
            .any(|leaf| matches!(leaf, Leaf::Symbol(symbol, exponent) if wanted(symbol, *exponent)))
    }

    fn exponent(&self, generator: &Generator) -> i32 {
        self.meaning.dimension.exponent(generator)
    }

    fn is_per_volume(&self) -> bool {
        self.has(|symbol, exponent| {
            (exponent < 0 && symbol.ends_with(['L', 'l'])) || exponent == -3
        })
    }

    fn misread(&self) -> Option<Suspicion> {
        let rule = MISREAD.iter().find(|rule| {
            self.has(|symbol, exponent| {
                symbol == rule.symbol && (!rule.per_volume || exponent == 1)
            }) && (!rule.per_volume || self.is_per_volume())
        })?;
        // The code spells the litre with a capital.
        let symbol = if rule.symbol == "Ml" {
            "ML"
        } else {
            rule.symbol
        };
        Some(Suspicion {
            hint: rule.hint.to_owned(),
            meant: rule
                .meant
                .and_then(|meant| replaced(self.code, symbol, meant)),
        })
    }

    fn lost_power(&self) -> Option<Suspicion> {
        let (integer, power) = self.leaves.iter().find_map(|leaf| match leaf {
            Leaf::Integer(value, 1) => LOST_POWERS
                .iter()
                .find(|(integer, _)| **value == Exact::from_integer(*integer)),
            _ => None,
        })?;
        self.is_per_volume().then(|| Suspicion {
            hint: format!(
                "`{integer}` is a plain number; 10 to the power {power} is written `10*{power}`"
            ),
            meant: replaced(self.code, &integer.to_string(), &format!("10*{power}")),
        })
    }

    fn lost_superscript(&self) -> Option<Suspicion> {
        let per_length = ["m", "cm", "mm"]
            .into_iter()
            .find(|length| self.has(|symbol, exponent| symbol == *length && exponent == -1))?;
        let (length, time) = (
            self.exponent(&Generator::Length),
            self.exponent(&Generator::Time),
        );
        let only = |allowed: fn(&Generator, i32) -> bool| {
            self.meaning
                .dimension
                .exponents()
                .all(|(generator, exponent)| allowed(generator, exponent))
        };
        let mass = length == -1
            && time > -2
            && self.exponent(&Generator::Mass) == 1
            && only(|generator, _| {
                matches!(
                    generator,
                    Generator::Mass | Generator::Length | Generator::Time
                )
            });
        let count = length == -1
            && only(|generator, exponent| match generator {
                Generator::Length => true,
                Generator::Entity(_) => exponent == 1,
                _ => false,
            });
        let rate_of_volume = length == 2
            && time == -1
            && only(|generator, _| matches!(generator, Generator::Length | Generator::Time))
            && self.has(|symbol, exponent| exponent == 1 && symbol.ends_with(['L', 'l']));
        let (hint, power) = if per_length == "m" && (mass || rate_of_volume) {
            let hint = "`/m` is per length; body surface and body-mass index are per `m2`";
            (hint.to_owned(), 2)
        } else if per_length != "m" && (mass || count) {
            let hint = format!(
                "`/{per_length}` is per length; a concentration is per volume, `/{per_length}3`"
            );
            (hint, 3)
        } else {
            return None;
        };
        Some(Suspicion {
            hint,
            meant: replaced(self.code, per_length, &format!("{per_length}{power}")),
        })
    }

    /// `U/d` and `U/kg`: a dose, written with the unit of enzyme activity.
    fn enzyme_unit_as_dose(&self) -> Option<Suspicion> {
        let enzyme = self.has(|symbol, exponent| symbol == "U" && exponent == 1);
        let per_kilogram = self.has(|symbol, exponent| symbol == "kg" && exponent == -1);
        let per_time = self.exponent(&Generator::Time) < -1;
        (enzyme && (per_kilogram || per_time)).then(|| Suspicion {
            hint: "`U` is the unit of enzyme activity, 1 µmol per minute; a dose is in `[IU]`, or in `{units}`"
                .to_owned(),
            meant: None,
        })
    }
}

/// The code with a symbol replaced wherever it stands between operators.
fn replaced(code: &str, symbol: &str, by: &str) -> Option<String> {
    let mut result = String::with_capacity(code.len() + by.len());
    let mut part = String::new();
    let mut depth = 0_usize;
    let mut changed = false;
    let mut flush = |part: &mut String, result: &mut String| {
        if *part == symbol {
            changed = true;
            result.push_str(by);
        } else {
            result.push_str(part);
        }
        part.clear();
    };
    for character in code.chars() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(character, '/' | '.' | '(' | ')') {
            flush(&mut part, &mut result);
            result.push(character);
        } else {
            part.push(character);
        }
    }
    flush(&mut part, &mut result);
    changed.then_some(result)
}
