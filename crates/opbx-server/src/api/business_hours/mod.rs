//! Schedules: when it is open, and where calls go then and otherwise.

mod read;
mod view;

pub(crate) use self::view::BusinessHoursView;

use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use crate::access::BusinessHours as BusinessHoursRight;
use opbx_core::business_hours::BusinessHours;
use opbx_core::organization::Status;
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
