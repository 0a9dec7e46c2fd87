//! Body lines: clauses, list openers and conditions.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Allowed, Condition, Connective, ConnectiveKind, EntryKind, EntryLabel, Population, Selector,
    Single, SingleKind, Window, WindowKind,
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
