//! I4, second half: skin or lung became worse within six months.
//!
//! The treatment of these patients works, so that the first half decides nothing.

use super::super::patient::{Patient, value};
use super::typical::{DLCO_PREDICTED, EARLIER, EXAMINATION, FVC, FVC_PREDICTED, SKIN_SCORE, woman};

const ONLY_SKIN: &str = "the skin, but not the lung";
const ONLY_LUNG: &str = "the lung, but not the skin";
const NOT_REFRACTORY: &str = "progressive, but not refractory";

/// A woman who responds to treatment and whose skin and lungs are as they were.
fn responding(id: &'static str) -> Patient {
    woman(id)
        .answers("no_lasting_response", "no")
        .changed(SKIN_SCORE, "20", "20", "{score}")
        .changed(FVC_PREDICTED, "70", "69", "%")
        .changed(FVC, "2.50", "2.47", "L")
        .changed(DLCO_PREDICTED, "65", "64", "%")
}

/// The vital capacity in per cent of predicted and in litres, and the diffusing capacity.
fn lung(
    id: &'static str,
    predicted: [&'static str; 2],
    litres: [&'static str; 2],
    diffusion: [&'static str; 2],
) -> Patient {
    let ([predicted, predicted_now], [litres, litres_now], [diffusion, diffusion_now]) =
        (predicted, litres, diffusion);
    responding(id)
        .changed(FVC_PREDICTED, predicted, predicted_now, "%")
        .changed(FVC, litres, litres_now, "L")
        .changed(DLCO_PREDICTED, diffusion, diffusion_now, "%")
}

impl Patient {
    fn only_skin_is_worse(self, why: &'static str) -> Self {
        self.met("I4", why)
            .under("Q1=both")
            .not_met("I4", NOT_REFRACTORY)
            .under("Q2=both")
            .not_met("I4", ONLY_SKIN)
    }

    fn only_lung_is_worse(self, why: &'static str) -> Self {
        self.met("I4", why)
            .under("Q1=both")
            .not_met("I4", NOT_REFRACTORY)
            .under("Q2=both")
            .not_met("I4", ONLY_LUNG)
    }

    /// One of skin and lung cannot be told; the other is as it was.
    fn perhaps_worse(self, why: &'static str) -> Self {
        self.unknown("I4", why)
            .under("Q1=both")
            .not_met("I4", "not refractory, whatever the values were")
            .under("Q2=both")
            .not_met("I4", "the other is not worse")
    }
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = skin();
    patients.extend(lungs());
    patients
}

fn skin() -> Vec<Patient> {
    vec![
        responding("I4_skin_score_3_points_more")
            .changed(SKIN_SCORE, "18", "21", "{score}")
            .only_skin_is_worse("three points are enough"),
        responding("I4_skin_score_2_points_more")
            .changed(SKIN_SCORE, "18", "20", "{score}")
            .not_met("I4", "three points are needed"),
        responding("I4_skin_score_6_months_earlier")
            .only(value(SKIN_SCORE, "2025-09-16", "18", "{score}"))
            .with(value(SKIN_SCORE, EXAMINATION, "22", "{score}"))
            .only_skin_is_worse("six months before 16 March is 16 September, which belongs to it")
            .under("Q8=fixed")
            .unknown(
                "I4",
                "180 days reach back to 17 September: one value is left",
            ),
        responding("I4_skin_score_6_months_and_a_day_earlier")
            .only(value(SKIN_SCORE, "2025-09-15", "18", "{score}"))
            .with(value(SKIN_SCORE, EXAMINATION, "22", "{score}"))
            .perhaps_worse("one value in the six months: no change can be told"),
        responding("I4_one_skin_score")
            .only(value(SKIN_SCORE, EXAMINATION, "22", "{score}"))
            .perhaps_worse("one value: no change can be told"),
        responding("I4_skin_score_worse_then_better")
            .changed(SKIN_SCORE, "18", "19", "{score}")
            .with(value(SKIN_SCORE, "2025-12-01", "24", "{score}"))
            .not_met("I4", "the last score is one point more than the first"),
        responding("I4_skin_score_better_then_worse")
            .changed(SKIN_SCORE, "22", "21", "{score}")
            .with(value(SKIN_SCORE, "2025-12-01", "18", "{score}"))
            .only_skin_is_worse("three points more than in December, though not than in October"),
    ]
}

fn lungs() -> Vec<Patient> {
    vec![
        lung(
            "I4_fvc_falls_from_2.10_to_1.889_L",
            ["70.0", "62.9"],
            ["2.10", "1.889"],
            ["60", "51"],
        )
        .only_lung_is_worse("10.1 % less")
        .under("Q3=absolute_points")
        .not_met("I4", "7.1 points and 9 points"),
        lung(
            "I4_fvc_falls_from_2.10_to_1.89_L",
            ["70.0", "63.0"],
            ["2.10", "1.89"],
            ["60", "51"],
        )
        .not_met("I4", "exactly 10 % and exactly 15 %: neither is more"),
        lung(
            "I4_only_litres_fall",
            ["70.0", "69.0"],
            ["2.10", "1.889"],
            ["60", "59"],
        )
        .not_met("I4", "per cent of predicted is what counts")
        .under("Q3=relative_litres")
        .met("I4", "10.05 % of the litres"),
        responding("I4_litres_fall_from_2100_mL_to_1.89_L")
            .only(value(FVC, EARLIER, "2100", "mL"))
            .with(value(FVC, EXAMINATION, "1.89", "L"))
            .not_met(
                "I4",
                "per cent of predicted is what counts; the litres fall by exactly 10 %",
            ),
        responding("I4_litres_fall_from_2100_mL_to_1.889_L")
            .only(value(FVC, EARLIER, "2100", "mL"))
            .with(value(FVC, EXAMINATION, "1.889", "L"))
            .not_met("I4", "per cent of predicted is what counts")
            .under("Q3=relative_litres")
            .met("I4", "10.05 % of the litres, whatever the unit"),
        lung(
            "I4_fvc_and_dlco_fall",
            ["80.0", "75.9"],
            ["3.00", "2.846"],
            ["60", "50.9"],
        )
        .only_lung_is_worse("5.1 % and 15.2 %")
        .under("Q3=absolute_points")
        .not_met("I4", "4.1 points and 9.1 points"),
        lung(
            "I4_fvc_falls_by_exactly_5_percent",
            ["80", "76"],
            ["3.00", "2.85"],
            ["60", "50"],
        )
        .not_met(
            "I4",
            "the diffusing capacity falls enough, the vital capacity does not",
        ),
        lung(
            "I4_dlco_falls_by_exactly_15_percent",
            ["80.0", "75.9"],
            ["3.00", "2.846"],
            ["60", "51"],
        )
        .not_met(
            "I4",
            "the vital capacity falls enough, the diffusing capacity does not",
        ),
        lung(
            "I4_relative_and_not_in_points",
            ["80", "75.2"],
            ["3.00", "2.82"],
            ["60", "50"],
        )
        .only_lung_is_worse("6 % and 16.7 %")
        .under("Q3=absolute_points")
        .not_met("I4", "4.8 points are not more than 5"),
        lung(
            "I4_in_points_and_not_relative",
            ["110", "99.5"],
            ["4.00", "3.62"],
            ["90", "89"],
        )
        .not_met("I4", "9.5 %")
        .under("Q3=absolute_points")
        .met("I4", "10.5 points"),
        responding("I4_one_lung_function")
            .only(value(FVC_PREDICTED, EXAMINATION, "69", "%"))
            .only(value(FVC, EXAMINATION, "2.47", "L"))
            .perhaps_worse("one value of the vital capacity: no change can be told"),
        responding("I4_two_lung_functions_in_one_month")
            .only(value(FVC_PREDICTED, "2026-03", "75", "%"))
            .with(value(FVC_PREDICTED, EXAMINATION, "63", "%"))
            .perhaps_worse("which of the two is the later one cannot be told")
            .under("Q3=relative_litres")
            .not_met("I4", "the litres have dates, and hardly fall"),
    ]
}
