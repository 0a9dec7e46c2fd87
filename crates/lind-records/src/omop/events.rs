//! Conditions, drugs, procedures and visits.

use std::borrow::Cow;

use super::clinical::{CONCEPT, Fact, Facts, SOURCE_CONCEPT};
use super::concepts::Concepts;
use super::doses::dose;
use super::sheet::{Layout, number};
use super::times::{day, together};
use crate::Table;
use crate::intake::Intake;

pub(super) const CONDITION: Facts = Facts {
    layout: Layout {
        table: "condition_occurrence",
        columns: &[
            "condition_occurrence_id",
            "person_id",
            "condition_concept_id",
            "condition_source_concept_id",
            "condition_source_value",
            "condition_start_date",
            "condition_start_datetime",
            "condition_end_date",
            "condition_end_datetime",
            "condition_status_concept_id",
            "condition_status_source_value",
        ],
        needed: 3,
        tables: &[Table::Conditions],
    },
    concepts: &[9],
    is_drug: false,
    take: condition,
};

pub(super) const DRUG: Facts = Facts {
    layout: Layout {
        table: "drug_exposure",
        columns: &[
            "drug_exposure_id",
            "person_id",
            "drug_concept_id",
            "drug_source_concept_id",
            "drug_source_value",
            "drug_exposure_start_date",
            "drug_exposure_start_datetime",
            "drug_exposure_end_date",
            "drug_exposure_end_datetime",
            "verbatim_end_date",
            "drug_type_concept_id",
            "quantity",
            "days_supply",
            "route_concept_id",
            "route_source_value",
            "sig",
        ],
        needed: 3,
        tables: &[Table::Treatments, Table::Procedures],
    },
    concepts: &[10, 13],
    is_drug: true,
    take: drug,
};

pub(super) const PROCEDURE: Facts = Facts {
    layout: Layout {
        table: "procedure_occurrence",
        columns: &[
            "procedure_occurrence_id",
            "person_id",
            "procedure_concept_id",
            "procedure_source_concept_id",
            "procedure_source_value",
            "procedure_date",
            "procedure_datetime",
        ],
        needed: 3,
        tables: &[Table::Procedures],
    },
    concepts: &[],
    is_drug: false,
    take: procedure,
};

pub(super) const VISIT: Facts = Facts {
    layout: Layout {
        table: "visit_occurrence",
        columns: &[
            "visit_occurrence_id",
            "person_id",
            "visit_concept_id",
            "visit_source_concept_id",
            "visit_source_value",
            "visit_start_date",
            "visit_start_datetime",
            "visit_end_date",
            "visit_end_datetime",
        ],
        needed: 3,
        tables: &[Table::Visits],
    },
    concepts: &[],
    is_drug: false,
    take: visit,
};

fn condition(fact: &Fact<'_>, concepts: &Concepts, intake: &mut Intake) {
    const TABLE: Table = Table::Conditions;
    const ONSET: usize = TABLE.column("onset");
    const ABATEMENT: usize = TABLE.column("abatement");
    const STATUS: usize = TABLE.column("status");
    let end = together(fact.cell(7), fact.cell(8));
    let mut found = fact.found(TABLE, ONSET);
    found
        .set(ABATEMENT, &end)
        .set(STATUS, condition_status(fact, concepts));
    fact.hand_over(&found, intake);
}

