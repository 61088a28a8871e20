//! The text of a transcript: a line for each event, in words of telephony.

use std::collections::BTreeMap;
use std::fmt;

use super::{End, Event, Line, Transcript};

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.event)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls { from, to, direction, caller_name } => {
                write!(f, "{from} ")?;
                if let Some(name) = caller_name {
                    write!(f, "“{name}” ")?;
                }
                write!(f, "calls {to} ({})", direction.as_str())
            }
            Self::Asks { why, method, address, parameters } => {
                write!(f, "→ {method} {address}")?;
                write_parameters(parameters, f)?;
                if why.wants_document() { Ok(()) } else { write!(f, ", {}", why.tells()) }
            }
            Self::Receives { status, verbs } => {
                f.write_str("← ")?;
                if *status != 200 {
                    write!(f, "{status} ")?;
                }
                if verbs.is_empty() { f.write_str("an empty document") } else { f.write_str(&verbs.join(", ")) }
            }
            Self::Disregards { status } => write!(f, "← {status}, which changes nothing"),
            Self::RequestFails { reason } => write!(f, "← fails: {reason}"),
            Self::IsAnswered => f.write_str("is answered"),
            Self::Hears { text, early, loops } => write_heard(&format_args!("“{}”", one_line(text)), *early, *loops, f),
            Self::HearsAudio { url, early, loops } => write_heard(&format_args!("audio {url}"), *early, *loops, f),
            Self::HearsTones { digits, early, loops } => {
                write_heard(&format_args!("the tones {digits}"), *early, *loops, f)
            }
            Self::HearsBeep => f.write_str("hears a beep"),
            Self::Waits { length } => write!(f, "waits {length}"),
            Self::Presses { keys } => write!(f, "presses {keys}"),
            Self::PressesInVain { keys } => write!(f, "presses {keys}, and nobody listens"),
            Self::Says { text } => write!(f, "says: “{}”", one_line(text)),
            Self::SaysInVain { text } => write!(f, "says: “{}”, and nobody listens", one_line(text)),
            Self::Speaks { length } => write!(f, "speaks for {length}"),
            Self::StaysSilent { length } => write!(f, "stays silent for {length}"),
            Self::HangsUp => f.write_str("hangs up"),
            Self::IsRecorded { length, .. } => write!(f, "has left a recording of {length}"),
            Self::NothingRecorded => f.write_str("nothing is recorded"),
            Self::ApplicationHangsUp => f.write_str("the application hangs up"),
            Self::ApplicationRejects { reason } => write!(f, "the application rejects the call: {reason}"),
            Self::DocumentEnds => f.write_str("the document ends"),
            Self::Ends(end) => end.fmt(f),
            Self::Rings { .. }
            | Self::CalleeBusy { .. }
            | Self::CalleeDeclines { .. }
            | Self::CalleeUnreachable { .. }
            | Self::CalleeAnswers { .. }
            | Self::NobodyAnswers { .. }
            | Self::CalleeHangsUp { .. }
            | Self::TimeLimit { .. }
            | Self::KeyEndsDial { .. }
            | Self::DialEnds { .. }
            | Self::CallRecorded { .. } => write_dial(self, f),
            _ => write_media(self, f),
        }
    }
}

/// Dialling, ringing and talking.
fn write_dial(event: &Event, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match event {
        Event::Rings { whom, timeout, caller_id, caller_name, trunk, headers } => {
            write!(f, "rings {} for {timeout}", whom.join(", "))?;
            match (caller_name, caller_id) {
                (Some(name), Some(id)) => write!(f, " as {id} “{name}”")?,
                (Some(name), None) => write!(f, " as “{name}”")?,
                (None, Some(id)) => write!(f, " as {id}")?,
                (None, None) => {}
            }
            if let Some(trunk) = trunk {
                write!(f, " over {trunk}")?;
            }
            write_parameters(headers, f)
        }
        Event::CalleeBusy { whom } => write!(f, "{whom} is busy"),
        Event::CalleeDeclines { whom } => write!(f, "{whom} declines"),
        Event::CalleeUnreachable { whom } => write!(f, "{whom} cannot be reached"),
        Event::CalleeAnswers { whom } => write!(f, "{whom} answers"),
        Event::NobodyAnswers { length } => write!(f, "nobody answers within {length}"),
        Event::CalleeHangsUp { whom } => write!(f, "{whom} hangs up"),
        Event::TimeLimit { whom, limit } => write!(f, "{whom} is cut off after {limit}"),
        Event::KeyEndsDial { key } => write!(f, "presses {key}, which ends the conversation"),
        Event::DialEnds { status } => write!(f, "the dial ends: {}", status.as_str()),
        Event::CallRecorded { length, .. } => write!(f, "{length} are recorded"),
        _ => Ok(()),
    }
}

/// Conferences, streams and agents.
fn write_media(event: &Event, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match event {
        Event::JoinsConference { room, muted } => {
            write!(f, "joins the conference {room}{}", if *muted { ", muted" } else { "" })
        }
        Event::ConferenceStarts { room } => write!(f, "the conference {room} starts"),
        Event::WaitsInConference { room, music } => {
            let meanwhile = if *music { "hears music" } else { "hears nothing" };
            write!(f, "{meanwhile} and waits for {room} to start")
        }
        Event::LeavesConference { room } => write!(f, "leaves the conference {room}"),
        Event::ConferenceEnds { room } => write!(f, "the conference {room} ends"),
        Event::ConferenceFull { room } => write!(f, "the conference {room} is full"),
        Event::StreamConnects { url } => write!(f, "is connected to {url}"),
        Event::StreamStarts { url, name } => {
            write!(f, "a stream{} to {url} starts", named(name.as_deref()))
        }
        Event::StreamEnds { name } => write!(f, "the stream{} ends", named(name.as_deref())),
        Event::NoSuchStream { name } => write!(f, "there is no stream {name} to stop"),
        Event::Coaches { session, policy } => write!(f, "joins the session {session} ({policy})"),
        Event::CoachingEnds => f.write_str("leaves that session"),
        Event::Converses { model } => {
            write!(f, "talks to an agent{}", model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default())
        }
        Event::ConversationEnds => f.write_str("the agent is done"),
        _ => Ok(()),
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, sip, disposition, billed, .. } = self;
        write!(f, "call ends: {}, SIP {sip}, disposition {}", status.in_words(), disposition.as_str())?;
        write!(f, ", billed {billed} s")?;
        match &self.last_error {
            Some(error) => write!(f, " ({error})"),
            None => Ok(()),
        }
    }
}

fn write_heard(what: &fmt::Arguments<'_>, early: bool, loops: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(if early { "hears, unanswered: " } else { "hears: " })?;
    f.write_fmt(*what)?;
    match loops {
        0 => f.write_str(", over and over"),
        1 => Ok(()),
        loops => write!(f, ", {loops} times"),
    }
}

fn write_parameters(parameters: &BTreeMap<String, String>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if parameters.is_empty() {
        return Ok(());
    }
    let parameters: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    write!(f, " ({})", one_line(&parameters.join(", ")))
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!(" {name}")).unwrap_or_default()
}

/// A line of a transcript is a line: breaks and indentation of a document are spaces when they are spoken.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
