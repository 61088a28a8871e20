//! What was delivered, before it is known what it says.

use serde_json::{Map, Value};

use super::delivery::DeliveryKey;
use super::error::{FieldFault, ReadError};
use super::fields::{Fields, bare};
use super::mend::mend;
use super::value::kind;

/// One object, or a list of them: the body of a request, its query, or a message.
///
/// ```
/// use cloudonix::webhook::{Payload, RecordingEvent, RecordingOutcome};
///
/// // A `GET` has only a query; which library takes it apart is the receiver's choice.
/// let payload = Payload::from_pairs([("RecordingStatus", "absent"), ("Session", "5b1f0c7e")]);
/// let events = payload.read::<RecordingEvent>()?;
/// assert_eq!(events[0].outcome, RecordingOutcome::Absent);
/// assert_eq!(events[0].session.as_deref(), Some("5b1f0c7e"));
/// # Ok::<(), cloudonix::webhook::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    reports: Vec<Map<String, Value>>,
    is_list: bool,
}

impl Payload {
    /// Reads a body. A byte order mark, letters that are no UTF-8, `NaN` and some other slips of writers do not matter.
    ///
    /// # Errors
    ///
    /// When it is neither an object nor a list of objects with at least one in it.
    pub fn from_json(body: &[u8]) -> Result<Self, ReadError> {
        let text = String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
        let read = serde_json::from_str::<Value>(&text);
        // Mended only when it must be; and the error is that of what was sent.
        let value = read.or_else(|fault| {
            serde_json::from_str(&mend(&text)).map_err(|_| ReadError::NotJson { reason: fault.to_string() })
        })?;
        match value {
            Value::Object(report) => Ok(Self { reports: vec![report], is_list: false }),
            Value::Array(list) if list.is_empty() => Err(ReadError::Empty),
            Value::Array(list) => {
                let object = |(index, value)| match value {
                    Value::Object(report) => Ok(report),
                    other => Err(ReadError::NoObject { index, found: kind(&other) }),
                };
                let reports = list.into_iter().enumerate().map(object).collect::<Result<_, _>>()?;
                Ok(Self { reports, is_list: true })
            }
            other => Err(ReadError::NoReport { found: kind(&other) }),
        }
    }

    /// The names and values of a form or a query, decoded, as one object. Of two values under one name the last counts.
    #[must_use]
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let report = pairs.into_iter().map(|(name, value)| (name.into(), of_form(value.into()))).collect();
        Self { reports: vec![report], is_list: false }
    }

    /// Adds what the query of the address says, where the body says nothing.
    #[must_use]
    pub fn filled_from<N: Into<String>, V: Into<String>>(mut self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        for (name, value) in pairs {
            let (name, value) = (name.into(), of_form(value.into()));
            let bare_name = bare(&name);
            for report in &mut self.reports {
                let is_said = report.iter().any(|(known, value)| !value.is_null() && bare(known) == bare_name);
                if !is_said {
                    report.insert(name.clone(), value.clone());
                }
            }
        }
        self
    }

    /// The reports as JSON, each as it came: a list, also where one object was sent. For whoever keeps them to read them again.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Array(self.reports.iter().cloned().map(Value::Object).collect()).to_string()
    }

    /// Each report by itself as JSON, in their order.
    pub fn each_as_json(&self) -> impl Iterator<Item = String> {
        self.reports.iter().map(|report| Value::Object(report.clone()).to_string())
    }

    /// Reads all reports as those of one kind: all of them, in their order, or none. There is at least one.
    ///
    /// # Errors
    ///
    /// When a report lacks a field that it cannot do without. The error names the first such report and its field.
    pub fn read<R: Report>(&self) -> Result<Vec<R>, ReadError> {
        let place = |index| self.is_list.then_some(index);
        let read = |(index, report)| {
            R::read(Fields::new(report)).map_err(|fault| ReadError::Field { index: place(index), fault })
        };
        self.reports.iter().enumerate().map(read).collect()
    }
}

/// A value of a form: an object in it is written as JSON (assumed).
fn of_form(text: String) -> Value {
    let looks_nested = text.starts_with(['{', '[']);
    let nested = || serde_json::from_str(&text).ok();
    if looks_nested && let Some(nested) = nested() { nested } else { Value::String(text) }
}

/// A kind of report.
pub trait Report: sealed::Report {
    /// By what this report is known when it is delivered again: see [`DeliveryKey`]. `idempotency_key` is the request's header
    /// `X-Idempotency-Key`, `index` the report's place in what [`Payload::read`] gave, from 0.
    ///
    /// `None` when nothing tells it from others that only look alike: then it never counts as a repetition.
    fn delivery_key(&self, idempotency_key: Option<&str>, index: usize) -> Option<DeliveryKey>;

    /// What was there and could not be used, for a log: the report counts without it.
    fn passed_over(&self) -> &[FieldFault];
}

pub(super) mod sealed {
    use super::{FieldFault, Fields};

    /// What only this crate can write.
    pub trait Report: Sized {
        /// Reads one object.
        fn read(fields: Fields<'_>) -> Result<Self, FieldFault>;
    }
}
