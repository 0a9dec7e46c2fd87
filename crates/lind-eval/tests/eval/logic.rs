//! §1 Values of a condition; §7 guards.

use lind_model::protocol::{Quantifier, Sex};

use crate::build::*;
use crate::data::*;

/// Three judgements a, b, c.
fn three() -> (Build, Vec<lind_model::protocol::Condition>) {
    let mut build = Build::new();
    let parts = ["a", "b", "c"].map(|name| judged(build.judgement(name)));
    (build, parts.to_vec())
}

fn answers(answers: &[&str]) -> Data {
    ["a", "b", "c"]
        .iter()
        .zip(answers)
        .filter(|(_, answer)| !answer.is_empty())
        .fold(Data::new(), |data, (item, answer)| {
            data.answer(&format!("{item},{answer},2024-05-05"))
        })
}

#[test]
fn all_of_fails_with_one_failure_whatever_is_open() {
    let (mut build, parts) = three();
    build.inclusion("I1", all(parts));
    assert_eq!(outcome(&build, &answers(&["yes", "yes", "yes"])), MET);
    assert_eq!(outcome(&build, &answers(&["yes", "no", ""])), NOT_MET);
    assert_eq!(
        outcome(&build, &answers(&["yes", "", "yes"])),
        NEEDS_JUDGEMENT
    );
}

#[test]
fn none_of_is_the_negation_of_any_of() {
    for given in [
        ["yes", "no", "no"],
        ["no", "no", "no"],
        ["no", "", "no"],
        ["yes", "", ""],
    ] {
        let (mut build, parts) = three();
        build.inclusion("I1", any(parts.clone()));
        let of_any = outcome(&build, &answers(&given));
        let (mut build, _) = three();
        build.inclusion("I1", none(parts));
        let of_none = outcome(&build, &answers(&given));
        match truth(of_any) {
            Some(value) => assert_eq!(truth(of_none), Some(!value), "{given:?}"),
            None => assert_eq!(of_none, of_any, "{given:?}"),
        }
    }
}

#[test]
fn counts_have_the_open_parts_as_bounds() {
    let cases = [
        (Quantifier::AtLeast(2), ["yes", "yes", ""], MET),
        (Quantifier::AtLeast(2), ["yes", "no", ""], NEEDS_JUDGEMENT),
        (Quantifier::AtLeast(2), ["no", "no", ""], NOT_MET),
        (Quantifier::AtMost(1), ["yes", "no", "no"], MET),
        (Quantifier::AtMost(1), ["yes", "no", ""], NEEDS_JUDGEMENT),
        (Quantifier::AtMost(1), ["yes", "yes", ""], NOT_MET),
        (Quantifier::Exactly(1), ["yes", "no", "no"], MET),
        (Quantifier::Exactly(1), ["yes", "yes", ""], NOT_MET),
        (Quantifier::Exactly(1), ["yes", "no", ""], NEEDS_JUDGEMENT),
    ];
    for (quantifier, given, expected) in cases {
        let (mut build, parts) = three();
        build.inclusion("I1", list(quantifier, parts));
        assert_eq!(
            outcome(&build, &answers(&given)),
            expected,
            "{quantifier:?} {given:?}"
        );
    }
}

#[test]
fn what_does_not_apply_is_neutral_and_is_not_counted() {
    let (mut build, parts) = three();
    let of_men = guarded(guard(Some(Sex::Male), None), parts[0].clone());
    build.inclusion("I1", all(vec![of_men.clone(), parts[1].clone()]));
    assert_eq!(outcome(&build, &answers(&["no", "yes"])), MET);

    let (mut build, _) = three();
    build.inclusion(
        "I1",
        list(
            Quantifier::AtLeast(1),
            vec![of_men.clone(), parts[1].clone()],
        ),
    );
    assert_eq!(outcome(&build, &answers(&["yes", "no"])), NOT_MET);

    let (mut build, _) = three();
    build.inclusion("I1", all(vec![of_men]));
    assert_eq!(outcome(&build, &answers(&["no"])), NOT_APPLICABLE);
}

#[test]
fn missing_data_weigh_more_than_an_awaited_judgement() {
    let (mut build, parts) = three();
    let hemoglobin = build.hemoglobin();
    let low = value(hemoglobin, in_unit(at_least("90"), "g/L")).done();
    build.inclusion("I1", all(vec![parts[0].clone(), low]));
    assert_eq!(outcome(&build, &Data::new()), UNKNOWN);
}

#[test]
fn women_are_female_men_are_male_and_everything_else_is_open() {
    for (sex, of_women, of_men) in [
        ("female", MET, NOT_APPLICABLE),
        ("male", NOT_APPLICABLE, MET),
        ("other", UNKNOWN, UNKNOWN),
        ("unknown", UNKNOWN, UNKNOWN),
        ("", UNKNOWN, UNKNOWN),
    ] {
        for (wanted, expected) in [(Sex::Female, of_women), (Sex::Male, of_men)] {
            let (mut build, parts) = three();
            build.exclusion("E1", parts[0].clone()).guard = Some(guard(Some(wanted), None));
            let data = answers(&["yes"]).sex(sex);
            assert_eq!(outcome(&build, &data), expected, "{sex} {wanted:?}");
        }
    }
}

