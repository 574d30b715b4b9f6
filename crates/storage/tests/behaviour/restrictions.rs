//! WhatsApp restricts a number: time-locks and the replies they let go, contacts that it refuses, and cappings.

use super::stage::{Stage, accepted, bride, groom, view};
use chrono::TimeDelta;
use domain::{
    Timestamp,
    ids::MessageId,
    lane::Lane,
    message_status::MessageStatus,
    outcome::SendAnswer,
    release::{Capping, CappingLevel, Lock},
    session::SessionState,
    wait::{AwaitedPerson, Ends, Wait, WaitReason},
    wire::{CappingSeen, Restriction},
};

const TIME_LOCK: SendAnswer = SendAnswer::Restricted { until: None };

impl Stage {
    /// A message to the n-th guest, who has just written, is answered so.
    pub(super) async fn answered(&mut self, n: u64, lane: Lane, answer: SendAnswer) -> MessageId {
        self.take_lease().await;
        let contact = self.guest(n).await;
        self.writes(n, self.now).await;
        let message = self.queue_with(contact, |m| m.lane = lane).await;
        let work = self.committed().await;
        assert_eq!(work.message, message);
        self.finish(work.attempt, answer).await;
        message
    }

    /// What WhatsApp shows of the groom's account.
    pub(super) async fn shows(&self, restriction: Option<Restriction>, capping: Option<Capping>) {
        let mut seen = view(&groom(), SessionState::Connected, self.now);
        seen.restriction = restriction;
        seen.capping = Some(CappingSeen { in_force: capping });
        let recorded = self.store().record_session(&groom(), &seen, self.now).await;
        recorded.unwrap();
    }

    pub(super) async fn lock(&self) -> (Option<Lock>, bool) {
        let row = self.store().session(&groom()).await.unwrap().unwrap();
        (row.lock, row.lock_replies)
    }

    async fn unlocks(&self) {
        let store = self.store();
        assert!(
            store
                .unlock(&groom(), &Self::person(), self.now)
                .await
                .unwrap()
        );
    }

    pub(super) async fn waits_for(&self, message: MessageId) -> Option<Wait> {
        let row = self.row(message).await;
        assert_eq!(row.status, MessageStatus::Pending);
        row.wait
    }

    pub(super) async fn nothing_is_stuck(&self) {
        assert_eq!(self.store().stuck_messages(self.now).await.unwrap(), []);
    }

    /// Later, and connected all the time.
    pub(super) async fn at(&mut self, now: Timestamp) {
        while self.now < now {
            self.now = now.min(self.now + TimeDelta::hours(12));
            self.sees(&groom(), SessionState::Connected, self.now).await;
        }
        self.take_lease().await;
    }
}

#[tokio::test]
async fn a_time_lock_holds_what_is_automatic_and_lets_replies_go() {
    for mut stage in Stage::each().await {
        let refused = stage.answered(1, Lane::Manual, TIME_LOCK).await;
        let until = Lock::Until(stage.now + TimeDelta::hours(6));
        assert_eq!(stage.lock().await, (Some(until), false));
        assert_eq!(stage.waits_for(refused).await, None, "its session waits");
        stage.later(TimeDelta::minutes(5));
        let answer = stage.answered(2, Lane::Reply, accepted("ANSWER")).await;
        assert_eq!(stage.status(answer).await, MessageStatus::Sent);
        let other = stage.writer(5).await;
        stage.queue(other).await;
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting.map(|wait| wait.reason),
            Some(WaitReason::SessionLocked)
        );
        // A refused reply holds replies too, for six hours from now.
        stage.later(TimeDelta::minutes(5));
        stage.answered(3, Lane::Reply, TIME_LOCK).await;
        let longer = Lock::Until(stage.now + TimeDelta::hours(6));
        assert_eq!(stage.lock().await, (Some(longer), true));
        stage.later(TimeDelta::minutes(5));
        let contact = stage.guest(4).await;
        stage.writes(4, stage.now).await;
        stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.take_lease().await;
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting.map(|wait| wait.reason),
            Some(WaitReason::SessionLocked)
        );
        stage.unlocks().await;
        stage.taken().await;
        stage.nothing_is_stuck().await;
    }
}

