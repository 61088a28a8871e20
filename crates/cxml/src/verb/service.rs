use crate::read::{Element, Fault};
use crate::value::{Password, ProviderName, ServiceNumber, Text};
use crate::write::{Writer, attributes};

/// A voice agent at a provider. It is the only thing its [`Dial`](crate::Dial) calls.
///
/// Source: cloudonix-js `src/verbs/dialNouns/service.js`; there is no vendor page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The number or identifier configured at the provider.
    pub number: ServiceNumber,
    /// The provider.
    pub provider: ProviderName,
    /// The user name at the provider's SIP service.
    pub username: Option<Text>,
    /// The password at the provider's SIP service.
    pub password: Option<Password>,
}

impl Service {
    /// Calls this agent of this provider without credentials.
    pub fn new(provider: ProviderName, number: ServiceNumber) -> Self {
        Self { number, provider, username: None, password: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let number = element.word("a number configured at the provider")?;
        let mut read = Self::new(element.required("provider")?, number);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Service");
        tag.attribute("provider", &self.provider);
        self.write_attributes(&mut tag);
        tag.text(&self.number);
    }
}

attributes!(Service { "username" => username, "password" => password });
