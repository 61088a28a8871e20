use crate::read::{Element, Fault};
use crate::value::Seconds;
use crate::write::{Writer, attributes};

/// Waits. The call keeps ringing unless `answer` is set.
///
/// Source: vendor page Verb/pause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// For how long. The platform's default is 1 second.
    pub length: Option<Seconds>,
    /// Whether the call is answered first. The platform's default is `false`.
    pub answer: Option<bool>,
}

impl Pause {
    /// Waits for the platform's default of one second.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for so many seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self::of(Seconds::whole(seconds))
    }

    /// Waits for this long.
    pub fn of(length: Seconds) -> Self {
        Self { length: Some(length), answer: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        element.nothing()?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Pause");
        self.write_attributes(&mut tag);
        tag.empty();
    }
}

attributes!(Pause { "length" => length, "answer" => answer });
