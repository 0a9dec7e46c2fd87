//! A pull request in a repository of its own: the gate fails with a false claim, passes with a true one that a person
//! accepted, and fails again as soon as the accepted change means something else. The files that a repository needs
//! for it (a composite action, a snippet for GitLab, hooks of pre-commit) are held against the command they call.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const OLD: &str = r#"protocol NCT00000000
  title   "A trial"
  version "1.0" dated 2026-05-09

use std.labs: platelets

milestone screening
  values within 14 days before screening

inclusion I1 "Of age"
  at screening
  age is 18 to 65 years

exclusion E1 "Too few platelets"
  at screening
  platelets < 75 x 10^9/L
"#;

/// The next version: the limit of E1, and the lines of its amendment.
fn new(limit: &str, claims: &str) -> String {
    let changed = OLD
        .replace("\"1.0\" dated 2026-05-09", "\"2.0\" dated 2026-11-20")
        .replace("platelets < 75 x", &format!("platelets < {limit} x"));
    format!(
        "{changed}\namendment of version \"1.0\" dated 2026-05-09\n  reason new_safety_information\n{claims}"
    )
}

struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// A repository in which the old version is on `main` and a branch is checked out.
    fn begin() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(repository.path("trials")).unwrap();
        repository.write("trials/trial.lind", OLD);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["config", "user.email", "author@example.org"]);
        repository.git(&["config", "user.name", "An Author"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "version 1.0"]);
        repository.git(&["checkout", "--quiet", "-b", "amendment"]);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the gate says, and how it exits.
    fn gate(&self, arguments: &[&str]) -> (i32, String) {
        self.gate_against("main", arguments)
    }

    fn gate_against(&self, old: &str, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args(["amend", "trials/trial.lind", "--against", old])
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let mut said = String::from_utf8(output.stdout).unwrap();
        said.push_str(&String::from_utf8(output.stderr).unwrap());
        (output.status.code().unwrap(), said)
    }
}

/// The block with which a person accepts, as the gate prints it, with reason and name filled in.
fn acceptance(said: &str) -> String {
    let line = |name: &str| {
        said.lines()
            .map(|line| line.trim().trim_start_matches("= ").trim())
            .find(|line| line.starts_with(&format!("{name} = \"")))
            .unwrap_or_else(|| panic!("no `{name}` in\n{said}"))
            .to_owned()
    };
    format!(
        "[[accept]]\n{}\n{}\n{}\nbecause = \"safe in cohort 1\"\nby = \"safety board\"\n",
        line("finding"),
        line("about"),
        line("meaning")
    )
}

#[test]
fn the_gate_holds_claims_against_meaning() {
    let repository = Repository::begin();

    // Nothing changed: nothing to tell.
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 0, "{said}");

    // A false claim.
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 closes \"two participants bled\"\n"),
    );
    let (code, said) = repository.gate(&["--format", "short"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("error[E0932]: everybody who fails E1 now failed it before (proved)"),
        "{said}"
    );

    // The truth, which still wants somebody who accepts it.
    repository.write(
        "trials/trial.lind",
        &new(
            "50",
            "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n",
        ),
    );
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("E1 opens"), "{said}");
    assert!(!said.contains("E0932"), "{said}");

    // Accepted.
    repository.write("trials/trial.accepted.toml", &acceptance(&said));
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("accepted by safety board"), "{said}");

    // Nothing of that touched the working tree or the index.
    let status = repository.git(&["status", "--porcelain"]);
    assert_eq!(
        status,
        " M trials/trial.lind\n?? trials/trial.accepted.toml\n"
    );

    // Only told in other words, and at another place: the acceptance stays.
    let text = new(
        "50",
        "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n",
    );
    repository.write(
        "trials/trial.lind",
        &format!(
            "# a comment\n\n{}",
            text.replace("Too few platelets", "Low platelets")
        ),
    );
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 0, "{said}");

    // What was accepted means something else now.
    repository.write(
        "trials/trial.lind",
        &new(
            "25",
            "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n",
        ),
    );
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("means something else now"), "{said}");
}

