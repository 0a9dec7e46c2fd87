//! Populations, endpoints, and how values are summed up: the lines below their heads.

use pest::iterators::{Pair, Pairs};

use crate::body::selector_of;
use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    EndpointLine, Name, StatisticsLine, SummaryKind, SummaryLine, Test, Valued, Variable, Window,
};

/// The parts of a variable, gathered by their kind.
#[derive(Default)]
struct Parts {
    selector: Option<(crate::tree::Selector, lind_diagnostics::Span)>,
    name: Option<Name>,
    without: Vec<Name>,
    test: Option<Test>,
    window: Option<Window>,
    last: bool,
}

impl Parts {
    fn valued(&mut self) -> Option<Valued> {
        Some(Valued {
            name: self.name.take()?,
            without: std::mem::take(&mut self.without),
            window: self.window.take(),
        })
    }
}

impl Source<'_> {
    /// A line below `endpoint`.
    pub(crate) fn endpoint_line(&mut self, pair: Pair<'_, Rule>) -> Option<EndpointLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        let span = self.span(&part);
        let rule = part.as_rule();
        let mut inner = part.into_inner();
        Some(match rule {
            Rule::source_clause => EndpointLine::Source(self.first_text(inner)?),
            Rule::note_clause => EndpointLine::Note(self.first_text(inner)?),
            Rule::assumed_clause => EndpointLine::Assumed(self.first_text(inner)?),
            Rule::endpoint_population => {
                let name = inner.find(|part| part.as_rule() == Rule::name)?;
                EndpointLine::Population(self.name(&name), span)
            }
            Rule::endpoint_variable => {
                let variable = inner.find(|part| part.as_rule() != Rule::variable_word)?;
                let span = self.span(&variable);
                EndpointLine::Variable(self.variable(variable)?, span)
            }
            Rule::endpoint_summary => EndpointLine::Summary(self.summary(inner)?, span),
            _ => return None,
        })
    }

    fn first_text(&mut self, mut parts: Pairs<'_, Rule>) -> Option<crate::tree::Text> {
        let text = parts.find(|part| part.as_rule() == Rule::string)?;
        Some(self.text(&text))
    }

    fn variable(&mut self, pair: Pair<'_, Rule>) -> Option<Variable> {
        let rule = pair.as_rule();
        if rule == Rule::variable_condition {
            let condition = pair
                .into_inner()
                .find(|part| part.as_rule() == Rule::condition)?;
            return Some(Variable::Whether(self.condition(condition)));
        }
        let mut parts = Parts::default();
        self.variable_parts(pair.into_inner(), &mut parts);
        Some(match rule {
            Rule::variable_events => Variable::AdverseEvents(parts.window?),
            Rule::variable_grade => Variable::WorstGrade(parts.name?, parts.window?),
            Rule::variable_day_of => {
                let selector = parts.selector?;
                Variable::DayOf(selector, parts.valued()?)
            }
            Rule::variable_value => {
                let selector = parts.selector?;
                Variable::Value(selector, parts.valued()?)
            }
            Rule::variable_day_with => Variable::DayWith {
                last: parts.last,
                valued: parts.valued()?,
                test: parts.test?,
            },
            Rule::variable_visit_with => Variable::VisitWith(parts.valued()?, parts.test?),
            Rule::variable_days => Variable::DaysWith(parts.valued()?, parts.test?),
            Rule::variable_area => Variable::Area(parts.valued()?),
            Rule::variable_at_visits => Variable::AtVisits(parts.valued()?),
            Rule::variable_change => Variable::ChangeAtVisits(parts.valued()?),
            Rule::variable_at_any_visit => Variable::AtAnyVisit(parts.name?, parts.window),
            Rule::variable_visit_in => Variable::VisitIn(parts.name?),
            Rule::variable_time_in => Variable::TimeIn(parts.name?),
            _ => return None,
        })
    }

    fn variable_parts(&mut self, pairs: Pairs<'_, Rule>, parts: &mut Parts) {
        for part in pairs {
            match part.as_rule() {
                Rule::value_of_window => self.variable_parts(part.into_inner(), parts),
                Rule::selector_word => {
                    let span = self.span(&part);
                    parts.selector = Some((selector_of(part.as_str().trim()), span));
                }
                Rule::chosen_day_word => parts.last = part.as_str().trim() == "last",
                Rule::name => parts.name = Some(self.name(&part)),
                Rule::left_out => parts.without = self.names(part.into_inner()),
                Rule::test => parts.test = self.test(part),
                Rule::window => parts.window = Some(self.window(part)),
                _ => {}
            }
        }
    }

    fn summary(&mut self, pairs: Pairs<'_, Rule>) -> Option<SummaryLine> {
        let mut kind = None;
        let mut by = Vec::new();
        let mut decimals = None;
        let mut unit = None;
        for part in pairs {
            match part.as_rule() {
                Rule::summary_kind => {
                    let inner = part.into_inner().next()?;
                    kind = Some(match inner.as_rule() {
                        Rule::summary_median_range => SummaryKind::MedianRange,
                        Rule::summary_median_quartiles => SummaryKind::MedianQuartiles,
                        Rule::summary_mean => SummaryKind::Mean,
                        Rule::summary_range => SummaryKind::Range,
                        Rule::summary_counts => SummaryKind::Counts,
                        _ => SummaryKind::Share {
                            interval: inner
                                .into_inner()
                                .any(|part| part.as_rule() == Rule::with_interval),
                        },
                    });
                }
                Rule::summary_clause => {
                    for clause in part.into_inner() {
                        match clause.as_rule() {
                            Rule::by_group => {
                                let words = clause.as_str().split_whitespace().skip(1);
                                by.push(Name {
                                    text: words.collect::<Vec<_>>().join(" "),
                                    span: self.span(&clause),
                                });
                            }
                            Rule::in_time_unit => {
                                let word = clause.as_str().split_whitespace().nth(1);
                                unit = Some(Name {
                                    text: word.unwrap_or_default().to_owned(),
                                    span: self.span(&clause),
                                });
                            }
                            Rule::number => decimals = Some(self.number(&clause)),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(SummaryLine {
            kind: kind?,
            by,
            unit,
            decimals,
        })
    }

    /// A line below `statistics`.
    pub(crate) fn statistics_line(&mut self, pair: Pair<'_, Rule>) -> Option<StatisticsLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        let span = self.span(&part);
        let rule = part.as_rule();
        let mut inner = part.into_inner();
        if rule == Rule::rounding_line {
            let word = inner.find(|part| part.as_rule() == Rule::rounding_rule)?;
            return Some(StatisticsLine::Rounding(
                word.as_str().trim().ends_with("even"),
                span,
            ));
        }
        if rule == Rule::below_line {
            let word = inner.find(|part| part.as_rule() == Rule::below_rule)?;
            let words: Vec<&str> = word.as_str().split_whitespace().collect();
            let name = Name {
                text: words.join(" "),
                span: self.span(&word),
            };
            return Some(StatisticsLine::Below(name, span));
        }
        if matches!(rule, Rule::source_clause | Rule::note_clause) {
            let text = self.first_text(inner)?;
            return Some(if rule == Rule::note_clause {
                StatisticsLine::Note(text)
            } else {
                StatisticsLine::Source(text)
            });
        }
        let number = inner.find(|part| part.as_rule() == Rule::number)?;
        let number = self.number(&number);
        Some(match rule {
            Rule::quartiles_line => StatisticsLine::Quartiles(number, span),
            Rule::interval_line => StatisticsLine::Interval(number, span),
            Rule::percent_line => StatisticsLine::PercentDecimals(number, span),
            _ => return None,
        })
    }
}
