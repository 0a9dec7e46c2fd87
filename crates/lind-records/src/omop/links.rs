//! Records that are about other records: observations that the mapping takes for columns, and the
//! samples that were measured.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::clinical::{self, Facts, ROW};
use super::concepts::Concepts;
use super::results;
use super::sheet::{Layout, Row, Sheet};
use crate::intake::{Intake, Said};
use crate::mapping::{Mapping, RuleId};
use crate::{ReadError, Table, Tables, rules};

const SPECIMEN: Layout = Layout {
    table: "specimen",
    columns: &[
        "specimen_id",
        "specimen_concept_id",
        "specimen_source_value",
    ],
    needed: 2,
    tables: &[Table::Observations],
};

/// The tables whose records others may be about, with the concept of the column of their numbers. The
/// vocabulary names it too: `condition_occurrence.condition_occurrence_id`.
const TABLES: [(&str, Option<i64>); 6] = [
    ("condition_occurrence", Some(1_147_127)),
    ("drug_exposure", Some(1_147_094)),
    ("measurement", Some(1_147_138)),
    ("observation", Some(1_147_165)),
    ("procedure_occurrence", Some(1_147_082)),
    ("visit_occurrence", None),
];

/// The rows of any of them.
const ANY: [Table; 5] = [
    Table::Observations,
    Table::Conditions,
    Table::Treatments,
    Table::Procedures,
    Table::Visits,
];

/// What observations say of one record.
#[derive(Debug)]
struct About {
    said: Vec<Said>,
    /// Whether there is such a record.
    is_found: bool,
    /// Where the first of them stands.
    file: Arc<str>,
    line: u32,
}

/// Records that are about other records.
#[derive(Debug, Default)]
pub(super) struct Links {
    mapping: Arc<Mapping>,
    /// By table and number of the record.
    about: HashMap<(&'static str, i64), About>,
    /// What the samples are, by their number.
    samples: HashMap<i64, Box<str>>,
    /// By file: how many rows are of a sample that is not there, and the first of them.
    lost_samples: BTreeMap<Box<str>, (u64, u32)>,
}

/// The concepts that samples use.
pub(super) fn used(
    tables: &dyn Tables,
    file: &str,
    used: &mut HashSet<i64>,
) -> Result<(), ReadError> {
    let Some(mut sheet) = Sheet::peek(tables, file, &SPECIMEN)? else {
        return Ok(());
    };
    while sheet.next()?.is_some() {
        used.extend(sheet.id(1));
    }
    Ok(())
}

/// Which table the numbers in a column are of, going by the concept of the column.
fn table_of(field: Option<i64>, concepts: &Concepts) -> Option<Cow<'static, str>> {
    let id = field?;
    let known = TABLES.iter().find(|(_, known)| *known == Some(id));
    if let Some((table, _)) = known {
        return Some((*table).into());
    }
    let name = concepts.get(Some(id))?.name.to_lowercase();
    let (table, _) = name.split_once('.')?;
    Some(table.to_owned().into())
}

impl Links {
    pub(super) fn new(mapping: &Arc<Mapping>) -> Self {
        Links {
            mapping: Arc::clone(mapping),
            ..Links::default()
        }
    }

    /// The line of the mapping by which the dose of a drug is what was supplied.
    pub(super) fn supply(&self) -> Option<RuleId> {
        self.mapping.supply
    }

