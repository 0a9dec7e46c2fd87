//! Choices: exceptions, `unless`, limits for some, `if`, and what holds where data are missing.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Case, Choice, Condition, ConditionKind, IfUnknown, Quantifier};
use lind_syntax::tree::{
    self, CaseLimit, Entry, EntryKind, Excepted, Measured, Replacement, Single, SingleKind, Test,
    TestKind,
};

use crate::analysis::Checker;
use crate::edges::with_window;
use crate::facts::Member;
use crate::rules;
use crate::special::{exclude_each_other, implies, same};

/// Whether a condition must hold where it stands, as far as the text alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polarity {
    /// Whoever has it passes.
    MustHold,
    /// Whoever has it fails.
    MustNotHold,
    /// A term, or the condition of something else: it depends on who uses it.
    Undetermined,
}

impl Polarity {
    /// Of the parts of a list.
    pub(crate) fn within(self, quantifier: &tree::Quantifier) -> Self {
        use tree::Quantifier::{All, Any, AtLeast, AtMost, Exactly, None};
        match (quantifier, self) {
            (All | Any | AtLeast(_), polarity) => polarity,
            (None | AtMost(_), Self::MustHold) => Self::MustNotHold,
            (None | AtMost(_), Self::MustNotHold) => Self::MustHold,
            (Exactly(_), _) | (_, Self::Undetermined) => Self::Undetermined,
        }
    }
}

/// An exception that was understood.
struct Exception {
    case: Case,
    span: Span,
}

