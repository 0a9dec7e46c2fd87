//! E4 to E8, E13 and E16: what the patient has or had.

use super::super::patient::{Patient, allergy, condition, past_condition, procedure, treatment};
use super::typical::{SCREENING, woman};

const AUTOLOGOUS_TRANSPLANT: &str = "snomed|709115004";
const RENAL_CRISIS: &str = "renal_crisis";
const RHEUMATOID_ARTHRITIS: &str = "icd10|M05.9";
const PENICILLIN_ALLERGY: &str = "snomed|91936005";
const BCMA_CAR_T: &str = "bcma_car_t_cell_therapy";
const TUBERCULOSIS: &str = "icd10|A15.0";

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = transplants();
    patients.extend(renal_crisis());
    patients.extend(autoimmune());
    patients.extend(allergies());
    patients.extend(immune_system());
    patients.extend(gene_therapy());
    patients.extend(tuberculosis());
    patients
}

fn transplants() -> Vec<Patient> {
    vec![
        woman("E4_autologous_transplant_10_years_ago")
            .with(procedure(AUTOLOGOUS_TRANSPLANT, "2016-02-10"))
            .met("E4", "ever"),
        woman("E4_autologous_transplant_in_2016")
            .with(procedure(AUTOLOGOUS_TRANSPLANT, "2016"))
            .met("E4", "whichever day it was"),
        woman("E4_autologous_transplant_on_the_day_of_screening")
            .with(procedure(AUTOLOGOUS_TRANSPLANT, SCREENING))
            .met("E4", "known at screening"),
        woman("E4_autologous_transplant_after_screening")
            .with(procedure(AUTOLOGOUS_TRANSPLANT, "2026-03-17"))
            .not_met("E4", "not known at screening"),
        woman("E4_allogeneic_transplant")
            .with(procedure("allogeneic_stem_cell_transplant", "2016-02-10"))
            .not_met("E4", "only the patient's own cells are named"),
        woman("E4_autologous_transplant_without_a_date")
            .with(procedure(AUTOLOGOUS_TRANSPLANT, ""))
            .unknown("E4", "it may be later than screening"),
    ]
}

fn renal_crisis() -> Vec<Patient> {
    vec![
        woman("E5_renal_crisis_now")
            .with(condition(RENAL_CRISIS, "2026-03-01"))
            .met("E5", "there at screening"),
        woman("E5_renal_crisis_over_since_2024")
            .with(past_condition(RENAL_CRISIS, "2024-01-20", "2024-03-01"))
            .not_met("E5", "the text speaks of the present")
            .under("Q13=ever")
            .met("E5", "ever"),
        woman("E5_renal_crisis_over_on_the_day_of_screening")
            .with(past_condition(RENAL_CRISIS, "2026-02-20", SCREENING))
            .met("E5", "the last day still belongs to it"),
        woman("E5_renal_crisis_over_the_day_before_screening")
            .with(past_condition(RENAL_CRISIS, "2026-02-20", "2026-03-15"))
            .not_met("E5", "over")
            .under("Q13=ever")
            .met("E5", "ever"),
        woman("E5_renal_crisis_over_at_an_unknown_time")
            .with(past_condition(RENAL_CRISIS, "2026-02-20", ""))
            .unknown("E5", "resolved, but nobody wrote down when")
            .under("Q13=ever")
            .met("E5", "ever"),
        woman("E5_renal_crisis_after_screening")
            .with(condition(RENAL_CRISIS, "2026-03-17"))
            .not_met("E5", "not known at screening"),
        woman("E5_renal_crisis_without_a_date")
            .with(condition(RENAL_CRISIS, ""))
            .unknown("E5", "it may have begun after screening"),
    ]
}

fn autoimmune() -> Vec<Patient> {
    let arthritis = || condition(RHEUMATOID_ARTHRITIS, "2020-06-01");
    vec![
        woman("E6_arthritis_that_needs_treatment")
            .with(arthritis())
            .answers("needs_systemic_treatment", "yes")
            .met("E6", "both"),
        woman("E6_arthritis_that_needs_no_treatment")
            .with(arthritis())
            .not_met("E6", "another autoimmune disease alone does not exclude"),
        woman("E6_arthritis_and_treatment_not_judged")
            .with(arthritis())
            .unanswered("needs_systemic_treatment")
            .needs_judgement("E6", "whether it needs treatment is for the investigator"),
        woman("E6_no_other_disease_and_treatment_not_judged")
            .unanswered("needs_systemic_treatment")
            .not_met("E6", "there is nothing to judge"),
        woman("E6_arthritis_in_the_past")
            .with(past_condition(
                RHEUMATOID_ARTHRITIS,
                "2010-06-01",
                "2018-01-01",
            ))
            .answers("needs_systemic_treatment", "yes")
            .not_met("E6", "the disease is over"),
        woman("E6_arthritis_without_a_date")
            .with(condition(RHEUMATOID_ARTHRITIS, ""))
            .answers("needs_systemic_treatment", "yes")
            .unknown("E6", "it may have begun after screening"),
    ]
}