    /// What an observation is about: the record, and the column of it that it fills. None: it stands for
    /// itself.
    fn target(
        &self,
        sheet: &Sheet,
        concepts: &mut Concepts,
    ) -> Option<((&'static str, i64), &'static str, RuleId)> {
        if self.mapping.columns.is_empty() {
            return None;
        }
        let id = sheet.id(results::ABOUT)?;
        let named = table_of(sheet.id(results::ABOUT_FIELD), concepts)?;
        let (table, _) = TABLES.iter().find(|(table, _)| *table == named)?;
        let codes = clinical::codes(sheet, false, concepts);
        let (column, rule) = self.mapping.column_of_codes(&codes)?;
        Some(((table, id), column, rule))
    }

    /// Reads what observations say of other records.
    pub(super) fn read(
        &mut self,
        tables: &dyn Tables,
        file: &str,
        concepts: &mut Concepts,
    ) -> Result<(), ReadError> {
        if self.mapping.columns.is_empty() {
            return Ok(());
        }
        // What is wrong with the file is told when its rows are read.
        let Some(mut sheet) = Sheet::peek(tables, file, &results::OBSERVATION.layout)? else {
            return Ok(());
        };
        let name: Arc<str> = file.into();
        while let Some(row) = sheet.next()? {
            if row != Row::Whole {
                continue;
            }
            let Some((record, column, rule)) = self.target(&sheet, concepts) else {
                continue;
            };
            let text = results::said(&sheet, concepts).into();
            let about = self.about.entry(record).or_insert_with(|| About {
                said: Vec::new(),
                is_found: false,
                file: Arc::clone(&name),
                line: sheet.line(),
            });
            about.said.push(Said {
                column,
                text,
                by: Some(rule),
            });
        }
        Ok(())
    }

    /// Reads what the samples are.
    pub(super) fn read_samples(
        &mut self,
        tables: &dyn Tables,
        file: &str,
        concepts: &Concepts,
        intake: &mut Intake,
    ) -> Result<(), ReadError> {
        let Some(mut sheet) = Sheet::open(tables, file, &SPECIMEN, intake)? else {
            return Ok(());
        };
        let (mut broken, mut first) = (0_u64, 0);
        while let Some(row) = sheet.next()? {
            let Some(id) = sheet.id(ROW).filter(|_| row == Row::Whole) else {
                if broken == 0 {
                    first = sheet.line();
                }
                broken += 1;
                continue;
            };
            let word = match concepts.get(sheet.id(1)) {
                Some(concept) => sample(&concept.name),
                None => sheet.cell(2).to_lowercase(),
            };
            self.samples.insert(id, word.into());
        }
        if broken > 0 {
            let message = format!(
                "{} of the table specimen cannot be read: what was measured in these samples counts \
                 without them",
                super::told::rows(broken)
            );
            intake.remark(&rules::D0788_LEFT_OUT, file, first, message);
        }
        Ok(())
    }

    /// Whether a row is an observation about another record, which has its say there.
    pub(super) fn is_about(&self, sheet: &Sheet, facts: &Facts, concepts: &mut Concepts) -> bool {
        facts.layout.table == "observation" && self.target(sheet, concepts).is_some()
    }

    /// What observations say of a record.
    pub(super) fn of(&mut self, table: &'static str, id: Option<i64>) -> &[Said] {
        let about = id.and_then(|id| self.about.get_mut(&(table, id)));
        about.map_or(&[], |about| {
            about.is_found = true;
            &about.said
        })
    }

    /// What the sample was that a row was measured in; empty if it is not said.
    pub(super) fn specimen(
        &mut self,
        sheet: &Sheet,
        facts: &Facts,
        concepts: &Concepts,
    ) -> Box<str> {
        if facts.layout.table != "measurement" {
            return Box::default();
        }
        let Some(id) = sheet.id(results::OF_SAMPLE) else {
            return Box::default();
        };
        let table = table_of(sheet.id(results::OF_SAMPLE_FIELD), concepts);
        if table.is_none_or(|table| table != "specimen") {
            return Box::default();
        }
        if let Some(sample) = self.samples.get(&id) {
            return sample.clone();
        }
        let line = sheet.line();
        let lost = self.lost_samples.entry(sheet.name.as_str().into());
        lost.or_insert((0, line)).0 += 1;
        Box::default()
    }

    /// Which of Lind's tables a row that cannot be read may have been of, or about.
    pub(super) fn tables_of(&self, facts: &Facts) -> &'static [Table] {
        if facts.layout.table == "observation" && !self.mapping.columns.is_empty() {
            return &ANY;
        }
        facts.layout.tables
    }

    /// Says how many observations are about a record that is not there.
    pub(super) fn tell_of_nothing(&self, intake: &mut Intake) {
        let mut of_nothing: BTreeMap<(&str, &str), (u64, u32)> = BTreeMap::new();
        for ((table, _), about) in &self.about {
            if about.is_found {
                continue;
            }
            let told = of_nothing.entry((&about.file, table));
            let told = told.or_insert((0, about.line));
            told.0 += about.said.len() as u64;
            told.1 = told.1.min(about.line);
        }
        for ((file, table), (count, line)) in of_nothing {
            let message = format!(
                "{} about a record that {table} does not have: what is said there is left out",
                super::told::rows(count)
            );
            intake.remark(&rules::D0788_LEFT_OUT, file, line, message);
        }
        for (file, (count, line)) in &self.lost_samples {
            let message = format!(
                "{} measured in a sample that is not in the data: what it was is not known",
                super::told::rows(*count)
            );
            intake.remark(&rules::D0788_LEFT_OUT, file, *line, message);
        }
    }
}

/// The word for a sample: `Serum specimen` is serum.
fn sample(name: &str) -> String {
    let name = name.to_lowercase();
    let kinds = [" specimen", " sample"];
    let short = kinds.iter().find_map(|kind| name.strip_suffix(kind));
    short.unwrap_or(&name).to_owned()
}
