//! A number moves from one session to the other: its limits, pauses and locks go with it.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    chat_id::ChatId,
    outcome::SendAnswer,
    release::Lock,
    session::{SessionName, SessionState},
    wait::{Wait, WaitReason},
    wire::{AckFact, Restriction},
};
use storage::AckRecorded;

use super::{
    super::stage::{Stage, Worker, accepted, bride, chat, groom, inbound, own, view},
    NEW, OLD,
};

impl Stage {
    /// The groom's session is linked to another number, and his old one to the bride's, whose worker the stage has from now on.
    pub(super) async fn number_moves(&mut self) {
        self.linked(&groom(), NEW).await;
        self.linked(&bride(), OLD).await;
        self.worker = Worker::new(bride(), self.now, &mut self.dice);
        self.take_lease().await;
    }

    /// What the stage's session waits for, with a message to the n-th guest, who has just written to it.
    async fn waits_with_message_to(&mut self, n: u64) -> Option<Wait> {
        let contact = self.guest(n).await;
        self.later(TimeDelta::seconds(2));
        self.writes(n, self.now).await;
        self.queue(contact).await;
        self.idle().await.1
    }

    async fn lock_of(&self, session: &SessionName) -> Option<Lock> {
        let row = self.store().session(session).await.unwrap();
        row.expect("there is such a session").lock
    }

    /// WhatsApp refuses, after it had accepted it, a message to the n-th guest.
    async fn refused_by(&mut self, n: u64) -> u32 {
        let contact = self.guest(n).await;
        self.later(TimeDelta::seconds(2));
        self.writes(n, self.now).await;
        self.queue_with(contact, |m| m.send_now = true).await;
        let raw_id = format!("RAW{n}");
        self.sent(&raw_id).await;
        let fact = AckFact {
            raw_id,
            ack: Ack::Error,
            at: self.now,
        };
        let recorded = self.store().record_ack(&self.session, &fact).await;
        let AckRecorded::Failed {
            session_errors_last_30min,
            ..
        } = recorded.unwrap()
        else {
            panic!("it was refused");
        };
        session_errors_last_30min
    }
}

/// A number that moves to the other session takes its counts along, and is not new there.
#[tokio::test]
async fn counts_limits_by_number_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("FIRST").await;
        let hand = own(chat(1), "HAND", "by hand", stage.now);
        stage.record(&hand).await;
        stage.linked(&groom(), NEW).await;
        stage.linked(&bride(), OLD).await;
        let (store, now) = (stage.store(), stage.now);
        let groom = store.session_facts(&groom(), now).await.unwrap().unwrap();
        assert_eq!((groom.sends.len(), groom.hand_typed.len()), (0, 0));
        let bride = store.session_facts(&bride(), now).await.unwrap().unwrap();
        assert_eq!((bride.sends.len(), bride.hand_typed.len()), (1, 1));
        let old = bride.first_connected_at.unwrap();
        assert!(old < now - TimeDelta::days(20));
    }
}

#[tokio::test]
async fn counts_what_is_unanswered_by_number_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("FIRST").await;
        stage.linked(&groom(), NEW).await;
        stage.linked(&bride(), OLD).await;
        stage.worker.session = bride();
        let message = stage.queue(contact).await;
        assert!(stage.waits_for_their_word(message).await);
        let early = stage.now - TimeDelta::hours(3);
        stage.linked(&bride(), "393330000002").await;
        stage.linked(&bride(), OLD).await;
        // Found late: what the groom sent since is unanswered still.
        stage.record(&inbound(chat(1), "EARLY", early)).await;
        let facts = stage.store().explain(message, stage.now).await.unwrap();
        assert!(facts.unwrap().contact.evidence.is_none());
        stage.writes(1, stage.now).await;
        let facts = stage.store().explain(message, stage.now).await.unwrap();
        assert_eq!(facts.unwrap().contact.unanswered.len(), 0);
    }
}

#[tokio::test]
async fn keeps_its_gap_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("FIRST").await;
        let (store, sent_at) = (stage.store(), stage.now);
        let before = store.session_facts(&groom(), sent_at).await.unwrap();
        let before = before.unwrap().gaps;
        assert!(before.automatic_until >= Some(sent_at + TimeDelta::seconds(60)));
        stage.number_moves().await;
        let new = store.session_facts(&groom(), stage.now).await.unwrap();
        assert_eq!(new.unwrap().gaps.automatic_until, None);
        let wait = stage.waits_with_message_to(3).await;
        assert_eq!(wait.map(|wait| wait.reason), Some(WaitReason::Gap));
        let after = store.session_facts(&bride(), stage.now).await.unwrap();
        assert_eq!(after.unwrap().gaps, before);
    }
}

/// The answer comes when another number is linked already: the pause is that of the number that sent.
#[tokio::test]
async fn keeps_its_gap_when_it_moves_before_the_answer() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.linked(&groom(), NEW).await;
        stage.finish(work.attempt, accepted("FIRST")).await;
        let new = stage.store().session_facts(&groom(), stage.now).await;
        assert_eq!(new.unwrap().unwrap().gaps.automatic_until, None);
        stage.number_moves().await;
        let wait = stage.waits_with_message_to(3).await;
        assert_eq!(wait.map(|wait| wait.reason), Some(WaitReason::Gap));
    }
}

