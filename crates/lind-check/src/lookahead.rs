//! No look into the future: what a criterion reads must be known at its gate, by the order of the milestones.

use std::collections::BTreeSet;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::lower::anchors;
use lind_model::protocol::{
    AlternativeContent, Anchor, Condition, ConditionKind, Criterion, MonthRule, RecordQuestion,
    Window,
};
use lind_model::{DefinitionId, MilestoneId, ReadingId};
use lind_time::{Edge, Offset};

use crate::analysis::Checker;
use crate::circles::walk;
use crate::milestones::bounds;
use crate::rules;

/// A term that was already looked at for a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Definition(DefinitionId, MilestoneId),
    Reading(ReadingId, MilestoneId),
}

/// Why something is not known at a gate.
struct Ahead {
    span: Span,
    gate: MilestoneId,
    milestone: MilestoneId,
    how: How,
}

/// In which way a window or an age lies ahead of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// It leans on a milestone that may be later.
    Leans,
    /// It leans on a milestone that is known, and may end after the gate.
    Ends,
    /// It has no end, and begins at the gate or later.
    Begins,
    /// It leans on the day at hand, and is not asked at visits.
    Day,
    /// It leans on a baseline that the protocol does not declare.
    NoBaseline,
}

/// Checks every stage of every criterion against its gate.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let criteria: Vec<Criterion> = checker.tables.criteria.clone();
    let mut seen = BTreeSet::new();
    for criterion in &criteria {
        for part in &criterion.parts {
            let mut found = Vec::new();
            stages(checker, part, criterion.gate, &mut seen, &mut found);
            report(checker, (&criterion.id, criterion.span), found);
        }
        let mut found = Vec::new();
        let all_gates: BTreeSet<MilestoneId> = criterion
            .parts
            .iter()
            .flat_map(gates)
            .chain(criterion.gate)
            .collect();
        if let Some(condition) = criterion
            .guard
            .as_ref()
            .and_then(|guard| guard.condition.as_ref())
        {
            for gate in &all_gates {
                condition_at(checker, condition, *gate, &mut seen, &mut found);
            }
        }
        let place = checker
            .tables
            .criteria
            .iter()
            .position(|other| other.span == criterion.span);
        let rules: Vec<_> = checker
            .tables
            .overrides
            .iter()
            .filter(|rule| rule.criteria.iter().any(|id| Some(id.index()) == place))
            .map(|rule| rule.when.clone())
            .collect();
        for gate in &all_gates {
            for when in &rules {
                condition_at(checker, when, *gate, &mut seen, &mut found);
            }
        }
        report(checker, (&criterion.id, criterion.span), found);
    }
    for cap in checker.tables.caps.clone() {
        let mut found = Vec::new();
        condition_at(checker, &cap.condition, cap.gate, &mut seen, &mut found);
        report(checker, (&cap.id, cap.span), found);
    }
    for asked in checker.tables.asked.clone() {
        let mut found = Vec::new();
        condition_at(checker, &asked.condition, asked.gate, &mut seen, &mut found);
        report(
            checker,
            (&asked.condition.text, asked.condition.span),
            found,
        );
    }
}

fn gates(condition: &Condition) -> Vec<MilestoneId> {
    let mut found = Vec::new();
    walk(condition, &mut |condition, _| {
        if let ConditionKind::At(gate, _) = &condition.kind {
            found.push(*gate);
        }
    });
    found
}

fn stages(
    checker: &Checker<'_>,
    condition: &Condition,
    gate: Option<MilestoneId>,
    seen: &mut BTreeSet<Seen>,
    found: &mut Vec<Ahead>,
) {
    match &condition.kind {
        ConditionKind::At(own, inner) => condition_at(checker, inner, *own, seen, found),
        ConditionKind::Depending(_, parts) | ConditionKind::List(_, parts)
            if parts.iter().any(|part| !gates(part).is_empty()) =>
        {
            parts
                .iter()
                .for_each(|part| stages(checker, part, gate, seen, found));
        }
        ConditionKind::With(_, inner) if !gates(inner).is_empty() => {
            stages(checker, inner, gate, seen, found)
        }
        _ => {
            if let Some(gate) = gate {
                condition_at(checker, condition, gate, seen, found);
            }
        }
    }
}

