//! Which objects calls come to, and by which shortest way.

use super::finding::Come;
use super::graph::{Edge, End, Graph, Taken};
use super::object::Object;
use crate::plan::RoutingPlan;
use crate::route::MOST_ENTERED;
use crate::trace::Node;
use std::collections::VecDeque;

/// How a call comes to each place.
pub(super) struct Reach {
    /// For each place that a call comes to, the step that leads there.
    steps: Vec<Option<Step>>,
}

#[derive(Clone, Copy)]
struct Step {
    /// The place before and which of its edges; `None` where calls begin.
    from: Option<(usize, usize)>,
    /// How many edges lie between the beginning and here.
    length: u32,
}

impl Reach {
    /// Searches breadth first: from the numbers; what they do not lead to, from extensions that can be dialled; what is
    /// left, from the block list and the organization.
    ///
    /// No way is longer than the guard lets a call go. What lies beyond is not reached that way, and paths stay short
    /// however long a chain somebody builds.
    pub(super) fn new(graph: &Graph<'_>) -> Self {
        let mut reach = Self { steps: vec![None; graph.objects.len()] };
        for entry in Entry::ALL {
            reach.search(graph, entry);
        }
        reach
    }

    fn search(&mut self, graph: &Graph<'_>, entry: Entry) {
        let mut queue = VecDeque::new();
        for (place, object) in graph.objects.iter().enumerate() {
            if self.steps[place].is_none() && Entry::of(graph.plan, *object) == Some(entry) {
                self.steps[place] = Some(Step { from: None, length: 0 });
                queue.push_back((place, 0));
            }
        }
        while let Some((place, length)) = queue.pop_front() {
            if length >= u32::from(MOST_ENTERED) {
                continue;
            }
            for (index, edge) in graph.edges(place).iter().enumerate() {
                if let End::Place(to) = edge.end
                    && edge.taken != Taken::Never
                    && self.steps[to].is_none()
                {
                    self.steps[to] = Some(Step { from: Some((place, index)), length: length + 1 });
                    queue.push_back((to, length + 1));
                }
            }
        }
    }

    /// Whether a call comes to a place.
    pub(super) fn come_to(&self, place: usize) -> Come {
        if self.steps[place].is_some() { Come::Calls } else { Come::Nobody }
    }

    /// Whether a call goes an edge.
    pub(super) fn come_by(&self, place: usize, edge: &Edge<'_>) -> Come {
        if edge.taken == Taken::Never { Come::Nobody } else { self.come_to(place) }
    }

    /// How far a place is from where calls begin; places that none comes to are farthest.
    pub(super) fn distance(&self, place: usize) -> u32 {
        self.steps[place].map_or(u32::MAX, |step| step.length)
    }

    /// The path to a place, itself included.
    pub(super) fn path_to<'p>(&self, graph: &Graph<'p>, mut place: usize) -> Vec<Node<'p>> {
        let mut steps = Vec::new();
        while let Some(Step { from: Some((before, index)), .. }) = self.steps[place] {
            steps.push(&graph.edges(before)[index]);
            place = before;
        }
        let mut path = vec![graph.node(place)];
        path.extend(steps.into_iter().rev().flat_map(|edge| graph.nodes_of(edge)));
        path
    }

    /// The path to the end of an edge.
    pub(super) fn path_by<'p>(&self, graph: &Graph<'p>, place: usize, edge: &Edge<'p>) -> Vec<Node<'p>> {
        let mut path = self.path_to(graph, place);
        path.extend(graph.nodes_of(edge));
        path
    }
}

/// Where calls begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Entry {
    /// A number is called.
    Number,
    /// An extension is dialled, or dials a feature code.
    Extension,
    /// A blocked caller is sent elsewhere, or the organization plays something.
    Other,
}

impl Entry {
    /// All, in the order in which paths prefer them.
    pub(super) const ALL: [Self; 3] = [Self::Number, Self::Extension, Self::Other];

    /// What an object is for calls that begin; of two with the same number only the first is ever dialled.
    pub(super) fn of(plan: &RoutingPlan, object: Object<'_>) -> Option<Self> {
        if !object.is_active() {
            return None;
        }
        match object {
            Object::Number(row) => {
                plan.own_number(row.number).is_some_and(|own| own.id == row.id).then_some(Self::Number)
            }
            Object::Extension(row) => {
                plan.extension_by_number(row.number).is_some_and(|own| own.id == row.id).then_some(Self::Extension)
            }
            Object::Blocked(_) | Object::Organization(_) => Some(Self::Other),
            _ => None,
        }
    }
}
