//! Body lines: clauses, list openers and conditions.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Allowed, Called, Comparator, ComparatorKind, Condition, Connective, ConnectiveKind, EntryKind,
    EntryLabel, Evidence, Fact, FactCount, FactObject, Filter, FilterKind, Limit, Measured, Name,
    Population, Provenance, Quantifier, RecordWhat, ReferenceRange, Selector, SetKind, Single,
    SingleKind, Spell, Tense, Test, TestKind, Window, WindowKind,
};

impl Source<'_> {
    /// A whole body line: its label, if any, and what it says.
    pub(crate) fn body_line(&mut self, pair: Pair<'_, Rule>) -> (Option<EntryLabel>, EntryKind) {
        let mut label = None;
        let mut kind = EntryKind::Empty;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::labelled => {
                    for inner in part.into_inner() {
                        match inner.as_rule() {
                            Rule::label => label = self.label(inner),
                            Rule::unlabelled => kind = self.entry_kind(inner),
                            _ => {}
                        }
                    }
                }
                Rule::unlabelled => kind = self.entry_kind(part),
                Rule::washout_row => {
                    kind = self
                        .washout_row(part)
                        .map_or(EntryKind::Broken, EntryKind::WashoutRow);
                }
                _ => {}
            }
        }
        (label, kind)
    }

    fn label(&self, pair: Pair<'_, Rule>) -> Option<EntryLabel> {
        let mut parts = pair.into_inner();
        let name = parts.next().map(|part| self.name(&part))?;
        let title = parts.next().map(|part| self.text(&part));
        Some(EntryLabel { name, title })
    }

    fn entry_kind(&mut self, pair: Pair<'_, Rule>) -> EntryKind {
        let Some(part) = pair.into_inner().next() else {
            return EntryKind::Broken;
        };
        let span = self.span(&part);
        match part.as_rule() {
            Rule::at_clause => {
                let mut gate = None;
                let mut then = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::name => gate = Some(self.name(&inner)),
                        Rule::unlabelled => then = Some(Box::new(self.entry_kind(inner))),
                        _ => {}
                    }
                }
                gate.map_or(EntryKind::Broken, |gate| EntryKind::At { gate, then })
            }
            Rule::visits_clause => self.at_visits(part),
            Rule::assumed_clause => {
                first_text(self, part).map_or(EntryKind::Broken, EntryKind::Assumed)
            }
            Rule::grade_clause => {
                let number = self.grade_number(part.clone());
                let then = part
                    .into_inner()
                    .find(|inner| inner.as_rule() == Rule::unlabelled)
                    .map(|inner| Box::new(self.entry_kind(inner)));
                number.map_or(EntryKind::Broken, |number| EntryKind::Grade {
                    number,
                    then,
                })
            }
            Rule::if_clause => {
                let mut condition = None;
                let mut then = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::condition => condition = Some(self.condition(inner)),
                        Rule::unlabelled => then = Some(Box::new(self.entry_kind(inner))),
                        _ => {}
                    }
                }
                condition.map_or(EntryKind::Broken, |condition| EntryKind::If {
                    condition,
                    then,
                })
            }
            Rule::if_unknown => {
                let met = counts_as_met(part.clone());
                first_text(self, part)
                    .map_or(EntryKind::Broken, |why| EntryKind::IfUnknown { met, why })
            }
            Rule::if_not_measured => part
                .into_inner()
                .find(|inner| inner.as_rule() == Rule::condition)
                .map(|condition| self.condition(condition))
                .map_or(EntryKind::Broken, EntryKind::IfNotMeasured),
            Rule::allowed_clause => {
                let words = part.clone();
                let name = self.names(part.into_inner()).into_iter().next();
                name.map(Allowed::Set)
                    .or_else(|| first_text(self, words).map(Allowed::Words))
                    .map_or(EntryKind::Broken, EntryKind::Allowed)
            }
            Rule::counts_clause => self
                .counts(part)
                .map_or(EntryKind::Broken, EntryKind::CountsAs),
            Rule::share_clause => part
                .into_inner()
                .find(|inner| inner.as_rule() == Rule::number)
                .map_or(EntryKind::Broken, |number| {
                    EntryKind::Share(self.number(&number))
                }),
            Rule::limits_opener => self
                .limits(part)
                .map_or(EntryKind::Broken, EntryKind::Limits),
            Rule::limit_case => self
                .limit_case(part)
                .map_or(EntryKind::Broken, EntryKind::LimitCase),
            Rule::source_clause => {
                first_text(self, part).map_or(EntryKind::Broken, EntryKind::Source)
            }
            Rule::note_clause => first_text(self, part).map_or(EntryKind::Broken, EntryKind::Note),
            Rule::take_clause => self.take(part),
            Rule::samples_clause => self.samples(part, span),
            Rule::except_clause => self
                .except(part)
                .map_or(EntryKind::Broken, EntryKind::Except),
            Rule::chosen_clause => {
                let mut alternative = None;
                let mut reason = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::label_name => alternative = Some(self.name(&inner)),
                        Rule::string => reason = Some(self.text(&inner)),
                        _ => {}
                    }
                }
                alternative.map_or(EntryKind::Broken, |alternative| EntryKind::Chosen {
                    alternative,
                    reason,
                })
            }
            Rule::depending_clause => self
                .names(part.into_inner())
                .into_iter()
                .next()
                .map_or(EntryKind::Broken, EntryKind::Depending),
            Rule::for_clause => {
                let mut population = None;
                let mut then = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::population => population = self.population(inner),
                        Rule::unlabelled => then = Some(Box::new(self.entry_kind(inner))),
                        _ => {}
                    }
                }
                population.map_or(EntryKind::Broken, |population| EntryKind::For {
                    population,
                    then,
                })
            }
            Rule::list_opener => self
                .quantifier(part)
                .map_or(EntryKind::Broken, EntryKind::List),
            Rule::washout_opener => part
                .into_inner()
                .find(|inner| inner.as_rule() == Rule::anchor)
                .map_or(EntryKind::Broken, |anchor| {
                    EntryKind::Washout(self.anchor(anchor))
                }),
            Rule::commitment_span => self.term(part).map_or(EntryKind::Broken, EntryKind::Term),
            Rule::month_rule => self.month_rule(part),
            Rule::domain_line => self
                .names(part.into_inner())
                .into_iter()
                .next()
                .map_or(EntryKind::Broken, EntryKind::Domain),
            Rule::code_field => EntryKind::Codes(self.names(part.into_inner())),
            Rule::unverified_field => {
                first_text(self, part).map_or(EntryKind::Broken, EntryKind::Unverified)
            }
            Rule::wording => first_text(self, part).map_or(EntryKind::Broken, EntryKind::Wording),
            Rule::condition => EntryKind::Condition(self.condition(part)),
            _ => EntryKind::Broken,
        }
    }

    pub(crate) fn population(&self, pair: Pair<'_, Rule>) -> Option<Population> {
        let span = self.span(&pair);
        let mut people = None;
        let mut with = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::people => people = Some(self.name(&part)),
                Rule::name => with = Some(self.name(&part)),
                _ => {}
            }
        }
        Some(Population {
            people: people?,
            with,
            span,
        })
    }

    pub(crate) fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let span = self.span(&pair);
        let mut parts = Vec::new();
        let mut connectives = Vec::new();
        let mut unless = None;
        for part in pair.into_inner() {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::single => parts.extend(self.single(part)),
                Rule::unless => unless = Some(Box::new(self.condition(part))),
                Rule::connective => {
                    let kind = match part.into_inner().next().map(|inner| inner.as_rule()) {
                        Some(Rule::kw_and) => ConnectiveKind::And,
                        Some(Rule::kw_or) => ConnectiveKind::Or,
                        _ => ConnectiveKind::AndOr,
                    };
                    connectives.push(Connective { kind, span: place });
                }
                _ => {}
            }
        }
        Condition {
            parts,
            connectives,
            unless,
            span,
        }
    }

    fn single(&mut self, pair: Pair<'_, Rule>) -> Option<Single> {
        let span = self.span(&pair);
        let part = pair.into_inner().next()?;
        let kind = match part.as_rule() {
            Rule::as_read => SingleKind::AsRead(self.names(part.into_inner()).into_iter().next()?),
            Rule::judged => {
                let mut judge = None;
                let mut item = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::judge => judge = Some(self.name(&inner)),
                        Rule::name => item = Some(self.name(&inner)),
                        _ => {}
                    }
                }
                SingleKind::Judged {
                    judge: judge?,
                    item: item?,
                }
            }
            Rule::happened => {
                let mut milestone = None;
                let mut window = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::name => milestone = Some(self.name(&inner)),
                        Rule::window => window = Some(self.window(inner)),
                        _ => {}
                    }
                }
                SingleKind::Happened(milestone?, window)
            }
            Rule::fact => SingleKind::Fact(self.fact(part)?),
            Rule::every_record => SingleKind::Fact(self.every_record(part)?),
            Rule::record_has | Rule::record_is | Rule::record_lasted | Rule::record_edge => {
                self.record(part)?
            }
            Rule::age_test => {
                let mut at = None;
                let mut test = None;
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::name => at = Some(self.name(&inner)),
                        Rule::test => test = self.test(inner),
                        _ => {}
                    }
                }
                SingleKind::Age { at, test: test? }
            }
            Rule::measured => SingleKind::Measured(self.measured(part)?),
            Rule::term => SingleKind::Term(self.names(part.into_inner()).into_iter().next()?),
            _ => return None,
        };
        Some(Single { kind, span })
    }

    fn fact(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
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
    fn every_record(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
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
    fn record(&mut self, pair: Pair<'_, Rule>) -> Option<SingleKind> {
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

    fn called(&mut self, pair: Pair<'_, Rule>) -> Option<Called> {
        let span = self.span(&pair);
        let name = self.names(pair.into_inner()).into_iter().next()?;
        Some(Called { name, span })
    }

    fn fact_count(&mut self, pair: Pair<'_, Rule>) -> Option<FactCount> {
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

    fn filter(&mut self, pair: Pair<'_, Rule>) -> Option<Filter> {
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

    fn measured(&mut self, pair: Pair<'_, Rule>) -> Option<Measured> {
        let mut selector = None;
        let mut measure = None;
        let mut windows = Vec::new();
        let mut test = None;
        let mut also_stated = None;
        let mut without = Vec::new();
        let mut provenance = Vec::new();
        let mut times_of_day = Vec::new();
        let mut evidence = None;
        let mut persistence = None;
        let mut never = None;
        let mut spells: Vec<Spell> = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::left_out => without = self.names(part.into_inner()),
                Rule::time_of_day => times_of_day.extend(self.time_of_day(part)),
                Rule::provenance => provenance.extend(self.provenance(part)),
                Rule::evidence => evidence = self.evidence(part),
                Rule::selector => selector = self.selector(part),
                Rule::name => measure = Some(self.name(&part)),
                Rule::at_milestone => windows.extend(self.at_milestone(part)),
                Rule::window => {
                    let window = self.window(part);
                    windows.push(window);
                }
                Rule::test => test = self.test(part),
                Rule::change => test = self.change(part),
                Rule::becomes => test = self.becomes(part),
                Rule::never => {
                    never = Some(self.span(&part));
                    test = self.test(part);
                }
                Rule::spell => spells.extend(self.spell(part)),
                Rule::spell_clause => {
                    if let Some(spell) = spells.last_mut() {
                        self.spell_clause(part, spell);
                    } else if let Some(clause) = self.lone_clause(part) {
                        spells.push(clause);
                    }
                }
                Rule::persistence => persistence = self.persistence(part),
                Rule::also_stated => also_stated = self.also_stated(part),
                _ => {}
            }
        }
        Some(Measured {
            selector,
            measure: measure?,
            without,
            provenance,
            times_of_day,
            windows,
            test: test?,
            also_stated,
            evidence,
            persistence,
            never,
            spells,
        })
    }

    /// `with source central_laboratory`
    fn provenance(&mut self, pair: Pair<'_, Rule>) -> Option<Provenance> {
        let span = self.span(&pair);
        let mut field = None;
        let mut values = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::provenance_word => field = Some(self.name(&part)),
                Rule::name => values.push(self.name(&part)),
                _ => {}
            }
        }
        Some(Provenance {
            field: field?,
            values,
            span,
        })
    }

    /// `with at least 2 values within 1 year before baseline`
    fn evidence(&mut self, pair: Pair<'_, Rule>) -> Option<Evidence> {
        let span = self.span(&pair);
        let mut least = None;
        let mut window = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => least = Some(self.number(&part)),
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        Some(Evidence {
            least: least?,
            window,
            span,
        })
    }

    pub(crate) fn test(&mut self, pair: Pair<'_, Rule>) -> Option<Test> {
        let span = self.span(&pair);
        let mut negated = false;
        let mut comparator: Option<Comparator> = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test_not => negated = true,
                Rule::tag_test => {
                    let kind = self.tag_test(part);
                    return Some(Test { kind, span });
                }
                Rule::reference_range => {
                    let place = match part.as_str().split_whitespace().next() {
                        Some("above") => ReferenceRange::Above,
                        Some("below") => ReferenceRange::Below,
                        Some("outside") => ReferenceRange::Outside,
                        _ => ReferenceRange::Within,
                    };
                    return Some(Test {
                        kind: TestKind::Reference { place, negated },
                        span,
                    });
                }
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::limit | Rule::level => {
                    return Some(Test {
                        kind: TestKind::Compare(comparator?, self.limit(part)),
                        span,
                    });
                }
                Rule::range => {
                    let range = self.range(part);
                    let kind = TestKind::Between {
                        low: Limit::Quantity(range.low),
                        high: Limit::Quantity(range.high),
                        ends: range.ends,
                    };
                    return Some(Test { kind, span });
                }
                Rule::own_range => {
                    let kind = self.own_range(part)?;
                    return Some(Test { kind, span });
                }
                Rule::multiple_range | Rule::level_range => {
                    let (low, high, ends) = self.range_of_limits(part)?;
                    return Some(Test {
                        kind: TestKind::Between { low, high, ends },
                        span,
                    });
                }
                Rule::number_result => {
                    let quantities: Vec<_> = part
                        .into_inner()
                        .filter(|inner| inner.as_rule() == Rule::quantity)
                        .map(|inner| self.quantity(inner))
                        .collect();
                    let values = quantities
                        .iter()
                        .map(|quantity| Name {
                            text: quantity.as_level(),
                            span: quantity.span,
                        })
                        .collect::<Vec<_>>();
                    let kind = match <[_; 1]>::try_from(quantities) {
                        // `is 3 points` is a comparison; `is 0 or 1` is a choice of levels.
                        Ok([quantity]) if !negated => {
                            let comparator = Comparator {
                                kind: ComparatorKind::Equal,
                                span: quantity.span,
                            };
                            TestKind::Compare(comparator, Limit::Quantity(quantity))
                        }
                        _ => TestKind::OneOf { values, negated },
                    };
                    return Some(Test { kind, span });
                }
                Rule::result_name | Rule::plain_results => {
                    let values = self.names(part.into_inner());
                    return Some(Test {
                        kind: TestKind::OneOf { values, negated },
                        span,
                    });
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether `counts as met` is said somewhere inside, rather than `counts as not met`.
pub(crate) fn counts_as_met(pair: Pair<'_, Rule>) -> bool {
    pair.into_inner()
        .flat_map(|part| std::iter::once(part.clone()).chain(part.into_inner()))
        .all(|part| part.as_rule() != Rule::counts_as_not_met)
}

pub(crate) fn first_text(source: &Source<'_>, pair: Pair<'_, Rule>) -> Option<crate::tree::Text> {
    pair.into_inner()
        .find(|part| part.as_rule() == Rule::string)
        .map(|part| source.text(&part))
}

pub(crate) fn selector_of(word: &str) -> Selector {
    match word.trim() {
        "first" => Selector::First,
        "highest" => Selector::Highest,
        "lowest" => Selector::Lowest,
        "worst" => Selector::Worst,
        "any" => Selector::Any,
        "every" => Selector::Every,
        word if word.starts_with("mean") => Selector::Mean,
        _ => Selector::Latest,
    }
}

/// The window of a `values from consent on` line.
pub(crate) fn whole_window(source: &mut Source<'_>, pair: Pair<'_, Rule>) -> Window {
    let span = source.span(&pair);
    let window = pair
        .into_inner()
        .find(|part| part.as_rule() == Rule::window);
    match window {
        Some(window) => source.window(window),
        None => Window {
            kind: WindowKind::Before(crate::tree::Anchor::Sample(span)),
            by_day: None,
            as_known: None,
            also_stated: None,
            span,
        },
    }
}
