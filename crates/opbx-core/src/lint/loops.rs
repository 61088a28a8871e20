//! Loops: ways back to where a call has been that need no key of the caller.
//!
//! The places that such ways connect in both directions form a knot; of each knot the loops are found one by one: the
//! shortest through its place nearest to an entry, then, without the last edge of that, the next. A knot can have more
//! loops than any list could hold, so it is left after [`MOST_OF_A_KNOT`]; whatever remains is found once those are mended.

use super::fault::Fault;
use super::finding::{Finding, Severity};
use super::graph::{End, Graph, Taken};
use super::reach::Reach;
use crate::trace::Node;
use std::collections::{HashMap, VecDeque};

/// Loops reported of one knot.
const MOST_OF_A_KNOT: usize = 20;

/// The places that each place leads to by itself, each once.
type Ways = Vec<Vec<usize>>;

/// Every loop, with the way to it and once around.
pub(super) fn loops<'p>(graph: &Graph<'p>, reach: &Reach, findings: &mut Vec<Finding<'p>>) {
    let mut ways: Ways = graph.all_places().map(|place| ways_of(graph, place)).collect();
    let all: Vec<usize> = graph.all_places().collect();
    for knot in knots(&ways, &all) {
        let mut left = vec![knot];
        for _ in 0..MOST_OF_A_KNOT {
            let Some(knot) = left.pop() else { break };
            let Some(start) = knot.iter().copied().min_by_key(|place| (reach.distance(*place), *place)) else {
                continue;
            };
            let around = shortest_around(&ways, &knot, start);
            findings.push(Finding {
                severity: Severity::Error.where_calls_come(reach.come_to(start)),
                code: Fault::Loop,
                params: vec![],
                path: path_around(graph, reach, &around),
            });
            if let Some(last) = around.last() {
                ways[*last].retain(|to| *to != start);
            }
            left.extend(knots(&ways, &knot));
        }
    }
}

fn ways_of(graph: &Graph<'_>, place: usize) -> Vec<usize> {
    let mut ways = Vec::new();
    for edge in graph.edges(place).iter().filter(|edge| edge.taken == Taken::Now) {
        if let End::Place(to) = edge.end
            && !ways.contains(&to)
        {
            ways.push(to);
        }
    }
    ways
}

/// The path to the first of these places, over the others, and back to the first.
fn path_around<'p>(graph: &Graph<'p>, reach: &Reach, around: &[usize]) -> Vec<Node<'p>> {
    let mut path = around.first().map_or_else(Vec::new, |start| reach.path_to(graph, *start));
    let after = around.iter().cycle().skip(1);
    for (place, next) in around.iter().zip(after) {
        let leads_on = |to: &End<'_>| matches!(to, End::Place(to) if to == next);
        let edge = graph.edges(*place).iter().find(|edge| edge.taken == Taken::Now && leads_on(&edge.end));
        path.extend(edge.into_iter().flat_map(|edge| graph.nodes_of(edge)));
    }
    path
}

/// The shortest loop through `start` inside its knot: the places in order, `start` first.
fn shortest_around(ways: &Ways, knot: &[usize], start: usize) -> Vec<usize> {
    let mut before: HashMap<usize, Option<usize>> = knot.iter().map(|place| (*place, None)).collect();
    let mut queue = VecDeque::from([start]);
    while let Some(place) = queue.pop_front() {
        for to in &ways[place] {
            if *to == start {
                let mut around: Vec<usize> =
                    std::iter::successors(Some(place), |place| before.get(place).copied().flatten()).collect();
                around.reverse();
                return around;
            }
            if let Some(unseen @ None) = before.get_mut(to) {
                *unseen = Some(place);
                queue.push_back(*to);
            }
        }
    }
    // A knot has a way back from everywhere; this is never reached.
    vec![start]
}

/// Among these places the sets whose places all lead to each other; a single place only if it leads to itself.
///
/// Tarjan's search for strongly connected components, with a stack of its own: a plan can be one chain of thousands.
fn knots(ways: &Ways, among: &[usize]) -> Vec<Vec<usize>> {
    let mut search =
        Search { seen: among.iter().map(|place| (*place, Seen::default())).collect(), open: Vec::new(), count: 0 };
    let mut knots = Vec::new();
    for place in among {
        if search.seen.get(place).is_none_or(|seen| seen.number != 0) {
            continue;
        }
        search.enter(*place);
        let mut walk = vec![(*place, 0)];
        while let Some((at, next)) = walk.last_mut() {
            let at = *at;
            if let Some(to) = ways[at].get(*next).copied() {
                *next += 1;
                if search.is_new(to) {
                    search.enter(to);
                    walk.push((to, 0));
                } else {
                    search.sees_open(at, to);
                }
                continue;
            }
            walk.pop();
            if let Some(knot) = search.leave(at, walk.last().map(|(parent, _)| *parent))
                && (knot.len() > 1 || ways[at].contains(&at))
            {
                knots.push(knot);
            }
        }
    }
    knots
}

/// What the search knows of a place.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// In which order it was entered, from 1; 0: not yet.
    number: usize,
    /// The lowest number of an open place that it leads to.
    lowest: usize,
    /// Whether its set is not complete.
    open: bool,
}

struct Search {
    seen: HashMap<usize, Seen>,
    open: Vec<usize>,
    count: usize,
}

impl Search {
    fn is_new(&self, place: usize) -> bool {
        self.seen.get(&place).is_some_and(|seen| seen.number == 0)
    }

    fn enter(&mut self, place: usize) {
        self.count += 1;
        self.seen.insert(place, Seen { number: self.count, lowest: self.count, open: true });
        self.open.push(place);
    }

    /// A way from `at` to a place that was entered before, or that is not among those searched.
    fn sees_open(&mut self, at: usize, to: usize) {
        let number = self.seen.get(&to).filter(|seen| seen.open).map(|seen| seen.number);
        if let (Some(number), Some(seen)) = (number, self.seen.get_mut(&at)) {
            seen.lowest = seen.lowest.min(number);
        }
    }

    /// All ways of a place were followed. Answers its set if the place is the first of one.
    fn leave(&mut self, place: usize, parent: Option<usize>) -> Option<Vec<usize>> {
        let Seen { number, lowest, .. } = self.seen.get(&place).copied()?;
        if let Some(parent) = parent.and_then(|parent| self.seen.get_mut(&parent)) {
            parent.lowest = parent.lowest.min(lowest);
        }
        if lowest != number {
            return None;
        }
        let first = self.open.iter().rposition(|open| *open == place)?;
        let knot = self.open.split_off(first);
        for place in &knot {
            if let Some(seen) = self.seen.get_mut(place) {
                seen.open = false;
            }
        }
        Some(knot)
    }
}
