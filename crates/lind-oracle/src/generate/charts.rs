//! Random charts for a protocol, biased to its limits.

use lind_model::MilestoneId;
use lind_model::protocol::{FactField, Protocol};
use lind_time::{Edge, Offset};
use lind_units::Exact;

use super::dates::{close_to, moved, start, to_the_minute, written};
use super::interests::{Interests, WindowOf};
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
    /// The days that milestones of the day at hand are bound to.
    pub bound: Vec<(MilestoneId, String)>,
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
        FactField::Source => &["central_laboratory", "site"],
        FactField::Method => &["elisa", "flow_cytometry"],
        FactField::Specimen => &["blood", "serum"],
        FactField::Scale => &["astct", "ctcae_5"],
        FactField::Related | FactField::Serious | FactField::DoseLimiting => &["yes", "no"],
        // These are compared with each other, and with no word.
        FactField::Term | FactField::Grade => &[],
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
        is_timed: false,
        patient: Patient::default(),
    };
    chart.is_poor = chart.random.percent(40);
    chart.is_timed = chart.random.percent(15);
    chart.milestones();
    chart.person();
    chart.observations();
    chart.facts();
    chart.answers();
    let dataset = chart.dataset();
    let bound = super::visits::bound(protocol, &chart.moments, &mut chart.random);
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
        bound,
    }
}

/// A chart in the making.
pub(super) struct ChartMaker<'p> {
    pub(super) protocol: &'p Protocol,
    pub(super) interests: Interests,
    pub(super) random: Random,
    /// The seconds at which the milestones were.
    moments: Vec<i64>,
    /// Times that were written already.
    times: Vec<String>,
    /// Whether all times are known to the minute.
    is_timed: bool,
    /// Whether much of the chart is missing or wrong.
    pub(super) is_poor: bool,
    pub(super) patient: Patient,
}

impl ChartMaker<'_> {
    fn milestones(&mut self) {
        let mut second = start(&mut self.random);
        for (place, milestone) in self.protocol.milestones.iter().enumerate() {
            let id = MilestoneId::from_index(place);
            let is_visit = self.protocol.trial.visit_of(id).is_some();
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
            let (table, column) = if is_visit {
                (PlainTable::Visits, "start")
            } else {
                (PlainTable::Milestones, "time")
            };
            let mut row = Row::new(table, &milestone.name);
            if is_visit && self.random.percent(15) {
                let end = close_to(second, &mut self.random);
                row = row.with("end", self.precisely(end));
            }
            let text = match self.random.below(100) {
                0 => "2024-02-30".to_owned(),
                _ if self.is_timed => self.written(second),
                // Not too often imprecise: too little would be decided.
                2..=40 => self.precisely(second),
                _ => {
                    let time = self.written(second);
                    if time.len() < 10 && self.random.percent(60) {
                        self.precisely(second)
                    } else {
                        time
                    }
                }
            };
            self.patient
                .rows
                .push(row.clone().with(column, text.clone()));
            if self.random.percent(4) {
                let again = close_to(second, &mut self.random);
                let again = self.precisely(again);
                let again = self.random.any(again.as_str(), &[text.as_str()]).to_owned();
                self.patient.rows.push(row.with(column, again));
            }
        }
    }

    /// A second as text.
    fn written(&mut self, second: i64) -> String {
        if self.is_timed {
            to_the_minute(second)
        } else {
            written(second, &mut self.random)
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
    pub(super) fn rarely(&mut self, chance: usize) -> bool {
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
    pub(super) fn telling(&mut self, measure: Option<usize>) -> i64 {
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
        // A reading may count months in days.
        let in_days = self.random.percent(20);
        let end = |edge: Edge, far: Offset| match edge {
            Edge::At {
                offset: Offset::Calendar { months },
                ..
            } if in_days => {
                let days = months / 12 * 365 + months % 12 * 30;
                moved(anchor, Offset::Days { days })
            }
            Edge::At { offset, .. } => moved(anchor, offset),
            Edge::Unbounded => moved(anchor, far),
        };
        let (past, future) = (Offset::days(-200), Offset::days(60));
        (end(window.from, past), end(window.to, future))
    }

    /// A time as text: often one that stands in the chart already, sometimes none.
    pub(super) fn time(&mut self, measure: Option<usize>) -> String {
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
        let time = self.written(second);
        self.times.push(time.clone());
        time
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
                (PlainTable::AdverseEvents, "local|crs"),
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
