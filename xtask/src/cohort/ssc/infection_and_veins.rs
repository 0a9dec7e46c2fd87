//! I5 and I6: no systemic infection in the two weeks before leukapheresis, and veins for it.

use super::super::patient::{Patient, answer, condition, past_condition};
use super::typical::woman;

const PNEUMONIA: &str = "icd10|J18.9";

fn pneumonia_until(id: &'static str, end: &'static str) -> Patient {
    woman(id).with(past_condition(PNEUMONIA, "2026-02-20", end))
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        pneumonia_until("I5_pneumonia_over_13_days_before", "2026-03-11")
            .not_met("I5", "within the two weeks"),
        pneumonia_until("I5_pneumonia_over_14_days_before", "2026-03-10")
            .not_met("I5", "the fourteenth day before belongs to the two weeks"),
        pneumonia_until("I5_pneumonia_over_15_days_before", "2026-03-09")
            .met("I5", "before the two weeks"),
        pneumonia_until("I5_pneumonia_over_in_march", "2026-03")
            .unknown("I5", "over before the two weeks or in them"),
        pneumonia_until("I5_pneumonia_over_at_an_unknown_time", "")
            .unknown("I5", "resolved, but nobody wrote down when"),
        woman("I5_pneumonia_not_over")
            .with(condition(PNEUMONIA, "2026-02-20"))
            .not_met("I5", "still there at leukapheresis"),
        woman("I5_pneumonia_on_the_day_of_leukapheresis")
            .with(condition(PNEUMONIA, "2026-03-24"))
            .not_met("I5", "the day itself belongs to the two weeks"),
        woman("I5_pneumonia_the_day_after_leukapheresis")
            .with(condition(PNEUMONIA, "2026-03-25"))
            .met("I5", "not known at leukapheresis")
            .under("Q7=two_sided")
            .not_met("I5", "within two weeks after it"),
        woman("I5_pneumonia_15_days_after_leukapheresis")
            .with(condition(PNEUMONIA, "2026-04-08"))
            .met("I5", "after the two weeks on either side"),
        woman("I5_cellulitis")
            .with(condition("icd10|L03.1", "2026-03-15"))
            .met(
                "I5",
                "no systemic infection by its code; the investigator says there is none",
            ),
        woman("I5_investigator_sees_an_infection")
            .only(answer("systemic_active_infection", "yes", "2026-03-23"))
            .not_met("I5", "judged so"),
        woman("I5_not_judged")
            .unanswered("systemic_active_infection")
            .needs_judgement("I5", "no coded infection, but the list is open"),
        woman("I5_judged_after_leukapheresis")
            .only(answer("systemic_active_infection", "no", "2026-03-25"))
            .needs_judgement("I5", "the answer came too late")
            .under("Q7=two_sided")
            .met("I5", "the answer came in time for the later gate"),
        woman("I6_veins_not_adequate")
            .answers("venous_access", "no")
            .not_met("I6", "judged so"),
        woman("I6_veins_not_judged")
            .unanswered("venous_access")
            .needs_judgement("I6", "nobody has looked"),
        woman("I6_veins_judged_on_the_day_of_screening")
            .only(answer("venous_access", "yes", "2026-03-16"))
            .met("I6", "in time"),
        woman("I6_veins_judged_after_screening")
            .only(answer("venous_access", "yes", "2026-03-17"))
            .needs_judgement("I6", "the answer came too late"),
        woman("I6_veins_judged_again")
            .only(answer("venous_access", "yes", "2026-03-05"))
            .with(answer("venous_access", "no", "2026-03-12"))
            .not_met("I6", "the later answer counts"),
        woman("I6_veins_judged_both_ways_on_one_day")
            .only(answer("venous_access", "yes", "2026-03-12"))
            .with(answer("venous_access", "no", "2026-03-12"))
            .unknown("I6", "two answers, and neither is the later one"),
    ]
}
