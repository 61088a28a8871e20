//! Secrets beside the plan.

use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_core::secret::Password;
use opbx_store::{Error, PlanObject};

use crate::bench::{Bench, at, on_both};

on_both! {
    passwords_and_keys_come_back;
    a_rotated_key_counts_for_a_while;
}

async fn passwords_and_keys_come_back(bench: &Bench) {
    let (a, b) = (bench.organization('a').await, bench.organization('b').await);
    let row = Extension::new(ExtensionId::new(0), "1001".parse().unwrap(), "Alice".parse().unwrap());
    let (made, revision) = a.create(PlanObject::Extension(row), at(1)).await.unwrap();
    let extension = ExtensionId::new(made.id());
    assert_eq!(a.sip_password(extension).await.unwrap(), None);
    let password = Password::new("p4ss wörd".to_owned());
    a.set_sip_password(extension, &password, at(2)).await.unwrap();
    assert_eq!(a.sip_password(extension).await.unwrap(), Some(password.clone()));
    assert!(matches!(b.sip_password(extension).await, Err(Error::NotFound)));
    assert!(matches!(b.set_sip_password(extension, &password, at(2)).await, Err(Error::NotFound)));
    assert_eq!(a.load_plan().await.unwrap().0, revision, "no call depends on it");
    // Changing the extension leaves it alone.
    a.update(&made, None, at(3)).await.unwrap();
    assert_eq!(a.sip_password(extension).await.unwrap(), Some(password));

    let key = Password::new("XI0123456789".to_owned());
    a.set_api_key(Some(&key), at(2)).await.unwrap();
    assert_eq!((a.api_key().await.unwrap(), b.api_key().await.unwrap()), (Some(key), None));
    a.set_api_key(None, at(3)).await.unwrap();
    assert_eq!(a.api_key().await.unwrap(), None);
}

async fn a_rotated_key_counts_for_a_while(bench: &Bench) {
    let a = bench.organization('a').await.load_plan().await.unwrap().1.organization.id;
    bench.organization('b').await;
    let platform = bench.store.platform();
    let key = "another-webhook-key".parse().unwrap();
    platform.rotate_webhook_key(a, &key, at(11), at(1)).await.unwrap();
    assert_eq!(platform.webhook_key(a).await.unwrap(), key);
    assert_eq!(platform.by_webhook_key("another-webhook-key", at(2)).await.unwrap(), Some(a));
    assert_eq!(platform.by_webhook_key("webhook-key-of-a", at(10)).await.unwrap(), Some(a));
    assert_eq!(platform.by_webhook_key("webhook-key-of-a", at(11)).await.unwrap(), None);
    let taken = "webhook-key-of-b".parse().unwrap();
    let refused = platform.rotate_webhook_key(a, &taken, at(11), at(1)).await.unwrap_err();
    assert!(refused.is_conflict(opbx_store::Constraint::WebhookKey), "{refused:?}");
}
