//! §4 Values: candidates, the test of one candidate, exceptions.

use std::sync::Arc;

use lind_model::Outcome;
use lind_model::protocol::{FactTable, Selector, Test};
use lind_time::Offset;
use lind_units::{Analyte, Kind};

use crate::build::*;
use crate::data::*;

fn hemoglobin(test: Test) -> Build {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.inclusion("I1", value(measure, test).done());
    build
}

fn seen(row: &str) -> Data {
    Data::new().seen(row)
}

/// The outcome of one value of hemoglobin under a test in g/L.
fn of(test: Test, result: &str) -> Outcome {
    outcome(
        &hemoglobin(test),
        &seen(&format!("hemoglobin,2024-05-02,{result}")),
    )
}

// ------------------------------------------------------------------ candidates

#[test]
fn a_value_is_found_under_the_codes_of_its_measure_and_under_its_name() {
    let build = hemoglobin(in_unit(at_least("90"), "g/L"));
    assert_eq!(
        outcome(&build, &seen("test|hemoglobin,2024-05-02,95,g/L")),
        MET
    );
    assert_eq!(outcome(&build, &seen("hemoglobin,2024-05-02,95,g/L")), MET);
    assert_eq!(
        outcome(&build, &seen("loinc|1234-5,2024-05-02,95,g/L")),
        UNKNOWN
    );
}

#[test]
fn a_blank_specimen_is_accepted_and_another_one_is_not() {
    let mut build = Build::new();
    let hcg = build.coded("serum_hcg", &["positive", "negative"]);
    build.measure_mut(hcg).specimen = Some("serum".into());
    build.inclusion("I8", value(hcg, results(&["negative"])).done());
    let with = |specimen: &str| seen(&format!("serum_hcg,2024-05-02,,,,,,negative,{specimen}"));
    assert_eq!(outcome(&build, &with("serum")), MET);
    assert_eq!(outcome(&build, &with("Serum")), MET);
    assert_eq!(outcome(&build, &with("")), MET);
    assert_eq!(outcome(&build, &with("urine")), UNKNOWN);
}

/// Neutrophils from samples with no growth factor in the 7 days before the sample.
fn neutrophils() -> Build {
    let mut build = Build::new();
    let anc = build.quantity("anc", Kind::NCnc, "/uL", None);
    let factor = build.set(FactTable::Treatments, "growth_factor");
    let transfusion = build.set(FactTable::Procedures, "transfusion");
    let test = value(anc, in_unit(at_least("1000"), "/uL")).done();
    let week = around_sample(lind_time::Window::within_before(Offset::days(7), false));
    build.inclusion("I7b", with(without(&[factor, transfusion], week), test));
    build
}

#[test]
fn a_sample_is_not_usable_if_a_record_lies_in_the_window_around_it() {
    let build = neutrophils();
    let sample = seen("anc,2024-05-08,1500,/uL");
    assert_eq!(outcome(&build, &sample), MET);
    assert_eq!(
        outcome(
            &build,
            &sample
                .clone()
                .treatment("growth_factor,2024-05-03,2024-05-04")
        ),
        UNKNOWN
    );
    assert_eq!(
        outcome(
            &build,
            &sample
                .clone()
                .treatment("growth_factor,2024-04-20,2024-04-30")
        ),
        MET
    );
    // What was given until the window began reaches into it.
    assert_eq!(
        outcome(
            &build,
            &sample
                .clone()
                .treatment("growth_factor,2024-04-20,2024-05-01")
        ),
        UNKNOWN
    );
    assert_eq!(
        outcome(&build, &sample.clone().procedure("transfusion,2024-05-09")),
        MET
    );
    let spoiled = sample.procedure("transfusion,2024-05-08");
    assert_eq!(
        because(&build, &spoiled),
        "the sample of anc 1500 /uL on 2024-05-08 may not be used: transfusion on 2024-05-08"
    );
}

#[test]
fn an_earlier_usable_sample_counts_instead_of_a_later_one_that_is_not() {
    let build = neutrophils();
    let data = seen("anc,2024-05-08,1500,/uL")
        .seen("anc,2024-04-01,800,/uL")
        .procedure("transfusion,2024-05-07");
    assert_eq!(outcome(&build, &data), NOT_MET);
}

