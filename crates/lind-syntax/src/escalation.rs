//! Treatment plans, dose levels and escalation: the lines below their heads.

use lind_diagnostics::Span;
use pest::iterators::{Pair, Pairs};

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    DesignLine, DesignParameter, DesignParameterKind, Distance, DosingLine, EscalationLine,
    EscalationLineKind, LevelDeclaration, LevelLine, Name, Number, PlanLine, Quantity, RowAction,
    RowCell, Text,
};

impl Source<'_> {
    /// A line below `treatment plan`.
    pub(crate) fn plan_line(&mut self, pair: Pair<'_, Rule>) -> Option<PlanLine> {
        let part = first(pair)?;
        Some(match part.as_rule() {
            Rule::source_clause => PlanLine::Source(self.inner_text(part)?),
            Rule::note_clause => PlanLine::Note(self.inner_text(part)?),
            Rule::assumed_clause => PlanLine::Assumed(self.inner_text(part)?),
            Rule::plan_tolerance => {
                let span = self.span(&part);
                let share = part
                    .into_inner()
                    .find(|part| part.as_rule() == Rule::share)?;
                let number = share
                    .into_inner()
                    .find(|part| part.as_rule() == Rule::number)?;
                PlanLine::Tolerance(self.number(&number), span)
            }
            Rule::dosing => PlanLine::Dosing(self.dosing(part)?),
            _ => return None,
        })
    }

    /// A line below `dose levels`.
    pub(crate) fn level_line(&mut self, pair: Pair<'_, Rule>) -> Option<LevelLine> {
        let part = first(pair)?;
        Some(match part.as_rule() {
            Rule::source_clause => LevelLine::Source(self.inner_text(part)?),
            Rule::note_clause => LevelLine::Note(self.inner_text(part)?),
            Rule::assumed_clause => LevelLine::Assumed(self.inner_text(part)?),
            Rule::dose_level => LevelLine::Level(self.dose_level(part)?),
            _ => return None,
        })
    }

    /// A line below `escalation`.
    pub(crate) fn escalation_line(&mut self, pair: Pair<'_, Rule>) -> Option<EscalationLine> {
        let part = first(pair)?;
        let span = self.span(&part);
        let kind = match part.as_rule() {
            Rule::source_clause => EscalationLineKind::Source(self.inner_text(part)?),
            Rule::note_clause => EscalationLineKind::Note(self.inner_text(part)?),
            Rule::assumed_clause => EscalationLineKind::Assumed(self.inner_text(part)?),
            Rule::escalation_design => EscalationLineKind::Design(self.design(part)),
            Rule::escalation_amended => {
                let mut inner = part.clone().into_inner();
                let date = inner.find(|part| part.as_rule() == Rule::date)?;
                let date = self.name(&date);
                let design = inner.find(|part| part.as_rule() == Rule::escalation_design);
                let design = match design {
                    Some(design) => self.design(design),
                    None => self.design(part),
                };
                EscalationLineKind::Amended(date, design)
            }
            Rule::escalation_cohorts => {
                let mut numbers = self.numbers(part).into_iter();
                EscalationLineKind::Cohorts(numbers.next()?, numbers.next())
            }
            Rule::escalation_window => {
                let window = inner_of(part, Rule::window)?;
                EscalationLineKind::Window(self.window(window))
            }
            Rule::escalation_toxicity => {
                let condition = inner_of(part, Rule::condition)?;
                EscalationLineKind::Toxicity(self.condition(condition))
            }
            Rule::escalation_evaluable => {
                let name = inner_of(part, Rule::name)?;
                EscalationLineKind::Evaluable(self.name(&name))
            }
            Rule::escalation_stagger => {
                let distances = part
                    .into_inner()
                    .filter(|part| part.as_rule() == Rule::distance);
                EscalationLineKind::Stagger(
                    distances.filter_map(|part| self.distance(part)).collect(),
                )
            }
            Rule::escalation_opens => EscalationLineKind::Opens,
            Rule::escalation_eliminate => {
                let share = part
                    .clone()
                    .into_inner()
                    .find(|part| part.as_rule() == Rule::share)?;
                let share = self.numbers(share).into_iter().next()?;
                EscalationLineKind::Eliminate(share, self.numbers(part).into_iter().next())
            }
            Rule::escalation_stop => {
                EscalationLineKind::Stop(self.numbers(part).into_iter().next()?)
            }
            Rule::escalation_most => {
                let mut at_level = None;
                let mut in_all = None;
                for most in part.into_inner() {
                    match most.as_rule() {
                        Rule::most_at_level => at_level = self.numbers(most).into_iter().next(),
                        Rule::most_in_all => in_all = self.numbers(most).into_iter().next(),
                        _ => {}
                    }
                }
                EscalationLineKind::Most { at_level, in_all }
            }
            Rule::escalation_other => {
                let rule = inner_of(part, Rule::other_doses_rule)?;
                EscalationLineKind::OtherDoses(self.name(&rule))
            }
            Rule::escalation_row => {
                let mut after = None;
                let mut cells = Vec::new();
                for part in part.into_inner() {
                    match part.as_rule() {
                        Rule::number => after = Some(self.number(&part)),
                        Rule::row_cell => cells.extend(self.row_cell(part)),
                        _ => {}
                    }
                }
                EscalationLineKind::Row(after?, cells)
            }
            _ => return None,
        };
        Some(EscalationLine { kind, span })
    }

    fn inner_text(&mut self, part: Pair<'_, Rule>) -> Option<Text> {
        let text = inner_of(part, Rule::string)?;
        Some(self.text(&text))
    }

    /// All numbers directly inside.
    fn numbers(&mut self, part: Pair<'_, Rule>) -> Vec<Number> {
        let numbers = part
            .into_inner()
            .filter(|part| matches!(part.as_rule(), Rule::number | Rule::grouped));
        numbers.map(|part| self.number(&part)).collect()
    }

    fn distance(&mut self, part: Pair<'_, Rule>) -> Option<Distance> {
        let mut length = None;
        let mut first_two = false;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::length => length = Some(self.length(part)),
                Rule::first_two_words => first_two = true,
                _ => {}
            }
        }
        Some(Distance {
            length: length?,
            first_two,
        })
    }

    fn design(&mut self, part: Pair<'_, Rule>) -> DesignLine {
        let mut name = None;
        let mut parameters = Vec::new();
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::design => name = Some(self.name(&part)),
                Rule::design_parameter => parameters.extend(self.parameter(part)),
                _ => {}
            }
        }
        DesignLine { name, parameters }
    }

    fn parameter(&mut self, part: Pair<'_, Rule>) -> Option<DesignParameter> {
        let span = self.span(&part);
        let part = part.into_inner().next()?;
        let rule = part.as_rule();
        let mut shares: Vec<Number> = Vec::new();
        for share in part.into_inner() {
            if share.as_rule() == Rule::share {
                shares.extend(self.numbers(share));
            }
        }
        let mut shares = shares.into_iter();
        let kind = match rule {
            Rule::parameter_target => DesignParameterKind::Target(shares.next()?),
            Rule::parameter_low => DesignParameterKind::TooLow(shares.next()?),
            Rule::parameter_toxic => DesignParameterKind::TooToxic(shares.next()?),
            Rule::parameter_interval => {
                DesignParameterKind::Interval(shares.next()?, shares.next()?)
            }
            Rule::parameter_no_way_down => DesignParameterKind::NoDeEscalation,
            Rule::parameter_three => DesignParameterKind::ThreeAtMtd,
            _ => return None,
        };
        Some(DesignParameter { kind, span })
    }

    fn row_cell(&mut self, part: Pair<'_, Rule>) -> Option<RowCell> {
        let span = self.span(&part);
        let mut numbers = Vec::new();
        let mut action = None;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::number => numbers.push(self.number(&part)),
                Rule::row_action => {
                    action = Some(match part.as_str().trim() {
                        "escalate" => RowAction::Escalate,
                        "stay" => RowAction::Stay,
                        "de-escalate" => RowAction::DeEscalate,
                        _ => RowAction::Eliminate,
                    });
                }
                _ => {}
            }
        }
        let mut numbers = numbers.into_iter();
        Some(RowCell {
            from: numbers.next()?,
            to: numbers.next(),
            action: action?,
            span,
        })
    }

    fn dose_level(&mut self, part: Pair<'_, Rule>) -> Option<LevelDeclaration> {
        let span = self.span(&part);
        let mut name = None;
        let mut title = None;
        let mut other = None;
        let mut dose = None;
        let mut roles = Vec::new();
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::label_name => name = Some(self.name(&part)),
                Rule::string => title = Some(self.text(&part)),
                Rule::number => other = Some(self.number(&part)),
                Rule::quantity => dose = Some(self.quantity(part)),
                Rule::level_role => roles.push(self.name(&part)),
                _ => {}
            }
        }
        Some(LevelDeclaration {
            name: name?,
            title,
            other,
            dose: dose?,
            roles,
            span,
        })
    }

    fn dosing(&mut self, part: Pair<'_, Rule>) -> Option<DosingLine> {
        let span = self.span(&part);
        let mut drug = None;
        let mut dose = None;
        let mut times = None;
        let mut days = Vec::new();
        let mut cycle = None;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::name => drug = Some(self.name(&part)),
                Rule::planned_dose => dose = self.planned_dose(part),
                Rule::dosing_times => times = Some(self.dosing_times(part)),
                Rule::dosing_days => {
                    for range in part.into_inner() {
                        if range.as_rule() == Rule::day_range {
                            let mut numbers = self.numbers(range).into_iter();
                            days.extend(numbers.next().map(|first| (first, numbers.next())));
                        }
                    }
                }
                Rule::dosing_cycles => cycle = self.cycle(part),
                _ => {}
            }
        }
        Some(DosingLine {
            drug: drug?,
            dose,
            times,
            days,
            cycle,
            span,
        })
    }

    fn planned_dose(&mut self, part: Pair<'_, Rule>) -> Option<Quantity> {
        let span = self.span(&part);
        let mut number = None;
        let mut unit: Option<Name> = None;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::number | Rule::grouped => number = Some(self.number(&part)),
                Rule::dose_unit => unit = Some(self.name(&part)),
                _ => {}
            }
        }
        Some(Quantity {
            number: number?,
            unit,
            percent_points: false,
            span,
        })
    }

    fn dosing_times(&mut self, part: Pair<'_, Rule>) -> (Number, Span) {
        let span = self.span(&part);
        let fixed = |text: &str| Number {
            text: text.to_owned(),
            span,
        };
        let mut number = fixed("1");
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::twice_daily => number = fixed("2"),
                Rule::number => number = self.number(&part),
                _ => {}
            }
        }
        (number, span)
    }

    fn cycle(&mut self, part: Pair<'_, Rule>) -> Option<(crate::tree::Length, Option<Number>)> {
        let mut length = None;
        let mut number = None;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::length => length = Some(self.length(part)),
                Rule::number => number = Some(self.number(&part)),
                _ => {}
            }
        }
        Some((length?, number))
    }
}

/// What a line is, without its ends.
fn first(pair: Pair<'_, Rule>) -> Option<Pair<'_, Rule>> {
    let mut inner: Pairs<'_, Rule> = pair.into_inner();
    inner.find(|part| part.as_rule() != Rule::EOI)
}

fn inner_of(pair: Pair<'_, Rule>, rule: Rule) -> Option<Pair<'_, Rule>> {
    pair.into_inner().find(|part| part.as_rule() == rule)
}
