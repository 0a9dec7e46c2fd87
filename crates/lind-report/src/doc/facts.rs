//! Facts in sentences.

use lind_model::EquivalenceId;
use lind_model::protocol::{
    ChosenLine, Counted, Fact, FactField, FactTable, Filter, Frequency, MemberException,
    Quantifier, RecordEdge, RecordQuestion, RecordTest, Steady, Subject, Tense, Test, Window,
};

use crate::doc::values::{Within, interval};
use crate::doc::windows::lasting;
use crate::doc::{Said, Teller, or_list};

impl<'p> Teller<'p> {
    pub(super) fn fact(self, fact: &'p Fact, within: &Within<'p>) -> Said {
        let what = self.records(fact);
        let verb = match fact.table {
            FactTable::Conditions
            | FactTable::Allergies
            | FactTable::Results
            | FactTable::AdverseEvents => "had",
            FactTable::Treatments => "received",
            FactTable::Procedures => "undergone",
        };
        let window = fact.window.as_ref().map(|window| self.window(window));
        let when = window.unwrap_or_default();
        let text = match (fact.tense, fact.negated) {
            (Tense::Now, negated) => {
                let verb = match (fact.table == FactTable::Treatments, negated) {
                    (true, false) => "is taking",
                    (true, true) => "is not taking",
                    (false, false) => "has",
                    (false, true) => "does not have",
                };
                if fact.filters.is_empty() {
                    format!("{verb} {what} at the gate")
                } else {
                    format!("{verb}, at the gate, {what}")
                }
            }
            (Tense::Ever, false) => format!("has ever {verb} {what}, up to the gate"),
            (Tense::Ever, true) => format!("has never {verb} {what}, up to the gate"),
            (Tense::During, false) => format!("has {verb} {what}, {when}"),
            (Tense::During, true) => format!("has not {verb} {what}, {when}"),
        };
        let text = if fact.table == FactTable::Results {
            format!("{text}{}", self.samples(within))
        } else {
            text
        };
        let text = if is_every(fact) {
            match fact.tense {
                Tense::Now => format!("of {what} at the gate"),
                Tense::Ever => format!("of {what}, up to the gate"),
                Tense::During => format!("of {what}, {when}"),
            }
        } else {
            text
        };
        let exceptions = fact.exceptions.iter();
        let mut parts: Vec<Said> = exceptions
            .map(|exception| Said::new(self.exception(exception)))
            .collect();
        if let Some(such_that) = &fact.such_that {
            let inside = self.naming(such_that.record, &such_that.name);
            let said = inside.condition(&such_that.condition, within);
            parts.push(said.after(&format!("of which each, called {}:", such_that.name)));
        }
        Said::with(text, parts)
    }

    /// What is said of a record that has a name.
    pub(super) fn of_record(self, test: &RecordTest) -> String {
        let record = self.record(test.record);
        let is = if test.negated { "is not" } else { "is" };
        match &test.question {
            RecordQuestion::Member(set) => format!("{record} {is} {}", self.set(*set)),
            RecordQuestion::Same(other) => format!("{record} {is} {}", self.record(*other)),
            RecordQuestion::Shares(field, other) => format!(
                "{record} has the same {} as {}",
                field.words(),
                self.record(*other)
            ),
            RecordQuestion::Filter(Filter::Edge(edge, window)) => {
                let verb = match edge {
                    RecordEdge::Begin => "began",
                    RecordEdge::End => "ended",
                };
                format!("{record} {verb} {}", self.window(window))
            }
            RecordQuestion::Filter(Filter::Value { measure, test }) => {
                format!("{record} {}", self.test(Subject::Measure(*measure), test))
            }
            RecordQuestion::Filter(filter) => format!("{record} is {}", self.filter(filter)),
        }
    }

    /// Which records, and how many of them.
    fn records(self, fact: &Fact) -> String {
        let mut what = match (fact.set, fact.table) {
            (_, FactTable::Results) => self.values_of(fact),
            (Some(set), _) => self.set(set).to_owned(),
            (None, FactTable::Conditions) => "any condition".to_owned(),
            (None, FactTable::Treatments) => "any treatment".to_owned(),
            (None, FactTable::Procedures) => "any procedure".to_owned(),
            (None, FactTable::Allergies) => "any allergy".to_owned(),
            (None, FactTable::AdverseEvents) => "any adverse event".to_owned(),
        };
        if fact.investigational {
            what.push_str(" that is investigational");
        }
        let fields = |filter: &&Filter| !matches!(filter, Filter::Value { .. });
        for filter in fact.filters.iter().filter(fields) {
            what.push(' ');
            what.push_str(&self.filter(filter));
        }
        match fact.frequency {
            None => what,
            Some(frequency) if fact.table == FactTable::Results => counted_values(frequency, &what),
            Some(frequency) => counted(frequency, &what),
        }
    }

    /// One way to choose a record.
    pub(super) fn chosen_line(self, line: &ChosenLine, otherwise: bool) -> String {
        let otherwise = if otherwise { "if there is none, " } else { "" };
        let edge = match line.edge {
            RecordEdge::Begin => "the beginning",
            RecordEdge::End => "the end",
        };
        let which = if line.first { "first" } else { "last" };
        let what = self.records(&line.fact);
        let when = match &line.fact.window {
            Some(window) => self.window(window),
            None => "up to the gate".to_owned(),
        };
        format!("{otherwise}{edge} of the record of {what}, {when}, that began {which}")
    }

    /// `a value of alt that is more than 3 times …`
    fn values_of(self, fact: &Fact) -> String {
        let subject = fact.measure.map(Subject::Measure);
        let name = subject.map_or("", |subject| self.subject(subject));
        let test = fact.filters.iter().find_map(|filter| match filter {
            Filter::Value { measure, test } => {
                Some(self.test_words(Subject::Measure(*measure), test))
            }
            _ => None,
        });
        match test {
            Some(test) => format!("a value of {name} {test}"),
            None => format!("a value of {name}"),
        }
    }

