//! What a condition asks, apart from names, words and places: two conditions of one meaning have one answer.
//!
//! A meaning is written as a text in which everything that a condition leans on stands in full: measures, sets and
//! milestones by what they are. Two texts that differ may still mean the same; that is decided later.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use lind_model::plan::{
    ChangePlan, FactPlan, FilterPlan, NodeKind, Plan, PointsPlan, RecordQuestionPlan, SamplePlan,
    ValuePlan,
};
use lind_model::protocol::{
    Anchor, ChangeMode, Compared, Evidence, FormulaInput, QuantityShape, Shape, Subject, Test,
    ValueAt, Window,
};
use lind_model::{FormulaId, MeasureId, MilestoneId, NodeId, SetId};
use twox_hash::XxHash64;

use crate::amounts::{amount, canonical, either_way};
use crate::bounds::difference;

/// Where fingerprints begin. It never changes, since people keep fingerprints.
const SEED: u64 = 0x4c69_6e64;

/// The number of a meaning, the same for both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Meaning(pub(crate) u32);

impl fmt::Display for Meaning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

/// All meanings of both versions.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    numbers: BTreeMap<Arc<str>, Meaning>,
    /// By number: what each means, whatever the numbers of its parts are.
    fingerprints: Vec<u64>,
    /// By number: the first that means the same but for how amounts are written.
    first: Vec<Meaning>,
    /// The same by text.
    firsts: BTreeMap<String, Meaning>,
}

impl Meanings {
    /// The number of what a text says.
    pub(crate) fn number(&mut self, text: String) -> Meaning {
        if let Some(known) = self.numbers.get(text.as_str()) {
            return *known;
        }
        let next = Meaning(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        let fingerprint = XxHash64::oneshot(SEED, self.in_full(&text).as_bytes());
        self.fingerprints.push(fingerprint);
        let amounts = self.exchanged(&text, |number| format!("#{}", self.first(number).0));
        self.first.push(*self.firsts.entry(amounts).or_insert(next));
        self.numbers.insert(text.into(), next);
        next
    }

    /// The first meaning that is the same but for how amounts are written.
    pub(crate) fn first(&self, meaning: Meaning) -> Meaning {
        let place = usize::try_from(meaning.0).unwrap_or(usize::MAX);
        self.first.get(place).copied().unwrap_or(meaning)
    }

    /// What a meaning is known by outside of one run: two that differ have different ones, but for one in some 10^19.
    pub(crate) fn fingerprint(&self, meaning: Meaning) -> u64 {
        let place = usize::try_from(meaning.0).unwrap_or(usize::MAX);
        self.fingerprints.get(place).copied().unwrap_or(SEED)
    }

    fn in_full(&self, text: &str) -> String {
        self.exchanged(text, |number| format!("#{:016x}", self.fingerprint(number)))
    }

    /// A text in which quantities as written are exchanged for what they come to, and the numbers of other meanings for
    /// something else.
    fn exchanged(&self, text: &str, other: impl Fn(Meaning) -> String) -> String {
        let text = canonical(text);
        let mut pieces = text.split('#');
        let mut full = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = piece.split_at_checked(digits).unwrap_or(("", piece));
            match number.parse() {
                Ok(number) => full.push_str(&other(Meaning(number))),
                Err(_) => {
                    full.push('#');
                    full.push_str(number);
                }
            }
            full.push_str(rest);
        }
        full
    }
}

