//! What a protocol leans on that nobody has checked against its source, or that finds nothing by its codes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Sink, Span};
use lind_model::protocol::{AlternativeContent, CodeSet, Condition, ConditionKind};
use lind_model::trial::Variable;
use lind_model::{AskedId, DefinitionId, Protocol, Uses};

use crate::circles::walk;
use crate::rules;

/// Entries of a protocol and of the library that its criteria use and that are marked `unverified`, gradings and states
/// that its endpoints count, and sets
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
    let (gradings, states) = of_endpoints(protocol);
    for (id, at) in &gradings {
        if let Some(grading) = protocol.trial.gradings.get(*id) {
            unverified(&grading.name, &grading.unverified, grading.span, *at);
        }
    }
    for (id, at) in &states {
        if let Some(state) = protocol.trial.states.get(*id) {
            unverified(&state.name, &state.unverified, state.span, *at);
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

/// The gradings and the states that endpoints count, by their places, each with an endpoint; of states also those that
/// they name, through whatever terms.
fn of_endpoints(protocol: &Protocol) -> (BTreeMap<usize, Span>, BTreeMap<usize, Span>) {
    let (mut gradings, mut states) = (BTreeMap::new(), BTreeMap::new());
    let mut told: BTreeSet<DefinitionId> = BTreeSet::new();
    let mut read: BTreeSet<Span> = BTreeSet::new();
    let asked = |id: AskedId| protocol.asked.get(id.index()).map(|asked| &asked.condition);
    for endpoint in &protocol.trial.endpoints {
        let place = endpoint.span;
        let mut waiting: Vec<&Condition> = Vec::new();
        match &endpoint.variable {
            Variable::WorstGrade(grading, _) => {
                gradings.entry(grading.index()).or_insert(place);
                let lines = protocol.trial.gradings.get(grading.index());
                let lines = lines.into_iter().flat_map(|grading| &grading.lines);
                waiting.extend(lines.filter_map(|line| asked(line.asked)));
            }
            Variable::Reached(state, _) | Variable::TimeTo(state) | Variable::TimeIn(state) => {
                states.entry(state.index()).or_insert(place);
                let state = protocol.trial.states.get(state.index());
                waiting.extend(state.and_then(|state| asked(state.asked)));
            }
            Variable::Whether(id) => waiting.extend(asked(*id)),
            _ => {}
        }
        while let Some(condition) = waiting.pop() {
            walk(condition, &mut |condition, _| match &condition.kind {
                ConditionKind::Defined(term) if told.insert(*term) => {
                    let mut all = protocol.trial.states.iter();
                    if let Some(state) = all.position(|state| state.term == *term) {
                        states.entry(state).or_insert(place);
                    }
                    let term = protocol.definitions.get(term.index());
                    waiting.extend(term.map(|term| &term.condition));
                }
                ConditionKind::AsRead(reading) => {
                    let reading = protocol.readings.get(reading.index());
                    let chosen = reading.and_then(|own| own.alternatives.get(own.chosen));
                    if let Some(AlternativeContent::Condition(inner)) =
                        chosen.map(|alternative| &alternative.content)
                        && read.insert(inner.span)
                    {
                        waiting.push(inner);
                    }
                }
                _ => {}
            });
        }
    }
    (gradings, states)
}

/// Whether a set holds a code of a code system, besides names.
fn has_codes(set: &CodeSet) -> bool {
    set.codes.iter().any(|code| code.contains('|'))
}
