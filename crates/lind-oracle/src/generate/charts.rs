//! Random charts for a protocol, biased to its limits.

use lind_model::MilestoneId;
use lind_model::protocol::{FactField, FactTable, Protocol, Shape};
use lind_time::{Edge, Offset};
use lind_units::{Decimal, Exact};

use super::dates::{close_to, moved, start, written};
use super::interests::{Interests, WindowOf};
use super::library::{number, quantity, unit};
use super::random::Random;
use crate::tables::{Patient, PlainDataset, PlainTable, Row};

/// A patient, the data set the patient stands in, and the gate that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The patient.
    pub patient: Patient,
    /// What is said of the tables.
    pub dataset: PlainDataset,
    /// The gate.
    pub gate: MilestoneId,
}

/// The words that stand in a field of the charts.
pub(crate) fn words_of(field: FactField) -> &'static [&'static str] {
    match field {
        FactField::Severity => &["mild", "moderate", "severe"],
        FactField::Outcome => &["response", "no_response", "relapse", "intolerance"],
        FactField::Status => &["active", "remission", "resolved"],
        FactField::BodySite => &["skin", "lung"],
        FactField::Route => &["oral", "iv"],
        FactField::Indication => &["lupus", "gout"],
    }
}

/// A random chart for a protocol.
#[must_use]
pub fn chart(protocol: &Protocol, random: &mut Random) -> Case {
    let mut chart = ChartMaker {
        interests: Interests::of(protocol),
        protocol,
        random: random.clone(),
        moments: Vec::new(),
        times: Vec::new(),
        is_poor: false,
        patient: Patient::default(),
    };
    chart.is_poor = chart.random.percent(40);
    chart.milestones();
    chart.person();
    chart.observations();
    chart.facts();
    chart.answers();
    let dataset = chart.dataset();
    let mut patient = chart.patient;
    *random = chart.random;
    // The order of the rows means nothing.
    for place in (1..patient.rows.len()).rev() {
        patient.rows.swap(place, random.below(place + 1));
    }
    // The later the gate, the more is due.
    let last = protocol.milestones.len().saturating_sub(1);
    let gate = if random.percent(60) {
        last
    } else {
        random.below(last + 1)
    };
    Case {
        patient,
        dataset,
        gate: MilestoneId::from_index(gate),
    }
}

struct ChartMaker<'p> {
    protocol: &'p Protocol,
    interests: Interests,
    random: Random,
    /// The seconds at which the milestones were.
    moments: Vec<i64>,
    /// Times that were written already.
    times: Vec<String>,
    /// Whether much of the chart is missing or wrong.
    is_poor: bool,
    patient: Patient,
}

