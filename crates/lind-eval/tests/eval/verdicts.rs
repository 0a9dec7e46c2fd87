//! §7 Other conditions; §8 Verdict.

use lind_model::protocol::{Comparison, ConditionKind, CriterionKind, FactTable, Interval, Sex};
use lind_model::{Effect, Outcome, Standing};

use crate::build::*;
use crate::data::*;

// ------------------------------------------------------------------ judged

fn unsuitable(data: &Data) -> Outcome {
    let mut build = Build::new();
    let judgement = build.judgement("unsuitable");
    build.exclusion("E14", judged(judgement));
    outcome(&build, data)
}

#[test]
fn an_answer_decides_and_none_awaits_a_person() {
    assert_eq!(
        unsuitable(&Data::new().answer("unsuitable,yes,2024-05-02")),
        MET
    );
    assert_eq!(
        unsuitable(&Data::new().answer("unsuitable,no,2024-05-02")),
        NOT_MET
    );
    assert_eq!(unsuitable(&Data::new()), NEEDS_JUDGEMENT);
    assert_eq!(
        unsuitable(&Data::new().without("attestations")),
        NEEDS_JUDGEMENT
    );
}

#[test]
fn the_latest_answer_that_is_known_by_the_gate_counts() {
    let two = |first: &str, second: &str| {
        let data = Data::new()
            .answer(&format!("unsuitable,yes,{first}"))
            .answer(&format!("unsuitable,no,{second}"));
        unsuitable(&data)
    };
    assert_eq!(two("2024-05-01", "2024-05-02"), NOT_MET);
    assert_eq!(two("2024-05-02", "2024-05-01"), MET);
    assert_eq!(two("2024-05-01", "2024-05-10"), MET);
    assert_eq!(two("2024-05-02", "2024-05-02"), UNKNOWN);
    assert_eq!(
        unsuitable(&Data::new().answer("unsuitable,no,2024-05-10")),
        NEEDS_JUDGEMENT
    );
}

#[test]
fn an_answer_whose_time_may_lie_after_the_gate_is_a_maybe() {
    assert_eq!(
        unsuitable(&Data::new().answer("unsuitable,no,2024-05")),
        UNKNOWN
    );
    let agreed = Data::new()
        .answer("unsuitable,no,2024-05-01")
        .answer("unsuitable,no,2024-05");
    assert_eq!(unsuitable(&agreed), NOT_MET);
    let contradicted = Data::new()
        .answer("unsuitable,no,2024-05-01")
        .answer("unsuitable,yes,2024-05");
    assert_eq!(unsuitable(&contradicted), UNKNOWN);
}

#[test]
fn an_answer_without_a_time_counts_as_known() {
    assert_eq!(unsuitable(&Data::new().answer("unsuitable,no")), NOT_MET);
    let and_another = Data::new()
        .answer("unsuitable,no")
        .answer("unsuitable,yes,2024-05-01");
    assert_eq!(unsuitable(&and_another), UNKNOWN);
}

#[test]
fn an_answer_that_was_set_aside_is_superseded_by_a_sure_later_one() {
    let garbled = |time: &str| Data::new().answer(&format!("unsuitable,perhaps,{time}"));
    assert_eq!(unsuitable(&garbled("2024-05-01")), UNKNOWN);
    assert_eq!(
        unsuitable(&garbled("2024-05-01").answer("unsuitable,no,2024-05-02")),
        NOT_MET
    );
    assert_eq!(
        unsuitable(&garbled("2024-05-03").answer("unsuitable,no,2024-05-02")),
        UNKNOWN
    );
}

// ------------------------------------------------------------------ commitments

