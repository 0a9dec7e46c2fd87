//! Populations, endpoints, and how values are summed up.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Condition, Selector, Shape, Subject, Window};
use lind_model::trial::{
    Asked, By, Endpoint, Role, Series, Summary, TimeUnit, Variable as ModelVariable,
};
use lind_model::{AskedId, MilestoneId, PopulationId};
use lind_syntax::tree::{
    self, EndpointDeclaration, EndpointLine, Item, Name, SummaryKind, SummaryLine, Text, Valued,
    Variable,
};

use crate::analysis::Checker;
use crate::choices::Polarity;
use crate::clauses::selector;
use crate::measured::Subjected;
use crate::modules::Module;
use crate::rules;
use crate::supply::Places;
use crate::times::Inside;

/// The most decimals that a summary is written with.
const MOST_DECIMALS: u32 = 6;

impl Checker<'_> {
    /// Reads the populations, the endpoints and the statistics of a protocol.
    pub(crate) fn endpoints(&mut self, module: &Module) {
        for item in &module.tree.items {
            if let Item::Population(population) = item
                && self.population(population).is_none()
            {
                let name = population.name.text.clone();
                self.tables.broken_populations.insert(name);
            }
        }
        for item in &module.tree.items {
            match item {
                Item::Endpoint(endpoint) => {
                    if let Some((endpoint, places)) = self.endpoint(endpoint) {
                        self.tables.trial.endpoints.push(endpoint);
                        self.tables.endpoint_places.push(places);
                    }
                }
                Item::Statistics(statistics) => self.statistics(statistics),
                _ => {}
            }
        }
    }

    /// Keeps a condition that is asked outside the criteria.
    pub(crate) fn ask_at(&mut self, gate: MilestoneId, condition: Condition) -> AskedId {
        let id = AskedId::from_index(self.tables.asked.len());
        self.tables.asked.push(Asked { gate, condition });
        id
    }

    pub(crate) fn twice(&mut self, name: &Name, first: Option<Span>) {
        let diagnostic = Diagnostic::new(
            &rules::E0203_DECLARED_TWICE,
            name.span,
            format!("`{}` is declared twice", name.text),
        )
        .label("declared again");
        self.sink.push(match first {
            Some(first) => diagnostic.also(first, "first declared here"),
            None => diagnostic,
        });
    }

    pub(crate) fn incomplete(&mut self, span: Span, message: String, label: &str) {
        self.sink
            .push(Diagnostic::new(&rules::E0640_INCOMPLETE_ENDPOINT, span, message).label(label));
    }

    fn endpoint(&mut self, declared: &EndpointDeclaration) -> Option<(Endpoint, Places)> {
        let mut whole = true;
        let mut assumed = None;
        let mut population: Option<(Option<PopulationId>, Span)> = None;
        let mut variable: Option<(Option<(ModelVariable, Values)>, Span)> = None;
        let mut summary: Option<(&SummaryLine, Span)> = None;
        let mut places = None;
        for line in &declared.lines {
            let again = match line {
                EndpointLine::Source(_) | EndpointLine::Note(_) => None,
                EndpointLine::Assumed(text) => {
                    assumed = Some(words(text));
                    None
                }
                EndpointLine::Broken(_) => {
                    whole = false;
                    None
                }
                EndpointLine::Population(name, span) => {
                    let id = self.population_of(name);
                    whole &= id.is_some();
                    let first = population.replace((id, *span));
                    first.map(|(_, first)| (first, *span, "population"))
                }
                EndpointLine::Variable(written, span) => {
                    let read = self.variable(written, *span);
                    places = Some(Places::of(written, *span));
                    whole &= read.is_some();
                    let first = variable.replace((read, *span));
                    first.map(|(_, first)| (first, *span, "variable"))
                }
                EndpointLine::Summary(line, span) => {
                    let first = summary.replace((line, *span));
                    first.map(|(_, first)| (first, *span, "summary"))
                }
            };
            if let Some((first, second, what)) = again {
                whole = false;
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0640_INCOMPLETE_ENDPOINT,
                        second,
                        format!("`{}` has two lines that say its {what}", declared.name.text),
                    )
                    .label("said again")
                    .also(first, "first said here"),
                );
            }
        }
        if let Some(first) = self
            .tables
            .trial
            .endpoints
            .iter()
            .find(|it| *it.name == *declared.name.text)
        {
            let span = first.span;
            self.twice(&declared.name, Some(span));
            whole = false;
        }
        if variable.is_none() && whole && !declared.lines.is_empty() {
            self.incomplete(
                declared.name.span,
                format!("`{}` does not say what is computed", declared.name.text),
                "needs a line such as `variable the highest crp from infusion to 28 days after infusion`",
            );
        }
        if summary.is_none() && whole && variable.is_some() {
            self.incomplete(
                declared.name.span,
                format!("`{}` does not say how it is summed up", declared.name.text),
                "needs a line such as `summary median (range)`",
            );
        }
        let (line, place) = summary?;
        let (read, variable_span) = variable?;
        let (variable, values) = read?;
        let (summary, by, decimals) =
            self.summary(line, place, values, variable_span, &declared.name)?;
        let unit = self.time_unit(line, &variable, variable_span)?;
        let places = places?;
        let endpoint = Endpoint {
            name: Arc::from(declared.name.text.as_str()),
            title: words(&declared.title),
            role: match declared.role.text.as_str() {
                "primary" => Role::Primary,
                "secondary" => Role::Secondary,
                _ => Role::Exploratory,
            },
            population: population.and_then(|(id, _)| id),
            variable,
            summary,
            by,
            unit,
            decimals,
            text: self.text(variable_span),
            assumed,
            span: declared.name.span,
        };
        whole.then_some((endpoint, places))
    }

    /// What a variable is, and what sort of values it gives.
    fn variable(&mut self, written: &Variable, span: Span) -> Option<(ModelVariable, Values)> {
        Some(match written {
            Variable::Whether(condition) => {
                let condition = self.under_polarity(Polarity::Undetermined, |checker| {
                    checker.condition(condition, &[])
                })?;
                let gate = self.tables.trial.end_of_data?;
                let asked = self.ask_at(gate, condition);
                (ModelVariable::Whether(asked), Values::YesOrNo)
            }
            Variable::AtAnyVisit(name, window) => {
                let state = self.state_of(name);
                let window = match window {
                    Some(window) => Some(self.window(window, by_day("a visit", None))?),
                    None => None,
                };
                (ModelVariable::Reached(state?, window), Values::YesOrNo)
            }
            Variable::Value((word, place), valued) => {
                let (series, subject) = self.series(valued, span)?;
                let selector =
                    self.one_value(selector(*word), *place, subject.as_ref(), &valued.name);
                let window = self.window_of(valued, subject.as_ref());
                (
                    ModelVariable::Value {
                        series,
                        selector: selector?,
                        window: window?,
                    },
                    Values::Numbers,
                )
            }
            Variable::DayOf((word, place), valued) => {
                let (series, subject) = self.series(valued, span)?;
                let selector =
                    self.one_value(selector(*word), *place, subject.as_ref(), &valued.name);
                let window = self.window_of(valued, subject.as_ref());
                (
                    ModelVariable::DayOf {
                        series,
                        selector: selector?,
                        window: window?,
                    },
                    Values::Numbers,
                )
            }
            Variable::DayWith { last, valued, test } => {
                let (series, test, window) = self.tested(valued, test, span)?;
                let last = *last;
                let variable = ModelVariable::DayWith {
                    series,
                    test,
                    last,
                    window,
                };
                (variable, Values::Numbers)
            }
            Variable::VisitWith(valued, test) => {
                let (series, test, window) = self.tested(valued, test, span)?;
                let variable = ModelVariable::VisitWith {
                    series,
                    test,
                    window,
                };
                (variable, Values::Numbers)
            }
            Variable::DaysWith(valued, test) => {
                let (series, test, window) = self.tested(valued, test, span)?;
                let variable = ModelVariable::DaysWith {
                    series,
                    test,
                    window,
                };
                (variable, Values::Numbers)
            }
            Variable::Area(valued) => {
                let (series, subject) = self.series(valued, span)?;
                let window = self.window_of(valued, subject.as_ref())?;
                (ModelVariable::Area { series, window }, Values::Numbers)
            }
            Variable::AtVisits(valued) => {
                let (series, _) = self.series(valued, span)?;
                (ModelVariable::AtVisits(series), Values::AtVisits)
            }
            Variable::ChangeAtVisits(valued) => {
                let (series, _) = self.series(valued, span)?;
                (ModelVariable::ChangeAtVisits(series), Values::AtVisits)
            }
            Variable::WorstGrade(name, window) => {
                let grading = self.grading_of(name);
                let window = self.window(window, by_day("a grade", None));
                (ModelVariable::WorstGrade(grading?, window?), Values::Grades)
            }
            Variable::AdverseEvents(window) => {
                let window = self.window(window, by_day("an adverse event", None))?;
                (ModelVariable::AdverseEvents(window), Values::Grades)
            }
            Variable::VisitIn(name) => {
                (ModelVariable::TimeTo(self.state_of(name)?), Values::Numbers)
            }
            Variable::TimeIn(name) => {
                (ModelVariable::TimeIn(self.state_of(name)?), Values::Numbers)
            }
        })
    }

    /// The numbers of which a variable speaks.
    fn series(&mut self, valued: &Valued, span: Span) -> Option<(Series, Option<Subjected>)> {
        if let Some((id, declared)) = self.points_named(&valued.name) {
            let sum = self.points_sum(id, &valued.without, declared, span)?;
            let gate = self.tables.trial.visit?;
            return Some((Series::Points(self.ask_at(gate, sum)), None));
        }
        if let Some(line) = valued.without.first() {
            self.misplaced(line.span, "lines are left out of points, and this has none");
            return None;
        }
        let subject = self.subject(&valued.name)?;
        if !matches!(subject.shape, Shape::Quantity(_) | Shape::Score { .. }) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0642_NO_NUMBERS,
                    valued.name.span,
                    format!("`{}` gives no numbers", valued.name.text),
                )
                .label("numbers are needed here")
                .also(subject.declared, "declared here"),
            );
            return None;
        }
        Some((Series::Subject(subject.subject), Some(subject)))
    }

    fn one_value(
        &mut self,
        chosen: Selector,
        place: Span,
        subject: Option<&Subjected>,
        name: &Name,
    ) -> Option<Selector> {
        if !matches!(
            chosen,
            Selector::Highest | Selector::Lowest | Selector::Latest | Selector::First
        ) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0642_NO_NUMBERS,
                    place,
                    "a variable is one value: the highest, the lowest, the latest or the first",
                )
                .label("which one?"),
            );
            return None;
        }
        if let Some(subject) = subject
            && matches!(subject.subject, Subject::Measure(_))
        {
            self.selector_fits(chosen, place, subject, name)?;
        }
        Some(chosen)
    }

    fn window_of(&mut self, valued: &Valued, subject: Option<&Subjected>) -> Option<Window> {
        let window = valued.window.as_ref()?;
        let declared = subject.map(|subject| subject.declared);
        let timed = subject.is_some_and(|subject| subject.timed);
        self.window(
            window,
            Inside {
                timed,
                ..by_day("recorded without the time of day", declared)
            },
        )
    }

    fn tested(
        &mut self,
        valued: &Valued,
        test: &tree::Test,
        span: Span,
    ) -> Option<(Series, lind_model::protocol::Test, Window)> {
        let (series, subject) = self.series(valued, span)?;
        let read = match &subject {
            Some(subject) => self.test(test, subject, &valued.name),
            None => {
                let id = self.points_named(&valued.name).map(|(id, _)| id)?;
                let shape = self.points_shape(id)?;
                let Shape::Score {
                    lowest, highest, ..
                } = shape
                else {
                    return None;
                };
                self.score_test(
                    test,
                    (&lowest, &highest, None),
                    valued.name.span,
                    &valued.name,
                )
            }
        };
        let window = self.window_of(valued, subject.as_ref());
        Some((series, read?, window?))
    }

    fn summary(
        &mut self,
        line: &SummaryLine,
        place: Span,
        values: Values,
        variable: Span,
        name: &Name,
    ) -> Option<(Summary, Vec<By>, Option<u32>)> {
        let fits = match line.kind {
            SummaryKind::Share { .. } => values == Values::YesOrNo,
            SummaryKind::Counts => values == Values::Grades,
            SummaryKind::MedianRange
            | SummaryKind::MedianQuartiles
            | SummaryKind::Mean
            | SummaryKind::Range => matches!(values, Values::Numbers | Values::AtVisits),
        };
        if !fits {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0641_SUMMARY_DOES_NOT_FIT,
                    place,
                    format!("`{}` cannot be summed up so", name.text),
                )
                .label(format!("needs {}", values.summaries()))
                .also(variable, format!("gives {}", values.words())),
            );
            return None;
        }
        let mut by = Vec::new();
        for group in &line.by {
            let group_by = match group.text.as_str() {
                "visit" => By::Visit,
                "arm" => By::Arm,
                _ => By::DoseLevel,
            };
            if group_by == By::Visit && values != Values::AtVisits {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0641_SUMMARY_DOES_NOT_FIT,
                        group.span,
                        "one value a participant has no visits",
                    )
                    .label("by which visits?")
                    .also(variable, format!("gives {}", values.words())),
                );
                return None;
            }
            if !by.contains(&group_by) {
                by.push(group_by);
            }
        }
        let decimals = match &line.decimals {
            Some(number) => Some(self.decimals(number)?),
            None => None,
        };
        let summary = match line.kind {
            SummaryKind::Share { interval } => Summary::Share { interval },
            SummaryKind::MedianRange => Summary::MedianRange,
            SummaryKind::MedianQuartiles => Summary::MedianQuartiles,
            SummaryKind::Mean => Summary::MeanDeviation,
            SummaryKind::Range => Summary::Range,
            SummaryKind::Counts => Summary::Counts,
        };
        Some((summary, by, decimals))
    }

    /// The unit of lengths of time; only where there are such.
    fn time_unit(
        &mut self,
        line: &SummaryLine,
        variable: &ModelVariable,
        place: Span,
    ) -> Option<Option<TimeUnit>> {
        let Some(unit) = &line.unit else {
            return Some(None);
        };
        let is_time = matches!(
            variable,
            ModelVariable::DayOf { .. }
                | ModelVariable::DayWith { .. }
                | ModelVariable::VisitWith { .. }
                | ModelVariable::DaysWith { .. }
                | ModelVariable::TimeTo(_)
                | ModelVariable::TimeIn(_)
        );
        if !is_time {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0641_SUMMARY_DOES_NOT_FIT,
                    unit.span,
                    "only lengths of time are given in days, weeks or months",
                )
                .label("of what?")
                .also(place, "gives no length of time"),
            );
            return None;
        }
        Some(Some(match unit.text.as_str() {
            "weeks" => TimeUnit::Weeks,
            "months" => TimeUnit::Months,
            _ => TimeUnit::Days,
        }))
    }

    /// A number of decimals.
    pub(crate) fn decimals(&mut self, number: &tree::Number) -> Option<u32> {
        let read = number.text.parse::<u32>().ok();
        let fits = read.filter(|decimals| *decimals <= MOST_DECIMALS);
        if fits.is_none() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0644_WRONG_STATISTICS,
                    number.span,
                    format!("numbers are written with 0 to {MOST_DECIMALS} decimals"),
                )
                .label("so many decimals"),
            );
        }
        fits
    }
}

/// What sort of values a variable gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    YesOrNo,
    Numbers,
    AtVisits,
    Grades,
}

impl Values {
    fn words(self) -> &'static str {
        match self {
            Self::YesOrNo => "yes or no of each participant",
            Self::Numbers => "one number of each participant",
            Self::AtVisits => "a number of each participant at every visit",
            Self::Grades => "grades of each participant",
        }
    }

    fn summaries(self) -> &'static str {
        match self {
            Self::YesOrNo => "`n (%)`, or `n (%) with interval`",
            Self::Numbers | Self::AtVisits => {
                "`median (range)`, `median (quartiles)`, `mean (SD)` or `range`"
            }
            Self::Grades => "`counts`",
        }
    }
}

pub(crate) fn by_day(what: &str, declared: Option<Span>) -> Inside<'_> {
    Inside {
        what,
        declared,
        timed: false,
        has_sample: false,
        is_drug: false,
    }
}

pub(crate) fn words(text: &Text) -> Arc<str> {
    Arc::from(text.value.as_str())
}