/// Somebody who accepts a limit accepts what it comes to, in whatever unit it is written, and nothing else.
#[test]
fn an_acceptance_is_of_what_is_asked_and_not_of_how_it_is_written() {
    let repository = Repository::begin();
    let claim = "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n";
    let with = |limit: &str| new("50", claim).replace("platelets < 50 x 10^9/L", limit);
    repository.write("trials/trial.lind", &with("platelets < 50 x 10^9/L"));
    let (_, said) = repository.gate(&[]);
    repository.write("trials/trial.accepted.toml", &acceptance(&said));

    for same in [
        "platelets < 50 x 10^9/L",
        "platelets < 50000 /uL",
        "platelets < 50 x 10^3/uL",
        "platelets < 50.0 x 10^9/L",
    ] {
        repository.write("trials/trial.lind", &with(same));
        let (code, said) = repository.gate(&[]);
        assert_eq!(code, 0, "{same}: {said}");
        assert!(said.contains("accepted by safety board"), "{same}: {said}");
    }
    for other in [
        "platelets <= 50 x 10^9/L",
        "platelets < 49999 /uL",
        "lowest platelets < 50 x 10^9/L",
        "platelets < 50 x 10^9/L within 7 days before screening",
    ] {
        repository.write("trials/trial.lind", &with(other));
        let (code, said) = repository.gate(&[]);
        assert_eq!(code, 1, "{other}: {said}");
        assert!(said.contains("means something else now"), "{other}: {said}");
    }
    // How the old version writes its limit matters no more than how the new one does.
    let old = OLD.replace("platelets < 75 x 10^9/L", "platelets < 75000 /uL");
    repository.write("trials/old.lind", &old);
    repository.write("trials/trial.lind", &with("platelets < 50 x 10^9/L"));
    let (code, said) = repository.gate_against("trials/old.lind", &[]);
    assert_eq!(code, 0, "{said}");
}

/// A finding may be named by its code as well; what has become of it is told the same.
#[test]
fn an_acceptance_may_name_the_code_of_a_finding() {
    let repository = Repository::begin();
    let claim = "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n";
    repository.write("trials/trial.lind", &new("50", claim));
    let (_, said) = repository.gate(&[]);
    let by_code = acceptance(&said).replace("finding = \"opens\"", "finding = \"W0931\"");
    repository.write("trials/trial.accepted.toml", &by_code);
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 0, "{said}");

    repository.write("trials/trial.lind", &new("25", claim));
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("W0931 was accepted for E1 by safety board, and means something else now"),
        "{said}"
    );

    repository.write("trials/trial.lind", OLD);
    let (code, said) = repository.gate(&[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("and is not found any more"), "{said}");
}

/// What is printed to be filled in is no acceptance yet, and a setting about nothing is told.
#[test]
fn what_is_not_filled_in_and_what_names_nothing_is_told() {
    let repository = Repository::begin();
    let claim = "  E1 opens \"counts between 50 and 75 were safe in cohort 1\"\n";
    repository.write("trials/trial.lind", &new("50", claim));
    let (_, said) = repository.gate(&[]);
    let filled = acceptance(&said);
    for (words, dots) in [
        ("safe in cohort 1", "…"),
        ("safety board", "..."),
        ("safety board", " "),
    ] {
        repository.write("trials/trial.accepted.toml", &filled.replace(words, dots));
        let (code, said) = repository.gate(&[]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("without a reason, or by nobody"), "{said}");
    }
    repository.write("trials/trial.accepted.toml", &filled);
    repository.write(
        "trials/lind.toml",
        "[amend]\nsafety = [\"I1\", \"I99\"]\nnot_safety = [\"E9\"]\n",
    );
    let (code, said) = repository.gate(&["--format", "short"]);
    assert_eq!(code, 0, "{said}");
    for told in [
        "lind.toml:2:17: warning[W0942]: `safety` names I99, and neither version has this criterion",
        "lind.toml:3:15: warning[W0942]: `not_safety` names E9, and neither version has this criterion",
    ] {
        assert!(said.contains(told), "{said}");
    }
    assert_eq!(said.matches("W0942").count(), 2, "{said}");
    assert_eq!(repository.gate(&["--deny-warnings"]).0, 1);
}

