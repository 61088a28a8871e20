//! Loading a plan: one query for each table, whatever the organization's size.

use std::collections::HashMap;

use opbx_core::plan::PlanSource;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, Value};

use crate::destination::Places;
use crate::entity::{
    ObjectRow, PartRow, business_hours_days, business_hours_exception_ranges, business_hours_exceptions,
    business_hours_holiday_lists, business_hours_ranges, destinations, extension_missed_mail, holiday_list_days,
    holiday_list_ranges, ivr_menu_exclusions, ivr_menu_options, organization_limits, organization_settings,
    organizations, prompt_files, ring_group_members, ring_group_missed_mail,
};
use crate::error::{Cause, Error, ObjectKind};
use crate::organization::{self, Revision};
use crate::repo::{Gathered, Object};
use crate::tenant::TenantStore;

/// The plan of an organization and its revision, as `db` sees them: a transaction, so that all is of one moment.
pub(crate) async fn load(db: &impl ConnectionTrait, tenant: &TenantStore) -> Result<(Revision, PlanSource), Error> {
    let row = organizations::Entity::find_by_id(tenant.key()).one(db).await?.ok_or(Error::NotFound)?;
    let settings = tenant.rows::<organization_settings::Entity>().one(db).await?.ok_or_else(incomplete)?;
    let limits = tenant.rows::<organization_limits::Entity>().one(db).await?.ok_or_else(incomplete)?;
    let mut gathered = gather(db, tenant).await?;
    let organization = organization::read(&row, &settings, &limits, &mut gathered.places)?;
    let source = PlanSource {
        organization,
        extensions: objects(db, tenant, &mut gathered).await?,
        phone_numbers: objects(db, tenant, &mut gathered).await?,
        ring_groups: objects(db, tenant, &mut gathered).await?,
        business_hours: objects(db, tenant, &mut gathered).await?,
        holiday_lists: objects(db, tenant, &mut gathered).await?,
        ivr_menus: objects(db, tenant, &mut gathered).await?,
        conference_rooms: objects(db, tenant, &mut gathered).await?,
        voicemail_boxes: objects(db, tenant, &mut gathered).await?,
        prompts: objects(db, tenant, &mut gathered).await?,
        ai_assistants: objects(db, tenant, &mut gathered).await?,
        outbound_rules: objects(db, tenant, &mut gathered).await?,
        blocked_callers: objects(db, tenant, &mut gathered).await?,
    };
    Ok((Revision::of(row.plan_revision), source))
}

fn incomplete() -> Error {
    Error::Corrupt(Cause::said("an organization has no settings"))
}

/// Everything that belongs to objects.
async fn gather<'k>(db: &impl ConnectionTrait, tenant: &'k TenantStore) -> Result<Gathered<'k>, Error> {
    let steps = tenant.rows::<destinations::Entity>().order_by_asc(destinations::Column::Step).all(db).await?;
    let mut gathered = Gathered { places: Places::of(steps), ..Gathered::nothing(tenant.sealing()) };
    for kind in [
        ObjectKind::Extension,
        ObjectKind::RingGroup,
        ObjectKind::BusinessHours,
        ObjectKind::HolidayList,
        ObjectKind::IvrMenu,
        ObjectKind::Prompt,
    ] {
        gather_parts(db, tenant, kind, Owners::All, &mut gathered).await?;
    }
    Ok(gathered)
}

/// What belongs to some objects of a kind.
pub(crate) async fn gather_of<'k>(
    db: &impl ConnectionTrait,
    tenant: &'k TenantStore,
    kind: ObjectKind,
    ids: &[i64],
) -> Result<Gathered<'k>, Error> {
    let mut gathered = Gathered::nothing(tenant.sealing());
    if kind.leads_somewhere() {
        let steps = tenant
            .rows::<destinations::Entity>()
            .filter(destinations::Column::OwnerKind.eq(kind.word()))
            .filter(destinations::Column::OwnerId.is_in(ids.iter().copied()))
            .order_by_asc(destinations::Column::Step);
        gathered.places = Places::of(steps.all(db).await?);
    }
    gather_parts(db, tenant, kind, Owners::These(ids), &mut gathered).await?;
    Ok(gathered)
}

