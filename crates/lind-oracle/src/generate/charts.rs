//! Random charts for a protocol, biased to its limits.

use lind_model::MilestoneId;
use lind_model::protocol::{FactField, FactTable, Protocol, Shape};
use lind_time::Offset;
use lind_units::{Decimal, Exact};

use super::dates::{close_to, moved, start, written};
use super::interests::Interests;
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
        patient: Patient::default(),
    };
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
            if self.random.percent(6) {
                continue;
            }
            let row = Row::new(PlainTable::Milestones, &milestone.name);
            let text = match self.random.below(100) {
                0..=1 => "2024-02-30".to_owned(),
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

    /// The second of some milestone.
    fn moment(&mut self) -> i64 {
        self.random
            .one_of(&self.moments)
            .copied()
            .unwrap_or_default()
    }

    /// A second at which an answer may change.
    fn telling(&mut self) -> i64 {
        let mut second = self.moment();
        for _ in 0..=self.random.below(2) {
            if let Some(offset) = self.random.one_of(&self.interests.offsets).copied() {
                second = moved(second, offset);
            }
        }
        close_to(second, &mut self.random)
    }

    /// A time as text: often one that stands in the chart already, sometimes none.
    fn time(&mut self) -> String {
        if self.random.percent(6) {
            return String::new();
        }
        if self.random.percent(2) {
            return self.random.any("2023-02-29", &["soon"]).to_owned();
        }
        if self.random.percent(20)
            && let Some(time) = self.random.one_of(&self.times).cloned()
        {
            return time;
        }
        let second = self.telling();
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
        for place in measures {
            for _ in 0..self.random.below(5) {
                self.observation(place);
            }
        }
        let formulas = self.interests.formulas.clone();
        for place in formulas {
            let Some(formula) = self.protocol.formulas.get(place) else {
                continue;
            };
            if self.random.percent(30) {
                let name = self.random.any(&*formula.name, &["loinc|other"]).to_owned();
                let time = self.time();
                let value = self.random.any("30", &["50", "25", "2", "60", "61"]);
                let row = Row::new(PlainTable::Observations, &name)
                    .with("time", time)
                    .with("value", value)
                    .with("unit", formula.result.unit.code());
                self.patient.rows.push(row);
            }
        }
    }

    fn observation(&mut self, place: usize) {
        let Some(measure) = self.protocol.measures.get(place) else {
            return;
        };
        let code = match measure.codes.first() {
            Some(code) if self.random.percent(50) => code.to_string(),
            _ => measure.name.to_string(),
        };
        let time = self.time();
        let mut row = Row::new(PlainTable::Observations, &code).with("time", time);
        row = match &measure.shape {
            Shape::Quantity(_) => self.quantity(place, &measure.name, row),
            Shape::Score { .. } => {
                let value = self.score(place);
                let unit = self.random.any("", &["", "{score}", "1", "points", "mg"]);
                row.with("value", value).with("unit", unit)
            }
            Shape::Ordinal(levels) => {
                let level = self
                    .random
                    .one_of(levels)
                    .map_or("0", |level| level)
                    .to_owned();
                match self.random.below(12) {
                    0 => row.with("result", "elsewhere"),
                    1 => row,
                    2 => row.with("value", "7"),
                    _ if Decimal::parse(&level).is_ok() && self.random.percent(60) => {
                        row.with("value", level)
                    }
                    3 => row.with("result", level.to_lowercase()),
                    _ => row.with("result", level),
                }
            }
            Shape::Coded(results) => {
                let result = self
                    .random
                    .one_of(results)
                    .map_or("", |result| result)
                    .to_owned();
                match self.random.below(12) {
                    0 => row.with("result", "borderline"),
                    1 => row.with("value", "12"),
                    2 => row,
                    3 => row.with("result", result.to_uppercase()),
                    _ => row.with("result", result),
                }
            }
        };
        if self.random.percent(8) && !row.text("value").is_empty() {
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
        match self.random.below(100) {
            0..=2 => return row,
            3..=4 => return row.with("value", "high").with("unit", text.unwrap_or("1")),
            5..=8 => text = None,
            9..=10 => text = Some("furlongz"),
            11..=12 => text = Some("mm[Hg]"),
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
        let begin = self.time();
        let end = if self.random.percent(60) {
            self.time()
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
        match self.random.below(20) {
            0 => row.with("dose", dose),
            1 => row.with("dose", "much").with("unit", text),
            2 => row.with("dose", dose).with("unit", "mg/dL"),
            _ => row.with("dose", dose).with("unit", text),
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
                let time = self.time();
                let row = Row::new(PlainTable::Attestations, &item)
                    .with("answer", answer)
                    .with("time", time);
                self.patient.rows.push(row);
            }
        }
    }

    fn dataset(&mut self) -> PlainDataset {
        let mut dataset = PlainDataset::default();
        if self.random.percent(20) {
            dataset.absent = self.random.some_of(&PlainTable::ALL, 20);
            // Without milestones nothing is decided.
            dataset
                .absent
                .retain(|table| *table != PlainTable::Milestones);
        }
        if self.random.percent(20) {
            dataset.incomplete = self.random.some_of(&PlainTable::ALL, 20);
        }
        if self.random.percent(20) {
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
        let mut last = |chance: usize| {
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
        dataset.cut_off = last(20);
        dataset.as_of = last(15);
        dataset
    }
}
