//! Holiday lists: days that any number of schedules follow.

use super::answer::instant;
use super::form::{Fields, Rules};
use super::hours::{KindWord, RangeView, exceptions, ranges_view};
use super::resource::Resource;
use super::users::object;
use crate::access::HolidayLists;
use opbx_core::business_hours::{HolidayList, NamedHolidayList};
use opbx_core::id::HolidayListId;
use opbx_store::Stored;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Days that any number of schedules follow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HolidayList)]
pub(crate) struct HolidayListView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Its days, each date once.
    days: Vec<DayView>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A day of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Holiday)]
struct DayView {
    /// The date, in the zone of the schedule that follows the list.
    #[schema(format = Date, example = "2026-12-25")]
    date: String,
    /// What people call it.
    name: String,
    /// What it does.
    r#type: KindWord,
    /// When it is open, with special hours.
    ranges: Vec<RangeView>,
}

impl Resource for NamedHolidayList {
    const PATH: &'static str = "holiday-lists";
    const NAME: &'static str = "holiday_list";
    type Right = HolidayLists;
    type View = HolidayListView;

    fn rules() -> Rules {
        Rules {
            required: &["name"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({ "days": [] })),
        }
    }

    fn view(stored: &Stored<Self>) -> HolidayListView {
        let list = &stored.object;
        let days = list.list.days.as_slice().iter().map(|day| DayView {
            date: day.date.to_string(),
            name: day.name.clone(),
            r#type: (&day.kind).into(),
            ranges: ranges_view(day.kind.ranges()),
        });
        HolidayListView {
            id: list.id.get(),
            name: list.name.to_string(),
            days: days.collect(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        let (name, days) = (fields.spelled("name"), exceptions(fields, "days", |_| Some(None), &[]));
        Some(Self {
            id: before.map_or(HolidayListId::new(0), |before| before.id),
            name: name?,
            list: HolidayList { days: days? },
        })
    }
}
