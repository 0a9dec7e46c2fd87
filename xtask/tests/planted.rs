//! Each rule finds what was planted, and lets pass what is right.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::fs;
use std::io;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::{Finding, Tree, docs, edges, manifests, pages, sizes, words};

/// A tree with these files.
fn tree(files: &[(&str, &str)]) -> (TempDir, Tree) {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let tree = Tree::open(folder.path()).unwrap();
    (folder, tree)
}

/// What a rule says about these files, a line each.
fn found(check: impl Fn(&Tree) -> io::Result<Vec<Finding>>, files: &[(&str, &str)]) -> Vec<String> {
    let (_folder, tree) = tree(files);
    let mut findings = check(&tree).unwrap();
    findings.sort();
    findings.iter().map(Finding::to_string).collect()
}

const ARCHITECTURE: &str = "\
<!-- tidy: crates -->
| Crate | Owns | May use |
|---|---|---|
| `lind-units` | units | nothing |
| `lind-model` | the waist | `lind-units` |
| `lind-oracle` | truth | `lind-model` |

<!-- tidy: dependencies -->
| External crate | Owners | Why |
|---|---|---|
| `pest` | `lind-model` | grammar |
| `insta` | tests | snapshots |
";

fn package(name: &str, dependencies: &[(&str, bool, &str)]) -> Value {
    let dependencies: Vec<Value> = dependencies
        .iter()
        .map(|&(name, ours, kind)| {
            json!({
                "name": name,
                "path": if ours { json!(format!("crates/{name}")) } else { Value::Null },
                "kind": if kind.is_empty() { Value::Null } else { json!(kind) },
            })
        })
        .collect();
    json!({"name": name, "dependencies": dependencies})
}

/// What is said if `lind-model` depends on this besides what it must.
fn edges_with(extra: &[(&str, bool, &str)]) -> Vec<String> {
    let mut dependencies = vec![("lind-units", true, ""), ("pest", false, "")];
    dependencies.extend_from_slice(extra);
    let metadata = json!({"packages": [
        package("lind-units", &[]),
        package("lind-model", &dependencies),
        package("lind-oracle", &[("lind-model", true, "")]),
    ]});
    found(
        |tree| edges::check(tree, &metadata),
        &[("docs/architecture.md", ARCHITECTURE)],
    )
}

#[test]
fn edges_of_the_table_pass() {
    assert_eq!(edges_with(&[]), Vec::<String>::new());
}

#[test]
fn an_edge_that_is_not_in_the_table_fails() {
    assert_eq!(
        edges_with(&[("lind-oracle", true, "")]),
        [
            "crates/lind-model/Cargo.toml: failure: `lind-model` may not use `lind-oracle`: the table \
          of crates in docs/architecture.md does not allow it"
        ],
    );
    assert_eq!(edges_with(&[("lind-oracle", true, "build")]).len(), 1);
}

#[test]
fn tests_may_use_libraries_but_not_the_command() {
    assert_eq!(
        edges_with(&[("lind-oracle", true, "dev"), ("insta", false, "dev")]),
        Vec::<String>::new()
    );
    assert_eq!(
        edges_with(&[("lind", true, "dev")]),
        ["crates/lind-model/Cargo.toml: failure: tests use libraries, not `lind`"],
    );
}

#[test]
fn an_external_crate_has_its_owners() {
    assert_eq!(
        edges_with(&[("insta", false, "")]),
        [
            "crates/lind-model/Cargo.toml: failure: `lind-model` may not use `insta`: it is not among \
          its owners in docs/architecture.md"
        ],
    );
    assert_eq!(
        edges_with(&[("leftpad", false, "dev")]),
        [
            "crates/lind-model/Cargo.toml: failure: `leftpad` has no row in the table of external \
          crates in docs/architecture.md"
        ],
    );
}

#[test]
fn rows_and_crates_must_match() {
    let metadata = json!({"packages": [package("lind-new", &[])]});
    let text = found(
        |tree| edges::check(tree, &metadata),
        &[("docs/architecture.md", ARCHITECTURE)],
    )
    .join("\n");
    assert!(
        text.contains("failure: the table of crates has no row for `lind-new`"),
        "{text}"
    );
    assert!(
        text.contains(
            ":4: failure: the table of crates has a row for `lind-units`, which does not exist"
        ),
        "{text}"
    );
    assert!(
        text.contains(":5: warning: `lind-model` does not use `lind-units`"),
        "{text}"
    );
}

#[test]
fn a_document_without_its_tables_fails() {
    let metadata = json!({"packages": []});
    let check = |tree: &Tree| edges::check(tree, &metadata);
    assert_eq!(
        found(check, &[("docs/architecture.md", "# Nothing\n")]).len(),
        2
    );
    assert_eq!(
        found(check, &[]),
        ["docs/architecture.md: failure: there is no such file"],
    );
}

