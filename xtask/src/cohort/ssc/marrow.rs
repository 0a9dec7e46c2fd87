//! I7b: blood counts, each from a sample with no transfusion or growth factor in the week before.

use super::super::patient::{Patient, procedure, treatment, value};
use super::typical::{ALC, ANC, HEMOGLOBIN, PLATELETS, SAMPLE, woman};

const RED_CELLS: &str = "atc|B05AX01";
const FILGRASTIM: &str = "atc|L03AA02";

fn counted(
    id: &'static str,
    code: &'static str,
    number: &'static str,
    unit: &'static str,
) -> Patient {
    woman(id).measured(code, number, unit)
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = neutrophils();
    patients.extend(other_counts());
    patients.extend(transfusions());
    patients
}

fn neutrophils() -> Vec<Patient> {
    let limit = "the limit itself";
    vec![
        counted("I7b-1_anc_1000_per_uL", ANC, "1000", "/uL").met("I7b-1", limit),
        counted("I7b-1_anc_1.0e9_per_L", ANC, "1.0", "10*9/L").met("I7b-1", limit),
        counted("I7b-1_anc_1.0e3_per_uL", ANC, "1.0", "10*3/uL").met("I7b-1", limit),
        counted("I7b-1_anc_1000_cells_per_uL", ANC, "1000", "{cells}/uL").met("I7b-1", limit),
        counted("I7b-1_anc_999_per_uL", ANC, "999", "/uL").not_met("I7b-1", "one cell too few"),
        counted("I7b-1_anc_0.999e9_per_L", ANC, "0.999", "10*9/L")
            .not_met("I7b-1", "one cell in a microlitre too few"),
        counted("I7b-1_anc_without_a_unit", ANC, "1000", "")
            .unknown("I7b-1", "1000 of what cannot be told"),
        counted("I7b-1_anc_1000e9_per_L", ANC, "1000", "10*9/L")
            .unknown("I7b-1", "no person has so many: a slip of the unit"),
        counted("I7b-1_anc_5_g_per_L", ANC, "5", "g/L").unknown("I7b-1", "a mass is no count"),
        woman("I7b-1_anc_missing")
            .not_measured(ANC)
            .unknown("I7b-1", "no count"),
        woman("I7b-1_anc_some_day_in_march")
            .only(value(ANC, "2026-03", "3.2", "10*9/L"))
            .unknown("I7b-1", "it may have been measured after screening"),
        woman("I7b-1_anc_the_day_after_screening")
            .only(value(ANC, "2026-03-17", "3.2", "10*9/L"))
            .unknown("I7b-1", "nothing later than screening counts"),
        woman("I7b-1_anc_below_500")
            .only(value(ANC, SAMPLE, "500", "/uL").set("comparator", "<"))
            .not_met("I7b-1", "whatever it was, it was too few"),
        woman("I7b-1_anc_below_1500")
            .only(value(ANC, SAMPLE, "1500", "/uL").set("comparator", "<"))
            .unknown("I7b-1", "it can have been enough or not"),
        woman("I7b-1_anc_above_1000")
            .only(value(ANC, SAMPLE, "1000", "/uL").set("comparator", ">"))
            .met("I7b-1", "whatever it was, it was enough"),
    ]
}

fn other_counts() -> Vec<Patient> {
    let limit = "the limit itself";
    vec![
        counted("I7b-2_alc_100_per_uL", ALC, "100", "/uL").met("I7b-2", limit),
        counted("I7b-2_alc_0.1e9_per_L", ALC, "0.1", "10*9/L").met("I7b-2", limit),
        counted("I7b-2_alc_99_per_uL", ALC, "99", "/uL").not_met("I7b-2", "one cell too few"),
        woman("I7b-2_alc_missing")
            .not_measured(ALC)
            .unknown("I7b-2", "no count"),
        counted("I7b-3_hb_90_g_per_L", HEMOGLOBIN, "90", "g/L").met("I7b-3", limit),
        counted("I7b-3_hb_9.0_g_per_dL", HEMOGLOBIN, "9.0", "g/dL").met("I7b-3", limit),
        counted("I7b-3_hb_89_g_per_L", HEMOGLOBIN, "89", "g/L").not_met("I7b-3", "too low"),
        counted("I7b-3_hb_8.9_g_per_dL", HEMOGLOBIN, "8.9", "g/dL").not_met("I7b-3", "too low"),
        counted("I7b-3_hb_5.6_mmol_per_L", HEMOGLOBIN, "5.6", "mmol/L")
            .met("I7b-3", "90.2 g/L: laboratories count the haem monomer"),
        counted("I7b-3_hb_9.0_g_per_L", HEMOGLOBIN, "9.0", "g/L")
            .unknown("I7b-3", "nobody lives with so little: a slip of the unit"),
        woman("I7b-3_hb_missing")
            .not_measured(HEMOGLOBIN)
            .unknown("I7b-3", "not measured"),
        counted("I7b-4_platelets_75e9_per_L", PLATELETS, "75", "10*9/L").met("I7b-4", limit),
        counted("I7b-4_platelets_75000_per_uL", PLATELETS, "75000", "/uL").met("I7b-4", limit),
        counted("I7b-4_platelets_74e9_per_L", PLATELETS, "74", "10*9/L")
            .not_met("I7b-4", "too few"),
        counted("I7b-4_platelets_74999_per_uL", PLATELETS, "74999", "/uL")
            .not_met("I7b-4", "one too few"),
        counted("I7b-4_platelets_75_per_uL", PLATELETS, "75", "/uL")
            .unknown("I7b-4", "not survivable: a slip of the unit"),
        woman("I7b-4_platelets_missing")
            .not_measured(PLATELETS)
            .unknown("I7b-4", "no count"),
    ]
}

