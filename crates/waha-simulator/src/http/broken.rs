//! A connection that breaks, for clients over the network and in this process alike.
//!
//! The answer's body fails at its first byte. Over the network hyper then closes the connection before it has written
//! the head, so that the client gets no byte at all; in process, whoever reads the body gets the error. The status is
//! never meant to be seen; [`BrokenConnection`] marks the answer for callers that look at it without reading the body.

use std::io;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;

/// The mark of an answer that stands for a broken connection, in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenConnection;

pub(super) fn broken_connection() -> Response {
    let reset =
        stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    let mut answer = Response::new(Body::from_stream(reset));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer.extensions_mut().insert(BrokenConnection);
    answer
}
