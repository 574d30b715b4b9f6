//! What waits past its last moment is cancelled by the next claim, whatever it waits for.

use chrono::TimeDelta;
use domain::{
    ids::MessageId, message_status::MessageStatus, release::RefuseReason, wait::WaitReason,
};
use storage::{
    CancelReason,
    testing::{Filling, Standing, statements_of},
};

use super::stage::{Stage, bride, groom};

/// A message to somebody who has not written, one put aside for a person, one that is scheduled for later: all with the same
/// last moment.
async fn waiting(stage: &mut Stage) -> [MessageId; 3] {
    let (silent, writer) = (stage.guest(1).await, stage.writer(2).await);
    let last = stage.now + TimeDelta::hours(2);
    let unheard = stage.queue_with(silent, |m| m.not_after = Some(last)).await;
    let aside = stage.queue_with(writer, |m| m.not_after = Some(last)).await;
    stage
        .tamper(&format!(
            "UPDATE whatsapp_message_queue
             SET due = 0, wait_reason = 'put_aside', wait_ends = 'person:review' WHERE id = '{aside}'"
        ))
        .await;
    let scheduled = stage
        .queue_with(writer, |m| {
            m.not_before = Some(last - TimeDelta::minutes(1));
            m.not_after = Some(last);
        })
        .await;
    // out of sight for longer than it can wait
    stage
        .tamper(&format!(
            "UPDATE whatsapp_message_queue SET eligible_at = eligible_at + 86400000 WHERE id = '{scheduled}'"
        ))
        .await;
    [unheard, aside, scheduled]
}

#[tokio::test]
async fn what_waits_past_its_last_moment_is_cancelled_by_the_next_claim() {
    for mut stage in Stage::each().await {
        let all = waiting(&mut stage).await;
        let silent = stage.guest(3).await;
        let open_end = stage.queue(silent).await;
        let last = stage.row(all[0]).await.not_after;
        let others = stage
            .queue_with(silent, |m| {
                m.session = bride();
                m.not_after = last;
            })
            .await;
        stage.now = last.expect("it has one");
        stage.take_lease().await;
        stage.idle().await;
        for id in all {
            assert_eq!(stage.status(id).await, MessageStatus::Pending, "not before");
        }
        stage.later(TimeDelta::milliseconds(1));
        stage.idle().await;
        for id in all {
            let row = stage.row(id).await;
            let expired = CancelReason::Rule(RefuseReason::Expired);
            assert_eq!(
                (row.status, row.cancel_reason),
                (MessageStatus::Cancelled, Some(expired))
            );
            let timeline = stage.store().timeline(id).await.unwrap();
            assert_eq!(timeline.last().unwrap().phase, "cancelled");
        }
        let still = stage.row(open_end).await;
        let reason = still.wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
        // Another session's are that session's to end.
        assert_eq!(stage.status(others).await, MessageStatus::Pending);
    }
}

/// Many at once: each claim ends some of them, and asks to be called again.
#[tokio::test]
async fn a_claim_ends_so_many_and_the_next_goes_on() {
    for mut stage in Stage::each().await {
        let now = stage.now;
        fill(&stage, 250, Standing::ForAnEvent).await;
        stage
            .tamper("UPDATE whatsapp_message_queue SET not_after = queued_at")
            .await;
        stage.later(TimeDelta::milliseconds(1));
        let mut left = Vec::new();
        for _ in 0..3 {
            let (next, _) = stage.idle().await;
            assert_eq!(next.is_some(), left.len() < 2, "since {now}");
            left.push(
                stage
                    .count("whatsapp_message_queue WHERE status = 'pending'")
                    .await,
            );
        }
        assert_eq!(left, [150, 50, 0]);
    }
}

async fn fill(stage: &Stage, messages: u32, standing: Standing) {
    let filling = Filling {
        session: &groom(),
        messages,
        guests: 100,
        standing,
        now: stage.now,
    };
    stage.db.fill(&filling).await.expect("filled");
}

/// However much waits: the expired ones are found by an index that holds nothing else.
#[tokio::test]
async fn the_expired_are_found_without_a_look_at_the_rest() {
    for mut stage in Stage::each().await {
        fill(&stage, 20_000, Standing::Mixed).await;
        let (_, asked) = Box::pin(statements_of(stage.claim())).await;
        let mut asked = asked
            .into_iter()
            .filter(|sql| sql.contains("q.not_after < $2"));
        let sql = asked.next().expect("the claim asks");
        let sql = sql.replace("$1", "'groom'").replace("$2", "1000");
        let plan = stage.db.plan(&sql).await.join("\n");
        assert!(
            plan.contains("queue_expiring"),
            "{}: {plan}",
            stage.db.kind()
        );
        assert!(
            !plan.contains("TEMP B-TREE") && !plan.contains("Sort"),
            "{plan}"
        );
    }
}