#[test]
fn a_sample_is_perhaps_usable_if_the_data_do_not_tell() {
    let build = neutrophils();
    let sample = seen("anc,2024-05-08,1500,/uL");
    // In May before the 8th, or not in the week before it.
    assert_eq!(
        outcome(&build, &sample.clone().procedure("transfusion,2024-05")),
        UNKNOWN
    );
    assert_eq!(
        outcome(&build, &sample.clone().procedure("transfusion,2024-03")),
        MET
    );
    assert_eq!(
        outcome(&build, &sample.clone().without("procedures")),
        UNKNOWN
    );
    assert_eq!(
        outcome(
            &build,
            &sample.clone().toml("[procedures]\ncomplete = false\n")
        ),
        UNKNOWN
    );
    assert_eq!(
        outcome(&build, &sample.clone().procedure("transfusion,2024-05-3x")),
        UNKNOWN
    );
    // A row that cannot be read, of a drug that is not asked for.
    assert_eq!(
        outcome(&build, &sample.clone().procedure("biopsy,2024-05-3x")),
        MET
    );
    // The sample itself has no time, and there is something that could spoil it.
    let undated = seen("anc,,1500,/uL").known_until("2024-05-09");
    assert_eq!(outcome(&build, &undated), MET);
    assert_eq!(
        outcome(&build, &undated.procedure("transfusion,2020-01-01")),
        UNKNOWN
    );
}

// ------------------------------------------------------------------ could be missing

#[test]
fn without_a_value_nothing_is_decided() {
    let build = hemoglobin(in_unit(at_least("90"), "g/L"));
    assert_eq!(outcome(&build, &Data::new()), UNKNOWN);
    assert_eq!(
        outcome(&build, &Data::new().without("observations")),
        UNKNOWN
    );
    let mut build = Build::new();
    let measure = build.hemoglobin();
    build.exclusion("E1", value(measure, in_unit(below("90"), "g/L")).done());
    assert_eq!(outcome(&build, &Data::new()), UNKNOWN);
}

#[test]
fn a_value_that_was_set_aside_may_have_been_the_latest() {
    let build = hemoglobin(in_unit(at_least("90"), "g/L"));
    let sound = seen("hemoglobin,2024-05-02,95,g/L");
    assert_eq!(
        outcome(&build, &sound.clone().seen("hemoglobin,2024-05-05,9;5,g/L")),
        UNKNOWN
    );
    // It was earlier, or after the gate.
    assert_eq!(
        outcome(&build, &sound.clone().seen("hemoglobin,2024-05-01,9;5,g/L")),
        MET
    );
    assert_eq!(
        outcome(&build, &sound.clone().seen("hemoglobin,2024-05-10,9;5,g/L")),
        MET
    );
    // Its time is not known.
    assert_eq!(
        outcome(&build, &sound.clone().seen("hemoglobin,2024-05-3x,95,g/L")),
        UNKNOWN
    );
    let lost = sound.seen("hemoglobin,2024-05-05,9;5,g/L");
    assert!(
        because(&build, &lost).starts_with("observations.csv line 3 cannot be used: "),
        "{}",
        because(&build, &lost)
    );
}

// ------------------------------------------------------------------ quantities

#[test]
fn a_value_is_converted_exactly_into_the_unit_of_the_limit() {
    let build = hemoglobin(in_unit(at_least("90"), "g/L"));
    for (result, expected) in [
        ("90,g/L", MET),
        ("9.0,g/dL", MET),
        ("89,g/L", NOT_MET),
        ("8.9,g/dL", NOT_MET),
        ("8.9999999999999999999,g/dL", NOT_MET),
        ("0.09,kg/L", MET),
    ] {
        assert_eq!(
            outcome(&build, &seen(&format!("hemoglobin,2024-05-02,{result}"))),
            expected,
            "{result}"
        );
    }
}

