//! `organization "Acme Dental" US America/New_York`

use super::Printer;
use super::shared;
use crate::bounded::{MaxCallSeconds, RingTimeout};
use crate::caps::CallCaps;
use crate::destination::{Failsafe, ForwardTarget};
use crate::id::{OrganizationId, PromptId};
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Hint, Read};
use crate::language::sheet::Block;
use crate::language::text::{quoted, value};
use crate::number::E164;
use crate::organization::{Organization, OrganizationStatus, Recording};
use crate::region::{CountryCode, LanguageTag};
use crate::text::{Name, Voice, ZoneName};
use jiff::tz::TimeZone;

const SETTINGS: &[&str] = &[
    "suspended",
    "language",
    "voice",
    "ring",
    "time",
    "record",
    "recording",
    "anonymous",
    "mask",
    "emergency",
    "failsafe",
    "outbound",
    "extension",
];

/// Reads the organization and the zone of its wall clock.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<(Organization, TimeZone)> {
    // What a head that cannot be read leaves behind: its lines are read all the same, and the plan is refused.
    let (name, country, zone_name) = ("?".parse().ok()?, "US".parse().ok()?, "UTC".parse().ok()?);
    let organization = Organization::new(OrganizationId::new(1), name, country, zone_name);
    let mut read = (organization, TimeZone::UTC);
    let mut suspended = None;
    let mut emergency = None;
    found.object(
        context,
        object,
        &mut read,
        |cursor, (organization, rules)| {
            organization.name = cursor.declared_name::<Name>("the name of the organization")?;
            organization.country = cursor.parsed::<CountryCode>("a country code like US")?;
            let offset = cursor.offset();
            organization.timezone = cursor.parsed::<ZoneName>("a time zone like America/New_York")?;
            *rules = zone(cursor, offset, &organization.timezone)?;
            Ok(())
        },
        |cursor, (organization, _)| {
            let offset = cursor.offset();
            match cursor.word() {
                Some("suspended") => suspended = Some(offset),
                Some("emergency") => emergency = Some(offset),
                _ => {}
            }
            setting(cursor, organization)
        },
    );
    found.suspended = suspended;
    if let (Some(number), Some(offset)) = (read.0.emergency_caller_id, emergency)
        && context.index.id(Kind::Number, &number.to_string()).is_none()
    {
        found.problem(offset, format!("the emergency caller {number} is no number of the organization"));
    }
    Some(read)
}

/// The rules of a zone.
pub(crate) fn zone(cursor: &Cursor<'_>, offset: usize, name: &ZoneName) -> Read<TimeZone> {
    cursor.context.zones.get(name.as_str()).map_err(|_| {
        let mut fault = Fault::at(offset, format!("no time zone `{name}`"));
        fault.hint = Hint::Zones(name.to_string());
        fault
    })
}

fn setting(cursor: &mut Cursor<'_>, organization: &mut Organization) -> Read<Slot> {
    let one = Slot::One;
    match cursor.word() {
        Some("suspended") => {
            cursor.advance();
            organization.status = OrganizationStatus::Suspended;
            Ok(one("suspended"))
        }
        Some("language") => {
            cursor.advance();
            organization.language = cursor.parsed::<LanguageTag>("a language like en or es-MX")?;
            Ok(one("language"))
        }
        Some("voice") => {
            cursor.advance();
            organization.voice = Some(cursor.parsed_text::<Voice>("the name of a voice")?);
            Ok(one("voice"))
        }
        Some("ring") => {
            cursor.advance();
            organization.no_answer_timeout = cursor.duration("a time")?;
            Ok(one("ring"))
        }
        Some("time") => {
            cursor.advance();
            cursor.need("limit")?;
            organization.max_call_seconds = cursor.duration("a time")?;
            Ok(one("time limit"))
        }
        Some("record") => {
            organization.recording = shared::record(cursor)?;
            Ok(one("record"))
        }
        Some("recording") => {
            cursor.advance();
            cursor.need("notice")?;
            organization.recording_notice = Some(PromptId::new(cursor.reference(Kind::Prompt)?));
            Ok(one("recording notice"))
        }
        Some("anonymous") => {
            organization.reject_anonymous = shared::anonymous(cursor)?;
            Ok(one("anonymous"))
        }
        Some("mask") => {
            cursor.advance();
            cursor.need("numbers")?;
            organization.mask_numbers = true;
            Ok(one("mask"))
        }
        Some("emergency") => {
            cursor.advance();
            cursor.need("caller")?;
            organization.emergency_caller_id = Some(cursor.parsed::<E164>("a number of the organization")?);
            Ok(one("emergency"))
        }
        Some("failsafe") => {
            cursor.advance();
            organization.failsafe = Some(failsafe(cursor)?);
            Ok(one("failsafe"))
        }
        Some("outbound") => {
            cursor.advance();
            shared::limits(cursor, &mut organization.outbound_caps, true)?;
            Ok(one("outbound limits"))
        }
        Some("extension") => {
            cursor.advance();
            shared::limits(cursor, &mut organization.per_extension_caps, true)?;
            Ok(one("extension limits"))
        }
        _ => Err(cursor.expected_word("a setting of the organization", SETTINGS)),
    }
}