#[test]
fn versions_stand_once_and_the_lock_file_is_there() {
    let workspace = (
        "Cargo.toml",
        "[workspace.dependencies]\nserde = \"1\"\ncsv = \"1\"\n",
    );
    let right = "[package]\nversion = \"1\"\n[dependencies]\nserde.workspace = true\n\
                 csv = { workspace = true, features = [\"x\"] }\n";
    let lock = ("Cargo.lock", "");
    assert_eq!(
        found(
            manifests::check,
            &[workspace, lock, ("crates/a/Cargo.toml", right)]
        ),
        Vec::<String>::new(),
    );
    let wrong = "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ncsv = { version = \"1\" }\n";
    assert_eq!(
        found(
            manifests::check,
            &[workspace, ("crates/a/Cargo.toml", wrong)]
        ),
        [
            "Cargo.lock: failure: the lock file is not in the tree: builds must not depend on the day",
            "crates/a/Cargo.toml:2: failure: `serde` has a version of its own: write `serde.workspace = true`",
            "crates/a/Cargo.toml:4: failure: `csv` has a version of its own: write `csv.workspace = true`",
        ],
    );
    assert_eq!(
        found(manifests::check, &[workspace, lock]),
        [
            "Cargo.toml:2: warning: no crate uses `serde`",
            "Cargo.toml:3: warning: no crate uses `csv`"
        ],
    );
}

#[test]
fn long_files_fail_but_tests_may_be_long() {
    let lines = |count: usize| "//\n".repeat(count);
    let (fine, long, too_long) = (lines(600), lines(601), lines(1001));
    assert_eq!(
        found(
            sizes::check,
            &[
                ("crates/a/src/fine.rs", &fine),
                ("crates/a/src/long.rs", &long),
                ("crates/a/src/too_long.rs", &too_long),
                ("crates/a/tests/cases.rs", &too_long),
                ("crates/a/src/parser/tests.rs", &too_long),
                ("docs/long.md", &too_long),
            ],
        ),
        [
            "crates/a/src/long.rs: warning: 601 lines: split it by topic",
            "crates/a/src/too_long.rs: failure: 1001 lines: split it by topic",
        ],
    );
}

const PAGE: &str = "\
# E0301 unit-mismatch

## What it means

Two units differ.

## Wrong

Text.

```lind
## a comment
age >= 18
```

## Right

```lind
age >= 18 years
```

## Why it matters in a trial

Patients.
";

const PAGE_PATH: &str = "docs/diagnostics/E0301-unit-mismatch.md";

const RULES: &str = "\
lind_diagnostics::rules! {
    E0301_UNIT_MISMATCH: error \"E0301\" \"unit-mismatch\" \"two units differ\";
}
";

const EMITS: &str = "fn f() { push(&E0301_UNIT_MISMATCH); }\n";

fn pages_of(files: &[(&str, &str)]) -> Vec<String> {
    found(pages::check, files)
}

#[test]
fn a_rule_with_page_and_use_passes() {
    let right = [
        ("crates/a/src/rules.rs", RULES),
        ("crates/a/src/unit.rs", EMITS),
        (PAGE_PATH, PAGE),
    ];
    assert_eq!(pages_of(&right), Vec::<String>::new());
    assert_eq!(pages_of(&[]), Vec::<String>::new());
}

#[test]
fn a_rule_without_page_or_use_fails() {
    assert_eq!(
        pages_of(&[("crates/a/src/rules.rs", RULES)]),
        [
            "crates/a/src/rules.rs:2: failure: nothing emits `E0301_UNIT_MISMATCH`",
            "docs/diagnostics/E0301-unit-mismatch.md: failure: `E0301` has no page",
        ],
    );
    for no_use in [
        "// E0301_UNIT_MISMATCH\n",
        "use crate::E0301_UNIT_MISMATCH;\n",
        "fn f() { E0301_UNIT_MISMATCH_TOO; }\n",
    ] {
        let files = [
            ("crates/a/src/rules.rs", RULES),
            ("crates/a/src/unit.rs", no_use),
            (PAGE_PATH, PAGE),
        ];
        assert_eq!(pages_of(&files).len(), 1, "{no_use}");
    }
}

#[test]
fn a_page_without_a_rule_fails() {
    assert_eq!(
        pages_of(&[
            (PAGE_PATH, PAGE),
            ("docs/diagnostics/index.md", "# Index\n")
        ]),
        [
            "docs/diagnostics/E0301-unit-mismatch.md: failure: no crate declares the diagnostic of \
          this page"
        ],
    );
}

