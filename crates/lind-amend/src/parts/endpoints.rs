//! Populations, states, endpoints and statistics.

use std::sync::Arc;

use lind_model::difference::PartSide;
use lind_model::trial::{
    BelowLimit, By, Endpoint, IntervalMethod, Population, Quartiles, Role, Rounding, Series, State,
    Statistics, Summary, TimeUnit, Variable,
};
use lind_model::{GradingId, StateId};

use super::conditions::{asked_condition, behind_name, said, two_conditions};
use super::words::{milestone, spoken};
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

const POPULATIONS: ThingRules = ThingRules {
    added: &rules::POPULATION_ADDED,
    removed: &rules::POPULATION_REMOVED,
    renamed: Some(&rules::POPULATION_RENAMED),
    reworded: Some(&rules::POPULATION_REWORDED),
};

const STATES: ThingRules = ThingRules {
    added: &rules::STATE_ADDED,
    removed: &rules::STATE_REMOVED,
    renamed: Some(&rules::STATE_RENAMED),
    reworded: Some(&rules::STATE_REWORDED),
};

const ENDPOINTS: ThingRules = ThingRules {
    added: &rules::ENDPOINT_ADDED,
    removed: &rules::ENDPOINT_REMOVED,
    renamed: Some(&rules::ENDPOINT_RENAMED),
    reworded: Some(&rules::ENDPOINT_REWORDED),
};

