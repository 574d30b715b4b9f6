//! What answers a message that was sent: a message or a reaction of its contact, or two weeks.

use chrono::TimeDelta;
use domain::{
    ids::MessageId,
    wait::{Ends, Wait, WaitReason},
};
use storage::{InChat, Reaction};

use super::stage::{Stage, chat, groom};

/// Two messages were sent to the contact, so the third waits until the older of them is two weeks old.
async fn third(stage: &mut Stage) -> MessageId {
    let contact = stage.writer(1).await;
    for minutes in [70, 80] {
        stage
            .db
            .sent_to(contact, stage.now - TimeDelta::minutes(minutes))
            .await;
    }
    let third = stage.queue(contact).await;
    stage.idle().await;
    let until = stage.now - TimeDelta::minutes(80) + TimeDelta::weeks(2);
    let wait = stage.row(third).await.wait;
    let Some(Wait {
        reason: WaitReason::UnansweredLimit,
        ends: Ends::At(at),
    }) = wait
    else {
        panic!("{wait:?}");
    };
    // a composition begins before its wait is over
    assert!(until - TimeDelta::minutes(2) < at && at <= until, "{at}");
    third
}

async fn reacts(stage: &Stage, emoji: &str, from_me: bool, at: TimeDelta) {
    let place = InChat {
        chat: &chat(1),
        alt: None,
    };
    let reaction = Reaction {
        target: "OUT",
        emoji,
        from_me,
        at: stage.now + at,
    };
    let store = stage.store();
    let recorded = store
        .record_reaction(&groom(), place, reaction, stage.now)
        .await;
    assert!(recorded.unwrap());
}

#[tokio::test]
async fn a_reaction_answers() {
    for mut stage in Stage::each().await {
        let third = third(&mut stage).await;
        reacts(&stage, "❤", false, -TimeDelta::minutes(1)).await;
        assert_eq!(stage.row(third).await.wait, None);
        assert_eq!(stage.unanswered().await, 0);
        assert_eq!(stage.taken().await.message, third);
    }
}

#[tokio::test]
async fn no_other_reaction_answers() {
    for mut stage in Stage::each().await {
        let third = third(&mut stage).await;
        // ours, one that was taken back, and one before both messages
        reacts(&stage, "❤", true, -TimeDelta::minutes(1)).await;
        reacts(&stage, "", false, -TimeDelta::minutes(2)).await;
        reacts(&stage, "❤", false, -TimeDelta::minutes(90)).await;
        stage.idle().await;
        let wait = stage.row(third).await.wait.expect("it waits");
        assert_eq!(wait.reason, WaitReason::UnansweredLimit);
        assert_eq!(stage.unanswered().await, 2);
    }
}

#[tokio::test]
async fn after_two_weeks_without_an_answer_the_next_one_goes() {
    for mut stage in Stage::each().await {
        let third = third(&mut stage).await;
        stage.later(TimeDelta::weeks(2) - TimeDelta::minutes(79));
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, third);
    }
}
