//! Nothing that anybody does to a protocol makes the checker panic, and what it accepts can be lowered.

use std::path::Path;

use lind_diagnostics::{Severity, apply_fixes};
use lind_model::{Choices, Plan, ReadingId};

use crate::support::{cases, check_text, crate_folder, files_in};

/// Random numbers that are the same for a seed (SplitMix64 by Steele, Lea and Flood).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

/// Numbers at the edges of what can be kept.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "0.000000000000000000000000000000000001",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "99999999999999999999999999999999999999",
    "999999999999999999999999999999999999999999999999",
    "1.50",
];

/// Units and words that mean something somewhere.
const WORDS: &[&str] = &[
    "mL/min/{1.73_m2}",
    "x ULN",
    "x 10^9/L",
    "umol/L",
    "%",
    "%pt",
    "{what}/L",
    "Cel",
    "years",
    "months",
    "weeks",
    "hours",
    "half-lives",
    "points",
    "relative",
    "before",
    "after",
    "either side of",
    "of",
    "and",
    "or",
    "within",
    "ever",
    "never",
    "no",
    "not",
    "is",
    "has",
    "at",
    "from",
    "until",
    "screening",
    "infusion",
    "consent",
    "the sample",
    "except",
    "with",
    "any of",
    "all of",
    "none of",
    "at least 2 of",
    "depending on Q1",
    "as read in Q1",
    "chosen",
    "take the latest value",
    "hemoglobin",
    "mrss",
    "nyha",
    "malignancy",
    "glucocorticoid",
    "prednisone_equivalent",
    "investigator judges",
    "for women",
    ":",
    "\"",
];

/// One edit of a line, a word or a number, such as a slip or a changed mind.
fn edit(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(10) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            // A block moves, with what stands below it.
            let until = (at + 1..lines.len())
                .find(|next| !lines[*next].starts_with(' '))
                .unwrap_or(lines.len());
            let block: Vec<String> = lines.drain(at..until).collect();
            let to = random.below(lines.len() + 1);
            lines.splice(to..to, block);
        }
        3 => lines[at].insert_str(0, "  "),
        4 => lines[at] = lines[at].strip_prefix("  ").unwrap_or("").to_owned(),
        5 => {
            // Another line from anywhere takes its place, at its depth.
            let other = lines[random.below(lines.len())].trim_start().to_owned();
            let depth = lines[at].len() - lines[at].trim_start().len();
            lines[at] = format!("{}{other}", " ".repeat(depth));
        }
        kind => {
            let mut words: Vec<&str> = lines[at].split(' ').collect();
            let place = random.below(words.len());
            let numbers: Vec<usize> = (0..words.len())
                .filter(|place| words[*place].starts_with(|first: char| first.is_ascii_digit()))
                .collect();
            match kind {
                6 if !numbers.is_empty() => {
                    words[numbers[random.below(numbers.len())]] = random.pick(NUMBERS);
                }
                7 => {
                    words.remove(place);
                }
                8 => words.insert(place, random.pick(WORDS)),
                _ => words[place] = random.pick(WORDS),
            }
            lines[at] = words.join(" ");
        }
    }
    lines.join("\n") + "\n"
}

/// How many mutants are tried; `LIND_MUTANTS=20000 cargo test --release` tries more.
fn count() -> usize {
    std::env::var("LIND_MUTANTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300)
}

/// Checks a text, renders and repairs what is found, and lowers what is accepted, under every reading.
fn whole_way(text: &str, folder: &Path) -> bool {
    let checked = check_text("mutant.lind", text, folder);
    checked.text();
    let fixes: Vec<_> = checked
        .diagnostics()
        .iter()
        .filter_map(|diagnostic| diagnostic.fix.as_ref())
        .collect();
    if !fixes.is_empty() {
        let repaired = apply_fixes(text, &fixes, checked.root);
        check_text("repaired.lind", &repaired, folder);
    }
    let Some(protocol) = &checked.analysis.protocol else {
        return false;
    };
    let chosen = Choices::chosen(protocol);
    let mut all = vec![chosen.clone()];
    for (index, reading) in protocol.readings.iter().enumerate() {
        let others = 0..reading.alternatives.len();
        all.extend(others.map(|other| chosen.with(ReadingId::from_index(index), other)));
    }
    for choices in all {
        Plan::lower(protocol, choices).unwrap();
    }
    true
}

#[test]
fn nothing_that_is_done_to_a_protocol_makes_the_checker_panic() {
    let protocols = crate_folder().join("../../protocols");
    let mut paths = vec![protocols.join("ssc-nct06414135.lind")];
    paths.extend(files_in(&protocols.join("std"), "lind"));
    paths.extend(cases());
    let texts: Vec<String> = paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let folder = crate_folder().join("tests/cases/names");
    let mut random = Random(1747);
    let mut accepted = 0;
    for mutant in 0..count() {
        // Every other mutant is one of the protocol: it holds more than all cases together.
        let place = if mutant % 2 == 0 {
            0
        } else {
            random.below(texts.len())
        };
        let mut text = texts[place].clone();
        for _ in 0..=random.below(4) {
            text = edit(&text, &mut random);
        }
        accepted += usize::from(whole_way(&text, &folder));
    }
    println!("{accepted} of {} mutants are accepted", count());
}

#[test]
fn one_slip_is_seldom_more_than_three_findings() {
    let path = crate_folder().join("../../protocols/ssc-nct06414135.lind");
    let text = std::fs::read_to_string(path).unwrap();
    let mut random = Random(1753);
    let mut many = 0;
    let tried = 100;
    for _ in 0..tried {
        let mutant = edit(&text, &mut random);
        let checked = check_text("mutant.lind", &mutant, Path::new("."));
        let errors = checked
            .diagnostics()
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        many += usize::from(errors.count() > 3);
    }
    // A reading or a list of names that is torn in two has more; a missing word, number or line has not.
    assert!(many * 100 <= tried * 7, "{many} of {tried}");
}
