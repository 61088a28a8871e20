//! Orders of the log other than its own.

use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Order, QueryOrder, Select};

use crate::entity::calls::{Column, Entity};
use crate::millis::Millis;

/// An order of calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallOrder {
    /// By what.
    pub field: CallField,
    /// Whether the last comes first.
    pub descending: bool,
}

/// What calls can be put in order by. What is empty comes before everything else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallField {
    /// The identifier.
    Id,
    /// What the platform calls it.
    CallId,
    /// Which way it went.
    Direction,
    /// Who called.
    From,
    /// Whom they dialled.
    To,
    /// The name that the caller showed.
    CallerName,
    /// The identifier of the organization's number.
    PhoneNumber,
    /// The identifier of the extension.
    Extension,
    /// The identifier of the ring group.
    RingGroup,
    /// Where it is.
    Status,
    /// How it ended.
    Disposition,
    /// When it began.
    InitiatedAt,
    /// When it was answered.
    AnsweredAt,
    /// When it ended.
    EndedAt,
    /// Seconds from beginning to end.
    Duration,
    /// Answered seconds.
    Billsec,
    /// Who took it.
    AnsweredBy,
    /// What it cost.
    Cost,
    /// Whether its end was lost: it goes on, and nothing was heard of it since then.
    Stale {
        /// Since when.
        silent_since: Timestamp,
    },
}

impl CallOrder {
    /// Puts calls in this order. The identifier settles what is equal otherwise, so that no call is on two pages or on none.
    pub(super) fn of(self, calls: Select<Entity>) -> Select<Entity> {
        let order = if self.descending { Order::Desc } else { Order::Asc };
        calls.order_by(self.field.expression(), order.clone()).order_by(Column::Id, order)
    }
}

impl CallField {
    fn expression(self) -> Expr {
        let column = match self {
            Self::Id => Column::Id,
            Self::CallId => Column::CallId,
            Self::Direction => Column::Direction,
            Self::From => Column::FromNumber,
            Self::To => Column::ToNumber,
            Self::CallerName => Column::CallerName,
            Self::PhoneNumber => Column::PhoneNumberId,
            Self::Extension => Column::ExtensionId,
            Self::RingGroup => Column::RingGroupId,
            Self::Status => Column::Status,
            Self::Disposition => Column::Disposition,
            Self::InitiatedAt => Column::InitiatedAt,
            Self::AnsweredAt => Column::AnsweredAt,
            Self::EndedAt => Column::EndedAt,
            Self::Duration => Column::Duration,
            Self::Billsec => Column::Billsec,
            Self::AnsweredBy => Column::AnsweredBy,
            Self::Cost => Column::Cost,
            Self::Stale { silent_since } => {
                return Column::Live.eq(true).and(Column::LastReceivedAt.lte(Millis::of(silent_since)));
            }
        };
        Expr::col(column)
    }
}
