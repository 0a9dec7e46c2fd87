//! §6 Facts.

use lind_model::Outcome;
use lind_model::protocol::{Comparison, FactField, FactTable, Window};
use lind_time::Offset;

use crate::build::*;
use crate::data::*;

const CONDITIONS: FactTable = FactTable::Conditions;
const TREATMENTS: FactTable = FactTable::Treatments;
const PROCEDURES: FactTable = FactTable::Procedures;
const ALLERGIES: FactTable = FactTable::Allergies;

/// The outcome of an exclusion that asks for one fact, screened on 2024-05-09.
fn fact(
    table: FactTable,
    name: &str,
    make: impl Fn(lind_model::SetId) -> FactBuild,
    data: &Data,
) -> Outcome {
    let mut build = Build::new();
    let set = build.set(table, name);
    build.exclusion("E1", make(set).done());
    outcome(&build, data)
}

fn has(row: &str) -> Outcome {
    fact(
        CONDITIONS,
        "tb",
        |set| now(CONDITIONS, set),
        &Data::new().condition(row),
    )
}

fn had(row: &str) -> Outcome {
    fact(
        CONDITIONS,
        "tb",
        |set| ever(CONDITIONS, set),
        &Data::new().condition(row),
    )
}

fn had_within_a_month(row: &str) -> Outcome {
    let within = |set| during(CONDITIONS, set, months_before(SCREENING, 1));
    fact(CONDITIONS, "tb", within, &Data::new().condition(row))
}

// ------------------------------------------------------------------ records and their spans

#[test]
fn what_is_not_settled_yet_may_be_so_or_not() {
    assert_eq!(has("tb,2024-01-01,,provisional"), UNKNOWN);
    assert_eq!(has("tb,2024-01-01,2024-02-01,unconfirmed"), NOT_MET);
    assert_eq!(had("tb,2024-01-01,2024-02-01,unconfirmed"), UNKNOWN);
    assert_eq!(had("tb,2024-06-01,,provisional"), NOT_MET);
    assert_eq!(had("tb,2024-01-01,,refuted"), NOT_MET);
}

#[test]
fn rows_are_those_with_a_code_of_the_set() {
    assert_eq!(has("tb,2024-01-01"), MET);
    assert_eq!(has("test|tb,2024-01-01"), MET);
    assert_eq!(has("test|tb of the lung,2024-01-01"), MET);
    assert_eq!(has("test|flu,2024-01-01"), NOT_MET);
}

#[test]
fn without_a_set_every_row_counts() {
    let mut build = Build::new();
    build.exclusion("E1", any_ever(TREATMENTS).done());
    assert_eq!(outcome(&build, &Data::new()), NOT_MET);
    assert_eq!(
        outcome(&build, &Data::new().treatment("atc|X01,2020-01-01")),
        MET
    );
}

#[test]
fn a_condition_without_abatement_is_not_over_if_it_is_active_or_blank() {
    assert_eq!(has("tb,2020-01-01"), MET);
    assert_eq!(has("tb,2020-01-01,,active"), MET);
    assert_eq!(has("tb,2020-01-01,,resolved"), UNKNOWN);
    assert_eq!(has("tb,2020-01-01,,remission"), UNKNOWN);
}

#[test]
fn a_condition_with_an_abatement_is_decided_by_that_date_whatever_its_status() {
    assert_eq!(has("tb,2020-01-01,2024-05-08,resolved"), NOT_MET);
    assert_eq!(has("tb,2020-01-01,2024-05-09,resolved"), MET);
    assert_eq!(has("tb,2020-01-01,2024-05-08,active"), NOT_MET);
    assert_eq!(has("tb,2020-01-01,2024-05"), UNKNOWN);
    assert_eq!(has("tb,2020-01-01,2024-04"), NOT_MET);
    assert_eq!(has("tb,2024-05-10"), NOT_MET);
    assert_eq!(has("tb,2024-05"), UNKNOWN);
}

#[test]
fn ever_asks_only_whether_it_has_begun() {
    assert_eq!(had("tb,2020-01-01,2020-06-01"), MET);
    assert_eq!(had("tb,2020-01-01,,resolved"), MET);
    assert_eq!(had("tb,2024-05-09"), MET);
    assert_eq!(had("tb,2024-05-10"), NOT_MET);
    assert_eq!(had("tb,2024-05"), UNKNOWN);
    // A missing onset may be any time.
    assert_eq!(had("tb,"), UNKNOWN);
    let known = |set| ever(CONDITIONS, set);
    let undated = Data::new().condition("tb,").known_until("2024-05-09");
    assert_eq!(fact(CONDITIONS, "tb", known, &undated), MET);
}