fn condition_at(
    checker: &Checker<'_>,
    condition: &Condition,
    gate: MilestoneId,
    seen: &mut BTreeSet<Seen>,
    found: &mut Vec<Ahead>,
) {
    let mut terms: Vec<Seen> = Vec::new();
    walk(condition, &mut |condition, _| {
        let span = condition.span;
        match &condition.kind {
            ConditionKind::Defined(id) => terms.push(Seen::Definition(*id, gate)),
            ConditionKind::Points(points) => {
                let lines = points.lines.iter();
                terms.extend(lines.map(|line| Seen::Definition(line.condition, gate)));
            }
            ConditionKind::Spell(spell) => {
                for own in std::iter::once(&spell.window).chain(spell.test.window()) {
                    window(checker, own, gate, span, found);
                }
            }
            ConditionKind::PointsChange(change) => {
                let lines = change.lines.iter();
                terms.extend(lines.map(|line| Seen::Definition(line.condition, gate)));
                for end in [&change.from, &change.to] {
                    window(checker, &end.window, gate, span, found);
                }
            }
            ConditionKind::AsRead(id) => terms.push(Seen::Reading(*id, gate)),
            ConditionKind::Happened(milestone, own) => {
                anchor(checker, *milestone, gate, span, found);
                if let Some(own) = own {
                    window(checker, own, gate, span, found);
                }
            }
            ConditionKind::Age {
                at: Some(milestone),
                ..
            } => anchor(checker, *milestone, gate, span, found),
            ConditionKind::Fact(fact) => {
                for own in fact.windows() {
                    window(checker, own, gate, span, found);
                }
            }
            ConditionKind::Record(test) => {
                if let RecordQuestion::Filter(filter) = &test.question
                    && let Some(own) = filter.window()
                {
                    window(checker, own, gate, span, found);
                }
            }
            ConditionKind::Value(test) => {
                let evidence = test.evidence.as_ref();
                let of_evidence = evidence.and_then(|evidence| evidence.window.as_ref());
                let windows = test.window.iter().chain(of_evidence);
                for own in windows.chain(test.test.window()) {
                    window(checker, own, gate, span, found);
                }
            }
            ConditionKind::Change(change) => change
                .between
                .windows()
                .for_each(|own| window(checker, own, gate, span, found)),
            ConditionKind::With(usage, _) => {
                if let Some(own) = &usage.window {
                    window(checker, own, gate, span, found);
                }
                for rule in &usage.samples {
                    for anchored in anchors(&rule.window) {
                        if let Anchor::Milestone(milestone) = anchored {
                            anchor(checker, milestone, gate, span, found);
                        }
                    }
                }
            }
            _ => {}
        }
    });
    for term in terms {
        if !seen.insert(term) {
            continue;
        }
        match term {
            Seen::Definition(id, gate) => {
                if let Some(Some(definition)) = checker.tables.definitions.get(id.index()) {
                    condition_at(checker, &definition.condition, gate, seen, found);
                }
            }
            Seen::Reading(id, gate) => {
                if let Some(Some(reading)) = checker.tables.readings.get(id.index()) {
                    for alternative in &reading.alternatives {
                        if let AlternativeContent::Condition(condition) = &alternative.content {
                            condition_at(checker, condition, gate, seen, found);
                        }
                    }
                }
            }
        }
    }
}

fn known(checker: &Checker<'_>, milestone: MilestoneId, gate: MilestoneId) -> bool {
    // What has not happened by a visit is pending there: every visit has its own answer.
    !checker.order_known || at_any_time(checker, gate) || checker.never_later(milestone, gate)
}

/// Whether what has not happened by a gate is pending there: at a visit, and at the end of the data.
fn at_any_time(checker: &Checker<'_>, gate: MilestoneId) -> bool {
    let trial = &checker.tables.trial;
    [trial.visit, trial.end_of_data].contains(&Some(gate))
}

fn anchor(
    checker: &Checker<'_>,
    milestone: MilestoneId,
    gate: MilestoneId,
    span: Span,
    found: &mut Vec<Ahead>,
) {
    let trial = &checker.tables.trial;
    let of_trial = if trial.is_of_the_day(milestone) && trial.visit != Some(gate) {
        Some(How::Day)
    } else if checker.made_baseline == Some(milestone) && checker.of_protocol {
        Some(How::NoBaseline)
    } else {
        None
    };
    if let Some(how) = of_trial {
        found.push(Ahead {
            span,
            gate,
            milestone,
            how,
        });
    } else if !known(checker, milestone, gate) {
        found.push(Ahead {
            span,
            gate,
            milestone,
            how: How::Leans,
        });
    }
}