#[test]
fn a_commitment_is_attested_under_its_own_number_by_its_first_milestone() {
    let mut build = Build::new();
    build.commitment("I9a", ENROLMENT);
    let enrolled = Data::new().row("milestones", "enrolment,2024-06-01");
    let at_enrolment = |data: &Data| Run::new(&build, data).outcome(ENROLMENT);
    assert_eq!(
        at_enrolment(&enrolled.clone().answer("I9a,yes,2024-06-01")),
        MET
    );
    assert_eq!(
        at_enrolment(&enrolled.clone().answer("I9a,no,2024-06-01")),
        NOT_MET
    );
    assert_eq!(
        at_enrolment(&enrolled.clone().answer("I9a,yes,2024-06-02")),
        NEEDS_JUDGEMENT
    );
    assert_eq!(at_enrolment(&enrolled), NEEDS_JUDGEMENT);
    let refused = Run::new(&build, &enrolled.answer("I9a,no,2024-06-01"));
    assert_eq!(refused.standing(ENROLMENT), Standing::Ineligible);
}

// ------------------------------------------------------------------ happened

#[test]
fn a_milestone_has_taken_place_if_it_is_known_by_the_gate() {
    let mut build = Build::new();
    build.inclusion(
        "I1",
        condition(
            "consent has taken place",
            ConditionKind::Happened(CONSENT, None),
        ),
    );
    let consent = |times: &[&str]| {
        let mut data = Data::new();
        data.rows.remove(0);
        let data = times.iter().fold(data, |data, time| {
            data.row("milestones", &format!("consent,{time}"))
        });
        outcome(&build, &data)
    };
    assert_eq!(consent(&["2024-05-01"]), MET);
    assert_eq!(consent(&["2024-05-09"]), MET);
    assert_eq!(consent(&["2024-05-10"]), PENDING);
    assert_eq!(consent(&["2024-05"]), UNKNOWN);
    assert_eq!(consent(&[]), PENDING);
    assert_eq!(consent(&["2024-05-01", "2024-05-02"]), UNKNOWN);
}

// ------------------------------------------------------------------ age

/// 18 to 65 years at consent, 2024-05-01.
fn adult(data: &Data) -> Outcome {
    let mut build = Build::new();
    build.inclusion("I2", age(between("18", "65"))).gate = Some(CONSENT);
    Run::new(&build, data).outcome(CONSENT)
}

#[test]
fn age_is_counted_in_completed_calendar_years() {
    let born = |birth: &str| adult(&Data::new().born(birth));
    assert_eq!(born("2006-05-01"), MET);
    assert_eq!(born("2006-05-02"), NOT_MET);
    assert_eq!(born("1958-05-01"), NOT_MET);
    assert_eq!(born("1958-05-02"), MET);
}

#[test]
fn a_person_born_on_29_february_is_a_year_older_on_1_march() {
    let mut build = Build::new();
    build.inclusion("I2", age(at_least("18")));
    let on = |day: &str| outcome(&build, &Data::screened(day).born("2004-02-29"));
    assert_eq!(on("2022-02-28"), NOT_MET);
    assert_eq!(on("2022-03-01"), MET);
}

#[test]
fn an_age_that_is_not_certain_must_agree_and_a_missing_birth_date_is_unknown() {
    let born = |birth: &str| adult(&Data::new().born(birth));
    assert_eq!(born("2006"), UNKNOWN);
    assert_eq!(born("1990"), MET);
    assert_eq!(born("2007"), NOT_MET);
    assert_eq!(born("2006-05"), UNKNOWN);
    assert_eq!(born(""), UNKNOWN);
    // Born after the gate: the dates contradict each other.
    assert_eq!(born("2024-05-02"), UNKNOWN);
}

#[test]
fn age_at_a_milestone_that_has_not_been_reached_is_pending() {
    let mut build = Build::new();
    let at_enrolment = ConditionKind::Age {
        at: Some(ENROLMENT),
        interval: at_least("18"),
    };
    build.inclusion("I2", condition("age at enrolment", at_enrolment));
    assert_eq!(outcome(&build, &Data::new()), PENDING);
    // A missing date of birth can be chased at once.
    assert_eq!(outcome(&build, &Data::new().born("")), UNKNOWN);
    assert_eq!(
        outcome(
            &build,
            &Data::new().row("milestones", "enrolment,2024-05-09")
        ),
        MET
    );
}