impl ChartMaker<'_> {
    fn milestones(&mut self) {
        let mut second = start(&mut self.random);
        for milestone in &self.protocol.milestones {
            let step = match self.random.below(6) {
                0 => Offset::days(0),
                1 => Offset::days(1),
                2 => Offset::hours(3),
                3 => Offset::days(28),
                4 => Offset::months(1),
                _ => Offset::months(6),
            };
            second = moved(second, step);
            self.moments.push(second);
            if self.rarely(12) {
                continue;
            }
            let row = Row::new(PlainTable::Milestones, &milestone.name);
            let text = match self.random.below(100) {
                0 => "2024-02-30".to_owned(),
                // Not too often imprecise: too little would be decided.
                2..=40 => self.precisely(second),
                _ => {
                    let time = written(second, &mut self.random);
                    if time.len() < 10 && self.random.percent(60) {
                        self.precisely(second)
                    } else {
                        time
                    }
                }
            };
            self.patient
                .rows
                .push(row.clone().with("time", text.clone()));
            if self.random.percent(4) {
                let again = close_to(second, &mut self.random);
                let again = self.precisely(again);
                let again = self.random.any(again.as_str(), &[text.as_str()]).to_owned();
                self.patient.rows.push(row.with("time", again));
            }
        }
    }

    /// The day of a second.
    fn precisely(&mut self, second: i64) -> String {
        crate::time::day_text(second.div_euclid(crate::time::DAY))
    }

    fn person(&mut self) {
        self.patient.sex = self
            .random
            .any(
                "female",
                &["female", "male", "male", "other", "unknown", "", "Female"],
            )
            .to_owned();
        let age = self
            .random
            .one_of(&self.interests.ages)
            .and_then(Exact::floor)
            .unwrap_or(40);
        let at = self.moment();
        let born = moved(at, Offset::Calendar { months: -12 * age });
        let born = close_to(born, &mut self.random);
        let birth = self.precisely(born);
        self.patient.birth = match self.random.below(20) {
            0 => String::new(),
            1..=2 => birth.get(..4).unwrap_or_default().to_owned(),
            3..=4 => birth.get(..7).unwrap_or_default().to_owned(),
            _ => birth,
        };
    }

    /// So many times of a hundred, but seldom in a chart that is well kept.
    fn rarely(&mut self, chance: usize) -> bool {
        let seldom = if self.is_poor { 100 } else { 15 };
        self.random.percent(chance) && self.random.percent(seldom)
    }

    /// The second of some milestone.
    fn moment(&mut self) -> i64 {
        self.random
            .one_of(&self.moments)
            .copied()
            .unwrap_or_default()
    }

    /// A second at which an answer may change, or in a window of the measure.
    fn telling(&mut self, measure: Option<usize>) -> i64 {
        let of_measure: Vec<WindowOf> = self
            .interests
            .windows
            .iter()
            .filter(|window| measure.is_some() && window.measure == measure)
            .copied()
            .collect();
        let window = if self.random.percent(80) && !of_measure.is_empty() {
            self.random.one_of(&of_measure).copied()
        } else {
            self.random.one_of(&self.interests.windows).copied()
        };
        match (window, self.random.below(100)) {
            (Some(window), 0..=49) => {
                let (from, to) = self.ends(window);
                let inside = self.random.between(from.min(to), from.max(to));
                inside - inside.rem_euclid(60)
            }
            (Some(window), 50..=74) => {
                let (from, to) = self.ends(window);
                let end = self.random.any(from, &[to]);
                close_to(end, &mut self.random)
            }
            (_, 75..=84) => {
                let before = self.random.between(0, 40 * 24) * 3600;
                (self.moment() - before).max(0)
            }
            _ => {
                let mut second = self.moment();
                for _ in 0..=self.random.below(2) {
                    if let Some(offset) = self.random.one_of(&self.interests.offsets).copied() {
                        second = moved(second, offset);
                    }
                }
                close_to(second, &mut self.random)
            }
        }
    }

    /// The ends of a window; of one without an end, a time far enough.
    fn ends(&mut self, window: WindowOf) -> (i64, i64) {
        let anchor = self
            .moments
            .get(window.milestone)
            .copied()
            .unwrap_or_default();
        let end = |edge: Edge, far: Offset| match edge {
            Edge::At { offset, .. } => moved(anchor, offset),
            Edge::Unbounded => moved(anchor, far),
        };
        let (past, future) = (Offset::days(-200), Offset::days(60));
        (end(window.from, past), end(window.to, future))
    }

    /// A time as text: often one that stands in the chart already, sometimes none.
    fn time(&mut self, measure: Option<usize>) -> String {
        if self.rarely(10) {
            return String::new();
        }
        if self.rarely(3) {
            return self.random.any("2023-02-29", &["soon"]).to_owned();
        }
        if self.random.percent(20)
            && let Some(time) = self.random.one_of(&self.times).cloned()
        {
            return time;
        }
        let second = self.telling(measure);
        let time = written(second, &mut self.random);
        self.times.push(time.clone());
        time
    }

    fn observations(&mut self) {
        let mut measures = self.interests.measures.clone();
        for formula in &self.interests.formulas {
            let inputs = self
                .protocol
                .formulas
                .get(*formula)
                .map(|formula| &formula.inputs);
            for input in inputs.into_iter().flatten() {
                if let lind_model::protocol::FormulaInput::Measure { measure, .. } = input {
                    measures.push(measure.index());
                }
            }
        }
        measures.sort_unstable();
        measures.dedup();
        // Visits at which everything is measured, and values in between.
        for _ in 0..self.random.below(if self.is_poor { 2 } else { 4 }) {
            let of = self.random.one_of(&measures).copied();
            let time = self.time(of);
            for place in &measures {
                self.observation(*place, &time);
            }
        }
        for place in measures {
            for _ in 0..self.random.below(4) {
                let time = self.time(Some(place));
                self.observation(place, &time);
            }
        }
        let formulas = self.interests.formulas.clone();
        for place in formulas {
            let Some(formula) = self.protocol.formulas.get(place) else {
                continue;
            };
            if self.random.percent(30) {
                let name = self.random.any(&*formula.name, &["loinc|other"]).to_owned();
                let time = self.time(None);
                let value = self.random.any("30", &["50", "25", "2", "60", "61"]);
                let row = Row::new(PlainTable::Observations, &name)
                    .with("time", time)
                    .with("value", value)
                    .with("unit", formula.result.unit.code());
                self.patient.rows.push(row);
            }
        }
    }

    fn observation(&mut self, place: usize, time: &str) {
        let Some(measure) = self.protocol.measures.get(place) else {
            return;
        };
        let code = match measure.codes.first() {
            Some(code) if self.random.percent(50) => code.to_string(),
            _ => measure.name.to_string(),
        };
        let mut row = Row::new(PlainTable::Observations, &code).with("time", time);
        row = match &measure.shape {
            Shape::Quantity(_) => self.quantity(place, &measure.name, row),
            Shape::Score { .. } => {
                let value = self.score(place);
                let unit = if self.rarely(20) { "mg" } else { "" };
                let unit = self.random.any(unit, &["", "{score}", "1", "points"]);
                row.with("value", value).with("unit", unit)
            }
            Shape::Ordinal(levels) => {
                let level = self
                    .random
                    .one_of(levels)
                    .map_or("0", |level| level)
                    .to_owned();
                let slip = if self.rarely(30) {
                    self.random.below(3)
                } else {
                    3
                };
                match slip {
                    0 => row.with("result", "elsewhere"),
                    1 => row,
                    2 => row.with("value", "7"),
                    _ if Decimal::parse(&level).is_ok() && self.random.percent(60) => {
                        row.with("value", level)
                    }
                    _ if self.random.percent(20) => row.with("result", level.to_lowercase()),
                    _ => row.with("result", level),
                }
            }
            Shape::Coded(results) => {
                let result = self
                    .random
                    .one_of(results)
                    .map_or("", |result| result)
                    .to_owned();
                let slip = if self.rarely(30) {
                    self.random.below(3)
                } else {
                    3
                };
                match slip {
                    0 => row.with("result", "borderline"),
                    1 => row.with("value", "12"),
                    2 => row,
                    _ if self.random.percent(20) => row.with("result", result.to_uppercase()),
                    _ => row.with("result", result),
                }
            }
        };
        if self.rarely(16) && !row.text("value").is_empty() {
            let comparator = self.random.any("<", &["<=", ">", ">="]);
            row = row.with("comparator", comparator);
        }
        if self.random.percent(30) {
            row = row.with(
                "specimen",
                self.random.any("blood", &["Blood", "serum", "urine"]),
            );
        }
        self.patient.rows.push(row);
    }

    /// The value, unit and limits of a quantity.
    fn quantity(&mut self, place: usize, name: &str, row: Row) -> Row {
        let Some(Shape::Quantity(shape)) = self
            .protocol
            .measures
            .get(place)
            .map(|measure| &measure.shape)
        else {
            return row;
        };
        let entry = quantity(name);
        let limits: Vec<(Exact, lind_units::Unit)> = self
            .interests
            .limits
            .iter()
            .filter(|(of, ..)| *of == place)
            .map(|(_, end, unit)| (end.clone(), unit.clone()))
            .collect();
        let fallback = self
            .random
            .one_of(entry.map_or(&["1"], |entry| entry.limits))
            .map_or_else(Exact::one, |limit| number(limit));
        let (mut value, mut from) = self
            .random
            .one_of(&limits)
            .cloned()
            .unwrap_or((fallback, shape.unit.clone()));
        if let Some((low, high)) = &shape.plausible
            && self.random.percent(12)
        {
            value = self.random.any(low, &[high]).clone();
            from = shape.unit.clone();
        }
        let mut text = self
            .random
            .one_of(entry.map_or(&["mg/L"], |entry| entry.units))
            .copied();
        let wanted = text.map_or_else(|| from.clone(), unit);
        let mut value = from
            .convert(&value, &wanted, Some(&shape.analyte))
            .unwrap_or(value);
        if let Some((_, by, relative)) = self
            .random
            .one_of(&self.interests.changes)
            .filter(|(of, ..)| *of == place)
            .cloned()
        {
            value = if relative {
                let rest = Exact::from_integer(100).sub(&by);
                value
                    .mul(&rest)
                    .checked_div(&Exact::from_integer(100))
                    .unwrap_or(value)
            } else {
                self.random.any(&value.add(&by), &[&value.sub(&by)]).clone()
            };
        }
        let mut row = row;
        if shape.has_limits && self.random.percent(80) {
            let limit = self.random.any("40", &["1.2", "17", "0", "-1"]);
            let limit = if self.random.percent(90) { "40" } else { limit };
            let column = self.random.any("high", &["high", "low"]);
            row = row.with(column, limit);
            let factors: Vec<Exact> = self
                .interests
                .factors
                .iter()
                .filter(|(of, _)| *of == place)
                .map(|(_, factor)| factor.clone())
                .collect();
            if let Some(factor) = self.random.one_of(&factors)
                && self.random.percent(70)
            {
                value = factor.mul(&number(limit));
            }
        }
        let value = self.nudged(value);
        let slip = if self.rarely(25) {
            self.random.below(5)
        } else {
            5
        };
        match slip {
            0 => return row,
            1 => return row.with("value", "high").with("unit", text.unwrap_or("1")),
            2 => text = None,
            3 => text = Some("furlongz"),
            4 => text = Some("mm[Hg]"),
            _ => {}
        }
        row.with("value", value)
            .with("unit", text.unwrap_or_default())
    }

    /// A number or one next to it, as a decimal.
    fn nudged(&mut self, value: Exact) -> String {
        let step = number(self.random.any("0", &["0", "0", "0.001", "0.1", "1", "10"]));
        let value = if self.random.percent(50) {
            value.add(&step)
        } else {
            value.sub(&step)
        };
        let text = value.to_string();
        if Decimal::parse(&text).is_ok() {
            text
        } else {
            // A fraction that does not end: cut off.
            value.to_decimal_text(6).trim_end_matches('…').to_owned()
        }
    }

    fn score(&mut self, place: usize) -> String {
        let scores: Vec<Exact> = self
            .interests
            .scores
            .iter()
            .filter(|(of, _)| *of == place)
            .map(|(_, score)| score.clone())
            .collect();
        let score = self
            .random
            .one_of(&scores)
            .cloned()
            .unwrap_or_else(|| number("20"));
        let step = number(
            self.random
                .any("0", &["0", "1", "0.5", "-1", "50", "5", "0.25"]),
        );
        score.add(&step).to_string()
    }

    fn facts(&mut self) {
        let mut places = self.interests.sets.clone();
        places.push(self.random.below(self.protocol.sets.len()));
        places.sort_unstable();
        places.dedup();
        for place in places {
            for _ in 0..self.random.below(4) {
                self.fact(place);
            }
        }
    }

    fn fact(&mut self, place: usize) {
        let Some(set) = self.protocol.sets.get(place) else {
            return;
        };
        let code = self.random.one_of(&set.codes).map_or("", |code| code);
        let code = match code.strip_suffix('*') {
            Some(beginning) => format!("{beginning}{}", self.random.any("1", &["AA01", ""])),
            None => code.to_owned(),
        };
        let code = if self.random.percent(2) {
            String::new()
        } else {
            code
        };
        let begin = self.time(None);
        let end = if self.random.percent(60) {
            self.time(None)
        } else {
            String::new()
        };
        let row =
            |table: PlainTable| Row::new(table, &code).with(table.time_column(), begin.clone());
        let mut word = |field: FactField, chance: usize| {
            if self.random.percent(chance) {
                self.random
                    .one_of(words_of(field))
                    .copied()
                    .unwrap_or_default()
            } else {
                ""
            }
        };
        let row = match set.table {
            FactTable::Conditions => row(PlainTable::Conditions)
                .with("abatement", end)
                .with("status", word(FactField::Status, 60))
                .with("severity", word(FactField::Severity, 60))
                .with("body_site", word(FactField::BodySite, 60)),
            FactTable::Treatments => {
                let row = row(PlainTable::Treatments)
                    .with("end", end)
                    .with("route", word(FactField::Route, 70))
                    .with("indication", word(FactField::Indication, 70))
                    .with("outcome", word(FactField::Outcome, 70));
                let investigational = self.random.any("", &["yes", "no"]);
                self.dose(row.with("investigational", investigational))
            }
            FactTable::Procedures => {
                row(PlainTable::Procedures).with("body_site", word(FactField::BodySite, 60))
            }
            FactTable::Allergies => {
                row(PlainTable::Allergies).with("severity", word(FactField::Severity, 60))
            }
        };
        self.patient.rows.push(row);
    }

    fn dose(&mut self, row: Row) -> Row {
        if self.random.percent(20) {
            return row;
        }
        let (dose, of) = self
            .random
            .one_of(&self.interests.doses)
            .cloned()
            .unwrap_or_else(|| (number("10"), unit("mg/d")));
        // What counts as the same of other drugs.
        let factor = number(self.random.any("1", &["4", "0.15", "2"]));
        let text = self.random.any("mg/d", &["ug/d"]);
        let dose = of
            .convert(&dose.mul(&factor), &unit(text), None)
            .unwrap_or(dose);
        let dose = self.nudged(dose);
        let row = match self.random.below(20) {
            0 => return row.with("dose", dose),
            1 => return row.with("dose", "much").with("unit", text),
            2 => return row.with("dose", dose).with("unit", "mg/dL"),
            3..=11 => row.with("dose", dose).with("unit", text),
            _ => {
                let per_dose = text.strip_suffix("/d").unwrap_or(text);
                row.with("dose", dose).with("unit", per_dose)
            }
        };
        let is_rate = row.text("unit").ends_with("/d");
        if self.random.percent(if is_rate { 10 } else { 90 }) {
            let frequency = self.random.any(
                "daily",
                &[
                    "qd",
                    "Twice daily",
                    "bid",
                    "tid",
                    "four-times-daily",
                    "qod",
                    "weekly",
                    "prn",
                ],
            );
            row.with("frequency", frequency)
        } else {
            row
        }
    }

    fn answers(&mut self) {
        let mut items: Vec<String> = self
            .protocol
            .judgements
            .iter()
            .map(|judgement| judgement.name.to_string())
            .collect();
        items.extend(
            self.protocol
                .criteria
                .iter()
                .map(|criterion| criterion.id.to_string()),
        );
        for item in items {
            for _ in 0..self.random.below(3) {
                let answer = self
                    .random
                    .any("yes", &["yes", "no", "no", "perhaps", "Yes"]);
                let answer = if answer == "perhaps" && self.random.percent(80) {
                    "no"
                } else {
                    answer
                };
                let time = self.time(None);
                let row = Row::new(PlainTable::Attestations, &item)
                    .with("answer", answer)
                    .with("time", time);
                self.patient.rows.push(row);
            }
        }
    }

    fn dataset(&mut self) -> PlainDataset {
        let mut dataset = PlainDataset::default();
        if self.rarely(40) {
            dataset.absent = self.random.some_of(&PlainTable::ALL, 20);
            // Without milestones nothing is decided.
            dataset
                .absent
                .retain(|table| *table != PlainTable::Milestones);
        }
        if self.rarely(40) {
            dataset.incomplete = self.random.some_of(&PlainTable::ALL, 20);
        }
        if self.rarely(40) {
            let codes = [
                (PlainTable::Conditions, "icd10|C44*"),
                (PlainTable::Treatments, "prednisone"),
                (PlainTable::Procedures, "cpt|1"),
                (PlainTable::Treatments, "atc|L01AA01"),
            ];
            dataset.incomplete_codes = self
                .random
                .some_of(&codes, 40)
                .into_iter()
                .map(|(table, code)| (table, code.to_owned()))
                .collect();
        }
        if self.random.percent(25) {
            let declared = self.random.any(
                ("prednisone", "4", "hours"),
                &[("atc|L01AA01", "14", "days"), ("cytotoxic", "2.5", "days")],
            );
            let (code, value, unit) = declared;
            dataset.half_lives = vec![(code.to_owned(), value.to_owned(), unit.to_owned())];
        }
        let chance = if self.is_poor { 25 } else { 10 };
        let mut last = || {
            if self.random.percent(chance) {
                let moment = self
                    .random
                    .one_of(&self.moments)
                    .copied()
                    .unwrap_or_default();
                let day = close_to(moment, &mut self.random).div_euclid(crate::time::DAY);
                crate::time::day_text(day)
            } else {
                String::new()
            }
        };
        dataset.cut_off = last();
        dataset.as_of = last();
        dataset
    }
}
