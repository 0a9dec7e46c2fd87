//! The rule that moves between dose levels.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_escalation::replay::UnderDosed;
use lind_escalation::{
    AcceleratedTitration, Boin, Decision, DecisionTable, Design, DesignError, EquivalenceInterval,
    Safety, TableLine, ThreePlusThree,
};
use lind_model::protocol::Window;
use lind_model::trial::{Cohorts, Escalation, Stagger};
use lind_model::{AskedId, PopulationId};
use lind_syntax::tree::{
    DesignLine, DesignParameterKind, EscalationDeclaration, EscalationLine, EscalationLineKind,
    Name, Number, RowAction, RowCell,
};
use lind_time::{Day, Offset};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::choices::Polarity;
use crate::endpoints::{by_day, words};
use crate::rules;
use crate::supply::Places;

/// The lines of an escalation, gathered.
#[derive(Default)]
struct Gathered<'t> {
    design: Option<(&'t DesignLine, Span)>,
    rows: Vec<(&'t Number, &'t [RowCell], Span)>,
    amended: Vec<(&'t Name, &'t DesignLine, Span)>,
    cohorts: Option<(Cohorts, Span)>,
    window: Option<(Option<Window>, Span)>,
    toxicity: Option<(Option<AskedId>, Span)>,
    evaluable: Option<(Option<PopulationId>, Span)>,
    stagger: Stagger,
    stagger_span: Option<Span>,
    opens: Option<Span>,
    safety: Safety,
    eliminate: Option<Span>,
    stop: Option<Span>,
    most_at_level: Option<(u32, Span)>,
    most_in_all: Option<(u32, Span)>,
    other_doses: Option<(UnderDosed, Span)>,
    assumed: Option<Arc<str>>,
    is_broken: bool,
}

