//! Decision tables: what to do after so many toxicities among so many.

use core::fmt;
use core::ops::RangeInclusive;

use crate::MOST_EVALUABLE;
use crate::error::{DesignError, TableFault};

/// What to do next at a dose level, the more cautious the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// To the next higher level.
    Escalate,
    /// More participants at the same level.
    Stay,
    /// To the next lower level.
    DeEscalate,
    /// To the next lower level, and never again to this level or a higher one.
    Eliminate,
}

impl fmt::Display for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Escalate => "escalate",
            Self::Stay => "stay",
            Self::DeEscalate => "de-escalate",
            Self::Eliminate => "de-escalate and eliminate",
        })
    }
}

/// How many of those who count at a dose level had a dose-limiting toxicity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// How many had one.
    pub dlts: u32,
    /// How many count.
    pub evaluable: u32,
}

impl Tally {
    /// So many of so many.
    #[must_use]
    pub fn new(dlts: u32, evaluable: u32) -> Self {
        Self { dlts, evaluable }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.dlts, self.evaluable)
    }
}

/// The row of a decision table: where each decision begins among so many participants.
///
/// Between the two first bounds the decision is to stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Boundaries {
    /// How many count.
    pub evaluable: u32,
    /// Escalate with at most so many toxicities; none if never.
    pub escalate_up_to: Option<u32>,
    /// De-escalate with at least so many; none if never.
    pub de_escalate_from: Option<u32>,
    /// De-escalate and eliminate with at least so many; none if never.
    pub eliminate_from: Option<u32>,
}

impl Boundaries {
    /// What to do with so many toxicities.
    #[must_use]
    pub fn decision(&self, dlts: u32) -> Decision {
        if self.eliminate_from.is_some_and(|from| dlts >= from) {
            Decision::Eliminate
        } else if self.de_escalate_from.is_some_and(|from| dlts >= from) {
            Decision::DeEscalate
        } else if self.escalate_up_to.is_some_and(|up_to| dlts <= up_to) {
            Decision::Escalate
        } else {
            Decision::Stay
        }
    }

    /// The row in which each number of toxicities, from zero on, is decided so.
    pub(crate) fn of(evaluable: u32, decisions: &[Decision]) -> Result<Self, DesignError> {
        let numbered = || (0..).zip(decisions.iter().copied());
        let mut before = Decision::Escalate;
        for (dlts, decision) in numbered() {
            if decision < before {
                return Err(DesignError::NotMonotone { evaluable, dlts });
            }
            before = decision;
        }
        let from = |at_least: Decision| {
            numbered()
                .find(|&(_, decision)| decision >= at_least)
                .map(|(dlts, _)| dlts)
        };
        Ok(Self {
            evaluable,
            escalate_up_to: numbered()
                .take_while(|&(_, decision)| decision == Decision::Escalate)
                .last()
                .map(|(dlts, _)| dlts),
            de_escalate_from: from(Decision::DeEscalate),
            eliminate_from: from(Decision::Eliminate),
        })
    }
}

/// A line of a decision table as somebody writes it: what to do with these numbers of toxicities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLine {
    /// How many count.
    pub evaluable: u32,
    /// The numbers of toxicities that the line is about, both ends included.
    pub dlts: RangeInclusive<u32>,
    /// What to do.
    pub decision: Decision,
}

/// What to do after so many toxicities among so many, for some numbers of participants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionTable {
    /// In the order of how many count.
    rows: Vec<Boundaries>,
}

impl DecisionTable {
    /// A table with rows in their order.
    pub(crate) fn of_rows(rows: Vec<Boundaries>) -> Self {
        Self { rows }
    }

