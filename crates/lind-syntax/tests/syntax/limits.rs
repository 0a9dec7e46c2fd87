//! Texts that no one writes: nothing overflows, everything ends soon, and the message tells the reason.

use std::time::{Duration, Instant};

use crate::support::parse;

/// Far more than any of these texts takes in a debug build on a very busy machine (seconds on an idle one); far
/// less than what an exponential parser would take, so that such a one fails rather than hangs.
const SOON: Duration = Duration::from_secs(300);

/// A hundred thousand lines, but fewer where the compiler did not make the parser fast.
const MANY: usize = if cfg!(debug_assertions) {
    20_000
} else {
    100_000
};

/// The codes of a text and how often each was given, after parsing and formatting it in time. The stack is
/// as small as that of a thread.
fn codes(text: String) -> Vec<(&'static str, usize)> {
    let check = move || {
        let begun = Instant::now();
        let parsed = parse(&text);
        let read = begun.elapsed();
        let formatted = lind_syntax::format(&text);
        let laid_out = begun.elapsed();
        assert!(
            laid_out < SOON,
            "read in {read:?}, formatted in {:?}",
            laid_out.saturating_sub(read)
        );
        assert_eq!(
            formatted.text.split_whitespace().count() > 0,
            !text.trim().is_empty()
        );
        // Comparing, printing and dropping walk through the tree as well.
        let same = parsed.clone() == parsed;
        assert!(same && !format!("{:?}", parsed.tree).is_empty());
        let mut codes: Vec<(&'static str, usize)> = Vec::new();
        for diagnostic in &parsed.diagnostics {
            match codes
                .iter_mut()
                .find(|(code, _)| *code == diagnostic.rule.code)
            {
                Some((_, count)) => *count += 1,
                None => codes.push((diagnostic.rule.code, 1)),
            }
        }
        codes
    };
    std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(check)
        .unwrap()
        .join()
        .unwrap()
}

fn formula(value: &str) -> String {
    format!("formula f \"a formula\" as Mass in kg\n  from weight in kg\n  everyone: {value}\n")
}

#[test]
fn lists_nested_deeply() {
    let mut text = String::from("inclusion I1 \"deep\"\n");
    // One blank a level: fifty megabytes of indentation, five where the parser is slow.
    for depth in 1..=if cfg!(debug_assertions) {
        3_000
    } else {
        10_000
    } {
        text.extend(std::iter::repeat_n(' ', depth));
        text.push_str("all of\n");
    }
    assert_eq!(codes(text), [("E0108", 1)]);
}

#[test]
fn brackets_nested_deeply() {
    for depth in [33, 3_000] {
        let value = format!("{}weight{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(codes(formula(&value)), [("E0108", 1)], "{depth} brackets");
    }
    let value = format!("{}weight{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(
        codes(formula(&value)),
        [("E0109", 1)],
        "longer than a line may be"
    );
    let value = format!("{}weight{}", "(".repeat(32), ")".repeat(32));
    assert_eq!(codes(formula(&value)), []);
    let value = format!("{}weight{}", "smaller of (1, ".repeat(32), ")".repeat(32));
    assert_eq!(codes(formula(&value)), []);
    let value = "(".repeat(4_000);
    assert_eq!(codes(formula(&value)), [("E0108", 1)]);
}

#[test]
fn long_chains_of_operations() {
    assert_eq!(codes(formula(&vec!["weight"; 257].join(" + "))), []);
    assert_eq!(codes(formula(&vec!["1"; 4_000].join("*"))), [("E0108", 1)]);
}

#[test]
fn clauses_nested_in_clauses() {
    let line = "at screening: ".repeat(500);
    assert_eq!(
        codes(format!("inclusion I1 \"deep\"\n  {line}consent\n")),
        [("E0108", 1)]
    );
}

#[test]
fn one_line_of_a_megabyte() {
    assert_eq!(codes("a".repeat(1 << 20)), [("E0109", 1)]);
    assert_eq!(
        codes(format!(
            "inclusion I1 \"{}\"\n  at screening\n",
            "a ".repeat(1 << 19)
        )),
        [("E0109", 1)]
    );
    assert_eq!(codes("\"".repeat(1 << 20)), [("E0109", 1)]);
    assert_eq!(codes(" ".repeat(1 << 20)), []);
    assert_eq!(codes(format!("# {}", "a".repeat(1 << 20))), []);
}

#[test]
fn a_list_longer_than_a_line_may_be() {
    let names = vec!["hemoglobin"; 2_000].join(",\n  ");
    assert_eq!(codes(format!("use std.labs: {names}\n")), [("E0109", 1)]);
}

#[test]
fn lines_as_long_as_they_may_be() {
    let body = |line: &str| format!("inclusion I1 \"long\"\n  at screening\n  {line}\n");
    assert_eq!(codes(body(&vec!["consent"; 680].join(" and "))), []);
    assert_eq!(
        codes(body(&format!("weight >= 5 {}", "x ".repeat(4_000)))),
        []
    );
    assert_eq!(codes(body(&"has ".repeat(2_000))), [("E0103", 1)]);
    assert_eq!(codes(body(&"(".repeat(8_000))), [("E0103", 1)]);
    assert_eq!(
        codes(body(&"within 5 days before ".repeat(380))),
        [("E0103", 1)]
    );
    assert_eq!(codes(body(&"\\\"".repeat(4_000))), [("E0107", 1)]);
    assert_eq!(codes(format!("use a: {}\n", "b,".repeat(4_000))), []);
}

#[test]
fn very_many_lines() {
    let criterion = "inclusion I1 \"Neutrophils\"\n  at screening\n  anc >= 1000 /uL\n\n";
    assert_eq!(codes(criterion.repeat(MANY / 4)), []);
}

#[test]
fn very_many_broken_lines() {
    assert_eq!(
        codes("exclution E1 \"x\"\n".repeat(MANY)),
        [("E0104", MANY)]
    );
    let signs = codes(format!("define x\n{}", "  anc => 5\n".repeat(MANY)));
    assert_eq!(signs.iter().map(|(_, count)| count).sum::<usize>(), MANY);
    let ragged = "    any of\n      consent\n  consent\n";
    assert_eq!(
        codes(format!("define x\n{}", ragged.repeat(MANY / 3))),
        [("E0102", 1)]
    );
    let tabs = "\tconsent\n  consent\n";
    assert_eq!(
        codes(format!("define x\n{}", tabs.repeat(MANY / 2))),
        [("E0101", 1)]
    );
    let unseen = "  preg\u{200b}nancy\n";
    assert_eq!(
        codes(format!("define x\n{}", unseen.repeat(MANY))),
        [("E0111", MANY)]
    );
    let indented = " age is 5 years\n  y\n z\n";
    assert_eq!(codes(indented.repeat(MANY / 3)), [("E0102", 1)]);
    // A table of data is one thing that is wrong.
    assert_eq!(codes("P001,haemoglobin,90\n".repeat(MANY)), [("E0103", 1)]);
}
