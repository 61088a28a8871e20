//! What a plan takes in memory: which fields of which rows hold something on the heap.

use super::RoutingPlan;
use super::compiled::{Group, Hours, Menu};
use super::rules::{BlockList, OutboundRules};
use super::table::{Row, Table};
use crate::ai_assistant::{AiAssistant, Connection, Credentials, StreamUrl};
use crate::blocked_caller::BlockedCaller;
use crate::conference_room::ConferenceRoom;
use crate::destination::{Destination, Failsafe, ForwardTarget};
use crate::extension::{Extension, ExtensionKind};
use crate::heap::{Heap, fields, flat, texts};
use crate::id::{ExtensionId, PhoneNumberId, VoicemailBoxId};
use crate::ivr_menu::{IvrMenu, MenuOption};
use crate::number::{NumberFacts, NumberPrefix};
use crate::organization::Organization;
use crate::outbound_rule::OutboundRule;
use crate::phone_number::PhoneNumber;
use crate::prompt::{AudioUrl, MenuPrompt, Prompt, PromptKind};
use crate::region::{CountryCode, LanguageTag};
use crate::ring_group::{Member, RingGroup};
use crate::secret::{Password, Pin};
use crate::sip_uri::SipUri;
use crate::sound::Sound;
use crate::text::{
    CallerNamePrefix, DialPrefix, EmailAddress, Name, Note, ParameterName, ParameterValue, ServiceNumber,
    ServiceProvider, SpokenText, TrunkName, Voice, ZoneName,
};
use crate::voicemail_box::VoicemailBox;

impl RoutingPlan {
    /// How many bytes of memory it takes, as an estimate: with what it holds on the heap, without the rules of its
    /// zones, which plans share.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.heap()
    }
}

fields! {
    RoutingPlan {
        organization, extensions, extension_numbers, boxes_of, phone_numbers, own_numbers, groups, menus, hours, rooms,
        boxes, prompts, assistants, rules, blocked, forward_facts
    };
    Organization { name, timezone, language, voice, failsafe };
    Extension { name, kind, forward_always, forward_busy, forward_no_answer, forward_unreachable, missed_call_email };
    PhoneNumber { name, destination, caller_name_prefix };
    RingGroup { name, description, members, fallback, caller_name_prefix, missed_call_email };
    Group { row, members, left_out };
    IvrMenu { name, prompt, options, direct_dial_exclude, invalid_prompt, silence_prompt, failover };
    MenuOption { label, destination };
    Menu { row };
    Hours { name, schedule, lists, open, closed };
    ConferenceRoom { name, description, pin, host_pin };
    VoicemailBox { name, pin, email };
    Prompt { name, kind, sound };
    AiAssistant { name, connection, fallback };
    Credentials { username, password };
    OutboundRule { name, countries, prefixes, prepend, trunk };
    OutboundRules { rules, by_prefix, by_country, for_everything };
    BlockedCaller { reason, destination };
    BlockList { by_pattern };
}

flat!(ExtensionId, PhoneNumberId, VoicemailBoxId, Member, NumberFacts, NumberPrefix, CountryCode);

texts! {
    Name: as_str, Note: as_str, SpokenText: as_str, Voice: as_str, TrunkName: as_str, CallerNamePrefix: as_str,
    DialPrefix: as_str, ServiceProvider: as_str, ServiceNumber: as_str, ParameterName: as_str, ParameterValue: as_str,
    EmailAddress: as_str, ZoneName: as_str, LanguageTag: as_str, SipUri: as_str, AudioUrl: as_str, StreamUrl: as_str,
    Pin: reveal, Password: reveal,
}

impl<T: Row + Heap> Heap for Table<T> {
    fn heap(&self) -> usize {
        self.rows.heap() + self.places.heap()
    }
}

impl Heap for Destination {
    fn heap(&self) -> usize {
        match self {
            Self::Forward { to } => to.heap(),
            Self::Announcement { then, .. } => then.heap(),
            _ => 0,
        }
    }
}

impl Heap for ForwardTarget {
    fn heap(&self) -> usize {
        match self {
            Self::Sip(uri) => uri.heap(),
            Self::Extension(_) | Self::Number(_) => 0,
        }
    }
}

impl Heap for Failsafe {
    fn heap(&self) -> usize {
        match self {
            Self::Forward { to } => to.heap(),
            Self::Hangup | Self::Busy => 0,
        }
    }
}

impl Heap for ExtensionKind {
    fn heap(&self) -> usize {
        match self {
            Self::User { sip_uri } => sip_uri.heap(),
            Self::Forward { forward_to } => forward_to.heap(),
            _ => 0,
        }
    }
}

impl Heap for MenuPrompt {
    fn heap(&self) -> usize {
        match self {
            Self::Library { .. } => 0,
            Self::Text { text, voice } => text.heap() + voice.heap(),
        }
    }
}

impl Heap for PromptKind {
    fn heap(&self) -> usize {
        match self {
            Self::Upload => 0,
            Self::Text { text, voice } => text.heap() + voice.heap(),
            Self::Remote { url } => url.heap(),
        }
    }
}

impl Heap for Sound {
    fn heap(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Unreachable { error } => error.len(),
            Self::Held(file) => file.key.len(),
        }
    }
}

impl Heap for Connection {
    fn heap(&self) -> usize {
        match self {
            Self::Service { provider, number, credentials } => provider.heap() + number.heap() + credentials.heap(),
            Self::Sip { sip_uri, credentials } => sip_uri.heap() + credentials.heap(),
            Self::Stream { url, parameters } => url.heap() + parameters.heap(),
        }
    }
}
