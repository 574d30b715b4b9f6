//! The state machine, and nothing else, moves a row.

use domain::{
    ids::MessageId,
    message_status::{MessageStatus, Verb},
};
use storage::{Commit, Finished, ReleaseOutcome, ReleaseReason, Work};

use super::stage::{Stage, accepted};

/// A taken message.
async fn taken(stage: &mut Stage) -> (MessageId, Work) {
    let contact = stage.writer(1).await;
    let message = stage.queue(contact).await;
    (message, stage.taken().await)
}

/// Moves the row by hand, with the slot that belongs to it.
async fn put(stage: &Stage, status: MessageStatus) {
    let committed = status != MessageStatus::Composing;
    let (slot, at) = if committed {
        ("committed", "1")
    } else {
        ("held", "NULL")
    };
    for sql in [
        format!(
            "UPDATE whatsapp_message_queue SET status = '{status}', version = 1, committed_at = {at}, raw_id = NULL"
        ),
        format!(
            "UPDATE send_reservation SET state = '{slot}', committed_at = {at}, ended_at = NULL"
        ),
        "UPDATE contact_session SET last_out_at = NULL".to_owned(),
        "UPDATE session_number SET automatic_gap_until = NULL".to_owned(),
    ] {
        stage.tamper(&sql).await;
    }
}

#[tokio::test]
async fn a_commit_moves_what_is_composing_and_nothing_else() {
    for mut stage in Stage::each().await {
        let (message, work) = taken(&mut stage).await;
        for status in MessageStatus::ALL.iter().copied() {
            put(&stage, status).await;
            let commit = stage.commit(&work).await;
            let after = status.after(Verb::Commit);
            // Made again after it succeeded, it answers the same.
            let committed = after.is_ok() || status == MessageStatus::Sending;
            assert_eq!(
                commit == Commit::Committed,
                committed,
                "{status}: {commit:?}"
            );
            assert_eq!(stage.status(message).await, after.unwrap_or(status));
        }
    }
}

#[tokio::test]
async fn a_release_moves_what_is_composing_and_nothing_else() {
    for mut stage in Stage::each().await {
        let (message, work) = taken(&mut stage).await;
        for status in MessageStatus::ALL.iter().copied() {
            put(&stage, status).await;
            let released = stage.release(work.attempt, ReleaseReason::Stopping).await;
            let after = status.after(Verb::Release);
            let pending = matches!(released, ReleaseOutcome::Pending { .. });
            assert_eq!(pending, after.is_ok(), "{status}: {released:?}");
            assert_eq!(stage.status(message).await, after.unwrap_or(status));
        }
    }
}

#[tokio::test]
async fn an_accepted_send_moves_what_was_committed_and_nothing_else() {
    for mut stage in Stage::each().await {
        let (message, work) = taken(&mut stage).await;
        for status in MessageStatus::ALL.iter().copied() {
            if status == MessageStatus::Pending {
                continue;
            }
            put(&stage, status).await;
            let finished = stage.finish(work.attempt, accepted("RAW")).await;
            let after = status.after(Verb::Sent);
            assert_eq!(
                finished == Finished::Sent,
                after.is_ok(),
                "{status}: {finished:?}"
            );
            // Cancelled after it was committed: it was cancelled while it waited to go again, and has arrived before.
            let arrived = status == MessageStatus::Cancelled;
            let after = if arrived {
                status.after(Verb::AckBetter)
            } else {
                after
            };
            assert_eq!(stage.status(message).await, after.unwrap_or(status));
        }
    }
}

/// A person had it sent again, and then the first one turns out to have arrived: it must not go a second time.
#[tokio::test]
async fn what_arrived_after_all_is_not_sent_again() {
    for mut stage in Stage::each().await {
        let (message, work) = taken(&mut stage).await;
        put(&stage, MessageStatus::Pending).await;
        let finished = stage.finish(work.attempt, accepted("RAW")).await;
        assert_eq!(finished, Finished::AlreadyDone);
        let row = stage.row(message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.raw_id.as_deref(), Some("RAW"));
        stage.idle().await;
    }
}
