//! Points that are added up.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    Condition, ConditionKind, Definition, Interval, Measure, PointsLine, PointsTest, Shape,
    Subject, Test, ValueTest,
};
use lind_model::{DefinitionId, MeasureId};
use lind_syntax::tree::{self, CaseLimit, Entry, EntryKind, Limit, Measured, TestKind};
use lind_units::{Decimal, Exact};

use crate::analysis::Checker;
use crate::rules;
use crate::scope::Symbol;

/// Points, as their head and the labels of their lines say.
#[derive(Debug, Clone)]
pub(crate) struct PointsTable {
    pub(crate) name: Arc<str>,
    pub(crate) lowest: Decimal,
    pub(crate) highest: Decimal,
    lines: Vec<PointsLine>,
    domains: Vec<String>,
    /// The measure of a sum that is recorded as such.
    pub(crate) measure: MeasureId,
}

/// The lines of points, each with the domain that it stands in.
pub(crate) fn lines(points: &tree::Points) -> impl Iterator<Item = (Option<usize>, &Entry)> {
    let is_line = |entry: &&Entry| matches!(entry.kind, EntryKind::LimitCase(_));
    let domains = points
        .body
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::Domain(_)));
    let inside = domains.enumerate().flat_map(move |(place, domain)| {
        domain.children.iter().map(move |line| (Some(place), line))
    });
    let outside = points.body.iter().map(|line| (None, line));
    outside
        .chain(inside)
        .filter(move |(_, entry)| is_line(entry))
}

fn label_of(entry: &Entry) -> Option<&str> {
    entry.label.as_ref().map(|label| label.name.text.as_str())
}