/// Whose parts are wanted.
#[derive(Clone, Copy)]
enum Owners<'i> {
    All,
    These(&'i [i64]),
}

/// The parts of a kind of object; most kinds have none.
async fn gather_parts(
    db: &impl ConnectionTrait,
    tenant: &TenantStore,
    kind: ObjectKind,
    of: Owners<'_>,
    into: &mut Gathered<'_>,
) -> Result<(), Error> {
    use business_hours_exceptions::Column as Exception;
    use business_hours_holiday_lists::Column as Followed;
    match kind {
        ObjectKind::Extension => {
            use extension_missed_mail::{Column, Entity};
            into.extension_mail = parts::<Entity>(db, tenant, Column::ExtensionId, of).await?;
        }
        ObjectKind::RingGroup => {
            use ring_group_missed_mail::{Column, Entity};
            into.group_mail = parts::<Entity>(db, tenant, Column::RingGroupId, of).await?;
            into.members =
                parts::<ring_group_members::Entity>(db, tenant, ring_group_members::Column::Position, of).await?;
        }
        ObjectKind::BusinessHours => {
            into.weekdays =
                parts::<business_hours_days::Entity>(db, tenant, business_hours_days::Column::Weekday, of).await?;
            into.ranges =
                parts::<business_hours_ranges::Entity>(db, tenant, business_hours_ranges::Column::StartsAt, of).await?;
            into.exceptions = parts::<business_hours_exceptions::Entity>(db, tenant, Exception::Position, of).await?;
            into.exception_ranges = parts::<business_hours_exception_ranges::Entity>(
                db,
                tenant,
                business_hours_exception_ranges::Column::StartsAt,
                of,
            )
            .await?;
            into.followed_lists =
                parts::<business_hours_holiday_lists::Entity>(db, tenant, Followed::Position, of).await?;
        }
        ObjectKind::HolidayList => {
            into.holidays =
                parts::<holiday_list_days::Entity>(db, tenant, holiday_list_days::Column::Position, of).await?;
            into.holiday_ranges =
                parts::<holiday_list_ranges::Entity>(db, tenant, holiday_list_ranges::Column::StartsAt, of).await?;
        }
        ObjectKind::IvrMenu => {
            into.options =
                parts::<ivr_menu_options::Entity>(db, tenant, ivr_menu_options::Column::Position, of).await?;
            into.exclusions =
                parts::<ivr_menu_exclusions::Entity>(db, tenant, ivr_menu_exclusions::Column::Position, of).await?;
        }
        ObjectKind::Prompt => {
            into.prompt_files = parts::<prompt_files::Entity>(db, tenant, prompt_files::Column::PromptId, of).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The rows of a kind of part, by their owner, in their order.
async fn parts<E: PartRow>(
    db: &impl ConnectionTrait,
    tenant: &TenantStore,
    order: E::Column,
    of: Owners<'_>,
) -> Result<HashMap<i64, Vec<E::Model>>, Error> {
    let mut rows = tenant.rows::<E>().order_by_asc(order);
    if let Owners::These(ids) = of {
        rows = rows.filter(E::OWNER.is_in(ids.iter().copied()));
    }
    let mut owners: HashMap<i64, Vec<E::Model>> = HashMap::new();
    for row in rows.all(db).await? {
        let Value::BigInt(Some(owner)) = row.get(E::OWNER) else {
            return Err(Error::Corrupt(Cause::said("a part belongs to nothing")));
        };
        owners.entry(owner).or_default().push(row);
    }
    Ok(owners)
}

/// The objects of a kind, oldest first.
async fn objects<T: Object>(
    db: &impl ConnectionTrait,
    tenant: &TenantStore,
    gathered: &mut Gathered<'_>,
) -> Result<Vec<T>, Error> {
    let rows = tenant.rows::<T::Row>().order_by_asc(T::Row::ID).all(db).await?;
    rows.into_iter().map(|row| T::read(row, gathered)).collect()
}
