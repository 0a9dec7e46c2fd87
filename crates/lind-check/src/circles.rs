//! Terms that lean on each other: no circles, and no more steps than can be followed.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, Quantifier};
use lind_model::{DefinitionId, ReadingId};

use crate::analysis::Checker;
use crate::{graph, rules};

/// How deeply conditions may lie inside each other, counted through all definitions and readings.
///
/// Everything that follows a protocol does so by recursion; this keeps each of them within any stack.
const DEEPEST: usize = 200;

/// A definition or a reading.
struct Term {
    name: Arc<str>,
    span: Span,
    /// The terms that it names, where, and how many conditions lie around the name.
    leads_to: Vec<(usize, Span, usize)>,
}

impl Checker<'_> {
    /// Definitions and readings may not lead back to themselves, nor through more steps than are followed.
    /// Those that do become holes, so that later passes may follow all others.
    pub(crate) fn refuse_circles(&mut self) {
        let terms = self.terms();
        let edges: Vec<Vec<usize>> = terms
            .iter()
            .map(|term| {
                let leads_to = term.iter().flat_map(|term| &term.leads_to);
                leads_to.map(|(to, ..)| *to).collect()
            })
            .collect();
        let mut depths = vec![0usize; terms.len()];
        for part in graph::components(&edges) {
            let circle = graph::circle(&edges, &part);
            if !circle.is_empty() {
                self.report_circle(&terms, &circle);
                part.iter().for_each(|term| self.cut(*term));
                continue;
            }
            let Some(Some(term)) = part
                .first()
                .map(|term| terms.get(*term).and_then(Option::as_ref))
            else {
                continue;
            };
            let below = |to: &usize| depths.get(*to).copied().unwrap_or_default();
            let deepest = term
                .leads_to
                .iter()
                .max_by_key(|(to, _, around)| below(to).saturating_add(*around));
            let Some((to, span, around)) = deepest else {
                continue;
            };
            let depth = below(to).saturating_add(*around);
            let crosses = depth > DEEPEST && below(to) <= DEEPEST;
            if crosses {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0514_TOO_LARGE,
                        *span,
                        format!("`{}` is defined through more than {DEEPEST} steps", term.name),
                    )
                    .label("one step too many")
                    .also(term.span, "defined here")
                    .note("a step is a list or a name inside another; nobody can read aloud what lies so deep; name what is measured more directly"),
                );
            }
            if let Some(place) = part.first().and_then(|term| depths.get_mut(*term)) {
                *place = depth;
            }
            if depth > DEEPEST {
                part.iter().for_each(|term| self.cut(*term));
            }
        }
    }

    /// All definitions, and all readings behind them.
    fn terms(&self) -> Vec<Option<Term>> {
        let definitions = self.tables.definitions.len();
        let of_definitions = self.tables.definitions.iter().map(|definition| {
            definition.as_ref().map(|definition| Term {
                name: Arc::clone(&definition.name),
                span: definition.span,
                leads_to: leads_to(&definition.condition, definitions),
            })
        });
        let of_readings = self.tables.readings.iter().map(|reading| {
            reading.as_ref().map(|reading| Term {
                name: Arc::clone(&reading.name),
                span: reading.span,
                leads_to: reading
                    .alternatives
                    .iter()
                    .filter_map(|alternative| match &alternative.content {
                        AlternativeContent::Condition(condition) => Some(condition),
                        _ => None,
                    })
                    .flat_map(|condition| leads_to(condition, definitions))
                    .collect(),
            })
        });
        of_definitions.chain(of_readings).collect()
    }

    fn report_circle(&mut self, terms: &[Option<Term>], circle: &[usize]) {
        let name = |term: &usize| {
            terms
                .get(*term)
                .and_then(Option::as_ref)
                .map_or_else(|| Arc::from(""), |term| Arc::clone(&term.name))
        };
        let mut diagnostic: Option<Diagnostic> = None;
        let next = circle.iter().skip(1).chain(circle.first());
        for (term, next) in circle.iter().zip(next) {
            let place = terms.get(*term).and_then(Option::as_ref).and_then(|term| {
                let mut leads_to = term.leads_to.iter();
                leads_to
                    .find(|(to, ..)| to == next)
                    .map(|(_, span, _)| *span)
            });
            let Some(place) = place else { continue };
            diagnostic = Some(match diagnostic {
                None => Diagnostic::new(
                    &rules::E0206_CIRCULAR_DEFINITION,
                    place,
                    format!("`{}` leads back to itself", name(term)),
                )
                .label(if term == next {
                    format!("`{}` is defined by itself", name(term))
                } else {
                    format!("`{}` is defined by `{}`", name(term), name(next))
                }),
                Some(diagnostic) => diagnostic.also(
                    place,
                    format!("`{}` is defined by `{}`", name(term), name(next)),
                ),
            });
        }
        if let Some(diagnostic) = diagnostic {
            self.sink.push(diagnostic.note(
                "a protocol ends on every patient, so nothing may be defined through itself",
            ));
        }
    }

    /// Makes a hole of a definition, or of a reading behind them.
    fn cut(&mut self, term: usize) {
        let definitions = self.tables.definitions.len();
        if let Some(definition) = self.tables.definitions.get_mut(term) {
            *definition = None;
        } else if let Some(reading) = self
            .tables
            .readings
            .get_mut(term.saturating_sub(definitions))
        {
            *reading = None;
        }
    }
}

