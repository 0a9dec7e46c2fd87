//! Amendments of the shipped protocols, and what `lind diff` says of them.
//!
//! A case is a document in `tests/amendments`: a link to a protocol below the root of the tree, a block `edit` with
//! lines that begin with `-` and stand exactly once in it, each followed by one that begins with `+` and takes its
//! place (a `-` alone takes the line away, a `+` alone adds one behind), and a block `console` with what is printed. The
//! file that stands behind `Against:` in place of edits is compared as it is.
//! `BLESS=1` writes what was printed into the documents.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod documents;

use std::fs;
use std::path::Path;
use std::process::Command;

use documents::{all, block, named, root};

/// A protocol with some of its lines put otherwise.
fn edited(protocol: &str, edits: &str) -> String {
    let mut lines: Vec<String> = protocol.lines().map(str::to_owned).collect();
    let mut at = lines.len();
    for edit in edits.lines() {
        let (sign, text) = edit.split_at(1);
        let text = text.strip_prefix(' ').unwrap_or(text);
        match sign {
            "-" => {
                let found: Vec<usize> = (0..lines.len())
                    .filter(|place| lines[*place].trim() == text.trim())
                    .collect();
                assert_eq!(found.len(), 1, "`{text}` must stand once in the protocol");
                at = found[0];
                lines.remove(at);
            }
            "+" => {
                lines.insert(at, text.to_owned());
                at += 1;
            }
            _ => panic!("an edit begins with - or +: {edit}"),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn amendments() {
    let documents = all("amendments");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = documents
            .iter()
            .map(|path| scope.spawn(|| run(path)))
            .collect();
        let ends = runs.into_iter().map(|run| run.join().unwrap());
        ends.flatten().collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs a case. What was printed, if it is not what stands there.
fn run(path: &Path) -> Option<String> {
    let document = fs::read_to_string(path).unwrap();
    let protocol = root().join(named(&document, "Protocol:").unwrap());
    let old = fs::read_to_string(&protocol).unwrap();
    let new = match named(&document, "Against:") {
        Some(other) => fs::read_to_string(root().join(other)).unwrap(),
        None => edited(&old, &document[block(&document, "edit").unwrap()]),
    };
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("old.lind"), old).unwrap();
    fs::write(place.path().join("new.lind"), new).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(["diff", "old.lind", "new.lind", "--exit-code"])
        .current_dir(place.path())
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let printed = format!("$ lind diff old.lind new.lind --exit-code\n? {code}\n{said}");
    documents::wrong(path, &document, &printed)
}
