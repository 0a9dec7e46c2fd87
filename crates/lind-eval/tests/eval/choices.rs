//! §7 Choices, what holds for missing data, overrides.

use lind_model::CriterionId;
use lind_model::protocol::{Case, Condition, ConditionKind, IfUnknown, Override};

use crate::build::*;
use crate::data::*;

/// Three judgements a, b, c.
fn three() -> (Build, [Condition; 3]) {
    let mut build = Build::new();
    let parts = ["a", "b", "c"].map(|name| judged(build.judgement(name)));
    (build, parts)
}

/// The answers to a, b and c; blank for none.
fn answers(given: [&str; 3]) -> Data {
    ["a", "b", "c"]
        .iter()
        .zip(given)
        .filter(|(_, answer)| !answer.is_empty())
        .fold(Data::new(), |data, (item, answer)| {
            data.answer(&format!("{item},{answer},2024-05-05"))
        })
}

fn case(when: Condition, then: Condition) -> Case {
    Case { when, then }
}

fn settled(met: bool) -> Condition {
    condition("settled", ConditionKind::Settled(met))
}

#[test]
fn the_first_condition_that_holds_decides() {
    let (mut build, [a, b, c]) = three();
    let rules = vec![case(a, settled(false)), case(b, settled(true))];
    build.inclusion("I1", choice(rules, Some(c)));
    assert_eq!(outcome(&build, &answers(["yes", "yes", "yes"])), NOT_MET);
    assert_eq!(outcome(&build, &answers(["no", "yes", "no"])), MET);
    assert_eq!(outcome(&build, &answers(["no", "no", "no"])), NOT_MET);
    assert_eq!(outcome(&build, &answers(["no", "no", "yes"])), MET);
}

#[test]
fn an_open_condition_does_not_matter_where_all_consequences_agree() {
    let (mut build, [a, b, c]) = three();
    let rules = vec![case(a, b)];
    build.inclusion("I1", choice(rules, Some(c)));
    assert_eq!(outcome(&build, &answers(["", "yes", "yes"])), MET);
    assert_eq!(outcome(&build, &answers(["", "no", "no"])), NOT_MET);
    assert_eq!(
        outcome(&build, &answers(["", "yes", "no"])),
        NEEDS_JUDGEMENT
    );
    assert_eq!(outcome(&build, &answers(["", "yes", ""])), NEEDS_JUDGEMENT);
}

#[test]
fn an_earlier_condition_that_is_open_leaves_a_later_one_that_holds_open() {
    let (mut build, [a, b, c]) = three();
    let rules = vec![case(a, settled(false)), case(b, settled(true))];
    build.inclusion("I1", choice(rules, Some(c)));
    assert_eq!(
        outcome(&build, &answers(["", "yes", "yes"])),
        NEEDS_JUDGEMENT
    );
}

/// `if a: b` as an inclusion and as an exclusion.
#[test]
fn of_whom_the_condition_does_not_hold_nothing_is_asked_in_either_list() {
    let (mut inclusion, [a, b, _]) = three();
    inclusion.inclusion("I1", choice(vec![case(a.clone(), b.clone())], None));
    let (mut exclusion, _) = three();
    exclusion.exclusion("E1", choice(vec![case(a, b)], None));
    for build in [&inclusion, &exclusion] {
        assert_eq!(outcome(build, &answers(["no", "yes", ""])), NOT_APPLICABLE);
        assert_eq!(outcome(build, &answers(["no", "no", ""])), NOT_APPLICABLE);
        assert_eq!(outcome(build, &answers(["yes", "yes", ""])), MET);
        assert_eq!(outcome(build, &answers(["yes", "no", ""])), NOT_MET);
    }
    // Whether the open condition holds does not matter to those who pass either way.
    assert_eq!(outcome(&inclusion, &answers(["", "yes", ""])), MET);
    assert_eq!(
        outcome(&inclusion, &answers(["", "no", ""])),
        NEEDS_JUDGEMENT
    );
    assert_eq!(outcome(&exclusion, &answers(["", "no", ""])), NOT_MET);
    assert_eq!(
        outcome(&exclusion, &answers(["", "yes", ""])),
        NEEDS_JUDGEMENT
    );
}

/// `hemoglobin >= 90 g/L unless a`: nobody is asked whose value is high enough.
#[test]
fn a_judgement_behind_unless_is_asked_only_where_it_can_decide() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let excused = judged(build.judgement("a"));
    let test = value(measure, in_unit(at_least("90"), "g/L")).done();
    build.inclusion("I1", choice(vec![case(excused, settled(true))], Some(test)));
    let high = Data::new().seen("hemoglobin,2024-05-02,95,g/L");
    let low = Data::new().seen("hemoglobin,2024-05-02,85,g/L");
    assert_eq!(outcome(&build, &high), MET);
    assert_eq!(outcome(&build, &low), NEEDS_JUDGEMENT);
    assert_eq!(outcome(&build, &low.answer("a,yes,2024-05-02")), MET);
    assert_eq!(
        outcome(&build, &Data::new().answer("a,yes,2024-05-02")),
        MET
    );
    assert_eq!(outcome(&build, &Data::new()), UNKNOWN);
}

#[test]
fn missing_data_count_as_is_laid_down_and_an_awaited_judgement_stays_open() {
    let rule = |condition_of: Condition, met: bool| {
        condition(
            "a rule",
            ConditionKind::IfUnknown(Box::new(IfUnknown {
                condition: condition_of,
                met,
                why: "it does not exclude".into(),
            })),
        )
    };
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let test = value(measure, in_unit(at_least("90"), "g/L")).done();
    build.inclusion("I1", rule(test, true));
    assert_eq!(outcome(&build, &Data::new()), MET);
    let low = Data::new().seen("hemoglobin,2024-05-02,85,g/L");
    assert_eq!(outcome(&build, &low), NOT_MET);
    assert_eq!(
        because(&build, &Data::new()),
        "counts as met: it does not exclude (no hemoglobin up to 2024-05-09)"
    );
    let (mut build, [a, ..]) = three();
    build.inclusion("I1", rule(a, true));
    assert_eq!(outcome(&build, &Data::new()), NEEDS_JUDGEMENT);
}

#[test]
fn an_override_stands_in_front_of_what_the_criterion_asks() {
    let (mut build, [a, b, _]) = three();
    build.inclusion("I1", b);
    build.protocol.overrides.push(Override {
        id: "O1".into(),
        title: "an override".into(),
        when: a,
        criteria: vec![CriterionId(0)],
        met: true,
        span: span(),
    });
    assert_eq!(outcome(&build, &answers(["yes", "no", ""])), MET);
    assert_eq!(outcome(&build, &answers(["no", "no", ""])), NOT_MET);
    assert_eq!(outcome(&build, &answers(["", "no", ""])), NEEDS_JUDGEMENT);
    assert_eq!(outcome(&build, &answers(["", "yes", ""])), MET);
}