/// What a person wants sent now is automatic or a reply: the one waits, and does not hide the other.
#[tokio::test]
async fn what_is_to_be_sent_now_waits_alone_and_goes_when_it_is_unlocked() {
    for mut stage in Stage::each().await {
        for (person, n) in [(false, 1), (true, 11)] {
            let (one, two) = (stage.writer(n).await, stage.guest(n + 1).await);
            let until = (stage.now + TimeDelta::hours(6)).timestamp_millis();
            let lock = if person {
                "lock_person = 1".to_owned()
            } else {
                format!("lock_until = {until}")
            };
            stage
                .tamper(&format!(
                    "UPDATE session_number SET lock_replies = 0, {lock}"
                ))
                .await;
            let news = stage.queue_with(one, |m| m.send_now = true).await;
            stage.writes(n + 1, stage.now).await;
            let answer = |m: &mut storage::NewMessage| (m.lane, m.send_now) = (Lane::Reply, true);
            let answer = stage.queue_with(two, answer).await;
            assert_eq!(stage.sent(&format!("A{person}")).await.message, answer);
            stage.idle().await;
            let wait = stage.waits_for(news).await.unwrap();
            assert_eq!(wait.reason, WaitReason::SessionLocked);
            assert_eq!(wait.ends == Ends::Person(AwaitedPerson::Unlock), person);
            stage.nothing_is_stuck().await;
            stage.later(TimeDelta::minutes(70));
            stage.take_lease().await;
            stage.unlocks().await;
            assert_eq!(stage.sent(&format!("N{person}")).await.message, news);
            stage.later(TimeDelta::minutes(70));
            stage.take_lease().await;
        }
    }
}

/// What waits for a person to unlock one number does not wait for that when another is linked.
#[tokio::test]
async fn another_number_is_not_locked() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage
            .tamper("UPDATE session_number SET lock_replies = 0, lock_person = 1")
            .await;
        let news = stage.queue_with(contact, |m| m.send_now = true).await;
        stage.idle().await;
        assert!(stage.waits_for(news).await.is_some());
        let mut other = view(&groom(), SessionState::Connected, stage.now);
        let number = "393339999999".to_owned();
        other.own.as_mut().unwrap().chat = domain::chat_id::ChatId::Phone(number);
        stage
            .store()
            .record_session(&groom(), &other, stage.now)
            .await
            .unwrap();
        let wait = stage.waits_for(news).await.unwrap();
        assert_eq!(wait.reason, WaitReason::GuestHasNotWritten);
        stage.nothing_is_stuck().await;
    }
}

/// The time-lock is shown every minute. A person who unlocks knows of it; another one, or another end, locks again.
#[tokio::test]
async fn what_a_person_unlocked_is_not_locked_by_the_same_time_lock() {
    for mut stage in Stage::each().await {
        let ends = stage.now + TimeDelta::hours(50);
        let (until, later) = (Some(ends), Some(ends + TimeDelta::hours(1)));
        for (seen, unlocks, locked) in [
            (Some(Restriction { until }), false, true),
            (Some(Restriction { until }), true, false),
            (Some(Restriction { until: later }), false, true),
            (Some(Restriction { until: later }), true, false),
            (None, false, false),
            (Some(Restriction { until: later }), false, true),
            (Some(Restriction { until: None }), true, true),
            (Some(Restriction { until: None }), true, false),
        ] {
            stage.later(TimeDelta::minutes(1));
            if unlocks {
                stage.unlocks().await;
            }
            stage.shows(seen, None).await;
            assert_eq!(stage.lock().await.0.is_some(), locked, "{seen:?}");
        }
        stage
            .sees(
                &groom(),
                SessionState::Connecting,
                stage.now + TimeDelta::seconds(1),
            )
            .await;
        stage.later(TimeDelta::minutes(1));
        stage.shows(Some(Restriction { until: None }), None).await;
        assert_eq!(
            stage.lock().await.0,
            None,
            "a lost connection says nothing of it"
        );
    }
}

