//! A connection that stays, and what comes back over it.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

pub(crate) struct Connection {
    stream: TcpStream,
    answer: Box<[u8]>,
    /// How much of the answer is there.
    length: usize,
    /// When the request was due that is not answered yet.
    due: Option<Instant>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self, String> {
        let failed = |fault| format!("{address}: {fault}");
        let stream = TcpStream::connect(address).map_err(failed)?;
        stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true)).map_err(failed)?;
        Ok(Self { stream, answer: vec![0; 16 * 1024].into(), length: 0, due: None })
    }

    pub(crate) const fn is_free(&self) -> bool {
        self.due.is_none()
    }

    /// Sends a request. It fits into the buffer of a connection on which nothing else is under way.
    pub(crate) fn ask(&mut self, request: &[u8], due: Instant) -> Result<(), String> {
        self.stream.write_all(request).map_err(|fault| format!("The request could not be sent: {fault}"))?;
        (self.length, self.due) = (0, Some(due));
        Ok(())
    }

    /// Looks for the answer, without waiting; once it is whole, says when its request was due. An answer that does not
    /// put a call through is an error.
    pub(crate) fn answered(&mut self) -> Result<Option<Instant>, String> {
        if self.is_free() {
            return Ok(None);
        }
        let room = self.answer.get_mut(self.length..).unwrap_or_default();
        match self.stream.read(room) {
            Ok(0) => return Err("The connection was closed instead of an answer.".to_owned()),
            Ok(read) => self.length += read,
            Err(fault) if fault.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(fault) => return Err(format!("No answer: {fault}")),
        }
        let answer = self.answer.get(..self.length).unwrap_or_default();
        match is_whole(answer)? {
            None => Ok(None),
            Some(true) => Ok(self.due.take()),
            Some(false) => Err(format!("Not put through: {}", text(answer))),
        }
    }
}

/// `None`: there is more to come. Else whether it is a document that dials.
fn is_whole(answer: &[u8]) -> Result<Option<bool>, String> {
    let Some(end) = find(answer, b"\r\n\r\n") else { return Ok(None) };
    let (head, body) = answer.split_at(end + 4);
    let length = std::str::from_utf8(head).ok().and_then(content_length);
    let length = length.ok_or_else(|| format!("An answer without length: {}", text(answer)))?;
    if body.len() < length {
        return Ok(None);
    }
    Ok(Some(head.starts_with(b"HTTP/1.1 200 ") && body.len() == length && find(body, b"<Dial").is_some()))
}

fn content_length(head: &str) -> Option<usize> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let (_, length) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    length.trim().parse().ok()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn text(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n<Dial/>";
        for length in 0..answer.len() {
            assert_eq!(is_whole(&answer[..length]), Ok(None), "{length}");
        }
        assert_eq!(is_whole(answer), Ok(Some(true)));
    }

    #[test]
    fn what_puts_no_call_through_is_wrong() {
        assert_eq!(is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<Hangup/>"), Ok(Some(false)));
        assert_eq!(is_whole(b"HTTP/1.1 401 \r\nContent-Length: 7\r\n\r\n<Dial/>"), Ok(Some(false)));
        assert_eq!(is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<Dial/>more"), Ok(Some(false)));
        assert!(is_whole(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
