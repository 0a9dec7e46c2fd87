//! Examples, where not all cases can be listed.

use std::collections::{BTreeMap, BTreeSet};

use lind_model::plan::{FilterPlan, NodeKind, Plan};
use lind_model::protocol::{FactField, FormulaInput, Interval, Measure, Subject, Test};
use lind_records::Table;
use lind_time::Day;
use lind_units::Exact;

use super::{Cases, Joined, Made, facts, people, regions, results};
use crate::extent::Extent;
use crate::patient::{Patient, Row, fact_table};
use crate::questions::QuestionId;

/// How many examples a group is given.
const MOST: usize = 1_200;

/// How many patients of tests are varied.
const MOST_VARIED: usize = 3;

/// A thing that is read, and what there may be of it.
struct Part {
    table: Table,
    /// The codes and names under which it is recorded; of a person, none.
    names: BTreeSet<String>,
    items: Vec<Patient>,
    /// Whether an item stands beside what is there, rather than in its place.
    is_beside: bool,
    /// Whether something reads it that one version alone asks: there the versions differ.
    is_changed: bool,
}

impl Part {
    /// A patient with another item of this part; or with none.
    fn put(&self, patient: &Patient, item: Option<&Patient>) -> Patient {
        let mut other = patient.clone();
        if item.is_none() || !self.is_beside {
            other
                .rows
                .retain(|row| row.table != self.table || !self.names.contains(row.about()));
        }
        if let Some(item) = item {
            other.sex = item.sex.or(other.sex);
            other.born = item.born.or(other.born);
            other.rows.extend(item.rows.iter().cloned());
        }
        other
    }
}

/// Examples for questions of any sort: what the patients of tests have of these data, each of them with one thing put
/// otherwise, and results and records in many ways together.
pub(super) fn cases(made: &Made<'_>, questions: &[QuestionId]) -> Cases {
    let nothing = Patient::nothing();
    let of_tests = of_tests(made, questions);
    let parts = parts(made, questions);
    let mut cases = vec![nothing.clone()];
    cases.extend(of_tests.iter().cloned());
    let varied = of_tests.iter().take(MOST_VARIED).chain([&nothing]);
    let varied: Vec<&Patient> = varied.collect();
    let turns = parts.iter().map(|part| part.items.len()).max().unwrap_or(0);
    // What the versions read otherwise, as far as that is known of single things: all of it beside what is typical.
    let changed = parts.iter().filter(|part| part.is_changed);
    let changed = changed.flat_map(|part| part.items.iter().map(move |item| (part, item)));
    for (part, item) in changed.take(MOST / 3 / varied.len().max(1)) {
        cases.extend(varied.iter().map(|patient| part.put(patient, Some(item))));
    }
    // A little of every part first, so that none is left out.
    'full: for turn in 0..turns {
        for patient in &varied {
            for part in &parts {
                if turn == 0 {
                    cases.push(part.put(patient, None));
                }
                cases.extend(
                    part.items
                        .get(turn)
                        .map(|item| part.put(patient, Some(item))),
                );
                if cases.len() > MOST * 2 / 3 {
                    break 'full;
                }
            }
        }
    }
    let mut random = Turn(1);
    for _ in 0..MOST / 3 {
        let mut patient = nothing.clone();
        for part in &parts {
            // Two of a thing show a change.
            for _ in 0..2 {
                if let Some(item) = random.of(&part.items) {
                    patient.join(item);
                }
            }
        }
        cases.push(patient);
    }
    Cases {
        cases,
        joined: Joined::OneOf,
        places: Vec::new(),
        exact: false,
    }
}

/// Numbers that look random and are the same every time.
struct Turn(u64);

impl Turn {
    fn of<'p>(&mut self, list: &'p [Patient]) -> Option<&'p Patient> {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let count = u64::try_from(list.len()).ok().filter(|count| *count > 0)?;
        let place = usize::try_from((self.0 >> 33) % count).ok()?;
        list.get(place)
    }
}

/// What the patients of tests have of the data that the questions read.
fn of_tests(made: &Made<'_>, questions: &[QuestionId]) -> Vec<Patient> {
    let extent = Extent::of(made.questions, questions);
    let mut found: Vec<Patient> = Vec::new();
    for example in made.examples.iter() {
        let own = extent.part(example);
        if !found.contains(&own) {
            found.push(own);
        }
    }
    found
}

