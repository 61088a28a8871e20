//! What the small types accept, at their edges.

use cxml::*;

#[test]
fn sip_addresses() {
    let good = [
        "1001@acme.example",
        "sip:1001@acme.example",
        "SIP:a.b-c+d@10.0.0.1:65535",
        "sip:a@[2001:db8::1]:5060;transport=UDP",
        "sip:a@b;transport=tcp;x=y;z=1",
    ];
    for text in good {
        assert!(SipAddress::new(text).is_ok(), "{text}");
    }
    let bad = [
        "",
        "sip:",
        "1001",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b c",
        "sips:a@b",
        "a@b:",
        "a@b:0",
        "a@b:65536",
        "a@b:x",
        "a@[::1",
        "a@[]",
        "a@b;lr",
        "a@b;x=y",
        "a@b;transport=sctp",
        "a@b;transport=udp;lr",
        "a@b;",
        "a:p@b",
        "é@b",
        "a@b\r\nVia: c",
    ];
    for text in bad {
        assert!(SipAddress::new(text).is_err(), "{text}");
    }
    let address = SipAddress::new("sip:a@[2001:db8::1]:5060;transport=UDP").unwrap();
    assert_eq!((address.user(), address.domain(), address.port()), ("a", "[2001:db8::1]", Some(5060)));
    assert_eq!(address.transport(), Some(SipTransport::Udp));
}

#[test]
fn addresses() {
    for text in ["/", "block", "?a=b", "https://é.example/✓?<\">", "cx://hosted/a/b"] {
        assert!(Url::new(text).is_ok(), "{text}");
    }
    for text in ["", " ", "a b", "a\tb", "a\nb", "\u{85}", "a\u{a0}b", "\u{0}", "\u{FFFF}"] {
        assert!(Url::new(text).is_err(), "{text:?}");
    }
    for text in ["wss://a", "WSS://a.example/b?c"] {
        assert!(WssUrl::new(text).is_ok(), "{text}");
    }
    for text in ["", "wss://", "wss:///a", "wss://?", "wss://:1", "ws://a", "https://a", "/a", "wss://a b"] {
        assert!(WssUrl::new(text).is_err(), "{text}");
    }
}

#[test]
fn headers() {
    for text in ["X-A", "x-a", "X-Call_ID.1"] {
        assert!(HeaderName::new(text).is_ok(), "{text}");
    }
    for text in ["", "X", "X-", "Via", "X A", "X-A:", "X-A\r\n", "é-A"] {
        assert!(HeaderName::new(text).is_err(), "{text}");
    }
    assert!(HeaderValue::new("a\r\nVia: b").is_err());
    assert_eq!(HeaderValue::lossy("a\r\nVia: b").as_str(), "aVia: b");
}

#[test]
fn lengths() {
    for (text, millis) in
        [("0", 0), ("1", 1000), ("1.5", 1500), ("1.050", 1050), (".5", 500), ("2.", 2000), ("1.0000", 1000)]
    {
        assert_eq!(text.parse(), Ok(Seconds::from_millis(millis)), "{text}");
    }
    for text in ["", ".", "-1", "+1", "1e3", "1,5", "1.0001", "1 ", "99999999999999999999", "18446744073709551615"] {
        assert!(text.parse::<Seconds>().is_err(), "{text}");
    }
    let longest = Seconds::from_millis(u64::MAX);
    assert_eq!(longest.to_string().parse(), Ok(longest));
}

#[test]
fn keys() {
    assert_eq!(KeySet::any().to_string(), "1234567890*#");
    assert_eq!(KeySet::any().to_string().parse(), Ok(KeySet::any()));
    assert!(KeySet::none().is_empty());
    assert!(Key::new('a').is_err());
    assert!(Key::new('é').is_err());
    assert!(PlayDigits::new("").is_err());
}

#[test]
fn languages() {
    for text in ["en", "en-US", "cmn-Hans-CN", "es-419"] {
        assert!(Language::new(text).is_ok(), "{text}");
    }
    for text in ["", "e", "en_US", "en-", "-US", "english language", "123", "en-toolongtag"] {
        assert!(Language::new(text).is_err(), "{text}");
    }
}

#[test]
fn texts() {
    let all: String = (char::MIN..=char::MAX).collect();
    let kept = Text::lossy(all.as_str());
    assert_eq!(Text::new(kept.as_str()), Ok(kept.clone()));
    // 29 controls, and two non-characters.
    assert_eq!(all.chars().count() - kept.as_str().chars().count(), 31);
    let response = Response::from_iter([Verb::from(Say::text(kept))]);
    let limits = Limits { max_bytes: usize::MAX, max_text: usize::MAX, ..Limits::default() };
    assert_eq!(Response::read_with(&response.to_xml(), limits), Ok(response));
}

#[test]
fn long_values_are_cut_in_errors() {
    let error = Url::new("é ".repeat(1000)).unwrap_err();
    assert_eq!(error.found().chars().count(), 81);
    assert_eq!(error.kind(), "Url");
}

#[test]
fn speech_without_its_markup() {
    let content = Mixed::from_iter([
        Ssml::from("Call "),
        Break::millis(1).into(),
        SayAs::new(InterpretAs::Digits, "12").into(),
        SsmlElement::new(SsmlTag::Emphasis, " now").into(),
    ]);
    assert_eq!(content.plain_text(), "Call 12 now");
}

#[test]
fn a_buffer_keeps_what_is_in_it() {
    let mut out = String::from("before ");
    Response::new().write_into(&mut out);
    assert_eq!(out, r#"before <?xml version="1.0" encoding="UTF-8"?><Response/>"#);
}

#[test]
fn a_password_is_written_into_a_document_and_shown_nowhere_else() {
    let sip = Sip { password: Some("hush".into()), ..Sip::new(SipAddress::new("sip:a@b").unwrap()) };
    let service = Service {
        password: Some("hush".into()),
        ..Service::new(ProviderName::new("vapi").unwrap(), ServiceNumber::new("1").unwrap())
    };
    for target in [DialTarget::from(Endpoints::new(sip)), service.into()] {
        let response = Response::from_iter([Dial::new(target).into()]);
        assert!(response.to_xml().contains(r#"password="hush""#));
        assert!(!format!("{response:?}").contains("hush"), "{response:?}");
    }
}
