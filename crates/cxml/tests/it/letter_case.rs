//! Canonical letter case goes out, any comes in.

use cxml::Response;

const DOCUMENT: &str = r##"<Response><Dial callerId="1001" hangupOnStar="true"><Header name="X-Case" value="Kept"/><Number>1004w</Number></Dial><Gather speechEngine="aws" actionOnEmptyResult="true"><Say language="en-US">Some <break time="500ms"/> Words<say-as interpret-as="digits">12</say-as><emphasis level="strong">Now</emphasis></Say><Converse><Speech/></Converse></Gather><Dial><Conference beep="onEnter" maxParticipants="9">Room A</Conference></Dial><Connect><Stream url="wss://x.example/Path"><Parameter name="Key" value="Value"/></Stream></Connect><Hangup/></Response>"##;

/// Changes the letter case of every name, and of nothing else.
fn rename(xml: &str, change: fn(char) -> char) -> String {
    let (mut in_tag, mut in_value) = (false, false);
    xml.chars()
        .map(|c| {
            match c {
                '<' => in_tag = true,
                '>' if !in_value => in_tag = false,
                '"' if in_tag => in_value = !in_value,
                _ => {}
            }
            if in_tag && !in_value { change(c) } else { c }
        })
        .collect()
}

#[test]
fn names_are_read_in_any_letter_case() {
    let canonical = Response::read(DOCUMENT).unwrap();
    for change in [|c: char| c.to_ascii_lowercase(), |c: char| c.to_ascii_uppercase()] {
        let renamed = rename(DOCUMENT, change);
        assert_ne!(renamed, DOCUMENT);
        assert_eq!(Response::read(&renamed), Ok(canonical.clone()), "{renamed}");
    }
}

#[test]
fn names_are_written_in_one_letter_case() {
    let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let renamed = Response::read(&rename(DOCUMENT, |c| c.to_ascii_uppercase())).unwrap();
    assert_eq!(renamed.to_xml(), format!("{declaration}{DOCUMENT}"));
}

#[test]
fn words_of_a_vocabulary_are_read_in_any_letter_case() {
    let read = |reason| Response::read(&format!("<Response><Reject reason='{reason}'/></Response>")).unwrap();
    assert_eq!(read("BUSY"), read("busy"));
}
