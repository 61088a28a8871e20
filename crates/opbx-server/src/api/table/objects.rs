//! Objects of the plan as rows: extensions and phone numbers. Users have a file of their own.

use super::super::ApiState;
use super::super::resource::{Resource, change_one, create_one, shown, shown_alone};
use super::{Column, Names, Part, Tabular};
use crate::access::Caller;
use crate::problem::Problem;
use opbx_core::extension::Extension;
use opbx_core::permission::{Action, Grant, Resource as Protected};
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::PlanSource;
use opbx_store::{Edit, ObjectKind, Query, Stored};
use serde_json::{Map, Value};

/// A kind of object of the plan whose objects are rows.
pub(crate) trait PlanRows: Resource {
    /// Its columns, in order.
    const COLUMNS: &'static [Column];
    /// The column that people tell its objects apart by.
    const KEY: &'static str;
    /// Whether it names people.
    const NAMES_PEOPLE: bool;

    /// All of them.
    fn of(plan: PlanSource) -> Vec<Self>;
}

impl PlanRows for Extension {
    const COLUMNS: &'static [Column] = &[
        Column::Text("extension_number"),
        Column::Text("name"),
        Column::Text("type"),
        Column::LeadsTo("leads_to"),
        Column::Person { column: "user", field: "user_id" },
        Column::Text("status"),
        Column::Flag("voicemail_enabled"),
        Column::Number("ring_timeout"),
        Column::Flag("do_not_disturb"),
        Column::Destination("forward_always"),
        Column::Destination("forward_busy"),
        Column::Destination("forward_no_answer"),
        Column::Destination("forward_unreachable"),
        Column::Text("outbound_permission"),
        Column::Reference {
            column: "caller_id_number",
            field: "caller_id_phone_number_id",
            kind: ObjectKind::PhoneNumber,
        },
        Column::Text("recording"),
        Column::Text("missed_call_email"),
        limit("limit_concurrent", "concurrent", true),
        limit("limit_per_minute", "per_minute", true),
        limit("limit_per_day", "per_day", true),
        limit("limit_cost_per_day", "cost_per_day", false),
    ];
    const KEY: &'static str = "extension_number";
    const NAMES_PEOPLE: bool = true;

    fn of(plan: PlanSource) -> Vec<Self> {
        plan.extensions
    }
}

const fn limit(column: &'static str, part: &'static str, is_number: bool) -> Column {
    Column::Part(Part { column, object: "limits", part, is_number })
}

impl PlanRows for PhoneNumber {
    const COLUMNS: &'static [Column] = &[
        Column::Text("phone_number"),
        Column::Text("friendly_name"),
        Column::Destination("destination"),
        Column::Text("status"),
        Column::Text("recording"),
        Column::Flag("reject_anonymous"),
        Column::Text("caller_name_prefix"),
    ];
    const KEY: &'static str = "phone_number";
    const NAMES_PEOPLE: bool = false;

    fn of(plan: PlanSource) -> Vec<Self> {
        plan.phone_numbers
    }
}

impl<R: PlanRows> Tabular for R {
    const PATH: &'static str = <R as Resource>::PATH;
    type Right = <R as Resource>::Right;
    const COLUMNS: &'static [Column] = <R as PlanRows>::COLUMNS;
    const KEY: &'static str = <R as PlanRows>::KEY;
    type Object = Stored<R>;

    async fn all(api: &ApiState, caller: &Caller, grant: Grant) -> Result<(Vec<Map<String, Value>>, Names), Problem> {
        reaches_all(grant)?;
        let tenant = api.tenant(caller);
        let (_, plan) = tenant.load_plan().await?;
        let mut names = Names::of(&plan);
        if R::NAMES_PEOPLE && caller.grant(Action::Read, Protected::Users) == Grant::All {
            names.learn_people(&tenant.users(&everything()).await?.items);
        }
        Ok((R::of(plan).into_iter().map(shown_alone).collect(), names))
    }

    async fn names(edit: &Edit, caller: &Caller) -> Result<Names, Problem> {
        let mut names = Names::of(&edit.plan().await?);
        if R::NAMES_PEOPLE && caller.grant(Action::Read, Protected::Users) == Grant::All {
            names.learn_people(&edit.users(&everything()).await?.items);
        }
        Ok(names)
    }

    fn known(names: &Names, key: &str) -> Option<u64> {
        names.id(R::OBJECT, key)
    }

    fn expect(names: &mut Names, key: &str) {
        names.expect(R::OBJECT, key.to_owned());
    }

    fn learn(names: &mut Names, object: &Stored<R>) {
        names.learn(R::OBJECT, object.object.number(), object.object.called());
    }

    async fn find(edit: &Edit, id: u64) -> Result<Stored<R>, Problem> {
        Ok(edit.find(id).await?)
    }

    fn id(object: &Stored<R>) -> u64 {
        object.object.number()
    }

    fn shown(object: &Stored<R>) -> Map<String, Value> {
        shown(object)
    }

    async fn make(
        edit: &mut Edit,
        _caller: &Caller,
        grant: Grant,
        body: &Map<String, Value>,
    ) -> Result<Stored<R>, Problem> {
        reaches_all(grant)?;
        create_one(edit, body).await
    }

    async fn change(
        edit: &mut Edit,
        _caller: &Caller,
        grant: Grant,
        before: &Stored<R>,
        body: &Map<String, Value>,
    ) -> Result<Stored<R>, Problem> {
        reaches_all(grant)?;
        change_one(edit, before, body).await
    }
}

/// A list without an end.
pub(crate) fn everything() -> Query {
    Query { limit: u64::from(u32::MAX), ..Query::default() }
}

/// Whether a right reaches every object.
fn reaches_all(grant: Grant) -> Result<(), Problem> {
    if grant.reaches(false) { Ok(()) } else { Err(Problem::Forbidden) }
}
