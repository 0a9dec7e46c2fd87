//! I7a: creatinine clearance by Cockcroft and Gault, not rounded, at least 50 mL/min.

use super::super::patient::{Patient, value};
use super::typical::{CREATININE, CREATININE_MOLAR, EXAMINATION, HEIGHT, WEIGHT, man, woman};

/// Creatinine clearance as reported by a laboratory.
const CLEARANCE: &str = "loinc|35591-7";

/// A woman of 40 years: 100 x weight x 0.85 / (72 x creatinine).
fn creatinine(
    id: &'static str,
    kilograms: &'static str,
    code: &'static str,
    number: &'static str,
    unit: &'static str,
) -> Patient {
    woman(id)
        .only(value(WEIGHT, EXAMINATION, kilograms, "kg"))
        .not_measured(CREATININE)
        .measured(code, number, unit)
}

impl Patient {
    /// At 165 cm the ideal weight is 56.9 kg, and the clearance with it lower.
    fn fails_by_lower_weights(self) -> Self {
        self.under("Q12=ideal")
            .not_met("I7a", "with the ideal weight less than 50")
            .under("Q12=adjusted")
            .not_met("I7a", "with the adjusted weight less than 50")
    }

    /// A reported clearance does not say which weight it was computed with.
    fn says_nothing_of_other_weights(self) -> Self {
        self.under("Q12=ideal")
            .unknown(
                "I7a",
                "no creatinine, and the report is not about the ideal weight",
            )
            .under("Q12=adjusted")
            .unknown(
                "I7a",
                "no creatinine, and the report is not about the adjusted weight",
            )
    }
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        creatinine(
            "I7a_creatinine_125_umol_per_L",
            "60",
            CREATININE_MOLAR,
            "125",
            "umol/L",
        )
        .met(
            "I7a",
            "50.09 mL/min; the rounded factor 1.04 would have given 49.92",
        )
        .fails_by_lower_weights(),
        creatinine(
            "I7a_creatinine_126_umol_per_L",
            "60",
            CREATININE_MOLAR,
            "126",
            "umol/L",
        )
        .not_met("I7a", "49.70 mL/min"),
        creatinine(
            "I7a_creatinine_1.414_mg_per_dL",
            "60",
            CREATININE,
            "1.414",
            "mg/dL",
        )
        .met("I7a", "50.09 mL/min: the same as 125 umol/L")
        .fails_by_lower_weights(),
        creatinine("I7a_exactly_50", "72", CREATININE, "1.70", "mg/dL")
            .met("I7a", "100 x 72 x 0.85 / (72 x 1.70) is 50 exactly")
            .fails_by_lower_weights(),
        creatinine(
            "I7a_exactly_50_from_grams",
            "72",
            CREATININE,
            "17.0",
            "mg/L",
        )
        .only(value(WEIGHT, EXAMINATION, "72000", "g"))
        .met("I7a", "50 exactly, whatever the units")
        .fails_by_lower_weights(),
        creatinine("I7a_just_below_50", "72", CREATININE, "1.71", "mg/dL")
            .not_met("I7a", "49.71 mL/min"),
        man("I7a_man_with_creatinine_1.7")
            .only(value(WEIGHT, EXAMINATION, "72", "kg"))
            .measured(CREATININE, "1.7", "mg/dL")
            .met("I7a", "58.8 mL/min: no factor 0.85 for men"),
        woman("I7a_heavy_and_short")
            .only(value(WEIGHT, EXAMINATION, "90", "kg"))
            .only(value(HEIGHT, EXAMINATION, "150", "cm"))
            .measured(CREATININE, "1.2", "mg/dL")
            .met("I7a", "88.5 mL/min by the actual weight")
            .under("Q12=ideal")
            .not_met("I7a", "42.6 mL/min by the ideal weight of 43.3 kg"),
        woman("I7a_heavy_and_short_with_more_creatinine")
            .only(value(WEIGHT, EXAMINATION, "90", "kg"))
            .only(value(HEIGHT, EXAMINATION, "150", "cm"))
            .measured(CREATININE, "1.5", "mg/dL")
            .met("I7a", "70.8 mL/min by the actual weight")
            .under("Q12=ideal")
            .not_met("I7a", "34.1 mL/min by the ideal weight")
            .under("Q12=adjusted")
            .not_met("I7a", "48.8 mL/min by the adjusted weight"),
        woman("I7a_creatinine_missing")
            .not_measured(CREATININE)
            .unknown("I7a", "no creatinine"),
        woman("I7a_weight_missing")
            .not_measured(WEIGHT)
            .unknown("I7a", "no weight")
            .under("Q12=ideal")
            .met(
                "I7a",
                "74.6 mL/min: the ideal weight follows from the height",
            ),
        woman("I7a_height_missing")
            .not_measured(HEIGHT)
            .met("I7a", "the actual weight needs no height")
            .under("Q12=ideal")
            .unknown("I7a", "no height")
            .under("Q12=adjusted")
            .unknown("I7a", "no height"),
        woman("I7a_only_a_reported_clearance_of_50")
            .not_measured(CREATININE)
            .measured(CLEARANCE, "50", "mL/min")
            .met("I7a", "the laboratory reports it")
            .says_nothing_of_other_weights(),
        woman("I7a_only_a_reported_clearance_of_49.9")
            .not_measured(CREATININE)
            .measured(CLEARANCE, "49.9", "mL/min")
            .not_met("I7a", "the laboratory reports it")
            .says_nothing_of_other_weights(),
        woman("I7a_only_a_reported_clearance_of_0.84_mL_per_s")
            .not_measured(CREATININE)
            .measured(CLEARANCE, "0.84", "mL/s")
            .met("I7a", "50.4 mL/min")
            .says_nothing_of_other_weights(),
        woman("I7a_sex_unknown_and_it_matters")
            .sex("unknown")
            .measured(CREATININE, "1.5", "mg/dL")
            .unknown("I7a", "47.2 mL/min for a woman, 55.6 for a man"),
        woman("I7a_sex_unknown_and_it_does_not_matter")
            .sex("unknown")
            .met("I7a", "enough for either")
            .met("I8", "whether it applies or not, the tests are negative")
            .met("I9", "whether it applies or not, nothing stands in the way"),
    ]
}
