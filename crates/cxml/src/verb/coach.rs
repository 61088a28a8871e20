use crate::read::{Element, Fault};
use crate::value::{KeySet, SessionToken, vocabulary};
use crate::write::{Writer, attributes};

/// Joins this session, the supervisor's, to another running session. When coaching ends the next verb runs.
///
/// Source: vendor page Verb/coach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coach {
    /// The session to join; it must be ringing or connected.
    pub session: SessionToken,
    /// What the supervisor may do. The platform's default is `whisper`.
    pub policy: Option<CoachPolicy>,
    /// Which parties the supervisor hears. The platform's default is `both`.
    pub spy_direction: Option<CoachDirection>,
    /// Which parties hear the supervisor. The platform's default follows from the policy.
    pub whisper_direction: Option<CoachDirection>,
    /// The keys that end coaching. The platform's default is *every* key, which is rarely meant.
    pub finish_on_key: Option<KeySet>,
}

impl Coach {
    /// Coaches this session with the platform's defaults.
    pub fn new(session: SessionToken) -> Self {
        Self { session, policy: None, spy_direction: None, whisper_direction: None, finish_on_key: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.word("the token of a session")?);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Coach");
        self.write_attributes(&mut tag);
        tag.text(&self.session);
    }
}

attributes!(Coach {
    "policy" => policy,
    "spyDirection" => spy_direction,
    "whisperDirection" => whisper_direction,
    "finishOnKey" => finish_on_key,
});

vocabulary! {
    /// What a supervisor may do in the session they joined.
    pub enum CoachPolicy {
        /// Hear, and not be heard.
        Listen = "listen",
        /// Hear, and be heard by one side.
        Whisper = "whisper",
        /// Hear, and be heard by everyone.
        Barge = "barge",
    }
}

vocabulary! {
    /// Which parties of the coached session are meant.
    pub enum CoachDirection {
        /// Nobody.
        None = "none",
        /// Who called.
        Caller = "caller",
        /// Who was called. The platform really spells it with one `l`.
        Callee = "calee",
        /// Both of them.
        Both = "both",
    }
}