#[test]
fn a_thousand_per_microlitre_is_one_times_ten_to_the_nine_per_litre() {
    for (limit, in_limit) in [("1000", "/uL"), ("1.0", "10*9/L")] {
        let mut build = Build::new();
        let anc = build.quantity("anc", Kind::NCnc, "10*9/L", None);
        build.inclusion(
            "I7b-1",
            value(anc, in_unit(at_least(limit), in_limit)).done(),
        );
        for (result, expected) in [
            ("1000,/uL", MET),
            ("1.0,10*9/L", MET),
            ("1,10*3/uL", MET),
            ("999,/uL", NOT_MET),
            ("0.999,10*9/L", NOT_MET),
        ] {
            assert_eq!(
                outcome(&build, &seen(&format!("anc,2024-05-02,{result}"))),
                expected,
                "{result}"
            );
        }
    }
}

#[test]
fn platelets_at_75_pass() {
    let mut build = Build::new();
    let platelets = build.quantity("platelets", Kind::NCnc, "10*9/L", None);
    build.inclusion(
        "I7b-4",
        value(platelets, in_unit(at_least("75"), "10*9/L")).done(),
    );
    for (result, expected) in [
        ("75,10*9/L", MET),
        ("75000,/uL", MET),
        ("74,10*9/L", NOT_MET),
    ] {
        assert_eq!(
            outcome(&build, &seen(&format!("platelets,2024-05-02,{result}"))),
            expected
        );
    }
}

#[test]
fn the_molar_mass_and_the_counted_entity_of_the_measure_are_used() {
    let mut build = Build::new();
    let creatinine = build.quantity_of(
        "creatinine",
        Kind::MCnc,
        "mg/dL",
        None,
        Analyte {
            molar_mass: Some(exact("113.12")),
            ..Analyte::default()
        },
    );
    build.inclusion(
        "I1",
        value(creatinine, in_unit(at_most("1.5"), "mg/dL")).done(),
    );
    assert_eq!(
        outcome(&build, &seen("creatinine,2024-05-02,132.6,umol/L")),
        MET
    );
    assert_eq!(
        outcome(&build, &seen("creatinine,2024-05-02,132.7,umol/L")),
        NOT_MET
    );

    let mut build = Build::new();
    let car = build.quantity_of(
        "cd4",
        Kind::NCnc,
        "{cells}/uL",
        None,
        Analyte {
            entity: Some(Arc::from("cell")),
            ..Analyte::default()
        },
    );
    build.inclusion(
        "I1",
        value(car, in_unit(at_least("200"), "{cells}/uL")).done(),
    );
    assert_eq!(outcome(&build, &seen("cd4,2024-05-02,0.2,10*9/L")), MET);
    assert_eq!(
        outcome(&build, &seen("cd4,2024-05-02,250,{copies}/uL")),
        UNKNOWN
    );
}

#[test]
fn a_value_without_a_unit_or_in_one_that_does_not_convert_is_unknown() {
    let test = || in_unit(at_least("90"), "g/L");
    assert_eq!(of(test(), "95"), UNKNOWN);
    assert_eq!(of(test(), "95,mmol/L"), UNKNOWN);
    let build = hemoglobin(test());
    assert_eq!(
        because(&build, &seen("hemoglobin,2024-05-02,95")),
        "hemoglobin 95 on 2024-05-02 has no unit"
    );
}

#[test]
fn a_value_outside_the_plausible_range_is_unknown_and_both_ends_are_plausible() {
    let test = || in_unit(at_least("5"), "g/L");
    assert_eq!(of(test(), "10,g/L"), MET);
    assert_eq!(of(test(), "9.9,g/L"), UNKNOWN);
    assert_eq!(of(test(), "30,g/dL"), MET);
    assert_eq!(of(test(), "30.1,g/dL"), UNKNOWN);
    assert_eq!(
        because(&hemoglobin(test()), &seen("hemoglobin,2024-05-02,850,g/L")),
        "hemoglobin 850 g/L on 2024-05-02 cannot be real: plausible is 10 to 300 g/L"
    );
}

// ------------------------------------------------------------------ comparators

#[test]
fn a_comparator_passes_or_fails_only_with_its_whole_interval() {
    let ge = || in_unit(at_least("90"), "g/L");
    assert_eq!(of(ge(), "90,g/L,>="), MET);
    assert_eq!(of(ge(), "90,g/L,>"), MET);
    assert_eq!(of(ge(), "90,g/L,<"), NOT_MET);
    assert_eq!(of(ge(), "90,g/L,<="), UNKNOWN);
    assert_eq!(of(ge(), "80,g/L,>"), UNKNOWN);
    let gt = || in_unit(more_than("90"), "g/L");
    assert_eq!(of(gt(), "90,g/L,>"), MET);
    assert_eq!(of(gt(), "90,g/L,>="), UNKNOWN);
    assert_eq!(of(gt(), "90,g/L,<="), NOT_MET);
    // In another unit.
    assert_eq!(of(ge(), "9,g/dL,>="), MET);
}