/// The rules for months that the readings name.
fn month_rules(checker: &Checker<'_>) -> impl Iterator<Item = MonthRule> {
    let readings = checker.tables.readings.iter().flatten();
    readings
        .flat_map(|reading| &reading.alternatives)
        .filter_map(|alternative| match alternative.content {
            AlternativeContent::Months(rule) => Some(rule),
            _ => None,
        })
}

/// The most minutes that an offset can last, by the calendar and by every rule for months that a reading names.
fn latest_end(checker: &Checker<'_>, offset: Offset) -> i64 {
    month_rules(checker)
        .map(|rule| bounds(rule.apply(offset)).1)
        .fold(bounds(offset).1, i64::max)
}

/// Whether a window without an end begins when the gate is reached, or later, in every order of the milestones.
///
/// `from X on` is read up to the gate, and says so.
fn begins_at_the_gate(
    checker: &Checker<'_>,
    from: Edge,
    milestone: MilestoneId,
    gate: MilestoneId,
) -> bool {
    let Edge::At { offset, .. } = from else {
        return false;
    };
    let least = month_rules(checker)
        .map(|rule| bounds(rule.apply(offset)).0)
        .fold(bounds(offset).0, i64::min);
    let Some(most) = checker.most_minutes(milestone, gate) else {
        return false;
    };
    checker.order_known && !offset.is_negative() && most <= least
}

fn window(
    checker: &Checker<'_>,
    window_of: &Window,
    gate: MilestoneId,
    span: Span,
    found: &mut Vec<Ahead>,
) {
    for anchored in anchors(window_of) {
        match anchored {
            Anchor::Milestone(milestone) => anchor(checker, milestone, gate, span, found),
            Anchor::Chosen(id) => {
                let chosen = checker.tables.chosen.get(id.index());
                let lines = chosen
                    .into_iter()
                    .flatten()
                    .flat_map(|chosen| &chosen.lines);
                for own in lines.flat_map(|line| line.fact.windows()) {
                    window(checker, own, gate, span, found);
                }
            }
            Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) => {}
        }
    }
    match window_of {
        Window::Around {
            anchor: Anchor::Milestone(milestone),
            window: own,
            as_known: false,
        } => {
            // `from X on` has no end and is read up to the gate, so some of it must lie before the gate; an end
            // that is stated must lie before it.
            let how = match own.to {
                Edge::At { .. } if *milestone != gate && at_any_time(checker, gate) => None,
                Edge::At { offset, .. } if offset.is_positive() => {
                    let end = latest_end(checker, offset);
                    let proven = checker.least_minutes(*milestone, gate);
                    (checker.order_known && proven.is_none_or(|least| least < end))
                        .then_some(How::Ends)
                }
                Edge::At { .. } => None,
                Edge::Unbounded => {
                    begins_at_the_gate(checker, own.from, *milestone, gate).then_some(How::Begins)
                }
            };
            if let Some(how) = how
                && known(checker, *milestone, gate)
            {
                found.push(Ahead {
                    span,
                    gate,
                    milestone: *milestone,
                    how,
                });
            }
        }
        Window::Either(a, b) | Window::Both(a, b) => {
            window(checker, a, gate, span, found);
            window(checker, b, gate, span, found);
        }
        _ => {}
    }
}

/// Where the window ends that leans on a milestone: behind the name of the milestone and `by day`.
fn end_of_window(checker: &Checker<'_>, condition: Span, milestone: &str) -> Option<Span> {
    let text = checker.files.slice(condition);
    let (at, _) = ["of ", "after "]
        .into_iter()
        .filter_map(|word| {
            text.rfind(&format!("{word}{milestone}"))
                .map(|at| (at, word))
        })
        .map(|(at, word)| (at + word.len() + milestone.len(), word))
        .max()?;
    let rest = text.get(at..)?;
    if rest.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '_') {
        return None;
    }
    let by_day = [", by day", " by day"]
        .into_iter()
        .find(|words| rest.starts_with(words))
        .map_or(0, str::len);
    let end = condition
        .start
        .checked_add(u32::try_from(at + by_day).ok()?)?;
    Some(Span::new(condition.file, end, end))
}

