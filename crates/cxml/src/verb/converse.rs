use super::Tool;
use crate::read::{Element, Fault};
use crate::value::{Language, Listed, Method, ModelName, Temperature, Text, Url, ValueSet, Voice, vocabulary};
use crate::write::{Tag, Writer, attributes};

/// A conversation of the caller with a language model.
///
/// Source: vendor page Verb/converse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converse {
    /// What the model is told and may use, in order.
    pub parts: Vec<ConversePart>,
    /// The voice. The platform's default is `woman`.
    pub voice: Option<Voice>,
    /// The language. The platform's default is `en-US`.
    pub language: Option<Language>,
    /// What is requested on the events below; the answer is not used.
    pub status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub status_callback_method: Option<Method>,
    /// Which events are reported. The platform's default is `in-progress,completed`.
    pub status_callback_event: Option<ValueSet<ConverseEvent>>,
    /// What the model may do to the call. The platform's default is nothing.
    pub session_tools: Option<ValueSet<SessionTool>>,
    /// The model.
    pub model: Option<ModelName>,
    /// Whether the model remembers the conversation so far. The platform's default is `auto`.
    pub context: Option<ConverseContext>,
    /// The model's temperature. The platform's default is 1.
    pub temperature: Option<Temperature>,
}

/// What a model is told, or may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversePart {
    /// An instruction.
    System(Text),
    /// Something said for the caller.
    User(Text),
    /// A tool.
    Tool(Tool),
}

impl From<Tool> for ConversePart {
    fn from(tool: Tool) -> Self {
        Self::Tool(tool)
    }
}

impl Converse {
    /// A conversation with the platform's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, Fault> {
        let (read, rest) = Self::read_parts(element)?;
        match rest {
            Some(child) => Err(child.unexpected("<Converse>", EXPECTED)),
            None => Ok(read),
        }
    }

    /// Reads as far as parts go, and answers with the first child that is none: it is for the caller to say whether
    /// there may be one.
    fn read_parts(mut element: Element<'_>) -> Result<(Self, Option<Element<'_>>), Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        let mut rest = None;
        for mut child in element.children()? {
            if let Some(stranger) = rest {
                // Something follows what could only have been the last.
                return Err(Element::unexpected(&stranger, "<Converse>", EXPECTED));
            }
            if child.is("Tool") {
                read.parts.push(ConversePart::Tool(Tool::read(child)?));
            } else if child.is("System") {
                child.no_more_attributes()?;
                read.parts.push(ConversePart::System(child.text()?));
            } else if child.is("User") {
                child.no_more_attributes()?;
                read.parts.push(ConversePart::User(child.text()?));
            } else {
                rest = Some(child);
            }
        }
        Ok((read, rest))
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        self.open(writer).children(|writer| self.write_parts(writer));
    }

    fn open<'w, 'o>(&self, writer: &'w mut Writer<'o>) -> Tag<'w, 'o> {
        let mut tag = writer.open("Converse");
        self.write_attributes(&mut tag);
        tag
    }

    fn write_parts(&self, writer: &mut Writer<'_>) {
        for part in &self.parts {
            match part {
                ConversePart::System(text) => writer.open("System").text(text),
                ConversePart::User(text) => writer.open("User").text(text),
                ConversePart::Tool(tool) => tool.write(writer),
            }
        }
    }
}

const EXPECTED: &str = "System, User, Tool, or in a Gather, Speech as the last";

attributes!(Converse {
    "voice" => voice,
    "language" => language,
    "statusCallback" => status_callback,
    "statusCallbackMethod" => status_callback_method,
    "statusCallbackEvent" => status_callback_event,
    "sessionTools" => session_tools,
    "model" => model,
    "context" => context,
    "temperature" => temperature,
});

/// A [`Converse`] inside a [`Gather`](crate::Gather): only there can what the caller said be a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatherConverse {
    /// The conversation.
    pub converse: Box<Converse>,
    /// Whether what the caller said follows as the last part, the noun `Speech`.
    pub speech: bool,
}

impl GatherConverse {
    /// This conversation, with what the caller said as its last part.
    pub fn with_speech(converse: Converse) -> Self {
        Self { converse: Box::new(converse), speech: true }
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, Fault> {
        let (converse, rest) = Converse::read_parts(element)?;
        let mut read = Self::from(converse);
        if let Some(mut last) = rest {
            if !last.is("Speech") {
                return Err(last.unexpected("<Converse>", EXPECTED));
            }
            last.no_more_attributes()?;
            last.nothing()?;
            read.speech = true;
        }
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        self.converse.open(writer).children(|writer| {
            self.converse.write_parts(writer);
            if self.speech {
                writer.open("Speech").empty();
            }
        });
    }
}

/// A conversation that does not use what the caller said.
impl From<Converse> for GatherConverse {
    fn from(converse: Converse) -> Self {
        Self { converse: Box::new(converse), speech: false }
    }
}

vocabulary! {
    /// Something that happens in a conversation.
    pub enum ConverseEvent {
        /// It has begun.
        InProgress = "in-progress",
        /// A tool has answered.
        ToolResponse = "tool-response",
        /// The model has answered.
        LlmResponse = "llm-response",
        /// It is over.
        Completed = "completed",
    }
}

impl Listed for ConverseEvent {
    const SEPARATOR: &'static str = ",";
    const NONE: &'static str = "";
    const EXPECTED: &'static str = "any of in-progress, tool-response, llm-response, completed";
}

vocabulary! {
    /// What a model may do to the call.
    pub enum SessionTool {
        /// End it.
        Hangup = "hangup",
        /// Go on with another document.
        Redirect = "redirect",
        /// Call someone.
        Dial = "dial",
    }
}

impl Listed for SessionTool {
    const SEPARATOR: &'static str = ",";
    const NONE: &'static str = "";
    const EXPECTED: &'static str = "any of hangup, redirect, dial";
}

vocabulary! {
    /// Whether a model remembers the conversation so far.
    pub enum ConverseContext {
        /// It does.
        Auto = "auto",
        /// It does not.
        None = "none" | "no",
    }
}