fn failsafe(cursor: &mut Cursor<'_>) -> Read<Failsafe> {
    if cursor.eat("hangup") {
        return Ok(Failsafe::Hangup);
    }
    if cursor.eat("busy") {
        return Ok(Failsafe::Busy);
    }
    if !cursor.eat("forward") {
        let words = &["forward", "hangup", "busy"];
        return Err(cursor.expected_word("`forward …`, `hangup` or `busy`", words));
    }
    let wanted = "a number like +12125550100 or a SIP address: without its plan nobody knows an extension";
    let fault = cursor.expected(wanted);
    match cursor.parsed::<ForwardTarget>(wanted)? {
        ForwardTarget::Extension(_) => Err(fault),
        to => Ok(Failsafe::Forward { to }),
    }
}

/// Prints the organization.
pub(crate) fn print<'k>(organization: &Organization, printer: &Printer<'k>) -> Block<'k> {
    let Organization { id: _, name, status, country, timezone, language, voice, .. } = organization;
    let head = format!("organization {} {country} {}", quoted(name.as_str()), value(timezone.as_str()));
    let mut block = Block::new(Kind::Organization, 1, printer.kept, head);
    let one = Slot::One;
    block.line(one("suspended"), *status == OrganizationStatus::Suspended, "suspended");
    block.line(one("language"), *language != LanguageTag::default(), format!("language {language}"));
    if let Some(voice) = voice {
        block.line(one("voice"), true, format!("voice {}", quoted(voice.as_str())));
    }
    let ring = organization.no_answer_timeout;
    block.line(one("ring"), ring != RingTimeout::literal::<30>(), format!("ring {ring}s"));
    let limit = organization.max_call_seconds;
    let differs = limit != MaxCallSeconds::literal::<14_400>();
    block.line(one("time limit"), differs, format!("time limit {}", duration(limit.get())));
    block.line(one("record"), organization.recording != Recording::Off, shared::record_words(organization.recording));
    if let Some(prompt) = organization.recording_notice {
        let name = printer.names.of(Kind::Prompt, prompt.get());
        block.line(one("recording notice"), true, format!("recording notice {name}"));
    }
    let rejected = organization.reject_anonymous;
    block.line(one("anonymous"), rejected, shared::anonymous_words(rejected));
    block.line(one("mask"), organization.mask_numbers, "mask numbers");
    if let Some(number) = organization.emergency_caller_id {
        block.line(one("emergency"), true, format!("emergency caller {number}"));
    }
    if let Some(failsafe) = &organization.failsafe {
        let text = match failsafe {
            Failsafe::Forward { to } => format!("failsafe forward {}", value(&to.to_string())),
            Failsafe::Hangup => "failsafe hangup".to_owned(),
            Failsafe::Busy => "failsafe busy".to_owned(),
        };
        block.line(one("failsafe"), true, text);
    }
    let limits = [
        ("outbound", "outbound limits", organization.outbound_caps, CallCaps::organization_default()),
        ("extension", "extension limits", organization.per_extension_caps, CallCaps::per_extension_default()),
    ];
    for (word, slot, caps, defaults) in limits {
        block.line(one(slot), caps != defaults, format!("{word} {}", shared::limits_words(&caps, &defaults)));
    }
    block
}

/// A duration in the largest unit that keeps it whole.
fn duration(seconds: u32) -> String {
    if seconds.is_multiple_of(3_600) {
        format!("{}h", seconds / 3_600)
    } else if seconds.is_multiple_of(60) {
        format!("{}m", seconds / 60)
    } else {
        format!("{seconds}s")
    }
}
