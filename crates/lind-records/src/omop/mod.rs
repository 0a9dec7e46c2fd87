//! Reading OMOP CDM 5.4: the tables of an observational database, as CSV or as Parquet.
//!
//! The tables of facts are read twice: once for the concepts that they use, so that of a vocabulary
//! of millions only these are kept, and once for what they say.

mod clinical;
mod concepts;
mod doses;
mod events;
mod files;
mod links;
mod people;
mod results;
mod sheet;
mod times;
mod told;

use std::collections::HashSet;
use std::io;

use crate::excerpt::quoted;
use crate::intake::Intake;
use crate::{ReadError, Settings, Table, Tables, rules};

use clinical::Facts;
use concepts::{Concepts, Vocabulary};
use links::Links;
use sheet::{Layout, Sheet};
use told::Told;

const FACTS: [Facts; 6] = [
    results::MEASUREMENT,
    results::OBSERVATION,
    events::CONDITION,
    events::DRUG,
    events::PROCEDURE,
    events::VISIT,
];

/// Reads everything into the intake.
pub(crate) fn read(
    tables: &dyn Tables,
    settings: &Settings,
    intake: &mut Intake,
) -> Result<(), ReadError> {
    let files = files::by_table(&tables.names(), intake);
    let of = |table: &str| files.get(table).map(Vec::as_slice).unwrap_or_default();
    if of("person").is_empty() {
        let cause = io::Error::new(io::ErrorKind::NotFound, "there is no table person");
        return Err(ReadError::new("person", cause));
    }
    people::read(tables, of("person"), of("death"), intake)?;
    let (mut used, mut drugs) = (HashSet::new(), HashSet::new());
    for facts in &FACTS {
        for file in of(facts.layout.table) {
            clinical::used(tables, file, facts, &mut used, &mut drugs)?;
        }
    }
    for file in of("specimen") {
        links::used(tables, file, &mut used)?;
    }
    let vocabulary = Vocabulary {
        concept: of("concept"),
        ancestor: of("concept_ancestor"),
        strength: of("drug_strength"),
    };
    let mut concepts = Concepts::read(tables, &vocabulary, used, &drugs, intake)?;
    drop(drugs);
    if !concepts.are_given {
        let message = "there is no table concept, so nothing says which codes the numbers of concepts \
                       stand for; rows count under `omop|` and the number alone";
        intake.remark(
            &rules::D0805_CONCEPTS_UNKNOWN,
            "concept",
            1,
            message.to_owned(),
        );
    }
    let mut links = Links::new(&settings.mapping);
    for file in of("observation") {
        links.read(tables, file, &mut concepts)?;
    }
    for file in of("specimen") {
        links.read_samples(tables, file, &concepts, intake)?;
    }
    let mut told = Told::default();
    for facts in &FACTS {
        if !files.contains_key(facts.layout.table) {
            continue;
        }
        intake.chosen.read(facts.layout.table);
        // What a database leaves out it has no say about: whoever knows it declares it.
        for table in facts.layout.tables {
            intake.present(*table, false);
        }
        if of(facts.layout.table).is_empty() {
            intake.present_and_lacking(facts.layout.tables);
        }
        for file in of(facts.layout.table) {
            clinical::read(
                tables,
                file,
                facts,
                &mut concepts,
                &mut links,
                &mut told,
                intake,
            )?;
        }
    }
    told.tell(intake);
    links.tell_of_nothing(intake);
    for table in files::NOT_READ {
        for file in of(table) {
            tell_not_read(tables, table, file, intake)?;
        }
    }
    Ok(())
}

/// The tables of the database whose rows are rows of one of Lind's.
pub(crate) fn sources(table: Table) -> Vec<&'static str> {
    let of_table = FACTS
        .iter()
        .filter(|facts| facts.layout.tables.contains(&table));
    of_table.map(|facts| facts.layout.table).collect()
}

/// Says of a table of facts that it is not read, unless it is empty.
fn tell_not_read(
    tables: &dyn Tables,
    table: &'static str,
    file: &str,
    intake: &mut Intake,
) -> Result<(), ReadError> {
    const ANY: Layout = Layout {
        table: "",
        columns: &["person_id"],
        needed: 0,
        tables: &[Table::Observations],
    };
    let Some(mut sheet) = Sheet::peek(tables, file, &ANY)? else {
        return Ok(());
    };
    let mut count = 0_u64;
    while sheet.next()?.is_some() {
        count += 1;
    }
    if count > 0 {
        let message = format!(
            "{} of {}: the table {table} is not read, and what it says of the patients is not known",
            told::rows(count),
            quoted(file)
        );
        intake.remark(&rules::D0803_TABLE_NOT_READ, file, 1, message);
    }
    Ok(())
}
