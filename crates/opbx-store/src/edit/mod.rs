//! An edit of an organization: one transaction that holds what is changed, its entries in the audit log, the work that it
//! leaves, and the plan's new revision. Nothing of it happens without the rest.

mod author;

use std::time::Duration;

use jiff::Timestamp;
use opbx_core::number::E164;
use opbx_core::plan::PlanSource;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

pub use self::author::{Actor, Author, Portrait};
use crate::audit::{Entry, differences};
use crate::entity::{
    ObjectRow, ai_assistants, business_hours, conference_rooms, extensions, holiday_lists, ivr_menus, outbound_rules,
    phone_numbers, prompts, ring_groups, voicemail_boxes,
};
use crate::error::{Cause, Error, ObjectKind};
use crate::kind::{Kind, Stored};
use crate::organization::Revision;
use crate::plan;
use crate::pool::Writing;
use crate::repo::{furnish, insert, remove, update};
use crate::tenant::TenantStore;
use crate::word;

/// The longest that an edit may take from its beginning to its end: on SQLite every other writer waits for it.
const DEADLINE: Duration = Duration::from_secs(10);

/// A change of an organization that is not made yet. Dropped without [`commit`](Self::commit), nothing has happened.
pub struct Edit {
    pub(crate) writing: Writing,
    pub(crate) tenant: TenantStore,
    pub(crate) author: Author,
    pub(crate) now: Timestamp,
    deadline: Instant,
    /// Whether something that decides calls is changed.
    routing: bool,
}

impl TenantStore {
    /// Begins an edit, and waits until no one else changes this organization.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`].
    pub async fn edit(&self, author: Author, now: Timestamp) -> Result<Edit, Error> {
        let turn = self.turn().await?;
        let deadline = Instant::now() + DEADLINE;
        let writing = self.store.pool.attempt(async |line| self.begin(&line, turn).await).await?;
        Ok(Edit { writing, tenant: self.clone(), author, now, deadline, routing: false })
    }
}

impl Edit {
    /// Gives it longer than usual, counted from now: for changes of very many objects at once.
    pub fn allow(&mut self, longest: Duration) {
        self.deadline = self.deadline.max(Instant::now() + longest);
    }

