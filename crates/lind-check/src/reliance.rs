//! What a protocol leans on that nobody has checked against its source, or that finds nothing by its codes.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Sink, Span};
use lind_model::protocol::CodeSet;
use lind_model::{Protocol, Uses};

use crate::rules;

/// Entries of a protocol and of the library that its criteria use and that are marked `unverified`, and sets
/// that have no codes. In the order of their places.
///
/// ```
/// use lind_check::{NoModules, check, reliance};
/// use lind_diagnostics::Files;
///
/// let mut files = Files::new();
/// let root = files.add("trial.lind", r#"
/// protocol NCT00000000
/// milestone screening
/// condition relapse "A relapse"
///   unverified "who calls it a relapse"
/// exclusion E1 "Relapse"
///   at screening
///   has relapse
/// "#);
/// let protocol = check(&mut files, root, &mut NoModules).protocol.expect("no error");
/// let found = reliance(&protocol);
/// assert_eq!(found.iter().map(|found| found.rule.code).collect::<Vec<_>>(), ["W0606", "W0608"]);
/// ```
#[must_use]
pub fn reliance(protocol: &Protocol) -> Vec<Diagnostic> {
    let uses = Uses::of(protocol);
    let mut sink = Sink::new();
    let mut unverified = |name: &Arc<str>, what: &Option<Arc<str>>, declared: Span, at: Span| {
        if let Some(what) = what {
            sink.push(
                Diagnostic::new(
                    &rules::W0606_UNVERIFIED,
                    at,
                    format!("this leans on `{name}`, of which not everything is verified"),
                )
                .label("leans on it")
                .also(declared, format!("unverified: {what}")),
            );
        }
    };
    for (id, at) in &uses.measures {
        if let Some(measure) = protocol.measures.get(id.index()) {
            unverified(&measure.name, &measure.unverified, measure.span, *at);
        }
    }
    for (id, at) in &uses.formulas {
        if let Some(formula) = protocol.formulas.get(id.index()) {
            unverified(&formula.name, &formula.unverified, formula.span, *at);
        }
    }
    for (id, at) in &uses.sets {
        if let Some(set) = protocol.sets.get(id.index()) {
            unverified(&set.name, &set.unverified, set.span, *at);
            // What is true of a member is true of the set; a member that is asked for itself tells it there.
            for member in set
                .members
                .iter()
                .filter(|member| !uses.sets.contains_key(member))
            {
                if let Some(member) = protocol.sets.get(member.index()) {
                    unverified(&member.name, &member.unverified, member.span, *at);
                }
            }
        }
    }
    for (id, at) in &uses.equivalences {
        if let Some(table) = protocol.equivalences.get(id.index()) {
            unverified(&table.name, &table.unverified, table.span, *at);
        }
    }
    for (id, at) in &uses.sets {
        if let Some(set) = protocol.sets.get(id.index()).filter(|set| !has_codes(set)) {
            sink.push(
                Diagnostic::new(
                    &rules::W0608_SET_WITHOUT_CODES,
                    *at,
                    format!("`{}` has no codes", set.name),
                )
                .label("finds only records under this very name")
                .also(set.span, "declared without `code`")
                .note("a record under a code is taken for something else, so whoever has it only there counts as not having it"),
            );
        }
    }
    sink.into_sorted()
}

/// Whether a set holds a code of a code system, besides names.
fn has_codes(set: &CodeSet) -> bool {
    set.codes.iter().any(|code| code.contains('|'))
}
