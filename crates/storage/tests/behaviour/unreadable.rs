//! Messages that WhatsApp could not decrypt: a to-do for a person, unless the readable one follows.

use chrono::TimeDelta;
use domain::wire::{MessageKind, ObservedMessage};
use storage::Unreadable;

use super::stage::{Stage, bride, chat, groom, inbound, lid};

fn waiting(chat: domain::chat_id::ChatId, raw: &str, stage: &Stage) -> ObservedMessage {
    ObservedMessage {
        kind: MessageKind::Other,
        body: None,
        ..inbound(chat, raw, stage.now)
    }
}

async fn listed(stage: &Stage) -> Vec<Unreadable> {
    let after = stage.now - TimeDelta::minutes(2);
    stage.store().unreadable(after, 50).await.unwrap()
}

impl Stage {
    async fn cannot_read(&self, message: &ObservedMessage) {
        let store = self.store();
        let kept = store.record_unreadable(&groom(), message, self.now).await;
        kept.unwrap();
    }
}

#[tokio::test]
async fn what_stays_unreadable_is_listed_until_a_person_has_looked() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = waiting(chat(1), "WAITS", &stage);
        for _ in 0..2 {
            stage.cannot_read(&message).await;
        }
        assert_eq!(listed(&stage).await, []);
        stage.later(TimeDelta::minutes(3));
        let listed_once = Unreadable {
            contact,
            session: groom(),
            at: message.at,
        };
        assert_eq!(listed(&stage).await, std::slice::from_ref(&listed_once));
        assert_eq!(stage.count("conversation_message").await, 0, "no evidence");
        let (store, person) = (stage.store(), Stage::person());
        for dismissed in [true, false] {
            let done = store
                .dismiss_unreadable(&listed_once, &person, stage.now)
                .await;
            assert_eq!(done.unwrap(), dismissed);
        }
        assert_eq!(listed(&stage).await, []);
    }
}

#[tokio::test]
async fn only_what_was_seen_on_that_phone_is_dismissed() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let message = waiting(chat(1), "WAITS", &stage);
        stage.cannot_read(&message).await;
        let store = stage.store();
        let kept = store.record_unreadable(&bride(), &message, stage.now).await;
        kept.unwrap();
        stage.later(TimeDelta::minutes(3));
        let seen = listed(&stage).await;
        assert_eq!(seen.len(), 2);
        // written after the person had looked at the list
        stage.cannot_read(&waiting(chat(1), "LATER", &stage)).await;
        let of_groom = seen.iter().find(|one| one.session == groom()).unwrap();
        let (store, person) = (stage.store(), Stage::person());
        let done = store.dismiss_unreadable(of_groom, &person, stage.now).await;
        assert!(done.unwrap());
        let left = listed(&stage).await;
        assert!(
            left.iter().map(|one| &one.session).eq([&bride()]),
            "{left:?}"
        );
        stage.later(TimeDelta::minutes(3));
        assert_eq!(listed(&stage).await.len(), 2);
    }
}

#[tokio::test]
async fn a_guest_who_was_taken_off_the_list_is_no_to_do() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage.cannot_read(&waiting(chat(1), "WAITS", &stage)).await;
        stage.later(TimeDelta::minutes(3));
        assert_eq!(listed(&stage).await.len(), 1);
        stage.db.execute("DELETE FROM guest").await.unwrap();
        stage
            .db
            .execute("UPDATE contact SET household_id = NULL")
            .await
            .unwrap();
        assert_eq!(listed(&stage).await, []);
    }
}

#[tokio::test]
async fn the_readable_message_ends_it_whichever_comes_first() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let first = waiting(chat(1), "FIRST", &stage);
        let second = waiting(chat(1), "SECOND", &stage);
        stage.cannot_read(&first).await;
        stage.record(&inbound(chat(1), "FIRST", stage.now)).await;
        stage.record(&inbound(chat(1), "SECOND", stage.now)).await;
        stage.cannot_read(&second).await;
        stage.later(TimeDelta::minutes(3));
        assert_eq!(listed(&stage).await, []);
    }
}

#[tokio::test]
async fn an_unknown_sender_of_what_is_unreadable_is_kept_like_any_other() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage.cannot_read(&waiting(lid(77), "WAITS", &stage)).await;
        stage.later(TimeDelta::minutes(3));
        assert_eq!(listed(&stage).await, []);
        assert_eq!(stage.count("unknown_writer").await, 1);
        let dump = stage.db.dump().await.join("\n");
        assert!(!dump.contains("WAITS"), "{dump}");
    }
}

#[tokio::test]
async fn contacts_that_become_one_keep_it() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        stage.cannot_read(&waiting(lid(1), "WAITS", &stage)).await;
        let mut both = inbound(chat(1), "BOTH", stage.now);
        both.alt = Some(lid(1));
        stage.record(&both).await;
        stage.later(TimeDelta::minutes(3));
        let contacts = listed(&stage).await.into_iter().map(|one| one.contact);
        assert_eq!(contacts.collect::<Vec<_>>(), [kept]);
    }
}

#[tokio::test]
async fn it_is_forgotten_after_30_days() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage.cannot_read(&waiting(chat(1), "WAITS", &stage)).await;
        for (days, left) in [(30, 1), (1, 0)] {
            stage.later(TimeDelta::days(days));
            let config = domain::config::GlobalConfig::default();
            stage.store().prune(&config, stage.now).await.unwrap();
            assert_eq!(stage.count("unreadable_message").await, left);
        }
    }
}
