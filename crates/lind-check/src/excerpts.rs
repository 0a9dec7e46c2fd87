//! Excerpts of the standard library: of its modules only what a protocol needs is parsed and checked.
//!
//! A protocol takes a few entries of a module that holds a hundred. The module is cut into its entries line by
//! line; those that are not needed become blanks, so that every place keeps its number.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use crate::library::STANDARD_MODULES;

/// The entries of each module, cut when it is first asked for.
static OUTLINES: [OnceLock<Outline>; STANDARD_MODULES.len()] =
    [const { OnceLock::new() }; STANDARD_MODULES.len()];

/// A module of the standard library, by its place among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standard(usize);

/// The entries of a module.
#[derive(Debug, Default)]
struct Outline {
    entries: Vec<Entry>,
    by_name: HashMap<&'static str, usize>,
    /// The names that the module takes from others: where, and by which of its entries.
    taken: HashMap<&'static str, (Standard, usize)>,
}

#[derive(Debug)]
struct Entry {
    /// The bytes of its lines.
    lines: Range<usize>,
    /// It counts for whoever uses the module: its head, and half-lives, which hold for every record of a drug.
    always: bool,
}

/// What is needed of each module.
#[derive(Debug, Default)]
pub(crate) struct Needed {
    modules: BTreeMap<Standard, Vec<bool>>,
    /// Entries whose own needs were not looked at yet.
    open: Vec<(Standard, usize)>,
}

impl Standard {
    /// The module with this dotted path.
    pub(crate) fn of(path: &str) -> Option<Self> {
        STANDARD_MODULES
            .iter()
            .position(|(name, ..)| *name == path)
            .map(Self)
    }

    /// Its dotted path.
    pub(crate) fn path(self) -> &'static str {
        STANDARD_MODULES
            .get(self.0)
            .map_or("", |(path, _, _)| *path)
    }

    /// The name of its file.
    pub(crate) fn file(self) -> &'static str {
        STANDARD_MODULES
            .get(self.0)
            .map_or("", |(_, file, _)| *file)
    }

    /// The whole of it.
    pub(crate) fn text(self) -> &'static str {
        STANDARD_MODULES
            .get(self.0)
            .map_or("", |(_, _, text)| *text)
    }

    fn outline(self) -> Option<&'static Outline> {
        let slot = OUTLINES.get(self.0)?;
        Some(slot.get_or_init(|| Outline::of(self.text())))
    }
}

impl Outline {
    fn of(text: &'static str) -> Self {
        let mut outline = Self::default();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let first = line.chars().next().unwrap_or('\n');
            if first.is_whitespace() || first == '#' {
                // What stands below an entry belongs to it; blanks and remarks between entries do no harm.
                if let Some(entry) = outline.entries.last_mut() {
                    entry.lines.end = at;
                    entry.always |= is_always(line);
                }
                continue;
            }
            let mut words = line.split_whitespace();
            let (head, name) = (words.next().unwrap_or_default(), words.next());
            let place = outline.entries.len();
            outline.entries.push(Entry {
                lines: start..at,
                always: head == "library",
            });
            if let (Some(name), false) = (name, matches!(head, "library" | "use")) {
                outline.by_name.entry(name).or_insert(place);
            }
        }
        for (place, entry) in outline.entries.iter().enumerate() {
            let lines = text.get(entry.lines.clone()).unwrap_or_default();
            let Some(list) = lines.strip_prefix("use ") else {
                continue;
            };
            let mut words = words(list);
            // A path is two words here: `std` and the rest.
            let path = [words.next(), words.next()].map(Option::unwrap_or_default);
            let Some(module) = Standard::of(&path.join(".")) else {
                continue;
            };
            for name in words {
                outline.taken.insert(name, (module, place));
            }
        }
        outline
    }
}

/// Whether a line of an entry counts for all records, not only where the entry is named.
fn is_always(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("half-life ") || line.starts_with("given once")
}

