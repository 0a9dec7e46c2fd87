//! What the numbers of concepts stand for.
//!
//! A vocabulary has millions of concepts and data use a few thousand: the data are looked through
//! for the numbers that they use, and of the vocabulary only these are kept.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::sheet::{Layout, Row, Sheet};
use crate::found::CODE_END;
use crate::intake::Intake;
use crate::{ReadError, Table, Tables};

/// What is known of a concept.
#[derive(Clone, Debug)]
pub(super) struct Concept {
    pub(super) name: Box<str>,
    pub(super) domain: Arc<str>,
    /// As Lind names it: `loinc`.
    pub(super) system: Arc<str>,
    pub(super) code: Box<str>,
    class: Arc<str>,
}

/// What one dose of a product holds.
#[derive(Clone, Debug)]
pub(super) struct Strength {
    pub(super) amount: Box<str>,
    pub(super) unit: Option<i64>,
}

/// The concepts that the data use.
#[derive(Debug, Default)]
pub(super) struct Concepts {
    known: HashMap<i64, Concept>,
    /// Of a drug: the ingredients and the classes that it belongs to.
    above: HashMap<i64, Vec<i64>>,
    /// Of a product; none: it has several ingredients.
    strengths: HashMap<i64, Option<Strength>>,
    /// Texts that many concepts share.
    shared: HashSet<Arc<str>>,
    /// The joined codes of rows, by standard and source concept.
    joined: HashMap<(i64, i64, bool), Arc<str>>,
    /// Whether there is a vocabulary at all.
    pub(super) are_given: bool,
}

const CONCEPT: Layout = Layout {
    table: "concept",
    columns: &[
        "concept_id",
        "vocabulary_id",
        "concept_code",
        "concept_name",
        "domain_id",
        "concept_class_id",
    ],
    needed: 3,
    tables: &[],
};

const ANCESTOR: Layout = Layout {
    table: "concept_ancestor",
    columns: &["ancestor_concept_id", "descendant_concept_id"],
    needed: 2,
    tables: &[Table::Treatments],
};

const STRENGTH: Layout = Layout {
    table: "drug_strength",
    columns: &[
        "drug_concept_id",
        "ingredient_concept_id",
        "amount_value",
        "amount_unit_concept_id",
        "invalid_reason",
    ],
    needed: 2,
    tables: &[Table::Treatments],
};

/// The files of the vocabulary.
pub(super) struct Vocabulary<'v> {
    pub(super) concept: &'v [String],
    pub(super) ancestor: &'v [String],
    pub(super) strength: &'v [String],
}

/// How many combinations of concepts are remembered as joined codes.
const MOST_JOINED: usize = 1 << 18;

impl Concepts {
    /// Reads what the vocabulary says of the concepts that are used.
    pub(super) fn read(
        tables: &dyn Tables,
        vocabulary: &Vocabulary<'_>,
        mut used: HashSet<i64>,
        drugs: &HashSet<i64>,
        intake: &mut Intake,
    ) -> Result<Self, ReadError> {
        let mut concepts = Concepts::default();
        for file in vocabulary.strength {
            each(tables, file, &STRENGTH, intake, |sheet| {
                let (Some(drug), amount) = (sheet.id(0), sheet.cell(2)) else {
                    return;
                };
                if !drugs.contains(&drug) || !sheet.cell(4).is_empty() {
                    return;
                }
                let strength = Strength {
                    amount: amount.into(),
                    unit: sheet.id(3),
                };
                used.extend(strength.unit);
                concepts
                    .strengths
                    .entry(drug)
                    .and_modify(|several| *several = None)
                    .or_insert(Some(strength).filter(|strength| !strength.amount.is_empty()));
            })?;
        }
        let mut above: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        for file in vocabulary.ancestor {
            each(tables, file, &ANCESTOR, intake, |sheet| {
                let (Some(ancestor), Some(drug)) = (sheet.id(0), sheet.id(1)) else {
                    return;
                };
                if ancestor != drug && drugs.contains(&drug) {
                    above.entry(drug).or_default().insert(ancestor);
                }
            })?;
        }
        let ancestors: HashSet<i64> = above.values().flatten().copied().collect();
        for file in vocabulary.concept {
            concepts.are_given = true;
            let mut found = Vec::new();
            each(tables, file, &CONCEPT, intake, |sheet| {
                let Some(id) = sheet.id(0) else {
                    return;
                };
                let is_used = used.contains(&id);
                let is_above =
                    ancestors.contains(&id) && is_told_of_drugs(sheet.cell(1), sheet.cell(5));
                if is_used || is_above {
                    found.push((id, concepts.concept(sheet)));
                }
            })?;
            concepts.known.extend(found);
        }
        for (drug, ancestors) in above {
            let told = ancestors.into_iter().filter(|ancestor| {
                let known = concepts.known.get(ancestor);
                known.is_some_and(|known| is_told_of_drugs_by(&known.system, &known.class))
            });
            let told: Vec<i64> = told.collect();
            if !told.is_empty() {
                concepts.above.insert(drug, told);
            }
        }
        Ok(concepts)
    }

