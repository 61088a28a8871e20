use super::Stream;
use crate::read::{Element, Fault};
use crate::value::{StreamName, Url};
use crate::write::{Writer, attributes};

/// Connects the call to a media stream in both directions; the document goes on when the stream ends.
///
/// Source: vendor page Verb/connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// The stream.
    pub stream: Stream,
    /// Where the next document comes from when the stream has ended; with none the next verb runs. Used by running
    /// applications, though the vendor's table does not list it.
    pub action: Option<Url>,
}

impl Connect {
    /// Connects the call to this stream.
    pub fn stream(stream: Stream) -> Self {
        Self { stream, action: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::stream(Stream::read(Stream::only_child(&mut element)?)?);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Connect");
        self.write_attributes(&mut tag);
        tag.children(|writer| self.stream.write(writer));
    }
}

attributes!(Connect { "action" => action });

/// Begins a media stream beside the call; the next verb runs at once.
///
/// Source: vendor page Verb/start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The stream. It needs a name if it is to be stopped.
    pub stream: Stream,
}

impl Start {
    /// Begins this stream.
    pub fn stream(stream: Stream) -> Self {
        Self { stream }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        element.no_more_attributes()?;
        Ok(Self { stream: Stream::read(Stream::only_child(&mut element)?)? })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.open("Start").children(|writer| self.stream.write(writer));
    }
}

/// Ends a media stream that [`Start`] began; a name the platform does not know is ignored.
///
/// Source: vendor page Verb/stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The name of the stream; written as a `Stream` noun that has nothing else.
    pub name: StreamName,
}

impl Stop {
    /// Ends the stream of this name.
    pub fn stream(name: StreamName) -> Self {
        Self { name }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        element.no_more_attributes()?;
        let mut stream = Stream::only_child(&mut element)?;
        let name = stream.required("name")?;
        stream.no_more_attributes()?;
        stream.nothing()?;
        Ok(Self { name })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.open("Stop").children(|writer| {
            let mut stream = writer.open("Stream");
            stream.attribute("name", &self.name);
            stream.empty();
        });
    }
}
