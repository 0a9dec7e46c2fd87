//! How many records count (section 6, "How many").

use lind_model::protocol::{Comparison, Counted, Fact, Frequency, Lasting, Quantifier};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;

use super::Run;
use crate::chart::{Record, line_of};
use crate::time::DAY;
use crate::window::{End, counted, shifted};

impl Run<'_> {
    /// Whether as many rows count as a fact asks for.
    pub(super) fn how_many(
        &self,
        fact: &Fact,
        frequency: Frequency,
        rows: &[(&Record, Truth)],
        may_lack_rows: bool,
    ) -> Truth {
        let sure: Vec<&Record> = rows
            .iter()
            .filter(|(_, truth)| *truth == Truth::True)
            .map(|(row, _)| *row)
            .collect();
        let possible: Vec<&Record> = rows
            .iter()
            .filter(|(_, truth)| *truth == Truth::True || truth.is_open())
            .map(|(row, _)| *row)
            .collect();
        let (least, most) = match frequency.counted {
            Counted::Records => (sure.len(), possible.len()),
            // Asked elsewhere, with what lies between.
            Counted::Consecutive => (sure.len(), possible.len()),
            Counted::Lines => lines(&sure, &possible),
            Counted::Different => {
                let (least, unknown) = self.members(fact, &sure);
                let (most, may_be_others) = self.members(fact, &possible);
                (least.max(unknown.min(1)), most + may_be_others)
            }
            Counted::Apart(lasting) => (
                largest(&sure, |a, b| self.surely_apart(a, b, lasting)),
                largest(&possible, |a, b| self.possibly_apart(a, b, lasting)),
            ),
        };
        self.is_as_many(frequency, (least, most), rows, may_lack_rows)
    }

    /// Whether a number between two bounds is as asked.
    pub(super) fn is_as_many(
        &self,
        frequency: Frequency,
        (least, most): (usize, usize),
        rows: &[(&Record, Truth)],
        may_lack_rows: bool,
    ) -> Truth {
        let is_right = |number: usize| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            match frequency.quantifier {
                Quantifier::AtMost(n) => number <= n,
                Quantifier::Exactly(n) => number == n,
                Quantifier::AtLeast(n) => number >= n,
                Quantifier::All | Quantifier::Any | Quantifier::None => number >= 1,
            }
        };
        // What may be lacking may be any number; no generated protocol asks for a hundred.
        let most = if may_lack_rows { most + 100 } else { most };
        let answers: Vec<bool> = (least..=most).map(is_right).collect();
        if answers.iter().all(|answer| *answer) {
            return Truth::True;
        }
        if !answers.contains(&true) {
            return Truth::False;
        }
        let open = rows.iter().filter_map(|(_, truth)| match truth {
            Truth::Open(kind) => Some(*kind),
            _ => None,
        });
        match open.max() {
            Some(kind) if !may_lack_rows => Truth::Open(kind),
            _ => Truth::Open(OpenKind::Unknown),
        }
    }

    /// How many members of a fact's set some rows are, and how many rows may be any of several.
    fn members(&self, fact: &Fact, rows: &[&Record]) -> (usize, usize) {
        let set = fact.set.and_then(|set| self.protocol.sets.get(set.index()));
        let members = set.map_or(&[][..], |set| &set.members);
        let mut found: Vec<(Option<usize>, &str)> = Vec::new();
        let mut unknown = 0;
        for row in rows {
            let is = |wanted: Tri| {
                let mut places = members.iter();
                places.position(|member| self.is_in_set(row, *member) == wanted)
            };
            let member = is(Tri::Yes);
            if member.is_none() && is(Tri::Maybe).is_some() {
                unknown += 1;
                continue;
            }
            let named = match member {
                Some(_) => (member, ""),
                None => (None, row.code.as_str()),
            };
            if !found.contains(&named) {
                found.push(named);
            }
        }
        (found.len(), unknown)
    }

    /// The first and the last day on which a row can have begun.
    fn beginnings(&self, row: &Record) -> (i64, i64) {
        let span = self.span(row);
        let (first, last) = span.begin.units(DAY);
        match span.end {
            End::At(end) => (first, last.min(end.units(DAY).1).max(first)),
            End::AtOnce | End::NotOver => (first, last),
        }
    }

    /// Whether a day lies so far after another.
    fn is_since(&self, earlier: i64, later: i64, lasting: Lasting) -> bool {
        let since = shifted(earlier, counted(self.months(), lasting.length), DAY);
        match lasting.comparison {
            Comparison::MoreThan => later > since,
            _ => later >= since,
        }
    }

    fn surely_apart(&self, a: &Record, b: &Record, lasting: Lasting) -> bool {
        let (a, b) = (self.beginnings(a), self.beginnings(b));
        self.is_since(a.1, b.0, lasting) || self.is_since(b.1, a.0, lasting)
    }

    fn possibly_apart(&self, a: &Record, b: &Record, lasting: Lasting) -> bool {
        let (a, b) = (self.beginnings(a), self.beginnings(b));
        let pairs = [(a, a), (b, b), (a, b), (b, a)];
        pairs
            .iter()
            .any(|(one, other)| self.is_since(one.0, other.1, lasting))
    }
}

/// The size of the largest choice of rows of which every two are compatible.
pub(super) fn largest<'r, R>(rows: &[&'r R], compatible: impl Fn(&'r R, &'r R) -> bool) -> usize {
    fn search<'r, R>(
        rest: &[&'r R],
        chosen: &mut Vec<&'r R>,
        best: &mut usize,
        compatible: &impl Fn(&'r R, &'r R) -> bool,
    ) {
        *best = (*best).max(chosen.len());
        let Some((first, rest)) = rest.split_first() else {
            return;
        };
        if chosen.len() + 1 + rest.len() <= *best {
            return;
        }
        if chosen.iter().all(|other| compatible(first, other)) {
            chosen.push(first);
            search(rest, chosen, best, compatible);
            chosen.pop();
        }
        search(rest, chosen, best, compatible);
    }
    let mut best = 0;
    search(rows, &mut Vec::new(), &mut best, &compatible);
    best
}

/// How many lines of treatment some rows are, at least and at most.
fn lines(sure: &[&Record], possible: &[&Record]) -> (usize, usize) {
    let known = |rows: &[&Record]| {
        let mut lines: Vec<u8> = rows.iter().filter_map(|row| line_of(row)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.len()
    };
    let unknown = possible.iter().filter(|row| line_of(row).is_none()).count();
    let least = known(sure).max(usize::from(!sure.is_empty()));
    (least, known(possible) + unknown)
}
