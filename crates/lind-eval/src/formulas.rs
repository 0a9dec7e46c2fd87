//! Values that are computed.

use lind_model::plan::{NodeKind, ValuePlan};
use lind_model::protocol::{Arithmetic, Formula, Interval, Selector, Sex, Subject, Test};
use lind_model::{FormulaId, NodeId};
use lind_time::{Tri, age_completed_years};
use lind_units::{Conversion, Enclosure, Exact};

use crate::answers::sex;
use crate::candidates::{Candidates, Rules};
use crate::program::Program;
use crate::scratch::Scratch;
use crate::selectors::Order;
use crate::steps::{FormulaStep, InputStep, Range, Step, Target, TestStep, Word};
use crate::trace::{Note, Trace};
use crate::values::{self, judge_computed};
use crate::view::View;
use crate::windows::Prepared;

/// What is known of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// One exact number.
    Known(Exact),
    /// There is no value.
    Missing,
    /// There may be one, or it is imprecise, or there are several.
    Unclear,
}

impl Input {
    pub(crate) fn joined(self, other: Self) -> Self {
        if self == other { self } else { Self::Unclear }
    }
}

/// A test of a formula.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'p> {
    pub(crate) formula: FormulaId,
    pub(crate) test: &'p Test,
    pub(crate) step: &'p TestStep,
}

/// How the two ways in which a chart can leave a formula open are told apart.
enum Computed {
    Decided(Tri),
    /// An input has no value: a recorded result may stand in.
    InputMissing,
}

