//! What is explained is what happens: the same documents with the same outcomes, read to the end by the platform.

use crate::installation::placed;
use crate::program::{Place, Serving, until};
use cloudonix_sim::{Exchange, Transcript};
use serde_json::Value;
use std::time::Duration;

/// A call, what its people do, and the same for `opbx explain`.
#[derive(Clone, Copy)]
pub(crate) struct Journey {
    pub(crate) title: &'static str,
    from: &'static str,
    to: &'static str,
    script: &'static str,
    digits: Option<&'static str>,
    results: Option<&'static str>,
}

impl Journey {
    pub(crate) const fn new(title: &'static str, from: &'static str, to: &'static str) -> Self {
        Self { title, from, to, script: "", digits: None, results: None }
    }

    /// What the people do.
    pub(crate) const fn people(self, script: &'static str) -> Self {
        Self { script, ..self }
    }

    /// The keys in it.
    pub(crate) const fn digits(self, digits: &'static str) -> Self {
        Self { digits: Some(digits), ..self }
    }

    /// What comes of its dials.
    pub(crate) const fn results(self, results: &'static str) -> Self {
        Self { results: Some(results), ..self }
    }

    /// What `opbx explain` says, of a subject like `--org acme` and perhaps of another time than now.
    pub(crate) fn explained(&self, place: &Place, subject: &[&str]) -> Value {
        let mut words = vec!["explain", "--json", "--from", self.from, "--to", self.to];
        words.extend(subject);
        words.extend(self.digits.iter().flat_map(|digits| ["--digits", digits]));
        words.extend(self.results.iter().flat_map(|results| ["--dial-results", results]));
        let explained = place.run_words(&words);
        assert_eq!((explained.code, explained.errors.as_str()), (Some(0), ""), "{}", self.title);
        serde_json::from_str(&explained.output).unwrap()
    }

    /// Explains the call, places it, and compares. Answers what was said on both sides.
    pub(crate) fn agrees(
        &self,
        place: &Place,
        subject: &[&str],
        serving: &Serving,
        exchange: &Exchange,
    ) -> (Value, Transcript) {
        let explained = self.explained(place, subject);
        let transcript = placed(exchange, self.from, self.to, self.script);
        let title = self.title;
        assert_eq!(transcript.end.last_error, None, "{title}\n{transcript}");

        let mut got: Vec<String> = transcript.documents().map(plain).collect();
        let mut outcomes = outcomes(serving, &transcript.session, got.len());
        let expected = texts(&explained["documents"], |document| plain(document.as_str().unwrap()));
        // What comes after a message that was left is not explained.
        if explained["ending"] == "recording" {
            got.truncate(expected.len());
            outcomes.truncate(expected.len());
        }
        assert_eq!(got, expected, "{title}\n{transcript}");
        let said = texts(&explained["decisions"], |decision| decision["outcome"]["code"].as_str().unwrap().to_owned());
        assert_eq!(outcomes, said, "{title}\n{transcript}");
        (explained, transcript)
    }
}

fn texts(list: &Value, text: impl FnMut(&Value) -> String) -> Vec<String> {
    list.as_array().unwrap().iter().map(text).collect()
}

/// How the server says that the requests of a call came out.
fn outcomes(serving: &Serving, session: &str, count: usize) -> Vec<String> {
    until("every request is in the log", Duration::from_secs(10), || {
        let lines = serving.log().into_iter();
        let own = lines.filter(|line| line["message"] == "voice request answered" && line["call_id"] == session);
        let outcomes: Vec<String> = own.map(|line| line["outcome"].as_str().unwrap().to_owned()).collect();
        (outcomes.len() >= count).then_some(outcomes)
    })
}

/// A document without the form it is written in, and without addresses, which are signed only in a live one.
fn plain(xml: &str) -> String {
    let compact: String = xml.lines().map(str::trim).collect();
    let mut plain = String::new();
    let mut rest = compact.as_str();
    let marks = [
        "/api/voice/continue/",
        "/continue/",
        "/api/webhooks/cloudonix/recording/",
        "/recording/",
        "/api/webhooks/cloudonix/conference/",
        "/conference/",
    ];
    while let Some((place, mark)) = marks.iter().filter_map(|mark| Some((rest.find(mark)?, mark))).min() {
        let (before, after) = rest.split_at(place);
        plain.push_str(before);
        plain.push('…');
        let after = after.get(mark.len()..).unwrap();
        rest = after.find(['"', '<']).map_or("", |end| after.split_at(end).1);
    }
    plain.push_str(rest);
    plain
}

/// A transcript without what differs from run to run.
pub(crate) fn without_tokens(transcript: &Transcript) -> String {
    let marks = ["/api/voice/continue/", "/api/webhooks/cloudonix/recording/", "/api/webhooks/cloudonix/conference/"];
    let line = |line: &str| match marks.iter().find_map(|mark| Some((mark, line.split_once(mark)?))) {
        Some((mark, (before, after))) => {
            let rest = after.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
            format!("{before}{mark}…{rest}\n")
        }
        None => format!("{line}\n"),
    };
    transcript.to_string().lines().map(line).collect()
}
