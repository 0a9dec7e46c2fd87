//! The formatter changes blanks and nothing else, and does so once.

use crate::support::{Random, clean_files, count, crate_folder, edit, line_of, parse};

/// The tree of a text, without the places of its parts.
fn tree(text: &str) -> String {
    let tree = format!("{:?}", parse(text).tree);
    let mut without_places = String::with_capacity(tree.len());
    let mut rest = tree.as_str();
    while let Some(at) = rest.find("Span { ") {
        without_places.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[rest.find('}').unwrap() + 1..];
    }
    without_places + rest
}

/// Everything of a text that can be seen.
fn seen(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}' | '\u{202e}'))
        .collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    let mut codes: Vec<_> = parse(text)
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.rule.code)
        .collect();
    codes.retain(|code| *code != "E0101");
    codes.sort_unstable();
    codes
}

fn holds(text: &str) -> Result<(), String> {
    let formatted = lind_syntax::format(text).text;
    let again = lind_syntax::format(&formatted);
    if again.text != formatted {
        return Err(format!(
            "formatted twice:\n{}",
            difference(&formatted, &again.text)
        ));
    }
    if again.changed {
        return Err("says that it changed what it did not".to_owned());
    }
    if seen(&formatted) != seen(text) {
        return Err(format!(
            "changed more than blanks:\n{}",
            difference(text, &formatted)
        ));
    }
    if tree(&formatted) != tree(text) {
        return Err(format!(
            "changed the tree:\n{}",
            difference(text, &formatted)
        ));
    }
    if codes(&formatted) != codes(text) {
        let findings: Vec<String> = parse(&formatted)
            .diagnostics
            .iter()
            .map(|diagnostic| line_of(&formatted, diagnostic))
            .collect();
        let before: Vec<String> = parse(text)
            .diagnostics
            .iter()
            .map(|diagnostic| line_of(text, diagnostic))
            .collect();
        return Err(format!(
            "changed the findings from\n{}\nto\n{}\n{}",
            before.join("\n"),
            findings.join("\n"),
            difference(text, &formatted)
        ));
    }
    let over_lines = codes(text).contains(&"E0107");
    if formatted
        .lines()
        .any(|line| line.trim_end() != line && !over_lines)
        || formatted.contains("\n\n\n")
        || formatted.starts_with('\n')
    {
        return Err("left blanks behind".to_owned());
    }
    Ok(())
}

fn same(left: &str, right: &str, what: &str, path: &std::path::Path) {
    assert!(
        left == right,
        "{} {what}: {}",
        path.display(),
        difference(left, right)
    );
}

