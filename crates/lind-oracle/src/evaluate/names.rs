//! Records under a name, and whether they are of a set (section 6, "Names").

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_model::RecordName;
use lind_model::SetId;
use lind_model::protocol::FactTable;
use lind_time::Tri;

use super::Run;
use crate::chart::{Aside, Record, is_complete, is_one_of, table_of, tri};

impl Run<'_> {
    /// Whether a record is of a set.
    pub(super) fn is_in_set(&self, record: &Record, set: SetId) -> Tri {
        let Some(set) = self.protocol.sets.get(set.index()) else {
            return Tri::No;
        };
        if record.table != set.table {
            return Tri::No;
        }
        self.is_among(record, &set.codes)
    }

    /// Whether a record is one of these codes and names.
    pub(super) fn is_among(&self, record: &Record, codes: &[Arc<str>]) -> Tri {
        self.code_is_among(record.table, &record.code, codes)
    }

    /// Whether a code or a name of a table is one of these codes and names.
    pub(super) fn code_is_among(&self, table: FactTable, code: &str, codes: &[Arc<str>]) -> Tri {
        if is_one_of(code, codes) {
            return Tri::Yes;
        }
        let Some(name) = self.name(table, code) else {
            return Tri::No;
        };
        let all: Vec<Tri> = self
            .consists_of(name)
            .into_iter()
            .map(|part| held(part, codes))
            .collect();
        match (all.contains(&Tri::Yes), all.contains(&Tri::No)) {
            _ if all.contains(&Tri::Maybe) => Tri::Maybe,
            (true, true) => Tri::Maybe,
            (true, false) => Tri::Yes,
            (false, _) => Tri::No,
        }
    }

    /// Whether a row that was set aside may be about one of these.
    pub(super) fn aside_may_be_among(
        &self,
        row: &Aside,
        table: FactTable,
        codes: &[Arc<str>],
    ) -> bool {
        let about_a_name = || self.code_is_among(table, &row.about, codes) != Tri::No;
        row.may_be_one_of(table_of(table), codes)
            || (row.table == table_of(table) && about_a_name())
    }

    /// Whether a table tells by a missing row that there is none of these.
    pub(super) fn is_complete(&self, table: FactTable, codes: Option<&[Arc<str>]>) -> bool {
        let mut names = self.dataset.incomplete_codes.iter();
        is_complete(self.dataset, table_of(table), codes)
            && !names.any(|(of, name)| {
                *of == table_of(table)
                    && codes.is_some_and(|codes| self.code_is_among(table, name, codes) != Tri::No)
            })
    }

    fn name(&self, table: FactTable, name: &str) -> Option<&RecordName> {
        let mut names = self.protocol.names.entries();
        names
            .find(|entry| entry.table == table && &*entry.name == name)
            .map(|entry| &**entry)
    }

    /// A name itself and all that it includes, but for what is only the sum of what it includes.
    fn consists_of<'n>(&'n self, name: &'n RecordName) -> Vec<&'n RecordName> {
        let included = name
            .includes
            .iter()
            .filter_map(|inner| self.name(name.table, inner));
        std::iter::once(name)
            .chain(included)
            .filter(|part| !part.codes.is_empty() || part.includes.is_empty())
            .collect()
    }
}

/// Whether what a name itself is declared with is held by these codes.
fn held(name: &RecordName, codes: &[Arc<str>]) -> Tri {
    if codes.contains(&name.name) {
        return Tri::Yes;
    }
    let system = |code: &str| code.split('|').next().unwrap_or_default().to_owned();
    let systems: BTreeSet<String> = name.codes.iter().map(|code| system(code)).collect();
    let mut holds = Vec::new();
    for of in systems {
        let own: Vec<Tri> = name
            .codes
            .iter()
            .filter(|code| system(code) == of)
            .map(|code| code_is_held(code, codes))
            .collect();
        // One answer for all codes of the system, or only some of them are held.
        holds.push(match own.first() {
            Some(first) if own.iter().all(|one| one == first) => *first,
            _ => Tri::Maybe,
        });
    }
    if holds.contains(&Tri::Maybe) {
        Tri::Maybe
    } else {
        tri(holds.contains(&Tri::Yes))
    }
}

/// Whether every code that is meant by one is among others. What is more general is not.
fn code_is_held(code: &str, others: &[Arc<str>]) -> Tri {
    let mut others = others.iter().filter(|other| other.contains('|'));
    tri(others.any(
        |other| match (code.strip_suffix('*'), other.strip_suffix('*')) {
            (Some(own), Some(beginning)) => own.starts_with(beginning),
            (None, Some(beginning)) => code.starts_with(beginning),
            (None, None) => code == &**other,
            (Some(_), None) => false,
        },
    ))
}