impl Checker<'_> {
    /// Reads something with another polarity.
    pub(crate) fn under_polarity<T>(
        &mut self,
        polarity: Polarity,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = std::mem::replace(&mut self.polarity, polarity);
        let found = read(self);
        self.polarity = before;
        found
    }

    /// The condition of something else, whose truth neither passes nor fails anybody.
    pub(crate) fn asked(&mut self, condition: &tree::Condition) -> Option<Condition> {
        self.under_polarity(Polarity::Undetermined, |checker| {
            checker.condition(condition, &[])
        })
    }

    /// One condition with the exceptions below it.
    pub(crate) fn with_exceptions(
        &mut self,
        single: &Single,
        below: &[Entry],
    ) -> Option<Condition> {
        let mut whole = true;
        let mut members = Vec::new();
        let mut replacing = Vec::new();
        let mut unknown = None;
        let mut instead = None;
        let mut body = Vec::new();
        let is_named = matches!(&single.kind, SingleKind::Fact(fact) if fact.called.is_some());
        for entry in below {
            match &entry.kind {
                EntryKind::Except(except) => match (Member::of(except), &except.replacement) {
                    (Some(member), _) => members.push(member),
                    (None, Some(replacement)) => {
                        replacing.push((except, replacement, entry.children.as_slice()));
                    }
                    (None, None) => {
                        self.sink.push(
                            Diagnostic::new(&rules::E0509_MISPLACED_CLAUSE, except.span, "this exception does not say what holds instead")
                                .label("write `except with …: <= 3 x ULN`")
                                .also(single.span, "of this condition")
                                .note("members of a set are taken out by `except` and the name of a set, without `with`"),
                        );
                        whole = false;
                    }
                },
                EntryKind::IfUnknown { met, why } => {
                    if let Some((_, first)) = unknown.replace((*met, why)) {
                        self.said_already(entry.span, first.span);
                        whole = false;
                    }
                }
                EntryKind::IfNotMeasured(condition) if instead.is_none() => {
                    instead = Some((condition, entry));
                }
                EntryKind::Broken => whole = false,
                _ if is_named => body.push(entry.clone()),
                _ => {
                    self.misplaced(entry.span, "only exceptions stand below a condition");
                    whole = false;
                }
            }
        }
        let plain = self.single(single, &members, &body);
        let plain = match instead {
            Some((condition, entry)) => self.or_measured_instead(plain, condition, entry),
            None => plain,
        };
        let mut exceptions = Vec::new();
        for (except, replacement, children) in replacing {
            let when = match &except.of {
                Excepted::With(name) | Excepted::Members { name, .. } => self.named(name),
                Excepted::When(condition) => self.asked(condition),
            };
            let then = self.replaced(single, except, replacement, children);
            exceptions.push(when.zip(then).map(|(when, then)| Exception {
                case: Case { when, then },
                span: except.span,
            }));
        }
        let exceptions = exceptions.into_iter().collect::<Option<Vec<_>>>()?;
        let plain = plain?;
        let chosen = if exceptions.is_empty() {
            plain
        } else {
            let cases = self.most_special_first(exceptions)?;
            let kind = ConditionKind::Choice(Box::new(Choice {
                cases,
                otherwise: Some(plain),
            }));
            self.condition_at(kind, single.span)
        };
        Some(if_unknown(unknown, chosen)).filter(|_| whole)
    }

    /// What an exception puts in the place of a condition.
    fn replaced(
        &mut self,
        single: &Single,
        except: &tree::Except,
        replacement: &Replacement,
        below: &[Entry],
    ) -> Option<Condition> {
        let (kind, span) = match (replacement, &single.kind) {
            (Replacement::Condition(condition), _) => return self.condition(condition, below),
            (Replacement::Test(test), SingleKind::Measured(measured))
                if !matches!(
                    measured.test.kind,
                    TestKind::Change { .. } | TestKind::Becomes { .. }
                ) =>
            {
                let measured = Measured {
                    test: test.clone(),
                    also_stated: None,
                    ..measured.clone()
                };
                (SingleKind::Measured(measured), test.span)
            }
            (Replacement::Test(test), SingleKind::Age { at, .. }) => {
                let kind = SingleKind::Age {
                    at: at.clone(),
                    test: test.clone(),
                };
                (kind, test.span)
            }
            (Replacement::Window(window), SingleKind::Measured(measured)) => {
                let measured = Measured {
                    windows: vec![window.clone()],
                    ..measured.clone()
                };
                (SingleKind::Measured(measured), window.span)
            }
            (Replacement::Window(window), SingleKind::Fact(fact)) => {
                (SingleKind::Fact(with_window(fact, window)), window.span)
            }
            (Replacement::Test(_), _) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        except.span,
                        "the condition above has no limit that could be replaced",
                    )
                    .label("replaces which limit?")
                    .also(single.span, "this condition")
                    .note("behind the colon a whole condition may stand as well"),
                );
                return None;
            }
            (Replacement::Window(_), _) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        except.span,
                        "the condition above has no window that could be replaced",
                    )
                    .label("replaces which window?")
                    .also(single.span, "this condition"),
                );
                return None;
            }
        };
        let name = match &kind {
            SingleKind::Measured(measured) => Some(measured.measure.text.as_str()),
            SingleKind::Age { .. } => Some("age"),
            _ => None,
        };
        let text = match name {
            Some(name) => Arc::from(format!("{name} {}", self.text(span))),
            None => self.text(span),
        };
        let mut replaced = self.with_exceptions(&Single { kind, span }, below)?;
        if let ConditionKind::Choice(choice) = &mut replaced.kind
            && let Some(otherwise) = &mut choice.otherwise
        {
            otherwise.text = Arc::clone(&text);
        }
        replaced.text = text;
        Some(replaced)
    }

    /// The order in which exceptions are tried: the most special first. Two that can both apply and say
    /// different things are refused, unless a third says what holds for those to whom both apply.
    fn most_special_first(&mut self, exceptions: Vec<Exception>) -> Option<Vec<Case>> {
        let mut conflicts = false;
        for (place, second) in exceptions.iter().enumerate() {
            for first in exceptions.iter().take(place) {
                let (one, other) = (&first.case.when, &second.case.when);
                let narrower = implies(&self.tables, one, other);
                let wider = implies(&self.tables, other, one);
                if same(&first.case.then, &second.case.then)
                    || narrower != wider
                    || exclude_each_other(one, other)
                {
                    continue;
                }
                let both = Condition {
                    kind: ConditionKind::List(Quantifier::All, vec![one.clone(), other.clone()]),
                    ..one.clone()
                };
                let third = exceptions.iter().any(|third| {
                    let when = &third.case.when;
                    !same(when, one)
                        && !same(when, other)
                        && implies(&self.tables, when, one)
                        && implies(&self.tables, when, other)
                        && implies(&self.tables, &both, when)
                });
                if third {
                    continue;
                }
                conflicts = true;
                let note = if narrower {
                    "both have the same condition; one of them can go"
                } else {
                    "a special case wins over what it is a case of, but neither is one of the other; write a further exception for those to whom both apply: `except when … and …: …`"
                };
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0532_CONFLICTING_EXCEPTIONS,
                        second.span,
                        "two exceptions can apply to the same patient and say different things",
                    )
                    .label("says something else")
                    .also(first.span, "can apply to the same patient")
                    .note(note),
                );
            }
        }
        if conflicts {
            return None;
        }
        let mut left: Vec<Case> = exceptions
            .into_iter()
            .map(|exception| exception.case)
            .collect();
        let mut ordered = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let next = left
                .iter()
                .position(|case| {
                    !left.iter().any(|other| {
                        implies(&self.tables, &other.when, &case.when)
                            && !implies(&self.tables, &case.when, &other.when)
                    })
                })
                .unwrap_or_default();
            ordered.push(left.remove(next));
        }
        Some(ordered)
    }

    /// What stands behind `unless`, and which way it passes.
    pub(crate) fn unless(
        &mut self,
        condition: &tree::Condition,
        unless: &tree::Condition,
    ) -> Option<(Condition, bool)> {
        let asked = self.asked(unless);
        if let [first, _, ..] = condition.parts.as_slice() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0505_MIXED_CONNECTIVES,
                    unless.span,
                    "`unless` stands behind several conditions; which does it concern?",
                )
                .label("concerns which?")
                .also(
                    condition
                        .parts
                        .last()
                        .map_or(first.span, |last| first.span.join(last.span)),
                    "these conditions",
                )
                .note("give each condition a line of its own below `all of` or `any of`"),
            );
            return None;
        }
        let passes = match self.polarity {
            Polarity::MustHold => true,
            Polarity::MustNotHold => false,
            Polarity::Undetermined => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0531_UNLESS_WITHOUT_SIDE,
                        unless.span,
                        "`unless` lets people pass, but here nothing says which way is passing",
                    )
                    .label("who has this: does the condition hold, or not?")
                    .also(condition.span, "stands in a term, in `exactly … of`, or as the condition of something else")
                    .note("write which of two is meant: `X or C`, as an inclusion reads it (whoever has C passes what must hold), or `all of` X and `none of` C, as an exclusion does"),
                );
                return None;
            }
        };
        Some((asked?, passes))
    }

    /// `if hcv_antibody is positive:` with what holds then.
    pub(crate) fn conditional(
        &mut self,
        condition: &tree::Condition,
        then: Option<Condition>,
        span: Span,
    ) -> Option<Condition> {
        let when = self.asked(condition);
        let kind = ConditionKind::Choice(Box::new(Choice {
            cases: vec![Case {
                when: when?,
                then: then?,
            }],
            otherwise: None,
        }));
        Some(self.condition_at(kind, span))
    }

    /// `platelets is at least`, with the limits below.
    pub(crate) fn limits_for_some(
        &mut self,
        limits: &tree::Limits,
        below: &[Entry],
    ) -> Option<Condition> {
        let mut whole = true;
        let mut cases = Vec::new();
        let mut otherwise: Option<(Condition, Span)> = None;
        let mut any = false;
        for entry in below {
            let case = match &entry.kind {
                EntryKind::LimitCase(case) => case,
                EntryKind::Broken => {
                    whole = false;
                    continue;
                }
                _ => {
                    self.misplaced(
                        entry.span,
                        "below a comparison stand its limits, each with `when …` or `otherwise`",
                    );
                    whole = false;
                    continue;
                }
            };
            any = true;
            if let Some((_, first)) = &otherwise {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0533_INCOMPLETE_LIMITS,
                        entry.span,
                        "this limit is never reached",
                    )
                    .label("stands behind `otherwise`")
                    .also(*first, "holds for everybody else"),
                );
                whole = false;
                continue;
            }
            let then = self.limit_for_some(limits, case, entry.span);
            match &case.when {
                Some(when) => {
                    let when = self.asked(when);
                    match when.zip(then) {
                        Some((when, then)) => cases.push(Case { when, then }),
                        None => whole = false,
                    }
                }
                None => match then {
                    Some(then) => otherwise = Some((then, entry.span)),
                    None => return None,
                },
            }
        }
        if !whole {
            return None;
        }
        let Some((otherwise, _)) = otherwise.filter(|_| !cases.is_empty()) else {
            if any {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0533_INCOMPLETE_LIMITS,
                        limits.span,
                        if cases.is_empty() {
                            "these limits do not depend on anything"
                        } else {
                            "these limits do not say what holds for everybody else"
                        },
                    )
                    .label(if cases.is_empty() {
                        "needs a limit with `when …`"
                    } else {
                        "needs a limit with `otherwise`"
                    })
                    .note("where nothing is asked of the others, write `if …:` and the limit below it"),
                );
            }
            return None;
        };
        let kind = ConditionKind::Choice(Box::new(Choice {
            cases,
            otherwise: Some(otherwise),
        }));
        Some(self.condition_at(kind, limits.span))
    }

    /// By how much a value changes, for some.
    fn change_for_some(
        &mut self,
        limits: &tree::Limits,
        case: &tree::LimitCase,
        limit: &tree::Limit,
        comparator: tree::Comparator,
    ) -> Option<TestKind> {
        let (Some(change), tree::Limit::Quantity(by)) = (&limits.change, limit) else {
            self.misplaced(
                case.span,
                "by how much a value changes is a number with its unit",
            );
            return None;
        };
        Some(TestKind::Change {
            direction: change.direction,
            comparator,
            by: by.clone(),
            relative: case.relative,
            ends: change.ends.clone(),
        })
    }

    fn limit_for_some(
        &mut self,
        limits: &tree::Limits,
        case: &tree::LimitCase,
        line: Span,
    ) -> Option<Condition> {
        let kind = match (&case.limit, limits.comparator) {
            (CaseLimit::One(limit), Some(comparator)) if limits.change.is_some() => {
                self.change_for_some(limits, case, limit, comparator)?
            }
            (CaseLimit::One(limit), Some(comparator)) => {
                TestKind::Compare(comparator, limit.clone())
            }
            (CaseLimit::Range(range), None) => TestKind::Between {
                low: tree::Limit::Quantity(range.low.clone()),
                high: tree::Limit::Quantity(range.high.clone()),
                ends: range.ends,
            },
            (CaseLimit::One(_), None) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0533_INCOMPLETE_LIMITS,
                        case.span,
                        "one limit needs a comparison",
                    )
                    .label("at least, or at most?")
                    .also(
                        limits.span,
                        "ends without a comparison, which goes with ranges",
                    ),
                );
                return None;
            }
            (CaseLimit::Range(_), Some(comparator)) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0533_INCOMPLETE_LIMITS,
                        case.span,
                        "a range has two ends, and no comparison",
                    )
                    .label("a range")
                    .also(comparator.span, "a comparison"),
                );
                return None;
            }
        };
        let test = Test {
            kind,
            span: case.span,
        };
        // Age is no measure, but is limited like one.
        if let Some(relative) = case
            .relative
            .filter(|_| !matches!(test.kind, TestKind::Change { .. }))
        {
            self.misplaced(relative, "only a change is relative");
            return None;
        }
        let is_age = limits.measure.text == "age";
        let kind = if is_age && limits.selector.is_none() && limits.window.is_none() {
            SingleKind::Age { at: None, test }
        } else {
            SingleKind::Measured(Measured {
                selector: limits.selector,
                measure: limits.measure.clone(),
                without: Vec::new(),
                times_of_day: Vec::new(),
                provenance: Vec::new(),
                evidence: None,
                windows: limits.window.clone().into_iter().collect(),
                test,
                also_stated: None,
                never: None,
                spells: Vec::new(),
                persistence: limits
                    .change
                    .as_ref()
                    .and_then(|change| change.persistence.clone()),
            })
        };
        let mut then = self.single(&Single { kind, span: line }, &[], &[])?;
        then.text = Arc::from(format!(
            "{} {}",
            self.text(limits.span),
            self.text(case.span)
        ));
        Some(then)
    }
}

/// A condition that counts as passed where another one holds.
pub(crate) fn passing_if(when: Condition, passes: bool, otherwise: Condition) -> Condition {
    let (text, span) = (
        Arc::from(format!("{} unless {}", otherwise.text, when.text)),
        otherwise.span.join(when.span),
    );
    let then = Condition {
        kind: ConditionKind::Settled(passes),
        label: None,
        text: Arc::clone(&when.text),
        span: when.span,
    };
    Condition {
        kind: ConditionKind::Choice(Box::new(Choice {
            cases: vec![Case { when, then }],
            otherwise: Some(otherwise),
        })),
        label: None,
        text,
        span,
    }
}

/// A condition with what holds where it is unknown, if anything is laid down.
pub(crate) fn if_unknown(rule: Option<(bool, &tree::Text)>, condition: Condition) -> Condition {
    let Some((met, why)) = rule else {
        return condition;
    };
    let (text, span) = (Arc::clone(&condition.text), condition.span);
    Condition {
        kind: ConditionKind::IfUnknown(Box::new(IfUnknown {
            condition,
            met,
            why: Arc::from(why.value.as_str()),
        })),
        label: None,
        text,
        span,
    }
}
