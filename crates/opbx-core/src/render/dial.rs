//! Dials, as verbs.

use super::Renderer;
use crate::ai_assistant::{AiAssistant, Connection, Credentials};
use crate::conference_room::ConferenceRoom;
use crate::decision::{CallerId, Dial, DialTarget, Phone, Recorded};
use crate::organization::Recording;
use crate::route::Step;
use crate::secret::Password;

impl Renderer<'_> {
    pub(super) fn dial(&self, dial: &Dial<'_>) -> cxml::Verb {
        let target = match &dial.target {
            DialTarget::Phones(phones) => phones_of(phones),
            DialTarget::Conference { room, host } => Some(self.conference(room, *host, &dial.then).into()),
            DialTarget::Assistant(assistant) => assistant_of(assistant),
        };
        // Everything dialled was checked when it was parsed; should that ever not hold, silence would be worse.
        let Some(target) = target else {
            return cxml::Hangup.into();
        };
        let mut verb = cxml::Dial::new(target);
        verb.caller_id = match &dial.caller_id {
            CallerId::Unset => None,
            CallerId::AsReceived(text) => Some(cxml::Text::lossy(&**text)),
            CallerId::Own(number) => Some(cxml::Text::lossy(number.to_string())),
            // How the platform wants to be told is unverified; see docs/platform.md.
            CallerId::Anonymous => Some(cxml::Text::lossy("anonymous")),
        };
        verb.caller_name = dial.caller_name.as_deref().map(cxml::Text::lossy);
        verb.timeout = dial.timeout.map(crate::bounded::RingTimeout::get);
        verb.time_limit = dial.time_limit;
        verb.trunks = dial.trunk.and_then(|trunk| cxml::TrunkName::new(trunk.as_str()).ok());
        verb.record = match dial.recording {
            Recording::Off => None,
            Recording::FromAnswer => Some(cxml::DialRecord::FromAnswer),
            Recording::FromRinging => Some(cxml::DialRecord::FromRinging),
        };
        if verb.record.is_some() {
            verb.recording_status_callback = Some(self.links.recording(Recorded::Conversation, Some(&dial.then)));
        }
        verb.action = Some(self.links.step(&dial.then));
        verb.into()
    }

    fn conference(&self, room: &ConferenceRoom, host: bool, then: &Step) -> cxml::Conference {
        let name = format!("org{}-room{}", self.plan.organization().id, room.id);
        let mut noun = match cxml::ConferenceName::new(name) {
            Ok(name) => cxml::Conference::new(name),
            Err(_) => cxml::Conference::default(),
        };
        noun.max_participants = Some(cxml::MaxParticipants::clamped(room.max_participants.get()));
        noun.beep = Some(if room.announce_join_leave { cxml::Beep::Always } else { cxml::Beep::Never });
        noun.prompts = Some(room.announce_join_leave);
        noun.hold_music = Some(room.music_on_hold);
        noun.muted = (room.mute_on_entry && !host).then_some(true);
        if room.wait_for_host && room.host_pin.is_some() {
            noun.start_conference_on_enter = Some(if host { cxml::StartOnEnter::Yes } else { cxml::StartOnEnter::No });
        }
        noun.end_conference_on_exit = (host && room.end_on_host_exit).then_some(true);
        // Whoever joins has a call that goes on, and whoever leaves one that does not end by itself.
        noun.status_callback = Some(self.links.conference(room.id));
        let mut events = cxml::ValueSet::new();
        for event in [cxml::ConferenceEvent::Join, cxml::ConferenceEvent::Leave] {
            events.insert(event);
        }
        noun.status_callback_event = Some(events);
        if room.recording {
            noun.record = Some(cxml::ConferenceRecord::RecordFromStart);
            noun.recording_status_callback = Some(self.links.recording(Recorded::Conversation, Some(then)));
        }
        noun
    }
}

fn phones_of(phones: &[Phone<'_>]) -> Option<cxml::DialTarget> {
    let endpoints: Vec<cxml::Endpoint> = phones
        .iter()
        .filter_map(|phone| {
            Some(match phone {
                Phone::Extension(number) => cxml::Number::try_from(number.to_string().as_str()).ok()?.into(),
                Phone::Sip(uri) => cxml::Sip::new(cxml::SipAddress::new(uri.to_string()).ok()?).into(),
                Phone::Trunk(digits) => cxml::Number::try_from(&**digits).ok()?.into(),
            })
        })
        .collect();
    cxml::Endpoints::try_from(endpoints).ok().map(Into::into)
}

fn assistant_of(assistant: &AiAssistant) -> Option<cxml::DialTarget> {
    match &assistant.connection {
        Connection::Service { provider, number, credentials } => {
            let provider = cxml::ProviderName::new(provider.as_str()).ok()?;
            let mut noun = cxml::Service::new(provider, cxml::ServiceNumber::new(number.as_str()).ok()?);
            (noun.username, noun.password) = sign_in(credentials.as_ref());
            Some(noun.into())
        }
        Connection::Sip { sip_uri, credentials } => {
            let mut noun = cxml::Sip::new(cxml::SipAddress::new(sip_uri.as_str()).ok()?);
            (noun.username, noun.password) = sign_in(credentials.as_ref());
            Some(noun.into())
        }
        Connection::Stream { .. } => None,
    }
}

fn sign_in(credentials: Option<&Credentials>) -> (Option<cxml::Text>, Option<cxml::Password>) {
    let username = credentials.map(|credentials| cxml::Text::lossy(credentials.username.as_str()));
    let password = credentials.and_then(|credentials| credentials.password.as_ref()).map(Password::reveal);
    (username, password.map(Into::into))
}

/// The verb that sends a call's sound to an assistant.
pub(super) fn stream(assistant: &AiAssistant) -> cxml::Verb {
    let Connection::Stream { url, parameters } = &assistant.connection else {
        return cxml::Hangup.into();
    };
    let Ok(url) = cxml::WssUrl::new(url.as_str()) else {
        return cxml::Hangup.into();
    };
    let mut stream = cxml::Stream::new(url);
    stream.parameters = parameters
        .iter()
        .map(|(name, value)| cxml::Parameter::new(cxml::Text::lossy(name.as_str()), cxml::Text::lossy(value.as_str())))
        .collect();
    cxml::Connect::stream(stream).into()
}