#[test]
fn the_far_end_of_a_comparator_is_that_of_the_plausible_range() {
    let low = || in_unit(at_least("10"), "g/L");
    assert_eq!(of(low(), "40,g/L,<"), MET);
    assert_eq!(of(in_unit(more_than("10"), "g/L"), "40,g/L,<"), UNKNOWN);
    assert_eq!(of(in_unit(at_most("300"), "g/L"), "40,g/L,>"), MET);
    // Nothing of it is plausible.
    assert_eq!(of(low(), "10,g/L,<"), UNKNOWN);
    assert_eq!(of(low(), "300,g/L,>"), UNKNOWN);
    // Without a plausible range it has no far end.
    let mut build = Build::new();
    let crp = build.quantity("crp", Kind::MCnc, "mg/L", None);
    build.inclusion("I1", value(crp, in_unit(at_least("0"), "mg/L")).done());
    assert_eq!(outcome(&build, &seen("crp,2024-05-02,5,mg/L,<")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("crp,2024-05-02,5,mg/L,>")), MET);
}

#[test]
fn a_range_decides_what_all_of_its_values_decide() {
    let ge = || in_unit(at_least("90"), "g/L");
    assert_eq!(of(ge(), "90 to 120,g/L"), MET);
    assert_eq!(of(ge(), "70 to 89.9,g/L"), NOT_MET);
    assert_eq!(of(ge(), "70 to 90,g/L"), UNKNOWN);
    assert_eq!(of(in_unit(more_than("90"), "g/L"), "70 to 90,g/L"), NOT_MET);
    // In another unit.
    assert_eq!(of(ge(), "9 to 12,g/dL"), MET);
    // What of it is not plausible is not meant; if nothing is, the value is a slip.
    assert_eq!(of(in_unit(at_most("300"), "g/L"), "200 to 400,g/L"), MET);
    assert_eq!(of(ge(), "400 to 500,g/L"), UNKNOWN);
    assert_eq!(of(ge(), "1 to 2,g/L"), UNKNOWN);
}

#[test]
fn a_range_is_told_with_both_ends() {
    let mut build = Build::new();
    let crp = build.quantity("crp", Kind::MCnc, "mg/L", None);
    build.inclusion("I1", value(crp, in_unit(at_most("10"), "mg/L")).done());
    assert_eq!(
        because(&build, &seen("crp,2024-05-02,12 to 15,mg/L")),
        "crp 12 to 15 mg/L on 2024-05-02 is more than 10 mg/L"
    );
    // A multiple of the patient's own limit.
    let inr = multiple(times_uln(at_most("1.5")));
    assert_eq!(
        outcome(&inr, &seen("inr,2024-05-02,1.0 to 1.80,,,,1.20")),
        MET
    );
    assert_eq!(
        outcome(&inr, &seen("inr,2024-05-02,1.0 to 1.81,,,,1.20")),
        UNKNOWN
    );
}

// ------------------------------------------------------------------ multiples

fn multiple(test: Test) -> Build {
    let mut build = Build::new();
    let inr = build.quantity("inr", Kind::Ratio, "{INR}", Some(("0.5", "20")));
    build.inclusion("I7d-1", value(inr, test).done());
    build
}

#[test]
fn inr_of_1_80_with_uln_1_20_passes_one_and_a_half_times_uln_and_1_81_fails() {
    let build = multiple(times_uln(at_most("1.5")));
    let inr = |value: &str| seen(&format!("inr,2024-05-02,{value},,,,1.20"));
    assert_eq!(outcome(&build, &inr("1.80")), MET);
    assert_eq!(outcome(&build, &inr("1.81")), NOT_MET);
    assert_eq!(outcome(&build, &inr("1.8000000000000000000001")), NOT_MET);
    assert_eq!(
        because(&build, &inr("1.81")),
        "inr 1.81 on 2024-05-02 is more than 1.5 x ULN 1.20 (= 1.80)"
    );
}

