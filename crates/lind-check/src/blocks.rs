//! Blocks of lines: what belongs together, under which clauses.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::MilestoneId;
use lind_model::protocol::{
    Condition, ConditionKind, Guard, Label, Permission, Quantifier, SampleRule, Usage,
};
use lind_syntax::tree::{self, Entry, EntryKind, Population};

use crate::analysis::Checker;
use crate::choices::if_unknown;
use crate::declarations::sex_of;
use crate::rules;

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The body of a criterion, or a part of it that may name a gate of its own.
    Criterion,
    /// A definition, an alternative, a list: the gate is given from outside.
    Term,
}

/// What a block says.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) usage: Usage,
    pub(crate) conditions: Vec<Condition>,
    /// `at screening` for the whole block.
    pub(crate) gate: Option<(MilestoneId, Span)>,
    /// A gate is named that is not known; that has its own message.
    pub(crate) gate_lost: bool,
    pub(crate) source: Option<Arc<str>>,
    pub(crate) term: Option<tree::Term>,
    /// What the criterion allows.
    pub(crate) allowed: Vec<Permission>,
    /// `at most 50 % of participants`, of an enrolment cap.
    pub(crate) share: Option<(tree::Number, Span)>,
    /// Something could not be read or understood; a missing condition is no second error.
    pub(crate) broken: bool,
    /// `if unknown: …`
    pub(crate) unknown: Option<(bool, tree::Text)>,
    /// An exception stands on its own; those beside it do so for the same reason.
    lone_exception: bool,
}