#[test]
fn during_a_window_a_span_must_overlap_it() {
    // The month before 2024-05-09 begins on 2024-04-09.
    assert_eq!(had_within_a_month("tb,2024-01-01,2024-04-08"), NOT_MET);
    assert_eq!(had_within_a_month("tb,2024-01-01,2024-04-09"), MET);
    assert_eq!(had_within_a_month("tb,2024-01-01"), MET);
    assert_eq!(had_within_a_month("tb,2024-05-09,2024-06-01"), MET);
    assert_eq!(had_within_a_month("tb,2024-05-10,2024-06-01"), NOT_MET);
    assert_eq!(had_within_a_month("tb,2024-01-01,2024-04"), UNKNOWN);
    // It resolved at some time since its onset.
    assert_eq!(had_within_a_month("tb,2024-01-01,,resolved"), UNKNOWN);
    assert_eq!(had_within_a_month("tb,2024-04-20,,resolved"), MET);
    // Without an onset it may have begun after the gate, unless the data end there.
    assert_eq!(had_within_a_month("tb,,2024-04-08"), NOT_MET);
    assert_eq!(had_within_a_month("tb,,2024-04-20"), UNKNOWN);
    assert_eq!(had_within_a_month("tb,"), UNKNOWN);
    let within = |set| during(CONDITIONS, set, months_before(SCREENING, 1));
    let until = |end: &str| {
        let data = Data::new()
            .condition(&format!("tb,,{end}"))
            .known_until("2024-05-09");
        fact(CONDITIONS, "tb", within, &data)
    };
    assert_eq!(until("2024-04-08"), NOT_MET);
    assert_eq!(until("2024-04-20"), MET);
    assert_eq!(until(""), MET);
}

#[test]
fn what_resolved_was_over_by_the_cut_off_at_the_latest() {
    let within = |set| during(CONDITIONS, set, days_before(SCREENING, 7));
    let mut build = Build::new();
    let set = build.set(CONDITIONS, "tb");
    build.protocol.criteria.clear();
    build.exclusion("E1", within(set).done()).gate = Some(SCREENING);
    // The data end before the window begins, and the gate is assumed.
    let data = Data::unscreened()
        .condition("tb,2024-01-01,,resolved")
        .toml("[dataset]\ncut_off = \"2024-05-01\"\n")
        .assuming(SCREENING, "2024-05-09");
    assert_eq!(outcome(&build, &data), NOT_MET);
}

#[test]
fn a_treatment_without_an_end_is_going_on_unless_it_is_given_once() {
    let within = |set| during(TREATMENTS, set, days_before(SCREENING, 30));
    let data = Data::new().treatment("vaccine,2024-01-01");
    assert_eq!(fact(TREATMENTS, "vaccine", within, &data), MET);
    let mut build = Build::new();
    let set = build.set(TREATMENTS, "vaccine");
    build.exclusion("E1", within(set).done());
    build.protocol.given_once.push("vaccine".into());
    assert_eq!(outcome(&build, &data), NOT_MET);
    assert_eq!(
        outcome(&build, &Data::new().treatment("vaccine,2024-05-01")),
        MET
    );
    // With an end it lasts until then.
    assert_eq!(
        outcome(
            &build,
            &Data::new().treatment("vaccine,2024-01-01,2024-05-01")
        ),
        MET
    );
}

#[test]
fn a_procedure_happens_at_its_time_and_an_allergy_does_not_end() {
    let within = |set| during(PROCEDURES, set, days_before(SCREENING, 30));
    let data = |time: &str| Data::new().procedure(&format!("transplant,{time}"));
    assert_eq!(
        fact(PROCEDURES, "transplant", within, &data("2024-05-01")),
        MET
    );
    assert_eq!(
        fact(PROCEDURES, "transplant", within, &data("2024-01-01")),
        NOT_MET
    );
    assert_eq!(
        fact(PROCEDURES, "transplant", within, &data("2024-04")),
        UNKNOWN
    );
    assert_eq!(fact(PROCEDURES, "transplant", within, &data("")), UNKNOWN);
    let allergic = |set| now(ALLERGIES, set);
    let data = Data::new().row("allergies", "penicillin,severe,1990");
    assert_eq!(fact(ALLERGIES, "penicillin", allergic, &data), MET);
}

