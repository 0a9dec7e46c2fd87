//! The parts of the page.

use std::sync::Arc;

use lind_model::protocol::{
    AlternativeContent, Criterion, CriterionKind, Milestone, MonthRule, QuantityShape, Reading,
    Selector, Shape,
};
use lind_model::{CriterionId, FormulaId, MeasureId, Uses};

use crate::doc::conditions::joined;
use crate::doc::values::Within;
use crate::doc::{Entry, Said, Section, Teller, spoken};

impl<'p> Teller<'p> {
    pub(super) fn title(self) -> String {
        format!("{} {}", self.protocol.id, self.protocol.title)
    }

    pub(super) fn version(self) -> Option<String> {
        let version = self.protocol.version.as_ref()?;
        Some(match self.protocol.dated {
            Some(day) => format!("Version {version} of {day}"),
            None => format!("Version {version}"),
        })
    }

    /// What else the head says, each with what it is.
    pub(super) fn about(self) -> Vec<(&'static str, String)> {
        let about = &self.protocol.about;
        let one = |what: &'static str, text: &Arc<str>| (what, text.to_string());
        let mut told: Vec<(&'static str, String)> = Vec::new();
        told.extend(about.phase.iter().map(|text| one("Phase", text)));
        told.extend(about.sponsor.iter().map(|text| one("Sponsor", text)));
        told.extend(about.sources.iter().map(|text| one("Source", text)));
        told.extend(about.notes.iter().map(|text| one("Note", text)));
        told
    }

    /// Every part that has something to tell.
    pub(super) fn sections(self) -> Vec<Section> {
        let criteria = |kind: CriterionKind| {
            self.protocol
                .criteria
                .iter()
                .filter(|criterion| criterion.kind == kind)
                .map(|criterion| self.criterion(criterion))
                .collect()
        };
        let [states, gradings] = self.of_visits();
        let sections = [
            Section {
                heading: "Milestones",
                about: "In an order that the protocol allows.",
                entries: self.milestones(),
            },
            Section {
                heading: "Inclusion criteria",
                about: "Each must be met, or not apply.",
                entries: criteria(CriterionKind::Inclusion),
            },
            Section {
                heading: "Exclusion criteria",
                about: "None may be met.",
                entries: criteria(CriterionKind::Exclusion),
            },
            Section {
                heading: "Commitments",
                about: "Each is attested under its number.",
                entries: criteria(CriterionKind::Commitment),
            },
            Section {
                heading: "Overrides",
                about: "Where one holds, the criteria that it names are not asked.",
                entries: self.overrides(),
            },
            Section {
                heading: "Enrolment caps",
                about: "About the trial; they change no verdict.",
                entries: self.caps(),
            },
            Section {
                heading: "Arms",
                about: "Who is treated alike.",
                entries: self.treatment_arms(),
            },
            Section {
                heading: "Treatment",
                about: "What is given when.",
                entries: self.treatment_plans(),
            },
            Section {
                heading: "Dose levels",
                about: "From the lowest to the highest.",
                entries: self.dose_levels(),
            },
            Section {
                heading: "Dose escalation",
                about: "Which rule moves between the dose levels.",
                entries: self.escalation(),
            },
            Section {
                heading: "Populations",
                about: "Who is counted.",
                entries: self.populations(),
            },
            states,
            gradings,
            Section {
                heading: "Endpoints",
                about: "What is computed of each participant, and how it is summed up.",
                entries: self.endpoints(),
            },
            Section {
                heading: "Statistics",
                about: "How numbers are written and computed.",
                entries: self.statistics(),
            },
            Section {
                heading: "Visits one by one",
                about: "When each is planned, and what is assessed.",
                entries: self.visits(),
            },
            Section {
                heading: "Anchors",
                about: "Records that the data choose, on which windows lean.",
                entries: self.anchors(),
            },
            Section {
                heading: "Definitions",
                about: "What the terms above stand for.",
                entries: self.definitions(),
            },
            Section {
                heading: "Readings",
                about: "Where the text can be read in several ways.",
                entries: self
                    .protocol
                    .readings
                    .iter()
                    .map(|reading| self.reading(reading))
                    .collect(),
            },
            Section {
                heading: "Measures",
                about: "What is measured, as it is declared.",
                entries: self.measures(),
            },
            Section {
                heading: "Codes",
                about: "What the names of conditions, treatments, procedures, allergies and events stand for.",
                entries: self.sets(),
            },
            Section {
                heading: "Not stated",
                about: "What the source does not say.",
                entries: self
                    .protocol
                    .unstated
                    .iter()
                    .map(|(name, reason)| Entry {
                        head: format!("{}: {reason}", spoken(name)),
                        said: Vec::new(),
                    })
                    .collect(),
            },
        ];
        sections
            .into_iter()
            .filter(|section| !section.entries.is_empty())
            .collect()
    }

    fn milestones(self) -> Vec<Entry> {
        let milestones = &self.protocol.milestones;
        milestones
            .iter()
            .enumerate()
            .filter(|(index, _)| {
                let id = lind_model::MilestoneId::from_index(*index);
                self.is_declared(id) && !self.is_of_the_day(*index)
            })
            .map(|(index, milestone)| {
                let title = milestone
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| format!(": {title}"));
                let mut said: Vec<Said> = self.same_as(milestone).into_iter().collect();
                let before = self.directly_before(index, milestone);
                if said.is_empty() && !before.is_empty() {
                    said.push(Said::new(format!("not before {}", before.join(", "))));
                }
                if milestone.timed {
                    said.push(Said::new("recorded with its time of day"));
                }
                if let Some(window) = &milestone.values {
                    said.push(Said::new(format!(
                        "a condition without a window of its own counts values {}",
                        self.window(window)
                    )));
                }
                Entry {
                    head: format!("{}{title}", spoken(&milestone.name)),
                    said: said.into_iter().map(Said::spoken).collect(),
                }
            })
            .collect()
    }