/// Announcements wait for the end of WhatsApp's count, and are looked at again when it caps less.
#[tokio::test]
async fn announcements_wait_while_the_number_is_capped() {
    for mut stage in Stage::each().await {
        let until = stage.now + TimeDelta::hours(30);
        let capped = |level| Some(Capping { level, until });
        stage.shows(None, capped(CappingLevel::Capped)).await;
        let contact = stage.writer(1).await;
        let news = stage
            .queue_with(contact, |m| m.lane = Lane::Broadcast)
            .await;
        stage.idle().await;
        let wait = stage.waits_for(news).await.unwrap();
        assert_eq!(wait.reason, WaitReason::AnnouncementsCapped);
        let other = stage.writer(2).await;
        let by_hand = stage.queue(other).await;
        assert_eq!(stage.sent("HAND").await.message, by_hand);
        // a restart of the services forgets nothing
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.capping, capped(CappingLevel::Capped));

        stage.later(TimeDelta::minutes(30));
        stage.shows(None, capped(CappingLevel::FirstWarning)).await;
        assert_eq!(stage.waits_for(news).await, None, "it is due");
        stage.shows(None, capped(CappingLevel::Capped)).await;
        stage.take_lease().await;
        stage.idle().await;
        assert!(stage.waits_for(news).await.is_some());
        stage.at(until + TimeDelta::seconds(1)).await;
        assert_eq!(stage.sent("NEWS").await.message, news);
        stage.nothing_is_stuck().await;
    }
}

/// What cannot be read changes nothing; what can, and says nothing, ends it.
#[tokio::test]
async fn a_capping_that_cannot_be_read_holds_on() {
    for mut stage in Stage::each().await {
        let level = CappingLevel::SecondWarning;
        let capping = Some(Capping {
            level,
            until: stage.now + TimeDelta::hours(30),
        });
        let known = async |stage: &Stage| {
            stage
                .store()
                .session(&groom())
                .await
                .unwrap()
                .unwrap()
                .capping
        };
        stage.shows(None, capping).await;
        stage.later(TimeDelta::minutes(1));
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(known(&stage).await, capping);
        let facts = stage
            .store()
            .session_facts(&groom(), stage.now)
            .await
            .unwrap();
        assert_eq!(facts.unwrap().capping, capping);
        stage.later(TimeDelta::minutes(1));
        stage.shows(None, None).await;
        assert_eq!(known(&stage).await, None);
    }
}

/// Two sessions of one number may have seen different cappings: the most severe holds, in the domain's order, until the later end.
#[tokio::test]
async fn of_two_cappings_the_most_severe_holds() {
    for mut stage in Stage::each().await {
        let until = stage.now + TimeDelta::hours(30);
        let later = until + TimeDelta::hours(1);
        let mut cappings = CappingLevel::ALL
            .iter()
            .zip(CappingLevel::ALL.iter().skip(1))
            .collect::<Vec<_>>();
        cappings.push((&CappingLevel::FirstWarning, &CappingLevel::Capped));
        for (mild, severe) in cappings {
            for (grooms, brides) in [(*mild, *severe), (*severe, *mild)] {
                stage.later(TimeDelta::minutes(1));
                stage
                    .shows(
                        None,
                        Some(Capping {
                            level: grooms,
                            until,
                        }),
                    )
                    .await;
                let mut other = view(&groom(), SessionState::Connected, stage.now);
                let capping = Capping {
                    level: brides,
                    until: later,
                };
                other.capping = Some(CappingSeen {
                    in_force: Some(capping),
                });
                let store = stage.store();
                store
                    .record_session(&bride(), &other, stage.now)
                    .await
                    .unwrap();
                let facts = store.session_facts(&groom(), stage.now).await.unwrap();
                let expected = Capping {
                    level: *severe,
                    until: later,
                };
                assert_eq!(
                    facts.unwrap().capping,
                    Some(expected),
                    "{mild} and {severe}"
                );
            }
        }
    }
}

/// An unlock ends the lock, but not the count: refused so soon again, the number is locked for longer.
#[tokio::test]
async fn a_lock_after_an_unlock_is_the_next_step() {
    for mut stage in Stage::each().await {
        let steps = [Some(6), Some(24), None, None];
        for (n, hours) in (1..).zip(steps) {
            stage.later(TimeDelta::hours(2));
            stage.take_lease().await;
            let contact = stage.writer(n).await;
            stage.queue_with(contact, |m| m.send_now = true).await;
            let work = stage.committed().await;
            let refused = SendAnswer::Restricted { until: None };
            stage.finish(work.attempt, refused).await;
            let (store, now) = (stage.store(), stage.now);
            let lock = store.session(&groom()).await.unwrap().unwrap().lock;
            let until = |hours| Lock::Until(now + TimeDelta::hours(hours));
            assert_eq!(lock, Some(hours.map_or(Lock::Person, until)), "lock {n}");
            store.unlock(&groom(), &Stage::person(), now).await.unwrap();
            stage.tamper("UPDATE whatsapp_message_queue SET due = 0, status = 'cancelled' WHERE status = 'pending'").await;
        }
    }
}
