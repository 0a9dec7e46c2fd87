//! §4 Formulas.

use lind_model::protocol::{Arithmetic, FormulaInput, Selector, Sex};
use lind_model::{FormulaId, Outcome};
use lind_units::{Analyte, Kind};

use crate::build::*;
use crate::data::*;

use Arithmetic::{Divide, Greater, Input, Multiply, Number, Smaller, Subtract};

fn number(text: &str) -> Arithmetic {
    Number(exact(text))
}

fn times(a: Arithmetic, b: Arithmetic) -> Arithmetic {
    Multiply(Box::new(a), Box::new(b))
}

fn over(a: Arithmetic, b: Arithmetic) -> Arithmetic {
    Divide(Box::new(a), Box::new(b))
}

/// Cockcroft and Gault: inputs are age, weight in kg, creatinine in mg/dL.
fn cockcroft_gault(build: &mut Build) -> FormulaId {
    let weight = build.quantity("weight", Kind::Mass, "kg", Some(("2", "400")));
    let creatinine = build.quantity_of(
        "creatinine",
        Kind::MCnc,
        "mg/dL",
        Some(("0.1", "40")),
        Analyte {
            molar_mass: Some(exact("113.12")),
            ..Analyte::default()
        },
    );
    let man = || {
        over(
            times(
                Subtract(Box::new(number("140")), Box::new(Input(0))),
                Input(1),
            ),
            times(number("72"), Input(2)),
        )
    };
    build.formula(
        "creatinine_clearance",
        shape(Kind::VRat, "mL/min", Some(("1", "300")), Analyte::default()),
        vec![
            FormulaInput::Age,
            FormulaInput::Measure {
                measure: weight,
                unit: unit("kg"),
            },
            FormulaInput::Measure {
                measure: creatinine,
                unit: unit("mg/dL"),
            },
        ],
        vec![
            (Some(Sex::Female), times(man(), number("0.85"))),
            (None, man()),
        ],
    )
}

/// Creatinine clearance of at least so many mL/min.
fn clearance(limit: &str) -> Build {
    let mut build = Build::new();
    let formula = cockcroft_gault(&mut build);
    build.inclusion(
        "I7a",
        computed(formula, in_unit(at_least(limit), "mL/min")).done(),
    );
    build
}

fn person(sex: &str, birth: &str, weight: &str, creatinine: &str) -> Data {
    Data::new()
        .sex(sex)
        .born(birth)
        .seen(&format!("weight,2024-05-02,{weight}"))
        .seen(&format!("creatinine,2024-05-02,{creatinine}"))
}

fn decided(limit: &str, data: &Data) -> Outcome {
    outcome(&clearance(limit), data)
}

#[test]
fn published_examples_come_out() {
    // A man of 65, 70 kg, 1.4 mg/dL: 52.08.
    let man = person("male", "1959-01-01", "70,kg", "1.4,mg/dL");
    assert_eq!(decided("52.08", &man), MET);
    assert_eq!(decided("52.09", &man), NOT_MET);
    // A woman of 45, 65 kg, 0.9 mg/dL: 81.00 to two places, and less than 81.
    let woman = person("female", "1979-01-01", "65,kg", "0.9,mg/dL");
    assert_eq!(decided("80.999", &woman), MET);
    assert_eq!(decided("81", &woman), NOT_MET);
    // A man of 70, 75 kg, 110 umol/L: 58.60 by the molar mass, 58.70 with the rounded factor 1.23.
    let man = person("male", "1954-01-01", "75,kg", "110,umol/L");
    assert_eq!(decided("58.59", &man), MET);
    assert_eq!(decided("58.70", &man), NOT_MET);
}

#[test]
fn a_woman_of_40_with_125_umol_per_litre_has_50_1_and_not_49_9() {
    // The rounded factor 1.04 gives 49.92; the exact conversion 50.1.
    let woman = person("female", "1984-01-01", "60,kg", "125,umol/L");
    assert_eq!(decided("50", &woman), MET);
    assert_eq!(decided("50.2", &woman), NOT_MET);
    assert!(
        because(&clearance("50"), &woman).starts_with("creatinine clearance 50.0"),
        "{}",
        because(&clearance("50"), &woman)
    );
}

#[test]
fn nothing_is_rounded_before_the_comparison() {
    // (140 - 40) x 72 / (72 x 2) = 50 exactly.
    let man = person("male", "1984-01-01", "72,kg", "2,mg/dL");
    assert_eq!(decided("50", &man), MET);
    assert_eq!(decided("50.0000000000000000000001", &man), NOT_MET);
    let a_little_less = person("male", "1984-01-01", "71.9999999999999999,kg", "2,mg/dL");
    assert_eq!(decided("50", &a_little_less), NOT_MET);
}

