//! What is put into the queue, how it stands there, and what a repeated call does.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    ids::{BroadcastId, ContactId, ConversationMessageId, MessageId, TokenId},
    lane::Lane,
    message_status::MessageStatus,
    wait::{AwaitedEvent, Ends, Wait, WaitReason},
};
use storage::{Enqueued, Idempotency, NewMessage};

use super::stage::{Stage, bride, chat, inbound, phone, text};

const CONSENT: Wait = Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);

pub(crate) fn key(stage: &mut Stage, key: &str, body: &str) -> Idempotency {
    Idempotency {
        key: key.to_owned(),
        owner: TokenId::new(stage.now, &mut stage.dice),
        fingerprint: body.to_owned(),
    }
}

pub(crate) async fn said(stage: &Stage) -> ConversationMessageId {
    let id = stage
        .text("SELECT id AS value FROM conversation_message ORDER BY id DESC LIMIT 1")
        .await;
    id.expect("something was said").parse().expect("an id")
}

#[tokio::test]
async fn what_is_queued_is_read_back_as_it_was() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let queued = NewMessage {
            text: text("Ci vediamo alle 18 🎉\n\"Villa\" \\ 'Rosa'"),
            lane: Lane::Reply,
            priority: -3,
            not_before: Some(stage.now + TimeDelta::hours(1)),
            not_after: Some(stage.now + TimeDelta::hours(2)),
            drop_if_answered: true,
            reply_to: Some(said(&stage).await),
            broadcast: Some(BroadcastId::new(stage.now, &mut stage.dice)),
            link_preview: true,
            ..stage.new_message(contact)
        };
        stage.enqueue(std::slice::from_ref(&queued)).await;
        let row = stage.row(queued.id).await;
        assert_eq!((row.session, row.contact), (queued.session, contact));
        assert_eq!(row.text, queued.text);
        assert_eq!((row.lane, row.priority), (queued.lane, queued.priority));
        assert_eq!(row.not_before, queued.not_before);
        assert_eq!(row.not_after, queued.not_after);
        assert!(row.drop_if_answered && row.link_preview && !row.send_now);
        assert_eq!(
            (row.reply_to, row.broadcast),
            (queued.reply_to, queued.broadcast)
        );
        assert_eq!((row.status, row.version), (MessageStatus::Pending, 1));
        assert_eq!((row.queued_at, row.attempts), (stage.now, 0));
        assert_eq!(row.phone, Some(phone(1)));
        assert_eq!(row.guest_names, ["Guest 1"]);
        let timeline = stage.store().timeline(queued.id).await.unwrap();
        let phases: Vec<_> = timeline.iter().map(|e| (e.phase.as_str(), e.at)).collect();
        assert_eq!(phases, [("queued", stage.now)]);
    }
}

#[tokio::test]
async fn a_message_waits_for_its_guest_or_its_time_and_is_due_otherwise() {
    for mut stage in Stage::each().await {
        let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
        let later = stage.now + TimeDelta::hours(3);
        let scheduled = Wait::at(WaitReason::NotBefore, later);
        let earlier = stage.now - TimeDelta::hours(3);
        let cases: [(_, Option<Timestamp>, bool, Option<Wait>); 7] = [
            (writer, None, false, None),
            (writer, Some(earlier), false, None),
            (writer, Some(later), false, Some(scheduled)),
            // A person's word against the schedule that a person gave.
            (writer, Some(later), true, None),
            (silent, None, false, Some(CONSENT)),
            (silent, Some(later), false, Some(CONSENT)),
            (silent, None, true, Some(CONSENT)),
        ];
        for (contact, not_before, send_now, wait) in cases {
            let message = stage
                .queue_with(contact, |message| {
                    message.not_before = not_before;
                    message.send_now = send_now;
                })
                .await;
            let row = stage.row(message).await;
            let at = wait.and_then(|wait| match wait.ends {
                Ends::At(at) => Some(at),
                Ends::Event(_) | Ends::Person(_) => None,
            });
            assert_eq!((row.wait, row.eligible_at), (wait, at));
            let sql =
                format!("SELECT due AS value FROM whatsapp_message_queue WHERE id = '{message}'");
            assert_eq!(stage.int(&sql).await, Some(i64::from(wait.is_none())));
        }
    }
}

