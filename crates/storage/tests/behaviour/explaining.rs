//! The facts that people's explanations are made from are those that the rules look at.

use chrono::TimeDelta;
use domain::{
    lane::{Lane, ReleaseLane},
    outcome::SendAnswer,
    release::{Decision, Facts, Lock},
    session::{SessionProblem, SessionState},
    wait::{Wait, WaitReason},
};
use storage::{Explained, MessageRow};

use super::stage::{Stage, accepted, bride, chat, groom, view};

async fn explained(stage: &Stage, row: &MessageRow) -> Explained {
    let explained = stage.store().explain(row.id, stage.now).await;
    explained.unwrap().expect("there is such a message")
}

fn decided(stage: &Stage, explained: &Explained) -> Decision {
    let facts = Facts {
        session: &explained.session,
        contact: &explained.contact,
        message: &explained.message,
    };
    stage.book.decide(&facts, &stage.rules, stage.now)
}

fn reason(decision: Decision) -> Option<WaitReason> {
    match decision {
        Decision::Wait(wait) => Some(wait.reason),
        Decision::Send | Decision::Refuse(_) => None,
    }
}

#[tokio::test]
async fn a_fresh_message_has_nothing_against_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let row = stage.row(message).await;
        let told = explained(&stage, &row).await;
        assert_eq!(decided(&stage, &told), Decision::Send);
        assert_eq!(told.ahead, 0);
        let evidence = told.contact.evidence.expect("the guest wrote");
        assert_eq!(evidence.chat, chat(1));
        assert_eq!(
            evidence.at,
            stage.now - TimeDelta::days(2) - TimeDelta::milliseconds(1)
        );
        assert!(told.contact.sends.is_empty() && !told.contact.open);
        let paired = stage.now - TimeDelta::milliseconds(1) - TimeDelta::days(30);
        assert_eq!(told.session.first_connected_at, Some(paired));
        assert_eq!(told.message.queued_at, stage.now);
        assert_eq!(told.message.lane, Lane::Manual);
    }
}

#[tokio::test]
async fn what_was_sent_is_counted_for_a_day_after_its_answer() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        stage.queue(one).await;
        let second = stage.queue(one).await;
        let other = stage.queue(two).await;
        let work = stage.committed().await;

        let row = stage.row(second).await;
        let open = explained(&stage, &row).await;
        assert_eq!(open.session.sends.len(), 1);
        assert_eq!(open.session.sends[0].at, None, "it counts as now");
        assert!(open.contact.open);
        assert_eq!(
            reason(decided(&stage, &open)),
            Some(WaitReason::EarlierOpen)
        );
        let other = explained(&stage, &stage.row(other).await).await;
        assert!(!other.contact.open && other.contact.sends.is_empty());

        stage.finish(work.attempt, accepted("RAW1")).await;
        let answered = stage.now;
        let sent = explained(&stage, &row).await;
        assert_eq!(sent.session.sends[0].at, Some(answered));
        assert_eq!(sent.session.sends[0].lane, ReleaseLane::Automatic);
        assert_eq!(sent.contact.sends.len(), 1);
        assert_eq!(sent.contact.last_out_at, Some(answered));
        assert_eq!(sent.contact.unanswered.len(), 1);
        assert!(!sent.contact.open);
        assert!(
            sent.session
                .gaps
                .automatic_until
                .is_some_and(|until| until > answered)
        );
        assert_eq!(reason(decided(&stage, &sent)), Some(WaitReason::CoolDown));

        stage.now = answered + TimeDelta::hours(24) - TimeDelta::milliseconds(1);
        assert_eq!(explained(&stage, &row).await.session.sends.len(), 1);
        stage.later(TimeDelta::milliseconds(1));
        let later = explained(&stage, &row).await;
        assert!(later.session.sends.is_empty() && later.contact.sends.is_empty());
        assert_eq!(
            later.contact.last_out_at,
            Some(answered),
            "however long ago"
        );
    }
}

#[tokio::test]
async fn a_composition_does_not_stand_in_its_own_way() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        let row = stage.row(work.message).await;
        let told = explained(&stage, &row).await;
        assert!(!told.contact.open);
        assert!(told.session.sends.is_empty(), "nothing is committed");
    }
}

