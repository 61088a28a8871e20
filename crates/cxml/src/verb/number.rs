use crate::read::{Element, Fault};
use crate::value::{Invalid, Msisdn};
use crate::write::Writer;

/// A number to call. The platform rings the subscriber of the domain that has it, and otherwise calls out over a
/// trunk.
///
/// Source: vendor page Verb/dial/number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The phone number or extension.
    pub msisdn: Msisdn,
}

impl Number {
    /// Calls this number.
    pub fn new(msisdn: Msisdn) -> Self {
        Self { msisdn }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let msisdn = element.word("a number")?;
        element.no_more_attributes()?;
        Ok(Self { msisdn })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.open("Number").text(&self.msisdn);
    }
}

impl From<Msisdn> for Number {
    fn from(msisdn: Msisdn) -> Self {
        Self { msisdn }
    }
}

impl TryFrom<&str> for Number {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Invalid> {
        Msisdn::new(text).map(Self::new)
    }
}
