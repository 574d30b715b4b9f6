//! A deadline and a budget for request bodies. One that stalls, or comes a byte at a time, would hold its connection, and what was read of it,
//! without end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use super::budget::Reservation;

/// What every body is given, from when it is first waited for.
const AT_LEAST: Duration = Duration::from_secs(20);
/// More for each of so many bytes: 256 kbit/s, a phone far from its mast. 16 MiB have nine minutes.
const BYTES: u64 = 32 * 1024;
const FOR_THEM: Duration = Duration::from_secs(1);

/// The body came too slowly.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

/// A body that fails with [`TooSlow`] or [`OverBudget`](super::budget::OverBudget).
pub(super) struct Limited {
    body: Incoming,
    reservation: Arc<Reservation>,
    /// Set at its end.
    is_read: Arc<AtomicBool>,
    /// Set when the body is first waited for: most requests have none.
    until: Option<Pin<Box<Sleep>>>,
    begun: Instant,
    read: u64,
}

impl Limited {
    pub(super) fn new(
        body: Incoming,
        reservation: Arc<Reservation>,
        is_read: Arc<AtomicBool>,
    ) -> Self {
        Self {
            body,
            reservation,
            is_read,
            until: None,
            begun: Instant::now(),
            read: 0,
        }
    }

    fn deadline(&self) -> Instant {
        let more = u32::try_from(self.read / BYTES).unwrap_or(u32::MAX);
        self.begun + AT_LEAST + FOR_THEM * more
    }
}

impl Body for Limited {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame {
                let read = frame.data_ref().map_or(0, Bytes::len);
                if let Err(over) = self.reservation.add(read) {
                    return Poll::Ready(Some(Err(over.into())));
                }
                self.read += u64::try_from(read).unwrap_or(u64::MAX);
            }
            if frame.is_none() || self.body.is_end_stream() {
                self.is_read.store(true, Relaxed);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if self.until.is_none() {
            self.begun = Instant::now();
        }
        let deadline = self.deadline();
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if until.deadline() != deadline {
            until.as_mut().reset(deadline);
        }
        let over = until.as_mut().poll(context).is_ready();
        if over {
            Poll::Ready(Some(Err(TooSlow.into())))
        } else {
            Poll::Pending
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
