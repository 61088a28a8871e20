//! What holds for every document.

use cxml::Response;
use proptest::prelude::*;

use crate::strategy::{hostile, response};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_was_written_is_the_identity(document in response()) {
        let xml = document.to_xml();
        prop_assert_eq!(Response::read(&xml), Ok(document), "{}", xml);
    }

    #[test]
    fn layout_for_people_means_the_same(document in response()) {
        let xml = document.to_pretty_xml();
        prop_assert_eq!(Response::read(&xml), Ok(document), "{}", xml);
    }

    #[test]
    fn writing_is_a_function_of_the_document(document in response()) {
        let again = Response::read(&document.to_xml()).unwrap();
        prop_assert_eq!(again.to_xml(), document.to_xml());
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        refuse_or_keep(&text)?;
    }

    #[test]
    fn anything_that_looks_like_a_document_is_read_or_refused(inside in hostile(), tail in hostile()) {
        refuse_or_keep(&format!("<Response>{inside}</Response>{tail}"))?;
        refuse_or_keep(&format!("<Response><Say voice=\"{inside}\">{tail}</Say></Response>"))?;
        refuse_or_keep(&format!("<Response><Dial {inside}>{tail}</Dial></Response>"))?;
    }

    #[test]
    fn a_damaged_document_is_read_or_refused(
        document in response(),
        place in any::<prop::sample::Index>(),
        length in 0_usize..12,
        put in prop_oneof![hostile(), prop::sample::select(PIECES).prop_map(str::to_owned)],
    ) {
        let mut xml = document.to_xml();
        let start = xml.floor_char_boundary(place.index(xml.len()));
        let end = xml.ceil_char_boundary((start + length).min(xml.len()));
        xml.replace_range(start..end, &put);
        refuse_or_keep(&xml)?;
    }
}

const PIECES: &[&str] =
    &["<", ">", "/>", "<Say>", "</Say>", "=\"", "<![CDATA[", "<!DOCTYPE a>", "<?", "&#x110000;", "\u{0}"];

/// A document that is read can be written and read again; one that is refused says where, within itself.
fn refuse_or_keep(xml: &str) -> Result<(), TestCaseError> {
    match Response::read(xml) {
        Ok(document) => prop_assert_eq!(Response::read(&document.to_xml()), Ok(document), "{:?}", xml),
        Err(error) => {
            prop_assert!(xml.is_char_boundary(error.offset()), "{error:?} in {xml:?}");
            prop_assert!(error.line() >= 1 && error.column() >= 1);
            prop_assert!(!error.to_string().is_empty());
        }
    }
    Ok(())
}