impl Checker<'_> {
    /// A block that is one condition.
    pub(crate) fn block(
        &mut self,
        entries: &[Entry],
        place: Place,
        head: Span,
    ) -> Option<Condition> {
        // That nothing stands below a line was said by the parser.
        if entries.is_empty() {
            return None;
        }
        let gathered = self.gather(entries, place);
        self.one(gathered, head)
    }

    /// The one condition of a block, under its clauses.
    pub(crate) fn one(&mut self, gathered: Gathered, head: Span) -> Option<Condition> {
        self.no_share(&gathered);
        for permission in &gathered.allowed {
            self.misplaced(
                permission.span,
                "a permission belongs to the whole criterion, not to a part of it",
            );
        }
        let Gathered {
            usage,
            mut conditions,
            gate,
            gate_lost,
            broken,
            unknown,
            ..
        } = gathered;
        let broken = broken || gate_lost;
        if conditions.len() > 1 && !conditions.iter().all(names_a_gate) {
            // A line that could not be read may have been the one that joins them.
            if !broken {
                self.several(&conditions);
            }
            return None;
        }
        let condition = match conditions.len() {
            0 => {
                if !broken {
                    self.sink.push(
                        Diagnostic::new(&rules::E0507_NO_CONDITION, head, "nothing is asked here")
                            .label("needs a condition"),
                    );
                }
                return None;
            }
            1 => conditions.pop()?,
            _ => {
                let span = conditions
                    .iter()
                    .map(|condition| condition.span)
                    .reduce(Span::join)
                    .unwrap_or(head);
                Condition {
                    kind: ConditionKind::List(Quantifier::All, conditions),
                    label: None,
                    text: self.text(head),
                    span,
                }
            }
        };
        let condition = settle_unknown(unknown.as_ref(), condition);
        let condition = under(usage, condition);
        let condition = match gate {
            Some(gate) => self.at_gate(gate, condition)?,
            None => condition,
        };
        Some(condition).filter(|_| !broken)
    }

    /// The condition of a block that names its gate on a line of its own.
    fn at_gate(&mut self, (gate, line): (MilestoneId, Span), body: Condition) -> Option<Condition> {
        if names_a_gate(&body) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    body.span,
                    "a gate is already named",
                )
                .label("names a gate of its own")
                .also(line, "the gate of these lines")
                .note("to decide one part here and another there, write each part behind its gate: `at screening: …`"),
            );
            return None;
        }
        Some(Condition {
            text: Arc::clone(&body.text),
            span: body.span,
            label: None,
            kind: ConditionKind::At(gate, Box::new(body)),
        })
    }

    /// Only an enrolment cap counts participants.
    pub(crate) fn no_share(&mut self, gathered: &Gathered) {
        if let Some((_, span)) = gathered.share {
            self.misplaced(
                span,
                "a share of the participants belongs to an enrolment cap",
            );
        }
    }

    pub(crate) fn several(&mut self, conditions: &[Condition]) {
        if let [first, second, ..] = conditions {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0506_SEVERAL_CONDITIONS,
                    second.span,
                    "two conditions stand side by side; which of them must hold?",
                )
                .label("a second condition")
                .also(first.span, "the first")
                .note("write `all of` or `any of` above them, and indent them by two blanks more"),
            );
        }
    }

    /// Reads the lines of a block.
    pub(crate) fn gather(&mut self, entries: &[Entry], place: Place) -> Gathered {
        let mut gathered = Gathered::default();
        for entry in entries {
            self.entry(entry, place, &mut gathered);
        }
        gathered
    }

    fn entry(&mut self, entry: &Entry, place: Place, gathered: &mut Gathered) {
        let before = gathered.conditions.len();
        self.content(&entry.kind, &entry.children, entry.span, place, gathered);
        if let Some(label) = &entry.label {
            let label = Label {
                name: Arc::from(label.name.text.as_str()),
                title: label
                    .title
                    .as_ref()
                    .map(|text| Arc::from(text.value.as_str())),
            };
            // A label names what its line says, also where that is more than one part.
            for condition in gathered.conditions.iter_mut().skip(before) {
                condition.label = Some(label.clone());
            }
        }
    }

    fn content(
        &mut self,
        kind: &EntryKind,
        children: &[Entry],
        span: Span,
        place: Place,
        gathered: &mut Gathered,
    ) {
        let condition = match kind {
            EntryKind::Broken => {
                gathered.broken = true;
                return;
            }
            EntryKind::Note(_) => return,
            EntryKind::Source(text) => {
                gathered.source = Some(Arc::from(text.value.as_str()));
                return;
            }
            EntryKind::Take(take) => {
                if self.take(take, &mut gathered.usage).is_none() {
                    gathered.broken = true;
                }
                return;
            }
            EntryKind::Term(term) => {
                gathered.term = Some(term.clone());
                return;
            }
            EntryKind::IfUnknown { met, why } => {
                if let Some((_, first)) = gathered.unknown.replace((*met, why.clone())) {
                    self.said_already(span, first.span);
                    gathered.broken = true;
                }
                return;
            }
            EntryKind::At { gate, then } => {
                match self.at(gate, then.as_deref(), children, span, place, gathered) {
                    Some(At::Gate) => return,
                    Some(At::Part(condition)) => Some(*condition),
                    None => None,
                }
            }
            EntryKind::Allowed(allowed) => {
                match self.permission(allowed, span) {
                    Some(permission) if place == Place::Criterion => {
                        gathered.allowed.push(permission);
                    }
                    Some(_) => self.misplaced(
                        span,
                        "a permission belongs to the whole criterion, not to a part of it",
                    ),
                    None => gathered.broken = true,
                }
                return;
            }
            EntryKind::Share(number) => {
                gathered.share = Some((number.clone(), span));
                return;
            }
            EntryKind::CountsAs(_) => {
                self.misplaced(
                    span,
                    "which criteria count as met is said by an `override` of its own",
                );
                None
            }
            EntryKind::Empty => self.block(children, place, span),
            EntryKind::Depending(reading) => {
                self.depending(reading, children, span, place, gathered)
            }
            EntryKind::For { population, then } => {
                let guard = self.guard(population);
                let body = self.below_or_behind(then.as_deref(), children, span);
                match (guard, body) {
                    (Some(guard), Some(body)) => {
                        Some(self.condition_at(ConditionKind::Guarded(guard, Box::new(body)), span))
                    }
                    _ => None,
                }
            }
            EntryKind::If { condition, then } => {
                let body = self.below_or_behind(then.as_deref(), children, span);
                self.conditional(condition, body, span)
            }
            EntryKind::Washout(anchor) => self.washout(anchor, children, span),
            EntryKind::WashoutRow(_) => {
                self.misplaced(
                    span,
                    "how long a drug must have been left off stands below `washout before …`",
                );
                None
            }
            EntryKind::Limits(limits) => self.limits_for_some(limits, children),
            EntryKind::Assumed(_) => {
                self.misplaced(
                    span,
                    "what is supposed is said below a visit, a rule, a state, a population or an endpoint",
                );
                None
            }
            EntryKind::Domain(_) | EntryKind::Codes(_) | EntryKind::Unverified(_) => {
                self.misplaced(span, "this belongs below `points`");
                None
            }
            EntryKind::AtVisits { .. } => {
                self.misplaced(span, "only a state is asked at visits");
                None
            }
            EntryKind::Grade { .. } => {
                self.misplaced(span, "a grade stands below `grading`");
                None
            }
            EntryKind::LimitCase(_) => {
                self.misplaced(
                    span,
                    "a limit for some stands below its comparison: `platelets is at least`",
                );
                None
            }
            EntryKind::List(quantifier) => {
                let inside = self.polarity.within(quantifier);
                self.under_polarity(inside, |checker| checker.list(quantifier, children, span))
            }
            EntryKind::Condition(condition) => self.condition(condition, children),
            EntryKind::IfNotMeasured(_) => {
                self.misplaced(
                    span,
                    "what is asked instead stands below the test of the measure",
                );
                None
            }
            EntryKind::Except(except) => {
                if !std::mem::replace(&mut gathered.lone_exception, true) {
                    self.misplaced(
                        except.span,
                        "an exception stands below the condition that it changes",
                    );
                }
                None
            }
            EntryKind::Chosen { .. } => {
                self.misplaced(span, "only a reading chooses");
                None
            }
            EntryKind::Months(_) => {
                self.misplaced(span, "how long months are is an alternative of a reading");
                None
            }
            EntryKind::Wording(_) => {
                self.misplaced(
                    span,
                    "a text in quotes is an alternative of a reading, not a condition",
                );
                None
            }
        };
        match condition {
            Some(condition) => gathered.conditions.push(condition),
            None => gathered.broken = true,
        }
    }

    /// What holds for some only: the rest of their line, or the lines below it.
    fn below_or_behind(
        &mut self,
        then: Option<&EntryKind>,
        children: &[Entry],
        span: Span,
    ) -> Option<Condition> {
        let Some(kind) = then else {
            return self.block(children, Place::Term, span);
        };
        let mut inner = Gathered::default();
        self.content(kind, children, span, Place::Term, &mut inner);
        self.one(inner, span)
    }

    /// A second line that says what holds for missing data.
    pub(crate) fn said_already(&mut self, span: Span, first: Span) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0509_MISPLACED_CLAUSE,
                span,
                "what holds for missing data is said already",
            )
            .label("which of the two?")
            .also(first, "said here"),
        );
    }

    pub(crate) fn misplaced(&mut self, span: Span, message: &str) {
        self.sink.push(
            Diagnostic::new(&rules::E0509_MISPLACED_CLAUSE, span, message)
                .label("does not belong here"),
        );
    }

    /// A condition whose words are those of its place.
    pub(crate) fn condition_at(&self, kind: ConditionKind, span: Span) -> Condition {
        Condition {
            kind,
            label: None,
            text: self.text(span),
            span,
        }
    }

    fn at(
        &mut self,
        gate: &tree::Name,
        then: Option<&EntryKind>,
        children: &[Entry],
        span: Span,
        place: Place,
        gathered: &mut Gathered,
    ) -> Option<At> {
        let id = self.find_milestone(gate);
        if place != Place::Criterion {
            self.sink.push(
                Diagnostic::new(&rules::E0509_MISPLACED_CLAUSE, gate.span, "the gate is named by the criterion, not inside a list or a term")
                    .label("a gate")
                    .note("the parts of a list are decided together, and a term at the gate of the criterion that uses it; each part with a gate of its own stands directly below the criterion"),
            );
            return None;
        }
        if then.is_none() && children.is_empty() {
            gathered.gate_lost |= id.is_none();
            let id = id?;
            if let Some((_, first)) = gathered.gate {
                self.sink.push(
                    Diagnostic::new(&rules::E0509_MISPLACED_CLAUSE, span, "a gate is already named")
                        .label("second gate")
                        .also(first, "first gate")
                        .note("to decide one part here and another there, write each part behind its gate: `at screening: …`"),
                );
                return None;
            }
            gathered.gate = Some((id, span));
            return Some(At::Gate);
        }
        let mut inner = Gathered::default();
        match then {
            Some(kind) => self.content(kind, children, span, Place::Term, &mut inner),
            None => inner = self.gather(children, Place::Term),
        }
        let body = self.one(inner, span);
        let (id, body) = (id?, body?);
        let text = Arc::clone(&body.text);
        Some(At::Part(Box::new(Condition {
            kind: ConditionKind::At(id, Box::new(body)),
            label: None,
            text,
            span,
        })))
    }

    fn list(
        &mut self,
        quantifier: &tree::Quantifier,
        children: &[Entry],
        span: Span,
    ) -> Option<Condition> {
        if children.is_empty() {
            return None;
        }
        let gathered = self.gather(children, Place::Term);
        self.no_share(&gathered);
        let count = gathered.conditions.len();
        let number = |checker: &mut Self, number: &tree::Number, at_least: bool| {
            let n = checker.whole_number(number)?;
            let most = u32::try_from(count).unwrap_or(u32::MAX);
            if !gathered.broken && (n > most || (at_least && n == 0)) {
                checker.sink.push(
                    Diagnostic::new(
                        &rules::E0511_IMPOSSIBLE_COUNT,
                        number.span,
                        format!("the list below has {count} parts"),
                    )
                    .label(if n == 0 {
                        "is always so"
                    } else {
                        "can never be reached"
                    })
                    .suggest(
                        "count what is there",
                        number.span,
                        if n == 0 {
                            "1".to_owned()
                        } else {
                            count.to_string()
                        },
                    ),
                );
                return None;
            }
            Some(n)
        };
        let quantifier = match quantifier {
            tree::Quantifier::All => Some(Quantifier::All),
            tree::Quantifier::Any => Some(Quantifier::Any),
            tree::Quantifier::None => Some(Quantifier::None),
            tree::Quantifier::AtLeast(n) => number(self, n, true).map(Quantifier::AtLeast),
            tree::Quantifier::AtMost(n) => number(self, n, false).map(Quantifier::AtMost),
            tree::Quantifier::Exactly(n) => number(self, n, false).map(Quantifier::Exactly),
        };
        let quantifier = quantifier?;
        if gathered.broken {
            return None;
        }
        if gathered.conditions.is_empty() {
            self.sink.push(
                Diagnostic::new(&rules::E0507_NO_CONDITION, span, "this list asks nothing")
                    .label("needs conditions below"),
            );
            return None;
        }
        let list = self.condition_at(ConditionKind::List(quantifier, gathered.conditions), span);
        let list = settle_unknown(gathered.unknown.as_ref(), list);
        Some(under(gathered.usage, list))
    }

    fn depending(
        &mut self,
        reading: &tree::Name,
        children: &[Entry],
        span: Span,
        place: Place,
        gathered: &mut Gathered,
    ) -> Option<Condition> {
        let id = self.find_reading(reading)?;
        let outline = self.outline(id)?.clone();
        if outline.unreadable {
            return None;
        }
        let names: Vec<&str> = outline
            .alternatives
            .iter()
            .map(|name| name.text.as_str())
            .collect();
        let mut arms: Vec<Option<Condition>> = vec![None; names.len()];
        let mut seen: Vec<Option<Span>> = vec![None; names.len()];
        let mut whole = true;
        for child in children {
            let Some(label) = &child.label else {
                if matches!(child.kind, EntryKind::Broken) {
                    whole = false;
                    continue;
                }
                self.misplaced(
                    child.span,
                    "each line below `depending on` begins with an alternative and a colon",
                );
                whole = false;
                continue;
            };
            let Some(index) = names.iter().position(|name| *name == label.name.text) else {
                self.unknown_alternative(&label.name, &names, outline.declared, &reading.text);
                whole = false;
                continue;
            };
            if let Some(Some(first)) = seen.get(index) {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0504_WRONG_ALTERNATIVE,
                        label.name.span,
                        format!("`{}` stands here already", label.name.text),
                    )
                    .label("again")
                    .also(*first, "first"),
                );
                whole = false;
                continue;
            }
            if let Some(slot) = seen.get_mut(index) {
                *slot = Some(label.name.span);
            }
            // `label:` alone holds a block of its own, whose clauses belong to this arm.
            let mut inner = Gathered::default();
            if child.kind == EntryKind::Empty {
                inner = self.gather(&child.children, place);
            } else {
                self.content(&child.kind, &child.children, child.span, place, &mut inner);
            }
            for rule in inner.usage.samples.drain(..) {
                gathered.usage.samples.push(SampleRule {
                    only_under: Some((id, index)),
                    ..rule
                });
            }
            if inner.conditions.is_empty() && inner.gate.is_none() && !inner.broken {
                let nothing = Condition {
                    kind: ConditionKind::Nothing,
                    label: None,
                    text: self.text(child.span),
                    span: child.span,
                };
                if let Some(arm) = arms.get_mut(index) {
                    *arm = Some(nothing);
                }
                continue;
            }
            let condition = self.one(inner, child.span);
            whole &= condition.is_some();
            if let Some(arm) = arms.get_mut(index) {
                *arm = condition;
            }
        }
        let missing: Vec<String> = names
            .iter()
            .zip(&seen)
            .filter(|(_, seen)| seen.is_none())
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if whole && !missing.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0504_WRONG_ALTERNATIVE,
                    span,
                    format!(
                        "what holds under {} of `{}` is not said",
                        missing.join(", "),
                        reading.text
                    ),
                )
                .label("not every alternative is here")
                .also(outline.declared, "the reading"),
            );
            return None;
        }
        let arms = arms.into_iter().collect::<Option<Vec<_>>>()?;
        Some(self.condition_at(ConditionKind::Depending(id, arms), span)).filter(|_| whole)
    }

    /// To whom something applies.
    pub(crate) fn guard(&mut self, population: &Population) -> Option<Guard> {
        let sex = sex_of(&population.people.text);
        let condition = match &population.with {
            Some(name) => Some(Box::new(self.named(name)?)),
            None => None,
        };
        Some(Guard {
            sex,
            condition,
            text: self.text(population.span),
        })
    }
}

