//! In which order calls are asked for.

use super::super::list::QueryParameters;
use super::super::operation::Operation;
use super::mask::Numbers;
use jiff::Timestamp;
use opbx_store::{CallField, CallOrder};
use serde_json::json;

/// The order that a query asks for; `None`: newest first, which is that of the log. What is unknown is as if it were not there.
pub(super) fn order(parameters: &QueryParameters, silent_since: Timestamp, numbers: Numbers) -> Option<CallOrder> {
    let is = |word: &str| parameters.get("sort_order").is_some_and(|order| order.eq_ignore_ascii_case(word));
    match parameters.get("sort_by").and_then(|name| field(name, silent_since, numbers)) {
        // It is the log, and found in its index.
        Some(CallField::InitiatedAt) if is("desc") => None,
        Some(field) => Some(CallOrder { field, descending: is("desc") }),
        None if is("asc") => Some(CallOrder { field: CallField::InitiatedAt, descending: false }),
        None => None,
    }
}

fn field(name: &str, silent_since: Timestamp, numbers: Numbers) -> Option<CallField> {
    let field = match name {
        "id" => CallField::Id,
        "call_id" => CallField::CallId,
        "direction" => CallField::Direction,
        "phone_number_id" => CallField::PhoneNumber,
        "extension_id" => CallField::Extension,
        "ring_group_id" => CallField::RingGroup,
        "status" => CallField::Status,
        "disposition" => CallField::Disposition,
        "initiated_at" => CallField::InitiatedAt,
        "answered_at" => CallField::AnsweredAt,
        "ended_at" => CallField::EndedAt,
        "duration" => CallField::Duration,
        "billsec" => CallField::Billsec,
        "cost" => CallField::Cost,
        "stale" => CallField::Stale { silent_since },
        // Which of two numbers is greater tells of the digits that are hidden.
        _ if numbers == Numbers::Masked => return None,
        "from_number" => CallField::From,
        "to_number" => CallField::To,
        "caller_name" => CallField::CallerName,
        "answered_by" => CallField::AnsweredBy,
        _ => return None,
    };
    Some(field)
}

/// Describes it.
pub(super) fn with_order(operation: Operation) -> Operation {
    let text = json!({ "type": "string" });
    operation.query("sort_by", "By which field; without it, newest first.", text.clone()).query(
        "sort_order",
        "`asc` or `desc`.",
        text,
    )
}
