//! Unit atoms: what UCUM's tables leave untyped, and the definitions that a decimal cannot hold.

use std::sync::Arc;

use crate::annotations::procedure_entity;
use crate::meaning::{Meaning, Reading};
use crate::ucum::{self, Symbol};
use crate::{Dimension, Exact, Generator};

/// An atom without its prefix.
pub(crate) struct Atom {
    /// Magnitude in base units; for a scale, of its proper unit.
    pub(crate) factor: Exact,
    /// What it measures.
    pub(crate) dimension: Dimension,
}

/// Atoms by their definition, where the tables' decimal would be rounded, or where the definition
/// goes back to the mole.
///
/// Sources: the SI brochure (9th edition) for mole and katal; the enzyme unit as adopted by the
/// Enzyme Commission, 1 µmol per minute; NIST Special Publication 811 for customary units; the
/// degrees of arc as parts of a turn.
const DEFINITIONS: &[(&str, &str)] = &[
    // Chemistry
    ("eq", "mol"),
    ("osm", "mol"),
    ("kat", "mol/s"),
    ("U", "umol/min"),
    ("[pH]", "mol/L"),
    // Temperature: 9 °F are 5 K
    ("[degF]", "5.K/9"),
    ("[degR]", "5.K/9"),
    // Angles
    ("deg", "[pi].rad/180"),
    ("gon", "[pi].rad/200"),
    ("'", "[pi].rad/10800"),
    ("''", "[pi].rad/648000"),
    ("circ", "2.[pi].rad"),
    ("sph", "4.[pi].sr"),
    // Lengths and their reciprocals
    ("[Ch]", "mm/3"),
    ("[mesh_i]", "1/[in_i]"),
    ("[lne]", "[in_i]/12"),
    ("[pnt]", "[in_i]/72"),
    ("[pca]", "[in_i]/6"),
    ("[pouce]", "[pied]/12"),
    ("[ligne]", "[pied]/144"),
    ("[didot]", "[pied]/864"),
    ("[cicero]", "[pied]/72"),
    ("[ft_us]", "1200.m/3937"),
    ("[yd_us]", "3600.m/3937"),
    ("[in_us]", "100.m/3937"),
    ("[mil_us]", "m/39370"),
    ("[rd_us]", "19800.m/3937"),
    ("[ch_us]", "79200.m/3937"),
    ("[lk_us]", "792.m/3937"),
    ("[rch_us]", "120000.m/3937"),
    ("[rlk_us]", "1200.m/3937"),
    ("[fth_us]", "7200.m/3937"),
    ("[fur_us]", "792000.m/3937"),
    ("[mi_us]", "6336000.m/3937"),
    ("[srd_us]", "[rd_us]2"),
    ("[acr_us]", "160.[rd_us]2"),
    ("[smi_us]", "[mi_us]2"),
    ("[sct]", "[mi_us]2"),
    ("[twp]", "36.[mi_us]2"),
    ("[cml_i]", "[pi].[mil_i]2/4"),
    // Speeds
    ("[kn_i]", "[nmi_i]/h"),
    ("[kn_br]", "[nmi_br]/h"),
    // Volumes
    ("[tsp_us]", "[tbs_us]/3"),
    ("[min_us]", "[fdr_us]/60"),
    ("[foz_br]", "[gil_br]/5"),
    ("[fdr_br]", "[gil_br]/40"),
    ("[min_br]", "[gil_br]/2400"),
    ("[drp]", "mL/20"),
    // Physics
    ("[psi]", "[lbf_av]/[in_i]2"),
    ("[PRU]", "mm[Hg].s/mL"),
    ("[wood'U]", "mm[Hg].min/L"),
    ("[MET]", "7.mL/(2.min.kg)"),
    ("[car_Au]", "1/24"),
    ("[den]", "g/(9.km)"),
    ("Lmb", "cd/([pi].cm2)"),
    ("Oe", "250.A/([pi].m)"),
    ("Gb", "250.A.cm/([pi].m)"),
    ("[mu_0]", "4.[pi].10*-7.N/A2"),
];

