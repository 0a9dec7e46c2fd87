//! What is told: reasons, trees, facts with their place, what would settle.

use lind_model::protocol::{ChangeMode, Comparison, Direction, FactField, FactTable, Sex, Test};
use lind_model::{Explanation, Truth};
use lind_time::Offset;
use lind_units::Kind;

use crate::build::*;
use crate::data::*;

fn explained(build: &Build, data: &Data) -> Explanation {
    Run::new(build, data).explain(SCREENING)
}

/// The part of a tree that says something.
fn part<'t>(tree: &'t Explanation, label: &str) -> &'t Explanation {
    fn find<'t>(tree: &'t Explanation, label: &str) -> Option<&'t Explanation> {
        if tree.label == label {
            return Some(tree);
        }
        tree.parts.iter().find_map(|part| find(part, label))
    }
    find(tree, label).expect("a part of this label")
}

/// Organ function: hemoglobin, ALT and an answer.
fn organs() -> Build {
    let mut build = Build::new();
    let hemoglobin = build.hemoglobin();
    let alt = build.quantity("alt", Kind::CCnc, "U/L", None);
    let fit = build.judgement("fit");
    let parts = vec![
        labelled(
            "hemoglobin",
            value(hemoglobin, in_unit(at_least("90"), "g/L"))
                .text("hemoglobin >= 90 g/L")
                .within(days_before(SCREENING, 7))
                .done(),
        ),
        labelled(
            "ALT",
            value(alt, times_uln(at_most("3")))
                .text("alt <= 3 x ULN")
                .done(),
        ),
        labelled("fitness", judged(fit)),
    ];
    build.inclusion("I7", all(parts));
    build
}

#[test]
fn a_reason_is_one_line_about_what_decided() {
    let build = organs();
    let good = || {
        Data::new()
            .seen("alt,2024-05-02,30,U/L,,,40")
            .answer("fit,yes,2024-05-02")
    };
    assert_eq!(
        because(&build, &good().seen("hemoglobin,2024-05-02,85,g/L")),
        "hemoglobin 85 g/L on 2024-05-02 is below 90 g/L"
    );
    assert_eq!(
        because(&build, &good().seen("hemoglobin,2024-05-02,8.5,g/dL")),
        "hemoglobin 8.5 g/dL (= 85 g/L) on 2024-05-02 is below 90 g/L"
    );
    assert_eq!(
        because(&build, &good()),
        "no hemoglobin between 2024-05-02 and 2024-05-09, both included"
    );
    assert_eq!(
        because(&build, &good().seen("hemoglobin,2024-05-02,95,g/L")),
        "hemoglobin 95 g/L on 2024-05-02 is at least 90 g/L; \
         alt 30 U/L on 2024-05-02 is at most 3 x ULN 40 (= 120); and 1 more"
    );
    let unanswered = Data::new()
        .seen("alt,2024-05-02,30,U/L,,,40")
        .seen("hemoglobin,2024-05-02,95,g/L");
    assert_eq!(
        because(&build, &unanswered),
        "awaits the investigator: fit?"
    );
    let two = Data::new()
        .seen("hemoglobin,2024-05-02,85,g/L")
        .seen("alt,2024-05-02,200,U/L,,,40");
    assert_eq!(
        because(&build, &two),
        "hemoglobin 85 g/L on 2024-05-02 is below 90 g/L (and 1 more)"
    );
}

/// Refractory, or worse by two measures.
fn refractory_or_progressive() -> Build {
    let mut build = Build::new();
    let drug = build.set(FactTable::Treatments, "immunosuppressant");
    let lasting = build.judgement("no_lasting_response");
    let mrss = build.score("mrss", "0", "51", None);
    let treated = ever(FactTable::Treatments, drug)
        .lasting(Comparison::MoreThan, Offset::months(6))
        .done();
    let worse = change(
        mrss,
        Direction::Rises,
        at_least("3"),
        ChangeMode::Points,
        months_before(SCREENING, 6),
    );
    let either = any(vec![
        labelled("refractory", all(vec![treated, judged(lasting)])),
        labelled("progressive", worse),
    ]);
    build.inclusion("I4", either);
    build
}

