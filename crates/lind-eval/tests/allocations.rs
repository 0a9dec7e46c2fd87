//! A verdict is made without allocation, once its scratch and its buffer are warm.
//!
//! The charts come from the builder of the other tests; what is counted is the evaluation alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    dead_code,
    reason = "tests fail by panicking; the builder is shared with other tests"
)]

#[path = "eval/build.rs"]
mod build;
#[path = "eval/data.rs"]
mod data;

use build::*;
use data::{Data, Run};
use lind_eval::{Scratch, evaluate_into};
use lind_model::protocol::{
    Arithmetic, ChangeMode, Comparison, Direction, FactField, FactTable, FormulaInput, Quantifier,
    Selector, Sex, Test, Window,
};
use lind_model::{Standing, Verdict};
use lind_time::Offset;
use lind_units::{Analyte, Kind};

/// A protocol in which every kind of condition occurs.
fn everything() -> Build {
    let mut build = Build::new();
    let hemoglobin = build.hemoglobin();
    let alt = build.quantity("alt", Kind::CCnc, "U/L", None);
    let weight = build.quantity("weight", Kind::Mass, "kg", None);
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
    let mrss = build.score("mrss", "0", "51", Some("1"));
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    let hcg = build.coded("hcg", &["positive", "negative"]);
    let steroid = build.set(FactTable::Treatments, "steroid");
    let transfusion = build.set(FactTable::Procedures, "transfusion");
    let malignancy = build.set(FactTable::Conditions, "malignancy");
    let skin = build.set(FactTable::Conditions, "skin");
    let allergy = build.set(FactTable::Allergies, "drug_allergy");
    let table = build.equivalence("equivalent", &[("steroid", "5"), ("other", "4")]);
    let fit = build.judgement("fit");
    build.half_life(&["compound"], "10", "20");

    let in_window = || days_before(SCREENING, 60);
    let g_per_l = |limit: &str| in_unit(at_least(limit), "g/L");
    for selector in [
        Selector::Latest,
        Selector::First,
        Selector::Any,
        Selector::Every,
        Selector::Highest,
        Selector::Lowest,
    ] {
        let test = value(hemoglobin, g_per_l("90"))
            .take(selector)
            .within(in_window());
        build.inclusion("I1", test.done());
    }
    let week = around_sample(lind_time::Window::within_before(Offset::days(7), false));
    let rule = without(&[transfusion], week);
    build.inclusion("I2", with(rule, value(hemoglobin, g_per_l("80")).done()));
    let has_skin = now(FactTable::Conditions, skin).done();
    let excepted = value(alt, times_uln(at_most("3"))).except(has_skin, times_uln(at_most("5")));
    build.inclusion("I3", excepted.done());
    let product = Arithmetic::Multiply(
        Box::new(Arithmetic::Input(1)),
        Box::new(Arithmetic::Input(0)),
    );
    let formula = build.formula(
        "clearance",
        shape(Kind::VRat, "mL/min", None, Analyte::default()),
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
        vec![(
            None,
            Arithmetic::Divide(Box::new(product), Box::new(Arithmetic::Input(2))),
        )],
    );
    build.inclusion(
        "I4",
        computed(formula, in_unit(at_least("50"), "mL/min")).done(),
    );
    let by = || more_than("10");
    build.exclusion(
        "E1",
        change(
            hemoglobin,
            Direction::Falls,
            by(),
            ChangeMode::Relative,
            months_before(SCREENING, 6),
        ),
    );
    build.exclusion(
        "E2",
        change(
            mrss,
            Direction::Rises,
            by(),
            ChangeMode::Points,
            in_window(),
        ),
    );
    build.inclusion("I5", value(mrss, Test::Score(at_least("5"))).done());
    build.exclusion(
        "E3",
        value(nyha, Test::Levels(vec![3]))
            .take(Selector::Highest)
            .done(),
    );
    let of_women = build.inclusion("I6", value(hcg, results(&["negative"])).done());
    of_women.guard = Some(guard(Some(Sex::Female), None));
    let steroids = ever(FactTable::Treatments, steroid)
        .dose(at_most("15"), "mg/d", Some(table))
        .lasting(Comparison::MoreThan, Offset::months(1))
        .field(FactField::Route, &["oral"]);
    build.inclusion("I7", steroids.done());
    let total =
        ever(FactTable::Treatments, steroid).in_total(Comparison::MoreThan, Offset::months(1));
    build.inclusion("I8", total.done());
    let cancer = ever(FactTable::Conditions, malignancy)
        .except(skin, Some((Comparison::MoreThan, Offset::years(2))));
    build.exclusion("E4", cancer.done());
    build.exclusion(
        "E5",
        any_during(
            FactTable::Treatments,
            half_lives_before(SCREENING, "5", false, false),
        )
        .done(),
    );
    let either = Window::Either(Box::new(in_window()), Box::new(from_to(CONSENT, SCREENING)));
    build.exclusion(
        "E6",
        during(FactTable::Procedures, transfusion, either).done(),
    );
    build.exclusion("E7", ever(FactTable::Allergies, allergy).done());
    build.inclusion("I9", age(between("18", "65")));
    build.inclusion(
        "I10",
        list(
            Quantifier::AtLeast(1),
            vec![judged(fit), none(vec![judged(fit)])],
        ),
    );
    build.commitment("I11", SCREENING);
    build
}

