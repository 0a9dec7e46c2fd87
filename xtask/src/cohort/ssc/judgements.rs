//! E10 and E14: the mind, and what the investigator judges.

use super::super::patient::{Patient, answer, condition, past_condition};
use super::typical::woman;

const DEPRESSION: &str = "icd10|F32.1";

pub(super) fn patients() -> Vec<Patient> {
    vec![
        woman("E10_depression_under_treatment")
            .with(condition(DEPRESSION, "2022-01-01"))
            .met("E10", "severe is said of cognitive dysfunction only"),
        woman("E10_depression_over_since_2020")
            .with(past_condition(DEPRESSION, "2018-01-01", "2020-01-01"))
            .not_met("E10", "over"),
        woman("E10_depression_in_remission_since_an_unknown_time")
            .with(past_condition(DEPRESSION, "2018-01-01", "").set("status", "remission"))
            .unknown("E10", "over, but nobody wrote down since when"),
        woman("E10_tobacco")
            .with(condition("icd10|F17.2", "2010-01-01"))
            .not_met("E10", "no psychiatric disease by the library"),
        woman("E10_severe_cognitive_dysfunction")
            .answers("severe_cognitive_dysfunction", "yes")
            .met("E10", "judged so"),
        woman("E10_cognition_not_judged")
            .unanswered("severe_cognitive_dysfunction")
            .needs_judgement("E10", "nobody has judged"),
        woman("E10_depression_and_cognition_not_judged")
            .unanswered("severe_cognitive_dysfunction")
            .with(condition(DEPRESSION, "2022-01-01"))
            .met("E10", "one of the two is enough"),
        woman("E14_unsuitable")
            .answers("unsuitable", "yes")
            .met("E14", "judged so"),
        woman("E14_not_judged")
            .unanswered("unsuitable")
            .needs_judgement("E14", "no answer is not a no"),
        woman("E14_judged_after_screening")
            .only(answer("unsuitable", "no", "2026-03-17"))
            .needs_judgement("E14", "the answer came too late"),
        woman("E14_judged_on_the_day_of_screening")
            .only(answer("unsuitable", "no", "2026-03-16"))
            .not_met("E14", "in time"),
        woman("E14_judged_at_an_unknown_time")
            .only(answer("unsuitable", "no", ""))
            .not_met("E14", "an answer without a date counts as given"),
    ]
}