#[test]
fn the_limit_may_stand_in_another_unit() {
    let mut build = Build::new();
    let formula = cockcroft_gault(&mut build);
    build.inclusion(
        "I1",
        computed(formula, in_unit(at_least("3"), "L/h")).done(),
    );
    assert_eq!(
        outcome(&build, &person("male", "1984-01-01", "72,kg", "2,mg/dL")),
        MET
    );
}

#[test]
fn an_input_that_is_missing_imprecise_or_ambiguous_makes_the_result_unknown() {
    let sound = || person("male", "1984-01-01", "72,kg", "2,mg/dL");
    let only_weight = Data::new()
        .sex("male")
        .born("1984-01-01")
        .seen("weight,2024-05-02,72,kg");
    assert_eq!(decided("10", &only_weight), UNKNOWN);
    assert_eq!(
        because(&clearance("10"), &only_weight),
        "no creatinine up to 2024-05-09, so creatinine clearance cannot be computed"
    );
    assert_eq!(decided("10", &sound().born("")), UNKNOWN);
    assert_eq!(
        because(&clearance("10"), &sound().born("")),
        "the date of birth is not recorded, so creatinine clearance cannot be computed"
    );
    let below = only_weight.clone().seen("creatinine,2024-05-02,2,mg/dL,<");
    assert_eq!(decided("10", &below), UNKNOWN);
    let two = sound().seen("creatinine,2024-05-02,1.9,mg/dL");
    assert_eq!(decided("10", &two), UNKNOWN);
    // The same amount in another unit is the same number.
    let same = sound().seen("creatinine,2024-05-02,0.02,g/L");
    assert_eq!(decided("10", &same), MET);
    // Implausible, without a unit, set aside, perhaps after the gate.
    for creatinine in [
        "2024-05-02,200,mg/dL",
        "2024-05-02,2",
        "2024-05-02,2;0,mg/dL",
        "2024-05,2,mg/dL",
    ] {
        let data = only_weight
            .clone()
            .seen(&format!("creatinine,{creatinine}"));
        assert_eq!(decided("10", &data), UNKNOWN, "{creatinine}");
    }
}

#[test]
fn the_inputs_are_the_latest_or_the_first_values() {
    let data =
        person("male", "1984-01-01", "72,kg", "2,mg/dL").seen("creatinine,2024-05-05,1,mg/dL");
    assert_eq!(decided("100", &data), MET);
    let by = |selector: Selector| {
        let mut build = Build::new();
        let formula = cockcroft_gault(&mut build);
        let test = computed(formula, in_unit(at_least("100"), "mL/min")).take(selector);
        build.inclusion("I1", test.done());
        outcome(&build, &data)
    };
    assert_eq!(by(Selector::First), NOT_MET);
    // Every other selector uses the latest.
    assert_eq!(by(Selector::Any), MET);
    assert_eq!(by(Selector::Lowest), MET);
}

#[test]
fn the_inputs_lie_in_the_window_of_the_test() {
    let mut build = Build::new();
    let formula = cockcroft_gault(&mut build);
    let test =
        computed(formula, in_unit(at_least("10"), "mL/min")).within(days_before(SCREENING, 3));
    build.inclusion("I1", test.done());
    assert_eq!(
        outcome(&build, &person("male", "1984-01-01", "72,kg", "2,mg/dL")),
        UNKNOWN
    );
}

#[test]
fn age_is_counted_at_the_gate_and_both_ages_must_agree() {
    // Born in 1984: 39 or 40 on 2024-05-09. At 40 it is exactly 50, at 39 it is 50.5.
    let man = |birth: &str| person("male", birth, "72,kg", "2,mg/dL");
    assert_eq!(decided("50", &man("1984")), MET);
    assert_eq!(decided("50.1", &man("1984")), UNKNOWN);
    assert_eq!(decided("50.6", &man("1984")), NOT_MET);
    assert_eq!(decided("50.1", &man("1984-05-10")), MET);
    assert_eq!(decided("50.1", &man("1984-05-09")), NOT_MET);
}

#[test]
fn sex_decides_the_case_and_an_unknown_sex_makes_all_apply() {
    // 50 for a man, 42.5 for a woman.
    for sex in ["", "unknown", "other"] {
        let person = person(sex, "1984-01-01", "72,kg", "2,mg/dL");
        assert_eq!(decided("42.5", &person), MET, "{sex}");
        assert_eq!(decided("45", &person), UNKNOWN, "{sex}");
        assert_eq!(decided("50.1", &person), NOT_MET, "{sex}");
    }
    assert_eq!(
        decided("45", &person("male", "1984-01-01", "72,kg", "2,mg/dL")),
        MET
    );
    assert_eq!(
        decided("45", &person("female", "1984-01-01", "72,kg", "2,mg/dL")),
        NOT_MET
    );
}

