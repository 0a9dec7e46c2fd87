//! SUPPAE: whether an adverse event was dose-limiting, which no variable of AE says.

use std::collections::{BTreeSet, HashMap};

use super::record::Record;
use super::variables::Variable;

/// The names under which sponsors write it.
const DOSE_LIMITING: [&str; 4] = ["AEDLT", "AEDLTFL", "DLT", "DLTFL"];

/// Qualifiers of adverse events, by subject, variable and value.
#[derive(Debug, Default)]
pub(crate) struct Qualifiers {
    by_key: HashMap<(String, String, String), String>,
    /// The variables by which they are joined.
    variables: BTreeSet<String>,
    /// Where these stand in the data set at hand.
    places: Vec<(String, usize)>,
}

impl Qualifiers {
    /// Takes a record of SUPPAE. Whether it is one that is read.
    pub(crate) fn add(&mut self, record: &Record<'_>) -> bool {
        if !DOSE_LIMITING.contains(&record.capitals(Variable::Qualifier).as_str()) {
            return false;
        }
        let variable = record.capitals(Variable::JoinedBy);
        self.variables.insert(variable.clone());
        self.by_key.insert(
            (
                record.subject().to_owned(),
                variable,
                record.get(Variable::JoinedValue).to_owned(),
            ),
            record.get(Variable::QualifierValue).to_owned(),
        );
        true
    }

    /// Finds the variables by which they are joined in a data set.
    pub(crate) fn join_with(&mut self, names: &[String]) {
        let place = |variable: &String| {
            let at = names.iter().position(|name| name == variable)?;
            Some((variable.clone(), at))
        };
        self.places = self.variables.iter().filter_map(place).collect();
    }

    /// What they say of an adverse event; empty if nothing.
    pub(crate) fn dose_limiting(&self, record: &Record<'_>) -> &str {
        self.places
            .iter()
            .find_map(|(variable, place)| {
                let value = record.row.text(*place).to_owned();
                let key = (record.subject().to_owned(), variable.clone(), value);
                self.by_key.get(&key)
            })
            .map_or("", String::as_str)
    }
}