#[test]
fn where_no_part_holds_the_parts_are_named_with_what_decided() {
    let build = refractory_or_progressive();
    let stable = || {
        Data::new()
            .seen("mrss,2024-01-10,12")
            .seen("mrss,2024-05-01,13")
            .answer("no_lasting_response,yes,2024-05-02")
    };
    assert_eq!(
        because(&build, &stable()),
        "neither refractory (no immunosuppressant up to 2024-05-09) nor progressive"
    );
    let short = stable().treatment("immunosuppressant,2024-01-01,2024-02-01");
    assert_eq!(
        because(&build, &short),
        "neither refractory (immunosuppressant from 2024-01-01 to 2024-02-01 does not count) nor \
         progressive"
    );
    let treated = Data::new()
        .seen("mrss,2024-01-10,12")
        .seen("mrss,2024-05-01,13")
        .treatment("immunosuppressant,2023-01-01,2024-02-01")
        .answer("no_lasting_response,no,2024-05-02");
    assert_eq!(
        because(&build, &treated),
        "neither refractory (no lasting response: no on 2024-05-02) nor progressive"
    );
}

#[test]
fn where_all_parts_hold_what_decided_each_is_told_in_few_words() {
    let mut build = Build::new();
    let other = build.set(FactTable::Conditions, "other_autoimmune_disease");
    let needs = build.judgement("needs_systemic_treatment");
    build.exclusion(
        "E6",
        all(vec![
            now(FactTable::Conditions, other).done(),
            judged(needs),
        ]),
    );
    let data = Data::new()
        .condition("other_autoimmune_disease,2019-01-01,,active")
        .answer("needs_systemic_treatment,yes,2024-05-02");
    assert_eq!(
        because(&build, &data),
        "other autoimmune disease: other_autoimmune_disease since 2019-01-01; and 1 more"
    );
}

#[test]
fn a_stage_whose_gate_has_not_been_reached_says_so_and_not_its_guard() {
    let mut build = Build::new();
    let fit = build.judgement("fit");
    let fertile = build.judgement("childbearing_potential");
    build.inclusion("I8", at(INFUSION, judged(fit))).guard =
        Some(guard(Some(Sex::Female), Some(judged(fertile))));
    let run = |data: &Data| Run::new(&build, data);
    let woman = run(&Data::new());
    assert_eq!(woman.reason(INFUSION), "infusion has not been reached");
    let tree = woman.explain(INFUSION);
    assert_eq!(tree.because, "infusion has not been reached");
    assert_eq!(tree.parts[0].because, "infusion has not been reached");
    assert_eq!(
        run(&Data::new().sex("male")).reason(INFUSION),
        "the patient is male"
    );
    // This can be chased at once.
    assert_eq!(
        run(&Data::new().sex("")).reason(INFUSION),
        "the patient's sex is not recorded"
    );
}

#[test]
fn a_half_life_that_is_missing_or_not_exact_is_what_is_asked_for() {
    let mut build = Build::new();
    let window = half_lives_before(SCREENING, "5", false, false);
    build.half_life(&["ranged"], "11", "13");
    build.exclusion(
        "E11",
        any_during(FactTable::Treatments, window)
            .investigational()
            .done(),
    );
    let missing = Data::new().treatment("unheard_of,2024-01-05,2024-02-01,,,,,,,yes");
    assert_eq!(
        because(&build, &missing),
        "it is not certain that investigational treatment unheard_of from 2024-01-05 to 2024-02-01 \
         counts: the half-life of unheard_of is not known"
    );
    assert_eq!(
        explained(&build, &missing).settle.as_deref(),
        Some("the half-life of unheard_of, in dataset.toml")
    );
    let ranged = Data::new().treatment("ranged,2024-01-05,2024-03-10,,,,,,,yes");
    assert_eq!(
        because(&build, &ranged),
        "it is not certain that investigational treatment ranged from 2024-01-05 to 2024-03-10 \
         counts: the half-life of ranged is 11 to 13 days, so it may or may not have been less than \
         5 half-lives before 2024-05-09"
    );
    let undated = Data::new().treatment("ranged,2024-01-05,2024-03,,,,,,,yes");
    assert!(
        because(&build, &undated).contains("its dates do not tell"),
        "{}",
        because(&build, &undated)
    );
}