/// A formula of one input `x` in mg/L, by some arithmetic.
fn of_x(value: Arithmetic) -> Build {
    let mut build = Build::new();
    let x = build.quantity("x", Kind::MCnc, "mg/L", None);
    let input = FormulaInput::Measure {
        measure: x,
        unit: unit("mg/L"),
    };
    let result = shape(
        Kind::MCnc,
        "mg/L",
        Some(("-1000", "1000")),
        Analyte::default(),
    );
    let formula = build.formula("f", result, vec![input], vec![(None, value)]);
    build.inclusion(
        "I1",
        computed(formula, in_unit(between("4", "6"), "mg/L")).done(),
    );
    build
}

#[test]
fn division_by_zero_is_unknown() {
    let build = of_x(over(number("10"), Input(0)));
    assert_eq!(
        outcome(&build, &Data::new().seen("x,2024-05-02,2,mg/L")),
        MET
    );
    assert_eq!(
        outcome(&build, &Data::new().seen("x,2024-05-02,0,mg/L")),
        UNKNOWN
    );
}

#[test]
fn a_result_outside_the_plausible_range_of_the_formula_is_unknown() {
    let build = of_x(times(Input(0), number("100")));
    assert_eq!(
        outcome(&build, &Data::new().seen("x,2024-05-02,0.05,mg/L")),
        MET
    );
    assert_eq!(
        outcome(&build, &Data::new().seen("x,2024-05-02,10,mg/L")),
        NOT_MET
    );
    assert_eq!(
        outcome(&build, &Data::new().seen("x,2024-05-02,10.1,mg/L")),
        UNKNOWN
    );
}

#[test]
fn the_smaller_and_the_greater_of_two() {
    let least = of_x(Smaller(Box::new(Input(0)), Box::new(number("5"))));
    let most = of_x(Greater(Box::new(Input(0)), Box::new(number("5"))));
    let sum = of_x(Arithmetic::Add(Box::new(Input(0)), Box::new(number("3"))));
    let of = |build: &Build, x: &str| {
        outcome(build, &Data::new().seen(&format!("x,2024-05-02,{x},mg/L")))
    };
    assert_eq!((of(&least, "9"), of(&least, "1")), (MET, NOT_MET));
    assert_eq!((of(&most, "9"), of(&most, "1")), (NOT_MET, MET));
    assert_eq!((of(&sum, "2"), of(&sum, "9")), (MET, NOT_MET));
}

#[test]
fn a_recorded_result_stands_in_only_if_an_input_is_missing_altogether() {
    let recorded = |data: Data| data.seen("test|creatinine_clearance,2024-05-02,55,mL/min");
    let without_creatinine = || {
        Data::new()
            .sex("male")
            .born("1984-01-01")
            .seen("weight,2024-05-02,72,kg")
    };
    assert_eq!(decided("50", &recorded(without_creatinine())), MET);
    assert_eq!(decided("60", &recorded(without_creatinine())), NOT_MET);
    assert_eq!(
        because(&clearance("60"), &recorded(without_creatinine())),
        "creatinine clearance 55 mL/min on 2024-05-02 is below 60 mL/min (as recorded, creatinine is missing)"
    );
    // What can be computed is computed.
    let sound = person("male", "1984-01-01", "72,kg", "2,mg/dL");
    assert_eq!(decided("52", &recorded(sound)), NOT_MET);
    // An input that may be there is not missing.
    let perhaps = without_creatinine().seen("creatinine,2024-05,2,mg/dL");
    assert_eq!(decided("50", &recorded(perhaps)), UNKNOWN);
    let imprecise = without_creatinine().seen("creatinine,2024-05-02,2,mg/dL,<");
    assert_eq!(decided("50", &recorded(imprecise)), UNKNOWN);
    let lost = without_creatinine().seen("creatinine,2024-05-02,2;0,mg/dL");
    assert_eq!(decided("50", &recorded(lost)), UNKNOWN);
    // No date of birth is a missing input too.
    let unborn = person("male", "", "72,kg", "2,mg/dL");
    assert_eq!(decided("50", &recorded(unborn)), MET);
    // One missing altogether is enough, whatever the others are.
    let neither = Data::new()
        .sex("male")
        .born("1984-01-01")
        .seen("weight,2024-05,72,kg");
    assert_eq!(decided("50", &recorded(neither)), MET);
}

