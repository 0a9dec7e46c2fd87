//! Typical patients, who meet everything, and the times and codes of the cohort.

use super::super::patient::{Patient, Row, answer, condition, milestone, result, treatment, value};

/// The day of consent.
pub(super) const CONSENT: &str = "2026-03-02";
/// The day on which eligibility is assessed.
pub(super) const SCREENING: &str = "2026-03-16";
/// When blood is drawn for screening.
pub(super) const SAMPLE: &str = "2026-03-10T08:30";
/// The day of the other examinations for screening.
pub(super) const EXAMINATION: &str = "2026-03-10";
/// The day of the examination before, five months earlier.
pub(super) const EARLIER: &str = "2025-10-06";
/// When a question that is about screening is answered.
pub(super) const ANSWERED: &str = "2026-03-12";

pub(super) const ANC: &str = "loinc|751-8";
pub(super) const ALC: &str = "loinc|731-0";
pub(super) const HEMOGLOBIN: &str = "loinc|718-7";
pub(super) const PLATELETS: &str = "loinc|777-3";
pub(super) const CREATININE: &str = "loinc|2160-0";
pub(super) const CREATININE_MOLAR: &str = "loinc|14682-9";
pub(super) const ALT: &str = "loinc|1742-6";
pub(super) const AST: &str = "loinc|1920-8";
pub(super) const BILIRUBIN: &str = "loinc|1975-2";
pub(super) const BILIRUBIN_MOLAR: &str = "loinc|14631-6";
pub(super) const INR: &str = "loinc|6301-6";
pub(super) const PROTHROMBIN_TIME: &str = "loinc|5902-2";
pub(super) const LVEF: &str = "loinc|10230-1";
pub(super) const WEIGHT: &str = "loinc|29463-7";
pub(super) const HEIGHT: &str = "loinc|8302-2";
pub(super) const FVC: &str = "loinc|19868-9";
pub(super) const FVC_PREDICTED: &str = "loinc|19872-1";
pub(super) const DLCO_PREDICTED: &str = "loinc|98130-8";
pub(super) const NYHA: &str = "loinc|88020-3";
pub(super) const SERUM_HCG: &str = "loinc|2118-8";
pub(super) const URINE_HCG: &str = "loinc|2106-3";
pub(super) const CLASSIFICATION: &str = "acr_eular_ssc_2013";
pub(super) const SKIN_SCORE: &str = "mrss";
pub(super) const HRCT: &str = "hrct_finding";

pub(super) const DIFFUSE_SYSTEMIC_SCLEROSIS: &str = "snomed|128460000";
pub(super) const MYCOPHENOLATE: &str = "atc|L04AA06";
pub(super) const PREDNISONE: &str = "atc|H02AB07";

/// When the three pregnancy tests of a typical woman were drawn: for screening, for enrolment and
/// before lymphodepletion.
pub(super) const HCG_SCREENING: &str = "2026-03-10T08:30";
pub(super) const HCG_ENROLMENT: &str = "2026-03-18T09:10";
pub(super) const HCG_LD_START: &str = "2026-04-19T08:00";

/// A negative pregnancy test in serum.
pub(super) fn negative_hcg(time: &'static str) -> Row {
    result(SERUM_HCG, time, "negative").set("specimen", "serum")
}

impl Patient {
    /// The one value of this kind in the blood drawn for screening.
    pub(in super::super) fn measured(
        self,
        code: &'static str,
        number: &'static str,
        unit: &'static str,
    ) -> Self {
        self.only(value(code, SAMPLE, number, unit))
    }

    /// The same with the laboratory's upper limit, in the same unit.
    pub(in super::super) fn measured_with_limit(
        self,
        code: &'static str,
        number: &'static str,
        unit: &'static str,
        upper_limit: &'static str,
    ) -> Self {
        self.only(value(code, SAMPLE, number, unit).set("high", upper_limit))
    }

    /// Two values, five months apart.
    pub(in super::super) fn changed(
        self,
        code: &'static str,
        before: &'static str,
        now: &'static str,
        unit: &'static str,
    ) -> Self {
        self.only(value(code, EARLIER, before, unit))
            .with(value(code, EXAMINATION, now, unit))
    }

    /// The answer to a question about screening.
    pub(in super::super) fn answers(self, item: &'static str, said: &'static str) -> Self {
        self.only(answer(item, said, ANSWERED))
    }
}

