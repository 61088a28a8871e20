//! Requests of a call: for documents, and for nothing but to tell something.

use std::collections::BTreeMap;

use cxml::{Method, Response};
use reqwest::Url;
use serde_json::{Map, Value};

use super::{Player, Stage};
use crate::clock::Span;
use crate::exchange::mixed;
use crate::http::{Fault, document, resolve};
use crate::request::{self, Extras};
use crate::transcript::{Answer, Event, RoundTrip, Why};

impl Player<'_> {
    /// Requests the next document.
    pub(super) async fn fetch(&mut self, stage: Stage) -> Result<Response, Fault> {
        let Stage { why, method, url, extras } = stage;
        let mut attempt = self.fetch_once(why, method, url.clone(), &extras).await;
        for _ in 0..self.switches().retries {
            if attempt.is_ok() {
                break;
            }
            attempt = self.fetch_once(why, method, url.clone(), &extras).await;
        }
        attempt
    }

    async fn fetch_once(&mut self, why: Why, method: Method, url: Url, extras: &Extras) -> Result<Response, Fault> {
        let result = match self.ask(why, method, url, extras).await {
            Ok(answer) => document(self.switches(), &answer).map(|document| (answer.status, document)),
            Err(fault) => Err(fault),
        };
        match result {
            Ok((status, document)) => {
                let verbs = document.verbs.iter().map(|verb| verb.name().to_owned()).collect();
                self.log(Event::Receives { status, verbs });
                Ok(document)
            }
            Err(fault) => {
                if matches!(fault, Fault::Timeout(_)) {
                    // The caller waits as well; hanging up meanwhile changes nothing that could be seen.
                    let waited = self.switches().timeout.as_millis();
                    self.now += Span::millis(u64::try_from(waited).unwrap_or(u64::MAX));
                }
                self.note_fault(&fault);
                Err(fault)
            }
        }
    }

    /// Tells something; the answer is discarded, whatever it is.
    ///
    /// Source: vendor page Verb/play (documented for `Play`).
    pub(super) async fn notify(&mut self, why: Why, method: Option<Method>, address: &str, extras: &Extras) {
        match resolve(&self.document, address) {
            Ok(url) => self.notify_at(why, method.unwrap_or(Method::Post), url, extras).await,
            Err(fault) => self.log(Event::RequestFails { reason: fault.to_string() }),
        }
    }

    pub(super) async fn notify_at(&mut self, why: Why, method: Method, url: Url, extras: &Extras) {
        match self.ask(why, method, url, extras).await {
            Ok(Answer { status, .. }) if (200..300).contains(&status) => {}
            Ok(Answer { status, .. }) => self.log(Event::Disregards { status }),
            Err(fault) => self.note_fault(&fault),
        }
    }

    fn note_fault(&mut self, fault: &Fault) {
        if let Some(request) = self.requests.last_mut() {
            request.fault = Some(fault.to_string());
        }
        self.log(Event::RequestFails { reason: fault.to_string() });
    }

    /// Sends the standard request with what the verb adds, and keeps it for the transcript.
    async fn ask(&mut self, why: Why, method: Method, url: Url, extras: &Extras) -> Result<Answer, Fault> {
        let exchange = self.exchange;
        let settings = &exchange.settings;
        let parameters = request::parameters(settings, &self.call, &self.session, self.requests.is_empty(), extras);
        let shown = self.shown(&url);
        self.log(Event::Asks { why, method: method.to_string(), address: shown, parameters: as_map(extras) });
        let (url, body) = match method {
            Method::Get => (request::with_query(url, &parameters), Vec::new()),
            Method::Post => (url, Value::Object(parameters.clone()).to_string().into_bytes()),
        };
        let number = u64::try_from(self.requests.len()).unwrap_or(u64::MAX);
        let stage_id = mixed(self.session.id, number);
        let headers = request::headers(settings, &self.call, &self.session, stage_id, method);
        self.record_request(why, method, &url, parameters);
        let answer = exchange.line.send(&settings.switches, method, url, headers, body).await;
        if let (Ok(answer), Some(request)) = (&answer, self.requests.last_mut()) {
            request.answer = Some(answer.clone());
        }
        answer
    }

    fn record_request(&mut self, why: Why, method: Method, url: &Url, parameters: Map<String, Value>) {
        self.requests.push(RoundTrip {
            at: self.now,
            why,
            method: method.to_string(),
            url: url.to_string(),
            parameters,
            answer: None,
            fault: None,
        });
    }

    /// An address without its origin where that is the application's.
    fn shown(&self, url: &Url) -> String {
        if !self.exchange.line.is_the_application(url) {
            return url.to_string();
        }
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }
}

fn as_map(extras: &Extras) -> BTreeMap<String, String> {
    extras.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