/// For each thing that is read, what there may be of it.
fn parts(made: &Made<'_>, questions: &[QuestionId]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let reads = || {
        let own = questions.iter().filter_map(|id| made.questions.get(*id));
        own.map(|own| &own.reads)
    };
    if reads().any(|reads| reads.age || reads.sex) {
        let born = people::births(made, questions);
        let people = born.into_iter().flat_map(|born| {
            ["female", "male"].map(|sex| Patient {
                sex: Some(sex),
                born,
                rows: Vec::new(),
            })
        });
        parts.push(Part {
            table: Table::Patients,
            names: BTreeSet::new(),
            items: people.collect(),
            is_beside: false,
            is_changed: false,
        });
    }
    let slices = slices(made, questions);
    let mut of_measures: BTreeMap<&str, Part> = BTreeMap::new();
    let mut tables: BTreeSet<Table> = BTreeSet::new();
    let mut doses: Vec<(String, String)> = Vec::new();
    let mut words: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for id in questions {
        let is_changed = is_changed(made, *id);
        for (plan, kind, _) in made.nodes(*id) {
            let mut open: Vec<&NodeKind> = vec![kind];
            while let Some(kind) = open.pop() {
                open.extend(kind.parts().filter_map(|part| Some(&plan.node(part)?.kind)));
                let none = Test::Levels(Vec::new());
                let results = match kind {
                    NodeKind::Value(value) => of_subject(plan, value.subject, &value.test),
                    NodeKind::Change(change) => of_subject(plan, change.subject, &none),
                    NodeKind::Fact(fact) => {
                        tables.insert(fact_table(fact.table));
                        if fact.investigational {
                            words.insert(("investigational", "yes".to_owned()));
                        }
                        for filter in &fact.filters {
                            of_filter(filter, &mut doses, &mut words);
                        }
                        let tests = fact.filters.iter().filter_map(|filter| match filter {
                            FilterPlan::Value { test, .. } => Some(test),
                            _ => None,
                        });
                        let measured = fact.measure.into_iter().flat_map(|measure| {
                            let tests = tests.clone().chain([&none]).take(1);
                            tests.flat_map(move |test| {
                                of_subject(plan, Subject::Measure(measure), test)
                            })
                        });
                        measured.collect()
                    }
                    _ => Vec::new(),
                };
                for (measure, rows) in results {
                    let part = of_measures.entry(&measure.name).or_insert_with(|| Part {
                        table: Table::Observations,
                        names: BTreeSet::new(),
                        items: Vec::new(),
                        is_beside: false,
                        is_changed: false,
                    });
                    part.is_changed |= is_changed;
                    part.names.insert(measure.name.to_string());
                    part.names
                        .extend(measure.codes.iter().map(ToString::to_string));
                    for row in rows {
                        let days = slices.iter().rev();
                        part.items.extend(days.map(|day| on(row.clone(), *day)));
                    }
                }
            }
        }
    }
    parts.extend(of_measures.into_values());
    for table in tables {
        let items = of_codes(made, questions, table, &doses, &words, &slices);
        if !items.is_empty() {
            parts.push(Part {
                table,
                names: reads()
                    .flat_map(|reads| &reads.codes)
                    .filter(|(own, _)| *own == table)
                    .map(|(_, code)| code.to_string())
                    .collect(),
                items,
                is_beside: true,
                is_changed: false,
            });
        }
    }
    parts
}

/// Whether one version alone asks it.
fn is_changed(made: &Made<'_>, id: QuestionId) -> bool {
    let question = made.questions.get(id);
    question.is_some_and(|question| question.nodes.iter().any(Option::is_none))
}

/// Days in all slices into which the windows of the questions cut the time, and one long ago.
fn slices(made: &Made<'_>, questions: &[QuestionId]) -> Vec<Day> {
    let mut cuts = Vec::new();
    for id in questions {
        for (plan, kind, gate) in made.nodes(*id) {
            cuts.extend(made.calendar.around(plan, gate));
            let of_gate = plan.values.get(gate.index()).and_then(Option::as_ref);
            let of_gate = of_gate.and_then(|window| made.calendar.cuts(plan, window));
            cuts.extend(of_gate.unwrap_or_default());
            let windows: Vec<&lind_model::protocol::Window> = match kind {
                NodeKind::Fact(fact) => fact.windows().collect(),
                NodeKind::Value(value) => value.window.iter().collect(),
                NodeKind::Change(change) => change.between.windows().collect(),
                NodeKind::Spell(spell) => vec![&spell.spell.window],
                _ => Vec::new(),
            };
            for window in windows {
                cuts.extend(made.calendar.cuts(plan, window).unwrap_or_default());
            }
        }
    }
    let mut slices = made.calendar.slices(cuts);
    slices.splice(0..0, made.calendar.gate.add_days(-400));
    slices
}

fn on(row: Row, day: Day) -> Patient {
    Patient::with(row.with("time", day.to_string()))
}

/// Results of what a test reads: of a measure on and between the limits, of a formula's inputs over their range.
fn of_subject<'p>(plan: &'p Plan, subject: Subject, test: &Test) -> Vec<(&'p Measure, Vec<Row>)> {
    let measures = &plan.protocol.measures;
    match subject {
        Subject::Measure(id) => measures
            .get(id.index())
            .map(|measure| {
                let tests = [(plan, measure, test)];
                let own = results::values_of(measure, test, &tests);
                let own = if own.is_empty() {
                    over_its_range(plan, measure)
                } else {
                    own
                };
                (measure, own)
            })
            .into_iter()
            .collect(),
        Subject::Formula(id) => {
            let formula = plan.protocol.formulas.get(id.index());
            let inputs = formula.into_iter().flat_map(|formula| &formula.inputs);
            inputs
                .filter_map(|input| match input {
                    FormulaInput::Age => None,
                    FormulaInput::Measure { measure, .. } => measures.get(measure.index()),
                })
                .map(|measure| (measure, over_its_range(plan, measure)))
                .collect()
        }
    }
}

