//! What a protocol asks of a chart: the numbers and lengths of time at which its answers change.

use lind_model::protocol::{
    AlternativeContent, Anchor, ChangeTest, Condition, ConditionKind, Counted, Fact, Filter, Guard,
    Interval, Protocol, RecordQuestion, Spell, Subject, Test, Usage, ValueTest, Window,
};
use lind_time::{Edge, Offset};
use lind_units::{Exact, Unit};

/// The numbers and lengths of a protocol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interests {
    /// Offsets of windows and lengths, as they point.
    pub(crate) offsets: Vec<Offset>,
    /// Windows around milestones.
    pub(crate) windows: Vec<WindowOf>,
    /// Limits of measures, by their place.
    pub(crate) limits: Vec<(usize, Exact, Unit)>,
    /// Scores.
    pub(crate) scores: Vec<(usize, Exact)>,
    /// Multiples of a laboratory's limit.
    pub(crate) factors: Vec<(usize, Exact)>,
    /// Years of age.
    pub(crate) ages: Vec<Exact>,
    /// Doses.
    pub(crate) doses: Vec<(Exact, Unit)>,
    /// Changes: the number, and whether it is in per cent.
    pub(crate) changes: Vec<(usize, Exact, bool)>,
    /// Multiples of another value.
    pub(crate) multiples: Vec<(usize, Exact)>,
    /// Measures of which values on so many days in a row are asked.
    pub(crate) runs: Vec<(usize, i64)>,
    /// Measures that a test asks for, formulas' inputs left out.
    pub(crate) measures: Vec<usize>,
    /// Formulas that a test asks for.
    pub(crate) formulas: Vec<usize>,
    /// Code sets that a fact or a sample rule asks for.
    pub(crate) sets: Vec<usize>,
    /// Code sets whose records are asked for together: doses over time, stretches with gaps.
    pub(crate) courses: Vec<usize>,
}

/// A window around a milestone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowOf {
    /// The measure that is asked for in it, if it is one.
    pub(crate) measure: Option<usize>,
    pub(crate) milestone: usize,
    pub(crate) from: Edge,
    pub(crate) to: Edge,
}

impl Interests {
    /// Of a whole protocol.
    pub(crate) fn of(protocol: &Protocol) -> Self {
        let mut found = Self::default();
        for criterion in &protocol.criteria {
            criterion.guard.iter().for_each(|guard| found.guard(guard));
            criterion
                .parts
                .iter()
                .for_each(|part| found.condition(part));
        }
        for definition in &protocol.definitions {
            found.condition(&definition.condition);
        }
        for alternative in protocol
            .readings
            .iter()
            .flat_map(|reading| &reading.alternatives)
        {
            if let AlternativeContent::Condition(condition) = &alternative.content {
                found.condition(condition);
            }
        }
        for line in protocol.chosen.iter().flat_map(|chosen| &chosen.lines) {
            found.fact(&line.fact);
            // More than one, so that there is a choice.
            found.sets.extend(line.fact.set.map(|set| set.index()));
        }
        for milestone in &protocol.milestones {
            milestone
                .values
                .iter()
                .for_each(|window| found.window(window, None));
        }
        found
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::List(_, parts) | ConditionKind::Depending(_, parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Guarded(guard, body) => {
                self.guard(guard);
                self.condition(body);
            }
            ConditionKind::At(_, inner) => self.condition(inner),
            ConditionKind::With(usage, inner) => {
                self.usage(usage);
                self.condition(inner);
            }
            ConditionKind::Happened(_, Some(window)) => self.window(window, None),
            ConditionKind::Age { interval, .. } => self.ages.extend(ends(interval)),
            ConditionKind::Fact(fact) => self.fact(fact),
            ConditionKind::Record(test) => match &test.question {
                RecordQuestion::Member(set) => self.sets.push(set.index()),
                RecordQuestion::Filter(filter) => self.filter(None, filter),
                RecordQuestion::Shares(..) | RecordQuestion::Same(_) => {}
            },
            ConditionKind::Value(test) => self.value(test),
            ConditionKind::Change(change) => self.change(change),
            ConditionKind::Points(points) => points
                .recorded
                .iter()
                .for_each(|recorded| self.value(recorded)),
            ConditionKind::Spell(spell) => self.spell(spell),
            ConditionKind::PointsChange(change) => {
                let measure = change.recorded.map(|measure| measure.index());
                self.window(&change.from.window, measure);
                self.window(&change.to.window, measure);
                self.measures.extend(measure.into_iter().chain(measure));
            }
            ConditionKind::AsRead(_)
            | ConditionKind::Defined(_)
            | ConditionKind::Judged(_)
            | ConditionKind::Happened(_, None)
            | ConditionKind::Settled(_)
            | ConditionKind::Nothing => {}
            ConditionKind::Choice(choice) => {
                let inside = choice
                    .cases
                    .iter()
                    .flat_map(|case| [&case.when, &case.then]);
                for condition in inside.chain(&choice.otherwise) {
                    self.condition(condition);
                }
            }
            ConditionKind::IfUnknown(rule) => self.condition(&rule.condition),
        }
    }

