//! Where and why documents are refused, as a person reads it.

use std::fmt::Write as _;

use cxml::Response;

/// Documents that are wrong in one way each. `R` stands for the root.
const WRONG: &[&str] = &[
    // Not XML
    "",
    "hello",
    "<R>",
    "<R><Say>hi</R>",
    "<R></R></R>",
    "<R/><R/>",
    "<R/>text",
    "<R><Say>a & b</Say></R>",
    "<R><Say>a &nbsp; b</Say></R>",
    "<R><Say>&#0;</Say></R>",
    "<R><Say>&#1;</Say></R>",
    "<R><Say>\u{1}</Say></R>",
    "<R><Say>]]></Say></R>",
    "<R>\n  <Say voice=man>hi</Say></R>",
    "<R>\n  <Say voice>hi</Say></R>",
    "<R>\n  <Say voice='man>hi</Say></R>",
    "<R><Say voice='a<b'/></R>",
    "<R><Say voice='&nbsp;'/></R>",
    "<R><Say voice='&#2;'/></R>",
    "<R><!-- a -- b --></R>",
    "<R><></R>",
    "<R><![CDATA[ x </R>",
    // XML, and not allowed
    "<!DOCTYPE Response [<!ENTITY a 'b'>]><R/>",
    "<?xml version='1.1'?><R/>",
    "<?xml version='1.0' encoding='ISO-8859-1'?><R/>",
    " <?xml version='1.0'?><R/>",
    "<R><?php echo 1 ?></R>",
    // XML, and not CXML
    "<html/>",
    "<R a='b'/>",
    "<R>text</R>",
    "<R>\n  <Enqueue/>\n</R>",
    "<R><Hangup>now</Hangup></R>",
    "<R><Pause><Say/></Pause></R>",
    "<R>\n\t<Dial timeout='20' TIMEOUT='30'>1001</Dial></R>",
    "<R>\n\t<Dial timeout='soon'>1001</Dial></R>",
    "<R><Dial timeout='-1'>1001</Dial></R>",
    "<R><Dial timeout='+1'>1001</Dial></R>",
    "<R><Dial timeout='4294967296'>1001</Dial></R>",
    "<R><Dial forwardHeaders='yes'>1001</Dial></R>",
    "<R><Dial headers='X-A'>1001</Dial></R>",
    "<R><Dial action=''>1001</Dial></R>",
    "<R><Dial trunks='[12,15]'>1001</Dial></R>",
    "<R><Dial/></R>",
    "<R><Dial>   </Dial></R>",
    "<R><Dial>10 01</Dial></R>",
    "<R><Dial>\n  sip:alice\n</Dial></R>",
    "<R><Dial><Number/></Dial></R>",
    "<R><Dial><Number>é1001</Number></Dial></R>",
    "<R><Dial><Number type='x'>1001</Number></Dial></R>",
    "<R><Dial>1001<Number>1002</Number></Dial></R>",
    "<R><Dial><Queue>sales</Queue></Dial></R>",
    "<R><Dial><Header name='X-A' value='1'/></Dial></R>",
    "<R><Dial><Number>1</Number><Header name='X-A' value='1'/></Dial></R>",
    "<R><Dial><Header name='Via' value='1'/><Number>1</Number></Dial></R>",
    "<R><Dial><Header name='X-A' value='a&#10;b'/><Number>1</Number></Dial></R>",
    "<R><Dial><Header name='X-A'/><Number>1</Number></Dial></R>",
    "<R><Dial><Number>1</Number><Conference>a</Conference></Dial></R>",
    "<R><Dial><Conference>a</Conference><Number>1</Number></Dial></R>",
    "<R><Dial><Conference>a</Conference><Conference>b</Conference></Dial></R>",
    "<R><Dial><Conference maxParticipants='251'>a</Conference></Dial></R>",
    "<R><Dial><Conference maxParticipants='0'>a</Conference></Dial></R>",
    "<R><Dial><Conference statusCallbackEvent='join,sing'>a</Conference></Dial></R>",
    "<R><Dial><Conference muteOnEntry='true'>a</Conference></Dial></R>",
    "<R><Dial><Service>1</Service></Dial></R>",
    "<R><Gather numDigits='0'/></R>",
    "<R><Gather finishOnKey='12'/></R>",
    "<R><Gather speechTimeout='soon'/></R>",
    "<R><Gather language='english please'/></R>",
    "<R><Gather><Dial>1</Dial></Gather></R>",
    "<R><Gather><Converse/><Say>x</Say></Gather></R>",
    "<R><Converse><Speech/></Converse></R>",
    "<R><Gather><Converse><Speech/><System>x</System></Converse></Gather></R>",
    "<R><Converse temperature='warm'/></R>",
    "<R><Converse><Tool name='x'/></Converse></R>",
    "<R><Converse><Tool name='x' url='/x'><Parameter name='y'/><Description>z</Description></Tool></Converse></R>",
    "<R><Say>a <b>c</b></Say></R>",
    "<R><Say><say-as>1</say-as></Say></R>",
    "<R><Say><say-as interpret-as='song'>1</say-as></Say></R>",
    "<R><Say><break time='5'/></Say></R>",
    "<R><Say><audio/></Say></R>",
    "<R><Play/></R>",
    "<R><Play>two words</Play></R>",
    "<R><Play digits='1'>/a.mp3</Play></R>",
    "<R><Play digits='1x'/></R>",
    "<R><Pause length='-1'/></R>",
    "<R><Pause length='1.2345'/></R>",
    "<R><Record finishOnKey='a'/></R>",
    "<R><Record>beep</Record></R>",
    "<R><Redirect/></R>",
    "<R><Redirect method='PUT'>/x</Redirect></R>",
    "<R><Reject reason='bored'/></R>",
    "<R><Coach/></R>",
    "<R><Coach whisperDirection='callee'>abc</Coach></R>",
    "<R><Start/></R>",
    "<R><Start><Say>x</Say></Start></R>",
    "<R><Start><Stream/></Start></R>",
    "<R><Start><Stream url='ws://x.example'/></Start></R>",
    "<R><Connect><Stream url='wss://x.example'/><Stream url='wss://y.example'/></Connect></R>",
    "<R><Connect><Stream url='wss://x.example'><Parameter value='1'/></Stream></Connect></R>",
    "<R><Stop><Stream url='wss://x.example' name='a'/></Stop></R>",
];

