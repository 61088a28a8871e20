//! The examples of the CXML reference, and spellings that were seen in running applications.

use cxml::*;

fn read(xml: &str) -> Response {
    let response = Response::read(xml).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Response::read(&response.to_xml()), Ok(response.clone()));
    response
}

fn dial(response: &Response) -> &Dial {
    match response.verbs.as_slice() {
        [Verb::Dial(dial)] => dial,
        other => panic!("not one Dial: {other:?}"),
    }
}

#[test]
fn simultaneous_ringing() {
    let response = read(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Dial timeout="20" action="/cb/ring-group?rg=7&amp;turn=1" record="record-from-answer"
        recordingStatusCallback="https://pbx.example.org/wh/recording">
    <Number>1001</Number>
    <Number>1002</Number>
  </Dial>
</Response>"#,
    );
    let dial = dial(&response);
    assert_eq!((dial.timeout, dial.record), (Some(20), Some(DialRecord::FromAnswer)));
    assert_eq!(dial.action.as_ref().map(Url::as_str), Some("/cb/ring-group?rg=7&turn=1"));
    let DialTarget::Endpoints(endpoints) = &dial.target else { panic!("{dial:?}") };
    assert_eq!(endpoints.as_slice().len(), 2);
}

#[test]
fn menu() {
    let response = read(
        r#"<Response>
  <Gather input="dtmf" numDigits="1" maxTimeout="8" timeout="3" action="/ivr/12/input?turn=1">
    <Play>https://pbx.example.org/media/welcome.mp3</Play>
  </Gather>
  <Redirect method="POST">/ivr/12/input?turn=1&amp;empty=1</Redirect>
</Response>"#,
    );
    assert_eq!(response.verbs.iter().map(Verb::name).collect::<Vec<_>>(), ["Gather", "Redirect"]);
}

#[test]
fn coach() {
    let response = read(
        r##"<Response><Coach policy="whisper" whisperDirection="calee" finishOnKey="#">0f3c0f3c</Coach><Hangup/></Response>"##,
    );
    let Verb::Coach(coach) = &response.verbs[0] else { panic!("{response:?}") };
    assert_eq!(coach.whisper_direction, Some(CoachDirection::Callee));
}

#[test]
fn plain_text_in_dial_is_one_number_or_one_sip_address() {
    let number = Number::try_from("1001").unwrap();
    assert_eq!(dial(&read("<Response><Dial>\n  1001\n</Dial></Response>")).target, number.into());
    for address in ["sip:1001@acme.cloudonix.net", "1001@acme.cloudonix.net"] {
        let sip = Sip::new(SipAddress::new(address).unwrap());
        assert_eq!(dial(&read(&format!("<Response><Dial>{address}</Dial></Response>"))).target, sip.into());
    }
}

#[test]
fn an_empty_conference_is_the_default_room() {
    for conference in ["<Conference/>", "<Conference></Conference>", "<Conference> \n </Conference>"] {
        let response = read(&format!("<Response><Dial>{conference}</Dial></Response>"));
        assert_eq!(dial(&response).target, Conference::default().into());
    }
}

#[test]
fn lists_take_commas_and_spaces() {
    for list in ["join,leave", "leave join", " join ,leave", "JOIN, Leave"] {
        let xml = format!("<Response><Dial><Conference statusCallbackEvent='{list}'/></Dial></Response>");
        let events = [ConferenceEvent::Join, ConferenceEvent::Leave].into();
        let expected = Conference { status_callback_event: Some(events), ..Conference::default() };
        assert_eq!(dial(&read(&xml)).target, expected.into());
    }
}

#[test]
fn comments_cdata_and_references_in_speech_are_one_text() {
    let response = read("<Response><Say>a<!-- not spoken -->b<![CDATA[ <c> ]]>&#100;&#x65;&amp;</Say></Response>");
    assert_eq!(response.verbs, [Say::text("ab <c> de&").into()]);
}

#[test]
fn space_in_speech_stays_and_around_words_goes() {
    let response = read("<Response>\n <Say> hi\r\n </Say>\n <Play>\n https://x.example/a.mp3\n </Play>\n</Response>");
    let play = Play::url(Url::new("https://x.example/a.mp3").unwrap());
    assert_eq!(response.verbs, [Say::text(" hi\n ").into(), play.into()]);
}

#[test]
fn the_attribute_headers_is_form_urlencoded() {
    let response = read("<Response><Dial headers='X-A=1&amp;X-B=a+b%26%C3%A9'>1001</Dial></Response>");
    let headers = dial(&response).extra_headers.as_ref().unwrap();
    let pairs: Vec<_> = headers.as_slice().iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
    assert_eq!(pairs, [("X-A", "1"), ("X-B", "a b&é")]);
}

#[test]
fn what_surrounds_the_root_is_skipped() {
    let xml = "\u{FEFF}<?xml version='1.0'?>\n<!-- before -->\n<Response/>\n<!-- after -->\n";
    assert_eq!(read(xml), Response::new());
}
