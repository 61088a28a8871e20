//! From rows to a plan. Nothing is refused: a phone must ring while an administrator makes mistakes.

use super::RoutingPlan;
use super::compiled::{Group, Hours, Menu};
use super::rules::{BlockList, OutboundRules};
use super::source::PlanSource;
use super::table::Table;
use super::warning::{PlanProblem, PlanWarning};
use crate::business_hours::{BusinessHours, NamedHolidayList, Schedule};
use crate::destination::{Destination, ForwardTarget};
use crate::extension::{Extension, ExtensionKind};
use crate::id::ExtensionId;
use crate::ivr_menu::IvrMenu;
use crate::notice::Language;
use crate::number::{E164, NumberFacts, Numbering};
use crate::phone_number::PhoneNumber;
use crate::ring_group::RingGroup;
use crate::trace::NodeKind;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::{HashMap, HashSet};

/// Compiles an organization's settings. Zones come from the database given, what is known of the numbers that
/// forwards lead to from `numbering`; neither is asked again on a call.
pub fn compile(
    source: PlanSource,
    zones: &TimeZoneDatabase,
    numbering: &dyn Numbering,
) -> (RoutingPlan, Vec<PlanWarning>) {
    let mut warnings = Warnings(Vec::new());
    let forward_facts = forward_facts(&source, numbering);
    let organization = source.organization;
    let zone = zones.get(organization.timezone.as_str()).unwrap_or_else(|_| {
        let problem = PlanProblem::UnknownZone(organization.timezone.to_string(), "UTC".to_owned());
        warnings.add(NodeKind::Organization, organization.id.get(), organization.name.as_str(), problem);
        TimeZone::UTC
    });

    let extensions = Table::new(source.extensions);
    let extension_numbers = extension_numbers(&extensions, &mut warnings);
    let phone_numbers = Table::new(source.phone_numbers);
    let own_numbers = own_numbers(&phone_numbers, &mut warnings);
    let groups = source.ring_groups.into_iter().map(|row| group(row, &extensions, &mut warnings)).collect();
    let longest_extension = extension_numbers.keys().map(|number| number.digit_count()).max().unwrap_or(0);
    let menus = source.ivr_menus.into_iter().map(|row| menu(row, longest_extension, &mut warnings)).collect();
    let lists: HashMap<_, _> = source.holiday_lists.iter().map(|list| (list.id, list)).collect();
    let hours = source.business_hours.into_iter().map(|row| hours(row, &lists, &zone, zones, &mut warnings)).collect();
    let boxes = Table::new(source.voicemail_boxes);
    let mut boxes_of = HashMap::new();
    for voicemail_box in boxes.iter() {
        if let Some(extension) = voicemail_box.extension_id {
            boxes_of.entry(extension).or_insert(voicemail_box.id);
        }
    }

    let plan = RoutingPlan {
        language: Language::of(&organization.language),
        zone,
        first_number: phone_numbers.iter().find(|row: &&PhoneNumber| row.status.is_active()).map(|row| row.number),
        extensions,
        extension_numbers,
        boxes_of,
        phone_numbers,
        own_numbers,
        groups: Table::new(groups),
        menus: Table::new(menus),
        hours: Table::new(hours),
        rooms: Table::new(source.conference_rooms),
        boxes,
        prompts: Table::new(source.prompts),
        assistants: Table::new(source.ai_assistants),
        rules: OutboundRules::new(source.outbound_rules),
        blocked: BlockList::new(source.blocked_callers),
        forward_facts,
        organization,
    };
    (plan, warnings.0)
}

struct Warnings(Vec<PlanWarning>);

impl Warnings {
    fn add(&mut self, kind: NodeKind, id: u64, name: &str, problem: PlanProblem) {
        self.0.push(PlanWarning { kind, id, name: name.to_owned(), problem });
    }
}

fn extension_numbers(
    extensions: &Table<Extension>,
    warnings: &mut Warnings,
) -> HashMap<crate::extension_number::ExtensionNumber, ExtensionId> {
    let mut numbers = HashMap::new();
    for extension in extensions.iter() {
        if *numbers.entry(extension.number).or_insert(extension.id) != extension.id {
            let problem = PlanProblem::DuplicateNumber(extension.number.to_string());
            warnings.add(NodeKind::Extension, extension.id.get(), extension.name.as_str(), problem);
        }
    }
    numbers
}

