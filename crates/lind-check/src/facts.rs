//! Facts: records of conditions, treatments, procedures, allergies and adverse events.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Fact, FactField, FactTable, Filter, Interval, MemberException, Tense};
use lind_syntax::tree::{self, Entry, FactObject, FilterKind, Name, Tense as Written};
use lind_units::{Exact, Generator, Unit};

use crate::analysis::Checker;
use crate::declarations::{fact_table, table_word, table_words};
use crate::edges::says_when;
use crate::rules;
use crate::scope::Symbol;
use crate::times::{Inside, comparison};

/// Members that do not count.
#[derive(Clone, Copy)]
pub(crate) struct Member<'t> {
    pub(crate) name: &'t Name,
    pub(crate) disease_free: Option<&'t tree::Lasting>,
    pub(crate) span: Span,
}

impl<'t> Member<'t> {
    pub(crate) fn of(except: &'t tree::Except) -> Option<Self> {
        match (&except.of, &except.replacement) {
            (tree::Excepted::Members { name, disease_free }, None) => Some(Self {
                name,
                disease_free: disease_free.as_ref(),
                span: except.span,
            }),
            _ => None,
        }
    }
}

/// How severe a condition or an allergy is.
pub(crate) const SEVERITIES: &[&str] = &["mild", "moderate", "severe", "life_threatening", "fatal"];

