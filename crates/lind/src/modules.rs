//! Modules that are not in the standard library: files beside the one that uses them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lind_check::Loader;

use crate::sources::Place;

/// Loads `use common.labs` in `trials/a.lind` from `trials/common/labs.lind`.
#[derive(Debug)]
pub(crate) struct FolderModules {
    /// The folder of each file, by the name it has in messages.
    folders: BTreeMap<String, PathBuf>,
    /// The protocol: what it uses is read from where it was read.
    root: Place,
}

impl FolderModules {
    /// Modules for a protocol.
    pub(crate) fn of(root: &Place) -> Self {
        Self {
            folders: BTreeMap::from([(root.name(), root.folder())]),
            root: root.clone(),
        }
    }
}

impl Loader for FolderModules {
    fn load(&mut self, module: &str, from: &str) -> Result<(String, String), String> {
        let mut path = self.folders.get(from).cloned().unwrap_or_default();
        path.extend(module.split('.'));
        path.set_extension("lind");
        let place = self.root.other(path);
        let name = place.name();
        let text = place.read().map_err(|failure| failure.in_one_line())?;
        self.folders.insert(name.clone(), place.folder());
        Ok((name, text))
    }
}
