//! Files to test on, and random edits that are the same on every run.

use std::path::{Path, PathBuf};

use lind_diagnostics::{Diagnostic, FileId};
use lind_syntax::Parse;

/// The folder of the crate.
pub(crate) fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every `.lind` file below a folder, in the order of their paths.
pub(crate) fn lind_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "lind")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The protocols and the library that are shipped, and one file with every construct of the language.
pub(crate) fn clean_files() -> Vec<(PathBuf, String)> {
    let mut files = lind_files(&crate_folder().join("../../protocols"));
    files.extend(lind_files(&crate_folder().join("tests/fixtures")));
    assert!(files.len() > 1);
    files
}

/// Parses a text that belongs to no run.
pub(crate) fn parse(text: &str) -> Parse {
    lind_syntax::parse(FileId::from_index(0), text)
}

/// One finding on one line: place, code, message, label.
pub(crate) fn line_of(text: &str, diagnostic: &Diagnostic) -> String {
    let mut files = lind_diagnostics::Files::new();
    let file = files.add("case.lind", text);
    let at = files.line_column(file, diagnostic.primary.span.start);
    format!(
        "{}:{} {} {} | {}",
        at.line, at.column, diagnostic.rule.code, diagnostic.message, diagnostic.primary.text
    )
}

/// How many edits are tried. More, and others, by hand:
/// `LIND_MUTANTS=50000 LIND_SEED=7 cargo test --release -p lind-syntax`.
pub(crate) fn count(otherwise: usize) -> usize {
    environment("LIND_MUTANTS")
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(otherwise)
}

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Random numbers that are the same for a seed (SplitMix64 by Steele, Lea and Flood).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(environment("LIND_SEED").unwrap_or(seed))
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What people and their tools put into a file.
const CHARACTERS: &[char] = &[
    'a', 'e', 'm', 'x', 'A', 'O', '0', '1', '9', ' ', ' ', ' ', '\n', '\n', '\t', '"', '"', '#',
    ':', ',', '.', ';', '(', ')', '<', '>', '=', '/', '*', '-', '+', '%', '_', '|', '\\', '\'',
    'é', 'µ', '≥', '–', '\u{a0}', '\u{200b}', '\u{201c}', '\u{201d}', '\r', '\u{202e}', '\u{feff}',
];

/// Makes one random edit and says which.
pub(crate) fn edit(text: &str, random: &mut Random) -> (String, String) {
    let kind = random.below(11);
    if kind < 5 {
        let characters: Vec<char> = text.chars().collect();
        let at = random.below(characters.len());
        let mut edited = characters.clone();
        let what = match kind {
            0 | 1 => {
                let c = random.pick(CHARACTERS);
                edited.insert(at, c);
                format!("insert {c:?}")
            }
            2 => {
                if at < edited.len() {
                    edited.remove(at);
                }
                "delete a character".to_owned()
            }
            3 => {
                let c = random.pick(CHARACTERS);
                if let Some(place) = edited.get_mut(at) {
                    *place = c;
                }
                format!("write {c:?} over a character")
            }
            _ => {
                if at + 1 < edited.len() {
                    edited.swap(at, at + 1);
                }
                "swap two characters".to_owned()
            }
        };
        let line = characters[..at.min(characters.len())]
            .iter()
            .filter(|c| **c == '\n')
            .count()
            + 1;
        return (
            edited.into_iter().collect(),
            format!("{what} in line {line}"),
        );
    }
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = random.below(lines.len());
    let what = match kind {
        5 => {
            lines.remove(at);
            "delete"
        }
        6 => {
            lines.insert(at, lines[at].clone());
            "duplicate"
        }
        7 => {
            if at + 1 < lines.len() {
                lines.swap(at, at + 1);
            }
            "swap with the next"
        }
        8 | 9 => {
            let by = random.pick(&[1, 2, 3, 4, 6]);
            if random.below(2) == 0 {
                lines[at].insert_str(0, &" ".repeat(by));
                "indent more"
            } else {
                let blanks = lines[at].len() - lines[at].trim_start_matches(' ').len();
                lines[at].replace_range(..by.min(blanks), "");
                "indent less"
            }
        }
        _ => {
            let mut words: Vec<String> = lines[at].split(' ').map(str::to_owned).collect();
            words.remove(random.below(words.len()));
            lines[at] = words.join(" ");
            "leave out a word of"
        }
    };
    (lines.join("\n"), format!("{what} line {}", at + 1))
}
