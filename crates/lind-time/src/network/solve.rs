//! Shortest paths between all events (Floyd and Warshall), and a shortest cycle that fails.

use super::{Contradiction, Network, NodeId, Step};

/// No path: far above any sum of limits and far below overflow when two are added.
const NO_LIMIT: i64 = i64::MAX / 4;

/// A network that some schedule can keep, with the distance of every two events.
#[derive(Debug, Clone)]
pub struct Solved {
    size: usize,
    /// Row `a`, column `b`: `b` is at most this many minutes after `a`.
    latest: Vec<i64>,
}

/// A limit of a constraint that the others make narrower than it was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tightened {
    /// The constraint's events.
    pub from: NodeId,
    /// The constraint's events.
    pub to: NodeId,
    /// The tag of the constraint.
    pub tag: usize,
    /// The limits as stated.
    pub stated: (Option<i64>, Option<i64>),
    /// The limits that all constraints together leave.
    pub implied: (Option<i64>, Option<i64>),
}

pub(super) fn solve(network: &Network) -> Result<Solved, Contradiction> {
    let size = network.len();
    let mut solved = Solved {
        size,
        latest: vec![NO_LIMIT; size.saturating_mul(size)],
    };
    for node in 0..size {
        solved.lower(node, node, 0);
    }
    for Step {
        from, to, minutes, ..
    } in network.edges()
    {
        solved.lower(from.0, to.0, minutes);
    }
    let mut through_row = Vec::with_capacity(size);
    for middle in 0..size {
        through_row.clear();
        through_row.extend_from_slice(solved.row(middle));
        for row in solved.latest.chunks_exact_mut(size.max(1)) {
            let to_middle = row.get(middle).copied().unwrap_or(NO_LIMIT);
            if to_middle >= NO_LIMIT {
                continue;
            }
            for (entry, onward) in row.iter_mut().zip(&through_row) {
                if *onward < NO_LIMIT {
                    *entry = (*entry).min(to_middle.saturating_add(*onward));
                }
            }
        }
        // Stopping at the first cycle keeps every entry the length of a simple path.
        if (0..size).any(|node| solved.limit(node, node) < 0) {
            return Err(Contradiction {
                cycle: shortest_negative_cycle(network),
            });
        }
    }
    Ok(solved)
}

impl Solved {
    /// The least and the greatest number of minutes from `a` to `b` in any schedule that keeps all
    /// limits; `None` where there is no limit. Both are reached by some schedule.
    #[must_use]
    pub fn bounds(&self, a: NodeId, b: NodeId) -> (Option<i64>, Option<i64>) {
        let limit = |from: NodeId, to: NodeId| {
            Some(self.limit(from.0, to.0)).filter(|minutes| *minutes < NO_LIMIT)
        };
        (limit(b, a).map(|minutes| -minutes), limit(a, b))
    }

    /// Whether `a` happens no later than `b` in every schedule.
    #[must_use]
    pub fn precedes(&self, a: NodeId, b: NodeId) -> bool {
        self.limit(b.0, a.0) <= 0
    }

    /// Whether `a` happens earlier than `b` in every schedule.
    #[must_use]
    pub fn strictly_precedes(&self, a: NodeId, b: NodeId) -> bool {
        self.limit(b.0, a.0) < 0
    }

    /// Whether some schedule puts `a` after `b`.
    #[must_use]
    pub fn may_follow(&self, a: NodeId, b: NodeId) -> bool {
        self.limit(b.0, a.0) > 0
    }

    /// A schedule that keeps all limits: the minute of every event, in the order they were added.
    /// Which one of many is unspecified but always the same.
    #[must_use]
    pub fn schedule(&self) -> Vec<i64> {
        let mut earliest = vec![0; self.size];
        for from in 0..self.size {
            for (minute, limit) in earliest.iter_mut().zip(self.row(from)) {
                *minute = (*minute).min(*limit);
            }
        }
        earliest
    }

    /// The constraints that the others make narrower than they were stated, in the order they were
    /// added.
    #[must_use]
    pub fn tightened(&self, network: &Network) -> Vec<Tightened> {
        network
            .constraints
            .iter()
            .map(|constraint| Tightened {
                from: constraint.from,
                to: constraint.to,
                tag: constraint.tag,
                stated: (constraint.min, constraint.max),
                implied: self.bounds(constraint.from, constraint.to),
            })
            .filter(|found| found.stated != found.implied)
            .collect()
    }

    fn row(&self, from: usize) -> &[i64] {
        let start = from.saturating_mul(self.size);
        self.latest
            .get(start..start.saturating_add(self.size))
            .unwrap_or_default()
    }

    fn limit(&self, from: usize, to: usize) -> i64 {
        self.row(from).get(to).copied().unwrap_or(NO_LIMIT)
    }

    fn lower(&mut self, from: usize, to: usize, minutes: i64) {
        let place = from.saturating_mul(self.size).saturating_add(to);
        if let Some(entry) = self.latest.get_mut(place) {
            *entry = (*entry).min(minutes);
        }
    }
}

/// A cycle with a negative sum and as few limits as possible, so that the message is short.
///
/// `best[v]` is the least sum of a walk of `length` limits from one start to `v`. The first length
/// at which a walk returns to its start below zero gives a cycle with the fewest limits.
fn shortest_negative_cycle(network: &Network) -> Vec<Step> {
    let edges: Vec<Step> = network.edges().collect();
    let size = network.len();
    let mut found: Vec<Step> = Vec::new();
    for start in 0..size {
        let longest = if found.is_empty() {
            size
        } else {
            found.len().saturating_sub(1)
        };
        if let Some(cycle) = negative_walk(&edges, size, start, longest) {
            found = cycle;
        }
    }
    found
}

/// The negative walk from `start` back to it with the fewest limits, at most `longest`.
fn negative_walk(edges: &[Step], size: usize, start: usize, longest: usize) -> Option<Vec<Step>> {
    let mut best = vec![NO_LIMIT; size];
    *best.get_mut(start)? = 0;
    // The limit by which the best walk of each length arrives at each event.
    let mut arrivals: Vec<Vec<Option<Step>>> = Vec::new();
    for _ in 0..longest {
        let mut next = vec![NO_LIMIT; size];
        let mut arrival: Vec<Option<Step>> = vec![None; size];
        for edge in edges {
            let so_far = best.get(edge.from.0).copied().unwrap_or(NO_LIMIT);
            if so_far >= NO_LIMIT {
                continue;
            }
            let sum = so_far.saturating_add(edge.minutes);
            if let (Some(entry), Some(by)) = (next.get_mut(edge.to.0), arrival.get_mut(edge.to.0))
                && sum < *entry
            {
                *entry = sum;
                *by = Some(*edge);
            }
        }
        arrivals.push(arrival);
        best = next;
        if best.get(start).is_some_and(|sum| *sum < 0) {
            return walk_back(&arrivals, start);
        }
    }
    None
}

fn walk_back(arrivals: &[Vec<Option<Step>>], start: usize) -> Option<Vec<Step>> {
    let mut steps = Vec::with_capacity(arrivals.len());
    let mut at = start;
    for arrival in arrivals.iter().rev() {
        let step = (*arrival.get(at)?)?;
        at = step.from.0;
        steps.push(step);
    }
    steps.reverse();
    Some(steps)
}
