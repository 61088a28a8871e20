use crate::read::{Element, Fault};
use crate::value::vocabulary;
use crate::write::{Writer, attributes};

/// Refuses the call without answering it. Nothing behind it is ever reached.
///
/// Source: vendor page Verb/reject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reject {
    /// What the caller's side is told. The platform's default is `rejected`.
    pub reason: Option<RejectReason>,
}

impl Reject {
    /// Refuses the call for the platform's default reason.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses the call for this reason.
    pub fn because(reason: RejectReason) -> Self {
        Self { reason: Some(reason) }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        element.nothing()?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Reject");
        self.write_attributes(&mut tag);
        tag.empty();
    }
}

attributes!(Reject { "reason" => reason });

vocabulary! {
    /// Why a call is refused, with the SIP code the vendor's page of the verb gives for it.
    pub enum RejectReason {
        /// The call is not wanted; 486.
        Rejected = "rejected",
        /// The line is busy; 486.
        Busy = "busy",
        /// The network is busy; 500.
        Congestion = "congestion",
        /// The call cannot be completed; 603.
        Failed = "failed",
    }
}
