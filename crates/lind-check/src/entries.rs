//! What the standard library declares, to be searched.

use crate::library::STANDARD_MODULES;

/// Something that a module of the standard library declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardEntry {
    /// The module, as `use` names it.
    pub module: &'static str,
    /// What it is: `measure`, `condition`, `treatment` …
    pub sort: &'static str,
    /// Its name.
    pub name: &'static str,
    /// In words; none where the name says it all.
    pub title: Option<&'static str>,
    /// The whole entry as it is written.
    pub text: &'static str,
}

/// Every entry of the standard library, module by module.
///
/// ```
/// let entries = lind_check::standard_entries();
/// let found = entries.iter().find(|entry| entry.name == "hemoglobin").expect("is in the library");
/// assert_eq!((found.module, found.sort), ("std.labs", "measure"));
/// ```
#[must_use]
pub fn standard_entries() -> Vec<StandardEntry> {
    STANDARD_MODULES
        .iter()
        .flat_map(|(module, _, text)| entries_of(module, text))
        .collect()
}

fn entries_of(module: &'static str, text: &'static str) -> Vec<StandardEntry> {
    let mut entries = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        let is_head = !line.starts_with([' ', '#']) && !line.trim().is_empty();
        let mut words = line.split_whitespace();
        let (sort, name) = (words.next(), words.next());
        if let (true, Some(sort), Some(name)) = (is_head, sort, name)
            && !matches!(sort, "library" | "use")
        {
            // The entry goes on until something stands in the first column again.
            let mut length = line.len();
            let mut below = behind;
            while let Some((next, after)) = below.split_once('\n') {
                if !next.starts_with(' ') {
                    break;
                }
                length += 1 + next.len();
                below = after;
            }
            entries.push(StandardEntry {
                module,
                sort,
                name,
                title: line.split('"').nth(1),
                text: rest.get(..length).unwrap_or(line),
            });
        }
        rest = behind;
    }
    entries
}
