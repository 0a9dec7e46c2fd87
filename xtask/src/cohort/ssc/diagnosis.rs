//! I3: classified as systemic sclerosis, and diffuse.

use super::super::patient::{Patient, condition, value};
use super::typical::{CLASSIFICATION, DIFFUSE_SYSTEMIC_SCLEROSIS, EXAMINATION, SCREENING, woman};

fn scored(id: &'static str, points: &'static str, unit: &'static str) -> Patient {
    woman(id).only(value(CLASSIFICATION, EXAMINATION, points, unit))
}

fn diagnosed(id: &'static str, code: &'static str, onset: &'static str) -> Patient {
    woman(id)
        .without_condition(DIFFUSE_SYSTEMIC_SCLEROSIS)
        .with(condition(code, onset))
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        scored("I3_score_9", "9", "{score}").met("I3", "9 points classify"),
        scored("I3_score_9_without_a_unit", "9", "").met("I3", "a score needs no unit"),
        scored("I3_score_8", "8", "{score}").not_met("I3", "9 points are needed"),
        scored("I3_score_29_outside_the_scale", "29", "{score}")
            .unknown("I3", "the scale ends at 28: a slip, whatever was meant"),
        woman("I3_score_missing")
            .not_measured(CLASSIFICATION)
            .unknown("I3", "no score"),
        woman("I3_score_the_day_before_consent")
            .only(value(CLASSIFICATION, "2026-03-01", "15", "{score}"))
            .unknown("I3", "values count from consent on"),
        woman("I3_score_on_the_day_of_consent")
            .only(value(CLASSIFICATION, "2026-03-02", "15", "{score}"))
            .met("I3", "the day of consent belongs to the window"),
        woman("I3_score_on_the_day_after_screening")
            .only(value(CLASSIFICATION, "2026-03-17", "15", "{score}"))
            .unknown("I3", "nothing later than screening counts"),
        woman("I3_not_diffuse")
            .without_condition(DIFFUSE_SYSTEMIC_SCLEROSIS)
            .not_met("I3", "classified, but no diagnosis of the diffuse form"),
        diagnosed(
            "I3_systemic_sclerosis_without_its_subset",
            "icd10|M34.0",
            "2023-05-11",
        )
        .not_met(
            "I3",
            "the code does not say which form it is, and no other row does",
        ),
        diagnosed("I3_limited", "icd10|M34.1", "2023-05-11").not_met("I3", "the limited form"),
        diagnosed(
            "I3_diffuse_by_its_orphanet_code",
            "orpha|220393",
            "2023-05-11",
        )
        .met("I3", "the same disease under another code"),
        diagnosed(
            "I3_diffuse_found_at_screening",
            DIFFUSE_SYSTEMIC_SCLEROSIS,
            SCREENING,
        )
        .met("I3", "found on the day of screening"),
        diagnosed(
            "I3_diffuse_found_after_screening",
            DIFFUSE_SYSTEMIC_SCLEROSIS,
            "2026-03-17",
        )
        .not_met("I3", "not known at screening"),
        diagnosed("I3_diffuse_without_a_date", DIFFUSE_SYSTEMIC_SCLEROSIS, "")
            .unknown("I3", "the diagnosis may be later than screening"),
    ]
}