    /// One object, as it stands inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn find<T: Kind>(&self, id: u64) -> Result<Stored<T>, Error> {
        self.within(self.tenant.find_in::<T>(&*self.writing, id)).await
    }

    /// All of the organization, as it stands inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn plan(&self) -> Result<PlanSource, Error> {
        Ok(self.within(plan::load(&*self.writing, &self.tenant)).await?.1)
    }

    /// Makes an object and answers it with the identifier that it was given.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when its number or name is taken, or a reference leads nowhere in this organization.
    pub async fn create<T: Kind>(&mut self, mut object: T) -> Result<Stored<T>, Error> {
        let work = async {
            let id = insert(&*self.writing, &object, &self.tenant.sealing(), self.now).await?;
            object.set_id(id);
            furnish(&*self.writing, &object, self.tenant.key()).await?;
            self.tenant.find_in::<T>(&*self.writing, id).await
        };
        let made = self.within(work).await?;
        self.note(None, Some(&made.object)).await?;
        Ok(made)
    }

    /// Writes an object anew; it must be the one that was found inside this edit. What is equal is not written.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Conflict`].
    pub async fn update<T: Kind>(&mut self, before: &Stored<T>, object: T) -> Result<Stored<T>, Error> {
        if before.object == object {
            return Ok(before.clone());
        }
        let work = async {
            let expected = Some(before.revision.cast_signed());
            update(&*self.writing, &object, expected, &self.tenant.sealing(), self.now).await?;
            furnish(&*self.writing, &object, self.tenant.key()).await?;
            self.tenant.find_in::<T>(&*self.writing, object.id()).await
        };
        let after = self.within(work).await?;
        self.note(Some(&before.object), Some(&after.object)).await?;
        Ok(after)
    }

    /// Removes an object that was found inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Conflict`] with [`Constraint::InUse`](crate::Constraint::InUse) when something still
    /// leads to it.
    pub async fn remove<T: Kind>(&mut self, before: &Stored<T>) -> Result<(), Error> {
        self.within(remove::<T>(&*self.writing, self.tenant.key(), before.object.id())).await?;
        self.note(Some(&before.object), None).await
    }

    /// Which of these objects the organization does not have. One query for each kind.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn missing(&self, wanted: &[(ObjectKind, u64)]) -> Result<Vec<(ObjectKind, u64)>, Error> {
        let mut missing = Vec::new();
        for kind in ObjectKind::ALL {
            let mut ids: Vec<i64> =
                wanted.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id.cast_signed()).collect();
            if ids.is_empty() {
                continue;
            }
            let there = self.within(self.there(kind, &ids)).await?;
            ids.retain(|id| !there.contains(id));
            missing.extend(ids.into_iter().map(|id| (kind, id.cast_unsigned())));
        }
        Ok(missing)
    }

    async fn there(&self, kind: ObjectKind, ids: &[i64]) -> Result<Vec<i64>, Error> {
        match kind {
            ObjectKind::Extension => self.ids::<extensions::Entity>(ids).await,
            ObjectKind::PhoneNumber => self.ids::<phone_numbers::Entity>(ids).await,
            ObjectKind::RingGroup => self.ids::<ring_groups::Entity>(ids).await,
            ObjectKind::BusinessHours => self.ids::<business_hours::Entity>(ids).await,
            ObjectKind::HolidayList => self.ids::<holiday_lists::Entity>(ids).await,
            ObjectKind::IvrMenu => self.ids::<ivr_menus::Entity>(ids).await,
            ObjectKind::ConferenceRoom => self.ids::<conference_rooms::Entity>(ids).await,
            ObjectKind::VoicemailBox => self.ids::<voicemail_boxes::Entity>(ids).await,
            ObjectKind::Prompt => self.ids::<prompts::Entity>(ids).await,
            ObjectKind::AiAssistant => self.ids::<ai_assistants::Entity>(ids).await,
            ObjectKind::OutboundRule => self.ids::<outbound_rules::Entity>(ids).await,
            ObjectKind::BlockedCaller | ObjectKind::Organization => Ok(Vec::new()),
        }
    }

    pub(crate) async fn ids<E: ObjectRow>(&self, ids: &[i64]) -> Result<Vec<i64>, Error> {
        let rows = self.tenant.rows::<E>().filter(E::ID.is_in(ids.iter().copied()));
        Ok(rows.select_only().column(E::ID).into_tuple().all(&*self.writing).await?)
    }

    /// Whether the organization has this number.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn has_number(&self, number: E164) -> Result<bool, Error> {
        let own = self.tenant.rows::<phone_numbers::Entity>();
        let row = own.filter(phone_numbers::Column::Number.eq(word::write(&number)?));
        Ok(self.within(async { Ok(row.one(&*self.writing).await?) }).await?.is_some())
    }

    /// How many extensions the organization has.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn extensions(&self) -> Result<u64, Error> {
        self.within(async { Ok(self.tenant.rows::<extensions::Entity>().count(&*self.writing).await?) }).await
    }

    /// The place behind all outbound rules.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn next_rule_position(&self) -> Result<u32, Error> {
        let rules = self.tenant.rows::<outbound_rules::Entity>().order_by_desc(outbound_rules::Column::Position);
        let last = self.within(async { Ok(rules.one(&*self.writing).await?) }).await?;
        Ok(last.map_or(0, |rule| u32::try_from(rule.position.saturating_add(1)).unwrap_or(u32::MAX)))
    }

    /// Writes an entry into the audit log, for what is no object of the plan.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn record(&mut self, entry: &Entry) -> Result<(), Error> {
        self.within(self.tenant.append(&*self.writing, &self.author, std::slice::from_ref(entry), self.now)).await
    }

    /// Makes it so, and answers the plan's new revision where routing is changed.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]: it is not known then whether it happened.
    pub async fn commit(self) -> Result<Option<Revision>, Error> {
        let Self { writing, tenant, deadline, routing, .. } = self;
        let work = async {
            if routing {
                return tenant.commit_change(writing).await.map(Some);
            }
            writing.commit().await.map(|()| None)
        };
        timeout_at(deadline, work).await.unwrap_or_else(|_| Err(Error::Unavailable(Cause::silence())))
    }

    /// What decides calls is changed: the plan's revision will be raised.
    pub(crate) const fn routes(&mut self) {
        self.routing = true;
    }

    async fn note<T: Kind>(&mut self, before: Option<&T>, after: Option<&T>) -> Result<(), Error> {
        self.routes();
        match change_of(self.author.portrait, before, after) {
            Some(entry) => self.record(&entry).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn within<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        timeout_at(self.deadline, work).await.unwrap_or_else(|_| Err(Error::Unavailable(Cause::silence())))
    }
}

/// What the audit log is told of an object: what it was, and what it is; of one that was changed, only what differs.
pub(crate) fn change_of<T: Kind>(portrait: Portrait, before: Option<&T>, after: Option<&T>) -> Option<Entry> {
    let draw = |object: &T| portrait(&object.clone().into());
    let object = after.or(before)?;
    let (action, was, is) = match (before, after) {
        (None, _) => ("created", None, after.map(draw)),
        (_, None) => ("deleted", before.map(draw), None),
        (Some(before), Some(after)) => {
            let (was, mut is) = differences(&draw(before), &draw(after));
            tell_new_secrets(&mut is, before, after);
            ("updated", Some(was), Some(is))
        }
    };
    Some(Entry { before: was, after: is, ..Entry::of(action, T::KIND.word(), Some(object.id()), object.key()) })
}

/// A secret that was replaced by another one looks as before; that it was is told.
fn tell_new_secrets<T: Kind>(is: &mut Value, before: &T, after: &T) {
    let replaced = before.secrets().into_iter().zip(after.secrets()).filter_map(|((name, old), (_, new))| {
        let is_new = old.is_some() && new.is_some() && old != new;
        is_new.then_some(name)
    });
    for name in replaced {
        is[name] = "changed".into();
    }
}
