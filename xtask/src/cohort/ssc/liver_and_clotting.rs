//! I7c to I7e: multiples of the laboratory's own upper limit, and the heart.

use super::super::patient::{Patient, condition, value};
use super::typical::{
    ALT, AST, BILIRUBIN, BILIRUBIN_MOLAR, INR, LVEF, PROTHROMBIN_TIME, SAMPLE, woman,
};

const GILBERT_SYNDROME: &str = "icd10|E80.4";

fn measured(
    id: &'static str,
    code: &'static str,
    number: &'static str,
    unit: &'static str,
    upper_limit: &'static str,
) -> Patient {
    woman(id).measured_with_limit(code, number, unit, upper_limit)
}

fn molar_bilirubin(id: &'static str, number: &'static str) -> Patient {
    woman(id)
        .not_measured(BILIRUBIN)
        .measured_with_limit(BILIRUBIN_MOLAR, number, "umol/L", "20")
}

impl Patient {
    fn with_gilbert_syndrome(self) -> Self {
        self.with(condition(GILBERT_SYNDROME, "2010-04-01"))
    }
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = enzymes();
    patients.extend(bilirubin());
    patients.extend(clotting());
    patients.extend(heart());
    patients
}

fn enzymes() -> Vec<Patient> {
    vec![
        measured("I7c-1_alt_120_U_per_L", ALT, "120", "U/L", "40").met("I7c-1", "three times 40"),
        measured("I7c-1_alt_121_U_per_L", ALT, "121", "U/L", "40")
            .not_met("I7c-1", "more than three times 40"),
        measured("I7c-1_alt_2.10_ukat_per_L", ALT, "2.10", "ukat/L", "0.70")
            .met("I7c-1", "three times 0.70"),
        measured("I7c-1_alt_2.11_ukat_per_L", ALT, "2.11", "ukat/L", "0.70")
            .not_met("I7c-1", "more than three times 0.70"),
        measured("I7c-1_alt_without_a_limit", ALT, "120", "U/L", "")
            .unknown("I7c-1", "no laboratory's limit but its own"),
        measured("I7c-1_alt_with_a_limit_of_zero", ALT, "24", "U/L", "0")
            .unknown("I7c-1", "zero is no limit"),
        woman("I7c-1_alt_missing")
            .not_measured(ALT)
            .unknown("I7c-1", "not measured"),
        measured("I7c-2_ast_120_U_per_L", AST, "120", "U/L", "40").met("I7c-2", "three times 40"),
        measured("I7c-2_ast_121_U_per_L", AST, "121", "U/L", "40")
            .not_met("I7c-2", "more than three times 40"),
        woman("I7c-2_ast_missing")
            .not_measured(AST)
            .unknown("I7c-2", "not measured"),
    ]
}

