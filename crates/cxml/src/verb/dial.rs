use super::{Conference, Number, Service, Sip};
use crate::read::{Content, Element, Fault};
use crate::value::{
    ExtraHeaders, Header, Invalid, KeySet, Method, Msisdn, Password, RecordingEvent, SipAddress, Text, Trim, TrunkName,
    Url, vocabulary,
};
use crate::write::{Writer, attributes};

/// Calls someone and connects the caller when they answer.
///
/// The caller is not answered before the callee is. When the call has ended, or was not answered, the `action` is
/// requested for the next document; without one the next verb runs.
///
/// Source: vendor page Verb/dial; attributes not on the page are from cxml-java and cloudonix-js.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// Whom to call.
    pub target: DialTarget,
    /// SIP headers for the leg that is called; written before the target.
    pub headers: Vec<Header>,
    /// Where the next document comes from.
    pub action: Option<Url>,
    /// How `action` is requested. The platform's default is `POST`.
    pub method: Option<Method>,
    /// The number shown to the callee. The platform's default is the caller's.
    pub caller_id: Option<Text>,
    /// The name shown to the callee. The platform's default is the caller's.
    pub caller_name: Option<Text>,
    /// Whether the caller's own custom SIP headers are passed on. The platform's default is `false`.
    pub forward_headers: Option<bool>,
    /// SIP headers in the `headers` attribute: a second way to say what [`Dial::headers`] says.
    pub extra_headers: Option<ExtraHeaders>,
    /// How long to ring, in seconds. The platform's default is the domain's `call-timeout`, 60 unless changed.
    pub timeout: Option<u32>,
    /// How long the connected call may last, in seconds. The platform's default is not documented.
    pub time_limit: Option<u32>,
    /// Whether the caller ends the called leg with `*`.
    pub hangup_on_star: Option<bool>,
    /// The keys that end the called leg.
    pub hangup_on: Option<KeySet>,
    /// Whether and from when the call is recorded. The platform's default is not to.
    pub record: Option<DialRecord>,
    /// What is requested about the recording; the answer is not used.
    pub recording_status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub recording_status_callback_method: Option<Method>,
    /// The platform's default is `completed`.
    pub recording_status_callback_event: Option<RecordingEvent>,
    /// What happens to silence in the recording.
    pub trim: Option<Trim>,
    /// The outbound trunk to use. The platform's default is every active trunk in order of metric.
    pub trunks: Option<TrunkName>,
}

impl Dial {
    /// Calls this target with the platform's defaults.
    pub fn new(target: impl Into<DialTarget>) -> Self {
        Self {
            target: target.into(),
            headers: Vec::new(),
            action: None,
            method: None,
            caller_id: None,
            caller_name: None,
            forward_headers: None,
            extra_headers: None,
            timeout: None,
            time_limit: None,
            hangup_on_star: None,
            hangup_on: None,
            record: None,
            recording_status_callback: None,
            recording_status_callback_method: None,
            recording_status_callback_event: None,
            trim: None,
            trunks: None,
        }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let (headers, target) = match element.content()? {
            Content::Elements(children) => read_nouns(&element, children)?,
            Content::Text(offset, text) => (Vec::new(), read_plain(&element, offset, &text)?),
        };
        let mut read = Self { headers, ..Self::new(target) };
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Dial");
        self.write_attributes(&mut tag);
        tag.children(|writer| {
            for header in &self.headers {
                let mut tag = writer.open("Header");
                tag.attribute("name", &header.name);
                tag.attribute("value", &header.value);
                tag.empty();
            }
            match &self.target {
                DialTarget::Endpoints(endpoints) => {
                    for endpoint in endpoints.as_slice() {
                        match endpoint {
                            Endpoint::Number(number) => number.write(writer),
                            Endpoint::Sip(sip) => sip.write(writer),
                        }
                    }
                }
                DialTarget::Conference(conference) => conference.write(writer),
                DialTarget::Service(service) => service.write(writer),
            }
        });
    }
}

/// Plain text is what the platform takes it for: a SIP address if it looks like one, a number if not.
fn read_plain(element: &Element<'_>, offset: usize, text: &str) -> Result<DialTarget, Fault> {
    if text.is_empty() {
        return Err(element.lacks(SOMEONE));
    }
    let sip = text.contains('@') || text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sip:"));
    let endpoint = if sip {
        SipAddress::new(text).map(|address| Endpoint::Sip(Sip::new(address)))
    } else {
        Msisdn::new(text).map(|msisdn| Endpoint::Number(Number::new(msisdn)))
    };
    endpoint.map(DialTarget::from).map_err(|invalid| element.invalid_text(offset, invalid))
}

const SOMEONE: &str = "a number, or one of Number, Sip, Conference, Service";

fn read_nouns(dial: &Element<'_>, children: Vec<Element<'_>>) -> Result<(Vec<Header>, DialTarget), Fault> {
    let (mut headers, mut endpoints, mut alone) = (Vec::new(), Vec::new(), None);
    for child in children {
        let taken = alone.is_some() || !endpoints.is_empty();
        match child.name.to_ascii_lowercase().as_str() {
            "header" if !taken => headers.push(read_header(child)?),
            "number" if alone.is_none() => endpoints.push(Number::read(child)?.into()),
            "sip" if alone.is_none() => endpoints.push(Sip::read(child)?.into()),
            "conference" if !taken => alone = Some(Conference::read(child)?.into()),
            "service" if !taken => alone = Some(Service::read(child)?.into()),
            "header" => return Err(child.unexpected("<Dial>", "every Header before the other nouns")),
            "number" | "sip" | "conference" | "service" => {
                return Err(child.unexpected("<Dial>", "nothing beside a Conference or a Service"));
            }
            _ => return Err(child.unexpected("<Dial>", "Header, Number, Sip, Conference, Service")),
        }
    }
    match alone {
        Some(target) => Ok((headers, target)),
        None => Ok((headers, Endpoints::try_from(endpoints).map_err(|_| dial.lacks(SOMEONE))?.into())),
    }
}