#[test]
fn what_came_after_the_gate_is_not_told() {
    let mut build = Build::new();
    let hemoglobin = build.hemoglobin();
    build.inclusion(
        "I7",
        value(hemoglobin, in_unit(at_least("90"), "g/L"))
            .within(days_before(SCREENING, 7))
            .done(),
    );
    let both = Data::new()
        .seen("hemoglobin,2024-04-01,95,g/L")
        .seen("hemoglobin,2024-05-12,96,g/L");
    assert_eq!(
        because(&build, &both),
        "no hemoglobin between 2024-05-02 and 2024-05-09, both included; the last one is 95 g/L on \
         2024-04-01"
    );
    assert_eq!(
        told(
            |set| ever(FactTable::Treatments, set),
            FactTable::Treatments,
            &Data::new().treatment("live_vaccine,2024-05-12")
        ),
        "no live vaccine up to 2024-05-09"
    );
}

#[test]
fn levels_are_written_as_they_are_declared() {
    let mut build = Build::new();
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    build.exclusion("E1", value(nyha, Test::Levels(vec![3])).done());
    assert_eq!(
        because(&build, &Data::new().seen("nyha,2024-05-02,,,,,,ii")),
        "nyha II on 2024-05-02 is not IV"
    );
}

#[test]
fn the_tree_follows_the_conditions_with_their_texts_and_values() {
    let data = Data::new()
        .seen("hemoglobin,2024-05-02,85,g/L")
        .seen("alt,2024-05-02,30,U/L,,,40");
    let tree = explained(&organs(), &data);
    assert_eq!(
        (tree.label.as_str(), tree.text.as_str()),
        ("I7", "Criterion I7")
    );
    assert_eq!(tree.truth, Truth::False);
    assert_eq!(
        tree.because,
        "at screening (2024-05-09): hemoglobin 85 g/L on 2024-05-02 is below 90 g/L"
    );
    let list = &tree.parts[0];
    assert_eq!(list.because, "1 of 3 parts does not hold: hemoglobin");
    assert_eq!(list.parts.len(), 3);
    let hemoglobin = part(&tree, "hemoglobin");
    assert_eq!(hemoglobin.text, "hemoglobin >= 90 g/L");
    assert_eq!(hemoglobin.truth, Truth::False);
    let alt = part(&tree, "ALT");
    assert_eq!(
        alt.because,
        "alt 30 U/L on 2024-05-02 is at most 3 x ULN 40 (= 120)"
    );
    // Every part is told, also where the value was settled already.
    assert!(part(&tree, "fitness").truth.is_open());
}

#[test]
fn facts_stand_with_their_file_and_line() {
    let data = Data::new()
        .seen("alt,2024-05-02,30,U/L,,,40")
        .seen("hemoglobin,2024-05-02,85,g/L");
    let tree = explained(&organs(), &data);
    let facts = &part(&tree, "hemoglobin").facts;
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].text, "hemoglobin 85 g/L on 2024-05-02");
    assert_eq!(
        (facts[0].file.as_str(), facts[0].line),
        ("observations.csv", 3)
    );
}