#[test]
fn a_code_is_declared_once_under_its_name() {
    let again = RULES.replace("E0301_UNIT_MISMATCH", "E0301_OTHER");
    let emits = format!("{EMITS}fn g() {{ push(&E0301_OTHER); }}\n");
    assert_eq!(
        pages_of(&[
            ("crates/a/src/rules.rs", RULES),
            ("crates/b/src/rules.rs", &again),
            ("crates/b/src/unit.rs", &emits),
            (PAGE_PATH, PAGE),
        ]),
        [
            "crates/b/src/rules.rs:2: failure: `E0301_OTHER` must be called `E0301_UNIT_MISMATCH`",
            "crates/b/src/rules.rs:2: failure: `E0301` is declared in crates/a/src/rules.rs:2 already",
        ],
    );
}

#[test]
fn a_page_has_its_sections() {
    let wrong = |page: &str| {
        pages_of(&[
            ("crates/a/src/rules.rs", RULES),
            ("crates/a/src/unit.rs", EMITS),
            (PAGE_PATH, page),
        ])
        .join("\n")
    };
    let text = wrong("# E0301 unit-mismatch\n");
    assert!(
        text.contains(
            "the sections must be What it means / Wrong / Right / Why it matters in a trial"
        ),
        "{text}"
    );
    let text = wrong(&PAGE.replace("# E0301 unit-mismatch", "# Unit mismatch"));
    assert!(
        text.contains("must begin with `# E0301 unit-mismatch`"),
        "{text}"
    );
    let text = wrong(&PAGE.replace("Patients.\n", ""));
    assert!(
        text.contains("22: failure: `Why it matters in a trial` is empty"),
        "{text}"
    );
    let text = wrong(&PAGE.replace("```lind\nage >= 18 years\n```", "Text."));
    assert!(text.contains("`Right` needs an example"), "{text}");
    let text = wrong(&format!("{PAGE}\n## How to switch it off\n\nNever.\n"));
    assert!(
        text.contains("the sections must be"),
        "an error cannot be switched off: {text}"
    );
}

#[test]
fn a_lint_may_be_switched_off() {
    let rules = "rules! {\n    W0601_UNUSED: warning \"W0601\" \"unused\" \"unused\";\n}\n";
    let page = PAGE.replace("# E0301 unit-mismatch", "# W0601 unused");
    let longer = format!("{page}\n## How to switch it off\n\nLike this.\n");
    for page in [page, longer] {
        assert_eq!(
            pages_of(&[
                ("crates/a/src/rules.rs", rules),
                ("crates/a/src/unit.rs", "fn f() { push(&W0601_UNUSED); }\n"),
                ("docs/diagnostics/W0601-unused.md", &page),
            ]),
            Vec::<String>::new(),
        );
    }
}

#[test]
fn leftovers_fail() {
    let lines = [
        concat!("todo", "!()"),
        concat!("unimplemented", "!(\"later\")"),
        concat!("#[ign", "ore = \"slow\"]"),
        concat!("// FIX", "ME later"),
        concat!("// X", "XX"),
        concat!("read(\"/wo", "rk/main/x\")"),
        concat!("https://crates", ".io/crates/x"),
        concat!("as Cla", "ude wrote"),
    ];
    for line in lines {
        let found = found(
            words::check,
            &[("crates/a/src/a.rs", &format!("\n{line}\n"))],
        );
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(
            found.concat().starts_with("crates/a/src/a.rs:2: failure: "),
            "{found:?}"
        );
    }
}

#[test]
fn what_only_looks_like_a_leftover_passes() {
    let text = concat!(
        "Claudette, XXXL, todo = \"deny\"\nmethodo",
        "logy, framework\n"
    );
    let other = concat!("https://crates", ".io\n");
    assert_eq!(
        found(
            words::check,
            &[
                ("a.md", text),
                ("Cargo.lock", other),
                ("tests/data/kept.txt", other),
            ],
        ),
        Vec::<String>::new(),
    );
}

#[test]
fn the_index_is_generated_and_held_up_to_date() {
    let (folder, tree) = tree(&[("crates/a/src/rules.rs", RULES)]);
    assert_eq!(docs::check(&tree).unwrap().len(), 1, "it is missing");
    docs::write(&tree).unwrap();
    let tree = Tree::open(folder.path()).unwrap();
    assert_eq!(docs::check(&tree).unwrap(), []);

    let path = folder.path().join(docs::INDEX);
    let index = fs::read_to_string(&path).unwrap();
    let row = "| [E0301](E0301-unit-mismatch.md) | unit-mismatch | error | two units differ |";
    assert!(index.contains(row), "{index}");
    fs::write(&path, index.replace("two units", "three units")).unwrap();
    assert_eq!(
        docs::check(&tree).unwrap().len(),
        1,
        "it was changed by hand"
    );
}
