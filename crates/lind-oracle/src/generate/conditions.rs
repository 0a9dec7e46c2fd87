//! Random conditions.

use std::sync::Arc;

use lind_model::protocol::{
    Anchor, Case, ChangeMode, ChangeTest, Choice, Compared, Comparison, Condition, ConditionKind,
    Direction, Evidence, FactField, FactTable, Filter, Guard, IfUnknown, Interval, Lasting,
    NamedRecord, Persistence, PointsLine, PointsTest, Provenance, Quantifier, RecordEdge,
    RecordQuestion, RecordTest, ResultField, Selector, Sex, Shape, Subject, SuchThat, Take, Test,
    Usage, ValueAt, ValueTest, Window,
};
use lind_model::{DefinitionId, FormulaId, JudgementId, MeasureId, MilestoneId, ReadingId, SetId};
use lind_time::Offset;
use lind_units::Exact;

use super::library::{nowhere, number, quantity, unit};
use super::protocols::{Maker, Means};
use super::windows::{self, Kind};

/// A condition without label and text.
pub(crate) fn condition(kind: ConditionKind) -> Condition {
    Condition {
        kind,
        label: None,
        text: Arc::from(""),
        span: nowhere(),
    }
}

impl Maker {
    /// A condition; `depth` bounds its nesting.
    pub(super) fn condition(&mut self, depth: usize) -> Condition {
        let choice = self.random.below(100);
        let kind = match choice {
            _ if self.named.len() > 1 && self.random.percent(70) => self.record(),
            _ if self.named.len() == 1 && self.random.percent(35) => self.fact(depth),
            _ if self.named.len() == 1 && self.random.percent(60) => self.record(),
            0..=17 if depth > 0 => self.list(depth),
            18..=23 if depth > 0 => {
                let guard = self.guard(depth - 1);
                let body = Box::new(self.condition(depth - 1));
                ConditionKind::Guarded(guard, body)
            }
            24..=31 if depth > 0 => {
                let usage = Box::new(self.usage());
                let inside = Box::new(self.condition(depth - 1));
                ConditionKind::With(usage, inside)
            }
            32..=35 if depth > 0 => match self.reading(&[Means::Anything]) {
                Some((reading, alternatives)) => {
                    let arms = (0..alternatives)
                        .map(|_| self.condition(depth - 1))
                        .collect();
                    ConditionKind::Depending(reading, arms)
                }
                None => self.value(depth),
            },
            36..=39 => match self.reading(&[Means::Condition]) {
                Some((reading, _)) => ConditionKind::AsRead(reading),
                None => self.fact(depth),
            },
            40..=43 if !self.definitions.is_empty() => ConditionKind::Defined(
                DefinitionId::from_index(self.random.below(self.definitions.len())),
            ),
            44..=47 => ConditionKind::Judged(JudgementId::from_index(
                self.random.below(self.judgements.len()),
            )),
            48..=50 => {
                let window = self.random.percent(40).then(|| self.window(Kind::Plain));
                ConditionKind::Happened(self.milestone(), window)
            }
            51..=54 => self.age(),
            55..=73 => self.fact(depth),
            74..=79 => self.change(),
            81 if depth > 0 => ConditionKind::Nothing,
            80 if !self.definitions.is_empty() && self.random.percent(40) => self.points(),
            80 if !self.definitions.is_empty() => self.points_change(),
            90..=93 => self.spell(),
            82 if !self.definitions.is_empty() => self.points_change(),
            82..=88 if depth > 0 => self.choice(depth),
            89 if depth > 0 => self.if_unknown(depth),
            _ => self.value(depth),
        };
        condition(kind)
    }

    pub(super) fn milestone(&mut self) -> MilestoneId {
        MilestoneId::from_index(self.random.below(self.milestones.len()))
    }

    /// A reading that means one of these, and how many alternatives it has.
    pub(super) fn reading(&mut self, wanted: &[Means]) -> Option<(ReadingId, usize)> {
        let fitting: Vec<(ReadingId, usize)> = self
            .readings
            .iter()
            .enumerate()
            .filter(|(_, (_, means))| wanted.contains(&Means::Anything) || wanted.contains(means))
            .map(|(index, (reading, _))| (ReadingId::from_index(index), reading.alternatives.len()))
            .collect();
        self.random.one_of(&fitting).copied()
    }