/// Values over the range that is usual for a measure, or else plausible.
fn over_its_range(plan: &Plan, measure: &Measure) -> Vec<Row> {
    let lind_model::protocol::Shape::Quantity(shape) = &measure.shape else {
        return Vec::new();
    };
    let Some((low, high)) = shape.usual.as_ref().or(shape.plausible.as_ref()) else {
        return Vec::new();
    };
    // Tests that do not exist, at eight steps over the range: their limits are the values.
    let tests: Vec<Test> = (1..8)
        .filter_map(|step| {
            let part = high.sub(low).mul(&Exact::from_ratio(step, 8)?);
            let limit = results::between(&low.add(&part), high)?;
            let limit = lind_units::Decimal::parse(&limit).ok()?.to_exact();
            let interval = Interval {
                low: Some((limit, true)),
                high: None,
            };
            Some(Test::Quantity(interval, shape.unit.clone()))
        })
        .collect();
    let tests: Vec<(&Plan, &Measure, &Test)> =
        tests.iter().map(|test| (plan, measure, test)).collect();
    let Some((_, _, first)) = tests.first() else {
        return Vec::new();
    };
    results::values_of(measure, first, &tests)
}

/// Doses and words that a filter asks for, and others.
fn of_filter(
    filter: &FilterPlan,
    doses: &mut Vec<(String, String)>,
    words: &mut BTreeSet<(&'static str, String)>,
) {
    match filter {
        FilterPlan::Dose { interval, unit, .. } | FilterPlan::TotalDose { interval, unit, .. } => {
            let unit = unit.code().trim_end_matches("/d").to_owned();
            let half = Exact::from_ratio(1, 2);
            for (end, _) in [&interval.low, &interval.high].into_iter().flatten() {
                let around = [
                    half.as_ref().map(|half| end.mul(half)),
                    Some(end.clone()),
                    half.as_ref().map(|half| end.add(&end.mul(half))),
                ];
                for dose in around.into_iter().flatten() {
                    let text = dose.to_decimal_text(6);
                    if !text.ends_with('…') {
                        doses.push((text, unit.clone()));
                    }
                }
            }
        }
        FilterPlan::Field(field, values) => {
            let column = match field {
                FactField::Severity => "severity",
                FactField::Outcome => "outcome",
                FactField::Status => "status",
                FactField::BodySite => "body_site",
                FactField::Route => "route",
                FactField::Indication => "indication",
                FactField::Related => "related",
                FactField::Serious => "serious",
                FactField::DoseLimiting => "dlt",
                FactField::Scale => "scale",
                FactField::Source
                | FactField::Method
                | FactField::Specimen
                | FactField::Term
                | FactField::Grade => return,
            };
            words.extend(values.iter().map(|value| (column, value.to_string())));
            // Another than is asked for, so that it is known to be another.
            if let FactField::Severity = field {
                words.extend(["mild", "severe"].map(|word| (column, word.to_owned())));
            }
        }
        FilterPlan::Line(line, _) => {
            words.insert(("line", line.to_string()));
        }
        FilterPlan::Grade(low, high) => {
            words.insert(("grade", low.to_string()));
            words.insert(("grade", high.to_string()));
        }
        _ => {}
    }
}

/// Records of each code, with the words and doses that are asked for.
fn of_codes(
    made: &Made<'_>,
    questions: &[QuestionId],
    table: Table,
    doses: &[(String, String)],
    words: &BTreeSet<(&'static str, String)>,
    slices: &[Day],
) -> Vec<Patient> {
    let columns = table.columns();
    let words: Vec<_> = words
        .iter()
        .filter(|(column, _)| columns.contains(column))
        .collect();
    // What one version alone asks about comes first: there the versions differ.
    let (changed, same): (Vec<QuestionId>, Vec<QuestionId>) =
        questions.iter().partition(|id| is_changed(made, **id));
    let mut codes = regions(made, &changed, table);
    codes.extend(regions(made, &same, table));
    codes.extend(regions(made, questions, table));
    let mut seen = BTreeSet::new();
    codes.retain(|code| seen.insert(code.clone()));
    let plain: Vec<Row> = codes
        .iter()
        .flat_map(|code| facts::rows(table, code, slices).into_iter().rev())
        .collect();
    // Plain records of all codes first, then with what is asked of some.
    let mut found = plain.clone();
    for (column, word) in words {
        found.extend(plain.iter().map(|row| row.clone().with(column, word)));
    }
    if table == Table::Treatments {
        let worded = found.clone();
        for (dose, unit) in doses {
            found.extend(worded.iter().map(|row| {
                row.clone()
                    .with("dose", dose)
                    .with("unit", unit)
                    .with("frequency", "1/d")
            }));
        }
    }
    found.into_iter().map(Patient::with).collect()
}
