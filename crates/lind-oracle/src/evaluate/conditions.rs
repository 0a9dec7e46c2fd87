//! Lists, guards, terms and readings (sections 1 and 7).

use lind_model::protocol::{
    AlternativeContent, Anchor, Choice, Compared, Condition, ConditionKind, Counted, FactField,
    FactTable, Filter, Guard, Quantifier, RecordQuestion, Sex, SpellCount, Subject, Tense, Test,
    Window,
};
use lind_model::{OpenKind, Outcome, Truth};

use super::windows::{anchors, windows_of};
use super::{Clauses, Gate, Run};

impl<'a> Run<'a> {
    /// The value of a condition.
    ///
    /// `passing` is the value that makes no difference where it stands, if there is one: then a body
    /// with this value passes behind a guard that is open.
    pub(super) fn condition(
        &self,
        condition: &'a Condition,
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        let value = self.value_of(condition, clauses, gate, passing);
        let outcome = Outcome::of(value).word();
        let mut tally = self.tally.borrow_mut();
        *tally
            .entry((name_of(&condition.kind), outcome))
            .or_default() += 1;
        value
    }

    fn value_of(
        &self,
        condition: &'a Condition,
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        match &condition.kind {
            ConditionKind::List(quantifier, parts) => {
                self.list(*quantifier, parts, clauses, gate, passing)
            }
            ConditionKind::Guarded(guard, body) => {
                let body = self.condition(body, clauses, gate, None);
                let guard = self.guard(guard, clauses, gate);
                match (guard, passing) {
                    (_, Some(passing)) => body.guarded(guard, passing),
                    // Behind an open guard it may be its body or not apply, and these differ here.
                    (Truth::Open(kind), None) => match body {
                        Truth::NotApplicable => Truth::NotApplicable,
                        Truth::Open(other) => Truth::Open(kind.max(other)),
                        Truth::True | Truth::False => Truth::Open(kind),
                    },
                    (_, None) => body.guarded(guard, Truth::True),
                }
            }
            ConditionKind::At(_, inner) => self.condition(inner, clauses, gate, passing),
            ConditionKind::Depending(reading, arms) => match arms.get(self.choices.of(*reading)) {
                Some(arm) => self.condition(arm, clauses, gate, passing),
                None => Truth::NotApplicable,
            },
            ConditionKind::AsRead(reading) => match self.read_as(*reading) {
                Some(AlternativeContent::Condition(meaning)) => {
                    self.condition(meaning, clauses, gate, passing)
                }
                _ => Truth::NotApplicable,
            },
            ConditionKind::Defined(definition) => {
                match self.protocol.definitions.get(definition.index()) {
                    Some(term) => self.condition(&term.condition, clauses, gate, passing),
                    None => Truth::NotApplicable,
                }
            }
            ConditionKind::Judged(judgement) => self.judged(*judgement, gate),
            ConditionKind::Happened(milestone, window) => {
                let reached = self.happened(*milestone, gate);
                match window {
                    None => reached,
                    Some(window) => reached.and(self.happened_in(*milestone, window, gate)),
                }
            }
            ConditionKind::Age { at, interval } => self.age(*at, interval, gate),
            ConditionKind::Fact(fact) => self.fact(fact, clauses, gate),
            ConditionKind::Record(test) => self.of_record(test, gate),
            ConditionKind::Value(test) => self.value(test, clauses, gate),
            ConditionKind::Change(change) => self.change(change, clauses, gate),
            ConditionKind::With(usage, inner) => {
                self.condition(inner, &self.with(usage, clauses), gate, passing)
            }
            ConditionKind::Points(points) => self.points(points, clauses, gate),
            ConditionKind::Choice(choice) => self.choice(choice, clauses, gate, passing),
            ConditionKind::IfUnknown(rule) => {
                match self.condition(&rule.condition, clauses, gate, passing) {
                    Truth::Open(OpenKind::Unknown) => Truth::of(rule.met),
                    decided => decided,
                }
            }
            ConditionKind::Settled(met) => Truth::of(*met),
            ConditionKind::Nothing => Truth::NotApplicable,
            ConditionKind::PointsChange(change) => self.points_change(change, clauses, gate),
            ConditionKind::Spell(spell) => self.spell(spell, clauses, gate),
        }
    }

