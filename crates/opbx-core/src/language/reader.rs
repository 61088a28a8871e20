//! From text to a plan: every object in turn, then what only the whole can tell.

use super::comments::{self, Notes};
use super::cursor::Context;
use super::fixture::FixtureCall;
use super::form::{
    assistant, block, call, conference, days, extension, group, hours, menu, number, organization, prompt, rule,
    voicemail,
};
use super::index::Index;
use super::kind::Kind;
use super::lexer::{File, lex};
use super::object::{Findings, Span};
use super::problem::{Fault, Problem, Problems};
use super::{Document, Secret, Spans};
use crate::id::{ExtensionId, VoicemailBoxId};
use crate::plan::PlanSource;
use crate::voicemail_box::VoicemailBox;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The longest text, in bytes.
const LONGEST: usize = 10_000_000;

/// Reads a text, and its comments if the caller has a use for them.
pub(super) fn read<'t>(
    text: &'t str,
    zones: &TimeZoneDatabase,
    with_comments: bool,
) -> Result<(Document, Notes<'t>), Vec<Problem>> {
    let mut found = Findings::default();
    if text.len() > LONGEST {
        found.problem(0, format!("a plan of more than {LONGEST} bytes"));
        return Err(found.problems.finish(&lex("", &mut Problems::default()), zones, |_| std::iter::empty()));
    }
    let file = lex(text, &mut found.problems);
    let index = Index::build(&file, &mut found.problems);
    if with_comments {
        found.commented = comments::commented(&file);
    }
    let document = objects(&file, &index, zones, &mut found);
    match document {
        Some(document) if found.problems.is_empty() => {
            let notes = if with_comments { comments::notes(&file, &index, &found) } else { Notes::default() };
            Ok((document, notes))
        }
        _ => Err(found.problems.finish(&file, zones, |kind| index.names(kind))),
    }
}

fn objects<'t>(
    file: &'t File<'t>,
    index: &'t Index<'t>,
    zones: &'t TimeZoneDatabase,
    found: &mut Findings,
) -> Option<Document> {
    let first = index.objects.iter().find(|object| object.kind == Kind::Organization);
    let mut context = Context { file, index, zones, zone: TimeZone::UTC };
    let organization = match first {
        Some(object) => organization::read(found, &context, object),
        None => {
            let message = "a plan has an organization, like `organization \"Acme\" US America/New_York`";
            found.problem(0, message);
            None
        }
    };
    let (organization, zone) = match organization {
        Some((organization, zone)) => (Some(organization), zone),
        None => (None, TimeZone::UTC),
    };
    context.zone = zone;
    // Without an organization the rest is read for its problems only.
    let stranger = || {
        let (name, country, zone) = ("?".parse().ok()?, "US".parse().ok()?, "UTC".parse().ok()?);
        Some(crate::organization::Organization::new(crate::id::OrganizationId::new(1), name, country, zone))
    };
    let mut source = PlanSource::new(organization.or_else(stranger)?);
    let mut spans = Spans::default();
    let mut calls: Vec<FixtureCall> = Vec::new();
    let mut members = Vec::new();
    let (mut pins, mut pin) = (Vec::new(), Vec::new());
    let context = &context;
    for object in &index.objects {
        spans.places.insert((object.kind, object.id), file.span(object.offset));
        match object.kind {
            Kind::Organization => {}
            Kind::Extension => source.extensions.extend(extension::read(found, context, object)),
            Kind::Hours => source.business_hours.extend(hours::read(found, context, object)),
            Kind::Holidays => source.holiday_lists.extend(days::read(found, context, object)),
            Kind::Group => source.ring_groups.extend(group::read(found, context, object, &mut members)),
            Kind::Menu => source.ivr_menus.extend(menu::read(found, context, object)),
            Kind::Room => source.conference_rooms.extend(conference::read(found, context, object)),
            Kind::Box => source.voicemail_boxes.extend(voicemail::read(found, context, object)),
            Kind::Prompt => source.prompts.extend(prompt::read(found, context, object)),
            Kind::Assistant => source.ai_assistants.extend(assistant::read(found, context, object)),
            Kind::Number => source.phone_numbers.extend(number::read(found, context, object)),
            Kind::Block => source.blocked_callers.extend(block::read(found, context, object)),
            Kind::Rule => source.outbound_rules.extend(rule::read(found, context, object)),
            Kind::Pins => pins.extend(conference::read_pins(found, context, object)),
            Kind::Pin => pin.extend(voicemail::read_pin(found, context, object)),
            Kind::Call => calls.push(call::read(found, context, object)),
        }
    }
    imply_boxes(&mut source, &mut spans, index);
    for (room, pin, host_pin) in pins {
        if let Some(room) = at(&mut source.conference_rooms, room) {
            (room.pin, room.host_pin) = (pin, host_pin);
        }
    }
    for (voicemail, pin) in pin {
        if let Some(voicemail) = at(&mut source.voicemail_boxes, voicemail) {
            voicemail.pin = Some(pin);
        }
    }
    check_members(&source, &members, found);
    let secrets =
        found.secrets.iter().map(|&(kind, of, offset)| Secret { kind, of, span: file.span(offset) }).collect();
    let suspended = found.suspended.map(|offset| file.span(offset));
    Some(Document { source, calls, secrets, suspended, spans })
}

/// The object with this identifier, which is its place from 1.
fn at<T>(objects: &mut [T], id: u64) -> Option<&mut T> {
    objects.get_mut(usize::try_from(id.checked_sub(1)?).ok()?)
}

/// Gives the extensions with voicemail and without a box theirs.
fn imply_boxes(source: &mut PlanSource, spans: &mut Spans, index: &Index<'_>) {
    let mut id = u64::try_from(source.voicemail_boxes.len()).unwrap_or(u64::MAX);
    for implied in &index.implied {
        let Ok(name) = implied.name.parse() else { continue };
        id = id.saturating_add(1);
        let mut voicemail = VoicemailBox::new(VoicemailBoxId::new(id), name);
        voicemail.extension_id = Some(ExtensionId::new(implied.extension));
        source.voicemail_boxes.push(voicemail);
        let span = spans.of(Kind::Extension, implied.extension).unwrap_or(Span { line: 1, column: 1 });
        spans.places.insert((Kind::Box, id), span);
    }
}

/// Members are people's extensions: whatever else an extension leads to, it cannot be one phone among others.
fn check_members(source: &PlanSource, members: &group::MemberPlaces, found: &mut Findings) {
    for &(id, offset) in members {
        let place = usize::try_from(id.get().saturating_sub(1)).ok();
        let extension = place.and_then(|place| source.extensions.get(place)).filter(|it| it.id == id);
        if let Some(extension) = extension
            && !extension.is_user()
        {
            let message = format!("extension {} is nobody's phone: members of a group are", extension.number);
            found.problems.push(*Fault::at(offset, message));
        }
    }
}
