//! The rules that crates declare with `lind_diagnostics::rules!`, read from their sources.

use std::io;

use crate::{Finding, Tree};

/// A declared rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The crate that declares it.
    pub crate_name: String,
    /// The file it is declared in.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The name of the static.
    pub identifier: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// The code.
    pub code: String,
    /// The readable name.
    pub name: String,
    /// What is wrong, in one line.
    pub summary: String,
}

impl Declaration {
    /// The path of its page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("docs/diagnostics/{}-{}.md", self.code, self.name)
    }

    /// What the static must be called: `E0301_UNIT_MISMATCH`.
    #[must_use]
    pub fn expected_identifier(&self) -> String {
        let name = self.name.replace('-', "_").to_ascii_uppercase();
        format!("{}_{name}", self.code)
    }
}

/// Every rule of the workspace, by code, and what is wrong with how they are declared.
///
/// # Errors
/// If a source cannot be read.
pub fn read(tree: &Tree) -> io::Result<(Vec<Declaration>, Vec<Finding>)> {
    let mut declarations: Vec<Declaration> = Vec::new();
    let mut findings = Vec::new();
    for (crate_name, path) in tree.crate_sources() {
        // The macro's own crate explains it by examples.
        if crate_name == "lind-diagnostics" {
            continue;
        }
        let source = tree.read(path)?.unwrap_or_default();
        for block in blocks(&source) {
            match parse(&block, crate_name, path) {
                Ok(mut found) => declarations.append(&mut found),
                Err(line) => findings.push(
                    Finding::failure(
                        path,
                        "cannot read this declaration: write `E0301_UNIT_MISMATCH: error \
                         \"E0301\" \"unit-mismatch\" \"what is wrong\";`",
                    )
                    .at(line),
                ),
            }
        }
    }
    declarations.sort_by(|left, right| {
        (&left.code, &left.path, left.line).cmp(&(&right.code, &right.path, right.line))
    });
    Ok((declarations, findings))
}

/// The inside of one `rules! { … }`.
pub(crate) struct Block<'a> {
    inside: &'a str,
    /// Where it stands in the source, in bytes.
    pub(crate) range: std::ops::Range<usize>,
    /// The line it begins in, from 1.
    line: usize,
}

/// The invocations of `rules!` in a source.
pub(crate) fn blocks(source: &str) -> Vec<Block<'_>> {
    const CALL: &str = "rules! {";
    let mut blocks = Vec::new();
    for (start, _) in source.match_indices(CALL) {
        let before = source.get(..start).unwrap_or("");
        let line_start = before.rsplit('\n').next().unwrap_or("");
        if line_start.trim_start().starts_with("//") {
            continue;
        }
        let inside_start = start + CALL.len();
        let rest = source.get(inside_start..).unwrap_or("");
        // The declarations hold no braces, so the first one closes the block.
        let length = rest.find("\n}").unwrap_or(rest.len());
        blocks.push(Block {
            inside: rest.get(..length).unwrap_or(""),
            range: start..inside_start + length,
            line: before.matches('\n').count() + 1,
        });
    }
    blocks
}

/// Reads a block; the error is the line of what cannot be read.
fn parse(block: &Block<'_>, crate_name: &str, path: &str) -> Result<Vec<Declaration>, usize> {
    let mut declarations = Vec::new();
    let mut scanner = Scanner {
        rest: block.inside,
        line: block.line,
    };
    loop {
        scanner.skip_blank();
        if scanner.rest.is_empty() {
            return Ok(declarations);
        }
        let line = scanner.line;
        let declaration = scanner.declaration(crate_name, path).ok_or(line)?;
        declarations.push(declaration);
    }
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn declaration(&mut self, crate_name: &str, path: &str) -> Option<Declaration> {
        let line = self.line;
        let identifier = self.word()?;
        self.symbol(':')?;
        let severity = self.word()?;
        let code = self.string()?;
        let name = self.string()?;
        let summary = self.string()?;
        self.symbol(';')?;
        Some(Declaration {
            crate_name: crate_name.to_owned(),
            path: path.to_owned(),
            line,
            identifier: identifier.to_owned(),
            severity: severity.to_owned(),
            code,
            name,
            summary,
        })
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// Skips blanks and comments.
    fn skip_blank(&mut self) {
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            self.advance(blank);
            if !self.rest.starts_with("//") {
                return;
            }
            let comment = self.rest.find('\n').unwrap_or(self.rest.len());
            self.advance(comment);
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        self.skip_blank();
        let length = self
            .rest
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .unwrap_or(self.rest.len());
        (length > 0).then(|| self.advance(length))
    }

    fn symbol(&mut self, symbol: char) -> Option<()> {
        self.skip_blank();
        self.rest.starts_with(symbol).then(|| {
            self.advance(symbol.len_utf8());
        })
    }

    /// A string literal, with `\"`, `\\` and a line break behind a backslash understood.
    fn string(&mut self) -> Option<String> {
        self.symbol('"')?;
        let mut text = String::new();
        loop {
            let length = self.rest.find(['"', '\\'])?;
            text.push_str(self.advance(length));
            if self.symbol_here('"') {
                return Some(text);
            }
            self.advance(1);
            match self.rest.chars().next()? {
                '\n' => {
                    let blank = self.rest.len() - self.rest.trim_start().len();
                    self.advance(blank);
                }
                escaped @ ('"' | '\\') => {
                    text.push(escaped);
                    self.advance(1);
                }
                _ => return None,
            }
        }
    }

    fn symbol_here(&mut self, symbol: char) -> bool {
        let found = self.rest.starts_with(symbol);
        if found {
            self.advance(symbol.len_utf8());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests fail by panicking"
    )]

    use super::{blocks, parse};

    #[test]
    fn reads_declarations_over_several_lines_with_comments_and_escapes() {
        let source = "\
//! lind_diagnostics::rules! { in a comment };

lind_diagnostics::rules! {
    // The first.
    E0301_UNIT_MISMATCH: error \"E0301\" \"unit-mismatch\"
        \"a \\\"quoted\\\" word, and \\
         a broken line\";
    W0601_UNUSED: warning \"W0601\" \"unused\" \"a thing is unused\";
}
fn after() {}
";
        let blocks = blocks(source);
        assert_eq!(blocks.len(), 1);
        assert!(!source[blocks[0].range.clone()].contains("after"));
        let read = parse(&blocks[0], "lind-check", "path").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].summary, "a \"quoted\" word, and a broken line");
        assert_eq!(read[0].expected_identifier(), read[0].identifier);
        assert_eq!(read[0].page(), "docs/diagnostics/E0301-unit-mismatch.md");
        assert_eq!((read[0].line, read[1].line), (5, 8));
        assert_eq!(read[1].severity, "warning");
    }

    #[test]
    fn says_which_declaration_cannot_be_read() {
        let source = "rules! {\n    A: error \"E0301\" \"a\" \"b\";\n    B error;\n}\n";
        assert_eq!(parse(&blocks(source)[0], "c", "p").unwrap_err(), 3);
    }
}