    fn list(&mut self, depth: usize) -> ConditionKind {
        let length = 1 + self.random.below(3);
        let parts = (0..length).map(|_| self.condition(depth - 1)).collect();
        // Counts that can be missed and reached: the checker refuses the others.
        let below = u32::try_from(self.random.below(length)).unwrap_or_default();
        let quantifier = self.random.any(
            Quantifier::All,
            &[
                Quantifier::All,
                Quantifier::Any,
                Quantifier::Any,
                Quantifier::None,
                Quantifier::None,
                Quantifier::AtLeast(below + 1),
                Quantifier::AtMost(below),
                Quantifier::Exactly(below + 1),
                Quantifier::Exactly(below),
            ],
        );
        ConditionKind::List(quantifier, parts)
    }

    pub(super) fn guard(&mut self, depth: usize) -> Guard {
        let sex = self.random.any(Some(Sex::Female), &[Some(Sex::Male), None]);
        let condition =
            (sex.is_none() || self.random.percent(30)).then(|| Box::new(self.condition(depth)));
        Guard {
            sex,
            condition,
            text: Arc::from(""),
        }
    }

    fn selector(&mut self) -> Selector {
        self.random.any(
            Selector::Latest,
            &[
                Selector::First,
                Selector::Highest,
                Selector::Lowest,
                Selector::Any,
                Selector::Every,
            ],
        )
    }

    fn usage(&mut self) -> Usage {
        let take = self.random.percent(40).then(|| {
            match self.reading(&[Means::Selector]) {
                Some((reading, _)) if self.random.percent(50) => Take::AsRead(reading),
                // What every value can be asked.
                _ => Take::Selector(
                    self.random
                        .any(Selector::Any, &[Selector::First, Selector::Every]),
                ),
            }
        });
        // Clauses do not speak of records.
        let named = std::mem::take(&mut self.named);
        let window = self.random.percent(25).then(|| self.window(Kind::Plain));
        let samples = (0..self.random.below(3))
            .map(|_| self.sample_rule())
            .collect();
        self.named = named;
        Usage {
            take,
            window,
            samples,
        }
    }

    fn sample_rule(&mut self) -> lind_model::protocol::SampleRule {
        let only_under = if self.random.percent(20) {
            self.reading(&[Means::Anything])
        } else {
            None
        };
        let only_under =
            only_under.map(|(reading, alternatives)| (reading, self.random.below(alternatives)));
        let without = (0..=self.random.below(2))
            .map(|_| SetId::from_index(self.random.below(self.sets.len())))
            .collect();
        lind_model::protocol::SampleRule {
            only_under,
            without,
            window: self.window(Kind::AroundSample),
            text: Arc::from(""),
        }
    }

    pub(super) fn window(&mut self, kind: Kind) -> Window {
        let window = windows::window(&mut self.random, self.milestones.len(), kind, 1);
        if self.random.percent(6) {
            return self.around_a_date(window);
        }
        if !self.chosen.is_empty() && self.random.percent(22) {
            return self.around_a_choice(window);
        }
        if self.named.is_empty() || self.random.percent(40) {
            return window;
        }
        self.around_records(window)
    }

    /// The same window around records that have a name.
    fn around_records(&mut self, window: Window) -> Window {
        match window {
            Window::Around {
                window, as_known, ..
            } => Window::Around {
                anchor: self.edge(),
                window,
                as_known,
            },
            Window::Between { from, to } => {
                let record = self.named_record();
                match self.random.below(3) {
                    0 => Window::Between {
                        from: Anchor::Record(record, RecordEdge::Begin),
                        to: Anchor::Record(record, RecordEdge::End),
                    },
                    1 => Window::Between {
                        from: self.edge(),
                        to,
                    },
                    _ => Window::Between {
                        from,
                        to: self.edge(),
                    },
                }
            }
            Window::HalfLives {
                count,
                closed,
                beyond,
                ..
            } => Window::HalfLives {
                anchor: self.edge(),
                count,
                closed,
                beyond,
            },
            either_or_both => either_or_both,
        }
    }

