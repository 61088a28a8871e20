//! Arbitrary documents: every verb, every attribute, and texts with everything that XML treats specially.

use std::num::NonZeroU32;

use cxml::*;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Gives every optional attribute of a value a chance to be there.
macro_rules! vary {
    ($base:expr; $($field:ident: $strategy:expr),+ $(,)?) => {{
        let varied = $base.boxed();
        $(let varied = (varied, option::of($strategy))
            .prop_map(|(mut value, field)| {
                value.$field = field;
                value
            })
            .boxed();)+
        varied
    }};
}

pub(crate) fn response() -> impl Strategy<Value = Response> {
    vec(verb(), 0..4).prop_map(|verbs| Response { verbs })
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        4 => dial().prop_map(Verb::from),
        2 => gather().prop_map(Verb::from),
        2 => say().prop_map(Verb::from),
        1 => play().prop_map(Verb::from),
        1 => pause().prop_map(Verb::from),
        1 => record().prop_map(Verb::from),
        1 => vary!(url().prop_map(Redirect::to); method: method()).prop_map(Verb::from),
        1 => Just(Hangup.into()),
        1 => option::of(select(RejectReason::ALL)).prop_map(|reason| Reject { reason }.into()),
        1 => coach().prop_map(Verb::from),
        1 => stream().prop_map(|stream| Start::stream(stream).into()),
        1 => stream_name().prop_map(|name| Stop::stream(name).into()),
        1 => vary!(stream().prop_map(Connect::stream); action: url()).prop_map(Verb::from),
        1 => converse().prop_map(Verb::from),
    ]
}

fn special() -> impl Strategy<Value = &'static str> {
    let pieces = ["&", "<", ">", "\"", "'", "]]>", "<!--", "&amp;", "&#1;", "\r", "\n", "\t", "\r\n", "  ", "\u{85}"];
    let more = ["\u{2028}", "\u{FEFF}", "\u{7F}", "é", "✓", "𝄞", "\u{0}", "\u{FFFE}", "</Say>", "%", "="];
    select([pieces.as_slice(), more.as_slice()].concat())
}

