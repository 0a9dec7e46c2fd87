//! Values that are computed from others, with these: every combination of cells of the inputs, cut into smaller boxes
//! where a formula does not give one answer.
//!
//! Between two limits a value answers its own questions alike, but a formula may not. What a formula may come to in a
//! box is asked of the interpreter, whose arithmetic encloses it. Where that is one answer, one patient of the box
//! stands for all. Where boxes are left in which it is not, what the formula may answer there is kept beside.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lind_eval::{Possible, possible};
use lind_model::lower::anchors;
use lind_model::plan::{NodeKind, Plan, ValuePlan};
use lind_model::protocol::{
    Anchor, Formula, FormulaInput, Measure, QuantityShape, Selector, Sex, Shape, Subject, Test,
};
use lind_model::{MilestoneId, NodeId};
use lind_records::Table;
use lind_time::{Day, MonthEnd};
use lind_units::{Decimal, Enclosure, Exact, Unit};

use super::{Cases, Joined, MOST_CASES, Made, results};
use crate::calendar::has_length;
use crate::patient::{Patient, Row};
use crate::questions::{QuestionId, Sort, Which};

/// The oldest patient, in completed years.
const OLDEST: i64 = 110;

/// The age that is tried first.
const USUAL: i64 = 45;

/// How many boxes are looked at for one combination of cells.
const MOST_BOXES: usize = 60;

/// How many tests of formulas a group may have.
const MOST_FORMULAS: usize = 4;

/// Cases, and what besides their own answers they stand for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Boxed {
    pub(crate) cases: Cases,
    /// For some of them: questions that a patient like this one may answer otherwise, and how.
    pub(crate) perhaps: Vec<(usize, Vec<(QuestionId, Possible)>)>,
}

/// A test of a formula.
struct Asked<'m> {
    question: QuestionId,
    which: Which,
    node: NodeId,
    formula: &'m Formula,
    test: &'m Test,
    /// For each input, its place among the factors and the unit in which the formula counts it.
    inputs: Vec<(usize, Option<&'m Unit>)>,
}

/// Something that a patient has, or does not have.
enum Factor<'m> {
    Age(BTreeSet<i64>),
    Number {
        shape: &'m QuantityShape,
        /// A result without its value and time.
        row: Row,
        limits: Vec<(Exact, String, Unit)>,
    },
}

/// What a patient has of a factor.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Missing,
    /// Completed years, both included.
    Years(i64, i64),
    /// A number, in the unit of the measure.
    Between(Exact, Exact),
    /// A limit as it is written, with its unit.
    On(Exact, String, Unit),
}

/// All cases of formulas with what they are computed from. None if these questions ask for more than the value that
/// counts in one window, or if there would be too many.
pub(super) fn cases(made: &Made<'_>, questions: &[QuestionId]) -> Option<Boxed> {
    let group = Group::of(made, questions)?;
    group.cases()
}

struct Group<'m> {
    made: &'m Made<'m>,
    factors: Vec<Factor<'m>>,
    asked: Vec<Asked<'m>>,
    sexes: Vec<Option<&'static str>>,
    /// A day that is in the window.
    day: Day,
    gate: Day,
}