    fn named_record(&mut self) -> NamedRecord {
        let place = self.random.below(self.named.len());
        NamedRecord(u8::try_from(place).unwrap_or_default())
    }

    fn edge(&mut self) -> Anchor {
        let record = self.named_record();
        let edge = self.random.any(RecordEdge::Begin, &[RecordEdge::End]);
        Anchor::Record(record, edge)
    }

    /// Something about a record that has a name.
    fn record(&mut self) -> ConditionKind {
        let record = self.named_record();
        let table = self
            .named
            .get(usize::from(record.0))
            .copied()
            .unwrap_or(FactTable::Conditions);
        let mut other = self.named_record();
        if other == record && self.named.len() > 1 {
            other = NamedRecord(u8::from(record.0 == 0));
        }
        let question = if other != record && self.random.percent(75) {
            let field = match table {
                FactTable::Treatments => FactField::Route,
                FactTable::Allergies => FactField::Severity,
                FactTable::Conditions | FactTable::Procedures => FactField::BodySite,
                FactTable::AdverseEvents => self
                    .random
                    .any(FactField::Term, &[FactField::Scale, FactField::Grade]),
                FactTable::Results => self
                    .random
                    .any(FactField::Source, &[FactField::Method, FactField::BodySite]),
            };
            if self.random.percent(35) {
                RecordQuestion::Same(other)
            } else {
                RecordQuestion::Shares(field, other)
            }
        } else if table == FactTable::Results {
            RecordQuestion::Filter(self.of_result(record))
        } else if self.random.percent(30) {
            let fitting: Vec<usize> = (0..self.sets.len())
                .filter(|place| self.sets.get(*place).is_some_and(|set| set.table == table))
                .collect();
            let set = self.random.one_of(&fitting).copied().unwrap_or_default();
            RecordQuestion::Member(SetId::from_index(set))
        } else if table != FactTable::Procedures && self.random.percent(25) {
            RecordQuestion::Filter(self.edge_filter(table))
        } else {
            RecordQuestion::Filter(match self.filter(table) {
                // These compare rows with each other.
                Filter::Steady(_) | Filter::Stretch { .. } => {
                    Filter::Lasting(windows::lasting(&mut self.random))
                }
                filter => filter,
            })
        };
        let negated = matches!(
            question,
            RecordQuestion::Member(_) | RecordQuestion::Same(_)
        ) && self.random.percent(40);
        ConditionKind::Record(Box::new(RecordTest {
            record,
            negated,
            question,
        }))
    }

    /// What must be true of each record.
    pub(super) fn such_that(&mut self, table: FactTable, depth: usize) -> Option<SuchThat> {
        let record = NamedRecord(u8::try_from(self.named.len()).ok()?);
        self.named.push(table);
        let plainly = table == FactTable::Results && self.random.percent(60);
        let condition = if plainly {
            condition(self.record())
        } else {
            self.condition(depth.saturating_sub(1))
        };
        self.named.pop();
        Some(SuchThat {
            record,
            name: Arc::from("C"),
            condition: Box::new(condition),
        })
    }

    fn age(&mut self) -> ConditionKind {
        let at = self.random.percent(30).then(|| self.milestone());
        let years =
            |random: &mut super::Random| Exact::from_integer(random.any(18, &[12, 40, 65, 75]));
        let interval = if self.random.percent(50) {
            let low = Exact::from_integer(self.random.any(18, &[12]));
            let high = Exact::from_integer(self.random.any(65, &[75]));
            Interval {
                low: Some((low, self.random.percent(80))),
                high: Some((high, self.random.percent(80))),
            }
        } else {
            let limit = years(&mut self.random);
            Interval::comparison(self.random.comparison(), limit)
        };
        ConditionKind::Age { at, interval }
    }

