//! One document per verb, with everything the verb can have, and as a file that can be read.

use std::num::NonZeroU32;

use cxml::*;

/// Shows the document, and holds it against the reader: a golden file that could not be read would prove little.
fn golden(name: &str, response: &Response) {
    let pretty = response.to_pretty_xml();
    insta::assert_snapshot!(name, pretty);
    assert_eq!(Response::read(&pretty).as_ref(), Ok(response), "pretty");
    assert_eq!(Response::read(&response.to_xml()).as_ref(), Ok(response), "compact");
}

fn only(verb: impl Into<Verb>) -> Response {
    Response::from_iter([verb.into()])
}

fn url(text: &str) -> Url {
    Url::new(text).unwrap()
}

fn number(text: &str) -> Number {
    Number::try_from(text).unwrap()
}

fn header(name: &str, value: &str) -> Header {
    Header::new(HeaderName::new(name).unwrap(), HeaderValue::new(value).unwrap())
}

#[test]
fn dial() {
    let mut extra = ExtraHeaders::new(header("X-Queue", "Sales & support"));
    extra.push(header("X-Turn", "2"));
    let mut endpoints = Endpoints::new(number("1001"));
    endpoints.push(number("+12125550100"));
    endpoints.push(Sip {
        username: Some("desk".into()),
        password: Some("p\"4ss".into()),
        domain: Some(SipDomain::Destination),
        ..Sip::new(SipAddress::new("sip:alice@sip.example.org:5061;transport=tls;line=2").unwrap())
    });
    let dial = Dial {
        headers: vec![header("X-Call", "42"), header("X-Note", "<urgent>")],
        action: Some(url("/cb/ring-group?rg=7&turn=1")),
        method: Some(Method::Post),
        caller_id: Some("+14155550123".into()),
        caller_name: Some("O'Hara & Sons".into()),
        forward_headers: Some(true),
        extra_headers: Some(extra),
        timeout: Some(20),
        time_limit: Some(7200),
        hangup_on_star: Some(false),
        hangup_on: Some("*#".parse().unwrap()),
        record: Some(DialRecord::FromAnswer),
        recording_status_callback: Some(url("https://pbx.example.org/wh/recording")),
        recording_status_callback_method: Some(Method::Post),
        recording_status_callback_event: Some(RecordingEvent::Completed),
        trim: Some(Trim::DoNotTrim),
        trunks: Some(TrunkName::new("outbound trunk").unwrap()),
        ..Dial::new(endpoints)
    };
    golden("dial", &only(dial));
}

#[test]
fn dial_conference() {
    let conference = Conference {
        beep: Some(Beep::OnEnter),
        dtmf: Some(ConferenceDtmf::Pass),
        hold_music: Some(false),
        muted: Some(true),
        prompts: Some(true),
        start_conference_on_enter: Some(StartOnEnter::Required),
        end_conference_on_exit: Some(true),
        max_participants: Some(MaxParticipants::new(12).unwrap()),
        record: Some(ConferenceRecord::RecordFromStart),
        status_callback: Some(url("/conference/7")),
        status_callback_method: Some(Method::Get),
        status_callback_event: Some([ConferenceEvent::Join, ConferenceEvent::Leave].into()),
        recording_status_callback: Some(url("/recording/7")),
        recording_status_callback_method: Some(Method::Post),
        recording_status_callback_event: Some(RecordingEvent::Absent),
        talk_detection: Some(TalkDetection::Quick),
        trim: Some(ConferenceTrim::DoNotTrim),
        ..Conference::new(ConferenceName::new("Board room").unwrap())
    };
    let silent = Conference { status_callback_event: Some(ValueSet::new()), ..Conference::default() };
    golden("dial_conference", &Response::from_iter([Dial::new(conference).into(), Dial::new(silent).into()]));
}

#[test]
fn dial_service() {
    let service = Service {
        username: Some("user".into()),
        password: Some("secret".into()),
        ..Service::new(ProviderName::new("vapi").unwrap(), ServiceNumber::new("+12125550100").unwrap())
    };
    golden("dial_service", &only(Dial::new(service)));
}

#[test]
fn gather() {
    let gather = Gather {
        prompts: vec![
            Say::text("Press 1 for sales, 2 for support.").into(),
            Play::url(url("https://pbx.example.org/media/welcome.mp3")).into(),
            Pause::seconds(1).into(),
        ],
        converse: Some(GatherConverse::with_speech(Converse {
            parts: vec![ConversePart::System("Answer in one sentence.".into())],
            ..Converse::new()
        })),
        action: Some(url("/ivr/12/input?turn=1")),
        method: Some(Method::Post),
        input: Some(GatherInput::DtmfSpeech),
        finish_on_key: Some(FinishOnKey::Never),
        num_digits: NonZeroU32::new(1),
        max_timeout: Some(8),
        timeout: Some(3),
        speech_timeout: Some(SpeechTimeout::Auto),
        speech_engine: Some(SpeechEngine::Google),
        language: Some(Language::new("he-IL").unwrap()),
        action_on_empty_result: Some(true),
        max_duration: Some(60),
        speech_detection: Some(SpeechDetection::Stt),
        interruptible: Some(false),
    };
    let plain = Gather {
        finish_on_key: Some(Key::STAR.into()),
        speech_timeout: Some(SpeechTimeout::Seconds(2)),
        ..Gather::new()
    };
    golden("gather", &Response::from_iter([gather.into(), plain.into()]));
}

