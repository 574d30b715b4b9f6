//! Evidence, conversation and limits belong to the own number that is linked to a session.

use chrono::TimeDelta;
use domain::{
    chat_id::ChatId,
    ids::ContactId,
    lane::Lane,
    message_status::MessageStatus,
    phone_number::PhoneNumber,
    session::{SessionName, SessionState},
    wait::WaitReason,
    wire::{ObservedMessage, OwnAccount},
};
use storage::{Commit, Recheck, Recorded, SessionRow, Work};

mod counts;
mod moves;
mod same_number;

use super::stage::{Stage, chat, groom, inbound, own, view};

/// The number that the groom's session is linked to at first.
const OLD: &str = "393330000001";
/// Another number of his.
const NEW: &str = "393330000007";

impl Stage {
    /// That number is linked to the session now.
    pub(super) async fn linked(&mut self, session: &SessionName, number: &str) {
        self.later(TimeDelta::seconds(1));
        let mut seen = view(session, SessionState::Connected, self.now);
        seen.own = Some(OwnAccount {
            chat: ChatId::Phone(number.to_owned()),
            lid: None,
            name: Some(format!("Owner of {number}")),
        });
        let recorded = self.store().record_session(session, &seen, self.now).await;
        recorded.expect("recorded");
    }

    /// The session is logged out and shows a QR code.
    async fn logged_out(&mut self) {
        self.later(TimeDelta::seconds(1));
        let mut seen = view(&groom(), SessionState::Qr, self.now);
        seen.own = None;
        let recorded = self.store().record_session(&groom(), &seen, self.now).await;
        recorded.expect("recorded");
    }

    pub(super) async fn waits_for_their_word(&self, message: domain::ids::MessageId) -> bool {
        let wait = self.row(message).await.wait;
        wait.is_some_and(|wait| wait.reason == WaitReason::GuestHasNotWritten)
    }

    async fn groom_row(&self) -> SessionRow {
        self.store().session(&groom()).await.unwrap().unwrap()
    }

    /// A message to the first guest is being composed, and that guest has written to both numbers.
    async fn composing_to_whom_both_know(&mut self) -> (ContactId, Work) {
        let contact = self.writer(1).await;
        self.linked(&groom(), NEW).await;
        self.writes(1, self.now).await;
        self.linked(&groom(), OLD).await;
        self.queue(contact).await;
        (contact, self.taken().await)
    }
}

#[tokio::test]
async fn waits_for_a_word_to_the_new_number_when_another_is_linked() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&groom(), NEW).await;
        assert!(stage.waits_for_their_word(message).await);
        let later = stage.queue(contact).await;
        assert!(stage.waits_for_their_word(later).await);
        assert_eq!(stage.idle().await, (None, None));
        // their word to the new number
        stage.writes(1, stage.now).await;
        let work = stage.taken().await;
        assert_eq!(work.message, message);
        assert_eq!(stage.recheck(&work).await, Recheck::Go);
    }
}

#[tokio::test]
async fn serves_again_when_the_old_number_is_linked_again() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&groom(), NEW).await;
        assert_eq!(stage.idle().await, (None, None));
        stage.linked(&groom(), OLD).await;
        assert!(stage.row(message).await.wait.is_none());
        assert_eq!(stage.taken().await.message, message);
    }
}

/// News that had waited before is not first contact again.
#[tokio::test]
async fn puts_no_broadcast_aside_when_the_old_number_is_linked_again() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut news = Vec::new();
        for _ in 0..2 {
            let id = stage.queue_with(contact, |m| m.lane = Lane::Broadcast);
            news.push(id.await);
        }
        stage.linked(&groom(), NEW).await;
        stage.linked(&groom(), OLD).await;
        for message in news {
            assert!(stage.row(message).await.wait.is_none());
        }
    }
}

#[tokio::test]
async fn takes_a_composition_back_when_another_number_is_linked() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage.linked(&groom(), NEW).await;
        assert_eq!(stage.commit(&work).await, Commit::Changed);
        let row = stage.row(work.message).await;
        assert_eq!((row.status, row.attempts), (MessageStatus::Pending, 0));
        assert_eq!(stage.idle().await, (None, None));
        assert!(stage.waits_for_their_word(work.message).await);
    }
}

/// Also where the guest has written to both: the attempt was decided for the other chat and the other counts.
#[tokio::test]
async fn commits_nothing_that_was_decided_for_another_number() {
    for mut stage in Stage::each().await {
        let (_, work) = stage.composing_to_whom_both_know().await;
        stage.linked(&groom(), NEW).await;
        assert_eq!(stage.recheck(&work).await, Recheck::Changed);
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
        let again = stage.taken().await;
        assert_eq!(again.message, work.message);
        stage.now += again.plan.total();
        stage.take_lease().await;
        assert_eq!(stage.commit(&again).await, Commit::Committed);
        let number = "SELECT own_number AS value FROM whatsapp_message_queue";
        assert_eq!(stage.text(number).await.as_deref(), Some(NEW));
    }
}

#[tokio::test]
async fn waits_with_the_reason_of_the_session_when_it_is_logged_out() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.logged_out().await;
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting.map(|wait| wait.reason),
            Some(WaitReason::SessionNeedsScan)
        );
        assert!(stage.row(message).await.wait.is_none());
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn shows_neither_the_old_number_nor_its_name_after_a_log_out() {
    for mut stage in Stage::each().await {
        stage.linked(&groom(), OLD).await;
        let name = stage.groom_row().await.own_name;
        assert_eq!(name, Some(format!("Owner of {OLD}")));
        stage.logged_out().await;
        let row = stage.groom_row().await;
        assert_eq!((row.own_number, row.own_name), (None, None));
    }
}