#[test]
fn a_window_between_two_anchors_is_overlapped_by_days() {
    let within = |set| during(TREATMENTS, set, from_to(CONSENT, SCREENING));
    let given = |row: &str| {
        fact(
            TREATMENTS,
            "drug",
            within,
            &Data::new().treatment(&format!("drug,{row}")),
        )
    };
    assert_eq!(given("2024-04-01,2024-04-30"), NOT_MET);
    assert_eq!(given("2024-04-01,2024-05-01"), MET);
    assert_eq!(given("2024-05-09,2024-05-20"), MET);
    assert_eq!(given("2024-04-01,2024-05"), MET);
    assert_eq!(given("2024-04-01,2024"), UNKNOWN);
    // Without a begin, it may have begun after the gate.
    assert_eq!(given(",2024-05-03"), UNKNOWN);
    assert_eq!(given("2024-04-01"), MET);
}

#[test]
fn a_window_whose_milestone_is_not_reached_leaves_a_fact_pending() {
    let within = |set| during(TREATMENTS, set, days_before(ENROLMENT, 30));
    assert_eq!(fact(TREATMENTS, "drug", within, &Data::new()), PENDING);
}

// ------------------------------------------------------------------ exists

#[test]
fn exists_is_true_if_some_row_counts_else_open_if_some_may_else_false() {
    let both = |a: &str, b: &str| {
        let data = Data::new()
            .condition(&format!("tb,{a}"))
            .condition(&format!("tb,{b}"));
        fact(CONDITIONS, "tb", |set| ever(CONDITIONS, set), &data)
    };
    assert_eq!(both("2024-05-10", "2024-05-01"), MET);
    assert_eq!(both("2024-05", "2024-05-01"), MET);
    assert_eq!(both("2024-05", "2024-05-10"), UNKNOWN);
    assert_eq!(both("2024-05-11", "2024-05-10"), NOT_MET);
}

#[test]
fn no_and_never_negate() {
    let never = |row: &str| {
        let data = if row.is_empty() {
            Data::new()
        } else {
            Data::new().condition(row)
        };
        fact(CONDITIONS, "tb", |set| ever(CONDITIONS, set).no(), &data)
    };
    assert_eq!(never("tb,2020"), NOT_MET);
    assert_eq!(never(""), MET);
    assert_eq!(never("tb,"), UNKNOWN);
}

#[test]
fn an_absent_or_incomplete_table_says_nothing_of_what_it_does_not_hold() {
    let asked = |data: &Data| fact(CONDITIONS, "tb", |set| ever(CONDITIONS, set), data);
    assert_eq!(asked(&Data::new().without("conditions")), UNKNOWN);
    let incomplete = Data::new().toml("[conditions]\ncomplete = false\n");
    assert_eq!(asked(&incomplete), UNKNOWN);
    assert_eq!(asked(&incomplete.condition("tb,2020")), MET);
    let by_code = Data::new().toml("[conditions.codes.\"test|tb*\"]\ncomplete = false\n");
    assert_eq!(asked(&by_code), UNKNOWN);
    let other_code = Data::new().toml("[conditions.codes.\"test|flu\"]\ncomplete = false\n");
    assert_eq!(asked(&other_code), NOT_MET);
}

#[test]
fn a_row_that_was_set_aside_may_count_unless_its_time_is_known_and_says_no() {
    let asked = |data: &Data| fact(CONDITIONS, "tb", |set| ever(CONDITIONS, set), data);
    assert_eq!(asked(&Data::new().condition("tb,2024-13-01")), UNKNOWN);
    assert_eq!(
        asked(&Data::new().condition("tb,2024-01-01,,cured")),
        UNKNOWN
    );
    assert_eq!(
        asked(&Data::new().condition("tb,2024-05-10,,cured")),
        NOT_MET
    );
    assert_eq!(asked(&Data::new().condition("flu,2024-13-01")), NOT_MET);
    // Its code cannot be read.
    assert_eq!(asked(&Data::new().condition(",2024-01-01")), UNKNOWN);
    assert_eq!(
        asked(&Data::new().condition("tb,2024-13-01").condition("tb,2020")),
        MET
    );

    let within = |set| during(CONDITIONS, set, days_before(SCREENING, 7));
    let begun = |day: &str| {
        let data = Data::new().condition(&format!("tb,{day},2024-13-01"));
        fact(CONDITIONS, "tb", within, &data)
    };
    // It began before the window, and when it ended cannot be read.
    assert_eq!(begun("2024-01-01"), UNKNOWN);
    assert_eq!(begun("2024-05-10"), NOT_MET);

    let within = |set| during(PROCEDURES, set, days_before(SCREENING, 7));
    let mut build = Build::new();
    let set = build.set(PROCEDURES, "transplant");
    build.exclusion("E1", within(set).done());
    // A procedure has one time: outside the window it is out.
    let wide = |day: &str| Data::new().procedure(&format!("transplant,{day},knee,extra"));
    assert_eq!(outcome(&build, &wide("2024-01-01")), UNKNOWN);
}