#[test]
fn an_open_part_says_what_would_settle_it() {
    let tree = explained(&organs(), &Data::new().seen("alt,2024-05-02,30,U/L"));
    assert_eq!(
        part(&tree, "hemoglobin").settle.as_deref(),
        Some("a hemoglobin taken between 2024-05-02 and 2024-05-09, both included")
    );
    assert_eq!(
        part(&tree, "ALT").settle.as_deref(),
        Some("the laboratory's upper limit of normal for the alt in observations.csv line 2")
    );
    assert_eq!(
        part(&tree, "fitness").settle.as_deref(),
        Some("an answer to fit by the investigator")
    );
    // Above stands all of it.
    assert_eq!(tree.settle.as_ref().unwrap().matches("; ").count(), 2);
    let settled = explained(
        &organs(),
        &Data::new()
            .seen("alt,2024-05-02,30,U/L,,,40")
            .seen("hemoglobin,2024-05-02,95,g/L")
            .answer("fit,yes,2024-05-02"),
    );
    assert_eq!(settled.truth, Truth::True);
    assert_eq!(settled.settle, None);
}

/// What is told of one fact under many charts.
fn told(make: impl Fn(lind_model::SetId) -> FactBuild, table: FactTable, data: &Data) -> String {
    let mut build = Build::new();
    let set = build.set(table, "live_vaccine");
    build.protocol.given_once.push("live_vaccine".into());
    build.exclusion("E15", make(set).done());
    because(&build, data)
}

#[test]
fn facts_are_told_with_code_and_dates() {
    let table = FactTable::Treatments;
    let within = |set| during(table, set, months_before(SCREENING, 1));
    assert_eq!(
        told(within, table, &Data::new()),
        "no live vaccine between 2024-04-09 and 2024-05-09, both included"
    );
    assert_eq!(
        told(
            within,
            table,
            &Data::new().treatment("live_vaccine,2024-05-01")
        ),
        "live vaccine: live_vaccine on 2024-05-01"
    );
    assert_eq!(
        told(
            within,
            table,
            &Data::new().treatment("test|live_vaccine,2024-01-01,2024-02-01")
        ),
        "no live vaccine between 2024-04-09 and 2024-05-09, both included that counts: \
         test|live_vaccine from 2024-01-01 to 2024-02-01"
    );
    assert_eq!(
        told(within, table, &Data::new().without("treatments")),
        "no live vaccine between 2024-04-09 and 2024-05-09, both included, but there is no table of treatments"
    );
    assert_eq!(
        told(
            within,
            table,
            &Data::new().treatment("live_vaccine,2024-04")
        ),
        "it is not certain that live vaccine live_vaccine in 2024-04 counts: its dates do not tell \
         whether it was between 2024-04-09 and 2024-05-09, both included"
    );
    let told_lost = told(
        within,
        table,
        &Data::new().treatment("live_vaccine,2024-04-3x"),
    );
    assert!(
        told_lost.starts_with("treatments.csv line 2 cannot be used: "),
        "{told_lost}"
    );
}

#[test]
fn what_is_not_certain_about_a_row_is_named() {
    let table = FactTable::Treatments;
    let route = |set| ever(table, set).field(FactField::Route, &["oral"]);
    assert_eq!(
        told(
            route,
            table,
            &Data::new().treatment("live_vaccine,2024-01-01")
        ),
        "it is not certain that live vaccine live_vaccine on 2024-01-01 counts: its route is not recorded"
    );
    let dose = |set| ever(table, set).dose(at_most("15"), "mg/d", None);
    assert_eq!(
        told(
            dose,
            table,
            &Data::new().treatment("live_vaccine,2024-01-01,,15,mg")
        ),
        "it is not certain that live vaccine live_vaccine on 2024-01-01 counts: how often it is given is not recorded"
    );
    let total = |set| ever(table, set).in_total(Comparison::MoreThan, Offset::months(6));
    assert_eq!(
        told(
            total,
            table,
            &Data::new().treatment("live_vaccine,2024-01-01,2024-01-10")
        ),
        "live vaccine for 10 days in total by 2024-05-09, which is not more than 6 months"
    );
    let tree = {
        let mut build = Build::new();
        let set = build.set(table, "live_vaccine");
        build.exclusion("E15", route(set).done());
        explained(&build, &Data::new().treatment("live_vaccine,2024-01-01"))
    };
    assert_eq!(
        tree.settle.as_deref(),
        Some("the route of treatments.csv line 2")
    );
}