/// The words of some lines that could be names; texts and remarks are left out.
fn words(lines: &'static str) -> impl Iterator<Item = &'static str> {
    lines.lines().flat_map(|line| {
        let mut in_text = false;
        line.split('"')
            .filter(move |_| {
                in_text = !in_text;
                in_text
            })
            .scan(false, |in_remark, piece| {
                if *in_remark {
                    return None;
                }
                let (piece, remark) = piece.split_once('#').unwrap_or((piece, ""));
                *in_remark = !remark.is_empty();
                Some(piece)
            })
            .flat_map(|piece| {
                piece
                    .split(|character: char| {
                        !(character.is_ascii_alphanumeric() || character == '_')
                    })
                    .filter(|word| !word.is_empty())
            })
    })
}

impl Needed {
    /// Some names of a module are needed, or the whole of it: if no name is given, or if one is not there, so
    /// that near names can be offered.
    pub(crate) fn take(&mut self, module: Standard, names: &[String]) {
        let Some(outline) = module.outline() else {
            return;
        };
        let places: Option<Vec<usize>> = names
            .iter()
            .map(|name| outline.by_name.get(name.as_str()).copied())
            .collect();
        match places {
            Some(places) if !places.is_empty() => {
                places
                    .into_iter()
                    .for_each(|place| self.need(module, place));
            }
            _ => (0..outline.entries.len()).for_each(|place| self.need(module, place)),
        }
    }

    fn need(&mut self, module: Standard, place: usize) {
        let Some(outline) = module.outline() else {
            return;
        };
        let is_new = !self.modules.contains_key(&module);
        let entries = self
            .modules
            .entry(module)
            .or_insert_with(|| vec![false; outline.entries.len()]);
        if is_new {
            for (place, entry) in outline.entries.iter().enumerate() {
                if entry.always {
                    self.open.push((module, place));
                }
            }
        }
        if let Some(entry @ false) = entries.get_mut(place) {
            *entry = true;
            self.open.push((module, place));
        }
    }

    /// Adds what the needed entries lean on, however deep. Gives the modules that are needed, in the order of
    /// their paths.
    pub(crate) fn close(&mut self) -> Vec<Standard> {
        while let Some((module, place)) = self.open.pop() {
            let Some(outline) = module.outline() else {
                continue;
            };
            if let Some(entry) = self
                .modules
                .get_mut(&module)
                .and_then(|entries| entries.get_mut(place))
            {
                *entry = true;
            }
            let Some(entry) = outline.entries.get(place) else {
                continue;
            };
            let lines = module.text().get(entry.lines.clone()).unwrap_or_default();
            if lines.starts_with("use ") {
                // All names of the line must be there.
                for (name, (other, by)) in &outline.taken {
                    if *by == place
                        && let Some(there) = other
                            .outline()
                            .and_then(|outline| outline.by_name.get(name))
                    {
                        self.need(*other, *there);
                    }
                }
                continue;
            }
            for word in words(lines) {
                if let Some(own) = outline.by_name.get(word) {
                    self.need(module, *own);
                } else if let Some((_, by)) = outline.taken.get(word) {
                    self.need(module, *by);
                }
            }
        }
        self.modules.keys().copied().collect()
    }

    /// The text of a module with blanks for what is not needed.
    pub(crate) fn excerpt(&self, module: Standard) -> String {
        let text = module.text();
        let mut excerpt = String::with_capacity(text.len());
        let blank = |excerpt: &mut String, length: usize| {
            excerpt.extend(std::iter::repeat_n(' ', length.saturating_sub(1)));
            excerpt.push_str(if length > 0 { "\n" } else { "" });
        };
        let (Some(outline), Some(needed)) = (module.outline(), self.modules.get(&module)) else {
            return text.to_owned();
        };
        let mut at = 0;
        for (entry, needed) in outline.entries.iter().zip(needed) {
            blank(&mut excerpt, entry.lines.start.saturating_sub(at));
            at = entry.lines.end;
            if *needed {
                excerpt.push_str(text.get(entry.lines.clone()).unwrap_or_default());
            } else {
                blank(&mut excerpt, entry.lines.len());
            }
        }
        blank(&mut excerpt, text.len().saturating_sub(at));
        excerpt
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use lind_diagnostics::Files;

    fn excerpt(path: &str, names: &[&str]) -> String {
        let mut needed = Needed::default();
        let module = Standard::of(path).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        needed.take(module, &names);
        needed.close();
        needed.excerpt(module)
    }

    #[test]
    fn an_excerpt_keeps_every_place() {
        for (path, _, text) in STANDARD_MODULES {
            let module = Standard::of(path).unwrap();
            for name in module.outline().unwrap().by_name.keys() {
                let excerpt = excerpt(path, &[name]);
                assert_eq!(excerpt.len(), text.len(), "{path}: {name}");
                let differs = excerpt
                    .bytes()
                    .zip(text.bytes())
                    .any(|(own, whole)| own != whole && own != b' ' && own != b'\n');
                assert!(!differs, "{path}: {name}");
            }
        }
    }

    #[test]
    fn an_excerpt_holds_what_its_entries_lean_on() {
        let conditions = excerpt("std.conditions", &["nonmelanoma_skin_cancer"]);
        assert!(conditions.contains("condition basal_cell_carcinoma_of_skin"));
        assert!(!conditions.contains("condition malignancy"));
        let formulas = excerpt("std.formulas", &["meld"]);
        assert!(formulas.contains("\nuse std.labs"));
    }

    #[test]
    fn half_lives_are_always_there() {
        let drugs = excerpt("std.drugs", &["azathioprine"]);
        assert!(drugs.contains("treatment rituximab"));
    }

    #[test]
    fn an_unknown_name_takes_the_whole_module() {
        let labs = excerpt("std.labs", &["hemoglobn"]);
        assert!(labs.contains("measure hemoglobin") && labs.contains("measure spo2"));
    }

    #[test]
    fn an_entry_is_checked_alone_without_a_finding() {
        for (path, _, _) in STANDARD_MODULES {
            let module = Standard::of(path).unwrap();
            let mut names: Vec<&str> = module.outline().unwrap().by_name.keys().copied().collect();
            names.sort_unstable();
            for name in names.iter().step_by(13) {
                let mut files = Files::default();
                let text = format!("library own\n\nuse {path}: {name}\n");
                let root = files.add("own.lind", text);
                let found = crate::check(&mut files, root, &mut crate::NoModules).diagnostics;
                assert!(found.is_empty(), "{path}: {name}: {found:?}");
            }
        }
    }
}