/// The first lines that differ.
fn difference(left: &str, right: &str) -> String {
    let at = left
        .lines()
        .zip(right.lines())
        .position(|(left, right)| left != right)
        .unwrap_or(0);
    let excerpt = |text: &str| {
        text.lines()
            .skip(at.saturating_sub(2))
            .take(6)
            .map(|line| format!("{line:?}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    format!(
        "line {}:\n{}\n----\n{}",
        at + 1,
        excerpt(left),
        excerpt(right)
    )
}

#[test]
fn every_clean_file_keeps_its_tree() {
    for (path, text) in clean_files() {
        holds(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    }
}

#[test]
fn a_file_in_any_layout_comes_out_the_same() {
    for (path, text) in clean_files() {
        let formatted = lind_syntax::format(&text).text;
        let wide: String = formatted
            .split_inclusive('\n')
            .map(|line| {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                format!("{}{}", " ".repeat(blanks), line)
            })
            .collect();
        same(
            &lind_syntax::format(&wide).text,
            &formatted,
            "indented by four",
            &path,
        );
        let tabs: String = formatted
            .split_inclusive('\n')
            .map(|line| {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                format!("{}{}", "\t".repeat(blanks / 2), &line[blanks..])
            })
            .collect();
        same(
            &lind_syntax::format(&tabs).text,
            &formatted,
            "indented by tabs",
            &path,
        );
        let trailing = formatted.replace('\n', "   \n\n\n");
        let spread = lind_syntax::format(&trailing).text;
        assert!(
            seen(&spread) == seen(&formatted) && !spread.contains("\n\n\n"),
            "{} spread out",
            path.display()
        );
        let windows = formatted.replace('\n', "\r\n");
        same(
            &lind_syntax::format(&windows).text,
            &windows,
            "with Windows line ends",
            &path,
        );
    }
}

#[test]
fn the_page_on_layout_shows_what_the_formatter_writes() {
    let page =
        std::fs::read_to_string(crate_folder().join("../../docs/language/layout.md")).unwrap();
    let blocks: Vec<&str> = page
        .split("```lind\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(parse(block).diagnostics.is_empty(), "{block}");
        assert_eq!(lind_syntax::format(block).text, block);
    }
}

#[test]
fn what_cannot_be_read_is_left_as_it_was() {
    let text = "inclusion I1 \"Blood counts\"\n    at screening\n    all of\n        anc   >= 1000 /uL\n        alc   =>   100   /uL   # why   not\n        has   pregnancy\n";
    let formatted = "inclusion I1 \"Blood counts\"\n  at screening\n  all of\n    anc >= 1000 /uL\n    alc   =>   100   /uL   # why   not\n    has pregnancy\n";
    assert_eq!(lind_syntax::format(text).text, formatted);
    let ragged = "define x\n    any of\n        a\n      b\n\ndefine   y\n    c\n";
    let formatted = "define x\n    any of\n        a\n      b\n\ndefine y\n  c\n";
    assert_eq!(
        lind_syntax::format(ragged).text,
        formatted,
        "a block without a structure keeps its indentation"
    );
}

#[test]
fn comments_stay_where_they_belong() {
    let text = "\n\n# first\n\n\ndefine x # trailing\n# of the list\n    any of   # why\n        a\n        # of the inner list\n    # of the outer one\n# of the next item\ndefine y\n  b\n# last\n\n";
    let formatted = "# first\n\ndefine x  # trailing\n  # of the list\n  any of  # why\n    a\n    # of the inner list\n  # of the outer one\n# of the next item\ndefine y\n  b\n# last\n";
    assert_eq!(lind_syntax::format(text).text, formatted);
    let list = "use std.labs: a,   # one\n\n\n      # two\n  b,\n\n   c\n";
    let formatted = "use std.labs: a,  # one\n\n  # two\n  b,\n\n  c\n";
    assert_eq!(lind_syntax::format(list).text, formatted);
    assert_eq!(lind_syntax::format("").text, "");
    assert_eq!(lind_syntax::format("\n \n").text, "");
    assert_eq!(
        lind_syntax::format("# no line break at the end").text,
        "# no line break at the end\n"
    );
}

#[test]
fn signs_get_their_blanks() {
    let text = "inclusion I1\"Signs\"for women\n  anc>=1000/uL\n  inr<=1.5x ULN\n  age is 18to 65years,both included\n  I1a\"title\" :alt<3 x ULN\n\nformula f \"f\" as Mass in kg\n  from weight in kg ,age\n  for men:(140-age)*2\n";
    let formatted = "inclusion I1 \"Signs\" for women\n  anc >= 1000 /uL\n  inr <= 1.5 x ULN\n  age is 18 to 65 years, both included\n  I1a \"title\": alt < 3 x ULN\n\nformula f \"f\" as Mass in kg\n  from weight in kg, age\n  for men: (140 - age) * 2\n";
    assert_eq!(lind_syntax::format(text).text, formatted);
}

#[test]
fn broken_files_keep_their_trees_too() {
    let files = clean_files();
    let mut random = Random::new(1601);
    let mut failures = Vec::new();
    for _ in 0..count(120) {
        let (path, text) = &files[random.below(files.len())];
        let mut edited = lind_syntax::format(text).text;
        let mut what = Vec::new();
        for _ in 0..=random.below(4) {
            let (next, edit) = edit(&edited, &mut random);
            edited = next;
            what.push(edit);
        }
        if let Err(why) = holds(&edited) {
            failures.push(format!("{}: {}: {why}", path.display(), what.join(", ")));
        }
    }
    failures.truncate(8);
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
