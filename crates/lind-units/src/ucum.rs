//! The one place that knows the UCUM library: it reads the notation and looks up the tables.
//!
//! Everything that leaves this module is our own: the syntax tree, and atoms with exact numbers.
//! What the notation *means* is decided in [`crate::meaning`].

use octofhir_ucum as library;

use crate::{Dimension, Exact, Generator};

/// A UCUM expression.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    /// A unit atom with its prefix.
    Symbol(Box<Symbol>),
    /// A positive integer.
    Integer(Exact),
    /// A simple unit raised to a power.
    Power(Box<Term>, i32),
    /// An annotation on its own.
    Annotation(String),
    /// A term with an annotation.
    Annotated(Box<Term>, String),
    /// A product.
    Product(Vec<Term>),
    /// A quotient.
    Quotient(Box<Term>, Box<Term>),
    /// A leading solidus.
    Reciprocal(Box<Term>),
}

/// A prefix and an atom: `mm[Hg]` is milli and `m[Hg]`.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    /// As written, prefix included.
    pub(crate) written: String,
    /// The value of the prefix; one without a prefix.
    pub(crate) prefix: Exact,
    /// The code of the atom.
    pub(crate) atom: &'static str,
    /// Magnitude of the atom in UCUM's base units, as the library has it: a decimal, rounded when
    /// its definition divides. For a scale, that of its proper unit.
    pub(crate) decimal_factor: Exact,
    /// Dimension by UCUM's seven base units; `mol` is a number there.
    pub(crate) base_dimension: Dimension,
    /// The procedure-defined atoms it reduces to.
    pub(crate) arbitrary: &'static [(&'static str, i32)],
    /// How its numbers relate to magnitudes.
    pub(crate) scale: SymbolScale,
}

/// How the numbers of an atom relate to magnitudes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SymbolScale {
    /// In proportion.
    Ratio,
    /// In proportion from a zero of its own: the offset, in its proper unit.
    Offset(Exact),
    /// By a logarithm or another function.
    Function,
}

/// Why a text is not a UCUM expression.
#[derive(Clone, Debug)]
pub(crate) struct NotUcum {
    /// What is wrong.
    pub(crate) reason: NotUcumReason,
    /// The byte where it shows, if known.
    pub(crate) at: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum NotUcumReason {
    /// A symbol that is in no table.
    UnknownSymbol(String),
    /// Not the syntax, with the reason.
    Syntax(String),
}

/// Read a UCUM expression, and write it in one canonical form.
pub(crate) fn parse(text: &str) -> Result<(Term, String), NotUcum> {
    let expression = library::parse_expression(text).map_err(|error| not_ucum(&error))?;
    let term = term(&expression).map_err(|symbol| {
        let at = library::validate(text)
            .err()
            .and_then(|error| match error.kind {
                library::ErrorKind::UnitNotFound { position, .. } => position,
                _ => None,
            });
        NotUcum {
            reason: NotUcumReason::UnknownSymbol(symbol),
            at,
        }
    })?;
    Ok((term, canonical(&expression).to_string()))
}

fn not_ucum(error: &library::UcumError) -> NotUcum {
    match &error.kind {
        library::ErrorKind::InvalidExpression {
            reason, position, ..
        } => NotUcum {
            reason: NotUcumReason::Syntax(sentence(reason)),
            at: *position,
        },
        _ => NotUcum {
            reason: NotUcumReason::Syntax(sentence(&error.message)),
            at: None,
        },
    }
}

/// In the form of our own messages: no capital, no reference to a paragraph.
fn sentence(reason: &str) -> String {
    let text = reason
        .split_once(" (UCUM §")
        .map_or(reason, |(text, _)| text);
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_lowercase().chain(characters).collect())
        .unwrap_or_default()
}

/// Our own tree; the error is the symbol that is unknown.
fn term(expression: &library::UnitExpr) -> Result<Term, String> {
    use library::UnitExpr;
    let boxed = |inner: &UnitExpr| term(inner).map(Box::new);
    Ok(match expression {
        UnitExpr::Symbol(code) => Term::Symbol(Box::new(symbol(code).ok_or_else(|| code.clone())?)),
        UnitExpr::Numeric(number) => Term::Integer(exact(*number)),
        UnitExpr::Power(base, exponent) => Term::Power(boxed(base)?, *exponent),
        UnitExpr::Annotation(text) => Term::Annotation(text.clone()),
        UnitExpr::Annotated(inner, text) => Term::Annotated(boxed(inner)?, text.clone()),
        UnitExpr::Product(terms) => {
            Term::Product(terms.iter().map(term).collect::<Result<_, _>>()?)
        }
        UnitExpr::Quotient(above, below) => Term::Quotient(boxed(above)?, boxed(below)?),
        UnitExpr::Reciprocal(inner) => Term::Reciprocal(boxed(inner)?),
    })
}