fn bilirubin() -> Vec<Patient> {
    let between = "more than twice 1.2; three times need Gilbert syndrome";
    vec![
        measured(
            "I7c-3_bilirubin_2.4_mg_per_dL",
            BILIRUBIN,
            "2.4",
            "mg/dL",
            "1.2",
        )
        .met("I7c-3", "twice 1.2"),
        measured(
            "I7c-3_bilirubin_2.41_mg_per_dL",
            BILIRUBIN,
            "2.41",
            "mg/dL",
            "1.2",
        )
        .not_met("I7c-3", between),
        measured(
            "I7c-3_bilirubin_3.6_mg_per_dL",
            BILIRUBIN,
            "3.6",
            "mg/dL",
            "1.2",
        )
        .not_met("I7c-3", between),
        measured(
            "I7c-3_bilirubin_3.6_with_gilbert_syndrome",
            BILIRUBIN,
            "3.6",
            "mg/dL",
            "1.2",
        )
        .with_gilbert_syndrome()
        .met("I7c-3", "three times 1.2"),
        measured(
            "I7c-3_bilirubin_3.61_with_gilbert_syndrome",
            BILIRUBIN,
            "3.61",
            "mg/dL",
            "1.2",
        )
        .with_gilbert_syndrome()
        .not_met("I7c-3", "more than three times 1.2"),
        molar_bilirubin("I7c-3_bilirubin_40_umol_per_L", "40").met("I7c-3", "twice 20"),
        molar_bilirubin("I7c-3_bilirubin_41_umol_per_L", "41")
            .not_met("I7c-3", "more than twice 20"),
        molar_bilirubin("I7c-3_bilirubin_60_umol_per_L_with_gilbert_syndrome", "60")
            .with_gilbert_syndrome()
            .met("I7c-3", "three times 20"),
        measured(
            "I7c-3_bilirubin_3.0_gilbert_syndrome_unknown",
            BILIRUBIN,
            "3.0",
            "mg/dL",
            "1.2",
        )
        .with(condition(GILBERT_SYNDROME, ""))
        .unknown(
            "I7c-3",
            "2.5 times; the diagnosis has no date, and may be later",
        ),
        measured(
            "I7c-3_bilirubin_1.0_gilbert_syndrome_unknown",
            BILIRUBIN,
            "1.0",
            "mg/dL",
            "1.2",
        )
        .with(condition(GILBERT_SYNDROME, ""))
        .met("I7c-3", "low enough with or without"),
        measured(
            "I7c-3_bilirubin_4.0_gilbert_syndrome_unknown",
            BILIRUBIN,
            "4.0",
            "mg/dL",
            "1.2",
        )
        .with(condition(GILBERT_SYNDROME, ""))
        .not_met("I7c-3", "too high with or without"),
        woman("I7c-3_bilirubin_missing")
            .not_measured(BILIRUBIN)
            .unknown("I7c-3", "not measured"),
    ]
}

fn clotting() -> Vec<Patient> {
    vec![
        measured("I7d-1_inr_1.80", INR, "1.80", "{INR}", "1.20")
            .met("I7d-1", "1.5 times 1.20, exactly"),
        measured("I7d-1_inr_1.81", INR, "1.81", "{INR}", "1.20")
            .not_met("I7d-1", "more than 1.5 times 1.20"),
        measured("I7d-1_inr_1.80_in_unit_1", INR, "1.80", "1", "1.20")
            .met("I7d-1", "1.5 times 1.20, exactly"),
        measured("I7d-1_inr_1.80_without_a_unit", INR, "1.80", "", "1.20")
            .met("I7d-1", "value and limit are in one unit, whichever it is"),
        measured("I7d-1_inr_1.4_without_a_limit", INR, "1.4", "{INR}", "")
            .unknown("I7d-1", "1.5 times what cannot be told"),
        woman("I7d-1_inr_missing")
            .not_measured(INR)
            .unknown("I7d-1", "not measured"),
        measured(
            "I7d-2_prothrombin_time_21.75_s",
            PROTHROMBIN_TIME,
            "21.75",
            "s",
            "14.5",
        )
        .met("I7d-2", "1.5 times 14.5, exactly"),
        measured(
            "I7d-2_prothrombin_time_21750_ms",
            PROTHROMBIN_TIME,
            "21750",
            "ms",
            "14500",
        )
        .met("I7d-2", "the same in another unit"),
        measured(
            "I7d-2_prothrombin_time_21.76_s",
            PROTHROMBIN_TIME,
            "21.76",
            "s",
            "14.5",
        )
        .not_met("I7d-2", "more than 1.5 times 14.5"),
        woman("I7d-2_prothrombin_time_missing")
            .not_measured(PROTHROMBIN_TIME)
            .unknown("I7d-2", "not measured"),
    ]
}

fn heart() -> Vec<Patient> {
    vec![
        woman("I7e_lvef_55")
            .measured(LVEF, "55", "%")
            .met("I7e", "the limit itself"),
        woman("I7e_lvef_54.9")
            .measured(LVEF, "54.9", "%")
            .not_met("I7e", "too low"),
        woman("I7e_lvef_0.55_percent")
            .measured(LVEF, "0.55", "%")
            .unknown("I7e", "no heart ejects so little: a slip of the unit"),
        woman("I7e_lvef_55_by_ultrasound")
            .not_measured(LVEF)
            .with(value("loinc|18043-0", SAMPLE, "55", "%"))
            .met("I7e", "the same measure under another code"),
        woman("I7e_lvef_missing")
            .not_measured(LVEF)
            .unknown("I7e", "not measured"),
    ]
}
