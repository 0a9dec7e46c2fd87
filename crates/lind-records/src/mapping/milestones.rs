//! Which record of a patient is a milestone.

use lind_time::{Tri, When};

use super::RuleId;
use crate::chart::{Fact, SetAside};
use crate::{AdverseEvent, Condition, Provenance, Table, Timeline, Treatment, VisitRow};

/// Which record of a patient is a milestone.
#[derive(Clone, Debug)]
pub(crate) struct MilestoneRule {
    pub(crate) id: RuleId,
    /// The milestone.
    pub(crate) name: String,
    /// In which tables the records stand.
    pub(crate) from: Vec<Table>,
    /// The codes of the records.
    pub(crate) codes: Vec<String>,
    pub(crate) take: Take,
    pub(crate) edge: Edge,
}

/// Which of several records it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// The one that there is.
    Only,
}

/// Which time of the record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// When it was, or began.
    Start,
    /// When it ended.
    End,
}

impl Take {
    pub(crate) const WORDS: [(&'static str, Take); 3] = [
        ("first", Take::First),
        ("last", Take::Last),
        ("only", Take::Only),
    ];

    fn word(self) -> &'static str {
        match self {
            Take::First => "the first",
            Take::Last => "the last",
            Take::Only => "the only one",
        }
    }

    /// Whether one time goes before another as the one to take, where both are known enough.
    fn prefers(self, one: &When, other: &When) -> bool {
        match self {
            Take::First => one.at_or_before(other) == Tri::Yes,
            Take::Last => one.at_or_after(other) == Tri::Yes,
            Take::Only => false,
        }
    }
}

impl Edge {
    pub(crate) const WORDS: [(&'static str, Edge); 2] =
        [("start", Edge::Start), ("end", Edge::End)];
}

/// The tables whose records have an end.
pub(crate) const WITH_END: [Table; 4] = [
    Table::Conditions,
    Table::Treatments,
    Table::AdverseEvents,
    Table::Visits,
];

/// A record that may be the milestone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    at: Provenance,
    /// None: it is not known.
    time: Option<When>,
}

/// The records of one patient that a milestone may be taken from.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    candidates: Vec<Candidate>,
    /// Records that cannot be read, with their times if these are known.
    lost: Vec<Candidate>,
}

/// What comes of it.
pub(crate) enum Settled {
    /// There is no record.
    Nothing,
    At(Candidate),
    /// There are records, and which of them it is cannot be told.
    Unclear(Provenance, String),
}

impl Candidate {
    pub(crate) fn place(&self) -> Provenance {
        self.at
    }

    pub(crate) fn time(&self) -> Option<When> {
        self.time
    }
}

/// A kind of record that a milestone may be taken from.
pub(crate) trait Lasting: Fact {
    /// The end; none: it has none yet.
    fn ended(&self) -> Option<Option<When>>;
}

macro_rules! without_end {
    ($($row:ident)+) => {
        $(impl Lasting for crate::$row {
            fn ended(&self) -> Option<Option<When>> {
                Some(self.time())
            }
        })+
    };
}

without_end!(MilestoneRow Observation Procedure Allergy Attestation Assignment);

macro_rules! with_end {
    ($($row:ident: $end:ident)+) => {
        $(impl Lasting for $row {
            fn ended(&self) -> Option<Option<When>> {
                self.$end.map(Some)
            }
        })+
    };
}

with_end!(Condition: abatement Treatment: end AdverseEvent: end);

impl Lasting for VisitRow {
    fn ended(&self) -> Option<Option<When>> {
        Some(Some(self.end.unwrap_or(self.start)))
    }
}

impl Settling {
    /// Takes the records of a table that count for the milestone.
    pub(crate) fn add<R: Lasting>(
        &mut self,
        rule: &MilestoneRule,
        place: usize,
        rows: &Timeline<R>,
    ) {
        for row in rows.of(MilestoneRule::concept(place)) {
            let time = match rule.edge {
                Edge::Start => Some(row.time()),
                Edge::End => row.ended(),
            };
            if let Some(time) = time {
                self.candidates.push(Candidate { at: row.at(), time });
            }
        }
    }

    /// Takes note of the records that cannot be read and may be the milestone.
    pub(crate) fn add_lost(&mut self, rule: &MilestoneRule, place: usize, set_aside: &[SetAside]) {
        for lost in set_aside {
            let concept = MilestoneRule::concept(place);
            if rule
                .from
                .iter()
                .any(|table| lost.may_concern(*table, concept))
            {
                self.lost.push(Candidate {
                    at: lost.at,
                    time: lost.time.filter(|_| rule.edge == Edge::Start),
                });
            }
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.candidates.len()
    }

    /// Which of the records it is.
    pub(crate) fn settle(&self, rule: &MilestoneRule) -> Settled {
        let Some(first) = self.candidates.first() else {
            return match self.lost.first() {
                None => Settled::Nothing,
                Some(lost) => Settled::Unclear(
                    lost.at,
                    format!("`{}` may be this record, and it cannot be read", rule.name),
                ),
            };
        };
        if let Some(without) = self.candidates.iter().find(|one| one.time.is_none()) {
            let message = format!("this record is `{}`, and its time is not known", rule.name);
            return Settled::Unclear(without.at, message);
        }
        let is_it = |one: &&Candidate| {
            self.candidates
                .iter()
                .all(|other| match (one.time, other.time) {
                    (Some(time), Some(other)) => time == other || rule.take.prefers(&time, &other),
                    _ => false,
                })
        };
        let Some(found) = self.candidates.iter().find(is_it) else {
            let message = match rule.take {
                Take::Only => format!(
                    "`{}` is to be the only record of its kind, and this patient has {} at \
                     different times",
                    rule.name,
                    self.candidates.len()
                ),
                take => format!(
                    "`{}` is {} of {} records, and their times do not tell which of them that is",
                    rule.name,
                    take.word(),
                    self.candidates.len()
                ),
            };
            return Settled::Unclear(first.at, message);
        };
        let may_be_it = |lost: &&Candidate| match (found.time, lost.time) {
            (Some(time), Some(lost)) => !(time == lost || rule.take.prefers(&time, &lost)),
            _ => true,
        };
        if let Some(lost) = self.lost.iter().find(may_be_it) {
            let message = format!(
                "`{}` may be this record, which cannot be read, instead of the one on line {}",
                rule.name, found.at.line
            );
            return Settled::Unclear(lost.at, message);
        }
        Settled::At(*found)
    }
}
