//! No text makes the crate panic, hang or answer at length.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_units::{Decimal, MAX_LENGTH, NumberError, Unit, UnitErrorKind, plain_ucum};

/// A small generator of its own, so that every run meets the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("below the bound")
    }
}

const PIECES: &[&str] = &[
    "m",
    "g",
    "L",
    "mol",
    "10*",
    "10^",
    "9",
    "-",
    "+",
    "^",
    "/",
    ".",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "Cel",
    "[degF]",
    "%",
    "µ",
    "²",
    "⁻",
    "×",
    "x ",
    " ",
    "per ",
    "1.73",
    "m2",
    "cells",
    "{cells}",
    "[IU]",
    "0",
    "99999999999",
    "e",
    "E",
    ",",
    "_",
    "'",
    "\u{200B}",
    "\u{FEFF}",
    "\u{0}",
    "\n",
    "錠",
    "🧬",
    "é",
    "°",
    "*",
    "**",
    "mg",
    "mo",
    "pH",
    "[pH]",
    "dB",
    "square ",
    "cubic ",
    "ULN",
    "thousand ",
    "\u{301}",
    "−",
    "½",
    "…",
    "173.10*-2.m2",
    "mm[Hg]",
    "u",
    "K",
    "G",
];

fn texts() -> impl Iterator<Item = String> {
    let mut random = Random(0x5EED_0F1A_2B3C_4D5E);
    (0..20_000).map(move |_| {
        let length = 1 + random.below(14);
        (0..length)
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect()
    })
}

#[test]
fn no_text_is_too_odd() {
    let mut read = 0;
    for text in texts() {
        match Unit::parse(&text) {
            Ok(unit) => {
                read += 1;
                // What was read can be said, and its code reads as itself.
                let _ = (unit.dimension().to_string(), unit.suspicious());
                let again = Unit::parse(unit.code())
                    .unwrap_or_else(|error| panic!("{text:?} -> {}: {error}", unit.code()));
                assert_eq!(again.factor(), unit.factor(), "{text:?} -> {}", unit.code());
                assert_eq!(again.dimension(), unit.dimension(), "{text:?}");
                let there = unit.conversion(&again, None);
                assert!(there.is_ok_and(|there| there.is_identity()), "{text:?}");
            }
            Err(error) => {
                assert!(text.get(error.at.clone()).is_some(), "{text:?}: {error:?}");
                assert!(!error.message().is_empty());
                // What is offered can be taken.
                if let Some(suggestion) = error.suggestion {
                    assert!(
                        Unit::parse(&suggestion).is_ok(),
                        "{text:?} -> {suggestion:?}"
                    );
                }
            }
        }
        let _ = plain_ucum::validate(&text);
        let _ = plain_ucum::display_name(&text);
        if let Ok(number) = Decimal::parse(&text) {
            let _ = (number.to_string(), number.to_exact().to_string());
        }
    }
    println!("{read} of 20000 texts read as units");
    assert!(read > 100);
}

#[test]
fn every_prefix_of_a_unit_is_handled() {
    let whole = "x 10^6 CAR+ T cells/kg/1.73 m²/{a}(mm[Hg]).°C⁻¹";
    for (end, _) in whole.char_indices() {
        let _ = Unit::parse(&whole[..end]);
        let _ = Unit::parse(&whole[end..]);
    }
}

#[test]
fn length_is_bounded() {
    let longest = "m".repeat(MAX_LENGTH);
    assert!(!matches!(
        Unit::parse(&longest).unwrap_err().kind,
        UnitErrorKind::TooLong(_)
    ));
    let too_long = "m".repeat(MAX_LENGTH + 1);
    let error = Unit::parse(&too_long).unwrap_err();
    assert_eq!(error.kind, UnitErrorKind::TooLong(257));
    assert_eq!(
        error.message(),
        "a text of 257 bytes is too long to be a unit (at most 256)"
    );
    assert!(plain_ucum::validate(&too_long).is_err());
    assert!(matches!(
        Decimal::parse(&"1".repeat(1_000)),
        Err(NumberError::TooLong { length: 1_000 })
    ));
}

/// An integer is taken to its last digit or not at all, and then its code reads as itself.
#[test]
fn long_integers_are_exact_or_refused() {
    for digits in 1..60 {
        let integer = format!("{}7", "1".repeat(digits - 1));
        for text in [
            integer.clone(),
            format!("{integer}{{unit}}"),
            format!("{integer}unit"),
        ] {
            let Ok(unit) = Unit::parse(&text) else {
                assert!(digits > 20, "{text}");
                continue;
            };
            assert_eq!(unit.factor().to_string(), integer, "{text}");
            assert_eq!(
                Unit::parse(unit.code()).unwrap().code(),
                unit.code(),
                "{text}"
            );
        }
    }
}

#[test]
fn magnitude_is_bounded() {
    for text in [
        "m999",
        "10*300.10*300.10*300.10*300.10*300",
        "Ykat300",
        "[pi]300",
        "Ym300.Ym300",
    ] {
        assert_eq!(
            Unit::parse(text).map_err(|error| error.kind).unwrap_err(),
            UnitErrorKind::TooLarge,
            "{text}"
        );
    }
    assert!(Unit::parse("10*100").is_ok());
}

#[test]
fn depth_is_bounded() {
    let nested = format!("{}m{}", "(".repeat(127), ")".repeat(127));
    assert!(Unit::parse(&nested).is_ok());
    let quotients = "/m".repeat(128);
    let _ = Unit::parse(&quotients);
}

#[test]
fn numbers_that_are_not_clear_are_refused_with_advice() {
    for (text, message) in [
        ("", "a number is missing"),
        (
            "1,000",
            "`1,000` has a comma: write `1000`, or `1.000` if the comma is a decimal point",
        ),
        ("1,000,000", "`1,000,000` has commas: write `1000000`"),
        (
            "1 000",
            "`1 000` has separators between its digits: write `1000`",
        ),
        (
            "1'000",
            "`1'000` has separators between its digits: write `1000`",
        ),
        ("5.", "`5.` ends in a point: write `5`"),
        (
            "1e31",
            "`1e31` is out of range: a power of ten may be at most 30",
        ),
        ("abc", "`abc` is not a number"),
        ("1.2.3", "`1.2.3` is not a number"),
        ("0x10", "`0x10` is not a number"),
        ("NaN", "`NaN` is not a number"),
        ("--1", "`--1` is not a number"),
        ("1e", "`1e` is not a number"),
        ("10*3", "`10*3` is not a number"),
    ] {
        assert_eq!(
            Decimal::parse(text).unwrap_err().to_string(),
            message,
            "{text}"
        );
    }
    let digits = "1".repeat(39);
    assert_eq!(
        Decimal::parse(&digits),
        Err(NumberError::TooManyDigits { digits: 39 })
    );
    assert!(Decimal::parse(&"1".repeat(38)).is_ok());
    for (text, printed) in [
        (".5", "0.5"),
        ("+3", "3"),
        ("\u{2212}3", "-3"),
        (" 1.80 ", "1.80"),
        ("1e3", "1e3"),
    ] {
        assert_eq!(Decimal::parse(text).unwrap().to_string(), printed);
    }
}
