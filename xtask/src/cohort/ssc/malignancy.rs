//! E9: malignant tumours with exceptions, under six readings.
//!
//! "In situ" binds to the cervix (a) or to cervix, bladder and breast (b); "disease free for more
//! than 2 years" to the breast (x), to all four (y) or to all but the skin (z).

use super::super::patient::{Patient, condition, past_condition};
use super::typical::woman;

const ALLOWED: &str = "excepted";
const EXCLUDED: &str = "not excepted";

/// The readings but for the chosen one, `a_x`.
const OTHERS: [&str; 5] = ["Q9=a_y", "Q9=a_z", "Q9=b_x", "Q9=b_y", "Q9=b_z"];

impl Patient {
    /// Whether the patient is excluded, under `a_x`, `a_y`, `a_z`, `b_x`, `b_y` and `b_z`.
    fn excluded(mut self, chosen: bool, others: [bool; 5]) -> Self {
        self = self.judged(chosen);
        for (reading, excluded) in OTHERS.into_iter().zip(others) {
            self = self.under(reading).judged(excluded);
        }
        self
    }

    fn judged(self, excluded: bool) -> Self {
        if excluded {
            self.met("E9", EXCLUDED)
        } else {
            self.not_met("E9", ALLOWED)
        }
    }

    /// Nothing that an exception could be about.
    fn excluded_under_every_reading(self) -> Self {
        self.excluded(true, [true; 5])
    }
}

/// A tumour that was found two years before it was gone.
fn gone(id: &'static str, code: &'static str, found: &'static str, gone: &'static str) -> Patient {
    woman(id).with(past_condition(code, found, gone))
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = table();
    patients.extend(edges());
    patients
}

/// Seven patients who tell the readings apart. The columns: `a_x`, then `a_y`, `a_z`, `b_x`,
/// `b_y`, `b_z`.
fn table() -> Vec<Patient> {
    vec![
        gone(
            "E9_basal_cell_carcinoma_removed_last_month",
            "icd10|C44.3",
            "2026-01-20",
            "2026-02-16",
        )
        .excluded(false, [true, false, false, true, false]),
        gone(
            "E9_cervical_carcinoma_in_situ_treated_6_months_ago",
            "icd10|D06.9",
            "2025-08-01",
            "2025-09-16",
        )
        .excluded(false, [true, true, false, true, true]),
        gone(
            "E9_invasive_bladder_cancer_gone_for_6_months",
            "icd10|C67.9",
            "2024-06-01",
            "2025-09-16",
        )
        .excluded(false, [true, true, true, true, true]),
        gone(
            "E9_bladder_carcinoma_in_situ_gone_for_3_years",
            "icd10|D09.0",
            "2021-06-01",
            "2023-03-16",
        )
        .excluded(false, [false; 5]),
        gone(
            "E9_invasive_breast_cancer_gone_for_3_years",
            "icd10|C50.9",
            "2021-06-01",
            "2023-03-16",
        )
        .excluded(false, [false, false, true, true, true]),
        gone(
            "E9_breast_carcinoma_in_situ_gone_for_6_months",
            "icd10|D05.1",
            "2025-02-01",
            "2025-09-16",
        )
        .excluded_under_every_reading(),
        gone(
            "E9_colon_cancer_gone_for_20_years",
            "icd10|C18.7",
            "2004-01-01",
            "2006-03-01",
        )
        .excluded_under_every_reading(),
    ]
}

fn edges() -> Vec<Patient> {
    vec![
        gone(
            "E9_breast_cancer_gone_for_exactly_2_years",
            "icd10|C50.9",
            "2022-01-01",
            "2024-03-16",
        )
        .excluded_under_every_reading(),
        gone(
            "E9_breast_cancer_gone_for_2_years_and_a_day",
            "icd10|C50.9",
            "2022-01-01",
            "2024-03-15",
        )
        .excluded(false, [false, false, true, true, true]),
        gone(
            "E9_breast_carcinoma_in_situ_gone_for_2_years_and_a_day",
            "icd10|D05.1",
            "2023-10-01",
            "2024-03-15",
        )
        .excluded(false, [false; 5]),
        woman("E9_breast_cancer_gone_since_2024")
            .with(past_condition("icd10|C50.9", "2022-01-01", "2024"))
            .unknown(
                "E9",
                "gone for a year and two months or for two years and two months",
            )
            .under("Q9=b_x")
            .met("E9", EXCLUDED)
            .under("Q9=b_y")
            .met("E9", EXCLUDED)
            .under("Q9=b_z")
            .met("E9", EXCLUDED),
        woman("E9_breast_cancer_gone_at_an_unknown_time")
            .with(past_condition("icd10|C50.9", "2015-01-01", ""))
            .unknown("E9", "gone, but nobody wrote down since when")
            .under("Q9=b_x")
            .met("E9", EXCLUDED)
            .under("Q9=b_y")
            .met("E9", EXCLUDED)
            .under("Q9=b_z")
            .met("E9", EXCLUDED),
        woman("E9_breast_cancer_now")
            .with(condition("icd10|C50.9", "2025-01-01"))
            .excluded_under_every_reading(),
        woman("E9_melanoma_and_basal_cell_carcinoma")
            .with(past_condition("icd10|C43.9", "2015-01-01", "2015-03-01"))
            .with(past_condition("icd10|C44.3", "2020-01-01", "2020-02-01"))
            .excluded_under_every_reading(),
        woman("E9_colon_cancer_after_screening")
            .with(condition("icd10|C18.7", "2026-03-17"))
            .not_met("E9", "not known at screening"),
        woman("E9_colon_cancer_without_a_date")
            .with(condition("icd10|C18.7", ""))
            .unknown("E9", "it may have been found after screening"),
        woman("E9_benign_tumour")
            .with(condition("icd10|D12.6", "2019-01-01"))
            .not_met("E9", "not malignant"),
    ]
}
