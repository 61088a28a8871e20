//! Outbound rules: which numbers may be dialled, by whom, over which trunk.

mod order;
mod read;
mod view;

pub(super) use self::order::operations;
pub(crate) use self::view::OutboundRuleView;

use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use crate::access::OutboundRules;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use opbx_core::organization::Status;
use opbx_core::outbound_rule::OutboundRule;
use opbx_store::{Edit, Stored};
use serde_json::json;

/// The place of a rule that names none; it becomes the last one.
const LAST: u32 = u32::MAX;

impl Resource for OutboundRule {
    const PATH: &'static str = "outbound-rules";
    const NAME: &'static str = "outbound_rule";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = OutboundRules;
    type View = OutboundRuleView;

    fn rules() -> Rules {
        Rules {
            required: &["name"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({
                "position": null, "countries": [], "prefixes": [], "min_length": null, "max_length": null, "strip": 0,
                "prepend": "", "trunk": null, "caller_id": { "policy": "extension" },
                "permissions": ["national", "international"], "allow_premium": false, "status": "active",
            })),
        }
    }

    fn view(stored: &Stored<Self>) -> OutboundRuleView {
        OutboundRuleView::of(stored)
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        read::rule(fields, before)
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }

    async fn settled(mut self, edit: &Edit) -> Result<Self, Problem> {
        if self.position == LAST {
            self.position = edit.next_rule_position().await?;
        }
        Ok(self)
    }

    async fn check(&self, _edit: &Edit, _before: Option<&Stored<Self>>) -> Result<FieldErrors, Problem> {
        let mut errors = FieldErrors::default();
        if let (Some(least), Some(most)) = (self.min_length, self.max_length)
            && least > most
        {
            errors.add("max_length", FieldError::rule("too_small", "Must not be less than min_length."));
        }
        Ok(errors)
    }
}