    fn guard(&mut self, guard: &Guard) {
        guard
            .condition
            .iter()
            .for_each(|condition| self.condition(condition));
    }

    fn usage(&mut self, usage: &Usage) {
        usage
            .window
            .iter()
            .for_each(|window| self.window(window, None));
        for rule in &usage.samples {
            self.window(&rule.window, None);
            self.sets.extend(rule.without.iter().map(|set| set.index()));
        }
    }

    fn window(&mut self, window: &Window, measure: Option<usize>) {
        match window {
            Window::Around { anchor, window, .. } => {
                if let Anchor::Milestone(milestone) = anchor {
                    self.windows.push(WindowOf {
                        measure,
                        milestone: milestone.index(),
                        from: window.from,
                        to: window.to,
                    });
                }
                for edge in [window.from, window.to] {
                    if let Edge::At { offset, .. } = edge {
                        self.offsets.push(offset);
                    }
                }
            }
            Window::Either(a, b) | Window::Both(a, b) => {
                self.window(a, measure);
                self.window(b, measure);
            }
            Window::Between { .. } => {}
            // So many half-lives of the drugs of the library.
            Window::HalfLives { count, .. } => {
                let count = count.floor().unwrap_or(1);
                self.offsets.push(Offset::Days { days: -14 * count });
                self.offsets.push(Offset::Days { days: -5 * count });
                let seconds = -4 * 3600 * count;
                self.offsets.push(Offset::Clock { seconds });
            }
        }
    }

    fn filter(&mut self, set: Option<usize>, filter: &Filter) {
        match filter {
            Filter::Dose { interval, unit, .. } => {
                let ends = ends(interval).into_iter();
                self.doses.extend(ends.map(|end| (end, unit.clone())));
            }
            Filter::TotalDose { interval, unit, .. } => {
                let ends = ends(interval).into_iter();
                self.doses.extend(ends.map(|end| (end, unit.clone())));
                self.courses.extend(set);
            }
            Filter::Edge(_, window) => self.window(window, None),
            Filter::Steady(steady) => {
                self.window(&steady.window, None);
                self.courses.extend(set);
            }
            Filter::Stretch { lasting, gap } => {
                self.offsets.push(lasting.length.negate());
                self.offsets.push(gap.negate());
                self.courses.extend(set);
            }
            Filter::Lasting(lasting) | Filter::InTotal(lasting) | Filter::DiseaseFree(lasting) => {
                self.offsets.push(lasting.length.negate());
            }
            Filter::Value { measure, test } => self.test(measure.index(), test),
            Filter::Field(..) | Filter::Line(..) | Filter::Grade(..) | Filter::TimeOfDay(_) => {}
        }
    }

