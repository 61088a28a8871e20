use crate::read::{Element, Fault};
use crate::value::{Method, Url};
use crate::write::{Writer, attributes};

/// Goes on with another document. Nothing behind it is ever reached.
///
/// Source: vendor page Verb/redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Where the next document comes from.
    pub url: Url,
    /// How it is requested. The platform's default is `POST`.
    pub method: Option<Method>,
}

impl Redirect {
    /// Goes on with the document at this address.
    pub fn to(url: Url) -> Self {
        Self { url, method: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::to(element.word("an address")?);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Redirect");
        self.write_attributes(&mut tag);
        tag.text(&self.url);
    }
}

attributes!(Redirect { "method" => method });

/// Ends the call as a successful, billable one.
///
/// Source: vendor page Verb/hangup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hangup;

impl Hangup {
    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        element.no_more_attributes()?;
        element.nothing()?;
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "the same shape as every other verb")]
    pub(crate) fn write(self, writer: &mut Writer<'_>) {
        writer.open("Hangup").empty();
    }
}
