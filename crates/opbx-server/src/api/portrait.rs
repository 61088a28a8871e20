//! How objects look in the audit log: as they are shown, with a mark where a secret is set.

use super::resource::Resource;
use jiff::Timestamp;
use opbx_store::{PlanObject, Stored};
use serde_json::Value;

/// Draws an object.
pub(crate) fn portrait(object: &PlanObject) -> Value {
    match object {
        PlanObject::Extension(object) => shown(object.clone()),
        _ => Value::Null,
    }
}

/// The fields of the API, without what the row alone knows.
fn shown<R: Resource>(object: R) -> Value {
    let nowhere = Timestamp::UNIX_EPOCH;
    let stored = Stored { object, revision: 0, created_at: nowhere, updated_at: nowhere };
    let mut fields = super::resource::shown(&stored);
    for name in R::rules().read_only {
        fields.remove(*name);
    }
    Value::Object(fields)
}
