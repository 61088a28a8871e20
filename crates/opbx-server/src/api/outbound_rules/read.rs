//! An outbound rule from the fields of a body.

use super::super::form::Fields;
use super::LAST;
use crate::field_errors::FieldError;
use opbx_core::id::{OutboundRuleId, PhoneNumberId};
use opbx_core::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use opbx_store::ObjectKind;

/// The most countries or beginnings of numbers of a rule.
const MOST: usize = 300;

pub(super) fn rule(fields: &Fields<'_>, before: Option<&OutboundRule>) -> Option<OutboundRule> {
    // Every field is read before the first one that is missing ends it, so that all mistakes are told.
    let (name, position) = (fields.spelled("name"), fields.maybe_whole("position"));
    let (countries, prefixes) = (fields.countries("countries", MOST), fields.spelled_list("prefixes", MOST));
    let (min_length, max_length) = (fields.maybe_number("min_length"), fields.maybe_number("max_length"));
    let (strip, prepend) = (fields.number("strip"), fields.spelled("prepend"));
    let (trunk, caller_id) = (fields.maybe_spelled("trunk"), caller_id(fields));
    let (permissions, allow_premium) = (permissions(fields), fields.flag("allow_premium"));
    let status = fields.word("status");
    Some(OutboundRule {
        id: before.map_or(OutboundRuleId::new(0), |before| before.id),
        name: name?,
        position: position?.unwrap_or(LAST),
        countries: countries?,
        prefixes: prefixes?,
        min_length: min_length?,
        max_length: max_length?,
        strip: strip?,
        prepend: prepend?,
        trunk: trunk?,
        caller_id: caller_id?,
        permissions: permissions?,
        allow_premium: allow_premium?,
        status: status?,
    })
}

fn caller_id(fields: &Fields<'_>) -> Option<CallerIdPolicy> {
    let of = fields.nested("caller_id")?;
    let policy = match of.text("policy")? {
        "extension" => CallerIdPolicy::Extension,
        "anonymous" => CallerIdPolicy::Anonymous,
        "number" => {
            of.only(&["policy", "phone_number_id"]);
            let phone_number_id = of.reference("phone_number_id", ObjectKind::PhoneNumber, PhoneNumberId::new)?;
            return Some(CallerIdPolicy::Number { phone_number_id });
        }
        _ => return of.wrong("policy", FieldError::invalid("extension, number or anonymous")),
    };
    of.only(&["policy"]);
    Some(policy)
}

fn permissions(fields: &Fields<'_>) -> Option<PermissionClasses> {
    let wrong =
        || fields.wrong("permissions", FieldError::invalid("a list of national and international, or one of them"));
    let Some(list) = fields.value("permissions").and_then(serde_json::Value::as_array) else { return wrong() };
    let mut classes = PermissionClasses { national: false, international: false };
    for word in list {
        match word.as_str() {
            Some("national") => classes.national = true,
            Some("international") => classes.international = true,
            _ => return wrong(),
        }
    }
    if list.is_empty() { wrong() } else { Some(classes) }
}