/// One run writes several formats; none of them over what it reads.
#[test]
fn one_run_writes_several_formats() {
    let repository = Repository::begin();
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 opens \"counts between 50 and 75 were safe\"\n"),
    );
    let several = [
        "--format",
        "github",
        "--output",
        "sarif=amend.sarif",
        "--output",
        "markdown=comment.md",
        "--output",
        "text=amend.txt",
    ];
    let (code, said) = repository.gate(&several);
    assert_eq!(code, 1, "{said}");
    for (format, name) in [
        ("github", None),
        ("sarif", Some("amend.sarif")),
        ("markdown", Some("comment.md")),
        ("text", Some("amend.txt")),
    ] {
        let (_, alone) = repository.gate(&["--format", format]);
        let written = name.map(|name| fs::read_to_string(repository.path(name)).unwrap());
        assert_eq!(written.as_ref().unwrap_or(&said), &alone, "{format}");
    }
    for (output, because) in [
        (
            "sarif=trials/trial.lind",
            "one of the files that are compared",
        ),
        ("sarif", "expected FORMAT=FILE"),
        ("pdf=amend.pdf", "`pdf` is no format"),
    ] {
        let (code, said) = repository.gate(&["--output", output]);
        assert_eq!(code, 2, "{output}: {said}");
        let said = said.replace(['\n', '│'], " ");
        let said: Vec<&str> = said.split_whitespace().collect();
        assert!(said.join(" ").contains(because), "{output}: {said:?}");
    }
    let twice = [
        "--output",
        "sarif=amend.sarif",
        "--output",
        "json=amend.sarif",
    ];
    assert_eq!(repository.gate(&twice).0, 2);
}

#[test]
fn every_format_is_what_it_says() {
    let repository = Repository::begin();
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 is reworded \"units\"\n"),
    );
    let of = |format: &str| {
        let (code, said) = repository.gate(&["--format", format]);
        assert_eq!(code, 1, "{format}: {said}");
        said
    };

    let json: serde_json::Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(json["schema"], "lind.amend/1");
    assert_eq!(json["difference"]["schema"], "lind.diff/1");
    let refuted = &json["findings"][0];
    assert_eq!(
        (&refuted["code"], &refuted["subject"]),
        (&"E0932".into(), &"E1".into())
    );

    let sarif: serde_json::Value = serde_json::from_str(&of("sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "trials/trial.lind");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
    }

    // Lines that move change no fingerprint.
    let prints = |text: &str| -> Vec<String> {
        let log: serde_json::Value = serde_json::from_str(text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|own| own["partialFingerprints"]["lindMeaning/v1"].to_string())
            .collect()
    };
    let before = prints(&of("sarif"));
    let text = new("50", "  E1 is reworded \"units\"\n");
    repository.write("trials/trial.lind", &format!("# a comment\n\n{text}"));
    assert_eq!(prints(&of("sarif")), before);

    // One claim that is false in two ways is found twice, and each finding is known by itself.
    let told = |claims: &str| {
        repository.write("trials/trial.lind", &new("50", claims));
        let refuted = repository.gate(&["--format", "short"]).1;
        assert_eq!(refuted.matches("E0932").count(), 2, "{refuted}");
        let sarif = prints(&of("sarif"));
        let gitlab: serde_json::Value = serde_json::from_str(&of("gitlab")).unwrap();
        let gitlab = gitlab.as_array().unwrap().iter();
        let gitlab: Vec<String> = gitlab.map(|own| own["fingerprint"].to_string()).collect();
        let junit = of("junit");
        let cases = junit.split("<testcase ").skip(1);
        let names: Vec<String> = cases
            .map(|own| own.split(" file=").next().unwrap().to_owned())
            .collect();
        [sarif, gitlab, names]
    };
    let found = told("  E1 closes \"two participants bled\"\n");
    for own in &found {
        let distinct: BTreeSet<&String> = own.iter().collect();
        assert_eq!(distinct.len(), own.len(), "{own:?}");
    }
    assert_eq!(told("  E1 closes \"bleeding\"\n"), found);
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 is reworded \"units\"\n"),
    );

    let github = of("github");
    assert!(
        github.starts_with("::error file=trials/trial.lind,line="),
        "{github}"
    );
    assert!(
        github.lines().all(|line| line.starts_with("::")),
        "{github}"
    );

    let gitlab: serde_json::Value = serde_json::from_str(&of("gitlab")).unwrap();
    for issue in gitlab.as_array().unwrap() {
        for field in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[field].is_string(), "{issue}");
        }
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
    }

    let junit = of("junit");
    assert!(junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"));
    assert_eq!(
        junit.matches("<testcase ").count(),
        junit.matches("</testcase>").count()
    );

    let markdown = of("markdown");
    assert!(markdown.starts_with("<!-- lind amend -->\n"), "{markdown}");
    assert!(markdown.contains("The gate is closed"), "{markdown}");
}