/// Connected, but WAHA does not tell with which number.
#[tokio::test]
async fn sends_nothing_when_the_number_is_not_known() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let mut seen = view(&groom(), SessionState::Connected, stage.now);
        seen.own = None;
        let recorded = stage
            .store()
            .record_session(&groom(), &seen, stage.now)
            .await;
        recorded.unwrap();
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting.map(|wait| wait.reason),
            Some(WaitReason::SessionConnecting)
        );
    }
}

/// The chats of the new number show nothing of what the old one sent.
#[tokio::test]
async fn looks_for_an_uncertain_message_in_the_chats_of_its_own_number_only() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.doubted().await;
        stage.linked(&groom(), NEW).await;
        assert!(stage.store().uncertain(&groom()).await.unwrap().is_empty());
        let same_words = own(chat(1), "OTHER", "Save the date", stage.now);
        let recorded = stage.record(&same_words).await;
        assert_eq!(recorded, Recorded::TypedByHand { contact, new: true });
        assert_eq!(stage.status(message).await, MessageStatus::Uncertain);
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.store().uncertain(&groom()).await.unwrap().len(), 1);
    }
}

/// A store that was not emptied still shows what the other number received.
#[tokio::test]
async fn takes_no_message_from_before_the_number_was_linked_again() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage.linked(&groom(), NEW).await;
        stage.later(TimeDelta::hours(1));
        let to_new = inbound(chat(1), "TONEW", stage.now);
        stage.later(TimeDelta::hours(1));
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.record(&to_new).await, Recorded::BeforePairing);
        stage.writes(1, stage.now).await;
        let number = "SELECT own_number AS value FROM contact_session";
        assert_eq!(stage.text(number).await.as_deref(), Some(OLD));
    }
}

fn told(mut message: ObservedMessage, number: &str) -> ObservedMessage {
    message.own_number = PhoneNumber::from_whatsapp(number).ok();
    message
}

/// WAHA told of the message before it told of the number, and again afterwards.
#[tokio::test]
async fn keeps_nothing_for_a_number_that_the_session_was_not_seen_with() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let word = told(inbound(chat(1), "TONEW", stage.now), NEW);
        assert_eq!(stage.record(&word).await, Recorded::BeforePairing);
        stage.linked(&groom(), NEW).await;
        let message = stage.queue(contact).await;
        assert!(stage.waits_for_their_word(message).await);
        assert_eq!(
            stage.record(&word).await,
            Recorded::Inbound { contact, new: true }
        );
        assert_eq!(stage.taken().await.message, message);
    }
}

/// A chat can show what the old number received until a moment ago; an event tells which number received it.
#[tokio::test]
async fn counts_what_only_a_chat_shows_from_a_minute_after_another_number_was_linked() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.linked(&groom(), NEW).await;
        for (seconds, read_in_chat, recorded) in [
            (-5, true, Recorded::BeforePairing),
            (30, true, Recorded::BeforePairing),
            (30, false, Recorded::Inbound { contact, new: true }),
            (61, true, Recorded::Inbound { contact, new: true }),
        ] {
            let at = stage.now + TimeDelta::seconds(seconds);
            let word = ObservedMessage {
                read_in_chat,
                ..told(
                    inbound(chat(1), &format!("{seconds}{read_in_chat}"), at),
                    NEW,
                )
            };
            let (store, later) = (stage.store(), stage.now + TimeDelta::minutes(2));
            let found = store.record_message(&groom(), &word, later).await.unwrap();
            assert_eq!(
                found, recorded,
                "{seconds} s after, in a chat: {read_in_chat}"
            );
        }
    }
}

/// She was on no list when she wrote to the old number; now her chat is read.
#[tokio::test]
async fn counts_what_a_chat_shows_from_before_another_number_was_linked_for_the_old_one() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let read = |raw_id: &str, at| ObservedMessage {
            read_in_chat: true,
            ..told(inbound(chat(1), raw_id, at), OLD)
        };
        let to_old = read("OLD", stage.now);
        stage.later(TimeDelta::hours(1));
        stage.linked(&groom(), NEW).await;
        let to_new = read("NEW", stage.now);
        stage.later(TimeDelta::hours(1));
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.record(&to_new).await, Recorded::BeforePairing);
        let new = Recorded::Inbound { contact, new: true };
        assert_eq!(stage.record(&to_old).await, new);
    }
}

#[tokio::test]
async fn counts_a_late_word_for_the_number_that_it_was_written_to() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = stage.queue(contact).await;
        let word = told(inbound(chat(1), "TOOLD", stage.now), OLD);
        stage.linked(&groom(), NEW).await;
        assert_eq!(
            stage.record(&word).await,
            Recorded::Inbound { contact, new: true }
        );
        assert!(stage.waits_for_their_word(message).await);
        assert_eq!(stage.idle().await, (None, None));
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

/// Another number is another connection: the worker reads its chats.
#[tokio::test]
async fn tells_that_another_number_is_linked() {
    for mut stage in Stage::each().await {
        let since = stage.groom_row().await.since;
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.groom_row().await.since, since);
        stage.linked(&groom(), NEW).await;
        assert_eq!(stage.groom_row().await.since, stage.now);
    }
}