#[test]
fn the_further_condition_of_a_guard_is_joined_by_and() {
    let (mut build, parts) = three();
    build.inclusion("I1", parts[1].clone()).guard =
        Some(guard(Some(Sex::Female), Some(parts[0].clone())));
    assert_eq!(outcome(&build, &answers(&["yes", "no"])), NOT_MET);
    assert_eq!(outcome(&build, &answers(&["no", "no"])), NOT_APPLICABLE);
    assert_eq!(outcome(&build, &answers(&["", "no"])), NEEDS_JUDGEMENT);
    assert_eq!(
        outcome(&build, &answers(&["", "no"]).sex("male")),
        NOT_APPLICABLE
    );
}

#[test]
fn an_open_guard_does_not_matter_if_the_body_passes_anyway() {
    let unknown_sex = |given: &[&str]| answers(given).sex("");
    let (mut build, parts) = three();
    build.inclusion("I1", parts[0].clone()).guard = Some(guard(Some(Sex::Female), None));
    assert_eq!(outcome(&build, &unknown_sex(&["yes"])), MET);
    assert_eq!(outcome(&build, &unknown_sex(&["no"])), UNKNOWN);

    let (mut build, _) = three();
    build.exclusion("E1", parts[0].clone()).guard = Some(guard(Some(Sex::Female), None));
    assert_eq!(outcome(&build, &unknown_sex(&["no"])), NOT_MET);
    assert_eq!(outcome(&build, &unknown_sex(&["yes"])), UNKNOWN);
}

#[test]
fn an_open_guard_inside_does_not_matter_where_its_body_changes_nothing() {
    let women = |part: &lind_model::protocol::Condition| {
        guarded(guard(Some(Sex::Female), None), part.clone())
    };
    let unknown_sex = |given: &[&str]| answers(given).sex("");

    // True in `all of` of an inclusion.
    let (mut build, parts) = three();
    build.inclusion("I1", all(vec![women(&parts[0]), parts[1].clone()]));
    assert_eq!(outcome(&build, &unknown_sex(&["yes", "yes"])), MET);
    assert_eq!(outcome(&build, &unknown_sex(&["no", "yes"])), UNKNOWN);

    // In `any of` of an inclusion, true decides only if the guard holds.
    let (mut build, _) = three();
    build.inclusion("I1", any(vec![women(&parts[0]), parts[1].clone()]));
    assert_eq!(outcome(&build, &unknown_sex(&["yes", "no"])), UNKNOWN);
    assert_eq!(outcome(&build, &unknown_sex(&["no", "no"])), UNKNOWN);
    assert_eq!(outcome(&build, &unknown_sex(&["no", "yes"])), MET);

    // `none of` turns it over.
    let (mut build, _) = three();
    build.inclusion("I1", none(vec![women(&parts[0]), parts[1].clone()]));
    assert_eq!(outcome(&build, &unknown_sex(&["no", "no"])), MET);
    assert_eq!(outcome(&build, &unknown_sex(&["yes", "no"])), UNKNOWN);

    // False in `any of` of an exclusion.
    let (mut build, _) = three();
    build.exclusion("E1", any(vec![women(&parts[0]), parts[1].clone()]));
    assert_eq!(outcome(&build, &unknown_sex(&["no", "no"])), NOT_MET);
    assert_eq!(outcome(&build, &unknown_sex(&["yes", "no"])), UNKNOWN);

    // A definition hands on what it got.
    let (mut build, _) = three();
    let term = build.define("term", women(&parts[0]));
    let named = condition("term", lind_model::protocol::ConditionKind::Defined(term));
    build.inclusion("I1", all(vec![named, parts[1].clone()]));
    assert_eq!(outcome(&build, &unknown_sex(&["yes", "yes"])), MET);
}

#[test]
fn a_definition_that_is_used_twice_is_decided_once_and_alike() {
    let (mut build, parts) = three();
    let mut name = build.define("d0", parts[0].clone());
    // Without memory this would be decided 2^40 times.
    for level in 1..40 {
        let below = || condition("below", lind_model::protocol::ConditionKind::Defined(name));
        let both = all(vec![below(), below()]);
        name = build.define(&format!("d{level}"), both);
    }
    build.inclusion(
        "I1",
        condition("top", lind_model::protocol::ConditionKind::Defined(name)),
    );
    assert_eq!(outcome(&build, &answers(&["yes"])), MET);
    assert_eq!(outcome(&build, &answers(&["no"])), NOT_MET);
}

/// Runs on a stack of so many bytes.
fn on_a_stack_of<T: Send + 'static>(bytes: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new()
        .stack_size(bytes)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn a_long_chain_of_definitions_is_followed_without_deep_recursion() {
    // Lowering follows a chain by recursion; evaluation, which meets every patient, does not.
    let run = |answer: &'static str| {
        let run = on_a_stack_of(256 << 20, move || {
            let (mut build, parts) = three();
            let mut name = build.define("d0", parts[0].clone());
            for level in 1..5_000 {
                let below = condition("below", lind_model::protocol::ConditionKind::Defined(name));
                name = build.define(&format!("d{level}"), none(vec![below]));
            }
            build.inclusion(
                "I1",
                condition("top", lind_model::protocol::ConditionKind::Defined(name)),
            );
            Run::new(&build, &answers(&[answer]))
        });
        on_a_stack_of(1 << 20, move || run.outcome(SCREENING))
    };
    assert_eq!(run("yes"), NOT_MET);
    assert_eq!(run("no"), MET);
}
