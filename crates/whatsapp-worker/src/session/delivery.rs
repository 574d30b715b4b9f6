//! One message: read the chat, look at the rules again, compose, commit, send, write down how it went (design §5).
//!
//! Up to the commit everything can be taken back. From the commit on the one call is made once, and its outcome is written
//! down however long that takes.

use domain::{session::SessionState, wire::ReadChatRequest};
use storage::{Recheck, ReleaseReason, Work};
use tokio::time::Instant;

use super::{SessionDesk, Stop, composing::Composed, recover_inbound};

/// So many of a chat's last messages are read before anything is shown to the guest.
const READ_BEFORE: u32 = 30;

impl SessionDesk<'_> {
    /// Takes one claimed message to its end.
    pub(super) async fn deliver(&self, work: &Work) -> Result<(), Stop> {
        let may_begin = tokio::select! {
            may_begin = self.prepare(work) => may_begin?,
            () = self.shutdown.cancelled() => {
                return self.release(work.attempt, ReleaseReason::Stopping).await;
            }
        };
        if !may_begin {
            return Ok(());
        }
        match self.compose(work).await? {
            Composed::Over => Ok(()),
            Composed::Committed(stream) => {
                let reply = self.send(work).await;
                drop(stream);
                self.finish(work.attempt, reply).await
            }
        }
    }

    /// What happens before anything is shown to the guest; whether to go on.
    async fn prepare(&self, work: &Work) -> Result<bool, Stop> {
        Ok(self.read_chat(work).await?
            && self
                .recheck(work, Instant::now() + work.plan.total())
                .await?)
    }

    /// New inbound and hand-typed messages become facts, the own raw ids the snapshot. `false`: released.
    async fn read_chat(&self, work: &Work) -> Result<bool, Stop> {
        let request = ReadChatRequest {
            chat: work.chat.clone(),
            limit: READ_BEFORE,
            since: None,
        };
        let messages = match self
            .context
            .integration
            .read_chat(self.session, &request)
            .await
        {
            Ok(messages) => {
                self.refused.was_read(&work.chat);
                messages
            }
            // A store that is switched off is a named problem of the session, not a reason not to send.
            Err(error) if error.is("store_off") => Vec::new(),
            // This chat's own trouble: the message steps back, a few times, and then waits for a person. The others go on.
            Err(error) if error.is_of_chat() && self.is_connected().await? => {
                tracing::warn!(session = %self.session, attempt = %work.attempt, error = &error as &dyn std::error::Error, "WAHA refuses to read the chat");
                self.refused.refuse(&work.chat, self.context.clock.now());
                self.release(work.attempt, ReleaseReason::Lost).await?;
                return Ok(false);
            }
            Err(error) => {
                self.away(work.attempt, &error).await?;
                return Ok(false);
            }
        };
        let snapshot: Vec<String> = messages
            .iter()
            .filter(|message| message.from_me)
            .map(|message| message.raw_id.clone())
            .collect();
        recover_inbound::record(self, &messages).await?;
        let rules = self.context.rules().await?;
        Ok(self
            .context
            .store
            .record_snapshot(self.claimer(&rules), work.attempt, &snapshot)
            .await?)
    }

    /// Whether the session itself is there, asked at this moment.
    pub(super) async fn is_connected(&self) -> Result<bool, Stop> {
        self.look_at_session().await;
        let row = self.context.store.session(self.session).await?;
        Ok(row.is_some_and(|row| row.state == SessionState::Connected))
    }

    /// Asks the rules again, before anything is shown and whenever something changed since: nobody should watch somebody
    /// type what will not come. `ends` is when the composition is to be ready. `false`: it goes back, or ended.
    pub(super) async fn recheck(&self, work: &Work, ends: Instant) -> Result<bool, Stop> {
        let rules = self.context.rules().await?;
        let now = self.context.clock.now();
        let at = now + ends.saturating_duration_since(Instant::now());
        match self
            .context
            .store
            .recheck(self.claimer(&rules), work, at, now)
            .await?
        {
            Recheck::Go => Ok(true),
            Recheck::Back(wait) => {
                tracing::info!(session = %self.session, attempt = %work.attempt, reason = %wait.reason, "not now after all");
                Ok(false)
            }
            Recheck::Ended | Recheck::Changed => Ok(false),
            Recheck::StaleEpoch => Err(Stop::Lost),
        }
    }
}