#[test]
fn alt_of_120_with_uln_40_passes_three_times_uln() {
    let mut build = Build::new();
    let alt = build.quantity("alt", Kind::CCnc, "U/L", None);
    build.inclusion("I7c-1", value(alt, times_uln(at_most("3"))).done());
    assert_eq!(outcome(&build, &seen("alt,2024-05-02,120,U/L,,5,40")), MET);
    assert_eq!(
        outcome(&build, &seen("alt,2024-05-02,121,U/L,,5,40")),
        NOT_MET
    );
}

#[test]
fn a_missing_or_senseless_limit_is_unknown_and_never_another_laboratorys() {
    let build = multiple(times_uln(at_most("1.5")));
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,1.1")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,1.1,,,,0")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,1.1,,,,-1")), UNKNOWN);
    let other_sample = seen("inr,2024-05-02,1.1,,,,1.2").seen("inr,2024-05-03,1.1");
    assert_eq!(outcome(&build, &other_sample), UNKNOWN);
    assert_eq!(
        because(&build, &other_sample),
        "inr 1.1 on 2024-05-03 comes without its ULN"
    );
}

#[test]
fn the_lower_limit_is_the_low_column() {
    let build = multiple(times_lln(at_least("1")));
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,0.8,,,0.8,1.2")), MET);
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,0.79,,,0.8,1.2")),
        NOT_MET
    );
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,0.79,,,,1.2")),
        UNKNOWN
    );
}

#[test]
fn a_value_that_cannot_be_real_beside_a_limit_that_can_decides_nothing() {
    let build = multiple(times_uln(at_most("1.5")));
    let beside = seen("inr,2024-05-02,110,{INR},,0.8,1.2");
    assert_eq!(outcome(&build, &beside), UNKNOWN);
    assert_eq!(
        because(&build, &beside),
        "inr 110 {INR} on 2024-05-02 cannot be real: plausible is 0.5 to 20 {INR}"
    );
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,0.3,{INR},,0.8,1.2")),
        UNKNOWN
    );
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,110,{INR},,80,120")),
        MET
    );
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,110,,,80,120")), MET);
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,110,,,0.8,1.2")),
        NOT_MET
    );
}

#[test]
fn a_multiple_needs_no_unit_and_a_slip_of_the_unit_cancels() {
    let build = multiple(times_uln(at_most("1.5")));
    // 180 % of normal, with a limit in per cent: implausible as an INR, and right as a multiple.
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,180,%,,,120")), MET);
    // The free end of a comparator is unbounded.
    assert_eq!(outcome(&build, &seen("inr,2024-05-02,1.8,,<=,,1.2")), MET);
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,1.8,,>,,1.2")),
        NOT_MET
    );
    assert_eq!(
        outcome(&build, &seen("inr,2024-05-02,1.7,,>,,1.2")),
        UNKNOWN
    );
    let above = multiple(times_uln(at_least("0.1")));
    assert_eq!(
        outcome(&above, &seen("inr,2024-05-02,1.8,,<,,1.2")),
        UNKNOWN
    );
}

// ------------------------------------------------------------------ scores

#[test]
fn a_score_is_a_number_without_a_unit_or_in_points() {
    let mut build = Build::new();
    let mrss = build.score("mrss", "0", "51", None);
    build.inclusion("I1", value(mrss, Test::Score(at_least("10"))).done());
    for (result, expected) in [
        ("10", MET),
        ("9", NOT_MET),
        ("10,{score}", MET),
        ("10,points", MET),
        ("10,1", MET),
        ("10,%", UNKNOWN),
        ("10,mg", UNKNOWN),
        ("51", MET),
        ("52", UNKNOWN),
        ("-1", UNKNOWN),
        ("9.5", NOT_MET),
        (",,,,,high", UNKNOWN),
    ] {
        assert_eq!(
            outcome(&build, &seen(&format!("mrss,2024-05-02,{result}"))),
            expected,
            "{result}"
        );
    }
}

