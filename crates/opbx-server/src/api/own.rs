//! What is a person's own, where no object says so itself: their extensions, and what belongs to these.

use crate::access::Caller;
use crate::problem::Problem;
use opbx_core::extension::Extension;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Filter, FilterValue, KeptCall, Query, TenantStore};
use std::collections::HashSet;

/// The identifiers of someone's extensions; a token of the installation is nobody and has none.
async fn extensions_of(tenant: &TenantStore, caller: &Caller) -> Result<HashSet<u64>, Problem> {
    let Some(user) = caller.user else { return Ok(HashSet::new()) };
    let filter = Filter { field: "user_id", value: FilterValue::Number(user.get().cast_signed()) };
    let query = Query { filters: vec![filter], limit: u64::from(u32::MAX), ..Query::default() };
    let page = tenant.page::<Extension>(&query).await?;
    Ok(page.items.into_iter().map(|stored| stored.object.id.get()).collect())
}

/// Whether a voicemail box is someone's own: that of an extension of theirs.
pub(super) async fn has_box(tenant: &TenantStore, caller: &Caller, of: &VoicemailBox) -> Result<bool, Problem> {
    let Some(extension) = of.extension_id else { return Ok(false) };
    Ok(extensions_of(tenant, caller).await?.contains(&extension.get()))
}

/// Whether a call is someone's own: one of an extension of theirs, or one that such a phone took.
pub(super) async fn has_call(tenant: &TenantStore, caller: &Caller, call: &KeptCall) -> Result<bool, Problem> {
    let own = extensions_of(tenant, caller).await?;
    let took = call.legs.iter().filter(|leg| leg.answered_at.is_some()).filter_map(|leg| leg.extension_id);
    Ok(call.extension_id.into_iter().chain(took).any(|id| own.contains(&id)))
}
