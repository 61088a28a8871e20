use crate::read::{Element, Fault};
use crate::value::{Method, StreamName, Text, Url, WssUrl, vocabulary};
use crate::write::{Writer, attributes};

/// A media stream between the call and a WebSocket.
///
/// Source: vendor page Verb/connect/stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The WebSocket. Without one the platform stops the application, so it is not optional.
    pub url: WssUrl,
    /// What to call the stream; a name in use re-uses the stream that has it.
    pub name: Option<StreamName>,
    /// What is streamed. The platform's default is `inbound_track`.
    pub track: Option<Track>,
    /// What is requested when the stream starts, stops or fails; the answer is not used.
    pub status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub status_callback_method: Option<Method>,
    /// What the WebSocket is told when the stream starts, as `customParameters`.
    pub parameters: Vec<Parameter>,
}

impl Stream {
    /// A stream to this WebSocket.
    pub fn new(url: WssUrl) -> Self {
        Self {
            url,
            name: None,
            track: None,
            status_callback: None,
            status_callback_method: None,
            parameters: Vec::new(),
        }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.required("url")?);
        read.read_attributes(&mut element)?;
        read.parameters = element.children()?.into_iter().map(Parameter::read).collect::<Result<_, _>>()?;
        Ok(read)
    }

    /// The one stream in a verb.
    pub(crate) fn only_child<'x>(parent: &mut Element<'x>) -> Result<Element<'x>, Fault> {
        let name = format!("<{}>", parent.name);
        let mut children = parent.children()?.into_iter();
        let Some(stream) = children.next() else { return Err(parent.lacks("one Stream")) };
        if !stream.is("Stream") {
            return Err(stream.unexpected(&name, "Stream"));
        }
        match children.next() {
            Some(second) => Err(second.unexpected(&name, "one Stream and nothing else")),
            None => Ok(stream),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Stream");
        tag.attribute("url", &self.url);
        self.write_attributes(&mut tag);
        tag.children(|writer| self.parameters.iter().for_each(|parameter| parameter.write(writer)));
    }
}

attributes!(Stream {
    "name" => name,
    "track" => track,
    "statusCallback" => status_callback,
    "statusCallbackMethod" => status_callback_method,
});

vocabulary! {
    /// Whose sound a stream carries to the WebSocket.
    pub enum Track {
        /// What the caller says.
        Inbound = "inbound_track",
        /// What the caller hears.
        Outbound = "outbound_track",
        /// Both.
        Both = "both_tracks",
    }
}

/// A value that a [`Stream`] tells its WebSocket.
///
/// Source: vendor page Verb/connect/stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: Text,
    /// The value.
    pub value: Option<Text>,
}

impl Parameter {
    /// A parameter of this name and value.
    pub fn new(name: impl Into<Text>, value: impl Into<Text>) -> Self {
        Self { name: name.into(), value: Some(value.into()) }
    }

    fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        if !element.is("Parameter") {
            return Err(element.unexpected("<Stream>", "Parameter"));
        }
        let mut read = Self { name: element.required("name")?, value: None };
        read.read_attributes(&mut element)?;
        element.nothing()?;
        Ok(read)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Parameter");
        tag.attribute("name", &self.name);
        self.write_attributes(&mut tag);
        tag.empty();
    }
}

attributes!(Parameter { "value" => value });
