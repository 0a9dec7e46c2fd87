//! I8, I9, I9a and E12: pregnancy tests on three anchors, contraception, lactation.

use super::super::patient::{Patient, answer, condition, milestone, past_condition, result, value};
use super::typical::{
    CONSENT, HCG_ENROLMENT, HCG_LD_START, HCG_SCREENING, SERUM_HCG, URINE_HCG, man, negative_hcg,
    woman, woman_past_childbearing,
};

const LACTATION: &str = "icd10|Z39.1";
const PREGNANCY: &str = "icd10|Z33";

/// A woman whose last test, before lymphodepletion on 20 April at 9:00, was drawn then.
fn tested_before_lymphodepletion(id: &'static str, time: &'static str) -> Patient {
    woman(id)
        .not_measured_at(SERUM_HCG, HCG_LD_START)
        .with(negative_hcg(time))
}

/// A woman whose test for enrolment, on 20 March, was drawn then.
fn tested_before_enrolment(id: &'static str, time: &'static str) -> Patient {
    woman(id)
        .not_measured_at(SERUM_HCG, HCG_ENROLMENT)
        .with(negative_hcg(time))
}

/// A woman whose test for screening had this result.
fn screened(id: &'static str, said: &'static str) -> Patient {
    woman(id)
        .not_measured_at(SERUM_HCG, HCG_SCREENING)
        .with(result(SERUM_HCG, HCG_SCREENING, said).set("specimen", "serum"))
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = at_screening();
    patients.extend(before_lymphodepletion());
    patients.extend(whom_it_is_about());
    patients.extend(around_enrolment());
    patients.extend(contraception());
    patients.extend(pregnant_or_lactating());
    patients
}

fn at_screening() -> Vec<Patient> {
    vec![
        screened("I8_positive_at_screening", "positive").not_met("I8", "positive"),
        screened("I8_indeterminate_at_screening", "indeterminate")
            .not_met("I8", "indeterminate is not negative"),
        woman("I8_no_test_at_screening")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .unknown("I8", "not tested from consent to screening"),
        woman("I8_urine_at_screening")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .with(result(URINE_HCG, HCG_SCREENING, "negative").set("specimen", "urine"))
            .unknown("I8", "a test in urine is not one in serum"),
        woman("I8_urine_under_the_code_of_serum")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .with(result(SERUM_HCG, HCG_SCREENING, "negative").set("specimen", "urine"))
            .unknown("I8", "the row says urine"),
        woman("I8_specimen_not_stated")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .with(result(SERUM_HCG, HCG_SCREENING, "negative"))
            .met(
                "I8",
                "the code is that of serum, and the row does not contradict",
            ),
        woman("I8_a_number_without_a_result")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .with(value("loinc|21198-7", HCG_SCREENING, "1.2", "m[IU]/mL").set("specimen", "serum"))
            .unknown("I8", "what is negative is the laboratory's to say"),
        screened("I8_positive_then_negative_at_screening", "positive")
            .with(negative_hcg("2026-03-13T10:00"))
            .met("I8", "the latest up to screening is negative"),
    ]
}

fn before_lymphodepletion() -> Vec<Patient> {
    vec![
        tested_before_lymphodepletion("I8_47_h_59_min_before", "2026-04-18T09:01")
            .met("I8", "within 48 hours"),
        tested_before_lymphodepletion("I8_48_h_00_min_before", "2026-04-18T09:00")
            .met("I8", "48 hours: the limit itself"),
        tested_before_lymphodepletion("I8_48_h_01_min_before", "2026-04-18T08:59")
            .unknown("I8", "no test within 48 hours"),
        tested_before_lymphodepletion("I8_bare_date_1_day_before", "2026-04-19")
            .met("I8", "within 48 hours at any time of that day"),
        tested_before_lymphodepletion("I8_bare_date_2_days_before", "2026-04-18")
            .unknown("I8", "before or after nine o'clock decides"),
        tested_before_lymphodepletion("I8_bare_date_3_days_before", "2026-04-17")
            .unknown("I8", "no test within 48 hours"),
        tested_before_lymphodepletion("I8_bare_date_of_the_day_itself", "2026-04-20")
            .unknown("I8", "it may have been drawn after the first dose"),
        tested_before_lymphodepletion("I8_an_hour_after_the_first_dose", "2026-04-20T10:00")
            .unknown("I8", "no test before the first dose"),
        tested_before_lymphodepletion("I8_at_the_first_dose", "2026-04-20T09:00")
            .met("I8", "the moment itself belongs to the window"),
        woman("I8_positive_before_lymphodepletion")
            .not_measured_at(SERUM_HCG, HCG_LD_START)
            .with(result(SERUM_HCG, HCG_LD_START, "positive").set("specimen", "serum"))
            .not_met("I8", "positive a day before"),
        woman("I8_no_test_before_lymphodepletion")
            .not_measured_at(SERUM_HCG, HCG_LD_START)
            .unknown("I8", "the last test was a month before"),
        tested_before_lymphodepletion("I8_first_dose_without_a_time_of_day", "2026-04-18T10:00")
            .only(milestone("ld_start", "2026-04-20"))
            .unknown("I8", "before or after ten o'clock decides"),
        tested_before_lymphodepletion("I8_first_dose_without_a_time_but_close", "2026-04-19T08:00")
            .only(milestone("ld_start", "2026-04-20"))
            .met("I8", "within 48 hours of any time of that day"),
    ]
}

