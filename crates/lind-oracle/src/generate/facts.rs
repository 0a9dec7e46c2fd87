//! Random diagnoses, treatments, procedures and allergies.

use lind_model::protocol::{FactField, FactTable};

use super::charts::{ChartMaker, words_of};
use super::library::{number, unit};
use crate::tables::{PlainTable, Row};

impl ChartMaker<'_> {
    pub(super) fn facts(&mut self) {
        let mut places = self.interests.sets.clone();
        places.push(self.random.below(self.protocol.sets.len()));
        places.sort_unstable();
        places.dedup();
        for place in places {
            let mut asked = self.interests.sets.iter();
            let often = asked.by_ref().filter(|other| **other == place).count();
            // Where records are counted there are more of them.
            for _ in 0..self.random.below(3 + often.clamp(1, 4)) {
                self.fact(place);
            }
        }
    }

    pub(super) fn fact(&mut self, place: usize) {
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

    pub(super) fn dose(&mut self, row: Row) -> Row {
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
}
