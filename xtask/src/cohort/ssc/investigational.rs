//! E11: five half-lives of an investigational product before enrolment on 20 March.

use super::super::patient::{Patient, Row, treatment};
use super::typical::woman;

/// Its half-life of 20 days stands in `dataset.toml`.
const PRODUCT: &str = "invented|product_20_days";
/// Nobody knows its half-life.
const NEW_PRODUCT: &str = "invented|new_product";
/// The library says 22 days.
const RITUXIMAB: &str = "atc|L01FA01";
/// The library says 11 to 13 days.
const TOCILIZUMAB: &str = "atc|L04AC07";
/// The library says 9 to 14 hours.
const UPADACITINIB: &str = "atc|L04AF03";

/// A product on trial, given from one day to another.
fn given(id: &'static str, code: &'static str, start: &'static str, end: &'static str) -> Patient {
    woman(id).with(on_trial(code, start, end))
}

fn on_trial(code: &'static str, start: &'static str, end: &'static str) -> Row {
    treatment(code, start, end).set("investigational", "yes")
}

pub(super) fn patients() -> Vec<Patient> {
    let long_before_leukapheresis = "more than five half-lives before leukapheresis";
    let long_before_lymphodepletion = "more than five half-lives before lymphodepletion";
    vec![
        given(
            "E11_last_dose_100_days_before",
            PRODUCT,
            "2025-08-01",
            "2025-12-10",
        )
        .not_met("E11", "five half-lives of 20 days are 100 days: not less")
        .under("Q10=consent")
        .met("E11", "82 days before consent"),
        given(
            "E11_last_dose_99_days_before",
            PRODUCT,
            "2025-08-01",
            "2025-12-11",
        )
        .met("E11", "99 days are less than five half-lives of 20 days")
        .under("Q10=leukapheresis")
        .not_met("E11", "103 days before leukapheresis")
        .under("Q10=ld_start")
        .not_met("E11", long_before_lymphodepletion),
        given("E11_still_given", PRODUCT, "2026-01-05", "").met("E11", "still given at enrolment"),
        given(
            "E11_first_dose_after_enrolment",
            PRODUCT,
            "2026-03-21",
            "2026-03-21",
        )
        .not_met("E11", "not known at enrolment")
        .under("Q10=leukapheresis")
        .met("E11", "three days before leukapheresis")
        .under("Q10=ld_start")
        .met("E11", "30 days before lymphodepletion"),
        given(
            "E11_last_dose_some_day_in_december",
            PRODUCT,
            "2025-08-01",
            "2025-12",
        )
        .unknown("E11", "79 to 109 days before")
        .under("Q10=consent")
        .met("E11", "91 days before consent at most")
        .under("Q10=leukapheresis")
        .unknown("E11", "83 to 113 days before leukapheresis")
        .under("Q10=ld_start")
        .not_met("E11", "110 days before lymphodepletion at least"),
        given(
            "E11_half_life_unknown",
            NEW_PRODUCT,
            "2026-01-05",
            "2026-02-01",
        )
        .unknown("E11", "five times what cannot be told"),
        woman("E11_not_marked_as_investigational")
            .with(treatment(PRODUCT, "2025-08-01", "2026-02-01").set("investigational", ""))
            .unknown("E11", "on trial or not: nobody wrote it down"),
        woman("E11_licensed_rituximab_10_days_before")
            .with(treatment(RITUXIMAB, "2026-03-10", "2026-03-10"))
            .not_met("E11", "the text is about investigational products only"),
        given(
            "E11_rituximab_on_trial_110_days_before",
            RITUXIMAB,
            "2025-11-30",
            "2025-11-30",
        )
        .not_met("E11", "five half-lives of 22 days are 110 days: not less")
        .under("Q10=consent")
        .met("E11", "92 days before consent"),
        given(
            "E11_rituximab_on_trial_109_days_before",
            RITUXIMAB,
            "2025-12-01",
            "2025-12-01",
        )
        .met("E11", "109 days are less than five half-lives of 22 days")
        .under("Q10=leukapheresis")
        .not_met("E11", long_before_leukapheresis)
        .under("Q10=ld_start")
        .not_met("E11", long_before_lymphodepletion),
        given(
            "E11_tocilizumab_on_trial_60_days_before",
            TOCILIZUMAB,
            "2026-01-19",
            "2026-01-19",
        )
        .unknown("E11", "five half-lives are 55 to 65 days")
        .under("Q10=consent")
        .met("E11", "42 days before consent")
        .under("Q10=ld_start")
        .not_met("E11", "91 days before lymphodepletion"),
        given(
            "E11_upadacitinib_on_trial_4_days_before",
            UPADACITINIB,
            "2026-03-16",
            "2026-03-16",
        )
        .not_met("E11", "more than 72 hours; five half-lives are 45 to 70"),
        given(
            "E11_upadacitinib_on_trial_3_days_before",
            UPADACITINIB,
            "2026-03-17",
            "2026-03-17",
        )
        .unknown("E11", "48 to 96 hours; five half-lives are 45 to 70")
        .under("Q10=consent")
        .not_met("E11", "not given before consent")
        .under("Q10=leukapheresis")
        .not_met("E11", long_before_leukapheresis)
        .under("Q10=ld_start")
        .not_met("E11", long_before_lymphodepletion),
    ]
}
