//! The examples of the documentation that hold tests: each test passes, as the page says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_test::Suite;

const PAGES: [(&str, &str); 3] = [
    ("tour", include_str!("../../../docs/language/tour.md")),
    (
        "reference",
        include_str!("../../../docs/language/reference.md"),
    ),
    ("how-to", include_str!("../../../docs/language/how-to.md")),
];

/// The files on a page that hold tests.
fn tested(page: &str) -> impl Iterator<Item = &str> {
    page.split("```lind\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(file, _)| file)
        .filter(|file| file.contains("\ntest \""))
}

#[test]
fn the_tests_on_the_pages_pass() {
    for (name, page) in PAGES {
        let mut tests = 0;
        for text in tested(page) {
            let mut files = Files::new();
            let root = files.add("example.lind", text);
            let analysis = check(&mut files, root, &mut NoModules);
            let protocol = analysis
                .protocol
                .unwrap_or_else(|| panic!("{name} has errors:\n{text}"));
            let suite = Suite::new(&protocol, &analysis.tests, &files).unwrap();
            for result in suite.results() {
                tests += 1;
                assert!(
                    result.passed(),
                    "{name}: test {} of\n{text}",
                    result.case + 1
                );
            }
        }
        assert!(tests > 0, "{name} has no tests");
    }
}
