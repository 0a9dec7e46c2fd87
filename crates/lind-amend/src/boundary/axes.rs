//! Along what a patient can be varied, as far as a condition reads it.

use lind_model::plan::{NodeKind, ValuePlan};
use lind_model::protocol::{Measure, Shape, Subject, Test};
use lind_records::Table;
use lind_time::{Day, MonthEnd};
use lind_units::Exact;

use super::explore::{
    BEGINS, ENDS, Explorer, NUMBERS, Pair, REACH, REACH_OF_MINUTES, is_timed, number, row_moved,
    step, written,
};
use super::leaves::Leaf;
use super::maker::Class;
use super::walks::{Probe, Walk};
use super::words;
use crate::CannotCompare;
use crate::calendar::Calendar;
use crate::patient::{Patient, Row, fact_table};
use crate::questions::Questions;

/// How many codes are tried that a set does not have.
const MOST_CODES: usize = 6;

/// Varies patients along what a condition reads.
pub(super) struct Axes<'a> {
    pub(super) explorer: Explorer<'a>,
    pub(super) questions: &'a Questions,
    pub(super) calendar: &'a Calendar,
    pub(super) leaf: Leaf,
}

impl Axes<'_> {
    fn kind(&self) -> Option<&NodeKind> {
        let node = self.explorer.side.plan.node(self.leaf.node?)?;
        Some(&node.kind)
    }

    /// The steps of age at which one passes and the next does not.
    pub(super) fn ages(&self, base: &Patient) -> Result<Vec<Pair>, CannotCompare> {
        let Some(NodeKind::Age { at, interval }) = self.kind() else {
            return Ok(Vec::new());
        };
        let plan = &self.explorer.side.plan;
        let asked = self.questions.get(self.leaf.question);
        let gate = asked.and_then(|own| own.nodes.last().copied().flatten());
        let moment = at.or(gate.map(|(_, gate)| gate));
        let day = moment.and_then(|moment| self.calendar.day(plan, moment));
        let day = day.unwrap_or(self.calendar.gate);
        let mut probes = Vec::new();
        for (end, _) in [&interval.low, &interval.high].into_iter().flatten() {
            let Some(age) = end.floor() else { continue };
            for age in [age, age + 1] {
                let Some((birthday, _)) = day.add_months(-12 * age, MonthEnd::LastDay) else {
                    continue;
                };
                let points = (-1..=1).filter_map(|by| {
                    let born = birthday.add_days(by)?;
                    let own = Patient {
                        born: Some(born),
                        ..base.clone()
                    };
                    Some((own, words::born(Some(born), day)))
                });
                probes.push(Probe::Along(points.collect()));
            }
        }
        let mut found = self.explorer.probe(&probes)?;
        found.dedup_by(|one, other| one.inside == other.inside && one.outside == other.outside);
        Ok(found)
    }

    /// What is asked along what a row says.
    pub(super) fn row<'p>(
        &'p self,
        base: &'p Patient,
        class: Class,
        row: &'p Row,
    ) -> Vec<Probe<'p>> {
        let mut found = Vec::new();
        for (column, text) in &row.cells {
            if text.is_empty() {
                continue;
            }
            if NUMBERS.contains(column) && *column == "value" {
                found.extend(self.values(base, class, row));
            } else if NUMBERS.contains(column) {
                found.extend(self.numbers(base, class, row, column));
            } else if row.table != Table::Attestations
                && (BEGINS.contains(column) || ENDS.contains(column))
            {
                found.push(self.times(base, class, row, column));
            } else if *column == "result" {
                found.extend(self.results(base, row));
            }
        }
        found
    }

    fn with(&self, base: &Patient, row: &Row, other: Row, column: &str) -> (Patient, String) {
        let says = words::cell(&self.explorer.side.plan, &other, column);
        let mut own = base.clone();
        if let Some(slot) = own.rows.iter_mut().find(|own| *own == row) {
            *slot = other;
        }
        (own, says)
    }

    fn times<'p>(
        &'p self,
        base: &'p Patient,
        class: Class,
        row: &'p Row,
        column: &'static str,
    ) -> Probe<'p> {
        let vary = move |by: i64| {
            let other = row_moved(row, column, by)?;
            Some(self.with(base, row, other, column))
        };
        let reach = if is_timed(row.text(column)) {
            REACH_OF_MINUTES
        } else {
            REACH
        };
        Probe::Walk(Walk {
            class,
            reach,
            keeps_open: true,
            vary: Box::new(vary),
        })
    }

    fn numbers<'p>(
        &'p self,
        base: &'p Patient,
        class: Class,
        row: &'p Row,
        column: &'static str,
    ) -> Option<Probe<'p>> {
        let value = number(row.text(column))?;
        let step = match column {
            "grade" | "line" => Exact::from_integer(1),
            _ => self.step_of(row, &value),
        };
        let vary = move |by: i64| {
            let value = value.add(&step.mul(&Exact::from_integer(by)));
            let other = self.valued(row, column, &value, None)?;
            Some(self.with(base, row, other, column))
        };
        Some(Probe::Walk(Walk {
            class,
            reach: REACH,
            keeps_open: false,
            vary: Box::new(vary),
        }))
    }

    fn measure_of(&self, row: &Row) -> Option<&Measure> {
        let measures = &self.explorer.side.plan.protocol.measures;
        measures.iter().find(|measure| {
            row.table == Table::Observations
                && (&*measure.name == row.about()
                    || measure.codes.iter().any(|code| &**code == row.about()))
        })
    }

    fn step_of(&self, row: &Row, value: &Exact) -> Exact {
        match self.measure_of(row).map(|measure| &measure.shape) {
            Some(Shape::Score { step, .. }) => step
                .as_ref()
                .map_or_else(|| Exact::from_integer(1), lind_units::Decimal::to_exact),
            _ => step(value),
        }
    }

    /// A row with a number that can be; none if it cannot.
    fn valued(&self, row: &Row, column: &str, value: &Exact, unit: Option<&str>) -> Option<Row> {
        if value.signum() < 0 && !row.text(column).starts_with('-') {
            return None;
        }
        let unit = unit.unwrap_or_else(|| row.text("unit")).to_owned();
        if let Some(measure) = self.measure_of(row).filter(|_| column == "value") {
            let ends = match &measure.shape {
                Shape::Quantity(shape) => {
                    let own = shape.unit.code() == unit;
                    shape.plausible.clone().filter(|_| own)
                }
                Shape::Score {
                    lowest, highest, ..
                } => Some((lowest.to_exact(), highest.to_exact())),
                _ => None,
            };
            if ends.is_some_and(|(low, high)| *value < low || *value > high) {
                return None;
            }
        }
        let other = row.clone().with_in_place(column, &written(value)?);
        Some(other.with_in_place("unit", &unit))
    }

    /// Around the limits of a test of one value; or else around the value that is there.
    fn values<'p>(&'p self, base: &'p Patient, class: Class, row: &'p Row) -> Vec<Probe<'p>> {
        let Some(limits) = self.limits(row) else {
            return self
                .numbers(base, class, row, "value")
                .into_iter()
                .collect();
        };
        let mut found = Vec::new();
        for (limit, step, unit) in limits {
            let points = (-1..=1).filter_map(|by| {
                let value = limit.add(&step.mul(&Exact::from_integer(by)));
                let other = self.valued(row, "value", &value, unit.as_deref())?;
                Some(self.with(base, row, other, "value"))
            });
            found.push(Probe::Limit(points.collect()));
        }
        found
    }

    /// The limits of a test of a measured value, each with a step and the unit in which it is written.
    fn limits(&self, row: &Row) -> Option<Vec<(Exact, Exact, Option<String>)>> {
        let Some(NodeKind::Value(value)) = self.kind() else {
            return None;
        };
        let Subject::Measure(_) = value.subject else {
            return None;
        };
        let ends = |value: &ValuePlan| -> Vec<Exact> {
            let interval = match &value.test {
                Test::Quantity(interval, _)
                | Test::Multiple { interval, .. }
                | Test::Score(interval) => interval,
                _ => return Vec::new(),
            };
            let ends = [&interval.low, &interval.high].into_iter().flatten();
            ends.map(|(end, _)| end.clone()).collect()
        };
        let limits = match &value.test {
            Test::Quantity(_, unit) => ends(value)
                .into_iter()
                .map(|end| (end.clone(), step(&end), Some(unit.code().to_owned())))
                .collect(),
            Test::Multiple { upper, .. } => {
                let own = number(row.text(if *upper { "high" } else { "low" }))?;
                let limits = ends(value).into_iter().map(|factor| factor.mul(&own));
                limits
                    .map(|limit| (limit.clone(), step(&limit), None))
                    .collect()
            }
            Test::Reference { .. } => ["low", "high"]
                .into_iter()
                .filter_map(|column| number(row.text(column)))
                .map(|limit| (limit.clone(), step(&limit), None))
                .collect(),
            Test::Score(_) => ends(value)
                .into_iter()
                .map(|end| {
                    let step = self.step_of(row, &end);
                    (end, step, None)
                })
                .collect(),
            _ => return None,
        };
        Some(limits)
    }

    /// The words of a measure, in their order.
    fn results<'p>(&'p self, base: &'p Patient, row: &'p Row) -> Option<Probe<'p>> {
        let words = match self.measure_of(row).map(|measure| &measure.shape) {
            Some(Shape::Ordinal(words) | Shape::Coded(words)) => words,
            _ => return None,
        };
        let points = words.iter().map(|word| {
            let other = row.clone().with_in_place("result", word);
            self.with(base, row, other, "result")
        });
        Some(Probe::Along(points.collect()))
    }

    /// Records under a code that is not asked for, the most alike first, in place of one that is: the first by whom
    /// one passes and the other does not.
    pub(super) fn other_codes(
        &self,
        base: &Patient,
        row: &Row,
    ) -> Result<Vec<Pair>, CannotCompare> {
        let Some(question) = self.questions.get(self.leaf.question) else {
            return Ok(Vec::new());
        };
        if !matches!(self.kind(), Some(NodeKind::Fact(_))) {
            return Ok(Vec::new());
        }
        let is_read = |code: &str| {
            question.reads.codes.iter().any(|(table, own)| {
                *table == row.table
                    && own
                        .strip_suffix('*')
                        .map_or(&**own == code, |own| code.starts_with(own))
            })
        };
        let alike = |code: &str| {
            let same = code.bytes().zip(row.about().bytes());
            same.take_while(|(one, other)| one == other).count()
        };
        // Of another chapter it would be anything.
        let least = row.about().find('|').map_or(usize::MAX, |at| at + 2);
        let mut codes: Vec<&str> = self
            .explorer
            .side
            .plan
            .protocol
            .sets
            .iter()
            .filter(|set| fact_table(set.table) == row.table)
            .flat_map(|set| &set.codes)
            .map(|code| code.trim_end_matches('*'))
            .filter(|code| alike(code) >= least && !is_read(code))
            .collect();
        codes.sort_unstable_by_key(|code| (std::cmp::Reverse(alike(code)), *code));
        codes.dedup();
        let first = (
            base.clone(),
            words::cell(&self.explorer.side.plan, row, "code"),
        );
        let probes = codes.into_iter().take(MOST_CODES).map(|code| {
            let other = row.clone().with_in_place("code", code);
            let second = self.with(base, row, other, "code");
            Probe::Along(vec![first.clone(), second])
        });
        let probes: Vec<Probe<'_>> = probes.collect();
        let mut found = self.explorer.probe(&probes)?;
        found.truncate(1);
        Ok(found)
    }

    /// A record that an exception takes out, in place of one that counts: that it does, and where it no longer does.
    pub(super) fn exceptions(&self, base: &Patient, row: &Row) -> Result<Vec<Pair>, CannotCompare> {
        let Some(NodeKind::Fact(fact)) = self.kind() else {
            return Ok(Vec::new());
        };
        let plan = &self.explorer.side.plan;
        let own = words::row(plan, row);
        let mut found = Vec::new();
        for (set, over) in &fact.exceptions {
            let Some(set) = plan.protocol.sets.get(set.index()) else {
                continue;
            };
            let coded = set.codes.iter().find(|code| code.contains('|'));
            let Some(code) = coded.or(set.codes.first()) else {
                continue;
            };
            let mut other = row
                .clone()
                .with_in_place("code", code.trim_end_matches('*'));
            if over.is_some() {
                other = long_over(other, self.calendar.gate);
            }
            let excepted = self.with(base, row, other.clone(), "code");
            let points = vec![excepted.clone(), (base.clone(), own.clone())];
            found.extend(self.explorer.probe(&[Probe::Along(points)])?);
            for column in ENDS {
                if !other.text(column).is_empty() && over.is_some() {
                    let (patient, _) = &excepted;
                    let class = self.explorer.class(patient)?;
                    let probe = self.times(patient, class, &other, column);
                    found.extend(self.explorer.probe(&[probe])?);
                }
            }
        }
        Ok(found)
    }

    /// The rows of a patient that the condition reads.
    pub(super) fn read(&self, patient: &Patient) -> Vec<Row> {
        let Some(question) = self.questions.get(self.leaf.question) else {
            return Vec::new();
        };
        let is_read = |row: &&Row| {
            question.reads.whole.contains(&row.table)
                || question.reads.codes.iter().any(|(table, code)| {
                    *table == row.table
                        && code
                            .strip_suffix('*')
                            .map_or(&**code == row.about(), |own| row.about().starts_with(own))
                })
        };
        patient.rows.iter().filter(is_read).cloned().collect()
    }

    /// A patient without what the condition asks for, for each thing that can be left out, with what is left out.
    pub(super) fn without(&self, near: &Patient, far: Option<&Patient>) -> Vec<(Patient, String)> {
        let plan = &self.explorer.side.plan;
        let question = self.questions.get(self.leaf.question);
        let mut found: Vec<(Patient, String)> = Vec::new();
        if matches!(self.kind(), Some(NodeKind::Age { .. })) {
            let own = Patient {
                born: None,
                ..near.clone()
            };
            found.push((own, "no date of birth is recorded".to_owned()));
        }
        if self.leaf.node.is_none() {
            let own = Patient {
                sex: None,
                ..near.clone()
            };
            found.push((own, "no sex is recorded".to_owned()));
        }
        let results = [Table::Observations, Table::Attestations];
        for row in self.read(near) {
            if results.contains(&row.table) {
                let mut own = near.clone();
                own.rows.retain(|other| *other != row);
                let says = words::not_recorded(plan, &row, &own, None);
                found.push((own, says));
            }
            let by_limits = matches!(
                self.kind(),
                Some(NodeKind::Value(value))
                    if matches!(value.test, Test::Multiple { .. } | Test::Reference { .. })
            );
            if by_limits && row.table == Table::Observations {
                let mut other = row.clone();
                other
                    .cells
                    .retain(|(own, _)| !matches!(*own, "low" | "high"));
                let (own, _) = self.with(near, &row, other, "value");
                let name = words::name(plan, &row);
                found.push((own, format!("{name} without the laboratory's limits")));
            }
        }
        // A record whose time nobody wrote down.
        let leans = matches!(
            self.kind(),
            Some(NodeKind::Fact(fact)) if fact.windows().next().is_some() || !fact.filters.is_empty()
        );
        let tables: Vec<Table> = question
            .into_iter()
            .flat_map(|own| own.reads.codes.iter().map(|(table, _)| *table))
            .collect();
        if let Some(patient) = [Some(near), far]
            .into_iter()
            .flatten()
            .find(|own| !self.read(own).is_empty())
            && leans
        {
            for row in self.read(patient) {
                if results.contains(&row.table) || !tables.contains(&row.table) {
                    continue;
                }
                let mut other = row.clone();
                for column in BEGINS.iter().chain(&ENDS) {
                    other = other.with_in_place(column, "");
                }
                other.cells.retain(|(column, _)| *column != "status");
                let (own, _) = self.with(patient, &row, other, "code");
                let name = words::name(plan, &row);
                found.push((own, format!("{name} without its dates")));
            }
        }
        found
    }

    /// What the condition asks for, by the name of its set.
    pub(super) fn asked(&self) -> Option<&str> {
        let Some(NodeKind::Fact(fact)) = self.kind() else {
            return None;
        };
        let set = self
            .explorer
            .side
            .plan
            .protocol
            .sets
            .get(fact.set?.index())?;
        Some(&set.name)
    }

    /// A patient in whose course a milestone was not reached, if that is asked.
    pub(super) fn without_milestone(&self, base: &Patient) -> Option<(Patient, String)> {
        let Some(NodeKind::Happened(milestone, _)) = self.kind() else {
            return None;
        };
        let plan = &self.explorer.side.plan;
        let name = self.calendar.name(plan, *milestone)?;
        let mut own = base.clone();
        let count = own.rows.len();
        let tables = [Table::Milestones, Table::Visits];
        own.rows
            .retain(|row| !(tables.contains(&row.table) && row.about() == name));
        (own.rows.len() < count).then(|| (own, format!("no {name} is recorded")))
    }
}

/// A record that began and ended long ago.
fn long_over(row: Row, gate: Day) -> Row {
    let day = |by: i64| gate.add_days(by).map(|day| day.to_string());
    let (Some(begin), Some(end)) = (day(-6_000), day(-5_000)) else {
        return row;
    };
    let mut own = row;
    own.cells
        .retain(|(column, _)| *column != "status" && !ENDS.contains(column));
    let column = if own.table == Table::Conditions {
        "abatement"
    } else {
        "end"
    };
    for begins in BEGINS {
        own = own.with_in_place(begins, &begin);
    }
    own.with(column, end)
}
