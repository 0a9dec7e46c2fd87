//! I4, first half: no lasting response to conventional therapy of more than six months.
//!
//! These patients do not progress, so that the second half decides nothing.

use super::super::patient::{Patient, Row, treatment};
use super::typical::{
    DLCO_PREDICTED, FVC, FVC_PREDICTED, MYCOPHENOLATE, PREDNISONE, SKIN_SCORE, woman,
};

const NOT_PROGRESSIVE: &str = "refractory, but not progressive";

/// A woman whose skin and lungs are as they were.
fn stable(id: &'static str) -> Patient {
    woman(id)
        .changed(SKIN_SCORE, "20", "20", "{score}")
        .changed(FVC_PREDICTED, "70", "69", "%")
        .changed(FVC, "2.50", "2.47", "L")
        .changed(DLCO_PREDICTED, "65", "64", "%")
}

/// A woman with stable disease who had nothing but this.
fn treated(id: &'static str, row: Row) -> Patient {
    stable(id)
        .without_treatment(MYCOPHENOLATE)
        .without_treatment(PREDNISONE)
        .with(row)
}

/// A woman with stable disease on nothing but a steroid for two years.
fn steroid(
    id: &'static str,
    code: &'static str,
    dose: &'static str,
    unit: &'static str,
) -> Patient {
    treated(
        id,
        treatment(code, "2024-01-15", "")
            .set("dose", dose)
            .set("unit", unit),
    )
}

impl Patient {
    /// Refractory and no more, by one drug.
    fn refractory(self, why: &'static str) -> Self {
        self.met("I4", why)
            .under("Q1=both")
            .not_met("I4", NOT_PROGRESSIVE)
            .under("Q4=steroid_and_other")
            .not_met("I4", "one drug, not a steroid with another")
    }

    /// Perhaps refractory, by one drug.
    fn perhaps_refractory(self, why: &'static str) -> Self {
        self.unknown("I4", why)
            .under("Q1=both")
            .not_met("I4", "not progressive")
            .under("Q4=steroid_and_other")
            .not_met("I4", "one drug, not a steroid with another")
    }
}

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = vec![
        stable("I4_refractory_to_steroid_and_mycophenolate")
            .met("I4", "two years of both without a lasting response")
            .under("Q1=both")
            .not_met("I4", NOT_PROGRESSIVE),
        stable("I4_lasting_response")
            .answers("no_lasting_response", "no")
            .not_met("I4", "the treatment works, and nothing progresses"),
        stable("I4_response_not_judged")
            .unanswered("no_lasting_response")
            .needs_judgement(
                "I4",
                "treated for long enough; whether it worked is for the investigator",
            )
            .under("Q1=both")
            .not_met("I4", "not progressive, whatever the answer"),
        stable("I4_never_treated")
            .without_treatment(MYCOPHENOLATE)
            .without_treatment(PREDNISONE)
            .not_met("I4", "no conventional therapy"),
        treated(
            "I4_drug_outside_the_list",
            treatment("atc|L04AG11", "2024-01-15", ""),
        )
        .not_met("I4", "anifrolumab is none of the drugs that the text names"),
    ];
    patients.extend(lengths());
    patients.extend(doses());
    patients
}

