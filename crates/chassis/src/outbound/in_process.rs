//! A peer in the same process, for tests in virtual time: real sockets do not stop tokio's paused
//! clock from running ahead. It can be away, come, and die in the middle of an answer.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{BodyStream, CallError};

/// A service that runs inside its callers. Clones are the same peer.
#[derive(Clone)]
pub struct InProcessPeer(Arc<Mutex<Option<Running>>>);

#[derive(Clone)]
struct Running {
    router: Router,
    stopped: CancellationToken,
}

impl InProcessPeer {
    /// A peer that is not running: calls are refused until [`InProcessPeer::start`].
    pub fn down() -> Self {
        Self(Arc::default())
    }

    /// Runs `router`, in place of the one before, whose open calls break.
    pub fn start(&self, router: Router) {
        self.replace(Some(Running {
            router,
            stopped: CancellationToken::new(),
        }));
    }

    /// Kills the peer: open calls break, new ones are refused.
    pub fn stop(&self) {
        self.replace(None);
    }

    fn replace(&self, next: Option<Running>) {
        let last = std::mem::replace(&mut *self.lock(), next);
        if let Some(last) = last {
            last.stopped.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn open(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<BodyStream>, CallError> {
        let running = self.lock().clone();
        let Running { router, stopped } = running.ok_or_else(|| CallError::Refused {
            reason: "the peer is down".to_owned(),
        })?;
        let answer = stopped
            .run_until_cancelled(router.oneshot(request.map(Body::from)))
            .await
            .ok_or_else(broken)?
            .unwrap_or_else(|never| match never {});
        Ok(answer.map(|body| pieces(body.into_data_stream(), stopped)))
    }
}

impl fmt::Debug for InProcessPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running = self.lock().is_some();
        f.debug_struct("InProcessPeer")
            .field("running", &running)
            .finish()
    }
}

fn pieces(body: BodyDataStream, stopped: CancellationToken) -> BodyStream {
    Box::pin(stream::unfold(Some((body, stopped)), async |open| {
        let (mut body, stopped) = open?;
        match stopped.run_until_cancelled(body.next()).await {
            Some(None) => None,
            Some(Some(Ok(piece))) => Some((Ok(piece), Some((body, stopped)))),
            Some(Some(Err(_))) | None => Some((Err(broken()), None)),
        }
    }))
}

fn broken() -> CallError {
    CallError::Broken {
        reason: "the peer went away".to_owned(),
    }
}