fn own_numbers(numbers: &Table<PhoneNumber>, warnings: &mut Warnings) -> HashMap<E164, crate::id::PhoneNumberId> {
    let mut own = HashMap::new();
    for row in numbers.iter() {
        if *own.entry(row.number).or_insert(row.id) != row.id {
            let problem = PlanProblem::DuplicateNumber(row.number.to_string());
            warnings.add(NodeKind::PhoneNumber, row.id.get(), &row.number.to_string(), problem);
        }
    }
    own
}

fn group(mut row: RingGroup, extensions: &Table<Extension>, warnings: &mut Warnings) -> Group {
    let mut members = Vec::with_capacity(row.members.len());
    let mut left_out = Vec::new();
    let mut seen = HashSet::new();
    for member in std::mem::take(&mut row.members) {
        match extensions.get(member.extension_id) {
            Some(extension) if extension.is_user() && seen.insert(extension.id) => {
                members.push((member.priority, extension.number, extension.id));
                row.members.push(member);
            }
            _ => {
                let problem = PlanProblem::BadMember(member.extension_id.get());
                warnings.add(NodeKind::RingGroup, row.id.get(), row.name.as_str(), problem);
                left_out.push(member.extension_id);
            }
        }
    }
    if members.len() > RingGroup::MAX_MEMBERS {
        let problem = PlanProblem::TooManyMembers(members.len());
        warnings.add(NodeKind::RingGroup, row.id.get(), row.name.as_str(), problem);
    }
    members.sort_unstable();
    let mut members: Vec<_> = members.into_iter().map(|(_, _, id)| id).collect();
    left_out.extend(members.drain(members.len().min(RingGroup::MAX_MEMBERS)..));
    Group { row, members, left_out }
}

fn menu(mut row: IvrMenu, longest_extension: u32, warnings: &mut Warnings) -> Menu {
    let mut seen = HashSet::new();
    row.options.retain(|option| {
        let first = seen.insert(option.digits);
        if !first {
            let problem = PlanProblem::DuplicateOption(option.digits.to_string());
            warnings.add(NodeKind::IvrMenu, row.id.get(), row.name.as_str(), problem);
        }
        first
    });
    let longest_option = row.options.iter().map(|option| option.digits.as_str().len()).max().unwrap_or(1);
    let longest_option = u32::try_from(longest_option).unwrap_or(1);
    let num_digits = if row.direct_dial { longest_option.max(longest_extension) } else { longest_option };
    let ends_with_hash = !row.options.iter().any(|option| option.digits.contains_hash());
    Menu { row, num_digits, ends_with_hash }
}

fn hours(
    row: BusinessHours,
    lists: &HashMap<crate::id::HolidayListId, &NamedHolidayList>,
    zone: &TimeZone,
    zones: &TimeZoneDatabase,
    warnings: &mut Warnings,
) -> Hours {
    let own_zone = row.timezone.as_ref().map(|name| {
        zones.get(name.as_str()).unwrap_or_else(|_| {
            let used = zone.iana_name().unwrap_or("UTC").to_owned();
            let problem = PlanProblem::UnknownZone(name.to_string(), used);
            warnings.add(NodeKind::BusinessHours, row.id.get(), row.name.as_str(), problem);
            zone.clone()
        })
    });
    let mut followed = Vec::new();
    for id in &row.holiday_list_ids {
        match lists.get(id) {
            Some(list) => followed.push(*list),
            None => {
                let problem = PlanProblem::MissingHolidayList(id.get());
                warnings.add(NodeKind::BusinessHours, row.id.get(), row.name.as_str(), problem);
            }
        }
    }
    let schedule = Schedule::new(own_zone.unwrap_or_else(|| zone.clone()), row.schedule)
        .with_active(row.status.is_active())
        .with_override(row.over)
        .with_exceptions(row.exceptions.as_slice().iter().cloned())
        .with_holidays(followed.iter().map(|list| &list.list));
    Hours {
        id: row.id,
        name: row.name,
        status: row.status,
        schedule,
        lists: followed.into_iter().map(|list| list.name.clone()).collect(),
        open: row.open,
        closed: row.closed,
    }
}

/// What is known of every number that a forward leads to.
fn forward_facts(source: &PlanSource, numbering: &dyn Numbering) -> HashMap<E164, NumberFacts> {
    let mut facts = HashMap::new();
    let mut note = |target: &ForwardTarget| {
        if let ForwardTarget::Number(number) = target {
            facts.entry(*number).or_insert_with(|| numbering.facts(*number));
        }
    };
    for destination in source.destinations() {
        if let Destination::Forward { to } = destination {
            note(to);
        }
    }
    for extension in &source.extensions {
        if let ExtensionKind::Forward { forward_to } = &extension.kind {
            note(forward_to);
        }
    }
    facts
}