/// What men and women have alike: diffuse disease that is refractory and progresses in skin and
/// lung, healthy organs otherwise, and the whole course from consent to infusion.
fn anybody(id: &'static str, sex: &'static str) -> Patient {
    Patient::new(id, sex, "1985-06-15")
        .with(milestone("consent", CONSENT))
        .with(milestone("screening", SCREENING))
        .with(milestone("enrolment", "2026-03-20"))
        .with(milestone("leukapheresis", "2026-03-24"))
        .with(milestone("ld_start", "2026-04-20T09:00"))
        .with(milestone("infusion", "2026-04-25"))
        .with(condition(DIFFUSE_SYSTEMIC_SCLEROSIS, "2023-05-11"))
        .with(value(CLASSIFICATION, EXAMINATION, "15", "{score}"))
        .changed(SKIN_SCORE, "18", "22", "{score}")
        // 16 % less, and 12 points: a fall in relative and in absolute terms.
        .changed(FVC_PREDICTED, "75", "63", "%")
        .changed(FVC, "2.60", "2.20", "L")
        .changed(DLCO_PREDICTED, "70", "58", "%")
        .with(result(HRCT, "2026-03-09", "abnormal"))
        .with(value(LVEF, "2026-03-09", "62", "%"))
        .measured(CREATININE, "0.9", "mg/dL")
        .measured(ANC, "3.2", "10*9/L")
        .measured(ALC, "1.1", "10*9/L")
        .measured(HEMOGLOBIN, "121", "g/L")
        .measured(PLATELETS, "230", "10*9/L")
        .measured_with_limit(ALT, "24", "U/L", "40")
        .measured_with_limit(AST, "26", "U/L", "40")
        .measured_with_limit(BILIRUBIN, "0.7", "mg/dL", "1.2")
        .measured_with_limit(INR, "1.00", "{INR}", "1.20")
        .measured_with_limit(PROTHROMBIN_TIME, "12.1", "s", "14.5")
        .with(
            treatment(MYCOPHENOLATE, "2024-01-15", "")
                .set("dose", "1")
                .set("unit", "g")
                .set("frequency", "twice daily"),
        )
        .with(
            treatment(PREDNISONE, "2024-01-15", "")
                .set("dose", "10")
                .set("unit", "mg")
                .set("frequency", "daily"),
        )
        .answers("no_lasting_response", "yes")
        .answers("venous_access", "yes")
        .answers("hrct_not_due_to_ssc", "no")
        .answers("needs_systemic_treatment", "no")
        .answers("severe_cognitive_dysfunction", "no")
        .answers("plans_pregnancy", "no")
        .answers("unsuitable", "no")
        .answers("signs_of_active_tuberculosis", "no")
        .with(answer("systemic_active_infection", "no", "2026-03-23"))
        .with(answer("I9a", "yes", "2026-03-20"))
}

/// A woman of 40 years who can become pregnant.
pub(super) fn woman(id: &'static str) -> Patient {
    anybody(id, "female")
        .with(value(WEIGHT, EXAMINATION, "60", "kg"))
        .with(value(HEIGHT, EXAMINATION, "165", "cm"))
        .with(negative_hcg(HCG_SCREENING))
        .with(negative_hcg(HCG_ENROLMENT))
        .with(negative_hcg(HCG_LD_START))
        .with(answer("childbearing_potential", "yes", CONSENT))
        .with(answer("partner_of_childbearing_potential", "no", CONSENT))
}

/// A woman of 40 years who cannot become pregnant, as the investigator says; she was not tested.
pub(super) fn woman_past_childbearing(id: &'static str) -> Patient {
    woman(id)
        .not_measured(SERUM_HCG)
        .only(answer("childbearing_potential", "no", CONSENT))
        .unanswered("I9a")
}

/// A man of 40 years whose partner can become pregnant.
pub(super) fn man(id: &'static str) -> Patient {
    anybody(id, "male")
        .with(value(WEIGHT, EXAMINATION, "78", "kg"))
        .with(value(HEIGHT, EXAMINATION, "178", "cm"))
        .with(answer("childbearing_potential", "no", CONSENT))
        .with(answer("partner_of_childbearing_potential", "yes", CONSENT))
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        woman("typical_woman")
            .met("I1", "the form was signed on 2 March")
            .met(
                "I8",
                "negative at screening and 25 hours before lymphodepletion",
            )
            .met("I9", "negative two days before enrolment; not lactating")
            .met("I9a", "promised on the day of enrolment")
            .not_applicable("E1", "no heart failure")
            .asked_at("consent")
            .met("I2", "40 years old")
            .asked_at("screening")
            .met("I8", "negative at screening; the second test is not due")
            .asked_at("enrolment")
            .met("I9", "negative two days before enrolment; not lactating")
            .asked_at("leukapheresis")
            .met("I5", "no infection")
            .asked_at("infusion")
            .met("I8", "nothing more is asked after lymphodepletion began"),
        man("typical_man_40_years")
            .not_applicable("I8", "a man")
            .not_applicable("I9b", "a man")
            .not_applicable("I9c", "a man")
            .met("I9a", "the partner can become pregnant; promised"),
        woman_past_childbearing("typical_woman_past_childbearing")
            .not_applicable("I8", "cannot become pregnant")
            .not_applicable("I9", "cannot become pregnant")
            .not_applicable(
                "I9a",
                "neither the participant nor a partner can become pregnant",
            ),
    ]
}