    fn fact(&mut self, fact: &Fact) {
        self.sets.extend(fact.set.map(|set| set.index()));
        let measure = fact.measure.map(|measure| measure.index());
        self.measures.extend(measure);
        fact.window
            .iter()
            .for_each(|window| self.window(window, measure));
        if let Some(such_that) = &fact.such_that {
            self.condition(&such_that.condition);
            self.sets.extend(fact.set.map(|set| set.index()));
        }
        if let Some(frequency) = fact.frequency {
            // More of the same, some of it so far apart.
            let set = fact.set.map(|set| set.index());
            self.sets.extend(set.into_iter().chain(set));
            if let Counted::Apart(lasting) = frequency.counted {
                self.offsets.push(lasting.length.negate());
            }
        }
        for filter in &fact.filters {
            self.filter(fact.set.map(|set| set.index()), filter);
        }
        for exception in &fact.exceptions {
            self.sets.push(exception.set.index());
            if let Some(lasting) = exception.disease_free {
                self.offsets.push(lasting.length.negate());
            }
        }
    }

    fn value(&mut self, test: &ValueTest) {
        let measure = match test.subject {
            Subject::Measure(measure) => measure.index(),
            Subject::Formula(formula) => {
                self.formulas.push(formula.index());
                return;
            }
        };
        self.measures.push(measure);
        test.window
            .iter()
            .for_each(|window| self.window(window, Some(measure)));
        test.evidence
            .iter()
            .filter_map(|evidence| evidence.window.as_ref())
            .for_each(|window| self.window(window, Some(measure)));
        self.test(measure, &test.test);
    }

    fn test(&mut self, measure: usize, test: &Test) {
        match test {
            Test::Quantity(interval, unit) => {
                let ends = ends(interval).into_iter();
                self.limits
                    .extend(ends.map(|end| (measure, end, unit.clone())));
            }
            Test::Reference { .. } => self.factors.push((measure, Exact::one())),
            Test::Multiple { interval, .. } => {
                let ends = ends(interval).into_iter();
                self.factors.extend(ends.map(|end| (measure, end)));
            }
            Test::Score(interval) => {
                let ends = ends(interval).into_iter();
                self.scores.extend(ends.map(|end| (measure, end)));
            }
            Test::Own {
                interval,
                reference,
            } => {
                self.measures.extend([measure; 2]);
                self.window(&reference.window, Some(measure));
                let ends = ends(interval).into_iter();
                self.multiples.extend(ends.map(|end| (measure, end)));
            }
            Test::Levels(_) | Test::Results(_) | Test::Tags(..) => {}
        }
    }

    /// Several values in the window, on days in a row.
    fn spell(&mut self, spell: &Spell) {
        let measure = spell.measure.index();
        self.measures.extend([measure; 4]);
        self.window(&spell.window, Some(measure));
        self.test(measure, &spell.test);
        let days = ends(&spell.days).into_iter().filter_map(|end| end.floor());
        self.runs.extend(days.map(|days| (measure, days)));
    }

    fn change(&mut self, change: &ChangeTest) {
        if let Subject::Measure(measure) = change.subject {
            for window in change.between.windows() {
                self.window(window, Some(measure.index()));
            }
            if let Some(persistence) = change.lasting {
                let length = persistence.lasting.length;
                self.offsets.extend([length, length.negate()]);
                self.measures.extend([measure.index(); 3]);
            }
            let relative = change.mode == lind_model::protocol::ChangeMode::Relative;
            let ends = ends(&change.by).into_iter();
            self.measures.push(measure.index());
            self.changes
                .extend(ends.map(|end| (measure.index(), end, relative)));
        }
    }
}

fn ends(interval: &Interval) -> Vec<Exact> {
    [&interval.low, &interval.high]
        .into_iter()
        .flatten()
        .map(|(end, _)| end.clone())
        .collect()
}