#[test]
fn a_revision_that_is_not_there_compares_nothing() {
    let repository = Repository::begin();
    for revision in ["no-such-branch", "--output=x", "main:trials"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .arg("amend")
            .arg("trials/trial.lind")
            .arg(format!("--against={revision}"))
            .current_dir(repository.folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{revision}: {output:?}");
        assert!(output.stdout.is_empty(), "{revision}: {output:?}");
    }
}

/// A protocol that begins in the branch has nothing that it could be held against.
#[test]
fn a_new_protocol_passes() {
    let repository = Repository::begin();
    fs::create_dir_all(repository.path("others/more")).unwrap();
    repository.write("others/more/trial.lind", OLD);
    let gate = |protocol: &str, against: &str, format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args(["amend", protocol, "--against", against, "--format", format])
            .current_dir(repository.folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        let errors: Vec<&str> = errors.split_whitespace().collect();
        (output.status.code().unwrap(), said, errors.join(" "))
    };
    let new = |format: &str| {
        let (code, said, errors) = gate("others/more/trial.lind", "main", format);
        assert_eq!((code, &*errors), (0, ""), "{format}: {said}");
        said
    };
    let sentence =
        "others/more/trial.lind is new: main does not have it, and there is nothing to compare";
    for format in ["text", "short", "markdown", "github"] {
        assert!(new(format).contains(sentence), "{format}");
    }
    let parsed = |format: &str| serde_json::from_str::<serde_json::Value>(&new(format)).unwrap();
    let json = parsed("json");
    assert_eq!(
        (&json["new"], &json["difference"]),
        (&true.into(), &serde_json::Value::Null)
    );
    assert_eq!(parsed("gitlab"), serde_json::json!([]));
    assert_eq!(parsed("sarif")["runs"][0]["results"], serde_json::json!([]));
    assert!(new("junit").contains("nothing found"));

    // What its author says of an older version was held against nothing, and that is told.
    let (code, said, _) = gate("others/more/trial.lind", "main", "text");
    assert_eq!((code, said.contains("held against nothing")), (0, false));
    let amended = crate::new("50", "  E1 opens \"counts between 50 and 75 were safe\"\n");
    repository.write("others/more/trial.lind", &amended);
    assert!(new("text").contains("of its amendment of version \"1.0\" was held against nothing"));

    // One with errors is not let through, and neither is anything that git does not know.
    repository.write("others/more/trial.lind", &OLD.replace("age is", "age was"));
    let (code, _, errors) = gate("others/more/trial.lind", "main", "short");
    assert_eq!(code, 2, "{errors}");
    for (against, because) in [
        (
            "no-such-branch",
            "cannot be read from the revision `no-such-branch`",
        ),
        (
            "origin/no-such",
            "`origin/no-such` is neither a file nor a revision that git knows",
        ),
        ("missing.lind", "`missing.lind` cannot be read"),
        ("trials/missing.lind", "there is no such file or folder"),
        ("trials", "it is a folder"),
    ] {
        let (code, said, errors) = gate("trials/trial.lind", against, "short");
        assert_eq!((code, &*said), (2, ""), "{against}");
        let errors = errors.replace("│ ", "");
        assert!(errors.contains(because), "{against}: {errors}");
    }
}

/// The script of the composite action, run as GitHub runs it.
#[cfg(unix)]
#[test]
fn the_action_keeps_protocols_of_one_name_apart() {
    let repository = Repository::begin();
    fs::create_dir(repository.path("others")).unwrap();
    repository.write("others/trial.lind", OLD);
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 closes \"two participants bled\"\n"),
    );
    let action = fs::read_to_string(root().join("integrations/github/action.yml")).unwrap();
    let (_, script) = action.rsplit_once("      run: |\n").unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let place = |name: &str| temporary.path().join(name);
    let program = Path::new(env!("CARGO_BIN_EXE_lind")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(repository.folder.path())
        .env("PATH", format!("{}:{path}", program.display()))
        .env("PROTOCOLS", "*/trial.lind")
        .env("AGAINST", "main")
        .env("RUNNER_TEMP", temporary.path())
        .env("GITHUB_OUTPUT", place("output"))
        .env("GITHUB_STEP_SUMMARY", place("summary"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    for (name, count) in [("others--trial", 0), ("trials--trial", 2)] {
        let text = fs::read_to_string(place(&format!("lind/{name}.sarif"))).unwrap();
        assert_eq!(
            text.matches("\"ruleId\":\"E0932\"").count(),
            count,
            "{text}"
        );
    }
    let comment = fs::read_to_string(place("lind/comment.md")).unwrap();
    assert!(comment.contains("others/trial.lind is new"), "{comment}");
    assert!(comment.contains("The gate is closed"), "{comment}");
}

/// The hooks, called as pre-commit calls them: the entry, its arguments, and all files that changed.
#[cfg(unix)]
#[test]
fn the_hooks_of_pre_commit_run() {
    let repository = Repository::begin();
    repository.write("trials/new.lind", OLD);
    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_lind")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let run = |id: &str| {
        let (_, hook) = hooks.split_once(&format!("- id: {id}\n")).unwrap();
        let hook = hook.split("\n- id: ").next().unwrap();
        let field = |name: &str| {
            let mut lines = hook.lines();
            lines.find_map(|line| line.trim().strip_prefix(&format!("{name}: ")))
        };
        let arguments = field("args").map(|own| own.trim_matches(['[', ']']).to_owned());
        let arguments = arguments.map(|own| own.replace("origin/main", "main"));
        let output = Command::new("bash")
            .args(["-c", &format!("{} \"$@\"", field("entry").unwrap()), id])
            .args(arguments)
            .args(["trials/new.lind", "trials/trial.lind"])
            .current_dir(repository.folder.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), said)
    };
    let ids: Vec<&str> = hooks
        .lines()
        .filter_map(|line| line.strip_prefix("- id: "))
        .collect();
    assert_eq!(
        ids,
        [
            "lind-check",
            "lind-fmt",
            "lind-test",
            "lind-lint",
            "lind-amend"
        ]
    );
    for id in &ids {
        let (code, said) = run(id);
        assert_eq!(code, 0, "{id}: {said}");
    }
    repository.write(
        "trials/trial.lind",
        &new("50", "  E1 closes \"two participants bled\"\n"),
    );
    let (code, said) = run("lind-amend");
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("trials/new.lind is new") && said.contains("E0932"),
        "{said}"
    );
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