#[test]
fn a_score_off_its_step_is_unknown() {
    let mut build = Build::new();
    let mrss = build.score("mrss", "1", "51", Some("0.5"));
    build.inclusion("I1", value(mrss, Test::Score(at_least("10"))).done());
    assert_eq!(outcome(&build, &seen("mrss,2024-05-02,10.5")), MET);
    assert_eq!(outcome(&build, &seen("mrss,2024-05-02,10.25")), UNKNOWN);
}

#[test]
fn with_a_comparator_the_scale_bounds_a_score_and_the_interval_is_continuous() {
    let mut build = Build::new();
    let mrss = build.score("mrss", "0", "51", Some("1"));
    build.inclusion("I1", value(mrss, Test::Score(at_least("0"))).done());
    build.inclusion("I2", value(mrss, Test::Score(more_than("9"))).done());
    assert_eq!(outcome(&build, &seen("mrss,2024-05-02,10,,<")), MET);
    assert_eq!(outcome(&build, &seen("mrss,2024-05-02,51,,>")), UNKNOWN);
    let run = Run::new(&build, &seen("mrss,2024-05-02,10,,<"));
    // Below ten, in whole steps, is at most nine; the interval does not know of steps.
    assert_eq!(run.verdict(SCREENING).criteria[1].outcome, UNKNOWN);
}

// ------------------------------------------------------------------ levels and results

#[test]
fn a_level_is_named_by_the_result_or_by_the_number_as_written() {
    let mut build = Build::new();
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    build.exclusion("E1", value(nyha, Test::Levels(vec![3])).done());
    let result = |word: &str| seen(&format!("nyha,2024-05-02,,,,,,{word}"));
    assert_eq!(outcome(&build, &result("IV")), MET);
    assert_eq!(outcome(&build, &result("iv")), MET);
    assert_eq!(outcome(&build, &result("III")), NOT_MET);
    assert_eq!(outcome(&build, &result("severe")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("nyha,2024-05-02,4")), UNKNOWN);
    assert_eq!(
        because(&build, &result("III")),
        "nyha III on 2024-05-02 is not IV"
    );

    let mut build = Build::new();
    let ecog = build.ordinal("ecog", &["0", "1", "2", "3", "4", "5"]);
    build.inclusion("I1", value(ecog, Test::Levels(vec![0, 1, 2])).done());
    assert_eq!(outcome(&build, &seen("ecog,2024-05-02,2")), MET);
    assert_eq!(outcome(&build, &seen("ecog,2024-05-02,,,,,,2")), MET);
    assert_eq!(outcome(&build, &seen("ecog,2024-05-02,3")), NOT_MET);
    assert_eq!(outcome(&build, &seen("ecog,2024-05-02,6")), UNKNOWN);
    assert_eq!(outcome(&build, &seen("ecog,2024-05-02,2,,<=")), UNKNOWN);
}

#[test]
fn a_result_is_one_of_the_declared_ones_or_unknown() {
    let mut build = Build::new();
    let hcg = build.coded("serum_hcg", &["positive", "negative"]);
    build.inclusion("I8", value(hcg, results(&["negative"])).done());
    let result = |word: &str| seen(&format!("serum_hcg,2024-05-02,,,,,,{word}"));
    assert_eq!(outcome(&build, &result("negative")), MET);
    assert_eq!(outcome(&build, &result("positive")), NOT_MET);
    assert_eq!(outcome(&build, &result("borderline")), UNKNOWN);
    assert_eq!(
        outcome(&build, &seen("serum_hcg,2024-05-02,2,m[IU]/mL")),
        UNKNOWN
    );
    assert_eq!(
        because(&build, &result("positive")),
        "serum hcg positive on 2024-05-02 is not negative"
    );
}

// ------------------------------------------------------------------ exceptions

/// Bilirubin at most 2 x ULN, with Gilbert syndrome at most 3 x ULN.
fn bilirubin() -> Build {
    let mut build = Build::new();
    let bilirubin = build.quantity("bilirubin", Kind::MCnc, "mg/dL", None);
    let gilbert = build.set(FactTable::Conditions, "gilbert_syndrome");
    let has = labelled(
        "Gilbert syndrome",
        now(FactTable::Conditions, gilbert).done(),
    );
    let test = value(bilirubin, times_uln(at_most("2"))).except(has, times_uln(at_most("3")));
    build.inclusion("I7c-3", test.done());
    build
}

