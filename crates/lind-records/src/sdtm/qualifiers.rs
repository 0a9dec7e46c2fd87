//! SUPP--: what the variables of a domain do not say. That an adverse event was dose-limiting is known
//! by the usual names; all else is a column by the mapping alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::record::Record;
use super::variables::Variable;
use crate::intake::{Intake, Said};
use crate::mapping::Mapping;
use crate::rules;

/// The names under which sponsors write that an adverse event was dose-limiting.
const DOSE_LIMITING: [&str; 4] = ["AEDLT", "AEDLTFL", "DLT", "DLTFL"];

/// The subject, and what stands in the variable that joins.
type Key = (String, String);

/// The qualifiers of one record.
#[derive(Debug, Default)]
struct Of {
    said: Vec<Said>,
    /// Whether there is such a record.
    is_found: bool,
    /// Where the first of them stands.
    file: Box<str>,
    line: u32,
}

/// Qualifiers by the domain and the variable that joins them.
#[derive(Debug, Default)]
pub(crate) struct Qualifiers {
    mapping: Arc<Mapping>,
    by_key: BTreeMap<(String, String), HashMap<Key, Of>>,
    /// Where the variables that join stand in the data set at hand.
    places: Vec<((String, String), usize)>,
}

impl Qualifiers {
    pub(crate) fn new(mapping: &Arc<Mapping>) -> Self {
        Qualifiers {
            mapping: Arc::clone(mapping),
            ..Qualifiers::default()
        }
    }

    /// Whether the mapping names a qualifier of this data set: `SUPPCM`.
    pub(crate) fn are_mapped(&self, data_set: &str) -> bool {
        self.mapping.columns.iter().any(|rule| {
            let (named, _) = rule.said_in.split_once('|').unwrap_or_default();
            named.trim().eq_ignore_ascii_case(data_set)
        })
    }

    /// Takes a record of SUPP--. Whether it is one that is read.
    pub(crate) fn add(&mut self, record: &Record<'_>) -> bool {
        let domain = record.capitals(Variable::ParentDomain);
        let name = record.capitals(Variable::Qualifier);
        let (column, by) = match self.mapping.column_said_in(&format!("SUPP{domain}|{name}")) {
            Some((column, rule)) => (column, Some(rule)),
            None if domain == "AE" && DOSE_LIMITING.contains(&name.as_str()) => ("dlt", None),
            None => return false,
        };
        let joined = (domain, record.capitals(Variable::JoinedBy));
        let key = (
            record.subject().to_owned(),
            record.get(Variable::JoinedValue).to_owned(),
        );
        let text = record.get(Variable::QualifierValue).into();
        let said = Said { column, text, by };
        let qualifiers = self.by_key.entry(joined).or_default();
        let of = qualifiers.entry(key).or_insert_with(|| Of {
            file: record.file_name.into(),
            line: record.row.line,
            ..Of::default()
        });
        of.said.push(said);
        true
    }

    /// Finds the variables by which they are joined in a data set of this domain.
    pub(crate) fn join_with(&mut self, domain: &str, names: &[String]) {
        let of_domain = self.by_key.keys().filter(|(of, _)| of == domain);
        let places: BTreeSet<((String, String), usize)> = of_domain
            .filter_map(|joined| {
                let place = names.iter().position(|name| *name == joined.1)?;
                Some((joined.clone(), place))
            })
            .collect();
        self.places = places.into_iter().collect();
    }

    /// What they say of a record.
    pub(crate) fn of(&mut self, record: &Record<'_>) -> Vec<Said> {
        let mut all = Vec::new();
        for (joined, place) in &self.places {
            let key = (
                record.subject().to_owned(),
                record.row.text(*place).to_owned(),
            );
            let by_key = self.by_key.get_mut(joined);
            if let Some(of) = by_key.and_then(|by_key| by_key.get_mut(&key)) {
                of.is_found = true;
                all.extend(of.said.iter().cloned());
            }
        }
        all
    }

    /// Says how many of them are about a record that is not there.
    pub(crate) fn tell_of_nothing(&self, intake: &mut Intake) {
        let mut of_nothing: BTreeMap<(&str, &str), (usize, u32)> = BTreeMap::new();
        for ((domain, _), by_key) in &self.by_key {
            for of in by_key.values().filter(|of| !of.is_found) {
                let told = of_nothing.entry((domain, &of.file)).or_insert((0, of.line));
                told.0 += of.said.len();
                told.1 = told.1.min(of.line);
            }
        }
        for ((domain, file), (count, line)) in of_nothing {
            let (qualifiers, are) = match count {
                1 => ("1 qualifier".to_owned(), "is"),
                count => (format!("{count} qualifiers"), "are"),
            };
            let message = format!(
                "{qualifiers} {are} about a record that {domain} does not have, and {are} left out"
            );
            intake.remark(&rules::D0788_LEFT_OUT, file, line, message);
        }
    }
}
