//! Which calls are asked for.

use jiff::Timestamp;
use opbx_core::call_log::CallKey;
use opbx_core::call_state::{CallDirection, CallStatus, Disposition};
use sea_orm::sea_query::{Expr, ExprTrait, Iden, SelectStatement};
use sea_orm::{ColumnTrait, Condition, IdenStatic, QueryFilter, QuerySelect, QueryTrait, Select};

use super::by_text::SHOWN;
use super::order::CallOrder;
use super::visible::is_visible;
use super::{KeptCall, digest};
use crate::entity::{call_keys, call_texts, calls};
use crate::millis::Millis;
use crate::page::pattern;
use crate::tenant::TenantStore;

/// Greater than whatever may follow a prefix, byte by byte.
const BEHIND_ALL: char = char::MAX;

/// Which calls are asked for: every one of these must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CallQuery {
    /// Where they are.
    pub status: Option<CallStatus>,
    /// Which way they went.
    pub direction: Option<CallDirection>,
    /// How they ended.
    pub disposition: Option<Disposition>,
    /// Who called.
    pub from_number: Option<NumberFilter>,
    /// Whom they dialled.
    pub to_number: Option<NumberFilter>,
    /// Whose calls.
    pub extension: Option<u64>,
    /// Which ring group rang first.
    pub ring_group: Option<u64>,
    /// Which number of the organization was called.
    pub phone_number: Option<u64>,
    /// They began then or later.
    pub from: Option<Timestamp>,
    /// They began before.
    pub before: Option<Timestamp>,
    /// They took so many seconds or more.
    pub min_duration: Option<u32>,
    /// The whole of what a call is known by, or a part of a number or of the caller's name, whatever its case.
    pub search: Option<String>,
    /// Whether only those are meant that were missed and that nothing has made up for.
    pub unreturned: bool,
    /// Whether the last digits of numbers are hidden from whoever asks: then what is looked for must not lie among them.
    pub masked: bool,
    /// In which order a page is; `None`: newest first. What follows a cursor is always newest first.
    pub order: Option<CallOrder>,
}

/// Which numbers are meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NumberFilter {
    /// Those that begin so.
    Prefix(String),
    /// Those that contain this anywhere.
    Contains(String),
}

/// Which stretch of the log is asked for, newest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stretch {
    /// A page, counted from the beginning.
    Page {
        /// How many calls come before it.
        offset: u64,
        /// How many it holds at most.
        limit: u64,
    },
    /// What follows a call, whatever was added before it meanwhile.
    After {
        /// Behind which call; `None`: from the beginning.
        cursor: Option<CallCursor>,
        /// How many it holds at most.
        limit: u64,
    },
}

/// The place of a call in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallCursor {
    /// When it began.
    pub initiated_at: Timestamp,
    /// Its identifier.
    pub id: u64,
}

/// A stretch of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallPage {
    /// What it holds.
    pub items: Vec<KeptCall>,
    /// How many calls there are, of a page; at most [`CallPage::MOST_COUNTED`].
    pub total: Option<u64>,
    /// Whether there are more than were counted.
    pub is_capped: bool,
    /// Where it goes on; `None` at the end.
    pub next: Option<CallCursor>,
}

impl CallPage {
    /// Up to how many calls are counted: the cost of a page must not grow with the log.
    pub const MOST_COUNTED: u64 = 10_000;
}