pub(crate) fn hostile() -> impl Strategy<Value = String> {
    vec(prop_oneof![special().prop_map(str::to_owned), "[a-z ]{0,4}", any::<char>().prop_map(String::from)], 0..8)
        .prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = Text> {
    hostile().prop_map(Text::lossy)
}

/// Text for the types that refuse space at the ends and controls; `make` may refuse a little more.
fn label<T: std::fmt::Debug>(make: impl Fn(String) -> Result<T, Invalid>) -> impl Strategy<Value = T> {
    hostile().prop_filter_map("refused", move |text| {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        make(format!("a{}", text.trim_end())).ok()
    })
}

fn word<T: std::fmt::Debug>(make: impl Fn(String) -> Result<T, Invalid>) -> impl Strategy<Value = T> {
    label(move |text| make(text.chars().filter(|c| !c.is_whitespace()).collect()))
}

fn url() -> impl Strategy<Value = Url> {
    word(Url::new)
}

fn method() -> impl Strategy<Value = Method> {
    select(Method::ALL)
}

fn language() -> impl Strategy<Value = Language> {
    "[a-z]{2,3}(-[A-Z]{2})?".prop_map(|tag| Language::new(tag).unwrap())
}

fn voice() -> impl Strategy<Value = Voice> {
    label(Voice::new)
}

fn stream_name() -> impl Strategy<Value = StreamName> {
    label(StreamName::new)
}

fn header() -> impl Strategy<Value = Header> {
    ("[xX]-[A-Za-z0-9_.!%*+`'~-]{1,8}", hostile())
        .prop_map(|(name, value)| Header::new(HeaderName::new(name).unwrap(), HeaderValue::lossy(value)))
}

fn keys() -> impl Strategy<Value = KeySet> {
    proptest::sample::subsequence(Key::all().collect::<Vec<_>>(), 0..=12).prop_map(KeySet::from_iter)
}

fn set<T: Listed + std::fmt::Debug>() -> impl Strategy<Value = ValueSet<T>> {
    proptest::sample::subsequence(T::ALL, 0..=T::ALL.len()).prop_map(ValueSet::from_iter)
}

fn number() -> impl Strategy<Value = Number> {
    "[0-9A-Za-z+*#._-]{1,12}".prop_map(|text| Number::try_from(text.as_str()).unwrap())
}

fn sip() -> impl Strategy<Value = Sip> {
    let address =
        "(sip:)?[a-z0-9+.&'-]{1,8}@[a-z0-9.-]{1,12}(:[1-9][0-9]{1,3})?(;transport=(udp|tcp|tls)(;a=[b&]){0,2})?";
    let base = address.prop_map(|text| Sip::new(SipAddress::new(text).unwrap()));
    vary!(base; username: text(), password: text().prop_map(Password::from), domain: select(SipDomain::ALL))
}

fn target() -> impl Strategy<Value = DialTarget> {
    let endpoint = prop_oneof![number().prop_map(Endpoint::from), sip().prop_map(Endpoint::from)];
    let service = (word(ProviderName::new), word(ServiceNumber::new))
        .prop_map(|(provider, number)| Service::new(provider, number));
    prop_oneof![
        vec(endpoint, 1..4).prop_map(|endpoints| Endpoints::try_from(endpoints).unwrap().into()),
        conference().prop_map(DialTarget::from),
        vary!(service; username: text(), password: text().prop_map(Password::from)).prop_map(DialTarget::from),
    ]
}

fn dial() -> impl Strategy<Value = Dial> {
    let base = (target(), vec(header(), 0..3)).prop_map(|(target, headers)| Dial { headers, ..Dial::new(target) });
    vary!(base;
        action: url(),
        method: method(),
        caller_id: text(),
        caller_name: text(),
        forward_headers: any::<bool>(),
        extra_headers: vec(header(), 1..3).prop_map(|headers| ExtraHeaders::try_from(headers).unwrap()),
        timeout: any::<u32>(),
        time_limit: any::<u32>(),
        hangup_on_star: any::<bool>(),
        hangup_on: keys(),
        record: select(DialRecord::ALL),
        recording_status_callback: url(),
        recording_status_callback_method: method(),
        recording_status_callback_event: select(RecordingEvent::ALL),
        trim: select(Trim::ALL),
        trunks: label(TrunkName::new),
    )
}

fn conference() -> impl Strategy<Value = Conference> {
    vary!(Just(Conference::default());
        name: label(ConferenceName::new),
        beep: select(Beep::ALL),
        dtmf: select(ConferenceDtmf::ALL),
        hold_music: any::<bool>(),
        muted: any::<bool>(),
        prompts: any::<bool>(),
        start_conference_on_enter: select(StartOnEnter::ALL),
        end_conference_on_exit: any::<bool>(),
        max_participants: any::<u32>().prop_map(MaxParticipants::clamped),
        record: select(ConferenceRecord::ALL),
        status_callback: url(),
        status_callback_method: method(),
        status_callback_event: set(),
        recording_status_callback: url(),
        recording_status_callback_method: method(),
        recording_status_callback_event: select(RecordingEvent::ALL),
        talk_detection: select(TalkDetection::ALL),
        trim: select(ConferenceTrim::ALL),
    )
}

fn prompts() -> impl Strategy<Value = Vec<Prompt>> {
    let prompt =
        prop_oneof![say().prop_map(Prompt::from), play().prop_map(Prompt::from), pause().prop_map(Prompt::from)];
    vec(prompt, 0..3)
}

fn gather() -> impl Strategy<Value = Gather> {
    let finish =
        prop_oneof![Just(FinishOnKey::Never), select(Key::all().collect::<Vec<_>>()).prop_map(FinishOnKey::Key),];
    let converse = (converse(), any::<bool>())
        .prop_map(|(converse, speech)| GatherConverse { converse: Box::new(converse), speech });
    vary!(prompts().prop_map(|prompts| Gather { prompts, ..Gather::new() });
        converse: converse,
        action: url(),
        method: method(),
        input: select(GatherInput::ALL),
        finish_on_key: finish,
        num_digits: (1..u32::MAX).prop_map(|digits| NonZeroU32::new(digits).unwrap()),
        max_timeout: any::<u32>(),
        timeout: any::<u32>(),
        speech_timeout: prop_oneof![Just(SpeechTimeout::Auto), any::<u32>().prop_map(SpeechTimeout::Seconds)],
        speech_engine: select(SpeechEngine::ALL),
        language: language(),
        action_on_empty_result: any::<bool>(),
        max_duration: any::<u32>(),
        speech_detection: select(SpeechDetection::ALL),
        interruptible: any::<bool>(),
    )
}

fn say() -> impl Strategy<Value = Say> {
    vary!(mixed().prop_map(Say::new);
        answer: any::<bool>(),
        loops: any::<u32>(),
        voice: voice(),
        language: language(),
        status_callback: url(),
        status_callback_method: method(),
    )
}

fn mixed() -> impl Strategy<Value = Mixed> {
    let pause = vary!(Just(Break::default());
        strength: select(BreakStrength::ALL),
        time: any::<u32>().prop_map(BreakTime::from_millis),
    );
    let say_as = (select(InterpretAs::ALL), text()).prop_map(|(interpret_as, text)| SayAs::new(interpret_as, text));
    let leaf = prop_oneof![
        3 => text().prop_map(Ssml::from),
        1 => pause.prop_map(Ssml::from),
        1 => vary!(say_as; format: text()).prop_map(Ssml::from),
    ];
    let piece = leaf.prop_recursive(3, 12, 3, |piece| {
        let content = vec(piece, 0..3).prop_map(Mixed::from_iter);
        let name = "[a-z][a-z0-9:._-]{0,6}".prop_map(|name| SsmlAttribute::new(name).unwrap());
        let element = (select(SsmlTag::ALL), btree_map(name, text(), 0..3), content.clone())
            .prop_map(|(tag, attributes, content)| SsmlElement { tag, attributes, content });
        let audio = (url(), content).prop_map(|(src, alternative)| Audio { src, alternative });
        prop_oneof![element.prop_map(Ssml::from), audio.prop_map(Ssml::from)]
    });
    vec(piece, 0..4).prop_map(Mixed::from_iter)
}

fn play() -> impl Strategy<Value = Play> {
    let digits = "[0-9*#w]{1,8}".prop_map(|digits| Play::digits(PlayDigits::new(digits).unwrap()));
    vary!(prop_oneof![url().prop_map(Play::url), digits];
        answer: any::<bool>(),
        loops: any::<u32>(),
        status_callback: url(),
        status_callback_method: method(),
    )
}

fn pause() -> impl Strategy<Value = Pause> {
    let length = prop_oneof![any::<u32>().prop_map(Seconds::whole), any::<u64>().prop_map(Seconds::from_millis)];
    vary!(Just(Pause::new()); length: length, answer: any::<bool>())
}

fn record() -> impl Strategy<Value = Record> {
    vary!(prompts().prop_map(|prompts| Record { prompts, ..Record::new() });
        action: url(),
        method: method(),
        timeout: any::<u32>(),
        finish_on_key: keys(),
        max_length: any::<u32>(),
        play_beep: any::<bool>(),
        recording_status_callback: url(),
        recording_status_callback_method: method(),
        recording_status_callback_event: select(RecordingEvent::ALL),
        trim: select(Trim::ALL),
    )
}

fn coach() -> impl Strategy<Value = Coach> {
    vary!(word(SessionToken::new).prop_map(Coach::new);
        policy: select(CoachPolicy::ALL),
        spy_direction: select(CoachDirection::ALL),
        whisper_direction: select(CoachDirection::ALL),
        finish_on_key: keys(),
    )
}

fn stream() -> impl Strategy<Value = Stream> {
    let parameter = (text(), option::of(text())).prop_map(|(name, value)| Parameter { name, value });
    let base = (word(|rest| WssUrl::new(format!("wss://{rest}"))), vec(parameter, 0..3))
        .prop_map(|(url, parameters)| Stream { parameters, ..Stream::new(url) });
    vary!(base;
        name: stream_name(),
        track: select(Track::ALL),
        status_callback: url(),
        status_callback_method: method(),
    )
}

fn converse() -> impl Strategy<Value = Converse> {
    let parameter = vary!(text().prop_map(ToolParameter::new);
        description: text(),
        kind: text(),
        required: any::<bool>(),
        values: text(),
    );
    let base = (text(), url(), vec(parameter, 0..3))
        .prop_map(|(name, url, parameters)| Tool { parameters, ..Tool::new(name, url) });
    let part = prop_oneof![
        text().prop_map(ConversePart::System),
        text().prop_map(ConversePart::User),
        vary!(base; description: text()).prop_map(ConversePart::Tool),
    ];
    vary!(vec(part, 0..3).prop_map(|parts| Converse { parts, ..Converse::new() });
        voice: voice(),
        language: language(),
        status_callback: url(),
        status_callback_method: method(),
        status_callback_event: set(),
        session_tools: set(),
        model: word(|rest| ModelName::new(format!("m:{rest}"))),
        context: select(ConverseContext::ALL),
        temperature: any::<u64>().prop_map(Temperature::from_thousandths),
    )
}