impl Pairing<'_> {
    pub(super) fn populations(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_all, new_all] = protocols.map(|protocol| &protocol.trial.populations);
        let old = self.populations_of(Which::Old, old_all);
        let new = self.populations_of(Which::New, new_all);
        for both in self.things(&POPULATIONS, &old, &new) {
            let (Some([old, new]), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            let [old_protocol, new_protocol] = protocols;
            let conditions = [
                asked_condition(old_protocol, Some(one.asked)),
                asked_condition(new_protocol, Some(other.asked)),
            ];
            self.aspect(
                &rules::POPULATION_CHANGED,
                [old, new],
                [&old.content, &new.content],
                two_conditions(protocols, conditions),
            );
            self.assumed(
                &rules::POPULATION_ASSUMED,
                [old, new],
                [&one.assumed, &other.assumed],
            );
        }
    }

    fn populations_of(&mut self, which: Which, all: &[Population]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let all = all.iter().map(|own| {
            let condition = asked_condition(protocol, Some(own.asked));
            Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: self.asked(which, own.asked),
                words: condition.map_or_else(String::new, |own| said(protocol, own)),
                span: Some(own.span),
            }
        });
        all.collect()
    }

    pub(super) fn states(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_all, new_all] = protocols.map(|protocol| &protocol.trial.states);
        let old = self.states_of(Which::Old, old_all);
        let new = self.states_of(Which::New, new_all);
        for both in self.own_things(&STATES, &old, &new) {
            let (Some(pair), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            let [old_protocol, new_protocol] = protocols;
            let conditions = [
                asked_condition(old_protocol, Some(one.asked)),
                asked_condition(new_protocol, Some(other.asked)),
            ];
            let keys = [
                self.asked(Which::Old, one.asked),
                self.asked(Which::New, other.asked),
            ];
            let [old_key, new_key] = &keys;
            self.aspect(
                &rules::STATE_CHANGED,
                pair,
                [old_key, new_key],
                two_conditions(protocols, conditions),
            );
            let visits = [
                self.visits_of(Which::Old, one),
                self.visits_of(Which::New, other),
            ];
            let [old_visits, new_visits] = &visits;
            self.aspect(
                &rules::STATE_VISITS,
                pair,
                [old_visits, new_visits],
                [spoken(old_visits), spoken(new_visits)],
            );
            self.assumed(&rules::STATE_ASSUMED, pair, [&one.assumed, &other.assumed]);
        }
    }

    fn states_of(&mut self, which: Which, all: &[State]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let all = all.iter().map(|own| {
            let condition = asked_condition(protocol, Some(own.asked));
            let visits = self.visits_of(which, own);
            Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: format!("{} {visits}", self.asked(which, own.asked)),
                words: condition.map_or_else(String::new, |own| {
                    said(protocol, behind_name(protocol, own))
                }),
                span: Some(own.span),
            }
        });
        all.collect()
    }

    /// At which visits a state is asked.
    fn visits_of(&self, which: Which, state: &State) -> String {
        let protocol = self.protocol(which);
        let with = state
            .with
            .and_then(|id| protocol.trial.assessments.get(id.index()));
        let with = with.map_or_else(String::new, |with| {
            format!(" with {}", self.key(which, "assessment", &with.name))
        });
        let after = state.after.map_or_else(String::new, |id| {
            format!(" after {}", milestone(protocol, id))
        });
        format!("visits{with}{after}")
    }

    pub(super) fn endpoints(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_all, new_all] = protocols.map(|protocol| &protocol.trial.endpoints);
        let old = self.endpoints_of(Which::Old, old_all);
        let new = self.endpoints_of(Which::New, new_all);
        for both in self.things(&ENDPOINTS, &old, &new) {
            let (Some(pair), Some(endpoints)) =
                (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            self.endpoint(pair, endpoints);
        }
        self.statistics();
    }

    fn endpoint(&mut self, pair: [&Thing; 2], endpoints: [&Endpoint; 2]) {
        let [one, other] = endpoints;
        let roles = endpoints.map(|own| role(own.role));
        self.aspect(&rules::ENDPOINT_ROLE, pair, roles, roles.map(str::to_owned));
        let populations = [
            self.population_of(Which::Old, one),
            self.population_of(Which::New, other),
        ];
        let [old_population, new_population] = &populations;
        self.aspect(
            &rules::ENDPOINT_POPULATION,
            pair,
            [old_population, new_population],
            [spoken(old_population), spoken(new_population)],
        );
        let keys = [
            self.variable(Which::Old, &one.variable),
            self.variable(Which::New, &other.variable),
        ];
        let [old_key, new_key] = &keys;
        self.aspect(
            &rules::ENDPOINT_VARIABLE,
            pair,
            [old_key, new_key],
            self.variable_words(endpoints),
        );
        let summaries = endpoints.map(summary);
        let [old_summary, new_summary] = &summaries;
        self.aspect(
            &rules::ENDPOINT_SUMMARY,
            pair,
            [old_summary, new_summary],
            summaries.clone(),
        );
        self.assumed(
            &rules::ENDPOINT_ASSUMED,
            pair,
            [&one.assumed, &other.assumed],
        );
    }

    fn endpoints_of(&mut self, which: Which, all: &[Endpoint]) -> Vec<Thing> {
        let all = all.iter().map(|own| {
            let (role, summary) = (role(own.role), summary(own));
            let population = self.population_of(which, own);
            let variable = self.variable(which, &own.variable);
            Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: format!("{role}; {population}; {variable}; {summary}"),
                words: format!(
                    "{role}, of {}: {}; {summary}",
                    spoken(&population),
                    spoken(&own.text)
                ),
                span: Some(own.span),
            }
        });
        all.collect()
    }

    fn population_of(&self, which: Which, endpoint: &Endpoint) -> String {
        let populations = &self.protocol(which).trial.populations;
        let own = endpoint
            .population
            .and_then(|id| populations.get(id.index()));
        own.map_or_else(
            || "everybody".to_owned(),
            |own| {
                self.key(which, POPULATIONS.added.thing, &own.name)
                    .to_string()
            },
        )
    }

    fn variable_words(&self, endpoints: [&Endpoint; 2]) -> [String; 2] {
        let texts = endpoints.map(|own| spoken(&own.text));
        let [old, new] = &texts;
        if old != new {
            return texts;
        }
        let [one, other] = endpoints.map(|own| match own.variable {
            Variable::Whether(id) => Some(id),
            _ => None,
        });
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_protocol, new_protocol] = protocols;
        match (one, other) {
            (Some(one), Some(other)) => two_conditions(
                protocols,
                [
                    asked_condition(old_protocol, Some(one)),
                    asked_condition(new_protocol, Some(other)),
                ],
            ),
            _ => texts,
        }
    }

    /// What is computed of each participant. States and gradings have rules of their own, and count by their names.
    fn variable(&mut self, which: Which, variable: &Variable) -> String {
        match variable {
            Variable::Whether(asked) => format!("whether {}", self.asked(which, *asked)),
            Variable::Reached(state, window) => format!(
                "reached {} {}",
                self.state_name(which, *state),
                self.optional_window(which, window.as_ref())
            ),
            Variable::Value {
                series,
                selector,
                window,
            } => format!(
                "value {} {selector:?} {}",
                self.series(which, *series),
                self.window(which, window)
            ),
            Variable::DayOf {
                series,
                selector,
                window,
            } => format!(
                "day of {} {selector:?} {}",
                self.series(which, *series),
                self.window(which, window)
            ),
            Variable::DayWith {
                series,
                test,
                last,
                window,
            } => format!(
                "day with {} {} {last} {}",
                self.series(which, *series),
                self.test(which, *series, test),
                self.window(which, window)
            ),
            Variable::VisitWith {
                series,
                test,
                window,
            } => format!(
                "visit with {} {} {}",
                self.series(which, *series),
                self.test(which, *series, test),
                self.window(which, window)
            ),
            Variable::DaysWith {
                series,
                test,
                window,
            } => format!(
                "days with {} {} {}",
                self.series(which, *series),
                self.test(which, *series, test),
                self.window(which, window)
            ),
            Variable::Area { series, window } => format!(
                "area {} {}",
                self.series(which, *series),
                self.window(which, window)
            ),
            Variable::AtVisits(series) => format!("at visits {}", self.series(which, *series)),
            Variable::ChangeAtVisits(series) => {
                format!("change at visits {}", self.series(which, *series))
            }
            Variable::WorstGrade(grading, window) => format!(
                "worst grade {} {}",
                self.grading_name(which, *grading),
                self.window(which, window)
            ),
            Variable::AdverseEvents(window) => {
                format!("adverse events {}", self.window(which, window))
            }
            Variable::TimeTo(state) => format!("time to {}", self.state_name(which, *state)),
            Variable::TimeIn(state) => format!("time in {}", self.state_name(which, *state)),
        }
    }

    /// What a test asks of the values of a series, in whatever unit its limits are written.
    fn test(&mut self, which: Which, series: Series, test: &lind_model::protocol::Test) -> String {
        let subject = match series {
            Series::Subject(subject) => Some(subject),
            Series::Points(_) => None,
        };
        let (reader, meanings) = self.reader(which);
        crate::amounts::canonical(&reader.test(subject, test, meanings))
    }

    fn series(&mut self, which: Which, series: Series) -> String {
        match series {
            Series::Subject(subject) => {
                let (reader, meanings) = self.reader(which);
                reader.subject(subject, meanings)
            }
            Series::Points(asked) => self.asked(which, asked),
        }
    }

    fn state_name(&self, which: Which, id: StateId) -> String {
        let state = self.protocol(which).trial.states.get(id.index());
        state.map_or_else(String::new, |state| {
            self.key(which, STATES.added.thing, &state.name).to_string()
        })
    }

    fn grading_name(&self, which: Which, id: GradingId) -> String {
        let grading = self.protocol(which).trial.gradings.get(id.index());
        grading.map_or_else(String::new, |grading| {
            self.key(which, "grading", &grading.name).to_string()
        })
    }

    /// Where a version has no endpoints and says nothing of statistics, there is nothing to sum up.
    fn statistics(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let says = |protocol: &lind_model::Protocol| {
            let trial = &protocol.trial;
            trial.statistics.span.is_some() || !trial.endpoints.is_empty()
        };
        if !protocols.into_iter().all(says) {
            return;
        }
        let [old, new] = protocols.map(|protocol| &protocol.trial.statistics);
        let (old_lines, new_lines) = (statistics_words(old), statistics_words(new));
        let mut words = [Vec::new(), Vec::new()];
        let [old_words, new_words] = &mut words;
        for (one, other) in old_lines.iter().zip(&new_lines) {
            if one != other {
                old_words.push(one.clone());
                new_words.push(other.clone());
            }
        }
        if old_words.is_empty() {
            return;
        }
        let name: Arc<str> = Arc::from("statistics");
        self.tell(
            &rules::STATISTICS,
            (&name, &name),
            Some(PartSide::of(&old_words.join("; "), old.span)),
            Some(PartSide::of(&new_words.join("; "), new.span)),
        );
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Secondary => "secondary",
        Role::Exploratory => "exploratory",
    }
}

