//! Settings that several kinds of object have, written the same way in each.

use super::Printer;
use crate::caps::{CallCaps, Money};
use crate::id::PromptId;
use crate::language::cursor::{Cursor, is_digits};
use crate::language::kind::Kind;
use crate::language::object::Slot;
use crate::language::problem::Read;
use crate::language::text::{quoted, value};
use crate::organization::{Recording, Status};
use crate::prompt::MenuPrompt;
use crate::text::{CallerNamePrefix, EmailAddress, SpokenText, Voice};

/// `inactive`
pub(super) fn inactive(cursor: &mut Cursor<'_>, status: &mut Status) -> Slot {
    cursor.advance();
    *status = Status::Inactive;
    Slot::One("inactive")
}

/// `record off`, `record from answer`, `record from ringing`
pub(super) fn record(cursor: &mut Cursor<'_>) -> Read<Recording> {
    cursor.need("record")?;
    if cursor.eat("off") {
        return Ok(Recording::Off);
    }
    if cursor.eat("from") {
        if cursor.eat("answer") {
            return Ok(Recording::FromAnswer);
        }
        if cursor.eat("ringing") {
            return Ok(Recording::FromRinging);
        }
        return Err(cursor.expected_word("`answer` or `ringing`", &["answer", "ringing"]));
    }
    Err(cursor.expected_word("`off`, `from answer` or `from ringing`", &["off", "from"]))
}

pub(super) const fn record_words(recording: Recording) -> &'static str {
    match recording {
        Recording::Off => "record off",
        Recording::FromAnswer => "record from answer",
        Recording::FromRinging => "record from ringing",
    }
}

/// `callers as "Sales "`
pub(super) fn callers_as(cursor: &mut Cursor<'_>) -> Read<CallerNamePrefix> {
    cursor.need_all(&["callers", "as"])?;
    cursor.parsed_text("what stands before the caller's name")
}

/// `missed calls to desk@acme.example`
pub(super) fn missed_calls(cursor: &mut Cursor<'_>) -> Read<EmailAddress> {
    cursor.need_all(&["missed", "calls", "to"])?;
    cursor.parsed("an e-mail address")
}

pub(super) fn missed_calls_words(email: &EmailAddress) -> String {
    format!("missed calls to {}", value(email.as_str()))
}

/// `anonymous callers rejected`, `anonymous callers accepted`
pub(super) fn anonymous(cursor: &mut Cursor<'_>) -> Read<bool> {
    cursor.need_all(&["anonymous", "callers"])?;
    if cursor.eat("rejected") {
        return Ok(true);
    }
    if cursor.eat("accepted") {
        return Ok(false);
    }
    Err(cursor.expected_word("`rejected` or `accepted`", &["rejected", "accepted"]))
}

pub(super) const fn anonymous_words(rejected: bool) -> &'static str {
    if rejected { "anonymous callers rejected" } else { "anonymous callers accepted" }
}

/// `say "…" voice "…"`, behind `say`.
pub(super) fn spoken(cursor: &mut Cursor<'_>) -> Read<(SpokenText, Option<Voice>)> {
    let text = cursor.parsed_text("what is said")?;
    let voice = if cursor.eat("voice") { Some(cursor.parsed_text("the name of a voice")?) } else { None };
    Ok((text, voice))
}

pub(super) fn spoken_words(text: &SpokenText, voice: Option<&Voice>) -> String {
    let said = format!("say {}", quoted(text.as_str()));
    voice.map_or_else(|| said.clone(), |voice| format!("{said} voice {}", quoted(voice.as_str())))
}

/// `say "…"` or `play Prompt`
pub(super) fn menu_prompt(cursor: &mut Cursor<'_>) -> Read<MenuPrompt> {
    if cursor.eat("say") {
        let (text, voice) = spoken(cursor)?;
        return Ok(MenuPrompt::Text { text, voice });
    }
    if cursor.eat("play") {
        return Ok(MenuPrompt::Library { prompt_id: PromptId::new(cursor.reference(Kind::Prompt)?) });
    }
    Err(cursor.expected_word("`say` or `play`", &["say", "play"]))
}

pub(super) fn menu_prompt_words(prompt: &MenuPrompt, printer: &Printer<'_>) -> String {
    match prompt {
        MenuPrompt::Library { prompt_id } => format!("play {}", printer.names.of(Kind::Prompt, prompt_id.get())),
        MenuPrompt::Text { text, voice } => spoken_words(text, voice.as_ref()),
    }
}

/// `limits: 10 at once, 30 a minute, 500 a day, cost 12.50 a day`, with `unlimited` for a number where no limit can be
/// said: an extension has none to lift, without a word it has the organization's.
pub(super) fn limits(cursor: &mut Cursor<'_>, caps: &mut CallCaps, unlimited: bool) -> Read<()> {
    cursor.need("limits")?;
    cursor.eat_colon();
    loop {
        if cursor.eat("cost") {
            caps.cost_per_day = Some(cursor.parsed::<Money>("an amount like 12.50")?);
            cursor.need_all(&["a", "day"])?;
        } else {
            let limit = if unlimited && cursor.eat("unlimited") {
                None
            } else {
                Some(cursor.count("a limit like `10 at once`, `30 a minute`, `500 a day` or `cost 12.50 a day`")?)
            };
            if limit.is_none() && cursor.eat("cost") {
                caps.cost_per_day = None;
            } else if cursor.eat("at") {
                cursor.need("once")?;
                caps.concurrent = limit;
            } else {
                if !cursor.eat("a") {
                    return Err(cursor.expected("`at once`, `a minute` or `a day`"));
                }
                if cursor.eat("minute") {
                    caps.per_minute = limit;
                } else {
                    cursor.need("day")?;
                    caps.per_day = limit;
                }
            }
        }
        if !cursor.eat_comma() {
            return Ok(());
        }
        let more = cursor.at_end()
            || cursor.word().is_some_and(|word| is_digits(word) || matches!(word, "cost" | "unlimited"));
        if !more {
            return Ok(());
        }
    }
}

/// The limits that differ from `defaults`, or all of them if none does.
pub(super) fn limits_words(caps: &CallCaps, defaults: &CallCaps) -> String {
    let all = caps == defaults;
    let number = |limit: Option<u32>, default: Option<u32>, what: &str| {
        let text = limit.map_or_else(|| format!("unlimited {what}"), |limit| format!("{limit} {what}"));
        (all || limit != default).then_some(text)
    };
    let cost = match caps.cost_per_day {
        Some(cost) => Some(format!("cost {} a day", amount(cost))),
        None => (caps.cost_per_day != defaults.cost_per_day).then(|| "unlimited cost".to_owned()),
    };
    let said = [
        number(caps.concurrent, defaults.concurrent, "at once"),
        number(caps.per_minute, defaults.per_minute, "a minute"),
        number(caps.per_day, defaults.per_day, "a day"),
        cost.filter(|_| all || caps.cost_per_day != defaults.cost_per_day),
    ];
    format!("limits: {}", said.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// An amount as people write it: 5 or 5.50, never 5.5.
fn amount(money: Money) -> String {
    let text = money.to_string();
    let one_decimal = text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 1);
    if one_decimal { text + "0" } else { text }
}
