//! Settings that contradict themselves or do not do what they say.

use super::fault::Fault;
use super::finding::{Finding, Severity};
use super::graph::Graph;
use super::object::Object;
use super::reach::Reach;
use super::way::Way;
use crate::business_hours::OverrideMode;
use crate::conference_room::ConferenceRoom;
use crate::emergency::is_emergency;
use crate::extension::Extension;
use crate::id::{ExtensionId, PhoneNumberId};
use crate::ivr_menu::IvrMenu;
use crate::outbound_rule::CallerIdPolicy;
use crate::plan::{Group, Hours};
use crate::trace::{Node, NodeKind, Param, Params};
use crate::voicemail_box::VoicemailBox;
use std::collections::HashSet;

/// Everything that an object has wrong in itself.
pub(super) fn settings<'p>(graph: &Graph<'p>, reach: &Reach, findings: &mut Vec<Finding<'p>>) {
    let mut report = Report { graph, reach, findings };
    let dialled = DialledNumbers::new(graph);
    for (place, object) in graph.objects.iter().enumerate() {
        if let Object::Extension(row) = object {
            report.emergency_number(place, row);
        }
        if !object.is_active() {
            continue;
        }
        match object {
            Object::Extension(row) => report.extension(place, row),
            Object::Group(group) => report.group(place, group),
            Object::Menu(menu) => report.menu(place, &menu.row, &dialled),
            Object::Hours(hours) => report.hours(place, hours),
            Object::Room(row) => report.room(place, row),
            Object::Box(row) => report.voicemail_box(place, row),
            _ => {}
        }
    }
    report.outbound_rules();
    report.emergency_caller_id();
}

struct Report<'r, 'p> {
    graph: &'r Graph<'p>,
    reach: &'r Reach,
    findings: &'r mut Vec<Finding<'p>>,
}

