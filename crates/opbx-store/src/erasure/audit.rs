//! Entries of the audit log that show a number.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::edit::Edit;
use crate::entity::audit_entries::{ActiveModel, Column, Entity};
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;

impl TenantStore {
    /// Which entries show the digits.
    pub(super) async fn entries_with(&self, digits: &str) -> Result<Vec<i64>, Error> {
        let work = async |line: Line| {
            let shows = [Column::ActorName, Column::ObjectName, Column::BeforeChange, Column::AfterChange];
            let shows = shows.map(|column| column.contains(digits)).into_iter().reduce(ExprTrait::or);
            let found = shows.into_iter().fold(self.rows::<Entity>(), QueryFilter::filter);
            Ok(found.select_only().column(Column::Id).into_tuple().all(line.db()).await?)
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// Blanks what entries tell. What was digested with the salt cannot be proven any more, nor guessed: without the salt the
    /// digest is the digest of nothing that anyone knows.
    pub(super) async fn blank_entries(&self, ids: &[i64], digits: &str) -> Result<u64, Error> {
        let work = async {
            let mut blanked = 0;
            for some in ids.chunks(500) {
                let rows = self.tenant.rows::<Entity>().filter(Column::Id.is_in(some.iter().copied()));
                for row in rows.all(&*self.writing).await? {
                    let mut change = ActiveModel {
                        before_change: Set(None),
                        after_change: Set(None),
                        salt: Set(None),
                        ..Default::default()
                    };
                    if row.object_name.contains(digits) {
                        change.object_name = Set(String::new());
                    }
                    if row.actor_name.contains(digits) {
                        change.actor_name = Set(String::new());
                    }
                    let own = Column::OrganizationId.eq(self.tenant.key()).and(Column::Id.eq(row.id));
                    let written = Entity::update_many().set(change).filter(own).exec(&*self.writing).await?;
                    blanked += written.rows_affected;
                }
            }
            Ok(blanked)
        };
        self.within(work).await
    }
}