impl<'m> Group<'m> {
    fn of(made: &'m Made<'m>, questions: &[QuestionId]) -> Option<Self> {
        let mut sex = false;
        let mut ages: BTreeSet<i64> = BTreeSet::new();
        let mut by_name: BTreeMap<&'m str, (&'m Measure, Vec<&'m Test>)> = BTreeMap::new();
        let mut formulas: Vec<(QuestionId, Which, NodeId, &'m Plan, &'m Formula, &'m Test)> =
            Vec::new();
        let mut moments: BTreeSet<&str> = BTreeSet::new();
        let mut windows: BTreeSet<(String, bool)> = BTreeSet::new();
        let mut place: Option<(Day, Day)> = None;
        let mut lengths = false;
        for id in questions {
            let question = made.questions.get(*id)?;
            sex |= question.reads.sex;
            if question.sort == Sort::Sex {
                continue;
            }
            for which in Which::BOTH {
                let Some((node, gate)) = question.nodes.get(which.index()).copied().flatten()
                else {
                    continue;
                };
                let plan = &made.sides.get(which.index())?.plan;
                match &plan.node(node)?.kind {
                    NodeKind::Age { at, interval } => {
                        moments.insert(made.calendar.name(plan, at.unwrap_or(gate))?);
                        for end in results::ends(interval) {
                            let age = end.floor()?;
                            ages.extend([age, age.checked_add(1)?]);
                        }
                    }
                    NodeKind::Value(value) if results::is_plain(value) => {
                        moments.insert(made.calendar.name(plan, gate)?);
                        let own = plan.values.get(gate.index()).and_then(Option::as_ref);
                        let window = value.window.as_ref().or(own);
                        windows.insert(key(made, plan, value, window)?);
                        lengths |= window.is_some_and(has_length);
                        place = Some(made.day_within(plan, window, gate)?);
                        if !matches!(value.test, Test::Quantity(..)) {
                            return None;
                        }
                        match value.subject {
                            Subject::Measure(measure) => {
                                let measure = plan.protocol.measures.get(measure.index())?;
                                add(&mut by_name, measure, Some(&value.test))?;
                            }
                            Subject::Formula(formula) => {
                                let formula = plan.protocol.formulas.get(formula.index())?;
                                let known = formulas.iter().any(|(own, ..)| own == id);
                                if !known {
                                    formulas.push((*id, which, node, plan, formula, &value.test));
                                }
                            }
                        }
                    }
                    _ => return None,
                }
            }
        }
        if formulas.is_empty() || formulas.len() > MOST_FORMULAS {
            return None;
        }
        if moments.len() != 1 || windows.len() != 1 || !made.has_one_calendar(questions, lengths) {
            return None;
        }
        let mut asks_age = !ages.is_empty();
        for (_, _, _, plan, formula, _) in &formulas {
            for input in &formula.inputs {
                match input {
                    FormulaInput::Age => asks_age = true,
                    FormulaInput::Measure { measure, .. } => {
                        let measure = plan.protocol.measures.get(measure.index())?;
                        add(&mut by_name, measure, None)?;
                    }
                }
            }
        }
        let mut factors = Vec::new();
        if asks_age {
            ages.retain(|age| (1..=OLDEST).contains(age));
            factors.push(Factor::Age(ages));
        }
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, (measure, tests)) in by_name {
            places.insert(name, factors.len());
            factors.push(number(measure, &tests)?);
        }
        let mut asked = Vec::new();
        for (question, which, node, plan, formula, test) in formulas {
            let mut inputs = Vec::new();
            for input in &formula.inputs {
                inputs.push(match input {
                    FormulaInput::Age => (0, None),
                    FormulaInput::Measure { measure, unit } => {
                        let measure = plan.protocol.measures.get(measure.index())?;
                        (*places.get(&*measure.name)?, Some(unit))
                    }
                });
            }
            asked.push(Asked {
                question,
                which,
                node,
                formula,
                test,
                inputs,
            });
        }
        let (day, gate) = place?;
        Some(Self {
            made,
            factors,
            asked,
            sexes: if sex {
                vec![Some("female"), Some("male"), Some("other"), None]
            } else {
                vec![None]
            },
            day,
            gate,
        })
    }

