//! One request, as the platform or a client of the API sends it.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Posts JSON with a key or a token as bearer, and returns the answer's body; one that does not tell of success is an error.
pub(crate) fn post(listen: &str, path: &str, key: &str, body: &str) -> Result<String, String> {
    answered(listen, &whole("POST", listen, path, key, body))
}

/// Sends a request over a connection of its own.
fn answered(listen: &str, request: &str) -> Result<String, String> {
    let failed = |fault: std::io::Error| format!("{listen} does not answer: {fault}");
    let mut stream = TcpStream::connect(listen).map_err(failed)?;
    let request = request.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1);
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, document)) if head.starts_with("HTTP/1.1 20") => Ok(document.to_owned()),
        _ => Err(format!("The server answered with an error:\n{answer}")),
    }
}

/// Gets something with a token as bearer, and returns the answer's body; one that does not tell of success is an error.
pub(crate) fn get(listen: &str, path: &str, token: &str) -> Result<String, String> {
    answered(listen, &whole("GET", listen, path, token, ""))
}

/// The bytes of a request with a JSON body; an empty one is none.
pub(crate) fn whole(method: &str, listen: &str, path: &str, key: &str, body: &str) -> String {
    let authorization = if key.is_empty() { String::new() } else { format!("Authorization: Bearer {key}\r\n") };
    let content = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    format!("{method} {path} HTTP/1.1\r\nHost: {listen}\r\n{authorization}{content}\r\n{body}")
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_request_has_the_headers_that_it_needs() {
        assert_eq!(
            whole("GET", "h:1", "/x", "k", ""),
            "GET /x HTTP/1.1\r\nHost: h:1\r\nAuthorization: Bearer k\r\n\r\n"
        );
        let posted = whole("POST", "h:1", "/x", "", "{}");
        assert!(posted.ends_with("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"), "{posted}");
        assert!(!posted.contains("Authorization"));
    }
}
