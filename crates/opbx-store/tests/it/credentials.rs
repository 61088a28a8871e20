//! Secrets beside the plan.

use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_core::secret::Password;
use opbx_store::{Constraint, Error, PlanObject, WebhookKey};

use crate::bench::{Bench, at, on_both};
use crate::changing::{Changing, author};

on_both! {
    passwords_and_keys_come_back;
    a_rotated_key_counts_for_a_while;
}

async fn passwords_and_keys_come_back(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let row = Extension::new(ExtensionId::new(0), "1001".parse().unwrap(), "Alice".parse().unwrap());
    let (made, revision) = a.create(PlanObject::Extension(row.clone()), at(1)).await.unwrap();
    let extension = ExtensionId::new(made.id());
    assert_eq!(a.sip_password(extension).await.unwrap(), None);
    let password = Password::new("p4ss wörd".to_owned());
    let mut edit = a.edit(author(), at(2)).await.unwrap();
    edit.set_sip_password(extension, &password).await.unwrap();
    assert_eq!(edit.commit().await.unwrap(), None, "no call depends on it");
    assert_eq!(a.sip_password(extension).await.unwrap(), Some(password.clone()));
    assert!(matches!(b.sip_password(extension).await, Err(Error::NotFound)));
    let edit = b.edit(author(), at(2)).await.unwrap();
    assert!(matches!(edit.sip_password(extension).await, Err(Error::NotFound)));
    drop(edit);
    assert_eq!(a.load_plan().await.unwrap().0, revision);
    // Changing the extension leaves it alone.
    let row = Extension { id: extension, name: "Anna".parse().unwrap(), ..row };
    a.update(&PlanObject::Extension(row), None, at(3)).await.unwrap();
    assert_eq!(a.sip_password(extension).await.unwrap(), Some(password));

    let key = Password::new("XI0123456789".to_owned());
    a.connect(|settings| settings.api_key = Some(key.clone()), at(2), at(2)).await.unwrap();
    assert_eq!((a.api_key().await.unwrap(), b.api_key().await.unwrap()), (Some(key), None));
    a.connect(|settings| settings.api_key = None, at(3), at(3)).await.unwrap();
    assert_eq!(a.api_key().await.unwrap(), None);
}

async fn a_rotated_key_counts_for_a_while(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let a = tenant.load_plan().await.unwrap().1.organization.id;
    bench.organization('b').await;
    let platform = bench.store.platform();
    let key: WebhookKey = "another-webhook-key".parse().unwrap();
    tenant.connect(|settings| settings.webhook_key = key.clone(), at(11), at(1)).await.unwrap();
    assert_eq!(platform.webhook_key(a).await.unwrap(), key);
    let stored = tenant.platform_settings().await.unwrap();
    assert_eq!((stored.settings.webhook_key, stored.former_key_until), (key, Some(at(11))));
    assert_eq!(platform.by_webhook_key("another-webhook-key", at(2)).await.unwrap(), Some(a));
    assert_eq!(platform.by_webhook_key("webhook-key-of-a", at(10)).await.unwrap(), Some(a));
    assert_eq!(platform.by_webhook_key("webhook-key-of-a", at(11)).await.unwrap(), None);
    let taken: WebhookKey = "webhook-key-of-b".parse().unwrap();
    let refused = tenant.connect(|settings| settings.webhook_key = taken, at(11), at(1)).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::WebhookKey), "{refused:?}");
    let taken = Some("B.cloudonix.example".to_owned());
    let refused = tenant.connect(|settings| settings.domain = taken, at(11), at(1)).await.unwrap_err();
    assert!(refused.is_conflict(Constraint::Domain), "{refused:?}");
}
