//! I1 and I2: consent, and the age on the day of consent.

use super::super::patient::{Patient, milestone};
use super::typical::{man, woman};

/// A man who is not 40: for men the age decides nothing but I2 and the clearance.
fn man_born(id: &'static str, birth_date: &'static str) -> Patient {
    man(id).born(birth_date)
}

const NO_WINDOW: &str = "values count from consent on, and that day is not known for certain";

pub(super) fn patients() -> Vec<Patient> {
    let mut patients = consent();
    patients.extend(age());
    patients
}

fn consent() -> Vec<Patient> {
    let nothing_counts_yet = "values count from consent on";
    let outside = "measured before the form was signed: no value from consent to screening";
    vec![
        woman("I1_no_consent")
            .not_reached(&["consent"])
            .pending("I1", "no form was signed")
            .pending("I2", "the age is that on the day of consent")
            .pending("I3", nothing_counts_yet)
            .pending("I7", nothing_counts_yet)
            .pending("I8", nothing_counts_yet)
            .pending("E2", nothing_counts_yet)
            .under("Q10=consent")
            .pending("E11", "counted back from consent")
            .under("Q11=screening")
            .met("I2", "40 years old at screening")
            .under("Q11=enrolment")
            .met("I2", "40 years old at enrolment"),
        woman("I1_signed_after_screening")
            .only(milestone("consent", "2026-03-17"))
            .pending("I1", "on the day of screening the form was not signed yet")
            .unknown("I3", outside)
            .unknown("I7", outside)
            .unknown("I8", outside)
            .unknown("E2", outside),
        woman("I1_signed_some_day_in_march")
            .only(milestone("consent", "2026-03"))
            .unknown(
                "I1",
                "the form may have been signed after screening on 16 March",
            )
            .unknown("I3", NO_WINDOW)
            .unknown("I7", NO_WINDOW)
            .unknown("I8", NO_WINDOW)
            .unknown("E2", NO_WINDOW),
    ]
}

fn age() -> Vec<Patient> {
    vec![
        man_born("I2_18th_birthday_on_the_day_of_consent", "2008-03-02").met("I2", "18 that day"),
        man_born("I2_18th_birthday_on_the_day_after_consent", "2008-03-03")
            .not_met("I2", "17 on the day of consent")
            .under("Q11=screening")
            .met("I2", "18 by then")
            .under("Q11=enrolment")
            .met("I2", "18 by then"),
        man_born("I2_66th_birthday_on_the_day_after_consent", "1960-03-03")
            .met("I2", "65 completed years")
            .under("Q11=screening")
            .not_met("I2", "66 by then")
            .under("Q11=enrolment")
            .not_met("I2", "66 by then"),
        man_born("I2_66th_birthday_on_the_day_of_consent", "1960-03-02").not_met("I2", "66"),
        man_born("I2_born_in_1960", "1960").unknown("I2", "65 or 66"),
        man_born("I2_born_in_march_1960", "1960-03").unknown("I2", "65 or 66"),
        man_born("I2_born_in_april_1960", "1960-04").met("I2", "65 whichever day it was"),
        man_born("I2_born_in_2008", "2008").unknown("I2", "17 or 18"),
        man_born("I2_born_in_2007", "2007").met("I2", "18 or 19"),
        man_born("I2_born_in_1959", "1959").not_met("I2", "66 or 67"),
        man_born(
            "I2_born_on_29_february_consent_on_28_february_at_17",
            "2008-02-29",
        )
        .only(milestone("consent", "2026-02-28"))
        .not_met("I2", "in a common year the birthday is 1 March")
        .under("Q11=screening")
        .met("I2", "18 by then")
        .under("Q11=enrolment")
        .met("I2", "18 by then"),
        man_born(
            "I2_born_on_29_february_consent_on_1_march_at_18",
            "2008-02-29",
        )
        .only(milestone("consent", "2026-03-01"))
        .met("I2", "in a common year the birthday is 1 March"),
        man_born(
            "I2_born_on_29_february_consent_on_28_february_at_65",
            "1960-02-29",
        )
        .only(milestone("consent", "2026-02-28"))
        .met("I2", "in a common year the birthday is 1 March: still 65")
        .under("Q11=screening")
        .not_met("I2", "66 by then")
        .under("Q11=enrolment")
        .not_met("I2", "66 by then"),
        man_born(
            "I2_born_on_29_february_consent_on_1_march_at_66",
            "1960-02-29",
        )
        .only(milestone("consent", "2026-03-01"))
        .not_met("I2", "in a common year the birthday is 1 March: 66"),
        man_born("I2_birth_date_missing", "")
            .unknown("I2", "no date of birth")
            .unknown("I7a", "the clearance needs the age"),
    ]
}
