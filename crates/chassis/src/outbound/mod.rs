//! Calls to another HTTP service, and the only place in the workspace that knows how they travel.
//!
//! What matters here is what a failure *proves*: [`CallError::Refused`] is only ever said when
//! nothing of the request can have reached the peer. Nothing is retried, no redirect is followed:
//! a message sent twice is worse than one not sent (design §1, §5).

#[cfg(any(test, feature = "testing"))]
mod in_process;
mod network;

use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

#[cfg(any(test, feature = "testing"))]
pub use self::in_process::InProcessPeer;
pub use self::network::BadBaseUrl;

/// The longest answer that [`Outbound::call`] reads, in bytes.
pub const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// The body of an answer, piece by piece, as it arrives. After an error nothing more comes.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, CallError>> + Send>>;

/// Why there is no answer. The reasons hold no URL, query or body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing of the request can have reached the peer: connection refused, name not resolved,
    /// no connection in time, TLS failure.
    #[error("the peer could not be reached: {reason}")]
    Refused {
        /// What the network said.
        reason: String,
    },
    /// No complete answer in time. The peer may have acted on the request.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke, or the answer was unreadable, after the request may have been
    /// written. The peer may have acted on it.
    #[error("the connection broke before the answer was complete: {reason}")]
    Broken {
        /// What the network said.
        reason: String,
    },
}

/// One peer. Clones share its connections; dropping a call's future drops the request.
#[derive(Clone, Debug)]
pub struct Outbound(Peer);

#[derive(Clone, Debug)]
enum Peer {
    Network(network::Network),
    #[cfg(any(test, feature = "testing"))]
    InProcess(InProcessPeer),
}

impl Outbound {
    /// A peer behind `base_url` (http or https, a path prefix is kept).
    pub fn network(base_url: &str) -> Result<Self, BadBaseUrl> {
        network::Network::new(base_url).map(|network| Self(Peer::Network(network)))
    }

    /// A peer in this process, so that a whole conversation can happen in virtual time.
    #[cfg(any(test, feature = "testing"))]
    pub fn in_process(peer: InProcessPeer) -> Self {
        Self(Peer::InProcess(peer))
    }

    /// Sends `request`, whose URI holds only path and query, and reads the whole answer (at most
    /// [`MAX_ANSWER`] bytes) within `timeout`. Any status is an answer.
    pub async fn call(
        &self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, CallError> {
        let answer = async {
            let (head, body) = self.open(request).await?.into_parts();
            Ok(http::Response::from_parts(head, collect(body).await?))
        };
        within(timeout, answer).await
    }

    /// Like [`Outbound::call`] for answers that go on: `timeout` is until the headers, the body
    /// then has as long as it likes.
    pub async fn stream(
        &self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<http::Response<BodyStream>, CallError> {
        within(timeout, self.open(request)).await
    }

    async fn open(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<BodyStream>, CallError> {
        match &self.0 {
            Peer::Network(network) => network.open(request).await,
            #[cfg(any(test, feature = "testing"))]
            Peer::InProcess(peer) => peer.open(request).await,
        }
    }
}

async fn within<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    tokio::time::timeout(timeout, answer)
        .await
        .unwrap_or(Err(CallError::TimedOut))
}

async fn collect(mut body: BodyStream) -> Result<Bytes, CallError> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if whole.len() + piece.len() > MAX_ANSWER {
            let reason = format!("the answer is longer than {MAX_ANSWER} bytes");
            return Err(CallError::Broken { reason });
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
