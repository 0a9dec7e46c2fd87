//! Every diagnostic is declared once, has its page, and is emitted; every page has its diagnostic.

use std::collections::BTreeMap;
use std::io;

use crate::declarations::{self, Declaration};
use crate::{Finding, Tree};

/// Where the pages stand.
pub const FOLDER: &str = "docs/diagnostics/";

/// The sections of a page, in their order. The last one is for lints only.
pub const SECTIONS: [&str; 5] = [
    "What it means",
    "Wrong",
    "Right",
    "Why it matters in a trial",
    "How to switch it off",
];

/// Checks the declared rules against their pages and their uses.
///
/// # Errors
/// If a source or a page cannot be read.
pub fn check(tree: &Tree) -> io::Result<Vec<Finding>> {
    let (declared, mut findings) = declarations::read(tree)?;

    let mut by_code: BTreeMap<&str, &Declaration> = BTreeMap::new();
    for declaration in &declared {
        if let Some(first) = by_code.insert(&declaration.code, declaration) {
            let text = format!(
                "`{}` is declared in {}:{} already",
                declaration.code, first.path, first.line
            );
            findings.push(Finding::failure(&declaration.path, text).at(declaration.line));
        }
        let expected = declaration.expected_identifier();
        if declaration.identifier != expected {
            let text = format!("`{}` must be called `{expected}`", declaration.identifier);
            findings.push(Finding::failure(&declaration.path, text).at(declaration.line));
        }
    }

    findings.extend(check_emitted(tree, &declared)?);

    for declaration in &declared {
        let path = declaration.page();
        if tree.contains(&path) {
            let page = tree.read(&path)?.unwrap_or_default();
            findings.extend(check_page(declaration, &page));
        } else {
            let text = format!("`{}` has no page", declaration.code);
            findings.push(Finding::failure(path, text));
        }
    }
    for path in tree.paths() {
        let is_page = path
            .strip_prefix(FOLDER)
            .is_some_and(|name| name.ends_with(".md") && name != "index.md");
        if is_page
            && !declared
                .iter()
                .any(|declaration| declaration.page() == path)
        {
            let text = "no crate declares the diagnostic of this page";
            findings.push(Finding::failure(path, text));
        }
    }
    Ok(findings)
}

/// Looks for the static of each rule outside the declarations.
fn check_emitted(tree: &Tree, declared: &[Declaration]) -> io::Result<Vec<Finding>> {
    if declared.is_empty() {
        return Ok(Vec::new());
    }
    let mut code = String::new();
    for (_, path) in tree.crate_sources() {
        let source = tree.read(path)?.unwrap_or_default();
        let mut copied = 0;
        for block in declarations::blocks(&source) {
            code.push_str(source.get(copied..block.range.start).unwrap_or(""));
            copied = block.range.end;
        }
        code.push_str(source.get(copied..).unwrap_or(""));
        code.push('\n');
    }
    Ok(declared
        .iter()
        .filter(|declaration| !mentions(&code, &declaration.identifier))
        .map(|declaration| {
            let text = format!("nothing emits `{}`", declaration.identifier);
            Finding::failure(&declaration.path, text).at(declaration.line)
        })
        .collect())
}

/// Whether a word stands in a line that is no comment, and no import only.
fn mentions(code: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    code.match_indices(word).any(|(start, _)| {
        let before = code.get(..start).unwrap_or("");
        let behind = code.get(start + word.len()..).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        !before.ends_with(is_part)
            && !behind.starts_with(is_part)
            && !line.starts_with("//")
            && !line.starts_with("use ")
    })
}

fn check_page(declaration: &Declaration, page: &str) -> Vec<Finding> {
    let path = declaration.page();
    let mut findings = Vec::new();
    let mut fail = |line: usize, text: String| {
        findings.push(Finding::failure(&path, text).at(line));
    };

    let title = format!("# {} {}", declaration.code, declaration.name);
    if page.lines().next() != Some(&title) {
        fail(1, format!("the page must begin with `{title}`"));
    }

    let sections = sections(page);
    let titles: Vec<&str> = sections.iter().map(|section| section.title).collect();
    let required = SECTIONS.iter().take(4);
    let switch_off = declaration.code.starts_with('W') && titles.last() == SECTIONS.last();
    let expected: Vec<&str> = required
        .chain(SECTIONS.last().filter(|_| switch_off))
        .copied()
        .collect();
    if titles != expected {
        let text = format!(
            "the sections must be {}{}",
            expected.join(" / "),
            if declaration.code.starts_with('W') && !switch_off {
                " (and may be: How to switch it off)"
            } else {
                ""
            }
        );
        fail(1, text);
    }
    for section in &sections {
        let body = section.body.trim();
        if body.is_empty() {
            fail(section.line, format!("`{}` is empty", section.title));
        } else if matches!(section.title, "Wrong" | "Right") && !body.contains("\n```") {
            fail(
                section.line,
                format!("`{}` needs an example between ``` lines", section.title),
            );
        }
    }
    findings
}

struct Section<'a> {
    line: usize,
    title: &'a str,
    body: String,
}

/// The sections of a page. Lines inside an example are never titles: `##` begins a comment there.
fn sections(page: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut in_example = false;
    for (index, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            in_example = !in_example;
        }
        match line.strip_prefix("## ").filter(|_| !in_example) {
            Some(title) => sections.push(Section {
                line: index + 1,
                title: title.trim(),
                body: String::new(),
            }),
            None => {
                if let Some(section) = sections.last_mut() {
                    section.body.push_str(line);
                    section.body.push('\n');
                }
            }
        }
    }
    sections
}
