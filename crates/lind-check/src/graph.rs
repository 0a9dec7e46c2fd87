//! What leans on what: parts that form circles, and an order in which what is leaned on comes first.

/// The strongly connected parts of a graph, each with its nodes in ascending order; a part comes after all
/// parts that it leads to. Edges to nodes that do not exist are ignored.
///
/// Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972), with a
/// stack of its own: a chain of any length fits.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut visits = vec![Visit::default(); edges.len()];
    let mut count = 0;
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for root in 0..edges.len() {
        if visit(&visits, root).number > 0 {
            continue;
        }
        // Nodes on the way from the root, each with the place of the edge to follow next.
        let mut way = vec![(root, 0usize)];
        while let Some((node, next)) = way.pop() {
            if next == 0 {
                count += 1;
                update(&mut visits, node, |visit| {
                    *visit = Visit {
                        number: count,
                        lowest: count,
                        open: true,
                    };
                });
                open.push(node);
            }
            if let Some(to) = edges.get(node).and_then(|edges| edges.get(next)).copied() {
                way.push((node, next + 1));
                let seen = visit(&visits, to);
                if to < edges.len() && seen.number == 0 {
                    way.push((to, 0));
                } else if seen.open {
                    update(&mut visits, node, |visit| {
                        visit.lowest = visit.lowest.min(seen.number);
                    });
                }
                continue;
            }
            let done = visit(&visits, node);
            if let Some((before, _)) = way.last() {
                update(&mut visits, *before, |visit| {
                    visit.lowest = visit.lowest.min(done.lowest);
                });
            }
            if done.lowest == done.number {
                let mut part = Vec::new();
                while let Some(member) = open.pop() {
                    update(&mut visits, member, |visit| visit.open = false);
                    part.push(member);
                    if member == node {
                        break;
                    }
                }
                part.sort_unstable();
                found.push(part);
            }
        }
    }
    found
}

/// How far the search has come with a node.
#[derive(Clone, Copy, Default)]
struct Visit {
    /// When it was met first; zero if it was not.
    number: usize,
    /// The least number that can be reached from it and is still open.
    lowest: usize,
    /// It may still belong to a part with nodes met before it.
    open: bool,
}

fn visit(visits: &[Visit], node: usize) -> Visit {
    visits.get(node).copied().unwrap_or_default()
}

fn update(visits: &mut [Visit], node: usize, change: impl FnOnce(&mut Visit)) {
    if let Some(visit) = visits.get_mut(node) {
        change(visit);
    }
}

/// A shortest circle through the first node of a part, beginning with it; empty if there is none.
pub(crate) fn circle(edges: &[Vec<usize>], part: &[usize]) -> Vec<usize> {
    let Some(start) = part.first().copied() else {
        return Vec::new();
    };
    let inside = |node: usize| part.binary_search(&node).ok();
    // From where each node of the part was reached first.
    let mut from: Vec<Option<usize>> = vec![None; part.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for to in edges.get(node).into_iter().flatten().copied() {
            let Some(place) = inside(to) else { continue };
            if to == start {
                let mut way = vec![node];
                let mut at = node;
                while at != start {
                    let Some(before) = inside(at).and_then(|at| from.get(at).copied().flatten())
                    else {
                        break;
                    };
                    way.push(before);
                    at = before;
                }
                way.reverse();
                return way;
            }
            if let Some(slot @ None) = from.get_mut(place) {
                *slot = Some(node);
                queue.push_back(to);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::{circle, components};

    #[test]
    fn what_is_leaned_on_comes_first() {
        let edges = [vec![1, 2], vec![2], vec![], vec![0, 9]];
        assert_eq!(components(&edges), [vec![2], vec![1], vec![0], vec![3]]);
    }

    #[test]
    fn two_circles_are_two_parts_and_a_bystander_is_none_of_them() {
        let edges = [vec![1], vec![0], vec![2], vec![0, 2], vec![0, 5], vec![4]];
        let parts = components(&edges);
        assert_eq!(parts, [vec![0, 1], vec![2], vec![3], vec![4, 5]]);
        let circles: Vec<_> = parts.iter().map(|part| circle(&edges, part)).collect();
        assert_eq!(circles, [vec![0, 1], vec![2], vec![], vec![4, 5]]);
    }

    #[test]
    fn the_circle_is_a_shortest_one() {
        let edges = [vec![1, 3], vec![2], vec![0], vec![0]];
        assert_eq!(components(&edges).len(), 1);
        assert_eq!(circle(&edges, &[0, 1, 2, 3]), [0, 3]);
    }

    #[test]
    fn a_chain_of_a_million_needs_no_stack() {
        let edges: Vec<Vec<usize>> = (0..1_000_000).map(|node| vec![node + 1]).collect();
        let parts = components(&edges);
        assert_eq!(parts.len(), edges.len());
        assert_eq!(parts.first(), Some(&vec![999_999]));
    }
}
