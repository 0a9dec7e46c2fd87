//! Public texts and the protocols that state them, and what `lind trace` says.
//!
//! A case is a document in `tests/trace`: a block `lind` with criteria (or the words `Protocol:` and the path of one
//! below the root of the tree, between backquotes), a block `registry` or `json` with the public text, perhaps a
//! block `earlier`, and a block `console` with what is printed. `BLESS=1` writes what was printed into the documents.
//! The texts of the two shipped trials are read from `source` beside the folder that `LIND_SHARED_DATA` names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests fail by panicking"
)]

mod documents;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use documents::{all, block, named, root};

fn lind(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lind"))
        .arg("trace")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn cases() {
    let wrong: Vec<String> = all("trace").iter().filter_map(|path| run(path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs a case. What was printed, if it is not what stands there.
fn run(path: &Path) -> Option<String> {
    let document = fs::read_to_string(path).unwrap();
    let of = |kind: &str| block(&document, kind).map(|range| document[range].to_owned());
    let place = tempfile::tempdir().unwrap();
    let protocol = of("lind").unwrap_or_else(|| {
        let named = named(&document, "Protocol:").unwrap();
        fs::read_to_string(root().join(named)).unwrap()
    });
    fs::write(place.path().join("trial.lind"), protocol).unwrap();
    let name = if block(&document, "json").is_some() {
        "registry.json"
    } else {
        "registry.txt"
    };
    let registry = of("json").or_else(|| of("registry")).unwrap();
    fs::write(place.path().join(name), registry).unwrap();
    let mut arguments = vec!["trial.lind", "--registry", name];
    if let Some(earlier) = of("earlier") {
        fs::write(place.path().join("earlier.txt"), earlier).unwrap();
        arguments.extend(["--earlier", "earlier.txt"]);
    }
    let output = lind(place.path(), &arguments);
    let code = output.status.code().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let failed = String::from_utf8(output.stderr).unwrap();
    let printed = format!(
        "$ lind trace {}\n? {code}\n{said}{failed}",
        arguments.join(" ")
    );
    let too_wide = printed
        .lines()
        .skip(1)
        .find(|line| line.chars().count() > 80);
    assert_eq!(too_wide, None, "{}", path.display());
    documents::wrong(path, &document, &printed)
}

/// The public text of a shipped trial; none, said aloud, where it is absent.
fn public_text(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("LIND_SHARED_DATA").map(PathBuf::from);
    let beside = data.unwrap_or_else(|| root().join("../shared/data"));
    let path = beside.parent()?.join("source").join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("{name} is absent: no shipped protocol was held against it");
    None
}

/// Number, status and criteria of each line of a shipped trial's public text.
fn shipped(protocol: &str, text: &str) -> Option<(Vec<String>, serde_json::Value)> {
    let path = public_text(text)?;
    let path = path.to_str().unwrap();
    let output = lind(&root(), &[protocol, "--registry", path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema"], "lind.trace/1");
    let lines = json["lines"].as_array().unwrap().iter().map(|line| {
        let criteria = line["criteria"].as_array().unwrap().iter();
        let criteria: Vec<&str> = criteria.map(|own| own.as_str().unwrap()).collect();
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        format!(
            "{}: {}, {}",
            word("number"),
            word("status"),
            criteria.join(" ")
        )
    });
    Some((lines.collect(), json))
}

#[test]
fn a_registry_text_is_held_against_its_protocol() {
    let Some((lines, json)) = shipped("protocols/ssc-nct06414135.lind", "nct06414135-registry.txt")
    else {
        return;
    };
    let expected = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace-shipped/nct06414135.txt"),
    );
    assert_eq!(lines.join("\n") + "\n", expected.unwrap());
    assert_eq!(json["counts"]["missing"], 0);
    assert_eq!(json["alone"].as_array().unwrap().len(), 0);
}

#[test]
fn an_abstract_is_held_against_its_protocol() {
    let Some((lines, json)) = shipped("protocols/sle-nct05765006.lind", "nct05765006-abstract.txt")
    else {
        return;
    };
    let expected = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace-shipped/nct05765006.txt"),
    );
    assert_eq!(lines.join("\n") + "\n", expected.unwrap());
    // The abstract tells of few criteria; the others stand in the file alone, and that is said.
    assert!(json["alone"].as_array().unwrap().len() >= 4);
}

#[test]
fn what_cannot_be_read_ends_with_2_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let trial = "protocol NCT00000000\n\nmilestone screening\n\ninclusion I1 \"Of age\"\n  at screening\n  age is 18 to 65 years\n";
    fs::write(folder.path().join("trial.lind"), trial).unwrap();
    let cases: [(&str, &[u8], &str); 6] = [
        (
            "broken.json",
            b"{\"protocolSection\": ",
            "begins like JSON and is none",
        ),
        (
            "other.json",
            b"{\"resourceType\": \"Bundle\"}",
            "no text at `protocolSection`",
        ),
        (
            "half.json",
            b"{\"protocolSection\": {\"eligibilityModule\": {}}}",
            "eligibilityModule.eligibilityCriteria",
        ),
        (
            "deep.json",
            &[b'['; 100_000],
            "begins like JSON and is none",
        ),
        (
            "letter.txt",
            b"Dear colleague,\n\nthank you.\n",
            "who may take part",
        ),
        (
            "latin.txt",
            b"Inclusion Criteria:\n\n* \xe9ge\n",
            "not a text in UTF-8",
        ),
    ];
    for (name, bytes, because) in cases {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = lind(folder.path(), &["trial.lind", "--registry", name]);
        let said = String::from_utf8(output.stderr).unwrap();
        let said = said.split_whitespace().filter(|word| *word != "│");
        let said: Vec<&str> = said.collect();
        assert_eq!(output.status.code(), Some(2), "{name}: {said:?}");
        assert!(said.join(" ").contains(because), "{name}: {said:?}");
    }
    let output = lind(folder.path(), &["trial.lind", "--registry", "nowhere.json"]);
    assert_eq!(output.status.code(), Some(2));
}
