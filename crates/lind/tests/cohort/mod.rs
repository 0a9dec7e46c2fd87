//! The invented patients of `tests/cohorts`, as tests read them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lind_check::NoModules;
use lind_model::Protocol;
use lind_records::MemoryTables;

/// The folder of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A protocol of the project, checked.
pub(crate) fn protocol(name: &str) -> Arc<Protocol> {
    let text = std::fs::read_to_string(root().join("protocols").join(name)).unwrap();
    let mut files = lind_diagnostics::Files::default();
    let file = files.add(format!("protocols/{name}"), text);
    let analysis = lind_check::check(&mut files, file, &mut NoModules);
    analysis.protocol.expect("the protocol has no errors")
}

/// The files of a cohort.
pub(crate) fn texts(cohort: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("tests/cohorts").join(cohort)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file() && name != "README.md" {
            texts.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    texts
}

/// The files of a cohort, as the reader takes them.
pub(crate) fn tables(texts: &BTreeMap<String, String>) -> MemoryTables {
    texts
        .iter()
        .fold(MemoryTables::new(), |tables, (name, text)| {
            tables.with(name.clone(), text.clone())
        })
}

/// A file of what is expected of a cohort: its header and its lines, cut into fields.
pub(crate) fn expected(cohort: &str, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = root().join("tests/cohorts").join(cohort).join("expected");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut lines = lines(&text);
    let header = lines.remove(0);
    (header, lines)
}

/// The lines of a CSV file, cut into fields.
fn lines(text: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let (mut fields, mut quoted) = (vec![String::new()], false);
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    fields.last_mut().unwrap().push('"');
                    characters.next();
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                other => fields.last_mut().unwrap().push(other),
            }
        }
        lines.push(fields);
    }
    lines
}