#[test]
fn ages_answers_and_milestones_read_well() {
    let mut build = Build::new();
    build.inclusion("I2", age(between("18", "65")));
    let of = |birth: &str| because(&build, &Data::new().born(birth));
    assert_eq!(
        of("1980-01-01"),
        "age 44 at screening (2024-05-09) is between 18 years and 65 years, both included"
    );
    assert_eq!(
        of("1950-01-01"),
        "age 74 at screening (2024-05-09) is more than 65 years"
    );
    assert_eq!(
        of("2010-01-01"),
        "age 14 at screening (2024-05-09) is below 18 years"
    );
    assert_eq!(
        of("2006"),
        "age is 17 or 18 at screening (2024-05-09), born in 2006"
    );
    assert_eq!(of(""), "the date of birth is not recorded");

    let mut build = Build::new();
    let unsuitable = build.judgement("unsuitable");
    build.exclusion("E14", judged(unsuitable));
    assert_eq!(
        because(&build, &Data::new()),
        "awaits the investigator: unsuitable?"
    );
    assert_eq!(
        because(&build, &Data::new().answer("unsuitable,no,2024-05-03")),
        "the investigator answered no on 2024-05-03"
    );
    let two = Data::new()
        .answer("unsuitable,no,2024-05-03")
        .answer("unsuitable,yes,2024-05-03");
    assert!(
        because(&build, &two).starts_with("the answers to unsuitable do not agree: "),
        "{}",
        because(&build, &two)
    );
}

#[test]
fn a_guard_tells_why_a_criterion_does_not_apply() {
    let mut build = Build::new();
    let hcg = build.coded("hcg", &["positive", "negative"]);
    let fertile = build.judgement("childbearing_potential");
    build
        .inclusion("I8", value(hcg, results(&["negative"])).done())
        .guard = Some(guard(Some(Sex::Female), Some(judged(fertile))));
    assert_eq!(
        because(&build, &Data::new().sex("male")),
        "the patient is male"
    );
    assert_eq!(
        because(
            &build,
            &Data::new().answer("childbearing_potential,no,2024-05-02")
        ),
        "the investigator answered no on 2024-05-02"
    );
    let unknown_sex = Data::new()
        .sex("")
        .seen("hcg,2024-05-02,,,,,,positive")
        .answer("childbearing_potential,yes,2024-05-02");
    assert_eq!(
        because(&build, &unknown_sex),
        "the patient's sex is not recorded"
    );
    let tree = explained(&build, &unknown_sex);
    assert_eq!(
        tree.settle.as_deref(),
        Some("the patient's sex (patients.csv line 2)")
    );
}

#[test]
fn a_change_is_told_with_both_values() {
    let mut build = Build::new();
    let mrss = build.score("mrss", "0", "51", None);
    let window = months_before(SCREENING, 6);
    build.inclusion(
        "I4b",
        change(
            mrss,
            Direction::Rises,
            at_least("3"),
            ChangeMode::Points,
            window,
        ),
    );
    let data = Data::new()
        .seen("mrss,2024-01-10,12")
        .seen("mrss,2024-05-01,15");
    assert_eq!(
        because(&build, &data),
        "mrss from 12 on 2024-01-10 to 15 on 2024-05-01: a rise of 3 points, at least 3 points"
    );
    assert_eq!(explained(&build, &data).parts[0].facts.len(), 2);
}

