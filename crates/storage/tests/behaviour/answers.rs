//! What answers a message that was sent: a message or a reaction of its contact, or two weeks.

use chrono::TimeDelta;
use domain::{
    ids::{ContactId, MessageId},
    wait::{Ends, Wait, WaitReason},
};
use storage::{InChat, Reaction};

use super::{
    merging::tells_both,
    stage::{Stage, chat, groom, inbound, lid},
};

impl Stage {
    /// How many messages to the only contact are unanswered on our session.
    pub(crate) async fn unanswered(&self) -> u32 {
        let contact = self.text("SELECT id AS value FROM contact").await;
        let contact = contact.expect("a contact").parse().expect("an id");
        let known = self.store().contact(contact).await.expect("an answer");
        let sessions = known.expect("the contact").sessions;
        let ours = sessions.iter().find(|one| one.session == self.session);
        ours.map_or(0, |one| one.unanswered)
    }

    /// Two messages were sent to the contact, long enough ago for the cool-down. In two weeks from then it is day.
    pub(crate) async fn leave_two_unanswered(&self, contact: ContactId) {
        for minutes in [70, 80] {
            let at = self.now - TimeDelta::minutes(minutes);
            self.db.sent_to(contact, at).await;
        }
    }
}

/// Two messages were sent to the contact, so the third waits until the older of them is two weeks old.
async fn third(stage: &mut Stage) -> MessageId {
    let contact = stage.writer(1).await;
    stage.leave_two_unanswered(contact).await;
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

#[tokio::test]
async fn merging_counts_as_unanswered_what_was_sent_after_the_last_word() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        let hour = |hours: i64| (stage.now - TimeDelta::hours(hours)).timestamp_millis();
        let ago = |hours: i64| stage.now - TimeDelta::hours(hours);
        stage.record(&inbound(chat(1), "FIRST", ago(9))).await;
        stage.record(&inbound(lid(1), "SECOND", ago(4))).await;
        for (contact, sent_at) in [(kept, 8), (kept, 7), (gone, 3)] {
            stage.db.sent_to(contact, ago(sent_at)).await;
            stage
                .tamper(&format!(
                    "UPDATE contact_session SET last_out_at = {} WHERE contact_id = '{contact}'",
                    hour(sent_at)
                ))
                .await;
        }
        let old = tells_both(inbound(chat(1), "OLD", stage.now - TimeDelta::hours(20)), 1);
        stage.record(&old).await;
        let known = stage.store().contact(kept).await.unwrap().unwrap();
        // They wrote four hours ago: the two before that are answered.
        assert_eq!(known.sessions[0].unanswered, 1);
        assert_eq!(
            known.sessions[0].last_in_at.unwrap().timestamp_millis(),
            hour(4)
        );
        assert_eq!(
            known.sessions[0].last_out_at.unwrap().timestamp_millis(),
            hour(3)
        );
    }
}
