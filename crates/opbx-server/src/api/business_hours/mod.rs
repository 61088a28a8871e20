//! Schedules: when it is open, and where calls go then and otherwise.

mod duplicate;
mod read;
mod status;
mod view;

pub(crate) use self::view::BusinessHoursView;

use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::operation::{Access, Operation, data};
use super::resource::Resource;
use super::users::object;
use crate::access::BusinessHours as BusinessHoursRight;
use axum::http::Method;
use opbx_core::business_hours::BusinessHours;
use opbx_core::organization::Status;
use opbx_core::permission::{Action, Resource as Protected};
use opbx_store::Stored;
use serde_json::{Map, Value, json};

/// The days of a week, as the schedule names them.
const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Resource for BusinessHours {
    const PATH: &'static str = "business-hours";
    const NAME: &'static str = "business_hours";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = BusinessHoursRight;
    type View = BusinessHoursView;

    fn rules() -> Rules {
        Rules {
            required: &["name", "schedule", "open", "closed"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({
                "timezone": null, "exceptions": [], "holiday_list_ids": [],
                "override": { "mode": "auto", "until": null, "reason": null }, "status": "active",
            })),
        }
    }

    /// A schedule merges by weekday; one of which nothing was ever said is off.
    fn completed(current: Option<&Map<String, Value>>, mut body: Map<String, Value>) -> Map<String, Value> {
        if let Some(Value::Object(said)) = body.get_mut("schedule") {
            let known = current.and_then(|current| current["schedule"].as_object());
            for day in WEEK {
                let off = || json!({ "enabled": false, "ranges": [] });
                let before = known.and_then(|known| known.get(day)).cloned().unwrap_or_else(off);
                said.entry(day).or_insert(before);
            }
        }
        body
    }

    fn view(stored: &Stored<Self>) -> BusinessHoursView {
        BusinessHoursView::of(stored)
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        read::schedule(fields, before)
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }
}

/// What there is beside the operations of every resource.
pub(super) fn operations() -> Vec<Operation> {
    let may = |action| Access::Right(action, Protected::BusinessHours);
    let shown = json!({ "$ref": "#/components/schemas/BusinessHours" });
    vec![
        Operation::new(Method::GET, "/business-hours/{id}/status", "get_business_hours_status", status::status)
            .about(BusinessHours::PATH, "Tell whether a schedule is open, why, and until when")
            .access(may(Action::Read))
            .query(
                "at",
                "At which instant; now where it is absent.",
                json!({ "type": "string", "format": "date-time" }),
            )
            .answers_json(200, data(status::schema())),
        Operation::new(
            Method::POST,
            "/business-hours/{id}/duplicate",
            "duplicate_business_hours",
            duplicate::duplicate,
        )
        .about(BusinessHours::PATH, "Make the same schedule once more, under the first free name `… (2)`")
        .access(may(Action::Create))
        .repeatable()
        .answers_json(201, data(shown))
        .refuses(&[409, 413, 422]),
    ]
}
