//! What can still be told of a text that is no JSON.

use super::kinds::{Kind, Named};
use crate::Table;

/// How much of a broken text is searched.
const SEARCHED: usize = 1 << 20;

/// The texts that stand behind a name: `"reference" : "Patient/x"`.
pub(super) fn values<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let end = text.floor_char_boundary_at(SEARCHED);
    let text = text.get(..end).unwrap_or(text);
    let name = format!("\"{name}\"");
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(&name)?;
            rest = rest.get(at + name.len()..)?;
            let Some(value) = rest
                .trim_start()
                .strip_prefix(':')
                .and_then(|rest| rest.trim_start().strip_prefix('"'))
            else {
                continue;
            };
            if let Some((value, _)) = value.split_once('"')
                && !value.contains(['\\', '\n'])
            {
                return Some(value);
            }
        }
    })
}

trait Boundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        let mut at = at.min(self.len());
        while !self.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// What a broken text may have been.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Catch {
    /// Rows of these tables.
    Tables(Vec<Table>),
    /// Rows of any table.
    Anything,
    /// Nothing that is read.
    Nothing,
}

/// Which tables a broken text may have been of.
pub(super) fn tables(text: &str, by_name: Named) -> Catch {
    let first = text.find("\"resourceType\"");
    let inner = text.find("\"contained\"");
    // Then the kind is the one of a resource within, and its own is not to be read.
    if inner.is_some_and(|inner| first.is_some_and(|first| inner < first)) {
        return Catch::Anything;
    }
    let mut tables: Vec<Table> = Vec::new();
    let mut any = false;
    for name in values(text, "resourceType") {
        any = true;
        match Kind::named(name) {
            Named::Read(Kind::Bundle) | Named::Unknown => return Catch::Anything,
            Named::Read(kind) => tables.extend(kind.tables()),
            Named::LeftAlone => {}
        }
    }
    if !any {
        return match by_name {
            Named::Read(Kind::Bundle) | Named::Unknown => Catch::Anything,
            Named::Read(kind) => Catch::Tables(kind.tables().to_vec()),
            Named::LeftAlone => Catch::Nothing,
        };
    }
    tables.sort_unstable();
    tables.dedup();
    if tables.is_empty() {
        Catch::Nothing
    } else {
        Catch::Tables(tables)
    }
}
