//! Random diagnoses, treatments, procedures and allergies.

use lind_model::protocol::{FactField, FactTable};

use super::charts::{ChartMaker, words_of};
use super::library::{number, other_names, unit};
use crate::tables::{PlainTable, Row};
use crate::time::{DAY, day_text};

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
        for place in self.interests.courses.clone() {
            if self.random.percent(70) {
                self.course(place);
            }
        }
    }

    /// Rows of one set that follow each other closely, often of one code and in one dose.
    fn course(&mut self, place: usize) {
        let Some(set) = self.protocol.sets.get(place).cloned() else {
            return;
        };
        let plain: Vec<_> = set
            .codes
            .iter()
            .filter(|code| !code.ends_with('*'))
            .collect();
        let mut code = self
            .random
            .one_of(&plain)
            .map_or("", |code| code)
            .to_owned();
        let table = match set.table {
            FactTable::Conditions => PlainTable::Conditions,
            FactTable::Treatments => PlainTable::Treatments,
            FactTable::AdverseEvents => PlainTable::AdverseEvents,
            FactTable::Procedures | FactTable::Allergies | FactTable::Results => return,
        };
        let mut day = self.telling(None).div_euclid(DAY);
        let mut dose = self.random.any("10", &["10", "5", "20"]);
        // From some time before a day that tells, over it.
        day -= self.random.any(40, &[10, 80, 0, 100]);
        for _ in 0..2 + self.random.below(2) {
            let end = day + self.random.any(30, &[7, 0, 60, 90]);
            let written = |random: &mut super::Random, day: i64| {
                let text = day_text(day.max(0));
                if random.percent(6) {
                    text.get(..7).unwrap_or_default().to_owned()
                } else {
                    text
                }
            };
            let (from, to) = (
                written(&mut self.random, day),
                written(&mut self.random, end),
            );
            let to = if self.random.percent(15) {
                String::new()
            } else {
                to
            };
            let row = Row::new(table, &code).with(table.time_column(), from);
            self.patient.rows.push(if table == PlainTable::Conditions {
                row.with("abatement", to)
            } else if table == PlainTable::AdverseEvents {
                row.with("end", to)
                    .with("grade", self.random.any("3", &["2", "4", "1", ""]))
            } else {
                let row = row.with("end", to);
                match self.random.below(12) {
                    0 => row,
                    1 => row
                        .with("dose", self.random.any("10000", &["5000"]))
                        .with("unit", "ug")
                        .with("frequency", "daily"),
                    2 => row
                        .with("dose", "5")
                        .with("unit", "mg")
                        .with("frequency", "bid"),
                    3 => row.with("dose", dose).with("unit", "mg/d"),
                    4 => row
                        .with("dose", dose)
                        .with("unit", "[IU]")
                        .with("frequency", "daily"),
                    _ => row
                        .with("dose", dose)
                        .with("unit", "mg")
                        .with("frequency", "daily"),
                }
            });
            day = end + self.random.any(1, &[1, 1, 0, 0, 2, 5, 8, 9]);
            if self.random.percent(25) {
                dose = self.random.any("10", &["5", "20"]);
            }
            if self.random.percent(15) {
                code = self
                    .random
                    .one_of(&plain)
                    .map_or("", |code| code)
                    .to_owned();
            }
        }
    }

    pub(super) fn fact(&mut self, place: usize) {
        let Some(set) = self.protocol.sets.get(place) else {
            return;
        };
        let code = self.random.one_of(&set.codes).map_or("", |code| code);
        let mut names = other_names(set.table);
        names.extend(
            self.protocol
                .sets
                .iter()
                .filter(|other| other.table == set.table)
                .map(|other| &*other.name),
        );
        let code = match code.strip_suffix('*') {
            // Under a name, which may be one of another set.
            _ if self.random.percent(25) => self
                .random
                .one_of(&names)
                .map_or_else(String::new, |name| (*name).to_owned()),
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
                let line = self.random.any("", &["1", "2", "2", "3"]);
                self.dose(
                    row.with("line", line)
                        .with("investigational", investigational),
                )
            }
            FactTable::Procedures => {
                row(PlainTable::Procedures).with("body_site", word(FactField::BodySite, 60))
            }
            FactTable::AdverseEvents => {
                let row = row(PlainTable::AdverseEvents)
                    .with("end", end)
                    .with("scale", word(FactField::Scale, 60))
                    .with("serious", word(FactField::Serious, 70))
                    .with("dlt", word(FactField::DoseLimiting, 70));
                let grade = self
                    .random
                    .any("3", &["0", "1", "2", "2", "3", "4", "4", "5", "", ""]);
                let grade = if self.rarely(4) { "6" } else { grade };
                let related = self.random.any(
                    "",
                    &[
                        "yes",
                        "no",
                        "Possible",
                        "unlikely",
                        "not related",
                        "definitely-related",
                        "perhaps",
                    ],
                );
                row.with("grade", grade).with("related", related)
            }
            FactTable::Allergies | FactTable::Results => {
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
