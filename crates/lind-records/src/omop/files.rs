//! Which file is which table.

use std::collections::BTreeMap;

use lind_diagnostics::closest;

use crate::excerpt::quoted;
use crate::form::parts;
use crate::intake::Intake;
use crate::{rules, settings_file};

/// Tables whose rows are read.
pub(super) const READ: [&str; 13] = [
    "person",
    "death",
    "measurement",
    "observation",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "visit_occurrence",
    "concept",
    "concept_ancestor",
    "drug_strength",
    "observation_period",
    "specimen",
];

/// Tables that hold facts about patients that stand nowhere else, and are not read.
pub(super) const NOT_READ: [&str; 4] = ["device_exposure", "note", "note_nlp", "episode"];

/// Tables that are made of others, or tell of no patient's health.
const BESIDE: [&str; 24] = [
    "attribute_definition",
    "care_site",
    "cdm_source",
    "cohort",
    "cohort_attribute",
    "cohort_definition",
    "concept_class",
    "concept_relationship",
    "concept_synonym",
    "condition_era",
    "cost",
    "domain",
    "dose_era",
    "drug_era",
    "episode_event",
    "fact_relationship",
    "location",
    "metadata",
    "payer_plan_period",
    "provider",
    "relationship",
    "source_to_concept_map",
    "visit_detail",
    "vocabulary",
];

/// The files of each table, in the order of their names. A table may lie in one file, or in several
/// that stand in a folder of its name, as engines write them.
pub(super) fn by_table(
    names: &[String],
    intake: &mut Intake,
) -> BTreeMap<&'static str, Vec<String>> {
    let mut files: BTreeMap<&'static str, Vec<(String, String)>> = BTreeMap::new();
    for name in names {
        let (stem, ending) = parts(name);
        if is_aside(name) || !["csv", "parquet", "txt", "tsv"].contains(&ending.as_str()) {
            continue;
        }
        match table_of(name, &stem) {
            Some((table, folder)) => files.entry(table).or_default().push((folder, name.clone())),
            None => tell_unknown(name, &stem, intake),
        }
    }
    let mut by_table = BTreeMap::new();
    for (table, mut found) in files {
        found.sort();
        let first = found
            .first()
            .map(|(folder, name)| (folder.clone(), is_by_column(name)));
        let one_place = found
            .iter()
            .all(|(folder, name)| first == Some((folder.clone(), is_by_column(name))));
        if found.len() > 1 && (!one_place || first.is_some_and(|(folder, _)| folder.is_empty())) {
            let second = found.get(1).map_or("", |(_, name)| name);
            let first = found.first().map_or("", |(_, name)| name);
            intake.remark(
                &rules::D0801_TWO_FILES,
                second,
                1,
                format!(
                    "the table {table} stands in {} and in {}, and nothing says which of them holds",
                    quoted(first),
                    quoted(second)
                ),
            );
            by_table.insert(table, Vec::new());
            continue;
        }
        by_table.insert(table, found.into_iter().map(|(_, name)| name).collect());
    }
    by_table
}

/// What a Macintosh leaves beside files when it packs them, hidden files, and what is no data.
fn is_aside(name: &str) -> bool {
    name == settings_file::FILE
        || name
            .split(['/', '\\'])
            .any(|part| part.starts_with('.') || part.starts_with('_'))
}

fn is_by_column(name: &str) -> bool {
    parts(name).1 == "parquet"
}

/// The table of a file, and the folder of the table if it has one to itself.
fn table_of(name: &str, stem: &str) -> Option<(&'static str, String)> {
    if let Some(table) = known(stem) {
        return Some((table, String::new()));
    }
    let mut parts = name.rsplit(['/', '\\']).skip(1);
    let folder = parts.next()?.to_ascii_lowercase();
    let stem = folder.split_once('.').map_or(&*folder, |(stem, _)| stem);
    known(stem).map(|table| (table, folder.clone()))
}

fn known(stem: &str) -> Option<&'static str> {
    let tables = READ.iter().chain(&NOT_READ).chain(&BESIDE);
    tables.copied().find(|table| *table == stem)
}

/// A table with a slip in its name is a table that is not there.
fn tell_unknown(name: &str, stem: &str, intake: &mut Intake) {
    let known = READ.iter().chain(&NOT_READ).chain(&BESIDE).copied();
    let is_short = stem.chars().count() <= 40;
    let message = match closest(stem, known).filter(|_| is_short) {
        Some(meant) => format!(
            "{} is not read; did you mean the table `{meant}`?",
            quoted(name)
        ),
        None => format!(
            "{} is none of the tables of OMOP CDM 5.4 and is not read",
            quoted(name)
        ),
    };
    let shown = quoted(name);
    intake.remark(
        &rules::D0706_UNKNOWN_FILE,
        shown.trim_matches('`'),
        1,
        message,
    );
}
