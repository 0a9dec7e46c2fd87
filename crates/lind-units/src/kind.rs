//! Kinds of quantity: what is measured, beyond its dimension.

use crate::{Dimension, Generator};

/// Which exponents a kind asks for.
struct Shape {
    /// Length, time, mass, angle, temperature, charge, luminous intensity, amount of substance.
    physical: [i32; 8],
    /// The exponent that counted things may have; they may also be absent.
    counted: i32,
    /// Whether exactly one procedure-defined unit stands in the numerator.
    procedure: bool,
    /// References that may occur, with their exponents.
    references: &'static [(&'static str, i32)],
    /// Whether one of these references must occur.
    must_refer: bool,
}

const PLAIN: Shape = Shape {
    physical: [0; 8],
    counted: 0,
    procedure: false,
    references: &[],
    must_refer: false,
};

/// `[length, time, mass, amount]`, everything else absent.
const fn of(length: i32, time: i32, mass: i32, amount: i32) -> Shape {
    Shape {
        physical: [length, time, mass, 0, 0, 0, 0, amount],
        ..PLAIN
    }
}

const fn counted(length: i32, time: i32, mass: i32) -> Shape {
    Shape {
        counted: 1,
        ..of(length, time, mass, 0)
    }
}

const fn arbitrary(length: i32, time: i32, mass: i32) -> Shape {
    Shape {
        procedure: true,
        ..of(length, time, mass, 0)
    }
}

const fn relative(shape: Shape, references: &'static [(&'static str, i32)]) -> Shape {
    Shape {
        references,
        ..shape
    }
}

impl Shape {
    fn accepts(&self, dimension: &Dimension) -> bool {
        let mut physical = [0; 8];
        let mut entities = 0;
        let mut procedures = 0;
        let mut refers = false;
        for (generator, exponent) in dimension.exponents() {
            let slot = match generator {
                Generator::Length => 0,
                Generator::Time => 1,
                Generator::Mass => 2,
                Generator::PlaneAngle => 3,
                Generator::Temperature => 4,
                Generator::Charge => 5,
                Generator::LuminousIntensity => 6,
                Generator::Amount => 7,
                Generator::Entity(_) => {
                    if exponent != self.counted {
                        return false;
                    }
                    entities += 1;
                    continue;
                }
                Generator::Procedure(_) => {
                    if exponent != 1 {
                        return false;
                    }
                    procedures += 1;
                    continue;
                }
                Generator::Reference(name) => {
                    if !self.references.contains(&(&**name, exponent)) {
                        return false;
                    }
                    refers = true;
                    continue;
                }
            };
            if let Some(place) = physical.get_mut(slot) {
                *place = exponent;
            }
        }
        physical == self.physical
            && entities <= 1
            && procedures == i32::from(self.procedure)
            && (refers || !self.must_refer)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $words:literal, [$($shape:expr),*];)*) => {
        /// The kind of a quantity: the property axis of a laboratory observation, by the
        /// abbreviation that LOINC uses; most of them stand in HL7 table 0254 too, in capitals.
        ///
        /// A kind is nominal: the clearance of creatinine and a filtration rate indexed to body
        /// surface are both rates of volume, yet [`Kind::VRat`] is not [`Kind::ArVRat`].
        ///
        /// ```
        /// use lind_units::{Kind, Unit};
        ///
        /// let kind = Kind::parse("ArVRat").expect("an areic volume rate");
        /// assert_eq!(kind.words(), "volume rate per body surface");
        /// let indexed = Unit::parse("mL/min/{1.73_m2}").expect("a unit");
        /// assert!(kind.dimension_ok(indexed.dimension()));
        /// assert!(!Kind::VRat.dimension_ok(indexed.dimension()));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(
                #[doc = concat!("`", $code, "`: ", $words, ".")]
                $(#[$doc])*
                $name,
            )*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The abbreviation: `MCnc`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The kind in words: `mass concentration`.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }

            /// The shapes it may have; none when its unit is not restricted.
            const fn shapes(self) -> &'static [Shape] {
                match self { $(Self::$name => const { &[$($shape),*] },)* }
            }
        }
    };
}