fn read_header(mut element: Element<'_>) -> Result<Header, Fault> {
    let header = Header::new(element.required("name")?, element.required("value")?);
    element.no_more_attributes()?;
    element.nothing()?;
    Ok(header)
}

attributes!(Dial {
    "action" => action,
    "method" => method,
    "callerId" => caller_id,
    "callerName" => caller_name,
    "forwardHeaders" => forward_headers,
    "headers" => extra_headers,
    "timeout" => timeout,
    "timeLimit" => time_limit,
    "hangupOnStar" => hangup_on_star,
    "hangupOn" => hangup_on,
    "record" => record,
    "recordingStatusCallback" => recording_status_callback,
    "recordingStatusCallbackMethod" => recording_status_callback_method,
    "recordingStatusCallbackEvent" => recording_status_callback_event,
    "trim" => trim,
    "trunks" => trunks,
});

vocabulary! {
    /// From when a dialled call is recorded.
    pub enum DialRecord {
        /// From the callee's answer.
        FromAnswer = "record-from-answer",
        /// From the first ring.
        FromRinging = "record-from-ringing",
    }
}

impl Dial {
    /// The passwords that it presents.
    pub(crate) fn passwords(&mut self) -> impl Iterator<Item = &mut Password> {
        let (endpoints, service) = match &mut self.target {
            DialTarget::Endpoints(endpoints) => (endpoints.0.as_mut_slice(), None),
            DialTarget::Service(service) => (&mut [][..], service.password.as_mut()),
            DialTarget::Conference(_) => (&mut [][..], None),
        };
        let sip = endpoints.iter_mut().filter_map(|endpoint| match endpoint {
            Endpoint::Sip(sip) => sip.password.as_mut(),
            Endpoint::Number(_) => None,
        });
        sip.chain(service)
    }
}

/// Whom a [`Dial`] calls. A conference or a service is never mixed with anything else, and something is always
/// called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialTarget {
    /// Numbers and SIP addresses; several ring at once and the first to answer gets the call.
    Endpoints(Endpoints),
    /// A conference room.
    Conference(Box<Conference>),
    /// A voice agent.
    Service(Service),
}

/// One thing that rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A number.
    Number(Number),
    /// A SIP address.
    Sip(Sip),
}

/// One or more things that ring at once.
///
/// ```
/// use cxml::{Endpoint, Endpoints, Msisdn, Number};
///
/// let mut endpoints = Endpoints::new(Number::new(Msisdn::new("1001").unwrap()));
/// endpoints.push(Number::new(Msisdn::new("1002").unwrap()));
/// assert_eq!(endpoints.as_slice().len(), 2);
/// assert!(Endpoints::try_from(Vec::<Endpoint>::new()).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints(Vec<Endpoint>);

impl Endpoints {
    /// One endpoint; more are pushed.
    pub fn new(first: impl Into<Endpoint>) -> Self {
        Self(vec![first.into()])
    }

    /// Adds an endpoint behind the others.
    pub fn push(&mut self, endpoint: impl Into<Endpoint>) {
        self.0.push(endpoint.into());
    }

    /// The endpoints, in the order they are written; never empty.
    pub fn as_slice(&self) -> &[Endpoint] {
        &self.0
    }

    /// The endpoints, in the order they are written; never empty.
    pub fn iter(&self) -> std::slice::Iter<'_, Endpoint> {
        self.0.iter()
    }
}

impl TryFrom<Vec<Endpoint>> for Endpoints {
    type Error = Invalid;

    fn try_from(endpoints: Vec<Endpoint>) -> Result<Self, Invalid> {
        if endpoints.is_empty() {
            Err(Invalid::new("Endpoints", "", "at least one Number or Sip"))
        } else {
            Ok(Self(endpoints))
        }
    }
}

impl<'a> IntoIterator for &'a Endpoints {
    type Item = &'a Endpoint;
    type IntoIter = std::slice::Iter<'a, Endpoint>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Endpoints {
    type Item = Endpoint;
    type IntoIter = std::vec::IntoIter<Endpoint>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Number> for Endpoint {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Sip> for Endpoint {
    fn from(sip: Sip) -> Self {
        Self::Sip(sip)
    }
}

impl From<Endpoints> for DialTarget {
    fn from(endpoints: Endpoints) -> Self {
        Self::Endpoints(endpoints)
    }
}

impl From<Endpoint> for DialTarget {
    fn from(endpoint: Endpoint) -> Self {
        Self::Endpoints(Endpoints::new(endpoint))
    }
}

impl From<Number> for DialTarget {
    fn from(number: Number) -> Self {
        Endpoint::Number(number).into()
    }
}

impl From<Sip> for DialTarget {
    fn from(sip: Sip) -> Self {
        Endpoint::Sip(sip).into()
    }
}

impl From<Conference> for DialTarget {
    fn from(conference: Conference) -> Self {
        Self::Conference(Box::new(conference))
    }
}

impl From<Service> for DialTarget {
    fn from(service: Service) -> Self {
        Self::Service(service)
    }
}
