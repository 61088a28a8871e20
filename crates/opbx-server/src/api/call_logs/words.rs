//! The closed words of a call, as the description shows them. The core has the words.

use opbx_core::call_log::{LegResult, ViaKind};
use opbx_core::call_state::{CallDirection, CallStatus, Disposition};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The ways that calls can go.
pub(super) const DIRECTIONS: [CallDirection; 3] =
    [CallDirection::Inbound, CallDirection::Outbound, CallDirection::Internal];

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident of $value:ty = $all:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
        pub(crate) struct $name(&'static str);

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(value.as_str())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = $all.iter().map(|value| value.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

words! {
    /// Which way a call went.
    CallDirectionWord of CallDirection = DIRECTIONS;
    /// Where a call is, or how it ended.
    CallStatusWord of CallStatus = CallStatus::ALL;
    /// How a call ended.
    DispositionWord of Disposition = Disposition::ALL;
    /// What led to a phone.
    ViaWord of ViaKind = ViaKind::ALL;
    /// What became of a phone that rang.
    LegResultWord of LegResult = LegResult::ALL;
}
