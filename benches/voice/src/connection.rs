//! A connection that stays, and what comes back over it.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Instant;

/// What an answer must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// 200 with a document that puts a call through.
    Dial,
    /// Any that tells of success.
    Success,
}

/// A connection over which one request goes after the other.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    wanted: Wanted,
    answer: Box<[u8]>,
    /// How much of the answer is there.
    length: usize,
    /// When the request was due that is not answered yet.
    due: Option<Instant>,
}

impl Connection {
    /// Connects, and will take only such answers.
    ///
    /// # Errors
    ///
    /// Nobody listens there.
    pub fn open(address: SocketAddr, wanted: Wanted) -> Result<Self, String> {
        let failed = |fault| format!("{address}: {fault}");
        let stream = TcpStream::connect(address).map_err(failed)?;
        stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true)).map_err(failed)?;
        Ok(Self { stream, wanted, answer: vec![0; 64 * 1024].into(), length: 0, due: None })
    }

    /// Whether nothing is under way on it.
    #[must_use]
    pub const fn is_free(&self) -> bool {
        self.due.is_none()
    }

    /// Sends a request. It fits into the buffer of a connection on which nothing else is under way.
    ///
    /// # Errors
    ///
    /// The connection broke off.
    pub fn ask(&mut self, request: &[u8], due: Instant) -> Result<(), String> {
        self.stream.write_all(request).map_err(|fault| format!("The request could not be sent: {fault}"))?;
        (self.length, self.due) = (0, Some(due));
        Ok(())
    }

    /// Looks for the answer, without waiting; once it is whole, says when its request was due. An answer that is not what is
    /// wanted is an error.
    ///
    /// # Errors
    ///
    /// What came is not what is wanted, or the connection broke off.
    pub fn answered(&mut self) -> Result<Option<Instant>, String> {
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
        match is_whole(answer, self.wanted)? {
            None => Ok(None),
            Some(true) => Ok(self.due.take()),
            Some(false) => Err(format!("Not what is wanted: {}", text(answer))),
        }
    }

    /// Asks and waits for the answer. Its body.
    ///
    /// # Errors
    ///
    /// As of [`ask`](Self::ask) and [`answered`](Self::answered).
    pub fn answer_to(&mut self, request: &[u8]) -> Result<String, String> {
        self.ask(request, Instant::now())?;
        while self.answered()?.is_none() {
            thread::yield_now();
        }
        Ok(text(body(self.answer.get(..self.length).unwrap_or_default())))
    }
}

/// The body of an answer.
fn body(answer: &[u8]) -> &[u8] {
    find(answer, b"\r\n\r\n").and_then(|end| answer.get(end + 4..)).unwrap_or_default()
}

/// `None`: there is more to come. Else whether it is what is wanted.
fn is_whole(answer: &[u8], wanted: Wanted) -> Result<Option<bool>, String> {
    let Some(end) = find(answer, b"\r\n\r\n") else { return Ok(None) };
    let (head, body) = answer.split_at(end + 4);
    // A 204 has no body, and must not have a length (RFC 9110 §8.6).
    let length = match head.starts_with(b"HTTP/1.1 204 ") {
        true => Some(0),
        false => std::str::from_utf8(head).ok().and_then(content_length),
    };
    let length = length.ok_or_else(|| format!("An answer without length: {}", text(answer)))?;
    if body.len() < length {
        return Ok(None);
    }
    let is_wanted = match wanted {
        Wanted::Dial => head.starts_with(b"HTTP/1.1 200 ") && find(body, b"<Dial").is_some(),
        Wanted::Success => head.starts_with(b"HTTP/1.1 20"),
    };
    Ok(Some(is_wanted && body.len() == length))
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
            assert_eq!(is_whole(&answer[..length], Wanted::Dial), Ok(None), "{length}");
        }
        assert_eq!(is_whole(answer, Wanted::Dial), Ok(Some(true)));
    }

    #[test]
    fn what_puts_no_call_through_is_wrong() {
        assert_eq!(is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<Hangup/>", Wanted::Dial), Ok(Some(false)));
        assert_eq!(is_whole(b"HTTP/1.1 401 \r\nContent-Length: 7\r\n\r\n<Dial/>", Wanted::Dial), Ok(Some(false)));
        assert_eq!(is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<Dial/>more", Wanted::Dial), Ok(Some(false)));
        assert!(is_whole(b"HTTP/1.1 200 OK\r\n\r\n", Wanted::Dial).is_err());
    }

    #[test]
    fn success_is_enough_where_no_call_is_put_through() {
        let made = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(is_whole(made, Wanted::Success), Ok(Some(true)));
        assert_eq!(is_whole(b"HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n", Wanted::Success), Ok(Some(true)));
        assert_eq!(is_whole(b"HTTP/1.1 429 \r\nContent-Length: 0\r\n\r\n", Wanted::Success), Ok(Some(false)));
    }
}
