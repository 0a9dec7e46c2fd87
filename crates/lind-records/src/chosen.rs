//! Which records of the source are rows of a table, as `sources` in the mapping file says.

use std::collections::BTreeMap;

use crate::found::Origin;
use crate::intake::Intake;
use crate::place::FileId;
use crate::{Settings, Table, fhir, omop, rules, sdtm};

/// The sources that are left out, and how many of their records were.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// The tables of which something is said, and what.
    by_table: Vec<(Table, Vec<String>)>,
    /// What is being read, a table or a domain; of FHIR each resource says it.
    source: String,
    counted: BTreeMap<(Table, String), (u64, FileId, u32)>,
}

impl Chosen {
    /// What is said.
    pub(crate) fn told(settings: &Settings) -> Self {
        let said = |table| Some((table, settings.sources(table)?.to_vec()));
        Chosen {
            by_table: Table::FACTS.into_iter().filter_map(said).collect(),
            ..Chosen::default()
        }
    }

    /// From now on the records are of this source.
    pub(crate) fn read(&mut self, source: &str) {
        source.clone_into(&mut self.source);
    }

    /// Whether a record of a source is a row of none of these tables.
    pub(crate) fn is_left_out(&self, source: &str, tables: &[Table]) -> bool {
        let is_left_out = |table: &Table| {
            let said = self.by_table.iter().find(|(other, _)| other == table);
            said.is_some_and(|(_, sources)| {
                !sources
                    .iter()
                    .any(|other| other.eq_ignore_ascii_case(source))
            })
        };
        !self.by_table.is_empty() && !tables.is_empty() && tables.iter().all(is_left_out)
    }

    /// The same of the source that is being read, if one is; and the record is counted then.
    pub(crate) fn leaves_out(&mut self, tables: &[Table], origin: &Origin<'_>) -> bool {
        if self.source.is_empty() || !self.is_left_out(&self.source, tables) {
            return false;
        }
        for table in tables {
            let first = (0, origin.file, origin.line);
            let key = (*table, self.source.clone());
            self.counted.entry(key).or_insert(first).0 += 1;
        }
        true
    }

    /// Says how many records were left out.
    pub(crate) fn tell(self, intake: &mut Intake) {
        for ((table, source), (count, file, line)) in self.counted {
            let records = if count == 1 {
                "record is"
            } else {
                "records are"
            };
            let message = format!(
                "{count} {records} of {source}, which `sources` in [{table}] does not name, and left out"
            );
            let file = intake.file_name(file).to_string();
            intake.remark(&rules::D0813_NOT_CHOSEN, &file, line, message);
        }
    }
}

/// The words that `sources` of a table may name, for any form of data: types of resources, tables, domains.
pub(crate) fn words(table: Table) -> Vec<&'static str> {
    let mut words = fhir::sources(table);
    words.extend(omop::sources(table));
    words.extend(sdtm::sources(table));
    words
}
