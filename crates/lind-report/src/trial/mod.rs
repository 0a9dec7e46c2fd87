//! The results of a trial as tables: who took part, what each endpoint came to, adverse events, and the values of
//! each participant.

mod decisions;
mod deviations;
mod figures;
mod listings;
mod markdown;
mod numbers;
mod page;
mod safety;
mod tables;
pub(crate) mod terms;
mod units;

pub use markdown::results_markdown;
pub use page::results_html;

use lind_model::{Protocol, Results};

/// A table as every form of the report writes it: the same cells in Markdown, HTML and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// What it shows.
    pub(crate) caption: String,
    /// The heads of its columns; the first column names the rows.
    pub(crate) head: Vec<String>,
    /// Which columns hold words, besides the first: they stand at the left.
    pub(crate) words: Vec<usize>,
    /// Its rows.
    pub(crate) rows: Vec<Vec<String>>,
    /// What is said below it.
    pub(crate) notes: Vec<String>,
}

/// A section of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) heading: String,
    /// Which figures belong to it.
    pub(crate) part: Option<figures::Part>,
    /// What is said before its tables.
    pub(crate) about: Vec<String>,
    /// Its tables.
    pub(crate) tables: Vec<Table>,
}

/// The whole report, in its order.
pub(crate) fn sections(protocol: &Protocol, results: &Results) -> Vec<Section> {
    let sections = [
        tables::participants(protocol, results),
        decisions::decisions(protocol, results),
        conduct(protocol, results),
        tables::endpoints(protocol, results),
        tables::at_visits(protocol, results),
        safety::safety(protocol, results),
        listings::by_participant(protocol, results),
    ];
    sections
        .into_iter()
        .filter(|section| !section.tables.is_empty() || !section.about.is_empty())
        .collect()
}

/// How the trial was conducted.
fn conduct(protocol: &Protocol, results: &Results) -> Section {
    let mut tables = vec![
        deviations::attendance(protocol, results),
        deviations::deviations(protocol, results),
    ];
    tables.retain(|table| !table.rows.is_empty());
    Section {
        heading: "Conduct".to_owned(),
        part: None,
        about: Vec::new(),
        tables,
    }
}