#[test]
fn an_age_between_two_whole_years_is_no_age() {
    let mut build = Build::new();
    let interval = Interval {
        low: Some((exact("44"), false)),
        high: Some((exact("45"), false)),
    };
    build.inclusion("I2", age(interval));
    assert_eq!(outcome(&build, &Data::new().born("1979")), NOT_MET);
}

// ------------------------------------------------------------------ stages

/// hCG negative at screening and again at infusion, for women.
fn staged() -> Build {
    let mut build = Build::new();
    let hcg = build.coded("hcg", &["positive", "negative"]);
    let test = |gate| {
        let negative = value(hcg, results(&["negative"])).within(days_before(gate, 2));
        at(gate, negative.done())
    };
    let criterion = build.criterion(
        "I8",
        CriterionKind::Inclusion,
        vec![test(SCREENING), test(INFUSION)],
    );
    criterion.gate = None;
    criterion.guard = Some(guard(Some(Sex::Female), None));
    build
}

fn hcg(row: &str) -> Data {
    Data::new().seen(&format!("hcg,{row}"))
}

#[test]
fn a_stage_is_due_if_its_gate_is_not_later_than_the_asked_one() {
    let run = Run::new(&staged(), &hcg("2024-05-08,,,,,,negative"));
    assert_eq!(run.outcome(SCREENING), MET);
    assert_eq!(run.outcome(ENROLMENT), MET);
    assert_eq!(run.outcome(INFUSION), PENDING);
    assert_eq!(run.outcome(CONSENT), PENDING);
    assert!(!run.verdict(CONSENT).criteria[0].due);
    assert!(run.verdict(INFUSION).criteria[0].due);
    assert_eq!(run.reason(CONSENT), "not due before screening or infusion");
    assert_eq!(run.reason(INFUSION), "infusion has not been reached");
}

#[test]
fn every_stage_is_evaluated_at_its_own_gates_time() {
    let infused = hcg("2024-05-08,,,,,,negative").row("milestones", "infusion,2024-06-20");
    let at_infusion = |data: &Data| Run::new(&staged(), data).outcome(INFUSION);
    assert_eq!(at_infusion(&infused), UNKNOWN);
    assert_eq!(
        at_infusion(&infused.clone().seen("hcg,2024-06-19,,,,,,negative")),
        MET
    );
    assert_eq!(
        at_infusion(&infused.clone().seen("hcg,2024-06-19,,,,,,positive")),
        NOT_MET
    );
    // What was decided at screening is not decided again with later data.
    let later = infused.seen("hcg,2024-06-19,,,,,,negative");
    let mut build = Build::new();
    let any_hcg = build.coded("hcg", &["positive", "negative"]);
    build.inclusion("I1", value(any_hcg, results(&["negative"])).done());
    let positive_later = later.seen("hcg,2024-06-20,,,,,,positive");
    assert_eq!(Run::new(&build, &positive_later).outcome(INFUSION), MET);
}

#[test]
fn an_exclusion_excludes_by_any_of_its_stages() {
    let mut build = staged();
    build.protocol.criteria[0].kind = CriterionKind::Exclusion;
    let at_infusion = |data: &Data| Run::new(&build, data).outcome(INFUSION);
    // Excluded is who is negative at either.
    assert_eq!(at_infusion(&hcg("2024-05-08,,,,,,negative")), MET);
    assert_eq!(at_infusion(&hcg("2024-05-08,,,,,,positive")), PENDING);
}

