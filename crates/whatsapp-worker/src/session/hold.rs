//! Taking and holding a session.

use std::{sync::Mutex, time::Duration};

use chassis::Shutdown;
use domain::{Timestamp, session::SessionName};
use storage::{Claimer, ClockWatch};

use crate::{
    context::{Context, Rules},
    leases::{Lease, Leases, Taking},
    nudges::{Bells, Nudges},
};

use super::{
    Stop, read_back, recover_inbound, refused_chats::RefusedChats, settle, takeover, watch,
    work_loop,
};

/// What is left of the grace for giving leases back and closing the database.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A session in our hands.
pub(crate) struct SessionDesk<'a> {
    pub(crate) context: &'a Context,
    pub(crate) session: &'a SessionName,
    pub(crate) lease: &'a Lease,
    pub(crate) bells: &'a Bells,
    pub(crate) nudges: &'a Nudges,
    pub(crate) shutdown: &'a Shutdown,
    pub(crate) clock_watch: ClockWatch,
    /// When the state began that was seen last.
    pub(crate) state_since: Mutex<Option<Timestamp>>,
    pub(crate) refused: RefusedChats,
}

impl SessionDesk<'_> {
    /// Who asks, for the store: session, owner, epoch and the rules in force.
    pub(crate) fn claimer<'b>(&'b self, rules: &'b Rules) -> Claimer<'b> {
        Claimer {
            session: self.session,
            owner: self.context.owner,
            epoch: self.lease.epoch,
            book: &self.context.book,
            rules: &rules.release,
            pacing: &rules.pacing,
        }
    }
}

/// Works one session until the shutdown, whenever its lease can be had.
pub(crate) async fn work_session(
    context: Context,
    session: SessionName,
    leases: Leases,
    nudges: Nudges,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let Some(bells) = nudges.bells(&session) else {
        return Ok(());
    };
    while !shutdown.is_cancelled() {
        let Some(lease) = acquire(&context, &session, &leases, &shutdown).await else {
            break;
        };
        tracing::info!(%session, epoch = lease.epoch, "working this session");
        let desk = SessionDesk {
            context: &context,
            session: &session,
            lease: &lease,
            bells,
            nudges: &nudges,
            shutdown: &shutdown,
            clock_watch: ClockWatch::default(),
            state_since: Mutex::default(),
            refused: RefusedChats::default(),
        };
        let nothing_open = Box::pin(desk.work()).await;
        leases.forget(&session);
        if nothing_open && !lease.lost.is_cancelled() {
            leases.give_back(&session, &lease).await;
        } else {
            // An error that ended the work may come again at once: it waits before it takes the lease.
            shutdown
                .token()
                .run_until_cancelled(tokio::time::sleep(TRY_AGAIN))
                .await;
        }
    }
    Ok(())
}

/// After an error, and while the session has no row yet.
const TRY_AGAIN: Duration = Duration::from_secs(2);

async fn acquire(
    context: &Context,
    session: &SessionName,
    leases: &Leases,
    shutdown: &Shutdown,
) -> Option<Lease> {
    let mut told = false;
    loop {
        let now = context.clock.now();
        let retry_at = match leases.take(session).await {
            Ok(Taking::Taken(lease)) => return Some(lease),
            Ok(Taking::HeldUntil(until)) => until,
            Ok(Taking::NoSession) => {
                if !told {
                    tracing::info!(%session, "waiting for queue-api, which makes this session's row when it starts");
                }
                told = true;
                now + TRY_AGAIN
            }
            Err(error) => {
                tracing::warn!(%session, error = &error as &dyn std::error::Error, "the lease could not be asked for");
                now + TRY_AGAIN
            }
        };
        tokio::select! {
            () = context.clock.sleep_until(retry_at.min(now + context.interval)) => {}
            () = shutdown.cancelled() => return None,
        }
    }
}

impl SessionDesk<'_> {
    /// Returns whether nothing is open, so that the lease can be given back.
    async fn work(&self) -> bool {
        let beside = async {
            tokio::join!(
                settle::keep_settling(self),
                recover_inbound::keep_recovering(self),
                read_back::keep_reading_back(self),
                watch::keep_watching(self)
            );
        };
        let work = async {
            takeover::settle_open(self).await?;
            work_loop::release_messages(self).await
        };
        let ended = tokio::select! {
            () = self.lease.lost.cancelled() => Err(Stop::Lost),
            () = self.grace_is_over() => Ok(false),
            ended = work => ended,
            () = beside => Ok(true),
        };
        ended.unwrap_or_else(|stop| {
            if !matches!(stop, Stop::Lost) {
                tracing::error!(session = %self.session, error = &stop as &dyn std::error::Error, "the session's work broke off");
            }
            false
        })
    }

    /// After the signal, a send that runs on is left to be settled by the next holder.
    async fn grace_is_over(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(self.context.timings.grace.saturating_sub(LAST_WORDS)).await;
    }
}