// ------------------------------------------------------------------ filters

#[test]
fn a_field_has_one_of_the_values_and_a_missing_one_may() {
    let severe = |row: &str| {
        let filter =
            |set| ever(ALLERGIES, set).field(FactField::Severity, &["severe", "life_threatening"]);
        fact(
            ALLERGIES,
            "drug",
            filter,
            &Data::new().row("allergies", row),
        )
    };
    assert_eq!(severe("drug,severe,2020"), MET);
    assert_eq!(severe("drug,life_threatening,2020"), MET);
    assert_eq!(severe("drug,mild,2020"), NOT_MET);
    assert_eq!(severe("drug,,2020"), UNKNOWN);

    let site = |row: &str| {
        let filter = |set| ever(CONDITIONS, set).field(FactField::BodySite, &["lung"]);
        fact(CONDITIONS, "tb", filter, &Data::new().condition(row))
    };
    assert_eq!(site("tb,2020,,,,Lung"), MET);
    assert_eq!(site("tb,2020,,,,bone"), NOT_MET);
    assert_eq!(site("tb,2020"), UNKNOWN);

    let treated = |field: FactField, value: &str, row: &str| {
        let filter = |set| ever(TREATMENTS, set).field(field, &[value]);
        fact(TREATMENTS, "drug", filter, &Data::new().treatment(row))
    };
    assert_eq!(treated(FactField::Route, "oral", "drug,2020,,,,,oral"), MET);
    assert_eq!(
        treated(FactField::Indication, "lupus", "drug,2020,,,,,,lupus"),
        MET
    );
    assert_eq!(
        treated(
            FactField::Outcome,
            "no_response",
            "drug,2020,,,,,,,no_response"
        ),
        MET
    );
    assert_eq!(
        treated(
            FactField::Outcome,
            "no_response",
            "drug,2020,,,,,,,response"
        ),
        NOT_MET
    );
    assert_eq!(
        treated(FactField::Outcome, "no_response", "drug,2020"),
        UNKNOWN
    );

    let status = |row: &str| {
        let filter = |set| ever(CONDITIONS, set).field(FactField::Status, &["active"]);
        fact(CONDITIONS, "tb", filter, &Data::new().condition(row))
    };
    assert_eq!(status("tb,2020,,active"), MET);
    assert_eq!(status("tb,2020,,resolved"), NOT_MET);
    assert_eq!(status("tb,2020"), UNKNOWN);
}

#[test]
fn investigational_is_marked_yes_and_blank_is_open() {
    let mut build = Build::new();
    build.exclusion("E11", any_ever(TREATMENTS).investigational().done());
    let given = |mark: &str| Data::new().treatment(&format!("atc|X01,2020,,,,,,,,{mark}"));
    assert_eq!(outcome(&build, &given("yes")), MET);
    assert_eq!(outcome(&build, &given("no")), NOT_MET);
    assert_eq!(outcome(&build, &given("")), UNKNOWN);
}

/// At most 15 mg of prednisone or its equivalent a day.
fn steroid(row: &str, equivalent: bool) -> Outcome {
    let mut build = Build::new();
    let set = build.set_of(
        TREATMENTS,
        "steroid",
        &["prednisone", "methylprednisolone", "budesonide"],
    );
    let table = build.equivalence(
        "prednisone_equivalent",
        &[
            ("prednisone", "5"),
            ("methylprednisolone", "4"),
            ("dexamethasone", "0.75"),
        ],
    );
    let dose = ever(TREATMENTS, set).dose(at_most("15"), "mg/d", equivalent.then_some(table));
    build.inclusion("I4", dose.done());
    outcome(&build, &Data::new().treatment(row))
}