#[test]
fn the_sex_of_a_guard_is_decided_even_if_the_gate_has_not_been_reached() {
    let man = hcg("2024-05-08,,,,,,negative").sex("male");
    let run = Run::new(&staged(), &man);
    assert_eq!(run.outcome(SCREENING), NOT_APPLICABLE);
    assert_eq!(run.outcome(INFUSION), NOT_APPLICABLE);
    assert_eq!(run.reason(SCREENING), "the patient is male");
    // A further condition is open like the stage.
    let mut build = staged();
    let judgement = build.judgement("of_childbearing_potential");
    build.protocol.criteria[0].guard = Some(guard(None, Some(judged(judgement))));
    let answered =
        hcg("2024-05-08,,,,,,negative").answer("of_childbearing_potential,no,2024-05-08");
    let run = Run::new(&build, &answered);
    assert_eq!(run.outcome(SCREENING), NOT_APPLICABLE);
    assert_eq!(run.outcome(INFUSION), PENDING);
}

#[test]
fn the_guard_is_evaluated_at_each_stages_gate() {
    let mut build = staged();
    let judgement = build.judgement("of_childbearing_potential");
    build.protocol.criteria[0].guard = Some(guard(None, Some(judged(judgement))));
    let data = hcg("2024-05-08,,,,,,positive")
        .seen("hcg,2024-06-19,,,,,,negative")
        .row("milestones", "infusion,2024-06-20")
        .answer("of_childbearing_potential,no,2024-05-08")
        .answer("of_childbearing_potential,yes,2024-06-01");
    let run = Run::new(&build, &data);
    assert_eq!(run.outcome(SCREENING), NOT_APPLICABLE);
    assert_eq!(run.outcome(INFUSION), MET);
}

#[test]
fn a_contradictory_gate_makes_its_stage_unknown() {
    let data = hcg("2024-05-08,,,,,,negative")
        .row("milestones", "infusion,2024-06-20")
        .row("milestones", "infusion,2024-06-21");
    assert_eq!(Run::new(&staged(), &data).outcome(INFUSION), UNKNOWN);
}

// ------------------------------------------------------------------ standing

/// One inclusion and one exclusion, each judged, and one that is due at infusion.
fn three_criteria() -> Build {
    let mut build = Build::new();
    let fit = build.judgement("fit");
    let unsuitable = build.judgement("unsuitable");
    let later = build.judgement("later");
    build.inclusion("I1", judged(fit));
    build.exclusion("E1", judged(unsuitable));
    build.inclusion("I2", judged(later)).gate = Some(INFUSION);
    build
}

#[test]
fn one_definite_failure_decides_else_one_open_criterion_keeps_it_open() {
    let standing = |fit: &str, unsuitable: &str| {
        let mut data = Data::new();
        for (item, answer) in [("fit", fit), ("unsuitable", unsuitable)] {
            if !answer.is_empty() {
                data = data.answer(&format!("{item},{answer},2024-05-02"));
            }
        }
        Run::new(&three_criteria(), &data).standing(SCREENING)
    };
    assert_eq!(standing("yes", "no"), Standing::Eligible);
    assert_eq!(standing("no", ""), Standing::Ineligible);
    assert_eq!(standing("", "yes"), Standing::Ineligible);
    assert_eq!(standing("yes", ""), Standing::Undetermined);
    assert_eq!(standing("", "no"), Standing::Undetermined);
}

#[test]
fn a_criterion_without_a_due_stage_is_pending_marked_and_does_not_count() {
    let data = Data::new()
        .answer("fit,yes,2024-05-02")
        .answer("unsuitable,no,2024-05-02");
    let verdict = Run::new(&three_criteria(), &data).verdict(SCREENING);
    assert_eq!(verdict.criteria[2].outcome, PENDING);
    assert_eq!(verdict.criteria[2].effect, Effect::Open);
    assert!(!verdict.criteria[2].due);
    assert_eq!(verdict.standing, Standing::Eligible);
    let asked_later = Run::new(&three_criteria(), &data).verdict(INFUSION);
    assert_eq!(asked_later.standing, Standing::Undetermined);
}

#[test]
fn an_exclusion_states_the_excluded_state() {
    let data = Data::new()
        .answer("fit,yes,2024-05-02")
        .answer("unsuitable,yes,2024-05-02");
    let verdict = Run::new(&three_criteria(), &data).verdict(SCREENING);
    assert_eq!(verdict.criteria[0].effect, Effect::Pass);
    assert_eq!(verdict.criteria[1].outcome, MET);
    assert_eq!(verdict.criteria[1].effect, Effect::Fail);
}

