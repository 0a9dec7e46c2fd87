//! Populations, endpoints and statistics in sentences.

use lind_model::protocol::{ConditionKind, Selector, Shape, Subject};
use lind_model::trial::{
    Assumed, BelowLimit, By, Endpoint, IntervalMethod, Population, Quartiles, Role, Rounding,
    Series, Summary, TimeUnit, Variable,
};
use lind_model::{AskedId, MilestoneId, StateId};

use crate::doc::values::Within;
use crate::doc::{Entry, Said, Teller, spoken};

impl Teller<'_> {
    /// Whether a milestone is one that the protocol declares, and not a visit, the day at hand or the end of the
    /// data.
    pub(super) fn is_declared(self, id: MilestoneId) -> bool {
        let trial = &self.protocol.trial;
        trial.visit_of(id).is_none() && !trial.is_of_the_day(id) && trial.end_of_data != Some(id)
    }

    pub(super) fn populations(self) -> Vec<Entry> {
        let populations = self.protocol.trial.populations.iter();
        populations.map(|it| self.population(it)).collect()
    }

    fn population(self, population: &Population) -> Entry {
        let mut said = vec![self.asked(population.asked).spoken()];
        said.extend(assumed(&population.assumed));
        Entry {
            head: titled(&population.name, &population.title),
            said,
        }
    }

    /// A condition that is asked outside the criteria.
    pub(super) fn asked(self, id: AskedId) -> Said {
        self.protocol.asked.get(id.index()).map_or_else(
            || Said::new(""),
            |asked| self.condition(&asked.condition, &Within::default().at(asked.gate)),
        )
    }

    pub(super) fn endpoints(self) -> Vec<Entry> {
        let mut endpoints: Vec<&Endpoint> = self.protocol.trial.endpoints.iter().collect();
        endpoints.sort_by_key(|endpoint| endpoint.role);
        endpoints.into_iter().map(|it| self.endpoint(it)).collect()
    }

    fn endpoint(self, endpoint: &Endpoint) -> Entry {
        let role = match endpoint.role {
            Role::Primary => "primary",
            Role::Secondary => "secondary",
            Role::Exploratory => "exploratory",
        };
        let population = endpoint
            .population
            .and_then(|id| self.protocol.trial.populations.get(id.index()));
        let of = population.map_or_else(
            || "of everybody".to_owned(),
            |population| format!("of the population {}", spoken(&population.name)),
        );
        let mut said = vec![
            Said::new(of),
            self.variable(&endpoint.variable).spoken(),
            Said::new(self.summary(endpoint)),
        ];
        said.extend(assumed(&endpoint.assumed));
        Entry {
            head: format!("{} ({role})", titled(&endpoint.name, &endpoint.title)),
            said,
        }
    }

    fn variable(self, variable: &Variable) -> Said {
        let text = match variable {
            Variable::Whether(asked) => return self.asked(*asked).after("whether"),
            Variable::Reached(state, window) => {
                let when = window
                    .as_ref()
                    .map_or_else(String::new, |window| format!(" {}", self.window(window)));
                format!("whether {} holds at any visit{when}", self.state(*state))
            }
            Variable::Value {
                series,
                selector,
                window,
            } => format!(
                "the {} {} {}",
                selected(*selector),
                self.series(*series),
                self.window(window)
            ),
            Variable::DayOf {
                series,
                selector,
                window,
            } => format!(
                "the study day of the {} {} {}",
                selected(*selector),
                self.series(*series),
                self.window(window)
            ),
            Variable::DayWith {
                series,
                test,
                last,
                window,
            } => format!(
                "the {} study day on which {} {}",
                if *last { "last" } else { "first" },
                self.tested(*series, test),
                self.window(window)
            ),
            Variable::VisitWith {
                series,
                test,
                window,
            } => format!(
                "the planned time of the first visit at which {} {}",
                self.tested(*series, test),
                self.window(window)
            ),
            Variable::DaysWith {
                series,
                test,
                window,
            } => format!(
                "the number of days on which {} {}",
                self.tested(*series, test),
                self.window(window)
            ),
            Variable::Area { series, window } => format!(
                "the area under {} {}, by linear trapezoids",
                self.series(*series),
                self.window(window)
            ),
            Variable::AtVisits(series) => format!("{} at every visit", self.series(*series)),
            Variable::ChangeAtVisits(series) => format!(
                "{} at every visit, less the value at baseline",
                self.series(*series)
            ),
            Variable::WorstGrade(grading, window) => {
                let grading = self.protocol.trial.gradings.get(grading.index());
                format!(
                    "the worst grade of {} {}",
                    grading.map_or("", |grading| &grading.name),
                    self.window(window)
                )
            }
            Variable::AdverseEvents(window) => format!(
                "every adverse event {}, each participant once a term, at the worst grade",
                self.window(window)
            ),
            Variable::TimeTo(state) => format!(
                "the planned time of the first visit at which {} holds",
                self.state(*state)
            ),
            Variable::TimeIn(state) => format!(
                "the time from the first visit at which {} holds to the first at which it certainly does not",
                self.state(*state)
            ),
        };
        Said::new(text)
    }

    fn state(self, id: StateId) -> String {
        let state = self.protocol.trial.states.get(id.index());
        state.map_or_else(String::new, |state| spoken(&state.name))
    }

    fn series(self, series: Series) -> String {
        match series {
            Series::Subject(subject) => self.subject(subject).to_owned(),
            Series::Points(asked) => {
                let asked = self.protocol.asked.get(asked.index());
                match asked.map(|asked| &asked.condition.kind) {
                    Some(ConditionKind::Points(points)) => spoken(&points.name),
                    _ => String::new(),
                }
            }
        }
    }

    fn tested(self, series: Series, test: &lind_model::protocol::Test) -> String {
        let tested = match series {
            Series::Subject(subject) => self.test(subject, test),
            // The test of a sum is one of a score, and needs no unit.
            Series::Points(_) => {
                let score = self
                    .protocol
                    .measures
                    .iter()
                    .position(|measure| matches!(measure.shape, Shape::Score { .. }));
                let id = lind_model::MeasureId::from_index(score.unwrap_or_default());
                self.test(Subject::Measure(id), test)
            }
        };
        format!("{} {tested}", self.series(series))
    }

    fn summary(self, endpoint: &Endpoint) -> String {
        let statistics = &self.protocol.trial.statistics;
        let mut text = match endpoint.summary {
            Summary::Share { interval: false } => "summed up as number and per cent".to_owned(),
            Summary::Share { interval: true } => {
                let IntervalMethod::ClopperPearson = statistics.interval;
                format!(
                    "summed up as number and per cent, with the exact interval of Clopper and Pearson, {} %",
                    statistics.level
                )
            }
            Summary::MedianRange => "summed up as median and range".to_owned(),
            Summary::MedianQuartiles => "summed up as median and quartiles".to_owned(),
            Summary::MeanDeviation => "summed up as mean and standard deviation".to_owned(),
            Summary::Range => "summed up as range".to_owned(),
            Summary::Counts => "counted by grade".to_owned(),
        };
        let by = endpoint.by.iter().map(|by| match by {
            By::DoseLevel => "by dose level",
            By::Arm => "by arm",
            By::Visit => "by visit",
        });
        for group in by {
            text.push_str(", ");
            text.push_str(group);
        }
        match endpoint.unit {
            Some(TimeUnit::Weeks) => text.push_str(", in weeks"),
            Some(TimeUnit::Months) => text.push_str(", in months of 30.4375 days"),
            Some(TimeUnit::Days) | None => {}
        }
        if let Some(decimals) = endpoint.decimals {
            text.push_str(&format!(", with {decimals} decimals"));
        }
        text
    }

    pub(super) fn statistics(self) -> Vec<Entry> {
        let trial = &self.protocol.trial;
        if trial.endpoints.is_empty() && trial.statistics.span.is_none() {
            return Vec::new();
        }
        let statistics = &trial.statistics;
        let rounding = match statistics.rounding {
            Rounding::HalfUp => "halves are rounded up",
            Rounding::HalfEven => "halves are rounded to the even neighbour",
        };
        let quartiles = match statistics.quartiles {
            Quartiles::Type2 => 2,
            Quartiles::Type6 => 6,
            Quartiles::Type7 => 7,
        };
        let lines = [
            rounding.to_owned(),
            format!("quartiles are computed by type {quartiles} of Hyndman and Fan"),
            format!("percentages have {} decimals", statistics.percent_decimals),
        ];
        let below = statistics.below.map(|below| match below {
            BelowLimit::Zero => "values below a limit count as 0 in an area",
            BelowLimit::HalfTheLimit => "values below a limit count as half of it in an area",
            BelowLimit::Limit => "values below a limit count as the limit in an area",
        });
        let plain = |head| Entry {
            head,
            said: Vec::new(),
        };
        let below = below.map(str::to_owned);
        lines.into_iter().chain(below).map(plain).collect()
    }
}

pub(super) fn titled(name: &str, title: &str) -> String {
    if name == title {
        spoken(name)
    } else {
        format!("{}: {title}", spoken(name))
    }
}

/// What is supposed, because the source does not say it.
pub(super) fn assumed(assumed: &Assumed) -> Option<Said> {
    let why = assumed.as_ref()?;
    Some(Said::new(format!(
        "assumed, not stated by the source: {why}"
    )))
}

fn selected(selector: Selector) -> &'static str {
    match selector {
        Selector::Highest => "highest",
        Selector::Lowest => "lowest",
        Selector::First => "first",
        _ => "latest",
    }
}