#[test]
fn a_dose_a_day_is_a_rate_and_any_other_is_multiplied_by_its_frequency() {
    for (row, expected) in [
        ("prednisone,2020,,15,mg/d", MET),
        ("prednisone,2020,,15.1,mg/d", NOT_MET),
        ("prednisone,2020,,0.015,g/d", MET),
        ("prednisone,2020,,0.6,mg/h", MET),
        ("prednisone,2020,,0.63,mg/h", NOT_MET),
        ("prednisone,2020,,15,mg,daily", MET),
        ("prednisone,2020,,15,mg,once daily", MET),
        ("prednisone,2020,,7.5,mg,twice-daily", MET),
        ("prednisone,2020,,8,mg,bid", NOT_MET),
        ("prednisone,2020,,5,mg,TID", MET),
        ("prednisone,2020,,5,mg,qid", NOT_MET),
        ("prednisone,2020,,30,mg,every other day", MET),
        ("prednisone,2020,,31,mg,qod", NOT_MET),
        ("prednisone,2020,,105,mg,weekly", MET),
        ("prednisone,2020,,106,mg,once_weekly", NOT_MET),
        ("prednisone,2020,,210,mg,every 2 weeks", MET),
        // Anything else is open.
        ("prednisone,2020,,1,mg,when needed", UNKNOWN),
        ("prednisone,2020,,1,mg", UNKNOWN),
        ("prednisone,2020,,1,mg/d,daily", UNKNOWN),
        ("prednisone,2020,,1", UNKNOWN),
        ("prednisone,2020", UNKNOWN),
        ("prednisone,2020,,1,mL/d", UNKNOWN),
    ] {
        assert_eq!(steroid(row, false), expected, "{row}");
    }
}

#[test]
fn an_equivalent_dose_is_that_of_the_first_row() {
    for (row, expected) in [
        ("prednisone,2020,,15,mg/d", MET),
        ("methylprednisolone,2020,,12,mg/d", MET),
        ("methylprednisolone,2020,,12.1,mg/d", NOT_MET),
        ("methylprednisolone,2020,,6,mg,bid", MET),
        ("methylprednisolone,2020,,0.012,g/d", MET),
        // Not in the table.
        ("budesonide,2020,,1,mg/d", UNKNOWN),
        ("methylprednisolone,2020,,12", UNKNOWN),
    ] {
        assert_eq!(steroid(row, true), expected, "{row}");
    }
}

// ------------------------------------------------------------------ lengths

/// Treated for more than 6 months.
fn treated(comparison: Comparison, row: &str) -> Outcome {
    let lasting = |set| ever(TREATMENTS, set).lasting(comparison, Offset::months(6));
    fact(
        TREATMENTS,
        "drug",
        lasting,
        &Data::new().treatment(&format!("drug,{row}")),
    )
}

#[test]
fn a_row_lasts_from_its_begin_to_its_end_clipped_at_the_gate() {
    let more = |row: &str| treated(Comparison::MoreThan, row);
    assert_eq!(more("2023-01-01,2023-07-01"), NOT_MET);
    assert_eq!(more("2023-01-01,2023-07-02"), MET);
    assert_eq!(treated(Comparison::AtLeast, "2023-01-01,2023-07-01"), MET);
    assert_eq!(
        treated(Comparison::AtLeast, "2023-01-01,2023-06-30"),
        NOT_MET
    );
    assert_eq!(
        treated(Comparison::LessThan, "2023-01-01,2023-07-01"),
        NOT_MET
    );
    assert_eq!(treated(Comparison::AtMost, "2023-01-01,2023-07-01"), MET);
    // Going on, it ends at the gate, 2024-05-09.
    assert_eq!(more("2023-11-09"), NOT_MET);
    assert_eq!(more("2023-11-08"), MET);
    // What lasts beyond the gate is clipped there.
    assert_eq!(more("2023-11-09,2024-12-31"), NOT_MET);
    // Dates that are known to a month.
    assert_eq!(more("2023-01,2023-09"), MET);
    assert_eq!(more("2023-01,2023-07"), UNKNOWN);
    assert_eq!(more("2023-01,2023-06"), NOT_MET);
    assert_eq!(more(",2023-07"), UNKNOWN);
}

#[test]
fn what_is_given_once_lasts_no_time() {
    let lasting = |set| ever(TREATMENTS, set).lasting(Comparison::MoreThan, Offset::days(0));
    let mut build = Build::new();
    let set = build.set(TREATMENTS, "drug");
    build.exclusion("E1", lasting(set).done());
    build.protocol.given_once.push("drug".into());
    assert_eq!(
        outcome(&build, &Data::new().treatment("drug,2020")),
        NOT_MET
    );
}

#[test]
fn months_of_a_length_end_with_a_short_month() {
    // 6 months after 31 August is the last of February.
    assert_eq!(treated(Comparison::AtLeast, "2022-08-31,2023-02-28"), MET);
    assert_eq!(
        treated(Comparison::MoreThan, "2022-08-31,2023-02-28"),
        NOT_MET
    );
    assert_eq!(treated(Comparison::MoreThan, "2022-08-31,2023-03-01"), MET);
}

fn in_total(rows: &[&str]) -> Outcome {
    let total = |set| ever(TREATMENTS, set).in_total(Comparison::MoreThan, Offset::days(19));
    let data = rows.iter().fold(Data::new(), |data, row| {
        data.treatment(&format!("drug,{row}"))
    });
    fact(TREATMENTS, "drug", total, &data)
}

