//! Conditions on one line.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Condition, ConditionKind, Fact, Interval, Quantifier, Tense};
use lind_syntax::tree::{
    self, ConnectiveKind, Entry, EntryKind, Limit, Name, Single, SingleKind, TestKind,
};
use lind_units::Exact;

use crate::alternatives::Sort;
use crate::analysis::Checker;
use crate::choices::{if_unknown, passing_if};
use crate::facts::Member;
use crate::rules;
use crate::scope::Symbol;
use crate::times::{Inside, comparison};

impl Checker<'_> {
    /// A line of conditions joined by `and` or by `or`, with the exceptions below it.
    pub(crate) fn condition(
        &mut self,
        condition: &tree::Condition,
        below: &[Entry],
    ) -> Option<Condition> {
        let unless = condition
            .unless
            .as_ref()
            .map(|unless| self.unless(condition, unless));
        let joined = self.joined(condition, below);
        match unless {
            Some(unless) => {
                let (condition_of, polarity) = unless?;
                Some(passing_if(condition_of, polarity, joined?))
            }
            None => joined,
        }
    }

    fn joined(&mut self, condition: &tree::Condition, below: &[Entry]) -> Option<Condition> {
        let joined = self.connective(condition);
        if let [single] = condition.parts.as_slice() {
            return self.with_exceptions(single, below);
        }
        let mut whole = true;
        let mut unknown = None;
        let called = condition
            .parts
            .iter()
            .find_map(|single| match &single.kind {
                SingleKind::Fact(fact) => fact.called.as_ref(),
                _ => None,
            });
        if let Some(called) = called {
            self.misplaced(
                called.span,
                "a record with a name stands on a line of its own, with what is said of it below",
            );
            return None;
        }
        for entry in below {
            match &entry.kind {
                EntryKind::IfUnknown { met, why } => {
                    if let Some((_, first)) = unknown.replace((*met, why)) {
                        self.said_already(entry.span, first.span);
                        whole = false;
                    }
                }
                EntryKind::Broken => whole = false,
                EntryKind::Except(except) => {
                    self.sink.push(
                        Diagnostic::new(&rules::E0509_MISPLACED_CLAUSE, except.span, "an exception below several conditions does not say which one it changes")
                            .label("changes which?")
                            .also(condition.span, "these conditions")
                            .note("give each condition a line of its own below `all of` or `any of`, and its exceptions below it"),
                    );
                    return None;
                }
                _ => {
                    self.misplaced(entry.span, "only exceptions stand below a condition");
                    whole = false;
                }
            }
        }
        let mut parts = Vec::with_capacity(condition.parts.len());
        for single in &condition.parts {
            parts.push(self.single(single, &[], &[]));
        }
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        let list = ConditionKind::List(joined?, parts);
        let list = self.condition_at(list, condition.span);
        Some(if_unknown(unknown, list)).filter(|_| whole)
    }

    fn connective(&mut self, condition: &tree::Condition) -> Option<Quantifier> {
        let mut first = None;
        for connective in &condition.connectives {
            match (connective.kind, first) {
                (ConnectiveKind::AndOr, _) => {
                    self.sink.push(
                        Diagnostic::new(&rules::E0505_MIXED_CONNECTIVES, connective.span, "`and/or` has two meanings")
                            .label("`and`, or `or`?")
                            .note("`or` already means that both may hold; write `or`, or write `and` if both must")
                            .suggest("write `or`", connective.span, "or"),
                    );
                    return None;
                }
                (kind, None) => first = Some((kind, connective.span)),
                (kind, Some((other, place))) if kind != other => {
                    self.sink.push(
                        Diagnostic::new(&rules::E0505_MIXED_CONNECTIVES, connective.span, "`and` and `or` stand on one line; which binds first?")
                            .label(if kind == ConnectiveKind::And { "`and`" } else { "`or`" })
                            .also(place, if other == ConnectiveKind::And { "`and`" } else { "`or`" })
                            .note("write lists: `any of` with the alternatives below it, and `all of` where several must hold together"),
                    );
                    return None;
                }
                _ => {}
            }
        }
        Some(if matches!(first, Some((ConnectiveKind::Or, _))) {
            Quantifier::Any
        } else {
            Quantifier::All
        })
    }

    pub(crate) fn single(
        &mut self,
        single: &Single,
        members: &[Member<'_>],
        body: &[Entry],
    ) -> Option<Condition> {
        let span = single.span;
        if let (false, Some(except)) = (matches!(single.kind, SingleKind::Fact(_)), members.first())
        {
            let message = if matches!(single.kind, SingleKind::Measured(_)) {
                "below a test an exception says which limit holds instead"
            } else {
                "an exception changes a limit or removes members of a set; this condition has neither"
            };
            self.misplaced(except.span, message);
            return None;
        }
        let kind = match &single.kind {
            SingleKind::AsRead(name) => {
                let id = self.find_reading(name)?;
                let outline = self.outline(id)?;
                if outline.unreadable {
                    return None;
                }
                if outline.sort != Sort::Condition {
                    let (declared, words) = (outline.declared, outline.sort.words());
                    self.sink.push(
                        Diagnostic::new(&rules::E0202_WRONG_SORT, name.span, format!("the alternatives of `{}` are no conditions", name.text))
                            .label("needs a reading whose alternatives are conditions")
                            .also(declared, format!("chooses among {words}"))
                            .note(format!("write `depending on {}` and say below it what each alternative means here", name.text)),
                    );
                    return None;
                }
                ConditionKind::AsRead(id)
            }
            SingleKind::Judged { judge, item } => {
                let (symbol, declared) = self.resolve(item)?;
                let Symbol::Judgement(id) = symbol else {
                    self.needs(item, "a judgement", symbol, declared);
                    return None;
                };
                let by = self
                    .tables
                    .judgements
                    .get(id.index())
                    .and_then(Option::as_ref)
                    .map(|judgement| Arc::clone(&judgement.by));
                if let Some(by) = by
                    && *by != *judge.text
                {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0513_WRONG_JUDGE,
                            judge.span,
                            format!("`{}` is answered by the {by}", item.text),
                        )
                        .label(format!("the {} is asked", judge.text))
                        .also(declared, format!("declared as a question to the {by}"))
                        .suggest(
                            format!("write `{by}`"),
                            judge.span,
                            by.to_string(),
                        ),
                    );
                    return None;
                }
                ConditionKind::Judged(id)
            }
            SingleKind::Happened(name, window) => {
                let id = self.find_milestone(name)?;
                let milestone = self.milestone(id);
                let (timed, declared) = (
                    milestone.is_none_or(|milestone| milestone.timed),
                    milestone.map(|milestone| milestone.span),
                );
                let inside = Inside {
                    what: "the milestone has only a date",
                    declared,
                    timed,
                    has_sample: false,
                    is_drug: false,
                };
                let window = match window {
                    Some(window) => Some(self.window(window, inside)?),
                    None => None,
                };
                ConditionKind::Happened(id, window)
            }
            SingleKind::Fact(written) => {
                let fact = self.fact(written, members, body)?;
                self.else_judged(fact, span)?
            }
            SingleKind::Record { record, what } => self.record_has(record, what)?,
            SingleKind::Age { at, test } => {
                let at_milestone = match at {
                    Some(name) => Some(self.find_milestone(name)?),
                    None => None,
                };
                ConditionKind::Age {
                    at: at_milestone,
                    interval: self.age(test)?,
                }
            }
            SingleKind::Measured(measured) => match self.record_is(measured, span) {
                Some(kind) => kind?,
                None => return self.measured(measured, span),
            },
            SingleKind::Term(name) => {
                if self.is_record_alone(name) {
                    return None;
                }
                return self
                    .named(name)
                    .map(|condition| Condition { span, ..condition });
            }
        };
        Some(self.condition_at(kind, span))
    }

    pub(crate) fn needs(&mut self, name: &Name, wanted: &str, symbol: Symbol, declared: Span) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0202_WRONG_SORT,
                name.span,
                format!(
                    "`{}` is {}; {wanted} is needed here",
                    name.text,
                    symbol.sort()
                ),
            )
            .label(format!("needs {wanted}"))
            .also(declared, format!("declared here as {}", symbol.sort())),
        );
    }

    /// A bare name as a condition: a defined term, a judgement, or a condition that the patient has.
    pub(crate) fn named(&mut self, name: &Name) -> Option<Condition> {
        let (symbol, declared) = self.resolve(name)?;
        let kind = match symbol {
            Symbol::Definition(id) => ConditionKind::Defined(id),
            Symbol::Judgement(id) => ConditionKind::Judged(id),
            Symbol::Set(id) => {
                let table = self
                    .tables
                    .sets
                    .get(id.index())
                    .and_then(Option::as_ref)
                    .map(|set| set.table)?;
                if table == lind_model::protocol::FactTable::Conditions {
                    let fact = Fact {
                        negated: false,
                        frequency: None,
                        such_that: None,
                        tense: Tense::Now,
                        table,
                        set: Some(id),
                        measure: None,
                        investigational: false,
                        filters: Vec::new(),
                        exceptions: Vec::new(),
                        window: None,
                    };
                    self.else_judged(fact, name.span)?
                } else {
                    self.sink.push(
                        Diagnostic::new(&rules::E0202_WRONG_SORT, name.span, format!("`{}` alone is no condition", name.text))
                            .label("say when it was given")
                            .also(declared, "declared here")
                            .note("write `has ever received …`, or `has received … within 30 days before screening`"),
                    );
                    return None;
                }
            }
            Symbol::Reading(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0202_WRONG_SORT,
                        name.span,
                        format!("`{}` is a reading", name.text),
                    )
                    .label("a reading is used with `as read in`")
                    .also(declared, "declared here")
                    .fix(
                        format!("write `as read in {}`", name.text),
                        name.span,
                        format!("as read in {}", name.text),
                    ),
                );
                return None;
            }
            Symbol::Measure(_) | Symbol::Formula(_) | Symbol::Points(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0202_WRONG_SORT,
                        name.span,
                        format!("`{}` is measured; what of it?", name.text),
                    )
                    .label("needs a test such as `>= 50 mL/min` or `is negative`")
                    .also(declared, format!("declared here as {}", symbol.sort())),
                );
                return None;
            }
            Symbol::Assessment(_) | Symbol::Timeline(_) | Symbol::Visit(_) => {
                self.needs(name, "a condition", symbol, declared);
                return None;
            }
            Symbol::Milestone(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0202_WRONG_SORT,
                        name.span,
                        format!("`{}` is a milestone", name.text),
                    )
                    .label("a milestone is asked for with `has taken place`")
                    .also(declared, "declared here")
                    .fix(
                        format!("write `{} has taken place`", name.text),
                        name.span,
                        format!("{} has taken place", name.text),
                    ),
                );
                return None;
            }
            Symbol::Equivalence(_) | Symbol::Chosen(_) | Symbol::Grading(_) => {
                self.needs(name, "a condition", symbol, declared);
                return None;
            }
        };
        Some(self.condition_at(kind, name.span))
    }

    /// `is 18 to 65 years`: completed years.
    fn age(&mut self, test: &tree::Test) -> Option<Interval> {
        let number = |checker: &mut Self, limit: &Limit| -> Option<Exact> {
            let Limit::Quantity(quantity) = limit else {
                checker.sink.push(
                    Diagnostic::new(
                        &rules::E0311_TEST_DOES_NOT_FIT,
                        limit.span(),
                        "age has no limits of normal",
                    )
                    .label("needs years"),
                );
                return None;
            };
            match quantity.unit.as_ref().map(|unit| unit.text.trim()) {
                Some("years" | "year" | "a" | "yr" | "yrs") => {}
                None => {
                    checker.sink.push(
                        Diagnostic::new(
                            &rules::E0301_MISSING_UNIT,
                            quantity.span,
                            "age needs a unit",
                        )
                        .label("no unit")
                        .suggest(
                            format!("write `{} years`", quantity.number.text),
                            quantity.span,
                            format!("{} years", quantity.number.text),
                        ),
                    );
                    return None;
                }
                Some(other) => {
                    checker.sink.push(
                        Diagnostic::new(&rules::E0302_UNKNOWN_UNIT, quantity.span, format!("age is counted in completed years, not in `{other}`"))
                            .label("another unit")
                            .note("completed years are what people mean by age; for shorter lives write a window after birth"),
                    );
                    return None;
                }
            }
            let value = checker.decimal(&quantity.number)?.to_exact();
            if value > Exact::from_integer(130) || value.signum() < 0 {
                checker.sink.push(
                    Diagnostic::new(
                        &rules::E0308_IMPLAUSIBLE_LIMIT,
                        quantity.span,
                        "nobody has this age",
                    )
                    .label("plausible from 0 to 130 years"),
                );
                return None;
            }
            if !value.is_integer() {
                checker.sink.push(
                    Diagnostic::new(
                        &rules::E0311_TEST_DOES_NOT_FIT,
                        quantity.span,
                        "age counts completed years",
                    )
                    .label("not a whole number"),
                );
                return None;
            }
            Some(value)
        };
        match &test.kind {
            TestKind::Compare(comparator, limit) => {
                let value = number(self, limit)?;
                if value.signum() == 0 && comparator.kind == tree::ComparatorKind::LessThan {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0308_IMPLAUSIBLE_LIMIT,
                            limit.span(),
                            "nobody is younger than this",
                        )
                        .label("plausible from 0 to 130 years"),
                    );
                    return None;
                }
                Some(Interval::comparison(comparison(*comparator), value))
            }
            TestKind::Between { low, high, ends } => {
                let (lower, upper) = (number(self, low), number(self, high));
                let interval = Interval {
                    low: Some((lower?, ends.low)),
                    high: Some((upper?, ends.high)),
                };
                let exchanged = self.exchange(low, high);
                self.not_empty(&interval, test.span, exchanged)?;
                Some(interval)
            }
            TestKind::OneOf { .. }
            | TestKind::Tags { .. }
            | TestKind::Reference { .. }
            | TestKind::Change { .. }
            | TestKind::Becomes { .. } => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0311_TEST_DOES_NOT_FIT,
                        test.span,
                        "age is compared with years",
                    )
                    .label("write `age is 18 to 65 years`"),
                );
                None
            }
        }
    }

    /// Refuses an interval that contains nothing. `exchanged` is its text with the ends the other way round.
    pub(crate) fn not_empty(
        &mut self,
        interval: &Interval,
        span: Span,
        exchanged: (Span, String),
    ) -> Option<()> {
        if let (Some((low, low_closed)), Some((high, high_closed))) =
            (&interval.low, &interval.high)
            && (low > high || (low == high && !(*low_closed && *high_closed)))
        {
            let mut diagnostic = Diagnostic::new(
                &rules::E0313_EMPTY_RANGE,
                span,
                "this range contains nothing",
            );
            diagnostic = if low > high {
                let (place, text) = exchanged;
                diagnostic
                    .label("the lower end is above the upper")
                    .suggest(format!("write `{text}`"), place, text)
            } else {
                diagnostic.label("its only value is excluded")
            };
            self.sink.push(diagnostic);
            return None;
        }
        Some(())
    }
}