fn whom_it_is_about() -> Vec<Patient> {
    vec![
        man("I8_man")
            .not_applicable("I8", "a man")
            .not_applicable("I9", "a man"),
        woman_past_childbearing("I8_woman_past_childbearing")
            .not_applicable("I8", "cannot become pregnant")
            .not_applicable("I9", "cannot become pregnant")
            .not_applicable("I9a", "nobody can become pregnant"),
        woman("I8_childbearing_not_judged_and_all_negative")
            .unanswered("childbearing_potential")
            .met("I8", "whether it applies or not, the tests are negative")
            .met("I9", "whether it applies or not, nothing stands in the way")
            .met("I9a", "whether it applies or not, it was promised"),
        woman("I8_childbearing_not_judged_and_positive")
            .unanswered("childbearing_potential")
            .not_measured_at(SERUM_HCG, HCG_LD_START)
            .with(result(SERUM_HCG, HCG_LD_START, "positive").set("specimen", "serum"))
            .needs_judgement("I8", "positive; whether it applies is for the investigator"),
        woman("I8_childbearing_not_judged_and_not_tested")
            .unanswered("childbearing_potential")
            .not_measured(SERUM_HCG)
            .unknown("I8", "neither judged nor tested")
            .unknown("I9b", "neither judged nor tested"),
        woman("I8_childbearing_judged_after_screening_but_before_enrolment")
            .only(answer("childbearing_potential", "yes", "2026-03-18"))
            .met(
                "I8",
                "the tests are negative, so that it does not matter at screening",
            ),
    ]
}

fn around_enrolment() -> Vec<Patient> {
    vec![
        tested_before_enrolment("I9b_test_7_days_before_enrolment", "2026-03-13")
            .met("I9b", "the seventh day before belongs to the week"),
        tested_before_enrolment("I9b_test_8_days_before_enrolment", "2026-03-12")
            .unknown("I9b", "no test in the week"),
        tested_before_enrolment("I9b_test_on_the_day_of_enrolment", "2026-03-20")
            .met("I9b", "the day itself belongs to the week"),
        tested_before_enrolment("I9b_test_3_days_after_enrolment", "2026-03-23")
            .unknown("I9b", "not known at enrolment")
            .under("Q7=two_sided")
            .met("I9b", "within seven days after, and before leukapheresis"),
        tested_before_enrolment("I9b_test_5_days_after_enrolment", "2026-03-25")
            .unknown("I9b", "not known at enrolment, nor at leukapheresis"),
        woman("I9b_positive_before_enrolment")
            .not_measured_at(SERUM_HCG, HCG_ENROLMENT)
            .with(result(SERUM_HCG, HCG_ENROLMENT, "positive").set("specimen", "serum"))
            .not_met("I9b", "positive two days before"),
        woman("I9b_positive_after_enrolment")
            .with(result(SERUM_HCG, "2026-03-23T09:00", "positive").set("specimen", "serum"))
            .met("I9b", "negative up to enrolment")
            .under("Q7=two_sided")
            .not_met("I9b", "the latest within the seven days after is positive"),
        woman("I9b_one_test_for_screening_and_enrolment")
            .not_measured_at(SERUM_HCG, HCG_SCREENING)
            .not_measured_at(SERUM_HCG, HCG_ENROLMENT)
            .with(negative_hcg("2026-03-14T09:00"))
            .met("I8", "within consent and screening")
            .met(
                "I9b",
                "six days before enrolment: two tests are enough for the whole course",
            ),
        woman("I9c_lactation_begins_before_enrolment")
            .with(condition(LACTATION, "2026-03-18"))
            .not_met("I9c", "lactating at enrolment, not yet at screening"),
        woman("I9c_lactation_ends_the_day_before_screening")
            .with(past_condition(LACTATION, "2025-11-01", "2026-03-15"))
            .met("I9c", "over"),
        woman("I9c_lactation_ends_on_the_day_of_enrolment")
            .with(past_condition(LACTATION, "2026-03-17", "2026-03-20"))
            .not_met("I9c", "the last day still belongs to it"),
        woman("I9c_lactation_ends_the_day_before_enrolment")
            .with(past_condition(LACTATION, "2026-03-17", "2026-03-19"))
            .met("I9c", "over"),
        woman("I9c_lactation_ends_at_an_unknown_time")
            .with(past_condition(LACTATION, "2026-03-17", ""))
            .unknown("I9c", "over, but nobody wrote down since when"),
        woman_past_childbearing("I9c_lactating_and_not_of_childbearing_potential")
            .with(condition(LACTATION, "2026-03-18"))
            .not_applicable("I9", "the text speaks of women of childbearing potential"),
    ]
}