// ------------------------------------------------------------------ the trial's own boundary cases

#[test]
fn nyha_iii_and_an_ejection_fraction_of_55_are_not_excluded() {
    let mut build = Build::new();
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    let failure = build.set(FactTable::Conditions, "heart_failure");
    let iv = value(nyha, lind_model::protocol::Test::Levels(vec![3])).done();
    build.exclusion("E1", iv).guard = Some(guard(
        None,
        Some(now(FactTable::Conditions, failure).done()),
    ));
    let lvef = build.quantity("lvef", lind_units::Kind::VFr, "%", Some(("5", "90")));
    build.inclusion("I7e", value(lvef, in_unit(at_least("55"), "%")).done());
    let fvc = build.quantity("fvc_predicted", lind_units::Kind::VFr, "%", None);
    build.exclusion("E2", value(fvc, in_unit(below("45"), "%")).done());
    let data = Data::new()
        .condition("heart_failure,2020")
        .seen("nyha,2024-05-02,,,,,,III")
        .seen("lvef,2024-05-02,55,%")
        .seen("fvc_predicted,2024-05-02,45.0,%");
    let run = Run::new(&build, &data);
    assert_eq!(run.standing(SCREENING), Standing::Eligible);
    // 0.55 as a fraction is 55 %.
    let fraction = Data::new().seen("lvef,2024-05-02,0.55,1");
    assert_eq!(
        Run::new(&build, &fraction).verdict(SCREENING).criteria[1].outcome,
        MET
    );
    let less = Data::new()
        .seen("lvef,2024-05-02,54.9,%")
        .seen("fvc_predicted,2024-05-02,44.9,%");
    let verdict = Run::new(&build, &less).verdict(SCREENING);
    assert_eq!(verdict.criteria[1].outcome, NOT_MET);
    assert_eq!(verdict.criteria[2].outcome, MET);
    // Without heart failure NYHA does not apply.
    assert_eq!(verdict.criteria[0].outcome, NOT_APPLICABLE);
}

#[test]
fn the_scopes_of_the_malignancy_criterion_decide_its_patients() {
    // In situ: cervix; disease-free for more than 2 years: breast (a-x).
    let mut build = Build::new();
    let sets = [
        (
            "malignancy",
            vec!["icd10|C*", "icd10|D05*", "icd10|D06*", "icd10|D09.0"],
        ),
        ("skin", vec!["icd10|C44*"]),
        ("cervix_in_situ", vec!["icd10|D06*"]),
        ("bladder", vec!["icd10|C67*", "icd10|D09.0"]),
        ("breast", vec!["icd10|C50*", "icd10|D05*"]),
    ]
    .map(|(name, codes)| build.set_of(FactTable::Conditions, name, &codes));
    let two_years = Some((Comparison::MoreThan, lind_time::Offset::years(2)));
    let fact = ever(FactTable::Conditions, sets[0])
        .except(sets[1], None)
        .except(sets[2], None)
        .except(sets[3], None)
        .except(sets[4], two_years);
    build.exclusion("E9", fact.done());
    for (row, expected) in [
        ("icd10|C44.1,2024-03-01,2024-04-09", NOT_MET),
        ("icd10|D06.9,2023-06-01,2023-11-09", NOT_MET),
        ("icd10|C67.9,2020-01-01,2023-11-09", NOT_MET),
        ("icd10|D09.0,2018-01-01,2021-05-01", NOT_MET),
        ("icd10|C50.9,2018-01-01,2021-05-01", NOT_MET),
        ("icd10|D05.1,2023-01-01,2023-11-09", MET),
        ("icd10|C18.9,2003-01-01,2004-05-01", MET),
    ] {
        assert_eq!(
            outcome(&build, &Data::new().condition(row)),
            expected,
            "{row}"
        );
    }
}
