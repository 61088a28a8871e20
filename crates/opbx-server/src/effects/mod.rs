//! What callers do by keys, and what they leave: on the disk before the caller hears that it is done, in the database soon
//! after, and in force from the next request on.
//!
//! The voice room decides an effect and hands it over here. It is appended to the journal, laid over what calls are decided by
//! (the plan, the contents of a box), and performed in the store by the applier; then what was laid over it goes. A
//! request that comes again is answered as before and hands nothing over; an entry that is applied again is known by its key.

mod boxes;

use self::boxes::Boxes;
use crate::clock::Clock;
use crate::journal::{CallOfEffect, Entry, Journal, What, written_effect};
use crate::plans::{Calling, Plans, Served, StoreAway};
use crate::request_id::RequestId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jiff::Timestamp;
use opbx_core::call::BoxContents;
use opbx_core::decision::Effect;
use opbx_core::id::{OrganizationId, VoicemailBoxId};
use opbx_store::{DeliveryKey, Revision, Store};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use tokio::sync::RwLock;
use tokio::time::Instant;

/// How long the contents of a box may take: whoever waits for them is on the phone.
const CONTENTS: std::time::Duration = std::time::Duration::from_millis(1_200);

/// What carries effects out. Clones lead to the same.
#[derive(Clone, Debug)]
pub(crate) struct Effects(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    /// On the settings of a plan file, for as long as the server runs.
    OfPlans(Arc<Plans>),
    /// By the journal, into the store.
    Kept(Kept),
}

#[derive(Debug)]
struct Kept {
    plans: Arc<Plans>,
    journal: Option<Journal>,
    store: Store,
    boxes: Boxes,
    clock: Clock,
    /// Held from before an entry is appended until it is laid over. The applier may have it in the store before whoever appended
    /// it goes on; what it settles then must be there, or it would be laid over for ever after.
    laying: RwLock<()>,
}

/// Who does something by keys, and in which request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doing<'c> {
    /// The platform's token of the call; empty where it gave none.
    pub(crate) call_id: &'c str,
    /// What they call from, as the platform said it.
    pub(crate) from: &'c str,
    /// The name that they show.
    pub(crate) caller_name: Option<&'c str>,
    /// The request, to find it in the log of the server.
    pub(crate) request: &'c RequestId,
    /// What the request is known by if it comes again; `None`: nothing.
    pub(crate) delivery: Option<[u8; 16]>,
    /// When it came.
    pub(crate) now: Timestamp,
}

