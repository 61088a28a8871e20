//! Work can be handed to any thread: a server spawns it.

use opbx_core::decision::Effect;
use opbx_core::id::{ExtensionId, OrganizationId};
use opbx_core::organization::OrganizationStatus;
use opbx_core::prompt::Prompt;
use opbx_store::{Changes, DataDir, Location, ObjectKind, Settings, Store, TenantStore};

use crate::bench::{at, keys, new_organization};
use crate::changing::author;
use crate::furnished::{ALL, parse, text};

const fn goes_anywhere<T: Send>(_: &T) {}

/// Compiling it is the test; it is called so that it is not taken for dead.
fn everything_can_be_spawned(store: &Store, tenant: &TenantStore, prompt: &Prompt, data_dir: &DataDir) {
    let source = parse(&text('a'));
    goes_anywhere(&Store::create(Location::in_data_dir(data_dir.path()), keys(), Settings::default()));
    goes_anywhere(&store.migrate(data_dir, at(0)));
    goes_anywhere(&tenant.load_plan());
    goes_anywhere(&tenant.apply(
        Changes { source: &source, scope: ALL, author: &author(), settings: |_| serde_json::Value::Null },
        at(0),
    ));
    goes_anywhere(&async {
        let mut edit = tenant.edit(author(), at(0)).await?;
        let before = edit.find::<Prompt>(1).await?;
        edit.update(&before, prompt.clone()).await?;
        edit.remove(&before).await?;
        edit.create(prompt.clone()).await?;
        edit.perform(&Effect::DoNotDisturb { extension: ExtensionId::new(1), on: true }).await?;
        edit.set_organization_status(OrganizationStatus::Active).await?;
        edit.commit().await
    });
    goes_anywhere(&tenant.references(ObjectKind::Extension, 1));
    goes_anywhere(&tenant.perform(&Effect::DoNotDisturb { extension: ExtensionId::new(1), on: true }, author(), at(0)));
    goes_anywhere(&tenant.sip_password(ExtensionId::new(1)));
    let platform = store.platform();
    goes_anywhere(&platform.create(&new_organization('a'), &author(), at(0)));
    goes_anywhere(&platform.list());
    goes_anywhere(&platform.by_webhook_key("", at(0)));
    goes_anywhere(&tenant.edit(author(), at(0)));
}

#[tokio::test]
async fn work_can_be_handed_to_any_thread() {
    let bench = crate::bench::Bench::sqlite().await;
    let tenant = bench.inside(OrganizationId::new(1));
    let prompt = parse(&text('a')).prompts[0].clone();
    everything_can_be_spawned(&bench.store, &tenant, &prompt, &bench.data_dir);
}
