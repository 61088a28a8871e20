//! Where calls are led and should not be: to what is not there, to what is put aside, to nothing; and objects to which
//! nothing leads.

use super::fault::Fault;
use super::finding::{Come, Finding, Severity};
use super::graph::{Edge, End, Graph, Taken};
use super::object::Object;
use super::reach::Reach;
use super::way::Way;
use crate::destination::Destination;

/// Destinations and other references that do not exist or are inactive, and numbers that hang up.
pub(super) fn faulty_leads<'p>(graph: &Graph<'p>, reach: &Reach, findings: &mut Vec<Finding<'p>>) {
    for (place, edge) in graph.all_edges() {
        let Some((code, severity)) = fault_of(graph, edge) else {
            continue;
        };
        findings.push(Finding {
            severity: severity.where_calls_come(reach.come_by(place, edge)),
            code,
            params: edge.params(),
            path: reach.path_by(graph, place, edge),
        });
    }
    for (place, object) in graph.objects.iter().enumerate() {
        if let Object::Number(row) = object
            && object.is_active()
            && row.destination == Destination::Hangup
        {
            let path = reach.path_to(graph, place);
            let params = vec![];
            findings.push(Finding { severity: Severity::Warning, code: Fault::LeadsToNothing, params, path });
        }
    }
}

/// What is wrong with the end of an edge, and how bad that is for a call that goes there.
fn fault_of(graph: &Graph<'_>, edge: &Edge<'_>) -> Option<(Fault, Severity)> {
    let place = match edge.end {
        End::Missing(_) if edge.can_be_spared => return Some((Fault::Missing, Severity::Warning)),
        // A menu's failover would serve here too, but nobody ever meant to lead callers to what is not there.
        End::Missing(_) => return Some((Fault::Missing, Severity::Error)),
        End::Place(place) => place,
        End::Outside(..) | End::Phone(_) | End::Nothing => return None,
    };
    let object = graph.objects[place];
    let quiet = matches!(edge.way, Way::Member | Way::OwnBox);
    if object.is_active() || edge.taken == Taken::Never || quiet {
        return None;
    }
    // What `route` answers with `cannot_serve`, which a menu's failover makes good; the rest says so and ends.
    let failover_serves = edge.way == Way::Option
        && (edge.is_forward || matches!(object, Object::Box(_) | Object::Assistant(_) | Object::Prompt(_)));
    let goes_on = edge.can_be_spared || failover_serves || matches!(object, Object::Hours(_));
    Some((Fault::Inactive, if goes_on { Severity::Warning } else { Severity::Error }))
}

/// Active objects that no call comes to.
pub(super) fn unreachable<'p>(graph: &Graph<'p>, reach: &Reach, findings: &mut Vec<Finding<'p>>) {
    for (place, object) in graph.objects.iter().enumerate() {
        if object.is_active() && reach.come_to(place) == Come::Nobody {
            let path = vec![object.node()];
            let params = vec![];
            findings.push(Finding { severity: Severity::Warning, code: Fault::Unreachable, params, path });
        }
    }
}