    fn choice(
        &self,
        choice: &'a Choice,
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        let value = |condition: &'a Condition| self.condition(condition, clauses, gate, passing);
        let cases: Vec<(Truth, Truth)> = choice
            .cases
            .iter()
            .map(|case| {
                let when = self.condition(&case.when, clauses, gate, Some(Truth::False));
                (when, value(&case.then))
            })
            .collect();
        let otherwise = choice.otherwise.as_ref().map(value);
        chosen(&cases, otherwise.unwrap_or(Truth::NotApplicable), passing)
    }

    fn list(
        &self,
        quantifier: Quantifier,
        parts: &'a [Condition],
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        let inside = match (quantifier, passing) {
            // A list of one part is that part.
            (Quantifier::All, passing) if parts.len() == 1 => passing,
            (Quantifier::All, Some(Truth::True)) => Some(Truth::True),
            (Quantifier::Any, Some(Truth::False)) | (Quantifier::None, Some(Truth::True)) => {
                Some(Truth::False)
            }
            _ => None,
        };
        let values: Vec<Truth> = parts
            .iter()
            .map(|part| self.condition(part, clauses, gate, inside))
            .collect();
        let any = || {
            values
                .iter()
                .fold(Truth::NotApplicable, |any, value| any.or(*value))
        };
        match quantifier {
            Quantifier::All => values
                .iter()
                .fold(Truth::NotApplicable, |all, value| all.and(*value)),
            Quantifier::Any => any(),
            Quantifier::None => any().not(),
            Quantifier::AtLeast(n) => counted(&values, |holding| holding >= n),
            Quantifier::AtMost(n) => counted(&values, |holding| holding <= n),
            Quantifier::Exactly(n) => counted(&values, |holding| holding == n),
        }
    }

    /// Whether a guard lets its body apply.
    pub(super) fn guard(&self, guard: &'a Guard, clauses: &Clauses<'a>, gate: Gate) -> Truth {
        let sex = guard
            .sex
            .map_or(Truth::NotApplicable, |sex| self.is_of(sex));
        match &guard.condition {
            Some(condition) => sex.and(self.condition(condition, clauses, gate, None)),
            None => sex,
        }
    }

    /// Whether the patient is of a sex.
    pub(super) fn is_of(&self, sex: Sex) -> Truth {
        match (self.chart.sex.as_str(), sex) {
            ("female", Sex::Female) | ("male", Sex::Male) => Truth::True,
            ("female", Sex::Male) | ("male", Sex::Female) => Truth::False,
            _ => Truth::Open(OpenKind::Unknown),
        }
    }
}

/// Every way in which the open conditions may come out, each with the consequence that applies then.
/// `cases` has the value of each condition with that of its consequence.
pub(super) fn chosen(cases: &[(Truth, Truth)], otherwise: Truth, passing: Option<Truth>) -> Truth {
    let mut values: Vec<Truth> = Vec::new();
    let mut kinds: Vec<OpenKind> = Vec::new();
    let first_that_holds = cases.iter().position(|(when, _)| *when == Truth::True);
    for (place, (when, then)) in cases.iter().enumerate() {
        if first_that_holds.is_some_and(|first| place > first) {
            continue;
        }
        if let Truth::Open(kind) = when {
            kinds.push(*kind);
        }
        if *when == Truth::True || when.is_open() {
            values.push(*then);
        }
    }
    if first_that_holds.is_none() {
        values.push(otherwise);
    }
    if let [only] = values.as_slice() {
        return *only;
    }
    if values.iter().all(|value| *value == Truth::NotApplicable) {
        return Truth::NotApplicable;
    }
    // Not to apply is the same as the value that makes no difference.
    let same = |value: &Truth, wanted: Truth| {
        *value == wanted || (*value == Truth::NotApplicable && passing == Some(wanted))
    };
    for wanted in [Truth::True, Truth::False] {
        if values.iter().all(|value| same(value, wanted)) {
            return wanted;
        }
    }
    for value in values {
        if let Truth::Open(kind) = value {
            kinds.push(kind);
        }
    }
    Truth::Open(kinds.into_iter().max().unwrap_or(OpenKind::Unknown))
}

