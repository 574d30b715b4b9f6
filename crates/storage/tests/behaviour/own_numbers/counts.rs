//! What was sent from one number by one session after the other counts together; another number's chat is not quoted.

use chrono::TimeDelta;
use domain::{
    ids::MessageId, lane::Lane, outcome::SendAnswer, phone_number::PhoneNumber, wait::WaitReason,
    wire::ObservedMessage,
};
use storage::Recorded;

use super::{
    super::{
        enqueueing::said,
        stage::{Stage, bride, chat, groom, inbound},
    },
    NEW, OLD,
};

/// A number that the bride's session is linked to after the groom's old one, and was never linked to before.
const THIRD: &str = "393330000009";

impl Stage {
    /// The groom's old number is linked to the bride's session for some minutes. A message of the first guest's from that time.
    async fn word_to_bride(&mut self) -> ObservedMessage {
        self.linked(&groom(), NEW).await;
        self.linked(&bride(), OLD).await;
        self.later(TimeDelta::minutes(1));
        let word = ObservedMessage {
            own_number: PhoneNumber::from_whatsapp(OLD).ok(),
            ..inbound(chat(1), "TOBRIDE", self.now)
        };
        self.later(TimeDelta::minutes(5));
        self.linked(&bride(), THIRD).await;
        self.linked(&groom(), OLD).await;
        word
    }

    async fn bride_receives(&self, word: &ObservedMessage) {
        let recorded = self.store().record_message(&bride(), word, self.now).await;
        let recorded = recorded.expect("recorded");
        assert!(
            matches!(recorded, Recorded::Inbound { new: true, .. }),
            "{recorded:?}"
        );
    }

    /// How many messages to the contact of this one it did not answer, as the rules count them.
    async fn unanswered_before(&self, message: MessageId) -> usize {
        let facts = self.store().explain(message, self.now).await;
        let facts = facts.expect("an answer").expect("a message");
        facts.contact.unanswered.len()
    }
}

#[tokio::test]
async fn counts_what_is_unanswered_over_all_sessions_of_the_number() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let word = stage.word_to_bride().await;
        stage.bride_receives(&word).await;
        stage.queue(contact).await;
        stage.sent("BYGROOM").await;
        stage.number_moves().await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        stage.queue(contact).await;
        stage.sent("BYBRIDE").await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        let third = stage.queue(contact).await;
        assert_eq!(stage.unanswered_before(third).await, 2);
        stage.idle().await;
        let wait = stage.row(third).await.wait;
        let reason = wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::UnansweredLimit));
    }
}

/// The word is found in the chat when the number is back: what another session sent since then is unanswered still.
#[tokio::test]
async fn counts_as_unanswered_what_another_session_of_the_number_sent_since_a_late_word() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let word = stage.word_to_bride().await;
        stage.queue(contact).await;
        stage.sent("BYGROOM").await;
        stage.number_moves().await;
        let late = ObservedMessage {
            read_in_chat: true,
            ..word
        };
        stage.bride_receives(&late).await;
        let message = stage.queue(contact).await;
        assert_eq!(stage.unanswered_before(message).await, 1);
    }
}

/// A newer word came to the groom's session, and only what was sent after it is unanswered.
#[tokio::test]
async fn counts_nothing_twice_when_a_late_word_is_older_than_what_another_session_received() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let word = stage.word_to_bride().await;
        stage.writes(1, stage.now).await;
        stage.queue(contact).await;
        stage.sent("BYGROOM").await;
        stage.number_moves().await;
        let late = ObservedMessage {
            read_in_chat: true,
            ..word
        };
        stage.bride_receives(&late).await;
        let message = stage.queue(contact).await;
        assert_eq!(stage.unanswered_before(message).await, 1);
    }
}

/// A composition that was shown without a send counts against the hour of its number.
#[tokio::test]
async fn counts_what_was_not_sent_by_number_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.finish(work.attempt, SendAnswer::SlowDown).await;
        stage.number_moves().await;
        let (store, now) = (stage.store(), stage.now);
        let unsent = async |session| {
            let facts = store.session_facts(&session, now).await;
            facts.expect("an answer").expect("a session").unsent.len()
        };
        assert_eq!(
            unsent(groom()).await,
            0,
            "the new number on the old session"
        );
        assert_eq!(
            unsent(bride()).await,
            1,
            "the old number on the new session"
        );
    }
}

/// A quote of a message that is in none of the number's chats would show nothing, or fail.
#[tokio::test]
async fn quotes_no_message_that_was_written_to_another_number() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.writes(1, stage.now).await;
        let answered = said(&stage).await;
        let reply = stage.queue_with(contact, |m| {
            m.lane = Lane::Reply;
            m.reply_to = Some(answered);
        });
        let reply = reply.await;
        stage.linked(&groom(), NEW).await;
        stage.writes(1, stage.now).await;
        let work = stage.taken().await;
        assert_eq!(work.message, reply);
        assert_eq!(work.answers, None);
    }
}