/// WhatsApp restricts the account, not the session that it is linked to.
#[tokio::test]
async fn stays_locked_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage
            .finish(work.attempt, SendAnswer::Restricted { until: None })
            .await;
        let until = stage.now + TimeDelta::hours(6);
        stage.later(TimeDelta::minutes(10));
        stage.number_moves().await;
        let wait = stage.waits_with_message_to(3).await;
        assert_eq!(wait, Some(Wait::at(WaitReason::SessionLocked, until)));
        assert_eq!(stage.lock_of(&bride()).await, Some(Lock::Until(until)));
        assert_eq!(stage.lock_of(&groom()).await, None);
    }
}

/// The answer comes when another number is linked already: that one is not restricted.
#[tokio::test]
async fn is_locked_when_its_refusal_comes_after_another_was_linked() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.linked(&groom(), NEW).await;
        stage
            .finish(work.attempt, SendAnswer::Restricted { until: None })
            .await;
        assert_eq!(stage.lock_of(&groom()).await, None);
        stage.linked(&groom(), OLD).await;
        assert!(stage.lock_of(&groom()).await.is_some());
    }
}

#[tokio::test]
async fn keeps_its_failed_send_when_another_is_linked_before_the_answer() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.linked(&groom(), NEW).await;
        stage.finish(work.attempt, SendAnswer::BadRequest).await;
        assert_eq!(stage.groom_row().await.outage, None);
        stage.linked(&groom(), OLD).await;
        let outage = stage.groom_row().await.outage;
        assert_eq!(outage.map(|outage| outage.lost), Some(1));
    }
}

/// Earlier versions kept no number of what they sent.
#[tokio::test]
async fn is_locked_when_what_an_earlier_version_sent_is_refused() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        // The message follows its evidence.
        stage
            .tamper("UPDATE conversation_message SET own_number = ''")
            .await;
        stage
            .finish(work.attempt, SendAnswer::Restricted { until: None })
            .await;
        let until = stage.now + TimeDelta::hours(6);
        assert_eq!(stage.lock_of(&groom()).await, Some(Lock::Until(until)));
    }
}

/// A person unlocks it where it is now, and it stays unlocked when it goes back.
#[tokio::test]
async fn is_unlocked_on_every_session_at_once() {
    for mut stage in Stage::each().await {
        let (store, person) = (stage.store(), Stage::person());
        let locked = store.lock(&groom(), Lock::Person, "463", stage.now).await;
        locked.unwrap();
        stage.number_moves().await;
        let wait = stage.waits_with_message_to(3).await;
        assert_eq!(
            wait.map(|wait| wait.reason),
            Some(WaitReason::SessionLocked)
        );
        store.unlock(&bride(), &person, stage.now).await.unwrap();
        stage.taken().await;
        stage.linked(&bride(), "393330000002").await;
        stage.linked(&groom(), OLD).await;
        assert_eq!(stage.lock_of(&groom()).await, None);
    }
}

/// A person paused the session, not the number.
#[tokio::test]
async fn leaves_the_pause_of_a_person_with_the_session() {
    for mut stage in Stage::each().await {
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        store.pause(&groom(), &person, now).await.unwrap();
        stage.number_moves().await;
        let paused = store.sessions().await.unwrap();
        let paused: Vec<_> = paused.iter().map(|row| row.paused_by.as_deref()).collect();
        assert_eq!(paused, [None, Some("anna")], "the bride's and the groom's");
    }
}

/// The next lock is longer on whichever session the number is.
#[tokio::test]
async fn is_locked_longer_each_time_on_whichever_session() {
    for mut stage in Stage::each().await {
        let restricted = async |stage: &Stage, session: &SessionName| {
            let mut seen = view(session, SessionState::Connected, stage.now);
            seen.restriction = Some(Restriction { until: None });
            seen.own.as_mut().unwrap().chat = ChatId::Phone(OLD.to_owned());
            let store = stage.store();
            let recorded = store.record_session(session, &seen, stage.now).await;
            recorded.unwrap();
            let lock = stage.lock_of(session).await;
            let Some(Lock::Until(until)) = lock else {
                panic!("{lock:?}");
            };
            until
        };
        let first = restricted(&stage, &groom()).await;
        assert_eq!(first, stage.now + TimeDelta::hours(6));
        stage.number_moves().await;
        stage.now = first + TimeDelta::hours(1);
        let second = restricted(&stage, &bride()).await;
        assert_eq!(second, stage.now + TimeDelta::hours(24));
    }
}

#[tokio::test]
async fn counts_refused_messages_by_number_when_it_moves_to_another_session() {
    for mut stage in Stage::each().await {
        assert_eq!(stage.refused_by(1).await, 1);
        stage.number_moves().await;
        assert_eq!(stage.refused_by(2).await, 2);
        let until = stage.now + TimeDelta::hours(6);
        assert_eq!(stage.lock_of(&bride()).await, Some(Lock::Until(until)));
        assert_eq!(stage.lock_of(&groom()).await, None);
    }
}
