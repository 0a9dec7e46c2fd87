//! `cargo xtask`: what developers and the CI run besides cargo itself.

use std::path::Path;
use std::process::ExitCode;

use xtask::{Finding, Tree, Weight, bench, cohort, docs, forms, tidy};

const USAGE: &str = "\
usage: cargo xtask <task>

tasks:
  tidy             hold the tree against the rules of docs/architecture.md
  docs             write the generated documents
  docs --check     fail if a generated document is not up to date
  cohort ssc       write the invented patients of tests/cohorts/ssc
  cohort ssc --check
                   fail if they are not what would be written
  cohort sle       write the invented patients of tests/cohorts/sle, and print the published results out of them
  cohort sle --check
                   fail if they are not what would be written
  cohort ssc|sle --form fhir|omop|sdtm -o FOLDER
                   write the same patients in another form of data
  bench            measure how fast Lind is here (docs/benchmarks.md)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["tidy"] => open().and_then(|tree| tidy(&tree)),
        ["docs"] => open().and_then(|tree| docs::write(&tree).map(|()| Vec::new())),
        ["docs", "--check"] => open().and_then(|tree| docs::check(&tree)),
        ["cohort", "ssc"] => open().and_then(|tree| cohort::write_ssc(&tree).map(|()| Vec::new())),
        ["cohort", "ssc", "--check"] => open().and_then(|tree| cohort::check_ssc(&tree)),
        ["cohort", "sle"] => open().and_then(|tree| {
            let results = cohort::write_sle(&tree)?;
            print!("{results}");
            Ok(Vec::new())
        }),
        ["cohort", "sle", "--check"] => open().and_then(|tree| cohort::check_sle(&tree)),
        [
            "cohort",
            name @ ("ssc" | "sle"),
            "--form",
            form,
            "-o",
            folder,
        ] => {
            return code(open().and_then(|tree| forms::write(tree.root(), name, form, folder)));
        }
        ["bench", options @ ..] => {
            return code(open().and_then(|tree| bench::run(tree.root(), options)));
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(findings) => print(&findings),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Of a task that another crate carries out: whether it could.
fn code(done: std::io::Result<bool>) -> ExitCode {
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn open() -> std::io::Result<Tree> {
    Tree::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

/// Prints the findings; the exit code is 1 if one of them is more than a warning.
fn print(findings: &[Finding]) -> ExitCode {
    for finding in findings {
        println!("{finding}");
    }
    let failures = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Failure)
        .count();
    println!(
        "{failures} failures, {} warnings",
        findings.len() - failures
    );
    if failures == 0 {
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}