    fn test_words(self, subject: Subject, test: &Test) -> String {
        format!("that {}", self.test(subject, test))
    }

    fn filter(self, filter: &Filter) -> String {
        match filter {
            Filter::Field(
                field @ (FactField::Related | FactField::Serious | FactField::DoseLimiting),
                values,
            ) => judged(*field, values.iter().any(|value| **value == *"yes")).to_owned(),
            Filter::Field(field, values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                format!("with {} {}", field.words(), or_list(&values))
            }
            Filter::Dose {
                interval: limits,
                unit,
                equivalence,
            } => format!(
                "with a daily dose of {}{}",
                interval(limits, unit.written()),
                self.equivalence(*equivalence)
            ),
            Filter::TotalDose {
                interval: limits,
                unit,
                equivalence,
            } => format!(
                "with daily doses of {} taken together{}",
                interval(limits, unit.written()),
                self.equivalence(*equivalence)
            ),
            Filter::Line(least, most) => match most {
                Some(most) if most == least => format!("as line {least} of treatment"),
                Some(most) => format!("as line {least} to {most} of treatment"),
                None => format!("as line {least} of treatment or a later one"),
            },
            Filter::Grade(least, most) => match (least, most) {
                (least, most) if least == most => format!("of grade {least}"),
                (least, 5..) => format!("of grade {least} or higher"),
                (0, most) => format!("of grade {most} or lower"),
                (least, most) => format!("of grade {least} to {most}"),
            },
            Filter::Lasting(length) => format!("lasting {} in one record", lasting(*length)),
            Filter::InTotal(length) => {
                format!("for {} in total, each day counted once", lasting(*length))
            }
            Filter::Stretch {
                lasting: length,
                gap,
            } => format!("for {}, with breaks of at most {gap}", lasting(*length)),
            Filter::DiseaseFree(length) => {
                format!("that is over for {} at the gate", lasting(*length))
            }
            Filter::Edge(edge, window) => self.edge(*edge, window),
            Filter::Steady(steady) => self.steady(steady),
            Filter::TimeOfDay(time) => format!("taken at {time}"),
            Filter::Value { measure, test } => self.test_words(Subject::Measure(*measure), test),
        }
    }

    fn edge(self, edge: RecordEdge, window: &Window) -> String {
        let verb = match edge {
            RecordEdge::Begin => "that began",
            RecordEdge::End => "that ended",
        };
        format!("{verb} {}", self.window(window))
    }

    fn steady(self, steady: &Steady) -> String {
        let kept = if steady.may_fall {
            "at a daily dose that does not rise"
        } else {
            "at a daily dose that stays the same"
        };
        let before = if steady.and_day_before {
            " and on the day before"
        } else {
            ""
        };
        format!(
            "{kept} {}{before}{}",
            self.window(&steady.window),
            self.equivalence(steady.equivalence)
        )
    }

    fn equivalence(self, equivalence: Option<EquivalenceId>) -> String {
        equivalence
            .and_then(|id| self.protocol.equivalences.get(id.index()))
            .map_or_else(String::new, |table| {
                format!(" (converted by {})", table.name)
            })
    }

    fn exception(self, exception: &MemberException) -> String {
        let set = self.set(exception.set);
        match exception.disease_free {
            None => format!("not counting {set}"),
            Some(length) => {
                format!(
                    "not counting {set} that is over for {} at the gate",
                    lasting(length)
                )
            }
        }
    }
}

/// Whether it is asked of every record.
fn is_every(fact: &Fact) -> bool {
    fact.frequency
        .is_some_and(|frequency| frequency.quantifier == Quantifier::All)
}

/// What somebody judged of an adverse event.
fn judged(field: FactField, yes: bool) -> &'static str {
    match (field, yes) {
        (FactField::Serious, true) => "judged serious",
        (FactField::Serious, false) => "judged not serious",
        (FactField::DoseLimiting, true) => "judged dose-limiting",
        (FactField::DoseLimiting, false) => "judged not dose-limiting",
        (_, true) => "judged related to treatment",
        (_, false) => "judged not related to treatment",
    }
}

fn counted_values(frequency: Frequency, what: &str) -> String {
    let text = counted(frequency, what);
    text.replacen("records of a value of", "values of", 1)
        .replacen(" that is ", " that are ", 1)
        .replacen("record of a value of", "value of", 1)
        .replacen("begin", "were taken", 1)
}

fn counted(frequency: Frequency, what: &str) -> String {
    let is_one = matches!(
        frequency.quantifier,
        Quantifier::AtLeast(1) | Quantifier::AtMost(1) | Quantifier::Exactly(1)
    );
    let count = match frequency.quantifier {
        Quantifier::AtLeast(n) => format!("at least {n}"),
        Quantifier::AtMost(n) => format!("at most {n}"),
        Quantifier::Exactly(n) => format!("exactly {n}"),
        Quantifier::All => return format!("every record of {what}"),
        Quantifier::Any => "any".to_owned(),
        Quantifier::None => "no".to_owned(),
    };
    match frequency.counted {
        Counted::Records if is_one => format!("{count} record of {what}"),
        Counted::Records => format!("{count} records of {what}"),
        Counted::Different => format!("{count} different members of {what}"),
        Counted::Consecutive => format!(
            "{count} records of {what}, one after the other with no other value between them"
        ),
        Counted::Lines => format!("{count} lines of treatment with {what}"),
        Counted::Apart(apart) => format!(
            "{count} records of {what}, every two of which begin {} apart",
            lasting(apart)
        ),
    }
}
