//! A simple temporal network: events, and how many minutes may lie between them.
//!
//! Every milestone, visit and window of a protocol becomes a pair of limits between two events.
//! The network says whether any schedule can keep them all (and if not, which of them clash), and
//! how far apart two events can be at all. Dechter, Meiri and Pearl, "Temporal constraint
//! networks", Artificial Intelligence 49 (1991): shortest paths in the distance graph.

mod contradiction;
mod solve;

pub use contradiction::{Contradiction, Step};
pub use solve::{Solved, Tightened};

/// Limits beyond this many minutes (some 530 million years) are no limits; sums of paths through
/// thousands of events stay far from overflow.
const FARTHEST: i64 = 1 << 48;

/// An event of a [`Network`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// One pair of limits: `to` happens at least `min` and at most `max` minutes after `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Constraint {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) tag: usize,
}

/// Events and the limits between them, in integer minutes.
#[derive(Debug, Clone, Default)]
pub struct Network {
    names: Vec<String>,
    constraints: Vec<Constraint>,
}

impl Network {
    /// A network without events.
    #[must_use]
    pub fn new() -> Network {
        Network::default()
    }

    /// Adds an event. Its name is for messages and need not be unique.
    pub fn add_node(&mut self, name: impl Into<String>) -> NodeId {
        self.names.push(name.into());
        NodeId(self.names.len() - 1)
    }

    /// The name of an event.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        self.names.get(node.0).map_or("?", String::as_str)
    }

    /// How many events there are. Solving takes time with the cube of it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// States that `to` happens at least `min` and at most `max` minutes after `from`; negative is
    /// before it, `None` is no limit. `tag` comes back in a [`Contradiction`].
    ///
    /// An event of another network is ignored.
    pub fn add_constraint(
        &mut self,
        from: NodeId,
        to: NodeId,
        min: Option<i64>,
        max: Option<i64>,
        tag: usize,
    ) {
        if from.0 >= self.len() || to.0 >= self.len() {
            return;
        }
        self.constraints.push(Constraint {
            from,
            to,
            min: min
                .filter(|min| *min >= -FARTHEST)
                .map(|min| min.min(FARTHEST)),
            max: max
                .filter(|max| *max <= FARTHEST)
                .map(|max| max.max(-FARTHEST)),
            tag,
        });
    }

    /// How far apart every two events can be.
    ///
    /// # Errors
    /// No schedule keeps all limits: a shortest cycle of limits that clash.
    pub fn solve(&self) -> Result<Solved, Contradiction> {
        solve::solve(self)
    }

    /// The limits as edges "`to` at most `minutes` after `from`".
    pub(crate) fn edges(&self) -> impl Iterator<Item = Step> + '_ {
        self.constraints.iter().flat_map(|constraint| {
            let latest = constraint.max.map(|max| Step {
                from: constraint.from,
                to: constraint.to,
                minutes: max,
                tag: constraint.tag,
            });
            let earliest = constraint.min.map(|min| Step {
                from: constraint.to,
                to: constraint.from,
                minutes: -min,
                tag: constraint.tag,
            });
            latest.into_iter().chain(earliest)
        })
    }
}
