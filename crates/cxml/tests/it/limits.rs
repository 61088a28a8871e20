//! What a reader refuses because there is too much of it.

use cxml::{Limits, ReadErrorKind, Response};

fn refuse(xml: &str, limits: Limits) -> ReadErrorKind {
    Response::read_with(xml, limits).unwrap_err().kind().clone()
}

fn nested(depth: usize) -> String {
    // The root and the Say are two.
    let (open, close) = ("<s>".repeat(depth - 2), "</s>".repeat(depth - 2));
    format!("<Response><Say>{open}{close}</Say></Response>")
}

#[test]
fn depth() {
    assert!(Response::read(&nested(16)).is_ok());
    assert_eq!(refuse(&nested(17), Limits::default()), ReadErrorKind::TooDeep { limit: 16 });
    assert_eq!(refuse(&nested(100_000), Limits::default()), ReadErrorKind::TooDeep { limit: 16 });
    assert!(Response::read_with(&nested(40), Limits { max_depth: 40, ..Limits::default() }).is_ok());
}

#[test]
fn size_of_the_document() {
    let xml = format!("<Response>{}</Response>", "<Hangup/>".repeat(1000));
    let limits = |max_bytes| Limits { max_bytes, ..Limits::default() };
    assert!(Response::read_with(&xml, limits(xml.len())).is_ok());
    assert_eq!(refuse(&xml, limits(xml.len() - 1)), ReadErrorKind::TooLong { limit: xml.len() - 1 });
    let large = format!("<Response>{}</Response>", " ".repeat(1024 * 1024));
    assert_eq!(refuse(&large, Limits::default()), ReadErrorKind::TooLong { limit: 1024 * 1024 });
}

#[test]
fn size_of_texts() {
    let limits = Limits { max_text: 8, ..Limits::default() };
    let too_long = ReadErrorKind::TextTooLong { limit: 8 };
    assert!(Response::read_with("<Response><Say voice='12345678'>12345678</Say></Response>", limits).is_ok());
    assert_eq!(refuse("<Response><Say>123456789</Say></Response>", limits), too_long);
    assert_eq!(refuse("<Response><Say>1234<!-- -->5678&amp;</Say></Response>", limits), too_long);
    assert_eq!(refuse("<Response><Say voice='123456789'/></Response>", limits), too_long);
}

#[test]
fn unknown_attributes_may_be_tolerated() {
    let xml = r#"<Response><Gather minDigits="2" numDigits="3"/><Hangup now="yes"/></Response>"#;
    assert!(matches!(refuse(xml, Limits::default()), ReadErrorKind::UnknownAttribute { .. }));
    let tolerant = Limits { ignore_unknown_attributes: true, ..Limits::default() };
    let known = Response::read(r#"<Response><Gather numDigits="3"/><Hangup/></Response>"#);
    assert_eq!(Response::read_with(xml, tolerant), known);
}