#[test]
fn a_recorded_result_is_taken_by_the_selector_of_the_inputs_and_tested_like_a_measure() {
    let mut build = Build::new();
    let formula = cockcroft_gault(&mut build);
    let test = computed(formula, in_unit(at_least("50"), "mL/min")).take(Selector::First);
    build.inclusion("I1", test.done());
    let data = Data::new()
        .seen("creatinine_clearance,2024-05-02,45,mL/min")
        .seen("creatinine_clearance,2024-05-05,55,mL/min");
    assert_eq!(outcome(&build, &data), NOT_MET);
    assert_eq!(decided("50", &data), MET);
    // With a comparator, and outside the plausible range.
    assert_eq!(
        decided(
            "50",
            &Data::new().seen("creatinine_clearance,2024-05-02,60,mL/min,>")
        ),
        MET
    );
    assert_eq!(
        decided(
            "50",
            &Data::new().seen("creatinine_clearance,2024-05-02,999,mL/min")
        ),
        UNKNOWN
    );
}

#[test]
fn roots_and_powers_are_exact_where_they_are_fractions_and_enclosed_elsewhere() {
    let power = |exponent: &str| {
        of_x(Arithmetic::Power(
            Box::new(Input(0)),
            Box::new(number(exponent)),
        ))
    };
    let of = |build: &Build, x: &str| {
        outcome(build, &Data::new().seen(&format!("x,2024-05-02,{x},mg/L")))
    };
    // The limits are 4 and 6, both included.
    let root = power("0.5");
    assert_eq!((of(&root, "16"), of(&root, "36")), (MET, MET));
    assert_eq!(of(&root, "15.9999999999999999999999999"), NOT_MET);
    assert_eq!(of(&root, "17"), MET);
    assert_eq!(of(&root, "36.0000000000000000000000001"), NOT_MET);
    assert_eq!(of(&root, "-16"), UNKNOWN);
    assert_eq!(
        (of(&power("-1.209"), "0.3"), of(&power("-1.209"), "1")),
        (MET, NOT_MET)
    );
    // 2 ^ 0.5 * 2 ^ 0.5 is 2, which no number of digits tells.
    let product = of_x(times(
        Arithmetic::Power(Box::new(Input(0)), Box::new(number("0.5"))),
        times(
            Arithmetic::Power(Box::new(Input(0)), Box::new(number("0.5"))),
            number("2"),
        ),
    ));
    assert_eq!((of(&product, "2"), of(&product, "2.5")), (UNKNOWN, MET));
    assert_eq!(
        because(&product, &Data::new().seen("x,2024-05-02,2,mg/L")),
        "f 3.999999… mg/L cannot be told from the limit, from x 2 mg/L"
    );
}

#[test]
fn logarithms_and_exponentials() {
    let of = |build: &Build, x: &str| {
        outcome(build, &Data::new().seen(&format!("x,2024-05-02,{x},mg/L")))
    };
    let natural = of_x(Arithmetic::NaturalLogarithm(Box::new(Input(0))));
    assert_eq!(
        (of(&natural, "54.59"), of(&natural, "54.6")),
        (NOT_MET, MET)
    );
    assert_eq!((of(&natural, "0"), of(&natural, "-1")), (UNKNOWN, UNKNOWN));
    let decimal = of_x(Arithmetic::DecimalLogarithm(Box::new(Input(0))));
    assert_eq!(
        (of(&decimal, "10000"), of(&decimal, "9999.9999")),
        (MET, NOT_MET)
    );
    let exponential = of_x(Arithmetic::Exponential(Box::new(Input(0))));
    assert_eq!(
        (of(&exponential, "1.3862"), of(&exponential, "1.3863")),
        (NOT_MET, MET)
    );
    assert_eq!(of(&exponential, "2000"), UNKNOWN);
}

#[test]
fn inputs_are_held_together_if_the_formula_says_so() {
    let mut build = Build::new();
    let mut input = |name: &str| FormulaInput::Measure {
        measure: build.quantity(name, Kind::MCnc, "mg/L", None),
        unit: unit("mg/L"),
    };
    let inputs = vec![input("x"), input("y")];
    let result = shape(Kind::MCnc, "mg/L", None, Analyte::default());
    let formula = build.formula("f", result, inputs, vec![(None, times(Input(0), Input(1)))]);
    build.protocol.formulas[0].together = Some(30);
    build.inclusion(
        "I1",
        computed(formula, in_unit(between("4", "6"), "mg/L")).done(),
    );
    let of = |y: &str| {
        let data = Data::new()
            .seen("x,2024-03-01,2,mg/L")
            .seen(&format!("y,{y},2.5,mg/L"));
        outcome(&build, &data)
    };
    assert_eq!((of("2024-03-31"), of("2024-04-01")), (MET, UNKNOWN));
    assert_eq!((of("2024-01-31"), of("2024-01-30")), (MET, UNKNOWN));
    assert_eq!(of("2024-04"), UNKNOWN);
    assert_eq!(
        because(
            &build,
            &Data::new()
                .seen("x,2024-03-01,2,mg/L")
                .seen("y,2024-04-01,2,mg/L")
        ),
        "the values that f is computed from were perhaps not taken within 30 days of each other"
    );
}
