//! The plan as a graph: its objects, and the edges by which calls go from one to another.
//!
//! A place is the index of an object here; indexes never come from anywhere else, so looking one up cannot fail.

use super::object::{Object, objects};
use super::way::Way;
use super::write::edges_of;
use crate::destination::ForwardTarget;
use crate::extension::Extension;
use crate::id::PromptId;
use crate::number::NumberFacts;
use crate::plan::RoutingPlan;
use crate::trace::{Node, NodeKind, Param, Params};
use std::collections::HashMap;

/// When a call takes an edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Taken {
    /// By itself, as the plan now stands.
    Now,
    /// When the caller presses keys.
    ByKey,
    /// Once something changes that is not meant to stay: an override of a schedule, do-not-disturb or a forward that a
    /// phone set.
    Later,
    /// No call goes there, but it is used: a prompt that is played, a phone that rings with others.
    Uses,
    /// Never while the plan is as it is.
    Never,
}

/// Where an edge ends.
#[derive(Clone)]
pub(super) enum End<'p> {
    /// At an object of the plan.
    Place(usize),
    /// At something that does not exist.
    Missing(Node<'p>),
    /// At a number outside.
    Outside(&'p ForwardTarget, NumberFacts),
    /// At a SIP address.
    Phone(&'p ForwardTarget),
    /// At the end of the call.
    Nothing,
}

/// A way from one object to another.
#[derive(Clone)]
pub(super) struct Edge<'p> {
    /// Where it is written.
    pub(super) way: Way,
    /// What tells it from others written in the same field: the keys of an option, the date of an exception.
    pub(super) detail: Option<(&'static str, Param<'p>)>,
    /// When it is taken.
    pub(super) taken: Taken,
    /// The announcements played on the way.
    pub(super) through: Vec<PromptId>,
    /// Where it ends.
    pub(super) end: End<'p>,
    /// The extension whose rights a number outside at its end is judged by.
    pub(super) by: Option<&'p Extension>,
    /// Whether it counts as a forward.
    pub(super) is_forward: bool,
    /// Whether the call goes on without what is at its end, as if it were not written.
    pub(super) can_be_spared: bool,
}

/// The objects of a plan and where each leads.
pub(super) struct Graph<'p> {
    pub(super) plan: &'p RoutingPlan,
    pub(super) objects: Vec<Object<'p>>,
    edges: Vec<Vec<Edge<'p>>>,
    places: HashMap<(NodeKind, u64), usize>,
}

impl<'p> Graph<'p> {
    /// The graph of a plan.
    pub(super) fn new(plan: &'p RoutingPlan) -> Self {
        let objects = objects(plan);
        let places = objects.iter().enumerate().map(|(place, object)| (object.key(), place)).collect();
        let mut graph = Self { plan, objects, edges: Vec::new(), places };
        graph.edges = graph.objects.iter().map(|object| edges_of(&graph, *object)).collect();
        graph
    }

    /// The place of the object of this kind with this identifier.
    pub(super) fn place(&self, kind: NodeKind, id: u64) -> Option<usize> {
        self.places.get(&(kind, id)).copied()
    }

    /// Every place.
    pub(super) fn all_places(&self) -> std::ops::Range<usize> {
        0..self.objects.len()
    }

    /// Where the object at a place leads.
    pub(super) fn edges(&self, place: usize) -> &[Edge<'p>] {
        &self.edges[place]
    }

    /// Every edge with the place it begins at.
    pub(super) fn all_edges(&self) -> impl Iterator<Item = (usize, &Edge<'p>)> {
        self.all_places().flat_map(|place| self.edges(place).iter().map(move |edge| (place, edge)))
    }

    /// The object at a place, in a path.
    pub(super) fn node(&self, place: usize) -> Node<'p> {
        self.objects[place].node()
    }

    /// What a path shows of an edge, the place where it begins not included.
    pub(super) fn nodes_of(&self, edge: &Edge<'p>) -> impl Iterator<Item = Node<'p>> {
        let through: Vec<Node<'p>> = edge.through.iter().map(|prompt| self.prompt_node(*prompt)).collect();
        let end = match &edge.end {
            End::Place(place) => Some(self.node(*place)),
            End::Missing(node) => Some(node.clone()),
            End::Outside(to, _) | End::Phone(to) => Some(Node::forward(to)),
            End::Nothing => None,
        };
        through.into_iter().chain(end)
    }

    fn prompt_node(&self, prompt: PromptId) -> Node<'p> {
        self.plan.prompt(prompt).map_or_else(|| Node::missing(NodeKind::Prompt, prompt.get()), Node::prompt)
    }
}

impl<'p> Edge<'p> {
    /// The data that say which edge it is.
    pub(super) fn params(&self) -> Params<'p> {
        let way = if self.through.is_empty() { self.way } else { Way::Then };
        let mut params = vec![("way", Param::Text(way.code()))];
        params.extend(self.detail.clone());
        params
    }
}
