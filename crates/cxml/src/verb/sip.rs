use crate::read::{Element, Fault};
use crate::value::{Password, SipAddress, Text, vocabulary};
use crate::write::{Writer, attributes};

/// A SIP address to call directly.
///
/// Source: vendor page Verb/dial/sip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sip {
    /// The address; it is also the To header.
    pub address: SipAddress,
    /// Answers an authentication challenge, together with the password.
    pub username: Option<Text>,
    /// Answers an authentication challenge, together with the user name.
    pub password: Option<Password>,
    /// Which domain the From header has. The platform's default is `origin`.
    pub domain: Option<SipDomain>,
}

impl Sip {
    /// Calls this address without credentials.
    pub fn new(address: SipAddress) -> Self {
        Self { address, username: None, password: None, domain: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.word("a SIP address")?);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Sip");
        self.write_attributes(&mut tag);
        tag.text(&self.address);
    }
}

impl From<SipAddress> for Sip {
    fn from(address: SipAddress) -> Self {
        Self::new(address)
    }
}

attributes!(Sip { "username" => username, "password" => password, "domain" => domain });

vocabulary! {
    /// Whose domain the From header of an outgoing leg has.
    pub enum SipDomain {
        /// The domain the application runs in.
        Origin = "origin",
        /// The domain that is called.
        Destination = "destination",
    }
}