/// Most of what OMOP calls the status of a condition says on which list it stood. What matters is
/// whether it is settled, and whether it is over.
fn condition_status(fact: &Fact<'_>, concepts: &Concepts) -> &'static str {
    const PRELIMINARY: i64 = 32_899;
    const RESOLVED: i64 = 32_906;
    let id = fact.id(9);
    let named = match (id, concepts.get(id)) {
        (Some(PRELIMINARY), None) => "preliminary diagnosis".into(),
        (Some(RESOLVED), None) => "resolved condition".into(),
        (_, Some(concept)) => concept.name.to_lowercase(),
        (Some(_), None) => String::new(),
        (None, None) => fact.cell(10).to_lowercase(),
    };
    let has = |words: &[&str]| words.iter().any(|word| named.contains(word));
    if has(&["entered-in-error", "entered in error"]) {
        "entered-in-error"
    } else if has(&["refuted", "ruled out"]) {
        "refuted"
    } else if has(&[
        "preliminary",
        "provisional",
        "differential",
        "unconfirmed",
        "suspected",
        "rule out",
        "to be diagnosed",
    ]) {
        "provisional"
    } else if has(&["resolved"]) {
        "resolved"
    } else if has(&["remission"]) {
        "remission"
    } else if named == "active" {
        "active"
    } else {
        ""
    }
}

fn drug(fact: &Fact<'_>, concepts: &Concepts, intake: &mut Intake) {
    const TABLE: Table = Table::Treatments;
    const START: usize = TABLE.column("start");
    const END: usize = TABLE.column("end");
    const DOSE: usize = TABLE.column("dose");
    const UNIT: usize = TABLE.column("unit");
    const ROUTE: usize = TABLE.column("route");
    const FREQUENCY: usize = TABLE.column("frequency");
    if is_vaccine(fact, concepts) {
        const TIME: usize = Table::Procedures.column("time");
        fact.hand_over(&fact.found(Table::Procedures, TIME), intake);
        return;
    }
    let was_given = was_given(fact.id(10), concepts);
    let end = end(fact, was_given);
    let dose = dose(fact, was_given, concepts, intake);
    let route = route(fact, concepts);
    let mut found = fact.found(TABLE, START);
    found.set(END, &end).set(ROUTE, &route);
    if let Some(dose) = &dose {
        found.set(DOSE, &dose.amount).set(UNIT, &dose.unit);
        found.set(FREQUENCY, &dose.frequency);
    }
    fact.hand_over(&found, intake);
}

/// Lind counts vaccinations among the procedures.
fn is_vaccine(fact: &Fact<'_>, concepts: &Concepts) -> bool {
    [CONCEPT, SOURCE_CONCEPT].iter().any(|column| {
        let concept = concepts.get(fact.id(*column));
        concept.is_some_and(|concept| &*concept.system == "cvx")
    })
}

/// Whether the drug was administered, which begins and ends with the day; else it was prescribed,
/// dispensed or told of.
fn was_given(drug_type: Option<i64>, concepts: &Concepts) -> bool {
    const ADMINISTERED: [i64; 3] = [32_818, 38_000_179, 38_000_180];
    let name = concepts.get(drug_type).map(|concept| &*concept.name);
    drug_type.is_some_and(|id| ADMINISTERED.contains(&id))
        || name.is_some_and(|name| name.to_lowercase().contains("administ"))
}

/// When a treatment was over.
///
/// The table must have an end, so those who fill it make one up where the source has none: what the
/// source wrote counts first; then an end after the beginning, as the table says it; and an end on
/// the day of the beginning only where one day is what was given. Else nobody knows.
fn end<'f>(fact: &Fact<'f>, was_given: bool) -> Cow<'f, str> {
    let written = day(fact.cell(9));
    if !written.is_empty() {
        return written;
    }
    let end = together(fact.cell(7), fact.cell(8));
    let day_of = |time: &str| time.get(..10).unwrap_or(time).to_owned();
    let is_later = !end.is_empty() && day_of(&end) != day_of(&fact.time);
    let is_one_day = was_given || number(fact.cell(12)) == Some(1);
    if is_later || (is_one_day && !end.is_empty()) {
        end
    } else {
        "unknown".into()
    }
}

fn route<'f>(fact: &Fact<'f>, concepts: &'f Concepts) -> Cow<'f, str> {
    let id = fact.id(13);
    let name: Cow<'f, str> = match (concepts.get(id), id) {
        (Some(concept), _) => Cow::Borrowed(&*concept.name),
        (None, _) if !fact.cell(14).is_empty() => fact.cell(14).into(),
        (None, Some(id)) => format!("omop|{id}").into(),
        (None, None) => return "".into(),
    };
    match name.to_lowercase().strip_suffix(" route") {
        Some(short) => short.to_owned().into(),
        None => name,
    }
}

fn procedure(fact: &Fact<'_>, _: &Concepts, intake: &mut Intake) {
    const TIME: usize = Table::Procedures.column("time");
    fact.hand_over(&fact.found(Table::Procedures, TIME), intake);
}

fn visit(fact: &Fact<'_>, _: &Concepts, intake: &mut Intake) {
    const TABLE: Table = Table::Visits;
    const START: usize = TABLE.column("start");
    const END: usize = TABLE.column("end");
    let end = together(fact.cell(7), fact.cell(8));
    let mut found = fact.found(TABLE, START);
    found.set(END, &end);
    fact.hand_over(&found, intake);
}