/// What an `at` line turned out to be.
enum At {
    Gate,
    Part(Box<Condition>),
}

/// Puts a condition under its clauses, if there are any.
pub(crate) fn under(usage: Usage, condition: Condition) -> Condition {
    if usage.take.is_none() && usage.window.is_none() && usage.samples.is_empty() {
        return condition;
    }
    let (text, span) = (Arc::clone(&condition.text), condition.span);
    Condition {
        kind: ConditionKind::With(Box::new(usage), Box::new(condition)),
        label: None,
        text,
        span,
    }
}

/// Puts what holds for missing data around a condition, or around its parts that name a gate of their own.
pub(crate) fn settle_unknown(
    unknown: Option<&(bool, tree::Text)>,
    mut condition: Condition,
) -> Condition {
    let Some((met, why)) = unknown else {
        return condition;
    };
    let settle = |inner: Condition| settle_unknown(unknown, inner);
    match condition.kind {
        ConditionKind::At(gate, inner) => {
            condition.kind = ConditionKind::At(gate, Box::new(settle(*inner)));
            condition
        }
        ConditionKind::Depending(reading, arms) if arms.iter().any(names_a_gate) => {
            let arms = arms.into_iter().map(settle).collect();
            condition.kind = ConditionKind::Depending(reading, arms);
            condition
        }
        ConditionKind::With(usage, inner) => {
            condition.kind = ConditionKind::With(usage, Box::new(settle(*inner)));
            condition
        }
        ConditionKind::List(Quantifier::All, parts) if parts.iter().any(names_a_gate) => {
            let parts = parts.into_iter().map(settle).collect();
            condition.kind = ConditionKind::List(Quantifier::All, parts);
            condition
        }
        _ => if_unknown(Some((*met, why)), condition),
    }
}

/// Whether a part of a criterion names a gate of its own.
pub(crate) fn names_a_gate(condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::At(..) => true,
        ConditionKind::Depending(_, parts) => parts.iter().any(names_a_gate),
        ConditionKind::List(Quantifier::All, parts) => {
            !parts.is_empty() && parts.iter().all(names_a_gate)
        }
        ConditionKind::With(_, inner) => names_a_gate(inner),
        _ => false,
    }
}