    /// A table as somebody wrote it, line by line, in any order.
    ///
    /// # Errors
    /// Everything that keeps it from saying one thing for every number of toxicities among each number of
    /// participants it is about, or that makes more toxicities a lesser reason for caution.
    ///
    /// ```
    /// use lind_escalation::{Decision, DecisionTable, TableFault, TableLine, Tally};
    ///
    /// let line = |dlts, decision| TableLine { evaluable: 3, dlts, decision };
    /// let lines = [line(0..=0, Decision::Escalate), line(1..=1, Decision::Stay), line(2..=3, Decision::Eliminate)];
    /// let table = DecisionTable::by_hand(&lines).expect("one line for each number");
    /// assert_eq!(table.decision(Tally::new(1, 3)), Some(Decision::Stay));
    ///
    /// let faults = DecisionTable::by_hand(&lines[..2]).expect_err("2/3 is left out");
    /// assert_eq!(faults, [TableFault::Gap { evaluable: 3, from: 2, to: 3 }]);
    /// ```
    pub fn by_hand(lines: &[TableLine]) -> Result<Self, Vec<TableFault>> {
        let mut faults = Vec::new();
        let mut numbers: Vec<u32> = lines.iter().map(|line| line.evaluable).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut rows = Vec::new();
        for evaluable in numbers {
            let of_row = lines.iter().filter(|line| line.evaluable == evaluable);
            match row_by_hand(evaluable, of_row) {
                Ok(decisions) => rows.push((evaluable, decisions)),
                Err(found) => faults.extend(found),
            }
        }
        if lines.is_empty() {
            faults.push(TableFault::Empty);
        }
        for ((fewer, first), (more, second)) in rows.iter().zip(rows.iter().skip(1)) {
            let pairs = (0..).zip(first.iter().zip(second));
            faults.extend(
                pairs
                    .filter(|(_, (first, second))| first < second)
                    .map(|(dlts, _)| TableFault::MoreCautious {
                        dlts,
                        fewer: *fewer,
                        more: *more,
                    })
                    .take(1),
            );
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let rows = rows
            .iter()
            .filter_map(|(evaluable, decisions)| Boundaries::of(*evaluable, decisions).ok());
        Ok(Self {
            rows: rows.collect(),
        })
    }

    /// The rows, in the order of how many count.
    #[must_use]
    pub fn rows(&self) -> &[Boundaries] {
        &self.rows
    }

    /// The row for so many participants, if the table has one.
    #[must_use]
    pub fn row(&self, evaluable: u32) -> Option<&Boundaries> {
        let place = self
            .rows
            .binary_search_by_key(&evaluable, |row| row.evaluable)
            .ok()?;
        self.rows.get(place)
    }

    /// What to do; none if the table is not about so many participants.
    #[must_use]
    pub fn decision(&self, tally: Tally) -> Option<Decision> {
        self.row(tally.evaluable)
            .map(|row| row.decision(tally.dlts))
    }
}

/// What a row says for each number of toxicities, or everything that is wrong with it.
fn row_by_hand<'a>(
    evaluable: u32,
    lines: impl Iterator<Item = &'a TableLine>,
) -> Result<Vec<Decision>, Vec<TableFault>> {
    if evaluable == 0 || evaluable > MOST_EVALUABLE {
        return Err(vec![TableFault::Impossible { evaluable, dlts: 0 }]);
    }
    let mut faults = Vec::new();
    let mut cells: Vec<Option<Decision>> = vec![None; evaluable as usize + 1];
    for line in lines {
        if line.dlts.is_empty() || *line.dlts.end() > evaluable {
            faults.push(TableFault::Impossible {
                evaluable,
                dlts: *line.dlts.end(),
            });
        }
        let mut overlaps = false;
        for dlts in line.dlts.clone().take_while(|&dlts| dlts <= evaluable) {
            let Some(cell) = cells.get_mut(dlts as usize) else {
                continue;
            };
            match *cell {
                None => *cell = Some(line.decision),
                Some(first) if first != line.decision && !overlaps => {
                    overlaps = true;
                    faults.push(TableFault::Overlap {
                        evaluable,
                        dlts,
                        first,
                        second: line.decision,
                    });
                }
                Some(_) => {}
            }
        }
    }
    let mut gap: Option<(u32, u32)> = None;
    let mut before = Decision::Escalate;
    for (dlts, cell) in (0..).zip(&cells) {
        match (cell, gap) {
            (None, None) => gap = Some((dlts, dlts)),
            (None, Some((from, _))) => gap = Some((from, dlts)),
            (Some(decision), _) => {
                if let Some((from, to)) = gap.take() {
                    faults.push(TableFault::Gap {
                        evaluable,
                        from,
                        to,
                    });
                }
                if *decision < before {
                    faults.push(TableFault::LessCautious { evaluable, dlts });
                }
                before = *decision;
            }
        }
    }
    if let Some((from, to)) = gap {
        faults.push(TableFault::Gap {
            evaluable,
            from,
            to,
        });
    }
    if faults.is_empty() {
        Ok(cells.into_iter().flatten().collect())
    } else {
        Err(faults)
    }
}