#[test]
fn every_refusal_says_where_and_why() {
    let mut report = String::new();
    for wrong in WRONG {
        let xml = wrong.replace("<R", "<Response").replace("</R>", "</Response>").replace("<Responseecord", "<Record");
        let xml = xml
            .replace("<Responseedirect", "<Redirect")
            .replace("<Responseeject", "<Reject")
            .replace("</Responseecord>", "</Record>");
        let error = match Response::read(&xml) {
            Ok(response) => panic!("{xml:?} was read as {response:?}"),
            Err(error) => error,
        };
        assert!(error.offset() <= xml.len() && xml.is_char_boundary(error.offset()), "{xml:?}: {error:?}");
        let from = &xml[error.offset()..];
        let near: String = from.chars().take(16).collect();
        writeln!(report, "{xml:?}\n    {error}\n    at {near:?}").unwrap();
    }
    insta::assert_snapshot!("refusals", report);
}

#[test]
fn positions_count_bytes_lines_and_characters() {
    let xml = "\u{FEFF}<Response>\n  <!-- é -->\n  <Say>é</Say> <Sai/></Response>";
    let error = Response::read(xml).unwrap_err();
    assert_eq!((error.offset(), error.line(), error.column()), (xml.find("<Sai").unwrap(), 3, 16));
}

#[test]
fn an_unknown_attribute_comes_with_those_that_are_known() {
    let error = Response::read(r#"<Response><Pause length="1" lenght="2"/></Response>"#).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 29: unknown attribute `lenght` of <Pause>: expected length, answer");
}

#[test]
fn the_attribute_that_is_wrong_is_where_the_error_is() {
    let xml = "<Response><Dial\n  action='/x'\n  timeout='soon'>1001</Dial></Response>";
    let error = Response::read(xml).unwrap_err();
    assert_eq!((error.line(), error.column()), (3, 3), "{error}");
}
