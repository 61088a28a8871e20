//! One voice request, as the platform sends it.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Posts a voice request as the platform does, and returns the document.
pub(crate) fn post(listen: &str, path: &str, key: &str, body: &str) -> Result<String, String> {
    let failed = |fault: std::io::Error| format!("{listen} does not answer: {fault}");
    let mut stream = TcpStream::connect(listen).map_err(failed)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {listen}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, document)) if head.starts_with("HTTP/1.1 200") => Ok(document.to_owned()),
        _ => Err(format!("The server answered with an error:\n{answer}")),
    }
}