fn lengths() -> Vec<Patient> {
    vec![
        treated(
            "I4_mycophenolate_for_6_months_and_a_day",
            treatment(MYCOPHENOLATE, "2025-09-15", ""),
        )
        .refractory("since 15 September, screening on 16 March: more than six months"),
        treated(
            "I4_mycophenolate_for_exactly_6_months",
            treatment(MYCOPHENOLATE, "2025-09-16", ""),
        )
        .not_met(
            "I4",
            "since 16 September, screening on 16 March: six months, not more",
        )
        .under("Q8=fixed")
        .met("I4", "181 days are more than six times 30"),
        treated(
            "I4_mycophenolate_from_31_august_to_28_february",
            treatment(MYCOPHENOLATE, "2025-08-31", "2026-02-28"),
        )
        .not_met(
            "I4",
            "31 August and six months is the last day of February: not more",
        )
        .under("Q8=fixed")
        .met("I4", "181 days are more than six times 30"),
        treated(
            "I4_mycophenolate_from_31_august_to_1_march",
            treatment(MYCOPHENOLATE, "2025-08-31", "2026-03-01"),
        )
        .refractory("one day more than six months"),
        treated(
            "I4_two_courses_of_4_months",
            treatment(MYCOPHENOLATE, "2024-01-01", "2024-04-30"),
        )
        .with(treatment(MYCOPHENOLATE, "2024-09-01", "2024-12-31"))
        .not_met("I4", "no course lasted for more than six months")
        .under("Q5=cumulative")
        .met("I4", "243 days together"),
        treated(
            "I4_two_courses_of_6_months_together",
            treatment(MYCOPHENOLATE, "2025-01-01", "2025-04-01"),
        )
        .with(treatment(MYCOPHENOLATE, "2025-05-01", "2025-07-30"))
        .not_met(
            "I4",
            "91 days and 91 days; the six months before screening have 182",
        ),
        treated(
            "I4_two_courses_of_6_months_and_a_day_together",
            treatment(MYCOPHENOLATE, "2025-01-01", "2025-04-01"),
        )
        .with(treatment(MYCOPHENOLATE, "2025-05-01", "2025-07-31"))
        .not_met("I4", "no course lasted for more than six months")
        .under("Q5=cumulative")
        .met(
            "I4",
            "183 days together; the six months before screening have 182",
        ),
        treated(
            "I4_two_drugs_at_the_same_time",
            treatment(MYCOPHENOLATE, "2025-01-01", "2025-04-30"),
        )
        .with(treatment("atc|L04AX01", "2025-03-01", "2025-06-30"))
        .not_met("I4", "181 days together: a day with two drugs is one day"),
        treated(
            "I4_two_drugs_for_4_months_each",
            treatment(MYCOPHENOLATE, "2024-01-01", "2024-04-30"),
        )
        .with(treatment("atc|L04AX01", "2024-09-01", "2024-12-31"))
        .not_met("I4", "no course lasted for more than six months")
        .under("Q5=cumulative")
        .met("I4", "243 days of conventional therapy together"),
        treated(
            "I4_mycophenolate_since_2025",
            treatment(MYCOPHENOLATE, "2025", ""),
        )
        .perhaps_refractory("begun between January and December 2025: two to fourteen months"),
        treated(
            "I4_mycophenolate_since_2024",
            treatment(MYCOPHENOLATE, "2024", ""),
        )
        .refractory("begun in 2024: fourteen months at least"),
        treated(
            "I4_begun_at_an_unknown_time",
            treatment(MYCOPHENOLATE, "", ""),
        )
        .perhaps_refractory("nobody wrote down since when"),
    ]
}

fn doses() -> Vec<Patient> {
    vec![
        steroid("I4_prednisone_15_mg", PREDNISONE, "15", "mg/d").refractory("15 mg is low"),
        steroid("I4_prednisone_15.5_mg", PREDNISONE, "15.5", "mg/d").not_met(
            "I4",
            "more than 15 mg is not the low dose that the text names",
        ),
        steroid("I4_prednisone_0.015_g", PREDNISONE, "0.015", "g/d").refractory("15 mg"),
        treated(
            "I4_prednisone_7.5_mg_twice_daily",
            treatment(PREDNISONE, "2024-01-15", "")
                .set("dose", "7.5")
                .set("unit", "mg")
                .set("frequency", "twice daily"),
        )
        .refractory("15 mg a day"),
        steroid("I4_methylprednisolone_12_mg", "atc|H02AB04", "12", "mg/d")
            .refractory("12 mg count as 15 mg of prednisone"),
        steroid(
            "I4_methylprednisolone_12.5_mg",
            "atc|H02AB04",
            "12.5",
            "mg/d",
        )
        .not_met("I4", "12.5 mg count as 15.625 mg of prednisone"),
        steroid("I4_prednisone_without_a_dose", PREDNISONE, "", "")
            .perhaps_refractory("nobody wrote down how much"),
        steroid("I4_betamethasone", "atc|H02AB01", "1", "mg/d")
            .perhaps_refractory("the tables disagree on what betamethasone counts as"),
    ]
}
