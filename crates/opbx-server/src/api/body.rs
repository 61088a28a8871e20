//! Bodies of requests: JSON objects, of a size and in a time.

use super::ApiState;
use crate::app::LARGEST_BODY;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Limited};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The largest file that is taken, with the form around it, in bytes.
pub(crate) const LARGEST_UPLOAD: usize = 20 * 1024 * 1024;
/// How long JSON may take until it is there.
const JSON: Duration = Duration::from_secs(30);
/// How long an upload may take until it is there.
const UPLOAD: Duration = Duration::from_secs(10 * 60);
/// How long nothing may come of a body.
const PAUSE: Duration = Duration::from_secs(30);

/// A JSON object.
#[derive(Debug)]
pub(crate) struct JsonObject(pub(crate) Map<String, Value>);

impl FromRequest<ApiState> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &ApiState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(Problem::UnsupportedMediaType("application/json"));
        }
        object(&read(body, Kind::Json).await?).map(Self)
    }
}

/// What a request says that its body is, in lower case and without parameters.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a request says that its body is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = content_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether a request says that its body is a form with files.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    content_type(headers) == "multipart/form-data"
}

/// What a body is: how large it may be, and how long it may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// JSON, or nothing.
    Json,
    /// A file, with or without a form around it.
    Upload,
}

/// How long is waited for a body: whoever sends it byte by byte holds a connection and what was read so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    end: Instant,
}

impl Patience {
    /// From now on.
    pub(crate) fn with(kind: Kind) -> Self {
        let whole = match kind {
            Kind::Json => JSON,
            Kind::Upload => UPLOAD,
        };
        Self { end: Instant::now() + whole }
    }

    /// What comes next of a body.
    ///
    /// # Errors
    ///
    /// [`Problem::BadRequest`] when nothing comes for half a minute, or the whole takes too long.
    pub(crate) async fn wait<T>(self, next: impl Future<Output = T>) -> Result<T, Problem> {
        let latest = self.end.min(Instant::now() + PAUSE);
        timeout_at(latest, next).await.map_err(|_| Problem::BadRequest("The body came too slowly.".into()))
    }
}

/// The whole body, if it is neither too large nor too slow.
///
/// # Errors
///
/// [`Problem::BodyTooLarge`]; [`Problem::BadRequest`] for one that breaks off or takes too long.
pub(crate) async fn read(body: Body, kind: Kind) -> Result<Bytes, Problem> {
    let largest = match kind {
        Kind::Json => LARGEST_BODY,
        Kind::Upload => LARGEST_UPLOAD,
    };
    let (mut body, patience) = (Limited::new(body, largest), Patience::with(kind));
    let (mut first, mut rest) = (Bytes::new(), Vec::new());
    while let Some(frame) = patience.wait(body.frame()).await? {
        let Ok(piece) = frame.map_err(|fault| torn(&*fault))?.into_data() else { continue };
        if first.is_empty() {
            // Most bodies are one piece, which needs no copy.
            first = piece;
        } else {
            rest.extend_from_slice(&piece);
        }
    }
    Ok(if rest.is_empty() { first } else { [first.as_ref(), rest.as_slice()].concat().into() })
}

fn torn(fault: &(dyn std::error::Error + Send + Sync + 'static)) -> Problem {
    if fault.is::<http_body_util::LengthLimitError>() {
        Problem::BodyTooLarge
    } else {
        Problem::BadRequest("The body ended before it was complete.".into())
    }
}

/// Reads a JSON object.
///
/// # Errors
///
/// [`Problem::BadRequest`] when it is none.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::BadRequest("The body must be a JSON object.".into())),
        Err(fault) => {
            let (line, column) = (fault.line(), fault.column());
            Err(Problem::BadRequest(format!("The body is not JSON (line {line}, column {column}).").into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Frame;
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::time::{Interval, interval};

    /// A body of which a piece comes every so often, until there is no more.
    struct Slow(VecDeque<&'static str>, Interval);

    impl http_body::Body for Slow {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            std::task::ready!(self.1.poll_tick(context));
            Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes())))))
        }
    }

    fn slow(pieces: usize, every: u64) -> Body {
        Body::new(Slow(std::iter::repeat_n("ab", pieces).collect(), interval(Duration::from_secs(every))))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_not_waited_for_without_end() {
        let too_slow = Err(Problem::BadRequest("The body came too slowly.".into()));
        assert_eq!(read(slow(3, 9), Kind::Json).await, Ok(Bytes::from_static(b"ababab")));
        assert_eq!(read(slow(4, 9), Kind::Json).await, too_slow, "36 seconds");
        assert_eq!(read(slow(20, 29), Kind::Upload).await.map(|body| body.len()), Ok(40));
        assert_eq!(read(slow(22, 29), Kind::Upload).await, too_slow, "more than ten minutes");
        assert_eq!(read(slow(2, 31), Kind::Upload).await, too_slow, "a pause of 31 seconds");
    }

    #[tokio::test]
    async fn a_body_is_as_large_as_it_may_be() {
        assert_eq!(
            read(Body::from(vec![b'a'; LARGEST_BODY]), Kind::Json).await.map(|body| body.len()),
            Ok(LARGEST_BODY)
        );
        assert_eq!(read(Body::from(vec![b'a'; LARGEST_BODY + 1]), Kind::Json).await, Err(Problem::BodyTooLarge));
        assert_eq!(read(Body::from(vec![b'a'; LARGEST_UPLOAD + 1]), Kind::Upload).await, Err(Problem::BodyTooLarge));
    }
}