#[test]
fn say() {
    let mut content = Mixed::new();
    content.push("  Fish & chips < 5 \"euro\",\tplease.\r\n");
    content.push(Break::millis(500));
    content.push(SayAs::new(InterpretAs::Telephone, "+12125550100"));
    content.push(SayAs { format: Some("dmy".into()), ..SayAs::new(InterpretAs::Date, "1/2/2026") });
    content.push(Audio { alternative: "Ding!".into(), ..Audio::new(url("https://pbx.example.org/ding.wav?a=1&b=2")) });
    let stress = SsmlElement {
        attributes: [(SsmlAttribute::new("level").unwrap(), "strong".into())].into(),
        ..SsmlElement::new(SsmlTag::Emphasis, "Now ")
    };
    content.push(SsmlElement::new(SsmlTag::Sentence, Mixed::from_iter([Ssml::from(stress), "or never.".into()])));
    content.push(Break { strength: Some(BreakStrength::XStrong), time: None });
    let say = Say {
        answer: Some(false),
        loops: Some(0),
        voice: Some(Voice::new("Google:en-US-Neural2-F").unwrap()),
        language: Some(Language::new("en-US").unwrap()),
        status_callback: Some(url("/said")),
        status_callback_method: Some(Method::Get),
        ..Say::new(content)
    };
    golden("say", &only(say));
}

#[test]
fn play() {
    let play = Play {
        answer: Some(false),
        loops: Some(3),
        status_callback: Some(url("/played?id=1&x=2")),
        status_callback_method: Some(Method::Post),
        ..Play::url(url("https://pbx.example.org/media/hold.mp3?expires=1&signature=a%2Fb"))
    };
    let tones = Play::digits(PlayDigits::new("1w2*#").unwrap());
    golden("play", &Response::from_iter([play.into(), tones.into()]));
}

#[test]
fn pause() {
    let half = Pause { answer: Some(true), ..Pause::of(Seconds::from_millis(1500)) };
    golden("pause", &Response::from_iter([Pause::new().into(), Pause::seconds(0).into(), half.into()]));
}

#[test]
fn record() {
    let record = Record {
        prompts: vec![Say::text("After the beep, please.").into()],
        action: Some(url("/voicemail/3")),
        method: Some(Method::Post),
        timeout: Some(5),
        finish_on_key: Some(Key::HASH.into()),
        max_length: Some(120),
        play_beep: Some(true),
        recording_status_callback: Some(url("/voicemail/3/ready")),
        recording_status_callback_method: Some(Method::Post),
        recording_status_callback_event: Some(RecordingEvent::InProgress),
        trim: Some(Trim::TrimSilence),
    };
    golden("record", &only(record));
}

#[test]
fn redirect() {
    let redirect = Redirect { method: Some(Method::Get), ..Redirect::to(url("cx://hosted/app/block?a=1&b=2")) };
    golden("redirect", &only(redirect));
}

#[test]
fn hangup() {
    golden("hangup", &only(Hangup));
}

#[test]
fn reject() {
    let reasons = RejectReason::ALL.iter().map(|&reason| Reject::because(reason).into());
    golden("reject", &reasons.chain([Reject::new().into()]).collect());
}

#[test]
fn coach() {
    let coach = Coach {
        policy: Some(CoachPolicy::Whisper),
        spy_direction: Some(CoachDirection::Both),
        whisper_direction: Some(CoachDirection::Callee),
        finish_on_key: Some(Key::HASH.into()),
        ..Coach::new(SessionToken::new("0f3c2a").unwrap())
    };
    golden("coach", &only(coach));
}

#[test]
fn streams() {
    let stream = Stream {
        name: Some(StreamName::new("transcript").unwrap()),
        track: Some(Track::Both),
        status_callback: Some(url("/stream")),
        status_callback_method: Some(Method::Post),
        parameters: vec![Parameter::new("call", "42 & more"), Parameter { name: "flag".into(), value: None }],
        ..Stream::new(WssUrl::new("wss://ai.example.org/stream?key=a&b").unwrap())
    };
    let connect = Connect {
        action: Some(url("/stream/ended")),
        ..Connect::stream(Stream::new(WssUrl::new("wss://ai.example.org/agent").unwrap()))
    };
    let verbs: [Verb; 3] =
        [Start::stream(stream).into(), connect.into(), Stop::stream(StreamName::new("transcript").unwrap()).into()];
    golden("start_connect_stop", &Response::from_iter(verbs));
}

#[test]
fn converse() {
    let tool = Tool {
        description: Some("Finds an order <by number>.".into()),
        parameters: vec![ToolParameter {
            description: Some("The number".into()),
            kind: Some("string".into()),
            required: Some(true),
            values: Some("A1,B2".into()),
            ..ToolParameter::new("order")
        }],
        ..Tool::new("find_order", url("https://shop.example.org/order"))
    };
    let converse = Converse {
        parts: vec![
            ConversePart::System("Be brief.\nBe kind.".into()),
            ConversePart::User("Hello".into()),
            tool.into(),
        ],
        voice: Some(Voice::new("man").unwrap()),
        language: Some(Language::new("en-GB").unwrap()),
        status_callback: Some(url("/converse")),
        status_callback_method: Some(Method::Post),
        status_callback_event: Some([ConverseEvent::Completed, ConverseEvent::LlmResponse].into()),
        session_tools: Some([SessionTool::Hangup, SessionTool::Dial].into()),
        model: Some(ModelName::new("openai:gpt-4o-mini").unwrap()),
        context: Some(ConverseContext::None),
        temperature: Some(Temperature::from_thousandths(700)),
    };
    golden("converse", &only(converse));
}

#[test]
fn nothing() {
    golden("nothing", &Response::new());
}