/// The sorts of conditions that a tally tells apart.
pub const SORTS_OF_CONDITIONS: [&str; 69] = [
    "age",
    "all of",
    "allergy during",
    "any of",
    "as read in",
    "at least",
    "at most",
    "begun or ended",
    "change",
    "change of points",
    "choice",
    "choice with nothing otherwise",
    "condition during",
    "days in a row",
    "days in total",
    "days with a value",
    "defined",
    "depending on",
    "event during",
    "event grade",
    "event judged",
    "every result with a name",
    "exactly",
    "fact apart",
    "fact around a chosen record",
    "fact counted",
    "fact different",
    "fact lines",
    "fact ever",
    "fact in total",
    "fact now",
    "fact of every record",
    "fact of records with a name",
    "formula",
    "guarded",
    "happened",
    "happened in a window",
    "if unknown",
    "judged",
    "level",
    "multiple of a limit",
    "multiple of an own value",
    "none of",
    "nothing",
    "points",
    "procedure during",
    "quantity",
    "record began or ended",
    "record has a value",
    "record is a member",
    "record is another",
    "record passes",
    "record shares a field",
    "reference range",
    "result",
    "result at all",
    "result that passes",
    "result with a name",
    "results apart",
    "results counted",
    "results that follow each other",
    "score",
    "settled",
    "steady dose",
    "stretch with gaps",
    "tags",
    "total dose",
    "treatment during",
    "with",
];

/// The sort of a condition.
fn name_of(kind: &ConditionKind) -> &'static str {
    match kind {
        ConditionKind::List(Quantifier::All, _) => "all of",
        ConditionKind::List(Quantifier::Any, _) => "any of",
        ConditionKind::List(Quantifier::None, _) => "none of",
        ConditionKind::List(Quantifier::AtLeast(_), _) => "at least",
        ConditionKind::List(Quantifier::AtMost(_), _) => "at most",
        ConditionKind::List(Quantifier::Exactly(_), _) => "exactly",
        ConditionKind::Guarded(..) => "guarded",
        ConditionKind::At(..) => "at",
        ConditionKind::Depending(..) => "depending on",
        ConditionKind::AsRead(_) => "as read in",
        ConditionKind::Defined(_) => "defined",
        ConditionKind::Judged(_) => "judged",
        ConditionKind::Happened(_, None) => "happened",
        ConditionKind::Happened(..) => "happened in a window",
        ConditionKind::Fact(fact) if windows_of(fact).into_iter().any(leans_on_the_data) => {
            "fact around a chosen record"
        }
        ConditionKind::Age { .. } => "age",
        ConditionKind::Fact(fact) if fact.table == FactTable::Results => {
            let tested = has(fact, |filter| matches!(filter, Filter::Value { .. }));
            match fact
                .frequency
                .map(|frequency| (frequency.quantifier, frequency.counted))
            {
                Some((Quantifier::All, _)) => "every result with a name",
                _ if fact.such_that.is_some() => "result with a name",
                Some((_, Counted::Apart(_))) => "results apart",
                Some((_, Counted::Consecutive)) => "results that follow each other",
                Some(_) => "results counted",
                None if tested => "result that passes",
                None => "result at all",
            }
        }
        ConditionKind::Fact(fact)
            if fact
                .frequency
                .is_some_and(|frequency| frequency.quantifier == Quantifier::All) =>
        {
            "fact of every record"
        }
        ConditionKind::Fact(fact) if fact.such_that.is_some() => "fact of records with a name",
        ConditionKind::Record(test) => match test.question {
            RecordQuestion::Member(_) => "record is a member",
            RecordQuestion::Filter(Filter::Edge(..)) => "record began or ended",
            RecordQuestion::Filter(Filter::Value { .. }) => "record has a value",
            RecordQuestion::Filter(_) => "record passes",
            RecordQuestion::Shares(..) => "record shares a field",
            RecordQuestion::Same(_) => "record is another",
        },
        ConditionKind::Fact(fact) if fact.frequency.is_some() => {
            match fact.frequency.map(|frequency| frequency.counted) {
                Some(Counted::Different) => "fact different",
                Some(Counted::Lines) => "fact lines",
                Some(Counted::Apart(_)) => "fact apart",
                Some(Counted::Records | Counted::Consecutive) | None => "fact counted",
            }
        }
        ConditionKind::Fact(fact) => match (fact.tense, fact.table) {
            (_, _)
                if fact
                    .filters
                    .iter()
                    .any(|filter| matches!(filter, Filter::InTotal(_))) =>
            {
                "fact in total"
            }
            _ if has(fact, |filter| matches!(filter, Filter::TotalDose { .. })) => "total dose",
            _ if has(fact, |filter| matches!(filter, Filter::Steady(_))) => "steady dose",
            _ if has(fact, |filter| matches!(filter, Filter::Stretch { .. })) => {
                "stretch with gaps"
            }
            _ if has(fact, |filter| matches!(filter, Filter::Edge(..))) => "begun or ended",
            _ if has(fact, |filter| matches!(filter, Filter::Grade(..))) => "event grade",
            (_, FactTable::AdverseEvents) if has(fact, is_judgement) => "event judged",
            (Tense::Now, _) => "fact now",
            (Tense::Ever, _) => "fact ever",
            (Tense::During, FactTable::Conditions) => "condition during",
            (Tense::During, FactTable::Treatments) => "treatment during",
            (Tense::During, FactTable::Procedures) => "procedure during",
            (Tense::During, FactTable::Allergies | FactTable::Results) => "allergy during",
            (Tense::During, FactTable::AdverseEvents) => "event during",
        },
        ConditionKind::Value(test)
            if test.selector == Some(lind_model::protocol::Selector::Mean) =>
        {
            "mean"
        }
        ConditionKind::Value(test) => match (&test.subject, &test.test) {
            (Subject::Formula(_), _) => "formula",
            (_, Test::Quantity(..)) => "quantity",
            (_, Test::Multiple { .. }) => "multiple of a limit",
            (_, Test::Own { .. }) => "multiple of an own value",
            (_, Test::Reference { .. }) => "reference range",
            (_, Test::Score(_)) => "score",
            (_, Test::Levels(_)) => "level",
            (_, Test::Results(_)) => "result",
            (_, Test::Tags(..)) => "tags",
        },
        ConditionKind::Change(change) => match (&change.between, change.lasting) {
            (Compared::FromTo(..), _) => "change between values",
            (_, Some(lasting)) if lasting.throughout => "change sustained",
            (_, Some(_)) => "change confirmed",
            (_, None) => "change",
        },
        ConditionKind::With(..) => "with",
        ConditionKind::Choice(choice) if choice.otherwise.is_none() => {
            "choice with nothing otherwise"
        }
        ConditionKind::Points(_) => "points",
        ConditionKind::Choice(_) => "choice",
        ConditionKind::IfUnknown(_) => "if unknown",
        ConditionKind::Settled(_) => "settled",
        ConditionKind::Nothing => "nothing",
        ConditionKind::PointsChange(_) => "change of points",
        ConditionKind::Spell(spell) => match spell.counted {
            SpellCount::Longest { .. } => "days in a row",
            SpellCount::Total => "days in total",
            SpellCount::WithValue => "days with a value",
        },
    }
}

