//! A person ends the doubt about a message.

use domain::{Timestamp, ids::MessageId, message_status::Verb};

use super::{
    changing::{Changed, Told, locked},
    requeueing::requeue,
};
use crate::{Actor, Error, Store, release, settling::Proof};

/// What a person says of a message in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonVerdict {
    /// It arrived.
    Arrived,
    /// It did not: send it again.
    SendAgain,
}

impl Store {
    /// Ends the doubt about a message by a person's word. "Send again" keeps the doubted slot counted: it may have left.
    /// The caller has made sure that no call for it is running (design §5).
    pub async fn settle_by_person(
        &self,
        id: MessageId,
        verdict: PersonVerdict,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Changed::Unknown);
        };
        // Only a doubt can be sent again, so this tells that there is one.
        let Ok(pending) = row.status.after(Verb::SendAgain) else {
            return Ok(Changed::WrongStatus(row.status));
        };
        let doubted = release::by_id(&mut tx, id).await?;
        match verdict {
            PersonVerdict::Arrived => {
                let proof = Proof {
                    raw_id: None,
                    at: row.committed_at.unwrap_or(now),
                    told_by: "person",
                    took_ms: None,
                };
                self.mark_sent(&mut tx, &doubted, proof, now).await?;
                let told = Told {
                    phase: "arrived",
                    action: "message.arrived",
                    detail: None,
                };
                self.told(tx, id, told, actor, now).await
            }
            PersonVerdict::SendAgain => {
                if let Some(attempt) = doubted.attempt {
                    release::keep_snapshot(&mut tx, attempt, &doubted.snapshot).await?;
                }
                requeue(&mut tx, &row, pending, now).await?;
                self.after_any_end(&mut tx, &doubted, now).await?;
                let told = Told {
                    phase: "send_again",
                    action: "message.send_again",
                    detail: None,
                };
                self.told(tx, id, told, actor, now).await
            }
        }
    }
}
