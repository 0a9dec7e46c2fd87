//! Files to check, and the modules that they use.

use std::path::{Path, PathBuf};

use lind_check::{Analysis, Loader, check};
use lind_diagnostics::{Diagnostic, FileId, Files};
use lind_render::{Style, to_text};

/// The folder of the crate.
pub(crate) fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with an ending in the folders of a folder, in the order of their paths.
pub(crate) fn files_in(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The cases: every file but the modules that they use.
pub(crate) fn cases() -> Vec<PathBuf> {
    let mut cases = files_in(&crate_folder().join("tests/cases"), "lind");
    cases.retain(|path| path.parent().unwrap().file_name().unwrap() != "modules");
    assert!(!cases.is_empty());
    cases
}

/// Modules from a folder beside the file that is checked.
pub(crate) struct Beside(pub(crate) PathBuf);

impl Loader for Beside {
    fn load(&mut self, module: &str, _from: &str) -> Result<(String, String), String> {
        let name = format!("modules/{module}.lind");
        std::fs::read_to_string(self.0.join(&name))
            .map(|text| (name, text))
            .map_err(|_| "there is no such file".to_owned())
    }
}

/// A file that was checked.
pub(crate) struct Checked {
    pub(crate) files: Files,
    pub(crate) root: FileId,
    pub(crate) analysis: Analysis,
}

impl Checked {
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.analysis.diagnostics
    }

    /// All findings as people read them.
    pub(crate) fn text(&self) -> String {
        self.diagnostics()
            .iter()
            .map(|diagnostic| to_text(&self.files, diagnostic, Style::default()))
            .collect()
    }
}

/// Checks a text under a name, with modules from a folder.
pub(crate) fn check_text(name: &str, text: &str, folder: &Path) -> Checked {
    let mut files = Files::new();
    let root = files.add(name, text);
    let analysis = check(&mut files, root, &mut Beside(folder.to_owned()));
    Checked {
        files,
        root,
        analysis,
    }
}

/// Checks a file.
pub(crate) fn check_file(path: &Path) -> Checked {
    let name = path.file_name().unwrap().to_str().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    check_text(name, &text, path.parent().unwrap())
}