/// Whether a window leans on a record that the data choose.
fn leans_on_the_data(window: &Window) -> bool {
    anchors(window)
        .iter()
        .any(|anchor| matches!(anchor, Anchor::Chosen(_)))
}

fn has(fact: &lind_model::protocol::Fact, is: impl Fn(&Filter) -> bool) -> bool {
    fact.filters.iter().any(is)
}

/// Whether the number of parts that hold is right, whatever the open parts come to.
fn counted(values: &[Truth], is_right: impl Fn(u32) -> bool) -> Truth {
    let count = |wanted: fn(&Truth) -> bool| {
        values
            .iter()
            .filter(|value| wanted(value))
            .fold(0_u32, |sum, _| sum + 1)
    };
    let holding = count(|value| *value == Truth::True);
    let open = count(|value| value.is_open());
    if values.iter().all(|value| *value == Truth::NotApplicable) {
        return Truth::NotApplicable;
    }
    let answers: Vec<bool> = (holding..=holding + open).map(is_right).collect();
    // Where all parts that may apply are open, perhaps none of them applies.
    let some_part_applies = values.contains(&Truth::True) || values.contains(&Truth::False);
    if some_part_applies && answers.iter().all(|answer| *answer) {
        return Truth::True;
    }
    if some_part_applies && !answers.contains(&true) {
        return Truth::False;
    }
    let mut kind = OpenKind::Pending;
    for value in values {
        if let Truth::Open(other) = value {
            kind = kind.max(*other);
        }
    }
    Truth::Open(kind)
}

/// Whether a filter asks what was judged of an adverse event.
fn is_judgement(filter: &Filter) -> bool {
    matches!(
        filter,
        Filter::Field(
            FactField::Related | FactField::Serious | FactField::DoseLimiting,
            _
        )
    )
}
