//! Answers that are given again: a request that comes a second time with its key has no second effect.

use std::time::Duration;

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::idempotent_answers::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::seal::Purpose;
use crate::tenant::TenantStore;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a request may be at work. One that began earlier has ended with its server.
const AT_WORK: Duration = Duration::from_secs(60);

/// A digest of whatever makes two requests the same one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestKey(pub [u8; 32]);

/// What is to be done with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Repeated {
    /// It is the first of its key.
    First,
    /// Another one of its key is at work.
    AtWork,
    /// An earlier one of its key had another body.
    OtherBody,
    /// It was answered like this.
    Answered(GivenAnswer),
}

/// An answer, as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenAnswer {
    /// Its status.
    pub status: u16,
    /// Where what was made is.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

impl Platform {
    /// Forgets the answers of requests that were begun before an instant. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn sweep_answers(&self, before: Timestamp) -> Result<u64, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let over = Column::CreatedAt.lt(Millis::of(before));
            let gone = Entity::delete_many().filter(over).exec(&*writing).await?.rows_affected;
            writing.commit().await?;
            Ok(gone)
        };
        self.store.pool.attempt(work).await
    }
}

impl TenantStore {
    /// Begins a request, unless one of its key was begun within a day. Of its body only a keyed digest is kept.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn begin_request(&self, key: RequestKey, body: RequestKey, now: Timestamp) -> Result<Repeated, Error> {
        let turn = self.turn().await?;
        // Bodies hold passwords and codes of four digits: a digest that anyone can make would let them be tried.
        let digests = self.store.keys.digests(Purpose::RequestBody, body.0);
        let work = async |line: Line| {
            let writing = self.begin(&line, turn).await?;
            let known = self.rows::<Entity>().filter(Column::RequestKey.eq(key.0.to_vec())).one(&*writing).await?;
            if let Some(known) = known {
                if let Some(repeated) = judged(&known, &digests, now) {
                    writing.take_back().await?;
                    return Ok(repeated);
                }
                Entity::delete_many().filter(self.own(key)).exec(&*writing).await?;
            }
            let row = ActiveModel {
                organization_id: Set(self.key()),
                request_key: Set(key.0.to_vec()),
                body_digest: Set(self.store.keys.digest(Purpose::RequestBody, body.0).to_vec()),
                status: Set(None),
                location: Set(None),
                body: Set(None),
                created_at: Set(Millis::of(now)),
            };
            Entity::insert(row).exec_without_returning(&*writing).await?;
            writing.commit().await?;
            Ok(Repeated::First)
        };
        self.store.pool.attempt(work).await
    }

    /// Keeps the answer of a request that was begun.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn keep_answer(&self, key: RequestKey, answer: GivenAnswer) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let change = ActiveModel {
                status: Set(Some(i32::from(answer.status))),
                location: Set(answer.location),
                body: Set(Some(answer.body)),
                ..Default::default()
            };
            Entity::update_many().set(change).filter(self.own(key)).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// Forgets a request that came to nothing: the next one of its key is the first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn forget_request(&self, key: RequestKey) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            Entity::delete_many().filter(self.own(key)).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    fn own(&self, key: RequestKey) -> sea_orm::sea_query::Expr {
        Column::OrganizationId.eq(self.key()).and(Column::RequestKey.eq(key.0.to_vec()))
    }
}

/// What a request that was begun earlier means for one of the same key; `None`: nothing any more.
fn judged(known: &Model, body: &[Vec<u8>], now: Timestamp) -> Option<Repeated> {
    let is_within = |limit: Duration| {
        let age = now.as_millisecond().saturating_sub(known.created_at.number());
        u128::try_from(age).unwrap_or_default() < limit.as_millis()
    };
    if !is_within(KEPT) {
        return None;
    }
    let answer = match (known.status.and_then(|status| u16::try_from(status).ok()), &known.body) {
        (Some(status), Some(body)) => GivenAnswer { status, location: known.location.clone(), body: body.clone() },
        _ if is_within(AT_WORK) => return Some(Repeated::AtWork),
        _ => return None,
    };
    Some(if body.contains(&known.body_digest) { Repeated::Answered(answer) } else { Repeated::OtherBody })
}