/// A clinical generator that a table gives to an atom, with its power.
fn clinical(atom: &str) -> Option<(Generator, i32)> {
    let reference = |name: &str| Generator::Reference(Arc::from(name));
    let entity = |name: &str| Generator::Entity(Arc::from(name));
    Some(match atom {
        "eq" => (reference("equivalent"), 1),
        "osm" => (reference("osmole"), 1),
        // Activity counts decays; doses weigh the same energy by what it does.
        "Bq" | "Ci" => (entity("decay"), 1),
        "Gy" | "RAD" => (reference("absorbed_dose"), 1),
        "Sv" | "REM" => (reference("dose_equivalent"), 1),
        // An area that depends on the microscope.
        "[HPF]" | "[LPF]" => (reference("microscope_field"), 1),
        "[hnsf'U]" | "[NTU]" | "[FNU]" => (Generator::Procedure(Arc::from(atom)), 1),
        _ => return None,
    })
}

/// Magnitude and dimension of an atom in a reading.
pub(crate) fn typed(symbol: &Symbol, reading: Reading) -> Atom {
    let mut atom = if reading == Reading::Typed && symbol.atom == "mol" {
        Atom {
            factor: Exact::one(),
            dimension: Dimension::of(Generator::Amount, 1),
        }
    } else {
        defined(symbol.atom, reading).unwrap_or_else(|| Atom {
            factor: symbol.decimal_factor.clone(),
            dimension: symbol.base_dimension.clone(),
        })
    };
    for (code, exponent) in symbol.arbitrary {
        atom.dimension.shift(&procedure(code, reading), *exponent);
    }
    if reading == Reading::Typed
        && let Some((generator, exponent)) = clinical(symbol.atom)
    {
        atom.dimension.shift(&generator, exponent);
    }
    atom
}

fn procedure(code: &str, reading: Reading) -> Generator {
    if reading == Reading::Typed
        && let Some(entity) = procedure_entity(code)
    {
        return Generator::Entity(Arc::from(entity));
    }
    Generator::Procedure(Arc::from(match code {
        "[iU]" => "[IU]",
        other => other,
    }))
}

fn defined(atom: &str, reading: Reading) -> Option<Atom> {
    let (_, definition) = DEFINITIONS.iter().find(|(code, _)| *code == atom)?;
    let (term, _) = ucum::parse(definition).ok()?;
    let meaning = Meaning::of(&term, reading).ok()?;
    Some(Atom {
        factor: meaning.factor,
        dimension: meaning.dimension,
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests fail by panicking"
    )]

    use super::*;

    /// Whether a table's decimal may have been rounded: it fills the digits that the library keeps,
    /// but for a few zeros that it may end in by chance.
    fn may_be_rounded(value: &Exact) -> bool {
        let text = value.to_decimal_text(200);
        let digits = text
            .trim_start_matches(['0', '.'])
            .trim_end_matches('0')
            .chars()
            .filter(char::is_ascii_digit)
            .count();
        digits >= ucum::LIBRARY_DIGITS - 4
    }

    #[test]
    fn every_atom_is_an_exact_decimal_or_has_a_definition() {
        let suspects: Vec<&str> = ucum::atoms()
            .filter(|code| {
                let symbol = ucum::symbol(code).expect("an atom of the table");
                may_be_rounded(&symbol.decimal_factor)
                    && !DEFINITIONS.iter().any(|(defined, _)| defined == code)
            })
            .collect();
        // π is a decimal in UCUM; nothing else may be rounded.
        assert_eq!(suspects, ["[pi]"]);
    }

    #[test]
    fn every_definition_agrees_with_the_table_to_its_last_digit() {
        let tolerance = Exact::from_scientific(1, -25);
        for (code, _) in DEFINITIONS {
            let symbol = ucum::symbol(code).unwrap_or_else(|| panic!("{code} is not an atom"));
            let atom = typed(&symbol, Reading::Plain);
            let ratio = atom.factor.checked_div(&symbol.decimal_factor).unwrap();
            assert!(
                ratio.sub(&Exact::one()).abs() < tolerance,
                "{code}: {} against {}",
                atom.factor,
                symbol.decimal_factor
            );
            assert_eq!(atom.dimension, symbol.base_dimension, "{code}");
        }
    }

    #[test]
    fn an_enzyme_unit_is_a_sixtieth_of_a_microkatal_exactly() {
        let unit = typed(&ucum::symbol("U").unwrap(), Reading::Typed);
        assert_eq!(unit.factor, Exact::from_ratio(1, 60_000_000).unwrap());
        assert_eq!(unit.dimension.to_string(), "catalytic activity");
    }
}