/// The definitions (by index) and readings (by index behind them) that a condition leads to.
fn leads_to(condition: &Condition, definitions: usize) -> Vec<(usize, Span, usize)> {
    let mut found = Vec::new();
    walk(condition, &mut |condition, around| match &condition.kind {
        ConditionKind::Defined(DefinitionId(id)) => {
            found.push((*id as usize, condition.span, around + 1));
        }
        ConditionKind::Points(points) => {
            for line in &points.lines {
                found.push((line.condition.index(), condition.span, around + 1));
            }
        }
        ConditionKind::PointsChange(change) => {
            for line in &change.lines {
                found.push((line.condition.index(), condition.span, around + 1));
            }
        }
        ConditionKind::AsRead(ReadingId(id)) => {
            found.push((*id as usize + definitions, condition.span, around + 1));
        }
        _ => {}
    });
    found
}

/// Visits a condition and everything inside it, but not what its names stand for. The second argument is
/// how many conditions lie around the one that is visited.
pub(crate) fn walk(condition: &Condition, visit: &mut impl FnMut(&Condition, usize)) {
    fn inside(condition: &Condition, around: usize, visit: &mut impl FnMut(&Condition, usize)) {
        visit(condition, around);
        let around = around + 1;
        match &condition.kind {
            ConditionKind::List(
                Quantifier::All
                | Quantifier::Any
                | Quantifier::None
                | Quantifier::AtLeast(_)
                | Quantifier::AtMost(_)
                | Quantifier::Exactly(_),
                parts,
            )
            | ConditionKind::Depending(_, parts) => {
                parts.iter().for_each(|part| inside(part, around, visit));
            }
            ConditionKind::Guarded(guard, body) => {
                if let Some(condition) = &guard.condition {
                    inside(condition, around, visit);
                }
                inside(body, around, visit);
            }
            ConditionKind::At(_, body) | ConditionKind::With(_, body) => {
                inside(body, around, visit)
            }
            ConditionKind::Fact(fact) => {
                if let Some(such_that) = &fact.such_that {
                    inside(&such_that.condition, around, visit);
                }
            }
            ConditionKind::Choice(choice) => {
                let cases = choice
                    .cases
                    .iter()
                    .flat_map(|case| [&case.when, &case.then]);
                cases
                    .chain(&choice.otherwise)
                    .for_each(|part| inside(part, around, visit));
            }
            ConditionKind::IfUnknown(rule) => inside(&rule.condition, around, visit),
            ConditionKind::Value(_)
            | ConditionKind::Points(_)
            | ConditionKind::Settled(_)
            | ConditionKind::AsRead(_)
            | ConditionKind::Defined(_)
            | ConditionKind::Judged(_)
            | ConditionKind::Happened(..)
            | ConditionKind::Age { .. }
            | ConditionKind::Record(_)
            | ConditionKind::Change(_)
            | ConditionKind::PointsChange(_)
            | ConditionKind::Spell(_)
            | ConditionKind::Nothing => {}
        }
    }
    inside(condition, 0, visit);
}
