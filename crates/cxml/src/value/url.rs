use super::is_xml_char;

text_type! {
    /// An address, relative or absolute: of the next document (`action`, `Redirect`), of a status callback, of audio.
    ///
    /// The platform resolves a relative address against the address of the document it stands in. For documents it
    /// takes the schemes `http`, `https`, `cx` (a container application) and `service`; inside a container
    /// application a bare word is the name of another block, so any word is an address.
    ///
    /// Source: vendor pages Verb/dial, Verb/redirect, dataModels/voiceApplication.
    Url,
    "an address without spaces or control characters",
    |text| !text.is_empty() && text.chars().all(is_url_char)
}

text_type! {
    /// The address of a WebSocket that receives a media stream: `wss://host…`.
    ///
    /// The platform stops the application when a stream's address is missing or anything but `wss`.
    ///
    /// Source: vendor page Verb/connect/stream.
    WssUrl,
    "an address that begins with `wss://` and names a host",
    |text| {
        let Some((scheme, rest)) = text.split_once("://") else { return false };
        scheme.eq_ignore_ascii_case("wss")
            && !rest.is_empty()
            && !rest.starts_with(['/', '?', '#', ':'])
            && rest.chars().all(is_url_char)
    }
}

fn is_url_char(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && is_xml_char(c)
}

impl Url {
    /// Drops the characters an address cannot have; of nothing it makes `/`. For renderers, which have no way to
    /// fail and build their addresses from parts that were checked before.
    ///
    /// ```
    /// # use cxml::Url;
    /// assert_eq!(Url::lossy("/a b").as_str(), "/ab");
    /// assert_eq!(Url::lossy(" ").as_str(), "/");
    /// ```
    pub fn lossy(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.retain(is_url_char);
        if text.is_empty() {
            text.push('/');
        }
        Self(text)
    }

    /// The scheme of an absolute address, `https` for example, as it was written; `None` for a relative one.
    ///
    /// ```
    /// # use cxml::Url;
    /// assert_eq!(Url::new("cx://hosted/app/block").unwrap().scheme(), Some("cx"));
    /// assert_eq!(Url::new("/ivr/12?turn=1").unwrap().scheme(), None);
    /// ```
    pub fn scheme(&self) -> Option<&str> {
        let (scheme, _) = self.as_str().split_once("://")?;
        let first = scheme.chars().next()?;
        let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        (first.is_ascii_alphabetic() && scheme.chars().all(rest)).then_some(scheme)
    }
}
