//! The lines of one composition, as they come. Dropping the stream ends the composition on the other side.

use std::{pin::Pin, time::Duration};

use bytes::{Buf, BytesMut};
use chassis::outbound::{BodyStream, CallError};
use domain::wire::ComposeLine;
use futures_util::StreamExt;
use http::Response;

use super::{IntegrationError, refusal};

/// Heartbeats come every second; after so many missing ones the other side is gone.
const SILENCE: Duration = Duration::from_secs(5);

/// A running composition.
pub(crate) struct ComposeStream {
    body: Pin<Box<BodyStream>>,
    buffer: BytesMut,
}

impl ComposeStream {
    pub(super) async fn open(response: Response<BodyStream>) -> Result<Self, IntegrationError> {
        let status = response.status();
        let mut stream = Self {
            body: Box::pin(response.into_body()),
            buffer: BytesMut::new(),
        };
        if status.is_success() {
            return Ok(stream);
        }
        while stream.fill().await?.is_some() {}
        Err(refusal(status, &stream.buffer))
    }

    /// The next line but heartbeats; `None` when the stream ended without saying why.
    pub(crate) async fn next(&mut self) -> Result<Option<ComposeLine>, IntegrationError> {
        loop {
            match self.take_line()? {
                Some(ComposeLine::Heartbeat) => {}
                Some(line) => return Ok(Some(line)),
                None => {
                    if self.fill().await?.is_none() {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn take_line(&mut self) -> Result<Option<ComposeLine>, IntegrationError> {
        let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        let line = self.buffer.split_to(end);
        self.buffer.advance(1);
        serde_json::from_slice(&line)
            .map(Some)
            .map_err(|_| IntegrationError::Unreadable)
    }

    async fn fill(&mut self) -> Result<Option<()>, IntegrationError> {
        let chunk = tokio::time::timeout(SILENCE, self.body.next())
            .await
            .map_err(|_| CallError::TimedOut)?;
        let Some(chunk) = chunk else { return Ok(None) };
        self.buffer.extend_from_slice(&chunk?);
        Ok(Some(()))
    }
}