    /// The milestones proven not to be later, without those that follow from others.
    fn directly_before(self, index: usize, milestone: &Milestone) -> Vec<&'p str> {
        let others = || {
            milestone
                .not_later
                .iter()
                .filter(move |id| id.index() != index && !self.is_another_name(**id))
        };
        others()
            .filter(|id| {
                !others().any(|between| {
                    between != *id
                        && self
                            .protocol
                            .milestones
                            .get(between.index())
                            .is_some_and(|between| between.not_later.contains(id))
                })
            })
            .map(|id| self.milestone(*id))
            .collect()
    }

    fn criterion(self, criterion: &'p Criterion) -> Entry {
        let within = match criterion.gate {
            Some(gate) => Within::default().at(gate),
            None => Within::default(),
        };
        let mut said = Vec::new();
        if let Some(guard) = &criterion.guard {
            said.push(Said::new(self.guard(guard, &within)).spoken());
        }
        let mut parts: Vec<Said> = criterion
            .parts
            .iter()
            .map(|part| {
                let told = self.part(part, criterion.kind, &within);
                match criterion.gate {
                    Some(gate) => told.after(&format!("at {}:", self.milestone(gate))),
                    None => told,
                }
            })
            .map(Said::spoken)
            .collect();
        if parts.len() > 1 {
            parts = vec![Said::with(joined(criterion.kind), parts)];
        }
        said.append(&mut parts);
        if let Some(term) = &criterion.term {
            let after = term
                .after
                .map_or_else(String::new, |length| format!("{length} after "));
            said.push(Said::new(format!(
                "from {} until {after}{}, attested at {}",
                spoken(self.milestone(term.from)),
                spoken(self.milestone(term.until)),
                spoken(self.milestone(term.from))
            )));
        }
        for permission in &criterion.allowed {
            said.push(Said::new(format!("allowed: {}", permission.text)));
        }
        if let Some(source) = &criterion.source {
            said.push(Said::new(format!("source: {source}")));
        }
        Entry {
            head: format!("{} {}", criterion.id, criterion.title),
            said,
        }
    }

    fn overrides(self) -> Vec<Entry> {
        let number = |id: &CriterionId| {
            let criterion = self.protocol.criteria.get(id.index());
            criterion.map_or_else(String::new, |criterion| criterion.id.to_string())
        };
        self.protocol
            .overrides
            .iter()
            .map(|rule| {
                let numbers: Vec<String> = rule.criteria.iter().map(number).collect();
                let verb = if numbers.len() == 1 {
                    "counts"
                } else {
                    "count"
                };
                let not = if rule.met { "" } else { "not " };
                Entry {
                    head: format!("{} {}", rule.id, rule.title),
                    said: vec![
                        self.condition(&rule.when, &Within::default())
                            .after(&format!("{} {verb} as {not}met where", numbers.join(", ")))
                            .spoken(),
                    ],
                }
            })
            .collect()
    }

    fn caps(self) -> Vec<Entry> {
        self.protocol
            .caps
            .iter()
            .map(|cap| {
                let within = Within::default().at(cap.gate);
                Entry {
                    head: format!("{} {}", cap.id, cap.title),
                    said: vec![
                        self.condition(&cap.condition, &within)
                            .after(&format!(
                                "at {}, at most {} % of participants:",
                                self.milestone(cap.gate),
                                cap.at_most
                            ))
                            .spoken(),
                    ],
                }
            })
            .collect()
    }

    fn anchors(self) -> Vec<Entry> {
        let declared = self.protocol.chosen.iter().filter(|chosen| chosen.declared);
        declared
            .map(|chosen| {
                let title = chosen
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| format!(": {title}"));
                let lines = chosen.lines.iter().enumerate();
                let source = chosen.source.iter();
                Entry {
                    head: format!("{}{title}", chosen.name),
                    said: lines
                        .map(|(place, line)| Said::new(self.chosen_line(line, place > 0)))
                        .chain(source.map(|source| Said::new(format!("source: {source}"))))
                        .collect(),
                }
            })
            .collect()
    }

    fn definitions(self) -> Vec<Entry> {
        let is_state = |index: usize| {
            let mut states = self.protocol.trial.states.iter();
            states.any(|state| state.term.index() == index)
        };
        self.protocol
            .definitions
            .iter()
            .enumerate()
            .filter(|(index, _)| !is_state(*index))
            .map(|(_, definition)| {
                let title = definition
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| format!(": {title}"));
                Entry {
                    head: format!("{}{title}", spoken(&definition.name)),
                    said: vec![
                        self.condition(&definition.condition, &Within::default())
                            .spoken(),
                    ],
                }
            })
            .collect()
    }

    fn reading(self, reading: &'p Reading) -> Entry {
        let said = reading
            .alternatives
            .iter()
            .enumerate()
            .map(|(index, alternative)| {
                let title = alternative
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| format!(" ({title})"));
                let chosen = match (&reading.reason, index == reading.chosen) {
                    (Some(reason), true) => format!(", chosen ({reason})"),
                    (None, true) => ", chosen".to_owned(),
                    (_, false) => String::new(),
                };
                let name = format!("{}{title}{chosen}", spoken(&alternative.name));
                match &alternative.content {
                    AlternativeContent::Label => Said::new(name),
                    AlternativeContent::Condition(condition) => self
                        .condition(condition, &Within::default())
                        .spoken()
                        .after(&format!("{name}:")),
                    AlternativeContent::Selector(selector) => {
                        Said::new(format!("{name}: {} counts", selector_words(*selector)))
                    }
                    AlternativeContent::Months(MonthRule::Calendar) => Said::new(format!(
                        "{name}: months and years are counted on the calendar"
                    )),
                    AlternativeContent::Months(MonthRule::Fixed { month, year }) => Said::new(
                        format!("{name}: a month is {month} days, a year is {year} days"),
                    ),
                }
            })
            .collect();
        Entry {
            head: format!("{} {}", reading.name, reading.question),
            said,
        }
    }

    /// The measures and formulas that a condition asks.
    fn measures(self) -> Vec<Entry> {
        let used = Uses::of(self.protocol);
        let measures = self
            .protocol
            .measures
            .iter()
            .enumerate()
            .filter(|(index, _)| used.measures.contains_key(&MeasureId::from_index(*index)))
            .map(|(_, measure)| Entry {
                head: format!(
                    "{}: {}, {}",
                    spoken(&measure.name),
                    measure.title,
                    shape(&measure.shape)
                ),
                said: Vec::new(),
            });
        let formulas = self
            .protocol
            .formulas
            .iter()
            .enumerate()
            .filter(|(index, _)| used.formulas.contains_key(&FormulaId::from_index(*index)))
            .map(|(_, formula)| Entry {
                head: format!(
                    "{}: {}, computed, {}",
                    spoken(&formula.name),
                    formula.title,
                    quantity(&formula.result)
                ),
                said: Vec::new(),
            });
        measures.chain(formulas).collect()
    }
}

fn selector_words(selector: Selector) -> &'static str {
    match selector {
        Selector::Latest => "the latest value",
        Selector::First => "the first value",
        Selector::Highest => "the highest value",
        Selector::Lowest => "the lowest value",
        Selector::Worst => "the worst value",
        Selector::Any => "any value",
        Selector::Every => "every value",
        Selector::Mean => "the mean of the values",
    }
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Quantity(own) => quantity(own),
        Shape::Score {
            lowest, highest, ..
        } => format!("a score from {lowest} to {highest} points"),
        Shape::Ordinal(levels) => {
            format!("one of {}, the lowest first", spoken(&levels.join(", ")))
        }
        Shape::Tags(tags) => format!("any of {}, several at once", spoken(&tags.join(", "))),
        Shape::Coded(results) => format!("one of {}", spoken(&results.join(", "))),
    }
}

fn quantity(shape: &QuantityShape) -> String {
    let unit = shape.unit.written();
    match &shape.plausible {
        Some((low, high)) => format!("in {unit}, plausible from {low} to {high} {unit}"),
        None => format!("in {unit}"),
    }
}