#[test]
fn in_total_days_are_added_and_overlapping_days_count_once() {
    // More than 19 days: from a day to the 19th after it are 20 days, with both.
    assert_eq!(in_total(&["2024-01-01,2024-01-20"]), NOT_MET);
    assert_eq!(in_total(&["2024-01-01,2024-01-21"]), MET);
    assert_eq!(
        in_total(&["2024-01-01,2024-01-10", "2024-02-01,2024-02-11"]),
        MET
    );
    assert_eq!(
        in_total(&["2024-01-01,2024-01-10", "2024-02-01,2024-02-10"]),
        NOT_MET
    );
    assert_eq!(
        in_total(&["2024-01-01,2024-01-15", "2024-01-05,2024-01-20"]),
        NOT_MET
    );
    assert_eq!(
        in_total(&["2024-01-01,2024-01-15", "2024-01-05,2024-01-21"]),
        MET
    );
    // Clipped at the gate: 20 days from 2024-04-20 to 2024-05-09.
    assert_eq!(in_total(&["2024-04-20"]), NOT_MET);
    assert_eq!(in_total(&["2024-04-19"]), MET);
    assert_eq!(in_total(&[]), NOT_MET);
}

#[test]
fn in_total_what_is_uncertain_gives_an_upper_sum() {
    assert_eq!(in_total(&["2024-01-01,2024-01-21", "2024-05"]), MET);
    assert_eq!(
        in_total(&["2024-01-01,2024-01-20", "2024-05,2024-05-20"]),
        UNKNOWN
    );
    // It lasted from the second to the 31st at most.
    assert_eq!(in_total(&["2024-01-31,2024-02"]), UNKNOWN);
    assert_eq!(
        in_total(&["2024-01-31,2024-02", "2023-01-01,2023-02-01"]),
        MET
    );
    assert_eq!(in_total(&["2024-01-31,2024-02-13"]), NOT_MET);
    // It ended after it began, so it lasted a day at least.
    assert_eq!(
        in_total(&["2023-01-01,2023-01-20", "2024-01-28,2024-01"]),
        MET
    );
    // A row that cannot be read may have lasted any time.
    assert_eq!(in_total(&["2024-01-01,2024-01-10", "2024-13-01"]), UNKNOWN);
    assert_eq!(in_total(&["2024-01-01,2024-01-21", "2024-13-01"]), MET);
}

#[test]
fn in_total_months_are_counted_back_from_the_gate() {
    // 6 months before 2024-05-09 is 2023-11-09: 183 days with both.
    let total = |comparison: Comparison, row: &str| {
        let of = |set| ever(TREATMENTS, set).in_total(comparison, Offset::months(6));
        fact(
            TREATMENTS,
            "drug",
            of,
            &Data::new().treatment(&format!("drug,{row}")),
        )
    };
    assert_eq!(
        total(Comparison::MoreThan, "2023-01-01,2023-07-01"),
        NOT_MET
    );
    assert_eq!(
        total(Comparison::MoreThan, "2023-01-01,2023-07-02"),
        NOT_MET
    );
    assert_eq!(total(Comparison::MoreThan, "2023-01-01,2023-07-03"), MET);
    assert_eq!(total(Comparison::AtLeast, "2023-01-01,2023-07-02"), MET);
    assert_eq!(total(Comparison::AtLeast, "2023-01-01,2023-07-01"), NOT_MET);
    // One course alone that ends at the gate counts as it does without `in total`.
    assert_eq!(total(Comparison::AtLeast, "2023-11-09"), MET);
    assert_eq!(total(Comparison::AtLeast, "2023-11-10"), NOT_MET);
}

#[test]
fn in_total_every_day_that_the_gate_may_be_must_agree() {
    let total = |set| ever(TREATMENTS, set).in_total(Comparison::MoreThan, Offset::days(19));
    let at = |begin: &str| {
        let data = Data::screened("2024-05").treatment(&format!("drug,{begin}"));
        fact(TREATMENTS, "drug", total, &data)
    };
    assert_eq!(at("2024-04-10"), MET);
    assert_eq!(at("2024-04-12"), UNKNOWN);
    assert_eq!(at("2024-06-12"), NOT_MET);
}

// ------------------------------------------------------------------ exceptions

/// Malignancy, except skin cancer and breast cancer disease-free for more than 2 years.
fn malignancy(comparison: Comparison, row: &str) -> Outcome {
    let mut build = Build::new();
    let malignancy = build.set_of(CONDITIONS, "malignancy", &["icd10|C*"]);
    let skin = build.set_of(CONDITIONS, "skin", &["icd10|C44*"]);
    let breast = build.set_of(CONDITIONS, "breast", &["icd10|C50*"]);
    let fact = ever(CONDITIONS, malignancy)
        .except(skin, None)
        .except(breast, Some((comparison, Offset::years(2))));
    build.exclusion("E9", fact.done());
    outcome(&build, &Data::new().condition(row))
}