/// An effect could not be kept: whoever asked for it is to try again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDone {
    #[error(transparent)]
    Away(#[from] StoreAway),
    #[error(transparent)]
    Refused(#[from] crate::journal::Refused),
    #[error("it cannot be written down")]
    Unwritten(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Effects {
    /// Those of a server that serves a plan file.
    pub(crate) fn of_plans(plans: Arc<Plans>) -> Self {
        Self(Arc::new(Inner::OfPlans(plans)))
    }

    /// Those of a server with a store. Without a journal (a server that is not to keep anything) they are performed at once.
    pub(crate) fn kept(plans: Arc<Plans>, journal: Option<Journal>, store: Store, clock: Clock) -> Self {
        Self(Arc::new(Inner::Kept(Kept {
            plans,
            journal,
            store,
            boxes: Boxes::default(),
            clock,
            laying: RwLock::default(),
        })))
    }

    /// Makes it so that effects are in force from the next request on, and cannot be lost.
    ///
    /// # Errors
    ///
    /// When one of them cannot be kept. Those before it are; whoever does it again does no harm.
    pub(crate) async fn perform(
        &self,
        organization: &Arc<Served>,
        effects: &[Effect],
        doing: Doing<'_>,
        deadline: Instant,
    ) -> Result<(), NotDone> {
        let (plans, journal, kept) = match &*self.0 {
            Inner::OfPlans(plans) => (plans, None, None),
            Inner::Kept(kept) => (&kept.plans, kept.journal.as_ref(), Some(kept)),
        };
        let (Some(journal), Some(kept)) = (journal, kept) else {
            let calling = Calling { from: doing.from, request: doing.request };
            plans.change(organization, effects, (calling, doing.now), deadline).await?;
            return Ok(());
        };
        for (index, effect) in effects.iter().enumerate() {
            let entry = kept.entry(organization.id, (index, effect), doing)?;
            let written = entry.written().map_err(|fault| NotDone::Unwritten(Box::new(fault)))?;
            let number = {
                let _laying = kept.laying.read().await;
                let number = journal.append(written).await?;
                kept.lay_over(organization.id, number, effect);
                number
            };
            kept.in_force(organization.id, number, effect, deadline).await?;
        }
        Ok(())
    }

    /// What is in a box; `None`: it cannot be told now.
    pub(crate) async fn contents(
        &self,
        organization: OrganizationId,
        voicemail_box: VoicemailBoxId,
    ) -> Option<BoxContents> {
        match &*self.0 {
            Inner::OfPlans(_) => Some(BoxContents::default()),
            Inner::Kept(kept) => {
                let deadline = Instant::now() + CONTENTS;
                kept.boxes.contents(&kept.store, organization, voicemail_box, kept.clock.now(), deadline).await
            }
        }
    }

    /// An entry of the journal is in the store, or never will be: what was laid over for it goes.
    pub(crate) async fn settled(&self, organization: OrganizationId, number: u64, revision: Option<Revision>) {
        if let Inner::Kept(kept) = &*self.0 {
            let _laid = kept.laying.write().await;
            kept.plans.settled(organization, number, revision);
            kept.boxes.settled(number);
        }
    }
}

impl Kept {
    fn entry(
        &self,
        organization: OrganizationId,
        (index, effect): (usize, &Effect),
        doing: Doing<'_>,
    ) -> Result<Entry, NotDone> {
        let unwritten = |fault: Box<dyn std::error::Error + Send + Sync>| NotDone::Unwritten(fault);
        let text = written_effect(effect).map_err(|fault| unwritten(Box::new(fault)))?;
        let sealed =
            self.store.platform().seal_effect(organization, &text).map_err(|fault| unwritten(Box::new(fault)))?;
        let key = key(doing.delivery, index).map_err(|fault| unwritten(Box::new(fault)))?;
        let what = What::Effect {
            key: key.0.iter().map(|byte| format!("{byte:02x}")).collect(),
            sealed: STANDARD_NO_PAD.encode(sealed),
            call: CallOfEffect {
                call_id: doing.call_id.to_owned(),
                from: doing.from.to_owned(),
                caller_name: doing.caller_name.map(str::to_owned),
            },
            request_id: doing.request.to_string(),
        };
        Ok(Entry::new(organization, doing.now, what))
    }

    fn lay_over(&self, organization: OrganizationId, number: u64, effect: &Effect) {
        if let Some(voicemail_box) = boxes::of(effect) {
            self.boxes.lay_over((organization, voicemail_box), number, effect);
        }
        self.plans.note(organization, number, effect);
    }

    /// Waits until calls are decided with what was laid over.
    async fn in_force(
        &self,
        organization: OrganizationId,
        number: u64,
        effect: &Effect,
        deadline: Instant,
    ) -> Result<(), StoreAway> {
        match effect {
            Effect::DoNotDisturb { .. } | Effect::ForwardAlways { .. } | Effect::SetPin { .. } => {
                self.plans.overlay(organization, number, effect, deadline).await
            }
            _ => Ok(()),
        }
    }
}

/// By what an effect is known: of the delivery that asked for it, and its place there. What comes again without a
/// session to know it by is another one.
fn key(delivery: Option<[u8; 16]>, index: usize) -> Result<DeliveryKey, getrandom::Error> {
    let mut digest = Sha256::new();
    digest.update(b"effect\0");
    match delivery {
        Some(delivery) => digest.update(delivery),
        None => {
            let mut random = [0; 32];
            getrandom::fill(&mut random)?;
            digest.update(random);
        }
    }
    digest.update((index as u64).to_be_bytes());
    Ok(DeliveryKey(digest.finalize().into()))
}

impl fmt::Debug for Boxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boxes").finish_non_exhaustive()
    }
}
