//! What is in voicemail boxes: what the store says, and what is acknowledged and not in the store yet.

use jiff::Timestamp;
use opbx_core::call::BoxContents;
use opbx_core::decision::Effect;
use opbx_core::id::{OrganizationId, VoicemailBoxId};
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Reason, Store, Tenant};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// How long before the deadline the store is asked, applied or not.
const ASKED: std::time::Duration = std::time::Duration::from_millis(600);

type BoxOf = (OrganizationId, VoicemailBoxId);

/// What is laid over the store's answer, by the number of its entry.
#[derive(Default)]
pub(super) struct Boxes {
    pending: Mutex<BTreeMap<u64, (BoxOf, Effect)>>,
    applied: Notify,
}

/// The box that an effect changes; `None`: it changes none.
pub(super) const fn of(effect: &Effect) -> Option<VoicemailBoxId> {
    match effect {
        Effect::SaveMessage { voicemail_box, .. }
        | Effect::MessageHeard { voicemail_box, .. }
        | Effect::KeepMessage { voicemail_box, .. }
        | Effect::DeleteMessage { voicemail_box, .. }
        | Effect::WrongPin { voicemail_box }
        | Effect::RightPin { voicemail_box } => Some(*voicemail_box),
        Effect::DoNotDisturb { .. }
        | Effect::ForwardAlways { .. }
        | Effect::SetGreeting { .. }
        | Effect::SetPin { .. } => None,
    }
}

impl Boxes {
    pub(super) fn lay_over(&self, of: BoxOf, number: u64, effect: &Effect) {
        self.pending().insert(number, (of, effect.clone()));
    }

    pub(super) fn settled(&self, number: u64) {
        if self.pending().remove(&number).is_some() {
            self.applied.notify_waiters();
        }
    }

    /// What is in a box. What was done to it a moment ago is mostly in the store by now, and a message that was left gets its
    /// number there: so that is waited for, a little; what is still not there then is laid over.
    pub(super) async fn contents(
        &self,
        store: &Store,
        organization: OrganizationId,
        voicemail_box: VoicemailBoxId,
        now: Timestamp,
        deadline: Instant,
    ) -> Option<BoxContents> {
        let of = (organization, voicemail_box);
        // Whether it was waited for long enough, what is read next tells.
        let _ = timeout_at(deadline - ASKED, self.is_applied(of)).await;
        // Taken before the store is asked: what is settled between the two is laid over what has it already, which
        // changes nothing but the count of wrong PINs, and that errs on the side of the lock.
        let pending = self.of_box(of);
        let tenant = store.tenant(&Tenant::inside(organization, Reason::Webhook));
        match timeout_at(deadline, tenant.box_contents(voicemail_box, now)).await {
            Ok(Ok(contents)) => Some(laid_over(contents, &pending)),
            Ok(Err(fault)) => {
                tracing::warn!(organization = organization.get(), %fault, "the contents of a voicemail box cannot be told");
                None
            }
            Err(_) => None,
        }
    }

    /// Comes when nothing of a box waits.
    async fn is_applied(&self, of: BoxOf) {
        loop {
            let applied = self.applied.notified();
            if self.of_box(of).is_empty() {
                return;
            }
            applied.await;
        }
    }

    fn of_box(&self, of: BoxOf) -> Vec<Effect> {
        self.pending().values().filter(|(other, _)| *other == of).map(|(_, effect)| effect.clone()).collect()
    }

    fn pending(&self) -> MutexGuard<'_, BTreeMap<u64, (BoxOf, Effect)>> {
        // Nothing that can panic stands between two changes that belong together.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The contents as they will be. A message that was left has no number yet and cannot be played; it is not shown.
fn laid_over(mut contents: BoxContents, pending: &[Effect]) -> BoxContents {
    let mut wrong = 0;
    for effect in pending {
        match effect {
            Effect::MessageHeard { message, .. } | Effect::KeepMessage { message, .. } => {
                for known in contents.messages.iter_mut().filter(|known| known.id == *message) {
                    known.new = false;
                }
            }
            Effect::DeleteMessage { message, .. } => contents.messages.retain(|known| known.id != *message),
            Effect::WrongPin { .. } => wrong += 1,
            Effect::RightPin { .. } => wrong = 0,
            _ => {}
        }
    }
    contents.locked |= wrong >= VoicemailBox::WRONG_PINS_TO_LOCK;
    contents
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::call::BoxMessage;
    use opbx_core::id::MessageId;

    #[test]
    fn what_waits_is_laid_over() {
        let (voicemail_box, message) = (VoicemailBoxId::new(4), |id| MessageId::new(id));
        let messages = [1, 2, 3].map(|id| BoxMessage { id: message(id), new: true }).to_vec();
        let contents = BoxContents { messages, locked: false };
        let pending = [
            Effect::MessageHeard { voicemail_box, message: message(1) },
            Effect::DeleteMessage { voicemail_box, message: message(2) },
            Effect::WrongPin { voicemail_box },
        ];
        let after = laid_over(contents.clone(), &pending);
        let left: Vec<_> = after.messages.iter().map(|message| (message.id.get(), message.new)).collect();
        assert_eq!((left, after.locked), (vec![(1, false), (3, true)], false));
        let wrong = vec![Effect::WrongPin { voicemail_box }; 5];
        assert!(laid_over(contents.clone(), &wrong).locked);
        let right = [wrong, vec![Effect::RightPin { voicemail_box }]].concat();
        assert!(!laid_over(contents, &right).locked);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_box_hears_that_it_is_applied() {
        let boxes = Boxes::default();
        let of = (OrganizationId::new(1), VoicemailBoxId::new(4));
        let effect = Effect::WrongPin { voicemail_box: of.1 };
        boxes.lay_over(of, 7, &effect);
        boxes.lay_over((OrganizationId::new(2), of.1), 8, &effect);
        let settle = async {
            tokio::task::yield_now().await;
            boxes.settled(7);
        };
        tokio::join!(boxes.is_applied(of), settle);
        assert_eq!(boxes.of_box(of), []);
    }
}
