//! A part of a file as the body of an answer: read piece by piece, while it is sent.

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// How much is in memory at once, in bytes.
const PIECE: usize = 64 * 1024;

/// What is left of a part of a file.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    left: u64,
    piece: Box<[u8]>,
}

impl Part {
    /// So many bytes from where the file stands.
    pub(super) fn new(file: File, left: u64) -> Self {
        let piece = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        Self { file, left, piece: vec![0; piece].into() }
    }
}

impl Body for Part {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Self { file, left, piece } = &mut *self;
        if *left == 0 {
            return Poll::Ready(None);
        }
        let wanted = usize::try_from(*left).unwrap_or(PIECE).min(piece.len());
        let mut buffer = ReadBuf::new(piece.get_mut(..wanted).unwrap_or_default());
        if let Err(fault) = ready!(Pin::new(file).poll_read(context, &mut buffer)) {
            return Poll::Ready(Some(Err(fault)));
        }
        let read = Bytes::copy_from_slice(buffer.filled());
        if read.is_empty() {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        *left -= read.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(read))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