#[test]
fn a_computed_value_is_told_with_its_inputs() {
    let mut build = Build::new();
    let weight = build.quantity("weight", Kind::Mass, "kg", None);
    let formula = build.formula(
        "dose_per_day",
        shape(Kind::Mass, "mg", None, lind_units::Analyte::default()),
        vec![lind_model::protocol::FormulaInput::Measure {
            measure: weight,
            unit: unit("kg"),
        }],
        vec![(
            None,
            lind_model::protocol::Arithmetic::Multiply(
                Box::new(lind_model::protocol::Arithmetic::Input(0)),
                Box::new(lind_model::protocol::Arithmetic::Number(exact("1.5"))),
            ),
        )],
    );
    build.inclusion(
        "I1",
        computed(formula, in_unit(at_most("100"), "mg")).done(),
    );
    assert_eq!(
        because(&build, &Data::new().seen("weight,2024-05-02,70,kg")),
        "dose per day 105 mg is more than 100 mg, from weight 70 kg"
    );
}

#[test]
fn values_of_every_and_any_are_counted() {
    let mut build = Build::new();
    let hemoglobin = build.hemoglobin();
    let every = value(hemoglobin, in_unit(at_least("90"), "g/L"))
        .take(lind_model::protocol::Selector::Every);
    build.inclusion("I1", every.done());
    let data = Data::new()
        .seen("hemoglobin,2024-05-01,95,g/L")
        .seen("hemoglobin,2024-05-02,91,g/L");
    assert_eq!(
        because(&build, &data),
        "hemoglobin 95 g/L on 2024-05-01 is at least 90 g/L, and so are all 2 values up to 2024-05-09"
    );
    assert_eq!(
        because(&build, &data.seen("hemoglobin,2024-05-03,85,g/L")),
        "hemoglobin 85 g/L on 2024-05-03 is below 90 g/L"
    );
}

#[test]
fn levels_name_what_was_asked() {
    let mut build = Build::new();
    let ecog = build.ordinal("ecog", &["0", "1", "2", "3"]);
    build.inclusion("I1", value(ecog, Test::Levels(vec![0, 1])).done());
    assert_eq!(
        because(&build, &Data::new().seen("ecog,2024-05-02,2")),
        "ecog 2 on 2024-05-02 is not one of 0, 1"
    );
    assert_eq!(
        because(&build, &Data::new().seen("ecog,2024-05-02,,,,,,good")),
        "ecog good on 2024-05-02 is no level of its scale"
    );
}

#[test]
fn a_huge_explanation_is_cut_and_keeps_its_value() {
    let mut build = Build::new();
    let fit = judged(build.judgement("fit"));
    let mut name = build.define("d0", fit);
    // Told in full this would have 2^20 leaves.
    for level in 1..20 {
        let below = || condition("below", lind_model::protocol::ConditionKind::Defined(name));
        name = build.define(&format!("d{level}"), all(vec![below(), below()]));
    }
    build.inclusion(
        "I1",
        condition("top", lind_model::protocol::ConditionKind::Defined(name)),
    );
    let data = Data::new().answer("fit,yes,2024-05-02");
    let tree = explained(&build, &data);
    fn size(tree: &Explanation) -> usize {
        1 + tree.parts.iter().map(size).sum::<usize>()
    }
    assert_eq!(tree.truth, Truth::True);
    assert!(size(&tree) < 20_000, "{}", size(&tree));
}

#[test]
fn a_criterion_that_the_plan_does_not_have_gives_nothing() {
    let run = Run::new(&organs(), &Data::new());
    let context = run.context();
    let none = lind_model::CriterionId(99);
    assert_eq!(
        lind_eval::explain(&run.program, &context, &run.chart, SCREENING, none),
        None
    );
    assert_eq!(
        lind_eval::reason(&run.program, &context, &run.chart, SCREENING, none),
        ""
    );
}
