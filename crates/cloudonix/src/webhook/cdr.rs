//! A call is over, and this is its record.
//!
//! Source: vendor pages make.com/webhooks/callDetailRecords and dataModels/domain; traffic.

use jiff::Timestamp;

use super::delivery::{CallKey, DeliveryKey};
use super::domain::Domain;
use super::error::FieldFault;
use super::fields::Fields;
use super::millionths::Millionths;
use super::payload::{Report, sealed};
use super::session::{Session, unknown};
use super::time::time;
use super::value::{identifier, number, seconds, text, whole};
use super::web_address::WebAddress;
use super::words::Disposition;

/// The final record of a call, "call detail record" in the vendor's words: one for each session, whatever came of it.
///
/// A call that the platform answered is [`Disposition::Answered`] even if no person ever took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Which call it is about.
    pub key: CallKey,
    /// The record's own identifier (never seen, read if it comes).
    pub event_id: Option<String>,
    /// The record's own time, in whole seconds: about when the call ended.
    pub timestamp: Timestamp,
    /// The SIP Call-ID.
    pub call_id: Option<String>,
    /// The session; missing in some records.
    pub session: Option<Session>,
    /// Who called: a number in any spelling, or a subscriber's name; `None` when it is withheld.
    pub from: Option<String>,
    /// What was dialled.
    pub to: Option<String>,
    /// How the call ended.
    pub disposition: Disposition,
    /// The disposition in the platform's own word.
    pub disposition_text: String,
    /// Seconds on the platform, unanswered ones included.
    pub duration: Option<u32>,
    /// Answered seconds; `None` when the record does not say.
    pub billsec: Option<u32>,
    /// Which domain it is about.
    pub domain: Domain,
    /// The subscriber, by number or identifier.
    pub subscriber: Option<String>,
    /// The number of the trunk.
    pub cx_trunk_id: Option<u64>,
    /// The voice application, by name.
    pub application: Option<String>,
    /// The route, by name.
    pub route: Option<String>,
    /// What the platform's rates say the call cost.
    pub rated_cost: Option<Millionths>,
    /// About what the call cost.
    pub approx_cost: Option<Millionths>,
    /// What the customer is charged.
    pub sell_cost: Option<Millionths>,
    /// The platform's server, by its address.
    pub vapp_server: Option<String>,
    /// Where a recording can be fetched (never confirmed).
    pub recording_url: Option<WebAddress>,
    /// What was there and could not be used.
    pub passed_over: Vec<FieldFault>,
}

impl CallRecord {
    /// What the call cost: the price charged, else the rated one, else the approximate one.
    #[must_use]
    pub fn cost(&self) -> Option<Millionths> {
        self.sell_cost.or(self.rated_cost).or(self.approx_cost)
    }
}

impl sealed::Report for CallRecord {
    fn read(mut fields: Fields<'_>) -> Result<Self, FieldFault> {
        let disposition_text = fields.required(&["disposition"], text)?;
        let timestamp = fields.required(&["timestamp"], time)?;
        let call_id = fields.optional(&["call_id"], identifier);
        let session = Session::read(&mut fields);
        let (token, id) = session.as_ref().map_or((None, None), |session| (session.token.as_ref(), session.id));
        let key = CallKey::of(token, call_id.as_ref(), id).ok_or_else(|| fields.lack("call_id"))?;
        if Disposition::known(&disposition_text).is_none() {
            fields.pass_over("disposition", unknown(&disposition_text, "a disposition"));
        }
        Ok(Self {
            key,
            event_id: fields.optional(&["eventId"], identifier),
            timestamp,
            call_id,
            session,
            from: fields.optional(&["from", "callerId"], text),
            to: fields.optional(&["to", "destination"], text),
            disposition: Disposition::parse(&disposition_text),
            disposition_text,
            duration: fields.optional(&["duration"], seconds),
            billsec: fields.optional(&["billsec"], seconds),
            domain: Domain::read(&mut fields),
            subscriber: name(&mut fields, "subscriber"),
            cx_trunk_id: fields.optional(&["cx_trunk_id"], whole),
            application: name(&mut fields, "application"),
            route: name(&mut fields, "route"),
            rated_cost: fields.optional(&["rated_cost"], number),
            approx_cost: fields.optional(&["approx_cost"], number),
            sell_cost: fields.optional(&["sell_cost"], number),
            vapp_server: fields.optional(&["vapp_server"], text),
            recording_url: fields.optional(&["recording_url"], WebAddress::read),
            passed_over: fields.passed_over(),
        })
    }
}

/// A name, or an object that has one: elsewhere the platform writes these as objects.
fn name(fields: &mut Fields<'_>, field: &str) -> Option<String> {
    let Some(mut object) = fields.object_if_one(field) else { return fields.optional(&[field], text) };
    let name = object.optional(&["name", "msisdn", "uuid", "id"], text);
    fields.close(object);
    name
}

impl Report for CallRecord {
    fn delivery_key(&self, idempotency_key: Option<&str>, index: usize) -> Option<DeliveryKey> {
        let told = DeliveryKey::told(idempotency_key, self.event_id.as_deref(), index);
        let when = self.timestamp.to_string();
        let made = || DeliveryKey::made_of("record", &[&self.key.as_str(), &self.disposition_text, &when], index);
        Some(told.unwrap_or_else(made))
    }

    fn passed_over(&self) -> &[FieldFault] {
        &self.passed_over
    }
}