#[tokio::test]
async fn a_doubt_counts_from_the_newest_of_them() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.doubted().await;
        let doubted_at = stage.now;
        let next = stage.queue(contact).await;
        let row = stage.row(next).await;
        let told = explained(&stage, &row).await;
        assert_eq!(told.contact.uncertain_since, Some(doubted_at));
        // The cool-down counts from a send that may have arrived.
        assert_eq!(told.contact.last_out_at, Some(doubted_at));
        let later = doubted_at + TimeDelta::minutes(90);
        let sql = format!(
            "UPDATE whatsapp_message_queue SET status = 'uncertain', uncertain_since = {},
                    evidence_id = (SELECT id FROM conversation_message), own_number = '393330000001'
             WHERE id = '{next}'",
            later.timestamp_millis()
        );
        stage.tamper(&sql).await;
        let third = stage.queue(contact).await;
        let third = stage.row(third).await;
        assert_eq!(
            explained(&stage, &third).await.contact.uncertain_since,
            Some(later)
        );
    }
}

#[tokio::test]
async fn the_session_s_state_pause_lock_and_key_are_facts() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let row = stage.row(message).await;
        let (store, now, groom) = (stage.store(), stage.now, groom());
        let person = Stage::person();

        store.pause(&groom, &person, now).await.unwrap();
        let told = explained(&stage, &row).await;
        assert!(told.session.paused);
        assert_eq!(
            reason(decided(&stage, &told)),
            Some(WaitReason::SessionPaused)
        );
        store.resume(&groom, &person, now).await.unwrap();

        let until = Lock::Until(now + TimeDelta::hours(6));
        store.lock(&groom, until, "463", now).await.unwrap();
        assert_eq!(explained(&stage, &row).await.session.lock, Some(until));
        store.lock(&groom, Lock::Person, "463", now).await.unwrap();
        assert_eq!(
            explained(&stage, &row).await.session.lock,
            Some(Lock::Person)
        );
        store.unlock(&groom, &person, now).await.unwrap();
        assert_eq!(explained(&stage, &row).await.session.lock, None);

        let mut refused = view(&groom, SessionState::Disconnected, now);
        refused.problem = Some(SessionProblem::KeyRefused);
        store.record_session(&groom, &refused, now).await.unwrap();
        let told = explained(&stage, &row).await;
        assert!(told.session.key_refused);
        assert_eq!(told.session.state, SessionState::Disconnected);
        let other = store.session_facts(&bride(), now).await.unwrap();
        assert!(other.is_some_and(|facts| facts.state == SessionState::Connected));
    }
}

#[tokio::test]
async fn a_failed_send_is_no_send() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.committed().await;
        stage.finish(work.attempt, SendAnswer::NoLid).await;
        let row = stage.row(message).await;
        let told = explained(&stage, &row).await;
        assert!(told.session.sends.is_empty() && told.contact.sends.is_empty());
        assert_eq!(told.contact.last_out_at, None);
    }
}

#[tokio::test]
async fn ahead_are_the_due_automatic_messages_of_the_session_that_go_first() {
    for mut stage in Stage::each().await {
        let (one, two, silent) = (
            stage.writer(1).await,
            stage.writer(2).await,
            stage.guest(3).await,
        );
        stage.queue(one).await;
        stage.queue_with(two, |message| message.priority = 5).await;
        let message = stage.queue(two).await;
        // None of these goes before it.
        stage.queue(silent).await;
        stage.queue(two).await;
        stage.queue_with(one, |message| message.priority = -1).await;
        stage
            .queue_with(one, |message| message.session = bride())
            .await;
        let hurried = stage
            .queue_with(one, |message| message.send_now = true)
            .await;
        stage
            .queue_with(one, |message| message.lane = Lane::Reply)
            .await;

        let row = stage.row(message).await;
        assert_eq!(explained(&stage, &row).await.ahead, 2);
        let row = stage.row(hurried).await;
        assert_eq!(explained(&stage, &row).await.ahead, 0);
    }
}

/// Each doubt holds what comes after it for two hours of its own (design §5): the newest is the one to look at.
#[tokio::test]
async fn of_two_doubts_the_newest_holds_longest() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut doubts = Vec::new();
        for _ in 0..2 {
            stage.later(TimeDelta::hours(1));
            stage.take_lease().await;
            // A word of theirs ends the cool-down, and a person's "now" goes past an earlier doubt.
            stage.writes(1, stage.now).await;
            stage.queue_with(contact, |m| m.send_now = true).await;
            stage.doubted().await;
            doubts.push(stage.now);
        }
        stage.tamper("DELETE FROM send_outage").await;
        let next = stage.queue(contact).await;
        stage.now = doubts[1] + TimeDelta::minutes(100);
        stage.writes(1, stage.now).await;
        let told = explained(&stage, &stage.row(next).await).await;
        assert_eq!(told.contact.uncertain_since, Some(doubts[1]));
        let until = doubts[1] + TimeDelta::hours(2);
        let held = Wait::at(WaitReason::EarlierUncertain, until);
        assert_eq!(decided(&stage, &told), Decision::Wait(held));
    }
}