    pub(super) fn measure(&mut self, wanted: impl Fn(&Shape) -> bool) -> Option<MeasureId> {
        let fitting: Vec<usize> = self
            .measures
            .iter()
            .enumerate()
            .filter(|(_, measure)| wanted(&measure.shape))
            .map(|(place, _)| place)
            .collect();
        self.random
            .one_of(&fitting)
            .map(|place| MeasureId::from_index(*place))
    }

    fn value(&mut self, depth: usize) -> ConditionKind {
        let subject = if !self.formulas.is_empty() && self.random.percent(20) {
            Subject::Formula(FormulaId::from_index(
                self.random.below(self.formulas.len()),
            ))
        } else {
            match self.measure(|_| true) {
                Some(measure) => Subject::Measure(measure),
                None => return ConditionKind::Nothing,
            }
        };
        let (coded, worst) = match subject {
            Subject::Measure(id) => {
                self.measures
                    .get(id.index())
                    .map_or((false, false), |measure| {
                        (
                            matches!(measure.shape, Shape::Coded(_) | Shape::Tags(_)),
                            measure.worst_is_highest.is_some(),
                        )
                    })
            }
            Subject::Formula(_) => (false, false),
        };
        let selector = self.random.percent(55).then(|| {
            if worst && self.random.percent(25) {
                Selector::Worst
            } else if coded {
                // Results have no order.
                self.random.any(
                    Selector::Latest,
                    &[Selector::First, Selector::Any, Selector::Every],
                )
            } else {
                self.selector()
            }
        });
        let is_measure = matches!(subject, Subject::Measure(_));
        let provenance = if is_measure && self.random.percent(12) {
            self.provenance()
        } else {
            Vec::new()
        };
        let test = match subject {
            Subject::Measure(id) if self.random.percent(12) => self.own_test(id),
            _ => self.test(subject),
        };
        let numbers = matches!(test, Test::Quantity(..) | Test::Score(_));
        let selector = if is_measure && numbers && self.random.percent(15) {
            Some(Selector::Mean)
        } else {
            selector
        };
        let of_all = matches!(
            selector,
            Some(Selector::Any | Selector::Every | Selector::Mean)
        );
        let evidence = (is_measure && of_all && self.random.percent(35)).then(|| Evidence {
            least: 1 + u32::try_from(self.random.below(3)).unwrap_or_default(),
            window: self.random.percent(40).then(|| self.window(Kind::Plain)),
        });
        let plain = ValueTest {
            subject,
            selector,
            provenance,
            time_of_day: (is_measure && self.random.percent(6)).then(|| self.time_of_day()),
            evidence,
            window: self.random.percent(40).then(|| self.window(Kind::Plain)),
            test,
        };
        if depth == 0 || self.random.percent(80) {
            return ConditionKind::Value(Box::new(plain));
        }
        // Other limits for some.
        let of = |test: ValueTest| condition(ConditionKind::Value(Box::new(test)));
        let cases = (0..=self.random.below(2))
            .map(|_| Case {
                when: self.condition(depth - 1),
                then: of(ValueTest {
                    test: self.test(subject),
                    ..plain.clone()
                }),
            })
            .collect();
        ConditionKind::Choice(Box::new(Choice {
            cases,
            otherwise: Some(of(plain)),
        }))
    }

    /// Points for terms, some of them in domains.
    pub(super) fn lines(&mut self) -> Vec<PointsLine> {
        let mut lines: Vec<PointsLine> = (0..2 + self.random.below(4))
            .map(|_| PointsLine {
                label: Arc::from("line"),
                domain: self
                    .random
                    .percent(50)
                    .then(|| u32::try_from(self.random.below(2)).unwrap_or_default()),
                points: number(self.random.any("2", &["1", "3", "4", "-1", "0.5"])),
                condition: DefinitionId::from_index(self.random.below(self.definitions.len())),
            })
            .collect();
        lines.sort_by_key(|line| line.domain);
        lines
    }

