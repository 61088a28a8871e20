//! Forwards that would not be followed: refused by permission or rules, or one too many.

use super::fault::Fault;
use super::finding::{Finding, Severity};
use super::graph::{Edge, End, Graph, Taken};
use super::reach::{Entry, Reach};
use crate::route::{MOST_ENTERED, MOST_FORWARDS};
use crate::trace::{Node, Param};
use std::collections::{HashSet, VecDeque};

/// Forwards to numbers that permission or the outbound rules refuse. Limits are not asked: they depend on the day.
pub(super) fn refused<'p>(graph: &Graph<'p>, reach: &Reach, findings: &mut Vec<Finding<'p>>) {
    for (place, edge) in graph.all_edges() {
        let End::Outside(_, facts) = edge.end else { continue };
        let Err(refusal) = graph.plan.rule_for(facts, edge.by) else { continue };
        if edge.taken == Taken::Never {
            continue;
        }
        let mut params = edge.params();
        params.push(("because", Param::Text(refusal.reason.code())));
        params.extend(refusal.params);
        findings.push(Finding {
            severity: Severity::Error.where_calls_come(reach.come_by(place, edge)),
            code: Fault::ForwardRefused,
            params,
            path: reach.path_by(graph, place, edge),
        });
    }
}

/// Forwards that a call can only come to as its fourth. An error where every call of that way does, a warning where it
/// takes busy or unanswered phones.
///
/// A way that comes twice to the same place is no chain: without keys it is a loop, which is reported as one, and with
/// keys it is what the caller wants.
pub(super) fn fourth<'p>(graph: &Graph<'p>, findings: &mut Vec<Finding<'p>>) {
    let mut reported = HashSet::new();
    // Ways without keys first: a shorter one with keys must not hide them.
    for keys in [&[Taken::Now][..], &[Taken::Now, Taken::ByKey]] {
        let chains = Chains::new(graph, keys);
        for place in graph.all_places() {
            let Some(chain) = chains.simple_chain(place) else { continue };
            for (index, edge) in graph.edges(place).iter().enumerate() {
                let ends = matches!(edge.end, End::Nothing);
                if edge.is_forward && !ends && keys.contains(&edge.taken) && reported.insert((place, index)) {
                    findings.push(chain.finding(graph, edge));
                }
            }
        }
    }
}

/// How calls come to each place after each number of forwards.
struct Chains {
    /// By place and forwards: the place and forwards before, and the edge between; `None` in it where calls begin.
    steps: Vec<[Option<Option<Before>>; FORWARDS]>,
}

/// None, or one to the most that are followed.
const FORWARDS: usize = MOST_FORWARDS as usize + 1;

#[derive(Clone, Copy)]
struct Before {
    place: usize,
    forwards: usize,
    edge: usize,
}

impl Chains {
    fn new(graph: &Graph<'_>, keys: &[Taken]) -> Self {
        let mut chains = Self { steps: vec![[None; FORWARDS]; graph.objects.len()] };
        let mut queue = VecDeque::new();
        for entry in Entry::ALL {
            for (place, object) in graph.objects.iter().enumerate() {
                if Entry::of(graph.plan, *object) == Some(entry) {
                    chains.steps[place][0] = Some(None);
                    queue.push_back((place, 0, 0));
                }
            }
        }
        while let Some((place, forwards, length)) = queue.pop_front() {
            if length >= u32::from(MOST_ENTERED) {
                continue;
            }
            for (edge, written) in graph.edges(place).iter().enumerate() {
                let End::Place(to) = written.end else { continue };
                let after = forwards + usize::from(written.is_forward);
                if keys.contains(&written.taken)
                    && let Some(step @ None) = chains.steps[to].get_mut(after)
                {
                    *step = Some(Some(Before { place, forwards, edge }));
                    queue.push_back((to, after, length + 1));
                }
            }
        }
        chains
    }

    /// The way on which a call has used up its forwards when it comes to a place, unless it comes anywhere twice.
    fn simple_chain(&self, place: usize) -> Option<Chain> {
        let mut chain = Chain { place, edges: Vec::new() };
        let mut passed = HashSet::from([place]);
        let (mut at, mut forwards) = (place, FORWARDS - 1);
        while let Some(before) = self.steps[at][forwards]? {
            chain.edges.push((before.place, before.edge));
            (at, forwards) = (before.place, before.forwards);
            if !passed.insert(at) {
                return None;
            }
        }
        chain.edges.reverse();
        Some(chain)
    }
}

/// A way from where calls begin to a place, by places and edges.
struct Chain {
    place: usize,
    edges: Vec<(usize, usize)>,
}

impl Chain {
    /// The finding that `fourth`, an edge at the end of this way, is one forward too many.
    fn finding<'p>(&self, graph: &Graph<'p>, fourth: &Edge<'p>) -> Finding<'p> {
        let edges = || self.edges.iter().map(|(place, edge)| &graph.edges(*place)[*edge]);
        let start = self.edges.first().map_or(self.place, |(place, _)| *place);
        let mut path: Vec<Node<'p>> = vec![graph.node(start)];
        path.extend(edges().flat_map(|edge| graph.nodes_of(edge)));
        let certain = edges().all(|edge| edge.way.is_certain()) && fourth.way.is_certain();
        let mut params = fourth.params();
        params.push(("most", u32::from(MOST_FORWARDS).into()));
        params.push(("by", Param::Owned(graph.node(self.place).name.into())));
        path.extend(graph.nodes_of(fourth));
        Finding {
            severity: if certain { Severity::Error } else { Severity::Warning },
            code: Fault::FourthForward,
            params,
            path,
        }
    }
}