#[tokio::test]
async fn evidence_on_another_session_is_none_here() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue_with(contact, |m| m.session = bride()).await;
        assert_eq!(stage.row(message).await.wait, Some(CONSENT));
    }
}

#[tokio::test]
async fn send_now_goes_before_replies_and_replies_before_all_others() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        for (lane, send_now, rank) in [
            (Lane::Manual, true, 0),
            (Lane::Reply, false, 1),
            (Lane::Manual, false, 2),
            (Lane::Broadcast, false, 2),
        ] {
            let message = stage
                .queue_with(contact, |message| {
                    message.lane = lane;
                    message.send_now = send_now;
                })
                .await;
            let sql =
                format!("SELECT rank AS value FROM whatsapp_message_queue WHERE id = '{message}'");
            assert_eq!(stage.int(&sql).await, Some(rank), "{lane} {send_now}");
        }
    }
}

#[tokio::test]
async fn a_repeated_call_queues_nothing_and_gives_the_same_ids() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let key = key(&mut stage, "monday", "body 1");
        let first = [stage.new_message(contact), stage.new_message(contact)];
        let ids: Vec<_> = first.iter().map(|message| message.id).collect();
        let (store, now) = (stage.store(), stage.now);
        let enqueued = store.enqueue(&first, Some(&key), now).await.unwrap();
        assert_eq!(enqueued, Enqueued::New(ids.clone()));

        let again = [stage.new_message(contact), stage.new_message(contact)];
        let repeated = store.enqueue(&again, Some(&key), now).await.unwrap();
        assert_eq!(repeated, Enqueued::Repeated(ids));
        let other_body = Idempotency {
            fingerprint: "body 2".to_owned(),
            ..key.clone()
        };
        let reused = store.enqueue(&again, Some(&other_body), now).await.unwrap();
        assert_eq!(reused, Enqueued::KeyReused);
        assert_eq!(queued(&stage).await, 2);

        // Somebody else's key of the same name is another key.
        let theirs = Idempotency {
            owner: TokenId::new(now, &mut stage.dice),
            ..key
        };
        let enqueued = store.enqueue(&again, Some(&theirs), now).await.unwrap();
        assert!(matches!(enqueued, Enqueued::New(_)));
        assert_eq!(queued(&stage).await, 4);
    }
}

/// Keys may be made of names. A version before stored them as they are: a call that is repeated after the update finds its key.
#[tokio::test]
async fn a_key_is_stored_as_its_hash_and_an_older_one_still_counts() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let key = key(&mut stage, "to-Zelinda", "body");
        let message = [stage.new_message(contact)];
        let (store, now) = (stage.store(), stage.now);
        let first = store.enqueue(&message, Some(&key), now).await.unwrap();
        let Enqueued::New(ids) = first else {
            panic!("{first:?}");
        };
        assert!(!stage.db.dump().await.join("\n").contains("to-Zelinda"));
        stage
            .tamper("UPDATE idempotency_key SET key = 'to-Zelinda'")
            .await;
        let again = [stage.new_message(contact)];
        let repeated = store.enqueue(&again, Some(&key), now).await.unwrap();
        assert_eq!(repeated, Enqueued::Repeated(ids));
        assert_eq!(queued(&stage).await, 1);
    }
}

pub(crate) async fn queued(stage: &Stage) -> i64 {
    let count = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue";
    stage.int(count).await.expect("a count")
}

#[tokio::test]
async fn of_two_equal_calls_at_once_one_queues() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let key = key(&mut stage, "double click", "body");
        let (one, two) = ([stage.new_message(contact)], [stage.new_message(contact)]);
        let (store, now) = (stage.store(), stage.now);
        let (first, second) = tokio::join!(
            store.enqueue(&one, Some(&key), now),
            store.enqueue(&two, Some(&key), now)
        );
        let mut made = Vec::new();
        for enqueued in [first.unwrap(), second.unwrap()] {
            match enqueued {
                Enqueued::New(ids) | Enqueued::Repeated(ids) => made.push(ids),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(made[0], made[1]);
        assert_eq!(queued(&stage).await, 1);
    }
}