impl<'c> View<'c> {
    /// Whether the value of a formula passes a test.
    pub(crate) fn formula<T: Trace<'c>>(
        &self,
        asked: Asked<'c>,
        plan: &'c ValuePlan,
        rules: Rules<'c>,
        window: &Prepared<'_>,
        scratch: &mut Scratch,
        trace: &mut T,
    ) -> Tri {
        let (Some(formula), Some(step)) = (
            self.program.protocol().formulas.get(asked.formula.index()),
            self.program.formula(asked.formula),
        ) else {
            return Tri::Maybe;
        };
        // A score, a level or a multiple of a formula is refused by the checker.
        let (Test::Quantity(interval, _), TestStep::Computed(computed)) = (asked.test, asked.step)
        else {
            return Tri::Maybe;
        };
        let question = Question {
            formula,
            step,
            conversion: computed.conversion.as_ref(),
            interval,
        };
        let order = match plan.selector {
            Selector::First => Order::First,
            _ => Order::Latest,
        };
        let source = Source {
            order,
            rules,
            window,
        };
        match self.computed(question, source, scratch, trace) {
            Computed::Decided(outcome) => outcome,
            Computed::InputMissing => self.recorded(asked, step, source, trace),
        }
    }

    fn computed<T: Trace<'c>>(
        &self,
        question: Question<'c>,
        source: Source<'_>,
        scratch: &mut Scratch,
        trace: &mut T,
    ) -> Computed {
        let mut inputs = std::mem::take(&mut scratch.inputs);
        let mut sampled = std::mem::take(&mut scratch.sampled);
        inputs.clear();
        sampled.clear();
        let mut ages = None;
        let mut missing = false;
        let mut unclear = false;
        for (index, input) in question.step.inputs.iter().enumerate() {
            let value = match input {
                InputStep::Age => match self.ages() {
                    Some((youngest, oldest)) => {
                        ages = Some((youngest, oldest));
                        Input::Known(Exact::from_integer(youngest))
                    }
                    None => Input::Missing,
                },
                InputStep::Measure {
                    measure,
                    target,
                    plausible,
                } => match self.program.measure(*measure) {
                    Some(measure) => self.single(
                        source.candidates(*self, measure.concept, measure.specimen),
                        source.order,
                        *target,
                        plausible.as_ref(),
                        &mut sampled,
                        trace,
                    ),
                    None => Input::Unclear,
                },
            };
            trace.note(|| Note::Input {
                index,
                value: value.clone(),
            });
            match value {
                Input::Known(value) => inputs.push(value),
                Input::Missing => missing = true,
                Input::Unclear => unclear = true,
            }
            if missing && !T::ON {
                break;
            }
        }
        let apart = question
            .formula
            .together
            .is_some_and(|days| !are_together(&sampled, days));
        if apart && !missing && !unclear {
            trace.note(|| Note::Apart);
            unclear = true;
        }
        // Whether a recorded result may stand in is settled by an input that is certainly missing.
        let result = if missing {
            Computed::InputMissing
        } else if unclear {
            Computed::Decided(Tri::Maybe)
        } else {
            let (youngest, oldest) = ages.unwrap_or((0, 0));
            Computed::Decided(self.agreed(question, youngest..=oldest, &mut inputs, trace))
        };
        scratch.inputs = inputs;
        scratch.sampled = sampled;
        result
    }

    /// The common outcome of the test for every age and every sex that the patient may have.
    fn agreed<T: Trace<'c>>(
        &self,
        question: Question<'c>,
        ages: std::ops::RangeInclusive<i64>,
        inputs: &mut [Exact],
        trace: &mut T,
    ) -> Tri {
        let formula = question.formula;
        let sex = sex(self.chart);
        let mut common: Option<Tri> = None;
        for age in ages {
            for (index, input) in question.step.inputs.iter().enumerate() {
                if matches!(input, InputStep::Age)
                    && let Some(place) = inputs.get_mut(index)
                {
                    *place = Exact::from_integer(age);
                }
            }
            let mut cases = formula.cases.iter().filter(|case| match sex {
                Some(sex) => case.sex.is_none_or(|of| of == sex),
                None => true,
            });
            let known = sex.is_some();
            let mut any = false;
            for case in &mut cases {
                any = true;
                let (value, outcome) = if question.step.rational {
                    let value = arithmetic(&case.value, inputs);
                    let outcome = value
                        .as_ref()
                        .map_or(Tri::Maybe, |value| question.judge(value));
                    (value, outcome)
                } else {
                    question.judge_enclosed(&case.value, inputs)
                };
                trace.note(|| Note::Computed {
                    value,
                    outcome,
                    age,
                });
                common = Some(match common {
                    Some(other) if other != outcome => Tri::Maybe,
                    _ => outcome,
                });
                // Cases are tried in order: the first that fits is the patient's.
                if known {
                    break;
                }
            }
            if !any {
                return Tri::Maybe;
            }
        }
        common.unwrap_or(Tri::Maybe)
    }

    /// Whether a result that is recorded under the formula's own codes passes, as that of a measure would.
    fn recorded<T: Trace<'c>>(
        &self,
        asked: Asked<'c>,
        step: &'c FormulaStep,
        source: Source<'_>,
        trace: &mut T,
    ) -> Tri {
        let (Test::Quantity(interval, _), TestStep::Computed(computed)) = (asked.test, asked.step)
        else {
            return Tri::Maybe;
        };
        trace.note(|| Note::Recorded);
        let question = values::Question::Quantity {
            low: interval.low.as_ref(),
            high: interval.high.as_ref(),
            target: computed.target,
            plausible: computed.plausible.as_ref(),
        };
        // Taken like the inputs would be.
        let selector = match source.order {
            Order::First => Selector::First,
            Order::Latest => Selector::Latest,
        };
        source
            .candidates(*self, step.concept, None)
            .select(selector, None, &question, trace)
    }

    /// The one exact number that the candidates agree on.
    pub(crate) fn single<T: Trace<'c>>(
        &self,
        candidates: Candidates<'_, 'c>,
        order: Order,
        target: Target,
        plausible: Option<&Range>,
        sampled: &mut Vec<(i64, i64)>,
        trace: &mut T,
    ) -> Input {
        let mut common: Option<Input> = None;
        let mut days: Option<(i64, i64)> = None;
        let picked = candidates.pick(order, trace, |candidate, decides, trace| {
            let value = self.exact(candidate.row, target, plausible);
            trace.note(|| Note::Reading {
                candidate,
                fault: value.as_ref().err().copied(),
                decides,
            });
            if decides {
                let (first, last) = candidate.moment.days();
                days = Some(days.map_or((first, last), |known| {
                    (known.0.min(first), known.1.max(last))
                }));
                let one = value.map_or(Input::Unclear, Input::Known);
                common = Some(match common.take() {
                    None => one,
                    Some(other) => other.joined(one),
                });
            }
        });
        sampled.extend(days);
        match common {
            Some(value) if picked.sure && !picked.lost => value,
            None if !picked.possible && !picked.lost => Input::Missing,
            _ => Input::Unclear,
        }
    }

    /// Completed years of age at the gate: the least and the greatest; none if it is not known at all.
    pub(crate) fn ages(&self) -> Option<(i64, i64)> {
        let birth = self.chart.birth?;
        Some(age_completed_years(&birth, &self.time)).filter(|(_, oldest)| *oldest >= 0)
    }
}

/// What is asked of the value of a formula.
#[derive(Clone, Copy)]
struct Question<'c> {
    formula: &'c Formula,
    step: &'c FormulaStep,
    /// Into the unit of the interval.
    conversion: Option<&'c Conversion>,
    interval: &'c Interval,
}