impl Checker<'_> {
    pub(crate) fn escalation(
        &mut self,
        declared: &EscalationDeclaration,
        first: Option<Span>,
        has_levels: bool,
    ) {
        if let Some(first) = first {
            self.incomplete_escalation(
                declared.span,
                "a second rule moves between dose levels".to_owned(),
                "declared again",
                Some((first, "the first")),
            );
            return;
        }
        let product = self.find_set(&declared.product);
        let mut found = Gathered::default();
        for line in &declared.lines {
            self.escalation_line(line, &mut found);
        }
        self.check_numbers(&found);
        self.check_stagger(&found);
        let levels = self.tables.trial.dose_levels.as_ref();
        let has_its_levels = levels.is_some_and(|levels| Some(levels.product) == product);
        let lacks_levels =
            !has_levels || (levels.is_some() && product.is_some() && !has_its_levels);
        if lacks_levels && !self.levels_are_lost(&declared.product) {
            self.incomplete_escalation(
                declared.product.span,
                format!("`{}` has no dose levels", declared.product.text),
                "between which levels?",
                None,
            );
        }
        let is_whole = !found.is_broken;
        if found.design.is_none() && is_whole {
            self.incomplete_escalation(
                declared.span,
                "this escalation does not say which rule moves between the levels".to_owned(),
                "needs a line such as `design BOIN with target 30 %`",
                None,
            );
        }
        if found.window.is_none() && is_whole {
            self.incomplete_escalation(
                declared.span,
                "this escalation does not say in which time toxicities count".to_owned(),
                "needs a line such as `window from infusion to 28 days after infusion`",
                None,
            );
        }
        let designs = self.designs(&found);
        let (Some(product), Some(designs)) = (product, designs) else {
            return;
        };
        let window = found.window.as_ref().map(|(_, span)| *span);
        self.tables.escalation_places = Some(Places {
            subject: found
                .toxicity
                .as_ref()
                .map_or(declared.span, |(_, span)| *span),
            window,
        });
        self.tables.trial.escalation = Some(Escalation {
            title: words(&declared.title),
            product,
            designs,
            cohorts: found.cohorts.map(|(cohorts, _)| cohorts),
            window: found.window.and_then(|(window, _)| window),
            toxicity: found.toxicity.and_then(|(asked, _)| asked),
            evaluable: found.evaluable.and_then(|(population, _)| population),
            other_doses: found.other_doses.map(|(rule, _)| rule).unwrap_or_default(),
            stagger: found.stagger,
            most_at_level: found.most_at_level.map(|(most, _)| most),
            most_in_all: found.most_in_all.map(|(most, _)| most),
            assumed: found.assumed,
            span: declared.span,
        });
    }

    fn incomplete_escalation(
        &mut self,
        span: Span,
        message: String,
        label: &str,
        other: Option<(Span, &str)>,
    ) {
        let diagnostic =
            Diagnostic::new(&rules::E0590_INCOMPLETE_ESCALATION, span, message).label(label);
        self.sink.push(match other {
            Some((span, label)) => diagnostic.also(span, label),
            None => diagnostic,
        });
    }

    fn said_twice(&mut self, what: &str, span: Span, first: Span) {
        self.incomplete_escalation(
            span,
            format!("this escalation says its {what} twice"),
            "said again",
            Some((first, "first said here")),
        );
    }

    fn escalation_line<'t>(&mut self, line: &'t EscalationLine, found: &mut Gathered<'t>) {
        let span = line.span;
        let again = match &line.kind {
            EscalationLineKind::Source(_) | EscalationLineKind::Note(_) => None,
            EscalationLineKind::Assumed(text) => {
                found.assumed = Some(words(text));
                None
            }
            EscalationLineKind::Broken => {
                found.is_broken = true;
                None
            }
            EscalationLineKind::Design(design) => {
                let first = found.design.replace((design, span));
                first.map(|(_, first)| ("design", first))
            }
            EscalationLineKind::Row(number, cells) => {
                found.rows.push((number, cells, span));
                None
            }
            EscalationLineKind::Amended(date, design) => {
                found.amended.push((date, design, span));
                None
            }
            EscalationLineKind::Cohorts(least, most) => {
                let least = self.whole_number(least);
                let most = most.as_ref().map_or(least, |most| self.whole_number(most));
                let (Some(least), Some(most)) = (least, most) else {
                    found.is_broken = true;
                    return;
                };
                let first = found.cohorts.replace((Cohorts { least, most }, span));
                first.map(|(_, first)| ("cohorts", first))
            }
            EscalationLineKind::Window(window) => {
                let window = self.window(window, by_day("a toxicity", None));
                let first = found.window.replace((window, span));
                first.map(|(_, first)| ("window", first))
            }
            EscalationLineKind::Toxicity(condition) => {
                let condition = self.under_polarity(Polarity::Undetermined, |checker| {
                    checker.condition(condition, &[])
                });
                let gate = self.tables.trial.end_of_data;
                let asked = gate.zip(condition);
                let asked = asked.map(|(gate, condition)| self.ask_at(gate, condition));
                let first = found.toxicity.replace((asked, span));
                first.map(|(_, first)| ("toxicity", first))
            }
            EscalationLineKind::Evaluable(name) => {
                let population = self.population_of(name);
                let first = found.evaluable.replace((population, span));
                first.map(|(_, first)| ("evaluable participants", first))
            }
            EscalationLineKind::Stagger(distances) => {
                for distance in distances {
                    let offset = self.offset(&distance.length);
                    if distance.first_two {
                        found.stagger.first_of_level = offset;
                    } else {
                        found.stagger.others = offset;
                    }
                }
                let first = found.stagger_span.replace(span);
                first.map(|first| ("stagger", first))
            }
            EscalationLineKind::Opens => {
                found.stagger.after_window = true;
                found.opens.replace(span).map(|first| ("level", first))
            }
            EscalationLineKind::Eliminate(share, least) => {
                found.safety.cut_off = self.share(share).unwrap_or(found.safety.cut_off.clone());
                if let Some(least) = least {
                    found.safety.least = self.whole_number(least).unwrap_or(3);
                }
                found
                    .eliminate
                    .replace(span)
                    .map(|first| ("elimination", first))
            }
            EscalationLineKind::Stop(number) => {
                found.safety.stops_at = self.whole_number(number);
                found.stop.replace(span).map(|first| ("stop", first))
            }
            EscalationLineKind::Most { at_level, in_all } => {
                let most = |checker: &mut Self, number: &Option<Number>| {
                    let number = number.as_ref()?;
                    Some((checker.whole_number(number)?, number.span))
                };
                let at_level = most(self, at_level);
                let in_all = most(self, in_all);
                let is_again = (at_level.is_some() && found.most_at_level.is_some())
                    || (in_all.is_some() && found.most_in_all.is_some());
                let first = found.most_at_level.or(found.most_in_all);
                found.most_at_level = at_level.or(found.most_at_level);
                found.most_in_all = in_all.or(found.most_in_all);
                first
                    .filter(|_| is_again)
                    .map(|(_, first)| ("most participants", first))
            }
            EscalationLineKind::OtherDoses(rule) => {
                let rule = match rule.text.split_whitespace().last() {
                    Some("assigned") => UnderDosed::AsAssigned,
                    Some("received") => UnderDosed::AsReceived,
                    _ => UnderDosed::NotCounted,
                };
                let first = found.other_doses.replace((rule, span));
                first.map(|(_, first)| ("other doses", first))
            }
        };
        if let Some((what, first)) = again {
            self.said_twice(what, span, first);
        }
    }

    /// Cohorts fit a level, and a level fits the trial.
    fn check_numbers(&mut self, found: &Gathered<'_>) {
        let mut wrong = |span: Span, message: String, label: &str, other: Option<(Span, &str)>| {
            let diagnostic =
                Diagnostic::new(&rules::E0595_IMPOSSIBLE_COHORTS, span, message).label(label);
            self.sink.push(match other {
                Some((span, label)) => diagnostic.also(span, label),
                None => diagnostic,
            });
        };
        if let Some((Cohorts { least, most }, span)) = found.cohorts {
            if least == 0 {
                wrong(
                    span,
                    "a cohort has at least one participant".to_owned(),
                    "nobody",
                    None,
                );
            }
            if least > most {
                let message = format!("a cohort of {least} to {most} is none");
                wrong(span, message, "ends before it begins", None);
            }
            for limit in [found.most_at_level, found.most_in_all]
                .into_iter()
                .flatten()
            {
                if most > limit.0 {
                    let message = format!(
                        "a cohort of {most} is larger than the {} that are allowed",
                        limit.0
                    );
                    wrong(
                        span,
                        message,
                        "the cohorts",
                        Some((limit.1, "at most so many")),
                    );
                    break;
                }
            }
        }
        if let (Some((level, at)), Some((all, in_all))) = (found.most_at_level, found.most_in_all)
            && level > all
        {
            let message = format!("{level} at a level are more than {all} in all");
            wrong(at, message, "at a level", Some((in_all, "in all")));
        }
        if found.most_at_level.is_some_and(|(most, _)| most == 0)
            || found.most_in_all.is_some_and(|(most, _)| most == 0)
        {
            let span = found
                .most_at_level
                .or(found.most_in_all)
                .map(|(_, span)| span);
            if let Some(span) = span {
                wrong(
                    span,
                    "at most 0 participants is nobody".to_owned(),
                    "nobody",
                    None,
                );
            }
        }
    }

    /// Whether the next level may open while the last participant is still observed.
    fn check_stagger(&mut self, found: &Gathered<'_>) {
        if found.opens.is_some() || found.is_broken {
            return;
        }
        let (Some((Some(window), window_span)), Some(stagger_span)) =
            (&found.window, found.stagger_span)
        else {
            return;
        };
        let Some(length) = days_of(window) else {
            return;
        };
        let stagger = [found.stagger.others, found.stagger.first_of_level];
        let longest = stagger
            .into_iter()
            .flatten()
            .map(|offset| offset.day_bounds().1)
            .max();
        if longest.is_some_and(|longest| longest < length) {
            self.sink.push(
                Diagnostic::new(
                    &rules::W0655_OPENS_IN_THE_WINDOW,
                    stagger_span,
                    "the next level may open while the last participant is still observed",
                )
                .label("participants are at least so far apart")
                .also(*window_span, "toxicities count for longer")
                .note("write `level opens after the window of the last participant below`, unless the protocol opens levels earlier"),
            );
        }
    }

    fn share(&mut self, number: &Number) -> Option<Exact> {
        let percent = self.decimal(number)?.to_exact();
        percent.checked_div(&Exact::from(100))
    }

    fn wrong_design(&mut self, span: Span, message: impl Into<String>, label: &str) {
        self.sink
            .push(Diagnostic::new(&rules::E0593_WRONG_DESIGN, span, message.into()).label(label));
    }

    /// The design from the beginning, and those of the amendments.
    fn designs(&mut self, found: &Gathered<'_>) -> Option<Vec<(Option<Day>, Design)>> {
        let (line, span) = found.design?;
        let first = self.design(line, span, None, found)?;
        let mut designs = vec![(None, first)];
        let mut before: Option<Day> = None;
        for (date, line, span) in &found.amended {
            let Ok(day) = Day::parse(&date.text) else {
                self.wrong_design(
                    date.span,
                    format!("`{}` is no day of the calendar", date.text),
                    "no such day",
                );
                return None;
            };
            if before.is_some_and(|before| before >= day) {
                self.wrong_design(
                    date.span,
                    "amendments are listed by their days",
                    "not after the one before it",
                );
                return None;
            }
            before = Some(day);
            let last = designs.last().map(|(_, design)| design.clone());
            designs.push((Some(day), self.design(line, *span, last, found)?));
        }
        Some(designs)
    }

    /// A design by its name, or the last one with other parameters.
    fn design(
        &mut self,
        line: &DesignLine,
        span: Span,
        last: Option<Design>,
        found: &Gathered<'_>,
    ) -> Option<Design> {
        let name = line.name.as_ref();
        let target = self.target_of(line);
        let is_table = name.is_some_and(|name| name.text.starts_with("decision"));
        if !is_table && name.is_some() && !found.rows.is_empty() && last.is_none() {
            let row = found.rows.first().map_or(span, |(_, _, span)| *span);
            self.wrong_design(
                row,
                "rows belong to `design decision table`",
                "a row of a table",
            );
        }
        let mut design =
            match name {
                None => last?,
                Some(name) if is_table => Design::Table(self.table_by_hand(found, name.span)?),
                Some(name) => {
                    let needed = !matches!(name.text.as_str(), "3+3")
                        && !name.text.starts_with("accelerated");
                    if needed && target.is_none() {
                        if !line.parameters.iter().any(|parameter| {
                            matches!(parameter.kind, DesignParameterKind::Target(_))
                        }) {
                            self.wrong_design(
                                name.span,
                                format!("`{}` needs a target", name.text),
                                "which share of toxicities is aimed at?",
                            );
                        }
                        return None;
                    }
                    named(
                        &name.text,
                        target.clone().unwrap_or_default(),
                        &found.safety,
                    )
                }
            };
        for parameter in &line.parameters {
            let fits = self.parameter(&mut design, &parameter.kind)?;
            if !fits {
                self.wrong_design(
                    parameter.span,
                    format!("{} has no such parameter", design.name()),
                    "not of this design",
                );
                return None;
            }
        }
        if let Err(error) = design.check() {
            let at_fault = |kind: &DesignParameterKind| {
                matches!(
                    (&error, kind),
                    (DesignError::TooLow, DesignParameterKind::TooLow(_))
                        | (DesignError::TooToxic, DesignParameterKind::TooToxic(_))
                        | (DesignError::Interval, DesignParameterKind::Interval(..))
                )
            };
            let mut parameters = line.parameters.iter();
            let place = match &error {
                DesignError::CutOff => found.eliminate,
                DesignError::Number => found.stop,
                _ => parameters
                    .find(|parameter| at_fault(&parameter.kind))
                    .or(line.parameters.first())
                    .map(|parameter| parameter.span),
            };
            let place = place.unwrap_or(span);
            self.wrong_design(place, error.to_string(), "makes no design");
            return None;
        }
        Some(design)
    }

    fn target_of(&mut self, line: &DesignLine) -> Option<Exact> {
        line.parameters
            .iter()
            .find_map(|parameter| match &parameter.kind {
                DesignParameterKind::Target(number) => self.share(number),
                _ => None,
            })
    }

    /// Sets a parameter; false if the design has none such. The outer option is none for a number that cannot be
    /// kept.
    fn parameter(&mut self, design: &mut Design, kind: &DesignParameterKind) -> Option<bool> {
        let variant = |design: &mut Design, set: fn(&mut ThreePlusThree)| match design {
            Design::ThreePlusThree(variant) => {
                set(variant);
                true
            }
            Design::AcceleratedTitration(titration) => {
                set(&mut titration.then);
                true
            }
            _ => false,
        };
        Some(match kind {
            DesignParameterKind::NoDeEscalation => {
                variant(design, |variant| variant.de_escalates = false)
            }
            DesignParameterKind::ThreeAtMtd => {
                variant(design, |variant| variant.six_at_mtd = false)
            }
            DesignParameterKind::Target(number) => {
                let target = self.share(number)?;
                match design {
                    Design::Boin(boin) => {
                        // The usual parameters follow the target; stated ones come behind it.
                        let safety = boin.safety.clone();
                        *boin = Boin {
                            safety,
                            ..Boin::new(target)
                        };
                        true
                    }
                    Design::Mtpi2(interval)
                    | Design::Mtpi(interval)
                    | Design::I3Plus3(interval) => {
                        interval.target = target;
                        true
                    }
                    _ => false,
                }
            }
            DesignParameterKind::TooLow(number) => {
                let share = self.share(number)?;
                if let Design::Boin(boin) = design {
                    boin.too_low = share;
                    true
                } else {
                    false
                }
            }
            DesignParameterKind::TooToxic(number) => {
                let share = self.share(number)?;
                if let Design::Boin(boin) = design {
                    boin.too_toxic = share;
                    true
                } else {
                    false
                }
            }
            DesignParameterKind::Interval(low, high) => {
                let (low, high) = (self.share(low)?, self.share(high)?);
                match design {
                    Design::Mtpi2(interval)
                    | Design::Mtpi(interval)
                    | Design::I3Plus3(interval) => {
                        interval.below = interval.target.sub(&low);
                        interval.above = high.sub(&interval.target);
                        true
                    }
                    _ => false,
                }
            }
        })
    }

    /// The rows as one table, with everything that is wrong with them.
    fn table_by_hand(&mut self, found: &Gathered<'_>, name: Span) -> Option<DecisionTable> {
        let mut lines = Vec::new();
        let mut whole = true;
        for (number, cells, _) in &found.rows {
            let evaluable = self.whole_number(number);
            for cell in *cells {
                let from = self.whole_number(&cell.from);
                let to = cell.to.as_ref().map_or(from, |to| self.whole_number(to));
                let (Some(evaluable), Some(from), Some(to)) = (evaluable, from, to) else {
                    whole = false;
                    continue;
                };
                lines.push(TableLine {
                    evaluable,
                    dlts: from..=to,
                    decision: match cell.action {
                        RowAction::Escalate => Decision::Escalate,
                        RowAction::Stay => Decision::Stay,
                        RowAction::DeEscalate => Decision::DeEscalate,
                        RowAction::Eliminate => Decision::Eliminate,
                    },
                });
            }
        }
        if !whole {
            return None;
        }
        let faults = match DecisionTable::by_hand(&lines) {
            Ok(table) => {
                let goes_on = |last: u32| {
                    let mut lines = lines.iter();
                    lines.any(|line| line.evaluable == last && line.decision == Decision::Stay)
                };
                let rows: Vec<(u32, Span)> = found
                    .rows
                    .iter()
                    .filter_map(|(number, _, span)| Some((number.text.parse().ok()?, *span)))
                    .collect();
                self.rows_that_lack(&rows, goes_on, found.cohorts, found.most_at_level);
                return Some(table);
            }
            Err(faults) => faults,
        };
        for fault in faults {
            let row = fault.evaluable().and_then(|evaluable| {
                let text = evaluable.to_string();
                found.rows.iter().find(|(number, _, _)| number.text == text)
            });
            let span = row.map_or(name, |(_, _, span)| *span);
            self.sink.push(
                Diagnostic::new(&rules::E0594_WRONG_DECISION_TABLE, span, fault.to_string()).label(
                    if row.is_some() {
                        "this row"
                    } else {
                        "this table"
                    },
                ),
            );
        }
        None
    }
}

/// A design by its name, with the usual parameters.
fn named(name: &str, target: Exact, safety: &Safety) -> Design {
    let interval = |target: Exact| EquivalenceInterval {
        safety: safety.clone(),
        ..EquivalenceInterval::new(target, Exact::from_scientific(5, -2))
    };
    match name {
        "3+3" => Design::ThreePlusThree(ThreePlusThree::default()),
        "BOIN" => Design::Boin(Boin {
            safety: safety.clone(),
            ..Boin::new(target)
        }),
        "mTPI-2" => Design::Mtpi2(interval(target)),
        "mTPI" => Design::Mtpi(interval(target)),
        "i3+3" => Design::I3Plus3(interval(target)),
        _ => Design::AcceleratedTitration(AcceleratedTitration::default()),
    }
}

/// How many days lie between the anchor of a window and its later end, if it has one length.
pub(crate) fn days_of(window: &Window) -> Option<i64> {
    let Window::Around { window, .. } = window else {
        return None;
    };
    let end: Offset = window.to.offset()?;
    Some(end.day_bounds().1).filter(|days| *days >= 0)
}