kinds! {
    MCnc, "MCnc", "mass concentration", [relative(of(-3, 0, 1, 0), &[("FEU", 1), ("DDU", 1)])];
    SCnc, "SCnc", "substance concentration",
        [relative(of(-3, 0, 0, 1), &[("equivalent", 1), ("osmole", 1)])];
    NCnc, "NCnc", "number concentration", [counted(-3, 0, 0)];
    CCnc, "CCnc", "catalytic concentration", [of(-3, -1, 0, 1)];
    ACnc, "ACnc", "arbitrary concentration", [arbitrary(-3, 0, 0)];
    MCnt, "MCnt", "mass content", [PLAIN];
    SCnt, "SCnt", "substance content", [relative(of(0, 0, -1, 1), &[("equivalent", 1)])];
    NCnt, "NCnt", "number content", [counted(0, 0, -1)];
    CCnt, "CCnt", "catalytic content", [of(0, -1, -1, 1)];
    ACnt, "ACnt", "arbitrary content", [arbitrary(0, 0, -1)];
    VCnt, "VCnt", "volume content", [of(3, 0, -1, 0)];
    Osmol, "Osmol", "osmolality", [relative(of(0, 0, -1, 1), &[("osmole", 1)])];
    MFr, "MFr", "mass fraction", [PLAIN];
    SFr, "SFr", "substance fraction", [PLAIN];
    NFr, "NFr", "number fraction", [PLAIN];
    /// Also of the volume that is predicted for the person.
    VFr, "VFr", "volume fraction", [relative(PLAIN, &[("predicted", 1)])];
    SatFr, "SatFr", "saturation fraction", [PLAIN];
    CFr, "CFr", "catalytic fraction", [PLAIN];
    AFr, "AFr", "arbitrary fraction", [PLAIN];
    MRto, "MRto", "mass ratio", [PLAIN, of(0, 0, 1, -1)];
    SRto, "SRto", "substance ratio", [PLAIN];
    NRto, "NRto", "number ratio", [PLAIN];
    VRto, "VRto", "volume ratio", [PLAIN];
    CRto, "CRto", "catalytic ratio", [PLAIN];
    Rto, "Rto", "ratio", [];
    Ratio, "Ratio", "ratio of two quantities", [];
    RelTime, "RelTime", "relative time", [relative(PLAIN, &[("INR", 1)])];
    RelACnc, "RelACnc", "relative arbitrary concentration",
        [relative(PLAIN, &[("normal", 1), ("index", 1)])];
    RelMCnc, "RelMCnc", "relative mass concentration", [relative(PLAIN, &[("normal", 1)])];
    MRat, "MRat", "mass rate", [of(0, -1, 1, 0)];
    SRat, "SRat", "substance rate", [of(0, -1, 0, 1)];
    NRat, "NRat", "number rate", [counted(0, -1, 0)];
    VRat, "VRat", "volume rate", [of(3, -1, 0, 0)];
    ARat, "ARat", "arbitrary rate", [arbitrary(0, -1, 0)];
    /// Per a body surface of 1.73 m², or per square metre.
    ArVRat, "ArVRat", "volume rate per body surface",
        [Shape { references: &[("1.73_m2", -1)], must_refer: true, ..of(3, -1, 0, 0) }, of(1, -1, 0, 0)];
    VRatCnt, "VRatCnt", "volume rate per body mass", [of(3, -1, -1, 0)];
    Freq, "Freq", "frequency", [of(0, -1, 0, 0)];
    Vel, "Vel", "velocity", [of(1, -1, 0, 0)];
    Time, "Time", "time", [of(0, 1, 0, 0)];
    Len, "Len", "length", [of(1, 0, 0, 0)];
    Area, "Area", "area", [of(2, 0, 0, 0)];
    Vol, "Vol", "volume", [of(3, 0, 0, 0)];
    Mass, "Mass", "mass", [of(0, 0, 1, 0)];
    Sub, "Sub", "amount of substance", [relative(of(0, 0, 0, 1), &[("equivalent", 1), ("osmole", 1)])];
    CAct, "CAct", "catalytic activity", [of(0, -1, 0, 1)];
    Num, "Num", "number", [counted(0, 0, 0)];
    /// Of one cell or particle.
    EntMass, "EntMass", "mass of one entity", [Shape { counted: -1, ..of(0, 0, 1, 0) }];
    /// Of one cell or particle.
    EntVol, "EntVol", "volume of one entity", [Shape { counted: -1, ..of(3, 0, 0, 0) }];
    /// Within one cell or particle.
    EntMCnc, "EntMCnc", "mass concentration in one entity", [of(-3, 0, 1, 0)];
    Temp, "Temp", "temperature", [Shape { physical: [0, 0, 0, 0, 1, 0, 0, 0], ..PLAIN }];
    Visc, "Visc", "viscosity", [of(-1, -1, 1, 0)];
    Pres, "Pres", "pressure", [of(-1, -2, 1, 0)];
    Angle, "Angle", "plane angle", [Shape { physical: [0, 0, 0, 1, 0, 0, 0, 0], ..PLAIN }];
    LsCnc, "LsCnc", "logarithm of a substance concentration", [of(-3, 0, 0, 1)];
    LnCnc, "LnCnc", "logarithm of a number concentration", [PLAIN, counted(-3, 0, 0)];
    Titr, "Titr", "titre", [relative(PLAIN, &[("titer", 1)])];
    Score, "Score", "score", [relative(PLAIN, &[("score", 1)])];
}

impl Kind {
    /// The kind with this abbreviation, in any case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.code().eq_ignore_ascii_case(code))
    }

    /// Whether a quantity of this kind can have a unit of this dimension.
    ///
    /// A number concentration may name what is counted (`{cells}/uL`) or leave it to its measure
    /// (`10*9/L`).
    #[must_use]
    pub fn dimension_ok(self, dimension: &Dimension) -> bool {
        let shapes = self.shapes();
        shapes.is_empty() || shapes.iter().any(|shape| shape.accepts(dimension))
    }
}

impl core::fmt::Display for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.code())
    }
}
