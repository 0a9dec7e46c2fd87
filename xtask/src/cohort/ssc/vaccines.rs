//! E15: a live vaccine within one month before screening.

use super::super::patient::{Patient, treatment};
use super::typical::{
    ANSWERED, CONSENT, EXAMINATION, HCG_ENROLMENT, HCG_LD_START, SAMPLE, SCREENING, woman,
};

const MMR: &str = "atc|J07BD52";

fn vaccinated(id: &'static str, code: &'static str, day: &'static str) -> Patient {
    woman(id).with(treatment(code, day, ""))
}

/// A woman whose screening is on 31 March.
fn screened_on_31_march(id: &'static str) -> Patient {
    // The later times first, since some of the new ones are old ones of others.
    woman(id)
        .retimed("2026-04-25", "2026-05-09")
        .retimed("2026-04-20T09:00", "2026-05-04T09:00")
        .retimed(HCG_LD_START, "2026-05-03T08:00")
        .retimed("2026-03-24", "2026-04-07")
        .retimed("2026-03-23", "2026-04-06")
        .retimed("2026-03-20", "2026-04-02")
        .retimed(HCG_ENROLMENT, "2026-04-01T09:10")
        .retimed(SCREENING, "2026-03-31")
        .retimed(ANSWERED, "2026-03-27")
        .retimed(SAMPLE, "2026-03-25T08:30")
        .retimed(EXAMINATION, "2026-03-25")
        .retimed("2026-03-09", "2026-03-25")
        .retimed(CONSENT, "2026-03-20")
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        vaccinated("E15_mmr_1_month_before", MMR, "2026-02-16").met(
            "E15",
            "16 February is one month before 16 March, and belongs to it",
        ),
        vaccinated("E15_mmr_1_month_and_a_day_before", MMR, "2026-02-15")
            .not_met("E15", "before the month")
            .under("Q8=fixed")
            .met("E15", "30 days before 16 March is 14 February"),
        vaccinated("E15_mmr_on_the_day_of_screening", MMR, SCREENING)
            .met("E15", "the day itself belongs to the month"),
        vaccinated("E15_mmr_the_day_after_screening", MMR, "2026-03-17")
            .not_met("E15", "not known at screening")
            .under("Q7=two_sided")
            .met("E15", "within one month after, and known at enrolment"),
        vaccinated("E15_mmr_after_enrolment", MMR, "2026-03-23")
            .not_met("E15", "not known at screening, nor at enrolment"),
        vaccinated("E15_mmr_some_day_in_february", MMR, "2026-02")
            .unknown("E15", "before the month or in it"),
        vaccinated("E15_mmr_without_a_date", MMR, "").unknown("E15", "nobody wrote down when"),
        vaccinated(
            "E15_inactivated_influenza_vaccine",
            "atc|J07BB02",
            "2026-03-10",
        )
        .not_met("E15", "not live"),
        vaccinated("E15_bcg_into_the_bladder", "atc|L03AX03", "2026-03-10")
            .not_met("E15", "a treatment of cancer, not a vaccine"),
        screened_on_31_march("E15_mmr_on_28_february_screening_on_31_march")
            .with(treatment(MMR, "2026-02-28", ""))
            .met(
                "E15",
                "31 March minus one month is the last day of February",
            )
            .under("Q8=fixed")
            .not_met("E15", "30 days before 31 March is 1 March"),
        screened_on_31_march("E15_mmr_on_27_february_screening_on_31_march")
            .with(treatment(MMR, "2026-02-27", ""))
            .not_met("E15", "before the last day of February"),
    ]
}
