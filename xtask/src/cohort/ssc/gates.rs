//! How far a patient has come: what is still pending, and that a gate is decided as of its day.

use super::super::patient::{Patient, value};
use super::typical::{
    ANC, ANSWERED, CONSENT, EXAMINATION, HEMOGLOBIN, SAMPLE, SCREENING, man, woman,
};

const NOT_YET: &str = "the gate has not been reached";

/// Everything that is decided at screening.
const AT_SCREENING: [&str; 21] = [
    "I1", "I3", "I4", "I6", "I7", "I8", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9",
    "E10", "E12", "E13", "E14", "E15", "E16",
];

/// What is decided after screening.
const AFTER_SCREENING: [&str; 4] = ["I5", "I9", "I9a", "E11"];

impl Patient {
    fn all_pending(self, criteria: &[&'static str]) -> Self {
        criteria.iter().fold(self, |patient, criterion| {
            patient.pending(criterion, NOT_YET)
        })
    }
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        woman("gate_only_consent_reached")
            .not_reached(&[
                "screening",
                "enrolment",
                "leukapheresis",
                "ld_start",
                "infusion",
            ])
            .all_pending(&AT_SCREENING)
            .all_pending(&AFTER_SCREENING)
            .asked_at("consent")
            .met("I2", "40 years old; nothing else is due")
            .asked_at("screening")
            .all_pending(&AT_SCREENING)
            .under("Q10=consent")
            .not_met("E11", "no investigational product before consent")
            .under("Q11=screening")
            .pending("I2", NOT_YET)
            .under("Q11=enrolment")
            .pending("I2", NOT_YET),
        woman("gate_only_screening_reached")
            .not_reached(&["enrolment", "leukapheresis", "ld_start", "infusion"])
            .pending(
                "I8",
                "negative at screening, but the test before lymphodepletion is to come",
            )
            .all_pending(&AFTER_SCREENING)
            .asked_at("screening")
            .met("I8", "only the first test is due")
            .asked_at("enrolment")
            .pending("I9", NOT_YET)
            .pending("I9a", NOT_YET)
            .pending("E11", NOT_YET)
            .under("Q7=two_sided")
            .pending("E15", "the month after screening is judged at enrolment")
            .under("Q10=consent")
            .not_met("E11", "no investigational product before consent")
            .under("Q11=enrolment")
            .pending("I2", NOT_YET),
        man("gate_only_screening_reached_by_a_man")
            .not_reached(&["enrolment", "leukapheresis", "ld_start", "infusion"])
            .pending("I5", NOT_YET)
            .not_applicable("I8", "a man, whatever gate is to come")
            .not_applicable("I9", "a man, whatever gate is to come")
            .pending("I9a", NOT_YET)
            .pending("E11", NOT_YET)
            .under("Q7=two_sided")
            .pending("E15", "the month after screening is judged at enrolment")
            .under("Q10=consent")
            .not_met("E11", "no investigational product before consent")
            .under("Q11=enrolment")
            .pending("I2", NOT_YET),
        woman("gate_enrolment_reached")
            .not_reached(&["leukapheresis", "ld_start", "infusion"])
            .pending("I5", NOT_YET)
            .pending("I8", "the test before lymphodepletion is to come")
            .asked_at("enrolment")
            .met("I9", "negative two days before enrolment; not lactating")
            .asked_at("leukapheresis")
            .pending("I5", NOT_YET)
            .under("Q7=two_sided")
            .pending("I9", "the week after enrolment is judged at leukapheresis")
            .under("Q10=leukapheresis")
            .pending("E11", NOT_YET)
            .under("Q10=ld_start")
            .pending("E11", NOT_YET),
        woman("gate_leukapheresis_reached")
            .not_reached(&["ld_start", "infusion"])
            .pending("I8", "the test before lymphodepletion is to come")
            .asked_at("leukapheresis")
            .met("I5", "no infection")
            .under("Q7=two_sided")
            .pending(
                "I5",
                "the two weeks after leukapheresis are judged when lymphodepletion begins",
            )
            .under("Q10=ld_start")
            .pending("E11", NOT_YET),
        woman("gate_failed_at_screening_with_the_rest_to_come")
            .not_reached(&["enrolment", "leukapheresis", "ld_start", "infusion"])
            .measured(HEMOGLOBIN, "89", "g/L")
            .not_met(
                "I7b-3",
                "89 g/L; one definite failure decides, whatever is still to come",
            )
            .pending("I8", "the test before lymphodepletion is to come")
            .all_pending(&AFTER_SCREENING)
            .asked_at("consent")
            .met("I2", "40 years old; the blood count is not due")
            .asked_at("screening")
            .not_met("I7b-3", "89 g/L")
            .under("Q7=two_sided")
            .pending("E15", "the month after screening is judged at enrolment")
            .under("Q10=consent")
            .not_met("E11", "no investigational product before consent")
            .under("Q11=enrolment")
            .pending("I2", NOT_YET),
        woman("gate_later_values_do_not_undo_screening")
            .with(value(ANC, "2026-03-30T08:00", "0.4", "10*9/L"))
            .met(
                "I7b-1",
                "3.2 at screening; the fall two weeks later was not known then",
            ),
        woman("gate_screening_on_the_day_of_everything")
            .retimed(CONSENT, SCREENING)
            .retimed(SAMPLE, "2026-03-16T08:30")
            .retimed(EXAMINATION, SCREENING)
            .retimed("2026-03-09", SCREENING)
            .retimed(ANSWERED, SCREENING)
            .met("I1", "signed on the day of screening")
            .met(
                "I7",
                "all values of that day; the first day of the window belongs to it",
            ),
    ]
}
