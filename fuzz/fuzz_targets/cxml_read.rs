//! Reads anything. What is read must survive being written, in both layouts, and read again.

#![no_main]

use cxml::Response;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|xml: &str| {
    match Response::read(xml) {
        Ok(response) => {
            // Escaping may make a document longer than the default limit; that is no finding.
            let limits = cxml::Limits { max_bytes: usize::MAX, ..cxml::Limits::default() };
            for written in [response.to_xml(), response.to_pretty_xml()] {
                assert_eq!(Response::read_with(&written, limits).as_ref(), Ok(&response), "{written}");
            }
        }
        Err(error) => assert!(xml.is_char_boundary(error.offset())),
    }
});