/// Writes the meanings of one version.
pub(crate) struct Reader<'p> {
    plan: &'p Plan,
    /// By node; what a node means does not depend on where it stands, but for the gate.
    known: BTreeMap<(NodeId, MilestoneId), Meaning>,
    measures: BTreeMap<MeasureId, Meaning>,
    sets: BTreeMap<SetId, Meaning>,
    formulas: BTreeMap<FormulaId, Meaning>,
    /// What is said of all treatments: which are given once, and how long drugs stay.
    treatments: Option<Meaning>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            known: BTreeMap::new(),
            measures: BTreeMap::new(),
            sets: BTreeMap::new(),
            formulas: BTreeMap::new(),
            treatments: None,
        }
    }

    /// What a condition asks at a gate. Parts are visited before what they are parts of, so that no recursion is deep.
    pub(crate) fn condition(
        &mut self,
        node: NodeId,
        gate: MilestoneId,
        all: &mut Meanings,
    ) -> Meaning {
        let mut open = vec![(node, false)];
        while let Some((id, parts_are_known)) = open.pop() {
            if self.known.contains_key(&(id, gate)) {
                continue;
            }
            let Some(kind) = self.plan.node(id).map(|node| &node.kind) else {
                continue;
            };
            if parts_are_known {
                let text = self.text(kind, gate, all);
                let meaning = all.number(text);
                self.known.insert((id, gate), meaning);
            } else {
                open.push((id, true));
                open.extend(kind.parts().map(|part| (part, false)));
            }
        }
        let known = self.known.get(&(node, gate)).copied();
        known.unwrap_or_else(|| all.number("nothing".to_owned()))
    }

    fn part(&self, node: NodeId, gate: MilestoneId) -> String {
        self.known
            .get(&(node, gate))
            .map_or_else(String::new, |meaning| format!("#{}", meaning.0))
    }

    pub(crate) fn milestone(&self, id: MilestoneId) -> &'p str {
        let milestones = &self.plan.protocol.milestones;
        let stated = milestones.get(id.index());
        let own = stated
            .and_then(|milestone| milestone.same_as)
            .and_then(|same| milestones.get(same.index()))
            .or(stated);
        own.map_or("", |milestone| &milestone.name)
    }

    fn text(&mut self, kind: &NodeKind, gate: MilestoneId, all: &mut Meanings) -> String {
        let protocol = &self.plan.protocol;
        match kind {
            NodeKind::List(quantifier, parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.part(*part, gate)).collect();
                format!("list {quantifier:?} [{}]", parts.join(" "))
            }
            NodeKind::Guarded(guard, body) => format!(
                "guarded {:?} {} {}",
                guard.sex,
                guard
                    .node
                    .map_or_else(String::new, |node| self.part(node, gate)),
                self.part(*body, gate)
            ),
            NodeKind::Judged(id) => {
                let judged = protocol.judgements.get(id.index());
                format!("judged {}", judged.map_or("", |judged| &judged.name))
            }
            NodeKind::Committed(id) => {
                let stated = protocol.criteria.get(id.index());
                format!("committed {}", stated.map_or("", |stated| &stated.id))
            }
            NodeKind::Happened(milestone, window) => format!(
                "happened {} {} at {}",
                self.milestone(*milestone),
                self.optional(window.as_ref(), all),
                self.milestone(gate)
            ),
            NodeKind::Age { at, interval } => {
                format!("age at {} {interval:?}", self.milestone(at.unwrap_or(gate)))
            }
            NodeKind::Fact(fact) => {
                let such_that = fact.such_that.as_ref().map_or_else(String::new, |body| {
                    format!("such that {:?} {}", body.record, self.part(body.node, gate))
                });
                format!(
                    "{} {such_that} at {}",
                    self.fact(fact, all),
                    self.milestone(gate)
                )
            }
            NodeKind::Record(record) => {
                let question = match &record.question {
                    RecordQuestionPlan::Member(set) => format!("member {}", self.set(*set, all)),
                    RecordQuestionPlan::Filter(filter) => self.filter(filter, all),
                    RecordQuestionPlan::Shares(field, other) => {
                        format!("shares {field:?} {other:?}")
                    }
                    RecordQuestionPlan::Same(other) => format!("same {other:?}"),
                };
                format!(
                    "record {:?} {} {question} at {}",
                    record.record,
                    record.negated,
                    self.milestone(gate)
                )
            }
            NodeKind::Value(value) => {
                let test = self.test(Some(value.subject), &value.test, all);
                self.value(value, &test, gate, all)
            }
            NodeKind::Points(points) => {
                let parts = points.parts.iter().map(|part| self.part(*part, gate));
                let parts: Vec<String> = parts.collect();
                let asked = format!("{:?}", points.interval);
                sum_of(points, &parts, &asked)
            }
            NodeKind::Change(change) => {
                let by = self.by(change);
                self.change(change, &by, gate, all)
            }
            NodeKind::Choice(choice) => {
                let mut text = "choice".to_owned();
                for (when, then) in &choice.cases {
                    let _ = write!(
                        text,
                        " {} -> {}",
                        self.part(*when, gate),
                        self.part(*then, gate)
                    );
                }
                let otherwise = choice.otherwise.map(|node| self.part(node, gate));
                let _ = write!(text, " otherwise {otherwise:?}");
                text
            }
            NodeKind::IfUnknown { node, met, .. } => {
                format!("if unknown {met} {}", self.part(*node, gate))
            }
            NodeKind::Settled(met) => format!("settled {met}"),
            NodeKind::Nothing => "nothing".to_owned(),
            NodeKind::PointsChange(change) => {
                let parts = change.parts.iter().map(|part| self.part(*part, gate));
                let parts: Vec<String> = parts.collect();
                let worth = change
                    .lines
                    .iter()
                    .map(|(_, domain, worth)| (domain, worth));
                let worth: Vec<_> = worth.collect();
                let recorded = change.recorded.map(|measure| self.measure(measure, all));
                format!(
                    "points change [{}] {worth:?} {:?} {recorded:?} {} {} {} {:?} {:?} {} at {}",
                    parts.join(" "),
                    change.scale,
                    self.at(&change.from, all),
                    self.at(&change.to, all),
                    self.samples(&change.samples, all),
                    change.direction,
                    change.by,
                    change.relative,
                    self.milestone(gate)
                )
            }
            NodeKind::Spell(spell) => {
                let mut plain = spell.spell.clone();
                let measure = self.measure(plain.measure, all);
                let window = self.window(&plain.window, all);
                let test = self.test(Some(Subject::Measure(plain.measure)), &plain.test, all);
                // What was said in full is the same in all.
                plain.measure = MeasureId(0);
                plain.window = Window::Between {
                    from: Anchor::Sample,
                    to: Anchor::Sample,
                };
                plain.test = Test::Levels(Vec::new());
                format!(
                    "spell {measure} {window} {test} {plain:?} {} at {}",
                    self.samples(&spell.samples, all),
                    self.milestone(gate)
                )
            }
        }
    }

    /// A value that is asked about, and what is asked of it.
    pub(crate) fn value(
        &mut self,
        value: &ValuePlan,
        asked: &str,
        gate: MilestoneId,
        all: &mut Meanings,
    ) -> String {
        let window = match &value.window {
            Some(window) => self.window(window, all),
            None => {
                let of_gate = self.plan.values.get(gate.index()).cloned().flatten();
                self.optional(of_gate.as_ref(), all)
            }
        };
        format!(
            "value {} {:?} {:?} {:?} {window} {} {} {asked} at {}",
            self.subject(value.subject, all),
            value.selector,
            value.provenance,
            value.time_of_day,
            self.evidence(value.evidence.as_ref(), all),
            self.samples(&value.samples, all),
            self.milestone(gate)
        )
    }

    /// A sum of points, but for a recorded one, and what is asked of it.
    pub(crate) fn points(&self, points: &PointsPlan, asked: &str, gate: MilestoneId) -> String {
        let parts = points.parts.iter().take(points.lines.len());
        let parts: Vec<String> = parts.map(|part| self.part(*part, gate)).collect();
        sum_of(points, &parts, asked)
    }

    /// A change, and what is asked of it.
    pub(crate) fn change(
        &mut self,
        change: &ChangePlan,
        asked: &str,
        gate: MilestoneId,
        all: &mut Meanings,
    ) -> String {
        let between = match &change.between {
            Compared::Within(window) => format!("within {}", self.window(window, all)),
            Compared::FromTo(from, to) => {
                format!("from {} to {}", self.at(from, all), self.at(to, all))
            }
        };
        format!(
            "change {} {between} {} {:?} {asked} {:?} at {}",
            self.subject(change.subject, all),
            self.samples(&change.samples, all),
            change.direction,
            change.lasting,
            self.milestone(gate)
        )
    }

    /// By how much something changes, as written and as what it comes to.
    fn by(&self, change: &ChangePlan) -> String {
        let written = format!("{:?} {:?}", change.by, change.mode);
        match &change.mode {
            ChangeMode::Absolute(unit) => {
                let shape = self.shape(change.subject);
                match shape.and_then(|shape| difference(shape, unit, &change.by)) {
                    Some(own) => either_way(&written, &format!("absolute {own:?}")),
                    None => written,
                }
            }
            ChangeMode::Relative | ChangeMode::Points => written,
        }
    }

    /// What a fact asks, but for what must be true of each record besides.
    fn fact(&mut self, fact: &FactPlan, all: &mut Meanings) -> String {
        let filters: Vec<String> = fact
            .filters
            .iter()
            .map(|filter| self.filter(filter, all))
            .collect();
        let exceptions: Vec<String> = fact
            .exceptions
            .iter()
            .map(|(set, over)| format!("{} {over:?}", self.set(*set, all)))
            .collect();
        let set = fact.set.map(|set| self.set(set, all));
        let measure = fact.measure.map(|measure| self.measure(measure, all));
        format!(
            "fact {:?} {:?} {:?} {:?} {set:?} {measure:?} {} {} [{}] [{}] {} {}",
            fact.table,
            fact.tense,
            fact.negated,
            fact.frequency,
            fact.investigational,
            self.samples(&fact.samples, all),
            filters.join(", "),
            exceptions.join(", "),
            self.optional(fact.window.as_ref(), all),
            self.of_treatments(fact, all)
        )
    }

    /// What is said of all treatments matters to all that is asked of them.
    fn of_treatments(&mut self, fact: &FactPlan, all: &mut Meanings) -> String {
        if fact.table != lind_model::protocol::FactTable::Treatments {
            return String::new();
        }
        let plan = self.plan;
        let meaning = *self.treatments.get_or_insert_with(|| {
            let mut once: Vec<&Arc<str>> = plan.protocol.given_once.iter().collect();
            once.sort_unstable();
            all.number(format!("given once {once:?}"))
        });
        format!("#{}", meaning.0)
    }

    fn filter(&mut self, filter: &FilterPlan, all: &mut Meanings) -> String {
        match filter {
            FilterPlan::Dose {
                interval,
                unit,
                equivalence,
            } => format!(
                "dose {interval:?} {unit:?} {}",
                self.equivalence(*equivalence)
            ),
            FilterPlan::TotalDose {
                interval,
                unit,
                equivalence,
            } => format!(
                "total dose {interval:?} {unit:?} {}",
                self.equivalence(*equivalence)
            ),
            FilterPlan::Value { measure, test } => {
                format!(
                    "value {} {}",
                    self.measure(*measure, all),
                    self.test(Some(Subject::Measure(*measure)), test, all)
                )
            }
            FilterPlan::Edge(edge, window) => {
                format!("edge {edge:?} {}", self.window(window, all))
            }
            FilterPlan::Steady(steady) => format!(
                "steady {} {} {} {}",
                steady.may_fall,
                steady.and_day_before,
                self.window(&steady.window, all),
                self.equivalence(steady.equivalence)
            ),
            FilterPlan::Field(..)
            | FilterPlan::TimeOfDay(_)
            | FilterPlan::Line(..)
            | FilterPlan::Grade(..)
            | FilterPlan::Lasting(_)
            | FilterPlan::InTotal(_)
            | FilterPlan::Stretch { .. }
            | FilterPlan::DiseaseFree(_) => format!("{filter:?}"),
        }
    }

    fn equivalence(&self, id: Option<lind_model::EquivalenceId>) -> String {
        let table = id.and_then(|id| self.plan.protocol.equivalences.get(id.index()));
        let rows = table.into_iter().flat_map(|table| &table.rows);
        let rows: Vec<_> = rows.map(|row| (&row.codes, &row.dose, &row.unit)).collect();
        format!("{rows:?}")
    }

    fn samples(&mut self, samples: &[SamplePlan], all: &mut Meanings) -> String {
        let rules = samples.iter().map(|rule| {
            let sets = rule.without.iter().map(|set| self.set(*set, all));
            let sets: Vec<String> = sets.collect();
            format!("without {sets:?} {}", self.window(&rule.window, all))
        });
        let rules: Vec<String> = rules.collect();
        format!("[{}]", rules.join(", "))
    }

    fn evidence(&mut self, evidence: Option<&Evidence>, all: &mut Meanings) -> String {
        evidence.map_or_else(String::new, |evidence| {
            format!(
                "of {} {}",
                evidence.least,
                self.optional(evidence.window.as_ref(), all)
            )
        })
    }

    /// What a test asks of the values of a subject.
    pub(crate) fn test(
        &mut self,
        subject: Option<Subject>,
        test: &Test,
        all: &mut Meanings,
    ) -> String {
        match test {
            Test::Quantity(interval, unit) => {
                format!(
                    "Quantity({})",
                    amount(interval, unit, subject.and_then(|own| self.shape(own)))
                )
            }
            Test::Own {
                interval,
                reference,
            } => format!("own {interval:?} {}", self.at(reference, all)),
            other => format!("{other:?}"),
        }
    }

    /// What the values of a subject are, if they are quantities.
    pub(crate) fn shape(&self, subject: Subject) -> Option<&'p QuantityShape> {
        let protocol = &self.plan.protocol;
        match subject {
            Subject::Measure(id) => match &protocol.measures.get(id.index())?.shape {
                Shape::Quantity(shape) => Some(shape),
                _ => None,
            },
            Subject::Formula(id) => Some(&protocol.formulas.get(id.index())?.result),
        }
    }

    pub(crate) fn at(&mut self, at: &ValueAt, all: &mut Meanings) -> String {
        format!("{:?} {}", at.selector, self.window(&at.window, all))
    }

    fn optional(&mut self, window: Option<&Window>, all: &mut Meanings) -> String {
        window.map_or_else(String::new, |window| self.window(window, all))
    }

    pub(crate) fn window(&mut self, window: &Window, all: &mut Meanings) -> String {
        match window {
            Window::Around {
                anchor,
                window,
                as_known,
            } => format!("around {} {window:?} {as_known}", self.anchor(anchor, all)),
            Window::Between { from, to } => {
                format!(
                    "from {} to {}",
                    self.anchor(from, all),
                    self.anchor(to, all)
                )
            }
            Window::HalfLives {
                anchor,
                count,
                closed,
                beyond,
            } => {
                let known = self.plan.protocol.half_lives.iter().map(|half_life| {
                    (
                        &half_life.codes,
                        &half_life.shortest_seconds,
                        &half_life.longest_seconds,
                        half_life.by_day,
                    )
                });
                let known = format!("{:?}", known.collect::<Vec<_>>());
                let known = all.number(known);
                format!(
                    "half-lives {} {count:?} {closed} {beyond} {known:?}",
                    self.anchor(anchor, all)
                )
            }
            Window::Either(a, b) => format!("({} or {})", self.window(a, all), self.window(b, all)),
            Window::Both(a, b) => format!("({} and {})", self.window(a, all), self.window(b, all)),
        }
    }

    fn anchor(&mut self, anchor: &Anchor, all: &mut Meanings) -> String {
        match anchor {
            Anchor::Milestone(id) => self.milestone(*id).to_owned(),
            Anchor::Chosen(id) => {
                let plan = self.plan;
                let lines = plan.chosen.get(id.index()).into_iter().flatten();
                let lines = lines.map(|line| {
                    let fact = self.fact(&line.fact, all);
                    format!("{} {:?} {fact}", line.first, line.edge)
                });
                let lines: Vec<String> = lines.collect();
                format!("chosen [{}]", lines.join(", "))
            }
            Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) => format!("{anchor:?}"),
        }
    }

    pub(crate) fn subject(&mut self, subject: Subject, all: &mut Meanings) -> String {
        match subject {
            Subject::Measure(id) => self.measure(id, all),
            Subject::Formula(id) => self.formula(id, all),
        }
    }

    fn measure(&mut self, id: MeasureId, all: &mut Meanings) -> String {
        let plan = self.plan;
        let meaning = *self.measures.entry(id).or_insert_with(|| {
            let Some(measure) = plan.protocol.measures.get(id.index()) else {
                return all.number(String::new());
            };
            let mut codes: Vec<&Arc<str>> = measure.codes.iter().collect();
            codes.sort_unstable();
            let shape = match &measure.shape {
                Shape::Quantity(shape) => format!(
                    "{:?} {:?} {:?} {:?} {}",
                    shape.kind, shape.unit, shape.analyte, shape.plausible, shape.has_limits
                ),
                other => format!("{other:?}"),
            };
            // Under its own name it is recorded too.
            all.number(format!(
                "measure {} {codes:?} {shape} {:?} {} {:?}",
                measure.name, measure.specimen, measure.timed, measure.worst_is_highest
            ))
        });
        format!("#{}", meaning.0)
    }

    fn formula(&mut self, id: FormulaId, all: &mut Meanings) -> String {
        if let Some(known) = self.formulas.get(&id) {
            return format!("#{}", known.0);
        }
        let plan = self.plan;
        let Some(formula) = plan.protocol.formulas.get(id.index()) else {
            return String::new();
        };
        let inputs = formula.inputs.iter().map(|input| match input {
            FormulaInput::Age => "age".to_owned(),
            FormulaInput::Measure { measure, unit } => {
                format!("{} {unit:?}", self.measure(*measure, all))
            }
        });
        let inputs: Vec<String> = inputs.collect();
        let cases = formula.cases.iter().map(|case| (case.sex, &case.value));
        let cases: Vec<_> = cases.collect();
        let meaning = all.number(format!(
            "formula {} {:?} {:?} {:?} {:?} {inputs:?} {:?} {cases:?}",
            formula.name,
            formula.result.unit,
            formula.result.analyte,
            formula.result.plausible,
            formula.codes,
            formula.together
        ));
        self.formulas.insert(id, meaning);
        format!("#{}", meaning.0)
    }

    fn set(&mut self, id: SetId, all: &mut Meanings) -> String {
        if let Some(known) = self.sets.get(&id) {
            return format!("#{}", known.0);
        }
        let plan = self.plan;
        let Some(set) = plan.protocol.sets.get(id.index()) else {
            return String::new();
        };
        let sorted = |codes: &[Arc<str>]| {
            let mut codes = codes.to_vec();
            codes.sort_unstable();
            codes
        };
        let members = set.members.iter().filter_map(|member| {
            let member = plan.protocol.sets.get(member.index())?;
            Some(sorted(&member.codes))
        });
        let mut members: Vec<Vec<Arc<str>>> = members.collect();
        members.sort_unstable();
        let meaning = all.number(format!(
            "set {:?} {:?} {members:?}",
            set.table,
            sorted(&set.codes)
        ));
        self.sets.insert(id, meaning);
        format!("#{}", meaning.0)
    }
}

/// A sum of points of some parts, and what is asked of it.
fn sum_of(points: &PointsPlan, parts: &[String], asked: &str) -> String {
    let lines = points.lines.iter();
    let worth: Vec<_> = lines.map(|(_, domain, worth)| (domain, worth)).collect();
    format!(
        "points [{}] {worth:?} {:?} {asked}",
        parts.join(" "),
        points.scale
    )
}