impl Checker<'_> {
    /// A fact with its filters and exceptions.
    pub(crate) fn fact(
        &mut self,
        fact: &tree::Fact,
        below: &[Member<'_>],
        body: &[Entry],
    ) -> Option<Fact> {
        let mut values = None;
        let (table, set, investigational, what, declared) = match &fact.object {
            FactObject::Values { measure, test, .. } => {
                let found = self.values_of(measure, test.as_ref())?;
                let declared = found.declared;
                values = Some(found);
                (
                    FactTable::Results,
                    None,
                    false,
                    "recorded without the time of day".to_owned(),
                    Some(declared),
                )
            }
            FactObject::Sets { names, .. } => {
                let id = self.fact_sets(names)?;
                self.examples_of_union(id, names);
                let (table, declared) = self
                    .tables
                    .sets
                    .get(id.index())
                    .and_then(Option::as_ref)
                    .map(|set| (set.table, set.span))?;
                (
                    table,
                    Some(id),
                    false,
                    format!("{} are recorded by day", table_words(table)),
                    Some(declared),
                )
            }
            FactObject::Any {
                investigational,
                kind,
                ..
            } => {
                let table = fact_table(*kind);
                if *investigational && table != FactTable::Treatments {
                    self.misplaced(
                        object_span(&fact.object),
                        "only treatments are marked as investigational",
                    );
                    return None;
                }
                (
                    table,
                    None,
                    *investigational,
                    format!("{} are recorded by day", table_words(table)),
                    None,
                )
            }
        };
        self.verb(fact, table)?;
        let tense = match fact.tense {
            Written::Now | Written::NotNow => Tense::Now,
            Written::Ever | Written::Never => Tense::Ever,
            Written::During | Written::NotDuring => Tense::During,
        };
        let negated = matches!(
            fact.tense,
            Written::NotNow | Written::Never | Written::NotDuring
        );
        let timed = match &values {
            Some(values) => values.timed,
            None => self.is_timed_set(set),
        };
        let inside = Inside {
            what: &what,
            declared,
            timed,
            has_sample: false,
            is_drug: table == FactTable::Treatments,
        };
        let window = match &fact.window {
            Some(window) if adds_doses(fact) => Some(self.clause_window(window, inside)?),
            Some(window) => Some(self.window(window, inside)?),
            None => None,
        };
        let tense = self.tense(fact, tense, window.is_some())?;
        if table == FactTable::Results {
            self.not_now(fact, tense)?;
        }
        self.at_most_one_sum(fact)?;
        self.total_dose_has_no_length(fact)?;
        self.total_dose_has_days(fact, window.as_ref())?;
        let mut filters = Vec::new();
        for filter in &fact.filters {
            filters.push(self.filter(filter, table, timed));
        }
        if let Some(values) = &values {
            self.times_of_day(&fact.filters, values.timed, values.declared, &fact.object)?;
        }
        let frequency = self.frequency(fact, table)?;
        let mut exceptions = Vec::new();
        for except in fact
            .exceptions
            .iter()
            .filter_map(Member::of)
            .chain(below.iter().copied())
        {
            exceptions.push(self.member_exception(except, table, &fact.object));
        }
        let measure = values.as_ref().map(|values| values.measure);
        let such_that = match &fact.called {
            Some(called) => {
                let polarity = self.polarity_of_each(fact, negated);
                let read =
                    |checker: &mut Self| checker.such_that(called, (table, timed), measure, body);
                Some(self.under_polarity(polarity, read)?)
            }
            None => None,
        };
        let mut filters = filters.into_iter().collect::<Option<Vec<_>>>()?;
        filters.extend(values.and_then(|values| values.filter));
        Some(Fact {
            negated,
            frequency,
            such_that,
            tense,
            table,
            set,
            measure,
            investigational,
            filters,
            exceptions: exceptions.into_iter().collect::<Option<Vec<_>>>()?,
            window,
        })
    }

    pub(crate) fn fact_set(&mut self, name: &Name) -> Option<lind_model::SetId> {
        let (symbol, declared) = self.resolve(name)?;
        match symbol {
            Symbol::Set(id) => Some(id),
            Symbol::Judgement(_) | Symbol::Definition(_) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0202_WRONG_SORT,
                        name.span,
                        format!(
                            "`{}` is {}, which is used by its name alone",
                            name.text,
                            symbol.sort()
                        ),
                    )
                    .label("needs a set of codes")
                    .also(declared, format!("declared here as {}", symbol.sort())),
                );
                None
            }
            _ => {
                self.needs(name, "a set of codes", symbol, declared);
                None
            }
        }
    }

    /// The tense with its window: `has had …` needs one.
    fn tense(&mut self, fact: &tree::Fact, tense: Tense, has_window: bool) -> Option<Tense> {
        match (tense, has_window) {
            // The beginning or the end says when.
            (Tense::During, false) if says_when(fact) => Some(Tense::Ever),
            (Tense::During, false) => {
                let milestone = self
                    .usual_milestone()
                    .unwrap_or_else(|| Arc::from("screening"));
                let verb = fact.verb.as_ref().map_or("had", |verb| verb.text.as_str());
                // The window stands behind all that is said of the records.
                let object = object_span(&fact.object);
                let end = fact
                    .filters
                    .iter()
                    .map(|filter| filter.span.end)
                    .chain(fact.exceptions.iter().map(|except| except.span.end))
                    .fold(object.end, u32::max);
                let end = Span::new(object.file, end, end);
                self.sink.push(
                    Diagnostic::new(&rules::E0410_WINDOW_MISSING, object_span(&fact.object), format!("`has {verb} …` does not say when"))
                        .label("when?")
                        .note(format!("write a window, or `has ever {verb} …` if it counts whenever it was"))
                        .suggest(format!("write `within 30 days before {milestone}`, with the length that is meant"), end, format!(" within 30 days before {milestone}")),
                );
                None
            }
            // `has X within …`: the window is what makes it a perfect tense.
            (Tense::Now | Tense::Ever, true) => Some(Tense::During),
            _ => Some(tense),
        }
    }

    fn verb(&mut self, fact: &tree::Fact, table: FactTable) -> Option<()> {
        let right = match table {
            FactTable::Conditions
            | FactTable::Allergies
            | FactTable::Results
            | FactTable::AdverseEvents => "had",
            FactTable::Treatments => "received",
            FactTable::Procedures => "undergone",
        };
        match &fact.verb {
            Some(verb) if verb.text == "taking" => self.taking(fact, verb, table),
            Some(verb) if verb.text != right => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0508_WRONG_VERB,
                        verb.span,
                        format!(
                            "one has `{right}` {}, not `{}`",
                            table_word(table),
                            verb.text
                        ),
                    )
                    .label("does not go with it")
                    .also(object_span(&fact.object), table_word(table))
                    .fix(format!("write `{right}`"), verb.span, right),
                );
                None
            }
            None if fact.tense == Written::Now
                && !is_every(fact)
                && matches!(table, FactTable::Treatments | FactTable::Procedures) =>
            {
                let place = object_span(&fact.object);
                let words = if fact.window.is_some() {
                    right.to_owned()
                } else {
                    format!("ever {right}")
                };
                let mut diagnostic = Diagnostic::new(
                    &rules::E0508_WRONG_VERB,
                    place,
                    format!(
                        "`has` alone goes with conditions and allergies; this is {}",
                        table_word(table)
                    ),
                )
                .label(table_word(table))
                .suggest(
                    format!("write `has {words}`"),
                    Span::new(place.file, place.start, place.start),
                    format!("{words} "),
                );
                if table == FactTable::Treatments && fact.window.is_none() {
                    diagnostic =
                        diagnostic.note("what is taken at the gate is asked by `is taking`");
                }
                self.sink.push(diagnostic);
                None
            }
            _ => Some(()),
        }
    }

    /// A field, if records of the table have it.
    pub(crate) fn field(&mut self, field: &Name, table: FactTable) -> Option<FactField> {
        let known = match field.text.as_str() {
            "severity" => (
                FactField::Severity,
                &[FactTable::Conditions, FactTable::Allergies][..],
            ),
            "outcome" => (FactField::Outcome, &[FactTable::Treatments][..]),
            "status" => (FactField::Status, &[FactTable::Conditions][..]),
            "body_site" => (
                FactField::BodySite,
                &[
                    FactTable::Conditions,
                    FactTable::Procedures,
                    FactTable::Results,
                ][..],
            ),
            "route" => (FactField::Route, &[FactTable::Treatments][..]),
            "source" => (FactField::Source, &[FactTable::Results][..]),
            "method" => (FactField::Method, &[FactTable::Results][..]),
            "specimen" => (FactField::Specimen, &[FactTable::Results][..]),
            "scale" => (FactField::Scale, &[FactTable::AdverseEvents][..]),
            "term" => (FactField::Term, &[FactTable::AdverseEvents][..]),
            "grade" => (FactField::Grade, &[FactTable::AdverseEvents][..]),
            _ => (FactField::Indication, &[FactTable::Treatments][..]),
        };
        if !known.1.contains(&table) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    field.span,
                    format!("{} have no {}", table_words(table), field.text),
                )
                .label(format!(
                    "recorded with {}",
                    known
                        .1
                        .iter()
                        .map(|table| table_words(*table))
                        .collect::<Vec<_>>()
                        .join(" and ")
                )),
            );
            return None;
        }
        Some(known.0)
    }

    pub(crate) fn filter(
        &mut self,
        filter: &tree::Filter,
        table: FactTable,
        timed: bool,
    ) -> Option<Filter> {
        match &filter.kind {
            FilterKind::Field { field, values } => {
                let known = self.field(field, table)?;
                let allowed: &[&str] = match known {
                    FactField::Severity => SEVERITIES,
                    FactField::Outcome => &["response", "no_response", "relapse", "intolerance"],
                    FactField::Status => &["active", "remission", "resolved"],
                    _ => &[],
                };
                if matches!(
                    known,
                    FactField::BodySite
                        | FactField::Route
                        | FactField::Indication
                        | FactField::Scale
                ) {
                    for value in values {
                        self.tables.field_words.note(&field.text, value);
                    }
                }
                for value in values {
                    if !allowed.is_empty() && !allowed.contains(&value.text.as_str()) {
                        let mut diagnostic = Diagnostic::new(
                            &rules::E0310_UNKNOWN_LEVEL,
                            value.span,
                            format!("`{}` is no {}", value.text, field.text),
                        )
                        .label(format!("one of {}", allowed.join(", ")));
                        if let Some(near) =
                            lind_diagnostics::closest(&value.text, allowed.iter().copied())
                        {
                            diagnostic =
                                diagnostic.suggest(format!("write `{near}`"), value.span, near);
                        }
                        self.sink.push(diagnostic);
                        return None;
                    }
                }
                Some(Filter::Field(
                    known,
                    values
                        .iter()
                        .map(|value| Arc::from(value.text.as_str()))
                        .collect(),
                ))
            }
            FilterKind::TimeOfDay { from, to } => {
                if table != FactTable::Results {
                    let what = table_words(table);
                    self.misplaced(filter.span, &format!("{what} are recorded by day"));
                    return None;
                }
                Some(Filter::TimeOfDay(self.time_of_day(from, to)?))
            }
            FilterKind::Dose {
                comparator,
                limit,
                equivalent,
            } => self.dose(
                comparison(*comparator),
                limit,
                equivalent.as_ref(),
                table,
                filter.span,
            ),
            FilterKind::TotalDose {
                comparator,
                limit,
                equivalent,
            } => self.total_dose(
                comparison(*comparator),
                limit,
                equivalent.as_ref(),
                table,
                filter.span,
            ),
            FilterKind::Line { comparator, number } => {
                self.line(comparison(*comparator), number, table, filter.span)
            }
            FilterKind::Grade(limit) => self.grade(limit, table, filter.span),
            FilterKind::Judged { attribute, negated } => {
                self.judged_of_event(*attribute, *negated, table, filter.span)
            }
            FilterKind::Steady(steady) => self.steady_dose(steady, table, filter.span),
            FilterKind::Lasting(_) | FilterKind::DiseaseFree(_) if table == FactTable::Results => {
                self.misplaced(filter.span, "a result is of one moment, and does not last");
                None
            }
            FilterKind::Lasting(lasting) => {
                let inner = self.lasting(lasting);
                let gap = lasting.gaps.as_ref().map(|gap| self.gap(gap));
                let inner = inner?;
                Some(match (lasting.in_total, gap) {
                    (Some(_), _) => Filter::InTotal(inner),
                    (None, Some(gap)) => Filter::Stretch {
                        lasting: inner,
                        gap: gap?,
                    },
                    (None, None) => Filter::Lasting(inner),
                })
            }
            FilterKind::DiseaseFree(lasting) => {
                if table != FactTable::Conditions {
                    self.misplaced(
                        filter.span,
                        "only conditions are followed by a disease-free time",
                    );
                    return None;
                }
                Some(Filter::DiseaseFree(self.lasting(lasting)?))
            }
            FilterKind::Edge { end, window } => {
                self.edge_filter(filter, *end, window, (table, timed))
            }
        }
    }

    pub(crate) fn dose(
        &mut self,
        comparison: lind_model::protocol::Comparison,
        limit: &tree::Quantity,
        equivalent: Option<&Name>,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        if table != FactTable::Treatments {
            self.misplaced(span, "only treatments have a dose");
            return None;
        }
        let value = self.decimal(&limit.number)?.to_exact();
        let Some(unit_name) = &limit.unit else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0301_MISSING_UNIT,
                    limit.span,
                    "a dose needs a unit",
                )
                .label("no unit")
                .suggest(
                    format!("write `{} mg/day`, if that was meant", limit.number.text),
                    limit.span,
                    format!("{} mg/day", limit.number.text),
                ),
            );
            return None;
        };
        let unit = self.unit(unit_name)?;
        if unit.dimension().exponent(&Generator::Time) >= 0 {
            let a_day = format!("{}/day", unit_name.text.trim());
            let mut diagnostic = Diagnostic::new(
                &rules::E0303_DIMENSION_MISMATCH,
                unit_name.span,
                "a dose is limited by the day",
            )
            .label(unit.dimension().to_string());
            if Unit::parse(&a_day).is_ok() {
                diagnostic = diagnostic.suggest(
                    format!(
                        "write `{} {a_day}`, if that is the dose of a day",
                        limit.number.text
                    ),
                    unit_name.span,
                    a_day,
                );
            }
            self.sink.push(diagnostic);
            return None;
        }
        let equivalence = match equivalent {
            None => None,
            Some(name) => {
                let (id, daily) = self.equivalence(name)?;
                if unit.conversion(&daily, None).is_err() {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0303_DIMENSION_MISMATCH,
                            unit_name.span,
                            format!(
                                "`{}` does not convert into the doses of `{}`",
                                unit_name.text, name.text
                            ),
                        )
                        .label(unit.dimension().to_string())
                        .also(name.span, daily.dimension().to_string()),
                    );
                    return None;
                }
                Some(id)
            }
        };
        if value < Exact::zero() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0308_IMPLAUSIBLE_LIMIT,
                    limit.span,
                    "a dose is not negative",
                )
                .label("negative"),
            );
            return None;
        }
        Some(Filter::Dose {
            interval: Interval::comparison(comparison, value),
            unit,
            equivalence,
        })
    }

    fn member_exception(
        &mut self,
        except: Member<'_>,
        table: FactTable,
        object: &FactObject,
    ) -> Option<MemberException> {
        let set = self.find_set(except.name)?;
        self.whole_list(set, except.name.span)?;
        let own = self
            .tables
            .sets
            .get(set.index())
            .and_then(Option::as_ref)
            .map(|set| (set.table, set.span))?;
        if own.0 != table {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0202_WRONG_SORT,
                    except.name.span,
                    format!(
                        "`{}` can be no member of what stands above",
                        except.name.text
                    ),
                )
                .label(format!("codes of {}", table_words(own.0)))
                .also(
                    object_span(object),
                    format!("codes of {}", table_words(table)),
                ),
            );
            return None;
        }
        let disease_free = match except.disease_free {
            Some(lasting) => Some(self.lasting(lasting)?),
            None => None,
        };
        Some(MemberException {
            set,
            disease_free,
            text: self.text(except.span),
        })
    }
}

pub(crate) fn object_span(object: &FactObject) -> Span {
    match object {
        FactObject::Sets { span, .. }
        | FactObject::Any { span, .. }
        | FactObject::Values { span, .. } => *span,
    }
}

/// `every …` needs no verb.
fn is_every(fact: &tree::Fact) -> bool {
    fact.count
        .as_ref()
        .is_some_and(|count| count.quantifier == tree::Quantifier::All)
}

/// Whether a fact asks for the doses of all records together.
fn adds_doses(fact: &tree::Fact) -> bool {
    fact.filters
        .iter()
        .any(|filter| matches!(filter.kind, FilterKind::TotalDose { .. }))
}