fn summary(endpoint: &Endpoint) -> String {
    let mut parts = vec![
        match endpoint.summary {
            Summary::Share { interval: false } => "number and per cent",
            Summary::Share { interval: true } => "number and per cent with interval",
            Summary::MedianRange => "median and range",
            Summary::MedianQuartiles => "median and quartiles",
            Summary::MeanDeviation => "mean and standard deviation",
            Summary::Range => "range",
            Summary::Counts => "counts",
        }
        .to_owned(),
    ];
    parts.extend(endpoint.by.iter().map(|by| {
        match by {
            By::DoseLevel => "by dose level",
            By::Arm => "by arm",
            By::Visit => "by visit",
        }
        .to_owned()
    }));
    match endpoint.unit {
        Some(TimeUnit::Weeks) => parts.push("in weeks".to_owned()),
        Some(TimeUnit::Months) => parts.push("in months".to_owned()),
        Some(TimeUnit::Days) | None => {}
    }
    if let Some(decimals) = endpoint.decimals {
        parts.push(format!("with {decimals} decimals"));
    }
    parts.join(", ")
}

/// Always the same number of lines, so that those of two versions stand side by side.
fn statistics_words(own: &Statistics) -> [String; 5] {
    let IntervalMethod::ClopperPearson = own.interval;
    [
        match own.rounding {
            Rounding::HalfUp => "halves are rounded up",
            Rounding::HalfEven => "halves are rounded to the even neighbour",
        }
        .to_owned(),
        match own.quartiles {
            Quartiles::Type2 => "quartiles of type 2",
            Quartiles::Type6 => "quartiles of type 6",
            Quartiles::Type7 => "quartiles of type 7",
        }
        .to_owned(),
        format!("intervals of {} %", own.level),
        match own.below {
            None => "areas with values below a limit cannot be told",
            Some(BelowLimit::Zero) => "values below a limit count as 0 in an area",
            Some(BelowLimit::HalfTheLimit) => "values below a limit count as half of it in an area",
            Some(BelowLimit::Limit) => "values below a limit count as the limit in an area",
        }
        .to_owned(),
        format!("percentages with {} decimals", own.percent_decimals),
    ]
}
