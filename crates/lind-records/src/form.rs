//! In which form data come.

use std::fmt;

/// In which form data come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Form {
    /// Lind's own tables.
    Tables,
    /// HL7 FHIR R4: bundles, and bulk exports.
    Fhir,
    /// The OMOP common data model 5.4.
    Omop,
    /// CDISC SDTM.
    Sdtm,
    /// Charts that `lind data ingest` has written, of data of any form.
    Charts,
}

impl Form {
    /// Every form, with the word for it in `dataset.toml`.
    pub const WORDS: [(&'static str, Form); 4] = [
        ("tables", Form::Tables),
        ("fhir", Form::Fhir),
        ("omop", Form::Omop),
        ("sdtm", Form::Sdtm),
    ];

    /// The form that the names of the files tell. Where they tell nothing, it is Lind's own tables,
    /// and opening them says what is missing.
    pub(crate) fn told_by(names: &[String]) -> Form {
        let parts: Vec<(String, String)> = names.iter().map(|name| parts(name)).collect();
        let any = |stem: &str, endings: &[&str]| {
            parts
                .iter()
                .any(|(other, ending)| other == stem && endings.contains(&ending.as_str()))
        };
        if names.iter().any(|name| name == crate::store::FILE) {
            return Form::Charts;
        }
        if any("patients", &["csv", "parquet"]) {
            return Form::Tables;
        }
        let is_dm = |(stem, ending): &(String, String)| {
            let data_sets = ["xpt", "json", "ndjson", "dsjc", "csv"];
            (stem == "dm" && data_sets.contains(&ending.as_str()))
                || (stem.starts_with("dm_") && ending == "csv")
        };
        if parts.iter().any(is_dm) {
            return Form::Sdtm;
        }
        if any("person", &["csv", "parquet"]) {
            return Form::Omop;
        }
        let is_json =
            |(_, ending): &(String, String)| crate::fhir::ENDINGS.contains(&ending.as_str());
        if parts.iter().any(is_json) {
            return Form::Fhir;
        }
        Form::Tables
    }
}

impl Form {
    /// The word for it in `dataset.toml`; charts kept ready are told by their files alone.
    #[must_use]
    pub fn word(self) -> &'static str {
        let mut words = Form::WORDS.iter();
        let word = words.find(|(_, form)| *form == self);
        word.map_or("charts", |(word, _)| word)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Form::Tables => "Lind tables",
            Form::Fhir => "FHIR R4",
            Form::Omop => "OMOP CDM 5.4",
            Form::Sdtm => "SDTM",
            Form::Charts => "charts kept ready",
        })
    }
}

/// The name without its folders and endings, and its ending, in lower case; `.gz` does not count.
pub(crate) fn parts(name: &str) -> (String, String) {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.split_once('.') {
        Some((stem, endings)) => {
            let ending = endings.rsplit('.').next().unwrap_or(endings);
            (stem.to_owned(), ending.to_owned())
        }
        None => (name.to_owned(), String::new()),
    }
}