#[test]
fn a_member_of_an_exception_does_not_count() {
    let more = |row: &str| malignancy(Comparison::MoreThan, row);
    assert_eq!(more("icd10|C18.9,2004,2005"), MET);
    assert_eq!(more("icd10|C44.1,2024-04-01"), NOT_MET);
}

#[test]
fn disease_free_is_counted_from_the_end_to_the_gates_day() {
    let more = |row: &str| malignancy(Comparison::MoreThan, row);
    // Two years before 2024-05-09.
    assert_eq!(more("icd10|C50.9,2019-01-01,2022-05-08"), NOT_MET);
    assert_eq!(more("icd10|C50.9,2019-01-01,2022-05-09"), MET);
    let least = |row: &str| malignancy(Comparison::AtLeast, row);
    assert_eq!(least("icd10|C50.9,2019-01-01,2022-05-09"), NOT_MET);
    assert_eq!(least("icd10|C50.9,2019-01-01,2022-05-10"), MET);
    assert_eq!(more("icd10|C50.9,2019-01-01,2022-05"), UNKNOWN);
    assert_eq!(more("icd10|C50.9,2019-01-01,2022-04"), NOT_MET);
    // Not over.
    assert_eq!(more("icd10|C50.9,2019-01-01"), MET);
    assert_eq!(more("icd10|C50.9,2019-01-01,2025-01-01"), MET);
    // Over since an unknown time.
    assert_eq!(more("icd10|C50.9,2019-01-01,,remission"), UNKNOWN);
    assert_eq!(more("icd10|C50.9,2023-01-01,,remission"), MET);
}

#[test]
fn a_filter_can_ask_for_being_disease_free_itself() {
    let free = |row: &str| {
        let of = |set| ever(CONDITIONS, set).disease_free(Comparison::AtLeast, Offset::years(2));
        fact(CONDITIONS, "tb", of, &Data::new().condition(row))
    };
    assert_eq!(free("tb,2015-01-01,2022-05-09"), MET);
    assert_eq!(free("tb,2015-01-01,2022-05-10"), NOT_MET);
    assert_eq!(free("tb,2015-01-01"), NOT_MET);
}

// ------------------------------------------------------------------ half-lives

/// Any investigational treatment less than 5 half-lives before screening; `compound` has 20 days.
fn washout(window: Window, data: &Data) -> Outcome {
    let mut build = Build::new();
    build.half_life(&["compound"], "20", "20");
    build.half_life(&["ranged"], "10", "20");
    build.half_life_hours(&["short"], 6);
    build.exclusion("E11", any_during(TREATMENTS, window).done());
    outcome(&build, data)
}

fn less_than_five() -> Window {
    half_lives_before(SCREENING, "5", false, false)
}

#[test]
fn the_last_dose_100_days_ago_at_20_days_is_not_less_than_5_half_lives_and_99_is() {
    let given = |row: &str| {
        washout(
            less_than_five(),
            &Data::new().treatment(&format!("compound,{row}")),
        )
    };
    // 100 days before 2024-05-09.
    assert_eq!(given("2023-01-01,2024-01-30"), NOT_MET);
    assert_eq!(given("2023-01-01,2024-01-31"), MET);
    let at_most = |row: &str| {
        let window = half_lives_before(SCREENING, "5", true, false);
        washout(window, &Data::new().treatment(&format!("compound,{row}")))
    };
    assert_eq!(at_most("2023-01-01,2024-01-30"), MET);
    assert_eq!(at_most("2023-01-01,2024-01-29"), NOT_MET);
}

#[test]
fn the_last_administration_of_what_goes_on_is_at_the_anchor() {
    let given = |row: &str| {
        washout(
            less_than_five(),
            &Data::new().treatment(&format!("compound,{row}")),
        )
    };
    assert_eq!(given("2020-01-01"), MET);
    assert_eq!(given("2020-01-01,2025-01-01"), MET);
    assert_eq!(given("2020-01-01,2024-02"), MET);
    assert_eq!(given("2020-01-01,2024-01"), UNKNOWN);
    assert_eq!(given("2020-01-01,2023-12"), NOT_MET);
    // Begun after the anchor there was none before it.
    assert_eq!(given("2024-05-10"), NOT_MET);
    assert_eq!(given("2024-05"), UNKNOWN);
}

