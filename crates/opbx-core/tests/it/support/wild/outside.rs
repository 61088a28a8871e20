//! Wild rows that have to do with the outside: rules, the block list, assistants.

use super::values::{COUNTRIES, PREFIXES, SIP, bounded, destination, name, status};
use crate::support::dice::Dice;
use opbx_core::ai_assistant::{AiAssistant, Connection, Credentials};
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::id::*;
use opbx_core::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use opbx_core::secret::Password;
use std::str::FromStr;

/// The password of every assistant that has one.
pub(crate) const PASSWORD: &str = "s3cr3t-w0rd";

fn some<T: FromStr>(dice: &mut Dice, from: &[&str]) -> Vec<T> {
    let count = dice.pick(&[0, 0, 0, 0, 1, 2, 3]);
    (0..count).map(|_| dice.parse(from)).collect()
}

pub(super) fn rule(dice: &mut Dice, id: u64) -> OutboundRule {
    OutboundRule {
        id: OutboundRuleId::new(id),
        name: name(dice),
        position: dice.between(0, 3),
        countries: some(dice, COUNTRIES),
        prefixes: some(dice, PREFIXES),
        min_length: if dice.roll(5) == 1 { Some(bounded(dice)) } else { None },
        max_length: if dice.roll(5) == 1 { Some(bounded(dice)) } else { None },
        strip: if dice.chance() { dice.pick(&[0, 1, 2, 12, 16]).try_into().unwrap() } else { bounded(dice) },
        prepend: dice.parse(&["", "", "00", "9#", "+", "*1"]),
        trunk: dice.maybe(|dice| dice.parse(&["ny", "the world", "<&>"])),
        caller_id: match dice.roll(4) {
            0 => CallerIdPolicy::Anonymous,
            1 => CallerIdPolicy::Number { phone_number_id: PhoneNumberId::new(super::values::id(dice, 4)) },
            _ => CallerIdPolicy::Extension,
        },
        permissions: PermissionClasses { national: dice.roll(4) != 1, international: dice.roll(4) != 1 },
        allow_premium: dice.chance(),
        status: status(dice),
    }
}

pub(super) fn blocked(dice: &mut Dice, id: u64) -> BlockedCaller {
    BlockedCaller {
        id: BlockedCallerId::new(id),
        pattern: dice.parse(&["+14155550123", "+4420", "+49", "+9", "+12125550100"]),
        reason: dice.maybe(|dice| dice.parse(&["nuisance", "", "a\nb"])),
        destination: if dice.chance() { Some(destination(dice)) } else { None },
        expires_at: dice.maybe(super::values::now),
        status: status(dice),
    }
}

pub(super) fn assistant(dice: &mut Dice, number: u64) -> AiAssistant {
    let credentials = if dice.chance() {
        let password = dice.maybe(|_| Password::new(PASSWORD.to_owned()));
        Some(Credentials { username: dice.parse(&["ava", "", "a <b>"]), password })
    } else {
        None
    };
    let connection = match dice.roll(3) {
        0 => Connection::Service {
            provider: dice.parse(&["retell", "x#y"]),
            number: dice.parse(&["+12125550177", "agent,1", "a:"]),
            credentials,
        },
        1 => Connection::Sip { sip_uri: dice.parse(SIP), credentials },
        _ => Connection::Stream {
            url: dice.parse(&["wss://acme.example/s", "wss://x.example/?a=b&c=d"]),
            parameters: (0..dice.roll(3))
                .map(|_| (dice.parse(&["lang", "#x"]), dice.parse(&["en", "", "<"])))
                .collect(),
        },
    };
    let (name, status, fallback) = (name(dice), status(dice), destination(dice));
    AiAssistant { id: AiAssistantId::new(number), name, status, connection, fallback }
}
