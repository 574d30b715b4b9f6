//! What was said with a guest, as it is shown: both ways, newest first, page by page.

use chrono::TimeDelta;
use domain::{conversation::Origin, ids::ContactId, wire::MessageKind};
use storage::{ConversationRow, InChat, Page, Reaction};

use super::stage::{Stage, bride, chat, groom, inbound, own};

async fn page(stage: &Stage, contact: ContactId, limit: u32) -> Page<ConversationRow> {
    let page = stage.store().conversation(contact, None, None, limit).await;
    page.expect("an answer").expect("there is such a contact")
}

fn texts(page: &Page<ConversationRow>) -> Vec<&str> {
    let texts = page.items.iter();
    texts.filter_map(|row| row.text.as_deref()).collect()
}

#[tokio::test]
async fn all_that_was_said_is_shown_with_who_said_it_and_what_became_of_it() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let at = |secs| stage.now + TimeDelta::seconds(secs);
        let mut photo = inbound(chat(1), "PHOTO", at(-90));
        (photo.kind, photo.body) = (MessageKind::Photo, None);
        stage.record(&photo).await;
        let mut typed = own(chat(1), "TYPED", "By hand", at(-80));
        typed.reply_to = Some("PHOTO".to_owned());
        stage.record(&typed).await;
        let mut question = inbound(chat(1), "QUESTION", at(-60));
        question.reply_to = Some("FROM BEFORE".to_owned());
        stage.record(&question).await;
        let place = InChat {
            chat: &chat(1),
            alt: None,
        };
        for (target, emoji, from_me) in [
            ("TYPED", "❤", false),
            ("QUESTION", "👍", true),
            ("PHOTO", "", true),
        ] {
            let reaction = Reaction {
                target,
                emoji,
                from_me,
                at: at(-50),
            };
            let recorded = stage
                .store()
                .record_reaction(&groom(), place, reaction, stage.now)
                .await;
            assert!(recorded.unwrap());
        }
        let id = stage.queue_with(contact, |m| m.send_now = true).await;
        stage.later(TimeDelta::hours(1));
        stage.take_lease().await;
        let work = stage.sent("OURS").await;

        let shown = page(&stage, contact, 10).await;
        assert_eq!(shown.next, None);
        let [ours, question, typed, photo] = &shown.items[..] else {
            panic!("{shown:?}");
        };
        assert_eq!(
            [ours.origin, question.origin, typed.origin, photo.origin],
            [Origin::Queue, Origin::Guest, Origin::Phone, Origin::Guest]
        );
        assert_eq!((ours.message, work.message), (Some(id), id));
        assert_eq!(ours.text.as_deref(), Some("Save the date"));
        assert_eq!((photo.kind, &photo.text), (MessageKind::Photo, &None));
        let quotes = typed.quotes.as_ref().expect("it quotes");
        assert_eq!((quotes.id, &quotes.text), (Some(photo.id), &None));
        let unknown = question.quotes.as_ref().expect("it quotes");
        assert_eq!((unknown.id, &unknown.text), (None, &None));
        assert_eq!(typed.their_reaction.as_deref(), Some("❤"));
        assert_eq!(question.our_reaction.as_deref(), Some("👍"));
        assert_eq!((&photo.our_reaction, &photo.their_reaction), (&None, &None));
        assert!(!format!("{shown:?}").contains("By hand"), "a text in a log");
    }
}

/// What was found late stands where it was written, and pages never show a message twice or leave one out.
#[tokio::test]
async fn pages_are_in_the_order_of_the_times() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        for (n, minutes) in [(5, 50), (1, 10), (4, 40), (2, 20), (3, 30), (6, 30)] {
            let mut message = inbound(
                chat(1),
                &format!("RAW{n}"),
                stage.now - TimeDelta::minutes(minutes),
            );
            message.body = Some(n.to_string());
            stage.record(&message).await;
        }
        let whole = page(&stage, contact, 10).await;
        assert_eq!(texts(&whole), ["1", "2", "6", "3", "4", "5"]);
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let store = stage.store();
            let next = store.conversation(contact, None, after.as_ref(), 2).await;
            let next = next.unwrap().unwrap();
            seen.extend(next.items.iter().map(|row| row.id));
            after = next.next;
            if after.is_none() {
                break;
            }
        }
        let all: Vec<_> = whole.items.iter().map(|row| row.id).collect();
        assert_eq!(seen, all);
    }
}

#[tokio::test]
async fn a_conversation_can_be_shown_for_one_session() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.writes(1, stage.now - TimeDelta::minutes(2)).await;
        stage.worker.session = bride();
        stage.writes(1, stage.now - TimeDelta::minutes(1)).await;
        assert_eq!(page(&stage, contact, 10).await.items.len(), 2);
        let store = stage.store();
        let brides = store.conversation(contact, Some(&bride()), None, 10).await;
        let brides = brides.unwrap().unwrap();
        assert_eq!(brides.items.len(), 1);
        assert_eq!(brides.items[0].session, bride());
        let stranger = ContactId::new(stage.now, &mut stage.dice);
        let nobodys = store.conversation(stranger, None, None, 10).await;
        assert_eq!(nobodys.unwrap(), None);
    }
}