/// The same unit in one spelling: `10*` for `10^`, `L` for `l`, `[IU]` for `[iU]`.
fn canonical(expression: &library::UnitExpr) -> library::UnitExpr {
    use library::UnitExpr;
    let boxed = |inner: &UnitExpr| Box::new(canonical(inner));
    match expression {
        UnitExpr::Symbol(code) => UnitExpr::Symbol(canonical_symbol(code)),
        UnitExpr::Power(base, 1) => canonical(base),
        UnitExpr::Power(base, exponent) => UnitExpr::Power(boxed(base), *exponent),
        UnitExpr::Annotated(inner, text) => UnitExpr::Annotated(boxed(inner), text.clone()),
        UnitExpr::Product(terms) => UnitExpr::Product(terms.iter().map(canonical).collect()),
        UnitExpr::Quotient(above, below) => UnitExpr::Quotient(boxed(above), boxed(below)),
        UnitExpr::Reciprocal(inner) => UnitExpr::Reciprocal(boxed(inner)),
        UnitExpr::Numeric(_) | UnitExpr::Annotation(_) => expression.clone(),
    }
}

fn canonical_symbol(code: &str) -> String {
    let Some((prefix, atom)) = library::lookup_unit(code, library::Case::Sensitive) else {
        return code.to_owned();
    };
    let atom = match atom.code {
        "10^" => "10*",
        "l" => "L",
        "[iU]" => "[IU]",
        other => other,
    };
    format!("{}{atom}", prefix.map_or("", |prefix| prefix.symbol))
}

/// A simple unit of the tables, with its prefix.
pub(crate) fn symbol(code: &str) -> Option<Symbol> {
    let (prefix, atom) = library::lookup_unit(code, library::Case::Sensitive)?;
    let mut base_dimension = Dimension::none();
    for (generator, exponent) in Generator::UCUM_BASE.iter().zip(atom.dim.0) {
        base_dimension.shift(generator, i32::from(exponent));
    }
    Some(Symbol {
        written: code.to_owned(),
        prefix: prefix.map_or_else(Exact::one, |prefix| exact(prefix.factor)),
        atom: atom.code,
        decimal_factor: exact(atom.factor),
        base_dimension,
        arbitrary: atom.arbitrary,
        scale: scale(atom.special),
    })
}

fn scale(kind: library::SpecialKind) -> SymbolScale {
    let offset = |hundredths| {
        Exact::from_ratio(hundredths, 100).map_or(SymbolScale::Function, SymbolScale::Offset)
    };
    match kind {
        library::SpecialKind::None | library::SpecialKind::Arbitrary => SymbolScale::Ratio,
        library::SpecialKind::Celsius => offset(27_315),
        library::SpecialKind::Fahrenheit => offset(45_967),
        library::SpecialKind::Reaumur => offset(21_852),
        _ => SymbolScale::Function,
    }
}

fn exact(number: library::Number) -> Exact {
    let (digits, exponent) = number.to_integer_and_exponent();
    Exact::from_scientific(digits, exponent.clamp(-MAX_POWER_OF_TEN, MAX_POWER_OF_TEN))
}

/// No table entry and no integer of a bounded text comes near this power of ten.
const MAX_POWER_OF_TEN: i32 = 1_000;

#[cfg(test)]
/// Significant decimal digits that the library keeps of a number; at this length it may have
/// rounded.
pub(crate) const LIBRARY_DIGITS: usize = 28;

#[cfg(test)]
/// Every atom of the tables.
pub(crate) fn atoms() -> impl Iterator<Item = &'static str> {
    library::get_all_units().iter().map(|atom| atom.code)
}

/// The name of an expression in the form of the official tests.
pub(crate) fn display_name(text: &str) -> Result<String, NotUcum> {
    library::display_name(text).map_err(|error| not_ucum(&error))
}