    /// Points for terms, perhaps with a score that may be recorded as the sum.
    fn points(&mut self) -> ConditionKind {
        let lines = self.lines();
        let interval = self.interval(&["2", "1", "3", "5"]);
        let scored = self.measure(|shape| matches!(shape, Shape::Score { .. }));
        let recorded = scored
            .filter(|_| self.random.percent(50))
            .map(|measure| ValueTest {
                subject: Subject::Measure(measure),
                selector: None,
                time_of_day: None,
                provenance: Vec::new(),
                window: None,
                evidence: None,
                test: Test::Score(interval.clone()),
            });
        ConditionKind::Points(Box::new(PointsTest {
            name: Arc::from("points"),
            lines,
            scale: self
                .random
                .percent(40)
                .then(|| (number("0"), number(self.random.any("6", &["4", "10"])))),
            interval,
            recorded,
        }))
    }

    fn choice(&mut self, depth: usize) -> ConditionKind {
        let cases = (0..=self.random.below(2))
            .map(|_| Case {
                when: self.condition(depth - 1),
                then: self.consequence(depth - 1),
            })
            .collect();
        let otherwise = self.random.percent(60).then(|| self.consequence(depth - 1));
        ConditionKind::Choice(Box::new(Choice { cases, otherwise }))
    }

    /// What holds in a case of a choice.
    fn consequence(&mut self, depth: usize) -> Condition {
        if self.random.percent(25) {
            condition(ConditionKind::Settled(self.random.percent(50)))
        } else {
            self.condition(depth)
        }
    }

    fn if_unknown(&mut self, depth: usize) -> ConditionKind {
        ConditionKind::IfUnknown(Box::new(IfUnknown {
            condition: self.condition(depth - 1),
            met: self.random.percent(50),
            why: Arc::from(""),
        }))
    }

    /// Where results must come from, in words that charts have.
    fn provenance(&mut self) -> Vec<Provenance> {
        let field = self.random.any(
            ResultField::Source,
            &[
                ResultField::Method,
                ResultField::Specimen,
                ResultField::BodySite,
            ],
        );
        let words: &[&str] = match field {
            ResultField::Source => &["central_laboratory", "site"],
            ResultField::Method => &["elisa", "flow_cytometry"],
            ResultField::Specimen => &["blood", "serum"],
            ResultField::BodySite => &["skin", "lung"],
        };
        let all = self.random.percent(20);
        let first = self.random.below(words.len());
        let values = words
            .iter()
            .enumerate()
            .filter(|(place, _)| all || *place == first)
            .map(|(_, word)| Arc::from(*word))
            .collect();
        vec![Provenance { field, values }]
    }

    /// An interval with ends from a list.
    pub(super) fn interval(&mut self, ends: &[&str]) -> Interval {
        let end = |random: &mut super::Random| number(random.one_of(ends).copied().unwrap_or("1"));
        match self.random.below(10) {
            0..=6 => {
                let limit = end(&mut self.random);
                Interval::comparison(self.random.comparison(), limit)
            }
            7 => Interval::comparison(Comparison::Equal, end(&mut self.random)),
            _ => {
                let (one, other) = (end(&mut self.random), end(&mut self.random));
                let same = one == other;
                Interval {
                    low: Some((
                        one.clone().min(other.clone()),
                        same || self.random.percent(60),
                    )),
                    high: Some((one.max(other), same || self.random.percent(60))),
                }
            }
        }
    }