/// The arguments of `lind` on each line of a file that calls it, with what the machine fills in taken out.
fn calls(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter_map(|line| line.split_once("lind amend ").map(|(_, rest)| rest))
        .map(|rest| {
            rest.split_whitespace()
                .take_while(|word| !matches!(*word, ">" | ">>" | "|" | "||" | "&&" | ";"))
                .map(|word| word.trim_matches(['"', '\'']).to_owned())
                .collect()
        })
        .collect()
}

/// What a repository is given to run the gate calls it with options that it has.
#[test]
fn the_snippets_call_the_gate_as_it_is() {
    let help = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(["amend", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for name in [
        "integrations/github/action.yml",
        "integrations/gitlab/lind-amend.gitlab-ci.yml",
        ".pre-commit-hooks.yaml",
    ] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let calls = calls(&text);
        let entry = text
            .lines()
            .any(|line| line.trim().starts_with("entry: lind "));
        assert!(entry || !calls.is_empty(), "{name} does not call lind");
        for call in calls {
            let options = call.iter().filter(|word| word.starts_with("--"));
            for option in options {
                let option = option.split('=').next().unwrap();
                assert!(help.contains(option), "{name}: `{option}` is no option");
            }
            for format in call
                .iter()
                .skip_while(|word| *word != "--format")
                .skip(1)
                .take(1)
            {
                let listed = format!("- {format}:");
                assert!(
                    format.starts_with('$') || help.contains(&listed),
                    "{name}: `{format}` is no format"
                );
            }
        }
    }
}
