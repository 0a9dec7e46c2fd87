//! Random results of laboratories, scores, levels and coded results.

use lind_model::protocol::{FormulaInput, Shape};
use lind_units::{Decimal, Exact, Unit};

use super::charts::ChartMaker;
use super::library::{number, quantity, unit};
use crate::tables::{PlainTable, Row};
use crate::time::{DAY, Time, day_text};

impl ChartMaker<'_> {
    pub(super) fn observations(&mut self) {
        let mut measures = self.interests.measures.clone();
        for formula in &self.interests.formulas {
            let inputs = self
                .protocol
                .formulas
                .get(*formula)
                .map(|formula| &formula.inputs);
            for input in inputs.into_iter().flatten() {
                if let FormulaInput::Measure { measure, .. } = input {
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
        for (place, days) in self.interests.runs.clone() {
            self.run_of_days(place, days);
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

    /// Values day by day, some days left out, some with two.
    fn run_of_days(&mut self, place: usize, days: i64) {
        let Some(begin) = Time::parse(&self.time(Some(place))) else {
            return;
        };
        let (first, _) = begin.units(DAY);
        let length = days.clamp(1, 14) + self.random.any(0, &[1, -1, 2]);
        for day in 0..length {
            for _ in 0..self.random.any(1, &[1, 1, 0, 2]) {
                self.observation(place, &day_text(first + day));
            }
        }
    }

    pub(super) fn observation(&mut self, place: usize, time: &str) {
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
            Shape::Tags(tags) => {
                let mut carried = self.random.some_of(tags, 40);
                carried.extend(
                    self.random
                        .one_of(tags)
                        .cloned()
                        .filter(|_| carried.is_empty()),
                );
                let mut text = carried.join(self.random.any(" + ", &["+", "  +"]));
                if self.random.percent(30) {
                    text = text.to_lowercase();
                }
                if self.rarely(30) {
                    text.push_str(" + elsewhere");
                }
                row.with("result", text)
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
        if self.random.percent(10) && !row.text("value").is_empty() {
            let comparator = self.random.any("<", &["<=", ">", ">="]);
            row = row.with("comparator", comparator);
        }
        if self.random.percent(30) {
            row = row.with(
                "specimen",
                self.random.any("blood", &["Blood", "serum", "urine"]),
            );
        }
        if self.random.percent(50) {
            let source = self
                .random
                .any("central_laboratory", &["Site", "elsewhere"]);
            row = row.with("source", source);
        }
        if self.random.percent(50) {
            row = row.with("method", self.random.any("elisa", &["Flow_Cytometry"]));
        }
        if self.random.percent(50) {
            row = row.with("body_site", self.random.any("skin", &["lung"]));
        }
        self.patient.rows.push(row);
    }

    /// The value, unit and limits of a quantity.
    pub(super) fn quantity(&mut self, place: usize, name: &str, row: Row) -> Row {
        let Some(Shape::Quantity(shape)) = self
            .protocol
            .measures
            .get(place)
            .map(|measure| &measure.shape)
        else {
            return row;
        };
        let entry = quantity(name);
        let limits: Vec<(Exact, Unit)> = self
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
        let multiples: Vec<Exact> = self
            .interests
            .multiples
            .iter()
            .filter(|(of, _)| *of == place)
            .map(|(_, factor)| factor.clone())
            .collect();
        if let Some(factor) = self.random.one_of(&multiples)
            && self.random.percent(50)
        {
            value = value.mul(factor);
        }
        let mut row = row;
        if shape.has_limits && self.random.percent(80) {
            let limit = self.random.any("40", &["1.2", "17", "0", "-1"]);
            let limit = if self.random.percent(90) { "40" } else { limit };
            let column = self.random.any("high", &["high", "low"]);
            row = row.with(column, limit);
            // Both limits, if they are in their order.
            if limit == "40" && self.random.percent(40) {
                row = if column == "high" {
                    row.with("low", "12.5")
                } else {
                    row.with("high", "130")
                };
            }
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
    pub(super) fn nudged(&mut self, value: Exact) -> String {
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

    pub(super) fn score(&mut self, place: usize) -> String {
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
}
