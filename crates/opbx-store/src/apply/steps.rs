//! The steps of an application.

use std::collections::HashMap;

use jiff::Timestamp;
use opbx_core::plan::PlanSource;
use sea_orm::ConnectionTrait;

use super::{
    AiAssistant, BlockedCaller, BusinessHours, Change, Changed, Changes, ConferenceRoom, Error, Extension, Ids,
    IvrMenu, NamedHolidayList, OutboundRule, PhoneNumber, Prompt, RingGroup, Scope, TenantStore, VoicemailBox,
};
use crate::audit::Entry;
use crate::edit::{Portrait, change_of};
use crate::error::ObjectKind;
use crate::kind::Kind;
use crate::organization;
use crate::repo::{Object, Sealing, furnish, insert, remove, strip, update};
use crate::settings::OrganizationSettings;
use crate::statistics::leave_rebuild;

pub(super) struct Application<'a, C> {
    db: &'a C,
    tenant: &'a TenantStore,
    sealing: Sealing<'a>,
    organization: i64,
    current: &'a PlanSource,
    wanted: PlanSource,
    /// Rules that the file does not name and that stand behind its own from now on.
    moved_rules: Vec<OutboundRule>,
    scope: Scope,
    ids: Ids,
    done: Vec<Changed>,
    /// What the audit log is told of it.
    entries: Vec<Entry>,
    changes: Changes<'a>,
    now: Timestamp,
}

/// Does something for each kind of object, in an order in which no row refers to one of a later kind. (Places and parts
/// do; they are written when all rows are there.)
macro_rules! each_kind {
    ($step:ident of $application:ident) => {
        $application.$step::<Prompt>().await?;
        $application.$step::<PhoneNumber>().await?;
        $application.$step::<NamedHolidayList>().await?;
        $application.$step::<ConferenceRoom>().await?;
        $application.$step::<Extension>().await?;
        $application.$step::<VoicemailBox>().await?;
        $application.$step::<RingGroup>().await?;
        $application.$step::<BusinessHours>().await?;
        $application.$step::<IvrMenu>().await?;
        $application.$step::<AiAssistant>().await?;
        $application.$step::<OutboundRule>().await?;
        $application.$step::<BlockedCaller>().await?;
    };
}

/// The objects of a kind by what people call them.
fn by_key<T: Object>(source: &PlanSource) -> HashMap<String, &T> {
    T::list(source).iter().map(|object| (object.key(), object)).collect()
}

impl<'a, C: ConnectionTrait> Application<'a, C> {
    pub(super) fn new(
        db: &'a C,
        tenant: &'a TenantStore,
        current: &'a PlanSource,
        changes: Changes<'a>,
        now: Timestamp,
    ) -> Self {
        let sealing = Sealing { keys: &tenant.store.keys, organization: tenant.organization };
        let mut wanted = changes.source.clone();
        let moved_rules = place_rules(&mut wanted, current);
        let (organization, scope, ids) = (tenant.key(), changes.scope, Ids::default());
        let (done, entries) = (Vec::new(), Vec::new());
        Self {
            db,
            tenant,
            sealing,
            organization,
            current,
            wanted,
            moved_rules,
            scope,
            ids,
            done,
            entries,
            changes,
            now,
        }
    }

    pub(super) async fn run(&mut self) -> Result<(), Error> {
        each_kind!(find of self);
        each_kind!(write of self);
        self.write_organization().await?;
        if self.scope.prune { self.prune().await } else { self.move_rules().await }
    }

    /// What changed, and what the audit log is told of it.
    pub(super) fn finish(self) -> (Vec<Changed>, Vec<Entry>) {
        (self.done, self.entries)
    }

    /// Learns the identifiers of a kind: of objects that are there, and of those that are made now.
    async fn find<T: Kind>(&mut self) -> Result<(), Error> {
        let current = by_key::<T>(self.current);
        for wanted in T::list(&self.wanted).clone() {
            let id = match current.get(&wanted.key()) {
                Some(known) => known.id(),
                None => {
                    let mut row = wanted.clone();
                    row.rewrite(&self.ids);
                    let id = insert(self.db, &row, &self.sealing, self.now).await?;
                    self.note(Change::Created, T::KIND, id, wanted.key());
                    id
                }
            };
            self.ids.learn(T::KIND, wanted.id(), id);
        }
        Ok(())
    }

    /// Writes what differs: rows, parts and places of objects that were there, parts and places of new ones.
    async fn write<T: Kind>(&mut self) -> Result<(), Error> {
        let current: HashMap<u64, &T> = T::list(self.current).iter().map(|object| (object.id(), object)).collect();
        for mut wanted in T::list(&self.wanted).clone() {
            let id = self.ids.known(T::KIND, wanted.id()).ok_or(Error::NotFound)?;
            wanted.rewrite(&self.ids);
            wanted.set_id(id);
            if let Some(known) = current.get(&id) {
                wanted.keep_unsaid(known);
                if wanted == **known {
                    continue;
                }
                update(self.db, &wanted, None, &self.sealing, self.now).await?;
                self.note(Change::Updated, T::KIND, id, wanted.key());
                self.tell(Some(*known), Some(&wanted));
            } else {
                self.tell(None, Some(&wanted));
            }
            furnish(self.db, &wanted, self.organization).await?;
        }
        Ok(())
    }