fn allergies() -> Vec<Patient> {
    vec![
        woman("E7_severe_penicillin_allergy")
            .with(allergy(PENICILLIN_ALLERGY, "severe", "2005-03-03"))
            .met("E7", "severe, ever"),
        woman("E7_moderate_penicillin_allergy")
            .with(allergy(PENICILLIN_ALLERGY, "moderate", "2005-03-03"))
            .not_met("E7", "not severe"),
        woman("E7_penicillin_allergy_of_unknown_severity")
            .with(allergy(PENICILLIN_ALLERGY, "", "2005-03-03"))
            .unknown("E7", "nobody wrote down how severe"),
        woman("E7_severe_allergy_recorded_by_the_drug")
            .with(allergy("atc|J01CA04", "severe", "2005-03-03"))
            .met("E7", "an allergy to amoxicillin is one to a drug"),
        woman("E7_severe_peanut_allergy")
            .with(allergy("snomed|91935009", "severe", "1990-01-01"))
            .not_met("E7", "no drug"),
        woman("E7_severe_penicillin_allergy_after_screening")
            .with(allergy(PENICILLIN_ALLERGY, "severe", "2026-03-17"))
            .not_met("E7", "not known at screening"),
    ]
}

fn immune_system() -> Vec<Patient> {
    vec![
        woman("E8_hereditary_hypogammaglobulinemia")
            .with(condition("icd10|D80.0", "1986-01-01"))
            .met("E8", "congenital"),
        woman("E8_common_variable_immunodeficiency")
            .with(condition("icd10|D83.9", "2001-01-01"))
            .met("E8", "counted as congenital by the library"),
        woman("E8_low_immunoglobulins_after_rituximab")
            .with(condition("icd10|D80.1", "2023-09-01"))
            .not_met("E8", "acquired"),
        woman("E8_hereditary_hypogammaglobulinemia_without_a_date")
            .with(condition("icd10|D80.0", ""))
            .unknown("E8", "the row may be later than screening"),
    ]
}

fn gene_therapy() -> Vec<Patient> {
    vec![
        woman("E13_bcma_car_t_3_years_ago")
            .with(procedure(BCMA_CAR_T, "2023-02-10"))
            .met("E13", "whatever the target"),
        woman("E13_cd19_car_t_by_its_code")
            .with(procedure("rxnorm|1987398", "2022-05-05"))
            .met("E13", "axicabtagene ciloleucel"),
        woman("E13_engineered_t_cell_receptor")
            .with(procedure("tcr_t_cell_therapy", "2022-05-05"))
            .met("E13", "another gene-modified T cell"),
        woman("E13_car_t_recorded_as_a_drug")
            .with(treatment("atc|L01XL08", "2022-05-05", ""))
            .met(
                "E13",
                "lisocabtagene maraleucel, wherever it is written down",
            ),
        woman("E13_car_t_without_a_date")
            .with(procedure(BCMA_CAR_T, ""))
            .unknown("E13", "it may be later than screening"),
        woman("E13_appendectomy")
            .with(procedure("snomed|80146002", "1999-07-07"))
            .not_met("E13", "no cell therapy"),
    ]
}

fn tuberculosis() -> Vec<Patient> {
    vec![
        woman("E16_tuberculosis_now")
            .with(condition(TUBERCULOSIS, "2026-01-10"))
            .met("E16", "there at screening")
            .not_met("I5", "and at leukapheresis, as a systemic infection"),
        woman("E16_tuberculosis_over_since_2020")
            .with(past_condition(TUBERCULOSIS, "2019-05-01", "2020-01-01"))
            .not_met("E16", "over"),
        woman("E16_tuberculosis_over_the_day_before_screening")
            .with(past_condition(TUBERCULOSIS, "2025-09-01", "2026-03-15"))
            .not_met("E16", "over at screening")
            .not_met("I5", "but within the two weeks before leukapheresis"),
        woman("E16_latent_tuberculosis")
            .with(condition("icd10|Z22.7", "2021-01-01"))
            .not_met("E16", "not active"),
        woman("E16_tuberculosis_without_a_date")
            .with(condition(TUBERCULOSIS, ""))
            .unknown("E16", "it may have begun after screening")
            .unknown("I5", "it may have begun after leukapheresis"),
        woman("E16_signs_of_tuberculosis")
            .answers("signs_of_active_tuberculosis", "yes")
            .met("E16", "judged so"),
        woman("E16_signs_not_judged")
            .unanswered("signs_of_active_tuberculosis")
            .needs_judgement("E16", "nobody has looked"),
    ]
}
