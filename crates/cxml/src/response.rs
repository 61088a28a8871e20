use std::fmt;

use crate::value::Text;
use crate::verb::Verb;
use crate::write::{Layout, Writer};

/// A document: verbs that the platform carries out in order. When the last one is done and none of them went on
/// elsewhere, the call is hung up.
///
/// ```
/// use cxml::{Hangup, Response, Say};
///
/// let mut response = Response::new();
/// response.push(Say::text("Closed. Bye & thanks."));
/// response.push(Hangup);
/// assert_eq!(
///     response.to_xml(),
///     r#"<?xml version="1.0" encoding="UTF-8"?><Response><Say>Closed. Bye &amp; thanks.</Say><Hangup/></Response>"#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The verbs in order.
    pub verbs: Vec<Verb>,
}

impl Response {
    /// A document without a verb, which hangs up.
    pub const fn new() -> Self {
        Self { verbs: Vec::new() }
    }

    /// Adds a verb behind the others.
    pub fn push(&mut self, verb: impl Into<Verb>) {
        self.verbs.push(verb.into());
    }

    /// Appends the document to a buffer, compactly. What is in the buffer already stays.
    pub fn write_into(&self, out: &mut String) {
        self.write(out, Layout::Compact);
    }

    /// The document, compactly.
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write_into(&mut out);
        out
    }

    /// The document with line ends and indentation between elements, for people. It means the same as
    /// [`Response::to_xml`]: text stays as it is. It ends with a line end.
    pub fn to_pretty_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Layout::Pretty);
        out.push('\n');
        out
    }

    /// Puts `***` in the place of every password, for a document that is shown or kept instead of carried out. Answers
    /// whether there was one.
    ///
    /// ```
    /// use cxml::Response;
    ///
    /// let text = r#"<Response><Dial><Sip username="opbx" password="hush">sip:bot@ai.example</Sip></Dial></Response>"#;
    /// let mut response = Response::read(text).unwrap();
    /// assert!(response.hide_passwords());
    /// assert!(response.to_xml().contains(r#"password="***""#));
    /// assert!(!Response::new().hide_passwords());
    /// ```
    pub fn hide_passwords(&mut self) -> bool {
        let mut found = false;
        for verb in &mut self.verbs {
            let Verb::Dial(dial) = verb else { continue };
            for password in dial.passwords() {
                *password = Text::lossy("***").into();
                found = true;
            }
        }
        found
    }

    fn write(&self, out: &mut String, layout: Layout) {
        let mut writer = Writer::begin(out, layout);
        writer.open("Response").children(|writer| self.verbs.iter().for_each(|verb| verb.write(writer)));
    }
}

/// The same as [`Response::to_xml`].
impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_xml())
    }
}

impl FromIterator<Verb> for Response {
    fn from_iter<I: IntoIterator<Item = Verb>>(verbs: I) -> Self {
        Self { verbs: verbs.into_iter().collect() }
    }
}

impl Extend<Verb> for Response {
    fn extend<I: IntoIterator<Item = Verb>>(&mut self, verbs: I) {
        self.verbs.extend(verbs);
    }
}