    async fn write_organization(&mut self) -> Result<(), Error> {
        if !self.scope.organization {
            return Ok(());
        }
        let mut wanted = self.wanted.organization.clone();
        organization::rewrite(&mut wanted, &self.ids);
        wanted.id = self.current.organization.id;
        // Whether it is served is the installation's to say.
        wanted.status = self.current.organization.status;
        if wanted == self.current.organization {
            return Ok(());
        }
        let before = self.tenant.settings_in(self.db).await?.object;
        organization::update(self.db, &wanted, self.now).await?;
        if before.organization.timezone != wanted.timezone {
            leave_rebuild(self.db, self.tenant, self.now).await?;
        }
        let after = OrganizationSettings { organization: wanted.clone(), ..before.clone() };
        self.entries.push(after.entry(&before, self.changes.settings));
        self.note(Change::Updated, ObjectKind::Organization, wanted.id.get(), wanted.name.to_string());
        Ok(())
    }

    async fn move_rules(&mut self) -> Result<(), Error> {
        for rule in std::mem::take(&mut self.moved_rules) {
            update(self.db, &rule, None, &self.sealing, self.now).await?;
            self.note(Change::Updated, OutboundRule::KIND, rule.id(), rule.key());
            let before = self.current.outbound_rules.iter().find(|known| known.id == rule.id);
            self.tell(before, Some(&rule));
        }
        Ok(())
    }

    /// Tells the audit log of an object: what it was, and what it is.
    fn tell<T: Kind>(&mut self, before: Option<&T>, after: Option<&T>) {
        let portrait: Portrait = self.changes.author.portrait;
        self.entries.extend(change_of(portrait, before, after));
    }

    fn note(&mut self, change: Change, kind: ObjectKind, id: u64, key: String) {
        self.done.push(Changed { change, kind, id, key });
    }

    /// Removes what the file does not name. First everything stops leading anywhere, since those that go may lead to each
    /// other in a circle.
    async fn prune(&mut self) -> Result<(), Error> {
        each_kind!(strip of self);
        self.prune_kind::<BlockedCaller>().await?;
        self.prune_kind::<OutboundRule>().await?;
        self.prune_kind::<AiAssistant>().await?;
        self.prune_kind::<IvrMenu>().await?;
        self.prune_kind::<BusinessHours>().await?;
        self.prune_kind::<RingGroup>().await?;
        self.prune_kind::<VoicemailBox>().await?;
        self.prune_kind::<Extension>().await?;
        self.prune_kind::<ConferenceRoom>().await?;
        self.prune_kind::<NamedHolidayList>().await?;
        self.prune_kind::<PhoneNumber>().await?;
        self.prune_kind::<Prompt>().await
    }

    fn unnamed<T: Object>(&self) -> Vec<&'a T> {
        let named = by_key::<T>(&self.wanted);
        T::list(self.current).iter().filter(|object| !named.contains_key(&object.key())).collect()
    }

    async fn strip<T: Object>(&mut self) -> Result<(), Error> {
        for object in self.unnamed::<T>() {
            strip::<T>(self.db, self.organization, object.id()).await?;
        }
        Ok(())
    }

    async fn prune_kind<T: Kind>(&mut self) -> Result<(), Error> {
        for object in self.unnamed::<T>() {
            remove::<T>(self.db, self.organization, object.id()).await?;
            self.note(Change::Removed, T::KIND, object.id(), object.key());
            self.tell(Some(object), None);
        }
        Ok(())
    }
}

/// Gives the rules of the file the first places, in the order of the file, and answers those that it does not name and that
/// have to move behind them.
fn place_rules(wanted: &mut PlanSource, current: &PlanSource) -> Vec<OutboundRule> {
    wanted.outbound_rules.sort_by_key(|rule| rule.position);
    let mut next = 0;
    for rule in &mut wanted.outbound_rules {
        rule.position = next;
        next += 1;
    }
    let named: Vec<String> = wanted.outbound_rules.iter().map(Object::key).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let mut rest: Vec<OutboundRule> =
        current.outbound_rules.iter().filter(|rule| !named.contains(&rule.key())).cloned().collect();
    rest.sort_by_key(|rule| (rule.position, rule.id));
    let mut moved = Vec::new();
    for mut rule in rest {
        if rule.position < next {
            rule.position = next;
            moved.push(rule.clone());
        }
        next = rule.position.saturating_add(1);
    }
    moved
}