/// The sample was drawn on 10 March, screening is on 16 March.
fn transfusions() -> Vec<Patient> {
    let in_the_week = "given in the seven days before the sample: no count can be used";
    let long_before_screening = "given more than seven days before screening";
    let days_before_screening = "given within the seven days before screening";
    vec![
        woman("I7b_transfusion_6_days_before_the_sample")
            .with(treatment(RED_CELLS, "2026-03-04", ""))
            .unknown("I7b", in_the_week)
            .under("Q6=free_standing")
            .met("I7b", long_before_screening),
        woman("I7b_transfusion_7_days_before_the_sample")
            .with(treatment(RED_CELLS, "2026-03-03", ""))
            .unknown(
                "I7b",
                "the seventh day before belongs to the week: no count can be used",
            )
            .under("Q6=free_standing")
            .met("I7b", long_before_screening),
        woman("I7b_transfusion_8_days_before_the_sample")
            .with(treatment(RED_CELLS, "2026-03-02", ""))
            .met("I7b", "before the week"),
        woman("I7b_transfusion_on_the_day_of_the_sample")
            .with(treatment(RED_CELLS, "2026-03-10", ""))
            .unknown(
                "I7b",
                "the day of the sample belongs to the week: no count can be used",
            )
            .under("Q6=free_standing")
            .not_met("I7b-5", days_before_screening),
        woman("I7b_transfusion_the_day_after_the_sample")
            .with(treatment(RED_CELLS, "2026-03-11", ""))
            .met("I7b", "the sample was drawn before")
            .under("Q6=free_standing")
            .not_met("I7b-5", days_before_screening),
        woman("I7b_transfusion_7_days_before_screening")
            .with(treatment(RED_CELLS, "2026-03-09", ""))
            .unknown("I7b", in_the_week)
            .under("Q6=free_standing")
            .not_met("I7b-5", "the seventh day before belongs to the week"),
        woman("I7b_transfusion_at_an_unknown_time")
            .with(treatment(RED_CELLS, "", ""))
            .unknown("I7b", "it may have been in the week before the sample")
            .under("Q6=free_standing")
            .unknown("I7b-5", "it may have been in the week before screening"),
        woman("I7b_transfusion_recorded_as_a_procedure")
            .with(procedure("snomed|5447007", "2026-03-04"))
            .unknown("I7b", in_the_week)
            .under("Q6=free_standing")
            .met("I7b", long_before_screening),
        woman("I7b_growth_factor_until_3_days_before_the_sample")
            .with(treatment(FILGRASTIM, "2026-03-05", "2026-03-07"))
            .unknown("I7b", in_the_week)
            .under("Q6=free_standing")
            .met("I7b", "the last was given nine days before screening"),
        woman("I7b_growth_factor_until_8_days_before_the_sample")
            .with(treatment(FILGRASTIM, "2026-02-26", "2026-03-02"))
            .met("I7b", "before the week"),
        woman("I7b_earlier_count_before_a_transfusion")
            .with(treatment(RED_CELLS, "2026-03-07", ""))
            .with(value(ANC, "2026-03-05T08:00", "1.2", "10*9/L"))
            .with(value(ALC, "2026-03-05T08:00", "0.9", "10*9/L"))
            .with(value(HEMOGLOBIN, "2026-03-05T08:00", "92", "g/L"))
            .with(value(PLATELETS, "2026-03-05T08:00", "101", "10*9/L"))
            .met("I7b", "the sample of 5 March can be used, and passes")
            .under("Q6=free_standing")
            .met("I7b", "given nine days before screening"),
        woman("I7b_earlier_count_before_a_transfusion_too_low")
            .with(treatment(RED_CELLS, "2026-03-07", ""))
            .with(value(ANC, "2026-03-05T08:00", "1.2", "10*9/L"))
            .with(value(ALC, "2026-03-05T08:00", "0.9", "10*9/L"))
            .with(value(HEMOGLOBIN, "2026-03-05T08:00", "78", "g/L"))
            .with(value(PLATELETS, "2026-03-05T08:00", "101", "10*9/L"))
            .not_met(
                "I7b-3",
                "78 g/L; the value after the transfusion does not count",
            )
            .under("Q6=free_standing")
            .met(
                "I7b-3",
                "given nine days before screening: 121 g/L is the latest",
            ),
        woman("I7b_transfusion_before_an_examination_of_the_liver")
            .with(treatment(RED_CELLS, "2026-03-01", ""))
            .only(value("loinc|1742-6", "2026-03-04T08:00", "24", "U/L").set("high", "40"))
            .met("I7c-1", "a transfusion spoils blood counts, not this"),
    ]
}