    fn cases(&self) -> Option<Boxed> {
        let cells: Vec<Vec<At>> = self
            .factors
            .iter()
            .map(Factor::cells)
            .collect::<Option<_>>()?;
        let count = cells
            .iter()
            .try_fold(self.sexes.len(), |sum, own| sum.checked_mul(own.len()))?;
        if count > MOST_CASES {
            return None;
        }
        let mut found = Boxed {
            cases: Cases {
                cases: Vec::new(),
                joined: Joined::OneOf,
                places: Vec::new(),
                exact: true,
            },
            perhaps: Vec::new(),
        };
        for sex in &self.sexes {
            for number in 0..count / self.sexes.len().max(1) {
                let mut rest = number;
                let mut whole = Vec::with_capacity(cells.len());
                for own in &cells {
                    whole.push(own.get(rest % own.len().max(1))?.clone());
                    rest /= own.len().max(1);
                }
                self.explore(*sex, whole, &mut found)?;
                if found.cases.cases.len() > MOST_CASES {
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Cuts a combination of cells into boxes until every formula gives one answer in each.
    fn explore(&self, sex: Option<&'static str>, whole: Vec<At>, found: &mut Boxed) -> Option<()> {
        let mut seen: BTreeSet<Vec<Option<[bool; 3]>>> = BTreeSet::new();
        let root = self.possible(sex, &whole);
        let undecided = root.iter().flatten().filter(|own| outcomes(**own) > 1);
        let wanted = match undecided.collect::<Vec<_>>().as_slice() {
            [] => 1,
            [only] => outcomes(**only),
            _ => usize::MAX,
        };
        let mut open = VecDeque::from([whole]);
        let mut looked = 0;
        while let Some(part) = open.pop_front() {
            looked += 1;
            let may = self.possible(sex, &part);
            let undecided: Vec<usize> = may
                .iter()
                .enumerate()
                .filter(|(_, own)| own.is_some_and(|own| outcomes(own) > 1))
                .map(|(place, _)| place)
                .collect();
            let halves = if undecided.is_empty() || looked > MOST_BOXES {
                None
            } else {
                self.halves(&part, &undecided)
            };
            if let Some(halves) = halves {
                open.extend(halves);
                continue;
            }
            let signature = may
                .iter()
                .map(|own| own.map(|own| [own.met, own.not_met, own.unknown]))
                .collect();
            if seen.insert(signature) {
                self.add(sex, &part, &may, found)?;
            }
            if undecided.is_empty() && seen.len() >= wanted {
                break;
            }
        }
        Some(())
    }

    /// What each formula may come to in a box; none where an input is missing.
    fn possible(&self, sex: Option<&'static str>, part: &[At]) -> Vec<Option<Possible>> {
        let sex = match sex {
            Some("female") => Some(Sex::Female),
            Some("male") => Some(Sex::Male),
            _ => None,
        };
        self.asked
            .iter()
            .map(|asked| {
                let inputs: Option<Vec<Enclosure>> = asked
                    .inputs
                    .iter()
                    .map(|(place, unit)| self.enclosure(*place, part.get(*place)?, *unit))
                    .collect();
                let program = &self.made.sides.get(asked.which.index())?.program;
                possible(program, asked.node, sex, &inputs?)
            })
            .collect()
    }

    fn enclosure(&self, place: usize, at: &At, unit: Option<&Unit>) -> Option<Enclosure> {
        let (low, high) = match at {
            At::Missing => return None,
            At::Years(low, high) => {
                let low = Exact::from_integer(*low);
                return Enclosure::between(low, Exact::from_integer(*high));
            }
            At::Between(low, high) => (low, high),
            At::On(value, ..) => (value, value),
        };
        let (Some(Factor::Number { shape, .. }), Some(unit)) = (self.factors.get(place), unit)
        else {
            return None;
        };
        let counted = |value: &Exact| {
            let converted = shape.unit.convert(value, unit, Some(&shape.analyte));
            converted.ok()
        };
        Enclosure::between(counted(low)?, counted(high)?)
    }

    /// Two halves of a box, cut across the widest input of the formulas that are not decided in it.
    fn halves(&self, part: &[At], undecided: &[usize]) -> Option<[Vec<At>; 2]> {
        let inputs: BTreeSet<usize> = undecided
            .iter()
            .filter_map(|place| self.asked.get(*place))
            .flat_map(|asked| asked.inputs.iter().map(|(place, _)| *place))
            .collect();
        let (_, place) = inputs
            .into_iter()
            .filter_map(|place| Some((self.width(place, part.get(place)?)?, place)))
            .max_by(|one, other| one.0.cmp(&other.0))?;
        let cut = match part.get(place)? {
            At::Years(low, high) => {
                let middle = low.checked_add((high - low) / 2)?;
                [
                    At::Years(*low, middle),
                    At::Years(middle.checked_add(1)?, *high),
                ]
            }
            At::Between(low, high) => {
                let middle = Decimal::parse(&results::between(low, high)?).ok()?;
                let middle = middle.to_exact();
                [
                    At::Between(low.clone(), middle.clone()),
                    At::Between(middle, high.clone()),
                ]
            }
            At::Missing | At::On(..) => return None,
        };
        Some(cut.map(|at| {
            let mut half = part.to_vec();
            if let Some(slot) = half.get_mut(place) {
                *slot = at;
            }
            half
        }))
    }

    /// How wide a box is in one direction, as a part of all there is; none if it cannot be cut.
    fn width(&self, place: usize, at: &At) -> Option<Exact> {
        match (at, self.factors.get(place)?) {
            (At::Years(low, high), _) if low < high => Exact::from_ratio(high - low, OLDEST),
            (At::Between(low, high), Factor::Number { shape, .. }) if low < high => {
                let (least, most) = shape.plausible.as_ref()?;
                high.sub(low).checked_div(&most.sub(least))
            }
            _ => None,
        }
    }

    /// Adds a patient who stands for a box, and one for each way in which a computed value may be recorded, if that
    /// would be used.
    fn add(
        &self,
        sex: Option<&'static str>,
        part: &[At],
        may: &[Option<Possible>],
        found: &mut Boxed,
    ) -> Option<()> {
        let mut patients = vec![self.patient(sex, part)?];
        for (asked, own) in self.asked.iter().zip(may) {
            let Some(code) = asked.formula.codes.first().filter(|_| own.is_none()) else {
                continue;
            };
            let tests: Vec<&Test> = self
                .asked
                .iter()
                .filter(|other| other.formula.name == asked.formula.name)
                .map(|other| other.test)
                .collect();
            let numbers = results::quantities(&asked.formula.result, &tests);
            let mut more = Vec::new();
            for patient in &patients {
                // Of two tests of one formula, the first has put it down.
                if patient.rows.iter().any(|row| row.about() == &**code) {
                    continue;
                }
                for (value, unit) in &numbers {
                    let mut other = patient.clone();
                    other.rows.push(
                        Row::new(Table::Observations, &**code)
                            .with("value", value)
                            .with("unit", unit.code())
                            .with("time", self.day.to_string()),
                    );
                    more.push(other);
                }
            }
            patients.extend(more);
        }
        let perhaps: Vec<(QuestionId, Possible)> = self
            .asked
            .iter()
            .zip(may)
            .filter_map(|(asked, own)| Some((asked, (*own)?)))
            .map(|(asked, mut own)| {
                // Samples that lie too far apart leave it open.
                own.unknown |= asked.formula.together.is_some() && asked.inputs.len() > 1;
                (asked.question, own)
            })
            .filter(|(_, own)| outcomes(*own) > 1)
            .collect();
        if !perhaps.is_empty() {
            found.perhaps.push((found.cases.cases.len(), perhaps));
        }
        found.cases.cases.extend(patients);
        Some(())
    }

    /// Somebody in a box.
    fn patient(&self, sex: Option<&'static str>, part: &[At]) -> Option<Patient> {
        let mut patient = Patient {
            sex,
            ..Patient::default()
        };
        for (factor, at) in self.factors.iter().zip(part) {
            let (value, unit) = match at {
                At::Missing => continue,
                At::Years(low, high) => {
                    let age = USUAL.clamp(*low, *high);
                    let (birthday, _) = self.gate.add_months(-12 * age, MonthEnd::LastDay)?;
                    // Half a year after the birthday.
                    patient.born = Some(birthday.add_days(-180)?);
                    continue;
                }
                At::Between(low, high) => (results::between(low, high)?, None),
                At::On(_, text, unit) => (text.clone(), Some(unit)),
            };
            if let Factor::Number { shape, row, .. } = factor {
                let unit = unit.unwrap_or(&shape.unit);
                patient.rows.push(
                    row.clone()
                        .with("value", value)
                        .with("unit", unit.code())
                        .with("time", self.day.to_string()),
                );
            }
        }
        Some(patient)
    }
}

impl Factor<'_> {
    /// What there may be of it, cut at every limit. None if it has no ends.
    fn cells(&self) -> Option<Vec<At>> {
        let mut cells = Vec::new();
        match self {
            Self::Age(cuts) => {
                let mut low = 0;
                for cut in cuts {
                    cells.push(At::Years(low, cut - 1));
                    low = *cut;
                }
                cells.push(At::Years(low, OLDEST));
                cells.sort_by_key(|cell| match cell {
                    At::Years(low, high) => (USUAL.clamp(*low, *high) - USUAL).abs(),
                    _ => i64::MAX,
                });
            }
            Self::Number { shape, limits, .. } => {
                let (least, most) = shape.plausible.as_ref()?;
                let mut low = least.clone();
                for (value, text, unit) in limits {
                    if low < *value {
                        cells.push(At::Between(low, value.clone()));
                    }
                    cells.push(At::On(value.clone(), text.clone(), unit.clone()));
                    low = value.clone();
                }
                if low < *most {
                    cells.push(At::Between(low, most.clone()));
                }
            }
        }
        cells.push(At::Missing);
        Some(cells)
    }
}

/// In how many ways something may come out.
fn outcomes(may: Possible) -> usize {
    [may.met, may.not_met, may.unknown]
        .into_iter()
        .filter(|own| *own)
        .count()
}

/// What a measure is called, with the tests that are asked of it. None if two measures have one name.
fn add<'m>(
    by_name: &mut BTreeMap<&'m str, (&'m Measure, Vec<&'m Test>)>,
    measure: &'m Measure,
    test: Option<&'m Test>,
) -> Option<()> {
    let (known, tests) = by_name
        .entry(&measure.name)
        .or_insert_with(|| (measure, Vec::new()));
    let same = known.codes == measure.codes
        && known.specimen == measure.specimen
        && format!("{:?}", known.shape) == format!("{:?}", measure.shape);
    tests.extend(test);
    same.then_some(())
}

/// The numbers that there are of a measure, and its limits within them.
fn number<'m>(measure: &'m Measure, tests: &[&'m Test]) -> Option<Factor<'m>> {
    let Shape::Quantity(shape) = &measure.shape else {
        return None;
    };
    let (least, most) = shape.plausible.as_ref()?;
    let mut limits: Vec<(Exact, String, Unit)> = Vec::new();
    for test in tests {
        let Test::Quantity(interval, unit) = test else {
            return None;
        };
        for end in results::ends(interval) {
            let own = unit.convert(end, &shape.unit, Some(&shape.analyte)).ok()?;
            limits.push((own, results::written(end)?, unit.clone()));
        }
    }
    limits.sort_by(|one, other| one.0.cmp(&other.0));
    limits.dedup_by(|one, other| one.0 == other.0);
    limits.retain(|(value, _, _)| value >= least && value <= most);
    Some(Factor::Number {
        row: results::row_of(measure),
        shape,
        limits,
    })
}

/// What decides which value counts: the same for all questions of a group. None if that is more than a window.
fn key(
    made: &Made<'_>,
    plan: &Plan,
    value: &ValuePlan,
    window: Option<&lind_model::protocol::Window>,
) -> Option<(String, bool)> {
    let first = match value.selector {
        Selector::Latest => false,
        Selector::First => true,
        _ => return None,
    };
    let leant: Option<Vec<&str>> = window
        .map(anchors)
        .unwrap_or_default()
        .iter()
        .map(|anchor| match anchor {
            Anchor::Milestone(id) => made.calendar.name(plan, *id),
            _ => None,
        })
        .collect();
    Some((format!("{window:?} {:?}", leant?), first))
}

impl Made<'_> {
    /// A day in a window up to a gate, and the day of the gate.
    fn day_within(
        &self,
        plan: &Plan,
        window: Option<&lind_model::protocol::Window>,
        gate: MilestoneId,
    ) -> Option<(Day, Day)> {
        let gate = self.calendar.day(plan, gate)?;
        let (start, end) = match window {
            None => (None, None),
            Some(window) => self.calendar.reach(plan, window)?,
        };
        let last = match end {
            Some(end) => end.add_days(-1)?.min(gate),
            None => gate,
        };
        let day = match start {
            Some(start) if start > last => return None,
            Some(start) => start.add_days(start.days_until(last) / 2)?,
            None => last.add_days(-7)?,
        };
        Some((day, gate))
    }
}