impl Question<'_> {
    fn judge(&self, value: &Exact) -> Tri {
        judge_computed(
            value,
            self.conversion,
            self.interval,
            self.formula.result.plausible.as_ref(),
        )
        .outcome
    }

    /// The same of a value that is no fraction: its bounds come closer until all that lies between them
    /// answers alike. The value is shown by its lower bound.
    fn judge_enclosed(&self, term: &Arithmetic, inputs: &[Exact]) -> (Option<Exact>, Tri) {
        let mut shown = None;
        let inputs: Vec<Enclosure> = inputs.iter().cloned().map(Enclosure::exact).collect();
        for bits in PRECISIONS {
            let Some(value) = enclosed(term, &inputs, bits) else {
                continue;
            };
            if value.is_exact() {
                let outcome = self.judge(value.low());
                return (Some(value.low().clone()), outcome);
            }
            let outcome = self.judge_all(&value);
            shown = Some(value.low().clone());
            if let Some(outcome) = outcome {
                return (shown, outcome);
            }
        }
        (shown, Tri::Maybe)
    }

    /// What the numbers between two bounds may come to.
    fn possible(&self, value: &Enclosure) -> Possible {
        let Some(conversion) = self.conversion else {
            return Possible::UNKNOWN;
        };
        let (mut low, mut high) = (value.low(), value.high());
        let mut unknown = false;
        if let Some((least, most)) = &self.formula.result.plausible {
            unknown = low < least || high > most;
            low = low.max(least);
            high = high.min(most);
            if low > high {
                return Possible::UNKNOWN;
            }
        }
        let (low, high) = (conversion.apply(low), conversion.apply(high));
        let reaches = |end: &Option<(Exact, bool)>, passed: &dyn Fn(&Exact) -> bool| {
            end.as_ref()
                .is_none_or(|(end, closed)| passed(end) && (*closed || low != *end || high != *end))
        };
        let met = reaches(&self.interval.low, &|end| high >= *end)
            && reaches(&self.interval.high, &|end| low <= *end);
        let not_met = !(self.interval.contains(&low) && self.interval.contains(&high));
        Possible {
            met,
            not_met,
            unknown,
        }
    }

    /// The common answer of everything between two bounds; none if they answer differently.
    fn judge_all(&self, value: &Enclosure) -> Option<Tri> {
        let within = |low: &Exact, high: &Exact, interval: &Interval| {
            let inside = |end: &Exact| interval.contains(end);
            let below = interval.low.as_ref().is_some_and(|(end, _)| high < end);
            let above = interval.high.as_ref().is_some_and(|(end, _)| low > end);
            match (inside(low) && inside(high), below || above) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        };
        if let Some((low, high)) = &self.formula.result.plausible {
            let plausible = Interval {
                low: Some((low.clone(), true)),
                high: Some((high.clone(), true)),
            };
            if !within(value.low(), value.high(), &plausible)? {
                return Some(Tri::Maybe);
            }
        }
        let Some(conversion) = self.conversion else {
            return Some(Tri::Maybe);
        };
        let (low, high) = (
            conversion.apply(value.low()),
            conversion.apply(value.high()),
        );
        within(&low, &high, self.interval).map(Tri::from)
    }
}

/// How many binary digits are tried, one after the other, before a value counts as one that cannot be told
/// from the limit.
const PRECISIONS: [usize; 5] = [FIRST_PRECISION, 120, 240, 480, 960];

/// How many are tried first.
const FIRST_PRECISION: usize = 60;

/// Whether the samples of every two inputs certainly lie at most so many days apart.
fn are_together(sampled: &[(i64, i64)], days: i64) -> bool {
    sampled.iter().enumerate().all(|(one, (_, last))| {
        sampled
            .iter()
            .enumerate()
            .all(|(other, (first, _))| one == other || last.saturating_sub(*first) <= days)
    })
}

/// What a test of a computed value may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Possible {
    /// It may be met.
    pub met: bool,
    /// It may be not met.
    pub not_met: bool,
    /// It may be unknown.
    pub unknown: bool,
}

impl Possible {
    const ANYTHING: Self = Self {
        met: true,
        not_met: true,
        unknown: true,
    };

    const UNKNOWN: Self = Self {
        met: false,
        not_met: false,
        unknown: true,
    };

    fn or(self, other: Self) -> Self {
        Self {
            met: self.met || other.met,
            not_met: self.not_met || other.not_met,
            unknown: self.unknown || other.unknown,
        }
    }
}