/// What leans on the day at hand, or on a baseline, where there is none.
fn of_the_day(checker: &mut Checker<'_>, (id, declared): (&str, Span), ahead: &Ahead) {
    let name = |id: MilestoneId| {
        let found = checker.milestone(id);
        found.map_or_else(String::new, |found| found.name.to_string())
    };
    if ahead.how == How::Day {
        let diagnostic = Diagnostic::new(
            &rules::E0623_LEANS_ON_THE_DAY,
            ahead.span,
            format!(
                "`{id}` is decided at `{}` and leans on `{}`, the day at hand",
                name(ahead.gate),
                name(ahead.milestone)
            ),
        )
        .label("which day?")
        .also(declared, format!("decided at `{}`", name(ahead.gate)))
        .note("`visit` stands for each visit in turn, so only what is asked at visits leans on it: a state, a grading; a criterion is decided at one gate, and leans on that");
        checker.sink.push(diagnostic);
        return;
    }
    if std::mem::replace(&mut checker.baseline_missed, true) {
        return;
    }
    // What a library says is told where the protocol takes it.
    let taken = checker.scopes.first().and_then(|scope| {
        let mut entries = scope.entries.values();
        entries.find_map(|entry| {
            entry.taken.filter(|taken| {
                entry.declared.file == ahead.span.file && taken.file != ahead.span.file
            })
        })
    });
    let likely = checker.likely_baseline();
    let diagnostic = Diagnostic::new(
        &rules::E0622_NO_BASELINE,
        taken.unwrap_or(ahead.span),
        format!("`{id}` compares with `baseline`, which this protocol does not declare"),
    )
    .label("needs a baseline");
    let diagnostic = match taken {
        Some(_) => diagnostic.also(ahead.span, "here"),
        None => diagnostic,
    };
    checker.sink.push(diagnostic.note(format!(
        "the protocol says once which moment that is, `milestone baseline is {likely}`, and below it which values count, for example `values within 14 days before {likely}`"
    )));
}

fn report(checker: &mut Checker<'_>, (id, declared): (&str, Span), found: Vec<Ahead>) {
    let mut reported: BTreeSet<(Span, MilestoneId)> = BTreeSet::new();
    for ahead in found {
        if !reported.insert((ahead.span, ahead.gate)) {
            continue;
        }
        if matches!(ahead.how, How::Day | How::NoBaseline) {
            of_the_day(checker, (id, declared), &ahead);
            continue;
        }
        let name = |id: MilestoneId| {
            checker
                .milestone(id)
                .map(|milestone| milestone.name.to_string())
                .unwrap_or_default()
        };
        let (gate, milestone) = (name(ahead.gate), name(ahead.milestone));
        let place = checker
            .milestone(ahead.milestone)
            .map_or(ahead.span, |milestone| milestone.span);
        let diagnostic = Diagnostic::new(
            &rules::E0408_LOOKS_AHEAD,
            ahead.span,
            match ahead.how {
                How::Leans => format!(
                    "`{id}` is decided at `{gate}` and reads `{milestone}`, which is not known then"
                ),
                How::Ends => {
                    format!("`{id}` is decided at `{gate}`, and this window may end after that")
                }
                How::Begins | How::Day | How::NoBaseline => {
                    format!("`{id}` is decided at `{gate}`, and this window begins no earlier")
                }
            },
        )
        .label("reads the future")
        .also(declared, format!("decided at `{gate}`"));
        let diagnostic = if ahead.how == How::Begins {
            diagnostic.note("nothing of it is known when it is decided; decide it at a later gate, or ask for what was before")
        } else if ahead.how == How::Ends {
            let diagnostic = diagnostic.note("decide it at a later gate, or say that only what is known by then counts: `, as far as known`");
            match end_of_window(checker, ahead.span, &milestone) {
                Some(end) => diagnostic.suggest(
                    "write `, as far as known` behind the window",
                    end,
                    ", as far as known",
                ),
                None => diagnostic,
            }
        } else {
            diagnostic
                .also(
                    place,
                    format!("nothing says that `{milestone}` is not later than `{gate}`"),
                )
                .note(format!(
                    "decide it at `{milestone}` or later, or state the order of the two milestones"
                ))
        };
        checker.sink.push(diagnostic);
    }
}