    fn concept(&mut self, sheet: &Sheet) -> Concept {
        Concept {
            system: self.share(&system(sheet.cell(1))),
            code: sheet.cell(2).into(),
            name: sheet.cell(3).into(),
            domain: self.share(sheet.cell(4)),
            class: self.share(sheet.cell(5)),
        }
    }

    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(shared) = self.shared.get(text) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = text.into();
        self.shared.insert(Arc::clone(&shared));
        shared
    }

    pub(super) fn get(&self, id: Option<i64>) -> Option<&Concept> {
        self.known.get(&id?)
    }

    /// What one dose of a product holds, if it has one ingredient.
    pub(super) fn strength(&self, drug: Option<i64>) -> Option<&Strength> {
        self.strengths.get(&drug?)?.as_ref()
    }

    /// All codes of a row: of its standard concept and of its source concept, of a drug also those
    /// of its ingredients and of its ATC class, and the numbers of the concepts themselves.
    pub(super) fn codes(
        &mut self,
        standard: Option<i64>,
        source: Option<i64>,
        is_drug: bool,
    ) -> Arc<str> {
        let key = (standard.unwrap_or(0), source.unwrap_or(0), is_drug);
        if let Some(joined) = self.joined.get(&key) {
            return Arc::clone(joined);
        }
        let ids: Vec<i64> = [standard, source.filter(|_| source != standard)]
            .into_iter()
            .flatten()
            .collect();
        let mut codes: Vec<String> = Vec::new();
        for id in &ids {
            let above = self.above.get(id).filter(|_| is_drug);
            for id in std::iter::once(id).chain(above.into_iter().flatten()) {
                if let Some(code) = self.get(Some(*id)).and_then(code_of)
                    && !codes.contains(&code)
                {
                    codes.push(code);
                }
            }
        }
        codes.extend(ids.iter().map(|id| format!("omop|{id}")));
        let joined: Arc<str> = codes.join(&CODE_END.to_string()).into();
        if self.joined.len() < MOST_JOINED {
            self.joined.insert(key, Arc::clone(&joined));
        }
        joined
    }
}

/// `loinc|718-7`; a name of Lind's own library stands alone.
fn code_of(concept: &Concept) -> Option<String> {
    let code = concept.code.trim();
    if code.is_empty() {
        return None;
    }
    Some(match &*concept.system {
        "" => return None,
        "urn:lind:name" => code.to_owned(),
        system => format!("{system}|{code}"),
    })
}

/// A vocabulary as Lind names it.
fn system(vocabulary: &str) -> String {
    let folded = vocabulary.trim().to_lowercase().replace(' ', "_");
    match folded.as_str() {
        "cpt4" => "cpt".to_owned(),
        "rxnorm_extension" => "rxnorm_extension".to_owned(),
        _ => folded,
    }
}

/// Of what lies above a drug, its ingredients and its fifth level of ATC tell what it is; forms and
/// brands do not.
fn is_told_of_drugs(vocabulary: &str, class: &str) -> bool {
    is_told_of_drugs_by(&system(vocabulary), class)
}

fn is_told_of_drugs_by(system: &str, class: &str) -> bool {
    match system {
        "rxnorm" | "rxnorm_extension" => class.eq_ignore_ascii_case("ingredient"),
        "atc" => class.eq_ignore_ascii_case("atc 5th"),
        "urn:lind:name" => true,
        _ => false,
    }
}

/// Reads every row of a file of the vocabulary. A row that is broken tells nothing of its concept,
/// which then counts as one that is not given.
fn each(
    tables: &dyn Tables,
    file: &str,
    layout: &Layout,
    intake: &mut Intake,
    mut take: impl FnMut(&Sheet),
) -> Result<(), ReadError> {
    let Some(mut sheet) = Sheet::open(tables, file, layout, intake)? else {
        return Ok(());
    };
    let (mut broken, mut first) = (0_u64, 0);
    while let Some(row) = sheet.next()? {
        match row {
            Row::Whole => take(&sheet),
            Row::Broken(_) => {
                if broken == 0 {
                    first = sheet.line();
                }
                broken += 1;
            }
        }
    }
    if broken > 0 {
        intake.remark(
            &crate::rules::D0805_CONCEPTS_UNKNOWN,
            file,
            first,
            format!(
                "{} of the table {} cannot be read: what they say of a concept is not known",
                super::told::rows(broken),
                layout.table
            ),
        );
    }
    Ok(())
}