fn contraception() -> Vec<Patient> {
    vec![
        woman("I9a_refused")
            .only(answer("I9a", "no", "2026-03-20"))
            .not_met("I9a", "not promised"),
        woman("I9a_not_asked")
            .unanswered("I9a")
            .needs_judgement("I9a", "nobody has asked"),
        woman("I9a_promised_the_day_after_enrolment")
            .only(answer("I9a", "yes", "2026-03-21"))
            .needs_judgement("I9a", "the obligation begins at enrolment"),
        woman("I9a_promised_before_enrolment")
            .only(answer("I9a", "yes", "2026-03-05"))
            .met("I9a", "promised in time"),
        man("I9a_man_with_a_partner_who_refuses")
            .only(answer("I9a", "no", "2026-03-20"))
            .not_met("I9a", "the partner can become pregnant"),
        man("I9a_man_without_such_a_partner")
            .only(answer("partner_of_childbearing_potential", "no", CONSENT))
            .unanswered("I9a")
            .not_applicable("I9a", "nobody can become pregnant"),
        man("I9a_man_who_did_not_say_whether_there_is_a_partner")
            .unanswered("partner_of_childbearing_potential")
            .unanswered("I9a")
            .needs_judgement("I9a", "neither the partner nor the promise is known"),
        man("I9a_man_who_promises_in_any_case")
            .unanswered("partner_of_childbearing_potential")
            .met("I9a", "whether it applies or not, it was promised"),
    ]
}

fn pregnant_or_lactating() -> Vec<Patient> {
    vec![
        woman("E12_pregnant")
            .with(condition(PREGNANCY, "2026-02-01"))
            .met("E12", "pregnant at screening, whatever the test said"),
        woman("E12_pregnant_until_last_year")
            .with(past_condition(PREGNANCY, "2024-11-01", "2025-08-01"))
            .not_met("E12", "over"),
        woman("E12_pregnant_after_screening")
            .with(condition(PREGNANCY, "2026-03-17"))
            .not_met("E12", "not known at screening"),
        woman("E12_pregnancy_without_a_date")
            .with(condition(PREGNANCY, ""))
            .unknown("E12", "it may have begun after screening"),
        woman("E12_lactating")
            .with(condition(LACTATION, "2025-12-01"))
            .met("E12", "lactating at screening")
            .not_met("I9c", "and at enrolment"),
        woman("E12_lactation_ends_between_screening_and_enrolment")
            .with(past_condition(LACTATION, "2025-12-01", "2026-03-18"))
            .met("E12", "lactating at screening"),
        woman("E12_plans_a_pregnancy")
            .answers("plans_pregnancy", "yes")
            .met("E12", "planned within a year"),
        man("E12_man_who_plans_a_pregnancy")
            .answers("plans_pregnancy", "yes")
            .met("E12", "the text does not say that it is about women"),
        woman("E12_plans_not_asked")
            .unanswered("plans_pregnancy")
            .needs_judgement("E12", "nobody has asked"),
        woman("E12_pregnant_and_plans_not_asked")
            .unanswered("plans_pregnancy")
            .with(condition(PREGNANCY, "2026-02-01"))
            .met("E12", "one of the three is enough"),
    ]
}
