//! What the platform sends: the headers and the body (or the query) of a voice request.
//!
//! Source: webhook reference; vendor page voiceApplication/Request (documented) and one captured request (seen).

use cxml::Method;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde_json::{Map, Value, json};

use crate::call::{Call, Direction};
use crate::settings::Settings;

/// What the platform calls itself.
const PRODUCT: &str = "Cloudonix APP.Core/5.3.673";

/// Parameters that a verb adds to the standard ones, or puts in their place.
pub(crate) type Extras = Vec<(&'static str, String)>;

/// What stays the same in every request of a call.
#[derive(Debug)]
pub(crate) struct Session {
    /// 32 hexadecimal digits.
    pub(crate) token: String,
    /// The numeric id.
    pub(crate) id: u64,
}

/// The standard parameters with those of the verb merged in at the top.
pub(crate) fn parameters(
    settings: &Settings,
    call: &Call,
    session: &Session,
    first: bool,
    extras: &Extras,
) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("ApplicationSid", json!(settings.application.uuid));
    put("ApiVersion", json!("1"));
    // Seen: `in-progress` from the very first request on, though nothing has been answered.
    put("CallStatus", json!("in-progress"));
    put("From", json!(call.from));
    put("To", json!(call.to));
    put("CallSid", json!(session.token));
    put("Session", json!(session.token));
    put("Domain", json!(settings.domain));
    put("AccountSid", json!(settings.domain));
    put("Direction", json!(call.direction.as_str()));
    for (name, value) in
        [("CallerName", &call.caller_name), ("Diverted", &call.diverted), ("AssertedIdentity", &call.asserted_identity)]
    {
        if let Some(value) = value {
            put(name, json!(value));
        }
    }
    put("SessionData", session_data(settings, call, session, first));
    put("Application", application(settings));
    for (name, value) in extras {
        put(name, json!(value));
    }
    body
}

fn session_data(settings: &Settings, call: &Call, session: &Session, first: bool) -> Value {
    // A SIP Call-ID, as a phone would make it.
    let call_id = session.token.get(..14).unwrap_or(&session.token);
    let mut profile = call.profile.clone();
    let headers = match call.direction {
        Direction::Subscriber => "subscriber-sip-headers",
        _ => "trunk-sip-headers",
    };
    let mut sip_headers = call.sip_headers.clone();
    if call.direction == Direction::Subscriber {
        sip_headers.entry("Cloudonix-Origin").or_insert_with(|| json!("subscriber"));
        sip_headers.entry("Cloudonix-Domain").or_insert_with(|| json!(settings.domain));
    }
    profile.insert(headers.to_owned(), Value::Object(sip_headers));
    profile.insert("callId".to_owned(), json!([call_id]));
    let mut data = json!({
        "id": session.id,
        "domainId": settings.domain_id,
        "destination": call.to,
        "callerId": call.from,
        "token": session.token,
        "profile": profile,
        "callStartTime": call.started_at,
        "status": if first { "NEW" } else { "processing" },
        "vappServer": "172.20.1.15",
        "callIds": [call_id],
        "ringing": false,
        "domainNameOrId": settings.domain,
    });
    if call.direction == Direction::Subscriber
        && let Some(data) = data.as_object_mut()
    {
        data.insert("outgoingSubscriberId".to_owned(), json!(250_001));
    }
    data
}

fn application(settings: &Settings) -> Value {
    json!({
        "id": settings.application.id,
        "domainId": settings.domain_id,
        "name": settings.application.name,
        "uuid": settings.application.uuid,
        "profile": {},
        "type": "cxml",
        "url": settings.application_url,
        "method": settings.application.method.as_str(),
        "llm-tools": [],
    })
}

/// The address with the parameters in its query, behind what is there already. How the platform writes the two objects in a query is
/// not known, so they are left out.
pub(crate) fn with_query(mut url: Url, body: &Map<String, Value>) -> Url {
    let texts = body.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    url.query_pairs_mut().extend_pairs(texts);
    url
}

/// The headers of a request. A value that no header can carry is left out: it is a name or a number from the script.
pub(crate) fn headers(settings: &Settings, call: &Call, session: &Session, stage_id: u64, method: Method) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        // As bytes: a caller's name may have letters that ASCII has not.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    };
    put(USER_AGENT, PRODUCT);
    if let Some(bearer) = &settings.bearer {
        put(AUTHORIZATION, &format!("Bearer {bearer}"));
    }
    if method == Method::Post {
        put(CONTENT_TYPE, "application/json");
    }
    put(HeaderName::from_static("x-cx-apikey"), &settings.api_key);
    put(HeaderName::from_static("x-cx-domain"), &settings.domain);
    put(HeaderName::from_static("x-cx-from"), &call.from);
    put(HeaderName::from_static("x-cx-session"), &session.token);
    let source = match call.direction {
        Direction::Subscriber => Some("SUBSCRIBER"),
        _ => settings.switches.other_source.as_deref(),
    };
    if let Some(source) = source {
        put(HeaderName::from_static("x-cx-source"), source);
    }
    put(HeaderName::from_static("x-cx-stageid"), &format!("{stage_id:016x}"));
    put(HeaderName::from_static("x-cx-to"), &call.to);
    headers
}