impl<'p> Report<'_, 'p> {
    /// A fault of the object at a place.
    fn at(&mut self, place: usize, severity: Severity, code: Fault, params: Params<'p>) {
        let severity = severity.where_calls_come(self.reach.come_to(place));
        let path = self.reach.path_to(self.graph, place);
        self.findings.push(Finding { severity, code, params, path });
    }

    /// A warning about something that the object at a place names.
    fn names(&mut self, place: usize, code: Fault, params: Params<'p>, named: Node<'p>) {
        let mut path = self.reach.path_to(self.graph, place);
        path.push(named);
        self.findings.push(Finding { severity: Severity::Warning, code, params, path });
    }

    fn extension(&mut self, place: usize, row: &'p Extension) {
        if row.voicemail_enabled && row.is_user() && self.graph.plan.box_of(row.id).is_none() {
            self.at(place, Severity::Warning, Fault::NoBox, vec![]);
        }
        if let Some((code, number)) = row.caller_id.and_then(|id| self.faulty_number(id)) {
            self.names(place, code, by(Way::CallerId), number);
        }
    }

    /// Also of an inactive extension: the day it is activated nobody thinks of it.
    fn emergency_number(&mut self, place: usize, row: &'p Extension) {
        let country = &self.graph.plan.organization().country;
        if is_emergency(country.as_str(), &row.number.to_string()) {
            let params = vec![("number", row.number.into()), ("country", Param::Text(country.as_str()))];
            let path = self.reach.path_to(self.graph, place);
            self.findings.push(Finding { severity: Severity::Error, code: Fault::EmergencyNumber, params, path });
        }
    }

    fn group(&mut self, place: usize, group: &'p Group) {
        let plan = self.graph.plan;
        for id in &group.left_out {
            let node =
                plan.extension(*id).map_or_else(|| Node::missing(NodeKind::Extension, id.get()), Node::extension);
            self.names(place, Fault::MemberLeftOut, by(Way::Member), node);
        }
        let members = group.members.iter().filter_map(|id| plan.extension(*id));
        let mut able = members
            .filter(|member| member.status.is_active() && plan.can_ring(group, member))
            .map(|member| member.do_not_disturb)
            .peekable();
        if able.peek().is_none() {
            self.at(place, Severity::Error, Fault::GroupNeverRings, vec![]);
        } else if able.all(|do_not_disturb| do_not_disturb) {
            self.at(place, Severity::Warning, Fault::GroupNotDisturbed, vec![]);
        }
    }

    fn menu(&mut self, place: usize, row: &'p IvrMenu, dialled: &DialledNumbers) {
        if row.direct_dial {
            let excluded: HashSet<ExtensionId> = row.direct_dial_exclude.iter().copied().collect();
            for option in &row.options {
                let begun = dialled.beginning_with(option.digits.as_str());
                let mut others = begun.iter().filter(|(_, id)| !excluded.contains(id));
                let Some((extension, _)) = others.next() else { continue };
                let params = vec![
                    ("keys", Param::Owned(option.digits.as_str().into())),
                    ("extension", Param::Owned(extension.as_str().into())),
                    ("count", Param::Count(1 + others.count() as u64)),
                ];
                self.at(place, Severity::Warning, Fault::OptionBeginsExtension, params);
            }
        }
        let mut keys: Vec<&str> = row.options.iter().map(|option| option.digits.as_str()).collect();
        keys.sort_unstable();
        // What begins others stands right before the first of them.
        for pair in keys.windows(2) {
            if let [keys, longer] = pair
                && longer.starts_with(keys)
            {
                let params = vec![("keys", Param::Text(keys)), ("longer", Param::Text(longer))];
                self.at(place, Severity::Warning, Fault::OptionBeginsOption, params);
            }
        }
    }

    fn hours(&mut self, place: usize, hours: &'p Hours) {
        let over = hours.schedule.by_hand();
        match (over.mode, over.until) {
            // What a person set without an end stands until a person changes it.
            (OverrideMode::Open, None) => {}
            _ if hours.schedule.never_opens() => self.at(place, Severity::Warning, Fault::NeverOpens, vec![]),
            (OverrideMode::Closed, None) => self.at(place, Severity::Warning, Fault::HeldClosed, vec![]),
            _ => {}
        }
    }

    fn room(&mut self, place: usize, row: &'p ConferenceRoom) {
        if row.wait_for_host && row.host_pin.is_none() {
            self.at(place, Severity::Warning, Fault::NoHostPin, vec![]);
        }
        if row.pin.is_some() && row.pin == row.host_pin {
            self.at(place, Severity::Warning, Fault::EqualPins, vec![]);
        }
    }

    fn voicemail_box(&mut self, place: usize, row: &'p VoicemailBox) {
        if let Some(owner) = row.extension_id.filter(|id| self.graph.plan.extension(*id).is_none()) {
            let owner = Node::missing(NodeKind::Extension, owner.get());
            self.names(place, Fault::Missing, by(Way::Owner), owner);
        }
    }

    /// Caller ids of rules. A rule is no place: its path is itself.
    fn outbound_rules(&mut self) {
        for rule in self.graph.plan.rules().iter() {
            let CallerIdPolicy::Number { phone_number_id } = rule.caller_id else { continue };
            if let Some((code, number)) = self.faulty_number(phone_number_id) {
                let path = vec![Node::outbound_rule(rule), number];
                let params = by(Way::CallerId);
                self.findings.push(Finding { severity: Severity::Warning, code, params, path });
            }
        }
    }

    fn emergency_caller_id(&mut self) {
        let plan = self.graph.plan;
        let Some(number) = plan.organization().emergency_caller_id else { return };
        let organization = Node::organization(plan.organization());
        let (code, params, path) = match plan.own_number(number) {
            None => (Fault::ForeignCallerId, vec![("number", number.into())], vec![organization]),
            Some(own) if !own.status.is_active() => {
                (Fault::Inactive, by(Way::CallerId), vec![organization, Node::phone_number(own)])
            }
            Some(_) => return,
        };
        self.findings.push(Finding { severity: Severity::Warning, code, params, path });
    }

    /// What is wrong with a number that is shown to others.
    fn faulty_number(&self, id: PhoneNumberId) -> Option<(Fault, Node<'p>)> {
        match self.graph.plan.phone_number(id) {
            None => Some((Fault::Missing, Node::missing(NodeKind::PhoneNumber, id.get()))),
            Some(row) if !row.status.is_active() => Some((Fault::Inactive, Node::phone_number(row))),
            Some(_) => None,
        }
    }
}

fn by(way: Way) -> Params<'static> {
    vec![("way", Param::Text(way.code()))]
}

/// The numbers of active extensions as they are keyed in, sorted.
struct DialledNumbers(Vec<(String, ExtensionId)>);

impl DialledNumbers {
    fn new(graph: &Graph<'_>) -> Self {
        let plan = graph.plan;
        let dialled = |row: &&Extension| {
            row.status.is_active() && plan.extension_by_number(row.number).is_some_and(|own| own.id == row.id)
        };
        let mut numbers: Vec<_> =
            plan.extensions().filter(dialled).map(|row| (row.number.to_string(), row.id)).collect();
        numbers.sort_unstable();
        Self(numbers)
    }

    fn beginning_with(&self, keys: &str) -> &[(String, ExtensionId)] {
        let start = self.0.partition_point(|(number, _)| number.as_str() < keys);
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.partition_point(|(number, _)| number.starts_with(keys));
        rest.get(..end).unwrap_or_default()
    }
}