fn chart() -> Data {
    let mut data = Data::new()
        .seen("alt,2024-05-02,30,U/L,,,40")
        .seen("weight,2024-05-02,60,kg")
        .seen("creatinine,2024-05-02,88,umol/L")
        .seen("mrss,2024-04-02,12")
        .seen("mrss,2024-05-02,15")
        .seen("nyha,2024-05-02,,,,,,II")
        .seen("hcg,2024-05-02,,,,,,negative")
        .treatment("steroid,2023-01-01,2023-09-30,10,mg,daily,oral")
        .treatment("steroid,2023-11-01,,5,mg/d,,oral")
        .treatment("compound,2023-01-01,2023-06-30")
        .procedure("transfusion,2024-01-01")
        .condition("malignancy,2010-01-01,2012-01-01")
        .condition("skin,2010-01-01,2012-01-01")
        .row("allergies", "drug_allergy,mild,2020")
        .answer("fit,yes,2024-05-02")
        .answer("I11,yes,2024-05-02");
    for day in 1..9 {
        let value = 90 + day;
        data = data.seen(&format!("hemoglobin,2024-05-0{day},{value},g/L"));
        data = data.seen(&format!("hemoglobin,2024-04-0{day}T08:00,9.{day},g/dL"));
    }
    data
}

#[test]
fn a_verdict_into_a_warm_buffer_allocates_nothing() {
    let run = Run::new(&everything(), &chart());
    let context = run.context();
    let mut scratch = Scratch::new();
    let mut verdict = Verdict {
        gate: SCREENING,
        standing: Standing::Undetermined,
        criteria: Vec::new(),
    };
    let mut evaluate = || {
        evaluate_into(
            &run.program,
            &context,
            &run.chart,
            SCREENING,
            &mut scratch,
            &mut verdict,
        );
    };
    evaluate();
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            evaluate();
        }
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    let decided = verdict.criteria.iter().filter(|it| it.due).count();
    assert_eq!(decided, run.program.plan().criteria.len());
    // Nothing was missing, so every path was walked to its end.
    let open: Vec<_> = verdict
        .criteria
        .iter()
        .filter(|it| it.effect == lind_model::Effect::Open)
        .collect();
    assert!(open.len() <= 2, "{open:?}");
}

#[test]
fn the_first_verdict_allocates_no_more_for_more_criteria() {
    let allocations = |criteria: usize| {
        let mut build = everything();
        build.protocol.criteria.truncate(criteria);
        let run = Run::new(&build, &chart());
        let context = run.context();
        let counted = allocation_counter::measure(|| {
            let verdict = lind_eval::evaluate(&run.program, &context, &run.chart, SCREENING);
            assert_eq!(verdict.criteria.len(), criteria);
        });
        counted.count_total
    };
    // The buffer of the verdict, the times of the gates and of the milestones, where windows lie, and what
    // the scratch keeps for formulas and totals.
    assert!(allocations(6) <= 4, "{}", allocations(6));
    let all = everything().protocol.criteria.len();
    assert!(allocations(all) <= 11, "{}", allocations(all));
}