    pub(super) fn test(&mut self, subject: Subject) -> Test {
        let measure = match subject {
            Subject::Measure(id) => self.measures.get(id.index()).cloned(),
            Subject::Formula(id) => {
                let result = self
                    .formulas
                    .get(id.index())
                    .map(|formula| formula.result.unit.clone());
                let unit = result.unwrap_or_else(lind_units::Unit::one);
                return Test::Quantity(self.interval(&["30", "50", "25", "2", "60"]), unit);
            }
        };
        let Some(measure) = measure else {
            return Test::Results(Vec::new());
        };
        match &measure.shape {
            Shape::Quantity(shape) => {
                let entry = quantity(&measure.name);
                if shape.has_limits && self.random.percent(40) {
                    return Test::Reference {
                        outside: self.random.percent(40),
                    };
                }
                if shape.has_limits && self.random.percent(30) {
                    return Test::Multiple {
                        interval: self.interval(&["1", "1.5", "2", "3", "0.5"]),
                        upper: self.random.percent(70),
                    };
                }
                let own = self.interval(entry.map_or(&["1"], |entry| entry.limits));
                let other = entry
                    .and_then(|entry| self.random.one_of(entry.units).copied())
                    .map_or_else(|| shape.unit.clone(), unit);
                // The limit in another unit, exactly.
                let convert = |end: &Option<(Exact, bool)>| {
                    let (value, closed) = end.as_ref()?;
                    let value = shape
                        .unit
                        .convert(value, &other, Some(&shape.analyte))
                        .ok()?;
                    Some((value, *closed))
                };
                let interval = Interval {
                    low: convert(&own.low),
                    high: convert(&own.high),
                };
                Test::Quantity(interval, other)
            }
            Shape::Score { .. } => Test::Score(self.interval(&["0", "5", "10", "7.5", "4"])),
            Shape::Ordinal(levels) => {
                let first = self.random.below(levels.len());
                let last = self.random.below(levels.len());
                Test::Levels((first.min(last)..=first.max(last)).collect())
            }
            Shape::Tags(tags) => self.tags(tags),
            Shape::Coded(results) => {
                let mut wanted = self.random.some_of(results, 40);
                if wanted.is_empty() {
                    wanted.extend(results.first().cloned());
                }
                Test::Results(wanted)
            }
        }
    }

    fn change(&mut self) -> ConditionKind {
        let measure =
            self.measure(|shape| matches!(shape, Shape::Quantity(_) | Shape::Score { .. }));
        let Some(measure) = measure else {
            return ConditionKind::Nothing;
        };
        let (mode, by) = match self
            .measures
            .get(measure.index())
            .map(|measure| &measure.shape)
        {
            Some(Shape::Quantity(shape)) if self.random.percent(50) => {
                // Points of a percentage are `%`.
                let unit = match shape.unit.code() {
                    "%{predicted}" => unit("%"),
                    _ => shape.unit.clone(),
                };
                (ChangeMode::Absolute(unit), ["0.5", "5", "10", "1"])
            }
            Some(Shape::Score { .. }) if self.random.percent(60) => {
                (ChangeMode::Points, ["0.5", "5", "3", "1"])
            }
            _ => (ChangeMode::Relative, ["10", "20", "50", "100"]),
        };
        let limit = number(self.random.one_of(&by).copied().unwrap_or("10"));
        let mut direction = self
            .random
            .any(Direction::Falls, &[Direction::Rises, Direction::Changes]);
        let mut comparison = self.random.comparison();
        let mut lasting = None;
        let between = if self.random.percent(35) {
            Compared::FromTo(self.value_at(), self.value_at())
        } else {
            if self.random.percent(50) {
                lasting = Some(self.persistence());
                // What lasts is a fall or a rise by at least so much.
                direction = self.random.any(Direction::Falls, &[Direction::Rises]);
                comparison = self
                    .random
                    .any(Comparison::AtLeast, &[Comparison::MoreThan]);
            }
            Compared::Within(self.window(Kind::Plain))
        };
        ConditionKind::Change(Box::new(ChangeTest {
            subject: Subject::Measure(measure),
            between,
            direction,
            by: Interval::comparison(comparison, limit),
            mode,
            lasting,
        }))
    }

    /// One value of a window.
    pub(super) fn value_at(&mut self) -> ValueAt {
        ValueAt {
            selector: self.random.any(
                Selector::Latest,
                &[
                    Selector::First,
                    Selector::Highest,
                    Selector::Lowest,
                    Selector::Mean,
                ],
            ),
            window: self.window(Kind::Plain),
        }
    }

    /// For how long a change must last.
    fn persistence(&mut self) -> Persistence {
        Persistence {
            throughout: self.random.percent(60),
            lasting: Lasting {
                comparison: self
                    .random
                    .any(Comparison::AtLeast, &[Comparison::MoreThan]),
                length: self.random.any(
                    Offset::days(7),
                    &[
                        Offset::days(1),
                        Offset::weeks(4),
                        Offset::months(1),
                        Offset::months(6),
                    ],
                ),
            },
        }
    }
}