impl TenantStore {
    pub(super) fn chosen_calls(&self, query: &CallQuery) -> Select<calls::Entity> {
        use calls::Column;
        let number = |id: Option<u64>| id.map(u64::cast_signed);
        let number_in = |column, filter| self.number_is(Expr::col(column), column, filter, query.masked);
        let conditions = [
            query.status.map(|status| Column::Status.eq(status.as_str())),
            query.direction.map(|direction| Column::Direction.eq(direction.as_str())),
            query.disposition.map(|disposition| Column::Disposition.eq(disposition.as_str())),
            query.from_number.as_ref().map(|filter| number_in(Column::FromNumber, filter)),
            query.to_number.as_ref().map(|filter| number_in(Column::ToNumber, filter)),
            number(query.extension).map(|id| Column::ExtensionId.eq(id)),
            number(query.ring_group).map(|id| Column::RingGroupId.eq(id)),
            number(query.phone_number).map(|id| Column::PhoneNumberId.eq(id)),
            query.from.map(|from| Column::InitiatedAt.gte(Millis::of(from))),
            query.before.map(|before| Column::InitiatedAt.lt(Millis::of(before))),
            query.min_duration.map(|seconds| Column::Duration.gte(i64::from(seconds))),
        ];
        let mut chosen = conditions.into_iter().flatten().fold(self.rows::<calls::Entity>(), QueryFilter::filter);
        if let Some(text) = query.search.as_deref().filter(|text| !text.is_empty()) {
            chosen = chosen.filter(self.is_found_by(text, query.masked, Expr::col));
        }
        if query.unreturned {
            chosen = chosen.filter(unreturned());
        }
        chosen
    }

    /// Whether a column of calls, or what is made of it, holds a number that is meant.
    pub(super) fn number_is(&self, number: Expr, column: calls::Column, filter: &NumberFilter, masked: bool) -> Expr {
        match filter {
            NumberFilter::Prefix(prefix) => begins_so(number, column, prefix, masked),
            NumberFilter::Contains(_) => number.in_subquery(self.texts_meant(filter, masked).into_query()),
        }
    }

    /// The numbers and names that are meant, of all that calls ever showed.
    pub(super) fn texts_meant(&self, filter: &NumberFilter, masked: bool) -> Select<call_texts::Entity> {
        use call_texts::Column;
        let texts = self.rows::<call_texts::Entity>().select_only().column(Column::Text);
        match filter {
            NumberFilter::Prefix(prefix) => {
                texts.filter(begins_so(Expr::col(Column::Text), Column::Text, prefix, masked))
            }
            NumberFilter::Contains(part) => {
                let texts = texts.filter(pattern(Column::Text, part));
                if masked { texts.filter(is_visible(Column::Text, part)) } else { texts }
            }
        }
    }

    /// Whether a call is known by a text, or shows it; `read` says how each column is read.
    pub(super) fn is_found_by(&self, text: &str, masked: bool, read: impl Fn(calls::Column) -> Expr) -> Condition {
        let texts = self.texts_meant(&NumberFilter::Contains(text.to_owned()), masked).into_query();
        let known = read(calls::Column::Id).in_subquery(self.known_by(text));
        SHOWN
            .into_iter()
            .fold(Condition::any().add(known), |found, column| found.add(read(column).in_subquery(texts.clone())))
    }

    /// The calls that are known by a text as a whole.
    pub(super) fn known_by(&self, text: &str) -> SelectStatement {
        let keys = [CallKey::Session(text), CallKey::Sip(text)].map(|key| digest(key).to_vec());
        let known = self.rows::<call_keys::Entity>().select_only().column(call_keys::Column::OfCall);
        known.filter(call_keys::Column::KeyDigest.is_in(keys)).into_query()
    }
}

/// Whether a text begins so. A range, which either engine finds in an index; of a pattern SQLite would not know that.
fn begins_so<C: IdenStatic + Iden>(text: Expr, column: C, prefix: &str, masked: bool) -> Expr {
    let range = text.clone().gte(prefix).and(text.lt(format!("{prefix}{BEHIND_ALL}")));
    if masked { range.and(is_visible(column, prefix)) } else { range }
}

/// Missed, not said to be settled, and nobody spoke with that number since. It is looked for and not written down: whichever
/// of the two calls is heard of first, the answer is right.
fn unreturned() -> Expr {
    let later = "NOT EXISTS (SELECT 1 FROM calls later WHERE later.organization_id = calls.organization_id \
        AND later.outside = calls.outside AND later.initiated_at > calls.initiated_at AND later.conversation = 1)";
    calls::Column::Missed.eq(true).and(calls::Column::ReturnedAt.is_null()).and(Expr::cust(later))
}
