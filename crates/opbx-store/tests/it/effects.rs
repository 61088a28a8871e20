//! What a caller's keys change: do-not-disturb, forward-always, a PIN.

use opbx_core::decision::Effect;
use opbx_core::effect;
use opbx_core::id::{ExtensionId, MessageId, VoicemailBoxId};
use opbx_store::Error;

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::furnished::furnish;

on_both! {
    effects_do_what_the_core_says_they_do;
    an_effect_on_what_is_gone_is_not_found;
}

async fn effects_do_what_the_core_says_they_do(bench: &Bench) {
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let (mut revision, mut plan) = tenant.load_plan().await.unwrap();
    let extension = plan.extensions[0].id;
    let voicemail_box = plan.voicemail_boxes[0].id;
    let number = "+14155550199".parse().unwrap();
    let effects = [
        Effect::DoNotDisturb { extension, on: true },
        Effect::DoNotDisturb { extension, on: true },
        Effect::ForwardAlways { extension, to: Some(number) },
        Effect::ForwardAlways { extension, to: Some("1002".parse().unwrap()) },
        Effect::ForwardAlways { extension, to: Some("1002".parse().unwrap()) },
        Effect::ForwardAlways { extension, to: None },
        Effect::ForwardAlways { extension, to: None },
        Effect::SetPin { voicemail_box, pin: "975310".parse().unwrap() },
        Effect::SetPin { voicemail_box, pin: "975310".parse().unwrap() },
        Effect::MessageHeard { voicemail_box, message: MessageId::new(1) },
        Effect::DoNotDisturb { extension, on: false },
    ];
    for it in effects {
        let changes = effect::apply(&mut plan, &it);
        let raised = tenant.perform(&it, author(), at(2)).await.unwrap();
        assert_eq!(raised.is_some(), changes, "{it:?}");
        let (now, loaded) = tenant.load_plan().await.unwrap();
        assert_eq!(loaded, plan, "{it:?}");
        assert_eq!(now.get(), revision.get() + u64::from(changes), "{it:?}");
        revision = now;
    }
}

async fn an_effect_on_what_is_gone_is_not_found(bench: &Bench) {
    let tenant = bench.organization('a').await;
    for it in [
        Effect::DoNotDisturb { extension: ExtensionId::new(9), on: true },
        Effect::ForwardAlways { extension: ExtensionId::new(9), to: None },
        Effect::SetPin { voicemail_box: VoicemailBoxId::new(9), pin: "1234".parse().unwrap() },
    ] {
        assert!(matches!(tenant.perform(&it, author(), at(2)).await, Err(Error::NotFound)), "{it:?}");
    }
}
