//! From a plan to its one canonical text.

use super::fixture::FixtureCall;
use super::form::{
    Printer, assistant, block, call, conference, days, extension, group, hours, menu, number, organization, prompt,
    rule, voicemail,
};
use super::kind::Kind;
use super::names::Names;
use super::sheet::{Block, Kept};
use crate::id::{ExtensionId, VoicemailBoxId};
use crate::plan::PlanSource;
use crate::voicemail_box::VoicemailBox;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::{HashMap, HashSet};

/// What a text has beside its plan, for the formatter.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'d> {
    pub(super) calls: &'d [FixtureCall],
    /// The objects whose PINs the text holds: rooms and boxes, each by the kind of its line.
    pub(super) secrets: Option<&'d HashSet<(Kind, u64)>>,
}

/// The blocks of a plan, in the order of the page: by kind, then by identifier.
pub(super) fn blocks<'k>(
    source: &'k PlanSource,
    zones: &'k TimeZoneDatabase,
    kept: &'k Kept,
    beside: Beside<'_>,
) -> Vec<Block<'k>> {
    let zone = zones.get(source.organization.timezone.as_str()).unwrap_or(TimeZone::UTC);
    let printer = Printer { names: Names::new(source), kept, zones, zone };
    let printer = &printer;
    let implied = implied(source, kept);
    let mut blocks = vec![organization::print(&source.organization, printer)];
    blocks.extend(sorted(&source.extensions, |it| it.id).map(|it| extension::print(it, printer)));
    blocks.extend(sorted(&source.business_hours, |it| it.id).map(|it| hours::print(it, printer)));
    blocks.extend(sorted(&source.holiday_lists, |it| it.id).map(|it| days::print(it, printer)));
    blocks.extend(sorted(&source.ring_groups, |it| it.id).map(|it| group::print(it, printer)));
    blocks.extend(sorted(&source.ivr_menus, |it| it.id).map(|it| menu::print(it, printer)));
    blocks.extend(sorted(&source.conference_rooms, |it| it.id).map(|it| conference::print(it, printer)));
    let boxes = sorted(&source.voicemail_boxes, |it| it.id).filter(|it| !implied.contains(&it.id));
    blocks.extend(boxes.map(|it| voicemail::print(it, printer)));
    blocks.extend(sorted(&source.prompts, |it| it.id).map(|it| prompt::print(it, printer)));
    blocks.extend(sorted(&source.ai_assistants, |it| it.id).map(|it| assistant::print(it, printer)));
    blocks.extend(sorted(&source.phone_numbers, |it| it.id).map(|it| number::print(it, printer)));
    blocks.extend(sorted(&source.blocked_callers, |it| it.id).map(|it| block::print(it, printer)));
    blocks.extend(sorted(&source.outbound_rules, |it| (it.position, it.id)).map(|it| rule::print(it, printer)));
    if let Some(secrets) = beside.secrets {
        let rooms = sorted(&source.conference_rooms, |it| it.id);
        let rooms = rooms.filter(|it| secrets.contains(&(Kind::Pins, it.id.get())));
        blocks.extend(rooms.map(|it| conference::print_pins(it, printer)));
        let boxes = sorted(&source.voicemail_boxes, |it| it.id);
        let boxes = boxes.filter(|it| secrets.contains(&(Kind::Pin, it.id.get())));
        blocks.extend(boxes.map(|it| voicemail::print_pin(it, printer)));
    }
    blocks.extend((1..).zip(beside.calls).map(|(id, it)| call::print(it, id, printer)));
    blocks
}

fn sorted<T, K: Ord>(objects: &[T], key: impl Fn(&T) -> K) -> impl Iterator<Item = &T> {
    let mut objects: Vec<&T> = objects.iter().collect();
    objects.sort_by_key(|object| key(object));
    objects.into_iter()
}

/// The boxes that need no line, since reading gives them to their extensions again: the last ones, in the order of
/// their extensions, as far as nothing about them differs from what an extension gets by itself.
fn implied(source: &PlanSource, kept: &Kept) -> HashSet<VoicemailBoxId> {
    let boxes: Vec<&VoicemailBox> = sorted(&source.voicemail_boxes, |it| it.id).collect();
    let extensions: HashMap<_, _> = source.extensions.iter().map(|it| (it.id, it)).collect();
    let mut owned: HashMap<ExtensionId, usize> = HashMap::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (place, voicemail) in boxes.iter().enumerate() {
        first.entry(voicemail.name.as_str()).or_insert(place);
        if let Some(extension) = voicemail.extension_id {
            *owned.entry(extension).or_default() += 1;
        }
    }
    let mut implied = HashSet::new();
    let mut behind: Option<ExtensionId> = None;
    for (place, voicemail) in boxes.iter().enumerate().rev() {
        let Some(extension) = voicemail.extension_id.and_then(|id| extensions.get(&id)) else { break };
        let mut plain = VoicemailBox::new(voicemail.id, voicemail.name.clone());
        plain.extension_id = voicemail.extension_id;
        plain.pin.clone_from(&voicemail.pin);
        let name = extension.name.as_str();
        let taken = first.get(name).is_some_and(|&first| first < place);
        let named = if taken {
            voicemail.name.as_str() == format!("{name} {}", extension.number)
        } else {
            voicemail.name.as_str() == name
        };
        let by_itself = extension.voicemail_enabled
            && owned.get(&extension.id) == Some(&1)
            && **voicemail == plain
            && named
            && behind.is_none_or(|behind| extension.id < behind)
            && !kept.contains_key(&(Kind::Box, voicemail.id.get()));
        if !by_itself {
            break;
        }
        behind = Some(extension.id);
        implied.insert(voicemail.id);
    }
    implied
}