#[test]
fn an_exception_that_holds_replaces_the_test() {
    let value = |value: &str| seen(&format!("bilirubin,2024-05-02,{value},mg/dL,,,1.2"));
    let gilbert = |data: Data| data.condition("gilbert_syndrome,2010");
    let build = bilirubin();
    assert_eq!(outcome(&build, &gilbert(value("3.6"))), MET);
    assert_eq!(outcome(&build, &gilbert(value("3.7"))), NOT_MET);
    assert_eq!(outcome(&build, &value("3.6")), NOT_MET);
    assert_eq!(outcome(&build, &value("2.4")), MET);
    assert_eq!(
        because(&build, &gilbert(value("3.6"))),
        "bilirubin 3.6 mg/dL on 2024-05-02 is at most 3 x ULN 1.2 (= 3.6) (Gilbert syndrome)"
    );
}

#[test]
fn an_open_exception_does_not_matter_if_all_tests_agree() {
    let value = |value: &str| {
        seen(&format!("bilirubin,2024-05-02,{value},mg/dL,,,1.2")).without("conditions")
    };
    let build = bilirubin();
    assert_eq!(outcome(&build, &value("2.4")), MET);
    assert_eq!(outcome(&build, &value("3.0")), UNKNOWN);
    assert_eq!(outcome(&build, &value("3.7")), NOT_MET);
    assert_eq!(
        because(&build, &value("3.0")),
        "bilirubin 3.0 mg/dL on 2024-05-02 is more than 2 x ULN 1.2 (= 2.4), but with Gilbert \
         syndrome, bilirubin 3.0 mg/dL on 2024-05-02 is at most 3 x ULN 1.2 (= 3.6); open is: \
         no gilbert syndrome on 2024-05-09, but there is no table of conditions"
    );
}

#[test]
fn an_open_exception_gives_its_own_kind() {
    let mut build = Build::new();
    let bilirubin = build.quantity("bilirubin", Kind::MCnc, "mg/dL", None);
    let hemolysis = judged(build.judgement("hemolysis"));
    let test = value(bilirubin, times_uln(at_most("2"))).except(hemolysis, times_uln(at_most("3")));
    build.inclusion("I1", test.done());
    let data = seen("bilirubin,2024-05-02,3.0,mg/dL,,,1.2");
    assert_eq!(outcome(&build, &data), NEEDS_JUDGEMENT);
    assert_eq!(
        outcome(&build, &data.answer("hemolysis,yes,2024-05-02")),
        MET
    );
    // Without a value every test is unknown, whichever applies.
    assert_eq!(outcome(&build, &Data::new()), UNKNOWN);
}

#[test]
fn of_two_exceptions_that_hold_the_first_counts() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let a = judged(build.judgement("a"));
    let b = judged(build.judgement("b"));
    let limit = |limit: &str| in_unit(at_least(limit), "g/L");
    let test = value(measure, limit("90"))
        .except(a, limit("80"))
        .except(b, limit("70"));
    build.inclusion("I1", test.done());
    let data = seen("hemoglobin,2024-05-02,75,g/L");
    let answers = |data: &Data, a: &str, b: &str| {
        data.clone()
            .answer(&format!("a,{a},2024-05-02"))
            .answer(&format!("b,{b},2024-05-02"))
    };
    assert_eq!(outcome(&build, &answers(&data, "yes", "yes")), NOT_MET);
    assert_eq!(outcome(&build, &answers(&data, "no", "yes")), MET);
    assert_eq!(outcome(&build, &answers(&data, "no", "no")), NOT_MET);
}

#[test]
fn the_selector_of_a_clause_holds_where_a_test_names_none() {
    let mut build = Build::new();
    let measure = build.hemoglobin();
    let test = value(measure, in_unit(at_least("90"), "g/L"));
    let usage = lind_model::protocol::Usage {
        take: Some(lind_model::protocol::Take::Selector(Selector::First)),
        ..lind_model::protocol::Usage::default()
    };
    build.inclusion("I1", with(usage, test.done()));
    let data = seen("hemoglobin,2024-05-01,80,g/L").seen("hemoglobin,2024-05-02,95,g/L");
    assert_eq!(outcome(&build, &data), NOT_MET);
}