/// What a test of a formula may come to, for every patient whose inputs lie between bounds: in the order of the
/// formula, in the units in which it counts them, an age in completed years. Whatever comes out for some such patient
/// is among what may be; the converse is not promised. None if the node is no such test.
#[must_use]
pub fn possible(
    program: &Program,
    node: NodeId,
    sex: Option<Sex>,
    inputs: &[Enclosure],
) -> Option<Possible> {
    let NodeKind::Value(value) = &program.plan().node(node)?.kind else {
        return None;
    };
    let (Subject::Formula(id), Step::Value(step)) = (value.subject, program.step(node)) else {
        return None;
    };
    let formula = program.protocol().formulas.get(id.index())?;
    let (Test::Quantity(interval, _), TestStep::Computed(computed)) = (&value.test, &step.test)
    else {
        return None;
    };
    let question = Question {
        formula,
        step: program.formula(id)?,
        conversion: computed.conversion.as_ref(),
        interval,
    };
    let cases = formula.cases.iter().filter(|case| match sex {
        Some(sex) => case.sex.is_none_or(|of| of == sex),
        None => true,
    });
    // Cases are tried in order: the first that fits is the patient's. Without a sex all of them must agree.
    let fitting: Vec<Possible> = cases
        .take(if sex.is_some() { 1 } else { usize::MAX })
        .map(|case| {
            let value = enclosed(&case.value, inputs, FIRST_PRECISION);
            value.map_or(Possible::ANYTHING, |value| question.possible(&value))
        })
        .collect();
    let mut all = fitting
        .iter()
        .fold(Possible::default(), |sum, own| sum.or(*own));
    all.unknown |= fitting.is_empty() || (fitting.len() > 1 && all.met && all.not_met);
    Some(all)
}

/// Where the values of inputs are looked for.
#[derive(Clone, Copy)]
struct Source<'s> {
    order: Order,
    rules: Rules<'s>,
    window: &'s Prepared<'s>,
}

impl<'s> Source<'s> {
    fn candidates<'c>(
        self,
        view: View<'c>,
        concept: lind_records::ConceptId,
        specimen: Option<Word>,
    ) -> Candidates<'s, 'c> {
        Candidates {
            view,
            concept,
            specimen,
            window: self.window,
            rules: self.rules,
            provenance: &[],
            time_of_day: None,
            evidence: None,
            repeats_count: false,
        }
    }
}

/// The exact value; none after a division by zero.
fn arithmetic(term: &Arithmetic, inputs: &[Exact]) -> Option<Exact> {
    let both =
        |a: &Arithmetic, b: &Arithmetic| Some((arithmetic(a, inputs)?, arithmetic(b, inputs)?));
    Some(match term {
        Arithmetic::Number(number) => number.clone(),
        Arithmetic::Input(index) => inputs.get(*index)?.clone(),
        Arithmetic::Add(a, b) => both(a, b).map(|(a, b)| a.add(&b))?,
        Arithmetic::Subtract(a, b) => both(a, b).map(|(a, b)| a.sub(&b))?,
        Arithmetic::Multiply(a, b) => both(a, b).map(|(a, b)| a.mul(&b))?,
        Arithmetic::Divide(a, b) => both(a, b).and_then(|(a, b)| a.checked_div(&b))?,
        Arithmetic::Smaller(a, b) => both(a, b).map(|(a, b)| a.min(b))?,
        Arithmetic::Greater(a, b) => both(a, b).map(|(a, b)| a.max(b))?,
        // Formulas with these are enclosed.
        Arithmetic::Power(..)
        | Arithmetic::NaturalLogarithm(_)
        | Arithmetic::DecimalLogarithm(_)
        | Arithmetic::Exponential(_) => return None,
    })
}

/// The value between two bounds; none if it has none, or if these bounds are too wide to tell.
fn enclosed(term: &Arithmetic, inputs: &[Enclosure], bits: usize) -> Option<Enclosure> {
    let one = |a: &Arithmetic| enclosed(a, inputs, bits);
    let both = |a: &Arithmetic, b: &Arithmetic| Some((one(a)?, one(b)?));
    match term {
        Arithmetic::Number(number) => Some(Enclosure::exact(number.clone())),
        Arithmetic::Input(index) => inputs.get(*index).cloned(),
        Arithmetic::Add(a, b) => both(a, b).map(|(a, b)| a.add(&b)),
        Arithmetic::Subtract(a, b) => both(a, b).map(|(a, b)| a.sub(&b)),
        Arithmetic::Multiply(a, b) => both(a, b).map(|(a, b)| a.mul(&b)),
        Arithmetic::Divide(a, b) => both(a, b).and_then(|(a, b)| a.checked_div(&b)),
        Arithmetic::Smaller(a, b) => both(a, b).map(|(a, b)| a.min(b)),
        Arithmetic::Greater(a, b) => both(a, b).map(|(a, b)| a.max(b)),
        Arithmetic::Power(a, b) => both(a, b).and_then(|(a, b)| a.power(&b, bits)),
        Arithmetic::NaturalLogarithm(a) => one(a).and_then(|a| a.ln(bits)),
        Arithmetic::DecimalLogarithm(a) => one(a).and_then(|a| a.log10(bits)),
        Arithmetic::Exponential(a) => one(a).and_then(|a| a.exp(bits)),
    }
}
