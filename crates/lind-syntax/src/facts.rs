//! Conditions on facts: what happened, which of it, and records by their names.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Called, Comparator, ComparatorKind, Fact, FactCount, FactObject, Filter, FilterKind, Name,
    Quantifier, RecordWhat, SetKind, SingleKind, Tense,
};

impl Source<'_> {
    pub(crate) fn fact(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
        let tensed = pair
            .into_inner()
            .find(|part| !matches!(part.as_rule(), Rule::kw_has | Rule::kw_is))?;
        let form = tensed.as_rule();
        let mut verb = None;
        let mut no = false;
        let mut object = None;
        for part in tensed.into_inner() {
            match part.as_rule() {
                Rule::verb | Rule::taking => verb = Some(self.name(&part)),
                Rule::kw_no | Rule::kw_not => no = true,
                Rule::fact_object | Rule::fact_object_now => object = Some(part),
                _ => {}
            }
        }
        let tense = match form {
            Rule::tense_never => Tense::Never,
            Rule::tense_ever => Tense::Ever,
            Rule::tense_in_window if no => Tense::NotDuring,
            Rule::tense_in_window => Tense::During,
            Rule::tense_no => Tense::NotNow,
            Rule::tense_taking if no => Tense::NotNow,
            _ => Tense::Now,
        };
        self.fact_object(object?, tense, verb)
    }

    /// `every current antimalarial, called C, such that`
    pub(crate) fn every_record(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
        let mut every = None;
        let mut tense = Tense::Ever;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_every => every = Some(self.span(&part)),
                Rule::current_word => tense = Tense::Now,
                _ => {}
            }
        }
        let mut fact = self.fact_object(pair, tense, None)?;
        fact.count = Some(FactCount {
            quantifier: Quantifier::All,
            different: None,
            consecutive: None,
            lines: None,
            span: every?,
        });
        Some(fact)
    }

    /// `C has severity severe`, `C has the same body_site as D`, `C lasted at least 3 months`
    pub(crate) fn record(&mut self, pair: Pair<'_, Rule>) -> Option<SingleKind> {
        let span = self.span(&pair);
        if pair.as_rule() == Rule::record_lasted {
            let lasting = self.lasting(pair.clone());
            let record = self.names(pair.into_inner()).into_iter().next()?;
            let kind = FilterKind::Lasting(lasting);
            let what = RecordWhat::Filter(Filter { kind, span });
            return Some(SingleKind::Record { record, what });
        }
        if pair.as_rule() == Rule::record_edge {
            let kind = self.filter_kind(pair.clone())?;
            let record = self.names(pair.into_inner()).into_iter().next()?;
            let what = RecordWhat::Filter(Filter { kind, span });
            return Some(SingleKind::Record { record, what });
        }
        let mut record = None;
        let mut what = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => record = Some(self.name(&part)),
                Rule::record_shares => {
                    let mut field = None;
                    let mut other = None;
                    for inner in part.into_inner() {
                        match inner.as_rule() {
                            Rule::field_word | Rule::shared_word => field = Some(self.name(&inner)),
                            Rule::name => other = Some(self.name(&inner)),
                            _ => {}
                        }
                    }
                    what = Some(RecordWhat::Shares {
                        field: field?,
                        other: other?,
                    });
                }
                Rule::record_dose
                | Rule::record_line
                | Rule::record_grade
                | Rule::record_judged
                | Rule::record_field => {
                    let kind = self.filter_kind(part)?;
                    what = Some(RecordWhat::Filter(Filter { kind, span }));
                }
                _ => {}
            }
        }
        Some(SingleKind::Record {
            record: record?,
            what: what?,
        })
    }

    pub(crate) fn fact_object(
        &mut self,
        object: Pair<'_, Rule>,
        tense: Tense,
        verb: Option<Name>,
    ) -> Option<Fact> {
        let mut called = None;
        let mut about = None;
        let mut filters = Vec::new();
        let mut exceptions = Vec::new();
        let mut window = None;
        let mut count = None;
        let mut apart = None;
        for part in object.into_inner() {
            match part.as_rule() {
                Rule::fact_count => count = self.fact_count(part),
                Rule::called => called = self.called(part),
                Rule::apart => apart = Some(self.lasting(part)),
                Rule::values_of => about = self.values_of(part),
                Rule::fact_names => {
                    let span = self.span(&part);
                    let names = self.names(part.into_inner());
                    about = Some(FactObject::Sets { names, span });
                }
                Rule::adverse_events => {
                    let (object, serious) = self.adverse_events(&part);
                    about = Some(object);
                    filters.extend(serious);
                }
                Rule::any_treatment => {
                    let words = part.as_str();
                    let investigational = words.contains("investigational");
                    about = Some(FactObject::Any {
                        investigational,
                        kind: if words.trim_end().ends_with("procedure") {
                            SetKind::Procedure
                        } else {
                            SetKind::Treatment
                        },
                        span: self.span(&part),
                    });
                }
                Rule::name => {
                    let name = self.name(&part);
                    let span = name.span;
                    about = Some(FactObject::Sets {
                        names: vec![name],
                        span,
                    });
                }
                Rule::fact_filter => filters.extend(self.filter(part)),
                Rule::except_member => exceptions.extend(self.except(part)),
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        Some(Fact {
            tense,
            verb,
            count,
            object: about?,
            filters,
            exceptions,
            window,
            apart,
            called,
        })
    }

    pub(crate) fn called(&mut self, pair: Pair<'_, Rule>) -> Option<Called> {
        let span = self.span(&pair);
        let name = self.names(pair.into_inner()).into_iter().next()?;
        Some(Called { name, span })
    }

    pub(crate) fn fact_count(&mut self, pair: Pair<'_, Rule>) -> Option<FactCount> {
        let span = self.span(&pair);
        let (mut different, mut consecutive, mut lines) = (None, None, None);
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::different_word => different = Some(self.span(&part)),
                Rule::consecutive_word => consecutive = Some(self.span(&part)),
                Rule::lines_of => lines = Some(self.span(&part)),
                _ => {}
            }
        }
        Some(FactCount {
            quantifier: self.count(pair)?,
            different,
            consecutive,
            lines,
            span,
        })
    }

    pub(crate) fn filter(&mut self, pair: Pair<'_, Rule>) -> Option<Filter> {
        let span = self.span(&pair);
        let kind = self.filter_kind(pair.into_inner().next()?)?;
        Some(Filter { kind, span })
    }

    pub(crate) fn filter_kind(&mut self, part: Pair<'_, Rule>) -> Option<FilterKind> {
        Some(match part.as_rule() {
            Rule::with_field | Rule::record_field => {
                let mut field = None;
                let mut values = Vec::new();
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::field_word => field = Some(self.name(&inner)),
                        Rule::name => values.push(self.name(&inner)),
                        _ => {}
                    }
                }
                FilterKind::Field {
                    field: field?,
                    values,
                }
            }
            rule @ (Rule::with_dose | Rule::with_total_dose | Rule::record_dose) => {
                let mut comparator = None;
                let mut limit = None;
                let mut equivalent = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::comparator => comparator = Some(self.comparator(inner)),
                        Rule::quantity => limit = Some(self.quantity(inner)),
                        Rule::name => equivalent = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                let (comparator, limit) = (comparator?, limit?);
                if rule == Rule::with_total_dose {
                    FilterKind::TotalDose {
                        comparator,
                        limit,
                        equivalent,
                    }
                } else {
                    FilterKind::Dose {
                        comparator,
                        limit,
                        equivalent,
                    }
                }
            }
            Rule::with_line | Rule::record_line => {
                // `with line 1` is line 1 and no other.
                let mut comparator = Comparator {
                    kind: ComparatorKind::Equal,
                    span: self.span(&part),
                };
                let mut number = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::comparator => comparator = self.comparator(inner),
                        Rule::number => number = Some(self.number(&inner)),
                        _ => {}
                    }
                }
                FilterKind::Line {
                    comparator,
                    number: number?,
                }
            }
            Rule::with_grade | Rule::record_grade => self.grade(part)?,
            Rule::event_judged | Rule::record_judged => self.judged_of_event(part)?,
            Rule::time_of_day => self.time_of_day(part)?.kind,
            Rule::with_steady_dose => FilterKind::Steady(self.steady(part)?),
            Rule::lasting => FilterKind::Lasting(self.lasting(part)),
            Rule::disease_free => FilterKind::DiseaseFree(self.lasting(part)),
            Rule::edge_filter | Rule::record_edge => {
                let mut end = false;
                let mut window = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::begun_or_ended | Rule::began_or_ended => {
                            end = inner.as_str().trim() == "ended";
                        }
                        Rule::window => window = Some(self.window(inner)),
                        _ => {}
                    }
                }
                FilterKind::Edge {
                    end,
                    window: window?,
                }
            }
            _ => return None,
        })
    }
}