impl Checker<'_> {
    /// The measure of a recorded sum, and the terms of its lines.
    pub(crate) fn points_parts(&self, id: usize) -> Option<(MeasureId, Vec<DefinitionId>)> {
        let table = self.tables.points.get(id)?.as_ref()?;
        let lines = table.lines.iter().map(|line| line.condition);
        Some((table.measure, lines.collect()))
    }

    /// What is known of points before any condition is read: labels, worth, and the measure of a recorded sum.
    pub(crate) fn points_declaration(&mut self, points: &tree::Points) {
        let name: Arc<str> = Arc::from(points.name.text.as_str());
        let scale = (self.decimal(&points.lowest), self.decimal(&points.highest));
        let (mut codes, mut source, mut unverified) = (Vec::new(), None, None);
        let mut whole = true;
        let mut domains = Vec::new();
        for entry in &points.body {
            match &entry.kind {
                EntryKind::Codes(written) => {
                    codes.extend(written.iter().map(|code| Arc::from(code.text.as_str())));
                }
                EntryKind::Source(text) => source = Some(Arc::from(text.value.as_str())),
                EntryKind::Unverified(text) => unverified = Some(Arc::from(text.value.as_str())),
                EntryKind::Domain(domain) => {
                    domains.push(domain.text.clone());
                    for line in &entry.children {
                        if !matches!(line.kind, EntryKind::LimitCase(_) | EntryKind::Note(_)) {
                            whole = false;
                            self.no_line_of_points(line);
                        }
                    }
                }
                EntryKind::LimitCase(_) | EntryKind::Note(_) => {}
                _ => {
                    whole = false;
                    self.no_line_of_points(entry);
                }
            }
        }
        let mut found = Vec::new();
        for (domain, entry) in lines(points) {
            let condition = DefinitionId::from_index(self.tables.terms);
            self.tables.terms += 1;
            let EntryKind::LimitCase(case) = &entry.kind else {
                continue;
            };
            let worth = match &case.limit {
                CaseLimit::One(Limit::Quantity(quantity))
                    if quantity
                        .unit
                        .as_ref()
                        .is_none_or(|unit| matches!(unit.text.trim(), "points" | "point")) =>
                {
                    self.decimal(&quantity.number)
                }
                _ => {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0324_WRONG_POINTS,
                            case.span,
                            "a line of points says how many points it is worth",
                        )
                        .label("needs a number of points"),
                    );
                    None
                }
            };
            match worth {
                Some(worth) => found.push(PointsLine {
                    label: Arc::from(label_of(entry).unwrap_or("a line without a label")),
                    domain: domain.and_then(|place| u32::try_from(place).ok()),
                    points: worth.to_exact(),
                    condition,
                }),
                None => whole = false,
            }
        }
        let measure = MeasureId::from_index(self.tables.measures.len());
        let declared = match scale {
            (Some(lowest), Some(highest)) => Some(Measure {
                name: Arc::clone(&name),
                title: Arc::from(points.title.value.as_str()),
                shape: Shape::Score {
                    lowest,
                    highest,
                    step: None,
                },
                codes,
                specimen: None,
                timed: false,
                worst_is_highest: None,
                source,
                unverified,
                span: points.name.span,
            }),
            _ => None,
        };
        self.tables.measures.push(declared);
        let table = match scale {
            (Some(lowest), Some(highest)) if whole => {
                let table = PointsTable {
                    name,
                    lowest,
                    highest,
                    lines: found,
                    domains,
                    measure,
                };
                self.adds_up(&table, points).then_some(table)
            }
            _ => None,
        };
        self.tables.points.push(table);
    }

    fn no_line_of_points(&mut self, entry: &Entry) {
        if entry.kind != EntryKind::Broken {
            self.misplaced(
                entry.span,
                "a line of points is written `label: 2 points when CONDITION`",
            );
        }
    }

    /// Whether the greatest sum can be reached, and is not passed.
    fn adds_up(&mut self, table: &PointsTable, points: &tree::Points) -> bool {
        let zero = Exact::zero();
        let mut most = zero.clone();
        for line in table.lines.iter().filter(|line| line.domain.is_none()) {
            most = most.add(&line.points.clone().max(zero.clone()));
        }
        for place in 0..table.domains.len() {
            let of_domain = table
                .lines
                .iter()
                .filter(|line| line.domain.is_some_and(|domain| domain as usize == place))
                .map(|line| line.points.clone());
            most = most.add(&of_domain.max().unwrap_or_default().max(zero.clone()));
        }
        let highest = table.highest.to_exact();
        let problem = if most > highest {
            format!("the lines add up to {}", most.to_decimal_text(4))
        } else if table.lowest.to_exact() > highest {
            "the least sum is above the greatest".to_owned()
        } else if table.lines.is_empty() {
            "no line says what it is worth".to_owned()
        } else {
            return true;
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0324_WRONG_POINTS,
                points.highest.span,
                format!(
                    "`{}` does not lie from {} to {}",
                    table.name, table.lowest, table.highest
                ),
            )
            .label(problem),
        );
        false
    }

    /// Each line of points as a defined term.
    pub(crate) fn points_terms(&mut self, points: &tree::Points) {
        for (_, entry) in lines(points) {
            let EntryKind::LimitCase(case) = &entry.kind else {
                continue;
            };
            let condition = match &case.when {
                Some(when) => self.condition(when, &[]),
                None => {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0324_WRONG_POINTS,
                            entry.span,
                            "points are given when something holds, not otherwise",
                        )
                        .label("needs `when` and a condition"),
                    );
                    None
                }
            };
            let label = label_of(entry).unwrap_or("line");
            self.tables
                .definitions
                .push(condition.map(|condition| Definition {
                    name: Arc::from(format!("{}.{label}", points.name.text)),
                    title: None,
                    condition,
                    span: entry.span,
                }));
        }
    }

    /// What a sum of points is as a measure.
    pub(crate) fn points_shape(&self, id: usize) -> Option<Shape> {
        let table = self.tables.points.get(id)?.as_ref()?;
        Some(self.measure(table.measure)?.shape.clone())
    }

    /// The points that a name stands for, if it stands for any.
    pub(crate) fn points_named(&mut self, name: &tree::Name) -> Option<(usize, Span)> {
        let scope = self.scopes.get(self.module)?;
        let Symbol::Points(id) = scope.entries.get(&name.text)?.symbol else {
            return None;
        };
        let (_, declared) = self.resolve(name)?;
        Some((id, declared))
    }

    /// `sledai without alopecia or fever >= 4 points`, `sledai falls by at least 4 points from … to …`
    pub(crate) fn points_test(
        &mut self,
        id: usize,
        measured: &Measured,
        declared: Span,
        span: Span,
    ) -> Option<Condition> {
        let table = self.tables.points.get(id).cloned().flatten()?;
        match &measured.test.kind {
            TestKind::Change { .. } => return self.points_change(&table, measured, declared, span),
            TestKind::Becomes { test, ends } => {
                return self.becomes(measured, test, ends.as_ref(), span);
            }
            _ => {}
        }
        self.nothing_of_one_value(measured)?;
        let usage = self.values_of_lines(measured, declared)?;
        let lines = self.counted_lines(&table, &measured.without, declared)?;
        let whole = measured.without.is_empty();
        let lowest = if whole {
            table.lowest
        } else {
            Decimal::from_integer(0)
        };
        let test = self.score_test(
            &measured.test,
            (&lowest, &table.highest, None),
            declared,
            &measured.measure,
        )?;
        let Test::Score(interval) = &test else {
            return None;
        };
        let points = PointsTest {
            name: Arc::clone(&table.name),
            lines,
            scale: whole.then(|| (table.lowest.to_exact(), table.highest.to_exact())),
            interval: interval.clone(),
            recorded: whole.then(|| recorded(table.measure, test.clone())),
        };
        let sum = self.condition_at(ConditionKind::Points(Box::new(points)), span);
        Some(match usage {
            Some(usage) => {
                self.condition_at(ConditionKind::With(Box::new(usage), Box::new(sum)), span)
            }
            None => sum,
        })
    }

    /// A sum as such, whatever it is.
    pub(crate) fn points_sum(
        &mut self,
        id: usize,
        without: &[tree::Name],
        declared: Span,
        span: Span,
    ) -> Option<Condition> {
        let table = self.tables.points.get(id).cloned().flatten()?;
        let lines = self.counted_lines(&table, without, declared)?;
        let whole = without.is_empty();
        let everything = Interval {
            low: None,
            high: None,
        };
        let points = PointsTest {
            name: Arc::clone(&table.name),
            lines,
            scale: whole.then(|| (table.lowest.to_exact(), table.highest.to_exact())),
            interval: everything.clone(),
            recorded: whole.then(|| recorded(table.measure, Test::Score(everything))),
        };
        Some(self.condition_at(ConditionKind::Points(Box::new(points)), span))
    }

    /// The lines that count where some are left out.
    pub(crate) fn counted_lines(
        &mut self,
        table: &PointsTable,
        without: &[tree::Name],
        declared: Span,
    ) -> Option<Vec<PointsLine>> {
        let mut lines = table.lines.clone();
        let mut known = true;
        for left_out in without {
            let domain = table
                .domains
                .iter()
                .position(|domain| *domain == left_out.text)
                .and_then(|place| u32::try_from(place).ok());
            let before = lines.len();
            lines.retain(|line| {
                *line.label != *left_out.text && (domain.is_none() || line.domain != domain)
            });
            if before == lines.len() {
                known = false;
                self.unknown_line(left_out, table, declared);
            }
        }
        known.then_some(lines)
    }

    fn unknown_line(&mut self, name: &tree::Name, table: &PointsTable, declared: Span) {
        let mut diagnostic = Diagnostic::new(
            &rules::E0323_UNKNOWN_LINE,
            name.span,
            format!("`{}` has no line `{}`", table.name, name.text),
        )
        .label("neither a line nor a domain")
        .also(declared, "declared here");
        let labels = table
            .lines
            .iter()
            .map(|line| &*line.label)
            .chain(table.domains.iter().map(String::as_str));
        if let Some(near) = lind_diagnostics::closest(&name.text, labels) {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
        }
        self.sink.push(diagnostic);
    }
}

/// The test of a sum that is recorded as such.
fn recorded(measure: MeasureId, test: Test) -> ValueTest {
    ValueTest {
        subject: Subject::Measure(measure),
        selector: None,
        provenance: Vec::new(),
        time_of_day: None,
        window: None,
        evidence: None,
        test,
    }
}