#[test]
fn a_range_of_half_lives_is_an_interval_and_none_is_open() {
    let given = |drug: &str, end: &str| {
        washout(
            less_than_five(),
            &Data::new().treatment(&format!("{drug},2020-01-01,{end}")),
        )
    };
    // 50 to 100 days.
    assert_eq!(given("ranged", "2024-03-21"), MET);
    assert_eq!(given("ranged", "2024-03-20"), UNKNOWN);
    assert_eq!(given("ranged", "2024-01-31"), UNKNOWN);
    assert_eq!(given("ranged", "2024-01-30"), NOT_MET);
    assert_eq!(given("unheard_of", "2024-05-01"), UNKNOWN);
}

#[test]
fn the_half_life_of_the_data_set_comes_first() {
    let data = Data::new()
        .treatment("compound,2020-01-01,2024-04-01")
        .toml("[half_lives.compound]\nvalue = \"5 days\"\n");
    assert_eq!(washout(less_than_five(), &data), NOT_MET);
    let unheard_of = Data::new()
        .treatment("unheard_of,2020-01-01,2024-05-01")
        .toml("[half_lives.unheard_of]\nvalue = \"12 hours\"\n");
    assert_eq!(washout(less_than_five(), &unheard_of), NOT_MET);
}

#[test]
fn half_lives_in_hours_compare_elapsed_time() {
    // 30 hours before the morning of the 9th.
    let given = |end: &str| {
        let data = Data::screened("2024-05-09T12:00").treatment(&format!("short,2024-05-01,{end}"));
        washout(less_than_five(), &data)
    };
    assert_eq!(given("2024-05-08T06:30"), MET);
    assert_eq!(given("2024-05-08T05:00"), NOT_MET);
    assert_eq!(given("2024-05-08"), UNKNOWN);
    assert_eq!(given("2024-05-07"), NOT_MET);
    // Begun on the anchor's day, perhaps after the anchor.
    let begun = |begin: &str| {
        let data = Data::screened("2024-05-09T12:00").treatment(&format!("short,{begin}"));
        washout(less_than_five(), &data)
    };
    assert_eq!(begun("2024-05-09T12:00:30"), UNKNOWN);
    assert_eq!(begun("2024-05-09"), UNKNOWN);
    assert_eq!(begun("2024-05-09T11:59"), MET);
    assert_eq!(begun("2024-05-09T12:01"), NOT_MET);
}

#[test]
fn at_least_so_many_half_lives_before_asks_for_as_far_or_farther() {
    let given = |closed: bool, row: &str| {
        let window = half_lives_before(SCREENING, "5", closed, true);
        washout(window, &Data::new().treatment(&format!("compound,{row}")))
    };
    assert_eq!(given(true, "2023-01-01,2024-01-30"), MET);
    assert_eq!(given(false, "2023-01-01,2024-01-30"), NOT_MET);
    assert_eq!(given(false, "2023-01-01,2024-01-29"), MET);
    assert_eq!(given(true, "2023-01-01"), NOT_MET);
    assert_eq!(given(true, "2024-05-10"), NOT_MET);
}

#[test]
fn the_longer_of_two_windows_holds_what_lies_in_either() {
    // Within the longer of 30 days and 5 half-lives.
    let longer = || {
        Window::Either(
            Box::new(days_before(SCREENING, 30)),
            Box::new(less_than_five()),
        )
    };
    let given = |row: &str| washout(longer(), &Data::new().treatment(row));
    assert_eq!(given("compound,2023-01-01,2024-01-31"), MET);
    assert_eq!(given("compound,2023-01-01,2024-01-30"), NOT_MET);
    assert_eq!(given("short,2024-04-01,2024-04-12"), MET);
    assert_eq!(given("short,2024-04-01,2024-04-08"), NOT_MET);
    // Without a half-life the days can still decide that it does.
    assert_eq!(given("unheard_of,2024-04-01,2024-04-12"), MET);
    assert_eq!(given("unheard_of,2024-01-01,2024-01-12"), UNKNOWN);
}

#[test]
fn the_end_of_a_row_is_not_before_its_beginning() {
    // Begun on the gate's day and over in that month: it was so on the gate's day.
    assert_eq!(has("tb,2024-05-09,2024-05"), MET);
    assert_eq!(has("tb,2024-05,2024-05-08"), NOT_MET);
    let free = |set| ever(CONDITIONS, set).disease_free(Comparison::AtLeast, Offset::days(28));
    let data = Data::new().condition("tb,2024-04-20,2024");
    assert_eq!(fact(CONDITIONS, "tb", free, &data), NOT_MET);
}