#[tokio::test]
async fn a_reply_answers_only_what_that_contact_wrote_on_that_session() {
    for mut stage in Stage::each().await {
        let one = stage.writer(1).await;
        let ours = said(&stage).await;
        let two = stage.writer(2).await;
        let key = key(&mut stage, "replies", "body");
        let nothing = ConversationMessageId::new(stage.now, &mut stage.dice);
        let wrong = [
            (two, stage.session.clone(), ours),
            (one, bride(), ours),
            (one, stage.session.clone(), nothing),
        ];
        for (contact, session, reply_to) in wrong {
            let reply = NewMessage {
                session,
                reply_to: Some(reply_to),
                ..stage.new_message(contact)
            };
            let messages = [stage.new_message(one), reply, stage.new_message(one)];
            let refused = stage
                .store()
                .enqueue(&messages, Some(&key), stage.now)
                .await;
            assert_eq!(refused.unwrap(), Enqueued::UnknownReply { index: 1 });
        }
        assert_eq!(queued(&stage).await, 0);
        // What was refused took no key.
        let right = NewMessage {
            reply_to: Some(ours),
            ..stage.new_message(one)
        };
        let enqueued = stage.store().enqueue(&[right], Some(&key), stage.now).await;
        assert!(matches!(enqueued.unwrap(), Enqueued::New(_)));
    }
}

#[tokio::test]
async fn nobody_gets_a_broadcast_twice() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        let news = BroadcastId::new(stage.now, &mut stage.dice);
        let copy = |stage: &mut Stage, contact: ContactId| NewMessage {
            lane: Lane::Broadcast,
            broadcast: Some(news),
            ..stage.new_message(contact)
        };
        let first = copy(&mut stage, one);
        stage.enqueue(&[first]).await;
        let key = key(&mut stage, "more guests", "body");
        let more = [copy(&mut stage, one), copy(&mut stage, two)];
        let enqueued = stage.store().enqueue(&more, Some(&key), stage.now).await;
        let new = vec![more[1].id];
        assert_eq!(enqueued.unwrap(), Enqueued::New(new.clone()));
        let again = stage.store().enqueue(&more, Some(&key), stage.now).await;
        assert_eq!(again.unwrap(), Enqueued::Repeated(new));
        assert_eq!(queued(&stage).await, 2);
        assert!(stage.store().message(more[0].id).await.unwrap().is_none());
    }
}

/// Without the contact's lock the message would see no evidence and the guest's message no row: it would wait for ever.
#[tokio::test]
async fn a_message_queued_while_the_guest_writes_is_due() {
    for mut stage in Stage::each().await {
        for n in 1..=20 {
            let contact = stage.guest(n).await;
            let message = [stage.new_message(contact)];
            let (store, other, now) = (stage.store(), stage.store(), stage.now);
            let written = inbound(chat(n), &format!("RAW{n}"), now);
            let session = stage.session.clone();
            let (queued, recorded) = tokio::join!(
                store.enqueue(&message, None, now),
                other.record_message(&session, &written, now)
            );
            queued.unwrap();
            recorded.unwrap();
            assert_eq!(stage.row(message[0].id).await.wait, None, "guest {n}");
        }
    }
}

/// The promise is 2 s in a release build (docs/benchmarks.md). Row by row it would take many times as long as is allowed here.
#[tokio::test]
async fn ten_thousand_messages_are_queued_in_one_go() {
    for mut stage in Stage::each().await {
        let mut messages = Vec::new();
        for n in (1..=5_000).chain(1..=5_000) {
            messages.push(NewMessage {
                text: text("Ciao! Ci siamo quasi: mancano due settimane al grande giorno."),
                ..stage.new_message(phone(n))
            });
        }
        let key = key(&mut stage, "everybody", "body");
        let started = std::time::Instant::now();
        let enqueued = stage
            .store()
            .enqueue(&messages, Some(&key), stage.now)
            .await;
        let took = started.elapsed();
        println!("{}: 10,000 messages in {took:?}", stage.db.kind());
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        assert_eq!(enqueued.unwrap(), Enqueued::New(ids));
        let events = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_event";
        assert_eq!(stage.int(events).await, Some(10_000));
        assert!(took.as_secs() < 20, "{took:?}");
    }
}
