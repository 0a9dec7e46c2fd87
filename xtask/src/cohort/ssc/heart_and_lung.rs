//! E1 to E3: heart failure of class IV, lung function too low, findings in the chest.

use super::super::patient::{Patient, condition, result, value};
use super::typical::{
    DLCO_PREDICTED, EXAMINATION, FVC_PREDICTED, HRCT, LVEF, NYHA, SCREENING, woman,
};

const HEART_FAILURE: &str = "icd10|I50.9";

fn with_heart_failure(id: &'static str, class: &'static str) -> Patient {
    woman(id)
        .with(condition(HEART_FAILURE, "2024-05-02"))
        .with(result(NYHA, EXAMINATION, class))
}

/// Lung function five months ago and now; only the latter is from consent to screening.
fn lung(id: &'static str, capacity: &'static str, diffusion: &'static str) -> Patient {
    woman(id)
        .changed(FVC_PREDICTED, "75", capacity, "%")
        .changed(DLCO_PREDICTED, "70", diffusion, "%")
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = heart();
    patients.extend(lungs());
    patients.extend(chest());
    patients
}

fn heart() -> Vec<Patient> {
    vec![
        with_heart_failure("E1_class_IV", "IV").met("E1", "class IV"),
        with_heart_failure("E1_class_III_and_lvef_55", "III")
            .measured(LVEF, "55", "%")
            .not_met("E1", "class III is allowed")
            .met("I7e", "55 % is the limit itself"),
        with_heart_failure("E1_class_IIIb", "IIIb").unknown("E1", "the scale has no such class"),
        woman("E1_heart_failure_without_a_class")
            .with(condition(HEART_FAILURE, "2024-05-02"))
            .unknown("E1", "nobody wrote down the class"),
        woman("E1_class_before_consent")
            .with(condition(HEART_FAILURE, "2024-05-02"))
            .with(result(NYHA, "2026-03-01", "II"))
            .unknown("E1", "values count from consent on"),
        woman("E1_class_IV_without_heart_failure")
            .with(result(NYHA, EXAMINATION, "IV"))
            .not_applicable("E1", "no heart failure"),
        woman("E1_class_IV_and_heart_failure_some_time_in_2026")
            .with(condition(HEART_FAILURE, "2026"))
            .with(result(NYHA, EXAMINATION, "IV"))
            .unknown("E1", "the heart failure may be later than screening"),
        woman("E1_class_III_and_heart_failure_some_time_in_2026")
            .with(condition(HEART_FAILURE, "2026"))
            .with(result(NYHA, EXAMINATION, "III"))
            .not_met("E1", "whether it applies or not, class III is allowed"),
    ]
}

fn lungs() -> Vec<Patient> {
    vec![
        lung("E2_fvc_45.0", "45.0", "58").not_met("E2", "the limit itself is allowed"),
        lung("E2_fvc_44.9", "44.9", "58").met("E2", "below 45 %"),
        lung("E2_dlco_40.0", "63", "40.0").not_met("E2", "the limit itself is allowed"),
        lung("E2_dlco_39.9", "63", "39.9").met("E2", "below 40 %"),
        lung("E2_fvc_44_and_dlco_55", "44", "55").met("E2", "one of the two is enough"),
        woman("E2_fvc_44.9_in_the_unit_of_predicted")
            .only(value(FVC_PREDICTED, "2025-10-06", "75", "%{predicted}"))
            .with(value(FVC_PREDICTED, EXAMINATION, "44.9", "%{predicted}"))
            .met("E2", "the same kind of per cent, spelled out"),
        woman("E2_no_fvc_at_screening")
            .not_measured_at(FVC_PREDICTED, EXAMINATION)
            .unknown("E2", "the vital capacity may be too low"),
        woman("E2_no_fvc_at_screening_and_dlco_39")
            .not_measured_at(FVC_PREDICTED, EXAMINATION)
            .changed(DLCO_PREDICTED, "70", "39", "%")
            .met("E2", "one of the two is enough"),
        woman("E2_no_dlco_at_screening")
            .not_measured_at(DLCO_PREDICTED, EXAMINATION)
            .unknown("E2", "the diffusing capacity may be too low"),
        lung("E2_fvc_4.5", "4.5", "58").unknown("E2", "nobody breathes with so little: a slip"),
    ]
}

fn chest() -> Vec<Patient> {
    vec![
        woman("E3_abnormal_and_not_due_to_ssc")
            .answers("hrct_not_due_to_ssc", "yes")
            .met("E3", "judged so"),
        woman("E3_abnormal_and_not_judged")
            .unanswered("hrct_not_due_to_ssc")
            .needs_judgement("E3", "what it is due to is for the investigator"),
        woman("E3_normal_and_not_judged")
            .unanswered("hrct_not_due_to_ssc")
            .only(result(HRCT, SCREENING, "normal"))
            .not_met("E3", "there is nothing to judge"),
        woman("E3_no_scan_and_judged_not_due_to_ssc")
            .answers("hrct_not_due_to_ssc", "yes")
            .not_measured(HRCT)
            .unknown("E3", "an answer about a scan that is not there"),
        woman("E3_no_scan_and_judged_due_to_ssc")
            .not_measured(HRCT)
            .not_met(
                "E3",
                "the investigator says that nothing is due to another cause",
            ),
        woman("E3_no_scan_and_not_judged")
            .unanswered("hrct_not_due_to_ssc")
            .not_measured(HRCT)
            .unknown("E3", "neither the scan nor the answer"),
    ]
}
